/* Folding text, so that a phrase is found wherever its lines break.
 *
 *   a run of white space            becomes one blank
 *   a run with an empty line in it  becomes one newline, so "^" is the begin of a paragraph
 *   white space at the very begin or end vanishes
 *   characters without a width vanish: soft hyphen, zero-width space and joiners, word joiner, byte order mark
 *   no-break and other wide blanks (U+00A0, U+2000 to U+200A, U+3000) are blanks
 *
 * White space is written when the character behind it comes; so the result does not depend on the cuts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_fold.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum byte_kind { PLAIN, SPACE, LEAD }; /* LEAD: may begin a character that is left out or is a blank */

static const uint8_t kinds[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    [0xc2] = LEAD,  [0xcd] = LEAD,  [0xe2] = LEAD,  [0xe3] = LEAD,  [0xef] = LEAD,
};

enum character { ORDINARY, UNFINISHED, BLANK, INVISIBLE };

/* What the bytes are, the first of them a LEAD. */
static enum character judge(const uint8_t *bytes, size_t len) {
    uint8_t lead = bytes[0];
    if (lead == 0xc2 || lead == 0xcd) {
        if (len < 2) return UNFINISHED;
        if (lead == 0xcd) return bytes[1] == 0x8f ? INVISIBLE : ORDINARY;
        return bytes[1] == 0xa0 ? BLANK : bytes[1] == 0xad ? INVISIBLE : ORDINARY;
    }
    if (len < 2) return UNFINISHED;
    bool may_be = lead == 0xe2 ? bytes[1] == 0x80 || bytes[1] == 0x81 : bytes[1] == (lead == 0xe3 ? 0x80 : 0xbb);
    if (!may_be) return ORDINARY;
    if (len < 3) return UNFINISHED;
    if (lead == 0xe3) return bytes[2] == 0x80 ? BLANK : ORDINARY;
    if (lead == 0xef) return bytes[2] == 0xbf ? INVISIBLE : ORDINARY;
    if (bytes[1] == 0x81) return bytes[2] >= 0xa0 && bytes[2] <= 0xa4 ? INVISIBLE : ORDINARY;
    if (bytes[2] >= 0x80 && bytes[2] <= 0x8a) return BLANK;
    return bytes[2] >= 0x8b && bytes[2] <= 0x8f ? INVISIBLE : ORDINARY;
}

static void space_add(struct text_fold *fold, uint8_t c) {
    fold->space = 1;
    if (c == '\n' && fold->newlines < 2) fold->newlines++;
}

/* The white space that waits. */
static size_t space_write(struct text_fold *fold, uint8_t *out) {
    size_t len = fold->space != 0 && fold->begun ? 1 : 0;
    if (len > 0) *out = fold->newlines > 1 ? '\n' : ' ';
    fold->space = 0;
    fold->newlines = 0;
    fold->begun = true;
    return len;
}

static size_t held_write(struct text_fold *fold, uint8_t *out) {
    size_t len = space_write(fold, out);
    memcpy(out + len, fold->held, fold->held_len);
    len += fold->held_len;
    fold->held_len = 0;
    return len;
}

/* Takes c as the next byte of a held character.  *taken is false when c does not belong to it. */
static size_t held_step(struct text_fold *fold, uint8_t c, uint8_t *out, bool *taken) {
    uint8_t bytes[3] = {fold->held[0], fold->held[1], 0};
    bytes[fold->held_len] = c;
    enum character character = judge(bytes, fold->held_len + 1u);
    *taken = (c & 0xc0) == 0x80 && character != ORDINARY;
    if (!*taken) return held_write(fold, out);
    if (character == UNFINISHED) {
        fold->held[fold->held_len++] = c;
        return 0;
    }
    fold->held_len = 0;
    if (character == BLANK) space_add(fold, ' ');
    return 0;
}

/* Any byte but one that just goes on a word. */
static size_t step(struct text_fold *fold, uint8_t c, uint8_t *out) {
    size_t len = 0;
    if (fold->held_len > 0) {
        bool taken;
        len = held_step(fold, c, out, &taken);
        if (taken) return len;
    }
    if (kinds[c] == SPACE) {
        space_add(fold, c);
    } else if (kinds[c] == LEAD) {
        fold->held[0] = c;
        fold->held_len = 1;
    } else {
        len += space_write(fold, out + len);
        out[len++] = c;
    }
    return len;
}

/* The byte is plain, or a single blank. */
static bool goes_on(const uint8_t *text, size_t at) {
    uint8_t c = text[at];
    return kinds[c] == PLAIN || (c == ' ' && (at == 0 || text[at - 1] != ' '));
}

#ifdef __SSE2__
/* Bits of the bytes that end a run or need a look: controls, and what may begin a character that is left out. */
static inline unsigned specials(__m128i bytes) {
    __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    if (_mm_movemask_epi8(bytes) == 0) return (unsigned)_mm_movemask_epi8(controls);
    __m128i leads = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xc2)),
                                 _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xcd)));
    leads = _mm_or_si128(leads, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xe2)));
    leads = _mm_or_si128(leads, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xe3)));
    leads = _mm_or_si128(leads, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xef)));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(controls, leads));
}

/* 16 bytes at a time: stops at the first 16 with one of those, or with two blanks behind each other, and takes what is
 * before that. */
static size_t copy_blocks(const uint8_t *text, uint8_t *out, size_t len) {
    __m128i const blank = _mm_set1_epi8(' ');
    unsigned blank_before = 0;
    size_t at = 0;
    for (; len - at >= sizeof(__m128i); at += sizeof(__m128i)) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        unsigned blanks = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, blank));
        unsigned special = specials(bytes) | (blanks & (blanks << 1 | blank_before));
        _mm_storeu_si128((__m128i *)(void *)(out + at), bytes);
        if (special != 0) return at + (unsigned)__builtin_ctz(special);
        blank_before = blanks >> 15;
    }
    return at;
}
#else
#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Whether 8 bytes hold a control character, a byte beyond ASCII, or two blanks behind each other. */
static bool is_special(uint64_t bytes) {
    uint64_t const high = EACH_BYTE * 0x80;
    uint64_t without_blanks = bytes ^ (EACH_BYTE * ' ');
    uint64_t blanks = ~(((without_blanks & ~high) + ~high) | without_blanks) & high; /* 0x80 where a blank is */
    uint64_t controls = (bytes - EACH_BYTE * 0x20) & ~bytes & high;
    return ((bytes & high) | controls | (blanks & blanks >> 8)) != 0;
}

static size_t copy_blocks(const uint8_t *text, uint8_t *out, size_t len) {
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t bytes;
        memcpy(&bytes, text + at, sizeof bytes);
        bool blanks_meet = at > 0 && text[at] == ' ' && text[at - 1] == ' ';
        if (blanks_meet || is_special(bytes)) break;
        memcpy(out + at, &bytes, sizeof bytes);
    }
    return at;
}
#endif

/* Copies words with single blanks, which is most of all text; no white space may wait.  The last byte that is taken is
 * no blank.  Returns how many there are. */
static size_t copy_run(struct span text, uint8_t *out) {
    if (text.len == 0) return 0;
    size_t run = copy_blocks(text.data, out, text.len);
    for (; run < text.len && goes_on(text.data, run); run++) out[run] = text.data[run];
    while (run > 0 && text.data[run - 1] == ' ') run--;
    return run;
}

/* Passes over white space; when a word follows, what stands for it is written.  Returns how many bytes that took. */
static size_t pass_space(struct text_fold *fold, struct span *text, uint8_t *out) {
    size_t at = 0;
    while (at < text->len && kinds[text->data[at]] == SPACE) space_add(fold, text->data[at++]);
    *text = span_from(*text, at);
    return text->len > 0 && kinds[text->data[0]] == PLAIN ? space_write(fold, out) : 0;
}

size_t text_fold(struct text_fold *fold, struct span *text, uint8_t *out, size_t room) {
    size_t used = 0;
    while (text->len > 0 && room - used >= TEXT_FOLD_ROOM_BYTES) {
        if (fold->held_len == 0) used += pass_space(fold, text, out + used);
        if (text->len == 0 || room - used < TEXT_FOLD_ROOM_BYTES) break;
        bool waits = !fold->begun || fold->space != 0 || fold->held_len > 0;
        size_t run = waits ? 0 : copy_run(span_head(*text, room - used), out + used);
        used += run;
        *text = span_from(*text, run);
        if (run > 0) continue;
        used += step(fold, text->data[0], out + used);
        *text = span_from(*text, 1);
    }
    return used;
}

size_t text_fold_end(struct text_fold *fold, uint8_t out[TEXT_FOLD_ROOM_BYTES]) {
    size_t len = fold->held_len > 0 ? held_write(fold, out) : 0;
    *fold = (struct text_fold){0};
    return len;
}
