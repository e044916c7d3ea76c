/* Metas: rules that ask for rules.  See import_convert.h.
 *
 * The formula is worked off with a stack of terms that are text.  What a rule that could not be converted is worth is
 * 0, as with SpamAssassin, and what follows from constants is worked out: `0 && A` leaves nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "commands/import_convert.h"
#include "commands/import_formula.h"

#define WHEN_BYTES_MAX 8192
#define ZEROS_BYTES_MAX 400

/* How tightly what a term is made of binds, in our language. */
enum level { LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_ADD, LEVEL_MULTIPLY, LEVEL_ONE };

struct term {
    struct import_text text;
    enum level level;
    bool constant;
    double value;
    bool numeric;                   /* may be another number than 0 and 1 */
    const struct import_rule *bare; /* nothing but this rule */
};

struct meta {
    struct import_set *set;
    struct import_rule *rule;
    struct term stack[IMPORT_FORMULA_NODES_MAX];
    unsigned depth;
    struct import_text zeros;
    const char *counted; /* a rule that is asked how often it is found */
    bool too_long;
};

/* One at a time, too large for the stack of a function. */
static struct formula formula;
static struct meta meta;

/* --- terms -------------------------------------------------------------------------------------------------------- */

static void become_constant(struct term *term, double value) {
    import_text_free(&term->text);
    *term = (struct term){.level = LEVEL_ONE, .constant = true, .value = value, .numeric = value != 0 && value != 1};
}

static void put_number(struct import_text *out, double value) {
    char text[32];
    (void)snprintf(text, sizeof text, "%.9g", value);
    import_text_string(out, text);
}

static void put_term(struct import_text *out, const struct term *term, enum level at_least) {
    if (term->constant && term->value < 0)
        import_text_print(out, "(0 - %.9g)", -term->value);
    else if (term->constant)
        put_number(out, term->value);
    else if (term->level < at_least)
        import_text_print(out, "(%s)", term->text.bytes == NULL ? "" : term->text.bytes);
    else
        import_text_add(out, import_text_span(&term->text));
}

/* A meta that is worth more than 1 stands for what it asks, where a number is wanted. */
static void unfold(struct term *term) {
    const struct import_rule *rule = term->bare;
    if (rule == NULL || !rule->numeric || rule->when == NULL) return;
    import_text_clear(&term->text);
    import_text_print(&term->text, "(%s)", rule->when);
    term->numeric = true;
    term->bare = NULL;
}

static bool is_compare(enum formula_op op) {
    return op >= FORMULA_LESS && op <= FORMULA_NOT_EQUAL;
}

/* A rule that counts how often it is found, compared with what only asks whether it is. */
static bool asks_whether(enum formula_op op, const struct term *number, bool *negated) {
    if (!number->constant) return false;
    double const n = number->value;
    *negated =
        (op == FORMULA_LESS && n == 1) || (op == FORMULA_EQUAL && n == 0) || (op == FORMULA_LESS_OR_EQUAL && n == 0);
    return *negated || (op == FORMULA_GREATER && n == 0) || (op == FORMULA_GREATER_OR_EQUAL && n == 1) ||
           (op == FORMULA_NOT_EQUAL && n == 0);
}

static void negate(struct term *term) {
    if (term->constant) {
        become_constant(term, term->value == 0);
        return;
    }
    struct import_text text = {.bytes = NULL};
    import_text_string(&text, "not ");
    put_term(&text, term, LEVEL_ONE);
    import_text_free(&term->text);
    *term = (struct term){.text = text, .level = LEVEL_NOT};
}

static bool is_counter(const struct term *term) {
    return term->bare != NULL && term->bare->multiple;
}

static const struct {
    const char *text;
    enum level level, left, right; /* of itself, and what its operands must have without parentheses */
} written[] = {
    [FORMULA_MULTIPLY] = {" * ", LEVEL_MULTIPLY, LEVEL_MULTIPLY, LEVEL_ONE},
    [FORMULA_DIVIDE] = {" / ", LEVEL_MULTIPLY, LEVEL_MULTIPLY, LEVEL_ONE},
    [FORMULA_ADD] = {" + ", LEVEL_ADD, LEVEL_ADD, LEVEL_MULTIPLY},
    [FORMULA_SUBTRACT] = {" - ", LEVEL_ADD, LEVEL_ADD, LEVEL_MULTIPLY},
    [FORMULA_LESS] = {" < ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_LESS_OR_EQUAL] = {" <= ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_GREATER] = {" > ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_GREATER_OR_EQUAL] = {" >= ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_EQUAL] = {" == ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_NOT_EQUAL] = {" != ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_XOR] = {" != ", LEVEL_COMPARE, LEVEL_ADD, LEVEL_ADD},
    [FORMULA_AND] = {" and ", LEVEL_AND, LEVEL_AND, LEVEL_AND},
    [FORMULA_OR] = {" or ", LEVEL_OR, LEVEL_OR, LEVEL_AND},
};

/* --- operators ---------------------------------------------------------------------------------------------------- */

static void free_terms(struct term *a, struct term *b) {
    import_text_free(&a->text);
    import_text_free(&b->text);
}

/* a becomes what stands in text. */
static void replace(struct term *a, struct term *b, enum formula_op op) {
    struct import_text text = {.bytes = NULL};
    /* `and` beside `or` has its parentheses, for readers. */
    enum level const right = op == FORMULA_OR && b->level == LEVEL_AND ? LEVEL_NOT : written[op].right;
    enum level const left = op == FORMULA_OR && a->level == LEVEL_AND ? LEVEL_NOT : written[op].left;
    put_term(&text, a, left);
    import_text_string(&text, written[op].text);
    put_term(&text, b, right);
    free_terms(a, b);
    *a = (struct term){.text = text, .level = written[op].level, .numeric = op < FORMULA_LESS};
}

/* A constant beside `and` or `or`: it decides, or leaves the other alone. */
static bool fold_logic(struct term *a, struct term *b, enum formula_op op) {
    if (!a->constant && !b->constant) return false;
    bool const decisive = op == FORMULA_OR;
    const struct term *known = a->constant ? a : b;
    if ((known->value != 0) == decisive) {
        import_text_free(&b->text);
        become_constant(a, decisive);
        return true;
    }
    if (a->constant) *a = *b; /* a constant has no text to free */
    *b = (struct term){.constant = true};
    return true;
}

static void apply_logic(struct term *a, struct term *b, enum formula_op op) {
    if (!fold_logic(a, b, op)) replace(a, b, op);
}

static void apply_number(struct meta *m, struct term *a, struct term *b, enum formula_op op) {
    bool negated;
    if (a->constant && b->constant) {
        become_constant(a, formula_apply(op, a->value, b->value));
        return;
    }
    if (is_counter(a) && is_compare(op) && asks_whether(op, b, &negated)) {
        if (negated) negate(a);
        return;
    }
    if (is_counter(a) || is_counter(b)) m->counted = is_counter(a) ? a->bare->name : b->bare->name;
    bool const none = op == FORMULA_ADD && ((a->constant && a->value == 0) || (b->constant && b->value == 0));
    unfold(a);
    unfold(b);
    if (none) {
        if (a->constant) *a = *b;
        *b = (struct term){.constant = true};
        a->bare = NULL;
        return;
    }
    replace(a, b, op);
}

static void apply(struct meta *m, enum formula_op op) {
    struct term *top = &m->stack[m->depth - 1];
    if (op == FORMULA_NOT) {
        negate(top);
        return;
    }
    if (op == FORMULA_NEGATE) { /* 0 - it */
        struct term zero = {.constant = true, .level = LEVEL_ONE};
        struct term operand = *top;
        *top = zero;
        apply_number(m, top, &operand, FORMULA_SUBTRACT);
        return;
    }
    m->depth--;
    struct term *a = &m->stack[m->depth - 1], *b = top;
    if (op == FORMULA_AND || op == FORMULA_OR)
        apply_logic(a, b, op);
    else
        apply_number(m, a, b, op);
    if (a->text.length > WHEN_BYTES_MAX) m->too_long = true;
    m->set->failed = m->set->failed || a->text.failed;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void note_zero(struct meta *m, struct span name) {
    if (m->zeros.length > ZEROS_BYTES_MAX) return;
    if (m->zeros.length > 0) import_text_string(&m->zeros, ", ");
    import_text_add(&m->zeros, name);
    if (m->zeros.length > ZEROS_BYTES_MAX) import_text_string(&m->zeros, ", ...");
}

static void push_number(struct meta *m, double number) {
    struct term *term = &m->stack[m->depth++];
    *term = (struct term){.level = LEVEL_ONE};
    become_constant(term, number);
}

static void push_name(struct meta *m, const struct formula_node *node) {
    struct term *term = &m->stack[m->depth++];
    *term = (struct term){.level = LEVEL_ONE};
    if (span_equal(node->name, SPAN_LITERAL("local_tests_only"))) {
        become_constant(term, 1);
        return;
    }
    const struct import_rule *rule = import_set_find(m->set, node->name);
    if (node->is_call || rule == NULL || rule->state != IMPORT_CONVERTED) {
        note_zero(m, node->name);
        become_constant(term, 0);
        return;
    }
    import_text_string(&term->text, rule->as);
    term->bare = rule;
}

void import_meta_names(const struct import_set *set, const struct import_rule *rule,
                       void (*each)(void *context, struct import_rule *named), void *context) {
    size_t at;
    const char *expected;
    if (!formula_read(rule->value, &formula, &at, &expected)) return;
    for (unsigned i = 0; i < formula.count; i++) {
        if (formula.nodes[i].op != FORMULA_NAME || formula.nodes[i].is_call) continue;
        struct import_rule *named = import_set_find(set, formula.nodes[i].name);
        if (named != NULL) each(context, named);
    }
}

static bool waits(const struct import_set *set) {
    for (unsigned i = 0; i < formula.count; i++) {
        if (formula.nodes[i].op != FORMULA_NAME) continue;
        const struct import_rule *named = import_set_find(set, formula.nodes[i].name);
        if (named != NULL && named->kind == IMPORT_META && named->state == IMPORT_WAITING) return true;
    }
    return false;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void tell_wrong(struct import_set *set, struct import_rule *rule, size_t at, const char *expected) {
    struct problem problem = {.line = rule->line, .column = rule->column + (unsigned)at};
    (void)snprintf(problem.file, sizeof problem.file, "%s", rule->file);
    (void)snprintf(problem.what, sizeof problem.what, "this expression cannot be read here; expected %s", expected);
    set->problems++;
    if (set->tell != NULL) set->tell(set->context, &problem);
    import_refuse(set, rule, "its expression cannot be read");
}

static void conclude(struct meta *m, const struct term *term) {
    struct import_rule *rule = m->rule;
    if (m->zeros.length > 0) rule->zeros = import_keep(&m->set->strings, import_text_span(&m->zeros));
    if (m->counted != NULL) {
        import_refuse(m->set, rule, "asks how often %s is found", m->counted);
    } else if (m->too_long) {
        import_refuse(m->set, rule, "its expression grows too long");
    } else if (term->constant && rule->zeros != NULL) {
        import_refuse(m->set, rule, "%s without what was not converted: %.180s",
                      term->value != 0 ? "always fires" : "never fires", rule->zeros);
    } else if (term->constant) {
        rule->state = term->value != 0 ? IMPORT_REFUSED : IMPORT_OFF;
        rule->why = term->value != 0 ? "always fires" : "is always 0";
    } else {
        rule->when = import_keep(&m->set->strings, import_text_span(&term->text));
        rule->numeric = term->numeric || (term->bare != NULL && term->bare->numeric);
        rule->state = IMPORT_CONVERTED;
    }
}

static void work_off(struct import_set *set, struct import_rule *rule) {
    meta.set = set;
    meta.rule = rule;
    meta.depth = 0;
    meta.counted = NULL;
    meta.too_long = false;
    for (unsigned i = 0; i < formula.count && !meta.too_long; i++) {
        const struct formula_node *node = &formula.nodes[i];
        if (node->op == FORMULA_NUMBER)
            push_number(&meta, node->number);
        else if (node->op == FORMULA_NAME)
            push_name(&meta, node);
        else
            apply(&meta, node->op);
    }
    conclude(&meta, &meta.stack[0]);
    while (meta.depth > 0) import_text_free(&meta.stack[--meta.depth].text);
    import_text_free(&meta.zeros);
}

bool import_convert_meta(struct import_set *set, struct import_rule *rule) {
    size_t at;
    const char *expected;
    if (span_equal(rule->value, SPAN_LITERAL("()")) || span_equal(rule->value, SPAN_LITERAL("( )"))) {
        rule->state = IMPORT_OFF;
        rule->why = "is always 0";
        return true;
    }
    if (!formula_read(rule->value, &formula, &at, &expected)) {
        tell_wrong(set, rule, at, expected);
        return true;
    }
    if (waits(set)) return false;
    work_off(set, rule);
    return true;
}
