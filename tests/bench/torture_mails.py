"""Mails and dialogues made to cost as much as they can.  Each row makes itself at any scale: 1 is a million things, or 16 MiB;
what doubles with the scale is what the row is about.

A mail's maker returns its bytes as SMTP carries them, before dots are stuffed.  A dialogue's maker says it to a wire.Capture.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import binascii
import collections
import pathlib
import random
import re
import struct

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MILLION, BYTES, DEEP = 1_000_000, 16 << 20, 10_000
HEAD = (b"From: Harbour Letters <news@customer.example>\r\nTo: reader@receiver.example\r\nSubject: Letters from the harbour\r\n"
        b"Date: Mon, 05 Jan 2026 08:00:00 +0000\r\nMessage-ID: <1@customer.example>\r\nMIME-Version: 1.0\r\n")
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
MAILS, DIALOGUES = "mail", "dialogue"
Row = collections.namedtuple("Row", "name kind make")
ROWS = []


def row(name, kind=MAILS):
    """The maker below it is a row's; its parameter says of what there is a number: things, bytes or depth."""
    def add(maker):
        full = {"n": MILLION, "size": BYTES, "depth": DEEP}[maker.__code__.co_varnames[0 if kind == MAILS else 1]]

        def make(scale, *capture):
            return maker(*capture, max(1, round(full * scale)))
        ROWS.append(Row(name, kind, make))
        return maker
    return add


def plain(text, more=b""):
    return HEAD + more + PLAIN + b"\r\n" + text + b"\r\n"


def html(text):
    return HEAD + HTML + b"\r\n<html><body>" + text + b"\r\n</body></html>\r\n"


def attached(data, name, mime=b"application/zip"):
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return (HEAD + b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\n' + PLAIN + b"\r\nThe files.\r\n--b1\r\nContent-Type: " + mime
            + b'\r\nContent-Disposition: attachment; filename="' + name + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + coded + b"--b1--\r\n")


def numbered(pattern, n):
    """pattern has one %d, and comes n times."""
    return b"".join(pattern % i for i in range(n))


# --- MIME ------------------------------------------------------------------------------------------------------------

@row("multiparts nested")
def _(depth):
    return HEAD + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(depth)) + PLAIN + b"\r\nText\r\n"


@row("messages nested")
def _(depth):
    return HEAD + (b"Content-Type: message/rfc822\r\n\r\nFrom: a@customer.example\r\nSubject: inside\r\n") * (depth * 10) + b"\r\nText\r\n"


@row("boundaries that begin each other")
def _(n):
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (b"a" * i, b"a" * i) for i in range(1, 9))
    return HEAD + nested + PLAIN + b"\r\n" + b"".join(b"--%s\r\n" % (b"a" * (i % 72)) for i in range(n // 4))


@row("boundary lines and nothing else")
def _(n):
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n" * n


@row("parts, each with a text")
def _(n):
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + (b"--b\r\n" + PLAIN + b"\r\nText\r\n") * (n // 4) + b"--b--\r\n"


@row("boundaries of 70, wrong at the end")
def _(n):
    right = b"b" * 69
    return HEAD + b'Content-Type: multipart/mixed; boundary="%sx"\r\n\r\n--%sx\r\n' % (right, right) + PLAIN + b"\r\n" + (b"--" + right + b"y\r\n") * (n // 4)


@row("a boundary of dashes in text of dashes")
def _(size):
    return HEAD + b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (b"-" * 70, b"-" * 70) + PLAIN + b"\r\n" + (b"-" * 71 + b"\r\n") * (size // 73)


@row("parameters without end")
def _(n):
    return HEAD + b"Content-Type: multipart/mixed" + numbered(b";\r\n\tname*%d*=utf-8''a%%20b", n) + b"\r\n\r\nText\r\n"


# --- headers ---------------------------------------------------------------------------------------------------------

@row("headers of a million names")
def _(n):
    return HEAD + numbered(b"X-%d: a\r\n", n) + PLAIN + b"\r\nText\r\n"


@row("Received a million times")
def _(n):
    return HEAD + b"Received: from a by b; Mon, 05 Jan 2026 08:00:00 +0000\r\n" * (n // 4) + PLAIN + b"\r\nText\r\n"


@row("Content-Type a million times")
def _(n):
    return HEAD + (b'Content-Type: multipart/mixed; boundary="b"\r\n') * (n // 4) + b"\r\nText\r\n"


@row("a header with a million folds")
def _(n):
    return HEAD + b"X-Folds: a" + b"\r\n a" * n + b"\r\n" + PLAIN + b"\r\nText\r\n"


@row("a header of one line")
def _(size):
    return HEAD + b"X-Long: " + b"a" * size + b"\r\n" + PLAIN + b"\r\nText\r\n"


@row("a header's name without an end")
def _(size):
    return HEAD + b"X" * size + b"\r\n" + PLAIN + b"\r\nText\r\n"


@row("a header section of empty folds")
def _(n):
    return HEAD + b"X-A:\r\n" + b" \r\n" * n + b"\r\nText\r\n"


@row("To with a million addresses")
def _(n):
    return HEAD.replace(b"To: reader@receiver.example\r\n", b"To: " + numbered(b"r%d@receiver.example,\r\n\t", n // 2)[:-4] + b"\r\n") + PLAIN + b"\r\nText\r\n"


@row("To with comments in comments")
def _(size):
    return HEAD.replace(b"To: reader@receiver.example\r\n", b"To: " + b"(" * size + b"\r\n") + PLAIN + b"\r\nText\r\n"


@row("From with quotes and backslashes")
def _(size):
    return HEAD.replace(b"From: Harbour", b'From: "' + b'\\"' * (size // 2) + b"Harbour") + PLAIN + b"\r\nText\r\n"


@row("encoded words in a subject")
def _(n):
    return HEAD.replace(b"Subject: Letters", b"Subject:" + b" =?utf-8?q?=C3=A9?=" * (n // 2) + b" Letters") + PLAIN + b"\r\nText\r\n"


@row("encoded words in encoded words")
def _(n):
    return HEAD.replace(b"Subject: Letters", b"Subject: " + b"=?utf-8?q?" * n + b"x" + b"?=" * n) + PLAIN + b"\r\nText\r\n"


@row("encoded words in many charsets")
def _(n):
    names = (b"utf-7", b"iso-2022-jp", b"gb18030", b"big5", b"koi8-r", b"x-none", b"utf-16", b"euc-kr")
    return HEAD + b"".join(b"X-%d: =?%s?b?4pyT4pyT4pyT?=\r\n" % (i, names[i % 8]) for i in range(n // 2)) + PLAIN + b"\r\nText\r\n"


# --- transfer encodings and charsets -----------------------------------------------------------------------------------

@row("base64 with bad letters all over")
def _(size):
    return plain(b"a!b*c~d_" * 9 + b"\r\n" if size < 74 else (b"a!b*c~d_" * 9 + b"\r\n") * (size // 74), b"Content-Transfer-Encoding: base64\r\n")


@row("base64 that is never padded, one line")
def _(size):
    return plain(b"TWFu" * (size // 4) + b"T", b"Content-Transfer-Encoding: base64\r\n")


@row("base64, a letter a line")
def _(size):
    return plain(b"T\r\nW\r\nF\r\nu\r\n" * (size // 12), b"Content-Transfer-Encoding: base64\r\n")


@row("base64 of padding")
def _(size):
    return plain(b"TQ==" * (size // 4), b"Content-Transfer-Encoding: base64\r\n")


@row("quoted-printable of soft breaks")
def _(size):
    return plain(b"=\r\n" * (size // 3), b"Content-Transfer-Encoding: quoted-printable\r\n")


@row("quoted-printable of broken escapes")
def _(size):
    return plain(b"=G=4=\t=" * (size // 7), b"Content-Transfer-Encoding: quoted-printable\r\n")


@row("quoted-printable of blanks at ends")
def _(size):
    return plain((b" " * 70 + b"\r\n") * (size // 72), b"Content-Transfer-Encoding: quoted-printable\r\n")


@row("UTF-7 shifts")
def _(n):
    return plain(b"+AGE-" * n).replace(b"utf-8", b"utf-7", 1)


@row("ISO-2022-JP shifts")
def _(n):
    return plain(b"\x1b$B$\"\x1b(B" * n).replace(b"utf-8", b"iso-2022-jp", 1)


@row("UTF-8 that is none")
def _(size):
    return plain(b"\xc3\xff\xe2\x82\xf0\x9f\x80\xed\xa0" * (size // 9))


@row("UTF-16 of lone surrogates")
def _(size):
    return plain(binascii.b2a_base64(b"\xd8\x00" * (size // 3)).strip(), b"Content-Transfer-Encoding: base64\r\n").replace(b"utf-8", b"utf-16be", 1)


# --- text --------------------------------------------------------------------------------------------------------------

@row("a word of one letter, repeated")
def _(size):
    return plain(b"a" * size)


@row("a word of one line's letters")
def _(size):
    return plain((b"abcdefghij" * 7 + b"\r\n") * (size // 72))


@row("words of one letter")
def _(size):
    return plain(b"a b c d e f g h i j k l m\r\n" * (size // 27))


@row("a URL without an end")
def _(size):
    return plain(b"http://a.example/" + b"a" * size)


@row("URLs, one behind the other")
def _(n):
    return plain(numbered(b"http://h%d.example/\r\n", n // 2))


@row("URLs that only begin")
def _(n):
    return plain(b"http://https:// www. " * (n // 2))


@row("what begins the rules' phrases")
def _(size):
    text = (ROOT / "rules" / "content.yaml").read_text()
    words = sorted({word.lower() for match in re.findall(r"match: '(.*)'", text) for word in re.findall(r"[A-Za-z]{3,}", match)})
    random.Random(1).shuffle(words)
    line = "".join(word + (" " if i % 12 else "\r\n") for i, word in enumerate(words, 1)).encode()
    return plain((line * (size // len(line) + 1))[:size])


@row("the rules' dearest words")  # of 1,300 words and signs, each alone, those that took most instructions
def _(size):
    return plain(b"xxx teen cum porn high sluts $! copy\r\n" * (size // 38))


@row("words that speak for spam, and against")
def _(size):
    words = [entry["say"].replace("0", "7") for entry in yaml.load((ROOT / "rules" / "content_words.yaml").read_text(), yaml.CSafeLoader)["words"]]
    random.Random(1).shuffle(words)
    line = "".join(word + (" " if i % 8 else "\r\n") for i, word in enumerate(words, 1)).encode()
    return plain((line * (size // len(line) + 1))[:size])


@row("shouting, figures and signs")
def _(size):
    return plain(b"FREE!!! $1,000,000.00 CLICK <NOW> 100% *** 777-777-7777\r\n" * (size // 58))


@row("a word of capitals")
def _(size):
    return plain(b"X" * size)


@row("capitals that nearly shout")
def _(size):
    return plain(b"ABC DEF GHI JKL MNO PQR STU vwx\r\n" * (size // 33))


@row("zero-width signs between letters")
def _(size):
    return plain("f\u200br\u200be\u200be\u00ad \u0430\u0441\u0435\r\n".encode() * (size // 22))


@row("empty lines")
def _(n):
    return plain(b"\r\n" * n)


@row("lines of dots")
def _(n):
    return plain(b".\r\n..\r\n" * (n // 2))


@row("bare CRs and bare LFs")
def _(n):
    return plain(b"\r\r\n\n" * n)


@row("lines that may end the data for others")
def _(n):
    return plain(b"\n.\r\nMAIL FROM:<a@b.example>\r\n" * (n // 4))


@row("lines that begin a mail in an mbox")
def _(n):
    return plain(b"\r\nFrom a@b.example Mon Jan  5 08:00:00 20\r\n" * (n // 4))


# --- HTML --------------------------------------------------------------------------------------------------------------

@row("elements nested")
def _(n):
    return html(b"<div>" * n)


@row("elements nested, with colours")
def _(n):
    return html(b'<p style="color:#fff">a' * (n // 2))


@row("ends of what was not begun")
def _(n):
    return html(b"<table>" * 200 + b"</b></i></p>" * n)


@row("a tag without an end")
def _(size):
    return html(b"<a " + b"b" * size)


@row("an attribute without an end")
def _(size):
    return html(b'<a href="http://a.example/' + b"a" * size)


@row("a million attributes")
def _(n):
    return html(b"<a" + b" b=c" * n + b">x</a>")


@row("tags that only begin")
def _(size):
    return html(b"<" * size)


@row("comments that do not end")
def _(size):
    return html(b"<!--- -" * (size // 7))


@row("short comments")
def _(n):
    return html(b"a<!--b-->" * n)


@row("character references")
def _(n):
    return html(b"&eacute;&#233;" * (n // 2))


@row("character references that do not end")
def _(n):
    return html(b"&&#&#x&eacut&#99999999999" * (n // 2))


@row("a style of a million declarations")
def _(n):
    return html(b'<p style="' + b"color:#fff;" * n + b'">x</p>')


@row("styles, all different")
def _(n):
    return html(numbered(b'<p style="color:#%06x;font-size:1px;display:none">a</p>', n // 4))


@row("a style sheet without an end")
def _(size):
    return html(b"<style>" + b".a{color:#fff}" * (size // 14))


@row("scripts that nearly end")
def _(size):
    return html(b"<script>" + b"</scrip" * (size // 7))


@row("links to everywhere")
def _(n):
    return html(numbered(b'<a href="http://h%d.example/">http://b.example</a>', n // 4))


@row("links in links")
def _(n):
    return html(b'<a href="//a.example"><b>b.example' * (n // 2))


@row("pictures of one pixel")
def _(n):
    return html(b'<img src="http://a.example/x" width=1 height=1>' * (n // 4))


@row("plain text and HTML of other words")
def _(size):
    chance = random.Random(1)
    text = b"".join(b"%x " % chance.getrandbits(32) + (b"" if i % 8 else b"\r\n") for i in range(size // 18))
    other = b"".join(b"<b>%x</b>\r\n" % chance.getrandbits(32) for i in range(size // 35))
    return (HEAD + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n' + PLAIN + b"\r\n" + text + b"\r\n--b\r\n" + HTML + b"\r\n"
            + other + b"\r\n--b--\r\n")


# --- attachments -------------------------------------------------------------------------------------------------------

def zip_end(entries, size, at):
    return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, min(entries, 65535), min(entries, 65535), size, at, 0)


def zip_central(at, packed, unpacked):
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, packed, unpacked, 1, 0, 0, 0, 0, 0, at) + b"a"


@row("a zip of a million files")
def _(n):
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    return attached(local * n + zip_end(n, 0, len(local) * n), b"a.zip")


@row("a zip's directory of bombs")
def _(n):
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, 100, 0xffffffff, 1, 0) + b"a" + b"\0" * 100
    central = zip_central(0, 100, 0xffffffff) * (n // 4)  # all of them the same four gigabytes
    return attached(local + central + zip_end(n // 4, len(central), len(local)), b"a.zip")


@row("a picture without an end")
def _(size):
    return attached(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IDAT\0\0\0\0" * (size // 12), b"a.png", b"image/png")


@row("a name of a million letters")
def _(n):
    return attached(b"MZ" + b"\0" * 64, b"a." * (n // 2) + b"exe")


# --- SMTP --------------------------------------------------------------------------------------------------------------

TURN = 1000  # commands in a turn, where they are pipelined


@row("recipients", DIALOGUES)
def _(capture, n):
    capture.say("C", b"MAIL FROM:<news@customer.example>\r\n")
    capture.say("S", b"250 2.1.0 Ok\r\n")
    for first in range(0, n, TURN):
        count = min(TURN, n - first)
        capture.say("C", numbered(b"RCPT TO:<r%d@receiver.example>\r\n", count))
        capture.say("S", b"250 2.1.5 Ok\r\n" * count)
    capture.say("C", b"DATA\r\n")
    capture.say("S", b"354 go on\r\n")
    capture.data(plain(b"Text"))


def commands(capture, n, turn, command, reply):
    for first in range(0, n, turn):
        capture.say("C", command * min(turn, n - first))
        capture.say("S", reply * min(turn, n - first))


@row("RSET, each answered", DIALOGUES)
def _(capture, n):
    commands(capture, n, 1, b"RSET\r\n", b"250 2.0.0 Ok\r\n")


@row("NOOP, each answered", DIALOGUES)
def _(capture, n):
    commands(capture, n, 1, b"NOOP\r\n", b"250 2.0.0 Ok\r\n")


@row("RSET, pipelined", DIALOGUES)
def _(capture, n):
    commands(capture, n, TURN, b"RSET\r\n", b"250 2.0.0 Ok\r\n")


@row("NOOP, all before the first answer", DIALOGUES)
def _(capture, n):
    commands(capture, n, n, b"NOOP\r\n", b"250 2.0.0 Ok\r\n")


@row("MAIL and RSET, pipelined", DIALOGUES)
def _(capture, n):
    commands(capture, n // 2, TURN, b"MAIL FROM:<>\r\nRSET\r\n", b"250 2.1.0 Ok\r\n250 2.0.0 Ok\r\n")


@row("unknown commands, refused", DIALOGUES)
def _(capture, n):
    commands(capture, n // 2, TURN, b"XYZZY a b c\r\n", b"502 5.5.2 Error: command not recognized\r\n")


@row("recipients, each refused in other words", DIALOGUES)
def _(capture, n):
    capture.say("C", b"MAIL FROM:<news@customer.example>\r\n")
    capture.say("S", b"250 2.1.0 Ok\r\n")
    for first in range(0, n // 4, TURN):
        count = min(TURN, n // 4 - first)
        capture.say("C", numbered(b"RCPT TO:<r%d@receiver.example>\r\n", count))
        capture.say("S", b"".join(b"550 5.1.1 <r%d@receiver.example>: user %d unknown in table %d\r\n" % (i, i, first + i) for i in range(count)))


@row("mails, each refused in other words", DIALOGUES)
def _(capture, n):
    for number in range(n // 16):
        capture.say("C", b"MAIL FROM:<news@customer.example>\r\n")
        capture.say("S", b"550 5.7.%d Message %d refused for reason %d of policy\r\n" % (number % 40, number, number % 997))


@row("a command line without an end", DIALOGUES)
def _(capture, size):
    capture.say("C", b"MAIL FROM:<" + b"a" * size)


@row("a reply of a million lines", DIALOGUES)
def _(capture, n):
    capture.say("C", b"HELP\r\n")
    capture.say("S", b"214-Help\r\n" * n + b"214 end\r\n")


@row("chunks of a byte", DIALOGUES)
def _(capture, n):
    capture.say("C", b"MAIL FROM:<news@customer.example>\r\nRCPT TO:<r@receiver.example>\r\n")
    capture.say("S", b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n")
    commands(capture, n // 2, TURN, b"BDAT 1\r\na", b"250 2.0.0 1 byte\r\n")


@row("a mail, a byte a segment", DIALOGUES)
def _(capture, n):
    capture.envelope(1)
    capture.segment_bytes = 1
    capture.data(plain(b"The library in the old harbour opens again.\r\n" * (n // 64)))
    capture.segment_bytes = 1448


NAMES = [one.name for one in ROWS]
