#!/usr/bin/python3
"""The content decoder against GMime 3, message by message.

    gmime_compare.py --source DIR [--build DIR] [--show N] [FOLDER-OR-FILE...]

Builds mail_dump (ours) and gmime_dump (the oracle), runs both over the messages, and compares headers, addresses, dates,
identifiers, parts and text.  Without folders it makes a small varied set of messages itself, on which both must agree in
everything.  With folders, what we do otherwise on purpose is set aside first, and no more than one message in a hundred
may differ in any of the rest:

  - GMime repairs dates and identifiers that RFC 5322 does not allow; we say that there is none.
  - Bytes over 127 without a charset, or with a wrong one: GMime leaves them out or as they are.
  - Text is cut at LIMIT_BODY_TEXT_BYTES, header values at LIMIT_HEADER_VALUE_BYTES.

Exit: 0 they agree, 1 they do not, or GMime is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import base64
import collections
import email.message
import email.policy
import os
import quopri
import subprocess
import sys
import tempfile

TEXT_BYTES_MAX = 64 << 10
HEADER_BYTES_MAX = 1800
SHARE_MAX = 0.01


def build(source, folder):
    flags = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-I" + source + "/include"]
    here = source + "/tests/differential/"
    found = subprocess.run(["pkg-config", "--cflags", "--libs", "gmime-3.0"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit("GMime 3 is not installed; expected Debian's package libgmime-3.0-dev")
    names = ["byte_chain", "charset", "mail_header", "mail_text", "mime_fields", "mime_header", "mime_part", "mime_scan",
             "mime_transfer"]
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
            current[chr(line[0])].append(line.rstrip())
    return found


def same_header(ours, theirs):
    return ours == theirs or (len(theirs) > HEADER_BYTES_MAX and theirs.startswith(ours[:HEADER_BYTES_MAX]))


def differs(kind, ours, theirs):
    """H, h: headers; A: address; D: date; I: identifier; P: parts; T, S: text, and what of it is ASCII."""
    if kind in "Hh":
        ours, theirs = sorted(ours), sorted(theirs)
        return len(ours) != len(theirs) or not all(map(same_header, ours, theirs))
    if kind == "P":
        theirs = [line.replace(b" - ", b" 7bit ", 1) for line in theirs]
    if kind in "TS" and sum(int(line.split()[1]) for line in theirs) > TEXT_BYTES_MAX:
        return False
    return ours != theirs


def difference(ours, theirs):
    """In words: of which kinds, and the first line of each side that the other one does not have."""
    kinds = "".join(kind for kind in KINDS if differs(kind, ours[kind], theirs[kind]))
    words = []
    for kind in kinds:
        first = [next((repr(line)[2:-1] for line in a if line not in b), "") for a, b in
                 ((ours[kind], theirs[kind]), (theirs[kind], ours[kind]))]
        words.append("%s: ours [%s] GMime [%s]" % (kind, first[0], first[1]))
    return kinds and kinds + ": " + "; ".join(words)
