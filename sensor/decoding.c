/* The first half of the path:
 *
 *   decoding_frame   frame -> packet            decoders/frame*.c, defragment.c
 *                    packet -> stream           sensor/flow/stream_native.c or stream_libnids.c
 *                    stream -> message          sensor/connection*.c, decoders/
 *   on_message       message -> verdict         scoring/message_verdict.c
 *
 * A part of several peels every frame (fragments come together only so), and drops the packets of others' flows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "decoding.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "connection.h"
#include "flow/flow_table.h"
#include "look_ahead.h"
#include "mailspan/defragment.h"
#include "packet_clock.h"
#include "protocol_table.h"

/* Rules that were renewed: there are messages that were begun under them, or nobody has asked for them yet. */
struct earlier {
    const struct knowledge *knowledge;
    struct verdict_map map; /* to the newest */
};

struct decoding {
    struct decoding_settings settings;         /* with the newest configuration and knowledge */
    struct earlier earlier[LIMIT_GENERATIONS]; /* the newest first */
    unsigned earlier_count;
    struct decoding_listener listener;
    struct protocol_table not_mail;
    struct block_pool pool;
    void *pool_memory;
    size_t pool_bytes;
    struct connection_shared shared;
    struct stream_listener stream_listener;
    struct stream_settings stream_settings;
    const struct stream_engine_kind *engine_kind;
    struct stream_engine *engine;
    struct packet_clock *clock;
    struct frame_decoder frames;
    struct look_ahead ahead;
    bool looks_ahead;
    struct foreseen_frame *foreseen; /* the frame whose turn it is; NULL: nothing is known of it */
    nstime first, last;              /* frames, of this epoch; last: 0, there was none */
    uint64_t step;                   /* frames, seconds and ends so far: the same in all parts */
    bool cut_short;                  /* the end had not time enough */
};

static bool is_part(const struct decoding *d) {
    return d->settings.parts > 1;
}

static size_t part_of(const struct decoding *d, size_t limit) {
    return is_part(d) ? limit / d->settings.parts : limit;
}

/* --- what is told --------------------------------------------------------------------------------------------------
 */

/* Under which rules a message was begun: NULL, the newest. */
static const struct earlier *earlier_of(const struct decoding *d, const struct rule_scan *scan) {
    const struct ruleset *rules = scan == NULL ? d->settings.knowledge->rules : rule_scan_rules(scan);
    for (unsigned i = 0; i < d->earlier_count; i++)
        if (d->earlier[i].knowledge->rules == rules) return &d->earlier[i];
    return NULL;
}

static void tell_notice(struct decoding *d, const struct verdict_context *facts, const struct message_record *record,
                        const struct report_recipient *recipient, const struct earlier *earlier) {
    struct notice notice;
    notice_make(&notice, facts, record->message, record->report, recipient);
    if (earlier != NULL) notice.bounce_class = verdict_map_class(&earlier->map, notice.bounce_class);
    d->listener.notice(d->listener.context, &notice);
}

/* What a message that came in says of others. */
static void tell_notices(struct decoding *d, const struct verdict_context *facts, const struct message_record *record,
                         const struct earlier *earlier) {
    const struct report_recipient *recipient;
    if (!notice_is_due(record->report)) return;
    d->settings.counters->reports++;
    /* Who it came in to must have taken it: frames of a connection that never was can say anything. */
    if (record->message->outcome != OUTCOME_DELIVERED || record->message->visibility != VISIBILITY_CLEAR) {
        d->settings.counters->reports_doubted++;
        return;
    }
    if (record->report->recipient_count == 0) tell_notice(d, facts, record, NULL, earlier);
    for (unsigned i = 0; (recipient = report_recipient(record->report, i)) != NULL; i++)
        tell_notice(d, facts, record, recipient, earlier);
}

static void on_message(void *context, const struct message_record *unjudged, const struct dialogue_facts *dialogue,
                       struct rule_scan *scan) {
    struct decoding *d = context;
    struct verdict verdict;
    struct sent sent;
    struct message_record record = *unjudged;
    if (dialogue != NULL) {
        record.greeting = dialogue->greeting.text;
        record.helo = dialogue->helo;
    }
    const struct earlier *earlier = earlier_of(d, scan);
    const struct knowledge *knowledge = earlier == NULL ? d->settings.knowledge : earlier->knowledge;
    struct verdict_context facts = {
        .rules = knowledge->rules, .bounces = knowledge->bounces, .stream = record.stream, .dialogue = dialogue};
    enum timed_stage before = stage_enter(d->settings.stages, TIMED_VERDICT);
    verdict_make(&verdict, &sent, &facts, record.message, record.summary, scan, d->settings.counters);
    if (earlier != NULL) verdict_map_apply(&earlier->map, &verdict);
    record.verdict = &verdict;
    record.sent = &sent;
    (void)stage_enter(d->settings.stages, TIMED_OUTPUT);
    d->listener.message(d->listener.context, &record);
    tell_notices(d, &facts, &record, earlier);
    stage_leave(d->settings.stages, before);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct decoding *d = context;
    enum timed_stage before = stage_enter(d->settings.stages, TIMED_OUTPUT);
    d->listener.dialogue(d->listener.context, record);
    stage_leave(d->settings.stages, before);
}

struct decoding_place decoding_place(const struct decoding *d) {
    uint64_t turn = d->engine_kind->turn == NULL ? 0 : d->engine_kind->turn(d->engine);
    return (struct decoding_place){.step = d->step, .turn = turn};
}

bool decoding_ran_short(const struct decoding *d) {
    bool engine = d->engine_kind->ran_short != NULL && d->engine_kind->ran_short(d->engine);
    return engine || d->pool.ran_short || detector_ran_short(d->shared.detector);
}

/* --- time, and the frames in it: packet_clock.c says what time to believe --------------------------------------------
 */

/* Asking for what is near costs a fifteenth of all instructions, and helps nobody. */
static void look_ahead_if_many(struct decoding *d) {
    d->looks_ahead =
        d->engine_kind->foresee != NULL && d->engine_kind->flows_untold(d->engine) >= d->settings.look_ahead_from;
}

static void on_advance(void *context, nstime now) {
    struct decoding *d = context;
    look_ahead_if_many(d);
    enum timed_stage before = stage_enter(d->settings.stages, TIMED_STREAM);
    d->step++;
    d->engine_kind->expire(d->engine, now);
    d->step++;
    stage_leave(d->settings.stages, before);
    d->listener.advance(d->listener.context, now);
}

static void on_went_back(void *context, nstime now) {
    struct decoding *d = context;
    d->step++;
    d->last = 0;
    defragment_finish(d->frames.fragments);
    d->engine_kind->finish(d->engine, STREAM_CLOCK, now); /* each flow ends with its own last packet */
}

static bool is_mine(const void *context, const struct packet *packet) {
    const struct decoding *d = context;
    return flow_hash(d->settings.part_key, &packet->from, &packet->to) % d->settings.parts == d->settings.part;
}

/* The frame's packet, which lies in *room or is known already; NULL when it has none, or somebody else's.  Other frames
 * than the one whose turn it is are those that were held until their time was believed. */
static struct packet *peel(struct decoding *d, const struct frame_seen *frame, struct packet *room) {
    struct foreseen_frame *foreseen = d->foreseen;
    if (foreseen != NULL && foreseen->frame.captured.data == frame->captured.data) {
        frame_count_peeked(&d->frames, &foreseen->packet);
        foreseen->packet.time = frame->time;
        return foreseen->kind == FORESEEN_WANTED ? &foreseen->packet : NULL;
    }
    enum frame_result result =
        frame_decode(&d->frames, frame->link_type, frame->captured, frame->wire_length, frame->time, room);
    return result == FRAME_TCP && (!is_part(d) || is_mine(d, room)) ? room : NULL;
}

static void on_frame(void *context, const struct frame_seen *frame) {
    struct decoding *d = context;
    struct packet in_its_turn;
    d->step++;
    if (d->first == 0 || frame->time < d->first) d->first = frame->time;
    if (frame->time > d->last) d->last = frame->time;
    struct packet *packet = peel(d, frame, &in_its_turn);
    if (packet == NULL) return;
    packet->ordinal = d->step;
    enum timed_stage before = stage_enter(d->settings.stages, TIMED_STREAM);
    d->engine_kind->packet(d->engine, packet);
    stage_leave(d->settings.stages, before);
}

/* foreseen: what is known of the frame; NULL: nothing is. */
static void decode(struct decoding *d, const struct frame_seen *frame, struct foreseen_frame *foreseen) {
    d->settings.frame_counters->packets++;
    d->settings.frame_counters->bytes += frame->wire_length;
    stage_begin(d->settings.stages, TIMED_FRAME);
    d->foreseen = foreseen;
    packet_clock_frame(d->clock, frame);
    d->foreseen = NULL;
    stage_end(d->settings.stages);
}

static void decode_oldest(struct decoding *d) {
    struct foreseen_frame *foreseen = look_ahead_take(&d->ahead);
    decode(d, &foreseen->frame, foreseen->kind == FORESEEN_ODD ? NULL : foreseen);
}

static void catch_up(struct decoding *d) {
    while (!look_ahead_is_empty(&d->ahead)) decode_oldest(d);
}

void decoding_frame(struct decoding *d, const struct frame_seen *frame) {
    if (!frame->stays || !d->looks_ahead) {
        catch_up(d);
        decode(d, frame, NULL);
        return;
    }
    if (look_ahead_is_full(&d->ahead)) decode_oldest(d);
    look_ahead_add(&d->ahead, frame);
}

static bool on_look_at_time(void *context) {
    struct decoding *d = context;
    if (d->listener.time_is_up != NULL && d->listener.time_is_up(d->listener.context)) d->cut_short = true;
    return d->cut_short;
}

void decoding_tick(struct decoding *d, nstime now) {
    catch_up(d);
    packet_clock_tick(d->clock, now);
}

void decoding_finish(struct decoding *d) {
    catch_up(d);
    packet_clock_finish(d->clock);
    d->step++;
    defragment_finish(d->frames.fragments);
    d->engine_kind->finish(d->engine, STREAM_EOF, *packet_clock_now(d->clock));
    assert(d->cut_short ||
           !ruleset_is_searching(d->settings.knowledge->rules)); /* a scan that never ends would keep its rules */
}

/* --- figures -------------------------------------------------------------------------------------------------------
 */

const nstime *decoding_time(const struct decoding *d) {
    return &d->last;
}

static size_t rules_memory_bytes(const struct decoding *d) {
    size_t bytes = ruleset_memory_bytes(d->settings.knowledge->rules);
    for (unsigned i = 0; i < d->earlier_count; i++) bytes += ruleset_memory_bytes(d->earlier[i].knowledge->rules);
    return bytes;
}

static size_t memory_bytes(const struct decoding *d) {
    return d->pool_bytes + share_table_memory_bytes(d->shared.shares) + packet_clock_memory_bytes() +
           defragment_memory_bytes() + d->engine_kind->memory_bytes(d->engine) +
           detector_memory_bytes(d->shared.detector) + rules_memory_bytes(d);
}

void decoding_figures(const struct decoding *d, struct decoding_figures *figures) {
    *figures = (struct decoding_figures){.first = d->last == 0 ? 0 : d->first,
                                         .last = d->last,
                                         .memory_bytes = memory_bytes(d),
                                         .not_mail = d->not_mail};
}

void decoding_figures_add(struct decoding_figures *sum, const struct decoding_figures *part) {
    if (part->first != 0 && (sum->first == 0 || part->first < sum->first)) sum->first = part->first;
    if (part->last > sum->last) sum->last = part->last;
    sum->memory_bytes += part->memory_bytes;
    protocol_table_add_all(&sum->not_mail, &part->not_mail);
}

void decoding_metrics(const struct decoding *d, struct decoder_figures *figures) {
    const struct decoding_settings *settings = &d->settings;
    figures->counters = *settings->counters;
    if (settings->frame_counters != settings->counters) counters_add(&figures->counters, settings->frame_counters);
    if (settings->stages != NULL) figures->times = settings->stages->times;
    figures->newest_packet = d->last;
    figures->flows_open = d->engine_kind->flows_open(d->engine);
    figures->flows_untold = d->engine_kind->flows_untold(d->engine);
    figures->flows_max = part_of(d, (size_t)settings->config->flows_max);
    figures->pool_used_bytes = d->pool.in_use * LIMIT_ARENA_BLOCK_BYTES;
    figures->pool_bytes = d->pool.count * LIMIT_ARENA_BLOCK_BYTES;
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

static struct defragment *make_defragment(struct counters *counters) {
    uint8_t hash_key[16];
    randombytes_buf(hash_key, sizeof hash_key);
    void *memory = calloc(1, defragment_memory_bytes());
    return memory == NULL ? NULL : defragment_in(memory, hash_key, counters);
}

static size_t arena_pool_bytes(const struct decoding *d) {
    size_t bytes = (size_t)d->settings.config->flows_max * LIMIT_ARENA_BYTES_PER_FLOW;
    return part_of(d, bytes > LIMIT_ARENA_POOL_BYTES_MIN ? bytes : LIMIT_ARENA_POOL_BYTES_MIN);
}

static bool make_pool(struct decoding *d) {
    d->pool_bytes = arena_pool_bytes(d);
    d->pool_memory =
        mmap(NULL, d->pool_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (d->pool_memory == MAP_FAILED) {
        d->pool_memory = NULL;
        return false;
    }
    block_pool_init(&d->pool, d->pool_memory, d->pool_bytes);
    return true;
}

static bool make_connections(struct decoding *d) {
    struct counters *counters = d->settings.counters;
    d->shared = (struct connection_shared){.config = d->settings.config,
                                           .pool = &d->pool,
                                           .shares = share_table_new(&d->pool),
                                           .detector = detector_new(counters, part_of(d, LIMIT_DETECTIONS)),
                                           .charsets = charset_table_new(),
                                           .rules = d->settings.knowledge->rules,
                                           .counters = counters,
                                           .stages = d->settings.stages,
                                           .not_mail = &d->not_mail,
                                           .context = d,
                                           .message = on_message,
                                           .dialogue = on_dialogue};
    d->stream_listener = connection_listener(&d->shared);
    return d->shared.shares != NULL && d->shared.detector != NULL && d->shared.charsets != NULL;
}

static void look_where(struct stream_settings *settings, const struct config *config) {
    settings->mail_ports = config->mail_ports;
    settings->any_port = config->any_port;
    settings->home_networks = config->home_networks;
    settings->home_network_count = config->home_network_count;
}

static bool make_engine(struct decoding *d) {
    const struct config *config = d->settings.config;
    d->engine_kind = config->libnids ? &stream_libnids : &stream_native;
    d->stream_settings = (struct stream_settings){.flows_max = (size_t)config->flows_max,
                                                  .parts = d->settings.parts,
                                                  .time_is_up = on_look_at_time,
                                                  .time_context = d};
    look_where(&d->stream_settings, config);
    d->engine = d->engine_kind->create(&d->stream_settings, &d->stream_listener, d->settings.counters);
    return d->engine != NULL;
}

static void open_what(struct frame_decoder *frames, const struct config *config) {
    frames->verify_checksums = config->verify_checksums;
    frames->tunnel_sources = config->tunnel_sources;
    frames->tunnel_source_count = config->tunnel_source_count;
}

static bool make_frames(struct decoding *d) {
    struct counters *counters = d->settings.frame_counters;
    d->frames = (struct frame_decoder){.fragments = make_defragment(counters), .counters = counters};
    open_what(&d->frames, d->settings.config);
    d->clock = packet_clock_new(&(struct packet_clock_listener){d, on_advance, on_went_back, on_frame}, counters);
    d->ahead = (struct look_ahead){.frames = &d->frames,
                                   .kind = d->engine_kind,
                                   .engine = d->engine,
                                   .wanted = is_part(d) ? is_mine : NULL,
                                   .context = d};
    look_ahead_if_many(d);
    return d->frames.fragments != NULL && d->clock != NULL;
}

/* --- new rules -----------------------------------------------------------------------------------------------------
 */

/* The one that was the newest joins the earlier ones; from all of them there are new maps. */
static void remember_knowledge(struct decoding *d, const struct knowledge *next) {
    memmove(&d->earlier[1], &d->earlier[0], d->earlier_count * sizeof *d->earlier);
    d->earlier[0].knowledge = d->settings.knowledge;
    d->earlier_count++;
    for (unsigned i = 0; i < d->earlier_count; i++) {
        const struct knowledge *old = d->earlier[i].knowledge;
        verdict_map_make(&d->earlier[i].map, old->rules, old->bounces, next->rules, next->bounces);
    }
}

bool decoding_renew(struct decoding *d, const struct config *config, const struct knowledge *knowledge) {
    if (d->earlier_count == LIMIT_GENERATIONS) return false;
    look_where(&d->stream_settings, config);
    d->engine_kind->renew(d->engine, &d->stream_settings);
    open_what(&d->frames, config);
    remember_knowledge(d, knowledge);
    d->settings.config = d->shared.config = config;
    d->settings.knowledge = knowledge;
    d->shared.rules = knowledge->rules;
    if (d->earlier_count == LIMIT_GENERATIONS)
        d->settings.counters->scans_abandoned += ruleset_abandon(d->earlier[LIMIT_GENERATIONS - 1].knowledge->rules);
    return true;
}

const struct knowledge *decoding_spent_knowledge(struct decoding *d) {
    for (unsigned i = d->earlier_count; i > 0; i--) {
        const struct knowledge *knowledge = d->earlier[i - 1].knowledge;
        if (ruleset_is_searching(knowledge->rules)) continue;
        d->earlier_count--;
        memmove(&d->earlier[i - 1], &d->earlier[i], (d->earlier_count - (i - 1)) * sizeof *d->earlier);
        return knowledge;
    }
    return NULL;
}

struct decoding *decoding_new(const struct decoding_settings *settings, const struct decoding_listener *listener) {
    struct decoding *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->settings = *settings;
    d->listener = *listener;
    if (make_pool(d) && make_connections(d) && make_engine(d) && make_frames(d)) return d;
    decoding_free(d);
    return NULL;
}

void decoding_free(struct decoding *d) {
    if (d == NULL) return;
    if (d->engine != NULL) d->engine_kind->destroy(d->engine);
    packet_clock_free(d->clock);
    free(d->frames.fragments);
    charset_table_free(d->shared.charsets);
    share_table_free(d->shared.shares);
    detector_free(d->shared.detector);
    if (d->pool_memory != NULL) {
        block_pool_leave(d->pool_memory, d->pool_bytes);
        munmap(d->pool_memory, d->pool_bytes);
    }
    free(d);
}
