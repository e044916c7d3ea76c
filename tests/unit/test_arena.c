/* Arenas: where things lie in their blocks, and which blocks are given back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/arena.h"

#define BLOCKS 6
#define ROOM sizeof((struct arena_block *)0)->bytes

static struct arena_block memory[BLOCKS];
static struct block_pool pool;

static struct arena begin(void) {
    struct arena arena;
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    return arena;
}

static bool is_zero(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != 0) return false;
    return true;
}

static void a_large_thing_leaves_the_room_that_there_is(void **state) {
    (void)state;
    struct arena arena = begin();
    uint8_t *first = arena_alloc(&arena, ROOM - 8);
    uint8_t *small = arena_alloc(&arena, 100), *large = arena_alloc(&arena, ROOM - 8), *next = arena_alloc(&arena, 100);
    assert_non_null(first);
    assert_non_null(large);
    assert_ptr_equal(next, small + 104); /* in the same block, aligned */
    assert_int_equal(arena.blocks, 3);
    uint8_t *half = arena_alloc(&arena, ROOM - 200 - 8); /* ... and this one has no room there */
    assert_non_null(half);
    memset(first, 1, ROOM - 8);
    memset(large, 2, ROOM - 8);
    memset(half, 3, ROOM - 208);
    memset(next, 4, 100);
    arena_reset(&arena);
    assert_int_equal(pool.in_use, 0);
    block_pool_leave(memory, sizeof memory);
    for (unsigned i = 0; i < BLOCKS; i++) assert_true(is_zero(memory[i].bytes, ROOM)); /* nothing stays behind */
}

static void the_oldest_block_stays(void **state) {
    (void)state;
    struct arena arena = begin();
    uint8_t *first = arena_alloc(&arena, 8);
    *first = 7;
    assert_non_null(arena_alloc(&arena, ROOM)); /* the oldest block is behind it */
    assert_non_null(arena_alloc(&arena, 100));
    assert_non_null(arena_alloc(&arena, ROOM));
    assert_int_equal(arena.blocks, 4);
    arena_trim(&arena, 1);
    assert_int_equal(pool.in_use, 1);
    assert_ptr_equal(arena.head->bytes, first);
    assert_int_equal(*first, 7);
    arena_reset(&arena);
    block_pool_leave(memory, sizeof memory);
}

static void what_is_over_a_block_is_not_had(void **state) {
    (void)state;
    struct arena arena = begin();
    assert_null(arena_alloc(&arena, ROOM + 1));
    for (unsigned i = 0; i < BLOCKS; i++) assert_non_null(arena_alloc(&arena, ROOM));
    assert_null(arena_alloc(&arena, 1));
    assert_true(pool.ran_short || arena.blocks == arena.blocks_max);
    arena_reset(&arena);
    block_pool_leave(memory, sizeof memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_thing_leaves_the_room_that_there_is),
        cmocka_unit_test(the_oldest_block_stays),
        cmocka_unit_test(what_is_over_a_block_is_not_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
