/* What a source's messages have in common, and how many it usually sends (docs/scoring.md).
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SOURCE_HABITS_H
#define MAILSPAN_SCORING_SOURCE_HABITS_H

#include "mailspan/counters.h"
#include "mailspan/facts.h"
#include "mailspan/habits.h"
#include "mailspan/verdict.h"

#define RATE_SPANS 7 /* of ten minutes: six make an hour, and the hour begins within the seventh */

/* How many messages a source sends in ten minutes. */
struct source_rate {
    uint32_t span;               /* the newest span of ten minutes, counted from 1970; 0: there is none */
    uint32_t usual;              /* in 1024ths of a message; slow: a day's mean */
    uint16_t counts[RATE_SPANS]; /* the newest first */
    uint16_t known;              /* spans that `usual` was made of; stays at the highest */
};

/* In the source itself. */
struct source_habits {
    uint32_t row; /* of the table, + 1; 0: it never had one */
    struct source_rate rate;
};

/* Of the sources that sent last: their last messages with content, by kind of mark, a ring. */
struct habit_row {
    uint64_t bodies[LIMIT_HABITS_MESSAGES];
    uint32_t subjects[LIMIT_HABITS_MESSAGES];
    uint16_t from_orgs[LIMIT_HABITS_MESSAGES];  /* hashes, here and below; 0: not known */
    uint16_t recipients[LIMIT_HABITS_MESSAGES]; /* all of a message's together */
    uint16_t recipient_domains[LIMIT_HABITS_MESSAGES];
    struct recipient_mark last_recipient;
    struct recipient_run run;
    uint32_t owner;        /* the source's slot + 1 */
    uint32_t older, newer; /* row + 1 of those that sent before and after; 0: none */
    uint8_t count, next;
    uint8_t from_orgs_different, subjects_different, recipient_domains_different; /* without those not known */
};

struct habit_table {
    struct habit_row *rows;
    uint32_t max, used;
    uint32_t oldest, newest; /* row + 1 */
    struct counters *counters;
};

/* habits_max: how many of the sources; 0: a tenth, and in a small table more.  False: no memory. */
bool habits_init(struct habit_table *table, size_t sources_max, size_t habits_max, struct counters *counters);
void habits_free(struct habit_table *table);
size_t habits_memory_bytes(const struct habit_table *table);
/* A message of the source in this slot, that is no further try, joins those before it; sets the facts that are of
 * these. */
void habits_join(struct habit_table *table, struct source_habits *own, uint32_t slot, const struct verdict *verdict,
                 const struct sent *sent, struct facts *facts);
/* Its last messages are forgotten, and what it usually sends is not. */
void habits_clear(struct habit_table *table, const struct source_habits *own, uint32_t slot);

#endif
