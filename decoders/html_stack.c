/* Which elements are open, as far as it matters for what text looks like.
 *
 * No tree: one list of those around the text at hand.  Tags that HTML lets people leave out (</p>, </td>, </tr>, </li>)
 * are thought to be there; an end tag ends all that was opened behind its beginning, but nothing outside of its table's
 * cell; one without a beginning does nothing.  As in browsers (HTML 5, 13.2.6.4.7)
 *   - a block that ends does not end <font>, <b> and the like inside of it: they wait, and go on around the next text;
 *   - the end of these does not end a block inside of them; the end of a <span> does nothing behind a block's
 * beginning;
 *   - </body> and </html> end nothing.
 * So each element keeps what it says itself, and how it looks is worked out anew where something around it ends.  What
 * finds no room looks like what is around it, but for what hides itself, with all that is inside.
 *
 * Hidden is: what is not displayed, has no room or is transparent, with all that is inside; letters without a size or
 * invisible, until something inside says otherwise; ink of nearly the colour behind it, where both are known.  The page
 * is white until somebody says otherwise; a picture as background makes it unknown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_stack.h"

#include "mailspan/span.h"

#define PAGE_WHITE 0xff, 0xff, 0xff
#define LOOK_HIDES (LOOK_GONE | LOOK_TINY | LOOK_UNSEEN | LOOK_CLEAR_INK)
#define CHANNEL_DIFFERS 17 /* of 255; less is not seen on most screens */

void html_stack_begin(struct html_stack *stack) {
    stack->depth = 0;
    stack->cells = stack->waiting = 0;
    stack->beyond = stack->hidden_from = 0;
    stack->elements[0] = (struct html_element){.is = ELEMENT_PAPER | ELEMENT_BLOCK};
    stack->colours[0] = (struct html_colours){.paper = {PAGE_WHITE}, .size = LOOK_SIZE_MEDIUM};
}

/* HTML's own names have a place in the table; of others fifteen bits of a hash, so that two of them may be one. */
static uint16_t short_name(const struct html_tag_row *row, uint64_t name) {
    if (row->name != 0) return (uint16_t)(row - html_tags);
    return (uint16_t)(0x8000 | name * UINT64_C(0x9e3779b97f4a7c15) >> 49);
}

_Static_assert(HTML_TAG_PLACE_BITS < 15, "no place looks like a hash");

/* --- looks -------------------------------------------------------------------------------------------------------- */

static bool nearly_equal(const uint8_t a[3], const uint8_t b[3]) {
    for (unsigned i = 0; i < 3; i++)
        if ((a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]) >= CHANNEL_DIFFERS) return false;
    return true;
}

static unsigned set_if(unsigned is, unsigned bit, bool yes) {
    return yes ? is | bit : is & ~bit;
}

static bool is_hidden(unsigned is, const struct html_colours *colours) {
    unsigned const both = ELEMENT_INK | ELEMENT_PAPER;
    if ((is & (ELEMENT_GONE | ELEMENT_UNSEEN | ELEMENT_TINY | ELEMENT_CLEAR_INK)) != 0) return true;
    return (is & both) == both && nearly_equal(colours->ink, colours->paper);
}

static bool says_ink(unsigned says) {
    return (says & (LOOK_INK | LOOK_INK_AROUND)) == LOOK_INK;
}

static bool says_paper(unsigned says) {
    return (says & (LOOK_PAPER | LOOK_PAPER_AROUND)) == LOOK_PAPER;
}

static uint16_t size_of(const struct html_own_look *own, uint16_t around) {
    if ((own->says & LOOK_SIZE) == 0) return around;
    if ((own->says & LOOK_SIZE_SHARE) == 0) return own->size;
    uint32_t const size = (uint32_t)around * own->size / LOOK_SIZE_WHOLE;
    return size > UINT16_MAX ? UINT16_MAX : (uint16_t)size;
}

/* Gives the element its colours, begun with those around.  False when there is no room for them. */
static bool set_colours(struct html_stack *stack, struct html_element *element, uint8_t around) {
    const struct html_own_look *own = &element->own;
    struct html_colours colours = stack->colours[around];
    element->colours = around;
    if (says_ink(own->says)) memcpy(colours.ink, own->ink, sizeof own->ink);
    if (says_paper(own->says)) memcpy(colours.paper, own->paper, sizeof own->paper);
    colours.size = size_of(own, colours.size);
    if (memcmp(&colours, &stack->colours[around], sizeof colours) == 0) return true;
    if (around + 1 == LIMIT_HTML_COLOURS) return false;
    stack->colours[++element->colours] = colours;
    return true;
}

/* How the element looks inside of the one around it.  False when there is no room for its colours. */
static bool set_look(struct html_stack *stack, struct html_element *element, const struct html_element *around) {
    unsigned const says = element->own.says, of_itself = ELEMENT_BLOCK | ELEMENT_FORMATS;
    unsigned is = (around->is & ~of_itself) | (element->is & of_itself);
    element->colours = around->colours;
    element->is = (uint16_t)set_if(is, ELEMENT_SILENT, (is & ELEMENT_SILENT) != 0 || element->tag == HTML_TITLE);
    if (says == 0) return true;
    is = element->is;
    if ((says & LOOK_GONE) != 0) is |= ELEMENT_GONE;
    if ((says & LOOK_VISIBILITY) != 0) is = set_if(is, ELEMENT_UNSEEN, (says & LOOK_UNSEEN) != 0);
    if (says_ink(says)) {
        is = set_if(is, ELEMENT_INK, (says & LOOK_INK_STRANGE) == 0);
        is = set_if(is, ELEMENT_CLEAR_INK, (says & LOOK_CLEAR_INK) != 0);
    }
    if (says_paper(says)) is = set_if(is, ELEMENT_PAPER, (says & LOOK_PAPER_STRANGE) == 0);
    bool const room = set_colours(stack, element, around->colours);
    const struct html_colours *colours = &stack->colours[element->colours];
    is = set_if(is, ELEMENT_TINY, colours->size < LOOK_SIZE_TINY);
    element->is = (uint16_t)set_if(is, ELEMENT_HIDDEN, is_hidden(is, colours));
    return room;
}

/* Something around these elements has ended. */
static void look_anew(struct html_stack *stack, unsigned from) {
    for (unsigned at = from; at <= stack->depth; at++)
        (void)set_look(stack, &stack->elements[at], &stack->elements[at - 1]);
}

/* --- what waits --------------------------------------------------------------------------------------------------- */

static void remove_waiting(struct html_stack *stack, unsigned at) {
    stack->waiting--;
    for (; at < stack->waiting; at++) stack->waits[at] = stack->waits[at + 1];
}

/* The oldest makes room: later ones say more of what text looks like. */
static void wait(struct html_stack *stack, const struct html_element *element) {
    if (stack->waiting == LIMIT_HTML_WAITING) remove_waiting(stack, 0);
    stack->waits[stack->waiting] = *element;
    stack->waits[stack->waiting++].colours = stack->cells;
}

static bool is_inside_table(const struct html_element *element) {
    return element->tag == HTML_TABLE || element->tag == HTML_ROWS || element->tag == HTML_ROW;
}

void html_stack_go_on(struct html_stack *stack) {
    if (stack->beyond > 0 || is_inside_table(&stack->elements[stack->depth])) return;
    for (unsigned at = 0; at < stack->waiting;) {
        struct html_element element = stack->waits[at];
        if (element.colours != stack->cells) { /* of the page around this cell */
            at++;
            continue;
        }
        remove_waiting(stack, at);
        if (stack->depth + 1 == LIMIT_HTML_DEPTH) continue;
        (void)set_look(stack, &element, &stack->elements[stack->depth]);
        stack->elements[++stack->depth] = element;
    }
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

/* Ends the element at this place with all inside of it; what formats text there goes on behind it, but not out of a
 * cell. */
static void end_at(struct html_stack *stack, unsigned begin) {
    unsigned const end = stack->depth;
    unsigned goes_on = end + 1; /* from here on nothing does: inside of a cell */
    for (unsigned at = begin; at <= end; at++) {
        if (stack->elements[at].tag != HTML_CELL) continue;
        stack->cells--;
        if (goes_on > end) goes_on = at;
    }
    while (stack->waiting > 0 && stack->waits[stack->waiting - 1].colours > stack->cells) stack->waiting--;
    stack->depth = (uint16_t)(begin - 1);
    for (unsigned at = begin + 1; at < goes_on && at <= end; at++) {
        const struct html_element *element = &stack->elements[at];
        if ((element->is & ELEMENT_FORMATS) != 0 && element->own.says != 0) wait(stack, element);
    }
}

/* Ends this element alone: blocks inside of it go on. */
static void take_out(struct html_stack *stack, unsigned at) {
    memmove(&stack->elements[at], &stack->elements[at + 1], (stack->depth - at) * sizeof stack->elements[0]);
    stack->depth--;
    look_anew(stack, at);
}

/* Ends the element of this kind, unless one that may hold a new one of them comes first. */
static void end_open(struct html_stack *stack, enum html_tag tag, enum html_tag holder, enum html_tag other_holder) {
    for (unsigned at = stack->depth; at > 0; at--) {
        uint8_t const open = stack->elements[at].tag;
        if (open == tag) {
            end_at(stack, at);
            return;
        }
        if (open == holder || open == other_holder) return;
    }
}

/* A block ends a paragraph. */
static void end_paragraph(struct html_stack *stack) {
    unsigned at = stack->depth;
    while (at > 0 && (stack->elements[at].is & ELEMENT_BLOCK) == 0) at--;
    if (at > 0 && stack->elements[at].tag == HTML_P) end_at(stack, at);
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

/* --- tags --------------------------------------------------------------------------------------------------------- */

static void put_colour(uint8_t bytes[3], uint32_t colour) {
    for (unsigned i = 0; i < 3; i++) bytes[i] = (uint8_t)(colour >> (16 - 8 * i));
}

static struct html_element element_of(const struct html_tag_row *row, uint64_t name, const struct html_look *look,
                                      bool styled) {
    struct html_element element = {.name = short_name(row, name), .tag = row->tag};
    unsigned const is = set_if(0, ELEMENT_BLOCK, (row->form & TAG_BLOCK) != 0);
    unsigned says = look->says & UINT16_MAX;
    if (styled && (says & LOOK_PAPER) == 0) says |= LOOK_PAPER | LOOK_PAPER_STRANGE;
    if (row->tag == HTML_UNSEEN || row->tag == HTML_IFRAME) says |= LOOK_GONE;
    element.is = (uint16_t)set_if(is, ELEMENT_FORMATS, (row->form & TAG_FORMATS) != 0);
    element.own = (struct html_own_look){.size = (uint16_t)look->size, .says = (uint16_t)says};
    put_colour(element.own.ink, look->ink);
    put_colour(element.own.paper, look->paper);
    return element;
}

bool html_stack_open(struct html_stack *stack, const struct html_tag_row *row, uint64_t name,
                     const struct html_look *look, bool styled) {
    if (stack->beyond == 0 && may_end(row, &stack->elements[stack->depth])) end_left_out(stack, row->tag);
    if (row->tag == HTML_A && stack->beyond == 0)
        html_stack_close(stack, row, name); /* there is none inside of another */
    if ((row->form & TAG_VOID) != 0 || (row->name == 0 && look->says == 0)) return true;
    if (stack->waiting > 0 && (row->form & TAG_BLOCK) == 0) html_stack_go_on(stack);
    struct html_element element = element_of(row, name, look, styled);
    bool const full = stack->beyond > 0 || stack->depth + 1 == LIMIT_HTML_DEPTH;
    if (full || !set_look(stack, &element, &stack->elements[stack->depth])) {
        stack->beyond++;
        if (stack->hidden_from == 0 && (element.own.says & LOOK_HIDES) != 0) stack->hidden_from = stack->beyond;
        return false;
    }
    stack->elements[++stack->depth] = element;
    if (row->tag == HTML_CELL) stack->cells++;
    return true;
}

static bool is_of_table(const struct html_tag_row *row) {
    return row->tag == HTML_CELL || row->tag == HTML_ROW || row->tag == HTML_ROWS || row->tag == HTML_TABLE;
}

/* Whether one of this name waits, in the cell at hand: then it does no more. */
static bool end_waiting(struct html_stack *stack, uint16_t name) {
    for (unsigned at = stack->waiting; at > 0; at--) {
        const struct html_element *element = &stack->waits[at - 1];
        if (element->name != name || element->colours != stack->cells) continue;
        remove_waiting(stack, at - 1);
        return true;
    }
    return false;
}

void html_stack_close(struct html_stack *stack, const struct html_tag_row *row, uint64_t name) {
    uint16_t const wanted = short_name(row, name);
    bool const formats = (row->form & TAG_FORMATS) != 0, is_block = (row->form & TAG_BLOCK) != 0;
    bool blocks = false; /* inside of the element that ends */
    if ((row->form & TAG_VOID) != 0 || row->tag == HTML_BODY || row->tag == HTML_HTML) return;
    if (stack->beyond > 0) {
        if (stack->hidden_from == stack->beyond) stack->hidden_from = 0;
        stack->beyond--;
        return;
    }
    if (stack->waiting > 0 && formats && end_waiting(stack, wanted)) return;
    for (unsigned at = stack->depth; at > 0; at--) {
        const struct html_element *element = &stack->elements[at];
        if (element->name == wanted) {
            if (blocks && formats)
                take_out(stack, at);
            else
                end_at(stack, at);
            return;
        }
        blocks = blocks || (element->is & ELEMENT_BLOCK) != 0;
        if (blocks && !formats && !is_block) return;
        if (element->tag == HTML_CELL && !is_of_table(row)) return;
    }
}
