"""Mails whose mark is what their text hides or how its letters look.  SPDX-License-Identifier: GPL-3.0-or-later

hidden: text that people do not see.  split: words that filters do not see.  soup: rubbish in the markup.  styled: names and subjects in
other letters.  unfilled: a template's place holders.  parted: a text part that has nothing to do with the HTML."""
from . import layouts, links, senders, senders_hosted as hosted, styled, tricks
from .build import mail

K = links

HIDDEN = [
    mail("hidden", "pt-correios", senders.nodemailer("correios"), layouts.government,
         K.lookalike("marcos-lidberg-pagto.icu", "/"),
         tricks.spans_in_words, tricks.preheader, transfer="quoted-printable"),
    mail("hidden", "pt-detran", senders.root("detran"), layouts.card, K.lookalike("multa-consulta.online"), tricks.story_below,
         transfer="base64"),
    mail("hidden", "en-photos", hosted.smtplib("cloud-plan-alerts.com"), layouts.card, K.gcs_counted, tricks.story_white),
    mail("hidden", "de-btc", hosted.cpanel("discount-offers-hub.click"), layouts.css_kit, K.tracker("btc-auszahlung-center.com"),
         tricks.story_far_below),
    mail("hidden", "en-steaks", senders.rotating("n2k-prairie.com", "zx.kitchenware-mail.info"), layouts.survey,
         K.slashes("prairie-gift-desk.com"), tricks.story_tiny, tricks.preheader),
    mail("hidden", "de-decathlon", hosted.forged_brand("sport-kundenpost.de", "smkn7lawu-baru.sch.id"), layouts.newsletter,
         K.short("t.co", 10), tricks.story_below, tricks.story_in_title),
    mail("hidden", "fr-casino", senders.bare("hope1-spins.com"), layouts.marquee, K.tracker("wildzy-club.com"),
         tricks.story_white, tricks.comments, subject_around=("🔥 ", "")),
    mail("hidden", "nl-choco", senders.sha1("korsang-musik.org", "verk-mailing.nl"), layouts.newsletter,
         K.base64_path("smaaktest-actie.nl"), tricks.story_far_below, tricks.pixel),
    mail("hidden", "ms-quarantine", hosted.phpmailer("sailing-school.gr"), layouts.segoe, K.blob, tricks.noise_in_words,
         tricks.story_below),
    mail("hidden", "en-steaks", senders.sha1("qolmut-offers.com", "bakerline-forms.net"), layouts.picture,
         K.php_click("garden-bench-outlet.com"), tricks.faint_tokens, tricks.unsubscribe_by_mail,
         drop=("To", "Cc"), add=(("To", "Undisclosed recipients:;"), ("X-Message-Flag", "Follow up"), ("Importance", "high"))),
]

SPLIT = [
    mail("split", "pt-bradesco", senders.root("bradescorecompensas"), layouts.plain_link, K.lookalike("pontos-conversao.com"),
         tricks.empty_tags),
    mail("split", "en-metamask", hosted.phpmailer("liga-itajai-site.org.br"), layouts.plain_link,
         K.lookalike("wallet-kyc-update.com"), tricks.zero_width, text="same"),
    mail("split", "ms-password", hosted.smtplib("passwd-service-notice.com"), layouts.card,
         K.with_rcpt("https://keep-password-portal.com/k#"), tricks.soft_hyphens),
    mail("split", "en-ledger", hosted.php_mail("canal-notes.cz"), layouts.fragment, K.lookalike("lgr.verify-devices.io"),
         tricks.entities),
    mail("split", "de-sparkasse", hosted.leafmailer("museum-am-fluss.de"), layouts.government,
         K.lookalike("pushtan-freigabe.com"), tricks.entities_hex, transfer="quoted-printable"),
    mail("split", "en-trust", hosted.cpanel("arrienda-ya.com"), layouts.segoe, K.free("web.app"), tricks.reversed_words),
    mail("split", "pt-receita", senders.nodemailer("situacaoid550284"), layouts.government,
         K.lookalike("cpf-pendencias.com"), tricks.spans_in_words, text="optional", subject_style=styled.cut),
    mail("split", "en-pharma", hosted.outlook_express("print-and-copy.com", "shop.rx@mail.com"), layouts.plain_link,
         K.hacked("print-and-copy.com", "f.html?"), tricks.empty_tags, tricks.entities, charset="iso-8859-1"),
]

SOUP = [
    mail("soup", "nl-ah", senders.sha1("drawley-post.com", "underwriting-news.com"), layouts.picture_background,
         K.php_click("kaart-centrum.eu.com"), tricks.tag_soup, top="alternative"),
    mail("soup", "de-thermo", hosted.forged_brand("stayfreunde-mail.de", "grp-post-9.de"), layouts.fragment,
         K.tracker("offers-and-more-hub.com"), tricks.tag_soup, tricks.rulers),
    mail("soup", "en-casino", senders.bare("welcome-spins-billing.org"), layouts.card, K.slashes("royal-chip-casino.com"),
         tricks.style_noise, top="report"),
    mail("soup", "en-tools", senders.rotating("home-of-photos.com", "tools.thecopperjars.info"), layouts.survey, K.gcs,
         tricks.comments, tricks.attributes),
    mail("soup", "fr-veepee", hosted.forged_brand("vie-actu-news.fr", "olive-tower.co.uk"), layouts.survey,
         K.base64_path("olive-tower.co.uk"), tricks.style_soup, charset_label="windows-1252"),
    mail("soup", "es-cloud", hosted.ses_forged("tracysongs9hri.onmicrosoft.com", "cloud-cuentas.es"), layouts.picture,
         K.gcs_counted, tricks.rulers, tricks.rulers),
    mail("soup", "nl-energie", senders.no_address("kettlenut-mail.com"), layouts.fragment, K.php_click("tariefcheck.eu.com"),
         tricks.attributes, tricks.tag_soup),
    mail("soup", "es-cloud", senders.bare("teleki-avisos.hu"), layouts.picture, K.tracker("api.conexion-avisos.fr"),
         tricks.open_tag, drop=("Message-ID",), add=(("Message-ID", "<mailto:7.4.k1.b9m.tz2wq0xv.88c@shopify.com>"),)),
    mail("soup", "de-adac", hosted.forged_brand("stayfreunde-mail.de", "grp-post-11.de"), layouts.survey, K.google_amp,
         tricks.escaped_rubbish, top="alternative"),
    mail("soup", "nl-choco", senders.no_address("spel-hofmail.com"), layouts.picture_background,
         K.control_host("webverhuur.eu.com"), tricks.open_tag, top="related"),
]

STYLED = [
    mail("styled", "en-photos", senders.bare("yurvk-customers.shop"), layouts.css_kit, K.gcs_counted,
         subject_style=styled.sans_bold, subject_around=("📣 ", "")),
    mail("styled", "de-decathlon", hosted.forged_brand("stayfreunde-mail.de", "gp-mailing.de"), layouts.survey,
         K.tracker("offers-and-more-hub.com"), subject_style=styled.bold, subject_around=("RE: ", "")),
    mail("styled", "de-bahn", senders.sha1("d-bahn-reise.de", "korsang-forum.org"), layouts.newsletter, K.short("t.co", 10),
         name_style=styled.full_width),
    mail("styled", "nl-choco",
         hosted.forged_brand(styled.sans_bold("chocolade") + "." + styled.sans_bold("nl"), "korsang-forum.org"),
         layouts.newsletter, K.tracker("smaak-test.com")),
    mail("styled", "en-ledger2", hosted.phpmailer("e-canal-notes.cz"), layouts.saved_page, K.lookalike("xn--edger-r3a.com"),
         name="Ledger", name_style=styled.cyrillic, subject_style=styled.cyrillic),
    mail("styled", "en-steth", hosted.ses_account("coldreel-bikes-mail.com", "hy"), layouts.plain_link, K.tel("+18775550188"),
         name="No Reply - Coinbase", name_style=styled.selectors, text="story"),
    mail("styled", "en-netflix", hosted.smtplib("openair-world-mail.com"), layouts.marquee, K.short("bit.ly"),
         name="~~Payment declined", name_style=styled.small_capitals, subject_style=styled.double),
    mail("styled", "en-trust", hosted.leafmailer("beach-volley-club.com"), layouts.plain_link, K.free("pages.dev"),
         name_style=styled.swapped, subject_style=styled.zero_width, subject_words="folded"),
    mail("styled", "de-casino", hosted.roundcube("kthuoc-college.edu.vn"), layouts.card, K.tracker("verde-spiele.com"),
         tricks.preheader, subject_style=styled.bold_italic, subject_around=("{rcpt}💵", "🎉⋆.*:･⋆⋆♡"), subject_words="each"),
    mail("styled", "nl-dhl", senders.sha1("harlineas-post.com", "paket-nl-post.com"), layouts.picture,
         K.php_click("pakket-info.eu.com"), name_style=styled.punctuated, subject_style=styled.punctuated),
    mail("styled", "en-casino2", senders.bare("slot-arena.beauty"), layouts.image_map, K.tracker("lanista-arena.com"),
         name_style=styled.spaced, subject_style=styled.soft_hyphens, subject_words="q"),
    mail("styled", "de-webmail", hosted.php_mail("ferienhaus-ostsee.de"), layouts.segoe, K.free("weebly.com"),
         name_style=styled.accents, subject_style=styled.cyrillic, subject_words="b"),
]

UNFILLED = [
    mail("unfilled", "pt-bb", senders.root("ubuntu-bonus"), layouts.card, K.lookalike("troque-seus-pontos.com"),
         tricks.placeholders, name="Bradesco.recompensas"),
    mail("unfilled", "en-insurer", senders.rotating("brenda-estate-photos.com", "kits.members-mail.info"), layouts.survey, K.gcs,
         tricks.placeholders, subject="[email], please verify - {num}"),
    mail("unfilled", "nl-batterij", senders.sha1("fair-port.com", "key-chestnut.com"), layouts.fragment,
         K.php_click("buurt-actie.eu.com"), tricks.placeholders, tricks.attributes,
         subject="-'Wij..hebben geprobeerd u.te bereiken %%CODE%%"),
    mail("unfilled", "en-airdrop", hosted.phpmailer("nora-salon.nl"), layouts.newsletter, K.lookalike("bwb-claims.org"),
         tricks.placeholders, subject="Claim your airdrop {{first_name|there}}", text="viewer"),
]

PARTED = [
    mail("parted", "en-photos", hosted.to_self_named(), layouts.picture, K.gcs_counted, text="codes", top="mixed"),
    mail("parted", "nl-energie", hosted.ses_forged("tarieven-check.com", "energie-collectief-post.nl"), layouts.card,
         K.tracker("tariefdesk.com"), text="story"),
    mail("parted", "en-docusign", hosted.phpmailer("garage-doors-plus.com"), layouts.office_letter, K.ipfs, text="empty",
         transfer="base64"),
    mail("parted", "de-antivirus", senders.tenant("Mxk"), layouts.marquee, K.tracker("abo-erneuern.com"), tricks.rulers,
         text="noise"),
    mail("parted", "es-bbva", hosted.cpanel("talleres-unidos.com.mx"), layouts.segoe, K.lookalike("bbva-mx-acceso.com"),
         text="viewer", transfer="quoted-printable"),
    mail("parted", "fr-credit", hosted.roundcube("uri-campus.edu.br"), layouts.plain_link, K.tracker("regroupez-vos-credits.com"),
         text="two", preamble="This is a multi-part message in MIME format.\n"),
    mail("parted", "it-poste", hosted.smtplib("avvisi-clienti-online.com"), layouts.chat, K.lookalike("poste-dispositivi.com"),
         text="blanks", boundary="===============6{digits18}=="),
    mail("parted", "fr-casino", senders.gmail_api("hafenblick47.onmicrosoft.com"), layouts.picture, K.gcs, text="heap",
         transfer="quoted-printable"),
    mail("parted", "de-thermo", hosted.forged_brand("team.auto-markt-post.de", "kurier-11.de"), layouts.css_kit,
         K.tracker("angebote-der-woche.eu.com"), top="alternative", transfer="base64",
         add=(("Content-Transfer-Encoding", "base64"), ("List-Unsubscribe", "<k7Rw2.4.k7Rw2@team.auto-markt-post.de>"))),
    mail("parted", "en-trust", hosted.cpanel("ridgeway-karting-club.com"), layouts.segoe, K.r2, text="markup", transfer="base64",
         name_style=styled.selectors, drop=("To", "Subject"),
         add=(("To", "<customer7Kq2mVxw@wallet.example"), ("Subject", "=?UTF-8?B?WW91ciByZWNvdmVyeSBjaGVjayBpcyBzdGlsbCBvcGVu====?="),
              ("X-CONTENT-SCREEN-AUTH-Uk", "418802217"), ("X-CONTENT-SCREEN-AUTH-De", "5512094"), ("X-Return-Path", "7718204455"))),
    mail("parted", "de-btc", hosted.forged_brand("tele-mail-post.com", "wiesenfeed.com"), layouts.newsletter, K.s3, tricks.pixel,
         top="alternative", subject_words="octets",
         add=(("Sender", "=?UTF-8?B?R3V0aGFiZW4=?=" + "_" * 400 + ",<reply@tele-mail-post.com> "),)),
]

ALL = HIDDEN + SPLIT + SOUP + STYLED + UNFILLED + PARTED
