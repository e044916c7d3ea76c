"""Runs `mailspan replay` for a test, and checks what must hold of every run.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import re
import subprocess
import tempfile

# Rules that match often, for what is cut anew or flooded.
SMALL = pathlib.Path(__file__).resolve().parent / "small_rules"
SMALL_RULES = f'rules: {{content: "{SMALL}/content.yaml", bounces: "{SMALL}/bounces.yaml"}}\n'
# docs/architecture.md: every payload byte that the native engine was shown is in one of these.
ACCOUNT = ("late_bytes", "before_start_bytes", "outside_bytes", "after_end_bytes", "reset_bytes", "no_flow_bytes",
           "unwanted_bytes", "unkept_bytes")
# What `replay --figures` says on standard error.
FIGURES = re.compile(r"mailspan: \d+ packets in [\d.]+ s, \d+ a second; (?P<memory>\d+) bytes of memory reserved\n")


def replay(mailspan, *arguments):
    """The lines of a run as text, and the peak of its memory in bytes."""
    with subprocess.Popen([mailspan, "replay", "--format", "jsonl", *arguments], stdout=subprocess.PIPE) as process:
        output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"mailspan replay {' '.join(arguments)}: exit code {process.returncode}")
    return output.splitlines(), usage.ru_maxrss * 1024


def replay_measured(mailspan, *arguments):
    """The lines of a run, the peak of its memory, and what it says to have reserved, in bytes."""
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen([mailspan, "replay", "--figures", "--format", "jsonl", *arguments],
                              stdout=subprocess.PIPE, stderr=said) as process:
            output = process.stdout.read().decode()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        figures = FIGURES.match(said.read().decode())
    if process.returncode != 0 or figures is None:
        raise SystemExit(f"mailspan replay {' '.join(arguments)}: exit code {process.returncode}")
    return output.splitlines(), usage.ru_maxrss * 1024, int(figures.group("memory"))


def records(lines, kind):
    return [record for record in map(json.loads, lines) if record["type"] == kind]


def account_problems(lines):
    """What is wrong with the account of bytes."""
    summary = records(lines, "summary")[0]
    losses = summary["losses"]
    told = summary["stream_bytes"] + summary["duplicate_bytes"] + sum(losses[name] for name in ACCOUNT)
    if told != summary["payload_bytes"]:
        yield f"{summary['payload_bytes']} payload bytes were captured, {told} are accounted for"
