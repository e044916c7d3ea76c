/* The time of the packets, as far as it can be believed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PACKET_CLOCK_H
#define MAILSPAN_PACKET_CLOCK_H

#include "capture/capture.h"
#include "mailspan/counters.h"

struct packet_clock;

struct packet_clock_listener {
    void *context;
    /* Another second, or more, has passed; the frames that follow are not older than by LIMIT_CLOCK_SLACK_S. */
    void (*advance)(void *context, nstime now);
    /* Time went back to another epoch: nothing of the old one may be compared with what follows. */
    void (*went_back)(void *context, nstime now);
    /* A frame, at the time that is believed. */
    void (*frame)(void *context, const struct frame_seen *frame);
};

/* NULL: not enough memory.  counters must outlive it. */
struct packet_clock *packet_clock_new(const struct packet_clock_listener *listener, struct counters *counters);
void packet_clock_free(struct packet_clock *clock);
size_t packet_clock_memory_bytes(void);

/* Hands the frame on at once or, while its time is in doubt, a copy of it a few frames later; the order stays. */
void packet_clock_frame(struct packet_clock *clock, const struct frame_seen *frame);
/* The system's own clock says so (live only). */
void packet_clock_tick(struct packet_clock *clock, nstime now);
/* Nothing more comes: hands on what is held. */
void packet_clock_finish(struct packet_clock *clock);
/* The newest time that was believed; 0: none yet.  The pointer lives as long as the clock. */
const nstime *packet_clock_now(const struct packet_clock *clock);

#endif
