/* packet_clock: which stamps are believed; every frame is handed on once, in order, with its bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mailspan/limits.h"
#include "packet_clock.h"

#define S NS_PER_S
#define START (INT64_C(1700000000) * S)
#define YEAR_2033 (INT64_C(2000000000) * S)
#define DAY (86400 * S)

struct bench {
    struct packet_clock *clock;
    struct counters counters;
    nstime told[4096]; /* by the number in the frame's bytes */
    unsigned frames, sent, went_back;
    nstime now;
};

static void on_advance(void *context, nstime now) {
    struct bench *b = context;
    assert_true(now >= b->now);
    b->now = now;
}

static void on_went_back(void *context, nstime now) {
    struct bench *b = context;
    b->now = now;
    b->went_back++;
}

static void on_frame(void *context, const struct frame_seen *frame) {
    struct bench *b = context;
    unsigned number;
    assert_int_equal(frame->captured.len, sizeof number);
    memcpy(&number, frame->captured.data, sizeof number);
    assert_int_equal(number, b->frames);
    assert_int_equal(frame->link_type, 7);
    assert_int_equal(frame->wire_length, number + 100);
    assert_true(frame->time <= *packet_clock_now(b->clock) &&
                frame->time >= *packet_clock_now(b->clock) - LIMIT_CLOCK_SLACK_S * S);
    b->told[b->frames++] = frame->time;
}

static struct bench *start(void) {
    static struct bench b;
    b = (struct bench){.frames = 0};
    b.clock = packet_clock_new(&(struct packet_clock_listener){&b, on_advance, on_went_back, on_frame}, &b.counters);
    assert_non_null(b.clock);
    return &b;
}

static void send(struct bench *b, nstime stamp) {
    unsigned number = b->sent++;
    struct frame_seen frame = {.link_type = 7,
                               .wire_length = number + 100,
                               .time = stamp,
                               .captured = span_of((const uint8_t *)&number, sizeof number)};
    packet_clock_frame(b->clock, &frame);
}

static void finish(struct bench *b) {
    packet_clock_finish(b->clock);
    assert_int_equal(b->frames, b->sent);
    b->now = *packet_clock_now(b->clock);
    packet_clock_free(b->clock);
}

static void losses(const struct bench *b, unsigned jumps, unsigned doubted, unsigned back) {
    assert_int_equal(b->counters.clock_jumps, jumps);
    assert_int_equal(b->counters.clock_doubted, doubted);
    assert_int_equal(b->counters.clock_back, back);
}

static void frames_go_on_at_once(void **state) {
    (void)state;
    struct bench *b = start();
    for (unsigned i = 0; i < 1000; i++) {
        nstime stamp = START + i * 9 * S - (i % 3) * S / 2;
        send(b, stamp);
        assert_int_equal(b->frames, i + 1);
        assert_int_equal(b->told[i], stamp);
    }
    assert_int_equal(*packet_clock_now(b->clock), START + 999 * 9 * S);
    finish(b);
    losses(b, 0, 0, 0);
}

static void one_wild_stamp_ends_nothing(void **state) {
    (void)state;
    static const nstime wild[] = {YEAR_2033, 0, -5, INT64_MAX, INT64_MIN, START - DAY};
    struct bench *b = start();
    for (unsigned i = 0; i < 60; i++) {
        send(b, START + i * S);
        send(b, wild[i % 6]);
    }
    send(b, START + 60 * S);
    finish(b);
    losses(b, 0, 60, 0);
    for (unsigned i = 0; i < 60; i++) assert_int_equal(b->told[2 * i + 1], START + i * S);
    assert_int_equal(b->now, START + 60 * S);
}

static void two_in_a_row_are_not_enough(void **state) {
    (void)state;
    struct bench *b = start();
    send(b, START);
    send(b, YEAR_2033);
    send(b, YEAR_2033 + S);
    assert_int_equal(b->frames, 1);
    send(b, START + S);
    losses(b, 0, 2, 0);
    assert_int_equal(b->told[2], START);
    assert_int_equal(*packet_clock_now(b->clock), START + S);
    finish(b);
}

/* Days between two files, or nights without a packet: all frames keep their own time. */
static void silence_of_days(void **state) {
    (void)state;
    struct bench *b = start();
    for (unsigned day = 0; day < 20; day++)
        for (unsigned i = 0; i < 5; i++) send(b, START + day * DAY + i * S);
    assert_int_equal(b->frames, 100);
    for (unsigned i = 0; i < 100; i++) assert_int_equal(b->told[i], START + i / 5 * DAY + i % 5 * S);
    finish(b);
    losses(b, 19, 0, 0);
}

/* Frames that are minutes or hours apart, each alone. */
static void few_frames_far_apart(void **state) {
    (void)state;
    for (unsigned minutes = 1; minutes <= 600; minutes *= 10) {
        struct bench *b = start();
        for (unsigned i = 0; i < 200; i++) send(b, START + (nstime)i * minutes * 60 * S);
        packet_clock_finish(b->clock);
        assert_int_equal(b->frames, 200);
        for (unsigned i = 0; i < (minutes > 10 ? 180 : 199); i++)
            assert_int_equal(b->told[i], START + (nstime)i * minutes * 60 * S);
        assert_int_equal(b->counters.clock_back, 0);
        finish(b);
    }
}

static void a_first_frame_that_is_wrong(void **state) {
    (void)state;
    struct bench *b = start();
    send(b, YEAR_2033);
    for (unsigned i = 0; i < 20; i++) send(b, START + i * S);
    assert_int_equal(b->went_back, 1);
    assert_int_equal(b->frames, 21);
    for (unsigned i = 0; i < 20; i++) assert_int_equal(b->told[i + 1], START + i * S);
    finish(b);
    losses(b, 1, 0, 0);
}

/* A clock that is set back by less than a minute: time stands still until it has come again. */
static void a_little_back(void **state) {
    (void)state;
    struct bench *b = start();
    send(b, START + 50 * S);
    send(b, START + 48 * S); /* out of order, no more */
    for (unsigned i = 0; i < 40; i++) send(b, START + i * S);
    send(b, START + 51 * S);
    losses(b, 0, 0, 40);
    assert_int_equal(b->told[1], START + 48 * S);
    for (unsigned i = 0; i < 40; i++) assert_int_equal(b->told[2 + i], START + 50 * S);
    assert_int_equal(b->told[42], START + 51 * S);
    assert_int_equal(b->went_back, 0);
    finish(b);
}

static void the_end_of_a_capture(void **state) {
    (void)state;
    struct bench *b = start();
    send(b, START);
    send(b, START + 300 * S); /* an RST after minutes */
    finish(b);
    assert_int_equal(b->told[1], START + 300 * S);
    losses(b, 0, 0, 0);
    b = start();
    send(b, START);
    send(b, YEAR_2033);
    finish(b);
    assert_int_equal(b->told[1], START);
    losses(b, 0, 1, 0);
    b = start();
    finish(b);
}

static void the_systems_clock(void **state) {
    (void)state;
    struct bench *b = start();
    for (unsigned i = 0; i < 10000; i++) packet_clock_tick(b->clock, START + i * S);
    assert_int_equal(*packet_clock_now(b->clock), START + 9999 * S);
    send(b, START + 10001 * S);
    assert_int_equal(b->frames, 1);
    packet_clock_tick(b->clock, START + 9000 * S); /* behind the frames: says nothing */
    assert_int_equal(*packet_clock_now(b->clock), START + 10001 * S);
    send(b, YEAR_2033);
    assert_int_equal(b->frames, 1);
    packet_clock_tick(b->clock, START + 10000 * S); /* the old epoch goes on */
    assert_int_equal(b->frames, 2);
    assert_int_equal(b->told[1], START + 10001 * S);
    send(b, START + DAY);
    packet_clock_tick(b->clock, START + DAY + S);
    packet_clock_tick(b->clock, START + DAY + 2 * S);
    assert_int_equal(b->told[2], START + DAY);
    assert_int_equal(*packet_clock_now(b->clock), START + DAY + 2 * S);
    finish(b);
    losses(b, 1, 1, 0);
}

static void on_any_frame(void *context, const struct frame_seen *frame) {
    struct bench *b = context;
    assert_true(frame->captured.len == sizeof b->sent || frame->captured.data[frame->captured.len - 1] == 9);
    b->frames++;
}

static void frames_too_large_to_wait(void **state) {
    (void)state;
    static uint8_t bytes[LIMIT_CLOCK_HELD_BYTES + 1];
    struct bench *b = start();
    struct packet_clock_listener listener = {b, on_advance, on_went_back, on_any_frame};
    packet_clock_free(b->clock);
    b->clock = packet_clock_new(&listener, &b->counters);
    send(b, START);
    for (unsigned i = 0; i < 6; i++) { /* two of these fit, then one does not; the last fits not even alone */
        size_t length = i == 5 ? sizeof bytes : LIMIT_CLOCK_HELD_BYTES / 2;
        bytes[length - 1] = 9;
        struct frame_seen frame = {.time = YEAR_2033 * (i % 2) + i, .captured = span_of(bytes, length)};
        packet_clock_frame(b->clock, &frame);
        b->sent++;
    }
    assert_int_equal(b->frames, 7);
    assert_int_equal(*packet_clock_now(b->clock), START);
    finish(b);
    losses(b, 0, 6, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_go_on_at_once),
        cmocka_unit_test(one_wild_stamp_ends_nothing),
        cmocka_unit_test(two_in_a_row_are_not_enough),
        cmocka_unit_test(silence_of_days),
        cmocka_unit_test(few_frames_far_apart),
        cmocka_unit_test(a_first_frame_that_is_wrong),
        cmocka_unit_test(a_little_back),
        cmocka_unit_test(the_end_of_a_capture),
        cmocka_unit_test(the_systems_clock),
        cmocka_unit_test(frames_too_large_to_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
