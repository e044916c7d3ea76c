/* What the layers of a frame share while it is peeled.  Each read_ function reads one header at the reader and names
 * the next layer, or stops.
 *
 * The reader ends where the innermost header so far says that its payload ends, or where the capture was cut before;
 * wire_end is the same place on the wire.  So no layer reads into another's padding, and none is longer than the one
 * around it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_FRAME_LAYERS_H
#define MAILSPAN_FRAME_LAYERS_H

#include "mailspan/packet.h"

/* What the bytes at the reader are. */
enum layer {
    LAYER_ETHERNET,
    LAYER_ETHERTYPE,
    LAYER_LLC,
    LAYER_IP,
    LAYER_IPV4,
    LAYER_IPV6,
    LAYER_EXTENSION,
    LAYER_TCP,
    LAYER_UDP,
    LAYER_MPLS,
    LAYER_PPPOE,
    LAYER_GRE,
    LAYER_ERSPAN_2,
    LAYER_ERSPAN_3,
    LAYER_VXLAN,
    LAYER_VXLAN_GPE,
    LAYER_GENEVE,
    LAYER_TZSP,
    LAYER_ETHERIP,
    LAYER_STOP
};

struct frame {
    struct reader reader;
    struct span captured; /* the frame, or the datagram that was put together from fragments */
    uint32_t wire_end;    /* counted from captured.data */
    enum layer layer;
    uint16_t ethertype;       /* at LAYER_ETHERTYPE */
    uint8_t protocol;         /* at LAYER_EXTENSION */
    enum frame_result result; /* at LAYER_STOP */
    unsigned extensions;      /* of the IPv6 header */
    bool truncated;           /* by the switch that mirrored it: wire_end is not known */
    bool counted;             /* the result, by a name of its own */
    bool guessed;             /* a UDP port says that this is a tunnel, and no IP header yet */
    bool put_together;        /* the next IP header is defragment's */
    bool rerouted;            /* the checksum's destination is not the header's: RFC 8200 8.1 */
    nstime time;
    struct packet *out;
    const struct frame_decoder *decoder;
};

static inline void frame_stop(struct frame *f, enum frame_result result) {
    f->layer = LAYER_STOP;
    f->result = result;
}

/* The bytes on the wire from the reader on. */
static inline uint32_t frame_wire_left(const struct frame *f) {
    size_t used = (size_t)(f->reader.at - f->captured.data);
    return f->wire_end > used ? f->wire_end - (uint32_t)used : 0;
}

/* The capture ends before the layer does. */
static inline bool frame_is_cut(const struct frame *f) {
    return (size_t)(f->reader.end - f->captured.data) < f->wire_end;
}

/* What follows has `length` bytes on the wire, so much less is captured of it as was cut off.  false: it cannot. */
static inline bool frame_narrow(struct frame *f, uint32_t length) {
    if (length > frame_wire_left(f)) return false;
    f->wire_end = (uint32_t)(f->reader.at - f->captured.data) + length;
    if (reader_left(&f->reader) > length) f->reader.end = f->reader.at + length;
    return true;
}

/* frame_plain.c: an ordinary TCP frame, off an Ethernet, whose TCP header is all there.  wire_bytes: the frame's
 * length, captured.len at least.  False, and *out half filled, when frame.c's loop is to judge it; time is the caller's
 * to set.
 */
bool frame_plain(struct span captured, uint32_t wire_bytes, struct packet *out);

/* frame_ip.c */
void read_ip_by_version(struct frame *f);
void read_ipv4(struct frame *f);
void read_ipv6(struct frame *f);
void read_extension(struct frame *f);

/* frame_tunnel.c */
void read_udp(struct frame *f);
void enter_tunnel(struct frame *f, enum layer inside);
void read_mpls(struct frame *f);
void read_pppoe(struct frame *f);
void read_gre(struct frame *f);
void read_erspan_2(struct frame *f);
void read_erspan_3(struct frame *f);
void read_vxlan(struct frame *f);
void read_vxlan_gpe(struct frame *f);
void read_geneve(struct frame *f);
void read_tzsp(struct frame *f);
void read_etherip(struct frame *f);

/* frame_checksum.c: whole headers and segments only. */
bool checksum_is_right(struct span header);
bool tcp_checksum_is_right(const struct packet *packet, struct span segment);

#endif
