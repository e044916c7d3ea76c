/* Reading and judging the conditions of rules.
 *
 *   expression:  operand { operator operand }
 *   operand:     number | name | ( expression ) | count( expression, ... ) | prefix operand
 *   operators, the loosest first:   or ||   and &&   not   < <= > >= == !=   + -   * /   ! and a sign
 *
 * Read by precedence with a stack of what waits for its right side (E. W. Dijkstra's shunting yard), so brackets need
 * no recursion.  What comes out is in postfix order, and is judged with a stack of values.  Both are bounded, and the
 * depth of the second is known when the first has ended.  The right side of `and` and `or` is passed over where the
 * left one decides, as it mostly does: most facts are 0.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule_condition.h"

#include <stdlib.h>

#define NUMBER_DIGITS_MAX 15 /* a double holds them exactly */

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_SIGN, TOKEN_WRONG };

struct token {
    enum token_kind kind;
    struct span text;
    double number;
};

/* What waits on the stack: an operator, or a bracket. */
struct pending {
    enum condition_op op;
    uint8_t precedence; /* 0: a bracket */
    bool counts;        /* the bracket of count( */
    unsigned arguments; /* ... and how many ended already */
};

struct condition_reader {
    const struct expression_file *file;
    const struct yaml_node *node;
    struct problem *problem;
    struct span text;
    size_t at;
    struct token token;
    struct condition_step steps[LIMIT_CONDITION_STEPS];
    unsigned count;
    struct pending pending[LIMIT_CONDITION_DEPTH];
    unsigned pending_count;
    unsigned values; /* on the stack of values, were it judged so far */
};

/* --- words and signs ---------------------------------------------------------------------------------------------- */

struct operator_row {
    const char *text;
    enum condition_op op;
    uint8_t precedence;
};

#define COMPARES 4
#define PREFIX_TIGHT 7

static const struct operator_row binary_operators[] = {
    {"or", CONDITION_OR, 1},
    {"||", CONDITION_OR, 1},
    {"and", CONDITION_AND, 2},
    {"&&", CONDITION_AND, 2},
    {"<", CONDITION_LESS, COMPARES},
    {"<=", CONDITION_LESS_OR_EQUAL, COMPARES},
    {">", CONDITION_GREATER, COMPARES},
    {">=", CONDITION_GREATER_OR_EQUAL, COMPARES},
    {"==", CONDITION_EQUAL, COMPARES},
    {"!=", CONDITION_NOT_EQUAL, COMPARES},
    {"+", CONDITION_ADD, 5},
    {"-", CONDITION_SUBTRACT, 5},
    {"*", CONDITION_MULTIPLY, 6},
    {"/", CONDITION_DIVIDE, 6},
};

static const struct operator_row prefix_operators[] = {
    {"not", CONDITION_NOT, 3}, {"!", CONDITION_NOT, PREFIX_TIGHT}, {"-", CONDITION_NEGATE, PREFIX_TIGHT}};

static const struct operator_row *find_operator(const struct operator_row *rows, size_t count, struct span text) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(text, span_from_string(rows[i].text))) return &rows[i];
    return NULL;
}

#define BINARY(text) find_operator(binary_operators, sizeof binary_operators / sizeof binary_operators[0], text)
#define PREFIX(text) find_operator(prefix_operators, sizeof prefix_operators / sizeof prefix_operators[0], text)

bool condition_is_name(const char *name) {
    struct span const text = span_from_string(name);
    return !ascii_is_digit((uint8_t)name[0]) && BINARY(text) == NULL && PREFIX(text) == NULL &&
           !span_equal(text, SPAN_LITERAL("count"));
}

static bool is_name_byte(uint8_t c) {
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_';
}

/* Digits with one point at most, in any locale. */
static bool read_number(struct span text, double *number) {
    double value = 0, scale = 0;
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '.' && scale == 0) {
            scale = 1;
            continue;
        }
        if (!ascii_is_digit(c)) return false;
        value = value * 10 + (c - '0');
        scale *= 10;
        digits++;
    }
    *number = scale > 0 ? value / scale : value;
    return digits > 0 && digits <= NUMBER_DIGITS_MAX;
}

static size_t word_bytes(struct span rest) {
    size_t len = 0;
    while (len < rest.len && (is_name_byte(rest.data[len]) || rest.data[len] == '.')) len++;
    return len;
}

/* The longest sign that there is: two bytes of an operator, or one of anything. */
static size_t sign_bytes(struct span rest) {
    return rest.len > 1 && BINARY(span_head(rest, 2)) != NULL ? 2 : 1;
}

static void next_token(struct condition_reader *reader) {
    while (reader->at < reader->text.len && ascii_is_space(reader->text.data[reader->at])) reader->at++;
    struct span rest = span_from(reader->text, reader->at);
    struct token *token = &reader->token;
    *token = (struct token){.kind = TOKEN_END, .text = rest};
    if (rest.len == 0) return;
    bool const word = is_name_byte(rest.data[0]) || rest.data[0] == '.';
    token->text = span_head(rest, word ? word_bytes(rest) : sign_bytes(rest));
    reader->at += token->text.len;
    if (ascii_is_digit(rest.data[0]) || rest.data[0] == '.')
        token->kind = read_number(token->text, &token->number) ? TOKEN_NUMBER : TOKEN_WRONG;
    else if (!word || BINARY(token->text) != NULL || PREFIX(token->text) != NULL)
        token->kind = TOKEN_SIGN;
    else
        token->kind = span_find(token->text, '.') == token->text.len ? TOKEN_NAME : TOKEN_WRONG;
}

static bool is_sign(const struct condition_reader *reader, char sign) {
    const struct token *token = &reader->token;
    return token->kind == TOKEN_SIGN && token->text.len == 1 && token->text.data[0] == (uint8_t)sign;
}

/* At the token at hand. */
static bool complain(const struct condition_reader *reader, const char *what) {
    const struct token *token = &reader->token;
    size_t const offset = token->kind == TOKEN_END ? reader->text.len : (size_t)(token->text.data - reader->text.data);
    return expression_problem(reader->file, reader->node, offset, reader->problem, what);
}

/* --- postfix ------------------------------------------------------------------------------------------------------ */

static bool is_operand(enum condition_op op) {
    return op <= CONDITION_NAME;
}

static bool takes_one(enum condition_op op) {
    return op == CONDITION_NOT || op == CONDITION_NEGATE || op == CONDITION_TRUTH;
}

static bool is_logical(enum condition_op op) {
    return op == CONDITION_AND || op == CONDITION_OR;
}

static bool put_step(struct condition_reader *reader, struct condition_step step) {
    if (reader->count == LIMIT_CONDITION_STEPS)
        return complain(reader, "the condition is too long; expected at most 512 names, numbers and operators");
    if (is_operand(step.op)) {
        if (++reader->values > LIMIT_CONDITION_DEPTH)
            return complain(reader, "too much waits for its right side here; expected at most 64 levels");
    } else if (!takes_one(step.op)) {
        reader->values--;
    }
    reader->steps[reader->count++] = step;
    return true;
}

static bool push(struct condition_reader *reader, struct pending pending) {
    if (reader->pending_count == LIMIT_CONDITION_DEPTH)
        return complain(reader, "too much waits for its right side here; expected at most 64 levels");
    reader->pending[reader->pending_count++] = pending;
    return true;
}

/* Puts what binds at least so tightly, down to the next bracket. */
static bool put_waiting(struct condition_reader *reader, uint8_t precedence) {
    while (reader->pending_count > 0) {
        const struct pending *top = &reader->pending[reader->pending_count - 1];
        if (top->precedence == 0 || top->precedence < precedence) return true;
        reader->pending_count--;
        if (!put_step(reader, (struct condition_step){.op = top->op})) return false;
    }
    return true;
}

/* An argument of count( has ended: it counts as 1 or 0, and is added to those before it. */
static bool put_argument(struct condition_reader *reader, struct pending *bracket) {
    return put_step(reader, (struct condition_step){.op = CONDITION_TRUTH}) &&
           (bracket->arguments++ == 0 || put_step(reader, (struct condition_step){.op = CONDITION_ADD}));
}

/* --- the grammar -------------------------------------------------------------------------------------------------- */

static struct span before_blanks(struct span rest) {
    size_t at = 0;
    while (at < rest.len && ascii_is_space(rest.data[at])) at++;
    return span_from(rest, at);
}

static bool is_count(const struct condition_reader *reader) {
    struct span const behind = before_blanks(span_from(reader->text, reader->at));
    return span_equal(reader->token.text, SPAN_LITERAL("count")) && behind.len > 0 && behind.data[0] == '(';
}

/* *done: an operand is complete, and an operator may follow. */
static bool read_operand(struct condition_reader *reader, bool *done) {
    const struct token *token = &reader->token;
    const struct operator_row *prefix = token->kind == TOKEN_SIGN ? PREFIX(token->text) : NULL;
    *done = false;
    if (token->kind == TOKEN_NUMBER) {
        *done = true;
        return put_step(reader, (struct condition_step){.op = CONDITION_NUMBER, .number = token->number});
    }
    if (token->kind == TOKEN_NAME && is_count(reader)) {
        next_token(reader); /* its bracket */
        return push(reader, (struct pending){.counts = true});
    }
    if (token->kind == TOKEN_NAME) {
        *done = true;
        return put_step(reader, (struct condition_step){.op = CONDITION_NAME,
                                                        .index = (uint32_t)(token->text.data - reader->text.data),
                                                        .number = (double)token->text.len});
    }
    if (is_sign(reader, '(')) return push(reader, (struct pending){.precedence = 0});
    if (prefix != NULL) return push(reader, (struct pending){.op = prefix->op, .precedence = prefix->precedence});
    return complain(reader, "expected a fact, a rule, a number, 'not', 'count(' or '('");
}

static bool close_bracket(struct condition_reader *reader) {
    if (!put_waiting(reader, 1)) return false;
    if (reader->pending_count == 0) return complain(reader, "no '(' stands before this; expected an operator");
    struct pending *bracket = &reader->pending[reader->pending_count - 1];
    if (bracket->counts && !put_argument(reader, bracket)) return false;
    reader->pending_count--;
    return true;
}

static bool next_argument(struct condition_reader *reader) {
    if (!put_waiting(reader, 1)) return false;
    struct pending *bracket = reader->pending_count == 0 ? NULL : &reader->pending[reader->pending_count - 1];
    if (bracket == NULL || !bracket->counts) return complain(reader, "expected an operator; ',' stands in count( )");
    return put_argument(reader, bracket);
}

/* Whether a comparison waits for its right side since the last bracket: `1 < urls < 5` would ask whether 0 or 1 is less
 * than 5. */
static bool compares_already(const struct condition_reader *reader) {
    for (unsigned i = reader->pending_count; i > 0; i--) {
        uint8_t const waiting = reader->pending[i - 1].precedence;
        if (waiting <= COMPARES) return waiting == COMPARES;
    }
    return false;
}

/* Behind an operand.  *operand_next: what comes must be one again. */
static bool read_operator(struct condition_reader *reader, bool *operand_next) {
    const struct operator_row *row = reader->token.kind == TOKEN_SIGN ? BINARY(reader->token.text) : NULL;
    *operand_next = true;
    if (row != NULL && row->precedence == COMPARES && compares_already(reader))
        return complain(reader, "a comparison of a comparison; expected 'and' between two, or brackets");
    if (row != NULL)
        return put_waiting(reader, row->precedence) &&
               push(reader, (struct pending){.op = row->op, .precedence = row->precedence});
    if (is_sign(reader, ',')) return next_argument(reader);
    *operand_next = false;
    if (is_sign(reader, ')')) return close_bracket(reader);
    return complain(reader, "expected 'and', 'or', an operator (< <= > >= == != + - * /), or the end");
}

static bool read_all(struct condition_reader *reader) {
    bool operand_next = true;
    for (next_token(reader); operand_next || reader->token.kind != TOKEN_END; next_token(reader)) {
        bool done;
        if (operand_next && !read_operand(reader, &done)) return false;
        if (operand_next)
            operand_next = !done;
        else if (!read_operator(reader, &operand_next))
            return false;
    }
    if (!put_waiting(reader, 1)) return false;
    return reader->pending_count == 0 || complain(reader, "a bracket is open; expected ')'");
}

/* Where the left side of `and` and `or` may decide alone. */
static void find_left_sides(struct condition_step *steps, unsigned count) {
    unsigned begins[LIMIT_CONDITION_DEPTH]; /* of what is on the stack of values */
    unsigned values = 0;
    for (unsigned i = 0; i < count; i++) {
        if (is_operand(steps[i].op)) {
            begins[values++] = i;
        } else if (!takes_one(steps[i].op) && values > 1) { /* as it was read */
            unsigned const right = begins[--values];
            if (is_logical(steps[i].op)) steps[right - 1].taken_by = i & 0xffff;
        }
    }
}

bool condition_read(const struct expression_file *file, const struct yaml_node *node, struct condition *condition,
                    struct problem *problem) {
    struct condition_reader *reader = calloc(1, sizeof *reader); /* some 16 KiB */
    const char *text;
    bool fine = reader != NULL && yaml_string(file->document, node, &text, problem);
    *condition = (struct condition){NULL, 0};
    if (fine) {
        reader->file = file;
        reader->node = node;
        reader->problem = problem;
        reader->text = span_from_string(text);
        fine = read_all(reader);
    }
    if (fine) {
        condition->steps = calloc(reader->count, sizeof *condition->steps);
        condition->count = reader->count;
        fine = condition->steps != NULL;
        if (fine) memcpy(condition->steps, reader->steps, reader->count * sizeof *condition->steps);
        if (fine) find_left_sides(condition->steps, condition->count);
    }
    free(reader);
    return fine;
}

void condition_free(struct condition *condition) {
    free(condition->steps);
    *condition = (struct condition){NULL, 0};
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

static double combine(enum condition_op op, double left, double right) {
    switch (op) {
        case CONDITION_OR:
            return left != 0 || right != 0;
        case CONDITION_AND:
            return left != 0 && right != 0;
        case CONDITION_LESS:
            return left < right;
        case CONDITION_LESS_OR_EQUAL:
            return left <= right;
        case CONDITION_GREATER:
            return left > right;
        case CONDITION_GREATER_OR_EQUAL:
            return left >= right;
        case CONDITION_EQUAL:
            return left == right;
        case CONDITION_NOT_EQUAL:
            return left != right;
        case CONDITION_ADD:
            return left + right;
        case CONDITION_SUBTRACT:
            return left - right;
        case CONDITION_MULTIPLY:
            return left * right;
        case CONDITION_DIVIDE:
            return right == 0 ? 0 : left / right;
        default:
            return 0;
    }
}

static double operand(const struct condition_step *step, const struct facts *facts, const uint64_t *fired) {
    switch (step->op) {
        case CONDITION_FACT:
            return facts->value[step->index];
        case CONDITION_RULE:
            return (double)(fired[step->index / 64] >> (step->index % 64) & 1);
        default:
            return step->number;
    }
}

static double change(enum condition_op op, double value) {
    if (op == CONDITION_NEGATE) return -value;
    return op == CONDITION_NOT ? value == 0 : value != 0;
}

/* Behind a step: goes on to the operator whose left side it ends as long as that decides alone.  Returns the last. */
static unsigned skip_right_sides(const struct condition *condition, unsigned at, double *value) {
    for (unsigned next; (next = condition->steps[at].taken_by) != 0; at = next) {
        bool const holds = *value != 0;
        if (holds != (condition->steps[next].op == CONDITION_OR)) break;
        *value = holds;
    }
    return at;
}

bool condition_holds(const struct condition *condition, const struct facts *facts, const uint64_t *fired) {
    double values[LIMIT_CONDITION_DEPTH];
    unsigned count = 0;
    values[0] = 0;
    for (unsigned i = 0; i < condition->count; i++) {
        const struct condition_step *step = &condition->steps[i];
        if (is_operand(step->op)) {
            values[count++] = operand(step, facts, fired);
        } else if (takes_one(step->op) && count > 0) {
            values[count - 1] = change(step->op, values[count - 1]);
        } else if (count > 1) { /* as it was read */
            count--;
            values[count - 1] = combine(step->op, values[count - 1], values[count]);
        }
        if (count > 0) i = skip_right_sides(condition, i, &values[count - 1]);
    }
    return count > 0 && values[0] != 0;
}
