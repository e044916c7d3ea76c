/* Organisational domains, as publicsuffix.org's list and RFC 7489 have them.  The A-labels are Python's
 * (str.encode("idna")).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/domain_org.h"

static void assert_org(const char *domain, const char *expected) {
    struct guarded copy = guard_copy(span_from_string(domain));
    struct span org = domain_org(copy.bytes);
    assert_int_equal(org.len, strlen(expected));
    assert_memory_equal(org.data, expected, org.len);
    guard_free(&copy);
}

static void finds_the_organisation(void **state) {
    (void)state;
    assert_org("example.com", "example.com");
    assert_org("www.mail.example.com", "example.com");
    assert_org("a.b.example.co.uk", "example.co.uk");
    assert_org("WWW.Example.Co.UK.", "Example.Co.UK");
    assert_org("a.b.c.d.e.f.g.h.i.j.k.example.co.uk", "example.co.uk");
    assert_org("shop.someone.github.io", "someone.github.io"); /* a private suffix */
    assert_org("www.city.kawasaki.jp", "city.kawasaki.jp");    /* an exception to *.kawasaki.jp */
    assert_org("a.b.c.kawasaki.jp", "b.c.kawasaki.jp");
    assert_org("host.sub.example", "sub.example"); /* no such suffix: one label */
}

static void assert_owned(const char *domain, const char *expected) {
    struct guarded copy = guard_copy(span_from_string(domain));
    struct span owned = domain_owned(copy.bytes);
    assert_int_equal(owned.len, strlen(expected));
    assert_memory_equal(owned.data, expected, owned.len);
    guard_free(&copy);
}

static void private_suffixes_belong_to_somebody(void **state) {
    (void)state;
    assert_owned("mail.example.com", "example.com");
    assert_owned("a.b.Example.co.uk.", "Example.co.uk");
    assert_owned("shop.someone.github.io", "github.io");
    assert_owned("bank.com.de", "com.de"); /* not of ICANN: a company sells names below its own */
    assert_owned("irs.gov", "irs.gov");
    assert_owned("co.uk", "co.uk");
    assert_owned("host.sub.example", "sub.example");
    assert_owned("www.m\xc3\xbcnchen.de", "m\xc3\xbcnchen.de");
    assert_owned("192.0.2.1", "192.0.2.1");
    assert_owned("localhost", "localhost");
    assert_owned("a..com", "a..com");
    assert_owned("", "");
}

static void what_is_no_such_name_is_its_own(void **state) {
    (void)state;
    assert_org("co.uk", "co.uk");
    assert_org("com", "com");
    assert_org("localhost", "localhost");
    assert_org("192.0.2.1", "192.0.2.1");
    assert_org("[192.0.2.1]", "[192.0.2.1]");
    assert_org("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]");
    assert_org("a..com", "a..com");
    assert_org(".com", ".com");
    assert_org("", "");
    char label[70];
    memset(label, 'x', 64);
    memcpy(label + 64, ".com", 5);
    assert_org(label, label);
}

static void other_scripts(void **state) {
    (void)state;
    assert_org("www.xn--mnchen-3ya.de", "xn--mnchen-3ya.de");
    assert_org("www.m\xc3\xbcnchen.de", "m\xc3\xbcnchen.de");
    assert_org("a.b.\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84", "\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84"); /* рф */
    assert_true(domain_orgs_equal(SPAN_LITERAL("www.m\xc3\xbcnchen.de"), SPAN_LITERAL("XN--mnchen-3ya.de")));
    assert_true(domain_orgs_equal(SPAN_LITERAL("b\xc3\xbc\x63her.example"), SPAN_LITERAL("xn--bcher-kva.example")));
    assert_true(domain_orgs_equal(SPAN_LITERAL("\xe5\x85\xac\xe5\x8f\xb8.cn"), SPAN_LITERAL("xn--55qx5d.cn")));
    /* 食狮.公司.cn: a suffix of two labels, one of them beyond ASCII */
    assert_org("www.\xe9\xa3\x9f\xe7\x8b\xae.\xe5\x85\xac\xe5\x8f\xb8.cn",
               "\xe9\xa3\x9f\xe7\x8b\xae.\xe5\x85\xac\xe5\x8f\xb8.cn");
    assert_true(domain_orgs_equal(SPAN_LITERAL("xn--85x722f.xn--55qx5d.cn"),
                                  SPAN_LITERAL("\xe9\xa3\x9f\xe7\x8b\xae.\xe5\x85\xac\xe5\x8f\xb8.cn")));
    assert_true(domain_orgs_differ(SPAN_LITERAL("m\xc3\xbcnchen.de"), SPAN_LITERAL("munchen.de")));
}

static void compares_organisations(void **state) {
    (void)state;
    assert_true(domain_orgs_equal(SPAN_LITERAL("bounce.mail.example.co.uk"), SPAN_LITERAL("news.EXAMPLE.co.uk.")));
    assert_true(domain_orgs_differ(SPAN_LITERAL("one.co.uk"), SPAN_LITERAL("two.co.uk")));
    assert_true(domain_orgs_differ(SPAN_LITERAL("co.uk"), SPAN_LITERAL("one.co.uk")));
    assert_true(domain_orgs_differ(SPAN_LITERAL("a.github.io"), SPAN_LITERAL("b.github.io")));
    assert_true(domain_orgs_differ(SPAN_LITERAL("192.0.2.1"), SPAN_LITERAL("198.51.2.1")));
    assert_false(domain_orgs_differ(SPAN_EMPTY, SPAN_LITERAL("a.example")));
    assert_false(domain_orgs_equal(SPAN_EMPTY, SPAN_EMPTY));
}

static void hashes_agree_where_organisations_do(void **state) {
    (void)state;
    assert_true(domain_org_hash(SPAN_LITERAL("a.example.com")) == domain_org_hash(SPAN_LITERAL("B.EXAMPLE.COM.")));
    assert_true(domain_org_hash(SPAN_LITERAL("m\xc3\xbcnchen.de")) ==
                domain_org_hash(SPAN_LITERAL("www.xn--mnchen-3ya.de")));
    assert_true(domain_org_hash(SPAN_LITERAL("one.com")) != domain_org_hash(SPAN_LITERAL("two.com")));
    assert_true(domain_org_hash(SPAN_EMPTY) == 0);
    assert_true(domain_orgs_equal(SPAN_LITERAL(".urL"), SPAN_LITERAL(".url"))); /* no name, but one all the same */
    assert_true(domain_org_hash(SPAN_LITERAL(".urL")) == domain_org_hash(SPAN_LITERAL(".url")));
}

static struct span random_name(uint8_t *name, uint32_t *seed) {
    static const char *const pieces[] = {"a", "b", ".", ".com", ".co.uk", "uk", "xn--tda", "\xc3\xbc", "1", " "};
    size_t len = 0;
    for (unsigned count = 1 + (*seed >> 16) % 4; count > 0; count--) {
        *seed = *seed * 1664525u + 1013904223u;
        const char *piece = pieces[(*seed >> 16) % 10];
        memcpy(name + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return span_of(name, len);
}

/* Names are compared without looking them up where their ends say enough; hashes are always looked up. */
static void equal_ones_are_those_with_equal_hashes(void **state) {
    (void)state;
    uint8_t a[64], b[64];
    uint32_t seed = 1;
    unsigned equal = 0;
    for (unsigned round = 0; round < 50000; round++) {
        struct span const one = random_name(a, &seed), other = random_name(b, &seed);
        bool const expected = domain_org_hash(one) == domain_org_hash(other);
        assert_int_equal(domain_orgs_equal(one, other), expected);
        equal += expected;
    }
    assert_true(equal > 100);
}

static void knows_suffixes(void **state) {
    (void)state;
    assert_true(domain_is_under_known_suffix(SPAN_LITERAL("example.com")));
    assert_true(domain_is_under_known_suffix(SPAN_LITERAL("example.co.uk")));
    assert_true(domain_is_under_known_suffix(SPAN_LITERAL("example.\xd1\x80\xd1\x84")));
    assert_false(domain_is_under_known_suffix(SPAN_LITERAL("node.js")));
    assert_false(domain_is_under_known_suffix(SPAN_LITERAL("invoice.pdf")));
    assert_false(domain_is_under_known_suffix(SPAN_LITERAL("com")));
    assert_false(domain_is_under_known_suffix(SPAN_EMPTY));
}

/* Names that nobody has: nothing but memory is at stake. */
static void any_bytes(void **state) {
    (void)state;
    uint8_t name[300];
    uint32_t seed = 1;
    for (unsigned round = 0; round < 20000; round++) {
        static const char letters[] = "a.-xn\xc3\xbc\xf0\x9f\x98\x80[]1:";
        size_t len = round % sizeof name;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            name[i] = round % 3 == 0 ? (uint8_t)(seed >> 24) : (uint8_t)letters[(seed >> 16) % (sizeof letters - 1)];
        }
        struct guarded copy = guard_copy(span_of(name, len));
        struct span org = domain_org(copy.bytes);
        assert_true(org.len <= len);
        assert_true(len == 0 || domain_orgs_equal(copy.bytes, copy.bytes));
        guard_free(&copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_organisation),
        cmocka_unit_test(private_suffixes_belong_to_somebody),
        cmocka_unit_test(what_is_no_such_name_is_its_own),
        cmocka_unit_test(other_scripts),
        cmocka_unit_test(compares_organisations),
        cmocka_unit_test(hashes_agree_where_organisations_do),
        cmocka_unit_test(equal_ones_are_those_with_equal_hashes),
        cmocka_unit_test(knows_suffixes),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
