/* What a decoder tells arrives as it was told; what no decoder tells is refused, whatever it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guard.h"
#include "process/wire.h"
#include "publish_samples.h"
#include "verdicts.h"

#define RULES 100
#define CLASSES 12
#define HEAD_BYTES 32 /* wire.c: kind, bytes of the structure, generation, unused, step, turn */

static uint8_t bytes[CHANNEL_RECORD_BYTES_MAX];
static size_t length; /* of the record in them */

static const char message_line[] = "{\"type\":\"message\",\"message_id\":\"<\\\"}1@x>\",\"recipients\":[{\"type\":1}]}";
static const char dialogue_line[] = "{\"type\":\"dialogue\",\"helo\":null}";

/* The bytes of a record, as a channel brings them. */
static void make(const struct wire_record *record) {
    int ends[2];
    struct span read;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    struct channel_writer *writer = channel_writer_new(ends[1], 1000, CHANNEL_NEVER_WAITS);
    struct channel_reader *reader = channel_reader_new(ends[0]);
    assert_true(wire_write(writer, record));
    assert_true(channel_flush(writer));
    assert_int_equal(channel_read(reader, &read), CHANNEL_RECORD);
    memcpy(bytes, read.data, read.len);
    length = read.len;
    channel_writer_free(writer);
    channel_reader_free(reader);
    close(ends[0]);
    close(ends[1]);
}

/* Reads a copy that ends at an unreadable page. */
static bool read_back(struct wire_record *record) {
    struct guarded copy = guard_copy(span_of(bytes, length));
    bool sound = wire_read(copy.bytes, RULES, CLASSES, record);
    if (sound && record->line.len > 0) { /* borrowed from what goes away here */
        assert_ptr_equal(record->line.data + record->line.len, copy.bytes.data + copy.bytes.len);
        record->line = span_of(bytes + length - record->line.len, record->line.len);
    }
    guard_free(&copy);
    return sound;
}

static struct wire_record blank(enum wire_kind kind) {
    struct wire_record record;
    memset(&record, 0, sizeof record);
    record.kind = kind;
    record.place = (struct decoding_place){.step = UINT64_MAX - 3, .turn = 0x0102030405060708};
    return record;
}

static struct wire_record a_message(void) {
    struct wire_record record = blank(WIRE_MESSAGE);
    record.message.verdict = sample_verdict();
    record.message.verdict.rule_count = 3;
    record.message.verdict.rules[0] = RULES - 1;
    record.message.verdict.rules[2] = 7;
    record.message.verdict.bounce_class = CLASSES - 1;
    record.message.verdict.bounce_weight = 0.5f;
    record.message.verdict.critical = true;
    record.message.verdict.passes_on = PASSES_ALL;
    record.message.verdict.passed_on_weight = 0.25f;
    record.message.sent.message_id = UINT64_MAX;
    record.message.sent.recipients = 2000;
    record.message.sent.kept = LIMIT_SENT_MAILBOXES;
    record.message.sent.marks = (struct habit_marks){
        .body = UINT64_MAX,
        .subject = UINT32_MAX,
        .recipients = {
            .first.common = 1, .last.common = 1, .all = {7, 7}, .head = {7, 0}, .tail = {3, 3}, .longest = {7, 7}}};
    record.message.sent.mailboxes[LIMIT_SENT_MAILBOXES - 1] =
        (struct sent_mailbox){.mailbox = 5, .outcome = OUTCOME_ABORTED, .percent = 100, .passed_on_percent = 100};
    record.line = span_from_string(message_line);
    return record;
}

static struct wire_record many_rules(void) {
    struct wire_record record = a_message();
    for (unsigned i = 0; i < LIMIT_VERDICT_RULES; i++) record.message.verdict.rules[i] = (uint16_t)(RULES - 1 - i);
    record.message.verdict.rule_count = LIMIT_VERDICT_RULES;
    record.message.verdict.unnamed_count = LIMIT_RULES;
    record.message.verdict.unnamed_points = -2.5f;
    return record;
}

static struct wire_record a_notice(void) {
    struct wire_record record = blank(WIRE_NOTICE);
    record.notice.time = SAMPLE_TIME;
    record.notice.source = record.notice.brought_by = (struct endpoint){sample_ipv4(192, 0, 2, 7), 25};
    record.notice.kind = REPORT_BOUNCE;
    record.notice.bounce_class = CLASSES - 1;
    record.notice.code = 550;
    record.notice.weight = 1;
    record.notice.message_id = 3;
    memcpy(record.notice.reply_text, "unknown", 7);
    return record;
}

static struct wire_record a_dialogue(void) {
    struct wire_record record = blank(WIRE_DIALOGUE);
    record.dialogue.client = sample_ipv4(192, 0, 2, 7);
    record.dialogue.auth = (struct auth_figures){1, 1, 5, 4, SAMPLE_TIME};
    record.line = span_from_string(dialogue_line);
    return record;
}

static struct wire_record some_figures(enum wire_kind kind) {
    struct wire_record record = blank(kind);
    record.figures.decoder.counters.packets = 12;
    record.figures.decoder.counters.records_dropped = UINT64_MAX;
    record.figures.decoding.first = 1;
    record.figures.decoding.last = INT64_MAX;
    record.figures.decoding.memory_bytes = 99;
    record.figures.decoding.not_mail.count = LIMIT_PROTOCOLS;
    for (unsigned i = 0; i < LIMIT_PROTOCOLS; i++)
        record.figures.decoding.not_mail.rows[i] = (struct protocol_count){"a name of 23 characters", i};
    return record;
}

static void there_and_back(void **state) {
    (void)state;
    struct wire_record sent, got;
    for (enum wire_kind kind = WIRE_MESSAGE; kind < WIRE_KINDS; kind++) {
        sent = kind == WIRE_MESSAGE                       ? a_message()
               : kind == WIRE_DIALOGUE                    ? a_dialogue()
               : kind == WIRE_NOTICE                      ? a_notice()
               : kind == WIRE_FIGURES || kind == WIRE_END ? some_figures(kind)
                                                          : blank(kind);
        if (kind == WIRE_ADVANCE) sent.now = SAMPLE_TIME;
        make(&sent);
        memset(&got, 0xff, sizeof got);
        assert_true(read_back(&got));
        assert_int_equal(got.kind, kind);
        assert_int_equal(got.place.step, sent.place.step);
        assert_int_equal(got.place.turn, sent.place.turn);
        assert_true(span_equal(got.line, sent.line));
        if (kind == WIRE_MESSAGE) assert_memory_equal(&got.message, &sent.message, sizeof got.message);
        if (kind == WIRE_NOTICE) assert_memory_equal(&got.notice, &sent.notice, sizeof got.notice);
        if (kind == WIRE_DIALOGUE) assert_memory_equal(&got.dialogue, &sent.dialogue, sizeof got.dialogue);
        if (kind == WIRE_ADVANCE) assert_int_equal(got.now, SAMPLE_TIME);
        if (kind >= WIRE_FIGURES) assert_memory_equal(&got.figures, &sent.figures, sizeof got.figures);
    }
    sent = a_message();
    sent.line = SPAN_EMPTY; /* it is not to be shown */
    make(&sent);
    assert_true(read_back(&got));
    assert_int_equal(got.line.len, 0);
}

static bool is_taken(const struct wire_record *record) {
    struct wire_record got;
    make(record);
    return read_back(&got);
}

#define REFUSED(record, statement)       \
    do {                                 \
        struct wire_record r = (record); \
        assert_true(is_taken(&r));       \
        statement;                       \
        assert_false(is_taken(&r));      \
    } while (0)

static void wrong_verdicts(void **state) {
    (void)state;
    REFUSED(a_message(), r.message.verdict.visibility = VISIBILITY_ENCRYPTED + 1);
    REFUSED(a_message(), r.message.verdict.outcome = OUTCOME_ABORTED + 1);
    REFUSED(a_message(), r.message.verdict.stage = STAGE_BODY + 1);
    REFUSED(a_message(), r.message.verdict.rule_count = LIMIT_VERDICT_RULES + 1);
    REFUSED(a_message(), r.message.verdict.rules[2] = RULES);
    REFUSED(a_message(), r.message.verdict.rules[0] = UINT16_MAX);
    REFUSED(a_message(), r.message.verdict.unnamed_points = 1); /* of nothing */
    REFUSED(many_rules(), r.message.verdict.unnamed_count = 0);
    REFUSED(many_rules(), r.message.verdict.unnamed_count = LIMIT_RULES + 1);
    REFUSED(many_rules(), r.message.verdict.unnamed_points = INFINITY);
    REFUSED(a_message(), r.message.verdict.bounce_class = CLASSES);
    REFUSED(a_message(), r.message.verdict.code = 1000);
    REFUSED(a_message(), r.message.verdict.time = -1);
    REFUSED(a_message(), r.message.verdict.time = INT64_MIN);
    REFUSED(a_message(), r.message.verdict.time = NSTIME_END);
    REFUSED(a_message(), r.message.verdict.content_points = NAN);
    REFUSED(a_message(), r.message.verdict.content_points = -INFINITY);
    REFUSED(a_message(), r.message.verdict.setup_points = INFINITY);
    REFUSED(a_message(), r.message.verdict.bounce_weight = 1.0001f);
    REFUSED(a_message(), r.message.verdict.bounce_weight = -FLT_MIN);
    REFUSED(a_message(), r.message.verdict.bounce_weight = NAN);
    REFUSED(a_message(), r.message.verdict.confidence = 2);
    REFUSED(a_message(), r.message.verdict.confidence = NAN);
    REFUSED(a_message(), memset(r.message.verdict.message_id, 'x', sizeof r.message.verdict.message_id));
    REFUSED(a_message(), memset(r.message.verdict.from_domain, 'x', sizeof r.message.verdict.from_domain));
    REFUSED(a_message(), memset(r.message.verdict.reply_text, 'x', sizeof r.message.verdict.reply_text));
    REFUSED(a_message(), r.message.verdict.passes_on = PASSES_ALL + 1);
    REFUSED(a_message(), r.message.verdict.passed_on_weight = 1.5f);
    REFUSED(a_message(), r.message.verdict.told_by = TOLD_BY_BOUNCE); /* the judge's own word */
    REFUSED(a_message(), r.message.sent.kept = LIMIT_SENT_MAILBOXES + 1);
    REFUSED(a_message(), r.message.sent.recipients = LIMIT_SENT_MAILBOXES - 1);
    REFUSED(a_message(), r.message.sent.passed_on = true); /* likewise */
    REFUSED(a_message(), memset(&r.message.sent.passed_on, 2, 1));
    REFUSED(a_message(), r.message.sent.mailboxes[3].outcome = OUTCOME_ABORTED + 1);
    REFUSED(a_message(), r.message.sent.mailboxes[7].percent = 101);
    REFUSED(a_message(), r.message.sent.mailboxes[0].passed_on_percent = 101);
    REFUSED(a_message(), r.message.sent.rest_percent = 101);
    REFUSED(a_message(), r.message.sent.rest_passed_on_percent = 101);
    REFUSED(a_message(), r.message.sent.marks.recipients.all.refused = 8);
    REFUSED(a_message(), r.message.sent.marks.recipients.head.count = 8);
    REFUSED(a_message(), r.message.sent.marks.recipients.tail.refused = 4);
    REFUSED(a_message(), r.message.sent.marks.recipients.longest.count = 8);
    REFUSED(a_message(), r.message.sent.marks.recipients.first.common = 2);
    REFUSED(a_message(), r.message.sent.marks.recipients.last.common = 2);
    struct wire_record beyond = a_message(); /* rows that do not count may hold anything */
    beyond.message.verdict.rules[3] = UINT16_MAX;
    assert_true(is_taken(&beyond));
}

static void notices_that_no_decoder_makes(void **state) {
    (void)state;
    struct wire_record fine = a_notice();
    assert_true(is_taken(&fine));
    REFUSED(a_notice(), r.notice.kind = REPORT_NONE);
    REFUSED(a_notice(), r.notice.kind = REPORT_VACATION); /* it speaks of no failure */
    REFUSED(a_notice(), r.notice.kind = REPORT_MDN);
    REFUSED(a_notice(), r.notice.bounce_class = CLASSES);
    REFUSED(a_notice(), r.notice.code = 1000);
    REFUSED(a_notice(), r.notice.time = -1);
    REFUSED(a_notice(), r.notice.time = NSTIME_END);
    REFUSED(a_notice(), r.notice.weight = NAN);
    REFUSED(a_notice(), r.notice.passed_on_weight = -0.1f);
    REFUSED(a_notice(), memset(&r.notice.reply_cut, 2, 1));
    REFUSED(a_notice(), memset(r.notice.message_id_text, 'x', sizeof r.notice.message_id_text));
    REFUSED(a_notice(), memset(r.notice.reply_text, 'x', sizeof r.notice.reply_text));
    REFUSED(a_notice(), r.line = span_from_string(message_line)); /* the judge words it */
}

/* A bool that is neither true nor false must not be read as one. */
static void wrong_bools(void **state) {
    (void)state;
    static const size_t at[] = {offsetof(struct verdict, reply_cut), offsetof(struct verdict, critical),
                                offsetof(struct verdict, content_known), offsetof(struct verdict, by_code)};
    for (unsigned i = 0; i < 4; i++)
        for (unsigned value = 0; value < 256; value++) {
            struct wire_record record = a_message(), got;
            make(&record);
            bytes[HEAD_BYTES + at[i]] = (uint8_t)value;
            assert_int_equal(read_back(&got), value <= 1);
        }
}

static void wrong_others(void **state) {
    (void)state;
    REFUSED(a_dialogue(), r.dialogue.auth.dialogues = 0);
    REFUSED(a_dialogue(), r.dialogue.auth.dialogues = 2);
    REFUSED(a_dialogue(), r.dialogue.auth.fruitless = 2);
    REFUSED(a_dialogue(), r.dialogue.auth.tries = 0);
    REFUSED(a_dialogue(), r.dialogue.auth.refused_last = -1);
    REFUSED(blank(WIRE_ADVANCE), r.now = -1);
    for (enum wire_kind kind = WIRE_FIGURES; kind <= WIRE_END; kind++) {
        REFUSED(some_figures(kind), r.figures.decoding.first = -1);
        REFUSED(some_figures(kind), r.figures.decoding.last = INT64_MIN);
        REFUSED(some_figures(kind), r.figures.decoder.newest_packet = INT64_MIN);
        REFUSED(some_figures(kind), r.figures.decoding.not_mail.count = LIMIT_PROTOCOLS + 1);
        REFUSED(some_figures(kind), r.figures.decoding.not_mail.count = UINT32_MAX);
        struct protocol_count *row = NULL;
        REFUSED(some_figures(kind), row = &r.figures.decoding.not_mail.rows[31];
                memset(row->name, 'x', sizeof row->name));
        /* A name is a key of the summary line, and stands in the report. */
        REFUSED(some_figures(kind), strcpy(r.figures.decoding.not_mail.rows[3].name, "a\":1,\"x"));
        REFUSED(some_figures(kind), strcpy(r.figures.decoding.not_mail.rows[3].name, "a\\"));
        REFUSED(some_figures(kind), strcpy(r.figures.decoding.not_mail.rows[3].name, "a\n{}"));
        REFUSED(some_figures(kind), strcpy(r.figures.decoding.not_mail.rows[3].name, "\033[2J"));
        REFUSED(some_figures(kind), strcpy(r.figures.decoding.not_mail.rows[3].name, "\xc3\xa9"));
        REFUSED(some_figures(kind), r.figures.decoding.not_mail.rows[0].name[0] = '\0');
    }
}

static void wrong_lines(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "{\"type\":\"dialogue\",\"a\":1}",
        "{\"type\":\"event\",\"a\":1}",
        "{\"type\":\"message\"}",
        " {\"type\":\"message\",\"a\":1}",
        "{\"type\":\"message\",\"a\":1",
        "{\"type\":\"message\",\"a\":1}\n",
        "{\"type\":\"message\",\"a\":1}\n{\"type\":\"event\"}",
        "{\"type\":\"message\",\"a\":1}{\"type\":\"event\"}",
        "{\"type\":\"message\",\"a\":1},{\"type\":\"event\"}",
        "{\"type\":\"message\",\"a\":1}}",
        "{\"type\":\"message\",\"a\":[1}",
        "{\"type\":\"message\",\"a\":1]",
        "{\"type\":\"message\",\"a\":\"}",
        "{\"type\":\"message\",\"a\":\"\\\"}",
        "{\"type\":\"message\",\"a\":\"\r\"}",
        "{\"type\":\"message\",\"a\":\"\033\"}",
        "{\"type\":\"message\",\"type\":\"event\"}", /* many a reader believes the last one */
        "{\"type\":\"message\",\"a\":{},\"type\":\"event\"}",
        "{\"type\":\"message\", \"type\":\"event\"}",
        "{\"type\":\"message\",\"t\\u0079pe\":\"event\"}",
        "{\"type\":\"message\",\"a\":[\"\\\\\",\"]\"],\"type\":\"event\"}",
        "{\"type\":\"message\",}",
        "{\"type\":\"message\",\"a\":[1}]",
        "{\"type\":\"message\",\"a\":\"\xff\"}",
        "x",
        "{",
        "}",
        "{}",
        "\"",
    };
    static const char *const right[] = {
        "{\"type\":\"message\",\"a\":{\"type\":\"event\"}}",
        "{\"type\":\"message\",\"a\":\"type\",\"b\":[\"x\",\"type\"]}",
        "{\"type\":\"message\",\"a\":\"\\u000a\\\"}{\\\\\",\"b\":[[],{}]}",
        "{\"type\":\"message\",\"a\":\"\xc3\xa9\"}",
        "{\"type\":\"message\",\"types\":1}",
    };
    struct wire_record record = a_message();
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        record.line = span_from_string(wrong[i]);
        if (is_taken(&record)) fail_msg("taken: %s", wrong[i]);
    }
    for (unsigned i = 0; i < sizeof right / sizeof *right; i++) {
        record.line = span_from_string(right[i]);
        if (!is_taken(&record)) fail_msg("refused: %s", right[i]);
    }
    record.line = span_of((const uint8_t *)"{\"type\":\"message\",\"a\0\":1}", 25);
    assert_false(is_taken(&record));
    REFUSED(a_dialogue(), r.line = span_from_string(message_line));
    static const enum wire_kind without[] = {WIRE_ADVANCE, WIRE_PROGRESS, WIRE_SHORT, WIRE_FIGURES, WIRE_END};
    for (unsigned i = 0; i < 5; i++) {
        REFUSED(without[i] >= WIRE_FIGURES ? some_figures(without[i]) : blank(without[i]),
                r.line = span_from_string(message_line));
        REFUSED(without[i] >= WIRE_FIGURES ? some_figures(without[i]) : blank(without[i]), r.line = SPAN_LITERAL("x"));
    }
}

static void put_word(size_t at, uint32_t word) {
    memcpy(bytes + at, &word, sizeof word);
}

/* Every other length, and every other kind. */
static void wrong_frames(void **state) {
    (void)state;
    struct wire_record got;
    for (enum wire_kind kind = WIRE_MESSAGE; kind < WIRE_KINDS; kind++) {
        struct wire_record record = kind == WIRE_MESSAGE                       ? a_message()
                                    : kind == WIRE_DIALOGUE                    ? a_dialogue()
                                    : kind == WIRE_NOTICE                      ? a_notice()
                                    : kind == WIRE_FIGURES || kind == WIRE_END ? some_figures(kind)
                                                                               : blank(kind);
        record.line = SPAN_EMPTY;
        make(&record);
        size_t whole = length;
        for (length = 0; length < whole; length++) assert_false(read_back(&got));
        length = whole + 1;
        assert_false(read_back(&got)); /* the byte behind it is no line */
        length = whole;
        uint32_t body;
        memcpy(&body, bytes + 4, sizeof body);
        static const uint32_t off[] = {1, UINT32_MAX, 8, 1u << 31};
        for (unsigned i = 0; i < 4; i++) {
            put_word(4, body + off[i]);
            assert_false(read_back(&got));
        }
        put_word(4, body);
        assert_true(read_back(&got));
        static const uint32_t kinds[] = {0, WIRE_KINDS, WIRE_KINDS + 1, UINT32_MAX, 1u << 31};
        for (unsigned i = 0; i < 5; i++) {
            put_word(0, kinds[i]);
            assert_false(read_back(&got));
        }
    }
}

/* What a judge may rely on, read in another way. */
static void expect_sound(const struct wire_record *record) {
    assert_true(record->kind > 0 && record->kind < WIRE_KINDS);
    if (record->kind == WIRE_MESSAGE) {
        const struct verdict *v = &record->message.verdict;
        assert_true(v->outcome < 5 && v->visibility < 5 && v->rule_count <= LIMIT_VERDICT_RULES);
        for (unsigned i = 0; i < v->rule_count; i++) assert_true(v->rules[i] < RULES);
        assert_true(v->bounce_class < CLASSES && v->code < 1000 && v->time >= 0 && v->time < NSTIME_END);
        assert_true(v->bounce_weight >= 0 && v->bounce_weight <= 1 && v->confidence >= 0 && v->confidence <= 1);
        assert_true(v->content_points - v->content_points == 0 && v->setup_points - v->setup_points == 0);
        assert_true(strnlen(v->message_id, sizeof v->message_id) < sizeof v->message_id);
        assert_true(strnlen(v->from_domain, sizeof v->from_domain) < sizeof v->from_domain);
        assert_true(strnlen(v->reply_text, sizeof v->reply_text) < sizeof v->reply_text);
        bool known = v->critical || v->content_known || v->reply_cut || v->by_code; /* UBSan reads them, too */
        assert_true(known || !known);
    }
    if (record->kind == WIRE_DIALOGUE) assert_true(record->dialogue.auth.dialogues <= 1);
    if (record->kind == WIRE_ADVANCE) assert_true(record->now >= 0);
    if (record->kind >= WIRE_FIGURES) assert_true(record->figures.decoding.not_mail.count <= LIMIT_PROTOCOLS);
    if (record->line.len == 0) return;
    json_error_t error;
    assert_true(record->kind == WIRE_MESSAGE || record->kind == WIRE_DIALOGUE);
    json_t *json = json_loadb((const char *)record->line.data, record->line.len, 0, &error);
    const char *expected = record->kind == WIRE_MESSAGE ? "message" : "dialogue";
    assert_non_null(json);
    assert_string_equal(text_at(json, "type"), expected);
    json_decref(json);
}

static uint32_t random_state = 1;

static uint32_t next_random(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static void noise(void **state) {
    (void)state;
    unsigned taken = 0;
    struct wire_record got;
    for (unsigned round = 0; round < 30000; round++) {
        enum wire_kind kind = (enum wire_kind)(1 + round % (WIRE_KINDS - 1));
        struct wire_record record = kind == WIRE_MESSAGE                       ? a_message()
                                    : kind == WIRE_DIALOGUE                    ? a_dialogue()
                                    : kind == WIRE_NOTICE                      ? a_notice()
                                    : kind == WIRE_FIGURES || kind == WIRE_END ? some_figures(kind)
                                                                               : blank(kind);
        if (round % 50 < WIRE_KINDS - 1) make(&record); /* else what the last rounds have left is spoiled further */
        unsigned harms = 1 + next_random() % 4;
        for (unsigned i = 0; i < harms && length > 0; i++) {
            size_t at = next_random() % length;
            bytes[at] = (uint8_t)(round % 3 == 0 ? next_random() : bytes[at] ^ 1u << next_random() % 8);
        }
        memset(&got, 0, sizeof got);
        if (!wire_read(span_of(bytes, length), RULES, CLASSES, &got)) continue;
        taken++;
        expect_sound(&got);
    }
    assert_true(taken > 1000); /* flips in texts and counters harm nothing; else this would show little */
    for (unsigned round = 0; round < 3000; round++) {
        length = HEAD_BYTES + next_random() % 3000;
        for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)next_random();
        if (round % 2 == 0) put_word(0, 1 + round / 2 % (WIRE_KINDS - 1));
        if (round % 2 == 0) put_word(4, (uint32_t)length - HEAD_BYTES);
        if (wire_read(span_of(bytes, length), RULES, CLASSES, &got)) expect_sound(&got);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_that_no_decoder_makes),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(wrong_verdicts),
        cmocka_unit_test(wrong_bools),
        cmocka_unit_test(wrong_others),
        cmocka_unit_test(wrong_lines),
        cmocka_unit_test(wrong_frames),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
