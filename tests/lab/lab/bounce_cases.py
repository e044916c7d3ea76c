"""What tests/lab/bounce_mails provokes, and what the report that comes of it means.

A case is one mail from anna+CASE@example.com; its reports go there. What a report means follows from why it came: it is written down here,
by people, and no program reads it out of the mail.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections

Report = collections.namedtuple("Report", "suffix kind recipients statuses says means words")
Case = collections.namedtuple("Case", "name to options reports")
Server = collections.namedtuple("Server", "name make cases limit_s")


def report(kind, recipients, statuses, says, means, suffix="", words=""):
    """`words` stand in this report and not in the others of its case, so that it is known which is which."""
    return Report(suffix, kind, recipients, statuses, says, means, words)


def refused(name, status, says, means, **options):
    """Mail to NAME@example.net, whose answer stands in bounce_remote.SCRIPT."""
    to = options.pop("to", name + "@example.net")
    return Case(options.pop("case", name), [to], options, [report("bounce", to, status, says, means)])


def case(name, to, *reports, **options):
    return Case(name, to.split(","), options, list(reports))


def late(name, to, status, says, means):
    """Postfix warns, and gives up later; where somebody answered, what he said stays the reason."""
    return case(name, to, report("delay", to, status, says, means, "delay", "Action: delayed"),
                report("bounce", to, status, says + " until it expired", "expired" if means == "network" else means, "expired",
                       "Action: failed"))
