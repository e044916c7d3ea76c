/* capture: where frames come from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CAPTURE_H
#define MAILSPAN_CAPTURE_H

#include "mailspan/clock.h"
#include "mailspan/config.h"
#include "mailspan/counters.h"
#include "mailspan/loss_window.h"
#include "mailspan/span.h"

#define CAPTURE_ERROR_BYTES 512

struct frame_seen {
    int link_type;
    uint32_t wire_length;
    nstime time;
    struct span captured; /* lives until the next frame is asked for */
    bool stays;           /* ... or until CAPTURE_FRAMES_STAY more were, and one more is */
};

#define CAPTURE_FRAMES_STAY 16

/* A time stamp of seconds since 1970 and a fraction.  False when it is out of range: negative, or of 2200 or later. */
static inline bool capture_time(int64_t seconds, int64_t fraction_ns, nstime *time) {
    int64_t sum;
    if (__builtin_mul_overflow(seconds, (int64_t)NS_PER_S, &sum) || __builtin_add_overflow(sum, fraction_ns, &sum))
        return false;
    *time = sum;
    return sum >= 0 && sum < NSTIME_END;
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

/* --- one handle on an interface (live.c) ---------------------------------------------------------------------------
 */

struct capture_live;

#define CAPTURE_BLOCK_MS 100 /* so long the kernel may gather frames before a reader sees the first of them */

void capture_live_close(struct capture_live *live);
int capture_live_descriptor(const struct capture_live *live); /* readable when there are frames */
/* Hands on what is there, at most frames_max.  Returns how many, or with error filled: CAPTURE_GONE when the interface
 * was deleted (also when one of its name is there again), CAPTURE_FAILED otherwise.  While it is down there is nothing.
 */
enum { CAPTURE_FAILED = -1, CAPTURE_GONE = -2 };
int capture_live_read(struct capture_live *live, unsigned frames_max,
                      void (*frame)(void *context, const struct frame_seen *frame), void *context,
                      char error[CAPTURE_ERROR_BYTES]);
uint64_t capture_live_time_wrong(const struct capture_live *live); /* counted by whoever reads: frame_time_wrong */

/* --- the queues of an interface (group.c) ---------------------------------------------------------------------------
 * The supervisor opens them all and forks a decoder for each number, which reads that queue of every interface.  A
 * connection has the same number on every interface, in both directions, while all have as many queues.
 */

struct capture_group;

/* Opens as many queues as the configuration says, which lives as long as the group.  NULL with error filled. */
struct capture_group *capture_group_open(const char *interface, const struct config *config,
                                         char error[CAPTURE_ERROR_BYTES]);
void capture_group_close(struct capture_group *group);
/* The filter is as this one says from now on, and so is what is renewed or reopened; the number of queues stays. config
 * must outlive the group, or the next call. */
void capture_group_configure(struct capture_group *group, const struct config *config);
unsigned capture_group_queues(const struct capture_group *group);
const char *capture_group_name(const struct capture_group *group);
/* NULL while the last attempt to renew or to reopen it failed. */
struct capture_live *capture_group_handle(const struct capture_group *group, unsigned queue);
/* In another process, after fork: lets go of all queues but this one, or of all.  Of what is left it can read the
 * handle, and close the group. */
#define CAPTURE_NO_QUEUE UINT32_MAX
void capture_group_keep(struct capture_group *group, unsigned queue);
/* A new handle in the place of that of a decoder that died: the other queues keep their connections.  False with error
 * filled: the queue keeps its place and loses its frames; to be tried again. */
bool capture_group_renew(struct capture_group *group, unsigned queue, char error[CAPTURE_ERROR_BYTES]);
/* Whether that failed the last time. */
bool capture_group_lacks(const struct capture_group *group, unsigned queue);
/* New handles for all queues, for CAPTURE_LINK_STALE; every decoder needs its new one.  False with error filled: there
 * are none now; to be tried again. */
bool capture_group_reopen(struct capture_group *group, char error[CAPTURE_ERROR_BYTES]);
/* "", or what is not as the configuration says, in one sentence for people. */
const char *capture_group_notice(const struct capture_group *group);

/* Since the group was opened, over all renewals; none ever goes down.  For the supervisor alone, which thus knows them
 * when a decoder dies, and for loss_window. */
struct loss_counts capture_group_totals(struct capture_group *group);
/* Of one queue: taken and kernel_drops. */
struct loss_counts capture_group_queue_totals(struct capture_group *group, unsigned queue);
/* The end was asked for: what has come until now is to be read.  Then, of a queue whose reader has ended: how many
 * frames of that were not; from then on they are among the unread. */
void capture_group_end(struct capture_group *group);
uint64_t capture_group_give_up(struct capture_group *group, unsigned queue);

/* --- interfaces that come and go (link_watch.c) ---------------------------------------------------------------------
 */

/* The kernel tells of each change, so nothing is polled, and an interface that was down for a moment is noticed. */
struct link_watch;
struct link_watch *link_watch_open(char error[CAPTURE_ERROR_BYTES]);
void link_watch_close(struct link_watch *watch);
int link_watch_descriptor(const struct link_watch *watch); /* readable when something changed */
struct link_change {
    int interface; /* its number; 0: the kernel had more to tell than room, so anything may have changed */
    bool down;     /* it is, or was for a moment */
    bool deleted;  /* it was: another one may have its name, and even its number, by now */
};
/* The next change; false when there is none left. */
bool link_watch_next(struct link_watch *watch, struct link_change *change);

/* Each group is told of each change, and may be asked at any time. */
void capture_group_note(struct capture_group *group, const struct link_change *change);
/* Whether anything can come from it now.  libpcap waits silently while an interface is down. */
enum capture_link {
    CAPTURE_LINK_UP,
    CAPTURE_LINK_DOWN,
    CAPTURE_LINK_NO_CARRIER,
    CAPTURE_LINK_GONE, /* there is no such interface */
    CAPTURE_LINK_STALE /* it is there, and its handles are no longer the right ones: capture_group_reopen */
};
enum capture_link capture_group_link(const struct capture_group *group);

#endif
