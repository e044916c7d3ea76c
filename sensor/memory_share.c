/* Fair shares of a pool, with dynamic thresholds (A. Choudhury and E. Hahne, 1998): each may have a multiple of what is
 * free.  One source alone gets two thirds of the pool; two that want all there is get two fifths each, and so on: some
 * is always free for those who come next, and nobody need know how many there are.
 *
 *   share[siphash(source) mod SHARES]   account, oldest member ... newest member
 *   share[SHARES]                       of all clients outside home_networks
 *
 * Who has had his share, or is the heaviest when the pool runs short, gives something back: of the dialogues that have
 * been silent longest the one that holds most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory_share.h"

#include <sodium.h>
#include <stdlib.h>

#define SHARES 1024
#define LOOKED_AT 16             /* the longest silent, of which the one with the most memory gives way */
#define HOME_PER_256_FREE 512    /* twice what is free */
#define OUTSIDE_PER_256_FREE 128 /* half of what is free: a third of the pool */
#define HEADROOM_SHARE 16        /* this part of a limit is left for what comes before the next look */

struct source_share {
    struct block_account account;
    struct share_member *oldest, *newest;
};

struct share_table {
    uint8_t key[crypto_shorthash_KEYBYTES];
    const struct block_pool *pool;
    struct source_share shares[SHARES + 1];
};

struct share_table *share_table_new(const struct block_pool *pool) {
    struct share_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    randombytes_buf(table->key, sizeof table->key);
    table->pool = pool;
    for (unsigned i = 0; i <= SHARES; i++)
        table->shares[i].account =
            (struct block_account){.min = LIMIT_SOURCE_BLOCKS_MIN,
                                   .max = SIZE_MAX,
                                   .per_256_free = i == SHARES ? OUTSIDE_PER_256_FREE : HOME_PER_256_FREE};
    return table;
}

void share_table_free(struct share_table *table) {
    free(table);
}

size_t share_table_memory_bytes(void) {
    return sizeof(struct share_table);
}

struct source_share *share_of_source(struct share_table *table, const struct ip_address *ip,
                                     unsigned ipv6_prefix_bits) {
    struct ip_address source = *ip;
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    for (unsigned bit = ip_is_v4(ip) ? 128 : ipv6_prefix_bits; bit < 128; bit++)
        source.bytes[bit / 8] = (uint8_t)(source.bytes[bit / 8] & ~(0x80 >> bit % 8));
    crypto_shorthash(hash, source.bytes, sizeof source.bytes, table->key);
    memcpy(&number, hash, sizeof number);
    return &table->shares[number % SHARES];
}

struct source_share *share_of_outside(struct share_table *table) {
    return &table->shares[SHARES];
}

struct block_account *share_account(struct source_share *share) {
    return &share->account;
}

/* --- members -------------------------------------------------------------------------------------------------------
 */

void share_join(struct share_member *member, struct source_share *share, size_t blocks) {
    *member = (struct share_member){.share = share,
                                    .account = {.above = &share->account,
                                                .in_use = blocks,
                                                .min = LIMIT_DIALOGUE_BLOCKS_MIN,
                                                .max = LIMIT_DIALOGUE_BLOCKS_MAX,
                                                .per_256_free = 256 / LIMIT_DIALOGUE_FREE_SHARE}};
}

static void append(struct share_member *member, nstime now) {
    struct source_share *share = member->share;
    member->older = share->newest;
    member->newer = NULL;
    if (share->newest != NULL) {
        share->newest->newer = member;
    } else {
        share->oldest = member;
    }
    share->newest = member;
    member->listed = now;
    member->in_list = true;
}

void share_leave(struct share_member *member) {
    struct source_share *share = member->share;
    if (!member->in_list) return;
    member->in_list = false;
    if (member->older != NULL) {
        member->older->newer = member->newer;
    } else {
        share->oldest = member->newer;
    }
    if (member->newer != NULL) {
        member->newer->older = member->older;
    } else {
        share->newest = member->older;
    }
}

void share_forget(struct share_member *member) {
    if (member->account.above == NULL) return;
    member->account.above->in_use -= member->account.in_use;
    member->account.above = NULL;
}

/* One that holds a single block has nothing to give.  A list is in order of age to within a second, so that most calls
 * touch nobody else's memory. */
void share_touch(struct share_member *member, nstime now) {
    if (member->in_list && now - member->listed < NS_PER_S) return;
    share_leave(member);
    if (member->account.in_use > 1) append(member, now);
}

/* --- who gives way -------------------------------------------------------------------------------------------------
 */

static struct share_member *victim_of(const struct source_share *share, const struct share_member *current) {
    struct share_member *victim = NULL;
    unsigned seen = 0;
    for (struct share_member *member = share->oldest; member != NULL && seen < LOOKED_AT; member = member->newer) {
        if (member == current) continue;
        seen++;
        if (victim == NULL || member->account.in_use > victim->account.in_use) victim = member;
    }
    return victim;
}

static bool is_used_up(const struct source_share *share, const struct block_pool *pool) {
    size_t limit = block_account_limit(&share->account, pool);
    return share->account.in_use >= limit - limit / HEADROOM_SHARE;
}

static const struct source_share *heaviest(const struct share_table *table) {
    const struct source_share *found = &table->shares[SHARES];
    for (unsigned i = 0; i < SHARES; i++)
        if (table->shares[i].account.in_use > found->account.in_use) found = &table->shares[i];
    return found;
}

struct share_member *share_victim(struct share_table *table, struct source_share *share,
                                  const struct share_member *current) {
    const struct block_pool *pool = table->pool;
    if (is_used_up(share, pool)) return victim_of(share, current);
    if (block_pool_free_count(pool) > pool->count / HEADROOM_SHARE) return NULL;
    return victim_of(heaviest(table), current);
}
