"""Bytes of a mail: header fields, encoded words, MIME parts, signatures.  SPDX-License-Identifier: GPL-3.0-or-later

The email package of Python would write every mail as Python writes it.  Here each program's own habits are kept, so headers
and parts are put together as text.
"""
import base64
import hashlib
import quopri
import re

from . import tokens

WORD_MAX = 75
LINE_MAX = 998


def is_ascii(text):
    return all(ord(letter) < 128 for letter in text)


def one_word(text, charset, how):
    data = text.encode(charset)
    if how == "B":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    kept = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
    body = "".join(chr(byte) if byte in kept else "_" if byte == 32 else f"={byte:02X}" for byte in data)
    return f"=?{charset}?Q?{body}?="


def encoded(text, charset="UTF-8", how="B"):
    """Words of RFC 2047, none cut within a letter; a line each."""
    if is_ascii(text):
        return text
    words, start = [], 0
    for end in range(1, len(text) + 1):
        if len(one_word(text[start:end], charset, how)) > WORD_MAX:
            words.append(one_word(text[start:end - 1], charset, how))
            start = end - 1
    words.append(one_word(text[start:], charset, how))
    return "\n ".join(words)


def fold(line, width=78, with_tab=False):
    """At spaces, where it is longer than the width; what has lines already stays."""
    if "\n" in line or len(line) <= width:
        return line
    lines, rest = [], line
    while len(rest) > width:
        at = rest.rfind(" ", 1, width)
        if at <= 0 or (not lines and at <= rest.find(":") + 1):
            at = rest.find(" ", width if at <= 0 else rest.find(":") + 2)
        if at <= 0:
            break
        lines.append(rest[:at])
        rest = ("\t" if with_tab else " ") + rest[at + 1:]
    return "\n".join(lines + [rest])


def phrase(name, charset, how, always_quoted):
    if not is_ascii(name):
        return encoded(name, charset, how)
    if always_quoted or re.search(r'[^A-Za-z0-9 !#$%&\'*+/=?^_`{|}~-]', name):
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return name


# An address by itself, perhaps with a comment; or a name, which may have commas in it, and an address in brackets.
PERSON = r'[^\s,<>"]+@[^\s,<>"]+(?: \([^)]*\))?(?=\s*(?:,|$))|"[^"]*" <[^<>]*>|(?![,\s])[^<>"]+<[^<>]*>'


def addresses(people, charset="UTF-8", how="B", always_quoted=False):
    """"Name <a@b>, c@d": the names encoded where they must be."""
    out = []
    for one in re.findall(PERSON, people):
        match = re.fullmatch(r'\s*"?(.*?)"?\s*<([^<>]*)>\s*', one)
        if not match:
            out.append(one.strip())
        elif match.group(1):
            out.append(f"{phrase(match.group(1), charset, how, always_quoted)} <{match.group(2)}>")
        else:
            out.append(f"<{match.group(2)}>")
    return ",\n ".join(out) if sum(map(len, out)) > 60 else ", ".join(out)


def address_of(person):
    match = re.search(r"<([^<>]*)>", person)
    return match.group(1) if match else person.strip().partition(" ")[0]


def domain_of(person):
    return address_of(person).rpartition("@")[2]


def transfer(text, charset, how):
    """(bytes, name of the encoding).  `auto` is what most programs do: 7bit if it can be, else quoted-printable."""
    data = text if isinstance(text, bytes) else text.encode(charset)
    long_line = max(map(len, data.split(b"\n"))) > LINE_MAX
    if how == "auto":
        how = "quoted-printable" if long_line or any(byte > 127 for byte in data) else "7bit"
    if how == "auto8":
        how = "quoted-printable" if long_line else "8bit" if any(byte > 127 for byte in data) else "7bit"
    if how == "base64":
        return base64_lines(data.replace(b"\n", b"\r\n") if not isinstance(text, bytes) else data), how
    if how == "quoted-printable":
        return quopri.encodestring(data).replace(b"\n.", b"\n=2E"), how
    if long_line:
        raise ValueError(f"a line of more than {LINE_MAX} bytes in {how}")
    return data, how


def base64_lines(data, width=76):
    text = base64.b64encode(data)
    return b"\n".join(text[at:at + width] for at in range(0, len(text), width)) + b"\n"


def part(headers, body):
    """Headers as (name, value), body as bytes."""
    head = "".join(fold(f"{name}: {value}") + "\n" for name, value in headers)
    return head.encode() + b"\n" + body


def multipart(boundary, parts, preamble=""):
    out = preamble.encode() + (b"\n" if preamble else b"")
    for one in parts:
        out += b"--" + boundary.encode() + b"\n" + one + (b"" if one.endswith(b"\n") else b"\n")
        if not one.endswith(b"\n\n"):
            out += b"\n"
    return out + b"--" + boundary.encode() + b"--\n"


def dkim(seed, domain, selector, date, body, names="from:to:subject:date:message-id:mime-version:content-type", kind="rsa-sha256"):
    """A signature in the right form; its key was never anybody's."""
    canonical = body.replace(b"\n", b"\r\n").rstrip(b"\r\n") + b"\r\n"
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    value = tokens.base64_of(seed + "/dkim", 64 if kind.startswith("ed") else 256)
    lines = [f"v=1; a={kind}; c=relaxed/relaxed; d={domain}; s={selector};", f"\tt={tokens.unix(date)}; bh={digest};", f"\th={names};"]
    width = 66
    cut = [value[at:at + width] for at in range(0, len(value), width)]
    lines.append("\tb=" + "\n\t ".join(cut))
    return "DKIM-Signature: " + "\n".join(lines)


# Kinds of Received: lines of the own network.  {id} {date} {to} {from_host} {ip} {host} {user} {helo}
RECEIVED = {
    "postfix-pickup": "by {host} (Postfix, from userid {user})\n\tid {id}; {date}",
    "postfix-bounce": "by {host} (Postfix)\n\tid {id}; {date}",
    "postfix-local": "from {from_host} (localhost [127.0.0.1])\n\tby {host} (Postfix) with ESMTP id {id}\n\tfor <{to}>; {date}",
    "postfix-submission": "from {helo} ({from_host} [{ip}])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"
                          "\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\n"
                          "\t(No client certificate requested)\n\tby {host} (Postfix) with ESMTPSA id {id}\n\tfor <{to}>; {date}",
    "postfix-lan": "from {helo} (unknown [{ip}])\n\tby {host} (Postfix) with ESMTP id {id}\n\tfor <{to}>; {date}",
    "exim-submission": "from [{ip}] (helo={helo})\n\tby {host} with esmtpsa  (TLS1.3) tls TLS_AES_128_GCM_SHA256\n\t(Exim 4.96)\n"
                       "\t(envelope-from <{sender}>)\n\tid {eximid}\n\tfor {to};\n\t{date}",
    "exim-local": "from {user} by {host} with local (Exim 4.97.1)\n\t(envelope-from <{sender}>)\n\tid {eximid}\n\tfor {to};\n\t{date}",
    "exchange": "from {from_host} ({ip}) by {host}\n ({ip2}) with Microsoft SMTP Server (version=TLS1_2,\n"
                " cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.1.2507.39; {date}",
    "exchange-mapi": "from {from_host} ([fe80::{hex4}]) by\n {from_host} ([fe80::{hex4}%12]) with mapi id 15.01.2507.039;\n {date}",
    "sendmail": "from {helo} ({from_host} [{ip}])\n\tby {host} (8.17.1/8.17.1) with ESMTP id {smid}\n\tfor <{to}>; {date}",
    "opensmtpd": "from {helo} ({from_host} [{ip}])\n\tby {host} (OpenSMTPD) with ESMTPSA id {hex8}\n\t(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\n"
                 "\tfor <{to}>;\n\t{date}",
    "qmail": "(qmail {n5} invoked by uid {user}); {date}",
    "haraka": "from {helo} ({from_host} [{ip}])\n\tby {host} (Haraka/3.0.2) with ESMTPSA id {uid}.1\n\tenvelope-from <{sender}>;\n\t{date}",
}


def received(seed, kind, sender, to, date, host, from_host="localhost", ip="127.0.0.1", ip2="10.20.0.14", user="33", helo=None):
    values = {
        "id": "4" + tokens.token(seed + "q", 9) + "z" + tokens.token(seed + "r", 3),
        "eximid": "1" + tokens.token(seed + "e", 5) + "-" + tokens.token(seed + "f", 11, tokens.ALNUM) + "-" + tokens.token(seed + "g", 4),
        "smid": "3" + tokens.token(seed + "s", 7) + tokens.digits(seed, 6), "hex8": tokens.hexes(seed + "o", 8),
        "hex4": ":".join(tokens.hexes(seed + str(at), 4) for at in range(4)), "n5": tokens.digits(seed + "n", 5),
        "uid": tokens.guid(seed + "u").upper(), "date": tokens.date_header(date, " (" + zone(date) + ")"), "sender": sender, "to": to,
        "host": host, "from_host": from_host, "ip": ip, "ip2": ip2, "user": user, "helo": helo or from_host,
    }
    return "Received: " + RECEIVED[kind].format(**values)


def zone(date):
    return {"+0000": "UTC", "+0100": "CET", "+0200": "CEST", "-0500": "EST", "-0400": "EDT", "+0300": "EEST", "+0900": "JST",
            "+0800": "CST", "-0300": "-03", "+0530": "IST", "+0700": "+07", "-0800": "PST", "-0700": "PDT", "-0600": "CST"}.get(date[-5:], date[-5:])
