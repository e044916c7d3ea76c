/* memory_share: how much of the pool one source can have, who gives way, and that what is given back is wiped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_share.h"
#include "packets.h"

#define BLOCKS 30000
#define MEMBERS 30000

static struct arena_block *memory;
static struct block_pool pool;
static struct share_table *table;

struct owner {
    struct share_member member;
    struct arena arena;
};

static struct owner owners[MEMBERS];

static int setup(void **state) {
    (void)state;
    memory = calloc(BLOCKS, sizeof *memory);
    assert_non_null(memory);
    block_pool_init(&pool, memory, BLOCKS * sizeof *memory);
    table = share_table_new(&pool);
    assert_non_null(table);
    memset(owners, 0, sizeof owners);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    assert_int_equal(pool.in_use, 0);
    share_table_free(table);
    free(memory);
    return 0;
}

static struct source_share *get(struct ip_address ip) {
    struct source_share *share = share_get(table, &ip, 64);
    assert_non_null(share);
    return share;
}

static struct source_share *share_of(const char *ip) {
    return get(talk_ip(ip));
}

/* The n-th of many sources. */
static struct ip_address numbered(uint32_t n) {
    struct ip_address ip = talk_ip("10.0.0.0");
    for (unsigned i = 0; i < 3; i++) ip.bytes[13 + i] = (uint8_t)(n >> (16 - 8 * i));
    return ip;
}

static void join(struct owner *owner, struct source_share *share) {
    share_join(&owner->member, share, 0);
    arena_init(&owner->arena, &pool, BLOCKS * sizeof *memory);
    owner->arena.account = &owner->member.account;
}

/* Takes blocks as long as there are any for it. */
static size_t take(struct owner *owner, size_t wanted, nstime now) {
    size_t taken = 0;
    while (taken < wanted && arena_alloc(&owner->arena, sizeof owner->arena.head->bytes) != NULL) taken++;
    share_touch(&owner->member, now);
    return taken;
}

static void leave(struct owner *owner) {
    share_leave(&owner->member);
    arena_reset(&owner->arena);
}

static int by_address(const void *a, const void *b) {
    const struct source_share *const *left = a, *const *right = b;
    return (*left > *right) - (*left < *right);
}

/* As many as there are blocks: an IPv4 address each, or a /64. */
static void sources_are_told_apart(void **state) {
    (void)state;
    static const struct source_share *shares[BLOCKS];
    assert_ptr_equal(share_of("192.0.2.1"), share_of("192.0.2.1"));
    assert_ptr_equal(share_of("2001:db8::1"), share_of("2001:db8::ffff:0:0:1"));
    for (uint32_t n = 0; n < BLOCKS - 2; n++) shares[n] = get(numbered(n));
    shares[BLOCKS - 2] = share_of("2001:db8:0:1::1");
    shares[BLOCKS - 1] = share_of("2001:db8::1");
    qsort(shares, BLOCKS, sizeof *shares, by_address);
    for (uint32_t n = 1; n < BLOCKS; n++) assert_ptr_not_equal(shares[n], shares[n - 1]);
    for (uint32_t n = 0; n < BLOCKS; n++) assert_ptr_not_equal(shares[n], share_get_outside(table));
}

/* A share lasts as long as somebody has it; others have its place then. */
static void given_back_shares_are_anybodys(void **state) {
    (void)state;
    struct ip_address one_more = talk_ip("192.0.2.1");
    struct source_share *first = get(numbered(0));
    for (uint32_t n = 1; n <= BLOCKS; n++) (void)get(numbered(n));
    assert_null(share_get(table, &one_more, 64)); /* more than could have a block, and one that has yet to get it */
    assert_ptr_equal(get(numbered(0)), first);
    share_put(table, first);
    assert_null(share_get(table, &one_more, 64));
    share_put(table, first);
    assert_ptr_equal(get(one_more), first);
    for (uint32_t n = 1; n <= BLOCKS; n++) {
        struct source_share *share = get(numbered(n));
        for (unsigned i = 0; i < 2; i++) share_put(table, share);
        share_put(table, get(numbered(BLOCKS + n)));
    }
    share_put(table, share_get_outside(table));
    assert_ptr_equal(share_get_outside(table), share_get_outside(table));
}

/* 30,000 blocks, 640 for a dialogue at most: 32 have 20,000 of them, and then there is no more for this source. */
static void one_source_has_two_thirds(void **state) {
    (void)state;
    size_t taken = 0;
    for (unsigned i = 0; i < 1000; i++) {
        join(&owners[i], share_of("192.0.2.1"));
        taken += take(&owners[i], 10000, i);
    }
    assert_true(taken > 19800 && taken <= 20000);
    join(&owners[1000], share_of("192.0.2.2"));
    size_t other = take(&owners[1000], 10000, 5); /* 1/128 of what is free */
    assert_true(other >= 70 && other <= 78);
    join(&owners[1001], share_get_outside(table));
    assert_true(take(&owners[1001], 10000, 5) >= 70);
    for (unsigned i = 0; i <= 1001; i++) leave(&owners[i]);
}

static void a_dialogue_has_little_when_much_is_used(void **state) {
    (void)state;
    join(&owners[0], share_of("192.0.2.1"));
    assert_int_equal(take(&owners[0], 10000, 1), 30000 / 129); /* 1/128 of those still free */
    assert_true(arena_is_tight(&owners[0].arena));             /* its own account is */
    join(&owners[1], share_of("192.0.2.2"));
    assert_false(arena_is_tight(&owners[1].arena));
    struct arena others;
    arena_init(&others, &pool, BLOCKS * sizeof *memory);
    while (pool.in_use < 15001) assert_non_null(arena_alloc(&others, 2000));
    assert_true(arena_is_tight(&owners[1].arena));
    while (block_pool_free_count(&pool) > 1000) assert_non_null(arena_alloc(&others, 2000));
    assert_int_equal(take(&owners[1], 10000, 1), LIMIT_DIALOGUE_BLOCKS_MIN);
    leave(&owners[0]);
    leave(&owners[1]);
    arena_reset(&others);
}

static void all_outside_have_a_third(void **state) {
    (void)state;
    size_t taken = 0;
    for (unsigned i = 0; i < 1000; i++) {
        join(&owners[i], share_get_outside(table));
        taken += take(&owners[i], 100, i);
    }
    assert_true(taken > 9900 && taken <= 10000);
    for (unsigned i = 0; i < 1000; i++) leave(&owners[i]);
}

static void who_gives_way(void **state) {
    (void)state;
    struct source_share *greedy = share_of("192.0.2.1"), *other = share_of("192.0.2.2");
    unsigned n = 0;
    join(&owners[MEMBERS - 1], other);
    take(&owners[MEMBERS - 1], 100, 0);
    assert_null(share_victim(table, greedy, NULL));
    for (; share_victim(table, greedy, NULL) == NULL; n++) {
        join(&owners[n], greedy);
        assert_int_equal(take(&owners[n], n == 7 || n == 40 ? 20 : 3, n * NS_PER_S), n == 7 || n == 40 ? 20 : 3);
    }
    assert_true(n > 6000);
    assert_ptr_equal(share_victim(table, greedy, NULL), &owners[7].member); /* of the first sixteen */
    assert_ptr_not_equal(share_victim(table, greedy, &owners[7].member), &owners[7].member);
    assert_null(share_victim(table, other, NULL));                                  /* it is not others' turn */
    for (unsigned i = 0; i < 30; i++) share_touch(&owners[i].member, n * NS_PER_S); /* these spoke again */
    assert_ptr_equal(share_victim(table, greedy, NULL), &owners[40].member);
    for (unsigned i = 0; i < n; i++) leave(&owners[i]);
    leave(&owners[MEMBERS - 1]);
}

/* Many sources together use up the pool: the heaviest one gives way to whoever comes, one after the other. */
static void the_heaviest_gives_way(void **state) {
    (void)state;
    unsigned n = 0;
    for (; block_pool_free_count(&pool) > BLOCKS / 16; n++) {
        join(&owners[n], n % 50 == 0 ? share_of("192.0.2.1") : get(numbered(n % 5000)));
        assert_int_equal(take(&owners[n], 5, n), 5);
    }
    /* 28,125 blocks by fives, one in fifty of them: 112 or 113 dialogues. */
    struct source_share *heavy = share_of("192.0.2.1"), *other = share_of("198.51.100.9");
    assert_true(share_account(heavy)->in_use >= 112 * 5);
    for (unsigned i = 0; i < 25; i++) (void)share_victim(table, other, NULL); /* 25 x 256 are more than there are */
    for (unsigned i = 0; i < 100; i++) {
        struct share_member *victim = share_victim(table, other, NULL);
        assert_ptr_equal(victim->share, heavy);
        leave((struct owner *)(void *)victim);
        struct owner *next = &owners[n + i]; /* the pool is as short as before */
        join(next, get(numbered(6000 + i)));
        assert_int_equal(take(next, 5, n), 5);
    }
    for (unsigned i = 0; i < n + 100; i++) leave(&owners[i]);
    assert_null(share_victim(table, other, NULL));
}

/* The heaviest share may have nothing to give: then the next one does. */
static void who_can_give_gives_way(void **state) {
    (void)state;
    struct source_share *idle = share_of("192.0.2.1"), *heavy = share_of("192.0.2.2"), *other = share_of("192.0.2.3");
    unsigned n = 0, first;
    for (; n < 10000; n++) {
        join(&owners[n], idle);
        assert_int_equal(take(&owners[n], 1, n), 1);
    }
    for (first = n; n < first + 800; n++) {
        join(&owners[n], heavy);
        assert_int_equal(take(&owners[n], 10, n), 10);
    }
    for (; block_pool_free_count(&pool) > BLOCKS / 16; n++) {
        join(&owners[n], get(numbered(n)));
        assert_int_equal(take(&owners[n], 5, n), 5);
    }
    for (unsigned i = 0; i < 25; i++) (void)share_victim(table, other, NULL);
    struct share_member *victim = share_victim(table, other, NULL);
    assert_non_null(victim);
    assert_ptr_equal(victim->share, heavy);
    for (unsigned i = 0; i < n; i++) leave(&owners[i]);
}

/* What was silent since its message ended holds no more than its record. */
static void who_has_given_back_need_not_give_way(void **state) {
    (void)state;
    struct source_share *share = share_of("192.0.2.1");
    unsigned n = 0;
    for (; n < 100; n++) {
        join(&owners[n], share);
        assert_int_equal(take(&owners[n], 5, n), 5);
        arena_trim(&owners[n].arena, 1);
    }
    for (; block_pool_free_count(&pool) > BLOCKS / 16; n++) {
        join(&owners[n], n == 100 ? share : get(numbered(n)));
        assert_int_equal(take(&owners[n], n == 100 ? 200 : 5, n), n == 100 ? 200 : 5);
    }
    assert_ptr_equal(share_victim(table, get(numbered(0)), NULL), &owners[100].member);
    for (unsigned i = 0; i < n; i++) leave(&owners[i]);
}

static void one_block_is_nothing_to_give(void **state) {
    (void)state;
    struct source_share *share = share_of("192.0.2.1");
    unsigned n = 0;
    for (; n < MEMBERS; n++) {
        join(&owners[n], share);
        if (take(&owners[n], 1, 1) == 0) break;
    }
    assert_null(share_victim(table, share, NULL));
    for (unsigned i = 0; i <= n && i < MEMBERS; i++) leave(&owners[i]);
}

static void what_is_given_back_is_wiped(void **state) {
    (void)state;
    struct owner *owner = &owners[0];
    join(owner, share_of("192.0.2.1"));
    for (unsigned i = 0; i < 50; i++) memset(arena_alloc(&owner->arena, 900), 's', 900);
    assert_int_equal(owner->member.account.in_use, 25);
    arena_trim(&owner->arena, 1);
    assert_int_equal(owner->member.account.in_use, 1);
    assert_int_equal(owner->arena.head->bytes[0], 's');
    leave(owner);
    assert_int_equal(owner->member.account.in_use, 0);
    ARENA_SHOW(memory, 25 * sizeof *memory);
    for (unsigned i = 0; i < 25; i++)
        for (size_t k = 0; k < sizeof memory[i].bytes; k++) assert_int_equal(memory[i].bytes[k], 0);
}

static void who_gave_way_counts_no_more(void **state) {
    (void)state;
    struct source_share *share = share_of("192.0.2.1");
    join(&owners[0], share);
    assert_int_equal(take(&owners[0], 5, 1), 5);
    arena_trim(&owners[0].arena, 1);
    assert_int_equal(share_account(share)->in_use, 1);
    share_forget(&owners[0].member);
    share_forget(&owners[0].member);
    assert_int_equal(share_account(share)->in_use, 0);
    leave(&owners[0]);
    assert_int_equal(share_account(share)->in_use, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(sources_are_told_apart),
        T(given_back_shares_are_anybodys),
        T(one_source_has_two_thirds),
        T(a_dialogue_has_little_when_much_is_used),
        T(all_outside_have_a_third),
        T(who_gives_way),
        T(the_heaviest_gives_way),
        T(who_can_give_gives_way),
        T(who_has_given_back_need_not_give_way),
        T(one_block_is_nothing_to_give),
        T(what_is_given_back_is_wiped),
        T(who_gave_way_counts_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
