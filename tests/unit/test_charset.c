/* Tests of charsets.  Code points are from the Unicode consortium's mapping tables, UTF-8 cases from RFC 3629.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/charset.h"
#include "guard.h"

static struct charset_table *table;

/* Whole, and in pieces of every length up to 5. */
static void expect(const char *name, struct span in, const char *expected) {
    static uint8_t out[8192];
    for (size_t cut = 0; cut <= 5; cut++) {
        struct charset_stream stream = {.charset = charset_find(table, span_from_string(name))};
        struct span rest = in;
        size_t len = 0;
        while (rest.len > 0) {
            struct guarded piece = guard_copy(span_head(rest, cut == 0 ? rest.len : cut));
            rest = span_from(rest, piece.bytes.len);
            len += charset_convert(table, &stream, piece.bytes, out + len);
            guard_free(&piece);
        }
        len += charset_end(table, &stream, out + len);
        if (!span_equal(span_of(out, len), span_from_string(expected)))
            fail_msg("%s in pieces of %zu: got \"%.*s\", expected \"%s\"", name, cut, (int)len, (char *)out, expected);
    }
}

#define FFFD "\xEF\xBF\xBD"

static void test_utf8(void **state) {
    (void)state;
    expect("utf-8", SPAN_LITERAL("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z"), "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
    expect("utf-8", SPAN_LITERAL("a long enough run of ASCII \xC3\xA4 and one more behind it"),
           "a long enough run of ASCII \xC3\xA4 and one more behind it");
    expect("utf-8", SPAN_LITERAL("\xF4\x8F\xBF\xBF"), "\xF4\x8F\xBF\xBF");
}

/* ASCII is passed over in blocks: another character may lie at any place of them. */
static void test_ascii_run(void **state) {
    (void)state;
    for (size_t len = 0; len < 200; len++) {
        char text[200];
        memset(text, 'a', sizeof text);
        struct guarded plain = guard_copy(span_of(text, len));
        assert_int_equal(ascii_run(plain.bytes), len);
        guard_free(&plain);
        for (size_t at = 0; at < len; at += 1 + len / 50) {
            text[at] = '\x80';
            text[len - 1] = '\xff';
            struct guarded piece = guard_copy(span_of(text, len));
            assert_int_equal(ascii_run(piece.bytes), at);
            guard_free(&piece);
            text[at] = 'a';
        }
    }
}

static void test_utf8_that_is_none(void **state) {
    (void)state;
    expect("utf-8", SPAN_LITERAL("\x80"), FFFD);
    expect("utf-8", SPAN_LITERAL("\xFF"), FFFD);
    expect("utf-8", SPAN_LITERAL("\xC0\x80"), FFFD FFFD);                   /* overlong NUL */
    expect("utf-8", SPAN_LITERAL("\xE0\x80\xAF"), FFFD FFFD FFFD);          /* overlong slash */
    expect("utf-8", SPAN_LITERAL("\xED\xA0\x80"), FFFD FFFD FFFD);          /* a surrogate */
    expect("utf-8", SPAN_LITERAL("\xF4\x90\x80\x80"), FFFD FFFD FFFD FFFD); /* beyond U+10FFFF */
    expect("utf-8", SPAN_LITERAL("\xE2\x82z"), FFFD "z"); /* cut short: one mark for its maximal part */
    expect("utf-8", SPAN_LITERAL("\xE2\x82"), FFFD);
    expect("utf-8", SPAN_LITERAL("\xF0\x9F\x98\xC3\xA4"), FFFD "\xC3\xA4");
}

static void test_guess(void **state) {
    (void)state;
    expect("", SPAN_LITERAL("\xC3\xA4"), "\xC3\xA4");
    expect("us-ascii", SPAN_LITERAL("\xE4z"), "\xC3\xA4z");
    expect("nobody-knows", SPAN_LITERAL("\x93q\x94"), "\xE2\x80\x9Cq\xE2\x80\x9D");
    /* UTF-8 up to the first byte that is none; windows-1252 from there on. */
    expect("", SPAN_LITERAL("\xC3\xA4\xE4 \xC3\xA4"), "\xC3\xA4\xC3\xA4 \xC3\x83\xC2\xA4");
    expect("", SPAN_LITERAL("\xE2\x82"), "\xC3\xA2\xE2\x80\x9A");
}

static void test_one_byte(void **state) {
    (void)state;
    expect("iso-8859-1", SPAN_LITERAL("\xE4\x80"), "\xC3\xA4\xE2\x82\xAC"); /* as windows-1252 */
    expect("ISO_8859-1", SPAN_LITERAL("\xE4"), "\xC3\xA4");
    expect("latin1", SPAN_LITERAL("\xE4"), "\xC3\xA4");
    expect("Windows-1252", SPAN_LITERAL("\x81"), FFFD);
    expect("cp1251", SPAN_LITERAL("\xC0"), "\xD0\x90");     /* U+0410 */
    expect("koi8-r", SPAN_LITERAL("\xE1"), "\xD0\x90");     /* U+0410 */
    expect("iso-8859-5", SPAN_LITERAL("\xB0"), "\xD0\x90"); /* U+0410 */
    expect("iso-8859-15", SPAN_LITERAL("\xA4"), "\xE2\x82\xAC");
    expect("iso-8859-2", SPAN_LITERAL("\xB1"), "\xC4\x85");   /* U+0105 */
    expect("iso-8859-7", SPAN_LITERAL("\xC1"), "\xCE\x91");   /* U+0391 */
    expect("iso-8859-8-i", SPAN_LITERAL("\xE0"), "\xD7\x90"); /* U+05D0 */
    expect("windows-1256", SPAN_LITERAL("\xC7"), "\xD8\xA7"); /* U+0627 */
    expect("tis-620", SPAN_LITERAL("\xA1"), "\xE0\xB8\x81");  /* U+0E01 */
    expect("windows-1258", SPAN_LITERAL("\xC2"), "\xC3\x82"); /* U+00C2, which a tone mark may follow */
    expect("ibm866", SPAN_LITERAL("\x80"), "\xD0\x90");
}

/* U+4E2D U+6587, "z" */
static void test_several_bytes(void **state) {
    (void)state;
    expect("gb2312", SPAN_LITERAL("\xD6\xD0\xCE\xC4z"), "\xE4\xB8\xAD\xE6\x96\x87z");
    expect("GBK", SPAN_LITERAL("\xD6\xD0\xCE\xC4z"), "\xE4\xB8\xAD\xE6\x96\x87z");
    expect("big5", SPAN_LITERAL("\xA4\xA4\xA4\xE5z"), "\xE4\xB8\xAD\xE6\x96\x87z");
    expect("euc-jp", SPAN_LITERAL("\xC3\xE6\xCA\xB8z"), "\xE4\xB8\xAD\xE6\x96\x87z");
    expect("Shift_JIS", SPAN_LITERAL("\x92\x86\x95\xB6z"), "\xE4\xB8\xAD\xE6\x96\x87z");
    expect("euc-kr", SPAN_LITERAL("\xB0\xA1z"), "\xEA\xB0\x80z");      /* U+AC00 */
    expect("gb18030", SPAN_LITERAL("\x81\x30\x84\x36z"), "\xC2\xA5z"); /* U+00A5, four bytes */
    expect("big5", SPAN_LITERAL("\xA4"), FFFD);
    expect("gb2312", SPAN_LITERAL("\xFFz"), FFFD "z");
}

static void test_utf16(void **state) {
    (void)state;
    expect("utf-16le", SPAN_LITERAL("\xAC\x20\x3D\xD8\x00\xDE"), "\xE2\x82\xAC\xF0\x9F\x98\x80");
    expect("utf-16be", SPAN_LITERAL("\x20\xAC\xD8\x3D\xDE\x00"), "\xE2\x82\xAC\xF0\x9F\x98\x80");
    expect("utf-16", SPAN_LITERAL("\xFE\xFF\x20\xAC"), "\xE2\x82\xAC");
    expect("utf-16", SPAN_LITERAL("\xFF\xFE\xAC\x20"), "\xE2\x82\xAC");
    expect("utf-16", SPAN_LITERAL("\xAC\x20"), "\xE2\x82\xAC");
    expect("utf-16", SPAN_LITERAL("\xAC"), FFFD);
}

static void test_lines(void **state) {
    (void)state;
    struct charset_stream stream = {.charset = charset_find(table, SPAN_LITERAL("iso-2022-jp"))};
    uint8_t out[CHARSET_OUT_BYTES(64)];
    assert_true(charset_by_lines(stream.charset));
    assert_false(charset_by_lines(charset_find(table, SPAN_LITERAL("utf-8"))));
    assert_false(charset_by_lines(NULL));
    size_t len = charset_convert(table, &stream, SPAN_LITERAL("a\x1B$BCf\x1B(Bz\n"), out);
    assert_true(span_equal(span_of(out, len), SPAN_LITERAL("a\xE4\xB8\xADz\n")));
    stream.charset = charset_find(table, SPAN_LITERAL("utf-7"));
    len = charset_convert(table, &stream, SPAN_LITERAL("+Ti0-z"), out);
    assert_true(span_equal(span_of(out, len), SPAN_LITERAL("\xE4\xB8\xADz")));
}

static void test_names(void **state) {
    (void)state;
    assert_non_null(charset_find(table, SPAN_LITERAL("UTF8")));
    assert_ptr_equal(charset_find(table, SPAN_LITERAL("UTF8")), charset_find(table, SPAN_LITERAL("utf-8")));
    assert_ptr_equal(charset_find(table, SPAN_LITERAL("ISO8859-1")), charset_find(table, SPAN_LITERAL("iso-8859-1")));
    assert_null(charset_find(table, SPAN_EMPTY));
    assert_null(charset_find(table, SPAN_LITERAL("-")));
    assert_null(charset_find(table, SPAN_LITERAL("utf")));
    assert_null(charset_find(table, SPAN_LITERAL("utf-88888888888888888888888888888888888888888888888888")));
}

/* Bytes that every charset may see must never need more room than is said. */
static void test_room(void **state) {
    (void)state;
    static const char *const names[] = {"utf-8",       "us-ascii", "cp1252", "big5",    "gb18030",     "euc-jp",
                                        "shift_jis",   "euc-kr",   "euc-tw", "johab",   "iso-2022-jp", "iso-2022-kr",
                                        "utf-7",       "utf-16",   "viscii", "tis-620", "utf-32",      "windows-1258",
                                        "iso-2022-cn", "utf-16le", ""};
    static uint8_t in[CHARSET_IN_BYTES], out[CHARSET_OUT_BYTES(CHARSET_IN_BYTES)];
    uint32_t random = 1;
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct charset_stream stream = {.charset = charset_find(table, span_from_string(names[n]))};
        for (int round = 0; round < 50; round++) {
            for (size_t i = 0; i < sizeof in; i++) in[i] = (uint8_t)((random = random * 1664525 + 1013904223) >> 24);
            size_t len = charset_convert(table, &stream, span_of(in, sizeof in), out);
            assert_true(len <= sizeof out);
            assert_true(utf8_valid(span_of(out, len)));
        }
    }
}

static void test_utf8_head(void **state) {
    (void)state;
    struct span s = SPAN_LITERAL("a\xE2\x82\xACz");
    assert_int_equal(utf8_head(s, 0).len, 0);
    assert_int_equal(utf8_head(s, 1).len, 1);
    assert_int_equal(utf8_head(s, 3).len, 1);
    assert_int_equal(utf8_head(s, 4).len, 4);
    assert_int_equal(utf8_head(s, 9).len, 5);
}

static int begin(void **state) {
    (void)state;
    table = charset_table_new();
    return table == NULL;
}

static int end(void **state) {
    (void)state;
    charset_table_free(table);
    charset_table_free(NULL);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),  cmocka_unit_test(test_ascii_run), cmocka_unit_test(test_utf8_that_is_none),
        cmocka_unit_test(test_guess), cmocka_unit_test(test_one_byte),  cmocka_unit_test(test_several_bytes),
        cmocka_unit_test(test_utf16), cmocka_unit_test(test_lines),     cmocka_unit_test(test_names),
        cmocka_unit_test(test_room),  cmocka_unit_test(test_utf8_head),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
