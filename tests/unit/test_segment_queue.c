/* segment_queue: pieces in order without overlap, whatever comes; checked against a plain array of bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "flow/segment_queue.h"

#define STREAM_BYTES 20000

struct bench {
    struct segment_pool *pool;
    struct half half;
    bool weak;
    struct counters counters;
};

static struct bench start(size_t segments) {
    struct bench b = {.pool = segment_pool_new(segments * SEGMENT_BYTES)};
    assert_non_null(b.pool);
    return b;
}

static void put(struct bench *b, uint32_t sequence, const void *bytes, size_t len, uint32_t cut) {
    struct packet p = {.time = 5, .flags = TCP_ACK, .payload = span_of(bytes, len)};
    p.payload_length = (uint32_t)len + cut;
    p.acknowledgement = 1000 + sequence;
    segment_queue_insert(b->pool, &b->half, &p, sequence, 7, b->weak, false, &b->counters);
}

static void put_text(struct bench *b, uint32_t sequence, const char *text) {
    put(b, sequence, text, strlen(text), 0);
}

static void is_sound(const struct bench *b) {
    size_t count = 0;
    const struct segment *last = NULL;
    for (const struct segment *s = b->half.queue; s != NULL; last = s, s = s->next) {
        count++;
        assert_true(s->length <= SEGMENT_DATA_BYTES);
        if (last != NULL) assert_true(sequence_distance(s->sequence, last->sequence + last->length) >= 0);
    }
    assert_ptr_equal(last, b->half.queue_end);
    assert_int_equal(count, b->half.queued);
    assert_int_equal(count, segment_pool_in_use(b->pool));
}

/* The pieces as "sequence:text+missing sequence:text". */
static void holds(const struct bench *b, const char *expected) {
    char text[512] = "";
    size_t len = 0;
    is_sound(b);
    for (const struct segment *s = b->half.queue; s != NULL; s = s->next) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u:%.*s", len == 0 ? "" : " ", s->sequence,
                                (int)s->length, (const char *)s->data);
        if (s->missing > 0) len += (size_t)snprintf(text + len, sizeof text - len, "+%u", s->missing);
    }
    assert_string_equal(text, expected);
}

static void finish(struct bench *b) {
    segment_queue_clear(b->pool, &b->half);
    is_sound(b);
    assert_int_equal(segment_pool_in_use(b->pool), 0);
    segment_pool_free(b->pool);
}

static void order_and_overlap(void **state) {
    (void)state;
    struct bench b = start(1024);
    put_text(&b, 20, "uv");
    put_text(&b, 10, "kl");
    put_text(&b, 15, "p");
    holds(&b, "10:kl 15:p 20:uv");
    put_text(&b, 10, "kl");
    holds(&b, "10:kl 15:p 20:uv");
    assert_int_equal(b.counters.duplicate_bytes, 2);
    put_text(&b, 8, "ijklmnopqrstuvw"); /* over all */
    holds(&b, "8:ij 10:kl 12:mno 15:p 16:qrst 20:uv 22:w");
    assert_int_equal(b.counters.duplicate_bytes, 2 + 5);
    assert_int_equal(b.counters.overlap_conflict, 0);
    put_text(&b, 21, "VWX");
    assert_int_equal(b.counters.overlap_conflict, 2);
    holds(&b, "8:ij 10:kl 12:mno 15:p 16:qrst 20:uv 22:w 23:X");
    segment_give_back(b.pool, segment_queue_take(&b.half));
    put_text(&b, 10, "k");
    holds(&b, "10:kl 12:mno 15:p 16:qrst 20:uv 22:w 23:X");
    finish(&b);
}

static void numbers_wrap(void **state) {
    (void)state;
    struct bench b = start(64);
    put_text(&b, 2, "c");
    put_text(&b, UINT32_MAX, "9ab");
    holds(&b, "4294967295:9ab 2:c");
    finish(&b);
}

static void cut_bytes(void **state) {
    (void)state;
    struct bench b = start(64);
    put(&b, 10, "ab", 2, 5);
    holds(&b, "10:ab+5");
    put(&b, 10, "ab", 2, 5); /* twice */
    holds(&b, "10:ab+5");
    put(&b, 30, NULL, 0, 4); /* nothing is left of it */
    holds(&b, "10:ab+5 30:+4");
    put(&b, 26, "x", 1, 9); /* only up to the next piece */
    holds(&b, "10:ab+5 26:x+3 30:+4");
    put_text(&b, 14, "ef"); /* another copy shows what was cut off */
    holds(&b, "10:ab+5 14:ef 26:x+3 30:+4");
    finish(&b);
}

static void an_older_acknowledgement_is_the_true_one(void **state) {
    (void)state;
    struct bench b = start(64);
    struct packet p = {.flags = TCP_ACK, .payload = SPAN_LITERAL("ab"), .payload_length = 2, .acknowledgement = 900};
    segment_queue_insert(b.pool, &b.half, &p, 10, 1, false, false, &b.counters);
    p.acknowledgement = 800;
    segment_queue_insert(b.pool, &b.half, &p, 10, 2, false, false, &b.counters);
    assert_int_equal(b.half.queue->acknowledgement, 800);
    assert_int_equal(b.half.queue->arrived, 1);
    p.acknowledgement = 950;
    segment_queue_insert(b.pool, &b.half, &p, 10, 3, false, false, &b.counters);
    assert_int_equal(b.half.queue->acknowledgement, 800);
    finish(&b);
}

/* Early "bcdef" at 11 and "qrst" at 20; XYZ takes the place of "cde" alone, what is late of it that of "st". */
static void better_copies_overrule_early_ones(void **state) {
    (void)state;
    struct bench b = start(64);
    struct packet early = {.flags = TCP_ACK, .payload = SPAN_LITERAL("bcdef"), .payload_length = 5};
    struct packet better = {.flags = TCP_ACK, .payload = SPAN_LITERAL("XYZ"), .payload_length = 3};
    early.acknowledgement = 900;
    better.acknowledgement = 800;
    segment_queue_insert(b.pool, &b.half, &early, 11, 1, false, true, &b.counters);
    early.payload = span_from_string("qrst");
    early.payload_length = 4;
    segment_queue_insert(b.pool, &b.half, &early, 20, 2, false, true, &b.counters);
    put_text(&b, 30, "kept");
    segment_queue_overrule(b.pool, &b.half, &better, 12, &b.counters);
    holds(&b, "11:b 12:XYZ 15:f 20:qrst 30:kept");
    assert_false(b.half.queue->next->early);
    assert_int_equal(b.half.queue->next->acknowledgement, 800);
    assert_true(b.half.queue->early && b.half.queue->next->next->early);
    segment_queue_overrule(b.pool, &b.half, &better, 22, &b.counters);
    holds(&b, "11:b 12:XYZ 15:f 20:qr 22:XY 30:kept");
    segment_queue_overrule(b.pool, &b.half, &better, 12, &b.counters); /* not early any more, nor ever */
    segment_queue_overrule(b.pool, &b.half, &better, 30, &b.counters);
    holds(&b, "11:b 12:XYZ 15:f 20:qr 22:XY 30:kept");
    assert_int_equal(b.counters.overlap_conflict, 2);
    finish(&b);
}

static void large_segments_are_cut_into_slots(void **state) {
    (void)state;
    static uint8_t bytes[65000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
    struct bench b = start(4096);
    put(&b, 100, bytes, sizeof bytes, 0);
    assert_int_equal(b.half.queued, (sizeof bytes + SEGMENT_DATA_BYTES - 1) / SEGMENT_DATA_BYTES);
    is_sound(&b);
    size_t at = 0;
    for (const struct segment *s = b.half.queue; s != NULL; s = s->next) {
        assert_memory_equal(s->data, bytes + at, s->length);
        at += s->length;
    }
    assert_int_equal(at, sizeof bytes);
    finish(&b);
}

static void a_queue_has_a_limit(void **state) {
    (void)state;
    struct bench b = start(100000);
    for (uint32_t i = 0; i < LIMIT_SEGMENTS_PER_FLOW + 10; i++) put_text(&b, 2 * i, "x");
    assert_int_equal(b.half.queued, LIMIT_SEGMENTS_PER_FLOW);
    assert_int_equal(b.counters.segment_pool_full, 10);
    is_sound(&b);
    finish(&b);
}

/* 32 KiB in small slots, 128: 16 are for queues of up to 4 pieces. */
static void a_small_pool_is_shared(void **state) {
    (void)state;
    struct bench b = start(64);
    struct half greedy[8] = {0};
    for (unsigned i = 0; i < 8; i++) {
        struct bench one = {.pool = b.pool};
        for (uint32_t k = 0; k < 100; k++) put_text(&one, 2 * k, "x");
        greedy[i] = one.half;
        assert_true(one.half.queued >= 4);
        assert_true(one.half.queued <= 14); /* (128 - 16) / 8 */
    }
    assert_true(segment_pool_in_use(b.pool) <= 112);
    assert_false(segment_pool_is_short(b.pool, false));
    for (unsigned i = 0; i < 8; i++) segment_queue_clear(b.pool, &greedy[i]);
    for (unsigned i = 0; i < 40; i++) { /* and when it is really full */
        struct bench one = {.pool = b.pool};
        for (uint32_t k = 0; k < 4; k++) put_text(&one, 2 * k, "x");
        assert_int_equal(one.counters.segment_pool_full, i < 32 ? 0 : 4);
        assert_int_equal(segment_pool_is_short(b.pool, false), i >= 29); /* 8 or fewer are left */
    }
    assert_int_equal(segment_pool_in_use(b.pool), 128);
    put(&b, 1, (const uint8_t[SEGMENT_SMALL_DATA_BYTES + 1]){1}, SEGMENT_SMALL_DATA_BYTES + 1, 0);
    assert_int_equal(b.half.queued, 1); /* whole segments have slots of their own */
    segment_pool_free(b.pool);
}

/* Flows that are not proven have half of the slots between them, and what is set aside is of that half: of 128 small
 * slots 64, of which 8 are for queues of up to 4 pieces. */
static void weak_flows_share_one_half(void **state) {
    (void)state;
    struct bench b = start(64);
    struct half halves[16] = {0};
    for (unsigned i = 0; i < 16; i++) {
        struct bench one = {.pool = b.pool, .weak = true};
        for (uint32_t k = 0; k < 100; k++) put_text(&one, 2 * k, "x");
        halves[i] = one.half;
        assert_true(one.half.queued <= 7); /* (64 - 8) / 8 */
        assert_true(i >= 14 || one.half.queued >= 4);
    }
    assert_int_equal(segment_pool_in_use(b.pool), 64);
    assert_true(segment_pool_is_short(b.pool, true));
    assert_false(segment_pool_is_short(b.pool, false));
    struct bench proven = {.pool = b.pool};
    for (uint32_t k = 0; k < 100; k++) put_text(&proven, 2 * k, "x");
    assert_int_equal(proven.half.queued, 5); /* then 59 are left, 16 of them set aside, and (59 - 16) / 8 is 5 */
    size_t const pieces = halves[0].queued;
    assert_int_equal(segment_queue_clear(b.pool, &halves[0]), pieces); /* of a byte each */
    segment_queue_clear(b.pool, &proven.half);
    for (unsigned i = 1; i < 16; i++) segment_queue_clear(b.pool, &halves[i]);
    assert_int_equal(segment_pool_in_use(b.pool), 0);
    assert_false(segment_pool_is_short(b.pool, true));
    segment_pool_free(b.pool);
}

/* It may have been a password. */
static void what_is_given_back_is_wiped(void **state) {
    (void)state;
    for (size_t len = 1; len <= SEGMENT_DATA_BYTES; len++) {
        static uint8_t bytes[SEGMENT_DATA_BYTES];
        struct bench b = start(64);
        memset(bytes, 's', len);
        put(&b, 1, bytes, len, 0);
        const struct segment *slot = b.half.queue;
        assert_int_equal(slot->small, len <= SEGMENT_SMALL_DATA_BYTES);
        segment_give_back(b.pool, segment_queue_take(&b.half));
        for (size_t i = 0; i < len; i++) assert_int_equal(slot->data[i], 0);
        finish(&b);
    }
}

static uint32_t random_state = 1;

static uint32_t any(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(random_state >> 4) * below >> 28);
}

/* Whatever comes in whatever order, the queue has exactly the bytes that came. */
static void any_order(void **state) {
    (void)state;
    static uint8_t stream[STREAM_BYTES];
    static bool came[STREAM_BYTES];
    for (unsigned round = 0; round < 300; round++) {
        struct bench b = start(100000);
        uint32_t const first = any(4) == 0 ? UINT32_MAX - any(STREAM_BYTES) : any(1u << 27);
        memset(came, 0, sizeof came);
        for (size_t i = 0; i < STREAM_BYTES; i++) stream[i] = (uint8_t)any(256);
        for (unsigned i = 0; i < 60; i++) {
            uint32_t at = any(STREAM_BYTES - 1);
            uint32_t len = 1 + any(any(5) == 0 ? 5000 : 300);
            if (len > STREAM_BYTES - at) len = STREAM_BYTES - at;
            put(&b, first + at, stream + at, len, any(6) == 0 ? any(100) : 0);
            for (uint32_t k = at; k < at + len; k++) came[k] = true;
        }
        is_sound(&b);
        assert_int_equal(b.counters.segment_pool_full, 0);
        assert_int_equal(b.counters.overlap_conflict, 0);
        size_t bytes = 0;
        for (const struct segment *s = b.half.queue; s != NULL; s = s->next) {
            uint32_t at = s->sequence - first;
            assert_memory_equal(s->data, stream + at, s->length);
            for (uint32_t k = at; k < at + s->length; k++) assert_true(came[k]);
            bytes += s->length;
        }
        for (size_t i = 0; i < STREAM_BYTES; i++) bytes -= came[i];
        assert_int_equal(bytes, 0);
        finish(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_overlap),
        cmocka_unit_test(numbers_wrap),
        cmocka_unit_test(cut_bytes),
        cmocka_unit_test(an_older_acknowledgement_is_the_true_one),
        cmocka_unit_test(better_copies_overrule_early_ones),
        cmocka_unit_test(large_segments_are_cut_into_slots),
        cmocka_unit_test(a_queue_has_a_limit),
        cmocka_unit_test(a_small_pool_is_shared),
        cmocka_unit_test(weak_flows_share_one_half),
        cmocka_unit_test(what_is_given_back_is_wiped),
        cmocka_unit_test(any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
