/* See source_habits.h.  All is of the last 32 messages whose content was seen, but the run of recipients, which a
 * message that was refused at RCPT goes on with, and the rate.
 *
 * A tenth of the sources, unless told, has room for its last messages; who was silent longest makes room.  Each source
 * keeps its rate.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_habits.h"

#include <stdlib.h>

#include "mailspan/fingerprint.h"
#include "recipient_order.h"

#define SPAN_S 600
#define SPANS_DAY 144      /* the mean is over so many */
#define SPANS_KNOWN_MIN 36 /* six hours: fewer are no habit */
#define USUAL_ONE 1024     /* one message in ten minutes */

/* --- rooms ------------------------------------------------------------------------------------------------------- */

static size_t rows_of(size_t sources_max, size_t habits_max) {
    size_t rows = habits_max;
    if (rows == 0) rows = sources_max / LIMIT_HABITS_SHARE;
    if (habits_max == 0 && rows < LIMIT_HABITS_MIN) rows = LIMIT_HABITS_MIN;
    return rows < sources_max ? rows : sources_max;
}

bool habits_init(struct habit_table *table, size_t sources_max, size_t habits_max, struct counters *counters) {
    *table = (struct habit_table){.max = (uint32_t)rows_of(sources_max, habits_max), .counters = counters};
    table->rows = calloc(table->max, sizeof *table->rows);
    return table->rows != NULL;
}

void habits_free(struct habit_table *table) {
    free(table->rows);
}

size_t habits_memory_bytes(const struct habit_table *table) {
    return table->max * sizeof *table->rows;
}

static struct habit_row *row_at(const struct habit_table *table, uint32_t row) {
    return row == 0 ? NULL : &table->rows[row - 1];
}

static void list_remove(struct habit_table *table, const struct habit_row *row) {
    if (row->older != 0)
        row_at(table, row->older)->newer = row->newer;
    else
        table->oldest = row->newer;
    if (row->newer != 0)
        row_at(table, row->newer)->older = row->older;
    else
        table->newest = row->older;
}

static void list_append(struct habit_table *table, struct habit_row *row) {
    uint32_t const self = (uint32_t)(row - table->rows) + 1;
    row->older = table->newest;
    row->newer = 0;
    if (table->newest != 0)
        row_at(table, table->newest)->newer = self;
    else
        table->oldest = self;
    table->newest = self;
}

/* Its own row; NULL: it never had one, or another has it now. */
static struct habit_row *row_of(const struct habit_table *table, const struct source_habits *own, uint32_t slot) {
    struct habit_row *row = row_at(table, own->row);
    return row != NULL && row->owner == slot + 1 ? row : NULL;
}

static struct habit_row *take_row(struct habit_table *table) {
    if (table->used < table->max) return &table->rows[table->used++];
    struct habit_row *row = row_at(table, table->oldest);
    table->counters->habits_evicted++;
    list_remove(table, row);
    return row;
}

/* Its row, the newest from now on. */
static struct habit_row *make_row(struct habit_table *table, struct source_habits *own, uint32_t slot) {
    struct habit_row *row = row_of(table, own, slot);
    if (row != NULL) {
        list_remove(table, row);
    } else {
        if (own->row != 0) table->counters->habits_begun_anew++;
        row = take_row(table);
        *row = (struct habit_row){.owner = slot + 1};
        own->row = (uint32_t)(row - table->rows) + 1;
    }
    list_append(table, row);
    return row;
}

void habits_clear(struct habit_table *table, const struct source_habits *own, uint32_t slot) {
    struct habit_row *row = row_of(table, own, slot);
    if (row == NULL) return;
    *row = (struct habit_row){.owner = row->owner, .older = row->older, .newer = row->newer};
}

/* --- the rate ---------------------------------------------------------------------------------------------------- */

/* The newest span is over. */
static void next_span(struct source_rate *rate) {
    int64_t const count = (int64_t)rate->counts[0] * USUAL_ONE, usual = rate->usual;
    int64_t const spans = rate->known < SPANS_DAY ? rate->known + 1 : SPANS_DAY;
    rate->usual = (uint32_t)(usual + (count - usual) / spans);
    if (rate->known < SPANS_DAY) rate->known++;
    memmove(rate->counts + 1, rate->counts, sizeof rate->counts - sizeof *rate->counts);
    rate->counts[0] = 0;
    rate->span++;
}

static void rate_add(struct source_rate *rate, uint32_t span) {
    bool const clock_was_wrong = span + SPANS_DAY < rate->span;
    if (rate->span == 0 || clock_was_wrong) *rate = (struct source_rate){.span = span};
    for (unsigned i = 0; rate->span < span && i < 8 * SPANS_DAY; i++) next_span(rate);
    if (rate->span < span) { /* eight days' silence leave a three-thousandth */
        rate->usual = 0;
        rate->span = span;
    }
    uint32_t const ago = rate->span - span;
    if (ago < RATE_SPANS && rate->counts[ago] < UINT16_MAX) rate->counts[ago]++;
}

/* So much of the last `spans` spans as if what came in the one that they begin in had come evenly. */
static double sent_in(const struct source_rate *rate, unsigned spans, double elapsed) {
    double sum = rate->counts[spans] * (1 - elapsed);
    for (unsigned i = 0; i < spans; i++) sum += rate->counts[i];
    return sum;
}

static void join_rate(struct source_rate *rate, nstime time, struct facts *facts) {
    uint64_t const seconds = time < 0 ? 0 : (uint64_t)(time / NS_PER_S);
    uint32_t const span = (uint32_t)(seconds / SPAN_S);
    rate_add(rate, span);
    double const elapsed = span == rate->span ? (double)(seconds % SPAN_S) / SPAN_S : 0;
    double const usual = rate->usual < USUAL_ONE ? 1 : (double)rate->usual / USUAL_ONE;
    facts->value[FACT_source_messages_hour] = sent_in(rate, RATE_SPANS - 1, elapsed);
    if (rate->known >= SPANS_KNOWN_MIN) facts->value[FACT_source_burst] = sent_in(rate, 1, elapsed) / usual;
}

/* --- the last messages ------------------------------------------------------------------------------------------- */

static uint16_t folded(uint64_t hash) {
    if (hash == 0) return 0;
    hash ^= hash >> 32;
    hash ^= hash >> 16;
    return (uint16_t)hash == 0 ? 1 : (uint16_t)hash;
}

/* All places are looked at, those that are not used yet, too: they hold 0, and nobody asks for that. */
static bool is_among(const uint16_t values[LIMIT_HABITS_MESSAGES], uint16_t value) {
    unsigned found = 0;
    for (unsigned i = 0; i < LIMIT_HABITS_MESSAGES; i++) found |= values[i] == value;
    return found != 0;
}

/* Puts a value in the place of another, and keeps count of how many different ones there are. */
static void replace(uint16_t values[LIMIT_HABITS_MESSAGES], unsigned place, uint16_t value, uint8_t *different) {
    uint16_t const old = values[place];
    values[place] = 0;
    if (old != 0 && !is_among(values, old)) --*different;
    if (value != 0 && !is_among(values, value)) ++*different;
    values[place] = value;
}

static bool is_subject(const uint32_t subjects[LIMIT_HABITS_MESSAGES], uint32_t subject) {
    unsigned found = 0;
    for (unsigned i = 0; i < LIMIT_HABITS_MESSAGES; i++) found |= subjects[i] == subject;
    return found != 0;
}

static void replace_subject(struct habit_row *row, unsigned place, uint32_t subject) {
    uint32_t const old = row->subjects[place];
    row->subjects[place] = 0;
    if (old != 0 && !is_subject(row->subjects, old)) row->subjects_different--;
    if (subject != 0 && !is_subject(row->subjects, subject)) row->subjects_different++;
    row->subjects[place] = subject;
}

static void compare_bodies(const struct habit_row *row, unsigned place, struct facts *facts) {
    uint16_t recipients[LIMIT_HABITS_MESSAGES] = {0};
    uint8_t different = 0;
    unsigned near = 0;
    for (unsigned i = 0; i < row->count; i++)
        if (fingerprint_is_near(row->bodies[i], row->bodies[place]))
            replace(recipients, near++, row->recipients[i], &different);
    if (near == 0) return; /* it has too little text */
    facts->value[FACT_source_alike] = near - 1;
    facts->value[FACT_source_alike_recipients] = different;
}

static void compare_subjects(const struct habit_row *row, unsigned place, struct facts *facts) {
    unsigned near = 0;
    for (unsigned i = 0; i < row->count; i++)
        near += i != place && fingerprint_subject_is_near(row->subjects[i], row->subjects[place]);
    facts->value[FACT_source_subjects_alike] = near;
}

/* Returns its place. */
static unsigned add_message(struct habit_row *row, const struct sent *sent) {
    const struct habit_marks *marks = &sent->marks;
    unsigned const place = row->next;
    row->bodies[place] = marks->body;
    replace_subject(row, place, marks->subject);
    replace(row->from_orgs, place, folded(marks->from_org), &row->from_orgs_different);
    row->recipients[place] = folded(sent->everyone != 0 ? sent->everyone : marks->recipients.first.mailbox);
    replace(row->recipient_domains, place, folded(marks->recipients.first.domain), &row->recipient_domains_different);
    row->next = (uint8_t)((place + 1) % LIMIT_HABITS_MESSAGES);
    if (row->count < LIMIT_HABITS_MESSAGES) row->count++;
    return place;
}

void habits_join(struct habit_table *table, struct source_habits *own, uint32_t slot, const struct verdict *verdict,
                 const struct sent *sent, struct facts *facts) {
    struct habit_row *row = make_row(table, own, slot);
    struct recipient_run const run = recipient_order_join(&row->last_recipient, &row->run, &sent->marks.recipients);
    join_rate(&own->rate, verdict->time, facts);
    facts->value[FACT_source_recipients_alphabetical] = run.count;
    facts->value[FACT_source_recipients_refused] = run.refused;
    if (verdict->content_known) {
        unsigned const place = add_message(row, sent);
        compare_bodies(row, place, facts);
        compare_subjects(row, place, facts);
    }
    facts->value[FACT_source_from_domains] = row->from_orgs_different;
    facts->value[FACT_source_subjects] = row->subjects_different;
    facts->value[FACT_source_recipient_domains] = row->recipient_domains_different;
}
