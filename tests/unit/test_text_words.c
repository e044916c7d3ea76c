/* Words of folded text, counted by hand: which there are, in any cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/text_words.h"
#include "guard.h"

#define FOUND_MAX 40

struct found {
    uint64_t hashes[FOUND_MAX];
    unsigned count;
};

static bool on_found(void *context, uint64_t hash) {
    struct found *found = context;
    assert_true(found->count < FOUND_MAX);
    found->hashes[found->count++] = hash;
    return true;
}

/* expected: words and pairs between "|", in the order in which they are complete. */
static void assert_words(const char *text, uint32_t bytes_max, const char *expected) {
    for (size_t step = 1; step <= 5; step++) {
        struct text_words words;
        struct found found = {.count = 0};
        text_words_begin(&words, bytes_max);
        for (size_t at = 0; at < strlen(text); at += step) {
            struct guarded copy = guard_copy(span_slice(span_from_string(text), at, step));
            text_words_push(&words, copy.bytes, on_found, &found);
            guard_free(&copy);
        }
        text_words_end(&words, on_found, &found);
        struct span left = span_from_string(expected);
        unsigned count = 0;
        for (; left.len > 0; count++) {
            struct span const word = span_head(left, span_find(left, '|'));
            left = span_from(left, word.len + 1);
            if (count >= found.count || found.hashes[count] != text_words_hash(word))
                fail_msg("%s, cut %zu: word %u is not %.*s", text, step, count, (int)word.len, (const char *)word.data);
        }
        if (count != found.count) fail_msg("%s: %u words, expected %u", text, found.count, count);
    }
}

static void finds_words_and_neighbours(void **state) {
    (void)state;
    assert_words("", 100, "");
    assert_words("Click HERE", 100, "click|here|click here");
    assert_words("click, here", 100, "click|here");
    assert_words("one\ntwo", 100, "one|two");
    assert_words("a free offer", 100, "free|offer|free offer"); /* one letter is no word, and parts its neighbours */
    assert_words("only $19.95!", 100, "only|$0|only $0|");      /* .95 is one 0, which is too short */
    assert_words("100% don't e-mail", 100, "0%|don't|0% don't|e-mail|don't e-mail");
    assert_words("win 1000000 euros", 100, "win|euros");
    assert_words("r2d2 x", 100, "r0d0");
    assert_words("caf\xc3\xa9 cr\xc3\xa8me", 100, "caf\xc3\xa9|cr\xc3\xa8me|caf\xc3\xa9 cr\xc3\xa8me");
    assert_words("abcdefghijklmnopqrstuvwx y", 100, "abcdefghijklmnopqrstuvwx");
    assert_words("abcdefghijklmnopqrstuvwxy and it", 100, "and|it|and it"); /* 25 letters */
}

static void looks_at_so_many_bytes(void **state) {
    (void)state;
    assert_words("one two three", 7, "one|two|one two");
    assert_words("one two three", 9, "one|two|one two"); /* "t" is left of the third */
    assert_words("one two three", 11, "one|two|one two|thr|two thr");
    assert_words("one two", 0, "");
}

static void what_is_no_word_has_no_hash(void **state) {
    (void)state;
    static const char *const none[] = {"",        "a",    "a b",  "one two three",
                                       "one,two", "one ", " one", "abcdefghijklmnopqrstuvwxy"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (text_words_hash(span_from_string(none[i])) != 0) fail_msg("'%s'", none[i]);
    assert_true(text_words_hash(SPAN_LITERAL("one two")) != text_words_hash(SPAN_LITERAL("two one")));
    assert_true(text_words_hash(SPAN_LITERAL("ONE")) == text_words_hash(SPAN_LITERAL("one")));
    assert_true(text_words_hash(SPAN_LITERAL("no 17")) == 0); /* one digit, for the table */
    assert_true(text_words_hash(SPAN_LITERAL("$17")) == text_words_hash(SPAN_LITERAL("$0")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_words_and_neighbours),
        cmocka_unit_test(looks_at_so_many_bytes),
        cmocka_unit_test(what_is_no_word_has_no_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
