"""Attachments that open: small, and the same each time.  SPDX-License-Identifier: GPL-3.0-or-later

Keys and certificate were made for these mails alone and thrown away; the signatures are of another text.
"""
import base64
import io
import struct
import zipfile
import zlib

from . import tokens

GIF_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

JPEGS = [base64.b64decode(text) for text in (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACweISchHCwnJCcyLyw1Qm9IQj09QohhZlBvoY2ppp6Nm5ixx//Ysbzxv5ib3v/g8f//////rNX/////////"
    "////2wBDAS8yMkI6QoJISIL/t5u3////////////////////////////////////////////////////////////////////wAARCAAgADADASIAAhEB"
    "AxEB/8QAGQABAQADAQAAAAAAAAAAAAAABQABAwQC/8QAKRAAAgEDAgQFBQAAAAAAAAAAAQIAAxEhBDESQVFhIjJxkbFCUoHB0f/EABYBAQEBAAAAAAAA"
    "AAAAAAAAAAIDAP/EABkRAAMBAQEAAAAAAAAAAAAAAAABAhESE//aAAwDAQACEQMRAD8A55Siem060kBIu53J5S1VhNLThXTVmvamcdcSbTVlFzTP4zFZ"
    "rNTiJWlZiMFuS+v8+JP0YuUEt4cNg7WnnJ3wOkVfSrUUlyTUP1dPQdIawKsVO4NjHNdBawxFKWppvSDMwB2I79oVe+Bn9TK3VuIEhuompdGTwVs9XzXR"
    "PtB8XuD8e/KbQAoAAAAwAIautrLe5Deok2trEY4V7gSfDF0hCpUWkhZzYfMIdi7ljuTeTuztxOxJ7zEpM4FvT//Z",
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACweISchHCwnJCcyLyw1Qm9IQj09QohhZlBvoY2ppp6Nm5ixx//Ysbzxv5ib3v/g8f//////rNX/////////"
    "////2wBDAS8yMkI6QoJISIL/t5u3////////////////////////////////////////////////////////////////////wAARCAAoACgDASIAAhEB"
    "AxEB/8QAGAABAAMBAAAAAAAAAAAAAAAAAAIDBAX/xAAmEAEAAgECBAcBAQAAAAAAAAABAAIRAzESIUFhBBMyUcHR8IGh/8QAFwEBAQEBAAAAAAAAAAAA"
    "AAAAAgADAf/EABgRAQEBAQEAAAAAAAAAAAAAAAABEQJR/9oADAMBAAIRAxEAPwBAZcETX4bSK1Lvqdu0wk1rbig0NVPT/sgiOEw950Zn16efkpy4d7e/"
    "Y+/wrx4M6Y14nBt1YkgwYNog0ydIMGCc2adHU86ppjgqYsnXsfL+FwPS1XUWtVKnK1jr2Pv52sAqAAByAgCoAAHICQ1dQ06Zd+hNAYtQxqWD3YkYmLVF"
    "eJwbdWTqtEa8sbYiJJceKvjar/JVa1rubOWIltqyIxETif/Z",
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACweISchHCwnJCcyLyw1Qm9IQj09QohhZlBvoY2ppp6Nm5ixx//Ysbzxv5ib3v/g8f//////rNX/////////"
    "////2wBDAS8yMkI6QoJISIL/t5u3////////////////////////////////////////////////////////////////////wAARCAAYAEADASIAAhEB"
    "AxEB/8QAGQAAAwEBAQAAAAAAAAAAAAAAAAIFAwQB/8QAKxAAAQQAAgkDBQAAAAAAAAAAAQACAxESIRQxMkFSYXGR0QRRoRMjM4Gx/8QAFwEBAQEBAAAA"
    "AAAAAAAAAAAAAAECA//EABgRAQEBAQEAAAAAAAAAAAAAAAABERIx/9oADAMBAAIRAxEAPwDnQhVfTsia24qPPesuUmpzYZHVUbs9RpPok/B8hUyQ0Ekg"
    "AZklZfWDvxNMnMbPfxaNcRw6JPwfIWUkb43Br2kE6h79FTwSP234Bws8+KTsjbHeEZnWTmT1KLxEaydQ/ZRhvaN/xWJWRub90ChvO5SnUHHCbbeR5IxZ"
    "hC4A1rPJetdIDbSWdDmhCJ4cSvDg5xxkVWMXXhb6dLws7FCENo06XhZ2KV3rJibDgOQCEIbWLnufWJxdXubSoQoj/9k="
)]

PGP_SIGNATURE = """-----BEGIN PGP SIGNATURE-----

iHUEABYIAB0WIQTzk0S/NFIus03RWp3kLveYfQUhTgUCawR0wQAKCRDkLveYfQUh
TnGfAQDl4sDF0lJfx3q16nAQU6cX3uRRwGlgAK8/tRoBKw8HDAEAqjoH53V6O8W7
G4CYa+9EqeOM0CG2HrNBFrj/go17SgY=
=ebZb
-----END PGP SIGNATURE-----
"""

PGP_KEY = """-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawRzrhYJKwYBBAHaRw8BAQdAqkao4BTyciTG+NqtbIPpPHeEgP1b/hOAykYP
fQq9KYG0KkpvbmFzIEJpcmtlbGFuZCA8am9uYXNAYmlya2VsYW5kLWNvZGUubmV0
PoiQBBMWCAA4FiEE85NEvzRSLrNN0Vqd5C73mH0FIU4FAmsEc64CGwMFCwkIBwIG
FQoJCAsCBBYCAwECHgECF4AACgkQ5C73mH0FIU6hrgD+Idys+BHqV/WSbCFo9/7t
shZ39HVWCsX2gXTUeWQcOnkA/12kWOD4u0/yPghe3guK1rssnlFxvT2qLKISed0t
KcsN
=qEry
-----END PGP PUBLIC KEY BLOCK-----
"""

SMIME_SIGNATURE = base64.b64decode(
    "MIIGVAYJKoZIhvcNAQcCoIIGRTCCBkECAQExDzANBglghkgBZQMEAgEFADALBgkqhkiG9w0BBwGgggOmMIIDojCCAoqgAwIBAgIUDkIEooXetPfGhU0k"
    "ZqUN4CLSteUwDQYJKoZIhvcNAQELBQAwSDELMAkGA1UEBhMCQ0gxHDAaBgNVBAoME0thbnpsZWkgUnV0aXNoYXVzZXIxGzAZBgNVBAMMEk1hcmxlbiBS"
    "dXRpc2hhdXNlcjAeFw0yNjExMjMxNzExMTBaFw0yODEwMjMxNzExMTBaMEgxCzAJBgNVBAYTAkNIMRwwGgYDVQQKDBNLYW56bGVpIFJ1dGlzaGF1c2Vy"
    "MRswGQYDVQQDDBJNYXJsZW4gUnV0aXNoYXVzZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDPsJ9jKb2GIo9MMJIuB0u75gRfvol1Qcn1"
    "uwgkz+IdZWrN/lDon4T5/331GiYJWhTE9ervMYlcbqPFlZZtWAdw/lijVYqQWgVHe2IJl1BlDjevJkmIiPfC9k6wBVZvZOwnOXOBmQJY647htA9jRE9l"
    "efy9VqNFYF2Iadw4oWFQVY+q7xrgoIu6eYz1BmnAFTD2TA5wpmHapqWjRTOGidxtJgNeupxF6xe0RH/9EAPExXGOkq1L5jMaqNFtlQ31HmQZA6xuaVA0"
    "E/mNzyd6XWAuUopJ5MK7bw7WPXjKrBog8zhazxZQeKGRP6K8xFmyN0z6U/ynEQn2rUg3E0Ete10pAgMBAAGjgYMwgYAwHQYDVR0OBBYEFMjCs8RM/ma2"
    "vJckgB9uzabnYjV5MB8GA1UdIwQYMBaAFMjCs8RM/ma2vJckgB9uzabnYjV5MA8GA1UdEwEB/wQFMAMBAf8wLQYDVR0RBCYwJIEicnV0aXNoYXVzZXJA"
    "a2FuemxlaS1ydXRpc2hhdXNlci5jaDANBgkqhkiG9w0BAQsFAAOCAQEAu9LXMUzo34imlri+VWAvlm+4hWhfNsHBrJb4o2l7VzgYV++f/LIU0OgzH+mC"
    "XLqb3co0YYhpMQlIDfc6y/r/vAfZneEjEaIcW9m+q+0QItSTpGvoPBoa16/E7zg1KDnFmczXmJV97W2pkifiTLJGv9H/lEUNSeWa4gOQaUgCeEhRkfo1"
    "5TC3GcJ6lvDoAqFjiCggr0KV8X+aHftJ9wdFcUndJqB0/SDu97rJ1XxGf5C5TDE8Oy4B9GLhrqet4zhGXaANC0IOrIC7y9NJHFmZMf3eOywxyeGpjbPI"
    "fnkmWqd84wPWALbk7EVazgaxKNzDgVhinx42RZ9WotzNOXqBiDGCAnIwggJuAgEBMGAwSDELMAkGA1UEBhMCQ0gxHDAaBgNVBAoME0thbnpsZWkgUnV0"
    "aXNoYXVzZXIxGzAZBgNVBAMMEk1hcmxlbiBSdXRpc2hhdXNlcgIUDkIEooXetPfGhU0kZqUN4CLSteUwDQYJYIZIAWUDBAIBBQCggeQwGAYJKoZIhvcN"
    "AQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTIzMTcxNTQ1WjAvBgkqhkiG9w0BCQQxIgQgWJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQ"
    "goai6Eb2vgMweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0D"
    "AgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwDQYJKoZIhvcNAQEBBQAEggEAXsUzaDeL92APbZgIx/3N1EGotMW7yKif"
    "RNACrIxXH33TkgN44Z2tVaFBRO3+CcPK1+M9xevieQkDzoNF/mcEa2ESH6PiCN85OX72TAWgQbvyntPKVGr+BZhpQjQaKiBPM2NJ6jvSjMbQydQJt5gz"
    "jF93q4FaNhAk3EhpQCx83/yN22OLVzJxhTxQjrEx4nIQ2d84acAPTKl78LxSoQXqK/EUS4NBtqMOR9xPtoJl1CjhLtwIbSKj2EJey4prXIIJ4XE7B6b/"
    "GsGoPwgl2l4E0caiQeXSERmayjUX2MTZHMtiXs49EmnS8fhzSdPlbYxscghu0H6VQElY/YTe8pfsZw==")


def jpeg(number=0):
    """A photograph, as far as a program can tell."""
    return JPEGS[number % len(JPEGS)]


def png(width, height, *colours):
    """Stripes; each colour is (red, green, blue)."""
    rows = b""
    for y in range(height):
        colour = colours[y * len(colours) // height]
        rows += b"\0" + bytes(colour) * width

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def noisy_png(seed, width, height):
    """A QR-like or chart-like picture of a few kilobytes."""
    rows, noise = b"", tokens.stream(seed, width * height)
    for y in range(height):
        rows += b"\0" + bytes(255 if noise[y // 2 * width + x // 2] & 1 else 20 for x in range(width))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def pdf(title, lines, producer="FPDF 1.86", compressed=True):
    """One page of Helvetica."""
    def escape(text):
        return text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    content = b"BT /F1 10 Tf 60 780 Td 14 TL\n" + b"".join(b"(" + escape(line) + b") Tj T*\n" for line in lines) + b"ET\n"
    kind = b""
    if compressed:
        content, kind = zlib.compress(content, 9), b"/Filter /FlateDecode "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< " + kind + b"/Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + escape(title) + b") /Producer (" + escape(producer) + b") >>",
    ]
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()


def archive(files):
    """A zip of (name, bytes), all of one moment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (2025, 3, 1, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    return out.getvalue()


def locked_archive(name, data, password):
    """A zip of one stored file under the old PKWARE cipher, as tax advisers and personnel offices still send."""
    table = [0] * 256
    for at in range(256):
        value = at
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table[at] = value
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte):
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 255]

    def locked(byte):
        mask = (keys[2] | 2) & 0xFFFF
        out = byte ^ (mask * (mask ^ 1) >> 8) & 255
        turn(byte)
        return out
    for byte in password.encode():
        turn(byte)
    check = zlib.crc32(data)
    body = bytes(locked(byte) for byte in tokens.stream(name, 11) + bytes([check >> 24]) + data)
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0x6000, 0x5A61, check, len(body), len(data), len(name), 0)
    local = b"PK\3\4" + common + name.encode() + body
    central = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    return local + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org"


def escape_xml(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def office(kind, part_type, target, files):
    types = "".join(f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{what}+xml"/>'
                    for name, what in part_type)
    return archive([
        ("[Content_Types].xml", XML + f'<Types xmlns="{OFFICE}/package/2006/content-types"><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
         f'ContentType="application/xml"/>{types}</Types>'),
        ("_rels/.rels", XML + f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
         f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="{target}"/></Relationships>'),
    ] + files + [("docProps/app.xml", XML + f'<Properties xmlns="{OFFICE}/officeDocument/2006/extended-properties">'
                  f'<Application>{kind}</Application></Properties>')])


def docx(paragraphs):
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape_xml(text)}</w:t></w:r></w:p>' for text in paragraphs)
    return office("Microsoft Office Word", [("word/document.xml", "wordprocessingml.document.main")], "word/document.xml", [
        ("word/document.xml", XML + f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>')])


def xlsx(rows):
    body = "".join("<row>" + "".join(
        f"<c><v>{cell}</v></c>" if isinstance(cell, (int, float)) else
        f'<c t="inlineStr"><is><t>{escape_xml(cell)}</t></is></c>' for cell in row) + "</row>" for row in rows)
    main = f"{OFFICE}/spreadsheetml/2006/main"
    return office("Microsoft Excel", [("xl/workbook.xml", "spreadsheetml.sheet.main"), ("xl/worksheets/sheet1.xml",
                                      "spreadsheetml.worksheet")], "xl/workbook.xml", [
        ("xl/workbook.xml", XML + f'<workbook xmlns="{main}" xmlns:r="{OFFICE}/officeDocument/2006/relationships"><sheets>'
         '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", XML + f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
         f'Type="{OFFICE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
        ("xl/worksheets/sheet1.xml", XML + f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>')])


def event(uid, start, end, summary, organizer, attendees, method="REQUEST", place="", description="", zone="Europe/Berlin",
          product="-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", sequence=0):
    """An iCalendar object; times as 20250304T100000, people as (name, address)."""
    lines = ["BEGIN:VCALENDAR", f"PRODID:{product}", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}",
             f"DTSTAMP:{start[:8]}T060000Z", f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}", f"SUMMARY:{summary}",
             f"ORGANIZER;CN={organizer[0]}:mailto:{organizer[1]}"]
    lines += [f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT={'ACCEPTED' if method == 'REPLY' else 'NEEDS-ACTION'};RSVP=TRUE;CN={name}:mailto:{address}"
              for name, address in attendees]
    if place:
        lines.append(f"LOCATION:{place}")
    if description:
        lines.append("DESCRIPTION:" + description.replace("\n", "\\n").replace(",", "\\,"))
    lines += [f"SEQUENCE:{sequence}", f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}", "TRANSP:OPAQUE", "BEGIN:VALARM", "ACTION:DISPLAY",
              "TRIGGER:-PT15M", "DESCRIPTION:Reminder", "END:VALARM", "END:VEVENT", "END:VCALENDAR", ""]
    return "\n".join(fold_content_line(line) for line in lines)


def fold_content_line(line):
    out, now = [], ""
    for letter in line:
        if len((now + letter).encode()) > 74:
            out.append(now)
            now = " "
        now += letter
    return "\n".join(out + [now])


def card(name, organisation, mail, phone):
    family, _, given = name.rpartition(" ")[2], "", name.rpartition(" ")[0]
    return (f"BEGIN:VCARD\nVERSION:3.0\nN:{family};{given};;;\nFN:{name}\nORG:{organisation}\nEMAIL;TYPE=WORK:{mail}\n"
            f"TEL;TYPE=WORK,VOICE:{phone}\nEND:VCARD\n")
