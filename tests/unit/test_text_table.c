/* Columns for people, and what of the wire may reach a terminal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "publish/text_table.h"

static void escaped(struct span text, size_t characters, const char *expected) {
    char to[TEXT_CELL_BYTES];
    assert_string_equal(text_escape(to, sizeof to, text, characters), expected);
}

static void hostile_text_is_escaped(void **state) {
    (void)state;
    escaped(SPAN_LITERAL("plain"), 80, "plain");
    escaped(SPAN_EMPTY, 80, "");
    escaped(SPAN_LITERAL("\x1b]0;owned\x07\r\n\0"), 80, "\\x1b]0;owned\\x07\\x0d\\x0a\\x00");
    escaped(SPAN_LITERAL("\x7f \xff"), 80, "\\x7f \\xff");
    escaped(SPAN_LITERAL("\xc2\x9b"
                         "2J"),
            80, "\\u{009b}2J"); /* C1 */
    escaped(SPAN_LITERAL("\xe2\x80\xae"
                         "moc"),
            80, "\\u{202e}moc"); /* right to left */
    escaped(SPAN_LITERAL("a\xe2\x80\x8b"
                         "b"),
            80, "a\\u{200b}b"); /* zero width */
    escaped(SPAN_LITERAL("gr\xc3\xbc\xc3\x9f"), 80, "gr\xc3\xbc\xc3\x9f");
}

static void cut_with_an_ellipsis(void **state) {
    (void)state;
    char small[8];
    escaped(SPAN_LITERAL("abcdef"), 6, "abcdef");
    escaped(SPAN_LITERAL("abcdef"), 5, "abcde\xe2\x80\xa6");
    escaped(SPAN_LITERAL("abcd\x1b"), 6, "abcd\xe2\x80\xa6"); /* an escape is never cut in two */
    assert_string_equal(text_escape(small, sizeof small, SPAN_LITERAL("abcdefghij"), 80), "abcd\xe2\x80\xa6");
}

static void never_beyond_its_room(void **state) {
    (void)state;
    char to[64];
    uint8_t bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)i;
    for (size_t capacity = 4; capacity < sizeof to; capacity++) {
        for (size_t from = 0; from < sizeof bytes; from++) {
            memset(to, '#', sizeof to);
            text_escape(to, capacity, span_of(bytes + from, sizeof bytes - from), 1000);
            assert_true(strlen(to) < capacity);
            assert_int_equal(to[capacity], '#');
        }
    }
}

static void columns_line_up(void **state) {
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    static struct text_row rows[2];
    struct text_table table = {
        .columns = 3, .titles = {"name", "count", "end"}, .right = {false, true, false}, .indent = "> "};
    strcpy(rows[0].cells[0], "\xc3\xbc");
    strcpy(rows[0].cells[1], "7");
    strcpy(rows[0].cells[2], "x");
    strcpy(rows[1].cells[0], "longer");
    strcpy(rows[1].cells[1], "1234567");
    strcpy(rows[1].note, "a note");
    rows[1].colour = "31";
    text_table_print(file, &table, rows, 2);
    fflush(file);
    assert_string_equal(text,
                        "> name      count  end\n"
                        "> \xc3\xbc             7  x\n"
                        "> longer  1234567  \n"
                        ">     a note\n");
    table.coloured = true;
    text_table_print(file, &table, rows, 2);
    fflush(file);
    assert_non_null(strstr(text, "\033[31mlonger"));
    fclose(file);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_is_escaped),
        cmocka_unit_test(cut_with_an_ellipsis),
        cmocka_unit_test(never_beyond_its_room),
        cmocka_unit_test(columns_line_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
