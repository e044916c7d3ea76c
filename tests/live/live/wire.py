"""Cables into a sensor's namespace, and frames put on them byte by byte.

    far  s0 ======== m0  sensor
         s1 ======== m1

SPDX-License-Identifier: GPL-3.0-or-later
"""
import contextlib
import ctypes
import os
import socket
import struct

from .bench import run
from .site import remove, remove_left_over

CLONE_NEWNET = 0x40000000
MAIL, WEB = 25, 443


@contextlib.contextmanager
def within(namespace):
    """What is opened here belongs to the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net", "rb") as own, open(f"/run/netns/{namespace}", "rb") as other:
        for_now, back = other.fileno(), own.fileno()
        if libc.setns(for_now, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            if libc.setns(back, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")


class Cables:
    def __init__(self, count):
        self.far, self.sensor = f"mslive-{os.getpid()}-far", f"mslive-{os.getpid()}-sensor"
        self.count = count
        self.sockets = {}

    def __enter__(self):
        remove_left_over()
        try:
            for name in (self.far, self.sensor):
                run("ip", "netns", "add", name)
            for number in range(self.count):
                self.lay(number)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for number in list(self.sockets):
            self.sockets.pop(number).close()
        for name in (self.far, self.sensor):
            remove(name)

    def ip(self, namespace, command):
        run("ip", "-n", namespace, *command.split())

    def lay(self, number, index=""):
        """The sensor's end gets this number, `index 7` say, or any."""
        self.ip(self.sensor, f"link add m{number} {index} type veth peer name s{number} netns {self.far}")
        for namespace, name in ((self.far, f"s{number}"), (self.sensor, f"m{number}")):
            self.ip(namespace, f"link set {name} addrgenmode none")  # or it says things of its own
            self.ip(namespace, f"link set {name} up")
        with within(self.far):
            self.sockets[number] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.sockets[number].bind((f"s{number}", 0))

    def cut(self, number):
        self.sockets.pop(number).close()
        self.ip(self.sensor, f"link del m{number}")

    def send(self, number, frames):
        for frame in frames:
            self.sockets[number].send(frame)


# --- frames -----------------------------------------------------------------------------------------------------------

def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(ends, protocol, payload, fragment=0x4000, number=7):
    source, target = (socket.inet_aton(end) for end in ends)
    for ttl in range(64, 32, -1):
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), number, fragment, ttl, protocol, 0) + source + target
        total = checksum(head)
        if total & 0xff != 0:  # of tunnels those with 0 pass the filter as a sample
            return head[:10] + struct.pack(">H", total) + head[12:] + payload
    raise ValueError


def ipv6(ends, protocol, payload):
    source, target = (socket.inet_pton(socket.AF_INET6, end) for end in ends)
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + source + target + payload


def tcp(ports, payload=b"", sequence=1000):
    return struct.pack(">HHIIBBHHH", *ports, sequence, 5000, 5 << 4, 0x18, 65535, 0, 0) + payload


def segment(ends, ports, payload=b"mail"):
    """The datagram of a segment; by its addresses IPv4 or IPv6."""
    return (ipv6 if ":" in ends[0] else ipv4)(ends, 6, tcp(ports, payload))


def frame(datagram, *tags, kind=None):
    """In Ethernet, behind these tags (their EtherTypes, outermost first)."""
    if kind is None:
        kind = 0x86dd if datagram[0] >> 4 == 6 else 0x0800
    head = bytes.fromhex("020000000001020000000002")
    for number, tag in enumerate(tags):
        head += struct.pack(">HH", tag, 100 + number)
    return (head + struct.pack(">H", kind) + datagram).ljust(60, b"\0")
