"""What callgrind counted, by stages of the path: each instruction belongs to the source file it stands in (debug
information; what was inlined, too), and each file to a stage, by its name.  What stands in no file of the project is the pattern library's own, or else
its callers', in proportion to what they called.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
OTHER = "other"
LIBRARY = "pattern library"
LIBRARY_OBJECTS = re.compile(r"lib(hs|pcre2)\b")
# The first that matches; behind the known names each folder has a stage, for files that are not written yet.
STAGES = (
    ("frames, streams", r"decoders/(frame|defragment|proxy)|sensor/(capture/|flow/|packet_clock|look_ahead|decoding|pipeline"
                        r"|connection|held_talk|protocol_table|home_networks|memory_share|stage_times)"),
    ("SMTP", r"decoders/smtp_|scoring/loss_window"),
    ("MIME, charsets", r"decoders/(mail_|mime_|charset|utf8|address|byte_chain)|sensor/message_content"),
    ("HTML to text", r"decoders/html_(text|tags)"),
    ("markup facts", r"decoders/html_|decoders/word_sets"),
    ("folding", r"scoring/(text_fold|rules_text)"),
    (LIBRARY, r"scoring/(expressions|matcher_check|compiled)"),
    ("words", r"scoring/(content_words|text_words)"),
    ("fingerprint", r"scoring/(fingerprint|recipient_order)"),
    ("other facts", r"decoders/|scoring/(facts|text_|url_|plain_text)"),
    ("verdict", r"scoring/|sensor/(judging|knowledge)"),
    ("output", r"sensor/(publish|commands)/"),
)
NAMES = [name for name, _ in STAGES] + [OTHER]
PATTERNS = [(name, re.compile(pattern)) for name, pattern in STAGES]
OURS = re.compile(r"(?:^|/)((?:decoders|scoring|sensor)/[\w/]+\.[ch])$")


def stage_of(path):
    """None: of no stage, as headers that many include."""
    ours = OURS.search(path)
    return next((name for name, pattern in PATTERNS if ours and pattern.match(ours[1])), None)


class Profile:
    """One file of callgrind's: what each function took itself, by the file of each line, and what it called."""

    def __init__(self, path):
        self.names = {"ob": {}, "fl": {}, "fn": {}}
        self.own = collections.defaultdict(collections.Counter)  # function: {stage or None: instructions}
        self.called = collections.defaultdict(collections.Counter)  # callee: {(function, stage or None): instructions}
        self.total = 0
        self.stages = {}
        with open(path, encoding="utf-8", errors="replace") as file:
            self.read(file)

    def name(self, kind, text):
        number, _, rest = text.partition(") ")
        number = number.rstrip(")")
        if rest:
            self.names[kind][number] = rest
        return self.names[kind].get(number, "?")

    def stage(self, path):
        if path not in self.stages:
            self.stages[path] = stage_of(path)
        return self.stages[path]

    def read(self, file):
        current = {"ob": "?", "fl": "?", "fn": "?", "line": "?"}
        callee, calls = {}, False
        for line in file:
            key, equals, value = line.rstrip("\n").partition("=")
            if equals and key in ("ob", "fl", "fn"):
                current[key] = self.name(key, value)
                current["line"] = current["fl"]
            elif equals and key in ("fi", "fe"):
                current["line"] = self.name("fl", value)
            elif equals and key in ("cob", "cfi", "cfl", "cfn"):
                callee[{"cob": "ob", "cfn": "fn"}.get(key, "fl")] = self.name({"cob": "ob", "cfn": "fn"}.get(key, "fl"), value)
            elif equals and key == "calls":
                calls = True
            elif line[:1] in "0123456789+-*":
                cost = int(line.split()[1])
                function = (current["ob"], current["fl"], current["fn"])
                stage = self.stage(current["line"]) or self.stage(current["fl"])
                if calls:
                    target = (callee.get("ob", current["ob"]), callee.get("fl", current["fl"]), callee.get("fn", "?"))
                    self.called[target][function, stage] += cost
                    callee, calls = {}, False
                else:
                    self.own[function][stage] += cost
                    self.total += cost

    def shares(self):
        """{stage: instructions}."""
        found = collections.Counter()
        for function, parts in self.own.items():
            for stage, cost in parts.items():
                if stage is not None:
                    found[stage] += cost
                else:
                    for name, share in self.owners(function).items():
                        found[name] += cost * share
        return found

    def owners(self, function, depth=12):
        """{stage: share} of a function in no file of the project, by who called it; libraries call themselves a few deep."""
        if LIBRARY_OBJECTS.search(function[0]):
            return {LIBRARY: 1.0}
        callers = {caller: cost for caller, cost in self.called.get(function, {}).items() if caller[0] != function}
        whole = sum(callers.values())
        if whole == 0 or depth == 0:
            return {OTHER: 1.0}
        found = collections.Counter()
        for (caller, stage), cost in callers.items():
            for name, share in ({stage: 1.0} if stage is not None else self.owners(caller, depth - 1)).items():
                found[name] += share * cost / whole
        return found

    def functions(self, stage, count):
        """The costliest functions among what falls to a stage itself, for who wants to know where it goes."""
        costs = collections.Counter({function[2]: parts[stage] for function, parts in self.own.items() if parts[stage]})
        return costs.most_common(count)
