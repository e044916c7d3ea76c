/* Which regular expressions the rule engine would take.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mailspan/expression_try.h"

static void is_taken(const char *text, bool in_text) {
    struct problem problem;
    if (!expression_try(text, in_text, &problem)) fail_msg("%s: %s", text, problem.what);
}

static void is_refused(const char *text, bool in_text, const char *expected) {
    struct problem problem;
    assert_false(expression_try(text, in_text, &problem));
    if (strstr(problem.what, expected) == NULL) fail_msg("expected %s, found %s", expected, problem.what);
}

static void what_can_run_is_taken(void **state) {
    (void)state;
    is_taken("(?i)next of kin", true);
    is_taken("^a$", false);
    is_taken("(\\w+) \\1", true); /* PCRE2 confirms these */
    is_taken("(?<!x)a(?!b)(?>c+)", false);
}

static void what_cannot_is_refused(void **state) {
    (void)state;
    is_refused("(a", false, "missing closing parenthesis");
    is_refused("a*", false, "matches the empty text");
    is_refused("(?:a$b|c\\Zd)e", true, "the pattern library cannot compile this regular expression: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_run_is_taken),
        cmocka_unit_test(what_cannot_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
