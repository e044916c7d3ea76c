/* Any bytes, in any cut and with gaps, through the content decoder: no crash, no read outside, and the same result in
 * another cut.  Each span that comes out is read; what is said to be UTF-8 must be.
 *
 * Input: one byte for the cut (0: whole; else the length of the pieces), one for where a gap is (0: none), then the
 * message.  Of each second length less text may be read, so that there are slices.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "../../decoders/charset.h"
#include "mailspan/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FNV_START UINT64_C(0xcbf29ce484222325)

struct run {
    uint64_t headers, texts, marks; /* hashes: text may come in other pieces, so its pieces are not in it */
    uint64_t unread, slices;
    struct mail_summary summary;
};

static uint64_t hash_span(uint64_t hash, struct span s) {
    for (size_t i = 0; i < s.len; i++) hash = (hash ^ s.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void take_item(struct run *run, const struct mail_item *item) {
    if (item->type == MAIL_TEXT) {
        if (item->jump) run->texts = run->texts * 31 + 1;
        run->texts = hash_span(run->texts, item->text);
        if (!utf8_valid(item->text)) abort();
        return;
    }
    if (item->type == MAIL_HEADER) {
        run->headers = hash_span(hash_span(hash_span(run->headers, item->name), item->raw), item->value);
        if (!utf8_valid(item->value)) abort();
    }
    run->marks = run->marks * 31 + (uint64_t)item->type * 7 + item->part;
    if (item->info != NULL) {
        run->marks = hash_span(hash_span(run->marks, item->info->type), item->info->filename);
        run->marks = hash_span(hash_span(run->marks, item->info->charset), item->info->encoding);
        const struct part_content *content = &item->info->content;
        run->marks = run->marks * 31 + content->kind * 7u + content->signs * 3u + content->width + content->height;
    }
}

static void drain(struct run *run, struct mail_parser *parser, struct arena *arena, struct counters *counters) {
    struct mail_item item;
    while (mail_next(parser, &item)) {
        take_item(run, &item);
        mail_summarize(&run->summary, &item, arena, counters);
    }
}

static struct run run_message(struct charset_table *charsets, struct span message, size_t cut, size_t gap_at) {
    static struct arena_block memory[LIMIT_MESSAGE_ARENA_BYTES / sizeof(struct arena_block)];
    struct block_pool pool;
    struct arena arena;
    struct counters counters = {.packets = 0};
    struct run run = {.headers = FNV_START, .texts = FNV_START, .marks = FNV_START};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    struct mail_parser *parser = mail_parser_new(&arena, charsets, &counters);
    size_t at = 0;
    uint32_t const limit = message.len % 2 == 0 ? LIMIT_TEXT_BYTES_DEFAULT : (uint32_t)(message.len / 3);
    mail_limit_text(parser, limit);
    while (at < message.len) {
        size_t len = cut == 0 || cut > message.len - at ? message.len - at : cut;
        if (gap_at > at && gap_at < at + len) len = gap_at - at;
        uint8_t *piece = malloc(len); /* exactly as long, so that the sanitizer sees a byte too far */
        memcpy(piece, message.data + at, len);
        mail_push(parser, span_of(piece, len));
        drain(&run, parser, &arena, &counters);
        free(piece);
        at += len;
        if (gap_at != 0 && at == gap_at) mail_gap(parser, 100);
    }
    mail_finish(parser);
    drain(&run, parser, &arena, &counters);
    if (run.summary.text_bytes > limit || counters.text_slices > LIMIT_TEXT_SLICES) abort();
    run.unread = counters.text_unread_bytes;
    run.slices = counters.text_slices;
    return run;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct charset_table *charsets;
    if (charsets == NULL) charsets = charset_table_new();
    if (size < 2) return 0;
    struct span message = span_of(data + 2, size - 2);
    size_t gap_at = data[1] == 0 ? 0 : message.len * data[1] / 256;
    struct run whole = run_message(charsets, message, 0, gap_at);
    struct run cut = run_message(charsets, message, data[0] == 0 ? 1 : data[0], gap_at);
    if (whole.headers != cut.headers || whole.texts != cut.texts || whole.marks != cut.marks) abort();
    if (whole.summary.text_bytes != cut.summary.text_bytes) abort();
    if (whole.unread != cut.unread || whole.slices != cut.slices) abort();
    if (memcmp(whole.summary.attached, cut.summary.attached, sizeof whole.summary.attached) != 0) abort();
    if (whole.summary.base64_needless != cut.summary.base64_needless ||
        whole.summary.plain.ink != cut.summary.plain.ink ||
        whole.summary.text_difference != cut.summary.text_difference)
        abort();
    return 0;
}
