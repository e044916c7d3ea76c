/* Reading rules/content.yaml and rules/setup.yaml; docs/rules.md describes the language.
 *
 *   rules:
 *     - name: WORD
 *       look_at: TARGET, or a list of them     with   match: REGULAR EXPRESSION
 *       when: CONDITION                        instead of both (rule_condition.c)
 *       points: NUMBER
 *       description: TEXT
 *
 * Strings stay in the YAML document, which the rule set keeps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules_internal.h"

#include <stdlib.h>

#define POINTS_MAX 1000.0

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
    if (!condition_is_name(rule->name))
        return complain(reader, node,
                        "conditions would take this for a number or a word of theirs; expected a name that begins "
                        "with a letter or '_', and is not and, or, not, count");
    if (fact_from_name(rule->name) >= 0)
        return complain(reader, node,
                        "a fact has this name, and conditions could not tell them apart; expected another");
    for (unsigned i = 0; i < reader->rules->count; i++) {
        const struct rule *other = &reader->rules->entries[i].rule;
        if (strcmp(other->name, rule->name) == 0)
            return yaml_problem(reader->file->document, node, false, reader->problem,
                                "there is a rule %s already, at %s:%u; expected another name", rule->name, other->file,
                                other->line);
    }
    return true;
}

/* --- look_at and match ----------------------------------------------------------------------------------------- */

static bool read_header(struct span text, struct rule_look *look) {
    static const struct {
        const char *name;
        enum header_form form;
    } forms[] = {{":raw", HEADER_RAW},           {":addr", HEADER_ADDRESS},
                 {":name", HEADER_NAME},         {":name:skeleton", HEADER_NAME_SKELETON},
                 {":name:org", HEADER_NAME_ORG}, {":skeleton", HEADER_SKELETON}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0] && look->target == RULE_HEADER; i++) {
        struct span const form = span_from_string(forms[i].name);
        if (text.len <= form.len || !span_equal(span_from(text, text.len - form.len), form)) continue;
        text = span_head(text, text.len - form.len);
        look->form = forms[i].form;
        break;
    }
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] >= 127 || text.data[i] == ':') return false;
    look->header = text;
    return text.len > 0 && text.len <= LIMIT_HEADER_NAME_BYTES;
}

static bool read_look(const char *text, struct rule_look *look) {
    static const struct {
        const char *name;
        enum rule_target target;
    } targets[] = {{"headers", RULE_HEADERS}, {"body", RULE_BODY}, {"raw", RULE_RAW}, {"uri", RULE_URI}};
    *look = (struct rule_look){.target = RULE_HEADER, .header = SPAN_LITERAL("Subject")};
    if (strcmp(text, "subject") == 0) return true;
    if (strncmp(text, "header ", 7) == 0) return read_header(span_from_string(text + 7), look);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        if (strcmp(text, targets[i].name) != 0) continue;
        *look = (struct rule_look){.target = targets[i].target};
        return true;
    }
    if (strncmp(text, "mime ", 5) != 0) return false;
    look->target = RULE_MIME;
    return read_header(span_from_string(text + 5), look);
}

static bool is_named_before(const struct rule *rule) {
    const struct rule_look *last = &rule->looks[rule->look_count - 1];
    for (unsigned i = 0; i + 1 < rule->look_count; i++)
        if (rule_looks_are_same(&rule->looks[i], last)) return true;
    return false;
}

static bool read_target(struct rule_reader *reader, const struct yaml_node *node) {
    struct rule *rule = &reader->entry->rule;
    const char *text;
    if (!yaml_string(reader->file->document, node, &text, reader->problem)) return false;
    if (rule->look_count == RULE_LOOKS_MAX)
        return yaml_problem(reader->file->document, node, false, reader->problem,
                            "too many targets; expected at most %d", RULE_LOOKS_MAX);
    if (read_look(text, &rule->looks[rule->look_count++]))
        return !is_named_before(rule) || complain(reader, node, "this target stands here twice; expected another");
    return complain(reader, node,
                    "expected one of: header NAME (or NAME:raw, NAME:addr, NAME:name, NAME:skeleton, "
                    "NAME:name:skeleton, NAME:name:org), headers, "
                    "subject, body, raw, uri, mime NAME; or a list of such");
}

static bool read_targets(struct rule_reader *reader, const struct yaml_node *node) {
    if (node->kind != YAML_LIST) return read_target(reader, node);
    if (node->count == 0) return complain(reader, node, "expected one target at least");
    for (const struct yaml_node *target = node->first; target != NULL; target = target->next)
        if (!read_target(reader, target)) return false;
    return true;
}

/* Text has several lines; and that there is a header says something without any expression. */
static void judge_looks(const struct rule *rule, bool *in_text, bool *may_just_be) {
    *in_text = false;
    *may_just_be = true;
    for (unsigned i = 0; i < rule->look_count; i++) {
        enum rule_target const target = rule->looks[i].target;
        *in_text |= target == RULE_BODY || target == RULE_RAW;
        *may_just_be &= target == RULE_HEADER || target == RULE_MIME;
    }
}

static bool looks_at_skeleton(const struct rule *rule) {
    for (unsigned i = 0; i < rule->look_count; i++)
        if (rule->looks[i].form >= HEADER_SKELETON) return true; /* or what has one */
    return false;
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

/* How long an escape is: with what it names, which is no text, as in \\x{2D} and \\p{Lu}. */
static size_t escape_bytes(const char *text) {
    if (text[1] == '\0') return 1;
    if (strchr("xopPNgk", text[1]) == NULL) return 2;
    if (text[2] == '{') return strcspn(text, "}") + (text[strcspn(text, "}")] != '\0');
    return 2 + (text[1] == 'x' ? strspn(text + 2, "0123456789abcdefABCDEF") : strspn(text + 2, "LMNPSZC"));
}

/* The end of a class; *capital is the first one in it when there is nothing else. */
static const char *class_end(const char *text, const char **capital) {
    bool others = text[1] == '^';
    const char *first = NULL;
    text += others ? 2 : 1;
    for (const char *begin = text; *text != '\0' && (*text != ']' || text == begin);) {
        if (first == NULL && is_capital(*text)) first = text;
        others |= !is_capital(*text) && *text != '-';
        text += *text == '\\' ? escape_bytes(text) : 1;
    }
    *capital = others ? NULL : first;
    return *text == ']' ? text + 1 : text;
}

/* The first capital that the expression wants in a text; NULL: none. */
static const char *find_capital(const char *text) {
    while (*text != '\0') {
        const char *capital = is_capital(*text) ? text : NULL;
        if (*text == '[')
            text = class_end(text, &capital);
        else
            text += *text == '\\' ? escape_bytes(text) : 1;
        if (capital != NULL) return capital;
    }
    return NULL;
}

/* Skeletons have none. */
static bool asks_for_no_capital(const struct rule_reader *reader, const struct expression *expression) {
    if (!looks_at_skeleton(&reader->entry->rule) || strstr(expression->text, "(?i") != NULL) return true;
    const char *capital = find_capital(expression->text);
    return capital == NULL ||
           expression_problem(reader->file, expression->node, (size_t)(capital - expression->text), reader->problem,
                              "no skeleton has a capital letter; expected a small one, or (?i) in front");
}

static bool read_match(struct rule_reader *reader) {
    struct rule_entry *entry = reader->entry;
    const struct yaml_node *targets, *match = child(reader, "match");
    bool in_text, may_just_be;
    if (!required(reader, "look_at", &targets) || !read_targets(reader, targets)) return false;
    judge_looks(&entry->rule, &in_text, &may_just_be);
    if (match == NULL && may_just_be) return true;
    if (!required(reader, "match", &match)) return false;
    const char *text;
    if (!yaml_string(reader->file->document, match, &text, reader->problem)) return false;
    entry->expression = (struct expression){
        .text = text,
        .node = match,
        .file = reader->file,
        .id = reader->rules->count,
        .multiline = in_text,
        .steps_counted = true,
    };
    return expression_check(&entry->expression, reader->problem) && asks_for_no_capital(reader, &entry->expression);
}

static bool read_when(struct rule_reader *reader, const struct yaml_node *when) {
    const struct condition *condition = &reader->entry->condition;
    reader->entry->when = when;
    if (!condition_read(reader->file, when, &reader->entry->condition, reader->problem)) return false;
    for (unsigned i = 0; i < condition->count; i++)
        if (condition->steps[i].op == CONDITION_NAME) return true;
    return complain(reader, when, "this condition holds always or never; expected one that asks for a fact or a rule");
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
    const struct yaml_node *description = child(reader, "description");
    rule->description = "";
    if (rule->points != 0 && !required(reader, "description", &description)) return false;
    if (description != NULL && !yaml_string(reader->file->document, description, &rule->description, reader->problem))
        return false;
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
    if (severity != 1 || reader->entry->rule.points > 0) return true;
    return complain(reader, node, "a critical rule has points above 0; expected such 'points', or 'severity: normal'");
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
    struct rule_entry *entry = reader->entry;
    return required(reader, "points", &entry->points) && yaml_number(reader->file->document, entry->points, -POINTS_MAX,
                                                                     POINTS_MAX, &entry->rule.points, reader->problem);
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
        entry->file = file;
        struct rule_reader reader = {file, node, rules, entry, problem};
        bool const fine = read_rule(&reader);
        rules->count++; /* in any case: what it holds is freed with the rest */
        if (!fine) return false;
    }
    return true;
}
