"""Cases with a server of their own (extras.py): LMTP, UTF-8 addresses, a mirror behind TLS, XCLIENT and XFORWARD, replies that
are none, and connections that end in every state.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import glob
import json
import time

from . import extras, odd_server
from .cases import MX, QUIT, WEB, WEB2, case, plan, step
from .letters import plain

NO_UTF8 = "203.0.113.25"
ODD = odd_server.NORMAL
RSET = {"do": "rset"}


@case("LMTP over TCP on port 24: Postfix and swaks to Dovecot; after the data each recipient has a reply of its own (250, 552 over "
      "quota, 452 over quota for now), some are refused at RCPT (550), and three mails go over one connection", extra="lmtp")
def lmtp(c):
    mixed = ["ann@store.example", "full@store.example", "nobody@store.example", "soon@store.example", "bob@store.example"]
    for n, to in enumerate((mixed, ["cy@store.example"], ["full@store.example", "nobody@store.example"])):
        sender = f"lmtp{n}@shop.example"
        c.postfix(sender, to, plain(f"lmtp{n}", sender, to[0], "To the mailbox"))
        time.sleep(1)  # one after the other: the connection is kept for two seconds
    c.settle()
    for n, to in enumerate((mixed, ["soon@store.example"], ["nobody@store.example"])):
        sender, port = f"store{n}@club.example", 41100 + n
        c.swaks(WEB, extras.LMTP_IP, sender, ",".join(to), plain(f"store{n}", sender, to[0], "To the mailbox"), "--protocol",
                "LMTP", "--local-port", str(port), port=24)
        c.port_lists[WEB].append(port)


@case("SMTPUTF8 (RFC 6531): local parts, a domain, and header fields in UTF-8; Postfix and smtplib to Postfix, accepted and "
      "refused; and a Postfix that does not offer it: the sender gives up without a MAIL")
def smtputf8(c):
    to = ["müller@dest.example", "анна@dest.example", "niemand-ä@dest.example", "用户@dest.example"]
    sender = "grüße@shop.example"
    c.postfix(sender, to, plain("utf8-1", sender, to[0], "Schöne Grüße aus Köln"))
    c.settle()
    sender = "utf8-none-ü@shop.example"
    c.postfix(sender, to[:1], plain("utf8-2", sender, to[0], "Kommt nicht an"))
    c.settle()
    utf8 = {"options": ["SMTPUTF8", "BODY=8BITMIME"]}
    c.smtplib(plan(WEB, MX, step("send", "utf8-3", to[1:3], "Привет", sender="борис@bücher.example", **utf8),
                   step("send", "utf8-4", ["niemand-ä@dest.example"], "Schön", sender="weiß@club.example", **utf8), QUIT),
              plan(WEB, NO_UTF8, {"do": "talk", "lines": ["MAIL FROM:<weiß@club.example> SMTPUTF8"]}, RSET,
                   step("send", "utf8-6", ["ann@dest.example"]), QUIT))


def behind_tls(c):
    """sslsplit shows the client's end and the server's: the way on the link that a mirror behind it would show."""
    servers = {25: extras.TLS_MX, 587: extras.SUBMISSION}
    for path in sorted(glob.glob(c.folder + "/smtplib-*.log")):
        for line in open(path):
            said = json.loads(line)
            if said["step"] == "connect":
                local, port = said["local"], said["server_port"]
            elif said["step"] == "mail":
                c.tunnels[said["sender"]] = {"client_ip": local[0], "client_port": local[1], "server_ip": servers[port],
                                             "server_port": port}


@case("a mirror that sits where TLS ends: smtplib with STARTTLS to Postfix and Exim through sslsplit, which writes what it "
      "decrypted; STARTTLS is granted, and clear text follows: accepted, refused, AUTH, and a client without STARTTLS",
      extra="sslsplit", decrypted=True)
def decrypted_mirror(c):
    split = extras.SPLIT_IP
    plans = (plan(WEB, split, step("send", "open1", ["ann@dest.example", "nobody@dest.example"]),
                  step("send", "open2", ["bob@dest.example"], "You won the lottery"), QUIT, tls="starttls"),
             plan(WEB, split, step("bdat", "open3", ["ann@dest.example"], words=400, chunk=900), QUIT, tls="starttls"),
             plan(WEB, split, step("pipeline", "open4", ["busy@dest.example", "nobody@dest.example"]), QUIT, tls="starttls"),
             plan(WEB, split, step("send", "open5", ["bob@dest.example"]), QUIT),
             plan(WEB, split, step("send", "open6", ["prof@uni.example", "gone@uni.example"]), QUIT, port=587, tls="starttls",
                  login=["alice", "correct-horse"]),
             plan(WEB, split, step("send", "open7", ["prof@uni.example"], "Cheap pills"), QUIT, port=587, tls="starttls",
                  login=["alice", "wrong-horse"]))
    for one in plans:
        for _ in range(9):
            c.smtplib(copy.deepcopy(one))
            time.sleep(0.3)
            if c.extra.alive():
                break
    behind_tls(c)


@case("behind a proxy that speaks for others: nginx's mail proxy ends its clients' TLS and AUTH and tells Postfix of them by "
      "XCLIENT, and Postfix sends with XFORWARD; accepted, refused, and a password that nginx refuses: no connection",
      extra="nginx")
def xclient(c):
    for n, (to, word) in enumerate((("ann@dest.example,nobody@dest.example", "correct-horse"),
                                    ("busy@dest.example", "correct-horse"), ("ann@dest.example", "wrong-horse"))):
        sender = f"front{n}@club.example"
        c.swaks(WEB2, extras.NGINX_IP, sender, to, plain(f"front{n}", sender, to, "Submitted"), "-tls", "--auth", "PLAIN",
                "--auth-user", "alice", "--auth-password", word, port=587)
    for n, to in enumerate((["ann@dest.example", "nobody@dest.example"], ["bob@dest.example"])):
        sender = f"xf{n}@shop.example"
        c.postfix(sender, to, plain(f"xf{n}", sender, to[0], "Forwarded"))
        c.settle()


@case("replies that servers in the field give, from an aiosmtpd server: codes 472, 400 and 599, none (4.7.0), 550 without text, "
      "several lines with mixed codes, lines without CR, words before the reply, bytes that are no UTF-8; a greeting without its "
      "line's end, a 250- that is never closed, a 421 while the client is idle; smtplib and Postfix ask", extra="odd", stray=True)
def odd_replies(c):
    def odd(what, *more):
        return [f"{what}@odd.example", *(f"{one}@odd.example" for one in more)]
    c.smtplib(plan(WEB, ODD, step("envelope", "code400", [], sender="code400@club.example"), RSET,
                   step("envelope", "code599", [], sender="code599@club.example"), RSET,
                   step("envelope", "code472", [], sender="code472@club.example"), RSET,
                   step("envelope", "nocode", [], sender="nocode@club.example"), RSET,
                   step("send", "odd1", odd("code472", "bare550", "mixed", "changes", "newline", "newlines", "latin1", "ann")),
                   step("send", "odd2", odd("code400", "code472")), step("send", "odd3", odd("nocode")),
                   step("send", "odd4", odd("nocode", "ann")), QUIT),
              plan(WEB, ODD, *(step("send", f"after{n}", odd("after-" + what, "ann")) for n, what in enumerate(
                  ("mixed", "bare550", "code472", "newlines", "changes", "nocode"))), QUIT))
    c.smtplib(plan(WEB, odd_server.NO_LINE_END, QUIT, timeout=2),
              plan(WEB, odd_server.NO_LINE_END, step("send", "hasty", odd("ann", "bare550")), impatient=True),
              plan(WEB, odd_server.UNCLOSED, QUIT),
              plan(WEB, odd_server.IDLE_421, step("send", "idle", odd("ann"), pause=1)))
    for n, to in enumerate((odd("mixed", "newline", "ann", "warns", "bare550"), odd("after-newlines"), odd("after-mixed"))):
        sender = f"strange{n}@shop.example"
        c.postfix(sender, to, plain(f"strange{n}", sender, to[0], "Hello"))
        c.settle()


@case("the connection ends in every state: the client closes and resets after the greeting, EHLO, MAIL, RCPT, DATA, in the body "
      "and behind the final dot; and so does the server, before it answers", extra="odd", stray=True)
def abrupt_states(c):
    states = ("greeting", "ehlo", "mail", "rcpt", "data", "body", "dot")
    for reset in (False, True):
        word = "reset" if reset else "close"
        for state in states:
            to, server = (("slow@odd.example", ODD) if state == "dot" else ("ann@dest.example", MX))
            c.smtplib(plan(WEB, server, *([] if state == "greeting" else [
                step("leave", f"{word}-{state}", [to], at=state, reset=reset, words=300)]), until=state, reset=reset))
        for n, state in enumerate(("ehlo", "mail", "rcpt", "data", "go", "body", "dot")):
            c.smtplib(plan(WEB, odd_server.GOES, step("send", f"{word}-at-{state}", ["ann@odd.example"], words=300),
                           helo=f"{word}-at-{state}", local_port=43010 + 10 * n + (5 if reset else 4)))
        c.smtplib(plan(WEB, odd_server.GOES, local_port=43001 if reset else 43002))
