/* URLs, counted by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/url_figures.h"

static void take(struct url_figures *figures, const char *url) {
    struct guarded copy = guard_copy(span_from_string(url));
    (void)url_figures_take(figures, copy.bytes, (struct url_written){.bare = false}, SPAN_LITERAL("news.shop.co.uk"));
    guard_free(&copy);
}

static struct url_figures one(const char *url) {
    struct url_figures figures = {.urls = 0};
    take(&figures, url);
    return figures;
}

static void counts_http(void **state) {
    (void)state;
    assert_int_equal(one("http://a.example").urls, 1);
    assert_int_equal(one("HTTPS://a.example/").urls, 1);
    assert_int_equal(one("ftp://a.example/").urls, 0);
    assert_int_equal(one("mailto:a@b.example").urls, 0);
    assert_int_equal(one("http://").urls, 0);
    assert_int_equal(one("cid:1").urls, 0);
    assert_int_equal(one("").urls, 0);
}

static void finds_odd_ways(void **state) {
    (void)state;
    assert_int_equal(one("https://a.example/r?u=http://b.example").redirecting, 1);
    assert_int_equal(one("https://a.example/r?u=HTTPS%3a%2F%2Fb.example").redirecting, 1);
    assert_int_equal(one("https://a.example/https:/b.example").redirecting, 1);
    assert_int_equal(one("https://http.example/r?u=http").redirecting, 0);
    assert_int_equal(one("https://a.example/a:b%3A%").redirecting, 0);
    assert_int_equal(one("http://bank.example@evil.example/").named, 1);
    assert_int_equal(one("http://evil.example/@user").named, 0);
    assert_int_equal(one("http://evil.example:8080/").ports, 1);
    assert_int_equal(one("http://evil.example:80/").ports, 0);
    assert_int_equal(one("http://evil.example:/").ports, 0);
    assert_int_equal(one("http://[2001:db8::1]/").ports, 0);
    assert_int_equal(one("http://[2001:db8::1]:8080/").ports, 1);
}

static void looks_at_hosts(void **state) {
    (void)state;
    assert_int_equal(one("http://your-bank-com-login.example/").hyphened_hosts, 1);
    assert_int_equal(one("http://your-bank-com.example/a-b-c").hyphened_hosts, 0);
    assert_int_equal(one("http://a12345.example/").digit_hosts, 1);
    assert_int_equal(one("http://a1234.example/5").digit_hosts, 0);
    assert_int_equal(one("http://192.168.100.200/").digit_hosts, 0);
    assert_int_equal(one("http://a.b.c.d.e.example/").deep_hosts, 1);
    assert_int_equal(one("http://b.c.d.e.example/").deep_hosts, 0);
    assert_int_equal(one("http://1234567890123456789012345678901234567.example/").long_hosts, 0); /* 45 */
    assert_int_equal(one("http://12345678901234567890123456789012345678.example/").long_hosts, 1);
}

static void knows_organisations(void **state) {
    (void)state;
    struct url_figures figures = {.urls = 0};
    take(&figures, "https://www.shop.co.uk/");
    take(&figures, "https://click.SHOP.co.uk/");
    take(&figures, "https://other.co.uk/");
    take(&figures, "https://other.co.uk/again");
    take(&figures, "https://192.0.2.1/");
    assert_int_equal(figures.urls, 5);
    assert_int_equal(figures.of_from, 2);
    assert_int_equal(figures.orgs, 3);
    struct url_figures nobody = {.urls = 0};
    assert_true(
        url_figures_take(&nobody, SPAN_LITERAL("http://a.example/"), (struct url_written){.bare = false}, SPAN_EMPTY));
    assert_int_equal(nobody.of_from, 0);
    assert_int_equal(nobody.urls, 1);
}

static void tells_addresses(void **state) {
    (void)state;
    static const struct {
        const char *url;
        unsigned bare_ip, punycode;
    } cases[] = {
        {"http://192.0.2.1", 1, 0},
        {"http://192.0.2.1.", 1, 0},
        {"http://192.0.2.1:80/x", 1, 0},
        {"http://3221225985/", 1, 0},
        {"http://0300.0.2.1/", 1, 0},
        {"http://[2001:db8::1]:80/", 1, 0},
        {"http://bank.example@192.0.2.1/", 1, 0},
        {"http://192.0.2.1@a.example/", 0, 0},
        {"http://192.0.2.example/192.0.2.1", 0, 0},
        {"http://a.XN--B.example/", 0, 1},
        {"http://a.example:xn--x/xn--x", 0, 0},
        {"http://rd.example/*http://192.0.2.1/x", 1, 0},
        {"http://rd.example/http://a.example/192.0.2.1", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct url_figures const figures = one(cases[i].url);
        if (figures.shown != 1 || figures.bare_ip != cases[i].bare_ip || figures.punycode != cases[i].punycode)
            fail_msg("%s: %u %u %u", cases[i].url, figures.shown, figures.bare_ip, figures.punycode);
    }
    assert_int_equal(one("ftp://192.0.2.1/").shown + one("//192.0.2.1/").shown + one("http://").shown, 0);
    struct url_figures bare = {.urls = 0};
    assert_true(url_figures_take(&bare, SPAN_LITERAL("http://www.192.0.2.1"), (struct url_written){.bare = true},
                                 SPAN_LITERAL("a.example")));
    assert_int_equal(bare.shown, 1);
    assert_int_equal(bare.bare_ip, 1);
    assert_int_equal(bare.urls + bare.encoded_hosts, 0);
    struct url_written const encoded = {.encoded = true};
    assert_true(url_figures_take(&bare, SPAN_LITERAL("http://evil.example"), encoded, SPAN_EMPTY));
    assert_int_equal(bare.encoded_hosts, 1);
}

static void is_bounded(void **state) {
    (void)state;
    struct url_figures figures = {.urls = 0};
    char url[64];
    for (unsigned i = 0; i < 300; i++) {
        (void)snprintf(url, sizeof url, "http://h%u.com/", i % 100);
        take(&figures, url);
    }
    assert_int_equal(figures.urls, LIMIT_URLS);
    assert_int_equal(figures.shown, LIMIT_URLS);
    assert_false(url_figures_take(&figures, SPAN_LITERAL("http://a.example"), (struct url_written){.bare = true},
                                  SPAN_EMPTY)); /* to be counted */
    assert_int_equal(figures.orgs, LIMIT_URL_HOSTS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_http),         cmocka_unit_test(finds_odd_ways),  cmocka_unit_test(looks_at_hosts),
        cmocka_unit_test(knows_organisations), cmocka_unit_test(tells_addresses), cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
