# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of everything that `mailspan replay --format jsonl` says, whatever it was given; and what must hold
when frames were only lost, doubled, delayed, or cut: then nothing may be told that is wrong.

Written from docs/output.md and RFC 5321, and shares no code with the program. Each check yields words; none is good.
"""
import collections
import ipaddress
import struct

REFUSED = ("bounced", "deferred")
DECIDED = ("delivered",) + REFUSED
CODE_CLASS = {"delivered": 2, "deferred": 4, "bounced": 5}
OUTCOMES = ("unknown", "delivered", "deferred", "bounced", "aborted")
VISIBILITIES = ("clear", "gapped", "client_only", "server_only", "encrypted")


def connection(line):
    return line["client"]["ip"], line["client"]["port"], line["server"]["ip"], line["server"]["port"]


def name_of(line):
    words = "%s:%s > %s:%s" % connection(line)
    return words + (f" #{line['ordinal']}" if "ordinal" in line else "")


# --- a message is at one with itself -----------------------------------------------------------------

def class_of(code):
    return None if code is None else {2: "delivered", 4: "deferred", 5: "bounced"}.get(code // 100)


def message_words(m):
    """One outcome for each recipient, and the message's outcome made of theirs (docs/output.md)."""
    for word in [*outcome_words(m), *recipient_words(m), *sum_words(m), *sight_words(m)]:
        yield f"{name_of(m)}: {word}"


def outcome_words(m):
    outcome, stage, code = m["outcome"], m["stage"], (m["reply"] or {}).get("code")
    if (stage is not None) != (outcome in REFUSED):
        yield f"stage is {stage} with the outcome {outcome}"
    if outcome in DECIDED and (code is None or code // 100 != CODE_CLASS[outcome]):
        yield f"{outcome} by the reply {code}"
    if outcome not in DECIDED and code is not None:
        yield f"{outcome}, though the reply {code} decided"
    if stage == "greeting" and (m["sender"] is not None or m["recipients"]):
        yield "refused at the greeting, yet there is a sender or a recipient"
    if m["end_time"] < m["time"]:
        yield "ends before it begins"


LMTP_PORT = 24  # of the captures


def recipient_words(m):
    """Its reply decides over a refused recipient; an accepted one shares the message's fate, but for LMTP, where it has a final
    reply of its own."""
    for n, r in enumerate(m["recipients"], 1):
        told, own = r["outcome"], class_of(r["code"])
        if told not in OUTCOMES:
            yield f"recipient {n} has the outcome {told}"
        elif m["stage"] == "mail":
            expected = (m["outcome"],)  # MAIL was refused: whatever was said to the RCPT
            if told not in expected:
                yield f"recipient {n} is {told}, though MAIL was {m['outcome']}"
        elif r["code"] == 503 and m["visibility"] != "clear" and told == "unknown":
            pass  # it says that there is no MAIL, whose reply was lost
        elif own in REFUSED and told != own:
            yield f"recipient {n} is {told} with the code {r['code']}"
        elif own == "delivered" and told != m["outcome"] and m["server"]["port"] != LMTP_PORT:
            yield f"recipient {n} was accepted and is {told}, the message {m['outcome']}"
        elif own is None and told not in ("unknown", "aborted"):
            yield f"recipient {n} is {told} without a reply"
        if (r["code"] is None) != (r["text"] is None):
            yield f"recipient {n} has the code {r['code']} with the text {r['text']!r}"
        if r["bounce_class"] is not None and told not in REFUSED:
            yield f"recipient {n} is {told} with the bounce class {r['bounce_class']}"


def sum_words(m):
    """What the recipients' outcomes make of the message."""
    told = collections.Counter(r["outcome"] for r in m["recipients"])
    all_seen = m["visibility"] == "clear" and m["recipients_dropped"] == 0
    if m["outcome"] == "delivered" and not told["delivered"] and not told["unknown"] and all_seen:
        yield f"delivered to nobody: {dict(told)}"
    if m["outcome"] != "delivered" and told["delivered"]:
        yield f"{m['outcome']}, though delivered to a recipient"
    if m["stage"] == "rcpt":
        closing = (m["reply"] or {}).get("code") == 421
        if m["outcome"] == "bounced" and not told["bounced"]:
            yield f"bounced at rcpt, and no recipient was: {dict(told)}"
        if m["outcome"] == "deferred" and (told["bounced"] and not closing or not told["deferred"]):
            yield f"deferred at rcpt: {dict(told)}"
    if m["bounce_class"] is not None and m["outcome"] not in REFUSED:
        yield f"{m['outcome']} with the bounce class {m['bounce_class']}"


def sight_words(m):
    """A message without MAIL is one that was not seen whole; only the greeting's has none by nature."""
    if m["sender"] is None and m["stage"] != "greeting" and m["visibility"] == "clear":
        yield "clear, and no MAIL was seen"
    if m["visibility"] == "clear" and m["outcome"] == "unknown" and m["recipients_dropped"] == 0 and m["reply"]:
        yield "clear, and not known"


# --- nothing is lost between the counters and the lines ----------------------------------------------

def sums_words(lines):
    """Conservation: what is counted is told, once, and adds up."""
    summary, messages = lines[-1], [line for line in lines if line["type"] == "message"]
    dialogues = [line for line in lines if line["type"] == "dialogue"]
    losses = summary["losses"]
    yield from equal("messages", summary["messages"] - losses["records_dropped"], len(messages))
    yield from equal("dialogues", summary["dialogues"], len(dialogues))
    yield from equal("events", summary["events"], sum(line["type"] == "event" for line in lines))
    for name in OUTCOMES:
        yield from equal(name, summary["outcomes"][name], sum(m["outcome"] == name for m in messages))
    for name in VISIBILITIES:
        yield from equal(name, summary["visibilities"][name], sum(m["visibility"] == name for m in messages))
    encrypted = sum(d["tls"] is not None for d in dialogues)
    yield from equal("encrypted dialogues", summary["dialogues_encrypted"], encrypted)
    yield from equal("AUTH tries", summary["auth_tries"], sum(d["auth"]["tries"] for d in dialogues))
    yield from equal("AUTH refused", summary["auth_refused"], sum(d["auth"]["refused"] for d in dialogues))
    if not losses["sources_evicted"]:
        scored = sum(m["server"]["port"] == 25 for m in messages)
        sourced = sum(line["messages"] for line in lines if line["type"] == "source")
        if sourced > scored:
            yield f"the sources sent {sourced} messages, and {scored} are told"
    yield from gap_words(summary, dialogues)
    yield from dialogue_words(messages, dialogues)


CUT_OFF = ("timeout", "replaced", "evicted", "clock", "eof")  # more may have been said

# Each payload byte that the native engine is shown is in one of these (docs/architecture.md).
BYTES_LOST = ("late_bytes", "before_start_bytes", "outside_bytes", "after_end_bytes", "reset_bytes", "no_flow_bytes",
              "unwanted_bytes", "unkept_bytes")


def byte_words(summary):
    """Every payload byte was handed on, came again, or is lost under one name."""
    accounted = summary["stream_bytes"] + summary["duplicate_bytes"]
    accounted += sum(summary["losses"][name] for name in BYTES_LOST)
    yield from equal("payload bytes", summary["payload_bytes"], accounted)


def capture_words(summary, data, ports):
    """The payload bytes that the program counted are those that stand in the capture; ports: None for all."""
    seen = 0
    for frame, _ in frames(data):
        found = segment(frame)
        if found is not None and (ports is None or found[0][1] in ports or found[0][3] in ports):
            seen += found[1]
    yield from equal("payload bytes in the capture", summary["payload_bytes"], seen)


def equal(name, counted, told):
    if counted != told:
        yield f"{name}: {counted} counted, {told} told"


def gap_words(summary, dialogues):
    """Holes of connections that turned out to be no mail are counted too."""
    for name, key in (("gaps", "count"), ("gap_bytes", "bytes")):
        told, counted = sum(d["gaps"][key] for d in dialogues), summary["losses"][name]
        all_told = not summary["flows_not_mail"] and summary["dialogues"] == summary["flows"]
        if told > counted or told < counted and all_told:
            yield f"{name}: {counted} counted, {told} told"
    for d in dialogues:
        if d["gaps"]["count"] and d["visibility"] == "clear":
            yield f"{name_of(d)}: clear with {d['gaps']['count']} gaps"
        if (d["gaps"]["count"] > 0) != (d["gaps"]["bytes"] > 0):
            yield f"{name_of(d)}: {d['gaps']['count']} gaps of {d['gaps']['bytes']} bytes"


def dialogue_words(messages, dialogues):
    """Each message belongs to a dialogue, and they are numbered as they came; behind a gap a number may be missing."""
    ordinals, carried = collections.defaultdict(list), collections.Counter()
    for m in messages:
        ordinals[connection(m)].append(m["ordinal"])
    for d in dialogues:
        carried[connection(d)] += d["messages"]
        if d["end_time"] < d["time"]:
            yield f"{name_of(d)}: ends before it begins"
        if d["auth"]["refused"] > d["auth"]["tries"]:
            yield f"{name_of(d)}: more AUTH refused than tried"
    for key in ordinals.keys() | carried.keys():
        if carried[key] != len(ordinals[key]):
            told = len(ordinals[key])
            yield "%s:%s > %s:%s: " % key + f"the dialogues carried {carried[key]} messages, {told} are told"
        of_key = [d for d in dialogues if connection(d) == key]
        whole = len(of_key) == 1 and of_key[0]["visibility"] == "clear"  # else a number may be missing
        expected = list(range(1, len(ordinals[key]) + 1)) if whole else sorted(set(ordinals[key]))
        if len(of_key) == 1 and ordinals[key] != expected:
            yield "%s:%s > %s:%s: " % key + f"the ordinals are {ordinals[key]}"


# --- nothing is told that is wrong -------------------------------------------------------------------

def contradictions(told, true):
    """In what a told message contradicts a true one: unknown and null contradict nothing."""
    found = [name for name in ("sender", "stage", "message_id", "from_domain", "subject")
             if told[name] is not None and told[name] != true[name]]
    if told["outcome"] not in ("unknown", true["outcome"]):
        found.append("outcome")
    if told["reply"] is not None and told["reply"]["code"] != (true["reply"] or {}).get("code"):
        found.append("reply")
    if told["body_bytes"] is not None and told["body_bytes"] > (true["body_bytes"] or 0):
        found.append("body_bytes")
    at = 0
    for r in told["recipients"]:
        while at < len(true["recipients"]) and not same_recipient(r, true["recipients"][at]):
            at += 1
        if at == len(true["recipients"]):
            found.append("recipients")
            break
        at += 1
    if not found and told["visibility"] == "clear" and not (told["capture_ended"] and told["outcome"] == "unknown"):
        found += less_but_clear(told, true)
    return found


def same_recipient(told, true):
    """`aborted` is an answer too: it says that nobody decided."""
    same_text = told["text"] in (None, true["text"]) and told["enhanced"] in (None, true["enhanced"])
    return (told["address"] in (None, true["address"]) and told["code"] in (None, true["code"])
            and told["outcome"] in ("unknown", true["outcome"]) and (told["code"] is None or same_text))


def less_but_clear(told, true):
    """What is called clear is told whole, unless the capture ended in the middle of it, which leaves no hole."""
    names = ("sender", "outcome", "stage", "recipients", "message_id", "from_domain", "subject", "body_bytes")
    less = [name for name in names if told[name] != true[name]]
    return ["clear, yet without all of " + ", ".join(less)] if less else []


def truth_words(lines, truth, helos=()):
    """Every message that is told is one of the truth's, each of them at most once, and in their order. helos: what
    clients called themselves anywhere in the capture; a dialogue tells the last that was seen of them."""
    true = collections.defaultdict(list)
    for line in truth:
        if line["type"] in ("message", "dialogue"):
            true[line["type"], connection(line)].append(line)
    told = collections.defaultdict(list)
    ended, lost = set(), collections.Counter()
    for line in lines:
        if line["type"] == "dialogue":
            lost[connection(line)] += line["gaps"]["bytes"]
            no_hole = line["visibility"] == "clear" and line["gaps"]["count"] == 0
            ended |= {connection(line)} if line["end"] in CUT_OFF or no_hole else set()
    for line in lines:
        if line["type"] in ("message", "dialogue"):
            key = connection(line)
            told[line["type"], key].append({**line, "capture_ended": key in ended, "gap_bytes": lost[key]})
    for (kind, key), found in told.items():
        if kind == "message":
            yield from messages_words(found, true.get((kind, key), []))
        else:
            yield from dialogues_words(found, true.get((kind, key), []), helos)


def messages_words(told, true):
    """Finds the most told messages that can be paired in their order (a longest common subsequence), and blames the
    rest."""
    fits = [[not contradictions(a, b) for b in true] for a in told]
    best = [[0] * (len(true) + 1) for _ in range(len(told) + 1)]
    for i in reversed(range(len(told))):
        for k in reversed(range(len(true))):
            best[i][k] = max(best[i + 1][k], best[i][k + 1], best[i + 1][k + 1] + 1 if fits[i][k] else 0)
    k = 0
    for i, message in enumerate(told):
        if best[i][k] == best[i + 1][k]:
            yield f"{name_of(message)}: {blame(message, true)}"
            continue
        while not (fits[i][k] and best[i][k] == best[i + 1][k + 1] + 1):
            k += 1
        k += 1


def blame(message, true):
    if not true:
        return "the connection carried no message"
    nearest = min(true, key=lambda m: (m["message_id"] != message["message_id"] is not None,
                                       len(contradictions(message, m)), m["ordinal"] != message["ordinal"]))
    wrong = contradictions(message, nearest)
    if not wrong:
        return f"is told more than once (as #{nearest['ordinal']} of the truth)"
    return f"is none of the truth; nearest is #{nearest['ordinal']}, other in {', '.join(wrong)}"


def dialogues_words(told, true, helos):
    if not true:  # on a mail port, what FTP says with holes in it, or begins to say, can be SMTP without a message
        for one in told:
            if one["messages"] > 0 or (one["visibility"] == "clear" and one["end"] != "eof"):
                yield f"{name_of(one)}: no such dialogue"
        return
    true = true[0]
    for d in told:
        if d["greeting_code"] not in (None, true["greeting_code"]):
            yield f"{name_of(d)}: the greeting is {d['greeting_code']}, in truth {true['greeting_code']}"
        if d["helo"] not in (None, true["helo"], *helos):
            yield f"{name_of(d)}: HELO is {d['helo']!r}, in truth {true['helo']!r}"
        # Where STARTTLS was granted, and what follows is lost, nobody knows that it was in the clear.
        granted = d["tls"] is not None and d["tls"]["mode"] == "starttls" and d["tls"]["version"] is None
        if d["tls"] is not None and true["tls"] is None and not (granted and true["messages"] > 0):
            yield f"{name_of(d)}: TLS, where there is none"
        if d["end"] == "quit" and true["end"] != "quit":
            yield f"{name_of(d)}: ends by quit, in truth by {true['end']}"
    for name in ("tries", "refused"):
        if sum(d["auth"][name] for d in told) > true["auth"][name]:
            yield f"{name_of(told[0])}: more AUTH {name} than in truth"


# --- the capture, read independently -----------------------------------------------------------------

def frames(data):
    """(captured bytes, length on the wire) of a pcap as mutate writes it; what a truncated one has whole."""
    at = 24
    while at + 16 <= len(data):
        captured, wire = struct.unpack("<II", data[at + 8:at + 16])
        if at + 16 + captured > len(data):
            return
        yield data[at + 16:at + 16 + captured], wire
        at += 16 + captured


def segment(frame):
    """(endpoints, payload bytes captured, payload bytes missing) of plain TCP over Ethernet, or None."""
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind, ip = frame[at:at + 2], frame[at + 2:]
    if kind == b"\x08\x00" and len(ip) >= 20 and ip[9] == 6:
        tcp, total, ends = (ip[0] & 15) * 4, struct.unpack(">H", ip[2:4])[0], (ip[12:16], ip[16:20])
    elif kind == b"\x86\xdd" and len(ip) >= 40 and ip[6] == 6:
        tcp, total, ends = 40, 40 + struct.unpack(">H", ip[4:6])[0], (ip[8:24], ip[24:40])
    else:
        return None
    if len(ip) < tcp + 20:
        return None
    begin = tcp + (ip[tcp + 12] >> 4) * 4
    ports = struct.unpack(">HH", ip[tcp:tcp + 4])
    payload = max(0, total - begin)
    captured = min(payload, max(0, len(ip) - begin))
    return (ends[0], ports[0], ends[1], ports[1]), captured, payload - captured


def of_connection(frame, key):
    """Whether a frame belongs to the connection that an output line names."""
    found = segment(frame)
    if found is None:
        return False
    (source, source_port, target, target_port), _, _ = found
    ends = {(str(ipaddress.ip_address(source)), source_port), (str(ipaddress.ip_address(target)), target_port)}
    return ends == {(key[0], key[1]), (key[2], key[3])}
