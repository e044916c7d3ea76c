"""Honest mail of people and small firms whose names hold a brand's.  SPDX-License-Identifier: GPL-3.0-or-later

Chase and Norton are first and last names, Devrim holds "evri", Heath Ledger was somebody's son, and the Elster is a river.
"""
from . import programs
from .mails import letter
from .services import Plainly, campaign

letter("names-chase", programs.GMAIL, "Chase Miller <chase.miller@millertilework.com>", "Dana <dana@oakfieldhomes.example>",
    "Re: backsplash samples", "2025-03-11 09:14:00 -0600",
    "Hi Dana,\n\nthe sage one came in. I can drop it by Thursday after three, or you pick it up at the shop.\n\nChase\n", dkim="google")

campaign("names-devrim", Plainly, "Devrim Yilmaz <d.yilmaz@steuerkanzlei-yilmaz.de>", "k.rother@elbpost.example",
    "Unterlagen 2024", "2025-05-20 11:02:00 +0200",
    '<p>Guten Tag Frau Rother,</p><p>es fehlt nur noch die Bescheinigung der Krankenkasse. Sie können sie <a '
    'href="https://mandant.kanzleiportal.net/r/77120">hier hochladen</a> oder mir bringen.</p><p>Devrim Yilmaz</p>',
    text=False, program=programs.PHPMAILER, dkim=None)

letter("names-norton", programs.THUNDERBIRD,
    "Edward Norton <e.norton@nortonandsonspianos.co.uk>", "Prudence <prudence@choirhall.example>", "Tuning before Advent",
    "2025-11-03 17:20:00 +0000",
    "Dear Prudence,\n\nthe 24th suits me, nine o'clock. The upright upstairs needs two new strings; shall I bring them?\n\n"
    "Kind regards\nEdward Norton\n")

letter("names-ledger", programs.GMAIL, "Kate Ledger <kate@ledgerbeekeeping.com>", "allotments@riverbank.example",
    "Swarm on plot 12", "2025-05-29 12:41:00 +0100",
    "Hello all,\n\nthe swarm on the pear tree is mine, I have it in a skep and will fetch it at dusk. Please leave it alone until then, "
    "and keep the little ones away.\n\nThanks, Kate\n", dkim="google")

letter("names-elster", programs.GMAIL, "Kanuverein Weiße Elster <vorstand@kanu-weisse-elster.de>", "mitglieder@kanu-weisse-elster.de",
    "Bootshausputz am 12. April", "2025-04-02 20:08:00 +0200",
    "Liebe Paddler,\n\nam 12. April ab neun Uhr putzen wir das Bootshaus. Bringt Handschuhe mit. Danach wird gegrillt.\n\nUwe\n", dkim="google")

letter("names-feinberg", programs.GMAIL, "Lior Sheinberg <lior@sheinberg-violins.com>", "maya@stringquartet.example", "Your bridge",
    "2025-02-17 14:55:00 -0500",
    "Maya,\n\nthe new bridge is cut and the soundpost fits. Come and try it with your own bow, any afternoon.\n\nLior\n", dkim="google")

letter("names-savastano", programs.GMAIL, "Avv. Gennaro Savastano <g.savastano@studiosavastano.it>", "m.ferri@lagopost.example",
    "Appuntamento", "2025-06-09 10:30:00 +0200",
    "Gentile signora Ferri,\n\nla aspetto giovedì alle 16 in studio. Porti per favore il contratto e le ricevute.\n\nCordiali saluti\n"
    "Gennaro Savastano\n", dkim="google")

letter("names-chasen", programs.GMAIL, "Olive Purchase <olive@purchaseandpotter.co.uk>", "ned@millstream.example", "Glaze test",
    "2025-10-08 08:12:00 +0100",
    "Ned,\n\nthe celadon ran. I'd try it thinner and ten degrees cooler. Photos tonight.\n\nOlive\n", dkim="google")
