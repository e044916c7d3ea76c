/* Verdicts: points, the strongest rules, bounces of mixed recipients, and text fit for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/fingerprint.h"
#include "mailspan/verdict.h"
#include "rule_text.h"

#define CONTENT                                                                     \
    "rules:\n"                                                                      \
    "  - {name: WEAK, look_at: body, match: weak, points: 1, description: d}\n"     \
    "  - {name: STRONG, look_at: body, match: strong, points: 3, description: d}\n" \
    "  - {name: WORST, look_at: body, match: worst, points: 10, description: d, severity: critical}\n"
#define SETUP                                                          \
    "rules:\n"                                                         \
    "  - {name: HELO, when: helo_no_dot, points: 2, description: d}\n" \
    "  - {name: UNDATED, when: date_missing, points: 1.5, description: d}\n"
#define BOUNCES                                                                                \
    "classes:\n"                                                                               \
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5, codes: [5yz]}\n"        \
    "  - {name: no_such_user, fault: list, hard: true, weight: 1, codes: [550 rcpt]}\n"        \
    "  - {name: greylisted, fault: receiver, hard: false, weight: 0, codes: [4yz]}\n"          \
    "  - {name: blocklisted, fault: sender, hard: true, weight: 0.9, codes: [554 greeting]}\n" \
    "  - {name: spam_content, fault: sender, hard: true, weight: 0.8, codes: [554 body]}\n"    \
    "texts:\n"                                                                                 \
    "  - {class: greylisted, match: 'grey.?listed', example: \"450 greylisted\"}\n"

struct fixture {
    struct ruleset *rules;
    struct bounce_rules *bounces;
    struct counters counters;
    struct arena arena;
    struct rule_scan *scan;
    struct stream_info stream;
    struct dialogue_facts dialogue;
    struct message message;
    struct mail_summary summary;
    struct facts facts;
    struct verdict verdict;
    struct sent sent;
};

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct problem problem;
    struct rules_source sources[] = {{RULE_CONTENT, "c", span_from_string(CONTENT)},
                                     {RULE_SETUP, "s", span_from_string(SETUP)}};
    f->rules = ruleset_load(sources, 2, &problem);
    if (f->rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    f->bounces = bounce_rules_load("b", span_from_string(BOUNCES), &problem);
    if (f->bounces == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    arena_init(&f->arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    f->scan = rule_scan_begin(f->rules, &f->arena, &f->counters);
    f->stream.client.port = 40000;
    f->stream.server.port = 25;
    f->dialogue.helo = SPAN_LITERAL("server");
    f->message.end = 77;
    f->message.sender_seen = true;
    f->message.outcome = OUTCOME_DELIVERED;
    f->message.reply = (struct smtp_reply){.code = 250, .enhanced = {2, 0, 0}, .text = SPAN_LITERAL("Ok")};
    f->summary.headers_complete = true;
    f->summary.message_id = SPAN_LITERAL("<1@example.org>");
    f->summary.from_domain = SPAN_LITERAL("example.org");
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    rule_scan_end(f->scan);
    arena_reset(&f->arena);
    ruleset_free(f->rules);
    bounce_rules_free(f->bounces);
    free(f);
    return 0;
}

static void make(struct fixture *f, bool content) {
    struct verdict_context context = {f->rules, f->bounces, &f->stream, &f->dialogue, &f->facts};
    verdict_make(&f->verdict, &f->sent, &context, &f->message, content ? &f->summary : NULL, content ? f->scan : NULL,
                 &f->counters);
}

static void tells_what_a_message_is(void **state) {
    struct fixture *f = *state;
    rule_scan_text(f->scan, 1, false, SPAN_LITERAL("weak and strong"));
    make(f, true);
    assert_int_equal(f->verdict.time, 77);
    assert_int_equal(f->verdict.source.port, 40000);
    assert_int_equal(f->verdict.destination.port, 25);
    assert_int_equal(f->verdict.outcome, OUTCOME_DELIVERED);
    assert_int_equal(f->verdict.code, 250);
    assert_int_equal(f->verdict.enhanced.class_, 2);
    assert_string_equal(f->verdict.message_id, "<1@example.org>");
    assert_string_equal(f->verdict.from_domain, "example.org");
    assert_string_equal(f->verdict.reply_text, "Ok");
    assert_true(f->verdict.content_known && !f->verdict.critical);
    assert_true(f->verdict.content_points == 4 && f->verdict.setup_points == 3.5f);
    assert_true(f->verdict.bounce_weight == 0 && f->verdict.confidence == 1);
    assert_int_equal(f->verdict.rule_count, 4);
    uint16_t expected[] = {1, 3, 4, 0}; /* STRONG 3, HELO 2, UNDATED 1.5, WEAK 1 */
    assert_memory_equal(f->verdict.rules, expected, sizeof expected);
}

/* The last words, which wait for the end of the part, are in it; what hidden words say is not. */
static void the_text_has_a_fingerprint(void **state) {
    struct fixture *f = *state;
    struct fingerprint same = {0};
    fingerprint_push(&same, SPAN_LITERAL("weak and strong words at the end"));
    fingerprint_break(&same);
    rule_scan_text(f->scan, 1, true, SPAN_LITERAL("<p>Weak <b>and</b> str"));
    rule_scan_text(f->scan, 1, true, SPAN_LITERAL("ong<style>p {}</style>  words<br>at the end"));
    make(f, true);
    assert_true(f->sent.marks.body != 0);
    assert_true(f->sent.marks.body == fingerprint_of(&same));
    make(f, false);
    assert_true(f->sent.marks.body == 0);
}

static void a_critical_rule_is_told(void **state) {
    struct fixture *f = *state;
    rule_scan_text(f->scan, 1, false, SPAN_LITERAL("the worst"));
    make(f, true);
    assert_true(f->verdict.critical);
    assert_int_equal(f->verdict.rules[0], 2);
}

static void hidden_content_does_not_speak(void **state) {
    struct fixture *f = *state;
    make(f, false);
    assert_false(f->verdict.content_known);
    assert_true(f->verdict.content_points == 0 && f->verdict.setup_points == 2); /* HELO was seen */
    assert_string_equal(f->verdict.message_id, "");
    rule_scan_text(f->scan, 1, false, SPAN_LITERAL("worst"));
    f->summary.headers_complete = false;
    make(f, true);
    assert_false(f->verdict.content_known || f->verdict.critical);
    assert_true(f->verdict.content_points == 0);
    f->summary.headers_complete = true;
    f->message.visibility = VISIBILITY_ENCRYPTED;
    make(f, true);
    assert_false(f->verdict.content_known);
    f->message.visibility = VISIBILITY_GAPPED;
    make(f, true);
    assert_true(f->verdict.content_known && f->verdict.critical);
}

/* By which it was judged, for who wants to tell why. */
static void leaves_the_facts(void **state) {
    struct fixture *f = *state;
    f->message.chunked = true;
    make(f, true);
    assert_true(f->facts.value[FACT_helo_no_dot] == 1);
    assert_true(f->facts.value[FACT_chunked] == 1);
    assert_true(f->facts.value[FACT_html_only] == 0);
}

static void a_refused_greeting_has_a_class(void **state) {
    struct fixture *f = *state;
    f->message.outcome = OUTCOME_BOUNCED;
    f->message.stage = STAGE_GREETING;
    f->message.reply = (struct smtp_reply){.code = 554, .text = SPAN_LITERAL("no")};
    make(f, false);
    assert_int_equal(f->verdict.bounce_class, 3);
    assert_true(f->verdict.by_code);
    assert_true(f->verdict.bounce_weight == 0.9f);
    assert_int_equal(f->verdict.stage, STAGE_GREETING);
    f->message.outcome = OUTCOME_ABORTED;
    make(f, false);
    assert_int_equal(f->verdict.bounce_class, 0);
    assert_false(f->verdict.by_code);
    assert_true(f->verdict.bounce_weight == 0);
}

/* 17 recipients in several blocks: one delivered, one unknown, one greylisted, 14 without a mailbox. */
static void recipients_are_averaged(void **state) {
    struct fixture *f = *state;
    struct recipient_block blocks[(17 + RECIPIENTS_PER_BLOCK - 1) / RECIPIENTS_PER_BLOCK] = {0};
    size_t const last = sizeof blocks / sizeof *blocks - 1;
    for (size_t i = 0; i < last; i++) blocks[i].next = &blocks[i + 1];
    struct recipient const odd[3] = {{.reply = {.code = 250}, .outcome = OUTCOME_DELIVERED},
                                     {.reply = {.code = 250}, .outcome = OUTCOME_UNKNOWN},
                                     {.reply = {.code = 450}, .outcome = OUTCOME_DEFERRED}};
    struct recipient const refused = {.reply = {.code = 550, .text = SPAN_LITERAL("x")}, .outcome = OUTCOME_BOUNCED};
    for (unsigned i = 0; i < 17; i++)
        blocks[i / RECIPIENTS_PER_BLOCK].recipients[i % RECIPIENTS_PER_BLOCK] = i < 3 ? odd[i] : refused;
    f->message.recipients_first = &blocks[0];
    f->message.recipients_last = &blocks[last];
    f->message.recipient_count = 17;
    make(f, true);
    assert_true(f->verdict.bounce_weight == (float)(14.0 / 16.0));
    assert_int_equal(f->verdict.outcome, OUTCOME_DELIVERED);
    assert_int_equal(f->verdict.bounce_class,
                     1); /* of who weighs most: it is evidence, and that somebody got it is none */
    assert_int_equal(f->verdict.code, 550);
    assert_string_equal(f->verdict.reply_text, "x");
}

/* Accepted at RCPT, refused with the body: the recipient fails with the message. */
static void a_refused_body_fails_its_recipients(void **state) {
    struct fixture *f = *state;
    struct recipient_block block = {.recipients = {{.reply = {.code = 250}, .outcome = OUTCOME_BOUNCED},
                                                   {.reply = {.code = 550}, .outcome = OUTCOME_BOUNCED}}};
    f->message.recipients_first = f->message.recipients_last = &block;
    f->message.recipient_count = 2;
    f->message.outcome = OUTCOME_BOUNCED;
    f->message.stage = STAGE_BODY;
    f->message.reply = (struct smtp_reply){.code = 554};
    make(f, true);
    assert_int_equal(f->verdict.bounce_class, 4);
    assert_true(f->verdict.bounce_weight == (float)((0.8 + 1) / 2));
}

/* The same words say one thing of a mailbox and another of what was written. */
static void the_same_answer_to_rcpt_and_to_the_body(void **state) {
    struct fixture *f = *state;
    struct recipient_block block = {.recipients = {{.reply = {.code = 550}, .outcome = OUTCOME_BOUNCED},
                                                   {.reply = {.code = 250}, .outcome = OUTCOME_BOUNCED}}};
    f->message.recipients_first = f->message.recipients_last = &block;
    f->message.recipient_count = 2;
    f->message.outcome = OUTCOME_BOUNCED;
    f->message.stage = STAGE_BODY;
    f->message.reply = (struct smtp_reply){.code = 550};
    make(f, true);
    assert_int_equal(f->verdict.bounce_class, 0);
    assert_true(f->verdict.bounce_weight == (float)((1 + 0.5) / 2));
}

/* Neither his name nor where he writes to makes a greylisting of it. */
static void what_the_client_said_does_not_speak(void **state) {
    struct fixture *f = *state;
    struct recipient_block block = {
        .recipients = {{.mailbox = SPAN_LITERAL("grey_listed@far.example"),
                        .reply = {.code = 550, .text = SPAN_LITERAL("(grey-listed[192.0.2.1]): no grey_listed here")},
                        .outcome = OUTCOME_BOUNCED}}};
    f->dialogue.helo = SPAN_LITERAL("grey-listed");
    f->message.recipients_first = f->message.recipients_last = &block;
    f->message.recipient_count = 1;
    f->message.outcome = OUTCOME_BOUNCED;
    f->message.stage = STAGE_RCPT;
    f->message.reply = block.recipients[0].reply;
    make(f, false);
    assert_int_equal(f->verdict.bounce_class, 1);
    assert_true(f->verdict.bounce_weight == 1 && f->verdict.by_code);
    block.recipients[0].mailbox = SPAN_LITERAL("kim@far.example"); /* these are the server's own words */
    make(f, false);
    assert_int_equal(f->verdict.bounce_class, 2);
    assert_true(f->verdict.bounce_weight == 0 && !f->verdict.by_code);
}

static void text_is_cut_between_characters(void **state) {
    struct fixture *f = *state;
    uint8_t text[200];
    memset(text, 'a', sizeof text);
    memcpy(text + VERDICT_TEXT_BYTES - 3, "\xe2\x82\xac", 3); /* one byte too many for it */
    f->message.reply.text = span_of(text, sizeof text);
    make(f, true);
    assert_int_equal(strlen(f->verdict.reply_text), VERDICT_TEXT_BYTES - 3);
    f->message.reply.text = SPAN_LITERAL("a\r\nb\x01\xff\xc0\x80\xed\xa0\x80\xc2\x85\xf0\x9f\x98\x80\xe2\x82");
    make(f, true);
#define BAD "\xef\xbf\xbd"
    assert_string_equal(f->verdict.reply_text, "a  b " BAD BAD BAD BAD BAD BAD " \xf0\x9f\x98\x80" BAD BAD);
}

/* 60 rules of 0 to 59 points, one that takes 40, and a critical one of a single point. */
static struct ruleset *many_rules(void) {
    static char text[8000];
    struct problem problem;
    size_t used = (size_t)snprintf(text, sizeof text, "rules:\n");
    for (unsigned i = 0; i < 60; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "  - {name: %sR%u, when: not tls, points: %u, description: d}\n", i == 0 ? "__" : "",
                                 i, i);
    (void)snprintf(text + used, sizeof text - used,
                   "  - {name: TAKES, when: not tls, points: -40, description: d}\n"
                   "  - {name: WORST, when: not tls, points: 1, severity: critical, description: d}\n");
    struct rules_source source = {RULE_SETUP, "s", span_from_string(text)};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    assert_non_null(rules);
    return rules;
}

static void what_is_not_named_is_counted(void **state) {
    struct fixture *f = *state;
    struct ruleset *rules = many_rules();
    struct verdict_context context = {rules, f->bounces, &f->stream, &f->dialogue, NULL};
    struct rule_hits one_more = {{UINT64_C(1) << 59}};
    verdict_make(&f->verdict, &f->sent, &context, &f->message, NULL, NULL, &f->counters);
    assert_int_equal(f->verdict.rule_count, 48);
    assert_int_equal(f->counters.rules_cut, 1);
    assert_true(f->verdict.setup_points == 1731); /* 0 + 1 + ... + 59 = 1770, 40 less, and 1 */
    assert_int_equal(f->verdict.rules[0], 61);    /* WORST */
    for (unsigned i = 0; i < 20; i++) assert_int_equal(f->verdict.rules[1 + i], 59 - i);  /* down to 40 points */
    assert_int_equal(f->verdict.rules[21], 60);                                           /* TAKES */
    for (unsigned i = 0; i < 26; i++) assert_int_equal(f->verdict.rules[22 + i], 39 - i); /* down to 14 */
    assert_int_equal(f->verdict.unnamed_count, 13);                                       /* 1 to 13 points */
    assert_true(f->verdict.unnamed_points == 91);
    verdict_add_rules(&f->verdict, rules, &one_more, &f->counters); /* as a rule about the source does */
    assert_int_equal(f->verdict.rules[1], 59);
    assert_int_equal(f->verdict.rules[2], 59);
    assert_int_equal(f->verdict.rules[47], 15);
    assert_int_equal(f->verdict.unnamed_count, 14);
    assert_true(f->verdict.unnamed_points == 105);
    assert_int_equal(f->counters.rules_cut, 1);
    ruleset_free(rules);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(tells_what_a_message_is),
        TEST(the_text_has_a_fingerprint),
        TEST(a_critical_rule_is_told),
        TEST(hidden_content_does_not_speak),
        TEST(leaves_the_facts),
        TEST(a_refused_greeting_has_a_class),
        TEST(recipients_are_averaged),
        TEST(a_refused_body_fails_its_recipients),
        TEST(the_same_answer_to_rcpt_and_to_the_body),
        TEST(what_the_client_said_does_not_speak),
        TEST(text_is_cut_between_characters),
        TEST(what_is_not_named_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
