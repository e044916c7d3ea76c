/* The outbox: order, wrapping round, and its two bounds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "publish/outbox.h"

static bool push_number(struct outbox *outbox, unsigned number) {
    struct span arguments[] = {SPAN_LITERAL("command"), SPAN_EMPTY, span_of(&number, sizeof number)};
    return outbox_push(outbox, arguments, 3, 7 * (int64_t)number);
}

static unsigned number_at(const struct outbox *outbox, size_t place) {
    unsigned number;
    memcpy(&number, outbox_at(outbox, place)->arguments[2].data, sizeof number);
    return number;
}

static void first_in_first_out(void **state) {
    (void)state;
    struct outbox outbox;
    unsigned in = 0, out = 0;
    assert_true(outbox_init(&outbox));
    assert_null(outbox_at(&outbox, 0));
    for (unsigned round = 0; round < 3 * LIMIT_OUTBOX_EVENTS; round++) { /* wraps round twice */
        assert_true(push_number(&outbox, in++));
        assert_int_equal(number_at(&outbox, outbox.count - 1), in - 1);
        if (round % 3 != 0) continue;
        assert_int_equal(outbox_at(&outbox, 0)->since_ns, 7 * (int64_t)out);
        assert_int_equal(number_at(&outbox, 0), out++);
        outbox_pop(&outbox);
        if (outbox.count < LIMIT_OUTBOX_EVENTS - 3) continue;
        while (outbox.count > 5) {
            assert_int_equal(number_at(&outbox, 0), out++);
            outbox_pop(&outbox);
        }
    }
    while (outbox.count > 0) outbox_pop(&outbox);
    assert_int_equal(outbox.bytes, 0);
    outbox_clear(&outbox);
}

static void copies(void **state) {
    (void)state;
    struct outbox outbox;
    char text[] = "FCALL";
    struct span argument = span_from_string(text);
    assert_true(outbox_init(&outbox));
    assert_true(outbox_push(&outbox, &argument, 1, 0));
    memset(text, '#', sizeof text - 1);
    assert_true(span_equal(outbox_at(&outbox, 0)->arguments[0], SPAN_LITERAL("FCALL")));
    assert_null(outbox_at(&outbox, 1));
    outbox_clear(&outbox);
}

static void bounded_in_number(void **state) {
    (void)state;
    struct outbox outbox;
    assert_true(outbox_init(&outbox));
    for (unsigned i = 0; i < LIMIT_OUTBOX_EVENTS; i++) assert_true(push_number(&outbox, i));
    assert_true(outbox_is_full(&outbox));
    assert_false(push_number(&outbox, 0));
    outbox_pop(&outbox);
    assert_true(push_number(&outbox, 0));
    outbox_clear(&outbox);
}

static void bounded_in_bytes(void **state) {
    (void)state;
    enum { MIB = 1 << 20 };
    struct outbox outbox;
    struct span large = span_of(calloc(1, MIB), MIB);
    unsigned pushed = 0;
    assert_true(outbox_init(&outbox));
    while (outbox_push(&outbox, &large, 1, 0)) pushed++;
    assert_int_equal(pushed, LIMIT_OUTBOX_BYTES / MIB);
    outbox_pop(&outbox);
    assert_true(outbox_push(&outbox, &large, 1, 0));
    outbox_clear(&outbox);
    free((void *)large.data);
}

static void too_many_arguments(void **state) {
    (void)state;
    struct outbox outbox;
    struct span arguments[COMMAND_ARGUMENTS_MAX + 1] = {{NULL, 0}};
    assert_true(outbox_init(&outbox));
    assert_false(outbox_push(&outbox, arguments, COMMAND_ARGUMENTS_MAX + 1, 0));
    assert_true(outbox_push(&outbox, arguments, COMMAND_ARGUMENTS_MAX, 0));
    outbox_clear(&outbox);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_in_first_out), cmocka_unit_test(copies),
        cmocka_unit_test(bounded_in_number),  cmocka_unit_test(bounded_in_bytes),
        cmocka_unit_test(too_many_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
