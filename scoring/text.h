/* Text into a fixed buffer, cut when it is full: sentences for people, without stdio.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_TEXT_H
#define MAILSPAN_SCORING_TEXT_H

#include "mailspan/span.h"

struct text {
    char *at;
    char *end; /* the last byte, kept for the NUL; at == end: full */
};

/* size > 0.  The buffer is NUL-terminated at any time. */
static inline struct text text_into(char *buffer, size_t size) {
    buffer[0] = '\0';
    return (struct text){buffer, buffer + size - 1};
}

static inline void text_string(struct text *text, const char *string) {
    while (*string != '\0' && text->at < text->end) *text->at++ = *string++;
    *text->at = '\0';
}

static inline void text_number(struct text *text, uint64_t number) {
    char digits[21];
    size_t i = sizeof digits;
    digits[--i] = '\0';
    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_string(text, digits + i);
}

/* With one decimal; of 0 to 1e15. */
static inline void text_tenths(struct text *text, double number) {
    uint64_t const tenths = number > 0 && number < 1e15 ? (uint64_t)(number * 10 + 0.5) : 0;
    text_number(text, tenths / 10);
    text_string(text, ".");
    text_number(text, tenths % 10);
}

#endif
