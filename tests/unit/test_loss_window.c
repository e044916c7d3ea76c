/* What was lost in the last minute: by time, from counters, of two kinds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/loss_window.h"

#define BEGIN (1700000000 * NS_PER_S)
#define NEAR 1e-6f

static void note(struct loss_window *window, int64_t second, uint64_t taken, uint64_t kernel_drops) {
    loss_window_note(window, BEGIN + second * NS_PER_S,
                     &(struct loss_counts){.taken = taken, .kernel_drops = kernel_drops});
}

static double share_at(const struct loss_window *window, int64_t second) {
    return loss_window_share(window, BEGIN + second * NS_PER_S);
}

static void nothing_is_nothing_lost(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    assert_float_equal((float)loss_window_share(&window, 0), (float)(0), 0);
    assert_float_equal((float)share_at(&window, 0), (float)(0), 0);
    note(&window, 0, 0, 0);
    assert_float_equal((float)share_at(&window, 0), (float)(0), 0);
    note(&window, 1, 1000, 0);
    assert_float_equal((float)share_at(&window, 1), (float)(0), 0);
}

/* 100 frames a second; in the eleventh second a half of them is lost. */
static void a_loss_counts_for_a_minute(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    for (int64_t second = 0; second <= 200; second++) {
        uint64_t frames = 100 * (uint64_t)(second + 1);
        note(&window, second, frames, second < 10 ? 0 : 50);
        int64_t seconds = second < 59 ? second + 1 : 60;
        double expected = second < 10 || second >= 70 ? 0 : 50.0 / (100.0 * (double)seconds);
        assert_float_equal((float)share_at(&window, second), (float)(expected), NEAR);
    }
}

/* Nobody notes any more: the minute passes all the same. */
static void a_minute_passes_by_itself(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    note(&window, 7, 10, 4);
    assert_float_equal((float)share_at(&window, 7), (float)(0.4), NEAR);
    assert_float_equal((float)share_at(&window, 66), (float)(0.4), NEAR);
    assert_float_equal((float)share_at(&window, 67), (float)(0), 0);
    note(&window, 1000, 20, 4);
    assert_float_equal((float)share_at(&window, 1000), (float)(0), 0);
}

static void several_notes_in_a_second(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    note(&window, 1, 10, 0);
    note(&window, 1, 20, 5);
    note(&window, 1, 20, 5);
    assert_float_equal((float)share_at(&window, 1), (float)(0.25), NEAR);
}

/* Half of what the interface had, and of the rest that passed the filter a fifth: 0.5 + 0.5 * 0.2. */
static void both_kinds_of_loss(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    loss_window_note(
        &window, BEGIN,
        &(struct loss_counts){.taken = 10, .kernel_drops = 2, .interface_frames = 700, .interface_drops = 700});
    assert_float_equal((float)loss_window_share(&window, BEGIN), (float)(0.6), NEAR);
}

/* Drops without a frame, more drops than frames: all is lost, and no more. */
static void no_more_than_all(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    note(&window, 0, 0, 3);
    assert_float_equal((float)share_at(&window, 0), (float)(1), 0);
    note(&window, 1, 2, 9);
    assert_float_equal((float)share_at(&window, 1), (float)(1), 0);
}

/* A clock that goes back shows no future; counters that begin anew count from 0. */
static void what_goes_back(void **state) {
    (void)state;
    struct loss_window window = {.last = {.taken = 0}};
    note(&window, 103, 10, 5);
    assert_float_equal((float)share_at(&window, 102), (float)(0), 0);
    assert_float_equal((float)loss_window_share(&window, -1), (float)(0), 0);
    loss_window_note(&window, INT64_MIN, &(struct loss_counts){.taken = 10, .kernel_drops = 5});
    note(&window, 104, 10, 1); /* 5 before: began anew, 1 lost; frames as they were */
    assert_float_equal((float)share_at(&window, 104), (float)(0.6), NEAR);
    assert_float_equal((float)loss_window_share(&window, INT64_MAX), (float)(0), 0);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_nothing_lost),
        cmocka_unit_test(a_loss_counts_for_a_minute),
        cmocka_unit_test(a_minute_passes_by_itself),
        cmocka_unit_test(several_notes_in_a_second),
        cmocka_unit_test(both_kinds_of_loss),
        cmocka_unit_test(no_more_than_all),
        cmocka_unit_test(what_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
