/* Whether recipients come as out of a dictionary: mailspan/habits.h.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_RECIPIENT_ORDER_H
#define MAILSPAN_SCORING_RECIPIENT_ORDER_H

#include "mailspan/habits.h"
#include "mailspan/span.h"

struct recipient_mark recipient_mark_of(struct span mailbox);
/* The next recipient of a message.  Zeroed memory is one without any. */
void recipient_order_add(struct recipient_order *order, struct span mailbox, bool refused);
/* The next message's recipients behind those of the ones before: `last` is the last of these, `run` the run that it
 * ends.  Returns the longest run that the message has, or goes on with. */
struct recipient_run recipient_order_join(struct recipient_mark *last, struct recipient_run *run,
                                          const struct recipient_order *order);

#endif
