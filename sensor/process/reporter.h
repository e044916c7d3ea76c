/* A decoder's end of the wire: a decoding, and what it tells written to a channel.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_REPORTER_H
#define MAILSPAN_REPORTER_H

#include "decoding.h"
#include "handover.h"
#include "process/channel.h"

struct reporter_settings {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct wording *wording; /* of lines for messages and dialogues; NULL: only what the judge needs */
    int fd;                        /* of the channel */
    size_t queue_bytes;            /* that can wait for the judge */
    enum channel_patience patience;
    int statm;            /* process_figures.h; -1: there is none */
    uint32_t incarnation; /* goes with the figures */
    unsigned part, parts; /* decoding.h; all parts write to one judge, which merges them (merge.h) */
    uint8_t part_key[16];
    uint32_t generation; /* of config and knowledge (handover.h) */
};

struct reporter;

/* NULL: not enough memory. */
struct reporter *reporter_new(const struct reporter_settings *settings);
void reporter_free(struct reporter *reporter);

struct decoding *reporter_decoding(struct reporter *reporter);
/* What the capture loses before it is decoded is counted here. */
struct counters *reporter_frame_counters(struct reporter *reporter);

/* From now on by these, which it then owns, and frees when no message needs them any more.  False: not enough memory;
 * nothing has changed, and they are still the caller's. */
bool reporter_renew(struct reporter *reporter, struct generation *next);
/* What it reports by. */
const struct config *reporter_config(const struct reporter *reporter);

/* Behind each frame of a part: false when it ran short of room, which was told; nothing more is wanted then. */
bool reporter_goes_on(struct reporter *reporter);
/* From time to time: says how far it has come, and sends what waits.  False when there is no reader any more. */
bool reporter_turn(struct reporter *reporter);
/* Something waits for the judge. */
bool reporter_waits(const struct reporter *reporter);
/* Tells the figures. */
void reporter_tell_figures(struct reporter *reporter);
/* The end is near, with two times by the monotonic clock.  Until tell_until what finds no room waits for the judge;
 * what there is to tell later is counted as dropped, at once.  From finish_until on what is open is not even looked at
 * (flows_lost).  Figures are told in between, because who is killed all the same tells no others. */
void reporter_end_by(struct reporter *reporter, int64_t tell_until_ns, int64_t finish_until_ns);
/* Behind decoding_finish: whether time was up before all was told; and what was not, as text. */
bool reporter_was_late(const struct reporter *reporter, char *text, size_t capacity);
/* The last word, behind decoding_finish.  False when not all was sent; may be tried again. */
bool reporter_end(struct reporter *reporter);

#endif
