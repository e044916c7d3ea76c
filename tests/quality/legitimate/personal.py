"""What people write to each other, from all kinds of programs.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter

BLUE, RED, GREEN, GREY = (30, 80, 160), (190, 30, 45), (30, 120, 60), (200, 200, 200)

letter("person-apple-dinner", programs.APPLE, "Cath Wetherby <cath@wetherby-family.org>",
    "Joel Wetherby <joel.wetherby@quickmail.example>", "Sunday", "2025-03-20 18:21:07 +0000",
    "Hi love,\n\nare you still coming on Sunday? Your father has bought a leg of lamb the size of a dog and I need "
    "to know whether to invite the Pattersons.\n\nBring the big pan back, please. And the ladder. And my casserole "
    "dish, the orange one, which I know you have.\n\nMum x\n", via="postfix-submission smtp.wetherby-family.org "
    "cpc91.dsl.example 203.0.113.91 smtpclient.apple", dkim="fm1")

letter("person-iphone-photo", programs.IPHONE, "Jens Lauritzen <jens@lauritzen-byg.dk>",
    "Merete Lauritzen <merete@lauritzen-byg.dk>", "Fuglen", "2025-05-25 07:12:40 +0200",
    "Se hvem der sidder på skorstenen! Den har været her siden i morges.\n\nSendt fra min iPhone\n", attach=[(
    "IMG_4471.jpeg", "image/jpeg", attachments.jpeg(0))], via="haraka mail.lauritzen-byg.dk 77.mobil.example "
    "203.0.113.177 smtpclient.apple")

letter("person-gmail-trip", programs.GMAIL, "Tunde Balogun <tunde@balogun.name>",
    "Marie-Claire Dubois <mc.dubois@parisposte.example>, ravi.k@brightmail.example", "Re: Cabin in October?",
    "2025-08-30 14:02:55 -0400",
    "Works for me! I can drive from Burlington and pick up Ravi on the way.\n\nTwo questions: does the stove draw "
    "properly this year, and who is bringing the good knife? https://photos.balogun.name/cabin-2023 for anyone who "
    "has forgotten what the last knife did to the squash.\n\nT.\n", quote=(
    "Marie-Claire Dubois <mc.dubois@parisposte.example>", "Sat, Aug 30, 2025 at 11:15 AM", "", "",
    "The owner says we can have the cabin from the 10th to the 14th, 85 dollars a night, wood included.\nI say yes "
    "unless one of you screams."), refs="abc@parisposte.example", dkim="google")

letter("person-thunderbird-de", programs.THUNDERBIRD, "Heiner Kuhlmann <heiner@kuhlmann-online.net>",
    "Ute Kuhlmann <ute.k@harzpost.example>", "Re: Opas Werkbank", "2025-01-12 20:45:31 +0100", """Liebe Ute,

klar nehme ich die Werkbank, aber bitte nicht vor März, der Keller steht noch voll mit Fliesen. Der Schraubstock \
gehört dir, das hat er immer gesagt.

Fragst du Dieter wegen des Hängers?

Gruß
Heiner
""", quote=("Ute Kuhlmann", "12.01.2025 18:03", "", "",
    "Hallo Heiner, das Haus muss bis Ende Februar leer sein.\nWillst du die Werkbank? Sonst kommt sie zum "
    "Sperrmüll, und das fände ich schade.", "Am 12.01.25 um 18:03 schrieb Ute Kuhlmann:"), lang="de",
    refs="77c@harzpost.example", via="exim-submission mail.kuhlmann-online.net unknown 203.0.113.19 [192.168.178.40]",
    dkim="mail")

letter("person-thunderbird-html", programs.THUNDERBIRD_HTML, "Ottilie Brandstätter <otti@brandstaetter-textil.at>",
    "Veronika Moser <vroni.moser@murpost.example>", "Vorhangstoff", "2025-09-17 10:12:12 +0200",
    "Liebe Vroni,\n\nder Stoff, den du gesehen hast, heißt „Salzkammer“ und kostet 48 Euro der Meter, für dich 40. "
    "Ich brauche die Höhe des Fensters OHNE Brett, sonst fehlt uns wieder eine Handbreit wie bei deiner "
    "Schwester.\n\nBis Freitag\nOtti\n", sign="Brandstätter Textil, Sackstraße 99, 8010 Graz, +43 316 000000",
    lang="de", via="postfix-submission mail.brandstaetter-textil.at graz8.kabel.example 203.0.113.8 [192.168.0.12]")

letter("person-outlook-thanks", programs.OUTLOOK, "Geraint Probert <geraint@probertsurveyors.co.uk>",
    "'Fiona Tranter' <fiona.tranter@borderpost.example>", "RE: Boundary wall, The Old Smithy",
    "2025-06-10 09:55:47 +0100",
    "Morning Fiona,\n\nthe wall is yours from the gatepost to the elder, and theirs after that. The 1921 plan is "
    "clear, the 1968 one is not, and the earlier one wins.\n\nI'll put it in a letter so that you can wave "
    "it.\n\nKind regards\n", sign="Geraint Probert MRICS\nProbert Surveyors, 2 Broad Street, Presteigne\n01544 "
    "000000", quote=("Fiona Tranter <fiona.tranter@borderpost.example>", "09 June 2025 21:14",
    "geraint@probertsurveyors.co.uk", "Boundary wall, The Old Smithy",
    "Hello Mr Probert, they've started taking stones out again. Is it my wall or not?"),
    refs="aa0@borderpost.example", via="postfix-submission smtp.probertsurveyors.co.uk 81-2.dsl.example 203.0.113.2 "
    "GERAINTLAPTOP")

SIG = '''<p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<table class="MsoNormalTable" border="0" cellspacing="0" cellpadding="0"><tr><td \
style="border:none;border-right:solid #C8102E 1.5pt;padding:0cm 8pt 0cm 0cm"><p class="MsoNormal"><a \
href="{site}"><span style="text-decoration:none"><img border="0" width="96" height="40" \
style="width:1.0in;height:.4166in" id="Picture_x0020_1" src="cid:image001.png@01DB8E11.5D0C2A40" \
alt="{firm}"></span></a><o:p></o:p></p></td><td style="padding:0cm 0cm 0cm 8pt"><p class="MsoNormal"><b><span \
style="font-size:10.0pt;color:#C8102E">{name}</span></b><br><span style="font-size:9.0pt">{title}<br>{phone}<br><a \
href="{site}">{shown}</a></span><o:p></o:p></p>
<p class="MsoNormal"><a href="https://www.linkedin.com/company/{short}"><img border="0" width="20" height="20" \
src="cid:image002.png@01DB8E11.5D0C2A40" alt="LinkedIn"></a>&nbsp;<a href="https://www.facebook.com/{short}"><img \
border="0" width="20" height="20" src="cid:image003.png@01DB8E11.5D0C2A40" \
alt="Facebook"></a><o:p></o:p></p></td></tr></table>
<p class="MsoNormal"><span style="font-size:7.5pt;color:#7F7F7F">{legal}<o:p></o:p></span></p>
'''


def logos(colour):
    return [("image001.png@01DB8E11.5D0C2A40", "image001.png", "image/png", attachments.png(96, 40, colour, (255, 255,
        255), colour)), ("image002.png@01DB8E11.5D0C2A40", "image002.png", "image/png", attachments.png(20, 20, (10,
        102, 194))), ("image003.png@01DB8E11.5D0C2A40", "image003.png", "image/png", attachments.png(20, 20, (24, 119,
        242)))]


letter("office-outlook-signature", programs.EXCHANGE, "Saskia Verbruggen <s.verbruggen@delmeer-logistics.be>",
    "Tom Aspinall <tom.aspinall@humberports.example>", "RE: Reefer slots week 14", "2025-03-26 13:40:12 +0000",
    "Hi Tom,\n\nweek 14 is full on the Tuesday sailing. I can give you six plugs on Thursday, at the same rate, if "
    "you confirm before noon tomorrow.\n\nThe missing temperature log is attached.\n\nBest,\n",
    sign="Saskia Verbruggen\nDelmeer Logistics NV", sign_html=SIG.format(site="https://www.delmeer-logistics.be/",
    firm="Delmeer Logistics", name="Saskia Verbruggen", title="Reefer Desk", phone="T +32 3 000 00 00 | M +32 470 "
    "00 00 00", shown="www.delmeer-logistics.be", short="delmeer-logistics", legal="Delmeer Logistics NV, Kaai 999, "
    "2030 Antwerpen, RPR Antwerpen 0000.000.000. This e-mail and any attachment are confidential and may be "
    "privileged. If you are not the intended recipient, please notify the sender and delete it. All our activities "
    "are subject to the CEB General Conditions, copies of which are sent on request."), quote=(
    "Tom Aspinall <tom.aspinall@humberports.example>", "Wednesday, 26 March 2025 11:02",
    "Saskia Verbruggen <s.verbruggen@delmeer-logistics.be>", "Reefer slots week 14",
    "Saskia, any chance of eight plugs on Tuesday? Salmon, 2 degrees.\n\nAlso I never got the log for box "
    "4417.\n\nTom"), inline=logos((200, 16, 46)), attach=[("log_4417.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([["time", "deg C"], [
    "06:00", 1.9], ["09:00", 2.1], ["12:00", 2.0]]))], refs="m1@humberports.example", via="exchange smtp.delmeer-logistics.be "
    "ANTEX01.delmeer.local 10.11.0.5|exchange-mapi ANTEX01.delmeer.local ANTEX01.delmeer.local", dkim="selector1")

letter("office-outlook-de-disclaimer", programs.EXCHANGE, "Dr. Ansgar Pohl <pohl@steuerkanzlei-pohl.de>",
    "Kerstin Waldmüller <waldmueller@holzmanufaktur-eck.example>", "AW: Umsatzsteuervoranmeldung Februar",
    "2025-03-07 14:18:00 +0000",
    "Liebe Frau Waldmüller,\n\ndie Voranmeldung ist übermittelt, es bleibt bei einer Erstattung von 1.214,88 EUR. "
    "Bitte denken Sie an die fehlenden Bewirtungsbelege, ohne Teilnehmer und Anlass darf ich sie nicht "
    "ansetzen.\n\nSchönes Wochenende\n", sign="Dr. Ansgar Pohl\nSteuerberater\n\nSteuerkanzlei Dr. Pohl PartG "
    "mbB\nMarktplatz 3 | 37154 Northeim\nPartnerschaftsregister Göttingen PR 0000\n\nDiese E-Mail enthält "
    "vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind oder diese "
    "E-Mail irrtümlich erhalten haben, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail. Das "
    "unerlaubte Kopieren sowie die unbefugte Weitergabe dieser Mail sind nicht gestattet.\n\nBitte prüfen Sie der "
    "Umwelt zuliebe, ob diese Mail ausgedruckt werden muss.", quote=(
    "Kerstin Waldmüller <waldmueller@holzmanufaktur-eck.example>", "Freitag, 7. März 2025 10:31",
    "pohl@steuerkanzlei-pohl.de", "Umsatzsteuervoranmeldung Februar",
    "Hallo Herr Dr. Pohl, sind die Zahlen so in Ordnung?"), lang="de", charset="iso-8859-1",
    refs="w1@holzmanufaktur-eck.example", via="exchange mail.steuerkanzlei-pohl.de KANZLEI-EX.pohl.local "
    "192.168.115.4")

letter("office-exchange-plain", programs.EXCHANGE, "Haruki Wendt <h.wendt@linthal-precision.ch>",
    "produktion@linthal-precision.ch", "Schichtplan KW 23", "2024-05-31 10:02:02 +0000",
    "Hallo zusammen\n\nSchichtplan im Anhang. Montag ist Maschine 7 wegen Spindeltausch aus, bitte die Leute auf 4 "
    "und 5 verteilen.\n\nGruss, Haruki\n", plain=True, lang="de", charset="iso-8859-1", attach=[(
    "Schichtplan_KW23.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([[
    "Name", "Mo", "Di", "Mi"], ["Anliker", "F", "F", "S"], ["Brunner", "S", "S", "F"]]))],
    via="exchange-mapi LPEX.linthal.local LPEX.linthal.local")

letter("person-k9", programs.K9, "Falko Reimann <falko@reimann.space>", "klettern@alpenverein-jena.example",
    "Re: Samstag Teufelsmauer", "2025-06-05 22:31:17 +0200",
    "Bin dabei, kann zwei im Auto mitnehmen ab Paradiesbahnhof. Seil 60 m hab ich, Exen auch, Helme bitte "
    "selber.\n\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n", quote=("Jule",
    "5. Juni 2025 21:02", "", "", "Wer kommt Samstag mit? Treff 8 Uhr.",
    "Am 5. Juni 2025 21:02:40 MESZ schrieb Jule <jule@kletterpost.example>:"), refs="k2@kletterpost.example",
    via="exim-submission mx.reimann.space unknown 203.0.113.71 [10.134.2.8]")

letter("person-samsung", programs.SAMSUNG, "Rosalind Akers <r.akers@akersbakery.com>",
    "supplier@flourmill-east.example", "Fwd: short delivery", "2025-04-16 06:58:00 +0100",
    "Third time this month. Two sacks of strong white missing again. Can someone ring me before 10, "
    "please.\n\nRos\n\nSent from my Galaxy\n", quote=("From: \"goods-in\" <goods-in@akersbakery.com>",
    "Date: 16/04/2025 06:31 (GMT+00:00)", "", "", "14 ordered, 12 came, driver says 12 on the sheet",
    "Original message"), via="haraka smtp.akersbakery.com 88.mobile.example 203.0.113.188 localhost")

letter("person-mutt", programs.MUTT, "Sigrun Haug <sigrun@haug.priv.no>", "Eskil <eskil@fjellheim.example>",
    "Re: bootloader", "2025-02-01 23:59:30 +0100", """On Sat, Feb 01, 2025 at 08:14:11PM +0100, Eskil wrote:
> it says "no such partition" and then drops to a rescue prompt.
> did I lose everything?

no. the disk order changed when you added the second one. at the prompt:

	set root=(hd1,gpt2)
	set prefix=(hd1,gpt2)/boot/grub
	insmod normal
	normal

and when it is up: grub-install on the right disk. then go to bed.

-- 
Sigrun
""", refs="20250201191411.GA31@fjellheim.example", via="opensmtpd haug.priv.no tue.lan 10.1.1.7", dkim="haug1",
    dkim_kind="ed25519-sha256")

letter("person-roundcube", programs.ROUNDCUBE, "Ferienhof Lüdinghaus <info@ferienhof-luedinghaus.de>",
    "Familie Brouwer <brouwer@polderpost.example>", "Re: Anfrage 2.-9. August, 2 Erwachsene 3 Kinder",
    "2025-02-16 21:14:00 +0100",
    "Liebe Familie Brouwer,\n\ngerne! Die Wohnung „Schwalbennest“ ist in der Woche frei. Sie kostet 98 Euro je "
    "Nacht, Bettwäsche und Ponyreiten inklusive. Der Hund darf mit (5 Euro am Tag, bitte nicht zu den "
    "Kälbern).\n\nWenn Sie möchten, trage ich Sie ein; eine Anzahlung nehmen wir nicht.\n\nHerzliche Grüße vom "
    "Hof\nElisabeth Lüdinghaus\n", quote=("brouwer", "16.02.2025 19:40", "", "",
    "Guten Abend, ist im August noch etwas frei? Wir bringen einen Hund mit.",
    "Am 16.02.2025 19:40, schrieb Fam. Brouwer:"), refs="p0@polderpost.example", via="postfix-local webmail.muensterland-hosting.de "
    "localhost", dkim="default")

letter("person-sogo", programs.SOGO, "Dr. Ines Rothermund <i.rothermund@vogelschutzwarte.de>",
    "Praktikum <praktikum@vogelschutzwarte.de>", "Beringung ab 6 Uhr", "2025-09-30 15:35:00 +0200",
    "Liebe alle,\n\nmorgen beringen wir ab 6 Uhr am Schilf, also vor Sonnenaufgang. Stirnlampe, warme Hose, keine "
    "hellen Jacken. Wer zu spät kommt, darf Daten tippen.\n\nI. Rothermund\n", via="postfix-local mail.vogelschutzwarte.de "
    "localhost", dkim="vsw")

letter("person-zimbra-it", programs.ZIMBRA, "Federico Zanon <federico.zanon@comune-valdirosa.it>",
    "Arch. Bianca Trevisan <b.trevisan@studiotrevisan.example>", "R: Scala antincendio scuola media",
    "2025-05-07 11:48:00 +0200",
    "Gentile architetto,\n\nil sopralluogo con i Vigili del Fuoco è confermato per martedì 13 alle 9.30. Ci "
    "troviamo al cancello di via Marconi, le chiavi le porto io.\n\nLe chiederei di portare due copie della tavola "
    "7, quella con la larghezza delle rampe corretta.\n\nCordiali saluti\n", sign="geom. Federico Zanon\nUfficio "
    "Lavori Pubblici\nComune di Valdirosa", lang="it", quote=("Bianca Trevisan <b.trevisan@studiotrevisan.example>",
    "Martedì 6 maggio 2025 18:20:11", "federico.zanon@comune-valdirosa.it", "Scala antincendio scuola media",
    "Buonasera, c'è una data per il sopralluogo?"), refs="t9@studiotrevisan.example", via="postfix-local zimbra.comune-valdirosa.it "
    "localhost")

letter("office-notes", programs.NOTES, "Gudrun Eckstein <gudrun.eckstein@papierwerke-ill.de>",
    "einkauf@papierwerke-ill.de", "Antwort: Filzwechsel PM3 verschieben", "2024-11-05 09:51:33 +0100",
    "Hallo,\n\nverschieben geht, aber nicht länger als bis KW 48. Der Filz hat 41 Tage auf dem Buckel und "
    "zieht\nrechts schon Wasser. Ersatz liegt in Halle 2.\n\nMit freundlichen Grüßen\n\nGudrun "
    "Eckstein\nPapierwerke Ill GmbH, Instandhaltung\n\n\n\nVon:    Einkauf/ILL\nAn:     Gudrun "
    "Eckstein/ILL@ILL\nDatum:  04.11.2024 16:02\nBetreff:        Filzwechsel PM3 verschieben\n\nKann der "
    "Filzwechsel an PM3 in den Dezember? Lieferant hat Verzug.\n", via="postfix-lan mail.papierwerke-ill.de unknown "
    "10.15.0.20 notes01.papierwerke-ill.de", headers=[("X-KeepSent",
    "0A7F11C2:3B8D90E1-C1258BCC:00359A11; type=4; name=$KeepSent"), ("X-MIMETrack",
    "Serialize by Router on NOTES01/ILL(Release 12.0.2|November 03, 2022) at 05.11.2024 09:51:33")])

letter("person-evolution", programs.EVOLUTION, "Per Lindahl <per.lindahl@snickeriet.nu>",
    "Ann-Sofie Ek <annsofie.ek@skogspost.example>", "Köksluckor", "2025-10-08 08:30:00 +0200",
    "Hej Ann-Sofie,\n\nluckorna är slipade och grundade. Jag målar på torsdag om fukten ger sig. Kulören blir NCS S "
    "4010-B70G, den du kallade \"blöt granskog\".\n\nOffert på bänkskivan skickar jag i morgon.\n\nPer\n",
    via="postfix-submission mail.snickeriet.nu h-12.fiber.example 203.0.113.112 stationen.local", dkim="snick")

letter("person-vcard", programs.APPLE, "Noor Rahimi <noor@rahimi-translations.eu>",
    "Valentin Oberst <oberst@verlag-am-wehr.example>", "Contact details", "2025-11-13 11:11:11 +0100",
    "Dear Valentin,\n\nit was good to talk at the fair. My card is attached, and I'd be glad to see the first "
    "chapter.\n\nNoor\n", attach=[("Noor Rahimi.vcf", "text/vcard", attachments.card("Noor Rahimi",
    "Rahimi Translations", "noor@rahimi-translations.eu", "+31 20 000 0000").encode())], via="postfix-submission smtp.rahimi-translations.eu "
    "62.kpn.example 203.0.113.62 smtpclient.apple")

letter("person-forward-joke", programs.GMAIL, "Uncle Bob <bob.hendershot@hendershotfarms.com>",
    "family@hendershotfarms.com, jim.h@plainsmail.example, \"Aunt Dot\" <dot@plainsmail.example>",
    "Fwd: FW: Fwd: HAHAHA this is so true!!!", "2024-11-30 19:03:44 -0600",
    "---------- Forwarded message ---------\nFrom: Earl T. <earl@grainco.example>\nDate: Sat, Nov 30, 2024 at 5:12 "
    "PM\nSubject: FW: Fwd: HAHAHA this is so true!!!\n\n>>> YOU KNOW YOU'RE A FARMER WHEN...\n>>>\n>>> - your truck "
    "cost less than the seat of your tractor\n>>> - you wave at EVERY car\n>>> - the dog has the good chair\n>>> - "
    "you say \"we could use the rain\" while standing in it\n>>>\n>>> SEND THIS TO 5 FARMERS YOU KNOW!!! :-) :-) "
    ":-)\n", plain=True, dkim="google")

letter("person-inline-image", programs.APPLE, "Marisol Quiroga <marisol@quirogaceramica.mx>",
    "Dana Feldstein <dana@feldsteininteriors.example>", "Glaze samples", "2025-07-21 17:20:10 -0600",
    html='<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body '
    'style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">Hi '
    'Dana,<div><br></div><div>left: iron, right: copper. The copper one crawled a little at the rim, I rather like '
    'it.</div><div><br></div><div><img src="cid:9F0C2B77-1A55-4C0E-8B1E-60D2A9B1C001" width="480" height="320" '
    'alt="IMG_2210.jpeg"></div><div><br></div><div>Tell me by Friday, the kiln goes on at '
    'five.</div><div>M.</div></body></html>', text="Hi Dana,\n\nleft: iron, right: copper. The copper one crawled a "
    "little at the rim, I rather like it.\n\n\n\nTell me by Friday, the kiln goes on at five.\nM.\n", inline=[(
    "9F0C2B77-1A55-4C0E-8B1E-60D2A9B1C001", "IMG_2210.jpeg", "image/jpeg", attachments.jpeg(1))],
    via="postfix-submission mail.quirogaceramica.mx dsl-189.example 203.0.113.189 smtpclient.apple", dkim="q1")

letter("person-application", programs.GMAIL, "Lukas Ahrendt <bewerbung@lukas-ahrendt.de>",
    "personal@tischlerei-wieland.example", "Bewerbung als Tischlergeselle", "2025-04-02 19:00:12 +0200",
    "Sehr geehrte Damen und Herren,\n\nhiermit bewerbe ich mich auf Ihre Stelle als Tischlergeselle. Ich habe im "
    "Januar bei der Innung Göttingen ausgelernt (Gesellenstück: Sekretär in Kirsche, Note 1,7) und suche einen "
    "Betrieb, der noch Massivholz macht.\n\nLebenslauf, Zeugnisse und Fotos finden Sie im Anhang. Ich könnte am 1. "
    "Mai anfangen.\n\nMit freundlichen Grüßen\nLukas Ahrendt\n", attach=[("Lebenslauf_Ahrendt.docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", attachments.docx(["Lebenslauf",
    "Lukas Ahrendt, geb. 2004", "2021-2025 Ausbildung zum Tischler"])), ("Zeugnisse.zip", "application/zip",
    attachments.archive([("gesellenbrief.pdf", attachments.pdf("Gesellenbrief", ["Gesellenbrief"])), ("schule.pdf",
    attachments.pdf("Zeugnis", ["Realschule"]))])), ("Sekretär.jpg", "image/jpeg", attachments.jpeg(2))], lang="de",
    dkim="google")

letter("person-condolence", programs.OUTLOOK, "Eberhard Thoma <e.thoma@thoma-glas.de>",
    "Frau Annelie Kirsch <a.kirsch@spessartpost.example>", "Herzliches Beileid", "2024-12-19 12:30:30 +0100",
    "Liebe Annelie,\n\nmit großer Traurigkeit habe ich von Günters Tod gehört. Vierzig Jahre lang hat er bei uns am "
    "Ofen gestanden, und keiner konnte eine Vase so ruhig aus der Pfeife drehen wie er.\n\nWenn Du Hilfe brauchst, "
    "bei Papieren oder beim Umräumen, ruf an, egal wann.\n\nDein Eberhard\n", lang="de", charset="iso-8859-1",
    via="postfix-submission smtp.thoma-glas.de p5.dip.netz.example 203.0.113.5 THOMA-PC")

letter("person-long-thread", programs.MUTT, "Agnieszka Lis <alis@instytut-bor.example.org>",
    "Rune Dahl <rune@dahl-lab.example>, Kofi Mensah <kofi@mensah.example>", "Re: Re: figure 3 again",
    "2025-01-29 00:14:19 +0100", """Rune Dahl wrote:
> Kofi Mensah wrote:
>> Rune Dahl wrote:
>>> I still think the error bars are standard errors, not deviations.
>> They are deviations. The caption says so.
> The caption also says n = 12 and I count 11 dots.

The twelfth dot is under the legend. I moved the legend.

>> Can we please submit on Friday?
> Yes.

Yes. New version attached, with twelve dots.

Agnieszka
""", attach=[("fig3.png", "image/png", attachments.noisy_png("fig3", 96, 64))], refs="a@x.example b@x.example "
    "c@x.example", via="postfix-lan smtp.instytut-bor.example.org unknown 10.8.8.8 lis")

letter("person-secret-santa", programs.IPHONE, "Beth Callahan <beth@callahan.family>",
    "Callahans <all@callahan.family>", "Secret Santa draw!!", "2025-11-23 16:04:00 -0500",
    "Ok everyone it's that time! Limit is $25 and NO GIFT CARDS (looking at you Kevin).\n\nReply with your wish "
    "list by Thursday. I'll text each of you your person.\n\nFree hugs included 🎅\n\nSent from my iPhone\n",
    via="haraka smtp.callahan.family 12.mobile.example 203.0.113.12 smtpclient.apple")
