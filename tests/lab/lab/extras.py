"""Servers that few cases need (their option `extra`): Dovecot's LMTP, a server that says odd things, nginx as mail proxy, and
sslsplit, which writes a mirror behind the end of TLS. Each begins and ends with its case, and tells its dialogues.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import glob
import json
import os
import re
import shutil
import subprocess

from . import fetch, net, odd_server
from .transcript import Dialogue

LMTP_IP, SPLIT_IP = "203.0.113.38", "203.0.113.37"
NGINX_IP = "198.51.100.22"
TLS_MX, SUBMISSION, TRUSTING = "203.0.113.13", "203.0.113.20", "203.0.113.24"
HERE = os.path.dirname(os.path.abspath(__file__))


class Extra:
    packages = ()

    def __init__(self):
        self.home = f"{fetch.WORK}/run/{type(self).__name__.lower()}"
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home)
        os.chmod(self.home, 0o755)
        self.running = []

    def write(self, name, text):
        with open(f"{self.home}/{name}", "w") as f:
            f.write(text)
        return f"{self.home}/{name}"

    def run(self, namespace, *args, out=None):
        sink = open(out, "wb") if out else subprocess.DEVNULL
        self.running.append(subprocess.Popen(net.inside(namespace, *args), stdin=subprocess.DEVNULL, stdout=sink,
                                             stderr=subprocess.STDOUT))

    def stop(self):
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait()
        self.running = []

    def dialogues(self):
        return []

    def logs(self):
        return {}


# --- Dovecot's LMTP ----------------------------------------------------------------------------------

DOVECOT = """base_dir = {home}/base
log_path = {home}/log
protocols = lmtp
listen = {ip}
ssl = no
hostname = store.example
lmtp_rawlog_dir = {home}/raw
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
service lmtp {{
  process_limit = 1
  inet_listener lmtp {{
    port = 24
  }}
}}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
protocol lmtp {{
  mail_plugins = quota
}}
plugin {{
  quota = count:User
  quota_rule = *:storage=10M
  quota_vsizes = yes
}}
"""
LITTLE = "userdb_quota_rule=*:bytes=100"
USERS = {"ann": "", "bob": "", "cy": "", "full": LITTLE, "soon": LITTLE + " userdb_quota_full_tempfail=yes"}


class Lmtp(Extra):
    """full@ has no room for good, soon@ for now: both are said after the data. Its raw logs have every line with its time."""
    packages = ("dovecot-lmtpd",)

    def start(self):
        for folder in ("raw", "mail"):
            os.makedirs(f"{self.home}/{folder}")
            os.chmod(f"{self.home}/{folder}", 0o777)
        self.mail_folders = [f"{self.home}/mail/{user}/new" for user in USERS]
        self.write("users", "".join(f"{user}@store.example:{{PLAIN}}x:65534:65534::{self.home}/mail::{more}\n"
                                    for user, more in USERS.items()))
        self.run(net.INTERNET, "dovecot", "-F", "-c", self.write("conf", DOVECOT.format(home=self.home, ip=LMTP_IP)))
        net.wait_for(LMTP_IP, 24)

    def dialogues(self):
        """A raw log has no address; Dovecot's log has one for each connection, and they are in the same order."""
        with open(self.home + "/log") as f:
            clients = re.findall(r"lmtp\(\d+\): Info: Connect from (\S+)", f.read())
        logs = sorted(glob.glob(self.home + "/raw/*.in"), key=first_time)
        if len(clients) != len(logs):
            raise RuntimeError(f"{len(clients)} connections in Dovecot's log, {len(logs)} raw logs")
        for order, (client, path) in enumerate(zip(clients, logs)):
            d = Dialogue(first_time(path), order, client, None, LMTP_IP, 24, "dovecot lmtp_rawlog_dir")
            lmtp_events(d, lines_of(path), lines_of(path[:-2] + "out"))
            yield d


def lines_of(path):
    with open(path, encoding="utf-8", errors="replace", newline="\n") as f:
        return [line.rstrip("\r\n").split(" ", 1)[1] for line in f]


def first_time(path):
    with open(path[:-2] + "out") as f:
        return float(f.readline().split(" ", 1)[0])


def lmtp_events(d, told, said):
    """Every command has one reply in this order, and the end of the data one for each recipient that was accepted."""
    replies, accepted, body = iter(whole_replies(said)), 0, False

    def answer():
        lines = next(replies, None)
        for line in lines or ():
            d.reply(line)
        return lines[-1][:3] if lines else None
    answer()
    for line in told:
        if body:
            body = line != "."
            for _ in range(0 if body else accepted):
                answer()
            continue
        d.command(line)
        code = answer()
        verb = line[:4].upper()
        accepted = 0 if verb in ("MAIL", "RSET", "LHLO") else accepted + (verb == "RCPT" and code == "250")
        body = verb == "DATA" and code == "354"
    d.end("logged out")


def whole_replies(said):
    lines = []
    for line in said:
        lines.append(line)
        if line[3:4] != "-":
            yield lines
            lines = []


# --- a server that says odd things -------------------------------------------------------------------

class Odd(Extra):
    packages = ("python3-aiosmtpd",)

    def start(self):
        self.run(net.INTERNET, "/usr/bin/python3", HERE + "/odd_server.py", out=self.home + "/log")
        for place in odd_server.PLACES:
            net.wait_for(place, 25)

    def dialogues(self):
        live, found = {}, []
        with open(self.home + "/log") as f:
            for order, line in enumerate(f):
                one = json.loads(line)
                key = tuple(one["client"])
                if one["event"] == "connect":
                    live[key] = Dialogue(one["at"], order, *key, *one["server"], "the aiosmtpd server's own log")
                    found.append(live[key])
                elif one["event"] == "told":
                    live[key].command(one["line"])
                elif one["event"] == "said":
                    odd_reply(live[key], bytes.fromhex(one["bytes"]))
                elif one["event"] == "end":
                    live.pop(key).end(one["how"])
        return found


def odd_reply(d, said):
    """The last line with a code says what the reply is. One without any is no answer that anybody can read; one that is
    never closed is none."""
    lines = [line.rstrip("\r") for line in said.decode("utf-8", "replace").split("\n")]
    if said.endswith(b"\n"):
        lines.pop()
    coded = [line for line in lines if re.match(r"\d{3}([ -]|$)", line)]
    # An enhanced code that belongs to another code than the last one's is no part of the text.
    coded = [re.sub(r"^((\d)\d\d.)\2\.\d+\.\d+ ", r"\1", line) if line[0] != coded[-1][0] else line for line in coded]
    if not coded:
        d.events.append(("S", None, lines))
    elif coded[-1][3:4] != "-":
        d.events.append(("S", int(coded[-1][:3]), [line[4:] for line in coded]))


# --- nginx as mail proxy -----------------------------------------------------------------------------

NGINX = """load_module /usr/lib/nginx/modules/ngx_mail_module.so;
pid {home}/pid; error_log {home}/log info; worker_processes 1;
events {{ worker_connections 64; }}
mail {{
  server_name mail.club.example;
  auth_http 127.0.0.1:{port}/;
  proxy_pass_error_message on;
  ssl_certificate {cert}; ssl_certificate_key {key};
  server {{ listen {ip}:587; protocol smtp; smtp_auth plain login; starttls on; xclient on; }}
}}
"""
AUTH_PORT = 8087

# Where a client belongs that nginx asks about.
AUTH = r"""
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        good = self.headers.get("Auth-Pass") == "correct-horse"
        self.send_response(200)
        self.send_header("Auth-Status", "OK" if good else "Invalid login or password")
        self.send_header("Auth-Server", sys.argv[1]); self.send_header("Auth-Port", "25")
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Answer).serve_forever()
"""


class Nginx(Extra):
    """A customer's submission server that ends TLS and AUTH, and tells the next one of its client by XCLIENT."""
    packages = ("nginx-light", "libnginx-mod-mail")

    def start(self):
        self.run(net.CUSTOMER, "/usr/bin/python3", "-c", AUTH, TRUSTING, str(AUTH_PORT))
        conf = NGINX.format(home=self.home, port=AUTH_PORT, cert=fetch.CERT, key=fetch.KEY, ip=NGINX_IP)
        self.run(net.CUSTOMER, "nginx", "-c", self.write("conf", conf), "-g", "daemon off;")
        net.wait_for(NGINX_IP, 587, namespace=net.CUSTOMER)
        net.wait_for("127.0.0.1", AUTH_PORT, namespace=net.CUSTOMER)


# --- sslsplit ----------------------------------------------------------------------------------------

class Sslsplit(Extra):
    """Ends the client's TLS and begins one of its own with the server; what went through in clear it writes as a capture."""
    packages = ("sslsplit",)
    pcap = "split.pcap"

    def start(self):
        self.run(net.INTERNET, "sslsplit", "-D", "-k", fetch.KEY, "-c", fetch.CERT, "-X", f"{self.home}/{self.pcap}",
                 "autossl", SPLIT_IP, "25", TLS_MX, "25", "autossl", SPLIT_IP, "587", SUBMISSION, "587",
                 out=self.home + "/log")
        net.wait_for(SPLIT_IP, 25)
        net.wait_for(SPLIT_IP, 587)

    def alive(self):
        """sslsplit 0.5.5 now and then loses a race with itself when a connection comes, and ends."""
        if self.running[0].poll() is None:
            return True
        self.stop()
        self.start()
        return False

    def keep(self, path):
        """The capture that it wrote, in place of the link's."""
        shutil.move(f"{self.home}/{self.pcap}", path)
        os.chmod(path, 0o644)


EXTRAS = {"lmtp": Lmtp, "odd": Odd, "nginx": Nginx, "sslsplit": Sslsplit}
