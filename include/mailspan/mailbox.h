/* Finding mailboxes that a text quotes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAILBOX_H
#define MAILSPAN_MAILBOX_H

#include "mailspan/span.h"

/* What a local part is made of where it is not quoted (RFC 5321 4.1.2 and RFC 6531). */
static inline bool is_local_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c >= 0x80 || (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static inline bool is_domain_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c >= 0x80 || c == '-' || c == '.';
}

/* The mailbox around the @ at offset `at`: from its first byte on, not before `floor`; empty when there is none. */
static inline struct span mailbox_around(struct span text, size_t floor, size_t at) {
    size_t begin = at, end = at + 1;
    if (begin > floor + 1 && text.data[begin - 1] == '"') { /* a quoted local part */
        struct span before = span_slice(text, floor, begin - 1 - floor);
        size_t quote = span_find_last(before, '"');
        if (quote < before.len) begin = floor + quote;
    }
    while (begin == at || begin > floor) {
        if (begin == floor || !is_local_byte(text.data[begin - 1])) break;
        begin--;
    }
    if (end < text.len && text.data[end] == '[') end++;
    while (end < text.len && (is_domain_byte(text.data[end]) || (text.data[at + 1] == '[' && text.data[end] == ':')))
        end++;
    return begin == at || end == at + 1 ? SPAN_EMPTY : span_slice(text, begin, end - begin);
}

#endif
