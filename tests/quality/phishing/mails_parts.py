"""Mails whose mark is what hangs on them, and letters without anything.  SPDX-License-Identifier: GPL-3.0-or-later

pdf, page (HTML and SVG files), packed (archives), invite: the attachment is the mail.  qr: a code to be scanned.  letter: advance-fee
letters, loans.  threat: extortion.  lone: a link and next to nothing else, in plain text."""
from . import layouts, links, parts, senders_hosted as hosted, senders, tricks, wire
from .build import mail

K = links


def pdf_named(name, javascript=False):
    def make(m):
        return [wire.attachment("application/pdf", name or f"{m.draw.letters(15, wire.ALNUM)}.pdf",
                                parts.pdf([m.lure_title] + m.paragraphs + [m.button],
                                          K.hacked("site-de-terceiros.com")(m.draw, m.rcpt), javascript))]
    return make


def page(name, content_type="text/html", make_page=parts.html_login, disposition="attachment"):
    def make(m):
        host = m.draw.letters(11) + "-panel.com"
        data = make_page(m.lure_title, host, m.rcpt) if make_page is parts.html_login else make_page(host,
                                                                                                     m.rcpt) if make_page is not parts.svg_link else make_page(host)
        return [wire.attachment(content_type, name.replace("USER", m.user), data, disposition)]
    return make


def packed(name, inside, encrypted, content_type="application/zip"):
    return lambda m: [wire.attachment(content_type, name.replace("NUM", m.num),
                                      parts.archive([(inside, b"<html>" + m.draw.octets(900))], encrypted))]


def invite(title, file_name="invite.ics", separate=False):
    def make(m):
        data = parts.invitation(m.draw, f"alex.b@{m.draw.letters(8)}.org", m.rcpt, title, " ".join(m.paragraphs), m.link)
        calendar = wire.part("text/calendar; charset=UTF-8; method=REQUEST", data, "8bit")
        return [wire.attachment("application/ics", file_name, data)] if separate else [calendar,
                                                                                       wire.attachment("application/ics",
                                                                                                       file_name, data)]
    return make


def qr_inline(m):
    return [wire.attachment("image/png", "image001.png", parts.qr_png(m.draw), "inline", "image001.png@01DB0001")]


def qr_attached(m):
    return [wire.attachment("image/png", f"Scan_{m.num}.png", parts.qr_png(m.draw, 10))]


def qr_pdf(m):
    return [wire.attachment("application/pdf", f"Benefits_{m.user}.pdf", parts.pdf(["Scan with your phone", m.code]))]


def qr_layout(m):
    return f'<html><body><p>{m.lure_title}</p><p>{m.paragraphs[0]}</p><p><img src="cid:image001.png@01DB0001" width="230" height="230"></p><p>{m.foot}</p></body></html>'


def qr_painted(m):
    return f"<html><body><p>{m.lure_title}</p>{parts.qr_table(m.draw)}<p>{m.foot}</p></body></html>"


def qr_signs(m):
    return f'<html><body><p>{m.lure_title}</p><pre style="font-size:6px;line-height:6px">{parts.qr_blocks(m.draw)}</pre><p>{m.paragraphs[-1]}</p></body></html>'


def qr_remote(m):
    return f'<html><body><h3>{m.lure_title}</h3><p>{m.paragraphs[0]}</p><img src="https://api.qrserver.com/v1/create-qr-code/?size=220x220&data={m.link}" alt="Scan me"></body></html>'


PDF = [
    mail("pdf", "pt-bb", hosted.freemail_plain("rodlima.pontos.9321x@gmail.com"), None, None, text="story",
         attach=pdf_named(None), name="( bb - liberação pendente ) - {num}", subject="Notificação Emitida - {code}"),
    mail("pdf", "pt-bradesco", hosted.freemail_plain("c.tiemi.cartoes.sz77@gmail.com"), layouts.letter, None,
         attach=pdf_named("atualizacao de pontos 3092.pdf"), name="[Cartoes Pontos - {num}]", subject="ENC: Atenção {code}"),
    mail("pdf", "en-antivirus", hosted.freemail_plain("order.team.desk.5512@gmail.com"), None, None, text="viewer",
         attach=pdf_named("Receipt.pdf"), subject="Re: [Payment Decline] your last order on hold - ID{num}"),
    mail("pdf", "en-mining", hosted.freemail_plain("giada.mcil.tx88x@gmail.com"), None, None, text="story",
         attach=pdf_named("Bitcoin.Transfer.0.7495.BTC.pdf"), subject="Your_transaction_0.7495_Bitcoin_", name="Louann Wegge"),
    mail("pdf", "en-docusign", hosted.roundcube("polytechnic-north.edu.ng"), layouts.fragment, None,
         attach=pdf_named("Agreement_2026.pdf", True), text="same"),
    mail("pdf", "de-strato", hosted.phpmailer("gartenbau-weiss.de"), layouts.invoice, K.hacked("gartenbau-weiss.de"),
         attach=pdf_named("Rechnung_20260114.pdf")),
]

PAGE = [
    mail("page", "ms-quarantine", hosted.smtplib("fax-gateway-svc.com"), layouts.fragment, None, attach=page("Held_USER.html")),
    mail("page", "en-voicemail", hosted.leafmailer("plumbing-pros.com"), layouts.letter, None,
         attach=page("Play_VM_USER.shtml", "application/octet-stream", parts.html_packed), name="VM {user}"),
    mail("page", "en-fab", hosted.roundcube("water-authority-south.gov.bd"), layouts.office_letter, None,
         attach=page("SWIFT_Copy.xhtml", "application/xhtml+xml"), text="same"),
    mail("page", "en-docusign", hosted.php_mail("optician-online.it"), layouts.card, None,
         attach=page("Contract-USER.svg", "image/svg+xml", parts.svg_script)),
    mail("page", "de-strato", hosted.cpanel("schreinerei-holz.de"), layouts.plain_link, None,
         attach=page("Rechnung.pdf.html", "text/plain", parts.html_packed), text="same"),
    mail("page", "ms-password", hosted.outlook_express("auto-glass.com", "it@helpdesk-team.com"), None, None, text="only",
         attach=page("Secure_Message.svg", "image/svg+xml", parts.svg_link, "inline")),
]

PACKED = [
    mail("packed", "en-fab", hosted.roundcube("freight-forward-lines.com.vn", "accounts@swift-copies.com"), None, None,
         text="only", attach=packed("Remittance_NUM.zip", "Remittance.exe", True), subject="Remittance advice (password 2211)"),
    mail("packed", "de-strato", hosted.phpmailer("reisebuero-sonne.de"), layouts.letter, None,
         attach=packed("Mahnung_NUM.zip", "Mahnung.pdf.js", False), subject="Letzte Mahnung {num}"),
    mail("packed", "pt-receita", hosted.cpanel("contabil-sul.com.br"), layouts.card, K.short("encurtador.com.br", 5),
         attach=packed("NFe_NUM.zip", "NFe.lnk", False, "application/octet-stream"), text="optional"),
]

INVITE = [
    mail("invite", "nl-batterij", senders.sha1("fairport-agenda.com", "keynut-post.com"), layouts.fragment,
         K.tracker("buurtplan.eu.com"), attach=invite("Laatste plekken"), text="codes"),
    mail("invite", "en-antivirus", senders.gmail_api("training-centre-bcd.org"), layouts.invoice, K.tel("+18055550160"),
         attach=invite("Receipt status confirmed"), text="same", subject="Invitation: Receipt {code} status confirmed."),
    mail("invite", "en-knee", senders.tenant("Hvn"), layouts.picture_only, K.gcs, attach=invite("Survey", "melissaa.ics", True),
         top="related"),
]

QR = [
    mail("qr", "ms-password", hosted.smtplib("mfa-enrolment.com"), qr_layout, None, attach=qr_inline, top="related",
         subject="2FA setup for {user} expires today"),
    mail("qr", "en-docusign", hosted.phpmailer("pilates-room.com"), qr_layout, None, attach=qr_inline, text="viewer",
         name="HR Benefits via DocuSign"),
    mail("qr", "de-sparkasse", hosted.roundcube("berufskolleg-westtor.de"), qr_painted, None, transfer="quoted-printable"),
    mail("qr", "en-voicemail", hosted.leafmailer("antique-clocks.co.uk"), qr_signs, None, transfer="base64"),
    mail("qr", "ms-signin", hosted.php_mail("zoo-friends.org"), qr_remote, K.with_rcpt("https://mfa-sync-device.com/?u=")),
    mail("qr", "fr-ameli", hosted.cpanel("pharmacie-du-port.fr"), layouts.letter, None, attach=qr_attached, text="same"),
    mail("qr", "ms-quarantine", hosted.to_self(), None, None, text="only", attach=qr_pdf,
         subject="FW: Updated benefits for {user} (scan to sign)"),
]

LETTER = [
    mail("letter", "en-heir", hosted.roundcube("agri-institute-valley.edu.in", "barr.collins.chambers.5x@gmail.com"), None, None,
         text="only"),
    mail("letter", "en-donation", hosted.outlook_express("cybernet-lines.net.pk", "p.warren.grants.3690x@gmail.com"),
         layouts.letter, None, charset="windows-1251"),
    mail("letter", "en-fbi", hosted.freemail_plain("office.director.dc.91x@gmail.com"), None, None, text="only",
         add=(("Reply-To", "agent.fred.cole.fee9x@gmail.com"),), drop=("To",)),
    mail("letter", "de-kredit", hosted.roundcube("gemeindewerke-seeheim.de", "weber.finanz.privat77@gmail.com"), None, None,
         text="only", charset="iso-8859-1", transfer="8bit"),
    mail("letter", "fr-don", hosted.cpanel("hotel-du-lac-annecy-vieux.fr"), layouts.letter, None, text="same",
         transfer="quoted-printable"),
    mail("letter", "en-loan", hosted.freemail_plain("nninna.ash.fin55x@gmail.com"), layouts.letter, None, text="same"),
    mail("letter", "en-donation", hosted.freemail_plain("robertor.award.71x@gmail.com"), layouts.letter, None,
         name="Microsoft Award", subject="CONGRATULATIONS;", drop=("To",)),
]

THREAT = [
    mail("threat", "en-extort", hosted.to_self(), None, None, text="quoted", transfer="base64"),
    mail("threat", "de-extort", hosted.to_self(), layouts.letter, None, tricks.entities),
]

LONE = [
    mail("lone", "en-airdrop", hosted.freemail_plain("ana.stark.771xw@gmail.com"), None, K.short("t.co", 10), text="lone",
         subject="Anahi Bass", name="Ana Stark"),
    mail("lone", "ms-quarantine", hosted.smtplib("notify-mail-queue.com"), None, K.with_rcpt("https://queue-release.com/r?e="),
         text="only"),
    mail("lone", "en-steth", senders.firebase("rewards-claims"), None, K.free("pages.dev", "/claim"), text="only", name="Lido",
         transfer="base64"),
    mail("lone", "en-mining", hosted.freemail_plain("kerstin.fr.88zz@gmail.com"), layouts.fragment,
         K.free("pages.dev", "/evas-dparun"), text="lone", subject="🤓 Nur einmal bestätigen: transaction {num}",
         subject_words="b"),
]

ALL = PDF + PAGE + PACKED + INVITE + QR + LETTER + THREAT + LONE
