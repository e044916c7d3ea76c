"""What else is on a network: real servers of other protocols, and their clients, for the cases about detection.

Servers listen on the Internet's side, on ports of theirs and on odd ones; clients come from the customers' side. What
happened is counted here, by service, as the clients are run: that is the truth about connections that are no mail.
"""
import collections
import os
import shutil
import socket
import subprocess
import sys

from . import fetch, net

WEB_IP, OTHER_IP, PROXY_IP = "203.0.113.26", "203.0.113.27", "203.0.113.28"
TINYPROXY, TINYPROXY_25, TINYPROXY_LOCKED, SOCKS, SOCKS_LOCKED = 8888, 25, 8889, 1080, 1081
CLIENT = "198.51.100.21"
HOME = fetch.WORK + "/run/others"

NGINX = """pid {home}/nginx.pid; error_log /dev/null; worker_processes 1;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
  uwsgi_temp_path {home}; scgi_temp_path {home};
  server {{ listen {ip}:80; listen {ip}:8080; listen {ip}:25; listen {ip}:2525; root {home}/www; }}
  server {{ listen {ip}:443 ssl; listen {ip}:8443 ssl; listen {ip}:587 ssl; root {home}/www;
    ssl_certificate {cert}; ssl_certificate_key {key}; }} }}
"""

DOVECOT = """base_dir = {home}/dovecot
log_path = /dev/null
protocols = imap pop3
listen = {ip}
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = static
  args = password=nobody-knows
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail
}}
"""

TINY = """Port {port}
Listen {ip}
Timeout 30
MaxClients 20
ConnectPort 25
ConnectPort 443
{more}
"""

# Servers that speak nobody's protocol: each gets its behaviour, its port, and runs inside the namespace.
ODD = r"""
import os, random, socketserver, sys, threading, time
random.seed(1)
class Line(socketserver.StreamRequestHandler):      # a protocol of lines, that begins with a number
    def handle(self):
        self.wfile.write(b"200 stock service ready\r\n")
        for line in self.rfile:
            self.wfile.write(b"250 " + line.strip()[::-1] + b"\r\n")
            if line.startswith(b"QUIT"): return
class Greets(socketserver.StreamRequestHandler):    # says 220, and is no mail server
    def handle(self):
        self.wfile.write(b"220 switch 12 console\r\nlogin: ")
        self.rfile.readline(); self.wfile.write(b"password: ")
        self.rfile.readline(); self.wfile.write(b"\r\nswitch# ")
class Binary(socketserver.StreamRequestHandler):
    def handle(self):
        while self.request.recv(200): self.wfile.write(bytes(random.getrandbits(8) for _ in range(random.randint(1, 300))))
class Silent(socketserver.StreamRequestHandler):
    def handle(self): self.rfile.read()
class Server(socketserver.ThreadingTCPServer): allow_reuse_address = daemon_threads = True; request_queue_size = 50
for port, handler in ((4001, Line), (4002, Greets), (4003, Binary), (4004, Silent), (23, Greets), (587, Binary), (2525, Silent)):
    threading.Thread(target=Server((sys.argv[1], port), handler).serve_forever, daemon=True).start()
time.sleep(3600)
"""

FTP = """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
import logging; logging.disable(logging.CRITICAL)
a = DummyAuthorizer(); a.add_anonymous(sys.argv[2]); FTPHandler.authorizer = a
servers = [FTPServer((sys.argv[1], port), FTPHandler) for port in (21, 2121, 25)]
servers[0].serve_forever()
"""

# Talks to a server: what to say, one piece a round trip; run inside the customers' namespace.
TALK = r"""
import json, socket, sys, time
job = json.load(sys.stdin)
s = socket.create_connection(job["to"], 5, (job["from"], 0)); s.settimeout(job.get("wait", 1.0))
def hear():
    try: return s.recv(4096)
    except TimeoutError: return b""
if job.get("listen"): hear()
for piece in job["say"]:
    s.sendall(bytes.fromhex(piece)); 
    if not hear(): break
time.sleep(job.get("linger", 0)); s.close()
"""


class Others:
    def __init__(self):
        self.running, self.connections = [], collections.Counter()
        shutil.rmtree(HOME, ignore_errors=True)
        for folder in ("www", "dovecot", "mail", "redis", "drop"):
            os.makedirs(f"{HOME}/{folder}")
        os.chmod(HOME, 0o755)
        with open(HOME + "/www/index.html", "w") as f:
            f.write("<html><body>It works. 220 reasons to say EHLO.</body></html>\n")

    # --- servers -----------------------------------------------------------------------------------------------

    def run(self, *args, **more):
        self.running.append(subprocess.Popen(net.inside(net.INTERNET, *args), stdin=subprocess.DEVNULL,
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more))

    def write(self, name, text, **fill):
        with open(f"{HOME}/{name}", "w") as f:
            f.write(text.format(home=HOME, cert=fetch.CERT, key=fetch.KEY, **fill))
        return f"{HOME}/{name}"

    def start(self):
        self.run("nginx", "-c", self.write("nginx.conf", NGINX, ip=WEB_IP), "-g", "daemon off;")
        self.run("/usr/bin/python3", "-m", "http.server", "-b", OTHER_IP, "-d", HOME + "/www", "8000")
        for port in ("6379", "2526"):
            self.run("redis-server", "--bind", OTHER_IP, "--port", port, "--save", "", "--protected-mode", "no", "--dir",
                     HOME + "/redis")
        self.run("dnsmasq", "-d", "-C", "/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address",
                 OTHER_IP, "--address=/example/203.0.113.10")
        self.run("dropbear", "-F", "-E", "-R", "-r", self.key(), "-p", OTHER_IP + ":22", "-p", OTHER_IP + ":2222", "-p",
                 "203.0.113.29:25")
        self.run("dovecot", "-F", "-c", self.write("dovecot.conf", DOVECOT, ip=OTHER_IP))
        self.run("/usr/bin/python3", "-c", FTP, OTHER_IP, HOME + "/www")
        self.run("/usr/bin/python3", "-c", ODD, OTHER_IP)
        self.start_proxies()
        for ip, port in ((WEB_IP, 443), (OTHER_IP, 8000), (OTHER_IP, 6379), (OTHER_IP, 53), (OTHER_IP, 22), (OTHER_IP, 143),
                         (OTHER_IP, 21), (OTHER_IP, 4004), (PROXY_IP, TINYPROXY), (PROXY_IP, SOCKS), (PROXY_IP, SOCKS_LOCKED)):
            net.wait_for(ip, port)

    def start_proxies(self):
        for port, more in ((TINYPROXY, ""), (TINYPROXY_25, ""), (TINYPROXY_LOCKED, "BasicAuth spammer hunter2")):
            self.run("tinyproxy", "-d", "-c", self.write(f"tinyproxy-{port}.conf", TINY, port=port, ip=PROXY_IP, more=more))
        self.run("microsocks", "-i", PROXY_IP, "-p", str(SOCKS))
        self.run("microsocks", "-i", PROXY_IP, "-p", str(SOCKS_LOCKED), "-u", "spammer", "-P", "hunter2")

    def key(self):
        net.sh("dropbearkey", "-t", "ed25519", "-f", HOME + "/drop/key")
        return HOME + "/drop/key"

    def stop(self):
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait()

    # --- clients -----------------------------------------------------------------------------------------------

    def client(self, service, ip, port, *args, count=1):
        """A real client; so many connections to the service."""
        self.connections[service, ip, port] += count
        subprocess.run(net.inside(net.CUSTOMER, *args), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=30)

    def curl(self, service, ip, port, url, *more):
        self.client(service, ip, port, "curl", "-sk", "-m", "10", "--interface", CLIENT, *more, url)

    def talk(self, service, ip, port, say, **more):
        import json
        self.connections[service, ip, port] += 1
        job = {"from": CLIENT, "to": [ip, port], "say": [s.hex() for s in say], **more}
        subprocess.run(net.inside(net.CUSTOMER, sys.executable if sys.executable.startswith("/usr/bin") else
                                  "/usr/bin/python3", "-c", TALK), input=json.dumps(job).encode(), check=True, timeout=30)

    def endpoints(self):
        return {(ip, port) for _, ip, port in self.connections}

    def lines(self):
        """For the truth: how many connections to what."""
        for (service, ip, port), count in sorted(self.connections.items()):
            yield {"type": "others", "service": service, "server_ip": ip, "server_port": port, "connections": count,
                   "source_of_truth": "the clients that were run"}


def dns_question(name):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0"
    message = b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\1\0\1"
    return len(message).to_bytes(2, "big") + message


def a_round(o, n):
    """Sixteen or so connections that are no mail."""
    web, other = WEB_IP, OTHER_IP
    o.curl("HTTP", web, 80, f"http://{web}/?{n}")
    o.curl("HTTP", web, 8080, f"http://{web}:8080/index.html")
    o.curl("HTTP", other, 8000, f"http://{other}:8000/missing-{n}")
    o.curl("TLS", web, 443, "https://www.shop.example/", "--resolve", f"www.shop.example:443:{web}")
    o.curl("TLS", web, 8443, "https://mail.shop.example:8443/", "--resolve", f"mail.shop.example:8443:{web}")
    o.client("Redis", other, 6379, "redis-cli", "-h", other, "set", f"key{n}", "EHLO")
    o.client("Redis", other, 2526, "redis-cli", "-h", other, "-p", "2526", "get", "key")
    o.talk("DNS", other, 53, [dns_question(f"host{n}.example")])
    o.curl("FTP_CONTROL", other, 2121 if n % 2 else 21, f"ftp://{other}:{2121 if n % 2 else 21}/none-{n}", "-I")
    o.curl("POP3", other, 110, f"pop3://alice:wrong@{other}/")
    o.curl("IMAP", other, 143, f"imap://alice:wrong@{other}/")
    o.talk("lines", other, 4001, [b"HELLO there\r\n", b"LIST %d\r\n" % n, b"QUIT\r\n"], listen=True)
    o.talk("greets", other, 4002 if n % 2 else 23, [b"admin\r\n", b"secret\r\n"], listen=True)
    o.talk("binary", other, 4003, [os.urandom(40 + n), os.urandom(20), os.urandom(90)])
    o.talk("silent", other, 4004, [])
    if n % 4 == 0:
        o.client("SSH", other, 2222, "ssh", "-p", "2222", "-b", CLIENT, "-o", "BatchMode=yes", "-o",
                 "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "nobody@" + other, "true")
    if n % 5 == 0:
        o.curl("IMAPS", other, 993, f"imaps://alice:wrong@{other}/")
        o.curl("POPS", other, 995, f"pop3s://alice:wrong@{other}/")
