"""Postfix instances run from folders of the lab's own."""
import os
import shutil
import subprocess
import time

from . import fetch, net

MAIN = """compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
mynetworks = 127.0.0.0/8 [::1]/128
mydestination =
alias_maps =
alias_database =
local_transport = error:5.1.1 no local mail here
maillog_file = {home}/log
maillog_file_prefixes = /
smtpd_client_port_logging = yes
smtputf8_enable = yes
biff = no
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_loglevel = 1
smtp_tls_loglevel = 1
queue_run_delay = 3s
minimal_backoff_time = 3s
maximal_backoff_time = 3s
"""

MASTER = """pickup     unix n - n 60 1 pickup
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
verify     unix - - n - 1 verify
flush      unix n - n 1000? 0 flush
proxymap   unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp       unix - - n - - smtp
relay      unix - - n - - smtp
showq      unix n - n - - showq
error      unix - - n - - error
retry      unix - - n - - error
discard    unix - - n - - discard
virtual    unix - n n - - virtual
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
postlog    unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance: further lines of main.cf and master.cf, hash tables and plain files by name."""

    def __init__(self, name, namespace, main, master, maps=None, files=None):
        self.home = f"{fetch.WORK}/run/{name}"
        self.namespace = namespace
        self.log = self.home + "/log"
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("conf", "spool", "data", "mail"):
            os.makedirs(f"{self.home}/{folder}")
        shutil.chown(self.home + "/data", "postfix", "postfix")
        shutil.chown(self.home + "/mail", 65534, 65534)
        fill = dict(home=self.home, cert=fetch.CERT, key=fetch.KEY)
        self._write("main.cf", MAIN.format(**fill) + main.format(**fill))
        self._write("master.cf", MASTER + master.format(**fill))
        for path, text in (files or {}).items():
            self._write(path, text)
        for table, text in (maps or {}).items():
            self.table(table, text)

    def _write(self, name, text):
        with open(f"{self.home}/conf/{name}", "w") as f:
            f.write(text)

    def table(self, name, text):
        self._write(name, text)
        net.sh(*net.inside(self.namespace, "postmap", "-c", self.home + "/conf", f"hash:{self.home}/conf/{name}"))

    def start(self):
        net.sh(*net.inside(self.namespace, "postfix", "-c", self.home + "/conf", "start"))
        self._wait_for("starting the Postfix mail system")

    def _wait_for(self, words, limit=10):
        end = time.time() + limit
        while time.time() < end:
            if os.path.exists(self.log) and words in open(self.log, errors="replace").read():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.home}: not in the log: {words}")

    def stop(self):
        net.sh(*net.inside(self.namespace, "postfix", "-c", self.home + "/conf", "abort"), check=False)

    def send(self, sender, recipients, message, *options):
        """Hand a message (bytes) to the instance's sendmail."""
        subprocess.run(net.inside(self.namespace, "sendmail", "-C", self.home + "/conf", "-i", "-f", sender, *options, "--",
                                  *recipients), input=message.replace(b"\r\n", b"\n"), check=True)

    def control(self, *args):
        net.sh(*net.inside(self.namespace, args[0], "-c", self.home + "/conf", *args[1:]), check=False)

    def empty_queue(self):
        self.control("postsuper", "-d", "ALL")

    def queue_empty(self):
        out = net.sh(*net.inside(self.namespace, "postqueue", "-c", self.home + "/conf", "-p"), check=False).stdout
        return "queue is empty" in out
