/* Records from one process to another, over a pair of connected SOCK_SEQPACKET sockets.
 *
 *   channel_write -> [batch][batch][batch being filled] -> datagrams -> [datagram] -> channel_read
 *
 * A datagram holds whole records, or a piece of a record that is larger than a batch.  So a process that takes over one
 * end of the pair, because the one that had it has died, finds the beginning of a record again.  Memory is fixed: a
 * record that finds no room is not taken, or, in a channel that waits, waits for its reader.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CHANNEL_H
#define MAILSPAN_CHANNEL_H

#include "mailspan/limits.h"
#include "mailspan/span.h"

#define CHANNEL_RECORD_BYTES_MAX (LIMIT_JSON_LINE_BYTES + (64u << 10))

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct channel_writer;

enum channel_patience {
    CHANNEL_NEVER_WAITS, /* what finds no room is not taken: the wire goes on */
    CHANNEL_WAITS,       /* as long as there is a reader */
};

/* NULL: not enough memory.  bytes: so much memory at least is for what waits for the reader; records that are longer
 * than half a datagram (32 KiB) may leave half of it empty.  fd stays the caller's. */
struct channel_writer *channel_writer_new(int fd, size_t bytes, enum channel_patience patience);
void channel_writer_free(struct channel_writer *writer);
/* From now on what finds no room waits for the reader until then, by the monotonic clock (sink_now). */
void channel_wait_until(struct channel_writer *writer, int64_t monotonic_ns);
/* One record, its parts behind each other.  False when it was not taken: there is no room, or no reader, or it is
 * longer than CHANNEL_RECORD_BYTES_MAX. */
bool channel_write(struct channel_writer *writer, const struct span *parts, unsigned count);
/* Sends what the socket takes, all of it when the channel waits.  True when nothing is left. */
bool channel_flush(struct channel_writer *writer);
/* errno of the write that failed for good; 0: none has. */
int channel_writer_error(const struct channel_writer *writer);
/* Of records that were taken, and not sent yet. */
size_t channel_waiting_bytes(const struct channel_writer *writer);

/* --- reading ------------------------------------------------------------------------------------------------------ */

struct channel_reader;

enum channel_result {
    CHANNEL_RECORD,
    CHANNEL_NOTHING, /* no record has come yet: poll, and ask again */
    CHANNEL_OVER,    /* there is no writer any more */
    CHANNEL_BROKEN,  /* what came is no record: the writer is not to be trusted; the rest of it is dropped */
};

struct channel_reader *channel_reader_new(int fd); /* NULL: not enough memory.  fd stays the caller's. */
void channel_reader_free(struct channel_reader *reader);
/* The next record, which lives until the next call. */
enum channel_result channel_read(struct channel_reader *reader, struct span *record);

#endif
