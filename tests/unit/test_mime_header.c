/* Tests of MIME header fields and their parameters.  Examples with sections are those of RFC 2231.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/mime_header.h"
#include "guard.h"

static struct charset_table *table;

/* expected NULL: there is no such parameter. */
static void expect(const char *field, const char *name, const char *expected) {
    struct counters counters = {.packets = 0};
    struct span value = SPAN_EMPTY;
    struct guarded bytes = guard_copy(span_from_string(field));
    bool found = mime_parameter(table, bytes.bytes, span_from_string(name), &counters, &value);
    if (found != (expected != NULL) || (found && !span_equal(value, span_from_string(expected))))
        fail_msg("%s: %s: got \"%.*s\"", field, name, (int)value.len, (const char *)value.data);
    guard_free(&bytes);
}

static void test_ordinary(void **state) {
    (void)state;
    expect("text/plain; charset=us-ascii", "charset", "us-ascii");
    expect("text/plain; CHARSET = \"us-ascii\" ; format=flowed", "charset", "us-ascii");
    expect("text/plain; CHARSET = \"us-ascii\" ; format=flowed", "Format", "flowed");
    expect("text/plain; charset=us-ascii (Plain text)", "charset",
           "us-ascii (Plain text)"); /* the caller takes a word */
    expect("multipart/mixed; boundary=\"a;b=\\\"c\\\\ d\"", "boundary", "a;b=\"c\\ d");
    expect("multipart/mixed; boundary=gc0pJq0M:08jU534c0p", "boundary", "gc0pJq0M:08jU534c0p");
    expect("text/plain", "charset", NULL);
    expect("text/plain;", "charset", NULL);
    expect("text/plain; xcharset=x", "charset", NULL);
}

static void test_as_it_comes(void **state) {
    (void)state;
    expect("text/plain;;; charset=x;", "charset", "x");
    expect("text/plain charset=x", "charset", "x");
    expect("text/plain; charset; name=x", "charset", "");
    expect("text/plain; charset=", "charset", "");
    expect("text/plain; charset=\"x", "charset", "x");
    expect("text/plain; charset=\"x\"name=y", "name", "y");
    expect("attachment; filename=my file.doc; size=1", "filename", "my file.doc");
    expect("attachment; filename=\"=?utf-8?Q?=C3=A4.doc?=\"", "filename", "\xC3\xA4.doc");
    expect("attachment; filename=\"\xE4.doc\"", "filename", "\xC3\xA4.doc");
    expect("; charset=x", "charset", "x");
    expect("", "charset", NULL);
}

static void expect_word(const char *field, const char *expected) {
    struct guarded bytes = guard_copy(span_from_string(field));
    struct span const word = mime_parameter_word(bytes.bytes, SPAN_LITERAL("report-type"));
    if (!span_equal(word, span_from_string(expected)))
        fail_msg("%s: got \"%.*s\"", field, (int)word.len, (const char *)word.data);
    guard_free(&bytes);
}

static void test_words(void **state) {
    (void)state;
    expect_word("multipart/report; report-type=delivery-status; boundary=b", "delivery-status");
    expect_word("multipart/report; boundary=b; Report-Type = \"tlsrpt\"", "tlsrpt");
    expect_word("multipart/report; boundary=\"report-type=x; report-type=y\"", "");
    expect_word("multipart/report; boundary=\"\\\"; report-type=x\"; report-type=y", "y");
    expect_word("multipart/report; report-type*0=a; report-type*1=b", "");
    expect_word("multipart/report; report-type", "");
    expect_word("multipart/report; report-type=", "");
    expect_word("multipart/report; report-type=\"x", "x");
    expect_word("multipart/report; report-type=\"", "");
    expect_word("", "");
}

static void test_sections(void **state) {
    (void)state;
    expect("message/external-body; access-type=URL; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/bulk-mailer.tar\"",
           "url", "ftp://cs.utk.edu/pub/moore/bulk-mailer.tar");
    expect("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "title",
           "This is ***fun***");
    expect(
        "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20;"
        " title*2=\"isn't it!\"",
        "title", "This is even more ***fun*** isn't it!");
    expect("attachment; filename*1=b; filename*0=a; filename*2=c", "filename", "abc");
    expect("attachment; filename*0=a; filename*2=c", "filename", "a");
    expect("attachment; filename*1=b", "filename", NULL);
    expect("attachment; filename*=iso-8859-1''%E4%zz%4", "filename", "\xC3\xA4%zz%4");
    expect("attachment; filename*=%41", "filename", "A");
    expect("attachment; filename*=", "filename", "");
    /* a character cut between two sections */
    expect("attachment; filename*0*=utf-8''%C3; filename*1*=%A4", "filename", "\xC3\xA4");
}

static void test_head(void **state) {
    (void)state;
    assert_true(span_equal(mime_field_head(SPAN_LITERAL(" text/html ; charset=x")), SPAN_LITERAL("text/html")));
    assert_true(span_equal(mime_field_head(SPAN_LITERAL("(c) base64 (d)")), SPAN_LITERAL("base64")));
    assert_true(span_equal(mime_field_head(SPAN_LITERAL("(")), SPAN_EMPTY));
    assert_true(span_equal(mime_field_head(SPAN_EMPTY), SPAN_EMPTY));
}

static void test_kinds(void **state) {
    (void)state;
    assert_int_equal(mime_kind(SPAN_LITERAL("TEXT/Plain")), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_LITERAL("text/html")), PART_HTML);
    assert_int_equal(mime_kind(SPAN_LITERAL("text")), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_LITERAL("nothing")), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_LITERAL("/html")), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_LITERAL("text/")), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_EMPTY), PART_PLAIN);
    assert_int_equal(mime_kind(SPAN_LITERAL("text/calendar")), PART_OTHER);
    assert_int_equal(mime_kind(SPAN_LITERAL("image/png")), PART_IMAGE);
    assert_int_equal(mime_kind(SPAN_LITERAL("message/partial")), PART_MESSAGE);
    assert_int_equal(mime_kind(SPAN_LITERAL("message/delivery-status")), PART_REPORT);
    assert_int_equal(mime_kind(SPAN_LITERAL("message/feedback-report")), PART_REPORT);
}

/* As many sections as a header can hold must not cost the square of it. */
static void test_many_sections(void **state) {
    (void)state;
    static char field[LIMIT_HEADER_VALUE_BYTES + 1];
    size_t len = (size_t)snprintf(field, sizeof field, "a");
    for (int i = 0; len + 10 < sizeof field; i++)
        len += (size_t)snprintf(field + len, sizeof field - len, ";n*%d=x", i);
    expect(field, "n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"); /* 32 are put together */
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
        cmocka_unit_test(test_ordinary),      cmocka_unit_test(test_as_it_comes), cmocka_unit_test(test_words),
        cmocka_unit_test(test_sections),      cmocka_unit_test(test_head),        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_many_sections),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
