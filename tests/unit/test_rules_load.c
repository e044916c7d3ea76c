/* Making rule sets of files: the built-in ones, several files, and rules that share what is compiled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/rules.h"
#include "rule_text.h"

static void the_built_in_files_load(void **state) {
    (void)state;
    struct problem problem;
    struct rules_source sources[] = {
        {RULE_CONTENT, "rules/content.yaml", test_file("rules/content.yaml")},
        {RULE_SETUP, "rules/setup.yaml", test_file("rules/setup.yaml")},
    };
    struct ruleset *rules = ruleset_load(sources, 2, &problem);
    if (rules == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    unsigned groups[2] = {0, 0};
    for (unsigned i = 0; i < ruleset_count(rules); i++) {
        const struct rule *rule = ruleset_rule(rules, i);
        groups[rule->group]++;
        if (rule->points != 0 && rule->advice == NULL) fail_msg("%s says nobody what to change", rule->name);
        if (!rule->critical && rule->group == RULE_CONTENT) assert_true(rule->points < 5);
    }
    assert_true(groups[RULE_CONTENT] >= 12 && groups[RULE_SETUP] >= 10);
    ruleset_free(rules);
    for (size_t i = 0; i < 2; i++) free((void *)(uintptr_t)sources[i].text.data);
}

/* A rule of one file asks for one of another; two look at one header, and one of these at another, too. */
static void several_files_are_one_set(void **state) {
    (void)state;
    struct problem problem;
    struct rules_source sources[] = {
        {RULE_CONTENT, "one.yaml",
         span_from_string("rules:\n"
                          "  - {name: A, look_at: [header X, header Y], match: a, points: 1, description: d}\n"
                          "  - {name: B, look_at: header x, match: b, points: 1, description: d}\n")},
        {RULE_SETUP, "two.yaml", span_from_string("rules: [{name: BOTH, when: A and B, points: 2, description: d}]\n")},
    };
    struct ruleset *rules = ruleset_load(sources, 2, &problem);
    if (rules == NULL) fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    assert_int_equal(ruleset_count(rules), 3);
    assert_int_equal(ruleset_rule(rules, 2)->group, RULE_SETUP);
    assert_false(ruleset_wants_body(rules));
    struct arena arena;
    struct counters counters = {0};
    struct facts facts = {{0}};
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    struct rule_scan *scan = rule_scan_begin(rules, &arena, &counters);
    struct mail_item y = {.type = MAIL_HEADER, .name = SPAN_LITERAL("Y"), .value = SPAN_LITERAL("ab")};
    rule_scan_header(scan, &y);
    assert_true(rule_scan_fired(scan, 0) && !rule_scan_fired(scan, 1));
    y.name = SPAN_LITERAL("X");
    rule_scan_header(scan, &y);
    rule_scan_facts(scan, &facts);
    assert_true(rule_scan_fired(scan, 1) && rule_scan_fired(scan, 2));
    rule_scan_end(scan);
    arena_reset(&arena);
    ruleset_free(rules);
}

static void only_some_targets_lie_behind_the_headers(void **state) {
    (void)state;
    static const struct {
        const char *look;
        bool behind;
    } cases[] = {{"header X", false}, {"headers", false}, {"body", true},
                 {"raw", true},       {"uri", true},      {"mime X", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        struct problem problem;
        (void)snprintf(text, sizeof text, "rules: [{name: A, look_at: %s, match: a, points: 1, description: d}]\n",
                       cases[i].look);
        struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
        struct ruleset *rules = ruleset_load(&source, 1, &problem);
        assert_non_null(rules);
        assert_int_equal(ruleset_wants_body(rules), cases[i].behind);
        ruleset_free(rules);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_files_load),
        cmocka_unit_test(several_files_are_one_set),
        cmocka_unit_test(only_some_targets_lie_behind_the_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
