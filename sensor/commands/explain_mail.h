/* `mailspan explain FILE.eml ...`: what mails tell of other mails.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_EXPLAIN_MAIL_H
#define MAILSPAN_COMMANDS_EXPLAIN_MAIL_H

#include "mailspan/bounce.h"

/* Each file in its turn ("-": standard input).  Returns the exit code. */
int explain_mails(const struct bounce_rules *bounces, char *const *files, int count, bool json);

#endif
