/* What decoders/ make of messages, in the lines that gmime_dump.c prints (see there).
 *
 * Each message is pushed whole, in pieces of random lengths, and byte by byte.  What comes of it must be the same, each
 * item and each counter; if it is not, there is a line that begins with "C".
 *
 * This is done with as much text as may be asked for, which is what the lines say, and then with less, so that most
 * texts are read at their heads and in slices.  These must be pieces of the whole text, in their order; else there is a
 * "C", too.  (Of ASCII only, and of charsets without shift states: whether a text is UTF-8 or windows-1252 hangs on all
 * of it.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dump_common.h"
#include "mailspan/mail.h"

#define POOL_BLOCKS 128
#define CUTS 4 /* whole, random and short, random and as long as a segment, byte by byte */

/* ASCII of the text of all parts, NUL and a mark between them. */
struct texts {
    uint8_t *bytes;
    size_t len, at; /* at: how far slices were found in it */
};

struct dump {
    FILE *out;
    struct texts *collects; /* NULL: nobody does */
    struct texts *compares; /* ... what it is held against */
    struct texts slice;     /* that comes */
    bool simple, astray;
    struct charset_table *charsets;
    struct counters counters;
    struct text_sum text;
    uint64_t record; /* of all that every item says */
    bool in_text;
    bool from_seen, date_seen, id_seen;
};

/* --- the record: what every item says, in whatever pieces text comes ------------------------------------------------
 */

static void record_span(struct dump *dump, struct span s) {
    uint8_t len[4] = {(uint8_t)s.len, (uint8_t)(s.len >> 8), (uint8_t)(s.len >> 16), 0xFF};
    dump->record = fnv1a(fnv1a(dump->record, len, sizeof len), s.data, s.len);
}

static void record_item(struct dump *dump, const struct mail_item *item) {
    if (item->type == MAIL_TEXT) {
        dump->record = fnv1a(dump->record, item->text.data, item->text.len);
        return;
    }
    uint8_t head[3] = {(uint8_t)item->type, (uint8_t)item->part, 0};
    dump->record = fnv1a(dump->record, head, sizeof head);
    if (item->type == MAIL_HEADER) {
        record_span(dump, item->name);
        record_span(dump, item->raw);
        record_span(dump, item->value);
    }
    if (item->type == MAIL_PART_BEGIN || item->type == MAIL_PART_END) {
        const struct part_info *info = item->info;
        uint8_t kind[3] = {(uint8_t)info->kind, info->depth, info->attachment};
        dump->record = fnv1a(dump->record, kind, sizeof kind);
        record_span(dump, info->type);
        record_span(dump, info->charset);
        record_span(dump, info->encoding);
        record_span(dump, info->filename);
        uint8_t content[2] = {info->content.kind, info->content.signs};
        dump->record = fnv1a(dump->record, content, sizeof content);
    }
}

/* --- the lines ------------------------------------------------------------------------------------------------------
 */

static void print_span(struct dump *dump, struct span s) {
    for (size_t i = 0; i < s.len; i++) print_byte(dump->out, s.data[i]);
}

static void print_structured(struct dump *dump, const struct mail_item *item) {
    struct mail_address address;
    nstime time;
    if (!dump->from_seen && span_equal_nocase(item->name, SPAN_LITERAL("From"))) {
        dump->from_seen = true;
        if (mail_addresses(item->raw, &address) == 0) return;
        fputs("A ", dump->out);
        print_span(dump, address.local);
        fputc('@', dump->out);
        print_span(dump, address.domain);
        fputc('\n', dump->out);
    } else if (!dump->date_seen && span_equal_nocase(item->name, SPAN_LITERAL("Date"))) {
        dump->date_seen = true;
        if (mail_date(item->raw, &time)) fprintf(dump->out, "D %" PRId64 "\n", time / NS_PER_S);
    } else if (!dump->id_seen && span_equal_nocase(item->name, SPAN_LITERAL("Message-ID"))) {
        struct span id = mail_message_id(item->raw);
        dump->id_seen = true;
        fputs("I ", dump->out);
        print_span(dump, id.len < 2 ? SPAN_EMPTY : span_slice(id, 1, id.len - 2));
        fputc('\n', dump->out);
    }
}

static void print_header(struct dump *dump, const struct mail_item *item) {
    fprintf(dump->out, "%c ", item->part == 0 ? 'H' : 'h');
    print_span(dump, item->name);
    fputc(' ', dump->out);
    print_span(dump, item->value);
    fputc('\n', dump->out);
    if (item->part == 0) print_structured(dump, item);
}

static void print_begin(struct dump *dump, const struct part_info *info) {
    fputs("P ", dump->out);
    print_span(dump, info->type);
    fputc(' ', dump->out);
    print_span(dump, info->encoding);
    fprintf(dump->out, " %d ", info->attachment);
    print_span(dump, info->filename);
    fputc('\n', dump->out);
    text_sum_begin(&dump->text);
}

static void texts_add(struct texts *texts, struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] > 0 && text.data[i] < 0x80) texts->bytes[texts->len++] = text.data[i];
}

/* The slice is over: it stands somewhere behind the one before it, in the same part. */
static void find_slice(struct dump *dump) {
    struct texts *whole = dump->compares, *slice = &dump->slice;
    uint8_t *from = whole->bytes + whole->at;
    size_t const part = strnlen((char *)from, whole->len - whole->at);
    uint8_t *found = slice->len == 0 ? from : memmem(from, part, slice->bytes, slice->len);
    if (found == NULL && dump->simple) dump->astray = true;
    if (found != NULL) whole->at = (size_t)(found - whole->bytes) + slice->len;
    slice->len = 0;
}

static bool is_simple(struct span charset) {
    return charset.len == 0 || span_equal(charset, SPAN_LITERAL("utf-8")) ||
           span_equal(charset, SPAN_LITERAL("us-ascii")) || span_starts_with(charset, SPAN_LITERAL("iso-8859-")) ||
           span_starts_with(charset, SPAN_LITERAL("windows-125"));
}

static void note_text(struct dump *dump, const struct mail_item *item) {
    if (item->type == MAIL_PART_BEGIN) dump->simple = is_simple(item->info->charset);
    if (dump->compares != NULL && item->type == MAIL_TEXT) {
        if (item->jump) find_slice(dump);
        texts_add(&dump->slice, item->text);
    }
    if (dump->collects != NULL && item->type == MAIL_TEXT) texts_add(dump->collects, item->text);
    if (item->type != MAIL_PART_END) return;
    if (dump->collects != NULL) dump->collects->bytes[dump->collects->len++] = '\0';
    if (dump->compares == NULL) return;
    find_slice(dump);
    struct texts *whole = dump->compares;
    whole->at += strnlen((char *)whole->bytes + whole->at, whole->len - whole->at);
    if (whole->at < whole->len) whole->at++;
}

static void print_item(struct dump *dump, const struct mail_item *item) {
    record_item(dump, item);
    note_text(dump, item);
    switch (item->type) {
        case MAIL_HEADER:
            print_header(dump, item);
            break;
        case MAIL_HEADERS_END:
            break;
        case MAIL_PART_BEGIN:
            print_begin(dump, item->info);
            break;
        case MAIL_TEXT:
            text_sum_add(&dump->text, item->text.data, item->text.len);
            break;
        case MAIL_PART_END:
            if (item->info->kind == PART_PLAIN || item->info->kind == PART_HTML || item->info->kind == PART_REPORT)
                text_sum_print(&dump->text, dump->out);
            break;
    }
}

/* --- pushing --------------------------------------------------------------------------------------------------------
 */

static size_t piece_bytes(unsigned cut, size_t len, unsigned *seed) {
    if (cut == 1) return 1 + (size_t)rand_r(seed) % 23;
    if (cut == 2) return 1 + (size_t)rand_r(seed) % 1460;
    return cut == 0 ? len : 1;
}

static void dump_cut(struct dump *dump, struct span bytes, struct arena *arena, unsigned cut, uint32_t text_bytes) {
    struct mail_parser *parser = mail_parser_new(arena, dump->charsets, &dump->counters);
    mail_limit_text(parser, text_bytes);
    struct mail_item item;
    unsigned seed = (unsigned)bytes.len + cut;
    while (bytes.len > 0) {
        struct span piece = span_head(bytes, piece_bytes(cut, bytes.len, &seed));
        uint8_t *copy = malloc(piece.len); /* a sanitizer sees its end */
        memcpy(copy, piece.data, piece.len);
        mail_push(parser, span_of(copy, piece.len));
        while (mail_next(parser, &item)) print_item(dump, &item);
        free(copy);
        bytes = span_from(bytes, piece.len);
    }
    mail_finish(parser);
    while (mail_next(parser, &item)) print_item(dump, &item);
    arena_reset(arena);
}

static uint8_t whole_bytes[3 * sizeof((struct message *)0)->bytes], slice_bytes[sizeof whole_bytes];

/* All cuts with one limit; the first one's lines are printed, if somebody wants them. */
static void dump_limited(struct span bytes, struct charset_table *charsets, struct arena *arena, uint32_t text_bytes,
                         struct texts *whole, bool prints) {
    char *texts[CUTS];
    struct dump dumps[CUTS];
    for (unsigned cut = 0; cut < CUTS; cut++) {
        size_t len;
        dumps[cut] = (struct dump){.charsets = charsets, .record = FNV_START, .out = open_memstream(&texts[cut], &len)};
        dumps[cut].slice.bytes = slice_bytes;
        if (cut == 0 && prints) dumps[cut].collects = whole;
        if (cut == 0 && !prints) dumps[cut].compares = whole;
        dump_cut(&dumps[cut], bytes, arena, cut, text_bytes);
        fclose(dumps[cut].out);
    }
    if (prints) fputs(texts[0], stdout);
    for (unsigned cut = 0; cut < CUTS; cut++) {
        bool const same = dumps[cut].record == dumps[0].record && strcmp(texts[cut], texts[0]) == 0;
        if (!same) printf("C cut %u gives other items than the whole, of %u bytes\n", cut, text_bytes);
        if (memcmp(&dumps[cut].counters, &dumps[0].counters, sizeof dumps[0].counters) != 0)
            printf("C cut %u counts otherwise than the whole, of %u bytes\n", cut, text_bytes);
    }
    if (dumps[0].astray) printf("C what is read of %u bytes is no part of the text\n", text_bytes);
    for (unsigned cut = 0; cut < CUTS; cut++) free(texts[cut]);
}

static void dump_message(const char *name, struct span bytes, struct charset_table *charsets, struct arena *arena) {
    static const uint32_t limits[] = {200, 1500, LIMIT_TEXT_BYTES_MIN, LIMIT_TEXT_BYTES_DEFAULT};
    struct texts whole = {.bytes = whole_bytes};
    printf("F %s\n", name);
    dump_limited(bytes, charsets, arena, LIMIT_TEXT_BYTES_MAX, &whole, true);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        whole.at = 0;
        dump_limited(bytes, charsets, arena, limits[i], &whole, false);
    }
}

int main(void) {
    static struct arena_block memory[POOL_BLOCKS];
    static struct message message;
    struct block_pool pool;
    struct arena arena;
    struct charset_table *charsets = charset_table_new();
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    while (message_read(&message)) dump_message(message.name, span_of(message.bytes, message.len), charsets, &arena);
    charset_table_free(charsets);
    return 0;
}
