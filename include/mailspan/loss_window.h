/* loss_window: how much of an interface's frames was lost in the last minute.
 *
 * What a decoder sees of a connection it cannot know to be whole when frames were dropped: a lost reply may never be
 * missed.  So the share of frames that were lost counts as unseen, beside what the sample itself knows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_LOSS_WINDOW_H
#define MAILSPAN_LOSS_WINDOW_H

#include "mailspan/clock.h"

#define LOSS_WINDOW_S 60

/* Counts since the capture began; none ever goes down. */
struct loss_counts {
    uint64_t taken;            /* frames that passed the filter, those that the kernel then dropped included */
    uint64_t kernel_drops;     /* of these */
    uint64_t unread;           /* of these, too: whoever was to read them had died.  No loss for the window: the next
                                  one knows none of those connections, and so mistakes none */
    uint64_t interface_frames; /* frames that the interface received, whether they passed the filter or not */
    uint64_t interface_drops;  /* frames that it did not, beside these */
};

/* Begins as zero. */
struct loss_window {
    struct loss_counts last; /* as they were noted last */
    struct loss_second {
        int64_t second;
        struct loss_counts counts;
    } seconds[LOSS_WINDOW_S];
};

/* About once a second, with the same clock always.  What was counted since the last time happened now. */
void loss_window_note(struct loss_window *window, nstime now, const struct loss_counts *counts);

/* The share of the frames of the last LOSS_WINDOW_S seconds that did not reach the sensor, from 0 to 1: lost in the
 * interface, or passed by it and lost in the kernel. */
double loss_window_share(const struct loss_window *window, nstime now);

#endif
