/* expression_try: whether the rule engine would take a regular expression, without compiling it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_EXPRESSION_TRY_H
#define MAILSPAN_EXPRESSION_TRY_H

#include <stdbool.h>

#include "mailspan/problem.h"

/* in_text: for body and raw, where ^ and $ are at lines, too.  False: problem->what says what is wrong. */
bool expression_try(const char *text, bool in_text, struct problem *problem);

#endif
