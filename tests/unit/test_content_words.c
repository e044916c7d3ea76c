/* Words that speak for spam: sums that a person can add up, in any cut, and what is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scoring/content_words.h"
#include "guard.h"
#include "rule_text.h"

static const char *const table =
    "begin: -1.5\n"
    "words:\n"
    "  - {say: 'offer', speaks: 1.25}\n"
    "  - {say: 'free offer', speaks: 2}\n"
    "  - {say: 'wrote', speaks: -0.75}\n"
    "  - {say: '$0', speaks: 0.1}\n";

static struct content_words *load(const char *text, struct problem *problem) {
    return content_words_load("words.yaml", span_from_string(text), problem);
}

static struct content_words *load_good(const char *text) {
    struct problem problem;
    struct content_words *words = load(text, &problem);
    if (words == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return words;
}

static void assert_sum(const struct content_words *words, const char *text, double expected) {
    for (size_t step = 1; step < 20; step++) {
        struct arena arena;
        struct said_words said = {.sum = 0};
        arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
        assert_true(said_words_sum(&said, words) == 0);
        for (size_t at = 0; at < strlen(text); at += step) {
            struct guarded copy = guard_copy(span_slice(span_from_string(text), at, step));
            assert_true(said_words_push(&said, words, &arena, copy.bytes));
            guard_free(&copy);
        }
        said_words_end(&said, words);
        double const sum = said_words_sum(&said, words);
        if (sum < expected - 0.001 || sum > expected + 0.001) fail_msg("%s: %f, expected %f", text, sum, expected);
        arena_reset(&arena);
    }
}

static void adds_each_word_once(void **state) {
    (void)state;
    struct content_words *words = load_good(table);
    assert_sum(words, "nothing of that", -1.5);
    assert_sum(words, "Offer", -0.25);
    assert_sum(words, "offer offer OFFER", -0.25);
    assert_sum(words, "a free offer of $100", -1.5 + 1.25 + 2 + 0.1);
    assert_sum(words, "he wrote: offer", -1.5 + 1.25 - 0.75);
    content_words_free(words);
}

static void names_the_strongest(void **state) {
    (void)state;
    struct content_words *words = load_good(table);
    struct arena arena;
    struct said_words said = {.sum = 0};
    struct said_word strongest[4];
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    assert_int_equal(said_words_strongest(&said, words, strongest, 4), 0);
    assert_true(said_words_push(&said, words, &arena, SPAN_LITERAL("he wrote of a free offer for $5 ")));
    said_words_end(&said, words);
    assert_int_equal(said_words_strongest(&said, words, strongest, 4), 3);
    assert_string_equal(strongest[0].word, "free offer");
    assert_string_equal(strongest[1].word, "offer");
    assert_string_equal(strongest[2].word, "$0");
    assert_true(strongest[1].weight == 1.25);
    assert_int_equal(said_words_strongest(&said, words, strongest, 2), 2);
    assert_string_equal(strongest[0].word, "free offer");
    assert_string_equal(strongest[1].word, "offer");
    assert_int_equal(said_words_strongest(&said, words, strongest, 1), 1);
    assert_string_equal(strongest[0].word, "free offer");
    arena_reset(&arena);
    content_words_free(words);
}

static void a_full_arena_is_told_once(void **state) {
    (void)state;
    struct content_words *words = load_good(table);
    struct arena arena;
    struct said_words said = {.sum = 0};
    arena_init(&arena, test_pool(), sizeof(struct arena_block));
    while (arena_alloc(&arena, 8) != NULL) {
    }
    assert_false(said_words_push(&said, words, &arena, SPAN_LITERAL("an offer ")));
    assert_true(said_words_push(&said, words, &arena, SPAN_LITERAL("offer ")));
    said_words_end(&said, words);
    assert_true(said_words_sum(&said, words) == -1.5);
    arena_reset(&arena);
    content_words_free(words);
}

static void assert_refused(const char *text, unsigned line, unsigned column, const char *what) {
    struct problem problem;
    assert_null(load(text, &problem));
    if (problem.line != line || problem.column != column || strstr(problem.what, what) == NULL)
        fail_msg("expected %u:%u: %s, got %u:%u: %s", line, column, what, problem.line, problem.column, problem.what);
}

static void refuses_with_the_place(void **state) {
    (void)state;
    assert_refused("", 1, 1, "no words");
    assert_refused("words: 5\n", 1, 8, "no words");
    assert_refused("words: [x]\n", 1, 9, "{say: WORD");
    assert_refused("words: [{say: x}]\n", 1, 9, "both of them");
    assert_refused("words: [{say: x, speaks: 1}]\n", 1, 15, "a word of 2 to 24");
    assert_refused("words: [{say: one two three, speaks: 1}]\n", 1, 15, "a word of 2 to 24");
    assert_refused("words: [{say: one, speaks: much}]\n", 1, 28, "");
    assert_refused("words: [{say: one, speaks: 21}]\n", 1, 28, "");
    assert_refused("words:\n- {say: one, speaks: 1}\n- {say: ONE, speaks: 1}\n", 3, 9, "twice");
    assert_refused("word: []\n", 1, 1, "word");
    struct content_words *words = load_good("words: []\n");
    assert_sum(words, "any", 0);
    content_words_free(words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_each_word_once),
        cmocka_unit_test(names_the_strongest),
        cmocka_unit_test(a_full_arena_is_told_once),
        cmocka_unit_test(refuses_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
