/* UTF-8: the examples of RFC 3629, its forbidden forms, and every code point there and back; no byte beyond the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/utf8.h"

static void next_is(struct span text, size_t length, uint32_t code_point) {
    struct guarded copy = guard_copy(text);
    uint32_t found = 1;
    assert_int_equal(utf8_next(copy.bytes, &found), length);
    assert_int_equal(found, code_point);
    guard_free(&copy);
}

static void no_character(struct span text) {
    struct guarded copy = guard_copy(text);
    assert_int_equal(utf8_length(copy.bytes), 0);
    guard_free(&copy);
    next_is(text, 1, UTF8_REPLACEMENT);
}

static void characters(void **state) {
    (void)state;
    next_is(SPAN_LITERAL("A"), 1, 'A');
    next_is(SPAN_LITERAL("\0"), 1, 0);
    next_is(SPAN_LITERAL("\xc2\x80"), 2, 0x80);
    next_is(SPAN_LITERAL("\xdf\xbf"), 2, 0x7ff);
    next_is(SPAN_LITERAL("\xe0\xa0\x80"), 3, 0x800);
    next_is(SPAN_LITERAL("\xe2\x89\xa2\xce\x91"), 3, 0x2262); /* RFC 3629 7: not identical to */
    next_is(SPAN_LITERAL("\xed\x9f\xbf"), 3, 0xd7ff);
    next_is(SPAN_LITERAL("\xee\x80\x80"), 3, 0xe000);
    next_is(SPAN_LITERAL("\xef\xbf\xbd"), 3, UTF8_REPLACEMENT);
    next_is(SPAN_LITERAL("\xf0\x90\x80\x80"), 4, 0x10000);
    next_is(SPAN_LITERAL("\xf0\xa3\x8e\xb4"), 4, 0x233b4); /* RFC 3629 7 */
    next_is(SPAN_LITERAL("\xf4\x8f\xbf\xbf"), 4, 0x10ffff);
    assert_int_equal(utf8_length(SPAN_EMPTY), 0);
}

static void what_is_none(void **state) {
    (void)state;
    no_character(SPAN_LITERAL("\x80"));
    no_character(SPAN_LITERAL("\xbf"));
    no_character(SPAN_LITERAL("\xc0\xaf")); /* overlong */
    no_character(SPAN_LITERAL("\xc1\xbf"));
    no_character(SPAN_LITERAL("\xe0\x9f\xbf"));
    no_character(SPAN_LITERAL("\xf0\x8f\xbf\xbf"));
    no_character(SPAN_LITERAL("\xed\xa0\x80")); /* surrogates */
    no_character(SPAN_LITERAL("\xed\xbf\xbf"));
    no_character(SPAN_LITERAL("\xf4\x90\x80\x80")); /* beyond */
    no_character(SPAN_LITERAL("\xf5\x80\x80\x80"));
    no_character(SPAN_LITERAL("\xff"));
    no_character(SPAN_LITERAL("\xc3")); /* cut */
    no_character(SPAN_LITERAL("\xe2\x82"));
    no_character(SPAN_LITERAL("\xf0\x9f\x93"));
    no_character(SPAN_LITERAL("\xc3("));
    no_character(SPAN_LITERAL("\xe2\x82("));
    no_character(SPAN_LITERAL("\xf0\x9f\x93("));
}

static void there_and_back(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x110000; c++) {
        uint8_t bytes[UTF8_BYTES_MAX];
        uint32_t found;
        size_t length = utf8_encode(c, bytes);
        bool none = (c >= 0xd800 && c <= 0xdfff) || c == 0x110000;
        assert_int_equal(utf8_next(span_of(bytes, length), &found), length);
        assert_int_equal(found, none ? UTF8_REPLACEMENT : c);
        if (length > 1) assert_int_equal(utf8_length(span_of(bytes, length - 1)), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(characters), cmocka_unit_test(what_is_none),
                                       cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
