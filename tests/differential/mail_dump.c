/* What decoders/ make of messages, in the lines that gmime_dump.c prints (see there).
 *
 * The messages are pushed in pieces of 1,460 bytes, as segments bring them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mailspan/mail.h"

#define SEGMENT_BYTES 1460
#define POOL_BLOCKS 128

static bool show_text;

struct dump {
    struct charset_table *charsets;
    struct counters counters;
    uint64_t hash, bytes;
    bool from_seen, date_seen, id_seen;
    char structured[4096]; /* printed behind the headers */
    size_t structured_len;
};

static void print_clean(struct span s) {
    for (size_t i = 0; i < s.len; i++) putchar(s.data[i] < ' ' ? ' ' : s.data[i]);
}

static void note(struct dump *dump, const char *text, struct span a, const char *between, struct span b) {
    size_t room = sizeof dump->structured - dump->structured_len;
    int len = snprintf(dump->structured + dump->structured_len, room, "%s%.*s%s%.*s\n", text, (int)a.len,
                       (const char *)a.data, between, (int)b.len, (const char *)b.data);
    if (len > 0 && (size_t)len < room) dump->structured_len += (size_t)len;
}

static void note_structured(struct dump *dump, const struct mail_item *item) {
    struct mail_address address;
    nstime time;
    if (!dump->from_seen && span_equal_nocase(item->name, SPAN_LITERAL("From"))) {
        dump->from_seen = true;
        if (mail_addresses(item->raw, &address) > 0) note(dump, "A ", address.local, "@", address.domain);
    } else if (!dump->date_seen && span_equal_nocase(item->name, SPAN_LITERAL("Date"))) {
        char text[32];
        dump->date_seen = true;
        if (!mail_date(item->raw, &time)) return;
        int len = snprintf(text, sizeof text, "%" PRId64, time / NS_PER_S);
        note(dump, "D ", span_of(text, (size_t)len), "", span_of("", 0));
    } else if (!dump->id_seen && span_equal_nocase(item->name, SPAN_LITERAL("Message-ID"))) {
        struct span id = mail_message_id(item->raw);
        dump->id_seen = true;
        note(dump, "I ", id.len < 2 ? span_of("", 0) : span_slice(id, 1, id.len - 2), "", span_of("", 0));
    }
}

static void print_begin(struct dump *dump, const struct part_info *info) {
    printf("P %.*s %.*s %d ", (int)info->type.len, (const char *)info->type.data, (int)info->encoding.len,
           (const char *)info->encoding.data, info->attachment);
    print_clean(info->filename);
    putchar('\n');
    dump->hash = UINT64_C(0xcbf29ce484222325);
    dump->bytes = 0;
}

static void add_text(struct dump *dump, struct span text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\r') continue;
        dump->hash = (dump->hash ^ text.data[i]) * UINT64_C(0x100000001b3);
        dump->bytes++;
        if (show_text) putchar(text.data[i]);
    }
}

static void print_item(struct dump *dump, const struct mail_item *item) {
    switch (item->type) {
        case MAIL_HEADER:
            if (item->part != 0) return;
            printf("H %.*s ", (int)item->name.len, (const char *)item->name.data);
            print_clean(item->value);
            putchar('\n');
            note_structured(dump, item);
            break;
        case MAIL_HEADERS_END:
            fwrite(dump->structured, 1, dump->structured_len, stdout);
            break;
        case MAIL_PART_BEGIN:
            print_begin(dump, item->info);
            break;
        case MAIL_TEXT:
            add_text(dump, item->text);
            break;
        case MAIL_PART_END:
            if (item->info->kind == PART_PLAIN || item->info->kind == PART_HTML)
                printf("T %" PRIu64 " %016" PRIx64 "\n", dump->bytes, dump->hash);
            break;
    }
}

static void dump_bytes(struct dump *dump, struct span bytes, struct arena *arena) {
    struct mail_parser *parser = mail_parser_new(arena, dump->charsets, &dump->counters);
    struct mail_item item;
    while (bytes.len > 0) {
        mail_push(parser, span_head(bytes, SEGMENT_BYTES));
        while (mail_next(parser, &item)) print_item(dump, &item);
        bytes = span_from(bytes, SEGMENT_BYTES);
    }
    mail_finish(parser);
    while (mail_next(parser, &item)) print_item(dump, &item);
    arena_reset(arena);
}

static void dump_file(const char *path, struct charset_table *charsets, struct arena *arena) {
    static uint8_t bytes[16 << 20];
    struct dump dump = {.charsets = charsets};
    FILE *file = fopen(path, "rb");
    if (file == NULL) return;
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    printf("F %s\n", path);
    dump_bytes(&dump, span_of(bytes, len), arena);
}

/* mail_dump [-t] FILE...; "-" as the only file: their names come on standard input */
int main(int argc, char **argv) {
    static struct arena_block memory[POOL_BLOCKS];
    struct block_pool pool;
    struct arena arena;
    struct charset_table *charsets = charset_table_new();
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "-t") == 0) {
        show_text = true;
        first = 2;
    }
    if (argc == first + 1 && strcmp(argv[first], "-") == 0) {
        char path[4096];
        while (fgets(path, sizeof path, stdin) != NULL) {
            path[strcspn(path, "\n")] = '\0';
            dump_file(path, charsets, &arena);
        }
    } else {
        for (int i = first; i < argc; i++) dump_file(argv[i], charsets, &arena);
    }
    charset_table_free(charsets);
    return 0;
}
