/* See explain_mail.h.
 *
 * A file holds one mail, its lines ended by LF, CR LF or CR; what editors and programs leave before it, a UTF-8 byte
 * order mark and empty lines, is no part of it.  Its SMTP sender is what a Return-Path says (RFC 5321 4.4);
 * without one it is not known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/explain_mail.h"
#include "commands/explain_class.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "mailspan/mail_report.h"
#include "publish/json_text.h"
#include "publish/wording.h"

#define RULE_BYTES_MAX 4096
#define PIECE_BYTES 65536

struct mail_reading {
    const struct bounce_rules *bounces;
    struct charset_table *charsets;
    struct arena_block *memory;
    struct block_pool pool;
    struct arena arena;
    struct counters counters;
    bool path_known;
    struct span path; /* Return-Path, without its brackets */
    char *line;       /* of JSON, LIMIT_JSON_LINE_BYTES */
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void note_return_path(struct mail_reading *reading, struct report_reader *reader, const struct mail_item *item) {
    if (item->type != MAIL_HEADER || item->part != 0 || reading->path_known ||
        !span_equal_nocase(item->name, SPAN_LITERAL("Return-Path")))
        return;
    struct span path = span_trim(item->raw);
    size_t open = span_find(path, '<');
    if (open < path.len) path = span_head(span_from(path, open + 1), span_find(span_from(path, open + 1), '>'));
    reading->path = arena_copy(&reading->arena, path);
    reading->path_known = true;
    report_reader_came_from(reader, reading->path);
}

static void take_items(struct mail_reading *reading, struct mail_parser *parser, struct report_reader *reader) {
    struct mail_item item;
    while (mail_next(parser, &item)) {
        note_return_path(reading, reader, &item);
        report_reader_take(reader, &item);
    }
}

/* The first piece's: what is no part of the mail. */
static struct span skip_leading(struct span piece) {
    struct span mark = SPAN_LITERAL("\xef\xbb\xbf");
    if (span_starts_with(piece, mark)) piece = span_from(piece, mark.len);
    while (piece.len > 0 && (piece.data[0] == '\n' || piece.data[0] == '\r')) piece = span_from(piece, 1);
    return piece;
}

enum line_end { END_UNKNOWN, END_LF, END_CR };

/* What ends lines, by the first piece that ends one; a CR that is its last byte may have an LF behind it. */
static enum line_end line_end_of(struct span piece) {
    if (span_find(piece, '\n') < piece.len) return END_LF;
    return span_find(piece, '\r') + 1 < piece.len ? END_CR : END_UNKNOWN;
}

/* Lines that CR alone ends: the parser knows none, because SMTP has none (RFC 5321 2.3.8). */
static void end_by_lf(uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (bytes[i] == '\r') bytes[i] = '\n';
}

/* NULL: the file cannot be read (errno). */
static const struct mail_report *read_mail(struct mail_reading *reading, FILE *file) {
    static uint8_t piece[PIECE_BYTES];
    arena_reset(&reading->arena);
    reading->path_known = false;
    struct mail_parser *parser = mail_parser_new(&reading->arena, reading->charsets, &reading->counters);
    struct report_reader *reader = report_reader_new(&reading->arena, &reading->counters);
    if (parser == NULL || reader == NULL) return NULL;
    enum line_end end = END_UNKNOWN;
    bool begun = false;
    for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) {
        struct span const read = span_of(piece, len), bytes = begun ? read : skip_leading(read);
        if (end == END_UNKNOWN) end = line_end_of(bytes);
        if (end == END_CR) end_by_lf(piece, len);
        begun |= bytes.len > 0;
        mail_push(parser, bytes);
        take_items(reading, parser, reader);
    }
    if (ferror(file) != 0) return NULL;
    mail_finish(parser);
    take_items(reading, parser, reader);
    return report_reader_end(reader);
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

static void put_text_or_null(struct json_text *j, const char *key, struct span text) {
    if (text.len == 0)
        json_put_null(j, key);
    else
        json_put_text(j, key, text);
}

static void put_class(struct json_text *j, const struct bounce_rules *bounces, const struct bounce_case *what,
                      const struct bounce_finding *found) {
    const struct smtp_reply *reply = what->reply;
    const struct bounce_class *class_ = found->class_;
    json_put_word(j, "class", class_ == NULL ? NULL : class_->name);
    if (class_ == NULL) return;
    json_put_word(j, "fault", fault_name(class_->fault));
    json_put_decimal(j, "weight", class_->weight, 3);
    json_put_decimal(j, "passed_on", class_->passed_on, 3);
    explain_put_reason(j, bounces, what, found, "rule_file");
    json_put_bool(j, "hard", explain_is_hard(found, reply));
    explain_put_help(j, bounces, found, reply);
}

static void put_recipient(struct json_text *j, const struct bounce_rules *bounces,
                          const struct report_recipient *recipient) {
    char code[24];
    struct smtp_reply refusal;
    struct bounce_case const what = bounce_report_case(bounces, recipient, &refusal);
    struct bounce_finding const found = bounce_explain(bounces, &what);
    json_open(j, NULL, '{');
    json_put_text(j, "address", recipient->mailbox);
    put_text_or_null(j, "final", recipient->final);
    json_put_word(j, "kind", report_kind_name(recipient->kind));
    json_put_word(j, "status", enhanced_to_text(&recipient->status, code));
    if (recipient->reply.code == 0)
        json_put_null(j, "code");
    else
        json_put_unsigned(j, "code", recipient->reply.code);
    json_put_word(j, "enhanced", enhanced_to_text(&recipient->in_reply, code));
    put_text_or_null(j, "diagnostic", recipient->reply.text);
    json_put_word(j, "stage", stage_name(recipient->stage));
    put_text_or_null(j, "remote_mta", recipient->remote_mta);
    put_class(j, bounces, &what, &found);
    json_close(j, '}');
}

static void print_json(struct mail_reading *reading, const char *file, const struct mail_report *report) {
    struct json_text j = {.bytes = reading->line, .capacity = LIMIT_JSON_LINE_BYTES};
    json_start(&j);
    json_open(&j, NULL, '{');
    json_put_text(&j, "file", span_head(span_from_string(file), RULE_BYTES_MAX));
    json_put_word(&j, "kind", report_kind_name(report->kind));
    json_open(&j, "recipients", '[');
    for (unsigned i = 0; i < report->recipient_count; i++)
        put_recipient(&j, reading->bounces, report_recipient(report, i));
    json_close(&j, ']');
    json_put_unsigned(&j, "recipients_dropped", report->recipients_dropped);
    put_text_or_null(&j, "message_id", report->message_id);
    put_text_or_null(&j, "envelope_id", report->envelope_id);
    put_text_or_null(&j, "original_sender", report->original_sender);
    put_text_or_null(&j, "feedback_type", report->feedback_type);
    if (reading->path_known)
        json_put_text(&j, "sender", reading->path);
    else
        json_put_null(&j, "sender");
    json_close(&j, '}');
    (void)printf("%.*s\n", (int)j.length, j.bytes);
}

/* The codes that are quoted: a Status may say something else. */
static void print_reply(const struct report_recipient *recipient) {
    char code[24];
    const char *enhanced = enhanced_to_text(&recipient->in_reply, code);
    if (recipient->reply.code != 0)
        (void)printf("  reply    %u%s%s\n", recipient->reply.code, enhanced == NULL ? "" : " ",
                     enhanced == NULL ? "" : enhanced);
    else if (enhanced != NULL)
        (void)printf("  reply    %s\n", enhanced);
}

static void print_recipient(const struct bounce_rules *bounces, const struct report_recipient *recipient) {
    char code[24];
    struct smtp_reply refusal;
    struct bounce_case const what = bounce_report_case(bounces, recipient, &refusal);
    struct bounce_finding const found = bounce_explain(bounces, &what);
    explain_print_plain("recipient  ", recipient->mailbox);
    if (recipient->final.len > 0) explain_print_plain("  final    ", recipient->final);
    (void)printf("  became   %s\n", report_kind_name(recipient->kind));
    const char *status = enhanced_to_text(&recipient->status, code);
    if (status != NULL) (void)printf("  status   %s\n", status);
    print_reply(recipient);
    if (recipient->reply.text.len > 0) explain_print_plain("  said     ", recipient->reply.text);
    if (recipient->stage != STAGE_NONE) (void)printf("  to       %s\n", stage_name(recipient->stage));
    if (found.class_ == NULL) return;
    (void)printf("  class    %s, fault: %s, weight %g", found.class_->name, fault_name(found.class_->fault),
                 found.class_->weight);
    if (found.class_->passed_on < found.class_->weight) (void)printf(", passed on %g", found.class_->passed_on);
    (void)putchar('\n');
    explain_print_reason(bounces, &what, &found, "  ");
    explain_print_help(bounces, &found, &refusal, "  ");
}

static void print_text(const struct mail_reading *reading, const char *file, const struct mail_report *report) {
    explain_print_plain("file       ", span_from_string(file));
    (void)printf("kind       %s\n", report_kind_name(report->kind));
    if (report->feedback_type.len > 0) explain_print_plain("feedback   ", report->feedback_type);
    if (report->message_id.len > 0) explain_print_plain("message    ", report->message_id);
    for (unsigned i = 0; i < report->recipient_count; i++)
        print_recipient(reading->bounces, report_recipient(report, i));
    if (report->recipients_dropped > 0) (void)printf("and %u more recipients\n", report->recipients_dropped);
}

static bool explain_file(struct mail_reading *reading, const char *name, bool json) {
    bool is_input = strcmp(name, "-") == 0;
    FILE *file = is_input ? stdin : fopen(name, "re");
    const struct mail_report *report = file == NULL ? NULL : read_mail(reading, file);
    if (report == NULL)
        (void)fprintf(stderr, "mailspan explain: %s cannot be read: %s; expected a file that holds one mail, or -\n",
                      is_input ? "standard input" : name, strerror(errno));
    else if (json)
        print_json(reading, name, report);
    else
        print_text(reading, name, report);
    if (file != NULL && !is_input) (void)fclose(file);
    return report != NULL;
}

int explain_mails(const struct bounce_rules *bounces, char *const *files, int count, bool json) {
    struct mail_reading reading = {.bounces = bounces,
                                   .charsets = charset_table_new(),
                                   .memory = aligned_alloc(64, LIMIT_MESSAGE_ARENA_BYTES),
                                   .line = malloc(LIMIT_JSON_LINE_BYTES)};
    bool made = reading.charsets != NULL && reading.memory != NULL && reading.line != NULL;
    int code = EXIT_FINE;
    if (made) {
        block_pool_init(&reading.pool, reading.memory, LIMIT_MESSAGE_ARENA_BYTES);
        arena_init(&reading.arena, &reading.pool, LIMIT_MESSAGE_ARENA_BYTES);
    } else {
        (void)fputs("mailspan explain: not enough memory\n", stderr);
        code = EXIT_FAILED;
    }
    for (int i = 0; made && i < count; i++)
        if (!explain_file(&reading, files[i], json)) code = EXIT_FAILED;
    if (made) block_pool_leave(reading.memory, LIMIT_MESSAGE_ARENA_BYTES);
    if (reading.charsets != NULL) charset_table_free(reading.charsets);
    free(reading.memory);
    free(reading.line);
    return code;
}
