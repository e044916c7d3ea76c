/* unclassified: refusals of no known kind, by their shape, so that the rules can be extended by what is really said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_UNCLASSIFIED_H
#define MAILSPAN_UNCLASSIFIED_H

#include "mailspan/verdict.h"

/* Refusals that differ in numbers, addresses, names of hosts and the like only. */
struct unclassified {
    uint64_t count;       /* of them: at least so many; 0: this place is free */
    uint64_t before;      /* how many others may have been counted in this place: it ages with them */
    struct verdict first; /* stage, code, text: of the one that came first */
    char shape[VERDICT_TEXT_BYTES];
};

struct unclassified_table {
    struct unclassified rows[LIMIT_UNCLASSIFIED];
};

/* Takes a message that was refused for no known reason. */
void unclassified_add(struct unclassified_table *table, const struct verdict *verdict);
/* The most frequent ones first; where they are as frequent, in the order in which they came.  Returns how many. */
unsigned unclassified_most(const struct unclassified_table *table,
                           const struct unclassified *most[LIMIT_UNCLASSIFIED_TOLD]);

#endif
