/* sample: a source's last 100 verdicts, with three sub-scores and a total.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SAMPLE_H
#define MAILSPAN_SAMPLE_H

#include "mailspan/address.h"
#include "mailspan/notice.h"

/* A share of the sample in percent, with its 95 % interval (docs/scoring.md). */
struct score {
    double value;
    double low;
    double high;
};

/* What a source's clients had of AUTH, on every port that is watched, since it is known or was released.  Who guesses
 * passwords has many refusals and no mail, so no message tells of it. */
struct auth_figures {
    uint32_t dialogues; /* with an AUTH in them */
    uint32_t fruitless; /* of these: every try was refused, and no mail followed */
    uint32_t tries, refused;
    nstime refused_last; /* the end of the last dialogue with a refusal; 0: none */
};

/* What came of a source's mail after its first try, since it is known or was released. */
struct later_figures {
    uint32_t retried;     /* tries of a message that was there already: they took no place */
    uint32_t repeated;    /* the same refused greeting again within LIMIT_REPEAT_S: the same */
    uint32_t passed_on;   /* messages that weigh as passed on, or as answers */
    uint32_t bounced;     /* late bounces that changed an entry */
    uint32_t complained;  /* complaints that did */
    uint32_t backscatter; /* bounces and complaints of messages that it was not seen to send */
};

struct scores {
    unsigned messages; /* in the sample, at most LIMIT_SAMPLE_MESSAGES; so are all counts but uninformative and auth */
    nstime oldest, newest;
    struct score content, setup, bounce, total;
    unsigned delivered, deferred, bounced, aborted, unknown; /* outcomes in the sample */
    unsigned in_part;                      /* delivered to some, and refused to others with a weight */
    unsigned gapped, one_sided, encrypted; /* visibilities in the sample */
    unsigned content_known, spam_like;     /* messages that content speaks of; those like spam */
    unsigned setup_known, badly_set_up;    /* messages whose set-up was seen; those badly set up */
    unsigned late_bounced, complained;     /* told of by mails that came later */
    /* Messages that told nothing of their source and take no place in the sample: those that came between its messages
     * and after the last, of each kind at most 255 in one place; and how many of them were not seen in whole. */
    unsigned uninformative, uninformative_gapped, uninformative_one_sided, uninformative_encrypted;
    struct auth_figures auth;
    struct later_figures later;
};

/* One row of evidence: a message that counted against the source. */
struct evidence {
    struct verdict verdict;
};

struct source;       /* one source's sample and evidence; opaque */
struct source_table; /* all of them; opaque: scoring/source_sample.c */

struct sample_settings {
    size_t sources_max;
    size_t habits_max;          /* of these, whose last messages are compared; 0: a tenth */
    size_t evidence_max;        /* rows of all sources together */
    size_t sent_max;            /* keys of messages that were sent, of all sources together */
    bool late_any_source;       /* a bounce may come in to another source than sent the message */
    uint8_t ipv6_prefix_bits;   /* 64: an IPv6 source is its /64 */
    double content_spam_points; /* a message with so many content points is spam-like */
    double setup_bad_points;    /* a message with so many set-up points is badly set up */
    uint8_t hash_key[16];
    const struct ruleset *rules; /* names critical rules in reasons; may be NULL */
};

/* Allocates all it will ever need; NULL when there is not enough memory. */
struct source_table *source_table_new(const struct sample_settings *settings, struct counters *counters);
void source_table_free(struct source_table *table);
/* From now on messages count by these points, and rules are these; the rest of settings stays as it was, and so does
 * what is in the samples.  map: where the rules that evidence names stand among these. */
void source_table_renew(struct source_table *table, const struct sample_settings *settings,
                        const struct verdict_map *map);
size_t source_table_memory_bytes(const struct source_table *table);
size_t source_table_count(const struct source_table *table); /* of sources in it */

/* Counts the verdict in its source's sample, or beside it when it tells nothing, O(1).  A further try of a message
 * changes that one's entry.  sent: by what that, and what comes later, is known; NULL: by nothing.  Never NULL: the
 * source longest silent makes room, a blocked one only when all are blocked. */
struct source *source_table_add(struct source_table *table, const struct verdict *verdict, const struct sent *sent);
/* A message came in to ip, and was not refused: what it passes on or answers may be this. */
void source_table_came_in(struct source_table *table, const struct ip_address *ip, const struct sent *sent);
/* A mail that came in tells of a message sent: changes that one's entry, O(1).  The source is that of the message;
 * NULL: it is not known, or not any more. */
struct source *source_table_hear(struct source_table *table, const struct notice *notice, enum notice_finding *finding);
/* NOTICE_BACKSCATTER is to stay, and not to be asked again later: it is counted. */
void source_table_count_backscatter(struct source_table *table, const struct notice *notice);
/* Adds the figures of a dialogue that has ended to its source's.  A source that is not known becomes so only by a
 * refusal: customers who submit their mail would fill the table. */
void source_table_add_auth(struct source_table *table, const struct ip_address *ip, const struct auth_figures *auth);
struct source *source_table_find(struct source_table *table, const struct ip_address *ip);

const struct ip_address *source_ip(const struct source *source); /* masked to its prefix */
uint64_t source_messages(const struct source *source);           /* ever */
void source_scores(const struct source_table *table, const struct source *source, struct scores *scores);
/* The newest rows first; returns how many were written, at most max. */
unsigned source_evidence(const struct source_table *table, const struct source *source, const struct verdict **rows,
                         unsigned max);
/* Empties the sample, and the figures of AUTH, as after a release. */
void source_clear(struct source_table *table, struct source *source);
/* Every source, in the order of their addresses; stops when visit returns false.  Not to be called from visit. */
void source_table_each(const struct source_table *table, bool (*visit)(void *context, const struct source *source),
                       void *context);

/* The ledger's own record of a source (decision.h), stored beside the sample. */
struct standing;
struct standing *source_standing(struct source *source);

#endif
