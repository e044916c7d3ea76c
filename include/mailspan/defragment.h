/* defragment: datagrams put together again from their IP fragments, in a table of fixed size.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DEFRAGMENT_H
#define MAILSPAN_DEFRAGMENT_H

#include "mailspan/clock.h"
#include "mailspan/counters.h"
#include "mailspan/packet.h"

struct fragment {
    struct ip_address from;
    struct ip_address to;
    uint32_t id;
    uint8_t version;   /* 4 or 6 */
    uint8_t protocol;  /* of what was cut; IPv6 believes the fragment at offset 0 (RFC 8200 4.5) */
    bool more;         /* this is not the last */
    uint32_t offset;   /* bytes, a multiple of 8 */
    struct span bytes; /* all of them: a fragment that the capture cut is of no use */
};

enum defragment_result {
    DEFRAGMENT_WAITING,   /* kept, or a duplicate, or of a datagram that was dropped */
    DEFRAGMENT_WHOLE,     /* *whole is the datagram */
    DEFRAGMENT_MALFORMED, /* no sender makes such a fragment */
};

struct defragment;

/* How much memory a table needs, and the table in that memory: zeroed, aligned as malloc does, and the caller's to
 * free. hash_key: random, so that nobody can aim at one bucket. */
size_t defragment_memory_bytes(void);
struct defragment *defragment_in(void *memory, const uint8_t hash_key[16], struct counters *counters);

/* *whole begins with a plain IP header, without options or extension headers, and lives until the next call.
 * `fragment->bytes` may lie in the *whole of the call before: fragments inside fragments. */
enum defragment_result defragment_add(struct defragment *table, const struct fragment *fragment, nstime now,
                                      struct span *whole);

/* Nothing more comes, or time begins anew: what still waits is counted as expired. */
void defragment_finish(struct defragment *table);

#endif
