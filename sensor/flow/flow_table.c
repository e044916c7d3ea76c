/* A hash table with chaining, of a fixed number of flows, and lists of them in order of age.
 *
 *   bucket[siphash(ends) & mask] -> flow -> flow -> FLOW_NONE
 *   closed   oldest ... newest     over: the first to make room
 *   silent   oldest ... newest     nothing was said yet: the next
 *   weak     oldest ... newest     no conversation yet: the next.  Three lists, as the live ones
 *   live     oldest ... newest
 *            oldest ... newest     watched: those that time may settle
 *            oldest ... newest     queued: the same, with pieces out of the segment pool
 *
 * SipHash with a random key (libsodium) keeps chains short whatever addresses an enemy sends from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/flow_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Of the table.  A weak flow also has memory of the listener's: three blocks of the two for each flow in its pool. */
#define SILENT_SHARE 2
#define WEAK_SHARE 4

struct flow_age_list {
    uint32_t oldest, newest;
    size_t count;
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
};

static void *reserve(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

struct flow_table *flow_table_new(size_t capacity, const uint8_t key[16]) {
    struct flow_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    memcpy(table->key, key, sizeof table->key);
    table->capacity = capacity;
    table->bucket_count = 1024;
    while (table->bucket_count < capacity) table->bucket_count *= 2;
    table->free_head = FLOW_NONE;
    for (unsigned i = 0; i < FLOW_LISTS; i++) table->lists[i] = (struct flow_age_list){FLOW_NONE, FLOW_NONE, 0};
    table->buckets = malloc(table->bucket_count * sizeof *table->buckets);
    table->flows = reserve(capacity * sizeof *table->flows);
    if (table->buckets == NULL || table->flows == NULL) {
        flow_table_free(table);
        return NULL;
    }
    memset(table->buckets, 0xff, table->bucket_count * sizeof *table->buckets);
    return table;
}

void flow_table_free(struct flow_table *table) {
    if (table == NULL) return;
    if (table->flows != NULL) munmap(table->flows, table->capacity * sizeof *table->flows);
    free(table->buckets);
    free(table);
}

size_t flow_table_memory_bytes(const struct flow_table *table) {
    return table->capacity * sizeof *table->flows + table->bucket_count * sizeof *table->buckets + sizeof *table;
}

/* IPv4 ends are hashed by their 4 bytes: the mapped prefix says nothing and costs time. */
static size_t put_address(uint8_t *at, const struct endpoint *end, bool v4) {
    size_t skip = v4 ? 12 : 0;
    memcpy(at, end->ip.bytes + skip, 16 - skip);
    memcpy(at + 16 - skip, &end->port, sizeof end->port);
    return 16 - skip + sizeof end->port;
}

/* Half of an address, in whatever order the machine has its bytes: good for comparing. */
static inline uint64_t address_word(const struct ip_address *ip, unsigned half) {
    uint64_t word;
    memcpy(&word, ip->bytes + 8 * half, sizeof word);
    return word;
}

/* Some order, the same always. */
static bool comes_after(const struct endpoint *a, const struct endpoint *b) {
    for (unsigned half = 2; half-- > 0;) { /* the low half differs more often */
        uint64_t word_a = address_word(&a->ip, half);
        uint64_t word_b = address_word(&b->ip, half);
        if (word_a != word_b) return word_a > word_b;
    }
    return a->port > b->port;
}

/* The same for both directions. */
static size_t bucket_of(const struct flow_table *table, const struct endpoint *a, const struct endpoint *b) {
    uint8_t key[2 * (16 + 2)];
    uint8_t hash[crypto_shorthash_BYTES];
    bool swap = comes_after(a, b);
    bool v4 = ip_is_v4(&a->ip) && ip_is_v4(&b->ip); /* IPv6 on the wire may hold mapped addresses, too */
    size_t length = put_address(key, swap ? b : a, v4);
    length += put_address(key + length, swap ? a : b, v4);
    crypto_shorthash(hash, key, length, table->key);
    uint64_t number;
    memcpy(&number, hash, sizeof number);
    return number & (table->bucket_count - 1);
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b) {
    return a->port == b->port && address_word(&a->ip, 1) == address_word(&b->ip, 1) &&
           address_word(&a->ip, 0) == address_word(&b->ip, 0);
}

struct flow *flow_table_find(struct flow_table *table, const struct packet *packet, enum stream_side *side) {
    uint32_t index = table->buckets[bucket_of(table, &packet->from, &packet->to)];
    while (index != FLOW_NONE) {
        struct flow *flow = &table->flows[index];
        if (endpoint_equal(&flow->client, &packet->from) && endpoint_equal(&flow->server, &packet->to)) {
            *side = SIDE_CLIENT;
            return flow;
        }
        if (endpoint_equal(&flow->server, &packet->from) && endpoint_equal(&flow->client, &packet->to)) {
            *side = SIDE_SERVER;
            return flow;
        }
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

/* The oldest of the lists from `first` to `last`. */
static struct flow *oldest_of(struct flow_table *table, enum flow_list first, enum flow_list last) {
    struct flow *oldest = flow_table_oldest(table, first);
    for (unsigned list = first + 1; list <= last; list++) {
        struct flow *flow = flow_table_oldest(table, list);
        if (oldest == NULL || (flow != NULL && flow->listed < oldest->listed)) oldest = flow;
    }
    return oldest;
}

struct flow *flow_table_victim(struct flow_table *table) {
    struct flow *silent = flow_table_oldest(table, FLOW_LIST_SILENT);
    if (table->lists[FLOW_LIST_SILENT].count > table->capacity / SILENT_SHARE) return silent;
    size_t weak_count = 0;
    for (unsigned list = FLOW_LIST_WEAK; list <= FLOW_LIST_WEAK_QUEUED; list++) weak_count += table->lists[list].count;
    if (weak_count > table->capacity / WEAK_SHARE) return oldest_of(table, FLOW_LIST_WEAK, FLOW_LIST_WEAK_QUEUED);
    if (table->used < table->capacity) return NULL;
    struct flow *closed = flow_table_oldest(table, FLOW_LIST_CLOSED);
    if (closed != NULL) return closed;
    if (silent != NULL) return silent;
    struct flow *weak = oldest_of(table, FLOW_LIST_WEAK, FLOW_LIST_WEAK_QUEUED);
    return weak != NULL ? weak : oldest_of(table, FLOW_LIST_LIVE, FLOW_LIST_LIVE_QUEUED);
}

struct flow *flow_table_add(struct flow_table *table, const struct endpoint *client, const struct endpoint *server,
                            nstime now) {
    uint32_t index = table->free_head;
    if (index != FLOW_NONE) {
        table->free_head = table->flows[index].chain;
    } else {
        index = (uint32_t)table->fresh++;
    }
    struct flow *flow = &table->flows[index];
    size_t bucket = bucket_of(table, client, server);
    *flow = (struct flow){
        .client = *client, .server = *server, .start = now, .last = now, .list = FLOW_LIST_SILENT, .in_use = true};
    flow->chain = table->buckets[bucket];
    table->buckets[bucket] = index;
    table->used++;
    list_append(table, flow, now);
    return flow;
}

void flow_table_remove(struct flow_table *table, struct flow *flow) {
    uint32_t index = index_of(table, flow);
    uint32_t *link = &table->buckets[bucket_of(table, &flow->client, &flow->server)];
    while (*link != index) link = &table->flows[*link].chain;
    *link = flow->chain;
    list_take(table, flow);
    flow->in_use = false;
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
    list_take(table, flow);
    flow->list = (uint8_t)list;
    list_append(table, flow, now);
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
