"""HTML as the builders of newsletters make it: tables in tables, ghost tables for Outlook, styles on every cell.

A page is a list of blocks; each class writes the same blocks in the manner of one builder.
SPDX-License-Identifier: GPL-3.0-or-later
"""

NETWORKS = {
    "facebook": "https://www.facebook.com/", "instagram": "https://www.instagram.com/", "linkedin": "https://www.linkedin.com/company/",
    "youtube": "https://www.youtube.com/@", "x": "https://x.com/", "tiktok": "https://www.tiktok.com/@", "pinterest": "https://www.pinterest.com/",
    "mastodon": "https://mastodon.social/@", "whatsapp": "https://wa.me/", "telegram": "https://t.me/", "threads": "https://www.threads.net/@",
    "vk": "https://vk.com/", "bluesky": "https://bsky.app/profile/", "xing": "https://www.xing.com/pages/",
}


class Page:
    """What all have: the blocks, in order.  `colour` is (ground, paper, ink, accent)."""
    icons = "https://cdn.mailicons.net/v3/{}@2x.png"

    def __init__(self, title, preheader="", lang="en", direction="ltr", colour=("#f4f4f4", "#ffffff", "#222222",
        "#0b6e4f"), font="Arial, Helvetica, sans-serif", width=600):
        self.title, self.preheader, self.lang, self.direction = title, preheader, lang, direction
        self.ground, self.paper, self.ink, self.accent = colour
        self.font, self.width, self.blocks = font, width, []

    def put(self, html):
        self.blocks.append(html)
        return self

    def picture(self, url, alt="", link="", width=None, height=None):
        html = self.img(url, alt, width or self.width, height)
        return self.put(self.row([f'<a href="{link}" target="_blank" style="text-decoration:none">{html}</a>' if link else html],
            padding=0))

    def heading(self, text, level=1):
        return self.put(self.row([self.h(text, level)]))

    def text(self, *paragraphs):
        return self.put(self.row(["".join(self.p(one) for one in paragraphs)]))

    def button(self, label, link):
        return self.put(self.row([self.btn(label, link)], align="center"))

    def columns(self, *cells):
        return self.put(self.row(list(cells)))

    def card(self, url, title, body, link="", label=""):
        """For columns: a picture, a title, words, a link."""
        html = self.img(url, title, self.width // 2 - 40) + self.h(title, 3) + self.p(body)
        return html + (self.btn(label, link) if label else "")

    def product(self, url, name, price, link, old="", label=""):
        cost = f'<span style="color:{self.accent};font-weight:bold;">{price}</span>' + (
            f' <span style="text-decoration:line-through;color:#767676;">{old}</span>' if old else "")
        return f'<a href="{link}" target="_blank">{self.img(url, name, 170)}</a>' + self.p(name) + self.p(cost) + (self.btn(label,
            link) if label else "")

    def rule(self):
        return self.put(self.row([self.hr()]))

    def social(self, account, *networks):
        cells = "".join(
            f'<td style="padding:0 6px;"><a href="{NETWORKS[one]}{account}" target="_blank"><img '
            f'src="{self.icons.format(one)}" width="32" height="32" alt="{one.capitalize()}" '
            'style="display:block;border:0;" /></a></td>' for one in networks)
        return self.put(self.row([
            f'<table role="presentation" align="center" cellpadding="0" cellspacing="0" '
            f'border="0"><tr>{cells}</tr></table>'], align="center"))

    def small(self, *lines):
        body = "".join(
            f'<p style="margin:0 0 8px '
            f'0;font-family:{self.font};font-size:12px;line-height:18px;color:#6b6b6b;text-align:center;">{one}</p>' for one in lines)
        return self.put(self.row([body], align="center"))

    def hidden(self):
        """The preheader, and what keeps the first words of the page from following it in an inbox."""
        if not self.preheader:
            return ""
        return (
            f'<div style="display:none;font-size:1px;color:{self.paper};line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;mso-hide:all;">'
            f'{self.preheader}{"&zwnj;&nbsp;" * 60}</div>\n')

    def html(self):
        return self.head() + self.open() + "".join(self.blocks) + self.close()

    def img(self, url, alt, width, height=None):
        size = f' height="{height}"' if height else ""
        return f'<img src="{url}" alt="{alt}" width="{width}"{size} border="0" style="display:block;width:100%;max-width:{width}px;height:auto;border:0;outline:none;" />'

    def p(self, text):
        return f'<p style="margin:0 0 14px 0;font-family:{self.font};font-size:16px;line-height:24px;color:{self.ink};">{text}</p>'

    def h(self, text, level):
        size = {1: 30, 2: 23, 3: 18}[level]
        return f'<h{level} style="margin:0 0 12px 0;font-family:{self.font};font-size:{size}px;line-height:{size + 8}px;color:{self.ink};font-weight:bold;">{text}</h{level}>'

    def hr(self):
        return '<hr style="border:0;border-top:1px solid #dddddd;margin:8px 0;" />'


class Mjml(Page):
    def head(self):
        return f'''<!doctype html>
<html lang="{self.lang}" dir="{self.direction}" xmlns="http://www.w3.org/1999/xhtml" \
xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<title>{self.title}</title>
<!--[if !mso]><!-->
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<!--<![endif]-->
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style type="text/css">
#outlook a {{ padding:0; }}
body {{ margin:0;padding:0;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%; }}
table, td {{ border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt; }}
img {{ border:0;height:auto;line-height:100%; outline:none;text-decoration:none;-ms-interpolation-mode:bicubic; }}
p {{ display:block;margin:13px 0; }}
</style>
<!--[if mso]>
<noscript>
<xml>
<o:OfficeDocumentSettings>
<o:AllowPNG/>
<o:PixelsPerInch>96</o:PixelsPerInch>
</o:OfficeDocumentSettings>
</xml>
</noscript>
<![endif]-->
<!--[if lte mso 11]>
<style type="text/css">
.mj-outlook-group-fix {{ width:100% !important; }}
</style>
<![endif]-->
<style type="text/css">
@media only screen and (min-width:480px) {{
.mj-column-per-100 {{ width:100% !important; max-width: 100%; }}
.mj-column-per-50 {{ width:50% !important; max-width: 50%; }}
.mj-column-per-33 {{ width:33.333333% !important; max-width: 33.333333%; }}
.mj-column-per-25 {{ width:25% !important; max-width: 25%; }}
}}
</style>
<style media="screen and (min-width:480px)">
.moz-text-html .mj-column-per-100 {{ width:100% !important; max-width: 100%; }}
.moz-text-html .mj-column-per-50 {{ width:50% !important; max-width: 50%; }}
</style>
<style type="text/css">
@media only screen and (max-width:479px) {{
table.mj-full-width-mobile {{ width: 100% !important; }}
td.mj-full-width-mobile {{ width: auto !important; }}
}}
</style>
</head>
'''

    def open(self):
        return f'<body style="word-spacing:normal;background-color:{self.ground};">\n{self.hidden()}<div aria-roledescription="email" style="background-color:{self.ground};" role="article" lang="{self.lang}" dir="{self.direction}">\n'

    def close(self):
        return "</div>\n</body>\n</html>\n"

    def row(self, cells, align="left", padding=24):
        share = {1: 100, 2: 50, 3: 33, 4: 25}[len(cells)]
        pixels = self.width // len(cells)
        columns = "\n<!--[if mso | IE]></td><![endif]-->\n".join(f'''<!--[if mso | IE]><td class="" \
style="vertical-align:top;width:{pixels}px;" ><![endif]-->
<div class="mj-column-per-{share} mj-outlook-group-fix" \
style="font-size:0px;text-align:{'left' if self.direction == 'ltr' else 'right'};direction:{self.direction};display:inline-block;vertical-align:top;width:100%;">
<table border="0" cellpadding="0" cellspacing="0" role="presentation" style="vertical-align:top;" width="100%">
<tbody><tr><td align="{align}" style="font-size:0px;padding:10px \
{padding}px;word-break:break-word;">{cell}</td></tr></tbody>
</table>
</div>''' for cell in cells)
        return f'''<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" class="" \
role="presentation" style="width:{self.width}px;" width="{self.width}" bgcolor="{self.paper}" ><tr><td \
style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]-->
<div style="background:{self.paper};background-color:{self.paper};margin:0px auto;max-width:{self.width}px;">
<table align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" \
style="background:{self.paper};background-color:{self.paper};width:100%;">
<tbody><tr><td style="direction:{self.direction};font-size:0px;padding:0px;text-align:center;">
<!--[if mso | IE]><table role="presentation" border="0" cellpadding="0" cellspacing="0"><tr><![endif]-->
{columns}
<!--[if mso | IE]></td></tr></table><![endif]-->
</td></tr></tbody>
</table>
</div>
<!--[if mso | IE]></td></tr></table><![endif]-->
'''

    def p(self, text):
        return f'<div style="font-family:{self.font};font-size:16px;line-height:1.5;color:{self.ink};padding-bottom:12px;">{text}</div>'

    def btn(self, label, link):
        return f'''<table border="0" cellpadding="0" cellspacing="0" role="presentation" \
style="border-collapse:separate;line-height:100%;">
<tbody><tr><td align="center" bgcolor="{self.accent}" role="presentation" \
style="border:none;border-radius:4px;cursor:auto;mso-padding-alt:12px 26px;background:{self.accent};" valign="middle">
<a href="{link}" style="display:inline-block;background:{self.accent};color:#ffffff;font-family:{self.font};font-size:15px;font-weight:bold;line-height:120%;margin:0;text-decoration:none;text-transform:none;padding:12px \
26px;mso-padding-alt:0px;border-radius:4px;" target="_blank">{label}</a>
</td></tr></tbody></table>'''


class Chimp(Page):
    def head(self):
        return f'''<!doctype html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" \
xmlns:o="urn:schemas-microsoft-com:office:office" lang="{self.lang}" dir="{self.direction}">
    <head>
        <!-- NAME: 1 COLUMN -->
        <!--[if gte mso 15]>
        <xml>
            <o:OfficeDocumentSettings>
            <o:AllowPNG/>
            <o:PixelsPerInch>96</o:PixelsPerInch>
            </o:OfficeDocumentSettings>
        </xml>
        <![endif]-->
        <meta charset="UTF-8">
        <meta http-equiv="X-UA-Compatible" content="IE=edge">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{self.title}</title>
    <style type="text/css">
		p{{ margin:10px 0; padding:0; }}
		table{{ border-collapse:collapse; }}
		h1,h2,h3,h4,h5,h6{{ display:block; margin:0; padding:0; }}
		img,a img{{ border:0; height:auto; outline:none; text-decoration:none; }}
		body,#bodyTable,#bodyCell{{ height:100%; margin:0; padding:0; width:100%; }}
		.fnPreviewText{{ display:none !important; }}
		#outlook a{{ padding:0; }}
		img{{ -ms-interpolation-mode:bicubic; }}
		table{{ mso-table-lspace:0pt; mso-table-rspace:0pt; }}
		.ReadMsgBody{{ width:100%; }}
		.ExternalClass{{ width:100%; }}
		p,a,li,td,blockquote{{ mso-line-height-rule:exactly; }}
		a[href^=tel],a[href^=sms]{{ color:inherit; cursor:default; text-decoration:none; }}
		p,a,li,td,body,table,blockquote{{ -ms-text-size-adjust:100%; -webkit-text-size-adjust:100%; }}
		.ExternalClass,.ExternalClass p,.ExternalClass td,.ExternalClass div,.ExternalClass span,.ExternalClass font{{ \
line-height:100%; }}
		a[x-apple-data-detectors]{{ color:inherit !important; text-decoration:none !important; font-size:inherit \
!important; font-family:inherit !important; font-weight:inherit !important; line-height:inherit !important; }}
		#bodyCell{{ padding:10px; }}
		.templateContainer{{ max-width:{self.width}px !important; }}
		a.fnButton{{ display:block; }}
		.fnImage,.fnRetinaImage{{ vertical-align:bottom; }}
		.fnTextContent{{ word-break:break-word; }}
		.fnTextContent img{{ height:auto !important; }}
		.fnDividerBlock{{ table-layout:fixed !important; }}
	/*
	@tab Page
	@section Background Style
	*/
		body,#bodyTable{{ /*@editable*/background-color:{self.ground}; }}
	/*
	@tab Header
	@section Header Text
	*/
		#templateHeader .fnTextContent,#templateHeader .fnTextContent p{{ /*@editable*/color:{self.ink}; \
/*@editable*/font-family:{self.font}; /*@editable*/font-size:16px; /*@editable*/line-height:150%; }}
	@media only screen and (min-width:768px){{
		.templateContainer{{ width:{self.width}px !important; }}
}}	@media only screen and (max-width: 480px){{
		body,table,td,p,a,li,blockquote{{ -webkit-text-size-adjust:none !important; }}
}}	@media only screen and (max-width: 480px){{
		body{{ width:100% !important; min-width:100% !important; }}
}}	@media only screen and (max-width: 480px){{
		.fnRetinaImage{{ max-width:100% !important; }}
}}	@media only screen and (max-width: 480px){{
		.fnImage{{ width:100% !important; }}
}}	@media only screen and (max-width: 480px){{
		.fnCaptionTopContent,.fnCaptionBottomContent,.fnTextContentContainer,.fnBoxedTextContentContainer,.fnImageGroupContentContainer{{ \
max-width:100% !important; width:100% !important; }}
}}	@media only screen and (max-width: 480px){{
		h1{{ /*@editable*/font-size:22px !important; /*@editable*/line-height:125% !important; }}
}}	@media only screen and (max-width: 480px){{
		h2{{ /*@editable*/font-size:20px !important; /*@editable*/line-height:125% !important; }}
}}</style></head>
'''

    def open(self):
        preview = f'<!--[if !gte mso 9]><!----><span class="fnPreviewText" style="display:none; font-size:0px; line-height:0px; max-height:0px; max-width:0px; opacity:0; overflow:hidden; visibility:hidden; mso-hide:all;">{self.preheader}</span><!--<![endif]-->'
        return f'''    <body style="height: 100%;margin: 0;padding: 0;width: 100%;background-color: {self.ground};">
        {preview}
        <center>
            <table align="center" border="0" cellpadding="0" cellspacing="0" height="100%" width="100%" \
id="bodyTable" style="border-collapse: collapse;background-color: {self.ground};">
                <tr>
                    <td align="center" valign="top" id="bodyCell" style="height: 100%;margin: 0;padding: 10px;width: \
100%;border-top: 0;">
                        <!--[if (gte mso 9)|(IE)]>
                        <table align="center" border="0" cellspacing="0" cellpadding="0" width="{self.width}" \
style="width:{self.width}px;">
                        <tr>
                        <td align="center" valign="top" width="{self.width}" style="width:{self.width}px;">
                        <![endif]-->
                        <table border="0" cellpadding="0" cellspacing="0" width="100%" class="templateContainer" \
style="max-width: {self.width}px !important;background-color: {self.paper};">
                            <tr><td valign="top" id="templateBody">
'''

    def close(self):
        return '''                            </td></tr>
                        </table>
                        <!--[if (gte mso 9)|(IE)]>
                        </td>
                        </tr>
                        </table>
                        <![endif]-->
                    </td>
                </tr>
            </table>
        </center>
    </body>
</html>
'''

    def row(self, cells, align="left", padding=18):
        side = "left" if self.direction == "ltr" else "right"
        inner = "".join(f'''
                <!--[if mso]>
				<td valign="top" width="{self.width // len(cells)}" style="width:{self.width // len(cells)}px;">
				<![endif]-->
                <table align="{side}" border="0" cellpadding="0" cellspacing="0" style="max-width: \
{self.width // len(cells)}px;min-width: {100 // len(cells)}%;border-collapse: collapse;mso-table-lspace: \
0pt;mso-table-rspace: 0pt;" width="{100 // len(cells)}%" class="fnTextContentContainer">
                    <tbody><tr>
                        <td valign="top" class="fnTextContent" align="{align}" style="padding: 0 {padding}px \
9px;mso-line-height-rule: exactly;-ms-text-size-adjust: 100%;-webkit-text-size-adjust: 100%;word-break: \
break-word;color: {self.ink};font-family: {self.font};font-size: 16px;line-height: 150%;text-align: \
{side if align == 'left' else align};">
                            {cell}
                        </td>
                    </tr>
                </tbody></table>
				<!--[if mso]>
				</td>
				<![endif]-->''' for cell in cells)
        return f'''<table border="0" cellpadding="0" cellspacing="0" width="100%" class="fnTextBlock" \
style="min-width: 100%;border-collapse: collapse;mso-table-lspace: 0pt;mso-table-rspace: 0pt;">
    <tbody class="fnTextBlockOuter">
        <tr>
            <td valign="top" class="fnTextBlockInner" style="padding-top: 9px;mso-line-height-rule: \
exactly;-ms-text-size-adjust: 100%;-webkit-text-size-adjust: 100%;">
              	<!--[if mso]>
				<table align="left" border="0" cellspacing="0" cellpadding="0" width="100%" style="width:100%;">
				<tr>
				<![endif]-->{inner}
				<!--[if mso]>
				</tr>
				</table>
				<![endif]-->
            </td>
        </tr>
    </tbody>
</table>
'''

    def btn(self, label, link):
        return f'''<table border="0" cellpadding="0" cellspacing="0" class="fnButtonContentContainer" \
style="border-collapse: separate !important;border-radius: 3px;background-color: {self.accent};">
<tbody><tr><td align="center" valign="middle" class="fnButtonContent" style="font-family: {self.font}; font-size: \
16px; padding: 15px;">
<a class="fnButton" title="{label}" href="{link}" target="_blank" style="font-weight: bold;letter-spacing: \
normal;line-height: 100%;text-align: center;text-decoration: none;color: #FFFFFF;">{label}</a>
</td></tr></tbody></table>'''


class Stripo(Page):
    def head(self):
        return f'''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html dir="{self.direction}" \
xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office" \
lang="{self.lang}"><head><meta charset="UTF-8"><meta content="width=device-width, initial-scale=1" \
name="viewport"><meta name="x-apple-disable-message-reformatting"><meta http-equiv="X-UA-Compatible" \
content="IE=edge"><meta content="telephone=no" name="format-detection"><title>{self.title}</title><!--[if (mso \
16)]><style type="text/css">a {{text-decoration: none;}}</style><![endif]--><!--[if gte mso 9]><style>sup {{ \
font-size: 100% !important; }}</style><![endif]--><!--[if !mso]><!-- --><link \
href="https://fonts.googleapis.com/css2?family=Roboto:wght@400;700&display=swap" \
rel="stylesheet"><!--<![endif]--><style type="text/css">.rollover:hover .rollover-first {{ max-height:0px!important; \
display:none!important; }} #outlook a {{ padding:0; }} .es-button {{ mso-style-priority:100!important; \
text-decoration:none!important; }} a[x-apple-data-detectors] {{ color:inherit!important; \
text-decoration:none!important; font-size:inherit!important; }} .es-desk-hidden {{ display:none; float:left; \
overflow:hidden; width:0; max-height:0; line-height:0; mso-hide:all; }} @media only screen and (max-width:600px) {{ \
p, ul li, ol li, a {{ line-height:150%!important }} h1 {{ font-size:30px!important; text-align:center }} h2 {{ \
font-size:24px!important; text-align:left }} .es-m-p0r {{ padding-right:0px!important }} .es-content table, \
.es-header table, .es-footer table, .es-content, .es-footer, .es-header {{ width:100%!important; \
max-width:600px!important }} .es-adaptive table, .es-left, .es-right {{ width:100%!important }} .adapt-img {{ \
width:100%!important; height:auto!important }} .es-mobile-hidden, .es-hidden {{ display:none!important }} \
tr.es-desk-hidden {{ display:table-row!important; width:auto!important; overflow:visible!important; \
max-height:inherit!important }} a.es-button, button.es-button {{ font-size:18px!important; display:block!important \
}} }} @media screen and (max-width:384px) {{.mail-message-content {{ width:414px!important }} }}</style></head>
'''

    def open(self):
        return f'''<body style="width:100%;font-family:{self.font};-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%;padding:0;Margin:0">{self.hidden()}<div \
dir="{self.direction}" class="es-wrapper-color" lang="{self.lang}" style="background-color:{self.ground}"><!--[if \
gte mso 9]><v:background xmlns:v="urn:schemas-microsoft-com:vml" fill="t"> <v:fill type="tile" \
color="{self.ground}"></v:fill> </v:background><![endif]--><table class="es-wrapper" width="100%" cellspacing="0" \
cellpadding="0" role="none" style="mso-table-lspace:0pt;mso-table-rspace:0pt;border-collapse:collapse;border-spacing:0px;padding:0;Margin:0;width:100%;height:100%;background-repeat:repeat;background-position:center \
top"><tr><td valign="top" style="padding:0;Margin:0">
'''

    def close(self):
        return "</td></tr></table></div></body></html>\n"

    def row(self, cells, align="left", padding=20):
        pixels = (self.width - 2 * padding) // len(cells)
        sides = ["es-left", "es-right"]
        inner = "<!--[if mso]></td><td style=\"width:20px\"></td><td valign=\"top\"><![endif]-->".join(
            f'<table cellpadding="0" cellspacing="0" class="{sides[at % 2] if len(cells) > 1 else ""}" '
            f'align="{"left" if at % 2 == 0 else "right"}" role="none" '
            f'style="mso-table-lspace:0pt;mso-table-rspace:0pt;border-collapse:collapse;border-spacing:0px;float:left"><tr><td '
            f'class="es-m-p0r" valign="top" align="center" style="padding:0;Margin:0;width:{pixels}px"><table '
            f'cellpadding="0" cellspacing="0" width="100%" role="presentation" '
            f'style="mso-table-lspace:0pt;mso-table-rspace:0pt;border-collapse:collapse;border-spacing:0px"><tr><td '
            f'align="{align}" style="padding:0;Margin:0;padding-top:10px">{cell}</td></tr></table></td></tr></table>' for at,
            cell in enumerate(cells))
        ghost = ('<!--[if mso]><table dir="ltr" cellpadding="0" cellspacing="0"><tr><td valign="top"><![endif]-->',
            "<!--[if mso]></td></tr></table><![endif]-->") if len(cells) > 1 else ("", "")
        return f'<table cellpadding="0" cellspacing="0" class="es-content" align="center" role="none" style="mso-table-lspace:0pt;mso-table-rspace:0pt;border-collapse:collapse;border-spacing:0px;table-layout:fixed!important;width:100%"><tr><td align="center" style="padding:0;Margin:0"><table bgcolor="{self.paper}" class="es-content-body" align="center" cellpadding="0" cellspacing="0" role="none" style="mso-table-lspace:0pt;mso-table-rspace:0pt;border-collapse:collapse;border-spacing:0px;background-color:{self.paper};width:{self.width}px"><tr><td align="left" style="Margin:0;padding:{min(padding, 10)}px {padding}px">{ghost[0]}{inner}{ghost[1]}</td></tr></table></td></tr></table>\n'

    def p(self, text):
        return f'<p style="Margin:0;-webkit-text-size-adjust:none;-ms-text-size-adjust:none;mso-line-height-rule:exactly;font-family:roboto, {self.font};line-height:24px;letter-spacing:0;color:{self.ink};font-size:16px;padding-bottom:10px">{text}</p>'

    def btn(self, label, link):
        return f'<span class="es-button-border" style="border-style:solid;border-color:{self.accent};background:{self.accent};border-width:2px;display:inline-block;border-radius:6px;width:auto"><a href="{link}" class="es-button" target="_blank" style="mso-style-priority:100 !important;text-decoration:none;-webkit-text-size-adjust:none;mso-line-height-rule:exactly;color:#FFFFFF;font-size:18px;padding:10px 20px;display:inline-block;background:{self.accent};border-radius:6px;font-family:roboto, {self.font};font-weight:normal;line-height:22px;text-align:center;mso-padding-alt:0;mso-border-alt:10px solid {self.accent}">{label}</a></span>'


class Bee(Page):
    rows = 0

    def head(self):
        return f'''<!DOCTYPE html>
<html lang="{self.lang}" dir="{self.direction}" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:v="urn:schemas-microsoft-com:vml">
<head>
	<title>{self.title}</title>
	<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
	<meta name="viewport" content="width=device-width, initial-scale=1.0"><!--[if mso]>
<xml><w:WordDocument xmlns:w="urn:schemas-microsoft-com:office:word"><w:DontUseAdvancedTypographyReadingMail/></w:WordDocument>
<o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]--><!--[if \
!mso]><!-->
	<link href="https://fonts.googleapis.com/css2?family=Montserrat:wght@100;200;300;400;500;600;700;800;900" \
rel="stylesheet" type="text/css"><!--<![endif]-->
	<style>
		* {{ box-sizing: border-box; }}
		body {{ margin: 0; padding: 0; }}
		a[x-apple-data-detectors] {{ color: inherit !important; text-decoration: inherit !important; }}
		#MessageViewBody a {{ color: inherit; text-decoration: none; }}
		p {{ line-height: inherit }}
		.desktop_hide, .desktop_hide table {{ mso-hide: all; display: none; max-height: 0px; overflow: hidden; }}
		.image_block img+div {{ display: none; }}
		sup, sub {{ font-size: 75%; line-height: 0; }}
		@media (max-width:{self.width + 20}px) {{
			.desktop_hide table.icons-inner, .social_block.desktop_hide .social-table {{ display: inline-block !important; }}
			.icons-inner {{ text-align: center; }}
			.icons-inner td {{ margin: 0 auto; }}
			.mobile_hide {{ display: none; }}
			.row-content {{ width: 100% !important; }}
			.stack .column {{ width: 100%; display: block; }}
			.mobile_hide {{ min-height: 0; max-height: 0; max-width: 0; overflow: hidden; font-size: 0px; }}
			.desktop_hide, .desktop_hide table {{ display: table !important; max-height: none !important; }}
		}}
		@media (prefers-color-scheme: dark) {{
			.nl-container {{ background-color: #1b1b1d !important; }}
			.row-content {{ background-color: #26262a !important; color: #f2f2f2 !important; }}
		}}
	</style><!--[if mso ]><style>sup, sub {{ font-size: 100% !important; }} sup {{ mso-text-raise:10% }} sub {{ \
mso-text-raise:-10% }}</style> <![endif]-->
</head>
'''

    def open(self):
        return f'''<body class="body" style="background-color: {self.ground}; margin: 0; padding: 0; \
-webkit-text-size-adjust: none; text-size-adjust: none;">
{self.hidden()}	<table class="nl-container" width="100%" border="0" cellpadding="0" cellspacing="0" \
role="presentation" style="mso-table-lspace: 0pt; mso-table-rspace: 0pt; background-color: {self.ground};">
		<tbody>
			<tr>
				<td>
'''

    def close(self):
        return "				</td>\n			</tr>\n		</tbody>\n	</table><!-- End -->\n</body>\n</html>\n"

    def row(self, cells, align="left", padding=15):
        self.rows += 1
        columns = "".join(f'''
											<td class="column column-{at}" width="{100 / len(cells):.7g}%" style="mso-table-lspace: 0pt; \
mso-table-rspace: 0pt; font-weight: 400; text-align: {align}; padding-bottom: 5px; padding-top: 5px; vertical-align: \
top;">
												<table class="paragraph_block block-1" width="100%" border="0" cellpadding="{min(padding, 10)}" \
cellspacing="0" role="presentation" style="mso-table-lspace: 0pt; mso-table-rspace: 0pt; word-break: break-word;">
													<tr>
														<td class="pad" style="padding-left:{padding}px;padding-right:{padding}px;">
															{cell}
														</td>
													</tr>
												</table>
											</td>''' for at, cell in enumerate(cells, 1))
        return f'''					<table class="row row-{self.rows}" align="center" width="100%" border="0" cellpadding="0" \
cellspacing="0" role="presentation" style="mso-table-lspace: 0pt; mso-table-rspace: 0pt;">
						<tbody>
							<tr>
								<td>
									<table class="row-content stack" align="center" border="0" cellpadding="0" cellspacing="0" \
role="presentation" style="mso-table-lspace: 0pt; mso-table-rspace: 0pt; background-color: {self.paper}; color: \
#000000; width: {self.width}px; margin: 0 auto;" width="{self.width}">
										<tbody>
											<tr>{columns}
											</tr>
										</tbody>
									</table>
								</td>
							</tr>
						</tbody>
					</table>
'''

    def p(self, text):
        return f'<div style="color:{self.ink};direction:{self.direction};font-family:Montserrat,{self.font};font-size:15px;font-weight:400;letter-spacing:0px;line-height:1.6;mso-line-height-alt:24px;"><p style="margin: 0; margin-bottom: 12px;">{text}</p></div>'

    def btn(self, label, link):
        return f'''<div class="alignment" align="center"><a href="{link}" target="_blank" \
style="color:#ffffff;text-decoration:none;"><!--[if mso]>
<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word" href="{link}" \
style="height:44px;width:200px;v-text-anchor:middle;" arcsize="10%" fillcolor="{self.accent}">
<v:stroke dashstyle="Solid" weight="0px" color="{self.accent}"/>
<w:anchorlock/>
<v:textbox inset="0px,0px,0px,0px">
<center dir="false" style="color:#ffffff;font-family:sans-serif;font-size:16px">
<![endif]--><span class="button" style="background-color: {self.accent}; border-radius: 4px; color: #ffffff; \
display: inline-block; font-family: Montserrat, {self.font}; font-size: 16px; font-weight: 600; padding-bottom: 8px; \
padding-top: 8px; padding-left: 24px; padding-right: 24px; text-align: center; width: auto; word-break: keep-all; \
letter-spacing: normal;"><span style="word-break: break-word; line-height: 28px;">{label}</span></span><!--[if \
mso]></center></v:textbox></v:roundrect><![endif]--></a></div>'''


class Dark(Page):
    """A coder's own template: centre, dark mode, preheader padded with zero-width joiners."""
    def head(self):
        return f'''<!DOCTYPE html>
<html lang="{self.lang}" dir="{self.direction}" xmlns="http://www.w3.org/1999/xhtml" \
xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="x-apple-disable-message-reformatting">
    <meta name="format-detection" content="telephone=no,address=no,email=no,date=no,url=no">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>{self.title}</title>
    <!--[if mso]>
        <style>
            * {{ font-family: sans-serif !important; }}
        </style>
    <![endif]-->
    <style>
        :root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
        html, body {{ margin: 0 auto !important; padding: 0 !important; height: 100% !important; width: 100% \
!important; }}
        * {{ -ms-text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }}
        div[style*="margin: 16px 0"] {{ margin: 0 !important; }}
        table, td {{ mso-table-lspace: 0pt !important; mso-table-rspace: 0pt !important; }}
        table {{ border-spacing: 0 !important; border-collapse: collapse !important; table-layout: fixed !important; \
margin: 0 auto !important; }}
        img {{ -ms-interpolation-mode:bicubic; }}
        a {{ text-decoration: none; }}
        .unstyle-auto-detected-links a, .aBn {{ border-bottom: 0 !important; cursor: default !important; color: \
inherit !important; }}
        .im {{ color: inherit !important; }}
        .a6S {{ display: none !important; opacity: 0.01 !important; }}
        @media screen and (max-width: 600px) {{ .stack-column, .stack-column-center {{ display: block !important; \
width: 100% !important; max-width: 100% !important; }} .email-container p {{ font-size: 17px !important; }} }}
        @media (prefers-color-scheme: dark) {{ .email-bg {{ background: #111111 !important; }} .darkmode-bg {{ \
background: #222222 !important; }} h1, h2, h3, p, li, .darkmode-text {{ color: #F7F7F9 !important; }} \
td.button-td-primary, td.button-td-primary a {{ background: #ffffff !important; color: #222222 !important; }} \
.darkmode-hide {{ display: none !important; }} }}
        [data-ogsc] h1, [data-ogsc] p {{ color: #F7F7F9 !important; }}
    </style>
</head>
'''

    def open(self):
        return f'''<body width="100%" style="margin: 0; padding: 0 !important; mso-line-height-rule: exactly; \
background-color: {self.ground};" class="email-bg">
  <center role="article" aria-roledescription="email" lang="{self.lang}" style="width: 100%; background-color: \
{self.ground};" class="email-bg">
    <!--[if mso | IE]>
    <table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" style="background-color: \
{self.ground};">
    <tr>
    <td>
    <![endif]-->
        <div style="max-height:0; overflow:hidden; mso-hide:all;" aria-hidden="true">
            {self.preheader}
        </div>
        <div style="display: none; font-size: 1px; line-height: 1px; max-height: 0px; max-width: 0px; opacity: 0; \
overflow: hidden; mso-hide: all; font-family: sans-serif;">
	        {'&zwnj;&nbsp;' * 90}
        </div>
        <div style="max-width: {self.width + 80}px; margin: 0 auto;" class="email-container">
            <!--[if mso]>
            <table align="center" role="presentation" cellspacing="0" cellpadding="0" border="0" \
width="{self.width + 80}">
            <tr>
            <td>
            <![endif]-->
            <table role="presentation" cellspacing="0" cellpadding="0" border="0" width="100%" style="margin: auto;">
'''

    def close(self):
        return '''            </table>
            <!--[if mso]>
            </td>
            </tr>
            </table>
            <![endif]-->
        </div>
    <!--[if mso | IE]>
    </td>
    </tr>
    </table>
    <![endif]-->
    </center>
</body>
</html>
'''

    def row(self, cells, align="left", padding=20):
        if len(cells) == 1:
            return f'''                <tr>
                    <td class="darkmode-bg" align="{align}" style="padding: {min(padding, 12)}px {padding}px; \
background-color: {self.paper}; font-family: {self.font}; font-size: 15px; line-height: 20px; color: {self.ink};">
                        {cells[0]}
                    </td>
                </tr>
'''
        inner = "".join(
            f'<th valign="top" width="{100 / len(cells):.4g}%" class="stack-column-center"><table '
            f'role="presentation" cellspacing="0" cellpadding="0" border="0"><tr><td style="padding: 10px; '
            f'font-weight: normal; text-align: left;">{cell}</td></tr></table></th>' for cell in cells)
        return f'''                <tr>
                    <td class="darkmode-bg" style="padding: 10px; background-color: {self.paper};">
                        <table role="presentation" cellspacing="0" cellpadding="0" border="0" \
width="100%"><tr>{inner}</tr></table>
                    </td>
                </tr>
'''

    def btn(self, label, link):
        return f'<table align="center" role="presentation" cellspacing="0" cellpadding="0" border="0" style="margin: auto;"><tr><td class="button-td button-td-primary" style="border-radius: 4px; background: {self.accent};"><a class="button-a button-a-primary" href="{link}" style="background: {self.accent}; border: 1px solid #000000; font-family: {self.font}; font-size: 15px; line-height: 15px; text-decoration: none; padding: 13px 17px; color: #ffffff; display: block; border-radius: 4px;">{label}</a></td></tr></table>'


class Unlayer(Page):
    def head(self):
        return f'''<!DOCTYPE HTML PUBLIC "-//W3C//DTD XHTML 1.0 Transitional //EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" \
xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<!--[if gte mso 9]>
<xml>
  <o:OfficeDocumentSettings>
    <o:AllowPNG/>
    <o:PixelsPerInch>96</o:PixelsPerInch>
  </o:OfficeDocumentSettings>
</xml>
<![endif]-->
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <meta name="x-apple-disable-message-reformatting">
  <!--[if !mso]><!--><meta http-equiv="X-UA-Compatible" content="IE=edge"><!--<![endif]-->
  <title>{self.title}</title>
    <style type="text/css">
      @media only screen and (min-width: {self.width + 20}px) {{
  .u-row {{ width: {self.width}px !important; }}
  .u-row .u-col {{ vertical-align: top; }}
  .u-row .u-col-33p33 {{ width: {self.width // 3}px !important; }}
  .u-row .u-col-50 {{ width: {self.width // 2}px !important; }}
  .u-row .u-col-100 {{ width: {self.width}px !important; }}
}}
@media (max-width: {self.width + 20}px) {{
  .u-row-container {{ max-width: 100% !important; padding-left: 0px !important; padding-right: 0px !important; }}
  .u-row .u-col {{ min-width: 320px !important; max-width: 100% !important; display: block !important; }}
  .u-row {{ width: 100% !important; }}
  .u-col {{ width: 100% !important; }}
  .u-col > div {{ margin: 0 auto; }}
}}
body {{ margin: 0; padding: 0; }}
table, tr, td {{ vertical-align: top; border-collapse: collapse; }}
p {{ margin: 0; }}
.ie-container table, .mso-container table {{ table-layout: fixed; }}
* {{ line-height: inherit; }}
a[x-apple-data-detectors='true'] {{ color: inherit !important; text-decoration: none !important; }}
table, td {{ color: {self.ink}; }} #u_body a {{ color: {self.accent}; text-decoration: underline; }}
    </style>
</head>
'''

    def open(self):
        return f'''<body class="clean-body u_body" style="margin: 0;padding: 0;-webkit-text-size-adjust: \
100%;background-color: {self.ground};color: {self.ink}">
  <!--[if IE]><div class="ie-container"><![endif]-->
  <!--[if mso]><div class="mso-container"><![endif]-->
  {self.hidden()}<table id="u_body" style="border-collapse: collapse;table-layout: fixed;border-spacing: \
0;mso-table-lspace: 0pt;mso-table-rspace: 0pt;vertical-align: top;min-width: 320px;Margin: 0 auto;background-color: \
{self.ground};width:100%" cellpadding="0" cellspacing="0">
  <tbody>
  <tr style="vertical-align: top">
    <td style="word-break: break-word;border-collapse: collapse !important;vertical-align: top">
    <!--[if (mso)|(IE)]><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" \
style="background-color: {self.ground};"><![endif]-->
'''

    def close(self):
        return '''    <!--[if (mso)|(IE)]></td></tr></table><![endif]-->
    </td>
  </tr>
  </tbody>
  </table>
  <!--[if mso]></div><![endif]-->
  <!--[if IE]></div><![endif]-->
</body>
</html>
'''

    def row(self, cells, align="left", padding=10):
        name = {1: "100", 2: "50", 3: "33p33", 4: "25"}[len(cells)]
        columns = "".join(f'''
<!--[if (mso)|(IE)]><td align="center" width="{self.width // len(cells)}" style="width: \
{self.width // len(cells)}px;padding: 0px;border-top: 0px solid transparent;border-left: 0px solid transparent;" \
valign="top"><![endif]-->
<div class="u-col u-col-{name}" style="max-width: 320px;min-width: {self.width // len(cells)}px;display: \
table-cell;vertical-align: top;">
  <div style="height: 100%;width: 100% !important;">
  <!--[if (!mso)&(!IE)]><!--><div style="box-sizing: border-box; height: 100%; padding: 0px;border-top: 0px solid \
transparent;border-left: 0px solid transparent;"><!--<![endif]-->
<table style="font-family:{self.font};" role="presentation" cellpadding="0" cellspacing="0" width="100%" border="0">
  <tbody>
    <tr>
      <td class="v-container-padding-padding" \
style="overflow-wrap:break-word;word-break:break-word;padding:{padding}px;font-family:{self.font};" align="{align}">
  {cell}
      </td>
    </tr>
  </tbody>
</table>
  <!--[if (!mso)&(!IE)]><!--></div><!--<![endif]-->
  </div>
</div>
<!--[if (mso)|(IE)]></td><![endif]-->''' for cell in cells)
        return f'''
<div class="u-row-container" style="padding: 0px;background-color: transparent">
  <div class="u-row" style="margin: 0 auto;min-width: 320px;max-width: {self.width}px;overflow-wrap: \
break-word;word-wrap: break-word;word-break: break-word;background-color: {self.paper};">
    <div style="border-collapse: collapse;display: table;width: 100%;height: 100%;background-color: transparent;">
      <!--[if (mso)|(IE)]><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td style="padding: \
0px;background-color: transparent;" align="center"><table cellpadding="0" cellspacing="0" border="0" \
style="width:{self.width}px;"><tr style="background-color: {self.paper};"><![endif]-->{columns}
      <!--[if (mso)|(IE)]></tr></table></td></tr></table><![endif]-->
    </div>
  </div>
</div>
'''

    def p(self, text):
        return f'<div style="font-size: 15px; line-height: 160%; text-align: {"left" if self.direction == "ltr" else "right"}; word-wrap: break-word;"><p style="line-height: 160%;">{text}</p><p style="line-height: 60%;">&nbsp;</p></div>'

    def btn(self, label, link):
        return f'''<!--[if mso]><style>.v-button {{background: transparent !important;}}</style><![endif]-->
<div align="center">
  <!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word" \
href="{link}" style="height:37px; v-text-anchor:middle; width:180px;" arcsize="11%" stroke="f" \
fillcolor="{self.accent}"><w:anchorlock/><center style="color:#FFFFFF;"><![endif]-->
    <a href="{link}" target="_blank" class="v-button" style="box-sizing: border-box;display: \
inline-block;text-decoration: none;-webkit-text-size-adjust: none;text-align: center;color: #FFFFFF; \
background-color: {self.accent}; border-radius: 4px; width:auto; max-width:100%; overflow-wrap: break-word; \
word-break: break-word; word-wrap:break-word; mso-border-alt: none;font-size: 14px;">
      <span style="display:block;padding:10px 20px;line-height:120%;"><span style="line-height: \
16.8px;">{label}</span></span>
    </a>
  <!--[if mso]></center></v:roundrect><![endif]-->
</div>'''


class React(Page):
    """As React components render: one line, style on everything, comments left by the renderer."""
    def head(self):
        return f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html dir="{self.direction}" lang="{self.lang}"><head><meta content="text/html; charset=UTF-8" http-equiv="Content-Type"/><meta name="x-apple-disable-message-reformatting"/><style>@font-face{{font-family:"Inter";font-style:normal;font-weight:400;mso-font-alt:"Verdana";src:url(https://fonts.gstatic.com/s/inter/v18/UcCO3FwrK3iLTeHuS_nVMrMxCp50.woff2) format("woff2")}}*{{font-family:"Inter",Verdana}}</style></head>'

    def open(self):
        filler = "\u00a0\u200c\u200b\u200d\u200e\u200f\ufeff" * 40
        return f'<body style="background-color:{self.ground};font-family:{self.font.replace(chr(34), "&quot;")}"><!--$--><div style="display:none;overflow:hidden;line-height:1px;opacity:0;max-height:0;max-width:0" data-skip-in-text="true">{self.preheader}<div>{filler}</div></div><table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation" style="max-width:37.5em;background-color:{self.paper};margin:0 auto;padding:20px 0 48px;margin-bottom:64px"><tbody><tr style="width:100%"><td>'

    def close(self):
        return "</td></tr></tbody></table><!--7--><!--/$--></body></html>\n"

    def row(self, cells, align="left", padding=0):
        columns = "".join(
            f'<td data-id="__react-email-column" style="width:{100 // len(cells)}%;vertical-align:top">{cell}</td>' for cell in cells)
        return f'<table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation" style="padding:0 48px"><tbody><tr><td><table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation"><tbody style="width:100%"><tr style="width:100%">{columns}</tr></tbody></table></td></tr></tbody></table>\n'

    def p(self, text):
        return f'<p style="font-size:16px;line-height:24px;color:{self.ink};text-align:left;margin-top:16px;margin-bottom:16px">{text}</p>'

    def btn(self, label, link):
        return f'<a href="{link}" style="line-height:100%;text-decoration:none;display:block;max-width:100%;mso-padding-alt:0px;background-color:{self.accent};border-radius:5px;color:#fff;font-size:16px;font-weight:bold;text-align:center;width:100%;padding:10px 10px 10px 10px" target="_blank"><span><!--[if mso]><i style="mso-font-width:500%;mso-text-raise:15" hidden>&#8202;</i><![endif]--></span><span style="max-width:100%;display:inline-block;line-height:120%;mso-padding-alt:0px;mso-text-raise:7.5px">{label}</span><span><!--[if mso]><i style="mso-font-width:500%" hidden>&#8202;&#8203;</i><![endif]--></span></a>'

    def hr(self):
        return '<hr style="width:100%;border:none;border-top:1px solid #eaeaea;border-color:#e6ebf1;margin:20px 0"/>'


class Ancient(Page):
    """Nested tables with bgcolor and font, as kept alive since 2006."""
    def head(self):
        return f'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n<title>{self.title}</title>\n</head>\n'

    def open(self):
        return f'<body bgcolor="{self.ground}" text="{self.ink}" link="{self.accent}" leftmargin="0" topmargin="0" marginwidth="0" marginheight="0">\n<table width="100%" bgcolor="{self.ground}" border="0" cellspacing="0" cellpadding="10"><tr><td align="center">\n<table width="{self.width}" bgcolor="{self.paper}" border="0" cellspacing="0" cellpadding="0">\n'

    def close(self):
        return "</table>\n</td></tr></table>\n</body>\n</html>\n"

    def row(self, cells, align="left", padding=12):
        return "<tr><td>\n<table width=\"100%\" border=\"0\" cellspacing=\"0\" cellpadding=\"" + str(padding) + "\"><tr valign=\"top\">" + "".join(
            f'<td width="{100 // len(cells)}%" align="{align}">{cell}</td>\n' for cell in cells) + "</tr></table>\n</td></tr>\n"

    def p(self, text):
        return f'<font face="{self.font}" size="2" color="{self.ink}">{text}</font><br><br>\n'

    def h(self, text, level):
        return f'<font face="{self.font}" size="{6 - level}" color="{self.accent}"><b>{text}</b></font><br><br>\n'

    def btn(self, label, link):
        return f'<font face="{self.font}" size="2"><b><a href="{link}">&raquo; {label}</a></b></font><br>\n'

    def img(self, url, alt, width, height=None):
        return f'<img src="{url}" alt="{alt}" width="{width}" border="0"><br>\n'

    def hr(self):
        return f'<hr size="1" color="{self.accent}" noshade>\n'


class Klyv(Page):
    def head(self):
        return f'''<!DOCTYPE html>
<html lang="{self.lang}" dir="{self.direction}" xmlns="http://www.w3.org/1999/xhtml" \
xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml">
<head>
<title>{self.title}</title>
<!--[if !mso]><!-->
<meta content="IE=edge" http-equiv="X-UA-Compatible"/>
<!--<![endif]-->
<meta content="text/html; charset=utf-8" http-equiv="Content-Type"/>
<meta content="width=device-width, initial-scale=1" name="viewport"/>
<!--[if mso]><style>.mso-font-fix {{font-family: Arial, sans-serif !important}}</style><![endif]-->
<style>a:link {{color:{self.accent};font-weight:normal;text-decoration:underline;font-style:normal}}
@media only screen and (max-width: 480px) {{ .kl-button {{ width: 100% !important; }} .hlb-wrapper \
.hlb-block-settings-content {{ padding: 9px !important; }} .kl-sticky {{ display: table-cell !important; }} \
.mobile-only {{ display: block !important; }} .desktop-only {{ max-height: 0 !important; display: none !important; \
mso-hide: all !important; overflow: hidden !important; }} .kl-column {{ width: 100% !important; padding-bottom: 0px \
!important; }} .kl-text > div {{ font-size: 16px !important; }} }}
.root-container {{ background-color:{self.ground} }}</style>
</head>
'''

    def open(self):
        return f'''<body class="mso-font-fix" style="margin:0;padding:0;background-color:{self.ground};word-spacing:normal;">
<div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;">{self.preheader}{"&#847; &zwnj; &nbsp; " * 70}</div>
<div class="root-container" id="bodyTable" style="background-color:{self.ground};"><div \
class="root-container-spacing"><table align="center" border="0" cellpadding="0" cellspacing="0" class="kl-section" \
role="presentation" style="width:100%"><tbody><tr><td>
'''

    def close(self):
        return "</td></tr></tbody></table></div></div>\n</body>\n</html>\n"

    def row(self, cells, align="left", padding=18):
        columns = "".join(
            f'<td align="" class="kl-column" style="padding-right:0px;padding-left:0px;vertical-align:top;" '
            f'width="{100 / len(cells):.10g}%"><table border="0" cellpadding="0" cellspacing="0" '
            f'role="presentation" style="width:100%;"><tbody><tr><td class="hlb-block-settings-content" '
            f'style="padding:9px {padding}px;vertical-align:top;" align="{align}"><div class="kl-text" '
            f'style="text-align:{align};">{cell}</div></td></tr></tbody></table></td>\n' for cell in cells)
        return f'''<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" \
class="kl-row-outlook" style="width:{self.width}px;" width="{self.width}"><tr><td \
style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]-->
<div style="background:{self.paper};background-color:{self.paper};margin:0px auto;max-width:{self.width}px;"><table \
align="center" border="0" cellpadding="0" cellspacing="0" class="kl-row colstack" role="presentation" \
style="background:{self.paper};width:100%;"><tbody><tr>
{columns}</tr></tbody></table></div>
<!--[if mso | IE]></td></tr></table><![endif]-->
'''

    def btn(self, label, link):
        return f'<table border="0" cellpadding="0" cellspacing="0" class="kl-button" role="presentation" style="border-collapse:separate;line-height:100%;"><tr><td align="center" bgcolor="{self.accent}" role="presentation" style="border:none;border-radius:0px;cursor:auto;font-style:Normal;mso-padding-alt:14px 20px 14px 20px;background:{self.accent};" valign="middle"><a href="{link}" style="color:#FFF;font-style:Normal;font-family:{self.font};font-size:15px;font-weight:600;letter-spacing:1px;line-height:100%;margin:0;padding:14px 20px;text-decoration:none;text-transform:uppercase;background:{self.accent};display:inline-block;mso-padding-alt:0;" target="_blank">{label}</a></td></tr></table>'
