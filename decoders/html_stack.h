/* The open elements of HTML, and how text looks inside.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_STACK_H
#define MAILSPAN_HTML_STACK_H

#include "html_style.h"
#include "html_tags.h"
#include "mailspan/limits.h"

/* Bits of html_element.is. */
enum {
    ELEMENT_HIDDEN = 1 << 0, /* what comes of the others: its text is not seen */
    ELEMENT_SILENT = 1 << 1, /* its text is no part of the page */
    ELEMENT_GONE = 1 << 2,
    ELEMENT_UNSEEN = 1 << 3,
    ELEMENT_TINY = 1 << 4,
    ELEMENT_INK = 1 << 5,   /* ink is known */
    ELEMENT_PAPER = 1 << 6, /* paper is known */
    ELEMENT_CLEAR_INK = 1 << 7,
    ELEMENT_BLOCK = 1 << 8,
    ELEMENT_FORMATS = 1 << 9,
};

/* What an element itself says of its look, whatever is around. */
struct html_own_look {
    uint8_t ink[3], paper[3];
    uint16_t size;
    uint16_t says; /* LOOK_... up to LOOK_GONE */
};

struct html_element {
    uint16_t name; /* of a tag, shortened */
    uint16_t is;
    uint8_t tag;
    uint8_t colours; /* its place in the stack's; of one that waits: how many cells were open */
    struct html_own_look own;
};

struct html_colours {
    uint8_t ink[3], paper[3];
    uint16_t size; /* of letters, as html_look.size */
};

/* Zeroed memory is no stack. */
struct html_stack {
    uint16_t depth;       /* of the element that holds the text; 0: the page itself */
    uint8_t cells;        /* open ones of tables */
    uint8_t waiting;      /* elements that ended with a block around them, and go on with the next text */
    uint32_t beyond;      /* open elements that found no room */
    uint32_t hidden_from; /* the first of them that hides what is inside; 0: none */
    struct html_element elements[LIMIT_HTML_DEPTH];  /* the page first */
    struct html_element waits[LIMIT_HTML_WAITING];   /* in the order in which they began */
    struct html_colours colours[LIMIT_HTML_COLOURS]; /* of those that change them, in the order of their elements */
};

void html_stack_begin(struct html_stack *stack);

/* look is ended (html_look_end).  styled: a style sheet may say more of this element than is known here.  False when
 * there is no room. */
bool html_stack_open(struct html_stack *stack, const struct html_tag_row *row, uint64_t name,
                     const struct html_look *look, bool styled);
void html_stack_close(struct html_stack *stack, const struct html_tag_row *row, uint64_t name);

/* Before text: what waits goes on. */
void html_stack_go_on(struct html_stack *stack);

static inline unsigned html_stack_is(const struct html_stack *stack) {
    unsigned const is = stack->elements[stack->depth].is;
    return stack->hidden_from > 0 ? is | ELEMENT_HIDDEN : is;
}

#endif
