/* See import_set.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_set.h"

#include <stdio.h>
#include <stdlib.h>

#define TABLE_SIZE 4096    /* chains, not a limit */
#define NAME_BYTES_MAX 100 /* SpamAssassin's own limit */
#define SCORE_BYTES_MAX 32
#define SETTINGS_MAX 512

struct at {
    struct import_set *set;
    const struct import_lines *lines;
    const struct import_line *line;
};

typedef void (*take)(const struct at *at);

bool import_set_init(struct import_set *set) {
    set->table = calloc(TABLE_SIZE, sizeof(struct import_rule *));
    return set->table != NULL;
}

void import_set_free(struct import_set *set) {
    for (unsigned i = 0; i < set->count; i++) free(set->rules[i]);
    free(set->rules);
    free(set->table);
    free(set->settings);
    import_lists_free(&set->lists);
    import_tags_free(&set->tags);
    import_text_free(&set->plugins.names);
    import_strings_free(&set->strings);
}

const char *import_kind_name(enum import_kind kind) {
    static const char *const names[IMPORT_KINDS] = {"nothing", "header",     "body", "rawbody", "full",
                                                    "uri",     "mimeheader", "meta", "eval"};
    return names[kind];
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

/* part: where in the line, a piece of its value; else it is told of the key. */
static void tell(const struct at *at, struct span part, const char *what) {
    struct problem problem = {.line = at->line->line, .column = at->line->key_column};
    const struct import_line *line = at->line;
    bool const inside = part.data != NULL && line->value.len > 0 && part.data >= line->value.data &&
                        part.data <= line->value.data + line->value.len;
    if (inside) problem.column = line->value_column + (unsigned)(part.data - line->value.data);
    (void)snprintf(problem.file, sizeof problem.file, "%s", at->lines->file);
    (void)snprintf(problem.what, sizeof problem.what, "%s", what);
    at->set->problems++;
    if (at->set->tell != NULL) at->set->tell(at->set->context, &problem);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static unsigned hash(struct span name) {
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.len; i++) h = (h ^ name.data[i]) * 16777619u;
    return h % TABLE_SIZE;
}

struct import_rule *import_set_find(const struct import_set *set, struct span name) {
    for (struct import_rule *rule = set->table[hash(name)]; rule != NULL; rule = rule->same_hash)
        if (span_equal(name, span_from_string(rule->name))) return rule;
    return NULL;
}

static struct import_rule *add(struct import_set *set, struct span name) {
    if (set->count == set->room) {
        unsigned room = set->room == 0 ? 1024 : 2 * set->room;
        struct import_rule **rules = realloc(set->rules, room * sizeof(struct import_rule *));
        if (rules == NULL) return NULL;
        set->rules = rules;
        set->room = room;
    }
    struct import_rule *rule = calloc(1, sizeof *rule);
    if (rule == NULL) return NULL;
    rule->name = import_keep(&set->strings, name);
    struct import_rule **chain = &set->table[hash(name)];
    rule->same_hash = *chain;
    *chain = rule;
    set->rules[set->count++] = rule;
    return rule;
}

static struct import_rule *find_or_add(struct import_set *set, struct span name) {
    struct import_rule *rule = import_set_find(set, name);
    if (rule == NULL) rule = add(set, name);
    if (rule == NULL) set->failed = true;
    return rule;
}

struct import_rule *import_set_reserve(struct import_set *set, const char *name) {
    struct span const span = span_from_string(name);
    return import_set_find(set, span) == NULL ? find_or_add(set, span) : NULL;
}

static bool is_name(struct span word) {
    if (word.len == 0 || word.len > NAME_BYTES_MAX || ascii_is_digit(word.data[0])) return false;
    for (size_t i = 0; i < word.len; i++)
        if (!ascii_is_alpha(word.data[i]) && !ascii_is_digit(word.data[i]) && word.data[i] != '_') return false;
    return true;
}

static struct span split_word(struct span *rest) {
    size_t end = 0;
    while (end < rest->len && !ascii_is_space(rest->data[end])) end++;
    struct span word = span_head(*rest, end);
    *rest = span_trim(span_from(*rest, end));
    return word;
}

/* The rule that the line is about; *rest is what stands behind its name.  NULL: that was told. */
static struct import_rule *take_name(const struct at *at, struct span *rest, bool more) {
    *rest = at->line->value;
    struct span word = split_word(rest);
    if (!is_name(word)) {
        tell(at, word, "no name of a rule; expected up to 100 letters, digits and '_', the first no digit");
        return NULL;
    }
    if (more && rest->len == 0) {
        tell(at, word, "nothing stands behind the name; expected what it says of the rule");
        return NULL;
    }
    return find_or_add(at->set, word);
}

/* --- definitions -------------------------------------------------------------------------------------------------- */

/* A rule stands where it was said last. */
static void move_to_end(struct import_set *set, const struct import_rule *rule) {
    for (unsigned i = set->count; i-- > 0;) { /* mostly it is new */
        if (set->rules[i] != rule) continue;
        struct import_rule *moved = set->rules[i];
        memmove(&set->rules[i], &set->rules[i + 1], (set->count - i - 1) * sizeof(struct import_rule *));
        set->rules[set->count - 1] = moved;
        return;
    }
}

static void define(const struct at *at, enum import_kind kind) {
    struct span rest;
    struct import_rule *rule = take_name(at, &rest, true);
    if (rule == NULL) return;
    if (kind != IMPORT_META &&
        (span_starts_with(rest, SPAN_LITERAL("eval:")) || span_starts_with(rest, SPAN_LITERAL("rbleval:")))) {
        kind = IMPORT_EVAL;
    }
    move_to_end(at->set, rule);
    rule->kind = kind;
    rule->value = span_from_string(import_keep(&at->set->strings, rest));
    rule->file = at->lines->file;
    rule->line = at->line->line;
    rule->column = at->line->value_column + (unsigned)(rest.data - at->line->value.data);
}

static void take_header(const struct at *at) {
    define(at, IMPORT_HEADER);
}

static void take_body(const struct at *at) {
    define(at, IMPORT_BODY);
}

static void take_rawbody(const struct at *at) {
    define(at, IMPORT_RAWBODY);
}

static void take_full(const struct at *at) {
    define(at, IMPORT_FULL);
}

static void take_uri(const struct at *at) {
    define(at, IMPORT_URI);
}

static void take_mimeheader(const struct at *at) {
    define(at, IMPORT_MIMEHEADER);
}

static void take_meta(const struct at *at) {
    define(at, IMPORT_META);
}

/* --- what is said of a rule --------------------------------------------------------------------------------------- */

/* -1.5, .5, (0.1): the last is added to what was said before. */
static bool read_score(struct span word, double *score, bool *added) {
    size_t i = 0;
    double value = 0, scale = 0;
    *added = word.len > 2 && word.data[0] == '(' && word.data[word.len - 1] == ')';
    if (*added) word = span_slice(word, 1, word.len - 2);
    bool const negative = word.len > 0 && word.data[0] == '-';
    if (negative) i++;
    if (i == word.len || word.len > SCORE_BYTES_MAX || !ascii_is_digit(word.data[i])) return false;
    for (; i < word.len; i++) {
        if (word.data[i] == '.' && scale == 0 && i + 1 < word.len) {
            scale = 1;
            continue;
        }
        if (!ascii_is_digit(word.data[i])) return false;
        value = value * 10 + (word.data[i] - '0');
        scale *= 10;
    }
    value = scale > 0 ? value / scale : value;
    *score = negative ? -value : value;
    return true;
}

/* Of four scores the first is for what has neither network nor Bayes. */
static void take_score(const struct at *at) {
    struct span rest;
    double first = 0, score;
    bool first_added = false, added;
    struct import_rule *rule = take_name(at, &rest, true);
    if (rule == NULL) return;
    unsigned count = 0;
    while (rest.len > 0) {
        struct span word = split_word(&rest);
        if (!read_score(word, &score, &added)) {
            tell(at, word, "no score; expected a number, such as 1.5 or -0.1");
            return;
        }
        if (count++ > 0) continue;
        first = score;
        first_added = added;
    }
    if (count != 1 && count != 4)
        tell(at, SPAN_EMPTY, "a score of the wrong number of numbers; expected one or four");
    else if (first_added && !rule->scored)
        tell(at, SPAN_EMPTY, "a score in parentheses is added to one before it; expected one before it");
    else
        rule->score = first_added ? rule->score + first : first;
    rule->scored = rule->scored || ((count == 1 || count == 4) && !first_added);
}

static void take_describe(const struct at *at) {
    struct span rest;
    struct import_rule *rule = take_name(at, &rest, true);
    if (rule != NULL) rule->description = import_keep(&at->set->strings, rest);
}

static void take_tflags(const struct at *at) {
    struct span rest;
    struct import_rule *rule = take_name(at, &rest, true);
    if (rule == NULL) return;
    rule->multiple = rule->nosubject = rule->nice = rule->net = rule->ranged = false; /* the last line counts */
    while (rest.len > 0) {
        struct span word = split_word(&rest);
        if (span_equal(word, SPAN_LITERAL("multiple"))) rule->multiple = true;
        if (span_equal(word, SPAN_LITERAL("nosubject"))) rule->nosubject = true;
        if (span_equal(word, SPAN_LITERAL("nice"))) rule->nice = true;
        if (span_equal(word, SPAN_LITERAL("net"))) rule->net = true;
        if (span_starts_with(word, SPAN_LITERAL("range=")) || span_equal(word, SPAN_LITERAL("concat")))
            rule->ranged = true;
    }
}

static void take_replace_rules(const struct at *at) {
    struct span rest = at->line->value;
    if (rest.len == 0) tell(at, SPAN_EMPTY, "no rule; expected names of rules");
    while (rest.len > 0) {
        struct span word = split_word(&rest);
        struct import_rule *rule = is_name(word) ? find_or_add(at->set, word) : NULL;
        if (rule != NULL)
            rule->replaces = true;
        else
            tell(at, word, "no name of a rule; expected letters, digits and '_'");
    }
}

static void take_replacement(const struct at *at, enum import_tag_kind kind) {
    struct span rest = at->line->value;
    struct span name = split_word(&rest);
    struct import_strings *strings = &at->set->strings;
    if (rest.len == 0)
        tell(at, name, "half of it is missing; expected a tag and what it stands for");
    else
        import_tags_set(&at->set->tags, kind, span_from_string(import_keep(strings, name)),
                        span_from_string(import_keep(strings, rest)));
}

static void take_tag(const struct at *at) {
    take_replacement(at, IMPORT_TAG);
}

static void take_tag_before(const struct at *at) {
    take_replacement(at, IMPORT_TAG_BEFORE);
}

static void take_tag_between(const struct at *at) {
    take_replacement(at, IMPORT_TAG_BETWEEN);
}

static void take_tag_behind(const struct at *at) {
    take_replacement(at, IMPORT_TAG_BEHIND);
}

static void take_freemail(const struct at *at) {
    import_lists_add(&at->set->lists, "", at->line->value);
}

/* (NAME) ADDRESS... */
static void take_address_list(const struct at *at) {
    struct span rest = at->line->value;
    struct span const word = split_word(&rest);
    if (word.len < 3 || word.data[0] != '(' || word.data[word.len - 1] != ')')
        tell(at, word, "no name of a list; expected it in parentheses");
    else
        import_lists_add(&at->set->lists, import_keep(&at->set->strings, span_slice(word, 1, word.len - 2)), rest);
}

static void refuse_brackets(const struct at *at) {
    tell(at, at->line->value, "tags in other brackets cannot be read; expected < and >");
}

static void refuse_include(const struct at *at) {
    tell(at, at->line->value, "this file is not read; expected its name on the command line");
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *key;
    take take;
} keys[] = {
    {"header", take_header},
    {"body", take_body},
    {"rawbody", take_rawbody},
    {"full", take_full},
    {"uri", take_uri},
    {"mimeheader", take_mimeheader},
    {"meta", take_meta},
    {"score", take_score},
    {"describe", take_describe},
    {"tflags", take_tflags},
    {"replace_rules", take_replace_rules},
    {"freemail_domains", take_freemail},
    {"enlist_addrlist", take_address_list},
    {"replace_tag", take_tag},
    {"replace_pre", take_tag_before},
    {"replace_inter", take_tag_between},
    {"replace_post", take_tag_behind},
    {"replace_start", refuse_brackets},
    {"replace_end", refuse_brackets},
    {"include", refuse_include},
};

static void count_setting(struct import_set *set, struct span key) {
    for (unsigned i = 0; i < set->setting_count; i++) {
        if (!span_equal(key, span_from_string(set->settings[i].key))) continue;
        set->settings[i].count++;
        return;
    }
    if (set->setting_count == SETTINGS_MAX) return; /* there are some 200; the rest is noise */
    struct import_setting *settings = realloc(set->settings, (set->setting_count + 1) * sizeof *settings);
    if (settings == NULL) {
        set->failed = true;
        return;
    }
    set->settings = settings;
    settings[set->setting_count++] = (struct import_setting){import_keep(&set->strings, key), 1};
}

static void take_line(const struct at *at) {
    struct span key = at->line->key;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!span_equal(key, span_from_string(keys[i].key))) continue;
        keys[i].take(at);
        return;
    }
    if (is_name(key))
        count_setting(at->set, key);
    else
        tell(at, SPAN_EMPTY, "this is no setting; expected header, body, rawbody, uri, meta, score, describe, ...");
}

void import_set_read(struct import_set *set, const char *file, struct span text) {
    struct import_lines lines = {.file = file, .text = text, .plugins = &set->plugins};
    struct import_line line;
    struct problem problem;
    struct at const at = {set, &lines, &line};
    for (;;) {
        enum import_got got = import_lines_next(&lines, &line, &problem);
        if (got == IMPORT_END) break;
        if (got == IMPORT_LINE) {
            take_line(&at);
            continue;
        }
        set->problems++;
        if (set->tell != NULL) set->tell(set->context, &problem);
    }
    if (lines.current.failed || set->plugins.names.failed || set->strings.failed || set->tags.failed)
        set->failed = true;
    import_text_free(&lines.current);
}
