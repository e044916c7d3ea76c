/* Which elements are open, as far as it matters for what text looks like.
 *
 * No tree: one list of those around the text at hand.  Tags that HTML lets people leave out (</p>, </td>, </tr>, </li>)
 * are thought to be there; an end tag ends all that was opened behind its beginning, but nothing outside of its table's
 * cell; one without a beginning does nothing.  What finds no room looks like what is around it, but
 * for what hides itself, with all that is inside.
 *
 * Hidden is: what is not displayed, has no room or is transparent, with all that is inside; letters without a size or
 * invisible, until something inside says otherwise; ink of nearly the colour behind it, where both are known.  The page
 * is white until somebody says otherwise; a picture as background, or a class while there is a style sheet, makes it
 * unknown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_stack.h"

#define PAGE_WHITE 0xffffff
#define LOOK_HIDES (LOOK_GONE | LOOK_TINY | LOOK_UNSEEN | LOOK_CLEAR_INK)
#define CHANNEL_DIFFERS 17 /* of 255; less is not seen on most screens */

void html_stack_begin(struct html_stack *stack) {
    stack->depth = 0;
    stack->beyond = stack->hidden_from = 0;
    stack->elements[0] = (struct html_element){.is = ELEMENT_PAPER | ELEMENT_BLOCK};
    stack->colours[0] = (struct html_colours){.paper = PAGE_WHITE};
}

/* HTML's own names have a place in the table; of others fifteen bits of a hash, so that two of them may be one. */
static uint16_t short_name(const struct html_tag_row *row, uint64_t name) {
    if (row->name != 0) return (uint16_t)(row - html_tags);
    return (uint16_t)(0x8000 | name * UINT64_C(0x9e3779b97f4a7c15) >> 49);
}

_Static_assert(HTML_TAG_PLACE_BITS < 15, "no place looks like a hash");

/* --- ends that are left out --------------------------------------------------------------------------------------- */

static void pop_before(struct html_stack *stack, unsigned at) {
    stack->depth = (uint16_t)(at - 1);
}

/* Ends the element of this kind, unless one that may hold a new one of them comes first. */
static void end_open(struct html_stack *stack, enum html_tag tag, enum html_tag holder, enum html_tag other_holder) {
    for (unsigned at = stack->depth; at > 0; at--) {
        uint8_t const open = stack->elements[at].tag;
        if (open == tag) {
            pop_before(stack, at);
            return;
        }
        if (open == holder || open == other_holder) return;
    }
}

/* A block ends a paragraph. */
static void end_paragraph(struct html_stack *stack) {
    unsigned at = stack->depth;
    while (at > 0 && (stack->elements[at].is & ELEMENT_BLOCK) == 0) at--;
    if (at > 0 && stack->elements[at].tag == HTML_P) pop_before(stack, at);
}

static void end_left_out(struct html_stack *stack, enum html_tag tag) {
    switch (tag) {
        case HTML_CELL:
            end_open(stack, HTML_CELL, HTML_ROW, HTML_TABLE);
            break;
        case HTML_ROW:
            end_open(stack, HTML_ROW, HTML_TABLE, HTML_TABLE);
            break;
        case HTML_ROWS:
            end_open(stack, HTML_ROWS, HTML_TABLE, HTML_TABLE);
            break;
        case HTML_LI:
            end_open(stack, HTML_LI, HTML_LIST, HTML_CELL);
            break;
        default:
            end_paragraph(stack);
    }
}

/* Whether something may be left out before a tag that stands right inside of another one; mostly not. */
static bool may_end(const struct html_tag_row *row, const struct html_element *around) {
    if ((row->form & TAG_BLOCK) == 0) return false;
    if ((around->is & ELEMENT_BLOCK) == 0 || around->tag == HTML_P) return true;
    switch ((enum html_tag)row->tag) {
        case HTML_CELL:
            return around->tag != HTML_ROW;
        case HTML_ROW:
            return around->tag != HTML_ROWS && around->tag != HTML_TABLE;
        case HTML_ROWS:
            return around->tag != HTML_TABLE;
        case HTML_LI:
            return true;
        default:
            return false;
    }
}

/* --- looks -------------------------------------------------------------------------------------------------------- */

static unsigned channel_distance(uint32_t a, uint32_t b) {
    unsigned const one = a & 0xff, two = b & 0xff;
    return one > two ? one - two : two - one;
}

static bool nearly_equal(uint32_t a, uint32_t b) {
    return channel_distance(a, b) < CHANNEL_DIFFERS && channel_distance(a >> 8, b >> 8) < CHANNEL_DIFFERS &&
           channel_distance(a >> 16, b >> 16) < CHANNEL_DIFFERS;
}

static unsigned set_if(unsigned is, unsigned bit, bool yes) {
    return yes ? is | bit : is & ~bit;
}

static bool is_hidden(unsigned is, const struct html_colours *colours) {
    unsigned const both = ELEMENT_INK | ELEMENT_PAPER;
    if ((is & (ELEMENT_GONE | ELEMENT_UNSEEN | ELEMENT_TINY | ELEMENT_CLEAR_INK)) != 0) return true;
    return (is & both) == both && nearly_equal(colours->ink, colours->paper);
}

/* False when there is no room for its colours. */
static bool set_colours(struct html_stack *stack, struct html_element *element, const struct html_look *look) {
    const struct html_colours *around = &stack->colours[element->colours];
    struct html_colours const colours = {(look->says & LOOK_INK) != 0 ? look->ink : around->ink,
                                         (look->says & LOOK_PAPER) != 0 ? look->paper : around->paper};
    if (colours.ink == around->ink && colours.paper == around->paper) return true;
    if (element->colours + 1 == LIMIT_HTML_COLOURS) return false;
    stack->colours[++element->colours] = colours;
    return true;
}

static bool apply_look(struct html_stack *stack, struct html_element *element, const struct html_look *look) {
    unsigned const says = look->says;
    unsigned is = element->is;
    if ((says & LOOK_GONE) != 0) is |= ELEMENT_GONE;
    if ((says & LOOK_SIZE) != 0) is = set_if(is, ELEMENT_TINY, (says & LOOK_TINY) != 0);
    if ((says & LOOK_VISIBILITY) != 0) is = set_if(is, ELEMENT_UNSEEN, (says & LOOK_UNSEEN) != 0);
    if ((says & LOOK_INK) != 0) {
        is = set_if(is, ELEMENT_INK, (says & LOOK_INK_STRANGE) == 0);
        is = set_if(is, ELEMENT_CLEAR_INK, (says & LOOK_CLEAR_INK) != 0);
    }
    if ((says & LOOK_PAPER) != 0) is = set_if(is, ELEMENT_PAPER, (says & LOOK_PAPER_STRANGE) == 0);
    if (!set_colours(stack, element, look)) return false;
    element->is = (uint16_t)set_if(is, ELEMENT_HIDDEN, is_hidden(is, &stack->colours[element->colours]));
    return true;
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

bool html_stack_open(struct html_stack *stack, const struct html_tag_row *row, uint64_t name,
                     const struct html_look *look, bool styled) {
    if (stack->beyond == 0 && may_end(row, &stack->elements[stack->depth])) end_left_out(stack, row->tag);
    if ((row->form & TAG_VOID) != 0 || (row->name == 0 && look->says == 0)) return true;
    struct html_element element = stack->elements[stack->depth];
    element.name = short_name(row, name);
    element.tag = row->tag;
    unsigned is = set_if(element.is, ELEMENT_BLOCK, (row->form & TAG_BLOCK) != 0);
    if (styled) is &= ~(unsigned)ELEMENT_PAPER;
    if (row->tag == HTML_TITLE) is |= ELEMENT_SILENT;
    if (row->tag == HTML_UNSEEN || row->tag == HTML_IFRAME) is |= ELEMENT_GONE | ELEMENT_HIDDEN;
    element.is = (uint16_t)is;
    bool const full = stack->beyond > 0 || stack->depth + 1 == LIMIT_HTML_DEPTH;
    if (full || ((look->says != 0 || styled) && !apply_look(stack, &element, look))) {
        stack->beyond++;
        if (stack->hidden_from == 0 && (look->says & LOOK_HIDES) != 0) stack->hidden_from = stack->beyond;
        return false;
    }
    stack->elements[++stack->depth] = element;
    return true;
}

static bool is_of_table(const struct html_tag_row *row) {
    return row->tag == HTML_CELL || row->tag == HTML_ROW || row->tag == HTML_ROWS || row->tag == HTML_TABLE ||
           row->tag == HTML_BODY;
}

void html_stack_close(struct html_stack *stack, const struct html_tag_row *row, uint64_t name) {
    uint16_t const wanted = short_name(row, name);
    if ((row->form & TAG_VOID) != 0) return;
    if (stack->beyond > 0) {
        if (stack->hidden_from == stack->beyond) stack->hidden_from = 0;
        stack->beyond--;
        return;
    }
    for (unsigned at = stack->depth; at > 0; at--) {
        if (stack->elements[at].name == wanted) {
            pop_before(stack, at);
            return;
        }
        if (stack->elements[at].tag == HTML_CELL && !is_of_table(row)) return;
    }
}
