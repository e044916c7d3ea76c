/* What a judge has counted, in memory that outlives it: the next judge goes on from there, and no sum goes back.
 *
 * Prometheus takes a sum that goes back for a restart of everything, and counts what living decoders had counted before
 * a second time.
 *
 * The supervisor makes it before it forks; the judge alone writes to it, and decoders, which may be somebody else's by
 * then, give it back first of all.  Samples and blocks are not in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_JUDGE_MEMORY_H
#define MAILSPAN_PROCESS_JUDGE_MEMORY_H

#include "mailspan/figures.h"

struct judge_memory;

struct judge_memory *judge_memory_new(void); /* NULL: not enough memory */
/* Of this process alone.  NULL is none. */
void judge_memory_free(struct judge_memory *memory);

/* To be done before anybody is shown the snapshot. */
void judge_memory_keep(struct judge_memory *memory, const struct metrics_snapshot *snapshot);
/* What was kept last, whole, wherever the judge died; false when nothing was.  Only figures: config and started of the
 * snapshot are left as they are. */
bool judge_memory_last(const struct judge_memory *memory, struct metrics_snapshot *snapshot);

#endif
