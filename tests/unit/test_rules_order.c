/* Rules that ask for rules: in which order they are judged, whose circle is refused, and which ones wait for the
 * source.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_condition_bench.h"

/* A asks for B, which asks for C, which stand in this order; D asks for none. */
static void a_rule_waits_for_those_behind_it(void **state) {
    (void)state;
    struct ruleset *rules = load_good("rules:\n" WHEN("A", "B and not D") WHEN("B", "C + C > 1") WHEN("C", "urls > 3")
                                          WHEN("D", "tls") WHEN("E", "count(A, B, C, D) == 3"));
    struct facts facts = {{0}};
    assert_hits(rules, &facts, "00000");
    facts.value[FACT_urls] = 4;
    assert_hits(rules, &facts, "11101");
    facts.value[FACT_tls] = 1;
    assert_hits(rules, &facts, "01111");
    assert_false(ruleset_has_source_rules(rules));
    ruleset_free(rules);
}

static void a_circle_is_refused(void **state) {
    (void)state;
    static const char *const circles[] = {
        "rules:\n" WHEN("FINE", "tls") WHEN("A", "A"),
        "rules:\n" WHEN("A", "B") WHEN("B", "not A"),
        "rules:\n" WHEN("BEFORE", "A") WHEN("A", "B") WHEN("B", "C") WHEN("C", "tls or B"),
    };
    for (size_t i = 0; i < sizeof circles / sizeof circles[0]; i++) {
        struct problem problem;
        assert_null(load(circles[i], &problem));
        if (strstr(problem.what, "asks for itself") == NULL || strncmp(problem.what, "BEFORE", 6) == 0)
            fail_msg("%s", problem.what);
    }
}

/* The second line's condition begins in column 21. */
static void an_unknown_name_is_refused_with_its_place(void **state) {
    (void)state;
    struct problem problem;
    assert_null(load("rules:\n" WHEN("A", "tls and Z"), &problem));
    assert_int_equal(problem.line, 2);
    assert_int_equal(problem.column, 22 + 8);
    assert_non_null(strstr(problem.what, "no fact or rule"));
}

static void facts_of_both_are_refused(void **state) {
    (void)state;
    struct problem problem;
    assert_null(load("rules:\n" WHEN("A", "source_messages > 10 and urls"), &problem));
    assert_non_null(strstr(problem.what, "urls is a fact of the message"));
    static char text[70 * 100] = "rules:\n";
    char row[100], all[500] = "";
    for (unsigned i = 0; i <= RULE_CARRIED_MAX; i++) {
        (void)snprintf(row, sizeof row, WHEN("R%u", "urls > %u"), i, i);
        strcat(text, row);
        (void)snprintf(row, sizeof row, " + R%u", i);
        strcat(all, row);
    }
    strcat(text, "  - {name: ALL, when: 'source_messages");
    strcat(text, all);
    strcat(text, " > 5', points: 1, description: d}\n");
    assert_null(load(text, &problem));
    assert_non_null(strstr(problem.what, "at most 64"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_waits_for_those_behind_it),
        cmocka_unit_test(a_circle_is_refused),
        cmocka_unit_test(an_unknown_name_is_refused_with_its_place),
        cmocka_unit_test(facts_of_both_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
