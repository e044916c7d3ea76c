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
