/* The whole path on one screen or two:
 *
 *   pipeline_frame   frame -> packet            decoders/frame*.c, defragment.c
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
#include "mailspan/defragment.h"
#include "packet_clock.h"

struct pipeline {
    const struct config *config;
    const struct knowledge *knowledge;
    const struct policy *policy;
    struct counters counters;
    struct protocol_table not_mail;
    struct block_pool pool;
    void *pool_memory;
    size_t pool_bytes;
    struct connection_shared shared;
    struct stream_listener listener;
    struct stream_settings stream_settings;
    const struct stream_engine_kind *engine_kind;
    struct stream_engine *engine;
    struct packet_clock *clock;
    struct frame_decoder frames;
    struct source_table *sources;
    struct output outputs[PIPELINE_OUTPUTS_MAX];
    unsigned output_count;
    nstime first;
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

/* A block concerns the scored ports, and must rest on them: submission (RFC 6409, 8314) is watched, not scored. */
static bool is_scored(const struct pipeline *p, uint16_t port) {
    return port_is_set(p->config->scored_ports, port);
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
    /* Only the provider's own customers are scored, whoever else is in the capture. */
    if (!connection_is_home(p->config, &record->stream->client.ip) || !is_scored(p, record->stream->server.port))
        return;
    expire_blocks(p, verdict.time);
    struct source *source = source_table_add(p->sources, &verdict);
    struct decision decision;
    if (ledger_judge(p->sources, source, p->policy, verdict.time, &decision)) tell_event(p, &decision);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct pipeline *p = context;
    const struct dialogue_facts *facts = record->facts;
    TELL(p, dialogue, record);
    if (facts->auth_tries == 0 || !connection_is_home(p->config, &record->stream->client.ip)) return;
    struct auth_figures auth = {
        .dialogues = 1,
        .fruitless = facts->auth_refused >= facts->auth_tries && facts->messages == 0,
        .tries = facts->auth_tries,
        .refused = facts->auth_refused,
        .refused_last = facts->auth_refused > 0 ? facts->end : 0,
    };
    source_table_add_auth(p->sources, &record->stream->client.ip, &auth);
}

/* --- time, and the frames in it: packet_clock.c says what time to believe --------------------------------------------
 */

static void on_advance(void *context, nstime now) {
    struct pipeline *p = context;
    p->engine_kind->expire(p->engine, now);
    expire_blocks(p, now);
}

static void on_went_back(void *context, nstime now) {
    struct pipeline *p = context;
    defragment_finish(p->frames.fragments);
    p->engine_kind->finish(p->engine, STREAM_CLOCK, now); /* each flow ends with its own last packet */
}

static void on_frame(void *context, const struct frame_seen *frame) {
    struct pipeline *p = context;
    struct packet packet;
    if (p->first == 0 || frame->time < p->first) p->first = frame->time;
    if (frame_decode(&p->frames, frame->link_type, frame->captured, frame->wire_length, frame->time, &packet) !=
        FRAME_TCP)
        return;
    p->engine_kind->packet(p->engine, &packet);
}

void pipeline_tick(struct pipeline *p, nstime now) {
    packet_clock_tick(p->clock, now);
}

void pipeline_frame(struct pipeline *p, int link_type, struct span captured, uint32_t wire_length, nstime time) {
    struct frame_seen frame = {.link_type = link_type, .captured = captured, .wire_length = wire_length, .time = time};
    p->counters.packets++;
    p->counters.bytes += wire_length;
    packet_clock_frame(p->clock, &frame);
}

void pipeline_finish(struct pipeline *p) {
    packet_clock_finish(p->clock);
    defragment_finish(p->frames.fragments);
    p->engine_kind->finish(p->engine, STREAM_EOF, *packet_clock_now(p->clock));
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
                                    .not_mail = &p->not_mail,
                                    .seconds = seconds,
                                    .first = p->counters.packets == 0 ? 0 : p->first,
                                    .last = *packet_clock_now(p->clock),
                                    .memory_bytes = pipeline_memory_bytes(p)};
    memcpy(record.by_outcome, p->by_outcome, sizeof record.by_outcome);
    memcpy(record.by_visibility, p->by_visibility, sizeof record.by_visibility);
    TELL(p, summary, &record);
}

struct counters *pipeline_counters(struct pipeline *p) {
    return &p->counters;
}

const nstime *pipeline_time(const struct pipeline *p) {
    return packet_clock_now(p->clock);
}

size_t pipeline_memory_bytes(const struct pipeline *p) {
    size_t bytes = p->pool_bytes + share_table_memory_bytes() + packet_clock_memory_bytes() +
                   defragment_memory_bytes() + p->engine_kind->memory_bytes(p->engine) +
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

static struct defragment *make_defragment(struct pipeline *p) {
    uint8_t hash_key[16];
    randombytes_buf(hash_key, sizeof hash_key);
    void *memory = calloc(1, defragment_memory_bytes());
    return memory == NULL ? NULL : defragment_in(memory, hash_key, &p->counters);
}

static size_t arena_pool_bytes(const struct config *config) {
    size_t bytes = (size_t)config->flows_max * LIMIT_ARENA_BYTES_PER_FLOW;
    return bytes > LIMIT_ARENA_POOL_BYTES_MIN ? bytes : LIMIT_ARENA_POOL_BYTES_MIN;
}

static bool make_parts(struct pipeline *p) {
    p->pool_bytes = arena_pool_bytes(p->config);
    p->pool_memory =
        mmap(NULL, p->pool_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p->pool_memory == MAP_FAILED) {
        p->pool_memory = NULL;
        return false;
    }
    block_pool_init(&p->pool, p->pool_memory, p->pool_bytes);
    p->shared = (struct connection_shared){.config = p->config,
                                           .pool = &p->pool,
                                           .shares = share_table_new(&p->pool),
                                           .detector = detector_new(&p->counters),
                                           .charsets = charset_table_new(),
                                           .rules = p->knowledge->rules,
                                           .counters = &p->counters,
                                           .not_mail = &p->not_mail,
                                           .context = p,
                                           .message = on_message,
                                           .dialogue = on_dialogue};
    p->listener = connection_listener(&p->shared);
    p->engine_kind = p->config->libnids ? &stream_libnids : &stream_native;
    p->stream_settings = (struct stream_settings){.flows_max = (size_t)p->config->flows_max,
                                                  .mail_ports = p->config->mail_ports,
                                                  .any_port = p->config->any_port,
                                                  .home_networks = p->config->home_networks,
                                                  .home_network_count = p->config->home_network_count};
    p->engine = p->engine_kind->create(&p->stream_settings, &p->listener, &p->counters);
    p->sources = make_sources(p);
    p->frames = (struct frame_decoder){.fragments = make_defragment(p),
                                       .counters = &p->counters,
                                       .verify_checksums = p->config->verify_checksums,
                                       .tunnel_sources = p->config->tunnel_sources,
                                       .tunnel_source_count = p->config->tunnel_source_count};
    p->clock = packet_clock_new(&(struct packet_clock_listener){p, on_advance, on_went_back, on_frame}, &p->counters);
    return p->shared.shares != NULL && p->shared.detector != NULL && p->shared.charsets != NULL && p->engine != NULL &&
           p->sources != NULL && p->frames.fragments != NULL && p->clock != NULL;
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
    packet_clock_free(p->clock);
    free(p->frames.fragments);
    source_table_free(p->sources);
    charset_table_free(p->shared.charsets);
    share_table_free(p->shared.shares);
    if (p->shared.detector != NULL) detector_free(p->shared.detector);
    if (p->pool_memory != NULL) munmap(p->pool_memory, p->pool_bytes);
    free(p);
}
