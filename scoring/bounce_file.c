/* rules/bounces.yaml: classes of refusals, and what they are known by.
 *
 *   classes: [ {name, fault, hard, weight, passed_on, advice,
 *               enhanced: [5.1.1, x.1.1, x.1.*], codes: [550 rcpt, 5yz greeting]} ]
 *   receivers: [ {name, match, example} ]
 *   blocklists: [ {name, match, url, advice} ]
 *   texts:   [ {class, match, only: 4yz | 5yz, stage, receiver, example}, {section, receiver, texts: [...]} ]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "bounce_internal.h"
#include "bounce_words_check.h"

static const char *const fault_names[] = {"unknown", "recipient", "list", "sender", "receiver", NULL};

const char *fault_name(enum fault fault) {
    return fault_names[fault];
}

/* --- loading: codes -------------------------------------------------------------------------------------------- */

static bool complain(const struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem,
                     const char *what) {
    return yaml_problem(rules->file.document, node, false, problem, "%s", what);
}

/* Of a text: tells it, too. */
static bool complain_of(const struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem,
                        const char *what) {
    return yaml_problem(rules->file.document, node, false, problem, "'%.40s'; %s", node->text, what);
}

static bool complain_of_more(const struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem,
                             const char *what, unsigned most) {
    return yaml_problem(rules->file.document, node, false, problem, "one %s more than the %u that a file may have",
                        what, most);
}

/* Up to three digits; BOUNCE_ANY for the letter that stands for all. */
static bool read_field(struct span *text, char any, unsigned *value) {
    if (text->len > 0 && text->data[0] == (uint8_t)any) {
        *value = BOUNCE_ANY;
        *text = span_from(*text, 1);
        return true;
    }
    size_t digits = 0;
    *value = 0;
    for (; digits < text->len && digits < 4 && ascii_is_digit(text->data[digits]); digits++)
        *value = *value * 10 + (unsigned)(text->data[digits] - '0');
    *text = span_from(*text, digits);
    return digits > 0 && digits < 4;
}

static bool read_dot(struct span *text) {
    if (text->len == 0 || text->data[0] != '.') return false;
    *text = span_from(*text, 1);
    return true;
}

/* Of two that are alike only one could decide. */
static bool complain_of_second(const struct bounce_rules *rules, const struct yaml_node *node,
                               const struct yaml_node *first, unsigned bounce_class, struct problem *problem) {
    return yaml_problem(rules->file.document, node, false, problem,
                        "this code stands in line %u already, of class '%s'; expected it once", first->line,
                        rules->classes[bounce_class].name);
}

static bool enhanced_is_first(const struct bounce_rules *rules, const struct enhanced_rule *rule,
                              struct problem *problem) {
    for (unsigned i = 0; i < rules->enhanced_count; i++) {
        const struct enhanced_rule *other = &rules->enhanced[i];
        if (other->class_ == rule->class_ && other->subject == rule->subject && other->detail == rule->detail)
            return complain_of_second(rules, rule->node, other->node, other->bounce_class, problem);
    }
    return true;
}

static bool code_is_first(const struct bounce_rules *rules, const struct code_rule *rule, struct problem *problem) {
    for (unsigned i = 0; i < rules->code_count; i++) {
        const struct code_rule *other = &rules->codes[i];
        if (other->code == rule->code && other->stage == rule->stage)
            return complain_of_second(rules, rule->node, other->node, other->bounce_class, problem);
    }
    return true;
}

static bool read_enhanced(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    const char *string;
    if (!yaml_string(rules->file.document, node, &string, problem)) return false;
    struct span text = span_from_string(string);
    struct enhanced_rule *rule = &rules->enhanced[rules->enhanced_count];
    bool good = read_field(&text, 'x', &rule->class_) && read_dot(&text) && read_field(&text, '\0', &rule->subject) &&
                read_dot(&text) && read_field(&text, '*', &rule->detail) && text.len == 0 &&
                (rule->class_ == 4 || rule->class_ == 5 || rule->class_ == BOUNCE_ANY);
    if (!good) return complain_of(rules, node, problem, "expected an enhanced code such as 5.1.1, x.1.1 or x.1.*");
    if (rules->enhanced_count == BOUNCE_CODES_MAX - 1)
        return complain_of_more(rules, node, problem, "enhanced code", BOUNCE_CODES_MAX - 1);
    rule->bounce_class = rules->class_count;
    rule->node = node;
    if (!enhanced_is_first(rules, rule, problem)) return false;
    rules->enhanced_count++;
    return true;
}

static bool read_code(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    const char *string;
    enum stage stage;
    if (!yaml_string(rules->file.document, node, &string, problem)) return false;
    struct code_rule *rule = &rules->codes[rules->code_count];
    if (!code_text_read(span_from_string(string), &rule->code, &stage))
        return complain_of(rules, node, problem, "expected a code and a stage: 550, 5yz, 550 rcpt, 5yz greeting");
    if (rules->code_count == BOUNCE_CODES_MAX - 1)
        return complain_of_more(rules, node, problem, "code", BOUNCE_CODES_MAX - 1);
    rule->stage = stage == STAGE_NONE ? BOUNCE_ANY : (unsigned)stage;
    rule->bounce_class = rules->class_count;
    rule->node = node;
    if (!code_is_first(rules, rule, problem)) return false;
    rules->code_count++;
    return true;
}

typedef bool read_item(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem);

/* The items of a list that need not be there. */
static bool read_list(struct bounce_rules *rules, const struct yaml_node *map, const char *key, read_item *read,
                      struct problem *problem) {
    const struct yaml_node *list = yaml_get(map, key);
    if (list == NULL) return true;
    if (list->kind != YAML_LIST) return complain(rules, list, problem, "expected a list");
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next)
        if (!read(rules, node, problem)) return false;
    return true;
}

/* --- loading: classes ------------------------------------------------------------------------------------------ */

static bool required(const struct bounce_rules *rules, const struct yaml_node *map, const char *key,
                     const struct yaml_node **node, struct problem *problem) {
    *node = yaml_get(map, key);
    return *node != NULL ||
           yaml_problem(rules->file.document, map, false, problem, "there is no '%s' here; expected one", key);
}

static int class_index(const struct bounce_rules *rules, const char *name) {
    for (unsigned i = 0; i < rules->class_count; i++)
        if (strcmp(rules->classes[i].name, name) == 0) return (int)i;
    return -1;
}

/* Names stand in lines and in metrics: as those of message rules. */
static bool is_class_name(const char *name) {
    size_t length = 0;
    for (; name[length] != '\0'; length++) {
        uint8_t const c = (uint8_t)name[length];
        if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && c != '_') return false;
    }
    return length > 0 && length < LIMIT_RULE_NAME_BYTES;
}

/* That a person reads: a letter in it, of a name a digit at least, and nothing that breaks a line of output. */
static bool read_line(const struct bounce_rules *rules, const struct yaml_node *node, bool is_name, const char **line,
                      struct problem *problem) {
    bool letter = false, plain = true;
    if (!yaml_string(rules->file.document, node, line, problem)) return false;
    for (const char *at = *line; *at != '\0'; at++) {
        uint8_t const c = (uint8_t)*at;
        letter = letter || ascii_is_alpha(c) || c >= 0x80 || (is_name && ascii_is_digit(c));
        plain = plain && c >= ' ' && c != 0x7f;
    }
    return (letter && plain) ||
           complain(rules, node, problem, "no words, or a break in them; expected one line of text");
}

static bool read_class_name(struct bounce_rules *rules, const struct yaml_node *map, struct problem *problem) {
    const struct yaml_node *node;
    struct bounce_class *class_ = &rules->classes[rules->class_count];
    if (!required(rules, map, "name", &node, problem)) return false;
    if (!yaml_string(rules->file.document, node, &class_->name, problem)) return false;
    if (rules->class_count == 0 && strcmp(class_->name, "unclassified") != 0)
        return complain(rules, node, problem, "the first class has another name; expected 'unclassified'");
    if (!is_class_name(class_->name))
        return complain_of(rules, node, problem, "expected a name of up to 47 small letters, digits and '_'");
    return class_index(rules, class_->name) < 0 ||
           complain(rules, node, problem, "there is such a class already; expected another name");
}

static bool read_class_values(struct bounce_rules *rules, const struct yaml_node *map, struct problem *problem) {
    const struct yaml_document *document = rules->file.document;
    struct bounce_class *class_ = &rules->classes[rules->class_count];
    const struct yaml_node *fault;
    const struct yaml_node *hard;
    const struct yaml_node *weight;
    const struct yaml_node *passed_on = yaml_get(map, "passed_on");
    const struct yaml_node *advice = yaml_get(map, "advice");
    unsigned fault_number = 0;
    if (!required(rules, map, "fault", &fault, problem) || !required(rules, map, "hard", &hard, problem) ||
        !required(rules, map, "weight", &weight, problem))
        return false;
    if (!yaml_choice(document, fault, fault_names, &fault_number, problem)) return false;
    class_->fault = (enum fault)fault_number;
    if (!yaml_boolean(document, hard, &class_->hard, problem) ||
        !yaml_number(document, weight, 0, 1, &class_->weight, problem))
        return false;
    class_->passed_on = class_->weight;
    return (passed_on == NULL || yaml_number(document, passed_on, 0, class_->weight, &class_->passed_on, problem)) &&
           (advice == NULL || read_line(rules, advice, false, &class_->advice, problem));
}

static bool read_class(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"name",   "fault",    "hard",  "weight", "passed_on",
                                       "advice", "enhanced", "codes", NULL};
    if (node->kind != YAML_MAP) return complain(rules, node, problem, "expected a class: name, fault, ...");
    if (rules->class_count == LIMIT_BOUNCE_CLASSES)
        return complain_of_more(rules, node, problem, "class", LIMIT_BOUNCE_CLASSES);
    if (!yaml_known_keys(rules->file.document, node, keys, problem)) return false;
    if (!read_class_name(rules, node, problem) || !read_class_values(rules, node, problem)) return false;
    if (!read_list(rules, node, "enhanced", read_enhanced, problem)) return false;
    if (!read_list(rules, node, "codes", read_code, problem)) return false;
    rules->class_count++;
    return true;
}

/* --- loading: texts -------------------------------------------------------------------------------------------- */

static bool read_text_class(struct bounce_rules *rules, const struct yaml_node *map, struct problem *problem) {
    const struct yaml_node *node;
    const char *name;
    if (!required(rules, map, "class", &node, problem)) return false;
    if (!yaml_string(rules->file.document, node, &name, problem)) return false;
    int index = class_index(rules, name);
    if (index < 0)
        return complain_of(rules, node, problem, "there is no class of this name above; expected the name of one");
    rules->texts[rules->text_count].bounce_class = (unsigned)index;
    return true;
}

static bool read_only(struct bounce_rules *rules, const struct yaml_node *map, struct problem *problem) {
    static const char *const names[] = {"4yz", "5yz", NULL};
    const struct yaml_node *node = yaml_get(map, "only");
    unsigned choice = 0;
    if (node == NULL) return true;
    if (!yaml_choice(rules->file.document, node, names, &choice, problem)) return false;
    rules->texts[rules->text_count].only = choice + 4;
    return true;
}

/* Where a text says it: "550 example.org does not exist" means somebody else at MAIL than at RCPT. */
static bool read_text_stage(struct bounce_rules *rules, const struct yaml_node *map, struct problem *problem) {
    const struct yaml_node *node = yaml_get(map, "stage");
    unsigned *stage = &rules->texts[rules->text_count].stage;
    const char *word;
    enum stage named;
    *stage = BOUNCE_ANY;
    if (node == NULL) return true;
    if (!yaml_string(rules->file.document, node, &word, problem)) return false;
    if (!stage_read(span_from_string(word), &named))
        return complain_of(rules, node, problem, "expected a stage: greeting, mail, rcpt, data or body");
    *stage = named;
    return true;
}

static bool read_receiver_name(struct bounce_rules *rules, const struct yaml_node *map, unsigned *receiver,
                               struct problem *problem) {
    const struct yaml_node *node = yaml_get(map, "receiver");
    const char *name;
    if (node == NULL) return true;
    if (!yaml_string(rules->file.document, node, &name, problem)) return false;
    for (unsigned i = 0; i < rules->receivers.count; i++) {
        if (strcmp(rules->receivers.rules[i].name, name) != 0) continue;
        *receiver = i + 1;
        return true;
    }
    return complain_of(rules, node, problem, "there is no receiver of this name above; expected the name of one");
}

static bool read_named(struct bounce_rules *rules, struct named_rules *list, const struct yaml_node *node,
                       struct problem *problem) {
    const struct yaml_document *document = rules->file.document;
    const struct yaml_node *name;
    const struct yaml_node *match;
    const char *string;
    struct named_rule *rule = &list->rules[list->count];
    if (list->count == LIMIT_BOUNCE_NAMES)
        return complain_of_more(rules, node, problem, list == &rules->receivers ? "receiver" : "blocklist",
                                LIMIT_BOUNCE_NAMES);
    if (!required(rules, node, "name", &name, problem) || !required(rules, node, "match", &match, problem))
        return false;
    if (!read_line(rules, name, true, &rule->name, problem) || !yaml_string(document, match, &string, problem))
        return false;
    rule->expression =
        (struct expression){.text = string, .node = match, .file = &rules->file, .id = list->count, .caseless = true};
    if (!expression_check(&rule->expression, problem)) return false;
    list->count++;
    return true;
}

static bool read_receiver(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"name", "match", "example", NULL};
    const struct yaml_node *example;
    const char *string;
    if (node->kind != YAML_MAP) return complain(rules, node, problem, "expected a receiver: name, match, example");
    if (!yaml_known_keys(rules->file.document, node, keys, problem) ||
        !required(rules, node, "example", &example, problem) ||
        !yaml_string(rules->file.document, example, &string, problem) ||
        !read_named(rules, &rules->receivers, node, problem))
        return false;
    rules->receivers.rules[rules->receivers.count - 1].example = example;
    return true;
}

/* A page that a browser opens: people are sent there. */
static bool is_page(struct span url) {
    size_t const begin = span_starts_with_nocase(url, SPAN_LITERAL("https://"))  ? 8
                         : span_starts_with_nocase(url, SPAN_LITERAL("http://")) ? 7
                                                                                 : url.len;
    struct span const host = span_from(url, begin);
    for (size_t i = 0; i < url.len; i++)
        if (url.data[i] <= ' ' || url.data[i] >= 0x7f) return false;
    return host.len > 0 && (ascii_is_alpha(host.data[0]) || ascii_is_digit(host.data[0]) || host.data[0] == '[');
}

static bool read_blocklist(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"name", "match", "url", "advice", NULL};
    const struct yaml_document *document = rules->file.document;
    if (node->kind != YAML_MAP) return complain(rules, node, problem, "expected a blocklist: name, match, url");
    const struct yaml_node *url = yaml_get(node, "url");
    const struct yaml_node *advice = yaml_get(node, "advice");
    if (!yaml_known_keys(document, node, keys, problem) || !read_named(rules, &rules->blocklists, node, problem))
        return false;
    struct named_rule *list = &rules->blocklists.rules[rules->blocklists.count - 1];
    if ((url != NULL && !yaml_string(document, url, &list->url, problem)) ||
        (advice != NULL && !read_line(rules, advice, false, &list->advice, problem)))
        return false;
    return url == NULL || is_page(span_from_string(list->url)) ||
           complain(rules, url, problem, "expected a page that begins with https:// or http://, and a host");
}

static bool read_text(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"class", "match", "only", "stage", "receiver", "example", NULL};
    const struct yaml_node *match;
    const char *string;
    if (node->kind != YAML_MAP) return complain(rules, node, problem, "expected a text: class, match, example");
    if (rules->text_count == BOUNCE_TEXTS_MAX) return complain_of_more(rules, node, problem, "text", BOUNCE_TEXTS_MAX);
    if (!yaml_known_keys(rules->file.document, node, keys, problem)) return false;
    struct text_rule *text = &rules->texts[rules->text_count];
    text->section = rules->section;
    text->receiver = rules->section_receiver;
    if (!read_text_class(rules, node, problem) || !read_only(rules, node, problem) ||
        !read_text_stage(rules, node, problem) || !read_receiver_name(rules, node, &text->receiver, problem))
        return false;
    if (!required(rules, node, "match", &match, problem) || !required(rules, node, "example", &text->example, problem))
        return false;
    if (!yaml_string(rules->file.document, text->example, &string, problem)) return false;
    if (!yaml_string(rules->file.document, match, &string, problem)) return false;
    text->expression = (struct expression){
        .text = string, .node = match, .file = &rules->file, .id = rules->text_count, .caseless = true};
    if (!expression_check(&text->expression, problem)) return false;
    rules->text_count++;
    return true;
}

/* Texts stand in the list as they are, or some of them together under a name. */
static bool read_text_or_section(struct bounce_rules *rules, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"section", "receiver", "texts", NULL};
    const struct yaml_node *name = node->kind == YAML_MAP ? yaml_get(node, "section") : NULL;
    const struct yaml_node *texts;
    rules->section = NULL;
    rules->section_receiver = 0;
    if (name == NULL) return read_text(rules, node, problem);
    if (!yaml_known_keys(rules->file.document, node, keys, problem) ||
        !yaml_string(rules->file.document, name, &rules->section, problem) ||
        !read_receiver_name(rules, node, &rules->section_receiver, problem) ||
        !required(rules, node, "texts", &texts, problem))
        return false;
    if (texts->kind == YAML_LIST && texts->first == NULL)
        return complain(rules, texts, problem, "nothing stands in this section; expected at least one text");
    return read_list(rules, node, "texts", read_text, problem);
}

static bool compile_named(struct bounce_rules *rules, struct named_rules *named, struct compiled *compiled,
                          struct problem *problem) {
    struct expression list[LIMIT_BOUNCE_NAMES];
    for (unsigned i = 0; i < named->count; i++) list[i] = named->rules[i].expression;
    bool good =
        expressions_compile(list, named->count, HS_MODE_BLOCK, compiled, &named->database, &rules->scratch, problem);
    for (unsigned i = 0; i < named->count; i++) named->rules[i].expression = list[i];
    return good;
}

static void free_named(struct named_rules *named) {
    for (unsigned i = 0; i < named->count; i++) pcre2_code_free(named->rules[i].expression.confirm);
    hs_free_database(named->database);
}

static bool compile_texts(struct bounce_rules *rules, struct compiled *compiled, struct problem *problem) {
    struct expression *list = calloc(rules->text_count + 1u, sizeof *list);
    if (list == NULL) return false;
    for (unsigned i = 0; i < rules->text_count; i++) list[i] = rules->texts[i].expression;
    bool const good = expressions_compile(list, rules->text_count, HS_MODE_BLOCK, compiled, &rules->database,
                                          &rules->scratch, problem);
    for (unsigned i = 0; i < rules->text_count; i++) rules->texts[i].expression = list[i];
    free(list);
    if (!good) return false;
    rules->match_data = pcre2_match_data_create(1, NULL);
    rules->match_context = pcre2_match_context_create(NULL);
    rules->memory = calloc(LIMIT_BOUNCE_MEMORY, sizeof *rules->memory);
    if (rules->match_data == NULL || rules->match_context == NULL || rules->memory == NULL) return false;
    (void)pcre2_set_match_limit(rules->match_context, 20000);
    return true;
}

static bool read_file(struct bounce_rules *rules, struct compiled *compiled, struct problem *problem) {
    static const char *const keys[] = {"classes", "receivers", "blocklists", "texts", NULL};
    const struct yaml_node *root = yaml_document_root(rules->file.document);
    if (root->kind != YAML_MAP) return complain(rules, root, problem, "expected 'classes:' and 'texts:'");
    if (!yaml_known_keys(rules->file.document, root, keys, problem)) return false;
    if (!read_list(rules, root, "classes", read_class, problem)) return false;
    if (rules->class_count == 0) return complain(rules, root, problem, "expected 'classes:', 'unclassified' first");
    return read_list(rules, root, "receivers", read_receiver, problem) &&
           read_list(rules, root, "blocklists", read_blocklist, problem) &&
           read_list(rules, root, "texts", read_text_or_section, problem) && compile_texts(rules, compiled, problem) &&
           compile_named(rules, &rules->receivers, compiled, problem) &&
           compile_named(rules, &rules->blocklists, compiled, problem) &&
           (rules->file.checked || bounce_examples_hold(rules, problem));
}

struct bounce_rules *bounce_rules_load(const char *name, struct span text, struct problem *problem) {
    return bounce_rules_load_compiled(name, text, NULL, problem);
}

struct bounce_rules *bounce_rules_load_compiled(const char *name, struct span text, struct compiled *compiled,
                                                struct problem *problem) {
    *problem = (struct problem){.what = "not enough memory for the bounce rules"};
    struct bounce_rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL) return NULL;
    rules->file = (struct expression_file){.document = yaml_document_load(name, text, problem),
                                           .source = text,
                                           .checked = compiled != NULL && compiled_is_closed(compiled)};
    if (rules->file.document != NULL && read_file(rules, compiled, problem)) {
        rules->file.source = SPAN_EMPTY; /* the caller's */
        return rules;
    }
    bounce_rules_free(rules);
    return NULL;
}

void bounce_rules_free(struct bounce_rules *rules) {
    if (rules == NULL) return;
    for (unsigned i = 0; i < rules->text_count; i++) pcre2_code_free(rules->texts[i].expression.confirm);
    free_named(&rules->receivers);
    free_named(&rules->blocklists);
    hs_free_database(rules->database);
    free(rules->memory);
    bounce_words_free(rules->words);
    hs_free_scratch(rules->scratch);
    pcre2_match_data_free(rules->match_data);
    pcre2_match_context_free(rules->match_context);
    if (rules->file.document != NULL) yaml_document_free(rules->file.document);
    free(rules);
}

static int number_of_class(const void *context, const char *name) {
    return class_index(context, name);
}

bool bounce_rules_add_words(struct bounce_rules *rules, const char *name, struct span text, bool strict,
                            struct problem *problem) {
    if (strict && !bounce_words_sound(name, text, number_of_class, rules, problem)) return false;
    struct bounce_words *words = bounce_words_load(name, text, number_of_class, rules, strict, problem);
    if (words == NULL) return false;
    bounce_words_free(rules->words);
    rules->words = words;
    memset(rules->memory, 0, LIMIT_BOUNCE_MEMORY * sizeof *rules->memory); /* other words, other answers */
    return true;
}

unsigned bounce_rules_strangers(const struct bounce_rules *rules, struct span words, char *names, size_t room) {
    return bounce_words_strangers(words, number_of_class, rules, names, room);
}

unsigned bounce_class_count(const struct bounce_rules *rules) {
    return rules->class_count;
}

const struct bounce_class *bounce_class_at(const struct bounce_rules *rules, unsigned i) {
    return i < rules->class_count ? &rules->classes[i] : NULL;
}
