/* A source's last 100 messages in a ring, with running sums (docs/scoring.md).
 *
 * Adding takes the oldest entry out of the sums and puts the new one in: the same for the hundredth message and the
 * millionth.  Verdicts may come from another process: no value of one can upset the sums.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"
#include "source_table.h"

/* 0 to max, rounded; not-a-number is 0. */
static unsigned scaled(double value, double scale, unsigned max) {
    double const rounded = value * scale + 0.5;
    if (!(rounded > 0)) return 0;
    return rounded >= max ? max : (unsigned)rounded;
}

void sample_limits_init(struct sample_limits *limits, double content_spam_points, double setup_bad_points) {
    limits->content_spam_hundredths = (uint16_t)scaled(content_spam_points, 100, UINT16_MAX);
    limits->setup_bad_hundredths = (uint16_t)scaled(setup_bad_points, 100, UINT16_MAX);
}

static uint32_t seconds_of(nstime time) {
    if (time < 0) return 0;
    return time / NS_PER_S > UINT32_MAX ? UINT32_MAX : (uint32_t)(time / NS_PER_S);
}

/* HELO, MAIL and the headers are the client's bytes, in the clear; a hole can hide them, but not forge them. */
static bool setup_was_seen(enum visibility visibility) {
    return visibility != VISIBILITY_SERVER_ONLY && visibility != VISIBILITY_ENCRYPTED;
}

static struct sample_entry entry_of(const struct verdict *verdict) {
    enum visibility const visibility =
        verdict->visibility < SAMPLE_VISIBILITIES ? (enum visibility)verdict->visibility : VISIBILITY_GAPPED;
    enum outcome const outcome = verdict->outcome < SAMPLE_OUTCOMES ? (enum outcome)verdict->outcome : OUTCOME_UNKNOWN;
    return (struct sample_entry){
        .time_s = seconds_of(verdict->time),
        .content_hundredths = (uint16_t)scaled((double)verdict->content_points, 100, UINT16_MAX),
        .setup_hundredths = (uint16_t)scaled((double)verdict->setup_points, 100, UINT16_MAX),
        .bounce_percent = (uint8_t)scaled((double)verdict->bounce_weight, 100, 100),
        .confidence_percent = (uint8_t)scaled((double)verdict->confidence, 100, 100),
        .outcome = outcome & 15u,
        .visibility = visibility & 15u,
        .content_known = verdict->content_known,
        .setup_known = setup_was_seen(visibility),
    };
}

static bool is_spam_like(const struct sample_entry *entry, const struct sample_limits *limits) {
    return entry->content_known && entry->content_hundredths >= limits->content_spam_hundredths;
}

static bool is_badly_set_up(const struct sample_entry *entry, const struct sample_limits *limits) {
    return entry->setup_known && entry->setup_hundredths >= limits->setup_bad_hundredths;
}

static bool outcome_is_known(const struct sample_entry *entry) {
    return entry->outcome == OUTCOME_DELIVERED || entry->outcome == OUTCOME_DEFERRED ||
           entry->outcome == OUTCOME_BOUNCED;
}

static void count(uint8_t *counter, bool yes, int sign) {
    if (yes) *counter = (uint8_t)(*counter + sign);
}

static void sum(uint32_t *total, bool yes, unsigned amount, int sign) {
    if (yes) *total = sign > 0 ? *total + amount : *total - amount;
}

/* Puts an entry into the sums (sign 1), or takes it out (-1). */
static void tally(struct sample *sample, const struct sample_limits *limits, const struct sample_entry *entry,
                  int sign) {
    bool const spam_like = is_spam_like(entry, limits);
    bool const badly_set_up = is_badly_set_up(entry, limits);
    unsigned const confidence = entry->confidence_percent;
    sum(&sample->content_trials, entry->content_known, confidence, sign);
    sum(&sample->content_spam, spam_like, confidence, sign);
    sum(&sample->setup_trials, entry->setup_known, confidence, sign);
    sum(&sample->setup_bad, badly_set_up, confidence, sign);
    sum(&sample->outcome_trials, outcome_is_known(entry), confidence, sign);
    sum(&sample->bounces, outcome_is_known(entry), confidence * entry->bounce_percent, sign);
    count(&sample->outcomes[entry->outcome], true, sign);
    count(&sample->visibilities[entry->visibility], true, sign);
    count(&sample->content_known, entry->content_known, sign);
    count(&sample->spam_like, spam_like, sign);
    count(&sample->setup_known, entry->setup_known, sign);
    count(&sample->badly_set_up, badly_set_up, sign);
}

bool sample_add(struct sample *sample, const struct sample_limits *limits, const struct verdict *verdict) {
    struct sample_entry const entry = entry_of(verdict);
    if (sample->count == LIMIT_SAMPLE_MESSAGES) {
        tally(sample, limits, &sample->entries[sample->next], -1);
    } else {
        sample->count++;
    }
    tally(sample, limits, &entry, 1);
    sample->entries[sample->next] = entry;
    sample->next = (uint8_t)((sample->next + 1) % LIMIT_SAMPLE_MESSAGES);
    bool const bounce_counts = outcome_is_known(&entry) && entry.bounce_percent > 0;
    return entry.confidence_percent > 0 &&
           (bounce_counts || is_spam_like(&entry, limits) || is_badly_set_up(&entry, limits));
}

void sample_clear(struct sample *sample) {
    *sample = (struct sample){0};
}

/* The entry added back messages ago: 1 is the newest. */
static nstime time_of(const struct sample *sample, unsigned back) {
    unsigned const at = (sample->next + LIMIT_SAMPLE_MESSAGES - back) % LIMIT_SAMPLE_MESSAGES;
    return (nstime)sample->entries[at].time_s * NS_PER_S;
}

void sample_scores(const struct sample *sample, struct scores *scores) {
    *scores = (struct scores){
        .messages = sample->count,
        .content = score_share(sample->content_spam / 100.0, sample->content_trials / 100.0),
        .setup = score_share(sample->setup_bad / 100.0, sample->setup_trials / 100.0),
        .bounce = score_share(sample->bounces / 10000.0, sample->outcome_trials / 100.0),
        .delivered = sample->outcomes[OUTCOME_DELIVERED],
        .deferred = sample->outcomes[OUTCOME_DEFERRED],
        .bounced = sample->outcomes[OUTCOME_BOUNCED],
        .aborted = sample->outcomes[OUTCOME_ABORTED],
        .unknown = sample->outcomes[OUTCOME_UNKNOWN],
        .gapped = sample->visibilities[VISIBILITY_GAPPED],
        .one_sided =
            (unsigned)sample->visibilities[VISIBILITY_CLIENT_ONLY] + sample->visibilities[VISIBILITY_SERVER_ONLY],
        .encrypted = sample->visibilities[VISIBILITY_ENCRYPTED],
        .content_known = sample->content_known,
        .spam_like = sample->spam_like,
        .setup_known = sample->setup_known,
        .badly_set_up = sample->badly_set_up,
    };
    scores->total = score_total(&scores->content, &scores->bounce, &scores->setup);
    if (sample->count > 0) {
        scores->oldest = time_of(sample, sample->count);
        scores->newest = time_of(sample, 1);
    }
}
