/* Tests of header text: unfolding and encoded words.  Most examples are those of RFC 2047, sections 2 and 8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/mail_text.h"
#include "guard.h"

static struct charset_table *table;
static struct counters counters;

static void expect_text(struct span s, const char *expected) {
    if (!span_equal(s, span_from_string(expected))) {
        print_error("got \"%.*s\", expected \"%s\"\n", (int)s.len, (const char *)s.data, expected);
        fail();
    }
}

static void expect_decoded(const char *raw, const char *expected) {
    struct guarded bytes = guard_copy(span_from_string(raw));
    expect_text(mail_text_decode(table, bytes.bytes, &counters), expected);
    guard_free(&bytes);
}

static void test_unfold(void **state) {
    (void)state;
    uint8_t out[64];
    expect_text(mail_text_unfold(SPAN_LITERAL(" a\r\n b\r\n\tc\r\n"), out), "a b\tc");
    expect_text(mail_text_unfold(SPAN_LITERAL("a\n b"), out), "a b");
    expect_text(mail_text_unfold(SPAN_LITERAL("a\rb"), out), "a\rb");
    expect_text(mail_text_unfold(SPAN_LITERAL("\r\n a"), out), "a");
    expect_text(mail_text_unfold(SPAN_LITERAL(" \r\n \r\n"), out), "");
    expect_text(mail_text_unfold(SPAN_EMPTY, out), "");
    expect_text(mail_text_join_lines(SPAN_LITERAL(" a\r\n \t b\r\n\tc  d\n e\r\n"), 100, out), "a b c  d e");
    expect_text(mail_text_join_lines(SPAN_LITERAL("a\r\n \r\n\tb"), 100, out), "a  b");
    expect_text(mail_text_join_lines(SPAN_LITERAL("\r\n\ta"), 100, out), "a");
    expect_text(mail_text_join_lines(SPAN_LITERAL("a  b\nc"), 100, out), "a  bc");
    expect_text(mail_text_join_lines(SPAN_LITERAL(" \r\n \r\n"), 100, out), "");
    static const char *const heads[] = {"", "a", "ab", "ab", "ab", "ab", "ab c", "ab cd", "ab cd"};
    for (size_t max = 0; max < sizeof heads / sizeof heads[0]; max++) /* unfolded: "ab \t cd" */
        expect_text(mail_text_join_lines(SPAN_LITERAL("ab\r\n \t cd"), max, out), heads[max]);
}

static void test_plain_is_not_copied(void **state) {
    (void)state;
    struct span raw = SPAN_LITERAL("plain = ? text");
    assert_ptr_equal(mail_text_decode(table, raw, &counters).data, raw.data);
}

static void test_words(void **state) {
    (void)state;
    expect_decoded("(=?ISO-8859-1?Q?a?=)", "(a)");
    expect_decoded("(=?ISO-8859-1?Q?a?= b)", "(a b)");
    expect_decoded("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab");
    expect_decoded("=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=", "ab");
    expect_decoded("=?ISO-8859-1?Q?a_b?=", "a b");
    expect_decoded("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b");
    expect_decoded("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>");
    expect_decoded("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld J\xC3\xB8rn Simonsen");
    expect_decoded(
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\t=?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
        "If you can read this you understand the example.");
    /* with a language, RFC 2231 5 */
    expect_decoded("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore");
}

static void test_words_in_small_letters_and_odd_places(void **state) {
    (void)state;
    expect_decoded("x=?utf-8?q?=c3=a4?=y", "x\xC3\xA4y");
    expect_decoded("\"=?utf-8?b?w6Q=?=\"", "\"\xC3\xA4\"");
    expect_decoded("=?utf-8?b?w6Q?=", "\xC3\xA4"); /* no padding */
    expect_decoded("=?utf-8?Q?a b?=", "a b");
    expect_decoded("=?utf-8?Q?=41?=", "A");
    expect_decoded("=?utf-8?Q?a=?=", "a=");
    expect_decoded("=?utf-8?Q?=zz?=", "=zz");
    expect_decoded(
        "=?utf-8?Q?"
        "?=",
        "");
    expect_decoded("a =?utf-8?Q?=0D=0Ab=00?= c", "a   b  c");
}

static void test_what_is_no_word(void **state) {
    (void)state;
    expect_decoded("=?", "=?");
    expect_decoded("=?utf-8", "=?utf-8");
    expect_decoded("=?utf-8?Q", "=?utf-8?Q");
    expect_decoded("=?utf-8?Q?", "=?utf-8?Q?");
    expect_decoded("=?utf-8?Q?abc", "=?utf-8?Q?abc");
    expect_decoded("=?utf-8?X?abc?=", "=?utf-8?X?abc?=");
    expect_decoded("=? =?utf-8?Q?a?= =?", "=? a =?");
    expect_decoded("=?a b?Q?c?=", "=?a b?Q?c?=");
}

/* U+00E4 is C3 A4: its bytes are in two words.  In base64 too: E2 82 AC is U+20AC. */
static void test_character_cut_between_words(void **state) {
    (void)state;
    expect_decoded("=?utf-8?Q?=C3?= =?UTF-8?Q?=A4?=", "\xC3\xA4");
    expect_decoded("=?utf-8?B?4g==?=\t=?utf-8?B?gqw=?=", "\xE2\x82\xAC");
    expect_decoded("=?utf-8?Q?=C3?= x =?utf-8?Q?=A4?=", "\xEF\xBF\xBD x \xEF\xBF\xBD");
}

static void test_raw_bytes(void **state) {
    (void)state;
    expect_decoded("\xC3\xA4", "\xC3\xA4");
    expect_decoded("\xE4", "\xC3\xA4");
    expect_decoded("\x80", "\xE2\x82\xAC"); /* the euro of windows-1252 */
    /* Not UTF-8 as a whole, so all of it is windows-1252. */
    expect_decoded("\xC3\xA4 \xE4", "\xC3\x83\xC2\xA4 \xC3\xA4");
}

static void test_charsets(void **state) {
    (void)state;
    /* U+65E5 U+672C in four charsets */
    expect_decoded("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xE6\x97\xA5\xE6\x9C\xAC");
    expect_decoded("=?shift_jis?Q?=93=FA=96=7B?=", "\xE6\x97\xA5\xE6\x9C\xAC");
    expect_decoded("=?EUC-JP?Q?=C6=FC=CB=DC?=", "\xE6\x97\xA5\xE6\x9C\xAC");
    expect_decoded("=?gb2312?Q?=C8=D5=B1=BE?=", "\xE6\x97\xA5\xE6\x9C\xAC");
    expect_decoded("=?koi8-r?Q?=C4=C1?=", "\xD0\xB4\xD0\xB0");
    expect_decoded("=?utf-7?Q?+AOQ-?=", "\xC3\xA4");
    uint64_t before = counters.charset_unknown;
    expect_decoded("=?x-nobody-knows?Q?a=C3=A4?=", "a\xC3\xA4");
    assert_int_equal(counters.charset_unknown, before + 1);
}

/* 600 euros as three bytes in windows-1252 each: 5,400 bytes would come out of 1,800. */
static void test_expansion_is_cut(void **state) {
    (void)state;
    static uint8_t raw[LIMIT_HEADER_VALUE_BYTES];
    memset(raw, 0x80, sizeof raw);
    uint64_t before = counters.header_cut;
    struct span value = mail_text_decode(table, span_of(raw, sizeof raw), &counters);
    assert_int_equal(value.len, LIMIT_HEADER_VALUE_BYTES);
    assert_int_equal(counters.header_cut, before + 1);
}

static void test_many_unfinished_words(void **state) {
    (void)state;
    static uint8_t raw[LIMIT_HEADER_VALUE_BYTES];
    for (size_t i = 0; i + 8 <= sizeof raw; i += 8) memcpy(raw + i, "=?a?Q?b ", 8);
    struct span value = mail_text_decode(table, span_of(raw, sizeof raw), &counters);
    assert_int_equal(value.len, sizeof raw - 1); /* less the blank at its end */
}

static int begin(void **state) {
    (void)state;
    table = charset_table_new();
    return table == NULL;
}

static int end(void **state) {
    (void)state;
    charset_table_free(table);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unfold),
        cmocka_unit_test(test_plain_is_not_copied),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_words_in_small_letters_and_odd_places),
        cmocka_unit_test(test_what_is_no_word),
        cmocka_unit_test(test_character_cut_between_words),
        cmocka_unit_test(test_raw_bytes),
        cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_expansion_is_cut),
        cmocka_unit_test(test_many_unfinished_words),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
