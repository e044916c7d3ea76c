/* See text_shape.h.  Bytes are counted sixteen at a time, lines by the ends between them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_shape.h"

#ifdef __SSE2__
static uint32_t sum_of(__m128i lanes) {
    return (uint32_t)_mm_cvtsi128_si32(lanes) + (uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(lanes, 8));
}
#endif

static void count_bytes(struct text_shape *shape, struct span text) {
    size_t at = 0;
#ifdef __SSE2__
    __m128i const zero = _mm_setzero_si128(), one = _mm_set1_epi8(1);
    __m128i ink = zero, beyond = zero;
    for (; text.len - at >= sizeof zero; at += sizeof zero) {
        __m128i const bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.data + at));
        __m128i const over_blank = _mm_min_epu8(_mm_subs_epu8(bytes, _mm_set1_epi8(' ')), one);
        ink = _mm_add_epi64(ink, _mm_sad_epu8(over_blank, zero));
        beyond = _mm_add_epi64(beyond, _mm_sad_epu8(_mm_and_si128(_mm_cmpgt_epi8(zero, bytes), one), zero));
    }
    shape->ink += sum_of(ink);
    shape->beyond += sum_of(beyond);
#endif
    for (; at < text.len; at++) {
        shape->ink += text.data[at] > ' ';
        shape->beyond += text.data[at] >= 0x80;
    }
}

void text_shape_add(struct text_shape *shape, struct span text) {
    shape->bytes += (uint32_t)text.len;
    count_bytes(shape, text);
    while (text.len > 0) {
        size_t const end = span_find(text, '\n');
        shape->line += (uint32_t)end;
        if (shape->line > shape->line_max) shape->line_max = shape->line;
        if (end < text.len) shape->line = 0;
        text = span_from(text, end + 1);
    }
}
