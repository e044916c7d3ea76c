/* Tests of the lines of HTML notices, in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../decoders/report_internal.h"
#include "report_run.h"

struct seen {
    char text[2048];
    size_t len;
};

static void take_text(void *context, struct span text) {
    struct seen *seen = context;
    assert_true(seen->len + text.len < sizeof seen->text);
    if (text.len > 0) memcpy(seen->text + seen->len, text.data, text.len);
    seen->len += text.len;
    seen->text[seen->len] = '\0';
}

static void leave_link(void *context, struct span bytes) {
    (void)context;
    (void)bytes;
}

static void leave_link_end(void *context) {
    (void)context;
}

static void expect_lines(struct span source, const char *expected) {
    for (size_t cut = 0; cut <= source.len; cut++) { /* 0: whole */
        struct seen seen = {.len = 0};
        struct notice_html html = {.matched = 0};
        struct html_sink const sink = {&seen, take_text, leave_link, leave_link_end, NULL, NULL};
        for (size_t at = 0, len; at < source.len; at += len) {
            len = cut == 0 || cut > source.len - at ? source.len - at : cut;
            struct guarded guarded = guard_copy(span_slice(source, at, len));
            notice_html_push(&html, guarded.bytes, &sink);
            guard_free(&guarded);
        }
        html_text_end(&html.text, &sink);
        assert_string_equal(seen.text, expected);
    }
}

static void test_white_space(void **state) {
    (void)state;
    expect_lines(SPAN_LITERAL("could\r\n\t not  be"), "could not be");
    expect_lines(SPAN_LITERAL("a<br>b<p>c"), "a\nb\n\nc");
    expect_lines(SPAN_LITERAL("<b>a</b> <i>b</i>"), "a b");
}

static void test_pre(void **state) {
    (void)state;
    expect_lines(SPAN_LITERAL("a\n<PRE class=x>To: b\n  c</pre>d\ne"), "a \n\nTo: b\n  c\n\nd e");
    expect_lines(SPAN_LITERAL("a</pre>\n<p>b\nc"), "a\n\n \n\nb c");
    expect_lines(SPAN_LITERAL("<p>re\nb<pr>\nc"), "\n\nre b c");
    expect_lines(SPAN_LITERAL("<prefix>a\n  b</prefix>\n  <preface>c\n  d"), "a b c d"); /* no <pre> */
    expect_lines(SPAN_LITERAL("<pre/>a\n b"), "\n\na\n b");
}

/* Longer than a piece, and the end of a piece anywhere in it. */
static void test_long(void **state) {
    (void)state;
    char source[1200], expected[1200];
    memset(source, 'x', sizeof source);
    memset(expected, 'x', sizeof expected);
    for (size_t at = 500; at < 530; at++) {
        source[at] = '\n';
        expected[at] = ' ';
        source[at + 1] = expected[at + 1] = '\0';
        struct seen seen = {.len = 0};
        struct notice_html html = {.matched = 0};
        struct html_sink const sink = {&seen, take_text, leave_link, leave_link_end, NULL, NULL};
        notice_html_push(&html, span_from_string(source), &sink);
        assert_string_equal(seen.text, expected);
        source[at] = expected[at] = 'x';
        source[at + 1] = expected[at + 1] = 'x';
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_white_space),
        cmocka_unit_test(test_pre),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
