/* Files of bounce classes: what is refused, and where.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
