"""Campaigns of shops: honest discounts, prices, capitals, exclamation marks.  SPDX-License-Identifier: GPL-3.0-or-later"""
from .pages import (Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer)
from .services import (Brevi, Finch, Grid, Klyv as KlyvService, MailPoet, Mautic, Plainly, Rapid, Ses, Target, UtmPhp,
    campaign)


def shelf(page, base, goods, across=3, label="", pictures="jpg"):
    """Rows of products: (slug, name, price, old price)."""
    for at in range(0, len(goods), across):
        page.columns(*(page.product(f"{base[0]}/{slug}.{pictures}", name, price, f"{base[1]}/{slug}", old,
            label) for slug, name, price, old in goods[at:at + across]))
    return page


page = Klyv("30% OFF everything knitted", "Ends Sunday at midnight. Free shipping over £40.", colour=("#ffffff",
    "#ffffff", "#1c1c1c", "#b5002a"), font="Helvetica, Arial, sans-serif")
page.picture("https://d3k81ch9hvuctc.cdnklyv.net/company/Hb2wQe/images/logo.png", "Wool & Whistle",
    "https://www.woolandwhistle.co.uk", width=200)
page.put(page.row([
    '<p style="margin:0;background:#b5002a;color:#ffffff;font-size:13px;letter-spacing:2px;text-align:center;padding:8px;">FREE '
    'UK SHIPPING OVER &pound;40 &nbsp;|&nbsp; FREE RETURNS</p>'], padding=0))
page.picture("https://d3k81ch9hvuctc.cdnklyv.net/company/Hb2wQe/images/aw-sale-hero.jpeg",
    "Autumn sale: 30% off everything knitted", "https://www.woolandwhistle.co.uk/sale")
page.heading("30% OFF EVERYTHING KNITTED!")
page.text(
    "It's cold, it's Thursday, and the mill made too many jumpers. Our loss. Use code <b>KNIT30</b> at the "
    "checkout. The offer ends on <b>Sunday at midnight</b>, and when a size is gone, it's gone.")
page.button("Shop the sale", "https://www.woolandwhistle.co.uk/sale")
shelf(page, ("https://d3k81ch9hvuctc.cdnklyv.net/company/Hb2wQe/images/p",
    "https://www.woolandwhistle.co.uk/products"), [("orkney-crew", "Orkney crew, moss", "£62.30", "£89.00"), (
    "guernsey", "Guernsey, navy", "£76.30", "£109.00"), ("fisher-beanie", "Fisher beanie", "£16.80", "£24.00"), (
    "mitts", "Fingerless mitts", "£19.60", "£28.00"), ("cardigan-tweed", "Donegal cardigan", "£90.30", "£129.00"), (
    "socks3", "Bed socks, three pairs", "£21.00", "£30.00"), ("blanket", "Herringbone blanket", "£83.30", "£119.00"),
    ("snood", "Ribbed snood", "£24.50", "£35.00"), ("vest", "Fair Isle vest", "£55.30", "£79.00")], label="Shop now")
page.text(
    "<b>Reviews</b><br>★★★★★ “I have worn it every day since, including at my own wedding.” – Fiona M.<br>★★★★☆ "
    "“Warm! The dog has stolen it.” – Hamish")
page.social("woolandwhistle", "instagram", "facebook", "pinterest", "tiktok")
page.small(
    "Code KNIT30 is valid until 13 October 2024, 23:59 BST, on knitwear at woolandwhistle.co.uk; not with other "
    "codes and not on gift cards.",
    'No longer want to receive these emails? <a href="{{unsubscribe}}">Unsubscribe</a>.',
    "Wool &amp; Whistle Ltd, Mill Lane, Galashiels TD1 1AA")
campaign("shop-knitwear-sale", KlyvService, "Wool & Whistle <hello@send.woolandwhistle.co.uk>",
    "eilidh@doonanpost.example", "🧶 30% OFF everything knitted (ends Sunday!)", "2024-10-10 16:30:10 +0000",
    page.html(), reply_to="hello@woolandwhistle.co.uk")

page = Mjml("Rentrée : jusqu'à -50 %", "Cartables, trousses et agendas, livraison offerte dès 39 €", "fr", colour=(
    "#eef1f6", "#ffffff", "#202a44", "#e2001a"), width=640)
page.picture("https://static.papeterie-lucien.fr/nl/2025/rentree/bandeau.gif", "La rentrée, c'est maintenant !",
    "https://www.papeterie-lucien.fr/rentree", height=280)
page.heading("Jusqu'à -50 % sur la rentrée !")
page.text("Bonjour Camille,",
    "La liste de fournitures vous attend déjà sur le frigo ? La nôtre est prête : plus de <b>1 200 références</b> à "
    "prix réduit jusqu'au 31 août. Et la livraison est <b>OFFERTE dès 39 € d'achat</b>.")
page.button("J'en profite", "https://www.papeterie-lucien.fr/rentree")
shelf(page, ("https://static.papeterie-lucien.fr/produits/300", "https://www.papeterie-lucien.fr/p"), [(
    "cartable-bleu-41", "Cartable 41 cm, bleu nuit", "34,90 €", "69,90 €"), ("trousse-2c",
    "Trousse deux compartiments", "8,45 €", "12,90 €"), ("agenda-2526", "Agenda 2025-2026, toilé", "9,90 €",
    "14,90 €"), ("lot-cahiers", "Lot de 10 cahiers 96 pages", "11,50 €", "16,50 €"), ("stylo-plume",
    "Stylo plume écolier", "6,95 €", "9,95 €"), ("feutres-24", "24 feutres lavables", "5,40 €", "8,99 €"), ("compas",
    "Compas de précision", "7,20 €", "11,90 €"), ("calculatrice", "Calculatrice collège", "19,90 €", "24,90 €"), (
    "ardoise", "Ardoise blanche et crayons", "4,90 €", "6,90 €"), ("gourde", "Gourde inox 50 cl", "12,90 €",
    "19,90 €"), ("etiquettes", "120 étiquettes personnalisées", "9,99 €", "14,99 €"), ("sac-sport", "Sac de sport",
    "15,90 €", "24,90 €")], across=4)
page.text(
    "<b>Retrait gratuit en 2 h</b> dans nos 14 magasins &nbsp;·&nbsp; <b>Paiement en 3 fois sans frais</b> dès 90 € "
    "&nbsp;·&nbsp; <b>30 jours</b> pour changer d'avis")
page.social("papeterielucien", "facebook", "instagram", "pinterest")
page.small(
    "Offres valables du 18 au 31 août 2025 dans la limite des stocks disponibles. Les prix barrés sont les prix les "
    "plus bas pratiqués au cours des 30 jours précédents. Un crédit vous engage et doit être remboursé.",
    'Ce message est destiné à {{email}}. <a href="{{unsubscribe}}">Se désinscrire</a> | <a '
    'href="{{browser}}">Version en ligne</a> | Papeterie Lucien SAS, RCS Tours 000 000 000')
campaign("shop-rentree", Target, "Papeterie Lucien <bonjour@e.papeterie-lucien.fr>",
    "camille.besnard@courrielpro.example", "Rentrée : jusqu'à -50 % + livraison offerte 🎒",
    "2025-08-18 06:45:00 +0200", page.html())

page = Stripo("Mitternachts-Shopping", "Heute Nacht: 20 % auf alles außer Tiernahrung, wirklich", "de", colour=(
    "#0f1b2d", "#17263d", "#f2f2f2", "#ff7a00"))
page.heading("Heute Nacht 20 % auf ALLES*")
page.text("Hallo Herr Wendlinger,",
    "von 20 Uhr bis 6 Uhr früh gibt es in unserem Online-Shop 20 Prozent auf das ganze Sortiment. Kein "
    "Mindestbestellwert. Einfach den Code <b>EULE20</b> in den Warenkorb legen.")
shelf(page, ("https://cdn.baumarkt-huber.at/img/400", "https://www.baumarkt-huber.at/artikel"), [("akkuschrauber-18v",
    "Akkuschrauber 18 V, 2 Akkus", "€ 103,20", "€ 129,00"), ("laubsauger", "Laubsauger mit Häcksler", "€ 71,92",
    "€ 89,90"), ("leiter-3x9", "Alu-Mehrzweckleiter 3x9", "€ 143,20", "€ 179,00"), ("fliesenkleber",
    "Flexkleber 25 kg", "€ 14,39", "€ 17,99")], across=2, label="In den Warenkorb")
page.button("Jetzt stöbern", "https://www.baumarkt-huber.at/nacht")
page.small(
    "*Ausgenommen Tiernahrung, Gutscheine, Bücher und bereits reduzierte Ware. Nicht mit anderen Aktionen "
    "kombinierbar. Nur online, solange der Vorrat reicht.",
    'Baumarkt Huber GmbH, Gewerbepark 12, 4600 Wels. <a href="{{unsubscribe}}">Newsletter abbestellen</a>')
campaign("shop-baumarkt", Rapid, "Baumarkt Huber <newsletter@news.baumarkt-huber.at>",
    "franz.wendlinger@donaumail.example", "Nur heute Nacht: 20 % auf alles!", "2024-11-15 17:55:00 +0100",
    page.html())

page = React("You left something behind", "Your basket is saved for 48 hours", colour=("#f6f9fc", "#ffffff",
    "#333333", "#111111"))
page.picture("https://cdn.shopfrontcdn.com/s/files/1/0557/2291/files/logo_petalandpine.png", "Petal & Pine",
    "https://petalandpine.com", width=160)
page.heading("You left something behind", 2)
page.text(
    "Hi Marcus, we kept your basket for you. It will wait until Friday, after which somebody else may adopt the fig.")
page.columns(page.img("https://cdn.shopfrontcdn.com/s/files/1/0557/2291/products/ficus-lyrata-m.jpg",
    "Fiddle leaf fig, medium", 180), page.p("<b>Fiddle leaf fig, medium</b><br>Quantity: 1") + page.p("$64.00"))
page.columns(page.img("https://cdn.shopfrontcdn.com/s/files/1/0557/2291/products/pot-terracotta-24.jpg",
    "Terracotta pot 24 cm", 180), page.p("<b>Terracotta pot, 24 cm</b><br>Quantity: 2") + page.p("$36.00"))
page.button("Complete your purchase",
    "https://petalandpine.com/55722910/checkouts/ac/c1-7be1d1f6a2f04e0ab6e4/recover?key=5f1e1d&locale=en-US")
page.text('or <a href="https://petalandpine.com">visit our store</a>')
page.small('If you have any questions, reply to this email. <a href="{{unsubscribe}}">Unsubscribe</a>')
campaign("shop-abandoned-basket", Grid, "Petal & Pine <orders@petalandpine.com>", "marcus.delgado@westpost.example",
    "Your basket is getting lonely", "2025-04-22 19:12:40 +0000", page.html())

page = Bee("Saldi invernali", "Fino al 60% su scarpe e stivali", "it", colour=("#f2f2f2", "#ffffff", "#222222",
    "#c8102e"))
page.picture("https://img.calzaturebertolini.it/news/saldi25.jpg", "SALDI fino al 60%",
    "https://www.calzaturebertolini.it/saldi")
page.heading("SALDI! Fino al 60%")
page.text(
    "Ciao Marta, i saldi sono iniziati anche da noi. Stivali, scarponcini e qualche follia con i tacchi. Spedizione "
    "<b>GRATIS</b> sopra i 49 €, reso entro 30 giorni.")
shelf(page, ("https://img.calzaturebertolini.it/catalogo", "https://www.calzaturebertolini.it/prodotto"), [(
    "chelsea-nero", "Chelsea in pelle nera", "79,00 €", "158,00 €"), ("anfibio-bordeaux", "Anfibio bordeaux",
    "69,60 €", "116,00 €"), ("mocassino-cuoio", "Mocassino cuoio", "54,00 €", "90,00 €"), ("decollete-verde",
    "Décolleté verde bosco", "48,00 €", "120,00 €"), ("sneaker-bianca", "Sneaker bianca", "59,50 €", "85,00 €"), (
    "doposci", "Doposci foderato", "63,00 €", "105,00 €")], label="Acquista")
page.columns(page.h("Negozio di Lucca", 3) + page.p("Via Fillungo 999, lun–sab 9:30–19:30"), page.h(
    "Negozio di Prato", 3) + page.p("Via Mazzini 999, anche domenica pomeriggio"))
page.social("calzaturebertolini", "instagram", "facebook", "whatsapp")
page.small(
    'Hai ricevuto questa e-mail perché sei cliente o iscritta alla newsletter di Calzature Bertolini s.n.c. <a '
    'href="{{unsubscribe}}">Disiscriviti</a>')
campaign("shop-saldi", Brevi, "Calzature Bertolini <info@calzaturebertolini.it>",
    "marta.rinaldi@postaitaliana.example", "SALDI: fino al 60% (e spedizione gratis!)", "2025-01-07 09:31:12 +0100",
    page.html())

page = Dark("Black Friday at Northbeam", "One price, one week, no countdown clock", colour=("#111111", "#181818",
    "#eeeeee", "#f0b400"))
page.heading("BLACK FRIDAY")
page.text(
    "We make four lamps. This week each is a fifth cheaper. There is no countdown clock because we dislike them; "
    "the price goes back up on 2 December when Agnes comes in and changes it.")
shelf(page, ("https://cdn.northbeamlamps.com/img", "https://northbeamlamps.com/lamps"), [("arc", "Arc, floor lamp",
    "$319", "$399"), ("pin", "Pin, desk lamp", "$143", "$179")], across=2, label="Order")
shelf(page, ("https://cdn.northbeamlamps.com/img", "https://northbeamlamps.com/lamps"), [("moth",
    "Moth, ceiling lamp", "$231", "$289"), ("stub", "Stub, bedside lamp", "$79", "$99")], across=2, label="Order")
page.text(
    "Ships from Duluth in two days. Bulbs included, 2700 K. If it does not suit the room, send it back before New "
    "Year.")
page.small('Northbeam Lamps LLC, 999 Superior St, Duluth MN 55802. <a href="{{unsubscribe}}">Unsubscribe instantly</a>')
campaign("shop-black-friday", KlyvService, "Northbeam <light@northbeamlamps.com>", "soren.aas@lakeshoremail.example",
    "Black Friday: four lamps, 20% off, no clock", "2024-11-25 14:00:00 +0000", page.html())

page = Unlayer("Tilbud", "", "nl", colour=("#fff3e0", "#ffffff", "#3e2723", "#ef6c00"))
page.picture("https://beeld.kaashandel-dirk.nl/mail/actie-week12.png", "Actie week 12",
    "https://www.kaashandel-dirk.nl/acties")
page.heading("2 kilo oude kaas voor maar € 19,95!")
page.text("Beste kaasliefhebber,",
    "Deze week snijdt Dirk de oude boerenkaas aan: 18 maanden gerijpt, met van die kristalletjes. Normaal € 27,90 "
    "per twee kilo, nu <b>€ 19,95</b>. Bestel voor donderdag 12.00 uur, dan ligt hij zaterdag op tafel.")
shelf(page, ("https://beeld.kaashandel-dirk.nl/product", "https://www.kaashandel-dirk.nl/kaas"), [("oud-boeren",
    "Oude boerenkaas 2 kg", "€ 19,95", "€ 27,90"), ("geit-jong", "Jonge geitenkaas 500 g", "€ 7,25", "€ 8,95"), (
    "komijn", "Komijnekaas 1 kg", "€ 11,50", "€ 13,90")], label="Bestel")
page.text("Gratis verzending vanaf € 35. Op is op!")
page.small('Kaashandel Dirk, Markt 99, Gouda. U bent klant sinds 2021. <a href="{{unsubscribe}}">Afmelden</a>')
campaign("shop-kaas", Mautic, "Kaashandel Dirk <dirk@kaashandel-dirk.nl>", "p.bosma@thuismail.example",
    "Actie: 2 kilo oude kaas voor maar € 19,95", "2025-03-17 11:00:00 +0100", page.html())

page = Chimp("Members' weekend", "Double points and the good cider", colour=("#f3f6ef", "#ffffff", "#26331f",
    "#5a7d2a"))
page.picture("https://cdn.finchimages.net/77ab01/farmshop-header.jpg", "Hollins Farm Shop",
    "https://www.hollinsfarmshop.com")
page.heading("Members' weekend: DOUBLE POINTS!")
page.text(
    "Hello Bernadette, you have <b>318 points</b>, worth £3.18. Come on Saturday or Sunday and every pound counts "
    "twice.")
page.put(page.row([page.h("Butcher", 3) + page.p("Rolled lamb shoulder £11.50/kg (was £14.20)"), page.h("Cheese", 3) +
    page.p("Buy two, get the cheaper half price"), page.h("Cellar", 3) + page.p(
    "Hollins Dry Cider, 6 for the price of 5")]))
page.text(
    'Show this email or the app at the till. Voucher for a free scone with any hot drink: <b>SCONE-5518-2207</b>, '
    'once per member, until 30 June.')
page.button("See what's in season", "https://www.hollinsfarmshop.com/season")
page.social("hollinsfarmshop", "facebook", "instagram")
page.small('Hollins Farm Shop, A59, Skipton BD23 0XX. Over 18s only for cider. Please drink responsibly.',
    '<a href="{{preferences}}">Preferences</a> | <a href="{{unsubscribe}}">Unsubscribe</a>')
campaign("shop-farm", Finch, "Hollins Farm Shop <members@hollinsfarmshop.com>",
    "Bernadette Ashworth <b.ashworth@dalesmail.example>", "Double points this weekend + a free scone",
    "2025-06-18 10:01:00 +0000", page.html())

page = Ancient("Angebote der Woche", "", "de", colour=("#ffffff", "#ffffff", "#000000", "#cc0000"), font="Arial",
    width=700)
page.heading("Angebote der Woche 7", 1)
for number, name, price in (("10-4471", "Kopierpapier A4, 80 g, 5 x 500 Blatt", "18,90"), ("22-0910",
    "Toner kompatibel, schwarz, 2.600 Seiten", "34,50"), ("31-7702", "Drehstuhl Netzrücken, mit Armlehnen", "129,00"),
    ("40-1203", "Versandkarton 300x215x140, 50 Stück", "41,25"), ("55-8841", "Handdesinfektion 1 l, Pumpspender",
    "6,80")):
    page.put(page.row([page.img(f"http://shop.buerobedarf-stahl.de/bilder/{number}.jpg", name, 90), page.p(
        f"<b>{name}</b><br>Art.-Nr. {number}"), page.p(f"<b>{price} EUR</b> netto")]))
page.text("Preise zzgl. 19 % MwSt., ab 75 EUR Warenwert frei Haus. Nur für gewerbliche Kunden.")
page.small("Bürobedarf Stahl e.K., Inh. Werner Stahl, Am Güterbahnhof 3, 34117 Kassel, Tel. 0561 000000",
    'Kein Interesse mehr? <a href="{{unsubscribe}}">Hier austragen</a>')
campaign("shop-buerobedarf", UtmPhp, "Bürobedarf Stahl <angebote@buerobedarf-stahl.de>",
    "einkauf@ingenieurbuero-thiele.example", "Angebote der Woche 7: Papier 18,90 / Toner 34,50",
    "2025-02-10 08:00:00 +0100", page.html(), charset="iso-8859-1", html_cte="quoted-printable", dkim=None)

page = Mjml("Your birthday treat", "A little something from us", colour=("#fde8ef", "#ffffff", "#4a1530", "#d6246e"))
page.picture("https://images.bloomandbutter.com.au/edm/bday.gif", "Happy birthday!",
    "https://www.bloomandbutter.com.au/birthday")
page.heading("Happy birthday, Talia! 🎂")
page.text(
    "Cake is on us. Well, $15 of it. Your birthday voucher is already in your account and works in every shop and "
    "online until 14 March.")
page.put(page.row([
    '<div style="border:2px dashed '
    '#d6246e;padding:16px;text-align:center;font-family:monospace;font-size:24px;">BDAY-TALIA-7Q2M</div>'],
    align="center"))
page.button("Choose a cake", "https://www.bloomandbutter.com.au/cakes?voucher=BDAY-TALIA-7Q2M")
page.small(
    'Minimum spend $30. One per customer. Bloom &amp; Butter Pty Ltd, ABN 00 000 000 000, 99 Smith St, Collingwood '
    'VIC 3066',
    '<a href="{{unsubscribe}}">Unsubscribe</a> | <a href="{{preferences}}">Update your birthday (we won\'t tell)</a>')
campaign("shop-birthday", Ses, "Bloom & Butter <treats@bloomandbutter.com.au>", "talia.nguyen@yarramail.example",
    "Talia, your birthday treat is inside 🎁", "2026-02-14 20:00:00 +0000", page.html())

page = Bee("Rebajas", "", "es", colour=("#fafafa", "#ffffff", "#1a1a1a", "#00665e"))
page.picture("https://media.muebleselrobledal.es/cabecera.jpg", "Muebles El Robledal",
    "https://www.muebleselrobledal.es")
page.heading("Última semana de rebajas")
page.text(
    "Hasta el domingo 2 de marzo, todo el dormitorio al 40 %. Financiación a 12 meses sin intereses (TAE 0 %) para "
    "compras desde 300 €. Montaje gratuito en la provincia de Burgos.")
shelf(page, ("https://media.muebleselrobledal.es/catalogo", "https://www.muebleselrobledal.es/producto"), [(
    "cama-roble-150", "Cama de roble 150 cm", "419 €", "699 €"), ("mesilla-2c", "Mesilla dos cajones", "89 €",
    "149 €"), ("comoda-6c", "Cómoda seis cajones", "299 €", "499 €"), ("armario-3p", "Armario tres puertas", "659 €",
    "1.099 €")], across=2, label="Ver")
page.text("¿Dudas? Llama al 947 000 000 o pásate por la tienda; el café lo ponemos nosotros.")
page.small('Muebles El Robledal, S.L. · Pol. Ind. Villalonquéjar, Burgos · <a href="{{unsubscribe}}">Darse de baja</a>')
campaign("shop-rebajas", MailPoet, "Muebles El Robledal <tienda@muebleselrobledal.es>",
    "ignacio.sanz@correolibre.example", "Última semana: dormitorios al 40 %", "2025-02-24 10:00:00 +0100",
    page.html())

page = Stripo("Back in stock", "The kettle you wanted", colour=("#ffffff", "#ffffff", "#202020", "#202020"))
page.heading("It's back.")
page.text(
    "You asked us to tell you when the <b>Ember gooseneck kettle, matte white</b> is in stock again. It is. We got "
    "140; the last batch lasted four days.")
page.picture("https://cdn.steepandstir.com/p/ember-white-1200.jpg", "Ember gooseneck kettle",
    "https://www.steepandstir.com/p/ember-white", width=420)
page.button("Buy for €129", "https://www.steepandstir.com/p/ember-white")
page.small('This is a one-off message, because you pressed "Tell me" on 9 August. You are not on any list.')
campaign("shop-back-in-stock", Plainly, "Steep & Stir <shop@steepandstir.com>", "lukas.meier@seepost.example",
    "Back in stock: Ember kettle, matte white", "2025-09-02 12:44:19 +0200", page.html())

page = Mjml("Promoção relâmpago", "Frete grátis para todo o Brasil até meia-noite", "pt", colour=("#fff8e1",
    "#ffffff", "#212121", "#0a7d33"))
page.picture("https://cdn.livrariajacaranda.com.br/mkt/relampago.png", "PROMOÇÃO RELÂMPAGO",
    "https://www.livrariajacaranda.com.br/promo")
page.heading("SÓ HOJE: leve 3, pague 2!")
page.text(
    "Oi, Luciana! Até a meia-noite, na compra de três livros o mais barato sai <b>de graça</b>. E o frete é grátis "
    "acima de R$ 99, para todo o Brasil.")
shelf(page, ("https://cdn.livrariajacaranda.com.br/capas", "https://www.livrariajacaranda.com.br/livro"), [(
    "rio-sem-margem", "Rio sem margem", "R$ 49,90", "R$ 64,90"), ("a-casa-de-vovo", "A casa de vovó", "R$ 39,90",
    "R$ 54,90"), ("contos-do-cerrado", "Contos do cerrado", "R$ 44,90", "R$ 59,90")], label="Comprar")
page.text("Parcele em até 6x sem juros no cartão ou ganhe 5% de desconto no Pix.")
page.social("livrariajacaranda", "instagram", "whatsapp", "youtube")
page.small('Livraria Jacarandá Ltda., CNPJ 00.000.000/0001-00, Rua das Palmeiras, 999, Belo Horizonte, MG',
    'Não quer mais receber? <a href="{{unsubscribe}}">Descadastre-se aqui</a>.')
campaign("shop-livraria", Grid, "Livraria Jacarandá <ofertas@livrariajacaranda.com.br>",
    "luciana.prado@caixapostal.example", "⚡ SÓ HOJE: leve 3, pague 2 + frete grátis", "2025-05-28 12:00:00 -0300",
    page.html(), charset="utf-8")

page = Klyv("Restposten", "", "de", colour=("#ffffff", "#fafafa", "#333333", "#006d77"))
page.heading("Räder müssen raus")
page.text(
    "Servus Toni, im Lager stehen noch 23 Vorjahresräder, und in drei Wochen kommt der Container. Du kannst "
    "rechnen, wir auch.")
shelf(page, ("https://shop.radlwerkstatt-inn.de/media/rad", "https://shop.radlwerkstatt-inn.de/rad"), [("gravel-56",
    "Gravel Innufer, Rahmen 56", "1.699 €", "2.399 €"), ("trekking-d", "Trekking Tiefeinsteiger", "749 €", "1.099 €"),
    ("kinder-24", "Kinderrad 24 Zoll", "329 €", "449 €")])
page.text("Probefahrt jederzeit, Inspektion nach 300 km inklusive. Leasing über den Arbeitgeber geht auch.")
page.button("Alle 23 anschauen", "https://shop.radlwerkstatt-inn.de/restposten")
page.small('Radlwerkstatt am Inn, Kufsteiner Str. 99, 83022 Rosenheim. <a href="{{unsubscribe}}">Abmelden</a>')
campaign("shop-raeder", Brevi, "Radlwerkstatt am Inn <post@radlwerkstatt-inn.de>", "anton.huber@alpenpost.example",
    "23 Räder müssen raus", "2026-01-29 18:10:00 +0100", page.html())

# the shop's own software, Shopware-like: plain and HTML typed by the shop keeper
campaign("shop-tea-owner", UtmPhp, "Teekontor Lütt <moin@teekontor-luett.de>", "g.brandt@foerdepost.example",
    "Neue Ernte aus Darjeeling: first flush ist da!", "2025-04-29 14:22:00 +0200", '''<p>Moin Frau Brandt,</p><p>die \
ersten Kisten vom <strong>First Flush</strong> sind heute aus Hamburg gekommen. Ich habe sie um elf aufgemacht und \
um zwölf den halben Laden zum Probieren gezwungen.</p>
<table border="0" cellpadding="4"><tr><td>Puttabong Moondrops</td><td \
align="right">14,90&nbsp;&euro;/100&nbsp;g</td></tr><tr><td>Jungpana Upper</td><td \
align="right">16,50&nbsp;&euro;/100&nbsp;g</td></tr><tr><td>Lingia Hausmischung</td><td \
align="right">9,80&nbsp;&euro;/100&nbsp;g</td></tr></table>
<p>Bis Sonntag gibt es <span style="color:#ff0000;font-size:18px"><b>10&nbsp;%</b></span> mit dem Code \
<b>FLUSH25</b>.</p><p><a href="https://www.teekontor-luett.de/darjeeling">Hier geht es zum Tee</a></p><p>Herzlich \
aus Kiel<br>Ihre Wiebke Lütt</p>
<p style="font-size:10px">Teekontor Lütt, Holstenstr. 999, 24103 Kiel. <a href="{{unsubscribe}}">Newsletter \
abmelden</a></p>''', text="""Moin Frau Brandt,

die ersten Kisten vom First Flush sind heute aus Hamburg gekommen.

  Puttabong Moondrops    14,90 EUR/100 g
  Jungpana Upper         16,50 EUR/100 g
  Lingia Hausmischung     9,80 EUR/100 g

Bis Sonntag 10 % mit dem Code FLUSH25: https://www.teekontor-luett.de/darjeeling

Herzlich aus Kiel
Ihre Wiebke Lütt

Abmelden: {{unsubscribe}}
""")

page = Unlayer("Price drop alert", "", colour=("#f0f2f5", "#ffffff", "#1c1e21", "#1877a2"))
page.heading("3 items on your watch list are cheaper", 2)
for name, was, now, less in (("Carbon monoxide alarm, 10-year battery", "$34.99", "$27.99", "20%"), (
    "Folding hand truck, 150 lb", "$79.00", "$61.50", "22%"), ("Rain barrel diverter kit", "$44.95", "$39.95", "11%")):
    page.columns(page.p(f"<b>{name}</b><br>{less} less than when you saved it"), page.p(
        f'<s>{was}</s> <b style="color:#1877a2">{now}</b>') + page.btn("View", "https://www.toolbarnoutlet.com/item/" +
        name.split(",")[0].lower().replace(" ", "-")))
page.text("Prices and availability can change; we checked at 4:10 AM Central.")
page.small(
    '<a href="https://www.toolbarnoutlet.com/account/watchlist">Edit your watch list</a> &middot; <a '
    'href="{{unsubscribe}}">Turn off price alerts</a>', "Tool Barn Outlet Inc., 9999 Prairie Ave, Omaha, NE 68102")
campaign("shop-price-drop", Ses, "Tool Barn Outlet <alerts@toolbarnoutlet.com>", "d.kowalczyk@plainsmail.example",
    "Price drop: 3 items on your watch list", "2025-07-08 10:22:31 +0000", page.html())

page = Chimp("Letzte Chance Weihnachten", "Bestellen bis 19. Dezember, 12 Uhr", "de", colour=("#10331f", "#ffffff",
    "#10331f", "#a6192e"))
page.heading("Letzte Chance: Lieferung bis Heiligabend!")
page.text(
    "Wer bis <b>Donnerstag, 19. Dezember, 12:00 Uhr</b> bestellt, hat das Päckchen am 24. auf dem Tisch. Danach "
    "hilft nur noch der Gutschein zum Ausdrucken.")
shelf(page, ("https://cdn.finchimages.net/ab77cd/x", "https://www.spielwaren-kobold.ch/artikel"), [("holzbahn",
    "Holzeisenbahn, 42 Teile", "CHF 59.90", ""), ("kasperli", "Kasperlitheater", "CHF 129.00", ""), ("baukran",
    "Baukran mit Kurbel", "CHF 84.50", "CHF 98.00")])
page.button("Geschenke finden", "https://www.spielwaren-kobold.ch/weihnachten")
page.button("Gutschein ausdrucken", "https://www.spielwaren-kobold.ch/gutschein")
page.small(
    'Spielwaren Kobold AG, Marktgasse 99, 3011 Bern. <a href="{{unsubscribe}}">Abmelden</a> | <a '
    'href="{{preferences}}">Profil ändern</a>')
campaign("shop-weihnachten", Finch, "Spielwaren Kobold <post@spielwaren-kobold.ch>", "r.aebischer@aaremail.example",
    "Letzte Chance: Lieferung bis Heiligabend 🎄", "2024-12-17 07:30:00 +0100", page.html())
