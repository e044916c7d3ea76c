"""Notices of services that everybody uses: networks, file transfer, auctions, payments, travel, science.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import (attachments, programs)
from .mails import (letter)
from .pages import (Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer)
from .services import (Finch, Grid, GridNotice, Hubble, Plainly, Ses, Stamp, Target, UtmPhp, campaign)

page = Mjml("Payment received", "You've got money", colour=("#f5f7fa", "#ffffff", "#2c2e2f", "#0551b5"))
page.picture("https://www.paynestobjects.com/mail/pn-logo@2x.png", "Paynest", width=110)
page.heading("You've received $148.00 USD")
page.text("Hello Marguerite Fontenot,",
    "<b>Ellis Boudreaux</b> sent you <b>$148.00 USD</b>. The money is in your Paynest balance.",
    "<b>Note from Ellis:</b> “crawfish traps, both of em, thank you ma'am”")
page.put(page.row([
    '<table width="100%" style="font-family:Arial;font-size:14px"><tr><td>Transaction ID</td><td '
    'align="right">7KD41882LP3306149</td></tr><tr><td>Date</td><td align="right">April 19, '
    '2025</td></tr><tr><td>Fee</td><td align="right">$0.00 USD</td></tr></table>']))
page.button("See the details", "https://www.paynest.com/activity/payment/7KD41882LP3306149")
page.text("Don't see the money? It may take a few minutes.")
page.small(
    "Paynest is committed to preventing fraudulent emails. Emails from Paynest will always contain your full name.",
    "Please don't reply to this email. &copy; 1999-2025 Paynest, Inc., 9 N. First St., San Jose, CA 95131.")
campaign("notice-payment-received", GridNotice, "service@paynest.com <service@paynest.com>",
    "Marguerite Fontenot <m.fontenot@bayoumail.example>", "Ellis Boudreaux sent you $148.00 USD",
    "2025-04-19 17:40:51 +0000", page.html())

page = Dark("Refund", "Your refund is on its way", colour=("#eaeded", "#ffffff", "#0f1111", "#ff9900"))
page.heading("Your refund of £31.98 is on its way", 2)
page.text(
    "Hello Niamh, we have received your return and issued the refund below. It usually takes 3 to 5 working days to "
    "reach your card.")
page.put(page.row([
    '<table width="100%" cellpadding="4" style="font-family:Arial;font-size:13px;border:1px solid '
    '#ddd"><tr><td>Kettle descaler, pack of 6</td><td align="right">£11.99</td></tr><tr><td>Bath mat, grey</td><td '
    'align="right">£19.99</td></tr><tr><td><b>Refunded to Visa ending 7019</b></td><td '
    'align="right"><b>£31.98</b></td></tr></table>']))
page.text(
    'Why did you get this email? You returned an item. <a '
    'href="https://www.riverbazaar.co.uk/returns/help?ref_=pe_385721">Returns help</a>')
page.small(
    "This email was sent from a notification-only address that cannot accept incoming email. Please do not reply to "
    "this message.")
campaign("notice-refund", Ses, "Riverbazaar.co.uk <return@riverbazaar.co.uk>", "niamh.doherty@corrmail.example",
    "Refund on order 204-8811042-7730155", "2025-08-11 05:12:55 +0000", page.html(), without=("List-Unsubscribe",
    "List-Unsubscribe-Post"))

page = Unlayer("You won!", "Pay within 4 days", colour=("#f7f7f7", "#ffffff", "#191919", "#3665f3"))
page.heading("You won the auction!")
page.text(
    "Congratulations, <b>slide_rule_sue</b>: <i>Faber drawing set, brass, 1950s, boxed</i> is yours for "
    "<b>£44.00</b>.")
page.picture("https://i.hammerdown-img.com/images/g/vQwAAOSw/s-l500.jpg", "Faber drawing set",
    "https://www.hammerdown.co.uk/itm/285881042", width=280)
page.button("Pay now", "https://pay.hammerdown.co.uk/rxo?action=create&item=285881042&transactionid=0")
page.text(
    "Seller: brassandboxwood (1,204 ★, 100 % positive). Postage £3.95. Please pay within 4 days or the seller may "
    "offer the item to the next bidder.")
page.small(
    'Email reference id: [#a05-8f0c1d7742#]. Hammerdown will never ask you to pay by bank transfer outside the '
    'site. <a href="https://www.hammerdown.co.uk/spoof-guide">Learn how to recognise fake emails</a>')
campaign("notice-auction-won", Target, "Hammerdown <hammerdown@e.hammerdown.co.uk>",
    "sue.pargeter@wrekinmail.example", "You won! Faber drawing set, brass, 1950s, boxed", "2025-02-16 20:01:12 +0000",
    page.html(), without=("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"))

letter("notice-marketplace-message", programs.JAVA, "Dorothy via Nextlane <reply-8f1c0d@msg.nextlane.com>",
    "Caleb <caleb.ransom@piedmontmail.example>", "Re: Free: two hens, must go together", "2025-05-31 12:55:40 -0400",
    "Dorothy wrote:\n\nThey are called Thelma and Louise and they will lay about ten eggs a week between\nthem if "
    "you don't shout. Come Sunday after church, bring a box with holes.\n\n--\nReply to this email to answer "
    "Dorothy. Nextlane hides your address.\nNever pay before you have seen the hens. https://nextlane.com/safety\n",
    headers=[("Precedence", "list"), ("List-Unsubscribe", "<https://nextlane.com/u/8f1c0d>")], dkim="nl",
    envelope="bounce-8f1c0d@msg.nextlane.com")

page = React("Invitation", "Rosalie wants to connect", colour=("#f3f2f0", "#ffffff", "#191919", "#0a66c2"))
page.picture("https://static.guildlink.net/aero/logo_32.png", "Guildlink", width=32)
page.heading("Rosalie Kaczmarek would like to connect", 2)
page.columns(page.img(
    "https://media.guildlink.net/dms/image/C4D03AQF/profile-displayphoto-shrink_100_100/0/1611?e=1741824000&v=beta&t=7Qm1",
    "Rosalie", 64), page.p(
    "<b>Rosalie Kaczmarek</b><br>Bridge inspector at Ponts &amp; Cie<br>14 connections in common"))
page.button("Accept",
    "https://www.guildlink.net/comm/mynetwork/invite-accept/7210881/?midToken=AQFq7&midSig=3xT&trk=eml-email_m2m_invite_single_01-hero-4&eid=1y2z")
page.text(
    '<a href="https://www.guildlink.net/comm/in/rosalie-kaczmarek?midToken=AQFq7&trk=eml-email_m2m_invite_single_01-profile">View '
    'profile</a>')
page.small(
    'This email was intended for Aurelio Bassi (Structural engineer). <a '
    'href="https://www.guildlink.net/help/answer/4788">Learn why we included this.</a>',
    'You are receiving Invitation emails. <a href="{{unsubscribe}}">Unsubscribe</a> | <a '
    'href="https://www.guildlink.net/help">Help</a>')
campaign("notice-network-invite", Plainly, "Rosalie Kaczmarek <invitations@guildlink.net>",
    "Aurelio Bassi <aurelio.bassi@strutture.example>", "Aurelio, please add me to your network",
    "2025-03-11 08:30:22 +0000", page.html(), program=programs.JAVA, dkim="proddkim1024", headers=[(
    "List-Unsubscribe", "<https://www.guildlink.net/comm/unsubscribe?lipi=urn&midToken=AQFq7>"), (
    "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Feedback-ID", "email_m2m_invite_single_01:guildlink"), (
    "X-GUILDLINK-TEMPLATE", "email_m2m_invite_single_01"), ("X-GUILDLINK-CLASS", "INVITE-MBR")],
    envelope="s-2fxgh@bounce.guildlink.net")

letter("notice-social-digest", programs.RUBY, "Mastodon on tide.pool <notifications@tide.pool.example.org>",
    "limpet@rockpost.example", "4 new notifications since your last visit 🐘", "2026-01-08 07:00:00 +0000",
    "Hello limpet,\n\nhere is what you missed since your last visit on 4 January:\n\nbarnacle boosted your "
    "post:\n\n  Does anybody else name their anemones?\n\nwhelk@kelp.example.org is now following you\n\nView all: "
    "https://tide.pool.example.org/notifications\n\n---\nMastodon hosted on tide.pool. Unsubscribe: "
    "https://tide.pool.example.org/unsubscribe?token=BAh7B0kiCGdpZAY&type=reblog\n",
    '<!DOCTYPE html><html><body dir="ltr"><table class="email-w-full" role="presentation" '
    'style="background:#f3f2f5;width:100%"><tr><td style="padding:24px" align="center"><table '
    'style="max-width:740px;background:#fff;border-radius:12px"><tr><td '
    'style="padding:24px;background:#563acc;color:#fff;border-radius:12px 12px 0 0"><h1>Hello limpet!</h1><p>Here '
    'is what you missed since your last visit on 4 January.</p></td></tr><tr><td '
    'style="padding:24px"><p><b>barnacle</b> boosted your post:</p><blockquote>Does anybody else name their '
    'anemones?</blockquote><p><b>whelk@kelp.example.org</b> is now following you</p><a '
    'href="https://tide.pool.example.org/notifications" style="background:#6364ff;color:#fff;padding:10px '
    '20px;border-radius:8px">View all</a></td></tr></table><p style="font-size:12px">Mastodon hosted on tide.pool · '
    '<a href="https://tide.pool.example.org/unsubscribe?token=BAh7B0kiCGdpZAY&amp;type=reblog">Unsubscribe</a></p></td></tr></table></body></html>',
    headers=[("List-ID", "<limpet.tide.pool.example.org>"), ("List-Unsubscribe",
    "<https://tide.pool.example.org/unsubscribe?token=BAh7B0kiCGdpZAY&type=reblog>"), ("List-Unsubscribe-Post",
    "List-Unsubscribe=One-Click"), ("X-Auto-Response-Suppress", "All"), ("Auto-Submitted", "auto-generated")],
    dkim="masto", via="postfix-local tide.pool.example.org localhost")

page = Stripo("Files", "Expires in 7 days", colour=("#409fff", "#ffffff", "#17181a", "#409fff"))
page.heading("studio@larkandlinen.example sent you some files", 2)
page.text("3 items, 812 MB in total ・ Expires on 21 March 2025",
    "“Hi! Raw photos from Saturday. The one with the goat is number 2218. xx”")
page.button("Get your files",
    "https://we.flingfile.com/downloads/7c1f0ab9d2e44c8c8f1d0a/8b1e3c?utm_campaign=TRN_TDL_05&utm_source=sendgrid&utm_medium=email&trk=TRN_TDL_05")
page.text(
    'Download link<br><a href="https://we.flingfile.com/downloads/7c1f0ab9d2e44c8c8f1d0a/8b1e3c">https://we.flingfile.com/downloads/7c1f0ab9d2e44c8c8f1d0a/8b1e3c</a>',
    "<b>3 items</b><br>saturday_raw_1.zip<br>saturday_raw_2.zip<br>contact-sheet.pdf")
page.small(
    'To make sure our emails arrive, please add noreply@flingfile.com to your contacts. <a '
    'href="https://flingfile.com/legal/terms">Legal</a> ・ <a href="https://flingfile.zendesk.example/report">Report '
    'this transfer as spam</a>')
campaign("notice-file-transfer", GridNotice, "FlingFile <noreply@flingfile.com>", "bride2025@quickmail.example",
    "studio@larkandlinen.example sent you files via FlingFile", "2025-03-14 22:10:00 +0000", page.html(),
    reply_to="studio@larkandlinen.example")

page = Mjml("Sign", "Please sign: tenancy agreement", colour=("#ffffff", "#ffffff", "#130032", "#4c00ff"))
page.put(page.row([
    '<table width="100%" bgcolor="#4c00ff"><tr><td align="center" '
    'style="padding:28px;color:#fff;font-family:Arial"><img width="75" height="75" '
    'src="https://na4.inkseal.net/member/Images/email/docInvite-white.png" alt=""><p style="font-size:16px">Gillian '
    'Mottram sent you a document to review and sign.</p></td></tr></table>'], padding=0))
page.button("REVIEW DOCUMENT",
    "https://na4.inkseal.net/Signing/EmailStart.aspx?a=7d1f0c2e-55a0-4c1e-9e37-1f0b2c4d8e90&acct=c02d8e&er=3f1a9c5d")
page.text("<b>Gillian Mottram</b><br>lettings@mottramandco.example",
    "Dear Mr Farouk, please sign the tenancy agreement for Flat 3, 18 Beech Road. Page 4 has your change about the "
    "bicycle.",
    "<b>Do Not Share This Email</b><br>This email contains a secure link to InkSeal. Please do not share this "
    "email, link, or access code with others.",
    "<b>Alternate Signing Method</b><br>Visit inkseal.com, click 'Access Documents', and enter the security code: "
    "7D1F0C2E55A04C1E9E371F0B2C4D8E901")
page.small(
    "If you need to modify the document or have questions about the details in the document, please reach out to "
    "the sender by emailing them directly.")
campaign("notice-signature-request", Plainly, "Gillian Mottram via InkSeal <dse_na4@inkseal.net>",
    "Omar Farouk <omar.farouk@brightmail.example>", "Complete with InkSeal: Tenancy_Flat3_18BeechRoad.pdf",
    "2025-07-29 09:40:00 -0700", page.html(), program=programs.DOTNET, reply_to="Gillian Mottram <lettings@mottramandco.example>",
    dkim="mail1", headers=[("X-Debug", "False"), ("X-Email-Rejection-Mode", "LearningMode")])

letter("notice-zoom-like-invite", programs.NODE, "Castroom <no-reply@castroom.live>",
    "deirdre@oakhampton-guild.example", "Meeting invitation: Parish hall roof, Tue 20:00",
    "2025-01-20 16:00:00 +0000",
    "Deirdre Holt is inviting you to a scheduled Castroom meeting.\n\nTopic: Parish hall roof\nTime: Jan 21, 2025 "
    "08:00 PM London\n\nJoin the meeting\nhttps://castroom.live/j/84410022719?pwd=bkRrT0tQ\n\nMeeting ID: 844 1002 "
    "2719\nPasscode: slates\n\nDial by your location\n+44 20 0000 0000 United Kingdom\n+1 646 000 0000 US (New "
    "York)\n", dkim="cr")

letter("notice-voicemail", programs.DOTNET, "Voicemail <voicemail@pbx.ridgeback-legal.com>",
    "c.amadi@ridgeback-legal.com", "New voicemail from 01865 000000 (0:47)", "2025-09-19 17:31:00 +0100",
    "You have a new voicemail.\n\nFrom:     01865 000000\nLength:   0:47\nMailbox:  214\nReceived: Fri 19 Sep 2025 "
    "17:30\n\nThe recording is attached. Dial *97 to hear it on your desk phone.\n", charset="us-ascii",
    text_cte="7bit", attach=[("msg0007.wav", "audio/wav",
    b"RIFF\x2c\x01\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x08\x01\x00\x00" +
    bytes((at * 37) % 256 for at in range(264)))], via="postfix-lan smtp.ridgeback-legal.com unknown 10.0.9.9 pbx")

letter("notice-fax", programs.SHELL, "HylaFAX <fax@faxserver.dentallab-orion.com>", "orders@dentallab-orion.com",
    "Facsimile received from +1 555 0100", "2024-05-22 10:02:11 -0700",
    "recvq/fax000011882.tif:\n        Sender: +1 555 0100\n         Pages: 2\n       Quality: Fine\n          Size: "
    "ISO A4\n      Received: 2024:05:22 10:00:58\n Time To Receive: 1:09\n   Signal Rate: 14400 bit/s\n   Data "
    "Format: 2-D MMR\n Error Correct: Yes\n       CommID: 000011882\n", attach=[("fax000011882.pdf",
    "application/pdf", attachments.pdf("fax", ["(two pages)"], "tiff2pdf"))], via="sendmail faxserver.dentallab-orion.com "
    "localhost 127.0.0.1")

page = Bee("Chat", "You have unread messages", colour=("#ffffff", "#ffffff", "#1d1c1d", "#611f69"))
page.heading("You have a new direct message", 2)
page.text("Hi Ingrid, while you were away in the <b>Glacier Survey</b> workspace:")
page.columns(page.p("<b>Pablo Reyes</b><br>9:14 AM"), page.p(
    "do you have the GPS track from camp 2? the one on the drive ends at the crevasse and I would like to believe "
    "it does not"))
page.button("View in Huddleroom",
    "https://glaciersurvey.huddleroom.com/archives/D02ABCD/p1741770840?thread_ts=0&cid=D02ABCD")
page.small(
    '<a href="https://glaciersurvey.huddleroom.com/account/notifications">Email preferences</a> · <a '
    'href="{{unsubscribe}}">Sign out of these emails</a>')
campaign("notice-chat-unread", Ses, "Huddleroom <notification@huddleroom.com>", "ingrid.solheim@breposten.example",
    "[Huddleroom] New message from Pablo Reyes in Glacier Survey", "2025-03-12 09:30:05 +0000", page.html())

page = Klyv("Board digest", "3 cards are due", colour=("#f4f5f7", "#ffffff", "#172b4d", "#0079bf"))
page.heading("Here's what's due on your boards", 2)
for board, card, due in (("Village fete", "Hire the bouncy castle", "due tomorrow"), ("Village fete",
    "Find out who has the urn", "overdue by 2 days"), ("Roof appeal", "Thank the Hendersons", "due Friday")):
    page.columns(page.p(
        f'<a href="https://pinboard-tasks.com/c/{abs(sum(map(ord, card)))}k/{card.lower().replace(" ", "-")}">{card}</a>'),
        page.p(board), page.p(f"<i>{due}</i>"))
page.small('<a href="{{preferences}}">Change how often you get emails</a>')
campaign("notice-task-digest", Stamp, "Pinboard <do-not-reply@pinboard-tasks.com>", "verity.lamb@chalkmail.example",
    "Reminder: 3 cards need you", "2025-06-25 06:00:00 +0000", page.html())

letter("notice-wordpress-comment", programs.PHPMAILER, "WordPress <wordpress@potting-shed-diary.com>",
    "edna@potting-shed-diary.com", "[The Potting Shed Diary] Please moderate: \"Slugs, an apology\"",
    "2025-06-07 05:44:10 +0000",
    "A new comment on the post \"Slugs, an apology\" is waiting for your "
    "approval\nhttps://potting-shed-diary.com/2025/06/slugs/\n\nAuthor: Maureen (IP address: 198.51.100.112, "
    "host112.example)\nEmail: maureen.t@allotmail.example\nURL:\nComment:\nBeer traps work but my husband drinks "
    "the beer. Any suggestions?\n\nApprove it: "
    "https://potting-shed-diary.com/wp-admin/comment.php?action=approve&c=881#wpbody-content\nTrash it: "
    "https://potting-shed-diary.com/wp-admin/comment.php?action=trash&c=881#wpbody-content\nSpam it: "
    "https://potting-shed-diary.com/wp-admin/comment.php?action=spam&c=881#wpbody-content\nCurrently 1 comment is "
    "waiting for approval.\n", reply_to="maureen.t@allotmail.example", via="exim-local cp3.gardenhost.net localhost "
    "127.0.0.1 edna", without=("X-Mailer",))

page = Unlayer("Trial", "3 days left", colour=("#f9fafb", "#ffffff", "#111827", "#10b981"))
page.heading("Your trial ends in 3 days")
page.text(
    "Hey Zanele, you have sent 41 quotes with Quotewell since Monday week, and 9 of them have been signed. (That is "
    "better than most; well done.)",
    "On Thursday the free trial ends. You do not have to do anything: we have no card on file, so nothing will be "
    "charged. Your account turns read-only and keeps everything.",
    "If you'd like to go on, plans start at R 189 a month.")
page.button("Pick a plan", "https://app.quotewell.co.za/billing?src=trial3")
page.text("Stuck with something? Just hit reply, it goes to my own inbox.", "Pieter, founder")
page.small('Quotewell (Pty) Ltd, 9 Bree St, Cape Town 8001. <a href="{{unsubscribe}}">Unsubscribe from tips</a>')
campaign("notice-trial-ending", Hubble, "Pieter at Quotewell <pieter@quotewell.co.za>",
    "zanele.mthembu@kapmail.example", "Your Quotewell trial ends on Thursday", "2025-10-06 07:00:00 +0000",
    page.html())

letter("notice-breach", programs.EXCHANGE, "Privacy Office <privacy@cedarvale-optical.com>",
    "patient.notice@quickmail.example", "Notice of Data Incident", "2025-04-25 15:00:00 +0000",
    "Dear Valued Patient,\n\nwe are writing to tell you about an incident that involved some of your information. "
    "On February 11 a person who should not have been there got into the e-mail account of one of our employees. We "
    "found it on February 13, shut the account, and called in experts. Your name, date of birth and the date of "
    "your last eye exam were in that account. Your Social Security number and card numbers were not.\n\nWe have no "
    "sign that anybody has misused it. You can call 800-555-0142 with the code CVO-2025 and get a year of credit "
    "monitoring at no cost. We will not call you, and we will not ask you for anything by e-mail.\n\nWe are "
    "sorry.\n\nSincerely,\nDr. Anita Rao\nCedarvale Optical\n", via="exchange mail.cedarvale-optical.com "
    "CVMAIL.cedarvale.local 10.6.6.6", dkim="selector1")

letter("notice-export-ready", programs.RUBY, "Inkwell <exports@inkwell.pub>", "h.brandvold@fjordmail.example",
    "Your data export is ready to download", "2025-02-03 03:12:01 +0000",
    "Hi Håkon,\n\nthe archive you asked for is ready: 212 notebooks, 1.4 "
    "GB.\n\nhttps://inkwell.pub/exports/7f0c2d/download (signed in, until 10 February)\n\nThe Inkwell team\n",
    dkim="ink")

# --- travel, weather, energy --------------------------------------------------------------------------------------------------------------------------------------------
letter("notice-flight-delay", programs.JAVA, "Nordex Air Disruption <alerts@nordexair.com>",
    "joao.pinto@tejomail.example", "NX 419 to Lisbon is delayed: new departure 21:35", "2025-01-05 18:02:00 +0100",
    "Dear Mr Pinto,\n\nyour flight NX 419 from Amsterdam to Lisbon today is delayed because the crew\narrived late "
    "from Oslo.\n\n  Planned   19:20\n  New       21:35, gate C14\n\nShow this message for a meal voucher (EUR 10) "
    "at the counter near C6. If we are\nmore than three hours late you can claim compensation under Regulation "
    "(EC)\n261/2004: https://www.nordexair.com/claims\n\nWe are sorry for the long evening.\n", dkim="nx2",
    via="postfix-lan mxo.nordexair.com unknown 10.44.0.6 occ-alert")

page = Chimp("Before you arrive", "Check in early, or add breakfast", colour=("#f2efe9", "#ffffff", "#33302b",
    "#7d5a3c"))
page.picture("https://cdn.finchimages.net/c0ffee/tarn-house.jpg", "Tarn House", "https://www.tarnhousehotel.com")
page.heading("See you on Friday, Mr and Mrs Okafor")
page.text("The weather looks dry until Saturday lunch. Boots can be borrowed from the rack by the door, sizes 3 to 12.")
page.columns(page.card("https://cdn.finchimages.net/c0ffee/breakfast.jpg", "Breakfast in bed",
    "£9 each. Choose before ten the night before.", "https://www.tarnhousehotel.com/extras/breakfast", "Add"),
    page.card("https://cdn.finchimages.net/c0ffee/lake.jpg", "Lake view", "Upgrade for £20 a night, if one is free.",
    "https://www.tarnhousehotel.com/extras/lake", "Upgrade"))
page.small('Tarn House Hotel, Grasmere LA22 9XX. <a href="{{unsubscribe}}">No offers, please</a>')
campaign("notice-hotel-pre-arrival", Finch, "Tarn House Hotel <stay@tarnhousehotel.com>",
    "o.okafor@brightmail.example", "Your stay on Friday: boots, breakfast and the forecast",
    "2025-10-14 12:00:00 +0000", page.html())

letter("notice-flood-warning", programs.JAVA, "Flood Warnings <floodline@rivers-agency.example.org>",
    "mill.cottage@severnmail.example", "FLOOD WARNING: River Teme at Knightsford Bridge. ACT NOW",
    "2025-11-23 04:40:00 +0000",
    "FLOOD WARNING. FLOODING IS EXPECTED. ACT NOW.\n\nRiver Teme from Knightsford Bridge to Powick.\n\nThe river is "
    "at 4.9 m and rising 6 cm an hour. Flooding of property is expected from\n9 am today. Move people, pets and "
    "things of value upstairs. Turn off gas and\nelectricity if it is safe. Do not walk or drive through flood "
    "water.\n\nNext update by 10 am or sooner.\nFloodline 0345 000 0000, quickdial 108122\n", dkim="fl1", headers=[(
    "X-Priority", "1 (Highest)"), ("Importance", "high")])

page = Ancient("Smart meter", "", colour=("#e9f5ee", "#ffffff", "#0b3d2e", "#008f5a"), font="Verdana")
page.heading("Your energy last week", 1)
page.text(
    "Electricity: 61 kWh, £15.86. Gas: 118 kWh, £7.43. That is 4 per cent less than the week before. Sunday was the "
    "day you used most; the oven, we guess.",
    "<b>Save:</b> use nothing much between 5 and 6 pm on Thursday and we give you £1.20 for each kWh you do not use.")
page.button("Join Thursday's saving hour", "https://www.squidenergy.co.uk/saving-hour")
page.small('Squid Energy Ltd. You get this every Monday. <a href="{{unsubscribe}}">Every month is enough</a>')
campaign("notice-energy-week", UtmPhp, "Squid Energy <hello@squidenergy.co.uk>", "n.bhatt@mersey.example",
    "£23.29 last week, and how to get some of it back", "2026-01-19 07:30:00 +0000", page.html(),
    text="Electricity 61 kWh, £15.86. Gas 118 kWh, £7.43.\n\nJoin Thursday's saving hour: "
    "https://www.squidenergy.co.uk/saving-hour\n\nEvery month is enough: {{unsubscribe}}\n")

# --- science and trade ---------------------------------------------------------------------------------------------------------------------------------------------------
letter("notice-journal-review", programs.PERL, "Journal of Glaciology Letters <editorial@jglaciolett.example.org>",
    "Dr Hyejin Moon <h.moon@polar-inst.example>", "Invitation to review JGL-2025-0418", "2025-05-27 15:30:00 +0000",
    "Dear Dr Moon,\n\nIn view of your expertise I would be grateful if you could review the\nfollowing manuscript, "
    "which has been submitted to the Journal of Glaciology\nLetters.\n\nManuscript: JGL-2025-0418\nTitle: Basal "
    "sliding under warm rain: three summers at a Svalbard tidewater\n  glacier\n\nAgreed: "
    "https://mc.reviewdesk.net/jgl?URL_MASK=1f0c2d7b44aa\nDeclined: "
    "https://mc.reviewdesk.net/jgl?URL_MASK=8e0d9a1c02ff\n\nReviews are due in 21 days. We do not charge authors "
    "and do not pay\nreviewers, but we do say thank you in print.\n\nSincerely,\nProf. Lars Ekblom\nHandling "
    "Editor\n", headers=[("X-Errors-To", "editorial@jglaciolett.example.org")], via="postfix-lan out.reviewdesk.net "
    "unknown 10.2.3.4 mc07", dkim="s1")

letter("notice-call-for-papers", programs.THUNDERBIRD,
    "Prof. Miriam Castellanos <mcastellanos@univ-litoral.example.org>", "seismo-announce@lists.seismo.example.org",
    "CFP: Workshop on cheap seismometers, Rosario, deadline 15 September", "2025-07-18 14:00:00 -0300",
    "Dear colleagues,\n\nwe invite abstracts for the third Workshop on Cheap Seismometers, Rosario, 3 to 5 December "
    "2025. Topics: geophones under 20 dollars, timing without GPS, school networks, what to do about the washing "
    "machine.\n\n    Abstracts (one page)     15 September\n    Notification             6 October\n    "
    "Registration fee         40 USD, students free\n\nThere are six travel grants for people from the region. "
    "Please forward to whoever might be interested, and apologies for cross-posting.\n\nMiriam Castellanos, for the "
    "committee\n", headers=[("Precedence", "list"), ("List-Id", "<seismo-announce.lists.seismo.example.org>"), (
    "List-Unsubscribe", "<mailto:seismo-announce-leave@lists.seismo.example.org>")],
    envelope="seismo-announce-bounces@lists.seismo.example.org", via="postfix-local lists.seismo.example.org "
    "localhost")

letter("notice-supplier-china", programs.FOXMAIL, "Amy Zhou <amy@brightlamp-ningbo.com>",
    "Buying <buying@northbeamlamps.com>", "Re: Re: RFQ lamp holders E27, 5000 pcs", "2025-03-06 09:12:00 +0800",
    "Dear Agnes,\n\nGood day! Thanks for your kindly reply.\n\nFor 5000 pcs E27 brass holder our best price is USD "
    "0.88/pc FOB Ningbo, lead time 25 days after deposit. Sample cost can be returned after order.\n\nPlease find "
    "the quotation and CE certificate in the attachment. If any question please feel free to contact me.\n\nBest "
    "regards,\n", sign="Amy Zhou\nSales Manager\nNingbo Brightlamp Electric Co., Ltd.\nTel/WhatsApp: +86 574 0000 "
    "0000", charset="utf-8", quote=("buying@northbeamlamps.com", "2025-03-05 22:10", "Amy Zhou",
    "RFQ lamp holders E27, 5000 pcs", "Amy, 0.95 is over our target. Can you do better at 5000?"), lang="en",
    attach=[("Quotation BL250306.pdf", "application/pdf", attachments.pdf("Quotation BL250306", [
    "E27 brass holder, 5000 pcs", "USD 0.88/pc FOB Ningbo"])), ("CE.jpg", "image/jpeg", attachments.jpeg(2))],
    via="postfix-submission smtp.brightlamp-ningbo.com unknown 203.0.113.147 AMY", text_cte="base64")

letter("notice-nigeria-business", programs.GMAIL, "Adaeze Nwosu <adaeze@nwosu-cocoa.com.ng>",
    "Florian Egli <f.egli@schokolade-egli.example>", "Payment received, shipping next week",
    "2025-02-05 10:44:00 +0100",
    "Dear Mr Egli,\n\nthe transfer of USD 38,500.00 reached our bank in Lagos this morning, thank you. The 12 "
    "tonnes are bagged and the inspection certificate will be ready on Friday. The container leaves Apapa on the "
    "14th.\n\nThe bill of lading goes to you by courier. My regards to your father, and tell him that the trees he "
    "planted in 1988 are still the best ones.\n\nAdaeze Nwosu\nManaging Director\nNwosu Cocoa Ltd, Ondo\n",
    dkim="google")

letter("notice-crowdfunding", programs.NODE, "Kindling <no-reply@kindling.fund>", "backer.771@quickmail.example",
    "Update #9 from The Quiet Metronome: tooling, tariffs and a goat", "2025-05-09 18:15:00 +0000",
    html='<html><body style="background:#f7f5f2;font-family:Maison Neue,Helvetica"><div '
    'style="max-width:600px;margin:0 auto;background:#fff;padding:36px"><p style="color:#037362">UPDATE #9</p><h1 '
    'style="font-weight:400">Tooling, tariffs and a goat</h1><p>Hi backers,</p><p>The good news: the mould works. '
    'Here are the first forty cases, in the wrong colour, on purpose.</p><img '
    'src="https://ksr-ugc.kindlingcdn.fund/assets/041/182/metronome.jpg?ixlib=rb-4.1.0&amp;w=680&amp;fit=max&amp;v=1746812000&amp;auto=format&amp;q=92&amp;s=7f0c" '
    'width="528"><p>The bad news: duties on the springs went up in April, by a lot. We pay that, not you, but it '
    'means that the birch version is off.</p><p>The goat ate the packaging samples. All of them. She is '
    'fine.</p><p>Shipping starts in July.</p><p><a '
    'href="https://www.kindling.fund/projects/quietmetronome/posts/4410082?ref=backer_project_update" '
    'style="background:#028858;color:#fff;padding:12px 24px;text-decoration:none">Like this update?</a></p><hr><p '
    'style="font-size:12px;color:#656969">You backed this project with $59. <a '
    'href="https://www.kindling.fund/email/unsubscribe?t=7b0d">Unsubscribe from this project\'s '
    'updates</a><br>Kindling, PBC · 9 Kent St, Brooklyn, NY 11222</p></div></body></html>', headers=[(
    "List-Unsubscribe", "<https://www.kindling.fund/email/unsubscribe?t=7b0d>"), ("List-Unsubscribe-Post",
    "List-Unsubscribe=One-Click")], dkim="kf", envelope="bounces+771@em.kindling.fund")

page = Dark("Wishlist", "A game on your wishlist is 75% off", colour=("#1b2838", "#2a475e", "#c7d5e0", "#5c7e10"))
page.heading("1 game you wished for is ON SALE!")
page.picture("https://cdn.vaporgames.net/apps/881204/header.jpg?t=1750870000", "Lighthouse Keeper Simulator",
    "https://store.vaporgames.net/app/881204/?snr=1_2108_9__1800", width=460)
page.text(
    "<b>Lighthouse Keeper Simulator</b><br><span style=\"background:#4c6b22;color:#a4d007;padding:2px "
    "6px\">-75%</span> <s>$19.99</s> <b>$4.99</b>", "Offer ends July 10 at 10:00am Pacific.")
page.button("View on the store", "https://store.vaporgames.net/app/881204/?snr=1_2108_9__1800")
page.small(
    'You are receiving this email because the above items are on your wishlist. <a href="{{preferences}}">Manage '
    'your email preferences</a> or <a href="{{unsubscribe}}">unsubscribe</a>. Vapor Games Corp., PO Box 9999, '
    'Bellevue, WA 98009. All rights reserved.')
campaign("notice-game-wishlist", Target, "Vapor <noreply@e.vaporgames.net>", "gorse_runner@moormail.example",
    "Lighthouse Keeper Simulator from your wishlist is now on sale!", "2025-06-26 17:04:00 +0000", page.html())

page = Mjml("The Everything Edit", "15 pieces, one mountain, no filter", colour=("#f1eee8", "#ffffff", "#22201c",
    "#22201c"), font="Futura, 'Century Gothic', Arial, sans-serif", width=640)
page.picture("https://images.hollisandrook.com/em/2025-09/everything-edit-hero.gif", "The Everything Edit",
    "https://www.hollisandrook.com/new")
page.heading("THE EVERYTHING EDIT")
page.text(
    "Fifteen pieces for the season in which you need a coat at eight and none at noon. Members get early access "
    "until Friday, <b>free express delivery</b> and free returns for 60 days.")
PIECES = ("waxed chore coat|$248", "boiled wool gilet|$138", "selvedge jean, straight|$168",
    "heavy tee, three pack|$72", "moleskin overshirt|$158", "cord trouser, olive|$128", "grandad shirt|$98",
    "lambswool crew|$118", "ripstop parka|$298", "suede desert boot|$198", "canvas belt|$38",
    "brushed flannel shirt|$108", "quilted liner|$148", "merino sock, two pack|$28", "watch cap|$34")
for at in range(0, len(PIECES), 3):
    page.columns(*(page.product(
        f"https://images.hollisandrook.com/em/2025-09/{name.replace(' ', '-').replace(',', '')}.jpg?w=400&q=80",
        name.capitalize(), price,
        f"https://www.hollisandrook.com/p/{name.replace(' ', '-').replace(',', '')}?clr={at}", "", "Shop") for name,
        price in (one.split("|") for one in PIECES[at:at + 3])))
page.social("hollisandrook", "instagram", "tiktok", "pinterest", "youtube")
page.small(
    '<a href="{{browser}}">View in browser</a> | <a href="{{preferences}}">Preferences</a> | <a '
    'href="{{unsubscribe}}">Unsubscribe</a>',
    "Hollis &amp; Rook, 999 Bleecker St, New York, NY 10014. *Early access ends 9/12/25 at 11:59pm ET. Cannot be "
    "combined. Exclusions apply.")
campaign("notice-fashion-edit", Grid, "Hollis & Rook <hello@hollisandrook.com>", "casey.oyelowo@quickmail.example",
    "Members first: 15 new pieces", "2025-09-09 13:00:00 +0000", page.html())

letter("notice-library-overdue", programs.PERL, "Ashcombe Public Library <circulation@ashcombelibrary.example.org>",
    "g.whitlow@millmail.example", "Overdue: The Owl Service", "2025-03-03 05:00:00 -0500",
    "Dear Gordon Whitlow,\n\nThe following item is 7 days overdue:\n\n  The Owl Service / Garner, Alan\n  Barcode "
    "30412008812207, due 24 FEB 2025\n\nWe no longer charge fines. Someone else would like it, though, and she is "
    "nine.\n\nAshcombe Public Library\n", headers=[("X-Mailer", "Koha 23.11")], via="postfix-pickup koha.ashcombelibrary.example.org "
    "localhost 127.0.0.1 1003")

letter("notice-blood-donor", programs.SYMFONY, "Regional Blood Service <donors@bloodservice.example.org>",
    "t.ashby@chalkmail.example", "Thank you! Your blood was sent to St Hild's Hospital", "2025-08-28 11:00:00 +0100",
    "Dear Tessa,\n\nthank you for giving blood on 14 August. It was sent to St Hild's Hospital on the "
    "26th.\n\nStocks of O negative are LOW at the moment. You can give again from 6 November; would you book "
    "now?\n\nhttps://my.bloodservice.example.org/book\n\nThe donor team\n",
    '<div style="font-family:Arial;color:#333"><div style="height:8px;background:#c8102e"></div><p>Dear '
    'Tessa,</p><p>thank you for giving blood on 14 August. It was sent to <b>St Hild\'s Hospital</b> on the '
    '26th.</p><p style="background:#fdecea;padding:10px">Stocks of O negative are <b>LOW</b> at the moment. You can '
    'give again from 6 November; would you book now?</p><p><a href="https://my.bloodservice.example.org/book" '
    'style="background:#c8102e;color:#fff;padding:10px 18px">Book now</a></p><p>The donor team</p></div>', dkim="bs",
    headers=[("List-Unsubscribe", "<https://my.bloodservice.example.org/contact-preferences>")])

letter("notice-jury", programs.DOTNET, "Clerk of Court, Lamar County <jury@lamarcountycourts.example.org>",
    "r.tidwell@plainsmail.example", "Jury Summons Confirmation - Juror 004418", "2025-06-16 08:00:00 -0500",
    "Juror number: 004418\nReport date:  Monday, July 7, 2025, 8:15 a.m.\nPlace:        Lamar County Courthouse, "
    "Jury Assembly, 2nd floor\n\nThank you for returning your questionnaire. Call the recorded line after 5 p.m. "
    "on\nSunday, July 6 to find out whether you must appear.\n\nBring photo ID. No weapons, no shorts. Pay is $20 a "
    "day. The Court never asks\njurors for payment or for a Social Security number by phone or e-mail.\n",
    charset="us-ascii", text_cte="7bit", via="postfix-lan relay.lamarcountycourts.example.org unknown 10.3.0.7 "
    "JURYAPP")

letter("notice-insurance-renewal", programs.JAVA, "Fairweather Insurance <renewals@fairweather-ins.co.uk>",
    "c.maddox@fenmail.example", "Your car insurance renewal: AB12 CDE", "2025-10-01 06:30:00 +0100",
    "Dear Ms Maddox,\n\nYour policy FW-88120447 for AB12 CDE ends at midnight on 29 October 2025.\n\n  Last year   "
    "£412.60\n  This year   £398.12, or 12 x £35.40 (APR 12.9%)\n\nIf nothing has changed you need not do anything; "
    "we will take the payment from the\ncard ending 2207 on 22 October. You may be able to get the insurance you "
    "want at a\nbetter price if you shop around.\n\nYour documents are attached.\n\nFairweather Insurance Services "
    "Ltd is authorised and regulated by the Financial\nConduct Authority.\n", attach=[("Renewal_FW-88120447.pdf",
    "application/pdf", attachments.pdf("Renewal", ["Policy FW-88120447", "Premium 398.12 GBP"])), ("IPID.pdf",
    "application/pdf", attachments.pdf("IPID", ["Insurance product information document"]))], dkim="fw1",
    via="postfix-lan mta2.fairweather-ins.co.uk unknown 10.8.0.20 docgen")

letter("notice-bug-bounty", programs.RUBY, "Rook Security Reports <reports@rooksec.dev>",
    "finder.k@brightmail.example", "Report #20418: resolved, bounty $750", "2025-12-12 12:12:00 +0000",
    "Hi finder_k,\n\nthe stored XSS that you reported in the invoice preview has been fixed in release 8.14. We "
    "have awarded a bounty of $750.\n\nTo be paid, fill in the tax form in your profile once, if you have not done "
    "so. Payouts go out on Fridays.\n\nThank you, that was a lovely write-up.\nRook "
    "Security\n\nhttps://rooksec.dev/reports/20418\n", dkim="rk")

letter("notice-poll", programs.JAVA, "Tidepost Surveys <polls@tidepost.email>", "r.lindgren@skargard.example",
    "Which day for the crayfish party?", "2025-08-04 16:00:00 +0000",
    "Pick a day: https://tidepost.email/p/8812\n\nFri 22, Sat 23, Sun 24 August\n\nUnsubscribe: "
    "https://tidepost.email/u/8812\n",
    '<html><body style="font-family:Arial"><p>Which day for the crayfish party?</p><p><a '
    'href="https://tidepost.email/p/8812?d=22">Fri 22</a> | <a href="https://tidepost.email/p/8812?d=23">Sat 23</a> '
    '| <a href="https://tidepost.email/p/8812?d=24">Sun 24</a></p><p><a '
    'href="https://tidepost.email/u/8812">Unsubscribe</a></p></body></html>', headers=[("List-Unsubscribe",
    "<https://tidepost.email/u/8812>")], dkim="tp")
