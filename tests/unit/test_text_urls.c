/* URLs in text, in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/text_urls.h"
#include "guard.h"
#include "rule_text.h"

struct found_urls {
    char text[4000];
    size_t len;
};

static void on_url(void *context, struct span url) {
    struct found_urls *found = context;
    memcpy(found->text + found->len, url.data, url.len);
    found->len += url.len;
    found->text[found->len++] = '\n';
    found->text[found->len] = '\0';
}

static struct found_urls find(struct span text, size_t step, uint32_t seed) {
    struct arena arena;
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    struct text_urls urls = {.arena = &arena};
    struct found_urls found = {.len = 0};
    while (text.len > 0) {
        struct span piece = span_head(text, test_cut(step, &seed));
        text = span_from(text, piece.len);
        struct guarded copy = guard_copy(piece);
        text_urls_push(&urls, copy.bytes, on_url, &found);
        guard_free(&copy);
    }
    text_urls_end(&urls, on_url, &found);
    arena_reset(&arena);
    return found;
}

static void assert_finds(const char *text, const char *expected) {
    static size_t const steps[] = {SIZE_MAX, 1, 2, 3, 0, 0, 0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        assert_string_equal(find(span_from_string(text), steps[i], (uint32_t)i).text, expected);
}

static void finds_urls(void **state) {
    (void)state;
    assert_finds("see http://a.example/x?y=1 and <https://b.example> or FTP://c.example.",
                 "http://a.example/x?y=1\nhttps://b.example\nftp://c.example.\n");
    assert_finds("http://a.example", "http://a.example\n");
    assert_finds("x:http://a.example/http://b.example y", "http://a.example/http://b.example\n");
    assert_finds("(http://a.example)\"http://b.example\"", "http://a.example)\nhttp://b.example\n");
}

static void leaves_other_colons_alone(void **state) {
    (void)state;
    assert_finds("Time: 10:30, xhttp://a.example, http:/b, http: //c, xmailto:a@b.example, 9https://d.example", "");
}

static void finds_what_has_no_scheme(void **state) {
    (void)state;
    assert_finds("see www.a.example/x?y and (WWW.B.example) or www.c.example.",
                 "http://www.a.example/x?y\nhttp://www.B.example)\nhttp://www.c.example.\n");
    assert_finds("www.a.example", "http://www.a.example\n");
    assert_finds("http://www.a.example www.b.example", "http://www.a.example\nhttp://www.b.example\n");
    assert_finds("xwww.a, 1www.b, www.www.c, x@www.d, -www.e, ww.f, wwww.g, \xc3\xa4www.h, www .i, w.w.w.j",
                 "http://www.www.c,\n");
    assert_finds("www. a, www.", ""); /* no host */
    assert_finds("now.www.a and below.www.b", "");
    assert_finds("a sentence of which no word has a dot behind that letter, but one: www.far.example does it",
                 "http://www.far.example\n");
}

static void finds_addresses_with_a_scheme(void **state) {
    (void)state;
    assert_finds("write to MAILTO:a@b.example?subject=x or <mailto:c@d.example>, not to e@f.example",
                 "mailto:a@b.example?subject=x\nmailto:c@d.example\n");
}

/* A link is what HTML says, whatever it begins with. */
static void links_are_as_they_are(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    struct text_urls urls = {.arena = &arena};
    struct found_urls found = {.len = 0};
    text_urls_push(&urls, SPAN_LITERAL("www.a.example"), on_url, &found);
    assert_true(urls.bare);
    text_urls_link(&urls, SPAN_LITERAL("www"), on_url, &found);
    text_urls_link(&urls, SPAN_LITERAL(".b.example"), on_url, &found);
    assert_false(urls.bare);
    text_urls_end(&urls, on_url, &found);
    assert_false(urls.encoded);
    assert_string_equal(found.text, "http://www.a.example\nwww.b.example\n");
    text_urls_push(&urls, SPAN_LITERAL("http://%61.example "), on_url, &found);
    assert_true(urls.encoded);
    arena_reset(&arena);
}

static void cuts_what_is_too_long(void **state) {
    (void)state;
    char text[2000] = "http://";
    memset(text + 7, 'a', 1000);
    struct found_urls found = find(span_from_string(text), 7, 0);
    assert_int_equal(found.len, LIMIT_URL_BYTES + 1);
}

static void assert_link(const char *link, const char *expected) {
    struct arena arena;
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    struct text_urls urls = {.arena = &arena};
    struct found_urls found = {.len = 0};
    for (size_t i = 0; link[i] != '\0'; i++)
        text_urls_link(&urls, span_slice(span_from_string(link), i, 1), on_url, &found);
    text_urls_end(&urls, on_url, &found);
    assert_string_equal(found.text, expected);
    arena_reset(&arena);
}

/* WHATWG URL 4.4, without a base. */
static void reads_links_as_browsers_do(void **state) {
    (void)state;
    assert_link("https:\\\\a.example\\b?c\\d#e\\", "https://a.example/b?c\\d#e\\\n");
    assert_link("HTTP:/a.example", "HTTP://a.example\n");
    assert_link("http:a.example", "http://a.example\n");
    assert_link("\\\\a.example", "//a.example\n");
    assert_link("http:/x@%31%32%37.0.0.1:80/%31", "http://x@127.0.0.1:80/%31\n");
    assert_link("https://bit%2Ely%2Fx/y", "https://bit.ly%2Fx/y\n");
    assert_link("//%61.example", "//%61.example\n");
    assert_link("https:", "https:\n");
    assert_link("http:?x", "http:?x\n");
    assert_link("mailto:a\\b", "mailto:a\\b\n");
    assert_link("a\\b", "a\\b\n");
    char longest[LIMIT_URL_BYTES + 20] = "http:", expected[LIMIT_URL_BYTES + 2] = "http://";
    memset(longest + 5, 'a', sizeof longest - 6);
    memset(expected + 7, 'a', LIMIT_URL_BYTES - 7);
    expected[LIMIT_URL_BYTES] = '\n';
    assert_link(longest, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_urls),
        cmocka_unit_test(leaves_other_colons_alone),
        cmocka_unit_test(finds_what_has_no_scheme),
        cmocka_unit_test(finds_addresses_with_a_scheme),
        cmocka_unit_test(links_are_as_they_are),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(reads_links_as_browsers_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
