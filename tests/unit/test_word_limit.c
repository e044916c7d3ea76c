/* What a decoder may say in a second, with a clock that the test moves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "process/word_limit.h"

#define NOW 5000000

static unsigned say(struct word_limit *limit, unsigned times, size_t bytes, int64_t now_ms) {
    unsigned taken = 0;
    for (unsigned i = 0; i < times; i++) taken += word_limit_takes(limit, bytes, now_ms);
    return taken;
}

static void few_words_are_said(void **state) {
    (void)state;
    struct word_limit limit = {0};
    uint64_t lines = 7, bytes = 7;
    assert_int_equal(say(&limit, WORD_LIMIT_LINES, 100, NOW), WORD_LIMIT_LINES);
    assert_false(word_limit_over(&limit, NOW + 5000, &lines, &bytes));
    assert_true(lines == 7 && bytes == 7);
}

static void the_ninth_line_waits_for_the_next_second(void **state) {
    (void)state;
    struct word_limit limit = {0};
    assert_int_equal(say(&limit, 20, 10, NOW), 8);
    assert_int_equal(say(&limit, 20, 10, NOW + 999), 0);
    assert_int_equal(say(&limit, 20, 10, NOW + 1000), 8);
}

static void bytes_are_limited_too(void **state) {
    (void)state;
    struct word_limit limit = {0};
    assert_int_equal(say(&limit, 4, 512, NOW), 2);
    assert_int_equal(say(&limit, 1, 0, NOW), 1); /* nothing still fits */
    assert_int_equal(say(&limit, 1, 1, NOW), 0);
    assert_int_equal(say(&limit, 1, 1024, NOW + 1000), 1);
    assert_int_equal(say(&limit, 3, 1025, NOW + 2000), 0);     /* more than a second has never fits */
    assert_int_equal(say(&limit, 1, SIZE_MAX, NOW + 3000), 0); /* nor does a length that wraps round */
}

/* Not before the second is over, so that one who says very much is not answered line by line; and once. */
static void what_was_passed_over_is_told(void **state) {
    (void)state;
    struct word_limit limit = {0};
    uint64_t lines = 0, bytes = 0;
    (void)say(&limit, 108, 10, NOW);
    assert_false(word_limit_over(&limit, NOW + 999, &lines, &bytes));
    assert_true(word_limit_over(&limit, NOW + 1000, &lines, &bytes));
    assert_int_equal(lines, 100);
    assert_int_equal(bytes, 1000);
    assert_false(word_limit_over(&limit, NOW + 1000, &lines, &bytes));
    (void)say(&limit, 9, 3, NOW + 1000);
    assert_false(word_limit_over(&limit, NOW + 1500, &lines, &bytes));
    assert_true(word_limit_over(&limit, NOW + 9000, &lines, &bytes));
    assert_int_equal(lines, 1);
    assert_int_equal(bytes, 3);
}

/* Nobody asked meanwhile, and the next second has begun: nothing is forgotten. */
static void counts_add_up_until_they_are_told(void **state) {
    (void)state;
    struct word_limit limit = {0};
    uint64_t lines = 0, bytes = 0;
    (void)say(&limit, 10, 10, NOW);
    (void)say(&limit, 11, 10, NOW + 1000);
    assert_false(word_limit_over(&limit, NOW + 1001, &lines, &bytes));
    assert_true(word_limit_over(&limit, NOW + 2000, &lines, &bytes));
    assert_int_equal(lines, 5);
    assert_int_equal(bytes, 50);
}

static void a_clock_that_was_set_back_begins_anew(void **state) {
    (void)state;
    struct word_limit limit = {0};
    assert_int_equal(say(&limit, 9, 1, NOW), 8);
    assert_int_equal(say(&limit, 9, 1, 17), 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_words_are_said),
        cmocka_unit_test(the_ninth_line_waits_for_the_next_second),
        cmocka_unit_test(bytes_are_limited_too),
        cmocka_unit_test(what_was_passed_over_is_told),
        cmocka_unit_test(counts_add_up_until_they_are_told),
        cmocka_unit_test(a_clock_that_was_set_back_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
