/* Tags in expressions, and what Mail::SpamAssassin::Plugin::ReplaceTags 4.0.1 made of
 * the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_tags.h"

static struct import_tags make_tags(void) {
    struct import_tags tags = {.list = NULL};
    import_tags_set(&tags, IMPORT_TAG, SPAN_LITERAL("A"), SPAN_LITERAL("x"));
    import_tags_set(&tags, IMPORT_TAG, SPAN_LITERAL("A"), SPAN_LITERAL("[a@]"));
    import_tags_set(&tags, IMPORT_TAG, SPAN_LITERAL("B"), SPAN_LITERAL("[b8]"));
    import_tags_set(&tags, IMPORT_TAG, SPAN_LITERAL("AB"), SPAN_LITERAL("(?:<A>|<B>)"));
    import_tags_set(&tags, IMPORT_TAG, SPAN_LITERAL("ROUND"), SPAN_LITERAL("<ROUND><A>"));
    import_tags_set(&tags, IMPORT_TAG_BETWEEN, SPAN_LITERAL("SP"), SPAN_LITERAL("[ _]?"));
    import_tags_set(&tags, IMPORT_TAG_BEFORE, SPAN_LITERAL("W"), SPAN_LITERAL("\\W"));
    import_tags_set(&tags, IMPORT_TAG_BEHIND, SPAN_LITERAL("P"), SPAN_LITERAL("{1,2}"));
    return tags;
}

static void fills(const char *body, const char *expected) {
    struct import_tags tags = make_tags();
    struct import_text out = {.bytes = NULL};
    assert_true(import_tags_fill(&tags, span_from_string(body), &out));
    assert_string_equal(out.bytes, expected);
    import_text_free(&out);
    import_tags_free(&tags);
}

static void fills_in_tags(void **state) {
    (void)state;
    fills("<A>c<B>", "[a@]c[b8]");
    fills("c<NONE>d", "c<NONE>d");
    fills("a<b", "a<b");
    fills("<>", "<>");
    fills("<AB>", "(?:[a@]|[b8])");
    fills("<<A>>", "<[a@]>");
}

static void fills_between_tags_that_touch(void **state) {
    (void)state;
    fills("<inter SP>c<A><B>d<A>", "c[a@][ _]?[b8]d[a@]");
    fills("<inter SP><A><B>", "[a@][ _]?[b8]");
    fills("<inter NONE><A><B>", "[a@][b8]");
}

static void fills_before_and_behind(void **state) {
    (void)state;
    fills("<pre W><A>c", "\\W[a@]c");
    fills("<post P><A>c<B>", "[a@]{1,2}c[b8]{1,2}");
    fills("<inter SP><post P>(?!ab)<A><B>", "(?!ab)[a@]{1,2}[ _]?[b8]{1,2}");
}

static void ends(void **state) {
    struct import_tags tags = make_tags();
    struct import_text out = {.bytes = NULL}, body = {.bytes = NULL};
    (void)state;
    fills("<ROUND>", "<ROUND><A>[a@][a@][a@][a@][a@]"); /* six passes */
    for (unsigned i = 0; i < 10000; i++) import_text_string(&body, "<AB>");
    assert_false(import_tags_fill(&tags, import_text_span(&body), &out));
    import_text_free(&body);
    import_text_free(&out);
    import_tags_free(&tags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_tags),
        cmocka_unit_test(fills_between_tags_that_touch),
        cmocka_unit_test(fills_before_and_behind),
        cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
