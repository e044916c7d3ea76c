/* What the processes tell of themselves, put together; see mailspan/figures.h.
 *
 * A decoder that dies takes no sum down with it: Prometheus would take that for a restart of everything, and count what
 * the others had counted before a second time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/figures.h"

static void add_counters(struct counters *sum, const struct counters *part) {
#define X(name, help) sum->name += part->name;
    MAILSPAN_TOTALS(X)
    MAILSPAN_LOSSES(X)
#undef X
}

/* What only grows. */
static void add_grown(struct decoder_figures *sum, const struct decoder_figures *part) {
    add_counters(&sum->counters, &part->counters);
    stage_times_add(&sum->times, &part->times);
    if (part->newest_packet > sum->newest_packet) sum->newest_packet = part->newest_packet;
}

void metrics_hear_decoder(struct metrics_snapshot *snapshot, unsigned decoder, uint32_t incarnation,
                          const struct decoder_figures *figures, nstime now) {
    if (decoder >= snapshot->decoder_count || decoder >= FIGURES_DECODERS_MAX) return;
    struct decoder_seen *seen = &snapshot->decoders[decoder];
    if (seen->heard != 0 && seen->incarnation != incarnation) add_grown(&snapshot->gone, &seen->figures);
    seen->incarnation = incarnation;
    seen->heard = now;
    seen->figures = *figures;
}

void metrics_sum(const struct metrics_snapshot *snapshot, struct decoder_figures *sum) {
    *sum = snapshot->gone;
    for (unsigned i = 0; i < snapshot->decoder_count; i++) {
        const struct decoder_figures *part = &snapshot->decoders[i].figures;
        add_grown(sum, part);
        sum->flows_open += part->flows_open;
        sum->flows_max += part->flows_max;
        sum->pool_used_bytes += part->pool_used_bytes;
        sum->pool_bytes += part->pool_bytes;
    }
    add_counters(&sum->counters, &snapshot->judge.counters);
    stage_times_add(&sum->times, &snapshot->judge.times);
    for (unsigned i = 0; i < CONFIG_INTERFACES_MAX; i++) { /* only the supervisor asks the kernel */
        sum->counters.kernel_drops += snapshot->supervisor.interfaces[i].kernel_drops;
        sum->counters.interface_drops += snapshot->supervisor.interfaces[i].interface_drops;
    }
}

bool metrics_complete(const struct metrics_snapshot *snapshot) {
    for (unsigned i = 0; i < snapshot->decoder_count; i++)
        if (snapshot->decoders[i].heard == 0) return false;
    return true;
}
