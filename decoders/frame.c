/* From a captured frame down to its TCP segment: the loop over its layers, and the first and the last of them.
 *
 * Each step reads one header and names the next, so nesting costs no stack, and its depth has a limit.  Lengths are
 * those of the innermost header that has one; what the capture holds may be less (snap length) or more (Ethernet's
 * padding).  frame_ip.c and frame_tunnel.c have the layers between.
 *
 * A frame that was cut inside its headers, TCP's options apart, says too little and is malformed; one that was cut
 * behind them is a segment whose payload is shorter than payload_length.
 *
 * IEEE 802.3, 802.1Q, 802.1ah, 802.1BR; RFC 1042 (IP behind LLC and SNAP), 9293; LINKTYPE_LINUX_SLL and _SLL2 as
 * libpcap documents them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/packet.h"

#include "frame_layers.h"
#include "mailspan/limits.h"

/* libpcap's DLT_ numbers; they are file format, not system. */
enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_RAW_FILE = 101,
    LINK_LOOP = 108,
    LINK_LINUX_SLL = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_LINUX_SLL2 = 276,
};

enum {
    ETHERTYPE_MIN = 0x0600, /* what is smaller is a length, IEEE 802.3 */
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_BRIDGING = 0x6558, /* an Ethernet frame, in GRE or GENEVE */
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_MULTICAST = 0x8848, /* or a label that the upstream router chose, RFC 5332 */
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_BACKBONE = 0x88e7, /* 802.1ah: a service's number, and a frame */
    ETHERTYPE_VNTAG = 0x8926,    /* Cisco's fabric extenders */
    ETHERTYPE_ETAG = 0x893f,     /* 802.1BR's */
    ETHERTYPE_QINQ_OLD = 0x9100,
    ETHERTYPE_QINQ_OLDER = 0x9200,
};

/* A tag of so many bytes, and the EtherType of what it is put before. */
static void read_tag(struct frame *f, size_t bytes) {
    reader_skip(&f->reader, bytes);
    f->ethertype = reader_be16(&f->reader);
}

static void read_ethertype(struct frame *f) {
    switch (f->ethertype) {
        case ETHERTYPE_VLAN:
        case ETHERTYPE_QINQ:
        case ETHERTYPE_QINQ_OLD:
        case ETHERTYPE_QINQ_OLDER:
            read_tag(f, 2); /* priority and VLAN number: a doubled mirror may differ in them */
            return;
        case ETHERTYPE_VNTAG:
            read_tag(f, 4);
            return;
        case ETHERTYPE_ETAG:
            read_tag(f, 6);
            return;
        case ETHERTYPE_IPV4:
            f->layer = LAYER_IPV4;
            return;
        case ETHERTYPE_IPV6:
            f->layer = LAYER_IPV6;
            return;
        case ETHERTYPE_MPLS:
        case ETHERTYPE_MPLS_MULTICAST:
            f->layer = LAYER_MPLS;
            return;
        case ETHERTYPE_PPPOE_SESSION:
            f->layer = LAYER_PPPOE;
            return;
        case ETHERTYPE_BACKBONE:
            reader_skip(&f->reader, 4);
            f->layer = LAYER_ETHERNET;
            return;
        case ETHERTYPE_BRIDGING:
            f->layer = LAYER_ETHERNET;
            return;
        default:
            f->layer = LAYER_LLC;
            if (f->ethertype >= ETHERTYPE_MIN) frame_stop(f, FRAME_OTHER);
            return;
    }
}

/* Behind a length: an EtherType when it is SNAP's (RFC 1042).  In the cooked formats and GRE, small numbers are no
 * lengths; what they name is no SNAP of that length either. */
static void read_llc(struct frame *f) {
    static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0, 0, 0};
    if (!frame_narrow(f, f->ethertype) || (reader_left(&f->reader) < 8 && !frame_is_cut(f))) {
        frame_stop(f, FRAME_OTHER);
        return;
    }
    struct span head = reader_bytes(&f->reader, sizeof snap);
    f->ethertype = reader_be16(&f->reader);
    f->layer = LAYER_ETHERTYPE;
    if (f->reader.failed || head.data == NULL) return;
    if (memcmp(head.data, snap, sizeof snap) != 0 || f->ethertype < ETHERTYPE_MIN) frame_stop(f, FRAME_OTHER);
}

/* The capture holds all of the segment, and its checksum is wrong. */
static bool fails_verification(const struct frame *f, struct span segment) {
    return f->decoder->verify_checksums && !f->rerouted && !frame_is_cut(f) && !tcp_checksum_is_right(f->out, segment);
}

/* RFC 9293 3.1. */
static void read_tcp(struct frame *f) {
    struct packet *out = f->out;
    struct span segment = span_of(f->reader.at, reader_left(&f->reader));
    out->from.port = reader_be16(&f->reader);
    out->to.port = reader_be16(&f->reader);
    out->sequence = reader_be32(&f->reader);
    out->acknowledgement = reader_be32(&f->reader);
    uint32_t header = (uint32_t)(reader_u8(&f->reader) >> 4) * 4;
    out->flags = reader_u8(&f->reader) & 0x3f;
    reader_skip(&f->reader, 6); /* window, checksum (offload makes it wrong), urgent pointer */
    uint32_t left = frame_wire_left(f);
    if (f->reader.failed || header < 20 || header - 20 > left) {
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    if (fails_verification(f, segment)) {
        f->decoder->counters->checksum_tcp++;
        f->counted = true;
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    out->payload_length = left - (header - 20);
    out->payload = span_from(span_of(f->reader.at, reader_left(&f->reader)), header - 20);
    frame_stop(f, FRAME_TCP);
}

static void read_ethernet(struct frame *f) {
    reader_skip(&f->reader, 12);
    f->ethertype = reader_be16(&f->reader);
    f->layer = LAYER_ETHERTYPE;
}

/* The link's own header, down to an EtherType or to IP. */
static void read_link(struct frame *f, int link_type) {
    struct reader *r = &f->reader;
    f->layer = LAYER_ETHERTYPE;
    switch (link_type) {
        case LINK_ETHERNET:
            read_ethernet(f);
            return;
        case LINK_LINUX_SLL:
            reader_skip(r, 14);
            f->ethertype = reader_be16(r);
            return;
        case LINK_LINUX_SLL2:
            f->ethertype = reader_be16(r);
            reader_skip(r, 18);
            return;
        case LINK_NULL: /* the family's number is the writer's own: the IP version says it better */
        case LINK_LOOP:
            reader_skip(r, 4);
            break;
        default:
            break;
    }
    f->layer = LAYER_IP;
}

bool frame_link_known(int link_type) {
    switch (link_type) {
        case LINK_NULL:
        case LINK_ETHERNET:
        case LINK_RAW:
        case LINK_RAW_OPENBSD:
        case LINK_RAW_FILE:
        case LINK_LOOP:
        case LINK_LINUX_SLL:
        case LINK_IPV4:
        case LINK_IPV6:
        case LINK_LINUX_SLL2:
            return true;
        default:
            return false;
    }
}

static void read_layer(struct frame *f) {
    static void (*const read[])(struct frame *) = {
        [LAYER_ETHERNET] = read_ethernet,
        [LAYER_ETHERTYPE] = read_ethertype,
        [LAYER_LLC] = read_llc,
        [LAYER_IP] = read_ip_by_version,
        [LAYER_IPV4] = read_ipv4,
        [LAYER_IPV6] = read_ipv6,
        [LAYER_EXTENSION] = read_extension,
        [LAYER_TCP] = read_tcp,
        [LAYER_UDP] = read_udp,
        [LAYER_MPLS] = read_mpls,
        [LAYER_PPPOE] = read_pppoe,
        [LAYER_GRE] = read_gre,
        [LAYER_ERSPAN_2] = read_erspan_2,
        [LAYER_ERSPAN_3] = read_erspan_3,
        [LAYER_VXLAN] = read_vxlan,
        [LAYER_VXLAN_GPE] = read_vxlan_gpe,
        [LAYER_GENEVE] = read_geneve,
        [LAYER_TZSP] = read_tzsp,
        [LAYER_ETHERIP] = read_etherip,
    };
    read[f->layer](f);
    if (!f->reader.failed) return;
    /* Any port may be a client's: too short for the tunnel that its number means, it is some other UDP. */
    frame_stop(f, f->guessed && !frame_is_cut(f) ? FRAME_OTHER : FRAME_MALFORMED);
}

static void count_segment(struct counters *counters, const struct packet *packet) {
    counters->tcp_segments++;
    if (packet->payload.len < packet->payload_length) counters->segment_snapped++;
}

static void count(const struct frame *f) {
    struct counters *counters = f->decoder->counters;
    switch (f->result) {
        case FRAME_TCP:
            count_segment(counters, f->out);
            break;
        case FRAME_OTHER:
            counters->frame_other += !f->counted;
            break;
        case FRAME_FRAGMENT: /* counted where it was found: a frame may hold more than one */
            break;
        case FRAME_MALFORMED:
            counters->frame_malformed += !f->counted;
            break;
    }
}

/* Any frame, layer by layer. */
static enum frame_result decode_by_layers(const struct frame_decoder *decoder, int link_type, struct span captured,
                                          uint32_t wire_bytes, struct packet *out) {
    struct frame f = {.reader = reader_of(captured),
                      .captured = captured,
                      .wire_end = wire_bytes,
                      .time = out->time,
                      .out = out,
                      .decoder = decoder};
    if (!frame_link_known(link_type)) {
        decoder->counters->frame_unknown++;
        return FRAME_OTHER;
    }
    read_link(&f, link_type);
    for (unsigned layers = 0; f.layer != LAYER_STOP && layers < LIMIT_FRAME_LAYERS; layers++) read_layer(&f);
    if (f.layer != LAYER_STOP) {
        decoder->counters->frame_too_deep++;
        return FRAME_MALFORMED;
    }
    count(&f);
    return f.result;
}

bool frame_peek(const struct frame_decoder *decoder, int link_type, struct span captured, uint32_t wire_length,
                struct packet *out) {
    uint32_t wire_bytes = wire_length < captured.len ? (uint32_t)captured.len : wire_length;
    out->hashed = false;
    return link_type == LINK_ETHERNET && !decoder->verify_checksums && frame_plain(captured, wire_bytes, out);
}

void frame_count_peeked(const struct frame_decoder *decoder, const struct packet *packet) {
    count_segment(decoder->counters, packet);
}

enum frame_result frame_decode(const struct frame_decoder *decoder, int link_type, struct span captured,
                               uint32_t wire_length, nstime time, struct packet *out) {
    uint32_t wire_bytes = wire_length < captured.len ? (uint32_t)captured.len : wire_length;
    if (frame_peek(decoder, link_type, captured, wire_length, out)) {
        out->time = time;
        count_segment(decoder->counters, out);
        return FRAME_TCP;
    }
    *out = (struct packet){.time = time};
    return decode_by_layers(decoder, link_type, captured, wire_bytes, out);
}
