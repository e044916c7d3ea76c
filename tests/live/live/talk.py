"""Mail that a test speaks itself: dialogues that stay open as long as it wants, and frames made by hand when real
clients are too slow.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import functools
import socket
import threading

from . import site
from .bench import check
from .wire import ipv4, frame, tcp, within


def sender_of(source, port, number):
    return f"n{number}.{port}@{source}.example"


class Dialogue:
    """One connection from a customer's address to refuser.py, which takes no recipient."""

    def __init__(self, place, source):
        with within(place.names["customer"]):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.connect((site.SERVER4, 25))
        self.lines = self.socket.makefile("rb")
        self.source, self.port = self.socket.getsockname()
        self.sent = 0  # messages whose last reply has come
        self.reply(b"220")
        self.say("EHLO mail.club.example", b"250")

    def reply(self, code):
        line = self.lines.readline()
        check(line.startswith(code), f"{self.source}: the server said {line!r}, not {code!r}")

    def say(self, line, code):
        self.socket.sendall(line.encode() + b"\r\n")
        self.reply(code)

    def sender(self, number):
        return sender_of(self.source, self.port, number)

    def begin(self):
        self.say(f"MAIL FROM:<{self.sender(self.sent + 1)}>", b"250")

    def end(self):
        self.say("RCPT TO:<nobody@dest.example>", b"550")
        self.say("RSET", b"250")
        self.sent += 1

    def message(self):
        self.begin()
        self.end()

    def quit(self):
        self.say("QUIT", b"221")
        self.close()

    def close(self):
        self.lines.close()
        self.socket.close()


class Talkers:
    """Threads that talk from `with` to its end; `over` tells them when."""

    patience = None  # seconds, for the last words of each; without an end

    def __init__(self, talks):
        self.over = threading.Event()
        self.threads = [threading.Thread(target=talk, daemon=True) for talk in talks]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(self.patience)


class Traffic(Talkers):
    """Messages without a pause, over several connections, from `with` to the end."""

    def __init__(self, place, sources):
        self.dialogues = [Dialogue(place, source) for source in sources]
        super().__init__([functools.partial(self.talk, dialogue) for dialogue in self.dialogues])

    def talk(self, dialogue):
        while not self.over.is_set():
            dialogue.message()

    def sent(self):
        """How many messages were answered by now, of each connection."""
        return {(dialogue.source, dialogue.port): dialogue.sent for dialogue in self.dialogues}

    def __exit__(self, *raised):
        super().__exit__(*raised)
        for dialogue in self.dialogues:
            dialogue.close()


class Mirror:
    """Frames put on a mirror's cable, as the switch would."""

    def __init__(self, place, name="mirror0"):
        with within(place.names["edge"]):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind((name, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, frames):
        for one in frames:
            self.socket.send(one)


class MadeDialogue:
    """The frames of a connection in which each segment holds many refused messages."""

    def __init__(self, source, port):
        self.ends, self.ports = (source, site.SERVER4), (port, 25)
        self.sequence = [1000, 5000]  # the client's, the server's next byte

    def segment(self, side, flags, payload=b""):
        ends, ports = (self.ends, self.ports) if side == 0 else (self.ends[::-1], self.ports[::-1])
        data = bytearray(tcp(ports, payload, self.sequence[side]))
        data[8:12] = (self.sequence[1 - side] if flags & 0x10 else 0).to_bytes(4, "big")
        data[13] = flags
        self.sequence[side] += len(payload) + (flags & 0x03 != 0)
        return frame(ipv4(ends, 6, bytes(data)))

    def begin(self):
        return [self.segment(0, 0x02), self.segment(1, 0x12), self.segment(0, 0x10),
                self.segment(1, 0x18, b"220 mx.dest.example ESMTP\r\n"),
                self.segment(0, 0x18, b"EHLO mail.club.example\r\n"), self.segment(1, 0x18, b"250-mx.dest.example\r\n"
                                                                                      b"250 PIPELINING\r\n")]

    def messages(self, count):
        said = b"MAIL FROM:<a@club.example>\r\nRCPT TO:<nobody@dest.example>\r\nRSET\r\n" * count
        answered = b"250 2.1.0 Ok\r\n550 5.1.1 User unknown\r\n250 2.0.0 Ok\r\n" * count
        return [self.segment(0, 0x18, said), self.segment(1, 0x18, answered)]

    def end(self):
        return [self.segment(0, 0x11), self.segment(1, 0x11), self.segment(0, 0x10)]
