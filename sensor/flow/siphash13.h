/* SipHash-1-3 (J.-P. Aumasson, D. Bernstein, 2012) of a few words, inside whoever asks for it: a hash that nobody can
 * choose collisions of who does not know the key.
 *
 * One round for each word and three at the end instead of two and four, as Rust, Ruby and Python (3.11) have for their
 * tables: an attacker who sees no hash, only how long a look-up takes, needs no more to be kept from choosing them.
 * libsodium has SipHash-2-4 only, behind a call, which took 6 % of all instructions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SIPHASH13_H
#define MAILSPAN_SIPHASH13_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct siphash {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t siphash_turn(uint64_t word, unsigned bits) {
    return word << bits | word >> (64 - bits);
}

static inline void siphash_round(struct siphash *s) {
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = siphash_turn(s->v1, 13) ^ s->v0;
    s->v3 = siphash_turn(s->v3, 16) ^ s->v2;
    s->v0 = siphash_turn(s->v0, 32) + s->v3;
    s->v2 += s->v1;
    s->v1 = siphash_turn(s->v1, 17) ^ s->v2;
    s->v3 = siphash_turn(s->v3, 21) ^ s->v0;
    s->v2 = siphash_turn(s->v2, 32);
}

static inline void siphash_word(struct siphash *s, uint64_t word) {
    s->v3 ^= word;
    siphash_round(s);
    s->v0 ^= word;
}

/* Of the first `bytes` bytes of the words, each of them its lowest byte first (the order of a little-endian machine's
 * memory; any other gets other hashes, just as good).  Not a multiple of 8, and what is left of the last word is 0. */
static inline uint64_t siphash13(const uint8_t key[16], const uint64_t *words, size_t bytes) {
    uint64_t k0, k1;
    memcpy(&k0, key, sizeof k0);
    memcpy(&k1, key + sizeof k0, sizeof k1);
    struct siphash s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                        k1 ^ 0x7465646279746573};
    size_t whole = bytes / sizeof *words;
    for (size_t i = 0; i < whole; i++) siphash_word(&s, words[i]);
    siphash_word(&s, words[whole] | (uint64_t)bytes << 56);
    s.v2 ^= 0xff;
    for (unsigned i = 0; i < 3; i++) siphash_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

#endif
