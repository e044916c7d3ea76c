/* Shares with 95 % intervals, and their total (docs/scoring.md).
 *
 * The interval is Wilson's score interval: E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", 1927.  Unlike the textbook interval it stays within 0 to 100, and is no point at 0 of n.  Successes may
 * be fractions (a weighted bounce, a message read with a confidence below 1): values between 0 and 1 with mean p vary
 * by p(1 - p) at most, and weights of at most 1 make their mean no less certain than n = the sum of the weights says,
 * so the interval is at least as wide as it has to be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"

#include <math.h>

#define Z95 1.959963984540054 /* 97.5th percentile of the normal distribution */

static double clamp(double value, double low, double high) {
    if (value < low) return low;
    return value > high ? high : value;
}

struct score score_share(double successes, double trials) {
    if (!(trials > 0)) return (struct score){0, 0, 100};
    double const x = clamp(successes, 0, trials);
    double const p = x / trials;
    double const z2n = Z95 * Z95 / trials;
    double const centre = (p + z2n / 2) / (1 + z2n);
    double const half = sqrt(z2n * (p * (1 - p) + z2n / 4)) / (1 + z2n);
    double const value = 100 * x / trials; /* not 100 * p: 29 of 100 is 29 */
    /* The interval holds its value by definition; rounding must not say otherwise at 0 and 100. */
    return (struct score){value, clamp(100 * (centre - half), 0, value), clamp(100 * (centre + half), value, 100)};
}

/* 1 - (1 - a)(1 - b) in percent; exact when one of them is 0. */
static double either(double a, double b) {
    return a + b - a * b / 100;
}

static double total_of(double content, double bounce, double setup) {
    return clamp(either(either(content, bounce), SCORE_SETUP_WEIGHT * setup), 0, 100);
}

struct score score_total(const struct score *content, const struct score *bounce, const struct score *setup) {
    double const value = total_of(content->value, bounce->value, setup->value);
    /* The total grows with each of the three, so its bounds are those of their bounds; but for rounding, again. */
    return (struct score){value, clamp(total_of(content->low, bounce->low, setup->low), 0, value),
                          clamp(total_of(content->high, bounce->high, setup->high), value, 100)};
}
