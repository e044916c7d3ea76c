"""The servers whose reports tests/lab/bounce_mails collects. Each is mail.example.com, 198.51.100.10, while it runs; one runs at a time.

A server has start(), stop(), send(sender, recipients, message, options) and, if its queue needs to be told, poke().

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import smtplib
import socket
import subprocess
import time

from . import exim, fetch, opensmtpd, postfix
from .bounce_net import CLIENT_IP, SENDER_IP, SPACE, wait_for, wait_for_end
from .net import inside, sh

NAME = "mail.example.com"


def named(*args):
    """A program in the namespace that takes the machine's name for mail.example.com."""
    return inside(SPACE, "unshare", "--uts", "sh", "-c", f"hostname {NAME}; exec \"$@\"", "-", *args)


class BySmtp:
    """Mail is handed in over SMTP, with what the client asks for by RFC 3461."""

    def send(self, sender, recipients, message, options):
        with in_space(lambda: smtplib.SMTP(SENDER_IP, 25, "client.example.com", timeout=20,
                                           source_address=(CLIENT_IP, 0))) as client:
            client.ehlo()
            mail = (["RET=" + options["ret"]] if "ret" in options else []) + \
                   (["ENVID=" + options["envid"]] if "envid" in options else []) + \
                   (["SMTPUTF8"] if options.get("utf8") else []) + (["BODY=8BITMIME"] if options.get("utf8") else [])
            notify = ["NOTIFY=" + options["notify"]] if "notify" in options else []
            if options.get("utf8"):
                client.command_encoding = "utf-8"
            self.checked(client.mail(sender, mail))
            for to in recipients:
                self.checked(client.rcpt(to, notify + ["ORCPT=rfc822;" + to] if notify else []))
            self.checked(client.data(message))

    @staticmethod
    def checked(reply):
        if reply[0] // 100 != 2:
            raise RuntimeError(f"the server under test refused: {reply}")

    def poke(self):
        pass


def in_space(function):
    """Calls it with this thread's network being the namespace's: sockets made there stay there."""
    import ctypes
    libc, here = ctypes.CDLL(None, use_errno=True), os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + SPACE, os.O_RDONLY)
    try:
        if libc.setns(there, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
        return function()
    finally:
        libc.setns(here, 0x40000000)
        os.close(here)
        os.close(there)


# --- Postfix -----------------------------------------------------------------------------------------

POSTFIX = """myhostname = mail.example.com
maillog_file =
mydomain = example.com
inet_interfaces = 198.51.100.10
inet_protocols = ipv4
smtp_bind_address = 198.51.100.10
mynetworks = 127.0.0.0/8 198.51.100.0/24
mydestination = lists.example.com
local_transport = local
alias_maps = hash:{home}/conf/aliases
local_recipient_maps =
virtual_mailbox_domains = shop.example.com
virtual_mailbox_maps = inline:{{ {{ ann@shop.example.com = box/ }}, {{ bob@shop.example.com = box/ }} }}
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
relocated_maps = inline:{{ {{ zoe@shop.example.com = zoe@example.org }} }}
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_connect_timeout = 2s
smtp_skip_5xx_greeting = no
transport_maps = hash:{home}/conf/transport
enable_long_queue_ids = yes
"""
PIPES = {"full": (77, "5.2.2 <ann@full.example.com> Mailbox is full: quota of 100 MB exceeded"),
         "plain": (69, "Mailbox for this user is locked by the administrator")}


class Postfix(BySmtp):
    def __init__(self, more=""):
        pipes = "".join("%s unix - n n - - pipe user=nobody argv=/bin/sh -c {{ echo '%s'; exit %d }}\n" % (n, text, code)
                        for n, (code, text) in PIPES.items())
        self.one = postfix.Postfix(
            "bounce-postfix", SPACE, POSTFIX + more,
            "local unix - n n - - local\n" + pipes + "198.51.100.10:25 inet n - n - - smtpd\n",
            {"aliases": "staff: ann@shop.example.com, bob@shop.example.com\nsome: ann@shop.example.com, nobody@example.net\n",
             "transport": "full.example.com full:\nplain.example.com plain:\n"})
        self.last_entries()
        sh(*inside(SPACE, "postalias", "-c", self.one.home + "/conf", f"hash:{self.one.home}/conf/aliases"))

    def last_entries(self):
        """An entry that stands twice is warned of by every process. (There is no log, because postlogd, when many write to it
        as it starts, waits for itself for ever.)"""
        path, last = self.one.home + "/conf/main.cf", {}
        with open(path) as f:
            for line in f:
                last[line.split("=")[0].strip()] = line
        with open(path, "w") as f:
            f.writelines(last.values())

    def start(self):
        sh(*inside(SPACE, "postfix", "-c", self.one.home + "/conf", "start"))
        wait_for(SENDER_IP)

    def stop(self):
        self.one.stop()
        wait_for_end(SENDER_IP)


# --- Exim --------------------------------------------------------------------------------------------

EXIM = """primary_hostname = mail.example.com
local_interfaces = 198.51.100.10
daemon_smtp_ports = 25
tls_advertise_hosts =
dsn_advertise_hosts = *
acl_smtp_rcpt = accept
acl_smtp_data = accept
smtputf8_advertise_hosts = *
{more}
begin routers
closed:
  driver = redirect
  domains = shop.example.com
  local_parts = closed
  allow_fail
  data = :fail: The mailbox is closed
full:
  driver = accept
  domains = shop.example.com
  local_parts = full
  transport = full
box:
  driver = accept
  domains = shop.example.com
  local_parts = ann : bob
  transport = box
out:
  driver = dnslookup
  domains = ! shop.example.com
  transport = out
  ignore_target_hosts = 127.0.0.0/8
  no_more
begin transports
out:
  driver = smtp
  interface = 198.51.100.10
  hosts_try_chunking =
  hosts_avoid_tls = *
  connect_timeout = 2s
box:
  driver = appendfile
  directory = {{home}}/mail/box
  maildir_format
  create_directory
  user = Debian-exim
full:
  driver = appendfile
  directory = {{home}}/mail/full
  maildir_format
  create_directory
  user = Debian-exim
  quota = 100
  quota_is_inclusive
begin retry
* quota
* * F,{life},2s
"""


class Exim(BySmtp):
    def __init__(self, more="", life="1h"):
        self.one = exim.Exim("bounce-exim", SPACE, EXIM.format(more=more, life=life))

    def start(self):
        self.one.start()
        wait_for(SENDER_IP)

    def stop(self):
        self.one.stop()

    def poke(self):
        sh(*self.one.command("-q"), check=False)


# --- OpenSMTPD ---------------------------------------------------------------------------------------

OPENSMTPD = """table users file:{home}/users
listen on 198.51.100.10 port 25 hostname mail.example.com
queue ttl %s
bounce warn-interval %s
action keep maildir "{home}/mail/box" virtual <users>
action full mda "echo '552 5.2.2 Mailbox full'; exit 77" virtual <users>
action out relay src 198.51.100.10 helo mail.example.com
match from any for domain "shop.example.com" action keep
match from any for domain "full.example.com" action full
match from any for any action out
"""


class OpenSMTPD(BySmtp):
    def __init__(self, life="1h", warn="4h"):
        self.one = opensmtpd.OpenSMTPD("bounce-opensmtpd", SPACE, OPENSMTPD % (life, warn))
        with open(self.one.home + "/users", "w") as f:
            f.write("ann@shop.example.com nobody\nann@full.example.com nobody\n")

    def start(self):
        script = opensmtpd.LAYOVER.format(home=self.one.home, root=fetch.OPENSMTPD_ROOT)
        out = open(self.one.log, "ab")
        self.one.proc = subprocess.Popen(named("bash", "-c", script), stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        wait_for(SENDER_IP)

    def stop(self):
        self.one.stop()


# --- Sendmail ----------------------------------------------------------------------------------------

SENDMAIL_ROOT, SENDMAIL_CF = fetch.WORK + "/root-sendmail-bin", fetch.WORK + "/root-sendmail-cf/usr/share/sendmail/cf"
SENDMAIL = """divert(-1)
include(`{cf}/m4/cf.m4')
OSTYPE(`linux')
define(`confDOMAIN_NAME', `mail.example.com')
define(`QUEUE_DIR', `{home}/queue')
define(`STATUS_FILE', `{home}/statistics')
define(`confPID_FILE', `{home}/pid')
define(`confCW_FILE', `-o {home}/names')
define(`ALIAS_FILE', `{home}/aliases')
define(`HELP_FILE', `{home}/help')
define(`confDEF_USER_ID', `nobody:nogroup')
define(`confTRUSTED_USER', `root')
define(`confDONT_BLAME_SENDMAIL', `GroupWritableDirPathSafe')
define(`confDELIVERY_MODE', `background')
define(`confMIN_QUEUE_AGE', `0')
define(`confDSN_RRT', `False')
define(`confTO_CONNECT', `2s')
define(`confTO_ICONNECT', `2s')
define(`confTO_IDENT', `0')
define(`confTO_HOSTSTATUS', `0s')
define(`confTO_QUEUERETURN', `{life}')
define(`confTO_QUEUEWARN', `{warn}')
define(`confDONT_PROBE_INTERFACES', `True')
define(`confLOG_LEVEL', `9')
define(`LOCAL_MAILER_PATH', `{home}/deliver')
define(`LOCAL_MAILER_ARGS', `deliver $u')
define(`LOCAL_SHELL_PATH', `/bin/sh')
FEATURE(`promiscuous_relay')
FEATURE(`use_cw_file')
FEATURE(`accept_unqualified_senders')
FEATURE(`accept_unresolvable_domains')
FEATURE(`nouucp', `reject')
DAEMON_OPTIONS(`Port=smtp,Addr=198.51.100.10,Name=MTA')
CLIENT_OPTIONS(`Family=inet,Address=198.51.100.10')
MAILER(`local')
MAILER(`smtp')
"""
DELIVER = """#!/bin/sh
exec cat >/dev/null
"""


class Sendmail(BySmtp):
    """A local user is whom /etc/passwd has, or an alias; the local mailer throws away what it gets."""

    def __init__(self, life="1h", warn="4h"):
        self.home = "/run/mailspan-bounces-sendmail"    # it trusts no folder below one that everybody may write to
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home + "/queue", 0o700)
        self.write("deliver", DELIVER, 0o755)
        self.write("aliases", "postmaster: root\nMAILER-DAEMON: postmaster\nstaff: ann@example.net, bob@example.net\n")
        self.write("names", "shop.example.com\n")
        self.write("help", "")
        self.write("mc", SENDMAIL.format(cf=SENDMAIL_CF, home=self.home, life=life, warn=warn))
        made = subprocess.run(["m4", "-D_CF_DIR_=" + SENDMAIL_CF + "/", self.home + "/mc"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=True)
        with open(self.home + "/cf", "wb") as f:
            f.write(made.stdout)
        self.proc = None

    def write(self, name, text, mode=0o644):
        with open(f"{self.home}/{name}", "w") as f:
            f.write(text)
        os.chmod(f"{self.home}/{name}", mode)

    def program(self, *args):
        return named(SENDMAIL_ROOT + "/usr/libexec/sendmail/sendmail", "-C" + self.home + "/cf", *args)

    def start(self):
        sh(*self.program("-bi"))
        out = open(self.home + "/log", "ab")
        self.proc = subprocess.Popen(self.program("-bD", "-q2s"), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        wait_for(SENDER_IP)

    def stop(self):
        if self.proc:
            self.proc.terminate()
            self.proc.wait()
        shutil.rmtree(self.home)


# --- dma ---------------------------------------------------------------------------------------------

class Dma:
    """Its folders are compiled in: a mount namespace lays the package's and a spool of its own over them."""

    def __init__(self):
        self.home = fetch.WORK + "/run/bounce-dma"
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("etc/dma", "spool/dma"):
            os.makedirs(f"{self.home}/{folder}")
        with open(self.home + "/etc/dma/dma.conf", "w") as f:
            f.write("MAILNAME mail.example.com\n")
        open(self.home + "/etc/aliases", "w").close()
        for folder in ("spool", "spool/dma"):
            shutil.chown(f"{self.home}/{folder}", "root", "mail")
            os.chmod(f"{self.home}/{folder}", 0o2775)

    def run(self, *args, **more):
        lay = (f"mount -t overlay none -o lowerdir={self.home}/etc:/etc /etc && mount --bind {self.home}/spool /var/spool && "
               f"exec {fetch.WORK}/root-dma/usr/sbin/dma \"$@\"")
        # /etc/resolv.conf of the namespace is a mount, which the overlay would hide.
        shutil.copy(f"/etc/netns/{SPACE}/resolv.conf", self.home + "/etc/resolv.conf")
        shutil.copy(f"/etc/netns/{SPACE}/hosts", self.home + "/etc/hosts")
        return subprocess.run(named("bash", "-c", lay, "-", *args), check=False, **more)

    def start(self):
        pass

    def stop(self):
        time.sleep(1)

    def poke(self):
        self.run("-q")

    def send(self, sender, recipients, message, options):
        self.run("-i", "-f", sender, *recipients, input=message.replace(b"\r\n", b"\n"))


# --- Dovecot -----------------------------------------------------------------------------------------

DOVECOT = """base_dir = {home}/base
state_dir = {home}/state
log_path = {home}/log
protocols = lmtp
listen = 198.51.100.10
ssl = no
hostname = mail.example.com
postmaster_address = postmaster@example.com
submission_host = 203.0.113.5:25
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
recipient_delimiter = +
{more}
service lmtp {{
  process_limit = 1
  inet_listener lmtp {{
    port = 24
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
passdb {{
  driver = passwd-file
  args = username_format=%n {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {home}/users
}}
protocol lmtp {{
  mail_plugins = quota sieve
}}
protocol lda {{
  mail_plugins = quota sieve
}}
service auth {{
  unix_listener auth-userdb {{
    mode = 0666
  }}
}}
plugin {{
  quota = count:User
  quota_rule = *:storage=10M
  quota_vsizes = yes
  sieve = file:{home}/sieve/%n.sieve
  sieve_vacation_min_period = 0
  sieve_vacation_default_period = 1d
}}
"""
SIEVES = {
    "refuser": 'require "reject";\nreject "I do not take mail from this sender. Please do not write again.";\n',
    "refuser8": 'require "reject";\nreject "Ich m\u00f6chte keine Post von Ihnen.";\n',
    "away": 'require "vacation";\nvacation :days 7 :subject "Out of the office until Monday" '
            '"I am away and will answer next week.";\n',
    "away8": 'require ["vacation", "mime"];\nvacation :subject "Abwesenheit: zur\u00fcck am 7. M\u00e4rz" '
             '"Ich bin im Urlaub. Viele Gr\u00fc\u00dfe, J\u00f6rg";\n',
    "awayplain": 'require "vacation";\nvacation "Gone fishing.";\n',
}


class Dovecot:
    """Takes mail by LMTP, or as dovecot-lda, which speaks for itself where LMTP would have its client speak."""

    def __init__(self, more=""):
        self.home = fetch.WORK + "/run/bounce-dovecot"
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("mail", "sieve", "state"):
            os.makedirs(f"{self.home}/{folder}")
            os.chmod(f"{self.home}/{folder}", 0o777)
        os.chmod(self.home, 0o755)
        with open(self.home + "/users", "w") as f:
            for user in ("ann", "full", *SIEVES):
                little = "userdb_quota_rule=*:bytes=100" if user == "full" else ""
                f.write(f"{user}:{{PLAIN}}x:65534:65534::{self.home}/mail::{little}\n")
        for user, script in SIEVES.items():
            with open(f"{self.home}/sieve/{user}.sieve", "w") as f:
                f.write(script)
        with open(self.home + "/conf", "w") as f:
            f.write(DOVECOT.format(home=self.home, more=more))
        open(self.home + "/log", "w").close()
        os.chmod(self.home + "/log", 0o666)
        self.proc = None

    def start(self):
        self.proc = subprocess.Popen(named("dovecot", "-F", "-c", self.home + "/conf"), stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(SENDER_IP, 24)

    def stop(self):
        self.proc.terminate()
        self.proc.wait()

    def poke(self):
        pass

    def send(self, sender, recipients, message, options):
        if "lda" in options:
            subprocess.run(named("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/lib/dovecot/dovecot-lda", "-c",
                                  self.home + "/conf", "-d", recipients[0].split("@")[0], "-f", sender, "-a", recipients[0]),
                           input=message.replace(b"\r\n", b"\n"), check=False)
            return
        with in_space(lambda: smtplib.LMTP(SENDER_IP, 24, "client.example.com")) as client:
            client.sendmail(sender, recipients, message)


# --- the package vacation ----------------------------------------------------------------------------

class Vacation(Postfix):
    """vacation(1) of ann, run by hand as her .forward would; what it says goes out by Postfix."""

    def __init__(self, text, *options):
        super().__init__()
        self.text, self.options = text, options
        self.user = self.one.home + "/ann"
        os.makedirs(self.user)
        with open(self.user + "/.vacation.msg", "w") as f:
            f.write(text)
        shutil.copy("/usr/sbin/sendmail", self.one.home + "/sendmail.real")
        with open(self.one.home + "/sendmail", "w") as f:
            f.write(f"#!/bin/sh\nexec {self.one.home}/sendmail.real -C {self.one.home}/conf \"$@\"\n")
        os.chmod(self.one.home + "/sendmail", 0o755)

    def send(self, sender, recipients, message, options):
        lay = f"mount --bind {self.one.home}/sendmail /usr/sbin/sendmail && cd {self.user} && exec vacation \"$@\""
        for args in (["-I", "-f", self.user + "/db", "-m", self.user + "/.vacation.msg"],
                     ["-f", self.user + "/db", "-m", self.user + "/.vacation.msg", "-a", "ann@shop.example.com",
                      *self.options, "root"]):
            subprocess.run(named("bash", "-c", lay, "-", *args), check=False,
                           input=b"From " + sender.encode() + b" Sat Nov 21 10:00:00 2026\n" + message.replace(b"\r\n", b"\n"))


def prepare():
    """Programs that exclude Postfix as packages are unpacked; users that they insist on are added."""
    os.makedirs(fetch.WORK + "/run", exist_ok=True)
    for package in ("exim4-daemon-light", "opensmtpd", "sendmail-bin", "sendmail-cf", "dma"):
        fetch.unpack(package)
    for name in ("Debian-exim", "opensmtpd", "opensmtpq"):
        fetch.user(name)
    fetch.certificate()
    fetch.trust_configurations()


socket.setdefaulttimeout(30)
