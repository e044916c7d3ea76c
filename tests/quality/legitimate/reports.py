"""Bounces, warnings, answers of people who are away, receipts, feedback: mostly from the null sender.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter, raw


def delivery(lines):
    return [("Content-Type", "message/delivery-status")], "\n".join(lines).encode() + b"\n"


letter("report-bounce-postfix", programs.POSTFIX_BOUNCE,
    "Mail Delivery System <MAILER-DAEMON@mail.kanu-verein-werra.de>", "vorstand@kanu-verein-werra.de",
    "Undelivered Mail Returned to Sender", "2025-05-09 20:31:15 +0200", """This is the mail system at host \
mail.kanu-verein-werra.de.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<paddel.peter@werramail.example>: host mx.werramail.example[192.0.2.25] said: 550
    5.1.1 <paddel.peter@werramail.example>: Recipient address rejected: User
    unknown in virtual mailbox table (in reply to RCPT TO command)
""", envelope="", via="postfix-bounce mail.kanu-verein-werra.de", mixed="report", mixed_type="; report-type=delivery-status",
    parts=[delivery(["Reporting-MTA: dns; mail.kanu-verein-werra.de", "X-Postfix-Queue-ID: 4ZvQ1k2Tz5z9rxP",
    "X-Postfix-Sender: rfc822; vorstand@kanu-verein-werra.de", "Arrival-Date: Fri,  9 May 2025 20:31:14 +0200 (CEST)",
    "", "Final-Recipient: rfc822; paddel.peter@werramail.example", "Action: failed", "Status: 5.1.1",
    "Remote-MTA: dns; mx.werramail.example",
    "Diagnostic-Code: smtp; 550 5.1.1 <paddel.peter@werramail.example>: Recipient address rejected: User unknown in "
    "virtual mailbox table"]), ([("Content-Description", "Undelivered Message"), ("Content-Type", "message/rfc822")],
    b"From: Vorstand <vorstand@kanu-verein-werra.de>\nTo: paddel.peter@werramail.example\nSubject: Anpaddeln am Sonntag\nDate: Fri, 9 May 2025 20:31:12 +0200\nMessage-ID: <a1b2@kanu-verein-werra.de>\nContent-Type: text/plain; charset=us-ascii\n\nTreffen um neun am Bootshaus, bitte Schwimmwesten mitbringen.\n")])

letter("report-bounce-exim", programs.EXIM_BOUNCE, "Mail Delivery System <Mailer-Daemon@s31.hostgarden.net>",
    "info@pottery-supplies.example", "Mail delivery failed: returning message to sender", "2024-10-20 11:40:02 +0100", """This message was created automatically \
by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  orders@closedkiln.example
    host mx1.closedkiln.example [198.51.100.61]
    SMTP error from remote mail server after RCPT TO:<orders@closedkiln.example>:
    552 5.2.2 Mailbox full
""", envelope="", via="exim-local s31.hostgarden.net localhost 127.0.0.1 mailnull", mixed="report",
    mixed_type="; report-type=delivery-status", headers=[("X-Failed-Recipients", "orders@closedkiln.example")],
    parts=[delivery(["Reporting-MTA: dns; s31.hostgarden.net", "", "Action: failed",
    "Final-Recipient: rfc822;orders@closedkiln.example", "Status: 5.0.0", "Remote-MTA: dns; mx1.closedkiln.example",
    "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full"]), ([("Content-Type", "message/rfc822")],
    b"Return-path: <info@pottery-supplies.example>\nFrom: Info <info@pottery-supplies.example>\nTo: orders@closedkiln.example\nSubject: Clay delivery\nDate: Sun, 20 Oct 2024 11:39:58 +0100\nMessage-ID: <77c0@pottery-supplies.example>\n\nThe stoneware arrives on Tuesday.\n")])

letter("report-bounce-exchange", programs.EXCHANGE, "postmaster@baustoff-hertel.de",
    "Silke Hertel <s.hertel@baustoff-hertel.de>", "Unzustellbar: Angebot Dachziegel", "2025-02-12 08:14:09 +0000",
    "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder "
    "Gruppen:\n\neinkauf@ziegelwerk-alt.example\nDie eingegebene E-Mail-Adresse wurde nicht gefunden. Überprüfen "
    "Sie die E-Mail-Adresse, und versuchen Sie dann erneut, die Nachricht zu senden.\n\nDiagnoseinformationen für "
    "Administratoren:\n\nGenerierender Server: EX1.hertel.local\n\neinkauf@ziegelwerk-alt.example\n#550 5.1.10 "
    "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup ##\n", lang="de", charset="utf-8",
    envelope="", mixed="report", mixed_type=";\n\treport-type=delivery-status", via="exchange mail.baustoff-hertel.de "
    "EX1.hertel.local 192.168.3.5", parts=[delivery(["Reporting-MTA: dns;EX1.hertel.local", "",
    "Final-recipient: RFC822;einkauf@ziegelwerk-alt.example", "Action: failed", "Status: 5.1.10",
    "Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "X-Display-Name: einkauf@ziegelwerk-alt.example"])])

letter("report-delayed", programs.POSTFIX_BOUNCE,
    "MAILER-DAEMON@relay2.clarendon-college.ac.uk (Mail Delivery System)", "registry@clarendon-college.ac.uk",
    "Delayed Mail (still being retried)", "2025-09-16 14:05:09 +0100", """This is the mail system at host \
relay2.clarendon-college.ac.uk.

####################################################################
# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #
####################################################################

Your message could not be delivered for more than 4 hour(s).
It will be retried until it is 5 day(s) old.

<parent.fund@slowmx.example>: connect to mx.slowmx.example[203.0.113.44]:25:
    Connection timed out
""", envelope="", mixed="report", mixed_type="; report-type=delivery-status", parts=[delivery([
    "Reporting-MTA: dns; relay2.clarendon-college.ac.uk", "", "Final-Recipient: rfc822; parent.fund@slowmx.example",
    "Action: delayed", "Status: 4.4.1", "Will-Retry-Until: Sun, 21 Sep 2025 10:01:00 +0100 (BST)"]), ([(
    "Content-Type", "text/rfc822-headers")],
    b"From: Registry <registry@clarendon-college.ac.uk>\nSubject: Fee schedule\nMessage-ID: <9@clarendon-college.ac.uk>\n")])

letter("report-vacation-sieve", programs.SHELL, "Henrike Albers <h.albers@saatgut-albers.de>",
    "m.dietz@gaertnerei-dietz.example", "Automatische Antwort: Bestellung Dahlien", "2025-07-28 09:00:31 +0200",
    "Guten Tag,\n\nich bin bis zum 15. August im Urlaub und lese keine Mails. In eiligen Fällen hilft\nHerr Jansen "
    "weiter: jansen@saatgut-albers.de.\n\nIhre Mail wird nicht weitergeleitet.\n\nSonnige Grüße\nHenrike Albers\n",
    envelope="", via="postfix-pickup mail.saatgut-albers.de localhost 127.0.0.1 5000", refs="4f81.77@gaertnerei-dietz.example",
    headers=[("Auto-Submitted", "auto-replied (vacation)"), ("X-Sieve", "Pigeonhole Sieve 0.5.21"), ("Precedence",
    "bulk"), ("In-Reply-To", "<4f81.77@gaertnerei-dietz.example>"), ("References",
    "<4f81.77@gaertnerei-dietz.example>")])

letter("report-vacation-exchange", programs.EXCHANGE, "Laurent Bonnefoy <l.bonnefoy@transports-bonnefoy.fr>",
    "Anja Seidel <seidel@spedition-seidel.example>", "Réponse automatique : Enlèvement palettes jeudi",
    "2024-08-06 06:31:00 +0000",
    "Bonjour,\n\nje suis absent jusqu'au 19 août inclus. Pour toute urgence concernant un enlèvement, merci "
    "d'appeler l'exploitation au 04 75 00 00 00.\n\nI am out of the office until 19 August.\n\nL. Bonnefoy\n",
    lang="fr", charset="iso-8859-1", envelope="", headers=[("X-Auto-Response-Suppress", "All"), ("auto-submitted",
    "auto-generated"), ("Precedence", "bulk")], via="exchange mx1.transports-bonnefoy.fr SRV-EX.bonnefoy.lan "
    "192.168.0.9")

letter("report-read-receipt", programs.THUNDERBIRD, "Ignaz Rohrmoser <ignaz@rohrmoser-forst.at>",
    "Ramona Kainz <kainz@saegewerk-kainz.example>", "Gelesen: Rundholzpreise April", "2025-04-03 06:55:12 +0200",
    "Dies ist eine Empfangsbestätigung für eine Nachricht, die Sie an ignaz@rohrmoser-forst.at geschickt "
    "haben.\n\nHinweis: Diese Empfangsbestätigung sagt nur aus, dass die Nachricht am Computer des Empfängers "
    "angezeigt wurde. Es gibt keine Garantie, dass der Empfänger den Nachrichteninhalt gelesen oder verstanden "
    "hat.\n", lang="de", envelope="", mixed="report", mixed_type="; report-type=disposition-notification", parts=[([(
    "Content-Type", "message/disposition-notification; name=\"MDNPart2.txt\""), ("Content-Disposition", "inline"), (
    "Content-Transfer-Encoding", "7bit")],
    b"Reporting-UA: rohrmoser-forst.at; Mozilla/5.0 Thunderbird/128.9.0\nFinal-Recipient: rfc822;ignaz@rohrmoser-forst.at\nOriginal-Message-ID: <1f0e@saegewerk-kainz.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n")],
    via="postfix-submission mail.rohrmoser-forst.at host8.alm.example 203.0.113.8")

raw("report-feedback-arf", """
Return-Path: <>
Received: from fbl-3.bigmailbox.example (localhost [127.0.0.1])
	by out.bigmailbox.example (Postfix) with ESMTP id 4ZAr6w1Xyzz2
	for <abuse@hostgarden.net>; Thu, 12 Jun 2025 04:12:40 +0000 (UTC)
From: Feedback Loop <feedbackloop@bigmailbox.example>
To: abuse@hostgarden.net
Date: Thu, 12 Jun 2025 04:12:39 +0000
Subject: FW: Unser Sommerprogramm
Message-ID: <20250612041239.118.feedback@bigmailbox.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
	boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.88 on Wed, 11 Jun 2025 19:55:02 +0000.
For more information about this format please see
https://www.rfc-editor.org/rfc/rfc5965

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: BigMailbox-FBL/2.1
Version: 1
Original-Mail-From: <bounces@volkshochschule-lahn.example>
Arrival-Date: Wed, 11 Jun 2025 19:55:02 +0000
Source-IP: 192.0.2.88
Reported-Domain: volkshochschule-lahn.example

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

From: Volkshochschule Lahn <newsletter@volkshochschule-lahn.example>
To: redacted@bigmailbox.example
Subject: Unser Sommerprogramm
Date: Wed, 11 Jun 2025 21:54:58 +0200
Message-ID: <vhs-2025-06-11@volkshochschule-lahn.example>
List-Unsubscribe: <https://volkshochschule-lahn.example/abmelden?u=5510>
Content-Type: text/plain; charset=us-ascii

Guten Tag,
das Sommerprogramm ist da: Kochen, Sprachen, Yoga am Fluss.

--part1_13d.2e68ed54_boundary--
""")

letter("report-dmarc", programs.PYTHON, "DMARC Reports <noreply-dmarc@fernmail.net>", "dmarc@imkerei-sommer.de",
    "Report Domain: imkerei-sommer.de Submitter: fernmail.net Report-ID: 1739491200.881204",
    "2025-02-14 01:30:00 +0000",
    "This is a DMARC aggregate report for imkerei-sommer.de generated at Fri Feb 14 01:30:00 UTC 2025\n\nYou get it "
    "because of the rua tag in _dmarc.imkerei-sommer.de.\n", attach=[(
    "fernmail.net!imkerei-sommer.de!1739404800!1739491199.zip", "application/zip", attachments.archive([(
    "fernmail.net!imkerei-sommer.de!1739404800!1739491199.xml",
    b'<?xml version="1.0"?><feedback><report_metadata><org_name>fernmail.net</org_name><report_id>1739491200.881204</report_id></report_metadata><policy_published><domain>imkerei-sommer.de</domain><p>quarantine</p></policy_published><record><row><source_ip>192.0.2.14</source_ip><count>3</count></row></record></feedback>')]))],
    dkim="dm", headers=[("Auto-Submitted", "auto-generated")], charset="us-ascii", text_cte="7bit")

letter("report-tlsrpt", programs.GO, "TLS Reporting <tlsrpt@fernmail.net>", "tls-reports@imkerei-sommer.de",
    "Report Domain: imkerei-sommer.de Submitter: fernmail.net Report-ID: "
    "<2025.02.13T00.00.00Z+imkerei-sommer.de@fernmail.net>", "2025-02-14 02:02:02 +0000",
    "This is an aggregate TLS report from fernmail.net\n", attach=[(
    "fernmail.net!imkerei-sommer.de!1739404800!1739491199!001.json", "application/tlsrpt+json",
    b'{"organization-name":"Fernmail","report-id":"2025.02.13T00.00.00Z","policies":[{"summary":{"total-successful-session-count":41,"total-failure-session-count":0}}]}')],
    mixed="report", mixed_type='; report-type="tlsrpt"', headers=[("TLS-Report-Domain", "imkerei-sommer.de"), (
    "TLS-Report-Submitter", "fernmail.net")], dkim="dm")
