/* What a verdict is made with of a message for later mail (mailspan/sent.h).
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SENT_KEYS_H
#define MAILSPAN_SCORING_SENT_KEYS_H

#include "mailspan/mail.h"
#include "mailspan/message.h"

/* summary may be NULL. */
void sent_begin(struct sent *sent, const struct message *message, const struct mail_summary *summary);
/* The next recipient; what it weighs when it failed, from 0 to 1, else 0. */
void sent_add_mailbox(struct sent *sent, const struct recipient *recipient, double own, double passed_on);
/* All were added. */
void sent_end(struct sent *sent, const struct message *message);
/* PASSES_...; summary may be NULL. */
uint8_t sent_passes_on(const struct message *message, const struct mail_summary *summary);

#endif
