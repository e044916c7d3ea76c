/* The frames that nearly all are: Ethernet, up to two VLAN tags, IPv4 without options or IPv6 without extension
 * headers, TCP.  One look at each header instead of frame.c's loop.
 *
 * What is odd in any way is left to the loop, so that it is judged, and counted, in one place: fragments, options,
 * tunnels, lengths that do not fit, frames that were cut within the headers.  tests/unit/test_frame_plain.c compares
 * the two.
 *
 * IEEE 802.3, 802.1Q; RFC 791, 8200, 9293.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_layers.h"

enum {
    MAC_BYTES = 12,
    TAG_BYTES = 4,
    TAGS_MAX = 2,
    TYPE_BYTES = 2,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    TCP_BYTES = 20,
    HEADERS_BYTES_MIN = MAC_BYTES + TYPE_BYTES + IPV4_BYTES + TCP_BYTES,
};

enum { TYPE_IPV4 = 0x0800, TYPE_VLAN = 0x8100, TYPE_QINQ = 0x88a8, TYPE_IPV6 = 0x86dd };

#define PROTOCOL_TCP 6
#define V4_FRAGMENT 0x3fff /* more fragments, or an offset */

static uint32_t be16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t be32(const uint8_t *at) {
    return be16(at) << 16 | be16(at + 2);
}

/* The datagram's length on the wire by its header; 0 when the loop is to judge it.  The caller has looked that the
 * header is there. */
static uint32_t read_v4(const uint8_t *header, struct packet *out) {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (header[0] != 0x45 || header[9] != PROTOCOL_TCP || (be16(header + 6) & V4_FRAGMENT) != 0) return 0;
    memcpy(out->from.ip.bytes, mapped, sizeof mapped);
    memcpy(out->from.ip.bytes + 12, header + 12, 4);
    memcpy(out->to.ip.bytes, mapped, sizeof mapped);
    memcpy(out->to.ip.bytes + 12, header + 16, 4);
    return be16(header + 2);
}

static uint32_t read_v6(const uint8_t *header, struct packet *out) {
    uint32_t payload = be16(header + 4);
    if (header[0] >> 4 != 6 || header[6] != PROTOCOL_TCP || payload == 0) return 0;
    memcpy(out->from.ip.bytes, header + 8, 16);
    memcpy(out->to.ip.bytes, header + 24, 16);
    return IPV6_BYTES + payload;
}

/* tcp: the segment's header; segment: its length on the wire; held: how much of it is captured, TCP_BYTES at least. */
static bool read_segment(const uint8_t *tcp, uint32_t segment, uint32_t held, struct packet *out) {
    uint32_t header = (uint32_t)(tcp[12] >> 4) * 4;
    if (header < TCP_BYTES || header > segment) return false;
    out->from.port = (uint16_t)be16(tcp);
    out->to.port = (uint16_t)be16(tcp + 2);
    out->sequence = be32(tcp + 4);
    out->acknowledgement = be32(tcp + 8);
    out->flags = tcp[13] & 0x3f;
    out->payload_length = segment - header;
    out->payload = held > header ? span_of(tcp + header, held - header) : SPAN_EMPTY;
    return true;
}

bool frame_plain(struct span captured, uint32_t wire_bytes, struct packet *out) {
    if (captured.len < HEADERS_BYTES_MIN) return false;
    size_t at = MAC_BYTES;
    uint32_t type = be16(captured.data + at);
    for (unsigned tags = 0; tags < TAGS_MAX && (type == TYPE_VLAN || type == TYPE_QINQ); tags++) {
        at += TAG_BYTES;
        type = be16(captured.data + at);
    }
    at += TYPE_BYTES;
    bool v4 = type == TYPE_IPV4;
    uint32_t ip_header = v4 ? IPV4_BYTES : IPV6_BYTES;
    if ((!v4 && type != TYPE_IPV6) || captured.len < at + ip_header + TCP_BYTES) return false;
    const uint8_t *ip = captured.data + at;
    uint32_t datagram = v4 ? read_v4(ip, out) : read_v6(ip, out);
    if (datagram < ip_header + TCP_BYTES || datagram > wire_bytes - at) return false;
    uint32_t held = captured.len - at < datagram ? (uint32_t)(captured.len - at) : datagram;
    out->datagram = span_of(ip, held);
    return read_segment(ip + ip_header, datagram - ip_header, held - ip_header, out);
}
