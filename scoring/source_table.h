/* What the sample, the table and the ledger share of a source.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SOURCE_TABLE_H
#define MAILSPAN_SCORING_SOURCE_TABLE_H

#include "mailspan/decision.h"
#include "source_habits.h"

/* How a message was seen, as far as the health gate tells it apart. */
enum sample_view { VIEW_CLEAR, VIEW_GAPPED, VIEW_ONE_SIDED, VIEW_ENCRYPTED, SAMPLE_VIEWS };

/* One message that told something.  Numbers are whole, so that taking a message out undoes putting it in, a million
 * times over. */
struct sample_entry {
    uint32_t time_s;        /* since 1970; good until 2106 */
    uint8_t bounce_percent; /* weight */
    uint8_t confidence_percent;
    uint8_t uninformative[SAMPLE_VIEWS]; /* messages since the one before it that told nothing, by view */
    unsigned outcome : 4;                /* enum outcome */
    unsigned visibility : 4;             /* enum visibility */
    unsigned content_known : 1;
    unsigned spam_like : 1;
    unsigned setup_known : 1;
    unsigned badly_set_up : 1;
    unsigned bounce_known : 1; /* speaks in the bounce share */
    unsigned late : 1;         /* a bounce came for it later */
    unsigned complained : 1;   /* somebody complained of it */
};
_Static_assert(sizeof(struct sample_entry) == 12, "an entry of the sample is 12 bytes");

/* Thresholds in whole numbers. */
struct sample_limits {
    uint16_t content_spam_hundredths, setup_bad_hundredths;
};

#define SAMPLE_OUTCOMES (OUTCOME_ABORTED + 1)
#define SAMPLE_VISIBILITIES (VISIBILITY_ENCRYPTED + 1)

struct sample {
    struct sample_entry entries[LIMIT_SAMPLE_MESSAGES]; /* a ring */
    /* Running sums over the ring: confidence in percent, and what of it counts against the source. */
    uint32_t content_trials, content_spam;
    uint32_t setup_trials, setup_bad;
    uint32_t outcome_trials, bounces; /* bounces: in hundredths of a percent, as weight times confidence is */
    /* Running counts of messages. */
    uint8_t outcomes[SAMPLE_OUTCOMES], visibilities[SAMPLE_VISIBILITIES];
    uint8_t content_known, spam_like, setup_known, badly_set_up;
    /* Beside the ring: messages that told nothing, since the newest entry, and all of them, the entries' included. */
    uint8_t waiting[SAMPLE_VIEWS];
    uint16_t uninformative[SAMPLE_VIEWS];
    uint8_t late, complained, in_part;
    uint8_t count;
    uint8_t next; /* where the next entry goes; the oldest one when the ring is full */
    uint32_t
        serial; /* of the newest entry: 1, 2, 3 ...; goes on when the sample is emptied, and with the next source */
};

void sample_limits_init(struct sample_limits *limits, double content_spam_points, double setup_bad_points);
/* A message that tells nothing takes no place in the ring.  True when the message counts against its source. */
bool sample_add(struct sample *sample, const struct sample_limits *limits, const struct verdict *verdict);
/* Whether a message of this verdict would take a place. */
bool sample_takes(const struct sample_limits *limits, const struct verdict *verdict);
void sample_clear(struct sample *sample);
/* What an entry of this verdict would be. */
struct sample_entry sample_entry_of(const struct verdict *verdict, const struct sample_limits *limits);
/* Whether it counts against its source. */
bool sample_entry_counts(const struct sample_entry *entry);
/* The entry of this serial; NULL when it has left. */
const struct sample_entry *sample_entry_at(const struct sample *sample, uint32_t serial);
/* Puts another in its place, which keeps its time and what told nothing before it. */
void sample_correct(struct sample *sample, uint32_t serial, const struct sample_entry *entry);
void sample_scores(const struct sample *sample, struct scores *scores);

#define SOURCE_NO_RULE UINT16_MAX

struct source {
    struct ip_address ip;
    uint64_t messages;
    uint64_t evidence_newest; /* its row's serial number; 0: none */
    struct standing standing;
    uint32_t next_in_bucket; /* here and below: slot + 1, 0 for none */
    uint32_t older, newer;   /* in the list of activity that it is in */
    uint32_t heap_place;     /* of a held source, in the heap of expiries */
    bool held;               /* blocked: in the other list of activity, and in the heap */
    bool critical;           /* the newest message fired a critical rule */
    uint16_t critical_rule;  /* its index, or SOURCE_NO_RULE */
    struct auth_figures auth;
    struct later_figures later;
    struct sample sample;
    struct source_habits habits;
};

/* With its hash buckets (two at most), its place in the heap and its place in the order of addresses; and its share of
 * the room for habits, unless somebody wants more of these. */
_Static_assert(sizeof(struct habit_row) == 616, "limits.habits, docs/configuration.md and docs/scoring.md say so");
_Static_assert(sizeof(struct source) + 4 * sizeof(uint32_t) + sizeof(struct habit_row) / LIMIT_HABITS_SHARE <= 1536,
               "a source takes at most 1.5 KiB");
_Static_assert(LIMIT_SAMPLE_MESSAGES <= UINT8_MAX, "counts of a sample are bytes");
_Static_assert((LIMIT_SAMPLE_MESSAGES + 1) * UINT8_MAX <= UINT16_MAX, "all that told nothing fit their sums");

/* Keeps a source, whose standing.expires is set, from eviction, until it is let go.  O(log sources). */
void source_hold(struct source_table *table, struct source *source);
void source_let_go(struct source_table *table, struct source *source);
/* A held source's standing.expires was set to an earlier time. */
void source_expires_earlier(struct source_table *table, struct source *source);
/* Held source i (from 0), NULL when there are no more.  Letting one expire earlier moves only those before it. */
struct source *source_table_held(struct source_table *table, uint32_t i);
/* The ledger's own: the latest time at which any block began. */
nstime *source_table_latest_block(struct source_table *table);
/* The held source that expires first; of two, the lower address.  NULL when none is held. */
struct source *source_table_first_to_expire(struct source_table *table);
uint8_t source_prefix_bits(const struct source_table *table, const struct source *source);
/* The critical rule that the newest message fired, or NULL when its name is not known. */
const char *source_critical_rule_name(const struct source_table *table, const struct source *source);

#endif
