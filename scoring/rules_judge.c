/* Judging the rules that have conditions: of a message when all of it has come, and of its source in the judge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules_internal.h"

#include <math.h>

static void judge(const struct ruleset *rules, const uint16_t *conditions, unsigned count, const struct facts *facts,
                  uint64_t *fired) {
    for (unsigned i = 0; i < count; i++)
        if (condition_holds(&rules->entries[conditions[i]].condition, facts, fired)) bit_set(fired, conditions[i]);
}

void rules_judge(const struct ruleset *rules, const struct facts *facts, uint64_t *fired) {
    judge(rules, rules->conditions, rules->condition_count, facts, fired);
}

void rules_judge_bare(const struct ruleset *rules, const struct facts *facts, uint64_t *fired) {
    judge(rules, rules->bare_conditions, rules->bare_count, facts, fired);
}

bool rule_is_stronger(const struct rule *rule, const struct rule *other) {
    if (rule->critical != other->critical) return rule->critical;
    return fabs(rule->points) > fabs(other->points);
}

bool ruleset_has_source_rules(const struct ruleset *rules) {
    return rules->source_count > 0;
}

bool ruleset_is_source_rule(const struct ruleset *rules, unsigned rule) {
    return rule < rules->count && rules->entries[rule].of_source;
}

unsigned ruleset_carried_count(const struct ruleset *rules) {
    return rules->carried_count;
}

unsigned ruleset_carried_rule(const struct ruleset *rules, unsigned i) {
    return rules->carried[i];
}

uint64_t ruleset_carried(const struct ruleset *rules, const struct rule_hits *hits) {
    uint64_t carried = 0;
    for (unsigned i = 0; i < rules->carried_count; i++)
        if (rule_hit(hits, rules->carried[i])) carried |= UINT64_C(1) << i;
    return carried;
}

void ruleset_source_hits(const struct ruleset *rules, const struct facts *facts, uint64_t carried,
                         struct rule_hits *hits) {
    uint64_t fired[RULE_WORDS] = {0};
    *hits = (struct rule_hits){{0}};
    for (unsigned i = 0; i < rules->carried_count; i++)
        if ((carried >> i & 1) != 0) bit_set(fired, rules->carried[i]);
    for (unsigned i = 0; i < rules->source_count; i++) {
        unsigned const rule = rules->source_conditions[i];
        if (!condition_holds(&rules->entries[rule].condition, facts, fired)) continue;
        bit_set(fired, rule);
        bit_set(hits->bits, rule);
    }
}
