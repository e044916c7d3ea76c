"""The rest of the Internet for tests/lab/bounce_mails: a server that gives scripted answers, and the senders' own mailbox.

A recipient's local part says what happens to mail for him (SCRIPT); an address to listen at has ways of its own (PLACES).
What is accepted for example.com is kept as it came over the wire: these are the mails that the corpus is made of.
Run as: bounce_remote.py FOLDER

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import re
import socketserver
import sys
import threading

# The mailbox is 203.0.113.5. Keys: greet (instead of 220), ehlo (what is offered), own (domains that are its own).
MAILBOX = "203.0.113.5"
COMMON = ("PIPELINING", "SIZE 10000000", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8")
PLACES = {
    MAILBOX: {"name": "mx.example.com"},
    "203.0.113.10": {"name": "mx.example.net"},
    "203.0.113.11": {"name": "mx.blocks.example.net", "greet":
                     "554 5.7.1 Service unavailable; Client host [{client}] blocked using zen.spamhaus.org; "
                     "https://www.spamhaus.org/query/ip/{client}"},
    "203.0.113.13": {"name": "mx.dsn.example.net", "ehlo": COMMON + ("DSN",)},
    "203.0.113.14": {"name": "mx.ascii.example.net", "ehlo": ("PIPELINING", "SIZE 10000000", "ENHANCEDSTATUSCODES", "8BITMIME")},
    "203.0.113.15": {"name": "mx.small.example.net", "ehlo": ("PIPELINING", "SIZE 2000", "ENHANCEDSTATUSCODES", "8BITMIME")},
    "203.0.113.16": {"name": "mx.tls.example.net", "mail": "530 5.7.0 Must issue a STARTTLS command first"},
    "203.0.113.17": {"name": "mx.hangup.example.net", "hangup": True},
    "203.0.113.18": {"name": "mx.busy.example.net", "greet": "421 4.3.2 mx.busy.example.net Too many connections, try again later"},
}

# Local part: (when, what). "rcpt" and "mail" answer the command, "data" the end of the data.
SCRIPT = {
    "nobody": ("rcpt", "550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown in virtual mailbox table"),
    "nocode": ("rcpt", "550 No such user here"),
    "left": ("rcpt", "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n"
                     "550-5.1.1 double-checking the recipient's email address for typos or\r\n"
                     "550 5.1.1 unnecessary spaces. - mx.example.net"),
    "disabled": ("rcpt", "550 5.2.1 The email account that you tried to reach is disabled."),
    "full": ("rcpt", "552 5.2.2 <full@example.net>: Mailbox is full / quota exceeded"),
    "fulldata": ("data", "552 5.2.2 <fulldata@example.net> Quota exceeded (mailbox for user is full)"),
    "slowfull": ("rcpt", "452 4.2.2 Mailbox full, try again later"),
    "moved": ("rcpt", "551 5.1.6 User not local; please try <zoe@example.org>"),
    "choosy": ("rcpt", "550 5.7.1 Recipient does not accept mail from you; sender is on the recipient's block list"),
    "big": ("data", "552 5.3.4 Message size exceeds fixed limit"),
    "spam": ("data", "554 5.7.1 Message rejected as spam by content filter (score 14.2)"),
    "virus": ("data", "554 5.7.1 Virus found: Eicar-Test-Signature. Message rejected"),
    "attachment": ("data", "552 5.7.0 This message was blocked because its content presents a potential security issue: "
                           "attachment type .exe is not allowed"),
    "policy": ("rcpt", "550 5.7.1 Message refused by local policy"),
    "listed": ("rcpt", "554 5.7.1 Service unavailable; Client host [{client}] blocked using zen.spamhaus.org; "
                       "Listed by PBL, see https://www.spamhaus.org/query/ip/{client}"),
    "reputation": ("rcpt", "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation. "
                           "If you believe that this failure is in error, please contact the intended recipient via alternate means."),
    "noptr": ("rcpt", "550 5.7.25 Client host rejected: cannot find your hostname, [{client}]"),
    "spf": ("rcpt", "550 5.7.23 <spf@example.net>: Recipient address rejected: Message rejected due to: SPF fail - not authorized"),
    "dkim": ("data", "550 5.7.20 DKIM signature did not verify, message rejected"),
    "dmarc": ("data", "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy"),
    "unauth": ("data", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n"
                       "550 5.7.26 Authenticate with either SPF or DKIM."),
    "badsender": ("rcpt", "553 5.1.8 <{sender}>... Domain of sender address does not exist"),
    "rate": ("rcpt", "451 4.7.1 Rate limit exceeded for your address, slow down"),
    "ratehard": ("rcpt", "550 5.7.1 Daily sending quota exceeded: you have sent too many messages today"),
    "many": ("rcpt", "452 4.5.3 Too many recipients"),
    "relay": ("rcpt", "554 5.7.1 <relay@example.net>: Relay access denied"),
    "syntax": ("rcpt", "501 5.5.4 Syntax error in parameters or arguments"),
    "header": ("data", "550 5.6.0 Message header is malformed: more than one From"),
    "grey": ("rcpt", "450 4.2.0 <grey@example.net>: Recipient address rejected: Greylisted, see "
                     "http://postgrey.schweikert.ch/help/example.net.html"),
    "notaccepting": ("rcpt", "521 5.3.2 mx.example.net does not accept mail"),
    "trouble": ("data", "451 4.3.0 Error: queue file write error"),
    "hops": ("data", "554 5.4.6 Too many hops: message is looping"),
    "login": ("rcpt", "530 5.7.0 Authentication required"),
    "vague": ("rcpt", "554 Transaction failed"),
    "umlaut": ("rcpt", "550 5.1.1 Empf\u00e4nger unbekannt: <umlaut@example.net>"),
}


class Box:
    """Numbers what is kept, and writes it beside what its envelope said."""
    lock, count, folder = threading.Lock(), 0, None

    @classmethod
    def keep(cls, sender, recipients, data):
        with cls.lock:
            cls.count += 1
            with open(f"{cls.folder}/{cls.count:04}.eml", "wb") as f:
                f.write(data)
            with open(f"{cls.folder}/{cls.count:04}.json.part", "w") as f:
                json.dump({"from": sender, "to": recipients}, f)
            os.rename(f"{cls.folder}/{cls.count:04}.json.part", f"{cls.folder}/{cls.count:04}.json")


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, text):
        self.wfile.write(text.format(client=self.client_address[0], sender=self.sender).encode() + b"\r\n")

    def handle(self):
        self.place, self.sender, self.recipients, self.after = PLACES[self.server.server_address[0]], "", [], None
        self.say(self.place.get("greet") or f"220 {self.place['name']} ESMTP")
        try:
            while self.command(self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")):
                pass
        except OSError:
            pass

    def command(self, line):
        verb = line[:4].upper()
        if not verb or verb == "QUIT":
            if verb:
                self.say("221 2.0.0 Bye")
            return False
        if "greet" in self.place:
            self.say("503 5.5.1 Not now")
        elif verb == "EHLO":
            said = (self.place["name"],) + tuple(self.place.get("ehlo", COMMON))
            for n, word in enumerate(said):
                self.say("250" + (" " if n == len(said) - 1 else "-") + word)
        elif verb == "MAIL":
            self.sender, self.recipients, self.after = re.search(r"<(.*?)>", line).group(1), [], None
            self.say(self.place.get("mail") or self.too_big(line) or "250 2.1.0 Ok")
        elif verb == "RCPT":
            self.rcpt(re.search(r"<(.*?)>", line).group(1))
        elif verb == "DATA":
            return self.data()
        else:
            self.say("250 2.0.0 Ok")
        return True

    def too_big(self, line):
        limit = re.search(r"SIZE (\d+)", " ".join(self.place.get("ehlo", COMMON)))
        said = re.search(r"SIZE=(\d+)", line, re.I)
        return said and int(said.group(1)) > int(limit.group(1)) and "552 5.3.4 Message size exceeds fixed limit"

    def rcpt(self, address):
        when, what = SCRIPT.get(address.split("@")[0], (None, None))
        if when == "rcpt" or "mail" in self.place:
            return self.say(what or "503 5.5.1 Need MAIL")
        self.after = what if when == "data" else self.after
        self.recipients.append(address)
        return self.say("250 2.1.5 Ok")

    def data(self):
        if not self.recipients:
            self.say("554 5.5.1 Error: no valid recipients")
            return True
        self.say("354 End data with <CR><LF>.<CR><LF>")
        lines = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                break
            if self.place.get("hangup"):
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.server_address[0] == MAILBOX:
            Box.keep(self.sender, self.recipients, b"".join(lines))
        self.say(self.after or "250 2.0.0 Ok: queued as 4F1Zc20Hnnz1x")
        self.recipients = []
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 50


def main():
    Box.folder = sys.argv[1]
    for address in PLACES:
        threading.Thread(target=Server((address, 25), Session).serve_forever).start()


if __name__ == "__main__":
    main()
