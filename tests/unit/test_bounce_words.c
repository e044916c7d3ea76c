/* The table of words: its file, and what it says. The sums are worked out by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/bounce_words.h"
#include "mailspan/reply.h"

static const struct enhanced_code no_code = {0, 0, 0};

/* Of classes a, b, c. */
static int number(const void *context, const char *name) {
    (void)context;
    return name[0] >= 'a' && name[0] <= 'c' && name[1] == '\0' ? name[0] - 'a' : -1;
}

static struct bounce_words *load(const char *text, bool strict, struct problem *problem) {
    return bounce_words_load("words.yaml", span_from_string(text), number, NULL, strict, problem);
}

static const struct reply_traits *traits_of(enum stage stage, unsigned code, const char *text) {
    static struct reply_traits traits;
    struct smtp_reply const reply = {.code = (uint16_t)code, .text = span_from_string(text)};
    reply_traits_find(&(struct bounce_case){.stage = stage, .reply = &reply}, &no_code, &traits);
    return &traits;
}

static const char *const table =
    "enough: 0.5\n"
    "begin: {a: 0.1, b: -0.2}\n"
    "words:\n"
    "  - {say: full, speaks: {a: 0.4, b: 0.3}}\n"
    "  - {say: mailbox full, speaks: {a: 1}}\n"
    "  - {say: not yet, speaks: {b: 1.5, a: -0.5}}\n"
    "  - {code: 4yz, speaks: {b: 5}}\n"
    "  - {say: full $, speaks: {c: 9}}\n"
    "  - {say: '9', speaks: {a: 5}}\n";

static void sums_decide(void **state) {
    (void)state;
    struct problem problem;
    struct bounce_words *words = load(table, true, &problem);
    assert_non_null(words);
    static const struct {
        unsigned code;
        const char *text;
        int class_;
    } cases[] = {
        {550, "Mailbox full, sorry", 0}, /* a 1.5, b 0.1 */
        {550, "not yet full, sorry", 1}, /* a 0, b 1.6 */
        {550, "full, sorry", 0},         /* a 0.5, which is enough, b 0.1 */
        {550, "sorry", -1},              /* a 0.1: not enough, and no word is known */
        {450, "full, sorry", 1},         /* a 0.5, b 5.1 */
        {450, "sorry", -1},              /* b 4.8, but no word says so */
        {550, "12345", -1},              /* a 5.1, but a number alone says nothing */
        {550, "it is full", 0},          /* c has 9, but begin does not name it */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (bounce_words_class(words, traits_of(STAGE_NONE, cases[i].code, cases[i].text)) != cases[i].class_)
            fail_msg("%u %s", cases[i].code, cases[i].text);
    assert_string_equal(bounce_words_name(words), "words.yaml");
    bounce_words_free(words);
}

/* One word that happens to be in the table is no reason. */
static void words_alone_must_say_enough(void **state) {
    (void)state;
    struct problem problem;
    struct bounce_words *words = load(
        "said: 0.4\nbegin: {a: 1, b: 0}\nwords:\n"
        "  - {say: not, speaks: {a: 0.2}}\n  - {say: here, speaks: {a: 0.3, b: 9}}\n"
        "  - {say: full, speaks: {a: 0.4}}\n  - {code: '550', speaks: {a: 20}}\n",
        true, &problem);
    assert_non_null(words);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "full")), 0);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "not")), -1);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "not not")), -1); /* it counts once */
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "not here")), 0);
    bounce_words_free(words);
}

static void reasons_are_told(void **state) {
    (void)state;
    struct problem problem;
    struct bounce_words *words = load(table, true, &problem);
    struct word_reason reasons[3];
    assert_non_null(words);
    const struct reply_traits *traits = traits_of(STAGE_NONE, 550, "mailbox full, not yet full");
    /* For a: mailbox full 1, and full 0.4, though it is said twice; "not yet" speaks against it. */
    assert_int_equal(bounce_words_reasons(words, traits, 0, reasons, 3), 2);
    assert_float_equal(reasons[0].weight, 1, 1e-9);
    assert_int_equal(reasons[0].line, 5);
    assert_float_equal(reasons[1].weight, 0.4, 1e-9);
    assert_int_equal(reasons[1].line, 4);
    assert_int_equal(bounce_words_reasons(words, traits, 0, reasons, 1), 1);
    assert_int_equal(reasons[0].line, 5);
    assert_int_equal(bounce_words_reasons(words, traits, 1, reasons, 3), 2);
    assert_int_equal(reasons[0].line, 6);
    assert_int_equal(bounce_words_reasons(words, traits, 2, reasons, 0), 0);
    double behind = 0;
    assert_int_equal(bounce_words_next(words, traits, 1, &behind), 0); /* a 1, b 1.6; c is never meant */
    assert_float_equal(behind, 0.6, 1e-9);
    bounce_words_free(words);
}

static void classes_that_there_are_not(void **state) {
    (void)state;
    const char *text = "begin: {a: 0, z: 1}\nwords:\n  - {say: x, speaks: {z: 3, a: 1}}\n";
    struct problem problem;
    assert_null(load(text, true, &problem));
    assert_int_equal(problem.line, 1);
    assert_string_equal(problem.what, "there is no class of this name; expected one of the bounce rules");
    struct bounce_words *words = load(text, false, &problem);
    assert_non_null(words);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "x")), -1); /* z has 4, a has 1 */
    bounce_words_free(words);
    words = load("begin: {a: 0, z: -3}\nwords:\n  - {say: x, speaks: {z: 3, a: 1}}\n", false, &problem);
    assert_non_null(words);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "x")), 0); /* z has 0 */
    bounce_words_free(words);
}

/* A word counts once, and a class for which no word speaks is none. */
static void said_twice(void **state) {
    (void)state;
    struct problem problem;
    struct bounce_words *words =
        load("begin: {a: 0, b: 0.7}\nwords:\n  - {say: x, speaks: {a: 0.6}}\n  - {say: q, speaks: {a: -1}}\n", true,
             &problem);
    assert_non_null(words);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "x x x")), -1); /* b has 0.7, and no word */
    bounce_words_free(words);
    words = load("begin: {a: 0, b: 0}\nwords:\n  - {say: x, speaks: {a: 0.6}}\n  - {say: q, speaks: {b: 1}}\n", true,
                 &problem);
    assert_non_null(words);
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "x x x q")), 1); /* a has 0.6 */
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "x x x")), 0);
    bounce_words_free(words);
}

static void mistakes_have_a_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
        const char *what; /* a part of it */
    } cases[] = {
        {"- a\n", 1, 1, "expected 'words:'"},
        {"begin: {a: 0}\n", 1, 1, "expected 'words:', a list"},
        {"words: {}\n", 1, 1, "expected 'words:', a list"},
        {"word: []\n", 1, 1, "unknown key 'word'"},
        {"enough: much\nwords: []\n", 1, 9, "expected a number"},
        {"said: much\nwords: []\n", 1, 7, "expected a number"},
        {"begin: [a]\nwords: []\n", 1, 8, "expected classes, each with a number"},
        {"begin: {a: x}\nwords: []\n", 1, 12, "expected a number"},
        {"words:\n  - full\n", 2, 5, "expected a word: say or code, and speaks"},
        {"words:\n  - {say: full}\n", 2, 5, "expected either say or code, and speaks"},
        {"words:\n  - {say: full, code: '550', speaks: {a: 1}}\n", 2, 5, "expected either say or code"},
        {"words:\n  - {say: a b c, speaks: {a: 1}}\n", 2, 11,
         "expected one word, two with one blank between, or five letters and a *"},
        {"words:\n  - {code: '250', speaks: {a: 1}}\n", 2, 12, "expected a code: 550, 5yz"},
        {"words:\n  - {say: full, speaks: [a]}\n", 2, 25, "expected classes, each with a weight"},
        {"words:\n  - {say: full, speaks: {}}\n", 2, 25, "for no class; expected at least one"},
        {"words:\n  - {say: full, speaks: {a: 31}}\n", 2, 29, "expected a number from -30 to 30"},
        {"words:\n  - {say: full, speaks: {q: 1}}\n", 2, 26, "there is no class of this name"},
        {"words:\n  - {say: full, speaks: {a: 1}}\n  - {say: full, speaks: {b: 1}}\n", 3, 11, "stands above already"},
        {"words: [\n", 2, 1, ""},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem;
        struct bounce_words *words = load(cases[i].text, true, &problem);
        if (words != NULL) fail_msg("%s was read", cases[i].text);
        if (strstr(problem.what, cases[i].what) == NULL || problem.line != cases[i].line ||
            problem.column != cases[i].column)
            fail_msg("%s: %u:%u: %s", cases[i].text, problem.line, problem.column, problem.what);
    }
}

/* All that is in the table is found again, however full it is. */
static void many_words(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    char *text = malloc(COUNT * 64 + 64), *at = text;
    struct problem problem;
    assert_non_null(text);
    at += sprintf(at, "begin: {a: 0, b: 0}\nwords:\n");
    for (unsigned i = 0; i < COUNT; i++)
        at += sprintf(at, "  - {say: q%c%c%c, speaks: {%s: 1}}\n", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676,
                      i % 3 == 0 ? "b" : "a");
    struct bounce_words *words = load(text, true, &problem);
    assert_non_null(words);
    for (unsigned i = 0; i < COUNT; i++) {
        char word[8];
        (void)sprintf(word, "q%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
        assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, word)), i % 3 == 0 ? 1 : 0);
    }
    assert_int_equal(bounce_words_class(words, traits_of(STAGE_NONE, 550, "qzzz")), -1);
    bounce_words_free(words);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_decide),
        cmocka_unit_test(words_alone_must_say_enough),
        cmocka_unit_test(reasons_are_told),
        cmocka_unit_test(classes_that_there_are_not),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(many_words),
        cmocka_unit_test(said_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
