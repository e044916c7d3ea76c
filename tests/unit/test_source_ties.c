/* What ties messages together: further tries, refused greetings that repeat, late bounces, mail passed on for others.
 *
 * Every figure follows from the story told in its test: a message of n recipients counts the mean of what they weigh.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/source_table.h"
#include "verdicts.h"

struct bench {
    struct counters counters;
    struct sample_settings settings;
    struct source_table *table;
    struct ip_address ip;
    nstime now;
    struct verdict verdict;
    struct sent sent;
    struct scores scores;
};

static int begin(void **state) {
    static struct bench bench;
    bench = (struct bench){.settings = settings_for_tests(4, 64), .ip = ipv4(192, 0, 2, 1), .now = TEST_START};
    bench.settings.sent_max = 4096;
    bench.table = source_table_new(&bench.settings, &bench.counters);
    assert_non_null(bench.table);
    *state = &bench;
    return 0;
}

static int end(void **state) {
    struct bench *b = *state;
    source_table_free(b->table);
    return 0;
}

static void new_table(struct bench *b) {
    source_table_free(b->table);
    b->counters = (struct counters){0};
    b->table = source_table_new(&b->settings, &b->counters);
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static uint64_t hash(const char *text) {
    return text == NULL ? 0 : sent_hash(span_from_string(text));
}

/* Begins a message; its recipients follow. */
static void mail(struct bench *b, const char *message_id, const char *sender) {
    b->verdict = verdict_good(b->ip, b->now);
    b->sent = (struct sent){.message_id = hash(message_id), .sender = hash(sender)};
    b->verdict.content_known = message_id != NULL;
}

static void to(struct bench *b, const char *mailbox, enum outcome outcome, unsigned percent) {
    uint64_t const mailbox_hash = sent_hash_mailbox(span_from_string(mailbox));
    b->sent.everyone += mailbox_hash;
    b->sent.recipients++;
    if (b->sent.kept == LIMIT_SENT_MAILBOXES) {
        b->sent.rest_percent = (uint8_t)percent; /* all the same in these tests */
        return;
    }
    b->sent.mailboxes[b->sent.kept++] = (struct sent_mailbox){.mailbox = mailbox_hash,
                                                              .outcome = (uint8_t)outcome,
                                                              .percent = (uint8_t)percent,
                                                              .passed_on_percent = (uint8_t)(percent / 5)};
}

/* Its outcome, and what it weighs. */
static void ends(struct bench *b, enum outcome outcome, double weight) {
    b->verdict.outcome = (uint8_t)outcome;
    b->verdict.stage = outcome == OUTCOME_DELIVERED ? STAGE_NONE : STAGE_RCPT;
    b->verdict.bounce_weight = (float)weight;
    b->verdict.passed_on_weight = (float)(weight / 5);
    (void)source_table_add(b->table, &b->verdict, &b->sent);
    b->now += SECONDS(60);
}

/* One with one recipient. */
static void send(struct bench *b, const char *message_id, const char *sender, const char *mailbox, enum outcome outcome,
                 unsigned percent) {
    mail(b, message_id, sender);
    to(b, mailbox, outcome, percent);
    ends(b, outcome, percent / 100.0);
}

static const struct scores *scores(struct bench *b) {
    struct source *source = source_table_find(b->table, &b->ip);
    assert_non_null(source);
    source_scores(b->table, source, &b->scores);
    return &b->scores;
}

static void expect(struct bench *b, unsigned messages, unsigned delivered, unsigned deferred, unsigned bounced,
                   double bounce) {
    const struct scores *s = scores(b);
    assert_int_equal(s->messages, messages);
    assert_int_equal(s->delivered, delivered);
    assert_int_equal(s->deferred, deferred);
    assert_int_equal(s->bounced, bounced);
    assert_float_equal(s->bounce.value, bounce, 0.01);
}

/* --- notices ------------------------------------------------------------------------------------------------------ */

static struct notice notice_of(const struct bench *b, enum report_kind kind, const char *message_id, const char *sender,
                               const char *mailbox, double weight) {
    return (struct notice){.time = b->now,
                           .source = {b->ip, 25},
                           .brought_by = {ipv4(198, 51, 100, 25), 40000},
                           .kind = (uint8_t)kind,
                           .code = 550,
                           .weight = (float)weight,
                           .passed_on_weight = (float)(weight / 5),
                           .message_id = hash(message_id),
                           .sender = hash(sender),
                           .mailbox = mailbox == NULL ? 0 : sent_hash_mailbox(span_from_string(mailbox)),
                           .message_id_text = "<x@example.org>",
                           .reply_text = "user unknown"};
}

static enum notice_finding hear(struct bench *b, struct notice notice) {
    enum notice_finding finding;
    struct source *source = source_table_hear(b->table, &notice, &finding);
    if (finding == NOTICE_BACKSCATTER) source_table_count_backscatter(b->table, &notice);
    assert_true((source != NULL) == (finding == NOTICE_COUNTED || finding == NOTICE_NOTHING));
    return finding;
}

static enum notice_finding bounce(struct bench *b, const char *message_id, const char *sender, const char *mailbox,
                                  double weight) {
    return hear(b, notice_of(b, REPORT_BOUNCE, message_id, sender, mailbox, weight));
}

/* --- tries -------------------------------------------------------------------------------------------------------- */

static void greylisting_leaves_no_trace(void **state) {
    struct bench *b = *state;
    send(b, NULL, "a@x", "r@y", OUTCOME_DEFERRED, 40); /* refused at RCPT: no Message-ID was said */
    expect(b, 1, 0, 1, 0, 40);
    send(b, NULL, "a@x", "r@y", OUTCOME_DEFERRED, 40);
    expect(b, 1, 0, 1, 0, 40);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(scores(b)->content_known, 1);
    assert_int_equal(scores(b)->later.retried, 2);
    assert_int_equal(b->counters.messages_retried, 2);
    send(b, "<2@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0); /* another one: the first has ended */
    expect(b, 2, 2, 0, 0, 0);
}

static void a_message_ends_as_its_last_try(void **state) {
    struct bench *b = *state;
    for (int i = 0; i < 20; i++) send(b, "<1@x>", "a@x", "r@y", OUTCOME_DEFERRED, 0);
    expect(b, 1, 0, 1, 0, 0);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_BOUNCED, 100);
    expect(b, 1, 0, 0, 1, 100);
    const struct verdict *rows[4];
    assert_int_equal(source_evidence(b->table, source_table_find(b->table, &b->ip), rows, 4), 1);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_BOUNCED, 100); /* it had ended: a person sent it again */
    expect(b, 2, 0, 0, 2, 100);
}

static void what_is_not_the_same_is_another(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DEFERRED, 50);
    send(b, "<2@x>", "a@x", "r@y", OUTCOME_DEFERRED, 50);
    send(b, NULL, "b@x", "r@y", OUTCOME_DEFERRED, 50);
    send(b, NULL, "a@x", "s@y", OUTCOME_DEFERRED, 50);
    expect(b, 4, 0, 4, 0, 50);
    for (unsigned size = 1000; size < 1003; size++) {
        mail(b, NULL, "c@x");
        b->sent.size = size;
        to(b, "r@y", OUTCOME_DEFERRED, 50);
        ends(b, OUTCOME_DEFERRED, 0.5);
    }
    expect(b, 7, 0, 7, 0, 50);
    b->ip = ipv4(192, 0, 2, 2); /* nor another source's */
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(b->counters.messages_retried, 0);
}

static void one_of_two_recipients_again(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    to(b, "s@y", OUTCOME_DEFERRED, 20);
    ends(b, OUTCOME_DELIVERED, 0.1);
    expect(b, 1, 1, 0, 0, 10);
    send(b, "<1@x>", "a@x", "s@y", OUTCOME_DEFERRED, 60);
    expect(b, 1, 1, 0, 0, 30);
    send(b, "<1@x>", "a@x", "s@y", OUTCOME_BOUNCED, 100);
    expect(b, 1, 1, 0, 0, 50);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0); /* he had it */
    expect(b, 2, 2, 0, 0, 25);
}

static void a_list_is_many_messages(void **state) {
    struct bench *b = *state;
    static const char *const members[] = {"r@y", "s@y", "t@y"};
    for (int i = 0; i < 3; i++) send(b, "<post@x>", "list@x", members[i], OUTCOME_DEFERRED, 0);
    expect(b, 3, 0, 3, 0, 0);
    for (int i = 2; i >= 0; i--)
        send(b, "<post@x>", "list@x", members[i], i == 1 ? OUTCOME_BOUNCED : OUTCOME_DELIVERED, i == 1 ? 100 : 0);
    expect(b, 3, 2, 0, 1, 33.33);
}

static void send_to_twelve(struct bench *b, unsigned from, enum outcome outcome, unsigned percent) {
    mail(b, "<1@x>", "a@x");
    for (unsigned i = 0; i < 12; i++) {
        char mailbox[] = "ra@y";
        mailbox[1] = (char)('a' + (from + i) % 12);
        to(b, mailbox, outcome, percent);
    }
    ends(b, outcome, percent / 100.0);
}

static void more_recipients_than_keys(void **state) {
    struct bench *b = *state;
    send_to_twelve(b, 0, OUTCOME_DEFERRED, 40);
    send_to_twelve(b, 7, OUTCOME_DEFERRED, 40); /* in another order */
    expect(b, 1, 0, 1, 0, 40);
    send_to_twelve(b, 3, OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "rd@y", 0.96), NOTICE_COUNTED); /* has a key: 0.96 / 12 */
    expect(b, 1, 1, 0, 0, 8);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "rl@y", 0.96), NOTICE_COUNTED); /* it began with rd: rl is the ninth */
    expect(b, 1, 1, 0, 0, 16);
}

static void given_up_and_tried_again(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_ABORTED, 0);
    expect(b, 1, 0, 0, 0, 0);
    send(b, "<2@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0); /* another one */
    expect(b, 2, 1, 0, 0, 0);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 2, 2, 0, 0, 0);
}

static void a_try_that_is_given_up_changes_nothing(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DEFERRED, 40);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_ABORTED, 0);
    expect(b, 1, 0, 1, 0, 40);
}

static void what_left_the_sample_is_a_message_of_its_own(void **state) {
    struct bench *b = *state;
    char sender[] = "a00@x";
    send(b, NULL, "a@x", "r@y", OUTCOME_DEFERRED, 40);
    for (int i = 0; i < LIMIT_SAMPLE_MESSAGES; i++) {
        sender[1] = (char)('0' + i / 10);
        sender[2] = (char)('0' + i % 10);
        send(b, NULL, sender, "r@y", OUTCOME_DELIVERED, 0);
    }
    expect(b, 100, 100, 0, 0, 0);
    send(b, NULL, "a@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 100, 100, 0, 0, 0);
    assert_int_equal(b->counters.messages_retried, 0);
    send(b, NULL, "d@x", "r@y", OUTCOME_DEFERRED, 40); /* nor does a release keep it */
    source_clear(b->table, source_table_find(b->table, &b->ip));
    send(b, NULL, "d@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
}

/* --- greetings ---------------------------------------------------------------------------------------------------- */

static void refused_greeting(struct bench *b, uint8_t server, uint16_t class_, uint16_t code) {
    struct verdict verdict = verdict_bounced(b->ip, b->now, 0.8f);
    struct sent const nothing = {.kept = 0};
    verdict.stage = STAGE_GREETING;
    verdict.destination.ip = ipv4(198, 51, 100, server);
    verdict.bounce_class = class_;
    verdict.code = code;
    (void)source_table_add(b->table, &verdict, &nothing);
}

static void the_same_refused_greeting_counts_once_an_hour(void **state) {
    struct bench *b = *state;
    for (int i = 0; i < 100; i++, b->now += SECONDS(30)) refused_greeting(b, 1, 4, 554); /* 50 minutes */
    expect(b, 1, 0, 0, 1, 80);
    assert_int_equal(scores(b)->later.repeated, 99);
    assert_int_equal(b->counters.refusals_repeated, 99);
    refused_greeting(b, 2, 4, 554); /* another server */
    refused_greeting(b, 1, 5, 554); /* another reason */
    refused_greeting(b, 1, 4, 571);
    expect(b, 4, 0, 0, 4, 80);
    b->now += MINUTES(10); /* an hour after the first */
    refused_greeting(b, 1, 4, 554);
    refused_greeting(b, 1, 4, 554);
    expect(b, 5, 0, 0, 5, 80);
}

/* --- late bounces ------------------------------------------------------------------------------------------------- */

static void a_bounce_finds_its_message(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    send(b, "<2@x>", "a@x", "s@y", OUTCOME_DELIVERED, 0);
    expect(b, 2, 2, 0, 0, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_COUNTED);
    expect(b, 2, 1, 0, 1, 50);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_NOTHING); /* it came twice */
    expect(b, 2, 1, 0, 1, 50);
    assert_int_equal(bounce(b, NULL, "a@x", "s@y", 0.5), NOTICE_COUNTED); /* without a Message-ID */
    expect(b, 2, 0, 0, 2, 75);
    assert_int_equal(scores(b)->late_bounced, 2);
    assert_int_equal(scores(b)->later.bounced, 2);
    assert_int_equal(b->counters.late_bounces, 2);
    const struct verdict *rows[4];
    assert_int_equal(source_evidence(b->table, source_table_find(b->table, &b->ip), rows, 4), 2);
    assert_int_equal(rows[0]->told_by, TOLD_BY_BOUNCE);
    assert_int_equal(rows[0]->outcome, OUTCOME_BOUNCED);
    assert_string_equal(rows[0]->reply_text, "user unknown");
    assert_int_equal(rows[0]->destination.port, 40000);
}

static void backscatter_touches_nobody(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<9@x>", "a@x", "r@y", 1), NOTICE_BACKSCATTER); /* another message to him */
    assert_int_equal(bounce(b, NULL, "b@x", "r@y", 1), NOTICE_BACKSCATTER);
    assert_int_equal(bounce(b, NULL, "a@x", "q@y", 1), NOTICE_BACKSCATTER);
    assert_int_equal(bounce(b, NULL, NULL, NULL, 1), NOTICE_BACKSCATTER);
    assert_int_equal(hear(b, notice_of(b, REPORT_COMPLAINT, "<9@x>", "a@x", NULL, 0)), NOTICE_BACKSCATTER);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(scores(b)->later.backscatter, 5);
    struct notice stranger = notice_of(b, REPORT_BOUNCE, "<1@x>", "a@x", "r@y", 1);
    stranger.source.ip = ipv4(192, 0, 2, 2); /* it came in to somebody else, who is not known, and stays so */
    assert_int_equal(hear(b, stranger), NOTICE_BACKSCATTER);
    assert_null(source_table_find(b->table, &stranger.source.ip));
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(b->counters.backscatter, 6);
}

static void any_source_where_it_is_said(void **state) {
    struct bench *b = *state;
    b->settings.late_any_source = true;
    new_table(b);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    struct notice elsewhere = notice_of(b, REPORT_BOUNCE, "<1@x>", "a@x", "r@y", 1);
    elsewhere.source.ip = ipv6(7, 1);
    assert_int_equal(hear(b, elsewhere), NOTICE_COUNTED);
    expect(b, 1, 0, 0, 1, 100);
    b->ip = ipv4(192, 0, 2, 2); /* a retry is still its own source's */
    send(b, "<2@x>", "a@x", "r@y", OUTCOME_DEFERRED, 0);
    b->ip = ipv4(192, 0, 2, 3);
    send(b, "<2@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(b->counters.messages_retried, 0);
}

static void one_of_two_fails_later(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    to(b, "s@y", OUTCOME_DELIVERED, 0);
    ends(b, OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "S@Y", 1), NOTICE_COUNTED);
    expect(b, 1, 1, 0, 0, 50);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "alias-of-r@z", 1), NOTICE_COUNTED); /* the other one: he forwards */
    expect(b, 1, 0, 0, 1, 100);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "third@z", 1), NOTICE_NOTHING);
}

static void the_name_that_he_became(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    struct notice notice = notice_of(b, REPORT_BOUNCE, NULL, "a@x", "other@z", 1);
    notice.final = sent_hash_mailbox(SPAN_LITERAL("r@y"));
    assert_int_equal(hear(b, notice), NOTICE_COUNTED);
    expect(b, 1, 0, 0, 1, 100);
}

/* The server that took the messages, and its neighbours, may speak of all of them; others of a few, and by name. */
static void strangers_are_believed_a_few_times(void **state) {
    struct bench *b = *state;
    char id[] = "<0@x>", mailbox[] = "r0@y";
    for (int i = 0; i < 10; i++) {
        id[1] = mailbox[1] = (char)('0' + i);
        send(b, id, "a@x", mailbox, OUTCOME_DELIVERED, 0);
    }
    struct notice notice = notice_of(b, REPORT_BOUNCE, NULL, "a@x", "r0@y", 1);
    notice.brought_by.ip = ipv4(203, 0, 113, 66);
    assert_int_equal(hear(b, notice), NOTICE_DOUBTED); /* he does not name it */
    for (int i = 0; i < 10; i++) {
        id[1] = mailbox[1] = (char)('0' + i);
        notice = notice_of(b, REPORT_BOUNCE, id, "a@x", mailbox, 1);
        notice.brought_by.ip = ipv4(203, 0, 113, (uint8_t)(66 + i)); /* of one network */
        assert_int_equal(hear(b, notice), i < LIMIT_STRANGERS_NOTICES ? NOTICE_COUNTED : NOTICE_DOUBTED);
    }
    expect(b, 10, 10 - LIMIT_STRANGERS_NOTICES, 0, LIMIT_STRANGERS_NOTICES, 50);
    notice.brought_by.ip = ipv4(203, 0, 114, 1); /* another one */
    assert_int_equal(hear(b, notice), NOTICE_COUNTED);
    notice = notice_of(b, REPORT_BOUNCE, NULL, "a@x", "r8@y", 1);
    notice.brought_by.ip = ipv4(198, 51, 100, 77); /* a neighbour of the server */
    assert_int_equal(hear(b, notice), NOTICE_COUNTED);
    assert_int_equal(b->counters.reports_doubted, 6);
    struct notice complaint = notice_of(b, REPORT_COMPLAINT, "<1@x>", "fbl@x", NULL, 0);
    complaint.brought_by.ip = ipv4(203, 0, 113, 1); /* he has spoken often enough */
    assert_int_equal(hear(b, complaint), NOTICE_DOUBTED);
}

/* Whom mail went to a neighbour of the server can guess, with a report that names no message. */
static void guesses_are_believed_a_few_times(void **state) {
    struct bench *b = *state;
    char id[] = "<0@x>", mailbox[] = "r0@y";
    for (int i = 0; i < 10; i++) {
        id[1] = mailbox[1] = (char)('0' + i);
        send(b, id, "a@x", mailbox, OUTCOME_DELIVERED, 0);
        assert_int_equal(bounce(b, NULL, "a@x", mailbox, 1),
                         i < LIMIT_STRANGERS_NOTICES ? NOTICE_COUNTED : NOTICE_DOUBTED);
    }
    assert_int_equal(bounce(b, "<9@x>", "a@x", "r9@y", 1), NOTICE_COUNTED); /* he names it */
    send(b, NULL, "a@x", "bare@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, NULL, "a@x", "bare@y", 1), NOTICE_COUNTED); /* it had no name */
    expect(b, 11, 9 - LIMIT_STRANGERS_NOTICES, 0, LIMIT_STRANGERS_NOTICES + 2,
           100.0 * (LIMIT_STRANGERS_NOTICES + 2) / 11);
}

/* A further try may say no size; the one before has. */
static void a_size_stays_known(void **state) {
    struct bench *b = *state;
    static const unsigned sizes[] = {1000, 0, 1001};
    for (int i = 0; i < 3; i++) {
        mail(b, NULL, "a@x");
        b->sent.size = sizes[i];
        to(b, "r@y", OUTCOME_DEFERRED, 30);
        ends(b, OUTCOME_DEFERRED, 0.3);
    }
    expect(b, 2, 0, 2, 0, 30); /* the third is another one */
}

/* Of IPv6 one has a /48, with 65,536 networks in it (RFC 6177). */
static void strangers_of_ipv6_are_counted_by_site(void **state) {
    struct bench *b = *state;
    char id[] = "<0@x>", mailbox[] = "r0@y";
    for (int i = 0; i < 8; i++) {
        id[1] = mailbox[1] = (char)('0' + i);
        send(b, id, "a@x", mailbox, OUTCOME_DELIVERED, 0);
        struct notice notice = notice_of(b, REPORT_BOUNCE, id, "a@x", mailbox, 1);
        notice.brought_by.ip = ipv6(1, 1);
        notice.brought_by.ip.bytes[7] = (uint8_t)i; /* the last byte of its /64 */
        assert_int_equal(hear(b, notice), i < LIMIT_STRANGERS_NOTICES ? NOTICE_COUNTED : NOTICE_DOUBTED);
    }
    struct notice notice = notice_of(b, REPORT_BOUNCE, "<7@x>", "a@x", "r7@y", 1);
    notice.brought_by.ip = ipv6(1, 1);
    notice.brought_by.ip.bytes[5] ^= 1; /* the last byte of its /48: another site */
    assert_int_equal(hear(b, notice), NOTICE_COUNTED);
}

/* The first try was refused, the second went to another server. */
static void the_server_of_the_last_try_counts(void **state) {
    struct bench *b = *state;
    send(b, NULL, "a@x", "r@y", OUTCOME_DEFERRED, 0);
    mail(b, NULL, "a@x");
    b->verdict.destination.ip = ipv6(9, 1);
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    ends(b, OUTCOME_DELIVERED, 0);
    struct notice notice = notice_of(b, REPORT_BOUNCE, NULL, "a@x", "r@y", 1); /* of the first server */
    assert_int_equal(hear(b, notice), NOTICE_DOUBTED);
    notice.brought_by.ip = ipv6(9, 2);
    notice.brought_by.ip.bytes[7] = 1; /* of its site, but of another network of it */
    assert_int_equal(hear(b, notice), NOTICE_DOUBTED);
    notice.brought_by.ip = ipv6(9, 2);
    assert_int_equal(hear(b, notice), NOTICE_COUNTED);
}

static void delays_and_successes_change_nothing(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(hear(b, notice_of(b, REPORT_DELAY, "<1@x>", "a@x", "r@y", 0)), NOTICE_NOTHING);
    assert_int_equal(hear(b, notice_of(b, REPORT_SUCCESS, "<1@x>", "a@x", "r@y", 0)), NOTICE_NOTHING);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(scores(b)->later.bounced + scores(b)->later.backscatter, 0);
}

static void a_complaint_makes_it_spam(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    send(b, "<2@x>", "a@x", "s@y", OUTCOME_DELIVERED, 0);
    assert_float_equal(scores(b)->content.value, 0, 0.01);
    assert_int_equal(hear(b, notice_of(b, REPORT_COMPLAINT, "<2@x>", "fbl@x", NULL, 0)), NOTICE_COUNTED);
    assert_float_equal(scores(b)->content.value, 50, 0.01);
    assert_int_equal(hear(b, notice_of(b, REPORT_COMPLAINT, "<2@x>", "fbl@x", NULL, 0)), NOTICE_NOTHING);
    assert_int_equal(scores(b)->complained, 1);
    assert_int_equal(b->counters.complaints, 1);
    expect(b, 2, 2, 0, 0, 0);
    const struct verdict *rows[4];
    assert_int_equal(source_evidence(b->table, source_table_find(b->table, &b->ip), rows, 4), 1);
    assert_int_equal(rows[0]->told_by, TOLD_BY_COMPLAINT);
}

static void a_message_that_left_the_sample(void **state) {
    struct bench *b = *state;
    char id[] = "<m00@x>";
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    for (int i = 0; i < LIMIT_SAMPLE_MESSAGES; i++) {
        id[2] = (char)('0' + i / 10);
        id[3] = (char)('0' + i % 10);
        send(b, id, "a@x", "r@y", OUTCOME_DELIVERED, 0);
    }
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_GONE);
    assert_int_equal(b->counters.reports_gone, 1);
    expect(b, 100, 100, 0, 0, 0);
    assert_int_equal(bounce(b, "<m00@x>", "a@x", "r@y", 1), NOTICE_COUNTED);
    expect(b, 100, 99, 0, 1, 1);
}

/* Keys name a place in the table: who has it next is not touched. */
static void the_next_source_in_the_same_place(void **state) {
    struct bench *b = *state;
    b->settings.sources_max = 1;
    b->settings.late_any_source = true;
    new_table(b);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    b->ip = ipv4(192, 0, 2, 2);
    send(b, "<2@x>", "c@x", "s@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(b->counters.sources_evicted, 1);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_GONE);
    expect(b, 1, 1, 0, 0, 0);
}

/* --- others' mail ------------------------------------------------------------------------------------------------- */

static void came_in(struct bench *b, const char *message_id, const char *sender) {
    struct sent const sent = {.message_id = hash(message_id), .sender = hash(sender)};
    source_table_came_in(b->table, &b->ip, &sent);
}

static void send_with(struct bench *b, unsigned signs, const char *message_id, const char *sender, const char *mailbox,
                      enum outcome outcome, unsigned percent) {
    mail(b, message_id, sender);
    b->verdict.passes_on = (uint8_t)signs;
    to(b, mailbox, outcome, percent);
    ends(b, outcome, percent / 100.0);
}

static void what_came_in_before_is_passed_on(void **state) {
    struct bench *b = *state;
    came_in(b, "<1@far>", "someone@far");
    send_with(b, 0, "<1@far>", "someone@far", "r@y", OUTCOME_BOUNCED, 100); /* no sign is needed */
    expect(b, 1, 0, 0, 1, 20);
    send_with(b, PASSES_RESENT, "<2@far>", "someone@far", "r2@y", OUTCOME_BOUNCED, 100); /* nor does one do */
    expect(b, 2, 0, 0, 2, 60);
    assert_int_equal(scores(b)->later.passed_on, 1);
    b->ip = ipv4(192, 0, 2, 2); /* it came in to somebody else */
    send_with(b, 0, "<1@far>", "someone@far", "r@y", OUTCOME_BOUNCED, 100);
    expect(b, 1, 0, 0, 1, 100);
}

static void a_late_bounce_of_mail_passed_on(void **state) {
    struct bench *b = *state;
    came_in(b, "<1@far>", "someone@far");
    send_with(b, 0, "<1@far>", "SRS0=x=y=far=someone@x", "r@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<1@far>", "SRS0=x=y=far=someone@x", "r@y", 1), NOTICE_COUNTED);
    expect(b, 1, 0, 0, 1, 20);
}

static void answers_to_who_wrote(void **state) {
    struct bench *b = *state;
    came_in(b, "<1@far>", "someone@far");
    send_with(b, PASSES_NULL, "<a@x>", "", "someone@far", OUTCOME_BOUNCED, 100);
    expect(b, 1, 0, 0, 1, 20);
    send_with(b, PASSES_NULL, "<b@x>", "", "nobody@far", OUTCOME_BOUNCED, 100); /* whom it answers was not seen */
    expect(b, 2, 0, 0, 2, 40);                                                  /* (20 + 60) / 2 */
    send_with(b, 0, "<c@x>", "a@x", "someone@far", OUTCOME_BOUNCED, 100);       /* no answer, but a letter */
    expect(b, 3, 0, 0, 3, 60);
    mail(b, "<2@far>", "other@far"); /* from him to a@x */
    to(b, "a@x", OUTCOME_DELIVERED, 0);
    source_table_came_in(b->table, &b->ip, &b->sent);
    send_with(b, 0, NULL, "a@x", "other@far", OUTCOME_BOUNCED, 100); /* refused before it could say what it is */
    expect(b, 4, 0, 0, 4, 50);                                       /* (20 + 60 + 100 + 20) / 4 */
    send_with(b, 0, NULL, "b@x", "other@far", OUTCOME_BOUNCED, 100); /* he did not write to b@x */
    expect(b, 5, 0, 0, 5, 60);
}

/* A forwarder's dead target costs him once; who only puts the signs there has a new one each time. */
static void signs_count_where_targets_are_old(void **state) {
    struct bench *b = *state;
    send_with(b, PASSES_SRS, "<1@far>", "SRS0=a@x", "r@y", OUTCOME_BOUNCED, 100);
    expect(b, 1, 0, 0, 1, 100);
    send_with(b, PASSES_SRS, "<2@far>", "SRS0=b@x", "r@y", OUTCOME_BOUNCED, 100);
    send_with(b, PASSES_SRS, "<3@far>", "SRS0=c@x", "r@y", OUTCOME_BOUNCED, 100);
    expect(b, 3, 0, 0, 3, 46.67);
    send_with(b, PASSES_SRS | PASSES_ARC | PASSES_LIST, "<4@far>", "SRS0=d@x", "s@y", OUTCOME_BOUNCED, 100);
    expect(b, 4, 0, 0, 4, 60);
    send_with(b, 0, "<5@far>", "a@x", "r@y", OUTCOME_BOUNCED, 100); /* no sign, no doubt */
    expect(b, 5, 0, 0, 5, 68);
}

/* --- what must not be had for nothing --------------------------------------------------------------------------- */

/* A try that shows the Message-ID writes all keys anew; the old ones of every recipient are found no more. */
static void no_old_key_is_left_open(void **state) {
    struct bench *b = *state;
    mail(b, NULL, "a@x");
    to(b, "r@y", OUTCOME_DEFERRED, 40);
    to(b, "s@y", OUTCOME_DEFERRED, 40);
    ends(b, OUTCOME_DEFERRED, 0.4);
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    to(b, "s@y", OUTCOME_DELIVERED, 0);
    ends(b, OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
    send(b, "<2@x>", "a@x", "s@y", OUTCOME_BOUNCED, 100); /* another message, to one of them */
    expect(b, 2, 1, 0, 1, 50);
}

/* What was like spam once stays so: who gives a spam up behind its content cannot send clean words after it. */
static void a_further_try_washes_nothing(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_UNKNOWN, 0);
    b->verdict.content_points = 7.5f;
    b->verdict.setup_points = 4;
    ends(b, OUTCOME_UNKNOWN, 0);
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 0);
    assert_int_equal(scores(b)->spam_like, 1);
    assert_int_equal(scores(b)->badly_set_up, 1);
}

static void a_complaint_outlasts_a_further_try(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    to(b, "s@y", OUTCOME_DEFERRED, 20);
    ends(b, OUTCOME_DELIVERED, 0.1);
    assert_int_equal(hear(b, notice_of(b, REPORT_COMPLAINT, "<1@x>", "fbl@x", NULL, 0)), NOTICE_COUNTED);
    send(b, "<1@x>", "a@x", "s@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(scores(b)->complained, 1);
    assert_int_equal(scores(b)->spam_like, 1);
}

/* It tried a recipient; that its next try came no further than MAIL takes nothing back. */
static void a_weak_refusal_hides_no_try(void **state) {
    struct bench *b = *state;
    send(b, NULL, "a@x", "r@y", OUTCOME_DEFERRED, 50);
    mail(b, NULL, "a@x");
    to(b, "r@y", OUTCOME_DEFERRED, 30);
    b->verdict.outcome = OUTCOME_DEFERRED;
    b->verdict.stage = STAGE_MAIL;
    b->verdict.bounce_weight = 0.3f;
    (void)source_table_add(b->table, &b->verdict, &b->sent);
    expect(b, 1, 0, 1, 0, 30);
}

/* Else a spammer has a mild one sent to himself for each of his messages, and the true ones find nothing to change. */
static void a_mild_bounce_keeps_no_worse_one_out(void **state) {
    struct bench *b = *state;
    send(b, "<1@x>", "a@x", "r@y", OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, NULL, "a@x", "r@y", 0.1), NOTICE_COUNTED);
    expect(b, 1, 0, 0, 1, 10);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_COUNTED);
    expect(b, 1, 0, 0, 1, 100);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 1), NOTICE_NOTHING);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "r@y", 0.1), NOTICE_NOTHING);
    expect(b, 1, 0, 0, 1, 100);
    send(b, "<2@x>", "a@x", "s@y", OUTCOME_BOUNCED, 20); /* what a server itself said is not bettered by a mail */
    assert_int_equal(bounce(b, "<2@x>", "a@x", "s@y", 1), NOTICE_NOTHING);
    expect(b, 2, 0, 0, 2, 60);
}

/* It names somebody who has no key, so that it cannot be seen at a recipient that it was there before. */
static void the_same_bounce_of_nobody_known_counts_once(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    to(b, "r@y", OUTCOME_DELIVERED, 0);
    to(b, "s@y", OUTCOME_DELIVERED, 0);
    ends(b, OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "alias@z", 1), NOTICE_COUNTED);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "alias@z", 1), NOTICE_NOTHING);
    expect(b, 1, 1, 0, 0, 50);
    source_clear(b->table, source_table_find(b->table, &b->ip));
    send_to_twelve(b, 0, OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "rl@y", 0.96), NOTICE_COUNTED);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "rl@y", 0.96), NOTICE_NOTHING);
    expect(b, 1, 1, 0, 0, 8);
}

/* A share of it that rounds to nothing is nothing: else each brings a row of evidence. */
static void what_rounds_to_nothing_is_nothing(void **state) {
    struct bench *b = *state;
    mail(b, "<1@x>", "a@x");
    for (unsigned i = 0; i < 255; i++) {
        char mailbox[] = "aa@y";
        mailbox[0] = (char)('a' + i / 16);
        mailbox[1] = (char)('a' + i % 16);
        to(b, mailbox, OUTCOME_DELIVERED, 0);
    }
    ends(b, OUTCOME_DELIVERED, 0);
    assert_int_equal(bounce(b, "<1@x>", "a@x", "zz@y", 1), NOTICE_NOTHING); /* 100 / 247 */
    assert_int_equal(b->counters.late_bounces, 0);
}

static void eight_of_nine_are_not_all(void **state) {
    struct bench *b = *state;
    static const char *const nine[] = {"a@y", "b@y", "c@y", "d@y", "e@y", "f@y", "g@y", "h@y", "i@y"};
    mail(b, NULL, "a@x");
    for (unsigned i = 0; i < 9; i++) to(b, nine[i], OUTCOME_DEFERRED, 90);
    ends(b, OUTCOME_DEFERRED, 0.9);
    mail(b, "<1@x>", "a@x");
    for (unsigned i = 0; i < 8; i++) to(b, nine[i], OUTCOME_DELIVERED, 0);
    ends(b, OUTCOME_DELIVERED, 0);
    expect(b, 1, 1, 0, 0, 10); /* the ninth: 90 / 9 */
}

static void one_friend_excuses_nobody_else(void **state) {
    struct bench *b = *state;
    came_in(b, "<1@far>", "friend@far");
    mail(b, "<a@x>", "");
    b->verdict.passes_on = PASSES_NULL;
    to(b, "friend@far", OUTCOME_BOUNCED, 100);
    to(b, "stranger@far", OUTCOME_BOUNCED, 100);
    ends(b, OUTCOME_BOUNCED, 1);
    expect(b, 1, 0, 0, 1, 60); /* a null sender, and nothing else */
}

static void eight_old_targets_excuse_no_new_ones(void **state) {
    struct bench *b = *state;
    for (char c = 'a'; c < 'i'; c++) send(b, NULL, "a@x", (char[]){'r', c, '@', 'y', 0}, OUTCOME_DELIVERED, 0);
    mail(b, "<1@x>", "a@x");
    b->verdict.passes_on = PASSES_LIST;
    for (char c = 'a'; c < 'm'; c++) to(b, (char[]){'r', c, '@', 'y', 0}, OUTCOME_BOUNCED, 100);
    ends(b, OUTCOME_BOUNCED, 1);
    expect(b, 9, 8, 0, 1, 11.11); /* 100 / 9 */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(greylisting_leaves_no_trace, begin, end),
        cmocka_unit_test_setup_teardown(a_message_ends_as_its_last_try, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_the_same_is_another, begin, end),
        cmocka_unit_test_setup_teardown(one_of_two_recipients_again, begin, end),
        cmocka_unit_test_setup_teardown(a_list_is_many_messages, begin, end),
        cmocka_unit_test_setup_teardown(more_recipients_than_keys, begin, end),
        cmocka_unit_test_setup_teardown(given_up_and_tried_again, begin, end),
        cmocka_unit_test_setup_teardown(a_try_that_is_given_up_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_left_the_sample_is_a_message_of_its_own, begin, end),
        cmocka_unit_test_setup_teardown(the_same_refused_greeting_counts_once_an_hour, begin, end),
        cmocka_unit_test_setup_teardown(a_bounce_finds_its_message, begin, end),
        cmocka_unit_test_setup_teardown(backscatter_touches_nobody, begin, end),
        cmocka_unit_test_setup_teardown(any_source_where_it_is_said, begin, end),
        cmocka_unit_test_setup_teardown(one_of_two_fails_later, begin, end),
        cmocka_unit_test_setup_teardown(the_name_that_he_became, begin, end),
        cmocka_unit_test_setup_teardown(strangers_are_believed_a_few_times, begin, end),
        cmocka_unit_test_setup_teardown(strangers_of_ipv6_are_counted_by_site, begin, end),
        cmocka_unit_test_setup_teardown(guesses_are_believed_a_few_times, begin, end),
        cmocka_unit_test_setup_teardown(a_size_stays_known, begin, end),
        cmocka_unit_test_setup_teardown(the_server_of_the_last_try_counts, begin, end),
        cmocka_unit_test_setup_teardown(delays_and_successes_change_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_complaint_makes_it_spam, begin, end),
        cmocka_unit_test_setup_teardown(a_message_that_left_the_sample, begin, end),
        cmocka_unit_test_setup_teardown(the_next_source_in_the_same_place, begin, end),
        cmocka_unit_test_setup_teardown(what_came_in_before_is_passed_on, begin, end),
        cmocka_unit_test_setup_teardown(a_late_bounce_of_mail_passed_on, begin, end),
        cmocka_unit_test_setup_teardown(answers_to_who_wrote, begin, end),
        cmocka_unit_test_setup_teardown(signs_count_where_targets_are_old, begin, end),
        cmocka_unit_test_setup_teardown(no_old_key_is_left_open, begin, end),
        cmocka_unit_test_setup_teardown(a_further_try_washes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_complaint_outlasts_a_further_try, begin, end),
        cmocka_unit_test_setup_teardown(a_weak_refusal_hides_no_try, begin, end),
        cmocka_unit_test_setup_teardown(a_mild_bounce_keeps_no_worse_one_out, begin, end),
        cmocka_unit_test_setup_teardown(the_same_bounce_of_nobody_known_counts_once, begin, end),
        cmocka_unit_test_setup_teardown(what_rounds_to_nothing_is_nothing, begin, end),
        cmocka_unit_test_setup_teardown(eight_of_nine_are_not_all, begin, end),
        cmocka_unit_test_setup_teardown(one_friend_excuses_nobody_else, begin, end),
        cmocka_unit_test_setup_teardown(eight_old_targets_excuse_no_new_ones, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
