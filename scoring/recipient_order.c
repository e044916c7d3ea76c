/* See recipient_order.h.  A run of numbered names (name1, name2) is one, too, because the same three letters are in
 * order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipient_order.h"

#include <stdlib.h>

#include "mailspan/sent.h"

#define LETTERS 3
#define ALPHABET 37 /* others, digits, letters */

_Static_assert(ALPHABET *ALPHABET *ALPHABET - 1 <= UINT16_MAX, "three letters fit");

/* Sorted.  Given names as they are frequent in several countries, and the mailboxes of offices. */
static const char *const common_names[] = {
    "abuse",     "accounting", "accounts", "adam",      "admin",     "ahmed",     "alan",    "alex",      "alexander",
    "ali",       "alice",      "amanda",   "amy",       "ana",       "andrea",    "andreas", "andrew",    "andy",
    "angela",    "ann",        "anna",     "anne",      "anthony",   "antonio",   "barbara", "ben",       "bill",
    "billing",   "bob",        "brian",    "carl",      "carlos",    "carol",     "charles", "chris",     "christian",
    "contact",   "daniel",     "dave",     "david",     "diana",     "editor",    "elena",   "elizabeth", "emma",
    "enquiries", "eric",       "eva",      "finance",   "francesco", "frank",     "fred",    "gary",      "george",
    "greg",      "hans",       "hello",    "help",      "henry",     "hr",        "ian",     "info",      "ivan",
    "jack",      "james",      "jan",      "jane",      "jason",     "jean",      "jeff",    "jennifer",  "jessica",
    "jim",       "jobs",       "joe",      "john",      "jose",      "joseph",    "juan",    "julia",     "julie",
    "karen",     "karl",       "kate",     "kevin",     "kim",       "larry",     "laura",   "lee",       "linda",
    "lisa",      "luis",       "mail",     "marco",     "marcus",    "maria",     "marie",   "mark",      "marketing",
    "martin",    "mary",       "matt",     "matthew",   "michael",   "michelle",  "mike",    "mohammed",  "nancy",
    "nick",      "office",     "olga",     "orders",    "patricia",  "patrick",   "paul",    "peter",     "phil",
    "pierre",    "postmaster", "press",    "reception", "richard",   "rob",       "robert",  "root",      "sales",
    "sam",       "sandra",     "sara",     "sarah",     "scott",     "secretary", "sergey",  "service",   "simon",
    "stefan",    "stephen",    "steve",    "susan",     "support",   "team",      "test",    "thomas",    "tim",
    "tom",       "tony",       "user",     "webmaster", "william",
};

static unsigned place_in_alphabet(uint8_t c) {
    c = ascii_lower(c);
    if (ascii_is_digit(c)) return 1u + c - '0';
    return c >= 'a' && c <= 'z' ? 11u + c - 'a' : 0;
}

static int compare_name(const void *wanted, const void *name) {
    const struct span *local = wanted;
    struct span const other = span_from_string(*(const char *const *)name);
    size_t const shorter = local->len < other.len ? local->len : other.len;
    for (size_t i = 0; i < shorter; i++) {
        uint8_t const c = ascii_lower(local->data[i]);
        if (c != other.data[i]) return c < other.data[i] ? -1 : 1;
    }
    return local->len == other.len ? 0 : local->len < other.len ? -1 : 1;
}

static bool is_common(struct span local) {
    while (local.len > 0 && ascii_is_digit(local.data[local.len - 1])) local.len--;
    return local.len > 0 && bsearch(&local, common_names, sizeof common_names / sizeof *common_names,
                                    sizeof *common_names, compare_name) != NULL;
}

static uint32_t hash_of(struct span text) {
    return (uint32_t)sent_hash_mailbox(text) | 1; /* 0 is for what is not known */
}

struct recipient_mark recipient_mark_of(struct span mailbox) {
    size_t const at = span_find_last(mailbox, '@');
    if (at >= mailbox.len) return (struct recipient_mark){.domain = 0};
    struct span const local = span_head(mailbox, at);
    unsigned letters = 0;
    for (size_t i = 0; i < LETTERS; i++)
        letters = letters * ALPHABET + (i < local.len ? place_in_alphabet(local.data[i]) : 0);
    return (struct recipient_mark){.domain = hash_of(span_from(mailbox, at + 1)),
                                   .mailbox = hash_of(mailbox),
                                   .letters = (uint16_t)letters,
                                   .common = is_common(local)};
}

static bool follows(const struct recipient_mark *before, const struct recipient_mark *mark) {
    if (mark->domain == 0 || mark->domain != before->domain) return false;
    return mark->letters >= before->letters || (mark->common == 1 && before->common == 1);
}

static uint16_t sum(unsigned a, unsigned b) {
    return a + b > UINT16_MAX ? UINT16_MAX : (uint16_t)(a + b);
}

static struct recipient_run both(const struct recipient_run *a, const struct recipient_run *b) {
    return (struct recipient_run){sum(a->count, b->count), sum(a->refused, b->refused)};
}

static void keep_longest(struct recipient_run *longest, const struct recipient_run *run) {
    if (run->count > longest->count) *longest = *run;
}

void recipient_order_add(struct recipient_order *order, struct span mailbox, bool refused) {
    struct recipient_mark const mark = recipient_mark_of(mailbox);
    struct recipient_run const one = {1, refused};
    bool const is_first = order->all.count == 0, was_one_run = order->head.count == order->all.count;
    if (!is_first && mark.domain != 0 && mark.mailbox == order->last.mailbox) return; /* told twice */
    bool const goes_on = !is_first && follows(&order->last, &mark);
    if (is_first) order->first = mark;
    order->last = mark;
    order->all = both(&order->all, &one);
    order->tail = goes_on ? both(&order->tail, &one) : one;
    if (is_first || (goes_on && was_one_run)) order->head = order->tail;
    keep_longest(&order->longest, &order->tail);
}

struct recipient_run recipient_order_join(struct recipient_mark *last, struct recipient_run *run,
                                          const struct recipient_order *order) {
    if (order->all.count == 0) return *run;
    bool const same = order->first.domain != 0 && order->first.mailbox == last->mailbox;
    if (same && order->all.count == 1) return *run;
    struct recipient_run longest = order->longest;
    struct recipient_run const joined = both(run, &order->head);
    bool const goes_on = follows(last, &order->first);
    if (goes_on) keep_longest(&longest, &joined);
    *run = goes_on && order->head.count == order->all.count ? joined : order->tail;
    *last = order->last;
    return longest;
}
