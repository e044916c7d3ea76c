/* Reassembly of TCP streams, both directions together (RFC 9293).
 *
 * In-order bytes go to the listener straight from the frame.  What cannot go on yet waits in its direction's queue:
 *
 *   hole   bytes before it have not been captured.  While the peer has not acknowledged them they are lost on the
 *          network, and a retransmission will bring them.  Once it has, the mirror lost them or is late: after a grace
 *          of further segments of the flow (or of time) the hole is declared as a gap.  A side of which no packet was
 *          ever captured gets that grace once.  A hole that nobody acknowledges or fills is a gap after
 *          LIMIT_HOLE_UNCERTAIN_S; the oldest are gaps at once when the memory for what waits runs short.
 *   cause  it acknowledges bytes of the peer that have not been handed on.  They must come first, so that no reply
 *          overtakes its command, however the mirror mixes the two directions.
 *
 * Where two copies of a byte differ, the first one counts; while the first one waits the difference is seen, and
 * counted by name.  What was handed on is not kept, so later copies of it are not compared.
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
 * Nor is a client believed that acknowledges what the server was not seen to send: the server drops such a segment
 * (RFC 9293 3.10.7.4).  The server's own packets, bare ones too, tell how far it came (half.sent).  Until they do,
 * nothing of it is called lost, the client's segment waits, and another copy of its bytes counts in its place.  So do
 * segments that acknowledge far less than the client did before (RFC 5961 5.2), and data in a SYN (RFC 7413), until the
 * server acknowledges them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "flow/home_networks.h"
#include "flow/segment_queue.h"
#include "mailspan/config.h"

#define LATE_START_BYTES_MAX 4096     /* a greeting, EHLO and their replies, captured behind what followed them */
#define AFTER_END_BYTES_MAX (1 << 20) /* bytes behind a FIN are its sender's when they are as near as this */
#define VICTIMS_MAX 2                 /* for one new flow: a share that has too much shrinks */
#define QUEUES_GIVEN_UP_MAX 4         /* for one packet; the next one goes on with it */
#define SYN_DATA_BYTES_MAX 1460       /* in a SYN: one segment (RFC 7413) */
#define RESET_WINDOW_BYTES (1 << 20)  /* an RST farther ahead of what was acknowledged is in nobody's window */
#define OLD_ACK_BYTES_MAX 65535       /* an acknowledgement older than by a window is nothing that was under way */

/* A flow that silence, or the end, decides something of. */
struct due_flow {
    uint64_t ordinal; /* of its last packet */
    uint32_t place;   /* among those that were found */
    struct flow *flow;
};

struct stream_engine {
    struct flow_table *table;
    struct due_flow *due; /* room for every flow, touched when it is used */
    uint64_t turn;        /* see stream.h */
    bool ran_short;
    struct segment_pool *pool;
    struct home_networks *home;
    const struct stream_listener *listener;
    struct stream_settings settings;
    struct counters *counters;
    uint32_t lengths; /* of the streams that were closed, by their sequence numbers, modulo 2^32 */
};

/* --- telling the listener ---------------------------------------------------------------------------------------- */

/* What comes of a flow that is closed is one of these. */
static uint64_t *counter_of_closed(struct stream_engine *e, const struct flow *flow) {
    return flow->unwanted ? &e->counters->unwanted_bytes : &e->counters->after_end_bytes;
}

/* The flow stays in the table, closed, so that stragglers do not look like a new one. */
static void let_go(struct stream_engine *e, struct flow *flow, nstime now) {
    flow->steady = false;
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct half *half = &flow->half[side];
        *counter_of_closed(e, flow) += segment_queue_clear(e->pool, half);
        if (half->begun) e->lengths += half->next - half->first;
    }
    flow->closed = true;
    if (flow->opened) e->listener->close(e->listener->context, flow->handle, now);
    flow->handle = NULL;
    flow_table_move(e->table, flow, FLOW_LIST_CLOSED, now);
}

static void heed(struct stream_engine *e, struct flow *flow, enum stream_interest interest, nstime now) {
    if (interest != STREAM_ENOUGH) return;
    flow->unwanted = true;
    let_go(e, flow, now);
}

static void tell_end(struct stream_engine *e, struct flow *flow, enum stream_side side, enum stream_end reason,
                     nstime now) {
    if (!flow->opened || flow->closed) return;
    heed(e, flow, e->listener->end(e->listener->context, flow->handle, side, reason, now), now);
}

/* True when the listener wants the flow's bytes.  A side that was done before anybody said anything is told now. */
static bool open_flow(struct stream_engine *e, struct flow *flow, nstime now) {
    if (flow->opened) return true;
    struct stream_info info = {.client = flow->client,
                               .server = flow->server,
                               .start = flow->start,
                               .midstream = flow->midstream,
                               .unanswered = !flow->half[SIDE_SERVER].syn_seen};
    flow->handle = e->listener->open(e->listener->context, &info);
    if (flow->handle == NULL) {
        flow->unwanted = true;
        let_go(e, flow, now);
        return false;
    }
    flow->opened = true;
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
        if (flow->half[side].ended) tell_end(e, flow, side, STREAM_FIN, now);
    return !flow->closed;
}

static void advance(struct half *half, uint32_t length) {
    half->next += length;
    half->passed = 0;
    half->hole_since = 0;
    half->begun = true;
    if (sequence_distance(half->next, half->sent) > 0) half->sent = half->next;
    /* Without acknowledgements for a GiB the last one would seem to lie ahead one day. */
    if (sequence_distance(half->acknowledged, half->next) < -(int32_t)LIMIT_GAP_BYTES_MAX)
        half->acknowledged = half->next;
    if (half->next - half->first > LIMIT_GAP_BYTES_MAX) half->is_long = true;
}

/* What the sender of a segment had not received of its peer's bytes; those before the stream's first are none.  Who has
 * acknowledged more before he came to this sequence number has read more, whatever he says. */
static uint32_t unread_bytes(const struct flow *flow, enum stream_side side, uint32_t sequence, bool has_ack,
                             uint32_t acknowledgement) {
    const struct half *half = &flow->half[side];
    const struct half *peer = &flow->half[side_other(side)];
    if (!has_ack || !peer->known) return STREAM_UNREAD_UNKNOWN;
    int32_t unread = sequence_distance(peer->next, acknowledgement);
    if (unread == 0) return 0;
    if (unread < -1) return STREAM_UNREAD_UNKNOWN; /* it was not believed */
    if (unread > 0 && peer->ack_known && sequence_distance(sequence, half->read_at) >= 0) {
        int32_t least = sequence_distance(peer->next, peer->acknowledged);
        if (least < unread) unread = least;
    }
    if (unread < 0) return 0; /* a FIN counts one */
    uint32_t length = peer->is_long ? UINT32_MAX : peer->next - peer->first;
    return (uint32_t)unread < length ? (uint32_t)unread : length;
}

static void hand_on(struct stream_engine *e, struct flow *flow, enum stream_side side, struct span bytes,
                    uint32_t unread, nstime now) {
    if (bytes.len == 0) return;
    if (!open_flow(e, flow, now)) {
        e->counters->unwanted_bytes += bytes.len;
        return;
    }
    advance(&flow->half[side], (uint32_t)bytes.len);
    flow->half[side].spoke = true;
    e->counters->stream_bytes += bytes.len;
    heed(e, flow, e->listener->data(e->listener->context, flow->handle, side, bytes, unread, now), now);
}

static void declare_gap(struct stream_engine *e, struct flow *flow, enum stream_side side, uint32_t length,
                        nstime now) {
    if (length == 0 || !open_flow(e, flow, now)) return;
    flow->gap_start[side] = flow->half[side].next;
    flow->gap_length[side] = length;
    advance(&flow->half[side], length);
    e->counters->gaps++;
    e->counters->gap_bytes += length;
    heed(e, flow, e->listener->gap(e->listener->context, flow->handle, side, length, now), now);
}

static void end_side(struct stream_engine *e, struct flow *flow, enum stream_side side, enum stream_end reason,
                     nstime now) {
    struct half *half = &flow->half[side];
    if (half->ended || flow->closed) return;
    half->ended = true;
    tell_end(e, flow, side, reason, now);
}

/* Counts bytes that lie before half->next: before the stream, in its last gap, or seen already. */
static void count_old_bytes(struct stream_engine *e, const struct flow *flow, enum stream_side side, uint32_t sequence,
                            size_t bytes) {
    const struct half *half = &flow->half[side];
    int64_t length = (int64_t)bytes;
    int64_t before = half->is_long ? 0 : sequence_distance(half->first, sequence);
    if (before < 0) before = 0;
    if (before > length) before = length;
    int64_t at = sequence_distance(sequence + (uint32_t)before, flow->gap_start[side]);
    int64_t end = at + length - before;
    if (end > (int64_t)flow->gap_length[side]) end = flow->gap_length[side];
    int64_t late = end - (at > 0 ? at : 0);
    if (late < 0) late = 0;
    e->counters->before_start_bytes += (uint64_t)before;
    e->counters->late_bytes += (uint64_t)late;
    e->counters->duplicate_bytes += (uint64_t)(length - before - late);
}

/* --- what can go on ---------------------------------------------------------------------------------------------- */

/* What the peer has acknowledged of this side, a FIN (which counts one) left out. */
static uint32_t acknowledged_data(const struct half *half, uint32_t acknowledgement) {
    return half->fin_known && sequence_distance(acknowledgement, half->fin) > 0 ? half->fin : acknowledgement;
}

/* The peer has acknowledged bytes of this side that were not handed on. */
static bool is_behind(const struct half *half) {
    return half->ack_known && sequence_distance(acknowledged_data(half, half->acknowledged), half->next) > 0;
}

/* The server may drop such a segment: it acknowledges what was not sent, or was acknowledged long ago. */
static bool is_doubtful(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    const struct half *server = &flow->half[SIDE_SERVER];
    bool has_ack = (packet->flags & TCP_ACK) != 0;
    if (side != SIDE_CLIENT) return false;
    if (!has_ack) return (packet->flags & TCP_SYN) != 0; /* the server may not take data in a SYN */
    if (!server->seen || !server->known) return false;
    if (sequence_distance(packet->acknowledgement, server->sent) > 0) return true;
    return server->ack_known && sequence_distance(server->acknowledged, packet->acknowledgement) > OLD_ACK_BYTES_MAX;
}

/* Only the client says that the server sent as much.  One who is not seen cannot say it himself. */
static bool is_unconfirmed(const struct flow *flow, enum stream_side side, bool has_ack, uint32_t acknowledgement) {
    const struct half *server = &flow->half[SIDE_SERVER];
    return side == SIDE_CLIENT && has_ack && server->seen && server->known &&
           sequence_distance(acknowledgement, server->sent) > 0;
}

/* The peer acknowledges so much of this side. */
static bool has_taken(const struct half *half, uint32_t end) {
    return half->ack_known && sequence_distance(half->acknowledged, end) >= 0;
}

/* The hole of this side is at its end, and only the client says that there is one. */
static bool is_claimed(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    return side == SIDE_SERVER && half->queue == NULL && !half->fin_known &&
           is_unconfirmed(flow, SIDE_CLIENT, half->ack_known, half->acknowledged) && half->sent == half->next;
}

static bool first_is_due(const struct half *half) {
    return half->queue != NULL && sequence_distance(half->queue->sequence, half->next) <= 0;
}

/* Bytes from half->next on that were sent, as something behind them shows, and have not been captured. */
static uint32_t hole_length(const struct half *half) {
    if (!half->known || half->ended) return 0;
    int32_t length;
    if (half->queue != NULL) {
        length = sequence_distance(half->queue->sequence, half->next);
    } else if (half->fin_known) {
        length = sequence_distance(half->fin, half->next);
    } else {
        length = half->ack_known ? sequence_distance(half->acknowledged, half->next) : 0;
        int32_t sent = half->seen ? sequence_distance(half->sent, half->next) : 0;
        if (sent > 0 && length > sent) length = sent; /* what is certain comes first */
    }
    return length > 0 ? (uint32_t)length : 0;
}

/* An acknowledgement that was not believed (see note_acknowledgement) is no reason to wait. */
static bool cause_came(const struct flow *flow, enum stream_side side, bool has_ack, uint32_t acknowledgement) {
    const struct half *peer = &flow->half[side_other(side)];
    if (!has_ack || !peer->known || sequence_distance(acknowledgement, peer->next) <= 0) return true;
    if (!peer->ack_known || sequence_distance(acknowledgement, peer->acknowledged) > 0) return true;
    return sequence_distance(acknowledged_data(peer, acknowledgement), peer->next) <= 0;
}

/* The first piece of the queue waits for nothing any more.  An early one may be a decoy that its peer dropped: it
 * counts when the peer acknowledges its bytes, and no other copy of them came until then. */
static bool first_can_go(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    if (!first_is_due(half)) return false;
    const struct segment *first = half->queue;
    if (first->early && !has_taken(half, first->sequence + first->length + first->missing)) return false;
    return cause_came(flow, side, first->has_ack, first->acknowledgement);
}

/* Hands on the first piece of the queue. */
static void hand_on_first(struct stream_engine *e, struct flow *flow, enum stream_side side) {
    struct half *half = &flow->half[side];
    struct segment *first = segment_queue_take(half);
    uint32_t end = first->sequence + first->length + first->missing;
    if (half->queue != NULL && sequence_distance(half->queue->sequence, end) < 0) end = half->queue->sequence;
    size_t seen = half->next - first->sequence;
    if (seen > 0) count_old_bytes(e, flow, side, first->sequence, seen < first->length ? seen : first->length);
    uint32_t unread = unread_bytes(flow, side, half->next, first->has_ack, first->acknowledgement);
    hand_on(e, flow, side, span_from(span_of(first->data, first->length), seen), unread, first->time);
    int32_t missing = sequence_distance(end, half->next);
    if (missing > 0 && !flow->closed) declare_gap(e, flow, side, (uint32_t)missing, first->time);
    segment_give_back(e->pool, first);
}

/* All before its FIN was said. */
static bool fin_is_due(const struct half *half) {
    return half->fin_known && half->known && half->queue == NULL && sequence_distance(half->fin, half->next) <= 0;
}

/* It has reached its peer, or its peer is done as well. */
static bool fin_counts(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    return has_taken(half, half->fin + 1) || flow->half[side_other(side)].ended;
}

/* It is due, and waits for its peer. */
static bool fin_is_pending(const struct flow *flow, enum stream_side side) {
    return fin_is_due(&flow->half[side]) && !flow->half[side].ended && !fin_counts(flow, side);
}

static void end_if_fin_counts(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    if (fin_is_due(&flow->half[side]) && fin_counts(flow, side)) end_side(e, flow, side, STREAM_FIN, now);
}

/* Both sides wait for each other.  One of the two pieces is a retransmission, which acknowledges more than its bytes
 * did at first: the one that was captured later, since the other acknowledges it.  So it goes first. */
static bool untie_knot(struct stream_engine *e, struct flow *flow) {
    const struct half *client = &flow->half[SIDE_CLIENT];
    const struct half *server = &flow->half[SIDE_SERVER];
    if (!first_is_due(client) || !first_is_due(server)) return false;
    bool server_later = (int32_t)(server->queue->arrived - client->queue->arrived) > 0;
    hand_on_first(e, flow, server_later ? SIDE_SERVER : SIDE_CLIENT);
    return true;
}

/* Hands on all that neither a hole nor a missing cause holds back. */
static void settle(struct stream_engine *e, struct flow *flow, nstime now) {
    bool moved = true;
    while (moved && !flow->closed) {
        moved = false;
        for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
            while (first_can_go(flow, side)) {
                hand_on_first(e, flow, side);
                moved = true;
            }
            end_if_fin_counts(e, flow, side, now);
        }
        end_if_fin_counts(e, flow, SIDE_CLIENT, now); /* its cause may have been the server's */
        if (!moved) moved = untie_knot(e, flow);
    }
}

/* --- holes ------------------------------------------------------------------------------------------------------- */

/* Gives up waiting for what is missing at half->next. */
static void give_up_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    struct half *half = &flow->half[side];
    uint32_t length = hole_length(half);
    if (length == 1 && half->queue == NULL && !half->fin_known) {
        /* One byte at the very end that was acknowledged: a FIN that was not captured. */
        half->fin_known = true;
        half->fin = half->next;
    } else {
        declare_gap(e, flow, side, length, now);
    }
    settle(e, flow, now);
}

/* The side whose hole is the older one. */
static bool find_hole(const struct flow *flow, enum stream_side *side) {
    const struct half *client = &flow->half[SIDE_CLIENT];
    const struct half *server = &flow->half[SIDE_SERVER];
    bool of_client = hole_length(client) > 0;
    bool of_server = hole_length(server) > 0;
    bool server_older = server->hole_since != 0 && (client->hole_since == 0 || server->hole_since < client->hole_since);
    *side = of_server && (!of_client || server_older) ? SIDE_SERVER : SIDE_CLIENT;
    return of_client || of_server;
}

static void give_up_all_holes(struct stream_engine *e, struct flow *flow, nstime now) {
    enum stream_side side;
    settle(e, flow, now);
    while (!flow->closed) {
        if (find_hole(flow, &side)) {
            give_up_hole(e, flow, side, now);
        } else if (first_is_due(&flow->half[SIDE_CLIENT])) { /* early, and nobody took it */
            hand_on_first(e, flow, SIDE_CLIENT);
            settle(e, flow, now);
        } else {
            return;
        }
    }
}

/* The network will not fill the hole any more: the peer has its bytes.  Without that it is waited for, unless the
 * queue fills up. */
static bool hole_is_certain(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    return (is_behind(half) && !is_claimed(flow, side)) ||
           half->queued + LIMIT_HOLE_GRACE_SEGMENTS >= LIMIT_SEGMENTS_PER_FLOW;
}

/* Several holes age side by side: the second has waited since what comes behind it was captured. */
static bool next_hole_is_old(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    return hole_length(half) > 0 && half->queue != NULL && hole_is_certain(flow, side) &&
           flow->segments - half->queue->arrived >= LIMIT_HOLE_GRACE_SEGMENTS;
}

/* Its peer is not heard, or not any more. */
static void trust_early(struct half *half) {
    for (struct segment *piece = half->queue; piece != NULL; piece = piece->next) piece->early = false;
}

/* An early piece that nobody takes or refutes for long is believed. */
static void watch_early(struct stream_engine *e, struct flow *flow, struct half *half, nstime now) {
    if (!first_is_due(half) || !half->queue->early) return;
    if (half->hole_since == 0) half->hole_since = now;
    if (now - half->hole_since < LIMIT_HOLE_UNCERTAIN_S * NS_PER_S) return;
    trust_early(half);
    settle(e, flow, now);
}

/* Ages the hole of a side by one segment of its flow. */
static void watch_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    struct half *half = &flow->half[side];
    if (!flow->closed && hole_length(half) == 0) watch_early(e, flow, half, now);
    if (flow->closed || hole_length(half) == 0) return;
    if (half->hole_since == 0) half->hole_since = now;
    bool certain = hole_is_certain(flow, side);
    bool unseen = !half->seen && half->begun; /* the mirror does not show this side */
    if (certain) half->passed++;
    nstime age = now - half->hole_since;
    bool waited = age >= LIMIT_HOLE_GRACE_S * NS_PER_S && (certain || !half->ack_known);
    bool passed = certain && (unseen || half->passed >= LIMIT_HOLE_GRACE_SEGMENTS);
    if (!passed && !waited && age < LIMIT_HOLE_UNCERTAIN_S * NS_PER_S) return;
    if (is_claimed(flow, side)) {
        if (!first_is_due(&flow->half[SIDE_CLIENT])) { /* nobody waits for it: forgotten */
            half->acknowledged = half->next;
            half->hole_since = 0;
            return;
        }
        trust_early(&flow->half[SIDE_CLIENT]);
    }
    give_up_hole(e, flow, side, now);
    while (!flow->closed && next_hole_is_old(flow, side)) give_up_hole(e, flow, side, now);
}

static bool has_queue(const struct flow *flow) {
    return flow->half[SIDE_CLIENT].queue != NULL || flow->half[SIDE_SERVER].queue != NULL;
}

static bool reset_is_pending(const struct flow *flow) {
    return flow->half[SIDE_CLIENT].reset_seen || flow->half[SIDE_SERVER].reset_seen;
}

/* The silence in which the reset counts.  A server that has ended its side has no more to say. */
static int64_t reset_grace_s(const struct flow *flow) {
    const struct half *server = &flow->half[SIDE_SERVER];
    return server->reset_seen || server->fin_known || server->ended ? LIMIT_RESET_GRACE_S : LIMIT_RESET_CLIENT_S;
}

/* Nothing waits, and nothing is missing: true for nearly every packet. */
static inline bool half_is_quiet(const struct flow *flow, enum stream_side side) {
    const struct half *half = &flow->half[side];
    if (half->queue != NULL) return false;
    if (half->fin_known) return !is_behind(half) && fin_is_pending(flow, side);
    return !half->ack_known || sequence_distance(half->acknowledged, half->next) <= 0;
}

static inline bool has_no_hole(const struct flow *flow) {
    return half_is_quiet(flow, SIDE_CLIENT) && half_is_quiet(flow, SIDE_SERVER);
}

static inline bool flow_is_quiet(const struct flow *flow) {
    return !reset_is_pending(flow) && has_no_hole(flow);
}

/* The client has acknowledged the server's SYN: he sees what the server sends. */
static bool handshake_is_whole(const struct flow *flow) {
    const struct half *server = &flow->half[SIDE_SERVER];
    return server->seen && server->syn_seen && server->ack_known &&
           sequence_distance(server->acknowledged, server->first) >= 0 &&
           sequence_distance(server->acknowledged, server->sent) <= 0;
}

/* Its client has reset it, and only silence can settle that. */
static bool waits_for_reset_only(const struct flow *flow) {
    return reset_is_pending(flow) && reset_grace_s(flow) == LIMIT_RESET_CLIENT_S && has_no_hole(flow);
}

/* Of this side all has come that was sent, as far as is known, and nothing was said of its end. */
static inline bool half_is_steady(const struct half *half) {
    return half->known && half->seen && half->ack_known && half->queue == NULL && !half->fin_known && !half->ended &&
           !half->reset_seen;
}

/* See take_steady. */
static inline bool flow_is_steady(const struct flow *flow) {
    return flow->list == FLOW_LIST_LIVE && flow->opened && !flow->closed && flow->other[SIDE_CLIENT] == OTHER_NONE &&
           flow->other[SIDE_SERVER] == OTHER_NONE && half_is_steady(&flow->half[SIDE_CLIENT]) &&
           half_is_steady(&flow->half[SIDE_SERVER]);
}

/* Puts the flow into the list that its state asks for. */
static void relist(struct stream_engine *e, struct flow *flow, bool quiet, nstime now) {
    bool proven = flow_is_proven(flow);
    enum flow_list list = proven ? FLOW_LIST_LIVE : flow_is_foreign(flow) ? FLOW_LIST_FOREIGN : FLOW_LIST_WEAK;
    if (flow->closed) {
        list = FLOW_LIST_CLOSED;
    } else if (!quiet && has_queue(flow)) {
        list += FLOW_LIST_LIVE_QUEUED - FLOW_LIST_LIVE;
    } else if (!flow->opened) {
        list = handshake_is_whole(flow) ? FLOW_LIST_SILENT_WHOLE : FLOW_LIST_SILENT;
        if (flow_is_foreign(flow)) list = FLOW_LIST_FOREIGN;
    } else if (proven && waits_for_reset_only(flow)) {
        list = FLOW_LIST_LIVE_RESET;
    } else if (!quiet) {
        list += FLOW_LIST_LIVE_WATCHED - FLOW_LIST_LIVE;
    }
    if (flow->list != list) flow_table_move(e->table, flow, list, now);
    flow->steady = quiet && flow_is_steady(flow);
}

/* The pool runs short: the oldest queue of a list is handed on, with gaps for its holes.  False when there is none but
 * the packet's own. */
static bool give_up_oldest_queue(struct stream_engine *e, enum flow_list list, const struct flow *current, nstime now) {
    struct flow *flow = flow_table_oldest(e->table, list);
    if (flow == current) flow = flow_table_newer(e->table, flow);
    if (flow == NULL) return false;
    e->counters->queues_given_up++;
    give_up_all_holes(e, flow, now);
    relist(e, flow, false, now);
    return true;
}

/* ... of the flow's kind; foreign ones first. */
static void make_queue_room(struct stream_engine *e, const struct flow *flow, nstime now) {
    bool weak = !flow_is_proven(flow);
    enum flow_list list = weak ? FLOW_LIST_WEAK_QUEUED : FLOW_LIST_LIVE_QUEUED;
    for (unsigned tries = QUEUES_GIVEN_UP_MAX; tries > 0 && segment_pool_is_short(e->pool, weak); tries--) {
        e->ran_short = true;
        if (give_up_oldest_queue(e, FLOW_LIST_FOREIGN_QUEUED, flow, now)) continue;
        if (flow_is_foreign(flow) || !give_up_oldest_queue(e, list, flow, now)) return;
    }
}

/* Its own last packet, a bare one or an RST, says that it had sent more. */
static void declare_lost_tail(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
    const struct half *half = &flow->half[side];
    int32_t lost = half->seen && half->known ? sequence_distance(half->sent, half->next) : 0;
    if (!flow->opened || flow->closed || half->ended || half->fin_known || lost <= 0) return;
    declare_gap(e, flow, side, (uint32_t)lost, now);
}

/* Tells the ends of what is left.  Holes are gaps now, and what waits behind them is handed on. */
static void close_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now) {
    if (!flow->closed) give_up_all_holes(e, flow, now);
    declare_lost_tail(e, flow, SIDE_CLIENT, now);
    declare_lost_tail(e, flow, SIDE_SERVER, now);
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
        end_side(e, flow, side, fin_is_due(&flow->half[side]) ? STREAM_FIN : reason, now);
    if (!flow->closed) let_go(e, flow, now);
}

static void forget_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now) {
    close_flow(e, flow, reason, now);
    flow_table_remove(e->table, flow);
}

static enum stream_end why_over(const struct flow *flow, enum stream_end otherwise) {
    return reset_is_pending(flow) ? STREAM_RST : otherwise;
}

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
    count_old_bytes(e, flow, side, sequence, (size_t)old);
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
    bool early = is_doubtful(flow, side, packet);
    if ((packet->flags & TCP_FIN) != 0) note_fin(half, end);
    struct span payload = packet->payload;
    uint32_t length = packet->payload_length;
    int32_t distance = sequence_distance(sequence, half->next);
    if (distance < 0) { /* all or part of it was seen before */
        size_t seen = (size_t) - (int64_t)distance;
        count_old_bytes(e, flow, side, sequence, seen < payload.len ? seen : payload.len);
        payload = span_from(payload, seen);
        length = length > seen ? length - (uint32_t)seen : 0;
        sequence = half->next;
    }
    if (length == 0) return;
    bool in_order = half->queue == NULL && distance <= 0;
    if (in_order && !early && cause_came(flow, side, has_ack, packet->acknowledgement)) {
        uint32_t unread = unread_bytes(flow, side, sequence, has_ack, packet->acknowledgement);
        hand_on(e, flow, side, payload, unread, packet->time);
        if (!flow->closed) declare_gap(e, flow, side, length - (uint32_t)payload.len, packet->time);
    } else {
        struct packet rest = *packet;
        rest.payload = payload;
        rest.payload_length = length;
        make_queue_room(e, flow, packet->time);
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

/* --- flows ------------------------------------------------------------------------------------------------------- */

static void start_half(struct half *half, uint32_t isn) {
    if (!half->begun) half->first = half->next = isn + 1;
    if (!half->seen) half->sent = half->next;
    half->known = true;
    half->syn_seen = true;
}

/* Whether an acknowledgement is of this SYN: it counts one, and data in it (RFC 7413) may be acknowledged with it. */
static bool acknowledges_syn(uint32_t acknowledgement, uint32_t isn) {
    return acknowledgement - isn - 1 <= SYN_DATA_BYTES_MAX;
}

/* The server's answer tells which of several SYNs it took. */
static void believe_answer(struct stream_engine *e, struct flow *flow, const struct packet *packet) {
    struct half *client = &flow->half[SIDE_CLIENT];
    uint32_t taken = packet->acknowledgement - client->first; /* of its data (RFC 7413) */
    if (flow->opened || !client->syn_seen || taken <= client->sent - client->first) return;
    e->counters->no_flow_bytes += segment_queue_clear(e->pool, client);
    *client = (struct half){.seen = true, .sent = packet->acknowledgement};
    start_half(client, packet->acknowledgement - 1);
}

/* The SYN of this connection: sent again, seen twice, or captured behind what it began.  Its first bytes may have been
 * acknowledged before it was captured, or may come late as well. */
static bool is_own_syn(const struct half *half, const struct packet *packet) {
    uint32_t ahead = half->first - (packet->sequence + 1);
    return !half->known || ahead == 0 || (!half->syn_seen && ahead <= LATE_START_BYTES_MAX);
}

enum syn_meaning {
    SYN_OWN,      /* the flow's */
    SYN_DOUBTED,  /* of another connection, if nobody forged it: remembered until somebody speaks behind the answer */
    SYN_REPLACES, /* the ports are used again: the flow is over, and the packet is not yet taken */
};

/* The server's packet acknowledges the SYN that was doubted. */
static bool answers_newer(const struct flow *flow, const struct packet *packet) {
    return flow->other[SIDE_CLIENT] == OTHER_NEWER &&
           acknowledges_syn(packet->acknowledgement, flow->other_isn[SIDE_CLIENT]);
}

/* A SYN or SYN/ACK of a known flow.  One of another connection is only believed when it is answered, so that nobody
 * ends a dialogue by forging one. */
static enum syn_meaning take_syn(struct stream_engine *e, struct flow *flow, enum stream_side side,
                                 const struct packet *packet) {
    struct half *half = &flow->half[side];
    enum stream_side other = side_other(side);
    bool answer = (packet->flags & TCP_ACK) != 0;
    if (flow->closed) return half->known && is_own_syn(half, packet) ? SYN_OWN : SYN_REPLACES;
    if (is_own_syn(half, packet)) {
        bool first_time = !half->syn_seen;
        start_half(half, packet->sequence);
        if (first_time && answer && side == SIDE_SERVER) believe_answer(e, flow, packet);
        return SYN_OWN;
    }
    if (answer && !flow->half[other].seen) return SYN_REPLACES; /* the mirror shows one side: nobody can confirm it */
    if (!answer && !flow->opened && !flow->half[other].syn_seen) return SYN_REPLACES; /* the new one is as good */
    answer = answer && side == SIDE_SERVER; /* a client that answers himself confirms nothing */
    if (answer && packet->payload_length > 0 && answers_newer(flow, packet)) return SYN_REPLACES;
    if (!answer || !answers_newer(flow, packet)) flow->other[other] = OTHER_NONE;
    flow->other[side] = OTHER_NEWER;
    flow->other_isn[side] = packet->sequence;
    if (answer && flow->other[other] == OTHER_NONE) { /* its SYN was not captured */
        flow->other[other] = OTHER_NEWER;
        flow->other_isn[other] = packet->acknowledgement - 1;
    }
    return SYN_DOUBTED;
}

/* No window is so wide, no straggler so late: the numbers are of two connections. */
static bool is_away(uint32_t a, uint32_t b) {
    int32_t away = sequence_distance(a, b);
    return away > AFTER_END_BYTES_MAX || away < -AFTER_END_BYTES_MAX;
}

/* The server acknowledges what follows a SYN that was taken for a forged one, with numbers of its own that are not this
 * flow's: its SYN/ACK was not captured. */
static bool answers_other_syn(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    if (side != SIDE_SERVER || flow->other[SIDE_CLIENT] != OTHER_NEWER || (packet->flags & TCP_ACK) == 0) return false;
    return packet->payload_length > 0 && is_away(packet->sequence, flow->half[SIDE_SERVER].sent) &&
           packet->acknowledgement - flow->other_isn[SIDE_CLIENT] - 1 < AFTER_END_BYTES_MAX;
}

/* What the client says behind a SYN that the server has not answered: that may be forged as well. */
static bool is_unanswered(const struct flow *flow, enum stream_side side) {
    return side == SIDE_CLIENT && flow->half[SIDE_SERVER].seen && flow->other[SIDE_SERVER] == OTHER_NONE;
}

/* The packet follows a SYN that was taken for a forged one, or goes on where the connection before this one was. */
static bool follows_other(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    if (flow->other[side] == OTHER_NONE) return false;
    uint32_t behind = packet->sequence - flow->other_isn[side] - 1;
    if (behind == 0) return packet->sequence != flow->half[side].next;
    bool both = flow->other[side_other(side)] != OTHER_NONE; /* the bytes before it may be lost, then */
    return both && behind < AFTER_END_BYTES_MAX && is_away(packet->sequence, flow->half[side].sent);
}

/* The side goes on behind its end, so that was not the end.  One byte in the FIN's place may be a keep-alive's
 * (RFC 9293 3.8.4). */
static bool goes_on_behind_end(const struct flow *flow, enum stream_side side, const struct packet *packet) {
    const struct half *half = &flow->half[side];
    if (!half->ended || packet->payload_length == 0) return false;
    int32_t distance = sequence_distance(packet->sequence, half->next);
    int32_t end = sequence_distance(packet->sequence + packet->payload_length, half->next);
    return end > 1 && distance >= 0 && distance < AFTER_END_BYTES_MAX;
}

static bool is_mail_port(const struct stream_engine *e, uint16_t port) {
    return port_is_set(e->settings.mail_ports, port);
}

/* False when nobody may make room for one of this source. */
static bool make_room(struct stream_engine *e, uint64_t source) {
    struct flow *victim;
    for (unsigned i = 0; i < VICTIMS_MAX && (victim = flow_table_victim(e->table, source)) != NULL; i++) {
        e->ran_short = true;
        if (!victim->closed) e->counters->flow_evicted++;
        forget_flow(e, victim, why_over(victim, STREAM_EVICTED), victim->last);
    }
    if (flow_table_share_is_at_least(e->table, source)) e->ran_short = true;
    if (!flow_table_is_full(e->table)) return true;
    e->ran_short = true;
    return false;
}

/* A connection is its customer's, who is mostly the client; what comes in is the customer's whose server it comes to.
 */
static uint64_t source_of(const struct stream_engine *e, const struct endpoint *client, const struct endpoint *server) {
    const struct ip_address *home = NULL;
    if (home_networks_contain(e->home, &server->ip)) home = &server->ip;
    if (home_networks_contain(e->home, &client->ip)) home = &client->ip;
    return flow_table_source(e->table, home);
}

/* Between two mail ports, without a SYN: a reply begins with three digits, a command never. */
static bool begins_like_reply(struct span text) {
    if (text.len < 4 || text.data[0] < '2' || text.data[0] > '5') return false;
    bool digits = ascii_is_digit(text.data[1]) && ascii_is_digit(text.data[2]);
    return digits && (text.data[3] == ' ' || text.data[3] == '-' || text.data[3] == '\r');
}

/* Who sent a packet that is no SYN: the client is the one without a mail port. */
static bool comes_from_client(const struct stream_engine *e, const struct packet *packet) {
    bool both = is_mail_port(e, packet->to.port) && is_mail_port(e, packet->from.port);
    return both ? !begins_like_reply(packet->payload) : is_mail_port(e, packet->to.port);
}

static struct flow *make_flow(struct stream_engine *e, const struct packet *packet, enum stream_side *side) {
    bool syn = (packet->flags & TCP_SYN) != 0;
    if ((packet->flags & TCP_RST) != 0 || (syn && (packet->flags & TCP_FIN) != 0)) return NULL;
    if (!syn && packet->payload_length == 0) return NULL;
    bool from_client = syn ? (packet->flags & TCP_ACK) == 0 : comes_from_client(e, packet);
    uint16_t server_port = from_client ? packet->to.port : packet->from.port;
    /* On other ports nDPI must hear a flow from its first byte: no pick-up in the middle. */
    if (!is_mail_port(e, server_port) && !(e->settings.any_port && syn)) return NULL;
    const struct endpoint *client = from_client ? &packet->from : &packet->to;
    const struct endpoint *server = from_client ? &packet->to : &packet->from;
    uint64_t source = source_of(e, client, server);
    if (!make_room(e, source)) {
        e->counters->flow_refused++;
        return NULL;
    }
    *side = from_client ? SIDE_CLIENT : SIDE_SERVER;
    struct flow *flow = flow_table_add(e->table, client, server, source, packet->time);
    flow->midstream = !syn;
    e->counters->flows++;
    if (syn) start_half(&flow->half[*side], packet->sequence);
    return flow;
}

/* What is known of where the connection begins that the packet belongs to. */
static void begin_as_known(struct flow *flow, const struct flow *old, enum stream_side side,
                           const struct packet *packet) {
    for (unsigned i = SIDE_CLIENT; i <= SIDE_SERVER; i++) {
        struct half *half = &flow->half[i];
        bool fits = i != side || packet->sequence - old->other_isn[i] - 1 < AFTER_END_BYTES_MAX;
        if (old->other[i] == OTHER_NONE || !fits || half->known) continue;
        start_half(half, old->other_isn[i]);
        half->syn_seen = old->other[i] == OTHER_NEWER;
        half->seen = true;
        flow->midstream = old->other[i] == OTHER_OLDER;
    }
}

/* If it was no new connection that took its place, the old one will go on. */
static void remember_older(struct flow *flow, const struct flow *old) {
    for (unsigned i = SIDE_CLIENT; i <= SIDE_SERVER; i++) {
        if (!old->half[i].known || old->closed) continue;
        flow->other[i] = OTHER_OLDER;
        flow->other_isn[i] = old->half[i].next - 1;
    }
}

/* The flow is over, and the packet begins another one of its ports.  other: the one that was remembered. */
static struct flow *replace_flow(struct stream_engine *e, struct flow *flow, const struct packet *packet,
                                 enum stream_side *side, bool other) {
    struct flow old = *flow;
    forget_flow(e, flow, why_over(flow, STREAM_REPLACED), flow->last);
    flow = make_flow(e, packet, side);
    if (flow == NULL) return NULL;
    if (other) begin_as_known(flow, &old, *side, packet);
    if (!flow->midstream) remember_older(flow, &old);
    return flow;
}

/* The flow that the packet belongs to, of which `flow` has its ends.  NULL: none, and nothing of it is believed. */
static struct flow *flow_of(struct stream_engine *e, struct flow *flow, const struct packet *packet,
                            enum stream_side *side) {
    if (flow == NULL) return make_flow(e, packet, side);
    flow->steady = false; /* until it is found to be so again */
    if ((packet->flags & TCP_RST) != 0) return flow;
    if ((packet->flags & TCP_SYN) != 0) {
        enum syn_meaning meaning = take_syn(e, flow, *side, packet);
        if (meaning == SYN_DOUBTED) return NULL;
        bool answer = *side == SIDE_SERVER && answers_newer(flow, packet);
        return meaning == SYN_OWN ? flow : replace_flow(e, flow, packet, side, answer);
    }
    if (answers_other_syn(flow, *side, packet)) return replace_flow(e, flow, packet, side, true);
    if (follows_other(flow, *side, packet)) {
        bool counts = packet->payload_length > 0 && !is_unanswered(flow, *side);
        return counts ? replace_flow(e, flow, packet, side, true) : NULL;
    }
    return goes_on_behind_end(flow, *side, packet) ? replace_flow(e, flow, packet, side, false) : flow;
}

static void settle_and_watch(struct stream_engine *e, struct flow *flow, nstime now) {
    settle(e, flow, now);
    watch_hole(e, flow, SIDE_CLIENT, now);
    watch_hole(e, flow, SIDE_SERVER, now);
    if (flow->half[SIDE_CLIENT].ended && flow->half[SIDE_SERVER].ended) close_flow(e, flow, STREAM_FIN, now);
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
    uint32_t unread = unread_bytes(flow, side, packet->sequence, true, packet->acknowledgement);
    hand_on(e, flow, side, packet->payload, unread, packet->time);
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
        if (flow->half[side_other(side)].fin_known) end_if_fin_counts(e, flow, side_other(side), packet->time);
        /* Who has an answer to his SYN that the mirror does not show. */
        if (half->queue != NULL && (packet->flags & TCP_ACK) != 0 && !flow->half[side_other(side)].seen)
            trust_early(half);
        if (packet->payload_length > 0 && (packet->flags & TCP_URG) != 0) e->counters->urgent_segments++;
        if (packet->payload_length > 0 || (packet->flags & TCP_FIN) != 0) take_payload(e, flow, side, packet);
    }
    bool quiet = flow_is_quiet(flow);
    if (!quiet && !flow->closed) settle_and_watch(e, flow, packet->time);
    relist(e, flow, quiet, packet->time);
}

static void native_packet(struct stream_engine *e, const struct packet *packet) {
    if (!e->settings.any_port && !is_mail_port(e, packet->from.port) && !is_mail_port(e, packet->to.port)) return;
    enum stream_side side = SIDE_CLIENT;
    bool reset = (packet->flags & TCP_RST) != 0;
    size_t bytes = packet->payload.len;
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
    flow = flow_of(e, flow, packet, &side);
    if (flow == NULL) {
        if (!reset) e->counters->no_flow_bytes += bytes;
        return;
    }
    note_packet(e, flow, side, packet);
    if (!flow->closed) {
        take_packet(e, flow, side, packet);
    } else if (!reset) {
        *counter_of_closed(e, flow) += bytes;
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
    if (place != NULL && (e->settings.any_port || is_mail_port(e, place->to.port) || is_mail_port(e, place->from.port)))
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

/* What silence decides. */
static void settle_by_time(struct stream_engine *e, struct flow *flow, nstime now) {
    if (flow->closed) return;
    if (reset_is_pending(flow) && now - flow->last >= reset_grace_s(flow) * NS_PER_S) {
        close_flow(e, flow, STREAM_RST, flow->last);
        return;
    }
    settle_and_watch(e, flow, now);
    relist(e, flow, flow_is_quiet(flow), now);
}

/* How long it has been silent: since its last packet, or since silence settled something of it (relist). */
static nstime silence_of(const struct flow *flow, nstime now) {
    return now - (flow->listed > flow->last ? flow->listed : flow->last);
}

/* Notes the flows of a list that were silent for so long.  A list is in the order of `listed`, and limits differ: the
 * shortest that a list can have ends the walk.  `last` would end it, too, but at a flow that was touched since; then it
 * would depend on the others in the list when a flow is due, and so on how many engines share them. */
static uint32_t find_due(struct stream_engine *e, enum flow_list list, int64_t shortest_s, nstime now, uint32_t count) {
    struct flow *flow = flow_table_oldest(e->table, list);
    while (flow != NULL && now - flow->listed >= shortest_s * NS_PER_S) {
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
    settle_by_time(e, flow, now);
    if (silence_of(flow, now) < idle_limit_s(flow) * NS_PER_S) return;
    if (flow->opened && !flow->closed) e->counters->flow_idle++;
    forget_flow(e, flow, STREAM_TIMEOUT, flow->last);
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
    for (unsigned list = 0; list < FLOW_LISTS; list++) count = find_due(e, list, shortest_s[list], now, count);
    sort_due(e, count);
    for (uint32_t i = 0; i < count; i++) {
        e->turn = e->due[i].ordinal;
        expire_flow(e, e->due[i].flow, now);
    }
    e->turn = STREAM_TURN_OF_PACKET;
}

/* Each ends with its own last packet, not with the capture's. */
static void native_finish(struct stream_engine *e, enum stream_end why, nstime now) {
    uint32_t count = 0;
    (void)now;
    for (unsigned list = 0; list < FLOW_LISTS; list++) count = find_due(e, list, INT64_MIN / NS_PER_S, 0, count);
    sort_due(e, count);
    for (uint32_t i = 0; i < count; i++) {
        struct flow *flow = e->due[i].flow;
        e->turn = e->due[i].ordinal;
        forget_flow(e, flow, why_over(flow, why), flow->last);
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
    home_networks_free(e->home);
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
    e->home = home_networks_new(settings->home_networks, settings->home_network_count);
    e->listener = listener;
    e->settings = *settings;
    e->counters = counters;
    e->turn = STREAM_TURN_OF_PACKET;
    if (e->table == NULL || e->due == NULL || e->pool == NULL || e->home == NULL) {
        native_destroy(e);
        return NULL;
    }
    return e;
}

static bool native_renew(struct stream_engine *e, const struct stream_settings *settings) {
    struct home_networks *home = home_networks_new(settings->home_networks, settings->home_network_count);
    if (home == NULL) return false;
    home_networks_free(e->home);
    e->home = home;
    e->settings = *settings;
    return true;
}

static size_t native_memory_bytes(const struct stream_engine *e) {
    return flow_table_memory_bytes(e->table) + home_networks_memory_bytes(e->home) + segment_pool_bytes(&e->settings) +
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
    .turn = native_turn,
    .ran_short = native_ran_short,
};
