"""Floods, and the live dialogues that they come around.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import random
import struct

from made_wire import ACK, START_US, STEP_US, SYN, Dialogue, address, segment

BODY_SEGMENTS = 500
FLOOD_US = 20_000_000
SERVER = "198.51.100.25"


def body(dialogue, trouble):
    """Segments of 1,000 bytes, every third answered; the trouble comes every 50."""
    text = ("x" * 98 + "\n") * 10
    packets = []
    for i in range(BODY_SEGMENTS):
        lost = i % 50 == 20 and trouble in ("network", "mirror")
        here = dialogue.next["C"]
        made = dialogue.say("C", text)
        if not lost:
            packets += made
        elif trouble == "network":  # four more segments go on their way before it is sent again
            for _ in range(4):
                packets += dialogue.say("C", text) + dialogue.send("S", ACK, acknowledgement=here)
            packets.append((dialogue.now_us, made[0][1]))
            dialogue.now_us += STEP_US
        if i % 3 == 2:
            packets += dialogue.send("S", ACK)
    return packets


def live(number):
    trouble = ("none", "idle", "network", "mirror")[number % 4]
    start_us = START_US + number * 1_000 + (number // 4 % 2) * 5_000_000
    name = f"live{number}"
    dialogue = Dialogue("192.0.2.1", 20000 + number, SERVER, start_us, (number * 70_000_000, number * 50_000_000))
    packets = dialogue.begin(name) + dialogue.header(name)
    if trouble == "idle":
        dialogue.now_us += 12_000_000
    else:
        packets += body(dialogue, trouble)
    return packets + dialogue.end_of_body() + dialogue.quit()


def flood(count):
    """`count` packets in FLOOD_US, as (time, datagram)."""
    made = random.Random(1)
    server = address(SERVER)
    step_us = FLOOD_US / count
    sent = 0

    def at():
        return START_US + int(sent * step_us)

    while sent < count:
        bits = made.getrandbits(64)
        source = struct.pack(">I", 0x01000000 | bits & 0x7fffffff)  # 1.0.0.0 and up, not 192/8
        port = 1024 + (bits >> 32) % 60000
        kind = (bits >> 56) % 8  # five SYNs in eight connections are half of the packets
        yield at(), segment(source, port, server, 25, 0, 0, SYN)
        sent += 1
        if kind == 5:
            yield at(), segment(server, 25, source, port, 0, 1, SYN | ACK)
            sent += 1
        elif kind == 6:
            yield at(), segment(server, 25, source, port, 0, 1, SYN | ACK)
            yield at(), segment(source, port, server, 25, 1, 1, ACK, b"x")
            sent += 2
        elif kind == 7:
            yield at(), segment(source, port, server, 25, 5_000, 1, ACK, b"x")
            yield at(), segment(source, port, server, 25, 10_000, 1, ACK, b"x" * 300)
            sent += 2


def dialogues_begun(count, source_of):
    """`count` packets in FLOOD_US: dialogues up to the reply to EHLO; source_of gives the client of the n-th."""
    step_us = FLOOD_US / count
    for n in range(count // 5):
        talk = Dialogue(source_of(n), 1024 + n % 60000, SERVER if n < 60000 else "198.51.100.26", 0)
        packets = (talk.send("C", SYN) + talk.send("S", SYN | ACK) + talk.say("S", "220 mx.example.net ESMTP\n")
                   + talk.say("C", "EHLO flood.example\n") + talk.say("S", "250 mx.example.net\n"))
        for k, (_, datagram) in enumerate(packets):
            yield START_US + int((5 * n + k) * step_us), datagram


# Who begins the dialogues of a flood.
FLOODS = {
    "outside": lambda n: f"203.{n >> 16}.{n >> 8 & 255}.{n & 255}",
    "one customer": lambda n: "10.0.0.1",
    "twenty customers": lambda n: f"10.0.0.{n % 20}",
}
