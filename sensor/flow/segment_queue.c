/* A sorted list for each direction, out of one pool of slots: three quarters of its bytes are slots for whole segments,
 * one quarter are small ones, since a command that overtook another takes no more.
 *
 *   half.queue -> piece -> piece -> piece <- half.queue_end
 *
 * Behind a hole segments mostly come in order, so the end is tried first; else a walk from the front, whose length is
 * bounded by LIMIT_SEGMENTS_PER_FLOW whatever comes.
 *
 * Flows that are not proven yet (flow_table.h) share one half of the slots.  An eighth of the slots, or of that half,
 * is set aside for the first few pieces of each queue; of the rest a queue may hold no more than an eighth of what is
 * free. So when many flows (an attack) want the pool, a swapped pair elsewhere still finds room.  When even that runs
 * short the engine gives up the oldest queue of the same kind (segment_pool_is_short).
 *
 * A piece may be what somebody said after AUTH: its bytes are wiped when its slot is given back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/segment_queue.h"

#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_PIECES 4

/* The slots of one size. */
struct slots {
    uint8_t *memory;
    struct segment *free;
    size_t slot_bytes;
    size_t count;
    size_t fresh; /* the first slot never used yet: its page is not touched before it is needed */
    size_t in_use;
    size_t weak_in_use;
};

struct segment_pool {
    void *memory;
    size_t bytes;
    struct slots large, small;
};

struct segment_pool *segment_pool_new(size_t bytes) {
    struct segment_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) return NULL;
    size_t small_bytes = bytes / 4 / SEGMENT_SMALL_BYTES * SEGMENT_SMALL_BYTES;
    uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        free(pool);
        return NULL;
    }
    pool->memory = memory;
    pool->bytes = bytes;
    pool->small =
        (struct slots){.memory = memory, .slot_bytes = SEGMENT_SMALL_BYTES, .count = small_bytes / SEGMENT_SMALL_BYTES};
    pool->large = (struct slots){
        .memory = memory + small_bytes, .slot_bytes = SEGMENT_BYTES, .count = (bytes - small_bytes) / SEGMENT_BYTES};
    return pool;
}

void segment_pool_free(struct segment_pool *pool) {
    if (pool == NULL) return;
    munmap(pool->memory, pool->bytes);
    free(pool);
}

size_t segment_pool_in_use(const struct segment_pool *pool) {
    return pool->large.in_use + pool->small.in_use;
}

/* What flows of a kind may have, proven or weak, and how much of that is left. */
static size_t share_of(const struct slots *slots, bool weak) {
    return weak ? slots->count / 2 : slots->count;
}

static size_t left_of(const struct slots *slots, bool weak) {
    return share_of(slots, weak) - (weak ? slots->weak_in_use : slots->in_use);
}

static bool is_short(const struct slots *slots, bool weak) {
    return left_of(slots, weak) <= share_of(slots, weak) / 16;
}

bool segment_pool_is_short(const struct segment_pool *pool, bool weak) {
    return is_short(&pool->large, weak) || is_short(&pool->small, weak);
}

static struct segment *slot_take(struct slots *slots) {
    struct segment *slot = slots->free;
    if (slot != NULL) {
        slots->free = slot->next;
    } else {
        if (slots->fresh == slots->count) return NULL;
        slot = (struct segment *)(void *)(slots->memory + slots->slot_bytes * slots->fresh++);
    }
    slots->in_use++;
    return slot;
}

void segment_give_back(struct segment_pool *pool, struct segment *segment) {
    struct slots *slots = segment->small ? &pool->small : &pool->large;
    memset(segment->data, 0, segment->length);
    segment->next = slots->free;
    slots->free = segment;
    slots->in_use--;
    if (segment->weak) slots->weak_in_use--;
}

/* What is being put in. */
struct insertion {
    struct segment_pool *pool;
    struct half *half;
    const struct packet *packet;
    uint32_t arrived;
    bool weak;
    bool early;
    struct counters *counters;
    struct segment *before; /* the piece that the rest comes behind; NULL: none */
    uint32_t sequence;      /* of the rest */
    struct span data;       /* the rest */
};

static struct segment *behind(const struct insertion *in) {
    return in->before == NULL ? in->half->queue : in->before->next;
}

static bool has_room(const struct slots *slots, size_t queued, bool weak) {
    size_t free_slots = left_of(slots, weak);
    if (queued < FIRST_PIECES) return free_slots > 0;
    size_t set_aside = share_of(slots, weak) / 8;
    return queued < LIMIT_SEGMENTS_PER_FLOW && free_slots > set_aside && queued < (free_slots - set_aside) / 8;
}

/* A new piece for so many bytes behind in->before, which it becomes.  NULL, and counted, when there is no room. */
static struct segment *add_piece(struct insertion *in, size_t bytes) {
    bool small = bytes <= SEGMENT_SMALL_DATA_BYTES;
    struct slots *slots = small ? &in->pool->small : &in->pool->large;
    struct segment *piece = has_room(slots, in->half->queued, in->weak) ? slot_take(slots) : NULL;
    if (piece == NULL) {
        in->counters->segment_pool_full++;
        return NULL;
    }
    piece->next = behind(in);
    piece->time = in->packet->time;
    piece->sequence = in->sequence;
    piece->acknowledgement = in->packet->acknowledgement;
    piece->missing = 0;
    piece->arrived = in->arrived;
    piece->length = 0;
    piece->small = small;
    piece->weak = in->weak;
    piece->early = in->early;
    if (in->weak) slots->weak_in_use++;
    piece->has_ack = (in->packet->flags & TCP_ACK) != 0;
    if (in->before == NULL) {
        in->half->queue = piece;
    } else {
        in->before->next = piece;
    }
    if (piece->next == NULL) in->half->queue_end = piece;
    in->half->queued++;
    in->before = piece;
    return piece;
}

static void step(struct insertion *in, size_t bytes) {
    in->data = span_from(in->data, bytes);
    in->sequence += (uint32_t)bytes;
}

/* Data that in->before has already: compared, and left out.  Of two copies the one with the older acknowledgement
 * tells when the bytes were first sent. */
static void skip_covered(struct insertion *in) {
    struct segment *piece = in->before;
    uint32_t offset = in->sequence - piece->sequence;
    if (offset >= piece->length) return;
    size_t covered = piece->length - offset;
    if (covered > in->data.len) covered = in->data.len;
    if (memcmp(piece->data + offset, in->data.data, covered) != 0) in->counters->overlap_conflict++;
    in->counters->duplicate_bytes += covered;
    if (piece->has_ack && (in->packet->flags & TCP_ACK) != 0 &&
        sequence_distance(in->packet->acknowledgement, piece->acknowledgement) < 0)
        piece->acknowledgement = in->packet->acknowledgement;
    step(in, covered);
}

/* Sets in->before to the last piece that begins at or before in->sequence. */
static void find_place(struct insertion *in) {
    struct segment *last = in->half->queue_end;
    in->before = NULL;
    if (in->half->queue != NULL && sequence_distance(in->sequence, last->sequence) >= 0) {
        in->before = last;
        return;
    }
    for (struct segment *at = in->half->queue; at != NULL && sequence_distance(in->sequence, at->sequence) >= 0;
         at = at->next)
        in->before = at;
}

/* Bytes between in->sequence and the next piece, at most `wanted`. */
static size_t room_for(const struct insertion *in, size_t wanted) {
    const struct segment *next = behind(in);
    if (next == NULL) return wanted;
    size_t room = next->sequence - in->sequence;
    return room < wanted ? room : wanted;
}

/* What the capture cut off behind the data; no more than is free there. */
static void note_cut(struct insertion *in, uint32_t cut) {
    struct segment *piece = in->before;
    uint32_t free_bytes = (uint32_t)room_for(in, cut);
    if (free_bytes == 0) return;
    if (piece != NULL) {
        uint32_t known = piece->length + piece->missing;
        uint32_t offset = in->sequence - piece->sequence;
        if (offset < known) return; /* known to be cut off, or there already */
        if (offset != piece->length) piece = NULL;
    }
    if (piece == NULL) piece = add_piece(in, 0);
    if (piece != NULL) piece->missing = free_bytes;
}

void segment_queue_insert(struct segment_pool *pool, struct half *half, const struct packet *packet, uint32_t sequence,
                          uint32_t arrived, bool weak, bool early, struct counters *counters) {
    struct insertion in = {.pool = pool,
                           .half = half,
                           .packet = packet,
                           .arrived = arrived,
                           .weak = weak,
                           .early = early,
                           .counters = counters,
                           .sequence = sequence,
                           .data = packet->payload};
    find_place(&in);
    while (in.data.len > 0) {
        if (in.before != NULL) skip_covered(&in);
        size_t room = room_for(&in, in.data.len);
        if (room > SEGMENT_DATA_BYTES) room = SEGMENT_DATA_BYTES;
        if (room > 0) {
            struct segment *piece = add_piece(&in, room);
            if (piece == NULL) {
                counters->unkept_bytes += in.data.len;
                return;
            }
            piece->length = (uint16_t)room;
            memcpy(piece->data, in.data.data, room);
            step(&in, room);
        } else if (in.data.len > 0) {
            in.before = behind(&in);
        }
    }
    uint32_t cut = packet->payload_length - (uint32_t)packet->payload.len;
    if (cut > 0) note_cut(&in, cut);
}

/* What the piece has from there on becomes a piece of its own; without room for it, it is lost, and counted. */
static void cut_piece(struct segment_pool *pool, struct half *half, struct segment *piece, size_t at,
                      struct counters *counters) {
    struct slots *slots = piece->small ? &pool->small : &pool->large;
    struct segment *rest = has_room(slots, half->queued, piece->weak) ? slot_take(slots) : NULL;
    size_t bytes = piece->length - at;
    if (rest == NULL) {
        counters->segment_pool_full++;
        counters->unkept_bytes += bytes;
    } else {
        *rest = *piece;
        rest->sequence += (uint32_t)at;
        rest->length = (uint16_t)bytes;
        memcpy(rest->data, piece->data + at, bytes);
        if (rest->weak) slots->weak_in_use++;
        piece->next = rest;
        if (half->queue_end == piece) half->queue_end = rest;
        half->queued++;
    }
    memset(piece->data + at, 0, bytes);
    piece->length = (uint16_t)at;
    piece->missing = 0;
}

void segment_queue_overrule(struct segment_pool *pool, struct half *half, const struct packet *packet,
                            uint32_t sequence, struct counters *counters) {
    uint32_t end = sequence + (uint32_t)packet->payload.len;
    for (struct segment *piece = half->queue; piece != NULL && sequence_distance(piece->sequence, end) < 0;
         piece = piece->next) {
        int32_t before = sequence_distance(sequence, piece->sequence);
        if (!piece->early || piece->length == 0 || before >= (int32_t)piece->length) continue;
        if (before > 0) { /* the other part comes next */
            cut_piece(pool, half, piece, (size_t)before, counters);
            continue;
        }
        size_t covered = end - piece->sequence;
        if (covered < piece->length) cut_piece(pool, half, piece, covered, counters);
        const uint8_t *copy = packet->payload.data + (piece->sequence - sequence);
        if (memcmp(piece->data, copy, piece->length) != 0) counters->overlap_conflict++;
        memcpy(piece->data, copy, piece->length);
        piece->acknowledgement = packet->acknowledgement;
        piece->has_ack = (packet->flags & TCP_ACK) != 0;
        piece->early = false;
    }
}

struct segment *segment_queue_take(struct half *half) {
    struct segment *first = half->queue;
    half->queue = first->next;
    if (half->queue == NULL) half->queue_end = NULL;
    half->queued--;
    return first;
}

size_t segment_queue_clear(struct segment_pool *pool, struct half *half) {
    size_t bytes = 0;
    while (half->queue != NULL) {
        struct segment *segment = segment_queue_take(half);
        bytes += segment->length;
        segment_give_back(pool, segment);
    }
    return bytes;
}
