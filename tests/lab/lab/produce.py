"""Runs cases: capture, clients, the servers' logs cut to the case, the truth from them, and the checks."""
import collections
import datetime
import json
import os
import re
import shutil
import subprocess
import time

from . import check, extras, fetch, later, net, notes, others, paths, stores, transcript, truth
from .cases import CASES
from .clients import Clients
from .world import World


class LogMark:
    """Where the logs stood when the case began."""

    def __init__(self, world):
        w = world
        self.files = {"mx": w.mx.log, "shop": w.shop.log, "uni": w.uni.debug, "uni-mainlog": w.uni.log,
                      "bakery": w.bakery.debug, "bakery-mainlog": w.bakery.log, "bsd": w.bsd.log}
        self.at = {k: os.path.getsize(p) if os.path.exists(p) else 0 for k, p in self.files.items()}

    def since(self):
        out = {}
        for k, path in self.files.items():
            with open(path, "rb") as f:
                f.seek(self.at[k])
                out[k] = f.read().decode("utf-8", "replace")
        return out


def log_seconds(start):
    """Times of day and Postfix's times as seconds, near the case's start."""
    day = datetime.datetime.fromtimestamp(start).replace(hour=0, minute=0, second=0, microsecond=0)

    def exim(text):
        h, m, s = text.split(":")
        at = day.timestamp() + int(h) * 3600 + int(m) * 60 + float(s)
        return at if at > start - 43200 else at + 86400

    def postfix(text):
        return datetime.datetime.strptime(f"{day.year} {text}", "%Y %b %d %H:%M:%S").timestamp()
    return exim, postfix


def dialogues(logs, start, more):
    exim, postfix = log_seconds(start)
    found = []
    for name in ("mx", "shop"):
        found += transcript.postfix(logs[name], postfix)
    for name in ("uni", "bakery"):
        found += transcript.exim(logs[name], exim)
    found += transcript.opensmtpd(logs["bsd"], start, "203.0.113.30", 25)
    found = [d for d in found if not d.client_ip.startswith("127.") and d.client_ip != "::1"]
    if more:
        found += more.dialogues()
    return sorted(found, key=lambda d: (int(d.time), d.order))


class CaseClients(Clients):
    def settle(self):
        """Wait until what was queued is delivered, or put off, and every connection is closed."""
        time.sleep(0.5)
        net.quiet()


def one(name, world, folder):
    function, about, options = CASES[name]
    for old in (f"{name}.pcap", f"{name}.truth.jsonl", f"{name}.md", f"{name}.later.yaml"):
        if os.path.exists(f"{folder}/{old}"):
            os.unlink(f"{folder}/{old}")
    logs_folder = f"{folder}/logs/{name}"
    shutil.rmtree(logs_folder, ignore_errors=True)
    os.makedirs(logs_folder)
    begun = time.time()
    net.offloads(bool(options.get("offloads")))
    clients, mark = CaseClients(logs_folder, world), LogMark(world)
    clients.options = options
    path = paths.PATHS[options["path"]]() if "path" in options else None
    if path:
        paths.restore()
        path.lay()
    if options.get("others"):
        clients.others = others.Others()
        clients.others.start()
    clients.extra = extras.EXTRAS[options["extra"]]() if "extra" in options else None
    if clients.extra:
        clients.extra.start()
    capture = net.Capture(f"{folder}/{name}.pcap", options.get("format", "pcap"), path and path.capture)
    try:
        function(clients)
        clients.settle()
        time.sleep(options.get("wait", 0))
        quiet = net.quiet()
    finally:
        capture.stop()
        if path:
            paths.restore()
        for more in filter(None, (clients.others, clients.extra)):
            more.stop()
        if hasattr(clients.extra, "keep"):
            clients.extra.keep(f"{folder}/{name}.pcap")
    logs = {**mark.since(), **(clients.extra.logs() if clients.extra else {})}
    for k, text in logs.items():
        with open(f"{logs_folder}/{k}.log", "w") as f:
            f.write(text)
    kept = stores.Stores(world, clients.extra)
    lines = write_truth(name, folder, logs, clients, begun, kept)
    expected, wrong = None, []
    if clients.later:
        expected, wrong = later.write(f"{folder}/{name}.later.yaml", lines, logs, clients, kept)
    tidy(world)
    problems = check.case(f"{folder}/{name}.pcap", lines, logs, logs_folder, bool(options.get("stray")),
                          getattr(clients.extra, "inner", ())) + wrong
    if not quiet:
        problems.append("a connection was still open when the capture ended")
    notes.write(name, about, options, lines, folder, programs(logs, logs_folder, clients), expected)
    messages = sum(1 for l in lines if l["type"] == "message")
    print(f"{'ok  ' if not problems else 'BAD '} {name:24} {messages:4} messages  "
          f"{os.path.getsize(f'{folder}/{name}.pcap'):8} bytes  {time.time() - begun:5.1f} s", flush=True)
    for p in problems:
        print("       " + p, flush=True)
    return not problems


def exim_ports(mainlog):
    """The ports that our sending Exim says it used: a receiver that does not log its client's port can be completed.
    By (client, server), in the order of its deliveries."""
    ports = collections.defaultdict(list)
    for m in re.finditer(r" H=\S+ \[([^\]]+)\]:\d+ I=\[([^\]]+)\]:(\d+)", mainlog):
        if int(m.group(3)) not in ports[m.group(2), m.group(1)]:
            ports[m.group(2), m.group(1)].append(int(m.group(3)))
    return ports


def programs(logs, folder, clients):
    """The programs that took part in a case, with their versions."""
    names = " ".join(os.listdir(folder))
    took_part = {"postfix": re.search(r"/smtpd\[|/[sl]mtp\[", logs["mx"] + logs["shop"]) is not None
                 or any(name.endswith("-maillog") for name in logs), "swaks": "swaks-" in names,
                 "exim": "SMTP" in logs["uni"] + logs["bakery"], "opensmtpd": " smtp connected " in logs["bsd"],
                 "postgrey": "Greylisted" in logs["mx"], "msmtp": "msmtp.log" in names, "python smtplib": "smtplib-" in names,
                 "curl": "curl-" in names, "haproxy": "haproxy" in names}
    took_part.update({name: clients.others is not None for name in fetch.OTHERS})
    took_part.update({name: name in clients.extra.packages if clients.extra else took_part.get(name, False)
                      for name in fetch.EXTRAS})
    took_part.update({name: True for name in getattr(clients.extra, "programs", ())})
    return {k: v for k, v in fetch.versions().items() if took_part.get(k)}


def write_truth(name, folder, logs, clients, begun, kept):
    lines, sent_from = [], exim_ports(logs["bakery-mainlog"])
    for d in dialogues(logs, begun, clients.extra):
        if not d.events or d.events[0][0] == "END":
            lines += silent(d)
            continue
        if d.client_port is None:
            said = sent_from.get((d.client_ip, d.server_ip))
            said = said or clients.port_lists[d.client_ip]
            d.client_port = clients.ports.get(d.client_ip) or (said.pop(0) if said else None)
        if clients.others and d.client_ip == others.CLIENT:
            continue  # it reached a mail server, and is none of its clients
        made = list(truth.Reader(d).read().lines(clients.letters, kept.find))
        if "decrypted" in clients.options and not any(m.get("envelope_from") in clients.tunnels for m in made):
            continue  # the terminator went before its client could say anything
        for line in made:  # what came through a proxy has another way on the link
            line.update(next((clients.tunnels[m["envelope_from"]] for m in made
                              if m.get("envelope_from") in clients.tunnels), {}))
            if "decrypted" in clients.options:  # the mirror sits behind the end of TLS
                line.pop("encrypted", None)
                line.update({"tls": None} if line["type"] == "dialogue" else {})
        lines += made
    if clients.others:
        lines += clients.others.lines()
    with open(f"{folder}/{name}.truth.jsonl", "w") as f:
        f.writelines(json.dumps(l, ensure_ascii=False) + "\n" for l in lines)
    return lines


def silent(d):
    """A connection over which nothing was said is no dialogue."""
    return [{"type": "others", "service": "silent", "server_ip": d.server_ip, "server_port": d.server_port, "connections": 1,
             "source_of_truth": d.source}]


def tidy(world):
    """Nothing of a case may turn up in the next one's capture."""
    for postfix in (world.shop, world.mx):
        postfix.empty_queue()
    for exim in (world.bakery, world.uni):
        exim.empty_queue()
    stores.Stores(world).empty()


def run(names, folder):
    fetch.everything()
    os.makedirs(folder, exist_ok=True)
    world = None
    good = True
    try:
        net.up()
        world = World()
        world.start()
        for name in names:
            try:
                good &= one(name, world, folder)
            except (OSError, RuntimeError, subprocess.SubprocessError, ValueError) as error:
                print(f"BAD  {name:24} {error}", flush=True)
                good = False
    finally:
        if world:
            world.stop()
        net.down()
    return good
