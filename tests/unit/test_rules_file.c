/* Rule files: what is read, and what is refused with its place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailspan/rules.h"
#include "rule_text.h"

static struct ruleset *load(const char *text, struct problem *problem) {
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    return ruleset_load(&source, 1, problem);
}

static void assert_refused(const char *text, unsigned line, unsigned column, const char *what) {
    struct problem problem;
    assert_null(load(text, &problem));
    assert_string_equal(problem.file, "test.yaml");
    if (problem.line != line || problem.column != column || strstr(problem.what, what) == NULL)
        fail_msg("expected %u:%u: %s, got %u:%u: %s", line, column, what, problem.line, problem.column, problem.what);
}

static void reads_rules(void **state) {
    (void)state;
    struct problem problem;
    struct ruleset *rules = load(
        "rules:\n"
        "  - name: ONE\n"
        "    look_at: header X-Mailer\n"
        "    match: 'mass'\n"
        "    points: 1.5\n"
        "    description: first\n"
        "    advice: do this\n"
        "    severity: critical\n"
        "    tags: [a, b-c]\n"
        "  - name: __TWO\n"
        "    when: \"urls > 5 and not tls\"\n"
        "    points: 0\n"
        "    description: second\n",
        &problem);
    assert_non_null(rules);
    assert_int_equal(ruleset_count(rules), 2);
    const struct rule *rule = ruleset_rule(rules, 0);
    assert_string_equal(rule->name, "ONE");
    assert_int_equal(rule->look_count, 1);
    assert_int_equal(rule->looks[0].target, RULE_HEADER);
    assert_true(span_equal(rule->looks[0].header, SPAN_LITERAL("X-Mailer")));
    assert_true(rule->points == 1.5 && rule->critical && rule->group == RULE_CONTENT && rule->line == 2);
    assert_string_equal(rule->description, "first");
    assert_string_equal(rule->advice, "do this");
    assert_string_equal(rule->file, "test.yaml");
    rule = ruleset_rule(rules, 1);
    assert_int_equal(rule->look_count, 0);
    assert_null(rule->advice);
    assert_false(rule->critical);
    assert_null(ruleset_rule(rules, 2));
    assert_true(ruleset_memory_bytes(rules) > 0);
    ruleset_free(rules);
}

static void reads_targets(void **state) {
    (void)state;
    static const struct rule_look expected[] = {
        {RULE_HEADER, HEADER_DECODED, SPAN_LITERAL("Subject")},
        {RULE_HEADER, HEADER_RAW, SPAN_LITERAL("From")},
        {RULE_HEADER, HEADER_ADDRESS, SPAN_LITERAL("From")},
        {RULE_HEADER, HEADER_NAME, SPAN_LITERAL("Reply-To")},
        {RULE_HEADERS, HEADER_DECODED, SPAN_EMPTY},
        {RULE_BODY, HEADER_DECODED, SPAN_EMPTY},
        {RULE_RAW, HEADER_DECODED, SPAN_EMPTY},
        {RULE_MIME, HEADER_DECODED, SPAN_LITERAL("Content-Type")},
    };
    struct problem problem;
    struct ruleset *rules = load(
        "rules:\n"
        "  - name: ALL\n"
        "    look_at: [subject, 'header From:raw', header From:addr, header Reply-To:name, headers, body, raw,\n"
        "              mime Content-Type]\n"
        "    match: x\n"
        "    points: -0.5\n"
        "    description: d\n"
        "  - {name: __THERE, look_at: [header X-A, mime X-B], points: 0}\n"
        "  - {name: __LOOKS, look_at: [header From:skeleton, 'header To:name:skeleton'], match: x, points: 0}\n",
        &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    const struct rule *rule = ruleset_rule(rules, 0);
    assert_true(rule->points == -0.5);
    assert_int_equal(rule->look_count, RULE_LOOKS_MAX);
    for (unsigned i = 0; i < RULE_LOOKS_MAX; i++) {
        assert_int_equal(rule->looks[i].target, expected[i].target);
        assert_int_equal(rule->looks[i].form, expected[i].form);
        assert_true(span_equal(rule->looks[i].header, expected[i].header));
    }
    rule = ruleset_rule(rules, 1);
    assert_int_equal(rule->look_count, 2);
    assert_string_equal(rule->description, "");
    rule = ruleset_rule(rules, 2);
    assert_int_equal(rule->looks[0].form, HEADER_SKELETON);
    assert_true(span_equal(rule->looks[0].header, SPAN_LITERAL("From")));
    assert_int_equal(rule->looks[1].form, HEADER_NAME_SKELETON);
    assert_true(span_equal(rule->looks[1].header, SPAN_LITERAL("To")));
    ruleset_free(rules);
}

static void no_rules_must_be_said(void **state) {
    (void)state;
    struct problem problem;
    static const char *const cut_off[] = {"", "# What tells spam\n", "---\n"};
    for (size_t i = 0; i < sizeof cut_off / sizeof cut_off[0]; i++) {
        assert_null(load(cut_off[i], &problem));
        assert_string_equal(problem.what, "no rules; expected 'rules:', with [] behind it for none");
    }
    struct ruleset *rules = load("rules: []\n", &problem);
    assert_non_null(rules);
    assert_int_equal(ruleset_count(rules), 0);
    ruleset_free(rules);
}

#define BEGIN "rules:\n  - name: X\n"
#define END "    points: 1\n    description: d\n"

static void refuses_with_the_place(void **state) {
    (void)state;
    assert_refused("rules: 5\n", 1, 8, "list of rules");
    assert_refused("rule: []\n", 1, 1, "rule");
    assert_refused("rules:\n  - name: a b\n" END, 2, 11, "letters, digits");
    assert_refused("rules:\n  - points: 1\n", 2, 5, "'name'");
    assert_refused(BEGIN "    look_at: nose\n    match: x\n" END, 3, 14, "expected one of: header NAME");
    assert_refused(BEGIN "    look_at: header\n    match: x\n" END, 3, 14, "expected one of: header NAME");
    assert_refused(BEGIN "    look_at: body\n" END, 2, 5, "'match'");
    assert_refused(BEGIN "    look_at: body\n    match: x\n    when: tls\n" END, 5, 11, "either 'when'");
    assert_refused(BEGIN "    when: tls\n    points: -1001\n    description: d\n", 4, 13, "");
    assert_refused(BEGIN "    look_at: [body, nose]\n    match: x\n" END, 3, 21, "expected one of: header NAME");
    assert_refused(BEGIN "    look_at: []\n    match: x\n" END, 3, 14, "one target at least");
    assert_refused(BEGIN "    look_at: 'header A:b'\n    match: x\n" END, 3, 14, "expected one of: header NAME");
    assert_refused(BEGIN "    look_at: [header A, body]\n" END, 2, 5, "'match'");
    assert_refused(
        BEGIN "    look_at: [body, raw, uri, headers, subject, mime A, mime B, mime C, mime D]\n    match: x\n" END, 3,
        73, "at most 8");
    assert_refused("rules:\n  - name: urls\n    when: tls\n" END, 2, 11, "a fact has this name");
    assert_refused("rules:\n  - name: not\n    when: tls\n" END, 2, 11, "is not and, or, not, count");
    assert_refused("rules:\n  - name: count\n    when: tls\n" END, 2, 11, "is not and, or, not, count");
    assert_refused("rules:\n  - name: \"1A\"\n    when: tls\n" END, 2, 11, "begins with a letter");
    assert_refused(BEGIN "    when: tls\n    points: 1\n", 2, 5, "'description'");
    assert_refused(BEGIN "    when: tls\n    severity: huge\n" END, 4, 15, "critical");
    assert_refused(BEGIN "    when: tls\n    colour: red\n" END, 4, 5, "colour");
    assert_refused(BEGIN "    when: tls\n" END "  - name: X\n    when: tls\n" END, 6, 11, "test.yaml:2");
}

static void refuses_conditions_with_the_place(void **state) {
    (void)state;
    assert_refused(BEGIN "    when: urlz > 5\n" END, 3, 11, "no fact");
    assert_refused(BEGIN "    when: \"urls > 5 and urlz\"\n" END, 3, 25, "no fact");
    assert_refused(BEGIN "    when: urls > many\n" END, 3, 18, "no fact or rule");
    assert_refused(BEGIN "    when: urls => 5\n" END, 3, 16, "expected 'and'");
    assert_refused(BEGIN "    when: urls = 5\n" END, 3, 16, "expected 'and'");
    assert_refused(BEGIN "    when: tls and\n" END, 3, 18, "expected a fact");
    assert_refused(BEGIN "    when: X\n" END, 3, 11, "X asks for itself");
    assert_refused(BEGIN "    when: \"1\"\n" END, 3, 11, "always or never");
    assert_refused(BEGIN "    when: \"not (2 > 1)\"\n" END, 3, 11, "always or never");
}

static void refuses_what_says_nothing(void **state) {
    (void)state;
    assert_refused(BEGIN "    when: tls\n    points: 0\n    severity: critical\n", 5, 15, "points above 0");
    assert_refused(BEGIN "    when: tls\n    points: -1\n    description: d\n    severity: critical\n", 6, 15,
                   "points above 0");
    assert_refused(BEGIN "    when: tls\n    points: 0\n", 4, 13, "X has no points, and no rule asks for it");
    assert_refused(BEGIN "    look_at: [body, subject, body]\n    match: x\n" END, 3, 30, "twice");
    assert_refused(BEGIN "    look_at: [subject, header SUBJECT]\n    match: x\n" END, 3, 24, "twice");
    struct problem problem;
    struct ruleset *rules = load(
        "rules:\n"
        "  - {name: __PART, when: tls, points: 0}\n"
        "  - {name: ASKED, look_at: [header A, 'header A:raw', mime A], points: 0}\n"
        "  - {name: ASKS, when: ASKED, points: 1, description: d}\n",
        &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    ruleset_free(rules);
}

#define OF_SKELETON(expression) BEGIN "    look_at: [header A, header A:skeleton]\n    match: '" expression "'\n" END

/* The expression begins at column 13. */
static void refuses_capitals_for_skeletons(void **state) {
    (void)state;
    static const char *const good[] = {
        OF_SKELETON("pay[^A-Z]l"), OF_SKELETON("(?i)PayPal"), OF_SKELETON("[A-Za-z]b"), OF_SKELETON("\\Wpay\\B\\w"),
        OF_SKELETON("\\x4Apay"),   OF_SKELETON("\\p{Lu}b"),   OF_SKELETON("[\\Wb]"),
    };
    assert_refused(OF_SKELETON("payPal"), 4, 13 + 3, "capital");
    assert_refused(OF_SKELETON("pay[A-Z]"), 4, 13 + 4, "capital");
    assert_refused(OF_SKELETON("a[]b]\\x{e4}P"), 4, 13 + 11, "capital");
    assert_refused(BEGIN "    look_at: header A:name:skeleton\n    match: 'X'\n" END, 4, 13, "capital");
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct problem problem;
        struct ruleset *rules = load(good[i], &problem);
        if (rules == NULL) fail_msg("%s: %s", good[i], problem.what);
        ruleset_free(rules);
    }
}

/* 'a(b' with its quote at column 12: the missing bracket is noticed where the fourth character would stand. */
static void refuses_expressions_with_the_place(void **state) {
    (void)state;
    assert_refused(BEGIN "    look_at: body\n    match: 'a(b'\n" END, 4, 12 + 4, "character 4");
    assert_refused(BEGIN "    look_at: body\n    match: 'it''s [z-a]'\n" END, 4, 22, "range out of order");
    assert_refused(BEGIN "    look_at: body\n    match: \"\\\\d(b\"\n" END, 4, 18, "character 5");
    assert_refused(BEGIN "    look_at: body\n    match: *x\n" END, 4, 12, "");
    assert_refused(BEGIN "    look_at: body\n    match: 'x*'\n" END, 4, 12, "empty");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rules),
        cmocka_unit_test(reads_targets),
        cmocka_unit_test(no_rules_must_be_said),
        cmocka_unit_test(refuses_with_the_place),
        cmocka_unit_test(refuses_conditions_with_the_place),
        cmocka_unit_test(refuses_what_says_nothing),
        cmocka_unit_test(refuses_capitals_for_skeletons),
        cmocka_unit_test(refuses_expressions_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
