/* Reassembly of IP fragments.
 *
 * Offsets count in units of eight bytes, so what has come of a datagram is a bit map, and its bytes lie in blocks that
 * are taken from one pool when something comes for them.  Slots and blocks are all there is.  Sources share them by a
 * keyed hash of their address (IPv6: of its /64): when they run short, the share that holds most loses what it has
 * known longest.  So a source that floods pushes out its own, and one that sends whole datagrams keeps a place; where a
 * flood has a new source in each fragment, the shares grow alike, and what comes in close order is still put together.
 *
 * A key has no VLAN, VNI or label in it: a doubled mirror may show the same fragment behind other ones.
 *
 * A fragment that brings the same bytes again is a duplicate (a mirror that doubles).  One that overlaps otherwise, or
 * contradicts the datagram's end, ends the whole datagram, and the rest of it is dropped too (RFC 5722, RFC 8200 4.5;
 * the same for IPv4, where hosts differ in which copy they believe).  Such a datagram, and one that is complete, is
 * remembered without its bytes, so that later copies of its fragments start nothing.
 *
 * RFC 791 3.2, RFC 815, RFC 8200 4.5.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/defragment.h"

#include <sodium.h>

#include "mailspan/limits.h"

enum {
    UNIT_BYTES = 8,
    BLOCK_BYTES = 2048, /* a fragment of an Ethernet frame fills most of one */
    BLOCKS = LIMIT_FRAGMENT_BYTES / BLOCK_BYTES,
    DATAGRAM_BYTES_MAX = 65536,
    DATAGRAM_UNITS = DATAGRAM_BYTES_MAX / UNIT_BYTES,
    DATAGRAM_BLOCKS = DATAGRAM_BYTES_MAX / BLOCK_BYTES,
    SLOTS = LIMIT_FRAGMENT_DATAGRAMS,
    BUCKETS = 1024,
    SHARES = 64,
    HEADER_V4 = 20,
    HEADER_V6 = 40,
    PAYLOAD_BYTES_MAX_V4 = 65535 - HEADER_V4,
    PAYLOAD_BYTES_MAX_V6 = 65535,
};

/* What fragments of one datagram have in common, without padding: it is hashed and compared as bytes. */
struct key {
    uint8_t from[16];
    uint8_t to[16];
    uint32_t id;
    uint32_t version_protocol;
};

enum state { STATE_FREE, STATE_WAITING, STATE_DROPPED, STATE_COMPLETE };

/* Links are slot numbers plus one; 0 is none. */
struct datagram {
    struct key key;
    enum state state;
    nstime born;
    nstime completed;
    uint16_t next_in_bucket;
    uint16_t older, newer; /* of its share */
    uint8_t share;
    uint8_t protocol;
    uint32_t total; /* bytes; 0: the last fragment has not come */
    uint32_t units; /* that have come */
    uint32_t end;   /* of the furthest byte that has come */
    uint16_t block[DATAGRAM_BLOCKS];
    uint64_t come[DATAGRAM_UNITS / 64];
};

/* What one part of the sources holds, in order of birth. */
struct share {
    uint16_t oldest, newest;
    uint16_t slots, blocks;
};

struct defragment {
    struct counters *counters;
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
    nstime swept;
    struct share shares[SHARES];
    uint16_t bucket[BUCKETS];
    uint16_t free_slot; /* through next_in_bucket */
    uint16_t free_blocks;
    uint16_t free_block[BLOCKS]; /* a stack */
    struct datagram datagrams[SLOTS];
    uint8_t whole[HEADER_V6 + DATAGRAM_BYTES_MAX];
    uint8_t blocks[BLOCKS][BLOCK_BYTES];
};

_Static_assert(sizeof(struct key) == 40, "a key has no padding");
_Static_assert(crypto_shorthash_KEYBYTES == 16, "the hash key's size is part of the interface");
_Static_assert(BLOCKS >= 2 * DATAGRAM_BLOCKS && BLOCKS < UINT16_MAX && SLOTS >= 2 && SLOTS < UINT16_MAX,
               "two of the largest datagrams fit, and links can name every slot and block");

size_t defragment_memory_bytes(void) {
    return sizeof(struct defragment);
}

struct defragment *defragment_in(void *memory, const uint8_t hash_key[16], struct counters *counters) {
    struct defragment *t = memory;
    t->counters = counters;
    memcpy(t->hash_key, hash_key, sizeof t->hash_key);
    for (uint32_t i = 0; i < BLOCKS; i++) t->free_block[i] = (uint16_t)i;
    t->free_blocks = BLOCKS;
    for (uint16_t i = SLOTS; i > 0; i--) {
        t->datagrams[i - 1].next_in_bucket = t->free_slot;
        t->free_slot = i;
    }
    return t;
}

static struct datagram *slot(struct defragment *t, uint16_t link) {
    return link == 0 ? NULL : &t->datagrams[link - 1];
}

static uint16_t link_of(const struct defragment *t, const struct datagram *d) {
    return (uint16_t)(d - t->datagrams + 1);
}

static unsigned hash_of(const struct defragment *t, const void *bytes, size_t len) {
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, bytes, len, t->hash_key);
    return (unsigned)hash[0] << 8 | hash[1];
}

static uint16_t *bucket_of(struct defragment *t, const struct key *key) {
    return &t->bucket[hash_of(t, key, sizeof *key) % BUCKETS];
}

static uint8_t share_of(const struct defragment *t, const struct key *key) {
    bool v4 = key->version_protocol >> 8 == 4;
    return (uint8_t)(hash_of(t, key->from, v4 ? sizeof key->from : 8) % SHARES);
}

/* --- the life of a datagram -------------------------------------------------------------------------------------- */

static void free_blocks(struct defragment *t, struct datagram *d) {
    for (unsigned i = 0; i < DATAGRAM_BLOCKS; i++) {
        if (d->block[i] == 0) continue;
        t->free_block[t->free_blocks++] = (uint16_t)(d->block[i] - 1);
        t->shares[d->share].blocks--;
        d->block[i] = 0;
    }
}

/* Remembered, without its bytes. */
static void settle(struct defragment *t, struct datagram *d, enum state state) {
    free_blocks(t, d);
    d->state = state;
}

static void forget(struct defragment *t, struct datagram *d) {
    struct share *share = &t->shares[d->share];
    uint16_t link = link_of(t, d);
    uint16_t *at = bucket_of(t, &d->key);
    while (*at != link) at = &slot(t, *at)->next_in_bucket;
    *at = d->next_in_bucket;
    if (d->older != 0) slot(t, d->older)->newer = d->newer;
    if (d->newer != 0) slot(t, d->newer)->older = d->older;
    if (share->oldest == link) share->oldest = d->newer;
    if (share->newest == link) share->newest = d->older;
    share->slots--;
    settle(t, d, STATE_FREE);
    d->next_in_bucket = t->free_slot;
    t->free_slot = link;
}

static nstime apart(nstime a, nstime b) {
    return a > b ? a - b : b - a; /* time may begin anew, further back */
}

static bool is_old(const struct datagram *d, nstime now) {
    return apart(now, d->born) > LIMIT_FRAGMENT_WAIT_S * NS_PER_S;
}

static void expire_one(struct defragment *t, struct datagram *d) {
    t->counters->fragments_expired += d->state == STATE_WAITING;
    forget(t, d);
}

/* All that is old; once in a second of packet time is often enough. */
static void sweep(struct defragment *t, nstime now) {
    if (apart(now, t->swept) < NS_PER_S) return;
    t->swept = now;
    for (unsigned i = 0; i < SHARES; i++) {
        const uint16_t *oldest = &t->shares[i].oldest;
        while (*oldest != 0 && is_old(slot(t, *oldest), now)) expire_one(t, slot(t, *oldest));
    }
}

void defragment_finish(struct defragment *t) {
    for (unsigned i = 0; i < SHARES; i++)
        while (t->shares[i].oldest != 0) expire_one(t, slot(t, t->shares[i].oldest));
    t->swept = 0;
}

static unsigned blocks_of(const struct datagram *d) {
    unsigned count = 0;
    for (unsigned i = 0; i < DATAGRAM_BLOCKS; i++) count += d->block[i] != 0;
    return count;
}

/* Makes room of the kind that is short: the share that holds most of it, apart from the datagram that room is made for,
 * forgets the oldest that it has. */
static void evict(struct defragment *t, const struct datagram *keep, bool for_blocks) {
    const struct share *fattest = NULL;
    unsigned most = 0;
    for (unsigned i = 0; i < SHARES; i++) {
        unsigned holds = for_blocks ? t->shares[i].blocks : t->shares[i].slots;
        if (keep != NULL && keep->share == i) holds -= for_blocks ? blocks_of(keep) : 1;
        if (holds <= most) continue;
        most = holds;
        fattest = &t->shares[i];
    }
    if (fattest == NULL) return;
    struct datagram *d = slot(t, fattest->oldest);
    if (d == keep) d = slot(t, d->newer);
    t->counters->fragments_evicted += d->state == STATE_WAITING;
    forget(t, d);
}

static struct datagram *find(struct defragment *t, const struct key *key) {
    struct datagram *d = slot(t, *bucket_of(t, key));
    while (d != NULL && memcmp(&d->key, key, sizeof *key) != 0) d = slot(t, d->next_in_bucket);
    return d;
}

static struct datagram *begin(struct defragment *t, const struct key *key, nstime now) {
    if (t->free_slot == 0) evict(t, NULL, false);
    struct datagram *d = slot(t, t->free_slot);
    uint16_t link = t->free_slot;
    t->free_slot = d->next_in_bucket;
    uint16_t *bucket = bucket_of(t, key);
    uint8_t share_index = share_of(t, key);
    struct share *share = &t->shares[share_index];
    *d = (struct datagram){.key = *key,
                           .state = STATE_WAITING,
                           .born = now,
                           .next_in_bucket = *bucket,
                           .older = share->newest,
                           .share = share_index};
    *bucket = link;
    if (share->newest != 0) slot(t, share->newest)->newer = link;
    if (share->oldest == 0) share->oldest = link;
    share->newest = link;
    share->slots++;
    return d;
}

/* --- its bytes --------------------------------------------------------------------------------------------------- */

static bool has_come(const struct datagram *d, uint32_t unit) {
    return (d->come[unit / 64] >> (unit % 64) & 1) != 0;
}

static uint32_t units_come(const struct datagram *d, const struct fragment *f) {
    uint32_t count = 0;
    for (uint32_t at = f->offset; at < f->offset + f->bytes.len; at += UNIT_BYTES)
        count += has_come(d, at / UNIT_BYTES);
    return count;
}

/* The part of a fragment from `done` on that lies in one block; *index and *at say where. */
static struct span in_block(const struct fragment *f, size_t done, size_t *index, size_t *at) {
    size_t offset = f->offset + done;
    *index = offset / BLOCK_BYTES;
    *at = offset % BLOCK_BYTES;
    return span_slice(f->bytes, done, BLOCK_BYTES - *at);
}

static bool is_same(const struct defragment *t, const struct datagram *d, const struct fragment *f) {
    struct span part;
    for (size_t done = 0, index, at; done < f->bytes.len; done += part.len) {
        part = in_block(f, done, &index, &at);
        if (memcmp(t->blocks[d->block[index] - 1] + at, part.data, part.len) != 0) return false;
    }
    return true;
}

static void take_block(struct defragment *t, struct datagram *d, size_t index) {
    while (t->free_blocks == 0) evict(t, d, true);
    d->block[index] = (uint16_t)(t->free_block[--t->free_blocks] + 1);
    t->shares[d->share].blocks++;
}

static void keep(struct defragment *t, struct datagram *d, const struct fragment *f) {
    struct span part;
    for (size_t done = 0, index, at; done < f->bytes.len; done += part.len) {
        part = in_block(f, done, &index, &at);
        if (d->block[index] == 0) take_block(t, d, index);
        memcpy(t->blocks[d->block[index] - 1] + at, part.data, part.len);
    }
    uint32_t end = f->offset + (uint32_t)f->bytes.len;
    for (uint32_t at = f->offset; at < end; at += UNIT_BYTES) {
        d->come[at / UNIT_BYTES / 64] |= UINT64_C(1) << (at / UNIT_BYTES % 64);
        d->units++;
    }
    if (end > d->end) d->end = end;
    if (!f->more) d->total = end;
    if (f->offset == 0 || f->version == 4) d->protocol = f->protocol;
}

/* The end of a datagram is said once, and nothing lies behind it. */
static bool contradicts(const struct datagram *d, const struct fragment *f) {
    uint32_t end = f->offset + (uint32_t)f->bytes.len;
    if (d->total == 0) return !f->more && d->end >= end && d->end != 0; /* what ends there said that more comes */
    return f->more ? end >= d->total : end != d->total;
}

static void put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static struct span put_together(struct defragment *t, const struct datagram *d) {
    bool v4 = d->key.version_protocol >> 8 == 4;
    uint8_t *start = t->whole + (v4 ? HEADER_V6 - HEADER_V4 : 0);
    memset(t->whole, 0, HEADER_V6);
    if (v4) {
        start[0] = 0x45;
        put16(start + 2, HEADER_V4 + d->total);
        put16(start + 4, d->key.id);
        start[8] = 64;
        start[9] = d->protocol;
        memcpy(start + 12, d->key.from + 12, 4);
        memcpy(start + 16, d->key.to + 12, 4);
    } else {
        start[0] = 0x60;
        put16(start + 4, d->total);
        start[6] = d->protocol;
        start[7] = 64;
        memcpy(start + 8, d->key.from, 16);
        memcpy(start + 24, d->key.to, 16);
    }
    for (uint32_t at = 0; at < d->total; at += BLOCK_BYTES) {
        uint32_t left = d->total - at;
        memcpy(t->whole + HEADER_V6 + at, t->blocks[d->block[at / BLOCK_BYTES] - 1],
               left < BLOCK_BYTES ? left : BLOCK_BYTES);
    }
    return span_of(start, (size_t)(t->whole + HEADER_V6 - start) + d->total);
}

static bool is_sound(const struct fragment *f) {
    size_t max = f->version == 4 ? PAYLOAD_BYTES_MAX_V4 : PAYLOAD_BYTES_MAX_V6;
    return f->offset % UNIT_BYTES == 0 && f->offset <= max && f->bytes.len != 0 && f->bytes.len <= max - f->offset &&
           !(f->more && f->bytes.len % UNIT_BYTES != 0);
}

enum defragment_result defragment_add(struct defragment *t, const struct fragment *f, nstime now, struct span *whole) {
    sweep(t, now);
    if (!is_sound(f)) return DEFRAGMENT_MALFORMED;
    struct key key = {.id = f->id, .version_protocol = (uint32_t)f->version << 8 | (f->version == 4 ? f->protocol : 0)};
    memcpy(key.from, f->from.bytes, sizeof key.from);
    memcpy(key.to, f->to.bytes, sizeof key.to);
    struct datagram *d = find(t, &key);
    if (d != NULL && is_old(d, now)) {
        expire_one(t, d);
        d = NULL;
    }
    if (d != NULL && d->state == STATE_COMPLETE && now - d->completed > LIMIT_FRAGMENT_COPY_S * NS_PER_S) {
        forget(t, d); /* the sender's numbers have come round */
        d = NULL;
    }
    if (d == NULL) d = begin(t, &key, now);
    if (d->state != STATE_WAITING) return DEFRAGMENT_WAITING;
    uint32_t come = units_come(d, f);
    bool again = come == (f->bytes.len + UNIT_BYTES - 1) / UNIT_BYTES;
    if (contradicts(d, f) || (again ? !is_same(t, d, f) : come != 0)) {
        t->counters->fragments_overlap++;
        settle(t, d, STATE_DROPPED);
        return DEFRAGMENT_WAITING;
    }
    if (again) return DEFRAGMENT_WAITING;
    keep(t, d, f);
    if (d->total == 0 || d->units != (d->total + UNIT_BYTES - 1) / UNIT_BYTES) return DEFRAGMENT_WAITING;
    t->counters->fragments_reassembled++;
    *whole = put_together(t, d);
    settle(t, d, STATE_COMPLETE);
    d->completed = now;
    return DEFRAGMENT_WHOLE;
}
