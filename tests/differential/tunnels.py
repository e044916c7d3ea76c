#!/usr/bin/python3
"""One small SMTP dialogue over IPv4 and over IPv6, in every encapsulation that Mailspan reads, and cut short.

    tunnels.py MAILSPAN [--keep FOLDER]          the test
    tunnels.py --wrap IN.pcap OUT.pcap NAME...   a capture anew, its connections in these wrappings by turns

The frames are put together here, from the RFCs and apart from our decoder.  Each wrapping has a connection of its own,
known by its client's port, so that one run of each program sees them all:

  tshark    finds the dialogue's commands in each, or the capture itself is wrong (the file is pcapng: it may hold every
            link type at once)
  wrapped   `mailspan replay` tells the same message of each as of the plain one, and loses nothing
  filtered  the capture filter of docs/decapsulation.md keeps them all, and so does that of live captures
  quoted    of the connections that only ICMP errors quote it tells nothing
  doubled   real captures of pcaps/ with each frame a second time, inside ERSPAN: the same dialogues and messages
  snapped   the dialogue with every snap length from an Ethernet header to its longest frame: no message that says what
            was not so, gapped while anything is missing, and the whole one at the end
  checked   with checksums verified the same again, and the same when a damaged copy stands before each segment, which
            without makes another message

Exit: 0 all agree, 1 not, or tshark or tcpdump is not there.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ADDRESSES = {4: (bytes([192, 0, 2, 7]), bytes([198, 51, 100, 25])),
             6: (bytes.fromhex("20010db8000700000000000000000007"), bytes.fromhex("20010db8002500000000000000000025"))}
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


class Wire:
    """Numbers that go up from datagram to datagram."""
    number = 0

    @classmethod
    def next(cls):
        cls.number = cls.number % 0xffff + 1
        return cls.number


def ipv4(protocol, payload, ends=(bytes([203, 0, 113, 1]), bytes([203, 0, 113, 2])), number=None, fragment=0, options=b""):
    head = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), number or Wire.next(),
                       fragment, 64, protocol, 0) + ends[0] + ends[1] + options
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


OUTER_6 = (bytes.fromhex("20010db8" + "00" * 11 + "01"), bytes.fromhex("20010db8" + "00" * 11 + "02"))


def ipv6(protocol, payload, ends=OUTER_6):
    return struct.pack(">IHBB", 0x60000000, len(payload), protocol, 64) + ends[0] + ends[1] + payload


def tcp(ends, ports, sequence, acknowledgement, flags, payload):
    head = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledgement, 0x50, flags, 64000, 0, 0)
    pseudo = ends[0] + ends[1] + struct.pack(">II", len(head) + len(payload), 6)
    return head[:16] + struct.pack(">H", checksum(pseudo + head + payload)) + head[18:] + payload


def datagrams(version, port):
    """The IP datagrams of the whole connection, with handshake and end."""
    ends = {"C": ADDRESSES[version], "S": ADDRESSES[version][::-1]}
    ports = {"C": (port, 25), "S": (25, port)}
    at = {"C": 1000, "S": 5000}

    def one(side, flags, payload=b""):
        acknowledged = at["S" if side == "C" else "C"] if flags & 0x10 else 0
        segment = tcp(ends[side], ports[side], at[side], acknowledged, flags, payload)
        at[side] += len(payload) + (1 if flags & 3 else 0)
        return (ipv4 if version == 4 else ipv6)(6, segment, ends[side])

    yield one("C", 0x02)
    yield one("S", 0x12)
    yield one("C", 0x10)
    for side, text in DIALOGUE:
        yield one(side, 0x18, text)
    yield one("S", 0x11)
    yield one("C", 0x11)
    yield one("S", 0x10)


# --- wrappings: bytes to bytes.  Those that stand behind an Ethernet header come with their EtherType --------------------

def ethernet(kind, payload):
    return MACS + struct.pack(">H", kind) + payload


def vlan(number, kind, payload, tag=0x8100):
    return tag, struct.pack(">HH", number, kind) + payload


def labels(numbers, payload):
    last = len(numbers) - 1
    return 0x8847, b"".join(struct.pack(">I", n << 12 | (0x100 if i == last else 0) | 64)
                            for i, n in enumerate(numbers)) + payload


def kind_of(ip):
    return 0x0800 if ip[0] >> 4 == 4 else 0x86dd


def protocol_of(ip):
    return 4 if ip[0] >> 4 == 4 else 41


def plain(ip):
    return ethernet(kind_of(ip), ip)


def tagged(number, ip, tag=0x8100):
    return ethernet(*vlan(number, kind_of(ip), ip, tag))


def pppoe(ip, bytes_of_protocol=2):
    protocol = b"\0\x21" if ip[0] >> 4 == 4 else b"\0\x57"
    return 0x8864, struct.pack(">BBHH", 0x11, 0, 7, bytes_of_protocol + len(ip)) + protocol[-bytes_of_protocol:] + ip


def gre(kind, payload, key=None, sequence=None, summed=False):
    flags = (0x8000 if summed else 0) | (0x2000 if key is not None else 0) | (0x1000 if sequence is not None else 0)
    tail = b"" if key is None else struct.pack(">I", key)
    tail += b"" if sequence is None else struct.pack(">I", sequence)
    head = struct.pack(">HH", flags, kind)
    if summed:
        head += struct.pack(">HH", checksum(head + bytes(4) + tail + payload), 0)
    return head + tail + payload


def gre_ip(ip, **options):
    return gre(kind_of(ip), ip, **options)


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
    return [plain(ipv4(protocol, payload))]


def in_v6(protocol, payload):
    return [plain(ipv6(protocol, payload))]


def cut(ip, size=64, backwards=False):
    """The fragments of a datagram: RFC 791 3.2, or RFC 8200 4.5 with a header of its own in each."""
    v4 = ip[0] >> 4 == 4
    head = (ip[0] & 15) * 4 if v4 else 40
    payload, number, made = ip[head:], Wire.next(), []
    for at in range(0, len(payload), size):
        piece, more = payload[at:at + size], at + size < len(payload)
        if v4:
            made.append(ipv4(ip[9], piece, (ip[12:16], ip[16:20]), number, (0x2000 if more else 0) | at // 8))
        else:
            extra = struct.pack(">BBHI", ip[6], 0, at | more, number)
            made.append(ipv6(44, extra + piece, (ip[8:24], ip[24:40])))
    return made[::-1] if backwards else made


def with_options(ip):
    """Record route and a no-operation; or hop-by-hop, destination, routing with nothing left, fragment, and AH."""
    if ip[0] >> 4 == 4:
        return ipv4(ip[9], ip[20:], (ip[12:16], ip[16:20]), options=bytes.fromhex("07070400000000" + "01"))
    chain = bytes.fromhex("3c00010400000000" "2b00010400000000" "2c00030000000000" "33000000" "00000007"
                          "06010000" "0000000100000002")
    return ipv6(0, chain + ip[40:], (ip[8:24], ip[24:40]))


def without_length(ip):
    """As segmentation offload leaves it on the sending machine."""
    at = 2 if ip[0] >> 4 == 4 else 4
    bare = ip[:at] + bytes(2) + ip[at + 2:]
    return bare if at == 4 else bare[:10] + struct.pack(">H", checksum(bare[:10] + bytes(2) + bare[12:20])) + bare[12:]


def errors(ip):
    """A router complains about the datagram, twice, and quotes it."""
    if ip[0] >> 4 == 4:
        quotes = [bytes([kind, 0]) + bytes(6) + ip for kind in (3, 11)]
        return [plain(ipv4(1, q[:2] + struct.pack(">H", checksum(q)) + q[4:])) for q in quotes]
    quotes = [bytes([kind, 0]) + bytes(6) + ip for kind in (1, 3)]
    pseudo = [OUTER_6[0] + OUTER_6[1] + struct.pack(">II", len(q), 58) + q for q in quotes]
    return [plain(ipv6(58, q[:2] + struct.pack(">H", checksum(p)) + q[4:])) for p, q in zip(pseudo, quotes)]


PLATFORM = bytes.fromhex("0800000000000001")
OPTION = bytes.fromhex("0102800101020304")

# name -> the Ethernet frames of one datagram
WRAPPINGS = {
    "plain": lambda ip: [plain(ip)],
    "options": lambda ip: [plain(with_options(ip))],
    "offload-length-0": lambda ip: [plain(without_length(ip))],
    "vlan": lambda ip: [tagged(10, ip)],
    "priority-tag": lambda ip: [tagged(0xe000, ip)],
    "qinq": lambda ip: [ethernet(*vlan(10, *vlan(20, kind_of(ip), ip), tag=0x88a8))],
    "qinq-old": lambda ip: [ethernet(*vlan(10, *vlan(20, kind_of(ip), ip), tag=0x9100))],
    "three-tags": lambda ip: [ethernet(*vlan(10, *vlan(20, *vlan(30, kind_of(ip), ip)), tag=0x88a8))],
    "backbone": lambda ip: [ethernet(*vlan(10, 0x88e7, bytes.fromhex("00001234") + plain(ip), tag=0x88a8))],
    "vn-tag": lambda ip: [ethernet(0x8926, bytes.fromhex("80010002") + struct.pack(">H", kind_of(ip)) + ip)],
    "snap": lambda ip: [ethernet(8 + len(ip), bytes.fromhex("aaaa03000000") + struct.pack(">H", kind_of(ip)) + ip)],
    "mpls": lambda ip: [ethernet(*labels([100], ip))],
    "mpls-3": lambda ip: [ethernet(*labels([100, 200, 300], ip))],
    "pseudowire": lambda ip: [ethernet(*labels([100, 77], bytes(4) + plain(ip)))],
    "pseudowire-bare": lambda ip: [ethernet(*labels([100, 78], plain(ip)))],
    "pppoe": lambda ip: [ethernet(*pppoe(ip))],
    "pppoe-short": lambda ip: [ethernet(*pppoe(ip, 1))],
    "gre": lambda ip: in_v4(47, gre_ip(ip)),
    "gre-all": lambda ip: in_v4(47, gre_ip(ip, key=5, sequence=Wire.next(), summed=True)),
    "gre-v6": lambda ip: in_v6(47, gre_ip(ip)),
    "gretap": lambda ip: in_v4(47, gre(0x6558, plain(ip), key=5)),
    "erspan-1": lambda ip: in_v4(47, gre(0x88be, plain(ip))),
    "erspan-2": lambda ip: in_v4(47, erspan_2(plain(ip))),
    "erspan-2-vlan": lambda ip: in_v4(47, erspan_2(tagged(30, ip))),
    "erspan-3": lambda ip: in_v4(47, erspan_3(plain(ip))),
    "erspan-3-platform": lambda ip: in_v4(47, erspan_3(plain(ip), PLATFORM)),
    "vxlan": lambda ip: in_v4(17, udp(4789, vxlan(plain(ip)))),
    "vxlan-old": lambda ip: in_v4(17, udp(8472, vxlan(plain(ip)))),
    "vxlan-v6": lambda ip: in_v6(17, udp(4789, vxlan(plain(ip)))),
    "vxlan-gpe": lambda ip: in_v4(17, udp(4790, bytes([12, 0, 0, 1 if ip[0] >> 4 == 4 else 2, 0, 1, 0, 0]) + ip)),
    "vxlan-gpe-ethernet": lambda ip: in_v4(17, udp(4790, bytes([12, 0, 0, 3, 0, 1, 0, 0]) + plain(ip))),
    "geneve": lambda ip: in_v4(17, udp(6081, geneve(0x6558, plain(ip)))),
    "geneve-option": lambda ip: in_v4(17, udp(6081, geneve(0x6558, plain(ip), OPTION))),
    "geneve-ip": lambda ip: in_v4(17, udp(6081, geneve(kind_of(ip), ip))),
    "tzsp": lambda ip: in_v4(17, udp(37008, bytes.fromhex("0100000101") + plain(ip))),
    "tzsp-fields": lambda ip: in_v4(17, udp(37008, bytes.fromhex("01000001" "00" "0a01c8" "01") + plain(ip))),
    "etherip": lambda ip: in_v4(97, b"\x30\0" + plain(ip)),
    "in-v4": lambda ip: in_v4(protocol_of(ip), ip),
    "in-v6": lambda ip: in_v6(protocol_of(ip), ip),
    "in-v6-in-v4": lambda ip: in_v4(41, ipv6(protocol_of(ip), ip)),
    "in-v6-in-v6": lambda ip: in_v6(41, ipv6(protocol_of(ip), ip)),
    "qinq-mpls": lambda ip: [ethernet(*vlan(10, *vlan(20, *labels([100, 200], ip)), tag=0x88a8))],
    "qinq-pppoe": lambda ip: [ethernet(*vlan(10, *vlan(20, *pppoe(ip)), tag=0x88a8))],
    "vlan-vxlan": lambda ip: [tagged(10, ipv4(17, udp(4789, vxlan(plain(ip)))))],
    "gre-v6-gretap": lambda ip: in_v6(47, gre(0x0800, ipv4(47, gre(0x6558, plain(ip))))),
    "frame-check-sequence": lambda ip: [plain(ip) + b"\x1a\x2b\x3c\x4d"],
    "time-stamp": lambda ip: [plain(ip) + bytes(range(14))],
    "doubled": lambda ip: [plain(ip)] * 2,
    "doubled-tags": lambda ip: [tagged(10, ip), tagged(20, ip)],
    "doubled-gre": lambda ip: [plain(ip)] + in_v4(47, gre_ip(ip)),
    "doubled-erspan": lambda ip: [tagged(10, ip)] + in_v4(47, erspan_2(tagged(20, ip))),
    "doubled-vxlan": lambda ip: in_v4(17, udp(4789, vxlan(plain(ip)))) + [plain(ip)],
    "fragments": lambda ip: [plain(piece) for piece in cut(ip)],
    "fragments-of-8": lambda ip: [plain(piece) for piece in cut(ip, 8)],
    "fragments-backwards": lambda ip: [plain(piece) for piece in cut(ip, backwards=True)],
    "fragments-doubled": lambda ip: [plain(piece) for piece in cut(ip) for _ in (1, 2)],
    "fragments-doubled-tags": lambda ip: [tagged(n, piece) for piece in cut(ip) for n in (10, 20)],
    "fragments-doubled-erspan": lambda ip: [frame for piece in cut(ip)
                                            for frame in [plain(piece)] + in_v4(47, erspan_2(tagged(20, piece)))],
    "fragments-twice": lambda ip: [plain(piece) for piece in cut(ip)] * 2,
    "fragments-of-options": lambda ip: [plain(piece) for piece in cut(ipv6(60, bytes.fromhex("0600010400000000") + ip[40:],
                                        (ip[8:24], ip[24:40])) if ip[0] >> 4 == 6 else ip)],
    "fragments-backwards-vxlan": lambda ip: [frame for piece in cut(ip, backwards=True)
                                             for frame in in_v4(17, udp(4789, vxlan(plain(piece))))],
    "fragmented-vxlan": lambda ip: [plain(piece) for piece in
                                    cut(ipv4(17, udp(4789, vxlan(plain(ip)))), backwards=True)],
    "fragmented-vxlan-v6": lambda ip: [plain(piece) for piece in cut(ipv6(17, udp(4789, vxlan(plain(ip)))))],
    "fragmented-erspan": lambda ip: [plain(piece) for piece in cut(ipv4(47, erspan_2(plain(ip))))],
    "fragmented-in-v6": lambda ip: [plain(piece) for piece in cut(ipv6(protocol_of(ip), ip))],
    "fragments-in-fragments": lambda ip: [plain(outer) for inner in cut(ip) for outer in cut(ipv4(protocol_of(ip), inner),
                                                                                           48)],
}

# (name, link type, what stands before the datagram); the cooked formats end with the EtherType, or begin with it
LINKS = [("null", 0, lambda ip: struct.pack("<I", 2 if ip[0] >> 4 == 4 else 30)),
         ("null-big-endian", 0, lambda ip: struct.pack(">I", 2 if ip[0] >> 4 == 4 else 24)),
         ("loop", 108, lambda ip: struct.pack(">I", 2 if ip[0] >> 4 == 4 else 28)),
         ("raw", 101, lambda ip: b""),
         ("ipv4", 228, lambda ip: b""),
         ("ipv6", 229, lambda ip: b""),
         ("cooked", 113, lambda ip: bytes.fromhex("0000000100060200000000010000") + struct.pack(">H", kind_of(ip))),
         ("cooked-2", 276, lambda ip: struct.pack(">H", kind_of(ip)) + bytes.fromhex("000000000002000100060200000000010000"))]


class Capture:
    """Frames by link type: one pcap for each, since libpcap reads no other way, and one pcapng of all."""

    def __init__(self):
        self.frames = collections.defaultdict(list)

    def add(self, when, frame, link=1, captured=None):
        self.frames[link].append((when, frame, len(frame) if captured is None else min(captured, len(frame))))

    def write(self, folder, name):
        paths = []
        for link, frames in self.frames.items():
            paths.append(os.path.join(folder, "%s-%d.pcap" % (name, link)))
            with open(paths[-1], "wb") as out:
                out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
                for when, frame, captured in sorted(frames, key=lambda entry: entry[0]):
                    out.write(struct.pack("<IIII", 1700000000 + when // 1000, when % 1000 * 1000, captured, len(frame)))
                    out.write(frame[:captured])
        return paths

    def write_pcapng(self, path):
        def block(kind, body):
            body += bytes(-len(body) % 4)
            return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))

        with open(path, "wb") as out:
            out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
            for link in self.frames:
                out.write(block(1, struct.pack("<HHI", link, 0, 262144)))
            every = [(when, n, frame) for n, frames in enumerate(self.frames.values()) for when, frame, _ in frames]
            for when, n, frame in sorted(every, key=lambda entry: entry[0]):
                time = (1700000000 * 1000 + when) * 1000
                out.write(block(6, struct.pack("<IIIII", n, time >> 32, time & 0xffffffff, len(frame), len(frame)) + frame))


FIRST_PORT, QUOTED_PORT = 40001, 39999
NOT_FOR_TSHARK = ("offload-length-0 6",)  # it takes IPv6's length 0 for a jumbogram without its option


def cases():
    """(port, name, IP version, link type, wrapping) of every connection."""
    port = FIRST_PORT
    for version in (4, 6):
        for name, wrap in WRAPPINGS.items():
            yield port, "%s %d" % (name, version), version, 1, wrap
            port += 1
        for name, link, head in LINKS:
            if name not in ("ipv4", "ipv6") or name == "ipv%d" % version:
                yield port, "%s %d" % (name, version), version, link, lambda ip, head=head: [head(ip) + ip]
                port += 1


def wrapped():
    """Segments are 10 ms apart, whatever they travel in."""
    capture = Capture()
    for port, _, version, link, wrap in cases():
        for index, ip in enumerate(datagrams(version, port)):
            for frame in wrap(ip):
                capture.add(index * 10, frame, link)
    for version in (4, 6):
        for index, ip in enumerate(datagrams(version, QUOTED_PORT)):
            for frame in errors(ip):
                capture.add(index * 10, frame)
    return capture


# --- what is said of them -------------------------------------------------------------------------------------------------

def commands_by_tshark(path):
    """By the client's port."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-o", "ip.defragment:TRUE", "-o", "ipv6.defragment:TRUE",
                           "-d", "udp.port==8472,vxlan", "-d", "mpls.label==77,pwethcw", "-d", "mpls.label==78,pwethnocw",
                           "-Y", "smtp.req.command && !icmp && !icmpv6", "-T", "fields", "-E", "occurrence=l",
                           "-e", "tcp.srcport", "-e", "smtp.req.command"], capture_output=True, text=True, check=False)
    found = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        port, command = line.split("\t")
        found[int(port)].append(command)
    return found


class Replay:
    """What the program says: its lines, messages by the client's port, and what was lost, apart from counters that say
    only how it travelled."""

    def __init__(self, mailspan, paths, folder, more="{}"):
        config = os.path.join(folder, "config.yaml")
        rules = ROOT / "tests" / "replay" / "small_rules"
        with open(config, "w", encoding="utf-8") as out:
            out.write("privacy: {addresses: full, subjects: full}\ncapture: %s\n" % more)
            out.write('rules: {content: "%s/content.yaml", bounces: "%s/bounces.yaml"}\n' % (rules, rules))
        done = subprocess.run([mailspan, "replay", "--config", config, "--format", "jsonl", *paths], capture_output=True,
                              text=True, check=False)
        self.failed = done.returncode != 0 or done.stderr
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.messages = collections.defaultdict(list)
        for line in self.lines:
            if line["type"] == "message":
                self.messages[line["client"]["port"]].append(line)
        summary = self.lines[-1] if self.lines else {"losses": {}}
        self.losses = {name: count for name, count in summary["losses"].items() if count}


def told(messages):
    """Without what tells the connections from each other."""
    return [{key: value for key, value in line.items() if key not in ("client", "server")} for line in messages]


def check_wrapped(mailspan, folder):
    capture = wrapped()
    together = os.path.join(folder, "wrapped.pcapng")
    capture.write_pcapng(together)
    found = commands_by_tshark(together)
    replay = Replay(mailspan, capture.write(folder, "wrapped"), folder)
    expected = told(replay.messages[FIRST_PORT])
    if len(expected) != 1 or expected[0]["outcome"] != "delivered" or expected[0]["visibility"] != "clear":
        yield "the plain one itself is no delivered message: " + json.dumps(expected)
    for port, name, *_ in cases():
        if sorted(found[port]) != sorted(COMMANDS) and name not in NOT_FOR_TSHARK:
            yield "%s: tshark sees %s" % (name, " ".join(found[port]) or "nothing")
        if told(replay.messages[port]) != expected:
            yield "%s: another message: %s" % (name, json.dumps(replay.messages[port])[:600])
    if QUOTED_PORT in replay.messages or len(replay.messages) != len(list(cases())):
        yield "messages of connections that are not there"
    if replay.losses or replay.failed:
        yield "wrapped: lost " + json.dumps(replay.losses)


def expressions(mailspan):
    """That of docs/decapsulation.md, with the wrappings that it does not name, and the program's own."""
    text = (ROOT / "docs" / "decapsulation.md").read_text(encoding="utf-8")
    yield " ".join(text[text.index("-w hour.pcap '") + 14:].split("'")[0].split()), ("snap", "vn-tag")
    yield subprocess.run([mailspan, "check", "--filter"], capture_output=True, text=True, check=True).stdout.strip(), ()


def check_filter(mailspan, folder):
    """Both lose no connection."""
    kept, capture = os.path.join(folder, "kept.pcap"), wrapped()
    path = next(path for path in capture.write(folder, "wrapped") if path.endswith("-1.pcap"))
    for expression, left_out in expressions(mailspan):
        done = subprocess.run(["tcpdump", "-Z", "root", "-r", path, "-w", kept, expression], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            yield "filter: tcpdump says " + done.stderr
            return
        replay = Replay(mailspan, [kept], folder)
        expected = told(replay.messages[FIRST_PORT])
        for port, name, _, link, _ in cases():
            named = name[:-2] not in left_out
            if link == 1 and named and (told(replay.messages[port]) != expected or len(expected) != 1):
                yield "%s, filtered by %.20s...: another message" % (name, expression)


# --- doubled, with the second copy in a tunnel ----------------------------------------------------------------------------

def frames_of(path):
    """(header, frame) of a pcap on Ethernet."""
    data = pathlib.Path(path).read_bytes()
    assert struct.unpack_from("<I", data)[0] in (0xa1b2c3d4, 0xa1b23c4d) and struct.unpack_from("<I", data, 20)[0] == 1
    at = 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at:at + 8], data[at + 16:at + 16 + length]
        at += 16 + length


def write_anew(path, out, change):
    """change: frame to frames."""
    with open(out, "wb") as file:
        file.write(pathlib.Path(path).read_bytes()[:24])
        for time, frame in frames_of(path):
            for new in change(frame):
                file.write(time + struct.pack("<II", len(new), len(new)) + new)


def check_doubled(mailspan, folder):
    out = os.path.join(folder, "doubled.pcap")
    for case in ("reuse", "ipv6", "greylist-retry"):
        write_anew(ROOT / "pcaps" / (case + ".pcap"), out, lambda frame: [frame] + in_v4(47, erspan_2(frame)))
        once = Replay(mailspan, [str(ROOT / "pcaps" / (case + ".pcap"))], folder)
        twice = Replay(mailspan, [out], folder)
        if not once.messages or once.lines[:-1] != twice.lines[:-1]:
            yield case + ", doubled inside ERSPAN: other lines"
        if twice.losses != once.losses:
            yield "%s, doubled inside ERSPAN: lost %s" % (case, json.dumps(twice.losses))


# --- cut short ------------------------------------------------------------------------------------------------------------

def is_true(message, whole):
    """Nothing that was not so; not to know is no lie."""
    same = ("sender", "message_id", "from_domain", "subject", "stage")
    for key in same:
        if message[key] not in (None, whole[key]):
            return False
    if message["outcome"] not in ("unknown", "delivered") or message["bounce_class"] is not None:
        return False
    addresses = [recipient["address"] for recipient in message["recipients"]]
    return message["ordinal"] == 1 and addresses in ([], ["b@example.net"], [None], [""])


def check_snapped(mailspan, folder):
    """Snap lengths are by connection: the port is 1000 and the snap length."""
    for version in (4, 6):
        capture = Capture()
        longest = max(len(plain(ip)) for ip in datagrams(version, FIRST_PORT))
        for snap in range(14, longest + 1):
            for index, ip in enumerate(datagrams(version, 1000 + snap)):
                capture.add(index * 10, plain(ip), captured=snap)
        replay = Replay(mailspan, capture.write(folder, "snapped-%d" % version), folder)
        whole = replay.messages[1000 + longest]
        if replay.failed or len(whole) != 1 or whole[0]["visibility"] != "clear" or whole[0]["outcome"] != "delivered":
            yield "snapped: the whole one is " + json.dumps(whole)
            continue
        for snap in range(14, longest):
            for message in replay.messages[1000 + snap]:
                if message["visibility"] == "clear" or not is_true(message, whole[0]) or \
                        len(replay.messages[1000 + snap]) > 1:
                    yield "snapped to %d: %s" % (snap, json.dumps(replay.messages[1000 + snap]))
                    break
        if not replay.messages[1000 + longest - 1]:
            yield "snapped by one byte: no message"
        if not replay.losses.get("segment_snapped") or not replay.losses.get("frame_malformed"):
            yield "snapped: not counted: " + json.dumps(replay.losses)


# --- checksums ------------------------------------------------------------------------------------------------------------

def damaged(ip):
    """A byte of each segment with payload is another: a lie with a wrong checksum."""
    head = 20 if ip[0] >> 4 == 4 else 40
    return ip if len(ip) == head + 20 else ip[:-3] + bytes([ip[-3] ^ 1]) + ip[-2:]


def check_checksums(mailspan, folder):
    capture, spoiled = wrapped(), Capture()
    paths = capture.write(folder, "wrapped")
    replay = Replay(mailspan, paths, folder, "{checksums: verify}")
    expected = told(replay.messages[FIRST_PORT])
    for port, name, *_ in cases():
        if told(replay.messages[port]) != expected or len(expected) != 1:
            yield "%s, verified: another message" % name
    if replay.losses:
        yield "verified: lost " + json.dumps(replay.losses)
    count = 0
    for version in (4, 6):
        for index, ip in enumerate(datagrams(version, FIRST_PORT + version)):
            spoiled.add(index * 10, plain(damaged(ip)))
            spoiled.add(index * 10, plain(ip))
            count += damaged(ip) != ip
    paths = spoiled.write(folder, "spoiled")
    replay = Replay(mailspan, paths, folder, "{checksums: verify}")
    for version in (4, 6):
        if told(replay.messages[FIRST_PORT + version]) != expected:
            yield "spoiled %d, verified: another message" % version
    if replay.losses != {"checksum_tcp": count}:
        yield "spoiled, verified: lost %s, expected %d by their checksum" % (json.dumps(replay.losses), count)
    if told(Replay(mailspan, paths, folder).messages[FIRST_PORT + 4]) == expected:
        yield "spoiled, ignored: the damage changes nothing, so the test shows nothing"


def wrap_capture(source, target, names):
    """Connections in the order of their first frames; for pcaps/."""
    order = {}

    def change(frame):
        ip = frame[14:]
        ip = ip[:struct.unpack_from(">H", ip, 2)[0]] if ip[0] >> 4 == 4 else ip[:40 + struct.unpack_from(">H", ip, 4)[0]]
        ends = (ip[12:16], ip[16:20], ip[20:22], ip[22:24]) if ip[0] >> 4 == 4 else (ip[8:24], ip[24:40], ip[40:42], ip[42:44])
        key = frozenset([(ends[0], ends[2]), (ends[1], ends[3])])
        return WRAPPINGS[names[order.setdefault(key, len(order)) % len(names)]](ip)

    write_anew(source, target, change)


def main():
    if sys.argv[1:2] == ["--wrap"] and len(sys.argv) > 4:
        wrap_capture(sys.argv[2], sys.argv[3], sys.argv[4:])
        return 0
    if len(sys.argv) < 2 or shutil.which("tshark") is None or shutil.which("tcpdump") is None:
        sys.exit("usage: tunnels.py MAILSPAN [--keep FOLDER]; needs tshark and tcpdump")
    folder = sys.argv[3] if sys.argv[2:3] == ["--keep"] else tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    wrong = [word for check in (check_wrapped, check_filter, check_doubled, check_snapped, check_checksums)
             for word in check(sys.argv[1], folder)]
    if sys.argv[2:3] != ["--keep"]:
        shutil.rmtree(folder)
    print("\n".join(wrong + ["%d wrappings and links, %d wrong" % (len(list(cases())), len(wrong))]))
    return 1 if wrong else 0


sys.exit(main())
