/* A live capture in the steps that a group of queues needs: until it is told to begin it takes nothing, so that nothing
 * gets into its ring which is another queue's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CAPTURE_LIVE_H
#define MAILSPAN_CAPTURE_LIVE_H

#include "capture/capture.h"

/* Opens an interface through libpcap's memory-mapped ring (TPACKET_V3): bound to it, its ring empty, deaf.  NULL with
 * error filled. */
struct capture_live *live_prepare(const char *interface, const struct config *config, char error[CAPTURE_ERROR_BYTES]);
/* From now on nothing comes to the socket any more, whoever reads it; what is in its ring stays. */
bool live_deafen(int socket);
/* From now on it takes what the filter passes. */
bool live_begin(struct capture_live *live, const struct config *config, char error[CAPTURE_ERROR_BYTES]);
/* Another filter later on, without a frame lost. */
void live_refilter(struct capture_live *live, const struct config *config);

int live_socket(const struct capture_live *live);
int live_interface(const struct capture_live *live); /* its number */
/* "", or what is not as the configuration says, in one sentence. */
const char *live_notice(const struct capture_live *live);

/* What the kernel says of this handle since it was opened. */
struct live_totals {
    uint64_t taken;           /* passed the filter, whether there was room in the ring or not */
    uint64_t kernel_drops;    /* no room in the ring */
    uint64_t interface_drops; /* of the interface: the same for all its queues */
    uint64_t read;            /* by whichever process reads from it */
};
struct live_totals live_totals(struct capture_live *live);

#endif
