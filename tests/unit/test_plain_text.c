/* Text of strangers, made fit for people: cut between characters, without what is none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/plain_text.h"

static const char *copied(const char *text, size_t size) {
    static char out[64];
    memset(out, 0, sizeof out);
    plain_text_copy(out, size, span_from_string(text));
    return out;
}

static void what_fits_is_copied(void **state) {
    (void)state;
    assert_string_equal(copied("", 8), "");
    assert_string_equal(copied("user unknown", 64), "user unknown");
    assert_string_equal(copied("1234567", 8), "1234567");
    assert_string_equal(copied("12345678", 8), "1234567");
    assert_string_equal(copied("x", 1), "");
}

static void characters_stay_whole(void **state) {
    (void)state;
    assert_string_equal(copied("caf\xc3\xa9", 6), "caf\xc3\xa9");
    assert_string_equal(copied("caf\xc3\xa9", 5), "caf");
    assert_string_equal(copied("1234567\xe2\x82\xac", 10), "1234567");
    assert_string_equal(copied("1234567\xe2\x82\xac", 11), "1234567\xe2\x82\xac");
}

static void what_is_no_text(void **state) {
    (void)state;
    assert_string_equal(copied("a\tb\r\nc\x7f", 64), "a b  c ");
    assert_string_equal(copied("a\xff"
                               "b",
                               64),
                        "a\xef\xbf\xbd"
                        "b");
    assert_string_equal(copied("long and plain \xc2\x85 text", 64), "long and plain   text"); /* C1: next line */
    char nul[9] = {0};
    plain_text_copy(nul, sizeof nul, span_of("a\0b", 3));
    assert_string_equal(nul, "a b");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_copied),
        cmocka_unit_test(characters_stay_whole),
        cmocka_unit_test(what_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
