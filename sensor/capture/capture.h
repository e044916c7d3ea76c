/* capture: where frames come from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CAPTURE_H
#define MAILSPAN_CAPTURE_H

#include "mailspan/clock.h"
#include "mailspan/config.h"
#include "mailspan/counters.h"
#include "mailspan/span.h"

#define CAPTURE_ERROR_BYTES 512

struct frame_seen {
    int link_type;
    uint32_t wire_length;
    nstime time;
    struct span captured; /* lives until the next frame is asked for */
};

/* A time stamp of seconds since 1970 and a fraction.  False when it is out of range: negative, or beyond what nstime
 * holds (the year 2262). */
static inline bool capture_time(int64_t seconds, int64_t fraction_ns, nstime *time) {
    int64_t sum;
    if (__builtin_mul_overflow(seconds, (int64_t)NS_PER_S, &sum) || __builtin_add_overflow(sum, fraction_ns, &sum))
        return false;
    *time = sum;
    return sum >= 0;
}

/* --- recorded captures (file.c) ------------------------------------------------------------------------------------
 */

struct capture_files;

/* Opens captures (pcap or pcapng, micro- or nanoseconds; a FIFO; "-" for standard input) to be read as one, in order
 * of time.  One that cannot be read is told through complain, and left out.  NULL: not enough memory. */
struct capture_files *capture_files_open(char *const *names, unsigned count, void (*complain)(const char *text),
                                         unsigned *failed);
/* From here on complaints are told to somebody else. */
void capture_files_complain_to(struct capture_files *files, void (*complain)(const char *text));
/* The next frame in time; false at the end.  A capture that ends in the middle of a frame is told through complain, and
 * counted (capture_cut); the others go on.  A frame whose time is out of range is left out and counted
 * (frame_time_wrong). */
bool capture_files_next(struct capture_files *files, struct frame_seen *frame, struct counters *counters);
void capture_files_close(struct capture_files *files);

/* --- interfaces (live.c) -------------------------------------------------------------------------------------------
 */

struct capture_live;

/* Opens an interface through libpcap's memory-mapped ring.  NULL with error filled. */
struct capture_live *capture_live_open(const char *interface, const struct config *config,
                                       char error[CAPTURE_ERROR_BYTES]);
void capture_live_close(struct capture_live *live);
int capture_live_descriptor(const struct capture_live *live); /* readable when there are frames */
/* Hands on what is there, at most frames_max.  Returns how many, or -1 with error filled when the interface is gone. */
int capture_live_read(struct capture_live *live, unsigned frames_max,
                      void (*frame)(void *context, const struct frame_seen *frame), void *context,
                      char error[CAPTURE_ERROR_BYTES]);
/* Adds what was lost since the capture was opened: kernel_drops, interface_drops, frame_time_wrong. */
void capture_live_add_losses(struct capture_live *live, struct counters *counters);
/* Whether anything can come from it now.  libpcap waits silently while an interface is down. */
enum capture_link { CAPTURE_LINK_UP, CAPTURE_LINK_DOWN, CAPTURE_LINK_NO_CARRIER };
enum capture_link capture_live_link(const struct capture_live *live);
const char *capture_live_name(const struct capture_live *live);

#endif
