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

static void drain(struct mime_scan *scan, struct span input, bool end, enum scan_want want) {
    struct span content;
    enum scan_result result;
    while ((result = mime_scan_next(scan, &input, end, want, &content)) != SCAN_STARVED) {
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

static void expect(const char *outer, const char *inner, const char *body, enum scan_want want, const char *expected) {
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
            drain(&scan, piece.bytes, false, want);
            guard_free(&piece);
        }
        drain(&scan, SPAN_EMPTY, true, want);
        if (strcmp(record, expected) != 0)
            fail_msg("\"%s\" in pieces of %zu: got \"%s\", expected \"%s\"", body, cut, record, expected);
    }
}

static void test_line_end_belongs_to_boundary(void **state) {
    (void)state;
    expect("b", NULL, "x\r\n--b\r\ny\n--b--\n", SCAN_WANT_CONTENT, "x<0>y<0.>");
    expect("b", NULL, "x\r\n\r\n--b\r\n\r\n--b--", SCAN_WANT_CONTENT, "x\r\n<0><0.>");
    expect("b", NULL, "--b\n--b\n--b--\n", SCAN_WANT_CONTENT, "<0><0><0.>");
    expect("b", NULL, "x\r--b\r\n", SCAN_WANT_CONTENT, "x\r--b\r\n");
    expect("b", NULL, "x\r\r\n--b\r\n", SCAN_WANT_CONTENT, "x\r<0>");
}

static void test_other_lines(void **state) {
    (void)state;
    expect("b", NULL, "-\n--\n-- \n--bb\n--b-\n--b --\n-b\n--B\n", SCAN_WANT_CONTENT,
           "-\n--\n-- \n--bb\n--b-\n--b --\n-b\n--B\n");
    expect("b", NULL, "x\r\n-\r\n-\r\r\n--", SCAN_WANT_CONTENT, "x\r\n-\r\n-\r\r\n--");
    expect("b", NULL, "\r", SCAN_WANT_CONTENT, "\r");
    expect("b", NULL, "\n\n\n", SCAN_WANT_CONTENT, "\n\n\n");
    expect("b", NULL, "", SCAN_WANT_CONTENT, "");
}

static void test_blanks_behind_boundary(void **state) {
    (void)state;
    expect("b", NULL, "--b \t \r\n--b-- \n", SCAN_WANT_CONTENT, "<0><0.>");
}

static void test_levels(void **state) {
    (void)state;
    expect("a", "ab", "--a\n--ab\n--ab--\n--a--\n--abc\n", SCAN_WANT_CONTENT, "<0><1><1.><0.>--abc\n");
    expect("ab", "a", "--a\n--ab\n--ab--\n--a--\n", SCAN_WANT_CONTENT, "<1><0><0.><1.>");
    expect("a", "a", "--a\n", SCAN_WANT_CONTENT, "<1>"); /* the inner one of two that are the same */
    expect("a", "", "--a\n--\n", SCAN_WANT_CONTENT, "<0>--\n");
}

static void test_unwanted_content(void **state) {
    (void)state;
    expect("b", NULL, "x-y--\n-\n--\n--b\n--c\n---\n\n--b--\nepilogue", SCAN_WANT_NOTHING, "<0><0.>");
    expect("b", NULL, "x\r\n--b", SCAN_WANT_NOTHING, "<0>");
}

/* All of it goes by as it stands, and the line end before a boundary, too. */
static void test_passed_content(void **state) {
    (void)state;
    expect("b", NULL, "x-y--\n-\n--c\n--b\n--c\r\n---\n\n--b--\r\nepilogue", SCAN_WANT_PASSED,
           "x-y--\n-\n--c\n<0>--c\r\n---\n\n<0.>epilogue");
    expect("b", NULL, "x\r\n-", SCAN_WANT_PASSED, "x\r\n-");
    expect("", NULL, "x\r\n--b\r\n", SCAN_WANT_PASSED, "x\r\n--b\r\n");
}

/* Where content was wanted up to here, the line end that was held goes by first. */
static void test_passed_behind_wanted(void **state) {
    (void)state;
    static const char *const ends[] = {"\r\n", "\n", "\r"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
        block_pool_init(&pool, memory, sizeof memory);
        arena_init(&arena, &pool, sizeof memory);
        enter(&scan, "b");
        record_len = 0;
        char text[16];
        (void)snprintf(text, sizeof text, "one%s", ends[i]);
        drain(&scan, span_from_string(text), false, SCAN_WANT_CONTENT);
        assert_string_equal(record, "one");
        drain(&scan, i == 2 ? SPAN_LITERAL("\n--b\n") : SPAN_LITERAL("--b\n"), true, SCAN_WANT_PASSED);
        assert_string_equal(record, i == 0 ? "one\r\n<0>" : i == 1 ? "one\n<0>" : "one\r\n<0>");
    }
}

static void test_line_too_long_for_boundary(void **state) {
    (void)state;
    char body[400] = "--b";
    memset(body + 3, ' ', 300);
    strcat(body, "\n--b\n");
    char expected[400];
    (void)snprintf(expected, sizeof expected, "%.*s<0>", 303, body);
    expect("b", NULL, body, SCAN_WANT_CONTENT, expected);
}

static void test_gap(void **state) {
    (void)state;
    struct mime_scan scan = {.arena = &arena, .counters = &counters, .line_start = true};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    enter(&scan, "b");
    record_len = 0;
    drain(&scan, SPAN_LITERAL("one\ntwo\n--"), false, SCAN_WANT_CONTENT);
    mime_scan_gap(&scan);
    drain(&scan, SPAN_LITERAL("b\nlost"), false, SCAN_WANT_CONTENT);
    drain(&scan, SPAN_LITERAL(" too\n--b\nthree"), true, SCAN_WANT_CONTENT);
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
    drain(&scan, SPAN_LITERAL("one\n-"), false, SCAN_WANT_CONTENT);
    drain(&scan, SPAN_LITERAL("-b\ntwo\n--b\n"), true, SCAN_WANT_CONTENT);
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
        cmocka_unit_test(test_passed_content),
        cmocka_unit_test(test_passed_behind_wanted),
        cmocka_unit_test(test_line_too_long_for_boundary),
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_too_many_levels),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
