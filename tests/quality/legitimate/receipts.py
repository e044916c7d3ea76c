"""Receipts, invoices, orders, parcels, tickets, bookings, invitations.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import (attachments, programs)
from .mails import (letter)
from .pages import (Dark, React, Stripo)
from .services import (Brevi, SesNotice, Target, campaign)


def woo(heading, colour, body, footer):
    """The frame of WooCommerce's mails."""
    return f'''<!DOCTYPE html>
<html lang="en-US">
	<head>
		<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
		<meta content="width=device-width, initial-scale=1.0" name="viewport">
		<title>{footer}</title>
	</head>
	<body leftmargin="0" marginwidth="0" topmargin="0" marginheight="0" offset="0" style="background-color: #f7f7f7; \
padding: 0; text-align: center;" bgcolor="#f7f7f7">
		<table width="100%" id="outer_wrapper" style="background-color: #f7f7f7;" bgcolor="#f7f7f7">
			<tr>
				<td><!-- Deliberately empty to support consistent sizing and layout across multiple email clients. --></td>
				<td width="600">
					<div id="wrapper" dir="ltr" style="margin: 0 auto; padding: 70px 0; width: 100%; max-width: 600px; \
-webkit-text-size-adjust: none;">
						<table border="0" cellpadding="0" cellspacing="0" height="100%" width="100%">
							<tr><td align="center" valign="top">
								<table border="0" cellpadding="0" cellspacing="0" width="100%" id="template_container" \
style="background-color: #fff; border: 1px solid #dedede; box-shadow: 0 1px 4px rgba(0,0,0,.1); border-radius: 3px;" \
bgcolor="#fff">
									<tr><td align="center" valign="top">
										<table border="0" cellpadding="0" cellspacing="0" width="100%" id="template_header" \
style='background-color: {colour}; color: #fff; border-bottom: 0; font-weight: bold; line-height: 100%; \
vertical-align: middle; font-family: "Helvetica Neue", Helvetica, Roboto, Arial, sans-serif; border-radius: 3px 3px \
0 0;' bgcolor="{colour}">
											<tr><td id="header_wrapper" style="padding: 36px 48px; display: block;"><h1 style='font-size: 30px; \
font-weight: 300; line-height: 150%; margin: 0; text-align: left; color: #fff; background-color: \
inherit;'>{heading}</h1></td></tr>
										</table>
									</td></tr>
									<tr><td align="center" valign="top">
										<table border="0" cellpadding="0" cellspacing="0" width="100%" id="template_body"><tr><td valign="top" \
id="body_content" style="background-color: #fff;" bgcolor="#fff">
											<table border="0" cellpadding="20" cellspacing="0" width="100%"><tr><td valign="top" \
id="body_content_inner_cell" style="padding: 48px 48px 32px;">
												<div id="body_content_inner" style='color: #636363; font-family: "Helvetica Neue", Helvetica, Roboto, \
Arial, sans-serif; font-size: 14px; line-height: 150%; text-align: left;'>
{body}
												</div>
											</td></tr></table>
										</td></tr></table>
									</td></tr>
								</table>
							</td></tr>
							<tr><td align="center" valign="top"><table border="0" cellpadding="10" cellspacing="0" width="100%" \
id="template_footer"><tr><td colspan="2" valign="middle" id="credit" style='border: 0; color: #8a8a8a; font-size: \
12px; line-height: 150%; text-align: center; padding: 24px 0;'><p>{footer}</p></td></tr></table></td></tr>
						</table>
					</div>
				</td>
				<td><!-- Deliberately empty to support consistent sizing and layout across multiple email clients. --></td>
			</tr>
		</table>
	</body>
</html>
'''


def goods(rows, total):
    """An order as a table of td.td cells."""
    style = "style='color: #636363; border: 1px solid #e5e5e5; padding: 12px; text-align: left; vertical-align: middle;'"
    lines = "".join(
        f"<tr class=\"order_item\"><td class=\"td\" {style}>{what}</td><td class=\"td\" {style}>{count}</td><td "
        f"class=\"td\" {style}>{price}</td></tr>\n" for what, count, price in rows)
    return f"<table class=\"td\" cellspacing=\"0\" cellpadding=\"6\" border=\"1\" style=\"border: 1px solid #e5e5e5; width: 100%;\">{lines}" + "".join(
        f"<tr><th class=\"td\" scope=\"row\" colspan=\"2\" {style}>{label}</th><td class=\"td\" "
        f"{style}>{price}</td></tr>" for label, price in total) + "</table>\n"


letter("receipt-woo-order", programs.PHPMAILER, "Moss & Kiln Pottery <shop@mossandkiln.com>",
    "harriet.dunmore@valleypost.example", "Your Moss & Kiln Pottery order has been received!",
    "2025-02-11 20:14:09 +0000", html=woo("Thank you for your order", "#7f54b3",
    "<p>Hi Harriet,</p><p>Just to let you know &mdash; we've received your order #20418, and it is now being "
    "processed:</p>" "<h2>[Order #20418] (February 11, 2025)</h2>" + goods([("Breakfast bowl, oatmeal glaze (#BB-02)",
    "2", "&pound;44.00"), ("Egg cup (#EC-11)", "4", "&pound;36.00")], [("Subtotal:", "&pound;80.00"), ("Shipping:",
    "&pound;5.95 via Royal Post 48"), ("Payment method:", "Credit card"), ("Total:", "&pound;85.95")]) +
    "<h2>Billing address</h2><address>Harriet Dunmore<br/>14 Mill Race<br/>Hebden Bridge<br/>HX7 0AA<br/><a "
    "href=\"tel:07700900000\">07700 900000</a></address><p>Thanks for using mossandkiln.com!</p>",
    "Moss &amp; Kiln Pottery &mdash; Built with <a href=\"https://woocommerce.com\">WooCommerce</a>"),
    via="exim-local web07.hostgarden.net localhost 127.0.0.1 mossandkiln", dkim="default",
    reply_to="Moss & Kiln Pottery <shop@mossandkiln.com>", envelope="mossandkiln@web07.hostgarden.net")

letter("receipt-woo-admin", programs.PHPMAILER, "Honigmanufaktur Rhön <wordpress@honig-rhoen.de>",
    "bestellung@honig-rhoen.de", "[Honigmanufaktur Rhön]: Neue Bestellung #1187", "2024-12-03 22:41:55 +0100",
    html=woo("Neue Bestellung: #1187", "#c58b00",
    "<p>Du hast die folgende Bestellung von Karl-Heinz Dörfler erhalten:</p><h2><a class=\"link\" "
    "href=\"https://www.honig-rhoen.de/wp-admin/post.php?post=1187&amp;action=edit\">[Bestellung #1187]</a> (3. "
    "Dezember 2024)</h2>" + goods([("Waldhonig 500 g", "6", "47,40&nbsp;&euro;"), ("Bienenwachskerze, klein", "3",
    "11,70&nbsp;&euro;")], [("Zwischensumme:", "59,10&nbsp;&euro;"), ("Lieferung:", "Kostenlose Lieferung"), (
    "Zahlungsmethode:", "Überweisung"), ("Gesamt:", "59,10&nbsp;&euro;")]) +
    "<p>Herzlichen Glückwunsch zum Verkauf!</p>", "Honigmanufaktur Rhön"), via="postfix-local vps4471.serverhaus.de "
    "localhost", without=("X-Mailer",), reply_to="Karl-Heinz Dörfler <kh.doerfler@rhoenmail.example>")

page = React("Your receipt", "Receipt #1841-2291", colour=("#f6f9fc", "#ffffff", "#414552", "#625afa"))
page.picture("https://files.payhall.com/links/MDB8YWNjdF8xS/logo.png", "Glyphworks", "https://glyphworks.app", width=48)
page.heading("Receipt from Glyphworks, Inc.", 2)
page.text("$24.00", "Paid March 1, 2025")
page.columns(page.p(
    '<a href="https://pay.payhall.com/invoice/acct_1Kq/live_YWNjdF8xS0/pdf?s=em">Download invoice</a>'), page.p(
    '<a href="https://dashboard.payhall.com/receipts/invoices/CAcQARoXChVhY2N0?s=em">Download receipt</a>'))
page.put(page.row([
    '<table width="100%" style="font-size:14px;color:#414552"><tr><td>Receipt number</td><td '
    'align="right">1841-2291</td></tr><tr><td>Invoice number</td><td '
    'align="right">9F04E1B7-0014</td></tr><tr><td>Payment method</td><td align="right">Visa - 4242</td></tr><tr><td '
    'colspan="2"><hr></td></tr><tr><td>Pro plan (Mar 1 – Apr 1, 2025)<br>Qty 2</td><td '
    'align="right">$24.00</td></tr><tr><td><b>Amount paid</b></td><td align="right"><b>$24.00</b></td></tr></table>']))
page.text(
    'Questions? Visit our support site at <a href="https://help.glyphworks.app/">help.glyphworks.app</a> or contact '
    'us at <a href="mailto:billing@glyphworks.app">billing@glyphworks.app</a>.')
page.small(
    "Powered by payhall | You're receiving this email because you made a purchase at Glyphworks, Inc., which "
    "partners with Payhall to provide invoicing and payment processing.")
campaign("receipt-subscription", SesNotice, "Glyphworks, Inc. <receipts+acct_1Kq7@payhall.com>",
    "accounts@papertrail-studio.example", "Your receipt from Glyphworks, Inc. #1841-2291",
    "2025-03-01 09:10:11 +0000", page.html(), reply_to="Glyphworks, Inc. <billing@glyphworks.app>", attach=[(
    "Invoice-9F04E1B7-0014.pdf", "application/pdf", attachments.pdf("Invoice", ["Invoice number 9F04E1B7-0014",
    "Date due March 1, 2025", "Pro plan, Qty 2   $24.00", "Amount due   $0.00"], "Payhall")), (
    "Receipt-1841-2291.pdf", "application/pdf", attachments.pdf("Receipt", ["Receipt number 1841-2291",
    "$24.00 paid on March 1, 2025"], "Payhall"))])

letter("receipt-rechnung-handwerker", programs.OUTLOOK, "Elektro Sonnleitner <rechnung@elektro-sonnleitner.de>",
    "Ulrike Prantl <u.prantl@isarpost.example>", "Rechnung RE-2025-0312 Wallbox", "2025-05-06 16:48:12 +0200", """Sehr geehrte Frau Prantl,

anbei erhalten Sie unsere Rechnung RE-2025-0312 über die Montage der Wallbox vom 24. April. Bitte überweisen Sie den \
Betrag von 1.284,60 EUR innerhalb von 14 Tagen auf unser unten genanntes Konto.

Das Prüfprotokoll liegt ebenfalls bei, das brauchen Sie für den Netzbetreiber.

Mit freundlichen Grüßen
""", sign="Martin Sonnleitner\nElektromeister\n\nElektro Sonnleitner GmbH\nIndustriestr. 8, 84028 Landshut\nTel. "
    "0871 000000\nSparkasse Landshut, IBAN DE00 0000 0000 0000 0000 00\nAmtsgericht Landshut HRB 00000", lang="de",
    charset="iso-8859-1", attach=[("RE-2025-0312.pdf", "application/pdf", attachments.pdf("Rechnung RE-2025-0312", [
    "Elektro Sonnleitner GmbH", "Rechnung RE-2025-0312", "Montage Wallbox 11 kW, Zuleitung 14 m    1.079,50",
    "MwSt. 19 %    205,10", "Summe    1.284,60 EUR"], "Microsoft: Print To PDF")), ("Prüfprotokoll.pdf",
    "application/pdf", attachments.pdf("Prüfprotokoll", ["DIN VDE 0100-600", "Isolationswiderstand > 500 MOhm",
    "RCD ausgelöst bei 22 mA, 18 ms"]))], via="postfix-submission mail.elektro-sonnleitner.de "
    "p54a1.dip.netz.example 203.0.113.77 ELEKTRO-PC2")

letter("receipt-odoo-invoice", programs.ODOO, "\"Van Loon Techniek\" <facturen@vanloontechniek.nl>",
    "\"Bakkerij Ter Horst\" <administratie@bakkerij-terhorst.example>",
    "Van Loon Techniek Factuur (Ref INV/2025/00147)", "2025-03-31 07:02:44 +0000", """Beste Bakkerij Ter Horst,

Hierbij ontvangt u factuur INV/2025/00147 met een bedrag van € 386,12 van Van Loon Techniek. Gelieve zo snel \
mogelijk te betalen op rekening NL00 BANK 0000 0000 00.

Aarzel niet om contact met ons op te nemen als u vragen hebt.
""", '''<div style="margin: 0px; padding: 0px;"><p style="margin: 0px; padding: 0px; font-size: 13px;">Beste \
Bakkerij Ter Horst,<br><br>Hierbij ontvangt u factuur <span style="font-weight:bold;">INV/2025/00147</span> met een \
bedrag van <span style="font-weight:bold;">€&nbsp;386,12</span> van Van Loon Techniek. Gelieve zo snel mogelijk te \
betalen op rekening NL00 BANK 0000 0000 00.<br><br>Aarzel niet om contact met ons op te nemen als u vragen \
hebt.</p></div>
<table border="0" width="100%" cellpadding="0" bgcolor="#ededed" style="padding: 20px; background-color: \
#ededed"><tbody><tr><td align="center" style="min-width: 590px;"><a \
href="https://vanloontechniek.odoo-host.nl/mail/view?model=account.move&amp;res_id=2147&amp;access_token=7f0c21de-6a54-4c44-8a9c-1f5d7ad20c1b" \
style="background-color: #875A7B; padding: 8px 16px; text-decoration: none; color: #fff; border-radius: \
5px;">Factuur bekijken</a></td></tr></tbody></table>
<p style="color: #555555; font-size:11px;">Aangeboden door <a \
href="https://www.odoo.com?utm_source=db&amp;utm_medium=email" style="color: #875A7B;">Odoo</a></p>''', attach=[(
    "INV_2025_00147.pdf", "application/pdf", attachments.pdf("INV/2025/00147", ["Van Loon Techniek B.V.",
    "Onderhoud oven 2    319,11", "BTW 21%    67,01", "Totaal    386,12"], "wkhtmltopdf 0.12.6"))], headers=[(
    "X-Odoo-Objects", "account.move-2147")], envelope="bounce+7121-account.move-2147@vanloontechniek.nl",
    via="postfix-local odoo3.hostinc.nl localhost", dkim="odoo", reply_to="\"Van Loon Techniek\" "
    "<facturen@vanloontechniek.nl>")

letter("receipt-sap-purchase-order", programs.SAP, "SAP Purchasing <noreply-po@kelmont-industries.com>",
    "sales@brackenfasteners.example", "Kelmont Industries: Purchase order 4500318827", "2025-06-17 04:30:08 +0000", """Dear supplier,

please find attached our purchase order 4500318827 dated 17.06.2025.
Please confirm price and delivery date within 2 working days to the
purchaser named in the order. This mailbox is not read.

Kelmont Industries SE
Central Purchasing
""", attach=[("PO_4500318827.PDF", "application/pdf", attachments.pdf("PO 4500318827", [
    "Item 00010  Material 71-33810  Hex bolt M12x60 A4", "Quantity 4,000 PC   Net 0.318 EUR/PC",
    "Delivery date 08.07.2025"], "SAP NetWeaver 757"))], via="postfix-lan smtpout.kelmont-industries.com unknown "
    "10.31.7.20 sapp01", dkim="s2048")

page = Stripo("Deine Bestellung ist unterwegs", "Sendungsnummer 00340434000000000000", "de", colour=("#f1f1f1",
    "#ffffff", "#222222", "#005b4f"))
page.heading("Dein Paket ist unterwegs 📦", 2)
page.text("Hallo Jasmin,",
    "wir haben deine Bestellung <b>B-884120</b> heute an den Paketdienst übergeben. Voraussichtliche Zustellung: "
    "<b>Donnerstag, 20. März, zwischen 11:00 und 14:00 Uhr</b>.")
page.button("Sendung verfolgen", "https://tracking.paketlaeufer.de/?piececode=00340434000000000000&lang=de")
page.columns(page.p("<b>Lieferadresse</b><br>Jasmin Yıldız<br>Kantstr. 999<br>04275 Leipzig"), page.p(
    "<b>Inhalt</b><br>1 x Wanderrucksack 28 l, petrol<br>1 x Regenhülle"))
page.text("Niemand zu Hause? Du kannst einen Nachbarn oder einen Ablageort angeben, bis das Paket im Wagen liegt.")
page.small(
    "Bergzeit & Tal GmbH, Lipsiusstr. 9, 04317 Leipzig. Diese Nachricht gehört zu deiner Bestellung und lässt sich "
    "nicht abbestellen.")
campaign("receipt-versand", Brevi, "Bergzeit & Tal <service@bergzeitundtal.de>",
    "Jasmin Yıldız <jasmin.y@pleissepost.example>", "Deine Bestellung B-884120 ist unterwegs",
    "2025-03-18 18:33:29 +0100", page.html(), without=("List-Unsubscribe", "List-Unsubscribe-Post"))

letter("receipt-parcel-plain", programs.JAVA, "Paketläufer Benachrichtigung <noreply@paketlaeufer.de>",
    "h.osterloh@weserpost.example", "Ihr Paket liegt in der Filiale bereit", "2024-08-29 13:05:17 +0200", """Guten Tag,

Ihre Sendung 00340434111111111111 konnte heute nicht zugestellt werden und liegt
ab morgen, 10:00 Uhr, für Sie bereit:

  Kiosk am Deich
  Deichstr. 999
  27568 Bremerhaven
  Mo-Fr 7-18, Sa 8-13 Uhr

Bitte bringen Sie Ihren Ausweis mit. Die Sendung wird 7 Werktage aufbewahrt und
geht danach an den Absender zurück.

Sendung verfolgen: https://tracking.paketlaeufer.de/?piececode=00340434111111111111

Ihr Paketläufer
Bitte antworten Sie nicht auf diese E-Mail.
""", charset="UTF-8", dkim="plx2024", via="postfix-lan mx-out3.paketlaeufer.de unknown 10.9.2.41 notify-7",
    envelope="bounce-notify@paketlaeufer.de")

page = Dark("Your trip", "Boarding from 14:10", colour=("#eaf0f6", "#ffffff", "#0a2540", "#ce0037"))
page.heading("You're checked in, Ms Ferreira", 2)
page.put(page.row([
    '<table width="100%" style="font-family:Arial;color:#0a2540"><tr><td style="font-size:36px"><b>LIS</b></td><td '
    'align="center">✈<br><small>2 h 55</small></td><td style="font-size:36px" '
    'align="right"><b>AMS</b></td></tr><tr><td>14:40<br>Terminal 1</td><td align="center">NX 418<br>Sat 9 Nov '
    '2024</td><td align="right">18:35</td></tr></table>']))
page.columns(page.p("<b>Seat</b><br>17C"), page.p("<b>Group</b><br>3"), page.p("<b>Booking</b><br>QH7KX2"))
page.text(
    "Your boarding pass is attached. Be at the gate by 14:20; it closes without mercy. One cabin bag and one small "
    "item are included.")
page.button("Manage booking", "https://www.nordexair.com/manage?ref=QH7KX2&name=FERREIRA")
page.small("Nordex Air A/S, Kastrup. Lithium batteries belong in the cabin bag.")
campaign("receipt-boarding-pass", Target, "Nordex Air <boarding@e.nordexair.com>",
    "Ana Ferreira <ana.ferreira@tejomail.example>", "Your boarding pass to Amsterdam, 9 Nov",
    "2024-11-08 14:41:00 +0000", page.html(), without=("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"),
    attach=[("BoardingPass_QH7KX2.pdf", "application/pdf", attachments.pdf("Boarding pass", ["FERREIRA/ANA MS",
    "LIS AMS NX418 09NOV SEAT 17C"], "iText 7.2"))])

letter("receipt-train-ticket", programs.JAVA, "Bahnladen <tickets@bahnladen.de>", "philipp.rauch@leinepost.example",
    "Ihre Fahrkarte Hannover - Kiel, Auftrag 7XK4MQ", "2025-07-10 21:15:40 +0200", """Guten Tag Herr Rauch,

vielen Dank für Ihre Buchung. Ihre Fahrkarte finden Sie im Anhang. Sie gilt nur
zusammen mit einem Lichtbildausweis.

Auftragsnummer:  7XK4MQ
Hinfahrt:        12.07.2025, 08:26 ab Hannover Hbf, Gleis 8
                 10:52 an Kiel Hbf
Reservierung:    Wagen 5, Platz 61, Fenster
Preis:           27,90 EUR

Verspätungen zeigt https://www.bahnladen.de/reise/7XK4MQ

Gute Fahrt wünscht
Ihr Bahnladen
""", '''<html><body style="font-family:Arial,sans-serif;font-size:14px"><table width="600" cellspacing="0" \
cellpadding="12" style="border:1px solid #ccc"><tr><td \
style="background:#ec0016;color:#fff;font-size:20px">Bahnladen</td></tr><tr><td><p>Guten Tag Herr \
Rauch,</p><p>vielen Dank für Ihre Buchung. Ihre Fahrkarte finden Sie im Anhang. Sie gilt nur zusammen mit einem \
Lichtbildausweis.</p>
<table border="0" cellpadding="3"><tr><td>Auftragsnummer</td><td><b>7XK4MQ</b></td></tr><tr><td>Hinfahrt</td><td>12.07.2025, \
08:26 ab Hannover Hbf, Gleis 8<br>10:52 an Kiel Hbf</td></tr><tr><td>Reservierung</td><td>Wagen 5, Platz 61, \
Fenster</td></tr><tr><td>Preis</td><td>27,90&nbsp;EUR</td></tr></table>
<p>Verspätungen zeigt <a href="https://www.bahnladen.de/reise/7XK4MQ">Ihre Reiseseite</a>.</p><p>Gute Fahrt \
wünscht<br>Ihr Bahnladen</p></td></tr></table></body></html>''', attach=[("7XK4MQ.pdf", "application/pdf",
    attachments.pdf("Online-Ticket", ["Sparpreis, 2. Klasse", "Hannover - Kiel 12.07.2025", "Philipp Rauch"])), (
    "7XK4MQ.ics", "text/calendar", attachments.event("7XK4MQ@bahnladen.de", "20250712T082600", "20250712T105200",
    "Zugfahrt Hannover - Kiel", ("Bahnladen", "tickets@bahnladen.de"), [], "PUBLISH", "Hannover Hbf, Gleis 8",
    product="-//Bahnladen//Reise//DE").encode())], dkim="bl1", via="postfix-lan out2.bahnladen.de unknown 10.1.1.9 "
    "order-api-3")

letter("receipt-concert", programs.SYMFONY, "Ticketbude <bestellung@ticketbude-mainz.de>",
    "Noemi Lauer <noemi.lauer@rheinmail.example>", "Deine Tickets: Quartett Ostwind, 14.11.",
    "2025-10-02 12:09:33 +0200", """Hallo Noemi,

danke für deinen Einkauf! Zwei Karten für das Quartett Ostwind am 14. November um 20 Uhr im Unterhaus hängen an \
dieser Mail. Ausdrucken oder am Einlass auf dem Telefon zeigen, beides geht.

Einlass ist ab 19:15 Uhr. Die Garderobe kostet 1,50 Euro.

Bestellnummer 55-1290, 2 x 22,00 Euro, bezahlt mit Karte.

Viel Vergnügen!
Deine Ticketbude
""", attach=[("Tickets-55-1290.pdf", "application/pdf", attachments.pdf("Tickets", ["Quartett Ostwind",
    "14.11.2025 20:00 Unterhaus Mainz", "Reihe 4 Platz 7 und 8"], "dompdf 2.0.4")), ("wallet.pkpass",
    "application/vnd.apple.pkpass", attachments.archive([("pass.json",
    b'{"formatVersion":1,"serialNumber":"55-1290"}'), ("manifest.json", b"{}")]))], dkim="tb",
    via="postfix-submission smtp.ticketbude-mainz.de app1.ticketbude-mainz.de 198.51.100.8")

letter("receipt-hotel", programs.DOTNET, "Hotel Zur Linde <reservierung@linde-badtoelz.de>",
    "c.moreau@parisposte.example", "Booking confirmation 55120 / Buchungsbestätigung", "2025-08-05 10:20:30 +0200",
    html='''<html><body><font face="Calibri"><p>Dear Mrs Moreau,</p><p>thank you for your reservation. We \
confirm:</p><table border=1 cellpadding=5><tr><td>Arrival / Anreise</td><td>Fri 22.08.2025, from 3 \
pm</td></tr><tr><td>Departure / Abreise</td><td>Mon 25.08.2025, until 11 am</td></tr><tr><td>Room / \
Zimmer</td><td>Double with balcony, 3 nights, breakfast included</td></tr><tr><td>Price / Preis</td><td>EUR 462,00 \
plus visitor's tax EUR 2,80 p.p. and night</td></tr></table>
<p>You may cancel free of charge until 8 August. Your credit card (**** 1881) is only a guarantee and has not been \
charged.</p><p>Parking is behind the house. The key is in the box if you come after 10 pm; the code is sent to you \
on the day of arrival.</p><p>We look forward to seeing you.<br>Fam. Steinberger</p></font></body></html>''',
    via="postfix-lan mail.linde-badtoelz.de unknown 192.168.20.5 FRONTDESK01", reply_to="Hotel Zur Linde <info@linde-badtoelz.de>")

letter("receipt-restaurant", programs.NODE, "Table Mate <reservations@tablemate.io>",
    "grace.oyelaran@brightmail.example", "You're booked at Osteria Fosca, Sat 7 June 19:45",
    "2025-06-03 11:54:20 +0000",
    "Hi Grace,\n\nYour table for 4 at Osteria Fosca is confirmed for Saturday 7 June at 19:45.\n\nNeed to change "
    "it? https://tablemate.io/r/7bKq2x\n\nA note from the restaurant: we hold tables for 15 minutes. Please tell us "
    "about allergies when you arrive.\n\nTable Mate\n",
    '''<div style="background:#faf7f2;padding:24px;font-family:'DM Sans',Arial"><div '''
    '''style="max-width:480px;margin:auto;background:#fff;border-radius:12px;padding:24px"><h2 '''
    '''style="margin-top:0">You're booked!</h2><p><strong>Osteria Fosca</strong><br>Saturday 7 June, '''
    '''19:45<br>Table for 4, terrace</p><p><a href="https://tablemate.io/r/7bKq2x" '''
    '''style="background:#2d2a26;color:#fff;padding:12px 20px;border-radius:8px;text-decoration:none">Change or '''
    '''cancel</a></p><p style="color:#777">A note from the restaurant: we hold tables for 15 minutes. Please tell '''
    '''us about allergies when you arrive.</p></div></div>''', calendar=(attachments.event("7bKq2x@tablemate.io",
    "20250607T194500", "20250607T214500", "Osteria Fosca, table for 4", ("Table Mate", "reservations@tablemate.io"),
    [("Grace Oyelaran", "grace.oyelaran@brightmail.example")], "PUBLISH", "9 Quay Street", zone="Europe/London",
    product="-//Table Mate//EN"), "PUBLISH"), dkim="tm", via="haraka mta1.tablemate.io api-7f9 10.0.3.14")

letter("invite-outlook", programs.EXCHANGE, "Beatrix Hollander <b.hollander@vesterdahl-pharma.com>",
    "Oscar Nyqvist <o.nyqvist@vesterdahl-pharma.com>, \"Ruiz, Elena\" <elena.ruiz@cromlabs.example>",
    "Protocol review, batch 17", "2025-01-20 08:31:50 +0000",
    "Dear both,\n\nsame room as last time. Elena, you can join by the link below; please have the stability data at "
    "hand.\n\nhttps://meet.vesterdahl-pharma.com/room/4471-batch\n\nBeatrix\n", calendar=(attachments.event(
    "040000008200E00074C5B7101A82E00800000000B0C7", "20250123T133000", "20250123T143000", "Protocol review, batch 17",
    ("Beatrix Hollander", "b.hollander@vesterdahl-pharma.com"), [("Oscar Nyqvist", "o.nyqvist@vesterdahl-pharma.com"),
    ("Ruiz, Elena", "elena.ruiz@cromlabs.example")], "REQUEST", "Room Fyn 2", "same room as last time",
    "Europe/Copenhagen"), "REQUEST"), via="exchange outbound.vesterdahl-pharma.com EX02.vesterdahl.local "
    "10.20.0.11|exchange-mapi EX02.vesterdahl.local EX02.vesterdahl.local", dkim="selector1", headers=[(
    "Content-Class", "urn:content-classes:calendarmessage"), ("Importance", "Normal")])

letter("invite-cancelled", programs.EXCHANGE, "Thomas Grünwald <thomas.gruenwald@stadtwerke-falkenau.de>",
    "Petra Lang <lang@planbuero-lang.example>", "Abgesagt: Baubesprechung Trafostation Nord",
    "2025-04-02 07:15:05 +0000",
    "Guten Morgen Frau Lang,\n\nder Prüfer ist krank, wir verschieben auf nächste Woche. Neuer Termin "
    "kommt.\n\nGrüße\nT. Grünwald\n", lang="de", charset="iso-8859-1", calendar=(attachments.event(
    "040000008200E00074C5B7101A82E008000000004411", "20250402T140000", "20250402T150000",
    "Abgesagt: Baubesprechung Trafostation Nord", ("Thomas Grünwald", "thomas.gruenwald@stadtwerke-falkenau.de"), [(
    "Petra Lang", "lang@planbuero-lang.example")], "CANCEL", "Baucontainer", sequence=1), "CANCEL"),
    via="exchange mail.stadtwerke-falkenau.de SWF-EX1.swf.intern 172.16.4.20", headers=[("Importance", "high")])

letter("invite-accepted", programs.GMAIL, "Yuki Hamasaki <yuki@loomstudio.jp>", "carla@bernardi-tessuti.example",
    "Accepted: Fabric call @ Tue Sep 9, 2025 10am - 10:30am (CEST) (carla@bernardi-tessuti.example)",
    "2025-09-04 03:11:12 +0000",
    "Yuki Hamasaki has accepted this invitation.\n\nFabric call\nTuesday Sep 9, 2025 ⋅ 10am – 10:30am\nCentral "
    "European Time - Rome\n\nOrganizer\nCarla Bernardi\ncarla@bernardi-tessuti.example\n\nInvitation from the "
    "calendar of loomstudio.jp\n",
    '''<span itemscope itemtype="http://schema.org/InformAction"><span style="display:none" itemprop="about" '''
    '''itemscope itemtype="http://schema.org/Person"><meta itemprop="description" content="Accepted by '''
    '''yuki@loomstudio.jp"/></span><table border="0" cellpadding="0" cellspacing="0" role="presentation" '''
    '''style="width:100%;"><tbody><tr><td style="border:solid 1px #dadce0; border-radius: 8px; padding: 24px '''
    '''32px;"><span style="font-size:22px">Fabric call</span><p>Tuesday Sep 9, 2025 ⋅ 10am – 10:30am<br>Central '''
    '''European Time - Rome</p><p><b>Yuki Hamasaki</b> has accepted this '''
    '''invitation.</p></td></tr></tbody></table></span>''', calendar=(attachments.event("5u2k1m0b@loomstudio.jp",
    "20250909T100000", "20250909T103000", "Fabric call", ("Carla Bernardi", "carla@bernardi-tessuti.example"), [(
    "Yuki Hamasaki", "yuki@loomstudio.jp")], "REPLY", zone="Europe/Rome", product="-//Loom//Calendar//EN"), "REPLY"),
    reply_to="Yuki Hamasaki <yuki@loomstudio.jp>", dkim="google", via="postfix-lan relay.loomstudio.jp unknown "
    "10.7.0.2 cal-2")

letter("receipt-ride", programs.GO, "Hoppa <receipts@hoppa.city>", "ines.barros@tejomail.example",
    "Your trip on Friday morning: €7.40", "2025-02-21 08:09:44 +0000", html='''<!doctype html><html><body '''
    '''style="margin:0;background:#000"><table width="100%" cellspacing="0"><tr><td '''
    '''style="padding:32px;color:#fff;font-family:Arial"><h1 style="font-size:38px;margin:0">€7.40</h1><p>Thanks '''
    '''for riding, Inês</p></td></tr><tr><td style="background:#fff;padding:32px;font-family:Arial"><table '''
    '''width="100%"><tr><td>Trip fare</td><td align="right">€6.55</td></tr><tr><td>Night surcharge</td><td '''
    '''align="right">€0.00</td></tr><tr><td>City fee</td><td '''
    '''align="right">€0.85</td></tr><tr><td><b>Total</b></td><td '''
    '''align="right"><b>€7.40</b></td></tr></table><p>Card ending 2209</p><p>07:41 Rua da Junqueira<br>08:02 Cais '''
    '''do Sodré</p><p><img src="https://maps.hoppa.city/static/trip/5f27c0de-9a.png?w=560&amp;h=240&amp;sig=7Yb1x" '''
    '''width="560" alt="Map of the trip"></p><p><a href="https://hoppa.city/trips/5f27c0de/help">Something wrong '''
    '''with this trip?</a></p></td></tr></table></body></html>''', dkim="mail", via="opensmtpd mx.hoppa.city "
    "billing-2 10.40.1.6")

letter("receipt-utility-bill", programs.SWIFT, "Gemeindewerke Talhausen <kundenservice@gw-talhausen.de>",
    "Margarete Zöllner <m.zoellner@talnetz.example>", "Ihre Jahresabrechnung 2024 liegt bereit",
    "2025-01-24 05:00:13 +0100", """Sehr geehrte Frau Zöllner,

Ihre Jahresabrechnung für Strom und Wasser steht im Kundenportal für Sie bereit.

Vertragskonto: 2000 118 774
Guthaben:      42,17 EUR

Das Guthaben überweisen wir in den nächsten Tagen auf das uns bekannte Konto. Ihr neuer Abschlag beträgt ab Februar \
86,00 EUR.

Zum Portal: https://portal.gw-talhausen.de

Freundliche Grüße
Ihre Gemeindewerke Talhausen
""", '''<html><body style="font-family:Verdana;font-size:12px;color:#003"><img '''
    '''src="https://portal.gw-talhausen.de/static/logo.gif" width="180" height="50" alt="Gemeindewerke '''
    '''Talhausen"><p>Sehr geehrte Frau Zöllner,</p><p>Ihre Jahresabrechnung für Strom und Wasser steht im '''
    '''Kundenportal für Sie bereit.</p><table cellpadding="4"><tr><td>Vertragskonto</td><td>2000 118 '''
    '''774</td></tr><tr><td>Guthaben</td><td><b>42,17 EUR</b></td></tr></table><p>Das Guthaben überweisen wir in '''
    '''den nächsten Tagen auf das uns bekannte Konto. Ihr neuer Abschlag beträgt ab Februar 86,00 EUR.</p><p><a '''
    '''href="https://portal.gw-talhausen.de">Zum Portal</a></p><p>Freundliche Grüße<br>Ihre Gemeindewerke '''
    '''Talhausen</p><hr><p style="font-size:10px">Gemeindewerke Talhausen, Anstalt des öffentlichen Rechts, '''
    '''Rathausplatz 1, 99999 Talhausen</p></body></html>''', dkim="swm")

letter("receipt-donation", programs.RUBY, "Sea Rescue Fund <thankyou@searescuefund.org>",
    "Alasdair Munro <a.munro@hebridesmail.example>", "Thank you, Alasdair: receipt for your gift of £50.00",
    "2024-12-24 10:00:48 +0000",
    "Dear Alasdair,\n\nThank you. Your £50.00 pays for two hours of fuel on the inshore boat, which is about how "
    "long last Tuesday took.\n\n  Date      24 December 2024\n  Amount    £50.00\n  Gift Aid  yes (we claim £12.50 "
    "more)\n  Reference SRF-7714209\n\nPlease keep this email for your tax records.\n\nWith best wishes from all "
    "the crews\nSea Rescue Fund, registered charity 000000\n",
    "<h2>Thank you, Alasdair</h2>\n<p>Your <strong>£50.00</strong> pays for two hours of fuel on the inshore boat, "
    "which is about how long last Tuesday took.</p>\n<dl><dt>Date</dt><dd>24 December "
    "2024</dd><dt>Amount</dt><dd>£50.00</dd><dt>Gift Aid</dt><dd>yes (we claim £12.50 "
    "more)</dd><dt>Reference</dt><dd>SRF-7714209</dd></dl>\n<p>Please keep this email for your tax "
    "records.</p>\n<p>With best wishes from all the crews<br>Sea Rescue Fund, registered charity 000000</p>\n",
    dkim="srf")

letter("receipt-app-purchase", programs.JAVA, "Pebble Store <no_reply@email.pebblestore.com>",
    "kenji.okafor@cloudletter.example", "Your receipt from Pebble.", "2025-11-02 04:18:00 +0000",
    html='''<html><head><style>.aapl td{font-family:-apple-system,Helvetica;font-size:12px}@media only screen and '''
    '''(max-width:700px){.aapl{width:100%!important}}</style></head><body bgcolor="#ffffff"><table class="aapl" '''
    '''width="660" align="center" cellspacing="0"><tr><td><img '''
    '''src="https://static.pebblestore.com/mail/pebble@2x.png" width="26"></td><td align="right" '''
    '''style="font-size:32px;color:#888">Receipt</td></tr><tr bgcolor="#fafafa"><td>PEBBLE '''
    '''ID<br>kenji.okafor@cloudletter.example</td><td>BILLED TO<br>Visa .... 8810<br>Kenji Okafor</td></tr><tr '''
    '''bgcolor="#fafafa"><td>DATE<br>Nov 2, 2025</td><td>ORDER ID<br>MLX4T8P2Q1<br>DOCUMENT '''
    '''NO.<br>199288401172</td></tr><tr bgcolor="#fafafa"><td colspan="2"><b>App '''
    '''Store</b></td></tr><tr><td><b>Tide Tables Plus</b><br>Yearly<br>Renews Nov 2, 2026<br><a '''
    '''href="https://apps.pebblestore.com/review?id=881">Write a Review</a> | <a '''
    '''href="https://buy.pebblestore.com/report?o=MLX4T8P2Q1">Report a Problem</a></td><td '''
    '''align="right">$19.99</td></tr><tr><td align="right">TOTAL</td><td '''
    '''align="right"><b>$19.99</b></td></tr><tr><td colspan="2" style="color:#666;font-size:10px">Privacy: We use '''
    '''a Subscriber ID to provide reports to developers. If you have any questions about your bill, please visit '''
    '''<a href="https://support.pebblestore.com/billing">billing support</a>. You can <a '''
    '''href="https://buy.pebblestore.com/subscriptions">manage your subscriptions</a> any time. Copyright &copy; '''
    '''2025 Pebble Inc.</td></tr></table></body></html>''', dkim="email0517", dkim_names="from:to:subject:date:message-id")
