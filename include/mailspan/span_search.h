/* Searching a span for one of two bytes, sixteen places at a time where the processor can.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SPAN_SEARCH_H
#define MAILSPAN_SPAN_SEARCH_H

#include "mailspan/span.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Offset of the first byte that is a or b, or s.len when there is none.  What it costs grows with that offset alone:
 * two searches with memchr would each go on to their own byte, however far away. */
static inline size_t span_find_either(struct span s, uint8_t a, uint8_t b) {
    size_t at = 0;
#ifdef __SSE2__
    __m128i const first = _mm_set1_epi8((char)a), second = _mm_set1_epi8((char)b);
    for (; s.len - at >= sizeof(__m128i); at += sizeof(__m128i)) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s.data + at));
        unsigned found =
            (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second)));
        if (found != 0) return at + (unsigned)__builtin_ctz(found);
    }
#endif
    while (at < s.len && s.data[at] != a && s.data[at] != b) at++;
    return at;
}

#endif
