/* See look_ahead.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "look_ahead.h"

/* How many frames before its turn; memory takes as long as a few hundred instructions, a packet has some thousand. */
#define FLOW_AT 10
#define CONNECTION_AT 6
#define MESSAGE_AT 2

static struct foreseen_frame *at(struct look_ahead *ahead, unsigned place) {
    return &ahead->ring[(ahead->first + place) % LOOK_AHEAD_FRAMES];
}

static void foresee(struct look_ahead *ahead, unsigned place, enum stream_foresight how) {
    if (place >= ahead->count || ahead->kind->foresee == NULL) return;
    struct foreseen_frame *frame = at(ahead, place);
    if (frame->kind == FORESEEN_WANTED) ahead->kind->foresee(ahead->engine, &frame->packet, how);
}

static enum foreseen_kind peel(const struct look_ahead *ahead, const struct frame_seen *seen, struct packet *packet) {
    if (!frame_peek(ahead->frames, seen->link_type, seen->captured, seen->wire_length, packet)) return FORESEEN_ODD;
    return ahead->wanted == NULL || ahead->wanted(ahead->context, packet) ? FORESEEN_WANTED : FORESEEN_OTHERS;
}

void look_ahead_foresee(struct look_ahead *ahead, const struct frame_seen *seen) {
    struct foreseen_frame *frame = at(ahead, ahead->count);
    frame->captured = seen->captured;
    frame->wire_length = seen->wire_length;
    frame->link_type = seen->link_type;
    frame->kind = peel(ahead, seen, &frame->packet);
    ahead->count++;
    foresee(ahead, ahead->count - 1, FORESEE_PLACE);
}

static bool is_same(const struct foreseen_frame *frame, const struct frame_seen *seen) {
    return frame->captured.data == seen->captured.data && frame->captured.len == seen->captured.len &&
           frame->wire_length == seen->wire_length && frame->link_type == seen->link_type;
}

struct foreseen_frame *look_ahead_take(struct look_ahead *ahead, const struct frame_seen *seen) {
    if (ahead->count == 0) return NULL;
    struct foreseen_frame *frame = at(ahead, 0);
    if (!is_same(frame, seen)) { /* not what was told: nor will the others be */
        ahead->count = 0;
        return NULL;
    }
    ahead->first++;
    ahead->count--;
    foresee(ahead, FLOW_AT, FORESEE_FLOW);
    foresee(ahead, CONNECTION_AT, FORESEE_CONNECTION);
    foresee(ahead, MESSAGE_AT, FORESEE_MESSAGE);
    return frame->kind == FORESEEN_ODD ? NULL : frame;
}
