"""A real Redis on a unix socket in the test's folder, which may be killed and started again, and what stands in it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import datetime
import json
import subprocess

from .bench import PATIENCE, check, wait_for
from .sensor import Lines


class Redis:
    """Writes each command to disk, so that it forgets nothing when it is killed."""

    def __init__(self, site, home):
        self.site = site  # it runs in the sensor's namespace: what ends there ends Redis, too
        self.folder = home / "redis"
        self.folder.mkdir()
        self.socket = self.folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        self.process = subprocess.Popen(
            self.site.inside("sensor", "redis-server", "--port", "0", "--unixsocket", self.socket, "--unixsocketperm",
                             "777", "--dir", self.folder,  # the sensor is not root when it connects
                             "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("Redis answers", lambda: self.cli("PING").stdout.strip() == '"PONG"', PATIENCE)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def cli(self, *command):
        return subprocess.run(["redis-cli", "-s", str(self.socket), "--json", *command], capture_output=True, text=True,
                              timeout=10, check=False)

    def ask(self, *command):
        done = self.cli(*command)
        check(done.returncode == 0, f"redis-cli {' '.join(command)}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def stream(self, about="decisions"):
        """The entries of mailspan:events, oldest first, each as a dict: of sources, or of the sensor's health."""
        entries = [dict(zip(fields[::2], fields[1::2])) for _, fields in self.ask("XRANGE", "mailspan:events", "-", "+")]
        return [entry for entry in entries if ('"type":"health"' in entry["event"]) == (about == "health")]


class Subscriber:
    """A redis-cli that listens on one channel: what a person or a simple controller would run."""

    def __init__(self, redis, channel):
        self.process = subprocess.Popen(["redis-cli", "-s", str(redis.socket), "SUBSCRIBE", channel],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.lines = Lines(self.process.stdout)
        self.channel = channel

    def __enter__(self):
        wait_for(f"subscribed to {self.channel}", lambda: len(self.lines.seen) >= 3, PATIENCE)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def received(self):
        """(time of arrival, JSON as it came) of each event."""
        return [(at, line.rstrip(b"\n")) for at, line in list(self.lines.seen) if line.startswith(b"{")]


def seconds_since(event_time, at):
    """From an event's time (of its deciding packet) to a time of this machine's clock."""
    return at - datetime.datetime.fromisoformat(event_time).timestamp()
