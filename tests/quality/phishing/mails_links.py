"""Mails whose mark is where they lead.  SPDX-License-Identifier: GPL-3.0-or-later

image: a picture in a link and next to no text.  storage: a page at a free or rented storage.  redirect: through a big site or a
shortener.  elsewhere: the link's text names another host.  reply: no link to the web, but an address to write to or a number to call."""
from . import layouts, links, parts, senders, senders_hosted as hosted, tricks, wire
from .build import mail

K = links


def picture_part(m):
    return [wire.attachment("image/png", f"{m.draw.letters(6)}.png", parts.banner(m.draw), "inline",
                            f"img001@{m.draw.letters(6)}")]


IMAGE = [
    mail("image", "en-antivirus", senders.rotating("lorenzo-b-photos.com", "calveron-info.com"), layouts.picture, K.gcs,
         tricks.unsubscribe_by_mail, tricks.pixel),
    mail("image", "de-antivirus", hosted.ses_forged("zierfels-lobau.de", "virenschutz-post.de"), layouts.picture,
         K.short("t.co", 10), charset_label="us-ascii"),
    mail("image", "en-tools", senders.sha1("forty-lamp.com", "ledger-columns.com"), layouts.picture_background,
         K.php_click("webrentals.eu.com"), top="alternative"),
    mail("image", "nl-photos", senders.bare("k8vzt-mail.com"), layouts.picture, K.gcs_counted, charset_label="",
         mime_first=True),
    mail("image", "en-knee", senders.sha1("meadow-paint-box.com", "velit.all-novexus.co.uk", "alert"), layouts.picture, K.xip,
         tricks.pixel, drop=("Cc", "Received")),
    mail("image", "de-adac", hosted.ses_forged("gqtpp-mailing.com", "adac-clubpost.de"), layouts.picture_only,
         K.short("t.co", 10)),
    mail("image", "en-warranty", senders.tenant("Kto"), layouts.image_map, K.slashes("lmediana-offers.com"),
         transfer="quoted-printable"),
    mail("image", "es-dexter", senders.rotating("tanzpark-mitte.de", "4711-runde.de"), layouts.picture,
         K.slashes("timber-subcontract.de"), tricks.rulers),
    mail("image", "de-druck", hosted.forged_brand("stayfreunde-mail.de", "norskdesign-butikk.no"), layouts.picture_sliced,
         K.tracker("anana-slim-shop.com")),
    mail("image", "nl-ah", senders.no_address("oar-novel.com"), layouts.picture_background, K.php_click("cadeau-claim.eu.com"),
         tricks.tag_soup),
    mail("image", "en-steaks", hosted.php_mail("rent-a-kettle.com"), layouts.picture_cid, K.short("bit.ly"), attach=picture_part,
         top="related"),
    mail("image", "en-insurer", hosted.smtplib("medi-kit-members.com"), layouts.picture_data,
         K.lookalike("kit-members-claim.com", "/a"), inline="data"),
    mail("image", "de-thermo", hosted.ses_forged("gewinn-umfrage24.com", "elektronik-fachpost.de"), layouts.image_map,
         K.base64_path("olivetower-mail.co.uk"), text="blanks"),
    mail("image", "no-post", senders.rotating("fjord-foto.no", "ksx.thecopperjar.info"), layouts.picture_only, K.gcs,
         transfer="base64"),
    mail("image", "en-sheets", senders.sha1("qwez-southnational.live", "lunbaa-sign.xyz"), layouts.picture_sliced,
         K.php_click("miracle-sleep.sa.com"), top="digest"),
    mail("image", "fr-clim", senders.sha1("opal-keyset.com", "clima-plus-aide.com"), layouts.picture,
         K.tracker("aide-logement-info.com"), tricks.story_tiny, top="mixed"),
]

STORAGE = [
    mail("storage", "de-photos", senders.rotating("studio-licht.de", "gxv.cloudkeeper.info"), layouts.plain_link, K.gcs),
    mail("storage", "en-photos", hosted.to_self_named(), layouts.css_kit, K.gcs_counted, text="codes"),
    mail("storage", "ms-password", hosted.leafmailer("dental-care-park.com"), layouts.segoe, K.blob, name="{user} Mail Server"),
    mail("storage", "ms-quarantine", hosted.phpmailer("rugby-club-hill.com"), layouts.plain_link, K.r2, transfer="base64"),
    mail("storage", "en-docusign", hosted.roundcube("nursing-college-hills.edu.pk"), layouts.card, K.ipfs),
    mail("storage", "ms-signin", hosted.php_mail("carpet-outlet.co.uk"), layouts.segoe, K.free("workers.dev", "/login")),
    mail("storage", "en-airdrop", hosted.ses_account("jazz-festival-events.com", "noreply"), layouts.chat,
         K.free("pages.dev", "/claim")),
    mail("storage", "fr-webmail", hosted.cpanel("transports-girard.fr"), layouts.fragment, K.free("firebaseapp.com"),
         charset="iso-8859-1"),
    mail("storage", "en-hmrc", hosted.smtplib("gov-letters-mailing.com"), layouts.invoice, K.static_site),
    mail("storage", "it-lidl", senders.bare("promo-italia-spesa.com"), layouts.survey, K.s3),
    mail("storage", "en-voicemail", hosted.phpmailer("church-of-hope.org", "6.9.1"), layouts.plain_link,
         K.at("https://www.canva.com/design/DAG"), text="empty"),
    mail("storage", "en-fab", hosted.roundcube("mworks-district.gov.gh"), layouts.office_letter,
         K.free("sharepoint.com", "/:o:/g/personal/EhZ9?e=4k2")),
    mail("storage", "ms-quarantine", hosted.outlook_express("print-centre.com", "it-desk@mail.com"), layouts.fragment,
         K.at("https://docs.google.com/forms/d/e/1FAIpQLS"), charset="windows-1251"),
    mail("storage", "de-webmail", hosted.php_mail("gasthof-alpenblick.at"), layouts.plain_link,
         K.free("glitch.me", "/roundcube.html"), charset="iso-8859-15"),
    mail("storage", "en-copyright", hosted.smtplib("page-notices.net"), layouts.card, K.free("vercel.app", "/appeal"),
         text="same"),
    mail("storage", "en-ledger2", hosted.ses_account("unbounded-mail.com", "no-reply"), layouts.newsletter,
         K.at("https://forms.office.com/r/")),
]

REDIRECT = [
    mail("redirect", "ms-password", hosted.leafmailer("maths-tutor.com"), layouts.plain_link, K.google_url),
    mail("redirect", "en-mining", hosted.cpanel("auto-pecas-norte.com.br"), layouts.card, K.translate, text="linked",
         transfer="quoted-printable"),
    mail("redirect", "ms-quarantine", hosted.phpmailer("kids-football.org"), layouts.segoe, K.bing),
    mail("redirect", "en-docusign", hosted.roundcube("regional-hospital-east.org.za"), layouts.card, K.linkedin, text="same"),
    mail("redirect", "en-voicemail", hosted.smtplib("pbx-cloud-portal.com"), layouts.invoice, K.doubleclick),
    mail("redirect", "de-sparkasse", hosted.php_mail("tierpension-mueller.de"), layouts.plain_link, K.youtube),
    mail("redirect", "en-facebook", hosted.leafmailer("dance-studio-five.com"), layouts.chat, K.facebook),
    mail("redirect", "fr-chronopost", hosted.php_mail("fromagerie-du-pont.fr"), layouts.plain_link, K.google_amp),
    mail("redirect", "en-usps", hosted.ses_forged("mail-relay-77.com", "parcels-desk.com"), layouts.plain_link,
         K.short("is.gd", 6)),
    mail("redirect", "de-dhl", hosted.smtplib("versand-info-center.com"), layouts.card, K.short("qrco.de", 6)),
    mail("redirect", "nl-btc", hosted.cpanel("tuincentrum-oost.nl"), layouts.fragment, K.short("t.ly", 5), text="linked"),
    mail("redirect", "en-metamask", hosted.roundcube("public-library-oldtown.ca"), layouts.plain_link, K.user_at),
    mail("redirect", "pt-mercado", senders.nodemailer("mercado"), layouts.plain_link, K.ip, transfer="quoted-printable"),
    mail("redirect", "ms-signin", hosted.php_mail("surf-shack.com.au"), layouts.marquee, K.puny),
]

ELSEWHERE = [
    mail("elsewhere", "en-netflix", hosted.phpmailer("hiking-maps.net"), layouts.two_hosts, K.hacked("hiking-maps.net"),
         shown="https://www.netflix.com/youraccount"),
    mail("elsewhere", "de-dhl", hosted.php_mail("zahnarzt-am-ring.de"), layouts.two_hosts, K.short("shorturl.at", 5),
         shown="https://www.dhl.de/sendungsverfolgung"),
    mail("elsewhere", "ms-password", hosted.leafmailer("boat-hire-lakes.com"), layouts.two_hosts, K.r2,
         shown="https://outlook.office365.com/owa/", transfer="base64"),
    mail("elsewhere", "fr-ameli", hosted.roundcube("college-jean-moulin-nord.fr"), layouts.two_hosts,
         K.lookalike("carte-sante-renouvellement.info"), shown="https://www.ameli.fr/assure", charset="windows-1252"),
    mail("elsewhere", "pt-bb", hosted.cpanel("moveis-planejados.com.br"), layouts.two_hosts, K.tracker("pontos-resgate.site"),
         shown="https://www.bb.com.br/pontos", text="same"),
    mail("elsewhere", "en-ledger2", hosted.ses_account("qk-lists.com", "hello"), layouts.two_hosts,
         K.lookalike("lgr-incident-centre.com"), shown="https://www.ledger.com/security", transfer="quoted-printable"),
]

REPLY = [
    mail("reply", "ms-signin",
         senders.rotating("session-accwatch-mail.com", "gbramhall.co.uk", "sot.recognized07.desk@gmail.com"), layouts.segoe,
         K.mailto(), tricks.style_soup, tricks.pixel),
    mail("reply", "en-facebook", senders.bare("tz4kn-bqe2.com"), layouts.segoe,
         K.mailto("report.user.lD01.desk@gmail.com", "Report the user"), tricks.style_noise),
    mail("reply", "en-pharma", hosted.freemail("hotmail.com", "pharma.online.ex1.rx44@outlook.com"), layouts.css_kit,
         K.mailto("ex.pharmacy.rx44.desk@gmail.com", "Yes"), tricks.style_noise, name_around=("🌟 ", "-0,36$/0,54$")),
    mail("reply", "en-netflix", hosted.cpanel("flower-market.co"), layouts.invoice, K.tel(), text="same"),
    mail("reply", "en-antivirus", hosted.freemail_plain("billing.dept.9921xq@gmail.com"), layouts.invoice, K.tel("+18085550177"),
         text="same", subject="Thank you for your order #{num}"),
    mail("reply", "en-steth", hosted.smart_send("coldwx-bikes.com"), layouts.plain_link, K.tel("+18775550131"), text="story",
         name="No Reply - Coinbase", subject="Contact details change request confirmation."),
]

ALL = IMAGE + STORAGE + REDIRECT + ELSEWHERE + REPLY
