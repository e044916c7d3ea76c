/* UTF-8 (RFC 3629): code points out of bytes, and bytes out of code points.
 *
 * Well-formed means: no overlong form, no surrogate, nothing beyond U+10FFFF, nothing cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_UTF8_H
#define MAILSPAN_UTF8_H

#include "mailspan/span.h"

#define UTF8_BYTES_MAX 4
#define UTF8_REPLACEMENT 0xfffdu /* stands for what is no character */

/* The length of the well-formed character at the start of text; 0 when there is none. */
static inline size_t utf8_length(struct span text) {
    if (text.len == 0) return 0;
    uint8_t lead = text.data[0];
    if (lead < 0x80) return 1;
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.len < length) return 0;
    for (size_t i = 1; i < length; i++)
        if ((text.data[i] & 0xc0) != 0x80) return 0;
    uint8_t second = text.data[1];
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return 0; /* overlong; a surrogate */
    if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0; /* overlong; beyond U+10FFFF */
    return length;
}

/* The first code point of a text that is not empty, and its length in bytes; a byte that begins no well-formed
 * character gives UTF8_REPLACEMENT and 1 (U+FFFD itself has a length of 3). */
static inline size_t utf8_next(struct span text, uint32_t *code_point) {
    size_t length = utf8_length(text);
    *code_point = UTF8_REPLACEMENT;
    if (length == 0) return 1;
    uint32_t value = length == 1 ? text.data[0] : text.data[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) value = value << 6 | (text.data[i] & 0x3fu);
    *code_point = value;
    return length;
}

/* Writes a code point; returns its length.  What is none (a surrogate, beyond U+10FFFF) is written as U+FFFD. */
static inline size_t utf8_encode(uint32_t code_point, uint8_t bytes[UTF8_BYTES_MAX]) {
    static const uint8_t leads[UTF8_BYTES_MAX + 1] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff)) code_point = UTF8_REPLACEMENT;
    size_t length = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (uint8_t)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    bytes[0] = (uint8_t)(leads[length] | code_point);
    return length;
}

#endif
