"""Sending services and newsletter programs: what they do to links, and what they add.  SPDX-License-Identifier: GPL-3.0-or-later

A page is written with the links that its author typed.  The service puts its own in their place, fills in {{unsubscribe}},
{{browser}} and {{preferences}}, adds its pixel and its header fields.
"""
import base64
import html as entities
import re
import urllib.parse

from . import programs, tokens, wire
from .mails import letter
from .tokens import BASE64URL, digits, guid, hexes, token


def text_of(page):
    """A plain part as such services make it of the page: links in brackets behind their words."""
    page = re.sub(r"(?s)<(style|head|title).*?</\1>|<!--.*?-->", "", page)
    page = re.sub(r'(?s)<(div|span)[^>]*display:\s*none[^>]*>.*?</\1>', "", page)
    page = re.sub(r"\s+", " ", page)
    page = re.sub(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', link_text, page)
    page = re.sub(r"<li[^>]*>", "\n* ", page)
    page = re.sub(r"</(p|tr|h[1-6]|div|table|ul|ol)>|<br ?/?>", "\n", page)
    page = entities.unescape(re.sub(r"<[^>]+>", "", page)).replace("\u200c", "").replace("\u034f", "").replace("\u00a0", " ")
    lines = [line.strip() for line in page.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def link_text(match):
    label = re.sub(r"<img[^>]*alt=\"([^\"]+)\"[^>]*>", r"\1", match.group(2))
    label = re.sub(r"<[^>]+>", "", label).strip()
    return f"{label} ( {match.group(1)} )" if label else ""


class Service:
    """Links as they are, no pixel."""
    program = programs.PHPMAILER
    auto_text = True
    one_click = True
    dkim = "s1"
    keep_social = False

    def __init__(self, seed, sender, to, date):
        self.seed, self.to, self.date = seed, wire.address_of(to), date
        self.brand = re.sub(r"^(e|email|mail|news|newsletter|send|accounts)\.(?=[^.]+\.)", "", wire.domain_of(sender))
        self.short = self.brand.split(".")[0]
        self.count = 0

    def click(self, url):
        return url

    def unsubscribe(self):
        return f"https://www.{self.brand}/newsletter/unsubscribe?email={urllib.parse.quote(self.to)}&t={hexes(self.seed, 32)}"

    def browser(self):
        return f"https://www.{self.brand}/newsletter/view/{token(self.seed + 'b', 24)}"

    def preferences(self):
        return self.unsubscribe().replace("unsubscribe", "preferences")

    def pixel(self):
        return ""

    def headers(self):
        return [("List-Unsubscribe", f"<{self.unsubscribe()}>")] + ([("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if self.one_click else [])

    def envelope(self, sender):
        return f"bounce+{hexes(self.seed, 6)}.{digits(self.seed, 6)}-{self.to.replace('@', '=')}@mail.{self.brand}"

    def next(self, what="link"):
        self.count += 1
        return f"{self.seed}/{what}{self.count}"

    def rewrite(self, page):
        def one(match):
            url = entities.unescape(match.group(2))
            return match.group(1) + self.click(url).replace("&", "&amp;") + match.group(3)
        page = re.sub(r'(<a\b[^>]*?href=")(https?://[^"]*)(")', one, page)
        for key in ("unsubscribe", "browser", "preferences"):
            page = page.replace("{{" + key + "}}", getattr(self, key)().replace("&", "&amp;"))
        return page.replace("{{email}}", self.to).replace("</body>", self.pixel() + "</body>")


def image(url, extra=""):
    return f'<img src="{url}" width="1" height="1" alt="" {extra}border="0">'


class Finch(Service):
    program, dkim = programs.CHIMP, "k2"

    def ids(self):
        return f"u={hexes(self.seed + 'u', 25)}&id={hexes(self.seed + 'i', 10)}&e={hexes(self.seed + 'e', 10)}"

    def click(self, url):
        return f"https://{self.short}.us{1 + len(self.seed) % 20}.finch-manage.com/track/click?u={hexes(self.seed + 'u', 25)}&id={hexes(self.next(), 10)}&e={hexes(self.seed + 'e', 10)}"

    def unsubscribe(self):
        return f"https://{self.short}.us{1 + len(self.seed) % 20}.finch-manage.com/unsubscribe?{self.ids()}&c={hexes(self.seed + 'c', 10)}"

    def browser(self):
        return f"https://us{1 + len(self.seed) % 20}.finch-archive.com/?e={hexes(self.seed + 'e', 10)}&u={hexes(self.seed + 'u', 25)}&id={hexes(self.seed + 'c', 10)}"

    def pixel(self):
        return image(f"https://{self.short}.us{1 + len(self.seed) % 20}.finch-manage.com/track/open.php?{self.ids().replace('&', '&amp;')}", 'style="visibility:hidden" ')

    def headers(self):
        user, campaign = hexes(self.seed + "u", 25), hexes(self.seed + "c", 10)
        return [("X-Campaign", f"finch{user}.{campaign}"), ("X-campaignid", f"finch{user}.{campaign}"),
                ("X-Report-Abuse", f"Please report abuse for this campaign here: https://mailfinch.com/contact/abuse/?u={user}&id={campaign}"),
                ("X-FN-User", user), ("Feedback-ID", f"{digits(self.seed, 8)}:{digits(self.seed, 8)}.{digits(self.seed + 'f', 7)}:us{1 + len(self.seed) % 20}:fn"),
                ("List-ID", f"{user}fn list <{user}.{digits(self.seed + 'l', 6)}.list-id.fnchsv.net>"), ("X-Accounttype", "pd"),
                ("List-Unsubscribe", f"<{self.unsubscribe()}>,\n <mailto:unsubscribe-{user}-{campaign}-{hexes(self.seed + 'e', 10)}@unsubscribe.finchmailapp.net?subject=unsubscribe>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("x-mcda", "FALSE")]

    def envelope(self, sender):
        return f"bounce-fn.us{1 + len(self.seed) % 20}_{digits(self.seed, 8)}.{digits(self.seed + 'f', 7)}-{hexes(self.seed + 'e', 10)}@mail{digits(self.seed, 2)}.atl{digits(self.seed + 'a', 2)}.fnchsv.net"


class Grid(Service):
    program = programs.GRID

    def click(self, url):
        return f"https://url{digits(self.seed, 4)}.{self.brand}/ls/click?upn=u001.{token(self.next(), 150 + len(url) * 2, BASE64URL)}_{token(self.seed + 'who', 180, BASE64URL)}"

    def unsubscribe(self):
        return f"https://u{digits(self.seed, 8)}.ct.gridpost.net/asm/unsubscribe/?user_id={digits(self.seed, 8)}&data={token(self.seed + 'd', 220, BASE64URL)}"

    def pixel(self):
        return image(f"https://url{digits(self.seed, 4)}.{self.brand}/wf/open?upn=u001.{token(self.seed + 'o', 240, BASE64URL)}", 'style="height:1px !important;width:1px !important;border-width:0 !important;" ')

    def headers(self):
        eid = "u001." + token(self.seed + "eid", 210, BASE64URL)
        words = "\n ".join(f"=?us-ascii?Q?{eid[at:at + 60].replace('.', '=2E')}?=" for at in range(0, len(eid), 60))
        return [("List-Unsubscribe", f"<mailto:unsubscribe@gridpost.net?subject={digits(self.seed, 8)}.{token(self.seed + 'm', 60, BASE64URL)}>,\n <{self.unsubscribe()}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("X-GP-EID", "\n " + words), ("X-Entity-ID", f"u001.{token(self.seed + 'ent', 22)}==")]

    def envelope(self, sender):
        return f"bounces+{digits(self.seed, 8)}-{hexes(self.seed, 4)}-{self.to.replace('@', '=')}@em{digits(self.seed, 4)}.{self.brand}"


class GridNotice(Grid):
    """A notice that one cannot leave: no List-Unsubscribe."""
    def headers(self):
        return [pair for pair in super().headers() if not pair[0].startswith("List-")]


class Target(Service):
    program, dkim = programs.TARGET, "200608"

    def click(self, url):
        return f"https://click.e.{self.brand}/?qs={hexes(self.next(), 64)}"

    def unsubscribe(self):
        return f"https://click.e.{self.brand}/unsub_center.aspx?qs={hexes(self.seed + 'un', 128)}"

    def browser(self):
        return f"https://view.e.{self.brand}/?qs={hexes(self.seed + 'v', 192)}"

    def pixel(self):
        return image(f"https://click.e.{self.brand}/open.aspx?ffcb10-{hexes(self.seed, 30)}&amp;d=10215&amp;bmt=0")

    def headers(self):
        leave = f"leave-fd{hexes(self.seed, 12)}-fe{hexes(self.seed + '1', 14)}-ff{hexes(self.seed + '2', 10)}@leave.e.{self.brand}"
        return [("List-Help", f"<https://click.e.{self.brand}/subscription_center.aspx?jwt=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{token(self.seed + 'j', 160, BASE64URL)}>"),
                ("List-Unsubscribe", f"<mailto:{leave}>,\n <{self.unsubscribe()}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ("List-ID", f"<{digits(self.seed, 7)}.xt.local>"), ("X-CSA-Complaints", "csa-complaints@eco.de"), ("X-SFMC-Stack".replace("SFMC", "TGT"), "10"),
                ("x-job", f"{digits(self.seed, 9)}_{digits(self.seed + 'k', 7)}"), ("Feedback-ID", f"{digits(self.seed, 9)}:{digits(self.seed + 'k', 7)}:{digits(self.seed + 'z', 3)}.{digits(self.seed + 'y', 3)}:tgt10")]

    def envelope(self, sender):
        return f"bounce-{digits(self.seed, 3)}_HTML-{digits(self.seed + '1', 9)}-{digits(self.seed + '2', 6)}-{digits(self.seed + '3', 9)}-{digits(self.seed + '4', 4)}@bounce.e.{self.brand}"


class Mautic(Service):
    program, dkim = programs.SYMFONY, "mautic"

    def click(self, url):
        state = base64.b64encode(f'a:5:{{s:6:"source";a:2:{{i:0;s:14:"campaign.event";i:1;i:{digits(self.seed, 2)};}}s:5:"email";i:{digits(self.seed, 3)};s:4:"stat";s:22:"{hexes(self.seed, 22)}";s:4:"lead";s:5:"{digits(self.seed, 5)}";}}'.encode()).decode()
        return f"https://m.{self.brand}/r/{hexes(self.next(), 25)}?ct={urllib.parse.quote(state)}"

    def unsubscribe(self):
        return f"https://m.{self.brand}/email/unsubscribe/{hexes(self.seed, 22)}/{self.to}/{hexes(self.seed + 'h', 64)}"

    def browser(self):
        return f"https://m.{self.brand}/email/view/{hexes(self.seed, 22)}"

    def pixel(self):
        return image(f"https://m.{self.brand}/email/{hexes(self.seed, 22)}.gif")

    def headers(self):
        return [("X-EMAIL-ID", digits(self.seed, 3)), ("Precedence", "Bulk")] + super().headers()

    def envelope(self, sender):
        return f"bounce+{hexes(self.seed, 22)}@{self.brand}"


class Listmonk(Service):
    program, dkim = programs.GO, "default"

    def click(self, url):
        return f"https://lists.{self.brand}/link/{guid(self.next())}/{guid(self.seed + 'c')}/{guid(self.seed + 's')}"

    def unsubscribe(self):
        return f"https://lists.{self.brand}/subscription/{guid(self.seed + 'c')}/{guid(self.seed + 's')}"

    def browser(self):
        return f"https://lists.{self.brand}/campaign/{guid(self.seed + 'c')}/{guid(self.seed + 's')}"

    def pixel(self):
        return image(f"https://lists.{self.brand}/campaign/{guid(self.seed + 'c')}/{guid(self.seed + 's')}/px.png")

    def headers(self):
        return super().headers() + [("X-Listmonk-Campaign", guid(self.seed + "c")), ("X-Listmonk-Subscriber", guid(self.seed + "s"))]


class PhpList(Service):
    program, dkim, one_click = programs.PHPMAILER, "mail", False

    def click(self, url):
        return f"https://www.{self.brand}/lists/lt.php?tid={token(self.next(), 64)}"

    def unsubscribe(self):
        return f"https://www.{self.brand}/lists/?p=unsubscribe&uid={hexes(self.seed, 32)}"

    def preferences(self):
        return f"https://www.{self.brand}/lists/?p=preferences&uid={hexes(self.seed, 32)}"

    def pixel(self):
        return image(f"https://www.{self.brand}/lists/ut.php?u={hexes(self.seed, 32)}&amp;m={digits(self.seed, 3)}", 'class="phplist-image" ')

    def headers(self):
        return [("X-phpList-version", "3.6.15"), ("X-MessageID", digits(self.seed, 3)), ("X-ListMember", self.to), ("Precedence", "bulk"),
                ("List-Help", f"<https://www.{self.brand}/lists/?p=preferences&uid={hexes(self.seed, 32)}>"), ("List-Unsubscribe", f"<{self.unsubscribe()}&jo=1>"),
                ("List-Subscribe", f"<https://www.{self.brand}/lists/?p=subscribe>"), ("List-Owner", f"<mailto:webmaster@{self.brand}>")]

    def envelope(self, sender):
        return f"bounces@{self.brand}"


class Klyv(Service):
    program, dkim = programs.PYTHON, "kl"

    def click(self, url):
        return f"https://ctrk.klyvmail.com/l/01J{token(self.next(), 23, tokens.UPPER + '0123456789')}_{digits(self.seed, 1)}"

    def unsubscribe(self):
        return f"https://manage.klyvmail.com/subscription/unsubscribe?a={token(self.seed, 6)}&c=01H{token(self.seed + 'c', 23, tokens.UPPER)}&k={hexes(self.seed, 32)}&m=01J{token(self.seed + 'm', 23, tokens.UPPER)}&r={token(self.seed + 'r', 7)}"

    def browser(self):
        return f"https://www.klyvmail.com/media/view/{token(self.seed + 'v', 6)}?m={token(self.seed + 'mm', 40, BASE64URL)}"

    def pixel(self):
        return image(f"https://ctrk.klyvmail.com/o/01J{token(self.seed + 'open', 23, tokens.UPPER + '0123456789')}", 'style="height:1px!important;width:1px!important;" ')

    def headers(self):
        return [("X-Mailer", "Klyv"), ("X-Klyv-Message-Id", f"01J{token(self.seed + 'm', 23, tokens.UPPER)}"), ("Feedback-ID", f"klyv:01J{token(self.seed + 'm', 10, tokens.UPPER)}:{token(self.seed, 6)}")] + super().headers()

    def envelope(self, sender):
        return f"bounces+{digits(self.seed, 7)}-{hexes(self.seed, 4)}-{self.to.replace('@', '=')}@k1.send.{self.brand}"


class Hubble(Service):
    program, dkim = programs.JAVA, "hs1"

    def click(self, url):
        return f"https://{token(self.seed, 7)}.eu1.hubbletrk-04.com/Ctc/{token(self.next(), 2).upper()}+113/{token(self.seed + 'p', 7)}/{token(self.seed + str(self.count), 190, tokens.ALNUM + '-')}"

    def unsubscribe(self):
        return f"https://{token(self.seed, 7)}.eu1.hubbletrk-04.com/hs/preferences-center/en/direct?data={token(self.seed + 'd', 320, BASE64URL)}&utm_source=hb_email&utm_medium=email"

    def browser(self):
        return f"https://info.{self.brand}/e3t/web-version/{token(self.seed + 'w', 60, BASE64URL)}"

    def pixel(self):
        return image(f"https://{token(self.seed, 7)}.eu1.hubbletrk-04.com/Cto/5{token(self.next(), 1)}+23284/{token(self.seed + 'p', 7)}/{token(self.seed + 'o', 60)}", 'style="display:none!important;min-height:0!important" ')

    def headers(self):
        return [("List-Unsubscribe", f"<mailto:1axb{token(self.seed, 20).lower()}@unsub.hubble-mail.com?subject=unsubscribe>,\n <{self.unsubscribe()}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("X-Report-Abuse-To", "abuse@hubble-mail.com (see https://policy.hubble-mail.com/abuse-complaints)"),
                ("Feedback-ID", f"aW{token(self.seed, 18)}:aW{token(self.seed + 'f', 12)}:hb")]

    def envelope(self, sender):
        return f"1axb{token(self.seed, 30).lower()}-{self.to.replace('@', '=')}@bf05x.hubble-mail.com"


class Ses(Service):
    program, dkim = programs.RUBY, "tuq7yzkx4ohpqh6nwjr3lq5d2ybx3zke"

    def click(self, url):
        return f"https://{token(self.seed, 8).lower()}.r.eu-central-1.trackses.net/L0/{urllib.parse.quote(url, safe='')}/1/0107019{hexes(self.seed, 9)}-{guid(self.seed)}-000000/{token(self.next(), 27, BASE64URL)}={digits(self.seed, 3)}"

    def pixel(self):
        return image(f"https://{token(self.seed, 8).lower()}.r.eu-central-1.trackses.net/I0/0107019{hexes(self.seed, 9)}-{guid(self.seed)}-000000/{token(self.seed + 'px', 27, BASE64URL)}={digits(self.seed, 3)}", 'style="display: none; width: 1px; height: 1px;" ')

    def headers(self):
        return super().headers() + [("Feedback-ID", f"::1.eu-central-1.{tokens.base64_of(self.seed, 32)}:trackses"), ("X-SES-Outgoing", self.date[:10].replace("-", ".") + "-192.0.2.57")]

    def envelope(self, sender):
        return f"0107019{hexes(self.seed, 9)}-{guid(self.seed)}-000000@mail.{self.brand}"


class SesNotice(Ses):
    def headers(self):
        return [pair for pair in super().headers() if not pair[0].startswith("List-")]


class MailPoet(Service):
    program, dkim = programs.PHPMAILER, "mailpoet1"

    def track(self, action, seed):
        data = base64.b64encode(f'["{digits(seed, 4)}","{hexes(seed, 32)}","{digits(self.seed, 3)}","{hexes(seed + "x", 12)}",false]'.encode()).decode().rstrip("=")
        return f"https://www.{self.brand}/?mailpoet_router&endpoint=track&action={action}&data={data}"

    def click(self, url):
        return self.track("click", self.next())

    def unsubscribe(self):
        return self.track("unsubscribe", self.seed).replace("endpoint=track", "endpoint=subscription")

    def browser(self):
        return self.track("view", self.seed).replace("endpoint=track", "endpoint=view_in_browser")

    def pixel(self):
        return '<img alt="" class="" src="' + self.track("open", self.seed).replace("&", "&amp;") + '">'


class Brevi(Service):
    program, dkim = programs.NODE, "mail"

    def click(self, url):
        return f"https://{token(self.seed, 7).lower()}.r.bh.d.sendbrv3.com/tr/cl/{token(self.next(), 170 + len(url), BASE64URL)}"

    def unsubscribe(self):
        return f"https://{token(self.seed, 7).lower()}.r.bh.d.sendbrv3.com/mk/un/v2/{token(self.seed + 'un', 170, BASE64URL)}"

    def browser(self):
        return f"https://{token(self.seed, 7).lower()}.r.bh.d.sendbrv3.com/mk/mr/sh/{token(self.seed + 'mr', 60, BASE64URL)}/{token(self.seed + 'm2', 12, BASE64URL)}"

    def pixel(self):
        return image(f"https://{token(self.seed, 7).lower()}.r.bh.d.sendbrv3.com/mk/op/{token(self.seed + 'op', 150, BASE64URL)}")

    def headers(self):
        return [("X-Mailin-EID".replace("Mailin", "Brv"), token(self.seed + "eid", 70, BASE64URL)), ("X-Brv-Client", digits(self.seed, 7)), ("Origin-messageId", f"<{stamp_of(self.date)}.{digits(self.seed, 11)}@smtp-relay.sendbrv3.com>"),
                ("X-CSA-Complaints", "csa-complaints@eco.de")] + super().headers() + [("Feedback-ID", f"198.51.100.22:{digits(self.seed, 7)}_{digits(self.seed + 'f', 2)}:{digits(self.seed, 7)}:Brv")]

    def envelope(self, sender):
        return f"bounces-{digits(self.seed, 9)}-{self.to.replace('@', '=')}@bh.d.sendbrv3.com"


class Rapid(Service):
    program, dkim = programs.SWIFT, "rm1"

    def click(self, url):
        return f"https://t{hexes(self.seed, 8)}.emailsys-rapid.net/c/{digits(self.seed, 3)}/{digits(self.seed + 'm', 7)}/{digits(self.next(), 6)}/0/{digits(self.seed + 'n', 8)}/{digits(self.seed + 'o', 6)}/{hexes(self.seed, 10)}.html"

    def unsubscribe(self):
        return f"https://t{hexes(self.seed, 8)}.emailsys-rapid.net/{digits(self.seed, 3)}/{digits(self.seed + 'm', 7)}/{digits(self.seed + 'n', 5)}/{hexes(self.seed, 10)}/unsubscribe.html"

    def browser(self):
        return self.unsubscribe().replace("unsubscribe", "index").replace(".net/", ".net/mailing/")

    def headers(self):
        return [("X-RM-Mailing", digits(self.seed + "m", 7)), ("X-CSA-Complaints", "csa-complaints@eco.de"), ("X-Auto-Response-Suppress", "OOF, AutoReply")] + super().headers()


class Civi(Service):
    program, dkim = programs.PHPMAILER, "civi"

    def click(self, url):
        return f"https://www.{self.brand}/civicrm/mailing/url?u={digits(self.next(), 4)}&qid={digits(self.seed, 6)}"

    def unsubscribe(self):
        return f"https://www.{self.brand}/civicrm/mailing/unsubscribe?reset=1&jid={digits(self.seed, 3)}&qid={digits(self.seed, 6)}&h={hexes(self.seed, 16)}"

    def pixel(self):
        return image(f"https://www.{self.brand}/civicrm/mailing/open?qid={digits(self.seed, 6)}")

    def headers(self):
        local = f"{digits(self.seed, 3)}.{digits(self.seed, 6)}.{hexes(self.seed, 16)}@{self.brand}"
        return [("List-Unsubscribe", f"<mailto:u.{local}>,\n <{self.unsubscribe()}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Precedence", "bulk"), ("X-CiviMail-Bounce", f"b.{local}")]

    def envelope(self, sender):
        return f"b.{digits(self.seed, 3)}.{digits(self.seed, 6)}.{hexes(self.seed, 16)}@{self.brand}"


class Utm(Service):
    """The shop's own program: links stay on its site and say where they were clicked."""
    program, dkim, auto_text = programs.MAILKIT, "dkim1", False

    def click(self, url):
        glue = "&" if "?" in url else "?"
        return f"{url}{glue}utm_source=newsletter&utm_medium=email&utm_campaign={self.seed}&utm_content=l{len(self.next())}{self.count:02}"

    def envelope(self, sender):
        return f"newsletter-bounce@{self.brand}"


class UtmPhp(Utm):
    program, dkim = programs.PHPMAILER, "default"


class Stamp(Service):
    """Notices only: opens are counted, links go straight or by the service."""
    program, dkim = programs.MAILKIT, "20240912093027pm"

    def click(self, url):
        rest = urllib.parse.quote(url.partition("://")[2], safe="")
        return f"https://click.stampmark.com/3s/{rest}/{token(self.seed, 4)}/{token(self.seed + 'h', 4)}/AQ/{guid(self.seed)}/{self.next()[-1]}/{token(self.seed + str(self.count), 10, BASE64URL)}"

    def pixel(self):
        return image(f"https://click.stampmark.com/open/v1/{guid(self.seed)}")

    def headers(self):
        return [("X-SM-Message-Id", guid(self.seed)), ("X-SM-Message-Options", "v1;1.{0}.{1}".format(token(self.seed, 40, BASE64URL), token(self.seed + "2", 20))),
                ("Feedback-ID", f"s{digits(self.seed, 8)}:stampmark"), ("X-Complaints-To", "abuse@stampmark.com")]

    def envelope(self, sender):
        return f"pm_bounces@pm-bounces.{self.brand}"


class Plainly(Service):
    """Nothing added, nothing counted."""
    def headers(self):
        return []

    def envelope(self, sender):
        return wire.address_of(sender)


def stamp_of(date):
    return tokens.moment(date).strftime("%Y%m%d%H%M")


def campaign(name, service, frm, to, subject, date, html, text=None, **more):
    """A letter through a service.  `text=False`: HTML alone."""
    one = service(name, frm, to, date)
    page = one.rewrite(html)
    if text is None and one.auto_text:
        text = text_of(page)
    elif text:
        for key in ("unsubscribe", "browser", "preferences"):
            text = text.replace("{{" + key + "}}", getattr(one, key)())
        text = text.replace("{{email}}", one.to)
    more.setdefault("dkim", one.dkim)
    more.setdefault("dkim_names", "from:reply-to:to:subject:date:message-id:mime-version:content-type:list-unsubscribe:list-unsubscribe-post")
    more.setdefault("envelope", one.envelope(frm))
    added = [pair for pair in one.headers() if pair[0] not in more.get("without", ())]
    letter(name, more.pop("program", service.program), frm, to, subject, date, text or None, page, headers=added + list(more.pop("headers", [])), **more)
