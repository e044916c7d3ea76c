/* See reporter.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/reporter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "judging.h"
#include "process/wire.h"
#include "process_figures.h"
#include "publish/publish.h"
#include "publish/sink.h"

#define LOOKS_PER_FIGURES 16 /* at the end; a look comes every few dozen connections */

struct reporter {
    struct reporter_settings settings;
    struct counters frames, counters;
    struct stage_clock stages;
    uint64_t verdicts_sent;
    int64_t tell_until, finish_until; /* by the monotonic clock; 0: the end is not near */
    bool late;                        /* the first of them is over */
    uint64_t looks_at_end;
    uint64_t late_messages, late_dialogues;
    struct decoding *decoding;
    struct channel_writer *writer;
    struct jsonl *jsonl; /* NULL: no lines */
    struct output lines;
    struct wording wording;                                /* of the lines */
    struct generation *generations[LIMIT_GENERATIONS + 1]; /* that it owns: the newest last */
    unsigned generation_count;
    struct wire_record record; /* the one that is being made */
    bool short_told, end_told; /* WIRE_SHORT, or WIRE_END, was the last word */
};

static bool write_record(struct reporter *r, enum wire_kind kind) {
    r->record.kind = kind;
    r->record.generation = r->settings.generation;
    r->record.place = decoding_place(r->decoding);
    return wire_write(r->writer, &r->record);
}

/* What a part says behind a shortage is of no use.  That is said before anything that follows from it. */
static bool is_over(struct reporter *r) {
    if (r->short_told || r->settings.parts <= 1 || !decoding_ran_short(r->decoding)) return r->short_told;
    struct span line = r->record.line;
    r->record.line = SPAN_EMPTY;
    (void)write_record(r, WIRE_SHORT);
    r->record.line = line;
    r->short_told = true;
    return true;
}

/* False when it is lost, which a channel that waits never does as long as there is a reader. */
static bool tell(struct reporter *r, enum wire_kind kind) {
    bool taken = is_over(r) || write_record(r, kind);
    r->record.line = SPAN_EMPTY;
    return taken;
}

static void look_at_end(struct reporter *r) {
    r->late = r->late || (r->tell_until != 0 && sink_now() >= r->tell_until);
}

static void on_message(void *context, const struct message_record *record) {
    struct reporter *r = context;
    look_at_end(r);
    if (r->late) {
        r->late_messages++;
        r->counters.verdicts_dropped++;
        return;
    }
    r->record.message.verdict = *record->verdict;
    r->record.message.sent = *record->sent;
    if (r->jsonl != NULL) {
        r->lines.message(r->lines.context, record);
        r->record.line = jsonl_line(r->jsonl);
    }
    if (tell(r, WIRE_MESSAGE))
        r->verdicts_sent++;
    else
        r->counters.verdicts_dropped++;
}

static void on_notice(void *context, const struct notice *notice) {
    struct reporter *r = context;
    if (r->late) return; /* its message is counted as lost */
    r->record.notice = *notice;
    if (!tell(r, WIRE_NOTICE)) r->counters.notices_dropped++;
}

/* One that nobody is shown, and that tells nothing of its source, is not told. */
static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct reporter *r = context;
    struct auth_figures auth = judging_auth_of(record->facts);
    look_at_end(r);
    if (auth.tries == 0 && r->jsonl == NULL) return;
    if (r->late) {
        r->late_dialogues++;
        r->counters.dialogues_dropped++;
        return;
    }
    r->record.dialogue.client = record->stream->client.ip;
    r->record.dialogue.auth = auth;
    if (r->jsonl != NULL) {
        r->lines.dialogue(r->lines.context, record);
        r->record.line = jsonl_line(r->jsonl);
    }
    if (!tell(r, WIRE_DIALOGUE)) r->counters.dialogues_dropped++;
}

/* All parts hear of the same seconds. */
static void on_advance(void *context, nstime now) {
    struct reporter *r = context;
    r->record.now = now;
    if (r->settings.part == 0) (void)tell(r, WIRE_ADVANCE); /* lost: the next one says it, too */
}

/* Between two connections, so that each is in the figures once: open, or told. */
static bool on_look_at_time(void *context) {
    struct reporter *r = context;
    if (r->finish_until != 0 && ++r->looks_at_end % LOOKS_PER_FIGURES == 0) reporter_tell_figures(r);
    return r->finish_until != 0 && sink_now() >= r->finish_until;
}

struct decoding *reporter_decoding(struct reporter *r) {
    return r->decoding;
}

struct counters *reporter_frame_counters(struct reporter *r) {
    return &r->frames;
}

/* --- new rules ---------------------------------------------------------------------------------------------------- */

/* The first knowledge was the caller's, and is not among these. */
static void free_generation_of(struct reporter *r, const struct knowledge *knowledge) {
    for (unsigned i = 0; i < r->generation_count; i++) {
        if (&r->generations[i]->knowledge != knowledge) continue;
        generation_free(r->generations[i]);
        r->generation_count--;
        memmove(&r->generations[i], &r->generations[i + 1], (r->generation_count - i) * sizeof(struct generation *));
        return;
    }
}

static void free_spent(struct reporter *r) {
    const struct knowledge *spent;
    while ((spent = decoding_spent_knowledge(r->decoding)) != NULL) free_generation_of(r, spent);
}

bool reporter_renew(struct reporter *r, struct generation *next) {
    free_spent(r);
    if (!decoding_renew(r->decoding, &next->config, &next->knowledge)) return false;
    wording_renew(&r->wording, &next->config, next->knowledge.rules, next->knowledge.bounces);
    r->generations[r->generation_count++] = next;
    r->settings.config = &next->config;
    r->settings.knowledge = &next->knowledge;
    r->settings.generation = next->number;
    free_spent(r);
    return true;
}

const struct config *reporter_config(const struct reporter *r) {
    return r->settings.config;
}

/* --- turns ---------------------------------------------------------------------------------------------------------
 */

bool reporter_goes_on(struct reporter *r) {
    if (!is_over(r)) return true;
    (void)channel_flush(r->writer);
    return false;
}

bool reporter_turn(struct reporter *r) {
    free_spent(r);
    if (r->settings.parts > 1) (void)tell(r, WIRE_PROGRESS);
    (void)channel_flush(r->writer);
    return channel_writer_error(r->writer) == 0;
}

bool reporter_waits(const struct reporter *r) {
    return channel_waiting_bytes(r->writer) > 0;
}

/* Frames are counted once, by the first part. */
static void collect_figures(struct reporter *r) {
    struct decoder_figures *figures = &r->record.figures.decoder;
    *figures = (struct decoder_figures){.verdicts_sent = r->verdicts_sent,
                                        .queue_bytes = channel_waiting_bytes(r->writer),
                                        .queue_max_bytes = r->settings.queue_bytes};
    decoding_metrics(r->decoding, figures);
    if (r->settings.part > 0) figures->counters = r->counters;
    process_figures_read(r->settings.statm, &figures->process);
    decoding_figures(r->decoding, &r->record.figures.decoding);
    r->record.figures.incarnation = r->settings.incarnation;
}

void reporter_tell_figures(struct reporter *r) {
    collect_figures(r);
    (void)tell(r, WIRE_FIGURES);
}

void reporter_end_by(struct reporter *r, int64_t tell_until_ns, int64_t finish_until_ns) {
    r->tell_until = tell_until_ns;
    r->finish_until = finish_until_ns;
    channel_wait_until(r->writer, tell_until_ns);
}

bool reporter_was_late(const struct reporter *r, char *text, size_t capacity) {
    uint64_t flows = r->counters.flows_lost;
    if (r->late_messages + r->late_dialogues + flows == 0) return false;
    (void)snprintf(text, capacity,
                   "time was up: %" PRIu64 " messages, %" PRIu64 " dialogues and %" PRIu64 " open connections not told",
                   r->late_messages, r->late_dialogues, flows);
    return true;
}

bool reporter_end(struct reporter *r) {
    if (!r->end_told) {
        collect_figures(r);
        r->end_told = tell(r, WIRE_END);
    }
    return channel_flush(r->writer) && r->end_told;
}

struct reporter *reporter_new(const struct reporter_settings *settings) {
    struct reporter *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->settings = *settings;
    stage_clock_init(&r->stages, STAGE_EVERY);
    struct decoding_settings decoding = {.config = settings->config,
                                         .knowledge = settings->knowledge,
                                         .frame_counters = &r->frames,
                                         .counters = &r->counters,
                                         .stages = &r->stages,
                                         .look_ahead_from = DECODING_LOOK_AHEAD_FLOWS,
                                         .part = settings->part,
                                         .parts = settings->parts};
    memcpy(decoding.part_key, settings->part_key, sizeof decoding.part_key);
    r->decoding = decoding_new(
        &decoding, &(struct decoding_listener){r, on_message, on_dialogue, on_notice, on_advance, on_look_at_time});
    r->writer = channel_writer_new(settings->fd, settings->queue_bytes, settings->patience);
    if (settings->wording != NULL) {
        r->wording = *settings->wording;
        r->jsonl = jsonl_new(NULL, &r->wording);
        if (r->jsonl != NULL) r->lines = jsonl_output(r->jsonl);
    }
    if (r->decoding != NULL && r->writer != NULL && (r->jsonl != NULL || settings->wording == NULL)) return r;
    reporter_free(r);
    return NULL;
}

void reporter_free(struct reporter *r) {
    if (r == NULL) return;
    jsonl_free(r->jsonl);
    channel_writer_free(r->writer);
    decoding_free(r->decoding);
    for (unsigned i = 0; i < r->generation_count; i++) generation_free(r->generations[i]);
    free(r);
}
