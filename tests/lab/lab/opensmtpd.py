"""OpenSMTPD, run from the unpacked package.

Its paths are compiled in: a mount namespace lays the unpacked programs and folders of the lab's own over them.
"""
import os
import shutil
import subprocess
import time

from . import fetch, net

# The tools of the package and its spool, seen only by this process and its children.
LAYOVER = """set -e
mount --make-rprivate /
mkdir -p {home}/empty {home}/spool {home}/varlib/opensmtpd/empty
mount -t tmpfs none /var/spool && mkdir -p /var/spool/smtpd
mount --bind {home}/varlib /var/lib
mount -t tmpfs none /run
mount -t overlay none -o lowerdir={root}/usr/libexec:/usr/libexec /usr/libexec
chmod 711 /var/spool/smtpd
exec {root}/usr/sbin/smtpd -d -v -T smtp -f {home}/conf
"""


class OpenSMTPD:
    def __init__(self, name, namespace, config):
        self.home = f"{fetch.WORK}/run/{name}"
        self.namespace = namespace
        self.log = self.home + "/log"
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home + "/mail")
        os.chmod(self.home + "/mail", 0o777)
        with open(self.home + "/users", "w") as f:
            f.write("".join(f"{u}@bsd.example nobody\n" for u in ["kim", "lee"] + [f"user{n}" for n in range(40)]))
        with open(self.home + "/conf", "w") as f:
            f.write(config.format(home=self.home))
        self.proc = None

    def start(self):
        script = LAYOVER.format(home=self.home, root=fetch.OPENSMTPD_ROOT)
        out = open(self.log, "ab")
        self.proc = subprocess.Popen(net.inside(self.namespace, "bash", "-c", script), stdout=out, stderr=out,
                                     stdin=subprocess.DEVNULL)
        end = time.time() + 10
        while time.time() < end and self.proc.poll() is None:
            if b"203.0.113.30:25" in subprocess.run(net.inside(self.namespace, "ss", "-Hltn"),
                                                    stdout=subprocess.PIPE).stdout:
                return
            time.sleep(0.1)
        raise RuntimeError("OpenSMTPD did not start: " + open(self.log, errors="replace").read()[-2000:])

    def stop(self):
        if self.proc and self.proc.poll() is None:
            self.proc.terminate()
            self.proc.wait()
