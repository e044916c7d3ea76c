"""A sensor's metrics, asked for in its namespace.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import socket

from .wire import within

PORT = 9125


def ask(place, seconds):
    """name with its labels: value; nothing while the sensor has none to give."""
    with within(place.names["sensor"]):
        asking = socket.socket()
    with asking:
        asking.settimeout(seconds)
        asking.connect(("127.0.0.1", PORT))
        asking.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: asking.recv(65536), b"")).decode()
    if not answer.startswith(("HTTP/1.0 200", "HTTP/1.1 200")):
        return collections.Counter()
    lines = (line.rsplit(" ", 1) for line in answer.split("\r\n\r\n", 1)[1].splitlines() if line[:1] != "#")
    return collections.Counter({name: float(value) for name, value in lines})


def total(figures, name):
    """Of all labels together."""
    return sum(value for key, value in figures.items() if key == name or key.startswith(name + "{"))
