/* Any mail, in any cut and with gaps, through the content decoder and the reader of reports: no crash, no read outside,
 * nothing told beyond the limits, and the same result in another cut.
 *
 * Input: one byte for the cut (0: byte by byte; else the length of the pieces), one for where a gap is (0: none), one
 * for the envelope (0: not known; 1: null sender; else some sender), then the mail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/mail_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FNV_START UINT64_C(0xcbf29ce484222325)

static uint64_t hash_span(uint64_t hash, struct span s) {
    for (size_t i = 0; i < s.len; i++) hash = (hash ^ s.data[i]) * UINT64_C(0x100000001b3);
    return (hash ^ s.len) * UINT64_C(0x100000001b3);
}

static uint64_t hash_recipient(uint64_t hash, const struct report_recipient *recipient) {
    struct smtp_reply refusal = report_refusal(recipient);
    bool refused = recipient->kind == REPORT_BOUNCE || recipient->kind == REPORT_DELAY;
    if (refused != reply_is_refusal(&refusal)) abort();
    if (recipient->mailbox.len > LIMIT_ADDRESS_BYTES || recipient->final.len > LIMIT_ADDRESS_BYTES) abort();
    if (recipient->reply.text.len > LIMIT_REPLY_TEXT_BYTES) abort();
    hash = hash_span(hash_span(hash, recipient->mailbox), recipient->final);
    hash = hash_span(hash_span(hash, recipient->reply.text), recipient->remote_mta);
    const struct enhanced_code *codes[] = {&recipient->status, &recipient->in_reply, &recipient->reply.enhanced};
    for (size_t i = 0; i < 3; i++)
        hash = hash * 31 + codes[i]->class_ * 1000000u + codes[i]->subject * 1000u + codes[i]->detail;
    hash = hash * 31 + recipient->kind * 16u + recipient->stage;
    return hash * 31 + recipient->reply.code * 2u + recipient->reply.cut;
}

static uint64_t hash_report(const struct mail_report *report) {
    uint64_t hash = FNV_START * 31 + report->kind;
    if (report->recipient_count > LIMIT_REPORT_RECIPIENTS || report->message_id.len > LIMIT_MESSAGE_ID_BYTES) abort();
    hash = hash_span(hash_span(hash, report->message_id), report->envelope_id);
    hash = hash_span(hash_span(hash, report->original_sender), report->feedback_type);
    for (unsigned i = 0; i < report->recipient_count; i++) hash = hash_recipient(hash, report_recipient(report, i));
    if (report_recipient(report, report->recipient_count) != NULL) abort();
    return hash * 31 + report->recipients_dropped;
}

static void take_all(struct report_reader *reader, struct mail_parser *parser) {
    struct mail_item item;
    while (mail_next(parser, &item)) report_reader_take(reader, &item);
}

static uint64_t run_mail(struct charset_table *charsets, struct span mail, size_t cut, size_t gap_at, unsigned sender) {
    static struct arena_block memory[LIMIT_MESSAGE_ARENA_BYTES / sizeof(struct arena_block)];
    struct block_pool pool;
    struct arena arena;
    struct counters counters = {.packets = 0};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    struct mail_parser *parser = mail_parser_new(&arena, charsets, &counters);
    struct report_reader *reader = report_reader_new(&arena, &counters);
    if (sender > 0) report_reader_came_from(reader, sender > 1 ? SPAN_LITERAL("x@y.example") : SPAN_EMPTY);
    for (size_t at = 0, len; at < mail.len; at += len) {
        len = cut == 0 || cut > mail.len - at ? mail.len - at : cut;
        if (gap_at > at && gap_at < at + len) len = gap_at - at;
        uint8_t *piece = malloc(len); /* exactly as long, so that the sanitizer sees a byte too far */
        memcpy(piece, mail.data + at, len);
        mail_push(parser, span_of(piece, len));
        take_all(reader, parser);
        free(piece);
        if (gap_at != 0 && at + len == gap_at) {
            mail_gap(parser, 100);
            report_reader_gap(reader);
        }
    }
    mail_finish(parser);
    take_all(reader, parser);
    uint64_t hash = hash_report(report_reader_end(reader));
    block_pool_leave(memory, sizeof memory);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct charset_table *charsets;
    if (charsets == NULL) charsets = charset_table_new();
    if (size < 3) return 0;
    struct span mail = span_of(data + 3, size - 3);
    size_t gap_at = data[1] == 0 ? 0 : mail.len * data[1] / 256;
    uint64_t whole = run_mail(charsets, mail, 0, gap_at, data[2]);
    if (whole != run_mail(charsets, mail, data[0] == 0 ? 1 : data[0], gap_at, data[2])) abort();
    return 0;
}
