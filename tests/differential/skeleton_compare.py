#!/usr/bin/python3
"""Which letters look like ASCII ones: scoring/text_signs.c against ICU, which has the table of UTS #39.

A character counts when ICU's skeleton of it is one ASCII letter or digit, marks on it aside, and it is of an alphabet
that the table has.  Where both name one, it must be the same (small and capital ones, and those that UTS #39 takes for
one: l, I and 1, o and 0); and of each alphabet most must be there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Of each alphabet, percent that the table has at least.  What is missing has fallen out of use, or is for linguists.
PERCENT = {"Latn": 90, "Grek": 90, "Cyrl": 90, "Armn": 100, "Cher": 80, "Lisu": 95}
DIFFERENT = {0x17f: "the long s is an s to who reads it, and an f to UTS #39"}
ALIKE = {"i": "l", "1": "l", "|": "l", "0": "o"}


def dump():
    found = subprocess.run(["pkg-config", "--cflags", "--libs", "icu-i18n", "icu-uc"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit("ICU is not installed; expected Debian's package libicu-dev")
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/skeleton_dump"
        subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", f"-I{ROOT}/include", ROOT / "tests/differential/skeleton_dump.c",
                        ROOT / "scoring/text_signs.c", "-o", program, *found.stdout.split()], check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def letter(hexadecimal):
    """The one letter or digit of a skeleton; None: it is none, or more."""
    text = "" if hexadecimal == "-" else bytes.fromhex(hexadecimal).decode()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    if text == "rn":
        return "m"
    return text.lower() if len(text) == 1 and text.isascii() and text.isalnum() else None


def main():
    known, missing, wrong = collections.Counter(), collections.defaultdict(list), []
    for line in dump().splitlines():
        code, script, ours, theirs = line.split()
        mine, other = letter(ours), letter(theirs)
        if script not in PERCENT or other is None:
            continue
        known[script] += 1
        if mine is None:
            missing[script].append(chr(int(code, 16)))
        elif ALIKE.get(mine, mine) != ALIKE.get(other, other) and int(code, 16) not in DIFFERENT:
            wrong.append(f"U+{code}: {mine} here, {other} with ICU")
    for script, least in PERCENT.items():
        share = 100 * (1 - len(missing[script]) / known[script])
        print(f"{script}: {share:.0f} % of {known[script]}; not here: {''.join(missing[script])}")
        if share < least:
            wrong.append(f"{script}: {share:.1f} %, and {least} at least are expected")
    print("\n".join(wrong) if wrong else "what both know is the same")
    return 1 if wrong else 0


sys.exit(main())
