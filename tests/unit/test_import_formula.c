/* Formulas of metas, in the order in which a stack works them off; written down by hand from perlop's table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_formula.h"

static struct formula formula;

static const char *sign_of(enum formula_op op) {
    static const char *const signs[] = {"#", "#",  "(", "!",  "neg", "*",  "/", "+",  "-",
                                        "<", "<=", ">", ">=", "==",  "!=", "^", "&&", "||"};
    return signs[op];
}

static void reads(const char *text, const char *expected) {
    char out[1024] = "";
    size_t at, used = 0;
    const char *wanted;
    if (!formula_read(span_from_string(text), &formula, &at, &wanted)) fail_msg("%s: at %zu: %s", text, at, wanted);
    for (unsigned i = 0; i < formula.count; i++) {
        const struct formula_node *node = &formula.nodes[i];
        const char *blank = i == 0 ? "" : " ";
        if (node->op == FORMULA_NUMBER)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%g", blank, node->number);
        else if (node->op == FORMULA_NAME)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%.*s%s%.*s", blank, (int)node->name.len,
                                     (const char *)node->name.data, node->is_call ? "=" : "", (int)node->argument.len,
                                     node->argument.len == 0 ? "" : (const char *)node->argument.data);
        else
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", blank, sign_of(node->op));
    }
    assert_string_equal(out, expected);
}

static void refuses(const char *text, size_t where, const char *expected) {
    size_t at;
    const char *wanted;
    assert_false(formula_read(span_from_string(text), &formula, &at, &wanted));
    assert_int_equal(at, where);
    assert_string_equal(wanted, expected);
}

static void binds_as_perl_does(void **state) {
    (void)state;
    reads("A && B || C", "A B && C ||");
    reads("A || B && C", "A B C && ||");
    reads("!A && B", "A ! B &&");
    reads("!(A && B)", "A B && !");
    reads("!A == B", "A ! B ==");
    reads("A + B * C > 1", "A B C * + 1 >");
    reads("A - B - C", "A B - C -");
    reads("A > 1 == B", "A 1 > B ==");
    reads("A ^ B && C", "A B ^ C &&");
    reads("-A + 2", "A neg 2 +");
    reads("!!A", "A ! !");
    reads("((A))", "A");
}

static void reads_words_and_numbers(void **state) {
    (void)state;
    reads("__A_1>=2.50", "__A_1 2.5 >=");
    reads(".5 < A", "0.5 A <");
    reads("plugin(Mail::X) && version >= 3.004", "plugin=Mail::X version 3.004 >= &&");
    reads("can( Mail::X::y )", "can=Mail::X::y");
    reads("  A\t&&\tB  ", "A B &&");
}

static void says_where_it_is_wrong(void **state) {
    (void)state;
    refuses("", 0, "a rule or a number");
    refuses("A &&", 4, "a rule or a number");
    refuses("A B", 2, "an operator (&& || ! < <= > >= == != + - * /), ) or the end");
    refuses("(A", 2, ")");
    refuses("A)", 1, "a ( before this )");
    refuses("A & B", 2, "an operator (&& || ! < <= > >= == != + - * /), ) or the end");
    refuses("1.2.3", 3, "a number with one point");
    refuses("plugin", 6, "( and an argument");
    refuses("plugin(X", 6, "an argument and )");
    refuses("A && @", 5, "a rule, a number, ! or (");
}

static void ends_where_it_grows_too_long(void **state) {
    char text[2 * IMPORT_FORMULA_NODES_MAX + 10];
    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) text[i] = i % 2 == 0 ? 'A' : '+';
    text[sizeof text - 1] = '\0';
    size_t at;
    const char *wanted;
    assert_false(formula_read(span_from_string(text), &formula, &at, &wanted));
    assert_string_equal(wanted, "a shorter expression");
    memset(text, '(', sizeof text - 1);
    assert_false(formula_read(span_from_string(text), &formula, &at, &wanted));
    assert_string_equal(wanted, "a shorter expression");
}

static void works_out_what_is_known(void **state) {
    (void)state;
    assert_true(formula_apply(FORMULA_DIVIDE, 1, 0) == 0);
    assert_true(formula_apply(FORMULA_DIVIDE, 3, 2) == 1.5);
    assert_true(formula_apply(FORMULA_AND, 2, 3) == 1);
    assert_true(formula_apply(FORMULA_OR, 0, 0) == 0);
    assert_true(formula_apply(FORMULA_XOR, 2, 3) == 0);
    assert_true(formula_apply(FORMULA_NOT, 0.5, 0) == 0);
    assert_true(formula_apply(FORMULA_SUBTRACT, 1, 3) == -2);
    assert_true(formula_apply(FORMULA_LESS_OR_EQUAL, 3, 3) == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binds_as_perl_does),      cmocka_unit_test(reads_words_and_numbers),
        cmocka_unit_test(says_where_it_is_wrong),  cmocka_unit_test(ends_where_it_grows_too_long),
        cmocka_unit_test(works_out_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
