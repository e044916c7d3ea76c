/* matcher_check: whether the installed pattern library finds what it should, on this processor.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_MATCHER_CHECK_H
#define SCORING_MATCHER_CHECK_H

#include <stdbool.h>

/* False when the library loses matches (or has no memory to try).  Takes about a millisecond. */
bool matcher_is_sound(void);

#endif
