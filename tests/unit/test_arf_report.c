/* Tests of the fields of complaints (RFC 5965).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_run.h"

static struct report_run run;

#define ARF_MAIL(fields)                                                                                           \
    "From: desk@far.example\r\nSubject: FW: hello\r\nContent-Type: multipart/report; boundary=b;\r\n"              \
    " report-type=feedback-report\r\n\r\n--b\r\n\r\nA report.\r\n--b\r\nContent-Type: message/feedback-report\r\n" \
    "\r\n" fields                                                                                                  \
    "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Anna <anna@home.example>\r\n"                            \
    "Message-ID: <1@home.example>\r\n\r\nHello\r\n--b--\r\n"
#define EXPECT_ARF(fields, expected) expect_report(&run, SPAN_LITERAL(ARF_MAIL(fields)), expected)

static void test_every_field(void **state) {
    (void)state;
    EXPECT_ARF(
        "Feedback-Type: Abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Envelope-Id: 77\r\n"
        "Original-Mail-From: <news@home.example>\r\nOriginal-Rcpt-To: <bob@far.example>\r\n"
        "Original-Rcpt-To: carl@far.example\r\n",
        "complaint <1@home.example> 77 news@home.example abuse 0\n"
        "complaint bob@far.example - - - - - - \"-\"\ncomplaint carl@far.example - - - - - - \"-\"\n");
}

static void test_least(void **state) {
    (void)state;
    EXPECT_ARF("Feedback-Type:\r\n fraud\r\nUser-Agent: x\r\nVersion: 1\r\n",
               "complaint <1@home.example> - anna@home.example fraud 0\n");
}

/* Taken back (RFC 6430), or nobody's complaint (RFC 6591), or no type, which is required. */
static void test_no_complaint(void **state) {
    (void)state;
    EXPECT_ARF("Feedback-Type: not-spam\r\n", "none <1@home.example> - anna@home.example not-spam 0\n");
    EXPECT_ARF("Feedback-Type: auth-failure\r\n", "none <1@home.example> - anna@home.example auth-failure 0\n");
    EXPECT_ARF("User-Agent: x\r\n", "none <1@home.example> - anna@home.example - 0\n");
}

/* Whether somebody complains, by the type: the names of RFC 5965 7.3 do, those of RFC 6430 and 6591, and what no RFC
 * has, do not.  Quotes and comments are taken off. */
static void test_types(void **state) {
    (void)state;
    static const struct {
        const char *written, *type;
        bool complains;
    } cases[] = {
        {"abuse", "abuse", true},
        {"\"abuse\"", "abuse", true},
        {"ABUSE (yes)", "abuse", true},
        {"(a user says) abuse", "abuse", true},
        {"abuse; x=1", "abuse", true},
        {"abuse\r\nFeedback-Type: not-spam", "abuse", true},
        {"fraud", "fraud", true},
        {"virus", "virus", true},
        {"other", "other", true},
        {"Spam", "spam", true},
        {"phishing", "phishing", true},
        {"not-spam", "not-spam", false},
        {"\"Not-Spam\"", "not-spam", false},
        {"\"not-spam", "not-spam", false},
        {"not-spam (abuse)", "not-spam", false},
        {"not-spam\r\nFeedback-Type: abuse", "not-spam", false},
        {"not spam", "not", false},
        {"\"not spam\"", "not", false},
        {"notspam", "notspam", false},
        {"not_spam", "not_spam", false},
        {"ham", "ham", false},
        {"unsubscribe", "unsubscribe", false},
        {"opt-out", "opt-out", false},
        {"opt-out-list", "opt-out-list", false},
        {"auth-failure", "auth-failure", false},
        {"auth-failure-report", "auth-failure-report", false},
        {"dmarc", "dmarc", false},
        {"dkim", "dkim", false},
        {"info", "info", false},
        {"miscategorized", "miscategorized", false},
        {"\"\"", "-", false},
        {"\"", "-", false},
    };
    char mail[1024], expected[128];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)snprintf(mail, sizeof mail, ARF_MAIL("Feedback-Type: %s\r\nVersion: 1\r\n"), cases[i].written);
        (void)snprintf(expected, sizeof expected, "%s <1@home.example> - anna@home.example %s 0\n",
                       cases[i].complains ? "complaint" : "none", cases[i].type);
        expect_report(&run, span_from_string(mail), expected);
    }
}

/* Without multipart/report it is an attachment of somebody's. */
static void test_attached(void **state) {
    (void)state;
    expect_report(&run,
                  SPAN_LITERAL("From: postmaster@far.example\r\nSubject: FW: delivery\r\n"
                               "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                               "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--\r\n"),
                  "none - - - - 0\n");
}

/* XARF in this form speaks of anything, and a message is attached only where it is of a message. */
static void test_xarf_as_feedback(void **state) {
    (void)state;
    EXPECT_ARF("Feedback-Type: xarf\r\n", "complaint <1@home.example> - anna@home.example xarf 0\n");
    expect_report(&run,
                  SPAN_LITERAL("From: desk@far.example\r\nContent-Type: multipart/report; boundary=b;\r\n"
                               " report-type=feedback-report\r\n\r\n--b\r\n"
                               "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: xarf\r\n--b\r\n"
                               "Content-Type: application/json\r\n\r\n{\"ReportType\": \"LoginAttack\"}\r\n--b--\r\n"),
                  "none - - - xarf 0\n");
}

/* --- complaints in other forms ------------------------------------------------------------------------------------ */

#define JUNK(from, subject, header)                                                                                    \
    from subject "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" header \
                 "Return-Path: <anna@home.example>\r\nMessage-ID: <1@home.example>\r\n\r\nHello\r\n--b--\r\n"
#define MICROSOFT "From: staff@hotmail.com\r\n"
#define DESK "From: desk@far.example\r\n"
#define ABOUT "Subject: complaint about message from 192.0.2.1\r\n"
#define NAMED "X-HmXmrOriginalRecipient: <bob@far.example>\r\n"
#define JUNK_HEAD "complaint <1@home.example> - anna@home.example - 0\n"

/* Microsoft's: the message itself, and in its header for whom it was. */
static void test_microsoft(void **state) {
    (void)state;
    static const char bob[] = JUNK_HEAD "complaint bob@far.example - - - - - - \"-\"\n";
    expect_report(&run, SPAN_LITERAL(JUNK(MICROSOFT, ABOUT, NAMED)), bob);
    expect_report(&run, SPAN_LITERAL(JUNK(DESK, ABOUT, NAMED)), bob);
    expect_report(&run, SPAN_LITERAL(JUNK(MICROSOFT, ABOUT, "")), JUNK_HEAD);
    expect_report(&run, SPAN_LITERAL(JUNK(DESK, ABOUT, "")), "none - - - - 0\n");
    expect_report(&run, SPAN_LITERAL(JUNK(DESK, "Subject: Fwd: complaint about message from 192.0.2.1\r\n", NAMED)),
                  "none - - - - 0\n");
    expect_report(&run, SPAN_LITERAL(JUNK(MICROSOFT, "Subject: Your account\r\n", "")), "none - - - - 0\n");
    expect_report(&run, SPAN_LITERAL(JUNK(MICROSOFT, ABOUT "List-Id: <x>\r\n", NAMED)), "none - - - - 0\n");
    /* No message came back. */
    expect_report(&run, SPAN_LITERAL(MICROSOFT ABOUT "\r\nx\r\n"), "none - - - - 0\n");
    expect_report(&run,
                  SPAN_LITERAL(MICROSOFT ABOUT "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
                                               "x\r\n--b--\r\n"),
                  "none - - - - 0\n");
}

#define XARF(type, last)                                                                                      \
    "From: desk@far.example\r\nX-XARF: PLAIN\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" \
    "Report-Type: spam\r\n--b\r\nContent-Type: text/plain; name=report.txt\r\n\r\nCategory: abuse\r\n"        \
    "Report-Type: " type "\r\n--b\r\nContent-Type: " last                                                     \
    "\r\n\r\nReturn-Path: <anna@home.example>\r\nMessage-ID: "                                                \
    "<1@home.example>\r\n\r\nHello\r\n--b--\r\n"

/* X-ARF 0.2: its second text says of what kind it is, its last part is what it is about. */
static void test_xarf(void **state) {
    (void)state;
    expect_report(&run, SPAN_LITERAL(XARF("spam", "message/rfc822")),
                  "complaint <1@home.example> - anna@home.example spam 0\n");
    expect_report(&run, SPAN_LITERAL(XARF("Spam", "text/rfc822-headers")),
                  "complaint <1@home.example> - anna@home.example spam 0\n");
    expect_report(&run, SPAN_LITERAL(XARF("login-attack", "message/rfc822")), "none - - - - 0\n");
    expect_report(&run, SPAN_LITERAL(XARF("spam", "text/plain")), "none - - - - 0\n");
    /* The text for people may be HTML, or both. */
#define XARF_BEHIND(part)                                                                                     \
    SPAN_LITERAL(                                                                                             \
        "From: desk@far.example\r\nX-XARF: PLAIN\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" \
        "Content-Type: " part                                                                                 \
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nReport-Type: spam\r\n--b\r\n"                             \
        "Content-Type: message/rfc822\r\n\r\nMessage-ID: <1@home.example>\r\n\r\nHello\r\n--b--\r\n")
    static const char told[] = "complaint <1@home.example> - - spam 0\n";
    expect_report(&run, XARF_BEHIND("text/html\r\n\r\n<p>Report-Type: login-attack"), told);
    expect_report(&run,
                  XARF_BEHIND("multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nHello\r\n--c\r\n"
                              "Content-Type: text/html\r\n\r\n<p>Hello\r\n--c--"),
                  told);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field), cmocka_unit_test(test_least),    cmocka_unit_test(test_no_complaint),
        cmocka_unit_test(test_types),       cmocka_unit_test(test_attached), cmocka_unit_test(test_xarf_as_feedback),
        cmocka_unit_test(test_microsoft),   cmocka_unit_test(test_xarf),
    };
    report_run_begin(&run);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_run_end(&run);
    return failed;
}
