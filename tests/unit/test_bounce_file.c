/* Files of bounce classes: what is refused, and where.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/bounce.h"

static void assert_refused(const char *text, unsigned line, unsigned column, const char *what) {
    struct problem problem;
    assert_null(bounce_rules_load("b.yaml", span_from_string(text), &problem));
    if (problem.line != line || problem.column != column || strstr(problem.what, what) == NULL)
        fail_msg("expected %u:%u: %s, got %u:%u: %s", line, column, what, problem.line, problem.column, problem.what);
}

#define FIRST "classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n"

static void refuses_with_the_place(void **state) {
    (void)state;
    assert_refused("", 1, 1, "unclassified");
    assert_refused("classes:\n  - {name: other, fault: unknown, hard: true, weight: 1}\n", 2, 12, "unclassified");
    assert_refused(FIRST "  - {name: a, fault: nobody, hard: true, weight: 1}\n", 3, 22, "recipient");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 2}\n", 3, 48, "");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true}\n", 3, 5, "weight");
    assert_refused(FIRST "  - {name: unclassified, fault: list, hard: true, weight: 1}\n", 3, 12, "already");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, enhanced: [x.1]}\n", 3, 62, "5.1.1");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, codes: [250]}\n", 3, 59, "550");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, codes: [550 noon]}\n", 3, 59, "550");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, enhanced: [x.1.1, 5.1.1, x.1.1]}\n", 3, 76,
                   "this code stands in line 3 already, of class 'a'; expected it once");
    assert_refused(FIRST
                   "  - {name: a, fault: list, hard: true, weight: 1, enhanced: [x.1.*]}\n"
                   "  - {name: b, fault: list, hard: true, weight: 1, enhanced: [x.1.1, x.1.*]}\n",
                   4, 69, "this code stands in line 3 already, of class 'a'");
    assert_refused(FIRST
                   "  - {name: a, fault: list, hard: true, weight: 1, codes: [550 rcpt, 550, 550 mail]}\n"
                   "  - {name: b, fault: list, hard: true, weight: 1, codes: [5yz, 550 rcpt]}\n",
                   4, 64, "this code stands in line 3 already, of class 'a'");
    assert_refused(FIRST "texts:\n  - class: b\n    match: x\n    example: y\n", 4, 12, "no class");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: 'x('\n    example: y\n", 5, 15, "character 3");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: x\n", 4, 5, "example");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: x\n    stage: noon\n    example: y\n", 6, 12,
                   "expected a stage");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: x\n    stage: ''\n    example: y\n", 6, 12,
                   "expected a stage");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: x\n    receiver: no\n    example: y\n", 6, 15,
                   "no receiver of this name");
    assert_refused(FIRST "texts:\n  - section: a\n    receiver: no\n    texts: []\n", 5, 15, "no receiver");
    assert_refused(FIRST "texts:\n  - section: a\n", 4, 5, "texts");
    assert_refused(FIRST "texts:\n  - section: a\n    texts:\n      - section: b\n        texts: []\n", 6, 9,
                   "section");
    assert_refused(FIRST "blocklists:\n  - {name: a}\n", 4, 5, "match");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, example: y}\n", 4, 25, "example");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, url: example.org/remove}\n", 4, 30, "https://");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, url: 'javascript:a()'}\n", 4, 30, "https://");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, url: 'https://'}\n", 4, 30, "a host");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, url: 'https:///x'}\n", 4, 30, "a host");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, url: 'https://a.example/b c'}\n", 4, 30, "https://");
    assert_refused(FIRST "blocklists:\n  - {name: a, match: x, advice: []}\n", 4, 33, "");
    assert_refused(FIRST "receivers:\n  - a\n", 4, 5, "expected a receiver");
    assert_refused(FIRST "receivers:\n  - name: a\n    match: x\n", 4, 5, "example");
    assert_refused(FIRST "receivers:\n  - name: a\n    match: 'x('\n    example: y\n", 5, 15, "character 3");
}

#define NAME_47 "abcdefghijklmnopqrstuvwxyz_0123456789_012345678"

/* Classes are told in lines, metrics and file names: as rules are. */
static void names_and_advice_are_plain(void **state) {
    (void)state;
    struct problem problem;
    struct bounce_rules *rules = bounce_rules_load(
        "b.yaml",
        SPAN_LITERAL(FIRST "  - {name: " NAME_47 ", fault: list, hard: true, weight: 1}\n"
                           "  - {name: b, fault: list, hard: true, weight: 1, advice: 'Warte: grüße'}\n"
                           "receivers:\n  - {name: 163, match: x, example: x}\n"
                           "blocklists:\n  - {name: The List, match: x, advice: Ask nobody}\n"),
        &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    bounce_rules_free(rules);
    static const char *const names[] = {"''", "No_Such", "a b", "a-b", "ä", "'a\"b'", "\"a\\nb\"", NAME_47 "9"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, FIRST "  - {name: %s, fault: list, hard: true, weight: 1}\n", names[i]);
        assert_refused(text, 3, 12, "expected a name of up to 47 small letters, digits and '_'");
    }
    static const char *const advice[] = {"''", "' '", "5", "1.5", "\"a\\nb\"", "\"a\\tb\""};
    for (unsigned i = 0; i < sizeof advice / sizeof advice[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, FIRST "  - {name: a, fault: list, hard: true, weight: 1, advice: %s}\n",
                       advice[i]);
        assert_refused(text, 3, 59, "expected one line of text");
        (void)snprintf(text, sizeof text, FIRST "blocklists:\n  - {name: a, match: x, advice: %s}\n", advice[i]);
        assert_refused(text, 4, 33, "expected one line of text");
    }
    assert_refused(FIRST "blocklists:\n  - {name: '', match: x}\n", 4, 12, "expected one line of text");
    assert_refused(FIRST "receivers:\n  - {name: \"a\\nb\", match: x, example: x}\n", 4, 12, "expected one line");
}

/* What stands there is told, beside what should. */
static void refuses_with_the_value(void **state) {
    (void)state;
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, enhanced: ['5.1']}\n", 3, 62,
                   "'5.1'; expected an enhanced code such as 5.1.1");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1, codes: [650]}\n", 3, 59,
                   "'650'; expected a code and a stage: 550, 5yz");
    assert_refused(FIRST "texts:\n  - class: unclassified\n    match: x\n    stage: to\n    example: y\n", 6, 12,
                   "'to'; expected a stage: greeting, mail");
    assert_refused(FIRST "texts:\n  - class: b\n    match: x\n    example: y\n", 4, 12, "'b'; there is no class");
    assert_refused(FIRST "texts:\n  - section: a\n    receiver: no\n    texts: []\n", 5, 15,
                   "'no'; there is no receiver");
    assert_refused(FIRST "  - {name: a, fault: list, hard: true, weight: 1e-3}\n", 3, 48,
                   "'1e-3'; expected a number from 0 to 1, without an exponent");
}

static void says_which_limit(void **state) {
    (void)state;
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", FIRST);
    for (unsigned i = 1; i < 65; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "  - {name: c%u, fault: list, hard: true, weight: 1}\n", i);
    assert_refused(text, 66, 5, "one class more than the 64 that a file may have");
    used = (size_t)snprintf(text, sizeof text, "%sblocklists:\n", FIRST);
    for (unsigned i = 0; i < 65; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "  - {name: l%u, match: x%u}\n", i, i);
    assert_refused(text, 68, 5, "one blocklist more than the 64 that a file may have");
}

static void empty_sections_say_nothing(void **state) {
    (void)state;
    assert_refused(FIRST "texts:\n  - section: a\n    texts: []\n", 5, 12, "expected at least one text");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_advice_are_plain), cmocka_unit_test(refuses_with_the_value),
        cmocka_unit_test(says_which_limit),           cmocka_unit_test(empty_sections_say_nothing),
        cmocka_unit_test(refuses_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
