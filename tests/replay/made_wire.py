"""Captures made by hand: SMTP dialogues and single segments over IPv4, into a pcap file of raw IP.

A Dialogue keeps count of its own sequence numbers and yields (time in us, datagram) for each segment; make_pcap writes
such pairs in order of time.  The same arguments give the same bytes.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import socket
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START_US = 1_700_000_000_000_000
STEP_US = 20_000  # between the segments of a dialogue


def address(text):
    return socket.inet_aton(text)


def segment(source, source_port, target, target_port, sequence, acknowledgement, flags, payload=b""):
    """An IPv4 datagram; addresses are four bytes.  Checksums are left zero, as with offload."""
    return struct.pack(">BBHHHBBH4s4sHHIIBBHHH", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0, source, target, source_port,
                       target_port, sequence & 0xffffffff, acknowledgement & 0xffffffff, 0x50, flags, 65535, 0,
                       0) + payload


def make_pcap(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        for time_us, datagram in packets:
            file.write(struct.pack("<IIII", time_us // 1_000_000, time_us % 1_000_000, len(datagram), len(datagram)))
            file.write(datagram)


class Dialogue:
    """One connection.  Each method returns the segments that it makes, with their times."""

    def __init__(self, client, client_port, server, start_us, isn=(1000, 5000)):
        self.ends = {"C": (address(client), client_port), "S": (address(server), 25)}
        self.next = {"C": isn[0], "S": isn[1]}
        self.now_us = start_us

    def send(self, side, flags, payload=b"", acknowledgement=None):
        other = "S" if side == "C" else "C"
        if acknowledgement is None:
            acknowledgement = self.next[other] if flags & ACK else 0
        made = self.now_us, segment(*self.ends[side], *self.ends[other], self.next[side], acknowledgement, flags, payload)
        self.next[side] += len(payload) + (1 if flags & (SYN | FIN) else 0)
        self.now_us += STEP_US
        return [made]

    def say(self, side, text):
        return self.send(side, ACK | PSH, text.replace("\n", "\r\n").encode())

    def handshake(self):
        return self.send("C", SYN) + self.send("S", SYN | ACK) + self.send("C", ACK)

    def begin(self, name):
        """Up to the reply 354."""
        return (self.handshake() + self.say("S", "220 mx.example.net ESMTP\n") + self.say("C", f"EHLO {name}.example\n")
                + self.say("S", "250-mx.example.net\n250 SIZE 1000000\n") + self.transaction(name))

    def transaction(self, name):
        return (self.say("C", f"MAIL FROM:<{name}@example.org>\n") + self.say("S", "250 2.1.0 Ok\n")
                + self.say("C", f"RCPT TO:<{name}@example.net>\n") + self.say("S", "250 2.1.5 Ok\n")
                + self.say("C", "DATA\n") + self.say("S", "354 go on\n"))

    def header(self, name):
        return self.say("C", f"From: {name}@example.org\nTo: {name}@example.net\nSubject: {name}\n"
                             f"Message-ID: <{name}@example.org>\nDate: Tue, 14 Nov 2023 22:13:20 +0000\n\n")

    def end_of_body(self):
        return self.say("C", ".\n") + self.say("S", "250 2.0.0 queued\n")

    def quit(self):
        return (self.say("C", "QUIT\n") + self.say("S", "221 2.0.0 Bye\n") + self.send("S", FIN | ACK)
                + self.send("C", FIN | ACK) + self.send("S", ACK))

    def message(self, name):
        return (self.begin(name) + self.header(name) + self.say("C", "Hello, there.\n" * 40) + self.end_of_body())
