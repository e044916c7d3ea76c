/* A frame's wrappings between link and IP: MPLS, PPPoE, GRE with what it carries, ERSPAN, VXLAN, GENEVE.
 *
 * What is no data (control messages, keep-alives), of another version, or compressed stops as FRAME_OTHER.
 *
 * RFC 3032 and 4385 (MPLS, the pseudowire's control word), 1661 and 2516 (PPP, PPPoE), 768 (UDP), 2784 and 2890 (GRE),
 * 7348 (VXLAN), 8926 (GENEVE), draft-foschiano-erspan-03.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_layers.h"

enum {
    PORT_VXLAN = 4789,
    PORT_VXLAN_OLD = 8472 /* Linux' default from before there was a number */,
    PORT_GENEVE = 6081
};

/* RFC 768. */
void read_udp(struct frame *f) {
    reader_skip(&f->reader, 2);
    uint16_t port = reader_be16(&f->reader);
    uint32_t length = reader_be16(&f->reader);
    reader_skip(&f->reader, 2);
    if (f->reader.failed) return;
    if (port == PORT_VXLAN || port == PORT_VXLAN_OLD) {
        f->layer = LAYER_VXLAN;
    } else if (port == PORT_GENEVE) {
        f->layer = LAYER_GENEVE;
    } else {
        frame_stop(f, FRAME_OTHER);
        return;
    }
    if (length == 0) return; /* segmentation offload: the IP header's */
    if (length < 8 || !frame_narrow(f, length - 8)) frame_stop(f, FRAME_MALFORMED);
}

/* RFC 7348 5: flags, of which one says that there is a network's number; the number. */
void read_vxlan(struct frame *f) {
    uint8_t flags = reader_u8(&f->reader);
    reader_skip(&f->reader, 7);
    f->layer = LAYER_ETHERNET;
    if ((flags & 0x08) == 0) frame_stop(f, FRAME_OTHER);
}

/* RFC 8926 3.4: version and length of the options, flags, what follows; the number; the options. */
void read_geneve(struct frame *f) {
    uint8_t version_length = reader_u8(&f->reader);
    uint8_t flags = reader_u8(&f->reader);
    f->ethertype = reader_be16(&f->reader);
    reader_skip(&f->reader, 4 + (version_length & 0x3fu) * 4);
    f->layer = LAYER_ETHERTYPE;
    if (version_length >> 6 != 0 || (flags & 0x80) != 0) frame_stop(f, FRAME_OTHER); /* a control message */
}

/* RFC 3032 2.1: one label.  The last does not say what follows, but the first nibble there does: an IP version, or 0
 * for a pseudowire's control word (RFC 4385 3), behind which stands Ethernet (RFC 4448). */
void read_mpls(struct frame *f) {
    uint32_t label = reader_be32(&f->reader);
    if ((label & 0x100) == 0) return; /* not the last */
    struct reader ahead = f->reader;
    uint8_t first = reader_u8(&ahead);
    if (ahead.failed) {
        f->reader.failed = true;
        return;
    }
    switch (first >> 4) {
        case 4:
            f->layer = LAYER_IPV4;
            return;
        case 6:
            f->layer = LAYER_IPV6;
            return;
        case 0:
            f->layer = LAYER_ETHERNET;
            if ((reader_be32(&f->reader) & 0x00c00000) != 0) frame_stop(f, FRAME_OTHER); /* a piece, RFC 4623 */
            return;
        default:
            frame_stop(f, FRAME_OTHER);
            return;
    }
}

/* RFC 2516 4, and the PPP protocol field (RFC 1661 2), of two bytes or, being odd, of one (6.5 there). */
void read_pppoe(struct frame *f) {
    uint8_t version_type = reader_u8(&f->reader);
    uint8_t code = reader_u8(&f->reader);
    reader_skip(&f->reader, 2);
    uint32_t length = reader_be16(&f->reader);
    if (f->reader.failed) return;
    if (version_type != 0x11 || code != 0) {
        frame_stop(f, FRAME_OTHER);
        return;
    }
    if (!frame_narrow(f, length)) {
        frame_stop(f, FRAME_MALFORMED);
        return;
    }
    unsigned protocol = reader_u8(&f->reader);
    if (protocol % 2 == 0) protocol = protocol << 8 | reader_u8(&f->reader);
    switch (protocol) {
        case 0x0021:
            f->layer = LAYER_IPV4;
            return;
        case 0x0057:
            f->layer = LAYER_IPV6;
            return;
        case 0x0281:
            f->layer = LAYER_MPLS;
            return;
        default:
            frame_stop(f, FRAME_OTHER);
            return;
    }
}

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_UNKNOWN = 0x4c07, /* source routing (RFC 1701), what RFC 2784 2.2 tells to discard, other versions */
    GRE_ERSPAN = 0x88be,
    GRE_ERSPAN_3 = 0x22eb,
};

/* RFC 2784, 2890.  ERSPAN's first two types share a number: the second has a sequence number and a header. */
void read_gre(struct frame *f) {
    uint16_t flags = reader_be16(&f->reader);
    f->ethertype = reader_be16(&f->reader);
    if ((flags & GRE_UNKNOWN) != 0) {
        if (!f->reader.failed) frame_stop(f, FRAME_OTHER);
        return;
    }
    if ((flags & GRE_CHECKSUM) != 0) reader_skip(&f->reader, 4);
    if ((flags & GRE_KEY) != 0) reader_skip(&f->reader, 4);
    if ((flags & GRE_SEQUENCE) != 0) reader_skip(&f->reader, 4);
    if (f->ethertype == GRE_ERSPAN) {
        f->layer = (flags & GRE_SEQUENCE) != 0 ? LAYER_ERSPAN_2 : LAYER_ETHERNET;
    } else if (f->ethertype == GRE_ERSPAN_3) {
        f->layer = LAYER_ERSPAN_3;
    } else {
        f->layer = LAYER_ETHERTYPE;
    }
}

enum { ERSPAN_TRUNCATED = 0x0400, ERSPAN_3_SUBHEADER = 0x0001, FRAME_BYTES_MAX = 65535 + 18 };

/* A switch that cut the frame it mirrors does what a snap length does: the inner headers alone know the length. */
static void note_truncated(struct frame *f, uint16_t flags) {
    if ((flags & ERSPAN_TRUNCATED) == 0 || f->reader.failed) return;
    f->wire_end = (uint32_t)(f->reader.at - f->captured.data) + FRAME_BYTES_MAX;
    f->truncated = true;
}

/* Version and VLAN; class, encapsulation, truncated, session; port. */
void read_erspan_2(struct frame *f) {
    uint16_t version = reader_be16(&f->reader) >> 12;
    uint16_t flags = reader_be16(&f->reader);
    reader_skip(&f->reader, 4);
    note_truncated(f, flags);
    f->layer = LAYER_ETHERNET;
    if (version != 1) frame_stop(f, FRAME_OTHER);
}

/* The same first four bytes; time; security group; what is mirrored (0: Ethernet, 2: IP) and whether 8 bytes follow. */
void read_erspan_3(struct frame *f) {
    uint16_t version = reader_be16(&f->reader) >> 12;
    uint16_t flags = reader_be16(&f->reader);
    reader_skip(&f->reader, 6);
    uint16_t kind = reader_be16(&f->reader);
    if ((kind & ERSPAN_3_SUBHEADER) != 0) reader_skip(&f->reader, 8);
    note_truncated(f, flags);
    unsigned frame_type = kind >> 10 & 0x1f;
    f->layer = frame_type == 2 ? LAYER_IP : LAYER_ETHERNET;
    if (version != 2 || (frame_type != 0 && frame_type != 2)) frame_stop(f, FRAME_OTHER);
}
