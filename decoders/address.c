/* address: IP addresses and prefixes as text and back.
 *
 * The C library reads and writes the addresses themselves: it is strict (no octal, no short forms "10.1", no zone
 * names), and its IPv6 text is RFC 5952's.  Only the four numbers of IPv4 are written here: inet_ntop asks sprintf for
 * each, which was a sixteenth of a replay without rules.  An IPv4 address lives mapped into IPv6, so "::ffff:192.0.2.1"
 * and "192.0.2.1" are the same address and the second is how it is shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/address.h"

#include <arpa/inet.h>

#define V4_BITS_BEFORE 96 /* bits of ::ffff:0:0/96, in front of an IPv4 address */
#define IP_BITS 128

static char *put_octet(char *at, unsigned octet) {
    if (octet >= 100) *at++ = (char)('0' + octet / 100);
    if (octet >= 10) *at++ = (char)('0' + octet / 10 % 10);
    *at++ = (char)('0' + octet % 10);
    return at;
}

static char *put_v4(char *at, const uint8_t octets[4]) {
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0) *at++ = '.';
        at = put_octet(at, octets[i]);
    }
    return at;
}

const char *ip_to_text(const struct ip_address *ip, char text[IP_TEXT_BYTES]) {
    text[0] = '\0';
    if (ip_is_v4(ip))
        *put_v4(text, ip->bytes + V4_BITS_BEFORE / 8) = '\0';
    else
        (void)inet_ntop(AF_INET6, ip->bytes, text, IP_TEXT_BYTES);
    return text;
}

/* v4_notation: whether it was written as a dotted quad. */
static bool read_address(struct span text, struct ip_address *ip, bool *v4_notation) {
    static const uint8_t mapped[V4_BITS_BEFORE / 8] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char terminated[IP_TEXT_BYTES];
    if (text.len == 0 || text.len >= sizeof terminated || span_find(text, '\0') != text.len) return false;
    memcpy(terminated, text.data, text.len);
    terminated[text.len] = '\0';
    struct ip_address found;
    memcpy(found.bytes, mapped, sizeof mapped);
    *v4_notation = inet_pton(AF_INET, terminated, found.bytes + sizeof mapped) == 1;
    if (!*v4_notation && inet_pton(AF_INET6, terminated, found.bytes) != 1) return false;
    *ip = found;
    return true;
}

bool ip_from_text(struct span text, struct ip_address *ip) {
    bool v4_notation;
    return read_address(text, ip, &v4_notation);
}

static bool read_bits(struct span text, unsigned max, unsigned *bits) {
    if (text.len == 0 || text.len > 3 || (text.len > 1 && text.data[0] == '0')) return false;
    *bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.data[i])) return false;
        *bits = *bits * 10 + (unsigned)(text.data[i] - '0');
    }
    return *bits <= max;
}

bool ip_prefix_from_text(struct span text, struct ip_prefix *prefix) {
    size_t slash = span_find(text, '/');
    struct ip_address ip;
    bool v4_notation;
    if (!read_address(span_head(text, slash), &ip, &v4_notation)) return false;
    unsigned before = v4_notation ? V4_BITS_BEFORE : 0;
    unsigned bits = IP_BITS - before;
    if (slash < text.len && !read_bits(span_from(text, slash + 1), IP_BITS - before, &bits)) return false;
    uint8_t all_bits = (uint8_t)(before + bits);
    struct ip_address network = ip_mask(&ip, all_bits);
    if (!ip_equal(&network, &ip)) return false;
    *prefix = (struct ip_prefix){ip, all_bits};
    return true;
}

bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *ip) {
    size_t whole = prefix->bits / 8;
    if (memcmp(prefix->ip.bytes, ip->bytes, whole) != 0) return false;
    unsigned rest = prefix->bits % 8u;
    if (rest == 0) return true;
    return ((prefix->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest)) == 0;
}

struct ip_address ip_mask(const struct ip_address *ip, uint8_t bits) {
    struct ip_address masked = *ip;
    for (unsigned i = 0; i < sizeof masked.bytes; i++) {
        unsigned kept = bits <= i * 8 ? 0 : bits - i * 8;
        if (kept < 8) masked.bytes[i] = (uint8_t)(masked.bytes[i] & (0xff00u >> kept));
    }
    return masked;
}
