"""Accounts: passwords, codes, alerts, confirmations, renewals, failures, questions of a bank.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import (attachments, programs)
from .mails import (letter)
from .pages import (Ancient, Bee, Dark, Mjml, React, Stripo, Unlayer)
from .services import (GridNotice, Plainly, SesNotice, Target, campaign)


def laravel(app, url, body, action, link, trouble):
    """The markdown mail of Laravel."""
    return f'''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{app}</title>
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="color-scheme" content="light">
<meta name="supported-color-schemes" content="light">
<style>
@media only screen and (max-width: 600px) {{
.inner-body {{
width: 100% !important;
}}
.footer {{
width: 100% !important;
}}
}}
@media only screen and (max-width: 500px) {{
.button {{
width: 100% !important;
}}
}}
</style>
</head>
<body style="box-sizing: border-box; font-family: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, \
Arial, sans-serif; position: relative; -webkit-text-size-adjust: none; background-color: #ffffff; color: #718096; \
height: 100%; line-height: 1.4; margin: 0; padding: 0; width: 100% !important;">
<table class="wrapper" width="100%" cellpadding="0" cellspacing="0" role="presentation" style="box-sizing: \
border-box; background-color: #edf2f7; margin: 0; padding: 0; width: 100%;">
<tr><td align="center" style="box-sizing: border-box; position: relative;">
<table class="content" width="100%" cellpadding="0" cellspacing="0" role="presentation" style="box-sizing: \
border-box; margin: 0; padding: 0; width: 100%;">
<tr><td class="header" style="box-sizing: border-box; padding: 25px 0; text-align: center;"><a href="{url}" \
style="color: #3d4852; font-size: 19px; font-weight: bold; text-decoration: none; display: \
inline-block;">{app}</a></td></tr>
<tr><td class="body" width="100%" cellpadding="0" cellspacing="0" style="box-sizing: border-box; background-color: \
#edf2f7; border: hidden !important;">
<table class="inner-body" align="center" width="570" cellpadding="0" cellspacing="0" role="presentation" \
style="box-sizing: border-box; background-color: #ffffff; border-radius: 2px; margin: 0 auto; padding: 0; width: \
570px;">
<tr><td class="content-cell" style="box-sizing: border-box; max-width: 100vw; padding: 32px;">
{body}
<table class="action" align="center" width="100%" cellpadding="0" cellspacing="0" role="presentation" style="margin: \
30px auto; text-align: center;"><tr><td align="center"><a href="{link}" class="button button-primary" \
target="_blank" rel="noopener" style="border-radius: 4px; color: #fff; display: inline-block; text-decoration: none; \
background-color: #2d3748; border-bottom: 8px solid #2d3748; border-left: 18px solid #2d3748; border-right: 18px \
solid #2d3748; border-top: 8px solid #2d3748;">{action}</a></td></tr></table>
<table class="subcopy" width="100%" cellpadding="0" cellspacing="0" role="presentation" style="border-top: 1px solid \
#e8e5ef; margin-top: 25px; padding-top: 25px;"><tr><td><p style="line-height: 1.5em; margin-top: 0; text-align: \
left; font-size: 14px;">{trouble} <span class="break-all" style="word-break: break-all;"><a href="{link}" \
style="color: #3869d4;">{link}</a></span></p></td></tr></table>
</td></tr></table>
</td></tr>
<tr><td><table class="footer" align="center" width="570" cellpadding="0" cellspacing="0" role="presentation"><tr><td \
class="content-cell" align="center" style="padding: 32px;"><p style="line-height: 1.5em; color: #b0adc5; font-size: \
12px; text-align: center;">© 2025 {app}. All rights reserved.</p></td></tr></table></td></tr>
</table></td></tr></table>
</body>
</html>
'''


letter("account-reset-laravel", programs.SYMFONY, "Rota Club <no-reply@rotaclub.app>",
    "denise.aubert@gymleague.example", "Reset Password Notification", "2025-03-19 21:03:12 +0000",
    "Hello!\n\nYou are receiving this email because we received a password reset request for your account.\n\nReset "
    "Password: https://rotaclub.app/reset-password/6f0d3a8e5c1b49a7d2?email=denise.aubert%40gymleague.example\n\nThis "
    "password reset link will expire in 60 minutes.\n\nIf you did not request a password reset, no further action "
    "is required.\n\nRegards,\nRota Club\n", laravel("Rota Club", "https://rotaclub.app",
    "<h1 style=\"color: #3d4852; font-size: 18px;\">Hello!</h1><p>You are receiving this email because we received "
    "a password reset request for your account.</p><p>This password reset link will expire in 60 minutes.</p><p>If "
    "you did not request a password reset, no further action is required.</p><p>Regards,<br>Rota Club</p>",
    "Reset Password",
    "https://rotaclub.app/reset-password/6f0d3a8e5c1b49a7d2?email=denise.aubert%40gymleague.example",
    "If you're having trouble clicking the \"Reset Password\" button, copy and paste the URL below into your web "
    "browser:"), via="postfix-local rota-prod-1.cloudrack.net localhost", dkim="rc2024")

letter("account-verify-laravel-de", programs.SYMFONY, "Mitfahrbrett <hallo@mitfahrbrett.de>",
    "sven.petersen@foerdepost.example", "E-Mail-Adresse bestätigen", "2024-09-14 08:41:09 +0200",
    "Moin Sven!\n\nSchön, dass du dabei bist. Bitte bestätige deine "
    "E-Mail-Adresse:\n\nhttps://mitfahrbrett.de/email/verify/8812/3f5a9c?expires=1726302069&signature=9b1f0c\n\nWenn "
    "du kein Konto angelegt hast, brauchst du nichts zu tun.\n\nDein Mitfahrbrett\n", laravel("Mitfahrbrett",
    "https://mitfahrbrett.de",
    "<h1>Moin Sven!</h1><p>Schön, dass du dabei bist. Bitte bestätige deine E-Mail-Adresse.</p><p>Wenn du kein "
    "Konto angelegt hast, brauchst du nichts zu tun.</p><p>Dein Mitfahrbrett</p>", "E-Mail-Adresse bestätigen",
    "https://mitfahrbrett.de/email/verify/8812/3f5a9c?expires=1726302069&signature=9b1f0c",
    "Wenn der Knopf nicht geht, kopiere diese Adresse in deinen Browser:"), via="exim-local s14.webhost-nord.de "
    "localhost 127.0.0.1 mitfahr", dkim="x")

letter("account-wordpress-reset", programs.PHPMAILER, "WordPress <wordpress@chorgemeinschaft-lindau.de>",
    "notenwart@chorgemeinschaft-lindau.de", "[Chorgemeinschaft Lindau] Passwort zurücksetzen",
    "2025-06-01 19:22:01 +0000", """Jemand hat angefordert, dass das Passwort für das folgende Konto zurückgesetzt \
wird:

Website-Name: Chorgemeinschaft Lindau

Benutzername: notenwart

Wenn das ein Versehen war, kannst du diese E-Mail ignorieren und es wird nichts passieren.

Um dein Passwort zurückzusetzen, besuche die folgende Adresse:

https://www.chorgemeinschaft-lindau.de/wp-login.php?action=rp&key=kQ2rTn8bVw4Zx1Ye6HjL&login=notenwart&wp_lang=de_DE

Diese Anfrage zum Zurücksetzen des Passworts stammt von der IP-Adresse 192.0.2.144.
""", via="postfix-pickup web22.vereinshosting.de localhost 127.0.0.1 10044", envelope="web22_p3@web22.vereinshosting.de",
    without=("X-Mailer",))

letter("account-wordpress-updated", programs.PHPMAILER, "WordPress <wordpress@lesleysgarden.net>",
    "lesley@lesleysgarden.net", "[Lesley's Garden] Some plugins were automatically updated",
    "2025-02-27 03:14:55 +0000", """Howdy! Some plugins have automatically updated to their latest versions on your \
site at https://lesleysgarden.net. No further action is needed on your part.

These plugins are now up to date:
- Contact Form 7 (from version 6.0.3 to 6.0.4) : https://wordpress.org/plugins/contact-form-7/
- Antispam Bee (from version 2.11.6 to 2.11.7) : https://wordpress.org/plugins/antispam-bee/

If you experience any issues or need support, the volunteers in the WordPress.org support forums may be able to help.
https://wordpress.org/support/forums/

The WordPress Team
""", via="exim-local cp17.gardenhost.net localhost 127.0.0.1 lesley")

page = React("Your code", "482 913 is your Harborlight code", colour=("#ffffff", "#ffffff", "#1a1a2e", "#1a1a2e"))
page.heading("Your sign-in code", 2)
page.put(page.row([
    '<div style="background:rgba(0,0,0,.05);border-radius:4px;margin:16px auto 14px;width:280px"><p '
    'style="font-size:32px;font-weight:700;letter-spacing:6px;line-height:40px;padding:8px 0;margin:0 '
    'auto;text-align:center">482 913</p></div>']))
page.text("Enter it where you tried to sign in. It works for 10 minutes and only once.",
    "If this was not you, somebody may have typed your address by mistake; without the code they cannot get in. We "
    "will never ask you for it by phone.")
page.small("Harborlight, 2261 Dock Street, Halifax NS")
campaign("account-code", SesNotice, "Harborlight <no-reply@harborlight.io>", "wren.calloway@atlanticpost.example",
    "482 913 is your Harborlight code", "2026-01-12 15:33:07 +0000", page.html())

campaign("account-code-plain", Plainly, "Sparkasse Muldental <pushtan@spk-muldental.de>",
    "jochen.thierbach@muldepost.example", "Ihr Registrierungscode", "2025-05-22 09:17:40 +0200",
    "<html><body><p>Guten Tag Herr Thierbach,</p><p>Ihr Registrierungscode für die App lautet <b>7H2K-94PW</b>. Er "
    "gilt bis zum 29.05.2025.</p><p>Geben Sie den Code niemandem weiter, auch nicht am Telefon. Unsere Mitarbeiter "
    "fragen nie danach.</p><p>Freundliche Grüße<br>Sparkasse Muldental</p></body></html>",
    "Guten Tag Herr Thierbach,\n\nIhr Registrierungscode für die App lautet 7H2K-94PW. Er gilt bis zum "
    "29.05.2025.\n\nGeben Sie den Code niemandem weiter, auch nicht am Telefon. Unsere\nMitarbeiter fragen nie "
    "danach.\n\nFreundliche Grüße\nSparkasse Muldental\n", program=programs.JAVA, dkim="spk1",
    via="postfix-lan mailout.spk-muldental.de unknown 10.88.1.4 tanserver")

page = Stripo("New sign-in", "New sign-in from Firefox on Linux", colour=("#f5f5f5", "#ffffff", "#202124", "#1a73e8"))
page.picture("https://ssl.kettlecloud.com/mail/kettle_logo_2x.png", "Kettle", width=74)
page.heading("New sign-in to your account", 2)
page.put(page.row([
    '<div style="border:1px solid #dadce0;border-radius:24px;padding:4px '
    '16px;display:inline-block">d.marchetti@kettlemail.example</div>'], align="center"))
page.text(
    "We noticed a new sign-in to your Kettle account on a Linux device. If this was you, you don't need to do "
    "anything. If not, we'll help you secure your account.")
page.put(page.row([
    '<table style="font-size:14px"><tr><td>When</td><td>Thursday, 3 July 2025, 22:14 '
    '(CEST)</td></tr><tr><td>Device</td><td>Firefox on Linux</td></tr><tr><td>Where</td><td>near Bologna, '
    'Italy</td></tr></table>']))
page.button("Check activity", "https://myaccount.kettlecloud.com/notifications?rfn=325&et=0&asae=2")
page.text(
    'You can also see security activity at<br><a '
    'href="https://myaccount.kettlecloud.com/notifications">https://myaccount.kettlecloud.com/notifications</a>')
page.small(
    "You received this email to let you know about important changes to your Kettle account and services.<br>&copy; "
    "2025 Kettle Ireland Ltd., 9 Canal Road, Dublin 4, Ireland")
campaign("account-new-signin", Plainly, "Kettle <no-reply@accounts.kettlecloud.com>",
    "d.marchetti@kettlemail.example", "Security alert", "2025-07-03 20:14:31 +0000", page.html(),
    program=programs.GMAIL, dkim="20230601", headers=[("X-Notifications", "b1f2a60d1f0c0000"), ("Feedback-ID",
    "127-account-notifier:account-notifier")], envelope="3aBcD1eF0g@gaia.bounces.kettlecloud.com")

letter("account-new-signin-text", programs.GO, "Forgejo at Kupfersoft <git@kupfersoft.dev>", "lea@kupfersoft.dev",
    "New SSH key added to your account", "2025-08-14 07:02:31 +0000",
    "Hi lea,\n\na new SSH key was added to your account.\n\n  Title        thinkpad-2025\n  Fingerprint  "
    "SHA256:Qm3t0fVx9r7yJ5wq1kXb2uS8nE4hLcD6aGzP0oRiTvY\n  Added from   2001:db8:44::17\n\nIf this was not you, "
    "remove it at\nhttps://git.kupfersoft.dev/user/settings/keys and change your password.\n", html=None,
    via="postfix-local git.kupfersoft.dev localhost", dkim="git")

page = Bee("Confirm your email", "One click and you are in", colour=("#fdf6ec", "#ffffff", "#3b2f2f", "#e07a5f"))
page.heading("Please confirm your email address")
page.text(
    "Hello! Somebody, hopefully you, asked to get the Salt & Rye bread letter at <b>{{email}}</b>. Click the button "
    "to confirm. If you did not ask, do nothing and you will not hear from us again.")
page.button("Yes, send me bread", "https://saltandrye.bakery/newsletter/confirm/7d2f0c9be14a4f")
page.small("This request came from 198.51.100.200 on 11 May 2025 at 17:20 UTC.")
campaign("account-double-optin", Plainly, "Salt & Rye <letters@saltandrye.bakery>", "hugo.bellamy@riverpost.example",
    "Confirm your subscription", "2025-05-11 17:20:14 +0000", page.html(), dkim="k1")

letter("account-optin-mailman", programs.PYTHON, "seedsavers-confirm+8e1d0c77@lists.allotment.coop",
    "n.falk@oakmail.example", "confirm 8e1d0c774ab2f96d13e5b6c0", "2024-11-28 10:10:10 +0000", """Mailing list subscription confirmation \
notice for mailing list Seedsavers

We have received a request from 203.0.113.9 for subscription of your
email address, "n.falk@oakmail.example", to the
seedsavers@lists.allotment.coop mailing list.  To confirm that you want
to be added to this mailing list, simply reply to this message, keeping
the Subject: header intact.  Or visit this web page:

    https://lists.allotment.coop/mailman/confirm/seedsavers/8e1d0c774ab2f96d13e5b6c0

If you do not wish to be subscribed to this list, please simply
disregard this message.
""", reply_to="seedsavers-request@lists.allotment.coop", headers=[("X-BeenThere", "seedsavers@lists.allotment.coop"),
    ("X-Mailman-Version", "2.1.39"), ("Precedence", "bulk"), ("List-Id", "<seedsavers.lists.allotment.coop>"), (
    "X-List-Administrivia", "yes"), ("Errors-To", "seedsavers-bounces@lists.allotment.coop")], charset="us-ascii",
    text_cte="7bit", envelope="seedsavers-bounces@lists.allotment.coop", via="postfix-local lists.allotment.coop "
    "lists.allotment.coop", dkim="lists")

letter("account-quota-plain", programs.SHELL, "Postmaster <postmaster@fh-brunntal.de>", "k.wiesner@fh-brunntal.de",
    "Ihr Postfach ist zu 90 % voll", "2025-03-10 02:00:07 +0100", """Guten Tag,

Ihr Postfach k.wiesner@fh-brunntal.de belegt 1843 MB von 2048 MB (90 %).

Ist es voll, werden neue E-Mails an den Absender zurückgeschickt. Bitte
löschen oder archivieren Sie nicht mehr benötigte Nachrichten, vor allem die
Ordner "Gesendet" und "Papierkorb".

Eine Anleitung finden Sie im Intranet unter https://intranet.fh-brunntal.de/it/postfach
(nur im Hochschulnetz oder mit VPN). Rückfragen an die Benutzerberatung,
Raum C 014, Tel. -4711.

Rechenzentrum
""", via="postfix-pickup mail2.fh-brunntal.de localhost 127.0.0.1 5000", headers=[("Auto-Submitted", "auto-generated"),
    ("X-Priority", "1")])

letter("account-quota-hosting", programs.PHPMAILER, "cPanel on srv88.orchardhost.com <cpanel@srv88.orchardhost.com>",
    "pat@bramleycottage.org",
    "[srv88.orchardhost.com] ⚠ The domain “bramleycottage.org” has reached their disk quota.",
    "2024-07-19 06:06:06 +0000", html='''<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Type" \
content="text/html; charset=utf-8"><style type="text/css">.ExternalClass{width:100%}</style></head><body \
style="background:#F4F4F4"><table align="center" width="680" border="0" cellspacing="0" cellpadding="0" \
style="background:#fff;border:2px solid #E8E8E8;border-bottom:2px solid #FF6C2C"><tr><td \
style="padding:15px;font-family:Helvetica,Arial;font-size:14px;color:#333"><p><b>The account “bramley” has used \
96.4% of its disk quota.</b></p><table cellpadding="4"><tr><td>Disk quota:</td><td>5,000 \
MB</td></tr><tr><td>Used:</td><td>4,820.31 MB</td></tr><tr><td>Largest directory:</td><td>/home/bramley/mail (3.1 \
GB)</td></tr></table>
<p>When the quota is reached, you may not be able to receive mail or upload files. Delete what you do not need, or \
contact your provider.</p><p>Do you use the Disk Usage interface? It shows where the space went.</p><hr><p \
style="color:#666;font-size:12px">The system generated this notice on Friday, July 19, 2024 at 6:06:05 AM UTC. You \
can disable the “Account is approaching its quota” type of notification through the <a \
href="https://srv88.orchardhost.com:2083/?goto_app=ContactInfo_Change">Contact Information</a> interface.<br>Do not \
reply to this automated message.</p></td></tr></table><p align="center" style="font-size:11px;color:#999">Copyright \
© 2024 cPanel, L.L.C.</p></body></html>''', via="exim-local srv88.orchardhost.com localhost 127.0.0.1 root", without=(
    "X-Mailer",), headers=[("X-AntiAbuse",
    "This header was added to track abuse, please include it with any abuse report"), ("X-AntiAbuse",
    "Primary Hostname - srv88.orchardhost.com")])

page = Mjml("Renew", "Your domain renews on 4 October", colour=("#f0f4f8", "#ffffff", "#102a43", "#2186eb"))
page.heading("Your domain name expires in 30 days", 2)
page.text("Hello Mr Castellano,",
    "the domain below is due. Auto-renew is <b>off</b>, so it will stop working unless you renew it.")
page.put(page.row([
    '<table width="100%" cellpadding="8" style="border-collapse:collapse;font-family:Arial;font-size:14px" '
    'border="1"><tr><th align="left">Domain</th><th align="left">Expires</th><th align="left">Renewal, 1 '
    'year</th></tr><tr><td>castellano-olives.com</td><td>4 October 2025</td><td>$14.99</td></tr></table>']))
page.button("Renew now", "https://www.namebarn.net/account/domains/castellano-olives.com/renew")
page.text(
    "After the expiry date your website and e-mail stop. You have 30 more days to renew at the normal price, then "
    "30 days with a redemption fee set by the registry.")
page.small(
    "NameBarn Inc. is an ICANN-accredited registrar, IANA ID 0000. ICANN requires us to send you this notice. "
    "NameBarn Inc., 9 Barn Road, Boise ID 83702")
campaign("account-domain-renewal", GridNotice, "NameBarn <renewals@namebarn.net>",
    "Vito Castellano <vito@castellano-olives.com>", "Action required: castellano-olives.com expires in 30 days",
    "2025-09-04 12:00:00 +0000", page.html())

letter("account-icann-whois", programs.PERL, "NameBarn Compliance <whois-reminder@namebarn.net>",
    "hostmaster@kiteworkshop.org", "Annual WHOIS data reminder for kiteworkshop.org", "2025-02-02 01:11:00 +0000", """Dear Customer,

ICANN, the organization responsible for the stability of the internet, requires
that once a year we ask you to check the contact data of your domain name.
Wrong data can be a reason to cancel a registration.

Domain: kiteworkshop.org

Registrant:
  The Kite Workshop
  Ellen Marsh
  17 Harbour View
  Whitby YO21 3AA, GB

If all of it is right, you need to do nothing. To correct it, sign in at
https://www.namebarn.net/ and choose "Contacts".

NameBarn Compliance
""", via="postfix-local out4.namebarn.net localhost", dkim="nb1")

letter("account-ssl-expiry", programs.PYTHON, "Certificate Watch <expiry@certwatch.email>",
    "webmaster@hofladen-kern.de", "Certificate expiration notice for domain \"shop.hofladen-kern.de\"",
    "2024-10-05 05:30:00 +0000", """Hello,

Your certificate (or certificates) for the names listed below will expire in 7
days (on 2024-10-12). Please make sure to renew your certificate before then, or
visitors to your web site will encounter errors.

We recommend renewing certificates automatically when they have a third of their
total lifetime left.

shop.hofladen-kern.de

For details about when we send these emails, please visit:
https://certwatch.email/docs/expiration-emails/. In particular, note that this
reminder email is still sent if you've obtained a slightly different certificate
by adding or removing names.

If you are receiving this email in error, unsubscribe at:
  https://certwatch.email/unsubscribe?md_id=31003142&md_email=webmaster%40hofladen-kern.de
""", charset="utf-8", text_cte="7bit", dkim="cw1")

page = Dark("Payment failed", "We could not charge your card", colour=("#f7f7f7", "#ffffff", "#2b2b2b", "#d93025"))
page.heading("We couldn't process your payment", 2)
page.text("Hi Simone,",
    "your card ending in <b>0341</b> was declined when we tried to collect <b>$16.00</b> for your Reelhouse "
    "Standard plan. Your bank does not tell us why; an expired card is the usual reason.",
    "We will try again on Friday. To keep watching without a break, update your payment details before then.")
page.button("Update payment method", "https://www.reelhouse.tv/account/payment?src=dunning1")
page.text("If you have already done so, thank you, and please ignore this message.")
page.small(
    'Reelhouse International B.V. | This is a message about your membership. | <a '
    'href="https://help.reelhouse.tv/">Help Centre</a>')
campaign("account-payment-failed", Target, "Reelhouse <info@e.reelhouse.tv>", "simone.adeyemi@quickmail.example",
    "Your payment didn't go through", "2025-11-18 13:20:21 +0000", page.html(), without=("List-Unsubscribe",
    "List-Unsubscribe-Post", "List-Help"))

letter("account-payment-reminder-de", programs.MAILKIT, "Mieterverein Obersee <mitglieder@mieterverein-obersee.de>",
    "Frau Gül Aksoy <g.aksoy@seepost.example>", "Zahlungserinnerung Mitgliedsbeitrag 2025",
    "2025-04-15 10:30:00 +0200", """Sehr geehrte Frau Aksoy,

sicher ist es Ihnen entgangen: Der Mitgliedsbeitrag für 2025 in Höhe von 84,00 EUR
war am 31. März fällig und ist noch nicht bei uns eingegangen.

Wir bitten Sie, den Betrag bis zum 30. April auf unser Konto bei der Volksbank
Obersee, IBAN DE00 0000 0000 0000 0000 00, Verwendungszweck M-20447, zu überweisen.
Haben Sie inzwischen gezahlt, betrachten Sie dieses Schreiben als gegenstandslos.

Mit freundlichen Grüßen
Ihre Mitgliederverwaltung
""", charset="utf-8", via="postfix-submission mail.mieterverein-obersee.de host-81.obersee-net.example 203.0.113.81",
    dkim="mv")

letter("account-closing", programs.RUBY, "Inkwell Support <support@inkwell.pub>", "vera.lindstrom@fjordmail.example",
    "Your Inkwell account will be deleted in 14 days", "2025-01-06 09:00:02 +0000", """Hi Vera,

You haven't signed in to Inkwell since 3 January 2023. We delete accounts that have been quiet for two years, \
together with everything in them, because we would rather not keep what nobody uses.

To keep yours, sign in once before 20 January: https://inkwell.pub/sign_in

To take your notebooks with you first: https://inkwell.pub/export

If you don't want the account any more, you don't have to do anything.

All the best,
The Inkwell team
""", '''<html><body style="max-width:36em;font-family:Charter,Georgia,serif"><p>Hi Vera,</p><p>You haven't signed '''
    '''in to Inkwell since 3 January 2023. We delete accounts that have been quiet for two years, together with '''
    '''everything in them, because we would rather not keep what nobody uses.</p><ul><li>To keep yours, <a '''
    '''href="https://inkwell.pub/sign_in">sign in once</a> before 20 January.</li><li>To take your notebooks with '''
    '''you first, <a href="https://inkwell.pub/export">export them</a>.</li></ul><p>If you don't want the account '''
    '''any more, you don't have to do anything.</p><p>All the best,<br>The Inkwell team</p></body></html>''',
    dkim="ink")

page = Unlayer("Verify", "We need an up-to-date proof of address", colour=("#eef2f5", "#ffffff", "#17324d", "#00539f"))
page.picture("https://img.marlboroughcounty.bank/email/crest.png", "Marlborough County Bank", width=220)
page.heading("We need to check your details", 2)
page.text("Dear Mr Abernethy,",
    "By law we must keep the details that we hold about our customers up to date. Ours for you are more than five "
    "years old. Please give us these by <b>31 May 2025</b>:")
page.put(page.row([
    "<ul><li>a proof of address dated within the last three months</li><li>your occupation and where your income "
    "comes from</li><li>whether you are a tax resident of any other country</li></ul>"]))
page.text(
    "To do this, sign in to online banking the way you usually do, or open the app, and choose <b>Messages &gt; "
    "Review my details</b>. You can also bring the documents to any branch. <b>There is no link to online banking "
    "in this email, and we will never ask for your password or card PIN.</b>",
    "If we do not hear from you we may have to restrict your account until we do. Our letter of 2 April has the "
    "same reference.")
page.text("Reference: CDR-2025-118204<br>Account ending: 4471",
    "Yours sincerely,<br>Joanna Pickard<br>Head of Customer Due Diligence")
page.small(
    "Marlborough County Bank plc. Authorised by the Prudential Regulation Authority and regulated by the Financial "
    "Conduct Authority. Registered office: 1 High Street, Marlborough SN8 1AA.")
campaign("account-bank-kyc", Target, "Marlborough County Bank <service@e.marlboroughcounty.bank>",
    "Mr G. Abernethy <g.abernethy@downsmail.example>", "Important: please review your details by 31 May",
    "2025-05-01 09:05:00 +0000", page.html(), without=("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"))

letter("account-bank-statement-fr", programs.JAVA, "Crédit Rural des Alpilles <ne-pas-repondre@cr-alpilles.fr>",
    "Monsieur Paul Garnier <p.garnier@provencemail.example>", "Votre relevé de compte est disponible",
    "2025-02-03 06:10:10 +0100", """Bonjour Monsieur Garnier,

Votre relevé de compte du mois de janvier est disponible dans votre espace client, rubrique « Mes documents ».

Pour y accéder, saisissez vous-même l'adresse habituelle dans votre navigateur ou ouvrez l'application. Par mesure \
de sécurité, ce message ne contient aucun lien.

Nous vous rappelons que le Crédit Rural ne vous demandera jamais vos codes d'accès par e-mail, par SMS ou par \
téléphone.

Cordialement,
Votre conseiller, Sylvie Mouret
Agence d'Eyguières
""", charset="ISO-8859-15", dkim="cra2", via="postfix-lan smtp-sortant.cr-alpilles.fr unknown 10.60.2.11 edoc02")

letter("account-card-alert", programs.DOTNET, "Prairie First Credit Union Alerts <alerts@prairiefirstcu.org>",
    "jolene.hatch@plainsmail.example", "Alert: A purchase of $212.48 was made with your card",
    "2025-08-23 18:42:19 -0500",
    "PRAIRIE FIRST CREDIT UNION\n\nYou asked to be told of purchases over $200.00.\n\nCard ending in: "
    "6605\nMerchant:       FLEET FARM 2217\nAmount:         $212.48\nDate:           08/23/2025 06:41 PM "
    "CT\n\nDon't recognize it? Call the number on the back of your card, day or night.\n\nTo change your alerts, "
    "sign in to online banking and open Alerts.\n\nThis is an automated message; replies are not monitored. "
    "Federally insured by NCUA.\n", charset="us-ascii", text_cte="7bit", via="postfix-lan smtp2.prairiefirstcu.org "
    "unknown 10.14.0.8 PFALERT01", dkim="alerts")

letter("account-two-factor-on", programs.NODE, "Quillbase Security <security@quillbase.com>",
    "amara.osei@kofimail.example", "Two-step verification is now on", "2025-10-11 12:12:12 +0000",
    "Hi Amara,\n\nTwo-step verification was turned on for your account today at 12:11 UTC from Accra, "
    "Ghana.\n\nKeep your recovery codes somewhere that is not your phone.\n\nNot you? Go to quillbase.com, choose "
    "Help, then \"My account was taken over\".\n\nQuillbase Security\n",
    '''<body style="margin:0"><div style="font-family:Arial;border-top:4px solid #0a0;padding:20px"><p>Hi '''
    '''Amara,</p><p>Two-step verification was turned <b style="color:#0a0">on</b> for your account today at 12:11 '''
    '''UTC from Accra, Ghana.</p><p>Keep your recovery codes somewhere that is not your phone.</p><p>Not you? Go '''
    '''to quillbase.com, choose Help, then "My account was taken over".</p><p>Quillbase Security</p></div></body>''',
    dkim="qb")

letter("account-licence-key", programs.PHPMAILER, "Brightwave Audio <orders@brightwave-audio.com>",
    "dj.marlow@bassmail.example", "Your licence for Tapehead 3", "2025-05-30 23:51:33 +0000", """Hey,

thank you for buying Tapehead 3! Here is your licence:

  Name:    Marlow Finch
  Serial:  TH3-4QKX-91LM-77ZT-0B2C

Download (macOS, Windows): https://www.brightwave-audio.com/download/tapehead3

You may install it on three computers. If you lose this mail, we can send it
again as long as you remember the address you bought it with.

Have fun, and make it wobble
Ilse & Rob
""", via="exim-submission mail.brightwave-audio.com unknown 198.51.100.90 - shop", dkim="bw",
    envelope="orders@brightwave-audio.com")

letter("account-licence-renewal", programs.EXCHANGE, "Licensing <licensing@corvid-cad.com>",
    "it-einkauf@maschinenbau-reuss.example", "Subscription renewal quote Q-118820: Corvid CAD Network, 12 seats",
    "2025-09-22 14:05:00 +0000",
    "Dear customer,\n\nyour Corvid CAD network subscription (12 seats, licence server RDLS-02) ends on 31 October "
    "2025. Attached is the renewal quote; the price per seat is unchanged.\n\nIf we receive your order before 24 "
    "October there is no interruption. After that date the licence server falls back to read-only mode.\n\nBest "
    "regards\nNuria Valls\nLicensing, Corvid CAD S.L.\n", attach=[("Quote Q-118820.pdf", "application/pdf",
    attachments.pdf("Q-118820", ["Corvid CAD Network subscription, 12 seats", "12 x 640.00 EUR = 7,680.00 EUR",
    "Valid until 31.10.2025"]))], via="exchange mx.corvid-cad.com CVEX1.corvid.local 10.3.3.3", dkim="selector2")

page = Ancient("Kontoinaktivität", "", "de", colour=("#e0e0e0", "#ffffff", "#333333", "#336699"))
page.heading("Ihr Guthaben verfällt am 31.12.2025", 2)
page.text("Sehr geehrter Kunde,",
    "auf Ihrer Mehrfahrtenkarte Nr. 0088-2214 der Bergbahnen Steinach befinden sich noch <b>7 Fahrten</b>. Die "
    "Karte ist bis zum 31.12.2025 gültig, danach können die Fahrten nicht mehr eingelöst oder erstattet werden.",
    "Die Bahnen laufen täglich von 9 bis 16:30 Uhr, im November nur am Wochenende.")
page.small("Bergbahnen Steinach KG, Talstation 1, 6150 Steinach")
campaign("account-points-expire", Plainly, "Bergbahnen Steinach <karte@bergbahnen-steinach.at>",
    "w.kofler@inntalpost.example", "Ihr Guthaben verfällt am 31.12.", "2025-11-03 07:07:07 +0100", page.html(),
    program=programs.SWIFT, dkim="bb")

letter("account-terms-change", programs.TARGET, "Wexley Mobile <service@e.wexleymobile.co.uk>",
    "r.singh-gill@midlandmail.example", "We're changing your terms from 1 April", "2025-03-01 08:00:00 +0000",
    "We're changing your terms from 1 April 2025.\n\nPlans rise by the amount printed in your contract (£1.80 a "
    "month). Roaming in Switzerland is now included in all plans. You do not have to do anything. You may leave "
    "without a fee within 30 days of this notice if your plan is not one with a printed increase.\n\nThe full "
    "terms: https://www.wexleymobile.co.uk/terms/2025-04\n",
    '''<html><body><table width="600" align="center" style="font-family:Arial;font-size:15px;color:#222"><tr><td '''
    '''bgcolor="#3d0075" style="padding:20px;color:#fff;font-size:24px">wexley</td></tr><tr><td '''
    '''style="padding:20px"><h2>We're changing your terms</h2><p>From <b>1 April 2025</b>:</p><ol><li>Plans rise '''
    '''by the amount printed in your contract (£1.80 a month).</li><li>Roaming in Switzerland is now included in '''
    '''all plans.</li></ol><p>You do not have to do anything. You may leave without a fee within 30 days of this '''
    '''notice if your plan is not one with a printed increase.</p><p><a '''
    '''href="https://click.e.wexleymobile.co.uk/?qs=0c1f2a93b77d5e1c88f04b6a9d3e2715cc04f19e8ab37d60">Read the '''
    '''full terms</a></p><p style="font-size:11px;color:#777">This is a service message. Wexley Mobile Ltd, 9 '''
    '''Aerial Way, Coventry CV1 1AA.</p></td></tr></table><img '''
    '''src="https://click.e.wexleymobile.co.uk/open.aspx?ffcb10-fec0137876600d7e" width="1" '''
    '''height="1"></body></html>''', dkim="200608", envelope="bounce-881_HTML-20117-4@bounce.e.wexleymobile.co.uk",
    headers=[("x-job", "7220145_118")])
