/* decision: what policy makes of a sample, and the source's standing that follows (docs/scoring.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DECISION_H
#define MAILSPAN_DECISION_H

#include "mailspan/sample.h"

enum action { ACTION_NONE, ACTION_RATE, ACTION_DISCARD, ACTION_REDIRECT };
enum decision_kind {
    DECISION_NONE,
    DECISION_WARN,
    DECISION_THROTTLE,
    DECISION_BLOCK,
    DECISION_RELEASE,
    DECISION_WITHHELD
};
enum source_state { STATE_CLEAR, STATE_WARNED, STATE_THROTTLED, STATE_BLOCKED };

#define POLICY_LEVELS_MAX 8
#define POLICY_NAME_BYTES 48

struct policy {
    char name[POLICY_NAME_BYTES];
    char hash[17];           /* of all values that decide, hex: tells which thresholds decided */
    unsigned min_messages;   /* no decision before the sample holds so many */
    double warn_total;       /* total at or above */
    double block_total;      /* total at or above, and ... */
    double block_total_low;  /* ... the lower bound of its interval at or above */
    double max_unseen_share; /* more of the sample gapped, one-sided or encrypted: withheld */
    double max_lost_share;   /* more of the mirror's frames lost lately: withheld */
    enum action action;      /* of a block */
    unsigned levels;
    int64_t level_duration_s[POLICY_LEVELS_MAX]; /* how long a block lasts, first offence first */
};

struct policies; /* rules/policy.yaml */
struct policies *policies_load(const char *name, struct span text, struct problem *problem);
void policies_free(struct policies *policies);
const struct policy *policies_active(const struct policies *policies);

/* What makes a message count in the sample; goes into struct sample_settings. */
struct sample_thresholds {
    double content_spam_points;
    double setup_bad_points;
};
const struct sample_thresholds *policies_sample(const struct policies *policies);

/* What the ledger keeps of a source.  Only the ledger changes it. */
struct standing {
    enum source_state state;
    unsigned level;    /* 0: never blocked */
    uint64_t sequence; /* of the source's last event */
    nstime since;
    nstime expires;              /* 0: does not */
    enum decision_kind withheld; /* the gravest decision withheld so far: each is said once, not at each message */
    nstime judged;               /* the last message: an hour without one re-arms the warning */
    nstime clean_since;          /* levels decay from here */
};

struct decision {
    enum decision_kind kind;
    nstime time;
    struct ip_address ip; /* the source, masked to its prefix */
    uint8_t prefix_bits;  /* of the 128 */
    enum action action;
    unsigned level;
    uint64_t sequence;
    nstime expires; /* 0: does not */
    struct scores scores;
    const struct policy *policy;
    char reason[160]; /* one sentence for people */
    const struct verdict *evidence[LIMIT_EVENT_EVIDENCE];
    unsigned evidence_count;
};

/* Judges a source after a message was added to its sample, and moves its standing.  lost_share: of the mirror's frames,
 * lately, from 0 to 1.  True when there is something to
 * publish in *decision (evidence borrows from the table until the next message is added).  Blocks that have expired by
 * now are released first: call ledger_expire until it is false, then source_table_add, then this. */
bool ledger_judge(struct source_table *table, struct source *source, const struct policy *policy, double lost_share,
                  nstime now, struct decision *decision);

/* The next block that has expired by now, as a release; false when there is none left. */
bool ledger_expire(struct source_table *table, const struct policy *policy, nstime now, struct decision *decision);

/* Ends any block before its time, as a release; false when there is none left.  For a change from a policy that acts to
 * one that does not, or back: what one has begun the other cannot end, for it tells nobody who acts. */
bool ledger_lift(struct source_table *table, const struct policy *policy, nstime now, struct decision *decision);

/* Under a policy without an action (`action: none`) a decision is only what would be: nobody may act on it. */
static inline bool decision_is_shadow(const struct decision *decision) {
    return decision->policy != NULL && decision->policy->action == ACTION_NONE;
}

const char *action_name(enum action action);
const char *decision_kind_name(enum decision_kind kind);
const char *source_state_name(enum source_state state);

#endif
