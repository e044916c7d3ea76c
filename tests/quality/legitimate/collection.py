"""Loads every module that has mails in it.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import accounts, careless, corners, elsewhere, lists, machines, names, newsletters, notices, offers, organisations, personal, receipts, reports, shops, sloppy, software, tongues, trades, world, writing  # noqa: F401
