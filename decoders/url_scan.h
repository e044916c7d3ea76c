/* URLs counted in text that comes in any cut.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_URL_SCAN_H
#define MAILSPAN_URL_SCAN_H

#include "mailspan/mail.h"

/* Counts the URLs of this piece in the summary. */
void url_scan_text(struct mail_summary *summary, struct span text, struct counters *counters);
/* The text ends: one that ends with it counts too. */
void url_scan_end(struct mail_summary *summary, struct counters *counters);

#endif
