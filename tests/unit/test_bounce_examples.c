/* Examples of bounce rules: each must be known by what it stands at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mailspan/bounce.h"

#define HEAD                                                              \
    "classes:\n"                                                          \
    "  - {name: unclassified, fault: unknown, hard: true, weight: 0.5}\n" \
    "receivers:\n"                                                        \
    "  - {name: one, match: 'esmtp one', example: mx.example.com ESMTP One}\n"

static void assert_holds(const char *more) {
    struct problem problem;
    struct bounce_rules *rules = bounce_rules_load("b.yaml", span_from_string(more), &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    bounce_rules_free(rules);
}

static void assert_refused(const char *text, unsigned line, unsigned column, const char *what) {
    struct problem problem;
    assert_null(bounce_rules_load("b.yaml", span_from_string(text), &problem));
    if (strstr(problem.what, what) == NULL) fail_msg("%s, expected %s", problem.what, what);
    assert_int_equal(problem.line, line);
    assert_int_equal(problem.column, column);
}

static void those_that_hold(void **state) {
    (void)state;
    assert_holds(HEAD);
    assert_holds(HEAD
                 "texts:\n"
                 "  - {class: unclassified, match: 'gone', only: 5yz, example: '550 5.1.1 a: is Gone'}\n"
                 "  - {class: unclassified, match: 'gone', only: 4yz, example: 450 gone}\n"
                 "  - {class: unclassified, match: 'go away', stage: mail, example: 450 go away}\n"
                 "  - {class: unclassified, match: 'away', receiver: one, example: 550 go away}\n"
                 "  - {class: unclassified, match: '(?<!go )away', example: 550 far away}\n"); /* by PCRE2 */
}

static void texts_that_do_not(void **state) {
    (void)state;
    const char *texts[] = {
        HEAD "texts:\n  - class: unclassified\n    match: gone\n    example: 550 go\n",
        HEAD "texts:\n  - class: unclassified\n    match: gone\n    only: 4yz\n    example: 550 gone\n",
        HEAD "texts:\n  - class: unclassified\n    match: gone\n    example: gone\n",
        HEAD "texts:\n  - class: unclassified\n    match: gone\n    example: 250 gone\n",
        HEAD "texts:\n  - class: unclassified\n    match: a@b\n    example: 550 a@b\n", /* mailboxes say nothing */
        HEAD "texts:\n  - class: unclassified\n    match: mx.example\n    example: 550 mx.example.org says no\n",
        HEAD "texts:\n  - class: unclassified\n    match: '550 gone'\n    example: 550 gone\n",
        HEAD
        "texts:\n  - class: unclassified\n    match: '(?<!x)5\\.1\\.1'\n    example: 550 5.1.1 gone\n", /* by PCRE2 */
        /* it would be known by a text further down: that is not before it */
        HEAD
        "texts:\n  - class: unclassified\n    match: gone\n    only: 5yz\n    example: 450 gone\n"
        "  - {class: unclassified, match: gone, example: 450 gone}\n",
        HEAD
        "texts:\n  - class: unclassified\n    match: gone$\n    example: 550 "
        "0123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 "
        "0123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 gone\n",
    };
    assert_refused(texts[0], 8, 14, "does not fit the expression beside it");
    assert_refused(texts[1], 9, 14, "is no 4yz reply, as 'only' beside it says; expected one");
    assert_refused(texts[2], 8, 14, "refuses nothing; expected a reply such as");
    assert_refused(texts[3], 8, 14, "refuses nothing; expected a reply such as");
    assert_refused(texts[4], 8, 14, "by a mailbox alone; in place of each an expression sees x@x");
    assert_refused(texts[5], 8, 14,
                   "by a host name alone; in place of each that is not in a link an expression sees h.h");
    assert_refused(texts[6], 8, 14, "by its code alone");
    assert_refused(texts[7], 8, 14, "by its code alone");
    assert_refused(texts[8], 9, 14, "is no 5yz reply, as 'only' beside it says; expected one");
    assert_refused(texts[9], 8, 14, "too far behind; an expression sees the first 200 bytes");
    assert_refused(HEAD
                   "texts:\n  - {class: unclassified, match: gone, example: 550 gone}\n"
                   "  - {class: unclassified, match: is gone, example: 550 is gone}\n",
                   7, 52, "fits line 6 before the expression beside it");
}

/* It would be all that the rest of the file is not first for. */
static void texts_that_fit_everything(void **state) {
    (void)state;
    static const char *const all[] = {".",       ".+",  "^.",  "[^x]",  "(?<!x).", "\\S",
                                      "\\w|\\W", ".*.", "\\w", "[a-z]", " ",       "e"};
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       HEAD "texts:\n  - class: unclassified\n    match: '%s'\n    example: 550 gone\n", all[i]);
        assert_refused(text, 7, 12, "fits every text");
    }
    assert_holds(HEAD
                 "texts:\n  - {class: unclassified, match: '^.{1,3}$', example: 550 no}\n"
                 "  - {class: unclassified, match: 'o', example: 550 gone}\n"
                 "  - {class: unclassified, match: '[^ -~]', example: 550 ääää}\n");
}

static void greetings_that_do_not(void **state) {
    (void)state;
    assert_refused(HEAD "  - {name: two, match: 'two', example: mx.example.com ESMTP One}\n", 5, 40,
                   "fits line 4 before the expression beside it");
    assert_refused(HEAD "  - {name: two, match: 'two', example: mx.example.com}\n", 5, 40, "does not fit");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_hold),
        cmocka_unit_test(texts_that_do_not),
        cmocka_unit_test(texts_that_fit_everything),
        cmocka_unit_test(greetings_that_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
