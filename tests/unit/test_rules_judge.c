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

/* Without content: what is always so, and what the envelope says, through other rules, too. */
static void messages_without_content_ask_less(void **state) {
    (void)state;
    struct ruleset *rules = load_good(
        "rules:\n" WHEN("CONTENT", "urls > 1") WHEN("ENVELOPE", "null_sender") WHEN("BOTH", "ENVELOPE and not CONTENT")
            WHEN("NEVER", "CONTENT or html_only") WHEN("ALWAYS", "not CONTENT") WHEN("FURTHER", "ALWAYS and parts == 0")
                WHEN("SIZE", "body_bytes > 5") WHEN("SOURCE", "source_messages == 0"));
    static const char *const expected[] = {"00001100", "01101100", "00001110", "01101110"};
    for (unsigned i = 0; i < 4; i++) {
        struct facts facts = {{0}};
        struct rule_hits hits;
        facts.value[FACT_null_sender] = i & 1;
        facts.value[FACT_body_bytes] = i > 1 ? 6 : 0;
        assert_hits(rules, &facts, expected[i]);
        ruleset_bare_hits(rules, &facts, &hits);
        for (unsigned rule = 0; rule < ruleset_count(rules); rule++)
            assert_int_equal(rule_hit(&hits, rule), expected[i][rule] == '1');
    }
    ruleset_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_about_the_source_wait),
        cmocka_unit_test(messages_without_content_ask_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
