"""The HTML that mail programs make of what a person types.  SPDX-License-Identifier: GPL-3.0-or-later"""
import re
import textwrap

JOINED_FROM = 85  # a line of the source that is shorter was meant to end there

BLOCK_LABELS = {
    "en": ("From", "Sent", "To", "Subject"), "de": ("Von", "Gesendet", "An", "Betreff"), "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado el", "Para", "Asunto"), "it": ("Da", "Inviato", "A", "Oggetto"), "pt": ("De", "Enviada", "Para", "Assunto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"), "pl": ("Od", "Wysłano", "Do", "Temat"), "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "ru": ("От", "Отправлено", "Кому", "Тема"), "tr": ("Kimden", "Gönderildi", "Kime", "Konu"), "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"),
    "ja": ("差出人", "送信日時", "宛先", "件名"), "zh": ("发件人", "发送时间", "收件人", "主题"), "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}

WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:m="http://schemas.microsoft.com/office/2004/12/omml" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
/* Font Definitions */
@font-face
	{{font-family:"Cambria Math";
	panose-1:2 4 5 3 5 4 6 3 2 4;}}
@font-face
	{{font-family:{font};
	panose-1:2 15 5 2 2 2 4 3 2 4;}}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
	{{margin:0cm;
	font-size:11.0pt;
	font-family:"{font}",sans-serif;
	mso-ligatures:standardcontextual;
	mso-fareast-language:EN-US;}}
a:link, span.MsoHyperlink
	{{mso-style-priority:99;
	color:#0563C1;
	text-decoration:underline;}}
span.E-MailFormatvorlage17
	{{mso-style-type:personal-compose;
	font-family:"{font}",sans-serif;
	color:windowtext;}}
.MsoChpDefault
	{{mso-style-type:export-only;
	mso-fareast-language:EN-US;}}
@page WordSection1
	{{size:612.0pt 792.0pt;
	margin:70.85pt 70.85pt 2.0cm 70.85pt;}}
div.WordSection1
	{{page:WordSection1;}}
--></style><!--[if gte mso 9]><xml>
<o:shapedefaults v:ext="edit" spidmax="1026" />
</xml><![endif]--><!--[if gte mso 9]><xml>
<o:shapelayout v:ext="edit">
<o:idmap v:ext="edit" data="1" />
</o:shapelayout></xml><![endif]-->
</head>
"""


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def linked(text):
    text = re.sub(r"(https?://[^\s<>()]*[^\s<>().,;:!?])", lambda match: f'<a href="{match.group(1)}">{match.group(1)}</a>', escape(text))
    return re.sub(r"(?<![\w@/.:=>\"-])([\w.+-]+@[\w-]+\.[\w.-]*\w)(?![^<]*</a>)", r'<a href="mailto:\1">\1</a>', text)


def joined(text):
    """Paragraphs as one line each; quotes, lists, signatures and short lines stay."""
    last = ""
    out = []
    for line in text.strip("\n").split("\n"):
        if out and len(last) >= JOINED_FROM and line and line[0] not in " >-*•|+@\t" and not re.match(r"\d+[.)] ", line):
            out[-1] += " " + line
        else:
            out.append(line)
        last = line
    return "\n".join(out) + "\n"


def wrapped(text, width, flowed):
    out = []
    for line in joined(text).rstrip("\n").split("\n"):
        if len(line) <= width or line[0] in ">|+-@ " or not re.search(r"\s", line):
            out.append(" " + line if flowed and line.startswith((" ", "From ")) else line)
            continue
        cut = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        out += [one + " " for one in cut[:-1]] + cut[-1:] if flowed else cut
    return "\n".join(out) + "\n"


def laid_out(text, manner):
    if manner == "join":
        return joined(text)
    if manner == "join72":
        return wrapped(text, 74, False)
    if manner == "flow":
        return wrapped(text, 71, True)
    return text.strip("\n") + "\n"


def quoted_text(quote, style, lang):
    """`quote` is (who, when, to, subject, text[, introduction])."""
    if not quote:
        return ""
    who, when, to, subject, text = quote[:5]
    if style == "outlook":
        labels = BLOCK_LABELS[lang]
        return "\n\n" + "".join(f"{label}: {value}\n" for label, value in zip(labels, (who, when, to, subject))) + "\n" + text.strip("\n") + "\n"
    lines = "\n".join("> " + line if line and line[0] != ">" else ">" + line for line in wrapped(text, 70, False).strip("\n").split("\n"))
    return "\n" + introduction(quote) + "\n\n" + lines.replace("> \n", ">\n") + "\n"


def introduction(quote):
    return quote[5] if len(quote) > 5 else f"On {quote[1]}, {quote[0].split(' <')[0]} wrote:"


def each(text, line_form, empty):
    return "".join(line_form.format(linked(line)) if line.strip() else empty for line in joined(text).rstrip("\n").split("\n"))


def as_word(text):
    return '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n' + each(text, '<p class="MsoNormal">{}<o:p></o:p></p>\n', '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n')


def outlook(text, signature, quote, lang, charset, font="Calibri"):
    html = WORD_HEAD.format(charset=charset, font=font)
    html += f'<body lang="{lang.upper() if lang != "en" else "EN-GB"}" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">\n<div class="WordSection1">\n'
    html += each(text, '<p class="MsoNormal">{}<o:p></o:p></p>\n', '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n') + signature
    if quote:
        labels = BLOCK_LABELS[lang]
        html += ('<div>\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">\n<p class="MsoNormal">' +
                 "<br>\n".join(f"<b>{label}:</b> {escape(value)}" for label, value in zip(labels, quote[:4])) + "<o:p></o:p></p>\n</div>\n</div>\n")
        html += each(quote[4], '<p class="MsoNormal">{}<o:p></o:p></p>\n', '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n')
    return html + "</div>\n</body>\n</html>\n"


def gmail(text, signature, quote, lang, charset):
    html = '<div dir="ltr">' + each(text, "<div>{}</div>", "<div><br></div>")
    if signature:
        html += f'<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{signature}</div>'
    html += "</div>"
    if quote:
        html += (f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{escape(introduction(quote))}<br></div>'
                 '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">' +
                 each(quote[4], "{}<br>", "<br>") + "</blockquote></div>")
    return html + "\n"


def apple(text, signature, quote, lang, charset):
    html = (f'<html aria-label="message body"><head><meta http-equiv="content-type" content="text/html; charset={charset}"></head>'
            '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">')
    html += each(text, "<div>{}</div>", "<div><br></div>")
    if signature:
        html += f'<div><br></div><div><meta charset="UTF-8">{signature}</div>'
    if quote:
        html += f'<div><br><blockquote type="cite"><div>{escape(introduction(quote))}</div><br class="Apple-interchange-newline"><div>'
        html += each(quote[4], "{}<br>", "<br>") + "</div></blockquote></div><br>"
    return html + "</body></html>"


def thunderbird(text, signature, quote, lang, charset):
    html = f'<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="Content-Type" content="text/html; charset={charset}">\n  </head>\n  <body>\n'
    html += each(text, "    <p>{}</p>\n", "")
    if quote:
        html += f'    <div class="moz-cite-prefix">{escape(introduction(quote))}<br>\n    </div>\n    <blockquote type="cite" cite="mid:quoted@example.org">\n'
        html += each(quote[4], "      {}<br>\n", "      <br>\n") + "    </blockquote>\n"
    if signature:
        html += f'    <div class="moz-signature">-- <br>\n      {signature}</div>\n'
    return html + "  </body>\n</html>\n"


def samsung(text, signature, quote, lang, charset):
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset.upper()}"></head><body dir="auto">'
    html += each(text, '<div dir="auto">{}</div>', '<div dir="auto"><br></div>')
    html += f'<div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">{signature or ""}</div></div>'
    if quote:
        html += (f'<div dir="auto"><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- {escape(quote[5])} --------</div>'
                 f'<div>{escape(quote[0])}</div><div>{escape(quote[1])}</div></div><div dir="auto"><br></div>') + each(quote[4], "{}<br>", "<br>")
    return html + "</body></html>"


def zimbra(text, signature, quote, lang, charset):
    html = '<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">'
    html += each(text, "<div>{}</div>", '<div><br data-mce-bogus="1"></div>') + (f'<div data-marker="__SIG_POST__">-- <br></div><div>{signature}</div>' if signature else "")
    if quote:
        html += ('<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;">' +
                 "".join(f"<b>{label}: </b>{escape(value)}<br>" for label, value in zip(BLOCK_LABELS[lang], quote[:4])) + "</blockquote></div><div>" +
                 each(quote[4], "{}<br>", "<br>") + "</div>")
    return html + "</div></body></html>"


def evolution(text, signature, quote, lang, charset):
    html = "<html><head></head><body>" + each(text, "<div>{}</div>", "<div><br></div>")
    if quote:
        html += f'<div>{escape(introduction(quote))}</div><blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;padding-left:1ex">'
        html += each(quote[4], "<div>{}</div>", "<div><br></div>") + "</blockquote>"
    return html + (f"<div><span><pre>-- <br></pre>{signature}</span></div>" if signature else "") + "</body></html>"


def foxmail(text, signature, quote, lang, charset):
    html = (f'<html><head><meta http-equiv="content-type" content="text/html; charset={charset}"><style>body {{ line-height: 1.5; }}body '
            "{ font-size: 14px; font-family: 'Microsoft YaHei UI'; color: rgb(0, 0, 0); line-height: 1.5; }</style></head><body>\n")
    html += each(text, "<div>{}</div>", "<div><br></div>") + '<hr style="WIDTH: 210px; HEIGHT: 1px" color="#b5c4df" size="1" align="left">\n'
    html += f'<div><span><div style="MARGIN: 10px; FONT-FAMILY: verdana; FONT-SIZE: 10pt"><div>{signature or ""}</div></div></span></div>\n'
    if quote:
        html += ('<blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em"><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">' +
                 "".join(f"<div><b>{label}：</b>{escape(value)}</div>" for label, value in zip(BLOCK_LABELS[lang], quote[:4])) + "</div><div>" +
                 each(quote[4], "{}<br>", "<br>") + "</div></blockquote>\n")
    return html + "</body></html>\n"


MANNERS = {"outlook": outlook, "gmail": gmail, "apple": apple, "thunderbird": thunderbird, "samsung": samsung, "zimbra": zimbra,
           "evolution": evolution, "foxmail": foxmail}


def html_of(text, manner, signature, quote, lang, charset):
    return MANNERS[manner](text, signature, quote, lang, charset)
