/* Each source's standing over time: clear, warned, blocked, released, and one level higher the next time
 * (docs/scoring.md).
 *
 *   clear --warn--> warned            said once; again after the total was under half of it, or after a quiet hour
 *   clear, warned --block--> blocked  until it expires; what still comes meanwhile changes nothing
 *   blocked --expiry--> clear         with an empty sample: the next decision needs fresh messages
 *
 * Time is the messages', and a clock may be wrong for one of them, or be set back.  What lies further in the future
 * than messages come out of order was made by a clock that was wrong: it is taken as of now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"
#include "source_table.h"
#include "text.h"

#define REARM_AFTER_NS (3600 * NS_PER_S) /* a source that was quiet for so long is warned anew */
#define AHEAD_MAX_NS \
    (LIMIT_BLOCK_AHEAD_S * NS_PER_S) /* messages come out of order by LIMIT_FLOW_IDLE_S, not by hours */
#define DECAY_AFTER_NS (INT64_C(7) * 24 * 3600 * NS_PER_S) /* clean time that takes one level back */

const char *action_name(enum action action) {
    static const char *const names[] = {"none", "rate", "discard", "redirect"};
    return names[action];
}

const char *decision_kind_name(enum decision_kind kind) {
    static const char *const names[] = {"none", "warn", "throttle", "block", "release", "withheld"};
    return names[kind];
}

const char *source_state_name(enum source_state state) {
    static const char *const names[] = {"clear", "warned", "throttled", "blocked"};
    return names[state];
}

/* --- reasons --------------------------------------------------------------------------------------------------- */

static void text_of(struct text *text, unsigned part, unsigned whole, const char *what) {
    text_number(text, part);
    text_string(text, " of ");
    text_number(text, whole);
    text_string(text, what);
}

static void text_and(struct text *text, unsigned number, const char *what) {
    if (number == 0) return;
    text_string(text, ", ");
    text_number(text, number);
    text_string(text, what);
}

/* What weighs most in the total, in messages. */
static void text_main_cause(struct text *text, const struct scores *scores) {
    double const setup = SCORE_SETUP_WEIGHT * scores->setup.value;
    if (scores->content.value >= scores->bounce.value && scores->content.value >= setup) {
        text_of(text, scores->spam_like, scores->content_known, " messages look like spam");
        text_and(text, scores->complained, " of them were complained of");
    } else if (scores->bounce.value >= setup) {
        unsigned const known = scores->delivered + scores->deferred + scores->bounced;
        text_of(text, scores->bounced, known, " messages bounced");
        text_and(text, scores->in_part, " in part");
        text_and(text, scores->deferred, " were deferred");
        text_and(text, scores->aborted, " were given up");
    } else {
        text_of(text, scores->badly_set_up, scores->setup_known, " messages come from a bad set-up");
    }
}

static void text_scores(struct text *text, const struct scores *scores) {
    text_string(text, "; total ");
    text_tenths(text, scores->total.value);
    text_string(text, " (at least ");
    text_tenths(text, scores->total.low);
    text_string(text, "): content ");
    text_tenths(text, scores->content.value);
    text_string(text, ", set-up ");
    text_tenths(text, scores->setup.value);
    text_string(text, ", bounce ");
    text_tenths(text, scores->bounce.value);
}

static void word_scores(struct decision *decision) {
    struct text text = text_into(decision->reason, sizeof decision->reason);
    text_main_cause(&text, &decision->scores);
    text_scores(&text, &decision->scores);
    if (decision->scores.uninformative <= decision->scores.messages) return;
    text_string(&text, "; ");
    text_number(&text, decision->scores.uninformative);
    text_string(&text, " more told nothing");
}

static void word_critical(struct decision *decision, const char *rule) {
    struct text text = text_into(decision->reason, sizeof decision->reason);
    text_string(&text, "a message fired the critical rule");
    if (rule != NULL) {
        text_string(&text, " ");
        text_string(&text, rule);
    }
    text_scores(&text, &decision->scores);
}

/* What was not seen counts for the health gate whether it told something or not. */
static unsigned unseen_uninformative(const struct scores *scores) {
    return scores->uninformative_gapped + scores->uninformative_one_sided + scores->uninformative_encrypted;
}

static unsigned unseen(const struct scores *scores) {
    return scores->gapped + scores->one_sided + scores->encrypted + unseen_uninformative(scores);
}

/* Out of so many.  What was seen in whole and told nothing is left out: it must not make a bad view look better. */
static unsigned looked_at(const struct scores *scores) {
    return scores->messages + unseen_uninformative(scores);
}

static void word_withheld(struct decision *decision, enum decision_kind withheld) {
    const struct scores *scores = &decision->scores;
    struct text text = text_into(decision->reason, sizeof decision->reason);
    text_string(&text, withheld == DECISION_WARN ? "warning" : "block");
    text_string(&text, " withheld: ");
    text_of(&text, unseen(scores), looked_at(scores), " messages were not fully seen (");
    text_number(&text, scores->gapped + scores->uninformative_gapped);
    text_string(&text, " gapped, ");
    text_number(&text, scores->one_sided + scores->uninformative_one_sided);
    text_string(&text, " one-sided, ");
    text_number(&text, scores->encrypted + scores->uninformative_encrypted);
    text_string(&text, " encrypted); total ");
    text_tenths(&text, scores->total.value);
}

static void word_lost(struct decision *decision, enum decision_kind withheld, double lost_share) {
    struct text text = text_into(decision->reason, sizeof decision->reason);
    text_string(&text, withheld == DECISION_WARN ? "warning" : "block");
    text_string(&text, " withheld: ");
    text_tenths(&text, 100 * lost_share);
    text_string(&text, " % of the mirror's frames were lost in the last minute; total ");
    text_tenths(&text, decision->scores.total.value);
}

static void word_release(struct decision *decision, const char *why) {
    struct text text = text_into(decision->reason, sizeof decision->reason);
    text_string(&text, "the block of level ");
    text_number(&text, decision->level);
    text_string(&text, why);
}

/* --- time ------------------------------------------------------------------------------------------------------ */

/* From one time to a later one; 0 when it is not later.  Hostile times cannot overflow it. */
static nstime elapsed(nstime from, nstime to) {
    if (to <= from) return 0;
    uint64_t const ns = (uint64_t)to - (uint64_t)from;
    return ns > INT64_MAX ? INT64_MAX : (nstime)ns;
}

static nstime later(nstime time, nstime by) {
    return time > INT64_MAX - by ? INT64_MAX : time + by;
}

static bool is_ahead(nstime time, nstime now) {
    return elapsed(now, time) > AHEAD_MAX_NS;
}

/* What a wrong clock left in a standing. */
static void set_back_standing(struct standing *standing, nstime now) {
    if (is_ahead(standing->judged, now)) standing->judged = now;
    if (is_ahead(standing->clean_since, now)) standing->clean_since = now;
    if (is_ahead(standing->since, now)) standing->since = now;
}

/* A block that began in the future ends as one that began now.  All are looked at, but only when there is one. */
static void set_back_blocks(struct source_table *table, nstime now) {
    nstime *latest = source_table_latest_block(table);
    if (!is_ahead(*latest, now)) return;
    *latest = now;
    struct source *source;
    for (uint32_t i = 0; (source = source_table_held(table, i)) != NULL; i++) {
        struct standing *standing = &source->standing;
        if (!is_ahead(standing->since, now)) continue;
        standing->expires = later(now, elapsed(standing->since, standing->expires));
        set_back_standing(standing, now);
        source_expires_earlier(table, source);
    }
}

/* --- decisions ------------------------------------------------------------------------------------------------- */

/* Fills what every decision has; the scores must be there, the reason is worded after. */
static void decide(struct source_table *table, struct source *source, const struct policy *policy, nstime now,
                   enum decision_kind kind, struct decision *decision) {
    struct standing *standing = &source->standing;
    decision->kind = kind;
    decision->time = now;
    decision->ip = source->ip;
    decision->prefix_bits = source_prefix_bits(table, source);
    decision->action = ACTION_NONE;
    decision->level = standing->level;
    decision->sequence = ++standing->sequence;
    decision->expires = standing->expires;
    decision->policy = policy;
    decision->evidence_count = source_evidence(table, source, decision->evidence, LIMIT_EVENT_EVIDENCE);
}

static void warn(struct source_table *table, struct source *source, const struct policy *policy, nstime now,
                 struct decision *decision) {
    source->standing.state = STATE_WARNED;
    source->standing.since = now;
    decide(table, source, policy, now, DECISION_WARN, decision);
    word_scores(decision);
}

/* A policy whose action is to slow a source down throttles, any other blocks; the ladder is the same. */
static void block(struct source_table *table, struct source *source, const struct policy *policy, nstime now,
                  struct decision *decision) {
    struct standing *standing = &source->standing;
    bool const throttle = policy->action == ACTION_RATE;
    standing->level = standing->level < policy->levels ? standing->level + 1 : policy->levels;
    standing->state = throttle ? STATE_THROTTLED : STATE_BLOCKED;
    standing->since = now;
    standing->expires = later(now, policy->level_duration_s[standing->level - 1] * NS_PER_S);
    standing->withheld = DECISION_NONE;
    source_hold(table, source);
    if (now > *source_table_latest_block(table)) *source_table_latest_block(table) = now;
    decide(table, source, policy, now, throttle ? DECISION_THROTTLE : DECISION_BLOCK, decision);
    decision->action = policy->action;
}

/* False when that was said before. */
static bool withhold(struct source_table *table, struct source *source, const struct policy *policy, nstime now,
                     enum decision_kind withheld, struct decision *decision) {
    if (source->standing.withheld >= withheld) return false;
    source->standing.withheld = withheld;
    decide(table, source, policy, now, DECISION_WITHHELD, decision);
    return true;
}

/* --- judging --------------------------------------------------------------------------------------------------- */

static void decay(struct standing *standing, nstime now) {
    while (standing->level > 0 && elapsed(standing->clean_since, now) >= DECAY_AFTER_NS) {
        standing->level--;
        standing->clean_since += DECAY_AFTER_NS;
    }
}

static void rearm(struct standing *standing) {
    if (standing->state == STATE_WARNED) standing->state = STATE_CLEAR;
    standing->withheld = DECISION_NONE;
}

/* There is enough to be judged: by its thresholds, then by how much was seen, then by how much of that said something.
 */
static bool judge_scores(struct source_table *table, struct source *source, const struct policy *policy,
                         double lost_share, nstime now, struct decision *decision) {
    struct standing *standing = &source->standing;
    const struct score *total = &decision->scores.total;
    bool const would_warn = total->value >= policy->warn_total;
    bool const would_block = total->value >= policy->block_total && total->low >= policy->block_total_low;
    if (total->value < policy->warn_total / 2) rearm(standing);
    if (!would_warn && !would_block) return false;
    standing->clean_since = now;
    enum decision_kind const wanted = would_block ? DECISION_BLOCK : DECISION_WARN;
    if (unseen(&decision->scores) > policy->max_unseen_share * looked_at(&decision->scores)) {
        if (!withhold(table, source, policy, now, wanted, decision)) return false;
        word_withheld(decision, wanted);
        return true;
    }
    if (decision->scores.messages < policy->min_messages) return false;
    if (lost_share > policy->max_lost_share) {
        if (!withhold(table, source, policy, now, wanted, decision)) return false;
        word_lost(decision, wanted, lost_share);
        return true;
    }
    if (would_block) {
        block(table, source, policy, now, decision);
        word_scores(decision);
        return true;
    }
    if (standing->state == STATE_WARNED) return false;
    warn(table, source, policy, now, decision);
    return true;
}

bool ledger_judge(struct source_table *table, struct source *source, const struct policy *policy, double lost_share,
                  nstime now, struct decision *decision) {
    struct standing *standing = &source->standing;
    set_back_blocks(table, now);
    set_back_standing(standing, now);
    bool const quiet = elapsed(standing->judged, now) >= REARM_AFTER_NS;
    if (now > standing->judged) standing->judged = now;
    if (source->held) return false;
    decay(standing, now);
    if (quiet) rearm(standing);
    *decision = (struct decision){.kind = DECISION_NONE};
    source_scores(table, source, &decision->scores);
    if (source->critical) {
        block(table, source, policy, now, decision);
        word_critical(decision, source_critical_rule_name(table, source));
        return true;
    }
    if (looked_at(&decision->scores) < policy->min_messages) return false;
    return judge_scores(table, source, policy, lost_share, now, decision);
}

/* The scores are those from before: the sample starts anew. */
static void release(struct source_table *table, struct source *source, const struct policy *policy, nstime now,
                    struct decision *decision) {
    struct standing *standing = &source->standing;
    *decision = (struct decision){.kind = DECISION_NONE};
    source_scores(table, source, &decision->scores);
    source_let_go(table, source);
    standing->state = STATE_CLEAR;
    standing->since = now;
    standing->clean_since = now;
    standing->expires = 0;
    source_clear(table, source);
    decide(table, source, policy, now, DECISION_RELEASE, decision);
}

bool ledger_expire(struct source_table *table, const struct policy *policy, nstime now, struct decision *decision) {
    set_back_blocks(table, now);
    struct source *source = source_table_first_to_expire(table);
    if (source == NULL || source->standing.expires == 0 || source->standing.expires > now) return false;
    /* Not now: a release is the same however often this is called. */
    release(table, source, policy, source->standing.expires, decision);
    word_release(decision, " has run out; the sample starts anew");
    return true;
}

bool ledger_lift(struct source_table *table, const struct policy *policy, nstime now, struct decision *decision) {
    struct source *source = source_table_first_to_expire(table);
    if (source == NULL) return false;
    release(table, source, policy, now, decision);
    word_release(decision, " is lifted, because the policy has changed; the sample starts anew");
    return true;
}
