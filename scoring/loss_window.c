/* A ring of seconds.  A second that is as old as the ring is long is overwritten, or left out of the sum until it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/loss_window.h"

/* Whoever counts may have begun anew. */
static uint64_t grown(uint64_t from, uint64_t to) {
    return to >= from ? to - from : to;
}

static int64_t second_of(nstime now) {
    return now < 0 ? 0 : now / NS_PER_S;
}

void loss_window_note(struct loss_window *window, nstime now, const struct loss_counts *counts) {
    int64_t second = second_of(now);
    struct loss_second *slot = &window->seconds[second % LOSS_WINDOW_S];
    const struct loss_counts *last = &window->last;
    if (slot->second != second) *slot = (struct loss_second){.second = second};
    slot->counts.taken += grown(last->taken, counts->taken);
    slot->counts.kernel_drops += grown(last->kernel_drops, counts->kernel_drops);
    slot->counts.interface_frames += grown(last->interface_frames, counts->interface_frames);
    slot->counts.interface_drops += grown(last->interface_drops, counts->interface_drops);
    window->last = *counts;
}

/* More lost than there was cannot be; counters that are read one after the other can say so. */
static double share(uint64_t lost, uint64_t of) {
    return lost == 0 ? 0 : lost >= of ? 1 : (double)lost / (double)of;
}

double loss_window_share(const struct loss_window *window, nstime now) {
    int64_t second = second_of(now);
    struct loss_counts sum = {.taken = 0};
    for (unsigned i = 0; i < LOSS_WINDOW_S; i++) {
        const struct loss_second *slot = &window->seconds[i];
        if (slot->second > second || second - slot->second >= LOSS_WINDOW_S) continue;
        sum.taken += slot->counts.taken;
        sum.kernel_drops += slot->counts.kernel_drops;
        sum.interface_frames += slot->counts.interface_frames;
        sum.interface_drops += slot->counts.interface_drops;
    }
    double kernel = share(sum.kernel_drops, sum.taken);
    double interface = share(sum.interface_drops, sum.interface_frames + sum.interface_drops);
    return 1 - (1 - kernel) * (1 - interface);
}
