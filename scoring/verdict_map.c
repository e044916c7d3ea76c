/* From the rules of one rule set to those of the next, by name.
 *
 * Names are sorted once and looked up by bisection: who must not pause makes a map of a thousand rules, too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/verdict.h"

#include <stdlib.h>

struct named {
    const char *name;
    uint16_t place;
};

static int compare_names(const void *a, const void *b) {
    const struct named *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static uint16_t place_of(const struct named *sorted, unsigned count, const char *name, uint16_t none) {
    struct named wanted = {name, 0};
    const struct named *found = bsearch(&wanted, sorted, count, sizeof *sorted, compare_names);
    return found == NULL ? none : found->place;
}

static void map_rules(struct verdict_map *map, const struct ruleset *old, const struct ruleset *rules) {
    struct named sorted[LIMIT_RULES] = {{NULL, 0}};
    unsigned count = ruleset_count(rules);
    for (unsigned i = 0; i < count; i++) sorted[i] = (struct named){ruleset_rule(rules, i)->name, (uint16_t)i};
    qsort(sorted, count, sizeof *sorted, compare_names);
    map->rule_count = ruleset_count(old);
    for (unsigned i = 0; i < map->rule_count; i++) {
        map->rules[i] = place_of(sorted, count, ruleset_rule(old, i)->name, VERDICT_NO_RULE);
        map->points[i] = (float)ruleset_rule(old, i)->points;
    }
}

static void map_carried(struct verdict_map *map, const struct ruleset *old, const struct ruleset *rules) {
    unsigned const count = ruleset_carried_count(rules);
    map->carried_count = (uint8_t)ruleset_carried_count(old);
    for (unsigned i = 0; i < map->carried_count; i++) {
        uint16_t const rule = map->rules[ruleset_carried_rule(old, i)];
        unsigned place = 0;
        while (place < count && ruleset_carried_rule(rules, place) != rule) place++;
        map->carried[i] = place < count ? (uint8_t)place : RULE_CARRIED_MAX;
    }
}

static uint64_t carried_after(const struct verdict_map *map, uint64_t carried) {
    uint64_t after = 0;
    for (unsigned i = 0; i < map->carried_count; i++)
        if ((carried >> i & 1) != 0 && map->carried[i] < RULE_CARRIED_MAX) after |= UINT64_C(1) << map->carried[i];
    return after;
}

static void map_classes(struct verdict_map *map, const struct bounce_rules *old, const struct bounce_rules *bounces) {
    struct named sorted[LIMIT_BOUNCE_CLASSES] = {{NULL, 0}};
    unsigned count = bounce_class_count(bounces);
    for (unsigned i = 0; i < count; i++) sorted[i] = (struct named){bounce_class_at(bounces, i)->name, (uint16_t)i};
    qsort(sorted, count, sizeof *sorted, compare_names);
    map->class_count = bounce_class_count(old);
    for (unsigned i = 0; i < map->class_count; i++)
        map->classes[i] = place_of(sorted, count, bounce_class_at(old, i)->name, 0);
}

void verdict_map_make(struct verdict_map *map, const struct ruleset *old_rules, const struct bounce_rules *old_bounces,
                      const struct ruleset *rules, const struct bounce_rules *bounces) {
    map_rules(map, old_rules, rules);
    map_carried(map, old_rules, rules);
    map_classes(map, old_bounces, bounces);
}

uint16_t verdict_map_rule(const struct verdict_map *map, uint16_t rule) {
    return rule < map->rule_count ? map->rules[rule] : VERDICT_NO_RULE;
}

uint16_t verdict_map_class(const struct verdict_map *map, uint16_t bounce_class) {
    return bounce_class < map->class_count ? map->classes[bounce_class] : 0;
}

void verdict_map_follow(struct verdict_map *map, const struct verdict_map *next) {
    for (unsigned i = 0; i < map->rule_count; i++) map->rules[i] = verdict_map_rule(next, map->rules[i]);
    for (unsigned i = 0; i < map->class_count; i++) map->classes[i] = verdict_map_class(next, map->classes[i]);
    for (unsigned i = 0; i < map->carried_count; i++)
        map->carried[i] = map->carried[i] < next->carried_count ? next->carried[map->carried[i]] : RULE_CARRIED_MAX;
}

bool verdict_map_changes_nothing(const struct verdict_map *map) {
    for (unsigned i = 0; i < map->rule_count; i++)
        if (map->rules[i] != i) return false;
    for (unsigned i = 0; i < map->class_count; i++)
        if (map->classes[i] != i) return false;
    for (unsigned i = 0; i < map->carried_count; i++)
        if (map->carried[i] != i) return false;
    return true;
}

void verdict_map_apply(const struct verdict_map *map, struct verdict *verdict) {
    uint8_t left = 0;
    for (unsigned i = 0; i < verdict->rule_count; i++) {
        uint16_t const was = verdict->rules[i], rule = verdict_map_rule(map, was);
        if (rule != VERDICT_NO_RULE) {
            verdict->rules[left++] = rule;
            continue;
        }
        verdict->unnamed_count++;
        if (was < map->rule_count) verdict->unnamed_points += map->points[was];
    }
    for (unsigned i = left; i < verdict->rule_count; i++) verdict->rules[i] = 0;
    verdict->rule_count = left;
    verdict->bounce_class = verdict_map_class(map, verdict->bounce_class);
    verdict->carried = carried_after(map, verdict->carried);
}
