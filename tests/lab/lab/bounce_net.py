"""The network of tests/lab/bounce_mails: one namespace where everybody is an address, a DNS of its own, and no way out.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import glob
import json
import os
import shutil
import subprocess
import time

from . import fetch, net
from .bounce_remote import PLACES
from .net import inside, sh

SPACE = "msbounces"
HERE = os.path.dirname(os.path.abspath(__file__))
SENDER_IP, CLIENT_IP = "198.51.100.10", "198.51.100.200"

# Names and their addresses. A domain has its MX at mx.DOMAIN unless it stands in ODD.
NAMES = {
    "mail.example.com": SENDER_IP,
    "example.com": "203.0.113.5", "example.net": "203.0.113.10", "blocks.example.net": "203.0.113.11",
    "refused.example.net": "203.0.113.12",    # nobody listens there
    "dsn.example.net": "203.0.113.13", "ascii.example.net": "203.0.113.14", "small.example.net": "203.0.113.15",
    "tls.example.net": "203.0.113.16", "hangup.example.net": "203.0.113.17", "busy.example.net": "203.0.113.18",
    "silent.example.net": "203.0.113.130",    # packets to it vanish
}
LOOP, NULL_MX = "loop.example.net", "nomail.example.net"


def up():
    down()
    sh("ip", "netns", "add", SPACE)
    os.makedirs(f"/etc/netns/{SPACE}", exist_ok=True)
    with open(f"/etc/netns/{SPACE}/hosts", "w") as f:
        f.write(f"127.0.0.1 localhost\n::1 localhost\n{SENDER_IP} mail.example.com\n")
    with open(f"/etc/netns/{SPACE}/resolv.conf", "w") as f:
        f.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    for line in ["link set lo up", "link add gone0 type veth peer name gone1", "link set gone0 arp off up",
                 "link set gone1 up",
                 f"addr add {SENDER_IP}/32 dev lo", f"addr add {CLIENT_IP}/32 dev lo", "addr add 203.0.113.12/32 dev lo",
                 *(f"addr add {a}/32 dev lo" for a in PLACES), "route add 203.0.113.128/25 dev gone0 src " + SENDER_IP]:
        sh("ip", "-n", SPACE, *line.split())


def down():
    net.clear(SPACE)


def dns_options():
    options = []
    for name, address in NAMES.items():
        mx = name if name.startswith("mail.") else "mx." + name
        options += [f"--host-record={mx},{address}", f"--mx-host={name},{mx},10"]
    options += [f"--mx-host={LOOP},mail.example.com,10", f"--mx-host={NULL_MX},.,0"]
    options += [f"--ptr-record={'.'.join(reversed(a.split('.')))}.in-addr.arpa,{'' if n.startswith('mail.') else 'mx.'}{n}"
                for n, a in NAMES.items()]
    return options


class Internet:
    """The DNS, the scripted servers, and the mailbox, whose mails come out in the order in which they went in."""

    def __init__(self):
        self.folder = fetch.WORK + "/run/bounce-mailbox"
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.running = [
            subprocess.Popen(inside(SPACE, "dnsmasq", "-k", "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--local=/#/",
                                    "--listen-address=127.0.0.1", "--bind-interfaces", "--pid-file=", *dns_options()),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
            subprocess.Popen(inside(SPACE, "/usr/bin/python3", HERE + "/bounce_remote.py", self.folder))]
        wait_for("203.0.113.18")

    def stop(self):
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait()

    def arrived(self):
        for path in sorted(glob.glob(self.folder + "/*.json")):
            with open(path) as f:
                yield json.load(f), path[:-5] + ".eml"


def wait_for(address, port=25):
    net.wait_for(address, port, namespace=SPACE)


def wait_for_end(address, port=25, limit=15):
    end = time.time() + limit
    while time.time() < end and net.listens(address, port, SPACE):
        time.sleep(0.1)
