/* In what order the bytes of a flow go to the listener; see stream_native.c.
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
 * A client is not believed that acknowledges what the server was not seen to send: the server drops such a segment
 * (RFC 9293 3.10.7.4).  The server's own packets, bare ones too, tell how far it came (half.sent).  Until they do,
 * nothing of it is called lost, the client's segment waits, and another copy of its bytes counts in its place.  So do
 * segments that acknowledge far less than the client did before (RFC 5961 5.2), and data in a SYN (RFC 7413), until the
 * server acknowledges them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/stream_native.h"

#define OLD_ACK_BYTES_MAX 65535 /* an acknowledgement older than by a window is nothing that was under way */
#define QUEUES_GIVEN_UP_MAX 4   /* for one packet; the next one goes on with it */

/* --- telling the listener ---------------------------------------------------------------------------------------- */

/* What comes of a flow that is closed is one of these. */
uint64_t *stream_counter_of_closed(struct stream_engine *e, const struct flow *flow) {
    return flow->unwanted ? &e->counters->unwanted_bytes : &e->counters->after_end_bytes;
}

/* The flow stays in the table, closed, so that stragglers do not look like a new one. */
static void let_go(struct stream_engine *e, struct flow *flow, nstime now) {
    flow->steady = false;
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct half *half = &flow->half[side];
        *stream_counter_of_closed(e, flow) += segment_queue_clear(e->pool, half);
        if (half->begun) e->lengths += half->next - half->first;
    }
    flow->closed = true;
    if (flow->opened) e->untold--;
    if (flow->opened) e->listener->close(e->listener->context, flow->handle, now);
    flow->handle = NULL;
    flow_table_move(e->table, flow, FLOW_LIST_CLOSED, e->now); /* bytes that waited, or an RST, may be much older */
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
    e->untold++;
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
uint32_t stream_unread_bytes(const struct flow *flow, enum stream_side side, uint32_t sequence, bool has_ack,
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
    if (unread < 0) return 0;                                                         /* a FIN counts one */
    uint32_t length = peer->is_long ? LIMIT_GAP_BYTES_MAX : peer->next - peer->first; /* no window is wider */
    return (uint32_t)unread < length ? (uint32_t)unread : length;
}

void stream_hand_on(struct stream_engine *e, struct flow *flow, enum stream_side side, struct span bytes,
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

void stream_declare_gap(struct stream_engine *e, struct flow *flow, enum stream_side side, uint32_t length,
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
void stream_count_old_bytes(struct stream_engine *e, const struct flow *flow, enum stream_side side, uint32_t sequence,
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
bool stream_is_doubtful(const struct flow *flow, enum stream_side side, const struct packet *packet) {
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
bool stream_cause_came(const struct flow *flow, enum stream_side side, bool has_ack, uint32_t acknowledgement) {
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
    return stream_cause_came(flow, side, first->has_ack, first->acknowledgement);
}

/* Hands on the first piece of the queue. */
static void hand_on_first(struct stream_engine *e, struct flow *flow, enum stream_side side) {
    struct half *half = &flow->half[side];
    struct segment *first = segment_queue_take(half);
    uint32_t end = first->sequence + first->length + first->missing;
    if (half->queue != NULL && sequence_distance(half->queue->sequence, end) < 0) end = half->queue->sequence;
    size_t seen = half->next - first->sequence;
    if (seen > 0) stream_count_old_bytes(e, flow, side, first->sequence, seen < first->length ? seen : first->length);
    uint32_t unread = stream_unread_bytes(flow, side, half->next, first->has_ack, first->acknowledgement);
    stream_hand_on(e, flow, side, span_from(span_of(first->data, first->length), seen), unread, first->time);
    int32_t missing = sequence_distance(end, half->next);
    if (missing > 0 && !flow->closed) stream_declare_gap(e, flow, side, (uint32_t)missing, first->time);
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

void stream_end_if_fin_counts(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
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
void stream_settle(struct stream_engine *e, struct flow *flow, nstime now) {
    bool moved = true;
    while (moved && !flow->closed) {
        moved = false;
        for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
            while (first_can_go(flow, side)) {
                hand_on_first(e, flow, side);
                moved = true;
            }
            stream_end_if_fin_counts(e, flow, side, now);
        }
        stream_end_if_fin_counts(e, flow, SIDE_CLIENT, now); /* its cause may have been the server's */
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
        stream_declare_gap(e, flow, side, length, now);
    }
    stream_settle(e, flow, now);
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
    stream_settle(e, flow, now);
    while (!flow->closed) {
        if (find_hole(flow, &side)) {
            give_up_hole(e, flow, side, now);
        } else if (first_is_due(&flow->half[SIDE_CLIENT])) { /* early, and nobody took it */
            hand_on_first(e, flow, SIDE_CLIENT);
            stream_settle(e, flow, now);
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
void stream_trust_early(struct half *half) {
    for (struct segment *piece = half->queue; piece != NULL; piece = piece->next) piece->early = false;
}

/* An early piece that nobody takes or refutes for long is believed. */
static void watch_early(struct stream_engine *e, struct flow *flow, struct half *half, nstime now) {
    if (!first_is_due(half) || !half->queue->early) return;
    if (half->hole_since == 0) half->hole_since = now;
    if (now - half->hole_since < LIMIT_HOLE_UNCERTAIN_S * NS_PER_S) return;
    stream_trust_early(half);
    stream_settle(e, flow, now);
}

/* Ages the hole of a side by one segment of its flow. */
void stream_watch_hole(struct stream_engine *e, struct flow *flow, enum stream_side side, nstime now) {
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
        stream_trust_early(&flow->half[SIDE_CLIENT]);
    }
    give_up_hole(e, flow, side, now);
    while (!flow->closed && next_hole_is_old(flow, side)) give_up_hole(e, flow, side, now);
}

static bool has_queue(const struct flow *flow) {
    return flow->half[SIDE_CLIENT].queue != NULL || flow->half[SIDE_SERVER].queue != NULL;
}

bool stream_reset_is_pending(const struct flow *flow) {
    return flow->half[SIDE_CLIENT].reset_seen || flow->half[SIDE_SERVER].reset_seen;
}

/* The silence in which the reset counts.  A server that has ended its side has no more to say. */
int64_t stream_reset_grace_s(const struct flow *flow) {
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

bool stream_is_quiet(const struct flow *flow) {
    return !stream_reset_is_pending(flow) && has_no_hole(flow);
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
    return stream_reset_is_pending(flow) && stream_reset_grace_s(flow) == LIMIT_RESET_CLIENT_S && has_no_hole(flow);
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
void stream_relist(struct stream_engine *e, struct flow *flow, bool quiet, nstime now) {
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
    stream_relist(e, flow, false, now);
    return true;
}

/* ... of the flow's kind; foreign ones first. */
void stream_make_queue_room(struct stream_engine *e, const struct flow *flow, nstime now) {
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
    stream_declare_gap(e, flow, side, (uint32_t)lost, now);
}

/* Tells the ends of what is left.  Holes are gaps now, and what waits behind them is handed on. */
void stream_close_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now) {
    if (!flow->closed) give_up_all_holes(e, flow, now);
    declare_lost_tail(e, flow, SIDE_CLIENT, now);
    declare_lost_tail(e, flow, SIDE_SERVER, now);
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
        end_side(e, flow, side, fin_is_due(&flow->half[side]) ? STREAM_FIN : reason, now);
    if (!flow->closed) let_go(e, flow, now);
}

void stream_forget_flow(struct stream_engine *e, struct flow *flow, enum stream_end reason, nstime now) {
    stream_close_flow(e, flow, reason, now);
    flow_table_remove(e->table, flow);
}

enum stream_end stream_why_over(const struct flow *flow, enum stream_end otherwise) {
    return stream_reset_is_pending(flow) ? STREAM_RST : otherwise;
}
