"""Other ways between the customers and the Internet than the plain link, for cases whose option `path` names one.

What wraps and cuts the datagrams is the kernel: a router in a namespace of its own whose far link is narrow, or VXLAN
over a narrow link.  Each is laid before a case and taken up after it; the plain link's routes are
restored.  capture: where, so that everything that passes is seen there.
"""
from . import net

ROUTER = "mslab-router"
PLAIN = {net.CUSTOMER: [("-4", "203.0.113.0/24"), ("-6", "2001:db8:20::/64")],
         net.INTERNET: [("-4", "198.51.100.0/24"), ("-6", "2001:db8:10::/48")]}
NARROW_BYTES = 1000


def ip(namespace, line):
    net.sh("ip", "-n", namespace, *line.split())


def sysctl(namespace, **values):
    for name, value in values.items():
        net.sh(*net.inside(namespace, "sysctl", "-qw", f"net.ipv4.{name.replace('__', '.')}={value}"))


def offloads_off(namespace, link):
    net.sh(*net.inside(namespace, "ethtool", "-K", link, "tx", "off", "rx", "off", "tso", "off", "gso", "off", "gro", "off"),
           check=False)


def restore():
    net.sh("ip", "netns", "del", ROUTER, check=False)
    for ns, routes in PLAIN.items():
        for name in ("far0", "tunnel0"):
            net.sh("ip", "-n", ns, "link", "del", name, check=False)
        for family, prefix in routes:
            net.sh("ip", "-n", ns, family, "route", "replace", prefix, "dev", net.LINK[ns], check=False)
    sysctl(net.CUSTOMER, ip_no_pmtu_disc=0)


class Narrow:
    """IPv4 through a router that must cut: the clients leave DF clear, and do not learn of the narrow link."""
    capture = (net.INTERNET, "far0")

    def lay(self):
        net.sh("ip", "netns", "add", ROUTER)
        for ns, there, here, mtu in ((net.CUSTOMER, "192.0.2.1/30", "192.0.2.2/30", 1500),
                                     (net.INTERNET, "192.0.2.5/30", "192.0.2.6/30", NARROW_BYTES)):
            port = "to-" + ns[-8:]
            net.sh("ip", "link", "add", "far0", "netns", ns, "mtu", str(mtu), "type", "veth", "peer", "name", port,
                   "netns", ROUTER, "mtu", str(mtu))
            for where, name, address in ((ns, "far0", there), (ROUTER, port, here)):
                ip(where, f"link set {name} up")
                ip(where, f"addr add {address} dev {name}")
                offloads_off(where, name)
        sysctl(ROUTER, ip_forward=1)
        sysctl(net.CUSTOMER, ip_no_pmtu_disc=1)
        ip(ROUTER, "route add 198.51.100.0/24 via 192.0.2.1")
        ip(ROUTER, "route add 203.0.113.0/24 via 192.0.2.5")
        ip(net.CUSTOMER, "route replace 203.0.113.0/24 via 192.0.2.2")
        ip(net.INTERNET, "route replace 198.51.100.0/24 via 192.0.2.6 advmss 1460")


class Vxlan:
    """VXLAN over IPv4, for IPv4 and IPv6, on a link that is too narrow for its datagrams.  (Over IPv6 Linux does not cut
    them: it tells the sender that they are too big.)"""
    capture = (net.CUSTOMER, "far0")

    def lay(self):
        net.sh("ip", "link", "add", "far0", "netns", net.CUSTOMER, "mtu", str(NARROW_BYTES), "type", "veth", "peer",
               "name", "far0", "netns", net.INTERNET, "mtu", str(NARROW_BYTES))
        for ns, mine, other in ((net.CUSTOMER, 1, 2), (net.INTERNET, 2, 1)):
            for line in ("link set far0 up", f"addr add 192.0.2.{mine}/30 dev far0",
                         f"link add tunnel0 type vxlan id 42 local 192.0.2.{mine} remote 192.0.2.{other} dstport 4789",
                         "link set tunnel0 mtu 1500 up", f"addr add 192.0.2.{4 + mine}/30 dev tunnel0",
                         f"addr add 2001:db8:fe::{mine}/64 dev tunnel0 nodad"):
                ip(ns, line)
            for name in ("far0", "tunnel0"):
                offloads_off(ns, name)
        for ns, other in ((net.CUSTOMER, 2), (net.INTERNET, 1)):
            (_, v4), (_, v6) = PLAIN[ns]
            ip(ns, f"route replace {v4} via 192.0.2.{4 + other}")
            ip(ns, f"-6 route replace {v6} via 2001:db8:fe::{other}")


PATHS = {"narrow": Narrow, "vxlan": Vxlan}
