/* What ties the messages of a source together, and to mail that came in: further tries, refused greetings that repeat,
 * late bounces, and others' mail that is only passed on (docs/scoring.md).
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SOURCE_TIES_H
#define MAILSPAN_SCORING_SOURCE_TIES_H

#include "sent_index.h"
#include "source_table.h"

struct ties {
    struct sent_index *sent, *came; /* strangers who send much mail in push out no key of what was sent */
    bool any_source;                /* a bounce may come in to another source than sent the message */
};

/* Whose message it is. */
struct tied_source {
    struct ip_address ip; /* masked */
    uint32_t slot;
    struct sample *sample;
};

bool ties_init(struct ties *ties, const struct sample_settings *settings); /* false: not enough memory */
void ties_free(struct ties *ties);
size_t ties_memory_bytes(const struct ties *ties);

/* Where what was seen bears out that the message is passed on, or an answer, it weighs as such.  True when it does. */
bool ties_weigh(struct ties *ties, const struct tied_source *source, struct verdict *verdict, struct sent *sent);
/* The greeting of this server was refused with the same answer a while ago, and that has its entry. */
bool ties_is_repeat(struct ties *ties, const struct tied_source *source, const struct verdict *verdict);
/* It is a further try of a message that has its entry, which is changed.  bad: it counts against its source now, and
 * did not before. */
bool ties_retry(struct ties *ties, const struct tied_source *source, const struct sample_limits *limits,
                const struct verdict *verdict, const struct sent *sent, bool *bad);
/* Entry `entry` of its sample, by serial, is this message's. */
void ties_remember(struct ties *ties, const struct tied_source *source, uint32_t entry, const struct verdict *verdict,
                   const struct sent *sent);
/* Where what it weighs does not matter yet, nobody asks: a bounce that comes later does. */
bool ties_has_come_in(struct ties *ties, const struct ip_address *ip, uint64_t message_id);
void ties_came_in(struct ties *ties, const struct ip_address *ip, const struct sent *sent);

/* The key of the message, and if known the mailbox, that a notice which came in to ip speaks of; NULL: there is none.
 */
struct sent_key *ties_find(struct ties *ties, const struct ip_address *ip, const struct notice *notice);
/* Changes the entry of that message.  percent: what the recipient weighs now. */
enum notice_finding ties_apply(struct ties *ties, struct sample *sample, struct sent_key *key,
                               const struct notice *notice, uint8_t percent);

#endif
