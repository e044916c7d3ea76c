"""Cases about which connections are mail: mail among much else on any port, and mail through proxies."""
import re
import subprocess

from . import letters, net, others
from .cases import QUIT, WEB, WEB2, case, plan, step
from .letters import plain

ODD = "203.0.113.22"  # Postfix, on ports of others
ROUNDS = 33


@case("mail on ports of others, one connection in a hundred: Postfix on 26, 80, 8080 (slow to greet) and 4465 (TLS from the "
      "first byte); the rest is HTTP, HTTPS, Redis, DNS, FTP, POP3, IMAP, SSH, lines, random bytes and silence",
      others=True)
def any_port(c):
    o = c.others
    mails = {4: lambda: c.smtplib(plan(WEB, ODD, step("send", "any1", ["ann@dest.example", "nobody@dest.example"]),
                                       step("send", "any2", ["bob@dest.example"], "You won the lottery"), QUIT, port=80)),
             11: lambda: c.swaks(WEB2, ODD, "any3@club.example", "ann@dest.example",
                                 plain("any3", "any3@club.example", "ann@dest.example", "Elsewhere"), port=26),
             18: lambda: c.smtplib(plan(WEB, ODD, step("pipeline", "any4", ["busy@dest.example", "ann@dest.example"]), QUIT,
                                        port=8080)),
             25: lambda: c.smtplib(plan(WEB, ODD, step("send", "any5", ["ann@dest.example"]), QUIT, port=4465,
                                        tls="implicit", sni="smtp.dest.example")),
             29: lambda: c.smtplib(plan(WEB2, ODD, step("bdat", "any6", ["ann@dest.example"], words=300, chunk=900), QUIT,
                                        port=26))}
    for n in range(ROUNDS):
        others.a_round(o, n)
        mails.get(n, lambda: None)()


def curl(c, key, proxy, *more, server="203.0.113.10", port=25, to="ann@dest.example", service=None, target=None):
    """One message by curl through a proxy; service: the proxy refuses, and this is what its connection is."""
    sender = f"{key}@club.example"
    text = plain(key, sender, to, "Through the back door")
    path = f"{c.folder}/{key}.eml"
    with open(path, "wb") as f:
        f.write(text)
    c.know(sender, text, True, "the text handed to curl")
    args = ["curl", "-sSvk", "-m", "20", "--interface", WEB, *proxy, f"smtp://{server}:{port}/web10.hosting.example",
            "--mail-from", sender, "--mail-rcpt", to, "--upload-file", path, "-w", "%{local_ip} %{local_port}\\n", *more]
    with c.log(f"curl-{key}") as log:
        done = subprocess.run(net.inside(net.CUSTOMER, *args), stdout=subprocess.PIPE, stderr=log, timeout=60)
    where = re.search(r"^(\S+) (\d+)$", done.stdout.decode(), re.M)
    words = " ".join(proxy)
    proxy_port = int(re.search(r":(\d+)$", proxy[-1] if ":" in proxy[-1] else words).group(1))
    if service:
        c.others.connections[service, others.PROXY_IP, proxy_port] += 1
        return
    kind = "socks4" if "socks4" in words else "socks5" if "socks5" in words else "http_connect"
    c.tunnels[sender] = {"client_ip": where.group(1), "client_port": int(where.group(2)), "server_ip": others.PROXY_IP,
                         "server_port": proxy_port, "proxied": [{"protocol": kind, "target": target or f"{server}:{port}",
                                                                      "client": None, "server": None}]}


def http(port, *more):
    return ["-p", *more, "-x", f"http://{others.PROXY_IP}:{port}"]


def socks(kind, port):
    return ["-x", f"{kind}://{others.PROXY_IP}:{port}"]


@case("mail through proxies: curl with HTTP CONNECT to tinyproxy (on 8888, on 25, and with a password) and with SOCKS 5 to "
      "microsocks, to Postfix behind them; accepted, refused, and with STARTTLS; and proxies that refuse (403, 407)",
      others=True)
def through_proxies(c):
    curl(c, "px1", http(others.TINYPROXY))
    curl(c, "px2", http(others.TINYPROXY_25), to="nobody@dest.example")
    curl(c, "px3", http(others.TINYPROXY, "--proxy-header", "X-Padding: " + "a" * 1500), to="busy@dest.example")
    curl(c, "px4", http(others.TINYPROXY_LOCKED, "--proxy-user", "spammer:hunter2"))
    curl(c, "px5", socks("socks5", others.SOCKS))
    curl(c, "px6", socks("socks5h", others.SOCKS), server="mx.dest.example", to="full@dest.example")
    curl(c, "px7", ["--proxy-user", "spammer:hunter2", *socks("socks5", others.SOCKS_LOCKED)])
    curl(c, "px8", http(others.TINYPROXY), "--ssl-reqd", server="203.0.113.13")
    curl(c, "no1", http(others.TINYPROXY), port=2526, service="HTTP_Connect")  # 403: not one of its ports
    curl(c, "no2", http(others.TINYPROXY_LOCKED), service="HTTP_Connect")      # 407
    curl(c, "no3", socks("socks5", others.SOCKS_LOCKED), service="SOCKS")      # no method it would take
    o = c.others
    o.curl("HTTP", others.PROXY_IP, others.TINYPROXY, f"http://{others.WEB_IP}/", "-x", f"{others.PROXY_IP}:{others.TINYPROXY}")
    o.curl("TLS", others.PROXY_IP, others.TINYPROXY, f"https://{others.WEB_IP}/", "-p", "-x",
           f"http://{others.PROXY_IP}:{others.TINYPROXY}")


@case("other protocols on mail ports: HTTP, SSH and FTP servers on 25, TLS on 587, HTTP and silence on 2525, random bytes on "
      "587; an HTTP client and a TLS client at a mail server", others=True)
def not_mail(c):
    o, web, other, mx = c.others, others.WEB_IP, others.OTHER_IP, "203.0.113.10"
    for n in range(3):
        o.curl("HTTP", web, 25, f"http://{web}:25/{n}", "-m", "3")
        o.curl("HTTP", web, 2525, f"http://{web}:2525/{n}")
        o.curl("TLS", web, 587, f"https://mail.shop.example:587/{n}", "--resolve", f"mail.shop.example:587:{web}")
        o.client("SSH", "203.0.113.29", 25, "ssh", "-p", "25", "-b", others.CLIENT, "-o", "BatchMode=yes", "-o",
                 "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "nobody@203.0.113.29", "true")
        o.curl("FTP_CONTROL", other, 25, f"ftp://{other}:25/none-{n}", "-I")
        o.talk("binary", other, 587, [bytes(range(40, 80 + n)), b"\xff\xfe" * 30, b"\n\n\n"])
        o.talk("silent", other, 2525, [])
    o.talk("HTTP", mx, 25, [b"GET / HTTP/1.1\r\nHost: mx.dest.example\r\nUser-Agent: scanner\r\n\r\n"], listen=True)
    o.client("TLS", mx, 25, "timeout", "3", "openssl", "s_client", "-connect", mx + ":25", "-bind", others.CLIENT,
             "-servername", "mx.dest.example")
    c.smtplib(plan(WEB, mx, step("send", "among", ["ann@dest.example"]), QUIT))
