/* Words as numbers: where they stand at once, and byte by byte, say the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/word_hash.h"

static uint64_t byte_by_byte(const char *word) {
    struct word_bytes bytes = {0};
    for (const char *c = word; *c != '\0'; c++) word_bytes_add(&bytes, ascii_lower((uint8_t)*c));
    return word_bytes_hash(&bytes);
}

static void reads_letters_at_once(void **state) {
    (void)state;
    static const char letters[] = "TheQuickbrownfo";
    for (size_t len = 0; len < sizeof letters; len++) {
        static const char behind[] = {' ', '@', '[', '`', '{', '0', '-', '\0', '\n', '\xc3', '\xe1', '\xff'};
        for (size_t i = 0; i < sizeof behind; i++) {
            char text[WORD_LANE_BYTES];
            memset(text, 'x', sizeof text);
            memcpy(text, letters, len);
            text[len] = behind[i];
            struct guarded copy = guard_copy(span_of(text, sizeof text));
            struct letter_run const run = letter_run_of(copy.bytes);
            guard_free(&copy);
            text[len] = '\0';
#ifdef __SSE2__
            assert_int_equal(run.len, len);
            assert_true(len == 0 || run.hash == byte_by_byte(text));
#else
            assert_int_equal(run.len, 0);
#endif
        }
    }
}

static void leaves_the_rest_to_be_read_byte_by_byte(void **state) {
    (void)state;
    static const char *const none[] = {"", "a", "fifteen letters", "sixteenlettersxx"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct guarded copy = guard_copy(span_from_string(none[i]));
        assert_int_equal(letter_run_of(copy.bytes).len, 0);
        guard_free(&copy);
    }
}

static void words_differ(void **state) {
    (void)state;
    static const char *const words[] = {"a",
                                        "b",
                                        "ab",
                                        "ba",
                                        "abcdefghijklmnop",
                                        "abcdefghijklmnopq",
                                        "abcdefghijklmnopqrstuvwxyzabcdef",
                                        "abcdefghijklmnopqrstuvwxyzabcdeg",
                                        "bbcdefghijklmnopqrstuvwxyzabcdef"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t j = 0; j < i; j++) assert_true(byte_by_byte(words[i]) != byte_by_byte(words[j]));
    assert_true(byte_by_byte("Word") == byte_by_byte("wORD"));
}

static void knows_whether_there_is_a_letter(void **state) {
    (void)state;
    struct word_bytes bytes = {0};
    assert_false(word_bytes_any(&bytes));
    for (unsigned i = 0; i < 3 * WORD_LANE_BYTES + 1; i++) {
        word_bytes_add(&bytes, 'a');
        assert_true(word_bytes_any(&bytes));
    }
    word_bytes_end(&bytes);
    assert_false(word_bytes_any(&bytes));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_letters_at_once),
        cmocka_unit_test(leaves_the_rest_to_be_read_byte_by_byte),
        cmocka_unit_test(words_differ),
        cmocka_unit_test(knows_whether_there_is_a_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
