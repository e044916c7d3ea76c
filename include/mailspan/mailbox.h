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

/* A path that begins at text's "<" (RFC 5321 4.1.2), without the brackets, and what else a client may put there: quoted
 * strings and comments.  Empty when it is none: words between brackets are the server's, and so is a link. */
static inline struct span path_at(struct span text, size_t open) {
    bool quoted = false;
    unsigned comments = 0;
    for (size_t i = open + 1; i < text.len; i++) {
        uint8_t const c = text.data[i];
        if (c == '\\')
            i++;
        else if (c == '"' && comments == 0)
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (c == '(')
            comments++;
        else if (c == ')' && comments > 0)
            comments--;
        else if (comments > 0)
            continue;
        else if (c == '>')
            return span_slice(text, open + 1, i - open - 1);
        else if (c == ' ' || c == '<' || (c == '/' && text.data[i - 1] == ':'))
            break;
    }
    return SPAN_EMPTY;
}

/* The path around `inner`, or `inner` itself; its bracket is the first or the last one before it. */
static inline struct span path_around(struct span text, size_t floor, struct span inner) {
    size_t const begin = (size_t)(inner.data - text.data);
    struct span const before = span_slice(text, floor, begin - floor);
    size_t const open[] = {span_find(before, '<'), span_find_last(before, '<')};
    for (unsigned i = 0; i < 2 && open[i] < before.len; i++) {
        struct span const path = path_at(text, floor + open[i]);
        if (path.len > 0 && path.data + path.len >= inner.data + inner.len) return path;
    }
    return inner;
}

/* The mailbox around the @ at offset `at`: from its first byte on, not before `floor`; empty when there is none. */
static inline struct span mailbox_around(struct span text, size_t floor, size_t at) {
    size_t begin = at, end = at + 1;
    while (begin > floor) { /* words, or quoted strings, with dots between */
        bool const may_be_quoted = begin == at || text.data[begin] == '.';
        if (may_be_quoted && text.data[begin - 1] == '"') {
            size_t const quote = quoted_string_begin(text, floor, begin - 1);
            if (quote == begin - 1) break;
            begin = quote;
        } else if (is_local_byte(text.data[begin - 1])) {
            begin--;
        } else {
            break;
        }
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
