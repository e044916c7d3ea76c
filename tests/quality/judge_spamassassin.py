"""SpamAssassin of Debian: `spamassassin -L` (no network), Bayes off, a user who never had mail.

All messages go through its library in one Perl process, which is much quicker than the command; `command_seconds` says what
the command takes, a process for each message, for a few of them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import judges

# For messages whose Received lines were taken off: SpamAssassin would take the address that webmail notes of its user
# (X-Originating-IP) for the client that connected, and the mail for one sent directly by a home computer.
AS_SENT = "clear_originating_ip_headers"
LOOP = pathlib.Path(__file__).resolve().parent / "spamassassin_loop.pl"


def fresh_home(folder):
    home = pathlib.Path(folder)
    (home / "state").mkdir(parents=True, exist_ok=True)
    (home / "prefs").touch()
    return home


def environment(home):
    return {"HOME": str(home), "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TMPDIR": str(home)}


def judge(folders, settings=""):
    if shutil.which("spamassassin") is None:
        raise judges.Absent("SpamAssassin is not installed; ./quickstart install lab does that")
    files = judges.files_of(folders)
    with tempfile.TemporaryDirectory() as folder:
        home = fresh_home(folder)
        run = subprocess.run(["perl", LOOP, home, settings], input="".join(f"{name}\n" for name in files).encode(), env=environment(home),
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=3600)
    lines = [json.loads(line) for line in run.stdout.decode().splitlines()]
    start, said, end = lines[0]["start"], lines[1:-1], lines[-1]["cpu"]
    if [line["file"] for line in said] != files:
        raise judges.Absent(f"SpamAssassin judged {len(said)} of {len(files)} messages")
    results = {line["file"]: judges.Result(line["score"], line["rules"], line["cpu"]) for line in said}
    return judges.Run(results, end - start, start, "library in one process, local tests only, Bayes off")


def command_seconds(files):
    """Processor time of `spamassassin -L` as one process for each of these, in the mean, and each one's score."""
    scores, before = {}, os.times()
    with tempfile.TemporaryDirectory() as folder:
        home = fresh_home(folder)
        for name in files:
            with open(name, "rb") as file:
                said = subprocess.run(["spamassassin", "-L", "--cf", "use_bayes 0", "-p", home / "prefs"], stdin=file,
                                      env=environment(home), capture_output=True, check=True, timeout=120).stdout
            head = said.split(b"X-Spam-Status:", 1)[1].split(b"score=", 1)[1]
            scores[name] = float(head.split()[0])
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return taken / max(1, len(files)), scores
