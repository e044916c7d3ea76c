"""How each program writes a mail: order of fields, identifiers, boundaries, encodings.  SPDX-License-Identifier: GPL-3.0-or-later"""
import dataclasses
from typing import Callable

from . import tokens
from .tokens import ALNUM, UPPER, digits, guid, hexes, token, unix

TEXT = 'text/plain; charset="{charset}"'
HTML = 'text/html; charset="{charset}"'
BARE_TEXT, BARE_HTML = "text/plain; charset={charset}", "text/html; charset={charset}"
TAB_TEXT, TAB_HTML = 'text/plain;\n\tcharset="{charset}"', 'text/html;\n\tcharset="{charset}"'


@dataclasses.dataclass
class Program:
    order: str                          # the fields as it writes them; * is where what a mail adds goes
    mid: Callable                       # (seed, domain, date)
    boundary: Callable                  # (seed, number)
    fixed: dict = dataclasses.field(default_factory=dict)
    text_type: str = TEXT
    html_type: str = HTML
    multi: str = 'multipart/{kind}; boundary="{boundary}"'
    charset: str = "utf-8"
    ascii_charset: str = ""             # said instead where nothing else is in the text
    text_cte: str = "auto"
    html_cte: str = "auto"
    word: str = "B"
    word_charset: str = ""
    lines: str = "keep"                 # keep, join (a paragraph is a line), flow (RFC 3676)
    html_of_text: str = ""              # writes HTML beside text by itself, in this manner
    attach: str = "plain"
    quoted_names: bool = False
    related_outside: bool = True        # related(alternative(text, html), image), else alternative(text, related(html, image))
    preamble: str = ""
    inline_disposition: bool = False
    part_mime_version: bool = False
    zone_name: bool = False
    fold_with_tab: bool = False


def stamp(date):
    return tokens.moment(date).strftime("%Y%m%d%H%M%S")


def outlook_mid(seed, domain, date):
    return f"{hexes(seed, 12)}${hexes(seed + '1', 8)}${hexes(seed + '2', 8)}$@{domain}"


def outlook_boundary(seed, number):
    return f"----=_NextPart_{number:03}_{hexes(seed, 4).upper()}_01DB{hexes(seed + '1', 4).upper()}.{hexes(seed + '2', 8).upper()}"


def apple_boundary(seed, number):
    return f"Apple-Mail={'' if number else ''}_{guid(seed + str(number)).upper()}"


def java_mid(seed, domain, date):
    return f"{digits(seed, 9)}.{digits(seed + '1', 4)}.{unix(date)}{digits(seed + '2', 3)}@{domain}"


PHP_ORDER = "Date To Cc From Reply-To Subject Message-ID X-Mailer * MIME-Version Content-Type Content-Transfer-Encoding"

OUTLOOK = Program(  # with an own account, without Exchange
    "From To Cc References In-Reply-To Subject Date Message-ID * MIME-Version Content-Type Content-Transfer-Encoding X-Mailer Thread-Index "
    "Content-Language", outlook_mid, outlook_boundary, {"X-Mailer": "Microsoft Outlook 16.0"}, TAB_TEXT, TAB_HTML,
    'multipart/{kind};\n\tboundary="{boundary}"', ascii_charset="us-ascii", word="Q", html_of_text="outlook", attach="outlook", quoted_names=True,
    preamble="This is a multipart message in MIME format.\n", lines="join", html_cte="quoted-printable")

EXCHANGE = Program(
    "From To CC Subject Thread-Topic Thread-Index Date Message-ID References In-Reply-To Accept-Language Content-Language X-MS-Has-Attach "
    "X-MS-TNEF-Correlator x-originating-ip * Content-Type Content-Transfer-Encoding MIME-Version", lambda seed, domain, date: f"{hexes(seed, 32)}@{domain}",
    lambda seed, number: f"_{number:03}_{hexes(seed, 32)}{token(seed, 10, ALNUM).lower()}_",
    {"X-MS-TNEF-Correlator": "", "x-originating-ip": "[10.20.4.31]"}, 'text/plain; charset="{charset}"', 'text/html; charset="{charset}"',
    'multipart/{kind};\n\tboundary="{boundary}"', ascii_charset="us-ascii", text_cte="quoted-printable", html_cte="quoted-printable", word="Q",
    html_of_text="outlook", attach="exchange", lines="join")

APPLE = Program(
    "From Content-Type Content-Transfer-Encoding Mime-Version Subject Message-Id In-Reply-To Date Cc References To X-Mailer *",
    lambda seed, domain, date: f"{guid(seed).upper()}@{domain}", apple_boundary,
    {"Mime-Version": "1.0 (Mac OS X Mail 16.0 \\(3826.400.131.1.6\\))", "X-Mailer": "Apple Mail (2.3826.400.131.1.6)"},
    "text/plain;\n\tcharset={charset}", "text/html;\n\tcharset={charset}", 'multipart/{kind};\n\tboundary="{boundary}"', ascii_charset="us-ascii",
    text_cte="auto", word="Q", html_of_text="apple", attach="apple", related_outside=False, lines="join", preamble="\n")

IPHONE = dataclasses.replace(
    APPLE, order="Content-Type Content-Transfer-Encoding From Mime-Version Subject Date Message-Id References Cc In-Reply-To To X-Mailer *",
    boundary=lambda seed, number: f"Apple-Mail-{guid(seed + str(number)).upper()}",
    fixed={"Mime-Version": "1.0 (1.0)", "X-Mailer": "iPhone Mail (22D82)"}, text_type="text/plain; charset={charset}",
    html_type="text/html; charset={charset}", multi="multipart/{kind}; boundary={boundary}", preamble="", ascii_charset="us-ascii")

THUNDERBIRD = Program(
    "Content-Type Content-Transfer-Encoding Message-ID Date MIME-Version User-Agent Subject To Cc References Content-Language From "
    "Organization In-Reply-To *", lambda seed, domain, date: f"{guid(seed)}@{domain}", lambda seed, number: "-" * 12 + token(seed + str(number), 24),
    {"User-Agent": "Mozilla Thunderbird"}, "text/plain; charset={charset}; format=flowed", "text/html; charset={charset}",
    'multipart/{kind};\n boundary="{boundary}"', charset="UTF-8", text_cte="auto8", html_cte="auto8", word="Q", attach="thunderbird",
    related_outside=False, lines="flow", preamble="This is a multi-part message in MIME format.")
THUNDERBIRD_HTML = dataclasses.replace(THUNDERBIRD, html_of_text="thunderbird", text_type="text/plain; charset={charset}; format=flowed")

GMAIL = Program(
    "MIME-Version References In-Reply-To From Date X-Gm-Features Message-ID Subject To Cc Content-Type Content-Transfer-Encoding *",
    lambda seed, domain, date: f"CA{token(seed, 50, ALNUM + '+_-=')}@mail.gmail.com", lambda seed, number: "000000000000" + hexes(seed + str(number), 16),
    {}, TEXT, HTML, charset="UTF-8", word="B", html_of_text="gmail", attach="gmail", lines="join72")

K9 = Program(
    "Date From To CC Subject User-Agent In-Reply-To References Message-ID * MIME-Version Content-Type Content-Transfer-Encoding",
    lambda seed, domain, date: f"{guid(seed).upper()}@{domain}", lambda seed, number: "----" + token(seed + str(number), 28, UPPER + "0123456789"),
    {"User-Agent": "K-9 Mail for Android"}, "text/plain;\n charset={charset}", "text/html;\n charset={charset}", 'multipart/{kind};\n boundary="{boundary}"',
    text_cte="quoted-printable", html_cte="quoted-printable", word="Q", attach="plain", lines="join")

SAMSUNG = Program(
    "Date Subject Message-ID X-Android-Message-ID Importance In-Reply-To References From To Cc MIME-Version Content-Type Content-Transfer-Encoding *",
    lambda seed, domain, date: f"{token(seed, 26, 'abcdefghijklmnopqrstuvwxyz0123456789')}.{unix(date)}{digits(seed, 3)}@email.android.com",
    lambda seed, number: f"--_com.samsung.android.email_{digits(seed + str(number), 16)}", {"Importance": "Normal"}, "text/plain; charset={charset}",
    "text/html; charset={charset}", text_cte="base64", html_cte="base64", html_of_text="samsung", lines="join")

MUTT = Program(
    "Date From To Cc Subject Message-ID References MIME-Version Content-Type Content-Disposition Content-Transfer-Encoding In-Reply-To "
    "X-Operating-System Organization User-Agent *", lambda seed, domain, date: f"{token(seed, 16)}@{domain}", lambda seed, number: token(seed + str(number), 16),
    {"Content-Disposition": "inline"}, "text/plain; charset={charset}", "text/html; charset={charset}", 'multipart/{kind};\n\tboundary="{boundary}"',
    charset="utf-8", ascii_charset="us-ascii", text_cte="auto8", word="B", attach="plain", inline_disposition=True)

ROUNDCUBE = Program(
    "MIME-Version Date From To Cc Subject In-Reply-To References Reply-To User-Agent Message-ID X-Sender Organization Content-Type "
    "Content-Transfer-Encoding *", lambda seed, domain, date: f"{hexes(seed, 32)}@{domain}", lambda seed, number: "=_" + hexes(seed + str(number), 32),
    {"User-Agent": "Roundcube Webmail/1.6.9"}, "text/plain; charset={charset};\n format=flowed", "text/html; charset={charset}",
    'multipart/{kind};\n boundary="{boundary}"', charset="UTF-8", ascii_charset="US-ASCII", text_cte="auto8", html_cte="quoted-printable", word="Q",
    attach="plain", lines="flow")

ZIMBRA = Program(
    "Date From To Cc Message-ID In-Reply-To References Subject MIME-Version Content-Type Content-Transfer-Encoding X-Originating-IP X-Mailer "
    "Thread-Index Thread-Topic *", lambda seed, domain, date: f"{digits(seed, 9)}.{digits(seed + '1', 6)}.{unix(date)}{digits(seed + '2', 3)}.JavaMail.zimbra@{domain}",
    lambda seed, number: f"----=_Part_{digits(seed, 6)}_{digits(seed + str(number), 9)}.{digits(seed + 'x', 13)}",
    {"X-Mailer": "Zimbra 8.8.15_GA_4653 (ZimbraWebClient - FF128 (Win)/8.8.15_GA_4653)", "X-Originating-IP": "[10.4.0.17]"},
    "text/plain; charset={charset}", "text/html; charset={charset}", 'multipart/{kind}; \n\tboundary="{boundary}"', text_cte="auto8", html_of_text="zimbra",
    quoted_names=False, lines="join")

SOGO = Program(
    "From User-Agent Date Reply-To To Cc MIME-Version Message-ID Subject Content-Type Content-Transfer-Encoding In-Reply-To References *",
    lambda seed, domain, date: f"{hexes(seed, 5)}-{hexes(seed + '1', 8)}-{digits(seed, 2)}-{hexes(seed + '2', 8)}@{digits(seed + '3', 9)}",
    lambda seed, number: f"----=_=-_OpenGroupware_org_NGMime-{digits(seed, 5)}-{digits(seed + '1', 10)}.{digits(seed + '2', 6)}-{number}------",
    {"User-Agent": "SOGoMail 5.11.2"}, 'text/plain; charset="{charset}"', text_cte="quoted-printable", word="Q", quoted_names=True, lines="join")

NOTES = Program(
    "MIME-Version Subject From To Cc Date Message-ID X-Mailer X-MIMETrack * Content-Type Content-Transfer-Encoding",
    lambda seed, domain, date: f"OF{hexes(seed, 8).upper()}.{hexes(seed + '1', 8).upper()}-ONC1258{hexes(seed + '2', 4).upper()}.{hexes(seed + '3', 8).upper()}@{domain}",
    lambda seed, number: f"=_{'alternative' if number else 'mixed'} {hexes(seed + str(number), 12).upper()}_=",
    {"X-Mailer": "HCL Notes Release 12.0.2 November 03, 2022"}, TEXT, HTML, 'multipart/{kind};\n boundary="{boundary}"', charset="ISO-8859-1", ascii_charset="US-ASCII",
    text_cte="quoted-printable", html_cte="quoted-printable", word="Q", lines="keep")

FOXMAIL = Program(
    "Date From To Cc Subject References X-Priority X-GUID X-Has-Attach X-Mailer Mime-Version Message-ID Content-Type Content-Transfer-Encoding *",
    lambda seed, domain, date: f"{stamp(date)}{digits(seed, 8)}@{domain}", lambda seed, number: f"----=_{number:03}_NextPart{digits(seed + str(number), 12)}_=----",
    {"X-Priority": "3", "X-Has-Attach": "no", "X-Mailer": "Foxmail 7.2.25.254[cn]", "Mime-Version": "1.0"}, TAB_TEXT, TAB_HTML,
    'multipart/{kind};\n\tboundary="{boundary}"', charset="GB2312", text_cte="base64", html_cte="quoted-printable", html_of_text="foxmail", lines="keep",
    preamble="This is a multi-part message in MIME format.\n", quoted_names=True)

BECKY = Program(
    "Date From To Cc Subject In-Reply-To References Message-Id MIME-Version Content-Type Content-Transfer-Encoding X-Mailer *",
    lambda seed, domain, date: f"{stamp(date)}.{hexes(seed, 4).upper()}.{hexes(seed + '1', 8).upper()}@{domain}",
    lambda seed, number: f"------_{hexes(seed, 8).upper()}00000000{hexes(seed + '1', 4).upper()}_MULTIPART_MIXED_",
    {"X-Mailer": "Becky! ver. 2.81.08 [ja]"}, charset="ISO-2022-JP", text_cte="7bit")

THE_BAT = Program(
    "Date From X-Mailer Reply-To X-Priority Message-ID To Cc Subject In-Reply-To References MIME-Version Content-Type Content-Transfer-Encoding *",
    lambda seed, domain, date: f"{digits(seed, 10)}.{stamp(date)}@{domain}", lambda seed, number: f"----------{hexes(seed + str(number), 17).upper()}",
    {"X-Mailer": "The Bat! (v10.5) Professional", "X-Priority": "3 (Normal)"}, "text/plain; charset={charset}", "text/html; charset={charset}",
    charset="windows-1251", text_cte="8bit")

EVOLUTION = Program(
    "Message-ID Subject From To Cc Date In-Reply-To References Organization Content-Type User-Agent MIME-Version Content-Transfer-Encoding *",
    lambda seed, domain, date: f"{hexes(seed, 40)}.camel@{domain}", lambda seed, number: "=-" + token(seed + str(number), 20, ALNUM + "+/"),
    {"User-Agent": "Evolution 3.54.3"}, charset="UTF-8", text_cte="auto8", html_cte="quoted-printable", word="Q", html_of_text="evolution", lines="keep",
    preamble="")

PHPMAILER = Program(
    PHP_ORDER, lambda seed, domain, date: f"{token(seed, 42)}@{domain}", lambda seed, number: f"b{number + 1}={'_'}{token(seed, 42)}",
    {"X-Mailer": "PHPMailer 6.9.3 (https://github.com/PHPMailer/PHPMailer)"}, "text/plain; charset={charset}", "text/html; charset={charset}",
    'multipart/{kind};\n boundary="{boundary}"', charset="UTF-8", ascii_charset="us-ascii", text_cte="auto8", html_cte="auto8",
    preamble="This is a multi-part message in MIME format.\n", word="B")

PHP_MAIL = Program(  # mail() with headers that somebody typed
    "To Subject * Date MIME-Version Content-Type From Reply-To X-Mailer Message-Id", lambda seed, domain, date: f"E1{token(seed, 5)}-{token(seed + '1', 11)}-{token(seed + '2', 2)}@{domain}",
    lambda seed, number: hexes(seed + str(number), 32), {"X-Mailer": "PHP/8.1.27"}, "text/plain; charset={charset}", "text/html; charset={charset}",
    charset="UTF-8", text_cte="8bit", html_cte="8bit")

SYMFONY = Program(
    "From Reply-To To Subject Message-ID Date * MIME-Version Content-Type Content-Transfer-Encoding", lambda seed, domain, date: f"{hexes(seed, 32)}@{domain}",
    lambda seed, number: token(seed + str(number), 8, ALNUM + "-_"), {}, "text/plain; charset={charset}", "text/html; charset={charset}",
    "multipart/{kind}; boundary={boundary}", text_cte="quoted-printable", html_cte="quoted-printable", word="Q")

SWIFT = Program(
    "Message-ID Date Subject From Reply-To To MIME-Version Content-Type Content-Transfer-Encoding *", lambda seed, domain, date: f"{hexes(seed, 32)}@{domain}",
    lambda seed, number: f"_=_swift_{digits(seed, 10)}_{hexes(seed + str(number), 32)}_=_", {}, "text/plain; charset={charset}", "text/html; charset={charset}",
    'multipart/{kind};\n boundary="{boundary}"', text_cte="quoted-printable", html_cte="quoted-printable", word="Q")

PYTHON = Program(
    "Content-Type MIME-Version Content-Transfer-Encoding Subject From To Cc Reply-To Date Message-ID *",
    lambda seed, domain, date: f"{unix(date)}{digits(seed, 2)}.{digits(seed + '1', 5)}.{digits(seed + '2', 19)}@{domain}",
    lambda seed, number: f"==============={digits(seed + str(number), 19)}==", {}, text_cte="base64", html_cte="base64", word="B",
    ascii_charset="utf-8", part_mime_version=True, attach="python")
DJANGO = dataclasses.replace(PYTHON, text_cte="auto8", html_cte="auto8")

ODOO = dataclasses.replace(
    PYTHON, order="Content-Type MIME-Version Message-Id Subject From Reply-To To Cc Date References X-Odoo-Objects *",
    mid=lambda seed, domain, date: f"{digits(seed, 15)}.{unix(date)}.{digits(seed + '1', 15)}-openerp-{digits(seed + '2', 5)}-sale.order@{domain}",
    text_cte="quoted-printable", html_cte="quoted-printable", quoted_names=True)

JAVA = Program(
    "Date From Reply-To To Cc Message-ID Subject MIME-Version Content-Type Content-Transfer-Encoding *", java_mid,
    lambda seed, number: f"----=_Part_{number}_{digits(seed + str(number), 9)}.{digits(seed + 'x', 13)}", {}, BARE_TEXT, BARE_HTML,
    'multipart/{kind}; \n\tboundary="{boundary}"', charset="UTF-8", ascii_charset="us-ascii", text_cte="auto", html_cte="auto", word="Q")

SAP = Program(
    "Content-Type Content-Transfer-Encoding Date From To Message-ID MIME-Version Subject X-Mailer *",
    lambda seed, domain, date: f"{hexes(seed, 32).upper()}@{domain}", lambda seed, number: f"=_{hexes(seed + str(number), 32).upper()}",
    {"X-Mailer": "SAP NetWeaver 7.57"}, 'text/plain; charset="{charset}"', charset="utf-8", text_cte="quoted-printable", html_cte="quoted-printable", word="Q")

DOTNET = Program(
    "MIME-Version From To Reply-To Date Subject Content-Type Content-Transfer-Encoding * Message-Id",  # the last is the server's
    lambda seed, domain, date: f"{stamp(date)}.4{token(seed, 13)}@{domain}",
    lambda seed, number: f"--boundary_{number}_{guid(seed + str(number))}", {}, BARE_TEXT, BARE_HTML, "multipart/{kind};\n boundary={boundary}",
    ascii_charset="us-ascii", text_cte="quoted-printable", html_cte="base64", word="B")
MAILKIT = dataclasses.replace(
    DOTNET, order="From Date Subject Message-Id To Reply-To * MIME-Version Content-Type Content-Transfer-Encoding",
    mid=lambda seed, domain, date: f"{token(seed, 12, UPPER + '0123456789')}.{token(seed + '1', 13, UPPER + '0123456789')}@{domain}",
    boundary=lambda seed, number: f"=-{token(seed + str(number), 22, ALNUM + '+/')}==", multi='multipart/{kind}; boundary="{boundary}"', html_cte="quoted-printable")

RUBY = Program(
    "Date From Reply-To To Message-ID * Subject Mime-Version Content-Type Content-Transfer-Encoding",
    lambda seed, domain, date: f"{hexes(seed, 13)}_{hexes(seed + '1', 3)}{digits(seed, 5)}@{domain}.mail",
    lambda seed, number: f"--==_mimepart_{hexes(seed + str(number), 13)}_{hexes(seed + 'y', 20)}", {}, 'text/plain;\n charset={charset}',
    'text/html;\n charset={charset}', 'multipart/{kind};\n boundary="{boundary}";\n charset=UTF-8', charset="UTF-8", text_cte="auto", html_cte="auto")

GO = Program(
    "Mime-Version Date From Reply-To To Subject Message-ID * Content-Type Content-Transfer-Encoding", lambda seed, domain, date: f"{unix(date)}{digits(seed, 9)}.{digits(seed + '1', 4)}.{hexes(seed, 16)}@{domain}",
    lambda seed, number: hexes(seed + str(number), 60), {}, "text/plain; charset={charset}", "text/html; charset={charset}",
    'multipart/{kind};\n boundary={boundary}', charset="UTF-8", text_cte="quoted-printable", html_cte="quoted-printable", word="Q")

NODE = Program(
    "Content-Type Content-Transfer-Encoding From To Reply-To Subject Message-ID * Date MIME-Version", lambda seed, domain, date: f"{guid(seed)}@{domain}",
    lambda seed, number: f"--_NmP-{hexes(seed, 16)}-Part_{number + 1}", {}, "text/plain; charset={charset}", "text/html; charset={charset}",
    'multipart/{kind};\n boundary="{boundary}"', text_cte="auto", html_cte="auto", word="Q")

PERL = Program(
    "From To Reply-To Cc Subject Date Message-Id * Content-Transfer-Encoding Content-Type MIME-Version", lambda seed, domain, date: f"{unix(date)}.{digits(seed, 5)}.{digits(seed + '1', 4)}@{domain}",
    lambda seed, number: f"----------={'_'}{digits(seed + str(number), 10)}-{digits(seed, 5)}-{number}", {}, charset="utf-8", text_cte="auto", word="Q")

GRID = Program(  # a large sending service, its own way of writing
    "Content-Type Content-Transfer-Encoding Date From Mime-Version Reply-To Subject Message-ID * To", lambda seed, domain, date: f"{token(seed, 22, ALNUM + '-_')}@geopod-ismtpd-{digits(seed, 2)}",
    lambda seed, number: hexes(seed + str(number), 60), {}, "text/plain; charset={charset}", "text/html; charset={charset}", "multipart/{kind}; boundary={boundary}",
    ascii_charset="us-ascii", text_cte="quoted-printable", html_cte="quoted-printable", word="Q")

CHIMP = Program(
    "From Sender Reply-To To Date Message-ID X-Mailer * Subject Content-Type MIME-Version", lambda seed, domain, date: f"{hexes(seed, 25)}.{hexes(seed + '1', 10)}.{stamp(date)}.{hexes(seed + '2', 10)}.{hexes(seed + '3', 8)}@{domain}",
    lambda seed, number: f"_----------=_MCPart_{digits(seed, 9)}", {}, 'text/plain; charset="{charset}"; format="fixed"', word="Q",
    text_cte="quoted-printable", html_cte="quoted-printable", preamble="This is a multi-part message in MIME format\n")

TARGET = Program(
    "From To Subject Date * MIME-Version Reply-To X-job Message-ID Content-Type Content-Transfer-Encoding", lambda seed, domain, date: f"{guid(seed)}@{domain}",
    lambda seed, number: token(seed + str(number), 14, ALNUM) + "=_?:", {}, 'text/plain;\n\tcharset="{charset}"', 'text/html;\n\tcharset="{charset}"',
    'multipart/{kind};\n\tboundary="{boundary}"', text_cte="quoted-printable", html_cte="quoted-printable",
    preamble="This is a multi-part message in MIME format.\n")

SHELL = Program(  # what a shell script or a daemon hands to sendmail
    "From To Subject * MIME-Version Content-Type Content-Transfer-Encoding Message-Id Date", lambda seed, domain, date: f"{stamp(date)}.{hexes(seed, 10).upper()}@{domain}",
    lambda seed, number: hexes(seed + str(number), 20), {}, "text/plain; charset={charset}", "text/html; charset={charset}", charset="UTF-8",
    ascii_charset="US-ASCII", text_cte="auto8")

POSTFIX_BOUNCE = Program(
    "Date From Subject To Auto-Submitted MIME-Version Content-Type Content-Transfer-Encoding Message-Id *", lambda seed, domain, date: f"{stamp(date)}.4{token(seed, 13)}@{domain}",
    lambda seed, number: f"4{token(seed, 13)}.{digits(seed, 10)}/mail.example", {"Auto-Submitted": "auto-replied"}, "text/plain; charset={charset}", ascii_charset="us-ascii")

EXIM_BOUNCE = Program(
    "From To Auto-Submitted X-Failed-Recipients References Subject Message-Id Date * Content-Type MIME-Version Content-Transfer-Encoding",
    lambda seed, domain, date: f"E1{token(seed, 5)}-{token(seed + '1', 11)}-{token(seed + '2', 2)}@{domain}", lambda seed, number: f"{digits(seed, 10)}-eximdsn-{digits(seed + '1', 10)}",
    {"Auto-Submitted": "auto-replied"}, "text/plain; charset={charset}", charset="us-ascii", multi="multipart/{kind}; boundary={boundary}")
