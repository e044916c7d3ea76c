/* The ledger: when a source is warned, blocked, released, and at which level.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/decision.h"
#include "verdicts.h"

static struct policy const standard = {
    .name = "standard",
    .min_messages = 100,
    .warn_total = 20,
    .block_total = 40,
    .block_total_low = 30,
    .max_unseen_share = 0.3,
    .max_lost_share = 0.05,
    .action = ACTION_DISCARD,
    .levels = 4,
    .level_duration_s = {3600, 21600, 86400, 604800},
};

#define RULES                                                 \
    "rules:\n"                                                \
    "  - {name: ONE, when: tls, points: 1, description: d}\n" \
    "  - {name: TWO, when: tls, points: 1, description: d}\n" \
    "  - {name: phishing_kit, when: tls, points: 1, description: d, severity: critical}\n"

struct bench {
    struct ruleset *rules;
    struct source_table *table;
    struct counters counters;
    struct policy policy;
    struct decision decision; /* the last */
    nstime now;
    double lost_share; /* of the mirror's frames */
    struct ip_address ip;
    struct source *source;
};

static int bench_open(void **state) {
    static struct bench bench;
    struct sample_settings settings = settings_for_tests(8, 64);
    struct problem problem;
    struct rules_source const source = {RULE_SETUP, "rules", span_from_string(RULES)};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    settings.rules = rules;
    bench = (struct bench){.policy = standard, .now = TEST_START, .ip = ipv4(192, 0, 2, 1)};
    bench.table = source_table_new(&settings, &bench.counters);
    bench.rules = rules;
    *state = &bench;
    return bench.table == NULL;
}

static int bench_close(void **state) {
    struct bench *bench = *state;
    source_table_free(bench->table);
    ruleset_free(bench->rules);
    return 0;
}

/* One second later this verdict comes; the kind of what is decided on it. */
static enum decision_kind put(struct bench *bench, struct verdict verdict) {
    bench->now += SECONDS(1);
    verdict.time = bench->now;
    bench->source = source_table_add(bench->table, &verdict, NULL);
    bool const decided =
        ledger_judge(bench->table, bench->source, &bench->policy, bench->lost_share, bench->now, &bench->decision);
    return decided ? bench->decision.kind : DECISION_NONE;
}

/* So many of these, on none of which anything may be decided. */
static void put_quietly(struct bench *bench, struct verdict verdict, int count) {
    for (int i = 0; i < count; i++) assert_int_equal(put(bench, verdict), DECISION_NONE);
}

static bool expire(struct bench *bench, nstime now) {
    bench->now = now;
    return ledger_expire(bench->table, &bench->policy, now, &bench->decision);
}

static struct standing *standing_of(struct bench *bench) {
    return source_standing(bench->source);
}

static void block_again(struct bench *bench) {
    put_quietly(bench, verdict_spam(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_BLOCK);
}

static void nothing_is_decided_on_99_messages(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_spam(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_BLOCK);
}

static void a_block_says_all(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 40);
    put_quietly(bench, verdict_spam(bench->ip, 0), 59);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_BLOCK);
    const struct decision *decision = &bench->decision;
    nstime const time = TEST_START + SECONDS(100);
    assert_true(decision->time == time && decision->expires == time + HOURS(1));
    assert_true(ip_equal(&decision->ip, &bench->ip));
    assert_int_equal(decision->prefix_bits, 128);
    assert_int_equal(decision->action, ACTION_DISCARD);
    assert_int_equal(decision->level, 1);
    assert_int_equal(decision->sequence, 1);
    assert_ptr_equal(decision->policy, &bench->policy);
    assert_true(decision->scores.total.value == 60);
    assert_int_equal(decision->evidence_count, LIMIT_EVENT_EVIDENCE);
    for (unsigned i = 0; i < LIMIT_EVENT_EVIDENCE; i++) assert_true(decision->evidence[i]->time == time - SECONDS(i));
    /* 50.2003 is the lower bound of 60 of 100 (see test_score.c) */
    assert_string_equal(decision->reason,
                        "60 of 100 messages look like spam; "
                        "total 60.0 (at least 50.2): content 60.0, set-up 0.0, bounce 0.0");
    assert_int_equal(standing_of(bench)->state, STATE_BLOCKED);
    assert_true(standing_of(bench)->expires == decision->expires);
}

static void reasons_name_what_weighs_most(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_deferred(bench->ip, 0, 0.1f), 10);
    put_quietly(bench, verdict_bounced(bench->ip, 0, 1), 89);
    assert_int_equal(put(bench, verdict_bounced(bench->ip, 0, 1)), DECISION_BLOCK);
    /* (90 + 10 * 0.1) / 100 = 91; its lower bound: z^2/n = 0.0384146, centre (0.91 + 0.0192073) / 1.0384146 = 0.894833,
     * half sqrt(0.0384146 * (0.0819 + 0.00960365)) / 1.0384146 = 0.057095: 83.8 */
    assert_string_equal(bench->decision.reason,
                        "90 of 100 messages bounced, 10 were deferred; "
                        "total 91.0 (at least 83.8): content 0.0, set-up 0.0, bounce 91.0");
}

static void bad_setup_alone_warns_and_never_blocks(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_badly_set_up(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_badly_set_up(bench->ip, 0)), DECISION_WARN);
    /* the lower bound of 100 of 100 is 96.3, a quarter of it 24.1 */
    assert_string_equal(bench->decision.reason,
                        "100 of 100 messages come from a bad set-up; "
                        "total 25.0 (at least 24.1): content 0.0, set-up 100.0, bounce 0.0");
    put_quietly(bench, verdict_badly_set_up(bench->ip, 0), 1000);
}

static void bad_setup_halves_what_is_tolerated(void **state) {
    struct bench *bench = *state;
    struct verdict bounced = verdict_bounced(bench->ip, 0, 1);
    bounced.setup_points = 4;
    put_quietly(bench, verdict_badly_set_up(bench->ip, 0), 81);
    put_quietly(bench, bounced, 18);
    assert_int_equal(put(bench, bounced), DECISION_WARN);  /* 1 - 0.81 * 0.75 = 39.25 */
    assert_int_equal(put(bench, bounced), DECISION_BLOCK); /* 1 - 0.80 * 0.75 = 40, low 1 - 0.8666 * 0.7592 = 34.2 */
    assert_true(bench->decision.scores.total.value == 40);
}

static void a_five_percent_bouncer_is_left_alone(void **state) {
    struct bench *bench = *state;
    for (int i = 0; i < 50; i++) {
        put_quietly(bench, verdict_bounced(bench->ip, 0, 1), 5);
        put_quietly(bench, verdict_good(bench->ip, 0), 95);
    }
}

static void a_block_needs_its_lower_bound_too(void **state) {
    struct bench *bench = *state;
    bench->policy.min_messages = 10;
    put_quietly(bench, verdict_good(bench->ip, 0), 5);
    /* 5 of 10: 50, but at least 23.7 only (the tables give 23.7 to 76.3) */
    put_quietly(bench, verdict_spam(bench->ip, 0), 4);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    assert_true(bench->decision.scores.total.value == 50);
    assert_float_equal(bench->decision.scores.total.low, 23.66, 0.005);
}

static void a_warning_is_said_once_per_crossing(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 80);
    put_quietly(bench, verdict_spam(bench->ip, 0), 19);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    assert_int_equal(bench->decision.action, ACTION_NONE);
    assert_int_equal(bench->decision.level, 0);
    assert_true(bench->decision.expires == 0);
    assert_int_equal(standing_of(bench)->state, STATE_WARNED);
    put_quietly(bench, verdict_good(bench->ip, 0), 85); /* down to 15: not under 10 */
    put_quietly(bench, verdict_spam(bench->ip, 0), 20); /* up again through 20 */
    put_quietly(bench, verdict_good(bench->ip, 0), 91); /* down to 9: armed */
    assert_int_equal(standing_of(bench)->state, STATE_CLEAR);
    put_quietly(bench, verdict_good(bench->ip, 0), 9);
    put_quietly(bench, verdict_spam(bench->ip, 0), 19);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    assert_int_equal(bench->decision.sequence, 2);
}

static void a_quiet_hour_rearms_the_warning(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 75);
    put_quietly(bench, verdict_spam(bench->ip, 0), 24);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    bench->now += HOURS(1) - SECONDS(2);
    put_quietly(bench, verdict_spam(bench->ip, 0), 1);
    bench->now += HOURS(1) - SECONDS(1);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
}

static void a_block_is_said_once_until_it_expires(void **state) {
    struct bench *bench = *state;
    block_again(bench);
    nstime const expires = bench->decision.expires;
    put_quietly(bench, verdict_spam(bench->ip, 0), 500);
    put_quietly(bench, verdict_critical(bench->ip, 0), 5);
    assert_false(expire(bench, expires - 1));
    assert_true(expire(bench, expires));
    assert_int_equal(bench->decision.kind, DECISION_RELEASE);
    assert_false(expire(bench, expires));
}

static void a_release_says_all_and_empties_the_sample(void **state) {
    struct bench *bench = *state;
    block_again(bench);
    nstime const expires = bench->decision.expires;
    assert_true(expire(bench, expires + HOURS(5))); /* late: said as of when it expired */
    assert_true(bench->decision.time == expires && bench->decision.expires == 0);
    assert_int_equal(bench->decision.level, 1);
    assert_int_equal(bench->decision.sequence, 2);
    assert_int_equal(bench->decision.action, ACTION_NONE);
    assert_int_equal(bench->decision.evidence_count, 0);
    assert_true(bench->decision.scores.total.value == 100);
    assert_string_equal(bench->decision.reason, "the block of level 1 has run out; the sample starts anew");
    assert_int_equal(standing_of(bench)->state, STATE_CLEAR);
    struct scores scores;
    source_scores(bench->table, bench->source, &scores);
    assert_int_equal(scores.messages, 0);
    block_again(bench);
}

static void each_block_is_one_level_up(void **state) {
    struct bench *bench = *state;
    int64_t const hours[] = {1, 6, 24, 168, 168};
    for (unsigned i = 0; i < 5; i++) {
        block_again(bench);
        assert_int_equal(bench->decision.level, i < 4 ? i + 1 : 4);
        assert_true(bench->decision.expires == bench->now + HOURS(hours[i]));
        assert_true(expire(bench, bench->decision.expires));
    }
}

static void levels_decay_by_one_in_seven_clean_days(void **state) {
    struct bench *bench = *state;
    for (unsigned i = 0; i < 3; i++) { /* to level 3 */
        block_again(bench);
        assert_true(expire(bench, bench->decision.expires));
    }
    nstime const released = bench->now;
    bench->now = released + DAYS(7) - SECONDS(2);
    put_quietly(bench, verdict_good(bench->ip, 0), 1);
    assert_int_equal(standing_of(bench)->level, 3);
    put_quietly(bench, verdict_good(bench->ip, 0), 1);
    assert_int_equal(standing_of(bench)->level, 2);
    bench->now = released + DAYS(14) - SECONDS(1);
    put_quietly(bench, verdict_good(bench->ip, 0), 1);
    assert_int_equal(standing_of(bench)->level, 1);
    bench->now = released + DAYS(100);
    put_quietly(bench, verdict_good(bench->ip, 0), 1);
    assert_int_equal(standing_of(bench)->level, 0);
}

static void time_over_the_warning_is_not_clean(void **state) {
    struct bench *bench = *state;
    block_again(bench);
    assert_true(expire(bench, bench->decision.expires));
    put_quietly(bench, verdict_good(bench->ip, 0), 75);
    put_quietly(bench, verdict_spam(bench->ip, 0), 24);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    nstime const warned = bench->now;
    bench->now = warned + DAYS(7) - SECONDS(2);
    (void)put(bench, verdict_good(bench->ip, 0));
    assert_int_equal(standing_of(bench)->level, 1); /* over seven days after the release, not after the warning */
}

static void a_critical_rule_blocks_at_once(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 3);
    assert_int_equal(put(bench, verdict_critical(bench->ip, 0)), DECISION_BLOCK);
    assert_int_equal(bench->decision.level, 1);
    assert_int_equal(bench->decision.evidence_count, 1);
    /* 1 of 4: z^2/n = 0.960365, centre (0.25 + 0.480182) / 1.960365 = 0.372473, half
     * sqrt(0.960365 * (0.1875 + 0.240091)) / 1.960365 = 0.326885: 4.6 */
    assert_string_equal(bench->decision.reason,
                        "a message fired the critical rule; "
                        "total 25.0 (at least 4.6): content 25.0, set-up 0.0, bounce 0.0");
    put_quietly(bench, verdict_critical(bench->ip, 0), 1);
}

static void the_critical_rule_is_named(void **state) {
    struct bench *bench = *state;
    struct verdict verdict = verdict_critical(bench->ip, 0);
    verdict.rule_count = 4;
    verdict.rules[0] = 1;
    verdict.rules[1] = 60000; /* no rule at all: a verdict may come from a process that has gone wrong */
    verdict.rules[2] = 2;
    assert_int_equal(put(bench, verdict), DECISION_BLOCK);
    assert_non_null(strstr(bench->decision.reason, "fired the critical rule phishing_kit;"));
}

static void unseen_messages_withhold_a_block(void **state) {
    struct bench *bench = *state;
    struct verdict gapped = verdict_spam(bench->ip, 0), one_sided = gapped;
    gapped.visibility = VISIBILITY_GAPPED;
    one_sided.visibility = VISIBILITY_CLIENT_ONLY;
    put_quietly(bench, verdict_encrypted(bench->ip, 0), 5);
    put_quietly(bench, gapped, 20);
    put_quietly(bench, one_sided, 6);
    put_quietly(bench, verdict_spam(bench->ip, 0), 68);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WITHHELD);
    assert_int_equal(bench->decision.action, ACTION_NONE);
    assert_string_equal(bench->decision.reason,
                        "block withheld: 31 of 100 messages were not fully seen "
                        "(20 gapped, 6 one-sided, 5 encrypted); total 100.0");
    assert_int_equal(standing_of(bench)->state, STATE_CLEAR);
    /* Five more, and the sample is full: 31 of 105 is not more than 30 %. */
    put_quietly(bench, verdict_spam(bench->ip, 0), 4);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_BLOCK);
}

static void what_tells_nothing_neither_fills_the_sample_nor_thins_it(void **state) {
    struct bench *bench = *state;
    for (int i = 0; i < 99; i++) {
        put_quietly(bench, verdict_given_up(bench->ip, 0), 99);
        put_quietly(bench, verdict_bounced(bench->ip, 0, 1), 1);
    }
    put_quietly(bench, verdict_given_up(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_bounced(bench->ip, 0, 1)), DECISION_BLOCK);
    assert_string_equal(bench->decision.reason,
                        "100 of 100 messages bounced; total 100.0 (at least 96.3): "
                        "content 0.0, set-up 0.0, bounce 100.0; 9900 more told nothing");
}

static void probes_are_bounces(void **state) {
    struct bench *bench = *state;
    struct verdict probe = verdict_given_up(bench->ip, 0);
    probe.bounce_weight = 1;
    put_quietly(bench, probe, 99);
    assert_int_equal(put(bench, probe), DECISION_BLOCK);
    assert_non_null(strstr(bench->decision.reason, "0 of 0 messages bounced, 100 were given up; total 100.0"));
}

/* Each was taken for one recipient of four. */
static void a_refusal_in_part_is_told(void **state) {
    struct bench *bench = *state;
    struct verdict in_part = verdict_good(bench->ip, 0);
    in_part.bounce_weight = 0.75f;
    put_quietly(bench, in_part, 99);
    assert_int_equal(put(bench, in_part), DECISION_BLOCK);
    assert_non_null(strstr(bench->decision.reason, "0 of 100 messages bounced, 100 in part; total 75.0"));
    assert_int_equal(bench->decision.scores.in_part, 100);
}

/* The cost of a hiding place: 43 unseen ones for each 100 that tell something (43 of 143 is 30.07 %, 42 of 142 29.6).
 */
static void padding_that_was_not_seen_withholds(void **state, int pads, enum decision_kind at_100,
                                                enum decision_kind then) {
    struct bench *bench = *state;
    char reason[64];
    put_quietly(bench, verdict_encrypted(bench->ip, 0), pads);
    put_quietly(bench, verdict_given_up(bench->ip, 0), 250); /* seen in whole: no part of it */
    put_quietly(bench, verdict_spam(bench->ip, 0), 99 - pads);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WITHHELD);
    assert_true(snprintf(reason, sizeof reason, "block withheld: %d of 100 messages", pads) > 0);
    assert_non_null(strstr(bench->decision.reason, reason));
    put_quietly(bench, verdict_spam(bench->ip, 0), pads - 1); /* 99: the sample is not full */
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), at_100);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), then);
}

static void forty_two_unseen_are_too_few_to_hide(void **state) {
    padding_that_was_not_seen_withholds(state, 42, DECISION_BLOCK, DECISION_NONE);
}

/* They leave together with the first message, which they came before. */
static void forty_three_unseen_hide_as_long_as_they_are_in_the_sample(void **state) {
    padding_that_was_not_seen_withholds(state, 43, DECISION_NONE, DECISION_BLOCK);
}

/* A mirror that loses more frames than policy bears decides nothing; what it saw is kept, and decides when it is whole
 * again. */
static void nothing_is_decided_on_a_lossy_mirror(void **state) {
    struct bench *bench = *state;
    bench->lost_share = 0.0501;
    put_quietly(bench, verdict_spam(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WITHHELD);
    assert_string_equal(bench->decision.reason,
                        "block withheld: 5.0 % of the mirror's frames were lost in the last minute; total 100.0");
    put_quietly(bench, verdict_spam(bench->ip, 0), 20);
    bench->lost_share = 0.05; /* as much as is allowed */
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_BLOCK);
}

static void the_unseen_are_withheld_not_forgotten(void **state) {
    struct bench *bench = *state;
    struct verdict blind = verdict_given_up(bench->ip, 0);
    blind.outcome = OUTCOME_UNKNOWN;
    blind.visibility = VISIBILITY_SERVER_ONLY;
    put_quietly(bench, blind, 98);
    put_quietly(bench, verdict_spam(bench->ip, 0), 1);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WITHHELD); /* 2 of 2, and at least 34 */
    assert_non_null(strstr(bench->decision.reason, "block withheld: 98 of 100 messages"));
    put_quietly(bench, blind, 300);
}

static void withholding_is_said_once(void **state) {
    struct bench *bench = *state;
    struct verdict gapped = verdict_spam(bench->ip, 0);
    gapped.visibility = VISIBILITY_GAPPED;
    put_quietly(bench, verdict_good(bench->ip, 0), 64);
    put_quietly(bench, gapped, 35);
    assert_int_equal(put(bench, gapped), DECISION_WITHHELD); /* 36: a warning */
    assert_non_null(strstr(bench->decision.reason, "warning withheld"));
    put_quietly(bench, gapped, 3);
    assert_int_equal(put(bench, gapped), DECISION_WITHHELD); /* 40: a block */
    assert_non_null(strstr(bench->decision.reason, "block withheld"));
    put_quietly(bench, gapped, 300);
}

static void encrypted_traffic_is_no_reason_to_speak(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_encrypted(bench->ip, 0), 1000);
}

static void an_action_of_rate_throttles(void **state) {
    struct bench *bench = *state;
    bench->policy.action = ACTION_RATE;
    put_quietly(bench, verdict_spam(bench->ip, 0), 99);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_THROTTLE);
    assert_int_equal(bench->decision.action, ACTION_RATE);
    assert_int_equal(standing_of(bench)->state, STATE_THROTTLED);
    put_quietly(bench, verdict_spam(bench->ip, 0), 100);
    assert_true(expire(bench, bench->decision.expires));
    assert_int_equal(bench->decision.kind, DECISION_RELEASE);
}

static void releases_come_in_order_of_expiry(void **state) {
    struct bench *bench = *state;
    for (uint8_t i = 3; i > 0; i--) {
        bench->ip = ipv4(192, 0, 2, i);
        (void)put(bench, verdict_critical(bench->ip, 0));
    }
    nstime const later = bench->now + DAYS(1);
    for (uint8_t i = 3; i > 0; i--) {
        struct ip_address const ip = ipv4(192, 0, 2, i);
        assert_true(expire(bench, later));
        assert_true(ip_equal(&bench->decision.ip, &ip));
    }
    assert_false(expire(bench, later));
}

static void an_ipv6_block_names_its_prefix(void **state) {
    struct bench *bench = *state;
    struct ip_address const network = ipv6(9, 0);
    for (unsigned i = 0; i < 99; i++) put_quietly(bench, verdict_spam(ipv6(9, (uint8_t)i), 0), 1);
    assert_int_equal(put(bench, verdict_spam(ipv6(9, 200), 0)), DECISION_BLOCK);
    assert_true(ip_equal(&bench->decision.ip, &network));
    assert_int_equal(bench->decision.prefix_bits, 64);
}

static void a_clock_that_steps_back_harms_nothing(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 75);
    put_quietly(bench, verdict_spam(bench->ip, 0), 24);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    bench->now -= MINUTES(50);
    put_quietly(bench, verdict_spam(bench->ip, 0), 1);
    bench->now += MINUTES(50); /* forward to where it was: no quiet hour */
    put_quietly(bench, verdict_spam(bench->ip, 0), 1);
}

#define YEARS(n) DAYS((n)*365)

/* What this source says at another time than it is. */
static enum decision_kind put_at(struct bench *bench, struct verdict verdict, nstime wild) {
    nstime const now = bench->now;
    bench->now = wild - SECONDS(1);
    enum decision_kind const kind = put(bench, verdict);
    bench->now = now;
    return kind;
}

static void a_block_from_the_future_ends_in_its_time(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_spam(bench->ip, 0), 99);
    nstime const now = bench->now, wild = now + YEARS(7);
    assert_int_equal(put_at(bench, verdict_spam(bench->ip, 0), wild), DECISION_BLOCK);
    assert_true(bench->decision.time == wild && bench->decision.expires == wild + HOURS(1));
    assert_false(expire(bench, now)); /* the clock is right again: from here on it is a block of an hour */
    assert_true(standing_of(bench)->expires == now + HOURS(1));
    assert_false(expire(bench, now + HOURS(1) - 1));
    assert_true(expire(bench, now + HOURS(1)));
    assert_int_equal(bench->decision.kind, DECISION_RELEASE);
    assert_true(bench->decision.time == now + HOURS(1));
    block_again(bench);
    assert_int_equal(bench->decision.level, 2);
}

static void blocks_from_the_future_are_found_behind_others(void **state) {
    struct bench *bench = *state;
    nstime const start = bench->now;
    uint8_t const order[] = {1, 3, 5, 2, 4, 6}; /* 1, 3 and 5 in their time; 2, 4 and 6 years ahead */
    for (unsigned i = 0; i < 6; i++) {
        bench->ip = ipv4(192, 0, 2, order[i]);
        nstime const at = i < 3 ? start + MINUTES(order[i]) : start + YEARS(8 - order[i]);
        assert_int_equal(put_at(bench, verdict_critical(bench->ip, 0), at), DECISION_BLOCK);
    }
    assert_false(expire(bench, start + MINUTES(10)));
    for (unsigned i = 0; i < 6; i++) {
        struct ip_address const ip = ipv4(192, 0, 2, order[i]);
        assert_true(expire(bench, start + HOURS(2)));
        assert_true(ip_equal(&bench->decision.ip, &ip));
        assert_true(bench->decision.time == start + HOURS(1) + MINUTES(i < 3 ? order[i] : 10));
    }
    assert_false(expire(bench, start + YEARS(9)));
}

static void messages_a_little_out_of_order_move_no_block(void **state) {
    struct bench *bench = *state;
    block_again(bench);
    nstime const expires = bench->decision.expires;
    assert_int_equal(put_at(bench, verdict_spam(bench->ip, 0), bench->now - MINUTES(10)), DECISION_NONE);
    assert_false(expire(bench, bench->now - MINUTES(59)));
    assert_true(standing_of(bench)->expires == expires);
}

static void a_wild_time_does_not_stop_the_clock_of_a_source(void **state) {
    struct bench *bench = *state;
    put_quietly(bench, verdict_good(bench->ip, 0), 80);
    put_quietly(bench, verdict_spam(bench->ip, 0), 19);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
    assert_int_equal(put_at(bench, verdict_spam(bench->ip, 0), bench->now + YEARS(7)),
                     DECISION_WARN); /* a quiet time */
    put_quietly(bench, verdict_spam(bench->ip, 0), 1);
    assert_true(standing_of(bench)->judged == bench->now);
    assert_true(standing_of(bench)->clean_since == bench->now);
    bench->now += HOURS(1);
    assert_int_equal(put(bench, verdict_spam(bench->ip, 0)), DECISION_WARN);
}

static void no_time_at_all_overflows(void **state) {
    struct bench *bench = *state;
    nstime const times[] = {INT64_MIN, INT64_MAX, 0, INT64_MIN, -1, INT64_MAX};
    for (unsigned i = 0; i < 60; i++) {
        bench->ip = ipv4(192, 0, 2, (uint8_t)(i % 5));
        struct verdict verdict = verdict_critical(bench->ip, times[i % 6]);
        while (ledger_expire(bench->table, &bench->policy, times[i % 6], &bench->decision)) continue;
        bench->source = source_table_add(bench->table, &verdict, NULL);
        (void)ledger_judge(bench->table, bench->source, &bench->policy, 0, times[i % 6], &bench->decision);
    }
}

/* Before its time; the ladder goes on from where it was, and the source's next block is one level up. */
static void a_block_is_lifted(void **state) {
    struct bench *bench = *state;
    assert_false(ledger_lift(bench->table, &bench->policy, bench->now, &bench->decision));
    block_again(bench);
    nstime const now = bench->now + SECONDS(5);
    assert_true(ledger_lift(bench->table, &bench->policy, now, &bench->decision));
    assert_int_equal(bench->decision.kind, DECISION_RELEASE);
    assert_true(bench->decision.time == now && bench->decision.expires == 0);
    assert_int_equal(bench->decision.scores.messages, 100); /* those from before */
    assert_string_equal(bench->decision.reason,
                        "the block of level 1 is lifted, because the policy has changed; the sample starts anew");
    assert_int_equal(standing_of(bench)->state, STATE_CLEAR);
    assert_false(ledger_lift(bench->table, &bench->policy, now, &bench->decision));
    assert_false(expire(bench, now + HOURS(2)));
    block_again(bench);
    assert_int_equal(bench->decision.level, 2);
}

static void words_have_names(void **state) {
    (void)state;
    assert_string_equal(action_name(ACTION_NONE), "none");
    assert_string_equal(action_name(ACTION_REDIRECT), "redirect");
    assert_string_equal(decision_kind_name(DECISION_WITHHELD), "withheld");
    assert_string_equal(decision_kind_name(DECISION_BLOCK), "block");
    assert_string_equal(source_state_name(STATE_CLEAR), "clear");
    assert_string_equal(source_state_name(STATE_BLOCKED), "blocked");
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(nothing_is_decided_on_99_messages),
        BENCH_TEST(a_block_says_all),
        BENCH_TEST(reasons_name_what_weighs_most),
        BENCH_TEST(bad_setup_alone_warns_and_never_blocks),
        BENCH_TEST(bad_setup_halves_what_is_tolerated),
        BENCH_TEST(a_five_percent_bouncer_is_left_alone),
        BENCH_TEST(a_block_needs_its_lower_bound_too),
        BENCH_TEST(a_warning_is_said_once_per_crossing),
        BENCH_TEST(a_quiet_hour_rearms_the_warning),
        BENCH_TEST(a_block_is_said_once_until_it_expires),
        BENCH_TEST(a_release_says_all_and_empties_the_sample),
        BENCH_TEST(each_block_is_one_level_up),
        BENCH_TEST(levels_decay_by_one_in_seven_clean_days),
        BENCH_TEST(time_over_the_warning_is_not_clean),
        BENCH_TEST(a_critical_rule_blocks_at_once),
        BENCH_TEST(the_critical_rule_is_named),
        BENCH_TEST(unseen_messages_withhold_a_block),
        BENCH_TEST(what_tells_nothing_neither_fills_the_sample_nor_thins_it),
        BENCH_TEST(probes_are_bounces),
        BENCH_TEST(a_refusal_in_part_is_told),
        BENCH_TEST(forty_two_unseen_are_too_few_to_hide),
        BENCH_TEST(forty_three_unseen_hide_as_long_as_they_are_in_the_sample),
        BENCH_TEST(the_unseen_are_withheld_not_forgotten),
        BENCH_TEST(nothing_is_decided_on_a_lossy_mirror),
        BENCH_TEST(withholding_is_said_once),
        BENCH_TEST(encrypted_traffic_is_no_reason_to_speak),
        BENCH_TEST(an_action_of_rate_throttles),
        BENCH_TEST(releases_come_in_order_of_expiry),
        BENCH_TEST(a_block_is_lifted),
        BENCH_TEST(an_ipv6_block_names_its_prefix),
        BENCH_TEST(a_clock_that_steps_back_harms_nothing),
        BENCH_TEST(a_block_from_the_future_ends_in_its_time),
        BENCH_TEST(blocks_from_the_future_are_found_behind_others),
        BENCH_TEST(messages_a_little_out_of_order_move_no_block),
        BENCH_TEST(a_wild_time_does_not_stop_the_clock_of_a_source),
        BENCH_TEST(no_time_at_all_overflows),
        cmocka_unit_test(words_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
