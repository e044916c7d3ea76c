"""Made phishing of today: see tests/quality/README.md.  SPDX-License-Identifier: GPL-3.0-or-later"""
