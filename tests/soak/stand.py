"""The stand of a soak and of floods: a sensor on the network of tests/live, customers whose mail is known to the last
message, a sender on the mirror's cable, and the accounts that must come out even in the end.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import fcntl
import functools
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "live"))

from live import metrics, processes, quick, site  # noqa: E402
from live.bench import Failed, check, run, wait_for  # noqa: E402
from live.sensor import Lines, Sensor  # noqa: E402
from live.store import Redis  # noqa: E402
from live.talk import Dialogue, Talkers  # noqa: E402

PATIENCE = 60  # seconds, for what takes one or two
SANITIZED = b"__asan_init"
KNOWN = "ann@dest.example"
BAD, GOOD = site.MANY4[:4], site.MANY4[10:14]
LARGEST_MTU = 65535
PIPE_BYTES = 1 << 20  # as large as Linux lets anybody have it
STREAM_MAX = 1000
HOME = f"{site.HOME_NETWORKS[:-1]}, 10.0.0.0/8, '2001:db8:1000::/40']"
BLOCK_LASTS = "levels: [6h]"  # longer than any soak: nothing but the block is said of a bad customer

# Where each frame that is read ends up, once (docs/architecture.md).
FRAMES_BECAME = ("tcp_segments", "frame_other", "fragments")
FRAMES_LOST = ("frame_malformed", "frame_unknown", "frame_too_deep", "tunnel_untrusted", "checksum_ip", "checksum_tcp")
# Each payload byte (docs/architecture.md).
BYTES_LOST = ("late_bytes", "before_start_bytes", "outside_bytes", "after_end_bytes", "reset_bytes", "no_flow_bytes",
              "unwanted_bytes", "unkept_bytes")


# --- what the sensor says -------------------------------------------------------------------------------------------

class Ledger:
    """What customers' messages came to, and what was told of them: what both say is forgotten."""

    def __init__(self):
        self.lock, self.open, self.sent, self.unsure = threading.Lock(), collections.Counter(), 0, 0

    def add(self, key, count):
        with self.lock:
            self.sent += count > 0
            self.open[key] += count
            if self.open[key] == 0:
                del self.open[key]

    def came_to(self, source, sender, outcome):
        self.add((source, sender, outcome), 1)

    def told(self, record):
        self.add((record["client"]["ip"], record["sender"], record["outcome"]), -1)

    def not_told(self):
        return [key for key, count in self.open.items() if count > 0]

    def not_sent(self):
        """What was told of a message as nobody sent it: a contradiction, but where it says that it does not know."""
        return [key for key, count in self.open.items() if count < 0 and key[2] != "unknown" and key[1] is not None]


class Tally:
    """Takes what a sensor prints, and keeps sums; of the known customers everything."""

    def __init__(self, pipe):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self.pipe, self.ledger, self.read_pieces = pipe, Ledger(), queue.SimpleQueue()
        self.told, self.outcomes, self.visibilities = (collections.Counter() for _ in range(3))
        self.events, self.health, self.summary, self.broken = [], [], None, 0
        self.thread = threading.Thread(target=self.understand, daemon=True)
        self.thread.start()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Does nothing else: at its end a sensor has much to say, and little time."""
        while piece := os.read(self.pipe.fileno(), PIPE_BYTES):
            self.read_pieces.put(piece)
        self.read_pieces.put(None)

    def lines(self):
        rest = b""
        while (piece := self.read_pieces.get()) is not None:
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
        if rest:
            yield rest

    def understand(self):
        for line in self.lines():
            if line.startswith(b'{"type":"dialogue"'):  # very many come at once when a flood ends
                self.told["dialogue"] += 1
                continue
            try:
                self.take(json.loads(line))
            except (ValueError, KeyError):
                self.broken += 1

    def take(self, record):
        kind = record["type"]
        self.told[kind] += 1
        if kind == "message":
            self.outcomes[record["outcome"]] += 1
            self.visibilities[record["visibility"]] += 1
            if record["client"]["ip"] in BAD + GOOD:
                self.ledger.told(record)
        elif kind == "event" and record["subject"] in BAD + GOOD:
            self.events.append((record["subject"], record["data"]["kind"]))
        elif kind == "health":
            self.health.append((record["subject"], record["data"]["kind"]))
        elif kind == "summary":
            self.summary = record


# --- customers ------------------------------------------------------------------------------------------------------

class Customer(Dialogue):
    """One connection, of which each message has a sender of its own."""

    def __init__(self, place, source, ledger, serial):
        self.ledger, self.serial = ledger, serial
        super().__init__(place, source)

    def sender(self, _number):
        return f"n{next(self.serial)}@{self.source}.example"

    def refused(self):
        sender = self.sender(0)
        self.say(f"MAIL FROM:<{sender}>", b"250")
        self.say("RCPT TO:<nobody@dest.example>", b"550")
        self.say("RSET", b"250")
        self.ledger.came_to(self.source, sender, "bounced")

    def taken(self):
        sender = self.sender(0)
        self.say(f"MAIL FROM:<{sender}>", b"250")
        self.say(f"RCPT TO:<{KNOWN}>", b"250")
        self.say("DATA", b"354")
        self.say(f"From: <{sender}>\r\nTo: <{KNOWN}>\r\nSubject: Minutes\r\nDate: Mon, 5 Jan 2026 08:00:00 +0000\r\n"
                 f"Message-ID: <{sender}>\r\n\r\nThe minutes of our last meeting.\r\n.", b"250")
        self.ledger.came_to(self.source, sender, "delivered")


class Customers(Talkers):
    """Good ones and bad ones, a thread each, from `with` to its end.  The first of both keep one connection open all
    the time, the others make a new one every few messages."""

    patience = 30

    def __init__(self, place, ledger, sources=BAD + GOOD, pause=0.15):
        self.place, self.ledger, self.pause = place, ledger, pause
        self.problems = []
        super().__init__([functools.partial(self.live, source, source in BAD, source in (BAD[0], GOOD[0]))
                          for source in sources])

    def live(self, source, bad, faithful):
        serial = iter(range(1, 1 << 60))
        try:
            while not self.over.is_set():
                dialogue = Customer(self.place, source, self.ledger, serial)
                for _ in range(1 << 60 if faithful else 5):
                    dialogue.refused() if bad else dialogue.taken()
                    if self.over.wait(self.pause):
                        break
                dialogue.quit()
        except (OSError, Failed) as problem:
            self.problems.append(f"{source}: {problem}")


# --- the sender -----------------------------------------------------------------------------------------------------

class Sender:
    """tests/soak/soak_send on the mirror's cable."""

    def __init__(self, program, place, *arguments):
        self.process = subprocess.Popen(place.inside("edge", program, "mirror0", *arguments),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.lines = Lines(self.process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.lines.thread.join(20)

    def totals(self):
        texts = self.lines.texts()
        return json.loads(texts[-1]) if texts else collections.Counter()

    def end(self, seconds=None):
        """Its totals; without seconds it is told to end, else it is waited for."""
        if seconds is None:
            self.process.terminate()
        try:
            code = self.process.wait(20 if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            raise Failed("the sender did not end") from None
        self.lines.thread.join(20)
        check(code == 0, f"the sender ended with {code}")
        return self.totals()


# --- the stand ------------------------------------------------------------------------------------------------------

class Stand:
    def __init__(self, program, home, stack):
        self.home, self.program = home, home / "mailspan"
        shutil.copy(program, self.program)  # where its user can run it
        self.sanitized = SANITIZED in self.program.read_bytes()
        quick.write_rules(home)
        (home / "policy.yaml").write_text(quick.POLICY.replace("levels: [1h]", BLOCK_LASTS))
        self.place = stack.enter_context(site.Site())
        self.place.ip("sensor", "link set lo up", f"link set span0 mtu {LARGEST_MTU}")
        self.place.ip("edge", f"link set mirror0 mtu {LARGEST_MTU}")
        server = subprocess.Popen(self.place.inside("internet", "/usr/bin/python3", TESTS / "live/live/refuser.py",
                                                    site.SERVER4, 25, KNOWN), stdout=subprocess.PIPE)
        lines = Lines(server.stdout)
        wait_for("the server is ready", lambda: lines.seen, 10)
        self.redis = stack.enter_context(Redis(self.place, home))
        self.redis.start()

    def watch(self, more="", queues=2, flows=8192, sources=8192, buffer_mib=64, own_rules=True):
        """A sensor that works.  own_rules: all of the sensor's."""
        config = self.home / "mailspan.yaml"
        rules = "" if own_rules else "  content: content.yaml\n  setup: setup.yaml\n"
        config.write_text(f"home_networks: {HOME}\nheartbeat: 1s\nprivacy:\n  addresses: full\n"
                          f"rules:\n{rules}  policy: policy.yaml\n"
                          f"metrics:\n  listen: 127.0.0.1:{metrics.PORT}\n"
                          f"redis:\n  url: {self.redis.url}\n  stream_max: {STREAM_MAX}\n"
                          f"limits:\n  flows: {flows}\n  sources: {sources}\n  evidence: 8192\n"
                          f"capture:\n  interfaces: [span0]\n  queues: {queues}\n  buffer_mib: {buffer_mib}\n{more}")
        sensor = Sensor(self.place.inside("sensor", self.program, "watch", "--config", config, "--format", "jsonl",
                                          "--all"), Tally)
        try:
            sensor.wait_until_said("watching ", PATIENCE)
            sensor.wait_until_said("connected to Redis", PATIENCE)
        except BaseException:
            sensor.__exit__()
            raise
        return sensor

    def metrics(self):
        return metrics.ask(self.place, PATIENCE)

    def interface(self, role, name):
        """received, sent, and not sent, of an interface."""
        told, = json.loads(run("ip", "-s", "-j", "-n", self.place.names[role], "link", "show", "dev", name))
        return {"received": told["stats64"]["rx"]["packets"], "dropped": told["stats64"]["tx"]["dropped"]}

    def frames_now(self, figures=None):
        """What the cable brought until now, and what the sensor says of it."""
        figures = figures or self.metrics()
        return {"cable": self.interface("sensor", "span0")["received"],
                "handed_on": metrics.total(figures, "mailspan_interface_frames_total"),
                "kernel_drops": metrics.total(figures, "mailspan_kernel_drops_total"),
                "not_sent": self.interface("edge", "mirror0")["dropped"]}

    def frames(self):
        """The same, of a cable that is at rest, and of a sensor that has read all there was."""
        def look():
            figures = self.metrics()
            return self.frames_now(figures), metrics.total(figures, "mailspan_packets_total")

        def at_rest():
            before = look()
            time.sleep(1.5)  # a decoder tells its figures each second
            after = look()
            return after[0] if after[1] and before == after else None
        return wait_for("the cable is at rest", at_rest, PATIENCE)

    def wait_until_told(self, ledger):
        """All that customers sent, as far as it is ever told; a stand that lost frames does not get it all."""
        end = time.monotonic() + 20
        while ledger.not_told() and time.monotonic() < end:
            time.sleep(0.2)

    def cpu_seconds(self, figures):
        """Of the decoders: what frames cost."""
        return sum(value for name, value in figures.items()
                   if name.startswith('mailspan_process_cpu_seconds_total{process="decoder'))

    def memory(self, sensor):
        """name: Memory of each process."""
        found = {}
        for name, pid in {"supervisor": sensor.process.pid, **processes.children(sensor.process.pid)}.items():
            try:
                found[name] = Memory(pid)
            except (FileNotFoundError, ProcessLookupError):
                continue
        return found


class Memory:
    """What a process has of its own, in bytes: all, and by mapping.  Tables are those of a fixed size that it makes at
    its start, and touches bit by bit; what may grow is the rest."""

    def __init__(self, pid):
        self.resident = int(processes.status(pid).get("VmRSS", "0 kB").split()[0]) << 10
        self.mappings, place = {}, None
        with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as text:
            for line in text:
                words = line.split()
                if not words[0].endswith(":"):
                    place = (words[0].split("-")[0], words[5] if len(words) > 5 else "")
                elif words[0] == "Size:":
                    size = int(words[1]) << 10
                elif words[0] == "Anonymous:":
                    self.mappings[place] = (size, int(words[1]) << 10)
        self.own = sum(own for _, own in self.mappings.values())

    def tables(self):
        """Mappings of a megabyte and more without a name."""
        return {(place, size) for place, (size, _) in self.mappings.items() if place[1] == "" and size >= 1 << 20}

    def outside(self, tables):
        """What is in none of these tables."""
        return sum(own for place, (size, own) in self.mappings.items() if (place, size) not in tables)


# --- accounts -------------------------------------------------------------------------------------------------------

def conserved(tally):
    """(what, one side, the other) of each account that the sensor keeps; equal when it is right."""
    summary, losses = tally.summary, tally.summary["losses"]
    became = sum(summary[name] for name in FRAMES_BECAME) - summary["fragments_reassembled"]
    yield "frames read, and what became of them", summary["packets"], became + sum(losses[n] for n in FRAMES_LOST)
    handed_on = summary["stream_bytes"] + summary["duplicate_bytes"]
    yield "payload bytes, and what became of them", summary["payload_bytes"], handed_on + sum(
        losses[name] for name in BYTES_LOST)
    judged = summary["messages"] - losses["verdicts_dropped"] - losses["messages_lost"]
    dialogues = summary["dialogues"] - losses["dialogues_dropped"]
    yield "messages judged, and their outcomes", judged, sum(summary["outcomes"].values())
    yield "... and how they were seen", judged, sum(summary["visibilities"].values())
    printed = tally.told["message"] + tally.told["dialogue"]
    if losses["records_dropped"] == 0:
        yield "messages judged, and printed", judged, tally.told["message"]
        for name, count in summary["outcomes"].items():
            yield f"... {name}", count, tally.outcomes[name]
        yield "dialogues, and printed", dialogues, tally.told["dialogue"]
    else:  # dropped are dialogues, too, and sources
        not_printed = judged + dialogues - printed
        yield "messages not printed are counted", True, not_printed <= losses["records_dropped"]


def conserved_at_rest(figures):
    """What of it can be said by metrics, of a sensor that has read all there is, and not ended yet."""
    def count(name):
        return int(figures[f"mailspan_{name}_total"])
    became = sum(count(name) for name in FRAMES_BECAME + FRAMES_LOST) - count("fragments_reassembled")
    yield "frames read, and what became of them", count("packets"), became
    told = int(metrics.total(figures, "mailspan_messages_total"))
    sent = int(metrics.total(figures, "mailspan_verdicts_sent_total"))
    yield "messages sent to the judge, and their outcomes", sent, told


def cut_short(sensor):
    """It has two seconds to tell thousands of dialogues at its end.  On a machine with much else to do that is too
    little; then it says so, ends with 1, and what it would have told last is in no account."""
    words = sensor.words()
    return sensor.output.summary is None or any(
        part in words for part in ("did not end in time", "did not take the last", "its reader does not read"))


def account_lines(tally):
    """Each as a line, and whether all are even."""
    even, lines = True, []
    for what, one, other in conserved(tally):
        even = even and one == other
        lines.append(f"{what}: {one:,}" + ("" if one == other else f" and {other:,}: NOT EVEN"))
    return lines, even


def restarts(figures, health):
    counted = int(metrics.total(figures, "mailspan_process_restarts_total"))
    told = [kind for _, kind in health if kind not in ("started", "stopping")]
    return counted, told


def customer_problems(tally, lossy):
    """What is wrong with what was told, and decided, of the known customers.  lossy: frames were lost on the way, so
    that a message may be missing, or not be known to its end; nothing that is told may be wrong all the same."""
    ledger = tally.ledger
    missing, wrong = ledger.not_told(), ledger.not_sent()
    if wrong:
        yield f"{len(wrong)} messages of customers were told wrongly, such as {wrong[:2]}"
    if missing and not lossy:
        yield f"{len(missing)} messages of customers were not told, such as {missing[:2]}"
    blocks = [subject for subject, kind in tally.events if kind == "block"]
    if sorted(blocks) != sorted(BAD):
        yield f"blocked were {sorted(blocks)}, and bad are {BAD}"
    others = [event for event in tally.events if event[1] != "block"]
    if others:
        yield f"decisions nobody expected: {others[:4]}"


def mib(count):
    return f"{count / (1 << 20):.0f}"
