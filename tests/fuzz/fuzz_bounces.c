/* Fuzz: any bytes as a file of bounce classes, and as a table of words, and replies that are classified by them, or by
 * the built-in ones.
 *
 * Input: the file, up to the first NUL or to the end, then replies, one a line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "mailspan/bounce.h"
#include "mailspan/embedded.h"
#include "mailspan/reply.h"
#include "mailspan/unclassified.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_BYTES_MAX 2000 /* compiling many expressions takes long, and is not ours */
#define REPLIES_MAX 50

static void require(bool condition) {
    if (!condition) abort();
}

static void check_class(const struct bounce_class *class_) {
    require(class_->name[0] != '\0' && class_->fault <= FAULT_RECEIVER);
    require(class_->weight >= 0 && class_->weight <= 1);
    require(fault_name(class_->fault)[0] != '\0');
}

static struct smtp_reply reply_of(struct span line) {
    struct smtp_reply reply = {.code = 550};
    struct reader r = reader_of(line);
    unsigned code = 0;
    while (reader_left(&r) > 0 && code < 100) code = code * 10 + reader_u8(&r) % 10u;
    reply.code = (uint16_t)code;
    if (reader_left(&r) > 3 && line.data[reader_left(&r) - 1] % 4 == 0) {
        reply.enhanced = (struct enhanced_code){(uint8_t)(reader_u8(&r) % 8), reader_u8(&r) % 16, reader_u8(&r) % 64};
    }
    reply.text = reader_rest(&r);
    return reply;
}

/* Pieces of it, as if the server had quoted them. */
static struct client_said said_in(struct span line, unsigned i) {
    struct client_said said = {.helo = span_from(line, line.len - line.len / 4)};
    said.recipient = span_from(line, i % 8 < line.len ? i % 8 : line.len);
    said.sender = span_head(said.recipient, said.recipient.len / 2);
    said.subject = span_from(line, line.len / 2);
    return said;
}

/* As a person may write it down: its text is some of it, and the code one of a reply. */
static void read_written(struct span line) {
    uint8_t room[LIMIT_REPLY_TEXT_BYTES];
    struct smtp_reply reply;
    if (!smtp_reply_read(line, room, &reply)) return;
    require(reply.code >= 200 && reply.code <= 599 && reply.text.len < line.len);
}

/* A list of the file, or a zone that stands in the text and is no part of a mailbox. */
static void check_blocklist(const struct bounce_rules *rules, const struct bounce_class *class_, struct span text) {
    text = span_head(text, LIMIT_REPLY_TEXT_BYTES);
    struct bounce_blocklist const list = bounce_blocklist(rules, text);
    struct bounce_blocklist const of_class = bounce_blocklist_of(rules, class_, text);
    require(list.url == NULL || list.name.len > 0);
    require(of_class.name.len == 0 || span_equal(of_class.name, list.name));
    if (list.name.len == 0 || list.name.data < text.data || list.name.data >= text.data + text.len) return;
    size_t const end = (size_t)(list.name.data - text.data) + list.name.len;
    require(end <= text.len && span_find(list.name, '.') < list.name.len && (end == text.len || text.data[end] != '@'));
}

/* Counted by its shape: what is told was said, and the most frequent comes first. */
static void note_unclassified(const struct bounce_case *what) {
    static struct unclassified_table table;
    const struct unclassified *most[LIMIT_UNCLASSIFIED_TOLD];
    struct verdict verdict = {.stage = (uint8_t)what->stage, .code = what->reply->code};
    struct span const text = span_head(what->reply->text, sizeof verdict.reply_text - 1);
    if (text.len > 0) memcpy(verdict.reply_text, text.data, text.len);
    unclassified_add(&table, &verdict);
    unsigned const count = unclassified_most(&table, most);
    require(count > 0);
    for (unsigned i = 0; i < count; i++)
        require(most[i]->count > 0 && (i == 0 || most[i - 1]->count >= most[i]->count));
}

/* Words are told strongest first, and only where they decided. */
static void check_words(const struct bounce_rules *rules, const struct bounce_case *what,
                        const struct bounce_finding *found) {
    struct bounce_weighing weighing;
    bool const by_words = bounce_explain_words(rules, what, found, &weighing);
    unsigned const most = sizeof weighing.words / sizeof weighing.words[0];
    require(by_words == (found->by == BOUNCE_BY_WORDS && found->class_ != NULL) && weighing.count <= most);
    require(by_words || (weighing.count == 0 && weighing.next == NULL));
    require(weighing.next == NULL || (weighing.next != found->class_ && weighing.behind >= 0));
    for (unsigned i = 0; i < weighing.count; i++) {
        const struct bounce_word *word = &weighing.words[i];
        require(word->weight > 0 && word->line > 0 && word->text[0] != '\0');
        require(strlen(word->text) < sizeof word->text && (i == 0 || word[-1].weight >= word->weight));
    }
}

/* Alike when asked twice; a refusal always has a class, and nothing else has one. */
static void classify(const struct bounce_rules *rules, struct span lines) {
    for (unsigned i = 0; i < REPLIES_MAX && lines.len > 0; i++) {
        struct span const line = span_head(lines, span_find(lines, '\n'));
        lines = span_from(lines, line.len + 1 < lines.len ? line.len + 1 : lines.len);
        struct smtp_reply const reply = reply_of(line);
        enum stage const stage = (enum stage)(STAGE_GREETING + i % 5);
        unsigned const receiver = bounce_receiver(rules, span_from(line, line.len / 2));
        struct bounce_case const what = {
            .stage = stage, .reply = &reply, .receiver = receiver, .said = said_in(line, i)};
        struct bounce_finding const found = bounce_explain(rules, &what);
        bool const refused = reply.code >= 400 && reply.code <= 599;
        require((found.class_ != NULL) == refused && found.class_ == bounce_classify(rules, &what));
        require((receiver == 0) == (bounce_receiver_name(rules, receiver) == NULL));
        enum bounce_by by = BOUNCE_BY_NOTHING; /* now out of the memory */
        require(found.class_ == bounce_classify_by(rules, &what, &by) && by == found.by);
        check_blocklist(rules, found.class_, reply.text);
        note_unclassified(&what);
        require(found.section == NULL || found.by == BOUNCE_BY_TEXT);
        bool const by_rule = found.by != BOUNCE_BY_NOTHING && found.by != BOUNCE_BY_WORDS;
        require(by_rule == (found.rule != NULL) && by_rule == (found.line != 0));
        check_words(rules, &what, &found);
        if (found.class_ != NULL) check_class(found.class_);
        read_written(line);
    }
}

static struct bounce_rules *built_in, *small;

static const char small_file[] =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
    "  - {name: a, fault: list, hard: true, weight: 1, codes: [5yz]}\n"
    "  - {name: b, fault: sender, hard: false, weight: 0}\n";

/* Words for two classes; as before where the file is none. */
static void try_words(struct span file, struct span replies) {
    struct problem problem = {.line = 0};
    bool const strict = file.len > 0 && (file.data[file.len - 1] & 1) != 0;
    bounce_rules_free(small); /* no input is to depend on the one before */
    small = bounce_rules_load("small", span_from_string(small_file), &problem);
    require(small != NULL);
    if (!bounce_rules_add_words(small, "fuzz.yaml", file, strict, &problem)) require(problem.what[0] != '\0');
    classify(small, replies);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* It takes seconds, which no input is to blame for. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    struct problem problem;
    (void)argc, (void)argv;
    built_in = bounce_rules_load("bounces.yaml", embedded_find("rules/bounces.yaml")->text, &problem);
    require(built_in != NULL);
    require(bounce_rules_add_words(built_in, "words", embedded_find("rules/bounce_words.yaml")->text, true, &problem));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct problem problem = {.line = 0};
    struct span const all = span_of(data, size), file = span_head(all, span_find(all, '\0'));
    struct bounce_rules *rules =
        file.len > 0 && file.len <= FILE_BYTES_MAX ? bounce_rules_load("fuzz.yaml", file, &problem) : NULL;
    if (rules == NULL) require(file.len == 0 || file.len > FILE_BYTES_MAX || problem.what[0] != '\0');
    for (unsigned i = 0; rules != NULL && i < bounce_class_count(rules); i++) check_class(bounce_class_at(rules, i));
    classify(rules != NULL ? rules : built_in, span_from(all, file.len < all.len ? file.len + 1 : all.len));
    bounce_rules_free(rules);
    if (file.len <= FILE_BYTES_MAX) try_words(file, span_from(all, file.len < all.len ? file.len + 1 : all.len));
    return 0;
}
