/* Style sheets, by what CSS says of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/html_sheet.h"
#include "../../decoders/html_tags.h"
#include "guard.h"

static struct html_sheet sheet;

static void push_cut(struct span text, size_t step) {
    while (text.len > 0) {
        struct guarded copy = guard_copy(span_head(text, step));
        html_sheet_push(&sheet, copy.bytes);
        guard_free(&copy);
        text = span_from(text, step);
    }
    html_sheet_end(&sheet);
}

static struct html_look look_of(const char *element) {
    uint16_t keys[16];
    unsigned count = 0;
    for (struct span rest = span_from_string(element); rest.len > 0;) {
        struct span const word = span_head(rest, span_find(rest, ' ')), name = span_from(word, 1);
        uint64_t tag = 0;
        for (size_t i = 0; i < word.len; i++) tag = html_name_add(tag, word.data[i]);
        keys[count++] = word.data[0] == '.'   ? html_sheet_class(name)
                        : word.data[0] == '#' ? html_sheet_id(name)
                                              : html_sheet_tag(tag);
        rest = span_from(rest, word.len + 1);
    }
    for (unsigned i = 0; i < count; i++) (void)html_sheet_see(&sheet, keys[i]);
    struct html_look look = html_sheet_look(&sheet, keys, count);
    html_look_end(&look);
    return look;
}

/* Whether the sheet hides the element, a tag with classes and ids: "p .a #b"; in every cut. */
static void assert_gone(const char *text, const char *element, bool gone) {
    static size_t const steps[] = {SIZE_MAX, 1, 2, 3, 7};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        memset(&sheet, 0, sizeof sheet);
        push_cut(span_from_string(text), steps[i]);
        bool const is = (look_of(element).says & LOOK_GONE) != 0;
        if (is != gone) fail_msg("%s, %s, in pieces of %zu: %d", text, element, steps[i], is);
    }
}

static void reads_selectors(void **state) {
    (void)state;
    assert_gone(".a{display:none}", "p .a", true);
    assert_gone(".a{display:none}", "p .b #a", false);
    assert_gone("#a{display:none}", "p #a", true);
    assert_gone("P{display:none}", "p .b", true);
    assert_gone("h1{display:none}", "h1", true);
    assert_gone("p.a{display:none}", "p .a", true);
    assert_gone("p.a{display:none}", "i .a", false);
    assert_gone(".a.b#c{display:none}", "p .b .a #c", true);
    assert_gone(".a.b#c{display:none}", "p .a #c", false);
    assert_gone("b, .a ,i\n{display:none}", "p .a", true);
    assert_gone("b,,.a,{display:none}", "p .a", true);
    assert_gone("*{display:none}", "p", true);
    assert_gone("*.a{display:none}", "p", false);
    assert_gone("*.a{display:none}", "p .a", true);
    assert_gone(".\\61 {display:none}", "p .a", true);
    assert_gone("/* x */.a/* { */{display:none}", "p .a", true);
    assert_gone("<!-- .a{display:none} -->", "p .a", true);
    assert_gone(".a-b_c{display:none}", "p .a-b_c", true);
    assert_gone("a:link{display:none}", "a", true);
}

/* What is not read hides nothing. */
static void passes_over_others(void **state) {
    (void)state;
    assert_gone("a:hover, .a::before, .a:not(.b){display:none}", "a .a", false);
    assert_gone(".a+.b, .a~.b, [class=b], .b[x]{display:none}", "p .a .b", false);
    assert_gone(".a.b.c.d{display:none}", "p .a .b .c .d", false);
    assert_gone(".a:hover .b{display:none}", "p .a .b", false);
    assert_gone("[x='.b{'] .c{display:none}", "p .b .c", false);
    assert_gone("{display:none}", "p", false);
    assert_gone("", "p", false);
    assert_gone("}.a{display:none}", "p .a", true);
}

static void what_is_around(void **state) {
    (void)state;
    assert_gone(".w .a{display:none}", "p .a", false);
    assert_gone(".w .a{display:none}", "p .a .w", true); /* there was one */
    assert_gone(".w>.a{display:none}", "p .a .w", true);
    assert_gone("body .a, html > body .b{display:none}", "p .a", true);
    assert_gone("body>.b{display:none}", "p .b", true);
    assert_gone("#outlook td .a{display:none}", "td .a", false);
    assert_gone(".w *{display:none}", "i .w", true);
}

static void reads_rules(void **state) {
    (void)state;
    assert_gone(".a{color:red;display:none;}", "p .a", true);
    assert_gone(".a{content:'}';display:none}", "p .a", true);
    assert_gone(".a{x{y:z}display:none}", "p .a", true);
    assert_gone(".a{display:none", "p .a", true);
    assert_gone(".a{display:none</style", "p .a", true);
    assert_gone(".a{}.b{display:none}", "p .a", false);
    assert_gone("@import url(x;y);.a{display:none}", "p .a", true);
    assert_gone("@charset \"x\";@import 'b';.a{display:none}", "p .a", true);
    assert_gone("@font-face{x:y}.a{display:none}", "p .a", true);
    assert_gone("@media (max-width:9px){.a{display:none}}", "p .a", false);
    assert_gone("@media (max-width:9px){.b{x:y}}.a{display:none}", "p .a", true);
    assert_gone("@media screen{.b{x:y}.a{display:none}}", "p .a", true);
    assert_gone("@MEDIA only screen {.a{display:none}}", "p .a", true);
    assert_gone("@media screen and (min-width:9px){.a{display:none}}", "p .a", false);
    assert_gone("@media screen{.b{x:y}}.a{display:none}", "p .a", true);
    assert_gone("@media x{@media y{.b{x:y}}.a{display:none}}", "p .a", false);
    assert_gone("@media x{.b{content:'}}'}.a{display:none}}", "p .a", false);
    assert_gone(".b @media x{.a{display:none}}", "p .a", false);
}

/* CSS Cascade 4, 6. */
static void the_heavier_one_counts(void **state) {
    (void)state;
    assert_gone(".a{display:none}.b{display:block}", "p .a .b", false);
    assert_gone(".b{display:block}.a{display:none}", "p .a .b", true);
    assert_gone("#a{display:none}.b.c{display:block}p{display:block}", "p .b .c #a", true);
    assert_gone(".a{display:none!important}#b{display:block}", "p .a #b", true);
    assert_gone("p.a{display:none}.a{display:block}", "p .a", true);
    assert_gone(".w p{display:none}p{display:block}", "p .w", true);
}

/* Those of one look share it; what says nothing takes no room. */
static void rules_are_bounded(void **state) {
    (void)state;
    static char text[65536];
    size_t len = 0;
    memset(&sheet, 0, sizeof sheet);
    for (unsigned i = 0; i < 999; i++) len += (size_t)sprintf(text + len, ".x%u{margin:0}", i);
    for (unsigned i = 0; i < LIMIT_HTML_SELECTORS - 1; i++) len += (size_t)sprintf(text + len, ".a%u{display:none}", i);
    push_cut(span_of(text, len), 100);
    assert_false(sheet.lost);
    push_cut(SPAN_LITERAL(".b{display:none}"), 100);
    assert_false(sheet.lost);
    assert_true((look_of("p .b").says & LOOK_GONE) != 0);
    push_cut(SPAN_LITERAL(".c{margin:0}"), 100);
    push_cut(SPAN_LITERAL(".d{display:none}"), 100);
    assert_true(sheet.lost);
    assert_true((look_of("p .b").says & LOOK_GONE) != 0);
    assert_false((look_of("p .d").says & LOOK_GONE) != 0);

    memset(&sheet, 0, sizeof sheet);
    len = 0;
    for (unsigned i = 0; i < LIMIT_HTML_LOOKS; i++) len += (size_t)sprintf(text + len, ".a{color:#%06x}", i);
    push_cut(span_of(text, len), 100);
    assert_false(sheet.lost);
    push_cut(SPAN_LITERAL(".a{display:none}"), 100);
    assert_true(sheet.lost);
    assert_int_equal(look_of("p .a").ink, LIMIT_HTML_LOOKS - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_selectors),        cmocka_unit_test(passes_over_others),
        cmocka_unit_test(what_is_around),         cmocka_unit_test(reads_rules),
        cmocka_unit_test(the_heavier_one_counts), cmocka_unit_test(rules_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
