/* Hosts that the texts of links show.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/html_link.h"
#include "guard.h"

static void assert_host(struct span (*host_of)(struct span text), const char *text, const char *expected) {
    struct guarded copy = guard_copy(span_from_string(text));
    struct span const host = host_of(copy.bytes);
    if (!span_equal(host, span_from_string(expected)))
        fail_msg("%s: %.*s", text, (int)host.len, (const char *)host.data);
    guard_free(&copy);
}

static void assert_shows(const char *text, const char *host) {
    assert_host(html_shown_host, text, host);
}

static void finds_what_a_text_shows(void **state) {
    (void)state;
    assert_shows("https://www.bank.com/login", "www.bank.com");
    assert_shows(" go to http://bank.com. Now", "bank.com");
    assert_shows("see www.bank.co.uk, please", "www.bank.co.uk");
    assert_shows("Bank.com", "Bank.com");
    assert_shows("bank.com/login now", "");
    assert_shows("bank.com/login?a", "bank.com");
    assert_shows("bank.com.", "bank.com");
    assert_shows("node.js", "");
    assert_shows("invoice.pdf", "");
    assert_shows("help@bank.com", "");
    assert_shows("mail help@www.bank.com", "");
    assert_shows("visit bank.com", ""); /* a name in a sentence may be a company's */
    assert_shows("http:", "");
    assert_shows("www.", "");
    assert_shows("awww.bank.com x", "");
    assert_shows("click here", "");
    assert_shows("", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_text_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
