/* See judge.h.  One event loop: the decoders' channels, Redis, standard output, metrics, the supervisor's words, a
 * clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/judge.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"
#include "console/metrics.h"
#include "handover.h"
#include "judging.h"
#include "process/control.h"
#include "process/jail.h"
#include "process/wire.h"
#include "process_figures.h"
#include "publish/sink.h"

#define CLOCK_WRONG_MAX_S 1800          /* an adapter's clock may be wrong, but not by more, either way */
#define RECORDS_PER_TURN 1024           /* of one decoder; then the others of the loop have their turn */
#define STOPPING_MS (600 * JAIL_SLOWER) /* standard output is waited for so long, while decoders tell their last */
#define END_MS (900 * JAIL_SLOWER)      /* from the word to stop on it has so long, and less where it will be killed */

_Static_assert(2 * CLOCK_WRONG_MAX_S <= LIMIT_BLOCK_AHEAD_S, "no two times that are believed set a block back");
_Static_assert(CLOCK_WRONG_MAX_S > LIMIT_FLOW_IDLE_S,
               "a message is told when its dialogue has been silent for so long");

struct judge;

struct hearing {
    struct judge *judge;
    unsigned decoder;
    struct channel_reader *reader;
    struct event *event;
    struct decoding_figures decoding;
};

struct judge {
    const struct judge_settings *settings;
    int control, statm;
    struct event_base *base;
    const struct config *config;
    struct generation *own_generation; /* what was handed over last; NULL: nothing was */
    struct handover_joiner *joiner;
    struct judging *judging;
    struct outputs *outputs;
    struct metrics_server *metrics;
    struct event *tick, *told;
    struct hearing *hearings;
    nstime packet_time;         /* of the newest frame */
    int64_t end_by;             /* by the monotonic clock; 0: nobody has said */
    struct counters own, shown; /* what it counts itself; the sums of all processes */
    struct stage_clock clock;
    struct metrics_snapshot snapshot;
    struct redis_figures redis_before; /* of those before it, added up */
    struct wire_record record;         /* the one that was read last */
};

static nstime clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (nstime)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static bool tell(struct judge *j, enum judge_says what) {
    uint8_t kind = (uint8_t)what;
    return control_send(j->control, CONTROL_MESSAGE, span_of(&kind, 1), NULL, 0) == CONTROL_DONE;
}

static void answer(struct judge *j, enum judge_says what, uint32_t number, const char *why) {
    uint8_t message[HANDOVER_ANSWER_BYTES];
    size_t bytes = handover_write_answer((uint8_t)what, number, why, message);
    (void)control_send(j->control, CONTROL_MESSAGE, span_of(message, bytes), NULL, 0);
}

/* --- the decoders' words -------------------------------------------------------------------------------------------
 */

/* Of figures, which come without packets, too: a time may be old.  One ahead would show that there is no lag, whatever
 * the other decoders see. */
static void forget_times_ahead(struct judge *j) {
    nstime *const times[] = {&j->record.figures.decoder.newest_packet, &j->record.figures.decoding.first,
                             &j->record.figures.decoding.last};
    nstime latest = clock_now() + CLOCK_WRONG_MAX_S * NS_PER_S;
    bool ahead = false;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (*times[i] <= latest) continue;
        *times[i] = 0;
        ahead = true;
    }
    if (ahead) j->own.records_unsound++;
}

static void hear_figures(struct judge *j, struct hearing *hearing) {
    forget_times_ahead(j);
    hearing->decoding = j->record.figures.decoding;
    metrics_hear_decoder(&j->snapshot, hearing->decoder, j->record.figures.incarnation, &j->record.figures.decoder,
                         clock_now());
    if (j->record.kind == WIRE_END) metrics_decoder_ended(&j->snapshot, hearing->decoder);
}

/* A decoder that was taken over could end every block, by a time in the future; or by one in the past, from which
 * blocks would begin, and would be over at the next honest one. */
static bool is_of_now(const struct wire_record *record) {
    nstime now = clock_now(), time = now;
    if (record->kind == WIRE_MESSAGE) time = record->message.verdict.time;
    if (record->kind == WIRE_NOTICE) time = record->notice.time;
    if (record->kind == WIRE_DIALOGUE && record->dialogue.auth.refused_last != 0)
        time = record->dialogue.auth.refused_last;
    if (record->kind == WIRE_ADVANCE) time = record->now;
    return time >= now - CLOCK_WRONG_MAX_S * NS_PER_S && time <= now + CLOCK_WRONG_MAX_S * NS_PER_S;
}

static void hear(struct judge *j, struct hearing *hearing) {
    switch (j->record.kind) {
        case WIRE_MESSAGE:
            j->snapshot.decoders[hearing->decoder].verdicts++;
            outputs_line(j->outputs, j->record.line);
            judging_verdict(j->judging, &j->record.message.verdict, &j->record.message.sent);
            break;
        case WIRE_NOTICE:
            judging_notice(j->judging, &j->record.notice);
            break;
        case WIRE_DIALOGUE:
            j->snapshot.decoders[hearing->decoder].dialogues++;
            outputs_line(j->outputs, j->record.line);
            judging_auth(j->judging, &j->record.dialogue.client, &j->record.dialogue.auth);
            break;
        case WIRE_ADVANCE:
            judging_advance(j->judging, j->record.now);
            break;
        case WIRE_FIGURES:
        case WIRE_END:
            hear_figures(j, hearing);
            break;
        default:
            break;
    }
}

/* A record of rules that the judge knows, in terms of the newest. */
static bool read_record(struct judge *j, struct span bytes) {
    unsigned rules, classes;
    uint32_t generation = wire_generation(bytes);
    if (!judging_knows(j->judging, generation, &rules, &classes)) return false;
    if (!wire_read(bytes, rules, classes, &j->record)) return false;
    if (j->record.kind == WIRE_MESSAGE) judging_translate(j->judging, generation, &j->record.message.verdict);
    if (j->record.kind == WIRE_NOTICE) judging_translate_notice(j->judging, generation, &j->record.notice);
    return true;
}

/* Takes at most so many records.  False when nothing more is there. */
static bool hear_decoder(struct judge *j, struct hearing *hearing, unsigned records_max) {
    for (unsigned i = 0; i < records_max; i++) {
        struct span bytes;
        enum channel_result result = channel_read(hearing->reader, &bytes);
        if (result == CHANNEL_NOTHING || result == CHANNEL_OVER) return false;
        if (result == CHANNEL_RECORD && read_record(j, bytes) && is_of_now(&j->record))
            hear(j, hearing);
        else
            j->own.records_unsound++;
    }
    return true;
}

static void on_decoder(evutil_socket_t fd, short what, void *context) {
    struct hearing *hearing = context;
    (void)fd, (void)what;
    (void)hear_decoder(hearing->judge, hearing, RECORDS_PER_TURN);
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

/* What is shown, or told, is kept before: a judge that comes after shows no less. */
static void collect(struct judge *j) {
    struct redis_figures *redis = &j->snapshot.judge.redis;
    judging_metrics(j->judging, &j->snapshot.judge);
    outputs_redis_figures(j->outputs, redis);
    redis->connections += j->redis_before.connections;
    redis->published += j->redis_before.published;
    process_figures_read(j->statm, &j->snapshot.judge.process);
    if (j->settings->memory != NULL) judge_memory_keep(j->settings->memory, &j->snapshot);
}

/* Behind a judge that died. */
static void resume(struct judge *j) {
    if (j->settings->memory == NULL || !judge_memory_last(j->settings->memory, &j->snapshot)) return;
    judging_resume(j->judging, &j->snapshot.judge);
    j->redis_before = j->snapshot.judge.redis;
}

static void sum_figures(struct judge *j) {
    struct decoder_figures sum;
    collect(j);
    metrics_sum(&j->snapshot, &sum);
    j->shown = sum.counters;
    j->packet_time = sum.newest_packet;
}

static const struct metrics_snapshot *on_metrics(void *context) {
    struct judge *j = context;
    collect(j);
    return &j->snapshot;
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct judge *j = context;
    (void)fd, (void)what;
    sum_figures(j);
    (void)control_alive(j->control, process_address_space_bytes(j->statm));
    if (!outputs_turn(j->outputs)) (void)tell(j, JUDGE_UNHEARD);
}

/* --- the supervisor's words ----------------------------------------------------------------------------------------
 */

static void hear_redis(struct judge *j, const struct control_message *message, struct span why) {
    char text[256];
    if (message->fd_count == 1) {
        outputs_redis_connected(j->outputs, message->fds[0]);
        return;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)(why.len < sizeof text ? why.len : sizeof text - 1),
                   why.len > 0 ? (const char *)why.data : "");
    outputs_redis_not_connected(j->outputs, text);
}

static void hear_figures_of_all(struct judge *j, struct span bytes) {
    if (bytes.len != sizeof j->snapshot.supervisor) return;
    memcpy(&j->snapshot.supervisor, bytes.data, bytes.len);
    judging_lost_share(j->judging, j->snapshot.supervisor.lost_share);
}

static void hear_health(struct judge *j, struct span bytes) {
    struct health_record record;
    if (bytes.len != sizeof record) return;
    memcpy(&record, bytes.data, sizeof record);
    if (record.kind == HEALTH_STOPPING) outputs_wait(j->outputs, sink_now() + STOPPING_MS * NS_PER_MS);
    judging_health(j->judging, &record);
}

/* Samples stay; rules and policies are these from now on. */
static void renew(struct judge *j, uint32_t number, struct span blob) {
    struct problem problem = {.what = "not enough memory"};
    struct generation *next = handover_open(blob, j->config, &problem);
    if (next == NULL || !judging_renew(j->judging, &next->config, &next->knowledge, next->number)) {
        generation_free(next);
        answer(j, JUDGE_REFUSES, number, problem.what);
        return;
    }
    outputs_renew(j->outputs, &next->config, &next->knowledge);
    j->config = j->snapshot.config = &next->config;
    generation_free(j->own_generation);
    j->own_generation = next;
    answer(j, JUDGE_RENEWED, number, "");
}

static void hear_piece(struct judge *j, struct span bytes) {
    struct span piece, blob;
    uint32_t number = handover_read_number(bytes, &piece);
    switch (handover_join_piece(j->joiner, piece, &blob)) {
        case HANDOVER_MORE:
            break;
        case HANDOVER_WHOLE:
            renew(j, number, blob);
            handover_joiner_clear(j->joiner);
            break;
        case HANDOVER_BROKEN:
            answer(j, JUDGE_REFUSES, number, "a piece was lost");
            break;
    }
}

static void on_message(struct judge *j, const struct control_message *message) {
    struct span bytes = span_of(message->bytes, message->length);
    uint8_t kind = bytes.len > 0 ? bytes.data[0] : 0;
    bytes = span_from(bytes, 1);
    switch (kind) {
        case JUDGE_FIGURES:
            hear_figures_of_all(j, bytes);
            break;
        case JUDGE_HEALTH:
            hear_health(j, bytes);
            break;
        case JUDGE_HANDOVER:
            hear_piece(j, bytes);
            break;
        case JUDGE_REDIS:
            hear_redis(j, message, bytes);
            break;
        default:
            break;
    }
}

static void on_told(evutil_socket_t fd, short what, void *context) {
    struct judge *j = context;
    static struct control_message message;
    enum control_result result;
    (void)what;
    while ((result = control_receive(fd, CONTROL_CHILD, &message)) == CONTROL_DONE) {
        if (message.kind == CONTROL_MESSAGE) on_message(j, &message);
        if (message.kind != CONTROL_STOP) continue;
        j->end_by = control_stop_by_ms(&message) * NS_PER_MS;
        (void)event_base_loopbreak(j->base);
    }
    if (result == CONTROL_GONE) (void)event_base_loopbreak(j->base);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

/* All decoders have ended: what they said last is in the channels. */
static void hear_rest(struct judge *j) {
    for (unsigned i = 0; i < j->settings->decoder_count; i++)
        while (hear_decoder(j, &j->hearings[i], RECORDS_PER_TURN)) continue;
}

static void sum_decoding(const struct judge *j, struct decoding_figures *sum) {
    *sum = (struct decoding_figures){.first = 0};
    for (unsigned i = 0; i < j->settings->decoder_count; i++) decoding_figures_add(sum, &j->hearings[i].decoding);
}

/* Four ninths of the time are for what decoders told last, and for sources, as far as they are read; the summary has
 * two more, and what waits for Redis and standard output until the eighth. */
static int end(struct judge *j) {
    int64_t now = sink_now(), left = END_MS * NS_PER_MS;
    struct decoding_figures decoding;
    if (j->end_by > now && j->end_by - now < left) left = j->end_by - now;
    outputs_wait(j->outputs, now + left / 9 * 4);
    hear_rest(j);
    metrics_end(&j->snapshot);
    sum_decoding(j, &decoding);
    judging_tell_sources(j->judging);
    sum_figures(j);
    outputs_wait(j->outputs, now + left / 9 * 6);
    judging_tell_summary(j->judging, &j->shown, &decoding, (double)(clock_now() - j->settings->started) / 1e9);
    return outputs_finish(j->outputs, now + left / 9 * 8) ? EXIT_FINE : EXIT_FAILED;
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

static bool on_redis_wanted(void *context) {
    return tell(context, JUDGE_ASKS_REDIS);
}

static bool open_outputs(struct judge *j) {
    const struct judge_settings *s = j->settings;
    struct output list[OUTPUTS_MAX];
    struct outputs_settings settings = {.config = s->config,
                                        .knowledge = s->knowledge,
                                        .wording = s->wording,
                                        .counters = &j->own,
                                        .shown = &j->shown,
                                        .packet_time = &j->packet_time,
                                        .format = s->format,
                                        .fd = STDOUT_FILENO,
                                        .all_records = s->all_records,
                                        .live = true,
                                        .base = j->base,
                                        .say = say_without_waiting,
                                        .ask_for_redis = on_redis_wanted,
                                        .ask_context = j};
    j->outputs = outputs_open(&settings);
    unsigned count = j->outputs == NULL ? 0 : outputs_list(j->outputs, list);
    for (unsigned i = 0; i < count; i++) judging_add_output(j->judging, list[i]);
    return j->outputs != NULL;
}

static bool open_hearings(struct judge *j) {
    j->hearings = calloc(j->settings->decoder_count, sizeof *j->hearings);
    for (unsigned i = 0; j->hearings != NULL && i < j->settings->decoder_count; i++) {
        struct hearing *hearing = &j->hearings[i];
        hearing->judge = j;
        hearing->decoder = i;
        hearing->reader = channel_reader_new(j->settings->channels[i]);
        hearing->event = event_new(j->base, j->settings->channels[i], EV_READ | EV_PERSIST, on_decoder, hearing);
        if (hearing->reader == NULL || hearing->event == NULL || event_add(hearing->event, NULL) != 0) return false;
    }
    return j->hearings != NULL;
}

static bool open_metrics(struct judge *j) {
    if (j->settings->metrics < 0) return true;
    j->metrics = metrics_serve(j->base, j->settings->metrics, &(struct metrics_source){j, on_metrics});
    return j->metrics != NULL;
}

/* One that is started anew knows what the decoders' messages in flight began with, too. */
static bool open_judging(struct judge *j) {
    const struct judge_settings *s = j->settings;
    bool is_first = s->earlier_config == NULL;
    j->judging =
        judging_new(is_first ? s->config : s->earlier_config, is_first ? s->knowledge : s->earlier_knowledge, &j->own);
    if (j->judging == NULL) return false;
    judging_begin_with(j->judging, is_first ? s->generation : s->earlier_generation);
    return is_first || judging_renew(j->judging, s->config, s->knowledge, s->generation);
}

static bool open_all(struct judge *j) {
    static const struct timeval second = {1, 0};
    const struct judge_settings *s = j->settings;
    j->snapshot.config = s->config;
    j->snapshot.started = s->started;
    j->snapshot.decoder_count = s->decoder_count;
    j->statm = process_figures_open();
    j->base = event_base_new();
    if (j->base == NULL || !open_judging(j)) return false;
    j->joiner = handover_joiner_new();
    if (j->joiner == NULL) return false;
    stage_clock_init(&j->clock, 1);
    judging_time(j->judging, &j->clock);
    resume(j);
    if (!open_outputs(j) || !open_hearings(j) || !open_metrics(j)) return false;
    j->tick = event_new(j->base, -1, EV_PERSIST, on_tick, j);
    j->told = event_new(j->base, j->control, EV_READ | EV_PERSIST, on_told, j);
    return j->tick != NULL && j->told != NULL && event_add(j->tick, &second) == 0 && event_add(j->told, NULL) == 0;
}

static void free_all(struct judge *j) {
    for (unsigned i = 0; j->hearings != NULL && i < j->settings->decoder_count; i++) {
        if (j->hearings[i].event != NULL) event_free(j->hearings[i].event);
        channel_reader_free(j->hearings[i].reader);
    }
    free(j->hearings);
    if (j->metrics != NULL) metrics_server_free(j->metrics);
    if (j->tick != NULL) event_free(j->tick);
    if (j->told != NULL) event_free(j->told);
    outputs_close(j->outputs);
    judging_free(j->judging);
    generation_free(j->own_generation);
    handover_joiner_free(j->joiner);
    if (j->base != NULL) event_base_free(j->base);
    free(j);
}

int judge_run(const struct judge_settings *settings, int control) {
    struct judge *j = calloc(1, sizeof *j);
    int code = EXIT_FAILED;
    if (j == NULL) return code;
    j->settings = settings;
    j->config = settings->config;
    j->control = control;
    if (open_all(j)) {
        struct jail_settings jail = settings->jail;
        uint64_t reserved = process_address_space_bytes(j->statm);
        if (reserved > 0) jail.address_space_bytes = reserved + LIMIT_PROCESS_GROWTH_BYTES;
        (void)jail_or_exit(&jail, "judge");
        (void)control_alive(control, process_address_space_bytes(j->statm));
        (void)tell(j, JUDGE_READY);
        (void)event_base_dispatch(j->base);
        code = end(j);
    } else {
        say_without_waiting("not enough memory for the judge's tables; smaller limits: in the configuration need less");
    }
    free_all(j);
    return code;
}
