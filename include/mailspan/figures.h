/* figures: what the processes of a sensor tell of themselves, about once a second.
 *
 *   decoder --decoder_figures--> judge <--supervisor_figures-- supervisor
 *
 * Each is of fixed size, borrows nothing, and grows from the process's start, so the newest replaces the one before: it
 * can be written to a socket as it is, and one that is lost loses nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_FIGURES_H
#define MAILSPAN_FIGURES_H

#include "mailspan/config.h"
#include "mailspan/counters.h"
#include "mailspan/decision.h"
#include "mailspan/health.h"
#include "mailspan/stage_times.h"

/* Of one process, read by itself: process_figures.c. */
struct process_figures {
    uint64_t resident_bytes; /* 0: not known */
    uint64_t cpu_ns;         /* user and system */
};

/* What the kernel says of an interface's capture handles, since the sensor began. */
struct interface_figures {
    uint64_t frames; /* handed on, to be read */
    uint64_t kernel_drops, interface_drops;
    uint64_t frames_unread; /* in the ring of a decoder that died */
};

struct decoder_figures {
    struct counters counters;
    struct stage_times times;
    struct process_figures process;
    nstime newest_packet; /* 0: none yet */
    uint64_t flows_open, flows_max;
    uint64_t flows_untold;                 /* of those open: their end would be lost with the process */
    uint64_t pool_used_bytes, pool_bytes;  /* of dialogues and messages */
    uint64_t verdicts_sent;                /* taken by the queue to the judge; the others are in counters */
    uint64_t queue_bytes, queue_max_bytes; /* what waits in it, and can */
};

/* Events on their way to Redis. */
struct redis_figures {
    bool configured;
    bool connected;       /* and greeted: events go through */
    uint64_t connections; /* made since the start: the first, and each one after a loss */
    uint64_t published;   /* events acknowledged */
    uint64_t pending;     /* not yet acknowledged */
    int64_t lag_ns;       /* how long the oldest of these has waited; 0: none waits */
};

#define FIGURES_OUTCOMES (OUTCOME_ABORTED + 1)
#define FIGURES_VISIBILITIES (VISIBILITY_ENCRYPTED + 1)
#define FIGURES_DECISIONS (DECISION_WITHHELD + 1)

struct judge_figures {
    struct counters counters; /* what it counts itself: events, sources_evicted, ... */
    struct stage_times times; /* of sample and output */
    struct process_figures process;
    uint64_t messages[FIGURES_OUTCOMES][FIGURES_VISIBILITIES];
    uint64_t decisions[FIGURES_DECISIONS]; /* published, by enum decision_kind */
    uint64_t health[HEALTH_KINDS];         /* the same of the sensor's own health */
    uint64_t sources, sources_max;
    struct redis_figures redis;
};

#define FIGURES_DECODERS_MAX 64

struct child_figures {
    bool up;
    uint64_t restarts;
    uint64_t kernel_drops; /* of a decoder's queues */
};

enum interface_link { INTERFACE_UP, INTERFACE_DOWN, INTERFACE_NO_CARRIER };

struct supervisor_figures {
    struct process_figures process;
    struct child_figures judge, decoders[FIGURES_DECODERS_MAX];
    uint8_t links[CONFIG_INTERFACES_MAX]; /* enum interface_link, in the configuration's order */
    struct interface_figures interfaces[CONFIG_INTERFACES_MAX];
    double lost_share;          /* of the frames of the last minute, of the interface that lost most */
    uint64_t control_invalid;   /* messages of its children that nobody of ours sends */
    uint64_t memory_unreadable; /* looks at their memory when they did not know it */
};

/* --- what the judge makes of them: metrics_figures.c -------------------------------------------------------------- */

struct decoder_seen {
    struct decoder_figures figures;
    nstime heard; /* when, by the system's clock; 0: not yet */
    uint32_t incarnation;
    bool ended;                   /* these were its last */
    uint64_t verdicts, dialogues; /* heard of this incarnation */
};

/* The judge keeps one, up to date. */
struct metrics_snapshot {
    const struct config *config;
    nstime started;
    unsigned decoder_count;
    struct decoder_seen decoders[FIGURES_DECODERS_MAX];
    struct decoder_figures gone; /* counters and times of decoders that died, added up */
    struct judge_figures judge;
    struct supervisor_figures supervisor;
};

/* A decoder has told its figures.  incarnation: a number of its own for each start of it; when it is a new one, what
 * the old one had counted stays in the sums. */
void metrics_hear_decoder(struct metrics_snapshot *snapshot, unsigned decoder, uint32_t incarnation,
                          const struct decoder_figures *figures, nstime now);
/* It has told the last figures of this incarnation. */
void metrics_decoder_ended(struct metrics_snapshot *snapshot, unsigned decoder);
/* The sensor ends, and no decoder tells anything any more: what was begun in one, and never came, is lost. */
void metrics_end(struct metrics_snapshot *snapshot);
/* The sums of all processes, dead ones too.  Only counters, times, flows and pools are added up; of
 * newest_packet it is the latest. */
void metrics_sum(const struct metrics_snapshot *snapshot, struct decoder_figures *sum);
/* Whether every decoder has been heard: until then sums would seem to leap. */
bool metrics_complete(const struct metrics_snapshot *snapshot);

#endif
