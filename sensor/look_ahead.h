/* Frames that are known before their turn: each is peeled once, ahead of it, and the memory that its packet will need
 * is asked for while others are read.
 *
 *   frame -> | peeled, hashed | ... | flow known | ... | connection known | ... | message known | ... -> its turn
 *            | bucket: asked  |     | asked      |     | asked            |     | asked         |
 *
 * Each look needs what the one before has asked for.  With a million connections a packet waited some five times for
 * memory, one after the other; so it waits for none of it, mostly.
 *
 * Nothing is counted, and no time goes on, before a frame's turn.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_LOOK_AHEAD_H
#define MAILSPAN_LOOK_AHEAD_H

#include "capture/capture.h"
#include "mailspan/packet.h"
#include "mailspan/stream.h"

#define LOOK_AHEAD_FRAMES 16 /* a power of two */

enum foreseen_kind {
    FORESEEN_ODD,    /* out of the ordinary: to be peeled in its turn */
    FORESEEN_OTHERS, /* a segment of a flow that is followed elsewhere */
    FORESEEN_WANTED,
};

struct foreseen_frame {
    struct span captured;
    uint32_t wire_length;
    int link_type;
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

static inline bool look_ahead_has_room(const struct look_ahead *ahead) {
    return ahead->count < LOOK_AHEAD_FRAMES;
}
/* A frame that will come behind those that were told before it, and lies where it lies until then.  There is room. */
void look_ahead_foresee(struct look_ahead *ahead, const struct frame_seen *frame);
/* A frame has come.  What was found out of it, which nobody needs any more when the next one is told; NULL: nothing, it
 * was not told or is odd. */
struct foreseen_frame *look_ahead_take(struct look_ahead *ahead, const struct frame_seen *frame);

#endif
