/* What the style sheets of a mail say of its elements, as far as it can hide text.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_SHEET_H
#define MAILSPAN_HTML_SHEET_H

#include "html_style.h"
#include "mailspan/limits.h"

#define SELECTOR_KEYS 3 /* of one element: p.a.b */

/* A tag, class or id as a number of 16 bits: two of one number are one. */
uint16_t html_sheet_tag(uint64_t name);
uint16_t html_sheet_class(struct span name);
uint16_t html_sheet_id(struct span name);

struct sheet_selector {
    uint16_t keys[SELECTOR_KEYS]; /* the element has all of these */
    uint16_t around;              /* ... and is inside of one with this; 0: anywhere */
    uint16_t weight;              /* its specificity */
    uint8_t count;                /* of keys; 0: every element */
    uint8_t look;
    bool inside; /* there was one with what is around */
};

/* The selector at hand. */
struct selector_reading {
    struct sheet_selector selector;
    uint32_t hash;        /* of the name at hand */
    uint64_t tag;         /* ... as the name of a tag */
    uint8_t kind;         /* what it names: a tag 't', or '.', '#', ':'; 0: there is none */
    uint16_t left;        /* what stands around the element; 0: nothing */
    uint16_t left_weight; /* of all of that */
    bool left_is_class;   /* or an id: better known than a tag */
    bool gap;             /* white space, or ">", behind an element */
    bool strange;         /* something that is not read here */
};

/* Zeroed memory has no rules, and is before the first byte of a sheet. */
struct html_sheet {
    uint64_t keys;   /* a bit for each key of a selector, by its lowest bits */
    uint64_t around; /* ... for what selectors want around */
    bool any;        /* a selector is for every element */
    bool lost;       /* there was no room for some rule */
    uint8_t state, braces, blocks, count, look_count;
    uint8_t rule; /* its first selector */
    uint8_t at_len;
    uint8_t at_rule[20];
    struct css_lex lex;
    struct selector_reading selector;
    struct html_style_reader reader;
    struct sheet_selector selectors[LIMIT_HTML_SELECTORS];
    struct html_look looks[LIMIT_HTML_LOOKS];
};

/* The text of a <style>, in any cut, and its end. */
void html_sheet_push(struct html_sheet *sheet, struct span bytes);
void html_sheet_end(struct html_sheet *sheet);

/* An element begins that has this key.  True when selectors may now fit that did not fit before. */
bool html_sheet_see(struct html_sheet *sheet, uint16_t key);

/* Whether a selector may ask for it. */
static inline bool html_sheet_knows(const struct html_sheet *sheet, uint16_t key) {
    return sheet->any || (sheet->keys >> (key & 63) & 1) != 0;
}

/* What all rules together say of an element with these keys. */
struct html_look html_sheet_look(const struct html_sheet *sheet, const uint16_t *keys, unsigned count);

#endif
