/* What the two sides of a connection said while nobody knew yet whom it was for: kept in order, a little of it.
 *
 *   held_talk_add(held, &piece);  ...  for (i = 0; held_talk_piece(held, i, &piece); i++)  hand it on
 *
 * What there is no room for becomes a gap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HELD_TALK_H
#define MAILSPAN_HELD_TALK_H

#include "mailspan/limits.h"
#include "mailspan/stream.h"

/* What a side says, or (gap_length not 0) what is lost of it; as a stream engine tells it. */
struct piece {
    enum stream_side side;
    struct span bytes;
    uint64_t gap_length;
    uint32_t unread;
    nstime time;
};

struct held_turn {
    enum stream_side side;
    uint16_t start, length; /* in the bytes */
    uint64_t gap_length;
    uint32_t unread;
    nstime time;
};

/* Begins zeroed. */
struct held_talk {
    unsigned count;
    unsigned sealed; /* turns that nothing is added to any more */
    uint16_t used;
    struct held_turn turns[LIMIT_HELD_TURNS];
    uint64_t lost[2]; /* by enum stream_side: behind all turns, for which there was no room */
    uint8_t bytes[LIMIT_HELD_BYTES];
};

/* False when some of it was not kept, and is a gap now. */
bool held_talk_add(struct held_talk *held, const struct piece *piece);
/* What comes next is another turn, whoever says it. */
void held_talk_seal(struct held_talk *held);
/* The pieces, from the first one on; false behind the last.  Their bytes live as long as nothing is added. */
bool held_talk_piece(const struct held_talk *held, unsigned i, struct piece *piece);
/* Forgets all of it, and leaves nothing of it in memory: it may be a password. */
void held_talk_wipe(struct held_talk *held);
#define HELD_TALK_PIECES (LIMIT_HELD_TURNS + 2) /* there are never more */

#endif
