/* Fuzz target: what a decoder sends, through a real pair of sockets, as the judge reads it.
 *
 * Input: datagrams, each behind its length in two bytes; whatever comes of them, every record that is taken must be
 * one that a judge can use.  One reader for a whole input: what a datagram leaves behind is there for the next one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/wire.h"

#define RULES 40
#define CLASSES 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    if (record->kind == WIRE_MESSAGE) check_verdict(&record->verdict);
    if (record->kind == WIRE_DIALOGUE) assert(record->dialogue.auth.fruitless <= 1);
    if (record->kind == WIRE_ADVANCE) assert(record->now >= 0);
    if (record->kind != WIRE_FIGURES && record->kind != WIRE_END) return;
    const struct protocol_table *table = &record->figures.decoding.not_mail;
    assert(table->count <= LIMIT_PROTOCOLS && record->figures.decoding.first >= 0);
    for (unsigned i = 0; i < table->count; i++) assert(strchr(table->rows[i].name, '"') == NULL);
}

/* Sound or not, the reader comes to an end of what was sent. */
static void read_all(struct channel_reader *reader, size_t bytes) {
    struct span bytes_read;
    struct wire_record record;
    enum channel_result result;
    size_t records = 0;
    while ((result = channel_read(reader, &bytes_read)) == CHANNEL_RECORD || result == CHANNEL_BROKEN) {
        assert(++records <= bytes + 1);
        if (result == CHANNEL_RECORD && wire_read(bytes_read, RULES, CLASSES, &record)) check_record(&record);
    }
    assert(result == CHANNEL_NOTHING || result == CHANNEL_OVER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int ends[2];
    struct reader r = reader_of(span_of(data, size));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) abort();
    struct channel_reader *reader = channel_reader_new(ends[0]);
    if (reader == NULL) abort();
    while (reader_left(&r) > 2) {
        size_t length = reader_be16(&r);
        struct span datagram = reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
        if (datagram.len == 0) continue; /* that is the end for a reader */
        if (send(ends[1], datagram.data, datagram.len, MSG_DONTWAIT) < 0) abort();
        read_all(reader, datagram.len);
    }
    channel_reader_free(reader);
    close(ends[0]);
    close(ends[1]);
    return 0;
}
