/* Helpers for the tests of rules that have conditions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_RULE_CONDITION_BENCH_H
#define MAILSPAN_TEST_RULE_CONDITION_BENCH_H

#include "mailspan/rules.h"
#include "rule_text.h"

#define WHEN(name, condition) "  - {name: " name ", when: '" condition "', points: 1, description: d}\n"

static inline struct ruleset *load(const char *text, struct problem *problem) {
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    return ruleset_load(&source, 1, problem);
}

static inline struct ruleset *load_good(const char *text) {
    struct problem problem;
    struct ruleset *rules = load(text, &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return rules;
}

static inline void assert_hits(const struct ruleset *rules, const struct facts *facts, const char *expected) {
    struct rule_hits hits;
    ruleset_hits(rules, NULL, facts, &hits);
    assert_int_equal(ruleset_count(rules), strlen(expected));
    for (unsigned i = 0; i < ruleset_count(rules); i++)
        if (rule_hit(&hits, i) != (expected[i] == '1')) fail_msg("rule %u of %s", i, expected);
}

#endif
