"""Who sends, and with what: the headers of each way of sending, in its order.  SPDX-License-Identifier: GPL-3.0-or-later

A sender takes the mail (see build.py: draw, rcpt, user, name and subject as they stand in the header, date, code) and returns the
envelope sender and the headers without those of MIME.  What the receiving side adds is not here, because it is not on the wire."""
from .wire import ALNUM, DIGITS, LOWER, UPPER, dkim

HEX = "0123456789abcdef"


def uuid(draw):
    return "-".join(draw.letters(n, HEX) for n in (8, 4, 4, 4, 12))


def rotating(domain, signer, reply="replyto@lake-house-sales.com"):
    """A snow-shoe kit: local parts change with each mail, Sender and signature are of another name, everything is important."""
    def make(m):
        local = "renew" + m.draw.letters(5, ALNUM)
        return f"renew{m.draw.letters(5, ALNUM)}@{domain}", [
            ("DKIM-Signature", dkim(m.draw, signer, "mail",
                                    names="Message-Id:From:sender:Subject:Date:To:Reply-To:Content-Type")),
            ("Message-Id", f"<{m.draw.letters(7)}.{m.draw.letters(6)}.{m.draw.letters(4)}@{m.draw.letters(8)}.com>"),
            ("From", f"{m.name}<{local}@{domain}>"), ("sender", f"{m.draw.letters(7)}  <{local}@{signer}>"),
            ("Subject", m.subject),
            ("Date", m.date), ("To", "Undisclosed recipients:;"), ("Reply-To", reply), ("X-Message-Flag", "Follow up"),
            ("Importance", "high"), ("X-Priority", "1")]
    return make


def bare(domain):
    """A script that writes no Message-ID and no Date of its own, from a random sub-domain."""
    def make(m):
        host = f"{m.draw.letters(5, LOWER + DIGITS)}.{domain}"
        return f"{m.draw.letters(7, ALNUM)}@{m.draw.letters(5, ALNUM)}.{m.draw.letters(8, ALNUM)}.com", [
            ("From", f"{m.name} <{m.draw.letters(7)}@{host}>"), ("Subject", f"{m.subject} {m.draw.letters(2, ALNUM)}"),
            ("To", f"<{m.rcpt}>"),
            ("X-Message-Flag", "Flag"), ("Importance", "high"), ("X-Priority", "1")]
    return make


def sha1(domain, signer, local="newsletters"):
    """Old signing software: rsa-sha1, DomainKeys beside it, a Received line that it made up, Cc as To."""
    def make(m):
        helo = f"95.ca.{m.draw.number(250)}.{m.draw.number(250)}"
        sender = f"{local}.{m.draw.letters(4, ALNUM)}@{domain}"
        return sender, [
            ("DKIM-Signature", dkim(m.draw, signer, "selector1", "rsa-sha1", "Subject:From:To:Cc:Content-Type:Date")),
            ("DomainKey-Signature", f"a=rsa-sha1; c=nofws; q=dns; s=smtp; d={signer};\n b={m.draw.letters(76, ALNUM)}=="),
            ("Received",
             f"from {helo} (127.0.0.1) by {helo} id {m.draw.letters(12)} for <{m.rcpt}>; {m.date} (envelope-from <{sender}>)"),
            ("Subject", f"{m.subject}       ............ RW{m.draw.number(9999999)}"),
            ("From", f"{m.name}   .....RW{m.draw.number(999)}       <{sender}>"),
            ("To", m.rcpt), ("Cc", m.rcpt), ("Date", f"{m.date} (EDT)")]
    return make


def root(from_domain, host="ubuntu-s-1vcpu-512mb-10gb-nyc1-04"):
    """A rented machine's own Postfix, fed by root; From has a domain without a dot."""
    def make(m):
        queue = m.draw.letters(10, HEX).upper()
        return f"root@{host}", [
            ("Received", f"by {host} (Postfix, from userid 0)\n\tid {queue}; {m.date} (UTC)"), ("Subject", m.subject),
            ("From", f"{m.name} <no-reply@{from_domain}{m.draw.number(9999)}>"), ("To", m.rcpt.upper()),
            ("Message-Id", f"<20260112{m.draw.number(999999):06d}.{queue}@{host}>"), ("Date", f"{m.date} (UTC)")]
    return make


def nodemailer(label):
    """nodemailer on a new machine: a From of one label, and its Message-ID with it."""
    def make(m):
        host = f"vm{m.draw.letters(18)}.openstacklocal"
        return f"noreply@{label}", [
            ("Received",
             f"from {m.draw.letters(14)}.com (localhost [127.0.0.1])\n\tby {host} (Postfix) with ESMTPS id {m.draw.letters(10, HEX).upper()}"
                         f"\n\tfor <{m.rcpt}>; {m.date} (UTC)"),
            ("From", f"{m.name} <noreply@{label}>"), ("To", f"<{m.rcpt}>"), ("Subject", m.subject),
            ("Message-ID", f"<{uuid(m.draw)}@{label}>"), ("Date", m.date)]
    return make


def no_address(envelope):
    """A From that is a name and nothing else, or a name in a comment."""
    def make(m):
        value = m.draw.of((f'"{m.name}"', f"{m.name},", f"{m.name} <@>", f"{m.name}"))
        return f"return{m.draw.letters(30, ALNUM)}@{envelope}", [
            ("Message-ID", f"<{m.draw.letters(40, DIGITS)}.{m.draw.number(999999)}@{m.draw.letters(5, ALNUM)}.{envelope}>"),
            ("Subject", m.subject),
            ("To", m.rcpt), ("From", value), ("Date", m.date)]
    return make


def null_sender(from_domain, sender_domain):
    """No envelope sender, as if it were a bounce; a forged address of a real company, with commas in the name."""
    def make(m):
        local = m.draw.letters(12, UPPER) + "4BT7MXN2R"
        return "", [("To", m.rcpt), ("From", f"{m.name}, {m.name}, <noreply@{from_domain}>"), ("Subject", m.subject),
                    ("Date", m.date), ("X-Mailer", "2"),
                    ("Message-ID", f"<{local}@{sender_domain}>"),
                    ("List-Unsubscribe", f"<{m.draw.letters(12, UPPER)}Q4BT7MXN2R@{sender_domain}>")]
    return make


def drip_copied(from_domain):
    """A kit in the clothes of a mailing service: its Message-ID, its Reply-To, and a Sender without a dot."""
    def make(m):
        mark = m.draw.letters(24, UPPER + DIGITS)
        return "", [("From", f"{m.name} <no-reply@{from_domain}>"),
                    ("Sender", f"{mark}<{m.draw.letters(24, HEX)}-466@{m.draw.letters(24)}>"),
                    ("Message-ID", f"<{m.draw.letters(25, UPPER + DIGITS)}@geopod-ismtpd-4-4>"), ("Subject", m.subject),
                    ("Reply-To", f"reply-{mark}@in2.getdrip.com"), ("Date", m.date), ("To", f"<{m.rcpt}>")]
    return make


def klaviyo_copied(tenant):
    """Another firm's bulk mail sent again: its signature (of another body) and headers stand, From is a fresh Microsoft tenant."""
    def make(m):
        first, last = m.draw.of(("frances", "darren", "noemi")), m.draw.of(("scott", "lund", "ortiz"))
        sender = f"{first}.{last}@{tenant}.onmicrosoft.com"
        return sender, [
            ("Received", "from unknown (HELO kmta-worker-prod-go-6d9f4c7b5-x2rqd) (kmta-send@vmta.klaviyomail.com@10.6.119.84)"),
            ("CFBL-Address", "fbl@kmta.shared.klaviyomail.com; report=arf"),
            ("Feedback-ID", f"{m.draw.letters(6, ALNUM)}:{m.draw.letters(6, ALNUM)}:71834402916:kl"),
            ("X-Kmail-Account", m.draw.letters(6, ALNUM)), ("X-Kmail-Message", m.draw.letters(6, ALNUM)),
            ("X-Report-Abuse", "Please report any spam or abuse to: abuse@klaviyo.com"),
            ("DKIM-Signature", dkim(m.draw, "send.quiet-ceramics-studio.com", "mtd1",
                                    names="Message-ID:List-Unsubscribe:From:To:Date:Subject")),
            ("From", f"{m.name} <{sender}>"), ("Date", m.date),
            ("Message-ID", f"<CAGtxQ4v{m.draw.letters(40, ALNUM)}@mail.gmail.com>"), ("Subject", m.subject), ("To", m.rcpt)]
    return make


def sfmc_copied(domain):
    """Headers of three mailing services at once, and two kilobytes of noise as In-Reply-To."""
    def make(m):
        noise = "\n ".join(m.draw.letters(700, ALNUM) for _ in range(3))
        return f"{m.draw.letters(5)}_{m.draw.letters(9)}_{m.draw.number(99999)}@{domain}", [
            ("Date", m.date), ("X-Mailer", m.draw.letters(5, ALNUM)),
            ("From", f"On Behalf of {m.name} <{m.draw.letters(5)}_{m.draw.number(9999)}@{domain} >"),
            ("Reply-To", f"news_{m.draw.letters(30, HEX)}@inbox.dailynews-mailer.com"), ("To", m.rcpt), ("CC", m.rcpt),
            ("Message-ID", f"<{m.draw.letters(32, HEX).upper()}-{m.draw.letters(32, HEX)}@inbox.dailynews-mailer.com>"),
            ("Subject", m.subject),
            ("List-ID", f"<{m.draw.letters(10)}.xt.local>"), ("X-CSA-Complaints", "csa-complaints@eco.de"),
            ("X-SFMC-Stack", "11"),
            ("In-Reply-To", f"<{noise}.edu>"), ("X-GreenArrow-MtaID", "daily-other-pool"), ("X-Mailer", "WhatCounts"),
            ("List-Unsubscribe", f"<http://whatcounts.com/u?id={m.draw.letters(30, HEX)}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return make


def firebase(project):
    """The sign-in mails of an app platform, whose text the app's owner chooses."""
    def make(m):
        host = f"{project}-{m.draw.letters(5, HEX)}.firebaseapp.com"
        return f"noreply@{host}", [
            ("DKIM-Signature", dkim(m.draw, "firebaseapp.com", "20230601", names="to:from:subject:date:message-id:mime-version")),
            ("Message-ID", f"<00000000000{m.draw.letters(17, HEX)}@google.com>"), ("Date", m.date), ("Subject", m.subject),
            ("From", f"{m.name} <noreply@{host}>"), ("To", m.rcpt)]
    return make


def gmail_api(domain):
    """The mail interface of a hosted domain: all in order, but List-Unsubscribe is a bare address of somebody else."""
    def make(m):
        who = f"{m.draw.of(('becker', 'rowan', 'ilse'))}.{m.draw.of(('brian', 'hale', 'voss'))}@{domain}"
        return who, [("Received",
                      f"from {m.draw.letters(12, DIGITS)} named unknown by gmailapi.google.com with\n HTTPREST; {m.date}"),
                     ("DKIM-Signature", dkim(m.draw, domain.replace(".", "-") + ".20230601.gappssmtp.com", "20230601")),
                     ("From", who), ("Sender", f"<{who.title()}>"),
                     ("List-Unsubscribe", f"1.{m.draw.letters(13, UPPER)}@luxyinbox-offers.site"), ("Date", m.date),
                     ("Message-ID", f"<CAHw+dT{m.draw.letters(30, ALNUM)}@mail.gmail.com>"), ("Subject", m.subject),
                     ("To", m.rcpt)]
    return make


def zendesk(shop):
    """A stranger's help desk, into which somebody wrote a ticket in the recipient's name."""
    def make(m):
        return f"support@{shop}.zendesk.com", [
            ("Date", m.date), ("From", f"{m.name} <support@{shop}.zendesk.com>"),
            ("Reply-To", f"{m.name} <support+id{m.draw.number(99999)}@{shop}.zendesk.com>"), ("To", m.rcpt),
            ("Message-ID", f"<{m.draw.letters(10).upper()}_{m.draw.letters(24, HEX)}_sprut@zendesk.com>"), ("Subject", m.subject),
            ("Auto-Submitted", "auto-generated"),
            ("X-Mailer", "Zendesk Mailer"), ("X-Zendesk-From-Account-Id", m.draw.letters(8, HEX)),
            ("DKIM-Signature", dkim(m.draw, "zendesk.com", "zendesk1"))]
    return make


def tenant(name):
    """A trial tenant of a big office suite; the signature is of the tenant, From of a throw-away domain."""
    def make(m):
        domain = f"{m.draw.of(('eaux', 'deck', 'slave', 'pier'))}.social{m.draw.letters(3)}.com"
        return f"{m.draw.letters(12, ALNUM)}@{domain}", [
            ("DKIM-Signature", dkim(m.draw, f"{name}{m.draw.number(99999999)}.onmicrosoft.com",
                                    f"selector1-{name}-onmicrosoft-com", names="From:Date:Subject:Message-ID:Content-Type")),
            ("To", f"<{m.rcpt}>"), ("Subject", f"{m.subject} ."), ("From", f'"{m.name}." <{m.draw.letters(8, ALNUM)}@{domain}>'),
            ("Date", m.date)]
    return make
