/* mapped: frames of a pcap file straight out of the page cache.
 *
 * What libpcap does with a file costs more than the rest of the path does with a frame that is no mail: each frame is
 * copied twice, out of the kernel and out of stdio's buffer.  Here the file is mapped, a window at a time, and a frame
 * lies where it is, and stays there for a while (frame_seen.stays).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAPPED_H
#define MAILSPAN_MAPPED_H

#include <stdint.h>
#include <stdio.h>

#include "capture/capture.h"

struct mapped_window {
    uint8_t *bytes; /* NULL: none */
    uint64_t start; /* its place in the file */
    size_t length;
};

struct mapped {
    int descriptor; /* somebody else's */
    bool in_use;
    bool nanoseconds;
    uint32_t frame_bytes_max; /* the file's snap length */
    uint64_t at;              /* the next record's place in the file */
    struct mapped_window window;
    struct mapped_window before; /* the one before, for frames that stay */
    unsigned frames;             /* of the window */
};

/* stream: where libpcap has opened it, behind the file's header.  False when it is not such a file: a pipe, pcapng, the
 * other byte order, an older version. */
bool mapped_begin(struct mapped *mapped, FILE *stream, uint32_t frame_bytes_max);
/* The next frame, all but its link type.  False where anything is out of the ordinary: the end, half a record, one that
 * is too long, a time that is out of range, a file that was cut meanwhile.  Then mapped->at is where libpcap is to go
 * on, whose words everybody knows. */
bool mapped_next(struct mapped *mapped, struct frame_seen *frame);
/* No frame of it is needed any more. */
void mapped_end(struct mapped *mapped);

#endif
