/* A frame's wrappings between link and IP: MPLS, PPPoE, GRE with what it carries, ERSPAN, VXLAN, GENEVE, TZSP, EtherIP.
 *
 * What is no data (control messages, keep-alives), of another version, or compressed stops as FRAME_OTHER; so does what
 * came to a tunnel's UDP port and is too short for it, because a client's port may have the same number.
 *
 * Anybody can send the packets of a tunnel through the mirrored link, with made-up frames in them.  So what IP carries
 * is opened by the address that it came from; what has no IP around it (MPLS, PPPoE) only the link's own machines can
 * send.
 *
 * RFC 3032 and 4385 (MPLS, the pseudowire's control word), 1661 and 2516 (PPP, PPPoE), 768 (UDP), 2784 and 2890 (GRE),
 * 3378 (EtherIP), 7348 (VXLAN), 8926 (GENEVE), draft-ietf-nvo3-vxlan-gpe-13, draft-foschiano-erspan-03; TZSP as
 * MikroTik sends it and Wireshark reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_layers.h"
#include "mailspan/address.h"

enum {
    PORT_VXLAN = 4789,
    PORT_VXLAN_GPE = 4790,
    PORT_GENEVE = 6081,
    PORT_VXLAN_OLD = 8472, /* Linux' default from before there was a number */
    PORT_TZSP = 37008,
};

/* --- whose tunnels are opened ------------------------------------------------------------------------------------- */

static bool source_is_trusted(const struct frame *f) {
    const struct frame_decoder *decoder = f->decoder;
    for (unsigned i = 0; i < decoder->tunnel_source_count; i++)
        if (ip_prefix_contains(&decoder->tunnel_sources[i], &f->out->from.ip)) return true;
    return false;
}

/* The tunnel's own header is read: on with what it carries.  The address is that of the nearest IP header around it, so
 * each tunnel in a tunnel has to pass. */
void enter_tunnel(struct frame *f, enum layer inside) {
    if (f->reader.failed) return;
    if (source_is_trusted(f)) {
        f->layer = inside;
        return;
    }
    f->decoder->counters->tunnel_untrusted++;
    f->counted = true;
    frame_stop(f, FRAME_OTHER);
}

/* --- tunnels in UDP ----------------------------------------------------------------------------------------------- */

/* RFC 768. */
void read_udp(struct frame *f) {
    reader_skip(&f->reader, 2);
    uint16_t port = reader_be16(&f->reader);
    uint32_t length = reader_be16(&f->reader);
    reader_skip(&f->reader, 2);
    if (f->reader.failed) return;
    switch (port) {
        case PORT_VXLAN:
        case PORT_VXLAN_OLD:
            f->layer = LAYER_VXLAN;
            break;
        case PORT_VXLAN_GPE:
            f->layer = LAYER_VXLAN_GPE;
            break;
        case PORT_GENEVE:
            f->layer = LAYER_GENEVE;
            break;
        case PORT_TZSP:
            f->layer = LAYER_TZSP;
            break;
        default:
            frame_stop(f, FRAME_OTHER);
            return;
    }
    f->guessed = true;
    if (length == 0) return; /* segmentation offload: the IP header's */
    if (length < 8 || !frame_narrow(f, length - 8)) frame_stop(f, FRAME_MALFORMED);
}

/* RFC 7348 5: flags, of which one says that there is a network's number; the number. */
void read_vxlan(struct frame *f) {
    uint8_t flags = reader_u8(&f->reader);
    reader_skip(&f->reader, 7);
    if ((flags & 0x08) == 0) {
        frame_stop(f, FRAME_OTHER);
    } else {
        enter_tunnel(f, LAYER_ETHERNET);
    }
}

/* The same 8 bytes, in which the third and fourth bit are a version, 4 says that the fourth byte tells what follows,
 * and 1 that this is a control message. */
void read_vxlan_gpe(struct frame *f) {
    enum { VERSION = 0x30, HAS_NUMBER = 0x08, HAS_PROTOCOL = 0x04, CONTROL = 0x01 };
    static const enum layer layers[] = {[1] = LAYER_IPV4, [2] = LAYER_IPV6, [3] = LAYER_ETHERNET, [7] = LAYER_MPLS};
    uint8_t flags = reader_u8(&f->reader);
    reader_skip(&f->reader, 2);
    unsigned protocol = reader_u8(&f->reader);
    reader_skip(&f->reader, 4);
    if ((flags & HAS_PROTOCOL) == 0) protocol = 3;
    bool known = protocol == 1 || protocol == 2 || protocol == 3 || protocol == 7;
    if ((flags & (VERSION | HAS_NUMBER | CONTROL)) != HAS_NUMBER || !known) {
        frame_stop(f, FRAME_OTHER);
    } else {
        enter_tunnel(f, layers[protocol]);
    }
}

/* Version, what this is (a frame received, or sent), what was mirrored (1: Ethernet); then fields with a type and, but
 * for padding and the last, a length. */
void read_tzsp(struct frame *f) {
    enum { PADDING = 0, END = 1 };
    uint8_t version = reader_u8(&f->reader);
    uint8_t kind = reader_u8(&f->reader);
    uint16_t mirrored = reader_be16(&f->reader);
    if (f->reader.failed) return;
    if (version != 1 || kind > 1 || mirrored != 1) {
        frame_stop(f, FRAME_OTHER);
        return;
    }
    while (!f->reader.failed) { /* each turn takes a byte or fails */
        uint8_t field = reader_u8(&f->reader);
        if (field == END) break;
        if (field != PADDING) reader_skip(&f->reader, reader_u8(&f->reader));
    }
    enter_tunnel(f, LAYER_ETHERNET);
}

/* RFC 3378 3: a version, and the rest is 0. */
void read_etherip(struct frame *f) {
    uint16_t version = reader_be16(&f->reader) >> 12;
    if (version != 3) {
        frame_stop(f, FRAME_OTHER);
    } else {
        enter_tunnel(f, LAYER_ETHERNET);
    }
}

/* RFC 8926 3.4: version and length of the options, flags, what follows; the number; the options. */
void read_geneve(struct frame *f) {
    uint8_t version_length = reader_u8(&f->reader);
    uint8_t flags = reader_u8(&f->reader);
    f->ethertype = reader_be16(&f->reader);
    reader_skip(&f->reader, 4 + (version_length & 0x3fu) * 4);
    if (version_length >> 6 != 0 || (flags & 0x80) != 0) { /* a control message */
        frame_stop(f, FRAME_OTHER);
    } else {
        enter_tunnel(f, LAYER_ETHERTYPE);
    }
}

/* --- MPLS: the last label does not say what follows ------------------------------------------------------------------
 * The first nibble there does: an IP version, 0 for a pseudowire's control word (RFC 4385 3), behind which stands
 * Ethernet (RFC 4448), 1 for control messages.  Ethernet without a control word begins with any nibble, since that is
 * an address; what gives it away is an EtherType with what belongs behind it.
 */

enum likeness { IS_UNLIKE, IS_ALIKE, IS_CUT };

/* Whether a frame with IP, ARP or PPPoE, behind two tags at most, begins so many bytes ahead. */
static enum likeness like_ethernet(const struct frame *f, size_t ahead) {
    struct reader r = f->reader;
    reader_skip(&r, ahead + 12);
    unsigned type = reader_be16(&r);
    for (unsigned tags = 0; tags < 2 && (type == 0x8100 || type == 0x88a8); tags++) {
        reader_skip(&r, 2);
        type = reader_be16(&r);
    }
    unsigned nibble = reader_u8(&r) >> 4;
    if (r.failed) return frame_is_cut(f) ? IS_CUT : IS_UNLIKE;
    bool alike = (type == 0x0800 && nibble == 4) || (type == 0x0806 && nibble == 0) ||
                 (type == 0x86dd && nibble == 6) || (type == 0x8864 && nibble == 1);
    return alike ? IS_ALIKE : IS_UNLIKE;
}

/* The length in the IP header is that of what is there (or 0, of a segment that offload made), but for the padding of a
 * small frame. */
static bool like_ip(const struct frame *f, unsigned version) {
    enum { FRAME_PAYLOAD_MIN = 46 };
    struct reader r = f->reader;
    uint32_t left = frame_wire_left(f);
    reader_skip(&r, version == 4 ? 2 : 4);
    uint32_t length = reader_be16(&r);
    if (r.failed || length == 0) return true;
    if (version == 6) length += 40;
    return length == left || (length < left && left <= FRAME_PAYLOAD_MIN);
}

static void read_control_word(struct frame *f) {
    f->layer = LAYER_ETHERNET;
    if ((reader_be32(&f->reader) & 0x00c00000) != 0) frame_stop(f, FRAME_OTHER); /* a piece, RFC 4623 */
}

static void read_pseudowire(struct frame *f, unsigned nibble) {
    enum likeness bare = like_ethernet(f, 0);
    enum likeness worded = nibble == 0 ? like_ethernet(f, 4) : IS_UNLIKE;
    if (bare == IS_CUT || (bare == IS_ALIKE && worded == IS_CUT)) {
        f->reader.failed = true;
    } else if (bare == IS_ALIKE && worded == IS_UNLIKE) {
        f->layer = LAYER_ETHERNET;
    } else if (nibble == 0) {
        read_control_word(f);
    } else {
        frame_stop(f, FRAME_OTHER);
    }
}

/* RFC 3032 2.1: one label. */
void read_mpls(struct frame *f) {
    uint32_t label = reader_be32(&f->reader);
    if ((label & 0x100) == 0) return; /* not the last */
    struct reader ahead = f->reader;
    unsigned nibble = reader_u8(&ahead) >> 4;
    if (ahead.failed) {
        f->reader.failed = true;
    } else if ((nibble == 4 || nibble == 6) && (like_ip(f, nibble) || like_ethernet(f, 0) != IS_ALIKE)) {
        f->layer = nibble == 4 ? LAYER_IPV4 : LAYER_IPV6;
    } else {
        read_pseudowire(f, nibble);
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
        enter_tunnel(f, (flags & GRE_SEQUENCE) != 0 ? LAYER_ERSPAN_2 : LAYER_ETHERNET);
    } else {
        enter_tunnel(f, f->ethertype == GRE_ERSPAN_3 ? LAYER_ERSPAN_3 : LAYER_ETHERTYPE);
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
