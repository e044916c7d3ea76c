"""Good mail with something about it that bad mail has, too.  SPDX-License-Identifier: GPL-3.0-or-later

Forwarding, locked archives, QR codes, short links, rewritten links, banners, empty bodies, quoted spam.
"""
from . import (attachments, programs)
from .mails import (letter)

# --- forwarded by the customer's server ----------------------------------------------------------------------------------------------
letter("corner-forwarded-srs", programs.SYMFONY, "Bergbahn Almkogl <news@almkogl.example>",
    "info@pension-edelweiss-tux.at", "Pistenbericht: 38 von 40 Kilometern offen", "2025-01-25 06:30:00 +0100",
    "Guten Morgen!\n\nNeuschnee 14 cm, Talabfahrt geöffnet, Rodelbahn beleuchtet bis 22 Uhr.\n\nAlles Weitere: "
    "https://www.almkogl.example/schnee\n\nAbmelden: https://www.almkogl.example/ab/7c1f\n",
    envelope="SRS0=Hq7b=VX=almkogl.example=news@pension-edelweiss-tux.at", dkim="s1@almkogl.example",
    via="postfix-local mail.pension-edelweiss-tux.at localhost|postfix-lan mail.pension-edelweiss-tux.at "
    "out.almkogl.example 198.51.100.140 out.almkogl.example", headers=[("List-Unsubscribe",
    "<https://www.almkogl.example/ab/7c1f>"), ("Delivered-To", "info@pension-edelweiss-tux.at"), ("X-Original-To",
    "info@pension-edelweiss-tux.at")])

letter("corner-forwarded-exim", programs.GMAIL, "Priscilla Hargreave <p.hargreave@quickmail.example>",
    "treasurer@st-osyth-sailing.org.uk", "Berth 14, please", "2025-02-18 19:30:22 +0000",
    "Dear Treasurer,\n\nmay I have berth 14 again? I know that it dries, I like the mud.\n\nCheque in the "
    "post.\n\nPriscilla\n", envelope="p.hargreave@quickmail.example", dkim="20230601@quickmail.example",
    via="exim-submission cp9.harbourhost.net mail-sor-f41.quickmail.example 198.51.100.41 - "
    "mail-sor-f41.quickmail.example", headers=[("X-Forwarded-To", "j.lusher@tollesburymail.example"), (
    "X-Forwarded-For", "treasurer@st-osyth-sailing.org.uk j.lusher@tollesburymail.example")])

letter("corner-abuse-report", programs.MUTT, "Benno Achterkamp <benno@achterkamp.net>", "abuse@billighost.example",
    "Phishing from 192.0.2.199", "2025-06-14 11:20:00 +0200", """Hello abuse team,

one of your customers sends this. Headers and text below, links broken by me.

Benno

> Received: from vps199.billighost.example ([192.0.2.199])
> From: "Sparkasse Kundenservice" <support@vps199.billighost.example>
> Subject: Ihr Konto wurde eingeschränkt!
>
> Sehr geehrter Kunde, Ihr Konto wurde vorübergehend eingeschränkt.
> Bestätigen Sie Ihre Daten innerhalb von 24 Stunden:
> hxxps://spk-sicherheit[.]example/login
""", via="opensmtpd mx.achterkamp.net lap.lan 203.0.113.101", dkim="ba")

letter("corner-abuse-attached", programs.OUTLOOK, "Roswitha Ebeling <r.ebeling@kanzlei-ebeling.de>",
    "it-sicherheit@kanzlei-ebeling.de", "WG: Ist das echt?", "2025-09-03 08:04:00 +0200",
    "Hallo Marco,\n\nist das echt? Ich habe nichts angeklickt!\n\nGrüße\nR. Ebeling\n", lang="de",
    charset="iso-8859-1", plain=True, parts=[([("Content-Type", "message/rfc822"), ("Content-Disposition",
    "attachment")],
    b"From: Paketdienst <info@paket-zoll.example>\nTo: r.ebeling@kanzlei-ebeling.de\nSubject: Ihr Paket wartet: 1,99 EUR Zollgebuehr\nDate: Wed, 3 Sep 2025 05:11:00 +0200\nMessage-ID: <x@paket-zoll.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=us-ascii\n\n<html><body><p>Wir halten eine Sendung aus dem Ausland fest.</p><p><a href=\"http://192.0.2.66/zoll\">Jetzt bezahlen</a></p></body></html>\n")],
    via="postfix-submission smtp.kanzlei-ebeling.de p61.dip.netz.example 203.0.113.61 EBELING-NB")

letter("corner-abuse-notice", programs.PERL, "Hostgarden Abuse <abuse@hostgarden.net>",
    "webmaster@schachfreunde-ilz.example",
    "[Ticket 118842] Your server 192.0.2.31 is sending spam - please act within 24 hours",
    "2025-10-21 07:15:00 +0200", """Dear customer,

we received complaints about mail from your server 192.0.2.31. Most likely an
old plugin of your web site was abused: /wp-content/plugins/contact-old/send.php.

Please, within 24 hours,

  1. remove the script,
  2. change the passwords,
  3. answer this mail and say what you found.

If we hear nothing, we must block port 25 of this address.

Sample:
  Subject: CHEAP MEDS ONLINE - NO PRESCRIPTION
  From: "Dr. Smith" <www-data@schachfreunde-ilz.example>
  Body: Buy V1agra and C1alis now! Lowest prices guaranteed!!!

Kind regards
Hostgarden Abuse Desk
""", dkim="hg", via="postfix-local abuse.hostgarden.net localhost", headers=[("X-Mailer", "RT 5.0.7")])

# --- files -------------------------------------------------------------------------------------------------------------------------------
letter("corner-locked-zip", programs.EXCHANGE, "Sabrina Vogt <s.vogt@lohnbuero-vogt.de>",
    "Geschäftsführung <gf@dachdecker-hinrichs.example>", "Lohnunterlagen 06/2025 (verschlüsselt)",
    "2025-07-03 09:00:00 +0000",
    "Moin Herr Hinrichs,\n\nanbei die Lohnunterlagen für Juni. Das Kennwort haben Sie von mir per SMS bekommen, es "
    "bleibt das alte.\n\nBitte bis Freitag freigeben, dann gehen die Zahlungen am 10. raus.\n\nSabrina Vogt\n",
    lang="de", charset="iso-8859-1", attach=[("Lohn_2025-06.zip", "application/x-zip-compressed",
    attachments.locked_archive("Lohn_2025-06.pdf", attachments.pdf("Lohn", ["Lohnjournal 06/2025"]), "birke-44-anker"))],
    via="exchange mail.lohnbuero-vogt.de LBSRV.vogt.local 192.168.22.4")

letter("corner-secure-html", programs.JAVA, "Universitätsklinik Nordsee <securemail@uk-nordsee.example.org>",
    "Dr. med. Annett Kolbe <praxis@kolbe-neurologie.example>",
    "Sie haben eine sichere Nachricht erhalten: Befund A. M.", "2025-05-15 13:13:00 +0200",
    "Guten Tag,\n\nSie haben eine verschlüsselte Nachricht der Universitätsklinik Nordsee erhalten.\n\nSpeichern "
    "Sie den Anhang secure-mail.html, öffnen Sie ihn im Browser und geben Sie\ndas Kennwort ein, das Sie bei der "
    "Anmeldung gewählt haben.\n\nBei Fragen: Service-Desk, Telefon 04421 000000.\n", attach=[("secure-mail.html",
    "text/html",
    b'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Sichere Nachricht</title></head><body><form action="https://securemail.uk-nordsee.example.org/open" method="post"><input type="hidden" name="msg" value="' +
    b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 40 +
    b'"><p>Kennwort: <input type="password" name="pw"></p><button>Nachricht anzeigen</button></form></body></html>')],
    dkim="uks", via="postfix-lan mx.uk-nordsee.example.org unknown 10.111.0.3 gw-secmail")

letter("corner-winmail", programs.EXCHANGE, "Klaus Dittmer <k.dittmer@sanitaer-dittmer.de>",
    "aufmass@ing-lehnert.example", "Aufmaß BV Gartenstr. 14", "2024-09-18 11:11:00 +0000",
    "Hallo Herr Lehnert,\n\nAufmaß wie besprochen. Die Steigleitung haben wir mit 1,5 m Zuschlag gerechnet.\n\nGruß "
    "Dittmer\n", plain=True, lang="de", charset="iso-8859-1", attach=[("winmail.dat", "application/ms-tnef",
    bytes.fromhex("789f3e220100") +
    b"\x01\x06\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01\x00\x01\x00\x01\x07\x90\x06\x00\x08\x00\x00\x00" +
    bytes(range(128)))], via="exchange mail.sanitaer-dittmer.de SDEX.dittmer.local 192.168.2.2")

letter("corner-empty-body", programs.IPHONE, "Gerd Ahlborn <gerd@ahlborn-trockenbau.de>",
    "buero@ahlborn-trockenbau.de", "Lieferschein", "2025-03-19 07:02:10 +0100", "\n", attach=[("Scan 19.03.25.pdf",
    "application/pdf", attachments.pdf("", ["Lieferschein 4471", "24 Platten GKB 12,5"],
    "iOS Version 18.3.2 Quartz PDFContext"))], via="haraka smtp.ahlborn-trockenbau.de 44.mobil.example "
    "203.0.113.144 smtpclient.apple")

letter("corner-no-subject", programs.IPHONE, "Noreen Petty <noreen@pettyplumbing.com>",
    "Shop <shop@pettyplumbing.com>", "", "2025-07-17 14:50:00 -0500",
    "call mrs dunlap back shes got water in the basement again\n\nSent from my iPhone\n",
    via="haraka mail.pettyplumbing.com 7.mobile.example 203.0.113.207 smtpclient.apple")

letter("corner-only-link", programs.GMAIL, "Matthias Lohse <m@lohse-fotografie.de>",
    "Matthias Lohse <m@lohse-fotografie.de>", "lesen", "2025-11-02 23:58:01 +0100",
    "https://www.heliotypie-archiv.example/aufsaetze/2019/gelatine-trocknung.html?seite=4&druck=1\n", dkim="google",
    lang="de")

letter("corner-many-recipients", programs.THUNDERBIRD, "Ruderclub Saale <wanderwart@rc-saale.example.org>",
    "anke.b@saalepost.example, b.cordes@saalepost.example, dieter.e@elsterpost.example, "
    "fam.funke@saalepost.example, g.graf@elsterpost.example, hanne@saalepost.example, i.jost@elsterpost.example, "
    "karl.l@saalepost.example, m.menzel@elsterpost.example, o.pohl@saalepost.example, rita.s@elsterpost.example, "
    "t.ulbrich@saalepost.example", "Wanderfahrt Unstrut: wer hat einen Hänger?", "2025-05-05 18:00:00 +0200",
    "Hallo Ruderer,\n\nfür Himmelfahrt fehlt uns noch ein Bootshänger ab Freyburg. Wer kann fahren? Zelte stehen "
    "auf der Wiese hinter der Mühle, 6 Euro die Nacht.\n\nAnke und Hanne bringen Salat, alle anderen Bier.\n",
    lang="de", via="exim-submission mail.rc-saale.example.org unknown 203.0.113.35 [192.168.0.7]")

# --- pictures and codes ---------------------------------------------------------------------------------------------------------------------
letter("corner-qr-ticket", programs.NODE, "Freibad Sonnenau <tickets@freibad-sonnenau.example.org>",
    "f.lindner@badpost.example", "Deine Saisonkarte als QR-Code", "2025-05-01 08:00:00 +0200",
    html='<html><body style="font-family:Arial;text-align:center"><h2>Saisonkarte 2025</h2><p>Hallo Franka, zeig '
    'diesen Code am Drehkreuz. Gilt vom 10. Mai bis 14. September.</p><img src="cid:qr@freibad" width="240" '
    'height="240" alt="QR-Code"><p>Karte 88-1204, nicht übertragbar</p></body></html>', text="Hallo Franka,\n\ndein "
    "Code hängt an. Zeig ihn am Drehkreuz. Gilt vom 10. Mai bis 14. September.\n", inline=[("qr@freibad", "qr.png",
    "image/png", attachments.noisy_png("saison", 120, 120))], dkim="fb")

letter("corner-qr-only", programs.PHPMAILER, "Parkhaus Domplatz <noreply@parkhaus-domplatz.example.org>",
    "h.weidlich@dompost.example", "Ihre Ausfahrt", "2025-12-06 20:11:00 +0100", html='<html><body><img src="cid:ausfahrt" '
    'alt="Ausfahrt bis 20:31 Uhr"></body></html>', inline=[("ausfahrt", "ausfahrt.png", "image/png",
    attachments.noisy_png("park", 200, 200))], via="exim-local cp2.parksysteme.example localhost 127.0.0.1 kasse")

letter("corner-photo-only", programs.SAMSUNG, "Ewa Kubiak <ewa@kubiak-krawiectwo.pl>",
    "Basia <basia@gdanskpoczta.example>", "zobacz jaki tort!", "2025-06-21 15:00:00 +0200", "\n",
    sign="Wysłano z mojego Galaxy", attach=[("20250621_145512.jpg", "image/jpeg", attachments.jpeg(1)), (
    "20250621_145530.jpg", "image/jpeg", attachments.jpeg(2))], via="haraka smtp.kubiak-krawiectwo.pl "
    "5.mobile.example 203.0.113.205 localhost")

letter("corner-data-image", programs.PHPMAILER, "Heizungssteuerung <regler@haus-am-anger.example.org>",
    "hausmeister@haus-am-anger.example.org", "Wochenbericht Vorlauf", "2025-01-13 05:00:00 +0100",
    html='<html><body><h3>Vorlauf, letzte Woche</h3><img '
    'src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNgYPiPFzGMSuNAAKX8Y53Hu1HcAAAAAElFTkSuQmCC" '
    'width="400"><p>Mittel 51,2 Grad, Spitze 63,0 am Dienstag um 6:10 Uhr.</p><p><a '
    'href="http://192.168.5.20/verlauf?w=2">Verlauf</a></p></body></html>', via="postfix-lan mail.haus-am-anger.example.org "
    "unknown 192.168.5.20 regler", without=("X-Mailer",))

# --- links that others made of links -----------------------------------------------------------------------------------------------------------
letter("corner-safelinks", programs.EXCHANGE, "Morwenna Tregenza <m.tregenza@kernow-surveys.co.uk>",
    "Ops <ops@tin-and-tide.example>", "Re: [EXTERNAL] Re: Mine shaft under plot 9", "2025-04-08 12:55:00 +0000",
    "Hi both,\n\nthe 1880 plan is here: "
    "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmaps.kernow-archive.example%2Fplans%2F1880%2Fwheal-prosper&data=05%7C02%7Cm.tregenza%40kernow-surveys.co.uk%7C7f0c2d&sdata=qT7x1%3D&reserved=0\n\nIt "
    "is worse than we thought, but it is not under the house.\n\nM.\n", sign="Morwenna Tregenza CGeol\nKernow "
    "Surveys Ltd", quote=("Ops <ops@tin-and-tide.example>", "08 April 2025 10:12", "Morwenna Tregenza",
    "[EXTERNAL] Re: Mine shaft under plot 9",
    "CAUTION: This email originated from outside of the organisation. Do not click links or open attachments unless "
    "you recognise the sender and know the content is safe.\n\nHave you found the old plan?"),
    refs="o1@tin-and-tide.example", via="exchange mail.kernow-surveys.co.uk KSEX.kernow.local 10.4.4.9",
    dkim="selector1")

letter("corner-urldefense", programs.OUTLOOK, "Dr. Priya Raghunathan <praghunathan@lakesidemed.example.org>",
    "'Clinic Managers' <managers@lakesidemed.example.org>", "FW: Updated hand hygiene module",
    "2025-03-24 09:15:00 -0500",
    "Please have your teams finish this by April 11. Ten minutes, and you can skip the "
    "video.\n\nhttps://urldefense.com/v3/__https://learn.handhygiene.example/module/7?cohort=lakeside__;!!AbCdEf!7Qm1x$\n\nThanks,\nPriya\n",
    plain=True, charset="us-ascii", via="postfix-lan relay.lakesidemed.example.org unknown 10.9.1.4 WS-4471")

letter("corner-short-links", programs.GMAIL, "Yoga am Kanal <hallo@yoga-am-kanal.example.org>",
    "kurs-mittwoch@yoga-am-kanal.example.org", "Mittwoch fällt aus, hier ein Video 🧘", "2025-02-04 17:30:00 +0100",
    "Ihr Lieben,\n\nmich hat es erwischt, morgen also kein Kurs. Zum Selbermachen: "
    "https://youtu.be/dQw4yKanal8\n\nErsatztermin bitte ankreuzen: https://forms.gle/7QmKanal1xYz\nNeuer Raum ab "
    "März: https://maps.app.goo.gl/KanalRaum22\n\nBleibt gesund!\nMirja\n", lang="de", dkim="google")

letter("corner-cloud-drives", programs.APPLE, "Fergus McAllister <fergus@mcallister-film.scot>",
    "Editors <edit@mcallister-film.scot>", "Rushes day 3", "2025-08-06 23:10:00 +0100",
    "All,\n\nday 3:\n  A cam: https://drive.google.com/drive/folders/1QmF3rgusRushesDay3\n  B cam: "
    "https://www.dropbox.com/scl/fo/9r8u3day3bcam/AAB?rlkey=7qm1x&dl=0\n  Sound: "
    "https://1drv.ms/f/s!Ar3SoundDay3\n\nThe seal is on B cam at 14:02. USE THE SEAL.\n\nF.\n",
    via="postfix-submission smtp.mcallister-film.scot 9.dsl.example 203.0.113.109 smtpclient.apple", dkim="mf",
    plain=True)

letter("corner-search-link", programs.OUTLOOK, "Hartmut Pries <pries@pries-landtechnik.de>",
    "werkstatt@pries-landtechnik.de", "Dichtung gefunden", "2025-05-27 10:44:00 +0200",
    "Moin,\n\ndie Dichtung gibt es doch "
    "noch:\nhttps://www.google.com/url?sa=t&source=web&rct=j&url=https://www.oldtimer-dichtungen.example/deutz/f2l612&ved=2ahUKEwi&usg=AOvVaw1x\n\nBitte "
    "zwei bestellen.\n\nHP\n", plain=True, lang="de", charset="iso-8859-1", via="postfix-submission smtp.pries-landtechnik.de "
    "p23.dip.netz.example 203.0.113.23 CHEF")

letter("corner-idn", programs.PHPMAILER, "Bäckerei Müller <bestellung@xn--bckerei-mller-brotzeit-k5b91c.example>",
    "kunde.4@brotpost.example", "Deine Brotbestellung für Samstag", "2025-10-09 12:00:00 +0200",
    "Hallo!\n\nZwei Roggen, ein Dinkel, acht Brezn. Abholung ab 6:30 "
    "Uhr.\n\nhttps://bäckerei-müller-brotzeit.example/bestellung/881\n\nDeine Bäckerei Müller\n",
    via="exim-local cp8.brothost.example localhost 127.0.0.1 brot", dkim="default")

letter("corner-via-other-domain", programs.RUBY,
    "anna.seitz@seitz-design.example via Rechnungsflott <versand@rechnungsflott.de>",
    "buchhaltung@cafe-morgenrot.example", "Rechnung 2025-018 von Seitz Design", "2025-03-31 16:02:00 +0200",
    "Hallo liebes Café Morgenrot,\n\nanbei meine Rechnung für die neue Speisekarte, 420,00 EUR, zahlbar in 14 "
    "Tagen.\n\nHerzlich\nAnna Seitz\n\n--\nVersendet mit Rechnungsflott\n", reply_to="Anna Seitz <anna.seitz@seitz-design.example>",
    attach=[("Rechnung-2025-018.pdf", "application/pdf", attachments.pdf("Rechnung 2025-018", ["Seitz Design",
    "420,00 EUR"], "Prawn"))], dkim="rf", envelope="bounces+118@rechnungsflott.de")

letter("corner-survey-form", programs.PHP_MAIL,
    "Elternbeirat Kita Zwergenland <elternbeirat@kita-zwergenland.example.org>",
    "eltern@kita-zwergenland.example.org", "Sommerfest: Abstimmung", "2025-04-10 20:20:00 +0200",
    html='<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body>\n<p>Liebe '
    'Eltern, wann soll das Sommerfest sein?</p>\n<form '
    'action="https://www.kita-zwergenland.example.org/umfrage.php" method="get">\n<input type="radio" name="tag" '
    'value="fr"> Freitag, 27.6.<br>\n<input type="radio" name="tag" value="sa"> Samstag, 28.6.<br>\n<input '
    'type="submit" value="Abstimmen">\n</form>\n<p>Geht der Knopf nicht, antwortet einfach auf diese '
    'Mail.</p>\n</body></html>\n', via="exim-local cp5.vereinshosting.example localhost 127.0.0.1 kita",
    order="To Subject Date From Reply-To Message-Id * MIME-Version Content-Type Content-Transfer-Encoding")

# --- more programs -------------------------------------------------------------------------------------------------------------------------------------
letter("corner-odoo-quotation", programs.ODOO,
    "\"Marta Oliveras, Fusteria Oliveras\" <vendes@fusteriaoliveras.example.cat>".replace('.example.cat', '.cat'),
    "\"Hotel Cala Blava\" <manteniment@hotelcalablava.example>", "Fusteria Oliveras Pressupost (Ref S00441)",
    "2025-02-12 09:30:00 +0000",
    "Hola,\n\nAdjuntem el pressupost S00441 de 3.912,50 € per a les dotze portes de roure. És vàlid fins al 15 de "
    "març.\n\nMarta\n",
    '<div style="margin:0;padding:0;background:#F1F1F1"><table align="center" width="590" '
    'style="background:#fff;padding:16px;border-collapse:separate"><tr><td><span style="font-size:10px">El seu '
    'pressupost</span><br><span style="font-size:20px;font-weight:bold">S00441</span></td><td align="right"><img '
    'src="https://fusteriaoliveras.cat/logo.png?company=1" height="48" alt="Fusteria Oliveras"></td></tr><tr><td '
    'colspan="2"><hr>Hola,<br><br>Adjuntem el pressupost <b>S00441</b> de <b>3.912,50 €</b> per a les dotze portes '
    'de roure. És vàlid fins al 15 de març.<br><br>Marta</td></tr></table></div>', attach=[("Pressupost - S00441.pdf",
    "application/pdf", attachments.pdf("S00441", ["Dotze portes de roure", "3.912,50 EUR"], "wkhtmltopdf 0.12.6"))],
    headers=[("X-Odoo-Objects", "sale.order-441")], dkim="odoo", via="postfix-local odoo.fusteriaoliveras.cat "
    "localhost", envelope="bounce+441@fusteriaoliveras.cat")

letter("corner-laravel-invite", programs.SYMFONY, "Ruderplan <team@ruderplan.app>", "ilse.koopman@grachtpost.example",
    "Joost heeft je uitgenodigd voor de ploeg \"Acht van Dinsdag\"", "2025-09-16 18:18:18 +0200",
    "Hoi!\n\nJoost Hofstra heeft je uitgenodigd voor de ploeg \"Acht van Dinsdag\". Log in om mee te "
    "doen:\n\nhttps://ruderplan.app/invitations/7c1f?signature=0a1b2c\n\nVerwachtte je dit niet? Dan kun je deze "
    "mail weggooien.\n", dkim="rp", via="postfix-local app2.ruderplan.app localhost")

letter("corner-alpine", programs.MUTT, "Prof. em. Aldous Finch <finch@maths.old-college.example.org>",
    "e.baptiste@lemma.example", "Lemma 4", "2025-01-21 08:08:08 +0000",
    "Eve,\n\nLemma 4 is false for n = 2, which is the only case anyone uses.\nThe rest stands. Swap 4 and 5 and say "
    "\"for n > 2\".\n\nA.\n", headers=[("User-Agent", "Alpine 2.26 (LRH 649 2022-06-02)")],
    mid="alpine.LRH.2.26.2501210801.4471@maths.old-college.example.org", via="sendmail maths.old-college.example.org "
    "localhost 127.0.0.1", without=("Content-Disposition",))

letter("corner-claws", programs.MUTT, "Tuomas Kettunen <tuomas@kettunen.example.org>",
    "venekerho@kettunen.example.org", "Laituri nostetaan 18.10.", "2025-10-01 21:00:00 +0300",
    "Hei,\n\nlaituri nostetaan lauantaina 18.10. klo 9. Tarvitaan ainakin kuusi miestä ja yksi\njolla on järkeä. "
    "Kahvi ja pulla tarjotaan.\n\nTuomas\n", headers=[("X-Mailer",
    "Claws Mail 4.3.0 (GTK 3.24.43; x86_64-pc-linux-gnu)")], mid="20251001210000.3f0c@kettunen.example.org", without=(
    "Content-Disposition",), via="opensmtpd mail.kettunen.example.org ranta.lan 203.0.113.141")

letter("corner-horde", programs.ROUNDCUBE, "Sekretariat Prof. Wieland <sekretariat.wieland@uni-sandau.example.org>",
    "pruefungsamt@uni-sandau.example.org", "Notenliste Thermodynamik II", "2025-08-12 14:10:00 +0200",
    "Sehr geehrte Damen und Herren,\n\nanbei die Notenliste der Klausur vom 22. Juli, 84 Teilnehmer. Matrikelnummer "
    "4410882 bitte auf \"Täuschungsversuch\" setzen, das Protokoll folgt mit der Hauspost.\n\nM. Griebel\n",
    headers=[("User-Agent", "Horde Application Framework 5"), ("X-Originating-IP", "[10.44.8.9]")], attach=[(
    "noten_thermo2.csv", "text/csv", b"matrikel;note\n4410881;2,3\n4410882;-\n4410883;1,7\n")],
    via="postfix-local mail.uni-sandau.example.org localhost", dkim="us")

letter("corner-emclient", programs.OUTLOOK, "Brokerage Desk <desk@tidewater-marine.com>",
    "Capt. Soren Vik <s.vik@vikshipping.example>", "M/V Alma: offer 2.15M USD, subject survey",
    "2025-06-30 15:15:00 +0000",
    "Good afternoon Captain,\n\nour buyers improve to USD 2,150,000 firm, subject to survey at Gdynia and class "
    "records. They want an answer by Wednesday noon London.\n\nWe think that there is a little more in them, but "
    "not much.\n\nBest regards\n", sign="Tidewater Marine Brokers\nas agents only", headers=[("X-Mailer",
    "eM Client/10.1.4828.0")], without=("Thread-Index",), mid="em7f0c2d44-1a2b-4c3d-9e8f-0a1b2c3d4e5f@tide-pc7",
    via="postfix-submission smtp.tidewater-marine.com 5.cable.example 203.0.113.165 tide-pc7")

letter("corner-owa", programs.EXCHANGE, "Bettina Schramm <b.schramm@zoo-krumau.example.org>",
    "Tierpflege <tierpflege@zoo-krumau.example.org>", "Erdmännchen sind wieder ALLE da", "2025-07-24 06:20:00 +0000",
    text="Guten Morgen,\n\nNummer 14 saß in der Futterküche im Schrank. Bitte den Zaun an der Ecke zum Kiosk "
    "trotzdem heute flicken.\n\nBettina\n", html='<html>\n<head>\n<meta http-equiv="Content-Type" '
    'content="text/html; charset=utf-8">\n<style type="text/css" style="display:none;"> P '
    '{margin-top:0;margin-bottom:0;} </style>\n</head>\n<body dir="ltr">\n<div class="elementToProof" '
    'style="font-family: Aptos, Aptos_EmbeddedFont, Aptos_MSFontService, Calibri, Helvetica, sans-serif; font-size: '
    '12pt; color: rgb(0, 0, 0);">\nGuten Morgen,</div>\n<div class="elementToProof" style="font-family: Aptos, '
    'Calibri, sans-serif; font-size: 12pt;"><br>\n</div>\n<div class="elementToProof" style="font-family: Aptos, '
    'Calibri, sans-serif; font-size: 12pt;">\nNummer 14 saß in der Futterküche im Schrank. Bitte den Zaun an der '
    'Ecke zum Kiosk trotzdem heute flicken.</div>\n<div class="elementToProof"><br>\n</div>\n<div '
    'class="elementToProof">Bettina</div>\n<div id="ms-outlook-mobile-signature"><div style="direction: '
    'ltr;">Outlook für Android <a href="https://aka.ms/AAb9ysg">beziehen</a></div></div>\n</body>\n</html>\n',
    lang="de", charset="utf-8", via="exchange-mapi ZKEX.zoo.local ZKEX.zoo.local")

letter("corner-mixed-scripts", programs.NODE, "Магазин Техно-Дом <info@tehnodom-omsk.ru>",
    "p.gavrilov@omskmail.example", "Ваш заказ: чехол для iPhone 15 и кабель USB‑C готов к выдаче",
    "2025-03-28 12:00:00 +0600",
    "Здравствуйте, Павел!\n\nЗаказ №77120 (чехол Silicone Case, кабель USB-C 1 м) ждёт вас в пункте выдачи на ул. "
    "Ленина, 9, до 4 апреля. Код: 4471.\n", dkim="td", word="B")

letter("corner-long-subject-emoji", programs.MAILKIT, "Stadtteilfest Süd <orga@stadtteilfest-sued.example.org>",
    "helfer@stadtteilfest-sued.example.org",
    "🎪🎶🥨 Helferinnen und Helfer gesucht für Auf- und Abbau, Bierwagen, Kinderschminken, Bühne 1 + 2, Kasse und "
    "(bitte!!!) die Toilettenaufsicht am Samstagabend 🎪🎶🥨", "2025-06-12 08:00:00 +0200",
    "Hallo zusammen,\n\nnoch drei Wochen! Offene Schichten stehen im Anhang. Wer zwei übernimmt, isst "
    "umsonst.\n\nEure Orga\n", attach=[("Schichten.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([["Schicht", "frei"], [
    "Toilette Sa 20-24", 3]]))], via="postfix-submission smtp.stadtteilfest-sued.example.org 66.kabel.example "
    "203.0.113.66 ORGA", charset="utf-8")
