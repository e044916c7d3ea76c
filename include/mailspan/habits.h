/* habits: by what the messages of a source are compared with each other (docs/scoring.md).
 *
 * Marks go to the judge with the verdict: hashes, and of a mailbox no more than where its first three letters stand in
 * the alphabet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HABITS_H
#define MAILSPAN_HABITS_H

#include <stdint.h>

/* What is compared of a recipient. */
struct recipient_mark {
    uint32_t domain;  /* hash; 0: not known */
    uint32_t mailbox; /* hash of all of it */
    uint16_t letters; /* where the first three of its local part stand in the alphabet */
    uint16_t common;  /* 1: a name that people try first: john, info, sales7 */
};

/* Recipients of one domain, one after the other in alphabetical order or all of them common names: as out of a
 * dictionary, and as out of a sorted list. */
struct recipient_run {
    uint16_t count;
    uint16_t refused; /* of them for good (5yz), by the answer to their own RCPT */
};

/* The runs in one message's recipients. */
struct recipient_order {
    struct recipient_mark first, last;
    struct recipient_run all, head, tail, longest; /* head begins with the first, tail ends with the last */
};

struct habit_marks {
    uint64_t body;     /* fingerprint of its text; 0: too little of it */
    uint32_t subject;  /* ... of its subject; 0: none */
    uint32_t from_org; /* hash of the organisation of From's domain; 0: none */
    struct recipient_order recipients;
};

#endif
