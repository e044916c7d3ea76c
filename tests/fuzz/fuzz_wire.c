/* Fuzz target: what a decoder sends, through a real pair of sockets, as the judge reads it, and what it makes of it.
 *
 * Input: one byte, and by its lowest bit
 *   0   datagrams, each behind its length in two bytes
 *   1   patches: how many, and each with the number of a datagram, a place in it (two bytes) and the byte to put there;
 *       then records as a decoder sends them: their kind and flags, the length of a line, and the line
 * Structures lie in a record as they lie in memory, so records are made here: as bytes in a file they would be of one
 * build.
 *
 * Whatever comes, every record that is taken must be one that a judge can use: it is counted, and the events that
 * follow are worded.  One reader for a whole input: what a datagram leaves behind is there for the next one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/publish_samples.h"
#include "judging.h"
#include "process/wire.h"

#define RULES 2
#define CLASSES 2
#define PATCHES_MAX 32
#define PATCH_BYTES 4
#define HUGE_BYTES 70000
#define HUGE_MAX 2 /* of an input: they take long */

/* Of a record, beside its kind. */
enum { HUGE = 0x20, TOGETHER = 0x40, LONG = 0x80 }; /* TOGETHER: with the next one in a datagram */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct channel_reader *reader;
    struct judging *judging;
    int from_decoder, to_judge;
    unsigned datagrams;
    const uint8_t *patches;
    unsigned patch_count;
};

static const char rule_file[] =
    "rules:\n"
    "  - {name: A, look_at: subject, match: 'free', points: 1, description: d}\n"
    "  - {name: B, look_at: subject, match: 'kit', points: 9, severity: critical,"
    " description: d}\n";
static const char bounce_file[] =
    "classes:\n"
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
    "  - {name: spam, fault: sender, hard: true, weight: 1, advice: a}\n";
static const char policy_file[] =
    "active: a\n"
    "policies:\n"
    "  - {name: a, min_messages: 2, warn_total: 5, block_total: 10, block_total_low: 0,"
    " max_unseen_share: 0.9, levels: [1m, 1h]}\n";

/* --- the judge ---------------------------------------------------------------------------------------------------- */

static struct config config;
static struct wording wording;
static struct counters counters;

static void on_event(void *context, const struct decision *decision) {
    static char text[EVENT_JSON_BYTES];
    (void)context;
    size_t const length = event_json(&wording, decision, text, sizeof text);
    assert(length > 0);
    for (size_t i = 0; i < length; i++) assert((uint8_t)text[i] >= ' ');
}

static struct judging *new_judge(void) {
    static struct knowledge knowledge;
    struct problem problem;
    if (knowledge.rules == NULL) {
        struct rules_source const source = {RULE_CONTENT, "rules", span_from_string(rule_file)};
        config_default(&config);
        config.sources_max = 16;
        config.evidence_max = 64;
        knowledge.rules = ruleset_load(&source, 1, &problem);
        knowledge.bounces = bounce_rules_load("bounces", span_from_string(bounce_file), &problem);
        knowledge.policies = policies_load("policies", span_from_string(policy_file), &problem);
        if (knowledge.rules == NULL || knowledge.bounces == NULL || knowledge.policies == NULL) abort();
        assert(ruleset_count(knowledge.rules) == RULES && bounce_class_count(knowledge.bounces) == CLASSES);
        wording_init(&wording, &config, knowledge.rules, knowledge.bounces);
    }
    counters = (struct counters){.packets = 0};
    struct judging *judging = judging_new(&config, &knowledge, &counters);
    if (judging == NULL) abort();
    judging_add_output(judging, (struct output){.event = on_event});
    return judging;
}

static void check_verdict(const struct verdict *v) {
    assert(v->visibility <= VISIBILITY_ENCRYPTED && v->outcome <= OUTCOME_ABORTED && v->stage <= STAGE_BODY);
    assert(v->rule_count <= LIMIT_VERDICT_RULES && v->code <= 999 && v->time >= 0);
    for (unsigned i = 0; i < v->rule_count; i++) assert(v->rules[i] < RULES);
    assert(v->bounce_class < CLASSES);
    assert(isfinite(v->content_points) && isfinite(v->setup_points));
    assert(v->bounce_weight >= 0 && v->bounce_weight <= 1 && v->confidence >= 0 && v->confidence <= 1);
    assert(strlen(v->message_id) < sizeof v->message_id && strlen(v->from_domain) < sizeof v->from_domain);
    assert(strlen(v->reply_text) < sizeof v->reply_text);
    assert(v->reply_cut + v->critical + v->content_known <= 3); /* UBSan looks at each */
}

static void check_line(const struct wire_record *record) {
    if (record->line.len == 0) return;
    assert(record->kind == WIRE_MESSAGE || record->kind == WIRE_DIALOGUE);
    assert(record->line.data[0] == '{' && record->line.data[record->line.len - 1] == '}');
    for (size_t i = 0; i < record->line.len; i++) assert(record->line.data[i] >= ' ');
}

static void check_record(const struct wire_record *record) {
    assert(record->kind >= WIRE_MESSAGE && record->kind < WIRE_KINDS);
    check_line(record);
    if (record->kind == WIRE_MESSAGE) check_verdict(&record->message.verdict);
    if (record->kind == WIRE_DIALOGUE) assert(record->dialogue.auth.fruitless <= 1);
    if (record->kind == WIRE_ADVANCE) assert(record->now >= 0);
    if (record->kind != WIRE_FIGURES && record->kind != WIRE_END) return;
    const struct protocol_table *table = &record->figures.decoding.not_mail;
    assert(table->count <= LIMIT_PROTOCOLS && record->figures.decoding.first >= 0);
    for (unsigned i = 0; i < table->count; i++) assert(strchr(table->rows[i].name, '"') == NULL);
}

static void judge(struct judging *judging, const struct wire_record *record) {
    check_record(record);
    if (record->kind == WIRE_MESSAGE) judging_verdict(judging, &record->message.verdict, &record->message.sent);
    if (record->kind == WIRE_NOTICE) judging_notice(judging, &record->notice);
    if (record->kind == WIRE_DIALOGUE) judging_auth(judging, &record->dialogue.client, &record->dialogue.auth);
    if (record->kind == WIRE_ADVANCE) judging_advance(judging, record->now);
}

/* Sound or not, the reader comes to an end of what was sent. */
static void read_all(struct run *run, size_t bytes) {
    struct span bytes_read;
    struct wire_record record;
    enum channel_result result;
    size_t records = 0;
    while ((result = channel_read(run->reader, &bytes_read)) == CHANNEL_RECORD || result == CHANNEL_BROKEN) {
        assert(++records <= bytes + 1);
        if (result == CHANNEL_RECORD && wire_generation(bytes_read) == 0 &&
            wire_read(bytes_read, RULES, CLASSES, &record))
            judge(run->judging, &record);
    }
    assert(result == CHANNEL_NOTHING || result == CHANNEL_OVER);
}

static void send_on(struct run *run, struct span datagram) {
    if (datagram.len == 0) return; /* that is the end for a reader */
    if (send(run->to_judge, datagram.data, datagram.len, MSG_DONTWAIT) < 0) abort();
    read_all(run, datagram.len);
}

/* --- what is sent ------------------------------------------------------------------------------------------------- */

static void send_datagrams(struct run *run, struct reader *r) {
    while (reader_left(r) > 2) {
        size_t const length = reader_be16(r);
        send_on(run, reader_bytes(r, length < reader_left(r) ? length : reader_left(r)));
    }
}

/* The nth of an input: sources, times and fates in turn. */
static struct wire_record record_of(unsigned kind, unsigned nth, struct span line) {
    static struct wire_record record; /* larger than a stack likes */
    memset(&record, 0, sizeof record);
    record.kind = WIRE_MESSAGE + kind % (WIRE_KINDS - WIRE_MESSAGE);
    record.place = (struct decoding_place){.step = nth, .turn = nth};
    record.line = line;
    if (record.kind == WIRE_MESSAGE) {
        record.message.verdict = sample_verdict();
        record.message.verdict.time += nth * NS_PER_S;
        record.message.verdict.bounce_weight = 1;
        record.message.verdict.rule_count = 1;
        record.message.verdict.rules[0] = (uint16_t)(nth % RULES);
        record.message.verdict.bounce_class = (uint16_t)(nth % CLASSES);
    } else if (record.kind == WIRE_DIALOGUE) {
        record.dialogue.client = sample_ipv4(192, 0, 2, 7);
        record.dialogue.auth = (struct auth_figures){1, 1, 5, 4, SAMPLE_TIME};
    } else if (record.kind == WIRE_ADVANCE) {
        record.now = SAMPLE_TIME + nth * NS_PER_S;
    } else if (record.kind == WIRE_FIGURES || record.kind == WIRE_END) {
        record.figures.decoding.not_mail.count = 1;
        record.figures.decoding.not_mail.rows[0] = (struct protocol_count){"HTTP", nth};
    }
    return record;
}

/* A line of more than a datagram: a sound one, with these bytes in a string. */
static struct span stretch(struct span bytes) {
    static const char begin[] = "{\"type\":\"message\",\"a\":\"";
    static uint8_t line[HUGE_BYTES];
    size_t const first = sizeof begin - 1;
    memcpy(line, begin, first);
    if (bytes.len == 0) bytes = SPAN_LITERAL("a");
    for (size_t i = first; i < sizeof line; i += bytes.len)
        memcpy(line + i, bytes.data, bytes.len < sizeof line - i ? bytes.len : sizeof line - i);
    memcpy(line + sizeof line - 2, "\"}", 2);
    return span_of(line, sizeof line);
}

static void patch_and_send(struct run *run) {
    static uint8_t datagram[1 << 17];
    ssize_t length;
    while ((length = recv(run->from_decoder, datagram, sizeof datagram, MSG_DONTWAIT)) > 0) {
        for (unsigned i = 0; i < run->patch_count; i++) {
            const uint8_t *patch = run->patches + i * PATCH_BYTES;
            if (patch[0] == run->datagrams % 256) datagram[(patch[1] << 8 | patch[2]) % length] = patch[3];
        }
        run->datagrams++;
        send_on(run, span_of(datagram, (size_t)length));
    }
}

static void flush(struct run *run, struct channel_writer *writer) {
    while (!channel_flush(writer)) patch_and_send(run);
    patch_and_send(run);
}

/* One for all runs, empty after each: its memory is large. */
static struct channel_writer *decoder_writer(int *from_decoder) {
    static int ends[2];
    static struct channel_writer *writer;
    if (writer == NULL && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0)
        writer = channel_writer_new(ends[1], 1 << 17, CHANNEL_NEVER_WAITS);
    if (writer == NULL) abort();
    *from_decoder = ends[0];
    return writer;
}

static void send_records(struct run *run, struct reader *r) {
    run->patch_count = reader_u8(r) % PATCHES_MAX;
    struct span const patches = reader_bytes(r, (size_t)run->patch_count * PATCH_BYTES);
    if (r->failed) return;
    run->patches = patches.data;
    struct channel_writer *writer = decoder_writer(&run->from_decoder);
    for (unsigned nth = 0, huge = 0; reader_left(r) > 2; nth++) {
        unsigned const kind = reader_u8(r);
        size_t const length = (size_t)reader_u8(r) * ((kind & LONG) != 0 ? 64 : 1);
        struct span const line = reader_bytes(r, length < reader_left(r) ? length : reader_left(r));
        struct wire_record const record =
            record_of(kind & 0x0f, nth, (kind & HUGE) != 0 && huge++ < HUGE_MAX ? stretch(line) : line);
        if (!wire_write(writer, &record)) { /* no room: there is, when what waits is gone */
            flush(run, writer);
            assert(wire_write(writer, &record));
        }
        if ((kind & TOGETHER) != 0) continue;
        flush(run, writer);
    }
    flush(run, writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int ends[2];
    struct reader r = reader_of(span_of(data, size));
    struct run run = {.from_decoder = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) abort();
    run.to_judge = ends[1];
    run.reader = channel_reader_new(ends[0]);
    run.judging = new_judge();
    if (run.reader == NULL) abort();
    if ((reader_u8(&r) & 1) == 0)
        send_datagrams(&run, &r);
    else
        send_records(&run, &r);
    judging_free(run.judging);
    channel_reader_free(run.reader);
    close(ends[0]);
    close(ends[1]);
    return 0;
}
