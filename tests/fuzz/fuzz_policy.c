/* Fuzz: any bytes as a policy file, and by the policy that they make, or else the built-in one, sources that are judged
 * message by message.
 *
 * Input: the file, up to the first NUL or to the end, then messages, seven bytes each: of which source, with what
 * outcome, how well seen, content points, set-up points, how long after the one before, and what share of the mirror's
 * frames was lost.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "../unit/verdicts.h"
#include "mailspan/embedded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEP_BYTES 7
#define STEPS_MAX 600
#define ADDRESSES 8 /* more than the table has sources */

struct run {
    struct source_table *table;
    const struct policy *policy;
    nstime now;
    uint64_t sequences[ADDRESSES];
};

static void require(bool condition) {
    if (!condition) abort();
}

static unsigned number_of(const struct ip_address *ip) {
    return ip_is_v4(ip) ? ip->bytes[15] : 4u + ip->bytes[5];
}

static struct ip_address address_of(unsigned number) {
    return number < 4 ? ipv4(192, 0, 2, (uint8_t)number) : ipv6((uint16_t)(number - 4), 1);
}

static void check_policy(const struct policies *policies) {
    const struct policy *policy = policies_active(policies);
    const struct sample_thresholds *sample = policies_sample(policies);
    require(policy->name[0] != '\0' && strlen(policy->hash) == 16);
    require(policy->levels >= 1 && policy->levels <= POLICY_LEVELS_MAX && policy->action <= ACTION_REDIRECT);
    for (unsigned i = 0; i < policy->levels; i++) require(policy->level_duration_s[i] > 0);
    require(isfinite(policy->warn_total) && isfinite(policy->block_total) && isfinite(policy->block_total_low));
    require(policy->max_unseen_share >= 0 && policy->max_unseen_share <= 1 && policy->max_lost_share >= 0);
    require(sample->content_spam_points > 0 && sample->setup_bad_points > 0);
}

static void check_score(const struct score *score) {
    require(score->low >= 0 && score->low <= score->value && score->value <= score->high && score->high <= 100);
}

static void check_scores(const struct scores *s) {
    require(s->messages <= LIMIT_SAMPLE_MESSAGES);
    require(s->delivered + s->deferred + s->bounced + s->aborted + s->unknown == s->messages);
    require(s->gapped + s->one_sided + s->encrypted <= s->messages);
    require(s->content_known <= s->messages && s->spam_like <= s->content_known);
    require(s->setup_known <= s->messages && s->badly_set_up <= s->setup_known);
    check_score(&s->content);
    check_score(&s->setup);
    check_score(&s->bounce);
    check_score(&s->total);
}

static void check_decision(struct run *run, const struct decision *decision) {
    unsigned const number = number_of(&decision->ip);
    require(decision->kind > DECISION_NONE && decision->kind <= DECISION_WITHHELD);
    require(number < ADDRESSES && decision->sequence > run->sequences[number]);
    run->sequences[number] = decision->sequence;
    require(decision->level <= run->policy->levels && decision->policy == run->policy);
    require(decision->reason[0] != '\0' && strlen(decision->reason) < sizeof decision->reason);
    require(decision->evidence_count <= LIMIT_EVENT_EVIDENCE);
    bool const acts = decision->kind == DECISION_BLOCK || decision->kind == DECISION_THROTTLE;
    require(acts ? decision->level > 0 && decision->expires > decision->time : decision->action == ACTION_NONE);
    for (unsigned i = 0; i < decision->evidence_count; i++) require(decision->evidence[i]->outcome <= OUTCOME_ABORTED);
}

static struct verdict verdict_of(const struct run *run, const uint8_t *in) {
    struct verdict verdict = verdict_good(address_of(in[0] % ADDRESSES), run->now);
    verdict.outcome = in[1] % 5;
    verdict.stage = (in[1] >> 3) % 6;
    verdict.code = (uint16_t)(verdict.outcome == OUTCOME_BOUNCED ? 550 : 250);
    verdict.bounce_weight = verdict.outcome == OUTCOME_BOUNCED ? (float)(in[1] >> 6) / 3 : 0;
    verdict.visibility = in[2] % 5;
    verdict.content_known = (in[2] & 8) != 0;
    verdict.critical = in[2] == 0xff;
    verdict.content_points = (float)(int8_t)in[3] / 4;
    verdict.setup_points = (float)(int8_t)in[4] / 4;
    verdict.confidence = (in[2] & 16) != 0 ? 0.5f : 1;
    return verdict;
}

static void step(struct run *run, const uint8_t *in) {
    struct decision decision;
    int const steps = (int8_t)in[5]; /* an hour is 60 */
    run->now += in[5] == 0x7f ? DAYS(400) : in[5] == 0x80 ? -DAYS(400) : MINUTES(steps);
    if (run->now < 0) run->now = 0; /* as a capture's time stamps */
    if (run->now >= NSTIME_END) run->now = NSTIME_END - 1;
    struct verdict const verdict = verdict_of(run, in);
    while (ledger_expire(run->table, run->policy, run->now, &decision)) {
        require(decision.kind == DECISION_RELEASE);
        check_decision(run, &decision);
    }
    struct source *source = source_table_add(run->table, &verdict, NULL);
    if (ledger_judge(run->table, source, run->policy, in[6] / 255.0, run->now, &decision))
        check_decision(run, &decision);
    struct scores scores;
    source_scores(run->table, source, &scores);
    check_scores(&scores);
}

static void judge(const struct policies *policies, struct span messages) {
    struct counters counters = {.packets = 0};
    const struct sample_thresholds *thresholds = policies_sample(policies);
    struct sample_settings const settings = {.sources_max = 4,
                                             .evidence_max = 24,
                                             .ipv6_prefix_bits = 64,
                                             .content_spam_points = thresholds->content_spam_points,
                                             .setup_bad_points = thresholds->setup_bad_points,
                                             .hash_key = {1}};
    struct decision decision;
    struct run run = {source_table_new(&settings, &counters), policies_active(policies), TEST_START, {0}};
    require(run.table != NULL);
    for (unsigned i = 0; i < STEPS_MAX && messages.len >= STEP_BYTES; i++, messages = span_from(messages, STEP_BYTES))
        step(&run, messages.data);
    while (ledger_lift(run.table, run.policy, run.now, &decision)) check_decision(&run, &decision);
    source_table_free(run.table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct problem problem = {.line = 0};
    struct span const all = span_of(data, size), file = span_head(all, span_find(all, '\0'));
    struct policies *policies = policies_load("fuzz.yaml", file, &problem);
    require(policies != NULL || problem.what[0] != '\0');
    if (policies == NULL) policies = policies_load("policy.yaml", embedded_find("rules/policy.yaml")->text, &problem);
    require(policies != NULL);
    check_policy(policies);
    judge(policies, span_from(all, file.len < all.len ? file.len + 1 : all.len));
    policies_free(policies);
    return 0;
}
