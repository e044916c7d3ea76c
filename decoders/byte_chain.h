/* Bytes kept from one push to the next, in small pieces of the message's arena.
 *
 *   first -> [next|120 bytes] -> [next|120 bytes] -> NULL      used
 *   spare -> [next|120 bytes] -> NULL                          cleared, for the next time
 *
 * Most messages never need more than two or three pieces: what lies whole in one push is read where it lies.  A piece
 * once taken is used again, so a chain never holds more of the arena than its longest content.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_BYTE_CHAIN_H
#define MAILSPAN_BYTE_CHAIN_H

#include "mailspan/arena.h"

struct byte_piece {
    struct byte_piece *next;
    uint8_t bytes[120];
};

struct byte_chain {
    struct byte_piece *first;
    struct byte_piece *last;
    struct byte_piece *spare;
    uint16_t len;
};

/* Appends what fits len_max bytes in all and the arena.  False when the arena was full. */
bool byte_chain_append(struct byte_chain *chain, struct arena *arena, struct span bytes, size_t len_max);
void byte_chain_clear(struct byte_chain *chain);
/* Copies at most max bytes out. */
struct span byte_chain_join(const struct byte_chain *chain, uint8_t *out, size_t max);

#endif
