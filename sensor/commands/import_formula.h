/* import_formula: the expressions of SpamAssassin's `meta` and `if`, as Perl reads them.
 *
 *   A && !(B || C) && (D + E > 1)     becomes     A B C || ! && D E + 1 > &&
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_FORMULA_H
#define MAILSPAN_IMPORT_FORMULA_H

#include "mailspan/span.h"

#define IMPORT_FORMULA_NODES_MAX 2048

enum formula_op {
    FORMULA_NUMBER,
    FORMULA_NAME, /* or a call: then `argument` is what stands in the parentheses */
    FORMULA_OPEN, /* in no result */
    FORMULA_NOT,
    FORMULA_NEGATE,
    FORMULA_MULTIPLY,
    FORMULA_DIVIDE,
    FORMULA_ADD,
    FORMULA_SUBTRACT,
    FORMULA_LESS,
    FORMULA_LESS_OR_EQUAL,
    FORMULA_GREATER,
    FORMULA_GREATER_OR_EQUAL,
    FORMULA_EQUAL,
    FORMULA_NOT_EQUAL,
    FORMULA_XOR,
    FORMULA_AND,
    FORMULA_OR,
};

struct formula_node {
    enum formula_op op;
    double number;
    struct span name, argument; /* in the text that was read */
    bool is_call;
};

/* In the order in which a stack works them off: each operator behind its operands. */
struct formula {
    unsigned count;
    struct formula_node nodes[IMPORT_FORMULA_NODES_MAX];
};

/* False: *at is where it is wrong, *expected what should stand there. */
bool formula_read(struct span text, struct formula *formula, size_t *at, const char **expected);
bool formula_is_unary(enum formula_op op);
/* What the operator makes of its operands; of a unary one a is the only one.  Division by 0 is 0. */
double formula_apply(enum formula_op op, double a, double b);

#endif
