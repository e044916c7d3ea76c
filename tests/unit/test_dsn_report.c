/* Tests of the fields of delivery reports and receipts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_run.h"

static struct report_run run;

#define EXPECT_DSN(fields, expected) expect_report(&run, SPAN_LITERAL(DSN_MAIL("Sorry.", fields)), expected)
#define HEAD "Reporting-MTA: dns; mx.example\r\n\r\n"

static void test_ordinary(void **state) {
    (void)state;
    EXPECT_DSN(HEAD
               "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.1 (no such)\r\n"
               "Remote-MTA: dns; mx.far.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <bob@far.example>:\r\n"
               "    User unknown\r\n",
               DSN_HEAD
               "bounce bob@far.example - 5.1.1 550 5.1.1 - mx.far.example "
               "\"<bob@far.example>: User unknown\"\n");
}

static void test_forwarded(void **state) {
    (void)state;
    EXPECT_DSN(
        "Original-Envelope-Id: QQ314159\r\n\r\nOriginal-Recipient: rfc822;bob@far.example\r\n"
        "Final-Recipient: RFC822; robert@farther.example\r\nACTION: Failed\r\nStatus: 5.2.2\r\n",
        "bounce <1@home.example> QQ314159 anna@home.example - 0\n"
        "bounce bob@far.example robert@farther.example 5.2.2 - - - - \"-\"\n");
}

/* No empty line behind the fields of the message (Dovecot), Action first (Exim), a comment behind it (Sendmail). */
static void test_odd_orders(void **state) {
    (void)state;
    EXPECT_DSN(
        "Reporting-MTA: dns; mx.example\r\nFinal-Recipient: rfc822; a@far.example\r\nAction: failed\r\n"
        "Status: 5.2.2\r\n\r\nAction: relayed (to non-DSN-aware mailer)\r\nFinal-Recipient: rfc822;b@far.example\r\n"
        "Status: 2.1.5\r\n\r\n\r\nFinal-Recipient: rfc822;c@far.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n",
        DSN_HEAD
        "bounce a@far.example - 5.2.2 - - - - \"-\"\nsuccess b@far.example - 2.1.5 - - - - \"-\"\n"
        "delay c@far.example - 4.4.1 - - - - \"-\"\n");
}

/* SendGrid's: a reply without its type, given up as an Action, and no Status. */
static void test_without_types(void **state) {
    (void)state;
    EXPECT_DSN(
        "Final-Recipient: RFC822; a@far.example\r\nAction: failed\r\nDiagnostic-Code: 550 5.2.1 off; ask us\r\n\r\n"
        "Final-Recipient: RFC822; b@far.example\r\nAction: expired\r\nStatus: \r\n",
        DSN_HEAD "bounce a@far.example - - 550 5.2.1 - - \"off; ask us\"\nbounce b@far.example - - - - - - \"-\"\n");
}

static void test_kinds(void **state) {
    (void)state;
    static const struct {
        const char *fields, *kind;
    } cases[] = {{"Action: failed\r\nStatus: 4.4.7\r\n", "bounce"},
                 {"Action: expanded\r\nStatus: 2.0.0\r\n", "success"},
                 {"Action: delivered\r\n", "success"},
                 {"Status: 5.0.0\r\n", "bounce"},
                 {"Status: 4.0.0\r\n", "delay"},
                 {"Action: what\r\nStatus: 2.0.0\r\n", "success"},
                 {"Will-Retry-Until: x\r\n", "delay"},
                 {"Action: delayed\r\nStatus: 4.4.7\r\n", "delay"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char mail[1024], start[32];
        (void)snprintf(mail, sizeof mail, DSN_MAIL("x", "Final-Recipient: rfc822; a@b.example\r\n%s"), cases[i].fields);
        (void)snprintf(start, sizeof start, "%s <1@home.example>", cases[i].kind);
        assert_memory_equal(run_report(&run, span_from_string(mail), 1), start, strlen(start));
    }
}

/* A block that names nobody, or whose mailbox is none, or that says nothing, tells of nobody. */
static void test_nobody(void **state) {
    (void)state;
    static const char none[] = "none - - - - 0\n";
    EXPECT_DSN(HEAD "Action: failed\r\nStatus: 5.1.1\r\n", none);
    EXPECT_DSN(HEAD "Final-Recipient: rfc822; a b@c.example\r\nAction: failed\r\n", none);
    EXPECT_DSN(HEAD "Final-Recipient: rfc822; a@c.example\r\n", none);
    EXPECT_DSN(HEAD "Final-Recipient: rfc822; a@c.example\r\nStatus: 7.1.1\r\n", none);
    EXPECT_DSN(" Final-Recipient: rfc822; a@c.example\r\n Action: failed\r\n", none);
}

/* Blanks in quotes, and comments; what stands in quotes names nobody else. */
static void test_quoted(void **state) {
    (void)state;
    EXPECT_DSN(HEAD
               "Original-Recipient: rfc822; bob@far.example (Bob)\r\n"
               "Final-Recipient: rfc822; \"bob smith\"@far.example\r\nAction: failed\r\n\r\n"
               "Final-Recipient: rfc822; \"<eve@near.example>; x\"@far.example\r\nAction: failed\r\n",
               DSN_HEAD
               "bounce bob@far.example \"bob smith\"@far.example - - - - - \"-\"\n"
               "bounce \"<eve@near.example>; x\"@far.example - - - - - - \"-\"\n");
}

static void test_first_counts(void **state) {
    (void)state;
    EXPECT_DSN(HEAD
               "Final-Recipient: rfc822; a@b.example\r\nFinal-Recipient: rfc822; x@b.example\r\nAction: failed\r\n"
               "Action: delivered\r\nStatus: 5.1.1\r\nStatus: 2.0.0\r\nDiagnostic-Code: smtp; 550 no\r\n"
               "Diagnostic-Code: smtp; 250 yes\r\n",
               DSN_HEAD "bounce a@b.example - 5.1.1 550 - - - \"no\"\n");
}

/* What is in the way of the local delivery is no reply, whatever it begins with. */
static void test_diagnostic_types(void **state) {
    (void)state;
    EXPECT_DSN(HEAD
               "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nDiagnostic-Code: x-unix; 550 no code\r\n",
               DSN_HEAD "bounce a@b.example - - - - - - \"550 no code\"\n");
    EXPECT_DSN(HEAD
               "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n"
               "Diagnostic-Code: smtp; The server did not answer.\r\n",
               DSN_HEAD "bounce a@b.example - - - - - - \"The server did not answer.\"\n");
}

static void test_many(void **state) {
    (void)state;
    static char mail[16384];
    size_t len = (size_t)snprintf(mail, sizeof mail, "%s",
                                  "From: postmaster@a.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
                                  "--b\r\nContent-Type: message/delivery-status\r\n\r\n");
    for (unsigned i = 0; i < LIMIT_REPORT_RECIPIENTS + 5; i++)
        len += (size_t)snprintf(mail + len, sizeof mail - len,
                                "Final-Recipient: rfc822; r%u@b.example\r\nAction: failed\r\n\r\n", i);
    const char *record = run_report(&run, span_of(mail, len), 1);
    assert_memory_equal(record, "bounce - - - - 5\n", 17);
    assert_non_null(strstr(record, "bounce r31@b.example "));
    assert_null(strstr(record, "r32@b.example"));
    assert_int_equal(run.counters.report_recipients, 5);
}

/* RFC 5322 4.2: a line of blanks goes on with the field; but two recipients are never made one. */
static void test_lines_of_blanks(void **state) {
    (void)state;
    EXPECT_DSN(HEAD
               "Original-Recipient: rfc822;a@far.example\r\n \r\nFinal-Recipient: rfc822;\r\n \t\r\n b@far.example\r\n"
               "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n \r\n No such user\r\n\t\r\n"
               "Remote-MTA: dns; mx.far.example\r\n",
               DSN_HEAD "bounce a@far.example b@far.example 5.1.1 550 - - mx.far.example \"No such user\"\n");
    /* Names first, or Action first; the second recipient alone has an Original-Recipient. */
    EXPECT_DSN(
        "Reporting-MTA: dns; mx.example\r\n \r\n"
        "Final-Recipient: rfc822;a@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n \r\n"
        "Original-Recipient: rfc822;b@far.example\r\nFinal-Recipient: rfc822;c@far.example\r\n"
        "Action: delayed\r\nStatus: 4.4.1\r\n",
        DSN_HEAD
        "bounce a@far.example - 5.1.1 - - - - \"-\"\n"
        "delay b@far.example c@far.example 4.4.1 - - - - \"-\"\n");
    EXPECT_DSN(HEAD
               "Action: failed\r\nFinal-Recipient: rfc822;a@far.example\r\nStatus: 5.1.1\r\n \r\n"
               "Action: delayed\r\nFinal-Recipient: rfc822;b@far.example\r\nStatus: 4.4.1\r\n",
               DSN_HEAD "bounce a@far.example - 5.1.1 - - - - \"-\"\ndelay b@far.example - 4.4.1 - - - - \"-\"\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_blanks),
        cmocka_unit_test(test_ordinary),
        cmocka_unit_test(test_forwarded),
        cmocka_unit_test(test_odd_orders),
        cmocka_unit_test(test_without_types),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_first_counts),
        cmocka_unit_test(test_diagnostic_types),
        cmocka_unit_test(test_many),
    };
    report_run_begin(&run);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_run_end(&run);
    return failed;
}
