/* Notices: of which reports, and what they say of whom.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/notice.h"

#define BOUNCES                                                                                  \
    "classes:\n"                                                                                 \
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5, codes: [5yz]}\n"          \
    "  - {name: gone, fault: list, hard: true, weight: 1, passed_on: 0.25, enhanced: [x.1.1]}\n" \
    "  - {name: expired, fault: receiver, hard: false, weight: 0.125, codes: [4yz]}\n"           \
    "texts:\n"                                                                                   \
    "  - {class: gone, match: no such user, example: 550 no such user}\n"

static struct bounce_rules *bounces;

static int begin(void **state) {
    struct problem problem;
    (void)state;
    bounces = bounce_rules_load("b", span_from_string(BOUNCES), &problem);
    if (bounces == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return 0;
}

static int end(void **state) {
    (void)state;
    bounce_rules_free(bounces);
    return 0;
}

static void which_reports(void **state) {
    (void)state;
    static const bool due[] = {[REPORT_BOUNCE] = true,
                               [REPORT_DELAY] = true,
                               [REPORT_SUCCESS] = true,
                               [REPORT_COMPLAINT] = true,
                               [REPORT_MDN] = false};
    assert_false(notice_is_due(NULL));
    for (size_t i = 0; i < sizeof due / sizeof due[0]; i++) {
        struct mail_report report = {.kind = (enum report_kind)i};
        assert_int_equal(notice_is_due(&report), due[i]);
    }
}

static struct notice made(const struct mail_report *report, const struct report_recipient *recipient) {
    static const struct stream_info stream = {.client.port = 40000, .server.port = 25};
    static struct recipient_block block;
    block.recipients[0].mailbox = SPAN_LITERAL("Sender@x");
    struct message message = {.end = 77, .recipients_first = &block, .recipients_last = &block, .recipient_count = 1};
    struct verdict_context const context = {.bounces = bounces, .stream = &stream};
    struct notice notice;
    notice_make(&notice, &context, &message, report, recipient);
    return notice;
}

static void of_a_bounce(void **state) {
    (void)state;
    struct mail_report report = {.kind = REPORT_BOUNCE, .message_id = SPAN_LITERAL("<1@x>")};
    struct report_recipient recipient = {
        .mailbox = SPAN_LITERAL("r@y"), .final = SPAN_LITERAL("f@z"), .kind = REPORT_BOUNCE};
    recipient.reply = (struct smtp_reply){.code = 550, .enhanced = {5, 0, 0}, .text = SPAN_LITERAL("not here\t!")};
    struct notice notice = made(&report, &recipient);
    assert_int_equal(notice.kind, REPORT_BOUNCE);
    assert_int_equal(notice.time, 77);
    assert_int_equal(notice.source.port, 25);
    assert_int_equal(notice.brought_by.port, 40000);
    assert_true(notice.message_id == sent_hash(SPAN_LITERAL("<1@x>")));
    assert_true(notice.sender == sent_hash_mailbox(SPAN_LITERAL("sender@x")));
    assert_true(notice.mailbox == sent_hash_mailbox(SPAN_LITERAL("r@y")));
    assert_true(notice.final == sent_hash_mailbox(SPAN_LITERAL("f@z")));
    assert_string_equal(notice.message_id_text, "<1@x>");
    assert_int_equal(notice.code, 550);
    assert_true(notice.enhanced.class_ == 5 && notice.enhanced.subject == 0 && notice.enhanced.detail == 0);
    assert_int_equal(notice.bounce_class, 0); /* 5.0.0 says nothing, 550 little */
    recipient.reply.text = SPAN_LITERAL("no such user\t!");
    notice = made(&report, &recipient);
    assert_string_equal(notice.reply_text, "no such user !");
    assert_int_equal(notice.bounce_class, 1);
    assert_true(notice.weight == 1 && notice.passed_on_weight == 0.25f);
    recipient.in_reply = (struct enhanced_code){5, 2, 1};
    notice = made(&report, &recipient);
    assert_true(notice.enhanced.class_ == 5 && notice.enhanced.subject == 2 && notice.enhanced.detail == 1);
}

/* Where no server's reply is quoted, the status decides; a 4 says that the sender's server gave up. */
static void without_a_code(void **state) {
    (void)state;
    struct mail_report report = {.kind = REPORT_BOUNCE};
    struct report_recipient recipient = {.kind = REPORT_BOUNCE};
    recipient.reply = (struct smtp_reply){.enhanced = {4, 4, 7}};
    struct notice notice = made(&report, &recipient);
    assert_int_equal(notice.code, 0);
    assert_int_equal(notice.bounce_class, 2);
    assert_true(notice.weight == 0.125f && notice.passed_on_weight == 0.125f); /* no other is given */
    recipient.reply.enhanced = (struct enhanced_code){5, 1, 1};
    assert_int_equal(made(&report, &recipient).bounce_class, 1);
    recipient.reply.enhanced.class_ = 0;
    assert_int_equal(made(&report, &recipient).bounce_class, 0);
}

static void of_what_is_no_bounce(void **state) {
    (void)state;
    struct mail_report report = {.kind = REPORT_COMPLAINT, .message_id = SPAN_LITERAL("<1@x>")};
    struct report_recipient recipient = {.mailbox = SPAN_LITERAL("r@y"), .kind = REPORT_NONE};
    assert_int_equal(made(&report, &recipient).kind, REPORT_COMPLAINT);
    assert_true(made(&report, &recipient).weight == 0);
    assert_int_equal(made(&report, NULL).kind, REPORT_COMPLAINT);
    report.kind = REPORT_BOUNCE; /* of two recipients one was only late */
    recipient.kind = REPORT_DELAY;
    recipient.reply.code = 450;
    assert_int_equal(made(&report, &recipient).kind, REPORT_DELAY);
    assert_true(made(&report, &recipient).weight == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_reports),
        cmocka_unit_test(of_a_bounce),
        cmocka_unit_test(without_a_code),
        cmocka_unit_test(of_what_is_no_bounce),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
