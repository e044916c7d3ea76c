/* See source_ties.h.
 *
 * A message is known again by who sent it to whom (and its Message-ID or declared size, where both tries showed one):
 * the first try was often refused before anything else was said.  Only hashes are compared, half of each; two that are
 * equal by chance cost one entry of a sample.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_ties.h"

#include "mailspan/mail_report.h"

#define NOBODY UINT32_MAX /* the slot of a key that is found no more */

static struct sent_question ask(enum sent_kind kind, const struct ip_address *scope, uint64_t hash) {
    return (struct sent_question){.kind = kind, .scope = *scope, .hash = hash};
}

/* Keys of what was sent are found from wherever a bounce may come in. */
static struct sent_question ask_sent(const struct ties *ties, enum sent_kind kind, const struct ip_address *ip,
                                     uint64_t hash) {
    static const struct ip_address anybody;
    return ask(kind, ties->any_source ? &anybody : ip, hash);
}

static uint32_t half(uint64_t hash) {
    uint32_t const upper = (uint32_t)(hash >> 32);
    return hash != 0 && upper == 0 ? 1 : upper;
}

static bool is_same(uint32_t a, uint32_t b) {
    return a != 0 && a == b;
}

static bool contradicts(uint32_t a, uint32_t b) {
    return a != 0 && b != 0 && a != b;
}

static bool is_known(unsigned outcome) {
    return outcome == OUTCOME_DELIVERED || outcome == OUTCOME_DEFERRED || outcome == OUTCOME_BOUNCED;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

bool ties_init(struct ties *ties, const struct sample_settings *settings) {
    ties->any_source = settings->late_any_source;
    ties->sent = sent_index_new(settings->sent_max, settings->hash_key);
    ties->came = sent_index_new(settings->sent_max / 4, settings->hash_key);
    return ties->sent != NULL && ties->came != NULL;
}

void ties_free(struct ties *ties) {
    sent_index_free(ties->sent);
    sent_index_free(ties->came);
}

size_t ties_memory_bytes(const struct ties *ties) {
    return sent_index_memory_bytes(ties->sent) + sent_index_memory_bytes(ties->came);
}

/* --- remembering -------------------------------------------------------------------------------------------------- */

/* Who wrote to whom. */
static uint64_t pair_hash(uint64_t sender, uint64_t mailbox) {
    uint64_t const pair[] = {sender, mailbox};
    return sent_hash(span_of((const uint8_t *)pair, sizeof pair));
}

void ties_came_in(struct ties *ties, const struct ip_address *ip, const struct sent *sent) {
    struct sent_key const key = {.place = 0};
    struct sent_question const by_id = ask(CAME_MESSAGE_ID, ip, sent->message_id);
    struct sent_question const by_sender = ask(CAME_SENDER, ip, sent->sender);
    if (sent->message_id != 0) sent_index_add(ties->came, &by_id, &key);
    if (sent->sender != 0) sent_index_add(ties->came, &by_sender, &key);
    for (unsigned i = 0; i < sent->kept && sent->sender != 0; i++) {
        struct sent_question const by_pair = ask(CAME_PAIR, ip, pair_hash(sent->sender, sent->mailboxes[i].mailbox));
        sent_index_add(ties->came, &by_pair, &key);
    }
}

/* Bits of an IPv6 address: servers of one provider stand in one network, more often than not; and a stranger has a
 * site, or a part of it, to himself (RFC 6177). */
#define NETWORK_BITS 64
#define SITE_BITS 48

/* Of an IPv4 address the /24, whatever is asked. */
static uint64_t network_hash(const struct ip_address *ip, uint8_t ipv6_bits) {
    struct ip_address const network = ip_mask(ip, ip_is_v4(ip) ? 96 + 24 : ipv6_bits);
    return sent_hash(span_of(network.bytes, sizeof network.bytes));
}

/* Of one that was deferred a further try may come, of any other a bounce. */
static uint32_t told_of(unsigned outcome, const struct verdict *verdict, const struct sent *sent) {
    return outcome == OUTCOME_DEFERRED ? sent->size : half(network_hash(&verdict->destination.ip, NETWORK_BITS));
}

/* Which server refused, and how. */
static uint64_t greeting_hash(const struct verdict *verdict) {
    struct {
        struct ip_address ip;
        uint16_t class_, code;
        uint32_t unused;
    } greeting = {verdict->destination.ip, verdict->bounce_class, verdict->code, 0};
    return sent_hash(span_of((const uint8_t *)&greeting, sizeof greeting));
}

static bool is_refused_greeting(const struct verdict *verdict) {
    return verdict->stage == STAGE_GREETING &&
           (verdict->outcome == OUTCOME_BOUNCED || verdict->outcome == OUTCOME_DEFERRED);
}

static uint8_t recipients_of(const struct sent *sent) {
    return sent->recipients < UINT8_MAX ? (uint8_t)sent->recipients : UINT8_MAX;
}

void ties_remember(struct ties *ties, const struct tied_source *source, uint32_t entry, const struct verdict *verdict,
                   const struct sent *sent) {
    struct sent_key key = {.slot = source->slot,
                           .entry = entry,
                           .message_id = half(sent->message_id),
                           .sender = half(sent->sender),
                           .told = told_of(verdict->outcome, verdict, sent),
                           .recipients = recipients_of(sent),
                           .kept = sent->kept & 15u,
                           .passed_on = sent->passed_on,
                           .percent = sent->rest_percent};
    struct sent_question question = ask_sent(ties, SENT_MESSAGE_ID, &source->ip, sent->message_id);
    if (is_refused_greeting(verdict)) {
        question = ask(SENT_GREETING, &source->ip, greeting_hash(verdict));
        sent_index_add(ties->sent, &question, &key);
        return;
    }
    sent_index_add(ties->sent, sent->message_id == 0 ? NULL : &question, &key);
    for (unsigned i = 0; i < sent->kept; i++) {
        const struct sent_mailbox *mailbox = &sent->mailboxes[i];
        key.place = (i + 1) & 15u;
        key.outcome = mailbox->outcome & 15u;
        key.percent = mailbox->percent;
        key.told = told_of(mailbox->outcome, verdict, sent);
        question = ask_sent(ties, SENT_MAILBOX, &source->ip, mailbox->mailbox);
        sent_index_add(ties->sent, mailbox->mailbox == 0 ? NULL : &question, &key);
    }
    if (sent->recipients == sent->kept || sent->everyone == 0) return;
    key.place = (sent->kept + 1u) & 15u;
    key.outcome = verdict->outcome & 15u;
    key.told = told_of(verdict->outcome, verdict, sent);
    question = ask_sent(ties, SENT_EVERYONE, &source->ip, sent->everyone);
    sent_index_add(ties->sent, &question, &key);
}

/* --- others' mail --------------------------------------------------------------------------------------------------
 */

static bool came_in(struct ties *ties, enum sent_kind kind, const struct ip_address *ip, uint64_t hash) {
    struct sent_question const question = ask(kind, ip, hash);
    struct sent_walk walk = sent_index_walk(ties->came, &question);
    return hash != 0 && sent_index_next(ties->came, &walk) != NULL;
}

bool ties_has_come_in(struct ties *ties, const struct ip_address *ip, uint64_t message_id) {
    return came_in(ties, CAME_MESSAGE_ID, ip, message_id);
}

/* He wrote to whom this comes from; or to anybody here, and this says that it is an answer by a machine. */
static bool has_written(struct ties *ties, const struct ip_address *ip, const struct verdict *verdict,
                        const struct sent *sent, uint64_t mailbox) {
    bool const automatic = (verdict->passes_on & (PASSES_NULL | PASSES_AUTOMATIC)) != 0;
    if (mailbox == 0) return false;
    if (automatic && came_in(ties, CAME_SENDER, ip, mailbox)) return true;
    return sent->sender != 0 && came_in(ties, CAME_PAIR, ip, pair_hash(mailbox, sent->sender));
}

/* Each recipient must bear a message out: one that does, or eight, would excuse a thousand others beside them. */
static bool all_have_keys(const struct sent *sent) {
    return sent->kept > 0 && sent->kept == sent->recipients;
}

/* One mail that came in goes out to many only where a list is behind it, and that has old members. */
static bool went_out_often(struct ties *ties, const struct ip_address *ip, uint64_t message_id) {
    struct sent_question const question = ask_sent(ties, SENT_MESSAGE_ID, ip, message_id);
    struct sent_walk walk = sent_index_walk(ties->sent, &question);
    unsigned times = 0;
    while (sent_index_next(ties->sent, &walk) != NULL) times++;
    return times >= LIMIT_SENT_LOOKS;
}

static bool is_answer(struct ties *ties, const struct ip_address *ip, const struct verdict *verdict,
                      const struct sent *sent) {
    for (unsigned i = 0; i < sent->kept; i++)
        if (!has_written(ties, ip, verdict, sent, sent->mailboxes[i].mailbox)) return false;
    return all_have_keys(sent);
}

/* The source has sent mail to this mailbox before. */
static bool is_old_target(struct ties *ties, const struct tied_source *source, uint64_t mailbox) {
    struct sent_question const question = ask_sent(ties, SENT_MAILBOX, &source->ip, mailbox);
    struct sent_walk walk = sent_index_walk(ties->sent, &question);
    const struct sent_key *key;
    while ((key = sent_index_next(ties->sent, &walk)) != NULL)
        if (key->slot == source->slot && (key->outcome == OUTCOME_DELIVERED || key->outcome == OUTCOME_BOUNCED))
            return true;
    return false;
}

/* Who forwards has few targets, and these again and again; who only says that he does has a new one each time. */
static bool are_old_targets(struct ties *ties, const struct tied_source *source, const struct sent *sent) {
    for (unsigned i = 0; i < sent->kept; i++)
        if (!is_old_target(ties, source, sent->mailboxes[i].mailbox)) return false;
    return all_have_keys(sent);
}

static uint8_t share_of_way(uint8_t own, uint8_t passed_on, float share) {
    int const less = own - passed_on;
    return less <= 0 ? own : (uint8_t)(own - (int)(share * (float)less + 0.5f));
}

/* share: of the way from its own weight to that of mail passed on. */
static void weigh(struct verdict *verdict, struct sent *sent, float share) {
    verdict->bounce_weight += share * (verdict->passed_on_weight - verdict->bounce_weight);
    for (unsigned i = 0; i < sent->kept; i++) {
        struct sent_mailbox *mailbox = &sent->mailboxes[i];
        mailbox->percent = share_of_way(mailbox->percent, mailbox->passed_on_percent, share);
    }
    sent->rest_percent = share_of_way(sent->rest_percent, sent->rest_passed_on_percent, share);
    sent->passed_on = true;
}

/* Who forwards a message, or expands a list, keeps its Message-ID (RFC 5321 3.9). */
bool ties_weigh(struct ties *ties, const struct tied_source *source, struct verdict *verdict, struct sent *sent) {
    unsigned const forwarding = PASSES_ALL & ~(unsigned)(PASSES_NULL | PASSES_AUTOMATIC);
    bool const came = ties_has_come_in(ties, &source->ip, sent->message_id);
    bool const forwards = came || (verdict->passes_on & forwarding) != 0;
    bool const proven =
        came ? !went_out_often(ties, &source->ip, sent->message_id) : is_answer(ties, &source->ip, verdict, sent);
    if (proven || (forwards && are_old_targets(ties, source, sent)))
        weigh(verdict, sent, 1);
    else if ((verdict->passes_on & PASSES_NULL) != 0)
        weigh(verdict, sent, 0.5f);
    return sent->passed_on;
}

/* --- the same again ------------------------------------------------------------------------------------------------
 */

bool ties_is_repeat(struct ties *ties, const struct tied_source *source, const struct verdict *verdict) {
    if (!is_refused_greeting(verdict)) return false;
    struct sent_question const question = ask(SENT_GREETING, &source->ip, greeting_hash(verdict));
    struct sent_walk walk = sent_index_walk(ties->sent, &question);
    const struct sent_key *key = sent_index_next(ties->sent, &walk);
    const struct sample_entry *entry =
        key == NULL || key->slot != source->slot ? NULL : sample_entry_at(source->sample, key->entry);
    if (entry == NULL) return false;
    nstime const since = verdict->time - (nstime)entry->time_s * NS_PER_S;
    return since < LIMIT_REPEAT_S * NS_PER_S && since > -LIMIT_REPEAT_S * NS_PER_S;
}

/* What became of a message is as its mailboxes say now. */
static void recount(struct ties *ties, const struct sent_key *of, struct sample_entry *entry) {
    unsigned sum = 0, known = 0;
    bool seen[SAMPLE_OUTCOMES] = {false};
    const struct sent_key *own = sent_index_of_message(ties->sent, of, 0);
    for (unsigned place = 1; place <= of->kept; place++) {
        const struct sent_key *key = sent_index_of_message(ties->sent, of, place);
        if (key == NULL || !is_known(key->outcome)) continue;
        seen[key->outcome] = true;
        sum += key->percent;
        known++;
    }
    unsigned const rest = of->recipients > of->kept ? (unsigned)(of->recipients - of->kept) : 0;
    if (rest > 0 && own != NULL) sum += rest * own->percent;
    if (known + rest == 0) return;
    unsigned const mean = (sum + (known + rest) / 2) / (known + rest);
    entry->bounce_percent = (uint8_t)(mean > 100 ? 100 : mean);
    entry->bounce_known = true;
    if (rest > 0 && entry->outcome == OUTCOME_DELIVERED) return;
    if (seen[OUTCOME_DELIVERED])
        entry->outcome = OUTCOME_DELIVERED;
    else if (seen[OUTCOME_BOUNCED])
        entry->outcome = OUTCOME_BOUNCED;
    else if (seen[OUTCOME_DEFERRED])
        entry->outcome = OUTCOME_DEFERRED;
}

/* Whether a try may be of the message of this key, which has not ended.  One that was given up, or whose end was not
 * seen, is only known again by its Message-ID. */
static bool may_be_tried_again(const struct sent_key *key, const struct tied_source *source, const struct sent *sent) {
    uint32_t const message_id = half(sent->message_id);
    if (key->slot != source->slot || sample_entry_at(source->sample, key->entry) == NULL) return false;
    if (key->outcome == OUTCOME_DELIVERED || key->outcome == OUTCOME_BOUNCED) return false;
    if (is_same(key->message_id, message_id)) return !contradicts(key->sender, half(sent->sender));
    if (key->outcome != OUTCOME_DEFERRED || !is_same(key->sender, half(sent->sender))) return false;
    return !contradicts(key->message_id, message_id) && !contradicts(key->told, sent->size);
}

static struct sent_key *find_open(struct ties *ties, const struct tied_source *source, const struct sent *sent,
                                  enum sent_kind kind, uint64_t hash) {
    struct sent_question const question = ask_sent(ties, kind, &source->ip, hash);
    struct sent_walk walk = sent_index_walk(ties->sent, &question);
    struct sent_key *key = NULL;
    if (hash == 0) return NULL;
    while ((key = sent_index_next(ties->sent, &walk)) != NULL)
        if (may_be_tried_again(key, source, sent)) break;
    return key;
}

/* One message has all its mailboxes, and they have not ended: keys[i] is that of mailbox i. */
static bool find_all_open(struct ties *ties, const struct tied_source *source, const struct sent *sent,
                          struct sent_key *keys[LIMIT_SENT_MAILBOXES]) {
    if (sent->recipients > sent->kept) {
        keys[0] = sent->everyone == 0 ? NULL : find_open(ties, source, sent, SENT_EVERYONE, sent->everyone);
        return keys[0] != NULL;
    }
    for (unsigned i = 0; i < sent->kept; i++) {
        keys[i] = find_open(ties, source, sent, SENT_MAILBOX, sent->mailboxes[i].mailbox);
        if (keys[i] == NULL || keys[i]->entry != keys[0]->entry) return false;
    }
    return sent->kept > 0;
}

/* What an earlier try showed counts on: only what servers say of it may get better.  Else who gives a spam up behind
 * its content could send clean words after it, under the same Message-ID. */
static void keep_what_was_known(struct sample_entry *entry, const struct sample_entry *before) {
    if (before->content_known) entry->content_known = 1;
    if (before->spam_like) entry->spam_like = 1;
    if (before->setup_known) entry->setup_known = 1;
    if (before->badly_set_up) entry->badly_set_up = 1;
    if (!is_known(entry->outcome)) {
        entry->outcome = before->outcome;
        entry->bounce_percent = before->bounce_percent;
        entry->bounce_known = before->bounce_known;
    }
    if (before->bounce_known) entry->bounce_known = 1; /* a weak refusal at MAIL hides no earlier one at RCPT */
    entry->late = before->late;
    entry->complained = before->complained;
}

static void take_outcomes(const struct verdict *verdict, const struct sent *sent,
                          struct sent_key *keys[LIMIT_SENT_MAILBOXES]) {
    for (unsigned i = 0; i < sent->kept; i++) {
        const struct sent_mailbox *mailbox = &sent->mailboxes[i];
        if (!is_known(mailbox->outcome)) continue;
        bool const waits = keys[i]->outcome == OUTCOME_DEFERRED && mailbox->outcome == OUTCOME_DEFERRED;
        if (!waits || sent->size != 0)
            keys[i]->told = told_of(mailbox->outcome, verdict, sent); /* a size stays known */
        keys[i]->outcome = mailbox->outcome & 15u;
        keys[i]->percent = mailbox->percent;
        if (sent->message_id != 0) keys[i]->message_id = half(sent->message_id);
    }
}

static void forget_keys(struct ties *ties, const struct sent_key *of) {
    uint32_t const slot = of->slot; /* `of` is one of them */
    for (unsigned place = 0; place <= of->kept + 1u; place++) {
        struct sent_key *key = sent_index_of_message(ties->sent, of, place);
        if (key != NULL && key->entry == of->entry && key->slot == slot) key->slot = NOBODY;
    }
}

/* A try for all of the message's mailboxes may show its Message-ID for the first time; and where not all have keys, it
 * brings those anew that it can. */
static bool knows_more(const struct sent_key *of, const struct sent *sent) {
    return sent->recipients > sent->kept || (sent->message_id != 0 && of->message_id == 0);
}

bool ties_retry(struct ties *ties, const struct tied_source *source, const struct sample_limits *limits,
                const struct verdict *verdict, const struct sent *sent, bool *bad) {
    struct sent_key *keys[LIMIT_SENT_MAILBOXES];
    *bad = false;
    if (!find_all_open(ties, source, sent, keys)) return false;
    struct sent_key const of = *keys[0];
    struct sample_entry const before = *sample_entry_at(source->sample, of.entry);
    struct sample_entry entry = sample_entry_of(verdict, limits);
    keep_what_was_known(&entry, &before);
    bool const whole = recipients_of(sent) == of.recipients && sent->kept == of.kept;
    if (whole && is_known(verdict->outcome) && knows_more(&of, sent)) {
        forget_keys(ties, keys[0]);
        ties_remember(ties, source, of.entry, verdict, sent);
    } else if (sent->recipients == sent->kept) {
        take_outcomes(verdict, sent, keys);
        if (!whole) entry.outcome = before.outcome & 15u;
        if (!whole) recount(ties, keys[0], &entry);
    }
    sample_correct(source->sample, of.entry, &entry);
    *bad = sample_entry_counts(&entry) && (!sample_entry_counts(&before) || entry.outcome != before.outcome);
    return true;
}

/* --- what comes later ----------------------------------------------------------------------------------------------
 */

/* Whether the notice can speak of the message of this key: 2, by its Message-ID; 1, by who sent it to whom; 0, it
 * cannot. */
static unsigned may_speak_of(const struct notice *notice, const struct sent_key *key) {
    uint32_t const message_id = half(notice->message_id);
    if (key->slot == NOBODY) return 0;
    if (is_same(key->message_id, message_id)) return 2;
    if (contradicts(key->message_id, message_id)) return 0;
    return is_same(key->sender, half(notice->sender)) && key->outcome != OUTCOME_DEFERRED;
}

/* Of several the one that is surest, and of these the newest. */
static struct sent_key *find_by(struct ties *ties, const struct notice *notice, const struct sent_question *question) {
    struct sent_walk walk = sent_index_walk(ties->sent, question);
    struct sent_key *best = NULL, *key;
    unsigned best_sure = 0;
    while (question->hash != 0 && (key = sent_index_next(ties->sent, &walk)) != NULL) {
        unsigned const sure = may_speak_of(notice, key);
        if (sure <= best_sure) continue;
        best = key;
        best_sure = sure;
    }
    return best;
}

struct sent_key *ties_find(struct ties *ties, const struct ip_address *ip, const struct notice *notice) {
    struct sent_question const questions[] = {
        ask_sent(ties, SENT_MAILBOX, ip, notice->mailbox), ask_sent(ties, SENT_MAILBOX, ip, notice->final),
        ask_sent(ties, SENT_MESSAGE_ID, ip, notice->message_id), /* he has another name there, or was not kept */
    };
    struct sent_key *key = NULL;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && key == NULL; i++)
        key = find_by(ties, notice, &questions[i]);
    return key;
}

/* Of the message's own key: the only mailbox, or the first that has not failed; NULL: all have. */
static struct sent_key *mailbox_of(struct ties *ties, struct sent_key *own) {
    for (unsigned place = 1; place <= own->kept; place++) {
        struct sent_key *key = sent_index_of_message(ties->sent, own, place);
        if (key != NULL && (own->recipients == 1 || key->outcome != OUTCOME_BOUNCED)) return key;
    }
    return NULL;
}

static bool is_bounced(struct ties *ties, struct sent_key *key, uint8_t percent) {
    if (key->place == 0 && key->recipients <= key->kept) key = mailbox_of(ties, key);
    if (key == NULL) return false;
    if (key->place == 0) { /* one of those that have no key of their own */
        unsigned const rest = (unsigned)(key->recipients - key->kept);
        unsigned const sum = key->percent + (percent + rest / 2) / rest;
        unsigned const percent_now = sum > 100 ? 100 : sum;
        if (percent_now == key->percent) return false;
        key->percent = (uint8_t)percent_now;
        return true;
    }
    /* Anybody can have a mild one sent to himself first. */
    if (key->outcome == OUTCOME_BOUNCED && (!key->late || percent <= key->percent)) return false;
    key->outcome = OUTCOME_BOUNCED;
    key->late = 1;
    key->percent = percent;
    return true;
}

/* A bounce found by its Message-ID alone names nobody who has a key, so what became of him says not whether it was
 * heard before.  Such have keys of their own. */
static struct sent_question ask_heard(const struct sent_key *key, const struct notice *notice) {
    static const struct ip_address anybody;
    uint64_t const named[] = {(uint64_t)key->slot << 32 | key->entry, notice->mailbox, notice->final};
    return ask(SENT_HEARD, &anybody, sent_hash(span_of((const uint8_t *)named, sizeof named)));
}

static bool names_nobody(const struct sent_key *key) {
    return key->place == 0 && key->recipients > 1;
}

static bool was_heard(struct ties *ties, const struct sent_key *key, const struct notice *notice) {
    struct sent_question const question = ask_heard(key, notice);
    struct sent_walk walk = sent_index_walk(ties->sent, &question);
    return names_nobody(key) && sent_index_next(ties->sent, &walk) != NULL;
}

/* Writes a key, so that the one at hand may be gone. */
static void note_heard(struct ties *ties, const struct sent_key *key, const struct notice *notice) {
    struct sent_key const heard = {.slot = NOBODY};
    struct sent_question const question = ask_heard(key, notice);
    if (names_nobody(key)) sent_index_add(ties->sent, &question, &heard);
}

/* The server that took the message, or a neighbour of it, may say what became of it, if he names it: whom it went to a
 * neighbour can guess.  Others have to name it, and are believed a few times, as is a neighbour who does not: who has
 * received one post of a list knows what all are named.  Writes a key when it is believed. */
static bool is_believed(struct ties *ties, const struct sent_key *key, const struct notice *notice) {
    static const struct ip_address anybody;
    uint64_t const network = network_hash(&notice->brought_by.ip, NETWORK_BITS);
    uint64_t const whose[] = {key->slot, network_hash(&notice->brought_by.ip, SITE_BITS)};
    struct sent_question const question =
        ask(CAME_NOTICE, &anybody, sent_hash(span_of((const uint8_t *)whose, sizeof whose)));
    struct sent_walk walk = sent_index_walk(ties->came, &question);
    struct sent_key const one_more = {.slot = NOBODY};
    unsigned heard = 0;
    bool const near = key->outcome != OUTCOME_DEFERRED && is_same(key->told, half(network));
    bool const named = is_same(key->message_id, half(notice->message_id));
    if (near && (named || key->message_id == 0)) return true;
    if (!near && !named) return false;
    while (sent_index_next(ties->came, &walk) != NULL) heard++;
    if (heard >= LIMIT_STRANGERS_NOTICES) return false;
    sent_index_add(ties->came, &question, &one_more);
    return true;
}

static bool changes(struct ties *ties, const struct sample_entry *entry, const struct sent_key *key,
                    const struct notice *notice) {
    if (notice->kind == REPORT_COMPLAINT) return !entry->complained;
    return notice->kind == REPORT_BOUNCE && !was_heard(ties, key, notice);
}

enum notice_finding ties_apply(struct ties *ties, struct sample *sample, struct sent_key *key,
                               const struct notice *notice, uint8_t percent) {
    const struct sample_entry *there = sample_entry_at(sample, key->entry);
    if (there == NULL) return NOTICE_GONE;
    struct sample_entry entry = *there;
    uint32_t const serial = key->entry;
    if (!changes(ties, &entry, key, notice)) return NOTICE_NOTHING;
    if (!is_believed(ties, key, notice)) return NOTICE_DOUBTED;
    if (notice->kind == REPORT_COMPLAINT) {
        entry.complained = entry.content_known = entry.spam_like = 1;
    } else if (is_bounced(ties, key, percent)) {
        entry.late = 1;
        recount(ties, key, &entry);
        note_heard(ties, key, notice);
    } else {
        return NOTICE_NOTHING;
    }
    sample_correct(sample, serial, &entry);
    return NOTICE_COUNTED;
}

const char *notice_finding_name(enum notice_finding finding) {
    static const char *const names[] = {"backscatter", "gone", "doubted", "nothing", "counted"};
    return names[finding];
}
