/* All sources: a keyed hash table of fixed size, and the evidence of all of them in one ring.
 *
 *   buckets[hash] -> source -> source            SipHash-2-4 under a random key: nobody can aim at one chain
 *   ordinary: oldest <-> ... <-> newest          lists of activity; the oldest ordinary source makes room, and a
 *   held:     oldest <-> ... <-> newest          held (blocked) one only when there is no ordinary one left
 *   heap: held sources, the next to expire first
 *   ties: the keys by which later mail is tied to a message (source_ties.h)
 *   habits: the last messages of those that sent last (source_habits.h)
 *   rows: serial 1, 2, 3 ... at (serial - 1) % evidence_max; a row knows the serial of its source's older one
 *
 * A row is still there exactly when fewer than evidence_max rows were written after it, so a serial that points to an
 * overwritten row, or that belonged to an evicted source, can be told without looking at the row.
 *
 * All memory is reserved at creation; its pages are touched when they are first used.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_table.h"
#include "source_ties.h"

#include <sodium.h>
#include <stdlib.h>

struct activity {
    uint32_t oldest, newest; /* slot + 1, 0 for none */
};

struct evidence_row {
    uint64_t older; /* serial of the source's row before this one; 0: none */
    struct evidence evidence;
};

_Static_assert(sizeof(struct evidence_row) <= 512, "LIMIT_EVIDENCE_MAX rows are 2 GiB");

struct source_table {
    struct sample_settings settings;
    struct sample_limits limits;
    struct counters *counters;
    struct source *sources;
    size_t sources_used; /* slots are taken in order, and then again by eviction */
    uint32_t *buckets;   /* slot + 1 */
    size_t bucket_count; /* a power of two */
    struct activity ordinary, held;
    uint32_t *heap; /* slots */
    uint32_t heap_count;
    uint32_t *order; /* slots, for source_table_each */
    struct ties ties;
    struct habit_table habits;
    struct evidence_row *rows;
    uint64_t rows_written;
    nstime latest_block;
    uint64_t sequence_floor; /* no new source's sequence starts below an evicted one's: events stay in order */
};

/* --- creation -------------------------------------------------------------------------------------------------- */

static size_t power_of_two_from(size_t count) {
    size_t power = 1;
    while (power < count) power *= 2;
    return power;
}

struct source_table *source_table_new(const struct sample_settings *settings, struct counters *counters) {
    struct source_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    table->settings = *settings;
    table->counters = counters;
    if (table->settings.sources_max < 1) table->settings.sources_max = 1;
    if (table->settings.sources_max > LIMIT_SOURCES_MAX) table->settings.sources_max = LIMIT_SOURCES_MAX;
    sample_limits_init(&table->limits, settings->content_spam_points, settings->setup_bad_points);
    size_t const sources = table->settings.sources_max;
    size_t const rows = table->settings.evidence_max;
    table->bucket_count = power_of_two_from(sources);
    table->sources = calloc(sources, sizeof *table->sources);
    table->buckets = calloc(table->bucket_count, sizeof *table->buckets);
    table->heap = calloc(sources, sizeof *table->heap);
    table->order = calloc(sources, sizeof *table->order);
    table->rows = calloc(rows > 0 ? rows : 1, sizeof *table->rows);
    bool const tied = ties_init(&table->ties, settings);
    bool const compared = habits_init(&table->habits, sources, settings->habits_max, counters);
    if (!tied || !compared || table->sources == NULL || table->buckets == NULL || table->heap == NULL ||
        table->order == NULL || table->rows == NULL) {
        source_table_free(table);
        return NULL;
    }
    return table;
}

void source_table_free(struct source_table *table) {
    if (table == NULL) return;
    free(table->sources);
    free(table->buckets);
    free(table->heap);
    free(table->order);
    free(table->rows);
    ties_free(&table->ties);
    habits_free(&table->habits);
    sodium_memzero(table->settings.hash_key, sizeof table->settings.hash_key);
    free(table);
}

size_t source_table_count(const struct source_table *table) {
    return table->sources_used;
}

size_t source_table_memory_bytes(const struct source_table *table) {
    size_t const a_source = sizeof *table->sources + sizeof *table->heap + sizeof *table->order;
    return sizeof *table + table->settings.sources_max * a_source + table->bucket_count * sizeof *table->buckets +
           table->settings.evidence_max * sizeof *table->rows + ties_memory_bytes(&table->ties) +
           habits_memory_bytes(&table->habits);
}

static void rename_rules(struct source_table *table, const struct verdict_map *map) {
    size_t const rows = table->settings.evidence_max;
    size_t const written = table->rows_written < rows ? (size_t)table->rows_written : rows;
    for (size_t i = 0; i < written; i++) verdict_map_apply(map, &table->rows[i].evidence.verdict);
    _Static_assert(SOURCE_NO_RULE == VERDICT_NO_RULE, "no rule stays none");
    for (size_t i = 0; i < table->sources_used; i++)
        table->sources[i].critical_rule = verdict_map_rule(map, table->sources[i].critical_rule);
}

void source_table_renew(struct source_table *table, const struct sample_settings *settings,
                        const struct verdict_map *map) {
    sample_limits_init(&table->limits, settings->content_spam_points, settings->setup_bad_points);
    table->settings.rules = settings->rules;
    if (!verdict_map_changes_nothing(map)) rename_rules(table, map);
}

static struct source *source_at(const struct source_table *table, uint32_t slot_plus_1) {
    return slot_plus_1 == 0 ? NULL : &table->sources[slot_plus_1 - 1];
}

static uint32_t slot_of(const struct source_table *table, const struct source *source) {
    return (uint32_t)(source - table->sources);
}

/* --- lists of activity ----------------------------------------------------------------------------------------- */

static struct activity *activity_of(struct source_table *table, const struct source *source) {
    return source->held ? &table->held : &table->ordinary;
}

static void activity_remove(struct source_table *table, struct source *source) {
    struct activity *activity = activity_of(table, source);
    if (source->older != 0) {
        source_at(table, source->older)->newer = source->newer;
    } else {
        activity->oldest = source->newer;
    }
    if (source->newer != 0) {
        source_at(table, source->newer)->older = source->older;
    } else {
        activity->newest = source->older;
    }
}

static void activity_append(struct source_table *table, struct source *source) {
    struct activity *activity = activity_of(table, source);
    uint32_t const self = slot_of(table, source) + 1;
    source->older = activity->newest;
    source->newer = 0;
    if (activity->newest != 0) {
        source_at(table, activity->newest)->newer = self;
    } else {
        activity->oldest = self;
    }
    activity->newest = self;
}

/* --- the heap of expiries -------------------------------------------------------------------------------------- */

static bool expires_before(const struct source *a, const struct source *b) {
    nstime const a_expires = a->standing.expires == 0 ? INT64_MAX : a->standing.expires;
    nstime const b_expires = b->standing.expires == 0 ? INT64_MAX : b->standing.expires;
    if (a_expires != b_expires) return a_expires < b_expires;
    return memcmp(a->ip.bytes, b->ip.bytes, sizeof a->ip.bytes) < 0;
}

static void heap_put(struct source_table *table, uint32_t place, uint32_t slot) {
    table->heap[place] = slot;
    table->sources[slot].heap_place = place;
}

static void heap_up(struct source_table *table, uint32_t place, uint32_t slot) {
    while (place > 0) {
        uint32_t const parent = (place - 1) / 2;
        if (!expires_before(&table->sources[slot], &table->sources[table->heap[parent]])) break;
        heap_put(table, place, table->heap[parent]);
        place = parent;
    }
    heap_put(table, place, slot);
}

static void heap_down(struct source_table *table, uint32_t place, uint32_t slot) {
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= table->heap_count) break;
        if (child + 1 < table->heap_count &&
            expires_before(&table->sources[table->heap[child + 1]], &table->sources[table->heap[child]]))
            child++;
        if (!expires_before(&table->sources[table->heap[child]], &table->sources[slot])) break;
        heap_put(table, place, table->heap[child]);
        place = child;
    }
    heap_put(table, place, slot);
}

static void heap_remove(struct source_table *table, uint32_t place) {
    uint32_t const last = table->heap[--table->heap_count];
    if (place == table->heap_count) return;
    heap_up(table, place, last);
    heap_down(table, table->sources[last].heap_place, last);
}

void source_hold(struct source_table *table, struct source *source) {
    if (source->held) return;
    activity_remove(table, source);
    source->held = true;
    activity_append(table, source);
    heap_up(table, table->heap_count++, slot_of(table, source));
}

void source_let_go(struct source_table *table, struct source *source) {
    if (!source->held) return;
    heap_remove(table, source->heap_place);
    activity_remove(table, source);
    source->held = false;
    activity_append(table, source);
}

void source_expires_earlier(struct source_table *table, struct source *source) {
    heap_up(table, source->heap_place, slot_of(table, source));
}

struct source *source_table_held(struct source_table *table, uint32_t i) {
    return i < table->heap_count ? &table->sources[table->heap[i]] : NULL;
}

nstime *source_table_latest_block(struct source_table *table) {
    return &table->latest_block;
}

struct source *source_table_first_to_expire(struct source_table *table) {
    return table->heap_count == 0 ? NULL : &table->sources[table->heap[0]];
}

/* --- finding and making room ----------------------------------------------------------------------------------- */

static struct ip_address masked(const struct source_table *table, const struct ip_address *ip) {
    return ip_is_v4(ip) ? *ip : ip_mask(ip, table->settings.ipv6_prefix_bits);
}

static uint32_t *bucket_of(const struct source_table *table, const struct ip_address *ip) {
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "SipHash gives 64 bits");
    _Static_assert(sizeof table->settings.hash_key == crypto_shorthash_KEYBYTES, "SipHash takes 128 bits");
    (void)crypto_shorthash((uint8_t *)&hash, ip->bytes, sizeof ip->bytes, table->settings.hash_key);
    return &table->buckets[hash & (table->bucket_count - 1)];
}

static struct source *find_in(const struct source_table *table, const uint32_t *bucket, const struct ip_address *ip) {
    struct source *source = source_at(table, *bucket);
    while (source != NULL && !ip_equal(&source->ip, ip)) source = source_at(table, source->next_in_bucket);
    return source;
}

struct source *source_table_find(struct source_table *table, const struct ip_address *ip) {
    struct ip_address const key = masked(table, ip);
    return find_in(table, bucket_of(table, &key), &key);
}

static void unlink_from_bucket(struct source_table *table, const struct source *source) {
    uint32_t const self = slot_of(table, source) + 1;
    uint32_t *link = bucket_of(table, &source->ip);
    while (*link != self) link = &source_at(table, *link)->next_in_bucket;
    *link = source->next_in_bucket;
}

/* Empties the slot of the source longest silent; of a held one only when all are held. */
static struct source *evict(struct source_table *table) {
    struct source *source = source_at(table, table->ordinary.oldest != 0 ? table->ordinary.oldest : table->held.oldest);
    table->counters->sources_evicted++;
    if (source->held) {
        table->counters->blocks_forgotten++;
        heap_remove(table, source->heap_place);
    }
    if (source->standing.sequence > table->sequence_floor) table->sequence_floor = source->standing.sequence;
    activity_remove(table, source);
    unlink_from_bucket(table, source);
    return source;
}

static struct source *insert(struct source_table *table, uint32_t *bucket, const struct ip_address *ip) {
    struct source *source =
        table->sources_used < table->settings.sources_max ? &table->sources[table->sources_used++] : evict(table);
    /* Entries of the one who had this slot are not taken for his. */
    *source =
        (struct source){.ip = *ip, .critical_rule = SOURCE_NO_RULE, .sample = {.serial = source->sample.serial + 1}};
    source->standing.sequence = table->sequence_floor;
    source->next_in_bucket = *bucket; /* after evict, which may have changed it */
    *bucket = slot_of(table, source) + 1;
    activity_append(table, source);
    return source;
}

/* --- evidence -------------------------------------------------------------------------------------------------- */

static struct evidence_row *row_of(const struct source_table *table, uint64_t serial) {
    bool const there = serial != 0 && table->rows_written - serial < table->settings.evidence_max;
    return there ? &table->rows[(serial - 1) % table->settings.evidence_max] : NULL;
}

static void add_evidence(struct source_table *table, struct source *source, const struct verdict *verdict) {
    if (table->settings.evidence_max == 0) return;
    if (table->rows_written >= table->settings.evidence_max) table->counters->evidence_overwritten++;
    uint64_t const serial = ++table->rows_written;
    struct evidence_row *row = &table->rows[(serial - 1) % table->settings.evidence_max];
    row->older = source->evidence_newest;
    row->evidence.verdict = *verdict;
    source->evidence_newest = serial;
}

unsigned source_evidence(const struct source_table *table, const struct source *source, const struct verdict **rows,
                         unsigned max) {
    unsigned written = 0;
    const struct evidence_row *row = row_of(table, source->evidence_newest);
    while (row != NULL && written < max) {
        rows[written++] = &row->evidence.verdict;
        row = row_of(table, row->older);
    }
    return written;
}

/* --- messages -------------------------------------------------------------------------------------------------- */

static void note_critical(const struct source_table *table, struct source *source, const struct verdict *verdict) {
    source->critical = verdict->critical;
    source->critical_rule = SOURCE_NO_RULE;
    if (!verdict->critical || table->settings.rules == NULL) return;
    unsigned const known = ruleset_count(table->settings.rules);
    unsigned const fired = verdict->rule_count < LIMIT_VERDICT_RULES ? verdict->rule_count : LIMIT_VERDICT_RULES;
    for (unsigned i = 0; i < fired; i++) {
        uint16_t const rule = verdict->rules[i];
        if (rule >= known || !ruleset_rule(table->settings.rules, rule)->critical) continue;
        source->critical_rule = rule;
        return;
    }
}

/* The source of this address, known from now on if it was not; its newest activity is this. */
static struct source *make_known(struct source_table *table, const struct ip_address *ip) {
    struct ip_address const key = masked(table, ip);
    uint32_t *bucket = bucket_of(table, &key);
    struct source *source = find_in(table, bucket, &key);
    if (source == NULL) return insert(table, bucket, &key);
    activity_remove(table, source);
    activity_append(table, source);
    return source;
}

static void add_figure(uint32_t *to, uint32_t amount) {
    *to = amount > UINT32_MAX - *to ? UINT32_MAX : *to + amount;
}

void source_table_add_auth(struct source_table *table, const struct ip_address *ip, const struct auth_figures *auth) {
    if (auth->refused == 0 && source_table_find(table, ip) == NULL) return;
    struct auth_figures *figures = &make_known(table, ip)->auth;
    add_figure(&figures->dialogues, auth->dialogues);
    add_figure(&figures->fruitless, auth->fruitless);
    add_figure(&figures->tries, auth->tries);
    add_figure(&figures->refused, auth->refused);
    if (auth->refused_last > figures->refused_last) figures->refused_last = auth->refused_last;
}

/* What the source did before may speak of this message, too. */
static void judge_habits(struct source_table *table, struct source *source, struct verdict *verdict,
                         const struct sent *sent) {
    const struct ruleset *rules = table->settings.rules;
    struct facts facts = {{0}};
    struct rule_hits hits;
    unsigned const others = source->sample.count;
    if (!sample_takes(&table->limits, verdict)) return;
    habits_join(&table->habits, &source->habits, slot_of(table, source), verdict, sent, &facts);
    facts.value[FACT_source_messages] = others < LIMIT_SAMPLE_MESSAGES ? others + 1 : others;
    if (rules == NULL || !ruleset_has_source_rules(rules)) return;
    ruleset_source_hits(rules, &facts, verdict->carried, &hits);
    verdict_add_rules(verdict, rules, &hits, table->counters);
}

/* One more try of a message, or one more message.  True when it counts against its source, and did not before. */
static bool count_message(struct source_table *table, struct source *source, const struct tied_source *tied,
                          struct verdict *verdict, const struct sent *sent) {
    struct later_figures *later = &source->later;
    struct sample *sample = tied->sample;
    uint32_t const newest = sample->serial;
    bool bad;
    if (ties_is_repeat(&table->ties, tied, verdict)) {
        add_figure(&later->repeated, 1);
        table->counters->refusals_repeated++;
        return false;
    }
    if (ties_retry(&table->ties, tied, &table->limits, verdict, sent, &bad)) {
        add_figure(&later->retried, 1);
        table->counters->messages_retried++;
        return bad;
    }
    judge_habits(table, source, verdict, sent);
    bad = sample_add(sample, &table->limits, verdict);
    if (sample->serial != newest) ties_remember(&table->ties, tied, sample->serial, verdict, sent);
    return bad;
}

static struct tied_source tied_source_of(const struct source_table *table, struct source *source) {
    return (struct tied_source){source->ip, slot_of(table, source), &source->sample};
}

struct source *source_table_add(struct source_table *table, const struct verdict *verdict, const struct sent *sent) {
    static const struct sent no_keys;
    struct source *source = make_known(table, &verdict->source.ip);
    struct tied_source const tied = tied_source_of(table, source);
    struct verdict judged = *verdict;
    struct sent weighed_sent;
    if (sent == NULL) sent = &no_keys;
    source->messages++;
    if (verdict->bounce_weight > 0 || verdict->passes_on != 0) { /* it may be another's */
        weighed_sent = *sent;
        if (ties_weigh(&table->ties, &tied, &judged, &weighed_sent)) add_figure(&source->later.passed_on, 1);
        sent = &weighed_sent;
    }
    bool const counts = count_message(table, source, &tied, &judged, sent);
    note_critical(table, source, &judged);
    /* A blocked source that goes on sending must not push out the others' evidence, nor its own from before. */
    if ((counts || judged.critical) && !source->held) add_evidence(table, source, &judged);
    return source;
}

/* --- what comes later ----------------------------------------------------------------------------------------------
 */

void source_table_came_in(struct source_table *table, const struct ip_address *ip, const struct sent *sent) {
    struct ip_address const key = masked(table, ip);
    ties_came_in(&table->ties, &key, sent);
}

/* As evidence shows it: the message, by what the mail said of it. */
static struct verdict verdict_of(const struct source *source, const struct notice *notice, double weight) {
    bool const bounce = notice->kind == REPORT_BOUNCE;
    struct verdict verdict = {.time = notice->time,
                              .source = {source->ip, notice->source.port},
                              .destination = notice->brought_by,
                              .outcome = bounce ? OUTCOME_BOUNCED : OUTCOME_DELIVERED,
                              .told_by = bounce ? TOLD_BY_BOUNCE : TOLD_BY_COMPLAINT,
                              .bounce_class = notice->bounce_class,
                              .code = notice->code,
                              .enhanced = notice->enhanced,
                              .reply_cut = notice->reply_cut,
                              .bounce_weight = (float)weight,
                              .confidence = 1};
    memcpy(verdict.message_id, notice->message_id_text, sizeof verdict.message_id);
    memcpy(verdict.reply_text, notice->reply_text, sizeof verdict.reply_text);
    return verdict;
}

/* Nobody who is not known yet becomes so by what strangers send him. */
void source_table_count_backscatter(struct source_table *table, const struct notice *notice) {
    struct source *source = source_table_find(table, &notice->source.ip);
    table->counters->backscatter++;
    if (source != NULL) add_figure(&source->later.backscatter, 1);
}

static void count_late(struct source_table *table, struct source *source, const struct notice *notice,
                       const struct verdict *verdict) {
    bool const bounce = notice->kind == REPORT_BOUNCE;
    add_figure(bounce ? &source->later.bounced : &source->later.complained, 1);
    if (bounce)
        table->counters->late_bounces++;
    else
        table->counters->complaints++;
    source->critical = false; /* it was said of another message */
    if ((!bounce || verdict->bounce_weight > 0) && !source->held) add_evidence(table, source, verdict);
}

struct source *source_table_hear(struct source_table *table, const struct notice *notice,
                                 enum notice_finding *finding) {
    struct ip_address const ip = masked(table, &notice->source.ip);
    struct sent_key *key = ties_find(&table->ties, &ip, notice);
    *finding = NOTICE_BACKSCATTER;
    if (key == NULL) return NULL;
    struct source *source = &table->sources[key->slot];
    bool const passed_on = key->passed_on || ties_has_come_in(&table->ties, &source->ip, notice->message_id);
    double const weight = (double)(passed_on ? notice->passed_on_weight : notice->weight);
    struct verdict const verdict = verdict_of(source, notice, weight);
    *finding = ties_apply(&table->ties, &source->sample, key, notice, (uint8_t)(weight * 100 + 0.5));
    if (*finding == NOTICE_GONE) table->counters->reports_gone++;
    if (*finding == NOTICE_DOUBTED) table->counters->reports_doubted++;
    if (*finding == NOTICE_GONE || *finding == NOTICE_DOUBTED) return NULL;
    if (*finding == NOTICE_COUNTED) count_late(table, source, notice, &verdict);
    return source;
}

void source_clear(struct source_table *table, struct source *source) {
    sample_clear(&source->sample);
    habits_clear(&table->habits, &source->habits, slot_of(table, source));
    source->auth = (struct auth_figures){0};
    source->later = (struct later_figures){0};
    source->evidence_newest = 0;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

const struct ip_address *source_ip(const struct source *source) {
    return &source->ip;
}

uint64_t source_messages(const struct source *source) {
    return source->messages;
}

struct standing *source_standing(struct source *source) {
    return &source->standing;
}

void source_scores(const struct source_table *table, const struct source *source, struct scores *scores) {
    (void)table;
    sample_scores(&source->sample, scores);
    scores->auth = source->auth;
    scores->later = source->later;
}

uint8_t source_prefix_bits(const struct source_table *table, const struct source *source) {
    return ip_is_v4(&source->ip) ? 128 : table->settings.ipv6_prefix_bits;
}

const char *source_critical_rule_name(const struct source_table *table, const struct source *source) {
    return source->critical_rule == SOURCE_NO_RULE ? NULL
                                                   : ruleset_rule(table->settings.rules, source->critical_rule)->name;
}

static int compare_addresses(const void *a, const void *b, void *context) {
    const struct source *sources = context;
    const uint32_t *left = a, *right = b;
    return memcmp(sources[*left].ip.bytes, sources[*right].ip.bytes, sizeof sources->ip.bytes);
}

void source_table_each(const struct source_table *table, bool (*visit)(void *context, const struct source *source),
                       void *context) {
    for (size_t i = 0; i < table->sources_used; i++) table->order[i] = (uint32_t)i;
    qsort_r(table->order, table->sources_used, sizeof *table->order, compare_addresses, table->sources);
    for (size_t i = 0; i < table->sources_used; i++)
        if (!visit(context, &table->sources[table->order[i]])) return;
}
