/* What ties messages together, against a model: a list of all messages with what became of each of their recipients,
 * searched one by one.  After each of 100,000 random steps (messages, further tries of all or of some recipients,
 * late bounces, complaints, releases, evictions) the samples must be those of the model, and their running sums those
 * of their entries.  Where keys are lost, because their ring is small, the model cannot say what is found; the sums
 * must hold all the same.
 *
 * Weights are multiples of 6 %, so that the mean of two or three is a whole number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../scoring/source_table.h"
#include "verdicts.h"

#define STEPS 100000
#define ADDRESSES 4
#define PLACES 3       /* in the table: one of four is always out */
#define MAILBOXES 64   /* in use at a time; others follow */
#define RECIPIENTS 3   /* of a message */
#define LOOK_BACK 1000 /* messages: older ones share no mailbox with what is sent now */
#define STRANGERS 1000000

struct model_recipient {
    unsigned mailbox, outcome, percent, id, size; /* size: of one that was deferred */
    bool late;
};

struct model_message {
    unsigned address, sender, id, size, count;
    struct model_recipient recipients[RECIPIENTS];
    unsigned heard; /* strangers, a bit each */
    unsigned written;
    unsigned outcome, percent;
    bool content, spam, badly_set_up, bounce, late, complained;
    bool there; /* in the sample */
};

static struct model {
    struct source_table *table;
    struct counters counters;
    struct model_message messages[STEPS];
    unsigned message_count, written, used[ADDRESSES]; /* used: 0, not in the table */
    unsigned there[ADDRESSES];                        /* in the sample */
    unsigned step, touched;                           /* the address of this step */
    uint64_t random;
    unsigned folded, counted, doubted, gone, nothing, unknown, evicted;
} m;

static unsigned pick(unsigned below) { /* splitmix64 */
    m.random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = m.random;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((z ^ (z >> 31)) % below);
}

static uint64_t hash(unsigned number) {
    return number == 0 ? 0 : sent_hash(span_of((const uint8_t *)&number, sizeof number));
}

static struct ip_address ip_of(unsigned address) {
    return ipv4(192, 0, 2, (uint8_t)(address + 1));
}

static bool known(unsigned outcome) {
    return outcome == OUTCOME_DELIVERED || outcome == OUTCOME_DEFERRED || outcome == OUTCOME_BOUNCED;
}

/* --- the model ---------------------------------------------------------------------------------------------------- */

static unsigned first_looked_at(void) {
    return m.message_count > LOOK_BACK ? m.message_count - LOOK_BACK : 0;
}

static void leave_sample(unsigned address) {
    for (unsigned i = m.message_count; i-- > 0 && m.there[address] > 0;) {
        struct model_message *message = &m.messages[i];
        if (message->address != address || !message->there) continue;
        message->there = false;
        m.there[address]--;
    }
}

static void model_use(unsigned address) {
    unsigned in = 0, oldest = ADDRESSES;
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (m.used[i] == 0) continue;
        in++;
        if (oldest == ADDRESSES || m.used[i] < m.used[oldest]) oldest = i;
    }
    if (m.used[address] == 0 && in == PLACES) {
        m.used[oldest] = 0;
        m.evicted++;
        leave_sample(oldest);
    }
    m.used[address] = m.step + 1;
}

/* Outcome and weight of a message whose recipients stand as they do. */
static void sum_up(struct model_message *message) {
    unsigned sum = 0, count = 0;
    bool seen[SAMPLE_OUTCOMES] = {false};
    for (unsigned i = 0; i < message->count; i++) {
        const struct model_recipient *recipient = &message->recipients[i];
        if (!known(recipient->outcome)) continue;
        seen[recipient->outcome] = true;
        sum += recipient->percent;
        count++;
    }
    if (count == 0) return;
    message->percent = sum / count;
    message->bounce = true;
    message->outcome = seen[OUTCOME_DELIVERED] ? OUTCOME_DELIVERED
                       : seen[OUTCOME_BOUNCED] ? OUTCOME_BOUNCED
                                               : OUTCOME_DEFERRED;
}

static struct model_recipient *recipient_of(struct model_message *message, unsigned mailbox) {
    for (unsigned i = 0; i < message->count; i++)
        if (message->recipients[i].mailbox == mailbox) return &message->recipients[i];
    return NULL;
}

static bool may_be_tried(const struct model_message *old, const struct model_recipient *recipient,
                         const struct model_message *try) {
    if (!old->there || old->address != try->address || old->sender != try->sender || recipient == NULL) return false;
    if (recipient->outcome == OUTCOME_DELIVERED || recipient->outcome == OUTCOME_BOUNCED) return false;
    if (recipient->id != 0 && recipient->id == try->id) return true;
    if (recipient->outcome != OUTCOME_DEFERRED || (recipient->id != 0 && try->id != 0)) return false;
    return recipient->size == 0 || try->size == 0 || recipient->size == try->size;
}

static struct model_message *model_find_open(const struct model_message *try) {
    struct model_message *found = NULL;
    for (unsigned r = 0; r < try->count; r++) {
        struct model_message *newest = NULL;
        for (unsigned i = first_looked_at(); i < m.message_count; i++) {
            struct model_message *old = &m.messages[i];
            if (newest != NULL && newest->written > old->written) continue;
            if (may_be_tried(old, recipient_of(old, try->recipients[r].mailbox), try)) newest = old;
        }
        if (newest == NULL || (found != NULL && newest != found)) return NULL;
        found = newest;
    }
    return found;
}

static void model_fold(struct model_message *old, const struct model_message *try) {
    bool const whole = old->count == try->count;
    bool const shows_id = try->id != 0 && recipient_of(old, try->recipients[0].mailbox)->id == 0;
    m.folded++;
    old->content |= try->content;
    old->spam |= try->spam;
    old->badly_set_up |= try->badly_set_up;
    if (whole && known(try->outcome) && shows_id) {
        memcpy(old->recipients, try->recipients, sizeof old->recipients);
        old->id = try->id;
        old->size = try->size;
        old->written = ++m.written;
    }
    for (unsigned i = 0; i < try->count; i++) {
        struct model_recipient *recipient = recipient_of(old, try->recipients[i].mailbox);
        if (!known(try->recipients[i].outcome)) continue;
        bool const waits = recipient->outcome == OUTCOME_DEFERRED;
        if (!waits || try->recipients[i].size != 0) recipient->size = try->recipients[i].size;
        recipient->outcome = try->recipients[i].outcome;
        recipient->percent = try->recipients[i].percent;
        if (try->id != 0) recipient->id = try->id;
    }
    if (!whole) {
        sum_up(old);
    } else if (known(try->outcome)) {
        old->outcome = try->outcome;
        old->percent = try->percent;
        old->bounce = true;
    }
}

static void model_add(const struct model_message *try) {
    struct model_message *old = model_find_open(try);
    if (old != NULL) {
        model_fold(old, try);
        return;
    }
    if (!try->content && !try->bounce) return;
    struct model_message *message = &m.messages[m.message_count++];
    *message = *try;
    message->there = true;
    message->written = ++m.written;
    unsigned in = 0;
    if (++m.there[try->address] <= LIMIT_SAMPLE_MESSAGES) return;
    for (unsigned i = m.message_count; i-- > 0;) {
        if (m.messages[i].address != try->address || !m.messages[i].there) continue;
        if (++in <= LIMIT_SAMPLE_MESSAGES) continue;
        m.messages[i].there = false;
        m.there[try->address]--;
        return;
    }
}

static struct model_message *model_spoken_of(const struct model_message *told, unsigned mailbox,
                                             struct model_recipient **recipient) {
    struct model_message *best = NULL;
    unsigned best_sure = 0;
    for (unsigned i = first_looked_at(); i < m.message_count; i++) {
        struct model_message *old = &m.messages[i];
        struct model_recipient *at = recipient_of(old, mailbox);
        if (old->address != told->address || at == NULL) continue;
        unsigned sure = old->sender == told->sender && at->outcome != OUTCOME_DEFERRED;
        if (at->id != 0 && told->id != 0) sure = at->id == told->id ? 2 : 0;
        if (sure == 0 || sure < best_sure || (sure == best_sure && old->written < best->written)) continue;
        best = old;
        best_sure = sure;
        *recipient = at;
    }
    if (best != NULL || told->id == 0) return best;
    for (unsigned i = first_looked_at(); i < m.message_count; i++) {
        struct model_message *old = &m.messages[i];
        if (old->address == told->address && old->id == told->id && (best == NULL || old->written > best->written))
            best = old;
    }
    return best;
}

static enum notice_finding model_bounce(struct model_message *message, struct model_recipient *recipient,
                                        unsigned mailbox, unsigned percent) {
    bool const stranger = recipient == NULL && message->count > 1;
    unsigned const bit = 1u << (mailbox % 32);
    if (stranger && (message->heard & bit) != 0) return NOTICE_NOTHING;
    if (recipient == NULL && message->count == 1) recipient = &message->recipients[0];
    for (unsigned i = 0; i < message->count && recipient == NULL; i++)
        if (message->recipients[i].outcome != OUTCOME_BOUNCED) recipient = &message->recipients[i];
    if (recipient == NULL) return NOTICE_NOTHING;
    if (recipient->outcome == OUTCOME_BOUNCED && (!recipient->late || percent <= recipient->percent))
        return NOTICE_NOTHING;
    recipient->outcome = OUTCOME_BOUNCED;
    recipient->percent = percent;
    recipient->late = message->late = true;
    if (stranger) message->heard |= bit;
    sum_up(message);
    return NOTICE_COUNTED;
}

static enum notice_finding model_hear(const struct model_message *told, unsigned mailbox, unsigned percent,
                                      bool complaint) {
    struct model_recipient *recipient = NULL;
    struct model_message *message = model_spoken_of(told, mailbox, &recipient);
    if (message == NULL) return NOTICE_BACKSCATTER;
    if (!message->there) return NOTICE_GONE;
    if (!complaint) return model_bounce(message, recipient, mailbox, percent);
    if (message->complained) return NOTICE_NOTHING;
    message->complained = message->content = message->spam = true;
    return NOTICE_COUNTED;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

struct sums {
    unsigned count, trials, bounces, content, spam, bad, late, complained, outcomes[SAMPLE_OUTCOMES];
};

static struct sums sums_kept(const struct sample *sample) {
    struct sums sums = {.count = sample->count,
                        .trials = sample->outcome_trials / 100,
                        .bounces = sample->bounces / 100,
                        .content = sample->content_trials / 100,
                        .spam = sample->content_spam / 100,
                        .bad = sample->setup_bad / 100,
                        .late = sample->late,
                        .complained = sample->complained};
    for (unsigned i = 0; i < SAMPLE_OUTCOMES; i++) sums.outcomes[i] = sample->outcomes[i];
    return sums;
}

static struct sums sums_of_entries(const struct sample *sample) {
    struct sums sums = {.count = sample->count};
    for (unsigned i = 0; i < sample->count; i++) {
        const struct sample_entry *entry = sample_entry_at(sample, sample->serial - i);
        assert_non_null(entry);
        sums.trials += entry->bounce_known;
        sums.bounces += entry->bounce_known ? entry->bounce_percent : 0u;
        sums.content += entry->content_known;
        sums.spam += entry->spam_like;
        sums.bad += entry->badly_set_up;
        sums.late += entry->late;
        sums.complained += entry->complained;
        sums.outcomes[entry->outcome]++;
    }
    return sums;
}

static struct sums sums_of_model(unsigned address) {
    struct sums sums = {0};
    for (unsigned i = m.message_count; i-- > 0 && sums.count < m.there[address];) {
        const struct model_message *message = &m.messages[i];
        if (message->address != address || !message->there) continue;
        sums.count++;
        sums.trials += message->bounce;
        sums.bounces += message->bounce ? message->percent : 0;
        sums.content += message->content;
        sums.spam += message->spam;
        sums.bad += message->badly_set_up;
        sums.late += message->late;
        sums.complained += message->complained;
        sums.outcomes[message->outcome]++;
    }
    return sums;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static unsigned some_mailbox(void) {
    return m.step + 1 + pick(MAILBOXES);
}

static void add_recipient(struct model_message *try, unsigned mailbox) {
    static const unsigned outcomes[] = {OUTCOME_DELIVERED, OUTCOME_DELIVERED, OUTCOME_DEFERRED, OUTCOME_DEFERRED,
                                        OUTCOME_DEFERRED,  OUTCOME_BOUNCED,   OUTCOME_UNKNOWN};
    if (recipient_of(try, mailbox) != NULL) return;
    struct model_recipient *recipient = &try->recipients[try->count++];
    *recipient = (struct model_recipient){.mailbox = mailbox, .id = try->id, .outcome = outcomes[pick(7)]};
    if (recipient->outcome == OUTCOME_DEFERRED || recipient->outcome == OUTCOME_BOUNCED)
        recipient->percent = 6 * pick(17);
    if (recipient->outcome == OUTCOME_DEFERRED) recipient->size = try->size;
}

static const struct model_message *some_recent_message(void) {
    unsigned const back = pick(60);
    return back < m.message_count ? &m.messages[m.message_count - 1 - back] : NULL;
}

static struct model_message some_try(void) {
    const struct model_message *of = pick(2) == 0 ? some_recent_message() : NULL;
    struct model_message try = {.address = pick(1500) == 0 ? 3 : pick(3), .sender = 1 + pick(2)};
    if (pick(3) != 0) try.id = 1 + m.step;
    if (pick(4) == 0) try.size = 1000 + pick(2);
    if (of != NULL) { /* a further one, or one that looks like it */
        try.address = of->address;
        try.sender = of->sender;
        if (pick(4) != 0) try.id = of->id != 0 || pick(2) == 0 ? of->id : 1 + m.step;
        if (pick(8) != 0) try.size = of->size;
        for (unsigned i = 0; i < of->count; i++)
            if (pick(5) != 0) add_recipient(&try, of->recipients[(i + of->written) % of->count].mailbox);
    }
    for (unsigned wanted = of == NULL ? 1 + pick(RECIPIENTS) : 1; try.count < wanted;)
        add_recipient(&try, some_mailbox());
    try.content = pick(2) == 0;
    try.spam = try.content && pick(3) == 0;
    try.badly_set_up = pick(5) == 0;
    try.outcome = pick(2) == 0 ? OUTCOME_UNKNOWN : OUTCOME_ABORTED;
    sum_up(&try);
    return try;
}

static void send(const struct model_message *try) {
    m.touched = try->address;
    struct verdict verdict = verdict_good(ip_of(try->address), TEST_START + SECONDS(m.step));
    struct sent sent = {.message_id = hash(try->id),
                        .sender = hash(STRANGERS * 2 + try->sender),
                        .size = try->size,
                        .recipients = try->count,
                        .kept = (uint8_t)try->count};
    for (unsigned i = 0; i < try->count; i++) {
        sent.mailboxes[i] = (struct sent_mailbox){.mailbox = hash(try->recipients[i].mailbox),
                                                  .outcome = (uint8_t)try->recipients[i].outcome,
                                                  .percent = (uint8_t)try->recipients[i].percent};
        sent.mailboxes[i].passed_on_percent = sent.mailboxes[i].percent;
        sent.everyone += sent.mailboxes[i].mailbox;
    }
    verdict.outcome = (uint8_t)try->outcome;
    verdict.stage = try->outcome == OUTCOME_DELIVERED ? STAGE_NONE : STAGE_RCPT;
    verdict.content_known = try->content;
    verdict.content_points = try->spam ? 9 : 0;
    verdict.setup_points = try->badly_set_up ? 9 : 0;
    verdict.bounce_weight = verdict.passed_on_weight = (float)try->percent / 100;
    (void)source_table_add(m.table, &verdict, &sent);
}

/* Whom all went to (verdicts.h); or each time somebody else, of whom a first word is believed when he names it. */
static struct ip_address who_brings(bool named) {
    return named ? ipv4(10, (uint8_t)(m.step >> 8), (uint8_t)m.step, 1) : ipv4(198, 51, 100, 25);
}

static void hear(bool compared) {
    const struct model_message *of = some_recent_message();
    struct model_message told = {
        .address = pick(ADDRESSES), .sender = 1 + pick(2), .id = 1 + m.step - pick(m.step < 500 ? m.step + 1 : 500)};
    bool const complaint = pick(4) == 0;
    unsigned mailbox = some_mailbox();
    unsigned const percent = 6 * pick(17);
    if (of != NULL && pick(8) != 0) {
        told.address = of->address;
        told.sender = of->sender;
        told.id = pick(3) == 0 ? 0 : of->id;
        mailbox = pick(3) == 0 ? STRANGERS + pick(4) : of->recipients[pick(of->count)].mailbox;
    }
    struct notice const notice = {.time = TEST_START + SECONDS(m.step),
                                  .source = {ip_of(told.address), 25},
                                  .brought_by.ip = who_brings(told.id != 0),
                                  .kind = complaint ? REPORT_COMPLAINT : REPORT_BOUNCE,
                                  .weight = (float)percent / 100,
                                  .passed_on_weight = (float)percent / 100,
                                  .message_id = hash(told.id),
                                  .mailbox = hash(mailbox),
                                  .sender = hash(STRANGERS * 2 + told.sender)};
    enum notice_finding finding;
    m.touched = told.address;
    (void)source_table_hear(m.table, &notice, &finding);
    if (!compared) return;
    /* Whose word it is the model does not ask; test_source_ties.c does. */
    m.doubted += finding == NOTICE_DOUBTED;
    if (finding == NOTICE_DOUBTED) return;
    enum notice_finding const expected = model_hear(&told, mailbox, percent, complaint);
    if (finding != expected) print_error("step %u: %u is heard, %u expected\n", m.step, finding, expected);
    assert_int_equal(finding, expected);
    m.counted += finding == NOTICE_COUNTED;
    m.gone += finding == NOTICE_GONE;
    m.nothing += finding == NOTICE_NOTHING;
    m.unknown += finding == NOTICE_BACKSCATTER;
}

static void take_step(bool compared) {
    unsigned const what = pick(1000);
    if (what == 0) {
        unsigned const address = pick(ADDRESSES);
        struct ip_address const ip = ip_of(address);
        struct source *source = source_table_find(m.table, &ip);
        if (source != NULL) source_clear(m.table, source);
        if (compared) leave_sample(address);
        m.touched = address;
    } else if (what < 250) {
        hear(compared);
    } else {
        struct model_message const try = some_try();
        send(&try);
        if (compared) model_use(try.address);
        if (compared) model_add(&try);
        if (!compared) m.messages[m.message_count < STEPS ? m.message_count++ : 0] = try;
    }
}

static void compare(unsigned address, bool compared) {
    struct ip_address const ip = ip_of(address);
    const struct source *source = source_table_find(m.table, &ip);
    if (compared) assert_int_equal(source != NULL, m.used[address] != 0);
    if (source == NULL) return;
    struct sums const kept = sums_kept(&source->sample), entries = sums_of_entries(&source->sample);
    assert_memory_equal(&kept, &entries, sizeof kept);
    if (!compared) return;
    struct sums const expected = sums_of_model(address);
    if (memcmp(&kept, &expected, sizeof kept) != 0)
        print_error("step %u: messages %u, %u expected; weights %u, %u\n", m.step, kept.count, expected.count,
                    kept.bounces, expected.bounces);
    assert_memory_equal(&kept, &expected, sizeof kept);
}

static void run(size_t keys_max, uint64_t seed, bool compared) {
    struct sample_settings settings = settings_for_tests(PLACES, 64);
    settings.sent_max = keys_max;
    memset(&m, 0, sizeof m);
    m.random = seed;
    m.table = source_table_new(&settings, &m.counters);
    assert_non_null(m.table);
    for (m.step = 0; m.step < STEPS; m.step++) {
        take_step(compared);
        for (unsigned address = 0; address < ADDRESSES; address++)
            if (address == m.touched || m.step % 64 == 0) compare(address, compared);
    }
    source_table_free(m.table);
}

static void samples_are_the_models(void **state) {
    (void)state;
    run(1u << 20, 1, true); /* no key is lost */
    print_message("%u messages, %u further tries, %u evictions; notices: %u counted, %u nothing, %u gone, %u unknown\n",
                  m.message_count, m.folded, m.evicted, m.counted, m.nothing, m.gone, m.unknown);
    assert_true(m.folded > 1000 && m.evicted > 50 && m.counted > 1000 && m.nothing > 1000 && m.gone > 100 &&
                m.unknown > 1000);
}

static void sums_hold_where_keys_are_lost(void **state) {
    (void)state;
    for (uint64_t seed = 2; seed < 4; seed++) run(seed == 2 ? 16 : 128, seed, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_the_models),
        cmocka_unit_test(sums_hold_where_keys_are_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
