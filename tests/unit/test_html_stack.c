/* Open elements: what ends what.  How text looks in HTML is in test_html_facts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../decoders/html_stack.h"

static struct html_look const white = {.ink = 0xffffff, .says = LOOK_INK};

/* A name as html_text packs it. */
static uint64_t name_of(const char *text) {
    uint64_t name = 0;
    for (; *text != '\0'; text++) name = name << HTML_LETTER_BITS | (uint64_t)(*text - 'a' + 1);
    return name;
}

static bool open_styled(struct html_stack *stack, const char *tag, unsigned says, bool styled) {
    struct html_look const look = {.says = (uint16_t)says};
    return html_stack_open(stack, html_tag_find(name_of(tag)), name_of(tag), &look, styled);
}

static bool open_tag(struct html_stack *stack, const char *tag, unsigned says) {
    return open_styled(stack, tag, says, false);
}

static void close_tag(struct html_stack *stack, const char *tag) {
    html_stack_close(stack, html_tag_find(name_of(tag)), name_of(tag));
}

static bool is_hidden(const struct html_stack *stack) {
    return (html_stack_is(stack) & ELEMENT_HIDDEN) != 0;
}

static void ends_are_found(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    assert_true(open_tag(&stack, "div", LOOK_GONE));
    assert_true(open_tag(&stack, "b", 0));
    assert_true(open_tag(&stack, "img", LOOK_GONE)); /* void */
    assert_true(open_tag(&stack, "xyz", 0));         /* not HTML's, and says nothing */
    assert_int_equal(stack.depth, 2);
    close_tag(&stack, "i");
    close_tag(&stack, "xyz");
    assert_int_equal(stack.depth, 2);
    assert_true(is_hidden(&stack));
    close_tag(&stack, "div");
    assert_int_equal(stack.depth, 0);
    assert_false(is_hidden(&stack));
    close_tag(&stack, "div");
    assert_int_equal(stack.depth, 0);
}

static void ends_are_thought_to_be_there(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "p", 0);
    open_tag(&stack, "b", 0);
    open_tag(&stack, "table", 0); /* ends the paragraph with its bold part */
    assert_int_equal(stack.depth, 1);
    open_tag(&stack, "tbody", 0);
    open_tag(&stack, "tr", 0);
    open_tag(&stack, "td", 0);
    open_tag(&stack, "b", 0);
    open_tag(&stack, "th", 0); /* table tbody tr th */
    assert_int_equal(stack.depth, 4);
    open_tag(&stack, "tr", 0);
    assert_int_equal(stack.depth, 3);
    open_tag(&stack, "tbody", 0);
    assert_int_equal(stack.depth, 2);
    open_tag(&stack, "tr", 0);
    open_tag(&stack, "td", 0);
    open_tag(&stack, "table", 0);
    open_tag(&stack, "tr", 0);
    open_tag(&stack, "td", 0); /* in a table of its own */
    assert_int_equal(stack.depth, 7);
    close_tag(&stack, "table");
    assert_int_equal(stack.depth, 4);
}

static void a_cell_holds_its_ends(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "div", LOOK_GONE);
    open_tag(&stack, "table", 0);
    open_tag(&stack, "tr", 0);
    open_tag(&stack, "td", 0);
    close_tag(&stack, "div");
    assert_int_equal(stack.depth, 4);
    close_tag(&stack, "table");
    close_tag(&stack, "div");
    assert_int_equal(stack.depth, 0);
}

static void a_sheet_makes_the_background_unknown(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    assert_true(html_stack_open(&stack, html_tag_find(name_of("b")), name_of("b"), &white, false));
    assert_true(is_hidden(&stack));
    open_styled(&stack, "i", 0, true);
    assert_false(is_hidden(&stack));
    close_tag(&stack, "i");
    assert_true(is_hidden(&stack));
}

static void what_has_no_room_looks_like_what_is_around(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    for (unsigned i = 1; i < LIMIT_HTML_DEPTH; i++) assert_true(open_tag(&stack, "div", i == 1 ? 0 : LOOK_GONE));
    assert_true(is_hidden(&stack));
    assert_false(open_tag(&stack, "div", 0));
    assert_false(open_tag(&stack, "b", 0));
    assert_true(is_hidden(&stack));
    close_tag(&stack, "b");
    close_tag(&stack, "div");
    assert_int_equal(stack.depth, LIMIT_HTML_DEPTH - 1);
    html_stack_begin(&stack);
    for (unsigned i = 1; i < LIMIT_HTML_DEPTH; i++) assert_true(open_tag(&stack, "b", 0));
    assert_false(open_tag(&stack, "i", 0));
    assert_false(is_hidden(&stack));
    assert_false(open_tag(&stack, "i", LOOK_GONE)); /* behind so many that are never closed */
    assert_false(open_tag(&stack, "div", 0));
    assert_true(is_hidden(&stack));
    close_tag(&stack, "div");
    assert_true(is_hidden(&stack));
    close_tag(&stack, "i");
    assert_false(is_hidden(&stack));
}

/* Each element changes the ink, but for every second one, which says it once more. */
static void colours_have_a_bound_of_their_own(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    for (unsigned i = 1; i < 2 * LIMIT_HTML_COLOURS - 1; i++) {
        struct html_look const ink = {.ink = (i + 1) / 2, .says = LOOK_INK};
        assert_true(html_stack_open(&stack, html_tag_find(name_of("b")), name_of("b"), &ink, false));
    }
    assert_false(html_stack_open(&stack, html_tag_find(name_of("b")), name_of("b"), &white, false));
    assert_false(is_hidden(&stack));
    close_tag(&stack, "b");
    close_tag(&stack, "b");
    close_tag(&stack, "b"); /* two of one ink: one has room again */
    assert_true(html_stack_open(&stack, html_tag_find(name_of("b")), name_of("b"), &white, false));
    assert_true(is_hidden(&stack));
}

static bool open_white(struct html_stack *stack, const char *tag) {
    return html_stack_open(stack, html_tag_find(name_of(tag)), name_of(tag), &white, false);
}

static bool text_is_hidden(struct html_stack *stack) {
    html_stack_go_on(stack);
    return is_hidden(stack);
}

/* HTML 5, 13.2.4.3 and 13.2.6.4.7. */
static void what_formats_goes_on(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "p", 0);
    open_white(&stack, "font");
    close_tag(&stack, "p");
    assert_int_equal(stack.depth, 0);
    assert_int_equal(stack.waiting, 1);
    open_tag(&stack, "div", 0); /* around it */
    assert_true(text_is_hidden(&stack));
    assert_int_equal(stack.depth, 2);
    close_tag(&stack, "div");
    close_tag(&stack, "font"); /* while it waits */
    assert_int_equal(stack.waiting, 0);
    assert_false(text_is_hidden(&stack));
    open_tag(&stack, "p", 0);
    open_white(&stack, "span"); /* formats nothing, and ends */
    close_tag(&stack, "p");
    assert_false(text_is_hidden(&stack));
}

static void what_formats_stays_in_its_cell(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "p", 0);
    open_white(&stack, "b");
    close_tag(&stack, "p");
    open_tag(&stack, "table", 0);
    assert_false(text_is_hidden(&stack)); /* blanks between tags of a table */
    open_tag(&stack, "tr", 0);
    open_tag(&stack, "td", 0);
    assert_false(text_is_hidden(&stack));
    open_tag(&stack, "p", 0);
    open_white(&stack, "i");
    close_tag(&stack, "p");
    assert_int_equal(stack.waiting, 2);
    assert_true(text_is_hidden(&stack));
    open_tag(&stack, "td", 0);
    assert_false(text_is_hidden(&stack));
    close_tag(&stack, "table");
    assert_int_equal(stack.waiting, 1);
    assert_true(text_is_hidden(&stack)); /* <b>, once more */
    assert_int_equal(stack.cells, 0);
}

static void its_end_ends_no_block(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_white(&stack, "font");
    open_tag(&stack, "p", LOOK_GONE);
    close_tag(&stack, "font");
    assert_int_equal(stack.depth, 1);
    assert_true(is_hidden(&stack));
    close_tag(&stack, "p");
    open_white(&stack, "font");
    open_tag(&stack, "div", 0);
    assert_true(is_hidden(&stack));
    close_tag(&stack, "font");
    assert_false(is_hidden(&stack)); /* the block does not look as before */
    close_tag(&stack, "div");
    open_tag(&stack, "span", LOOK_GONE);
    open_tag(&stack, "div", 0);
    close_tag(&stack, "span"); /* does nothing */
    assert_true(is_hidden(&stack));
    close_tag(&stack, "body");
    close_tag(&stack, "html");
    assert_true(is_hidden(&stack));
    close_tag(&stack, "div");
    close_tag(&stack, "span");
    open_white(&stack, "a");
    open_tag(&stack, "a", 0); /* ends the one before */
    assert_false(is_hidden(&stack));
}

/* The oldest are lost. */
static void what_waits_is_bounded(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "p", 0);
    open_tag(&stack, "font", LOOK_GONE);
    for (unsigned i = 0; i < LIMIT_HTML_WAITING; i++) {
        struct html_look const ink = {.ink = i, .says = LOOK_INK};
        assert_true(html_stack_open(&stack, html_tag_find(name_of("b")), name_of("b"), &ink, false));
    }
    close_tag(&stack, "p");
    assert_int_equal(stack.waiting, LIMIT_HTML_WAITING);
    assert_false(text_is_hidden(&stack));
    assert_int_equal(stack.depth, LIMIT_HTML_WAITING);
}

static void sizes_are_shares(void **state) {
    (void)state;
    struct html_stack stack;
    struct html_look const half = {.size = LOOK_SIZE_WHOLE / 2, .says = LOOK_SIZE | LOOK_SIZE_SHARE};
    struct html_look const large = {.size = 20 * LOOK_SIZE_PX, .says = LOOK_SIZE};
    html_stack_begin(&stack);
    open_tag(&stack, "div", 0);
    assert_true(html_stack_open(&stack, html_tag_find(name_of("div")), name_of("div"), &half, false)); /* 8 px */
    assert_true(html_stack_open(&stack, html_tag_find(name_of("div")), name_of("div"), &half, false)); /* 4 px */
    assert_false(is_hidden(&stack));
    assert_true(html_stack_open(&stack, html_tag_find(name_of("div")), name_of("div"), &half, false)); /* 2 px */
    assert_true(is_hidden(&stack));
    assert_true(html_stack_open(&stack, html_tag_find(name_of("div")), name_of("div"), &large, false));
    assert_false(is_hidden(&stack));
}

static void a_strange_name_ends_nothing_else(void **state) {
    (void)state;
    struct html_stack stack;
    html_stack_begin(&stack);
    open_tag(&stack, "div", LOOK_GONE);
    for (uint64_t name = 1; name < 1 << 20; name++) /* each short name has some 30 */
        if (name != name_of("div")) html_stack_close(&stack, html_tag_find(name), name);
    assert_int_equal(stack.depth, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_are_found),
        cmocka_unit_test(ends_are_thought_to_be_there),
        cmocka_unit_test(a_cell_holds_its_ends),
        cmocka_unit_test(a_sheet_makes_the_background_unknown),
        cmocka_unit_test(what_has_no_room_looks_like_what_is_around),
        cmocka_unit_test(colours_have_a_bound_of_their_own),
        cmocka_unit_test(a_strange_name_ends_nothing_else),
        cmocka_unit_test(what_formats_goes_on),
        cmocka_unit_test(what_formats_stays_in_its_cell),
        cmocka_unit_test(its_end_ends_no_block),
        cmocka_unit_test(what_waits_is_bounded),
        cmocka_unit_test(sizes_are_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
