"""The network of a test, in four namespaces of its own:

    customer                 edge                         internet
    c0 ======== port-c [ bridge br0 ] port-i ======== i0
                  :
                  : a copy of each frame, in and out (tc mirred)
                  v
                mirror0 ======== span0
                                 sensor

Offloads stay on, so the mirror brings what real ones bring: segments larger than the MTU, checksums not yet filled in.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import signal
import subprocess
import time

from .bench import run

BAD4, BAD6, GOOD4 = "198.51.100.20", "2001:db8:10:20::25", "198.51.100.30"
MANY4 = [f"198.51.100.{n}" for n in range(50, 130)]
SERVER4, SERVER6 = "203.0.113.10", "2001:db8:20::10"
HOME_NETWORKS = "[198.51.100.0/24, '2001:db8:10::/48']"
ROLES = ("customer", "internet", "edge", "sensor")


def pids(namespace):
    found = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def remove(namespace):
    """Ends what runs in a namespace, and the namespace."""
    for _ in range(50):
        left = pids(namespace)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not left:
            break
        time.sleep(0.05)
    subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def remove_left_over():
    """The namespaces of tests that were killed before they could clean up."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False).stdout
    for name, pid in re.findall(r"^(mslive-(\d+)-\w+)", listed, re.MULTILINE):
        if not os.path.exists(f"/proc/{pid}"):
            remove(name)


class Site:
    def __init__(self):
        self.names = {role: f"mslive-{os.getpid()}-{role}" for role in ROLES}

    def inside(self, role, *command):
        return ["ip", "netns", "exec", self.names[role], *map(str, command)]

    def ip(self, role, *lines):
        run("ip", "-n", self.names[role], "-batch", "-", input="\n".join(lines) + "\n")

    def __enter__(self):
        remove_left_over()
        try:
            for name in self.names.values():
                run("ip", "netns", "add", name)
            self.lay_cables()
            self.give_addresses()
            self.make_mirror()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in self.names.values():
            remove(name)

    def lay_cables(self):
        names = self.names
        self.ip("edge", f"link add port-c type veth peer name c0 netns {names['customer']}",
                f"link add port-i type veth peer name i0 netns {names['internet']}",
                "link add br0 type bridge mcast_snooping 0",
                "link set port-c master br0", "link set port-i master br0",
                "link set br0 up", "link set port-c up", "link set port-i up")

    def give_addresses(self):
        customer = [f"addr add {ip}/24 dev c0" for ip in (BAD4, GOOD4, *MANY4)]
        self.ip("customer", "link set lo up", "link set c0 up", *customer, f"addr add {BAD6}/64 dev c0 nodad",
                "route add 203.0.113.0/24 dev c0", "route add 2001:db8:20::/64 dev c0")
        self.ip("internet", "link set lo up", "link set i0 up", f"addr add {SERVER4}/24 dev i0",
                f"addr add {SERVER6}/64 dev i0 nodad", "route add 198.51.100.0/24 dev i0",
                "route add 2001:db8:10::/48 dev i0")

    def make_mirror(self):
        """Lays the cable to the sensor, and has the switch copy the customer's port to it.  Again after it was cut."""
        self.ip("edge", f"link add mirror0 type veth peer name span0 netns {self.names['sensor']}",
                "link set mirror0 up")
        self.ip("sensor", "link set span0 addrgenmode none", "link set span0 up")
        edge = ("tc", "-n", self.names["edge"])
        run(*edge, "qdisc", "replace", "dev", "port-c", "clsact")
        for direction in ("ingress", "egress"):
            run(*edge, *f"filter add dev port-c {direction} protocol all u32 match u32 0 0".split(),
                *"action mirred egress mirror dev mirror0".split())
