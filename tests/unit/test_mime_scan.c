/* Tests of finding boundaries in the lines of a body.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../decoders/mime_scan.h"
#include "guard.h"

static struct arena_block memory[4];
static struct block_pool pool;
static struct arena arena;
static struct counters counters;

/* Content with boundaries in it as <level> or <level.> (final). */
static char record[4096];
static size_t record_len;

static void put(const char *text, size_t len) {
    assert_true(record_len + len < sizeof record);
    memcpy(record + record_len, text, len);
    record_len += len;
    record[record_len] = '\0';
}

static void drain(struct mime_scan *scan, struct span input, bool end, bool wanted) {
    struct span content;
    enum scan_result result;
    while ((result = mime_scan_next(scan, &input, end, wanted, &content)) != SCAN_STARVED) {
        if (result == SCAN_CONTENT) {
            put((const char *)content.data, content.len);
            continue;
        }
        char mark[8];
        int len = snprintf(mark, sizeof mark, "<%u%s>", scan->found_level, scan->found_final ? "." : "");
        put(mark, (size_t)len);
        scan->line_start = true;
    }
    assert_int_equal(input.len, 0);
}

/* Without a boundary it is a message. */
static void enter(struct mime_scan *scan, const char *boundary) {
    struct mime_boundary *kept = NULL;
    if (boundary[0] != '\0') {
        kept = mime_boundary_new(&arena, span_from_string(boundary), false);
        assert_non_null(kept);
    }
    assert_true(mime_scan_enter(scan, kept));
}

static void expect(const char *outer, const char *inner, const char *body, bool wanted, const char *expected) {
    struct span all = span_from_string(body);
    for (size_t cut = 1; cut <= all.len + 1; cut++) {
        struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
        block_pool_init(&pool, memory, sizeof memory);
        arena_init(&arena, &pool, sizeof memory);
        enter(&scan, outer);
        if (inner != NULL) enter(&scan, inner);
        record_len = 0;
        record[0] = '\0';
        for (struct span rest = all; rest.len > 0; rest = span_from(rest, cut)) {
            struct guarded piece = guard_copy(span_head(rest, cut));
            drain(&scan, piece.bytes, false, wanted);
            guard_free(&piece);
        }
        drain(&scan, SPAN_EMPTY, true, wanted);
        if (strcmp(record, expected) != 0)
            fail_msg("\"%s\" in pieces of %zu: got \"%s\", expected \"%s\"", body, cut, record, expected);
    }
}

static void test_line_end_belongs_to_boundary(void **state) {
    (void)state;
    expect("b", NULL, "x\r\n--b\r\ny\n--b--\n", true, "x<0>y<0.>");
    expect("b", NULL, "x\r\n\r\n--b\r\n\r\n--b--", true, "x\r\n<0><0.>");
    expect("b", NULL, "--b\n--b\n--b--\n", true, "<0><0><0.>");
    expect("b", NULL, "x\r--b\r\n", true, "x\r--b\r\n");
    expect("b", NULL, "x\r\r\n--b\r\n", true, "x\r<0>");
}

static void test_other_lines(void **state) {
    (void)state;
    expect("b", NULL, "-\n--\n-- \n--bb\n--b-\n--b --\n-b\n--B\n", true, "-\n--\n-- \n--bb\n--b-\n--b --\n-b\n--B\n");
    expect("b", NULL, "x\r\n-\r\n-\r\r\n--", true, "x\r\n-\r\n-\r\r\n--");
    expect("b", NULL, "\r", true, "\r");
    expect("b", NULL, "\n\n\n", true, "\n\n\n");
    expect("b", NULL, "", true, "");
}

static void test_blanks_behind_boundary(void **state) {
    (void)state;
    expect("b", NULL, "--b \t \r\n--b-- \n", true, "<0><0.>");
}

static void test_levels(void **state) {
    (void)state;
    expect("a", "ab", "--a\n--ab\n--ab--\n--a--\n--abc\n", true, "<0><1><1.><0.>--abc\n");
    expect("ab", "a", "--a\n--ab\n--ab--\n--a--\n", true, "<1><0><0.><1.>");
    expect("a", "a", "--a\n", true, "<1>"); /* the inner one of two that are the same */
    expect("a", "", "--a\n--\n", true, "<0>--\n");
}

static void test_unwanted_content(void **state) {
    (void)state;
    expect("b", NULL, "x-y--\n-\n--\n--b\n--c\n---\n\n--b--\nepilogue", false, "<0><0.>");
    expect("b", NULL, "x\r\n--b", false, "<0>");
}

static void test_line_too_long_for_boundary(void **state) {
    (void)state;
    char body[400] = "--b";
    memset(body + 3, ' ', 300);
    strcat(body, "\n--b\n");
    char expected[400];
    (void)snprintf(expected, sizeof expected, "%.*s<0>", 303, body);
    expect("b", NULL, body, true, expected);
}

static void test_gap(void **state) {
    (void)state;
    struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    enter(&scan, "b");
    record_len = 0;
    drain(&scan, SPAN_LITERAL("one\ntwo\n--"), false, true);
    mime_scan_gap(&scan);
    drain(&scan, SPAN_LITERAL("b\nlost"), false, true);
    drain(&scan, SPAN_LITERAL(" too\n--b\nthree"), true, true);
    /* The line end that was held is lost with the line behind it; "lost too" is a whole line again. */
    assert_string_equal(record, "one\ntwolost too<0>three");
}

static void test_too_many_levels(void **state) {
    (void)state;
    struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    for (int i = 0; i < LIMIT_MIME_DEPTH; i++) enter(&scan, "b");
    assert_false(mime_scan_enter(&scan, scan.levels[0]));
    assert_int_equal(scan.depth, LIMIT_MIME_DEPTH);
}

/* What cannot be put together is content, and the next line that lies in one piece is read again. */
static void test_no_memory(void **state) {
    (void)state;
    struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    enter(&scan, "b");
    counters = (struct counters){0};
    arena.blocks_max = 0;
    while (arena_alloc(&arena, 8) != NULL) continue;
    assert_null(mime_boundary_new(&arena, SPAN_LITERAL("b"), false));
    record_len = 0;
    drain(&scan, SPAN_LITERAL("one\n-"), false, true);
    drain(&scan, SPAN_LITERAL("-b\ntwo\n--b\n"), true, true);
    assert_string_equal(record, "one\n--b\ntwo<0>");
    assert_int_equal(counters.message_memory, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_end_belongs_to_boundary),
        cmocka_unit_test(test_other_lines),
        cmocka_unit_test(test_blanks_behind_boundary),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_unwanted_content),
        cmocka_unit_test(test_line_too_long_for_boundary),
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_too_many_levels),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
