/* report_run: a mail through the mail parser and the reader of reports, written down as lines, in any cut; each push
 * ends at an unreadable page.
 *
 *   kind message-id envelope-id original-sender feedback-type dropped
 *   kind mailbox final status code enhanced-in-reply stage remote-mta "text"      of each recipient; + behind a cut
 * text
 *
 * What is empty is a hyphen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_REPORT_RUN_H
#define MAILSPAN_TEST_REPORT_RUN_H

#include "mail_run.h"
#include "mailspan/mail_report.h"

/* The SMTP sender that the mail came with; empty: null. */
struct report_envelope {
    bool known;
    struct span sender;
};

struct report_run {
    struct arena_block *memory;
    struct charset_table *charsets;
    struct counters counters;
    size_t arena_bytes;
    size_t gap_at;    /* NO_GAP: none */
    size_t gap_bytes; /* of the mail that are missing there */
    struct report_envelope envelope;
    char record[16384];
};

static inline void report_run_begin(struct report_run *run) {
    memset(run, 0, sizeof *run);
    run->memory = aligned_alloc(64, LIMIT_MESSAGE_ARENA_BYTES);
    run->charsets = charset_table_new();
    run->arena_bytes = LIMIT_MESSAGE_ARENA_BYTES;
    run->gap_at = NO_GAP;
}

static inline void report_run_end(struct report_run *run) {
    block_pool_leave(run->memory, LIMIT_MESSAGE_ARENA_BYTES);
    charset_table_free(run->charsets);
    free(run->memory);
}

static inline void put_words(struct report_run *run, struct span words, const char *behind) {
    size_t used = strlen(run->record);
    (void)snprintf(run->record + used, sizeof run->record - used, "%.*s%s", words.len == 0 ? 1 : (int)words.len,
                   words.len == 0 ? "-" : (const char *)words.data, behind);
}

static inline void put_code(struct report_run *run, const struct enhanced_code *code) {
    char text[24] = "";
    if (code->class_ != 0) (void)snprintf(text, sizeof text, "%u.%u.%u", code->class_, code->subject, code->detail);
    put_words(run, span_from_string(text), " ");
}

static inline void put_recipient(struct report_run *run, const struct report_recipient *recipient) {
    char code[8] = "";
    if (recipient->reply.code != 0) (void)snprintf(code, sizeof code, "%u", recipient->reply.code);
    put_words(run, span_from_string(report_kind_name(recipient->kind)), " ");
    put_words(run, recipient->mailbox, " ");
    put_words(run, recipient->final, " ");
    put_code(run, &recipient->status);
    put_words(run, span_from_string(code), " ");
    put_code(run, &recipient->in_reply);
    put_words(run, span_from_string(stage_name(recipient->stage)), " ");
    put_words(run, recipient->remote_mta, " \"");
    put_words(run, recipient->reply.text, recipient->reply.cut ? "\"+\n" : "\"\n");
}

static inline void put_report(struct report_run *run, const struct mail_report *report) {
    char dropped[12];
    run->record[0] = '\0';
    (void)snprintf(dropped, sizeof dropped, "%u", report->recipients_dropped);
    put_words(run, span_from_string(report_kind_name(report->kind)), " ");
    put_words(run, report->message_id, " ");
    put_words(run, report->envelope_id, " ");
    put_words(run, report->original_sender, " ");
    put_words(run, report->feedback_type, " ");
    put_words(run, span_from_string(dropped), "\n");
    for (unsigned i = 0; i < report->recipient_count; i++) put_recipient(run, report_recipient(report, i));
    assert_null(report_recipient(report, report->recipient_count));
}

static inline void take_all(struct report_reader *reader, struct mail_parser *parser) {
    struct mail_item item;
    while (mail_next(parser, &item)) report_reader_take(reader, &item);
}

/* Pieces of `cut` bytes; 0: whole.  NULL: the arena was too small to begin. */
static inline const char *run_report(struct report_run *run, struct span mail, size_t cut) {
    struct block_pool pool;
    struct arena arena;
    block_pool_leave(run->memory, LIMIT_MESSAGE_ARENA_BYTES);
    block_pool_init(&pool, run->memory, run->arena_bytes);
    arena_init(&arena, &pool, run->arena_bytes);
    memset(&run->counters, 0, sizeof run->counters);
    struct mail_parser *parser = mail_parser_new(&arena, run->charsets, &run->counters);
    struct report_reader *reader = parser == NULL ? NULL : report_reader_new(&arena, &run->counters);
    if (reader == NULL) return NULL;
    if (run->envelope.known) report_reader_came_from(reader, run->envelope.sender);
    for (size_t at = 0, len; at < mail.len; at += len) {
        len = cut == 0 || cut > mail.len - at ? mail.len - at : cut;
        if (run->gap_at > at && run->gap_at - at < len) len = run->gap_at - at;
        struct guarded guarded = guard_copy(span_slice(mail, at, len));
        mail_push(parser, guarded.bytes);
        take_all(reader, parser);
        guard_free(&guarded);
        if (at + len == run->gap_at) {
            mail_gap(parser, 1000);
            report_reader_gap(reader);
            len += run->gap_bytes;
        }
    }
    mail_finish(parser);
    take_all(reader, parser);
    put_report(run, report_reader_end(reader));
    return run->record;
}

/* The record must be this whole, byte by byte, and in other cuts. */
static inline void expect_report(struct report_run *run, struct span mail, const char *expected) {
    static const size_t cuts[] = {0, 1, 2, 3, 7, 64};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        assert_string_equal(run_report(run, mail, cuts[i]), expected);
}

/* A bounce as mail servers write it, with this text for people and these fields. */
#define DSN_MAIL(text, fields)                                                                        \
    "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"                 \
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n" text \
    "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" fields                                 \
    "\r\n--b\r\nContent-Type: message/rfc822\r\n"                                                     \
    "\r\nReturn-Path: <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n\r\nHello\r\n--b--\r\n"
#define DSN_HEAD "bounce <1@home.example> - anna@home.example - 0\n"

#endif
