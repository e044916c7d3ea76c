"""Legitimate mails of 2024 to 2026, one module a walk of life.  SPDX-License-Identifier: GPL-3.0-or-later"""
