/* Fair shares of a pool, with dynamic thresholds (A. Choudhury and E. Hahne, 1998): each may have a multiple of what is
 * free.  One source alone gets two thirds of the pool; two that want all there is get two fifths each, and so on: some
 * is always free for those who come next, and nobody need know how many there are.
 *
 *   buckets[siphash(source) & mask] -> share -> share -> NO_SHARE      account, oldest member ... newest member
 *   shares[OUTSIDE]                    of all clients outside home_networks
 *
 * Each source has a share of its own, as long as it has a dialogue: there is no more than one for each block, as every
 * dialogue holds one.
 *
 * Who has had his share, or is the heaviest when the pool runs short, gives something back: of the dialogues that have
 * been silent longest the one that holds most.  What a share holds changes with every block, so nobody keeps the shares
 * in order: the heaviest one is the heaviest of those looked at lately, some more each time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory_share.h"

#include <sodium.h>
#include <stdlib.h>

#define OUTSIDE 0
#define NO_SHARE 0               /* ends a chain: that of those outside is in none */
#define MEMBERS_LOOKED_AT 16     /* the longest silent, of which the one with the most memory gives way */
#define MEMBERS_LEAVING 256      /* the list at a time, because they hold nothing any more */
#define SHARES_LOOKED_AT 256     /* each time that the pool is short */
#define HOME_PER_256_FREE 512    /* twice what is free */
#define OUTSIDE_PER_256_FREE 128 /* half of what is free: a third of the pool */
#define HEADROOM_SHARE 16        /* this part of a limit is left for what comes before the next look */

struct source_share {
    struct block_account account;
    struct share_member *oldest, *newest;
    uint64_t source;     /* its keyed hash stands for it */
    uint32_t references; /* 0: it is one of the free ones */
    uint32_t chain;      /* next of the bucket, or of the free ones */
};

struct share_table {
    uint8_t key[crypto_shorthash_KEYBYTES];
    const struct block_pool *pool;
    uint32_t capacity, mask;
    uint32_t free_head;
    uint32_t fresh;     /* never used are those from here on */
    uint32_t looked_at; /* the share that is looked at next */
    uint32_t heaviest;  /* of those looked at lately */
    uint32_t *buckets;
    struct source_share *shares;
};

static struct block_account account_of(size_t per_256_free) {
    return (struct block_account){.min = LIMIT_SOURCE_BLOCKS_MIN, .max = SIZE_MAX, .per_256_free = per_256_free};
}

struct share_table *share_table_new(const struct block_pool *pool) {
    struct share_table *table = calloc(1, sizeof *table);
    uint32_t buckets = 1;
    if (table == NULL) return NULL;
    randombytes_buf(table->key, sizeof table->key);
    table->pool = pool;
    table->capacity = (uint32_t)pool->count + 2; /* and those outside, and one who has yet to get his first block */
    while (buckets < table->capacity) buckets *= 2;
    table->mask = buckets - 1;
    table->buckets = calloc(buckets, sizeof *table->buckets);
    table->shares = calloc(table->capacity, sizeof *table->shares); /* their pages are touched when they are needed */
    if (table->buckets == NULL || table->shares == NULL) {
        share_table_free(table);
        return NULL;
    }
    table->shares[OUTSIDE].account = account_of(OUTSIDE_PER_256_FREE);
    table->fresh = OUTSIDE + 1;
    return table;
}

void share_table_free(struct share_table *table) {
    if (table == NULL) return;
    free(table->buckets);
    free(table->shares);
    free(table);
}

size_t share_table_memory_bytes(const struct share_table *table) {
    return sizeof *table + ((size_t)table->mask + 1) * sizeof *table->buckets + table->capacity * sizeof *table->shares;
}

struct block_account *share_account(struct source_share *share) {
    return &share->account;
}

/* --- shares --------------------------------------------------------------------------------------------------------
 */

static uint64_t source_of(const struct share_table *table, const struct ip_address *ip, uint8_t ipv6_prefix_bits) {
    struct ip_address source = ip_is_v4(ip) ? *ip : ip_mask(ip, ipv6_prefix_bits);
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, source.bytes, sizeof source.bytes, table->key);
    memcpy(&number, hash, sizeof number);
    return number;
}

/* One that nobody has; NO_SHARE when there is none. */
static uint32_t take_free(struct share_table *table) {
    uint32_t index = table->free_head;
    if (index != NO_SHARE) {
        table->free_head = table->shares[index].chain;
        return index;
    }
    return table->fresh < table->capacity ? table->fresh++ : NO_SHARE;
}

struct source_share *share_get(struct share_table *table, const struct ip_address *ip, uint8_t ipv6_prefix_bits) {
    uint64_t source = source_of(table, ip, ipv6_prefix_bits);
    uint32_t *bucket = &table->buckets[source & table->mask], index = *bucket;
    while (index != NO_SHARE && table->shares[index].source != source) index = table->shares[index].chain;
    if (index == NO_SHARE) {
        index = take_free(table);
        if (index == NO_SHARE) return NULL;
        table->shares[index] =
            (struct source_share){.account = account_of(HOME_PER_256_FREE), .source = source, .chain = *bucket};
        *bucket = index;
    }
    table->shares[index].references++;
    return &table->shares[index];
}

struct source_share *share_get_outside(struct share_table *table) {
    return &table->shares[OUTSIDE];
}

void share_put(struct share_table *table, struct source_share *share) {
    uint32_t index = (uint32_t)(share - table->shares);
    if (index == OUTSIDE || --share->references > 0) return;
    uint32_t *link = &table->buckets[share->source & table->mask];
    while (*link != index) link = &table->shares[*link].chain;
    *link = share->chain;
    share->chain = table->free_head;
    table->free_head = index;
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

/* Who has given back by himself since, as a dialogue does whose message has ended, leaves the list: to end it would
 * give nothing. */
static struct share_member *victim_of(struct source_share *share, const struct share_member *current) {
    struct share_member *victim = NULL, *newer;
    unsigned seen = 0, left = 0;
    for (struct share_member *member = share->oldest;
         member != NULL && seen < MEMBERS_LOOKED_AT && left < MEMBERS_LEAVING; member = newer) {
        newer = member->newer;
        if (member == current) continue;
        if (member->account.in_use <= 1) {
            share_leave(member);
            left++;
            continue;
        }
        seen++;
        if (victim == NULL || member->account.in_use > victim->account.in_use) victim = member;
    }
    return victim;
}

static bool is_used_up(const struct source_share *share, const struct block_pool *pool) {
    size_t limit = block_account_limit(&share->account, pool);
    return share->account.in_use >= limit - limit / HEADROOM_SHARE;
}

/* Of whose members none has anything to give, however many there are: nothing. */
static size_t weight(const struct source_share *share) {
    return share->oldest == NULL ? 0 : share->account.in_use;
}

static struct source_share *heaviest(struct share_table *table) {
    for (unsigned i = 0; i < SHARES_LOOKED_AT && i < table->fresh; i++) {
        uint32_t at = table->looked_at;
        if (weight(&table->shares[at]) > weight(&table->shares[table->heaviest])) table->heaviest = at;
        table->looked_at = at + 1 < table->fresh ? at + 1 : 0;
    }
    return &table->shares[table->heaviest];
}

struct share_member *share_victim(struct share_table *table, struct source_share *share,
                                  const struct share_member *current) {
    const struct block_pool *pool = table->pool;
    if (is_used_up(share, pool)) return victim_of(share, current);
    if (block_pool_free_count(pool) > pool->count / HEADROOM_SHARE) return NULL;
    return victim_of(heaviest(table), current);
}
