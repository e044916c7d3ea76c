/* Policies: which score is worth a warning, which a block, and for how long (rules/policy.yaml, docs/scoring.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <stdlib.h>

#include "mailspan/decision.h"
#include "mailspan/yaml_document.h"

#define POLICIES_MAX 16
#define POINTS_MAX 600 /* a sample compares points up to 655.35 */
#define LEVEL_DURATION_MIN_S 60
#define LEVEL_DURATION_MAX_S (INT64_C(366) * 24 * 3600)

struct policies {
    unsigned count;
    unsigned active;
    struct sample_thresholds sample;
    struct policy policies[POLICIES_MAX];
};

/* What a key left out means. */
static const struct sample_thresholds default_sample = {.content_spam_points = 5, .setup_bad_points = 3};
static const struct policy default_policy = {
    .min_messages = LIMIT_SAMPLE_MESSAGES,
    .warn_total = 20,
    .block_total = 40,
    .block_total_low = 30,
    .max_unseen_share = 0.3,
    .max_lost_share = 0.05,
    .action = ACTION_DISCARD,
    .levels = 4,
    .level_duration_s = {3600, 21600, 86400, 604800},
};

struct parser {
    const struct yaml_document *document;
    struct problem *problem;
};

/* --- the hash --------------------------------------------------------------------------------------------------- */

static void put_u64(uint8_t **at, uint64_t value) {
    for (unsigned i = 0; i < 8; i++) *(*at)++ = (uint8_t)(value >> (8 * i));
}

/* Thresholds are told apart to a millionth. */
static void put_number(uint8_t **at, double value) {
    put_u64(at, (uint64_t)(value * 1e6 + 0.5));
}

/* The same values give the same hash on any machine, whatever the policy is called. */
static void hash_policy(struct policy *policy, const struct sample_thresholds *sample) {
    uint8_t values[8 * (10 + POLICY_LEVELS_MAX)];
    uint8_t *at = values;
    put_u64(&at, policy->min_messages);
    put_number(&at, policy->warn_total);
    put_number(&at, policy->block_total);
    put_number(&at, policy->block_total_low);
    put_number(&at, policy->max_unseen_share);
    put_number(&at, policy->max_lost_share);
    put_u64(&at, policy->action);
    put_number(&at, sample->content_spam_points);
    put_number(&at, sample->setup_bad_points);
    put_u64(&at, policy->levels);
    for (unsigned i = 0; i < policy->levels; i++) put_u64(&at, (uint64_t)policy->level_duration_s[i]);
    uint8_t digest[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(digest, sizeof digest, values, (size_t)(at - values), NULL, 0);
    (void)sodium_bin2hex(policy->hash, sizeof policy->hash, digest, sizeof policy->hash / 2);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* A key that is not there leaves *value as it is. */
static bool read_number(const struct parser *parser, const struct yaml_node *map, const char *key, double min,
                        double max, double *value) {
    const struct yaml_node *node = yaml_get(map, key);
    return node == NULL || yaml_number(parser->document, node, min, max, value, parser->problem);
}

static bool expect(const struct parser *parser, const struct yaml_node *node, enum yaml_kind kind, const char *what) {
    if (node->kind == kind) return true;
    return yaml_problem(parser->document, node, false, parser->problem, "expected %s", what);
}

static bool read_name(const struct parser *parser, const struct policies *policies, const struct yaml_node *map,
                      struct policy *policy) {
    const struct yaml_node *node = yaml_get(map, "name");
    const char *name;
    if (node == NULL)
        return yaml_problem(parser->document, map, false, parser->problem, "this policy has no name; expected one");
    if (!yaml_string(parser->document, node, &name, parser->problem)) return false;
    size_t const length = strlen(name);
    if (length == 0 || length >= sizeof policy->name)
        return yaml_problem(parser->document, node, false, parser->problem, "expected a name of 1 to %d characters",
                            POLICY_NAME_BYTES - 1);
    for (unsigned i = 0; i < policies->count; i++)
        if (strcmp(policies->policies[i].name, name) == 0)
            return yaml_problem(parser->document, node, false, parser->problem,
                                "there are two policies '%s'; expected each name once", name);
    memcpy(policy->name, name, length + 1);
    return true;
}

static bool read_thresholds(const struct parser *parser, const struct yaml_node *map, struct policy *policy) {
    const struct yaml_node *node = yaml_get(map, "min_messages");
    int64_t min_messages = policy->min_messages;
    if (node != NULL && !yaml_integer(parser->document, node, 1, LIMIT_SAMPLE_MESSAGES, &min_messages, parser->problem))
        return false;
    policy->min_messages = (unsigned)min_messages;
    if (!read_number(parser, map, "warn_total", 0.1, 100, &policy->warn_total) ||
        !read_number(parser, map, "block_total", 0.1, 100, &policy->block_total) ||
        !read_number(parser, map, "block_total_low", 0, 100, &policy->block_total_low) ||
        !read_number(parser, map, "max_unseen_share", 0, 1, &policy->max_unseen_share) ||
        !read_number(parser, map, "max_lost_share", 0, 1, &policy->max_lost_share))
        return false;
    if (policy->warn_total > policy->block_total)
        return yaml_problem(parser->document, map, false, parser->problem,
                            "warn_total is over block_total; expected it at or under %g", policy->block_total);
    if (policy->block_total_low > policy->block_total)
        return yaml_problem(parser->document, map, false, parser->problem,
                            "block_total_low is over block_total; expected it at or under %g", policy->block_total);
    return true;
}

static bool read_levels(const struct parser *parser, const struct yaml_node *map, struct policy *policy) {
    const struct yaml_node *list = yaml_get(map, "levels");
    if (list == NULL) return true;
    if (!expect(parser, list, YAML_LIST, "a list of durations, such as [1h, 6h, 24h, 7d]")) return false;
    if (list->count == 0 || list->count > POLICY_LEVELS_MAX)
        return yaml_problem(parser->document, list, false, parser->problem, "expected 1 to %d durations",
                            POLICY_LEVELS_MAX);
    policy->levels = 0;
    int64_t least_s = LEVEL_DURATION_MIN_S; /* a ladder that gets shorter is a slip */
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        int64_t *duration_s = &policy->level_duration_s[policy->levels++];
        if (!yaml_duration_s(parser->document, node, least_s, LEVEL_DURATION_MAX_S, duration_s, parser->problem))
            return false;
        least_s = *duration_s;
    }
    return true;
}

static bool read_policy(const struct parser *parser, struct policies *policies, const struct yaml_node *map) {
    static const char *const keys[] = {
        "name",           "min_messages", "warn_total", "block_total", "block_total_low", "max_unseen_share",
        "max_lost_share", "action",       "levels",     NULL};
    static const char *const actions[] = {"none", "rate", "discard", "redirect", NULL}; /* as enum action */
    struct policy policy = default_policy;
    if (!expect(parser, map, YAML_MAP, "a policy: name, min_messages, warn_total, ...") ||
        !yaml_known_keys(parser->document, map, keys, parser->problem) || !read_name(parser, policies, map, &policy) ||
        !read_thresholds(parser, map, &policy) || !read_levels(parser, map, &policy))
        return false;
    const struct yaml_node *node = yaml_get(map, "action");
    unsigned action = policy.action;
    if (node != NULL && !yaml_choice(parser->document, node, actions, &action, parser->problem)) return false;
    policy.action = (enum action)action;
    hash_policy(&policy, &policies->sample);
    policies->policies[policies->count++] = policy;
    return true;
}

static bool read_sample(const struct parser *parser, const struct yaml_node *map, struct sample_thresholds *sample) {
    static const char *const keys[] = {"content_spam_points", "setup_bad_points", NULL};
    return expect(parser, map, YAML_MAP, "content_spam_points and setup_bad_points") &&
           yaml_known_keys(parser->document, map, keys, parser->problem) &&
           read_number(parser, map, "content_spam_points", 0.1, POINTS_MAX, &sample->content_spam_points) &&
           read_number(parser, map, "setup_bad_points", 0.1, POINTS_MAX, &sample->setup_bad_points);
}

static bool read_active(const struct parser *parser, const struct yaml_node *root, struct policies *policies) {
    const struct yaml_node *node = yaml_get(root, "active");
    const char *name;
    if (node == NULL) {
        if (policies->count == 1) return true;
        return yaml_problem(parser->document, root, false, parser->problem,
                            "there are %u policies; expected active: with the name of one", policies->count);
    }
    if (!yaml_string(parser->document, node, &name, parser->problem)) return false;
    for (unsigned i = 0; i < policies->count; i++) {
        if (strcmp(policies->policies[i].name, name) != 0) continue;
        policies->active = i;
        return true;
    }
    return yaml_problem(parser->document, node, false, parser->problem,
                        "there is no policy '%s'; expected the name of one in this file", name);
}

static bool read_file(const struct parser *parser, struct policies *policies) {
    static const char *const keys[] = {"active", "sample", "policies", NULL};
    const struct yaml_node *root = yaml_document_root(parser->document);
    if (!expect(parser, root, YAML_MAP, "active, sample and policies") ||
        !yaml_known_keys(parser->document, root, keys, parser->problem))
        return false;
    const struct yaml_node *sample = yaml_get(root, "sample");
    if (sample != NULL && !read_sample(parser, sample, &policies->sample)) return false;
    const struct yaml_node *list = yaml_get(root, "policies");
    if (list == NULL)
        return yaml_problem(parser->document, root, false, parser->problem,
                            "expected policies: with at least one policy");
    if (!expect(parser, list, YAML_LIST, "a list of policies")) return false;
    if (list->count == 0 || list->count > POLICIES_MAX)
        return yaml_problem(parser->document, list, false, parser->problem, "expected 1 to %d policies", POLICIES_MAX);
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next)
        if (!read_policy(parser, policies, node)) return false;
    return read_active(parser, root, policies);
}

struct policies *policies_load(const char *name, struct span text, struct problem *problem) {
    struct yaml_document *document = yaml_document_load(name, text, problem);
    if (document == NULL) return NULL;
    struct parser const parser = {document, problem};
    struct policies *policies = calloc(1, sizeof *policies);
    if (policies == NULL) {
        (void)yaml_problem(document, yaml_document_root(document), false, problem, "there is not enough memory");
    } else {
        policies->sample = default_sample;
        if (!read_file(&parser, policies)) {
            free(policies);
            policies = NULL;
        }
    }
    yaml_document_free(document);
    return policies;
}

void policies_free(struct policies *policies) {
    free(policies);
}

const struct policy *policies_active(const struct policies *policies) {
    return &policies->policies[policies->active];
}

const struct sample_thresholds *policies_sample(const struct policies *policies) {
    return &policies->sample;
}
