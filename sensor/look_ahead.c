/* See look_ahead.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "look_ahead.h"

/* How many frames behind the newest; memory takes as long as a few hundred instructions, a packet has some thousand. */
#define FLOW_BEHIND 5
#define CONNECTION_BEHIND 9
#define MESSAGE_BEHIND 13

/* The packet so far behind the newest; NULL: there is none, or it is of no use. */
static struct packet *packet_behind(struct look_ahead *ahead, unsigned behind) {
    if (behind >= ahead->count) return NULL;
    struct foreseen_frame *frame = &ahead->ring[(ahead->first + ahead->count - 1 - behind) % LOOK_AHEAD_FRAMES];
    return frame->kind == FORESEEN_WANTED ? &frame->packet : NULL;
}

static enum foreseen_kind peel(const struct look_ahead *ahead, const struct frame_seen *seen, struct packet *packet) {
    if (!frame_peek(ahead->frames, seen->link_type, seen->captured, seen->wire_length, packet)) return FORESEEN_ODD;
    return ahead->wanted == NULL || ahead->wanted(ahead->context, packet) ? FORESEEN_WANTED : FORESEEN_OTHERS;
}

void look_ahead_add(struct look_ahead *ahead, const struct frame_seen *seen) {
    struct foreseen_frame *frame = &ahead->ring[(ahead->first + ahead->count++) % LOOK_AHEAD_FRAMES];
    frame->frame = *seen;
    frame->kind = peel(ahead, seen, &frame->packet);
    if (ahead->kind->foresee == NULL) return;
    struct stream_foresight const foresight = {.place = packet_behind(ahead, 0),
                                               .flow = packet_behind(ahead, FLOW_BEHIND),
                                               .connection = packet_behind(ahead, CONNECTION_BEHIND),
                                               .message = packet_behind(ahead, MESSAGE_BEHIND)};
    ahead->kind->foresee(ahead->engine, &foresight);
}
