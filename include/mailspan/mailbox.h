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

/* Where the quoted string begins that ends at the quote at offset `end`; `end` when it does not. */
static inline size_t quoted_string_begin(struct span text, size_t floor, size_t end) {
    for (size_t at = end; at > floor; at--)
        if (text.data[at - 1] == '"' && (at == floor + 1 || text.data[at - 2] != '\\')) return at - 1;
    return end;
}

/* What stands between the brackets around `inner`, if a path may stand there (RFC 5321 4.1.2): whatever else a client
 * puts into it, comments too, is the client's; else `inner`. */
static inline struct span path_around(struct span text, size_t floor, struct span inner) {
    size_t const begin = (size_t)(inner.data - text.data), end = begin + inner.len;
    struct span const before = span_slice(text, floor, begin - floor), after = span_from(text, end);
    size_t const open = span_find_last(before, '<'), close = span_find(after, '>');
    if (open >= before.len || close >= after.len) return inner;
    struct span const path = span_slice(text, floor + open + 1, end + close - (floor + open + 1));
    bool const is_path = span_find(span_from(before, open), '>') == before.len - open &&
                         span_find(span_head(after, close), '<') == close && span_find(path, '/') == path.len;
    return is_path ? path : inner;
}

/* The mailbox around the @ at offset `at`: from its first byte on, not before `floor`; empty when there is none. */
static inline struct span mailbox_around(struct span text, size_t floor, size_t at) {
    size_t begin = at, end = at + 1;
    if (begin > floor + 1 && text.data[begin - 1] == '"') begin = quoted_string_begin(text, floor, begin - 1);
    while (begin == at || begin > floor) {
        if (begin == floor || !is_local_byte(text.data[begin - 1])) break;
        begin--;
    }
    if (end < text.len && text.data[end] == '[') end++;
    while (end < text.len && (is_domain_byte(text.data[end]) || (text.data[at + 1] == '[' && text.data[end] == ':')))
        end++;
    if (end == at + 1) return SPAN_EMPTY;
    struct span const inner = span_slice(text, begin, end - begin);
    struct span const path = path_around(text, floor, inner);
    return begin == at && path.len == inner.len ? SPAN_EMPTY : path;
}

#endif
