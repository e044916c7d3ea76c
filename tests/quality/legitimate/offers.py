"""Newsletters and sales in the HTML of real builders, with what they hide: preheaders, padding, blocks for telephones.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter
from .pages import Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer
from .services import (Brevi, Finch, Grid, Hubble, Klyv as KlyvService, Listmonk, MailPoet, Mautic, PhpList, Rapid,
    Ses, Target,
    Utm, UtmPhp, campaign)

PADDING = "&#847;&zwnj;&nbsp;" * 40
DARK = ("@media (prefers-color-scheme: dark) { .bg { background: #121212 !important; } .ink { color: #f1f1f1 !important; } "
    "}\n"
        "[data-ogsc] .ink { color: #f1f1f1 !important; }\n")


def padded(preheader, body, style=""):
    """A page whose first line is for the list of mails alone, followed by nothing that one can see."""
    return ('<!doctype html>\n<html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">\n'
            f'<style type="text/css">\n{DARK}{style}</style>\n<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch>'
            '</o:OfficeDocumentSettings></xml><![endif]-->\n</head>\n<body class="bg" style="margin:0">\n'
            f'<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">{preheader}\n'
            f'{PADDING}\n</div>\n{body}\n</body></html>\n')


def vml(label, link, colour):
    return (f'<!--[if mso]><v:rect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word" href="{link}" '
            f'style="height:46px;v-text-anchor:middle;width:220px" stroke="f" fillcolor="{colour}"><w:anchorlock/><center '
            f'style="color:#ffffff;font-family:sans-serif">{label}</center></v:rect><![endif]-->\n<a href="{link}" style="background-color:{colour};'
            f'color:#ffffff;display:inline-block;line-height:46px;text-align:center;width:220px;mso-hide:all">{label}</a>')


UNSUBSCRIBE = '<p style="font-size:10px;color:#aaaaaa"><a href="{{unsubscribe}}" style="color:#aaaaaa">Unsubscribe</a> · {}</p>'
LEAVE = {"en": "Unsubscribe", "de": "Abmelden", "fr": "Se désinscrire", "pt": "Descadastrar", "it": "Cancellati",
    "pl": "Wypisz się", "tr": "Listeden çık"}


campaign("offer-countdown-boots", KlyvService, "Gannet Boots <hello@gannetboots.com>", "ffion@bootmail.example",
    "LAST CHANCE: 30% off ends at midnight ⏳", "2025-01-12 18:00:00 +0000", padded("Six hours left, and size 8 is nearly "
    "gone.",
    '<table width="100%" bgcolor="#0d1b2a"><tr><td align="center" style="padding:40px"><img '
    'src="https://timer.nudgeclock.io/g/7h1k.gif" '
    'width="400" alt="06 : 00 : 00"><h1 style="color:#ffffff">LAST CHANCE!</h1><p style="color:#ffffff">The winter sale '
    'closes at midnight. No '
    'code, the price in the basket is the price.</p>' + vml("SHOP THE SALE", "https://gannetboots.com/sale",
    "#e63946") + '</td></tr></table><p>'
    'Free returns for 60 days, as always.</p>' + UNSUBSCRIBE.replace("{}", "Gannet Boots Ltd, Whitby")))

campaign("offer-hero-white-text", Finch, "Solstice Sails <crew@solsticesails.com>", "m.orsted@fjordpost.example",
    "The loft opens at dawn",
    "2025-03-20 05:00:00 +0000", padded("New season cloth, cut to your mast.", '<table width="600" align="center" background='
    '"https://img.solsticesails.com/hero-dawn.jpg"><tr><td valign="bottom" height="380" '
    'style="padding:30px;color:#ffffff"><h1 style="color:#ffffff">'
    'Spring cloth is here</h1><p style="color:#ffffff">Dacron, laminate, and one bolt of tanbark '
    'red.</p></td></tr></table><p class="ink">Order '
    'before Easter and we rig it on the quay.</p><a href="https://solsticesails.com/spring">See the cloth</a>' + UNSUBSCRIBE.replace("{}", "Pier 3")))

campaign("offer-mobile-twins", Target, "Brine & Barrel <post@brineandbarrel.co>", "oona.k@picklemail.example",
    "Pickles, four ways",
    "2025-06-06 09:30:00 +0100", padded("Dill, beet, mango, mistake.", '<table class="desk" width="600"><tr><td '
    'width="300"><img '
    'src="https://img.brineandbarrel.co/dill.jpg" alt="Dill"></td><td width="300"><p>Grandmother\'s dill, back after the '
    'cucumber famine.</p>'
    '</td></tr></table><!--[if !mso]><!--><div class="mob" style="display:none;max-height:0;overflow:hidden"><img src='
    '"https://img.brineandbarrel.co/dill-m.jpg" width="320" alt="Dill"><p>Grandmother\'s dill is '
    'back.</p></div><!--<![endif]--><p>Two jars, '
    '£9, postage included: <a href="https://brineandbarrel.co/two">the pickle pair</a>.</p>' + UNSUBSCRIBE.replace("{}",
    "Hull"),
    "@media (max-width:480px) { .desk { display:none !important } .mob { display:block !important; max-height:none "
    "!important } }\n"))

ONE_PICTURE = '<html><body style="margin:0"><center><a href="https://www.{0}/{1}"><img src="https://www.{0}/nl/{1}.jpg" width="640" border="0" alt="{2}"></a><br>' \
            '<a href="{{{{unsubscribe}}}}"><img src="https://www.{0}/nl/foot.png" border="0" alt="{3}"></a></center></body></html>'
campaign("offer-image-only-shoes", UtmPhp, "Zapatería Roldán <ofertas@zapateriaroldan.es>", "p.vidal@sevillamail.example",
    "Sandalias desde 19,90 €", "2025-06-27 10:00:00 +0200", ONE_PICTURE.format("zapateriaroldan.es", "verano", "Sandalias",
    "Darse de baja"), text=False)
campaign("offer-image-only-beds", Rapid, "Bettenhaus Ruhland <aktion@bettenhaus-ruhland.de>", "k.thoma@mainpost.example",
    "20 % auf alle Matratzen", "2025-10-10 06:00:00 +0200", ONE_PICTURE.format("bettenhaus-ruhland.de", "herbst",
    "Herbstaktion", "Abmelden"), text=False)

for name, kind, service, frm, to, subject, date, lang, words, label, link, foot in (
    ("offer-lightbulbs", Mjml, Brevi, "Watt & Daughter <bright@wattanddaughter.com>", "e.snow@lampmail.example",
        "FREE SHIPPING on everything this weekend", "2025-02-14 12:00:00 +0000", "en", ("Free shipping, no minimum",
        "Even a single fridge bulb "
        "travels free until Sunday. We have done the sum and it is a silly idea, so be quick.", "The filament range is back "
        "in amber."),
        "Light me up", "https://wattanddaughter.com/all", "Watt & Daughter, Stroud"),
    ("offer-black-week-de", Dark, Grid, "Radhaus Pfeil <news@radhaus-pfeil.de>", "o.lenz@ruhrpost.example",
        "🔥 BLACK WEEK: bis zu 40 % auf Helme und Licht!", "2025-11-24 06:00:00 +0100", "de", ("Black Week im Radhaus",
        "Hallo Olli, Helme, "
        "Lampen und Schlösser sind bis Sonntag stark reduziert. Nur solange der Vorrat reicht, nachbestellt wird nicht.",
        "Bei Vorkasse 2 % extra. Werkstatt hat trotzdem auf."), "Jetzt sparen", "https://radhaus-pfeil.de/black",
        "Radhaus Pfeil, Hattingen"),
    ("offer-soldes-fr", Stripo, Mautic, "Maison Cardamome <bonjour@maisoncardamome.fr>", "l.petit@seinemail.example",
        "Dernière démarque : -50 % jusqu'à dimanche", "2025-07-18 08:00:00 +0200", "fr", ("Dernière démarque",
        "Chère Lucie, les torchons, les "
        "bols et la vaisselle dépareillée passent à moitié prix. Ni repris ni échangés, mais très aimés.",
        "Livraison offerte dès 49 €."),
        "J'en profite", "https://maisoncardamome.fr/soldes", "Maison Cardamome, Rouen"),
    ("offer-frete-pt", Unlayer, KlyvService, "Loja da Baleia <ofertas@lojadabaleia.com.br>", "r.moura@praiamail.example",
        "Só hoje: frete grátis para todo o Brasil 🐳", "2025-09-15 07:00:00 -0300", "pt", ("Frete grátis só hoje",
        "Oi, Renata! Pranchas infantis, "
        "baldes e boias saem sem frete até as 23h59. Parcele em até seis vezes sem juros no cartão ou pague no Pix com 5% a "
        "menos.",
        "A baleia agradece."), "Quero aproveitar", "https://lojadabaleia.com.br/frete", "CNPJ 00.000.000/0000-00"),
    ("offer-casino-hotel", Bee, Target, "Grand Hotel Casino Lido <soirees@grandhotel-lido.example>", "v.haas@alpmail.example",
        "A night at the Lido: room, dinner, 20 francs in chips", "2025-10-03 10:00:00 +0200", "en", ("Two nights in November",
        "Dear Mr Haas, the "
        "lake is empty and so is the dining room. Stay from Sunday to Tuesday for 189 francs and we add a small welcome at "
        "the tables.",
        "Aged 18 and over, with a passport. Gambling can harm; ask our staff about self-exclusion."), "Reserve a room",
        "https://www.grandhotel-lido.example/november", "Licence B-000, Lido"),
    ("offer-vitamins", Chimp, Finch, "Orchard Health <care@orchardhealth.co.nz>", "t.rangi@kiwimail.example",
        "Winter immunity? Eat a kiwifruit. (Also: 15% off)", "2025-06-02 08:00:00 +1200", "en", ("What vitamin D can and "
        "can't do", "Kia ora Tama, our "
        "pharmacist Ruth read nine studies so that you need not. Short answer: if you work indoors, perhaps; miracles, no.",
        "Her pick is 15% cheaper this week. Always read the label."), "Ruth's pick", "https://orchardhealth.co.nz/ruth",
        "Orchard Health, Nelson"),
    ("offer-dating-weekend", React, Hubble, "Twosome <hi@twosome.dating>", "mel.jay@lonelymail.example",
        "3 people liked you this weekend ❤️", "2025-02-10 18:30:00 +0000", "en", ("Somebody is curious",
        "Hi Mel, three members near Bristol liked your "
        "profile, one of them for the ferret. Free members can see one like a day.", "Never send money to somebody you have "
        "not met."),
        "See who", "https://twosome.dating/likes", "Twosome Ltd, Bath"),
    ("offer-invest-letter", Ancient, Listmonk, "The Patient Shareholder <letter@patientshareholder.com>",
    "reader@thriftmail.example",
        "Why I sold nothing in April", "2025-05-02 06:00:00 +0000", "en", ("Doing nothing, a strategy",
        "Dividends came in at 1,204 dollars. The "
        "portfolio fell nine per cent and rose seven. I did not touch it, mostly because I was painting the fence.",
        "Nothing here is advice. I own what I write about."), "Read the whole letter",
        "https://patientshareholder.com/p/april", "Duluth, Minnesota"),
    ("offer-software-resale", Klyv, Ses, "Schlüsselbrett Software <angebote@schluesselbrett.example>",
    "it@gemeinde-auental.example",
        "Microsoft Office 2024 für Behörden: Staffelpreise", "2025-03-06 09:00:00 +0100", "de", ("Gebrauchte und neue "
        "Lizenzen", "Sehr geehrte Damen und "
        "Herren, Microsoft Office LTSC 2024 ab zehn Stück 189 Euro, Windows Server CALs auf Anfrage, mit Lizenzkette und "
        "Rechnung.",
        "Auditsicher, wir haften dafür."), "Preisliste ansehen", "https://schluesselbrett.example/preise",
        "Schlüsselbrett GmbH, Fulda"),
    ("offer-winter-tyres-it", Mjml, Utm, "Gommista Ferrari <info@gommistaferrari.it>", "d.colombo@padanamail.example",
        "Cambio gomme: prenota entro il 15 novembre", "2025-10-20 09:00:00 +0200", "it", ("È ora delle gomme invernali",
        "Gentile cliente, cambio e "
        "equilibratura a 40 euro fino al 15 novembre, deposito compreso per chi prenota online. Dopo, c'è la coda, come ogni "
        "anno.",
        "No, non siamo quella Ferrari. Magari."), "Prenota", "https://gommistaferrari.it/prenota", "Gommista Ferrari, Lodi"),
    ("offer-sauna-pl", Unlayer, MailPoet, "Termy Bukowe <promocje@termybukowe.pl>", "a.nowicka@wislamail.example",
        "Tylko do piątku: bilet rodzinny -25%", "2025-02-03 08:00:00 +0100", "pl", ("Ferie w termach", "Pani Aniu, do piątku "
        "bilet rodzinny kosztuje 119 zł "
        "zamiast 159 zł. Zjeżdżalnia po remoncie, sauna dla dorosłych od osiemnastej, naleśniki dla wszystkich.",
        "Ręczniki w cenie."),
        "Kup bilet", "https://termybukowe.pl/ferie", "Termy Bukowe, Bukowo"),
    ("offer-carpet-tr", Stripo, PhpList, "Kilim Evi <kampanya@kilimevi.com.tr>", "s.aydin@egeposta.example",
        "Yaz indirimi başladı: %35'e varan fırsatlar", "2025-07-01 09:00:00 +0300", "tr", ("Yaz indirimi",
        "Sevgili Sema Hanım, el dokuma kilimlerde "
        "yüzde otuz beşe varan indirim ağustos sonuna kadar sürüyor. Kargo bizden, beğenmezseniz on dört gün içinde geri "
        "alıyoruz.",
        "Mağazamız pazar günleri de açık."), "Alışverişe başla", "https://kilimevi.com.tr/yaz", "Kilim Evi, İzmir")):
    page = kind(words[0], words[2], lang)
    page.heading(words[0])
    page.text(*words[1:2])
    page.button(label, link)
    page.text(words[2])
    page.small(foot, f'<a href="{{{{unsubscribe}}}}">{LEAVE[lang]}</a>')
    campaign(name, service, frm, to, subject, date, page.html())

letter("offer-outlook-flyer", programs.OUTLOOK, "Carla Blinds & Shutters <carla@carlablinds.example>",
    "Undisclosed <carla@carlablinds.example>",
    "SPRING SALE!!! 25% off all roller blinds", "2025-04-07 13:20:00 +0100", "Dear customer,\n\nSPRING SALE on now until the "
    "end of the month: a "
    "quarter off all roller blinds, fitted, and FREE measuring. Ring Carla on 01632 000000.\n\nThe leaflet is attached. If "
    "you'd rather not hear "
    "from me just write STOP.\n\nCarla\n", attach=[("Spring leaflet.pdf", "application/pdf", attachments.pdf("Spring sale",
    ["25% off"], "Canva"))],
    via="postfix-submission smtp.carlablinds.example dsl-3.example 203.0.113.31 CARLA")

letter("offer-word-menu", programs.OUTLOOK, "Landgasthof Zur Linde <kueche@linde-ilmtal.example>",
    "stammgaeste@linde-ilmtal.example",
    "Gänseessen, nur noch 3 Termine frei!", "2025-10-30 10:10:00 +0100", "Liebe Gäste,\n\nab Martini gibt es Gans mit "
    "Klößen, 32,50 pro Person, nur auf "
    "Vorbestellung. Frei sind noch der 12., 19. und 21. November.\n\nEure Wirtsleute\n", lang="de", charset="iso-8859-1",
    attach=[("Karte.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    attachments.docx(["Gans mit Klößen"]))])

letter("offer-text-only", programs.PERL, "Ninth Street Records <list@ninthstreetrecords.com>", "digger@vinylmail.example",
    "used bins restocked, 40 crates", "2025-08-21 22:00:00 -0500", "Forty crates from the Hadley estate. Mostly hard bop, "
    "some truly awful organ "
    "records, three of those sealed.\n\nEverything $5 Friday, $3 Saturday, $1 Sunday, and on Monday we pay you.\n\nOff the "
    "list: reply with OFF.\n",
    headers=[("Precedence", "bulk"), ("List-Id", "<list.ninthstreetrecords.com>")])
