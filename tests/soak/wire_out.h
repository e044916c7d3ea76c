/* wire_out: frames put on an interface, many with one system call, and what became of them there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_OUT_H
#define WIRE_OUT_H

#include <stddef.h>
#include <stdint.h>

enum {
    WIRE_FRAME_MAX = 65535 + 18, /* a datagram of the largest size, behind Ethernet and a tag */
    WIRE_BATCH = 64,
};

struct wire_totals {
    uint64_t frames; /* that the interface took */
    uint64_t bytes;
    uint64_t refused; /* too short, or too long for it */
    uint64_t no_room; /* it had no memory for them */
    /* Of the frames, those that a kernel may keep from a listener without counting them: fragments of IPv4, which it
     * puts together for the queues of a group, and tags that are cut off. */
    uint64_t may_vanish;
};

struct wire_out;

/* NULL: says why on standard error. */
struct wire_out *wire_out_open(const char *interface);
void wire_out_close(struct wire_out *out);

/* Where the next frame is written; wire_out_add puts it into the batch, and sends that when it is full. */
uint8_t *wire_out_room(struct wire_out *out);
void wire_out_add(struct wire_out *out, size_t bytes);
void wire_out_flush(struct wire_out *out);

const struct wire_totals *wire_out_totals(const struct wire_out *out);

#endif
