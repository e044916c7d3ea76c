"""The two Postfix of the proof: a customer's, which sends for three of its addresses, and the receiver; what is sent,
and what became of it by their own logs.

The lab's class runs them, so nothing of a Postfix that the machine may have is read or touched.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import re

from lab import fetch, letters
from lab.postfix import Postfix

from . import site

RECEIVER_MAIN = """myhostname = mx.dest.example
inet_interfaces = 203.0.113.10, [2001:db8:20::10]
virtual_mailbox_domains = dest.example
virtual_mailbox_maps = regexp:{home}/conf/users.regexp
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_end_of_data_restrictions = check_sender_access regexp:{home}/conf/refused.regexp
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
"""
RECEIVER_MASTER = """[203.0.113.10]:25 inet n - n - - smtpd
[2001:db8:20::10]:25 inet n - n - - smtpd
"""
RECEIVER_FILES = {
    "users.regexp": "/^(ann|ben|eva)@dest\\.example$/ box/\n",
    # Refused when the whole message is there, as a content filter does it.
    "refused.regexp": "/^prizes@/ 554 5.7.1 Message refused: it looks like spam\n",
}

SENDER_MAIN = """myhostname = node7.hosting.example
inet_interfaces = loopback-only
sender_dependent_default_transport_maps = regexp:{home}/conf/routes.regexp
transport_maps = regexp:{home}/conf/returned.regexp
notify_classes =
in_flow_delay = 0
smtp_host_lookup = native
"""
SENDER_MASTER = """bad4 unix - - n - - smtp -o syslog_name=bad4
    -o smtp_bind_address=198.51.100.20 -o smtp_helo_name=mail.pills.example
bad6 unix - - n - - smtp -o syslog_name=bad6
    -o smtp_bind_address6=2001:db8:10:20::25 -o smtp_helo_name=mail.slots.example
good unix - - n - - smtp -o syslog_name=good
    -o smtp_bind_address=198.51.100.30 -o smtp_helo_name=mail.florist.example
"""
SENDER_FILES = {
    "routes.regexp": "/@pills\\.example$/ bad4:[203.0.113.10]\n/@slots\\.example$/ bad6:[2001:db8:20::10]\n"
                     "/@florist\\.example$/ good:[203.0.113.10]\n",
    # The reports of what was refused come back to the senders, who do not read them.
    "returned.regexp": "/@(pills|slots|florist)\\.example$/ discard:\n",
}
DOMAINS = {site.BAD4: "pills.example", site.BAD6: "slots.example", site.GOOD4: "florist.example"}
NAMES = {site.BAD4: "bad4", site.BAD6: "bad6", site.GOOD4: "good"}

SPAM = """Dear friend,

Congratulations! You have won the grand prize of the international lottery program. Claim your prize within 24 hours:
your late uncle left an unclaimed inheritance of $ 4,500,000.00 in a dormant account, and we ask for your urgent
response and strict confidentiality to transfer this fund. Verify your account to avoid suspension.

http://203.0.113.77/claim/{n}
"""


class Mail:
    """One message that is sent: key (of its Message-ID), envelope, text, and what the receiver will say."""

    def __init__(self, source, n):
        domain = DOMAINS[source]
        self.n = n
        self.message_id = f"<{NAMES[source]}-{n}@{domain}>"
        self.source, self.sender, self.to, self.code = source, "offers@" + domain, "eva@dest.example", 250
        if source == site.GOOD4:
            self.sender, self.to = "shop@" + domain, ("ann@dest.example", "ben@dest.example")[n % 2]
        elif n % 4 == 0:
            self.to, self.code = f"user{n}@dest.example", 550
        elif n % 4 == 1:
            self.sender, self.code = "prizes@" + domain, 554
        spam = None if source == site.GOOD4 else SPAM.format(n=n).replace("\n", "\r\n")
        subject = f"Your order {n}" if spam is None else f"You have won, winner {n}"
        self.text = letters.plain(f"{NAMES[source]}-{n}", self.sender, self.to, subject, dkim=spam is None, body=spam)

    @property
    def outcome(self):
        return "delivered" if self.code == 250 else "bounced"


class Post:
    """Both servers, and all that was sent."""

    def __init__(self, place, home):
        fetch.WORK = str(home)  # where the lab's class puts the servers' folders
        self.receiver = Postfix("receiver", place.names["internet"], RECEIVER_MAIN, RECEIVER_MASTER,
                                files=RECEIVER_FILES)
        self.sender = Postfix("sender", place.names["customer"], SENDER_MAIN, SENDER_MASTER, files=SENDER_FILES)
        self.sent = []

    def __enter__(self):
        self.receiver.start()
        self.sender.start()
        return self

    def __exit__(self, *_):
        self.sender.stop()
        self.receiver.stop()

    def send(self, mails):
        """Hands them to the customer's Postfix, as its scripts would."""
        self.sent += mails
        with concurrent.futures.ThreadPoolExecutor(4) as several:
            list(several.map(lambda mail: self.sender.send(mail.sender, [mail.to], mail.text), mails))

    def results(self, source):
        """What the customer's Postfix says of each message that is done: (recipient, status, words)."""
        with open(self.sender.log, encoding="utf-8", errors="replace") as log:
            return re.findall(rf" {NAMES[source]}/smtp\[\d+\]: \w+: to=<([^>]*)>,.* status=(\w+) \((.*)\)$", log.read(),
                              re.MULTILINE)

    def taken(self):
        """Message-ID of each message that the receiver has taken, by the name that it gave it."""
        with open(self.receiver.log, encoding="utf-8", errors="replace") as log:
            return dict(re.findall(r" postfix/cleanup\[\d+\]: (\w+): message-id=(\S+)$", log.read(), re.MULTILINE))
