"""A mail from its recipe: what it says, who sends it, how it looks, where it leads, what is done to it.  SPDX-License-Identifier: GPL-3.0-or-later"""
import base64
import datetime

from . import lures_accounts, lures_money, parts, tricks, wire

LURES = {**lures_accounts.LURES, **lures_money.LURES}
RECIPIENTS = ("j.brandt@example.org", "marta.oliveira@example.com", "info@example.net", "k.vandijk@example.org",
              "s.moreau@example.com", "office@example.org",
              "tom.hale@example.net", "r.ferreira@example.com", "petra.lindner@example.org", "buchhaltung@example.com",
              "anna.kowalska@example.net", "d.rossi@example.org")
FIRST_DAY = datetime.datetime(2025, 9, 1, 6, 12, 40)
FESTIVE = ("🎁", "🔥", "💰", "🎉", "⏳", "🏆", "❤️", "🎰", "✅", "📦", "🚨", "⚡")
FESTIVE_LURES = ("casino", "tools", "steaks", "insurer", "decathlon", "thermo", "ah", "choco", "veepee", "lidl", "post",
                 "airdrop", "btc", "photos", "antivirus", "druck", "knee", "adac", "credit")
RAW_SENDERS = ("sha1", "no_address", "null_sender", "drip_copied", "root", "rotating")
MIME_BOUNDARIES = ("000000000000{hex16}", "b1_{hex32}", "----=_NextPart_000_0012_01DB{hex8}.{hex8}",
                   "===============6{digits18}==", "_----------=_16948449113{digits5}", "{letters40}",
                   "--_NmP-{hex16}-Part_1", "Z0p{letters18}-ABS{letters12}", "=_{hex32}", "mk3-{hex32}; charset=UTF-8")


class Mail:
    """What layouts, senders and tricks may look at."""

    def __init__(self, recipe, number):
        self.recipe, self.number = recipe, number
        self.draw = wire.Draw(f"{recipe['kind']}-{number}")
        self.rcpt = recipe.get("rcpt") or self.draw.of(RECIPIENTS)
        self.user = self.rcpt.split("@")[0]
        self.code, self.num = self.draw.letters(8, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), str(self.draw.number(899999) + 100000)
        moment = FIRST_DAY + datetime.timedelta(hours=7 * (self.draw.number(880)), seconds=self.draw.number(3000))
        self.day = f"{moment.day:02d}/{moment.month:02d}/{moment.year}"
        self.date = moment.strftime("%a, %d %b %Y %H:%M:%S ") + self.draw.of(("+0000", "+0000", "+0100", "-0400", "+0000 (UTC)",
                                                                              "+0200"))
        self.lang, self.brand, subject, self.lure_title, paragraphs, self.button, self.foot = (self._filled(one) for one in LURES[recipe["lure"]])
        self.paragraphs = list(paragraphs)
        self.link, self.unsubscribe = self._link(recipe["link"]), self._link(recipe.get("unsubscribe", recipe["link"]))
        self.shown = recipe.get("shown", "https://www.example.com/")
        self.name = self._header("name", self.brand)
        self.subject = self._header("subject", subject)
        self.inline_picture = ""

    def _filled(self, value):
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        for name in ("rcpt", "user", "code", "num", "day"):
            value = value.replace("{" + name + "}", getattr(self, name))
        return value

    def _link(self, link):
        return link(self.draw, self.rcpt) if link else ""

    def _header(self, what, text):
        before, after = self.recipe.get(what + "_around") or self._festive()
        text = before + self.recipe.get(what + "_style", lambda one: one)(self._filled(self.recipe.get(what, text))) + after
        raw = self.recipe["sender"].__qualname__.split(".")[0] in RAW_SENDERS
        return wire.WORDS[self.recipe.get(what + "_words", "raw" if raw else "auto")](text)

    def _festive(self):
        """Signs around some of the names and subjects of prizes and warnings."""
        if self.recipe["lure"].split("-")[1].rstrip("2") not in FESTIVE_LURES or self.draw.number(100) < 45:
            return "", ""
        return self.draw.of((("", " " + self.draw.of(FESTIVE)), (self.draw.of(FESTIVE) + " ", ""),
                             (self.draw.of(FESTIVE), self.draw.of(FESTIVE) * 2)))


def noise(mail, lines):
    return "\n".join(mail.draw.letters(76, wire.ALNUM) for _ in range(lines))


def plain(mail, how):
    """The text/plain part."""
    told = "\n\n".join([mail.lure_title] + mail.paragraphs + [mail.button]).strip()
    other = {"same": told, "linked": f"{told}\n<{mail.link}>\n\n{mail.foot}\n<{mail.unsubscribe}>", "empty": "",
             "blanks": "\n \n" * 40, "noise": noise(mail, 60),
             "markup": mail.recipe["layout"](mail) if how == "markup" else "",
             "heap": "\n".join(mail.draw.letters(480, wire.ALNUM) for _ in range(160)) if how == "heap" else "",
             "story": tricks.innocent(mail, 60),
             "optional": "Escreva aqui o texto para quem não vê HTML",
             "viewer": "Your e-mail program cannot show this message.",
             "codes": " ".join(mail.draw.letters(2 + mail.draw.number(9), "0123456789abcdef") for _ in range(160)),
             "two": f"<{mail.link}> <{mail.unsubscribe}>",
             "only": "\n\n".join(mail.paragraphs + ([mail.link] if mail.link else [])) + "\n\n" + mail.brand,
             "lone": f"{mail.link}\n", "quoted": "\n>> ".join([">> Hi,"] + mail.paragraphs)}
    return other[how]


def boundary(mail):
    value = mail.recipe.get("boundary") or mail.draw.of(MIME_BOUNDARIES[:-1])
    for name, letters in (("hex", "0123456789abcdef"), ("digits", wire.DIGITS), ("letters", wire.ALNUM)):
        for count in (40, 32, 18, 16, 12, 8, 5):
            while f"{{{name}{count}}}" in value:
                value = value.replace(f"{{{name}{count}}}", mail.draw.letters(count, letters), 1)
    return value


def entity(mail, subtype, text):
    """A text entity in the recipe's charset and transfer encoding: type, transfer, bytes."""
    charset = mail.recipe.get("charset", "utf-8")
    transfer = mail.recipe.get("transfer", "8bit" if not text.isascii() else "7bit")
    label = mail.recipe.get("charset_label", charset)
    return f"text/{subtype}" + (f'; charset="{label}"' if label else ""), transfer, wire.encode(text, transfer, charset)


def written_by_library(mail):
    """Programs that add a text part by themselves do so about every other time; None where nothing does."""
    sender = mail.recipe["sender"].__qualname__.split(".")[0]
    if "attach" in mail.recipe or "top" in mail.recipe or sender not in ("cpanel", "phpmailer", "ses_account", "gmail_api",
                                                                         "node_aligned", "zendesk", "drip_copied", "leafmailer"):
        return None
    return mail.draw.of(("same", "linked", "same", None, None))


def html_of(mail):
    markup = mail.recipe["layout"](mail)
    for trick in mail.recipe.get("tricks", ()):
        markup = trick(markup, mail)
    return markup


def body_of(mail):
    """Content-Type, transfer encoding and bytes of the whole body."""
    recipe, pieces = mail.recipe, []
    if recipe.get("inline") == "data":
        mail.inline_picture = base64.b64encode(parts.banner(mail.draw, 60, 30, 2)).decode()
    text = recipe.get("text") or written_by_library(mail)
    if text:
        pieces.append(entity(mail, "plain", plain(mail, text)))
    if recipe.get("layout"):
        pieces.append(entity(mail, "html", html_of(mail)))
    attached = recipe["attach"](mail) if recipe.get("attach") else []
    if len(pieces) == 1 and not attached and not recipe.get("top"):
        return pieces[0]
    entities = [wire.part(kind, data, transfer) for kind, transfer, data in pieces]
    if len(entities) == 2 and attached:
        inner = boundary(mail) + "a"
        entities = [wire.part(f'multipart/alternative; boundary="{inner}"', wire.multipart(inner, entities))]
    mark = boundary(mail)
    top = recipe.get("top") or ("mixed" if attached else "alternative")
    return f'multipart/{top}; boundary="{mark}"', None, wire.multipart(mark, entities + attached, recipe.get("preamble", ""))


def build(recipe, number):
    """The bytes of a mail, its envelope sender first."""
    mail = Mail(recipe, number)
    kind, transfer, data = body_of(mail)
    envelope, headers = recipe["sender"](mail)
    content = [("Content-Type", kind)] + ([("Content-Transfer-Encoding", transfer)] if transfer else [])
    mime = [] if recipe.get("no_mime_version") else [("MIME-Version", "1.0")]
    if recipe.get("mime_first"):
        headers = content + mime + headers
    else:
        headers = headers + mime + content
    drop = {name.lower() for name in recipe.get("drop", ())}
    headers = [(name, value) for name, value in headers if name.lower() not in drop] + list(recipe.get("add", ()))
    return wire.message([("Return-Path", f"<{envelope}>")] + headers, data)


def mail(kind, lure, sender, layout, link=None, *done, **more):
    """A recipe."""
    return {"kind": kind, "lure": lure, "sender": sender, "layout": layout, "link": link, "tricks": done, **more}
