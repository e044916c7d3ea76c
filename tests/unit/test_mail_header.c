/* Tests of header values: addresses, identifiers, dates, tags.  Examples are those of RFC 5322, appendix A, where it
 * has one; times were worked out with date(1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/mail.h"

static void expect_span(struct span s, const char *expected) {
    if (!span_equal(s, span_from_string(expected))) {
        print_error("got \"%.*s\", expected \"%s\"\n", (int)s.len, (const char *)s.data, expected);
        fail();
    }
}

struct address_case {
    const char *value;
    unsigned count;
    const char *display, *local, *domain;
};

static const struct address_case address_cases[] = {
    {"john@example.com", 1, "", "john", "example.com"},
    {"John Doe <jdoe@machine.example>", 1, "John Doe", "jdoe", "machine.example"},
    {"\"Joe Q. Public\" <john.q.public@example.com>", 1, "Joe Q. Public", "john.q.public", "example.com"},
    {"Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>", 3, "Mary Smith", "mary", "x.test"},
    {"<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>", 2, "", "boss", "nil.test"},
    {"\"Giant; \\\"Big\\\" Box\" <sysservices@example.net>", 1, "Giant; \\\"Big\\\" Box", "sysservices", "example.net"},
    {"A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;", 3, "Ed Jones", "c", "a.test"},
    {"Undisclosed recipients:;", 0, "", "", ""},
    {"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", 1, "Pete", "pete", "silly.test"},
    {"(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", 0, "", "", ""},
    {"Joe Q. Public <@machine.tld,@b.test:mary@example.net>, , jdoe@test.example", 2, "Joe Q. Public", "mary",
     "example.net"},
    {"smith@home.example (J. Smith)", 1, "J. Smith", "smith", "home.example"},
    {"J. Smith smith@home.example", 1, "J. Smith", "smith", "home.example"},
    {"\"a@b\"@c.example", 1, "", "\"a@b\"", "c.example"},
    {"x@[192.0.2.1]", 1, "", "x", "[192.0.2.1]"},
    {"x@[IPv6:2001:db8::1], y@z", 2, "", "x", "[IPv6:2001:db8::1]"},
    {"x@[not closed, y@z", 1, "", "y", "z"},
    {"a, b <c@d>, e", 1, "b", "c", "d"},
    {"\"not closed <a@b>", 1, "\"not closed", "a", "b"},
    {"Foo (not closed <a@b>, c@d", 2, "Foo (not closed", "a", "b"},
    {"root", 0, "", "", ""},
    {"@", 0, "", "", ""},
    {"a@", 0, "", "", ""},
    {"@b", 0, "", "", ""},
    {"<>", 0, "", "", ""},
    {"<", 0, "", "", ""},
    {"", 0, "", "", ""},
};

static void test_addresses(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof address_cases / sizeof address_cases[0]; i++) {
        const struct address_case *c = &address_cases[i];
        struct mail_address address;
        struct guarded value = guard_copy(span_from_string(c->value));
        unsigned count = mail_addresses(value.bytes, &address);
        if (count != c->count) print_error("%s\n", c->value);
        assert_int_equal(count, c->count);
        expect_span(address.display, c->display);
        expect_span(address.local, c->local);
        expect_span(address.domain, c->domain);
        guard_free(&value);
    }
}

static void expect_id(const char *value, const char *id) {
    struct guarded bytes = guard_copy(span_from_string(value));
    expect_span(mail_message_id(bytes.bytes), id);
    guard_free(&bytes);
}

static void test_message_id(void **state) {
    (void)state;
    expect_id("<1234@local.machine.example>", "<1234@local.machine.example>");
    expect_id("  (c) <a@b> <c@d>", "<a@b>");
    expect_id("<\"a b\"@c>", "<\"a b\"@c>");
    expect_id("<<a@b>", "<a@b>");
    expect_id("<x> <a@b>", "<a@b>");
    expect_id("<a b@c>", "");
    expect_id("<a@>", "");
    expect_id("<@b>", "");
    expect_id("a@b", "");
    expect_id("<a@b", "");
    expect_id("<", "");
    expect_id("", "");
}

static const struct {
    const char *value;
    int64_t seconds; /* -1: no date */
} dates[] = {
    {"Fri, 21 Nov 1997 09:55:06 -0600", 880127706},
    {"Tue, 1 Jul 2003 10:52:37 +0200", 1057049557},
    {"Thu,\t  13\tFeb\t  1969\t  23:32:00\t  -0330 (Newfoundland Time)", -27723480},
    {"21 Nov 97 09:55:06 GMT", 880106106},
    {"Fri, 21 Nov 1997 09(comment (nested)):   55  :  06 -0600", 880127706},
    {"1 Jan 1970 00:00 +0000", 0},
    {"1 Jan 70 00:00:00 UT", 0},
    {"1 Jan 100 00:00:00 Z", 946684800},
    {"1 Jan 00 00:00:00 EST", 946702800},
    {"29 Feb 2024 12:00:00 PDT", 1709233200},
    {"31 Dec 2016 23:59:60 +0000", 1483228800},
    {"mon, 01 JAN 2024 00:00:00 +0000", 1704067200},
    {"Mon 1 Jan 2024 00:00:00 +0000", 1704067200},
    {"29 Feb 2023 12:00:00 +0000", -1},
    {"31 Apr 2023 12:00:00 +0000", -1},
    {"0 Jan 2023 12:00:00 +0000", -1},
    {"1 Jan 2023 24:00:00 +0000", -1},
    {"1 Jan 2023 12:60:00 +0000", -1},
    {"1 Jan 2023 12:00:61 +0000", -1},
    {"1 Jan 2023 12:00:00 +0060", -1},
    {"1 Jan 2023 12:00:00 +-0500", -1},
    {"1 Jan 2023 12:00:00", -1},
    {"1 Jan 2023 12:00:00 +000", -1},
    {"1 Jan 2023 12:00:00 +00000", -1},
    {"1 Jan 2023 12:00:00 +0000 x", -1},
    {"1 Jan 1899 12:00:00 +0000", -1},
    {"1 Jan 20233 12:00:00 +0000", -1},
    {"Monday, 1 Jan 2024 00:00:00 +0000", -1},
    {"2024-01-01 00:00:00 +0000", -1},
    {"Mon Jan  1 00:00:00 2024", -1},
    {"99999999999999999999 Jan 2024 00:00:00 +0000", -1},
    {"(", -1},
    {"", -1},
};

static void test_dates(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        nstime time = 0;
        struct guarded value = guard_copy(span_from_string(dates[i].value));
        bool fine = mail_date(value.bytes, &time);
        if (fine != (dates[i].seconds != -1) || (fine && time != dates[i].seconds * NS_PER_S))
            fail_msg("%s: %d, %lld", dates[i].value, fine, (long long)(time / NS_PER_S));
        guard_free(&value);
    }
}

static void test_tags(void **state) {
    (void)state;
    struct span value = SPAN_LITERAL("v=1; a=rsa-sha256; d = example.com ;s=brisbane; bh=x==; t=;h=from:to");
    expect_span(mail_tag(value, SPAN_LITERAL("d")), "example.com");
    expect_span(mail_tag(value, SPAN_LITERAL("bh")), "x==");
    expect_span(mail_tag(value, SPAN_LITERAL("h")), "from:to");
    expect_span(mail_tag(value, SPAN_LITERAL("t")), "");
    expect_span(mail_tag(value, SPAN_LITERAL("D")), "");
    expect_span(mail_tag(SPAN_LITERAL("d"), SPAN_LITERAL("d")), "");
    expect_span(mail_tag(SPAN_EMPTY, SPAN_LITERAL("d")), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_message_id),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
