"""How the mails look: one function a layout, from the bare link to the copied newsletter.  SPDX-License-Identifier: GPL-3.0-or-later

A layout takes the mail (lure_title, paragraphs, button, foot, link, unsubscribe, draw, lang, brand) and returns HTML."""
import html as markup


def _paragraphs(m, style=""):
    mark = f' style="{style}"' if style else ""
    return "\n".join(f"<p{mark}>{markup.escape(one)}</p>" for one in m.paragraphs)


def plain_link(m):
    return f"<html><head><title></title></head><body>{_paragraphs(m)}\n<p><a href=\"{m.link}\">{m.button}</a></p><p>{m.foot}</p></body></html>"


def fragment(m):
    """No html, no body: as scripts put it together."""
    return f"<h2>{m.lure_title}</h2>\n" + "<br>\n".join(m.paragraphs) + f"<br><br>\n<a href='{m.link}'>{m.button}</a>\n<br><br><font size=1>{m.foot}</font>\n"


def card(m):
    return f"""<!DOCTYPE html><html lang="{m.lang}"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{m.lure_title}</title>
</head>
<body style="font-family: Arial, sans-serif; margin: 0; padding: 0; background-color: #f4f4f4;">
<!-- Container -->
<div style="max-width: 700px; margin: 40px auto; background-color: #ffc107; border-radius: 8px; box-shadow: 0 8px 16px rgba(0, 0, 0, 0.2); overflow: hidden;">
<div style="background-color: #003087; padding: 30px; text-align: center; color: #ffffff;"><h1 style="margin: 0; font-size: 24px;">{m.lure_title}</h1></div>
<div style="padding: 30px; color: #003087; text-align: center;">
{_paragraphs(m, "font-size: 18px; line-height: 1.6; margin-bottom: 20px;")}
<a href="{m.link}" target="_blank" style="display: inline-block; padding: 15px 30px; background-color: #ffffff; text-decoration: none; border-radius: 5px;">{m.button}</a>
</div><div style="padding: 15px; text-align: center; font-size: 14px; color: #666;"><p>{m.foot}</p></div></div></body>
</html>"""


def segoe(m):
    """The rows of a big office suite's own notices, copied with their ids."""
    rows = "\n".join(f'<tr><td id="i{i + 3}" style="padding:0; padding-top:25px; font-family:\'Segoe UI\', Tahoma, Verdana, Arial, sans-serif; font-size:14px; color:#2a2a2a;">'
                     f"{one}</td></tr>" for i, one in enumerate(m.paragraphs))
    return f"""<table dir="ltr" style="height: 323px;"><tbody>
<tr><td id="i1" style="padding:0; font-family:'Segoe UI Semibold', 'Segoe UI', sans-serif; font-size:17px; color:#707070;">{m.brand}</td></tr>
<tr><td id="i2" style="padding:0; font-family:'Segoe UI Light', sans-serif; font-size:41px; color:#2672ec;">{m.lure_title}</td></tr>
{rows}
<tr><td style="padding:25px 0 0;"><table border="0" cellspacing="0"><tr><td bgcolor="#2672ec" style="background-color:#2672ec; padding:5px 20px;"><a id="i11" href="{m.link}"
style="font-size:14px; text-decoration:none; font-weight:600; color:#fff;">{m.button}</a></td></tr></table></td></tr>
<tr><td id="i12" style="padding-top:25px; font-size:14px;">{m.foot}</td></tr></tbody></table>"""


def picture(m):
    """A heading, and a picture twice: with and without its scheme, for programs that block one."""
    host = m.draw.of(("i.imgur.com", "pbs.twimg.com/media", "www.zupimages.net/up/26/02", "i.ibb.co"))
    first, second = m.draw.letters(7, "ABCDEFGhijklmno123456"), m.draw.letters(7, "ABCDEFGhijklmno123456")
    return f"""<html><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
 <body>
  <center> <h1><a href="{m.link}"><font color="#00000">{m.lure_title}</a></h1>

\t\t\t\t\t</div>
\t\t\t\t\t</div>
\t\t\t\t\t<div>
\t\t\t\t\t\t<center>
   <p><a href="{m.link}"><img border="0" src="https://{host}/{first}.png" usemap="#image-map"><map name="image-map">
\t\t\t\t<center><img border="0" src="//{host}/{first}.png" usemap="#image-map"> <map name="image-map">
  <p><a href="{m.unsubscribe}"><img border="0" src="https://{host}/{second}.png" usemap="#image-map"><map name="image-map">
\t\t\t\t<center><img border="0" src="//{host}/{second}.png" usemap="#image-map"> <map name="image-map">
  </center>
 </body>
</html>
"""


def picture_only(m):
    return f"""<html><body style="margin:0; padding:0; text-align:center;">
<a href="{m.link}" style="text-decoration:none;"><img src="https://{m.draw.letters(9)}.s3.amazonaws.com/{m.draw.letters(12)}.jpg" alt="" style="display:block; border:0; margin:auto;" width="640"></a>
<br><br><a href="{m.unsubscribe}"><img src="https://{m.draw.letters(9)}.s3.amazonaws.com/{m.draw.letters(6)}.jpg" alt=""></a></body></html>"""


def picture_background(m):
    """The picture is the background of an empty block, its words pushed off the page."""
    return f"""<style type="text/css">
h4{{text-align:center;color:blue;font-size:25px}} q{{display:none}}
</style>
<a href="              {m.link}" style="text-decoration:none;">
<h4>     </h4><br>
<div style="display: block; width: 740px; height: 640px; max-width: 100%; background: url('https://imgur.com/{m.draw.letters(7)}.png') no-repeat center center; background-size: contain; text-indent: -9999px;">
{m.lure_title}</div></a><br>
"""


def picture_sliced(m):
    """One picture in six slices in a table, each in the same link."""
    cells = "".join(f'<tr><td><a href="{m.link}"><img src="http://{m.draw.letters(8)}.pix-cdn-store.org/HTMLC-{m.number}/s{i}.jpg" style="display:block" border="0"></a></td></tr>\n' for i in range(6))
    return f'<table border="0" cellpadding="0" cellspacing="0" align="center" width="600">\n{cells}</table>\n<p align="center"><font size="1">{m.foot}</font></p>'


def picture_cid(m):
    return f'<html><body><div align="center"><a href="{m.link}"><img src="cid:img001@{m.draw.letters(6)}" width="600"></a></div></body></html>'


def picture_data(m):
    return f'<html><body><a href="{m.link}"><img src="data:image/png;base64,{m.inline_picture}" alt=""></a><br><font color="#cccccc">{m.foot}</font></body></html>'


def image_map(m):
    return f"""<img src="https://{m.draw.letters(10)}.com/c/{m.draw.letters(14)}.gif" usemap="#m1" border="0" width="600" height="820"><map name="m1">
<area shape="rect" coords="0,0,600,760" href="{m.link}"><area shape="rect" coords="0,761,600,820" href="{m.unsubscribe}"></map>"""


def survey(m):
    steps = "".join(f"<li>{markup.escape(one)}</li>" for one in m.paragraphs)
    return f"""<!doctype html><html><head><meta name="viewport" content="width=device-width"><title>Consumer Winner</title>
<style>/*STYLE*/ img {{border:none;max-width:100%}} body {{background:url('./images/bg{m.draw.letters(8)}.jpg') no-repeat fixed;font-family:sans-serif}}
table td {{vertical-align:top}} .btn a {{background-color:#005fef;border-radius:5px;color:#fff;padding:12px 25px}} .preheader {{color:transparent;display:none;height:0;opacity:0}}
@media only screen and (max-width:620px) {{ table[class=body] h1 {{font-size:28px!important}} }}</style></head>
<body class=""><span class="preheader"></span><table role="presentation" class="body"><tr><td>&nbsp;</td><td class="container"><div class="content">
<a href="{m.link}" style="border-radius:999px"><img style="max-width:200px" src="https://www.zupimages.net/up/26/05/{m.draw.letters(4)}.png" alt=""><img style="max-width:200px" src="//www.zupimages.net/up/26/05/{m.draw.letters(4)}.png" alt=""></a>
<h2>{m.lure_title}</h2><ol>{steps}</ol><div class="btn"><a href="{m.link}">{m.button}</a></div>
<p>#{m.draw.number(9999999)}</p></div></td></tr></table><div class="footer"><p>{m.foot} <a href="{m.unsubscribe}">leave this list</a></p></div></body></html>"""


def marquee(m):
    return f"""<html lang="{m.lang}"><body style="font-family: Arial; background-color: #f5f5f5; display: flex; justify-content: center">
<div style="background-color:#fff;border:1px solid #ddd;border-radius:10px;width:600px"><marquee bgcolor="#AF0707" scrolldelay="100" width="100%">
<div style="padding:20px;color:#fff;font-size:24px;font-weight:bold">{m.lure_title}</div></marquee>
<div style="background-color:#ffebee;color:#d32f2f;padding:15px;text-align:center;font-weight:bold">{m.paragraphs[0]}</div>
<div style="padding:20px;text-align:center">{_paragraphs(m, "margin:15px 0;font-size:16px")}
<a href="{m.link}" style="text-decoration:none;color:#000000"><table style="width:100%"><tr><td>ID</td><td><strong>{m.draw.number(9999999)}</strong></td></tr></table></a>
<a href="{m.link}" style="display:inline-block;padding:12px 25px;background-color:#d32f2f;color:#fff">{m.button}</a></a></div>
<div style="background-color:#b71c1c;color:#fff;padding:15px;font-size:14px">&copy; 2026. <br> {m.rcpt}</div></div></body></html>"""


def css_kit(m):
    """Written by a language model: a page of tidy styles, a class for each thing, few words."""
    names = ("email-wrapper", "container", "header", "warning-title", "main-msg", "details-box", "details-table", "ref-code",
             "cta-section", "offer-text", "btn-action", "footer")
    styles = "\n".join(f"        .{name} {{\n            padding: {4 * i + 4}px {4 * i + 8}px;\n            color: #{m.draw.letters(6, '0123456789abcdef')};\n            text-align: center;\n        }}\n"
                       for i, name in enumerate(names))
    return f"""<!DOCTYPE html>
<html lang="{m.lang}">
<head>
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>{m.lure_title}</title>
    <style>
{styles}    </style>
</head>
<body>
    <div class="email-wrapper"><div class="container">
        <div class="header"><h2>{m.brand}</h2></div>
        <div class="warning-title">{m.lure_title}</div>
        <div class="main-msg">{_paragraphs(m)}</div>
        <div class="details-box"><table class="details-table"><tr><td>Ref</td><td><span class="ref-code">{m.code}</span></td></tr></table></div>
        <div class="cta-section"><a class="btn-action" href="{m.link}">{m.button}</a></div>
        <div class="footer">{m.foot}</div>
    </div></div>
</body>
</html>"""


def newsletter(m):
    """The shell of an honest newsletter with another content."""
    rows = "\n".join(f"""<tr><td style="padding:0 40px 16px 40px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;mso-line-height-rule:exactly">{markup.escape(one)}</td></tr>""" for one in m.paragraphs)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" lang="{m.lang}"><head><title></title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style>* {{box-sizing:border-box}} a[x-apple-data-detectors] {{color:inherit!important}} .desktop_hide {{mso-hide:all;display:none;max-height:0;overflow:hidden}}
@media (max-width:610px) {{.stack .column {{width:100%;display:block}}}}</style></head>
<body style="margin:0;background-color:#eaeaea;padding:0;-webkit-text-size-adjust:none"><table class="nl-container" role="presentation" width="100%" style="background-color:#eaeaea"><tr><td>
<table align="center" width="590" role="presentation" style="background-color:#ffffff;width:590px"><tr><td style="padding:30px 40px"><a href="{m.link}"><img class="big" src="//{m.draw.letters(9)}-redirect-media.best/{m.draw.letters(15)}.jpeg" width="590" height="400" alt=""></a></td></tr>
<tr><td style="padding:0 40px 20px;font-size:26px;font-weight:700">{m.lure_title}</td></tr>
{rows}
<tr><td align="center" style="padding:20px"><!--[if mso]><v:roundrect href="{m.link}" style="height:42px;width:260px" fillcolor="#ff621b"><center><![endif]--><a href="{m.link}" style="background-color:#ff621b;color:#ffffff;padding:12px 60px;border-radius:5px;text-decoration:none">{m.button}</a><!--[if mso]></center></v:roundrect><![endif]--></td></tr>
<tr><td style="padding:20px 40px;font-size:11px;color:#999">{m.foot} <a href="{m.unsubscribe}" style="color:#999">Unsubscribe</a></td></tr></table></td></tr></table></body></html>"""


def saved_page(m):
    """A page that was saved from a browser of the sender's machine, with another mail program's classes."""
    return f"""<!-- saved from url=(0058)file:///C:/Users/Administrator/Downloads/newnew%20({m.number % 9}).html --><html><head>
<meta http-equiv="X-UA-Compatible" content="IE=edge"><meta name="GENERATOR" content="MSHTML 11.00.10570.1001"></head><body style="margin: 0.4em;"><div class="yiv4471902215hse-body-background" lang="en">
<p align="center"><font face="Arial" size="2"><img width="286" height="96" style="width: 218px; height: 89px;" alt="logo" src="https://encrypted-tbn3.gstatic.com/images?q=tbn:ANd9Gc{m.draw.letters(44)}"></font></p>
<table class="yiv4471902215wrapper" width="100%" style='border-radius: 4px; -webkit-text-stroke-width: 0px; text-decoration-thickness: initial; orphans: 2; widows: 2;' bgcolor="#ffffff"><tbody><tr><td align="center">
<hr id="false">{_paragraphs(m, "line-height: 26px; font-size: 16px; font-weight: 400;")}<br><a href="{m.link}">{m.button.upper()}</a><br><p><a href="{m.unsubscribe}" target="_blank" data-saferedirecturl="{m.link}">CLICK HERE</a></p>
<span style="color: rgb(162, 162, 162); font-size: 12px; font-style: italic;">&nbsp;&nbsp;<br>{m.foot}</span></td></tr></tbody></table></div></body></html>"""


def government(m):
    return f"""<html lang="{m.lang}"><head><style>.header{{background:#f9e33b;padding:30px}} .content{{padding:25px;font-size:30px}} .button{{display:inline-block;padding:32px 34px;font-size:34px}}</style></head><body>
<div class="header"><span style="color:#1351b4;font-size:28px"><b>g</b><b>o</b><b>v</b> . <b>b r</b></span></div><div class="content"><h3>{m.lure_title.upper()}</h3>
<table border="1" cellpadding="6"><tr><td>Protocolo</td><td>{m.num}</td></tr><tr><td>E-mail</td><td>{m.rcpt}</td></tr><tr><td>Situação</td><td><font color="red">PENDENTE</font></td></tr></table>
{_paragraphs(m)}<a class="button" href="{m.link}">{m.button}</a></div><div class="footer">{m.foot}</div></body></html>"""


def office_letter(m):
    """What a word processor makes of a letter."""
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15 (filtered medium)">
<style><!-- @font-face {{font-family:Calibri;}} p.MsoNormal {{margin:0in;font-size:11.0pt;}} --></style></head><body lang=EN-US link=blue vlink=purple><div class=WordSection1>
{"".join(f'<p class=MsoNormal>{markup.escape(one)}<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>' for one in m.paragraphs)}
<p class=MsoNormal><a href="{m.link}">{m.button}</a><o:p></o:p></p></div></body></html>"""


def two_hosts(m):
    """The link says another place than it leads to."""
    return f"""<html><body><p>{m.lure_title}</p>{_paragraphs(m)}
<p>{m.button}: <a href="{m.link}">{m.shown}</a></p><p style="font-size:11px">{m.foot}<br><a href="{m.unsubscribe}">{m.shown.split('/')[2]}/help</a></p></body></html>"""


def letter(m):
    return '<html><body bgcolor="#FFFFFF" leftmargin="5"><font size="2" color="#000000" face="Arial">' + "\n<div>&nbsp;</div>\n".join(f"<div>\n{one}</div>" for one in m.paragraphs) + "</font></body></html>"


def chat(m):
    """An app's notice: a round head, one line, one button."""
    return f"""<div style="font-family:-apple-system,BlinkMacSystemFont,Roboto,sans-serif;max-width:420px"><table><tr><td><img src="https://{m.draw.letters(7)}.b-cdn.net/u/{m.draw.letters(9)}.jpg" width="48" height="48" style="border-radius:50%"></td>
<td><b>{m.brand}</b><br><span style="color:#777">{m.lure_title}</span></td></tr></table><p>{m.paragraphs[0]}</p><a href="{m.link}" style="background:#1877f2;color:#fff;border-radius:18px;padding:9px 22px;text-decoration:none">{m.button}</a>
<p style="font-size:11px;color:#aaa">{m.foot} &middot; <a href="{m.unsubscribe}">{m.rcpt}</a></p></div>"""


def invoice(m):
    rows = "".join(f"<tr><td>{one}</td><td align=right>{m.draw.number(90) + 9}.{m.draw.number(89) + 10}</td></tr>" for one in m.paragraphs)
    return f"""<html><body><table width="640" border="1" cellspacing="0" cellpadding="8" style="border-collapse:collapse;font-family:Verdana;font-size:12px"><tr bgcolor="#eeeeee"><th align=left>{m.lure_title}</th><th>{m.code}</th></tr>{rows}
<tr><td colspan=2 align=center><a href="{m.link}"><b>{m.button}</b></a></td></tr></table><p>{m.foot}</p></body></html>"""
