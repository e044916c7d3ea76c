/* Conditions: what they come to, worked out by hand, and what is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../scoring/rule_condition.h"

/* A file that holds nothing but the condition. */
static bool read_text(const char *text, struct condition *condition, struct problem *problem) {
    char yaml[8192];
    (void)snprintf(yaml, sizeof yaml, "when: '%s'\n", text);
    struct span const source = span_from_string(yaml);
    struct expression_file file = {yaml_document_load("test.yaml", source, problem), source, false};
    if (file.document == NULL) fail_msg("%s", problem->what);
    bool const fine = condition_read(&file, yaml_get(yaml_document_root(file.document), "when"), condition, problem);
    yaml_document_free(file.document);
    return fine;
}

/* Names a, b, c ... stand for facts of values 0, 1, 2 ... */
static bool holds(const char *text) {
    struct condition condition;
    struct problem problem;
    struct facts facts = {{0}};
    if (!read_text(text, &condition, &problem)) fail_msg("%s: %u: %s", text, problem.column, problem.what);
    for (unsigned i = 0; i < 26; i++) facts.value[i] = i;
    for (unsigned i = 0; i < condition.count; i++) {
        struct condition_step *step = &condition.steps[i];
        if (step->op != CONDITION_NAME) continue;
        assert_true(step->number == 1);
        step->op = CONDITION_FACT;
        step->index = (uint32_t)(text[step->index] - 'a');
    }
    bool const result = condition_holds(&condition, &facts, NULL);
    condition_free(&condition);
    return result;
}

static void judges_as_people_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {"b", true},
        {"a", false},
        {"not a", true},
        {"!a", true},
        {"not not a", false},
        {"a or b", true},
        {"a and b", false},
        {"b and not a", true},
        {"a || b && a", false}, /* and binds tighter */
        {"(b || a) && a", false},
        {"b or a and a", true},
        {"c == 2", true},
        {"c != 2", false},
        {"c > 1.5 and c < 2.5", true},
        {"c >= 2 and c <= 2", true},
        {"not c == 3", true},     /* not (c == 3) */
        {"!c == 3", false},       /* (!c) == 3 */
        {"!c == a", true},        /* 0 == 0 */
        {"b + c * d == 7", true}, /* 1 + 2 * 3 */
        {"(b + c) * d == 9", true},
        {"e - c - b == 1", true}, /* from the left: 4 - 2 - 1 */
        {"i / e / c == 1", true}, /* 8 / 4 / 2 */
        {"b / a == 0", true},     /* nothing is divided by 0 */
        {"-c + d == 1", true},
        {"d - -c == 5", true},
        {"c>1&&d>2", true},
        {"(c > 1) == (d > 2)", true},
        {"not c > 1 or not d < 1", true},
        {"count(a, b, c)", true},
        {"count(a, b, c) == 2", true}, /* how many, not how much */
        {"count(a) == 0", true},
        {"count(b > 0, count(a, c) == 1, not b) == 2", true},
        {"(b + c + d + e) > 9", true},
        {"count (b, c) >= 2", true},
        {"not (a or not b) and (c > 1 or a)", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (holds(cases[i].text) != cases[i].holds) fail_msg("%s", cases[i].text);
}

/* Writes a condition of so many levels, and says what it comes to. */
static bool write_any(char *text, unsigned levels, uint32_t *seed) {
    char left[512], right[512];
    *seed = *seed * 1664525u + 1013904223u;
    unsigned const kind = *seed >> 28;
    if (levels == 0 || kind == 0) {
        (void)snprintf(text, 512, "%s", kind % 2 == 0 ? "a" : "c");
        return kind % 2 != 0;
    }
    bool const one = write_any(left, levels - 1, seed);
    if (kind < 4) {
        (void)snprintf(text, 512, "not (%.490s)", left);
        return !one;
    }
    bool const other = write_any(right, levels - 1, seed);
    const char *sign = kind < 9 ? "and" : kind < 14 ? "or" : "==";
    (void)snprintf(text, 512, "(%.240s) %s (%.240s)", left, sign, right);
    return kind < 9 ? one && other : kind < 14 ? one || other : one == other;
}

/* Right sides are passed over where the left ones decide. */
static void judges_what_is_nested(void **state) {
    (void)state;
    char text[512];
    uint32_t seed = 1;
    for (unsigned round = 0; round < 5000; round++) {
        bool const expected = write_any(text, round % 5, &seed);
        if (holds(text) != expected) fail_msg("%s", text);
    }
}

/* The first character of the condition stands in column 8. */
static void assert_refused(const char *text, unsigned column, const char *what) {
    struct condition condition;
    struct problem problem;
    if (read_text(text, &condition, &problem)) fail_msg("taken: %s", text);
    if (problem.column != column || strstr(problem.what, what) == NULL)
        fail_msg("%s: expected %u: %s, got %u: %s", text, column, what, problem.column, problem.what);
    assert_null(condition.steps);
}

static void refuses_with_the_place(void **state) {
    (void)state;
    assert_refused("", 8, "expected a fact");
    assert_refused("a b", 10, "expected 'and'");
    assert_refused("a and", 13, "expected a fact");
    assert_refused("and a", 8, "expected a fact");
    assert_refused("(a", 10, "expected ')'");
    assert_refused("a)", 9, "no '('");
    assert_refused("a, b", 9, "count( )");
    assert_refused("(a, b)", 10, "count( )");
    assert_refused("count()", 14, "expected a fact");
    assert_refused("count(a,)", 16, "expected a fact");
    assert_refused("count(a, b", 18, "expected ')'");
    assert_refused("a = 2", 10, "expected 'and'");
    assert_refused("a >> 2", 11, "expected a fact");
    assert_refused("1 < a < 5", 14, "comparison of a comparison");
    assert_refused("a == b + c != d", 19, "comparison of a comparison");
    assert_refused("a or !b < c == d", 20, "comparison of a comparison");
    assert_refused("1.2.3", 8, "expected a fact");
    assert_refused("12345678901234567890", 8, "expected a fact");
    assert_refused("a.b", 8, "expected a fact");
    assert_refused("a $ b", 10, "expected 'and'");
    assert_refused("not", 11, "expected a fact");
}

static void repeat(char *out, const char *piece, unsigned times, const char *last) {
    *out = '\0';
    for (unsigned i = 0; i < times; i++) strcat(out, piece);
    strcat(out, last);
}

static void is_bounded(void **state) {
    (void)state;
    char text[8000];
    repeat(text, "b+", 255, "b"); /* 256 names, 255 signs */
    assert_true(holds(text));
    repeat(text, "b+", 256, "b");
    assert_refused(text, 8 + 513, "too long"); /* at the end, where the last sign has its turn */
    repeat(text, "(", 63, "b");
    for (unsigned i = 0; i < 63; i++) strcat(text, ")");
    assert_true(holds(text));
    repeat(text, "(", 65, "b");
    assert_refused(text, 8 + 64, "64 levels");
    repeat(text, "b+(", 31, "b");
    for (unsigned i = 0; i < 31; i++) strcat(text, ")");
    assert_true(holds(text));
    repeat(text, "!", 65, "b");
    assert_refused(text, 8 + 64, "64 levels");
}

static void asks_for_rules(void **state) {
    (void)state;
    struct condition_step steps[] = {{.op = CONDITION_RULE, .index = 70},
                                     {.op = CONDITION_RULE, .index = 3},
                                     {.op = CONDITION_NOT},
                                     {.op = CONDITION_AND}};
    struct condition const condition = {steps, 4};
    struct facts const facts = {{0}};
    uint64_t fired[2] = {0, UINT64_C(1) << 6};
    assert_true(condition_holds(&condition, &facts, fired));
    fired[0] = 1 << 3;
    assert_false(condition_holds(&condition, &facts, fired));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_as_people_read),  cmocka_unit_test(judges_what_is_nested),
        cmocka_unit_test(refuses_with_the_place), cmocka_unit_test(is_bounded),
        cmocka_unit_test(asks_for_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
