/* The table of sources: grouping, room, evidence, expiry.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/source_table.h"
#include "verdicts.h"

static struct source_table *new_table(struct counters *counters, size_t sources_max, size_t evidence_max) {
    struct sample_settings const settings = settings_for_tests(sources_max, evidence_max);
    *counters = (struct counters){0};
    struct source_table *table = source_table_new(&settings, counters);
    assert_non_null(table);
    return table;
}

/* Nearly the same text three times, and nobody can unsubscribe. */
#define SOURCE_RULES                                                                \
    "rules:\n"                                                                      \
    "  - {name: LISTED, when: list_unsubscribe, points: 0}\n"                       \
    "  - {name: ONE, when: tls, points: 1, description: d}\n"                       \
    "  - name: ALIKE\n"                                                             \
    "    when: source_alike >= 2 and source_alike_recipients >= 3 and not LISTED\n" \
    "    points: 6\n"                                                               \
    "    description: d\n"                                                          \
    "  - {name: FIFTH, when: source_messages == 5, points: 1, severity: critical, description: d}\n"

static struct source *add_good(struct source_table *table, struct ip_address ip, int second) {
    struct verdict const verdict = verdict_good(ip, TEST_START + SECONDS(second));
    return source_table_add(table, &verdict, NULL);
}

static struct source *add_spam(struct source_table *table, struct ip_address ip, uint16_t code) {
    struct verdict verdict = verdict_spam(ip, TEST_START);
    verdict.code = code; /* to know it again */
    return source_table_add(table, &verdict, NULL);
}

static bool knows(struct source_table *table, struct ip_address ip) {
    return source_table_find(table, &ip) != NULL;
}

static void hold_until(struct source_table *table, struct source *source, nstime expires) {
    source_standing(source)->state = STATE_BLOCKED;
    source_standing(source)->expires = expires;
    source_hold(table, source);
}

static void a_source_is_its_address(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 4, 4);
    struct source *one = add_good(table, ipv4(192, 0, 2, 1), 1), *two = add_good(table, ipv4(192, 0, 2, 2), 2);
    assert_ptr_not_equal(one, two);
    assert_ptr_equal(add_good(table, ipv4(192, 0, 2, 1), 3), one);
    assert_int_equal(source_messages(one), 2);
    assert_int_equal(source_messages(two), 1);
    assert_false(knows(table, ipv4(192, 0, 2, 3)));
    assert_int_equal(source_prefix_bits(table, one), 128);
    source_table_free(table);
}

static void passwords_that_are_guessed(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 4, 4);
    struct ip_address ip = ipv4(192, 0, 2, 1);
    struct auth_figures good = {.dialogues = 1, .tries = 1};
    struct auth_figures bad = {.dialogues = 1, .fruitless = 1, .tries = 3, .refused = 3, .refused_last = SECONDS(9)};
    struct auth_figures worst = {.refused = UINT32_MAX};
    struct scores scores;
    source_table_add_auth(table, &ip, &good); /* who submits mail is not known by that */
    assert_false(knows(table, ip));
    source_table_add_auth(table, &ip, &bad);
    assert_true(knows(table, ip));
    source_table_add_auth(table, &ip, &good);
    struct source *source = source_table_find(table, &ip);
    source_scores(table, source, &scores);
    assert_int_equal(scores.auth.dialogues, 2);
    assert_int_equal(scores.auth.fruitless, 1);
    assert_int_equal(scores.auth.tries, 4);
    assert_int_equal(scores.auth.refused, 3);
    assert_true(scores.auth.refused_last == SECONDS(9));
    assert_int_equal(scores.messages, 0);
    assert_int_equal(source_messages(source), 0);
    source_table_add_auth(table, &ip, &worst); /* they do not turn over */
    source_scores(table, source, &scores);
    assert_int_equal(scores.auth.refused, UINT32_MAX);
    source_clear(table, source);
    source_scores(table, source, &scores);
    assert_int_equal(scores.auth.tries, 0);
    source_table_free(table);
}

static void ipv6_sources_are_grouped_by_prefix(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 4, 4);
    struct source *source = add_good(table, ipv6(1, 0x10), 1);
    assert_ptr_equal(add_good(table, ipv6(1, 0x20), 2), source);
    assert_ptr_not_equal(add_good(table, ipv6(2, 0x10), 3), source);
    struct ip_address const network = ipv6(1, 0);
    assert_true(ip_equal(source_ip(source), &network));
    assert_int_equal(source_prefix_bits(table, source), 64);
    assert_true(knows(table, ipv6(1, 0x99)));
    source_table_free(table);
}

static void the_source_longest_silent_makes_room(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 3, 4);
    assert_int_equal(source_table_count(table), 0);
    for (uint8_t i = 1; i <= 3; i++) add_good(table, ipv4(10, 0, 0, i), i);
    add_good(table, ipv4(10, 0, 0, 1), 4); /* so .2 is the one */
    struct source *fresh = add_good(table, ipv4(10, 0, 0, 4), 5);
    assert_false(knows(table, ipv4(10, 0, 0, 2)));
    assert_true(knows(table, ipv4(10, 0, 0, 1)) && knows(table, ipv4(10, 0, 0, 3)) && knows(table, ipv4(10, 0, 0, 4)));
    assert_int_equal(counters.sources_evicted, 1);
    assert_int_equal(source_table_count(table), 3);
    assert_int_equal(source_messages(fresh), 1);
    struct scores scores;
    source_scores(table, fresh, &scores);
    assert_int_equal(scores.messages, 1);
    source_table_free(table);
}

static void blocked_sources_stay_while_others_can_go(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 3, 4);
    for (uint8_t i = 1; i <= 2; i++) hold_until(table, add_good(table, ipv4(10, 0, 0, i), i), TEST_START + HOURS(i));
    for (int i = 3; i < 200; i++) add_good(table, ipv4(10, 0, 1, (uint8_t)i), i);
    assert_true(knows(table, ipv4(10, 0, 0, 1)) && knows(table, ipv4(10, 0, 0, 2)));
    assert_int_equal(counters.sources_evicted, 196);
    assert_int_equal(counters.blocks_forgotten, 0);
    source_table_free(table);
}

static void when_all_are_blocked_the_oldest_goes_and_is_counted(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 2, 4);
    for (uint8_t i = 1; i <= 2; i++) hold_until(table, add_good(table, ipv4(10, 0, 0, i), i), TEST_START + HOURS(i));
    add_good(table, ipv4(10, 0, 0, 3), 3);
    assert_false(knows(table, ipv4(10, 0, 0, 1)));
    assert_int_equal(counters.blocks_forgotten, 1);
    struct ip_address const two = ipv4(10, 0, 0, 2);
    assert_ptr_equal(source_table_first_to_expire(table), source_table_find(table, &two));
    source_table_free(table);
}

static void sequences_go_on_after_an_eviction(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 1, 4);
    source_standing(add_good(table, ipv4(10, 0, 0, 1), 1))->sequence = 7;
    assert_int_equal(source_standing(add_good(table, ipv4(10, 0, 0, 2), 2))->sequence, 7);
    assert_int_equal(source_standing(add_good(table, ipv4(10, 0, 0, 1), 3))->sequence, 7);
    source_table_free(table);
}

static unsigned evidence_codes(struct source_table *table, const struct source *source, uint16_t codes[16]) {
    const struct verdict *rows[16];
    unsigned const count = source_evidence(table, source, rows, 16);
    for (unsigned i = 0; i < count; i++) codes[i] = rows[i]->code;
    return count;
}

static void evidence_comes_newest_first(void **state) {
    (void)state;
    struct counters counters;
    uint16_t codes[16];
    struct source_table *table = new_table(&counters, 4, 100);
    for (uint16_t i = 1; i <= 3; i++) {
        add_spam(table, ipv4(10, 0, 0, 1), i);
        add_spam(table, ipv4(10, 0, 0, 2), (uint16_t)(i + 10));
        add_good(table, ipv4(10, 0, 0, 1), 9); /* no evidence */
    }
    struct source *source = add_good(table, ipv4(10, 0, 0, 1), 10);
    assert_int_equal(evidence_codes(table, source, codes), 3);
    assert_true(codes[0] == 3 && codes[1] == 2 && codes[2] == 1);
    const struct verdict *rows[2];
    assert_int_equal(source_evidence(table, source, rows, 2), 2);
    source_clear(table, source);
    assert_int_equal(evidence_codes(table, source, codes), 0);
    source_table_free(table);
}

static void overwritten_evidence_is_gone(void **state) {
    (void)state;
    struct counters counters;
    uint16_t codes[16];
    struct source_table *table = new_table(&counters, 4, 4);
    struct source *a = add_spam(table, ipv4(10, 0, 0, 1), 1);
    add_spam(table, ipv4(10, 0, 0, 1), 2);
    struct source *b = add_spam(table, ipv4(10, 0, 0, 2), 11);
    add_spam(table, ipv4(10, 0, 0, 2), 12);
    assert_int_equal(evidence_codes(table, a, codes), 2); /* the ring is just full */
    assert_int_equal(counters.evidence_overwritten, 0);
    add_spam(table, ipv4(10, 0, 0, 2), 13);
    assert_int_equal(evidence_codes(table, a, codes), 1);
    assert_int_equal(codes[0], 2);
    add_spam(table, ipv4(10, 0, 0, 2), 14);
    assert_int_equal(evidence_codes(table, a, codes), 0);
    add_spam(table, ipv4(10, 0, 0, 1), 3);
    assert_int_equal(evidence_codes(table, a, codes), 1); /* 3; what 3 points to was overwritten */
    assert_int_equal(codes[0], 3);
    assert_int_equal(evidence_codes(table, b, codes), 3);
    assert_true(codes[0] == 14 && codes[1] == 13 && codes[2] == 12);
    assert_int_equal(counters.evidence_overwritten, 3);
    source_table_free(table);
}

static void evidence_of_an_evicted_source_is_nobodys(void **state) {
    (void)state;
    struct counters counters;
    uint16_t codes[16];
    struct source_table *table = new_table(&counters, 1, 8);
    add_spam(table, ipv4(10, 0, 0, 1), 1);
    struct source *other = add_spam(table, ipv4(10, 0, 0, 2), 2); /* in the same slot */
    assert_int_equal(evidence_codes(table, other, codes), 1);
    assert_int_equal(codes[0], 2);
    source_table_free(table);
}

static void a_blocked_source_adds_no_evidence(void **state) {
    (void)state;
    struct counters counters;
    uint16_t codes[16];
    struct source_table *table = new_table(&counters, 2, 8);
    struct source *source = add_spam(table, ipv4(10, 0, 0, 1), 1);
    hold_until(table, source, TEST_START + HOURS(1));
    add_spam(table, ipv4(10, 0, 0, 1), 2);
    assert_int_equal(evidence_codes(table, source, codes), 1);
    assert_int_equal(codes[0], 1);
    source_table_free(table);
}

static void no_evidence_at_all_is_fine(void **state) {
    (void)state;
    struct counters counters;
    uint16_t codes[16];
    struct source_table *table = new_table(&counters, 2, 0);
    assert_int_equal(evidence_codes(table, add_spam(table, ipv4(10, 0, 0, 1), 1), codes), 0);
    source_table_free(table);
}

struct walk {
    struct ip_address seen[64];
    unsigned count, stop_at;
};

static bool remember(void *context, const struct source *source) {
    struct walk *walk = context;
    walk->seen[walk->count++] = *source_ip(source);
    return walk->count != walk->stop_at;
}

static void each_goes_by_address(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 64, 1);
    add_good(table, ipv6(7, 1), 1); /* 2001:... comes after ::ffff:... */
    for (unsigned i = 0; i < 50; i++) add_good(table, ipv4(10, 0, 0, (uint8_t)(i * 37)), 1);
    struct walk walk = {0};
    source_table_each(table, remember, &walk);
    assert_int_equal(walk.count, 51);
    for (unsigned i = 1; i < walk.count; i++) assert_true(memcmp(&walk.seen[i - 1], &walk.seen[i], 16) < 0);
    walk = (struct walk){.stop_at = 5};
    source_table_each(table, remember, &walk);
    assert_int_equal(walk.count, 5);
    source_table_free(table);
}

static void held_sources_come_out_in_order_of_expiry(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 64, 1);
    for (unsigned i = 0; i < 60; i++) /* 7 and 61 have no common factor: each hour once, in a jumble */
        hold_until(table, add_good(table, ipv4(10, 0, 0, (uint8_t)i), 1), TEST_START + HOURS((i * 7) % 61));
    for (unsigned i = 0; i < 60; i += 3) { /* some leave from the middle of the heap */
        struct ip_address const ip = ipv4(10, 0, 0, (uint8_t)i);
        source_let_go(table, source_table_find(table, &ip));
    }
    nstime last = 0;
    unsigned count = 0;
    for (struct source *source; (source = source_table_first_to_expire(table)) != NULL; count++) {
        assert_true(source_standing(source)->expires >= last);
        last = source_standing(source)->expires;
        source_let_go(table, source);
    }
    assert_int_equal(count, 40);
    source_table_free(table);
}

static void a_held_source_can_expire_earlier(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 64, 1);
    for (unsigned i = 1; i <= 20; i++)
        hold_until(table, add_good(table, ipv4(10, 0, 0, (uint8_t)i), 1), TEST_START + HOURS(i));
    unsigned moved = 0;
    struct source *source;
    for (uint32_t i = 0; (source = source_table_held(table, i)) != NULL; i++) { /* the late ones are moved up */
        if (source_standing(source)->expires <= TEST_START + HOURS(10)) continue;
        source_standing(source)->expires = TEST_START + MINUTES(moved++);
        source_expires_earlier(table, source);
    }
    assert_int_equal(moved, 10); /* each once */
    nstime last = 0;
    for (; (source = source_table_first_to_expire(table)) != NULL; source_let_go(table, source)) {
        assert_true(source_standing(source)->expires >= last);
        last = source_standing(source)->expires;
    }
    assert_true(last == TEST_START + HOURS(10));
    source_table_free(table);
}

/* The heap's answer against a look at all sources. */
static void assert_first_to_expire(struct source_table *table, const struct walk *walk) {
    const struct source *first = source_table_first_to_expire(table);
    for (unsigned i = 0; i < walk->count; i++) {
        struct source *source = source_table_find(table, &walk->seen[i]);
        assert_non_null(source);
        if (source->held) assert_true(first->standing.expires <= source->standing.expires);
    }
    assert_true(first == NULL || first->held);
}

static void a_long_random_life_keeps_the_table_whole(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 16, 32);
    uint32_t random = 5;
    for (int i = 0; i < 50000; i++) {
        random = random * 1664525u + 1013904223u;
        struct ip_address const ip = ipv4(10, 0, 0, (uint8_t)(random >> 26));
        struct source *source = add_spam(table, ip, 1);
        uint32_t const what = random >> 8 & 15;
        if (what < 3 && !source->held) hold_until(table, source, TEST_START + SECONDS(random >> 12));
        if (what == 3 && source->held) source_let_go(table, source); /* from anywhere in the heap */
        if (what == 4 && source_table_first_to_expire(table) != NULL)
            source_let_go(table, source_table_first_to_expire(table));
        if (what == 5) source_clear(table, source);
        assert_true(ip_equal(source_ip(source), &ip));
        const struct verdict *rows[8];
        unsigned const count = source_evidence(table, source, rows, 8);
        for (unsigned row = 0; row < count; row++) assert_true(ip_equal(&rows[row]->source.ip, &ip));
        struct walk walk = {0};
        source_table_each(table, remember, &walk);
        assert_first_to_expire(table, &walk);
    }
    struct walk walk = {0};
    source_table_each(table, remember, &walk);
    assert_int_equal(walk.count, 16);
    for (unsigned i = 0; i < 16; i++) assert_true(knows(table, walk.seen[i]));
    source_table_free(table);
}

static void a_million_sources_fit_their_budget(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, LIMIT_SOURCES_MAX, 0);
    size_t const keys = 4096 + 1024; /* of what was sent and what came in: settings_for_tests */
    assert_true(source_table_memory_bytes(table) <= (size_t)LIMIT_SOURCES_MAX * 1536 + keys * 36 + 4096);
    add_good(table, ipv4(10, 0, 0, 1), 1);
    source_table_free(table);
}

/* Rule 1 has become 0, rule 0 and class 2 are gone.  What is counted stays; what comes counts by the new points. */
static void rules_are_renewed(void **state) {
    (void)state;
    struct counters counters;
    struct source_table *table = new_table(&counters, 4, 2);
    struct ip_address const ip = ipv4(192, 0, 2, 1);
    struct verdict verdict = verdict_spam(ip, TEST_START);
    verdict.rule_count = 2;
    verdict.rules[0] = 1;
    for (int i = 0; i < 3; i++) { /* the ring of evidence has turned */
        verdict.bounce_class = (uint16_t)i;
        (void)source_table_add(table, &verdict, NULL);
    }
    struct source *source = source_table_find(table, &ip);
    source->critical_rule = 1;
    struct sample_settings settings = settings_for_tests(1, 1); /* sizes stay */
    settings.content_spam_points = 8;                           /* the spam has 7.5 */
    struct verdict_map const map = {
        .rule_count = 2, .class_count = 3, .rules = {VERDICT_NO_RULE, 0}, .classes = {0, 2, 0}};
    source_table_renew(table, &settings, &map);
    const struct verdict *rows[4];
    assert_int_equal(source_evidence(table, source, rows, 4), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rows[i]->rule_count, 1);
        assert_int_equal(rows[i]->rules[0], 0);
        assert_int_equal(rows[i]->bounce_class, i == 0 ? 0 : 2);
        assert_true(rows[i]->content_points == 7.5f);
    }
    assert_int_equal(source->critical_rule, 0);
    struct scores scores;
    (void)source_table_add(table, &verdict, NULL);
    source_scores(table, source, &scores);
    assert_int_equal(scores.content_known, 4);
    assert_int_equal(scores.spam_like, 3);
    assert_false(knows(table, ipv4(192, 0, 2, 2)));
    source_table_renew(table, &settings, &map);
    assert_int_equal(source->critical_rule, SOURCE_NO_RULE);
    source_table_free(table);
}

static struct ruleset *source_rules(void) {
    struct problem problem;
    struct rules_source const source = {RULE_CONTENT, "rules", span_from_string(SOURCE_RULES)};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return rules;
}

static struct sent campaign(uint64_t message_id, uint64_t recipient, enum outcome outcome) {
    return (struct sent){.message_id = message_id,
                         .everyone = recipient,
                         .recipients = 1,
                         .kept = 1,
                         .mailboxes = {{.mailbox = recipient, .outcome = (uint8_t)outcome}},
                         .marks.body = UINT64_C(0x1234567812345678)};
}

static void what_the_source_did_before_speaks(void **state) {
    (void)state;
    struct ruleset *rules = source_rules();
    struct sample_settings settings = settings_for_tests(4, 4);
    struct counters counters = {0};
    struct scores scores;
    const struct verdict *rows[4];
    settings.rules = rules;
    struct source_table *table = source_table_new(&settings, &counters);
    struct ip_address const ip = ipv4(192, 0, 2, 1);
    struct verdict good = verdict_good(ip, TEST_START), given_up = verdict_given_up(ip, TEST_START);
    struct verdict deferred = verdict_deferred(ip, TEST_START, 0);
    struct sent sent = campaign(1, 1, OUTCOME_DEFERRED);
    struct source *source = NULL;
    deferred.content_known = true;
    /* Tried again and again, it is one message; what tells nothing is none. */
    for (unsigned i = 0; i < 20; i++) source = source_table_add(table, &deferred, &sent);
    for (unsigned i = 0; i < 20; i++) (void)source_table_add(table, &given_up, &sent);
    sent = campaign(2, 2, OUTCOME_DELIVERED);
    (void)source_table_add(table, &good, &sent);
    source_scores(table, source, &scores);
    assert_int_equal(scores.messages, 2);
    assert_int_equal(scores.spam_like, 0);
    sent = campaign(3, 2, OUTCOME_DELIVERED); /* the third text, to two people */
    (void)source_table_add(table, &good, &sent);
    good.rule_count = 1;
    good.rules[0] = 1;
    good.content_points = 1;
    sent = campaign(4, 4, OUTCOME_DELIVERED);
    (void)source_table_add(table, &good, &sent);
    assert_int_equal(source_evidence(table, source, rows, 4), 1);
    assert_int_equal(rows[0]->rule_count, 2);
    assert_int_equal(rows[0]->rules[0], 2); /* ALIKE, and then ONE */
    assert_int_equal(rows[0]->rules[1], 1);
    assert_true(rows[0]->content_points > 6.99f && rows[0]->content_points < 7.01f);
    assert_false(source->critical);
    good.carried = 1; /* LISTED has fired */
    sent = campaign(5, 5, OUTCOME_DELIVERED);
    (void)source_table_add(table, &good, &sent);
    source_scores(table, source, &scores);
    assert_int_equal(scores.spam_like, 1);
    assert_true(source->critical); /* FIFTH */
    assert_int_equal(source->critical_rule, 3);
    source_clear(table, source);
    good.carried = 0;
    sent = campaign(6, 6, OUTCOME_DELIVERED);
    (void)source_table_add(table, &good, &sent);
    source_scores(table, source, &scores);
    assert_int_equal(scores.spam_like, 0); /* released: what was before is forgotten */
    source_table_free(table);
    ruleset_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_is_its_address),
        cmocka_unit_test(passwords_that_are_guessed),
        cmocka_unit_test(ipv6_sources_are_grouped_by_prefix),
        cmocka_unit_test(the_source_longest_silent_makes_room),
        cmocka_unit_test(blocked_sources_stay_while_others_can_go),
        cmocka_unit_test(when_all_are_blocked_the_oldest_goes_and_is_counted),
        cmocka_unit_test(sequences_go_on_after_an_eviction),
        cmocka_unit_test(evidence_comes_newest_first),
        cmocka_unit_test(overwritten_evidence_is_gone),
        cmocka_unit_test(evidence_of_an_evicted_source_is_nobodys),
        cmocka_unit_test(a_blocked_source_adds_no_evidence),
        cmocka_unit_test(no_evidence_at_all_is_fine),
        cmocka_unit_test(each_goes_by_address),
        cmocka_unit_test(held_sources_come_out_in_order_of_expiry),
        cmocka_unit_test(a_held_source_can_expire_earlier),
        cmocka_unit_test(a_long_random_life_keeps_the_table_whole),
        cmocka_unit_test(a_million_sources_fit_their_budget),
        cmocka_unit_test(rules_are_renewed),
        cmocka_unit_test(what_the_source_did_before_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
