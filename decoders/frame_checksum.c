/* The checksums of IPv4's header and of TCP, for captures in which they are right (capture.checksums: verify).
 *
 * The one's complement sum of what a checksum covers, the checksum included, has every bit set (RFC 1071 1).
 *
 * RFC 791 3.1, 1071, 8200 8.1, 9293 3.1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_layers.h"

enum { PROTOCOL_TCP = 6 };

/* Adds big-endian pairs; a last byte alone counts as if a zero followed. */
static uint64_t add(uint64_t sum, struct span bytes) {
    size_t even = bytes.len & ~(size_t)1;
    for (size_t i = 0; i < even; i += 2) sum += (uint64_t)bytes.data[i] << 8 | bytes.data[i + 1];
    return even == bytes.len ? sum : sum + ((uint64_t)bytes.data[even] << 8);
}

static bool all_bits(uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

bool checksum_is_right(struct span header) {
    return all_bits(add(0, header));
}

bool tcp_checksum_is_right(const struct packet *packet, struct span segment) {
    struct span from = span_of(packet->from.ip.bytes, 16);
    struct span to = span_of(packet->to.ip.bytes, 16);
    if (ip_is_v4(&packet->from.ip)) {
        from = span_from(from, 12);
        to = span_from(to, 12);
    }
    return all_bits(add(add(add(PROTOCOL_TCP + (segment.len >> 16) + (segment.len & 0xffff), from), to), segment));
}
