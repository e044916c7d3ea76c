/* Prints the subject of mails, and the beginning of their text as rules for `body` see it, without what nobody sees,
 * for whoever fits words.
 *
 *   folded BYTES FILE...
 *
 * A line each: the file's name, the subject and the text between tabs; in the text a paragraph's end is a byte 1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "../../scoring/text_fold.h"
#include "mailspan/html_text.h"
#include "mailspan/mail.h"

#define PIECE_BYTES 65536

struct reading {
    struct text_fold fold;
    struct html_text html;
    unsigned part;
    bool in_part, in_html, unseen;
    struct arena *arena;
    struct counters *counters;
    struct html_figures figures;
    struct html_facts *facts;
    size_t left;
};

static void put(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        (void)putchar(text.data[i] == '\t' ? ' ' : text.data[i] == '\n' ? 1 : text.data[i]);
}

static void put_folded(struct reading *reading, struct span text) {
    text = span_head(text, reading->left);
    reading->left -= text.len;
    put(text);
}

static void on_text(void *context, struct span text) {
    struct reading *reading = context;
    uint8_t room[4096];
    while (text.len > 0) {
        struct span const folded = span_of(room, text_fold(&reading->fold, &text, room, sizeof room));
        if (!reading->unseen) put_folded(reading, folded);
    }
}

static void on_unseen(void *context, bool unseen) {
    struct reading *reading = context;
    if (unseen && reading->fold.space != 0) put_folded(reading, SPAN_LITERAL(" "));
    reading->unseen = unseen;
}

static void on_link(void *context, struct span bytes) {
    (void)context, (void)bytes;
}

static void on_link_end(void *context) {
    (void)context;
}

static void end_part(struct reading *reading) {
    struct html_sink const sink = {.context = reading,
                                   .text = on_text,
                                   .link = on_link,
                                   .link_end = on_link_end,
                                   .facts = reading->facts,
                                   .unseen = on_unseen};
    uint8_t room[TEXT_FOLD_ROOM_BYTES];
    if (!reading->in_part) return;
    if (reading->in_html) html_text_end(&reading->html, &sink);
    put_folded(reading, span_of(room, text_fold_end(&reading->fold, room)));
    put_folded(reading, SPAN_LITERAL("\n"));
    reading->in_part = reading->unseen = false;
}

static void take_text(struct reading *reading, const struct mail_item *item) {
    bool const html = item->info->kind == PART_HTML;
    if (html && reading->facts == NULL)
        reading->facts = html_facts_new(reading->arena, &reading->figures, SPAN_EMPTY, reading->counters);
    struct html_sink const sink = {.context = reading,
                                   .text = on_text,
                                   .link = on_link,
                                   .link_end = on_link_end,
                                   .facts = reading->facts,
                                   .unseen = on_unseen};
    if (reading->in_part && (reading->part != item->part || reading->in_html != html)) end_part(reading);
    reading->in_part = true;
    reading->in_html = html;
    reading->part = item->part;
    if (html)
        html_text_push(&reading->html, item->text, &sink);
    else
        on_text(reading, item->text);
}

static void take(struct reading *reading, struct mail_parser *parser, bool *subject_seen) {
    struct mail_item item;
    while (mail_next(parser, &item)) {
        bool const own = item.type == MAIL_HEADER && item.part == 0;
        if (own && !*subject_seen && span_equal_nocase(item.name, SPAN_LITERAL("Subject"))) {
            *subject_seen = true;
            put(item.value);
        }
        if (item.type == MAIL_HEADERS_END) (void)putchar('\t');
        if (item.type == MAIL_TEXT && item.info->kind != PART_REPORT) take_text(reading, &item);
    }
}

static bool print_file(const char *name, size_t bytes, struct charset_table *charsets, struct arena *arena) {
    static uint8_t piece[PIECE_BYTES];
    struct counters counters = {0};
    struct reading reading = {.left = bytes, .arena = arena, .counters = &counters};
    bool subject_seen = false;
    FILE *file = fopen(name, "rb");
    struct mail_parser *parser = mail_parser_new(arena, charsets, &counters);
    if (file == NULL || parser == NULL) {
        if (file != NULL) (void)fclose(file);
        return false;
    }
    (void)printf("%s\t", name);
    for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) {
        mail_push(parser, span_of(piece, len));
        take(&reading, parser, &subject_seen);
    }
    mail_finish(parser);
    take(&reading, parser, &subject_seen);
    end_part(&reading);
    (void)putchar('\n');
    (void)fclose(file);
    arena_reset(arena);
    return true;
}

int main(int argc, char **argv) {
    struct charset_table *charsets = charset_table_new();
    struct arena_block *memory = aligned_alloc(64, LIMIT_MESSAGE_ARENA_BYTES);
    struct block_pool pool;
    struct arena arena;
    bool fine = argc > 2 && charsets != NULL && memory != NULL;
    if (fine) {
        block_pool_init(&pool, memory, LIMIT_MESSAGE_ARENA_BYTES);
        arena_init(&arena, &pool, LIMIT_MESSAGE_ARENA_BYTES);
    }
    for (int i = 2; fine && i < argc; i++) {
        fine = print_file(argv[i], strtoul(argv[1], NULL, 10), charsets, &arena);
        if (!fine) (void)fprintf(stderr, "folded: %s cannot be read\n", argv[i]);
    }
    if (charsets != NULL) charset_table_free(charsets);
    free(memory);
    return fine ? 0 : 1;
}
