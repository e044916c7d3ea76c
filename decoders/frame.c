/* From a captured frame down to its TCP segment.
 *
 * A loop over layers: each step reads one header and names the next, so nesting costs no stack, and its depth has a
 * limit.  Lengths are those of the innermost IP header; what the capture holds may be less (snap length) or more
 * (Ethernet's padding).
 *
 * A frame that was cut inside its headers, TCP's options apart, says too little and is malformed; one that was cut
 * behind them is a segment whose payload is shorter than payload_length.
 *
 * IEEE 802.3, 802.1Q; RFC 791, 8200, 4302, 9293; LINKTYPE_LINUX_SLL and _SLL2 as libpcap documents them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/limits.h"
#include "mailspan/packet.h"

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
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100,
};

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_DESTINATION = 60,
};

/* What the bytes at the reader are. */
enum layer { LAYER_ETHERTYPE, LAYER_IP, LAYER_IPV4, LAYER_IPV6, LAYER_EXTENSION, LAYER_TCP, LAYER_STOP };

struct frame {
    struct reader reader;
    struct span captured;
    uint32_t wire_length;
    enum layer layer;
    uint16_t ethertype;       /* at LAYER_ETHERTYPE */
    uint8_t protocol;         /* at LAYER_EXTENSION */
    enum frame_result result; /* at LAYER_STOP */
    uint32_t ip_left;         /* bytes of the IP payload on the wire, from the reader on */
    unsigned extensions;      /* of the IPv6 header */
    bool counted;             /* the result, by a name of its own */
    struct packet *out;
    struct counters *counters;
};

static void stop(struct frame *f, enum frame_result result) {
    f->layer = LAYER_STOP;
    f->result = result;
}

static void read_vlan_or_ip(struct frame *f) {
    switch (f->ethertype) {
        case ETHERTYPE_VLAN:
        case ETHERTYPE_QINQ:
        case ETHERTYPE_QINQ_OLD:
            reader_skip(&f->reader, 2); /* priority and VLAN number: a doubled mirror may differ in them */
            f->ethertype = reader_be16(&f->reader);
            return;
        case ETHERTYPE_IPV4:
            f->layer = LAYER_IPV4;
            return;
        case ETHERTYPE_IPV6:
            f->layer = LAYER_IPV6;
            return;
        default:
            stop(f, FRAME_OTHER);
            return;
    }
}

static void read_ip_by_version(struct frame *f) {
    struct span rest = span_of(f->reader.at, reader_left(&f->reader));
    uint8_t version = rest.len == 0 ? 0 : rest.data[0] >> 4;
    if (version == 4) {
        f->layer = LAYER_IPV4;
    } else if (version == 6) {
        f->layer = LAYER_IPV6;
    } else {
        stop(f, FRAME_MALFORMED);
    }
}

/* The wire's bytes from the reader on, inside an outer IP header those of its payload: the bound of an IP header's
 * length, and its value when it says 0 (segmentation offload). */
static uint32_t wire_left(const struct frame *f) {
    size_t used = f->captured.len - reader_left(&f->reader);
    uint32_t left = f->wire_length > used ? f->wire_length - (uint32_t)used : 0;
    return left < f->ip_left ? left : f->ip_left;
}

static void note_addresses_v4(struct packet *out, struct span source, struct span destination) {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (source.len != 4 || destination.len != 4) return;
    memcpy(out->from.ip.bytes, mapped, sizeof mapped);
    memcpy(out->from.ip.bytes + 12, source.data, 4);
    memcpy(out->to.ip.bytes, mapped, sizeof mapped);
    memcpy(out->to.ip.bytes + 12, destination.data, 4);
}

static void next_protocol(struct frame *f, uint8_t protocol) {
    f->protocol = protocol;
    switch (protocol) {
        case PROTOCOL_TCP:
            f->layer = LAYER_TCP;
            return;
        case PROTOCOL_IPV4:
            f->layer = LAYER_IPV4;
            return;
        case PROTOCOL_IPV6:
            f->layer = LAYER_IPV6;
            return;
        default:
            f->layer = LAYER_EXTENSION;
            return;
    }
}

/* Keeps the datagram for whoever wants IP (libnids), without padding behind it. */
static void note_datagram(struct frame *f, const uint8_t *start, uint32_t total) {
    size_t here = (size_t)(f->reader.end - start);
    f->out->datagram = span_of(start, total < here ? total : here);
}

static void read_ipv4(struct frame *f) {
    const uint8_t *start = f->reader.at;
    uint32_t on_wire = wire_left(f);
    uint8_t version_length = reader_u8(&f->reader);
    reader_skip(&f->reader, 1);
    uint32_t total = reader_be16(&f->reader);
    reader_skip(&f->reader, 2);
    uint16_t fragment = reader_be16(&f->reader);
    reader_skip(&f->reader, 1);
    uint8_t protocol = reader_u8(&f->reader);
    reader_skip(&f->reader, 2);
    struct span source = reader_bytes(&f->reader, 4);
    struct span destination = reader_bytes(&f->reader, 4);
    uint32_t header = (version_length & 15u) * 4u;
    if (f->reader.failed || version_length >> 4 != 4 || header < 20) {
        stop(f, FRAME_MALFORMED);
        return;
    }
    reader_skip(&f->reader, header - 20);
    if (total == 0) total = on_wire;
    if (f->reader.failed || total < header || total > on_wire) {
        stop(f, FRAME_MALFORMED);
        return;
    }
    note_addresses_v4(f->out, source, destination);
    note_datagram(f, start, total);
    f->ip_left = total - header;
    if ((fragment & 0x3fff) != 0) { /* more fragments, or an offset */
        stop(f, FRAME_FRAGMENT);
        return;
    }
    next_protocol(f, protocol);
    if (f->layer == LAYER_EXTENSION) stop(f, FRAME_OTHER); /* IPv4 has none */
}

static void read_ipv6(struct frame *f) {
    const uint8_t *start = f->reader.at;
    uint32_t on_wire = wire_left(f);
    uint32_t version = reader_be32(&f->reader) >> 28;
    uint32_t payload = reader_be16(&f->reader);
    uint8_t protocol = reader_u8(&f->reader);
    reader_skip(&f->reader, 1);
    struct span source = reader_bytes(&f->reader, 16);
    struct span destination = reader_bytes(&f->reader, 16);
    if (payload == 0 && on_wire > 40) payload = on_wire - 40;
    if (f->reader.failed || version != 6 || payload + 40 > on_wire) {
        stop(f, FRAME_MALFORMED);
        return;
    }
    memcpy(f->out->from.ip.bytes, source.data, 16);
    memcpy(f->out->to.ip.bytes, destination.data, 16);
    note_datagram(f, start, payload + 40);
    f->ip_left = payload;
    f->extensions = 0;
    next_protocol(f, protocol);
}

/* RFC 8200 4: extension headers of IPv6. */
static void read_extension(struct frame *f) {
    uint8_t protocol = f->protocol;
    if (protocol != PROTOCOL_HOP_BY_HOP && protocol != PROTOCOL_ROUTING && protocol != PROTOCOL_DESTINATION &&
        protocol != PROTOCOL_FRAGMENT && protocol != PROTOCOL_AUTHENTICATION) {
        stop(f, FRAME_OTHER);
        return;
    }
    if (++f->extensions > LIMIT_IPV6_EXTENSION_HEADERS) {
        f->counters->frame_too_deep++;
        stop(f, FRAME_MALFORMED);
        f->counted = true;
        return;
    }
    uint8_t next = reader_u8(&f->reader);
    uint32_t units = reader_u8(&f->reader);
    uint32_t length = protocol == PROTOCOL_AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    if (protocol == PROTOCOL_FRAGMENT) {
        uint16_t offset_and_more = reader_be16(&f->reader);
        length = 8;
        if ((offset_and_more & 0xfff9) != 0) { /* RFC 6946: offset 0 and no more is a whole datagram */
            stop(f, FRAME_FRAGMENT);
            return;
        }
        reader_skip(&f->reader, 4);
    } else {
        reader_skip(&f->reader, length - 2);
    }
    if (f->reader.failed || length > f->ip_left) {
        stop(f, FRAME_MALFORMED);
        return;
    }
    f->ip_left -= length;
    next_protocol(f, next);
}

/* RFC 9293 3.1. */
static void read_tcp(struct frame *f) {
    struct packet *out = f->out;
    out->from.port = reader_be16(&f->reader);
    out->to.port = reader_be16(&f->reader);
    out->sequence = reader_be32(&f->reader);
    out->acknowledgement = reader_be32(&f->reader);
    uint32_t header = (uint32_t)(reader_u8(&f->reader) >> 4) * 4;
    out->flags = reader_u8(&f->reader) & 0x3f;
    reader_skip(&f->reader, 6); /* window, checksum (offload makes it wrong), urgent pointer */
    if (f->reader.failed || header < 20 || header > f->ip_left) {
        stop(f, FRAME_MALFORMED);
        return;
    }
    out->payload_length = f->ip_left - header;
    struct span rest = span_of(f->reader.at, reader_left(&f->reader));
    rest = span_from(rest, header - 20);
    out->payload = span_head(rest, out->payload_length);
    stop(f, FRAME_TCP);
}

/* The link's own header, down to an EtherType or to IP. */
static void read_link(struct frame *f, int link_type) {
    struct reader *r = &f->reader;
    f->layer = LAYER_ETHERTYPE;
    switch (link_type) {
        case LINK_ETHERNET:
            reader_skip(r, 12);
            f->ethertype = reader_be16(r);
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
    switch (f->layer) {
        case LAYER_ETHERTYPE:
            read_vlan_or_ip(f);
            break;
        case LAYER_IP:
            read_ip_by_version(f);
            break;
        case LAYER_IPV4:
            read_ipv4(f);
            break;
        case LAYER_IPV6:
            read_ipv6(f);
            break;
        case LAYER_EXTENSION:
            read_extension(f);
            break;
        case LAYER_TCP:
            read_tcp(f);
            break;
        case LAYER_STOP:
            break;
    }
    if (f->reader.failed) stop(f, FRAME_MALFORMED);
}

enum frame_result frame_decode(int link_type, struct span captured, uint32_t wire_length, nstime time,
                               struct packet *out, struct counters *counters) {
    struct frame f = {
        .reader = reader_of(captured), .captured = captured, .ip_left = UINT32_MAX, .out = out, .counters = counters};
    f.wire_length = wire_length < captured.len ? (uint32_t)captured.len : wire_length;
    *out = (struct packet){.time = time};
    if (!frame_link_known(link_type)) {
        counters->frame_unknown++;
        return FRAME_OTHER;
    }
    read_link(&f, link_type);
    for (unsigned layers = 0; f.layer != LAYER_STOP && layers < LIMIT_FRAME_LAYERS; layers++) read_layer(&f);
    if (f.layer != LAYER_STOP) {
        counters->frame_too_deep++;
        return FRAME_MALFORMED;
    }
    switch (f.result) {
        case FRAME_TCP:
            counters->tcp_segments++;
            if (out->payload.len < out->payload_length) counters->segment_snapped++;
            break;
        case FRAME_OTHER:
            counters->frame_other++;
            break;
        case FRAME_FRAGMENT:
            counters->fragments++;
            break;
        case FRAME_MALFORMED:
            counters->frame_malformed += !f.counted;
            break;
    }
    return f.result;
}
