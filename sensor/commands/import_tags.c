/* See import_tags.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_tags.h"

#include <stdlib.h>

#define PASSES_MAX 6 /* as ReplaceTags: a tag may stand for tags, not for ever */

struct filling {
    const struct import_tags *tags;
    struct span before, between, behind; /* that the expression asks for; empty: none */
    struct import_text *out;
    bool again;
};

void import_tags_set(struct import_tags *tags, enum import_tag_kind kind, struct span name, struct span value) {
    if (tags->count == tags->room) {
        unsigned room = tags->room == 0 ? 64 : 2 * tags->room;
        struct import_tag *list = realloc(tags->list, room * sizeof *list);
        if (list == NULL) {
            tags->failed = true;
            return;
        }
        tags->list = list;
        tags->room = room;
    }
    tags->list[tags->count++] = (struct import_tag){kind, name, value};
}

void import_tags_free(struct import_tags *tags) {
    free(tags->list);
    *tags = (struct import_tags){.list = NULL};
}

static struct span find(const struct import_tags *tags, enum import_tag_kind kind, struct span name) {
    for (unsigned i = tags->count; i > 0; i--)
        if (tags->list[i - 1].kind == kind && span_equal(tags->list[i - 1].name, name)) return tags->list[i - 1].value;
    return SPAN_EMPTY;
}

/* The first <NAME>: its place and length with the brackets.  A second < begins anew.  False: there is none. */
static bool find_tag(struct span text, size_t *begin, size_t *length) {
    bool open = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '<') {
            *begin = i;
            open = true;
        } else if (text.data[i] == '>' && open && i > *begin + 1) {
            *length = i + 1 - *begin;
            return true;
        } else if (text.data[i] == '>') {
            open = false;
        }
    }
    return false;
}

/* Takes the first <pre NAME> (or post, inter) out of the text.  What it names, or nothing. */
static struct span take_request(const struct import_tags *tags, enum import_tag_kind kind, struct span word,
                                struct import_text *text) {
    struct span all = import_text_span(text);
    for (size_t at = 0; at + word.len < all.len; at++) {
        struct span rest = span_from(all, at);
        size_t end = span_find(rest, '>');
        if (!span_starts_with(rest, word) || end == rest.len || end == word.len) continue;
        struct span found = find(tags, kind, span_slice(rest, word.len, end - word.len));
        memmove(text->bytes + at, text->bytes + at + end + 1, all.len - at - end - 1);
        text->length -= end + 1;
        text->bytes[text->length] = '\0';
        return found;
    }
    return SPAN_EMPTY;
}

static bool holds_tag(struct span text) {
    size_t begin = 0, length = 0;
    return find_tag(text, &begin, &length);
}

/* One piece: text without a tag, or a tag with what stands around it.  Its first tag is filled in. */
static void put_piece(struct filling *f, struct span piece) {
    size_t begin = 0, length = 0;
    if (!find_tag(piece, &begin, &length)) {
        import_text_add(f->out, piece);
        return;
    }
    struct span value = find(f->tags, IMPORT_TAG, span_slice(piece, begin + 1, length - 2));
    bool const known = value.len > 0 && !span_equal(value, SPAN_LITERAL("0"));
    import_text_add(f->out, span_head(piece, begin));
    import_text_add(f->out, known ? value : span_slice(piece, begin, length));
    import_text_add(f->out, span_from(piece, begin + length));
    if (known && holds_tag(value)) f->again = true;
}

static void put_tag(struct filling *f, struct span tag) {
    struct import_text piece = {.bytes = NULL};
    import_text_add(&piece, f->before);
    import_text_add(&piece, tag);
    import_text_add(&piece, f->behind);
    put_piece(f, import_text_span(&piece));
    f->out->failed = f->out->failed || piece.failed;
    import_text_free(&piece);
}

static void fill_once(struct filling *f, struct span text) {
    size_t begin = 0, length = 0;
    bool touch = false; /* the tag before this one ends where it begins */
    while (find_tag(text, &begin, &length)) {
        if (begin == 0 && touch) import_text_add(f->out, f->between);
        put_piece(f, span_head(text, begin));
        put_tag(f, span_slice(text, begin, length));
        text = span_from(text, begin + length);
        touch = true;
    }
    put_piece(f, text);
}

bool import_tags_fill(const struct import_tags *tags, struct span body, struct import_text *out) {
    struct import_text now = {.bytes = NULL}, next = {.bytes = NULL};
    bool again = true;
    import_text_add(&now, body);
    for (unsigned pass = 0; again && pass < PASSES_MAX && now.length <= IMPORT_EXPRESSION_BYTES_MAX; pass++) {
        struct filling f = {.tags = tags, .out = &next};
        f.before = take_request(tags, IMPORT_TAG_BEFORE, SPAN_LITERAL("<pre "), &now);
        f.behind = take_request(tags, IMPORT_TAG_BEHIND, SPAN_LITERAL("<post "), &now);
        f.between = take_request(tags, IMPORT_TAG_BETWEEN, SPAN_LITERAL("<inter "), &now);
        import_text_clear(&next);
        fill_once(&f, import_text_span(&now));
        again = f.again;
        struct import_text other = now;
        now = next;
        next = other;
    }
    bool fits = now.length <= IMPORT_EXPRESSION_BYTES_MAX;
    if (fits) import_text_add(out, import_text_span(&now));
    out->failed = out->failed || now.failed || next.failed;
    import_text_free(&now);
    import_text_free(&next);
    return fits;
}
