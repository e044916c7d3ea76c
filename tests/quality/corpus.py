"""The labelled messages that judges are measured on, laid out as folders in a working folder:

    WORK/HEADS/HALF/CLASS/SET/FILE     HEADS: sent, stored      HALF: fit, held      CLASS: ham, spam

`sent` has heads as outgoing.py makes them, `stored` as they came.  A message is in the half that a hash of its set and name
says, so both halves stay what they are when others are added.  Mails that were made (`legitimate`, `phishing`) are as on the
wire already, and so the same in both.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import os
import pathlib
import subprocess
import tarfile

import outgoing

HERE = pathlib.Path(__file__).resolve().parent
ARCHIVE = "spamassassin-public-half.tar.xz"
HEADS, HALVES, CLASSES = ("sent", "stored"), ("fit", "held"), ("ham", "spam")
MADE = (("make_legitimate", "ham", "legitimate"), ("make_phishing", "spam", "phishing"))
GIVEN = "given: "     # begins the names of sets that somebody named
ABSENT = "no labelled corpus: name its archive or folder with --corpus or MAILSPAN_CORPUS; measured without it"


def half_of(set_name, file_name):
    """fit or held, for good."""
    return HALVES[hashlib.sha256(f"{set_name}/{file_name}".encode("utf-8", "surrogateescape")).digest()[0] & 1]


def find(named=None):
    """Where the public corpus is, an archive or a folder with ham/ and spam/ in it; None when there is none."""
    if named is None:
        named = os.environ.get("MAILSPAN_CORPUS")
    beside = HERE.parents[1].parent / "shared" / "corpus" / ARCHIVE
    path = pathlib.Path(named) if named else beside
    if path.is_dir() and not (path / "ham").is_dir():
        path = path / ARCHIVE
    return path if path.exists() else None


def labelled(path):
    """(class, set, file name, message) of every message of an archive or folder, in order of their paths there."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.relative_to(path).parts[0] in CLASSES:
                kind, set_name, *_ = file.relative_to(path).parts
                yield kind, set_name, file.name, file.read_bytes()
        return
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            parts = pathlib.PurePosixPath(member.name).parts[-3:]
            if member.isfile() and len(parts) == 3 and parts[0] in CLASSES:
                yield *parts, archive.extractfile(member).read()


def write(work, half, kind, set_name, name, stored, sent):
    for heads, message in (("sent", sent), ("stored", stored)):
        folder = work / heads / half / kind / set_name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(message)


def add_labelled(work, path):
    for kind, set_name, name, message in labelled(path):
        write(work, half_of(set_name, name), kind, set_name, name, message, outgoing.as_sent(message))


def add_made(work):
    """What the drivers beside this file make.  Returns the names of those that are absent."""
    absent = []
    for driver, kind, set_name in MADE:
        if not (HERE / driver).exists():
            absent.append(driver)
            continue
        scratch = work / "made" / set_name
        subprocess.run([HERE / driver, scratch], check=True, timeout=300, stdout=subprocess.DEVNULL)
        for path in sorted(scratch.rglob("*.eml")):
            message = path.read_bytes()
            write(work, half_of(set_name, path.name), kind, set_name, path.name, message, message)
    return absent


def add_folder(work, kind, folder):
    """A folder that somebody names: only measured, never fitted to, and not among the public corpus.  Its set has the folder's
    name."""
    root = pathlib.Path(folder)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            message = path.read_bytes()
            name = str(path.relative_to(root)).replace("/", "_")
            write(work, "held", kind, GIVEN + root.resolve().name, name, message, outgoing.as_sent(message))


def lay_out(work, named=None, spam=(), ham=()):
    """Fills the empty folder `work`.  Returns what people should know about it, in lines."""
    work, notes = pathlib.Path(work), []
    found = find(named)
    if found is None:
        notes.append(ABSENT)
    else:
        add_labelled(work, found)
    notes += [f"no {driver} beside corpus.py: measured without its mails" for driver in add_made(work)]
    for kind, folders in (("spam", spam), ("ham", ham)):
        for folder in folders:
            add_folder(work, kind, folder)
    return notes


def is_public(set_name):
    return not set_name.startswith(GIVEN) and set_name not in [made for _, _, made in MADE]


def messages(work, heads, half):
    """{path relative to WORK/HEADS/HALF: (class, set)} of every message there, in order."""
    root = pathlib.Path(work) / heads / half
    return {str(path.relative_to(root)): path.relative_to(root).parts[:2]
            for path in sorted(root.rglob("*")) if path.is_file()}
