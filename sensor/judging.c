/* The second half of the path:
 *
 *   judging_verdict  verdict -> sample          scoring/source_table.c
 *                    sample -> decision         scoring/policy.c, ledger.c
 *   tell_event       decision -> event          sensor/publish/
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "judging.h"

#include <sodium.h>
#include <stdlib.h>

#include "connection.h"

/* A generation before the newest, from which decoders that have not heard of that yet still tell. */
struct earlier {
    uint32_t generation;
    struct verdict_map map; /* to the newest */
};

struct judging {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct policy *policy;
    uint32_t generation;
    struct earlier *earlier; /* LIMIT_GENERATIONS - 1, the newest first; NULL: there was no other */
    unsigned earlier_count;
    nstime now;
    struct counters *counters;
    struct source_table *sources;
    struct output outputs[JUDGING_OUTPUTS_MAX];
    unsigned output_count;
    double lost_share;
    struct notice waiting[LIMIT_NOTICES_WAITING]; /* a ring, of messages that are not known, or not yet */
    uint32_t waiting_first, waiting_count;
    uint64_t messages[FIGURES_OUTCOMES][FIGURES_VISIBILITIES];
    uint64_t decisions[FIGURES_DECISIONS]; /* by enum decision_kind */
    uint64_t health[HEALTH_KINDS];
    struct unclassified_table unclassified;
    struct stage_clock *stages; /* NULL: nothing is timed */
};

/* Each output that has the function is told. */
#define TELL(judging, function, ...)                                      \
    for (unsigned tell_i = 0; tell_i < (judging)->output_count; tell_i++) \
        if ((judging)->outputs[tell_i].function != NULL)                  \
    (judging)->outputs[tell_i].function((judging)->outputs[tell_i].context, __VA_ARGS__)

static void tell_event(struct judging *j, const struct decision *decision) {
    enum timed_stage before = stage_enter(j->stages, TIMED_OUTPUT);
    j->counters->events++;
    j->decisions[decision->kind]++;
    TELL(j, event, decision);
    stage_leave(j->stages, before);
}

/* Blocks end by the packets' clock. */
static void expire_blocks(struct judging *j, nstime now) {
    struct decision decision;
    enum timed_stage before = stage_enter(j->stages, TIMED_SAMPLE);
    if (now > j->now) j->now = now;
    while (ledger_expire(j->sources, j->policy, now, &decision)) tell_event(j, &decision);
    stage_leave(j->stages, before);
}

/* Only the provider's own customers are scored, whoever else is in the capture; and a block concerns the scored ports,
 * and must rest on them: submission (RFC 6409, 8314) is watched, not scored. */
static bool is_scored(const struct judging *j, const struct verdict *verdict) {
    return config_is_home(j->config, &verdict->source.ip) &&
           port_is_set(j->config->scored_ports, verdict->destination.port);
}

static void judge_source(struct judging *j, struct source *source, nstime now) {
    struct decision decision;
    if (ledger_judge(j->sources, source, j->policy, j->lost_share, now, &decision)) tell_event(j, &decision);
}

/* Who took a mail in may pass it on, or answer it. */
static void note_incoming(struct judging *j, const struct verdict *verdict, const struct sent *sent) {
    if (verdict->outcome != OUTCOME_DELIVERED || !config_is_home(j->config, &verdict->destination.ip)) return;
    source_table_came_in(j->sources, &verdict->destination.ip, sent);
}

/* Of every message that was refused, whoever sent it: what the rules do not know is not known of anybody. */
static void note_unclassified(struct judging *j, const struct verdict *verdict) {
    bool const refused = verdict->outcome == OUTCOME_BOUNCED || verdict->outcome == OUTCOME_DEFERRED;
    if (!refused || verdict->code < 400) return;
    if (verdict->bounce_class != 0) {
        j->counters->replies_by_code += verdict->by_code;
        return;
    }
    j->counters->replies_unclassified++;
    unclassified_add(&j->unclassified, verdict);
}

void judging_verdict(struct judging *j, const struct verdict *verdict, const struct sent *sent) {
    j->messages[verdict->outcome][verdict->visibility]++;
    enum timed_stage before = stage_enter(j->stages, TIMED_SAMPLE);
    if (is_scored(j, verdict)) {
        expire_blocks(j, verdict->time);
        judge_source(j, source_table_add(j->sources, verdict, sent), verdict->time);
    }
    note_incoming(j, verdict, sent);
    note_unclassified(j, verdict);
    stage_leave(j->stages, before);
}

/* --- what comes later ----------------------------------------------------------------------------------------------
 */

/* What a late bounce quotes of a message that it speaks of, once, is as good as what that server says itself. */
static void note_unclassified_later(struct judging *j, const struct notice *notice, enum notice_finding finding) {
    if (finding != NOTICE_COUNTED || notice->kind != REPORT_BOUNCE || notice->bounce_class != 0) return;
    if (notice->reply_text[0] == '\0') return;
    struct verdict refused = {.time = notice->time,
                              .source = notice->source,
                              .destination = notice->brought_by,
                              .outcome = OUTCOME_BOUNCED,
                              .stage = STAGE_NONE,
                              .code = notice->code,
                              .enhanced = notice->enhanced,
                              .reply_cut = notice->reply_cut};
    memcpy(refused.reply_text, notice->reply_text, sizeof refused.reply_text);
    j->counters->replies_unclassified++;
    unclassified_add(&j->unclassified, &refused);
}

static void tell_notice(struct judging *j, const struct notice *notice, enum notice_finding finding,
                        struct source *source) {
    if (finding == NOTICE_BACKSCATTER) source_table_count_backscatter(j->sources, notice);
    note_unclassified_later(j, notice, finding);
    TELL(j, notice, notice, finding);
    if (finding == NOTICE_COUNTED) judge_source(j, source, j->now);
}

static void hear_oldest(struct judging *j) {
    const struct notice *notice = &j->waiting[j->waiting_first % LIMIT_NOTICES_WAITING];
    j->waiting_first++;
    j->waiting_count--;
    enum notice_finding finding;
    struct source *source = source_table_hear(j->sources, notice, &finding);
    tell_notice(j, notice, finding, source);
}

/* Those that have waited for long enough. */
static void hear_waiting(struct judging *j) {
    while (j->waiting_count > 0 &&
           j->waiting[j->waiting_first % LIMIT_NOTICES_WAITING].time <= j->now - LIMIT_NOTICE_WAIT_S * NS_PER_S)
        hear_oldest(j);
}

/* A server that delivers before it answers can send its bounce before its final reply, and then the message has not
 * ended yet; another decoder may be late with it, too. */
static void let_wait(struct judging *j, const struct notice *notice) {
    if (j->waiting_count == LIMIT_NOTICES_WAITING) hear_oldest(j);
    j->waiting[(j->waiting_first + j->waiting_count++) % LIMIT_NOTICES_WAITING] = *notice;
}

void judging_notice(struct judging *j, const struct notice *notice) {
    enum timed_stage before = stage_enter(j->stages, TIMED_SAMPLE);
    expire_blocks(j, notice->time);
    hear_waiting(j);
    enum notice_finding finding;
    struct source *source = source_table_hear(j->sources, notice, &finding);
    if (finding == NOTICE_BACKSCATTER)
        let_wait(j, notice);
    else
        tell_notice(j, notice, finding, source);
    stage_leave(j->stages, before);
}

struct auth_figures judging_auth_of(const struct dialogue_facts *facts) {
    return (struct auth_figures){
        .dialogues = facts->auth_tries > 0,
        .fruitless = facts->auth_tries > 0 && facts->auth_refused >= facts->auth_tries && facts->messages == 0,
        .tries = facts->auth_tries,
        .refused = facts->auth_refused,
        .refused_last = facts->auth_refused > 0 ? facts->end : 0,
    };
}

void judging_auth(struct judging *j, const struct ip_address *client, const struct auth_figures *auth) {
    if (auth->tries == 0 || !config_is_home(j->config, client)) return;
    source_table_add_auth(j->sources, client, auth);
}

void judging_lost_share(struct judging *j, double share) {
    j->lost_share = share;
}

void judging_health(struct judging *j, const struct health_record *record) {
    if (record->kind < HEALTH_KINDS) j->health[record->kind]++;
    TELL(j, health, record);
}

void judging_advance(struct judging *j, nstime now) {
    expire_blocks(j, now);
    hear_waiting(j);
}

/* --- what is told at the end ---------------------------------------------------------------------------------------
 */

static bool tell_source(void *context, const struct source *source) {
    struct judging *j = context;
    TELL(j, source, j->sources, source);
    return true;
}

void judging_tell_sources(struct judging *j) {
    while (j->waiting_count > 0) hear_oldest(j);
    source_table_each(j->sources, tell_source, j);
}

void judging_tell_summary(struct judging *j, const struct counters *counters, const struct decoding_figures *figures,
                          double seconds) {
    struct summary_record record = {.counters = counters,
                                    .not_mail = &figures->not_mail,
                                    .seconds = seconds,
                                    .first = figures->first,
                                    .last = figures->last,
                                    .memory_bytes = figures->memory_bytes + judging_memory_bytes(j)};
    for (unsigned o = 0; o < FIGURES_OUTCOMES; o++) {
        for (unsigned v = 0; v < FIGURES_VISIBILITIES; v++) {
            record.by_outcome[o] += j->messages[o][v];
            record.by_visibility[v] += j->messages[o][v];
        }
    }
    record.unclassified_count = unclassified_most(&j->unclassified, record.unclassified);
    TELL(j, summary, &record);
}

size_t judging_memory_bytes(const struct judging *j) {
    return source_table_memory_bytes(j->sources);
}

void judging_metrics(const struct judging *j, struct judge_figures *figures) {
    figures->counters = *j->counters;
    if (j->stages != NULL) figures->times = j->stages->times;
    memcpy(figures->messages, j->messages, sizeof figures->messages);
    memcpy(figures->decisions, j->decisions, sizeof figures->decisions);
    memcpy(figures->health, j->health, sizeof figures->health);
    figures->sources = source_table_count(j->sources);
    figures->sources_max = j->config->sources_max;
}

void judging_resume(struct judging *j, const struct judge_figures *figures) {
    *j->counters = figures->counters;
    if (j->stages != NULL) j->stages->times = figures->times;
    memcpy(j->messages, figures->messages, sizeof j->messages);
    memcpy(j->decisions, figures->decisions, sizeof j->decisions);
    memcpy(j->health, figures->health, sizeof j->health);
}

/* --- new rules -----------------------------------------------------------------------------------------------------
 */

static struct sample_settings settings_of(const struct config *config, const struct knowledge *knowledge) {
    const struct sample_thresholds *thresholds = policies_sample(knowledge->policies);
    return (struct sample_settings){.sources_max = (size_t)config->sources_max,
                                    .habits_max = (size_t)config->habits_max,
                                    .evidence_max = (size_t)config->evidence_max,
                                    .sent_max = (size_t)config->sent_max,
                                    .late_any_source = config->late_any_source,
                                    .ipv6_prefix_bits = config->ipv6_prefix_bits,
                                    .content_spam_points = thresholds->content_spam_points,
                                    .setup_bad_points = thresholds->setup_bad_points,
                                    .rules = knowledge->rules};
}

void judging_begin_with(struct judging *j, uint32_t generation) {
    j->generation = generation;
}

/* The generation that was the newest joins the earlier ones, whose maps lead on to the next. */
static void remember_generation(struct judging *j, const struct verdict_map *to_next) {
    for (unsigned i = 0; i < j->earlier_count; i++) verdict_map_follow(&j->earlier[i].map, to_next);
    if (j->earlier_count < LIMIT_GENERATIONS - 1) j->earlier_count++;
    memmove(j->earlier + 1, j->earlier, (j->earlier_count - 1) * sizeof *j->earlier);
    j->earlier[0] = (struct earlier){.generation = j->generation, .map = *to_next};
}

/* What a policy that acts has begun, one that does not act cannot end, and the other way round. */
static void lift_blocks(struct judging *j, const struct policy *next) {
    struct decision decision;
    if ((j->policy->action == ACTION_NONE) == (next->action == ACTION_NONE)) return;
    while (ledger_lift(j->sources, j->policy, j->now, &decision)) tell_event(j, &decision);
}

bool judging_renew(struct judging *j, const struct config *config, const struct knowledge *knowledge,
                   uint32_t generation) {
    struct verdict_map to_next;
    if (j->earlier == NULL) j->earlier = calloc(LIMIT_GENERATIONS - 1, sizeof *j->earlier);
    if (j->earlier == NULL) return false;
    const struct policy *policy = policies_active(knowledge->policies);
    const struct sample_settings settings = settings_of(config, knowledge);
    verdict_map_make(&to_next, j->knowledge->rules, j->knowledge->bounces, knowledge->rules, knowledge->bounces);
    lift_blocks(j, policy);
    source_table_renew(j->sources, &settings, &to_next);
    for (unsigned i = 0; i < LIMIT_NOTICES_WAITING; i++)
        j->waiting[i].bounce_class = verdict_map_class(&to_next, j->waiting[i].bounce_class);
    remember_generation(j, &to_next);
    j->generation = generation;
    j->config = config;
    j->knowledge = knowledge;
    j->policy = policy;
    return true;
}

static const struct verdict_map *map_of(const struct judging *j, uint32_t generation) {
    for (unsigned i = 0; i < j->earlier_count; i++)
        if (j->earlier[i].generation == generation) return &j->earlier[i].map;
    return NULL;
}

bool judging_knows(const struct judging *j, uint32_t generation, unsigned *rules, unsigned *classes) {
    const struct verdict_map *map = map_of(j, generation);
    if (generation == j->generation) {
        *rules = ruleset_count(j->knowledge->rules);
        *classes = bounce_class_count(j->knowledge->bounces);
    } else if (map != NULL) {
        *rules = map->rule_count;
        *classes = map->class_count;
    }
    return map != NULL || generation == j->generation;
}

void judging_translate(const struct judging *j, uint32_t generation, struct verdict *verdict) {
    const struct verdict_map *map = generation == j->generation ? NULL : map_of(j, generation);
    if (map != NULL) verdict_map_apply(map, verdict);
}

void judging_translate_notice(const struct judging *j, uint32_t generation, struct notice *notice) {
    const struct verdict_map *map = generation == j->generation ? NULL : map_of(j, generation);
    if (map != NULL) notice->bounce_class = verdict_map_class(map, notice->bounce_class);
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

void judging_time(struct judging *j, struct stage_clock *stages) {
    j->stages = stages;
}

void judging_add_output(struct judging *j, struct output output) {
    if (j->output_count < JUDGING_OUTPUTS_MAX) j->outputs[j->output_count++] = output;
}

static struct source_table *make_sources(const struct judging *j) {
    struct sample_settings settings = settings_of(j->config, j->knowledge);
    randombytes_buf(settings.hash_key, sizeof settings.hash_key);
    return source_table_new(&settings, j->counters);
}

struct judging *judging_new(const struct config *config, const struct knowledge *knowledge, struct counters *counters) {
    struct judging *j = calloc(1, sizeof *j);
    if (j == NULL) return NULL;
    j->config = config;
    j->knowledge = knowledge;
    j->policy = policies_active(knowledge->policies);
    j->counters = counters;
    j->sources = make_sources(j);
    if (j->sources != NULL) return j;
    free(j);
    return NULL;
}

void judging_free(struct judging *j) {
    if (j == NULL) return;
    source_table_free(j->sources);
    free(j->earlier);
    free(j);
}
