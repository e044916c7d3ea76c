/* decoding: from captured frames to verdicts, and what is told of dialogues on the way.
 *
 * Several decodings can share a capture: each is shown all frames and follows its part of the flows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DECODING_H
#define MAILSPAN_DECODING_H

#include "capture/capture.h"
#include "knowledge.h"
#include "mailspan/event.h"
#include "mailspan/figures.h"
#include "mailspan/stream.h"

struct decoding_listener {
    void *context;
    /* A message has its verdict.  The record lives until the function returns, and so for the next. */
    void (*message)(void *context, const struct message_record *record);
    void (*dialogue)(void *context, const struct dialogue_record *record);
    /* A message that came in to a home network tells of one sent before: behind its own record. */
    void (*notice)(void *context, const struct notice *notice);
    /* Packet time has come so far, and what it ended was told; called about once a second of it. */
    void (*advance)(void *context, nstime now);
    /* Whether decoding_finish is to tell nothing more, and only count what is open (stream.h).  NULL: never. */
    bool (*time_is_up)(void *context);
};

/* So many flows with what belongs to them fill the caches that a processor has of its own. */
#define DECODING_LOOK_AHEAD_FLOWS 4096

struct decoding_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    struct counters *frame_counters; /* what is counted of frames: each of several decodings sees all of them */
    struct counters *counters;       /* what is counted of flows, and all else; may be the same */
    unsigned part, parts;            /* the flows that it follows: all when parts is 0 or 1 */
    uint8_t part_key[16];            /* the same for all parts: which flow is whose */
    struct stage_clock *stages;      /* NULL: nothing is timed */
    size_t look_ahead_from;          /* flows that are open; fewer are near enough not to be asked for */
};

struct decoding;

/* Reserves every table and pool (a part has its part of each).  NULL when there is not enough memory.  All that
 * settings and listener point to must outlive it; config and knowledge, until they are renewed. */
struct decoding *decoding_new(const struct decoding_settings *settings, const struct decoding_listener *listener);
void decoding_free(struct decoding *decoding);

/* Messages that begin from now on are searched by these rules, and frames are taken as the configuration says; what it
 * says of sizes is not looked at.  Messages that were begun under other rules end under them, and what is told of them
 * names these rules by their places in the new ones, where they are gone not at all.  The old configuration may go when
 * this returns, the old knowledge when it is spent.  False: not enough memory, or knowledge is spent that was not asked
 * for; nothing has changed then. */
bool decoding_renew(struct decoding *decoding, const struct config *config, const struct knowledge *knowledge);
/* One that no message needs any more, and that is forgotten here; NULL: there is none now.  To be asked for before each
 * renewal, and from time to time.  Messages that need it when it was renewed LIMIT_GENERATIONS times are searched no
 * more. */
const struct knowledge *decoding_spent_knowledge(struct decoding *decoding);

/* One captured frame, borrowed for the call.  One that stays may be decoded only when a few more have come, or at the
 * next tick or end, and must be there until then: what it needs is asked for meanwhile (look_ahead.h). */
void decoding_frame(struct decoding *decoding, const struct frame_seen *frame);
/* Time has passed without a frame (live only). */
void decoding_tick(struct decoding *decoding, nstime now);
/* The capture is over: everything open is ended and told. */
void decoding_finish(struct decoding *decoding);

/* Where something is told: one decoding of all flows would tell what the parts tell in the order of these, lower step
 * first, then lower turn. */
struct decoding_place {
    uint64_t step, turn;
};
struct decoding_place decoding_place(const struct decoding *decoding);
/* For want of room it told something else, or less, than with more room: so would one decoding of all flows, but later
 * or not at all.  What is told before this is true at a place does not depend on the number of parts. */
bool decoding_ran_short(const struct decoding *decoding);

struct decoding_figures {
    nstime first, last; /* packet times; 0 when there was no packet */
    size_t memory_bytes;
    struct protocol_table not_mail;
};
void decoding_figures(const struct decoding *decoding, struct decoding_figures *figures);
/* For the metrics: counters, times, tables and the newest packet; the others are the caller's to fill. */
void decoding_metrics(const struct decoding *decoding, struct decoder_figures *figures);
/* Adds a part's to the sum of others. */
void decoding_figures_add(struct decoding_figures *sum, const struct decoding_figures *part);
const nstime *decoding_time(const struct decoding *decoding); /* of the newest frame; 0: there was none */

#endif
