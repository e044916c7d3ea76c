"""Newsletters.  SPDX-License-Identifier: GPL-3.0-or-later"""
from .pages import (Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer)
from .services import (Brevi, Civi, Finch, Grid, Hubble, Klyv as KlyvService, Listmonk, MailPoet, Mautic, PhpList,
    Plainly, Rapid, Ses, Target, UtmPhp, campaign)

# --- a roastery writes to its friends -------------------------------------------------------------------------------------------------
page = Chimp("What is in the drum this month",
    "A washed Sidama, a tasting in the yard, and why we stopped using tins", colour=("#efe9e1", "#ffffff", "#2e2018",
    "#8a3b12"))
page.small('<a href="{{browser}}" style="color:#656565;">View this email in your browser</a>')
page.picture("https://cdn.finchimages.net/5f0c1a/images/2d7e9b44-hero-drum.jpg",
    "The drum roaster at Larkspur Coffee", "https://www.larkspurcoffee.com/journal/march")
page.heading("What is in the drum this month")
page.text("Hi Priya,",
    "March is the awkward month between harvests. The last of the Burundi is gone, the Colombians are still on the "
    "water, and so we have been "
    "cupping our way through twelve samples from one washing station in Sidama. Number seven won by a mile. It "
    "tastes of bergamot and ripe apricot, and it is " "kind to people who are careless with their kettle.",
    "We bought eleven bags. That is about six weeks of espresso for the bar and whatever is left for you.")
page.button("Taste the Sidama", "https://www.larkspurcoffee.com/shop/sidama-bura-no7")
page.rule()
page.heading("A tasting in the yard", 2)
page.text(
    "On Saturday the 22nd we roll the gate up and put the long table outside. Three coffees, two milks, one baker. "
    "It costs nothing; bring a cup if you would "
    "rather not use ours. We start at ten and we stop when the bread runs out.")
page.columns(page.card("https://cdn.finchimages.net/5f0c1a/images/9a01-yard.jpg", "Where",
    "Unit 4, Canal Yard, behind the tyre shop. The 43 stops at the corner.", "https://www.larkspurcoffee.com/visit"),
    page.card("https://cdn.finchimages.net/5f0c1a/images/9a02-bread.jpg", "With whom",
    "Tomas from the bakery next door brings buns with too much cardamom.", "https://www.larkspurcoffee.com/visit"))
page.heading("Why there are no tins any more", 2)
page.text(
    "Some of you asked. The lids were made by one workshop in Essen, the workshop retired, and the new supplier "
    "wanted a minimum of forty thousand. The bags we use "
    "now are paper outside and something compostable inside. They do not look as good on a shelf. They keep the "
    "coffee just as well; we measured.",
    'If you still have a tin: bring it and we fill it, for <b>80p less</b> than the bag.')
page.rule()
page.social("larkspurcoffee", "instagram", "facebook", "youtube")
page.small("<em>Copyright &copy; 2025 Larkspur Coffee Roasters Ltd, All rights reserved.</em>",
    "You get this because you signed up at the till or on our website.",
    "<strong>Our mailing address is:</strong><br>Larkspur Coffee Roasters Ltd, Unit 4, Canal Yard, Leeds LS10 1JQ",
    "Want to change how you receive these emails?<br>"
    'You can <a href="{{preferences}}">update your preferences</a> or <a href="{{unsubscribe}}">unsubscribe from '
    'this list</a>.')
campaign("newsletter-coffee", Finch, "Larkspur Coffee <hello@larkspurcoffee.com>",
    "priya.natarajan@brightmail.example", "☕ Number seven won by a mile", "2025-03-06 07:00:14 +0000", page.html(),
    reply_to="hello@larkspurcoffee.com")

# --- German trade paper, dozens of teasers --------------------------------------------------------------------------------------------
page = Mjml("Holzbau aktuell – Ausgabe 11/2025",
    "Neue Brandschutznorm, volle Auftragsbücher im Süden, und ein Turm aus Buche", "de", colour=("#e8ebe6", "#ffffff",
    "#1d1d1b", "#3b6b35"), font="Verdana, Geneva, sans-serif", width=640)
page.small('Wird der Newsletter nicht richtig angezeigt? <a href="{{browser}}">Im Browser öffnen</a>')
page.picture("https://media.holzbau-aktuell.de/nl/kopf-2025.png", "Holzbau aktuell",
    "https://www.holzbau-aktuell.de/", height=110)
page.text("<b>Ausgabe 11 &middot; 13. März 2025 &middot; 18.400 Empfänger</b>")
for number, (heading, teaser) in enumerate((("Brandschutz: Was die neue Norm für mehrgeschossige Bauten ändert",
    "Ab 1. Oktober dürfen Decken aus Brettsperrholz bis Gebäudeklasse 5 sichtbar bleiben, wenn die Restquerschnitte "
    "nachgewiesen sind. Wir haben mit zwei Prüfingenieuren gesprochen, die den Entwurf mitgeschrieben haben."), (
    "Auftragsbücher im Süden voll, im Norden Flaute",
    "Der Verband meldet für Bayern und Baden-Württemberg eine Reichweite von 5,1 Monaten. In Schleswig-Holstein "
    "sind es 1,9. Woran das liegt, erklärt der Landesobermeister im Interview."), ("Ein Turm aus Buche",
    "Im Allgäu steht seit Januar der erste Aussichtsturm, dessen Stützen ganz aus Furnierschichtholz der Buche "
    "bestehen. 38 Meter, 211 Stufen, keine einzige Stahlstrebe. Ein Besuch bei Minus sieben Grad."), (
    "Preise: Konstruktionsvollholz wieder unter 400 Euro",
    "Zum dritten Mal in Folge geben die Notierungen nach. Sägewerke drosseln die Schichten, der Handel hält die "
    "Lager klein. Unsere Tabelle zeigt die Spannen je Region."), (
    "Abbundzentren im Vergleich: fünf Anlagen, ein Dachstuhl",
    "Wir haben dieselbe Zeichnung an fünf Lohnabbinder gegeben. Die Unterschiede lagen bei Lieferzeit und "
    "Verpackung, kaum bei der Passgenauigkeit."), ("Recht: Wann der Bauherr den Voranschlag bezahlen muss",
    "Das Oberlandesgericht hat die Grenze zwischen Akquise und Leistung neu gezogen. Drei Sätze, die ab jetzt in "
    "jedes Angebot gehören."), ("Ausbildung: Warum Jana mit 34 noch einmal Lehrling wurde",
    "Zehn Jahre Büro, dann die Zimmerei. Ein Porträt über Muskelkater, Mathematik und Meisterpläne."), (
    "Lesetipp: Die Kunst der Verbindung",
    "Sechshundert Zapfen und Blätter aus drei Kontinenten, gezeichnet von einem Japaner, der in Tirol lebt. Kein "
    "Buch für die Werkbank, eines für den Abend."))):
    page.columns(page.card(f"https://media.holzbau-aktuell.de/nl/2025-11/{number + 1:02}.jpg", heading, teaser,
        f"https://www.holzbau-aktuell.de/artikel/{41180 + number * 7}", "Weiterlesen") if number % 2 == 0 else page.h(heading,
        2) + page.p(teaser) + page.p(
        f'<a href="https://www.holzbau-aktuell.de/artikel/{41180 + number * 7}">&rarr; Zum Artikel</a>'))
    if number == 3:
        page.put(page.row([page.p("<small>Anzeige</small>") +
            f'<a href="https://www.spax-werke-alb.de/aktion?ref=ha11">{page.img("https://media.holzbau-aktuell.de/ads/ha11-alb-schrauben.gif", "Alb-Schrauben: zieht, hält, fertig.", 592)}</a>'],
            align="center"))
page.heading("Termine", 2)
page.put(page.row(["<ul>" + "".join(f"<li>{one}</li>" for one in ("21.03. Seminar Wärmebrücken, Ulm (ausgebucht)",
    "03.04. Treffen der Zimmerinnen, Kassel", "09.–12.04. Messe Dach und Wand, Köln, Halle 6",
    "15.05. Obermeistertagung, Rosenheim")) + "</ul>"]))
page.social("holzbauaktuell", "linkedin", "xing", "youtube", "instagram")
page.small(
    "Holzbau aktuell Verlag GmbH &middot; Sägestraße 12 &middot; 87435 Kempten<br>Geschäftsführung: Irmgard "
    "Waldvogel &middot; HRB 10217 Amtsgericht Kempten",
    'Sie erhalten diesen Newsletter an {{email}}, weil Sie ihn bestellt haben. <a '
    'href="{{unsubscribe}}">Abbestellen</a> &middot; <a href="{{preferences}}">Themen ändern</a> &middot; <a '
    'href="https://www.holzbau-aktuell.de/datenschutz">Datenschutz</a>')
campaign("newsletter-holzbau", Rapid, "Redaktion Holzbau aktuell <redaktion@newsletter.holzbau-aktuell.de>",
    "buero@zimmerei-maierhofer.example", "Brandschutz: neue Norm | Preise geben nach | Turm aus Buche",
    "2025-03-13 06:30:02 +0100", page.html())

# --- a developer's weekly, links only, plain look ---------------------------------------------------------------------------------------
page = React("Packet Loss Weekly #212",
    "BGP hijack post-mortem, a 40-line DNS server, and eBPF for people who hate eBPF", colour=("#ffffff", "#ffffff",
    "#1f2933", "#1f2933"))
page.heading("Packet Loss Weekly #212")
page.text(
    "Hello from a train that has stopped outside Utrecht for reasons nobody can name. Nine links this week, fewer "
    "jokes than usual.")
for title, url, words in (("The route leak of 3 February, minute by minute",
    "https://blog.transitwatch.net/2025/leak-0203",
    "Someone fat-fingered a filter, someone else had no filter, and a third party noticed because their cat videos "
    "stopped. Excellent graphs."), ("A DNS server in forty lines of awk", "https://www.tinyserver.dev/awk-dns",
    "You should not run it. You should read it twice."), ("Why your p99 is a lie",
    "https://queueing.blog/p99-is-a-lie",
    "Coordinated omission explained with a queue of people at a bakery. I have now understood it for the fourth "
    "time."), ("eBPF for people who hate eBPF", "https://kernelnotes.io/ebpf-grumpy",
    "No promises, no magic, one working example that counts retransmits."), ("Time sync over a bad link",
    "https://ntp.garden/bad-link",
    "What happens to chrony when the asymmetry is 80 ms. Spoiler: it depends, but here is on what."), (
    "Postgres, huge pages and an hour of my life", "https://dbdiary.org/huge-pages",
    "A short story with a happy end and a sysctl."), ("IPv6 at a village school", "https://netzfrei.org/en/school6",
    "The best part is the photo of the cabinet before."), ("Reading a capture with nothing but xxd",
    "https://hexed.it/articles/pcap-by-hand", "I gave this to our apprentices. Two of them are still speaking to me."),
    ("The mailserver nobody dares to reboot", "https://uptime.stories.net/4017",
    "4,017 days. They rebooted it. It came back.")):
    page.text(f'<a href="{url}" style="color:#067df7"><b>{title}</b></a>', words)
page.rule()
page.heading("From the classifieds", 3)
page.text(
    '<a href="https://jobs.northcable.net/12-neteng">Network engineer, Tromsø</a>: dark half the year, fibre all '
    'year.', '<a href="https://jobs.fluxbank.io/sre-2025">SRE, payments, remote in the EU</a>.')
page.text("Until next week. Hit reply if you found a better one; I read everything, slowly.", "– Maren")
page.small(
    'You subscribed at packetloss.email. <a href="{{unsubscribe}}">Unsubscribe</a>, no hard feelings. Maren Tveit, '
    'Postboks 118, 9252 Tromsø, Norway')
campaign("newsletter-links", Ses, "Maren at Packet Loss Weekly <maren@packetloss.email>",
    "o.haddad@meridianfiber.example", "Packet Loss Weekly #212: the bakery queue", "2025-02-14 16:05:00 +0000",
    page.html(), reply_to="maren@packetloss.email")

# --- the same sort, plain text by listmonk ---------------------------------------------------------------------------------------------
campaign("newsletter-birds", Listmonk, "Fens Bird Report <report@fensbirds.org.uk>", "j.ackroyd@postbox.example",
    "Fens Bird Report, week 19", "2024-05-12 05:45:00 +0000", '''<html><head><style>body{background:#fff;font:16px/1.5 \
Georgia,serif;color:#333}.wrap{max-width:620px;margin:0 auto;padding:24px}h2{border-bottom:2px solid \
#7a9}.foot{font-size:12px;color:#888}</style></head><body><div class="wrap">
<h1>Fens Bird Report</h1><p>Week 19, 6 to 12 May</p>
<h2>Highlights</h2><ul><li><b>Common crane</b>: four over Welney at 7.10 on Tuesday, heading north-west, \
calling.</li><li><b>Montagu's harrier</b>: the female is back. Please keep the field secret, as every year.</li>
<li><b>Temminck's stint</b>: two on the scrape until Friday.</li></ul>
<h2>Counts</h2><table border="1" cellpadding="4" \
style="border-collapse:collapse"><tr><th>Species</th><th>Ouse</th><th>Nene</th></tr><tr><td>Lapwing</td><td>212</td><td>88</td></tr><tr><td>Redshank</td><td>61</td><td>47</td></tr><tr><td>Yellow \
wagtail</td><td>19</td><td>23</td></tr></table>
<h2>Warden's diary</h2><p>The sluice at the north end jams again. If you see it shut, please ring Peter before you \
touch it; last time somebody forced the wheel and we lost a week of water. Two volunteers are still wanted for the \
hide roof on the 25th, tea is provided, cake is likely.</p>
<p>Photographs this week by Ann Delaney: <a href="https://www.fensbirds.org.uk/gallery/2024-19">see them here</a>.</p>
<p class="foot">Fens Bird Group, registered charity 000000. <a href="{{unsubscribe}}">Leave this list</a> | <a \
href="{{browser}}">Read online</a></p></div></body></html>''')

# --- French museum, one picture and little text -------------------------------------------------------------------------------------------
page = Stripo("Le musée en avril", "Nocturne gratuite le 4, ateliers des vacances, dernière semaine pour Vuillermoz",
    "fr", colour=("#f6f6f6", "#ffffff", "#333333", "#a8002d"))
page.small('Si ce message ne s\'affiche pas correctement, <a href="{{browser}}">cliquez ici</a>.')
page.picture("https://img.musee-des-tanneries.fr/nl/avril-2025/affiche.jpg",
    "Vuillermoz, la couleur retrouvée. Jusqu'au 13 avril 2025",
    "https://www.musee-des-tanneries.fr/expositions/vuillermoz")
page.heading("Dernière semaine !", 1)
page.text(
    "Il ne reste que quelques jours pour découvrir les soixante toiles d'Émile Vuillermoz, dont douze n'avaient "
    "jamais quitté les collections privées. " "L'exposition ferme ses portes le dimanche 13 avril à 18 heures.")
page.button("Je réserve mon créneau", "https://billetterie.musee-des-tanneries.fr/vuillermoz")
page.columns(page.card("https://img.musee-des-tanneries.fr/nl/avril-2025/nocturne.jpg", "Nocturne gratuite",
    "Vendredi 4 avril, de 18 h à 22 h : entrée libre, visites éclair toutes les demi-heures, bar à soupes dans la "
    "cour.", "https://www.musee-des-tanneries.fr/agenda/nocturne"), page.card(
    "https://img.musee-des-tanneries.fr/nl/avril-2025/ateliers.jpg", "Ateliers des vacances",
    "Du 14 au 25 avril, les 6–12 ans fabriquent leurs pigments. 9 € la séance, goûter compris.",
    "https://www.musee-des-tanneries.fr/ateliers"))
page.text(
    "Le musée est ouvert tous les jours sauf le mardi. Tarif plein 8 €, réduit 5 €, gratuit pour les moins de 18 "
    "ans et le premier dimanche du mois.")
page.social("museedestanneries", "facebook", "instagram")
page.small("Musée des Tanneries, 3 quai des Mégissiers, 39100 Dole",
    'Vous recevez cette lettre car vous y êtes abonné(e) avec l\'adresse {{email}}. Conformément au RGPD, vous '
    'pouvez <a href="{{unsubscribe}}">vous désabonner</a> à tout moment.')
campaign("newsletter-musee", Brevi, "Musée des Tanneries <lettre@musee-des-tanneries.fr>",
    "Hélène Fabre <helene.fabre@courrielpro.example>", "Derniers jours pour Vuillermoz, et une nocturne gratuite",
    "2025-04-01 09:00:31 +0200", page.html())

# --- software company, product news, dark mode ---------------------------------------------------------------------------------------------
page = Dark("What shipped in June", "Bulk edit, audit log export, and the end of the old API", colour=("#f2f3f7",
    "#ffffff", "#3c4257", "#5b4bff"))
page.picture("https://assets.tallyboard.io/email/logo-dark@2x.png", "Tallyboard", "https://tallyboard.io", width=140)
page.heading("What shipped in June")
page.text("A long one this month, because three things that were in beta for too long came out on the same Tuesday.")
for title, words, slug in (("Bulk edit",
    "Select up to 5,000 rows, change them once. There is an undo, and it works for thirty minutes even if you close "
    "the tab.", "bulk-edit"), ("Audit log export",
    "Owners of Business plans can now stream the audit log to a bucket of their own, signed and hourly. No more "
    "copy and paste for the auditors.", "audit-export"), ("Keyboard map",
    "Press ? anywhere. We counted: eleven of you knew more than four shortcuts.", "keyboard")):
    page.heading(title, 2)
    page.text(words)
    page.picture(f"https://assets.tallyboard.io/email/2024-06/{slug}@2x.png", title,
        f"https://tallyboard.io/changelog/2024-06#{slug}", width=560)
page.rule()
page.heading("Going away: API v1", 2)
page.text(
    "API v1 stops answering on 30 September 2024. Your workspace made 41 calls to it in the last 30 days, all from "
    "the integration named <b>warehouse-sync</b>. Moving takes most teams an afternoon; "
    '<a href="https://developers.tallyboard.io/migrate-v2">the guide</a> has a table of old and new names.')
page.button("Read the full changelog", "https://tallyboard.io/changelog/2024-06")
page.social("tallyboard", "x", "linkedin", "youtube")
page.small('Tallyboard B.V., Keizersgracht 9999, 1016 Amsterdam',
    'You receive product news as an owner of the workspace "Kestrel Logistics". <a href="{{preferences}}">Choose '
    'what we send</a> or <a href="{{unsubscribe}}">unsubscribe from product news</a>.')
campaign("newsletter-product", Hubble, "Tallyboard <product@tallyboard.io>",
    "dora.lindqvist@kestrel-logistics.example", "What shipped in June (and what goes away in September)",
    "2024-07-02 13:00:00 +0000", page.html())

# --- parish letter, written in an old editor --------------------------------------------------------------------------------------------------
page = Ancient("Pfarrbrief", "", "de", colour=("#FFFFEE", "#FFFFFF", "#000000", "#800000"),
    font="Times New Roman, serif")
page.picture("http://www.st-kilian-obertal.de/bilder/kirche_klein.jpg", "St. Kilian", width=300)
page.heading("Pfarrbrief für den Monat November", 1)
page.text("Liebe Gemeinde,",
    "der November ist der Monat der Stille, und doch ist bei uns einiges los. Das Dach der Sakristei ist dicht "
    "(Vergelt's Gott allen Spendern!), der Chor sucht Tenöre, und die Sternsinger " "suchen jetzt schon Könige.")
page.rule()
page.put(page.row([page.p("<b>Sonntag, 3.11.</b>"), page.p(
    "10:00 Hochamt, anschließend Gräbersegnung auf dem neuen Friedhof")]))
page.put(page.row([page.p("<b>Mittwoch, 13.11.</b>"), page.p(
    "14:30 Seniorennachmittag mit Lichtbildern aus Südtirol (Herr Ebner)")]))
page.put(page.row([page.p("<b>Sonntag, 17.11.</b>"), page.p(
    "Volkstrauertag, Gedenken am Ehrenmal mit der Feuerwehr und dem Musikverein")]))
page.put(page.row([page.p("<b>Samstag, 23.11.</b>"), page.p(
    "Adventskranzbinden im Pfarrsaal ab 9 Uhr, bitte Gartenschere mitbringen")]))
page.text(
    "Das Pfarrbüro ist vom 18. bis 22. November geschlossen. In dringenden Fällen erreichen Sie Pfarrer Wimmer "
    "unter 0151 0000000.")
page.button("Gottesdienstordnung als PDF", "http://www.st-kilian-obertal.de/gdo/2024-11.pdf")
page.small(
    'Wer den Pfarrbrief nicht mehr per E-Mail haben möchte, schreibt einfach an <a '
    'href="mailto:pfarrbuero@st-kilian-obertal.de?subject=abmelden">das Pfarrbüro</a>.')
campaign("newsletter-pfarrbrief", PhpList, "Pfarrei St. Kilian <pfarrbuero@st-kilian-obertal.de>",
    "familie.hirtreiter@dorfnetz.example", "Pfarrbrief November", "2024-10-31 11:20:44 +0100", page.html(), dkim=None)

# --- travel operator, many pictures and prices --------------------------------------------------------------------------------------------------
page = Unlayer("Islands without a car", "Seven ferries, three hammocks, one very patient mule", colour=("#e7f0f5",
    "#ffffff", "#16323f", "#00799a"))
page.picture("https://images.slowferry.travel/mail/2025-05/header.jpg",
    "Slow Ferry: journeys at the speed of the sea", "https://www.slowferry.travel/")
page.heading("Islands without a car")
page.text(
    "There are more of them than you think. We asked our guides for the places where the loudest thing is the ferry "
    "horn, and they argued for a week. Here is what was left on the table.")
for one, two in ((("Porquerolles, France",
    "Bicycles, pines and a fort. Four nights from £612, trains from London included.", "porquerolles"), (
    "Hydra, Greece", "Mules carry the luggage. You carry the figs. Five nights from £744.", "hydra")), ((
    "Sark, Channel Islands", "Stars so many that you will whisper. Three nights from £398.", "sark"), (
    "Vlieland, Netherlands", "Dunes, seals, the best chips in the north. Four nights from £455.", "vlieland")), ((
    "Spiekeroog, Germany", "A horse-drawn tram, and tea with sugar you can hear. Four nights from £489.",
    "spiekeroog"), ("Marettimo, Italy", "Couscous, grottoes, no banks. Six nights from £811.", "marettimo"))):
    page.columns(*(page.card(f"https://images.slowferry.travel/mail/2025-05/{slug}.jpg", name, words,
        f"https://www.slowferry.travel/islands/{slug}", "See the journey") for name, words, slug in (one, two)))
page.heading("Things people ask us", 2)
page.text(
    "<b>What if the ferry does not sail?</b> Then you stay where you are, and we pay for the night. It happened "
    "eleven times last year.", "<b>Can I bring the dog?</b> On five of the six. Hydra's mules have opinions.",
    "<b>Do you do single rooms?</b> Yes, without a supplement in May, June and September.")
page.button("All journeys for 2025", "https://www.slowferry.travel/2025")
page.social("slowferry", "instagram", "pinterest", "facebook")
page.small("Slow Ferry Journeys Ltd, ATOL protected 00000, 12 Harbour Steps, Falmouth TR11 3XX",
    '<a href="{{unsubscribe}}">Unsubscribe</a> | <a href="{{preferences}}">Fewer emails, please</a> | <a '
    'href="https://www.slowferry.travel/privacy">Privacy</a>')
campaign("newsletter-islands", Grid, "Slow Ferry Journeys <postcards@slowferry.travel>", "m.okonjo@fastpost.example",
    "Islands without a car 🏝️ (and one patient mule)", "2025-05-15 08:12:09 +0000", page.html())

# --- investor letter of a listed company -------------------------------------------------------------------------------------------------------------
page = Mjml("Quarterly statement", "Revenue up 4.1 %, guidance confirmed", colour=("#ffffff", "#ffffff", "#00263a",
    "#00263a"), font="Georgia, 'Times New Roman', serif")
page.picture("https://www.aldermoor-group.com/mail/lockup.png", "Aldermoor Group plc",
    "https://www.aldermoor-group.com", width=180)
page.heading("Quarterly statement Q3 2025", 2)
page.text("Dear shareholder,",
    "Group revenue for the three months to 30 September 2025 was £318.4 million (2024: £305.9 million), an increase "
    "of 4.1 per cent, or 4.6 per cent at constant exchange rates. Adjusted operating margin was 11.8 per cent.",
    "The Board confirms its expectation for the full year. An interim dividend of 6.2 pence per share will be paid "
    "on 12 December to holders on the register on 14 November.")
page.put(page.row([
    '<table width="100%" cellpadding="6" style="font-family:Georgia;font-size:14px;border-collapse:collapse;"><tr '
    'style="border-bottom:1px solid #00263a;"><th align="left">£ million</th><th align="right">Q3 2025</th><th '
    'align="right">Q3 2024</th></tr><tr><td>Packaging</td><td align="right">171.2</td><td '
    'align="right">168.0</td></tr><tr><td>Labels</td><td align="right">96.5</td><td '
    'align="right">90.1</td></tr><tr><td>Services</td><td align="right">50.7</td><td '
    'align="right">47.8</td></tr><tr style="border-top:1px solid #00263a;"><td><b>Group</b></td><td '
    'align="right"><b>318.4</b></td><td align="right"><b>305.9</b></td></tr></table>']))
page.text(
    'The full statement and the recording of the call are on <a '
    'href="https://www.aldermoor-group.com/investors/results/q3-2025">our website</a>. The call begins at 09:30; '
    'the webcast needs no registration.', "Yours faithfully,<br>Ruth Pembery-Hale<br>Chief Financial Officer")
page.small(
    "This announcement contains forward-looking statements. Past performance is no guide to the future, and shares "
    "can go down as well as up. Nothing here is an offer to buy or sell securities.",
    'Aldermoor Group plc, registered in England 00000000. You asked for company announcements. <a '
    'href="{{unsubscribe}}">Stop them</a>.')
campaign("newsletter-investors", Target, "Aldermoor Group Investor Relations <ir@e.aldermoor-group.com>",
    "registrar.desk@harbourtrust.example", "Aldermoor Group plc: Q3 2025 statement and interim dividend",
    "2025-10-30 07:01:55 +0000", page.html())

# --- a magazine's morning briefing, much text ------------------------------------------------------------------------------------------------------------------
page = Dark("The Morning Post-It", "Trams in the snow, a minister's second thoughts, and the price of butter",
    colour=("#ffffff", "#ffffff", "#121212", "#c70000"), font="Georgia, serif")
page.heading("The Morning Post-It")
page.text("<i>Tuesday, 14 January. Four minutes to read.</i>")
for title, words in (("Good morning.",
    "It snowed in Ostrava and the trams ran on time, which is the sort of sentence this newsletter was founded to "
    "write. Elsewhere things were less orderly."), ("The minister thinks again",
    "Two weeks after calling the heat pump rules untouchable, the minister touched them. Households that ordered "
    "before the new year keep the old subsidy; those who wait until April get less, but faster. The opposition "
    "called it a zigzag. A civil servant, who asked not to be named, called it Tuesday."), ("What butter costs",
    "A pound of butter is 41 per cent dearer than two winters ago. The dairies blame the weather, the shops blame "
    "the dairies, the weather could not be reached. Our economics desk has drawn the chart that you did not want to "
    "see."), ("A verdict in Leeds",
    "The jury took six hours. The company will pay a fine of two million and, more unusually, must publish its "
    "maintenance records for ten years. Lawyers for the families said that the records mattered more to them than "
    "the money."), ("Across the water",
    "The ferry strike enters its second week. Talks restart at noon; both sides have said that they are optimistic, "
    "and both sides have booked hotel rooms until Sunday."), ("One good thing",
    "A retired postman in Dumfries has finished delivering the letter that he found behind his sorting frame. It "
    "was sent in 1987. The answer, he reports, was yes.")):
    page.heading(title, 3)
    page.text(words)
page.columns(page.h("Most read", 3) + page.p(
    '<a href="https://www.thepostit.news/2025/01/butter">The price of butter, charted</a>') + page.p(
    '<a href="https://www.thepostit.news/2025/01/lonely-lift">The loneliest lift in Europe</a>'), page.h("Crossword",
    3) + page.p('<a href="https://puzzles.thepostit.news/quick/1841">Quick no. 1841</a>') + page.p(
    '<a href="https://puzzles.thepostit.news/cryptic/902">Cryptic no. 902</a>'))
page.small(
    'You are on the list for The Morning Post-It. <a href="{{unsubscribe}}">Unsubscribe</a> &middot; <a '
    'href="{{preferences}}">Manage emails</a> &middot; <a href="https://www.thepostit.news/privacy">Privacy</a>',
    "Post-It Media Ltd, 77 Clerk Street, Edinburgh")
campaign("newsletter-briefing", Target, "The Morning Post-It <briefing@e.thepostit.news>",
    "anneke.devries@kantoorweb.example", "Tuesday briefing: the minister thinks again", "2025-01-14 06:02:00 +0000",
    page.html())

# --- one picture, nothing else ----------------------------------------------------------------------------------------------------------------------------------
campaign("newsletter-one-picture", UtmPhp, "Kino Apollo <programm@kino-apollo-graz.at>",
    "Sabine Krenn <sabine.krenn@steirermail.example>", "Das Programm bis Mittwoch", "2025-09-11 15:30:00 +0200", '''<html><head><meta http-equiv="Content-Type" \
content="text/html; charset=utf-8"><title>Kino Apollo</title></head><body \
style="margin:0;background:#000"><center><a href="https://www.kino-apollo-graz.at/programm"><img \
src="https://www.kino-apollo-graz.at/newsletter/2025-37/programm.jpg" width="700" height="1640" usemap="#karten" \
border="0" alt="Programm vom 12. bis 17. September"></a>
<map name="karten"><area shape="rect" coords="40,300,340,380" \
href="https://www.kino-apollo-graz.at/karten/1181"><area shape="rect" coords="40,700,340,780" \
href="https://www.kino-apollo-graz.at/karten/1184"></map><br><font color="#999999" size="1" face="Arial">Kino \
Apollo, Annenstr. 999, 8020 Graz | <a href="{{unsubscribe}}"><font \
color="#999999">Abmelden</font></a></font></center></body></html>''')

page = Klyv("The lookbook is here", "Linen, mostly.", colour=("#f7f4ef", "#f7f4ef", "#3a3a3a", "#3a3a3a"),
    font="'Cormorant Garamond', Georgia, serif")
for at in range(1, 6):
    page.picture(f"https://d3k81ch9hvuctc.cdnklyv.net/company/Wq7xPz/images/look-{at:02}.jpeg", "",
        f"https://www.atelier-morane.com/collections/look-{at:02}")
page.button("See all", "https://www.atelier-morane.com/collections/summer")
page.small('<a href="{{unsubscribe}}">Leave our letters</a>', "Atelier Morane, 8 rue des Filatures, 59100 Roubaix")
campaign("newsletter-lookbook", KlyvService, "Atelier Morane <bonjour@atelier-morane.com>",
    "t.vandenbroucke@lijnpost.example", "Linen, mostly.", "2024-05-23 16:00:00 +0000", page.html())

# --- Italian cooking club --------------------------------------------------------------------------------------------------------------------------------------------
page = Bee("La ricetta della domenica", "Lasagne verdi come le faceva la zia Ines, e tre errori da evitare", "it",
    colour=("#fff6ea", "#ffffff", "#4a2c12", "#b3261e"))
page.picture("https://static.lacucinadiines.it/newsletter/lasagne-verdi.jpg", "Lasagne verdi",
    "https://www.lacucinadiines.it/ricette/lasagne-verdi")
page.heading("Lasagne verdi della zia Ines")
page.text("Cara Giulia,",
    "la zia non pesava niente. «Quanta farina?» «Quella che ci vuole.» Noi abbiamo pesato per lei, quattro "
    "domeniche di fila, e adesso la ricetta sta su una pagina.")
page.columns(page.h("Per la sfoglia", 3) +
    "<ul><li>400 g di farina 00</li><li>3 uova</li><li>150 g di spinaci lessati e strizzati bene</li></ul>", page.h(
    "Per il ragù", 3) +
    "<ul><li>300 g di manzo</li><li>150 g di pancetta</li><li>mezzo bicchiere di vino rosso</li><li>due ore, "
    "almeno</li></ul>")
page.heading("Tre errori da evitare", 2)
page.text("1. Spinaci bagnati: la sfoglia si strappa.", "2. Besciamella fredda: fa i grumi e non si stende.",
    "3. Tagliarla subito: aspettate venti minuti, anche se la casa profuma.")
page.button("Stampa la ricetta", "https://www.lacucinadiines.it/ricette/lasagne-verdi?stampa=1")
page.text("Domenica prossima: i passatelli. Serve il ferro, cominciate a cercarlo.")
page.social("lacucinadiines", "facebook", "instagram", "pinterest", "youtube")
page.small(
    'Ricevi questa email perché ti sei iscritta su lacucinadiines.it. <a href="{{unsubscribe}}">Cancellati con un '
    'clic</a>.', "Cucina di Ines S.r.l.s., via Emilia 999, 40026 Imola (BO), P. IVA 00000000000")
campaign("newsletter-lasagne", MailPoet, "La cucina di Ines <ines@lacucinadiines.it>",
    "Giulia Ferraro <giulia.ferraro@postaitaliana.example>", "Lasagne verdi: la ricetta, finalmente con i pesi",
    "2025-02-09 08:00:25 +0100", page.html())

# --- Polish city library, phpList ------------------------------------------------------------------------------------------------------------------------------
page = Ancient("Biblioteka Miejska", "", "pl", colour=("#eef2f7", "#ffffff", "#1b2a3a", "#1f5fa8"),
    font="Arial, sans-serif")
page.heading("Co nowego w bibliotece?")
page.text("Szanowni Czytelnicy!",
    "Od 1 marca czytelnia przy ul. Zielonej jest czynna także w soboty, od 10:00 do 15:00. Na półce z nowościami "
    "czeka 74 tytułów, w tym trzy kryminały, o które pytaliście najczęściej.")
page.put(page.row([page.h("Spotkania", 2) + page.p("<b>6 marca, 17:00</b> Klub dyskusyjny: powieść o latarniku") +
    page.p("<b>12 marca, 11:00</b> Bajki dla najmłodszych, sala niebieska") + page.p(
    "<b>20 marca, 18:00</b> Wieczór z tłumaczką: jak przełożyć milczenie?"), page.img(
    "https://biblioteka-zielonka.pl/grafika/marzec.png", "Plakat", 240)]))
page.button("Zarezerwuj książkę", "https://katalog.biblioteka-zielonka.pl/")
page.small(
    'Wiadomość wysłano na adres {{email}}. <a href="{{unsubscribe}}">Wypisz mnie</a> | <a '
    'href="{{preferences}}">Zmień ustawienia</a>')
campaign("newsletter-biblioteka", PhpList, "Biblioteka Miejska <newsletter@biblioteka-zielonka.pl>",
    "zofia.malecka@pocztowy.example", "Czytelnia czynna w soboty, nowości i wieczór z tłumaczką",
    "2025-02-26 10:15:00 +0100", page.html())

# --- Spanish theatre, civi-like ----------------------------------------------------------------------------------------------------------------------------------
page = Stripo("Teatro del Molino: temporada", "Abono de otoño a la venta desde el lunes", "es", colour=("#1a1a1a",
    "#262626", "#f5f5f5", "#d4a017"))
page.picture("https://teatrodelmolino.es/correo/otono25.jpg", "Temporada de otoño 2025",
    "https://teatrodelmolino.es/temporada")
page.heading("El telón sube el 2 de octubre")
page.text("Querida amiga, querido amigo:",
    "Nueve estrenos, dos reposiciones y una obra sin palabras. Los abonos de otoño salen a la venta el lunes 1 de "
    "septiembre a las 10:00 en taquilla y en la web. Los socios conservan su butaca hasta el día 15.")
for what, when, price in (("La casa de las mareas", "2–12 octubre", "18 €"), ("Ubú en la oficina", "23–26 octubre",
    "16 €"), ("Silencio, por favor", "7–9 noviembre", "14 €"), ("Bodas de papel", "27 nov.–7 dic.", "20 €")):
    page.columns(page.p(f"<b>{what}</b>"), page.p(when), page.p(price))
page.button("Quiero mi abono", "https://entradas.teatrodelmolino.es/abonos")
page.social("teatrodelmolino", "instagram", "x", "facebook", "telegram")
page.small(
    'Asociación Amigos del Molino, C/ Acequia 99, 37001 Salamanca. Si no deseas recibir más correos, <a '
    'href="{{unsubscribe}}">date de baja aquí</a>.')
campaign("newsletter-teatro", Civi, "Teatro del Molino <amigos@teatrodelmolino.es>",
    "Rosa Iglesias <rosa.iglesias@correolibre.example>", "Abonos de otoño: a la venta el lunes",
    "2025-08-28 12:00:00 +0200", page.html())

# --- Dutch allotment newsletter through Mautic --------------------------------------------------------------------------------------------------------------------------
page = Unlayer("Tuinbericht", "Snoeien, zaaien en een lezing over mollen", "nl", colour=("#eef5ea", "#ffffff",
    "#24341c", "#4c7a2d"))
page.heading("Tuinbericht van maart")
page.text("Beste tuinders,",
    "Het is tijd om de druiven te snoeien, als u dat nog niet gedaan hebt. De compost is geleverd en ligt achter de "
    "schuur; neem niet meer dan vier kruiwagens per tuin, dan is er genoeg voor iedereen.",
    "Op donderdag 20 maart vertelt Kees van Zanten over mollen. Titel: <i>Waarom u verliest</i>. Koffie vanaf half "
    "acht.")
page.columns(page.card("https://www.tuinvereniging-deeikelaar.nl/img/zaad.jpg", "Zaadruil",
    "Zaterdag 15 maart, 10 tot 12 uur in het clubhuis."), page.card(
    "https://www.tuinvereniging-deeikelaar.nl/img/sloot.jpg", "Slootschoning",
    "Uiterlijk 1 april moet uw slootkant schoon zijn. De commissie loopt langs."))
page.button("Agenda bekijken", "https://www.tuinvereniging-deeikelaar.nl/agenda")
page.small(
    'U krijgt dit bericht als lid van Tuinvereniging De Eikelaar. <a href="{{unsubscribe}}">Uitschrijven</a> kan '
    'altijd, lid blijft u dan gewoon.')
campaign("newsletter-tuin", Mautic, "De Eikelaar <bestuur@tuinvereniging-deeikelaar.nl>",
    "W. Hoekstra <w.hoekstra@thuismail.example>", "Tuinbericht maart: compost, mollen en de slootkant",
    "2025-03-03 19:00:01 +0100", page.html())

# --- one-person text letter, no HTML to speak of -----------------------------------------------------------------------------------------------------------------------
campaign("newsletter-essay", Ses, "Ida Brennan <ida@slowsentences.net>", "c.whitlock@inkandpaper.example",
    "On being bad at rowing", "2024-08-18 09:30:00 +0000", '''<div style="font-family:Georgia,serif;font-size:18px;line-height:1.6;max-width:34em">
<p>I joined a rowing club at forty-one, because a doctor said the word <em>spine</em> in a tone I did not like.</p>
<p>Everybody was kind. That was the first surprise. The second was that being bad at something in front of other \
people, regularly, at six in the morning, is a kind of holiday. Nobody needed my opinion. They needed me to drop the \
blade into the water at the same moment as Carol, and I could not do it, and then for eleven strokes on a Thursday \
in May I could.</p>
<p>I have been trying to say what those eleven strokes were like. The boat gets quiet. That is all. It stops arguing \
with the river.</p>
<p>I am still bad at rowing. I recommend it.</p>
<p>Ida</p>
<p style="font-size:14px;color:#777">P.S. The paperback is out on Thursday. <a \
href="https://www.slowsentences.net/paperback">Here it is</a>, if you like paper.<br><a href="{{unsubscribe}}" \
style="color:#777">Stop receiving these letters</a></p></div>''', text=False)

# --- an ESP of its own kind: university alumni ----------------------------------------------------------------------------------------------------------------------------
page = Bee("Alumni news", "Reunion dates, a new observatory, and your old hall in the news", colour=("#eceff4",
    "#ffffff", "#1b2b4b", "#7a0019"), width=680)
page.small('<a href="{{browser}}">View online</a>')
page.picture("https://mail-assets.wexcombe.ac.uk/alumni/banner-2024.png", "University of Wexcombe Alumni",
    "https://alumni.wexcombe.ac.uk/", height=120)
page.heading("Autumn term at Wexcombe")
page.text("Dear Dr Achterberg,",
    "The new observatory on Barrow Hill saw first light in September, twelve years after the first sketch and nine "
    "after the first overrun. If you gave to the appeal, your name is on the stair. Come and find it.")
for one, two in ((("Reunion 2025",
    "Classes of 1975, 1985, 1995 and 2005: 4 to 6 July. Rooms in hall can be booked from 2 December.", "reunion"), (
    "Tanner Hall, again", "Your old hall was in three newspapers. The ducks are unharmed.", "tanner")), (("Mentoring",
    "Forty students are waiting for somebody who remembers their first job. It takes an hour a month.", "mentoring"),
    ("Lecture on line", "Professor Osei on rivers that move. Thursday 21 November, 18:30.", "osei"))):
    page.columns(*(page.card(f"https://mail-assets.wexcombe.ac.uk/alumni/2024-10/{slug}.jpg", name, words,
        f"https://alumni.wexcombe.ac.uk/{slug}", "More") for name, words, slug in (one, two)))
page.rule()
page.heading("In memoriam", 3)
page.text(
    'Professor Elspeth Marr (Botany 1961–1994), Mr Harold Quill (porter, Gate B). A book of condolence is <a '
    'href="https://alumni.wexcombe.ac.uk/memoriam">open here</a>.')
page.social("wexcombe", "linkedin", "facebook", "instagram", "youtube", "threads")
page.small("Development and Alumni Office, University of Wexcombe, Barrow Road, Wexcombe WX1 2AB",
    'We write to {{email}} because you studied here. <a href="{{preferences}}">Update your details</a> &middot; <a '
    'href="{{unsubscribe}}">Unsubscribe</a>')
campaign("newsletter-alumni", Target, "University of Wexcombe Alumni <alumni@e.wexcombe.ac.uk>",
    "Dr T. Achterberg <t.achterberg@optics-lab.example>", "First light on Barrow Hill", "2024-10-24 12:15:38 +0000",
    page.html())

# --- a band ---------------------------------------------------------------------------------------------------------------------------------------------------------------
page = Chimp("Tour dates", "11 towns, 1 van, 0 roadies", colour=("#000000", "#0d0d0d", "#f1f1f1", "#e5383b"),
    font="'Courier New', Courier, monospace")
page.heading("THE HOLLOW TAMBOURINES")
page.text("Right. We fixed the van. Here is where it is going:")
page.put(page.row(["<br>".join(("09 OCT Bristol, The Louisiana-ish", "10 OCT Cardiff, Clwb Bach",
    "11 OCT Birmingham, Hare & Pigeon <b>SOLD OUT</b>", "14 OCT Leeds, Brudenell Corner",
    "15 OCT Glasgow, Stereotype", "17 OCT Newcastle, Cluny Yard", "18 OCT Manchester, YES PLEASE <b>low tickets!</b>",
    "22 OCT Brussels, Café Rotonde", "23 OCT Cologne, Gebäude 10", "24 OCT Hamburg, Hafenklang Süd",
    "25 OCT Berlin, Schokoladen"))]))
page.button("TICKETS", "https://www.hollowtambourines.com/tour")
page.text(
    "Free download for everyone on this list: the demo of \"Bus Replacement Service\", recorded in Jo's kitchen. "
    "You can hear the kettle. Click, keep it, give it to your mates.",
    '<a href="https://hollowtambourines.bandshop.com/track/bus-replacement-demo" style="color:#e5383b">Get the '
    'demo</a>')
page.text("See you down the front. Wear earplugs.<br>Jo, Dev, Mags &amp; Big Steve")
page.social("hollowtambourines", "instagram", "youtube", "bluesky", "tiktok")
page.small('You signed up at a gig or at our website. <a href="{{unsubscribe}}">unsubscribe</a> (Steve will cry)',
    "Hollow Tambourines, PO Box 999, Bristol BS2 0AA")
campaign("newsletter-band", Finch, "The Hollow Tambourines <band@hollowtambourines.com>",
    "kestrel77@quickmail.example", "WE FIXED THE VAN (tour + free song)", "2024-09-02 17:45:00 +0000", page.html())

# --- podcast, Plainly through own server -----------------------------------------------------------------------------------------------------------------------------------
campaign("newsletter-podcast", Plainly, "Kupferkabel <post@kupferkabel.fm>", "Liste <hoerer@kupferkabel.fm>",
    "KK088: Wer hat die Weiche gestellt?", "2025-06-20 20:00:11 +0200", '''<!DOCTYPE html><html lang="de"><body \
style="font-family:system-ui,sans-serif;max-width:40rem;margin:auto">
<p>Moin,</p><p>Folge 88 ist draußen. Wir reden mit einer Fahrdienstleiterin, die seit 31 Jahren dieselbe Kreuzung \
bedient, und lernen, was ein <b>Spiegelfeld</b> ist, warum Kaffee auf dem Stellpult verboten ist und wer das \
trotzdem seit 31 Jahren tut.</p>
<ul><li>00:00 Begrüßung und Hausmitteilungen</li><li>06:40 Hebel, Seile, Spannwerke</li><li>48:12 Der 4. Advent \
1997</li><li>1:20:05 Hörerpost</li></ul>
<p><a href="https://kupferkabel.fm/88">Anhören auf kupferkabel.fm</a> oder in der App, die ihr sowieso benutzt.</p>
<p>Bis in zwei Wochen<br>Arne und Fatma</p><p><small>Austragen: Mail an <a \
href="mailto:post@kupferkabel.fm?subject=raus">post@kupferkabel.fm</a> mit Betreff „raus“.</small></p></body></html>''',
    headers=[("Precedence", "bulk"), ("List-Unsubscribe", "<mailto:post@kupferkabel.fm?subject=raus>")], dkim="kk1")
