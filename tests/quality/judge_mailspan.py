"""Mailspan: `mailspan explain --json FOLDER...`, all messages in one process, as its rules stand built in or in --config.

The score is that of the content rules: whether a message is spam-like.  SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import subprocess
import tempfile

import judges

GROUP = "content"


def explain(program, arguments):
    """Lines it printed, and its processor time."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([program, "explain", "--json", *arguments], stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        said, complaint = out.read().decode(errors="replace"), errors.read().decode(errors="replace")
    if process.returncode != 0:
        raise judges.Absent(f"{program} explain ended with {process.returncode}: {complaint[:500]}")
    return [json.loads(line) for line in said.splitlines()], used.ru_utime + used.ru_stime


def started(program, options):
    """What it takes to load the rules: one empty mail."""
    with tempfile.TemporaryDirectory() as name:
        mail = pathlib.Path(name) / "empty.eml"
        mail.write_text("Subject: nothing\n\n")
        return explain(program, [*options, str(mail)])[1]


def judge(folders, program, config=None):
    if program is None or not pathlib.Path(program).exists():
        raise judges.Absent(f"no program {program}; build it, and name it with --mailspan")
    program = str(pathlib.Path(program).resolve())
    options = ["--config", str(config)] if config else []
    start = min(started(program, options) for _ in range(3))
    files = judges.files_of(folders)
    lines, used = explain(program, [*options, *(str(folder) for folder in folders)])
    said = {line["file"]: line for line in lines if "content_points" in line}
    missing = [name for name in files if name not in said]
    if missing:
        raise judges.Absent(f"{program} explain --json tells no content_points of {missing[0]} and {len(missing) - 1} more")
    results = {name: judges.Result(said[name]["content_points"],
                                   {rule["name"]: rule["points"] for rule in said[name]["rules"] if rule["group"] == GROUP}, None)
               for name in files}
    return judges.Run(results, max(used - start, 1e-6), start, "content rules, all messages in one process")
