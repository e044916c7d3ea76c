/* rule_condition: the `when` of a rule, an expression over facts, other rules and numbers (docs/rules.md).
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_RULE_CONDITION_H
#define SCORING_RULE_CONDITION_H

#include "expressions.h"
#include "mailspan/rules.h"

enum condition_op {
    CONDITION_NUMBER,
    CONDITION_FACT, /* index: enum fact */
    CONDITION_RULE, /* index: of the rule set; 1 when that fired */
    CONDITION_NAME, /* index, number: offset and length of a name that was not looked up yet */
    CONDITION_OR,
    CONDITION_AND,
    CONDITION_NOT,
    CONDITION_LESS,
    CONDITION_LESS_OR_EQUAL,
    CONDITION_GREATER,
    CONDITION_GREATER_OR_EQUAL,
    CONDITION_EQUAL,
    CONDITION_NOT_EQUAL,
    CONDITION_ADD,
    CONDITION_SUBTRACT,
    CONDITION_MULTIPLY,
    CONDITION_DIVIDE, /* by 0: 0 */
    CONDITION_NEGATE,
    CONDITION_TRUTH, /* 1 for what is not 0 */
};

/* In postfix order: an operator's operands stand before it. */
struct condition_step {
    enum condition_op op : 16;
    uint32_t taken_by : 16; /* where the `and` or `or` stands whose left side ends here; 0: there is none */
    uint32_t index;
    double number;
};

struct condition {
    struct condition_step *steps; /* NULL: the rule has none */
    unsigned count;
};

/* Whether a condition can ask for it: it is no number, and no word of the language.  Its letters are a name's. */
bool condition_is_name(const char *name);

/* Reads the node's text; names stay names.  False with *problem filled. */
bool condition_read(const struct expression_file *file, const struct yaml_node *node, struct condition *condition,
                    struct problem *problem);
void condition_free(struct condition *condition);

/* Whether it holds.  Every name was looked up. */
bool condition_holds(const struct condition *condition, const struct facts *facts, const uint64_t *fired);

#endif
