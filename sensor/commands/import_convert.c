/* See import_convert.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_convert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "mailspan/limits.h"

#define NAME_KEPT_BYTES 40 /* of a name, before a number that makes it another */
#define NAME_TRIES_MAX 100000

void import_refuse(struct import_set *set, struct import_rule *rule, const char *format, ...) {
    char why[IMPORT_WHY_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    rule->state = IMPORT_REFUSED;
    rule->why = import_keep(&set->strings, span_from_string(why));
}

static bool is_sub_rule(const struct import_rule *rule) {
    return strncmp(rule->name, "__", 2) == 0;
}

double import_points(const struct import_rule *rule) {
    if (is_sub_rule(rule)) return 0;
    if (rule->scored) return rule->score;
    double const preset = strncmp(rule->name, "T_", 2) == 0 ? 0.01 : 1;
    return rule->nice ? -preset : preset;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

const char *import_new_name(struct import_set *set, const struct import_options *options, const char *wanted) {
    char name[LIMIT_RULE_NAME_BYTES];
    (void)snprintf(name, sizeof name, "%.*s", NAME_KEPT_BYTES, wanted);
    for (unsigned i = 2; i < NAME_TRIES_MAX; i++) {
        bool const taken = options->is_taken != NULL && options->is_taken(options->context, name);
        const struct import_rule *made = taken ? NULL : import_set_reserve(set, name);
        if (made != NULL) return made->name;
        (void)snprintf(name, sizeof name, "%.*s_%u", NAME_KEPT_BYTES, wanted, i);
    }
    set->failed = true;
    return "";
}

const char *import_there(struct import_set *set, const struct import_options *options, const char *wanted,
                         const char *look_at) {
    struct import_text key = {.bytes = NULL};
    import_text_print(&key, "there: %s", look_at); /* no name of a rule has a blank */
    struct import_rule *known = import_set_find(set, import_text_span(&key));
    if (known == NULL && !key.failed) {
        known = import_set_reserve(set, key.bytes);
        if (known != NULL) known->there = import_new_name(set, options, wanted);
    }
    import_text_free(&key);
    if (known == NULL) set->failed = true;
    return known == NULL ? "" : known->there;
}

/* As it is, where it can be. */
static void choose_name(struct import_set *set, const struct import_options *options, struct import_rule *rule) {
    char wanted[LIMIT_RULE_NAME_BYTES + 4];
    rule->as = rule->name;
    bool const taken = options->is_taken != NULL && options->is_taken(options->context, rule->name);
    if (!taken && strlen(rule->name) < LIMIT_RULE_NAME_BYTES) return;
    (void)snprintf(wanted, sizeof wanted, "%s%.*s", taken ? "SA_" : "", NAME_KEPT_BYTES, rule->name);
    rule->as = import_new_name(set, options, wanted);
}

/* --- eval --------------------------------------------------------------------------------------------------------- */

/* Functions of SpamAssassin that say just that none of some headers is there. */
static const struct {
    const char *call, *there, *look_at;
} evals[] = {
    {"eval:check_for_missing_to_header()", "__THERE_IS_TO_AT_ALL", "[header To, header Apparently-To]"},
};

static void convert_eval(struct import_set *set, const struct import_options *options, struct import_rule *rule) {
    for (size_t i = 0; i < sizeof evals / sizeof evals[0]; i++) {
        char when[2 * LIMIT_RULE_NAME_BYTES];
        if (!span_equal(rule->value, span_from_string(evals[i].call))) continue;
        rule->there = import_there(set, options, evals[i].there, evals[i].look_at);
        rule->there_look_at = evals[i].look_at;
        (void)snprintf(when, sizeof when, "not %s", rule->there);
        rule->when = import_keep(&set->strings, span_from_string(when));
        rule->state = IMPORT_CONVERTED;
        return;
    }
    struct span call = rule->value;
    struct span name = span_head(call, span_find(call, '('));
    if (rule->net || span_starts_with(call, SPAN_LITERAL("rbleval:")))
        import_refuse(set, rule, "asks the network (%.*s)", (int)name.len, (const char *)name.data);
    else
        import_refuse(set, rule, "is a function of SpamAssassin (%.*s)", (int)name.len, (const char *)name.data);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static void convert_one(struct import_set *set, const struct import_options *options, struct import_rule *rule) {
    if (rule->kind == IMPORT_NOTHING || rule->state != IMPORT_WAITING) return;
    choose_name(set, options, rule);
    if (rule->scored && rule->score == 0) {
        rule->state = IMPORT_OFF;
        rule->why = "its score is 0";
        return;
    }
    if (rule->kind == IMPORT_EVAL)
        convert_eval(set, options, rule);
    else if (rule->kind != IMPORT_META)
        import_convert_pattern(set, options, rule);
}

/* Metas ask for metas: those that ask for none that waits come first.  What is left then asks in a circle. */
static void convert_metas(struct import_set *set) {
    bool changed = true;
    while (changed) {
        changed = false;
        for (unsigned i = 0; i < set->count; i++) {
            struct import_rule *rule = set->rules[i];
            if (rule->kind == IMPORT_META && rule->state == IMPORT_WAITING && import_convert_meta(set, rule))
                changed = true;
        }
    }
    for (unsigned i = 0; i < set->count; i++)
        if (set->rules[i]->kind == IMPORT_META && set->rules[i]->state == IMPORT_WAITING)
            import_refuse(set, set->rules[i], "asks for itself through others");
}

/* --- what is needed ----------------------------------------------------------------------------------------------- */

struct marking {
    struct import_rule **stack; /* room for each rule: none is put there twice */
    unsigned count;
};

static void mark(void *context, struct import_rule *rule) {
    struct marking *marking = context;
    if (rule->needed || rule->state != IMPORT_CONVERTED) return;
    rule->needed = true;
    marking->stack[marking->count++] = rule;
}

static void mark_needed(struct import_set *set, bool all) {
    struct marking marking = {.stack = calloc(set->count + 1, sizeof(struct import_rule *))};
    if (marking.stack == NULL) {
        set->failed = true;
        return;
    }
    for (unsigned i = 0; i < set->count; i++)
        if (all || import_points(set->rules[i]) != 0) mark(&marking, set->rules[i]);
    while (marking.count > 0) {
        struct import_rule *rule = marking.stack[--marking.count];
        if (rule->kind == IMPORT_META) import_meta_names(set, rule, mark, &marking);
    }
    free(marking.stack);
}

void import_convert(struct import_set *set, const struct import_options *options) {
    import_lists_say(set);
    unsigned const said = set->count; /* names that are made on the way come behind these */
    for (unsigned i = 0; i < said; i++) convert_one(set, options, set->rules[i]);
    convert_metas(set);
    mark_needed(set, options->keep_all);
}
