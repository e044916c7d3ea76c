"""Puts mails together and keeps the list of them.  SPDX-License-Identifier: GPL-3.0-or-later"""
import re

from . import people, programs, tokens, wire

MAILS = {}    # name: bytes
SLOPPY = {}   # name: what is wrong with it, on purpose


def letter(name, program, frm, to, subject, date, text=None, html=None, *, sloppy=None, **more):
    """One mail of the collection.

    via         Received lines, newest first: "KIND HOST [FROM_HOST [IP [USER_OR_HELO]]]", separated by |
    dkim        "selector" or "selector@domain"
    envelope    the envelope sender; "" is the null sender
    quote       what is answered: (who, when, to, subject, text[, introduction])
    sign        the signature as text; sign_html as HTML
    inline      images within HTML: (content id, file name, type, bytes)
    attach      (file name, type, bytes)
    calendar    (text of the object, method)
    headers     further fields, as (name, value); without: those that it lacks
    """
    if name in MAILS:
        raise ValueError(f"two mails are named {name}")
    MAILS[name] = Composer(name, program, frm, to, subject, date, text, html, more).compose()
    if sloppy:
        SLOPPY[name] = sloppy


def raw(name, text, charset="utf-8", newline="\r\n", sloppy=None):
    """A mail written out whole."""
    if name in MAILS:
        raise ValueError(f"two mails are named {name}")
    data = text if isinstance(text, bytes) else text.lstrip("\n").encode(charset)
    MAILS[name] = data.replace(b"\n", newline.encode())
    if sloppy:
        SLOPPY[name] = sloppy


class Composer:
    def __init__(self, name, program, frm, to, subject, date, text, html, more):
        self.name, self.program, self.frm, self.to, self.subject, self.date = name, program, frm, to, subject, date
        self.text, self.html, self.more = text, html, more
        self.charset = more.get("charset", program.charset)
        self.boundaries = 0

    def leaf(self, kind, text, cte):
        charset = self.charset
        if self.program.ascii_charset and wire.is_ascii(text):
            charset = self.program.ascii_charset
        data, how = wire.transfer(text, charset, cte)
        headers = [("Content-Type", kind.format(charset=charset))]
        if self.program.part_mime_version:
            headers.append(("MIME-Version", "1.0"))
        if how != "7bit" or "7bit" not in self.more.get("unsaid", ""):
            headers.append(("Content-Transfer-Encoding", how))
        return headers, data

    def multi(self, kind, parts, extra=""):
        boundary = self.program.boundary(self.name, self.boundaries)
        self.boundaries += 1
        content_type = self.program.multi.format(kind=kind, boundary=boundary) + extra
        preamble = self.program.preamble if self.boundaries == self.depth() else ""
        return [("Content-Type", content_type)], wire.multipart(boundary, [wire.part(*one) for one in parts], preamble)

    def depth(self):
        """How many multiparts there will be; the outermost is made last."""
        alternatives = sum(bool(one) for one in (self.text_said(), self.html_said(), self.more.get("calendar"))) > 1
        return alternatives + bool(self.more.get("inline")) + bool(self.more.get("attach") or self.more.get("parts"))

    def text_said(self):
        return self.text is not None and not self.more.get("html_only")

    def html_said(self):
        return self.html is not None or (self.program.html_of_text and not self.more.get("plain") and self.text is not None)

    def whole_text(self):
        style = self.program.html_of_text or "plain"
        sign = self.more.get("sign")
        text = people.laid_out(self.text, self.program.lines)
        if sign:
            text += ("\n" if style == "outlook" else "\n-- \n") + sign.strip("\n") + "\n"
        return text + people.quoted_text(self.more.get("quote"), style, self.more.get("lang", "en"))

    def whole_html(self):
        if self.html is not None:
            return self.html
        sign = self.more.get("sign_html")
        if sign is None:
            sign = self.more.get("sign", "").strip("\n")
            sign = people.as_word(sign) if sign and self.program.html_of_text == "outlook" else people.escape(sign).replace("\n", "<br>\n")
        quote, lang = self.more.get("quote"), self.more.get("lang", "en")
        page = people.html_of(self.text, self.program.html_of_text, sign, quote, lang, self.charset)
        if self.program.ascii_charset and wire.is_ascii(page):  # the page says what its part says
            page = people.html_of(self.text, self.program.html_of_text, sign, quote, lang, self.program.ascii_charset)
        return page

    def attached(self, filename, kind, data, cid=None):
        """A file as a part; binary always as base64, text as the program would."""
        style, program = self.program.attach, self.program
        shown = wire.encoded(filename, "UTF-8", program.word)
        name = f'{kind};\n\tname="{shown}"' if style in ("outlook", "exchange", "apple") else f'{kind};\n name="{shown}"'
        how = "inline" if cid else "attachment"
        if style == "python" and not wire.is_ascii(filename):
            disposition = f"{how}; filename*=utf-8''" + "".join(f"%{byte:02X}" if byte > 127 or byte in b" %'" else chr(byte) for byte in filename.encode())
            name = kind
        else:
            disposition = f'{how};\n\tfilename="{shown}"' if style in ("outlook", "apple") else f'{how}; filename="{shown}"'
        if style == "exchange":
            when = tokens.date_header(self.date[:-5] + "+0000").replace("+0000", "GMT")
            disposition = f'{how}; filename="{shown}";\n\tsize={len(data)}; creation-date="{when}";\n\tmodification-date="{when}"'
        headers = [("Content-Type", name), ("Content-Transfer-Encoding", "base64"), ("Content-Disposition", disposition)]
        if style == "exchange":
            headers.insert(1, ("Content-Description", shown))
        if style == "apple":
            headers = [headers[2], ("Content-Type", f'{kind};\n\tx-unix-mode=0644;\n\tname="{shown}"'), headers[1]]
        if style == "gmail":
            mark = "f_" + tokens.token(self.name + filename, 9, "abcdefghijklmnopqrstuvwxyz0123456789") + "0"
            headers = [headers[0], headers[2], headers[1], ("Content-ID", f"<{cid or mark}>"), ("X-Attachment-Id", cid or mark)]
        elif cid:
            headers.insert(2, ("Content-ID", f"<{cid}>"))
        return headers, wire.base64_lines(data, 72 if style == "thunderbird" else 76)

    def body(self):
        more, program, choices = self.more, self.program, []
        if self.text_said():
            choices.append(self.leaf(more.get("text_type", program.text_type), self.whole_text(), more.get("text_cte", more.get("cte", program.text_cte))))
        inline = [self.attached(filename, kind, data, cid) for cid, filename, kind, data in more.get("inline", [])]
        if self.html_said():
            page = self.leaf(program.html_type, self.whole_html(), more.get("html_cte", more.get("cte", program.html_cte)))
            if inline and not program.related_outside:
                page = self.multi("related", [page] + inline, more.get("related_type", ""))
                inline = []
            choices.append(page)
        if "calendar" in more:
            data, how = wire.transfer(more["calendar"][0], "utf-8", "base64" if program.attach == "exchange" else "auto8")
            choices.append(([("Content-Type", f'text/calendar; charset="utf-8"; method={more["calendar"][1]}'), ("Content-Transfer-Encoding", how)], data))
        now = choices[0] if len(choices) == 1 else self.multi("alternative", choices)
        if inline:
            now = self.multi("related", [now] + inline, ';\n\ttype="multipart/alternative"' if len(choices) > 1 and program.attach == "exchange" else "")
        files = list(more.get("parts", [])) + [self.attached(*one) for one in more.get("attach", [])]
        return self.multi(more.get("mixed", "mixed"), [now] + files, more.get("mixed_type", "")) if files else now

    def fields(self, content):
        program, more = self.program, self.more
        charset = program.word_charset or self.charset
        if charset.lower() in ("us-ascii",):
            charset = "utf-8"

        def word(text):
            answer = re.match(r"(?:[A-Za-z]{2,3}: )*", text).group() if program.attach != "exchange" else ""
            return answer + wire.encoded(text[len(answer):], more.get("word_charset", charset), more.get("word", program.word))

        def who(people_):
            return wire.addresses(people_, more.get("word_charset", charset), more.get("word", program.word), program.quoted_names)
        domain = more.get("mid_domain", wire.domain_of(self.frm))
        values = dict(program.fixed)
        values.update({"From": who(self.frm), "Subject": word(self.subject), "MIME-Version": program.fixed.get("MIME-Version", "1.0"),
                       "Mime-Version": program.fixed.get("Mime-Version", "1.0"),
                       "Date": tokens.date_header(self.date, " (" + wire.zone(self.date) + ")" if program.zone_name else "")})
        if self.to is not None:
            values["To"] = who(self.to)
        for field, key in (("Cc", "cc"), ("CC", "cc"), ("Reply-To", "reply_to"), ("Sender", "sender")):
            if key in more:
                values[field] = who(more[key])
        values["Message-ID"] = values["Message-Id"] = "<" + more.get("mid", program.mid(self.name, domain, self.date)) + ">"
        if "refs" in more:
            values["In-Reply-To"] = f"<{more['refs'].split()[-1]}>"
            values["References"] = " ".join(f"<{one}>" for one in more["refs"].split())
        for name, value in content:
            values[name] = value
        return values

    def special_fields(self, values):
        """What only some programs write, and depends on the mail."""
        topic = re.sub(r"^((re|aw|fw|fwd|wg|tr|rv|r|sv|odp|vs|ynt|回复|转发): )+", "", self.subject, flags=re.I)
        if self.program in (programs.OUTLOOK, programs.EXCHANGE, programs.ZIMBRA):
            values["Thread-Index"] = "AdX" + tokens.base64_of(self.name + "thread", 20)[3:] if self.program is not programs.OUTLOOK else "AQH" + tokens.base64_of(self.name, 30)[3:]
            values["Thread-Topic"] = wire.encoded(topic, self.charset, self.program.word)
        if self.program in (programs.OUTLOOK, programs.EXCHANGE, programs.THUNDERBIRD, programs.THUNDERBIRD_HTML):
            lang = self.more.get("lang", "en")
            tag = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "zh": "zh-CN", "ja": "ja-JP", "cs": "cs-CZ", "el": "el-GR"}.get(lang, f"{lang}-{lang.upper()}")
            values["Content-Language"] = tag if self.program is not programs.OUTLOOK else tag.lower() if lang != "de" else "de"
            values["Accept-Language"] = tag + ", en-US" if lang != "en" else "en-GB, en-US"
        if self.program is programs.EXCHANGE:
            values["X-MS-Has-Attach"] = "yes" if self.more.get("attach") or self.more.get("inline") else ""

    def compose(self):
        content, body = self.body()
        values = self.fields(content)
        self.special_fields(values)
        extra = list(self.more.get("headers", []))
        without = set(self.more.get("without", ()))
        lines, placed = [], False
        for name in self.more.get("order", self.program.order).split():
            if name == "*":
                lines += [wire.fold(f"{field}: {value}") for field, value in extra]
                placed = True
            elif name in values and name not in without and name not in {field for field, _ in extra}:
                lines.append(wire.fold(f"{name}: {values[name]}".rstrip(" ") if values[name] else f"{name}:", with_tab=self.program.fold_with_tab))
        if not placed:
            lines += [wire.fold(f"{field}: {value}") for field, value in extra]
        top = self.top(body)
        whole = "\n".join(top + lines).encode(self.more.get("header_charset", "utf-8")) + b"\n\n" + body
        return whole.replace(b"\r\n", b"\n").replace(b"\n", self.more.get("newline", "\r\n").encode())

    def top(self, body):
        """What the servers on the way out put above."""
        more = self.more
        sender = more.get("envelope", wire.address_of(self.frm))
        out = [] if sender is None else [f"Return-Path: <{sender}>"]
        if more.get("dkim"):
            selector, _, domain = more["dkim"].partition("@")
            names = more.get("dkim_names", "from:to:subject:date:message-id:mime-version:content-type")
            out.append(wire.dkim(self.name, domain or wire.domain_of(self.frm), selector, self.date, body, names, more.get("dkim_kind", "rsa-sha256")))
        to = wire.address_of(self.to.split(",")[0]) if self.to else "undisclosed@example.org"
        for at, hop in enumerate(more.get("via", "").split("|")):
            words = hop.split()
            if words:
                keys = dict(zip(("from_host", "ip", "user"), words[2:]))
                if len(words) > 4:
                    keys["helo"] = words[4]
                out.append(wire.received(self.name + str(at), words[0], sender or "", to, self.date, words[1], **keys))
        return out
