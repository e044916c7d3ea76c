/* The content of a message on its way to the mail decoder and the rules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MESSAGE_CONTENT_H
#define MAILSPAN_MESSAGE_CONTENT_H

#include "connection.h"

/* Takes in an SMTP_BODY, SMTP_BODY_GAP or SMTP_BODY_END; what is made of it lies in the message's arena. */
void message_content_read(struct connection_shared *shared, const struct stream_info *info,
                          const struct smtp_item *item);
/* NULL: no content was seen. */
const struct mail_summary *message_content_summary(const struct message *message);
/* What it tells of other messages; NULL: nothing of the kind was looked for. */
const struct mail_report *message_content_report(const struct message *message);
struct rule_scan *message_content_scan(const struct message *message);
/* Gives the scan back; the rest goes with the message's arena. */
void message_content_end(const struct message *message);

#endif
