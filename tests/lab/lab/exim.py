"""Exim instances, run from the unpacked package with configurations of the lab's own."""
import os
import shutil
import subprocess
import time

from . import fetch, net

COMMON = """spool_directory = {home}/spool
log_file_path = {home}/%slog
pid_file_path = {home}/pid
log_selector = +all -arguments -queue_run -ident_timeout -unknown_in_list
exim_path = {exim}
timezone = UTC
keep_environment =
never_users =
host_lookup =
rfc1413_query_timeout = 0s
smtp_return_error_details
message_logs = false
split_spool_directory = false
no_write_rejectlog
tls_certificate = {cert}
tls_privatekey = {key}
"""


class Exim:
    def __init__(self, name, namespace, config):
        self.home = f"{fetch.WORK}/run/{name}"
        self.namespace = namespace
        self.log = self.home + "/mainlog"
        self.debug = self.home + "/debug"
        self.config = self.home + "/config"
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home + "/spool")
        os.makedirs(self.home + "/mail")
        with open(self.config, "w") as f:
            f.write((COMMON + config).format(home=self.home, cert=fetch.CERT, key=fetch.KEY, exim=fetch.EXIM))
        for path in (self.home, self.home + "/spool", self.home + "/mail"):
            shutil.chown(path, "Debian-exim", "Debian-exim")
        open(self.debug, "w").close()
        self.proc = None

    def command(self, *args):
        """Exim gives up its rights for a configuration it does not trust; the list of those it trusts has a
        path that is compiled in, so an /etc of its own is laid over."""
        layover = f"mount -t overlay none -o lowerdir={fetch.EXIM_ETC}:/etc /etc && exec \"$@\""
        return ["unshare", "--mount", "bash", "-c", layover, "-",
                *net.inside(self.namespace, fetch.EXIM, "-C", self.config, *args)]

    def start(self):
        """In the foreground with its SMTP transcript: every line carries the time and the process."""
        out = open(self.debug, "ab")
        self.proc = subprocess.Popen(self.command("-bdf", "-d-all+receive+acl+transport+tls+pid+timestamp"), stdout=out,
                                     stderr=out, stdin=subprocess.DEVNULL)
        end = time.time() + 10
        while time.time() < end:
            if os.path.exists(self.log) and "daemon started" in open(self.log, errors="replace").read():
                return
            if self.proc.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("Exim did not start: " + open(self.debug, errors="replace").read()[-2000:])

    def stop(self):
        if self.proc and self.proc.poll() is None:
            self.proc.terminate()
            self.proc.wait()

    def send(self, sender, recipients, message, how="-odf"):
        """Hand a message in. -odf delivers in the foreground, -odq only queues. The transcript goes to the debug file."""
        with open(self.debug, "ab") as out:
            debug = ["-d-all+transport+receive+deliver+tls+pid+timestamp"] if how == "-odf" else []
            subprocess.run(self.command(*debug, how, "-oi", "-f", sender, *recipients),
                           input=message.replace(b"\r\n", b"\n"), stdout=out, stderr=out, check=False)

    def run_queue(self):
        with open(self.debug, "ab") as out:
            subprocess.run(self.command("-d-all+transport+receive+deliver+tls+pid+timestamp", "-qqff"), stdout=out,
                           stderr=out, stdin=subprocess.DEVNULL, check=False)

    def empty_queue(self):
        for root, _, files in os.walk(self.home + "/spool"):
            for name in files:
                if name.endswith(("-H", "-D", "-J")) or "/db" in root:
                    os.unlink(os.path.join(root, name))
