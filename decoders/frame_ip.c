/* A frame's IP headers: IPv4, IPv6 with extension headers, IP inside IP, and fragments of either.
 *
 * A fragment whose datagram is complete makes the loop go on with that datagram, as if the frame had held it.
 *
 * RFC 791, 2003, 2473, 4213, 4302, 6946, 8200.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_layers.h"
#include "mailspan/defragment.h"
#include "mailspan/limits.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_ETHERIP = 97, /* RFC 3378 */
    PROTOCOL_MPLS = 137,   /* RFC 4023 */
};

enum { V4_FRAGMENT_MORE = 0x2000, V4_FRAGMENT_OFFSET = 0x1fff, V6_FRAGMENT_MORE = 1, V6_FRAGMENT_OFFSET = 0xfff8 };

void read_ip_by_version(struct frame *f) {
    struct span rest = span_of(f->reader.at, reader_left(&f->reader));
    uint8_t version = rest.len == 0 ? 0 : rest.data[0] >> 4;
    if (version == 4) {
        f->layer = LAYER_IPV4;
    } else if (version == 6) {
        f->layer = LAYER_IPV6;
    } else {
        frame_stop(f, FRAME_MALFORMED);
    }
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
        case PROTOCOL_UDP:
            f->layer = LAYER_UDP;
            return;
        case PROTOCOL_IPV4:
            enter_tunnel(f, LAYER_IPV4);
            return;
        case PROTOCOL_IPV6:
            enter_tunnel(f, LAYER_IPV6);
            return;
        case PROTOCOL_GRE:
            f->layer = LAYER_GRE;
            return;
        case PROTOCOL_MPLS:
            enter_tunnel(f, LAYER_MPLS);
            return;
        case PROTOCOL_ETHERIP:
            f->layer = LAYER_ETHERIP;
            return;
        default:
            f->layer = LAYER_EXTENSION;
            return;
    }
}

/* Keeps the datagram for whoever wants IP (libnids), without padding behind it. */
static void note_datagram(struct frame *f, const uint8_t *start) {
    f->out->datagram = span_of(start, (size_t)(f->reader.end - start));
}

/* The reader is at the fragment's bytes. */
static void read_fragment(struct frame *f, struct fragment *fragment) {
    struct counters *counters = f->decoder->counters;
    counters->fragments++;
    frame_stop(f, FRAME_FRAGMENT);
    if (f->decoder->fragments == NULL) return;
    if (reader_left(&f->reader) < frame_wire_left(f)) {
        counters->fragments_snapped++;
        return;
    }
    fragment->from = f->out->from.ip;
    fragment->to = f->out->to.ip;
    fragment->bytes = reader_rest(&f->reader);
    struct span whole;
    switch (defragment_add(f->decoder->fragments, fragment, f->time, &whole)) {
        case DEFRAGMENT_WAITING:
            return;
        case DEFRAGMENT_MALFORMED:
            counters->fragments--; /* it waits for no others */
            frame_stop(f, FRAME_MALFORMED);
            return;
        case DEFRAGMENT_WHOLE:
            f->captured = whole;
            f->reader = reader_of(whole);
            f->wire_end = (uint32_t)whole.len;
            f->truncated = false;
            f->put_together = true;
            f->layer = fragment->version == 4 ? LAYER_IPV4 : LAYER_IPV6;
            return;
    }
}

/* A header that defragment made has no checksum: those of the fragments were looked at. */
static bool header_is_wrong(struct frame *f, struct span header) {
    if (!f->decoder->verify_checksums || f->put_together || checksum_is_right(header)) return false;
    f->decoder->counters->checksum_ip++;
    f->counted = true;
    return true;
}

void read_ipv4(struct frame *f) {
    const uint8_t *start = f->reader.at;
    uint32_t on_wire = frame_wire_left(f);
    uint8_t version_length = reader_u8(&f->reader);
    reader_skip(&f->reader, 1);
    uint32_t total = reader_be16(&f->reader);
    uint16_t id = reader_be16(&f->reader);
    uint16_t fragment = reader_be16(&f->reader);
    reader_skip(&f->reader, 1);
    uint8_t protocol = reader_u8(&f->reader);
    reader_skip(&f->reader, 2);
    struct span source = reader_bytes(&f->reader, 4);
    struct span destination = reader_bytes(&f->reader, 4);
    uint32_t header = (version_length & 15u) * 4u;
    if (f->reader.failed || version_length >> 4 != 4 || header < 20) {
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    reader_skip(&f->reader, header - 20);
    if (total == 0 && !f->truncated) total = on_wire; /* segmentation offload */
    if (f->reader.failed || header_is_wrong(f, span_of(start, header)) || total < header ||
        !frame_narrow(f, total - header)) {
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    f->guessed = f->put_together = f->rerouted = false;
    note_addresses_v4(f->out, source, destination);
    note_datagram(f, start);
    if ((fragment & (V4_FRAGMENT_MORE | V4_FRAGMENT_OFFSET)) != 0) {
        struct fragment piece = {.id = id,
                                 .version = 4,
                                 .protocol = protocol,
                                 .more = (fragment & V4_FRAGMENT_MORE) != 0,
                                 .offset = (uint32_t)(fragment & V4_FRAGMENT_OFFSET) * 8};
        read_fragment(f, &piece);
        return;
    }
    next_protocol(f, protocol);
    if (f->layer == LAYER_EXTENSION) frame_stop(f, FRAME_OTHER); /* IPv4 has none */
}

void read_ipv6(struct frame *f) {
    const uint8_t *start = f->reader.at;
    uint32_t on_wire = frame_wire_left(f);
    uint32_t version = reader_be32(&f->reader) >> 28;
    uint32_t payload = reader_be16(&f->reader);
    uint8_t protocol = reader_u8(&f->reader);
    reader_skip(&f->reader, 1);
    struct span source = reader_bytes(&f->reader, 16);
    struct span destination = reader_bytes(&f->reader, 16);
    if (payload == 0 && on_wire > 40 && !f->truncated) payload = on_wire - 40;
    if (f->reader.failed || version != 6 || !frame_narrow(f, payload)) {
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    memcpy(f->out->from.ip.bytes, source.data, 16);
    memcpy(f->out->to.ip.bytes, destination.data, 16);
    note_datagram(f, start);
    f->guessed = f->put_together = f->rerouted = false;
    f->extensions = 0;
    next_protocol(f, protocol);
}

/* RFC 8200 4.5; offset 0 and no more is a whole datagram (RFC 6946). */
static void read_fragment_header(struct frame *f) {
    uint8_t next = reader_u8(&f->reader);
    reader_skip(&f->reader, 1);
    uint16_t offset_and_more = reader_be16(&f->reader);
    uint32_t id = reader_be32(&f->reader);
    if (f->reader.failed) return;
    if ((offset_and_more & (V6_FRAGMENT_OFFSET | V6_FRAGMENT_MORE)) == 0) {
        next_protocol(f, next);
        return;
    }
    struct fragment piece = {.id = id,
                             .version = 6,
                             .protocol = next,
                             .more = (offset_and_more & V6_FRAGMENT_MORE) != 0,
                             .offset = offset_and_more & V6_FRAGMENT_OFFSET};
    read_fragment(f, &piece);
}

/* RFC 8200 4: extension headers of IPv6. */
void read_extension(struct frame *f) {
    uint8_t protocol = f->protocol;
    if (protocol != PROTOCOL_HOP_BY_HOP && protocol != PROTOCOL_ROUTING && protocol != PROTOCOL_DESTINATION &&
        protocol != PROTOCOL_FRAGMENT && protocol != PROTOCOL_AUTHENTICATION) {
        frame_stop(f, FRAME_OTHER);
        return;
    }
    if (++f->extensions > LIMIT_IPV6_EXTENSION_HEADERS) {
        f->decoder->counters->frame_too_deep++;
        frame_stop(f, FRAME_MALFORMED);
        f->counted = true;
        return;
    }
    if (protocol == PROTOCOL_FRAGMENT) {
        read_fragment_header(f);
        return;
    }
    uint8_t next = reader_u8(&f->reader);
    uint32_t units = reader_u8(&f->reader);
    bool authentication = protocol == PROTOCOL_AUTHENTICATION;
    struct span rest = reader_bytes(&f->reader, (authentication ? (units + 2) * 4 : (units + 1) * 8) - 2);
    if (protocol == PROTOCOL_ROUTING && rest.len > 1 && rest.data[1] != 0) f->rerouted = true; /* segments left */
    next_protocol(f, next);
}
