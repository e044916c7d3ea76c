/* A source's last 100 messages in a ring, with running sums (docs/scoring.md).
 *
 * Only a message that tells something of its source takes a place: its content was seen, or what became of it.  A
 * transaction that was begun and given up costs its sender 25 bytes; in the ring, 99 of them would push out all that
 * the source is judged by.  Such messages are counted beside the ring, by how they were seen, between the messages that
 * they came between, and leave with these: what the health gate has to know is of the same stretch of time.
 *
 * Adding takes the oldest entry out of the sums and puts the new one in: the same for the hundredth message and the
 * millionth.  Verdicts may come from another process: no value of one can upset the sums.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"
#include "source_table.h"

/* A refusal before any recipient that weighs less could only lower a share that is worth a block. */
#define EARLY_REFUSAL_PERCENT_MIN 40

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

/* Does the message speak in the bounce share?  Not one that was refused before it named a recipient, for a reason that
 * says little of its sender (busy, too big, a slip in the protocol): it says nothing of the list, and anybody can have
 * as many as he likes.  But one that was given up, or whose end was not seen, after recipients were refused. */
static bool bounce_is_known(const struct verdict *verdict, enum outcome outcome, unsigned bounce_percent) {
    if (outcome == OUTCOME_DELIVERED) return true;
    if (outcome != OUTCOME_DEFERRED && outcome != OUTCOME_BOUNCED) return bounce_percent > 0;
    bool const early = verdict->stage == STAGE_GREETING || verdict->stage == STAGE_MAIL;
    return !early || bounce_percent >= EARLY_REFUSAL_PERCENT_MIN;
}

struct sample_entry sample_entry_of(const struct verdict *verdict, const struct sample_limits *limits) {
    enum visibility const visibility =
        verdict->visibility < SAMPLE_VISIBILITIES ? (enum visibility)verdict->visibility : VISIBILITY_GAPPED;
    enum outcome const outcome = verdict->outcome < SAMPLE_OUTCOMES ? (enum outcome)verdict->outcome : OUTCOME_UNKNOWN;
    unsigned const content_hundredths = scaled((double)verdict->content_points, 100, UINT16_MAX);
    unsigned const setup_hundredths = scaled((double)verdict->setup_points, 100, UINT16_MAX);
    unsigned const bounce_percent = scaled((double)verdict->bounce_weight, 100, 100);
    bool const setup_known = setup_was_seen(visibility);
    return (struct sample_entry){
        .time_s = seconds_of(verdict->time),
        .bounce_percent = (uint8_t)bounce_percent,
        .confidence_percent = (uint8_t)scaled((double)verdict->confidence, 100, 100),
        .outcome = outcome & 15u,
        .visibility = visibility & 15u,
        .content_known = verdict->content_known,
        .spam_like = verdict->content_known && content_hundredths >= limits->content_spam_hundredths,
        .setup_known = setup_known,
        .badly_set_up = setup_known && setup_hundredths >= limits->setup_bad_hundredths,
        .bounce_known = bounce_is_known(verdict, outcome, bounce_percent),
    };
}

/* Set-up does not count here: a HELO is known of every message, and proves nothing but that a connection was made. */
static bool tells_something(const struct sample_entry *entry) {
    return entry->confidence_percent > 0 && (entry->content_known || entry->bounce_known);
}

static enum sample_view view_of(const struct sample_entry *entry) {
    static const enum sample_view views[SAMPLE_VISIBILITIES] = {
        [VISIBILITY_CLEAR] = VIEW_CLEAR,           [VISIBILITY_GAPPED] = VIEW_GAPPED,
        [VISIBILITY_CLIENT_ONLY] = VIEW_ONE_SIDED, [VISIBILITY_SERVER_ONLY] = VIEW_ONE_SIDED,
        [VISIBILITY_ENCRYPTED] = VIEW_ENCRYPTED,
    };
    return views[entry->visibility];
}

static void count(uint8_t *counter, bool yes, int sign) {
    if (yes) *counter = (uint8_t)(*counter + sign);
}

static void sum(uint32_t *total, bool yes, unsigned amount, int sign) {
    if (yes) *total = sign > 0 ? *total + amount : *total - amount;
}

/* Puts an entry into the sums (sign 1), or takes it out (-1). */
static void tally(struct sample *sample, const struct sample_entry *entry, int sign) {
    unsigned const confidence = entry->confidence_percent;
    sum(&sample->content_trials, entry->content_known, confidence, sign);
    sum(&sample->content_spam, entry->spam_like, confidence, sign);
    sum(&sample->setup_trials, entry->setup_known, confidence, sign);
    sum(&sample->setup_bad, entry->badly_set_up, confidence, sign);
    sum(&sample->outcome_trials, entry->bounce_known, confidence, sign);
    sum(&sample->bounces, entry->bounce_known, confidence * entry->bounce_percent, sign);
    count(&sample->outcomes[entry->outcome], true, sign);
    count(&sample->visibilities[entry->visibility], true, sign);
    count(&sample->content_known, entry->content_known, sign);
    count(&sample->spam_like, entry->spam_like, sign);
    count(&sample->setup_known, entry->setup_known, sign);
    count(&sample->badly_set_up, entry->badly_set_up, sign);
    count(&sample->late, entry->late, sign);
    count(&sample->complained, entry->complained, sign);
    count(&sample->in_part, entry->outcome == OUTCOME_DELIVERED && entry->bounce_percent > 0, sign);
}

/* The next entry takes along what waits, so only what leaves the ring leaves the sums. */
static void count_uninformative(struct sample *sample, enum sample_view view) {
    if (sample->waiting[view] == UINT8_MAX) return;
    sample->waiting[view]++;
    sample->uninformative[view]++;
}

static void leave(struct sample *sample, const struct sample_entry *entry) {
    tally(sample, entry, -1);
    for (unsigned view = 0; view < SAMPLE_VIEWS; view++)
        sample->uninformative[view] = (uint16_t)(sample->uninformative[view] - entry->uninformative[view]);
}

static void enter(struct sample *sample, struct sample_entry *entry) {
    if (sample->count == LIMIT_SAMPLE_MESSAGES) {
        leave(sample, &sample->entries[sample->next]);
    } else {
        sample->count++;
    }
    memcpy(entry->uninformative, sample->waiting, sizeof sample->waiting);
    memset(sample->waiting, 0, sizeof sample->waiting);
    tally(sample, entry, 1);
    sample->entries[sample->next] = *entry;
    sample->next = (uint8_t)((sample->next + 1) % LIMIT_SAMPLE_MESSAGES);
    sample->serial++;
}

bool sample_entry_counts(const struct sample_entry *entry) {
    return (entry->bounce_known && entry->bounce_percent > 0) || entry->spam_like || entry->badly_set_up;
}

bool sample_takes(const struct sample_limits *limits, const struct verdict *verdict) {
    struct sample_entry const entry = sample_entry_of(verdict, limits);
    return tells_something(&entry);
}

bool sample_add(struct sample *sample, const struct sample_limits *limits, const struct verdict *verdict) {
    struct sample_entry entry = sample_entry_of(verdict, limits);
    if (!tells_something(&entry)) {
        count_uninformative(sample, view_of(&entry));
        return false;
    }
    enter(sample, &entry);
    return sample_entry_counts(&entry);
}

void sample_clear(struct sample *sample) {
    *sample = (struct sample){.serial = sample->serial};
}

/* Where the entry lies that was added back messages ago: 1 is the newest. */
static unsigned place_of(const struct sample *sample, unsigned back) {
    return (sample->next + LIMIT_SAMPLE_MESSAGES - back) % LIMIT_SAMPLE_MESSAGES;
}

static nstime time_of(const struct sample *sample, unsigned back) {
    return (nstime)sample->entries[place_of(sample, back)].time_s * NS_PER_S;
}

const struct sample_entry *sample_entry_at(const struct sample *sample, uint32_t serial) {
    uint32_t const newer = sample->serial - serial;
    return newer < sample->count ? &sample->entries[place_of(sample, newer + 1)] : NULL;
}

void sample_correct(struct sample *sample, uint32_t serial, const struct sample_entry *entry) {
    uint32_t const newer = sample->serial - serial;
    if (newer >= sample->count) return;
    struct sample_entry *place = &sample->entries[place_of(sample, newer + 1)];
    struct sample_entry corrected = *entry;
    corrected.time_s = place->time_s;
    memcpy(corrected.uninformative, place->uninformative, sizeof corrected.uninformative);
    tally(sample, place, -1);
    tally(sample, &corrected, 1);
    *place = corrected;
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
        .late_bounced = sample->late,
        .complained = sample->complained,
        .in_part = sample->in_part,
        .uninformative_gapped = sample->uninformative[VIEW_GAPPED],
        .uninformative_one_sided = sample->uninformative[VIEW_ONE_SIDED],
        .uninformative_encrypted = sample->uninformative[VIEW_ENCRYPTED],
    };
    for (unsigned view = 0; view < SAMPLE_VIEWS; view++) scores->uninformative += sample->uninformative[view];
    scores->total = score_total(&scores->content, &scores->bounce, &scores->setup);
    if (sample->count > 0) {
        scores->oldest = time_of(sample, sample->count);
        scores->newest = time_of(sample, 1);
    }
}
