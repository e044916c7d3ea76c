/* What is in an archive, as far as its headers lie in the bytes at hand: names, and whether they need a password.
 *
 *   ZIP    [local header, name, data]... [central header, name]... [end]     APPNOTE 4.3
 *   RAR    [marker] [main header] [file header, name, data]...               RAR technote, 4.x and 5.0
 *   7z     [where the list of names is] [data]... [list]                      7zFormat.txt
 *   CAB    [header] [folders] [files, names]... [data]...                    MS-CAB 2
 *   TAR    [header, name] [data]...                                          POSIX ustar
 *
 * A ZIP's headers are searched for, not walked to: sizes can lie, and an archive in the archive that is not packed is
 * seen, too.  Everything else is walked; a step that leads outside ends the walk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_kind.h"

static void note_name(struct content_look *look, struct span name) {
    if (name.len == 0) return;
    if (look->names < UINT16_MAX) look->names++;
    if (name_is_program(name, look->names == 1)) look->found.signs |= CONTENT_PROGRAM_INSIDE;
}

/* --- ZIP ---------------------------------------------------------------------------------------------------------- */

#define ZIP_FLAGS_ENCRYPTED 0x0041 /* encrypted; strongly */
#define ZIP_METHOD_AES 99

/* What a name in a ZIP makes of it.  at_start: only of the first one, because an archive may hold documents. */
static const struct {
    struct span name;
    uint8_t kind; /* 0: no other */
    uint8_t sign;
    bool at_start;
    bool is_end; /* the name ends so */
} zip_names[] = {
    {SPAN_LITERAL("[Content_Types].xml"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("_rels/.rels"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("docProps/"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("word/"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("xl/"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("ppt/"), CONTENT_OOXML, 0, true, false},
    {SPAN_LITERAL("META-INF/MANIFEST.MF"), CONTENT_JAR, 0, false, false},
    {SPAN_LITERAL("AndroidManifest.xml"), CONTENT_APK, 0, false, false},
    {SPAN_LITERAL("classes.dex"), CONTENT_APK, 0, false, false},
    {SPAN_LITERAL("vbaProject.bin"), 0, CONTENT_MACRO, false, true},
    {SPAN_LITERAL("xl/macrosheets/"), 0, CONTENT_MACRO, false, false},
};

static void note_zip_name(struct content_look *look, struct span name, bool at_start) {
    for (size_t i = 0; i < sizeof zip_names / sizeof zip_names[0]; i++) {
        struct span known = zip_names[i].name;
        bool fits = zip_names[i].is_end
                        ? name.len >= known.len && span_equal(span_from(name, name.len - known.len), known)
                        : span_starts_with(name, known);
        if (!fits || (zip_names[i].at_start && !at_start)) continue;
        look->found.signs |= zip_names[i].sign;
        bool archive = look->found.kind == CONTENT_ZIP || look->found.kind == CONTENT_JAR;
        if (zip_names[i].kind != 0 && archive) look->found.kind = zip_names[i].kind;
    }
    note_name(look, name);
}

/* OpenDocument and EPUB begin with a file that says what they are, and is not packed. */
static void look_mimetype(struct content_look *look, struct span name, struct span data) {
    if (!span_equal(name, SPAN_LITERAL("mimetype"))) return;
    if (span_starts_with(data, SPAN_LITERAL("application/vnd.oasis.opendocument"))) look->found.kind = CONTENT_ODF;
    if (span_starts_with(data, SPAN_LITERAL("application/epub+zip"))) look->found.kind = CONTENT_EPUB;
}

/* Where in a header flags and lengths stand, and how long it is without the name. */
struct zip_header {
    uint8_t flags_at, name_len_at, bytes;
};

static const struct zip_header zip_local = {6, 26, 30}, zip_central = {8, 28, 46};

/* A file's header; a folder's has no content that could be encrypted.  False: it is not all there. */
static bool look_zip_file(struct content_look *look, struct span header, const struct zip_header *form, bool at_start) {
    uint32_t name_len = le16_at(header, form->name_len_at);
    if (header.len < form->bytes + name_len) return false;
    struct span name = span_slice(header, form->bytes, name_len);
    if (name.len == 0 || name.data[name.len - 1] == '/') return true;
    uint32_t flags = le16_at(header, form->flags_at), method = le16_at(header, form->flags_at + 2u);
    if ((flags & ZIP_FLAGS_ENCRYPTED) != 0 || method == ZIP_METHOD_AES) look->found.signs |= CONTENT_ENCRYPTED;
    note_zip_name(look, name, at_start);
    size_t data_at = form->bytes + name.len + le16_at(header, form->name_len_at + 2u);
    if (at_start) look_mimetype(look, name, span_from(header, data_at));
    return true;
}

#define ZIP_END_BYTES 22

/* One header of any kind.  False: it is not all there. */
static bool look_zip_header(struct content_look *look, struct span header, bool at_start) {
    if (header.len < 4) return false;
    switch (be16_at(header, 2)) {
        case 0x0304:
            return look_zip_file(look, header, &zip_local, at_start);
        case 0x0102:
            if (!look_zip_file(look, header, &zip_central, false)) return false;
            look->listed++;
            return true;
        case 0x0506:
            if (header.len < ZIP_END_BYTES) return false;
            look->list_seen = true;
            look->listed_total = le16_at(header, 10);
            return true;
        default:
            return true;
    }
}

static void look_zip_headers(struct content_look *look, struct span bytes, size_t start) {
    static const struct span mark = SPAN_LITERAL("PK");
    look->open = 0;
    for (size_t at = 0; (at = span_find_bytes(bytes, at, mark)) < bytes.len; at += mark.len) {
        bool whole = look_zip_header(look, span_from(bytes, at), at == start);
        if (!whole && look->open == 0 && bytes.len - at <= LIMIT_LOOK_PAGE_BYTES)
            look->open = (uint16_t)(bytes.len - at);
    }
    if (look->open == 0 && bytes.len > 0 && bytes.data[bytes.len - 1] == mark.data[0]) look->open = 1;
}

bool content_zip(struct content_look *look, struct span head) {
    size_t start = be16_at(head, 2) == 0x0304 || be16_at(head, 2) == 0x0506 ? 0 : 4;
    look_zip_headers(look, head, start);
    return true;
}

void content_zip_tail(struct content_look *look, struct span tail) {
    look_zip_headers(look, tail, tail.len);
    bool document = content_class_of((enum content_kind)look->found.kind) == CLASS_DOCUMENT;
    if (!document && (!look->list_seen || look->listed < look->listed_total)) look->found.signs |= CONTENT_CUT;
}

/* --- RAR ---------------------------------------------------------------------------------------------------------- */

#define RAR4_MARKER_BYTES 7
#define RAR5_MARKER_BYTES 8

bool content_rar4(struct content_look *look, struct span head) {
    struct span block = span_from(head, RAR4_MARKER_BYTES);
    while (block.len >= 7) {
        uint8_t type = block.data[2];
        uint32_t flags = le16_at(block, 3), size = le16_at(block, 5);
        if (size < 7) break;
        if (type == 0x73 && (flags & 0x0080) != 0) { /* the headers, too, are encrypted */
            look->found.signs |= CONTENT_ENCRYPTED;
            break;
        }
        if (type == 0x74) {
            if ((flags & 0x0004) != 0) look->found.signs |= CONTENT_ENCRYPTED;
            struct span name = span_slice(block, (flags & 0x0100) != 0 ? 40 : 32, le16_at(block, 26));
            note_name(look, span_head(name, span_find(name, 0))); /* behind a zero it stands once more, packed */
        }
        uint64_t step = size + (uint64_t)((flags & 0x8000) != 0 || type == 0x74 ? le32_at(block, 7) : 0);
        if (step >= block.len) break;
        block = span_from(block, (size_t)step);
    }
    return true;
}

/* A number of RAR 5: seven bits a byte, the lowest first. */
static uint64_t rar_number(struct reader *r) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t byte = reader_u8(r);
        if (shift < 64) value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    r->failed = true;
    return 0;
}

/* Records behind a file's name: the first kind says that it is encrypted. */
static bool rar5_is_encrypted(struct reader extra) {
    while (!extra.failed && reader_left(&extra) > 0) {
        uint64_t size = rar_number(&extra);
        struct reader record = reader_of(reader_bytes(&extra, (size_t)size));
        if (!extra.failed && rar_number(&record) == 1 && !record.failed) return true;
    }
    return false;
}

/* A file's header behind its flags. */
static void look_rar5_file(struct content_look *look, struct reader *header, uint64_t extra_len) {
    uint64_t flags = rar_number(header);
    (void)rar_number(header); /* size */
    (void)rar_number(header); /* attributes */
    reader_skip(header, ((flags & 2) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 4 : 0));
    (void)rar_number(header); /* method */
    (void)rar_number(header); /* system */
    uint64_t name_len = rar_number(header);
    struct span name = reader_bytes(header, (size_t)name_len);
    if (header->failed) return;
    note_name(look, name);
    struct span rest = reader_rest(header);
    if (extra_len <= rest.len && rar5_is_encrypted(reader_of(span_from(rest, rest.len - (size_t)extra_len))))
        look->found.signs |= CONTENT_ENCRYPTED;
}

bool content_rar5(struct content_look *look, struct span head) {
    struct reader blocks = reader_of(span_from(head, RAR5_MARKER_BYTES));
    while (!blocks.failed && reader_left(&blocks) > 0) {
        reader_skip(&blocks, 4); /* checksum */
        uint64_t size = rar_number(&blocks);
        struct reader header = reader_of(reader_bytes(&blocks, (size_t)size));
        if (blocks.failed) break;
        uint64_t type = rar_number(&header), flags = rar_number(&header);
        uint64_t extra_len = (flags & 1) != 0 ? rar_number(&header) : 0;
        uint64_t data_len = (flags & 2) != 0 ? rar_number(&header) : 0;
        if (header.failed) break;
        if (type == 2) look_rar5_file(look, &header, extra_len);
        if (type == 4) look->found.signs |= CONTENT_ENCRYPTED; /* all that follows is, names too */
        if (type == 4 || type == 5) break;
        reader_skip(&blocks, (size_t)data_len);
    }
    return true;
}

/* --- 7z ----------------------------------------------------------------------------------------------------------- */

#define SEVEN_ZIP_EXTENSION_LETTERS 12

bool content_seven_zip(struct content_look *look, struct span head) {
    (void)look;
    (void)head;
    return true;
}

/* Names are of two bytes a letter, and end in zeros: what stands behind each dot up to there is looked at. */
static void look_wide_names(struct content_look *look, struct span bytes) {
    for (size_t at = 0; (at = span_find_bytes(bytes, at, SPAN_LITERAL(".\0"))) < bytes.len; at += 2) {
        uint8_t name[SEVEN_ZIP_EXTENSION_LETTERS + 2] = "x.";
        size_t len = 2, from = at + 2;
        while (len < sizeof name && from + 1 < bytes.len && bytes.data[from + 1] == 0 && bytes.data[from] != 0) {
            name[len++] = bytes.data[from];
            from += 2;
        }
        if (from + 1 < bytes.len && bytes.data[from] == 0 && bytes.data[from + 1] == 0)
            note_name(look, span_of(name, len));
    }
}

/* The list of names is the end, packed mostly; what unpacks or decrypts it is named in clear. */
void content_seven_zip_tail(struct content_look *look, struct span tail) {
    static const struct span aes =
        SPAN_LITERAL("\x24\x06\xF1\x07\x01"); /* a coder with a name of 4 bytes and settings */
    if (span_find_bytes(tail, 0, aes) < tail.len) look->found.signs |= CONTENT_ENCRYPTED;
    look_wide_names(look, tail);
    if (look->names == 0) look->found.signs |= CONTENT_CUT;
}

/* --- CAB, TAR, gzip ----------------------------------------------------------------------------------------------- */

bool content_cab(struct content_look *look, struct span head) {
    struct span file = span_from(head, le32_at(head, 16));
    uint32_t files = le16_at(head, 28);
    for (; files > 0 && file.len > 16; files--) {
        struct span name = span_from(file, 16);
        size_t len = span_find(name, 0);
        if (len == name.len) break;
        note_name(look, span_head(name, len));
        file = span_from(name, len + 1);
    }
    if (files > 0) look->found.signs |= CONTENT_CUT;
    return true;
}

#define TAR_BLOCK_BYTES 512

static uint64_t octal(struct span digits) {
    uint64_t value = 0;
    digits = span_trim(span_head(digits, span_find(digits, 0)));
    for (size_t i = 0; i < digits.len && digits.data[i] >= '0' && digits.data[i] <= '7'; i++)
        value = value * 8 + (uint64_t)(digits.data[i] - '0');
    return value;
}

bool content_tar(struct content_look *look, struct span head) {
    while (head.len >= TAR_BLOCK_BYTES && span_starts_with(span_from(head, 257), SPAN_LITERAL("ustar"))) {
        struct span name = span_head(head, 100);
        note_name(look, span_head(name, span_find(name, 0)));
        uint64_t blocks = (octal(span_slice(head, 124, 12)) + TAR_BLOCK_BYTES - 1) / TAR_BLOCK_BYTES + 1;
        if (blocks >= head.len / TAR_BLOCK_BYTES + 1) break;
        head = span_from(head, (size_t)blocks * TAR_BLOCK_BYTES);
    }
    return true;
}

/* The name of what is packed may stand in it. */
bool content_gzip(struct content_look *look, struct span head) {
    uint8_t flags = head.len > 3 ? head.data[3] : 0;
    if ((flags & 0xE0) != 0) return false; /* reserved: RFC 1952 2.3.1.2 */
    struct span rest = span_from(head, 10);
    if ((flags & 0x04) != 0) rest = span_from(rest, 2 + le16_at(rest, 0));
    if ((flags & 0x08) != 0) note_name(look, span_head(rest, span_find(rest, 0)));
    return true;
}
