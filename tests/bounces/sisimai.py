"""Sisimai (Debian's libsisimai-perl), run once over a folder; and what its reasons mean for us.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))


def read_reasons():
    with open(HERE + "/sisimai_reasons.yaml", encoding="utf-8") as file:
        return yaml.safe_load(file)


def records(folder):
    """Of each file that Sisimai finds a bounce in, its records."""
    script = "print Sisimai->dump($ARGV[0], delivered => 1) // '[]'"
    try:
        result = subprocess.run(["perl", "-MSisimai", "-e", script, folder], capture_output=True, check=False, timeout=120)
    except FileNotFoundError:
        result = None
    if result is None or result.returncode != 0:
        sys.exit("Sisimai did not run; expected Debian's package libsisimai-perl" +
                 (": " + result.stderr.decode(errors="replace")[:300] if result else ""))
    found = {}
    for record in json.loads(result.stdout.decode("utf-8")):
        found.setdefault(os.path.basename(record["origin"]), []).append(record)
    return found
