"""What looks random and is the same each time: identifiers, keys and dates.  SPDX-License-Identifier: GPL-3.0-or-later"""
import base64
import datetime
import hashlib

DIGITS = "0123456789"
HEX = DIGITS + "abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALNUM = UPPER + UPPER.lower() + DIGITS
BASE64URL = ALNUM + "-_"


def stream(seed, count):
    """`count` bytes that follow from the seed."""
    out, turn = b"", 0
    while len(out) < count:
        out += hashlib.sha256(f"{seed}/{turn}".encode()).digest()
        turn += 1
    return out[:count]


def token(seed, length, alphabet=ALNUM):
    return "".join(alphabet[byte % len(alphabet)] for byte in stream(seed, length))


def digits(seed, length):
    text = token(seed, length, DIGITS)
    return ("1" if text[0] == "0" else text[0]) + text[1:]


def hexes(seed, length):
    return token(seed, length, HEX)


def guid(seed):
    text = hexes(seed, 32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def base64_of(seed, count):
    return base64.b64encode(stream(seed, count)).decode()


def moment(text):
    """"2025-03-04 09:12:33 +0100" as a datetime."""
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")


def date_header(text, zone_name=""):
    when = moment(text)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[when.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[when.month - 1]
    return f"{day}, {when.day} {month} {when:%Y %H:%M:%S %z}{zone_name}"


def unix(text):
    return int(moment(text).timestamp())
