"""Mail through HAProxy, which says in front of each connection for whom it made it: the PROXY protocol."""
import re
import subprocess
import time

from . import net
from .cases import WEB, WEB2, case
from .letters import plain

BALANCER, BALANCER6 = "198.51.100.36", "2001:db8:10:36::25"
BEHIND = "203.0.113.31"  # Postfix that waits for the header (MX_LISTENERS in world.py)
V1, V2, V2_LONG, V1_ODD = 2501, 2502, 2503, 2504

CONFIGURATION = """global
  log stdout format raw local0
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  option logasap
  log-format "to %fp from %ci %cp as %bi %bp"
  source {balancer}
{listeners}
"""

LISTENER = """listen to{port}
  bind {balancer}:{port}
  bind [{balancer6}]:{port}
  unique-id-format %{{+X}}o\\ %ci:%cp_%fi:%fp_%Ts_%rt:%pid
  option smtpchk HELO balancer.hosting.example
  server mx {server} {options}
"""

LISTENERS = [(V1, BEHIND + ":25", "send-proxy check inter 2500ms check-send-proxy"),
             (V2, BEHIND + ":25", "send-proxy-v2 check inter 2500ms check-send-proxy"),
             (V2_LONG, BEHIND + ":25", "send-proxy-v2 proxy-v2-options unique-id,crc32c"),
             (V1_ODD, BEHIND + ":10026", "send-proxy")]


class Balancer:
    def __init__(self, folder):
        self.path = folder + "/haproxy.log"
        configuration = folder + "/haproxy.cfg"
        listeners = "".join(LISTENER.format(port=port, server=server, options=options, balancer=BALANCER, balancer6=BALANCER6)
                            for port, server, options in LISTENERS)
        with open(configuration, "w") as f:
            f.write(CONFIGURATION.format(balancer=BALANCER, listeners=listeners))
        self.log = open(self.path, "wb")
        self.process = subprocess.Popen(net.inside(net.CUSTOMER, "haproxy", "-db", "-f", configuration), stdout=self.log,
                                        stderr=self.log)
        end = time.time() + 10
        while net.sh(*net.inside(net.CUSTOMER, "ss", "-Htln", f"src {BALANCER}:{V1_ODD}")).stdout.strip() == "":
            if time.time() > end or self.process.poll() is not None:
                raise RuntimeError("HAProxy did not start, see " + self.path)
            time.sleep(0.1)
        time.sleep(3)  # for its first look at the servers

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def ways(self):
        """By its own port and the client's, in order: (client, its port, HAProxy's port towards the server)."""
        found = {}
        for line in open(self.path):
            m = re.match(r"to (\d+) from (\S+) (\d+) as (\S+) (\d+)$", line)
            if m:
                found.setdefault(int(m.group(1)), []).append((m.group(2), int(m.group(3)), m.group(4), int(m.group(5))))
        return found


def send(c, key, port, to, *more, local=WEB, server=BALANCER):
    sender = f"{key}@club.example"
    c.swaks(local, server, sender, to, plain(key, sender, to, "Behind a balancer"), *more, port=port)
    return sender


@case("mail through HAProxy that says for whom it has connected (PROXY protocol, version 1 and 2, over IPv4 and IPv6, with a "
      "unique-id and a checksum, and for itself when it looks whether the server is there) to Postfix that waits for this; "
      "accepted, refused, and with STARTTLS; and on a port of its own")
def proxy_header(c):
    balancer = Balancer(c.folder)
    six = "2001:db8:10:12::25"
    try:
        sent = [(V1, send(c, "hap1", V1, "ann@dest.example")),
                (V1, send(c, "hap2", V1, "nobody@dest.example")),
                (V1, send(c, "hap3", V1, "bob@dest.example", local=six, server=BALANCER6)),
                (V1, send(c, "hap4", V1, "ann@dest.example", "--tls")),
                (V2, send(c, "hap5", V2, "ann@dest.example", local=WEB2)),
                (V2, send(c, "hap6", V2, "busy@dest.example,bob@dest.example")),
                (V2, send(c, "hap7", V2, "ann@dest.example", local=six, server=BALANCER6)),
                (V2_LONG, send(c, "hap8", V2_LONG, "full@dest.example")),
                (V1_ODD, send(c, "hap9", V1_ODD, "ann@dest.example"))]
        c.settle()
    finally:
        balancer.stop()
    ways = balancer.ways()
    for port, sender in sent:
        ip, client_port, own_ip, own_port = ways[port].pop(0)
        server = next(s for p, s, _ in LISTENERS if p == port).rsplit(":", 1)
        header = {"protocol": "proxy_v2" if port in (V2, V2_LONG) else "proxy_v1", "target": None,
                  "client": {"ip": ip, "port": client_port},
                  "server": {"ip": BALANCER6 if ":" in ip else BALANCER, "port": port}}
        c.tunnels[sender] = {"client_ip": own_ip, "client_port": own_port, "server_ip": server[0],
                             "server_port": int(server[1]), "proxied": [header]}
