/* See mailspan/stage_times.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/stage_times.h"

#include <time.h>

_Static_assert(TIMED_STAGES <= 32, "entered has a bit for each stage");

/* The first bucket that is not too small; STAGE_BUCKETS: none is. */
static unsigned bucket_of(uint64_t ns) {
    if (ns <= STAGE_BUCKET_FIRST_NS) return 0;
    unsigned bits = 64 - (unsigned)__builtin_clzll((ns - 1) / STAGE_BUCKET_FIRST_NS);
    return bits < STAGE_BUCKETS ? bits : STAGE_BUCKETS;
}

void stage_histogram_add(struct stage_histogram *histogram, uint64_t ns) {
    unsigned bucket = bucket_of(ns);
    if (bucket < STAGE_BUCKETS) histogram->buckets[bucket]++;
    histogram->count++;
    histogram->sum_ns += ns;
}

void stage_times_add(struct stage_times *sum, const struct stage_times *part) {
    for (unsigned s = 0; s < TIMED_STAGES; s++) {
        struct stage_histogram *to = &sum->stages[s];
        const struct stage_histogram *from = &part->stages[s];
        for (unsigned b = 0; b < STAGE_BUCKETS; b++) to->buckets[b] += from->buckets[b];
        to->count += from->count;
        to->sum_ns += from->sum_ns;
    }
}

static int64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void stage_clock_init(struct stage_clock *clock, uint32_t every) {
    *clock = (struct stage_clock){.every = every, .left = every, .now = monotonic_ns};
}

void stage_begin_timed(struct stage_clock *clock, enum timed_stage first) {
    clock->left = clock->every;
    if (clock->every == 0) return;
    clock->timing = true;
    clock->running = first;
    clock->entered = 1u << first;
    for (unsigned s = 0; s < TIMED_STAGES; s++) clock->spent_ns[s] = 0;
    clock->since_ns = clock->now();
}

enum timed_stage stage_switch(struct stage_clock *clock, enum timed_stage next) {
    enum timed_stage before = clock->running;
    int64_t now = clock->now();
    clock->spent_ns[before] += (uint64_t)(now - clock->since_ns);
    clock->since_ns = now;
    clock->running = next;
    clock->entered |= 1u << next;
    return before;
}

void stage_end_timed(struct stage_clock *clock) {
    (void)stage_switch(clock, clock->running);
    clock->timing = false;
    for (unsigned s = 0; s < TIMED_STAGES; s++)
        if ((clock->entered >> s & 1) != 0) stage_histogram_add(&clock->times.stages[s], clock->spent_ns[s]);
}
