/* Records on their way to a descriptor whose reader may be slow, stand still, or be gone.
 *
 *   sink_file -> [ waiting, whole records ][ the record being written ]  a ring of fixed size
 *                 `-> the descriptor, as much as it takes
 *
 * A record is taken whole or not at all: one that finds no room, or no reader, is dropped when it ends.  How long the
 * sink waits for its reader is said by sink_wait_until: not at all (a sensor must go on), or as long as it takes (the
 * reader of a replay sets its pace).
 *
 * A descriptor that is shared with others (a terminal with its shell) must not be made non-blocking for them: a FIFO or
 * terminal is opened anew, by way of /proc; where that is not allowed, bytes are written in pieces that the kernel has
 * said it has room for.  A plain file never waits for a reader; where its disk is full, that is an error, or, for those
 * who asked for it, a reader who stands still: what was begun is ended when there is room.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_SINK_H
#define MAILSPAN_PUBLISH_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SINK_WAIT_NEVER 0
#define SINK_WAIT_EVER INT64_MAX

struct sink;

struct sink *sink_new(int fd, size_t capacity); /* NULL: not enough memory */
/* Does not flush, and leaves fd open. */
void sink_free(struct sink *sink);
/* What writes a record.  Unbuffered: every byte goes into the ring at once. */
FILE *sink_file(struct sink *sink);
/* The descriptor that becomes writable when the reader goes on. */
int sink_descriptor(const struct sink *sink);
/* Until when a full sink waits for its reader, by the monotonic clock in ns. */
void sink_wait_until(struct sink *sink, int64_t monotonic_ns);

/* From now on a full disk is no error: what waits is tried again at each flush. */
void sink_wait_for_room(struct sink *sink);

/* How much was written since the last record ended. */
size_t sink_record_bytes(const struct sink *sink);
/* Ends the record: true when it was taken.  Records that wait are written when there are many, or by sink_flush. */
bool sink_record_end(struct sink *sink);
/* Writes what the descriptor takes; true when nothing is left. */
bool sink_flush(struct sink *sink);
size_t sink_waiting_bytes(const struct sink *sink);
/* errno of the write that failed, or 0.  Nothing is taken from then on. */
int sink_error(const struct sink *sink);
/* errno of a full disk that is waited for, or 0: it was not full when it was last written. */
int sink_no_room(const struct sink *sink);

int64_t sink_now(void); /* the monotonic clock in ns */

#endif
