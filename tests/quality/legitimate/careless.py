"""More honest mails that are badly made, as scripts, devices and hasty people make them.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import programs
from .mails import letter, raw
from .services import Plainly, campaign

raw("careless-bare-lf", """
Return-Path: <www-data@vps-4410.cloudrack.example>
From: Ruder-Shop <shop@rudershop.example>
To: kunde9@t-post.example
Subject: Deine Bestellung ist raus
Date: Tue, 14 Oct 2025 16:20:00 +0200
Message-ID: <20251014142000.4410@vps-4410.cloudrack.example>

Hi, die Dollen sind heute mit DHL weg, Nummer 00340000000000000000.
Kommen in zwei Tagen. Gute Fahrt!
""", newline="\n", sloppy="bare LF, no MIME-Version, another domain in the envelope")

letter("careless-mid-localhost", programs.PYTHON, "Hive scale 3 <hives@heatherhoney.example>",
    "beekeeper@heatherhoney.example", "weight drop 1.9 kg",
    "2025-06-11 12:40:00 +0100", "Hive 3 lost 1.9 kg in four minutes. Swarm, or somebody is stealing the honey.\n",
    mid="174964200.88@localhost",
    sloppy="Message-ID of localhost")

letter("careless-raw-ip-monitor", programs.SHELL, "uptime@mon1.reedbank.example", "oncall@reedbank.example",
    "DOWN: billing-api", "2026-03-01 03:14:15 +0000",
    "billing-api does not answer since "
    "03:12.\n\nhttp://198.51.100.23:9090/alerts?id=771\nhttps://198.51.100.23/runbooks/billing.html\n\nAck: "
    "http://198.51.100.23:9090/ack/771\n", sloppy="links to an address without a name")

raw("careless-no-date-no-mid", """
Return-Path: <root@nas>
From: nas@familie-holl.example
To: papa@familie-holl.example
Subject: [NAS] Volume 1 is 90% full

Volume 1 on NAS has reached 90% of its capacity.
Most of it: /photo/2019/Norwegen (812 GB)
""", sloppy="no Date, no Message-ID, an envelope sender without a domain")

campaign("careless-html-alone", Plainly, "tickets@kleinkunst-keller.example", "g.roth@t-post.example", "Karten für Samstag",
    "2025-11-20 20:20:20 +0100",
    "<b>Danke!</b><br>2 Karten, Reihe 4, liegen an der Kasse.<br>Bitte bis 19.45 Uhr abholen<br><img src=cid:none><br>Keller "
    "e.V", text=False,
    program=programs.PHP_MAIL, dkim=None, sloppy="no text part, no html element, no name, a picture that is not there")

campaign("careless-noreply-elsewhere", Plainly, "noreply@mailer.bookwhen-like.example", "yogi@matmail.example",
    "Your class was moved", "2025-03-03 10:00:00 +0000",
    '<p>Yin with Carol is on Wednesday now, same hall, bring a blanket.</p><p><a '
    'href="http://carolstretches.example/timetable?utm_source=m">Timetable</a></p>',
    text=False, dkim=None, program=programs.NODE, sloppy="a sender of one domain, a link to another")

letter("careless-football", programs.PHP_MAIL, "FC OBERTAL 1921 <info@fc-obertal.example>", "fans@fc-obertal.example",
    "DERBY!!!!! DERBY!!!!! DERBY!!!!!", "2025-04-25 12:00:00 +0200",
    "SONNTAG 15 UHR!!!!!\nAlle ins Waldstadion, alle in Gelb!!!!!\n\nBratwurst 3 Euro, Kinder frei, Schiri ist von "
    "auswaerts!!!!!\n",
    without=("Message-Id", "MIME-Version"), charset="us-ascii", sloppy="capitals, five exclamation marks, no Message-ID")

raw("careless-display-address", """
Return-Path: <web88@server31.sharedhost.example>
Date: Mon, 12 May 2025 08:09:10 -0400
To: office@maplehvac.example
From: "dave.k@lakemail.example" <wordpress@maplehvac.example>
Reply-To: dave.k@lakemail.example
Subject: Website form: furnace
Content-Type: text/html; charset=UTF-8
X-PHP-Originating-Script: 1088:class-phpmailer.php

<p>Name: Dave<br>Phone: 555 0100<br>Message: Furnace sounds like a goose. Can someone come before it lays?</p>
""", sloppy="an address as the name of another address, no Message-ID, no MIME-Version")

letter("careless-undisclosed", programs.OUTLOOK, "Marktleitung <markt@wochenmarkt-nord.example>", None, "Standgebuehr 2026",
    "2025-12-29 15:00:00 +0100",
    "Liebe Beschicker,\n\nab Januar kostet der laufende Meter 4,20 Euro. Bitte bar, der Automat nimmt keine Zwanziger "
    "mehr.\n\nM. Thies\n", lang="de",
    charset="iso-8859-1", plain=True, sloppy="all in Bcc, no To")

raw("careless-wrong-charset",
    b"Return-Path: <kasa@piekarnia-zloty.example>\nFrom: kasa@piekarnia-zloty.example\nTo: sklep4@piekarnia-zloty.example\n"
    b"Subject: Zamowienie na jutro\nDate: Thu, 06 Feb 2025 17:00:00 +0100\nMessage-ID: <1@KASA-PC>\nMIME-Version: 1.0\nContent-Type: text/plain; "
    b"charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nProsz\xea o 40 bu\xb3ek, 12 chleb\xf3w \xbfytnich i p\xb1czki jak zawsze.\nDzi\xeaki, Hala\n",
    sloppy="8-bit letters in a part that says US-ASCII")

letter("careless-tracked-invoice", programs.NODE, "Billing <billing@tinytoolbox.example>", "me@soloshop.example", "inv",
    "2025-07-01 00:00:04 +0000", None,
    '<a href="https://u8812.ct.sendwell.example/ls/click?upn=u001.9fQk2LZs7bXv0aT">view invoice</a> - $9.00 - paid w/ card '
    'on file, nothing to do',
    dkim="s1@sendwell.example", sloppy="a tracked link and hardly a word, signed by the service alone")

raw("careless-two-spaces-subject", """
Return-Path: <fax@praxis-dr-lohse.example>
Received: from FRITZBOX (unknown [192.168.178.1])
	by mail.praxis-dr-lohse.example (Postfix) with ESMTP id 4Zk1Q02wYz
	for <tresen@praxis-dr-lohse.example>; Fri, 04 Jul 2025 09:41:22 +0200 (CEST)
From: "Fax" <fax@praxis-dr-lohse.example>
To: <tresen@praxis-dr-lohse.example>
Subject:   Fax  von  0421000000   
Date: Fri, 4 Jul 25 09:41:20
Message-ID: <0704094120@FRITZBOX>
Mime-Version: 1.0
Content-Type: text/plain

1 Seite, Labor Nord, liegt im Drucker im Flur.
""", sloppy="a date of two digits without a zone, spaces around the subject")

letter("careless-reply-all", programs.SAMSUNG, "Gary <gary.t@streetmail.example>", "everyone@hilltop-residents.example",
    "Re: RE: re: Bins AGAIN", "2025-02-18 23:10:00 +0000",
    "PLEASE STOP REPLYING TO ALL!!!!! It is not my bin it was NEVER my bin\n\nGary no 14\n", charset="utf-8",
    without=("Message-ID",), sloppy="no Message-ID, capitals")
