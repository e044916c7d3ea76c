/* Tags by name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../decoders/html_tags.h"

/* A name as html_text packs it. */
static const struct html_tag_row *find(const char *text) {
    uint64_t name = 0;
    for (; *text != '\0'; text++)
        name = name << HTML_LETTER_BITS | (uint64_t)(*text >= 'a' ? *text - 'a' + 1 : *text - '0' + 27);
    return html_tag_find(name);
}

static void each_is_what_html_says(void **state) {
    (void)state;
    assert_int_equal(find("td")->tag, HTML_CELL);
    assert_int_equal(find("th")->seen, SEEN_CELL);
    assert_int_equal(find("br")->form, TAG_VOID | TAG_BLOCK | TAG_LEAVES);
    assert_int_equal(find("wbr")->form, TAG_VOID);
    assert_int_equal(find("h6")->seen, SEEN_PARAGRAPH);
    assert_int_equal(find("blockquote")->form, TAG_BLOCK | TAG_LEAVES);
    assert_int_equal(find("span")->form, TAG_INLINE | TAG_LEAVES);
    assert_int_equal(find("td")->form, TAG_BLOCK);
    assert_int_equal(find("title")->form, TAG_BLOCK | TAG_TEXT);
    assert_int_equal(find("style")->seen, SEEN_RAW);
    assert_int_equal(find("img")->tag, HTML_IMG);
    assert_int_equal(find("image")->tag, HTML_IMG);
    assert_true(find("svg")->name == HTML_NAME_SVG);
    assert_true(find("math")->name == HTML_NAME_MATH);
    assert_int_equal(find("figcaption")->form, TAG_BLOCK);
}

static void others_have_no_row(void **state) {
    (void)state;
    assert_true(find("xyz")->name == 0);
    assert_true(find("tdd")->name == 0);
    assert_true(find("h7")->name == 0);
    assert_true(html_tag_find(HTML_NAME_TOO_LONG)->name == 0);
    unsigned rows = 0;
    for (size_t i = 0; i < sizeof html_tags / sizeof html_tags[0]; i++) {
        if (html_tags[i].name == 0) continue;
        rows++;
        assert_ptr_equal(html_tag_find(html_tags[i].name), &html_tags[i]);
    }
    assert_int_equal(rows, 143); /* the elements of HTML 5 and its obsolete ones, and <image> */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_what_html_says),
        cmocka_unit_test(others_have_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
