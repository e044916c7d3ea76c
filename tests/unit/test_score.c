/* Intervals and totals against numbers found another way: the bounds are the roots of (p - x/n)^2 = z^2 p (1 - p) / n,
 * found by bisection in Python; 10 of 100 is worked out by hand in docs/scoring.md.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/score.h"

static void assert_score(struct score score, double value, double low, double high) {
    assert_float_equal(score.value, value, 0.00006);
    assert_float_equal(score.low, low, 0.00006);
    assert_float_equal(score.high, high, 0.00006);
}

static void shares_have_wilson_intervals(void **state) {
    (void)state;
    assert_score(score_share(10, 100), 10, 5.5229, 17.4366);
    assert_score(score_share(5, 100), 5, 2.1544, 11.1750);
    assert_score(score_share(20, 100), 20, 13.3367, 28.8829);
    assert_score(score_share(39, 100), 39, 30.0169, 48.7970);
    assert_score(score_share(40, 100), 40, 30.9401, 49.7997);
    assert_score(score_share(50, 100), 50, 40.3832, 59.6168);
    assert_score(score_share(60, 100), 60, 50.2003, 69.0599);
}

static void shares_of_few_messages_say_little(void **state) {
    (void)state;
    assert_score(score_share(0, 1), 0, 0, 79.3451);
    assert_score(score_share(1, 1), 100, 20.6549, 100);
    assert_score(score_share(2, 2), 100, 34.2380, 100);
}

static void shares_of_fractions(void **state) {
    (void)state;
    assert_score(score_share(12.5, 50), 25, 15.0808, 38.4866);
    assert_score(score_share(7.5, 80.5), 9.316770, 4.6956, 17.6439);
}

static void no_messages_say_nothing(void **state) {
    (void)state;
    struct score const score = score_share(0, 0);
    assert_true(score.value == 0 && score.low == 0 && score.high == 100);
}

static void ends_are_exact(void **state) {
    (void)state;
    struct score const none = score_share(0, 100), all = score_share(100, 100);
    assert_true(none.value == 0 && none.low == 0);
    assert_float_equal(none.high, 3.6993, 0.00006);
    assert_true(all.value == 100 && all.high == 100);
    assert_float_equal(all.low, 96.3007, 0.00006);
}

static void whole_shares_are_exact(void **state) {
    (void)state;
    for (int x = 0; x <= 100; x++) assert_true(score_share(x, 100).value == x);
}

static void an_interval_holds_its_value(void **state) {
    (void)state;
    for (double n = 0.25; n <= 100; n += 0.25) {
        for (double x = 0; x <= n; x += 0.25) {
            struct score const score = score_share(x, n);
            assert_true(0 <= score.low && score.low <= score.value && score.value <= score.high && score.high <= 100);
        }
    }
}

static void nonsense_stays_in_bounds(void **state) {
    (void)state;
    assert_true(score_share(3, 2).value == 100);
    assert_true(score_share(-1, 2).value == 0);
    assert_true(score_share(1, (double)NAN).high == 100);
    assert_true(score_share(1, -1).value == 0);
}

static void one_sub_score_alone_is_the_total(void **state) {
    (void)state;
    struct score const none = {0, 0, 3}, some = {20, 13, 29}, all = {100, 96, 100};
    /* 20; 13; 1 - 0.71 * 0.97 * (1 - 0.03 / 4) = 1 - 0.71 * 0.97 * 0.9925 = 0.31646525 */
    assert_score(score_total(&some, &none, &none), 20, 13, 31.646525);
    assert_true(score_total(&some, &none, &none).value == 20);
    assert_true(score_total(&none, &some, &none).value == 20);
    assert_true(score_total(&none, &none, &some).value == 5);
    assert_true(score_total(&none, &none, &all).value == 25);
    assert_true(score_total(&all, &all, &all).value == 100);
}

static void three_sub_scores_add_up(void **state) {
    (void)state;
    struct score const content = {30, 20, 40}, bounce = {20, 10, 30}, setup = {40, 20, 60};
    /* value 1 - 0.7 * 0.8 * 0.9 = 0.496; low 1 - 0.8 * 0.9 * 0.95 = 0.316; high 1 - 0.6 * 0.7 * 0.85 = 0.643 */
    assert_score(score_total(&content, &bounce, &setup), 49.6, 31.6, 64.3);
}

/* What nothing is known of has the upper bound 100, and rounding takes a little off what is added up: with every count
 * of bounces among few and many messages, and each count of spam. */
static void a_total_interval_holds_its_value(void **state) {
    (void)state;
    struct score const unknown = score_share(0, 0);
    for (unsigned n = 1; n <= 100; n++)
        for (unsigned bounced = 0; bounced <= n; bounced++)
            for (unsigned spam = 0; spam <= n; spam += n > 10 ? 7 : 1) {
                struct score const content = score_share(spam, n), bounce = score_share(bounced, n);
                struct score const total = score_total(&content, &bounce, &unknown);
                assert_true(0 <= total.low && total.low <= total.value);
                assert_true(total.value <= total.high && total.high <= 100);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_have_wilson_intervals),
        cmocka_unit_test(shares_of_few_messages_say_little),
        cmocka_unit_test(shares_of_fractions),
        cmocka_unit_test(no_messages_say_nothing),
        cmocka_unit_test(ends_are_exact),
        cmocka_unit_test(whole_shares_are_exact),
        cmocka_unit_test(an_interval_holds_its_value),
        cmocka_unit_test(nonsense_stays_in_bounds),
        cmocka_unit_test(one_sub_score_alone_is_the_total),
        cmocka_unit_test(three_sub_scores_add_up),
        cmocka_unit_test(a_total_interval_holds_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
