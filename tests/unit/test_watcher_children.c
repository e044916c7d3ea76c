/* What children may say to the watcher, whatever they have become, and what they have open: its own files around this
 * one are played here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "process/decoder.h"
#include "process/judge.h"
#include "process/watcher_state.h"

#define JUDGE 0 /* the supervisor's numbers for them */
#define DECODER 1

static struct watcher *w;
static struct config config;
static struct child_spec specs[SUPERVISOR_CHILDREN_MAX];
static unsigned spec_count, stops, readies, answers, notes, reads, anew;
static char noted[400];

/* --- in the place of the watcher's other files, and of the supervisor ----------------------------------------------
 */

void watcher_ready(struct watcher *of) {
    (void)of;
    readies++;
}

void watcher_stop(struct watcher *of) {
    (void)of;
    stops++;
}

void watcher_begins_anew(struct watcher *of, unsigned child) {
    (void)of, (void)child;
    anew++;
}

void watcher_renewed(struct watcher *of, unsigned child, uint32_t number) {
    (void)of, (void)child, (void)number;
    answers++;
}

void watcher_not_renewed(struct watcher *of, unsigned child, uint32_t number, const char *why) {
    (void)of, (void)child, (void)number, (void)why;
    answers++;
}

void watcher_note_process(struct watcher *of, enum health_kind kind, const char *subject, uint64_t restarts,
                          int64_t next_try_s, const char *format, ...) {
    va_list values;
    (void)of, (void)kind, (void)subject, (void)restarts, (void)next_try_s;
    va_start(values, format);
    (void)vsnprintf(noted, sizeof noted, format, values);
    va_end(values);
    notes++;
}

struct loss_counts watcher_queue_losses(struct watcher *of, unsigned queue) {
    (void)of, (void)queue;
    return (struct loss_counts){.taken = 0};
}

void watcher_decoder_reads(struct watcher *of, const struct queue *queue) {
    (void)of, (void)queue;
    reads++;
}

void watcher_tell_last_losses(struct watcher *of, unsigned child) {
    (void)of, (void)child;
    fail();
}

int supervisor_add(struct supervisor *s, const struct child_spec *spec) {
    (void)s;
    assert_true(spec_count < SUPERVISOR_CHILDREN_MAX);
    specs[spec_count] = *spec;
    return (int)spec_count++;
}

enum control_result supervisor_send(struct supervisor *s, unsigned child, struct span bytes, const int *fds,
                                    unsigned fd_count) {
    (void)s, (void)child, (void)bytes, (void)fds, (void)fd_count;
    return CONTROL_DONE;
}

void supervisor_renew(struct supervisor *s, unsigned child) {
    (void)s, (void)child;
}

void supervised_end_text(const struct supervised_news *news, char *text, size_t capacity) {
    (void)snprintf(text, capacity, "end %d", (int)news->end);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static int begin(void **state) {
    (void)state;
    config_default(&config);
    w = calloc(1, sizeof *w);
    if (w == NULL) return 1;
    w->settings = (struct watcher_settings){.config = &config};
    w->statm = w->metrics = -1;
    spec_count = stops = readies = answers = notes = reads = anew = 0;
    return 0;
}

static int end(void **state) {
    (void)state;
    for (unsigned i = 0; i < w->queue_count; i++)
        for (unsigned side = 0; side < 2; side++) (void)close(w->queues[i].ends[side]);
    free(w);
    config_free(&config);
    return 0;
}

/* One that was taken over can say anything at any time: here there is no Redis, and no reload goes on. */
static void any_word_is_borne(void **state) {
    (void)state;
    w->queue_count = 1;
    assert_true(watcher_add_children(w));
    for (unsigned child = JUDGE; child <= DECODER + 1; child++) {
        for (unsigned kind = 0; kind < 256; kind++) {
            uint8_t words[CONTROL_BYTES_MAX];
            memset(words, 0xff, sizeof words);
            words[0] = (uint8_t)kind;
            if (child == DECODER && kind == DECODER_SAYS) continue; /* that one is said */
            for (size_t length = 0; length < 12; length++) watcher_child_says(w, child, span_of(words, length));
            watcher_child_says(w, child, span_of(words, sizeof words));
        }
    }
    assert_int_equal(readies, 1);
    assert_int_equal(answers, 4 * 12); /* whether they are waited for is not decided here */
    assert_int_equal(notes, 0);
    assert_int_equal(stops, 12); /* JUDGE_UNHEARD, each time; the first is enough */
}

/* With as many queues as may be, and metrics, each process has its descriptors. */
static void there_is_room_for_all_descriptors(void **state) {
    (void)state;
    w->queue_count = CONFIG_QUEUES_MAX;
    w->metrics = 1000;
    assert_true(watcher_add_children(w));
    assert_int_equal(spec_count, CONFIG_QUEUES_MAX + 1);
    for (unsigned i = 0; i < spec_count; i++) {
        int kept[SUPERVISOR_KEPT_MAX + 2 * CONFIG_QUEUES_MAX] = {0};
        unsigned count = specs[i].keep(specs[i].context, kept);
        assert_true(count <= SUPERVISOR_KEPT_MAX);
        assert_int_equal(count, i == JUDGE ? CONFIG_QUEUES_MAX + 1 : 1); /* here are no interfaces */
        for (unsigned j = 0; j < count; j++) assert_true(kept[j] > STDERR_FILENO);
    }
}

/* What its end costs is said of each: one that could not be started had nothing. */
static void what_an_end_costs_is_said(void **state) {
    (void)state;
    w->queue_count = 1;
    assert_true(watcher_add_children(w));
    struct supervised_news news = {.child = DECODER, .name = "decoder 0", .end = SUPERVISED_HUNG, .next_try_ms = 1001};
    char expected[400];
    watcher_child_ended(w, &news);
    (void)snprintf(expected, sizeof expected, "decoder 0: end %d; it starts again in 2 s, its open dialogues are lost",
                   (int)SUPERVISED_HUNG);
    assert_string_equal(noted, expected);
    news.end = SUPERVISED_UNSTARTED;
    watcher_child_ended(w, &news);
    (void)snprintf(expected, sizeof expected,
                   "decoder 0: end %d; it starts again in 2 s, and what it is for is not done until then",
                   (int)SUPERVISED_UNSTARTED);
    assert_string_equal(noted, expected);
    news = (struct supervised_news){.child = JUDGE, .name = "judge", .end = SUPERVISED_KILLED, .next_try_ms = 4000};
    watcher_child_ended(w, &news);
    (void)snprintf(expected, sizeof expected, "judge: end %d; it starts again in 4 s, with empty samples",
                   (int)SUPERVISED_KILLED);
    assert_string_equal(noted, expected);
    assert_int_equal(anew, 3);
    assert_int_equal(stops, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_word_is_borne, begin, end),
        cmocka_unit_test_setup_teardown(what_an_end_costs_is_said, begin, end),
        cmocka_unit_test_setup_teardown(there_is_room_for_all_descriptors, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
