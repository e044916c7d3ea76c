/* Tests of notices for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_run.h"

static struct report_run run;

#define NOTICE(text) "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n" text
#define EXPECT_NOTICE(text, expected) expect_report(&run, SPAN_LITERAL(NOTICE(text)), expected)
#define NONE "none - - - - 0\n"

static void test_qmail(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n"
        "\r\n<bob@far.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n<eve@far.example>:\r\n"
        "192.0.2.1 does not like recipient.\r\nRemote host said: 554 5.7.1 listed\r\nGiving up on 192.0.2.1.\r\n"
        "\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <anna@home.example>\r\n"
        "Message-ID:\r\n <1@home.example>\r\n\r\n<mallory@far.example>:\r\nnot of the notice\r\n",
        DSN_HEAD
        "bounce bob@far.example - - - 5.1.1 - - \"Sorry, no mailbox here by that name. (#5.1.1)\"\n"
        "bounce eve@far.example - - 554 5.7.1 rcpt - \"listed\"\n");
}

static void test_dma(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "This is the DragonFly Mail Agent v0.13 at mx.example.\r\n\r\nThere was an error delivering your mail to "
        "<bob@far.example>.\r\n\r\nmx.far.example [192.0.2.1] did not like our RCPT TO:\r\n550 5.1.1 "
        "<bob@far.example>: "
        "unknown\r\n\r\nMessage headers follow.\r\n\r\nFrom: A <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n",
        DSN_HEAD "bounce bob@far.example - - 550 5.1.1 rcpt - \"<bob@far.example>: unknown\"\n");
}

/* Exim without its report part: an entry goes on as long as it is indented deeper. */
static void test_exim(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not "
        "be delivered to one or more of its\r\nrecipients:\r\n\r\n  a@far.example\r\n    SMTP error from remote mail "
        "server after end of data:\r\n    554 5.7.1 <a@far.example>: No\r\n  b@far.example\r\n    Unrouteable "
        "address\r\n"
        "\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n"
        "Return-path: <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n\r\n",
        DSN_HEAD
        "bounce a@far.example - - 554 5.7.1 body - \"<a@far.example>: No\"\n"
        "bounce b@far.example - - - - - - \"Unrouteable address\"\n");
    EXPECT_NOTICE(
        "This message was created automatically by mail delivery software.\r\nA message that you sent has not yet "
        "been delivered to one or more.\r\n\r\n  a@far.example\r\n",
        "delay - - - - 0\ndelay a@far.example - - - - - - \"-\"\n");
}

static void test_sentences(void **state) {
    (void)state;
    EXPECT_NOTICE(
        "Your message to bob@far.example could not be delivered because the mailbox\r\nis over its "
        "quota.\r\n\r\nBye\r\n",
        "bounce - - - - 0\nbounce bob@far.example - - - - - - "
        "\"could not be delivered because the mailbox is over its quota.\"\n");
    EXPECT_NOTICE("Your message to bob@far.example was received.\r\n", NONE);
    EXPECT_NOTICE("Some mails could not be delivered.\r\n", NONE);
    EXPECT_NOTICE("<bob@far.example>: 550 no\r\n", NONE); /* nobody says what it is */
}

/* Quoted, by somebody who is no server, over a list, or with a sender: talk about a notice. */
static void test_talk(void **state) {
    (void)state;
    EXPECT_NOTICE("> Hi. This is the qmail-send program at mx.example.\r\n> <bob@far.example>:\r\n> no\r\n", NONE);
    static const char text[] = "Your message to bob@far.example could not be delivered.\r\n";
    static const char expected[] = "bounce - - - - 0\nbounce bob@far.example - - - - - - \"could not be delivered.\"\n";
    char mail[512];
    (void)snprintf(mail, sizeof mail, "From: Bob <bob@far.example>\r\nSubject: Undeliverable\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    run.envelope.known = true;
    assert_string_equal(run_report(&run, span_from_string(mail), 0), expected);
    (void)snprintf(mail, sizeof mail,
                   "From: postmaster@far.example\r\nList-Id: <x>\r\nSubject: Undeliverable\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    (void)snprintf(mail, sizeof mail, "From: postmaster@far.example\r\nSubject: x\r\n\r\n%s", text);
    assert_string_equal(run_report(&run, span_from_string(mail), 0), expected);
    run.envelope.sender = SPAN_LITERAL("postmaster@far.example");
    assert_string_equal(run_report(&run, span_from_string(mail), 0), NONE);
    run.envelope = (struct report_envelope){.known = false};
}

/* Postfix folds, and a folded line may begin with the address: it is the same entry's. */
static void test_beside_fields(void **state) {
    (void)state;
    expect_report(
        &run,
        SPAN_LITERAL(DSN_MAIL("This is the mail system at host mx.example.\r\n\r\n<bob@far.example>: host "
                              "mx.far.example said: 550 5.1.1\r\n    <bob@far.example>: unknown (in reply to RCPT\r\n"
                              "    TO command)\r\n",
                              "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")),
        DSN_HEAD "bounce bob@far.example - 5.1.1 550 5.1.1 rcpt - \"<bob@far.example>: unknown\"\n");
    expect_report(
        &run,
        SPAN_LITERAL(DSN_MAIL("   ----- Transcript of session follows -----\r\n554 5.0.0 MX list points back\r\n"
                              "550 5.1.2 <bob@far.example>... Host unknown\r\n",
                              "Final-Recipient: rfc822; bob@far.example\r\nAction: failed\r\nStatus: 5.1.2\r\n")),
        DSN_HEAD "bounce bob@far.example - 5.1.2 554 5.0.0 - - \"MX list points back\"\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qmail),     cmocka_unit_test(test_dma),  cmocka_unit_test(test_exim),
        cmocka_unit_test(test_sentences), cmocka_unit_test(test_talk), cmocka_unit_test(test_beside_fields),
    };
    report_run_begin(&run);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_run_end(&run);
    return failed;
}
