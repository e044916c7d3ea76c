/* word_hash: a word of text as a number, the same however the text was cut.
 *
 * Words are kept sixteen bytes at a time; a plain word of ASCII letters inside of a longer text is read where it
 * stands, at once.  Not keyed: who makes two words alike gains nothing that he could not have by saying the other one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_WORD_HASH_H
#define MAILSPAN_WORD_HASH_H

#include "mailspan/span.h"

#define WORD_LANE_BYTES 16

/* The word at hand.  Zeroed memory: it has no letter yet. */
struct word_bytes {
    uint64_t before; /* hash of what was there in front of bytes; 0: nothing */
    uint8_t bytes[WORD_LANE_BYTES];
    uint8_t len; /* of bytes; what follows is 0 */
};

/* No letter is 0, so that two words of different lengths differ in a lane. */
static inline uint64_t word_hash_of(uint64_t before, uint64_t low, uint64_t high) {
    __uint128_t const product =
        (__uint128_t)(low ^ before ^ UINT64_C(0xa0761d6478bd642f)) * (high ^ UINT64_C(0xe7037ed1a0b428db));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_bytes_hash(const struct word_bytes *word) {
    uint64_t lane[2];
    memcpy(lane, word->bytes, sizeof lane);
    return word_hash_of(word->before, lane[0], lane[1]);
}

/* Whether it has so many bytes; few is at most a lane. */
static inline bool word_bytes_are(const struct word_bytes *word, size_t few) {
    return word->len >= few || word->before != 0;
}

static inline bool word_bytes_any(const struct word_bytes *word) {
    return word_bytes_are(word, 1);
}

static inline void word_bytes_add(struct word_bytes *word, uint8_t byte) {
    if (word->len == WORD_LANE_BYTES) *word = (struct word_bytes){.before = word_bytes_hash(word) | 1};
    word->bytes[word->len++] = byte;
}

/* The ASCII letters that text begins with, taken small, as far as they fit what is kept at once.  Returns how many. */
static inline size_t word_bytes_letters(struct word_bytes *word, struct span text) {
    uint8_t *end = word->bytes + word->len;
    size_t const room = WORD_LANE_BYTES - word->len, max = text.len < room ? text.len : room;
    size_t i = 0;
    for (; i < max && ascii_is_alpha(text.data[i]); i++) end[i] = text.data[i] | 0x20;
    word->len = (uint8_t)(word->len + i);
    return i;
}

static inline void word_bytes_end(struct word_bytes *word) {
    *word = (struct word_bytes){.before = 0};
}

struct letter_run {
    size_t len;
    uint64_t hash; /* of the letters, taken small: what word_bytes_hash says of them */
};

/* The ASCII letters at the start of text, when there are fewer than sixteen, with something behind them; else len is
 * 0, or text is shorter than a lane: then its bytes are to be looked at one by one. */
static inline struct letter_run letter_run_of(struct span text) {
    struct letter_run run = {0, 0};
#ifdef __SSE2__
    if (text.len < WORD_LANE_BYTES) return run;
    __m128i const small = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)text.data), _mm_set1_epi8(0x20));
    __m128i const place = _mm_add_epi8(small, _mm_set1_epi8((char)(0x80 - 'a'))); /* from -128 on for a, b, c ... */
    __m128i const is_letter = _mm_cmplt_epi8(place, _mm_set1_epi8(-0x80 + 26));
    unsigned const others = ~(unsigned)_mm_movemask_epi8(is_letter) & 0xffff;
    if (others == 0) return run;
    run.len = (size_t)__builtin_ctz(others);
    static const uint8_t kept[2 * WORD_LANE_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const void *mask = kept + (WORD_LANE_BYTES - run.len);
    __m128i const word = _mm_and_si128(small, _mm_loadu_si128((const __m128i *)mask));
    run.hash = word_hash_of(0, (uint64_t)_mm_cvtsi128_si64(word), (uint64_t)_mm_cvtsi128_si64(_mm_srli_si128(word, 8)));
#else
    (void)text;
#endif
    return run;
}

#endif
