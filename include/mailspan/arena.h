/* Memory of one transaction: a chain of equal blocks out of one pool that is reserved at start, given back at once.
 *
 *   pool   [block][block][block]...        one mapping of a fixed size; free blocks are linked through themselves
 *   arena  head -> block -> block -> NULL  mostly the newest first; allocations never straddle blocks
 *
 * An arena may have an account, which bounds what its owner holds in several arenas together, by how much of the pool
 * is free: generous while there is plenty, small when others want it too.  Above a dialogue's account is its source's.
 *
 * With AddressSanitizer what nobody has allocated may not be touched: free blocks, and what is left of the others.
 *
 * Nothing here calls the system: a pool that is empty answers NULL, and the caller counts what it could not keep.  What
 * is given back is wiped: it may be somebody's password, or mail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_ARENA_H
#define MAILSPAN_ARENA_H

#include "mailspan/limits.h"
#include "mailspan/span.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_IS_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_IS_WATCHED 1
#endif
#endif

#ifdef ARENA_IS_WATCHED
#include <sanitizer/asan_interface.h>
#define ARENA_HIDE(at, size) __asan_poison_memory_region(at, size)
#define ARENA_SHOW(at, size) __asan_unpoison_memory_region(at, size)
#else
#define ARENA_HIDE(at, size) (void)(at)
#define ARENA_SHOW(at, size) (void)(at)
#endif

struct arena_block {
    struct arena_block *next;
    uint8_t bytes[LIMIT_ARENA_BLOCK_BYTES - sizeof(void *)];
};

struct block_pool {
    struct arena_block *free;  /* blocks given back */
    struct arena_block *fresh; /* blocks never used yet: their pages are not touched before they are needed */
    size_t fresh_count;
    size_t count;
    size_t in_use;
    size_t in_use_peak;
    bool ran_short; /* for want of room somebody got nothing, or less, or had to give something back */
};

/* How many blocks somebody holds, and may hold. */
struct block_account {
    struct block_account *above; /* counts them too; NULL: nobody */
    size_t in_use;
    size_t min;          /* may be had whatever is free */
    size_t max;          /* not to be exceeded whatever is free */
    size_t per_256_free; /* between these: so many for each 256 free blocks of the pool */
};

struct arena {
    struct block_pool *pool;
    struct block_account *account; /* NULL: only the pool is the limit */
    struct arena_block *head;
    size_t head_used;  /* bytes used of the head block */
    size_t blocks;     /* in the chain */
    size_t blocks_max; /* LIMIT_MESSAGE_ARENA_BYTES for a message, less for a dialogue */
};

/* Takes memory for the pool; it must outlive the pool, be aligned for any type, and hold a whole number of blocks. */
static inline void block_pool_init(struct block_pool *pool, void *memory, size_t bytes) {
    size_t count = bytes / sizeof(struct arena_block);
    *pool = (struct block_pool){.fresh = memory, .fresh_count = count, .count = count};
}

/* To be said of a pool's memory before it is unmapped: something else may lie there next. */
static inline void block_pool_leave(void *memory, size_t bytes) {
    ARENA_SHOW(memory, bytes);
    (void)bytes;
}

static inline size_t block_pool_free_count(const struct block_pool *pool) {
    return pool->count - pool->in_use;
}

/* What the account may hold as things are. */
static inline size_t block_account_limit(const struct block_account *account, const struct block_pool *pool) {
    size_t limit = block_pool_free_count(pool) * account->per_256_free / 256;
    if (limit < account->min) limit = account->min;
    return limit < account->max ? limit : account->max;
}

static inline bool block_account_may_take(const struct block_account *account, const struct block_pool *pool) {
    for (; account != NULL; account = account->above)
        if (account->in_use >= block_account_limit(account, pool)) return false;
    return true;
}

/* It has more than its multiple of what is free: only the least that everybody may have lets it take more.  In a part
 * of the pool this says nothing of the whole (decoding_ran_short). */
static inline bool block_account_is_at_least(const struct block_account *account, const struct block_pool *pool) {
    for (; account != NULL; account = account->above)
        if (account->in_use > 0 && account->in_use >= block_pool_free_count(pool) * account->per_256_free / 256)
            return true;
    return false;
}

static inline void block_account_took(struct block_account *account) {
    for (; account != NULL; account = account->above) account->in_use++;
}

static inline void block_account_gave(struct block_account *account) {
    for (; account != NULL; account = account->above) account->in_use--;
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

/* One more block, or NULL when the arena or its pool is full. */
static inline struct arena_block *arena_take_block(struct arena *arena) {
    if (arena->blocks == arena->blocks_max) return NULL;
    struct arena_block *block = NULL;
    if (block_account_may_take(arena->account, arena->pool)) block = block_pool_take(arena->pool);
    if (block == NULL || block_account_is_at_least(arena->account, arena->pool)) arena->pool->ran_short = true;
    if (block == NULL) return NULL;
    block_account_took(arena->account);
    ARENA_SHOW(&block->next, sizeof block->next);
    ARENA_HIDE(block->bytes, sizeof block->bytes);
    arena->blocks++;
    return block;
}

/* So many bytes, zeroed, aligned to 8; NULL when they are over a block, or the arena or its pool is full. */
static inline void *arena_alloc(struct arena *arena, size_t wanted) {
    size_t const room = sizeof arena->head->bytes;
    if (wanted > room) return NULL;
    size_t const size = (wanted + 7) & ~(size_t)7;
    uint8_t *memory;
    if (arena->head != NULL && room - arena->head_used >= size) {
        memory = arena->head->bytes + arena->head_used;
        arena->head_used += size;
    } else {
        struct arena_block *block = arena_take_block(arena);
        if (block == NULL) return NULL;
        memory = block->bytes;
        /* What leaves less of its block than the head has goes behind the head; but the oldest block stays the last. */
        if (arena->head != NULL && arena->blocks > 2 && room - size < room - arena->head_used) {
            block->next = arena->head->next;
            arena->head->next = block;
        } else {
            block->next = arena->head;
            arena->head = block;
            arena->head_used = size;
        }
    }
    ARENA_SHOW(memory, wanted);
    memset(memory, 0, wanted);
    return memory;
}

/* A copy that lives as long as the arena; an empty span when there is no room (and then s.len was not 0). */
static inline struct span arena_copy(struct arena *arena, struct span s) {
    uint8_t *copy = s.len == 0 ? NULL : arena_alloc(arena, s.len);
    if (copy == NULL) return SPAN_EMPTY;
    memcpy(copy, s.data, s.len);
    return span_of(copy, s.len);
}

/* Whether only what matters should be kept: the pool is more than half used, or an account. */
static inline bool arena_is_tight(const struct arena *arena) {
    const struct block_account *account = arena->account;
    if (account == NULL) return false;
    bool tight = arena->pool->in_use > arena->pool->count / 2;
    for (; account != NULL && !tight; account = account->above)
        tight = account->in_use > block_account_limit(account, arena->pool) / 2;
    if (tight) arena->pool->ran_short = true;
    return tight;
}

/* Gives all blocks back but the `kept` oldest, wiped; what was allocated in them is gone.  The account may lie in the
 * oldest block, the arena itself may not. */
static inline void arena_trim(struct arena *arena, size_t kept) {
    while (arena->blocks > kept) {
        struct arena_block *block = arena->head;
        block_account_gave(arena->account);
        arena->head = block->next;
        ARENA_SHOW(block->bytes, sizeof block->bytes);
        memset(block->bytes, 0, arena->head_used);
        ARENA_HIDE(block->bytes, sizeof block->bytes);
        block->next = arena->pool->free;
        arena->pool->free = block;
        arena->pool->in_use--;
        arena->blocks--;
        arena->head_used = sizeof block->bytes; /* of the next one, which is full */
    }
    if (arena->head == NULL) arena->head_used = 0;
}

/* Gives every block back; all that was allocated is gone.  The arena can be used again. */
static inline void arena_reset(struct arena *arena) {
    arena_trim(arena, 0);
}

#endif
