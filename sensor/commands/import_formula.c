/* See import_formula.h.  Operator precedence with a stack (Dijkstra's shunting yard).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_formula.h"

#include <math.h>

/* How tightly each binds, by Perl's table (perlop). */
static const uint8_t binding[] = {
    [FORMULA_NOT] = 8,      [FORMULA_NEGATE] = 8,
    [FORMULA_MULTIPLY] = 7, [FORMULA_DIVIDE] = 7,
    [FORMULA_ADD] = 6,      [FORMULA_SUBTRACT] = 6,
    [FORMULA_LESS] = 5,     [FORMULA_LESS_OR_EQUAL] = 5,
    [FORMULA_GREATER] = 5,  [FORMULA_GREATER_OR_EQUAL] = 5,
    [FORMULA_EQUAL] = 4,    [FORMULA_NOT_EQUAL] = 4,
    [FORMULA_XOR] = 3,      [FORMULA_AND] = 2,
    [FORMULA_OR] = 1,
};

/* The longer ones first. */
static const struct {
    const char *text;
    enum formula_op op;
} operators[] = {
    {"&&", FORMULA_AND},
    {"||", FORMULA_OR},
    {"<=", FORMULA_LESS_OR_EQUAL},
    {">=", FORMULA_GREATER_OR_EQUAL},
    {"==", FORMULA_EQUAL},
    {"!=", FORMULA_NOT_EQUAL},
    {"<", FORMULA_LESS},
    {">", FORMULA_GREATER},
    {"*", FORMULA_MULTIPLY},
    {"/", FORMULA_DIVIDE},
    {"+", FORMULA_ADD},
    {"-", FORMULA_SUBTRACT},
    {"^", FORMULA_XOR},
};

struct reading {
    struct span text;
    size_t at;
    struct formula *out;
    unsigned waiting_count;
    enum formula_op waiting[IMPORT_FORMULA_NODES_MAX];
    const char *expected;
};

static bool is_word_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_';
}

static uint8_t peek(const struct reading *r) {
    return r->at < r->text.len ? r->text.data[r->at] : 0;
}

static void skip_blanks(struct reading *r) {
    while (r->at < r->text.len && ascii_is_space(r->text.data[r->at])) r->at++;
}

static bool fail(struct reading *r, const char *expected) {
    r->expected = expected;
    return false;
}

static bool put(struct reading *r, const struct formula_node *node) {
    if (r->out->count == IMPORT_FORMULA_NODES_MAX) return fail(r, "a shorter expression");
    r->out->nodes[r->out->count++] = *node;
    return true;
}

static bool put_op(struct reading *r, enum formula_op op) {
    return put(r, &(struct formula_node){.op = op});
}

static bool wait_for(struct reading *r, enum formula_op op) {
    if (r->waiting_count == IMPORT_FORMULA_NODES_MAX) return fail(r, "a shorter expression");
    r->waiting[r->waiting_count++] = op;
    return true;
}

static bool read_number(struct reading *r) {
    double value = 0, scale = 0;
    for (; ascii_is_digit(peek(r)) || peek(r) == '.'; r->at++) {
        if (peek(r) == '.') {
            if (scale > 0) return fail(r, "a number with one point");
            scale = 1;
            continue;
        }
        value = value * 10 + (peek(r) - '0');
        scale *= 10;
    }
    value = scale > 0 ? value / scale : value;
    if (!isfinite(value)) return fail(r, "a smaller number");
    return put(r, &(struct formula_node){.op = FORMULA_NUMBER, .number = value});
}

static bool takes_argument(struct span name) {
    return span_equal(name, SPAN_LITERAL("plugin")) || span_equal(name, SPAN_LITERAL("can")) ||
           span_equal(name, SPAN_LITERAL("has")) || span_equal(name, SPAN_LITERAL("rules_matching"));
}

/* A name, with what stands in parentheses behind one of the four that have an argument. */
static bool read_name(struct reading *r) {
    size_t begin = r->at;
    while (is_word_byte(peek(r)) || peek(r) == ':') r->at++;
    struct formula_node node = {.op = FORMULA_NAME, .name = span_slice(r->text, begin, r->at - begin)};
    if (!takes_argument(node.name)) return put(r, &node);
    skip_blanks(r);
    if (peek(r) != '(') return fail(r, "( and an argument");
    struct span rest = span_from(r->text, r->at + 1);
    size_t length = span_find(rest, ')');
    if (length == rest.len) return fail(r, "an argument and )");
    node.argument = span_trim(span_head(rest, length));
    node.is_call = true;
    r->at += length + 2;
    return put(r, &node);
}

/* *operand_next stays true behind what stands before an operand. */
static bool read_operand(struct reading *r, bool *operand_next) {
    uint8_t c = peek(r);
    *operand_next = c == '!' || c == '-' || c == '+' || c == '(';
    if (*operand_next) r->at++;
    if (c == '!') return wait_for(r, FORMULA_NOT);
    if (c == '-') return wait_for(r, FORMULA_NEGATE);
    if (c == '(') return wait_for(r, FORMULA_OPEN);
    if (c == '+') return true;
    if (ascii_is_digit(c) || c == '.') return read_number(r);
    if (is_word_byte(c)) return read_name(r);
    return fail(r, "a rule, a number, ! or (");
}

static bool close_parenthesis(struct reading *r) {
    while (r->waiting_count > 0 && r->waiting[r->waiting_count - 1] != FORMULA_OPEN)
        if (!put_op(r, r->waiting[--r->waiting_count])) return false;
    if (r->waiting_count == 0) return fail(r, "a ( before this )");
    r->waiting_count--;
    r->at++;
    return true;
}

static bool read_operator(struct reading *r, bool *operand_next) {
    if (peek(r) == ')') return close_parenthesis(r);
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        struct span sign = span_from_string(operators[i].text);
        if (!span_starts_with(span_from(r->text, r->at), sign)) continue;
        while (r->waiting_count > 0 && binding[r->waiting[r->waiting_count - 1]] >= binding[operators[i].op])
            if (!put_op(r, r->waiting[--r->waiting_count])) return false;
        r->at += sign.len;
        *operand_next = true;
        return wait_for(r, operators[i].op);
    }
    return fail(r, "an operator (&& || ! < <= > >= == != + - * /), ) or the end");
}

static bool read_all(struct reading *r) {
    bool operand_next = true;
    for (skip_blanks(r); r->at < r->text.len; skip_blanks(r))
        if (!(operand_next ? read_operand(r, &operand_next) : read_operator(r, &operand_next))) return false;
    if (operand_next) return fail(r, "a rule or a number");
    for (; r->waiting_count > 0; r->waiting_count--) {
        if (r->waiting[r->waiting_count - 1] == FORMULA_OPEN) return fail(r, ")");
        if (!put_op(r, r->waiting[r->waiting_count - 1])) return false;
    }
    return true;
}

bool formula_read(struct span text, struct formula *formula, size_t *at, const char **expected) {
    struct reading r = {.text = text, .out = formula};
    formula->count = 0;
    bool good = read_all(&r);
    *at = r.at;
    *expected = r.expected;
    return good;
}

bool formula_is_unary(enum formula_op op) {
    return op == FORMULA_NOT || op == FORMULA_NEGATE;
}

double formula_apply(enum formula_op op, double a, double b) {
    switch (op) {
        case FORMULA_NOT:
            return a == 0;
        case FORMULA_NEGATE:
            return -a;
        case FORMULA_MULTIPLY:
            return a * b;
        case FORMULA_DIVIDE:
            return b == 0 ? 0 : a / b;
        case FORMULA_ADD:
            return a + b;
        case FORMULA_SUBTRACT:
            return a - b;
        case FORMULA_LESS:
            return a < b;
        case FORMULA_LESS_OR_EQUAL:
            return a <= b;
        case FORMULA_GREATER:
            return a > b;
        case FORMULA_GREATER_OR_EQUAL:
            return a >= b;
        case FORMULA_EQUAL:
            return a == b;
        case FORMULA_NOT_EQUAL:
            return a != b;
        case FORMULA_XOR:
            return (a != 0) != (b != 0);
        case FORMULA_AND:
            return a != 0 && b != 0;
        case FORMULA_OR:
            return a != 0 || b != 0;
        case FORMULA_NUMBER:
        case FORMULA_NAME:
        case FORMULA_OPEN:
            break;
    }
    return 0;
}
