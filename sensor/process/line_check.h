/* Whether a line that a decoder made is what one of ours makes: one object of JSON (RFC 8259) without blanks,
 * well-formed UTF-8, nothing in it that a terminal obeys or that hides text.  Who reads the output must get from it
 * what it says, and a hostile decoder must not be able to make an event of a message, or a line at which a reader
 * stops.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_LINE_CHECK_H
#define MAILSPAN_PROCESS_LINE_CHECK_H

#include "mailspan/span.h"

#define LINE_DEPTH_MAX 32 /* ours has five */

/* The outer object's keys have no escapes, and only the first may be "type": of two, many a reader believes the last.
 */
bool line_is_object(struct span line);

#endif
