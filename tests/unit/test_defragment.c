/* defragment: fragments in every order, twice, overlapping, late, and in floods.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/defragment.h"
#include "mailspan/limits.h"

#define START (INT64_C(1700000000) * NS_PER_S)

static const uint8_t hash_key[16] = {1, 2, 3};
static const struct ip_address v4_from = {{[10] = 0xff, 0xff, 192, 0, 2, 1}};
static const struct ip_address v4_to = {{[10] = 0xff, 0xff, 198, 51, 100, 25}};
static const struct ip_address v6_from = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static const struct ip_address v6_to = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

struct run {
    struct counters counters;
    struct defragment *table;
    nstime now;
    uint32_t id;
    uint8_t version;
    uint8_t protocol;
    uint32_t serial; /* of a flood's fragments */
    uint32_t source; /* other than 0: the last four bytes of another sender's address, or of its /64 */
    enum defragment_result result;
    struct span whole;
    uint8_t data[70000];
};

static struct run *run_new(uint8_t version) {
    struct run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->table = defragment_in(calloc(1, defragment_memory_bytes()), hash_key, &r->counters);
    r->now = START;
    r->id = 0x1234;
    r->version = version;
    r->protocol = 6;
    for (size_t i = 0; i < sizeof r->data; i++) r->data[i] = (uint8_t)(i * 7 + i / 251);
    return r;
}

static void run_free(struct run *r) {
    free(r->table);
    free(r);
}

static enum defragment_result put(struct run *r, uint32_t offset, size_t len, bool more) {
    struct guarded copy = guard_copy(span_of(r->data + offset % 65536, len));
    struct fragment f = {.from = r->version == 4 ? v4_from : v6_from,
                         .to = r->version == 4 ? v4_to : v6_to,
                         .id = r->id,
                         .version = r->version,
                         .protocol = r->protocol,
                         .more = more,
                         .offset = offset,
                         .bytes = copy.bytes};
    uint8_t *last = f.from.bytes + (r->version == 4 ? 12 : 4);
    for (unsigned i = 0; i < 4 && r->source != 0; i++) last[i] = (uint8_t)(r->source >> (24 - 8 * i));
    r->whole = SPAN_EMPTY;
    r->result = defragment_add(r->table, &f, r->now, &r->whole);
    guard_free(&copy);
    return r->result;
}

static void is_whole(const struct run *r, size_t payload) {
    size_t header = r->version == 4 ? 20 : 40;
    assert_int_equal(r->result, DEFRAGMENT_WHOLE);
    assert_int_equal(r->whole.len, header + payload);
    assert_memory_equal(r->whole.data + header, r->data, payload);
}

/* Three pieces, 0-16, 16-24 and 24-29, in all six orders: always whole with the third, and the headers are right. */
static void every_order(void **state) {
    (void)state;
    static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const uint32_t offset[3] = {0, 16, 24};
    static const size_t len[3] = {16, 8, 5};
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct run *r = run_new(version);
        for (unsigned i = 0; i < 6; i++) {
            r->id = 0x1234 + i;
            for (unsigned k = 0; k < 3; k++) {
                unsigned piece = orders[i][k];
                put(r, offset[piece], len[piece], piece != 2);
                if (k < 2) assert_int_equal(r->result, DEFRAGMENT_WAITING);
            }
            is_whole(r, 29);
        }
        assert_int_equal(r->counters.fragments_reassembled, 6);
        assert_int_equal(r->counters.fragments_overlap + r->counters.fragments_expired, 0);
        run_free(r);
    }
}

static void the_headers(void **state) {
    (void)state;
    static const uint8_t v4[20] = {0x45, 0, 0, 49, 0x12, 0x34, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 25};
    static const uint8_t v6[40] = {0x60, 0,    0,    0,        0,    29,   6,    64,   0x20,
                                   0x01, 0x0d, 0xb8, [23] = 1, 0x20, 0x01, 0x0d, 0xb8, [39] = 2};
    struct run *r = run_new(4);
    put(r, 0, 24, true);
    put(r, 24, 5, false);
    is_whole(r, 29);
    assert_memory_equal(r->whole.data, v4, 20);
    run_free(r);
    r = run_new(6);
    r->protocol = 17; /* only what the first fragment says counts */
    put(r, 24, 5, false);
    r->protocol = 6;
    put(r, 0, 24, true);
    is_whole(r, 29);
    assert_memory_equal(r->whole.data, v6, 40);
    run_free(r);
}

static void other_datagrams_do_not_mix(void **state) {
    (void)state;
    struct run *r = run_new(4);
    put(r, 0, 16, true);
    r->id++;
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING); /* another number */
    r->id--;
    r->protocol = 17;
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING); /* another protocol */
    r->protocol = 6;
    r->version = 6;
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING); /* other addresses */
    r->version = 4;
    put(r, 16, 8, false);
    is_whole(r, 24);
    run_free(r);
}

/* A doubled mirror: each fragment twice in a row, and the whole sequence twice. */
static void copies(void **state) {
    (void)state;
    struct run *r = run_new(4);
    put(r, 0, 16, true);
    assert_int_equal(put(r, 0, 16, true), DEFRAGMENT_WAITING);
    put(r, 16, 5, false);
    is_whole(r, 21);
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING);
    r->now += NS_PER_S;
    assert_int_equal(put(r, 0, 16, true), DEFRAGMENT_WAITING);
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING);
    r->now += 2 * NS_PER_S; /* the number is used again */
    assert_int_equal(put(r, 0, 16, true), DEFRAGMENT_WAITING);
    put(r, 16, 5, false);
    is_whole(r, 21);
    defragment_finish(r->table);
    assert_int_equal(r->counters.fragments_reassembled, 2);
    assert_int_equal(r->counters.fragments_overlap + r->counters.fragments_expired, 0);
    run_free(r);
}

struct piece {
    uint32_t offset;
    size_t len;
    bool more;
    uint8_t change; /* added to the first byte */
};

/* RFC 5722: nothing is made of a datagram whose fragments overlap, nor of what comes of it later. */
static void overlaps(void **state) {
    (void)state;
    static const struct piece pairs[][2] = {
        {{0, 16, true, 0}, {8, 16, true, 0}},   /* behind */
        {{8, 16, true, 0}, {0, 16, true, 0}},   /* before */
        {{8, 8, true, 0}, {0, 24, true, 0}},    /* around */
        {{0, 16, true, 0}, {0, 16, true, 1}},   /* the same place, other bytes */
        {{0, 24, true, 0}, {8, 8, true, 1}},    /* inside, other bytes */
        {{16, 5, false, 0}, {16, 4, false, 0}}, /* two ends */
        {{16, 5, false, 0}, {24, 8, true, 0}},  /* behind the end */
        {{24, 8, true, 0}, {8, 8, false, 0}},   /* an end before what came */
        {{8, 8, true, 0}, {8, 8, false, 0}},    /* more follows, no more follows */
        {{8, 8, false, 0}, {8, 8, true, 0}},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct run *r = run_new(i % 2 == 0 ? 4 : 6);
        for (unsigned k = 0; k < 2; k++) {
            const struct piece *p = &pairs[i][k];
            r->data[p->offset] = (uint8_t)(r->data[p->offset] + p->change);
            assert_int_equal(put(r, p->offset, p->len, p->more), DEFRAGMENT_WAITING);
        }
        assert_int_equal(r->counters.fragments_overlap, 1);
        assert_int_equal(put(r, 0, 48, true), DEFRAGMENT_WAITING);
        assert_int_equal(put(r, 48, 8, false), DEFRAGMENT_WAITING);
        assert_int_equal(r->counters.fragments_overlap, 1);
        defragment_finish(r->table);
        assert_int_equal(r->counters.fragments_reassembled + r->counters.fragments_expired, 0);
        run_free(r);
    }
}

static void malformed(void **state) {
    (void)state;
    struct run *r = run_new(4);
    assert_int_equal(put(r, 0, 12, true), DEFRAGMENT_MALFORMED);     /* only the last may be uneven */
    assert_int_equal(put(r, 4, 8, true), DEFRAGMENT_MALFORMED);      /* offsets count in eights */
    assert_int_equal(put(r, 8, 0, false), DEFRAGMENT_MALFORMED);     /* nothing in it */
    assert_int_equal(put(r, 65512, 4, false), DEFRAGMENT_MALFORMED); /* 65,536 with its header */
    assert_int_equal(put(r, 65528, 8, true), DEFRAGMENT_MALFORMED);
    r->version = 6;
    assert_int_equal(put(r, 65528, 8, false), DEFRAGMENT_MALFORMED);
    defragment_finish(r->table);
    assert_int_equal(r->counters.fragments_expired, 0); /* nothing was kept of them */
    run_free(r);
}

static void the_largest(void **state) {
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        uint32_t const payload = version == 4 ? 65515 : 65535;
        struct run *r = run_new(version);
        for (uint32_t at = payload / 1480 * 1480; at > 0; at -= 1480)
            assert_int_equal(put(r, at, at + 1480 > payload ? payload - at : 1480, at + 1480 < payload),
                             DEFRAGMENT_WAITING);
        put(r, 0, 1480, true);
        is_whole(r, payload);
        r->id++;
        assert_int_equal(put(r, 0, 65512, true), DEFRAGMENT_WAITING); /* and in two pieces */
        put(r, 65512, payload - 65512, false);
        is_whole(r, payload);
        run_free(r);
    }
}

static void too_late(void **state) {
    (void)state;
    struct run *r = run_new(4);
    put(r, 0, 16, true);
    r->now += LIMIT_FRAGMENT_WAIT_S * NS_PER_S;
    r->id++;
    put(r, 0, 16, true);
    r->id--;
    put(r, 16, 5, false); /* just in time */
    is_whole(r, 21);
    r->now += LIMIT_FRAGMENT_WAIT_S * NS_PER_S + 1;
    r->id++;
    assert_int_equal(put(r, 16, 5, false), DEFRAGMENT_WAITING);
    assert_int_equal(r->counters.fragments_expired, 1);
    defragment_finish(r->table);
    assert_int_equal(r->counters.fragments_expired, 2);
    r->now = START; /* time began anew */
    put(r, 0, 16, true);
    put(r, 16, 5, false);
    is_whole(r, 21);
    run_free(r);
}

/* One small fragment of each of many datagrams: the oldest go, the newest and what comes later is whole. */
static void flood_of_datagrams(void **state) {
    (void)state;
    struct run *r = run_new(6);
    unsigned const extra = 500;
    for (unsigned i = 0; i < LIMIT_FRAGMENT_DATAGRAMS + extra; i++) {
        r->id = i;
        assert_int_equal(put(r, 8, 8, true), DEFRAGMENT_WAITING);
    }
    assert_int_equal(r->counters.fragments_evicted, extra);
    r->id = extra; /* the oldest that is left */
    put(r, 0, 8, true);
    put(r, 16, 1, false);
    is_whole(r, 17);
    r->id = 0; /* was forgotten: takes the place of the one that is complete */
    assert_int_equal(put(r, 0, 8, true), DEFRAGMENT_WAITING);
    assert_int_equal(put(r, 16, 1, false), DEFRAGMENT_WAITING);
    put(r, 8, 8, true);
    is_whole(r, 17);
    defragment_finish(r->table);
    assert_int_equal(r->counters.fragments_expired, LIMIT_FRAGMENT_DATAGRAMS - 1);
    run_free(r);
}

/* A byte in each block of many datagrams: the blocks run out before the slots. */
static void flood_of_blocks(void **state) {
    (void)state;
    struct run *r = run_new(6);
    unsigned const fit = LIMIT_FRAGMENT_BYTES / 65536;
    for (unsigned i = 0; i < fit + 3; i++) {
        r->id = i;
        for (uint32_t at = 0; at < 65536; at += 2048) assert_int_equal(put(r, at, 8, true), DEFRAGMENT_WAITING);
    }
    assert_int_equal(r->counters.fragments_evicted, 3);
    /* The oldest itself asks for more: the next oldest makes room for it. */
    r->id = 99999;
    put(r, 0, 8, true);
    assert_int_equal(r->counters.fragments_evicted, 4);
    put(r, 8, 8, false);
    is_whole(r, 16);
    defragment_finish(r->table);
    assert_int_equal(r->counters.fragments_expired, fit - 1);
    run_free(r);
}

static void the_oldest_asks_for_more(void **state) {
    (void)state;
    struct run *r = run_new(6);
    put(r, 0, 8, true);
    for (unsigned i = 1; i <= LIMIT_FRAGMENT_BYTES / 65536; i++) {
        r->id = i;
        for (uint32_t at = 0; at < 65536 && r->counters.fragments_evicted == 0; at += 2048) {
            if (i == LIMIT_FRAGMENT_BYTES / 65536 && at == 31 * 2048u) break; /* every block is used */
            put(r, at, 8, true);
        }
    }
    assert_int_equal(r->counters.fragments_evicted, 0);
    r->id = 0x1234;
    put(r, 8, 40000, true);
    assert_int_equal(r->counters.fragments_evicted, 1);
    put(r, 40008, 3, false);
    is_whole(r, 40011);
    run_free(r);
}

/* --- nobody takes the places of others ----------------------------------------------------------------------------
 * The first fragments of a flood never complete.  Between the two fragments of each of 16 other senders the flood goes
 * on; where one of these has its place in the flood's own share it may lose, which is one case in 64. */

enum { SENDERS = 16, A_TABLE_FULL = LIMIT_FRAGMENT_DATAGRAMS + 100 };

static unsigned whole_beside(struct run *r, void (*flood)(struct run *r, unsigned count), unsigned count) {
    unsigned whole = 0;
    flood(r, 2 * LIMIT_FRAGMENT_DATAGRAMS);
    for (unsigned i = 1; i <= SENDERS; i++) {
        r->id = i;
        r->source = i;
        assert_int_equal(put(r, 0, 1480, true), DEFRAGMENT_WAITING);
        flood(r, count);
        r->id = i;
        r->source = i;
        whole += put(r, 1480, 5, false) == DEFRAGMENT_WHOLE;
    }
    assert_int_equal(r->counters.fragments_overlap + r->counters.fragments_expired, 0);
    assert_true(r->counters.fragments_evicted >= count);
    return whole;
}

static void flood_of_one(struct run *r, unsigned count) {
    r->source = 0xc0a80001;
    for (unsigned i = 0; i < count; i++) {
        r->id = 0x10000 + r->serial++;
        put(r, 0, 1480, true);
    }
}

/* The datagrams are large: the blocks run short, not the slots. */
static void large_flood_of_one(struct run *r, unsigned count) {
    r->source = 0xc0a80001;
    for (unsigned i = 0; i < count; i++) {
        r->id = 0x10000 + r->serial++;
        put(r, 0, 32768, true);
    }
}

/* From a new address each time, as forged ones are. */
static void flood_of_many(struct run *r, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        r->id = 7;
        r->source = 0xdead0000 + r->serial++;
        put(r, 0, 1480, true);
    }
}

static void a_flood_of_one_source(void **state) {
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct run *r = run_new(version);
        assert_true(whole_beside(r, flood_of_one, A_TABLE_FULL) >= SENDERS - 3);
        run_free(r);
        r = run_new(version);
        assert_true(whole_beside(r, large_flood_of_one, A_TABLE_FULL) >= SENDERS - 3);
        run_free(r);
    }
}

static void a_flood_of_many_sources(void **state) {
    (void)state;
    struct run *r = run_new(4);
    assert_int_equal(whole_beside(r, flood_of_many, 200), SENDERS); /* a fifth of the slots */
    run_free(r);
}

/* What shares a place with the flood: first come, first to go, so it has the time of a table full of fragments. */
static void a_flood_of_the_same_source(void **state) {
    (void)state;
    struct run *r = run_new(4);
    flood_of_one(r, 2 * LIMIT_FRAGMENT_DATAGRAMS);
    r->id = 1;
    put(r, 0, 1480, true);
    flood_of_one(r, LIMIT_FRAGMENT_DATAGRAMS - 2);
    r->id = 1;
    assert_int_equal(put(r, 1480, 5, false), DEFRAGMENT_WHOLE);
    run_free(r);
}

/* RFC 1858: a first fragment of 8 bytes, with TCP's ports and its sequence number alone. */
static void tiny_first(void **state) {
    (void)state;
    struct run *r = run_new(4);
    for (uint32_t at = 0; at < 40; at += 8) assert_int_equal(put(r, at, 8, true), DEFRAGMENT_WAITING);
    put(r, 40, 1, false);
    is_whole(r, 41);
    run_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order),
        cmocka_unit_test(the_headers),
        cmocka_unit_test(copies),
        cmocka_unit_test(other_datagrams_do_not_mix),
        cmocka_unit_test(overlaps),
        cmocka_unit_test(malformed),
        cmocka_unit_test(the_largest),
        cmocka_unit_test(too_late),
        cmocka_unit_test(flood_of_datagrams),
        cmocka_unit_test(flood_of_blocks),
        cmocka_unit_test(the_oldest_asks_for_more),
        cmocka_unit_test(a_flood_of_one_source),
        cmocka_unit_test(a_flood_of_many_sources),
        cmocka_unit_test(a_flood_of_the_same_source),
        cmocka_unit_test(tiny_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
