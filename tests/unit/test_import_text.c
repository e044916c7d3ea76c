/* Text that grows, and strings that are kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_text.h"

static void text_grows(void **state) {
    struct import_text text = {.bytes = NULL};
    (void)state;
    import_text_add(&text, SPAN_EMPTY);
    assert_string_equal(text.bytes, "");
    for (unsigned i = 0; i < 1000; i++) {
        import_text_print(&text, "%03u", i);
        assert_int_equal(text.length, 3 * (i + 1));
        assert_int_equal(text.bytes[text.length], 0);
    }
    assert_memory_equal(text.bytes + 2997, "999", 4);
    import_text_clear(&text);
    import_text_byte(&text, 0);
    import_text_string(&text, "a");
    assert_int_equal(text.length, 2);
    assert_memory_equal(text.bytes, "\0a", 3);
    import_text_free(&text);
    assert_null(text.bytes);
}

static void strings_are_kept(void **state) {
    struct import_strings strings = {.last = NULL};
    char bytes[] = "first";
    (void)state;
    const char *first = import_keep(&strings, span_from_string(bytes));
    const char *empty = import_keep(&strings, SPAN_EMPTY);
    bytes[0] = 'x';
    assert_string_equal(first, "first");
    assert_string_equal(empty, "");
    import_strings_free(&strings);
    assert_null(strings.last);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_grows), cmocka_unit_test(strings_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
