/* Borrowed bytes, and a checked cursor over them.  Untrusted bytes are read through these two and nothing else.
 *
 * A span never owns its bytes; whoever hands one out says how long they live.  A reader's invariant: at <= end, and
 * after the first read that did not fit `failed` stays set and every later read gives zero.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SPAN_H
#define MAILSPAN_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct span {
    const uint8_t *data; /* may be NULL when len is 0 */
    size_t len;
};

#define SPAN_EMPTY ((struct span){NULL, 0})
#define SPAN_LITERAL(text) ((struct span){(const uint8_t *)("" text), sizeof(text) - 1})

static inline struct span span_of(const void *data, size_t len) {
    return (struct span){(const uint8_t *)data, len};
}

static inline struct span span_from_string(const char *text) {
    return text == NULL ? SPAN_EMPTY : span_of(text, strlen(text));
}

/* The bytes from offset on, at most len of them; both are clamped to what is there. */
static inline struct span span_slice(struct span s, size_t offset, size_t len) {
    if (offset >= s.len) return SPAN_EMPTY;
    size_t rest = s.len - offset;
    return span_of(s.data + offset, len < rest ? len : rest);
}

static inline struct span span_from(struct span s, size_t offset) {
    return span_slice(s, offset, SIZE_MAX);
}

static inline struct span span_head(struct span s, size_t len) {
    return span_slice(s, 0, len);
}

static inline bool span_equal(struct span a, struct span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII only: mail's keywords are ASCII, and a locale must not change what a keyword is. */
static inline uint8_t ascii_lower(uint8_t c) {
    return (uint8_t)(c | ((unsigned)(c - 'A') <= 'Z' - 'A' ? 'a' - 'A' : 0)); /* without a branch */
}

static inline bool ascii_is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(uint8_t c) {
    uint8_t lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'z';
}

static inline bool ascii_is_blank(uint8_t c) {
    return c == ' ' || c == '\t';
}

static inline bool ascii_is_space(uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool span_equal_nocase(struct span a, struct span b) {
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) /* mostly they are the same, or differ in more than one bit */
        if (a.data[i] != b.data[i] &&
            ((a.data[i] ^ b.data[i]) != ('a' ^ 'A') || ascii_lower(a.data[i]) != ascii_lower(b.data[i])))
            return false;
    return true;
}

static inline bool span_starts_with(struct span s, struct span prefix) {
    return s.len >= prefix.len && span_equal(span_head(s, prefix.len), prefix);
}

static inline bool span_starts_with_nocase(struct span s, struct span prefix) {
    return s.len >= prefix.len && span_equal_nocase(span_head(s, prefix.len), prefix);
}

/* Offset of the first byte c, or s.len when there is none.  In mail it mostly stands near: memchr's call costs more. */
static inline size_t span_find(struct span s, uint8_t c) {
#ifdef __SSE2__
    if (s.len >= sizeof(__m128i)) {
        __m128i first = _mm_loadu_si128((const __m128i *)(const void *)s.data);
        unsigned hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(first, _mm_set1_epi8((char)c)));
        if (hits != 0) return (unsigned)__builtin_ctz(hits);
    }
#endif
    const uint8_t *at = s.len == 0 ? NULL : memchr(s.data, c, s.len);
    return at == NULL ? s.len : (size_t)(at - s.data);
}

/* Offset of the last byte c, or s.len when there is none. */
static inline size_t span_find_last(struct span s, uint8_t c) {
    const uint8_t *at = s.len == 0 ? NULL : memrchr(s.data, c, s.len);
    return at == NULL ? s.len : (size_t)(at - s.data);
}

static inline struct span span_trim(struct span s) {
    size_t start = 0, end = s.len;
    if (end == 0) return s;
    while (start < end && ascii_is_space(s.data[start])) start++;
    while (end > start && ascii_is_space(s.data[end - 1])) end--;
    return start == end ? SPAN_EMPTY : span_of(s.data + start, end - start);
}

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static inline struct reader reader_of(struct span s) {
    return (struct reader){s.data, s.data == NULL ? NULL : s.data + s.len, false};
}

static inline size_t reader_left(const struct reader *r) {
    return (size_t)(r->end - r->at);
}

/* The next len bytes, or an empty span (and failed) when there are fewer. */
static inline struct span reader_bytes(struct reader *r, size_t len) {
    if (r->failed || reader_left(r) < len) {
        r->failed = true;
        return SPAN_EMPTY;
    }
    struct span s = span_of(r->at, len);
    if (len > 0) r->at += len;
    return s;
}

static inline void reader_skip(struct reader *r, size_t len) {
    (void)reader_bytes(r, len);
}

static inline uint8_t reader_u8(struct reader *r) {
    struct span s = reader_bytes(r, 1);
    return s.len == 1 ? s.data[0] : 0;
}

static inline uint16_t reader_be16(struct reader *r) {
    struct span s = reader_bytes(r, 2);
    return s.len == 2 ? (uint16_t)((unsigned)s.data[0] << 8 | s.data[1]) : 0;
}

static inline uint32_t reader_be24(struct reader *r) {
    struct span s = reader_bytes(r, 3);
    return s.len == 3 ? (uint32_t)s.data[0] << 16 | (uint32_t)s.data[1] << 8 | s.data[2] : 0;
}

static inline uint32_t reader_be32(struct reader *r) {
    uint32_t high = reader_be16(r);
    uint32_t low = reader_be16(r);
    return r->failed ? 0 : high << 16 | low;
}

static inline struct span reader_rest(struct reader *r) {
    return reader_bytes(r, reader_left(r));
}

#endif
