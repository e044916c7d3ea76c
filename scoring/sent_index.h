/* The keys of messages sent, and of mail that came in: a ring of fixed size, found through a keyed hash table.
 *
 *   buckets[hash] -> newest key -> older key ...     each names the one before it in its bucket by its serial number
 *   ring: serial 1, 2, 3 ... at serial % capacity    the oldest key is overwritten first
 *
 * A key is still there exactly when fewer than `capacity` were written after it, and all that are older in its bucket
 * went before it.  A bucket keeps LIMIT_SENT_LOOKS keys of one hash: a walk is as short as few hashes share a bucket.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SENT_INDEX_H
#define MAILSPAN_SCORING_SENT_INDEX_H

#include "mailspan/address.h"
#include "mailspan/sent.h"

/* What a key is one of. */
enum sent_kind {
    SENT_MESSAGE_ID,
    SENT_MAILBOX,
    SENT_EVERYONE,
    SENT_GREETING,
    SENT_HEARD,
    CAME_MESSAGE_ID,
    CAME_SENDER,
    CAME_PAIR,
    CAME_NOTICE
};

/* A message's keys stand one behind the other: its own, one for each mailbox that is kept, and where these are not all
 * another for all of them. */
struct sent_key {
    uint32_t check;              /* of its hash, what the bucket does not say */
    uint32_t older;              /* serial of the bucket's key before it */
    uint32_t slot;               /* of its source */
    uint32_t entry;              /* its message's in the source's sample */
    uint32_t message_id, sender; /* of the message, 0: not known; half their hashes */
    uint32_t told; /* of one that was deferred: its declared size, or 0; else half the hash of its server's network */
    uint8_t recipients;          /* of the message; UINT8_MAX: so many or more */
    uint8_t place : 4, kept : 4; /* key `place`: the message's own 0, mailboxes 1 to kept, all of them kept + 1 */
    uint8_t outcome : 4;         /* of this mailbox */
    uint8_t passed_on : 1;       /* the message weighs as passed on */
    uint8_t late : 1;            /* this mailbox's outcome is the word of a mail that came later */
    uint8_t percent;             /* of this mailbox; in the message's own key: of those that have no key */
};
_Static_assert(sizeof(struct sent_key) == 32, "a key takes 32 bytes, and 4 of the buckets");
_Static_assert(LIMIT_SENT_MAILBOXES < 16, "places are four bits");

/* What is looked for. */
struct sent_question {
    enum sent_kind kind;
    struct ip_address scope; /* whose message; all zero: anybody's */
    uint64_t hash;
};

struct sent_index;

struct sent_index *sent_index_new(size_t keys_max, const uint8_t hash_key[16]); /* NULL: not enough memory */
void sent_index_free(struct sent_index *index);
size_t sent_index_memory_bytes(const struct sent_index *index);

/* Its hash and place in the bucket are filled in here.  question NULL: it is never looked for. */
void sent_index_add(struct sent_index *index, const struct sent_question *question, const struct sent_key *key);

/* Keys of a question, the newest first, LIMIT_SENT_LOOKS at most:
 *     struct sent_walk walk = sent_index_walk(index, &question);
 *     while ((key = sent_index_next(index, &walk)) != NULL) ... */
struct sent_walk {
    uint32_t serial, check;
};
struct sent_walk sent_index_walk(const struct sent_index *index, const struct sent_question *question);
struct sent_key *sent_index_next(struct sent_index *index, struct sent_walk *walk);
/* Key `place` of the message that key belongs to; NULL when it has been overwritten. */
struct sent_key *sent_index_of_message(struct sent_index *index, const struct sent_key *key, unsigned place);

#endif
