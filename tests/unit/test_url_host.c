/* Where URLs lead, as the URL standard of browsers says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/url_host.h"

static void assert_span(const char *text, struct span found, const char *expected) {
    if (!span_equal(found, span_from_string(expected)))
        fail_msg("%s: %.*s", text, (int)found.len, (const char *)found.data);
}

static void assert_read(const char *url, const char *host, const char *port, const char *rest, bool named) {
    struct guarded copy = guard_copy(span_from_string(url));
    struct url_authority const found = url_authority_read(copy.bytes);
    assert_span(url, found.host, host);
    assert_span(url, found.port, port);
    assert_span(url, found.rest, rest);
    assert_int_equal(found.named, named);
    guard_free(&copy);
}

static void reads_authorities(void **state) {
    (void)state;
    assert_read("http://a.example/x?y", "a.example", "", "/x?y", false);
    assert_read(" HTTPS:\\\\A.example:8080\\x", "A.example", "8080", "\\x", false);
    assert_read("https:evil.example#x", "evil.example", "", "#x", false);
    assert_read("http://///a@b@[2001:db8::1]:80", "[2001:db8::1]", "80", "", true);
    assert_read("//cdn.example", "cdn.example", "", "", false);
    assert_read("http://a.example b", "a.example", "", " b", false);
    assert_read("http://[::1", "[::1", "", "", false);
    assert_read("http://192.0.2.1),", "192.0.2.1", "", "", false);
    assert_read("http://a.example:80!", "a.example", "80", "", false);
    assert_read("http://@", "", "", "", true);
    assert_read("mailto:a@b.example", "", "", "", false);
    assert_read("", "", "", "", false);
    assert_true(url_authority_read(SPAN_LITERAL("//a.example")).schemeless);
    assert_false(url_authority_read(SPAN_LITERAL("http:a.example")).schemeless);
}

static void decodes_hosts(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"%31%32%37.0.0.1", "127.0.0.1"},
        {"bit%2Ely", "bit.ly"},
        {"b%C3%BC.example", "b\xc3\xbc.example"},
        {"a%2Fb%40c%3a%00%", "a%2Fb%40c%3a%00%"}, /* no host may have these */
        {"a%4", "a%4"},
        {"a%zz%2531", "a%zz%2531"}, /* decoded once */
        {"\xef\xbc\x91\xef\xbc\x92\xef\xbd\x81\xe3\x80\x82"
         "b\xef\xbc\x8e"
         "c\xef\xbd\xa1"
         "d",
         "12a.b.c.d"},
        {"%EF%BC%91", "1"},
        {"a\xef\xbc\x8f"
         "b\xff",
         "a\xef\xbc\x8f"
         "b\xff"}, /* a full-width slash */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t host[64];
        size_t const len = strlen(cases[i][0]);
        memcpy(host, cases[i][0], len);
        assert_span(cases[i][0], span_of(host, url_host_decode(host, len)), cases[i][1]);
    }
}

static void knows_addresses(void **state) {
    (void)state;
    static const char *const addresses[] = {"192.0.2.1", "3221225985", "0xc0000201",    "0300.0.2.1", "127.1",
                                            "1.2.3.0xF", "192.0.2.1.", "[2001:db8::1]", "0x"};
    static const char *const names[] = {"a.example", "1.example", "192.0.2.1a", "0xg", "a.1b", "", "."};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_true(url_host_is_address(span_from_string(addresses[i])));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(url_host_is_address(span_from_string(names[i])));
    assert_true(url_host_is_punycode(SPAN_LITERAL("www.XN--a.example")));
    assert_true(url_host_is_punycode(SPAN_LITERAL("xn--a")));
    assert_true(url_host_is_punycode(SPAN_LITERAL("p\xd0\xb0.example")));
    assert_false(url_host_is_punycode(SPAN_LITERAL("axn--a.example")));
    assert_false(url_host_is_punycode(SPAN_EMPTY));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_authorities),
        cmocka_unit_test(decodes_hosts),
        cmocka_unit_test(knows_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
