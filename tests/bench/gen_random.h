/* The generator's only source of chance: a 64-bit counter, mixed.
 *
 * One word of state makes it cheap to give every connection and every message its own stream of numbers, so a message
 * can be written in pieces, or written twice (once to measure it), and come out the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_RANDOM_H
#define GEN_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* Mixes a number into one that looks unrelated (the finisher of "splitmix64"). */
static inline uint64_t random_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static inline uint64_t random_next(struct random *r) {
    r->state += 0x9E3779B97F4A7C15ULL;
    return random_mix(r->state);
}

/* From 0 to limit - 1; the bias of multiply-and-shift does not matter here. */
static inline uint32_t random_below(struct random *r, uint32_t limit) {
    return (uint32_t)(((random_next(r) >> 32) * limit) >> 32);
}

static inline uint32_t random_between(struct random *r, uint32_t lowest, uint32_t highest) {
    return lowest + random_below(r, highest - lowest + 1);
}

static inline double random_unit(struct random *r) {
    return (double)(random_next(r) >> 11) * 0x1.0p-53;
}

static inline bool random_chance(struct random *r, double share) {
    return random_unit(r) < share;
}

#endif
