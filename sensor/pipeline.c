/* The whole path on one screen or two:
 *
 *   pipeline_frame   frame -> packet            decoders/frame.c
 *                    packet -> stream           sensor/flow/stream_native.c or stream_libnids.c
 *                    stream -> message          sensor/connection.c, decoders/
 *   on_message       message -> verdict         scoring/message_verdict.c
 *                    verdict -> sample          scoring/source_table.c
 *                    sample -> decision         scoring/policy.c, ledger.c
 *   tell_event       decision -> event          sensor/publish/
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "connection.h"

struct pipeline {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct policy *policy;
    struct counters counters;
    struct block_pool pool;
    void *pool_memory;
    struct connection_shared shared;
    struct stream_listener listener;
    struct stream_settings stream_settings;
    const struct stream_engine_kind *engine_kind;
    struct stream_engine *engine;
    struct source_table *sources;
    struct output outputs[PIPELINE_OUTPUTS_MAX];
    unsigned output_count;
    nstime first, now, aged;
    uint64_t by_outcome[5], by_visibility[5];
};

/* Each output that has the function is told. */
#define TELL(pipeline, function, ...)                                      \
    for (unsigned tell_i = 0; tell_i < (pipeline)->output_count; tell_i++) \
        if ((pipeline)->outputs[tell_i].function != NULL)                  \
    (pipeline)->outputs[tell_i].function((pipeline)->outputs[tell_i].context, __VA_ARGS__)

static void tell_event(struct pipeline *p, const struct decision *decision) {
    p->counters.events++;
    TELL(p, event, decision);
}

/* Blocks end by the packets' clock. */
static void expire_blocks(struct pipeline *p, nstime now) {
    struct decision decision;
    while (ledger_expire(p->sources, p->policy, now, &decision)) tell_event(p, &decision);
}

/* Only the provider's own customers are scored, whoever else is in the capture. */
static bool is_source(const struct pipeline *p, const struct ip_address *ip) {
    if (p->config->home_network_count == 0) return true;
    for (unsigned i = 0; i < p->config->home_network_count; i++)
        if (ip_prefix_contains(&p->config->home_networks[i], ip)) return true;
    return false;
}

/* Submission (RFC 6409, 8314) is watched, not scored: a block concerns port 25, and must rest on it. */
static bool is_submission(uint16_t port) {
    return port == 587 || port == 465;
}

static void on_message(void *context, const struct message_record *unjudged, const struct dialogue_facts *dialogue,
                       struct rule_scan *scan) {
    struct pipeline *p = context;
    struct verdict verdict;
    struct message_record told = *unjudged;
    const struct message_record *record = &told;
    struct verdict_context facts = {
        .rules = p->knowledge->rules, .bounces = p->knowledge->bounces, .stream = record->stream, .dialogue = dialogue};
    verdict_make(&verdict, &facts, record->message, record->summary, scan, &p->counters);
    told.verdict = &verdict;
    p->by_outcome[record->message->outcome]++;
    p->by_visibility[record->message->visibility]++;
    TELL(p, message, record);
    if (!is_source(p, &record->stream->client.ip) || is_submission(record->stream->server.port)) return;
    expire_blocks(p, verdict.time);
    struct source *source = source_table_add(p->sources, &verdict);
    struct decision decision;
    if (ledger_judge(p->sources, source, p->policy, verdict.time, &decision)) tell_event(p, &decision);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct pipeline *p = context;
    TELL(p, dialogue, record);
}

void pipeline_tick(struct pipeline *p, nstime now) {
    if (now > p->now) p->now = now;
    if (p->now - p->aged < NS_PER_S) return;
    p->aged = p->now;
    p->engine_kind->expire(p->engine, p->now);
    expire_blocks(p, p->now);
}

void pipeline_frame(struct pipeline *p, int link_type, struct span captured, uint32_t wire_length, nstime time) {
    struct packet packet;
    if (p->counters.packets++ == 0) p->first = p->aged = time;
    p->counters.bytes += wire_length;
    pipeline_tick(p, time);
    if (frame_decode(link_type, captured, wire_length, time, &packet, &p->counters) != FRAME_TCP) return;
    p->engine_kind->packet(p->engine, &packet);
}

void pipeline_finish(struct pipeline *p) {
    p->engine_kind->finish(p->engine, p->now);
}

/* --- what is told at the end ---------------------------------------------------------------------------------------
 */

static bool tell_source(void *context, const struct source *source) {
    struct pipeline *p = context;
    TELL(p, source, p->sources, source);
    return true;
}

void pipeline_tell_sources(struct pipeline *p) {
    source_table_each(p->sources, tell_source, p);
}

void pipeline_tell_summary(struct pipeline *p, double seconds) {
    struct summary_record record = {.counters = &p->counters,
                                    .seconds = seconds,
                                    .first = p->counters.packets == 0 ? 0 : p->first,
                                    .last = p->now,
                                    .memory_bytes = pipeline_memory_bytes(p)};
    memcpy(record.by_outcome, p->by_outcome, sizeof record.by_outcome);
    memcpy(record.by_visibility, p->by_visibility, sizeof record.by_visibility);
    TELL(p, summary, &record);
}

struct counters *pipeline_counters(struct pipeline *p) {
    return &p->counters;
}

const nstime *pipeline_time(const struct pipeline *p) {
    return &p->now;
}

size_t pipeline_memory_bytes(const struct pipeline *p) {
    size_t bytes = LIMIT_ARENA_POOL_BYTES + p->engine_kind->memory_bytes(p->engine) +
                   source_table_memory_bytes(p->sources) + ruleset_memory_bytes(p->knowledge->rules);
    return bytes + (p->shared.detector == NULL ? 0 : detector_memory_bytes(p->shared.detector));
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

void pipeline_add_output(struct pipeline *p, struct output output) {
    if (p->output_count < PIPELINE_OUTPUTS_MAX) p->outputs[p->output_count++] = output;
}

static struct source_table *make_sources(struct pipeline *p) {
    const struct sample_thresholds *thresholds = policies_sample(p->knowledge->policies);
    struct sample_settings settings = {.sources_max = (size_t)p->config->sources_max,
                                       .evidence_max = (size_t)p->config->evidence_max,
                                       .ipv6_prefix_bits = p->config->ipv6_prefix_bits,
                                       .content_spam_points = thresholds->content_spam_points,
                                       .setup_bad_points = thresholds->setup_bad_points,
                                       .rules = p->knowledge->rules};
    randombytes_buf(settings.hash_key, sizeof settings.hash_key);
    return source_table_new(&settings, &p->counters);
}

static bool make_parts(struct pipeline *p) {
    p->pool_memory =
        mmap(NULL, LIMIT_ARENA_POOL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p->pool_memory == MAP_FAILED) {
        p->pool_memory = NULL;
        return false;
    }
    block_pool_init(&p->pool, p->pool_memory, LIMIT_ARENA_POOL_BYTES);
    p->shared = (struct connection_shared){.config = p->config,
                                           .pool = &p->pool,
                                           .detector = detector_new(&p->counters),
                                           .charsets = charset_table_new(),
                                           .rules = p->knowledge->rules,
                                           .counters = &p->counters,
                                           .context = p,
                                           .message = on_message,
                                           .dialogue = on_dialogue};
    p->listener = connection_listener(&p->shared);
    p->engine_kind = p->config->libnids ? &stream_libnids : &stream_native;
    p->stream_settings = (struct stream_settings){.flows_max = (size_t)p->config->flows_max,
                                                  .mail_ports = p->config->mail_ports,
                                                  .any_port = p->config->any_port};
    p->engine = p->engine_kind->create(&p->stream_settings, &p->listener, &p->counters);
    p->sources = make_sources(p);
    return p->shared.detector != NULL && p->shared.charsets != NULL && p->engine != NULL && p->sources != NULL;
}

struct pipeline *pipeline_new(const struct config *config, const struct knowledge *knowledge) {
    struct pipeline *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    p->config = config;
    p->knowledge = knowledge;
    p->policy = policies_active(knowledge->policies);
    if (!make_parts(p)) {
        pipeline_free(p);
        return NULL;
    }
    return p;
}

void pipeline_free(struct pipeline *p) {
    if (p == NULL) return;
    if (p->engine != NULL) p->engine_kind->destroy(p->engine);
    source_table_free(p->sources);
    charset_table_free(p->shared.charsets);
    if (p->shared.detector != NULL) detector_free(p->shared.detector);
    if (p->pool_memory != NULL) munmap(p->pool_memory, LIMIT_ARENA_POOL_BYTES);
    free(p);
}
