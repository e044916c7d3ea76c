/* expression_cost: expressions that would take too long, found when they are loaded.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_EXPRESSION_COST_H
#define SCORING_EXPRESSION_COST_H

#include "expressions.h"

/* For one that PCRE2 must confirm: texts are made of what it speaks of, and searched.  False with *problem filled when
 * one of some forty bytes takes more steps than LIMIT_EXPRESSION_STEPS, or when, by the watch of compiled, which may be
 * NULL, this and all that was looked at so far take too long. */
bool expression_stays_small(const struct expression *expression, struct compiled *compiled, struct problem *problem);

/* Compiles each alone, by the watch of compiled (compiled_watch_time); without one nothing is measured.  False with
 * *problem filled at the first one that takes too long, or with which all that were looked at so far do. */
bool expressions_compile_soon(const struct expression *expressions, unsigned count, unsigned mode,
                              struct compiled *compiled, struct problem *problem);

#endif
