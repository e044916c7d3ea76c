/* See word_limit.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/word_limit.h"

/* A clock that was set back begins a second, too: else nothing would be said until it had caught up. */
static bool is_over(const struct word_limit *limit, int64_t now_ms) {
    return !limit->begun || now_ms < limit->begun_ms || now_ms - limit->begun_ms >= WORD_LIMIT_PERIOD_MS;
}

bool word_limit_takes(struct word_limit *limit, size_t bytes, int64_t now_ms) {
    if (is_over(limit, now_ms)) {
        limit->begun = true;
        limit->begun_ms = now_ms;
        limit->lines = 0;
        limit->bytes = 0;
    }
    if (limit->lines < WORD_LIMIT_LINES && bytes <= WORD_LIMIT_BYTES - limit->bytes) {
        limit->lines++;
        limit->bytes += bytes;
        return true;
    }
    limit->passed_lines++;
    limit->passed_bytes += bytes;
    return false;
}

bool word_limit_over(struct word_limit *limit, int64_t now_ms, uint64_t *lines, uint64_t *bytes) {
    if (limit->passed_lines == 0 || !is_over(limit, now_ms)) return false;
    *lines = limit->passed_lines;
    *bytes = limit->passed_bytes;
    limit->passed_lines = limit->passed_bytes = 0;
    return true;
}
