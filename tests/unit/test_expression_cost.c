/* Expressions that would take too long: to search, and, by a watch that the test holds, to compile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/rules.h"

/* Whether it can be loaded; PCRE2 must confirm all of these, for they look back or ahead. */
static bool loads(const char *match, struct compiled *compiled, struct problem *problem) {
    char text[600];
    (void)snprintf(text, sizeof text,
                   "rules:\n  - {name: BEFORE, look_at: subject, match: x, points: 1, description: d}\n"
                   "  - name: A\n    look_at: subject\n    match: '%s'\n    points: 1\n    description: d\n",
                   match);
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    struct ruleset *rules = ruleset_load_compiled(&source, 1, compiled, problem);
    ruleset_free(rules);
    return rules != NULL;
}

static void what_may_explode_is_refused(void **state) {
    (void)state;
    static const char *const wild[] = {
        "(?=a)(a+)+b",   "said (\\w+\\s?)+\\1!", "^(([a-z])+.)+(?!x)[A-Z]$", "(?i)offer(?:\\d+|\\d\\d)+(?<=x)y",
        "(x+x+)+(?=y)y",
    };
    static const char *const tame[] = {
        "(?=a)a+b",
        "said (\\w+) \\1!",
        "^(?:[a-z]{3,9}, )+(?!x)[A-Z]$",
        "(?i)offer(?:\\d{2})+(?<=x)y",
        "(?>x+x+)+(?=y)y",
        "(.).*\\1.*\\1",
        "(?<!a)b{2,30}c",
    };
    struct problem problem;
    for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        if (loads(wild[i], NULL, &problem)) fail_msg("taken: %s", wild[i]);
        if (problem.line != 5 || strstr(problem.what, "million steps") == NULL)
            fail_msg("%s: %u: %s", wild[i], problem.line, problem.what);
    }
    for (size_t i = 0; i < sizeof tame / sizeof tame[0]; i++)
        if (!loads(tame[i], NULL, &problem)) fail_msg("%s: %s", tame[i], problem.what);
}

/* PCRE2 has no room for the first two, and the pattern library none for the third; both say so within seconds. */
static void repeats_that_multiply_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *match, *told;
    } cases[] = {
        {"((a{1,50}b){1,50}c){1,50}d", "regular expression is too large"},
        {"(?:(?:ab{1,100}){1,100}){1,100}b", "regular expression is too large"},
        {"(?:x.{0,200}y?){100}z", "Pattern is too large"},
    };
    struct problem problem;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(loads(cases[i].match, NULL, &problem));
        assert_string_equal(problem.file, "test.yaml");
        assert_int_equal(problem.line, 5);
        if (strstr(problem.what, cases[i].told) == NULL) fail_msg("%s: %s", cases[i].match, problem.what);
    }
    assert_true(loads("((a{1,5}b){1,5}c){1,5}d", NULL, &problem));
}

static int64_t seconds_each, read_times;

/* Each time it is read so many seconds have passed. */
static int64_t watch(void) {
    return ++read_times * seconds_each * 1000000000;
}

static void what_takes_long_to_compile_is_refused(void **state) {
    (void)state;
    struct problem problem;
    for (seconds_each = 1; seconds_each <= 2; seconds_each++) {
        struct compiled *compiled = compiled_new();
        read_times = 0;
        compiled_watch_time(compiled, watch);
        bool const fine = loads("abc", compiled, &problem);
        assert_int_equal(fine, seconds_each == 1); /* at most a second each */
        if (!fine) {
            assert_int_equal(problem.line, 2);
            assert_non_null(strstr(problem.what, "takes 2000 ms"));
        }
        compiled_free(compiled);
    }
}

/* The 61st of a second each. */
static void what_takes_long_together_is_refused(void **state) {
    (void)state;
    char text[8000] = "rules:\n", row[120];
    struct problem problem;
    struct compiled *compiled = compiled_new();
    for (unsigned i = 1; i <= 70; i++) {
        (void)snprintf(row, sizeof row, "  - {name: R%u, look_at: body, match: word%u, points: 1, description: d}\n", i,
                       i);
        strcat(text, row);
    }
    seconds_each = 1;
    read_times = 0;
    compiled_watch_time(compiled, watch);
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    assert_null(ruleset_load_compiled(&source, 1, compiled, &problem));
    assert_int_equal(problem.line, 1 + 61);
    assert_non_null(strstr(problem.what, "up to this one take more than 60000 ms"));
    compiled_watch_time(compiled, NULL);
    struct ruleset *rules = ruleset_load_compiled(&source, 1, compiled, &problem);
    assert_non_null(rules);
    ruleset_free(rules);
    compiled_free(compiled);
}

/* A second to compile each alone, and one to try it, because PCRE2 must confirm all of them. */
static void what_takes_long_to_try_is_refused(void **state) {
    (void)state;
    char text[8000] = "rules:\n", row[120];
    struct problem problem;
    struct compiled *compiled = compiled_new();
    for (unsigned i = 1; i <= 40; i++) {
        (void)snprintf(row, sizeof row,
                       "  - {name: R%u, look_at: body, match: '(?=w)word%u', points: 1, description: d}\n", i, i);
        strcat(text, row);
    }
    seconds_each = 1;
    read_times = 0;
    compiled_watch_time(compiled, watch);
    struct rules_source source = {RULE_CONTENT, "test.yaml", span_from_string(text)};
    assert_null(ruleset_load_compiled(&source, 1, compiled, &problem));
    assert_int_equal(problem.line, 1 + 21); /* 40 were compiled alone before */
    assert_non_null(strstr(problem.what, "up to this one take more than 60000 ms"));
    compiled_free(compiled);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_explode_is_refused),           cmocka_unit_test(repeats_that_multiply_are_refused),
        cmocka_unit_test(what_takes_long_to_compile_is_refused), cmocka_unit_test(what_takes_long_together_is_refused),
        cmocka_unit_test(what_takes_long_to_try_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
