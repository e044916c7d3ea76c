/* Lines in any cut: the same lines, and nothing kept of one that is hushed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../decoders/smtp_internal.h"
#include "guard.h"
#include "pool_memory.h"

static struct arena_block memory[4];

struct lines {
    struct block_pool pool;
    struct arena arena;
    struct line_buffer buffer;
    unsigned count;
    char text[8][LIMIT_SMTP_LINE_BYTES + 1];
    bool cut[8], bare[8];
};

static void take(struct lines *lines, struct span input) {
    struct smtp_line line;
    while (smtp_line_take(&lines->buffer, &lines->arena, &input, &line)) {
        assert_true(line.text.len <= LIMIT_SMTP_LINE_BYTES);
        if (line.text.len > 0) memcpy(lines->text[lines->count], line.text.data, line.text.len);
        lines->text[lines->count][line.text.len] = 0;
        lines->cut[lines->count] = line.cut;
        lines->bare[lines->count++] = line.bare_newline;
    }
}

static struct lines read_lines(struct span input, size_t cut) {
    struct lines lines = {.count = 0};
    block_pool_init(&lines.pool, memory, sizeof memory);
    arena_init(&lines.arena, &lines.pool, sizeof memory);
    for (size_t at = 0; at < input.len; at += cut) {
        struct guarded piece = guard_copy(span_slice(input, at, cut));
        take(&lines, piece.bytes);
        guard_free(&piece);
    }
    return lines;
}

static void test_lines_in_every_cut(void **state) {
    (void)state;
    struct span input = SPAN_LITERAL("EHLO a\r\nNOOP\n\r\nx\ry\r\r\nrest");
    for (size_t cut = 1; cut <= input.len; cut++) {
        struct lines lines = read_lines(input, cut);
        assert_int_equal(lines.count, 4);
        assert_string_equal(lines.text[0], "EHLO a");
        assert_string_equal(lines.text[1], "NOOP");
        assert_string_equal(lines.text[2], "");
        assert_string_equal(lines.text[3], "x\ry\r");
        assert_false(lines.bare[0]);
        assert_true(lines.bare[1]);
        assert_false(lines.bare[2]);
    }
}

/* One byte less than the limit, the limit, and one more: CR and LF are not counted. */
static void test_long_lines(void **state) {
    (void)state;
    for (size_t length = LIMIT_SMTP_LINE_BYTES - 1; length <= LIMIT_SMTP_LINE_BYTES + 2; length++) {
        uint8_t bytes[LIMIT_SMTP_LINE_BYTES + 10];
        memset(bytes, 'a', length);
        memcpy(bytes + length, "\r\nb\n", 4);
        for (size_t cut = 1; cut < 1400; cut += 37) {
            struct lines lines = read_lines(span_of(bytes, length + 4), cut);
            assert_int_equal(lines.count, 2);
            assert_int_equal(lines.cut[0], length > LIMIT_SMTP_LINE_BYTES);
            assert_int_equal(strlen(lines.text[0]), length < LIMIT_SMTP_LINE_BYTES ? length : LIMIT_SMTP_LINE_BYTES);
            assert_string_equal(lines.text[1], "b");
            assert_false(lines.cut[1]);
        }
    }
}

static void test_hushed(void **state) {
    (void)state;
    struct lines lines = read_lines(SPAN_LITERAL("AUTH secret"), 100);
    smtp_line_hush(&lines.buffer, 4);
    assert_false(pool_holds(memory, sizeof memory, "secret"));
    take(&lines, SPAN_LITERAL("secret2\r\nQUIT\r\n"));
    assert_false(pool_holds(memory, sizeof memory, "secret2"));
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.text[0], "AUTH");
    assert_string_equal(lines.text[1], "QUIT");
}

static void test_no_memory(void **state) {
    (void)state;
    struct lines lines = {.count = 0};
    block_pool_init(&lines.pool, memory, 0);
    arena_init(&lines.arena, &lines.pool, 0);
    take(&lines, SPAN_LITERAL("QU"));
    take(&lines, SPAN_LITERAL("IT\r\nNOOP\r\n"));
    assert_int_equal(lines.count, 2);
    assert_true(lines.cut[0]);
    assert_string_equal(lines.text[1], "NOOP");
}

static void test_a_line_without_its_end(void **state) {
    (void)state;
    struct lines lines = read_lines(SPAN_LITERAL("a\r\n250 ok\r"), 100);
    assert_int_equal(lines.count, 1);
    struct smtp_line line = smtp_line_end(&lines.buffer);
    assert_true(span_equal(line.text, SPAN_LITERAL("250 ok")));
    assert_false(line.cut);
    assert_false(smtp_line_is_open(&lines.buffer));
    assert_int_equal(smtp_line_end(&lines.buffer).text.len, 0);
}

static struct smtp_line take_hushed(const char *first, const char *then) {
    static struct block_pool pool;
    struct arena arena;
    struct line_buffer buffer = {.len = 0};
    struct smtp_line line = {.cut = true};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    struct span input = span_from_string(first);
    assert_false(smtp_line_take(&buffer, &arena, &input, &line));
    smtp_line_hush(&buffer, 0);
    input = span_from_string(then);
    assert_true(smtp_line_take(&buffer, &arena, &input, &line));
    assert_int_equal(line.text.len, 0);
    return line;
}

/* Nothing of it is kept, but how it ended. */
static void test_a_hushed_line_tells_its_end(void **state) {
    (void)state;
    assert_false(take_hushed("secret", "s\r\n").bare_newline);
    assert_true(take_hushed("secret", "s\n").bare_newline);
    assert_false(take_hushed("secret\r", "\n").bare_newline);
    assert_true(take_hushed("secret\r", "s\n").bare_newline);
    assert_false(take_hushed("secret", "\n").empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_in_every_cut),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_hushed),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_a_line_without_its_end),
        cmocka_unit_test(test_a_hushed_line_tells_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
