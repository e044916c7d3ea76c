/* Shapes of text, counted by hand, in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../decoders/text_shape.h"
#include "guard.h"

static void assert_shape(const char *text, struct text_shape expected) {
    for (size_t step = 1; step <= 40; step++) {
        struct text_shape shape = {.bytes = 0};
        for (size_t at = 0; at < strlen(text); at += step) {
            struct guarded copy = guard_copy(span_slice(span_from_string(text), at, step));
            text_shape_add(&shape, copy.bytes);
            guard_free(&copy);
        }
        assert_int_equal(shape.bytes, strlen(text));
        assert_int_equal(shape.ink, expected.ink);
        assert_int_equal(shape.beyond, expected.beyond);
        assert_int_equal(shape.line, expected.line);
        assert_int_equal(shape.line_max, expected.line_max);
    }
}

static void counts_bytes_and_lines(void **state) {
    (void)state;
    assert_shape("", (struct text_shape){.ink = 0});
    assert_shape("a b\tc", (struct text_shape){.ink = 3, .line = 5, .line_max = 5});
    assert_shape("one\nfourteen\nten\n", (struct text_shape){.ink = 14, .line = 0, .line_max = 8});
    assert_shape("\n\n\r\n", (struct text_shape){.ink = 0, .line = 0, .line_max = 1});
    assert_shape("caf\xc3\xa9 \x7f\xff\x80", (struct text_shape){.ink = 8, .beyond = 4, .line = 9, .line_max = 9});
    assert_shape("0123456789 0123456789 0123456789 \xe2\x82\xac\n0123456789",
                 (struct text_shape){.ink = 43, .beyond = 3, .line = 10, .line_max = 36});
}

/* More than a byte's worth in one lane. */
static void counts_more_than_a_lane_holds(void **state) {
    (void)state;
    static uint8_t text[16 * 300];
    struct text_shape shape = {.bytes = 0};
    memset(text, 0xe9, sizeof text);
    text_shape_add(&shape, span_of(text, sizeof text));
    assert_int_equal(shape.ink, 16 * 300);
    assert_int_equal(shape.beyond, 16 * 300);
    assert_int_equal(shape.line_max, 16 * 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_bytes_and_lines),
        cmocka_unit_test(counts_more_than_a_lane_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
