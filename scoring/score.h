/* Shares of a sample with their intervals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SCORING_SCORE_H
#define MAILSPAN_SCORING_SCORE_H

#include "mailspan/sample.h"

/* How far bad set-up moves the total: on its own to 25, so that it can warn but not block. */
#define SCORE_SETUP_WEIGHT 0.25

/* The share successes/trials in percent with its 95 % Wilson interval; both may be fractions.  No trials: 0, 0 to 100.
 */
struct score score_share(double successes, double trials);

/* All three together: 100 * (1 - (1 - content) (1 - bounce) (1 - SCORE_SETUP_WEIGHT * setup)), on shares from 0 to 1.
 */
struct score score_total(const struct score *content, const struct score *bounce, const struct score *setup);

#endif
