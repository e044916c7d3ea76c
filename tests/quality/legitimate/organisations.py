"""Offices, schools, doctors, charities, parties, and trades that spam gave a bad name: all honest here.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import (attachments, programs)
from .mails import (letter)
from .pages import (Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer)
from .services import (Civi, Finch, Grid, GridNotice, Hubble, Klyv as KlyvService, Listmonk, MailPoet, Rapid, Ses,
    SesNotice, Stamp, Target, UtmPhp, campaign)

# --- medicine -------------------------------------------------------------------------------------------------------------------------
page = Unlayer("Your prescription", "Ready to collect", colour=("#eef7f2", "#ffffff", "#1c3b2e", "#00845a"))
page.picture("https://static.greencrosspharmacy.co.uk/email/logo.png", "Green Cross Pharmacy", width=180)
page.heading("Your prescription is ready", 2)
page.text("Hello Mrs Whitcombe,",
    "your repeat prescription has been dispensed and is waiting at the counter. Please collect it within 14 days "
    "and bring something with your address on it.")
page.put(page.row(["<ul><li>Amlodipine 5 mg tablets, 28</li><li>Levothyroxine 50 micrograms tablets, 28</li></ul>"]))
page.text(
    "Taking other medicines, or feeling different on these? The pharmacist will see you without an appointment, "
    "Monday to Saturday. Flu jabs start on 1 October, free if you are over 65.")
page.small(
    "Green Cross Pharmacy, 4 Station Parade, Tiverton. GPhC registered premises 0000000. Superintendent: A. Rahman "
    "MRPharmS.", '<a href="https://www.greencrosspharmacy.co.uk/preferences?p=8814">Text me instead</a>')
campaign("org-pharmacy-ready", GridNotice, "Green Cross Pharmacy <notify@greencrosspharmacy.co.uk>",
    "joan.whitcombe@exevalley.example", "Your prescription is ready to collect", "2025-09-12 15:05:10 +0000",
    page.html())

page = Bee("Angebote Ihrer Apotheke", "Sonnenschutz, Magnesium, Reiseapotheke", "de", colour=("#f7fbf7", "#ffffff",
    "#20302a", "#d7141a"))
page.picture("https://www.loewen-apotheke-hameln.de/nl/kopf.jpg", "Löwen-Apotheke",
    "https://www.loewen-apotheke-hameln.de")
page.heading("Unsere Angebote im Juni")
page.text("Liebe Kundin, lieber Kunde,", "bis 30. Juni erhalten Sie bei uns, auch über die Vorbestellung im Internet:")
for name, price, old in (("Magnesium 400, 60 Tabletten", "11,95 €", "15,49 €"), ("Sonnenfluid LSF 50+, 50 ml",
    "17,90 €", "22,95 €"), ("Ibuprofen 400 mg akut, 20 Tabletten*", "3,79 €", "5,97 €"), ("Mückenspray, 100 ml",
    "8,45 €", "9,95 €")):
    page.columns(page.p(name), page.p(f"<b>{price}</b> statt {old}"))
page.button("Vorbestellen und abholen", "https://www.loewen-apotheke-hameln.de/vorbestellung")
page.small(
    "*Zu Risiken und Nebenwirkungen lesen Sie die Packungsbeilage und fragen Sie Ihre Ärztin, Ihren Arzt oder in "
    "Ihrer Apotheke.",
    'Löwen-Apotheke, Inh. Apothekerin Frauke Tiedemann e.Kfr., Osterstr. 99, 31785 Hameln. <a '
    'href="{{unsubscribe}}">Abbestellen</a>')
campaign("org-pharmacy-offers", MailPoet, "Löwen-Apotheke Hameln <post@loewen-apotheke-hameln.de>",
    "h.jaeger@weserbergpost.example", "Magnesium, Sonnenschutz, Reiseapotheke: Angebote im Juni",
    "2025-06-02 09:00:00 +0200", page.html())

letter("org-doctor-appointment", programs.DOTNET, "Praxis Dr. Hüsken <termine@praxis-huesken.de>",
    "w.drees@muensterpost.example", "Terminerinnerung: Mittwoch, 12.11., 8:40 Uhr", "2025-11-10 12:00:00 +0100",
    "Guten Tag Herr Drees,\n\nwir erinnern an Ihren Termin am Mittwoch, 12.11.2025, um 8:40 Uhr "
    "(Blutabnahme,\nbitte nüchtern). Können Sie nicht kommen, sagen Sie bitte bis Dienstag ab:\n0251 000000.\n\nIhr "
    "Praxisteam Dr. Hüsken\nBitte bringen Sie Ihre Versichertenkarte mit.\n", charset="iso-8859-1",
    via="postfix-submission smtp.praxis-huesken.de p3.dip.netz.example 203.0.113.3 TERMINSRV")

page = Stripo("Smile", "Your check-up is due", colour=("#f3f8fb", "#ffffff", "#27424f", "#1591b0"))
page.heading("Time for a check-up, Kwame")
page.text("It is six months since we saw you. Regular check-ups catch the small things while they are still small.",
    "Whitening: until the end of the month, home trays are <b>£199 instead of £260</b> for registered patients. Ask "
    "the dentist whether it suits you; for about one in ten people it does not.")
page.button("Book online", "https://book.quaysidedental.co.uk/kwame")
page.text("Nervous? Tell us when you book, and we will take longer and do less.")
page.small('Quayside Dental, CQC registered. <a href="{{unsubscribe}}">Stop reminders by email</a>')
campaign("org-dentist", Hubble, "Quayside Dental <hello@quaysidedental.co.uk>", "kwame.asante@severnmail.example",
    "Kwame, your check-up is due", "2025-03-13 10:30:00 +0000", page.html())

letter("org-clinic-men", programs.PHPMAILER, "Dr Eleanor Pryce <clinic@prycehealth.co.uk>",
    "private.patient@quickmail.example", "Your consultation summary and prescription", "2025-08-19 17:22:09 +0100", """Dear Mr D,

thank you for coming in today. A short summary, as agreed:

- Your blood pressure was 134/82, which is fine for you.
- Tests for testosterone and sugar were normal.
- I have prescribed sildenafil 50 mg, eight tablets, to be taken about an hour
  beforehand and not more than once in a day. DO NOT take it with nitrates.
- If you get chest pain or a change in your vision, stop and call 111 or 999.

The pharmacy below has the electronic prescription. We talk again in six weeks.

Dr Eleanor Pryce MRCGP
Pryce Health, 17 Castle Street, Hereford
GMC 0000000
""", via="exim-submission mail.prycehealth.co.uk unknown 203.0.113.44 [192.168.1.7]", dkim="dkim")

# --- money ------------------------------------------------------------------------------------------------------------------------------
page = Mjml("Ihr Kreditangebot", "3,89 % effektiver Jahreszins, Sondertilgung jederzeit", "de", colour=("#eef1f4",
    "#ffffff", "#1f2a37", "#e2001a"))
page.picture("https://mail.volksbank-hohenberg.de/img/kopf.png", "Volksbank Hohenberg eG",
    "https://www.volksbank-hohenberg.de", width=240)
page.heading("Das neue Bad. Jetzt, nicht irgendwann.")
page.text("Sehr geehrter Herr Strobel,",
    "als unser Mitglied erhalten Sie den ModernisierungsKredit bis 30. September zu besonderen Bedingungen: <b>3,89 "
    "% effektiver Jahreszins</b>, ohne Grundbucheintrag bis 50.000 Euro, Sondertilgung jederzeit kostenfrei.")
page.put(page.row([
    '<table border="1" cellpadding="6" '
    'style="border-collapse:collapse;font-family:Arial;font-size:14px"><tr><td>Nettodarlehensbetrag</td><td>20.000,00 '
    '€</td></tr><tr><td>Laufzeit</td><td>72 Monate</td></tr><tr><td>Gebundener Sollzins</td><td>3,82 % p. '
    'a.</td></tr><tr><td>Monatliche Rate</td><td>311,07 €</td></tr><tr><td>Gesamtbetrag</td><td>22.397,04 '
    '€</td></tr></table>']))
page.text(
    "Repräsentatives Beispiel gemäß § 17 PAngV, Bonität vorausgesetzt. Zwei Drittel unserer Kunden erhalten diesen "
    "Zins oder einen besseren.",
    "Sprechen Sie mit Frau Aigner, Ihrer Beraterin, Telefon 07429 000000, oder vereinbaren Sie einen Termin in der "
    "Filiale.")
page.button("Termin vereinbaren", "https://www.volksbank-hohenberg.de/termin")
page.small(
    'Volksbank Hohenberg eG, Marktplatz 1, 78559 Hohenberg. Sie erhalten diese Nachricht, weil Sie in Werbung per '
    'E-Mail eingewilligt haben. <a href="{{unsubscribe}}">Einwilligung widerrufen</a>')
campaign("org-bank-loan", Target, "Volksbank Hohenberg <info@e.volksbank-hohenberg.de>", "r.strobel@albpost.example",
    "Ihr ModernisierungsKredit: 3,89 % bis 30. September", "2025-09-01 08:15:00 +0200", page.html())

letter("org-inheritance-notary", programs.EXCHANGE, "Notar Dr. Wendelin Arnold <kanzlei@notar-arnold.de>",
    "Herrn Thomas Feldkamp <t.feldkamp@emspost.example>", "Nachlasssache Feldkamp, Az. UR 412/2025",
    "2025-05-20 08:55:12 +0000",
    "Sehr geehrter Herr Feldkamp,\n\nin der Nachlasssache Ihrer am 3. April verstorbenen Tante Johanna Feldkamp "
    "übersende ich den Entwurf des Erbscheinsantrags. Der Nachlass besteht nach dem Verzeichnis aus einem "
    "Sparguthaben von 38.412,09 EUR und dem Hausrat.\n\nBitte bringen Sie zum Termin am 4. Juni um 14 Uhr Ihren "
    "Personalausweis und Ihre Geburtsurkunde mit. Die Kosten richten sich nach dem GNotKG; ein Vorschuss wird nicht "
    "erhoben.\n\nMit freundlichen Grüßen\nim Auftrag\nS. Hagedorn, Notarfachangestellte\n", lang="de",
    charset="iso-8859-1", attach=[("Entwurf_Erbscheinsantrag.pdf", "application/pdf", attachments.pdf("Entwurf", [
    "Erbscheinsantrag", "Nachlass Johanna Feldkamp"]))], via="exchange mx.notar-arnold.de NOTEX.arnold.local "
    "192.168.50.2", headers=[("Importance", "high"), ("X-Priority", "1")])

letter("org-lottery-club", programs.DOTNET, "Postcode Lottery Shrewsbury <winners@shropshirehospicelottery.org.uk>",
    "a.beddoes@marchesmail.example", "You've won £25 in this week's draw!", "2025-04-11 16:00:01 +0100",
    html='<html><body style="background:#fff7d6;font-family:Trebuchet MS"><table width="560" align="center" '
    'bgcolor="#ffffff" cellpadding="18"><tr><td><h1 style="color:#b3005e">Congratulations, Audrey!</h1><p>Your '
    'number <b>31 88 07</b> came up in the Hospice Lottery draw of 11 April. You have won '
    '<b>&pound;25</b>.</p><p>You don\'t need to do anything: a cheque goes out to your home address on Monday. Many '
    'players give their prize back to the hospice; if you would like to, just don\'t cash it.</p><p>This week\'s '
    '&pound;2,000 winner is Mr P. from Ludlow.</p><p style="font-size:11px">Licensed and regulated by the Gambling '
    'Commission, account 0000. Players must be 18 or over. Worried about gambling? <a '
    'href="https://www.begambleaware.org">BeGambleAware.org</a></p></td></tr></table></body></html>',
    via="postfix-lan mail.shropshirehospicelottery.org.uk unknown 10.2.0.4 LOTTO1")

page = Dark("Your limits", "A legal notice from your casino", colour=("#0b0b12", "#15151f", "#f0f0f5", "#c9a227"))
page.heading("Changes to your deposit limit", 2)
page.text("Dear Mr Galea,",
    "you asked on 2 February to raise your monthly deposit limit from €100 to €300. The law makes us wait seven "
    "days before a higher limit counts. If you still want it, confirm it in your account after <b>9 February, 14:20 "
    "CET</b>; otherwise nothing changes.", "Your play in January: deposits €80, withdrawals €45, time 3 h 12 min.",
    "You can take a break of a day, a week or longer, or exclude yourself, under <b>Account &gt; Responsible "
    "play</b>.")
page.small(
    "Starlit Rooms Casino is operated by Valletta Play Ltd, licensed by the Malta Gaming Authority "
    "(MGA/B2C/000/2019). 18+. Gambling can be addictive. Play responsibly.",
    "This notice is required by our licence and has no advertising in it.")
campaign("org-casino-limits", Target, "Starlit Rooms Casino <service@e.starlitrooms.com>",
    "m.galea@islandpost.example", "Your deposit limit request", "2026-02-02 13:21:00 +0000", page.html(), without=(
    "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"))

page = Klyv("Friday at the tables", "Free buffet, €10 chip, live pianist", "en", colour=("#1a0f14", "#26161d",
    "#f5e9e2", "#a3193f"), font="Georgia, serif")
page.picture("https://d3k81ch9hvuctc.cdnklyv.net/company/Cs1No/images/friday.jpeg", "Friday night",
    "https://www.spielbank-bad-ellern.de/freitag")
page.heading("Friday night: your free chip is waiting")
page.text(
    "Members who register at the door before nine get a €10 chip and the buffet on the house. Roulette from €2, "
    "blackjack from €5, poker tournament at 20:30 (buy-in €80, 120 seats). Dress code: jacket, please.")
page.button("Reserve a seat", "https://www.spielbank-bad-ellern.de/reservierung")
page.small(
    'Spielbank Bad Ellern GmbH. Entry from 21, with ID. Glücksspiel kann süchtig machen: <a '
    'href="https://www.check-dein-spiel.de">check-dein-spiel.de</a>, 0800 1372700. <a '
    'href="{{unsubscribe}}">Unsubscribe</a>')
campaign("org-casino-evening", KlyvService, "Spielbank Bad Ellern <club@spielbank-bad-ellern.de>",
    "gisela.norden@kurpost.example", "Friday: €10 chip and buffet for members", "2025-10-08 11:00:00 +0000",
    page.html())

# --- people looking for people and for work -----------------------------------------------------------------------------------------------------
page = React("Someone likes you", "Open the app to see who", colour=("#fff5f7", "#ffffff", "#2d1b2e", "#e8356d"))
page.heading("You have 2 new likes, Dominik ❤", 2)
page.text(
    "Anneke, 34, who bakes and swears at crosswords, liked your photo with the kayak. One more person is waiting; "
    "open the app to find out.")
page.picture("https://cdn.slowburn.dating/e/blurred/7d1f.jpg", "A blurred photo", width=220)
page.button("See who likes you", "https://slowburn.dating/likes?src=email")
page.small(
    'You get this because notifications are on. <a href="{{preferences}}">Settings</a> · <a '
    'href="{{unsubscribe}}">Unsubscribe</a> · <a href="https://slowburn.dating/safety">Safety tips</a>: meet in '
    'public, tell a friend, never send money.', "Slow Burn GmbH, Torstr. 999, 10119 Berlin. 18+")
campaign("org-dating-likes", Ses, "Slow Burn <hi@mail.slowburn.dating>", "dominik.p@spreepost.example",
    "Anneke likes your photo 💛", "2025-07-13 19:02:00 +0000", page.html())

page = Mjml("Nowe wiadomości", "Ktoś do Ciebie napisał", "pl", colour=("#faf3f0", "#ffffff", "#332c2a", "#c2410c"))
page.heading("Masz nową wiadomość", 2)
page.text("Cześć Agata,",
    "<b>Marek_41</b> z Gdyni napisał do Ciebie: „Też szukam kogoś na żagle, ale mam tylko kajak. Czy kajak się "
    "liczy?”")
page.button("Odpisz", "https://www.druga-polowa.pl/wiadomosci/88120")
page.small(
    'Otrzymujesz to powiadomienie, bo masz konto w serwisie druga-polowa.pl. <a href="{{unsubscribe}}">Wyłącz '
    'powiadomienia</a>')
campaign("org-dating-message-pl", UtmPhp, "Druga Połowa <powiadomienia@druga-polowa.pl>",
    "agata.w@pomorzepoczta.example", "Marek_41 napisał do Ciebie", "2024-06-09 20:44:00 +0200", page.html(),
    text="Cześć Agata,\n\nMarek_41 z Gdyni napisał do Ciebie.\nOdpisz: "
    "https://www.druga-polowa.pl/wiadomosci/88120\n\nWyłącz powiadomienia: {{unsubscribe}}\n")

page = Unlayer("Job alert", "6 new jobs for hydraulic engineer", colour=("#f3f2ef", "#ffffff", "#191919", "#0a66c2"))
page.heading("6 new jobs: hydraulic engineer, Rotterdam", 2)
for title, firm, place in (("Senior hydraulic engineer", "Delta & Dijk Advies", "Rotterdam, hybrid"), (
    "Coastal modeller", "Noordzee Instituut", "Delft, on site"), ("Project engineer, locks", "Sluiswerken BV",
    "Dordrecht, on site"), ("Junior engineer, pumping stations", "Waterschap Maasoever", "Barendrecht, hybrid"), (
    "Dredging estimator", "Van Brakel Maritiem", "Papendrecht"), ("GIS analyst, water", "Kaartwerk", "Remote")):
    page.columns(page.img("https://media.careerline.net/logo/placeholder.png", firm, 48), page.p(
        f'<a href="https://www.careerline.net/jobs/view/{3880000 + len(title) * 711}?trackingId={len(firm)}xQ%3D%3D&refId=ja"><b>{title}</b></a><br>{firm} '
        f'· {place}'))
page.button("See all jobs",
    "https://www.careerline.net/jobs/search?keywords=hydraulic%20engineer&location=Rotterdam&f_TPR=r86400&savedSearchId=18820")
page.small(
    'You are receiving Job Alert emails. <a href="{{preferences}}">Manage alerts</a> · <a '
    'href="{{unsubscribe}}">Unsubscribe</a>',
    "This email was intended for Femke Postma (Hydraulic engineer). CareerLine Ireland UC, Wilton Plaza, Dublin 2")
campaign("org-job-alert", Grid, "CareerLine Job Alerts <jobalerts-noreply@careerline.net>",
    "femke.postma@maaspost.example", "“hydraulic engineer”: Delta & Dijk Advies - Senior hydraulic engineer and more",
    "2025-01-28 05:12:00 +0000", page.html())

letter("org-hr-payslip", programs.JAVA, "Lohnbüro <noreply@lohnportal-sued.de>",
    "m.kastner@kastner-haustechnik.example", "Ihre Lohnabrechnung 02/2025 steht bereit", "2025-02-27 18:00:00 +0100",
    "Guten Tag Matthias Kastner,\n\nim Lohnportal liegt ein neues Dokument für Sie:\n\n  Entgeltabrechnung "
    "02/2025\n\nMelden Sie sich wie gewohnt unter https://lohnportal-sued.de an.\nBei Fragen wenden Sie sich an "
    "Ihre Personalabteilung.\n\nDiese Nachricht wurde automatisch erzeugt.\n", dkim="lp",
    via="postfix-lan mail3.lohnportal-sued.de unknown 10.80.0.5 doc-notify")

letter("org-hr-all-staff", programs.EXCHANGE, "Human Resources <hr@tamarack-mills.com>",
    "All Staff <all-staff@tamarack-mills.com>", "REMINDER: Open enrollment closes Friday, November 15",
    "2024-11-12 14:00:00 +0000",
    "Colleagues,\n\nopen enrollment for 2025 benefits closes this Friday, November 15 at 5 p.m. Central. If you do "
    "nothing, your medical and dental plans stay as they are, but your FSA does not; you have to elect it every "
    "year.\n\nTo make changes, sign in to the benefits portal from the intranet home page (Employees > Benefits). "
    "Sessions with a person are in the break room on Wednesday at 7 a.m. and 3 p.m., with doughnuts.\n\nThank "
    "you,\nDarlene Haskins\nBenefits Manager, ext. 4410\n", attach=[("2025 Benefits Guide.docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", attachments.docx([
    "2025 Benefits Guide", "Medical, dental, vision, FSA"]))], via="exchange-mapi TMEX02.tamarack.local "
    "TMEX02.tamarack.local", headers=[("Importance", "high")])

letter("org-crm-salesman", programs.GMAIL, "Pauline Achard <pauline@fluxoscope.io>",
    "Henrik Strand <henrik.strand@fjordpumps.example>", "Re: Vibration sensors for the Bergen site",
    "2025-03-27 08:41:22 +0000",
    "Hi Henrik,\n\nthanks for the call yesterday. As promised:\n\n- 24 sensors, gateway and a year of the software: "
    "€11,840\n- installation in week 18, two days, no shutdown needed\n- the reference in Stavanger: Mr Lie, he "
    "expects your call\n\nIf the budget is decided in April, shall we talk again on the 16th? You can pick a time "
    "here: https://meet.fluxoscope.io/pauline\n\nBest,\n", sign="Pauline Achard\nAccount Executive, Fluxoscope\n+33 "
    "6 00 00 00 00", sign_html='<table cellpadding="0" style="font-family:Arial;font-size:small"><tr><td '
    'style="padding-right:12px"><img src="https://cdn.fluxoscope.io/sig/pauline.png" width="80" height="80" '
    'style="border-radius:50%"></td><td><b>Pauline Achard</b><br>Account Executive, <a '
    'href="https://fluxoscope.io">Fluxoscope</a><br>+33 6 00 00 00 00<br><a '
    'href="https://www.linkedin.com/in/pauline-achard-fluxoscope">LinkedIn</a></td></tr></table><img '
    'src="https://t.fluxoscope.io/o/2f81c0d7a9.gif" width="1" height="1">', dkim="google",
    refs="c@fjordpumps.example")

letter("org-crm-case", programs.JAVA, "Hearthline Customer Care <care@hearthline-stoves.com>",
    "b.oduya@brightmail.example", "Case 00418827: Stove door glass replacement [ ref:!00D20A8x.!500Tg1x:ref ]",
    "2025-10-27 11:16:39 +0000", html='<html><head><meta charset="utf-8"><title></title></head><body><p>Dear Ms '
    'Oduya,</p><p>Thank you for the photos. The crack is covered by the five-year warranty, so the new glass and '
    'seal are free. They leave our warehouse in Telford on Wednesday.</p><p>Fitting takes ten minutes with a 4 mm '
    'hex key; a <a href="https://support.hearthline-stoves.com/articles/door-glass">drawing is here</a>. Please let '
    'the stove cool for a whole night first.</p><p>Kind regards,<br>Callum<br>Hearthline Customer Care</p><p '
    'style="color:#fff;font-size:1px">ref:!00D20A8x.!500Tg1x:ref</p></body></html>', headers=[("X-SFDC-LK".replace(
    "SFDC", "CRM"), "00D20000000A8x"), ("X-mail_abuse_inquiries", "https://www.crmforce.net/company/abuse.jsp")],
    envelope="care=hearthline-stoves.com__0-7lxc@bnc.crmforce.net", dkim="sf1", refs="x@brightmail.example")

letter("org-contact-form", programs.PHPMAILER, "Website Kontakt <noreply@fliesen-boldt.de>", "info@fliesen-boldt.de",
    "Neue Anfrage über das Kontaktformular", "2025-05-04 22:18:50 +0200", """Von: Melanie Grabow <melanie.grabow@havelpost.example>
Telefon: 0171 0000000
Betreff: Bad 6 qm

Nachrichtentext:
Hallo, wir wollen unser Bad neu fliesen lassen, ca. 6 qm Boden und 22 qm Wand.
Haben Sie im August noch Luft? Fotos kann ich schicken.

--
Diese E-Mail wurde über das Kontaktformular von Fliesen Boldt (https://www.fliesen-boldt.de) gesendet.
""", reply_to="melanie.grabow@havelpost.example", via="exim-local w18.kundenserver-ost.de localhost 127.0.0.1 "
    "web4471", dkim=None, envelope="web4471@w18.kundenserver-ost.de")

letter("org-contact-form-html", programs.SYMFONY, "Typeform-artig <formulare@kulturamt-selb.de>".replace(
    "Typeform-artig", "Kulturamt Selb"), "kultur@selb.example", "[Atelierförderung] Antrag von Ilka Weiß",
    "2025-01-31 23:57:02 +0100", html='<table border="1" cellspacing="0" cellpadding="5" style="font:12px '
    'monospace"><tr><th>Feld</th><th>Inhalt</th></tr><tr><td>Name</td><td>Ilka '
    'Weiß</td></tr><tr><td>E-Mail</td><td>ilka.weiss@atelierpost.example</td></tr><tr><td>Sparte</td><td>Porzellan</td></tr><tr><td>Miete</td><td>210 '
    'EUR</td></tr><tr><td>Vorhaben</td><td>Ich arbeite an einer Serie von Gefäßen, die klingen, wenn man an ihnen '
    'vorbeigeht.</td></tr><tr><td>Datenschutz</td><td>ja</td></tr></table>', reply_to="Ilka Weiß <ilka.weiss@atelierpost.example>",
    via="postfix-pickup web1.kulturamt-selb.de localhost 127.0.0.1 33")

# --- schools, universities, clubs, government --------------------------------------------------------------------------------------------------------
letter("org-school-trip", programs.DOTNET, "St Brannock's School Office <office@st-brannocks.devon.example.org>",
    "parents-year5@st-brannocks.devon.example.org", "Year 5 trip to the lifeboat station: consent and packed lunch",
    "2025-05-16 09:45:00 +0100",
    "Dear parents and carers,\n\nYear 5 visit the lifeboat station on Thursday 12 June. Please return the form by 2 "
    "June.\n\n* coach leaves at 8.45 SHARP\n* packed lunch, no nuts, no fizzy drinks\n* waterproofs even if it is "
    "sunny (it is Devon)\n* cost £9.50, by ParentPay or cash in a named envelope\n\nIf the cost is difficult, "
    "please speak to the office in confidence.\n\nMrs Trelawney\nSchool Secretary\n", charset="utf-8", attach=[(
    "Consent form Y5.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    attachments.docx(["Consent form", "I agree that my child may go to the lifeboat station on 12 June."]))],
    via="postfix-lan smtp.devon-schools.example.org unknown 10.66.4.2 SBS-OFFICE")

letter("org-university-offer", programs.JAVA, "Admissions, University of Wexcombe <admissions@wexcombe.ac.uk>",
    "sunniva.berg@vestlandpost.example", "Your application to Wexcombe: conditional offer",
    "2026-01-22 10:00:00 +0000",
    "Dear Sunniva,\n\nApplication number: 1188204417\n\nCongratulations! We are delighted to make you a conditional "
    "offer for BSc Ocean Science, starting in September 2026. The conditions are on your status page; please sign "
    "in as usual. You have until 4 June to decide.\n\nScholarships: you may be considered for the Barrow Hill award "
    "(£3,000). You do not need to apply.\n\nYours sincerely,\nDr Imogen Slade\nAdmissions Tutor\n",
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body '
    'style="font-family:Arial"><img src="https://www.wexcombe.ac.uk/mail/crest.jpg" alt="University of Wexcombe" '
    'width="120"><p>Dear Sunniva,</p><p><i>Application number: 1188204417</i></p><p><b>Congratulations!</b> We are '
    'delighted to make you a conditional offer for <b>BSc Ocean Science</b>, starting in September 2026. The '
    'conditions are on your status page; please sign in as usual. You have until 4 June to '
    'decide.</p><p>Scholarships: you may be considered for the Barrow Hill award (£3,000). You do not need to '
    'apply.</p><p>Yours sincerely,<br>Dr Imogen Slade<br>Admissions Tutor</p></body></html>', dkim="wex",
    via="postfix-lan mx3.wexcombe.ac.uk unknown 10.120.4.4 sits-prod")

letter("org-moodle", programs.PHPMAILER,
    "Dr. Folke Brandt (über Moodle) <noreply@lernraum.hs-westkueste.example.org>",
    "finja.carstens@stud.hs-westkueste.example.org", "Hydrologie WS25: Abgabe Übung 4 verlängert",
    "2025-12-01 16:05:05 +0100",
    "Hydrologie WS25 -> Foren -> Ankündigungen -> Abgabe Übung 4 "
    "verlängert\nhttps://lernraum.hs-westkueste.example.org/mod/forum/discuss.php?d=20418#p55102\nvon Dr. Folke "
    "Brandt - Montag, 1. Dezember 2025, "
    "16:02\n---------------------------------------------------------------------\nMoin,\n\nwegen der Sturmflut "
    "dürfen Sie bis Freitag abgeben. Wer im Deichdienst\nist, bis Sonntag.\n\nF. "
    "Brandt\n---------------------------------------------------------------------\n",
    '<html><head><style>#email .bold{font-weight:bold}</style></head><body id="email"><table border="0" '
    'cellpadding="3" cellspacing="0" class="forumpost"><tr class="header"><td width="35"><img '
    'src="https://lernraum.hs-westkueste.example.org/pluginfile.php/812/user/icon/boost/f2" class="userpicture" '
    'width="35" height="35"></td><td class="topic starter"><div class="subject bold">Abgabe Übung 4 '
    'verlängert</div><div class="author">von <a '
    'href="https://lernraum.hs-westkueste.example.org/user/view.php?id=812&amp;course=44">Dr. Folke Brandt</a> - '
    'Montag, 1. Dezember 2025, 16:02</div></td></tr><tr><td></td><td class="content"><p>Moin,</p><p>wegen der '
    'Sturmflut dürfen Sie bis Freitag abgeben. Wer im Deichdienst ist, bis Sonntag.</p><p>F. '
    'Brandt</p></td></tr></table><hr><div class="mdl-align unsubscribelink"><a '
    'href="https://lernraum.hs-westkueste.example.org/mod/forum/subscribe.php?id=991&amp;d=20418">Diskussion '
    'abbestellen</a></div></body></html>', headers=[("Precedence", "Bulk"), ("X-Auto-Response-Suppress", "All"), (
    "Auto-Submitted", "auto-generated"), ("List-Id",
    '"Ankündigungen" <moodleforum991@lernraum.hs-westkueste.example.org>'.replace("ü", "ue")), ("X-Course-Id", "44"),
    ("X-Moodle-Originating-Script", "14.2@/mod/forum/classes/task/send_user_notifications.php")],
    via="postfix-pickup moodle2.hs-westkueste.example.org localhost 127.0.0.1 33")

letter("org-club-minutes", programs.THUNDERBIRD, "Schriftführerin TSV Altenwald <schriftfuehrung@tsv-altenwald.de>",
    "vorstand@tsv-altenwald.de", "Protokoll 14.2. und Kuchenliste", "2025-02-17 21:02:40 +0100",
    "Hallo zusammen,\n\nim Anhang das Protokoll. Bitte lest Punkt 5 (Flutlicht) genau, da hat Bernd etwas anderes "
    "verstanden als der Rest.\n\nFür das Turnier am 15. März fehlen noch acht Kuchen. Liste: "
    "https://bit.ly/tsv-kuchen25, einfach eintragen. Wer Parkplätze einweisen kann, meldet sich bei "
    "Harald.\n\nSportliche Grüße\nUschi\n", lang="de", attach=[("Protokoll_2025-02-14.odt",
    "application/vnd.oasis.opendocument.text", attachments.archive([("mimetype",
    b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office:document-content/>")]))],
    via="postfix-submission smtp.tsv-altenwald.de p88.dip.netz.example 203.0.113.88 [192.168.2.101]",
    cc="Harald Zink <harald@zink-getraenke.example>")

letter("org-government-council", programs.SAP, "Finanzamt-Portal <noreply@steuerportal.land-nordau.example.org>",
    "j.borchert@ostseepost.example", "Benachrichtigung über die Bereitstellung von Dokumenten",
    "2025-07-07 02:14:55 +0200",
    "Sehr geehrte Nutzerin, sehr geehrter Nutzer,\n\nfür das Benutzerkonto j_borchert wurde ein neues Dokument zur "
    "Abholung\nbereitgestellt.\n\nBitte melden Sie sich im Steuerportal an, um das Dokument abzurufen. Geben "
    "Sie\ndazu die Ihnen bekannte Adresse im Browser selbst ein. Aus Sicherheitsgründen\nenthält diese E-Mail "
    "keinen Link und keinen Anhang.\n\nDies ist eine automatisch erzeugte Nachricht. Bitte antworten Sie nicht "
    "darauf.\n\nIhr Steuerportal\n", via="postfix-lan mta1.land-nordau.example.org unknown 10.255.1.1 portal-mail",
    dkim="s1")

page = Ancient("Council", "", colour=("#ffffff", "#ffffff", "#0b0c0c", "#00703c"), font="Arial")
page.heading("Your bins over the bank holiday", 1)
page.text("Collections from Monday 5 May to Saturday 10 May are a day later than usual. Put bins out by 6 am.",
    "Monday's collection is on Tuesday, and so on until Friday's, which is on Saturday. Garden waste is collected "
    "as normal.", "Recycling centres are open on the bank holiday from 9 to 4.")
page.small(
    'You asked Arden Vale District Council for bin emails. <a href="{{unsubscribe}}">Unsubscribe</a> or <a '
    'href="{{preferences}}">change your topics</a>.')
campaign("org-council-bins", Target, "Arden Vale District Council <updates@e.ardenvale.gov.example.org>",
    "tenant.88@midlandmail.example", "Bin collections over the bank holiday", "2025-04-29 09:00:00 +0000",
    page.html())

page = Chimp("Will you help?", "The boiler has given up", colour=("#f4f1ea", "#ffffff", "#2b2b2b", "#b5530f"))
page.heading("Dear friend, the boiler has died.")
page.text(
    "It was thirty-one years old and it went on the coldest night of the year, with forty-four people asleep in the "
    "hall. Nobody froze: the curry house opposite brought soup, and the scouts brought every blanket they own.",
    "A new one costs <b>£18,400</b>. We have £6,150. I do not like to ask, and I am asking.")
page.button("Give £25 towards the boiler", "https://www.stannesshelter.org.uk/donate?amount=25")
page.text(
    "£10 warms one bed for a week. £100 warms a family until spring. If you pay tax here, Gift Aid adds a quarter "
    "at no cost to you.", "Thank you. Whatever you can do, or cannot.", "Rev. Marcia Lewin")
page.small('St Anne\'s Night Shelter, registered charity 0000000, Corporation St, Preston PR1 0AA',
    '<a href="{{unsubscribe}}">Unsubscribe</a> | <a href="{{preferences}}">Only write to me at Christmas</a>')
campaign("org-charity-boiler", Finch, "Marcia at St Anne's <shelter@stannesshelter.org.uk>",
    "g.entwistle@ribblepost.example", "The boiler died last night", "2025-01-10 08:08:00 +0000", page.html())

page = Mjml("Spendenaufruf", "", "de", colour=("#eaf2f8", "#ffffff", "#12344d", "#e4003a"))
page.picture("https://bilder.wasser-fuer-turkana.org/mail/brunnen-lokori.jpg", "Brunnen in Lokori",
    "https://www.wasser-fuer-turkana.org/lokori")
page.heading("Der Brunnen von Lokori gibt wieder Wasser")
page.text("Liebe Frau Siebert,",
    "letzte Woche lief zum ersten Mal seit elf Monaten wieder klares Wasser. 412 Familien müssen nicht mehr drei "
    "Stunden laufen. Das haben auch Ihre 60 Euro möglich gemacht. Danke!",
    "Als Nächstes ist die Schule in Katilu dran. Eine Handpumpe kostet 1.950 Euro, 30 Euro reichen für zwei Meter "
    "Rohr.")
page.button("Jetzt spenden", "https://www.wasser-fuer-turkana.org/spenden?betrag=30")
page.text(
    "Spendenkonto: IBAN DE00 0000 0000 0000 0000 00, Stichwort Katilu. Ihre Zuwendungsbestätigung kommt im Februar "
    "von selbst.")
page.social("wasserfuerturkana", "facebook", "instagram", "bluesky")
page.small(
    'Wasser für Turkana e. V., Bonn, als gemeinnützig anerkannt (FA Bonn-Innenstadt). <a '
    'href="{{unsubscribe}}">Newsletter abbestellen</a>')
campaign("org-charity-water", Civi, "Wasser für Turkana <post@wasser-fuer-turkana.org>",
    "Renate Siebert <r.siebert@siebengebirgspost.example>", "Der Brunnen läuft wieder – danke!",
    "2024-11-26 17:00:00 +0100", page.html())

page = Stripo("Deadline tonight", "We're $4,200 short", colour=("#ffffff", "#ffffff", "#1d1d1b", "#1f3a93"))
page.heading("MIDNIGHT DEADLINE")
page.text("Friend,",
    "tonight at midnight the books close on our first quarter, and reporters will read them tomorrow as if they "
    "were a poll. We are <b>$4,200 short</b>.",
    "I'm a bus driver. I'm running for the county board because the number 9 stopped coming to Eastfield and nobody "
    "on the board has ever waited for a number 9. I don't take money from developers, so I have to take it from "
    "you, eleven dollars at a time.")
page.button("Chip in $11 before midnight",
    "https://secure.donateblue.example.org/donate/okafor-for-county?refcode=em250331_b&amount=11")
page.text(
    "If you've saved your payment information, your donation will go through immediately. Can't give? Forward this "
    "to one neighbor.", "See you on the bus,<br>Denise Okafor")
page.small("<b>PAID FOR BY OKAFOR FOR COUNTY BOARD</b>",
    'Contributions are not tax-deductible. <a href="{{unsubscribe}}">Click here to unsubscribe</a>. If you\'d like '
    'to receive fewer emails, <a href="{{preferences}}">click here</a>. Okafor for County Board, P.O. Box 9999, '
    'Eastfield, OH 44000')
campaign("org-politics-deadline", Grid, "Denise Okafor <denise@okaforforcounty.org>",
    "terry.baumgart@lakemail.example", "midnight", "2025-03-31 21:00:00 +0000", page.html())

campaign("org-politics-party-de", Listmonk, "Grüne Kreisverband Waldeck <newsletter@gruene-waldeck.example.org>".replace(
    "Grüne", "Freie Wähler"), "i.happel@edersee.example", "Bürgerentscheid am 9. März: Darum sagen wir Nein",
    "2025-02-25 18:00:00 +0100",
    '''<div style="max-width:600px;font-family:Arial"><h2 style="background:#ffd400;padding:12px">Bürgerentscheid '''
    '''am 9. März</h2><p>Liebe Mitglieder, liebe Freundinnen und Freunde,</p><p>am 9. März stimmen wir über den '''
    '''Verkauf des Stadtwalds ab. Der Kreisvorstand empfiehlt <b>NEIN</b>: Der Erlös stopft ein Loch für ein '''
    '''Jahr, der Wald fehlt für hundert.</p><p>Wir brauchen noch Leute für die Infostände (Samstag 9–13 Uhr, '''
    '''Marktbrunnen) und zum Verteilen von 4.000 Zetteln. Und denkt an die <a '''
    '''href="https://www.stadt-waldeck.example.org/briefwahl">Briefwahl</a>!</p><p>Eure Annegret '''
    '''Pohlmann<br>Kreisvorsitzende</p><p style="font-size:11px"><a href="{{unsubscribe}}">Abmelden</a> | '''
    '''V.i.S.d.P. A. Pohlmann, Bahnhofstr. 9</p></div>''')

# --- teaching, surveys, software -----------------------------------------------------------------------------------------------------------------------
page = Bee("Kursprogramm", "Erwachsenenbildung, auch für späte Anfänger", "de", colour=("#fff4e6", "#ffffff",
    "#40210f", "#d9480f"))
page.heading("Adult education: neues Semester ab 22. September")
page.text(
    "Lesen und Schreiben für Erwachsene (kostenlos), Deutsch A1 bis C1, Nähen, Aktzeichnen, Buchhaltung, "
    "Aquafitness und, ganz neu, Erste Hilfe für den Hund. Das Programmheft liegt bei.")
page.put(page.row([
    "<ul><li>Aktzeichnen, 8 Abende, 96 €, ab 18 Jahren</li><li>Rückenfit 60plus, 12 Vormittage, 78 €</li><li>Geld "
    "anlegen ohne Verkäufer, 1 Abend, 9 €</li><li>Sex und Gesundheit im Alter, Vortrag, Eintritt frei</li></ul>"]))
page.button("Kurs suchen", "https://www.vhs-unterland.example.org/kurse")
page.small('Volkshochschule Unterland, Kirchbrunnenstr. 12, 74072 Heilbronn. <a href="{{unsubscribe}}">Abmelden</a>')
campaign("org-adult-education", Rapid, "vhs Unterland <programm@vhs-unterland.example.org>",
    "b.rilling@neckarpost.example", "Neues Semester: 412 Kurse, und die ersten sind schon voll",
    "2025-08-25 10:00:00 +0200", page.html(), attach=[("Programm_Herbst_2025.pdf", "application/pdf", attachments.pdf(
    "Programm", ["vhs Unterland, Herbst 2025"]))])

page = React("How did we do?", "Two questions, one minute", colour=("#ffffff", "#ffffff", "#26323d", "#0073b1"))
page.heading("How was your stay?", 2)
page.text(
    "Dear Mr Watanabe, you stayed with us from 3 to 5 June. How likely are you to recommend Hotel Kvarnholmen to a "
    "friend?")
page.put(page.row(['<table width="100%"><tr>' + "".join(
    f'<td align="center" style="border:1px solid #ccc;padding:8px"><a '
    f'href="https://svy.guestpulse.eu/r/K7t2/{at}">{at}</a></td>' for at in range(11)) + "</tr></table>"]))
page.text(
    "As a thank you we draw three dinners for two among all answers each quarter. The survey is run by GuestPulse "
    "for us; your answers are stored in the EU.")
page.small('<a href="{{unsubscribe}}">No more surveys, please</a>')
campaign("org-survey", Stamp, "Hotel Kvarnholmen <feedback@guestpulse.eu>", "s.watanabe@kobemail.example",
    "How was your stay at Hotel Kvarnholmen?", "2025-06-06 08:00:00 +0000", page.html(),
    reply_to="Hotel Kvarnholmen <info@hotelkvarnholmen.se>")

page = Mjml("Webinar", "Starts in one hour", colour=("#f5f7fa", "#ffffff", "#24292f", "#6639ba"))
page.heading("Starting in 1 hour: Zero-downtime migrations")
page.text("Hi Bartosz,", "thanks for registering. The webinar starts today at <b>16:00 CET</b>. Your personal link:")
page.button("Join webinar", "https://events.castroom.live/w/81220034417?tk=Rk3pTqWvBz7Yd0hLs9XcA2&pwd=0")
page.text("Please do not share this link; it is yours alone. Cannot make it? The recording follows tomorrow.",
    'Add to calendar: <a href="https://events.castroom.live/ics/81220034417">Outlook</a> | <a '
    'href="https://events.castroom.live/gcal/81220034417">Google</a>', "Webinar ID: 812 2003 4417")
page.small(
    'Sent by Castroom for Siltstone Databases. <a href="https://events.castroom.live/cancel/81220034417">Cancel '
    'registration</a>')
campaign("org-webinar", SesNotice, "Siltstone Databases <no-reply@castroom.live>", "bartosz.g@wislapoczta.example",
    "Reminder: Zero-downtime migrations starts in 1 hour", "2025-11-06 14:00:00 +0000", page.html(),
    reply_to="events@siltstone-db.com")

page = Dark("Crypto tax report", "Your 2024 statement", colour=("#f4f5f7", "#ffffff", "#101828", "#1570ef"))
page.heading("Your 2024 tax statement is ready", 2)
page.text("Hello Gregor,",
    "the yearly statement of your trades at Münzgarten is in your account under <b>Documents</b>. It lists 14 "
    "trades in Bitcoin and Ether, with dates, prices and gains by FIFO.",
    "We do not send the file by e-mail, and we never ask for your seed phrase. Your tax adviser can get read access "
    "for 30 days.")
page.small(
    "Münzgarten AG, Zug. Crypto-assets can lose all their value. This is a service message to customers with trades "
    "in 2024.")
campaign("org-crypto-tax", GridNotice, "Münzgarten <service@muenzgarten.ch>", "gregor.imhof@zugpost.example",
    "Your 2024 crypto tax statement", "2025-02-18 08:00:00 +0000", page.html())

letter("org-property-offer", programs.OUTLOOK, "Maklerbüro Steenbock <steenbock@steenbock-immobilien.de>",
    "Eheleute Wirth <fam.wirth@eiderpost.example>", "Exposé Resthof bei Garding, 349.000 EUR",
    "2025-04-14 17:33:21 +0200",
    "Sehr geehrte Familie Wirth,\n\nSie hatten sich als Suchkunden eintragen lassen. Neu im Angebot, noch nicht im "
    "Internet: Resthof bei Garding, Baujahr 1911, 164 qm Wohnfläche, 8.200 qm Land, Reetdach 2008 neu gedeckt. "
    "Kaufpreis 349.000 EUR, Käuferprovision 2,38 % inkl. MwSt.\n\nDas Exposé liegt bei. Besichtigung am Samstag "
    "zwischen 11 und 13 Uhr, bitte kurz Bescheid geben.\n\nMit freundlichem Gruß\n", sign="Hinnerk Steenbock\nImmobilienmakler "
    "(IHK)\nMarkt 9, 25836 Garding", lang="de", charset="iso-8859-1", attach=[("Expose_Garding.pdf",
    "application/pdf", attachments.pdf("Exposé", ["Resthof bei Garding", "349.000 EUR"])), ("Lageplan.jpg",
    "image/jpeg", attachments.jpeg(0))], via="postfix-submission smtp.steenbock-immobilien.de p14.dip.netz.example "
    "203.0.113.14 MAKLER01")

letter("org-vendor-bank-change", programs.EXCHANGE, "Accounts Receivable <ar@hollowell-paper.co.uk>",
    "Accounts Payable <ap@stationers-north.example>",
    "Change of our bank details from 1 July - please verify by phone", "2025-06-02 10:14:00 +0000",
    "Dear customer,\n\nfrom 1 July 2025 we bank with a different branch. Our new details are on the attached "
    "letter, signed by our Finance Director.\n\nPlease do NOT act on this email alone. Ring the number that you "
    "already have for us, ask for Jean or Mo, and check the last four digits.\n\nJean Hollowell\nHollowell Paper "
    "Ltd, Warrington\n", attach=[("Change of bank details.pdf", "application/pdf", attachments.pdf(
    "Change of bank details", ["Hollowell Paper Ltd", "Account ending 0000 from 1 July 2025"]))],
    via="exchange mail.hollowell-paper.co.uk HPSRV.hollowell.local 192.168.7.3")

letter("org-weight-club", programs.RUBY, "Slimmer Together Ormskirk <group@slimmertogether-ormskirk.org.uk>",
    "pat.rimmer@lancsmail.example", "Well done! You lost 4 lb this month", "2025-02-28 12:00:00 +0000",
    "Hi Pat,\n\n4 lb in February, and you did it with pancakes on the 4th. The group lost 61 lb between us, which "
    "is one whole Brenda (her joke, not mine).\n\nNo pills, no shakes: same again in March. Thursday 7pm, church "
    "hall, £4.\n\nJackie x\n", via="exim-submission mail.slimmertogether-ormskirk.org.uk unknown 203.0.113.31 "
    "[192.168.1.2]")
