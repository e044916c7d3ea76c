/* What decoders tell, put together: the newest counts, and nothing that a dead one counted is lost (by hand).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mailspan/figures.h"

static struct decoder_figures told(uint64_t packets, uint64_t drops, uint64_t flows_open) {
    struct decoder_figures figures = {.counters.packets = packets,
                                      .counters.records_dropped = 1, /* the last row of counters.h */
                                      .newest_packet = (nstime)packets,
                                      .flows_open = flows_open,
                                      .flows_untold = flows_open,
                                      .flows_max = 100,
                                      .pool_used_bytes = 10 * flows_open,
                                      .pool_bytes = 1000};
    figures.counters.gaps = drops;
    figures.times.stages[TIMED_FRAME] = (struct stage_histogram){.count = packets, .sum_ns = 3 * packets};
    return figures;
}

static struct metrics_snapshot *snapshot_of(unsigned decoders) {
    struct metrics_snapshot *snapshot = calloc(1, sizeof *snapshot);
    assert_non_null(snapshot);
    snapshot->decoder_count = decoders;
    return snapshot;
}

static void hear(struct metrics_snapshot *snapshot, unsigned decoder, uint32_t incarnation,
                 struct decoder_figures figures) {
    metrics_hear_decoder(snapshot, decoder, incarnation, &figures, 1);
}

static void sums(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(2);
    struct decoder_figures sum;
    hear(snapshot, 0, 1, told(5, 1, 3));
    assert_false(metrics_complete(snapshot)); /* the other one has said nothing yet */
    hear(snapshot, 1, 1, told(7, 2, 4));
    assert_true(metrics_complete(snapshot));
    hear(snapshot, 0, 1, told(50, 10, 30)); /* in place of what it said before */
    snapshot->judge.counters.events = 9;
    snapshot->supervisor.interfaces[0] = (struct interface_figures){100, 5, 3, 7};
    snapshot->supervisor.interfaces[CONFIG_INTERFACES_MAX - 1] = (struct interface_figures){10, 6, 1, 8};
    snapshot->judge.times.stages[TIMED_SAMPLE].count = 4;
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.packets, 57);
    assert_int_equal(sum.counters.records_dropped, 2);
    assert_int_equal(sum.counters.events, 9);
    assert_int_equal(sum.counters.gaps, 12);
    assert_int_equal(sum.counters.kernel_drops, 11); /* of both interfaces */
    assert_int_equal(sum.counters.interface_drops, 4);
    assert_int_equal(sum.counters.frames_unread, 15);
    assert_int_equal(sum.times.stages[TIMED_FRAME].sum_ns, 171);
    assert_int_equal(sum.times.stages[TIMED_SAMPLE].count, 4);
    assert_int_equal(sum.newest_packet, 50);
    assert_int_equal(sum.flows_open, 34);
    assert_int_equal(sum.flows_max, 200);
    assert_int_equal(sum.pool_used_bytes, 340);
    assert_int_equal(sum.pool_bytes, 2000);
    free(snapshot);
}

static void a_dead_decoder_takes_nothing_away(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(2);
    struct decoder_figures sum;
    hear(snapshot, 0, 1, told(100, 5, 3));
    hear(snapshot, 1, 2, told(7, 2, 4));
    hear(snapshot, 0, 3, told(1, 0, 1)); /* started anew */
    hear(snapshot, 0, 3, told(2, 0, 1));
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.packets, 109); /* 100 and 2 and 7 */
    assert_int_equal(sum.counters.gaps, 7);
    assert_int_equal(sum.times.stages[TIMED_FRAME].count, 109);
    assert_int_equal(sum.newest_packet, 100);
    assert_int_equal(sum.flows_open, 5); /* the dead one's are not open any more */
    hear(snapshot, 0, 4, told(1000, 0, 1));
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.packets, 1109);
    free(snapshot);
}

/* A decoder died that had begun eight messages: two were dropped, three came.  Three went down with it. */
static void what_a_dead_decoder_had_is_lost(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(2);
    struct decoder_figures sum, dead = told(100, 0, 30);
    dead.flows_open = 50; /* twenty of them have ended, or never began */
    dead.counters.messages = 8;
    dead.counters.verdicts_dropped = 2;
    dead.counters.dialogues = 5;
    hear(snapshot, 0, 1, dead);
    snapshot->decoders[0].verdicts = 3;
    hear(snapshot, 1, 1, told(7, 2, 4));
    hear(snapshot, 0, 2, told(1, 0, 1));
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.messages, 8);
    assert_int_equal(sum.counters.messages_lost, 3);
    assert_int_equal(sum.counters.dialogues, 5);
    assert_int_equal(sum.counters.flows_lost, 30);
    assert_int_equal(snapshot->decoders[0].verdicts, 0); /* of the one that lives now */
    free(snapshot);
}

/* More came of it than its last figures say: so much more it had begun, and nothing is lost twice. */
static void what_came_behind_the_last_figures_counts(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(1);
    struct decoder_figures sum, last = told(100, 0, 30);
    last.counters.messages = 8;
    last.counters.dialogues = 5;
    last.counters.dialogues_dropped = 1;
    hear(snapshot, 0, 1, last);
    snapshot->decoders[0].verdicts = 11;
    snapshot->decoders[0].dialogues = 6;
    metrics_end(snapshot);
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.messages, 11);
    assert_int_equal(sum.counters.messages_lost, 0);
    assert_int_equal(sum.counters.dialogues, 7);   /* six that came, one that was dropped */
    assert_int_equal(sum.counters.flows_lost, 28); /* two of them were open when it told its figures */
    free(snapshot);
}

/* One that told its end has nothing open; what it sent and nobody judged went down with a judge. */
static void who_has_ended_loses_nothing(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(2);
    struct decoder_figures sum, last = told(100, 0, 30);
    last.counters.messages = 8;
    hear(snapshot, 0, 1, last);
    snapshot->decoders[0].verdicts = 6;
    metrics_decoder_ended(snapshot, 0);
    metrics_decoder_ended(snapshot, 2);
    metrics_decoder_ended(snapshot, UINT32_MAX);
    metrics_end(snapshot); /* the other one never said anything */
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.messages, 8);
    assert_int_equal(sum.counters.messages_lost, 2);
    assert_int_equal(sum.counters.flows_lost, 0);
    free(snapshot);
}

static void nobody_else_is_heard(void **state) {
    (void)state;
    struct metrics_snapshot *snapshot = snapshot_of(1);
    struct decoder_figures sum;
    hear(snapshot, 1, 1, told(5, 0, 0));
    hear(snapshot, UINT32_MAX, 1, told(5, 0, 0));
    metrics_sum(snapshot, &sum);
    assert_int_equal(sum.counters.packets, 0);
    free(snapshot);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums),
        cmocka_unit_test(a_dead_decoder_takes_nothing_away),
        cmocka_unit_test(what_a_dead_decoder_had_is_lost),
        cmocka_unit_test(what_came_behind_the_last_figures_counts),
        cmocka_unit_test(who_has_ended_loses_nothing),
        cmocka_unit_test(nobody_else_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
