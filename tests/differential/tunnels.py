#!/usr/bin/python3
"""One small SMTP dialogue, wrapped in every encapsulation that frame_tunnel.c knows and in stacks of them.

    tunnels.py MAILSPAN [--keep FOLDER]

The captures are put together here, from the RFCs and apart from our decoder.  tshark must find the dialogue's commands in
each, or the capture itself is wrong; `mailspan replay` must tell the same message of each as of the plain one.

Exit: 0 all agree, 1 not, or tshark is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

CLIENT, SERVER = "192.0.2.7", "198.51.100.25"
DIALOGUE = [("S", b"220 mx.example.net ESMTP\r\n"), ("C", b"EHLO client.example.org\r\n"),
            ("S", b"250-mx.example.net\r\n250 PIPELINING\r\n"), ("C", b"MAIL FROM:<a@example.org>\r\n"),
            ("S", b"250 2.1.0 Ok\r\n"), ("C", b"RCPT TO:<b@example.net>\r\n"), ("S", b"250 2.1.5 Ok\r\n"),
            ("C", b"DATA\r\n"), ("S", b"354 go on\r\n"),
            ("C", b"From: a@example.org\r\nTo: b@example.net\r\nSubject: in a tunnel\r\n\r\n" + b"Hello, there.\r\n" * 40
             + b".\r\n"),
            ("S", b"250 2.0.0 queued as 1\r\n"), ("C", b"QUIT\r\n"), ("S", b"221 2.0.0 Bye\r\n")]
COMMANDS = ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
MACS = bytes.fromhex("020000000001020000000002")


def checksum(data):
    total = sum(struct.unpack(">%dH" % ((len(data) + 1) // 2), data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def v4_address(text):
    return bytes(int(part) for part in text.split("."))


class Wire:
    """Numbers that go up from datagram to datagram."""
    number = 0

    @classmethod
    def next(cls):
        cls.number = cls.number % 0xffff + 1
        return cls.number


def ipv4_piece(protocol, payload, source, target, number, offset, more):
    flags = (0x2000 if more else 0) | offset // 8
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, flags, 64, protocol, 0, v4_address(source),
                       v4_address(target))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv4(protocol, payload, source="203.0.113.1", target="203.0.113.2"):
    return ipv4_piece(protocol, payload, source, target, Wire.next(), 0, False)


def ipv6(protocol, payload):
    ends = bytes.fromhex("20010db8" + "00" * 11 + "01" + "20010db8" + "00" * 11 + "02")
    return struct.pack(">IHBB", 0x60000000, len(payload), protocol, 64) + ends + payload


def tcp(source, target, ports, sequence, acknowledgement, flags, payload):
    head = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledgement, 0x50, flags, 64000, 0, 0)
    pseudo = v4_address(source) + v4_address(target) + struct.pack(">HH", 6, len(head) + len(payload))
    return head[:16] + struct.pack(">H", checksum(pseudo + head + payload)) + head[18:] + payload


def segments():
    """(client's or server's addresses, TCP segment) of the whole connection, with handshake and end."""
    sides = {"C": (CLIENT, SERVER, (40000, 25)), "S": (SERVER, CLIENT, (25, 40000))}
    at = {"C": 1000, "S": 5000}

    def one(side, flags, payload=b""):
        other = "S" if side == "C" else "C"
        source, target, ports = sides[side]
        acknowledged = at[other] if flags & 0x10 else 0
        segment = tcp(source, target, ports, at[side], acknowledged, flags, payload)
        at[side] += len(payload) + (1 if flags & 3 else 0)
        return source, target, segment

    yield one("C", 0x02)
    yield one("S", 0x12)
    yield one("C", 0x10)
    for side, text in DIALOGUE:
        yield one(side, 0x18, text)
    yield one("S", 0x11)
    yield one("C", 0x11)
    yield one("S", 0x10)


# --- wrappings: bytes to bytes; e_ takes and gives what stands behind an Ethernet header, with its EtherType ----------------

def ethernet(kind, payload):
    return MACS + struct.pack(">H", kind) + payload


def vlan(number, kind, payload, tag=0x8100):
    return tag, struct.pack(">HH", number, kind) + payload


def labels(numbers, payload):
    last = len(numbers) - 1
    return 0x8847, b"".join(struct.pack(">I", n << 12 | (0x100 if i == last else 0) | 64)
                            for i, n in enumerate(numbers)) + payload


def pppoe(protocol, payload):
    return 0x8864, struct.pack(">BBHH", 0x11, 0, 7, len(protocol) + len(payload)) + protocol + payload


def gre(kind, payload, key=None, sequence=None, summed=False):
    flags = (0x8000 if summed else 0) | (0x2000 if key is not None else 0) | (0x1000 if sequence is not None else 0)
    tail = b"" if key is None else struct.pack(">I", key)
    tail += b"" if sequence is None else struct.pack(">I", sequence)
    head = struct.pack(">HH", flags, kind)
    if summed:
        head += struct.pack(">HH", checksum(head + bytes(4) + tail + payload), 0)
    return head + tail + payload


def udp(port, payload):
    return struct.pack(">HHHH", 49152, port, 8 + len(payload), 0) + payload


def vxlan(frame):
    return bytes.fromhex("0800000000010000") + frame


def geneve(kind, payload, options=b""):
    return struct.pack(">BBHI", len(options) // 4, 0, kind, 0x10000) + options + payload


def erspan_2(frame):
    return gre(0x88be, struct.pack(">HHI", 0x1064, 1, 2) + frame, sequence=Wire.next())


def erspan_3(frame, subheader=b""):
    head = struct.pack(">HHIHH", 0x2064, 1, 0x12345678, 0, 1 if subheader else 0)
    return gre(0x22eb, head + subheader + frame, sequence=Wire.next())


def in_v4(protocol, payload):
    return [ethernet(0x0800, ipv4(protocol, payload))]


def in_v6(protocol, payload):
    return [ethernet(0x86dd, ipv6(protocol, payload))]


def pieces_v4(protocol, payload, source, target, size=64, backwards=False):
    number = Wire.next()
    made = [ipv4_piece(protocol, payload[at:at + size], source, target, number, at, at + size < len(payload))
            for at in range(0, len(payload), size)]
    return made[::-1] if backwards else made


def pieces_v6(protocol, payload, size=64):
    number = Wire.next()
    return [ipv6(44, struct.pack(">BBHI", protocol, 0, at | (at + size < len(payload)), number) + payload[at:at + size])
            for at in range(0, len(payload), size)]


def plain(ip):
    return ethernet(0x0800, ip)


PLATFORM = bytes.fromhex("0800000000000001")
OPTION = bytes.fromhex("0102800101020304")

# name -> the frames of one IPv4 datagram with the dialogue's segment
WRAPPINGS = {
    "plain": lambda ip: [plain(ip)],
    "qinq": lambda ip: [ethernet(*vlan(10, *vlan(20, 0x0800, ip), tag=0x88a8))],
    "mpls": lambda ip: [ethernet(*labels([100], ip))],
    "mpls-3": lambda ip: [ethernet(*labels([100, 200, 300], ip))],
    "pseudowire": lambda ip: [ethernet(*labels([100, 77], bytes(4) + plain(ip)))],
    "pppoe": lambda ip: [ethernet(*pppoe(b"\0\x21", ip))],
    "pppoe-short": lambda ip: [ethernet(*pppoe(b"\x21", ip))],
    "gre": lambda ip: in_v4(47, gre(0x0800, ip)),
    "gre-all": lambda ip: in_v4(47, gre(0x0800, ip, key=5, sequence=Wire.next(), summed=True)),
    "gre-v6": lambda ip: in_v6(47, gre(0x0800, ip)),
    "gretap": lambda ip: in_v4(47, gre(0x6558, plain(ip), key=5)),
    "erspan-1": lambda ip: in_v4(47, gre(0x88be, plain(ip))),
    "erspan-2": lambda ip: in_v4(47, erspan_2(plain(ip))),
    "erspan-2-vlan": lambda ip: in_v4(47, erspan_2(ethernet(*vlan(30, 0x0800, ip)))),
    "erspan-3": lambda ip: in_v4(47, erspan_3(plain(ip))),
    "erspan-3-platform": lambda ip: in_v4(47, erspan_3(plain(ip), PLATFORM)),
    "vxlan": lambda ip: in_v4(17, udp(4789, vxlan(plain(ip)))),
    "vxlan-old": lambda ip: in_v4(17, udp(8472, vxlan(plain(ip)))),
    "vxlan-v6": lambda ip: in_v6(17, udp(4789, vxlan(plain(ip)))),
    "geneve": lambda ip: in_v4(17, udp(6081, geneve(0x6558, plain(ip)))),
    "geneve-option": lambda ip: in_v4(17, udp(6081, geneve(0x6558, plain(ip), OPTION))),
    "geneve-ip": lambda ip: in_v4(17, udp(6081, geneve(0x0800, ip))),
    "ipip": lambda ip: in_v4(4, ip),
    "ip-in-v6": lambda ip: in_v6(4, ip),
    "v6-in-v4": lambda ip: in_v4(41, ipv6(4, ip)),
    "v6-in-v6": lambda ip: in_v6(41, ipv6(4, ip)),
    "qinq-mpls": lambda ip: [ethernet(*vlan(10, *vlan(20, *labels([100, 200], ip)), tag=0x88a8))],
    "vlan-vxlan": lambda ip: [ethernet(*vlan(10, 0x0800, ipv4(17, udp(4789, vxlan(plain(ip))))))],
    "gre-v6-gretap": lambda ip: in_v6(47, gre(0x0800, ipv4(47, gre(0x6558, plain(ip))))),
    "doubled-tags": lambda ip: [ethernet(*vlan(10, 0x0800, ip)), ethernet(*vlan(20, 0x0800, ip))],
}


def fragment_wrappings(source, target, segment):
    """Those that cut the datagram itself, or the one around it."""
    inner = pieces_v4(6, segment, source, target)
    backwards = pieces_v4(6, segment, source, target, backwards=True)
    outer = udp(4789, vxlan(plain(ipv4(6, segment, source, target))))
    return {
        "fragments": [plain(ip) for ip in inner],
        "fragments-backwards": [plain(ip) for ip in backwards],
        "fragments-doubled": [plain(ip) for ip in inner for _ in (1, 2)],
        "fragments-backwards-vxlan": [frame for ip in backwards for frame in in_v4(17, udp(4789, vxlan(plain(ip))))],
        "fragmented-vxlan": [plain(ip) for ip in pieces_v4(17, outer, "203.0.113.1", "203.0.113.2", backwards=True)],
        "fragmented-ip-in-v6": [ethernet(0x86dd, ip) for ip in pieces_v6(4, ipv4(6, segment, source, target))],
    }


def write(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for when, frame in frames:
            out.write(struct.pack("<IIII", 1700000000 + when // 1000, when % 1000 * 1000, len(frame), len(frame)) + frame)


def captures():
    """name -> (milliseconds, frame); segments are 10 ms apart, whatever they travel in."""
    made = {}
    for index, (source, target, segment) in enumerate(segments()):
        when = index * 10
        for name, wrap in WRAPPINGS.items():
            made.setdefault(name, []).extend((when, frame) for frame in wrap(ipv4(6, segment, source, target)))
        for name, frames in fragment_wrappings(source, target, segment).items():
            made.setdefault(name, []).extend((when, frame) for frame in frames)
    return made


def commands_by_tshark(path):
    done = subprocess.run(["tshark", "-n", "-r", path, "-o", "ip.defragment:TRUE", "-o", "ipv6.defragment:TRUE", "-d",
                           "udp.port==8472,vxlan", "-d", "mpls.label==77,pwethcw", "-Y", "smtp.req.command", "-T", "fields", "-e", "smtp.req.command"],
                          capture_output=True, text=True, check=False)
    return done.stdout.split()


def told(mailspan, path):
    """The message's line, and the counters of what was lost, apart from those that say only how it travelled."""
    done = subprocess.run([mailspan, "replay", path], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    messages = [line for line in lines if line["type"] == "message"]
    summary = [line for line in lines if line["type"] == "summary"]
    losses = {name: count for name, count in (summary[0]["losses"] if summary else {}).items()
              if count and name not in ("fragments", "duplicate_bytes")}
    return messages, losses


def main():
    if len(sys.argv) < 2 or shutil.which("tshark") is None:
        sys.exit("usage: tunnels.py MAILSPAN [--keep FOLDER]; needs tshark")
    mailspan = sys.argv[1]
    folder = sys.argv[3] if sys.argv[2:3] == ["--keep"] else tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    failed, expected = 0, None
    for name, frames in captures().items():
        path = os.path.join(folder, name + ".pcap")
        write(path, frames)
        found = commands_by_tshark(path)
        messages, losses = told(mailspan, path)
        expected = expected or messages
        wrong = []
        if sorted(found) != sorted(COMMANDS):
            wrong.append("tshark sees " + " ".join(found))
        if len(messages) != 1 or messages != expected:
            wrong.append("another message: " + json.dumps(messages)[:600])
        if losses:
            wrong.append("lost: " + json.dumps(losses))
        print("%-26s %s" % (name, "; ".join(wrong) or "agrees"))
        failed += bool(wrong)
    if expected is None or len(expected) != 1 or expected[0].get("outcome") != "delivered":
        print("the plain one itself is no delivered message")
        failed += 1
    if sys.argv[2:3] != ["--keep"]:
        shutil.rmtree(folder)
    return 1 if failed else 0


sys.exit(main())
