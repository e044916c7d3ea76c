#!/usr/bin/python3
"""The content decoder against GMime 3, mail by mail.

    gmime_compare.py [--source DIR] [--build DIR] [--show N] [--mutants N] [--seed N] [--counts] [--cuts-only] [FOLDER-OR-FILE...]

Builds mail_dump (ours) and gmime_dump (the oracle), each of which reads all mails in one process, and compares headers
(the parts', too), addresses, dates, identifiers, parts and decoded text. Ours reads each mail whole, in random pieces and
byte by byte, and must say the same each time, whatever the mail. Three sets of mails:

  - own: a small varied set that this script makes, and tests/bounces/mails: both must agree in everything.
  - mutants of these, broken by mime_mutants.py, and some broken by hand: where they differ, gmime_differences.yaml must say who
    is right and why; and no entry of it may be left that none of the mutants needs.
  - FOLDER-OR-FILE, of mails as they come: no more than one in a hundred may differ.

Not compared: the content of attachments, which ours does not decode; texts of more than 500 KiB, and header values beyond
LIMIT_HEADER_VALUE_BYTES, where ours is cut. What is read of a text with smaller limits ours holds against its own whole text,
in each cut.

Exit: 0 they agree, 1 they do not, or GMime is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import base64
import collections
import email.message
import email.policy
import glob
import os
import quopri
import random
import re
import subprocess
import sys
import tempfile

import yaml

import mime_mutants

TEXT_BYTES_MAX = 500 << 10 # without returns, of 768 KiB that mail_dump.c reads in one piece
HEADER_BYTES_MAX = 1800
SHARE_MAX = 0.01
MUTANT_BYTES_MAX = 20000 # of a mail that mutants are made of

# Headers of the message, of its parts; address, date, identifier; parts; their text, and what of it is ASCII.
KINDS = "HhADIPTS"


def build(source, folder):
    flags = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-I" + source + "/include"]
    here = source + "/tests/differential/"
    found = subprocess.run(["pkg-config", "--cflags", "--libs", "gmime-3.0"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit("GMime 3 is not installed; expected Debian's package libgmime-3.0-dev")
    names = ["attachment", "byte_chain", "charset", "content_archive", "content_image", "content_kind", "content_text",
             "mail_header", "mail_text", "mime_fields", "mime_header", "mime_part", "mime_scan", "mime_transfer",
             "part_look", "text_sample"]
    ours = [source + "/decoders/" + name + ".c" for name in names]
    subprocess.run(["cc", *flags, here + "mail_dump.c", *ours, "-o", folder + "/mail_dump"], check=True)
    subprocess.run(["cc", *flags, here + "gmime_dump.c", "-o", folder + "/gmime_dump", *found.stdout.split()], check=True)


# --- messages of our own ------------------------------------------------------------------------------------------------

HEAD = (b"From: \"Some One\" <some.one@example.org>\r\nTo: other@example.net\r\nSubject: %s\r\n"
        b"Date: Mon, 1 Jan 2024 12:34:56 +0100\r\nMessage-ID: <1.2.3@example.org>\r\nMIME-Version: 1.0\r\n")

SUBJECTS = [b"plain", b"=?utf-8?Q?=C3=A4=E2=82=AC?=", b"=?iso-8859-1?B?5Pb8?= and =?koi8-r?Q?=D0=D2?=",
            b"folded\r\n  twice\r\n\tover", b"=?utf-8?Q?one?=\r\n =?utf-8?Q?_two?=", b"=?broken", b"a =?utf-8?X?y?= b",
            b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", b"=?big5?B?pKSk5Q==?="]

SENDERS = [b"a@b.example", b"A <a@b.example>", b"\"A, B\" <a@b.example>", b"a@b.example (A)", b"A <@r.example:a@b.example>",
           b"Group: A <a@b.example>, c@d.example;", b"=?utf-8?Q?A=2C_B?= <a@b.example>, C <c@d.example>",
           b"\"quoted \\\" mark\" <a@b.example>", b"<a@[192.0.2.1]>", b"undisclosed:;"]

DATES = [b"1 Jan 2024 00:00 +0000", b"Fri, 21 Nov 97 09:55:06 GMT", b"Thu, 29 Feb 2024 23:59:59 -0730 (odd)",
         b"Sat, 01 Jan 2000 00:00:00 EST", b"Wed, 31 Dec 1969 19:00:00 -0500"]

WORDS = ("An ordinary text with = signs, dots.\n.\n--\n-- \nFrom here on it goes to lines that are long enough to be "
         "folded by quoted-printable, and it has \u00e4\u00f6\u00fc in it.\n\nEnd\n")


def leaf(text, charset, encoding, subtype="plain"):
    body = text.encode(charset)
    if encoding == "base64":
        body = base64.encodebytes(body)
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body)
    head = "Content-Type: text/%s; charset=%s\nContent-Transfer-Encoding: %s\n\n" % (subtype, charset, encoding)
    return head.encode() + body


def multipart(kind, boundary, parts, end=b"--\n"):
    mark = b"\n--" + boundary
    quoted = b"\"" + boundary.replace(b"\\", b"\\\\").replace(b"\"", b"\\\"") + b"\""
    head = b"Content-Type: multipart/" + kind + b"; boundary=" + quoted + b"\n\npreamble"
    return head + b"".join(mark + b"\n" + part for part in parts) + (mark + end if end else b"\n")


def bodies():
    for charset in ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "utf-7", "cp850"):
        for encoding in ("8bit", "base64", "quoted-printable"):
            yield leaf(WORDS, charset, encoding)
    for charset in ("gb2312", "big5", "euc-jp", "shift_jis", "iso-2022-jp"):
        yield leaf("\u4e2d\u6587 and more\n" * 200, charset, "8bit")
        yield leaf("\u4e2d\u6587 and more\n" * 200, charset, "base64", "html")
    for encoding in ("8bit", "base64", "quoted-printable"): # longer than what is read unless told
        long = leaf("".join("%d: %s" % (number, WORDS) for number in range(600)), "utf-8", encoding)
        yield multipart(b"mixed", b"b", [long, leaf("<p>%s</p>" % (WORDS * 100), "iso-8859-1", encoding, "html")])
    text = leaf(WORDS, "utf-8", "quoted-printable")
    html = leaf("<p>" + WORDS + "</p>", "utf-8", "base64", "html")
    binary = (b"Content-Type: application/octet-stream; name=\"a b.bin\"\nContent-Disposition: attachment;\n"
              b" filename*0*=utf-8''%C3%A4; filename*1=\".bin\"\nContent-Transfer-Encoding: base64\n\n" +
              base64.encodebytes(bytes(range(256)) * 40))
    yield multipart(b"alternative", b"b1", [text, html])
    yield multipart(b"mixed", b"=_?:'()+,-./ x", [text, binary, html])
    yield multipart(b"mixed", b"out", [multipart(b"alternative", b"out-in", [text, html]), binary])
    yield multipart(b"mixed", b"out-in", [multipart(b"alternative", b"out", [text, html]), binary])
    yield multipart(b"mixed", b"b", [text, html], end=b"")
    yield multipart(b"mixed", b"b", [text, html], end=b"--\nepilogue\n")
    yield multipart(b"mixed", b"b", [b"Content-Type: message/rfc822\n\nSubject: in\n\ninner\n", text])
    yield multipart(b"mixed", b"b", [b"Content-Type: message/rfc822\n\nSubject: in\n" + multipart(b"mixed", b"c", [text])])
    yield multipart(b"digest", b"b", [b"\nSubject: 1\n\none\n", b"\nSubject: 2\n\ntwo\n"])
    yield multipart(b"report", b"b", [text, b"Content-Type: message/delivery-status\n\nStatus: 5.0.0\n"])
    yield b"\nno type\n"
    yield b"Content-Type: TEXT/HTML;\n charset=\"US-ASCII\"\n\n<p>\n"


def from_email_package():
    """As Python's own library would send them: another hand than the one above."""
    random.seed(1) # of its boundaries
    for policy in (email.policy.SMTP, email.policy.SMTPUTF8):
        message = email.message.EmailMessage(policy=policy)
        message["From"] = "J\u00f6rg <joerg@example.org>"
        message["To"] = "x@example.org"
        message["Subject"] = "Gr\u00fc\u00dfe " * 12
        message["Date"] = "Tue, 02 Jan 2024 03:04:05 -0000"
        message["Message-ID"] = "<x@example.org>"
        message.set_content("Text \u20ac\n" * 30)
        message.add_alternative("<b>\u20ac</b>\n" * 30, subtype="html")
        message.add_attachment(b"\0\1" * 3000, maintype="application", subtype="pdf", filename="\u00e4.pdf")
        yield message.as_bytes()


def own_messages():
    crlf = lambda s: s.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    for subject in SUBJECTS:
        yield crlf(HEAD % subject) + b"\r\nx\r\n"
    for sender in SENDERS:
        yield b"From: " + sender + b"\r\n\r\nx\r\n"
    for date in DATES:
        yield b"Date: " + date + b"\r\n\r\nx\r\n"
    for body in bodies():
        yield crlf(HEAD % b"x" + body)
        yield (HEAD % b"x" + body).replace(b"\r\n", b"\n")
    yield from from_email_package()


def broken_messages():
    """Broken by hand, where it hangs on the mails whether a mutant is: each needs an entry of the table."""
    crlf = lambda s: s.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    yield crlf(HEAD % b"x" + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"one\0two\n"))
    yield crlf(HEAD % b"x" + multipart(b"mixed", b"b", [b"Content-Type: text/plain\nContent-Type: text/html\n\none\n"]))
    yield crlf(HEAD % b"x" + b"Content-Type: multip.4711/mail.example.com\"\n\none\n")
    yield crlf(HEAD % b"x" + multipart(b"mixed; lost", b"b", [b"Content-Type: text/plain\n\none\n"]))
    yield crlf(HEAD % b"=?utf-8?Q?=C3?=") + b"\r\none\r\n"
    yield crlf(HEAD % b"x" + b"Content-Transfer-Encoding: =?utf-8?q??= quoted-printable\n\none =3D two\n")
    yield b"Date: Sat, 21 Nov 2026 10:00:\r\n\t02 +0000\r\n\r\none\r\n"


# --- what a mail has that is broken ---------------------------------------------------------------------------------

HEADER_LINE = re.compile(rb"[!-9;-~]+:")
BOUNDARY_NAME = re.compile(rb"boundary\s*=\s*(?:\"([^\"]*)\"?|([^\s;]*))", re.I)


class Shape:
    """What stands in a mail, line by line, without any parser: which lines are boundaries and which are headers."""

    def __init__(self, mail):
        names = {(a or b).rstrip() for a, b in BOUNDARY_NAME.findall(mail)} - {b""}
        self.odd_line = self.blank_name = self.empty_part = False
        self.encoded = {b"base64": [], b"quoted-printable": []} # bodies of parts, line by line
        body = None
        in_headers, after_boundary, nested, multipart, first, empty = True, False, False, False, True, False
        for line in mail.split(b"\n"):
            text = line.rstrip()
            is_boundary = text[:2] == b"--" and any(text[2:] in (name, name + b"--") for name in names)
            if is_boundary:
                self.odd_line |= in_headers and not first
                self.empty_part |= after_boundary or in_headers or empty
                in_headers, after_boundary, first = text[-2:] != b"--", True, True
                nested, multipart, empty, body = False, False, False, None
                continue
            after_boundary = False
            if not in_headers:
                empty &= not text
                if body is not None:
                    body.append(line + b"\n")
                continue
            nested |= re.match(rb"(?i)content-type:\s*message/(rfc822|global|news)\b(?!-)|content-type:\s*multipart/digest", line) is not None
            multipart |= re.match(rb"(?i)content-type:\s*multipart/", line) is not None
            encoding = re.match(rb"(?i)content-transfer-encoding:\s*(base64|quoted-printable)\b", line)
            if encoding and body is None:
                body = []
                self.encoded[encoding.group(1).lower()].append(body)
            if line.rstrip(b"\r") == b"":
                in_headers, empty = nested, not multipart and not nested
                body = None if nested else body
                nested, multipart, first = False, False, True
            elif line[:1] in (b" ", b"\t"):
                self.odd_line |= first or not text
            elif HEADER_LINE.match(line) and line[:2] != b"--":
                first = False
            elif re.match(rb"[!-9;-~]+[ \t]+:", line):
                self.blank_name, first = True, False
            else:
                self.odd_line, in_headers = True, False
        self.empty_part |= in_headers or after_boundary or empty

    def broken_base64(self):
        """Digits behind a padding, no whole groups, or bytes that are no digits and no blanks."""
        bodies = [b"".join(lines) for lines in self.encoded[b"base64"]]
        return any(re.search(rb"=\s*[^=\s]|[^A-Za-z0-9+/=\s]", body) or len(re.sub(rb"\s", b"", body)) % 4 for body in bodies)

    def hidden_nul(self):
        """What is encoded is no text."""
        digits = [re.sub(rb"[^A-Za-z0-9+/]", b"", b"".join(lines)) for lines in self.encoded[b"base64"]]
        return any(b"\0" in base64.b64decode(body[:len(body) // 4 * 4]) for body in digits)

    def broken_quoted(self):
        """An escape that is none, a soft line break with blanks in it, or a NUL."""
        bodies = [b"".join(lines) for lines in self.encoded[b"quoted-printable"]]
        return any(re.search(rb"=(?![0-9A-Fa-f]{2}|\r?\n)|=00", body) for body in bodies)

    def blanks_at_ends(self):
        bodies = [b"".join(lines) for lines in self.encoded[b"quoted-printable"]]
        return any(re.search(rb"(?m)[ \t]+\r?$", body) for body in bodies)


CONDITIONS = {
    "any": lambda mail, shape: True,
    "NUL": lambda mail, shape: b"\0" in mail,
    "bare return": lambda mail, shape: re.search(rb"\r(?!\n)", mail) is not None,
    "eight bits": lambda mail, shape: not mail.isascii(),
    "line that is no header": lambda mail, shape: shape.odd_line,
    "blank before the colon": lambda mail, shape: shape.blank_name,
    "part without content": lambda mail, shape: shape.empty_part,
    "broken base64": lambda mail, shape: shape.broken_base64(),
    "encoded NUL": lambda mail, shape: shape.hidden_nul(),
    "broken quoted-printable": lambda mail, shape: shape.broken_quoted(),
    "blanks that end a quoted-printable line": lambda mail, shape: shape.blanks_at_ends(),
    "too deep": lambda mail, shape: len(re.findall(rb"(?i)^content-type:\s*(?:multipart|message)/", mail, re.M)) > 8,
}


# --- comparing ----------------------------------------------------------------------------------------------------------

def dump(program, mails):
    """Of each mail its lines, by their first letter."""
    stream = b"".join(b"%d %s\n%s" % (len(mail), name.encode(), mail) for name, mail in mails)
    out = subprocess.run([program], input=stream, capture_output=True, check=True).stdout
    found = {}
    for line in out.split(b"\n"):
        if line.startswith(b"F "):
            found[line[2:].decode()] = current = collections.defaultdict(list)
        elif line:
            if line[:1] in b"Hh": # where a line goes on GMime has all blanks, as RFC 5322 2.2.3 says, and ours are one
                line = re.sub(rb"[ \t]+", b" ", line)
            current[chr(line[0])].append(line.rstrip())
    return found


def same_header(ours, theirs):
    return ours == theirs or (len(theirs) > HEADER_BYTES_MAX and theirs.startswith(ours[:HEADER_BYTES_MAX]))


def without_encoding(line):
    """GMime has no name for an encoding that it does not know, and none for none: both decode nothing then."""
    type_and_rest = re.match(rb"(P \S* )(.*?)( [01](?: .*)?)$", line)
    known = type_and_rest and type_and_rest.group(2) in (b"8bit", b"binary", b"base64", b"quoted-printable", b"x-uuencode")
    return line if known or not type_and_rest else type_and_rest.group(1) + b"7bit" + type_and_rest.group(3)


def comparable(lines):
    """The same lines as they are to be compared."""
    text_bytes = sum(int(line.split()[1]) for line in lines["T"])
    return {kind: sorted(lines[kind]) if kind in "Hh" else [without_encoding(line) for line in lines[kind]] if kind == "P" else
            [] if kind in "TS" and text_bytes > TEXT_BYTES_MAX else lines[kind] for kind in KINDS}


def differs(kind, ours, theirs):
    if kind in "Hh":
        return len(ours) != len(theirs) or not all(map(same_header, ours, theirs))
    return ours != theirs


def difference(ours, theirs):
    """In words: of which kinds, and the first line of each side that the other one does not have."""
    ours, theirs = comparable(ours), comparable(theirs)
    kinds = "".join(kind for kind in KINDS if differs(kind, ours[kind], theirs[kind]))
    words = []
    for kind in kinds:
        first = [next((repr(line)[2:-1] for line in a if line not in b), "") for a, b in
                 ((ours[kind], theirs[kind]), (theirs[kind], ours[kind]))]
        words.append("%s: ours [%s] GMime [%s]" % (kind, first[0], first[1]))
    return kinds and kinds + ": " + "; ".join(words)


# --- differences that are known -------------------------------------------------------------------------------------------

class Table:
    """gmime_differences.yaml: an entry allows kinds of differences to mails that have what it says."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.entries = yaml.safe_load(file)
        for entry in self.entries:
            entry["expression"] = re.compile(entry.get("difference", ""))
            entry["in_mail"] = re.compile(entry["mail"].encode()) if "mail" in entry else None
        self.needed = [0] * len(self.entries)

    def applies(self, entry, words, mail, shape):
        if entry["in_mail"]:
            return entry["in_mail"].search(mail) and entry["expression"].search(words)
        return CONDITIONS[entry["when"]](mail, shape) and entry["expression"].search(words)

    def explains(self, words, mail):
        """True when each kind is allowed by an entry; one that stands alone is needed."""
        shape, explained = Shape(mail), True
        applying = [number for number, entry in enumerate(self.entries) if self.applies(entry, words, mail, shape)]
        needed = set()
        for kind in words.split(":")[0]:
            allowing = [number for number in applying if kind in self.entries[number]["kinds"]]
            explained = explained and allowing != []
            needed |= set(allowing) if len(allowing) == 1 else set()
        for number in needed if explained else ():
            self.needed[number] += 1
        return explained

    def stale(self):
        return [entry for entry, needed in zip(self.entries, self.needed) if needed == 0]


# --- the command ----------------------------------------------------------------------------------------------------------

def files_under(name):
    if os.path.isfile(name):
        return [name]
    return sorted(os.path.join(top, file) for top, _, files in os.walk(name) for file in files)


def read_mails(paths):
    mails = []
    for path in paths:
        with open(path, "rb") as file:
            mails.append((path, file.read()))
    return mails


class Comparison:
    """Of many mails: how many differ, and how many of ours depend on the cut."""

    def __init__(self, folder, mails):
        ours, theirs = dump(folder + "/mail_dump", mails), dump(folder + "/gmime_dump", mails)
        self.cut = [(name, line.decode()) for name, _ in mails for line in ours[name]["C"]]
        self.differing = [(name, mail, words) for name, mail in mails if (words := difference(ours[name], theirs[name]))]
        if len(ours) != len(mails) or len(theirs) != len(mails):
            sys.exit("gmime_compare: a dump left mails out")


def check_plain(folder, title, mails, share, show):
    """Mails as they should be: all must be alike, but for a share of them."""
    found = Comparison(folder, mails)
    for name, words in found.cut[:show] + [(name, words) for name, _, words in found.differing[:show]]:
        print("  %s: %s" % (name, words))
    print("%s: %d mails, %d differ; %d depend on the cut" % (title, len(mails), len(found.differing), len(found.cut)))
    return not found.cut and len(found.differing) <= share * len(mails)


def check_mutants(folder, mails, table, show):
    found = Comparison(folder, mails)
    unlisted = [(name, words) for name, mail, words in found.differing if not table.explains(words, mail)]
    for name, words in found.cut[:show] + unlisted[:show]:
        print("  %s: %s" % (name, words))
    for entry in table.stale():
        print("  no mutant needs this entry of gmime_differences.yaml: %s" % (entry.get("mail") or entry["when"]))
    print("mutants: %d mails, %d differ from GMime, %d as no entry explains; %d depend on the cut"
          % (len(mails), len(found.differing), len(unlisted), len(found.cut)))
    return not found.cut and not unlisted and not table.stale()


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", default=os.path.dirname(os.path.abspath(__file__)) + "/../..")
    parser.add_argument("--build")
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--mutants", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts", action="store_true", help="how many mutants need each entry of the table")
    parser.add_argument("--cuts-only", action="store_true", help="with another seed: only that no cut matters")
    parser.add_argument("folders", nargs="*")
    return parser.parse_args()


def main():
    options = arguments()
    own = list(own_messages())
    reports = read_mails(sorted(glob.glob(options.source + "/tests/bounces/mails/*.eml")))
    table = Table(options.source + "/tests/differential/gmime_differences.yaml")
    seeds = [mail for mail in own + [mail for _, mail in reports] if len(mail) < MUTANT_BYTES_MAX]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.build or scratch
        os.makedirs(folder, exist_ok=True)
        build(options.source, folder)
        fine = check_plain(folder, "own", [("own %d" % n, mail) for n, mail in enumerate(own)], 0, options.show)
        fine = check_plain(folder, "bounces", reports, 0, options.show) and fine
        mutants = list(mime_mutants.mutants(seeds, options.mutants, options.seed))
        mutants += [("by hand %d" % n, mail) for n, mail in enumerate(broken_messages())]
        if options.cuts_only:
            cut = Comparison(folder, mutants).cut
            print("%d mutants; %d depend on the cut" % (len(mutants), len(cut)), *cut[:options.show], sep="\n")
            return 0 if fine and not cut else 1
        fine = check_mutants(folder, mutants, table, options.show) and fine
        for name in options.folders:
            fine = check_plain(folder, name, read_mails(files_under(name)), SHARE_MAX, options.show) and fine
    for entry, needed in zip(table.entries, table.needed) if options.counts else ():
        print("%5d  %s  %s" % (needed, entry.get("mail") or entry["when"], entry.get("difference", "")))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
