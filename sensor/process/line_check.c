/* See line_check.h.  A push-down automaton: of each level that is open, one bit says whether it is an object.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/line_check.h"

#include "mailspan/utf8.h"
#include "publish/wording.h"

enum expected { FIRST_KEY, KEY, FIRST_VALUE, VALUE, COMMA_OR_END, NOTHING };

struct scan {
    struct span rest;
    enum expected expected;
    unsigned depth;
    uint32_t objects;    /* a bit for each level that is one, the innermost the lowest */
    unsigned outer_keys; /* so far */
};

_Static_assert(LINE_DEPTH_MAX <= 32, "a bit each");

static bool take(struct scan *s, uint8_t byte) {
    if (s->rest.len == 0 || s->rest.data[0] != byte) return false;
    s->rest = span_from(s->rest, 1);
    return true;
}

static bool take_text(struct scan *s, struct span text) {
    if (!span_starts_with(s->rest, text)) return false;
    s->rest = span_from(s->rest, text.len);
    return true;
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

/* Four digits behind \u; -1: they are none. */
static int32_t take_hex(struct scan *s) {
    int32_t value = 0;
    if (s->rest.len < 4) return -1;
    for (unsigned i = 0; i < 4; i++) {
        uint8_t c = s->rest.data[i], lower = ascii_lower(c);
        if (!ascii_is_digit(c) && (lower < 'a' || lower > 'f')) return -1;
        value = value * 16 + (ascii_is_digit(c) ? c - '0' : lower - 'a' + 10);
    }
    s->rest = span_from(s->rest, 4);
    return value;
}

/* Behind a backslash.  Surrogates come in pairs; NUL many a reader refuses. */
static bool take_escape(struct scan *s) {
    if (s->rest.len == 0) return false;
    uint8_t kind = s->rest.data[0];
    s->rest = span_from(s->rest, 1);
    struct span const kinds = SPAN_LITERAL("\"\\/bfnrt");
    if (kind != 'u') return span_find(kinds, kind) < kinds.len;
    int32_t unit = take_hex(s);
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return false;
    if (unit < 0xd800 || unit > 0xdbff) return true;
    int32_t second = take_text(s, SPAN_LITERAL("\\u")) ? take_hex(s) : -1;
    return second >= 0xdc00 && second <= 0xdfff;
}

/* *string: what stands between the quotes, as it is written. */
static bool take_string(struct scan *s, struct span *string) {
    if (!take(s, '"')) return false;
    struct span begin = s->rest;
    while (s->rest.len > 0 && s->rest.data[0] != '"') {
        uint32_t c;
        size_t length = utf8_next(s->rest, &c);
        if (c == '\\') {
            s->rest = span_from(s->rest, 1);
            if (!take_escape(s)) return false;
            continue;
        }
        if ((c == UTF8_REPLACEMENT && length == 1) || hides_text(c)) return false;
        s->rest = span_from(s->rest, length);
    }
    *string = span_head(begin, begin.len - s->rest.len);
    return take(s, '"');
}

/* --- the other values --------------------------------------------------------------------------------------------- */

static bool take_digits(struct scan *s) {
    size_t before = s->rest.len;
    while (s->rest.len > 0 && ascii_is_digit(s->rest.data[0])) s->rest = span_from(s->rest, 1);
    return s->rest.len < before;
}

static bool take_number(struct scan *s) {
    (void)take(s, '-');
    if (!take(s, '0') && !take_digits(s)) return false;
    if (take(s, '.') && !take_digits(s)) return false;
    if (!take(s, 'e') && !take(s, 'E')) return true;
    if (!take(s, '+')) (void)take(s, '-');
    return take_digits(s);
}

static bool open_level(struct scan *s, bool object) {
    if (s->depth == LINE_DEPTH_MAX) return false;
    s->depth++;
    s->objects = s->objects << 1 | object;
    s->expected = object ? FIRST_KEY : FIRST_VALUE;
    return true;
}

static bool close_level(struct scan *s) {
    s->depth--;
    s->objects >>= 1;
    s->expected = s->depth > 0 ? COMMA_OR_END : NOTHING;
    return true;
}

static bool take_value(struct scan *s) {
    struct span string;
    if (take(s, '{')) return open_level(s, true);
    if (take(s, '[')) return open_level(s, false);
    s->expected = COMMA_OR_END;
    if (s->rest.len > 0 && s->rest.data[0] == '"') return take_string(s, &string);
    return take_text(s, SPAN_LITERAL("true")) || take_text(s, SPAN_LITERAL("false")) ||
           take_text(s, SPAN_LITERAL("null")) || take_number(s);
}

static bool take_key(struct scan *s) {
    struct span key;
    if (!take_string(s, &key) || !take(s, ':')) return false;
    s->expected = VALUE;
    if (s->depth > 1) return true;
    if (span_find(key, '\\') < key.len) return false;
    return s->outer_keys++ == 0 || !span_equal(key, SPAN_LITERAL("type"));
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* The next word; false when it cannot stand there. */
static bool step(struct scan *s) {
    bool in_object = (s->objects & 1) != 0;
    switch (s->expected) {
        case FIRST_KEY:
            return take(s, '}') ? close_level(s) : take_key(s);
        case KEY:
            return take_key(s);
        case FIRST_VALUE:
            return take(s, ']') ? close_level(s) : take_value(s);
        case VALUE:
            return take_value(s);
        case COMMA_OR_END:
            if (take(s, in_object ? '}' : ']')) return close_level(s);
            s->expected = in_object ? KEY : VALUE;
            return take(s, ',');
        case NOTHING:
            break;
    }
    return false;
}

bool line_is_object(struct span line) {
    struct scan scan = {.rest = line, .expected = VALUE};
    if (line.len == 0 || line.data[0] != '{') return false;
    while (scan.expected != NOTHING)
        if (!step(&scan)) return false;
    return scan.rest.len == 0;
}
