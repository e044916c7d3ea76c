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

/* --- words that speak for many classes ---------------------------------------------------------------------------- */

/* Of classes c0 to c63, as many as rules can have; all others are strangers. */
static int number_of_64(const void *context, const char *name) {
    (void)context;
    return name[0] == 'c' ? atoi(name + 1) : -1;
}

/* A table of the first so many of these words, which speak for 5, 8, 9, 66 and 2 classes; s0 and s1 are strangers.
 * Before the first word c0 has 0.1, s1 -2, the others nothing; there is no class behind those that are spoken for. */
static struct bounce_words *load_many(unsigned word_count) {
    static const unsigned classes[] = {5, 8, 9, 64, 64};
    static const char *const words[] = {
        "  - {say: five, speaks: {c0: 0.5, c1: -0.25, c2: 1, c3: 0.125, c4: 2}}\n",
        "  - {say: eight, speaks: {c0: 1, c1: 1, c2: 1, c3: 3, c4: -1, c5: 0.5, c6: 0.25, c7: 1}}\n",
        "  - {say: nine, speaks: {c0: 0.1, c1: 0.1, c2: 0.1, c3: 0.1, c4: -1, c5: 0.1, c6: 0.1, c7: 0.1, c8: 2.5}}\n",
        "  - {say: many, speaks: {s0: 1.2, s1: 3",
        "  - {say: few, speaks: {c8: 0.3, s0: 4}}\n",
    };
    static char text[4096];
    struct problem problem;
    char *at = text + sprintf(text, "begin: {c0: 0.1");
    for (unsigned i = 1; i < classes[word_count - 1]; i++) at += sprintf(at, ", c%u: 0", i);
    at += sprintf(at, "%s}\nwords:\n", word_count > 3 ? ", s0: 0, s1: -2" : "");
    for (unsigned i = 0; i < word_count; i++) {
        at += sprintf(at, "%s", words[i]);
        for (unsigned k = 0; i == 3 && k < 64; k++)
            at += sprintf(at, ", c%u: %s", k, k == 0 ? "0.2" : k == 40 ? "1" : k == 63 ? "1.5" : "0.001");
        if (i == 3) at += sprintf(at, "}}\n");
    }
    struct bounce_words *loaded =
        bounce_words_load("words.yaml", span_from_string(text), number_of_64, NULL, false, &problem);
    if (loaded == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return loaded;
}

/* Whatever else the table has, and so however long its rows are. */
static void rows_are_added_up(void **state) {
    (void)state;
    static const struct {
        unsigned words; /* that the table must have */
        const char *text;
        int class_, of, next; /* which they speak for; of a class of the rules, which is the next one */
        double behind;
    } cases[] = {
        {1, "five", 4, 4, 2, 1},                           /* c4 2, c2 1 */
        {2, "eight", 3, 3, 0, 1.9},                        /* c3 3, c0 1.1 */
        {2, "five eight", 3, 3, 2, 1.125},                 /* c3 3.125, c2 2, c0 1.6, c4 1 */
        {3, "nine", 8, 8, 0, 2.3},                         /* c8 2.5, c0 0.2 */
        {3, "eight nine", 3, 3, 8, 0.6},                   /* c3 3.1, c8 2.5 */
        {3, "five nine", 8, 8, 2, 1.4},                    /* c8 2.5, c2 1.1, c4 1 */
        {4, "many", 63, 63, 40, 0.5},                      /* c63 1.5, s0 1.2, c40 1, s1 1 */
        {4, "many five", 4, 4, 63, 0.501},                 /* c4 2.001, c63 1.5, c2 1.001 */
        {4, "many nine eight five", 3, 3, 8, 0.725},       /* c3 3.226, c8 2.501, c2 2.101, c0 1.9, c4 0.001 */
        {5, "nine few", -1, 8, 0, 2.6},                    /* s0 4, c8 2.8, c0 0.2 */
        {5, "many few", -1, 63, 40, 0.5},                  /* s0 5.2, c63 1.5, c40 1 */
        {5, "few nine eight eight", -1, 3, 8, 0.3},        /* s0 4, c3 3.1, c8 2.8 */
        {5, "five few eight nine five", -1, 8, 3, -0.425}, /* s0 4, c3 3.225, c8 2.8 */
    };
    for (unsigned count = 1; count <= 5; count++) {
        struct bounce_words *words = load_many(count);
        for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            if (cases[i].words > count) continue;
            const struct reply_traits *traits = traits_of(STAGE_NONE, 550, cases[i].text);
            double behind = 0;
            if (bounce_words_class(words, traits) != cases[i].class_)
                fail_msg("%s, of %u words: %d", cases[i].text, count, bounce_words_class(words, traits));
            assert_int_equal(bounce_words_next(words, traits, (unsigned)cases[i].of, &behind), cases[i].next);
            assert_float_equal(behind, cases[i].behind, 1e-9);
        }
        bounce_words_free(words);
    }
}

static void rows_are_reasons(void **state) {
    (void)state;
    struct word_reason reasons[4];
    struct bounce_words *words = load_many(5);
    const struct reply_traits *traits = traits_of(STAGE_NONE, 550, "few five eight nine many");
    assert_int_equal(bounce_words_reasons(words, traits, 4, reasons, 4), 2); /* eight and nine speak against it */
    assert_float_equal(reasons[0].weight, 2, 1e-9);
    assert_int_equal(reasons[0].line, 3);
    assert_float_equal(reasons[1].weight, 0.001, 1e-9);
    assert_int_equal(reasons[1].line, 6);
    assert_int_equal(bounce_words_reasons(words, traits, 8, reasons, 4), 3);
    assert_float_equal(reasons[0].weight, 2.5, 1e-9);
    assert_int_equal(reasons[0].line, 5);
    assert_float_equal(reasons[1].weight, 0.3, 1e-9);
    assert_int_equal(reasons[1].line, 7);
    assert_int_equal(bounce_words_reasons(words, traits, 63, reasons, 4), 1);
    assert_float_equal(reasons[0].weight, 1.5, 1e-9);
    bounce_words_free(words);
}

/* Nothing speaks for a class that the table has not: behind the row of five lies that of eight, which has 3 there. */
static void classes_beyond_a_row(void **state) {
    (void)state;
    static const unsigned lengths[] = {8, 8, 16, 72, 72};
    for (unsigned count = 2; count <= 5; count++) {
        struct bounce_words *words = load_many(count);
        const struct reply_traits *traits = traits_of(STAGE_NONE, 550, "five");
        struct word_reason reasons[1];
        double behind = 7;
        static const unsigned beyond[] = {0, 3, 1000, 4000000000u};
        for (unsigned i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
            unsigned const class_ = lengths[count - 1] + beyond[i];
            assert_int_equal(bounce_words_reasons(words, traits, class_, reasons, 1), 0);
            assert_int_equal(bounce_words_next(words, traits, class_, &behind), -1);
        }
        assert_float_equal(behind, 7, 0);
        bounce_words_free(words);
    }
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
        cmocka_unit_test(rows_are_added_up),
        cmocka_unit_test(rows_are_reasons),
        cmocka_unit_test(classes_beyond_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
