"""Firms and bodies to those who pay, owe or ask them: bills, dunning, courts, clinics, loans, parties.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter
from .pages import Bee, Mjml, Stripo, Unlayer
from .services import Civi, GridNotice, Plainly, SesNotice, Stamp, campaign


def paper(*lines):
    return attachments.pdf(lines[0], list(lines))


letter("trade-dunning-one", programs.DOTNET, "Buchhaltung Farben Kessler <mahnwesen@farben-kessler.de>",
    "malermeister.juhl@t-post.example",
    "1. Mahnung zu Rechnung 24-3307", "2025-02-17 06:30:00 +0100", "Guten Tag Herr Juhl,\n\nsicher haben Sie es nur "
    "übersehen: Rechnung "
    "24-3307 vom 08.01. über 412,70 EUR ist offen. Bitte überweisen Sie bis 27.02. auf das bekannte Konto.\n\nHat sich Ihre "
    "Zahlung mit "
    "diesem Brief gekreuzt, ist er gegenstandslos.\n\nFarben Kessler GmbH, Buchhaltung\n", attach=[("Mahnung.pdf",
    "application/pdf",
    paper("Mahnung 24-3307", "offen 412,70 EUR"))], via="postfix-submission mx.farben-kessler.de SRV01 203.0.113.14 SRV01")

letter("trade-dunning-final", programs.JAVA, "Albion Tool Hire Accounts <accounts@albiontoolhire.co.uk>",
    "payables@stokerbuild.example",
    "FINAL NOTICE - account 10228 overdue", "2025-03-03 09:00:01 +0000", "Dear Sirs\n\nDespite our reminders of 3 and 17 "
    "February the sum of "
    "GBP 1,186.20 remains unpaid. Your account is on stop: no further hire until it is settled.\n\nUnless we hear from you "
    "within seven "
    "days, the debt passes to our solicitors, who will add statutory interest.\n\nIf you dispute an item, please say which. "
    "We would "
    "rather talk.\n\nM. Garside, Credit Control, 0161 000 0000\n", attach=[("statement_10228.pdf", "application/pdf",
    paper("Statement", "INV 5518 702.00", "INV 5560 484.20"))], dkim="ath")

letter("trade-collector", programs.MAILKIT, "Havenbridge Recoveries <casework@havenbridge-recoveries.co.uk>",
    "k.dunmore@postbox.example",
    "Our reference HB/7710345 - please read", "2025-06-12 07:45:00 +0100", "Dear Mr Dunmore,\n\nWe act for Severn Valley "
    "Water. They have "
    "asked us to collect £244.18 for water used at your former address.\n\nYou can pay in full, in parts from £10 a month, "
    "or tell us that "
    "you cannot. If you are struggling, free advice is available from charities named on the back of our letter.\n\nWe are "
    "authorised and "
    "regulated. Look us up on the public register before you pay anybody, us included.\n\nCase team 4\n", dkim="hb1")

letter("trade-inkasso-de", programs.JAVA, "Rheinhessen Inkasso GmbH <kontakt@rheinhessen-inkasso.de>",
    "s.dahl@nahepost.example",
    "Aktenzeichen 25/118840: Ihre Ratenzahlung", "2025-09-01 05:00:00 +0200", "Sehr geehrte Frau Dahl,\n\ndie Rate für "
    "August (45,00 EUR) ist "
    "eingegangen, danke. Restforderung: 180,00 EUR, vier Raten.\n\nGerät ein Monat zu knapp, rufen Sie bitte vorher "
    "an.\n\nRegistriert beim "
    "Bundesamt für Justiz.\n", via="postfix-local ris-app2.rheinhessen-inkasso.de localhost", dkim="ri")

letter("trade-invoice-freelancer", programs.APPLE, "Tamsin Vane <tamsin@vane-illustration.com>",
    "accounts@foxgloveprint.example",
    "Invoice 031, otter drawings", "2025-05-30 15:12:00 +0100", "Hello,\n\ninvoice for the six otters attached, thirty days, "
    "same bank as "
    "ever. Otter four is extra because you asked for the hat.\n\nTamsin\n", attach=[("Invoice 031.pdf", "application/pdf",
    paper("Invoice 031", "Six otters 720.00", "One hat 40.00"))], dkim="google")

letter("trade-tax-adviser", programs.EXCHANGE, "StB Gudrun Oehme <oehme@stb-oehme.de>",
    "Schreinerei Pohl <info@schreinerei-pohl.example>",
    "Umsatzsteuervoranmeldung 04/2025 - Zahlung fällig 12.05.", "2025-05-07 08:20:00 +0000", "Hallo Herr Pohl,\n\ndie "
    "Voranmeldung ist an das "
    "Finanzamt übermittelt. Zahllast 2.318,44 EUR, Abbuchung am 12.05. Bitte für Deckung sorgen.\n\nMir fehlen noch die "
    "Tankbelege. "
    "Freundliche Grüße\nGudrun Oehme, Steuerberaterin\n", lang="de", charset="iso-8859-1", attach=[("UStVA_2025_04.pdf",
    "application/pdf", paper("UStVA 04/2025", "Kz 83 2318,44"))], via="exchange mail.stb-oehme.de OEHMESRV 192.168.5.2")

letter("trade-payslips-locked", programs.OUTLOOK, "Marsh & Tolley Payroll <payroll@marshtolley.example.net>",
    "Quayside Bakery <sue@quaysidebakery.example>",
    "July payslips (encrypted)", "2025-07-24 16:00:00 +0100", "Hi Sue,\n\nAll eleven payslips are in the zip. Wes will ring "
    "you with the "
    "password before lunch tomorrow; we do not put it in mail.\n\nThe new starter is on an emergency code until her P45 "
    "turns up.\n\n"
    "Marion\n", attach=[("payslips-07.zip", "application/zip", attachments.locked_archive("payslips.pdf",
    paper("Payslips July"),
    "birke-44-anker"))], via="postfix-submission smtp.marshtolley.example.net office-dsl.example 203.0.113.61 MARION-PC")

page = Unlayer("Fraud warning", "", "en", colour=("#f2f4f7", "#ffffff", "#101828", "#175cd3"))
page.heading("We will never ask you for a code")
page.text("Dear Mrs Abara,", "people pretending to be Calder Building Society have been ringing members. They say that your "
    "account is at risk "
    "and that you must move your money at once. That is a lie each time.",
    "If somebody asks for your password or a code from your phone: hang up, wait a minute, and call 0345 000 0000, the "
    "number on your passbook.")
page.small("Calder Building Society, Mill Bank, Sowerby. There is no link in this message, on purpose.")
campaign("trade-bank-fraud-warning", SesNotice, "Calder Building Society <members@calderbs.co.uk>",
    "n.abara@dalepost.example",
    "How to spot a false call from us", "2025-04-23 11:00:00 +0100", page.html())

letter("trade-bank-statement-ready", programs.JAVA, "Sparverein Aare <noreply@sparverein-aare.ch>",
    "u.moser@bielpost.example",
    "Neues Dokument in Ihrem E-Banking", "2026-01-05 03:10:44 +0100", "Guten Tag\n\nIn Ihrem elektronischen Briefkasten "
    "liegt ein neues Dokument "
    "(Zinsabschluss 2025). Melden Sie sich wie gewohnt an; aus Sicherheitsgründen führt von hier kein Link "
    "dorthin.\n\nSparverein Aare\n", dkim="sva")

letter("trade-insurer-claim", programs.EXCHANGE, "Claims Team <claims@fenlandmutual.example.org>",
    "Olu Baptiste <olu.b@marshmail.example>",
    "Claim FM-55102: burst pipe, settlement", "2025-01-29 14:14:00 +0000", "Dear Mr Baptiste,\n\nThe assessor agrees with "
    "your builder. We will pay "
    "£3,420.00, less your excess of £250.00, into the account from which you pay your premium.\n\nIf that account is closed, "
    "please call rather "
    "than write. Keep the damaged boards until Friday in case we want a photograph.\n\nYours sincerely\nPriya Nand\n",
    via="exchange mail.fenlandmutual.example.org FMEX1 10.3.0.8", dkim="selector1")

letter("trade-insurer-nl", programs.DOTNET, "Onderlinge De Schelp <polis@onderlinge-schelp.nl>", "p.kuiper@zeemail.example",
    "Uw premie voor 2026", "2025-11-20 08:00:00 +0100", "Beste heer Kuiper,\n\nde premie van uw woonhuisverzekering wordt "
    "per 1 januari € 21,80 per "
    "maand. Dat is € 1,15 meer, omdat bouwmaterialen duurder zijn geworden.\n\nNiet akkoord? U kunt tot 31 december "
    "kosteloos opzeggen.\n\nDe Schelp\n",
    attach=[("polisblad.pdf", "application/pdf", paper("Polisblad 2026", "Premie 21,80"))], dkim="schelp")

page = Bee("New on our books", "Two bedrooms, one river", "en", colour=("#f6f3ee", "#ffffff", "#2f2a25", "#a4512f"))
page.heading("Just listed: Weir Cottage")
page.picture("https://img.harkerandlyle.co.uk/p/weir/front.jpg", "Weir Cottage", "https://www.harkerandlyle.co.uk/p/weir")
page.text("Guide price £385,000. Viewings are on Saturday only and nine of twelve are taken, so do ring soon if you would "
    "like to see the garden "
    "before the river does.")
page.button("Book a viewing", "https://www.harkerandlyle.co.uk/viewings/weir")
page.small('You asked for two bedrooms below £400,000. <a href="{{unsubscribe}}">Stop these alerts</a>')
campaign("trade-estate-agent", Stamp, "Harker & Lyle <alerts@harkerandlyle.co.uk>", "b.nowak@severnmail.example",
    "Just listed: 2 bed cottage, £385,000", "2025-05-08 10:30:00 +0100", page.html())

letter("trade-estate-fr", programs.OUTLOOK, "Agence du Vieux Pont <location@vieuxpont-immo.fr>",
    "Mlle Inès Traoré <ines.traore@garonne.example>",
    "Votre dossier de location, rue des Tanneurs", "2025-06-18 11:05:00 +0200", "Bonjour Mademoiselle,\n\nle propriétaire a "
    "retenu votre dossier. Il "
    "nous faut encore l'attestation d'assurance et le chèque de dépôt de garantie (590 euros), à remettre à l'agence le jour "
    "des clés.\n\nNe "
    "faites aucun virement avant la signature du bail.\n\nCordialement,\nHélène Castaing\n", lang="fr", charset="iso-8859-1",
    via="postfix-submission smtp.vieuxpont-immo.fr bureau.example 203.0.113.45 ACCUEIL")

letter("trade-law-firm", programs.EXCHANGE, "Rosalind Akhtar <r.akhtar@akhtarpryce.law>",
    "Gareth Bowen <gareth@bowenfarms.example>",
    "Bowen v Llanfair Estates: hearing moved", "2025-10-09 15:55:00 +0000", "Dear Gareth\n\nThe court has moved us to 4 "
    "November at ten. Judge "
    "Merriweather, not Judge Flint, which I count as good news.\n\nPlease sign the statement where the yellow tabs are and "
    "post it; a scan is "
    "not enough. Do not talk to their agent before then, however friendly he is at the mart.\n\nRosalind\n",
    sign="Rosalind Akhtar | Partner\n"
    "Akhtar Pryce LLP\nThis message is confidential and may be privileged. WE WILL NEVER CHANGE OUR BANK DETAILS BY EMAIL.",
    via="exchange mx.akhtarpryce.law AP-EX 10.9.0.4")

letter("trade-law-it", programs.THUNDERBIRD, "Avv. Nicoletta Brusa <brusa@studiobrusa.it>", "Condominio Via Larga 8 "
    "<amm@vialarga8.example>",
    "Diffida al condomino del terzo piano", "2024-10-28 17:10:00 +0100", "Gentile amministratore,\n\nallego la bozza della "
    "diffida. Se entro quindici "
    "giorni il signor Gatti non salda le spese arretrate (1.940 euro), depositiamo il ricorso.\n\nMi confermi che il verbale "
    "di giugno gli è "
    "stato notificato.\n\nAvv. Brusa\n", lang="it", attach=[("diffida.docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    attachments.docx(["Diffida ad adempiere", "Spese arretrate"]))])

letter("trade-recruiter", programs.GMAIL, "Jules Marchetti <jules@northpeel-talent.com>", "dev.osei@codemail.example",
    "Kubernetes role, Leeds, up to 85k", "2025-09-16 10:20:00 +0100", "Hi Dev,\n\nyour talk about etcd turned up in my "
    "search and I have a client "
    "who lives by it. Platform team of five, £75-85k, two days in Leeds.\n\nWorth ten minutes on Thursday? If not, say so "
    "and I'll leave you "
    "alone.\n\nJules\n", dkim="google")

letter("trade-temp-agency-pl", programs.ROUNDCUBE, "Agencja Pracy Dźwig <kadry@dzwig-praca.pl>",
    "tomasz.wilk@wislamail.example",
    "Oferta: operator wózka, Gdynia, od zaraz", "2025-03-17 12:00:00 +0100", "Dzień dobry Panie Tomaszu,\n\nmamy wolne "
    "miejsce w magazynie w Gdyni, "
    "umowa o pracę, 32 zł za godzinę, zmiana nocna płatna ekstra. Jeśli jest Pan zainteresowany, proszę oddzwonić do "
    "środy.\n\nKatarzyna Mróz\n"
    "Nr wpisu do rejestru agencji: 00000\n", charset="iso-8859-2")

letter("trade-travel-agency", programs.PHPMAILER, "Compass Rose Travel <trips@compassrosetravel.example>",
    "the.iversens@nordmail.example",
    "Balance due for your Lisbon trip CR-4471", "2025-02-01 09:00:00 +0000", "Dear Ingrid and Per,\n\nthe balance of £1,240 "
    "for Lisbon is due on 15 "
    "February. You can ring us with a card or come by; we are behind the post office still.\n\nPer's passport runs out in "
    "August. Portugal wants "
    "three months, so you are fine, but only just.\n\nCompass Rose, bonded and insured\n",
    via="exim-local web4.agencyhost.example localhost 127.0.0.1 compass")

letter("trade-clinic-results", programs.DOTNET, "Fairoak Surgery <noreply@fairoaksurgery.example.org>",
    "g.tennant@hillmail.example",
    "Your test results are normal", "2025-11-06 12:31:00 +0000", "Dear Gillian Tennant,\n\nThe doctor has seen your blood "
    "test of 3 November. No action "
    "is needed.\n\nPlease do not reply; this box is not read. For a repeat prescription use the form at the desk.\n\nFairoak "
    "Surgery\n", dkim="fo")

campaign("trade-clinic-eyes", Plainly, "Augenklinik am Wall <termin@augenklinik-wall.de>", "h.brandes@weserpost.example",
    "Ihr Termin zur Laserbehandlung am 3. April", "2025-03-27 07:00:00 +0100",
    '<div style="font-family:Verdana;font-size:13px"><p>Sehr geehrter Herr '
    'Brandes,</p><p>am <b>Donnerstag, 3. April, 9:40 Uhr</b> erwarten wir Sie. Keine Kontaktlinsen ab 20. März, kein Parfum, '
    'und jemand, der Sie '
    'heimfährt.</p><p>Kosten laut Plan: 1.890 EUR je Auge. <a '
    'href="https://augenklinik-wall.de/patienten/vorher.pdf">Merkblatt lesen</a></p></div>',
    text=False, program=programs.MAILKIT)

letter("trade-school-fees", programs.DOTNET, "St Brannoc's Bursary <bursar@stbrannocs.example.org>",
    "parents-y5@stbrannocs.example.org",
    "Lent term fees and the swimming pool", "2025-12-15 13:00:00 +0000", "Dear Parents,\n\nFee bills go out on Wednesday by "
    "post. Our account number "
    "has NOT changed and will not: should you get a message that says otherwise, telephone the bursary.\n\nThe pool is "
    "closed until the boiler has "
    "been blessed or replaced.\n\nDerek Pym, Bursar\n")

letter("trade-parish-pt", programs.GMAIL, "Paróquia de São Gonçalo <paroquia.sgoncalo@freguesia.example.org>",
    "avisos@freguesia.example.org",
    "Peditório para o telhado da igreja", "2025-10-04 19:30:00 +0100", "Caros paroquianos,\n\nfaltam 6 200 euros para o "
    "telhado. No domingo, depois da "
    "missa, haverá bolo e café; quem quiser contribuir pode deixar o envelope na sacristia.\n\nQue Deus vos pague, o "
    "empreiteiro não espera.\n\nPadre Amílcar\n")

page = Stripo("Two days", "", "en", colour=("#fbf7ef", "#ffffff", "#25211c", "#c0392b"))
page.heading("Every pound doubled until midnight on Sunday")
page.text("Dear Folasade,", "a family foundation will match what we are given this weekend, up to £20,000. £15 buys a week "
    "of seed for one plot; until "
    "Sunday it buys two.", "We have never written three times in a week before and will not again this year.")
page.button("GIVE NOW", "https://donate.plotsforall.org/match")
page.small('Plots for All, registered charity 0000000. <a href="{{unsubscribe}}">No more mail, thank you</a>')
campaign("trade-charity-match", Civi, "Plots for All <hello@plotsforall.org>", "folasade@allotmail.example",
    "48 hours: your gift DOUBLED", "2025-11-28 08:00:00 +0000", page.html())

page = Mjml("Jetzt zählt's", "Noch 9 Tage bis zur Wahl", "de", colour=("#eef7f2", "#ffffff", "#14281d", "#1b7f4d"))
page.heading("Noch neun Tage, noch 400 Plakate")
page.text("Liebe Freundinnen und Freunde,", "die Umfragen sehen uns bei 4,8 Prozent. Wir brauchen Menschen, die am Samstag "
    "mit an die Stände gehen, und "
    "wir brauchen Geld für Anzeigen. Jeder Euro hilft, Spenden an Parteien sind zur Hälfte von der Steuer absetzbar.")
page.button("Jetzt spenden", "https://www.liste-talwaerts.de/spenden")
page.small('V.i.S.d.P.: Liste Talwärts, Am Bach 1, Oberau. <a href="{{unsubscribe}}">Abbestellen</a>')
campaign("trade-party-de", Plainly, "Liste Talwärts <kampagne@liste-talwaerts.de>", "freundin@isarpost.example",
    "⏰ Noch 9 Tage: Wir brauchen dich!", "2025-03-14 17:00:00 +0100", page.html(), dkim="lt")

letter("trade-pharmacy-stock", programs.SYMFONY, "Sanddorn-Apotheke <bestellung@sanddorn-apotheke.example>",
    "w.krause@kuestenpost.example",
    "Ihr Medikament ist abholbereit", "2025-02-11 16:40:00 +0100", "Guten Tag Herr Krause,\n\nIhre Bestellung (1x Rezept, 1x "
    "Nasenspray) liegt bis "
    "Freitag am Schalter. Zuzahlung: 5,00 EUR. Bitte bringen Sie das Rezept mit, falls es noch auf Papier ist.\n\nIhre "
    "Sanddorn-Apotheke\n",
    via="postfix-local shop.sanddorn-apotheke.example localhost")

campaign("trade-crypto-statement", GridNotice, "Lodestone Exchange <statements@lodestone.exchange>",
    "r.fenner@minemail.example",
    "Your monthly statement: October 2025", "2025-11-01 06:00:00 +0000", '<html><body><h3>Statement for October</h3><table '
    'border="0" '
    'cellpadding="6"><tr><td>Bitcoin</td><td>0.0412 BTC</td><td>+3.1 %</td></tr><tr><td>Ether</td><td>1.20 ETH</td><td>-0.8 '
    '%</td></tr></table><p>One '
    'withdrawal: 0.0100 BTC on 14 October to your saved address ending 9f3k.</p><p>We never ask for a seed phrase. Crypto '
    'assets can lose all of '
    'their value.</p><a href="https://lodestone.exchange/reports/2025-10">Download as PDF</a></body></html>')

letter("trade-club-lottery", programs.MUTT, "Gwen Ashdown <lottery@ashdown-cc.example.org>", "members@ashdown-cc.example.org",
    "200 Club draw, March", "2025-03-31 20:05:00 +0100", "Winners this month:\n\n  £50  no. 118  Ted Farrow\n  £25  no. 6    "
    "The Misses Crane\n  £10  "
    "no. 77   anonymous (we know)\n\nPrizes are behind the bar. The roller fund stands at £1,904.\n\nGwen\n")

letter("trade-loan-broker", programs.MAILKIT, "Kerr Mortgages <advice@kerr-mortgages.co.uk>", "p.sandhu@aldermail.example",
    "Your fixed rate ends in 90 days", "2025-08-01 08:30:00 +0100", "Dear Mr Sandhu,\n\nyour 1.89 % deal ends on 31 October "
    "and would fall to 7.74 %. "
    "I have three offers below 4.6 % which need no new valuation. My fee is £395, payable only on completion.\n\nYOUR HOME "
    "MAY BE REPOSSESSED IF YOU "
    "DO NOT KEEP UP REPAYMENTS ON YOUR MORTGAGE.\n\nIona Kerr, authorised and regulated\n", dkim="kerr")

letter("trade-debt-advice", programs.ROUNDCUBE, "Schuldnerberatung Leine <beratung@schuldnerberatung-leine.example.org>",
    "familie.bauer@leinepost.example",
    "Unterlagen für Dienstag", "2025-05-22 10:50:00 +0200", "Guten Tag Frau Bauer,\n\nbitte bringen Sie alle Briefe mit, "
    "auch die ungeöffneten. Öffnen tun "
    "wir sie zusammen. Es kostet nichts.\n\nMarlies Evers\n")

letter("trade-slimming-group", programs.GMAIL, "Bev at Lighter Together <bev@lightertogether.example>",
    "tuesdaygroup@lightertogether.example",
    "Well done Tuesday group, 41 lb!!", "2025-01-29 21:10:00 +0000", "Ladies (and Keith),\n\n41 pounds between us since "
    "Christmas! Slimmer of the week is "
    "Maureen, 5½ lb, no pills, no shakes, just walking the dog twice.\n\nNext week: soup tasting. Half-price joining for "
    "friends until the 14th.\n\nBev xx\n")
