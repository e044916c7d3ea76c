"""Mails as bytes, written by hand: the programs that send phishing do not write what a library would.  SPDX-License-Identifier: GPL-3.0-or-later

Everything random is drawn from a hash of the mail's name, so that each run makes the same bytes."""
import base64
import hashlib
import quopri

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
ALNUM = LOWER + UPPER + DIGITS


class Draw:
    """Numbers and letters that depend on the mail's name alone."""

    def __init__(self, seed):
        self.seed = seed
        self.count = 0

    def number(self, below):
        self.count += 1
        digest = hashlib.sha256(f"{self.seed}:{self.count}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % below

    def letters(self, count, alphabet=LOWER):
        return "".join(alphabet[self.number(len(alphabet))] for _ in range(count))

    def of(self, choices):
        return choices[self.number(len(choices))]

    def octets(self, count):
        return b"".join(hashlib.sha256(f"{self.seed}:bytes:{i}".encode()).digest() for i in range(count // 32 + 1))[:count]


def word_b(text):
    """One encoded word, base64, however long: as kits write them."""
    return "=?UTF-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def word_q(text):
    coded = "".join(chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in text.encode())
    return f"=?UTF-8?Q?{coded}?="


def words_folded(text, limit=30):
    """Several short encoded words on folded lines, as libraries write them."""
    pieces, piece = [], ""
    for character in text:
        if len((piece + character).encode()) > limit:
            pieces.append(piece)
            piece = ""
        piece += character
    pieces.append(piece)
    return "\n ".join(word_b(piece) for piece in pieces)


def word_each(text):
    """An encoded word for each word of the text: filters that join them see blanks or none."""
    return " ".join(word_b(word + " ") if i % 2 else word_q(word + " ") for i, word in enumerate(text.split()))


def word_octets(text):
    """Each octet encoded, plain letters too."""
    return "=?UTF-8?Q?" + "".join(f"={b:02X}" for b in text.encode()) + "?="


WORDS = {"raw": lambda text: text, "b": word_b, "q": word_q, "folded": words_folded, "each": word_each, "octets": word_octets,
         "auto": lambda text: text if text.isascii() else words_folded(text)}


def base64_lines(data, width=76):
    coded = base64.b64encode(data).decode()
    return "\n".join(coded[i:i + width] for i in range(0, len(coded), width))


def encode(text, transfer, charset="utf-8"):
    """The text as it stands in the body."""
    data = text.encode(charset, "xmlcharrefreplace")
    if transfer == "base64":
        return base64_lines(data).encode()
    if transfer == "quoted-printable":
        return quopri.encodestring(data)
    return data


def part(content_type, data, transfer=None, headers=()):
    """One MIME entity."""
    lines = [f"Content-Type: {content_type}"]
    if transfer:
        lines.append(f"Content-Transfer-Encoding: {transfer}")
    lines.extend(headers)
    return "\n".join(lines).encode() + b"\n\n" + data


def attachment(content_type, name, data, disposition="attachment", content_id=None):
    headers = [f'Content-Disposition: {disposition}; filename="{name}"']
    if content_id:
        headers.append(f"Content-ID: <{content_id}>")
    return part(f'{content_type}; name="{name}"', base64_lines(data).encode(), "base64", headers)


def multipart(boundary, parts, preamble=""):
    mark = boundary.encode()
    joined = b"".join(b"--" + mark + b"\n" + one.rstrip(b"\n") + b"\n" for one in parts)
    return preamble.encode() + joined + b"--" + mark + b"--\n"


def message(headers, body):
    """Headers (name, value) and body with the line ends of the wire."""
    head = "".join(f"{name}: {value}\n" if value else f"{name}:\n" for name, value in headers)
    return (head.encode() + b"\n" + body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def dkim(draw, domain, selector="mail", algorithm="rsa-sha256", names="From:To:Subject:Date:Message-ID:Content-Type"):
    """A signature of the right shape; no key belongs to it."""
    digest = base64.b64encode(draw.octets(32 if algorithm.endswith("256") else 20)).decode()
    signature = base64.b64encode(draw.octets(288)[32:]).decode()
    lines = "\n\t".join(signature[i:i + 72] for i in range(0, len(signature), 72))
    return f"v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};\n\th={names};\n\tbh={digest};\n\tb={lines}"
