/* Header text: unfolding (RFC 5322 2.2.3) and encoded words (RFC 2047).  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAIL_TEXT_H
#define MAILSPAN_MAIL_TEXT_H

#include "charset.h"

/* Takes line ends out and trims.  The result is of value itself when there is nothing to take out, else of out, which
 * has room for value.len. */
struct span mail_text_unfold(struct span value, uint8_t *out);

/* The same, but that the blanks with which a line goes on are one: of a folded value so much as has max bytes when it
 * is unfolded. */
struct span mail_text_join_lines(struct span value, size_t max, uint8_t *out);

/* An unfolded value in UTF-8: encoded words decoded, bytes over 127 kept where they are UTF-8 and else taken for
 * windows-1252.  The result is raw itself when it is plain ASCII, else of the table's scratch.value. */
struct span mail_text_decode(struct charset_table *table, struct span raw, struct counters *counters);

#endif
