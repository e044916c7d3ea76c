"""Cases about what comes later: reports of mail that was accepted, retries, and mail that is passed on or answered.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import email.utils
import glob
import os
import re
import time

from . import later_servers as servers
from . import net, stores
from .cases import QUIT, SHOP, WEB, case, plan
from .later import Later
from .letters import paragraph, plain


def until(ready, limit=40.0, every=0.3):
    """Waits for what a log or a mailbox will show."""
    end = time.time() + limit
    while not ready():
        if time.time() > end:
            raise RuntimeError("the lab waited in vain")
        time.sleep(every)


def count(path, words):
    with open(path, errors="replace") as f:
        return f.read().count(words)


def arrived(c):
    """How many mails lie in shop's mailbox."""
    folder = c.world.shop.home + "/mail/box/new"
    return len(os.listdir(folder)) if os.path.isdir(folder) else 0


def from_outside(c, local, server, *steps, helo="out.stranger.example", **more):
    c.smtplib(plan(local, server, *steps, QUIT, helo=helo, **more), namespace=net.INTERNET)


def forged(c, server, sender, to, *fields, subject="Great offer"):
    """A stranger gives a server a mail with a sender who knows nothing of it. It does not pass the link."""
    key = sender.split("@")[0]
    head = [f"From: <{sender}>", f"To: <{to}>", f"Subject: {subject}", *fields]
    text = ("\r\n".join(head) + "\r\n\r\n" + paragraph(key + to, 25)).encode()
    c.smtplib(plan(servers.STRANGERS[0], server, {"do": "send", "from": sender, "to": [to], "message": text}, QUIT,
                   helo="out.stranger.example"), namespace=net.INTERNET, log="forged")


def shop_sends(c, key, *to, subject="Your order", options=(), **more):
    c.postfix(f"{key}@shop.example", list(to), letter(key, to[0], subject, **more), *options)


def letter(key, to, subject="Your order", **more):
    """A Message-ID that is not the sender's address, too."""
    text = plain(key, f"{key}@shop.example", to, subject, words=30, **more)
    return text.replace(f"<{key}@shop.example>".encode(), f"<{message_id(key)}>".encode())


def message_id(key):
    return f"{key}.4711@mail.shop.example"


# --- late bounces ------------------------------------------------------------------------------------

def once_more(c, key):
    """The report about this mail again, as it comes when a server did not hear that it was taken."""
    for path in glob.glob(c.world.shop.home + "/mail/box/new/*"):
        with open(path, "rb") as f:
            stored = f.read()
        if b"multipart/report" in stored and key.encode() + b"@shop.example" in stored:
            name = re.search(rb"with E?SMTP\s+id (\w+)", stored).group(1)
            c.extra.away.send("", [f"{key}@shop.example"], stores.below_trace(stored, name))
            return
    raise RuntimeError("no report about " + key)


@case("accepted by others' servers, and reported later: Postfix and Exim relay to a mailbox server that refuses (550 unknown, "
      "552 full, 550 spam behind the data), and their reports come to the customer's server on port 25; a success report, delay "
      "warnings, a mail that expires, a report with headers only, reports without a copy, and one that comes twice",
      extra="reporting")
def late_bounces(c):
    shop_sends(c, "away1", "nobody@away.example")
    shop_sends(c, "away2", "full@away.example")
    shop_sends(c, "away3", "ann@away.example", subject="Your refused content")
    shop_sends(c, "away4", "ann@away.example")
    shop_sends(c, "away5", "bob@away.example", options=("-N", "success,failure"))
    shop_sends(c, "away6", "slow@away.example")
    shop_sends(c, "away7", "ann@away.example", "gone@away.example")
    shop_sends(c, "away8", "left@away.example", options=("-R", "hdrs", "-V", "order-4711"))
    # A script on the same host that writes no Message-ID: the report about it has none either.
    text = b"From: script@shop.example\r\nTo: missing@away.example\r\nSubject: Nightly\r\n\r\nDone.\r\n"
    c.smtplib(plan(SHOP, servers.AWAY, {"do": "send", "from": "script@shop.example", "to": ["missing@away.example"],
                                        "message": text}, QUIT, helo="mail.shop.example"))
    shop_sends(c, "faculty1", "nobody@faculty.example")
    shop_sends(c, "faculty2", "full@faculty.example")
    shop_sends(c, "faculty3", "ann@faculty.example")
    shop_sends(c, "faculty4", "bob@faculty.example", subject="Your refused content")
    shop_sends(c, "quiet1", "nobody@quiet.example")
    shop_sends(c, "quiet2", "ann@quiet.example")
    until(lambda: arrived(c) >= 13)
    once_more(c, "away1")
    c.settle()
    c.later = Later(SHOP, "Every mail is accepted by the server that it is sent to; without the reports a person would count no "
                    "failure at all. With them each failed recipient counts once, the report that comes twice included once.",
                    box=c.world.shop.home)


@case("backscatter: somebody outside uses the customer's addresses as senders, and the servers that took these mails report to "
      "the customer's server what it never sent, some without any Message-ID; among five mails that it did send, two of which fail",
      extra="reporting")
def backscatter(c):
    sent = [("away1", "ann@away.example"), ("away2", "nobody@away.example"), ("faculty1", "bob@faculty.example"),
            ("faculty2", "gone@faculty.example"), ("quiet1", "ann@quiet.example")]
    for n in range(15):
        place = ("away", "faculty", "quiet")[n % 5 // 2] if n % 3 != 2 else sent[n // 3][0][:-1]
        server = {"away": servers.AWAY, "faculty": servers.FACULTY, "quiet": servers.QUIET}[place]
        # Some forge the very senders of real mails; some name no Message-ID, as spam often does.
        sender = f"{sent[n // 3][0]}@shop.example" if n % 3 == 2 else f"info{n}@shop.example"
        fields = [] if n % 4 == 3 else [f"Message-ID: <spam{n}@shop.example>"]
        forged(c, server, sender, ("full@" if n % 4 == 1 else f"lost{n}@") + place + ".example", *fields)
        c.letters.pop(sender, None)
        if n % 3 == 0:
            shop_sends(c, sent[n // 3][0], sent[n // 3][1])
    for key, to in sent:  # what the forger wrote in their name is forgotten
        c.know(f"{key}@shop.example", letter(key, to), False, "the message handed to Postfix")
    until(lambda: arrived(c) >= 17)
    c.settle()
    c.later = Later(SHOP, "Fifteen reports tell of mails that the source never sent, though some name an envelope sender that it "
                    "uses: they must count nothing. Two of its five mails do fail.", box=c.world.shop.home)


# --- complaints --------------------------------------------------------------------------------------

def feedback(to, n, original, recipient, source_ip):
    """A complaint in RFC 5965's form about this mail."""
    head = original.split(b"\r\n\r\n")[0].decode()
    sender = re.search(r"(?m)^From: (\S+)", head).group(1)
    return (f"From: Complaints <fbl@bigmail.example>\r\nTo: <{to}>\r\nSubject: FW: complaint {n}\r\n"
            f"Date: {email.utils.formatdate(time.time())}\r\nMessage-ID: <fbl{n}@bigmail.example>\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: multipart/report; report-type=feedback-report;\r\n boundary="arf-{n}"\r\n\r\n'
            f"--arf-{n}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is an abuse report for a message from "
            f"{source_ip}.\r\n\r\n--arf-{n}\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
            f"User-Agent: ExampleFBL/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <{sender}>\r\n"
            f"Original-Rcpt-To: <{recipient}>\r\nSource-IP: {source_ip}\r\n"
            f"Reported-Domain: {sender.split('@')[1]}\r\n\r\n--arf-{n}\r\nContent-Type: message/rfc822\r\n\r\n").encode() + \
        original + f"\r\n--arf-{n}--\r\n".encode()


def read_receipt(to, original_id, recipient):
    """A disposition notification in RFC 8098's form."""
    return (f"From: <{recipient}>\r\nTo: <{to}>\r\nSubject: Read: Your order\r\nDate: {email.utils.formatdate(time.time())}\r\n"
            f"Message-ID: <read1@away.example>\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: multipart/report; report-type=disposition-notification;\r\n boundary="mdn"\r\n\r\n'
            f"--mdn\r\nContent-Type: text/plain\r\n\r\nYour message was displayed.\r\n\r\n--mdn\r\n"
            f"Content-Type: message/disposition-notification\r\n\r\nReporting-UA: mua.away.example; ExampleMail 1.0\r\n"
            f"Original-Recipient: rfc822;{recipient}\r\nFinal-Recipient: rfc822;{recipient}\r\n"
            f"Original-Message-ID: <{original_id}>\r\n"
            f"Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--mdn--\r\n").encode()


@case("complaints: five feedback reports (RFC 5965) come in, three about mails that the customer's server sent and two about "
      "others; besides an answer of an absent professor (Exim), and a read receipt", extra="reporting")
def complaints(c):
    sent = {"away1": "ann@away.example", "away2": "bob@away.example", "away3": "user3@away.example",
            "away4": "user4@away.example", "away5": "user5@away.example", "faculty1": "holiday@faculty.example"}
    for key, to in sent.items():
        shop_sends(c, key, to)
    until(lambda: arrived(c) >= 1)
    out, about = [], {"read1@away.example": message_id("away4")}
    for n, key in enumerate(("away1", "away2", "away3", "other1", "other2")):
        to = sent.get(key, "cy@away.example")
        out.append(feedback("abuse@shop.example", n, letter(key, to), to, SHOP if key in sent else "198.51.100.99"))
        about[f"fbl{n}@bigmail.example"] = message_id(key)
    steps = [{"do": "send", "from": f"fbl{n}@bigmail.example", "to": ["abuse@shop.example"], "message": m}
             for n, m in enumerate(out)]
    from_outside(c, servers.STRANGERS[1], SHOP, *steps, helo="fbl.bigmail.example")
    receipt = read_receipt("away4@shop.example", message_id("away4"), sent["away4"])
    from_outside(c, servers.AWAY, SHOP, {"do": "send", "from": "", "to": ["away4@shop.example"], "message": receipt},
                 helo="mx.away.example")
    c.letters.pop("", None)
    c.settle()
    c.later = Later(SHOP, "Six mails are accepted. Three draw a complaint of their recipients, which weighs; two complaints tell "
                    "of mails that came from elsewhere, and count nothing; the absence and the read receipt are no bounces.",
                    box=c.world.shop.home, about=about)


# --- retries -----------------------------------------------------------------------------------------

GREY, LISTED, HURRIED = "203.0.113.15", "203.0.113.39", "203.0.113.49"


def flush(c):
    c.world.shop.control("postqueue", "-f")


def delivered(c, key):
    """How many recipients a mail of shop's has reached."""
    with open(c.world.shop.log, errors="replace") as f:
        log = f.read()
    ids = re.findall(rf"qmgr\[\d+\]: (\w+): from=<{re.escape(key)}@shop\.example>", log)
    return sum(len(re.findall(rf"smtp\[\d+\]: {i}: to=<[^>]*>,.* status=sent", log)) for i in set(ids))


def queue_id(c, key):
    with open(c.world.shop.log, errors="replace") as f:
        found = re.findall(rf"qmgr\[\d+\]: (\w+): from=<{re.escape(key)}@shop\.example>", f.read())
    return found[-1] if found else None


@case("greylisting by Debian's postgrey: ten mails put off and delivered when Postfix's queue runs again, one with two recipients "
      "of which one is put off, one that is never taken and given up; and swaks, whose second try is another connection")
def greylisting(c):
    keys = [f"grey{chr(97 + n)}" for n in range(9)] + ["grey-1"]
    for n, key in enumerate(keys):
        shop_sends(c, key, f"user{n}@dest.example")
    shop_sends(c, "greynever", "busy@dest.example")
    web = ("grey@club.example", "user10@dest.example", plain("grey.web", "grey@club.example", "user10@dest.example", "Please wait"))
    c.swaks(WEB, GREY, *web)
    time.sleep(3)
    flush(c)
    c.swaks(WEB, GREY, *web)
    until(lambda: all(delivered(c, key) for key in keys))
    # postgrey takes all numbers for one, so the first of these recipients is known by now, and the second is not.
    shop_sends(c, "grey-2", "user9@dest.example", "user11@dest.example")
    until(lambda: delivered(c, "grey-2") == 1)
    time.sleep(2)
    flush(c)
    until(lambda: delivered(c, "grey-2") == 2)
    c.world.shop.control("postsuper", "-f", queue_id(c, "greynever"))
    flush(c)
    until(lambda: count(c.world.shop.log, queue_id(c, "greynever") + ": sender non-delivery notification"))
    c.later = Later(SHOP, "Greylisting says nothing of a sender. Eleven mails were put off and delivered, which leaves no "
                    "trace; the one that is never taken (450: mailbox busy) stays deferred. (198.51.100.10 sends one "
                    "more, in two attempts.)")


@case("a queue that runs again and again: forty times to a server that greets with 554 (the client is on a blocklist), fifteen "
      "times to one with 421 (too busy), beside ten mails that are delivered to a third")
def greeting_again(c):
    shop_sends(c, "listed", "ann@dest.example")
    shop_sends(c, "hurried", "bob@dest.example")
    tries = {"listed": 40, "hurried": 15}
    for n in range(40):
        if n % 4 == 0:
            shop_sends(c, f"third{n // 4}", f"user{n}@dest.example")
        until(lambda: refused(c, "listed") > n, every=0.05)
        if n == tries["hurried"] - 1:
            until(lambda: refused(c, "hurried") > n, every=0.05)
            c.world.shop.control("postsuper", "-h", queue_id(c, "hurried"))
        if n == tries["listed"] - 1:
            c.world.shop.control("postsuper", "-h", queue_id(c, "listed"))
        flush(c)
    c.settle()
    c.later = Later(SHOP, "One mail meets the same refusal of one server at its greeting over and over: that is one thing that a "
                    "person would say, not forty. Another one meets 421 as often as the queue ran before it was held. Ten others "
                    "are delivered.",
                    greeting={LISTED: ("listed@shop.example", "ann@dest.example"),
                              HURRIED: ("hurried@shop.example", "bob@dest.example")})


def refused(c, key):
    """How often a server refused at its greeting, as shop's log has it."""
    name = queue_id(c, key)
    return count(c.world.shop.log, name + ": to=<") if name else 0


# --- mail that is passed on, and answered ------------------------------------------------------------

def small(key, sender, to, subject="Hello", words=12):
    """A letter of few bytes: many of them shall fit into a small capture."""
    return (f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{key}@{sender.split('@')[1]}>\r\n\r\n" +
            paragraph(key, words)).encode()


def stream(c, local, helo, server, letters, **more):
    """Letters (envelope sender, recipient, message, RCPT's options) in one connection, each envelope in one write."""
    from_outside(c, local, server, *({"do": "pipeline", "from": sender, "to": [to], "message": text, "rcpt_options": options}
                                     for sender, to, text, options in letters), helo=helo, **more)
    for sender, *_ in letters:
        c.letters[sender]["first"] = server


def forwarded(n):
    """The 120 mails: ten are spam to anna, ten are bert's from a domain with DMARC, and gina has left."""
    user = ("anna", "bert", "gina")[n % 3]
    domain = "bank.example" if n % 12 == 1 else "dest.example" if n % 30 in (2, 3, 4) else ("stranger.example", "news.example")[n % 2]
    sender = f"user{n}@{domain}"
    subject = "Cheap pills" if n % 12 == 0 else "Your account" if domain == "bank.example" else "Hello"
    # Most senders ask for no report, so that the capture shows few of those that a forwarder sends.
    options = [] if n % 30 == 2 or n in (24, 48) else ["NOTIFY=NEVER"]
    return sender, user + "@forward.example", small(f"f{n}.letter", sender, user + "@forward.example", subject), options


def rewritten(c):
    """What SRS made of the senders, from the forwarder's log."""
    with open(c.extra.forward.log, errors="replace") as f:
        for srs, domain, local in re.findall(r"from=<(SRS0=[^=>]+=[^=>]+=([^=>]+)=([^@>]+)@forward\.example)>", f.read()):
            c.letters[srs] = c.letters[f"{local}@{domain}"]


@case("a customer who forwards: 120 mails come in from strangers and go out to three mailboxes of a provider, most with senders "
      "rewritten by postsrsd, some as they are; ten are refused as spam, ten for DMARC, forty because the mailbox is gone; "
      "and six reports about that go out to the senders", extra="forwarder")
def forwarder(c):
    hosts = dict(zip(("stranger.example", "dest.example", "bank.example", "news.example"), servers.STRANGERS))
    mails = [forwarded(n) for n in range(120)]
    for domain, local in hosts.items():
        stream(c, local, "out." + domain, servers.FORWARD, [m for m in mails if m[0].endswith("@" + domain)])
    until(lambda: c.extra.forward.queue_empty())
    rewritten(c)
    c.settle()
    c.later = Later(servers.FORWARD, "Half of the 120 mails that this source passes on are refused, but it chose neither the mails "
                    "nor the addresses: they came in a moment before (same Message-ID, another connection), and go to three "
                    "addresses alone, each behind its own one. A scorer that counts refusals would block it; a person would not. "
                    "The six further messages have a null sender: reports to the senders, four taken, two refused.")


def in_vain(n):
    """A forged sender: every other one does not exist."""
    return f"{'real' if n % 2 else 'ghost'}{n}@bigmail.example"


@case("a customer who answers automatically: 120 mails with forged senders come in, and Dovecot's Sieve answers each, for one "
      "user without a sender, for the other with the user's own; half of the answers are refused because nobody of that name "
      "exists", extra="autoresponder")
def autoresponder(c):
    users = ("absent@answers.example", "office@answers.example")
    mails = [(in_vain(n), users[n % 4 // 2], small(f"a{n}.spam", in_vain(n), users[n % 4 // 2], "Great offer"), [])
             for n in range(120)]
    stream(c, servers.STRANGERS[0], "out.stranger.example", servers.ANSWERS, mails)
    until(lambda: count(c.extra.servers[1].log, "RCPT TO:<") >= 120)
    until(lambda: c.extra.answers.queue_empty())
    c.settle()
    c.later = Later(servers.ANSWERS, "Half of the 120 answers that this source sends are refused, because others forge senders: what "
                    "is wrong is that it answers at all. Each answer goes to one who wrote a moment before, says that it is "
                    "automatic (Auto-Submitted), half of them have a null sender, and no address was guessed by the source.")


def posted(c, posts):
    """Which post a list's envelope sender belongs to: mlmmj counts them."""
    with open(c.extra.lists.log, errors="replace") as f:
        for sender, number in set(re.findall(r"from=<(news\+bounces-(\d+)[^>]*@lists\.example)>", f.read())):
            c.letters[sender] = {**c.letters[posts[int(number) - 1]], "first": servers.LISTS}


@case("a mailing list (mlmmj): three posts of a member come in, and go out to sixty subscribers, twelve of whom are gone",
      extra="list", name="list")
def mailing_list(c):
    posts = [f"reader{n}@bigmail.example" for n in (1, 2, 3)]
    for n, sender in enumerate(posts, 1):
        text = small(f"post{n}", sender, "news@lists.example", f"News, part {n}")
        stream(c, servers.STRANGERS[1], "out.bigmail.example", servers.LISTS, [(sender, "news@lists.example", text, [])])
        until(lambda: count(c.extra.servers[1].log, "RCPT TO:<") >= 60 * n)
        until(lambda: c.extra.lists.queue_empty())
    posted(c, posts)
    c.settle()
    c.later = Later(servers.LISTS, "Each of the three posts is refused for the same twelve of sixty subscribers, a fifth: a list that "
                    "nobody cleans, not guessed addresses. The mails say what they are (List-Id, List-Unsubscribe, Precedence), "
                    "their Message-IDs came in a moment before, and the second and third post hit no new address.")
