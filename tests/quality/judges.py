#!/usr/bin/python3
"""Runs a judge over folders of messages: judges.py NAME [--mailspan PROGRAM] FOLDER...  A line of JSON for each message:

    {"file": ..., "score": 7.3, "rules": {"URI_ADDRESS": 2, ...}, "cpu": seconds or null}

NAME: mailspan, spamassassin or rspamd.  `cpu` is user and system time on one core; null where a judge can only be asked for all
messages together.  The last line is on standard error: how many, and how fast.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import collections
import json
import pathlib
import sys

# What a run of a judge came to.  `cpu` is of all messages, `start` what it took before the first, both in seconds.
Run = collections.namedtuple("Run", "results cpu start note")
Result = collections.namedtuple("Result", "score rules cpu")


class Absent(Exception):
    """A judge that cannot be asked here, and why."""


def files_of(folders):
    return [str(path) for folder in folders for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]


def speed(run):
    """Messages in a second on one core, once it has started: by processor time, whatever else the machine does."""
    return len(run.results) / run.cpu if run.cpu > 0 else float("inf")


def judge(name, folders, mailspan=None, heads="stored"):
    """Asks one judge about messages with heads as sent or as stored.  Only its own module is loaded."""
    if name == "mailspan":
        import judge_mailspan
        return judge_mailspan.judge(folders, mailspan)
    if name == "spamassassin":
        import judge_spamassassin
        return judge_spamassassin.judge(folders, judge_spamassassin.AS_SENT if heads == "sent" else "")
    if name == "rspamd":
        import judge_rspamd
        return judge_rspamd.judge(folders)
    raise Absent(f"no judge '{name}'; expected mailspan, spamassassin or rspamd")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("name")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--mailspan", default="build/mailspan")
    parser.add_argument("--heads", choices=("sent", "stored"), default="stored")
    arguments = parser.parse_args()
    try:
        run = judge(arguments.name, arguments.folders, arguments.mailspan, arguments.heads)
    except Absent as why:
        sys.exit(f"judges: {why}")
    for name, result in run.results.items():
        print(json.dumps({"file": name, "score": result.score, "rules": result.rules, "cpu": result.cpu}))
    print(f"{len(run.results)} messages in {run.cpu:.3f} s behind a start of {run.start:.3f} s, {speed(run):.1f} a second on a core; "
          f"{run.note}", file=sys.stderr)


if __name__ == "__main__":
    main()
