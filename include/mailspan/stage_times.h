/* stage_times: where the time goes, as histograms of nanoseconds, one a stage.
 *
 * Only one unit of work (a frame, or the judge's verdict) in `every` is timed; the others cost a decrement and a test.
 * Of a timed one each stage's own time is taken, without that of the stages it calls:
 *
 *   stage_begin(clock, TIMED_FRAME);
 *       before = stage_enter(clock, TIMED_DIALOGUE);     the time until here is the frame's, and from here
 *       ...                                              the dialogue's, but for what is entered inside it
 *       stage_leave(clock, before);
 *   stage_end(clock);                                    each stage that was entered counts once, with its sum
 *
 * decoders/ and scoring/ read no clock: the calls stand in sensor/, where one stage calls another.  A turn of the clock
 * costs some 25 ns, which is in the figures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_STAGE_TIMES_H
#define MAILSPAN_STAGE_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The stages in the order of the path, with their names in the metrics. */
#define MAILSPAN_TIMED_STAGES(X)                                                   \
    X(TIMED_FRAME, "frame")       /* headers, fragments, the packets' clock */     \
    X(TIMED_STREAM, "stream")     /* flow table, reassembly, what kind it is */    \
    X(TIMED_DIALOGUE, "dialogue") /* SMTP */                                       \
    X(TIMED_CONTENT, "content")   /* headers, MIME, expressions */                 \
    X(TIMED_VERDICT, "verdict")   /* rules on facts, bounce classes, the record */ \
    X(TIMED_SAMPLE, "sample")     /* samples and decisions */                      \
    X(TIMED_OUTPUT, "output")     /* words for Redis and for standard output */

enum timed_stage {
#define X(stage, name) stage,
    MAILSPAN_TIMED_STAGES(X)
#undef X
        TIMED_STAGES
};

/* Bucket i holds what took at most 64 ns << i and more than the one before; the last ends at 8.6 s. */
#define STAGE_BUCKETS 28
#define STAGE_BUCKET_FIRST_NS 64

struct stage_histogram {
    uint64_t buckets[STAGE_BUCKETS]; /* each for itself; what took longer than the last is in count alone */
    uint64_t count, sum_ns;
};

struct stage_times {
    struct stage_histogram stages[TIMED_STAGES];
};

void stage_histogram_add(struct stage_histogram *histogram, uint64_t ns);
void stage_times_add(struct stage_times *sum, const struct stage_times *part);

#define STAGE_EVERY 251 /* frames: a prime, so that no pattern of the traffic keeps step with it */

struct stage_clock {
    uint32_t every; /* 0: nothing is timed */
    uint32_t left;  /* units until the next that is timed */
    bool timing;    /* the present one is */
    enum timed_stage running;
    int64_t since_ns;
    uint64_t spent_ns[TIMED_STAGES];
    uint32_t entered;     /* bits, by enum timed_stage */
    int64_t (*now)(void); /* ns; only differences count */
    struct stage_times times;
};

/* By the monotonic clock; tests bring their own. */
void stage_clock_init(struct stage_clock *clock, uint32_t every);

/* The rare halves of the functions below. */
void stage_begin_timed(struct stage_clock *clock, enum timed_stage first);
enum timed_stage stage_switch(struct stage_clock *clock, enum timed_stage next);
void stage_end_timed(struct stage_clock *clock);

/* A unit of work begins, in this stage.  Here and below, clock may be NULL. */
static inline void stage_begin(struct stage_clock *clock, enum timed_stage first) {
    if (clock != NULL && --clock->left == 0) stage_begin_timed(clock, first);
}

/* Goes from the stage that runs to the one that it calls.  Returns the first, for stage_leave. */
static inline enum timed_stage stage_enter(struct stage_clock *clock, enum timed_stage next) {
    return __builtin_expect(clock != NULL && clock->timing, 0) ? stage_switch(clock, next) : next;
}

static inline void stage_leave(struct stage_clock *clock, enum timed_stage before) {
    if (__builtin_expect(clock != NULL && clock->timing, 0)) (void)stage_switch(clock, before);
}

static inline void stage_end(struct stage_clock *clock) {
    if (__builtin_expect(clock != NULL && clock->timing, 0)) stage_end_timed(clock);
}

#endif
