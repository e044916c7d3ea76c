/* flow: a TCP connection as the sensor remembers it, and the table of all of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_FLOW_TABLE_H
#define MAILSPAN_FLOW_TABLE_H

#include "mailspan/limits.h"
#include "mailspan/packet.h"
#include "mailspan/stream.h"

#define FLOW_NONE UINT32_MAX
#define FLOW_SOURCE_FOREIGN UINT64_MAX /* of flows between others' networks, which are of no use */

struct segment; /* segment_queue.h */

/* One direction. */
struct half {
    struct segment *queue; /* what waits: behind a hole, or for the bytes that it acknowledges */
    struct segment *queue_end;
    nstime hole_since;     /* since when bytes at `next` are missing; 0: none are */
    uint32_t next;         /* sequence number of the next byte to hand on */
    uint32_t acknowledged; /* the highest number that the peer has acknowledged */
    uint32_t fin;          /* sequence number of its FIN */
    uint32_t first;        /* sequence number of its first byte, or of the first that was captured */
    uint32_t reset;        /* sequence number of its RST */
    uint32_t sent;         /* the end of all that its own packets show, once it was seen; never before `next` */
    uint32_t read_at;      /* what it says from here on it said when it had read its peer up to peer.acknowledged */
    uint16_t queued;       /* segments in the queue */
    uint16_t passed;       /* segments of the flow that have passed its hole since it is certain */
    uint32_t last_low;     /* the ordinal of its last packet (packet.h), 48 bits of it */
    uint16_t last_high;
    bool known : 1; /* next and first are set */
    bool ack_known : 1;
    bool fin_known : 1;  /* its FIN counts when the peer acknowledges it */
    bool ended : 1;      /* the listener was told */
    bool syn_seen : 1;   /* `first` is certain */
    bool seen : 1;       /* a packet of this side was captured */
    bool begun : 1;      /* something of it was handed on, or given up */
    bool spoke : 1;      /* bytes of it were handed on */
    bool reset_seen : 1; /* its RST counts when nothing of it follows */
    bool is_long : 1;    /* `first` is so far behind that it would seem to lie ahead one day */
};

/* Who makes room first comes first.
 * closed: over.  foreign: neither end is at home.  silent: nothing was said yet; whole: but the client has
 * acknowledged the server's SYN, which nobody can who does not see it.  weak: not yet a conversation
 * (flow_is_proven).  live: the others. watched: with a hole or a reset that packets of the flow, or else time, will
 * settle.  queued: the same, with pieces that wait.  reset: its client has reset it, and perhaps its server does not
 * know; behind the foreign ones the first to make room.  The others have nothing to do but to wait. */
enum flow_list {
    FLOW_LIST_CLOSED,
    FLOW_LIST_FOREIGN,
    FLOW_LIST_FOREIGN_WATCHED,
    FLOW_LIST_FOREIGN_QUEUED,
    FLOW_LIST_SILENT,
    FLOW_LIST_SILENT_WHOLE,
    FLOW_LIST_WEAK,
    FLOW_LIST_WEAK_WATCHED,
    FLOW_LIST_WEAK_QUEUED,
    FLOW_LIST_LIVE,
    FLOW_LIST_LIVE_WATCHED,
    FLOW_LIST_LIVE_QUEUED,
    FLOW_LIST_LIVE_RESET,
    FLOW_LISTS
};

/* The initial sequence number of a connection that may have these ports instead. */
enum other_connection {
    OTHER_NONE,
    OTHER_NEWER, /* a SYN that would begin it */
    OTHER_OLDER, /* the one that this one replaced: its next number, as if it began there */
};

/* Four lines of the cache: what finds it and what it leads to, a half each, and the rest. */
struct flow {
    _Alignas(64) struct endpoint client;
    struct endpoint server;
    uint32_t chain;      /* next flow of the bucket */
    nstime last;         /* its last packet */
    nstime listed;       /* when it was last put at the young end of its list */
    void *handle;        /* the listener's */
    struct half half[2]; /* by enum stream_side */
    nstime start;
    uint32_t older, newer;             /* in its list */
    uint32_t share_older, share_newer; /* in its share's list */
    uint32_t segments;                 /* packets that it had */
    uint32_t other_isn[2];             /* see enum other_connection */
    uint32_t gap_start[2];             /* the last gap of each side: what comes after all */
    uint32_t gap_length[2];
    uint32_t share;   /* whose it is; FLOW_NONE: nobody's, of the foreign ones */
    uint8_t other[2]; /* enum other_connection, by enum stream_side */
    uint8_t list;     /* enum flow_list */
    bool opened;      /* the listener knows it */
    bool closed;      /* over, or not wanted; stays so that stragglers are known as such */
    bool unwanted;    /* closed, because the listener had enough */
    bool midstream;
    bool steady; /* nothing is missing, waits, or is in doubt: what goes on so is taken at once */
};

_Static_assert(sizeof(struct flow) <= 256, "an idle flow takes at most 256 bytes");

/* Asks for its memory, which will be read and written soon. */
static inline void flow_foresee(const struct flow *flow) {
    for (size_t at = 0; at < sizeof *flow; at += 64) __builtin_prefetch((const char *)flow + at, 1);
}

/* When it last sent a packet, by the ordinal of that: no two flows have the same. */
static inline uint64_t flow_last_ordinal(const struct flow *flow) {
    uint64_t client = (uint64_t)flow->half[SIDE_CLIENT].last_high << 32 | flow->half[SIDE_CLIENT].last_low;
    uint64_t server = (uint64_t)flow->half[SIDE_SERVER].last_high << 32 | flow->half[SIDE_SERVER].last_low;
    return client > server ? client : server;
}

static inline bool flow_is_foreign(const struct flow *flow) {
    return flow->share == FLOW_NONE;
}

/* Both sides have said something: what somebody alone can send from made-up addresses does not come so far. */
static inline bool flow_is_proven(const struct flow *flow) {
    return !flow_is_foreign(flow) && flow->half[0].spoke && flow->half[1].spoke;
}

/* A number for the flow between two ends, the same for both directions, which nobody can choose who does not know the
 * key (SipHash-1-3). */
uint64_t flow_hash(const uint8_t key[16], const struct endpoint *a, const struct endpoint *b);

struct flow_table;

/* Allocates for capacity flows.  key: 16 random bytes, so that nobody can choose which flows share a bucket. */
struct flow_table *flow_table_new(size_t capacity, const uint8_t key[16]);
void flow_table_free(struct flow_table *table);
size_t flow_table_memory_bytes(const struct flow_table *table);
size_t flow_table_count(const struct flow_table *table); /* of flows in it */

/* A packet that will come: hashes it, and asks for the memory of its bucket; then, for that of the flow there. */
void flow_table_foresee_bucket(const struct flow_table *table, struct packet *packet);
void flow_table_foresee_flow(const struct flow_table *table, const struct packet *packet);
/* Then: the flow that may be the packet's; NULL: none is known.  It is asked for already. */
const struct flow *flow_table_guess(const struct flow_table *table, const struct packet *packet);

/* The flow between the packet's ends, whichever is the client; *side is who sent the packet.  NULL when unknown. */
struct flow *flow_table_find(struct flow_table *table, const struct packet *packet, enum stream_side *side);

/* Whose flow it is: a keyed hash of the address of the end at home, of IPv6 its /64.  NULL: FLOW_SOURCE_FOREIGN. */
uint64_t flow_table_source(const struct flow_table *table, const struct ip_address *home);

/* Whether flow_table_add needs a flow to be removed first, and which; NULL when none need be, or none may be.
 *
 * - of the foreign the oldest, when they have a quarter of the table, or it is full: they take nothing from others;
 * - of a kind the oldest silent one (whole ones last) when more than half of the table is silent, the oldest weak one
 * when more than a quarter is weak (a flood feeds on itself); one of the source, if that alone has half of this;
 * - of the source one, when it has twice what is free (memory_share.c says why), and a certain least of it;
 * - of a full table the oldest of the first kind that there is, but for a few silent and weak ones; of the live ones
 * one of the source that has most, if that is more than its due. */
struct flow *flow_table_victim(struct flow_table *table, uint64_t source);
bool flow_table_is_full(const struct flow_table *table);
/* The source's share has twice what is free: only the least that everybody may have lets it take more. */
bool flow_table_share_is_at_least(const struct flow_table *table, uint64_t source);

/* A new flow in the silent list (or the foreign one), zeroed but for its ends, its times and its source.  There must be
 * room. */
struct flow *flow_table_add(struct flow_table *table, const struct endpoint *client, const struct endpoint *server,
                            uint64_t source, nstime now);
void flow_table_remove(struct flow_table *table, struct flow *flow);

/* Notes that the flow is alive.  Lists are in order of age to within a second, so most packets touch no list. */
void flow_table_touch(struct flow_table *table, struct flow *flow, nstime now);
void flow_table_move(struct flow_table *table, struct flow *flow, enum flow_list list, nstime now);

/* The oldest flow of a list, and the next younger one; NULL at the end. */
struct flow *flow_table_oldest(struct flow_table *table, enum flow_list list);
struct flow *flow_table_newer(struct flow_table *table, const struct flow *flow);

/* For tests: where the flow between these ends goes, and the length of the longest chain. */
size_t flow_table_bucket(const struct flow_table *table, const struct endpoint *a, const struct endpoint *b);
size_t flow_table_longest_chain(const struct flow_table *table);

#endif
