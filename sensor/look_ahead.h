/* Frames that wait for their turn while the memory that their packets will need is asked for: each is peeled once, when
 * it comes, and decoded when some more have come.
 *
 *   frame -> | peeled, hashed | ... | flow known | ... | connection known | ... | message known | ... -> its turn
 *            | bucket: asked  |     | asked      |     | asked            |     | asked         |
 *
 * Each look needs what the one before has asked for.  With a million connections a packet waited some five times for
 * memory, one after the other; so it waits for none of it, mostly.
 *
 * Nothing is counted, and no time goes on, before a frame's turn.
 *
 * Frames of a capture that was mapped stay where they are meanwhile, and these alone are looked ahead at: a live one is
 * the kernel's again when the next is read, so it is decoded at once (decoding_frame).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_LOOK_AHEAD_H
#define MAILSPAN_LOOK_AHEAD_H

#include "capture/capture.h"
#include "mailspan/packet.h"
#include "mailspan/stream.h"

#define LOOK_AHEAD_FRAMES CAPTURE_FRAMES_STAY /* a power of two */

enum foreseen_kind {
    FORESEEN_ODD,    /* out of the ordinary: to be peeled in its turn */
    FORESEEN_OTHERS, /* a segment of a flow that is followed elsewhere */
    FORESEEN_WANTED,
};

struct foreseen_frame {
    struct frame_seen frame;
    enum foreseen_kind kind;
    struct packet packet; /* but for its time and ordinal; not of an odd one */
};

struct look_ahead {
    const struct frame_decoder *frames;
    const struct stream_engine_kind *kind;
    struct stream_engine *engine;
    /* Whether the packet is of a flow that is followed here; NULL: all are. */
    bool (*wanted)(const void *context, const struct packet *packet);
    const void *context;
    unsigned first, count; /* a ring */
    struct foreseen_frame ring[LOOK_AHEAD_FRAMES];
};

static inline bool look_ahead_is_full(const struct look_ahead *ahead) {
    return ahead->count == LOOK_AHEAD_FRAMES;
}
static inline bool look_ahead_is_empty(const struct look_ahead *ahead) {
    return ahead->count == 0;
}
/* A frame that stays has come.  There is room. */
void look_ahead_add(struct look_ahead *ahead, const struct frame_seen *frame);
/* The oldest frame, of which nobody needs anything any more when the next one is added.  There is one. */
static inline struct foreseen_frame *look_ahead_take(struct look_ahead *ahead) {
    ahead->count--;
    return &ahead->ring[ahead->first++ % LOOK_AHEAD_FRAMES];
}

#endif
