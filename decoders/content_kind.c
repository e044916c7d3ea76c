/* What content is by its first bytes, and its last ones.
 *
 * A table of signatures, a row each, the first that fits; where a few fixed bytes do not settle it, the row has a
 * function that looks closer and may say no.  What has no signature is looked at as text (content_text.c).  Nothing is
 * unpacked: what an archive or a document keeps in packed streams stays unknown.  The formats are those of their
 * specifications (PKWARE's APPNOTE, MS-CFB, MS-SHLLINK, ECMA-119, ISO 32000 and so on).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_kind.h"

#include "mailspan/span_search.h"

#define PDF_WITHIN_BYTES 1024 /* readers take a PDF that begins so late */

static const struct {
    const char *name;
    enum content_class class;
} kinds[CONTENT_KIND_COUNT] = {
#define X(name, text, class) {text, CLASS_##class},
    MAILSPAN_CONTENT_KINDS(X)
#undef X
};

const char *content_kind_name(enum content_kind kind) {
    return kinds[kind].name;
}

enum content_class content_class_of(enum content_kind kind) {
    return kinds[kind].class;
}

bool span_has_nocase(struct span s, struct span lower) {
    uint8_t const first = lower.data[0];
    uint8_t const capital = ascii_is_alpha(first) ? (uint8_t)(first - ('a' - 'A')) : first;
    for (size_t at = 0; s.len >= lower.len; s = span_from(s, at + 1)) {
        at = span_find_either(s, first, capital);
        if (span_starts_with_nocase(span_from(s, at), lower)) return true;
    }
    return false;
}

/* --- a closer look ------------------------------------------------------------------------------------------------ */

/* The old header says where the new one is.  Without it there are zeros, which a text that begins so has not. */
static bool look_mz(struct content_look *look, struct span head) {
    if (span_starts_with(span_from(head, le32_at(head, 60)), SPAN_LITERAL("PE\0\0"))) {
        look->found.kind = CONTENT_PE;
        return true;
    }
    struct span old = span_head(head, 64);
    return span_find(old, 0) < old.len;
}

/* A universal binary has a few processors where a class file has its version, 45 and up. */
static bool look_cafebabe(struct content_look *look, struct span head) {
    uint32_t count = be32_at(head, 4);
    if (count > 0 && count < 45) look->found.kind = CONTENT_MACH_O;
    return count > 0;
}

static bool look_script(struct content_look *look, struct span head) {
    (void)look;
    head = span_from(head, 2);
    while (head.len > 0 && ascii_is_blank(head.data[0])) head = span_from(head, 1);
    return head.len > 0 && head.data[0] == '/';
}

/* A boot sector, with the size of its own sectors. */
static bool look_fat(struct content_look *look, struct span head) {
    (void)look;
    uint32_t sector = le16_at(head, 11);
    bool sized = sector == 512 || sector == 1024 || sector == 2048 || sector == 4096;
    return sized && head.len > 511 && head.data[510] == 0x55 && head.data[511] == 0xAA &&
           (span_starts_with(span_from(head, 54), SPAN_LITERAL("FAT")) ||
            span_starts_with(span_from(head, 82), SPAN_LITERAL("FAT32")) ||
            span_starts_with(span_from(head, 3), SPAN_LITERAL("NTFS    ")) ||
            span_starts_with(span_from(head, 3), SPAN_LITERAL("EXFAT   ")));
}

static bool look_arj(struct content_look *look, struct span head) {
    (void)look;
    uint32_t size = le16_at(head, 2); /* of the main header: 30 bytes, a name, a comment */
    return size >= 30 && size <= 2600 && head.len > 10 && head.data[10] == 2;
}

static bool look_lzh(struct content_look *look, struct span head) {
    (void)look;
    return head.len > 20 && (ascii_is_digit(head.data[5]) || ascii_is_alpha(head.data[5])) && head.data[6] == '-' &&
           head.data[20] <= 3;
}

/* What OLE files are and have: names in their directory, two bytes a letter, and a class. */
static const struct {
    struct span bytes;
    uint8_t sign;
    uint8_t kind; /* 0: stays */
} ole_words[] = {
    {SPAN_LITERAL("_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"), CONTENT_MACRO, 0},
    {SPAN_LITERAL("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), CONTENT_ENCRYPTED, 0},
    {SPAN_LITERAL("\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"), 0, CONTENT_MSI},
};

static void look_ole_words(struct content_look *look, struct span bytes) {
    for (size_t i = 0; i < sizeof ole_words / sizeof ole_words[0]; i++) {
        if (span_find_bytes(bytes, 0, ole_words[i].bytes) == bytes.len) continue;
        look->found.signs |= ole_words[i].sign;
        if (ole_words[i].kind != 0) look->found.kind = ole_words[i].kind;
    }
}

/* The first sector is mostly the first of the document: a bit of Word's header, or the record behind Excel's first. */
#define WIDE_WORD_BYTES 32 /* the longest of them */

static bool look_ole(struct content_look *look, struct span head) {
    struct span first = span_from(head, 512);
    if (le16_at(first, 0) == 0xA5EC && (le16_at(first, 10) & 0x0100) != 0) look->found.signs |= CONTENT_ENCRYPTED;
    if (le16_at(first, 0) == 0x0809 && le16_at(first, 4 + le16_at(first, 2)) == 0x002F)
        look->found.signs |= CONTENT_ENCRYPTED;
    look_ole_words(look, head);
    look->open = WIDE_WORD_BYTES - 1;
    return true;
}

static const struct {
    struct span name;
    uint8_t sign;
} pdf_names[] = {
    {SPAN_LITERAL("Encrypt"), CONTENT_ENCRYPTED},
    {SPAN_LITERAL("JavaScript"), CONTENT_ACTIVE},
    {SPAN_LITERAL("JS"), CONTENT_ACTIVE},
    {SPAN_LITERAL("Launch"), CONTENT_ACTIVE},
};

#define PDF_NAME_BYTES 11 /* the longest of them with its slash */

/* A name ends where no letter follows: /JS, and not /JSomething. */
static void look_pdf_name(struct content_look *look, struct span text) {
    for (size_t i = 0; i < sizeof pdf_names / sizeof pdf_names[0]; i++) {
        if (!span_starts_with(text, pdf_names[i].name)) continue;
        struct span rest = span_from(text, pdf_names[i].name.len);
        bool goes_on = rest.len > 0 && (ascii_is_alpha(rest.data[0]) || ascii_is_digit(rest.data[0]));
        if (!goes_on) look->found.signs |= pdf_names[i].sign;
    }
}

static void look_pdf_names(struct content_look *look, struct span bytes) {
    for (size_t at; (at = span_find(bytes, '/')) < bytes.len;) {
        bytes = span_from(bytes, at + 1);
        look_pdf_name(look, bytes);
    }
    look->open = PDF_NAME_BYTES;
}

static bool look_pdf(struct content_look *look, struct span head) {
    look_pdf_names(look, head);
    return true;
}

/* --- signatures --------------------------------------------------------------------------------------------------- */

struct signature {
    struct span bytes;
    uint16_t at;
    uint8_t kind;
    bool (*look)(struct content_look *look, struct span head); /* NULL: the bytes settle it */
};

static const struct signature signatures[] = {
    {SPAN_LITERAL("MZ"), 0, CONTENT_DOS, look_mz},
    {SPAN_LITERAL("\x7F"
                  "ELF"),
     0, CONTENT_ELF, NULL},
    {SPAN_LITERAL("\xFE\xED\xFA\xCE"), 0, CONTENT_MACH_O, NULL},
    {SPAN_LITERAL("\xFE\xED\xFA\xCF"), 0, CONTENT_MACH_O, NULL},
    {SPAN_LITERAL("\xCE\xFA\xED\xFE"), 0, CONTENT_MACH_O, NULL},
    {SPAN_LITERAL("\xCF\xFA\xED\xFE"), 0, CONTENT_MACH_O, NULL},
    {SPAN_LITERAL("\xCA\xFE\xBA\xBE"), 0, CONTENT_JAVA_CLASS, look_cafebabe},
    {SPAN_LITERAL("dex\n0"), 0, CONTENT_DEX, NULL},
    {SPAN_LITERAL("#!"), 0, CONTENT_SCRIPT, look_script},
    {SPAN_LITERAL("#@~^"), 0, CONTENT_ENCODED_SCRIPT, NULL},
    {SPAN_LITERAL("\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"), 0, CONTENT_SHORTCUT, NULL},
    {SPAN_LITERAL("ITSF"), 0, CONTENT_CHM, NULL},
    {SPAN_LITERAL("vhdxfile"), 0, CONTENT_VHD, NULL},
    {SPAN_LITERAL("conectix"), 0, CONTENT_VHD, NULL},
    {SPAN_LITERAL("\xEB"), 0, CONTENT_FAT, look_fat},
    {SPAN_LITERAL("\xE9"), 0, CONTENT_FAT, look_fat},
    {SPAN_LITERAL("PK\x03\x04"), 0, CONTENT_ZIP, content_zip},
    {SPAN_LITERAL("PK\x05\x06"), 0, CONTENT_ZIP, content_zip},
    {SPAN_LITERAL("PK\x07\x08PK\x03\x04"), 0, CONTENT_ZIP, content_zip},
    {SPAN_LITERAL("PK00PK\x03\x04"), 0, CONTENT_ZIP, content_zip},
    {SPAN_LITERAL("Rar!\x1A\x07\x00"), 0, CONTENT_RAR, content_rar4},
    {SPAN_LITERAL("Rar!\x1A\x07\x01\x00"), 0, CONTENT_RAR, content_rar5},
    {SPAN_LITERAL("7z\xBC\xAF\x27\x1C"), 0, CONTENT_SEVEN_ZIP, content_seven_zip},
    {SPAN_LITERAL("MSCF\0\0\0\0"), 0, CONTENT_CAB, content_cab},
    {SPAN_LITERAL("\x1F\x8B\x08"), 0, CONTENT_GZIP, content_gzip},
    {SPAN_LITERAL("BZh"), 0, CONTENT_BZIP2, NULL},
    {SPAN_LITERAL("\xFD"
                  "7zXZ\0"),
     0, CONTENT_XZ, NULL},
    {SPAN_LITERAL("\x28\xB5\x2F\xFD"), 0, CONTENT_ZSTD, NULL},
    {SPAN_LITERAL("LZIP\x01"), 0, CONTENT_LZIP, NULL},
    {SPAN_LITERAL("\x1F\x9D"), 0, CONTENT_COMPRESS, NULL},
    {SPAN_LITERAL("\x60\xEA"), 0, CONTENT_ARJ, look_arj},
    {SPAN_LITERAL("**ACE**"), 7, CONTENT_ACE, NULL},
    {SPAN_LITERAL("-lh"), 2, CONTENT_LZH, look_lzh},
    {SPAN_LITERAL("ustar"), 257, CONTENT_TAR, content_tar},
    {SPAN_LITERAL("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, CONTENT_OLE, look_ole},
    {SPAN_LITERAL("\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"), 0, CONTENT_ONENOTE, NULL},
    {SPAN_LITERAL("%PDF-"), 0, CONTENT_PDF, look_pdf},
    {SPAN_LITERAL("{\\rt"), 0, CONTENT_RTF, NULL},
    {SPAN_LITERAL("%!PS"), 0, CONTENT_POSTSCRIPT, NULL},
    {SPAN_LITERAL("\x89PNG\r\n\x1A\n"), 0, CONTENT_PNG, content_png},
    {SPAN_LITERAL("\xFF\xD8\xFF"), 0, CONTENT_JPEG, content_jpeg},
    {SPAN_LITERAL("GIF87a"), 0, CONTENT_GIF, content_gif},
    {SPAN_LITERAL("GIF89a"), 0, CONTENT_GIF, content_gif},
    {SPAN_LITERAL("WEBPVP8"), 8, CONTENT_WEBP, content_webp},
    {SPAN_LITERAL("BM"), 0, CONTENT_BMP, content_bmp},
    {SPAN_LITERAL("II*\0"), 0, CONTENT_TIFF, NULL},
    {SPAN_LITERAL("MM\0*"), 0, CONTENT_TIFF, NULL},
};

static bool by_signature(struct content_look *look, struct span head) {
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const struct signature *row = &signatures[i];
        if (!span_starts_with(span_from(head, row->at), row->bytes)) continue;
        *look = (struct content_look){.found = {.kind = row->kind}};
        if (row->look == NULL || row->look(look, head)) return true;
    }
    *look = (struct content_look){.found = {.kind = CONTENT_UNKNOWN}};
    return false;
}

void content_look_head(struct content_look *look, struct span head, bool end) {
    if (!by_signature(look, head) && !content_text(look, head)) {
        struct span late = span_head(head, PDF_WITHIN_BYTES);
        if (span_find_bytes(late, 0, SPAN_LITERAL("%PDF-")) == late.len) return;
        look->found.kind = CONTENT_PDF;
        look_pdf_names(look, head);
    }
    /* What is whole in its head has its last bytes there. */
    if (end && look->found.kind == CONTENT_SEVEN_ZIP) content_seven_zip_tail(look, head);
    bool zip = look->found.kind == CONTENT_ZIP || look->found.kind == CONTENT_JAR || look->found.kind == CONTENT_APK;
    if (end && zip && (!look->list_seen || look->listed < look->listed_total)) look->found.signs |= CONTENT_CUT;
}

bool content_wants_more(const struct content_look *look) {
    switch (content_class_of((enum content_kind)look->found.kind)) {
        case CLASS_ARCHIVE:
        case CLASS_DOCUMENT:
        case CLASS_HTML:
        case CLASS_PDF:
            return true;
        case CLASS_IMAGE:
            return look->found.width == 0; /* JPEG says it behind much else; SVG has no first bytes that say all */
        default:
            return content_wants_tail(look);
    }
}

bool content_wants_tail(const struct content_look *look) {
    switch ((enum content_kind)look->found.kind) {
        case CONTENT_ZIP:
        case CONTENT_OOXML:
        case CONTENT_JAR:
        case CONTENT_APK:
        case CONTENT_SEVEN_ZIP:
        case CONTENT_OLE:
        case CONTENT_MSI:
        case CONTENT_PDF:
            return true;
        default:
            return false;
    }
}

void content_look_tail(struct content_look *look, struct span tail) {
    switch ((enum content_kind)look->found.kind) {
        case CONTENT_ZIP:
        case CONTENT_OOXML:
        case CONTENT_JAR:
        case CONTENT_APK:
            content_zip_tail(look, tail);
            break;
        case CONTENT_SEVEN_ZIP:
            content_seven_zip_tail(look, tail);
            break;
        case CONTENT_OLE:
        case CONTENT_MSI:
            look_ole_words(look, tail);
            break;
        case CONTENT_PDF:
            look_pdf_names(look, tail);
            break;
        default:
            break;
    }
}

/* --- far inside --------------------------------------------------------------------------------------------------- */

/* What stands in front belongs to whoever starts a computer from it: mostly nobody, else a PC (with its mark at the end
 * of the first sector) or an Apple. */
bool content_wants_deep(const struct content_look *look, struct span head) {
    if (look->found.kind != CONTENT_UNKNOWN) return false;
    if (span_starts_with(span_from(head, 510), SPAN_LITERAL("\x55\xAA"))) return true;
    if (span_starts_with(head, SPAN_LITERAL("ER\x02\0")) || span_starts_with(head, SPAN_LITERAL("ER\x08\0")))
        return true;
    for (size_t i = 0; i < head.len; i++)
        if (head.data[i] != 0) return false;
    return true;
}

void content_look_deep(struct content_look *look, const uint8_t word[CONTENT_DEEP_BYTES]) {
    struct span found = span_of(word, CONTENT_DEEP_BYTES);
    if (span_equal(found, SPAN_LITERAL("CD001")) || span_equal(found, SPAN_LITERAL("BEA01")))
        look->found.kind = CONTENT_ISO;
}
