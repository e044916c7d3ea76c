/* mail_run: a message through the content decoder, written down as lines, in any cut; each push ends at an unreadable
 * page.  The pieces of a part's text are put together, so that the record does not depend on the cut.
 *
 *   H0 Subject|raw|value      E      B1 kind type charset encoding depth attachment filename      T1 text      P1
 *
 * Behind P stands what an attachment is by its bytes, if that is known: P1 zip signs width height
 *
 * Where text before it was not read, text begins with ^.
 *
 * Line ends in text are written as $ (CR LF) and ~ (LF).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_MAIL_RUN_H
#define MAILSPAN_TEST_MAIL_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/mail.h"

#define RECORD_BYTES (512 << 10)
#define NO_GAP SIZE_MAX

struct mail_run {
    struct arena_block *memory;
    struct block_pool pool;
    struct arena arena;
    struct charset_table *charsets;
    struct counters counters;
    struct mail_summary summary;
    char *record;
    size_t record_len;
    bool in_text;
    size_t blocks_max;   /* of the arena at its fullest */
    uint32_t text_bytes; /* mail_limit_text; 0: as many as unless told */
};

static inline void run_begin(struct mail_run *run) {
    size_t bytes = LIMIT_MESSAGE_ARENA_BYTES;
    memset(run, 0, sizeof *run);
    run->memory = aligned_alloc(64, bytes);
    run->record = malloc(RECORD_BYTES);
    run->charsets = charset_table_new();
    block_pool_init(&run->pool, run->memory, bytes);
    arena_init(&run->arena, &run->pool, bytes);
}

static inline void run_end(struct mail_run *run) {
    charset_table_free(run->charsets);
    free(run->memory);
    free(run->record);
}

static inline void record_text(struct mail_run *run, struct span s) {
    for (size_t i = 0; i < s.len && run->record_len + 2 < RECORD_BYTES; i++) {
        char c = (char)s.data[i];
        /* A return may be at the end of one piece and its newline at the beginning of the next. */
        if (c == '\n' && run->record_len > 0 && run->record[run->record_len - 1] == '\r')
            run->record[--run->record_len] = '$';
        else if (c == '\n')
            run->record[run->record_len] = '~';
        else
            run->record[run->record_len] = c;
        run->record_len++;
    }
}

static inline void record_string(struct mail_run *run, const char *text) {
    record_text(run, span_from_string(text));
}

static inline void record_line(struct mail_run *run, char mark, unsigned part) {
    char head[16];
    if (run->record_len > 0) run->record[run->record_len++] = '\n';
    (void)snprintf(head, sizeof head, mark == 'E' ? "%c" : "%c%u", mark, part);
    record_string(run, head);
    run->in_text = mark == 'T';
}

static inline void record_begin(struct mail_run *run, const struct part_info *info) {
    static const char *const kinds[] = {"plain", "html", "report", "message", "image", "other"};
    char text[16];
    record_string(run, " ");
    record_string(run, kinds[info->kind]);
    record_string(run, " ");
    record_text(run, info->type);
    record_string(run, " ");
    record_text(run, info->charset);
    record_string(run, " ");
    record_text(run, info->encoding);
    (void)snprintf(text, sizeof text, " %u %d ", info->depth, info->attachment);
    record_string(run, text);
    record_text(run, info->filename);
}

static inline void record_content(struct mail_run *run, const struct part_content *content) {
    char text[64];
    if (content->kind == CONTENT_UNKNOWN) return;
    (void)snprintf(text, sizeof text, " %s %x %u %u", content_kind_name((enum content_kind)content->kind),
                   content->signs, content->width, content->height);
    record_string(run, text);
}

static inline void record_item(struct mail_run *run, const struct mail_item *item) {
    static const char marks[] = {'H', 'E', 'B', 'T', 'P'};
    if (item->type == MAIL_TEXT && run->in_text) {
        if (item->jump) record_string(run, "^");
        record_text(run, item->text);
        return;
    }
    record_line(run, marks[item->type], item->part);
    if (item->type == MAIL_PART_BEGIN) record_begin(run, item->info);
    if (item->type == MAIL_PART_END) record_content(run, &item->info->content);
    if (item->type == MAIL_TEXT) {
        record_string(run, item->jump ? " ^" : " ");
        record_text(run, item->text);
    }
    if (item->type == MAIL_HEADER) {
        record_string(run, " ");
        record_text(run, item->name);
        record_string(run, "|");
        record_text(run, item->raw);
        record_string(run, "|");
        record_text(run, item->value);
    }
}

static inline void run_drain(struct mail_run *run, struct mail_parser *parser) {
    struct mail_item item;
    while (mail_next(parser, &item)) {
        record_item(run, &item);
        mail_summarize(&run->summary, &item, &run->arena, &run->counters);
    }
    assert_false(mail_next(parser, &item));
}

/* Pieces of `cut` bytes; 0: whole; over a million: of random lengths.  A gap is said at gap_at. */
static inline const char *run_message(struct mail_run *run, struct span message, size_t cut, size_t gap_at) {
    arena_reset(&run->arena);
    memset(&run->counters, 0, sizeof run->counters);
    memset(&run->summary, 0, sizeof run->summary);
    run->record_len = 0;
    run->in_text = false;
    struct mail_parser *parser = mail_parser_new(&run->arena, run->charsets, &run->counters);
    assert_non_null(parser);
    if (run->text_bytes > 0) mail_limit_text(parser, run->text_bytes);
    unsigned seed = (unsigned)cut;
    for (size_t at = 0; at < message.len;) {
        size_t len = cut == 0 ? message.len : cut > 1000000 ? 1 + (size_t)rand_r(&seed) % 23 : cut;
        if (gap_at > at && gap_at - at < len) len = gap_at - at;
        struct span piece = span_slice(message, at, len);
        struct guarded guarded = guard_copy(piece);
        mail_push(parser, guarded.bytes);
        run_drain(run, parser);
        guard_free(&guarded);
        at += piece.len;
        if (at == gap_at) mail_gap(parser, 1000);
    }
    mail_finish(parser);
    run_drain(run, parser);
    run->blocks_max = run->arena.blocks;
    run->record[run->record_len] = '\0';
    return run->record;
}

/* The record must be `expected` whole, byte by byte, and in other cuts. */
static inline void expect_record(struct mail_run *run, struct span message, size_t gap_at, const char *expected) {
    static const size_t cuts[] = {0, 1, 2, 3, 5, 7, 16, 60, 1000001, 1000002, 1000003, 1000004};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        assert_string_equal(run_message(run, message, cuts[i], gap_at), expected);
}

#define EXPECT(run, message, ...) expect_record(run, SPAN_LITERAL(message), NO_GAP, __VA_ARGS__)

#endif
