/* How much a decoder may say to people: it reads what strangers send, and may be somebody else's by now.
 *
 * In each second so many lines and bytes are let through; what comes beyond them is counted, and that is said once the
 * second is over.  A second begins with the first line behind the end of the one before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_WORD_LIMIT_H
#define MAILSPAN_PROCESS_WORD_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_LIMIT_LINES 8 /* a second: a decoder in trouble says one, and ends */
#define WORD_LIMIT_BYTES 1024
#define WORD_LIMIT_PERIOD_MS 1000

/* Zeroed it is ready. */
struct word_limit {
    bool begun;
    int64_t begun_ms;
    unsigned lines;
    size_t bytes;                        /* let through since then */
    uint64_t passed_lines, passed_bytes; /* not, and not told yet */
};

/* Whether a line of so many bytes may be said now. */
bool word_limit_takes(struct word_limit *limit, size_t bytes, int64_t now_ms);
/* How many lines and bytes were passed over, once their second is over; they are forgotten then.  False: there is
 * nothing to tell, or not yet. */
bool word_limit_over(struct word_limit *limit, int64_t now_ms, uint64_t *lines, uint64_t *bytes);

#endif
