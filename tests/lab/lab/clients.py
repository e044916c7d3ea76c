"""The programs that send, run in the customers' namespace; each leaves its log in the case's folder."""
import base64
import collections
import itertools
import json
import os
import signal
import subprocess

from . import letters, net

HERE = os.path.dirname(os.path.abspath(__file__))


class Clients:
    """The clients of one case. `letters` fills with what is known of each message, by envelope sender."""

    def __init__(self, folder, world):
        self.folder, self.world = folder, world
        self.letters, self.ports, self.port_lists = {}, {}, collections.defaultdict(list)
        self.later = None  # of later.py: what the case knows of its source and of what tells of its mails
        self.others, self.tunnels = None, {}  # tunnels: by envelope sender, the way on the link
        self.numbers = itertools.count(1)

    def know(self, sender, message, verbatim, source):
        self.letters[sender] = letters.known(message, verbatim, source)

    def log(self, name):
        return open(f"{self.folder}/{name}.log", "ab")

    def smtplib(self, *plans, namespace=net.CUSTOMER, log="smtplib"):
        """plans: dicts as client_smtplib.py takes them, with messages as bytes. log: another name for what does not pass the link."""
        for plan in plans:
            plan.setdefault("helo", "web10.hosting.example")
            for step in plan["steps"]:
                if "message" in step and isinstance(step["message"], bytes):
                    self.know(step["from"], step["message"], True, "the text handed to smtplib")
                    step["message"] = base64.b64encode(step["message"]).decode()
                if "inner" in step:  # where the one ends and the other begins is the server's choice
                    inner = step["inner"]
                    self.letters[step["from"]].update(body_bytes=None, hides=True)
                    self.know(inner["from"], inner["message"], True, "the text handed to smtplib")
                    self.letters[inner["from"]]["body_bytes"] = len(letters.on_the_wire(inner["message"]))
                    inner["message"] = base64.b64encode(inner["message"]).decode()
        with self.log(f"{log}-{next(self.numbers)}") as log:  # a log of its own: several may run at a time
            done = subprocess.run(net.inside(namespace, "/usr/bin/python3", HERE + "/client_smtplib.py"),
                                  input=json.dumps(plans).encode(), stdout=log, stderr=log, timeout=300)
        if done.returncode not in (0, -signal.SIGKILL):  # a plan may end by killing its client
            raise RuntimeError(f"client_smtplib.py failed, see {log.name}")

    def swaks(self, local, server, sender, to, message, *more, port=25, check=False):
        """message: bytes, sent as they are. The client's port is one we choose, since swaks does not log it."""
        name = f"swaks-{next(self.numbers)}"
        path = f"{self.folder}/{name}.eml"
        with open(path, "wb") as f:
            f.write(letters.on_the_wire(message) + b".")  # without its fix-up swaks adds only a line's end
        self.know(sender, message, True, "the text handed to swaks")
        args = ["swaks", "--server", server, "--port", str(port), "--local-interface", local, "--from", sender, "--to", to,
                "--ehlo", "web10.hosting.example", "--data", "@" + path, "--no-data-fixup", *more]
        if ":" in server:
            args.append("-6")
        with self.log(name) as log:
            return subprocess.run(net.inside(net.CUSTOMER, *args), stdout=log, stderr=log, check=check, timeout=60)

    def msmtp(self, local, server, sender, to, message, *more, port=25):
        self.know(sender, message, True, "the text handed to msmtp")
        args = ["msmtp", "-C", "/dev/null", "--host=" + server, f"--port={port}", "--source-ip=" + local,
                "--domain=web11.hosting.example", "--from=" + sender, "--undisclosed-recipients=off", "--debug",
                "--tls=off", "--auth=off", "--logfile=" + self.folder + "/msmtp.logfile", *more, "--", *to]
        with self.log("msmtp") as log:
            return subprocess.run(net.inside(net.CUSTOMER, *args), stdout=log, stderr=log, timeout=60,
                                  input=message.replace(b"\r\n", b"\n"))

    def postfix(self, sender, to, message, *options):
        self.know(sender, message, False, "the message handed to Postfix")
        self.world.shop.send(sender, to, message, *options)

    def exim(self, sender, to, message, how="-odf"):
        self.know(sender, message, False, "the message handed to Exim")
        self.world.bakery.send(sender, to, message, how)
