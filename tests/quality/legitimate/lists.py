"""Mailing lists: posts as the list servers hand them on, with what they add.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter, raw


def mailman2(address, title, site, version="2.1.39"):
    local, _, domain = address.partition("@")
    return [("X-BeenThere", address), ("X-Mailman-Version", version), ("Precedence", "list"), ("List-Id",
        f"{title} <{local}.{domain}>"), ("List-Unsubscribe",
        f"<{site}/options/{local}>,\n <mailto:{local}-request@{domain}?subject=unsubscribe>"), ("List-Archive",
        f"<{site.replace('mailman', 'pipermail')}/{local}/>"), ("List-Post", f"<mailto:{address}>"), ("List-Help",
        f"<mailto:{local}-request@{domain}?subject=help>"), ("List-Subscribe",
        f"<{site}/listinfo/{local}>,\n <mailto:{local}-request@{domain}?subject=subscribe>"), ("Errors-To",
        f"{local}-bounces@{domain}"), ("Sender", f'"{local.capitalize()}" <{local}-bounces@{domain}>')]


def mailman3(address, title):
    local, _, domain = address.partition("@")
    return [("Message-ID-Hash", "Q2KX7V5MD3T6YAHNB4LZRC8EWPJUGS5F"), ("X-Message-ID-Hash",
        "Q2KX7V5MD3T6YAHNB4LZRC8EWPJUGS5F"), ("X-MailFrom", f"member@{domain}"), ("X-Mailman-Rule-Misses",
        "dmarc-mitigation; no-senders; approved; emergency; loop; banned-address; member-moderation; "
        "nonmember-moderation; administrivia; implicit-dest; max-recipients; max-size; news-moderation; no-subject; "
        "digests; suspicious-header"), ("X-Mailman-Version", "3.3.10"), ("Precedence", "list"), ("List-Id",
        f"{title} <{local}.{domain}>"), ("Archived-At",
        f"<https://{domain}/hyperkitty/list/{address}/message/Q2KX7V5MD3T6YAHNB4LZRC8EWPJUGS5F/>"), ("List-Archive",
        f"<https://{domain}/hyperkitty/list/{address}/>"), ("List-Help",
        f"<mailto:{local}-request@{domain}?subject=help>"), ("List-Owner", f"<mailto:{local}-owner@{domain}>"), (
        "List-Post", f"<mailto:{address}>"), ("List-Subscribe", f"<mailto:{local}-join@{domain}>"), (
        "List-Unsubscribe", f"<mailto:{local}-leave@{domain}>")]


letter("list-patch", programs.PERL, "Jonas Birkeland <jonas@birkeland-code.net>", "tun-devel@lists.burrow-vpn.org",
    "[PATCH v2 2/4] tun: drop packets that claim to be longer than they are", "2025-04-28 22:14:37 +0200", """The length in the header was trusted \
before the buffer was checked, so a
peer could make us read up to 64 KiB past the end. Take the smaller of the
two and count the rest as malformed.

Fixes: 3c1f0a9d77e2 ("tun: batch reads")
Reported-by: Imke Theissen <imke@theissen.dev>
Signed-off-by: Jonas Birkeland <jonas@birkeland-code.net>
---
v2: count before dropping (Imke)

 src/tun_read.c | 11 ++++++++---
 1 file changed, 8 insertions(+), 3 deletions(-)

diff --git a/src/tun_read.c b/src/tun_read.c
index 8f1d2c0..b7e90aa 100644
--- a/src/tun_read.c
+++ b/src/tun_read.c
@@ -71,9 +71,14 @@ static int tun_read_one(struct tun *tun, struct span in)
 	if (in.length < sizeof(struct tun_header))
 		return TUN_SHORT;
 	const struct tun_header *header = (const void *)in.start;
-	size_t length = ntohs(header->length);
-	tun->bytes += length;
-	return deliver(tun, in.start, length);
+	size_t claimed = ntohs(header->length);
+
+	if (claimed > in.length) {
+		tun->malformed++;
+		return TUN_LONG;
+	}
+	tun->bytes += claimed;
+	return deliver(tun, in.start, claimed);
 }
 
 /* Called with the lock held. */
-- 
2.47.2
""", headers=[("X-Mailer", "git-send-email 2.47.2")], refs="20250428201430.4471-1-jonas@birkeland-code.net",
    mid="20250428201430.4471-3-jonas@birkeland-code.net", text_cte="auto8", dkim="2023a",
    via="opensmtpd mail.birkeland-code.net workbench.lan 10.0.0.23", order="From To Cc Subject Date Message-Id "
    "X-Mailer In-Reply-To References MIME-Version Content-Transfer-Encoding *", without=("MIME-Version",
    "Content-Transfer-Encoding"))

letter("list-mailman2-reply", programs.MUTT, "Wolfram Ahlers via Talk-de <talk-de@karten-verein.de>",
    "talk-de@karten-verein.de", "Re: [Talk-de] Hausnummern an Eckgrundstücken", "2025-02-23 13:08:41 +0100", """Am 22.02.25 um 20:11 schrieb Gesa \
Prien:

> Bei uns hat das Eckhaus zwei Nummern, eine je Straße. Was trage
> ich ein? Zwei Punkte sehen komisch aus.

Zwei Punkte, jeder am Eingang seiner Straße. Dass es komisch
aussieht, ist kein Fehler der Daten, sondern des Hauses ;-)

> Und wenn es nur einen Eingang gibt?

Dann die amtliche. Wenn beide amtlich sind: die, die am Haus hängt.

Wolfram

_______________________________________________
Talk-de mailing list
Talk-de@karten-verein.de
https://lists.karten-verein.de/mailman/listinfo/talk-de
""", reply_to="Wolfram Ahlers <w.ahlers@nordpost.example>", headers=mailman2("talk-de@karten-verein.de",
    "Allgemeines zur Karte", "https://lists.karten-verein.de/mailman"), refs="b44d@prien.example 0c8e7f@nordpost.example",
    mid_domain="nordpost.example", envelope="talk-de-bounces+m.orth=lahnpost.example@karten-verein.de",
    via="postfix-local lists.karten-verein.de lists.karten-verein.de", dkim="lists")

letter("list-mailman2-broken-dkim", programs.THUNDERBIRD, "Bronwen Pugh <bronwen@pugh-weaving.example>",
    "handweavers@lists.loomguild.org.uk", "[Handweavers] Warping mill plans?", "2024-12-29 17:30:12 +0000", """Dear all,

has anyone still got the plans for the folding warping mill that Gwen showed at Builth? My joiner neighbour says he \
can do it in ash for the price of the wood and a tablecloth.

Happy new year when it comes,
Bronwen

_______________________________________________
Handweavers mailing list
Handweavers@lists.loomguild.org.uk
http://lists.loomguild.org.uk/mailman/listinfo/handweavers
""", headers=mailman2("handweavers@lists.loomguild.org.uk", "Handweavers of the Guild",
    "http://lists.loomguild.org.uk/mailman", "2.1.29"), envelope="handweavers-bounces@lists.loomguild.org.uk",
    dkim="sel1", via="postfix-local lists.loomguild.org.uk localhost")

letter("list-mailman3", programs.GMAIL, "Olumide Bankole <olumide@bankole.example>", "python-lagos@lists.pyclubs.org",
    "[python-lagos] Re: Venue for the March sprint", "2025-03-04 06:20:19 +0000",
    "The hub on Herbert Macaulay Way has power from 8 to 8 and a generator after that. They want ₦40,000 for the "
    "day, projector included.\n\nI can pay the deposit if two people promise to come before ten.\n\nOlu\n", quote=(
    "Chidinma Eze <chidinma@eze.example>", "Mon, Mar 3, 2025 at 9:41 PM", "python-lagos", "Venue",
    "Anyone with a room that doesn't lose light at noon?\nLast time we coded by phone torch."), headers=mailman3(
    "python-lagos@lists.pyclubs.org", "Python users in Lagos"), refs="CAJ7a@mail.gmail.example",
    envelope="python-lagos-bounces@lists.pyclubs.org", via="postfix-local lists.pyclubs.org localhost",
    dkim="mm3@lists.pyclubs.org", parts=[([("Content-Type", 'text/plain; charset="us-ascii"'), ("MIME-Version", "1.0"),
    ("Content-Transfer-Encoding", "7bit"), ("Content-Disposition", "inline")],
    b"_______________________________________________\npython-lagos mailing list -- python-lagos@lists.pyclubs.org\nTo unsubscribe send an email to python-lagos-leave@lists.pyclubs.org\nhttps://lists.pyclubs.org/mailman3/lists/python-lagos.lists.pyclubs.org/\n")])

letter("list-sympa", programs.ZIMBRA, "Clémence Audoin <clemence.audoin@univ-corbieres.fr>",
    "doctorants-geo@listes.univ-corbieres.fr", "[doctorants-geo] Journée des doctorants : appel à posters",
    "2025-01-17 14:22:30 +0100", """Bonjour à toutes et à tous,

la journée des doctorants aura lieu le vendredi 28 mars en salle Vauban. Les propositions de posters (titre et dix \
lignes) sont attendues avant le 14 février.

Les premières années sont les bienvenues, même sans résultats : une bonne question vaut mieux qu'une mauvaise courbe.

Bien à vous,
Clémence Audoin, pour le bureau
""", lang="fr", plain=True, charset="utf-8", headers=[("X-Loop", "doctorants-geo@listes.univ-corbieres.fr"), (
    "X-Sequence", "214"), ("Errors-to", "doctorants-geo-owner@listes.univ-corbieres.fr"), ("Precedence", "list"), (
    "Precedence", "bulk"), ("Sender", "doctorants-geo-request@listes.univ-corbieres.fr"), ("X-no-archive", "yes"), (
    "List-Id", "<doctorants-geo.listes.univ-corbieres.fr>"), ("List-Help",
    "<mailto:sympa@listes.univ-corbieres.fr?subject=help>"), ("List-Subscribe",
    "<mailto:sympa@listes.univ-corbieres.fr?subject=subscribe%20doctorants-geo>"), ("List-Unsubscribe",
    "<https://listes.univ-corbieres.fr/sympa/auto_signoff/doctorants-geo?email=p.vidal%40univ-corbieres.fr>, "
    "<mailto:sympa@listes.univ-corbieres.fr?subject=unsubscribe%20doctorants-geo>"), ("List-Post",
    "<mailto:doctorants-geo@listes.univ-corbieres.fr>"), ("List-Owner",
    "<mailto:doctorants-geo-request@listes.univ-corbieres.fr>"), ("List-Archive",
    "<https://listes.univ-corbieres.fr/sympa/arc/doctorants-geo>")], envelope="doctorants-geo-owner@listes.univ-corbieres.fr",
    via="postfix-local listes.univ-corbieres.fr localhost", attach=[("appel_posters_2025.pdf", "application/pdf",
    attachments.pdf("Appel à posters", ["Journée des doctorants, 28 mars 2025",
    "Titre et dix lignes avant le 14 février"]))])

letter("list-googlegroup", programs.GMAIL,
    "\"'Steph Radcliffe' via Parkside Parents\" <parkside-parents@groups.parkside-primary.example>".replace('"', ""),
    "Parkside Parents <parkside-parents@groups.parkside-primary.example>",
    "[Parkside Parents] Lost: one blue wellington, left foot", "2025-11-19 20:41:00 +0000", """Hi all, Arlo came home with two \
right-foot wellies. If your child has an unexplained limp, please check.

Size 12, blue, dinosaur on the side, name has worn off (sorry).

Thanks!
Steph (Arlo's mum, Kingfishers)

--
You received this message because you are subscribed to the Google Groups "Parkside Parents" group.
To unsubscribe from this group and stop receiving emails from it, send an email to \
parkside-parents+unsubscribe@groups.parkside-primary.example.
To view this discussion visit https://groups.google.com/a/groups.parkside-primary.example/d/msgid/parkside-parents/CAH3x%2B1%40mail.example.
""", headers=[("X-Original-Sender", "steph.radcliffe@quickmail.example"), ("Precedence", "list"), ("Mailing-list",
    "list parkside-parents@groups.parkside-primary.example; contact "
    "parkside-parents+owners@groups.parkside-primary.example"), ("List-ID",
    "<parkside-parents.groups.parkside-primary.example>"), ("X-Spam-Checked-In-Group",
    "parkside-parents@groups.parkside-primary.example"), ("List-Post",
    "<mailto:parkside-parents@groups.parkside-primary.example>"), ("List-Unsubscribe",
    "<mailto:googlegroups-manage+88114+unsubscribe@googlegroups.example>,\n "
    "<https://groups.google.com/a/groups.parkside-primary.example/group/parkside-parents/subscribe>")],
    reply_to="Steph Radcliffe <steph.radcliffe@quickmail.example>", envelope="parkside-parents+bncBC7@groups.parkside-primary.example",
    dkim="google", via="postfix-lan out.groups.parkside-primary.example unknown 10.1.0.3 fwd2")

raw("list-digest", """
Return-Path: <stamps-bounces@lists.philatelic-circle.org>
Received: from lists.philatelic-circle.org (localhost [127.0.0.1])
	by lists.philatelic-circle.org (Postfix) with ESMTP id 4Yx0QK4Lzbz1rS
	for <g.holloway@dalesmail.example>; Sun,  2 Mar 2025 12:00:05 +0000 (GMT)
From: stamps-request@lists.philatelic-circle.org
Subject: Stamps Digest, Vol 61, Issue 3
To: stamps@lists.philatelic-circle.org
Reply-To: stamps@lists.philatelic-circle.org
Date: Sun, 02 Mar 2025 12:00:02 +0000
Message-ID: <mailman.7.1740916802.2180.stamps@lists.philatelic-circle.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="===============2201174483110912270=="
X-BeenThere: stamps@lists.philatelic-circle.org
X-Mailman-Version: 2.1.38
Precedence: list
List-Id: Stamp talk <stamps.lists.philatelic-circle.org>
List-Unsubscribe: <https://lists.philatelic-circle.org/mailman/options/stamps>,
 <mailto:stamps-request@lists.philatelic-circle.org?subject=unsubscribe>
Errors-To: stamps-bounces@lists.philatelic-circle.org
Sender: "Stamps" <stamps-bounces@lists.philatelic-circle.org>

--===============2201174483110912270==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Description: Stamps Digest, Vol 61, Issue 3

Send Stamps mailing list submissions to
	stamps@lists.philatelic-circle.org

When replying, please edit your Subject line so it is more specific
than "Re: Contents of Stamps digest..."

Today's Topics:

   1. Perf 14 or 15? (Hugo Lennard)
   2. Re: Perf 14 or 15? (Miss A. Trott)

--===============2201174483110912270==
Content-Type: multipart/digest; boundary="===============5518820441209911341=="
MIME-Version: 1.0

--===============5518820441209911341==
Content-Type: message/rfc822
MIME-Version: 1.0

From: Hugo Lennard <hugo@lennard.example>
Precedence: list
MIME-Version: 1.0
To: stamps@lists.philatelic-circle.org
Date: Sat, 1 Mar 2025 18:02:11 +0000
Message-ID: <5c1@lennard.example>
Content-Type: text/plain; charset=us-ascii
Subject: Perf 14 or 15?
Message: 1

My 1d red measures 14 on the top and 15 at the side. Comb or line?

--===============5518820441209911341==
Content-Type: message/rfc822
MIME-Version: 1.0

From: "Miss A. Trott" <a.trott@postoffice.example>
Precedence: list
MIME-Version: 1.0
To: stamps@lists.philatelic-circle.org
Date: Sun, 2 Mar 2025 09:40:00 +0000
Message-ID: <77@postoffice.example>
Content-Type: text/plain; charset=us-ascii
Subject: Re: Perf 14 or 15?
Message: 2

Line, I should think. Look at the corners: if the holes do not meet, line.

--===============5518820441209911341==--

--===============2201174483110912270==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Description: Digest Footer

_______________________________________________
Stamps mailing list
Stamps@lists.philatelic-circle.org
https://lists.philatelic-circle.org/mailman/listinfo/stamps

--===============2201174483110912270==--
""")

letter("list-listserv", programs.OUTLOOK, "Dagny Holm <dholm@riksarkiv-nord.example>",
    "ARCHIV-L@LISTSERV.NORDARKIV.ORG", "Re: Mould on vellum, safe to freeze?", "2024-10-02 11:19:00 +0200",
    "Do not freeze vellum unless you can dry it under tension afterwards. We lost a charter that way in "
    "1998.\n\nIsolate it, lower the humidity slowly to 50 %, brush the dead mould off under extraction, and write "
    "down everything you do.\n\nDagny\n", sign="Dagny Holm, konservator\nRiksarkivet Nord", quote=(
    "Peter Amsel <amsel@klosterarchiv.example>", "Wednesday, October 2, 2024 9:55 AM",
    "ARCHIV-L@LISTSERV.NORDARKIV.ORG", "Mould on vellum, safe to freeze?",
    "We found grey bloom on three leaves. The insurance suggests freezing. Is that wise?"), plain=True, headers=[(
    "Sender", "Archivists' discussion <ARCHIV-L@LISTSERV.NORDARKIV.ORG>"), ("Precedence", "list"), ("List-Help",
    "<https://LISTSERV.NORDARKIV.ORG/scripts/wa.exe?LIST=ARCHIV-L>,\n "
    "<mailto:LISTSERV@LISTSERV.NORDARKIV.ORG?body=INFO%20ARCHIV-L>"), ("List-Unsubscribe",
    "<mailto:ARCHIV-L-unsubscribe-request@LISTSERV.NORDARKIV.ORG>"), ("List-Owner",
    "<mailto:ARCHIV-L-request@LISTSERV.NORDARKIV.ORG>"), ("List-Archive",
    "<https://LISTSERV.NORDARKIV.ORG/scripts/wa.exe?LIST=ARCHIV-L>")], envelope="owner-ARCHIV-L@LISTSERV.NORDARKIV.ORG",
    via="sendmail LISTSERV.NORDARKIV.ORG localhost 127.0.0.1")

letter("list-pgp-inline", programs.MUTT, "Imke Theissen <imke@theissen.dev>", "announce@lists.burrow-vpn.org",
    "[SECURITY] burrow 1.8.4 fixes an out-of-bounds read", "2025-05-02 10:00:00 +0200", f"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

burrow 1.8.4 is out. It fixes an out-of-bounds read in the tunnel reader
that a peer who has been let in can trigger (CVE-2025-00000). All
versions since 1.6.0 are affected.

  https://burrow-vpn.org/releases/burrow-1.8.4.tar.xz
  SHA256 7f1d9c3a0b8e44d2c96af0371e5bd82c

Distributions were told on 28 April. There is no workaround but not to
let the peer in.
{attachments.PGP_SIGNATURE}""".replace("\n\niHUE", "\n\niHUE"), headers=mailman3("announce@lists.burrow-vpn.org",
    "Releases and advisories"), envelope="announce-bounces@lists.burrow-vpn.org", via="postfix-local lists.burrow-vpn.org "
    "localhost", dkim="lists@lists.burrow-vpn.org")

letter("list-pgp-mime", programs.THUNDERBIRD, "Rasmus Thygesen <rt@thygesen-it.dk>", "sysadmin@hobro-gym.dk",
    "Ny nøgle til backup-serveren", "2024-09-09 09:09:09 +0200",
    "Hej Bente,\n\nden gamle nøgle udløber på fredag. Den nye er vedhæftet, signeret med den gamle. Ring til mig og "
    "læs fingeraftrykket op, før du bruger den.\n\nRasmus\n", lang="da", mixed="signed",
    mixed_type='; micalg=pgp-sha512;\n protocol="application/pgp-signature"', parts=[([("Content-Type",
    'application/pgp-signature; name="OpenPGP_signature.asc"'), ("Content-Description", "OpenPGP digital signature"),
    ("Content-Disposition", 'attachment; filename="OpenPGP_signature.asc"')], attachments.PGP_SIGNATURE.encode())],
    via="opensmtpd mx.thygesen-it.dk laptop.lan 203.0.113.60", dkim="rt")

letter("list-public-key", programs.EVOLUTION, "Jonas Birkeland <jonas@birkeland-code.net>",
    "Imke Theissen <imke@theissen.dev>", "My new key", "2025-03-11 19:08:00 +0100",
    "Imke,\n\nas promised at the hackday: new key attached. The old one stays valid until June.\n\nJonas\n",
    plain=True, attach=[("birkeland.asc", "application/pgp-keys", attachments.PGP_KEY.encode())], dkim="2023a",
    via="opensmtpd mail.birkeland-code.net workbench.lan 10.0.0.23")

letter("list-smime", programs.OUTLOOK, "Marlen Rutishauser <rutishauser@kanzlei-rutishauser.ch>",
    "Beat Zgraggen <b.zgraggen@uripost.example>", "Erbteilung Zgraggen: Entwurf", "2025-08-11 16:20:20 +0200",
    "Sehr geehrter Herr Zgraggen\n\nDer Entwurf der Teilung liegt bei. Bitte lesen Sie vor allem Ziffer 4 "
    "(Alpanteil) und rufen Sie mich an, bevor Sie unterschreiben.\n\nFreundliche Grüsse\nMarlen Rutishauser, "
    "Rechtsanwältin und Notarin\n", lang="de", charset="iso-8859-1", plain=True, mixed="signed",
    mixed_type=';\n\tprotocol="application/x-pkcs7-signature"; micalg=2.16.840.1.101.3.4.2.1', attach=[("smime.p7s",
    "application/x-pkcs7-signature", attachments.SMIME_SIGNATURE)], via="postfix-submission asmtp.kanzlei-rutishauser.ch "
    "31-10-152.cust.example 203.0.113.152 KANZLEI3")

letter("list-yahoo-like", programs.SAMSUNG, "Vilma Saarinen <vilma.saarinen@jarvimail.example>",
    "kylayhdistys@ryhma.lehtola.example", "Talkoot lauantaina klo 10", "2025-04-24 18:44:00 +0300",
    "Hei kaikki!\n\nTalkoot rannassa lauantaina klo 10. Haravat mukaan, makkarat tulevat yhdistykseltä. Jos sataa, "
    "siirretään sunnuntaille.\n\nVilma\n", headers=[("List-Id", "<kylayhdistys.ryhma.lehtola.example>"), (
    "Precedence", "list")], envelope="kylayhdistys-bounces@ryhma.lehtola.example", via="postfix-local ryhma.lehtola.example "
    "localhost")

letter("list-diff-commit", programs.SHELL, "svn@repo.ptolemy-instruments.com", "commits@ptolemy-instruments.com",
    "r20418 - trunk/firmware/adc", "2025-07-30 16:55:55 +0100", """Author: gbeck
Date: 2025-07-30 16:55:51 +0100 (Wed, 30 Jul 2025)
New Revision: 20418

Modified:
   trunk/firmware/adc/calibrate.c
Log:
Use the offset of the second channel for the second channel.


Modified: trunk/firmware/adc/calibrate.c
===================================================================
--- trunk/firmware/adc/calibrate.c	2025-07-30 14:10:02 UTC (rev 20417)
+++ trunk/firmware/adc/calibrate.c	2025-07-30 15:55:51 UTC (rev 20418)
@@ -112,7 +112,7 @@
     for (int channel = 0; channel < CHANNELS; channel++) {
-        value[channel] -= offset[0];
+        value[channel] -= offset[channel];
     }

""", headers=[("X-SVN-Group", "trunk"), ("X-SVN-Commit-Author", "gbeck"), ("Auto-Submitted", "auto-generated"), (
    "X-Mailer", "svnmailer-1.0.9")], via="sendmail repo.ptolemy-instruments.com localhost 127.0.0.1")
