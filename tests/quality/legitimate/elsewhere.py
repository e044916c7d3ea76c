"""Honest mail whose links lead to somebody else's site, as small senders write it.  SPDX-License-Identifier: GPL-3.0-or-later

Booking, polls, meetings, forms, parcels, payments, albums, tickets: the sender has a domain, and what he links to lives
at a service.  Many are HTML alone, have one link and few words, and nobody can unsubscribe from them.
"""
from . import programs
from .mails import letter
from .pages import Ancient, Bee, Dark, Mjml, React, Unlayer
from .services import Grid, GridNotice, Plainly, SesNotice, Stamp, campaign

# --- one link and a few words -------------------------------------------------------------------------------------------
campaign("elsewhere-physio-booking", Plainly, "Physiotherapie am Anger <termine@physio-am-anger.de>", "h.wuttke@angerpost.example",
    "Ihr Termin am 14.05. um 08:40 Uhr", "2025-05-12 08:40:00 +0200",
    '<html><body style="font-family:Arial"><p>Guten Tag Herr Wuttke,</p><p>wir erwarten Sie am Mittwoch um 08:40 Uhr bei Frau '
    'Seidlitz. Bitte bringen Sie ein Handtuch und die Verordnung mit.</p><p>Passt es nicht? <a '
    'href="https://praxis-kalender.net/t/9f27c1?a=verlegen">Termin verlegen oder absagen</a> (bis 24 Stunden vorher '
    'kostenlos).</p><p>Ihr Team vom Anger</p></body></html>', text=False, program=programs.PHPMAILER, dkim=None,
    via="exim-local web7.meinhoster.example localhost 127.0.0.1 physio")

campaign("elsewhere-poll-date", Plainly, "Elternbeirat Kita Wolkenschaf <beirat@kita-wolkenschaf.de>",
    "elternverteiler@kita-wolkenschaf.de", "Sommerfest: welcher Samstag?", "2025-03-30 21:14:00 +0200",
    "<p>Liebe Eltern,</p><p>bitte tragt bis Freitag ein, welcher Samstag im Juni euch passt:</p><p><a "
    'href="https://termin-umfrage.example.net/p/Wolke25">Zur Abstimmung</a></p><p>Wer Kuchen backt, schreibt es gleich '
    "dazu. Danke!</p><p>Mareike und Tolga</p>", program=programs.THUNDERBIRD_HTML)

letter("elsewhere-meeting-link", programs.GMAIL, "Ottoline Frame <ottoline@framebookkeeping.co.uk>",
    "Desmond <desmond@pickeringjoinery.example>", "VAT call tomorrow", "2025-01-27 16:02:10 +0000",
    "Hi Desmond,\n\nhere's the room for tomorrow, half past ten:\n\nhttps://meet.google.com/kfq-dwzx-mvu\n\nHave the fuel receipts "
    "to hand. It won't take long.\n\nOttoline\n", dkim="google")

campaign("elsewhere-church-form", Plainly, "St Brannock's Parish Office <office@stbrannocks.example.org>",
    "parish-list@stbrannocks.example.org", "Harvest supper: please book by Sunday", "2025-09-22 10:20:00 +0100",
    '<div dir="ltr">Dear all,<div><br></div><div>The harvest supper is on Friday 3 October, 7 pm in the hall. Adults £8, children '
    'free. So that Jean knows how many potatoes, please fill in <a '
    'href="https://docs.google.com/forms/d/e/1FAIpQLSf7kQvTz/viewform">this form</a>.</div><div><br></div><div>Rev. '
    'Hugh</div></div>', program=programs.GMAIL, dkim="google")

campaign("elsewhere-garage-review", Plainly, "Garage Lemoine <atelier@garage-lemoine.fr>", "c.bizien@armormail.example",
    "Votre 208 : tout s'est bien passé ?", "2025-04-08 18:30:00 +0200",
    "<p>Bonjour Madame Bizien,</p><p>vous avez récupéré votre voiture lundi (plaquettes et disques avant). Si vous êtes "
    'contente, <a href="https://g.page/r/CbLemoine29/review">un petit mot sur notre fiche</a> nous aide beaucoup. Si '
    "quelque chose ne va pas, appelez-moi directement à l'atelier.</p><p>Yann Lemoine</p>", text=False,
    program=programs.PHPMAILER, dkim="default", headers=[("X-Mailer", "PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)")],
    without=("X-Mailer",))

campaign("elsewhere-parcel-carrier", Plainly, "Wollkontor Ahlen <versand@wollkontor-ahlen.de>", "birte.hansen@fjordpost.example",
    "Deine Wolle ist unterwegs", "2025-11-19 13:05:00 +0100",
    '<table><tr><td style="font:15px Georgia">Moin Birte,<br><br>vier Knäuel Shetland in Moosgrün liegen im Karton und sind '
    'heute mit dem Paketdienst los. Sendung: <a '
    'href="https://sendung.paketnord.net/verfolgen?nr=00340434161094042557">00340434161094042557</a><br><br>Viel Freude beim '
    "Stricken!<br>Inken vom Wollkontor</td></tr></table>", text=False, program=programs.SWIFT, dkim="wk")

campaign("elsewhere-album", Plainly, "Foto Brandl <studio@foto-brandl.at>", "resi.hofer@almpost.example", "Eure Hochzeitsbilder",
    "2025-07-02 19:44:00 +0200",
    '<p>Liebe Resi, lieber Sepp!</p><p>412 Bilder sind fertig. Ihr findet sie hier, das Passwort ist euer Hochzeitsdatum:</p><p><a '
    'href="https://galerie.bilderkiste.net/brandl/resi-sepp"><img src="https://galerie.bilderkiste.net/brandl/resi-sepp/cover.jpg" '
    'width="480" alt="Resi und Sepp"></a></p><p>Die Galerie bleibt ein Jahr offen.</p><p>Herzlich, Toni</p>',
    program=programs.APPLE, dkim="bra")

campaign("elsewhere-donation-page", Plainly, "Refugio de Animales La Loma <hola@refugiolaloma.example.org>",
    "voluntarios@refugiolaloma.example.org", "Canela necesita una operación", "2025-02-19 12:11:00 +0100",
    "<p>Hola a todos:</p><p>Canela, la galga que entró en enero, tiene la cadera rota. La operación cuesta 1.150 €. Hemos abierto "
    'una colecta: <a href="https://www.teaming-huellas.net/c/canela-la-loma">ayudar a Canela</a>. Quien no pueda dar dinero '
    "puede venir a pasear perros el domingo.</p><p>Un abrazo,<br>Pilar</p>", program=programs.ROUNDCUBE)

letter("elsewhere-video", programs.IPHONE, "Coach Dale <dale@millcreekwrestling.org>", "parents@millcreekwrestling.org",
    "Saturday's final", "2025-02-09 20:31:44 -0600",
    "Somebody's uncle filmed it. Caleb's takedown is at 4:10.\n\nhttps://youtu.be/qJ3vXk0r2dE\n\nBus leaves 6:15 next week, NOT "
    "6:45.\n\nSent from my iPhone\n", via="haraka mail.millcreekwrestling.org 7.mobile.example 203.0.113.17 smtpclient.apple")

campaign("elsewhere-payment-page", Plainly, "Musikschule Klangraum <buero@klangraum-musik.ch>", "familie.zgraggen@urnerpost.example",
    "Rechnung Frühlingssemester, Cellounterricht Mia", "2025-02-03 09:00:00 +0100",
    "<p>Liebe Familie Zgraggen</p><p>Die Rechnung für das Frühlingssemester beträgt CHF 742.00, zahlbar bis 28. Februar. Sie "
    'können sie hier mit Karte oder per Telefon bezahlen:</p><p><a href="https://zahlen.kassenwart.net/klangraum/R-2025-0117" '
    'style="background:#357;color:#fff;padding:8px 16px">Rechnung R-2025-0117 öffnen</a></p><p>Freundliche Grüsse<br>Sekretariat '
    "Klangraum</p>", text=False, program=programs.PHP_MAIL, dkim=None, via="exim-local cp4.hostalp.example localhost 127.0.0.1 "
    "klangraum")

campaign("elsewhere-whatsapp-group", Plainly, "Grupo Scout Ñandú <grupo@scoutsnandu.example.org>", "familias@scoutsnandu.example.org",
    "Campamento de invierno: lista y grupo", "2025-06-28 22:10:00 -0300",
    '<p>Queridas familias:</p><p>Salimos el viernes 18 a las 7 desde la plaza. Lista: bolsa de dormir, linterna, plato y taza, dos '
    'mudas.</p><p>Para avisos de último momento, sumate al <a href="https://chat.whatsapp.com/Fz8Lq0NnKe2GkW">grupo del '
    "campamento</a>.</p><p>Siempre listos,<br>Rolo</p>", program=programs.ZIMBRA)

campaign("elsewhere-map-only", Plainly, "Imkerverein Dahlbeck <post@imker-dahlbeck.de>", "mitglieder@imker-dahlbeck.de",
    "Treffpunkt Belegstelle", "2025-05-29 07:31:00 +0200",
    '<p>Hier noch der Parkplatz, das Navi kennt den Weg nicht:</p><p><a href="https://maps.app.goo.gl/7cQZdahlbeck9">Karte</a></p>'
    "<p>Schleier nicht vergessen. Egon</p>", program=programs.EVOLUTION)

# --- programs at a hoster -----------------------------------------------------------------------------------------------
campaign("elsewhere-ticket-shop", GridNotice, "Kulturscheune Ostheim <karten@kulturscheune-ostheim.de>",
    "u.reissland@rhoenpost.example", "Deine Karten: Tangonacht, 22. November", "2025-10-30 20:09:00 +0100",
    (lambda page: (page.heading("Tangonacht mit dem Trio Milonga"), page.text("Hallo Ulrike,", "zwei Karten, Parkett, Reihe 4. "
    "Einlass 19 Uhr, die Bar macht um 18:30 Uhr auf."), page.button("Karten anzeigen",
    "https://www.kartenbude.net/o/OST-88121/pdf?key=4d01"), page.small("Kulturscheune e.V., Kirchgasse 2"), page.html())[-1])(
    Mjml("Deine Karten", "Zwei Karten für die Tangonacht")), dkim="s1")

campaign("elsewhere-job-portal", Plainly, "Bakkerij De Korenaar <personeel@dekorenaar.example.nl>", "sanne.k@polderpost.example",
    "Je sollicitatie bij De Korenaar", "2025-08-14 11:00:00 +0200",
    "<html><body><p>Beste Sanne,</p><p>Bedankt voor je brief! We maken graag kennis. Kies zelf een moment voor een kop koffie in de "
    'winkel: <a href="https://afspraakje.net/dekorenaar/kennismaken">kies een tijd</a>.</p><p>Neem je rooster mee, dan kijken '
    "we meteen welke ochtenden kunnen.</p><p>Groet, Wim</p></body></html>", program=programs.EXCHANGE,
    dkim="selector1")

page = React("Team", "Join the board", colour=("#ffffff", "#ffffff", "#111111", "#0b6e4f"))
page.heading("Noor invited you to a board", 2)
page.text("Noor (noor@bureau-vlinder.be) shares <b>Verhuis kantoor</b> with you. You can look at the cards and add your own.")
page.button("Open the board", "https://planbord.app/b/vlinder/verhuis?invite=5fd2e9a1")
page.small("You get this because Noor typed your address. If you do not know Noor, ignore it.")
campaign("elsewhere-board-invite", Stamp, "Bureau Vlinder <noreply@bureau-vlinder.be>", "geert@drukkerij-maes.example",
    "Noor invited you: Verhuis kantoor", "2025-03-03 09:41:00 +0100", page.html())

campaign("elsewhere-wp-form-gmail", Plainly, "Zahnarztpraxis Dr. Oelke <wordpress@zahnarzt-oelke.de>", "praxis@zahnarzt-oelke.de",
    "Neue Anfrage über das Kontaktformular", "2025-10-06 23:18:00 +0200",
    "<p><b>Name:</b> Jannis Petrou<br><b>E-Mail:</b> jpetrou88@gmail.com<br><b>Telefon:</b> 0170 0000000</p><p><b>Nachricht:</b><br>"
    "Hallo, nehmen Sie noch neue Patienten? Mir ist eine Füllung herausgefallen, es eilt nicht, tut aber beim Kaffee "
    "weh.</p><hr><p>Gesendet von der Seite Kontakt</p>", text=False, program=programs.PHPMAILER, dkim=None,
    reply_to="Jannis Petrou <jpetrou88@gmail.com>", via="exim-local web12.meinhoster.example localhost 127.0.0.1 oelke")

letter("elsewhere-form-plain", programs.PHP_MAIL, "website@hartnellroofing.co.uk", "quotes@hartnellroofing.co.uk",
    "Quote request from website", "2025-12-01 19:52:07 +0000",
    "Name: Imogen Vane\nPostcode: EX31\nPhone: 07700 900144\nJob: Slipped slates after the storm, about a dozen, two-storey "
    "terrace. Scaffold may be needed at the back.\nPhotos: https://photos.app.goo.gl/uT5wq3ZkVane\nCall after 5 pm: yes\n",
    reply_to="imogen.vane@outlook.com", via="exim-local srv2.harbourhost.net localhost 127.0.0.1 hartnell")

campaign("elsewhere-course-login", Plainly, "Akademie für Hufpflege <info@hufpflege-akademie.de>", "lena.busch@stallpost.example",
    "Zugang zu deinem Kurs", "2025-01-15 08:00:00 +0100",
    "<html><body><h2>Hallo Lena,</h2><p>schön, dass du dabei bist! Modul 1 ist ab sofort offen. Du loggst dich mit dieser "
    'Mailadresse ein, das Kennwort wählst du beim ersten Mal selbst:</p><p><a '
    'href="https://hufpflege.kursraum.io/einladung/2c4f9e11d0">Zum Kursraum</a></p><p>Die erste Sprechstunde ist am 22. Januar, '
    "19 Uhr.</p><p>Bis bald<br>Friederike</p></body></html>", text=False, program=programs.SYMFONY, dkim="ak")

campaign("elsewhere-invoice-portal", SesNotice, "Ferretería Industrial Ochoa <facturas@ochoa-ferreteria.mx>",
    "compras@tallereslagos.example", "Su factura electrónica A-20771", "2025-05-05 17:26:00 -0600",
    "<p>Estimado cliente:</p><p>Le enviamos la liga para descargar su CFDI (XML y PDF) por la compra del 5 de mayo, total "
    '$3,418.20 MXN:</p><p><a href="https://descargas.timbrefacil.net/cfdi/8E1B-77A0-4C19">Descargar factura A-20771</a></p><p>La liga '
    "vence en 30 días.</p><p>Ferretería Industrial Ochoa, mostrador 2</p>", text=False)

campaign("elsewhere-software-trial", Grid, "Marcin z Kalkulix <marcin@kalkulix.pl>", "biuro@stolarnia-wrona.example",
    "Jak idzie pierwsza wycena?", "2025-09-09 10:15:00 +0200",
    "<p>Dzień dobry,</p><p>widzę, że założył Pan konto tydzień temu, ale pierwszej wyceny jeszcze nie ma. Może pomóc? Proszę wybrać "
    'kwadrans w <a href="https://kalendarzyk.net/marcin-kalkulix/15min">moim kalendarzu</a> albo po prostu odpisać.</p><p>Marcin, '
    "Kalkulix</p>", text=False, without=("List-Unsubscribe", "List-Unsubscribe-Post"))

page = Unlayer("Umfrage", "Zwei Minuten", colour=("#eef2f5", "#ffffff", "#223344", "#c2410c"))
page.picture("https://bilder.stadtwerke-lenne.de/kopf.png", "Stadtwerke Lenne", width=220)
page.heading("Wie war der Zählerwechsel?")
page.text("Guten Tag, am 3. März war unser Monteur bei Ihnen. Bitte sagen Sie uns in fünf Fragen, ob er pünktlich war und alles "
    "sauber hinterlassen hat. Ihre Antworten bleiben ohne Namen.")
page.button("Zur Umfrage", "https://umfrage.meinungsforum-west.de/s/SWL-ZW?k=71b2")
page.small("Stadtwerke Lenne GmbH, Uferstr. 8. Sie erhalten diese Nachricht einmalig nach einem Auftrag.")
campaign("elsewhere-meter-survey", Grid, "Stadtwerke Lenne <service@stadtwerke-lenne.de>", "k.osterloh@lennepost.example",
    "Ihre Meinung zum Zählerwechsel", "2025-03-10 14:00:00 +0100", page.html(), text=False,
    without=("List-Unsubscribe", "List-Unsubscribe-Post"))

campaign("elsewhere-landlord-portal", Plainly, "Hausverwaltung Ziegler <info@hv-ziegler.de>", "mieter.linde12@hv-ziegler.de",
    "Ablesung der Heizkosten am 8. Januar", "2025-12-15 11:11:00 +0100",
    "<p>Sehr geehrte Mieterinnen und Mieter der Lindenstraße 12,</p><p>am 8. Januar zwischen 9 und 12 Uhr liest die Firma Thermomess "
    'ab. Wer nicht zu Hause ist, trägt die Werte selbst ein: <a href="https://portal.thermomess.de/selbstablesung">Selbstablesung</a>'
    ". Die Gerätenummern stehen auf dem Aushang.</p><p>Mit freundlichen Grüßen<br>Hausverwaltung Ziegler</p>",
    program=programs.OUTLOOK)

campaign("elsewhere-alumni-paper", Plainly, "Institut für Moorkunde <sekretariat@moorkunde.example.org>", "freunde@moorkunde.example.org",
    "Unser Aufsatz ist erschienen", "2024-12-04 15:20:00 +0100",
    "<p>Liebe Freundinnen und Freunde des Instituts,</p><p>nach drei Jahren Begutachtung: die Torfkerne aus dem Hochmoor sind "
    'veröffentlicht, frei zu lesen unter <a href="https://doi.org/10.5555/moor.2024.118">doi.org/10.5555/moor.2024.118</a>. '
    "Wir stoßen am Donnerstag um 16 Uhr in der Teeküche an.</p><p>Eure Wiebke</p>", program=programs.SOGO)

# --- pages, longer -------------------------------------------------------------------------------------------------------
page = Bee("Fundraiser", "Ten days to go", colour=("#f6f4ef", "#ffffff", "#2b2b2b", "#7a1f3d"))
page.heading("The organ has its voice back (nearly)")
page.text("Dear friends, the pipes came home on Tuesday in eleven crates. Forty-one ranks are cleaned, three still sit in the "
    "workshop because the leather has to be ordered from France.",
    "We are £4,200 short of the last invoice. If every one of you gave the price of a pint, we should be done by Advent.")
page.button("Give a pint", "https://www.kindpurse.org/fundraiser/organ-st-aldhelm")
page.text("Cheques still work, to the vestry. The first recital is on 30 November: Buxtehude, Howells, and a surprise.")
page.small("Friends of the Organ, St Aldhelm's")
campaign("elsewhere-organ-appeal", Plainly, "Friends of the Organ <organ@st-aldhelm.example.org>", "friends@st-aldhelm.example.org",
    "Eleven crates", "2025-10-11 08:08:00 +0100", page.html(), program=programs.SWIFT, dkim=None)

page = Dark("Réunion", "Ordre du jour", colour=("#ffffff", "#ffffff", "#222222", "#00695c"))
page.heading("Assemblée générale du 17 mars", 2)
page.text("Chers adhérents,", "l'assemblée aura lieu à la salle des fêtes et, pour ceux qui ne peuvent pas venir, en visioconférence. "
    "À l'ordre du jour : les comptes, le jardin partagé, l'élection du bureau et le prix du composteur.")
page.button("Rejoindre la réunion", "https://visio.framacausette.net/jardin-des-tilleuls")
page.text("Les procurations se déposent sur <a href=\"https://nuage.framacausette.net/s/Xk2procuration\">notre espace de "
    "fichiers</a> avant le 15.")
campaign("elsewhere-assembly", Plainly, "Jardin des Tilleuls <bureau@jardin-tilleuls.example.fr>", "adherents@jardin-tilleuls.example.fr",
    "AG du 17 mars : le lien", "2025-03-09 19:00:00 +0100", page.html(), text=False, program=programs.DJANGO, dkim="mail")

page = Ancient("Catalogue")
page.heading("New arrivals, list 88")
page.text("Dear collector,", "forty-six items this time, mostly county maps. A Speed of Rutland with the old colour, and a Morden "
    "playing card that I never thought I would own. Prices as always include carriage.",
    'The list is with the fair: <a href="https://www.maproom-fairs.net/dealers/tillotson/list88.pdf">List 88 (PDF)</a>, and what is '
    'sold is crossed out <a href="https://www.maproom-fairs.net/dealers/tillotson/">on the stand\'s page</a>.')
page.text("Telephone before noon, please; after that I am in the shed.", "Aubrey Tillotson")
campaign("elsewhere-map-dealer", Plainly, "Tillotson Antique Maps <aubrey@tillotsonmaps.co.uk>", "jm.verhulst@kaartmail.example",
    "List 88", "2025-06-17 07:50:00 +0100", page.html(), text=False, program=programs.DOTNET, dkim=None)

campaign("elsewhere-vet-reminder", Plainly, "Ambulatorio Veterinario Oltretorrente <promemoria@vet-oltretorrente.it>",
    "g.bertolucci@parmaposta.example", "Richiamo vaccino di Pallino", "2025-04-22 09:30:00 +0200",
    "<p>Gentile sig. Bertolucci,</p><p>il richiamo della trivalente di <b>Pallino</b> (gatto, 6 anni) scade il 10 maggio. Può "
    'prenotare qui: <a href="https://agenda.zampaclick.net/oltretorrente">agenda.zampaclick.net</a> oppure telefonare allo '
    "0521 000000 dalle 9 alle 12.</p><p>Porti il libretto. A presto!</p>", text=False, program=programs.PHPMAILER, dkim=None)

letter("elsewhere-share-article", programs.SAMSUNG, "Halina Dudek <halina.dudek@poczta-rodzinna.example>",
    "Basia <basia@poczta-rodzinna.example>", "Zobacz", "2025-11-08 18:05:12 +0100",
    "Basiu, przeczytaj to o grzybach, prawie jak u nas w lesie!\n\nhttps://www.gazeta-borow.example/przyroda/2025/kania-czy-muchomor\n"
    "\nCałuję, mama\n")

campaign("elsewhere-hr-timesheet", GridNotice, "Nordhavn Rengøring <loen@nordhavn-rengoering.dk>", "a.kowalczyk@nordhavn-rengoering.dk",
    "Husk timesedlen inden fredag", "2025-08-27 06:00:00 +0200",
    "<p>Hej Agnieszka</p><p>Du mangler at godkende timerne for uge 34. Gør det inden fredag kl. 12, så kommer lønnen med i denne "
    'måned.</p><p><a href="https://app.timeklar.dk/godkend?uge=34&amp;u=1882">Godkend timer</a></p><p>Hilsen Bodil, lønkontoret</p>',
    text=False)

campaign("elsewhere-shared-folder", Plainly, "Arkitektbyrå Sjöstrand <info@sjostrand-ark.se>", "lars.ek@ekbygg.example",
    "Ritningar, kv. Tranan", "2025-02-25 13:37:00 +0100",
    '<p>Hej Lasse,</p><p>reviderade ritningar ligger i <a href="https://www.dropbox.com/scl/fo/q1tranan/AAB?rlkey=9x&amp;dl=0">mappen</a>. '
    "Trapphuset är flyttat 40 cm, resten är som förut. Hör av dig om du behöver dwg.</p><p>/Maud</p>",
    program=programs.OUTLOOK)

letter("elsewhere-tender-portal", programs.JAVA, "Vergabestelle Landkreis Sieb <vergabe@landkreis-sieb.example.de>",
    "angebote@tiefbau-marquardt.example", "Bieterfrage 7 beantwortet: Neubau Radweg K 41", "2025-07-24 12:00:00 +0200",
    "Sehr geehrte Damen und Herren,\n\nzum Verfahren 2025-K41 liegt eine neue Bieterinformation vor. Sie finden sie auf der "
    "Vergabeplattform:\n\nhttps://www.vergabemarkt-mitte.de/NetServer/notice/2025-K41\n\nDie Angebotsfrist bleibt unverändert.\n\n"
    "Dies ist eine automatische Nachricht.\n", dkim=None)

campaign("elsewhere-escape-room", Plainly, "Kaç Kurtul Odası <rezervasyon@kackurtul.example.com.tr>", "ece.yalcin@bogazposta.example",
    "Rezervasyonunuz onaylandı", "2025-10-18 21:00:00 +0300",
    "<p>Merhaba Ece,</p><p>Cumartesi 16.00, 5 kişi, <b>Saatçinin Evi</b>. Lütfen on dakika önce gelin; telefonlar dolapta kalıyor."
    '</p><p><a href="https://randevukolay.net/kackurtul/R5591">Rezervasyonu değiştir</a></p><p>İyi eğlenceler!</p>', text=False,
    program=programs.NODE, dkim="kk")

page = Mjml("Concours", "Votez pour la photo de l'année")
page.heading("Votez !")
page.text("Chères lectrices, chers lecteurs, 230 photos reçues, douze retenues par le jury. À vous de choisir celle qui fera la "
    "couverture du calendrier.")
page.button("Voir les douze photos", "https://concours.votezici.net/calendrier-2026")
page.text("Le vote est ouvert jusqu'au 20 octobre, une voix par personne. La gagnante recevra un panier de fromages de la vallée.")
campaign("elsewhere-photo-vote", Plainly, "L'Écho de la Vallée <redaction@echo-vallee.example.fr>", "abonnes@echo-vallee.example.fr",
    "La photo de l'année, c'est vous", "2025-10-04 07:00:00 +0200", page.html(), program=programs.SYMFONY, dkim="echo")
