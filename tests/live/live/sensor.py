"""`mailspan watch` as a test runs it, and what it says.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import signal
import subprocess
import threading
import time

from .bench import PATIENCE, check, wait_for


class Lines:
    """The lines of a pipe, each with the time of its arrival."""

    def __init__(self, pipe):
        self.pipe, self.seen = pipe, []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.pipe:
            self.seen.append((time.time(), line))

    def texts(self):
        return [line for _, line in list(self.seen)]


def spoken(lines):
    """What it said, but what each process of a build with sanitizers says of that."""
    return b"".join(line for line in lines if b": built with a sanitizer: " not in line).decode("utf-8", "replace")


class Sensor:
    """Runs from `with` to its end; stop() asks it to end, and says how long that took.  reader takes what it prints."""

    def __init__(self, command, reader=Lines):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.output, self.said = reader(self.process.stdout), Lines(self.process.stderr)
        self.parsed = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def words(self):
        return spoken(self.said.texts())

    def wait_until_said(self, text, seconds=PATIENCE):
        def said():
            check(text in self.words() or self.process.poll() is None,
                  f"mailspan ended with {self.process.returncode} and did not say {text!r}: {self.words()!r}")
            return text in self.words()
        wait_for(lambda: f"mailspan says {text!r}; it said {self.words()!r}", said, seconds)

    def records(self, kind):
        """The records of one type that were printed so far."""
        texts = self.output.texts()
        self.parsed += [json.loads(line) for line in texts[len(self.parsed):]]
        return [record for record in self.parsed if record["type"] == kind]

    def messages(self, ip):
        return [record for record in self.records("message") if record["client"]["ip"] == ip]

    def events(self):
        return self.records("event")

    def wait_end(self, seconds):
        """Its exit code, when it ends by itself in time."""
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            check(False, f"mailspan did not end within {seconds} s; it said {self.words()!r}")
        self.output.thread.join(20)
        self.said.thread.join(20)
        return code

    def stop(self, signum=signal.SIGTERM):
        """Its exit code and how long its end took."""
        start = time.monotonic()
        self.process.send_signal(signum)
        code = self.wait_end(PATIENCE)  # the sensor's own clock allows it 1.9 s; how long a busy machine takes is no matter
        return code, time.monotonic() - start
