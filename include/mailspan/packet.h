/* packet: one TCP segment, as found inside a captured frame.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PACKET_H
#define MAILSPAN_PACKET_H

#include "mailspan/clock.h"
#include "mailspan/counters.h"
#include "mailspan/span.h"

/* An IPv6 address, or an IPv4 one mapped into IPv6 (RFC 4291 2.5.5.2): one shape for both, compared with memcmp. */
struct ip_address {
    uint8_t bytes[16];
};

struct endpoint {
    struct ip_address ip;
    uint16_t port; /* host byte order, as every number here */
};

enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10, TCP_URG = 0x20 };

struct packet {
    nstime time;
    uint64_t ordinal; /* of its frame among all that were handed on */
    struct endpoint from;
    struct endpoint to;
    uint32_t sequence;
    uint32_t acknowledgement; /* only with TCP_ACK */
    uint8_t flags;            /* enum tcp_flag */
    uint32_t payload_length;  /* on the wire; more than payload.len when the capture cut the frame */
    struct span payload;      /* borrowed from the frame, or from what its fragments were put together in */
    struct span datagram;     /* the innermost IP datagram, from its header on, without Ethernet's padding */
    bool hashed;              /* the stream engine's: flow_hash is known */
    uint64_t flow_hash;
};

enum frame_result {
    FRAME_TCP,       /* *out is filled */
    FRAME_OTHER,     /* sound, but no TCP, or in a tunnel that is not to be opened: counted */
    FRAME_FRAGMENT,  /* a piece of a datagram that is not complete: counted */
    FRAME_MALFORMED, /* counted, as are wrong checksums where these are verified */
};

struct defragment;
struct ip_prefix;

/* What outlives a frame. */
struct frame_decoder {
    struct defragment *fragments; /* NULL: fragments are counted, and not put together */
    struct counters *counters;
    bool verify_checksums; /* of IPv4 headers and TCP; what was cut cannot be verified, and counts as right */
    /* Whose tunnels are opened: the source addresses of the datagrams that carry one.  None: nobody's. */
    const struct ip_prefix *tunnel_sources;
    unsigned tunnel_source_count;
};

/* Peels one frame of the given link type (a DLT_ number of libpcap) down to its TCP segment, without recursion.
 * captured: the bytes that the capture holds; wire_length: the frame's own length, at least captured.len.
 * *out borrows from captured, or from decoder->fragments until the next call.  Counts what it cannot read. */
enum frame_result frame_decode(const struct frame_decoder *decoder, int link_type, struct span captured,
                               uint32_t wire_length, nstime time, struct packet *out);

/* The same ahead of its turn, as far as a frame is an ordinary one: nothing is counted, and out->time is not set. False
 * when it is to be looked at in its turn. */
bool frame_peek(const struct frame_decoder *decoder, int link_type, struct span captured, uint32_t wire_length,
                struct packet *out);
/* Its turn has come: counts a segment that frame_peek has found. */
void frame_count_peeked(const struct frame_decoder *decoder, const struct packet *packet);

/* Whether frame_decode knows the link type. */
bool frame_link_known(int link_type);

static inline bool ip_is_v4(const struct ip_address *ip) {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(ip->bytes, mapped, sizeof mapped) == 0;
}

static inline bool ip_equal(const struct ip_address *a, const struct ip_address *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
