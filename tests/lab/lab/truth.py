"""From transcripts to the truth: dialogues and messages as the product's contract words them.

Written from the contract alone, not from the product: a second opinion must not share code with the first.
"""
import re

ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?: |$)")


def reply(code, texts):
    """A reply as {code, enhanced, text}: the enhanced code is taken off every line, the lines are joined."""
    enhanced = None
    lines = []
    for text in texts:
        m = ENHANCED.match(text)
        if m and m.group(1)[0] == str(code)[0]:
            enhanced = enhanced or m.group(1)
            text = text[m.end():]
        lines.append(text.strip())
    return {"code": code, "enhanced": enhanced, "text": " ".join(l for l in lines if l)}


def kind(code):
    return {2: "delivered", 3: "delivered", 4: "deferred", 5: "bounced"}.get(code // 100, "unknown")


class Message:
    def __init__(self, ordinal, sender):
        self.ordinal, self.sender = ordinal, sender
        self.stage, self.outcome, self.reply = None, None, None
        self.recipients = []  # {address, code, enhanced, text}
        self.chunks = []      # BDAT sizes
        self.content = False  # some of the body was sent
        self.mail_refused = False
        self.unreadable = False  # the answer to MAIL, to the only recipient, or to the data was no reply
        self.encrypted = False

    def accepted(self):
        return [r for r in self.recipients if r["code"] and r["code"] // 100 == 2]

    def decide(self, stage, answer):
        if self.outcome is None:
            self.stage, self.outcome, self.reply = stage, kind(answer["code"]), answer

    def close(self):
        """The message is over; if nothing decided it, its recipients do, or it was given up."""
        if self.outcome is None and self.recipients and not self.accepted():
            codes = [r["code"] for r in self.recipients if r["code"]]
            if codes:
                self.stage = "rcpt"
                self.outcome = "bounced" if any(c // 100 == 5 for c in codes) else "deferred"
        if self.outcome is None:
            self.outcome = "unknown" if self.unreadable else "aborted"

    def recipient_outcomes(self):
        for r in self.recipients:
            refused = r["code"] is not None and r["code"] // 100 in (4, 5)
            if self.mail_refused:
                r["outcome"] = self.outcome  # a 503 after a refused MAIL says nothing of the recipient
            elif "unreadable" in r:
                r["outcome"] = "unknown"
                del r["unreadable"]
            elif "final" in r:
                r["outcome"] = kind(r["final"]["code"])
            else:
                r["outcome"] = kind(r["code"]) if refused else self.outcome
        return self.recipients


def argument(line):
    m = re.search(r":\s*<?([^\s>]*)>?", line)
    return m.group(1) if m else ""


class Reader:
    """Goes through one transcript. Its server answers each command before it reads the next."""

    def __init__(self, dialogue):
        self.dialogue = dialogue
        self.messages, self.open, self.last = [], None, None
        self.tls = "implicit" if dialogue.implicit_tls else None
        self.quit, self.pending, self.how = False, "GREETING", None
        self.auth, self.auth_tries, self.lmtp = [], 0, False

    def read(self):
        for event in self.dialogue.events:
            if event[0] == "C":
                self.command(event[1])
            elif event[0] == "S" and event[1] is None:
                self.no_answer()
            elif event[0] == "S":
                self.answer(reply(event[1], event[2]), event[1])
            elif event[0] == "TLS" and self.tls is None and self.pending == "TLS":
                self.tls, self.pending = "starttls", None
            elif event[0] == "END" and self.how is None:
                self.how = event[1]
        self.finish()
        return self

    def finish(self):
        if self.open:
            self.open.close()
            self.open = None

    def command(self, line):
        if self.pending in ("BODY", "AUTH", "TLS"):
            if self.pending == "AUTH":
                return  # a response to a challenge
            self.pending = None
        verb = line.split(" ", 1)[0].upper().rstrip(":")
        self.pending, self.line = verb, line
        if verb == "MAIL":
            self.finish()
            self.open = Message(len(self.messages) + 1, argument(line))
            self.open.encrypted = self.tls is not None
            self.messages.append(self.open)
        elif verb == "AUTH":
            self.auth_tries += 1
        elif verb == "RCPT" and self.open:
            self.open.recipients.append({"address": argument(line), "code": None, "enhanced": None, "text": None})
        elif verb == "BDAT" and self.open:
            self.open.content = True
            self.open.chunks.append(int(line.split()[1]))
        elif verb in ("RSET", "HELO", "EHLO", "LHLO"):
            self.lmtp = verb == "LHLO" or (self.lmtp and verb == "RSET")
            self.finish()
        elif verb == "QUIT":
            self.quit = True
            self.finish()

    def no_answer(self):
        """The client took what is no reply for one, and went on."""
        verb, self.pending = self.pending, None
        if self.open is None:
            return
        if verb == "RCPT":
            self.open.recipients[-1]["unreadable"] = True
        if verb != "RCPT" or not self.open.accepted():
            self.open.unreadable = True
        if verb == "BODY":
            self.finish()

    def final(self, message, answer):
        """LMTP: a reply for each recipient that was accepted; the message went out when one of them took it."""
        waiting = [r for r in message.accepted() if "final" not in r]
        waiting[0]["final"] = answer
        if len(waiting) > 1:
            self.pending = "BODY"
            return
        finals = [r["final"] for r in message.accepted()]
        taken = [f for f in finals if f["code"] // 100 == 2]
        message.decide("body", taken[-1] if taken else next((f for f in finals if f["code"] // 100 == 5), finals[0]))
        self.finish()

    def answer(self, answer, code):
        verb, self.pending = self.pending, None
        message = self.open
        if verb == "GREETING":
            if code // 100 in (4, 5):
                message = Message(1, None)
                message.decide("greeting", answer)
                self.messages.append(message)
        elif verb == "STARTTLS" and code == 220:
            self.pending = "TLS"
        elif verb == "AUTH":
            if code == 334:
                self.pending = "AUTH"
            else:
                self.auth.append(code)
        elif message is None:
            return
        elif verb == "MAIL":
            if code // 100 != 2:
                message.mail_refused = True
                message.decide("mail", answer)
        elif verb == "RCPT":
            message.recipients[-1].update(answer)
        elif verb == "DATA":
            self.data(message, answer, code)
        elif verb == "BODY" and self.lmtp:
            self.final(message, answer)
        elif verb == "BODY":
            message.decide("body", answer)
            self.finish()
        elif verb == "BDAT":
            if code // 100 != 2 or "LAST" in self.line.upper():
                if message.accepted():
                    message.decide("body", answer)
                if "LAST" in self.line.upper():
                    self.finish()
        elif verb is None and code == 421:
            # Said without being asked: the server gives up on a transaction that is under way.
            if message.accepted():
                message.decide(None, answer)

    def data(self, message, answer, code):
        if code == 354:
            message.content = True
            self.pending = "BODY"
        elif message.accepted():
            message.decide("data", answer)
            self.finish()
        # Refused with no recipient accepted: it is the recipients' refusals that decided.

    def lines(self, letters, stored):
        """Truth lines: the dialogue, then its messages. letters: what the clients were given, by envelope sender;
        stored: a function from a final reply to what the receiver stored."""
        d = self.dialogue
        where = {"client_ip": d.client_ip, "client_port": d.client_port, "server_ip": d.server_ip,
                 "server_port": d.server_port}
        yield {"type": "dialogue", **where, "tls": self.tls, "messages": len(self.messages),
               "end": "quit" if self.quit else None, "log_end": self.how,
               "auth": {"tries": self.auth_tries, "refused": sum(code != 235 for code in self.auth)},
               "source_of_truth": d.source}
        for m in self.messages:
            yield message_line(m, where, d.source, letters, stored)


def message_line(m, where, source, letters, stored):
    known = {"message_id": None, "from_domain": None, "subject": None, "body_bytes": None}
    sources = [source]
    # What was never sent cannot be seen: headers are known only where a whole body was.
    if m.content and m.outcome in ("delivered", "bounced", "deferred"):
        told = [letters.get(m.sender) if m.sender else None, stored(m.reply) if m.outcome == "delivered" else None]
        if told[0] and told[0].get("hides") and told[1]:
            told[1]["body_bytes"] = None  # as sent, and as taken, are two things
        if told[0] and told[0].get("first", where["server_ip"]) != where["server_ip"]:
            told[0] = {**told[0], "body_bytes": None}  # passed on: with more trace fields
        for letter in filter(None, told):
            new = {k: letter[k] for k in known if known[k] is None and letter[k] is not None}
            known.update(new)
            if new:
                sources.append(letter["source"])
        if m.chunks and known["body_bytes"] is None:
            known["body_bytes"] = sum(m.chunks)
    line = {"type": "message", **where, "ordinal": m.ordinal, "outcome": m.outcome, "stage": m.stage,
            "envelope_from": m.sender, "recipients": m.recipient_outcomes(), "reply": m.reply, **known,
            "source_of_truth": ", ".join(sources)}
    if m.outcome in ("delivered", "aborted"):
        line["stage"] = None
    if m.encrypted:
        line["encrypted"] = True
    return line
