"""What the programs of web sites write by themselves: shops, forums, clouds, courses.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter, raw
from .services import GridNotice, Plainly, SesNotice, Stamp, campaign


def boxed(brand, colour, body, foot, lang="en"):
    """One box on grey with the name of the shop above: what Shopware, PrestaShop and many after them send."""
    return (f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{brand}</title>\n<style>\n'
            'body { margin: 0; background: #eeeeee; } a { color: ' + colour + '; }\n'
            '@media (max-width: 480px) { .wide { display: none !important; } .box { width: 100% !important; } '
            '}\n</style>\n</head>\n'
            f'<body>\n<table class="box" align="center" width="640" cellpadding="0" cellspacing="0" style="background:#ffffff">\n'
            f'<tr><td class="wide" bgcolor="{colour}" style="padding:14px;color:#ffffff;font:bold 20px Arial">{brand}</td></tr>\n'
            f'<tr><td style="padding:20px;font:14px/1.5 Arial,sans-serif;color:#333333">\n{body}\n</td></tr>\n'
            f'<tr><td style="padding:12px;font:11px Arial,sans-serif;color:#999999">{foot}</td></tr>\n</table>\n</body>\n</html>\n')


def discourse(body, foot):
    return ('<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">\n<body>\n<div id="main" class="with-dir" '
    'dir="ltr">\n'
            f'<div class="header-instructions"></div>\n<div class="post-wrapper"><div class="body" style="font-size:14px">{body}</div></div>\n'
            '<hr style="background-color:#ddd;height:1px;border:1px">\n'
            f'<div class="footer" style="color:#666"><p>{foot}</p></div>\n</div>\n</body>\n</html>\n')


letter("site-rails-confirm", programs.RUBY, "Kilnshare <hello@kilnshare.com>", "m.adeyemi@claymail.example",
    "Confirmation instructions", "2025-02-04 10:11:12 +0000", None,
    '<p>Welcome m.adeyemi@claymail.example!</p>\n\n<p>You can confirm your account email through the link below:</p>\n\n'
    '<p><a href="https://kilnshare.com/users/confirmation?confirmation_token=xX7sZ2pLqfK1vBsyoHnC">Confirm my '
    'account</a></p>\n',
    via="postfix-local web2.kilnshare.com localhost", dkim="k1")

letter("site-rails-unlock", programs.RUBY, "Ferrybook <support@ferrybook.io>", "captain@northisles.example",
    "Unlock instructions", "2024-11-18 06:31:40 +0000", None,
    '<p>Hello captain@northisles.example!</p>\n<p>Too many wrong passwords in a row, so we have locked the log-in for an '
    'hour.</p>\n'
    '<p>If that was you at the keyboard before coffee, <a '
    'href="https://app.ferrybook.io/users/unlock?unlock_token=Qm3d8yT1">open it '
    'again now</a>. If not, tell us; nobody got in.</p>\n', via="postfix-local app1.ferrybook.io localhost", dkim="fb")

letter("site-django-reset", programs.DJANGO, "webmaster@choirtimes.org.uk", "alto2@choirtimes.org.uk",
    "Password reset on choirtimes.org.uk", "2025-05-06 20:44:01 +0000",
    "\nYou're receiving this email because you requested a password reset for your user account at choirtimes.org.uk.\n\n"
    "Please go to the following page and choose a new password:\n\n"
    "https://choirtimes.org.uk/accounts/reset/MTk/cf3k1p-8b7d2f0e6a94c1b3d5f7/\n\nYour username, in case you've forgotten: "
    "alto2\n\n"
    "Thanks for using our site!\n\nThe choirtimes.org.uk team\n\n", via="postfix-local choir-vm localhost")

letter("site-django-code", programs.DJANGO, "Tidewatch <no-reply@tidewatch.app>", "s.kettle@harbourpost.example",
    "918 204 is your Tidewatch code", "2026-01-09 05:50:22 +0000",
    "918 204\n\nType it where you left off. It works for ten minutes and only once.\n\nNobody at Tidewatch will ever ask you "
    "for it.\n",
    via="haraka mta3.tidewatch.app app-7 10.4.0.7", dkim="tw")

campaign("site-new-device", SesNotice, "Ledgerly <security@ledgerly.app>", "office@pinehurst-vets.example",
    "New device signed in to Ledgerly", "2025-10-02 07:13:55 +0000",
    '<html><body style="font-family:system-ui"><p>Hi Joan,</p><p>your books were opened from a device that we had not seen '
    'before:</p>'
    '<ul><li>Firefox on Ubuntu</li><li>near Leeds, from 203.0.113.88</li><li>2 October, 08:13</li></ul><p>Your new laptop? '
    'Then there is '
    'nothing to do. Otherwise <a href="https://app.ledgerly.app/security/sessions">throw the device out</a> and change your '
    'password.</p><p>Ledgerly, 4 Wool Yard, Bradford</p></body></html>')

letter("site-address-changed", programs.PHPMAILER, "Borough Lamps <service@boroughlamps.co.uk>",
    "harriet.lowe@oldmail.example",
    "Your email address was changed", "2025-03-30 16:02:00 +0100",
    "Dear Harriet,\n\nfrom now on we write to h***@newmail.example. This last message goes to the old address so that you "
    "know.\n\n"
    "If you did not ask for it, ring us on 020 0000 0000 before five and we turn it back.\n\nBorough Lamps\n",
    via="exim-local cl14.sharedhost-uk.example localhost 127.0.0.1 boroughl")

campaign("site-shopware-order", Plainly, "Teehaus Feldmann <bestellung@teehaus-feldmann.de>", "r.sommer@havelpost.example",
    "Bestellbestätigung 20418", "2025-11-28 21:17:45 +0100", boxed("Teehaus Feldmann", "#55692e",
    '<p>Guten Abend Frau Sommer,</p><p>vielen Dank für Ihre Bestellung Nr. 20418.</p><table width="100%" border="0"><tr '
    'bgcolor="#dddddd"><td>Pos.</td><td>Artikel</td><td align="right">Summe</td></tr><tr><td>1</td><td>Assam Mokalbari, 250 '
    'g</td><td align="right">14,90 €</td></tr><tr><td>2</td><td>Teefilter Gr. 2</td><td align="right">3,20 '
    '€</td></tr></table>'
    '<p>Versand: DHL, 4,90 €. Gesamt: <b>23,00 €</b>, bezahlt mit PayPal.</p><p><a '
    'href="https://www.teehaus-feldmann.de/account/order/9f2c4411">Stand der Bestellung</a></p>',
    "Teehaus Feldmann e.K., Am Markt 3, Werder. Widerrufsrecht siehe www.teehaus-feldmann.de/widerruf", "de"),
    program=programs.SYMFONY, via="exim-local vweb31.kundenhost.example localhost 127.0.0.1 ssl-web31")

campaign("site-prestashop-fr", Plainly, "La Malle aux Boutons <boutique@malleauxboutons.fr>", "c.guerin@loiremail.example",
    "[La Malle aux Boutons] Votre commande est en cours de préparation", "2025-01-22 09:00:10 +0100",
    boxed("La Malle aux Boutons",
    "#8a3b5c", '<p>Bonjour Claire Guérin,</p><p>votre commande <b>KXUVEDLRB</b> est entre nos mains : Odile compte vos '
    'boutons un par '
    'un.</p><p>Vous pouvez la suivre et télécharger votre facture dans <a '
    'href="http://www.malleauxboutons.fr/historique-des-commandes">'
    'votre compte</a>.</p>', 'La Malle aux Boutons propulsé par <a href="https://www.prestashop.com/">PrestaShop&trade;</a>',
    "fr"),
    program=programs.SWIFT, dkim=None, via="exim-local mutu12.hebergeur.example localhost 127.0.0.1 malleaux")

campaign("site-magento-invoice", Plainly, "Ridge & Cairn <sales@ridgeandcairn.com>", "t.oduya@fellmail.example",
    "Invoice for your Ridge & Cairn order", "2024-10-17 13:40:00 +0000", boxed("Ridge &amp; Cairn", "#1d3557",
    '<p class="greeting">Tunde Oduya,</p><p>Thank you for your order. You can check its status by <a '
    'href="https://www.ridgeandcairn.com/customer/account/">logging into your account</a>.</p><h1>Your Invoice #000003387 '
    'for Order '
    '#000004120</h1><table class="email-items"><tr><td>Gaiters, knee, L</td><td>1</td><td>£38.00</td></tr><tr><td>Wax, '
    '100 ml</td><td>2</td><td>£11.00</td></tr></table><p><b>Payment method</b> Visa ending 0004<br><b>Shipping</b> Royal '
    'Mail '
    'Tracked 48</p>', "Thank you, Ridge &amp; Cairn!"), program=programs.PHPMAILER,
    via="postfix-local mage1.ridgeandcairn.com localhost")

letter("site-woo-refund", programs.PHPMAILER, "Bramble Yarns <orders@brambleyarns.com>", "j.fitch@valepost.example",
    "Your Bramble Yarns order #8813 has been partially refunded", "2025-08-19 14:22:07 +0000", None,
    '<div style="background-color:#f7f7f7;padding:70px 0" dir="ltr"><table width="600" id="template_container"><tr><td '
    'id="header_wrapper" style="background:#7f54b3;color:#fff;padding:36px 48px"><h1>Partial Refund: Order '
    '8813</h1></td></tr><tr><td '
    'id="body_content"><p>Hi June,</p><p>The indigo skein was out of dye lot, so £12.50 of your order goes back to your '
    'card. Allow '
    'it three working days.</p><p>We hope to see you again soon.</p></td></tr><tr><td id="credit">Bramble Yarns &mdash; '
    'Built with '
    'WooCommerce</td></tr></table></div>', via="exim-local wp7.greenhosting.example localhost 127.0.0.1 bramble",
    dkim="default")

letter("site-wordpress-admin-change", programs.PHPMAILER, "WordPress <wordpress@rowingclub-tyne.example>",
    "cox@rowingclub-tyne.example",
    "[Tyne Rowing] New User Registration", "2025-04-01 11:11:11 +0000",
    "New user registration on your site Tyne Rowing:\n\nUsername: stroke_side\n\nEmail: p.hallam@tynemail.example\n",
    via="exim-local s3.clubhost.example localhost 127.0.0.1 tyne", without=("X-Mailer",))

letter("site-nextcloud-share-de", programs.SYMFONY, "Ina Wessels über Wolke <wolke@architekten-wessels.de>",
    "bauherr@heidemail.example", "Ina Wessels hat „Ausführungsplan“ mit dir geteilt", "2025-09-08 12:30:00 +0000",
    "Ina Wessels hat „Ausführungsplan“ mit dir geteilt.\n\nÖffnen: "
    "https://wolke.architekten-wessels.de/s/Tq8ZLe3PnWmBd4k\n\n-- \n"
    "Wolke - der Ort für alle Pläne\nDies ist eine automatisch generierte E-Mail, bitte nicht antworten.\n",
    '<table class="body" style="background:#fff;width:100%"><tr><td align="center"><center data-parsed=""><h1 '
    'style="color:#777">Ina '
    'Wessels hat „Ausführungsplan“ mit dir geteilt</h1><p>Klick auf den Knopf, um die Zeichnungen zu sehen.</p><a '
    'href="https://wolke.architekten-wessels.de/s/Tq8ZLe3PnWmBd4k" style="background:#0082c9;color:#fff;padding:10px 25px;'
    'border-radius:3px">„Ausführungsplan“ öffnen</a></center></td></tr></table>',
    via="postfix-local nc.architekten-wessels.de localhost")

letter("site-gitlab-token", programs.RUBY, "GitLab <gitlab@git.brackwater.net>", "ines@brackwater.net",
    "Your personal access token will expire in 7 days or less", "2026-02-16 01:00:12 +0000",
    "Hi ines!\n\nOne or more of your personal access tokens will expire in 7 days or less:\n\n  - deploy-docs\n\nYou can "
    "create a new "
    "one, or extend it, in your settings: https://git.brackwater.net/-/user_settings/personal_access_tokens\n",
    headers=[("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")],
    via="postfix-local git.brackwater.net localhost")

letter("site-discourse-welcome", programs.RUBY, "Sourdough Forum <notifications@forum.crustandcrumb.org>",
    "baker77@doughmail.example",
    "[Sourdough Forum] Welcome to Sourdough Forum!", "2025-12-27 18:05:30 +0000",
    "Thanks for joining!\n\nRead before you post: the starter topic answers nine questions of ten.\n",
    discourse('<p>Thanks for joining!</p><p>Read before you post: the <a '
    'href="https://forum.crustandcrumb.org/t/start-here/7">starter '
    'topic</a> answers nine questions of ten. The tenth is about rye.</p>', 'To stop these, <a '
    'href="https://forum.crustandcrumb.org/email/unsubscribe/5b1f99">click here</a>.'),
    headers=[("List-Unsubscribe", "<https://forum.crustandcrumb.org/email/unsubscribe/5b1f99>"), ("X-Auto-Response-Suppress",
    "All")])

letter("site-moodle-grade-es", programs.PHPMAILER, "Aula Virtual (vía Instituto Albor) <noreply@aula.instituto-albor.es>",
    "n.campos@alumnomail.example", "Tarea calificada: Comentario de texto 3", "2025-02-27 17:33:00 +0100",
    "LENG2B -> Tarea -> Comentario de texto 3\n---------------------------------------------\nBeatriz Soler ha publicado un "
    "comentario "
    "en su entrega:\n\n  "
    "https://aula.instituto-albor.es/mod/assign/view.php?id=3381\n---------------------------------------------\n",
    headers=[("Precedence", "Bulk"), ("X-Course-Id", "218"), ("X-Auto-Response-Suppress", "All")],
    via="postfix-local aula.instituto-albor.es localhost")

letter("site-matomo-report", programs.PHPMAILER, "Matomo <noreply@zahlen.keramik-union.example>",
    "marketing@keramik-union.example",
    "Bericht der letzten Woche - keramik-union", "2025-06-09 04:00:21 +0000", None,
    '<html style="background-color:#edecec"><body><h2 style="color:#0d0d0d">keramik-union</h2><p>Hallo, hier ist Ihr '
    'wöchentlicher '
    'Bericht.</p><table border="1" '
    'style="border-collapse:collapse"><tr><th>Besuche</th><th>Aktionen</th><th>Absprungrate</th></tr><tr>'
    '<td>1.204</td><td>4.871</td><td>38 %</td></tr></table><p>Häufigste Seite: /glasuren/seladon</p></body></html>',
    attach=[("bericht.pdf", "application/pdf", attachments.pdf("Bericht", ["Besuche 1204", "Aktionen 4871"], "TCPDF 6.7"))])

letter("site-mautic-optin-nl", programs.SYMFONY, "Fietslab <hoi@fietslab.nl>", "joost@dijkmail.example",
    "Nog één klik, Joost",
    "2025-03-12 15:00:00 +0100", "Hoi Joost,\n\nNog één klik en je krijgt elke maand onze routes: "
    "https://mail.fietslab.nl/form/confirm/8d7f1\n\nNiet aangemeld? Doe dan niets.\n", via="postfix-local mail.fietslab.nl "
    "localhost",
    dkim="mautic")

letter("site-odoo-signup", programs.ODOO, "\"Halvorsen Boats\" <info@halvorsenboats.example.net>", "w.drury@quaymail.example",
    "Halvorsen Boats invites you to connect to Odoo", "2025-07-23 09:14:33 +0000", None,
    '<table border="0" cellpadding="0" style="padding-top:16px;background-color:#F1F1F1"><tr><td align="center"><span '
    'style="font-size:10px">Welcome to Odoo</span><br><div>Dear Wendy Drury,<br><br>Astrid Halvorsen lets you follow the '
    'refit of '
    '<i>Sandpiper</i> online: drawings, hours, what it costs so far.<div style="margin:16px 0"><a '
    'href="https://halvorsenboats.example.net/web/signup?db=boats&amp;token=J4pQ7" '
    'style="background-color:#875A7B;color:#fff;'
    'padding:8px 16px">Accept invitation</a></div>This link will remain valid during 6 days.</div></td></tr></table>')

letter("site-closed-account", programs.GO, "Paperkite <bye@paperkite.co>", "ex.customer@skymail.example",
    "Your account is gone",
    "2025-05-31 23:59:30 +0000", "As you asked, we have deleted your account and the 41 drafts in it.\n\nBackups forget you "
    "in thirty "
    "days. Your last invoice stays for seven years because the tax office says so.\n\nGood winds,\nPaperkite\n", dkim="pk")

campaign("site-close-notice", Stamp, "Notebarn <team@notebarn.com>", "lena.hs@icymail.example",
    "We'll delete your inactive Notebarn account on 14 March", "2026-02-12 10:00:00 +0000",
    '<html><body><h2>You have not been here for two years</h2><p>We keep nobody\'s notes longer than they want. Unless you '
    '<a '
    'href="https://notebarn.com/login">log in</a> before 14 March, we delete the account lena.hs and its 12 notes.</p><p>You '
    'may also '
    '<a href="https://notebarn.com/export">download them</a> first.</p></body></html>')

letter("site-phpmail-member", programs.PHP_MAIL, "Tauchclub Nautilus <webmaster@tc-nautilus-ulm.de>", "neu@donaupost.example",
    "Ihre Anmeldung beim TC Nautilus", "2025-04-14 19:02:00 +0200", "Hallo,\n\njemand (hoffentlich du) hat sich auf "
    "www.tc-nautilus-ulm.de "
    "als Mitglied eingetragen. Zum Freischalten hier "
    "klicken:\n\nhttp://www.tc-nautilus-ulm.de/aktiv.php?id=318&c=a81f\n\nGut Luft!\n",
    charset="iso-8859-1", via="exim-local web118.billighost.example localhost 127.0.0.1 web118")

letter("site-phpbb-activate", programs.PHP_MAIL, "admin@oldtractors.example", "ferguson35@farmpost.example",
    "Welcome to \"Old Tractors\" forums", "2024-12-08 13:13:13 +0000", "Welcome to \"Old Tractors\" forums\n\nPlease keep "
    "this email.\n\n"
    "----------------------------\nUsername: ferguson35\n\nBoard URL: "
    "http://oldtractors.example\n----------------------------\n\nYour "
    "account is inactive until a moderator has looked at it. There are two of them and one is harvesting.\n\n--\nThanks, The "
    "Yard\n",
    headers=[("X-MimeOLE", "phpBB3"), ("X-phpBB-Origin", "phpbb://oldtractors.example")])

letter("site-typo3-form", programs.SYMFONY, "Kontaktformular <www@stadtwerke-lauben.example>",
    "kundenservice@stadtwerke-lauben.example",
    "Zählerstand über die Website", "2025-01-03 08:08:00 +0100", "Zählernummer: 1ESY1160998812\nStand: 22817\nAbgelesen am: "
    "31.12.2024\n"
    "Bemerkung: Keller war dunkel, letzte Ziffer vielleicht 9\n", headers=[("Reply-To", "h.gruber@laubenpost.example")])

letter("site-drupal-onetime", programs.PHP_MAIL, "Hill Farm Archive <archive@hillfarmarchive.org>",
    "volunteer3@moormail.example",
    "Replacement login information for volunteer3 at Hill Farm Archive", "2025-02-20 10:41:00 +0000",
    "volunteer3,\n\nA request to reset "
    "the password for your account has been made at Hill Farm Archive.\n\nYou may now log in by clicking this link or "
    "copying and pasting "
    "it into your browser:\n\nhttps://hillfarmarchive.org/user/reset/44/1740048060/9oQk/login\n\nIt expires after one day "
    "and nothing will "
    "happen if it's not used.\n\n--  Hill Farm Archive team\n", headers=[("X-Mailer", "Drupal")])

letter("site-jira-like-ticket", programs.JAVA, "Service Desk <desk@support.hexafleet.io>", "ops@tanager-logistics.example",
    "HF-20771 GPS units drop out under bridges", "2025-10-21 12:04:59 +0000", "-- Reply above this line --\n\nMarisol "
    "changed the status to "
    "Waiting for customer.\n\nCould you send the log of unit 14 for Monday between 06:00 and 07:00? The red button, then the "
    "USB stick.\n\n"
    "View request: https://support.hexafleet.io/portal/HF-20771\n", dkim="desk")

letter("site-cpanel-disk", programs.SHELL, "cPanel on srv9.hostmeadow.example <cpanel@srv9.hostmeadow.example>",
    "owner@mossgarden-design.example", "[srv9] The disk usage for \"mossgard\" is 91.40 %", "2025-11-11 02:10:00 +0000",
    "The account for mossgarden-design.example has reached 91.40 % of its disk quota.\n\nUsage: 9.14 GB of 10 GB\n\nMost of "
    "it: "
    "/home/mossgard/mail (6.2 GB)\n\nThis notice was sent to you because disk warnings are on.\n",
    via="exim-local srv9.hostmeadow.example localhost 127.0.0.1 root")

letter("site-sepa-mandate", programs.DOTNET, "Fitnesswerk Kassel <vertrag@fitnesswerk-kassel.de>", "b.ilic@fuldapost.example",
    "Ihr SEPA-Mandat und Ihre Zugangsdaten", "2025-01-06 17:45:00 +0100", "Hallo Herr Ilic,\n\nschön, dass Sie dabei sind! "
    "Ihr Mandat liegt "
    "bei, die erste Abbuchung (29,90 EUR) kommt am 1. Februar.\n\nApp-Anmeldung: b.ilic@fuldapost.example, das Kennwort "
    "vergeben Sie beim "
    "ersten Mal selbst: https://mitglied.fitnesswerk-kassel.de/start\n", attach=[("Mandat.pdf", "application/pdf",
    attachments.pdf("SEPA-Mandat", ["Mandatsreferenz FWK-20881"], "iText 5.5.13"))])

campaign("site-seat-invite", GridNotice, "Huddleboard <no-reply@huddleboard.com>", "gwen.parry@brickmail.example",
    "Ravi invited you to join Parry Brickwork on Huddleboard", "2025-08-04 09:00:00 +0000",
    '<html><body bgcolor="#ffffff"><!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" '
    'href="https://huddleboard.com/join/pbw-88" style="height:44px;width:180px" arcsize="10%" fillcolor="#3b49df" '
    'stroke="f"><center '
    'style="color:#ffffff">Join the board</center></v:roundrect><![endif]--><p><b>Ravi Menon</b> wants you to see who lays '
    'bricks '
    'where this week.</p><!--[if !mso]><!--><a href="https://huddleboard.com/join/pbw-88" '
    'style="background:#3b49df;color:#ffffff;'
    'padding:12px 30px">Join the board</a><!--<![endif]--><p style="color:#8b8b8b;font-size:12px">The invitation lapses '
    'after '
    'fourteen days.</p></body></html>')

raw("site-mailman-password", """
Return-Path: <mailman-bounces@lists.kite-flyers.example.org>
From: mailman-owner@lists.kite-flyers.example.org
To: d.wren@breezemail.example
Subject: lists.kite-flyers.example.org mailing list memberships reminder
Date: Sun, 01 Dec 2024 05:00:03 +0000
Message-ID: <mailman.0.1733029203.2288.mailman@lists.kite-flyers.example.org>
Precedence: bulk
X-List-Administrivia: yes
MIME-Version: 1.0
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: 7bit

This is a reminder, sent out once a month, about your
lists.kite-flyers.example.org mailing list memberships.

Passwords for d.wren@breezemail.example:

List                                     Password // URL
----                                     --------
bowed-kites@lists.kite-flyers.example.org  gurnard
http://lists.kite-flyers.example.org/options/bowed-kites/d.wren%40breezemail.example
""")
