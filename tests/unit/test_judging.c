/* Verdicts in, events out: whose count, which ports, and what is told at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "judging.h"
#include "text_file.h"
#include "verdicts.h"

static const char policy_text[] = EAGER_POLICY("1m");

static char path[] = "/tmp/mailspan-judging-XXXXXX";
static struct config config;
static struct knowledge knowledge;
static struct counters counters;
static struct judging *judging;
static struct decision events[20];
static unsigned event_count, source_count, summary_count;
static struct scores last_scores;
static struct summary_record last_summary;

static void on_event(void *context, const struct decision *decision) {
    assert_ptr_equal(context, &counters);
    assert_true(event_count < 20);
    events[event_count++] = *decision;
}

static void on_source(void *context, const struct source_table *table, const struct source *source) {
    (void)context;
    source_count++;
    source_scores(table, source, &last_scores);
}

static void on_summary(void *context, const struct summary_record *record) {
    (void)context;
    summary_count++;
    last_summary = *record;
}

static enum notice_finding findings[2 * LIMIT_NOTICES_WAITING];
static uint64_t found_ids[2 * LIMIT_NOTICES_WAITING];
static unsigned finding_count;

static void on_notice(void *context, const struct notice *notice, enum notice_finding finding) {
    (void)context;
    found_ids[finding_count] = notice->message_id;
    findings[finding_count++] = finding;
}

static int load(void **state) {
    (void)state;
    struct problem problem;
    char text[512];
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, policy_text, sizeof policy_text - 1) < 0 || close(fd) != 0) return 1;
    config_default(&config);
    int length = snprintf(text, sizeof text,
                          "home_networks: [192.0.2.0/24, '2001:db8::/32']\n"
                          "scored_ports: [25, 2525]\n"
                          "rules: {content: content.yaml, bounces: bounces.yaml, policy: %s}\n",
                          path);
    if (config_parse(&config, "test", "tests/replay/small_rules", span_of((uint8_t *)text, (size_t)length), &problem) &&
        knowledge_load(&config, &knowledge, &problem))
        return 0;
    (void)fprintf(stderr, "%s:%u: %s\n", problem.file, problem.line, problem.what);
    return 1;
}

static int unload(void **state) {
    (void)state;
    unlink(path);
    knowledge_free(&knowledge);
    config_free(&config);
    return 0;
}

static int begin(void **state) {
    (void)state;
    counters = (struct counters){.packets = 0};
    event_count = source_count = summary_count = finding_count = 0;
    judging = judging_new(&config, &knowledge, &counters);
    if (judging == NULL) return 1;
    struct output output = {
        .context = &counters, .notice = on_notice, .event = on_event, .source = on_source, .summary = on_summary};
    judging_add_output(judging, output);
    judging_add_output(judging, (struct output){.context = NULL}); /* one that wants nothing */
    return 0;
}

static int end(void **state) {
    (void)state;
    judging_free(judging);
    return 0;
}

static const struct sent no_keys;

static void judge(struct verdict verdict) {
    judging_verdict(judging, &verdict, &no_keys);
}

static void spam_from(struct ip_address ip, unsigned count, nstime from) {
    for (unsigned i = 0; i < count; i++) judge(verdict_spam(ip, from + SECONDS(i)));
}

static void blocks_and_releases(void **state) {
    (void)state;
    struct ip_address spammer = ipv4(192, 0, 2, 1);
    spam_from(spammer, 2, TEST_START);
    assert_int_equal(event_count, 0);
    spam_from(spammer, 1, TEST_START + SECONDS(2));
    assert_int_equal(event_count, 1);
    assert_int_equal(events[0].kind, DECISION_BLOCK);
    assert_memory_equal(&events[0].ip, &spammer, sizeof spammer);
    assert_int_equal(events[0].time, TEST_START + SECONDS(2));
    assert_int_equal(events[0].expires, TEST_START + SECONDS(62));
    judging_advance(judging, TEST_START + SECONDS(61));
    assert_int_equal(event_count, 1);
    judging_advance(judging, TEST_START + SECONDS(63));
    assert_int_equal(event_count, 2);
    assert_int_equal(events[1].kind, DECISION_RELEASE);
    assert_int_equal(counters.events, 2);
}

/* Another source's message says what time it is, too; and the release comes before what it leads to. */
static void a_verdict_moves_the_clock(void **state) {
    (void)state;
    spam_from(ipv4(192, 0, 2, 1), 3, TEST_START);
    judge(verdict_good(ipv4(192, 0, 2, 2), TEST_START + MINUTES(5)));
    assert_int_equal(event_count, 2);
    assert_int_equal(events[1].kind, DECISION_RELEASE);
    assert_memory_equal(&events[1].ip, &events[0].ip, sizeof events[0].ip);
}

static void only_home_and_scored_ports(void **state) {
    (void)state;
    struct verdict verdict;
    spam_from(ipv4(198, 51, 100, 1), 10, TEST_START); /* not at home */
    for (unsigned i = 0; i < 10; i++) {
        verdict = verdict_spam(ipv4(192, 0, 2, 1), TEST_START);
        verdict.destination.port = 587; /* watched, not scored */
        judge(verdict);
    }
    assert_int_equal(event_count, 0);
    judging_tell_sources(judging);
    assert_int_equal(source_count, 0);
    for (unsigned i = 0; i < 3; i++) {
        verdict = verdict_spam(ipv6(1, (uint8_t)(1 + i)), TEST_START); /* a /64 is one source */
        verdict.destination.port = i == 1 ? 2525 : 25;
        judge(verdict);
    }
    assert_int_equal(event_count, 1);
    judging_tell_sources(judging);
    assert_int_equal(source_count, 1);
    assert_int_equal(last_scores.messages, 3);
}

static struct dialogue_facts facts_with(uint32_t tries, uint32_t refused, uint32_t messages) {
    struct dialogue_facts facts;
    memset(&facts, 0, sizeof facts);
    facts.auth_tries = tries;
    facts.auth_refused = refused;
    facts.messages = messages;
    facts.end = TEST_START;
    return facts;
}

static void figures_of_auth(void **state) {
    (void)state;
    static const struct {
        uint32_t tries, refused, messages, dialogues, fruitless;
        nstime refused_last;
    } cases[] = {
        {0, 0, 0, 0, 0, 0},          {0, 0, 3, 0, 0, 0},          {1, 0, 1, 1, 0, 0},
        {1, 0, 0, 1, 0, 0},          {4, 4, 0, 1, 1, TEST_START}, {4, 4, 1, 1, 0, TEST_START},
        {4, 3, 0, 1, 0, TEST_START}, {1, 2, 0, 1, 1, TEST_START},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dialogue_facts facts = facts_with(cases[i].tries, cases[i].refused, cases[i].messages);
        struct auth_figures auth = judging_auth_of(&facts);
        assert_int_equal(auth.dialogues, cases[i].dialogues);
        assert_int_equal(auth.fruitless, cases[i].fruitless);
        assert_int_equal(auth.tries, cases[i].tries);
        assert_int_equal(auth.refused, cases[i].refused);
        assert_int_equal(auth.refused_last, cases[i].refused_last);
    }
}

static void auth_is_the_sources(void **state) {
    (void)state;
    struct ip_address home = ipv4(192, 0, 2, 1), other = ipv4(198, 51, 100, 1);
    struct auth_figures guessing = {1, 1, 5, 5, TEST_START}, none = {0, 0, 0, 0, 0};
    judging_auth(judging, &other, &guessing);
    judging_auth(judging, &home, &none);
    judging_tell_sources(judging);
    assert_int_equal(source_count, 0);
    judge(verdict_good(home, TEST_START));
    judging_auth(judging, &home, &guessing);
    judging_auth(judging, &home, &guessing);
    judging_tell_sources(judging);
    assert_int_equal(source_count, 1);
    assert_int_equal(last_scores.auth.dialogues, 2);
    assert_int_equal(last_scores.auth.fruitless, 2);
    assert_int_equal(last_scores.auth.tries, 10);
    assert_int_equal(last_scores.auth.refused, 10);
}

/* All messages are in the summary, scored or not. */
static void summary(void **state) {
    (void)state;
    struct counters sum = {.messages = 4};
    struct decoding_figures figures = {.first = 5, .last = 9, .memory_bytes = 1000};
    figures.not_mail.count = 1;
    judge(verdict_good(ipv4(192, 0, 2, 1), TEST_START));
    judge(verdict_bounced(ipv4(198, 51, 100, 1), TEST_START, 1));
    judge(verdict_encrypted(ipv4(192, 0, 2, 1), TEST_START));
    judge(verdict_deferred(ipv4(192, 0, 2, 1), TEST_START, 0));
    judging_tell_summary(judging, &sum, &figures, SECONDS_NOT_TOLD);
    assert_int_equal(summary_count, 1);
    assert_int_equal(last_summary.by_outcome[OUTCOME_DELIVERED], 1);
    assert_int_equal(last_summary.by_outcome[OUTCOME_BOUNCED], 1);
    assert_int_equal(last_summary.by_outcome[OUTCOME_DEFERRED], 1);
    assert_int_equal(last_summary.by_outcome[OUTCOME_UNKNOWN], 1);
    assert_int_equal(last_summary.by_visibility[VISIBILITY_CLEAR], 3);
    assert_int_equal(last_summary.by_visibility[VISIBILITY_ENCRYPTED], 1);
    assert_ptr_equal(last_summary.counters, &sum);
    assert_ptr_equal(last_summary.not_mail, &figures.not_mail);
    assert_true(last_summary.seconds < 0);
    assert_true(last_summary.first == 5 && last_summary.last == 9);
    assert_int_equal(last_summary.memory_bytes, 1000 + judging_memory_bytes(judging));
}

/* Whoever sent it: refusals of no known kind are counted with their texts, and those that only a code explains. */
static void refusals_of_no_known_kind(void **state) {
    (void)state;
    struct counters sum = {.messages = 9};
    struct decoding_figures figures = {.first = 5};
    struct verdict verdict = verdict_bounced(ipv4(198, 51, 100, 1), TEST_START, 0.5f); /* of no customer */
    strcpy(verdict.reply_text, "we would rather not, 17");
    judge(verdict);
    strcpy(verdict.reply_text, "we would rather not, 18");
    verdict.by_code = true;
    judge(verdict);
    verdict.bounce_class = 1;
    judge(verdict);
    judge(verdict);
    verdict.by_code = false;
    judge(verdict);
    verdict.bounce_class = 0;
    verdict.outcome = OUTCOME_ABORTED; /* and these three were not refused */
    judge(verdict);
    verdict = verdict_bounced(ipv4(192, 0, 2, 1), TEST_START, 0);
    verdict.code = 0;
    judge(verdict);
    judge(verdict_good(ipv4(192, 0, 2, 1), TEST_START));
    judging_tell_summary(judging, &sum, &figures, SECONDS_NOT_TOLD);
    assert_int_equal(counters.replies_unclassified, 2);
    assert_int_equal(counters.replies_by_code, 2);
    assert_int_equal(last_summary.unclassified_count, 1);
    assert_int_equal(last_summary.unclassified[0]->count, 2);
    assert_string_equal(last_summary.unclassified[0]->first.reply_text, "we would rather not, 17");
    assert_true(judging_renew(judging, &config, &knowledge, 1)); /* new rules do not empty it */
    judging_tell_summary(judging, &sum, &figures, SECONDS_NOT_TOLD);
    assert_int_equal(last_summary.unclassified_count, 1);
}

/* One that comes behind another counts on; samples begin anew. */
static void another_counts_on(void **state) {
    (void)state;
    struct judge_figures figures = {.sources = 0};
    struct counters own = {.packets = 0};
    const struct health_record record = {.kind = HEALTH_PROCESS_DIED};
    spam_from(ipv4(192, 0, 2, 1), 3, TEST_START);
    judging_health(judging, &record);
    judging_health(judging, &(struct health_record){.kind = HEALTH_KINDS}); /* nobody of ours sends it */
    judging_metrics(judging, &figures);
    struct judging *next = judging_new(&config, &knowledge, &own);
    assert_non_null(next);
    judging_resume(next, &figures);
    struct verdict another = verdict_spam(ipv4(192, 0, 2, 2), TEST_START);
    judging_verdict(next, &another, &no_keys);
    judging_health(next, &record);
    judging_metrics(next, &figures);
    assert_int_equal(figures.messages[another.outcome][another.visibility], 4);
    assert_int_equal(figures.decisions[DECISION_BLOCK], 1);
    assert_int_equal(figures.health[HEALTH_PROCESS_DIED], 2);
    assert_int_equal(figures.health[HEALTH_STARTED], 0);
    assert_int_equal(figures.counters.events, 1);
    assert_int_equal(own.events, 1);
    assert_int_equal(figures.sources, 1);
    judging_free(next);
}

/* --- what comes later ----------------------------------------------------------------------------------------------
 */

static void judge_sent(uint64_t message_id, nstime time) {
    struct verdict const verdict = verdict_good(ipv4(192, 0, 2, 1), time);
    struct sent const sent = {.message_id = message_id,
                              .sender = 5,
                              .recipients = 1,
                              .kept = 1,
                              .mailboxes = {{.mailbox = 7, .outcome = OUTCOME_DELIVERED}}};
    judging_verdict(judging, &verdict, &sent);
}

static void hear_of(uint64_t message_id, nstime time) {
    struct notice const notice = {.time = time,
                                  .source = {ipv4(192, 0, 2, 1), 25},
                                  .kind = REPORT_BOUNCE,
                                  .weight = 1,
                                  .passed_on_weight = 1,
                                  .message_id = message_id};
    judging_notice(judging, &notice);
}

#define ID(n) (UINT64_C(0x9e3779b97f4a7c15) * (n)) /* the upper half counts */

/* A server that delivers before it answers: its bounce comes before its final reply. */
static void a_bounce_before_the_message_has_ended(void **state) {
    (void)state;
    hear_of(ID(1), TEST_START);
    hear_of(ID(2), TEST_START + SECONDS(1));
    assert_int_equal(finding_count, 0);
    judge_sent(ID(1), TEST_START + SECONDS(20));
    judging_advance(judging, TEST_START + SECONDS(LIMIT_NOTICE_WAIT_S) - 1);
    assert_int_equal(finding_count, 0);
    judging_advance(judging, TEST_START + SECONDS(LIMIT_NOTICE_WAIT_S));
    assert_int_equal(finding_count, 1);
    assert_int_equal(findings[0], NOTICE_COUNTED);
    assert_true(found_ids[0] == ID(1));
    judging_advance(judging, TEST_START + SECONDS(LIMIT_NOTICE_WAIT_S + 1));
    assert_int_equal(finding_count, 2);
    assert_int_equal(findings[1], NOTICE_BACKSCATTER);
    hear_of(ID(1), TEST_START + SECONDS(100)); /* who is known is not waited for */
    assert_int_equal(finding_count, 3);
    assert_int_equal(findings[2], NOTICE_NOTHING);
}

static void more_than_can_wait(void **state) {
    (void)state;
    for (uint64_t i = 1; i <= LIMIT_NOTICES_WAITING + 3; i++) hear_of(ID(i), TEST_START);
    assert_int_equal(finding_count, 3); /* the oldest make room */
    for (unsigned i = 0; i < 3; i++) assert_true(found_ids[i] == ID(i + 1) && findings[i] == NOTICE_BACKSCATTER);
    judge_sent(ID(LIMIT_NOTICES_WAITING), TEST_START);
    judging_tell_sources(judging); /* at the end nobody waits */
    assert_int_equal(finding_count, LIMIT_NOTICES_WAITING + 3);
    for (unsigned i = 3; i < finding_count; i++)
        assert_int_equal(findings[i], i + 1 == LIMIT_NOTICES_WAITING ? NOTICE_COUNTED : NOTICE_BACKSCATTER);
    assert_int_equal(counters.backscatter, LIMIT_NOTICES_WAITING + 2);
    assert_int_equal(last_scores.bounced, 1);
    assert_int_equal(last_scores.later.backscatter,
                     LIMIT_NOTICES_WAITING + 2 - 3); /* the source was not known before */
}

/* Three of three delivered, and then three bounces: a block, at the time of the last. */
static void late_bounces_lead_to_a_decision(void **state) {
    (void)state;
    for (uint64_t i = 1; i <= 3; i++) judge_sent(ID(i), TEST_START);
    for (uint64_t i = 1; i <= 3; i++) hear_of(ID(i), TEST_START + SECONDS(i));
    assert_int_equal(counters.late_bounces, 3);
    assert_int_equal(events[event_count - 1].kind, DECISION_BLOCK);
    assert_true(events[event_count - 1].evidence_count > 0);
    assert_int_equal(events[event_count - 1].evidence[0]->told_by, TOLD_BY_BOUNCE);
}

/* What a late bounce quotes counts when it speaks of a message that was seen, and nothing else that comes in does. */
static void late_bounces_of_no_known_kind(void **state) {
    (void)state;
    struct counters sum = {.messages = 9};
    struct decoding_figures figures = {.first = 5};
    struct notice notice = {.time = TEST_START + SECONDS(1),
                            .source = {ipv4(192, 0, 2, 1), 25},
                            .kind = REPORT_BOUNCE,
                            .message_id = ID(1),
                            .reply_text = "we would rather not, 17"};
    judge_sent(ID(1), TEST_START);
    judge_sent(ID(2), TEST_START);
    judging_notice(judging, &notice);
    judging_notice(judging, &notice); /* says nothing new */
    assert_int_equal(counters.replies_unclassified, 1);
    notice.bounce_class = 1;
    notice.message_id = ID(2);
    judging_notice(judging, &notice); /* of a known kind */
    notice.bounce_class = 0;
    notice.reply_text[0] = '\0';
    judging_notice(judging, &notice); /* quotes nothing */
    strcpy(notice.reply_text, "somebody else's mail");
    notice.message_id = ID(3);
    judging_notice(judging, &notice); /* backscatter, once it has waited */
    judging_advance(judging, TEST_START + SECONDS(LIMIT_NOTICE_WAIT_S + 2));
    judging_tell_summary(judging, &sum, &figures, SECONDS_NOT_TOLD);
    assert_int_equal(counters.replies_unclassified, 1);
    assert_int_equal(last_summary.unclassified_count, 1);
    assert_string_equal(last_summary.unclassified[0]->first.reply_text, "we would rather not, 17");
    assert_int_equal(last_summary.unclassified[0]->first.stage, STAGE_NONE);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(blocks_and_releases),        TEST(a_verdict_moves_the_clock),
        TEST(only_home_and_scored_ports), TEST(figures_of_auth),
        TEST(auth_is_the_sources),        TEST(summary),
        TEST(another_counts_on),          TEST(a_bounce_before_the_message_has_ended),
        TEST(more_than_can_wait),         TEST(late_bounces_lead_to_a_decision),
        TEST(refusals_of_no_known_kind),  TEST(late_bounces_of_no_known_kind),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
