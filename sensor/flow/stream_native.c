/* Reassembly of TCP streams, both directions together (RFC 9293).
 *
 * In-order bytes go to the listener straight from the frame.  What cannot go on yet waits in its direction's queue:
 *
 *   hole   bytes before it have not been captured.  While the peer has not acknowledged them they are lost on the
 *          network, and a retransmission will bring them.  Once it has, the mirror lost them or is late: after a grace
 *          of further segments of the flow (or of time) the hole is declared as a gap.
 *   cause  it acknowledges bytes of the peer that have not been handed on.  They must come first, so that no reply
 *          overtakes its command, however the mirror mixes the two directions.  The grace is the same.
 *
 * Where two copies of a byte differ, the first one counts; the difference is counted by name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <stdlib.h>

#include "flow/segment_queue.h"
#include "mailspan/config.h"

struct stream_engine {
    struct flow_table *table;
    struct segment_pool *pool;
    const struct stream_listener *listener;
    struct stream_settings settings;
    struct counters *counters;
};

/* --- telling the listener ------------------------------------------------------------------------------------------ */

static void forget_queues(struct stream_engine *e, struct flow *flow) {
    segment_queue_clear(e->pool, &flow->half[SIDE_CLIENT]);
    segment_queue_clear(e->pool, &flow->half[SIDE_SERVER]);
}

static void heed(struct stream_engine *e, struct flow *flow, enum stream_interest interest) {
    if (interest == STREAM_GO_ON) return;
    flow->ignored = true;
    forget_queues(e, flow);
}

/* True when the listener wants the flow's bytes. */
static bool open_flow(struct stream_engine *e, struct flow *flow) {
    if (flow->opened) return !flow->ignored;
    if (flow->ignored || flow->closed) return false;
    struct stream_info info = {
        .client = flow->client, .server = flow->server, .start = flow->start, .midstream = flow->midstream};
    flow->handle = e->listener->open(e->listener->context, &info);
    if (flow->handle == NULL) {
        flow->ignored = true;
        forget_queues(e, flow);
        return false;
    }
    flow->opened = true;
    flow_table_move(e->table, flow, FLOW_LIST_LIVE, flow->last);
    return true;
}

static void advance(struct half *half, uint32_t length) {
    half->next += length;
    half->passed = 0;
    half->hole_since = 0;
}

static void hand_on(struct stream_engine *e, struct flow *flow, enum stream_side side, struct span bytes, nstime now) {
    advance(&flow->half[side], (uint32_t)bytes.len);
    if (bytes.len == 0 || !open_flow(e, flow)) return;
    e->counters->stream_bytes += bytes.len;
    heed(e, flow, e->listener->data(e->listener->context, flow->handle, side, bytes, now));
}

static void declare_gap(struct stream_engine *e, struct flow *flow, enum stream_side side, uint32_t length, nstime now) {
    advance(&flow->half[side], length);
    if (length == 0 || !open_flow(e, flow)) return;
    e->counters->gaps++;
    e->counters->gap_bytes += length;
    heed(e, flow, e->listener->gap(e->listener->context, flow->handle, side, length, now));
}

static void end_side(struct stream_engine *e, struct flow *flow, enum stream_side side, enum stream_end reason,
                     nstime now) {
    struct half *half = &flow->half[side];
    if (half->ended) return;
    half->ended = true;
    if (flow->opened && !flow->ignored)
        heed(e, flow, e->listener->end(e->listener->context, flow->handle, side, reason, now));
}

/* The flow stays in the table, closed, so that stragglers do not look like a new one. */
static void close_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now) {
    if (flow->closed) return;
    end_side(e, flow, SIDE_CLIENT, reason, now);
    end_side(e, flow, SIDE_SERVER, reason, now);
    forget_queues(e, flow);
    flow->closed = true;
    if (flow->opened) e->listener->close(e->listener->context, flow->handle, now);
    flow->handle = NULL;
    flow_table_move(e->table, flow, FLOW_LIST_WEAK, now);
}

/* --- what can go on ------------------------------------------------------------------------------------------------ */

/* What the peer has acknowledged of this side, a FIN (which counts one) left out. */
static uint32_t acknowledged_data(const struct half *half, uint32_t acknowledgement) {
    return half->fin_known && sequence_distance(acknowledgement, half->fin) > 0 ? half->fin : acknowledgement;
}

/* The peer has acknowledged bytes of this side that were not handed on. */
static bool is_behind(const struct half *half) {
    return half->known && half->ack_known &&
           sequence_distance(acknowledged_data(half, half->acknowledged), half->next) > 0;
}

static bool cause_came(const struct flow *flow, enum stream_side side, bool has_ack, uint32_t acknowledgement) {
    const struct half *peer = &flow->half[side_other(side)];
    if (!has_ack || !peer->known) return true;
    return sequence_distance(acknowledged_data(peer, acknowledgement), peer->next) <= 0;
}

/* Hands on the first piece of the queue. */
static void hand_on_first(struct stream_engine *e, struct flow *flow, enum stream_side side) {
    struct half *half = &flow->half[side];
    struct segment *first = half->queue;
    uint32_t missing = first->missing;
    nstime time = first->time;
    int32_t seen = sequence_distance(half->next, first->sequence);
    struct span bytes = span_from(span_of(first->data, first->length), (size_t)seen);
    hand_on(e, flow, side, bytes, time);
    if (half->queue != first) return; /* the listener had enough, and the queues are gone */
    segment_queue_pop(e->pool, half);
    if (missing > 0) declare_gap(e, flow, side, missing, time);
}

static bool first_is_due(const struct half *half) {
    return half->queue != NULL && sequence_distance(half->queue->sequence, half->next) <= 0;
}

static void end_if_fin_is_due(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    struct half *half = &flow->half[side];
    if (half->fin_known && half->known && half->queue == NULL && sequence_distance(half->fin, half->next) <= 0)
        end_side(e, flow, side, STREAM_FIN, now);
}

/* Hands on all that neither a hole nor a missing cause holds back. */
static void settle(struct stream_engine *e, struct flow *flow, nstime now) {
    bool moved = true;
    while (moved && !flow->ignored) {
        moved = false;
        for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
            struct half *half = &flow->half[side];
            while (first_is_due(half) &&
                   cause_came(flow, side, half->queue->has_ack, half->queue->acknowledgement)) {
                hand_on_first(e, flow, side);
                moved = true;
            }
            end_if_fin_is_due(e, flow, side, now);
        }
    }
}

static bool has_hole(const struct half *half) {
    return is_behind(half) || (half->queue != NULL && !first_is_due(half));
}

/* The missing bytes from half->next on: up to its first piece, else to what the peer acknowledged. */
static uint32_t hole_length(const struct half *half) {
    uint32_t until = half->queue != NULL ? half->queue->sequence : acknowledged_data(half, half->acknowledged);
    int32_t length = sequence_distance(until, half->next);
    return length > 0 ? (uint32_t)length : 0;
}

/* Gives up waiting for what is missing at half->next. */
static void give_up_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    struct half *half = &flow->half[side];
    struct half *peer = &flow->half[side_other(side)];
    if (first_is_due(half)) {
        /* Both sides wait for each other: a retransmission that carries a newer acknowledgement than its bytes had
         * at first has tied a knot.  The earlier piece goes first. */
        bool peer_first = first_is_due(peer) && peer->queue->time < half->queue->time;
        hand_on_first(e, flow, peer_first ? side_other(side) : side);
    } else if (half->queue == NULL && !half->fin_known && hole_length(half) == 1) {
        /* One byte at the very end that was acknowledged: a FIN that was not captured. */
        half->fin_known = true;
        half->fin = half->next;
    } else {
        declare_gap(e, flow, side, hole_length(half), now);
    }
    settle(e, flow, now);
}

/* The side whose hole is the older one. */
static bool find_hole(const struct flow *flow, enum stream_side *side) {
    const struct half *client = &flow->half[SIDE_CLIENT];
    const struct half *server = &flow->half[SIDE_SERVER];
    bool of_client = has_hole(client);
    bool of_server = has_hole(server);
    bool server_older = server->hole_since != 0 && (client->hole_since == 0 || server->hole_since < client->hole_since);
    *side = of_server && (!of_client || server_older) ? SIDE_SERVER : SIDE_CLIENT;
    return of_client || of_server;
}

static void give_up_all_holes(struct stream_engine *e, struct flow *flow, nstime now) {
    enum stream_side side;
    settle(e, flow, now);
    while (!flow->ignored && find_hole(flow, &side)) give_up_hole(e, flow, side, now);
}

/* Ages the hole of a side by one segment of its flow.  A hole that the peer has acknowledged will not be filled by the
 * network; one that it has not is waited for, unless the peer is not in the capture, or the queue fills up. */
static void watch_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    struct half *half = &flow->half[side];
    if (!has_hole(half)) return;
    if (half->hole_since == 0) half->hole_since = now;
    bool certain = is_behind(half) || half->queued >= LIMIT_SEGMENTS_PER_FLOW / 2;
    if (certain) half->passed++;
    bool waited = now - half->hole_since >= LIMIT_HOLE_GRACE_S * NS_PER_S;
    if (half->passed >= LIMIT_HOLE_GRACE_SEGMENTS || (waited && (certain || !half->ack_known)))
        give_up_hole(e, flow, side, now);
}

/* --- packets ------------------------------------------------------------------------------------------------------- */

static void note_acknowledgement(struct flow *flow, enum stream_side side, const struct packet *packet) {
    struct half *peer = &flow->half[side_other(side)];
    if ((packet->flags & TCP_ACK) == 0) return;
    if (!peer->known) { /* picked up in the middle: what was acknowledged before is nobody's loss */
        peer->next = packet->acknowledgement;
        peer->known = true;
    }
    if (!peer->ack_known || sequence_distance(packet->acknowledgement, peer->acknowledged) > 0) {
        if (sequence_distance(packet->acknowledgement, peer->next) > (int32_t)LIMIT_GAP_BYTES_MAX) return;
        peer->acknowledged = packet->acknowledgement;
        peer->ack_known = true;
    }
}

static void take_payload(struct stream_engine *e, struct flow *flow, enum stream_side side,
                         const struct packet *packet) {
    struct half *half = &flow->half[side];
    uint32_t sequence = packet->sequence + ((packet->flags & TCP_SYN) != 0 ? 1 : 0);
    if (!half->known) {
        half->known = true;
        half->next = sequence;
    }
    int32_t distance = sequence_distance(sequence, half->next);
    if (half->ended || distance > (int32_t)LIMIT_GAP_BYTES_MAX || distance < -(int32_t)LIMIT_GAP_BYTES_MAX) {
        e->counters->segment_outside++;
        return;
    }
    if ((packet->flags & TCP_FIN) != 0 && !half->fin_known) {
        half->fin_known = true;
        half->fin = sequence + packet->payload_length;
    }
    struct packet rest = *packet;
    if (distance < 0) { /* all or part of it was seen before */
        size_t seen = (size_t)-(int64_t)distance;
        e->counters->duplicate_bytes += seen < packet->payload.len ? seen : packet->payload.len;
        rest.payload = span_from(packet->payload, seen);
        rest.payload_length = packet->payload_length > seen ? packet->payload_length - (uint32_t)seen : 0;
        sequence = half->next;
        if (rest.payload_length == 0) return;
    }
    bool in_order = half->queue == NULL && distance <= 0;
    if (in_order && cause_came(flow, side, (packet->flags & TCP_ACK) != 0, packet->acknowledgement)) {
        uint32_t cut = rest.payload_length - (uint32_t)rest.payload.len;
        hand_on(e, flow, side, rest.payload, packet->time);
        if (cut > 0) declare_gap(e, flow, side, cut, packet->time);
    } else {
        segment_queue_insert(e->pool, half, &rest, sequence, e->counters);
    }
}

/* RFC 9293 3.10.7.4: a reset counts when it is the next byte's; one that is near may be forged, and waits for silence. */
static void take_reset(struct stream_engine *e, struct flow *flow, enum stream_side side, const struct packet *packet) {
    struct half *half = &flow->half[side];
    bool exact = !half->known || packet->sequence == half->next || (half->fin_known && packet->sequence == half->fin + 1);
    flow->reset_seen = true;
    if (!exact) return;
    give_up_all_holes(e, flow, packet->time);
    close_flow(e, flow, STREAM_RST, packet->time);
}

static void start_half(struct half *half, uint32_t isn) {
    half->isn = isn;
    half->next = isn + 1;
    half->known = true;
    half->syn_seen = true;
}

/* A SYN or SYN/ACK of a known flow.  True when the ports are used again: the flow is over, and the packet is not yet
 * taken.  A SYN of another connection is only believed when it is answered, so that nobody ends a dialogue by forging
 * one. */
static bool take_syn(struct stream_engine *e, struct flow *flow, enum stream_side side, const struct packet *packet) {
    struct half *half = &flow->half[side];
    bool answer = (packet->flags & TCP_ACK) != 0;
    if (half->syn_seen && half->isn == packet->sequence) return false; /* sent again, or seen twice */
    if (flow->closed) return true;
    if (!half->syn_seen && (!half->known || half->next == packet->sequence + 1)) {
        start_half(half, packet->sequence);
        return false;
    }
    if (!answer) {
        if (!flow->opened) return true; /* nothing was said yet: the new one is as good */
        flow->reuse_seen = true;
        flow->reuse_isn = packet->sequence;
        return false;
    }
    if (!flow->reuse_seen || packet->acknowledgement != flow->reuse_isn + 1) return false;
    give_up_all_holes(e, flow, packet->time);
    close_flow(e, flow, STREAM_EVICTED, packet->time);
    return true;
}

static bool is_mail_port(const struct stream_engine *e, uint16_t port) {
    return port_is_set(e->settings.mail_ports, port);
}

static struct flow *make_flow(struct stream_engine *e, const struct packet *packet, enum stream_side *side) {
    bool syn = (packet->flags & TCP_SYN) != 0;
    bool answer = syn && (packet->flags & TCP_ACK) != 0;
    if (!syn && packet->payload_length == 0) return NULL;
    bool from_client;
    if (syn) {
        from_client = !answer;
    } else {
        from_client = is_mail_port(e, packet->to.port);
    }
    uint16_t server_port = from_client ? packet->to.port : packet->from.port;
    /* On other ports nDPI must hear a flow from its first byte: no pick-up in the middle. */
    if (!is_mail_port(e, server_port) && !(e->settings.any_port && syn)) return NULL;
    struct flow *victim = flow_table_victim(e->table);
    if (victim != NULL) {
        if (!victim->closed) e->counters->flow_evicted++;
        close_flow(e, victim, STREAM_EVICTED, packet->time);
        flow_table_remove(e->table, victim);
    }
    *side = from_client ? SIDE_CLIENT : SIDE_SERVER;
    struct flow *flow = flow_table_add(e->table, from_client ? &packet->from : &packet->to,
                                       from_client ? &packet->to : &packet->from, packet->time);
    flow->midstream = !syn;
    e->counters->flows++;
    if (syn) start_half(&flow->half[*side], packet->sequence);
    return flow;
}

/* The first answer or data of a connection whose SYN was taken for a forged one: now it is certain. */
static bool reuse_is_certain(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    return flow->reuse_seen && side == SIDE_CLIENT && packet->payload_length > 0 &&
           packet->sequence == flow->reuse_isn + 1 && packet->sequence != flow->half[SIDE_CLIENT].next;
}

static struct flow *flow_of(struct stream_engine *e, const struct packet *packet, enum stream_side *side) {
    struct flow *flow = flow_table_find(e->table, packet, side);
    if (flow == NULL) return make_flow(e, packet, side);
    bool over = false;
    if ((packet->flags & TCP_SYN) != 0) {
        over = take_syn(e, flow, *side, packet);
    } else if (reuse_is_certain(flow, *side, packet)) {
        give_up_all_holes(e, flow, packet->time);
        close_flow(e, flow, STREAM_EVICTED, packet->time);
        over = true;
    }
    if (!over) return flow;
    close_flow(e, flow, STREAM_EVICTED, packet->time);
    flow_table_remove(e->table, flow);
    return make_flow(e, packet, side);
}

static void native_packet(struct stream_engine *e, const struct packet *packet) {
    if (!e->settings.any_port && !is_mail_port(e, packet->from.port) && !is_mail_port(e, packet->to.port)) return;
    enum stream_side side = SIDE_CLIENT;
    struct flow *flow = flow_of(e, packet, &side);
    if (flow == NULL) return;
    e->counters->mail_segments++;
    flow_table_touch(e->table, flow, packet->time);
    if (flow->closed) return;
    if ((packet->flags & TCP_RST) != 0) {
        take_reset(e, flow, side, packet);
        return;
    }
    note_acknowledgement(flow, side, packet);
    if (packet->payload_length > 0) flow->reset_seen = false;
    if (packet->payload_length > 0 || (packet->flags & TCP_FIN) != 0) take_payload(e, flow, side, packet);
    settle(e, flow, packet->time);
    watch_hole(e, flow, SIDE_CLIENT, packet->time);
    watch_hole(e, flow, SIDE_SERVER, packet->time);
    if (flow->half[SIDE_CLIENT].ended && flow->half[SIDE_SERVER].ended) close_flow(e, flow, STREAM_FIN, packet->time);
}

/* --- time ---------------------------------------------------------------------------------------------------------- */

static int64_t idle_limit_s(const struct flow *flow) {
    if (flow->closed) return LIMIT_FLOW_CLOSED_S;
    if (!flow->opened) return LIMIT_FLOW_HALF_OPEN_S;
    return LIMIT_FLOW_IDLE_S;
}

static enum stream_end why_over(const struct flow *flow, enum stream_end otherwise) {
    return flow->reset_seen ? STREAM_RST : otherwise;
}

/* A list is in order of age, but limits differ: the shortest that a list can have ends the walk. */
static void expire_list(struct stream_engine *e, enum flow_list list, int64_t shortest_s, nstime now) {
    struct flow *flow = flow_table_oldest(e->table, list);
    while (flow != NULL && now - flow->last >= shortest_s * NS_PER_S) {
        struct flow *newer = flow_table_newer(e->table, flow);
        int64_t idle_ns = now - flow->last;
        if (flow->reset_seen && !flow->closed && idle_ns >= LIMIT_HOLE_GRACE_S * NS_PER_S) {
            give_up_all_holes(e, flow, now);
            close_flow(e, flow, STREAM_RST, now);
        }
        if (!flow->closed && idle_ns >= LIMIT_HOLE_GRACE_S * NS_PER_S) {
            watch_hole(e, flow, SIDE_CLIENT, now);
            watch_hole(e, flow, SIDE_SERVER, now);
        }
        if (idle_ns >= idle_limit_s(flow) * NS_PER_S) {
            if (flow->opened && !flow->closed) e->counters->flow_idle++;
            close_flow(e, flow, why_over(flow, STREAM_TIMEOUT), now);
            flow_table_remove(e->table, flow);
        }
        flow = newer;
    }
}

static void native_expire(struct stream_engine *e, nstime now) {
    expire_list(e, FLOW_LIST_WEAK, LIMIT_FLOW_HALF_OPEN_S, now);
    expire_list(e, FLOW_LIST_LIVE, LIMIT_HOLE_GRACE_S, now);
}

static void native_finish(struct stream_engine *e, nstime now) {
    for (unsigned list = 0; list < FLOW_LISTS; list++) {
        struct flow *flow;
        while ((flow = flow_table_oldest(e->table, list)) != NULL) {
            if (!flow->closed) {
                give_up_all_holes(e, flow, now);
                close_flow(e, flow, why_over(flow, STREAM_EOF), now);
            }
            flow_table_remove(e->table, flow);
        }
    }
}

/* --- life ---------------------------------------------------------------------------------------------------------- */

static void native_destroy(struct stream_engine *e) {
    if (e == NULL) return;
    flow_table_free(e->table);
    segment_pool_free(e->pool);
    free(e);
}

static struct stream_engine *native_create(const struct stream_settings *settings,
                                           const struct stream_listener *listener, struct counters *counters) {
    uint8_t key[16];
    struct stream_engine *e = calloc(1, sizeof *e);
    if (e == NULL) return NULL;
    randombytes_buf(key, sizeof key);
    e->table = flow_table_new(settings->flows_max, key);
    e->pool = segment_pool_new(LIMIT_SEGMENT_POOL_BYTES);
    e->listener = listener;
    e->settings = *settings;
    e->counters = counters;
    if (e->table == NULL || e->pool == NULL) {
        native_destroy(e);
        return NULL;
    }
    return e;
}

static size_t native_memory_bytes(const struct stream_engine *e) {
    return flow_table_memory_bytes(e->table) + LIMIT_SEGMENT_POOL_BYTES;
}

const struct stream_engine_kind stream_native = {
    .name = "native",
    .create = native_create,
    .packet = native_packet,
    .expire = native_expire,
    .finish = native_finish,
    .destroy = native_destroy,
    .memory_bytes = native_memory_bytes,
};
