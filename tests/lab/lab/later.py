"""What becomes of a source's messages in the end: attempts folded into messages, and mail that tells of them later.

From the truth (the servers' logs), the reporting servers' logs, the mailbox in which the reports arrived, and what the case
knows of its own letters; never from the capture or the product.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import email
import email.policy
import os
import re

import yaml

ACTIONS = {"failed": "bounce", "delayed": "delay", "delivered": "success", "relayed": "success", "expanded": "success"}


class Later:
    """What a case knows. source: the customer's address; box: where its late mail arrives; greeting: who was to be sent to a
    server that refused at its greeting, (sender, recipient) by server; about: what mail that no server's log ties to its
    original tells of, by Message-ID; words: the note's."""

    def __init__(self, source, words, box=None, greeting=None, about=None):
        self.source, self.words, self.box = source, words, box
        self.greeting, self.about = greeting or {}, about or {}


class Sent:
    """One message of the source, in one attempt or more."""

    def __init__(self, sender, message_id):
        self.sender, self.message_id, self.attempts, self.recipients = sender, message_id, 0, {}

    def take(self, line, outcomes):
        self.attempts += 1
        self.recipients.update(outcomes)
        self.message_id = self.message_id or line["message_id"]

    def fate(self):
        said = set(self.recipients.values())
        return said.pop() if len(said) == 1 else "partly"


def fold(lines, letters, later):
    """The source's messages: attempts from one envelope sender that share a recipient are one."""
    sent = []
    for line in lines:
        if line["type"] != "message" or line["client_ip"] != later.source:
            continue
        sender, outcomes = line["envelope_from"], {r["address"]: r["outcome"] for r in line["recipients"]}
        if line["stage"] == "greeting":
            sender, to = later.greeting[line["server_ip"]]
            outcomes = {to: line["outcome"]}
        mine = [s for s in sent if s.sender == sender and s.recipients.keys() & outcomes.keys()]
        if not mine:
            mine = [Sent(sender, letters.get(sender, {}).get("message_id"))]
            sent += mine
        mine[0].take(line, outcomes)
    return sent


def originals(logs):
    """By a report's Message-ID that of the mail that it is about and the client who brought it, from the logs of the servers
    that made it."""
    found = {}
    for name, log in logs.items():
        if name.endswith("-maillog"):
            ids = dict(re.findall(r"cleanup\[\d+\]: (\w+): message-id=<?([^\s>]*)", log))
            came = dict(re.findall(r"smtpd\[\d+\]: (\w+): client=[^\s\[]*\[([0-9a-f.:]+)\]", log))
            for old, new in re.findall(r"bounce\[\d+\]: (\w+): sender (?:non-delivery|delay|delivery status) notification: (\w+)",
                                       log):
                found[ids[new]] = ids.get(old) or None, came.get(old)
        elif name.endswith("-mainlog"):
            ids = dict(re.findall(r" (\S{16}) <= \S+@\S+ .*? id=(\S+)", log))
            came = dict(re.findall(r" (\S{16}) <= \S+@\S+ H=.*?\[([0-9a-f.:]+)\]", log))
            for new, old in re.findall(r" (\S{16}) <= <> .*?R=(\S{16}) ", log):
                found["E" + new] = ids.get(old), came.get(old)  # it names its reports by their queue ids
    return found


def about(message, chain, later):
    """(Message-ID, the client who brought it or None) of what a mail tells of."""
    own = (message["Message-ID"] or "").strip().strip("<>")
    key = re.sub(r"^(E\w{6}-\w{6}-\w\w)@.*", r"\1", own)
    if key in chain:
        return chain[key]
    original = later.about.get(own, message["In-Reply-To"])
    return original and original.strip().strip("<>"), None


def told(message):
    """(kind, recipient) of what a mail tells."""
    report = message.get_param("report-type")
    blocks = [block for part in message.walk() for block in part.get_payload()
              if part.get_content_type() == "message/delivery-status"]
    if report == "delivery-status":
        for block in blocks:
            if block["Action"]:
                to = block["Original-Recipient"] or block["Final-Recipient"]
                yield ACTIONS[block["Action"].split()[0].lower()], to.split(";")[-1].strip()
    elif report in ("feedback-report", "disposition-notification"):
        part = next(p for p in message.walk() if p.get_content_type() in ("message/" + report,))
        text = part.get_payload(0).as_string() if part.is_multipart() else part.get_payload()
        to = re.search(r"(?im)^(?:Original-Rcpt-To|Final-Recipient):\s*(?:rfc822;)?\s*<?([^\s>]+)", text)
        yield {"feedback-report": "complaint"}.get(report, "mdn"), to and to.group(1)
    elif message["Auto-Submitted"]:
        yield "vacation", email.utils.parseaddr(message["From"])[1]


def late_mail(logs, sent, later, kept):
    """What arrived in the source's mailbox, in the order of arrival."""
    chain, mine = originals(logs), {s.message_id.strip("<>"): s for s in sent if s.message_id}
    arrived = []
    for path in kept.files():
        if later.box and path.startswith(later.box):
            with open(path, "rb") as f:
                arrived.append((os.stat(path).st_mtime_ns, f.read()))
    for _, stored in sorted(arrived):
        message = email.message_from_bytes(stored, policy=email.policy.compat32)
        for kind, to in told(message):
            original, client = about(message, chain, later)
            it = mine.get(original) if original else anonymous(sent, client, to, later)
            yield {"message_id": original, "recipient": to, "kind": kind, "matched": it is not None,
                   "names_it": bool(original) and original.encode() in stored, "report": (message["Message-ID"] or "").strip().strip("<>") or None}
            if kind == "bounce" and it:
                it.recipients[to] = "bounced"


def anonymous(sent, client, to, later):
    """The message without a Message-ID that the source itself brought to the reporting server."""
    return next((s for s in sent if client == later.source and not s.message_id and to in s.recipients), None)


NAMES = {"delivered": "delivered", "bounced": "failed", "deferred": "waiting", "partly": "partly"}


def write(path, lines, logs, clients, kept):
    """Writes the file; returns the note's words, and what does not hold."""
    sent = fold(lines, clients.letters, clients.later)
    late = list(late_mail(logs, sent, clients.later, kept))
    fates = collections.Counter(NAMES.get(s.fate(), s.fate()) for s in sent)
    out = {"source": clients.later.source, "messages": len(sent), "attempts": sum(s.attempts for s in sent),
           **{name: fates[name] for name in NAMES.values()}, "late": late,
           "sent": [{"message_id": s.message_id and s.message_id.strip("<>"), "sender": s.sender, "attempts": s.attempts,
                     "recipients": {a: NAMES.get(o, o) for a, o in s.recipients.items()}} for s in sent]}
    with open(path, "w") as f:
        f.write("# From the servers' logs and the case's own table; what the words mean stands in tests/lab/README.md.\n")
        yaml.safe_dump(out, f, sort_keys=False, default_flow_style=None, width=160, allow_unicode=True)
    return words(out, clients.later.words), list(problems(out, lines, clients.later))


def problems(out, lines, later):
    """Each mail that the source's server took tells of something, and no attempt is lost or unknown."""
    took = [l for l in lines if l["type"] == "message" and l["server_ip"] == later.source and l["outcome"] == "delivered"]
    told_of = {l["report"] for l in out["late"]}
    if later.box:
        for line in took:
            if (line["message_id"] or "").strip("<>") not in told_of:
                yield f"{line['message_id']} arrived, and nobody knows what it tells of"
        if len(took) != len(out["late"]):
            yield f"{len(took)} mails arrived at the source, {len(out['late'])} are explained"
    tried = sum(l["type"] == "message" and l["client_ip"] == later.source for l in lines)
    if tried != out["attempts"] or sum(out[name] for name in NAMES.values()) != out["messages"]:
        yield f"{tried} attempts in the truth, {out['attempts']} in {out['messages']} messages"


def words(out, more):
    kinds = collections.Counter((l["kind"], l["matched"]) for l in out["late"])
    text = f"{more}\n\n{out['source']} sends {out['messages']} messages in {out['attempts']} attempts " \
           f"({out['attempts'] - out['messages']} are retries). In the end {out['delivered']} are delivered, {out['failed']} have " \
           f"failed, {out['partly']} are delivered to some recipients only, {out['waiting']} still wait.\n"
    if not out["late"]:
        return text
    text += "Later mail: " + ", ".join(f"{n} {kind} {'of a mail that it sent' if good else 'of what it never sent'}"
                                       for (kind, good), n in sorted(kinds.items())) + ".\n\n"
    text += "| about | recipient | kind | sent by the source | its Message-ID is in the report |\n|---|---|---|---|---|\n"
    return text + "".join(f"| {l['message_id'] or 'no Message-ID'} | {l['recipient'] or 'not named'} | {l['kind']} | "
                          f"{'yes' if l['matched'] else 'no'} | {'yes' if l['names_it'] else 'no'} |\n" for l in out["late"])
