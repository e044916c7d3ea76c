/* Fuzz target: one frame.  The first two bytes choose the link type and how much longer the wire's frame was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "mailspan/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span part, struct span whole) {
    if (part.len == 0) return;
    assert(part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int links[] = {1, 113, 276, 12, 0, 108, 101, 14, 228, 229, 105};
    if (size < 2) return 0;
    struct span const frame = span_of(data + 2, size - 2);
    struct counters counters = {0};
    struct packet packet;
    int const link = links[data[0] % (sizeof links / sizeof *links)];
    uint32_t const wire = (uint32_t)frame.len + (uint32_t)data[1] * 16;
    struct frame_decoder const decoder = {.counters = &counters};
    enum frame_result const result = frame_decode(&decoder, link, frame, wire, 1, &packet);
    uint64_t const counted = counters.tcp_segments + counters.frame_other + counters.fragments +
                             counters.frame_malformed + counters.frame_too_deep + counters.frame_unknown;
    assert(counted == 1);
    if (result != FRAME_TCP) return 0;
    assert(packet.payload.len <= packet.payload_length && packet.payload_length <= wire);
    assert((packet.payload.len < packet.payload_length) == (counters.segment_snapped == 1));
    check_inside(packet.payload, frame);
    check_inside(packet.datagram, frame);
    return 0;
}
