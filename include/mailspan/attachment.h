/* attachment: what a part of a message is by its bytes, and what it becomes a sign of with its name and type.
 *
 * The bytes say the kind (decoders/content_kind.c), the name and the type what it is called (decoders/attachment.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_ATTACHMENT_H
#define MAILSPAN_ATTACHMENT_H

#include "mailspan/span.h"

/* What kinds of content have in common. */
enum content_class {
    CLASS_UNKNOWN,
    CLASS_PROGRAM, /* is run when it is opened, or is a disk with programs on it */
    CLASS_SCRIPT,  /* is run, too, but as text looks harmless */
    CLASS_ARCHIVE,
    CLASS_PACKED, /* one file, packed without more */
    CLASS_HTML,
    CLASS_DOCUMENT,
    CLASS_NOTEBOOK, /* a document that carries files which a click opens */
    CLASS_PDF,
    CLASS_IMAGE,
    CLASS_TEXT,
};

#define MAILSPAN_CONTENT_KINDS(X)            \
    X(UNKNOWN, "unknown", UNKNOWN)           \
    X(PE, "pe", PROGRAM)                     \
    X(DOS, "dos", PROGRAM)                   \
    X(ELF, "elf", PROGRAM)                   \
    X(MACH_O, "mach-o", PROGRAM)             \
    X(JAVA_CLASS, "java-class", PROGRAM)     \
    X(DEX, "dex", PROGRAM)                   \
    X(SHORTCUT, "lnk", PROGRAM)              \
    X(URL_SHORTCUT, "url", PROGRAM)          \
    X(CHM, "chm", PROGRAM)                   \
    X(MSI, "msi", PROGRAM)                   \
    X(JAR, "jar", PROGRAM)                   \
    X(APK, "apk", PROGRAM)                   \
    X(ISO, "iso", PROGRAM)                   \
    X(FAT, "fat", PROGRAM)                   \
    X(VHD, "vhd", PROGRAM)                   \
    X(HTA, "hta", PROGRAM)                   \
    X(WSF, "wsf", PROGRAM)                   \
    X(ENCODED_SCRIPT, "script-enc", PROGRAM) \
    X(REGISTRY, "reg", PROGRAM)              \
    X(SCRIPT, "script", SCRIPT)              \
    X(ZIP, "zip", ARCHIVE)                   \
    X(RAR, "rar", ARCHIVE)                   \
    X(SEVEN_ZIP, "7z", ARCHIVE)              \
    X(CAB, "cab", ARCHIVE)                   \
    X(TAR, "tar", ARCHIVE)                   \
    X(ACE, "ace", ARCHIVE)                   \
    X(ARJ, "arj", ARCHIVE)                   \
    X(LZH, "lzh", ARCHIVE)                   \
    X(GZIP, "gzip", PACKED)                  \
    X(BZIP2, "bzip2", PACKED)                \
    X(XZ, "xz", PACKED)                      \
    X(ZSTD, "zstd", PACKED)                  \
    X(LZIP, "lzip", PACKED)                  \
    X(COMPRESS, "compress", PACKED)          \
    X(HTML, "html", HTML)                    \
    X(MHTML, "mhtml", HTML)                  \
    X(SVG, "svg", IMAGE)                     \
    X(OLE, "ole", DOCUMENT)                  \
    X(OOXML, "ooxml", DOCUMENT)              \
    X(ODF, "odf", DOCUMENT)                  \
    X(EPUB, "epub", DOCUMENT)                \
    X(RTF, "rtf", DOCUMENT)                  \
    X(POSTSCRIPT, "ps", DOCUMENT)            \
    X(ONENOTE, "onenote", NOTEBOOK)          \
    X(PDF, "pdf", PDF)                       \
    X(PNG, "png", IMAGE)                     \
    X(JPEG, "jpeg", IMAGE)                   \
    X(GIF, "gif", IMAGE)                     \
    X(WEBP, "webp", IMAGE)                   \
    X(BMP, "bmp", IMAGE)                     \
    X(TIFF, "tiff", IMAGE)                   \
    X(XML, "xml", TEXT)                      \
    X(ICS, "ics", TEXT)                      \
    X(VCF, "vcf", TEXT)                      \
    X(MESSAGE, "eml", TEXT)

enum content_kind {
#define X(name, text, class) CONTENT_##name,
    MAILSPAN_CONTENT_KINDS(X)
#undef X
        CONTENT_KIND_COUNT
};

#define CONTENT_ENCRYPTED 0x01 /* an archive or a document that needs a password */
#define CONTENT_MACRO 0x02
#define CONTENT_ACTIVE 0x04         /* HTML with a script or a form; SVG with these or a link; PDF with a script */
#define CONTENT_PROGRAM_INSIDE 0x08 /* an archive with a file whose name says that it is run */
#define CONTENT_CUT 0x10            /* an archive, and not all names in it were seen */

struct part_content {
    uint8_t kind;           /* enum content_kind */
    uint8_t signs;          /* CONTENT_... */
    uint16_t width, height; /* of an image, in pixels; 0: not known */
};

/* "pe", "zip" ...: for people and tests. */
const char *content_kind_name(enum content_kind kind);
enum content_class content_class_of(enum content_kind kind);

/* What is counted of a message's parts; one part may be several. */
enum attached {
    ATTACHED_EXECUTABLE,
    ATTACHED_DISGUISED,
    ATTACHED_ARCHIVE,
    ATTACHED_ARCHIVE_ENCRYPTED,
    ATTACHED_ARCHIVE_EXECUTABLE,
    ATTACHED_HTML,
    ATTACHED_MACRO,
    ATTACHED_PDF,
    ATTACHED_PDF_ACTIVE,
    ATTACHED_DOCUMENT_ENCRYPTED,
    ATTACHED_IMAGE,
    ATTACHED_IMAGE_INLINE,
    ATTACHED_IMAGE_SQUARE,
    ATTACHED_COUNT
};

struct part_info;

/* Whether the part is something beside the message's text: a file, an image, what no mail program shows as text. */
bool part_is_attached(const struct part_info *part);
/* What it is, a bit for each `enum attached`; complete at its end. */
uint32_t attachment_signs(const struct part_info *part);
/* A file of this name is run when it is opened.  first: it is the only one, or the first in an archive; programs'
 * sources have scripts, too, but seldom in front. */
bool name_is_program(struct span name, bool first);

#endif
