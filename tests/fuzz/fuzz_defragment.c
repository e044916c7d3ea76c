/* Fuzz target: fragments of a few datagrams, and floods of others, through the table alone.
 *
 * Input, six bytes a step: whose fragment it is and how true it is, the time since the one before, where it begins (two
 * bytes, in units of eight bytes), and its length (two bytes).
 *
 * What a datagram holds at each place is worked out from its key and the place, so what is put together can be held
 * against it; and the table keeps nothing behind a finish: a second run of the same steps ends alike (where the input's
 * size is a multiple of four; it takes as long again).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "mailspan/defragment.h"
#include "mailspan/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START (INT64_C(1700000000) * NS_PER_S)
#define STEP_BYTES 6
#define STEPS_MAX 300
#define BYTES_MAX 65536
#define UNITS (BYTES_MAX / 8)
#define KEYS 32

enum {
    SOURCE = 3,       /* two of IPv4, two of IPv6 */
    ID = 3 << 2,      /* its number */
    MORE = 1 << 4,    /* it is not the last */
    LIE = 1 << 5,     /* its bytes are others */
    OTHER = 1 << 6,   /* its protocol is another */
    FLOOD = 1 << 7,   /* up to 399 other senders, by the length, each with one fragment */
    BACKWARDS = 0xff, /* of time: half a minute back */
};

struct run {
    struct defragment *table;
    struct counters *counters;
    nstime now;
    uint64_t hash;
    uint64_t calls, malformed;
    uint8_t come[KEYS][UNITS]; /* whether a fragment of that key has brought this unit */
    bool lied[KEYS];
};

/* What a datagram of this key holds; made once, because each run reads much of it.  A lie has the highest bit. */
static const uint8_t *bytes_of(unsigned key, bool lie) {
    static uint8_t made[KEYS][2][BYTES_MAX + 8 * UNITS];
    static bool done[KEYS];
    for (uint32_t i = 0; i < sizeof made[key][0] && !done[key]; i++) {
        made[key][0][i] = (uint8_t)((i * 2654435761u >> 24 ^ key) & 0x7f);
        made[key][1][i] = made[key][0][i] | 0x80;
    }
    done[key] = true;
    return made[key][lie];
}

static void mix(struct run *run, uint64_t value) {
    run->hash = (run->hash ^ value) * UINT64_C(0x100000001b3);
}

static struct ip_address source_of(unsigned number) {
    if (number < 2) return (struct ip_address){{[10] = 0xff, 0xff, 192, 0, 2, (uint8_t)(number + 1)}};
    return (struct ip_address){{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, (uint8_t)number, [15] = 1}};
}

static unsigned key_of(const struct fragment *f, uint8_t head) {
    unsigned protocol = f->version == 4 && (head & OTHER) != 0; /* IPv6 does not tell datagrams apart by it */
    return (head & SOURCE) | (head & ID) | protocol << 4;
}

static void check_header(const struct fragment *f, struct span whole, size_t header) {
    assert(whole.len > header && whole.len <= (f->version == 4 ? 65535u : 65535u + 40u));
    assert(whole.data[0] >> 4 == f->version);
    size_t at = f->version == 4 ? 2 : 4;
    size_t const length = (size_t)whole.data[at] << 8 | whole.data[at + 1];
    assert(length == (f->version == 4 ? whole.len : whole.len - header));
    size_t const address = f->version == 4 ? 4 : 16;
    at = f->version == 4 ? 12 : 8;
    assert(memcmp(whole.data + at, f->from.bytes + 16 - address, address) == 0);
    assert(memcmp(whole.data + at + address, f->to.bytes + 16 - address, address) == 0);
}

static void check_whole(const struct run *run, const struct fragment *f, unsigned key, struct span whole) {
    size_t const header = f->version == 4 ? 20 : 40;
    check_header(f, whole, header);
    struct span const bytes = span_from(whole, header);
    const uint8_t *honest = bytes_of(key, false);
    assert(memchr(run->come[key], 0, (bytes.len + 7) / 8) == NULL);
    if (!run->lied[key]) assert(memcmp(bytes.data, honest, bytes.len) == 0);
    for (size_t i = 0; i < bytes.len && run->lied[key]; i++) assert((bytes.data[i] & 0x7f) == honest[i]);
}

static void add(struct run *run, const struct fragment *f, unsigned key, bool known) {
    struct span whole = SPAN_EMPTY;
    uint64_t const before = run->counters->fragments_reassembled;
    enum defragment_result const result = defragment_add(run->table, f, run->now, &whole);
    run->calls++;
    run->malformed += result == DEFRAGMENT_MALFORMED;
    mix(run, result);
    assert((result == DEFRAGMENT_WHOLE) == (run->counters->fragments_reassembled == before + 1));
    if (result != DEFRAGMENT_WHOLE) return;
    uint8_t hash[crypto_shorthash_BYTES];
    static const uint8_t hash_key[crypto_shorthash_KEYBYTES] = {2};
    (void)crypto_shorthash(hash, whole.data, whole.len, hash_key);
    for (size_t i = 0; i < sizeof hash; i++) mix(run, hash[i]);
    if (known) check_whole(run, f, key, whole);
}

/* From as many senders, so that the known ones' shares are pressed. */
static void flood(struct run *run, struct fragment f, unsigned senders) {
    for (unsigned i = 0; i < senders; i++) {
        f.from = (struct ip_address){{[10] = 0xff, 0xff, 10, (uint8_t)(f.id % 4), (uint8_t)(i >> 8), (uint8_t)i}};
        f.version = 4;
        add(run, &f, 0, false);
    }
}

static void note(struct run *run, const struct fragment *f, unsigned key, bool lie) {
    if (f->offset % 8 != 0) return;
    for (size_t at = f->offset; at < f->offset + f->bytes.len && at < BYTES_MAX; at += 8) run->come[key][at / 8] = 1;
    run->lied[key] = run->lied[key] || lie;
}

static void step(struct run *run, const uint8_t *in) {
    uint8_t const head = in[0];
    size_t const length = (size_t)(in[4] << 8 | in[5]);
    struct fragment f = {.from = source_of(head & SOURCE),
                         .to = source_of((head & SOURCE) ^ 1),
                         .id = (head & ID) >> 2,
                         .version = (head & SOURCE) < 2 ? 4 : 6,
                         .protocol = (head & OTHER) != 0 ? 17 : 6,
                         .more = (head & MORE) != 0,
                         .offset = (uint32_t)(in[2] << 8 | in[3]) * 8};
    unsigned const key = key_of(&f, head);
    run->now += in[1] == BACKWARDS ? -30 * NS_PER_S : in[1] * NS_PER_S / 4;
    if ((f.offset >> 18 & 1) != 0) f.offset = (f.offset & 0x3ffff) + 4; /* at no place where one can be */
    uint8_t *bytes = malloc(length == 0 ? 1 : length); /* as long as it is, so that a sanitizer sees a read behind it */
    if (bytes == NULL) abort();
    size_t const at = f.offset < BYTES_MAX ? f.offset : BYTES_MAX; /* no datagram reaches further */
    if (length > 0) memcpy(bytes, bytes_of(key, (head & LIE) != 0) + at, length);
    f.bytes = span_of(bytes, length);
    if ((head & FLOOD) != 0) {
        f.bytes = span_head(f.bytes, 16);
        flood(run, f, (unsigned)length % 400);
    } else {
        note(run, &f, key, (head & LIE) != 0);
        add(run, &f, key, true);
    }
    free(bytes);
}

static uint64_t run_steps(struct run *run, const uint8_t *data, size_t size) {
    *run->counters = (struct counters){.packets = 0};
    memset(run->come, 0, sizeof run->come);
    memset(run->lied, 0, sizeof run->lied);
    run->now = START;
    run->hash = 1;
    run->calls = run->malformed = 0;
    for (size_t i = 0; i + STEP_BYTES <= size && i < STEPS_MAX * STEP_BYTES; i += STEP_BYTES) step(run, data + i);
    defragment_finish(run->table);
    const struct counters *c = run->counters;
    mix(run, c->fragments_reassembled + c->fragments_overlap * 3 + c->fragments_expired * 5 + c->fragments_evicted * 7);
    assert(c->fragments_reassembled + c->fragments_overlap + c->fragments_expired + c->fragments_evicted <=
           run->calls - run->malformed);
    return run->hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t hash_key[16] = {1};
    static struct counters counters;
    static struct run run;
    if (run.table == NULL) { /* one for all runs, empty after each */
        void *memory = calloc(1, defragment_memory_bytes());
        if (memory == NULL) abort();
        run.counters = &counters;
        run.table = defragment_in(memory, hash_key, &counters);
    }
    uint64_t const first = run_steps(&run, data, size);
    if (size % 4 == 0) assert(run_steps(&run, data, size) == first); /* not always: half of the time */
    return 0;
}
