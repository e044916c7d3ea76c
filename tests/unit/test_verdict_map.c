/* Rules and bounce classes found again by their names: moved, gone, new, and over several renewals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/verdict.h"

struct side {
    struct ruleset *rules;
    struct bounce_rules *bounces;
};

/* names: "A B C"; a class of each name in lower case stands behind "unclassified". */
static struct side side_of(const char *names) {
    char rules[1024] = "rules:\n",
         classes[1024] = "classes:\n  - {name: unclassified, fault: unknown, hard: true, weight: 1}\n";
    char name[16];
    int length;
    for (; sscanf(names, " %15[A-Z]%n", name, &length) == 1; names += length) {
        size_t at = strlen(rules);
        (void)snprintf(rules + at, sizeof rules - at,
                       "  - {name: %s, when: 'recipients > 0', points: 1, description: d}\n", name);
        at = strlen(classes);
        for (char *c = name; *c != '\0'; c++) *c = (char)(*c + ('a' - 'A'));
        (void)snprintf(classes + at, sizeof classes - at, "  - {name: %s, fault: list, hard: true, weight: 1}\n", name);
    }
    if (strchr(rules, '-') == NULL) (void)snprintf(rules, sizeof rules, "rules: []\n");
    struct problem problem;
    struct rules_source source = {RULE_SETUP, "rules", span_from_string(rules)};
    struct side side = {ruleset_load(&source, 1, &problem),
                        bounce_rules_load("bounces", span_from_string(classes), &problem)};
    if (side.rules == NULL || side.bounces == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return side;
}

static void side_free(struct side *side) {
    ruleset_free(side->rules);
    bounce_rules_free(side->bounces);
}

static struct verdict_map map_between(const char *old_names, const char *new_names) {
    struct side old = side_of(old_names), new = side_of(new_names);
    struct verdict_map map;
    verdict_map_make(&map, old.rules, old.bounces, new.rules, new.bounces);
    side_free(&old);
    side_free(&new);
    return map;
}

static void moved_and_gone(void **state) {
    (void)state;
    struct verdict_map map = map_between("ONE TWO THREE", "ZERO THREE ONE");
    assert_int_equal(verdict_map_rule(&map, 0), 2);
    assert_int_equal(verdict_map_rule(&map, 1), VERDICT_NO_RULE);
    assert_int_equal(verdict_map_rule(&map, 2), 1);
    assert_int_equal(verdict_map_rule(&map, 3), VERDICT_NO_RULE); /* none was there */
    assert_int_equal(verdict_map_rule(&map, VERDICT_NO_RULE), VERDICT_NO_RULE);
    assert_false(verdict_map_changes_nothing(&map));
    struct verdict verdict = {.rule_count = 3, .rules = {2, 1, 0}, .bounce_class = 3, .content_points = 3};
    verdict_map_apply(&map, &verdict);
    assert_int_equal(verdict.rule_count, 2);
    assert_int_equal(verdict.rules[0], 1); /* THREE, still the first */
    assert_int_equal(verdict.rules[1], 2);
    assert_int_equal(verdict.rules[2], 0);
    assert_int_equal(verdict.bounce_class, 2); /* three */
    assert_true(verdict.content_points == 3);
    assert_int_equal(verdict.unnamed_count, 1); /* TWO */
    assert_true(verdict.unnamed_points == 1);
    verdict = (struct verdict){.bounce_class = 2}; /* two */
    verdict_map_apply(&map, &verdict);
    assert_int_equal(verdict.bounce_class, 0);
}

static void nothing_changes(void **state) {
    (void)state;
    struct verdict_map map = map_between("ONE TWO", "ONE TWO");
    assert_true(verdict_map_changes_nothing(&map));
    map = map_between("ONE TWO", "ONE TWO THREE");
    assert_true(verdict_map_changes_nothing(&map));
    map = map_between("", "ONE");
    assert_true(verdict_map_changes_nothing(&map));
    map = map_between("ONE", "");
    assert_false(verdict_map_changes_nothing(&map));
}

/* What was gone in between stays away. */
static void over_two_renewals(void **state) {
    (void)state;
    struct verdict_map map = map_between("A B C", "C A"), next = map_between("C A", "B A C");
    verdict_map_follow(&map, &next);
    assert_int_equal(verdict_map_rule(&map, 0), 1);
    assert_int_equal(verdict_map_rule(&map, 1), VERDICT_NO_RULE);
    assert_int_equal(verdict_map_rule(&map, 2), 2);
    struct verdict verdict = {.bounce_class = 3}; /* c: 3 of three, 1 of two, 3 of three */
    verdict_map_apply(&map, &verdict);
    assert_int_equal(verdict.bounce_class, 3);
    verdict.bounce_class = 2; /* b */
    verdict_map_apply(&map, &verdict);
    assert_int_equal(verdict.bounce_class, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moved_and_gone),
        cmocka_unit_test(nothing_changes),
        cmocka_unit_test(over_two_renewals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
