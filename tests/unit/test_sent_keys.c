/* What a message is known again by: hashes of its envelope, what each recipient weighs, signs that it is passed on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/sent_keys.h"

static struct recipient to(const char *mailbox, enum outcome outcome) {
    return (struct recipient){.mailbox = span_from_string(mailbox), .outcome = outcome};
}

static void hashes(void **state) {
    (void)state;
    assert_true(sent_hash_mailbox(SPAN_LITERAL("User@Example.ORG")) ==
                sent_hash_mailbox(SPAN_LITERAL("user@example.org")));
    assert_false(sent_hash_mailbox(SPAN_LITERAL("user@example.org")) ==
                 sent_hash_mailbox(SPAN_LITERAL("usr@example.org")));
    assert_false(sent_hash(SPAN_LITERAL("<A@b>")) == sent_hash(SPAN_LITERAL("<a@b>"))); /* RFC 5322 3.6.4 */
    assert_false(sent_hash(SPAN_EMPTY) == 0); /* a null sender is known, too */
}

static void an_envelope(void **state) {
    (void)state;
    struct message message = {.sender_seen = true, .sender = SPAN_LITERAL("a@x"), .declared_size = 1234};
    struct mail_summary summary = {.message_id = SPAN_LITERAL("<1@x>")};
    struct recipient one = to("r@y", OUTCOME_DELIVERED), two = to("S@y", OUTCOME_BOUNCED);
    struct sent sent, other;
    sent_begin(&sent, &message, &summary);
    sent_add_mailbox(&sent, &one, 0, 0);
    sent_add_mailbox(&sent, &two, 0.255, 0.1);
    sent_end(&sent, &message);
    assert_true(sent.message_id == sent_hash(SPAN_LITERAL("<1@x>")));
    assert_true(sent.sender == sent_hash_mailbox(SPAN_LITERAL("a@x")));
    assert_int_equal(sent.size, 1234);
    assert_int_equal(sent.recipients, 2);
    assert_int_equal(sent.kept, 2);
    assert_true(sent.mailboxes[1].mailbox == sent_hash_mailbox(SPAN_LITERAL("s@y")));
    assert_int_equal(sent.mailboxes[1].outcome, OUTCOME_BOUNCED);
    assert_int_equal(sent.mailboxes[1].percent, 26); /* rounded */
    assert_int_equal(sent.mailboxes[1].passed_on_percent, 10);
    sent_begin(&other, &message, &summary);
    sent_add_mailbox(&other, &two, 0, 0);
    sent_add_mailbox(&other, &one, 0, 0);
    sent_end(&other, &message);
    assert_true(other.everyone == sent.everyone); /* in whatever order */
    message.commands_lost = true;
    sent_end(&other, &message);
    assert_true(other.everyone == 0); /* there may be more */
}

static uint32_t org_of_from(const char *domain) {
    struct message message = {.sender_seen = true};
    struct mail_summary summary = {.from_domain = span_from_string(domain)};
    struct sent sent;
    sent_begin(&sent, &message, &summary);
    struct url_figures looked_up = {.from_org = 0};
    assert_true(url_figures_take(&looked_up, SPAN_LITERAL("http://x.example/"), (struct url_written){.bare = false},
                                 summary.from_domain));
    summary.url_figures = looked_up;
    struct sent with_url;
    sent_begin(&with_url, &message, &summary);
    assert_int_equal(with_url.marks.from_org, sent.marks.from_org);
    return sent.marks.from_org;
}

/* RFC 7489 3.2: what is in front of a public suffix's next label does not make another organisation. */
static void who_writes(void **state) {
    (void)state;
    uint32_t const shop = org_of_from("shop.co.uk");
    assert_true(shop != 0);
    assert_int_equal(org_of_from("news.shop.co.uk"), shop);
    assert_int_equal(org_of_from("a.b.c.Shop.co.uk."), shop);
    assert_int_not_equal(org_of_from("other.co.uk"), shop);
    assert_int_not_equal(org_of_from("one.github.io"), org_of_from("two.github.io"));
    assert_int_equal(org_of_from("x.b\xc3\xbc\x63her.example"), org_of_from("xn--bcher-kva.example"));
    assert_int_equal(org_of_from(""), 0);
}

static void what_was_not_seen(void **state) {
    (void)state;
    struct message message = {.sender_seen = false};
    struct sent sent;
    sent_begin(&sent, &message, NULL);
    sent_end(&sent, &message);
    assert_true(sent.message_id == 0 && sent.sender == 0 && sent.everyone == 0 && sent.recipients == 0);
    assert_int_equal(sent_passes_on(&message, NULL), 0);
}

static void more_than_are_kept(void **state) {
    (void)state;
    struct message message = {.sender_seen = true};
    struct recipient recipient = to("r@y", OUTCOME_BOUNCED);
    struct sent sent;
    sent_begin(&sent, &message, NULL);
    for (int i = 0; i < LIMIT_SENT_MAILBOXES; i++) sent_add_mailbox(&sent, &recipient, 1, 1);
    sent_add_mailbox(&sent, &recipient, 0.6, 0.3);
    sent_add_mailbox(&sent, &recipient, 0.2, 0.1);
    assert_int_equal(sent.kept, LIMIT_SENT_MAILBOXES);
    assert_int_equal(sent.recipients, LIMIT_SENT_MAILBOXES + 2);
    assert_int_equal(sent.rest_percent, 40); /* (60 + 20) / 2 */
    assert_int_equal(sent.rest_passed_on_percent, 20);
}

static void signs(void **state) {
    (void)state;
    static const struct {
        const char *sender;
        unsigned signs;
    } rows[] = {
        {"", PASSES_NULL},
        {"SRS0=HHH=TT=example.org=user@forwarder.example", PASSES_SRS},
        {"srs1=HHH=other.example==HHH=TT=example.org=user@forwarder.example", PASSES_SRS},
        {"SRS0+HHH=TT=example.org=user@forwarder.example", PASSES_SRS},
        {"SRS0@example.org", 0},
        {"SRS", 0},
        {"user@example.org", 0},
    };
    struct mail_summary summary = {.passes_on = PASSES_LIST};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message message = {.sender_seen = true, .sender = span_from_string(rows[i].sender)};
        assert_int_equal(sent_passes_on(&message, NULL), rows[i].signs);
        assert_int_equal(sent_passes_on(&message, &summary), rows[i].signs | PASSES_LIST);
    }
}

static void marks(void **state) {
    (void)state;
    struct message message = {.sender_seen = false};
    struct mail_summary summary = {.subject = SPAN_LITERAL("Offer 12"), .from_domain = SPAN_LITERAL("x.example")};
    struct mail_summary same = {.subject = SPAN_LITERAL("offer 13"), .from_domain = SPAN_LITERAL("y.example")};
    struct recipient first = to("ann@y", OUTCOME_BOUNCED), second = to("ben@y", OUTCOME_DELIVERED);
    struct sent sent, other;
    first.reply.code = 550;
    sent_begin(&sent, &message, &summary);
    sent_add_mailbox(&sent, &first, 1, 1);
    sent_add_mailbox(&sent, &second, 0, 0);
    sent_begin(&other, &message, &same);
    assert_true(sent.marks.subject != 0);
    assert_int_equal(sent.marks.subject, other.marks.subject);
    assert_int_not_equal(sent.marks.from_org, other.marks.from_org);
    assert_int_equal(sent.marks.recipients.all.count, 2);
    assert_int_equal(sent.marks.recipients.longest.refused, 1);
    sent_begin(&other, &message, NULL);
    assert_int_equal(other.marks.subject, 0);
    assert_int_equal(other.marks.from_org, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(an_envelope),
        cmocka_unit_test(who_writes),
        cmocka_unit_test(what_was_not_seen),
        cmocka_unit_test(more_than_are_kept),
        cmocka_unit_test(signs),
        cmocka_unit_test(marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
