/* mapped: frames of a pcap file straight out of the page cache.
 *
 * What libpcap does with a file costs more than the rest of the path does with a frame that is no mail: each frame is
 * copied twice, out of the kernel and out of stdio's buffer.  Here the file is mapped, a window at a time, and a frame
 * lies where it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAPPED_H
#define MAILSPAN_MAPPED_H

#include <stdint.h>
#include <stdio.h>

#include "mailspan/span.h"

struct mapped {
    int descriptor; /* somebody else's */
    bool in_use;
    bool nanoseconds;
    uint32_t frame_bytes_max; /* the file's snap length */
    uint64_t size;            /* of the file, when it was looked at last */
    uint64_t at;              /* the next record's place in the file */
    uint64_t peeked;          /* the place of the next record to look at ahead of its turn, if it is behind `at` */
    uint8_t *window;          /* NULL: none */
    uint64_t window_start;
    size_t window_bytes;
};

struct mapped_frame {
    int64_t seconds;
    int64_t fraction_ns;
    uint32_t wire_length;
    struct span captured; /* until the next one is asked for */
};

/* stream: where libpcap has opened it, behind the file's header.  False when it is not such a file: a pipe, pcapng, the
 * other byte order, an older version. */
bool mapped_begin(struct mapped *mapped, FILE *stream, uint32_t frame_bytes_max);
/* False where anything is out of the ordinary: the end, half a record, one that is too long, a file that was cut
 * meanwhile.  Then mapped->at is where libpcap is to go on, whose words everybody knows. */
bool mapped_next(struct mapped *mapped, struct mapped_frame *frame);
/* A frame that mapped_next will give, each once, in order, and as it will give it; those that were given meanwhile are
 * left out.  False when the next one is not known yet. */
bool mapped_peek(struct mapped *mapped, struct mapped_frame *frame);
void mapped_end(struct mapped *mapped);

#endif
