/* A hash table with chaining, of a fixed number of flows, and lists of them in order of age.
 *
 *   bucket[siphash13(ends) & mask] -> flow -> flow -> FLOW_NONE
 *   closed   oldest ... newest     over: the first to make room
 *   foreign  oldest ... newest     between others' networks: the next.  Three lists, as the live ones
 *   silent   oldest ... newest     nothing was said yet: the next
 *            oldest ... newest     the same, behind a whole handshake
 *   weak     oldest ... newest     no conversation yet: the next.  Three lists, as the live ones
 *   live     oldest ... newest
 *            oldest ... newest     watched: those that time may settle
 *            oldest ... newest     queued: the same, with pieces out of the segment pool
 *            oldest ... newest     reset by its client, which time will settle: the first behind the foreign ones
 *
 *   share_buckets[source & mask] -> share -> share -> NO_SHARE      source: siphash(end at home)
 *     young    first ... last        its silent and weak flows, in the order in which they became so
 *     live     first ... last
 *
 * SipHash with a random key keeps chains short whatever addresses an enemy sends from: SipHash-1-3 for the ends, which
 * every packet has (siphash13.h), libsodium's SipHash-2-4 for sources, which only a new flow has.
 *
 * Shares cost a packet nothing: they are found, and their lists change, when a flow begins, is proven, or ends.  Within
 * a share the oldest is therefore looked for among the first few only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/flow_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "flow/siphash13.h"

/* Of the table.  A weak flow also has memory of the listener's: three blocks of the two for each flow in its pool. */
#define SILENT_SHARE 2
#define WEAK_SHARE 4
#define FOREIGN_SHARE 4
#define YOUNG_KEPT_SHARE 32 /* silent ones, and weak ones, that a full table keeps */
#define PER_FREE 2          /* so many times what is free is a share's */
#define SHARE_MIN_SHARE 64  /* ... and at least this part of the table */
#define SHARE_FLOWS_MIN 16  /* ... or so many */
#define FLOWS_LOOKED_AT 16  /* of a share, for the one that was idle longest */
#define SHARES_LOOKED_AT 64 /* at a time, for the one that has most */

struct flow_age_list {
    uint32_t oldest, newest;
    uint32_t count;
};

#define NO_SHARE UINT32_MAX

enum share_kind { SHARE_YOUNG, SHARE_LIVE, SHARE_KINDS, SHARE_OF_NONE = SHARE_KINDS };

/* Of a source, as long as it has a flow: so there are never more than flows. */
struct flow_share {
    uint64_t source;
    uint32_t chain;                          /* next share of the bucket, or of the free ones */
    uint32_t flows;                          /* closed ones, too, which are in no list */
    struct flow_age_list lists[SHARE_KINDS]; /* linked by share_older and share_newer */
};

struct flow_table {
    uint8_t key[crypto_shorthash_KEYBYTES];
    size_t capacity;
    size_t bucket_count; /* a power of two */
    size_t used;         /* flows in use */
    size_t fresh;        /* flows never used: their pages are not touched yet */
    uint32_t free_head;
    uint32_t *buckets;
    struct flow *flows;
    struct flow_age_list lists[FLOW_LISTS];
    struct flow_share *shares; /* as many as flows */
    uint32_t *share_buckets;   /* as many as buckets */
    uint32_t share_free_head;
    uint32_t share_fresh; /* never used are those from here on */
    uint32_t looked_at;   /* the share that is looked at next */
    uint32_t heaviest;    /* the one with most flows of those that were looked at */
};

static void *reserve(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

struct flow_table *flow_table_new(size_t capacity, const uint8_t key[16]) {
    static const struct flow_age_list empty = {FLOW_NONE, FLOW_NONE, 0};
    struct flow_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    memcpy(table->key, key, sizeof table->key);
    table->capacity = capacity;
    table->bucket_count = 1024;
    while (table->bucket_count < capacity) table->bucket_count *= 2;
    table->free_head = FLOW_NONE;
    table->share_free_head = NO_SHARE;
    for (unsigned i = 0; i < FLOW_LISTS; i++) table->lists[i] = empty;
    table->buckets = malloc(table->bucket_count * sizeof *table->buckets);
    table->share_buckets = malloc(table->bucket_count * sizeof *table->share_buckets);
    table->flows = reserve(capacity * sizeof *table->flows);
    table->shares = reserve(capacity * sizeof *table->shares);
    if (table->buckets == NULL || table->share_buckets == NULL || table->flows == NULL || table->shares == NULL) {
        flow_table_free(table);
        return NULL;
    }
    memset(table->buckets, 0xff, table->bucket_count * sizeof *table->buckets);
    memset(table->share_buckets, 0xff, table->bucket_count * sizeof *table->share_buckets);
    return table;
}

void flow_table_free(struct flow_table *table) {
    if (table == NULL) return;
    if (table->flows != NULL) munmap(table->flows, table->capacity * sizeof *table->flows);
    if (table->shares != NULL) munmap(table->shares, table->capacity * sizeof *table->shares);
    free(table->buckets);
    free(table->share_buckets);
    free(table);
}

size_t flow_table_count(const struct flow_table *table) {
    return table->used;
}

size_t flow_table_memory_bytes(const struct flow_table *table) {
    return table->capacity * (sizeof *table->flows + sizeof *table->shares) +
           table->bucket_count * (sizeof *table->buckets + sizeof *table->share_buckets) + sizeof *table;
}

/* Half of an address, in whatever order the machine has its bytes: good for comparing. */
static inline uint64_t address_word(const struct ip_address *ip, unsigned half) {
    uint64_t word;
    memcpy(&word, ip->bytes + 8 * half, sizeof word);
    return word;
}

/* An IPv4 end as a number: the mapped prefix says nothing and costs time. */
static inline uint64_t v4_end(const struct endpoint *end) {
    uint32_t address;
    memcpy(&address, end->ip.bytes + 12, sizeof address);
    return address | (uint64_t)end->port << 32;
}

/* Some order, the same always: the greater one is behind.  Without branches, since a flow's packets come from either
 * side as it happens. */
static inline uint64_t hash_v4(const uint8_t key[16], const struct endpoint *a, const struct endpoint *b) {
    uint64_t end_a = v4_end(a), end_b = v4_end(b);
    uint64_t low = end_a < end_b ? end_a : end_b;
    uint64_t high = end_a < end_b ? end_b : end_a;
    const uint64_t words[] = {low | high << 48, high >> 16};
    return siphash13(key, words, 12);
}

static uint64_t hash_v6(const uint8_t key[16], const struct endpoint *a, const struct endpoint *b) {
    uint64_t a0 = address_word(&a->ip, 0), a1 = address_word(&a->ip, 1);
    uint64_t b0 = address_word(&b->ip, 0), b1 = address_word(&b->ip, 1);
    bool swap = a1 > b1 || (a1 == b1 && (a0 > b0 || (a0 == b0 && a->port > b->port)));
    uint64_t ports = swap ? (uint64_t)a->port << 16 | b->port : (uint64_t)b->port << 16 | a->port;
    const uint64_t words[] = {swap ? b0 : a0, swap ? b1 : a1, swap ? a0 : b0, swap ? a1 : b1, ports};
    return siphash13(key, words, 36);
}

uint64_t flow_hash(const uint8_t key[16], const struct endpoint *a, const struct endpoint *b) {
    bool v4 = ip_is_v4(&a->ip) && ip_is_v4(&b->ip); /* IPv6 on the wire may hold mapped addresses, too */
    return v4 ? hash_v4(key, a, b) : hash_v6(key, a, b);
}

static size_t bucket_of(const struct flow_table *table, const struct endpoint *a, const struct endpoint *b) {
    return flow_hash(table->key, a, b) & (table->bucket_count - 1);
}

/* What differs between two ends: 0 when nothing does. */
static inline uint64_t endpoint_difference(const struct endpoint *a, const struct endpoint *b) {
    return (address_word(&a->ip, 0) ^ address_word(&b->ip, 0)) | (address_word(&a->ip, 1) ^ address_word(&b->ip, 1)) |
           (uint64_t)(a->port ^ b->port);
}

static const uint32_t *bucket_of_hashed(const struct flow_table *table, const struct packet *packet) {
    return &table->buckets[packet->flow_hash & (table->bucket_count - 1)];
}

void flow_table_foresee_bucket(const struct flow_table *table, struct packet *packet) {
    packet->flow_hash = flow_hash(table->key, &packet->from, &packet->to);
    packet->hashed = true;
    __builtin_prefetch(bucket_of_hashed(table, packet));
}

/* Chains are short: the first flow is the one, mostly. */
const struct flow *flow_table_guess(const struct flow_table *table, const struct packet *packet) {
    uint32_t index = packet->hashed ? *bucket_of_hashed(table, packet) : FLOW_NONE;
    return index == FLOW_NONE ? NULL : &table->flows[index];
}

void flow_table_foresee_flow(const struct flow_table *table, const struct packet *packet) {
    const struct flow *flow = flow_table_guess(table, packet);
    if (flow != NULL) flow_foresee(flow);
}

struct flow *flow_table_find(struct flow_table *table, const struct packet *packet, enum stream_side *side) {
    uint32_t index = packet->hashed ? *bucket_of_hashed(table, packet)
                                    : table->buckets[bucket_of(table, &packet->from, &packet->to)];
    while (index != FLOW_NONE) {
        struct flow *flow = &table->flows[index];
        bool forth =
            (endpoint_difference(&flow->client, &packet->from) | endpoint_difference(&flow->server, &packet->to)) == 0;
        bool back =
            (endpoint_difference(&flow->server, &packet->from) | endpoint_difference(&flow->client, &packet->to)) == 0;
        *side = forth ? SIDE_CLIENT : SIDE_SERVER;
        if (forth | back) return flow;
        index = flow->chain;
    }
    return NULL;
}

static uint32_t index_of(const struct flow_table *table, const struct flow *flow) {
    return (uint32_t)(flow - table->flows);
}

static void list_append(struct flow_table *table, struct flow *flow, nstime now) {
    struct flow_age_list *list = &table->lists[flow->list];
    uint32_t index = index_of(table, flow);
    flow->older = list->newest;
    flow->newer = FLOW_NONE;
    if (list->newest != FLOW_NONE) {
        table->flows[list->newest].newer = index;
    } else {
        list->oldest = index;
    }
    list->newest = index;
    list->count++;
    flow->listed = now;
}

static void list_take(struct flow_table *table, struct flow *flow) {
    struct flow_age_list *list = &table->lists[flow->list];
    if (flow->older != FLOW_NONE) {
        table->flows[flow->older].newer = flow->newer;
    } else {
        list->oldest = flow->newer;
    }
    if (flow->newer != FLOW_NONE) {
        table->flows[flow->newer].older = flow->older;
    } else {
        list->newest = flow->older;
    }
    list->count--;
}

struct flow *flow_table_oldest(struct flow_table *table, enum flow_list list) {
    uint32_t index = table->lists[list].oldest;
    return index == FLOW_NONE ? NULL : &table->flows[index];
}

struct flow *flow_table_newer(struct flow_table *table, const struct flow *flow) {
    return flow->newer == FLOW_NONE ? NULL : &table->flows[flow->newer];
}

/* --- shares ------------------------------------------------------------------------------------------------------ */

uint64_t flow_table_source(const struct flow_table *table, const struct ip_address *home) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    if (home == NULL) return FLOW_SOURCE_FOREIGN;
    struct ip_address source = *home;
    if (!ip_is_v4(home)) memset(source.bytes + 8, 0, 8); /* a /64 is one customer's */
    crypto_shorthash(hash, source.bytes, sizeof source.bytes, table->key);
    memcpy(&number, hash, sizeof number);
    return number & INT64_MAX; /* never FLOW_SOURCE_FOREIGN */
}

static uint32_t *share_bucket(const struct flow_table *table, uint64_t source) {
    return &table->share_buckets[source & (table->bucket_count - 1)];
}

/* NULL: it has no flow. */
static struct flow_share *share_of(const struct flow_table *table, uint64_t source) {
    for (uint32_t at = *share_bucket(table, source); at != NO_SHARE; at = table->shares[at].chain)
        if (table->shares[at].source == source) return &table->shares[at];
    return NULL;
}

/* With a flow more than before; NO_SHARE of the foreign ones. */
static uint32_t share_get(struct flow_table *table, uint64_t source) {
    static const struct flow_age_list empty = {FLOW_NONE, FLOW_NONE, 0};
    if (source == FLOW_SOURCE_FOREIGN) return NO_SHARE;
    struct flow_share *share = share_of(table, source);
    if (share == NULL) {
        uint32_t index = table->share_free_head;
        if (index != NO_SHARE) {
            table->share_free_head = table->shares[index].chain;
        } else {
            index = table->share_fresh++;
        }
        uint32_t *bucket = share_bucket(table, source);
        share = &table->shares[index];
        *share = (struct flow_share){.source = source, .chain = *bucket, .lists = {empty, empty}};
        *bucket = index;
    }
    share->flows++;
    return (uint32_t)(share - table->shares);
}

/* A flow of it is gone; the share with the last one. */
static void share_put(struct flow_table *table, uint32_t index) {
    if (index == NO_SHARE) return;
    struct flow_share *share = &table->shares[index];
    if (--share->flows > 0) return;
    uint32_t *link = share_bucket(table, share->source);
    while (*link != index) link = &table->shares[*link].chain;
    *link = share->chain;
    share->chain = table->share_free_head;
    table->share_free_head = index;
}

static enum share_kind kind_of(uint8_t list) {
    if (list >= FLOW_LIST_LIVE) return SHARE_LIVE;
    return list >= FLOW_LIST_SILENT ? SHARE_YOUNG : SHARE_OF_NONE;
}

static void share_join(struct flow_table *table, struct flow *flow, enum share_kind kind) {
    if (kind == SHARE_OF_NONE) return;
    struct flow_age_list *list = &table->shares[flow->share].lists[kind];
    uint32_t index = index_of(table, flow);
    flow->share_older = list->newest;
    flow->share_newer = FLOW_NONE;
    if (list->newest != FLOW_NONE) {
        table->flows[list->newest].share_newer = index;
    } else {
        list->oldest = index;
    }
    list->newest = index;
    list->count++;
}

static void share_leave(struct flow_table *table, struct flow *flow, enum share_kind kind) {
    if (kind == SHARE_OF_NONE) return;
    struct flow_age_list *list = &table->shares[flow->share].lists[kind];
    if (flow->share_older != FLOW_NONE) {
        table->flows[flow->share_older].share_newer = flow->share_newer;
    } else {
        list->oldest = flow->share_newer;
    }
    if (flow->share_newer != FLOW_NONE) {
        table->flows[flow->share_newer].share_older = flow->share_older;
    } else {
        list->newest = flow->share_older;
    }
    list->count--;
}

static size_t young_count(const struct flow_share *share) {
    return share == NULL ? 0 : share->lists[SHARE_YOUNG].count;
}

/* Of those that are not closed. */
static size_t share_count(const struct flow_share *share) {
    return share == NULL ? 0 : (size_t)share->lists[SHARE_YOUNG].count + share->lists[SHARE_LIVE].count;
}

static size_t count_of(const struct flow_table *table, enum flow_list first, enum flow_list last) {
    size_t count = 0;
    for (unsigned list = first; list <= last; list++) count += table->lists[list].count;
    return count;
}

/* Twice what is free. */
static size_t share_multiple(const struct flow_table *table) {
    size_t taken = table->used - count_of(table, FLOW_LIST_CLOSED, FLOW_LIST_FOREIGN_QUEUED);
    return PER_FREE * (table->capacity - taken);
}

static size_t share_limit(const struct flow_table *table) {
    size_t limit = share_multiple(table);
    size_t least = table->capacity / SHARE_MIN_SHARE;
    if (least < SHARE_FLOWS_MIN) least = SHARE_FLOWS_MIN;
    return limit > least ? limit : least;
}

bool flow_table_share_is_at_least(const struct flow_table *table, uint64_t source) {
    return source != FLOW_SOURCE_FOREIGN && share_count(share_of(table, source)) >= share_multiple(table);
}

/* Of the first few of a share the one that was idle longest. */
static struct flow *idle_of(struct flow_table *table, const struct flow_age_list *list) {
    struct flow *found = NULL;
    uint32_t index = list->oldest;
    for (unsigned i = 0; i < FLOWS_LOOKED_AT && index != FLOW_NONE; i++) {
        struct flow *flow = &table->flows[index];
        if (found == NULL || flow->last < found->last) found = flow;
        index = flow->share_newer;
    }
    return found;
}

/* Young ones are a flood of their own when there are more of them than live ones. */
static struct flow *victim_of_share(struct flow_table *table, const struct flow_share *share) {
    const struct flow_age_list *young = &share->lists[SHARE_YOUNG], *live = &share->lists[SHARE_LIVE];
    return idle_of(table, young->count > live->count ? young : live);
}

/* The share that has most, as far as was seen lately; there is one, since the table is full. */
static const struct flow_share *heaviest_share(struct flow_table *table) {
    for (unsigned i = 0; i < SHARES_LOOKED_AT; i++) {
        if (share_count(&table->shares[table->looked_at]) > share_count(&table->shares[table->heaviest]))
            table->heaviest = table->looked_at;
        table->looked_at = table->looked_at + 1 < table->share_fresh ? table->looked_at + 1 : 0;
    }
    return &table->shares[table->heaviest];
}

/* --- who makes room ---------------------------------------------------------------------------------------------- */

/* The oldest of the lists from `first` to `last`. */
static struct flow *oldest_of(struct flow_table *table, enum flow_list first, enum flow_list last) {
    struct flow *oldest = flow_table_oldest(table, first);
    for (unsigned list = first + 1; list <= last; list++) {
        struct flow *flow = flow_table_oldest(table, list);
        if (oldest == NULL || (flow != NULL && flow->listed < oldest->listed)) oldest = flow;
    }
    return oldest;
}

bool flow_table_is_full(const struct flow_table *table) {
    return table->used == table->capacity;
}

static struct flow *victim_of_foreign(struct flow_table *table) {
    size_t count = count_of(table, FLOW_LIST_FOREIGN, FLOW_LIST_FOREIGN_QUEUED);
    if (!flow_table_is_full(table) && count < table->capacity / FOREIGN_SHARE) return NULL;
    struct flow *oldest = oldest_of(table, FLOW_LIST_FOREIGN, FLOW_LIST_FOREIGN_QUEUED);
    return oldest != NULL ? oldest : flow_table_oldest(table, FLOW_LIST_CLOSED);
}

/* When one kind has all that it may have. */
static struct flow *victim_of_kind(struct flow_table *table, const struct flow_share *share) {
    size_t silent_max = table->capacity / SILENT_SHARE, weak_max = table->capacity / WEAK_SHARE;
    if (count_of(table, FLOW_LIST_SILENT, FLOW_LIST_SILENT_WHOLE) > silent_max) {
        struct flow *unanswered = flow_table_oldest(table, FLOW_LIST_SILENT);
        if (young_count(share) > silent_max / 2) return idle_of(table, &share->lists[SHARE_YOUNG]);
        return unanswered != NULL ? unanswered : flow_table_oldest(table, FLOW_LIST_SILENT_WHOLE);
    }
    if (count_of(table, FLOW_LIST_WEAK, FLOW_LIST_WEAK_QUEUED) <= weak_max) return NULL;
    if (young_count(share) > weak_max / 2) return idle_of(table, &share->lists[SHARE_YOUNG]);
    return oldest_of(table, FLOW_LIST_WEAK, FLOW_LIST_WEAK_QUEUED);
}

/* A few young flows are kept even then: where all others are live, whoever begins would be the next victim. */
static struct flow *victim_of_full(struct flow_table *table) {
    static const struct {
        enum flow_list first, last;
        size_t kept_share;
    } kinds[] = {{FLOW_LIST_CLOSED, FLOW_LIST_CLOSED, SIZE_MAX},
                 {FLOW_LIST_FOREIGN, FLOW_LIST_FOREIGN_QUEUED, SIZE_MAX},
                 {FLOW_LIST_LIVE_RESET, FLOW_LIST_LIVE_RESET, SIZE_MAX},
                 {FLOW_LIST_SILENT, FLOW_LIST_SILENT, YOUNG_KEPT_SHARE},
                 {FLOW_LIST_SILENT_WHOLE, FLOW_LIST_SILENT_WHOLE, YOUNG_KEPT_SHARE},
                 {FLOW_LIST_WEAK, FLOW_LIST_WEAK_QUEUED, YOUNG_KEPT_SHARE}};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (count_of(table, kinds[i].first, kinds[i].last) > table->capacity / kinds[i].kept_share)
            return oldest_of(table, kinds[i].first, kinds[i].last);
    const struct flow_share *heaviest = heaviest_share(table);
    if (share_count(heaviest) > share_limit(table)) return victim_of_share(table, heaviest);
    return oldest_of(table, FLOW_LIST_LIVE, FLOW_LIST_LIVE_QUEUED);
}

struct flow *flow_table_victim(struct flow_table *table, uint64_t source) {
    if (source == FLOW_SOURCE_FOREIGN) return victim_of_foreign(table);
    const struct flow_share *share = share_of(table, source);
    struct flow *victim = victim_of_kind(table, share);
    if (victim != NULL) return victim;
    if (share_count(share) >= share_limit(table)) return victim_of_share(table, share);
    return flow_table_is_full(table) ? victim_of_full(table) : NULL;
}

struct flow *flow_table_add(struct flow_table *table, const struct endpoint *client, const struct endpoint *server,
                            uint64_t source, nstime now) {
    uint32_t index = table->free_head;
    if (index != FLOW_NONE) {
        table->free_head = table->flows[index].chain;
    } else {
        index = (uint32_t)table->fresh++;
    }
    struct flow *flow = &table->flows[index];
    size_t bucket = bucket_of(table, client, server);
    *flow = (struct flow){.client = *client, .server = *server, .start = now, .last = now};
    flow->share = share_get(table, source);
    flow->list = flow_is_foreign(flow) ? FLOW_LIST_FOREIGN : FLOW_LIST_SILENT;
    flow->chain = table->buckets[bucket];
    table->buckets[bucket] = index;
    table->used++;
    list_append(table, flow, now);
    share_join(table, flow, kind_of(flow->list));
    return flow;
}

void flow_table_remove(struct flow_table *table, struct flow *flow) {
    uint32_t index = index_of(table, flow);
    uint32_t *link = &table->buckets[bucket_of(table, &flow->client, &flow->server)];
    while (*link != index) link = &table->flows[*link].chain;
    *link = flow->chain;
    list_take(table, flow);
    share_leave(table, flow, kind_of(flow->list));
    share_put(table, flow->share);
    flow->chain = table->free_head;
    table->free_head = index;
    table->used--;
}

void flow_table_touch(struct flow_table *table, struct flow *flow, nstime now) {
    flow->last = now;
    if (now - flow->listed < NS_PER_S) return;
    list_take(table, flow);
    list_append(table, flow, now);
}

void flow_table_move(struct flow_table *table, struct flow *flow, enum flow_list list, nstime now) {
    enum share_kind before = kind_of(flow->list), after = kind_of((uint8_t)list);
    list_take(table, flow);
    flow->list = (uint8_t)list;
    list_append(table, flow, now);
    if (before == after) return;
    share_leave(table, flow, before);
    share_join(table, flow, after);
}

size_t flow_table_bucket(const struct flow_table *table, const struct endpoint *a, const struct endpoint *b) {
    return bucket_of(table, a, b);
}

size_t flow_table_longest_chain(const struct flow_table *table) {
    size_t longest = 0;
    for (size_t bucket = 0; bucket < table->bucket_count; bucket++) {
        size_t length = 0;
        for (uint32_t at = table->buckets[bucket]; at != FLOW_NONE; at = table->flows[at].chain) length++;
        if (length > longest) longest = length;
    }
    return longest;
}
