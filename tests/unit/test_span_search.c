/* Tests of searching for one of two bytes: at every place of texts of every length, and none behind their end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/span_search.h"

#define LENGTH_MAX 70

/* Neither of the two but their neighbours, with and without the highest bit. */
static const uint8_t others[] = {'!', '#', '%', '\'', 0, 0xa2, 0xa6, 0xff};

static void the_first_of_both(void **state) {
    (void)state;
    for (size_t length = 0; length <= LENGTH_MAX; length++) {
        uint8_t text[LENGTH_MAX];
        for (size_t i = 0; i < length; i++) text[i] = others[i % sizeof others];
        for (size_t place = 0; place <= length; place++) {
            struct guarded copy = guard_copy(span_of(text, length));
            uint8_t *bytes = (uint8_t *)(uintptr_t)copy.bytes.data;
            if (place < length) bytes[place] = place % 2 == 0 ? '"' : '&';
            if (place + 3 < length) bytes[place + 3] = place % 2 == 0 ? '&' : '"'; /* a later one is not the first */
            assert_int_equal(span_find_either(copy.bytes, '"', '&'), place);
            guard_free(&copy);
        }
    }
}

static void the_same_byte_twice(void **state) {
    (void)state;
    assert_int_equal(span_find_either(SPAN_LITERAL("a long text without it"), 'x', 'x'), 9);
    assert_int_equal(span_find_either(SPAN_EMPTY, 'x', 'y'), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_both),
        cmocka_unit_test(the_same_byte_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
