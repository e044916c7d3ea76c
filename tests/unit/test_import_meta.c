/* Metas become conditions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_run.h"

#define RULES "body A /a/\nbody B /b/\nbody C /c/\nbody D /d/\nbody N /n/\ntflags N multiple\nfull X /x/\n"

static void becomes(const char *formula, const char *expected) {
    char text[512], lines[512];
    (void)snprintf(text, sizeof text, RULES "meta M %s\n", formula);
    (void)snprintf(lines, sizeof lines, "    when: \"%s\"\n", expected);
    import_becomes(text, "M", lines);
}

static void refuses(const char *formula, const char *why) {
    struct import_run run;
    char text[512];
    (void)snprintf(text, sizeof text, RULES "meta M %s\n", formula);
    import_run(&run, text);
    const struct import_rule *rule = import_run_rule(&run, "M");
    assert_int_equal(rule->state, IMPORT_REFUSED);
    assert_string_equal(rule->why, why);
    import_run_end(&run);
}

static void speaks_our_language(void **state) {
    (void)state;
    becomes("A", "A");
    becomes("A && B || C", "(A and B) or C");
    becomes("A && (B || C)", "A and (B or C)");
    becomes("!A && !(B || C)", "not A and not (B or C)");
    becomes("(A + B + C) > 1", "A + B + C > 1");
    becomes("A + (B - C) >= 1", "A + (B - C) >= 1");
    becomes("(A > 0) == B", "(A > 0) == B");
    becomes("!A == B", "(not A) == B");
    becomes("A ^ B", "A != B");
    becomes("2 * A + -B > 0", "2 * A + (0 - B) > 0");
    becomes("A && B && C && D", "A and B and C and D");
    becomes("(A + B) / 2 > 0.5", "(A + B) / 2 > 0.5");
}

static void works_out_constants(void **state) {
    (void)state;
    becomes("A && X || B", "B");
    becomes("A && !X", "A");
    becomes("(A + X + B) > 1", "A + B > 1");
    becomes("A || NONE", "A");
    becomes("local_tests_only && A", "A");
    becomes("A && (1 + 1 == 2)", "A");
    refuses("A && X", "never fires without what was not converted: X");
    refuses("A || !X", "always fires without what was not converted: X");
    refuses("1", "always fires");
    refuses("rules_matching(A_*) > 2", "never fires without what was not converted: rules_matching");
}

static void says_what_counts_as_0(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run, RULES "meta M A && !X && !NONE");
    assert_string_equal(import_run_rule(&run, "M")->zeros, "X, NONE");
    assert_non_null(strstr(run.out.bytes, "\n  # t.cf:8; worth 0 here: X, NONE\n  - name: M\n    when: \"A\"\n"));
    import_run_end(&run);
}

static void counts_nothing_twice(void **state) {
    (void)state;
    becomes("N && A", "N and A");
    becomes("N > 0", "N");
    becomes("N >= 1 && A", "N and A");
    becomes("N < 1", "not N");
    refuses("N > 1", "asks how often N is found");
    refuses("A + N > 1", "asks how often N is found");
    refuses("1 < N", "asks how often N is found");
}

static void unfolds_sums(void **state) {
    (void)state;
    import_becomes(RULES "meta __S A + B\nmeta M __S > 1 && __S", "M", "    when: \"(A + B) > 1 and __S\"\n");
    import_becomes(RULES "meta M __S + __T > 1\nmeta __S A + B\nmeta __T C && D", "M",
                   "    when: \"(A + B) + __T > 1\"\n");
}

static void says_where_it_is_wrong(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run, "body B /b/\nmeta A  B && && B\n");
    assert_string_equal(run.told, "2:14: this expression cannot be read here; expected a rule, a number, ! or (\n");
    assert_string_equal(import_run_rule(&run, "A")->why, "its expression cannot be read");
    import_run_end(&run);
}

static void leaves_out_what_is_declared(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run, "meta A ()\nmeta B (0)\nbody C /c/\nmeta D A && C\n");
    assert_int_equal(import_run_rule(&run, "A")->state, IMPORT_OFF);
    assert_int_equal(import_run_rule(&run, "B")->state, IMPORT_OFF);
    assert_string_equal(import_run_rule(&run, "D")->why, "never fires without what was not converted: A");
    import_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_our_language),
        cmocka_unit_test(works_out_constants),
        cmocka_unit_test(says_what_counts_as_0),
        cmocka_unit_test(counts_nothing_twice),
        cmocka_unit_test(unfolds_sums),
        cmocka_unit_test(says_where_it_is_wrong),
        cmocka_unit_test(leaves_out_what_is_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
