/* What the conditions of rules name: facts, and other rules, which may stand anywhere in the files.
 *
 * A rule is judged behind those that it asks for.  The order is found by taking off, again and again, what asks for
 * nothing that is left (A. B. Kahn, 1962); what cannot be taken off asks for itself in the end, and is refused.
 *
 * Rules about the source, which ask for a fact source_..., or for a rule that does, are judged apart: in another
 * process, where the facts of the message are not known any more.  Of other rules they ask for, the verdict carries
 * whether they fired.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "rules_internal.h"

struct named_rule {
    const char *name;
    uint16_t rule;
};

struct order {
    struct ruleset *rules;
    struct problem *problem;
    struct named_rule *names; /* sorted */
    uint32_t *asks;           /* of each rule: how many conditions that it asks for were not judged yet */
    uint32_t *askers_first;   /* of each rule: where in askers those begin that ask for it */
    uint32_t *listed;         /* ... and how many stand there */
    uint16_t *askers;
};

static int by_name(const void *a, const void *b) {
    const struct named_rule *one = a, *other = b;
    return strcmp(one->name, other->name);
}

static bool complain_at(const struct order *order, const struct rule_entry *entry, const struct condition_step *step,
                        const char *what) {
    return expression_problem(entry->file, entry->when, step->index, order->problem, what);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool look_up_rule(const struct order *order, const char *name, struct condition_step *step) {
    struct named_rule const wanted = {.name = name};
    const struct named_rule *found = bsearch(&wanted, order->names, order->rules->count, sizeof *order->names, by_name);
    if (found == NULL) return false;
    step->op = CONDITION_RULE;
    step->index = found->rule;
    return true;
}

static bool look_up(const struct order *order, const struct rule_entry *entry, struct condition_step *step) {
    char name[LIMIT_RULE_NAME_BYTES] = {0};
    size_t const len = (size_t)step->number;
    if (len < sizeof name) {
        memcpy(name, entry->when->text + step->index, len);
        int const fact = fact_from_name(name);
        if (fact >= 0) {
            step->op = CONDITION_FACT;
            step->index = (uint32_t)fact;
            return true;
        }
        if (look_up_rule(order, name, step)) return true;
    }
    return complain_at(order, entry, step,
                       "there is no fact or rule of this name; expected a fact that docs/rules.md lists, or a rule");
}

static bool look_up_all(const struct order *order) {
    const struct ruleset *rules = order->rules;
    for (unsigned i = 0; i < rules->count; i++)
        order->names[i] = (struct named_rule){rules->entries[i].rule.name, (uint16_t)i};
    qsort(order->names, rules->count, sizeof *order->names, by_name);
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        for (unsigned s = 0; s < entry->condition.count; s++) {
            struct condition_step *step = &entry->condition.steps[s];
            if (step->op == CONDITION_NAME && !look_up(order, entry, step)) return false;
        }
    }
    return true;
}

/* Rules without points say nothing themselves.  A name that begins with __, as SpamAssassin's parts of others have it,
 * says that nobody needs to ask. */
static bool refuse_idle(const struct order *order) {
    const struct ruleset *rules = order->rules;
    uint64_t asked[RULE_WORDS] = {0};
    for (unsigned i = 0; i < rules->count; i++) {
        const struct condition *condition = &rules->entries[i].condition;
        for (unsigned s = 0; s < condition->count; s++)
            if (condition->steps[s].op == CONDITION_RULE) bit_set(asked, condition->steps[s].index);
    }
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        if (entry->rule.points != 0 || bit_get(asked, i) || strncmp(entry->rule.name, "__", 2) == 0) continue;
        return yaml_problem(entry->file->document, entry->points, false, order->problem,
                            "%s has no points, and no rule asks for it; expected points, a rule that names it, or a "
                            "name that begins with __",
                            entry->rule.name);
    }
    return true;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static bool has_condition(const struct rule_entry *entry) {
    return entry->condition.count > 0;
}

/* Whether the step asks for a rule that is judged, and not searched for. */
static bool is_asked(const struct ruleset *rules, const struct condition_step *step) {
    return step->op == CONDITION_RULE && has_condition(&rules->entries[step->index]);
}

/* Who asks for whom: behind askers_first[rule] stand the conditions that ask for it, one for each time. */
static bool list_askers(struct order *order) {
    const struct ruleset *rules = order->rules;
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        for (unsigned s = 0; s < entry->condition.count; s++)
            if (is_asked(rules, &entry->condition.steps[s])) order->askers_first[entry->condition.steps[s].index + 1]++;
    }
    for (unsigned i = 0; i < rules->count; i++) order->askers_first[i + 1] += order->askers_first[i];
    order->askers = calloc(order->askers_first[rules->count] + 1, sizeof *order->askers);
    if (order->askers == NULL) return false;
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule_entry *entry = &rules->entries[i];
        for (unsigned s = 0; s < entry->condition.count; s++) {
            const struct condition_step *step = &entry->condition.steps[s];
            if (!is_asked(rules, step)) continue;
            order->askers[order->askers_first[step->index] + order->listed[step->index]++] = (uint16_t)i;
            order->asks[i]++;
        }
    }
    return true;
}

/* Judged: who asks for it has to wait for one less. */
static void take_off(const struct order *order, unsigned rule, unsigned *known) {
    for (uint32_t i = order->askers_first[rule]; i < order->askers_first[rule + 1]; i++)
        if (--order->asks[order->askers[i]] == 0) order->rules->conditions[(*known)++] = order->askers[i];
}

static bool refuse_circle(const struct order *order) {
    const struct ruleset *rules = order->rules;
    unsigned at = 0;
    while (order->asks[at] == 0) at++;
    /* Each that is left asks for one that is left: after as many steps as there are rules we are in the circle. */
    for (unsigned steps = 0; steps < rules->count; steps++) {
        const struct condition *condition = &rules->entries[at].condition;
        for (unsigned s = 0; s < condition->count; s++) {
            const struct condition_step *step = &condition->steps[s];
            if (step->op != CONDITION_RULE || order->asks[step->index] == 0) continue;
            at = step->index;
            break;
        }
    }
    const struct rule_entry *entry = &rules->entries[at];
    return yaml_problem(entry->file->document, entry->when, false, order->problem,
                        "%s asks for itself, by way of the rules that it names; expected rules that do not",
                        entry->rule.name);
}

static bool put_in_order(struct order *order) {
    struct ruleset *rules = order->rules;
    unsigned total = 0, known = 0;
    if (!list_askers(order)) return false;
    for (unsigned i = 0; i < rules->count; i++) {
        if (!has_condition(&rules->entries[i])) continue;
        total++;
        if (order->asks[i] == 0) rules->conditions[known++] = (uint16_t)i;
    }
    for (unsigned i = 0; i < known; i++) take_off(order, rules->conditions[i], &known);
    rules->condition_count = known;
    return known == total || refuse_circle(order);
}

/* --- rules about the source --------------------------------------------------------------------------------------- */

static bool carry(struct ruleset *rules, unsigned rule) {
    for (unsigned i = 0; i < rules->carried_count; i++)
        if (rules->carried[i] == rule) return true;
    if (rules->carried_count == RULE_CARRIED_MAX) return false;
    rules->carried[rules->carried_count++] = (uint16_t)rule;
    return true;
}

static bool asks_for_source(const struct ruleset *rules, const struct rule_entry *entry) {
    for (unsigned s = 0; s < entry->condition.count; s++) {
        const struct condition_step *step = &entry->condition.steps[s];
        if (step->op == CONDITION_FACT && fact_is_of_source((enum fact)step->index)) return true;
        if (step->op == CONDITION_RULE && rules->entries[step->index].of_source) return true;
    }
    return false;
}

static bool carry_what_it_asks(const struct order *order, const struct rule_entry *entry) {
    struct ruleset *rules = order->rules;
    for (unsigned s = 0; s < entry->condition.count; s++) {
        const struct condition_step *step = &entry->condition.steps[s];
        bool const message_s = step->op == CONDITION_FACT && !fact_is_of_source((enum fact)step->index);
        if (message_s)
            return yaml_problem(entry->file->document, entry->when, false, order->problem,
                                "%s is a fact of the message, and this rule asks what the source did; expected it in a "
                                "rule of its own, of 0 points, which this one names",
                                fact_name((enum fact)step->index));
        if (step->op != CONDITION_RULE || rules->entries[step->index].of_source) continue;
        if (!carry(rules, step->index))
            return yaml_problem(entry->file->document, entry->when, false, order->problem,
                                "the rules about the source ask for too many other rules; expected at most %d",
                                RULE_CARRIED_MAX);
    }
    return true;
}

/* Takes those about the source out of the order, which both lists keep. */
static bool part_source_rules(const struct order *order) {
    struct ruleset *rules = order->rules;
    unsigned left = 0;
    for (unsigned i = 0; i < rules->condition_count; i++) {
        uint16_t const rule = rules->conditions[i];
        struct rule_entry *entry = &rules->entries[rule];
        entry->of_source = asks_for_source(rules, entry);
        if (!entry->of_source) {
            rules->conditions[left++] = rule;
            continue;
        }
        if (!carry_what_it_asks(order, entry)) return false;
        rules->source_conditions[rules->source_count++] = rule;
    }
    rules->condition_count = left;
    return true;
}

/* --- messages without content ------------------------------------------------------------------------------------- */

static bool asks_for_envelope(const struct ruleset *rules, const struct rule_entry *entry) {
    for (unsigned s = 0; s < entry->condition.count; s++) {
        const struct condition_step *step = &entry->condition.steps[s];
        if (step->op == CONDITION_FACT && fact_is_of_envelope((enum fact)step->index)) return true;
        if (step->op == CONDITION_RULE && rules->entries[step->index].of_bare) return true;
    }
    return false;
}

/* There every fact about content is 0, and no expression finds anything: what asks for nothing else comes to what it
 * comes to now. */
static void list_bare_rules(struct ruleset *rules) {
    static const struct facts nothing;
    static const uint64_t none[RULE_WORDS];
    for (unsigned i = 0; i < rules->condition_count; i++) {
        uint16_t const rule = rules->conditions[i];
        struct rule_entry *entry = &rules->entries[rule];
        entry->of_bare = asks_for_envelope(rules, entry) || condition_holds(&entry->condition, &nothing, none);
        if (entry->of_bare) rules->bare_conditions[rules->bare_count++] = rule;
    }
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

bool rules_order(struct ruleset *rules, struct problem *problem) {
    struct order order = {.rules = rules, .problem = problem};
    rules->conditions = calloc(rules->count + 1, sizeof *rules->conditions);
    rules->source_conditions = calloc(rules->count + 1, sizeof *rules->source_conditions);
    rules->bare_conditions = calloc(rules->count + 1, sizeof *rules->bare_conditions);
    order.names = calloc(rules->count + 1, sizeof *order.names);
    order.asks = calloc(rules->count + 1, sizeof *order.asks);
    order.askers_first = calloc(rules->count + 1, sizeof *order.askers_first);
    order.listed = calloc(rules->count + 1, sizeof *order.listed);
    bool const made = rules->conditions != NULL && rules->source_conditions != NULL && rules->bare_conditions != NULL &&
                      order.names != NULL && order.asks != NULL && order.askers_first != NULL && order.listed != NULL;
    bool const fine =
        made && look_up_all(&order) && put_in_order(&order) && part_source_rules(&order) && refuse_idle(&order);
    if (fine) list_bare_rules(rules);
    free(order.names);
    free(order.asks);
    free(order.askers_first);
    free(order.listed);
    free(order.askers);
    return fine;
}
