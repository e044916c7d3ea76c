"""Mails that are broken on purpose, by their structure: mutants(mails, count, seed) yields (name, bytes); the name
says which mutations it had.

Each mutation takes a mail and gives another; it knows lines, headers, boundaries and encodings, but no parser.  The same
seed gives the same mails.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import quopri
import random
import re

BLANKS = [b" ", b"\t", b"  ", b" \t"]
ENCODINGS = [b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x-unknown", b"BASE64", b"Quoted-Printable",
             b"base 64", b"", b"base64 (as it is)", b"\"base64\"", b"uuencode"]
CHARSETS = [b"utf-8", b"us-ascii", b"iso-8859-1", b"UTF-8", b"windows-1251", b"koi8-r", b"no-such-charset", b"\"\"",
            b"iso-2022-jp", b"utf-7"]
HEADER = re.compile(rb"^[!-9;-~]+[ \t]*:", re.M)
MIME_HEADER = re.compile(rb"^Content-[!-9;-~]+:", re.M | re.I)
EMPTY_LINE = re.compile(rb"(?<=\n)\r?\n")
BOUNDARY_PARAMETER = re.compile(rb"boundary=(\"(?:[^\"\\]|\\.)*\"|[^\s;]*)", re.I)


class Mutation:
    """One mutation of one mail; all its choices come from one generator."""

    def __init__(self, chance):
        self.chance = chance

    # --- where ---

    def line_starts(self, mail):
        return [0] + [match.end() for match in re.finditer(rb"\n", mail)]

    def head_end(self, mail):
        match = EMPTY_LINE.search(mail)
        return match.start() if match else len(mail)

    def boundary_lines(self, mail):
        names = {match.group(1).strip(b"\"") for match in BOUNDARY_PARAMETER.finditer(mail)}
        lines = []
        for start in self.line_starts(mail):
            end = mail.find(b"\n", start)
            end = len(mail) if end < 0 else end + 1
            line = mail[start:end].rstrip()
            if line[:2] == b"--" and (line[2:] in names or line[-2:] == b"--" and line[2:-2] in names):
                lines.append((start, end))
        return lines

    def pick(self, mail, found):
        """A span of one of the matches, or None."""
        found = [match.span() for match in found]
        return self.chance.choice(found) if found else None

    def insert(self, mail, at, what):
        return mail[:at] + what + mail[at:]

    def newline(self, mail):
        return b"\r\n" if b"\r\n" in mail else b"\n"

    # --- boundaries ---

    def change_boundary_line(self, mail, change):
        lines = self.boundary_lines(mail)
        if not lines:
            return mail
        start, end = self.chance.choice(lines)
        line = mail[start:end]
        text = line.rstrip()
        return mail[:start] + change(text, line[len(text):]) + mail[end:]

    def boundary_doubled(self, mail):
        return self.change_boundary_line(mail, lambda text, end: text + end + text + end)

    def boundary_missing(self, mail):
        return self.change_boundary_line(mail, lambda text, end: b"")

    def boundary_blanks(self, mail):
        return self.change_boundary_line(mail, lambda text, end: text + self.chance.choice(BLANKS) + end)

    def boundary_indented(self, mail):
        return self.change_boundary_line(mail, lambda text, end: b" " + text + end)

    def boundary_longer(self, mail):
        return self.change_boundary_line(mail, lambda text, end: text + self.chance.choice([b"x", b"-", b"---", b" x"]) + end)

    def boundary_final(self, mail):
        return self.change_boundary_line(mail, lambda text, end: text + b"--" + end)

    def boundary_not_final(self, mail):
        return self.change_boundary_line(mail, lambda text, end: (text[:-2] if text[-2:] == b"--" else text) + end)

    def boundary_bare_end(self, mail):
        return self.change_boundary_line(mail, lambda text, end: text + self.chance.choice([b"", b"\r", b"\n"]))

    def boundary_anywhere(self, mail):
        lines = self.boundary_lines(mail)
        if not lines:
            return mail
        start, end = self.chance.choice(lines)
        return self.insert(mail, self.chance.choice(self.line_starts(mail)), mail[start:end])

    def boundary_parameter(self, mail):
        found = list(BOUNDARY_PARAMETER.finditer(mail))
        if not found:
            return mail
        match = self.chance.choice(found)
        name = match.group(1).strip(b"\"")
        forms = [b"", b"boundary=", b"boundary=\"\"", b"boundary=\"" + name, b"boundary=" + name, b"boundary = \"" + name + b"\"",
                 b"boundary=\"" + name + b" \"", b"BOUNDARY=\"" + name + b"\"", b"x=y; boundary=\"" + name + b"\"; z=\"a;b\"",
                 b"boundary*=us-ascii'en'" + name, b"boundary*0=\"" + name[:2] + b"\"; boundary*1=\"" + name[2:] + b"\"",
                 b"boundary=\"" + name + b"\" (it is so)", b"boundary='" + name + b"'"]
        return mail[:match.start()] + self.chance.choice(forms) + mail[match.end():]

    def unterminated(self, mail):
        return mail[:self.chance.randrange(len(mail) + 1)]

    def dashes(self, mail):
        for _ in range(self.chance.randrange(1, 4)):
            line = self.chance.choice([b"--", b"-- ", b"---", b"-", b"--x", b"--\r", b"-" * 200]) + self.newline(mail)
            mail = self.insert(mail, self.chance.choice(self.line_starts(mail)), line)
        return mail

    # --- headers ---

    def header(self, mail, pattern=HEADER):
        """The span of one header, with its continuation lines."""
        span = self.pick(mail, pattern.finditer(mail))
        if span is None:
            return None
        end = mail.find(b"\n", span[1])
        while 0 <= end and mail[end + 1:end + 2] in (b" ", b"\t"):
            end = mail.find(b"\n", end + 1)
        return span[0], span[1], len(mail) if end < 0 else end + 1

    def change_header(self, mail, change, pattern=HEADER):
        found = self.header(mail, pattern)
        if found is None:
            return mail
        start, value, end = found
        return mail[:start] + change(mail[start:value], mail[value:end]) + mail[end:]

    def header_folded(self, mail):
        def change(name, value):
            at = self.chance.randrange(max(1, len(value)))
            fold = self.newline(mail) + self.chance.choice([b" ", b"\t", b"   ", b" " + self.newline(mail) + b" "])
            return name + value[:at] + fold + value[at:]
        return self.change_header(mail, change)

    def header_long(self, mail):
        def change(name, value):
            return name + b" " + b"long " * self.chance.randrange(20, 600) + value
        return self.change_header(mail, change)

    def header_repeated(self, mail):
        return self.change_header(mail, lambda name, value: (name + value) * 2, self.chance.choice([HEADER, MIME_HEADER]))

    def header_lost(self, mail):
        return self.change_header(mail, lambda name, value: b"", self.chance.choice([HEADER, MIME_HEADER]))

    def header_without_colon(self, mail):
        return self.change_header(mail, lambda name, value: name[:-1] + value)

    def header_blank_name(self, mail):
        return self.change_header(mail, lambda name, value: name[:-1] + self.chance.choice(BLANKS) + b":" + value)

    def header_bytes(self, mail):
        odd = self.chance.choice([b"\0", b"\xe4", b"\xc3\xa4", b"\x80", b"\x7f", b"\x01", b"\r", b"\xff\xfe"])

        def change(name, value):
            at = self.chance.randrange(max(1, len(value)))
            return name + value[:at] + odd + value[at:]
        return self.change_header(mail, change)

    def header_words(self, mail):
        word = self.chance.choice([b"=?utf-8?q?=C3=A4_b?=", b"=?utf-8?b?w6Q=?=", b"=?utf-8?b?w6Q?=", b"=?utf-8?q?=C3?= =?utf-8?q?=A4?=",
                                   b"=?iso-8859-1?Q?=E4?=x", b"x=?us-ascii?q?y?=", b"=?utf-8?q?a b?=", b"=?utf-8?q?=zz?=",
                                   b"=?utf-8*en?q?a?=", b"=?utf-8?q??=", b"=?utf-8?x?a?=", b"=?utf-8?q?a", b"=?=?=", b"=?utf-8?Q?=00?="])
        return self.change_header(mail, lambda name, value: name + b" " + word + b" " + value.lstrip(b" "))

    def no_empty_line(self, mail):
        span = self.pick(mail, EMPTY_LINE.finditer(mail))
        return mail if span is None else mail[:span[0]] + mail[span[1]:]

    def more_empty_lines(self, mail):
        return self.insert(mail, self.chance.choice(self.line_starts(mail)), self.newline(mail))

    # --- types and encodings ---

    def encoding_wrong(self, mail):
        def change(name, value):
            return b"Content-Transfer-Encoding: " + self.chance.choice(ENCODINGS) + self.newline(mail)
        return self.change_header(mail, change, re.compile(rb"^Content-Transfer-Encoding:", re.M | re.I))

    def charset_wrong(self, mail):
        found = list(re.finditer(rb"charset=[^\s;]*", mail))
        if not found:
            return mail
        match = self.chance.choice(found)
        return mail[:match.start()] + b"charset=" + self.chance.choice(CHARSETS) + mail[match.end():]

    def type_odd(self, mail):
        forms = [b"text/plain", b"text", b"text/", b"/plain", b"TEXT/PLAIN", b"text / plain", b"multipart/mixed", b"", b";charset=utf-8",
                 b"text/plain (plain); charset=utf-8", b"text/html;;charset=utf-8;", b"message/rfc822", b"message/partial",
                 b"application/octet-stream; name=\"a\\\"b\"", b"multipart/mixed; boundary", b"text/x-unknown"]
        form = self.chance.choice(forms)
        return self.change_header(mail, lambda name, value: b"Content-Type: " + form + self.newline(mail),
                                  re.compile(rb"^Content-Type:", re.M | re.I))

    def file_name(self, mail):
        forms = [b"filename=a b.txt", b"filename=\"a b.txt\"", b"filename*=utf-8''a%C3%A4.txt",
                 b"filename*0=\"a\"; filename*1=\"b.txt\"", b"filename*1=\"b.txt\"; filename*0=\"a\"",
                 b"filename*0*=utf-8''%C3; filename*1*=%A4", b"filename=\"=?utf-8?q?=C3=A4?=.txt\"",
                 b"filename=\"a", b"filename=\"a\\\\b\"", b"filename=", b"filename*=utf-8''%zz", b"filename=a.txt; filename=b.txt"]
        line = b"Content-Disposition: attachment; " + self.chance.choice(forms) + self.newline(mail)
        span = self.pick(mail, MIME_HEADER.finditer(mail))
        return mail if span is None else self.insert(mail, span[0], line)

    def body_place(self, mail):
        start = self.head_end(mail)
        return self.chance.randrange(start, len(mail) + 1)

    def base64_cut(self, mail):
        lines = list(re.finditer(rb"^[A-Za-z0-9+/]{20,}={0,2}\r?$", mail, re.M))
        if not lines:
            return mail
        start, end = self.chance.choice(lines).span()
        at = self.chance.randrange(start, end)
        what = self.chance.choice([b"", b"=", b"==", b"*", b" ", b"-", b"\r\n", b"====", b"\xe4"])
        return mail[:at] + what + mail[at + self.chance.randrange(4):]

    def quoted_odd(self, mail):
        found = list(re.finditer(rb"quoted-printable", mail, re.I))
        if not found:
            return mail
        start = self.chance.choice(found).end()
        end = min(len(mail), start + 600)
        for _ in range(self.chance.randrange(1, 4)):
            what = self.chance.choice([b"=\r\n", b"=\n", b"= \r\n", b"=\t \n", b"=", b"=A", b"=4", b"=zz", b"=\r", b"=0D=0A", b"==",
                                       b"=e4", b"=E4", b"=00", b"=3D", b" \r\n"])
            mail = self.insert(mail, self.chance.randrange(start, end), what)
        return mail

    # --- bytes ---

    def cr_alone(self, mail):
        return self.one_newline(mail, b"\r")

    def lf_alone(self, mail):
        return self.one_newline(mail, b"\n")

    def one_newline(self, mail, new):
        span = self.pick(mail, re.finditer(rb"\r?\n", mail))
        return mail if span is None else mail[:span[0]] + new + mail[span[1]:]

    def nul(self, mail):
        return self.insert(mail, self.body_place(mail), b"\0")

    def byte_changed(self, mail):
        changed = bytearray(mail)
        for _ in range(self.chance.randrange(1, 4)):
            if changed:
                changed[self.chance.randrange(len(changed))] = self.chance.randrange(256)
        return bytes(changed)

    def bytes_lost(self, mail):
        at = self.chance.randrange(len(mail) + 1)
        return mail[:at] + mail[at + self.chance.randrange(1, 80):]

    def bytes_again(self, mail):
        at = self.chance.randrange(len(mail) + 1)
        return self.insert(mail, self.chance.choice(self.line_starts(mail)), mail[at:at + self.chance.randrange(1, 300)])

    # --- structure ---

    def part_empty(self, mail):
        lines = self.boundary_lines(mail)
        if len(lines) < 2:
            return mail
        i = self.chance.randrange(len(lines) - 1)
        return mail[:lines[i][1]] + mail[lines[i + 1][0]:]

    def part_without_content(self, mail):
        lines = self.boundary_lines(mail)
        if len(lines) < 2:
            return mail
        i = self.chance.randrange(len(lines) - 1)
        head = lines[i][1] + self.head_end(mail[lines[i][1]:])
        return mail if head >= lines[i + 1][0] else mail[:head] + mail[lines[i + 1][0]:]

    def nested(self, mail):
        end = self.newline(mail)
        for _ in range(self.chance.choice([1, 1, 2, 3, 6, 9])):
            name = b"n%d" % self.chance.randrange(1000)
            mail = end.join([b"Subject: around", b"Content-Type: multipart/mixed; boundary=" + name, b"", b"--" + name,
                             b"Content-Type: message/rfc822", b"", mail, b"--" + name + b"--", b""])
        return mail

    def deep(self, mail):
        end = self.newline(mail)
        head = []
        for i in range(self.chance.randrange(1, 12)):
            head += [b"Content-Type: multipart/mixed; boundary=d%d" % i, b"", b"--d%d" % i]
        return end.join(head) + end + mail

    def message_encoded(self, mail):
        end = self.newline(mail)
        encoding = self.chance.choice([b"base64", b"quoted-printable", b"7bit", b"8bit"])
        body = {b"base64": base64.encodebytes, b"quoted-printable": quopri.encodestring}.get(encoding, bytes)(mail)
        return end.join([b"Subject: around", b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: " + encoding, b"", body])


MUTATIONS = sorted(name for name in vars(Mutation) if name not in (
    "line_starts", "head_end", "boundary_lines", "pick", "insert", "newline", "change_boundary_line", "header", "change_header",
    "body_place", "one_newline") and not name.startswith("_"))


def mutants_of(mail, count, seed):
    """Up to count mutants of one mail, which hang on nothing but this mail, so that another one beside it changes none."""
    chance = random.Random(b"%d " % seed + mail)
    mutation = Mutation(chance)
    first = chance.randrange(len(MUTATIONS))
    for number in range(first, first + count):
        names = [MUTATIONS[number % len(MUTATIONS)]] + chance.choices(MUTATIONS, k=chance.choice([0, 0, 0, 1, 2]))
        changed = mail
        for name in names:
            if changed:
                changed = getattr(mutation, name)(changed)
        if changed != mail: # most mails have nothing for some of them
            yield " ".join(names), changed


def mutants(mails, count, seed):
    """About count of them: each mutation comes as often as each other, alone or with one or two more."""
    for number, mail in enumerate(mails):
        for mutant, (names, changed) in enumerate(mutants_of(mail, max(1, count // len(mails)), seed)):
            yield "%03d.%02d %s" % (number, mutant, names), changed
