/* IP addresses and prefixes as text and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_ADDRESS_H
#define MAILSPAN_ADDRESS_H

#include "mailspan/packet.h"

#define IP_TEXT_BYTES 46 /* with the final NUL, as INET6_ADDRSTRLEN */

struct ip_prefix {
    struct ip_address ip; /* host bits are zero */
    uint8_t bits;         /* of the 128; an IPv4 /24 is 96 + 24 */
};

/* Dotted quad for an IPv4 address, RFC 5952 for IPv6.  Returns text. */
const char *ip_to_text(const struct ip_address *ip, char text[IP_TEXT_BYTES]);

/* False when text is not an address. */
bool ip_from_text(struct span text, struct ip_address *ip);

/* "192.0.2.0/24", "2001:db8::/32", or a bare address (all bits).  False when it is neither, when the length is out of
 * range, or when a host bit is set ("192.0.2.1/24" is a typing error, not a network). */
bool ip_prefix_from_text(struct span text, struct ip_prefix *prefix);

bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *ip);

/* The address with all but its first bits cleared; bits count from the start of the 128. */
struct ip_address ip_mask(const struct ip_address *ip, uint8_t bits);

#endif
