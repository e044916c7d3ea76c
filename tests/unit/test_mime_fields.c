/* Tests of what the headers of a part say about it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../decoders/mime_fields.h"
#include "guard.h"

static struct arena_block memory[2];
static struct block_pool pool;
static struct arena arena;
static struct charset_table *table;
static struct counters counters;
static struct mime_fields fields;

static void note(const char *name, const char *value) {
    mime_fields_note(&fields, table, &arena, span_from_string(name), span_from_string(value), &counters);
}

static void expect_span(struct span s, const char *expected) {
    if (!span_equal(s, span_from_string(expected)))
        fail_msg("got \"%.*s\", expected \"%s\"", (int)s.len, (const char *)s.data, expected);
}

static int begin(void **state) {
    (void)state;
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    memset(&fields, 0, sizeof fields);
    mime_fields_begin(&fields, 3, false);
    return 0;
}

static void test_nothing_said(void **state) {
    (void)state;
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_LEAF);
    assert_int_equal(fields.info.kind, PART_PLAIN);
    assert_int_equal(fields.info.depth, 3);
    expect_span(fields.info.type, "text/plain");
    expect_span(fields.info.encoding, "7bit");
    expect_span(fields.info.charset, "");
    mime_fields_begin(&fields, 1, true);
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_MESSAGE);
    expect_span(fields.info.type, "message/rfc822");
}

static void test_leaf(void **state) {
    (void)state;
    note("content-TYPE", "Text/HTML; charset=\"UTF-8 \"; name=n.html");
    note("Content-Transfer-Encoding", "Quoted-Printable (c)");
    note("Content-Disposition", "ATTACHMENT; filename=f.html");
    note("Content-Type", "text/plain"); /* the first counts */
    mime_fields_end(&fields);
    assert_int_equal(fields.info.kind, PART_HTML);
    assert_true(fields.info.attachment);
    expect_span(fields.info.type, "text/html");
    expect_span(fields.info.charset, "utf-8");
    expect_span(fields.info.encoding, "quoted-printable");
    expect_span(fields.info.filename, "f.html");
}

static void test_filename_of_type(void **state) {
    (void)state;
    note("Content-Disposition", "inline");
    note("Content-Type", "image/png; name=n.png");
    assert_false(fields.info.attachment);
    expect_span(fields.info.filename, "n.png");
    mime_fields_begin(&fields, 0, false);
    note("Content-Disposition", "inline; filename=f.png");
    note("Content-Type", "image/png; name=n.png");
    expect_span(fields.info.filename, "f.png");
}

static void test_multipart(void **state) {
    (void)state;
    note("Content-Type", "Multipart/Digest; boundary=\"a b \"");
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_MULTIPART);
    assert_true(fields.boundary->digest);
    expect_span(span_of(fields.boundary->bytes, fields.boundary->len), "a b");
    mime_fields_begin(&fields, 0, false);
    assert_null(fields.boundary);
    note("Content-Type", "multipart/mixed; boundary=\"\"");
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_LEAF);
    assert_int_equal(fields.info.kind, PART_PLAIN);
}

static void test_message(void **state) {
    (void)state;
    note("Content-Type", "message/RFC822");
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_MESSAGE);
    note("Content-Transfer-Encoding", "base64");
    mime_fields_end(&fields);
    assert_int_equal(fields.structure, MIME_LEAF); /* a coded message is not looked into */
    assert_int_equal(fields.info.kind, PART_MESSAGE);
}

static void test_gapped(void **state) {
    (void)state;
    fields.gapped = true;
    mime_fields_end(&fields);
    assert_int_equal(fields.info.kind, PART_OTHER);
    (void)begin(NULL);
    fields.gapped = true;
    note("Content-Type", "text/plain");
    mime_fields_end(&fields);
    assert_int_equal(fields.info.kind, PART_PLAIN);
}

static void test_long_values(void **state) {
    (void)state;
    char value[1100];
    (void)snprintf(value, sizeof value, "%0500d/%0100d; name=%0400d", 1, 2, 3);
    note("Content-Type", value);
    assert_int_equal(fields.info.type.len, sizeof fields.type);
    assert_int_equal(fields.info.filename.len, FILENAME_BYTES);
    arena_init(&arena, &pool, 0);
    memset(&fields, 0, sizeof fields);
    mime_fields_begin(&fields, 0, false);
    note("Content-Type", "image/png; name=x");
    assert_int_equal(fields.info.filename.len, 0);
    assert_int_equal(counters.message_memory, 1);
}

static int begin_all(void **state) {
    (void)state;
    table = charset_table_new();
    return table == NULL;
}

static int end_all(void **state) {
    (void)state;
    charset_table_free(table);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_nothing_said, begin),     cmocka_unit_test_setup(test_leaf, begin),
        cmocka_unit_test_setup(test_filename_of_type, begin), cmocka_unit_test_setup(test_multipart, begin),
        cmocka_unit_test_setup(test_message, begin),          cmocka_unit_test_setup(test_gapped, begin),
        cmocka_unit_test_setup(test_long_values, begin),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
