"""Two checks of a truth that was made from the servers' logs; neither changes it.

The clients' own logs must tell the same (Postfix's and Exim's delivery lines, smtplib's answers, swaks's
transcripts), and so must the wire, as tshark reads it.
"""
import collections
import glob
import json
import os
import re
import subprocess

from . import transcript, truth


def case(path, lines, logs, logs_folder, stray=False, inner=()):
    """stray: commands stand on the wire that began nothing, or were content to their server. inner: servers that are spoken
    to behind the link."""
    problems = connections(path, lines) + wire(path, lines, stray)
    problems += postfix_client([t for k, t in logs.items() if k in ("shop", "mx") or k.endswith("-maillog")], lines, inner)
    problems += exim_client("".join(t for k, t in logs.items() if k.endswith("-mainlog")), lines, inner)
    for log in glob.glob(logs_folder + "/smtplib-*.log"):
        problems += smtplib_client(log, lines)
    for log in glob.glob(logs_folder + "/swaks-*.log"):
        problems += swaks_client(log, lines)
    problems += msmtp_client(logs_folder + "/msmtp.logfile", lines)
    for log in glob.glob(logs_folder + "/curl-*.log"):
        problems += curl_client(log, lines)
    return problems


def messages(lines):
    return [l for l in lines if l["type"] == "message"]


def fold(text):
    return " ".join((text or "").split())


# --- the clients' logs -------------------------------------------------------------------------------

def told(lines):
    """What the truth says became of each recipient: outcomes by (sender, recipient, server), in order."""
    out = collections.defaultdict(list)
    for m in messages(lines):
        for r in m["recipients"]:
            refused = r["code"] is not None and r["code"] // 100 != 2
            last = (r if refused and m["stage"] != "mail" else r.get("final") or m["reply"]) or {}
            out[m["envelope_from"], r["address"], m["server_ip"]].append((r["outcome"], last.get("text")))
    return out


def agree(who, client, lines):
    """client: (sender, recipient, server) to [(outcome, reply's text or a text that holds it)]."""
    problems, server = [], told(lines)
    for key, said in client.items():
        have = server.get(key, [])
        if [o for o, _ in said] != [o for o, _ in have]:
            problems.append(f"{who} says {[o for o, _ in said]} of {key}, the truth {[o for o, _ in have]}")
        else:
            problems += [f"{who} has another reply for {key}: {a!r}, the truth {b!r}" for (_, a), (_, b) in zip(said, have)
                         if b and a and fold(b) not in fold(strip_codes(a))]
    return problems


def strip_codes(text):
    """Postfix and Exim write a multi-line reply with its codes; the truth has the texts alone."""
    return re.sub(r"(?:^|(?<=[\s:\"]))[245]\d\d[- ](?:[245]\.\d+\.\d+ )?", "", re.sub(r"\\+n", " ", text))


def postfix_client(logs, lines, inner):
    senders, said = {}, collections.defaultdict(list)
    kinds = {"sent": "delivered", "bounced": "bounced", "deferred": "deferred"}
    for number, line in ((n, line) for n, log in enumerate(logs) for line in log.splitlines()):
        m = re.search(r"qmgr\[\d+\]: (\w+): from=<([^>]*)>", line)
        if m:
            senders[number, m.group(1)] = m.group(2)
        m = re.search(r"/(?:smtp|lmtp)\[\d+\]: (\w+): to=<([^>]*)>,(?: orig_to=\S+,)? relay=[^\[,]*\[([^\]]+)\]:\d+,.*"
                      r" status=(\w+) \((.*)\)$", line)
        if m and m.group(5).startswith("SMTPUTF8 is required"):
            continue  # its own verdict: it said no MAIL
        if m and (number, m.group(1)) in senders and m.group(3) not in inner:
            said[senders[number, m.group(1)], m.group(2), m.group(3)].append((kinds[m.group(4)], m.group(5)))
    # A greeting that refuses is one attempt; Postfix counts it for every recipient.
    greeted = {m["server_ip"] for m in messages(lines) if m["stage"] == "greeting"}
    return agree("Postfix", {k: v for k, v in said.items() if k[2] not in greeted}, lines)


def exim_client(log, lines, inner):
    said = collections.defaultdict(list)
    pattern = re.compile(r"\] \S{16} (=>|->|\*\*|==|>>) (?:(\S+) <(\S+)>|(\S+)) (?:<\S+> )?F=<([^>]*)> .*?"
                         r" H=\S+ \[([0-9a-f.:]+)\]")
    bad = re.compile(r"\] \S{16} (\*\*|==) (\S+) F=<([^>]*)>.*?H=\S+ \[([0-9a-f.:]+)\](?::\d+)?(.*)$")
    for line in log.splitlines():
        m = bad.search(line)
        if m:
            said[m.group(3), m.group(2), m.group(4)].append(("bounced" if m.group(1) == "**" else "deferred", m.group(5)))
            continue
        m = pattern.search(line)
        if m and m.group(1) in ("=>", "->"):
            reply = re.search(r' C="(.*?)"(?: QT=| DT=|$)', line)
            said[m.group(5), m.group(3) or m.group(4), m.group(6)].append(("delivered", reply.group(1) if reply else None))
    return agree("Exim", {k: v for k, v in said.items() if k[2] not in inner}, lines)


def smtplib_messages(path):
    """What smtplib's answers alone say: by connection, its messages as (outcome, recipients' codes, final code)."""
    found, key = collections.defaultdict(list), None
    for line in open(path):
        said = json.loads(line)
        code = said.get("code")
        if said["step"] == "connect":
            key = tuple(said["local"])
            if code != 220:
                found[key].append({"mail": code, "rcpt": [], "last": None})
        elif said["step"] == "mail":
            found[key].append({"mail": code, "rcpt": [], "last": None})
        elif said["step"] == "rcpt":
            found[key][-1]["rcpt"].append(code)
        elif said["step"] in ("data", "body", "bdat") and code not in (354, None):
            found[key][-1]["last"] = code
    return found


def smtplib_outcome(m):
    name = {2: "delivered", 4: "deferred", 5: "bounced", -1: "unknown"}  # -1: smtplib read no code
    kinds = [c // 100 for c in m["rcpt"] if c]
    if m["mail"] is None:
        return "aborted"
    if m["mail"] // 100 != 2:
        return name[m["mail"] // 100]
    if kinds and 2 not in kinds:
        return name[max(kinds)]  # 5 weighs more than 4
    return name[m["last"] // 100] if m["last"] else "aborted"


def smtplib_client(path, lines):
    problems = []
    for key, got in smtplib_messages(path).items():
        mine = [m for m in messages(lines) if (m["client_ip"], m["client_port"]) == key]
        told_by_it = [(smtplib_outcome(m), [None if c == -1 else c for c in m["rcpt"]]) for m in got]
        told_by_truth = [(m["outcome"], [r["code"] for r in m["recipients"]]) for m in mine]
        if told_by_it != told_by_truth:
            problems.append(f"smtplib at {key} says {told_by_it}, the truth {told_by_truth}")
    return problems


def swaks_client(path, lines):
    """swaks writes its own transcript: read like a server's, it must give the same messages."""
    problems = []
    for part in re.split(r"(?m)^=== Trying ", open(path, errors="replace").read())[1:]:
        d = transcript.Dialogue(0, 0, None, None, None, None, "swaks")
        body = False
        for line in part.splitlines():
            m = re.match(r"(<[-~*][-~*]?|[ *]*[-~]>) +(.*)$", line)
            if not m:
                continue
            if "<" in m.group(1):
                body = m.group(2).startswith("354") if re.match(r"\d{3}", m.group(2)) else body
                d.reply(m.group(2))
            elif not body:
                d.command(m.group(2))
        for mine in truth.Reader(d).read().messages:
            same = [m for m in messages(lines) if m["envelope_from"] == mine.sender and m["outcome"] == mine.outcome
                    and [r["code"] for r in m["recipients"]] == [r["code"] for r in mine.recipients]
                    and m["reply"] == mine.reply]
            if not same:
                problems.append(f"swaks saw {mine.sender} {mine.outcome} {mine.reply}; the truth has no such message")
    return problems


def msmtp_client(path, lines):
    """One line a run: msmtp's exit, the server's status if it refused, and the message's size."""
    if not os.path.exists(path):
        return []
    problems = []
    for line in open(path):
        said = dict(re.findall(r"(\w+)=(\S+)", line))
        mine = [m for m in messages(lines) if m["envelope_from"] == said["from"]]
        expected = "delivered" if said["exitcode"] == "EX_OK" else \
            truth.kind(int(said["smtpstatus"])) if "smtpstatus" in said else "aborted"
        if mine and mine[-1]["outcome"] != expected or expected == "delivered" and not mine:
            problems.append(f"msmtp says {expected}: {line.strip()}: the truth has {[m['outcome'] for m in mine]}")
    return problems


def curl_client(path, lines):
    """curl -v shows each reply: those that the truth says must be there, and no MAIL where a proxy refused."""
    key = re.search(r"curl-(\w+)\.log$", path).group(1)
    said = fold(open(path, errors="replace").read())
    mine = [m for m in messages(lines) if (m["envelope_from"] or "").startswith(key + "@")]
    told = [r for m in mine for r in [m["reply"], *m["recipients"]] if r and r["code"]]
    problems = [f"curl did not hear {r['code']} {r['text']}" for r in told
                if fold(f"{r['code']} {r['enhanced'] or ''} {r['text']}") not in said]
    if bool(mine) != ("MAIL FROM" in said):
        problems.append(f"{path}: the truth has {len(mine)} messages")
    return problems


# --- the wire ----------------------------------------------------------------------------------------

def tshark(path, *args):
    done = subprocess.run(["tshark", "-r", path, "-d", "tcp.port==2526,smtp", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.stdout.decode("utf-8", "replace")


def streams(path):
    """The connections by number: (client ip, port, server ip, port) from each SYN without ACK, of the innermost headers."""
    out = tshark(path, "-Y", "tcp.flags.syn==1 && tcp.flags.ack==0", "-T", "fields", "-E", "occurrence=l", "-e",
                 "tcp.stream", "-e", "ip.src", "-e", "ipv6.src", "-e", "tcp.srcport", "-e", "ip.dst", "-e", "ipv6.dst",
                 "-e", "tcp.dstport", "-e", "frame.protocols")
    found = {}
    for line in out.splitlines():
        number, v4, v6, port, to4, to6, to_port, protocols = line.split("\t")
        in_v6 = protocols.split(":tcp")[0].endswith(":ipv6")
        found[int(number)] = (v6 if in_v6 else v4, int(port), to6 if in_v6 else to4, int(to_port))
    return found


def connections(path, lines):
    """The truth's connections and the capture's are the same ones; those to other services as many as were made."""
    problems = []
    seen = collections.Counter(streams(path).values())
    for l in lines:
        if l["type"] != "dialogue":
            continue
        exact = (l["client_ip"], l["client_port"], l["server_ip"], l["server_port"])
        match = [s for s in seen if seen[s] > 0 and
                 (s == exact or (exact[1] is None and (s[0],) + s[2:] == exact[:1] + exact[2:]))]
        if match:
            seen[match[0]] -= 1
        else:
            problems.append("in the logs, not in the capture: %s:%s to %s:%s" % exact)
    for l in lines:
        if l["type"] == "others":
            here = [s for s in seen.elements() if s[2:] == (l["server_ip"], l["server_port"])]
            for s in here[:l["connections"]]:
                seen[s] -= 1
            if len(here) < l["connections"]:
                problems.append(f"{l['connections']} connections to {l['service']}, {len(here)} in the capture")
    return problems + ["in the capture, not in the logs: %s:%s to %s:%s" % s for s in seen.elements()]


def conversations(path, numbers):
    """What each side sent on each connection, put together by tshark: (client's bytes, server's bytes) by number."""
    follow = [word for n in numbers for word in ("-z", f"follow,tcp,raw,{n}")]
    found = {}
    for part in tshark(path, "-q", *follow).split("Filter: tcp.stream eq ")[1:]:
        lines = part.splitlines()
        found[int(lines[0])] = tuple(bytes.fromhex("".join(l[len(tab):] for l in lines[1:]
                                                           if re.fullmatch(tab + r"[0-9a-f]+", l))) for tab in ("", "\t"))
    return found


def replies(said):
    """A server's replies as (code, text) in order."""
    out, texts = [], []
    for line in re.split(r"\r?\n", said.decode("utf-8", "replace")):
        if re.match(r"\d{3}([ -]|$)", line):
            texts.append(re.sub(r"^[245]\.\d+\.\d+( |$)", "", line[4:]))
            if line[3:4] != "-":
                out.append((int(line[:3]), fold(" ".join(texts))))
                texts = []
    return out


def expected_replies(m):
    """The replies that the truth knows of a message, in the order in which they were given."""
    mine = [(r["code"], fold(r["text"])) for r in m["recipients"] if r["code"] is not None]
    last = [(f["code"], fold(f["text"])) for f in (r.get("final") for r in m["recipients"]) if f]
    last = last or ([(m["reply"]["code"], fold(m["reply"]["text"]))] if m["reply"] else [])
    return last + mine if m["stage"] == "mail" else mine + last


def wire(path, lines, stray):
    """In clear connections: the commands, the replies with their texts, and the bodies' sizes that the truth says."""
    problems = []
    clear = {(l["client_ip"], l["client_port"], l["server_ip"], l["server_port"]): l for l in lines
             if l["type"] == "dialogue" and not l["tls"]}
    wanted = {n: key for n, key in streams(path).items() if key in clear and clear[key]["messages"]}
    for number, (sent, said) in conversations(path, wanted).items():
        key = wanted[number]
        mine = [m for m in messages(lines) if (m["client_ip"], m["client_port"], m["server_ip"], m["server_port"]) == key]
        begun = [m for m in mine if m["stage"] != "greeting"]
        count = len(re.findall(rb"(?mi)^MAIL FROM:", sent))
        if count != len(begun) and not (stray and count > len(begun)):
            problems.append(f"{key}: {count} MAIL commands on the wire, {len(begun)} in the truth")
        count, have = len(re.findall(rb"(?mi)^RCPT TO:", sent)), sum(len(m["recipients"]) for m in begun)
        if count != have and not (stray and count > have):
            problems.append(f"{key}: {count} RCPT commands on the wire, {have} in the truth")
        problems += [p for p in (body_on_the_wire(sent, m) for m in begun) if p]
        on_wire = iter(replies(said))
        for reply in (r for m in mine for r in expected_replies(m)):
            if reply not in on_wire:  # searches on from where the last one was found
                problems.append(f"{key}: the reply {reply} is not on the wire, or not in this order")
                break
    return problems


def chunks(sent, at):
    """The sum of the BDAT chunks of the transaction that begins at `at`."""
    total = 0
    while True:
        m = re.compile(rb"BDAT (\d+)( LAST)?\r\n").search(sent, at)
        if not m:
            return total
        total, at = total + int(m.group(1)), m.end() + int(m.group(1))
        if m.group(2):
            return total


def body_on_the_wire(sent, m):
    if not m["message_id"] or m["body_bytes"] is None or m["outcome"] == "aborted":
        return None
    # A list's mails have one Message-ID, and senders of their own.
    since = max(0, sent.find(b"MAIL FROM:<" + (m["envelope_from"] or "").encode() + b">"))
    at = sent.find(b"\nMessage-ID: " + m["message_id"].encode(), since)
    at = sent.lower().find(b"\nmessage-id: " + m["message_id"].lower().encode(), since) if at < 0 else at
    if at < 0:
        return f"{m['message_id']} is not on the wire"
    data, bdat = sent.upper().rfind(b"\r\nDATA\r\n", 0, at + 2), sent.rfind(b"\r\nBDAT ", 0, at + 2)
    if bdat > data:
        size = chunks(sent, sent.upper().rfind(b"\r\nMAIL FROM:", 0, at) + 2)
        return f"{m['message_id']}: chunks of {size} bytes on the wire" if size != m["body_bytes"] else None
    begin = data + 8
    end = sent.find(b"\r\n.\r\n", begin - 2)
    if end + 2 - begin != m["body_bytes"]:
        return f"{m['message_id']}: {end + 2 - begin} bytes on the wire, {m['body_bytes']} in the truth"
    return None
