/* See pipeline.h; decoding.c and judging.c are its halves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline.h"

#include <stdlib.h>

struct pipeline {
    struct counters counters;
    struct decoding *decoding;
    struct judging *judging;
    struct stage_clock stages;
    struct output outputs[JUDGING_OUTPUTS_MAX];
    unsigned output_count;
};

static void on_message(void *context, const struct message_record *record) {
    struct pipeline *p = context;
    for (unsigned i = 0; i < p->output_count; i++)
        if (p->outputs[i].message != NULL) p->outputs[i].message(p->outputs[i].context, record);
    judging_verdict(p->judging, record->verdict, record->sent);
}

static void on_notice(void *context, const struct notice *notice) {
    struct pipeline *p = context;
    judging_notice(p->judging, notice);
}

static void on_dialogue(void *context, const struct dialogue_record *record) {
    struct pipeline *p = context;
    struct auth_figures auth = judging_auth_of(record->facts);
    for (unsigned i = 0; i < p->output_count; i++)
        if (p->outputs[i].dialogue != NULL) p->outputs[i].dialogue(p->outputs[i].context, record);
    judging_auth(p->judging, &record->stream->client.ip, &auth);
}

static void on_advance(void *context, nstime now) {
    struct pipeline *p = context;
    judging_advance(p->judging, now);
}

struct pipeline *pipeline_new(const struct config *config, const struct knowledge *knowledge) {
    struct pipeline *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    struct decoding_settings settings = {.config = config,
                                         .knowledge = knowledge,
                                         .frame_counters = &p->counters,
                                         .counters = &p->counters,
                                         .stages = &p->stages,
                                         .look_ahead_from = DECODING_LOOK_AHEAD_FLOWS};
    stage_clock_init(&p->stages, STAGE_EVERY);
    struct decoding_listener listener = {p, on_message, on_dialogue, on_notice, on_advance, NULL};
    p->decoding = decoding_new(&settings, &listener);
    p->judging = judging_new(config, knowledge, &p->counters);
    if (p->judging != NULL) judging_time(p->judging, &p->stages);
    if (p->decoding != NULL && p->judging != NULL) return p;
    pipeline_free(p);
    return NULL;
}

void pipeline_free(struct pipeline *p) {
    if (p == NULL) return;
    decoding_free(p->decoding);
    judging_free(p->judging);
    free(p);
}

void pipeline_add_output(struct pipeline *p, struct output output) {
    if (p->output_count < JUDGING_OUTPUTS_MAX) p->outputs[p->output_count++] = output;
    judging_add_output(p->judging, output);
}

void pipeline_frame(struct pipeline *p, const struct frame_seen *frame) {
    decoding_frame(p->decoding, frame);
}

void pipeline_tick(struct pipeline *p, nstime now) {
    decoding_tick(p->decoding, now);
}

void pipeline_finish(struct pipeline *p) {
    decoding_finish(p->decoding);
}

void pipeline_tell_sources(struct pipeline *p) {
    judging_tell_sources(p->judging);
}

void pipeline_tell_summary(struct pipeline *p, double seconds) {
    struct decoding_figures figures;
    decoding_figures(p->decoding, &figures);
    judging_tell_summary(p->judging, &p->counters, &figures, seconds);
}

struct counters *pipeline_counters(struct pipeline *p) {
    return &p->counters;
}

const nstime *pipeline_time(const struct pipeline *p) {
    return decoding_time(p->decoding);
}

size_t pipeline_memory_bytes(const struct pipeline *p) {
    struct decoding_figures figures;
    decoding_figures(p->decoding, &figures);
    return figures.memory_bytes + judging_memory_bytes(p->judging);
}
