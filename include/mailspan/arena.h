/* Memory of one transaction: a chain of equal blocks out of one pool that is reserved at start, given back at once.
 *
 *   pool   [block][block][block]...        one mapping of a fixed size; free blocks are linked through themselves
 *   arena  head -> block -> block -> NULL  the newest first; allocations never straddle blocks
 *
 * Nothing here calls the system: a pool that is empty answers NULL, and the caller counts what it could not keep.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_ARENA_H
#define MAILSPAN_ARENA_H

#include "mailspan/limits.h"
#include "mailspan/span.h"

struct arena_block {
    struct arena_block *next;
    uint8_t bytes[LIMIT_ARENA_BLOCK_BYTES - sizeof(void *)];
};

struct block_pool {
    struct arena_block *free;  /* blocks given back */
    struct arena_block *fresh; /* blocks never used yet: their pages are not touched before they are needed */
    size_t fresh_count;
    size_t in_use;
    size_t in_use_peak;
};

struct arena {
    struct block_pool *pool;
    struct arena_block *head;
    size_t head_used;  /* bytes used of the head block */
    size_t blocks;     /* in the chain */
    size_t blocks_max; /* LIMIT_MESSAGE_ARENA_BYTES for a message, less for a dialogue */
};

/* Takes memory for the pool; it must outlive the pool, be aligned for any type, and hold a whole number of blocks. */
static inline void block_pool_init(struct block_pool *pool, void *memory, size_t bytes) {
    *pool = (struct block_pool){.fresh = memory, .fresh_count = bytes / sizeof(struct arena_block)};
}

static inline struct arena_block *block_pool_take(struct block_pool *pool) {
    struct arena_block *block = pool->free;
    if (block != NULL) {
        pool->free = block->next;
    } else {
        if (pool->fresh_count == 0) return NULL;
        block = pool->fresh++;
        pool->fresh_count--;
    }
    if (++pool->in_use > pool->in_use_peak) pool->in_use_peak = pool->in_use;
    return block;
}

static inline void arena_init(struct arena *arena, struct block_pool *pool, size_t bytes_max) {
    *arena = (struct arena){.pool = pool, .blocks_max = bytes_max / sizeof(struct arena_block)};
}

/* size bytes, zeroed, aligned to 8; NULL when size is over a block, or the arena or its pool is full. */
static inline void *arena_alloc(struct arena *arena, size_t size) {
    size_t const room = sizeof arena->head->bytes;
    if (size > room) return NULL;
    size = (size + 7) & ~(size_t)7;
    if (arena->head == NULL || room - arena->head_used < size) {
        if (arena->blocks == arena->blocks_max) return NULL;
        struct arena_block *block = block_pool_take(arena->pool);
        if (block == NULL) return NULL;
        block->next = arena->head;
        arena->head = block;
        arena->head_used = 0;
        arena->blocks++;
    }
    void *memory = arena->head->bytes + arena->head_used;
    arena->head_used += size;
    memset(memory, 0, size);
    return memory;
}

/* A copy that lives as long as the arena; an empty span when there is no room (and then s.len was not 0). */
static inline struct span arena_copy(struct arena *arena, struct span s) {
    uint8_t *copy = s.len == 0 ? NULL : arena_alloc(arena, s.len);
    if (copy == NULL) return SPAN_EMPTY;
    memcpy(copy, s.data, s.len);
    return span_of(copy, s.len);
}

/* Gives every block back; all that was allocated is gone.  The arena can be used again. */
static inline void arena_reset(struct arena *arena) {
    while (arena->head != NULL) {
        struct arena_block *block = arena->head;
        arena->head = block->next;
        block->next = arena->pool->free;
        arena->pool->free = block;
        arena->pool->in_use--;
    }
    arena->head_used = 0;
    arena->blocks = 0;
}

#endif
