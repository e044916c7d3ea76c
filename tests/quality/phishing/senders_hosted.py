"""Senders at a hosting provider: shops that were broken into, stolen boxes, scripts, forged freemail.  SPDX-License-Identifier: GPL-3.0-or-later"""
from .wire import ALNUM, DIGITS, UPPER, dkim

HEX = "0123456789abcdef"


def phpmailer(site, version="6.6.5", reply=None):
    """PHPMailer in a broken web site: the site's own address."""
    def make(m):
        headers = [("Date", m.date), ("To", m.rcpt), ("From", f"{m.name} <wordpress@{site}>")]
        if reply:
            headers.append(("Reply-To", reply))
        return f"wordpress@{site}", headers + [
            ("Subject", m.subject), ("Message-ID", f"<{m.draw.letters(43, ALNUM)}@{site}>"),
            ("X-Mailer", f"PHPMailer {version} (https://github.com/PHPMailer/PHPMailer)"),
            ("X-PHP-Originating-Script", f"33:{m.draw.of(('wp-conf.php', 'leaf.php', 'alexus.php', 'class-mail1.php'))}")]
    return make


def leafmailer(site):
    """A mailer script that was laid into a site: From as wanted, Message-ID of localhost."""
    def make(m):
        return f"www-data@{site}", [
            ("To", m.rcpt), ("Subject", m.subject),
            ("X-PHP-Script",
             f"www.{site}/wp-includes/css/l{m.draw.number(99)}.php for 198.51.100.{m.draw.number(250)}, 203.0.113.9"),
            ("Date", m.date), ("From", f"{m.name} <{m.draw.letters(8)}@{m.draw.letters(9)}.com>"),
            ("Message-ID", f"<{m.draw.letters(32, HEX)}@localhost>"),
            ("X-Priority", "1"), ("X-Mailer", "Leaf PHPMailer 2.8")]
    return make


def php_mail(site):
    """mail() with what its author thought of: no Message-ID, the envelope is the web server's user."""
    def make(m):
        return f"www-data@web03.{site}", [("To", m.rcpt), ("Subject", m.subject),
                                          ("From", f"{m.name}<info@{m.draw.letters(10)}-mail.com>"),
                                           ("Reply-To", f"info@{m.draw.letters(10)}-mail.com"), ("X-Mailer", "PHP/7.4.33"),
                                          ("Date", m.date)]
    return make


def smtplib(domain):
    """A Python script: no Date, no Message-ID, and the library's boundary (see build.py)."""
    def make(m):
        return f"bounce@{domain}", [("From", f"{m.name} <alert@{domain}>"), ("To", m.rcpt), ("Subject", m.subject)]
    return make


def node_aligned(domain):
    """All as it should be, at a domain that looks like the brand and is new: signature, Message-ID, unsubscribe."""
    def make(m):
        return f"bounce+{m.draw.letters(8)}@mail.{domain}", [
            ("DKIM-Signature", dkim(m.draw, domain, "s1")), ("From", f"{m.name} <no-reply@{domain}>"), ("To", m.rcpt),
            ("Subject", m.subject), ("Date", m.date),
            ("Message-ID", f"<{m.draw.letters(8, HEX)}-{m.draw.letters(4, HEX)}-{m.draw.letters(12, HEX)}@{domain}>"),
            ("Reply-To", f"no-reply@{domain}"),
            ("List-Unsubscribe", f"<https://{domain}/u/{m.draw.letters(10)}>")]
    return make


def ses_account(domain, local="sales"):
    """Somebody's cloud mail account with stolen keys: signed for the victim's own domain."""
    def make(m):
        mark = f"0100019c{m.draw.letters(8, HEX)}-{m.draw.letters(8, HEX)}-{m.draw.letters(4, HEX)}-000000"
        return f"{mark}@amazonses.com", [("DKIM-Signature", dkim(m.draw, domain, m.draw.letters(32))),
                                         ("From", f"{m.name} <{local}@{domain}>"), ("To", m.rcpt),
                                         ("Subject", m.subject), ("Date", m.date),
                                         ("Message-ID", f"<{mark}@email.amazonses.com>"),
                                         ("Feedback-ID", f"::1.us-east-1.{m.draw.letters(43, ALNUM)}=:AmazonSES"),
                                         ("X-SES-Outgoing", "2026.02.18-54.240.48.97")]
    return make


def ses_forged(domain, brand_domain):
    """The Message-ID of a cloud service on mail that never saw it; Sender is the brand."""
    def make(m):
        return f"bounces+{m.draw.number(99999)}-uoxb-{m.rcpt.replace('@', '=')}@{domain}", [
            ("From", f"{m.name}  <deals@{domain}>"), ("To", f"<{m.rcpt}>"), ("Cc", f"<{m.rcpt}>"),
            ("Subject", f"{m.subject} {m.user}"), ("Sender", f"{m.name} <deals@{brand_domain}>"),
            ("message-ID", f"<{m.draw.letters(26, ALNUM)}@email.amazonses.com>"), ("Date", m.date)]
    return make


def cpanel(domain):
    """A box whose password was guessed, on a shared server with Exim."""
    def make(m):
        server = f"vps-{m.draw.number(9999999)}.{domain}"
        return f"notificacoes@{domain}", [
            ("DKIM-Signature", dkim(m.draw, domain, "default")),
            ("Received",
             f"from net-198-51-100-{m.draw.number(250)}.dsl.example.net ([198.51.100.{m.draw.number(250)}]:39524 helo=203.0.113.229)\n\tby {server} with esmtpsa  (TLS1.2) tls "
                         f"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n\t(Exim 4.96.2)\n\t(envelope-from <notificacoes@{domain}>)\n\tid 1tq4Kd-0002Yx-1m\n\tfor {m.rcpt};\n\t{m.date}"),
            ("Message-ID", f"<{m.draw.letters(38, HEX)}@{domain}>"), ("Reply-To", f"{m.name} <support@mail.com>"),
            ("From", f"{m.name} <notificacoes@{domain}>"), ("To", m.rcpt),
            ("Subject", m.subject), ("Date", m.date),
            ("X-AntiAbuse", "This header was added to track abuse, please include it with any abuse report"),
            ("X-AntiAbuse", f"Primary Hostname - {server}"), ("X-AntiAbuse", f"Sender Address Domain - {domain}"),
            ("X-Get-Message-Sender-Via", f"{server}: authenticated_id: notificacoes@{domain}")]
    return make


def roundcube(domain, reply=None):
    """A stolen box of a school or an office, through its web mail."""
    def make(m):
        local = m.draw.letters(8, DIGITS)
        headers = [("Date", m.date), ("From", f"{m.name} <{local}@{domain}>"), ("To", "undisclosed-recipients:;"),
                   ("Subject", m.subject)]
        if reply:
            headers.append(("Reply-To", reply))
        return f"{local}@{domain}", headers + [("User-Agent", "Roundcube Webmail/1.4.15"),
                                               ("Message-ID", f"<{m.draw.letters(32, HEX)}@{domain}>"),
                                               ("X-Sender", f"{local}@{domain}")]
    return make


def outlook_express(domain, reply):
    """A program of 2002 in name only, through somebody's open relay."""
    def make(m):
        return f"{m.draw.letters(9)}@{domain}", [
            ("Received",
             f"from User (unknown [198.51.100.{m.draw.number(250)}])\n\tby mail.{domain} (Postfix) with SMTP id {m.draw.letters(12, HEX).upper()};\n\t{m.date}"),
            ("Reply-To", f"<{reply}>"), ("From", f"{m.name}<{m.draw.letters(9)}@{domain}>"), ("Subject", m.subject),
            ("Date", m.date),
            ("X-Mailer", "Microsoft Outlook Express 6.00.2600.0000"),
            ("X-MimeOLE", "Produced By Microsoft MimeOLE V6.00.2600.0000")]
    return make


def freemail(box, address):
    """From of a free mail service, sent from here: no signature of theirs, a Message-ID of no shape."""
    def make(m):
        return address, [("Received",
                          f"from [198.51.100.{m.draw.number(250)}] by mxs.{m.draw.letters(8)}.com with SMTP; {m.date}"),
                         ("From", f"{m.name} <{address}>"),
                         ("Message-ID", f"{m.draw.letters(16, ALNUM)}_{m.draw.letters(30, ALNUM)}@{box}"), ("Date", m.date),
                         ("Subject", m.subject),
                         ("X-Mailer", "Microsoft Outlook 16.0"),
                         ("X-Campaignid", f"{m.draw.number(999999)}_{m.draw.number(99999)}_818_VYn"), ("Content-Length", "07201")]
    return make


def freemail_plain(address):
    """A free mail address with a body of no more than an attachment."""
    def make(m):
        return address, [("From", f"{m.name} <{address}>"), ("To", f"{m.user} <{m.rcpt}>"), ("Subject", m.subject),
                         ("Date", m.date),
                         ("Message-ID", f"<CA{m.draw.letters(40, ALNUM)}@mail.gmail.com>")]
    return make


def to_self():
    """From is the recipient."""
    def make(m):
        return m.rcpt, [("From", f"<{m.rcpt}>"), ("To", f"<{m.rcpt}>"), ("Subject", m.subject), ("Date", m.date),
                        ("Message-ID",
                         f"<{m.draw.letters(8, UPPER + DIGITS)}.{m.draw.number(9999999)}@{m.draw.letters(6)}.{m.draw.letters(3)}>"), ("X-Mailer", "aspNetEmail ver 3.5.2.0")]
    return make


def to_self_named():
    """The same with the address as name, which covers the address that is written elsewhere."""
    def make(m):
        return f"{m.draw.letters(20)}@{m.draw.letters(12)}.com", [
            ("From", f"'' @{m.rcpt} '' <{m.draw.letters(12)}@{m.rcpt.split('@')[1]}>"), ("To", m.rcpt), ("Subject", m.subject),
            ("Date", m.date),
            ("Message-ID", f"<{m.draw.letters(30, ALNUM)}@{m.rcpt.split('@')[1]}>"), ("X-Mailer", "SimpleMail 2.1")]
    return make


def smart_send(domain):
    """A desktop bulk mailer on a rented Windows machine."""
    def make(m):
        return f"no-reply@{domain}", [("From", f'"{m.name}" <no-reply@{domain}>'), ("Reply-To", f"no-reply@{domain}"),
                                      ("To", f"<{m.rcpt}>"), ("Subject", m.subject),
                                      ("X-Mailer", "Smart_Send_3_1_6"), ("Date", m.date),
                                      ("Message-ID", f"<{m.draw.letters(23, DIGITS)}@vmi{m.draw.number(9999999)}>")]
    return make


def forged_brand(brand_domain, envelope):
    """The brand's own address in From; the envelope is another's, and the Message-ID a third's."""
    def make(m):
        return f"info@{envelope}", [("From", f'"{m.name}" <noreply@{brand_domain}>'), ("To", m.rcpt), ("Subject", m.subject),
                                    ("Date", m.date),
                                    ("Message-ID", f"<{m.draw.letters(17, ALNUM)}@amazon.com>"), ("Cc", m.rcpt)]
    return make
