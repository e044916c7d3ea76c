"""The showcase: customers who behave, one who does not, and another who does not, on IPv6.

All text is made up for this. Both bad senders are what a hijacked web form or a stolen account looks like.
"""
import base64
import email.utils
import hashlib
import threading
import time

from .cases import MX, MX6, QUIT, UNI, UNI6, case, plan
from .letters import paragraph, plain, signature

GOOD = {"198.51.100.14": ("florist.example", "mail.florist.example"), "198.51.100.15": ("school.example", "mx.school.example"),
        "198.51.100.16": ("hotel.example", "out.hotel.example"), "198.51.100.17": ("garage.example", "smtp.garage.example")}
BAD, BAD6 = "198.51.100.35", "2001:db8:10:36::25"
SUBJECTS = ["Your order is on its way", "Invoice for March", "Timetable for next week", "Your booking from Friday",
            "The car is ready", "Minutes of the meeting", "Thank you for your visit", "Opening hours at Easter"]


def dice(*seed):
    """A number that is the same every time for the same seed."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, seed)).encode()).digest()[:4], "big")


# --- those who behave --------------------------------------------------------------------------------

def newsletter(key, domain, to):
    """A newsletter as it should be: two alternatives, a way out, a signature."""
    link = f"https://www.{domain}/news/{key}"
    return (signature(domain, key) + f"Date: {email.utils.formatdate(time.time())}\r\nFrom: News <news@{domain}>\r\n"
            f"To: {to}\r\nSubject: News from {domain}, {key}\r\nMessage-ID: <{key}@{domain}>\r\nMIME-Version: 1.0\r\n"
            f"List-Unsubscribe: <https://www.{domain}/leave/{key}>\r\nList-Id: <news.{domain}>\r\n"
            f'Content-Type: multipart/alternative; boundary="part-{key}"\r\n\r\n'
            f"--part-{key}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{paragraph(key, 80)}\r\nMore: {link}\r\n"
            f"--part-{key}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>{paragraph(key, 80)}</p>\r\n"
            f'<p><a href="{link}">More of it</a></p></body></html>\r\n--part-{key}--\r\n').encode()


def invoice(key, sender, to):
    """A letter with an attachment in base64."""
    domain = sender.split("@")[1]
    paper = b"%PDF-1.4 " + b"".join(hashlib.sha256(f"{key}{n}".encode()).digest() for n in range(40))
    return (signature(domain, key) + f"Date: {email.utils.formatdate(time.time())}\r\nFrom: {sender}\r\nTo: {to}\r\n"
            f"Subject: =?utf-8?Q?Rechnung_f=C3=BCr_Mai?=\r\nMessage-ID: <{key}@{domain}>\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: multipart/mixed; boundary="mix-{key}"\r\n\r\n--mix-{key}\r\n'
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{paragraph(key, 40)}\r\n--mix-{key}\r\n"
            f'Content-Type: application/pdf; name="invoice.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="invoice.pdf"\r\n\r\n').encode() + \
        base64.encodebytes(paper).replace(b"\n", b"\r\n") + f"--mix-{key}--\r\n".encode()


def good_letter(key, sender, to, n):
    if n % 5 == 3:
        return newsletter(key, sender.split("@")[1], to)
    if n % 5 == 4:
        return invoice(key, sender, to)
    return plain(key, sender, to, SUBJECTS[n % len(SUBJECTS)], words=40 + dice(key) % 80, dkim=True)


def good_plans(local, domain, helo):
    """A few connections, one to three messages each; now and then somebody is gone or busy."""
    n = 0
    for connection in range(9):
        uni = connection % 3 == 2
        home = "uni.example" if uni else "dest.example"
        steps = []
        for _ in range(1 + dice(domain, connection) % 3):
            key, n = f"{domain.split('.')[0]}-{n}", n + 1
            to = [f"user{dice(key) % 30}@{home}"]
            if dice(key, "fate") % 14 == 0:
                to = [("gone@" if uni else "nobody@") + home]
            elif dice(key, "fate") % 14 == 1:
                to = ["busy@" + home]
            sender = f"b-{key}@{domain}"
            steps.append({"do": "send", "from": sender, "to": to,
                          "message": good_letter(key, f"office@{domain}", to[0], n)})
        yield plan(local, UNI if uni else MX, *steps, QUIT, helo=helo)


def good_servers(c):
    """The customers with servers of their own: Postfix and Exim, and two that send with swaks and msmtp."""
    for n in range(14):
        sender = f"{'uni' if n % 4 == 3 else 'news'}-{n}@shop.example"
        to = [f"user{n}@uni.example" if n % 4 == 3 else f"user{n}@dest.example"]
        to += ["nobody@dest.example"] if n == 6 else []
        c.postfix(sender, to, good_letter(f"shop-{n}", "office@shop.example", to[0], n))
    for n in range(10):
        sender, to = f"out-{n}@bakery.example", f"user{n}@{'uni' if n % 2 else 'dest'}.example"
        c.exim(sender, [to], good_letter(f"bakery-{n}", "office@bakery.example", to, n))
    for n in range(6):
        sender, to = f"site-{n}@club.example", f"user{n}@dest.example"
        c.swaks("198.51.100.10", MX, sender, to, good_letter(f"club-{n}", "site@club.example", to, n))
        c.msmtp("198.51.100.11", UNI, f"cron-{n}@club.example", [f"user{n}@uni.example"],
                good_letter(f"cron-{n}", "cron@club.example", f"user{n}@uni.example", n))


# --- those who do not --------------------------------------------------------------------------------

PHARMACY = ("Dear customer,<br>no prescription is needed any more! Order the blue tablets today and get <b>80% off</b>, "
            "shipped in a plain box. Offer ends tonight, act now!")
LOTTERY = ("CONGRATULATIONS!!! Your e-mail address has won <b>850,000.00 EUR</b> in the international draw. To claim it send "
           "your full name, bank account and a copy of your passport within 24 hours. Keep this confidential.")
PHISHING = ("Dear user,<br>your mailbox is over its quota and <b>will be suspended</b>. Verify your account now and enter your "
            "password on the page below, or all messages will be deleted.")
SPAM = [("Cheap pills, no prescription", PHARMACY), ("RE: your order of blue tablets 80% OFF", PHARMACY),
        ("You are the lottery winner", LOTTERY), ("URGENT: claim your 850,000 EUR", LOTTERY),
        ("Your account will be suspended", PHISHING), ("Verify your mailbox now!!!", PHISHING)]
FROMS = ["Customer Care <care@pharma-direct.example>", "Draw Desk <claims@euro-draw.example>",
         "Account Security <security@bank-secure.example>"]


def spam(seed, n):
    """No Date, no Message-ID, HTML alone, links to bare addresses and behind shorteners."""
    subject, text = SPAM[dice(seed, n) % len(SPAM)]
    link = f"http://192.0.2.{dice(seed, n, 'h') % 200 + 20}/c/{dice(seed, n, 'p') % 99999}/login.php"
    short = f"https://tinyurl.com/x{dice(seed, n, 's') % 9999}"
    return (f"From: {FROMS[dice(seed, n) % len(SPAM) // 2]}\r\nTo: undisclosed-recipients:;\r\nSubject: {subject}\r\n"
            f"X-Mailer: PHPMailer 5.2.1\r\nContent-Type: text/html\r\n\r\n<html><body><font size=5 color=red>{subject.upper()}"
            f'</font>\r\n<p>{text}</p>\r\n<p><a href="{link}">CLICK HERE</a> or <a href="{short}">here</a></p>\r\n'
            f'<img src="{link}?i={n}" width=1 height=1>\r\n<p style="color:#ffffff">{paragraph(f"{seed}{n}", 25)}</p>\r\n'
            "</body></html>\r\n").encode()


def bad_plans(seed, local, servers, helos, count, each):
    """A guessed address list: half of it does not exist."""
    n, connection = 0, 0
    while n < count:
        uni = connection % 3 == 1
        home, server = ("uni.example", servers[1]) if uni else ("dest.example", servers[0])
        steps = []
        for _ in range(min(each(connection), count - n)):
            fate = dice(seed, n, "fate") % 10
            to = [f"user{dice(seed, n, 'u') % 30}@{home}"] if fate < 5 else [f"{seed}{dice(seed, n) % 5000}@{home}"]
            if fate == 4:
                to = ["blocked@" + home]
            steps.append({"do": "send", "from": f"{seed}{n}@bounce-{seed}.example", "to": to, "message": spam(seed, n)})
            n += 1
        yield plan(local, server, *steps, QUIT, helo=helos[connection % len(helos)])
        connection += 1


def swaks_burst(c):
    """Some of the bad source's mail goes out by another tool, as scripts left on a web host do."""
    for n in range(12):
        c.swaks(BAD, MX if n % 2 else UNI, f"form{n}@localhost.localdomain", f"form{n}@{'dest' if n % 2 else 'uni'}.example",
                spam("form", n), "--ehlo", "localhost")


@case("the showcase: eight customers who behave, one at 198.51.100.35 who sends spam from guessed lists (over 140 messages), "
      "and one on IPv6, 2001:db8:10:36::25, who sends phishing")
def demo(c):
    jobs = [lambda a=a, d=d: c.smtplib(*good_plans(a, *d)) for a, d in GOOD.items()]
    jobs += [lambda: good_servers(c),
             lambda: c.smtplib(*bad_plans("win", BAD, (MX, UNI), ("localhost", "[127.0.0.1]"), 132, lambda k: 1 + k % 7)),
             lambda: swaks_burst(c),
             lambda: c.smtplib(*bad_plans("verify", BAD6, (MX6, UNI6), (f"[IPv6:{BAD6}]", "localhost"), 112, lambda k: 4))]
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    c.settle()
