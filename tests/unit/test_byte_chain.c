/* Tests of bytes kept in pieces.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../decoders/byte_chain.h"
#include "guard.h"

#define BLOCKS 2

static struct arena_block memory[BLOCKS];
static struct block_pool pool;
static struct arena arena;

static int begin(void **state) {
    (void)state;
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    return 0;
}

/* Byte n of what is appended is n modulo 251, so a piece in the wrong place shows. */
static bool append(struct byte_chain *chain, size_t from, size_t len, size_t len_max) {
    uint8_t bytes[4096];
    for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)((from + i) % 251);
    return byte_chain_append(chain, &arena, span_of(bytes, len), len_max);
}

static void expect(const struct byte_chain *chain, size_t len) {
    uint8_t out[4096];
    assert_int_equal(chain->len, len);
    struct span joined = byte_chain_join(chain, out, sizeof out);
    assert_int_equal(joined.len, len);
    for (size_t i = 0; i < len; i++) assert_int_equal(joined.data[i], i % 251);
}

static void test_any_cut(void **state) {
    (void)state;
    for (size_t cut = 1; cut < 400; cut += 13) {
        struct byte_chain chain = {.len = 0};
        (void)begin(NULL);
        for (size_t at = 0; at < 1000; at += cut)
            assert_true(append(&chain, at, cut < 1000 - at ? cut : 1000 - at, 2000));
        expect(&chain, 1000);
    }
}

static void test_pieces_are_used_again(void **state) {
    (void)state;
    struct byte_chain chain = {.len = 0};
    for (int i = 0; i < 1000; i++) {
        assert_true(append(&chain, 0, 500, 2000));
        expect(&chain, 500);
        byte_chain_clear(&chain);
        expect(&chain, 0);
    }
    assert_int_equal(arena.blocks, 1);
}

static void test_limits(void **state) {
    (void)state;
    struct byte_chain chain = {.len = 0};
    uint8_t out[100];
    assert_true(append(&chain, 0, 300, 250));
    expect(&chain, 250);
    assert_true(append(&chain, 250, 10, 250));
    expect(&chain, 250);
    assert_int_equal(byte_chain_join(&chain, out, sizeof out).len, sizeof out);
    assert_true(byte_chain_append(&chain, &arena, SPAN_EMPTY, 250));
}

static void test_full_arena(void **state) {
    (void)state;
    struct byte_chain chain = {.len = 0};
    size_t len = 0;
    while (append(&chain, len, 120, 100000)) len += 120;
    assert_in_range(len, 120, sizeof memory);
    expect(&chain, len);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_any_cut, begin),
        cmocka_unit_test_setup(test_pieces_are_used_again, begin),
        cmocka_unit_test_setup(test_limits, begin),
        cmocka_unit_test_setup(test_full_arena, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
