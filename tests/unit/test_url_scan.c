/* Tests of counting URLs in text that comes in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/url_scan.h"
#include "guard.h"

static const struct {
    const char *text;
    unsigned urls, bare_ip, punycode;
} cases[] = {
    {"", 0, 0, 0},
    {"no link: here. www", 0, 0, 0},
    {"http://a.example", 1, 0, 0},
    {"see http://a.example/b, and HTTPS://C.example.", 2, 0, 0},
    {"<a href=\"http://a.example\">http://b.example</a>", 2, 0, 0},
    {"www.a.example", 1, 0, 0},
    {"(WWW.a.example)", 1, 0, 0},
    {"http://www.a.example/www.b.example", 1, 0, 0},
    {"awww.a.example x@www.a.example ftp.www.a.example", 0, 0, 0},
    {"www. www.. www./", 0, 0, 0},
    {"http:/a.example http//a.example http:///x http:// x", 0, 0, 0},
    {"ftp://a.example mailto:a@b.example", 0, 0, 0},
    {"http://192.0.2.1", 1, 1, 0},
    {"http://192.0.2.1/x http://192.0.2.1:80/ http://192.0.2.1.", 3, 3, 0},
    {"http://192.0.2.example/ http://192a/ http://1.2.3.4.a/", 3, 0, 0},
    {"http://3221225985/ http://0xc0000201/ http://0300.0.2.1/", 3, 3, 0},
    {"http://0x/ http://x0/", 2, 0, 0},
    {"http://[2001:db8::1]:80/", 1, 1, 0},
    {"http://bank.example@192.0.2.1/", 1, 1, 0},
    {"http://192.0.2.1@a.example/", 1, 0, 0},
    {"http://user:pass@192.0.2.1:8080/", 1, 1, 0},
    {"http://a.example:80/192.0.2.1", 1, 0, 0},
    {"http://xn--a.example http://a.XN--B http://axn--b.example http://xn-a/", 4, 0, 2},
    {"http://a.example:xn--x/ www.xn--p1ai.ru", 2, 0, 1},
    {"http://b\xC3\xBC"
     "cher.example/",
     1, 0, 0},
    {"color: #fff; font-size: 12.5px; stop: here. now.http://a.example and p: s: w. ps: ww.x hTTps://b.example", 2, 0,
     0},
    {"sixteen bytes: w\x17. P: S: and more of the same: www.a.example", 1, 0, 0},
    {"http://a&http://b", 1, 0, 0},
    {"http://a http://b", 2, 0, 0},
};

static void scan(struct mail_summary *summary, const char *text, size_t cut) {
    struct counters counters = {.packets = 0};
    struct span rest = span_from_string(text);
    memset(summary, 0, sizeof *summary);
    while (rest.len > 0) {
        struct guarded piece = guard_copy(span_head(rest, cut));
        url_scan_text(summary, piece.bytes, &counters);
        guard_free(&piece);
        rest = span_from(rest, cut);
    }
    url_scan_end(summary, &counters);
}

static void test_cases(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t cut = 1; cut <= strlen(cases[i].text) + 1; cut++) {
            struct mail_summary s;
            scan(&s, cases[i].text, cut);
            if (s.urls != cases[i].urls || s.urls_bare_ip != cases[i].bare_ip || s.urls_punycode != cases[i].punycode)
                fail_msg("%s in pieces of %zu: %u %u %u", cases[i].text, cut, s.urls, s.urls_bare_ip, s.urls_punycode);
        }
    }
}

/* Text is searched in blocks: a URL may begin at, and lie across, any place of them. */
static void test_any_place(void **state) {
    (void)state;
    static const char *const urls[] = {"http://192.0.2.1", "HTTPS://192.0.2.1", "wWw.192.0.2.1", "http:/ www"};
    for (size_t url = 0; url < 4; url++) {
        for (size_t before = 0; before < 150; before++) {
            for (size_t behind = 0; behind < 150; behind += 7) {
                char text[400];
                struct mail_summary s;
                snprintf(text, sizeof text, "%*s%s%*s", (int)before, "", urls[url], (int)behind, "");
                scan(&s, text, sizeof text);
                assert_int_equal(s.urls, url < 3 ? 1 : 0);
                assert_int_equal(s.urls_bare_ip, url < 3 ? 1 : 0);
            }
        }
    }
}

/* One text's end is no beginning of the next one's URL. */
static void test_texts_are_apart(void **state) {
    (void)state;
    struct mail_summary summary = {.headers = 0};
    struct counters counters = {.packets = 0};
    url_scan_text(&summary, SPAN_LITERAL("http:"), &counters);
    url_scan_end(&summary, &counters);
    url_scan_text(&summary, SPAN_LITERAL("//a.example"), &counters);
    url_scan_end(&summary, &counters);
    assert_int_equal(summary.urls, 0);
}

static void test_limit(void **state) {
    (void)state;
    struct mail_summary summary = {.headers = 0};
    struct counters counters = {.packets = 0};
    for (int i = 0; i < LIMIT_URLS + 5; i++) url_scan_text(&summary, SPAN_LITERAL("http://192.0.2.1 "), &counters);
    assert_int_equal(summary.urls, LIMIT_URLS);
    assert_int_equal(summary.urls_bare_ip, LIMIT_URLS);
    assert_int_equal(counters.urls_dropped, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_any_place),
        cmocka_unit_test(test_texts_are_apart),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
