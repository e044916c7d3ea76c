/* See explain_mail.h.
 *
 * A mail goes the way of one on the wire (message_content.c, verdict.h).  There is no dialogue: facts about it do not
 * hold.  Its SMTP sender is what a Return-Path says (RFC 5321 4.4), or else an mbox line; without both it is not known.
 * It was sent when the uppermost Received says (the server's that took it); without one its Date is compared with
 * nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/explain_mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "commands/explain_files.h"
#include "commands/explain_told.h"
#include "mail_file.h"
#include "publish/publish.h"

#define SAID_NAMES 8 /* of rules that cannot fire */

struct mail_reading {
    const struct mails_question *question;
    const struct knowledge *knowledge;
    struct charset_table *charsets;
    struct arena_block *memory;
    struct block_pool pool;
    struct arena arena;
    char *line; /* of JSON, LIMIT_JSON_LINE_BYTES */
    bool colour;
    uint64_t told_count; /* of mails */
    /* Of the mail at hand. */
    struct counters counters;
    struct message message;
    struct mail_summary summary;
    struct mail_parser *parser;
    struct report_reader *reports;
    struct rule_scan *scan;
    bool path_seen, received_seen;
    uint8_t last_byte;
    struct told_mail told;
    struct mail_file file;
    uint8_t sent[MAIL_FILE_BYTES + 2]; /* what the parser gets at once: a line and its end fit */
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void note_sender(struct mail_reading *reading, struct span sender) {
    reading->message.sender = arena_copy(&reading->arena, sender);
    reading->message.sender_seen = true;
    report_reader_came_from(reading->reports, reading->message.sender);
}

static void note_return_path(struct mail_reading *reading, struct span path) {
    size_t const open = span_find(path, '<');
    if (open < path.len) path = span_head(span_from(path, open + 1), span_find(span_from(path, open + 1), '>'));
    note_sender(reading, path);
}

/* The date stands behind the last semicolon (RFC 5322 3.6.7). */
static void note_received(struct mail_reading *reading, struct span value) {
    nstime time;
    if (mail_date(span_from(value, span_find_last(value, ';') + 1), &time))
        reading->message.start = reading->message.end = time;
}

/* The first of each counts: servers write above what was there. */
static void note_header(struct mail_reading *reading, const struct mail_item *item) {
    if (!reading->path_seen && span_equal_nocase(item->name, SPAN_LITERAL("Return-Path"))) {
        reading->path_seen = true;
        note_return_path(reading, span_trim(item->raw));
    }
    if (!reading->received_seen && span_equal_nocase(item->name, SPAN_LITERAL("Received"))) {
        reading->received_seen = true;
        note_received(reading, item->raw);
    }
}

static void take_items(struct mail_reading *reading) {
    struct mail_item item;
    while (mail_next(reading->parser, &item)) {
        if (item.type == MAIL_HEADER && item.part == 0) note_header(reading, &item);
        mail_summarize(&reading->summary, &item, &reading->arena, &reading->counters);
        report_reader_take(reading->reports, &item);
        rules_found_take(reading->told.found, &item);
        rule_scan_item(reading->scan, &item, &reading->summary);
    }
}

static void push(struct mail_reading *reading, struct span bytes) {
    reading->message.body_bytes += bytes.len;
    mail_push(reading->parser, bytes);
    take_items(reading);
}

/* As it would have been sent: lines end in CR LF.  A dot at the beginning of one is doubled, which is counted and not
 * done, for the parser wants it undone. */
static void push_as_sent(struct mail_reading *reading, struct span piece) {
    size_t length = 0;
    while (piece.len > 0) {
        size_t const end = span_find(piece, '\n');
        struct span const line = span_head(piece, end);
        if (length + line.len + 2 > sizeof reading->sent) {
            push(reading, span_of(reading->sent, length));
            length = 0;
        }
        reading->message.body_bytes += reading->last_byte == '\n' && piece.data[0] == '.';
        if (line.len > 0) memcpy(reading->sent + length, line.data, line.len);
        if (line.len > 0) reading->last_byte = line.data[line.len - 1];
        length += line.len;
        piece = span_from(piece, end);
        if (piece.len == 0) break;
        if (reading->last_byte != '\r') reading->sent[length++] = '\r';
        reading->sent[length++] = reading->last_byte = '\n';
        piece = span_from(piece, 1);
    }
    push(reading, span_of(reading->sent, length));
}

static bool begin_mail(struct mail_reading *reading) {
    arena_reset(&reading->arena);
    reading->counters = (struct counters){.messages = 1};
    reading->message = (struct message){.visibility = VISIBILITY_CLEAR};
    reading->summary = (struct mail_summary){.headers = 0};
    reading->path_seen = reading->received_seen = false;
    reading->last_byte = '\n';
    rules_found_begin(reading->told.found, &reading->arena);
    reading->parser = mail_parser_new(&reading->arena, reading->charsets, &reading->counters);
    reading->reports = report_reader_new(&reading->arena, &reading->counters);
    reading->scan = rule_scan_begin(reading->knowledge->rules, &reading->arena, &reading->counters);
    if (reading->parser != NULL) mail_limit_text(reading->parser, reading->question->text_bytes);
    return reading->parser != NULL && reading->reports != NULL && reading->scan != NULL;
}

static void read_mail(struct mail_reading *reading) {
    if (reading->file.sender != NULL) note_sender(reading, span_from_string(reading->file.sender));
    for (struct span piece; (piece = mail_file_piece(&reading->file)).len > 0;) push_as_sent(reading, piece);
    mail_finish(reading->parser);
    take_items(reading);
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

/* Those that the verdict counts; it may name fewer. */
static void list_rules(struct mail_reading *reading) {
    struct told_mail *told = &reading->told;
    told->rule_count = 0;
    for (unsigned i = 0; i < ruleset_count(reading->knowledge->rules); i++) {
        const struct rule *rule = ruleset_rule(reading->knowledge->rules, i);
        if (!rule_hit(&told->hits, i) || (rule->group == RULE_CONTENT && !told->verdict.content_known)) continue;
        if (rule->points == 0) continue; /* it is there for others */
        unsigned at = told->rule_count++;
        for (; at > 0 && rule_is_stronger(rule, told->rules[at - 1].rule); at--) told->rules[at] = told->rules[at - 1];
        told->rules[at] = (struct told_rule){.rule = rule, .index = i};
    }
}

static void judge(struct mail_reading *reading) {
    static const struct stream_info nobody;
    /* Only the client's side is known: then nothing is said of what was not said. */
    static const struct dialogue_facts no_dialogue = {.visibility = VISIBILITY_CLIENT_ONLY};
    struct told_mail *told = &reading->told;
    struct verdict_context const context = {.rules = reading->knowledge->rules,
                                            .bounces = reading->knowledge->bounces,
                                            .stream = &nobody,
                                            .dialogue = &no_dialogue,
                                            .facts = &told->facts};
    struct sent sent;
    verdict_make(&told->verdict, &sent, &context, &reading->message, &reading->summary, reading->scan,
                 &reading->counters);
    reading->counters.rules_cut = 0; /* all of them are told */
    (void)rule_scan_words(reading->scan, told->words, TOLD_WORDS_MAX, &told->word_count);
    ruleset_hits(context.rules, reading->scan, &told->facts, &told->hits);
    list_rules(reading);
    told->sender_known = reading->message.sender_seen;
    told->sender = reading->message.sender;
    told->report = report_reader_end(reading->reports);
    told->text_bytes = reading->summary.text_bytes;
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

static bool tell(struct mail_reading *reading) {
    const struct mails_question *question = reading->question;
    struct json_text j = {.bytes = reading->line, .capacity = LIMIT_JSON_LINE_BYTES};
    if (question->json && !explain_put_mail(&j, &reading->told, question->facts)) {
        (void)fprintf(stderr,
                      "mailspan explain: what is to be said of a mail in %s is longer than a line of %u bytes\n",
                      reading->told.file, LIMIT_JSON_LINE_BYTES);
        return false;
    }
    if (question->json) {
        (void)fwrite(j.bytes, 1, j.length, stdout);
        (void)putchar('\n');
    } else {
        if (reading->told_count > 0) (void)putchar('\n');
        explain_print_mail(&reading->told, question->facts, reading->colour);
    }
    reading->told_count++;
    return true;
}

static bool explain_mail(struct mail_reading *reading) {
    bool const begun = begin_mail(reading);
    if (begun) {
        read_mail(reading);
        judge(reading);
    }
    bool const fine = begun && reading->file.error == 0 && tell(reading);
    rule_scan_end(reading->scan);
    return fine;
}

static bool explain_descriptor(void *context, const char *name, int descriptor) {
    struct mail_reading *reading = context;
    bool fine = true;
    reading->told.file = name;
    mail_file_begin(&reading->file, descriptor);
    while (fine && ferror(stdout) == 0 && mail_file_next(&reading->file)) {
        reading->told.number = reading->file.number;
        fine = explain_mail(reading);
    }
    if (reading->file.error != 0)
        (void)fprintf(
            stderr,
            "mailspan explain: %s cannot be read: %s; expected a file that holds mail, a folder of such, or -\n",
            strcmp(name, "-") == 0 ? "standard input" : name, strerror(reading->file.error));
    return fine && reading->file.error == 0;
}

/* Who looks at many mails to see whether his rules fire must not wait for those that cannot. */
static void say_what_cannot_fire(const struct ruleset *rules) {
    unsigned count = 0;
    char names[SAID_NAMES * (LIMIT_RULE_NAME_BYTES + 2)] = "";
    for (unsigned i = 0; i < ruleset_count(rules); i++) {
        const struct rule *rule = ruleset_rule(rules, i);
        if (!ruleset_is_source_rule(rules, i) || rule->points == 0) continue;
        size_t const used = strlen(names);
        if (count < SAID_NAMES)
            (void)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", rule->name);
        count++;
    }
    if (count == 0) return;
    (void)fprintf(stderr,
                  "mailspan explain: %u rule%s what the source of a mail did before, and a file has none: %s%s; "
                  "mailspan replay says of captures when %s\n",
                  count, count == 1 ? " asks" : "s ask", names, count > SAID_NAMES ? " ..." : "",
                  count == 1 ? "it fires" : "they fire");
}

static void reading_free(struct mail_reading *reading) {
    if (reading->memory != NULL) block_pool_leave(reading->memory, LIMIT_MESSAGE_ARENA_BYTES);
    if (reading->charsets != NULL) charset_table_free(reading->charsets);
    free(reading->memory);
    free(reading->line);
    rules_found_free(reading->told.found);
    free(reading);
}

/* NULL: not enough memory. */
static struct mail_reading *reading_new(const struct knowledge *knowledge, const struct mails_question *question) {
    struct mail_reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL) return NULL;
    reading->charsets = charset_table_new();
    reading->memory = aligned_alloc(64, LIMIT_MESSAGE_ARENA_BYTES);
    reading->line = malloc(LIMIT_JSON_LINE_BYTES);
    reading->told.found = rules_found_new(knowledge->rules, question->text_bytes);
    if (reading->charsets == NULL || reading->memory == NULL || reading->line == NULL || reading->told.found == NULL) {
        reading_free(reading);
        return NULL;
    }
    block_pool_init(&reading->pool, reading->memory, LIMIT_MESSAGE_ARENA_BYTES);
    arena_init(&reading->arena, &reading->pool, LIMIT_MESSAGE_ARENA_BYTES);
    return reading;
}

int explain_mails(const struct knowledge *knowledge, const struct mails_question *question) {
    struct mail_reading *reading = reading_new(knowledge, question);
    if (reading == NULL) {
        (void)fputs("mailspan explain: not enough memory\n", stderr);
        return EXIT_FAILED;
    }
    reading->question = question;
    reading->knowledge = knowledge;
    reading->told.knowledge = knowledge;
    reading->told.counters = &reading->counters;
    reading->colour = report_wants_colour(stdout);
    int const code = explain_each_file(question->names, question->count, explain_descriptor, reading);
    if (reading->told_count > 1 && fflush(stdout) == 0) say_what_cannot_fire(knowledge->rules);
    reading_free(reading);
    return code;
}
