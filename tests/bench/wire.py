"""Captures of SMTP dialogues as fast as Python writes them: raw IPv4, segments of 1,448 bytes, an acknowledgement for each
eighth; checksums are zero, as with offload.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import struct

FIN, SYN, PSH, ACK = 1, 2, 8, 16
START_US = 1_767_600_000_000_000
SEGMENT_BYTES, SEGMENTS_PER_ACK = 1448, 8
WRITE_BYTES = 1 << 20
DOT = re.compile(rb"(?:\A|(?<=\r\n))\.")  # not behind a bare LF


class Capture:
    """A pcap file. connection() begins a dialogue, and what is said goes to the newest one. Captures of several numbers have no
    source in common."""

    def __init__(self, path, number=0, segment_bytes=SEGMENT_BYTES):
        self.number = number
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        self.waiting, self.waiting_bytes = [], 0
        self.frames = self.bytes = self.payload = self.connections = 0
        self.segment_bytes = segment_bytes

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.write(b"".join(self.waiting))
        self.file.close()

    def connection(self, source):
        """source: a number, of 2^15; numbers of captures go to 511."""
        client, server = struct.pack(">I", 0x0a000000 + (self.number << 15) + source), bytes((198, 18, source >> 8 & 255, source & 255))
        port = 1024 + self.connections % 60000
        self.connections += 1
        self.ends = {"C": client + server + struct.pack(">HH", port, 25), "S": server + client + struct.pack(">HH", 25, port)}
        self.next = {"C": 1000, "S": 5000}
        self.segment("C", SYN)
        self.segment("S", SYN | ACK)
        self.segment("C", ACK)

    def segment(self, side, flags, payload=b""):
        length = 40 + len(payload)
        time_us = START_US + self.frames * 20
        acknowledged = self.next["S" if side == "C" else "C"] if flags & ACK else 0
        ends = self.ends[side]
        self.waiting += (struct.pack("<IIII", time_us // 1000000, time_us % 1000000, length, length),
                         struct.pack(">BBHHHBBH", 0x45, 0, length, 0, 0, 64, 6, 0), ends,
                         struct.pack(">IIBBHI", self.next[side] & 0xffffffff, acknowledged & 0xffffffff, 0x50, flags, 65535, 0),
                         payload)
        self.next[side] += len(payload) + (flags & (SYN | FIN) != 0)
        self.frames += 1
        self.bytes += length
        self.payload += len(payload)
        self.waiting_bytes += length
        if self.waiting_bytes > WRITE_BYTES:
            self.file.write(b"".join(self.waiting))
            self.waiting, self.waiting_bytes = [], 0

    def say(self, side, data):
        other = "S" if side == "C" else "C"
        for number, at in enumerate(range(0, len(data), self.segment_bytes), 1):
            self.segment(side, PSH | ACK, data[at:at + self.segment_bytes])
            if number % SEGMENTS_PER_ACK == 0:
                self.segment(other, ACK)

    def greeting(self):
        self.say("S", b"220 mx.receiver.example ESMTP\r\n")
        self.say("C", b"EHLO mail.customer.example\r\n")
        self.say("S", b"250-mx.receiver.example\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 8BITMIME\r\n")

    def envelope(self, number):
        self.say("C", b"MAIL FROM:<news@customer.example>\r\nRCPT TO:<reader%d@receiver.example>\r\nDATA\r\n" % number)
        self.say("S", b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n")

    def data(self, mail):
        """mail: whole lines that end in CR LF, before dots are stuffed."""
        self.say("C", DOT.sub(b"..", mail) + (b".\r\n" if mail.endswith(b"\r\n") else b"\r\n.\r\n"))
        self.say("S", b"250 2.0.0 Ok: queued\r\n")

    def end(self):
        self.say("C", b"QUIT\r\n")
        self.say("S", b"221 2.0.0 Bye\r\n")
        self.segment("S", FIN | ACK)
        self.segment("C", FIN | ACK)
        self.segment("S", ACK)

    def message(self, source, mail):
        """A connection with one mail."""
        self.connection(source)
        self.greeting()
        self.envelope(self.connections)
        self.data(mail)
        self.end()
