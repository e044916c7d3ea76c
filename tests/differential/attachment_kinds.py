#!/usr/bin/python3
"""What Mailspan makes of attachments against libmagic, file by file.

    attachment_kinds.py [--source DIR] [--keep DIR] [--show] [FILE-OR-FOLDER...]

Makes several hundred files with programs that have nothing to do with Mailspan (zip, 7z, tar, gzip, xz, genisoimage, gcab,
qpdf, objcopy, Python's own modules; some by hand, after the specifications), asks file(1), which is libmagic, and
attachment_dump, which sends each as a mail, and compares. attachment_differences.yaml says where the two differ, and who is
right; a difference that no entry explains fails, and so does an entry that no file needs. Of each file it is known, too, what was put in:
a password, a program, a macro, a script; that must be found, and nothing else.

FILE-OR-FOLDER: files as they are, in place of those that are made; their differences are counted and shown.

A program that is not there leaves out what it makes, and says so. Exit: 0 they agree, 1 they do not.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import bz2
import collections
import fnmatch
import gzip
import io
import lzma
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = ["attachment", "byte_chain", "charset", "content_archive", "content_image", "content_kind", "content_text",
           "mail_header", "mail_text", "mime_fields", "mime_header", "mime_part", "mime_scan", "mime_transfer", "part_look",
           "text_sample"]

# What libmagic calls a kind of ours; a trailing * stands for anything. The first kind that fits counts; what fits none is
# "unknown", as ours is where it knows nothing.
KINDS = [
    ("pe", ["application/vnd.microsoft.portable-executable", "application/x-dosexec+pe"]),
    ("dos", ["application/x-dosexec"]),
    ("elf", ["application/x-executable", "application/x-pie-executable", "application/x-sharedlib", "application/x-object",
             "application/x-coredump"]),
    ("mach-o", ["application/x-mach-binary"]),
    ("java-class", ["application/x-java-applet"]),
    ("lnk", ["application/x-ms-shortcut"]),
    ("url", ["application/x-mswinurl", "application/x-wine-extension-ini"]),
    ("chm", ["application/vnd.ms-htmlhelp"]),
    ("msi", ["application/x-msi"]),
    ("jar", ["application/java-archive"]),
    ("apk", ["application/vnd.android.package-archive"]),
    ("iso", ["application/x-iso9660-image"]),
    ("vhd", ["application/x-virtualbox-vhd*"]),
    ("reg", ["text/x-ms-regedit"]),
    ("script", ["text/x-shellscript", "text/x-script.python", "text/x-perl", "text/x-ruby", "text/x-awk", "text/x-tcl",
                "text/x-php"]),
    ("ooxml", ["application/vnd.openxmlformats-officedocument*"]),
    ("odf", ["application/vnd.oasis.opendocument*"]),
    ("epub", ["application/epub+zip"]),
    ("zip", ["application/zip"]),
    ("rar", ["application/x-rar"]),
    ("7z", ["application/x-7z-compressed"]),
    ("cab", ["application/vnd.ms-cab-compressed"]),
    ("tar", ["application/x-tar"]),
    ("ace", ["application/x-ace-compressed"]),
    ("arj", ["application/x-arj"]),
    ("lzh", ["application/x-lzh-compressed", "application/x-lharc", "application/x-lha"]),
    ("gzip", ["application/gzip"]),
    ("bzip2", ["application/x-bzip2"]),
    ("xz", ["application/x-xz"]),
    ("zstd", ["application/zstd"]),
    ("lzip", ["application/x-lzip", "application/lzip"]),
    ("compress", ["application/x-compress"]),
    ("html", ["text/html"]),
    ("svg", ["image/svg+xml"]),
    ("ole", ["application/CDFV2", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
             "application/vnd.ms-office", "application/encrypted", "application/x-ole-storage", "application/vnd.ms-outlook"]),
    ("rtf", ["text/rtf"]),
    ("ps", ["application/postscript"]),
    ("onenote", ["application/onenote"]),
    ("pdf", ["application/pdf"]),
    ("png", ["image/png"]),
    ("jpeg", ["image/jpeg"]),
    ("gif", ["image/gif"]),
    ("webp", ["image/webp"]),
    ("bmp", ["image/bmp"]),
    ("tiff", ["image/tiff"]),
    ("xml", ["text/xml"]),
    ("ics", ["text/calendar"]),
    ("vcf", ["text/vcard"]),
    ("eml", ["message/rfc822", "message/news"]),
]
MARKS = {"encrypted": 0x01, "macro": 0x02, "active": 0x04, "program": 0x08, "cut": 0x10}


def kind_of_mime(mime):
    for kind, patterns in KINDS:
        if any(fnmatch.fnmatchcase(mime, pattern) for pattern in patterns):
            return kind
    return "unknown"


# --- made files -------------------------------------------------------------------------------------------------------

class Maker:
    """Puts files into a folder; each is named GROUP-NUMBER.EXTENSION, with what it must have."""

    def __init__(self, folder):
        self.folder = folder
        self.random = random.Random(6)
        self.marks = {}     # path: set of MARKS, or None: not asked
        self.missing = set()

    def path(self, group, extension, marks=frozenset()):
        number = sum(1 for path in self.marks if pathlib.Path(path).name.startswith(group + "-"))
        path = str(self.folder / f"{group}-{number:03}.{extension}")
        self.marks[path] = marks if marks is None else set(marks)
        return path

    def put(self, group, extension, content, marks=frozenset()):
        path = self.path(group, extension, marks)
        pathlib.Path(path).write_bytes(content)
        return path

    def noise(self, size):
        return self.random.randbytes(size)

    def text(self, size):
        words = ["the", "invoice", "of", "June", "is", "attached;", "please", "pay", "until", "tomorrow.\n"]
        out = io.StringIO()
        while out.tell() < size:
            out.write(self.random.choice(words) + " ")
        return out.getvalue()[:size].encode()

    def run(self, *command, cwd=None, output=None):
        if shutil.which(command[0]) is None:
            self.missing.add(command[0])
            return False
        done = subprocess.run(command, cwd=cwd, stdout=output or subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0


SIZES = [1, 100, 1500, 2039, 2041, 4000, 4081, 6000, 9000, 50000]
NAMES = {"plain": ["letter.txt"], "several": ["a.txt", "folder/b.pdf", "folder/c.jpg"],
         "program": ["letter.txt", "invoice.pdf.exe"], "script": ["invoice.js"], "web": ["index.html", "main.js", "x.css"]}
WITH_PROGRAM = {"program", "script"}


def marks_of(names, *more):
    return set(more) | ({"program"} if names in WITH_PROGRAM else set())


def make_zips(maker):
    for names, members in NAMES.items():
        for size in SIZES:
            for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
                if method > zipfile.ZIP_DEFLATED and size != 6000:
                    continue
                path = maker.path("zip-" + names, "zip", marks_of(names))
                with zipfile.ZipFile(path, "w", method) as archive:
                    for member in members:
                        archive.writestr(member, maker.noise(size) if size % 2 else maker.text(size))
    many = maker.path("zip-many", "zip", {"cut"})
    with zipfile.ZipFile(many, "w") as archive:
        for i in range(100):
            archive.writestr(f"folder/file-number-{i}.txt", maker.noise(200))
    maker.put("zip-empty", "zip", b"PK\5\6" + bytes(18))


def make_with_tools(maker, work):
    """zip and 7z, with passwords and without; names that a mail program would show."""
    for names, members in NAMES.items():
        for size in (10, 3000, 40000):
            folder = work / f"{names}-{size}"
            for member in members:
                (folder / member).parent.mkdir(parents=True, exist_ok=True)
                (folder / member).write_bytes(maker.noise(size))
            tops = sorted({member.split("/")[0] for member in members})
            for options, extra in ((["-0"], ()), (["-9"], ()), (["-P", "secret"], ("encrypted",))):
                path = maker.path("infozip-" + names, "zip", marks_of(names, *extra))
                if not maker.run("zip", "-q", "-r", *options, path, *tops, cwd=folder):
                    del maker.marks[path]
            path = maker.path("infozip-stream-" + names, "zip", marks_of(names))
            with open(path, "wb") as out:
                if not maker.run("zip", "-q", "-r", "-", *tops, cwd=folder, output=out):
                    del maker.marks[path]
            for group, extension, options, extra in SEVEN_ZIP:
                # The list of names is packed when it is long, unless it is told to stand in clear.
                packed = "-mhc=off" not in options and (len(members) > 1 or "-mhe=on" in options)
                hidden = extension == "7z" and packed
                marks = {"cut"} | set(extra) if hidden else marks_of(names, *extra)
                if extension == "wim":
                    marks = set()
                path = maker.path(f"{group}-{names}", extension, marks)
                if not maker.run("7zz", "a", "-bso0", "-bsp0", *options, path, *tops, cwd=folder) or \
                        not os.path.exists(path):
                    del maker.marks[path]


SEVEN_ZIP = [
    ("7z", "7z", ["-t7z"], ()),
    ("7z-clear", "7z", ["-t7z", "-mhc=off"], ()),
    ("7z-copy", "7z", ["-t7z", "-m0=Copy", "-mhc=off"], ()),
    ("7z-password", "7z", ["-t7z", "-psecret", "-mhc=off"], ("encrypted",)),
    ("7z-hidden", "7z", ["-t7z", "-psecret", "-mhe=on"], ("encrypted",)),
    ("7z-zip", "zip", ["-tzip"], ()),
    ("7z-zip-aes", "zip", ["-tzip", "-psecret", "-mem=AES256"], ("encrypted",)),
    ("7z-zip-crypto", "zip", ["-tzip", "-psecret"], ("encrypted",)),
    ("7z-tar", "tar", ["-ttar"], ()),
    ("7z-wim", "wim", ["-twim"], ()),
]


def make_packed(maker, work):
    for size in SIZES:
        data = maker.text(size)
        maker.put("gzip", "gz", gzip.compress(data))
        maker.put("bzip2", "bz2", bz2.compress(data))
        maker.put("xz", "xz", lzma.compress(data))
        maker.put("lzma", "lzma", lzma.compress(data, format=lzma.FORMAT_ALONE))
        maker.put("zlib", "zz", zlib.compress(data))
        for program, extension, marks in (("invoice.exe", "gz", {"program"}), ("letter.txt", "gz", set())):
            source = work / program
            source.write_bytes(data)
            path = maker.path("gzip-" + program.split(".")[0], extension, marks)
            with open(path, "wb") as out:
                if not maker.run("gzip", "-c", str(source), output=out):
                    del maker.marks[path]
            for tool, ending in (("xz", "xz"), ("bzip2", "bz2"), ("zstd", "zst"), ("plzip", "lz")):
                path = maker.path(tool, ending)
                with open(path, "wb") as out:
                    if not maker.run(tool, "-c", str(source), output=out):
                        del maker.marks[path]


def make_tars(maker):
    for names, members in NAMES.items():
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            for mode, extension in (("w", "tar"), ("w:gz", "tgz"), ("w:bz2", "tbz"), ("w:xz", "txz")):
                path = maker.path("tar-" + extension, extension, marks_of(names) if mode == "w" else set())
                with tarfile.open(path, mode, format=form) as archive:
                    for member in members:
                        info = tarfile.TarInfo(member)
                        info.size = 700
                        archive.addfile(info, io.BytesIO(maker.noise(700)))


def make_disks(maker, work):
    for number, options in enumerate((["-r"], ["-J"], ["-udf"], ["-J", "-udf"], ["-hfs"])):
        folder = work / f"disk-{number}"
        folder.mkdir()
        (folder / "invoice.exe").write_bytes(maker.noise(50000))
        path = maker.path("iso", "iso")
        if not maker.run("genisoimage", "-quiet", *options, "-o", path, str(folder)):
            del maker.marks[path]
    for names, members in NAMES.items():
        folder = work / f"cab-{names}"
        for member in members:
            (folder / member).parent.mkdir(parents=True, exist_ok=True)
            (folder / member).write_bytes(maker.text(3000))
        for options in ([], ["-z"]):
            path = maker.path("cab-" + names, "cab", marks_of(names))
            if not maker.run("gcab", "-c", *options, path, *members, cwd=folder):
                del maker.marks[path]
    boot = bytearray(b"\xeb\x3c\x90mkfs.fat" + struct.pack("<HBHBHHBH", 512, 4, 1, 2, 512, 2880, 0xF8, 2))
    boot += bytes(54 - len(boot)) + b"FAT12   "
    maker.put("fat", "img", bytes(boot) + bytes(510 - len(boot)) + b"\x55\xaa" + bytes(5000))
    maker.put("vhd", "vhd", b"conectix" + struct.pack(">IIQ", 2, 0x10000, 512) + bytes(4000))
    maker.put("vhdx", "vhdx", b"vhdxfile" + "made".encode("utf-16-le") + bytes(70000))


def make_programs(maker, work):
    for name in ("sh", "ls", "cat", "env", "true"):
        found = shutil.which(name)
        if found is not None:
            maker.put("elf", "bin", pathlib.Path(os.path.realpath(found)).read_bytes())
    data = work / "blob"
    data.write_bytes(maker.noise(5000))
    for target in ("pei-x86-64", "pei-i386", "elf64-x86-64", "elf32-i386"):
        path = maker.path("objcopy", "exe" if target.startswith("pei") else "o")
        if not maker.run("objcopy", "-I", "binary", "-O", target, "-B", "i386", str(data), path) or not os.path.exists(path):
            del maker.marks[path]
    for machine in (0x14C, 0x8664, 0xAA64):
        for where in (64, 128, 240, 512):
            stub = bytearray(where)
            stub[:2] = b"MZ"
            stub[0x18:0x1A] = struct.pack("<H", 0x40)
            stub[0x3C:0x40] = struct.pack("<I", where)
            head = struct.pack("<4sHHIIIHH", b"PE\0\0", machine, 1, 0, 0, 0, 0xF0, 0x22)
            option = struct.pack("<HBBIIIII", 0x20B, 14, 0, 512, 0, 0, 0x1000, 0x1000) + bytes(0xF0 - 24)
            maker.put("pe", "exe", bytes(stub) + head + option + b".text\0\0\0" + bytes(32) + maker.noise(4000))
    maker.put("mach-o", "bin", struct.pack("<IIIIIII", 0xFEEDFACF, 0x01000007, 3, 2, 16, 1024, 0) + maker.noise(3000))
    maker.put("mach-o", "bin", struct.pack(">IIIIIII", 0xCAFEBABE, 2, 0x01000007, 3, 4096, 9000, 12) + bytes(4000))
    maker.put("class", "class", struct.pack(">IHH", 0xCAFEBABE, 0, 52) + b"\0\x1d\x0a\0\6\0\x0f" + maker.noise(600))
    maker.put("lnk", "lnk", bytes.fromhex("4c0000000114020000000000c000000000000046") + struct.pack("<II", 0x9B, 32) + bytes(300))
    maker.put("chm", "chm", b"ITSF" + struct.pack("<III", 3, 0x60, 1) + bytes(100))
    for line in ("#!/bin/sh", "#!/bin/bash", "#! /usr/bin/perl -w", "#!/usr/bin/env python3", "#!/usr/bin/ruby", "#!/usr/bin/awk -f"):
        maker.put("script", "txt", line.encode() + b"\n" + maker.text(500))
    maker.put("reg", "reg", b"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\x]\r\n")
    maker.put("reg", "reg", b"REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\x]\r\n")
    maker.put("url", "url", b"[InternetShortcut]\r\nURL=https://x.example/\r\n")


def zip_of(maker, group, extension, members, marks=frozenset(), first_stored=False):
    path = maker.path(group, extension, marks)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members):
            method = zipfile.ZIP_STORED if first_stored and number == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)


def make_documents(maker):
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    for size in SIZES:
        for folder, main, extension in (("word", "document.xml", "docx"), ("xl", "workbook.xml", "xlsx"),
                                        ("ppt", "presentation.xml", "pptx")):
            members = [("[Content_Types].xml", types + maker.text(300)), ("_rels/.rels", maker.text(300)),
                       (f"{folder}/{main}", maker.noise(size)), (f"{folder}/styles.xml", maker.text(size)),
                       ("docProps/app.xml", maker.text(200))]
            zip_of(maker, "ooxml", extension, members)
            with_macro = members[:3] + [(f"{folder}/vbaProject.bin", maker.noise(size))] + members[3:]
            zip_of(maker, "ooxml-macro", extension, with_macro, {"macro"})
        for kind in ("text", "spreadsheet", "presentation"):
            zip_of(maker, "odf", "od" + kind[0],
                   [("mimetype", "application/vnd.oasis.opendocument." + kind), ("content.xml", maker.noise(size)),
                    ("META-INF/manifest.xml", maker.text(300))], first_stored=True)
        zip_of(maker, "epub", "epub", [("mimetype", "application/epub+zip"), ("META-INF/container.xml", maker.text(size))],
               first_stored=True)
        zip_of(maker, "jar", "jar", [("META-INF/", b""), ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\r\n"),
                                     ("Main.class", maker.noise(size))], None)
        zip_of(maker, "apk", "apk", [("AndroidManifest.xml", maker.noise(size)), ("classes.dex", maker.noise(size)),
                                     ("resources.arsc", maker.text(100))], None)
    maker.put("rtf", "rtf", b"{\\rtf1\\ansi " + maker.text(500) + b"}")
    maker.put("ps", "ps", b"%!PS-Adobe-3.0\n%%Title: x\n" + maker.text(500))
    maker.put("onenote", "one", bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(1000))


def ole(directory_sector, entries, clsid=bytes(16), sectors=12, first=b""):
    """A compound file of so many sectors (MS-CFB), whose directory lies in one of them."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header[44:76] = struct.pack("<IIIIIIII", 1, directory_sector, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header[76:512] = struct.pack("<I", 0) + b"\xff" * 432
    body = bytearray(sectors * 512)
    table = [0xFFFFFFFF] * 128
    table[0], table[directory_sector] = 0xFFFFFFFD, 0xFFFFFFFE
    body[:512] = struct.pack("<128I", *table)
    if first:
        body[512:512 + len(first)] = first
    at = directory_sector * 512
    for number, name in enumerate(["Root Entry"] + entries):
        wide = name.encode("utf-16-le")
        entry = wide + bytes(64 - len(wide)) + struct.pack("<HBBiii", len(wide) + 2, 5 if number == 0 else 1, 1, -1,
                                                           -1 if number != 1 else 2, 1 if number == 0 else -1)
        entry += (clsid if number == 0 else bytes(16)) + bytes(20) + struct.pack("<IQ", 0xFFFFFFFE, 0)
        body[at:at + 128] = entry[:128]
        at += 128
    return bytes(header + body)


def make_ole(maker):
    msi = bytes.fromhex("84100c0000000000c000000000000046")
    for directory, sectors in ((2, 12), (2, 100), (6, 20), (98, 100), (60, 61)):
        maker.put("doc", "doc", ole(directory, ["WordDocument", "1Table", "Data"], sectors=sectors))
        maker.put("xls", "xls", ole(directory, ["Workbook", "SummaryInfo", "x"], sectors=sectors))
        maker.put("doc-macro", "doc", ole(directory, ["WordDocument", "_VBA_PROJECT", "dir"], sectors=sectors), {"macro"})
        maker.put("docx-password", "docx", ole(directory, ["EncryptedPackage", "EncryptionInfo", "x"], sectors=sectors),
                  {"encrypted"})
        maker.put("msi", "msi", ole(directory, ["Summary", "Table", "x"], msi, sectors=sectors))


def pdf_of(body, trailer=b""):
    out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    objects = [b"<< /Type /Catalog /Pages 2 0 R " + body + b">>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"]
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R " + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % start


def make_pdfs(maker, work):
    for pad in SIZES:
        filling = b"/Title (" + b"x" * pad + b") "
        maker.put("pdf", "pdf", pdf_of(filling))
        maker.put("pdf", "pdf", pdf_of(b"/OpenAction [3 0 R /Fit] " + filling))
        maker.put("pdf-script", "pdf", pdf_of(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> " + filling), {"active"})
        maker.put("pdf-starts", "pdf", pdf_of(filling + b"/AA << /O << /S /Launch /F (cmd.exe) >> >> "), {"active"})
        plain = work / "plain.pdf"
        plain.write_bytes(pdf_of(filling))
        for options in (["--encrypt", "a", "b", "256", "--"], ["--linearize", "--encrypt", "a", "b", "256", "--"]):
            path = maker.path("pdf-password", "pdf", {"encrypted"})
            maker.run("qpdf", *options, str(plain), path)
            if not os.path.exists(path):
                del maker.marks[path]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_images(maker):
    for width, height in ((1, 1), (16, 16), (300, 300), (640, 480), (99, 1000), (4000, 3000)):
        rows = b"".join(b"\0" + maker.noise(min(width, 40)) + bytes(width - min(width, 40)) for _ in range(min(height, 50)))
        maker.put(f"png-{width}x{height}", "png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
        maker.put(f"gif-{width}x{height}", "gif", b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b"\x2c" + maker.noise(900))
        maker.put(f"bmp-{width}x{height}", "bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54 + 900, 0, 0, 54, 40, width, -height, 1, 24, 0, 900, 2835, 2835, 0, 0) + maker.noise(900))
        maker.put(f"jpeg-{width}x{height}", "jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0\x43\0" + bytes(64) +
                  b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height, width) + b"\3\1\x22\0\2\x11\1\3\x11\1" + maker.noise(900))
        maker.put(f"webp-{width}x{height}", "webp", b"RIFF" + struct.pack("<I", 1000) + b"WEBPVP8X" + struct.pack("<II", 10, 0x10) +
                  struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3] + maker.noise(900))
        maker.put("tiff", "tif", struct.pack("<2sHIHHHII", b"II", 42, 8, 1, 256, 4, 1, width) + bytes(400))


def make_texts(maker):
    page = b"<html><head><title>x</title></head><body><p>" + maker.text(400) + b"</body></html>"
    heads = [b"", b"<!DOCTYPE html>\n", b"\xef\xbb\xbf", b"\n\n  ", b"<!-- a comment -->\n"]
    for head in heads:
        maker.put("html", "html", head + page)
        maker.put("html-script", "html", head + page.replace(b"<p>", b"<script>location='https://x.example'</script><p>"), {"active"})
        maker.put("html-form", "html", head + page.replace(b"<p>", b"<form action='https://x.example'><p>"), {"active"})
    maker.put("html-wide", "html", b"\xff\xfe" + page.decode().encode("utf-16-le"))
    maker.put("svg", "svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0'/></svg>")
    maker.put("svg", "svg", b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>")
    maker.put("svg-script", "svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", {"active"})
    maker.put("svg-script", "svg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'></svg>", {"active"})
    maker.put("xml", "xml", b"<?xml version='1.0' encoding='UTF-8'?><feedback><report>" + maker.text(200) + b"</report></feedback>")
    maker.put("ics", "ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    maker.put("vcf", "vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A B\r\nEND:VCARD\r\n")
    mail = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\nHello\r\n"
    for first in (b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n", b"Return-Path: <a@b.example>\r\n",
                  b"Delivered-To: c@d.example\r\n", b"Message-ID: <1@b.example>\r\n", b"MIME-Version: 1.0\r\n", b""):
        maker.put("eml", "eml", first + mail)
    for size in SIZES:
        maker.put("text", "txt", maker.text(size))
        maker.put("noise", "bin", b"\0" + maker.noise(size))
    maker.put("csv", "csv", b"a,b,c\r\n1,2,3\r\n" * 50)
    maker.put("json", "json", b'{"a": [1, 2, 3], "b": "c"}')
    maker.put("zeros", "bin", bytes(5000))
    maker.put("empty", "bin", b"")


def make_all(folder, work):
    maker = Maker(folder)
    make_zips(maker)
    make_with_tools(maker, work)
    make_packed(maker, work)
    make_tars(maker)
    make_disks(maker, work)
    make_programs(maker, work)
    make_documents(maker)
    make_ole(maker)
    make_pdfs(maker, work)
    make_images(maker)
    make_texts(maker)
    return maker


# --- both answers -----------------------------------------------------------------------------------------------------

def build(source, folder):
    program = folder + "/attachment_dump"
    subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-I" + source + "/include",
                    source + "/tests/differential/attachment_dump.c",
                    *[f"{source}/decoders/{name}.c" for name in SOURCES], "-o", program], check=True)
    return program


def ask_ours(program, paths):
    told = subprocess.run([program], input="\n".join(paths) + "\n", capture_output=True, text=True, check=True).stdout
    answers = {}
    for line in told.splitlines():
        cut = line.startswith("CUT ")
        kind, signs, width, height, attached, path = line.removeprefix("CUT ").split(" ", 5)
        answers[path] = (cut, kind, int(signs, 16), int(width), int(height), attached.strip(",").split(","))
    return answers


def ask_libmagic(paths):
    told = subprocess.run(["file", "-b", "--mime-type", "-f", "-"], input="\n".join(paths) + "\n", capture_output=True,
                          text=True, check=True).stdout
    return dict(zip(paths, told.splitlines()))


def compare_marks(path, marks, answer):
    """What was put in must be found, and nothing else."""
    _, _, signs, width, height, _ = answer
    found = {name for name, bit in MARKS.items() if signs & bit}
    if found != marks:
        yield f"{path}: has {sorted(marks)}, found {sorted(found)}"
    size = re.match(r"[a-z]+-(\d+x\d+)-", pathlib.Path(path).name)
    if size is not None and f"{width}x{height}" != size.group(1):
        yield f"{path}: found {width}x{height}"


def explain(differences, group, ours, mime):
    for entry in differences:
        if fnmatch.fnmatchcase(group, entry["files"]) and entry["ours"] == ours and \
                fnmatch.fnmatchcase(mime, entry["libmagic"]):
            return entry
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--source", default=str(HERE.parent.parent))
    parser.add_argument("--keep", help="a folder to put the made files in")
    parser.add_argument("--show", action="store_true", help="show each difference, explained ones too")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if shutil.which("file") is None:
        sys.exit("file(1) is not installed; expected Debian's package file")
    with tempfile.TemporaryDirectory() as scratch:
        program = build(options.source, scratch)
        work = pathlib.Path(scratch) / "work"
        folder = pathlib.Path(options.keep or scratch + "/made")
        work.mkdir()
        folder.mkdir(exist_ok=True)
        marks, missing = {}, set()
        if options.files:
            paths = sorted(str(path) for name in options.files for path in
                           ([pathlib.Path(name)] if os.path.isfile(name) else pathlib.Path(name).rglob("*")) if path.is_file())
        else:
            maker = make_all(folder, work)
            marks, missing = maker.marks, maker.missing
            paths = sorted(marks)
        ours, theirs = ask_ours(program, paths), ask_libmagic(paths)
    problems, agreed, used = [], 0, collections.Counter()
    table = yaml.safe_load((HERE / "attachment_differences.yaml").read_text())
    for path in paths:
        cut, kind = ours[path][:2]
        mime = theirs[path]
        if cut:
            problems.append(f"{path}: another answer in another cut")
        if marks.get(path) is not None and path in marks:
            problems += compare_marks(path, marks[path], ours[path])
        if kind == kind_of_mime(mime):
            agreed += 1
            continue
        group = pathlib.Path(path).name.rsplit("-", 1)[0]
        entry = explain(table, group, kind, mime)
        if options.show:
            print(f"{path}: ours {kind}, libmagic {mime}" + (f" ({entry['right']} is right)" if entry else ""))
        if entry is not None:
            used[id(entry)] += 1
        elif not options.files:
            problems.append(f"{path}: ours {kind}, libmagic {mime}, and attachment_differences.yaml does not say why")
    print(f"{len(paths)} files, {agreed} alike, {sum(used.values())} differ and are explained")
    if missing:
        print("left out, because it is not installed: " + ", ".join(sorted(missing)))
    elif not options.files:
        problems += [f"attachment_differences.yaml: {entry['files']}: no file needs this any more" for entry in table
                     if id(entry) not in used]
    print("\n".join(problems))
    return 1 if problems else 0


sys.exit(main())
