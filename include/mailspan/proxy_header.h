/* proxy_header: what a load balancer, or a relay that hosts others, says in front of a client's stream: for whom it has
 * connected.  HAProxy's "PROXY protocol".
 *
 *   version 1   "PROXY TCP4 192.0.2.1 198.51.100.25 40000 25" CR LF, or TCP6, or UNKNOWN and anything; 107 bytes at
 * most version 2   12 bytes of signature, version and command, family, 16 bits of length, addresses, and TLVs
 *
 * A pull parser.  It says nothing of whether the server takes the header: one that does not know it reads lines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROXY_HEADER_H
#define MAILSPAN_PROXY_HEADER_H

#include "mailspan/limits.h"
#include "mailspan/packet.h"

enum proxy_header_answer {
    PROXY_HEADER_NO,    /* this is none: what was said belongs to whoever reads the connection then */
    PROXY_HEADER_MORE,  /* not known yet, or not whole */
    PROXY_HEADER_WHOLE, /* what comes next is what the client says */
};

struct proxy_header {
    unsigned version; /* 1 or 2; 0 until the first byte */
    bool addressed;   /* the next two are set: not where it says LOCAL or UNKNOWN, or speaks of no TCP or UDP */
    struct endpoint client, server;
    uint32_t have;  /* bytes of it so far, lost ones counted */
    uint32_t whole; /* of version 2: its length; 0 until it has said so */
    bool lost;      /* some of it */
    uint8_t bytes[LIMIT_PROXY_HEADER_BYTES];
};

/* Whether a client that speaks first may begin so. */
static inline bool proxy_header_may_begin(uint8_t first) {
    return first == 'P' || first == '\r';
}

/* Takes what it reads off *bytes: with PROXY_HEADER_WHOLE up to its end, else all of it.  The header must be zeroed,
 * and is nobody's after PROXY_HEADER_NO or PROXY_HEADER_WHOLE. */
enum proxy_header_answer proxy_header_push(struct proxy_header *header, struct span *bytes);
/* Bytes are missing: takes what must have been the header's off *length.  PROXY_HEADER_NO where nobody knows how much
 * that is. */
enum proxy_header_answer proxy_header_gap(struct proxy_header *header, uint64_t *length);

#endif
