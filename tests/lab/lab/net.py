"""Two network namespaces joined by one veth pair, and the capture on it.

The customers' hosts are addresses on one end, the servers of the Internet addresses on the
other. Everything that passes between them passes the link, as on a mirror port.
"""
import os
import signal
import subprocess
import time

CUSTOMER = "mslab-customer"
INTERNET = "mslab-internet"
LINK = {CUSTOMER: "mslab-c0", INTERNET: "mslab-i0"}

CUSTOMER_V4 = ["198.51.100.%d" % n for n in range(10, 40)]
INTERNET_V4 = ["203.0.113.%d" % n for n in range(10, 50)]
# A customer has a /64 of its own, as a hosting provider would give it.
CUSTOMER_V6 = ["2001:db8:10:%d::25" % n for n in range(10, 40)]
INTERNET_V6 = ["2001:db8:20::%d" % n for n in range(10, 40)]

# Names for getnameinfo and getaddrinfo: there is no DNS in the lab.
HOSTS = """127.0.0.1 localhost
::1 localhost
198.51.100.10 web10.hosting.example
198.51.100.11 web11.hosting.example
198.51.100.14 mail.florist.example
198.51.100.15 mx.school.example
198.51.100.16 out.hotel.example
198.51.100.17 smtp.garage.example
198.51.100.20 mail.shop.example
2001:db8:10:20::25 mail.shop.example
198.51.100.21 mail.club.example
198.51.100.30 mail.bakery.example
2001:db8:10:30::25 mail.bakery.example
203.0.113.10 mx.dest.example
2001:db8:20::10 mx.dest.example
203.0.113.20 mx.uni.example
2001:db8:20::20 mx.uni.example
203.0.113.30 mx.bsd.example
198.51.100.23 mail.forward.example
198.51.100.24 mail.answers.example
198.51.100.25 mail.lists.example
203.0.113.40 mx.away.example
203.0.113.41 mx.faculty.example
203.0.113.42 mx.quiet.example
203.0.113.43 box.away.example
203.0.113.44 mx.bigmail.example
203.0.113.45 out.stranger.example
203.0.113.46 fbl.bigmail.example
203.0.113.47 out.bank.example
203.0.113.48 out.news.example
"""


def sh(*args, check=True, **kw):
    return subprocess.run(args, check=check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)


def inside(namespace, *args):
    return ["ip", "netns", "exec", namespace, *args]


def up():
    down()
    for ns in (CUSTOMER, INTERNET):
        sh("ip", "netns", "add", ns)
        os.makedirs("/etc/netns/" + ns, exist_ok=True)
        with open(f"/etc/netns/{ns}/hosts", "w") as f:
            f.write(HOSTS)
        # Nobody listens there: every question to the DNS fails at once.
        with open(f"/etc/netns/{ns}/resolv.conf", "w") as f:
            f.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    sh("ip", "link", "add", LINK[CUSTOMER], "netns", CUSTOMER, "address", "02:00:00:00:00:01",
       "type", "veth", "peer", "name", LINK[INTERNET], "netns", INTERNET, "address", "02:00:00:00:00:02")
    for ns, v4, v6 in ((CUSTOMER, CUSTOMER_V4, CUSTOMER_V6), (INTERNET, INTERNET_V4, INTERNET_V6)):
        batch = ["link set lo up", f"link set {LINK[ns]} up"]
        batch += [f"addr add {a}/24 dev {LINK[ns]}" for a in v4]
        batch += [f"addr add {a}/64 dev {LINK[ns]} nodad" for a in v6]
        far = (("203.0.113.0/24", "2001:db8:20::/64") if ns == CUSTOMER else ("198.51.100.0/24", "2001:db8:10::/48"))
        batch += [f"route add {far[0]} dev {LINK[ns]}", f"-6 route add {far[1]} dev {LINK[ns]}"]
        for line in batch:
            sh("ip", "-n", ns, *line.split())
    offloads(False)


def offloads(on):
    for ns in (CUSTOMER, INTERNET):
        state = "on" if on else "off"
        sh(*inside(ns, "ethtool", "-K", LINK[ns], "tx", state, "rx", state, "tso", state, "gso", state, "gro", state),
           check=False)


def down():
    for ns in (CUSTOMER, INTERNET):
        clear(ns)


def clear(namespace):
    """Kills what runs in it, and takes it and its files away."""
    inside_it = sh("ip", "netns", "pids", namespace, check=False)
    for pid in inside_it.stdout.split() if inside_it.returncode == 0 else []:
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    sh("ip", "netns", "del", namespace, check=False)
    for name in ("hosts", "resolv.conf"):
        try:
            os.unlink(f"/etc/netns/{namespace}/{name}")
        except FileNotFoundError:
            pass
    for folder in ("/etc/netns/" + namespace, "/etc/netns"):
        try:
            os.rmdir(folder)
        except OSError:
            pass


def listens(ip, port, namespace=INTERNET):
    found = sh(*inside(namespace, "ss", "-Htln", f"( src {ip}:{port} or src 0.0.0.0:{port} )"))
    return bool(found.stdout.strip())


def wait_for(ip, port, limit=15, namespace=INTERNET):
    end = time.time() + limit
    while time.time() < end:
        if listens(ip, port, namespace):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nobody listens on {ip}:{port}")


def quiet(limit=20.0):
    """Wait until no TCP connection is open on the link (a closed one in TIME-WAIT may stay)."""
    end = time.time() + limit
    while time.time() < end:
        busy = 0
        for ns in (CUSTOMER, INTERNET):
            lines = sh(*inside(ns, "ss", "-Htn", "state", "connected", "exclude", "time-wait")).stdout.splitlines()
            busy += sum(1 for l in lines if "127.0.0.1" not in l and "[::1]" not in l)
        if not busy:
            return True
        time.sleep(0.1)
    return False


class Capture:
    """All TCP on the link, or with `where` everything on another one; whole frames, as one of the three file formats."""

    def __init__(self, path, form="pcap", where=None):
        namespace, link = where or (CUSTOMER, LINK[CUSTOMER])
        self.path = path
        raw = path + ".tmp"
        self.raw = raw
        if form == "pcapng":
            args = ["dumpcap", "-q", "-i", link, "-s", "0", "-f", "" if where else "tcp", "-w", raw]
        else:
            args = ["tcpdump", "-i", link, "-s", "0", "-U", "--immediate-mode", "-B", "32768", "-Z", "root",
                    "-w", raw]
            if form == "nano":
                args.append("--time-stamp-precision=nano")
            if not where:
                args.append("tcp")
        self.proc = subprocess.Popen(inside(namespace, *args), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.time() + 5
        while time.time() < end and not (os.path.exists(raw) and os.path.getsize(raw) >= 24):
            time.sleep(0.05)
        time.sleep(0.3 if form == "pcapng" else 0.1)

    def stop(self):
        time.sleep(0.4)
        self.proc.send_signal(signal.SIGINT)
        err = self.proc.communicate(timeout=10)[1].decode(errors="replace")
        if "0 packets dropped by kernel" not in err and "dropped" in err and "dropped/flushed): 0" not in err:
            # dumpcap words it as "(pcap:N/dumpcap:N/flushed:N/ps_ifdrop:N)"
            if "pcap:0/dumpcap:0/flushed:0" not in err:
                raise RuntimeError("the capture lost packets: " + err)
        os.replace(self.raw, self.path)
        os.chmod(self.path, 0o644)
