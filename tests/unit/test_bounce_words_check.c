/* Tables of words that do no harm, and cannot say what they are meant to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../scoring/bounce_words_check.h"
#include "mailspan/bounce.h"

/* Of classes a and b. */
static int number(const void *context, const char *name) {
    (void)context;
    return (name[0] == 'a' || name[0] == 'b') && name[1] == '\0' ? name[0] - 'a' : -1;
}

static void assert_refused(const char *text, unsigned line, unsigned column, const char *what) {
    struct problem problem;
    if (bounce_words_sound("words.yaml", span_from_string(text), number, NULL, &problem)) fail_msg("%s is taken", text);
    if (strstr(problem.what, what) == NULL || problem.line != line || problem.column != column)
        fail_msg("%s: %u:%u: %s", text, problem.line, problem.column, problem.what);
}

static void sound_ones(void **state) {
    (void)state;
    static const char *const texts[] = {
        "words: []\n",
        "begin: {a: 0, b: -1}\nwords:\n  - {say: full, speaks: {a: 1}}\n  - {say: h.h $, speaks: {b: 1, a: -1}}\n",
        "begin: {a: 0}\nwords:\n  - {say: mailb*, speaks: {a: 1}}\n  - {code: 550 rcpt, speaks: {a: 1}}\n",
        "begin: {a: 0}\nwords:\n  - {say: '9 $', speaks: {a: 1}}\n  - {say: 箱 满, speaks: {a: 1}}\n",
        "words:\n  - {say: full, speaks: {q: 1}}\n", /* no class */
        /* mistakes of form are another's */
        "- a\n",
        "words: {a: b}\n",
        "words: [a, [b], {say: [c]}, {speaks: d}]\n",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct problem problem;
        if (!bounce_words_sound("words.yaml", span_from_string(texts[i]), number, NULL, &problem))
            fail_msg("%s: %u:%u: %s", texts[i], problem.line, problem.column, problem.what);
    }
}

/* A person is told how a reply would be read. */
static void no_words(void **state) {
    (void)state;
    static const struct {
        const char *said;
        const char *read;
    } cases[] = {{"Full", "read as 'full'"},
                 {"'mail-box'", "read as 'mail box'"},
                 {"'mailbox  full'", "read as 'mailbox full'"},
                 {"'over quota limit'", "read as 'over quota limit'"},
                 {"'12345'", "read as '9'"},
                 {"user1234567", "read as '9x'"},
                 {"mx.example.com", "read as 'h.h'"},
                 {"'full.'", "read as 'full'"},
                 {"'!'", "read as ''"},
                 {"mailbo*", "read as 'mailbo'"}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "begin: {a: 0}\nwords:\n  - {say: %s, speaks: {a: 1}}\n", cases[i].said);
        assert_refused(text, 3, 11, cases[i].read);
        assert_refused(text, 3, 11,
                       "expected one word, two with one blank between, or five letters and a *, in lower case");
    }
}

static void classes_that_never_begin(void **state) {
    (void)state;
    assert_refused("words:\n  - {say: full, speaks: {a: 1}}\n", 2, 26, "'begin' does not name this class");
    assert_refused("begin: {a: 0}\nwords:\n  - {say: full, speaks: {a: 1}}\n  - {code: 550, speaks: {a: 1, b: -1}}\n",
                   4, 32, "expected it there, as 'b: 0'");
    assert_refused("words: [\n", 2, 1, "");
}

/* In the rules: of a table that somebody wrote only. */
static void own_tables_are_checked(void **state) {
    (void)state;
    static const struct span rules_text =
        SPAN_LITERAL("classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n");
    static const struct span words = SPAN_LITERAL("words:\n  - {say: full, speaks: {unclassified: 1}}\n");
    struct problem problem;
    struct bounce_rules *rules = bounce_rules_load("b.yaml", rules_text, &problem);
    assert_non_null(rules);
    assert_false(bounce_rules_add_words(rules, "words.yaml", words, true, &problem));
    assert_non_null(strstr(problem.what, "never meant"));
    assert_true(bounce_rules_add_words(rules, "words.yaml", words, false, &problem));
    bounce_rules_free(rules);
}

static void strangers_are_named(void **state) {
    (void)state;
    static const struct span rules_text = SPAN_LITERAL(
        "classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"
        "  - {name: full, fault: recipient, hard: false, weight: 0}\n");
    static const struct span words = SPAN_LITERAL("begin: {gone: 0, full: 1, late: 0, unclassified: -1, spam: 2}\n");
    struct problem problem;
    char names[64];
    struct bounce_rules *rules = bounce_rules_load("b.yaml", rules_text, &problem);
    assert_non_null(rules);
    assert_int_equal(bounce_rules_strangers(rules, words, names, sizeof names), 3);
    assert_string_equal(names, "gone, late, spam");
    assert_int_equal(bounce_rules_strangers(rules, words, names, 12), 3);
    assert_string_equal(names, "gone, late");
    assert_int_equal(bounce_rules_strangers(rules, SPAN_LITERAL("begin: {full: 0}\n"), names, sizeof names), 0);
    assert_string_equal(names, "");
    assert_int_equal(bounce_rules_strangers(rules, SPAN_LITERAL("words: [\n"), names, sizeof names), 0);
    bounce_rules_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_ones),
        cmocka_unit_test(no_words),
        cmocka_unit_test(classes_that_never_begin),
        cmocka_unit_test(own_tables_are_checked),
        cmocka_unit_test(strangers_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
