/* See merge.h.  Of each part the next record is known, or asked for; the earliest goes first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/merge.h"

#include <stdlib.h>

enum part_state { PART_ASKED, PART_KNOWN, PART_OVER };

struct part {
    struct channel_reader *reader;
    enum part_state state;
    struct wire_record next; /* PART_KNOWN */
    struct counters counters;
    struct decoding_figures figures;
};

struct merge {
    unsigned count, rules, classes;
    unsigned waits_for;
    uint64_t step;
    struct part *parts;
};

struct merge *merge_new(const int *fds, unsigned count, unsigned rules, unsigned classes) {
    struct merge *m = calloc(1, sizeof *m);
    if (m == NULL) return NULL;
    m->parts = calloc(count, sizeof *m->parts);
    m->rules = rules;
    m->classes = classes;
    for (; m->parts != NULL && m->count < count; m->count++) {
        m->parts[m->count].reader = channel_reader_new(fds[m->count]);
        if (m->parts[m->count].reader == NULL) break;
    }
    if (m->parts != NULL && m->count == count) return m;
    merge_free(m);
    return NULL;
}

void merge_free(struct merge *m) {
    if (m == NULL) return;
    for (unsigned i = 0; i < m->count; i++) channel_reader_free(m->parts[i].reader);
    free(m->parts);
    free(m);
}

unsigned merge_waits_for(const struct merge *m) {
    return m->waits_for;
}

uint64_t merge_step(const struct merge *m) {
    return m->step;
}

/* Reads the part's next record.  MERGE_RECORD: it is known now, or the part has ended. */
static enum merge_result ask(struct merge *m, struct part *part) {
    struct span bytes;
    switch (channel_read(part->reader, &bytes)) {
        case CHANNEL_NOTHING:
            return MERGE_NOTHING;
        case CHANNEL_RECORD:
            break;
        case CHANNEL_OVER:
        case CHANNEL_BROKEN:
            return MERGE_LOST;
    }
    if (!wire_read(bytes, m->rules, m->classes, &part->next)) return MERGE_LOST;
    part->state = PART_KNOWN;
    if (part->next.kind != WIRE_FIGURES && part->next.kind != WIRE_END) return MERGE_RECORD;
    part->counters = part->next.figures.decoder.counters;
    part->figures = part->next.figures.decoding;
    part->state = part->next.kind == WIRE_END ? PART_OVER : PART_ASKED;
    return MERGE_RECORD;
}

static bool is_before(const struct decoding_place *a, const struct decoding_place *b) {
    return a->step != b->step ? a->step < b->step : a->turn < b->turn;
}

/* All parts' next records are known; the earliest. */
static struct part *earliest(struct merge *m) {
    struct part *found = NULL;
    for (unsigned i = 0; i < m->count; i++) {
        struct part *part = &m->parts[i];
        if (part->state != PART_KNOWN) continue;
        if (found == NULL || is_before(&part->next.place, &found->next.place)) found = part;
    }
    return found;
}

enum merge_result merge_next(struct merge *m, const struct wire_record **record) {
    for (;;) {
        for (m->waits_for = 0; m->waits_for < m->count; m->waits_for++)
            while (m->parts[m->waits_for].state == PART_ASKED) {
                enum merge_result result = ask(m, &m->parts[m->waits_for]);
                if (result != MERGE_RECORD) return result;
            }
        struct part *part = earliest(m);
        if (part == NULL) return MERGE_OVER;
        part->state = PART_ASKED;
        m->step = part->next.place.step;
        *record = &part->next;
        if (part->next.kind != WIRE_PROGRESS) return MERGE_RECORD;
    }
}

void merge_figures(const struct merge *m, struct counters *counters, struct decoding_figures *figures) {
    *counters = (struct counters){.packets = 0};
    *figures = (struct decoding_figures){.first = 0};
    for (unsigned i = 0; i < m->count; i++) {
        counters_add(counters, &m->parts[i].counters);
        decoding_figures_add(figures, &m->parts[i].figures);
    }
}
