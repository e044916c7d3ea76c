/* Text of strangers, made fit for people.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_PLAIN_TEXT_H
#define MAILSPAN_SCORING_PLAIN_TEXT_H

#include "mailspan/span.h"

/* Copies what fits into a text of `size` bytes that are all zero, but for the last byte, cut between characters.  What
 * is no character becomes U+FFFD, a control character a blank. */
void plain_text_copy(char *out, size_t size, struct span text);

#endif
