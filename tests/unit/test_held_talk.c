/* held_talk: turns in order, gaps where there is no room, by hand and at random against a plain list.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "held_talk.h"

static struct piece said(enum stream_side side, const char *text, uint32_t unread) {
    return (struct piece){.side = side, .bytes = span_from_string(text), .unread = unread, .time = 5};
}

static struct piece lost(enum stream_side side, uint64_t length) {
    return (struct piece){.side = side, .gap_length = length, .unread = STREAM_UNREAD_UNKNOWN, .time = 6};
}

static void is(const struct held_talk *held, unsigned i, enum stream_side side, const char *text, uint64_t gap) {
    struct piece piece;
    assert_true(held_talk_piece(held, i, &piece));
    assert_int_equal(piece.side, side);
    assert_true(span_equal(piece.bytes, span_from_string(text)));
    assert_int_equal(piece.gap_length, gap);
}

static bool add(struct held_talk *held, struct piece piece) {
    return held_talk_add(held, &piece);
}

static void turns(void **state) {
    (void)state;
    static struct held_talk held;
    struct piece piece;
    assert_true(add(&held, said(SIDE_CLIENT, "PROXY", 0)));
    assert_true(add(&held, said(SIDE_CLIENT, " UNKNOWN\r\n", 0)));
    held_talk_seal(&held);
    assert_true(add(&held, said(SIDE_CLIENT, "EHLO", 0)));
    assert_true(add(&held, said(SIDE_SERVER, "220", 3)));
    assert_true(add(&held, said(SIDE_SERVER, " mx", 0))); /* has read more */
    assert_true(add(&held, said(SIDE_SERVER, "\r\n", 0)));
    assert_true(add(&held, said(SIDE_SERVER, "", 0)));
    assert_true(add(&held, lost(SIDE_CLIENT, 4)));
    assert_true(add(&held, lost(SIDE_CLIENT, 5)));
    assert_true(add(&held, said(SIDE_CLIENT, "QUIT", 0)));
    is(&held, 0, SIDE_CLIENT, "PROXY UNKNOWN\r\n", 0);
    is(&held, 1, SIDE_CLIENT, "EHLO", 0);
    is(&held, 2, SIDE_SERVER, "220", 0);
    is(&held, 3, SIDE_SERVER, " mx\r\n", 0);
    is(&held, 4, SIDE_CLIENT, "", 9);
    is(&held, 5, SIDE_CLIENT, "QUIT", 0);
    assert_true(held_talk_piece(&held, 2, &piece));
    assert_int_equal(piece.unread, 3);
    assert_int_equal(piece.time, 5);
    is(&held, 6, SIDE_CLIENT, "", 0);
    is(&held, 7, SIDE_SERVER, "", 0);
    assert_false(held_talk_piece(&held, 8, &piece));
}

/* Every byte that was added is there, or in a gap, in its side's order: at random, far over what there is room for. */
static void no_byte_is_forgotten(void **state) {
    (void)state;
    static struct held_talk held;
    static char text[200];
    uint32_t seed = 11;
    for (unsigned round = 0; round < 500; round++) {
        uint64_t sent[2] = {0, 0}, found[2] = {0, 0};
        memset(&held, 0, sizeof held);
        for (unsigned i = 0; i < 40; i++) {
            seed = seed * 1664525 + 1013904223;
            enum stream_side side = seed >> 31 != 0 ? SIDE_SERVER : SIDE_CLIENT;
            size_t length = (seed >> 16) % (round % 2 == 0 ? 20 : sizeof text);
            bool gap = (seed >> 8) % 5 == 0;
            for (size_t at = 0; at < length; at++) text[at] = (char)('a' + (sent[side] + at) % 26);
            struct piece piece = gap ? lost(side, length)
                                     : (struct piece){.side = side, .bytes = span_of(text, length), .time = (nstime)i};
            bool kept = held_talk_add(&held, &piece);
            sent[side] += length;
            if ((seed >> 24) % 7 == 0) held_talk_seal(&held);
            if (kept && length > 0) assert_int_equal(held.lost[side], 0);
        }
        struct piece piece;
        unsigned i = 0;
        for (; held_talk_piece(&held, i, &piece); i++) {
            for (size_t at = 0; at < piece.bytes.len; at++)
                assert_int_equal(piece.bytes.data[at], 'a' + (found[piece.side] + at) % 26);
            found[piece.side] += piece.bytes.len + piece.gap_length;
        }
        assert_true(i <= HELD_TALK_PIECES);
        assert_int_equal(found[SIDE_CLIENT], sent[SIDE_CLIENT]);
        assert_int_equal(found[SIDE_SERVER], sent[SIDE_SERVER]);
    }
}

static void too_much(void **state) {
    (void)state;
    static struct held_talk held;
    static char text[LIMIT_HELD_BYTES + 100];
    memset(text, 'a', sizeof text - 1);
    assert_false(add(&held, said(SIDE_CLIENT, text, 0)));
    is(&held, 1, SIDE_CLIENT, "", 99);
    assert_false(add(&held, said(SIDE_SERVER, "220", 0)));
    is(&held, 2, SIDE_SERVER, "", 3);
}

static void nothing_is_left_of_it(void **state) {
    (void)state;
    static struct held_talk held, empty;
    struct piece piece;
    assert_true(add(&held, said(SIDE_CLIENT, "AUTH PLAIN AGEAYg==", 0)));
    held_talk_seal(&held);
    held_talk_wipe(&held);
    assert_memory_equal(&held, &empty, sizeof held);
    is(&held, 0, SIDE_CLIENT, "", 0);
    assert_true(held_talk_piece(&held, 1, &piece));
    assert_false(held_talk_piece(&held, 2, &piece));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns),
        cmocka_unit_test(no_byte_is_forgotten),
        cmocka_unit_test(too_much),
        cmocka_unit_test(nothing_is_left_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
