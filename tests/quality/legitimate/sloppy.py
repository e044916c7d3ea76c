"""Honest mails that are badly made, each with what is wrong with it.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter, raw
from .services import Plainly, UtmPhp, campaign

letter("sloppy-no-message-id", programs.PHP_MAIL, "Reservierungen <info@gasthof-kranz-murg.de>",
    "familie.ott@murgpost.example", "Ihre Tischreservierung", "2025-02-13 18:20:31 +0100",
    "Hallo Familie Ott,\n\nTisch f. 6 am Sonntag 12 Uhr ist reserviert.\n\nGasthof Kranz\n",
    via="exim-local alt3.billighost.example localhost 127.0.0.1 kranz", without=("Message-Id", "X-Mailer"),
    sloppy="no Message-ID")

raw("sloppy-no-date", """
Return-Path: <apache@srv01.localdomain>
Received: by srv01.localdomain (Postfix, from userid 48)
	id 9F2C1200A3; Tue, 20 May 2025 07:30:02 +0200 (CEST)
To: lager@schrauben-maurer.de
Subject: Mindestbestand unterschritten
From: Lagerprogramm <lager@schrauben-maurer.de>
Message-Id: <20250520053002.9F2C1200A3@srv01.localdomain>

Artikel 4711-08 (Scheibe M8 A2): Bestand 380, Mindestbestand 500
Artikel 0815-10 (Mutter M10): Bestand 12, Mindestbestand 200
""", sloppy="no Date, no MIME-Version, a host name without a domain")

campaign("sloppy-bare-html-windows", Plainly, "Friseur Hauptsache <friseurhauptsache@t-post.example>",
    "kundin@t-post.example", "NEUE ÖFFNUNGSZEITEN!!!", "2025-01-02 09:00:00 +0100",
    '<P><FONT size=5 color=#ff0080 face="Comic Sans MS">Liebe Kundin!</FONT></P>\n<P>Ab 7. Januar haben wir auch '
    'MONTAGS offen!!! Und: Föhnen ist im Januar GRATIS dabei.</P>\n<P>&nbsp;</P>\n<P>Deine Moni &amp; '
    'Team</P>\n<P><A href="http://www.friseur-hauptsache.example">www.friseur-hauptsache.example</A>', text=False,
    program=programs.DOTNET, charset="windows-1252", html_cte="quoted-printable", dkim=None,
    via="postfix-submission smtp.t-post.example p9.dip.netz.example 203.0.113.209 MONI-PC",
    sloppy="bare HTML without html or body, unclosed paragraph, shouting")

letter("sloppy-raw-8bit-header", programs.PHP_MAIL, "Sch\u00fctzenverein <info@schuetzenverein-lohe.de>",
    "mitglieder@schuetzenverein-lohe.de", "Einladung zum Vogelschiessen", "2024-06-20 12:00:00 +0200",
    "Liebe Schützenbrüder,\n\nAntreten am Samstag um 13 Uhr am Vereinsheim. Für Erbsensuppe ist "
    "gesorgt.\n\nHorrido\nDer Vorstand\n", charset="iso-8859-1", word_charset="iso-8859-1", without=("MIME-Version",
    "Content-Type", "Content-Transfer-Encoding"), via="exim-local alt3.billighost.example localhost 127.0.0.1 "
    "schuetzen", sloppy="8-bit body that no header announces")

raw("sloppy-latin1-subject",
    "Return-Path: <kasse@kegelclub-volltreffer.example>\nReceived: from [192.168.2.30] (helo=KEGEL)\n\tby "
    "mx.kegelclub-volltreffer.example with esmtpa (Exim 4.92)\n\tid 1r9xKb-0002Qm-7T\n\tfor "
    "all@kegelclub-volltreffer.example; Mon, 09 Dec 2024 20:15:00 +0100\nFrom: Kassenwart J\xfcrgen "
    "<kasse@kegelclub-volltreffer.example>\nTo: all@kegelclub-volltreffer.example\nSubject: Weihnachtsfeier - bitte "
    "15 Euro \xfcberweisen\nDate: Mon, 09 Dec 2024 20:15:00 +0100\nMessage-ID: <000a@KEGEL>\nMIME-Version: "
    "1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nHallo "
    "Kegelbr\xfcder,\n\nbitte bis Freitag die 15 Euro aufs Clubkonto, sonst gibt es f\xfcr Euch nur "
    "Salat.\n\nJ\xfcrgen\n".encode("latin-1"), sloppy="8-bit letters in Subject and From, HELO without a dot")

campaign("sloppy-link-text-elsewhere", UtmPhp, "Fotoclub Blende 8 <post@fotoclub-blende8.de>",
    "mitglied@blendepost.example", "Bilder vom Ausflug sind online", "2025-05-19 20:00:00 +0200",
    '<html><body><p>Hallo zusammen,</p><p>die Bilder vom Ausflug liegen hier: <a '
    'href="https://click.newsletter-werkzeug.net/t/8f1c0d2a7be4/44/1188?u=aHR0cHM6Ly9mb3Rvcy5mb3RvY2x1Yi1ibGVuZGU4LmRl">https://fotos.fotoclub-blende8.de/ausflug</a>, '
    'Passwort wie immer.</p><p>Und die Liste für die Ausstellung: <a '
    'href="https://tinyurl.com/blende8-liste">tinyurl.com/blende8-liste</a></p><p>Gut Licht!<br>Werner</p><p><a '
    'href="{{unsubscribe}}">abmelden</a></p></body></html>', text="Hallo zusammen,\n\ndie Bilder vom Ausflug: "
    "https://fotos.fotoclub-blende8.de/ausflug\nListe: https://tinyurl.com/blende8-liste\n\nGut Licht!\nWerner\n",
    dkim=None, sloppy="a link whose text shows another host, shortened links")

letter("sloppy-intranet-ip", programs.SHELL, "ticket@helpdesk (Helpdesk)", "technik@druckhaus-rieger.de",
    "[#2204] Drucker 3. OG", "2025-08-08 08:08:08 +0200",
    "Neues Ticket von Empfang:\n\nDrucker 3. OG zieht kein Papier "
    "ein.\n\nhttp://192.168.77.12:8080/tickets/2204\nhttp://192.168.77.12:8080/tickets/2204/close?key=7d1f\n",
    envelope="ticket@helpdesk", via="postfix-lan mail.druckhaus-rieger.de unknown 192.168.77.12 localhost",
    mid_domain="helpdesk", sloppy="sender without a domain, links to an address, HELO localhost")

letter("sloppy-localhost-helo", programs.PYTHON, "sensor@greenhouse2", "owner@orchidhouse-kew.example",
    "ALERT humidity 38%", "2025-07-15 13:00:09 +0000", "humidity below 45 for 10 min\nlast: 38.2\nvent: open\n",
    envelope="sensor@greenhouse2", via="postfix-lan mail.orchidhouse-kew.example unknown 192.168.1.60 localhost",
    without=("Message-ID", "Date"), charset="utf-8", text_cte="7bit", sloppy="no Date, no Message-ID, sender "
    "without a domain")

letter("sloppy-no-to", programs.OUTLOOK, "Reitverein Hubertus <info@rv-hubertus-aich.de>", None,
    "Turniersperre wg. Druse", "2025-03-28 19:44:00 +0100",
    "Liebe Einsteller,\n\nim Nachbarstall gibt es Druse. Bis auf weiteres KEIN Hängerverkehr, keine Gastpferde, "
    "Stiefel desinfizieren!\n\nDer Vorstand\n", lang="de", charset="iso-8859-1", plain=True,
    via="postfix-submission smtp.rv-hubertus-aich.de p6.dip.netz.example 203.0.113.6 STALLBUERO",
    sloppy="all recipients in Bcc, no To")

raw("sloppy-broken-boundary", """
Return-Path: <noreply@alte-software.example>
Received: from erp.alte-software.example (unknown [10.0.0.9])
	by mail.alte-software.example (Postfix) with ESMTP id 4Yq2Lr0000z
	for <einkauf@holz-bender.example>; Wed, 22 Jan 2025 06:00:00 +0100 (CET)
From: ERP <noreply@alte-software.example>
To: einkauf@holz-bender.example
Subject: Bestellvorschlag 22.01.2025
Date: Wed, 22 Jan 2025 06:00:00 +0100
Message-ID: <1737522000.1@erp.alte-software.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="ERPBOUNDARY"

--ERPBOUNDARY
Content-Type: text/plain; charset="us-ascii"

Bestellvorschlag siehe Anhang.

--ERPBOUNDARY
Content-Type: text/csv; name="vorschlag.csv"
Content-Disposition: attachment; filename="vorschlag.csv"

artikel;menge
4402;12
4410;3
""", sloppy="the closing boundary is missing")

letter("sloppy-base64-ascii", programs.PYTHON, "Booking Bot <bot@squashcourt.club>", "p.lowe@courtmail.example",
    "Court 2 at 18:00", "2025-11-05 09:00:00 +0000",
    "Hi Pete\n\nCourt 2 is yours at 18:00 today against Nigel.\nBring your own balls.\n\nBot\n", text_cte="base64",
    html='<p>Hi Pete</p><p>Court <b>2</b> is yours at 18:00 today against Nigel.<br>Bring your own '
    'balls.</p><p>Bot</p>', dkim="bot", sloppy="base64 for plain ASCII")

campaign("sloppy-text-differs", Plainly, "Imkerei Sommer <honig@imkerei-sommer.de>", "kunde@taunuspost.example",
    "Honig ist wieder da", "2025-07-01 10:00:00 +0200",
    '<html><body><h2>Sommertracht 2025</h2><p>Der neue Honig ist geschleudert: Linde mit etwas Brombeere. 6,50 Euro '
    'das Glas, ab Hof oder per Post.</p><p><a href="https://www.imkerei-sommer.de/bestellen">Zur '
    'Bestellung</a></p></body></html>', text="Ihr E-Mail-Programm kann leider kein HTML anzeigen.\n", dkim="im",
    sloppy="the text part says only that there is HTML")

letter("sloppy-old-year", programs.PHPMAILER, "Webcam Kogelhütte <kamera@kogelhuette.at>", "wirt@kogelhuette.at",
    "Bewegung erkannt", "2010-01-01 00:04:12 +0000", "Kamera Terrasse\nBewegung erkannt 2010-01-01 00:04:11\n",
    attach=[("snap0001.jpg", "image/jpeg", attachments.jpeg(1))], via="postfix-lan mail.kogelhuette.at unknown "
    "192.168.8.99 ipcam", without=("X-Mailer",), sloppy="a camera whose clock was never set")

letter("sloppy-reply-without-thread", programs.DOTNET, "Kfz-Werkstatt Önder <werkstatt@kfz-oender.de>",
    "s.krell@ruhrpost.example", "AW: AW: Re: AW: Bremsen", "2025-09-03 16:16:16 +0200",
    "Auto is fertig. 389 eur, bar oder karte. Bis 18 uhr da.\n\nMfG Önder\n", via="postfix-submission smtp.kfz-oender.de "
    "p7.dip.netz.example 203.0.113.7 WERKSTATT", without=("Message-Id",), charset="utf-8", text_cte="base64",
    sloppy="answers that name no message before them")
