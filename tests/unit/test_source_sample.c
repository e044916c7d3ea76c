/* The sample: what counts for which sub-score, and that its sums stay exact.  Expected numbers are worked out by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/source_table.h"
#include "verdicts.h"

struct bench {
    struct sample_limits limits;
    struct sample sample;
    nstime now;
};

static struct bench bench_new(void) {
    struct bench bench = {.now = TEST_START};
    sample_limits_init(&bench.limits, 5, 3);
    return bench;
}

static bool put(struct bench *bench, struct verdict verdict) {
    bench->now += SECONDS(1);
    verdict.time = bench->now;
    return sample_add(&bench->sample, &bench->limits, &verdict);
}

static struct scores scores_of(const struct bench *bench) {
    struct scores scores;
    sample_scores(&bench->sample, &scores);
    return scores;
}

static struct ip_address const ip = {{[15] = 1}};

static void an_empty_sample_says_nothing(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.messages, 0);
    assert_true(scores.oldest == 0 && scores.newest == 0);
    assert_int_equal(scores.uninformative, 0);
    assert_true(scores.total.value == 0 && scores.total.low == 0 && scores.total.high == 100);
}

static void content_is_the_share_of_spam_like_messages(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 10; i++) put(&bench, verdict_spam(ip, 0));
    for (int i = 0; i < 30; i++) put(&bench, verdict_good(ip, 0));
    for (int i = 0; i < 60; i++) put(&bench, verdict_bounced(ip, 0, 0)); /* content not known */
    struct scores const scores = scores_of(&bench);
    assert_true(scores.content.value == 25); /* 10 of 40 */
    assert_int_equal(scores.content_known, 40);
    assert_int_equal(scores.spam_like, 10);
    assert_true(scores.bounce.value == 0);
    assert_true(scores.total.value == 25);
}

static void points_are_compared_to_a_hundredth(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct verdict verdict = verdict_good(ip, 0);
    verdict.content_points = 5;
    assert_true(put(&bench, verdict));
    verdict.content_points = nextafterf(5, 0); /* a sum of points that should be 5 */
    assert_true(put(&bench, verdict));
    verdict.content_points = 4.99f;
    assert_false(put(&bench, verdict));
    assert_int_equal(scores_of(&bench).spam_like, 2);
}

static void setup_is_the_share_of_what_could_be_seen(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct verdict server_only = verdict_badly_set_up(ip, 0);
    server_only.visibility = VISIBILITY_SERVER_ONLY;
    for (int i = 0; i < 6; i++) put(&bench, verdict_badly_set_up(ip, 0));
    for (int i = 0; i < 2; i++) put(&bench, verdict_good(ip, 0));
    for (int i = 0; i < 5; i++) assert_false(put(&bench, server_only));
    for (int i = 0; i < 5; i++) put(&bench, verdict_encrypted(ip, 0));
    struct scores const scores = scores_of(&bench);
    assert_true(scores.setup.value == 75); /* 6 of 8 */
    assert_int_equal(scores.setup_known, 8);
    assert_int_equal(scores.badly_set_up, 6);
    assert_true(scores.total.value == 18.75); /* a quarter of it */
    assert_int_equal(scores.one_sided, 5);
    assert_int_equal(scores.uninformative_encrypted, 5);
}

static void weights_are_kept_to_a_percent(void **state) {
    (void)state;
    struct bench bench = bench_new();
    put(&bench, verdict_bounced(ip, 0, 0.29f)); /* as a float a little under 0.29 */
    assert_float_equal(scores_of(&bench).bounce.value, 29, 1e-9);
}

static void bounce_is_weighed(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct verdict aborted = verdict_good(ip, 0), unknown = verdict_good(ip, 0); /* their content was seen */
    aborted.outcome = OUTCOME_ABORTED;
    unknown.outcome = OUTCOME_UNKNOWN;
    for (int i = 0; i < 4; i++) assert_true(put(&bench, verdict_bounced(ip, 0, 1)));
    for (int i = 0; i < 5; i++) assert_true(put(&bench, verdict_bounced(ip, 0, 0.2f)));
    for (int i = 0; i < 10; i++) assert_true(put(&bench, verdict_deferred(ip, 0, 0.1f)));
    for (int i = 0; i < 6; i++) assert_false(put(&bench, verdict_good(ip, 0)));
    for (int i = 0; i < 7; i++) assert_false(put(&bench, aborted));
    for (int i = 0; i < 8; i++) assert_false(put(&bench, unknown));
    struct scores const scores = scores_of(&bench);
    /* (4 * 1 + 5 * 0.2 + 10 * 0.1) / (4 + 5 + 10 + 6) = 6 / 25 */
    assert_float_equal(scores.bounce.value, 24, 1e-9);
    assert_int_equal(scores.bounced, 9);
    assert_int_equal(scores.deferred, 10);
    assert_int_equal(scores.delivered, 6);
    assert_int_equal(scores.aborted, 7);
    assert_int_equal(scores.unknown, 8);
    assert_int_equal(scores.messages, 40);
}

static void confidence_scales_both_sides(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 10; i++) put(&bench, verdict_good(ip, 0));
    for (int i = 0; i < 20; i++) {
        struct verdict verdict = verdict_bounced(ip, 0, 1);
        verdict.confidence = 0.5f;
        put(&bench, verdict);
    }
    struct scores const scores = scores_of(&bench);
    assert_true(scores.bounce.value == 50); /* 20 * 0.5 of 10 + 20 * 0.5: as 10 of 20 */
    /* Wilson, 10 of 20, by hand: z^2/n = 0.192073, centre 0.5, half sqrt(0.192073 * (0.25 + 0.0480182)) / 1.192073
     * = 0.239252 / 1.192073 = 0.200702 */
    assert_float_equal(scores.bounce.low, 29.930, 0.005);
    assert_float_equal(scores.bounce.high, 70.070, 0.005);
}

static void encrypted_messages_push_nothing(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 100; i++) {
        struct verdict verdict = verdict_encrypted(ip, 0);
        verdict.bounce_weight = 1;
        verdict.setup_points = 9;
        assert_false(put(&bench, verdict));
    }
    struct scores const scores = scores_of(&bench);
    assert_true(scores.total.value == 0 && scores.total.low == 0 && scores.total.high == 100);
    assert_int_equal(scores.messages, 0);
    assert_int_equal(scores.uninformative, 100); /* not as if there had been none */
    assert_int_equal(scores.uninformative_encrypted, 100);
}

static void what_was_inferred_of_encrypted_messages_counts(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct verdict verdict = verdict_encrypted(ip, 0);
    verdict.outcome = OUTCOME_BOUNCED;
    verdict.bounce_weight = 1;
    verdict.confidence = 0.5f;
    assert_true(put(&bench, verdict));
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.encrypted, 1);
    assert_int_equal(scores.uninformative, 0);
    assert_true(scores.bounce.value == 100);
}

static void what_tells_nothing_takes_no_place(void **state) {
    (void)state;
    struct bench bench = bench_new();
    struct verdict unknown = verdict_given_up(ip, 0);
    unknown.outcome = OUTCOME_UNKNOWN;
    for (int i = 0; i < 100; i++) {
        for (int pad = 0; pad < 99; pad++) assert_false(put(&bench, pad < 8 ? verdict_given_up(ip, 0) : unknown));
        struct verdict bounced = verdict_bounced(ip, 0, 1);
        bounced.setup_points = 4;
        assert_true(put(&bench, bounced));
    }
    struct scores scores = scores_of(&bench);
    assert_int_equal(scores.messages, 100);
    assert_int_equal(scores.bounced, 100);
    assert_true(scores.bounce.value == 100);
    assert_true(scores.setup.value == 100); /* nor do they water down the set-up */
    assert_int_equal(scores.aborted + scores.unknown, 0);
    assert_int_equal(scores.uninformative, 9900);
    for (int i = 0; i < 60; i++) put(&bench, verdict_good(ip, 0));
    scores = scores_of(&bench);
    assert_int_equal(scores.uninformative, 40 * 99); /* they leave with the messages that they came before */
    sample_clear(&bench.sample);
    assert_int_equal(scores_of(&bench).uninformative, 0);
}

static void what_tells_nothing_is_counted_by_view(void **state) {
    (void)state;
    struct bench bench = bench_new();
    uint8_t const views[] = {VISIBILITY_CLEAR,       VISIBILITY_GAPPED,      VISIBILITY_GAPPED,
                             VISIBILITY_CLIENT_ONLY, VISIBILITY_SERVER_ONLY, VISIBILITY_SERVER_ONLY,
                             VISIBILITY_ENCRYPTED,   VISIBILITY_ENCRYPTED,   VISIBILITY_ENCRYPTED,
                             VISIBILITY_ENCRYPTED};
    for (unsigned i = 0; i < 10; i++) {
        struct verdict verdict = verdict_given_up(ip, 0);
        verdict.visibility = views[i];
        put(&bench, verdict);
    }
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.uninformative, 10);
    assert_int_equal(scores.uninformative_gapped, 2);
    assert_int_equal(scores.uninformative_one_sided, 3);
    assert_int_equal(scores.uninformative_encrypted, 4);
    assert_int_equal(scores.gapped + scores.one_sided + scores.encrypted, 0);
}

static void the_count_of_what_tells_nothing_is_bounded(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 103; i++) {
        for (int pad = 0; pad < 300; pad++) put(&bench, verdict_given_up(ip, 0));
        if (i < 102) put(&bench, verdict_good(ip, 0));
    }
    assert_int_equal(scores_of(&bench).uninformative, 101 * 255); /* before each of 100, and after the last */
}

static void part_of_a_message_can_tell_something(void **state) {
    (void)state;
    struct bench bench = bench_new();
    /* Given up after a recipient was refused: no delivery, but the list has shown itself. */
    struct verdict probe = verdict_given_up(ip, 0);
    probe.bounce_weight = 1;
    assert_true(put(&bench, probe));
    /* The content was seen, its final reply was not. */
    struct verdict cut = verdict_spam(ip, 0);
    cut.outcome = OUTCOME_UNKNOWN;
    assert_true(put(&bench, cut));
    /* Refused for good or for now, with no fault of the sender's: it did try to deliver. */
    assert_false(put(&bench, verdict_deferred(ip, 0, 0)));
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.messages, 3);
    assert_int_equal(scores.aborted, 1);
    assert_int_equal(scores.unknown, 1);
    assert_int_equal(scores.content_known, 1);
    assert_true(scores.bounce.value == 50); /* the probe, of the probe and the deferred one */
}

static void a_refusal_before_any_recipient_can_only_speak_against(void **state) {
    (void)state;
    struct bench bench = bench_new();
    uint8_t const stages[] = {STAGE_GREETING, STAGE_MAIL};
    for (unsigned i = 0; i < 2; i++) {
        struct verdict too_big = verdict_bounced(ip, 0, 0.1f), busy = verdict_deferred(ip, 0, 0.39f);
        struct verdict blocklisted = verdict_bounced(ip, 0, 0.9f), some = verdict_deferred(ip, 0, 0.4f);
        too_big.stage = busy.stage = blocklisted.stage = some.stage = stages[i];
        assert_false(put(&bench, too_big));
        assert_false(put(&bench, busy));
        assert_true(put(&bench, blocklisted));
        assert_true(put(&bench, some));
    }
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.messages, 4);
    assert_int_equal(scores.uninformative, 4);
    assert_float_equal(scores.bounce.value, 65, 1e-9); /* (0.9 + 0.4) / 2 */
}

static void the_oldest_of_100_leaves(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 60; i++) put(&bench, verdict_spam(ip, 0));
    for (int i = 0; i < 40; i++) put(&bench, verdict_good(ip, 0));
    struct scores scores = scores_of(&bench);
    assert_true(scores.content.value == 60);
    assert_true(scores.oldest == TEST_START + SECONDS(1) && scores.newest == TEST_START + SECONDS(100));
    for (int i = 0; i < 25; i++) put(&bench, verdict_good(ip, 0));
    scores = scores_of(&bench);
    assert_int_equal(scores.messages, 100);
    assert_true(scores.content.value == 35);
    assert_true(scores.oldest == TEST_START + SECONDS(26) && scores.newest == TEST_START + SECONDS(125));
    for (int i = 0; i < 35; i++) put(&bench, verdict_good(ip, 0));
    assert_true(scores_of(&bench).content.value == 0);
}

static void clearing_empties(void **state) {
    (void)state;
    struct bench bench = bench_new();
    for (int i = 0; i < 130; i++) put(&bench, verdict_spam(ip, 0));
    sample_clear(&bench.sample);
    assert_int_equal(scores_of(&bench).messages, 0);
    put(&bench, verdict_good(ip, 0));
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.messages, 1);
    assert_true(scores.content.value == 0 && scores.content_known == 1);
    assert_true(scores.oldest == scores.newest && scores.newest == bench.now);
}

/* A small generator of our own, so that the run is the same everywhere. */
static uint32_t draw(uint32_t *state, uint32_t below) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static struct verdict any_verdict(uint32_t *random) {
    struct verdict verdict = verdict_good(ip, 0);
    verdict.visibility = (uint8_t)draw(random, 5);
    verdict.outcome = (uint8_t)draw(random, 5);
    verdict.content_known = draw(random, 3) > 0;
    verdict.content_points = (float)draw(random, 1000) / 100.0f;
    verdict.setup_points = (float)draw(random, 600) / 100.0f;
    verdict.bounce_weight = (float)draw(random, 101) / 100.0f;
    verdict.confidence = (float)draw(random, 101) / 100.0f;
    return verdict;
}

/* A fresh sample that saw only what came since the ring began its last round but one must be the same bit by bit. */
static void sums_are_exact_after_a_million_messages(void **state) {
    (void)state;
    static struct verdict since[100000];
    struct bench rolling = bench_new(), fresh = bench_new();
    uint32_t random = 1;
    int count = 0, ended = 0; /* rounds */
    for (int i = 0; i < 1000000 || rolling.sample.next != 0; i++) {
        uint8_t const next = rolling.sample.next;
        since[count] = any_verdict(&random);
        put(&rolling, since[count++]);
        if (next != 0 && rolling.sample.next == 0 && (i < 1000000 && ended++ % 8 == 0)) {
            fresh = bench_new();
            fresh.now = rolling.now;
            count = 0;
        }
    }
    assert_true(count > 2 * LIMIT_SAMPLE_MESSAGES);
    for (int i = 0; i < count; i++) put(&fresh, since[i]);
    assert_true(fresh.now == rolling.now);
    assert_true(rolling.sample.serial > fresh.sample.serial);
    fresh.sample.serial = rolling.sample.serial; /* all that tells how many there were */
    assert_memory_equal(&rolling.sample, &fresh.sample, sizeof rolling.sample);
}

static void hostile_verdicts_stay_in_bounds(void **state) {
    (void)state;
    struct bench bench = bench_new();
    float const values[] = {NAN, INFINITY, -INFINITY, -1, 1e30f};
    for (unsigned i = 0; i < 500; i++) {
        struct verdict verdict = verdict_good(ip, 0);
        verdict.outcome = (uint8_t)(i * 7);
        verdict.visibility = (uint8_t)(i * 11);
        verdict.content_points = values[i % 5];
        verdict.setup_points = values[(i + 1) % 5];
        verdict.bounce_weight = values[(i + 2) % 5];
        verdict.confidence = values[(i / 5) % 5];
        verdict.time = i % 2 == 0 ? INT64_MIN : INT64_MAX;
        (void)sample_add(&bench.sample, &bench.limits, &verdict);
    }
    struct scores const scores = scores_of(&bench);
    assert_int_equal(scores.messages, 100);
    assert_int_equal(scores.delivered + scores.deferred + scores.bounced + scores.aborted + scores.unknown, 100);
    assert_true(scores.uninformative > 0 && scores.uninformative <= 101 * 4 * 255);
    assert_true(scores.total.value >= 0 && scores.total.value <= 100);
    for (int i = 0; i < 100; i++) put(&bench, verdict_good(ip, 0));
    assert_true(scores_of(&bench).total.value == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_sample_says_nothing),
        cmocka_unit_test(content_is_the_share_of_spam_like_messages),
        cmocka_unit_test(points_are_compared_to_a_hundredth),
        cmocka_unit_test(setup_is_the_share_of_what_could_be_seen),
        cmocka_unit_test(weights_are_kept_to_a_percent),
        cmocka_unit_test(bounce_is_weighed),
        cmocka_unit_test(confidence_scales_both_sides),
        cmocka_unit_test(encrypted_messages_push_nothing),
        cmocka_unit_test(what_was_inferred_of_encrypted_messages_counts),
        cmocka_unit_test(what_tells_nothing_takes_no_place),
        cmocka_unit_test(what_tells_nothing_is_counted_by_view),
        cmocka_unit_test(the_count_of_what_tells_nothing_is_bounded),
        cmocka_unit_test(part_of_a_message_can_tell_something),
        cmocka_unit_test(a_refusal_before_any_recipient_can_only_speak_against),
        cmocka_unit_test(the_oldest_of_100_leaves),
        cmocka_unit_test(clearing_empties),
        cmocka_unit_test(sums_are_exact_after_a_million_messages),
        cmocka_unit_test(hostile_verdicts_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
