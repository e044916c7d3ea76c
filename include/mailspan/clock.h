/* Time is the packet's: nanoseconds since 1970-01-01 UTC, passed by value to whatever needs to know what time it is.
 * Nothing below the capture asks the system's clock, so a replay and a live run age alike.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CLOCK_H
#define MAILSPAN_CLOCK_H

#include <stdint.h>

typedef int64_t nstime; /* good until the year 2262; what a packet says must be before 2200, so that sums have room */

#define NSTIME_END (INT64_C(7258118400) * NS_PER_S) /* 2200-01-01 */

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

#endif
