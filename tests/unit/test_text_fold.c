/* Folded text: white space, what has no width, and any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/text_fold.h"
#include "guard.h"
#include "rule_text.h"

static size_t fold_all(struct span text, size_t step, uint32_t seed, size_t room, char *out) {
    struct text_fold fold = {0};
    size_t used = 0;
    while (text.len > 0) {
        struct span piece = span_head(text, test_cut(step, &seed));
        text = span_from(text, piece.len);
        struct guarded copy = guard_copy(piece);
        struct span left = copy.bytes;
        while (left.len > 0) {
            struct guarded target = guard_copy(span_of("................................................", room));
            size_t len = text_fold(&fold, &left, target.memory + (target.bytes.data - target.memory), room);
            memcpy(out + used, target.bytes.data, len);
            used += len;
            guard_free(&target);
        }
        guard_free(&copy);
    }
    used += text_fold_end(&fold, (uint8_t *)out + used);
    out[used] = '\0';
    return used;
}

static void assert_folds(const char *text, const char *expected) {
    char out[2000];
    static size_t const steps[] = {SIZE_MAX, 1, 2, 3, 8, 0, 0, 0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (size_t room = TEXT_FOLD_ROOM_BYTES; room < 40; room += 7) {
            (void)fold_all(span_from_string(text), steps[i], (uint32_t)i, room, out);
            assert_string_equal(out, expected);
        }
    }
}

static void folds_white_space(void **state) {
    (void)state;
    assert_folds("", "");
    assert_folds("one", "one");
    assert_folds("next\r\nof   kin", "next of kin");
    assert_folds("  begin and end \r\n", "begin and end");
    assert_folds("one\r\n\r\ntwo\n\n\n\nthree\nfour \n \n five", "one\ntwo\nthree four\nfive");
    assert_folds("a b  c\td \t e", "a b c d e");
    assert_folds("a longer line of words that go on, and on.  Two blanks; one tab\there",
                 "a longer line of words that go on, and on. Two blanks; one tab here");
    assert_folds("abcdefg  hijklmn", "abcdefg hijklmn"); /* the two blanks lie on both sides of 8 bytes */
    assert_folds("abcdefgh  ijklmno p", "abcdefgh ijklmno p");
}

/* Text is copied in blocks of 16 bytes: what is special lies before, on and behind their edges. */
static void folds_at_the_edges_of_blocks(void **state) {
    (void)state;
    assert_folds("0123456789abcdef\r\nghi", "0123456789abcdef ghi");
    assert_folds("0123456789abcde\r\nfghi", "0123456789abcde fghi");
    assert_folds("0123456789abcde \r\nfghi", "0123456789abcde fghi");
    assert_folds("0123456789abcde  fghi", "0123456789abcde fghi");
    assert_folds("0123456789abcdef\r\n\r\nghi", "0123456789abcdef\nghi");
    assert_folds("0123456789abcdef\n ghi", "0123456789abcdef ghi");
    assert_folds("0123456789abcdef\r\n\xc2\xa0ghi", "0123456789abcdef ghi");
    assert_folds("0123456789abcdef\r\n\xc3\xa9t\xc3\xa9", "0123456789abcdef \xc3\xa9t\xc3\xa9");
    assert_folds("0123456789abcdef\rghi\n", "0123456789abcdef ghi");
    assert_folds("0123456789abcdef\n\x01ghi\x7f", "0123456789abcdef \x01ghi\x7f");
    assert_folds("a b c d e f g h i j k l m n o p\r\nq r s t u v w x y z  ",
                 "a b c d e f g h i j k l m n o p q r s t u v w x y z");
}

static void leaves_out_what_has_no_width(void **state) {
    (void)state;
    assert_folds(
        "vi\xc2\xad"
        "ag\xe2\x80\x8b"
        "ra",
        "viagra"); /* U+00AD, U+200B */
    assert_folds(
        "\xef\xbb\xbfstart\xe2\x80\x8d\xe2\x81\xa0\xcd\x8f"
        "end",
        "startend"); /* U+FEFF U+200D U+2060 U+034F */
    assert_folds(
        "a\xc2\xa0\xe2\x80\x83\xe3\x80\x80"
        "b",
        "a b"); /* U+00A0 U+2003 U+3000 */
    assert_folds("100\xe2\x82\xac \xc3\xa9t\xc3\xa9 \xe2\x80\x94 \xc2\xa9",
                 "100\xe2\x82\xac \xc3\xa9t\xc3\xa9 \xe2\x80\x94 \xc2\xa9");
}

/* Letters beyond ASCII go on a run; what may vanish ends it, wherever in a block of 16 bytes it lies. */
static void leaves_it_out_at_any_place_of_a_block(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *seen;
    } characters[] = {{"\xc2\xad", ""},      {"\xcd\x8f", ""},   {"\xe2\x80\x8b", ""},     {"\xef\xbb\xbf", ""},
                      {"\xe3\x80\x80", " "}, {"\xc2\xa0", " "},  {"\xc2\xa9", "\xc2\xa9"}, {"\xd0\x96", "\xd0\x96"},
                      {"\x01", "\x01"},      {"\x1f\t", "\x1f "}};
    static const char letters[] = "\xc3\xa9\xd1\x8f\xf0\x9f\x98\x80t\xc3\xa9q u\xc3\xa9 0123456789abcdef";
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        for (size_t pad = 0; pad < 20; pad++) {
            char text[200] = "", expected[200] = "";
            memset(text, 'x', pad);
            memset(expected, 'x', pad);
            const char *const text_parts[] = {letters, characters[i].bytes, letters};
            const char *const expected_parts[] = {letters, characters[i].seen, letters};
            for (size_t part = 0; part < 3; part++) strcat(text, text_parts[part]);
            for (size_t part = 0; part < 3; part++) strcat(expected, expected_parts[part]);
            char out[sizeof text];
            (void)fold_all(span_from_string(text), SIZE_MAX, 0, 48, out);
            assert_string_equal(out, expected);
            (void)fold_all(span_from_string(text), 0, (uint32_t)pad, 39, out);
            assert_string_equal(out, expected);
        }
    }
}

static void keeps_bytes_that_are_no_characters(void **state) {
    (void)state;
    assert_folds("a\xe2\x80", "a\xe2\x80");
    assert_folds("a\xe2 b\xc2", "a\xe2 b\xc2");
    assert_folds("\xe2\xe2\x80\x8bx", "\xe2x");
    assert_folds(" \xef\xbb x", "\xef\xbb x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_white_space),
        cmocka_unit_test(folds_at_the_edges_of_blocks),
        cmocka_unit_test(leaves_out_what_has_no_width),
        cmocka_unit_test(leaves_it_out_at_any_place_of_a_block),
        cmocka_unit_test(keeps_bytes_that_are_no_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
