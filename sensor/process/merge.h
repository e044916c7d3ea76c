/* What the parts of a decoding tell, put together as one decoding of all flows would have told it (decoding_place).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MERGE_H
#define MAILSPAN_MERGE_H

#include "process/wire.h"

#define MERGE_PARTS_MAX 64

enum merge_result {
    MERGE_RECORD,
    MERGE_NOTHING, /* the part that merge_waits_for names must say something first */
    MERGE_OVER,    /* all parts have ended */
    MERGE_LOST,    /* the part that merge_waits_for names is gone without a last word, or says what it must not */
};

struct merge;

/* fds: of each part's channel.  rules, classes: see wire_read.  NULL: not enough memory. */
struct merge *merge_new(const int *fds, unsigned count, unsigned rules, unsigned classes);
void merge_free(struct merge *merge);
/* The next record but progress and figures; it lives until the next call. */
enum merge_result merge_next(struct merge *merge, const struct wire_record **record);
unsigned merge_waits_for(const struct merge *merge);
/* How far all parts have come, in steps of decoding_place. */
uint64_t merge_step(const struct merge *merge);
/* Adds up what the parts said last of their figures; times and protocols, too. */
void merge_figures(const struct merge *merge, struct counters *counters, struct decoding_figures *figures);

#endif
