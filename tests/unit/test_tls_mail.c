/* tls_mail: which ClientHellos say that mail is inside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "flow/tls_mail.h"

static bool says(const char *alpn, const char *sni) {
    struct tls_facts facts = {.version = ""};
    (void)snprintf(facts.alpn, sizeof facts.alpn, "%s", alpn);
    (void)snprintf(facts.sni, sizeof facts.sni, "%s", sni);
    return tls_is_mail(&facts);
}

static void by_alpn(void **state) {
    (void)state;
    assert_true(says("smtp", ""));
    assert_true(says("esmtp", "www.example.org"));
    assert_true(says("http/1.1,smtp", ""));
    assert_true(says("h2;smtp", ""));
    assert_false(says("h2,http/1.1", "smtp.example.org")); /* a web site of that name */
    assert_false(says("smtpx,xsmtp", "smtp.example.org"));
    assert_false(says("imap", "mx.example.org"));
    assert_false(says(",,;", "mx.example.org"));
}

static void by_name(void **state) {
    (void)state;
    assert_true(says("", "smtp.example.org"));
    assert_true(says("", "SMTP.example.org"));
    assert_true(says("", "smtps.example.org"));
    assert_true(says("", "smtp2.example.org"));
    assert_true(says("", "email-smtp.eu-west-1.example"));
    assert_true(says("", "smtp-relay.example.com"));
    assert_true(says("", "mx10.example.net"));
    assert_false(says("", ""));
    assert_false(says("", "smtp"));
    assert_false(says("", "mail.example.org"));
    assert_false(says("", "imap.example.org"));
    assert_false(says("", "www.example.mx"));
    assert_false(says("", "www.smtp.example"));
    assert_false(says("", "mta-sts.example.org"));
    assert_false(says("", "smtpd.example.org"));
    assert_false(says("", "mxsmtp.example.org"));
    assert_false(says("", "-.example.org"));
    assert_false(says("", ".smtp"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_alpn), cmocka_unit_test(by_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
