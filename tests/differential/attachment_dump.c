/* What decoders/ make of files that are attached to a mail, a line each:
 *
 *   kind signs width height  attached,attached...  path
 *
 * Usage: attachment_dump [FILE...], or their names as lines on standard input.  Each is sent in base64 under its own
 * name with the type application/octet-stream, whole, in segments, in pieces of random lengths, and, when it is short,
 * byte by byte; and as it stands (BINARYMIME).  What comes of either must be the same in each cut; if it is not, the
 * line begins with "CUT".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "mailspan/mail.h"

#define POOL_BLOCKS 128
#define SHORT_BYTES 20000
#define SEGMENT_BYTES 1448
#define LINE_DIGITS 76

struct seen {
    struct part_content content;
    uint32_t signs;
};

static struct seen read_mail(struct charset_table *charsets, struct span mail, size_t cut) {
    static struct arena_block memory[POOL_BLOCKS];
    struct counters counters = {.packets = 0};
    struct block_pool pool;
    struct arena arena;
    struct mail_item item;
    struct seen seen = {.signs = 0};
    unsigned seed = 1;
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    struct mail_parser *parser = mail_parser_new(&arena, charsets, &counters);
    for (bool end = false; !end;) {
        end = mail.len == 0;
        struct span piece = span_head(mail, cut == 0 ? 1 + (size_t)rand_r(&seed) % 3000 : cut);
        mail = span_from(mail, piece.len);
        if (end)
            mail_finish(parser);
        else
            mail_push(parser, piece);
        while (mail_next(parser, &item)) {
            if (item.type != MAIL_PART_END) continue;
            seen.content = item.info->content;
            seen.signs = attachment_signs(item.info);
        }
    }
    return seen;
}

static size_t encode(struct span s, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = 0, line = 0;
    for (size_t i = 0; i < s.len; i += 3) {
        uint32_t bits = (uint32_t)s.data[i] << 16;
        if (i + 1 < s.len) bits |= (uint32_t)s.data[i + 1] << 8;
        if (i + 2 < s.len) bits |= s.data[i + 2];
        for (unsigned digit = 0; digit < 4; digit++)
            out[len++] = i + digit > s.len ? '=' : digits[bits >> (18 - 6 * digit) & 63];
        if ((line += 4) < LINE_DIGITS) continue;
        memcpy(out + len, "\r\n", 2);
        len += 2;
        line = 0;
    }
    return len;
}

static bool same(const struct seen *a, const struct seen *b) {
    return a->content.kind == b->content.kind && a->content.signs == b->content.signs && a->signs == b->signs &&
           a->content.width == b->content.width && a->content.height == b->content.height;
}

static size_t make_mail(char *mail, const char *name, const char *encoding, struct span body, bool encoded) {
    size_t len = (size_t)sprintf(mail,
                                 "Subject: x\r\nContent-Type: multipart/mixed; boundary=\"0_b\"\r\n\r\n--0_b\r\n"
                                 "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: %s\r\n"
                                 "Content-Disposition: attachment; filename=\"%s\"\r\n\r\n",
                                 encoding, name);
    if (encoded) {
        len += encode(body, mail + len);
    } else {
        memcpy(mail + len, body.data, body.len);
        len += body.len;
    }
    return len + (size_t)sprintf(mail + len, "\r\n--0_b--\r\n");
}

static const char *const names[ATTACHED_COUNT] = {
    [ATTACHED_EXECUTABLE] = "executable",
    [ATTACHED_DISGUISED] = "disguised",
    [ATTACHED_ARCHIVE] = "archive",
    [ATTACHED_ARCHIVE_ENCRYPTED] = "archive_encrypted",
    [ATTACHED_ARCHIVE_EXECUTABLE] = "archive_executable",
    [ATTACHED_HTML] = "html",
    [ATTACHED_MACRO] = "macro",
    [ATTACHED_PDF] = "pdf",
    [ATTACHED_PDF_ACTIVE] = "pdf_active",
    [ATTACHED_DOCUMENT_ENCRYPTED] = "encrypted_document",
    [ATTACHED_IMAGE] = "image",
    [ATTACHED_IMAGE_INLINE] = "inline",
    [ATTACHED_IMAGE_SQUARE] = "square",
};

static void dump(struct charset_table *charsets, const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) exit(1);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(size + 1), *mail = malloc(size * 2 + 2000);
    if (fread(bytes, 1, size, file) != size) exit(1);
    (void)fclose(file);
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct span body = span_of(bytes, size);
    struct span all = span_of(mail, make_mail(mail, name, "base64", body, true));
    struct seen whole = read_mail(charsets, all, all.len);
    bool cut = false;
    size_t const cuts[] = {SEGMENT_BYTES, 0, size < SHORT_BYTES ? 1 : 61};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        struct seen seen = read_mail(charsets, all, cuts[i]);
        cut |= !same(&whole, &seen);
    }
    all = span_of(mail, make_mail(mail, name, "binary", body, false));
    struct seen binary = read_mail(charsets, all, all.len);
    struct seen segments = read_mail(charsets, all, SEGMENT_BYTES), pieces = read_mail(charsets, all, 0);
    cut |= !same(&binary, &segments) || !same(&binary, &pieces);
    printf("%s%s %02x %u %u ", cut ? "CUT " : "", content_kind_name((enum content_kind)whole.content.kind),
           whole.content.signs, whole.content.width, whole.content.height);
    for (unsigned i = 0; i < ATTACHED_COUNT; i++)
        if ((whole.signs >> i & 1) != 0) printf("%s,", names[i]);
    printf(" %s\n", path);
    free(bytes);
    free(mail);
}

int main(int argc, char **argv) {
    struct charset_table *charsets = charset_table_new();
    char line[4096];
    for (int i = 1; i < argc; i++) dump(charsets, argv[i]);
    while (argc == 1 && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        dump(charsets, line);
    }
    charset_table_free(charsets);
    return 0;
}
