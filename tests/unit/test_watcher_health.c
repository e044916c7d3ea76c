/* What the supervisor tells of the sensor's health: in order, once each, and to a judge that was deaf for a while.
 * Interfaces and losses are shown by live.check_processes and live.check_watch: they need the kernel's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "caught_words.h"
#include "process/judge.h"
#include "process/watcher_state.h"

#define HEARD_MAX 100
#define NOW (INT64_C(1767225600) * NS_PER_S) /* 2026-01-01 00:00:00 UTC */

static struct watcher *w;
static struct config config;
static struct knowledge knowledge;
static bool deaf;
static unsigned heard_count, figures_count;
static struct health_record heard[HEARD_MAX];
static struct supervisor_figures heard_figures;
static struct supervisor_counters supervision;

/* --- in the place of the watcher's other files ---------------------------------------------------------------------
 */

nstime watcher_clock(void) {
    return NOW;
}

bool watcher_tell_judge(struct watcher *of, uint8_t kind, const void *body, size_t bytes, int fd) {
    assert_ptr_equal(of, w);
    assert_int_equal(fd, -1);
    if (deaf) return false;
    if (kind == JUDGE_HEALTH) {
        assert_true(heard_count < HEARD_MAX);
        assert_int_equal(bytes, sizeof heard[0]);
        memcpy(&heard[heard_count++], body, bytes);
    } else {
        assert_int_equal(kind, JUDGE_FIGURES);
        assert_int_equal(bytes, sizeof(struct supervisor_figures));
        memcpy(&heard_figures, body, bytes);
        figures_count++;
    }
    return true;
}

void watcher_renew_decoder(struct watcher *of, unsigned queue, unsigned mirror) {
    (void)of, (void)queue, (void)mirror;
    fail();
}

const struct supervisor_counters *supervisor_counters(const struct supervisor *s) {
    assert_null(s);
    return &supervision;
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static int begin(void **state) {
    (void)state;
    struct problem problem;
    config_default(&config);
    if (!knowledge_load(&config, &knowledge, &problem)) return 1;
    w = calloc(1, sizeof *w);
    if (w == NULL) return 1;
    w->settings = (struct watcher_settings){.config = &config, .knowledge = &knowledge};
    w->statm = -1;
    deaf = false;
    heard_count = figures_count = 0;
    supervision = (struct supervisor_counters){.starts = 0};
    return 0;
}

static int end(void **state) {
    (void)state;
    free(w);
    knowledge_free(&knowledge);
    config_free(&config);
    return 0;
}

static void a_note_is_told_at_once(void **state) {
    (void)state;
    watcher_note(w, HEALTH_STARTED, "sensor", "watching %s", "span0");
    watcher_note_process(w, HEALTH_PROCESS_DIED, "decoder 3", 2, 4, "decoder %d: %s", 3, "killed");
    watcher_note_quietly(w, HEALTH_STOPPING, "sensor", "100 % of it");
    assert_int_equal(heard_count, 3);
    assert_int_equal(heard[0].kind, HEALTH_STARTED);
    assert_string_equal(heard[0].subject, "sensor");
    assert_string_equal(heard[0].reason, "watching span0");
    assert_int_equal(heard[0].time, NOW);
    assert_int_equal(heard[0].sequence, 1);
    assert_int_equal(heard[0].next_try_s, -1);
    assert_int_equal(heard[0].restarts, 0);
    assert_int_equal(heard[1].kind, HEALTH_PROCESS_DIED);
    assert_string_equal(heard[1].subject, "decoder 3");
    assert_string_equal(heard[1].reason, "decoder 3: killed");
    assert_int_equal(heard[1].sequence, 2);
    assert_int_equal(heard[1].next_try_s, 4);
    assert_int_equal(heard[1].restarts, 2);
    assert_int_equal(heard[2].kind, HEALTH_STOPPING);
    assert_string_equal(heard[2].reason, "100 % of it");
    assert_int_equal(heard[2].sequence, 3);
}

/* Texts that are too long are cut, and end. */
static void long_texts_are_cut(void **state) {
    (void)state;
    char subject[100], reason[1000];
    memset(subject, 's', sizeof subject - 1);
    memset(reason, 'r', sizeof reason - 1);
    subject[sizeof subject - 1] = reason[sizeof reason - 1] = '\0';
    watcher_note(w, HEALTH_STARTED, subject, "%s", reason);
    assert_int_equal(strlen(heard[0].subject), sizeof heard[0].subject - 1);
    assert_int_equal(strlen(heard[0].reason), sizeof heard[0].reason - 1);
}

/* While the judge is started anew: the newest are kept, and told in their order with the next figures. */
static void a_deaf_judge_hears_later(void **state) {
    (void)state;
    deaf = true;
    for (unsigned i = 1; i <= HEALTH_KEPT + 8; i++) watcher_note(w, HEALTH_PROCESS_DIED, "judge", "number %u", i);
    watcher_tell_figures(w);
    assert_int_equal(heard_count + figures_count, 0);
    deaf = false;
    watcher_tell_figures(w);
    assert_int_equal(figures_count, 1);
    assert_int_equal(heard_count, HEALTH_KEPT);
    for (unsigned i = 0; i < HEALTH_KEPT; i++) assert_int_equal(heard[i].sequence, 9 + i);
    assert_string_equal(heard[0].reason, "number 9");
    watcher_tell_figures(w);
    watcher_note(w, HEALTH_STARTED, "sensor", "next");
    assert_int_equal(heard_count, HEALTH_KEPT + 1); /* none twice */
    assert_int_equal(heard[HEALTH_KEPT].sequence, HEALTH_KEPT + 9);
}

/* It was said that frames are lost; now none are. */
static void frames_are_kept_again(void **state) {
    (void)state;
    w->lossy = true;
    w->figures.lost_share = 0.5;
    for (unsigned second = 0; second < 3; second++) {
        watcher_look_at_losses(w);
        watcher_tell_figures(w);
    }
    assert_false(w->lossy);
    assert_true(heard_figures.lost_share == 0);
    assert_int_equal(heard_count, 1);
    assert_int_equal(heard[0].kind, HEALTH_FRAMES_KEPT);
    assert_string_equal(heard[0].subject, "sensor");
}

/* What it says on standard error with the next figures. */
static void expect_said(const char *words) {
    struct caught_words caught;
    catch_words(&caught);
    watcher_tell_figures(w);
    caught_were(&caught, words);
}

/* That they are not watched is said once, and counted. */
static void memory_that_is_not_seen_is_said_once(void **state) {
    (void)state;
    expect_said("");
    assert_int_equal(heard_figures.memory_unreadable, 0);
    supervision.memory_unreadable = 12;
    supervision.control_invalid = 3;
    expect_said(
        "mailspan: there is no /proc, so the sensor's processes do not know their memory: it is not watched, and only "
        "the limit on their address space holds them\n");
    assert_int_equal(heard_figures.memory_unreadable, 12);
    assert_int_equal(heard_figures.control_invalid, 3);
    supervision.memory_unreadable = 24;
    expect_said("");
    assert_int_equal(heard_figures.memory_unreadable, 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_note_is_told_at_once, begin, end),
        cmocka_unit_test_setup_teardown(long_texts_are_cut, begin, end),
        cmocka_unit_test_setup_teardown(a_deaf_judge_hears_later, begin, end),
        cmocka_unit_test_setup_teardown(frames_are_kept_again, begin, end),
        cmocka_unit_test_setup_teardown(memory_that_is_not_seen_is_said_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
