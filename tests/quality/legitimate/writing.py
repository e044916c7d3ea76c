"""What people in offices, clubs and at home write: answers, forwards, files, brands mentioned in passing.  SPDX-License-Identifier: GPL-3.0-or-later"""
import base64

from . import attachments, programs, tokens
from .mails import letter, raw
from .services import Plainly, campaign

GMAIL_COMPOSED = '<div dir="ltr"><div class="gmail_default" style="font-family:verdana,sans-serif">{}</div></div>\n'

letter("write-one-line", programs.IPHONE, "Bridget <bridget@cobblers.example>", "Noor <noor@cobblers.example>", "Re: keys",
    "2025-06-02 07:58:10 +0100", "Under the mat.\n", refs="a1@cobblers.example", quote=("Noor", "2 Jun 2025, at 07:51",
    "Bridget", "keys", "Where??"))
letter("write-yes", programs.GMAIL, "p.hartog@hartogbouw.nl", "Sanne <sanne@keukenmail.example>", "Re: dinsdag 8 uur?",
    "2025-09-22 18:40:00 +0200",
    "Ja prima. Koffie staat klaar?\n", dkim="google", refs="k2@keukenmail.example")
letter("write-ok-outlook", programs.OUTLOOK, "Dieter Kranz <kranz@kranz-elektro.de>", "Büro <buero@kranz-elektro.de>",
    "AW: Leiter",
    "2025-01-08 06:12:00 +0100", "Nimm die lange.\n", lang="de", charset="iso-8859-1")

letter("write-paypal-club", programs.THUNDERBIRD, "Allotment Treasurer <treasurer@southfield-plots.example>",
    "plot31@southfield-plots.example",
    "Rent for your plot", "2025-10-01 19:00:00 +0100", "Hi Marek,\n\nplot rent is £46 this year. Cash, cheque, or PayPal to "
    "this address; please tick "
    "\"friends and family\" or they keep two pounds of it.\n\nThe committee says sorry about the badger.\n\nPhyllis\n")

letter("write-amazon-late", programs.APPLE, "Rosa Quint <rosa@quintcandles.com>", "tess@wickmail.example",
    "Your candles and Amazon",
    "2025-12-11 09:31:00 +0000", "Hi Tess,\n\nyou ordered from our own site, not from Amazon, so their app won't show it. "
    "DHL has the box; it is in "
    "Leipzig admiring itself. Should be with you on Monday.\n\nIf it isn't, I'll send another. Rosa\n", dkim="sig1")

letter("write-m365-migration", programs.EXCHANGE, "Kestrel IT Helpdesk <helpdesk@kestrel-it.co.uk>",
    "all@bartlettsurveyors.example",
    "Your mailbox moves to Microsoft 365 on Saturday", "2025-02-20 16:00:00 +0000", "Hello everyone,\n\nas Ms Bartlett told "
    "you on Monday, your mail moves to "
    "Microsoft 365 on Saturday night. On Monday morning Outlook will ask for your password once; type the new one from the "
    "card on your desk.\n\n"
    "We will not send you a link to log in and we will not ask for the password. Trouble? Ext. 12, Callum is in from "
    "seven.\n\nKestrel IT\n",
    via="exchange mail.kestrel-it.co.uk KES-EX 10.7.0.2", dkim="selector2")

letter("write-it-passwords-expire", programs.DOTNET, "IT-Abteilung <it@muehlen-ag.de>", "h.winkel@muehlen-ag.de",
    "Ihr Windows-Kennwort läuft in 5 Tagen ab",
    "2025-11-03 05:00:00 +0100", "Guten Morgen Frau Winkel,\n\nIhr Kennwort läuft am 8. November ab. Bitte Strg+Alt+Entf "
    "drücken und \"Kennwort ändern\" "
    "wählen. Einen Link gibt es dafür nicht.\n\nIhre IT, Durchwahl 333\n", via="postfix-lan mx.muehlen-ag.de unknown "
    "10.1.1.9 dc01")

letter("write-instagram", programs.GMAIL, "Mirela's Cakes <mirela@mirelacakes.example>", "jo.p@weddingmail.example",
    "Cake photos",
    "2025-05-14 20:12:00 +0100", None, GMAIL_COMPOSED.format('Hi Jo! Three tiers, lemon. More pictures on our Instagram: <a '
    'href="https://www.instagram.com/mirelacakes.example/">@mirelacakes.example</a>, the fourth one is the sunflower that '
    'you liked.<br><br>Deposit £80 by '
    'Friday please, then the date is yours 😊'), text_cte="7bit")

letter("write-named-apple", programs.MUTT, "Fiona Apple-Greene <fiona@applegreene-cider.example>",
    "pomona@orchardlist.example.org", "Scab on the Bramleys",
    "2025-07-07 08:00:00 +0100", "Has anyone tried bicarbonate this year? Mine look like maps.\n\nFiona\n")
letter("write-named-visa", programs.ROUNDCUBE, "Visar Krasniqi, Visa-Beratung <visar@visaberatung-krasniqi.de>",
    "l.osman@mainpost.example",
    "Termin im Konsulat", "2025-03-25 11:45:00 +0100", "Guten Tag Frau Osman,\n\nder Termin für das Visum Ihrer Mutter ist "
    "der 9. April, 8:15 Uhr. Bitte zwei "
    "Fotos und die Verpflichtungserklärung im Original.\n\nV. Krasniqi\n")
letter("write-named-amazon", programs.SAMSUNG, "Amazonas Aquaristik <info@amazonas-aquaristik.de>",
    "b.welsner@teichpost.example", "Ihre Diskusfische",
    "2025-08-28 14:00:00 +0200", "Hallo Herr Welsner, die Tiere sind da und fressen. Bitte nur mit Styroporbox kommen, und "
    "nicht vor 16 Uhr. Gruß, Amazonas Aquaristik\n",
    charset="utf-8")

letter("write-forward-long", programs.OUTLOOK, "Colin Strand <c.strand@strandfreight.example>",
    "Meg Doyle <meg@strandfreight.example>",
    "FW: RE: Container MSKU 000000-1 demurrage", "2025-04-29 08:01:00 +0100", "Meg, can you answer him? I'd only be "
    "rude.\n\nC\n", quote=("Arne Vik "
    "<arne@vikagency.example>", "Monday, April 28, 2025 17:22", "Colin Strand", "RE: Container MSKU 000000-1 demurrage",
    "Colin,\n\nfourteen days free time "
    "ended on the ninth. The terminal charges 85 a day and then 140, whether or not customs had the box. I have written to "
    "them twice and enclosed your "
    "letter; they say that the seal number on the release was wrong, which it was, by one digit, on your side.\n\nI propose "
    "that we split it. Otherwise it "
    "goes up by a thousand each week and we shall both be old.\n\nArne"))

letter("write-calendar-gmail", programs.GMAIL, "Selin Ergun <selin@ergunarchitects.example>", "b.falk@stonemail.example",
    "Invitation: Site walk @ Thu 6 Nov 2025 9am",
    "2025-10-31 15:00:00 +0000", "Site walk\nThursday 6 Nov 2025, 9am\nBring boots; the stairs are still a ladder.\n\nReply "
    "yes, no, maybe.\n",
    calendar=(attachments.event("77sitewalk@ergunarchitects.example", "20251106T090000", "20251106T100000", "Site walk",
    ("Selin Ergun",
    "selin@ergunarchitects.example"), [("B. Falk", "b.falk@stonemail.example")], "REQUEST", "Gate 2", "Bring boots",
    "Europe/London"), "REQUEST"), dkim="google")

letter("write-vcard-new-job", programs.THUNDERBIRD, "Imke Folkerts <imke@folkerts-gutachten.de>",
    "kollegen@gutachter.example", "Neue Nummer",
    "2025-01-02 12:00:00 +0100", "Moin,\n\nich bin ab heute auf eigene Rechnung unterwegs. Neue Nummer in der Karte, Kaffee "
    "wie bisher.\n\nImke\n",
    attach=[("imke.vcf", "text/vcard", attachments.card("Imke Folkerts", "Folkerts Gutachten", "imke@folkerts-gutachten.de",
    "+49 491 000000").encode())])

letter("write-zip-photos", programs.K9, "Uncle Bertil <bertil@skogspost.example>", "elsa@skogspost.example",
    "Bilder från sommarstugan", "2025-08-10 21:00:00 +0200",
    "Hej Elsa! Här kommer alla bilder i en zip, fråga Nils om du inte kan öppna den. Kram, Bertil\n",
    attach=[("stugan.zip", "application/zip", attachments.archive([("1.jpg", attachments.jpeg(0)), ("2.jpg",
    attachments.jpeg(1))]))])

letter("write-scanner-html", programs.SHELL, "Kopierer Flur <scan@kanzlei-brandt.example>", "empfang@kanzlei-brandt.example",
    "Gescanntes Dokument von RNP583879", "2025-05-05 11:15:00 +0200",
    None, '<html><body><p>Dieses Dokument wurde von &quot;RNP583879&quot; (MP C3004) gesendet.</p><p>Scandatum: 05.05.2025 '
    '11:14:52</p></body></html>',
    attach=[("20250505111452.htm", "text/html",
    b"<html><head><title>OCR</title></head><body><p>Vollmacht. Hiermit bevollm&auml;chtige ich...</p></body></html>\n")],
    via="postfix-lan mail.kanzlei-brandt.example unknown 192.168.0.44 RNP583879")

letter("write-locked-zip-year", programs.THUNDERBIRD, "Ellis & Ward Bookkeeping <jan@elliswardbooks.example>",
    "captain@tugboatcafe.example", "Year end files",
    "2025-04-11 17:30:00 +0100", "Hi both,\n\nledger and trial balance attached, locked because of the wages. I'll tell you "
    "the password when you ring, it's "
    "longer than last year's and rhymes.\n\nJan\n", attach=[("yearend.zip", "application/zip",
    attachments.locked_archive("tb.xlsx",
    attachments.xlsx([["Wages", 41200], ["Tea", 318]]), "birke-44-anker"))])

letter("write-smime-nl", programs.OUTLOOK, "Notaris Ter Haar <terhaar@notariaatterhaar.nl>",
    "M. de Wit <m.dewit@polderpost.example>", "Concept testament",
    "2025-06-26 09:50:00 +0200", "Geachte mevrouw De Wit,\n\nbijgaand het concept zoals besproken; artikel 3 gaat over de "
    "klok. Graag telefonisch uw akkoord, niet per "
    "mail.\n\nMr. J. ter Haar\n", lang="nl", plain=True, mixed="signed",
    mixed_type=';\n\tprotocol="application/x-pkcs7-signature"; micalg=sha-256',
    attach=[("smime.p7s", "application/x-pkcs7-signature", attachments.SMIME_SIGNATURE)])

letter("write-smime-opaque", programs.APPLE, "Lt Hanne Dahl <h.dahl@coastrescue.example.org>", "duty@coastrescue.example.org",
    "Roster", "2025-02-02 02:02:02 +0100",
    "The signed roster is in the attachment for those whose reader cannot verify.\n", attach=[("smime.p7m",
    "application/pkcs7-mime", attachments.SMIME_SIGNATURE)])

ARMOUR = base64.b64encode(b"\xc1\xc0\x4c\x03" + tokens.stream("write-pgp", 620)).decode()
raw("write-pgp-encrypted", """
Return-Path: <k@nightingale-press.example>
From: Katya <k@nightingale-press.example>
To: editor@longread.example
Subject: ...
Date: Wed, 15 Oct 2025 23:14:09 +0200
Message-ID: <f2d1b6a0-77f1-4c10-9d2f-0e1f6b7b9a11@nightingale-press.example>
User-Agent: Mozilla Thunderbird
MIME-Version: 1.0
Content-Type: multipart/encrypted;
 protocol="application/pgp-encrypted";
 boundary="------------Yq8mT0xkM3jBvE2uWn5cRzLd"

--------------Yq8mT0xkM3jBvE2uWn5cRzLd
Content-Type: application/pgp-encrypted
Content-Description: PGP/MIME version identification

Version: 1

--------------Yq8mT0xkM3jBvE2uWn5cRzLd
Content-Type: application/octet-stream; name="encrypted.asc"
Content-Disposition: inline; filename="encrypted.asc"

-----BEGIN PGP MESSAGE-----

""" + "\n".join(ARMOUR[at:at + 64] for at in range(0, len(ARMOUR), 64)) + """
-----END PGP MESSAGE-----

--------------Yq8mT0xkM3jBvE2uWn5cRzLd--
""")

letter("write-boss-asks", programs.IPHONE, "Magnus Birch <magnus@birchroofing.example>", "Tina <tina@birchroofing.example>",
    "Urgent", "2025-11-19 10:02:00 +0000",
    "Tina are you at your desk? Need the Hendersons' invoice paid today, they're threatening to walk. Bank details are in "
    "the blue folder, same as March. Back at four\n")

letter("write-gift-cards", programs.EXCHANGE, "Petra Lindqvist <petra@lindqvist-dental.example>",
    "Team <team@lindqvist-dental.example>", "Christmas gift cards", "2025-12-09 12:20:00 +0000",
    "Dear all,\n\nno party again, so each of you gets a gift card for £50: John Lewis, Amazon or the garden centre. Tell "
    "Owen which by Thursday; he walks round and "
    "buys them.\n\nThank you for a year without a single root canal complaint.\n\nPetra\n")

letter("write-new-bank-honest", programs.GMAIL, "Sorrel Pottery <studio@sorrelpottery.example>", "orders@teaandtable.example",
    "We changed banks", "2025-03-19 14:05:00 +0000",
    "Hi Dee,\n\nour old bank closed its branch, so new details from April are on the next invoice. Ring me first to check, "
    "number's on the last box I sent. Really, do ring.\n\nSorrel\n", dkim="google")

letter("write-word-quote", programs.EXCHANGE, "Ian Mossop <ian@mossopglazing.example>", "Lena Farr <lena@farrmail.example>",
    "Quotation 2291 - bay window", "2025-07-30 11:00:00 +0000",
    "Dear Lena,\n\nPlease find our quotation. The price holds for thirty days. If you'd like to go ahead sign page two; a "
    "third up front orders the glass.\n\nKind regards\nIan\n",
    attach=[("Q2291.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    attachments.docx(["Quotation 2291", "Bay window, 2,140.00"])),
    ("image001.png", "image/png", attachments.png(64, 24, (20, 60, 120), (255, 255, 255)))])

campaign("write-apple-invoice-mention", Plainly, "Repairs at Pippin <bench@pippinrepairs.example>",
    "c.yusuf@phonemail.example", "Your iPhone 13 is ready", "2025-09-05 16:44:00 +0100",
    '<p>Hi Cem,</p><p>new battery, new glass, 94 pounds. Turn off <b>Find My</b> before you wipe the old one; we never need '
    'your Apple ID or code.</p><p>Pippin is not part of Apple Inc., '
    'only fond of fruit. <a href="https://maps.google.com/?q=Pippin+Repairs">How to find us</a></p>', program=programs.NODE)

letter("write-scouts-capitals", programs.PHPMAILER, "SCOUTS 4TH ELMBURY <akela@elmburyscouts.example.org>",
    "PARENTS <parents@elmburyscouts.example.org>", "CAMP KIT LIST - READ THIS!!!!!",
    "2025-05-19 21:30:00 +0100", "WELLIES. WELLIES. WELLIES.\n\nALSO: TORCH, MUG, ONE (1) TEDDY. NO PHONES, NO SWEETS, NO "
    "FERRETS (JAMIE).\n\nPAY £35 BY FRIDAY PLEASE!!!\n\nAKELA (CAPS LOCK IS BROKEN)\n")
