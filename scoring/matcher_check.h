/* matcher_check: whether the installed pattern library finds what it should, on this processor.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_MATCHER_CHECK_H
#define SCORING_MATCHER_CHECK_H

#include <hs/hs.h>
#include <stdbool.h>

/* What all is compiled for: it runs on each processor that the library runs on.  The library still takes the quickest
 * code of its own that the processor has.  What its compiler would choose for AVX2 was never quicker in prose, and took
 * twice the time for 50 to 100 phrases. */
extern const hs_platform_info_t any_processor;

/* False when the library loses matches (or has no memory to try).  Takes a few milliseconds. */
bool matcher_is_sound(void);

#endif
