/* What a direction of a flow cannot hand on yet: pieces of its stream in order of sequence, without overlap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SEGMENT_QUEUE_H
#define MAILSPAN_SEGMENT_QUEUE_H

#include "flow/flow_table.h"

#define SEGMENT_BYTES 2048
#define SEGMENT_SMALL_BYTES 256 /* of a slot for a command, a reply, or whatever somebody cuts into crumbs */
#define SEGMENT_HEAD_BYTES 40
#define SEGMENT_DATA_BYTES (SEGMENT_BYTES - SEGMENT_HEAD_BYTES)
#define SEGMENT_SMALL_DATA_BYTES (SEGMENT_SMALL_BYTES - SEGMENT_HEAD_BYTES)

struct segment {
    struct segment *next;
    nstime time;
    uint32_t sequence;
    uint32_t acknowledgement;
    uint32_t missing; /* bytes behind its data that the capture cut off; those that the next piece has count there */
    uint32_t arrived; /* the number of its packet in its flow */
    uint16_t length;  /* 0: all of it was cut off */
    bool has_ack;
    bool small;     /* its slot has SEGMENT_SMALL_BYTES */
    bool weak;      /* it came of a flow that was not proven yet */
    bool early;     /* it acknowledges what its peer was not seen to send: other copies of its bytes count */
    uint8_t data[]; /* SEGMENT_DATA_BYTES, or SEGMENT_SMALL_DATA_BYTES */
};

_Static_assert(sizeof(struct segment) == SEGMENT_HEAD_BYTES, "segments fill their slots");

struct segment_pool;

struct segment_pool *segment_pool_new(size_t bytes);
void segment_pool_free(struct segment_pool *pool);
size_t segment_pool_in_use(const struct segment_pool *pool);
/* Whether little is left of either kind of slot for flows that are proven, or for those that are not (weak), so that a
 * queue of theirs should be given up. */
bool segment_pool_is_short(const struct segment_pool *pool, bool weak);

/* RFC 9293 3.4: sequence numbers wrap; a - b as a signed distance. */
static inline int32_t sequence_distance(uint32_t a, uint32_t b) {
    return (int32_t)(a - b);
}

/* Copies what the queue does not have yet of the packet's payload, which begins at `sequence` (not before half->next).
 * arrived: the packet's number in its flow.  weak: the flow is not proven.  Bytes that are there already keep their
 * first value; a difference is counted.  early: see struct segment.  What does not fit the flow's or the pool's budget
 * is not kept, and counted. */
void segment_queue_insert(struct segment_pool *pool, struct half *half, const struct packet *packet, uint32_t sequence,
                          uint32_t arrived, bool weak, bool early, struct counters *counters);
/* The packet is no early one: what it has in place of the bytes of early pieces counts; a difference is counted. */
void segment_queue_overrule(struct segment_pool *pool, struct half *half, const struct packet *packet,
                            uint32_t sequence, struct counters *counters);
/* Takes the first piece out; whoever does so gives it back. */
struct segment *segment_queue_take(struct half *half);
void segment_give_back(struct segment_pool *pool, struct segment *segment);
/* Returns how many bytes waited. */
size_t segment_queue_clear(struct segment_pool *pool, struct half *half);

#endif
