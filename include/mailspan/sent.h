/* sent: by what later mail is tied to a message that was sent: the next try of it, a bounce, a complaint; and by what
 * it is compared with others of its source.
 *
 * It holds hashes and not the words, and borrows nothing: it goes to the judge with the verdict.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SENT_H
#define MAILSPAN_SENT_H

#include "mailspan/habits.h"
#include "mailspan/limits.h"
#include "mailspan/span.h"

struct sent_mailbox {
    uint64_t mailbox;          /* sent_hash_mailbox */
    uint8_t outcome;           /* enum outcome */
    uint8_t percent;           /* its weight as a bounce */
    uint8_t passed_on_percent; /* ... when the message was only passed on */
};

struct sent {
    uint64_t message_id, sender; /* 0: not seen */
    uint64_t everyone;           /* the sum over all recipients, in whatever order; 0: some are not known */
    uint32_t size;               /* as MAIL declared it (RFC 1870); 0: it did not */
    uint32_t recipients;
    uint8_t kept;
    bool passed_on;                                      /* the judge's: it weighs as such */
    uint8_t rest_percent, rest_passed_on_percent;        /* what the others weigh on average */
    struct sent_mailbox mailboxes[LIMIT_SENT_MAILBOXES]; /* the first of them */
    struct habit_marks marks;
};

/* Signs that a message is another's mail, passed on, or an answer to one.  Anybody can put them there: what they are
 * worth is decided by what else was seen (docs/scoring.md). */
enum passes_on {
    PASSES_SRS = 1,        /* a sender rewritten as SRS0= or SRS1= */
    PASSES_RESENT = 2,     /* a Resent- field (RFC 5322 3.6.6) */
    PASSES_ARC = 4,        /* ARC-Seal (RFC 8617) */
    PASSES_FORWARDED = 8,  /* X-Forwarded-To, Delivered-To and the like */
    PASSES_LIST = 16,      /* List-Id (RFC 2919) */
    PASSES_NULL = 32,      /* MAIL FROM:<> */
    PASSES_AUTOMATIC = 64, /* Auto-Submitted (RFC 3834), X-Autoreply */
    PASSES_ALL = 127,
};
#define PASSES_NAMES \
    { "srs", "resent", "arc", "forwarded", "list", "null_sender", "automatic" }

/* Never 0.  Not keyed: who can make two texts with one hash gains nothing that one text would not give him. */
uint64_t sent_hash(struct span text);
/* Case does not count (RFC 5321 2.4 lets a local part's count, but no report keeps it for sure). */
uint64_t sent_hash_mailbox(struct span mailbox);

#endif
