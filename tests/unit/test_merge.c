/* Parts' words, put together in the order of their places.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/merge.h"
#include "publish_samples.h"

#define PARTS_MAX 3

static struct channel_writer *writers[PARTS_MAX];
static int readers[PARTS_MAX], ends[PARTS_MAX];
static struct merge *merge;

static void open_parts(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
        readers[i] = pair[0];
        ends[i] = pair[1];
        writers[i] = channel_writer_new(ends[i], 1 << 20, CHANNEL_NEVER_WAITS);
    }
    merge = merge_new(readers, count, 1, 1);
    assert_non_null(merge);
}

static void close_end(unsigned part) {
    if (writers[part] == NULL) return;
    channel_writer_free(writers[part]);
    writers[part] = NULL;
    close(ends[part]);
}

static int close_parts(void **state) {
    (void)state;
    merge_free(merge);
    merge = NULL;
    for (unsigned i = 0; i < PARTS_MAX; i++) {
        if (readers[i] > 0) close(readers[i]);
        readers[i] = 0;
        close_end(i);
    }
    return 0;
}

static void tell_record(unsigned part, struct wire_record *record, enum wire_kind kind, uint64_t step, uint64_t turn) {
    record->kind = kind;
    record->place = (struct decoding_place){step, turn};
    assert_true(wire_write(writers[part], record));
    assert_true(channel_flush(writers[part]));
}

static void tell(unsigned part, enum wire_kind kind, uint64_t step, uint64_t turn) {
    struct wire_record record;
    memset(&record, 0, sizeof record);
    if (kind == WIRE_MESSAGE) record.message.verdict = sample_verdict();
    tell_record(part, &record, kind, step, turn);
}

static void expect(enum wire_kind kind, uint64_t step, uint64_t turn) {
    const struct wire_record *record;
    assert_int_equal(merge_next(merge, &record), MERGE_RECORD);
    assert_int_equal(record->kind, kind);
    assert_int_equal(record->place.step, step);
    assert_int_equal(record->place.turn, turn);
    assert_int_equal(merge_step(merge), step);
}

static void expect_no(enum merge_result result, unsigned part) {
    const struct wire_record *record;
    assert_int_equal(merge_next(merge, &record), result);
    if (result != MERGE_OVER) assert_int_equal(merge_waits_for(merge), part);
}

static void by_step_then_turn(void **state) {
    (void)state;
    open_parts(3);
    tell(0, WIRE_MESSAGE, 5, 1);
    tell(0, WIRE_ADVANCE, 8, UINT64_MAX);
    tell(0, WIRE_END, 100, 0);
    tell(1, WIRE_MESSAGE, 4, UINT64_MAX);
    tell(1, WIRE_MESSAGE, 5, 0);
    tell(1, WIRE_MESSAGE, 8, 3);
    tell(1, WIRE_MESSAGE, UINT64_MAX, 0);
    tell(1, WIRE_END, UINT64_MAX, 1);
    tell(2, WIRE_MESSAGE, 5, 2);
    tell(2, WIRE_SHORT, 8, 4);
    tell(2, WIRE_END, 9, 0);
    expect(WIRE_MESSAGE, 4, UINT64_MAX);
    expect(WIRE_MESSAGE, 5, 0);
    expect(WIRE_MESSAGE, 5, 1);
    expect(WIRE_MESSAGE, 5, 2);
    expect(WIRE_MESSAGE, 8, 3);
    expect(WIRE_SHORT, 8, 4);
    expect(WIRE_ADVANCE, 8, UINT64_MAX);
    expect(WIRE_MESSAGE, UINT64_MAX, 0);
    expect_no(MERGE_OVER, 0);
    expect_no(MERGE_OVER, 0);
}

/* Nothing is told that a silent part may still come before; progress is a word, too, and is not told. */
static void waits_for_the_slow_one(void **state) {
    (void)state;
    open_parts(2);
    tell(0, WIRE_MESSAGE, 10, 0);
    tell(0, WIRE_MESSAGE, 20, 0);
    expect_no(MERGE_NOTHING, 1);
    expect_no(MERGE_NOTHING, 1);
    tell(1, WIRE_PROGRESS, 15, 0);
    expect(WIRE_MESSAGE, 10, 0);
    expect_no(MERGE_NOTHING, 1); /* its progress is used up: is 20 the next one? */
    assert_int_equal(merge_step(merge), 15);
    tell(1, WIRE_MESSAGE, 20, 1);
    expect(WIRE_MESSAGE, 20, 0);
    expect_no(MERGE_NOTHING, 0);
    tell(0, WIRE_END, 30, 0);
    expect(WIRE_MESSAGE, 20, 1);
    expect_no(MERGE_NOTHING, 1);
    tell(1, WIRE_FIGURES, 25, 0);
    expect_no(MERGE_NOTHING, 1);
    tell(1, WIRE_END, 30, 0);
    expect_no(MERGE_OVER, 0);
}

static void lost(void **state) {
    (void)state;
    open_parts(2);
    tell(0, WIRE_END, 1, 0);
    tell(1, WIRE_MESSAGE, 1, 0);
    close_end(1);
    expect(WIRE_MESSAGE, 1, 0);
    expect_no(MERGE_LOST, 1);
    close_parts(NULL);
    /* Once it has ended it may go. */
    open_parts(1);
    tell(0, WIRE_END, 1, 0);
    close_end(0);
    expect_no(MERGE_OVER, 0);
    close_parts(NULL);
    /* What it must not say. */
    open_parts(2);
    struct wire_record record;
    memset(&record, 0, sizeof record);
    record.message.verdict = sample_verdict();
    record.message.verdict.code = 1000;
    tell(0, WIRE_MESSAGE, 7, 0);
    tell_record(1, &record, WIRE_MESSAGE, 1, 0);
    expect_no(MERGE_LOST, 1);
    close_parts(NULL);
    open_parts(1);
    assert_int_equal(send(ends[0], "nonsense", 8, 0), 8);
    expect_no(MERGE_LOST, 0);
}

/* What each said last counts, and all of it together. */
static void figures(void **state) {
    (void)state;
    struct wire_record record;
    struct counters counters;
    struct decoding_figures sum;
    open_parts(3);
    merge_figures(merge, &counters, &sum);
    assert_int_equal(counters.packets + counters.messages, 0);
    assert_int_equal(sum.first + sum.last, 0);
    static const struct {
        unsigned part;
        enum wire_kind kind;
        uint64_t packets, messages;
        nstime first, last;
        size_t bytes;
        const char *name;
        uint64_t flows;
    } told[] = {
        {0, WIRE_FIGURES, 999, 999, 1, 999, 999, "SSH", 999}, /* replaced */
        {0, WIRE_END, 50, 3, 7, 90, 1000, "SSH", 2},
        {1, WIRE_END, 0, 4, 5, 95, 20, "HTTP", 7},
        {2, WIRE_FIGURES, 0, 5, 0, 0, 3, "SSH", 6}, /* saw no packet; is not at its end */
    };
    for (unsigned i = 0; i < 4; i++) {
        memset(&record, 0, sizeof record);
        record.figures.decoder.counters.packets = told[i].packets;
        record.figures.decoder.counters.messages = told[i].messages;
        record.figures.decoding.first = told[i].first;
        record.figures.decoding.last = told[i].last;
        record.figures.decoding.memory_bytes = told[i].bytes;
        record.figures.decoding.not_mail.count = 1;
        strcpy(record.figures.decoding.not_mail.rows[0].name, told[i].name);
        record.figures.decoding.not_mail.rows[0].flows = told[i].flows;
        tell_record(told[i].part, &record, told[i].kind, 1, 0);
    }
    expect_no(MERGE_NOTHING, 2);
    merge_figures(merge, &counters, &sum);
    assert_int_equal(counters.packets, 50);
    assert_int_equal(counters.messages, 3 + 4 + 5);
    assert_int_equal(sum.first, 5);
    assert_int_equal(sum.last, 95);
    assert_int_equal(sum.memory_bytes, 1023);
    assert_int_equal(sum.not_mail.count, 2);
    assert_string_equal(sum.not_mail.rows[0].name, "SSH"); /* 2 + 6 */
    assert_int_equal(sum.not_mail.rows[0].flows, 8);
    assert_string_equal(sum.not_mail.rows[1].name, "HTTP");
    assert_int_equal(sum.not_mail.rows[1].flows, 7);
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, close_parts)
    const struct CMUnitTest tests[] = {
        TEST(by_step_then_turn),
        TEST(waits_for_the_slow_one),
        TEST(lost),
        TEST(figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
