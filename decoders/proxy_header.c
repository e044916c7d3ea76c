/* The PROXY protocol's header; see proxy_header.h.
 *
 * Written after HAProxy's specification ("The PROXY protocol", versions 1 and 2, sections 2.1 and 2.2).  Of version 2
 * only the addresses are kept, whatever length it says, so TLVs are passed over.  A receiver drops the connection where
 * the header is not well-formed; here it is none then.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/proxy_header.h"

#include "mailspan/address.h"

enum {
    V1_BYTES_MAX = 107,
    V2_FIXED_BYTES = 16, /* signature, version and command, family and transport, length */
    V2_SIGNATURE_BYTES = 12,
    V2_LOCAL = 0x20, /* version 2, and the proxy speaks for itself */
    V2_PROXY = 0x21,
    V2_UNSPECIFIED = 0x00, /* families, each with its transports: 1 stream, 2 datagram */
    V2_IPV4 = 0x1,
    V2_IPV6 = 0x2,
    V2_UNIX = 0x3,
    V2_IPV4_BYTES = 12, /* two addresses, two ports */
    V2_IPV6_BYTES = 36,
    V2_UNIX_BYTES = 216,
};

#define V1_WORD SPAN_LITERAL("PROXY ")
#define V2_SIGNATURE SPAN_LITERAL("\r\n\r\n\0\r\nQUIT\n")

_Static_assert(LIMIT_PROXY_HEADER_BYTES >= V1_BYTES_MAX, "a line of version 1 is kept whole");
_Static_assert(LIMIT_PROXY_HEADER_BYTES >= V2_FIXED_BYTES + V2_IPV6_BYTES, "and the addresses of version 2");

static struct span kept(const struct proxy_header *h) {
    return span_of(h->bytes, h->have < sizeof h->bytes ? h->have : sizeof h->bytes);
}

/* --- version 1: a line ----------------------------------------------------------------------------------------- */

/* The next word, up to a single space, which is taken too. */
static struct span next_word(struct span *line) {
    struct span word = span_head(*line, span_find(*line, ' '));
    *line = span_from(*line, word.len + 1);
    return word;
}

static bool read_port(struct span digits, uint16_t *port) {
    uint32_t value = 0;
    if (digits.len == 0 || digits.len > 5 || (digits.len > 1 && digits.data[0] == '0')) return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!ascii_is_digit(digits.data[i])) return false;
        value = value * 10 + digits.data[i] - '0';
    }
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

static bool read_address(struct span word, bool v4, struct ip_address *ip) {
    bool dotted = span_find(word, ':') == word.len;
    return dotted == v4 && ip_from_text(word, ip);
}

/* What stands between "PROXY " and CR LF. */
static bool read_line(struct proxy_header *h, struct span line) {
    struct span family = next_word(&line);
    if (span_equal(family, SPAN_LITERAL("UNKNOWN"))) return true;
    bool v4 = span_equal(family, SPAN_LITERAL("TCP4"));
    if (!v4 && !span_equal(family, SPAN_LITERAL("TCP6"))) return false;
    struct span client = next_word(&line), server = next_word(&line), client_port = next_word(&line);
    h->addressed = read_address(client, v4, &h->client.ip) && read_address(server, v4, &h->server.ip) &&
                   read_port(client_port, &h->client.port) && read_port(line, &h->server.port);
    return h->addressed;
}

static enum proxy_header_answer push_line(struct proxy_header *h, uint8_t byte) {
    h->bytes[h->have++] = byte;
    struct span line = kept(h), word = V1_WORD;
    if (line.len <= word.len) return span_equal(line, span_head(word, line.len)) ? PROXY_HEADER_MORE : PROXY_HEADER_NO;
    bool ends = byte == '\n' && line.data[line.len - 2] == '\r';
    if (!ends) return line.len == V1_BYTES_MAX ? PROXY_HEADER_NO : PROXY_HEADER_MORE;
    line = span_slice(line, word.len, line.len - word.len - 2);
    return read_line(h, line) ? PROXY_HEADER_WHOLE : PROXY_HEADER_NO;
}

/* --- version 2: bytes ------------------------------------------------------------------------------------------ */

/* The first 16 bytes have come.  How much is said of addresses must be there. */
static bool read_fixed(struct proxy_header *h) {
    struct reader r = reader_of(span_slice(kept(h), V2_SIGNATURE_BYTES, V2_FIXED_BYTES));
    uint8_t command = reader_u8(&r), family = reader_u8(&r);
    uint16_t length = reader_be16(&r);
    h->whole = (uint32_t)V2_FIXED_BYTES + length;
    if (command == V2_LOCAL) return true;
    if (command != V2_PROXY || (family & 0xf) > 2) return false;
    switch (family >> 4) {
        case V2_IPV4:
            return (family & 0xf) != 0 && length >= V2_IPV4_BYTES;
        case V2_IPV6:
            return (family & 0xf) != 0 && length >= V2_IPV6_BYTES;
        case V2_UNIX:
            return (family & 0xf) != 0 && length >= V2_UNIX_BYTES;
        default:
            return family == V2_UNSPECIFIED;
    }
}

static struct ip_address read_ip(struct reader *r, bool v4) {
    struct ip_address ip = {{0}};
    size_t size = v4 ? 4 : 16;
    if (v4) ip.bytes[10] = ip.bytes[11] = 0xff;
    struct span bytes = reader_bytes(r, size);
    if (bytes.len > 0) memcpy(ip.bytes + 16 - size, bytes.data, bytes.len);
    return ip;
}

/* All of it has come. */
static enum proxy_header_answer read_addresses(struct proxy_header *h) {
    struct reader r = reader_of(span_from(kept(h), V2_SIGNATURE_BYTES));
    uint8_t command = reader_u8(&r), family = reader_u8(&r) >> 4;
    if (h->lost || command == V2_LOCAL || (family != V2_IPV4 && family != V2_IPV6)) return PROXY_HEADER_WHOLE;
    reader_skip(&r, 2);
    h->client.ip = read_ip(&r, family == V2_IPV4);
    h->server.ip = read_ip(&r, family == V2_IPV4);
    h->client.port = reader_be16(&r);
    h->server.port = reader_be16(&r);
    h->addressed = !r.failed;
    return PROXY_HEADER_WHOLE;
}

static enum proxy_header_answer push_fixed(struct proxy_header *h, uint8_t byte) {
    struct span signature = V2_SIGNATURE;
    if (h->have < signature.len && byte != signature.data[h->have]) return PROXY_HEADER_NO;
    h->bytes[h->have++] = byte;
    if (h->have < V2_FIXED_BYTES) return PROXY_HEADER_MORE;
    if (!read_fixed(h)) return PROXY_HEADER_NO;
    return h->have < h->whole ? PROXY_HEADER_MORE : read_addresses(h);
}

/* Behind the first 16 bytes, as far as its length goes. */
static enum proxy_header_answer push_rest(struct proxy_header *h, struct span *bytes) {
    struct span taken = span_head(*bytes, h->whole - h->have);
    struct span to_keep = span_head(taken, h->have < sizeof h->bytes ? sizeof h->bytes - h->have : 0);
    if (to_keep.len > 0) memcpy(h->bytes + h->have, to_keep.data, to_keep.len);
    h->have += (uint32_t)taken.len;
    *bytes = span_from(*bytes, taken.len);
    return h->have < h->whole ? PROXY_HEADER_MORE : read_addresses(h);
}

/* --- the interface --------------------------------------------------------------------------------------------- */

enum proxy_header_answer proxy_header_push(struct proxy_header *h, struct span *bytes) {
    enum proxy_header_answer answer = PROXY_HEADER_MORE;
    while (bytes->len > 0 && answer == PROXY_HEADER_MORE) {
        if (h->version == 0) h->version = bytes->data[0] == V1_WORD.data[0] ? 1 : 2;
        if (h->whole > 0) {
            answer = push_rest(h, bytes);
            continue;
        }
        uint8_t byte = bytes->data[0];
        *bytes = span_from(*bytes, 1);
        answer = h->version == 1 ? push_line(h, byte) : push_fixed(h, byte);
    }
    return answer;
}

enum proxy_header_answer proxy_header_gap(struct proxy_header *h, uint64_t *length) {
    if (h->whole == 0) return PROXY_HEADER_NO;
    uint64_t left = h->whole - h->have;
    uint64_t taken = *length < left ? *length : left;
    h->lost = true;
    h->have += (uint32_t)taken;
    *length -= taken;
    return h->have < h->whole ? PROXY_HEADER_MORE : read_addresses(h);
}
