/* A sorted list for each direction, out of one pool of equal slots.
 *
 * Lists are short (a hole lives for LIMIT_HOLE_GRACE_SEGMENTS), so a walk from the front is fast enough; their length
 * is bounded by LIMIT_SEGMENTS_PER_FLOW whatever comes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/segment_queue.h"

#include <stdlib.h>
#include <sys/mman.h>

struct segment_pool {
    struct segment *slots;
    struct segment *free;
    size_t count;
    size_t fresh; /* slots never used yet */
};

struct segment_pool *segment_pool_new(size_t bytes) {
    struct segment_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) return NULL;
    pool->count = bytes / sizeof(struct segment);
    void *memory = mmap(NULL, pool->count * sizeof(struct segment), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        free(pool);
        return NULL;
    }
    pool->slots = memory;
    return pool;
}

void segment_pool_free(struct segment_pool *pool) {
    if (pool == NULL) return;
    munmap(pool->slots, pool->count * sizeof(struct segment));
    free(pool);
}

static struct segment *slot_take(struct segment_pool *pool) {
    struct segment *slot = pool->free;
    if (slot != NULL) {
        pool->free = slot->next;
        return slot;
    }
    return pool->fresh < pool->count ? &pool->slots[pool->fresh++] : NULL;
}

static void slot_give(struct segment_pool *pool, struct segment *slot) {
    slot->next = pool->free;
    pool->free = slot;
}

/* One piece between *link and its successor, at most a slot long.  Returns how many bytes of data it took; 0 when
 * there is no room. */
static size_t insert_piece(struct segment_pool *pool, struct half *half, struct segment **link,
                           const struct packet *packet, uint32_t sequence, struct span data) {
    if (half->queued >= LIMIT_SEGMENTS_PER_FLOW) return 0;
    struct segment *slot = slot_take(pool);
    if (slot == NULL) return 0;
    data = span_head(data, SEGMENT_DATA_BYTES);
    slot->next = *link;
    slot->time = packet->time;
    slot->sequence = sequence;
    slot->acknowledgement = packet->acknowledgement;
    slot->missing = 0;
    slot->length = (uint16_t)data.len;
    slot->has_ack = (packet->flags & TCP_ACK) != 0;
    memcpy(slot->data, data.data, data.len);
    *link = slot;
    half->queued++;
    return data.len;
}

/* Bytes of data, which begins at sequence, that the piece has already; compares them. */
static size_t covered_by(const struct segment *piece, uint32_t sequence, struct span data, struct counters *counters) {
    int32_t offset = sequence_distance(sequence, piece->sequence); /* not negative: the caller has seen to it */
    if (offset >= piece->length) return 0;
    size_t covered = (size_t)(piece->length - offset);
    if (covered > data.len) covered = data.len;
    if (memcmp(piece->data + offset, data.data, covered) != 0) counters->overlap_conflict++;
    counters->duplicate_bytes += covered;
    return covered;
}

void segment_queue_insert(struct segment_pool *pool, struct half *half, const struct packet *packet, uint32_t sequence,
                          struct counters *counters) {
    struct span data = packet->payload;
    struct segment **link = &half->queue;
    struct segment *piece = NULL; /* the last one that was put in or found */
    while (data.len > 0) {
        if (*link == NULL || sequence_distance(sequence, (*link)->sequence) < 0) { /* free room before *link */
            size_t room = data.len;
            if (*link != NULL && (size_t)((*link)->sequence - sequence) < room) room = (*link)->sequence - sequence;
            size_t taken = insert_piece(pool, half, link, packet, sequence, span_head(data, room));
            if (taken == 0) {
                counters->segment_pool_full++;
                return;
            }
            data = span_from(data, taken);
            sequence += (uint32_t)taken;
        } else {
            size_t covered = covered_by(*link, sequence, data, counters);
            data = span_from(data, covered);
            sequence += (uint32_t)covered;
        }
        piece = *link;
        link = &(*link)->next;
    }
    uint32_t cut = packet->payload_length - (uint32_t)packet->payload.len;
    if (piece != NULL && piece->sequence + piece->length == sequence) piece->missing = cut;
}

void segment_queue_pop(struct segment_pool *pool, struct half *half) {
    struct segment *first = half->queue;
    half->queue = first->next;
    half->queued--;
    slot_give(pool, first);
}

void segment_queue_clear(struct segment_pool *pool, struct half *half) {
    while (half->queue != NULL) segment_queue_pop(pool, half);
}
