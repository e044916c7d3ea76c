/* What the processes tell of themselves, put together; see mailspan/figures.h.
 *
 * A decoder that dies takes no sum down with it: Prometheus would take that for a restart of everything, and count what
 * the others had counted before a second time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/figures.h"

/* What only grows. */
static void add_grown(struct decoder_figures *sum, const struct decoder_figures *part) {
    counters_add(&sum->counters, &part->counters);
    stage_times_add(&sum->times, &part->times);
    if (part->newest_packet > sum->newest_packet) sum->newest_packet = part->newest_packet;
}

static uint64_t without(uint64_t all, uint64_t dropped) {
    return all > dropped ? all - dropped : 0; /* a decoder that was taken over may say anything */
}

/* Its figures are at most a second old: of messages more may have come than these say, and then so many more were
 * begun; or fewer, and then the others went down with a process. */
static void settle(struct metrics_snapshot *snapshot, const struct decoder_seen *seen) {
    const struct counters *last = &seen->figures.counters;
    struct counters *gone = &snapshot->gone.counters;
    uint64_t verdicts = without(last->messages, last->verdicts_dropped);
    uint64_t dialogues = without(last->dialogues, last->dialogues_dropped);
    if (seen->verdicts > verdicts)
        gone->messages += seen->verdicts - verdicts;
    else
        gone->messages_lost += verdicts - seen->verdicts;
    uint64_t ended_since = without(seen->dialogues, dialogues);
    gone->dialogues += ended_since;
    if (!seen->ended) gone->flows_lost += without(seen->figures.flows_untold, ended_since);
}

void metrics_hear_decoder(struct metrics_snapshot *snapshot, unsigned decoder, uint32_t incarnation,
                          const struct decoder_figures *figures, nstime now) {
    if (decoder >= snapshot->decoder_count || decoder >= FIGURES_DECODERS_MAX) return;
    struct decoder_seen *seen = &snapshot->decoders[decoder];
    if (seen->heard != 0 && seen->incarnation != incarnation) {
        add_grown(&snapshot->gone, &seen->figures);
        settle(snapshot, seen);
        *seen = (struct decoder_seen){.heard = 0};
    }
    seen->incarnation = incarnation;
    seen->heard = now;
    seen->figures = *figures;
}

void metrics_decoder_ended(struct metrics_snapshot *snapshot, unsigned decoder) {
    if (decoder < snapshot->decoder_count && decoder < FIGURES_DECODERS_MAX) snapshot->decoders[decoder].ended = true;
}

void metrics_end(struct metrics_snapshot *snapshot) {
    for (unsigned i = 0; i < snapshot->decoder_count; i++) {
        struct decoder_seen *seen = &snapshot->decoders[i];
        if (seen->heard != 0) settle(snapshot, seen);
    }
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
    counters_add(&sum->counters, &snapshot->judge.counters);
    stage_times_add(&sum->times, &snapshot->judge.times);
    for (unsigned i = 0; i < CONFIG_INTERFACES_MAX; i++) { /* only the supervisor asks the kernel */
        sum->counters.kernel_drops += snapshot->supervisor.interfaces[i].kernel_drops;
        sum->counters.interface_drops += snapshot->supervisor.interfaces[i].interface_drops;
        sum->counters.frames_unread += snapshot->supervisor.interfaces[i].frames_unread;
    }
}

bool metrics_complete(const struct metrics_snapshot *snapshot) {
    for (unsigned i = 0; i < snapshot->decoder_count; i++)
        if (snapshot->decoders[i].heard == 0) return false;
    return true;
}
