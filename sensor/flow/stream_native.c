/* The native engine: reassembly of TCP streams, both directions together (RFC 9293).
 *
 *   stream_native.c   packets of a flow that is known, time, the engine's life
 *   stream_begin.c    which flow a packet belongs to: new ones, ports that are used again, forged beginnings and ends
 *   stream_order.c    in what order bytes go to the listener, what waits, and when what is missing is a gap
 *   segment_queue.c   what waits;  flow_table.c   the flows
 *
 * No byte is lost without a name: see counters_account_for_all_bytes in counters.h, which native_finish holds.
 *
 * What would end a dialogue is not believed lightly, since anybody can forge it, or send it with a life too short for
 * its peer:
 *
 *   FIN   counts when its peer acknowledges it (one more than all bytes), when the peer's own FIN has counted, or when
 *         the flow is over anyway.  Until then bytes in its place show that the peer never had it.  Bytes behind one
 *         that counts make a new flow without a beginning.
 *   RST   counts when it is inside the window, its sender goes on with nothing, and both sides are silent for a while:
 *         for long, when a client sent it whose server has not ended its side, since that may not have had it.
 *   SYN   counts when it is answered, and somebody speaks behind the answer.  Where the old connection goes on all the
 *         same, it has its place back: its rest is a new flow without a beginning.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/stream_native.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#define RESET_WINDOW_BYTES (1 << 20) /* an RST farther ahead of what was acknowledged is in nobody's window */
#define FINISH_FLOWS_PER_LOOK 64     /* at the clock */
#define FINISH_FLOW_AHEAD 12         /* flows, at the end */
#define FINISH_SOON_AHEAD 6
#define FINISH_VERY_SOON_AHEAD 3

/* A flow that silence, or the end, decides something of. */
struct due_flow {
    uint64_t ordinal; /* of its last packet */
    uint32_t place;   /* among those that were found */
    struct flow *flow;
};

/* --- packets ----------------------------------------------------------------------------------------------------- */

/* How far the packet's sender has come. */
static void note_sent(struct half *half, const struct packet *packet) {
    uint32_t counted = ((packet->flags & TCP_SYN) != 0 ? 1U : 0U) + ((packet->flags & TCP_FIN) != 0 ? 1U : 0U);
    uint32_t bytes = (packet->flags & TCP_RST) != 0 ? 0 : packet->payload_length; /* an RST's are none of the stream */
    uint32_t end = packet->sequence + bytes + counted;
    int32_t ahead = half->known ? sequence_distance(end, half->next) : 0;
    bool far = ahead > (int32_t)LIMIT_GAP_BYTES_MAX || ahead < -(int32_t)LIMIT_GAP_BYTES_MAX;
    if (!half->seen && !far) half->sent = half->known && ahead < 0 ? half->next : end;
    if (!half->seen && far) half->sent = half->next;
    if (!far && sequence_distance(end, half->sent) > 0) half->sent = end;
    half->seen = true;
}

/* It acknowledges so much more than its peer was seen to send that no loss explains it: nobody takes such a segment. */
static bool acknowledges_nothing_sent(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    const struct half *peer = &flow->half[side_other(side)];
    return (packet->flags & TCP_ACK) != 0 && peer->seen && peer->known &&
           sequence_distance(packet->acknowledgement, peer->sent) > (int32_t)LIMIT_GAP_BYTES_MAX;
}

/* sent: how far its sender had come before. */
static void note_acknowledgement(struct flow *flow, enum stream_side side, const struct packet *packet, uint32_t sent) {
    struct half *half = &flow->half[side];
    struct half *peer = &flow->half[side_other(side)];
    if ((packet->flags & TCP_ACK) == 0) return;
    uint32_t acknowledgement = packet->acknowledgement;
    if (!peer->known) { /* picked up in the middle: what was acknowledged before is nobody's loss */
        peer->first = peer->next = acknowledgement;
        peer->known = true;
        if (!peer->seen || sequence_distance(acknowledgement, peer->sent) > 0) peer->sent = acknowledgement;
    }
    if (peer->reset_seen && sequence_distance(acknowledgement, peer->reset) > 1) peer->reset_seen = false;
    if (peer->ack_known && sequence_distance(acknowledgement, peer->acknowledged) <= 0) return;
    int32_t ahead = sequence_distance(acknowledgement, peer->next);
    if (ahead > (int32_t)LIMIT_GAP_BYTES_MAX || ahead < -(int32_t)LIMIT_GAP_BYTES_MAX) return;
    peer->acknowledged = acknowledgement;
    peer->ack_known = true;
    half->read_at = sequence_distance(packet->sequence, sent) > 0 ? packet->sequence : sent; /* it may be sent again */
    /* There are bytes in the place of a FIN of which a server says that it has more than that. */
    if (peer->fin_known && side == SIDE_SERVER && sequence_distance(acknowledgement, peer->fin) > 1) {
        peer->fin_known = false;
        if (peer->sent == peer->fin + 1) peer->sent = peer->fin;
    }
}

/* Where the FIN is, unless bytes were sent behind that place. */
static void note_fin(struct half *half, uint32_t fin) {
    if (half->fin_known || sequence_distance(fin, half->next) < 0) return;
    const struct segment *last = half->queue_end;
    if (last != NULL && sequence_distance(fin, last->sequence + last->length + last->missing) < 0) return;
    half->fin = fin;
    half->fin_known = true;
}

/* What the segment contradicts: a FIN before its end, an RST after which its sender goes on. */
static void doubt_ends(struct half *half, uint32_t end) {
    if (half->fin_known && sequence_distance(end, half->fin) > 0) half->fin_known = false;
    if (half->reset_seen && sequence_distance(end, half->reset) > 0) half->reset_seen = false;
}

/* Whether the segment's place can be in the stream.  A start known only from the peer's
 * acknowledgement is not proved. */
static bool find_start(struct half *half, uint32_t sequence, uint32_t end) {
    int32_t distance = sequence_distance(sequence, half->next);
    bool outside = distance > (int32_t)LIMIT_GAP_BYTES_MAX || distance < -(int32_t)LIMIT_GAP_BYTES_MAX;
    if (half->known && (!outside || half->begun || half->syn_seen || half->queue != NULL)) return !outside;
    half->known = true;
    half->first = half->next = sequence;
    half->sent = end;
    half->ack_known = false;
    return true;
}

static void count_outside(struct stream_engine *e, const struct packet *packet) {
    e->counters->segment_outside++;
    if ((packet->flags & TCP_RST) == 0) e->counters->outside_bytes += packet->payload.len; /* else in reset_bytes */
}

/* Of a side that is done: what it said already, and what it cannot have said any more. */
static void count_behind_end(struct stream_engine *e, const struct flow *flow, enum stream_side side, uint32_t sequence,
                             const struct packet *packet) {
    const struct half *half = &flow->half[side];
    int64_t old = -(int64_t)sequence_distance(sequence, half->next);
    if (old < 0 || old > (int64_t)LIMIT_GAP_BYTES_MAX) old = 0;
    if (old > (int64_t)packet->payload.len) old = (int64_t)packet->payload.len;
    stream_count_old_bytes(e, flow, side, sequence, (size_t)old);
    e->counters->after_end_bytes += packet->payload.len - (size_t)old;
}

static void take_payload(struct stream_engine *e, struct flow *flow, enum stream_side side,
                         const struct packet *packet) {
    struct half *half = &flow->half[side];
    uint32_t sequence = packet->sequence + ((packet->flags & TCP_SYN) != 0 ? 1 : 0);
    uint32_t end = sequence + packet->payload_length;
    if (half->ended) {
        count_behind_end(e, flow, side, sequence, packet);
        return;
    }
    if (!find_start(half, sequence, end)) {
        count_outside(e, packet);
        return;
    }
    if (packet->payload_length > 0) doubt_ends(half, end);
    bool has_ack = (packet->flags & TCP_ACK) != 0;
    bool early = stream_is_doubtful(flow, side, packet);
    if ((packet->flags & TCP_FIN) != 0) note_fin(half, end);
    struct span payload = packet->payload;
    uint32_t length = packet->payload_length;
    int32_t distance = sequence_distance(sequence, half->next);
    if (distance < 0) { /* all or part of it was seen before */
        size_t seen = (size_t) - (int64_t)distance;
        stream_count_old_bytes(e, flow, side, sequence, seen < payload.len ? seen : payload.len);
        payload = span_from(payload, seen);
        length = length > seen ? length - (uint32_t)seen : 0;
        sequence = half->next;
    }
    if (length == 0) return;
    bool in_order = half->queue == NULL && distance <= 0;
    if (in_order && !early && stream_cause_came(flow, side, has_ack, packet->acknowledgement)) {
        uint32_t unread = stream_unread_bytes(flow, side, sequence, has_ack, packet->acknowledgement);
        stream_hand_on(e, flow, side, payload, unread, packet->time);
        if (!flow->closed) stream_declare_gap(e, flow, side, length - (uint32_t)payload.len, packet->time);
    } else {
        struct packet rest = *packet;
        rest.payload = payload;
        rest.payload_length = length;
        stream_make_queue_room(e, flow, packet->time);
        bool weak = !flow_is_proven(flow);
        if (!early) segment_queue_overrule(e->pool, half, &rest, sequence, e->counters);
        segment_queue_insert(e->pool, half, &rest, sequence, flow->segments, weak, early, e->counters);
    }
}

/* Its peer drops it: its number is before what the peer acknowledged, or beyond any window (RFC 9293 3.10.7.4, RFC 5961
 * 3.2).  What only a client says that it acknowledged makes the window no smaller. */
static bool reset_is_outside(const struct half *half, uint32_t sequence) {
    if (!half->known) return false;
    uint32_t low = half->next - RESET_WINDOW_BYTES, high = half->next;
    if (half->ack_known) {
        low = sequence_distance(half->acknowledged, half->sent) > 0 ? half->sent : half->acknowledged;
        if (sequence_distance(half->acknowledged, high) > 0) high = half->acknowledged;
    }
    return sequence_distance(sequence, low) < 0 || sequence_distance(sequence, high) > RESET_WINDOW_BYTES;
}

/* RFC 9293 3.10.7.4 lets an RST count when it is the next byte's.  Here even that one waits for silence: whoever sends
 * it with a short life in hops wants the sensor to believe it, and not the peer.  Who never had it goes on. */
static void take_reset(struct half *half, const struct packet *packet) {
    bool exact = !half->known || packet->sequence == half->next ||
                 (half->ack_known && packet->sequence == half->acknowledged) ||
                 (half->fin_known && packet->sequence == half->fin + 1);
    half->reset = exact ? packet->sequence : half->next;
    half->reset_seen = true;
}

static void settle_and_watch(struct stream_engine *e, struct flow *flow, nstime now) {
    stream_settle(e, flow, now);
    stream_watch_hole(e, flow, SIDE_CLIENT, now);
    stream_watch_hole(e, flow, SIDE_SERVER, now);
    if (flow->half[SIDE_CLIENT].ended && flow->half[SIDE_SERVER].ended) stream_close_flow(e, flow, STREAM_FIN, now);
}

/* Whoever knows the connection drops a segment without an acknowledgement, with all that is in it (RFC 9293 3.10.7.4,
 * fifth); whoever does not answers with an RST. */
static bool nobody_takes(const struct packet *packet) {
    return (packet->flags & (TCP_ACK | TCP_SYN | TCP_RST)) == 0;
}

/* It is the next of its side, whole, and acknowledges nothing that was not handed on, nor less than before. */
static inline bool goes_on_steadily(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    const struct half *half = &flow->half[side];
    const struct half *peer = &flow->half[side_other(side)];
    return flow->steady && (packet->flags & ~TCP_PSH) == TCP_ACK && packet->sequence == half->next &&
           packet->payload.len == packet->payload_length &&
           packet->acknowledgement - peer->acknowledged <= peer->next - peer->acknowledged;
}

static void note_packet(struct stream_engine *e, struct flow *flow, enum stream_side side,
                        const struct packet *packet) {
    e->counters->mail_segments++;
    flow_table_touch(e->table, flow, packet->time);
    flow->half[side].last_low = (uint32_t)packet->ordinal;
    flow->half[side].last_high = (uint16_t)(packet->ordinal >> 32);
}

/* What take_packet comes to where both sides are open, nothing waits, and nothing is missing or in doubt: nearly every
 * packet.  The flow stays so, and in its list, unless the listener has enough. */
static void take_steady(struct stream_engine *e, struct flow *flow, enum stream_side side,
                        const struct packet *packet) {
    struct half *half = &flow->half[side];
    struct half *peer = &flow->half[side_other(side)];
    note_packet(e, flow, side, packet);
    flow->segments++;
    uint32_t sent = half->sent;
    if (sequence_distance(packet->sequence + packet->payload_length, sent) > 0)
        half->sent = packet->sequence + packet->payload_length;
    if (packet->acknowledgement != peer->acknowledged) {
        peer->acknowledged = packet->acknowledgement;
        half->read_at = sequence_distance(packet->sequence, sent) > 0 ? packet->sequence : sent;
    }
    if (packet->payload_length == 0) return;
    uint32_t unread = stream_unread_bytes(flow, side, packet->sequence, true, packet->acknowledgement);
    stream_hand_on(e, flow, side, packet->payload, unread, packet->time);
}

/* Any packet of a flow that is not over. */
static void take_packet(struct stream_engine *e, struct flow *flow, enum stream_side side,
                        const struct packet *packet) {
    bool reset = (packet->flags & TCP_RST) != 0;
    struct half *half = &flow->half[side];
    if (reset ? reset_is_outside(half, packet->sequence) : acknowledges_nothing_sent(flow, side, packet)) {
        count_outside(e, packet);
        return;
    }
    uint32_t sent = half->seen ? half->sent : packet->sequence;
    note_sent(half, packet);
    flow->segments++;
    if (reset) {
        take_reset(half, packet);
    } else {
        note_acknowledgement(flow, side, packet, sent);
        if (flow->half[side_other(side)].fin_known) stream_end_if_fin_counts(e, flow, side_other(side), packet->time);
        /* Who has an answer to his SYN that the mirror does not show. */
        if (half->queue != NULL && (packet->flags & TCP_ACK) != 0 && !flow->half[side_other(side)].seen)
            stream_trust_early(half);
        if (packet->payload_length > 0 && (packet->flags & TCP_URG) != 0) e->counters->urgent_segments++;
        if (packet->payload_length > 0 || (packet->flags & TCP_FIN) != 0) take_payload(e, flow, side, packet);
    }
    bool quiet = stream_is_quiet(flow);
    if (!quiet && !flow->closed) settle_and_watch(e, flow, packet->time);
    stream_relist(e, flow, quiet, packet->time);
}

static void native_packet(struct stream_engine *e, const struct packet *packet) {
    if (!e->settings.any_port && !stream_is_mail_port(e, packet->from.port) && !stream_is_mail_port(e, packet->to.port))
        return;
    enum stream_side side = SIDE_CLIENT;
    bool reset = (packet->flags & TCP_RST) != 0;
    size_t bytes = packet->payload.len;
    e->now = packet->time;
    e->counters->payload_bytes += bytes;
    struct flow *flow = flow_table_find(e->table, packet, &side);
    if (flow != NULL && goes_on_steadily(flow, side, packet)) {
        take_steady(e, flow, side, packet);
        return;
    }
    if (reset) e->counters->reset_bytes += bytes;
    if (nobody_takes(packet)) {
        count_outside(e, packet);
        return;
    }
    flow = stream_flow_of(e, flow, packet, &side);
    if (flow == NULL) {
        if (!reset) e->counters->no_flow_bytes += bytes;
        return;
    }
    note_packet(e, flow, side, packet);
    if (!flow->closed) {
        take_packet(e, flow, side, packet);
    } else if (!reset) {
        *stream_counter_of_closed(e, flow) += bytes;
    }
}

/* A bare acknowledgement is not the listener's. */
static void foresee_connection(const struct stream_engine *e, const struct packet *packet, bool very_soon) {
    if (packet == NULL || packet->payload.len == 0) return;
    const struct flow *flow = flow_table_guess(e->table, packet);
    if (flow != NULL && flow->handle != NULL) e->listener->foresee(e->listener->context, flow->handle, very_soon);
}

/* Most packets of a mirror are nobody's mail: of these only the ports are looked at. */
static void native_foresee(const struct stream_engine *e, const struct stream_foresight *foresight) {
    struct packet *place = foresight->place;
    if (place != NULL &&
        (e->settings.any_port || stream_is_mail_port(e, place->to.port) || stream_is_mail_port(e, place->from.port)))
        flow_table_foresee_bucket(e->table, place);
    if (foresight->flow != NULL) flow_table_foresee_flow(e->table, foresight->flow);
    if (e->listener->foresee == NULL) return;
    foresee_connection(e, foresight->connection, false);
    foresee_connection(e, foresight->message, true);
}

/* --- time -------------------------------------------------------------------------------------------------------- */

static int64_t idle_limit_s(const struct flow *flow) {
    if (flow->closed) return LIMIT_FLOW_CLOSED_S;
    bool answered = flow->half[SIDE_CLIENT].seen && flow->half[SIDE_SERVER].seen; /* a slow greeting may come */
    return flow->opened || answered ? LIMIT_FLOW_IDLE_S : LIMIT_FLOW_HALF_OPEN_S;
}

/* How long it has been silent: since its last packet, or since silence settled something of it (relist). */
static nstime silence_of(const struct flow *flow, nstime now) {
    return now - (flow->listed > flow->last ? flow->listed : flow->last);
}

/* What silence decides; how long it has lasted then.  A reset counts since the flow's last packet. */
static nstime settle_by_time(struct stream_engine *e, struct flow *flow, nstime now) {
    if (flow->closed) return silence_of(flow, now);
    if (stream_reset_is_pending(flow) && now - flow->last >= stream_reset_grace_s(flow) * NS_PER_S) {
        stream_close_flow(e, flow, STREAM_RST, flow->last);
        return now - flow->last;
    }
    settle_and_watch(e, flow, now);
    stream_relist(e, flow, stream_is_quiet(flow), now);
    return silence_of(flow, now);
}

/* Notes the flows of a list that were silent for so long.  A list is in the order of `listed`, but for what packets are
 * out of order (packet_clock.c), and limits differ: the shortest that a list can have ends the walk, so much later.
 * Else, or if `last` of a flow that was touched since ended it, it would depend on the others in the list when a flow
 * is due, and so on how many engines share them. */
static uint32_t find_due(struct stream_engine *e, enum flow_list list, int64_t shortest_s, nstime now, uint32_t count) {
    struct flow *flow = flow_table_oldest(e->table, list);
    while (flow != NULL && now - flow->listed + LIMIT_CLOCK_SLACK_S * NS_PER_S >= shortest_s * NS_PER_S) {
        e->due[count] = (struct due_flow){flow_last_ordinal(flow), count, flow};
        if (silence_of(flow, now) >= shortest_s * NS_PER_S) count++;
        flow = flow_table_newer(e->table, flow);
    }
    return count;
}

static int compare_due(const void *a, const void *b) {
    const struct due_flow *first = a, *second = b;
    if (first->ordinal != second->ordinal) return first->ordinal < second->ordinal ? -1 : 1;
    return first->place < second->place ? -1 : 1;
}

/* Whatever the lists say, the flow goes first whose last packet came first: so several engines, each with its share of
 * the flows, tell in an order that can be put together again (see stream.h). */
static void sort_due(struct stream_engine *e, uint32_t count) {
    if (count > 1) qsort(e->due, count, sizeof *e->due, compare_due);
}

static void expire_flow(struct stream_engine *e, struct flow *flow, nstime now) {
    nstime silence = settle_by_time(e, flow, now);
    if (silence < idle_limit_s(flow) * NS_PER_S) return;
    if (flow->opened && !flow->closed) e->counters->flow_idle++;
    stream_forget_flow(e, flow, STREAM_TIMEOUT, flow->last);
}

static void native_expire(struct stream_engine *e, nstime now) {
    static const int64_t shortest_s[FLOW_LISTS] = {
        [FLOW_LIST_CLOSED] = LIMIT_FLOW_CLOSED_S,
        [FLOW_LIST_FOREIGN] = LIMIT_FLOW_HALF_OPEN_S,
        [FLOW_LIST_FOREIGN_WATCHED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_FOREIGN_QUEUED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_SILENT] = LIMIT_FLOW_HALF_OPEN_S,
        [FLOW_LIST_SILENT_WHOLE] = LIMIT_FLOW_HALF_OPEN_S,
        [FLOW_LIST_WEAK] = LIMIT_FLOW_IDLE_S,
        [FLOW_LIST_WEAK_WATCHED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_WEAK_QUEUED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_LIVE] = LIMIT_FLOW_IDLE_S,
        [FLOW_LIST_LIVE_WATCHED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_LIVE_QUEUED] = LIMIT_HOLE_GRACE_S,
        [FLOW_LIST_LIVE_RESET] = LIMIT_RESET_CLIENT_S,
    };
    uint32_t count = 0;
    e->now = now;
    for (unsigned list = 0; list < FLOW_LISTS; list++) count = find_due(e, list, shortest_s[list], now, count);
    sort_due(e, count);
    for (uint32_t i = 0; i < count; i++) {
        e->turn = e->due[i].ordinal;
        expire_flow(e, e->due[i].flow, now);
    }
    e->turn = STREAM_TURN_OF_PACKET;
}

/* At the end each flow lies somewhere else in memory, and so do its connection and its dialogue: what the next ones
 * need is asked for while these are told. */
static void foresee_handle(const struct stream_engine *e, uint32_t i, uint32_t count, bool very_soon) {
    const void *handle = i < count ? e->due[i].flow->handle : NULL;
    if (handle != NULL && e->listener->foresee != NULL) e->listener->foresee(e->listener->context, handle, very_soon);
}

/* There is no time to tell anybody of it. */
static void lose_flow(struct stream_engine *e, struct flow *flow) {
    if (flow->closed) return;
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct half *half = &flow->half[side];
        e->counters->unkept_bytes += segment_queue_clear(e->pool, half);
        if (half->begun) e->lengths += half->next - half->first;
    }
    if (flow->opened) {
        e->counters->flows_lost++;
        e->untold--;
    }
    flow->closed = true;
    flow->handle = NULL;
}

static bool time_is_up(const struct stream_engine *e) {
    return e->settings.time_is_up != NULL && e->settings.time_is_up(e->settings.time_context);
}

/* Each ends with its own last packet, not with the capture's. */
static void native_finish(struct stream_engine *e, enum stream_end why, nstime now) {
    uint32_t count = 0;
    bool late = false;
    (void)now;
    for (unsigned list = 0; list < FLOW_LISTS; list++) count = find_due(e, list, INT64_MIN / NS_PER_S, 0, count);
    sort_due(e, count);
    for (uint32_t i = 0; i < count; i++) {
        struct flow *flow = e->due[i].flow;
        if (i + FINISH_FLOW_AHEAD < count) flow_foresee(e->due[i + FINISH_FLOW_AHEAD].flow);
        if (!late && why == STREAM_EOF && i % FINISH_FLOWS_PER_LOOK == 0) late = time_is_up(e);
        if (late) {
            lose_flow(e, flow);
            continue;
        }
        foresee_handle(e, i + FINISH_SOON_AHEAD, count, false);
        foresee_handle(e, i + FINISH_VERY_SOON_AHEAD, count, true);
        e->turn = e->due[i].ordinal;
        stream_forget_flow(e, flow, stream_why_over(flow, why), flow->last);
    }
    e->turn = STREAM_TURN_OF_PACKET;
    assert(counters_account_for_all_bytes(e->counters));
    assert((uint32_t)(e->counters->stream_bytes + e->counters->gap_bytes) == e->lengths);
}

/* --- life -------------------------------------------------------------------------------------------------------- */

static void native_destroy(struct stream_engine *e) {
    if (e == NULL) return;
    flow_table_free(e->table);
    segment_pool_free(e->pool);
    free(e->due);
    free(e);
}

/* What this engine has of a limit: all, or its part. */
static size_t part_of(const struct stream_settings *settings, size_t limit) {
    return settings->parts > 1 ? limit / settings->parts : limit;
}

static size_t segment_pool_bytes(const struct stream_settings *settings) {
    size_t bytes = settings->flows_max * LIMIT_SEGMENT_BYTES_PER_FLOW;
    return part_of(settings, bytes > LIMIT_SEGMENT_POOL_BYTES_MIN ? bytes : LIMIT_SEGMENT_POOL_BYTES_MIN);
}

static struct stream_engine *native_create(const struct stream_settings *settings,
                                           const struct stream_listener *listener, struct counters *counters) {
    uint8_t key[16];
    struct stream_engine *e = calloc(1, sizeof *e);
    if (e == NULL) return NULL;
    randombytes_buf(key, sizeof key);
    e->table = flow_table_new(part_of(settings, settings->flows_max), key);
    e->due = calloc(part_of(settings, settings->flows_max), sizeof *e->due);
    e->pool = segment_pool_new(segment_pool_bytes(settings));
    e->listener = listener;
    e->settings = *settings;
    e->counters = counters;
    e->turn = STREAM_TURN_OF_PACKET;
    if (e->table == NULL || e->due == NULL || e->pool == NULL) {
        native_destroy(e);
        return NULL;
    }
    return e;
}

static void native_renew(struct stream_engine *e, const struct stream_settings *settings) {
    e->settings = *settings;
}

static size_t native_memory_bytes(const struct stream_engine *e) {
    return flow_table_memory_bytes(e->table) + segment_pool_bytes(&e->settings) +
           part_of(&e->settings, e->settings.flows_max) * sizeof *e->due;
}

static uint64_t native_turn(const struct stream_engine *e) {
    return e->turn;
}

static bool native_ran_short(const struct stream_engine *e) {
    return e->ran_short;
}

static size_t native_flows_open(const struct stream_engine *e) {
    return flow_table_count(e->table);
}

static size_t native_flows_untold(const struct stream_engine *e) {
    return e->untold;
}

const struct stream_engine_kind stream_native = {
    .name = "native",
    .create = native_create,
    .packet = native_packet,
    .renew = native_renew,
    .foresee = native_foresee,
    .expire = native_expire,
    .finish = native_finish,
    .destroy = native_destroy,
    .memory_bytes = native_memory_bytes,
    .flows_open = native_flows_open,
    .flows_untold = native_flows_untold,
    .turn = native_turn,
    .ran_short = native_ran_short,
};
