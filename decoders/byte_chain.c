/* Bytes kept from one push to the next; see byte_chain.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "byte_chain.h"

#define PIECE_BYTES (sizeof((struct byte_piece *)0)->bytes)

static struct byte_piece *piece_add(struct byte_chain *chain, struct arena *arena) {
    struct byte_piece *piece = chain->spare;
    if (piece != NULL)
        chain->spare = piece->next;
    else if ((piece = arena_alloc(arena, sizeof *piece)) == NULL)
        return NULL;
    piece->next = NULL;
    if (chain->last == NULL)
        chain->first = piece;
    else
        chain->last->next = piece;
    chain->last = piece;
    return piece;
}

bool byte_chain_append(struct byte_chain *chain, struct arena *arena, struct span bytes, size_t len_max) {
    if (len_max > UINT16_MAX) len_max = UINT16_MAX;
    bytes = span_head(bytes, chain->len < len_max ? len_max - chain->len : 0);
    while (bytes.len > 0) {
        size_t used = chain->len % PIECE_BYTES;
        if (used == 0 && piece_add(chain, arena) == NULL) return false;
        struct span part = span_head(bytes, PIECE_BYTES - used);
        memcpy(chain->last->bytes + used, part.data, part.len);
        chain->len = (uint16_t)(chain->len + part.len);
        bytes = span_from(bytes, part.len);
    }
    return true;
}

void byte_chain_clear(struct byte_chain *chain) {
    if (chain->last != NULL) {
        chain->last->next = chain->spare;
        chain->spare = chain->first;
    }
    chain->first = chain->last = NULL;
    chain->len = 0;
}

struct span byte_chain_join(const struct byte_chain *chain, uint8_t *out, size_t max) {
    size_t len = chain->len < max ? chain->len : max, at = 0;
    for (const struct byte_piece *piece = chain->first; piece != NULL && at < len; piece = piece->next) {
        size_t part = len - at < PIECE_BYTES ? len - at : PIECE_BYTES;
        memcpy(out + at, piece->bytes, part);
        at += part;
    }
    return span_of(out, at);
}
