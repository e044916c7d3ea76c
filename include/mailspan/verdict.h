/* verdict: the one fixed-size record that a message becomes.
 *
 * It borrows nothing: it can be written to a socket as it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_VERDICT_H
#define MAILSPAN_VERDICT_H

#include "mailspan/bounce.h"
#include "mailspan/rules.h"
#include "mailspan/sent.h"

#define VERDICT_MESSAGE_ID_BYTES 100
#define VERDICT_DOMAIN_BYTES 64
#define VERDICT_TEXT_BYTES 120

/* What says that the message failed, or was unwanted. */
enum told_by {
    TOLD_BY_DIALOGUE,
    TOLD_BY_BOUNCE,    /* a mail that came later (notice.h) */
    TOLD_BY_COMPLAINT, /* the same */
};

struct verdict {
    nstime time; /* the message's end */
    struct endpoint source;
    struct endpoint destination;
    uint8_t visibility; /* enum visibility */
    uint8_t outcome;    /* enum outcome */
    uint8_t stage;      /* enum stage */
    uint8_t rule_count;
    uint16_t rules[LIMIT_VERDICT_RULES]; /* indexes into the rule set, strongest first (rule_is_stronger) */
    uint16_t unnamed_count;              /* of weaker ones that found no room there, and of those that are gone */
    float unnamed_points;                /* ... and the sum of their points, in both groups */
    uint64_t carried;                    /* what rules about its source ask of it (ruleset_carried) */
    uint16_t bounce_class;               /* index; 0 when not bounced or unclassified */
    uint16_t code;
    struct enhanced_code enhanced;
    bool reply_cut;     /* more may have stood behind reply_text */
    bool by_code;       /* bounce_class rests on the reply code alone */
    bool critical;      /* a rule of severity critical fired */
    bool content_known; /* enough of the content was seen for the content rules to speak */
    float content_points;
    float setup_points;
    float bounce_weight;                       /* 0 to 1: how much of a bounce, and whose fault */
    float passed_on_weight;                    /* the same, if it was only passed on, or an answer (sent.h) */
    float confidence;                          /* 1 for what was read */
    uint8_t passes_on;                         /* PASSES_...: signs that it was */
    uint8_t told_by;                           /* enum told_by */
    char message_id[VERDICT_MESSAGE_ID_BYTES]; /* NUL-terminated, cut when longer, as the next two */
    char from_domain[VERDICT_DOMAIN_BYTES];
    char reply_text[VERDICT_TEXT_BYTES];
};

struct verdict_context {
    const struct ruleset *rules;
    const struct bounce_rules *bounces;
    const struct stream_info *stream;
    const struct dialogue_facts *dialogue;
    struct facts *facts; /* where what rules were judged by is left; NULL: nobody wants it */
};

/* Fills *verdict and *sent from a message that has ended.  summary and scan may be NULL (no content was seen).
 * Evaluates the rules on facts; the caller still calls rule_scan_end. */
void verdict_make(struct verdict *verdict, struct sent *sent, const struct verdict_context *context,
                  const struct message *message, const struct mail_summary *summary, struct rule_scan *scan,
                  struct counters *counters);

/* Adds the points and names of rules that fired; what finds no room among the names is counted with its points. Content
 * rules speak only where the content is known. */
void verdict_add_rules(struct verdict *verdict, const struct ruleset *rules, const struct rule_hits *hits,
                       struct counters *counters);

/* Where the rules and bounce classes of one rule set stand in another, by their names. */
struct verdict_map {
    unsigned rule_count, class_count;       /* of the old ones */
    uint16_t rules[LIMIT_RULES];            /* VERDICT_NO_RULE: there is none of this name */
    float points[LIMIT_RULES];              /* that they had */
    uint16_t classes[LIMIT_BOUNCE_CLASSES]; /* 0, unclassified, where there is none */
    uint8_t carried_count;
    uint8_t carried[RULE_CARRIED_MAX]; /* places in verdict.carried; RULE_CARRIED_MAX: nobody asks for it any more */
};

#define VERDICT_NO_RULE UINT16_MAX

void verdict_map_make(struct verdict_map *map, const struct ruleset *old_rules, const struct bounce_rules *old_bounces,
                      const struct ruleset *rules, const struct bounce_rules *bounces);
/* Makes of a map to some rule set one to the next of it. */
void verdict_map_follow(struct verdict_map *map, const struct verdict_map *next);
uint16_t verdict_map_rule(const struct verdict_map *map, uint16_t rule);
uint16_t verdict_map_class(const struct verdict_map *map, uint16_t bounce_class);
/* Everything stands where it stood. */
bool verdict_map_changes_nothing(const struct verdict_map *map);
/* Names the same rules and class by their new places.  A rule that is gone is counted among those without a name. */
void verdict_map_apply(const struct verdict_map *map, struct verdict *verdict);

#endif
