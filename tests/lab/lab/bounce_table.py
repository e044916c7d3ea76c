"""The servers of tests/lab/bounce_mails and their cases.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from .bounce_cases import Server, case, late, refused, report
from .bounce_servers import Dma, Dovecot, Exim, OpenSMTPD, Postfix, Sendmail, Vacation

POSTFIX = [
    refused("nobody", "5.1.1", "user unknown", "no_such_user"),
    refused("nocode", "5.0.0", "no such user here", "no_such_user"),
    refused("left", "5.1.1", "account does not exist", "no_such_user"),
    refused("disabled", "5.2.1", "account is disabled", "mailbox_disabled"),
    refused("full", "5.2.2", "mailbox is full", "mailbox_full"),
    refused("fulldata", "5.2.2", "quota exceeded", "mailbox_full"),
    refused("moved", "5.1.6", "not local, try another address", "moved"),
    refused("choosy", "5.7.1", "recipient does not accept mail from the sender", "recipient_refuses"),
    refused("big", "5.3.4", "message size exceeds limit", "too_big"),
    refused("spam", "5.7.1", "rejected as spam by content filter", "spam_content", subject="Refused content"),
    refused("virus", "5.7.1", "virus found", "virus"),
    refused("attachment", "5.7.0", "attachment type not allowed", "bad_content"),
    refused("policy", "5.7.1", "refused by local policy", "policy"),
    refused("listed", "5.7.1", "blocked using zen.spamhaus.org", "blocklisted"),
    refused("reputation", "5.0.0", "poor reputation", "bad_reputation"),
    refused("noptr", "5.7.25", "cannot find your hostname", "no_ptr"),
    refused("spf", "5.7.23", "SPF fail", "spf_failed"),
    refused("dkim", "5.7.20", "DKIM signature did not verify", "dkim_failed"),
    refused("dmarc", "5.7.26", "DMARC policy", "dmarc_failed"),
    refused("unauth", "5.7.26", "sender is unauthenticated", "unauthenticated"),
    refused("badsender", "5.1.8", "domain of sender address does not exist", "bad_sender"),
    refused("ratehard", "5.7.1", "sending quota exceeded", "rate_limited"),
    refused("relay", "5.7.1", "relay access denied", "relay_denied"),
    refused("header", "5.6.0", "malformed header", "bad_message"),
    refused("notaccepting", "5.3.2", "host does not accept mail", "not_accepting"),
    refused("hops", "5.4.6", "too many hops", "loop"),
    refused("login", "5.7.0", "authentication required", "login_failed"),
    refused("syntax", "5.5.4", "syntax error in parameters", "protocol_error"),
    refused("vague", "5.0.0", "transaction failed", "unclassified"),
    refused("umlaut", "5.1.1", "user unknown, in German and UTF-8", "no_such_user"),
    refused("blocks", "5.7.1", "greeting: blocked using zen.spamhaus.org", "blocklisted", to="ann@blocks.example.net"),
    refused("mustls", "5.7.0", "must issue STARTTLS", "tls_required", to="ann@tls.example.net"),
    refused("toosmall", "5.3.4", "size exceeds the server's limit (SIZE)", "too_big", to="ann@small.example.net", lines=60),
    refused("nodomain", "5.4.4", "host or domain name not found", "no_such_domain", to="ann@nosuch.example"),
    refused("nomail", "5.1.0", "domain does not accept mail (null MX)", "no_such_domain", to="ann@nomail.example.net"),
    refused("loop", "5.4.6", "mail loops back to myself", "loop", to="ann@loop.example.net"),
    refused("localgone", "5.1.1", "user unknown", "no_such_user", to="nobody@shop.example.com"),
    refused("localmoved", "5.1.6", "user has moved", "moved", to="zoe@shop.example.com"),
    refused("localfull", "5.2.2", "mailbox is full (pipe)", "mailbox_full", to="ann@full.example.com"),
    refused("localplain", "5.3.0", "service unavailable: mailbox is locked", "mailbox_disabled", to="ann@plain.example.com"),
    case("mixed", "ann@dsn.example.net,nobody@example.net,full@example.net,bob@example.net",
         report("bounce", "nobody@example.net,full@example.net", "5.1.1,5.2.2", "user unknown; mailbox is full",
                "no_such_user,mailbox_full")),
    case("headers", "nobody@example.net", report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user"),
         ret="HDRS", envid="order-4711"),
    case("long", "nobody@example.net", report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user"), lines=150),
    case("umlauts", "nobody@example.net", report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user"),
         subject="=?utf-8?Q?Ihre_Bestellung_f=C3=BCr_M=C3=BCller?="),
    case("smtputf8", "m\u00fcller@ascii.example.net",
         report("bounce", "m\u00fcller@ascii.example.net", "5.6.7", "SMTPUTF8 is not offered", "protocol_error"),
         utf8=True, subject="Gr\u00fc\u00dfe"),
    case("smtputf8gone", "m\u00fcller@shop.example.com",
         report("bounce", "m\u00fcller@shop.example.com", "5.1.1", "user unknown", "no_such_user"), utf8=True,
         subject="Gr\u00fc\u00dfe"),
    case("delivered", "ann@shop.example.com", report("success", "ann@shop.example.com", "2.0.0", "delivered to maildir", ""),
         notify="SUCCESS"),
    case("relayed", "ann@example.net", report("success", "ann@example.net", "2.0.0", "relayed", ""), notify="SUCCESS,FAILURE"),
    case("expanded", "staff@lists.example.com",
         report("success", "staff@lists.example.com", "2.0.0", "expanded", ""), notify="SUCCESS"),
    case("never", "nobody@example.net", notify="NEVER"),
    case("null", "nobody@example.net", sender=""),
]
CUT = [
    case("cut", "nobody@example.net", report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user"), lines=60),
]
COPY = [
    case("copy", "nobody@example.net",
         report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user", "", "Returned to Sender"),
         report("bounce", "nobody@example.net", "5.1.1", "user unknown: the postmaster's copy", "no_such_user", "postmaster",
                "Postmaster Copy")),
]
# The report of this mail comes back, too, and that goes to the postmaster.
TWICE = [
    case("twice", "full@example.net",
         report("bounce", "nobody@example.net", "5.1.1", "user unknown: the sender's own address", "no_such_user"),
         sender="nobody@example.net", about_report=True),
]
LATE = [
    case("refused", "ann@refused.example.net",
         report("delay", "ann@refused.example.net", "4.4.1", "connection refused", "network", "delay", "Action: delayed"),
         report("bounce", "ann@refused.example.net", "4.4.1", "connection refused until it expired", "expired", "expired",
                "Action: failed")),
    case("silent", "ann@silent.example.net",
         report("delay", "ann@silent.example.net", "4.4.1", "connection timed out", "network", "delay", "Action: delayed"),
         report("bounce", "ann@silent.example.net", "4.4.1", "connection timed out until it expired", "expired", "expired",
                "Action: failed")),
    case("grey", "grey@example.net",
         report("delay", "grey@example.net", "4.2.0", "greylisted", "greylisted", "delay", "Action: delayed"),
         report("bounce", "grey@example.net", "4.2.0", "greylisted until it expired", "greylisted", "expired", "Action: failed")),
    case("slowfull", "slowfull@example.net",
         report("delay", "slowfull@example.net", "4.2.2", "mailbox full", "mailbox_full", "delay", "Action: delayed"),
         report("bounce", "slowfull@example.net", "4.2.2", "mailbox full until it expired", "mailbox_full", "expired",
                "Action: failed")),
    late("rate", "rate@example.net", "4.7.1", "rate limit exceeded", "rate_limited"),
    late("many", "many@example.net", "4.5.3", "too many recipients", "too_many_recipients"),
    late("trouble", "trouble@example.net", "4.3.0", "queue file write error", "system_trouble"),
    late("busy", "ann@busy.example.net", "4.3.2", "too many connections", "too_many_connections"),
    late("hangup", "ann@hangup.example.net", "4.4.2", "lost connection in the middle of the mail", "network"),
]

EXIM = [
    refused("nobody", "5.0.0", "user unknown", "no_such_user"),
    refused("left", "5.0.0", "account does not exist", "no_such_user"),
    refused("full", "5.0.0", "mailbox is full", "mailbox_full"),
    refused("spam", "5.0.0", "rejected as spam by content filter", "spam_content"),
    refused("listed", "5.0.0", "blocked using zen.spamhaus.org", "blocklisted"),
    refused("dmarc", "5.0.0", "DMARC policy", "dmarc_failed"),
    refused("relay", "5.0.0", "relay access denied", "relay_denied"),
    refused("umlaut", "5.0.0", "user unknown, in German and UTF-8", "no_such_user"),
    refused("blocks", "5.0.0", "greeting: blocked using zen.spamhaus.org", "blocklisted", to="ann@blocks.example.net"),
    refused("nodomain", "5.0.0", "unrouteable address", "no_such_domain", to="ann@nosuch.example"),
    refused("localgone", "5.0.0", "unrouteable address", "no_such_user", to="nobody@shop.example.com"),
    refused("localclosed", "5.0.0", "the mailbox is closed", "mailbox_disabled", to="closed@shop.example.com"),
    refused("localfull", "5.0.0", "quota exceeded", "mailbox_full", to="full@shop.example.com"),
    refused("mustls", "5.0.0", "must issue STARTTLS", "tls_required", to="ann@tls.example.net"),
    refused("toosmall", "5.0.0", "message size exceeds the server's limit (SIZE)", "too_big", to="ann@small.example.net", lines=60),
    case("mixed", "ann@example.net,nobody@example.net,full@example.net",
         report("bounce", "nobody@example.net,full@example.net", "5.0.0,5.0.0", "user unknown; mailbox is full",
                "no_such_user,mailbox_full")),
    case("headers", "nobody@example.net", report("bounce", "nobody@example.net", "5.0.0", "user unknown", "no_such_user"),
         ret="HDRS", envid="order-4711", notify="FAILURE"),
    case("delivered", "ann@shop.example.com", report("success", "ann@shop.example.com", "2.0.0", "delivered", ""), notify="SUCCESS"),
    case("relayed", "ann@example.net", report("success", "ann@example.net", "2.0.0", "relayed", ""), notify="SUCCESS,FAILURE"),
    case("null", "nobody@example.net", sender=""),
]
EXIM_LATE = [
    case("refused", "ann@refused.example.net",
         report("delay", "ann@refused.example.net", "4.0.0", "connection refused", "network", "delay", "Action: delayed"),
         report("bounce", "ann@refused.example.net", "5.0.0", "connection refused until it expired", "expired", "expired",
                "Action: failed")),
    case("grey", "grey@example.net",
         report("delay", "grey@example.net", "4.0.0", "greylisted", "greylisted", "delay", "Action: delayed"),
         report("bounce", "grey@example.net", "5.0.0", "greylisted until it expired", "greylisted", "expired", "Action: failed")),
]
SENDMAIL = [
    refused("nobody", "5.1.1", "user unknown", "no_such_user"),
    refused("nocode", "5.1.1", "no such user here", "no_such_user"),
    refused("full", "5.2.2", "mailbox is full", "mailbox_full"),
    refused("spam", "5.7.1", "rejected as spam by content filter", "spam_content"),
    refused("listed", "5.7.1", "blocked using zen.spamhaus.org", "blocklisted"),
    refused("policy", "5.7.1", "refused by local policy", "policy"),
    refused("nodomain", "5.1.2", "host unknown", "no_such_domain", to="ann@nosuch.example"),
    refused("loop", "5.1.2", "MX list points back to the server itself", "loop", to="ann@loop.example.net"),
    case("mixed", "ann@example.net,nobody@example.net,full@example.net",
         report("bounce", "nobody@example.net,full@example.net", "5.1.1,5.2.2", "user unknown; mailbox is full",
                "no_such_user,mailbox_full")),
    case("headers", "nobody@example.net", report("bounce", "nobody@example.net", "5.1.1", "user unknown", "no_such_user"), ret="HDRS"),
    case("relayed", "ann@example.net", report("success", "ann@example.net", "2.1.5", "relayed", ""), notify="SUCCESS"),
    case("null", "nobody@example.net", sender=""),
]
SENDMAIL_LATE = [
    case("refused", "ann@refused.example.net",
         report("delay", "ann@refused.example.net", "4.4.1", "connection refused", "network", "delay", "Action: delayed"),
         report("bounce", "ann@refused.example.net", "4.4.7", "connection refused until it expired", "expired", "expired",
                "Action: failed")),
    case("grey", "grey@example.net",
         report("delay", "grey@example.net", "4.2.0", "greylisted", "greylisted", "delay", "Action: delayed"),
         report("bounce", "grey@example.net", "4.4.7", "greylisted until it expired", "greylisted", "expired", "Action: failed")),
]
OPENSMTPD = [
    refused("nobody", "5.0.0", "user unknown", "no_such_user"),
    refused("full", "5.0.0", "mailbox is full", "mailbox_full"),
    refused("spam", "5.0.0", "rejected as spam by content filter", "spam_content"),
    refused("listed", "5.0.0", "blocked using zen.spamhaus.org", "blocklisted"),
    refused("nodomain", "5.0.0", "domain does not exist", "no_such_domain", to="ann@nosuch.example"),
    refused("localfull", "5.3.0", "mailbox full", "mailbox_full", to="ann@full.example.com"),
    case("mixed", "ann@example.net,nobody@example.net,full@example.net",
         report("bounce", "nobody@example.net,full@example.net", "5.0.0,5.0.0", "user unknown; mailbox is full",
                "no_such_user,mailbox_full")),
    case("headers", "nobody@example.net", report("bounce", "nobody@example.net", "5.0.0", "user unknown", "no_such_user"), ret="HDRS"),
    case("relayed", "ann@example.net", report("success", "ann@example.net", "2.0.0", "relayed", ""), notify="SUCCESS"),
    case("delivered", "ann@shop.example.com", report("success", "ann@shop.example.com", "2.0.0", "delivered", ""), notify="SUCCESS"),
    case("null", "nobody@example.net", sender=""),
]
OPENSMTPD_LATE = [
    # What it sends when it gives up says "delayed", and that the message is kept; only the status and the text tell it.
    case("refused", "ann@refused.example.net",
         report("delay", "ann@refused.example.net", "4.0.0", "connection refused", "network", "delay", "Status: 4.0.0"),
         report("bounce", "ann@refused.example.net", "4.4.7", "expired", "expired", "expired",
                "Status: 4.4.7")),
    case("grey", "grey@example.net",
         report("delay", "grey@example.net", "4.0.0", "greylisted", "greylisted", "delay", "Status: 4.0.0"),
         report("bounce", "grey@example.net", "4.4.7", "expired", "expired", "expired", "Status: 4.4.7")),
]
DMA = [
    refused("nobody", "", "user unknown", "no_such_user"),
    refused("full", "", "mailbox is full", "mailbox_full"),
    refused("spam", "", "rejected as spam by content filter", "spam_content"),
    refused("listed", "", "blocked using zen.spamhaus.org", "blocklisted"),
    refused("left", "", "account does not exist", "no_such_user"),
]
DOVECOT = [
    case("refuser", "refuser@shop.example.com",
         report("mdn", "refuser@shop.example.com", "", "refused by the recipient's sieve", "recipient_refuses")),
    case("refuser8", "refuser8@shop.example.com",
         report("mdn", "refuser8@shop.example.com", "", "refused by the recipient's sieve, in German", "recipient_refuses")),
    case("full", "full@shop.example.com",
         report("bounce", "full@shop.example.com", "5.2.2", "quota exceeded", "mailbox_full"), lda=True),
    case("away", "away@shop.example.com", report("vacation", "", "", "out of the office", "")),
    case("away8", "away8@shop.example.com", report("vacation", "", "", "out of the office, in German", "")),
    case("awayplain", "awayplain@shop.example.com", report("vacation", "", "", "gone fishing", "")),
]
VACATION = [case("away", "ann@shop.example.com", report("vacation", "", "", "on holiday", ""), known="")]    # it does not say which mail it answers
HOLIDAY = """From: ann@shop.example.com (Ann)
Subject: away from my mail
Precedence: bulk

I am on holiday until Monday and read no mail.
You wrote about "$SUBJECT".
"""

SERVERS = [
    Server("postfix", Postfix, POSTFIX, 40),
    Server("postfix/late", lambda: Postfix("maximal_queue_lifetime = 9s\nbounce_queue_lifetime = 9s\ndelay_warning_time = 2s\n"),
           LATE, 60),
    Server("postfix/cut", lambda: Postfix("bounce_size_limit = 1000\n"), CUT, 30),
    Server("postfix/copy", lambda: Postfix("notify_classes = bounce\nbounce_notice_recipient = anna+copy@example.com\n"), COPY, 20),
    Server("postfix/twice", lambda: Postfix("notify_classes = 2bounce\n2bounce_notice_recipient = anna+twice@example.com\n"), TWICE,
           20),
    Server("exim", Exim, EXIM, 30),
    Server("exim/late", lambda: Exim("delay_warning = 2s:1h", "8s"), EXIM_LATE, 60),
    Server("sendmail", Sendmail, SENDMAIL, 30),
    Server("sendmail/late", lambda: Sendmail("12s", "3s"), SENDMAIL_LATE, 60),
    Server("opensmtpd", OpenSMTPD, OPENSMTPD, 30),
    Server("opensmtpd/late", lambda: OpenSMTPD("12s", "3s"), OPENSMTPD_LATE, 40),
    Server("dma", Dma, DMA, 30),
    Server("dovecot", Dovecot, DOVECOT, 15),
    Server("vacation", lambda: Vacation(HOLIDAY), VACATION, 15),
]
