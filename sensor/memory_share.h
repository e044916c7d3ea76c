/* What each source may have of the arena pool, and who gives way when it runs short.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MEMORY_SHARE_H
#define MAILSPAN_MEMORY_SHARE_H

#include "mailspan/address.h"
#include "mailspan/arena.h"
#include "mailspan/clock.h"

struct share_table;
struct source_share;

/* A dialogue among those of its source; part of its connection. */
struct share_member {
    struct block_account account; /* of the dialogue and its messages */
    struct source_share *share;
    struct share_member *older, *newer; /* in its source's list, while it holds more than one block */
    nstime listed;                      /* when it was last put at the young end of the list */
    bool in_list;
};

/* For the dialogues that take their memory from the pool, which must have its size by now.  NULL: not enough memory. */
struct share_table *share_table_new(const struct block_pool *pool);
void share_table_free(struct share_table *table);
size_t share_table_memory_bytes(const struct share_table *table);

/* The share of a source, to be given back by share_put() when what was taken on its account has been given back, too.
 * ipv6_prefix_bits of an IPv6 address make a source.  NULL: more than the pool has blocks are taken. */
struct source_share *share_get(struct share_table *table, const struct ip_address *ip, uint8_t ipv6_prefix_bits);
/* All that is not the provider's own has one share together, and a smaller one. */
struct source_share *share_get_outside(struct share_table *table);
void share_put(struct share_table *table, struct source_share *share);
struct block_account *share_account(struct source_share *share);

/* The member holds `blocks` blocks, which the share has counted already. */
void share_join(struct share_member *member, struct source_share *share, size_t blocks);
/* Notes that the member is alive; called when it may have taken memory. */
void share_touch(struct share_member *member, nstime now);
void share_leave(struct share_member *member);
/* What the member still holds is not the share's any more: those that had to give way must not stand in the way. */
void share_forget(struct share_member *member);

/* Who has to give way before somebody of the share takes more: of the share itself when that has used up what it may
 * have, of the heaviest share when the pool runs short; NULL when nobody need, or nobody but `current` has any. */
struct share_member *share_victim(struct share_table *table, struct source_share *share,
                                  const struct share_member *current);

#endif
