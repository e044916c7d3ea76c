/* Helpers for the tests of rules: an arena, files of the checkout, and text in random cuts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_RULE_TEXT_H
#define MAILSPAN_TEST_RULE_TEXT_H

#include <stdio.h>
#include <stdlib.h>

#include "mailspan/arena.h"

/* A pool of a megabyte. */
static inline struct block_pool *test_pool(void) {
    static struct block_pool pool;
    static struct arena_block blocks[512];
    block_pool_init(&pool, blocks, sizeof blocks);
    return &pool;
}

/* The tests run in the top folder of the checkout. */
static inline struct span test_file(const char *name) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) abort();
    uint8_t *bytes = malloc(1 << 20);
    if (bytes == NULL) abort();
    size_t len = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return span_of(bytes, len);
}

/* The next cut: step bytes, or for step 0 some number from 1 to 9 that *seed gives. */
static inline size_t test_cut(size_t step, uint32_t *seed) {
    if (step > 0) return step;
    *seed = *seed * 1664525u + 1013904223u;
    return 1 + (*seed >> 16) % 9;
}

#endif
