/* Rules that ask for rules: in which order they are judged, whose circle is refused, and which ones wait for the
 * source.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/rules.h"
#include "rule_text.h"

#define WHEN(name, condition) "  - {name: " name ", when: '" condition "', points: 1, description: d}\n"

static struct ruleset *load(const char *text, struct problem *problem) {
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    return ruleset_load(&source, 1, problem);
}

static struct ruleset *load_good(const char *text) {
    struct problem problem;
    struct ruleset *rules = load(text, &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    return rules;
}

static void assert_hits(const struct ruleset *rules, const struct facts *facts, const char *expected) {
    struct rule_hits hits;
    ruleset_hits(rules, NULL, facts, &hits);
    assert_int_equal(ruleset_count(rules), strlen(expected));
    for (unsigned i = 0; i < ruleset_count(rules); i++)
        if (rule_hit(&hits, i) != (expected[i] == '1')) fail_msg("rule %u of %s", i, expected);
}

static void rules_about_the_source_wait(void **state) {
    (void)state;
    struct ruleset *rules =
        load_good("rules:\n" WHEN("CAMPAIGN", "source_messages > 10 and PLAIN") WHEN("PLAIN", "not list_unsubscribe")
                      WHEN("BOTH", "CAMPAIGN and HTML") WHEN("HTML", "html_only") WHEN("OTHER", "urls"));
    struct facts facts = {{0}};
    facts.value[FACT_source_messages] = 11; /* nobody would know it here */
    assert_hits(rules, &facts, "01000");
    assert_true(ruleset_has_source_rules(rules));
    struct rule_hits hits;
    facts.value[FACT_html_only] = 1;
    facts.value[FACT_urls] = 1;
    ruleset_hits(rules, NULL, &facts, &hits);
    uint64_t const carried = ruleset_carried(rules, &hits);
    assert_int_equal(ruleset_carried_count(rules), 2);
    assert_true(carried == 3); /* PLAIN and HTML; nobody asks for OTHER */
    struct facts about = {{0}};
    about.value[FACT_source_messages] = 11;
    ruleset_source_hits(rules, &about, carried, &hits);
    assert_true(rule_hit(&hits, 0) && rule_hit(&hits, 2) && !rule_hit(&hits, 1) && !rule_hit(&hits, 3));
    ruleset_source_hits(rules, &about, ruleset_carried_rule(rules, 0) == 1 ? 1 : 2, &hits);
    assert_true(rule_hit(&hits, 0) && !rule_hit(&hits, 2));
    about.value[FACT_source_messages] = 10;
    ruleset_source_hits(rules, &about, carried, &hits);
    assert_false(rule_hit(&hits, 0) || rule_hit(&hits, 2));
    ruleset_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_about_the_source_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
