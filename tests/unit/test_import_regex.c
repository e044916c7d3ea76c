/* Regular expressions of Perl: taken apart, converted, weighed.  Expectations are from perlre and pcre2pattern.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_regex.h"

static void splits(const char *literal, const char *body, const char *modifiers) {
    struct span b, m;
    const char *why = NULL;
    if (!import_regex_split(span_from_string(literal), &b, &m, &why)) fail_msg("%s: %s", literal, why);
    assert_true(span_equal(b, span_from_string(body)));
    assert_true(span_equal(m, span_from_string(modifiers)));
}

static void splits_not(const char *literal, const char *expected) {
    struct span b, m;
    const char *why = NULL;
    assert_false(import_regex_split(span_from_string(literal), &b, &m, &why));
    assert_string_equal(why, expected);
}

static void takes_literals_apart(void **state) {
    (void)state;
    splits("/a\\/b/i", "a\\/b", "i");
    splits("m{a{1,2}}ism", "a{1,2}", "ism");
    splits("m!a!", "a", "");
    splits("m'x/y'", "x/y", "");
    splits("qr(a(b)c)x", "a(b)c", "x");
    splits("m<a>i", "a", "i");
    splits("m[[a-z]+]", "[a-z]+", "");
    splits("m,a,", "a", "");
    splits("/a\\\\/", "a\\\\", "");
    splits_not("a", "no regular expression; expected one between / and /, or m{ and }");
    splits_not("!a!", "no regular expression; expected one between / and /, or m{ and }");
    splits_not("/a", "the regular expression has no end; expected its delimiter and perhaps modifiers");
    splits_not("/a/e", "the regular expression has no end; expected its delimiter and perhaps modifiers");
    splits_not("/a/b/", "its delimiter stands inside the regular expression; expected \\ before it");
    splits_not("/a\\\\/b/", "its delimiter stands inside the regular expression; expected \\ before it");
    splits_not("m\\a\\", "a backslash around the expression; expected another sign");
    splits_not("//", "the regular expression is empty");
    splits_not("m", "no regular expression; expected one between / and /, or m{ and }");
    splits_not("", "no regular expression; expected one between / and /, or m{ and }");
}

static void becomes_in(enum import_place place, const char *body, const char *modifiers, const char *expected) {
    struct import_text out = {.bytes = NULL};
    const char *why = NULL;
    if (!import_regex_convert(span_from_string(body), span_from_string(modifiers), place, &out, &why))
        fail_msg("%s: %s", body, why);
    assert_string_equal(out.bytes, expected);
    import_text_free(&out);
}

static void becomes(const char *body, const char *modifiers, const char *expected) {
    becomes_in(IMPORT_IN_URI, body, modifiers, expected);
}

static void is_refused(enum import_place place, const char *body, const char *modifiers, const char *expected) {
    struct import_text out = {.bytes = NULL};
    const char *why = NULL;
    assert_false(import_regex_convert(span_from_string(body), span_from_string(modifiers), place, &out, &why));
    assert_string_equal(why, expected);
    import_text_free(&out);
}

static void keeps_what_is_alike(void **state) {
    (void)state;
    becomes("a.b+(?:c|d)*?$", "", "a.b+(?:c|d)*?$");
    becomes("\\bfoo\\s{1,3}\\d\\1", "i", "(?i)\\bfoo\\s{1,3}\\d\\1");
    becomes("a", "ismx", "(?ismx)a");
    becomes("a", "ii", "(?i)a");
    becomes("a", "po", "a");
    becomes("[^\\]a-z[:alpha:]-]", "", "[^\\]a-z[:alpha:]-]");
    becomes("(?<!x)a(?=b)(?>c)d++", "", "(?<!x)a(?=b)(?>c)d++");
}

static void writes_bytes_as_numbers(void **state) {
    (void)state;
    becomes("\xc3\xa9+", "", "\\xc3\\xa9+");
    becomes("a\tb", "", "a\\x09b");
    becomes("a\tb", "x", "(?x)a b");
    becomes("\\x{e9}\\xe9\\x{41}", "", "\\xe9\\xe9\\x41");
    becomes("\\\xe9", "", "\\xe9");
    becomes("\\\x7f", "", "\\x7f"); /* YAML has no such character */
    becomes("a\\/b\\@c\\\"d", "", "a/b@c\"d");
    becomes("\\.\\-\\<\\'", "", "\\.\\-\\<\\'");
}

static void repairs_braces_and_brackets(void **state) {
    (void)state;
    becomes("a{,3}", "", "a{0,3}");
    becomes("a{ 1, 3 }", "", "a{1,3}");
    becomes("a{2}b{2,}", "", "a{2}b{2,}");
    becomes("a{b}", "", "a\\{b}");
    becomes("{", "", "\\{");
    becomes("a{,}", "", "a\\{,}");
    becomes("[]a]", "", "[\\]a]");
    becomes("[^]a]", "", "[^\\]a]");
    becomes("[[a]", "", "[\\[a]");
    becomes("foo\\Kbar", "", "foobar");
}

static void knows_paragraphs_and_headers(void **state) {
    (void)state;
    becomes_in(IMPORT_IN_BODY, "a.b", "is", "(?i)a.b");
    becomes_in(IMPORT_IN_BODY, "a[^b]c[d]", "", "a[^\\nb]c[d]");
    becomes_in(IMPORT_IN_BODY, "[^]b]", "", "[^\\n\\]b]");
    becomes_in(IMPORT_IN_BODY, "\\Aa\\z", "", "^a$");
    becomes_in(IMPORT_IN_RAW, "\\Aa.\\Z", "s", "(?s)\\Aa.\\Z");
    becomes_in(IMPORT_IN_RAW, "a\\nb", "", "a\\nb");
    becomes_in(IMPORT_IN_RAW, "^a[$^]$", "", "\\Aa[$^]\\Z");
    becomes_in(IMPORT_IN_RAW, "^a$", "m", "(?m)^a$");
    becomes_in(IMPORT_IN_RECEIVED, "from\\sx", "", "from\\sx");
    becomes_in(IMPORT_IN_RECEIVED, "^from$", "m", "(?m)^from$");
    is_refused(IMPORT_IN_RECEIVED, "^from", "", "is anchored in the first or last of several headers");
    becomes_in(IMPORT_IN_HEADERS, "^X-Foo: .", "m", "(?m)^X-Foo: .");
    becomes_in(IMPORT_IN_HEADERS, "\\nfrom: ", "", "^from: ");
    becomes_in(IMPORT_IN_HEADERS, "from: [^\\n]+$", "", "from: [^\\n]+$");
    is_refused(IMPORT_IN_HEADERS, "From:.*\\nTo:", "", "looks across several headers at once");
    is_refused(IMPORT_IN_HEADERS, "From:.*To:", "s", "looks across several headers at once");
    is_refused(IMPORT_IN_HEADERS, "^From:", "", "looks at the first header alone");
    is_refused(IMPORT_IN_HEADER, "a\\n", "", "looks for the end of a header's line");
}

static void refuses_what_is_perl_s(void **state) {
    (void)state;
    is_refused(IMPORT_IN_URI, "a(?{print})", "", "runs Perl code");
    is_refused(IMPORT_IN_URI, "a(??{$x})", "", "runs Perl code");
    is_refused(IMPORT_IN_URI, "a%{NAME}", "", "asks for what another rule has captured (%{NAME})");
    is_refused(IMPORT_IN_URI, "\\p{Lu}", "", "classes of Unicode (\\p, \\X), where SpamAssassin sees bytes");
    is_refused(IMPORT_IN_URI, "[\\P{L}]", "", "classes of Unicode (\\p, \\X), where SpamAssassin sees bytes");
    is_refused(IMPORT_IN_URI, "\\x{20ac}", "", "\\x{} of a character that no byte is");
    is_refused(IMPORT_IN_URI, "\\x{zz}", "", "\\x{} around something that is no number");
    is_refused(IMPORT_IN_URI, "\\x{41", "", "\\x{ without an end");
    is_refused(IMPORT_IN_URI, "\\Qa.b\\E", "", "an escape that only Perl has");
    is_refused(IMPORT_IN_URI, "a\\b{wb}", "", "an escape that only Perl has");
    is_refused(IMPORT_IN_URI, "\\Ga", "", "\\G or \\C");
    is_refused(IMPORT_IN_URI, "a\\", "", "a backslash at the end");
    is_refused(IMPORT_IN_URI, "a", "l", "a modifier with no counterpart (u, l, g or c)");
    is_refused(IMPORT_IN_URI, "a", "iz", "an unknown modifier");
}

static void weighs_the_empty_text(void **state) {
    (void)state;
    assert_int_equal(import_regex_empty("(?i)a+"), IMPORT_NEEDS_TEXT);
    assert_int_equal(import_regex_empty("a*"), IMPORT_MATCHES_EMPTY);
    assert_int_equal(import_regex_empty("^(?!a)"), IMPORT_MATCHES_EMPTY);
    assert_int_equal(import_regex_empty("(?i)^"), IMPORT_MATCHES_ALL);
    assert_int_equal(import_regex_empty("^.*$"), IMPORT_MATCHES_ALL);
    assert_int_equal(import_regex_empty("^\\s*$"), IMPORT_MATCHES_BLANK);
    assert_int_equal(import_regex_empty("^$"), IMPORT_MATCHES_BLANK);
    assert_int_equal(import_regex_empty("(a"), IMPORT_IS_WRONG);
    assert_true(import_regex_matches("^(?!a)", SPAN_EMPTY));
    assert_false(import_regex_matches("^a", SPAN_EMPTY));
    assert_true(import_regex_matches("(?i)UNSET", SPAN_LITERAL("unset")));
    assert_false(import_regex_matches("(", SPAN_LITERAL("(")));
}

static void counts_places(void **state) {
    (void)state;
    assert_int_equal(import_regex_places("abc"), 3);
    assert_int_equal(import_regex_places("a{3}b"), 4);
    assert_int_equal(import_regex_places("a{2,5}"), 5);
    assert_int_equal(import_regex_places("a{2,}"), 2);
    assert_int_equal(import_regex_places("[a-z]{10}"), 10);
    assert_int_equal(import_regex_places("(?:ab){3}"), 9); /* the sign behind ?: is counted, too: near enough */
    assert_int_equal(import_regex_places("(?:(?:a{10}){10}){10}"), 1110);
    assert_int_equal(import_regex_places("(?:(?:(?:a{9999}){9999}){9999}){9999}"), 1000000000);
    assert_int_equal(import_regex_places("a\\{3}"), 4);
    assert_int_equal(import_regex_places("[\\]a]{4}"), 4);
    assert_int_equal(import_regex_places("[a"), 1);
    assert_int_equal(import_regex_places("a{0}"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_literals_apart),         cmocka_unit_test(keeps_what_is_alike),
        cmocka_unit_test(writes_bytes_as_numbers),      cmocka_unit_test(repairs_braces_and_brackets),
        cmocka_unit_test(knows_paragraphs_and_headers), cmocka_unit_test(refuses_what_is_perl_s),
        cmocka_unit_test(weighs_the_empty_text),        cmocka_unit_test(counts_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
