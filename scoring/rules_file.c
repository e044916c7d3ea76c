/* Reading rules/content.yaml and rules/setup.yaml; docs/rules.md describes the language.
 *
 *   rules:
 *     - name: WORD
 *       look_at: header NAME | subject | body | uri     with   match: REGULAR EXPRESSION
 *       when: CONDITION { and CONDITION }               instead of both
 *       points: NUMBER
 *       description: TEXT
 *
 * Strings stay in the YAML document, which the rule set keeps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules_internal.h"

#include <stdlib.h>

#define POINTS_MAX 1000.0
#define NUMBER_DIGITS_MAX 15 /* a double holds them exactly */

struct rule_reader {
    const struct expression_file *file;
    const struct yaml_node *node;
    struct ruleset *rules;
    struct rule_entry *entry;
    struct problem *problem;
};

static bool complain(const struct rule_reader *reader, const struct yaml_node *node, const char *what) {
    return yaml_problem(reader->file->document, node, false, reader->problem, "%s", what);
}

static bool is_word(const char *text, const char *besides) {
    if (*text == '\0') return false;
    for (; *text != '\0'; text++) {
        uint8_t c = (uint8_t)*text;
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && strchr(besides, c) == NULL) return false;
    }
    return true;
}

static const struct yaml_node *child(const struct rule_reader *reader, const char *key) {
    return yaml_get(reader->node, key);
}

static bool required(const struct rule_reader *reader, const char *key, const struct yaml_node **node) {
    *node = child(reader, key);
    if (*node != NULL) return true;
    return yaml_problem(reader->file->document, reader->node, false, reader->problem,
                        "this rule has no '%s'; expected one", key);
}

/* --- name ------------------------------------------------------------------------------------------------------ */

static bool read_name(struct rule_reader *reader) {
    const struct yaml_node *node;
    struct rule *rule = &reader->entry->rule;
    if (!required(reader, "name", &node)) return false;
    if (!yaml_string(reader->file->document, node, &rule->name, reader->problem)) return false;
    if (!is_word(rule->name, "_") || strlen(rule->name) >= LIMIT_RULE_NAME_BYTES)
        return complain(reader, node, "expected a name of up to 47 letters, digits and '_'");
    for (unsigned i = 0; i < reader->rules->count; i++) {
        const struct rule *other = &reader->rules->entries[i].rule;
        if (strcmp(other->name, rule->name) == 0)
            return yaml_problem(reader->file->document, node, false, reader->problem,
                                "there is a rule %s already, at %s:%u; expected another name", rule->name, other->file,
                                other->line);
    }
    return true;
}

/* --- when ------------------------------------------------------------------------------------------------------ */

struct condition_reader {
    struct rule_reader *rule;
    const struct yaml_node *node;
    struct span text;
    size_t at;
};

static bool is_operator(uint8_t c) {
    return strchr("<>=!", c) != NULL;
}

/* The next word or operator, after blanks; empty at the end. */
static struct span next_token(struct condition_reader *reader) {
    while (reader->at < reader->text.len && ascii_is_space(reader->text.data[reader->at])) reader->at++;
    size_t begin = reader->at;
    while (reader->at < reader->text.len) {
        uint8_t c = reader->text.data[reader->at];
        if (ascii_is_space(c) || is_operator(c) != is_operator(reader->text.data[begin])) break;
        reader->at++;
    }
    return span_slice(reader->text, begin, reader->at - begin);
}

static bool condition_problem(const struct condition_reader *reader, struct span token, const char *what) {
    size_t offset = token.len == 0 ? reader->text.len : (size_t)(token.data - reader->text.data);
    return expression_problem(reader->rule->file, reader->node, offset, reader->rule->problem, what);
}

static bool read_comparison(struct span token, enum comparison *comparison) {
    static const char *const names[] = {"<", "<=", ">", ">=", "==", "!="};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!span_equal(token, span_from_string(names[i]))) continue;
        *comparison = (enum comparison)i;
        return true;
    }
    return false;
}

/* Digits with one point at most: what a condition needs, in any locale. */
static bool read_number(struct span token, double *number) {
    double value = 0;
    double scale = 0;
    size_t digits = 0;
    for (size_t i = 0; i < token.len; i++) {
        uint8_t c = token.data[i];
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

static bool read_fact(const struct condition_reader *reader, struct span token, enum fact *fact) {
    if (token.len == 0) return condition_problem(reader, token, "expected the name of a fact");
    for (unsigned i = 0; i < FACT_COUNT; i++) {
        if (!span_equal(token, span_from_string(fact_name((enum fact)i)))) continue;
        *fact = (enum fact)i;
        return true;
    }
    return condition_problem(reader, token, "there is no fact of this name; expected one that docs/rules.md lists");
}

/* FACT, not FACT, or FACT OPERATOR NUMBER.  *next is the token behind it. */
static bool read_condition(struct condition_reader *reader, struct condition *condition, struct span *next) {
    struct span token = next_token(reader);
    bool negated = span_equal(token, SPAN_LITERAL("not"));
    if (negated) token = next_token(reader);
    if (!read_fact(reader, token, &condition->fact)) return false;
    condition->comparison = negated ? EQUAL : NOT_EQUAL;
    condition->number = 0;
    *next = next_token(reader);
    if (negated || !read_comparison(*next, &condition->comparison)) return true;
    struct span number = next_token(reader);
    if (!read_number(number, &condition->number)) return condition_problem(reader, number, "expected a number");
    *next = next_token(reader);
    return true;
}

static bool read_when(struct rule_reader *rule_reader, const struct yaml_node *node) {
    struct rule_entry *entry = rule_reader->entry;
    const char *text;
    if (!yaml_string(rule_reader->file->document, node, &text, rule_reader->problem)) return false;
    struct condition_reader reader = {rule_reader, node, span_from_string(text), 0};
    entry->rule.target = RULE_FACT;
    struct span next;
    do {
        if (entry->condition_count == RULE_CONDITIONS_MAX)
            return complain(rule_reader, node, "too many conditions; expected at most 6");
        if (!read_condition(&reader, &entry->conditions[entry->condition_count++], &next)) return false;
    } while (span_equal(next, SPAN_LITERAL("and")));
    if (next.len == 0) return true;
    return condition_problem(&reader, next, "expected 'and', an operator (< <= > >= == !=), or the end");
}

/* --- look_at and match ----------------------------------------------------------------------------------------- */

static bool read_target(struct rule_reader *reader, const struct yaml_node *node) {
    struct rule *rule = &reader->entry->rule;
    const char *text;
    if (!yaml_string(reader->file->document, node, &text, reader->problem)) return false;
    if (strncmp(text, "header ", 7) == 0 && is_word(text + 7, "-_") && strlen(text + 7) <= LIMIT_HEADER_NAME_BYTES) {
        rule->target = RULE_HEADER;
        rule->header = text + 7;
        return true;
    }
    static const char *const names[] = {"subject", "body", "uri"};
    static const enum rule_target targets[] = {RULE_SUBJECT, RULE_BODY, RULE_URI};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        rule->target = targets[i];
        return true;
    }
    return complain(reader, node, "expected one of: header NAME, subject, body, uri");
}

static bool read_match(struct rule_reader *reader) {
    struct rule_entry *entry = reader->entry;
    const struct yaml_node *target;
    const struct yaml_node *match;
    if (!required(reader, "look_at", &target) || !required(reader, "match", &match)) return false;
    if (!read_target(reader, target)) return false;
    const char *text;
    if (!yaml_string(reader->file->document, match, &text, reader->problem)) return false;
    entry->expression = (struct expression){
        .text = text,
        .node = match,
        .file = reader->file,
        .id = reader->rules->count,
        .multiline = entry->rule.target == RULE_BODY,
        .steps_counted = true,
    };
    return expression_check(&entry->expression, reader->problem);
}

static bool read_condition_or_match(struct rule_reader *reader) {
    const struct yaml_node *when = child(reader, "when");
    if (when == NULL) return read_match(reader);
    if (child(reader, "look_at") == NULL && child(reader, "match") == NULL) return read_when(reader, when);
    return complain(reader, when, "both kinds of rule in one; expected either 'when', or 'look_at' with 'match'");
}

/* --- the rest -------------------------------------------------------------------------------------------------- */

static bool read_texts(struct rule_reader *reader) {
    struct rule *rule = &reader->entry->rule;
    const struct yaml_node *description;
    if (!required(reader, "description", &description)) return false;
    if (!yaml_string(reader->file->document, description, &rule->description, reader->problem)) return false;
    const struct yaml_node *advice = child(reader, "advice");
    return advice == NULL || yaml_string(reader->file->document, advice, &rule->advice, reader->problem);
}

static bool read_severity(struct rule_reader *reader) {
    static const char *const severities[] = {"normal", "critical", NULL};
    const struct yaml_node *node = child(reader, "severity");
    unsigned severity = 0;
    if (node != NULL && !yaml_choice(reader->file->document, node, severities, &severity, reader->problem))
        return false;
    reader->entry->rule.critical = severity == 1;
    return true;
}

/* Tags are for people and their tools: they are checked and not kept. */
static bool read_tags(struct rule_reader *reader) {
    const struct yaml_node *tags = child(reader, "tags");
    if (tags == NULL) return true;
    if (tags->kind != YAML_LIST) return complain(reader, tags, "expected a list of words");
    for (const struct yaml_node *tag = tags->first; tag != NULL; tag = tag->next)
        if (tag->kind != YAML_SCALAR || !is_word(tag->text, "-_")) return complain(reader, tag, "expected a word");
    return true;
}

static bool read_points(struct rule_reader *reader) {
    const struct yaml_node *node;
    return required(reader, "points", &node) &&
           yaml_number(reader->file->document, node, 0, POINTS_MAX, &reader->entry->rule.points, reader->problem);
}

static bool read_rule(struct rule_reader *reader) {
    static const char *const keys[] = {"name",        "look_at", "match",    "when", "points",
                                       "description", "advice",  "severity", "tags", NULL};
    if (reader->node->kind != YAML_MAP) return complain(reader, reader->node, "expected a rule: name, points, ...");
    return yaml_known_keys(reader->file->document, reader->node, keys, reader->problem) && read_name(reader) &&
           read_condition_or_match(reader) && read_points(reader) && read_texts(reader) && read_severity(reader) &&
           read_tags(reader);
}

/* The list under the only key of the file; NULL: there is none, and *problem says why. */
static const struct yaml_node *find_list(const struct expression_file *file, struct problem *problem) {
    static const char *const keys[] = {"rules", NULL};
    const struct yaml_node *root = yaml_document_root(file->document), *list = NULL;
    if (root->kind != YAML_MAP) {
        (void)yaml_problem(file->document, root, false, problem, "expected 'rules:'");
        return NULL;
    }
    if (!yaml_known_keys(file->document, root, keys, problem)) return NULL;
    list = yaml_get(root, "rules");
    if (list != NULL && list->kind == YAML_LIST) return list;
    if (list != NULL)
        (void)yaml_problem(file->document, list, false, problem, "expected a list of rules");
    else /* an editor may have cut it off: that must not turn all rules off */
        (void)yaml_problem(file->document, root, false, problem,
                           "no rules; expected 'rules:', with [] behind it for none");
    return NULL;
}

static bool make_room(struct ruleset *rules, const struct expression_file *file, const struct yaml_node *list,
                      struct problem *problem) {
    if (list->count > LIMIT_RULES - rules->count)
        return yaml_problem(file->document, list, false, problem, "a rule set holds at most %d rules", LIMIT_RULES);
    size_t bytes = (rules->count + list->count + 1) * sizeof *rules->entries;
    struct rule_entry *entries = realloc(rules->entries, bytes);
    if (entries == NULL) return yaml_problem(file->document, list, false, problem, "not enough memory");
    rules->entries = entries;
    memset(entries + rules->count, 0, (list->count + 1) * sizeof *entries);
    return true;
}

bool rules_file_read(struct ruleset *rules, const struct expression_file *file, enum rule_group group,
                     struct problem *problem) {
    const struct yaml_node *list = find_list(file, problem);
    if (list == NULL || !make_room(rules, file, list, problem)) return false;
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct rule_entry *entry = &rules->entries[rules->count];
        entry->rule.group = group;
        entry->rule.file = yaml_document_name(file->document);
        entry->rule.line = node->line;
        struct rule_reader reader = {file, node, rules, entry, problem};
        if (!read_rule(&reader)) return false;
        rules->count++;
    }
    return true;
}
