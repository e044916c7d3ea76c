/* Stage times: buckets at their edges, exclusive times of nested stages, which units are timed (by hand).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/stage_times.h"

static int64_t test_now;
static unsigned clock_reads;

static int64_t read_test_clock(void) {
    clock_reads++;
    return test_now;
}

static void start(struct stage_clock *clock, uint32_t every) {
    stage_clock_init(clock, every);
    clock->now = read_test_clock;
    clock_reads = 0;
    test_now = 1000000;
}

static void buckets(void **state) {
    (void)state;
    static const struct {
        uint64_t ns;
        unsigned bucket; /* 28: none */
    } cases[] = {{0, 0},           {1, 0},          {64, 0},  {65, 1},   {127, 1},
                 {128, 1},         {129, 2},        {256, 2}, {1000, 4}, /* 512 < 1000 <= 1024 */
                 {1000000, 14},                                          /* 2^19 < 10^6 <= 2^20 = 64 << 14 */
                 {1000000000, 24},                                       /* 2^29 < 10^9 <= 2^30 = 64 << 24 */
                 {8589934592, 27},                                       /* 64 << 27 */
                 {8589934593, 28}, {UINT64_MAX, 28}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage_histogram histogram = {.count = 0};
        stage_histogram_add(&histogram, cases[i].ns);
        assert_int_equal(histogram.count, 1);
        assert_int_equal(histogram.sum_ns, cases[i].ns);
        for (unsigned b = 0; b < STAGE_BUCKETS; b++) assert_int_equal(histogram.buckets[b], b == cases[i].bucket);
    }
}

/*   frame 100, stream 30, dialogue 7, content 5000, dialogue 7, stream 20, frame 1 */
static void nested_stages_have_their_own_time(void **state) {
    (void)state;
    struct stage_clock clock;
    start(&clock, 1);
    stage_begin(&clock, TIMED_FRAME);
    test_now += 100;
    enum timed_stage frame = stage_enter(&clock, TIMED_STREAM);
    test_now += 30;
    enum timed_stage stream = stage_enter(&clock, TIMED_DIALOGUE);
    test_now += 7;
    enum timed_stage dialogue = stage_enter(&clock, TIMED_CONTENT);
    test_now += 5000;
    stage_leave(&clock, dialogue);
    test_now += 7;
    stage_leave(&clock, stream);
    test_now += 20;
    stage_leave(&clock, frame);
    test_now += 1;
    stage_end(&clock);
    static const uint64_t expected[TIMED_STAGES] = {101, 50, 14, 5000, 0, 0, 0};
    for (unsigned s = 0; s < TIMED_STAGES; s++) {
        assert_int_equal(clock.times.stages[s].sum_ns, expected[s]);
        assert_int_equal(clock.times.stages[s].count, s < TIMED_VERDICT); /* not entered, not counted */
    }
    assert_false(clock.timing);
}

static void one_in_so_many_is_timed(void **state) {
    (void)state;
    struct stage_clock clock;
    start(&clock, 3);
    for (unsigned unit = 1; unit <= 10; unit++) {
        stage_begin(&clock, TIMED_FRAME);
        assert_int_equal(clock.timing, unit % 3 == 0);
        test_now += 64;
        enum timed_stage before = stage_enter(&clock, TIMED_STREAM);
        test_now += 65;
        stage_leave(&clock, before);
        stage_end(&clock);
        assert_false(clock.timing);
    }
    assert_int_equal(clock.times.stages[TIMED_FRAME].count, 3);
    assert_int_equal(clock.times.stages[TIMED_FRAME].buckets[0], 3);
    assert_int_equal(clock.times.stages[TIMED_STREAM].buckets[1], 3);
    assert_int_equal(clock_reads, 3 * 4); /* begin, enter, leave, end: the seven others asked no clock */
}

static void nothing_is_timed_when_told_so(void **state) {
    (void)state;
    struct stage_clock clock;
    start(&clock, 0);
    clock.left = 2; /* as after 2^32 - 2 units */
    for (unsigned unit = 0; unit < 4; unit++) {
        stage_begin(&clock, TIMED_FRAME);
        stage_leave(&clock, stage_enter(&clock, TIMED_STREAM));
        stage_end(&clock);
    }
    stage_begin(NULL, TIMED_FRAME);
    stage_leave(NULL, stage_enter(NULL, TIMED_STREAM));
    stage_end(NULL);
    assert_int_equal(clock_reads, 0);
    assert_int_equal(clock.times.stages[TIMED_FRAME].count, 0);
}

/* An entry that finds no unit begun, as when time passes without a frame. */
static void outside_of_a_unit_nothing_is_timed(void **state) {
    (void)state;
    struct stage_clock clock;
    start(&clock, 1);
    stage_leave(&clock, stage_enter(&clock, TIMED_STREAM));
    stage_end(&clock);
    assert_int_equal(clock_reads, 0);
}

static void times_add_up(void **state) {
    (void)state;
    struct stage_times sum = {0}, part = {0};
    stage_histogram_add(&part.stages[TIMED_OUTPUT], 65);
    stage_histogram_add(&part.stages[TIMED_FRAME], UINT64_C(9000000000));
    stage_times_add(&sum, &part);
    stage_times_add(&sum, &part);
    assert_int_equal(sum.stages[TIMED_OUTPUT].buckets[1], 2);
    assert_int_equal(sum.stages[TIMED_OUTPUT].count, 2);
    assert_int_equal(sum.stages[TIMED_OUTPUT].sum_ns, 130);
    assert_int_equal(sum.stages[TIMED_FRAME].count, 2);
    assert_int_equal(sum.stages[TIMED_FRAME].sum_ns, UINT64_C(18000000000));
}

/* The real clock goes on, or stands; how fast is the machine's business. */
static void the_monotonic_clock(void **state) {
    (void)state;
    struct stage_clock clock;
    stage_clock_init(&clock, 1);
    stage_begin(&clock, TIMED_FRAME);
    stage_end(&clock);
    assert_int_equal(clock.times.stages[TIMED_FRAME].count, 1);
    assert_true(clock.times.stages[TIMED_FRAME].sum_ns < UINT64_C(1) << 62); /* not negative */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets),
        cmocka_unit_test(nested_stages_have_their_own_time),
        cmocka_unit_test(one_in_so_many_is_timed),
        cmocka_unit_test(nothing_is_timed_when_told_so),
        cmocka_unit_test(outside_of_a_unit_nothing_is_timed),
        cmocka_unit_test(times_add_up),
        cmocka_unit_test(the_monotonic_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
