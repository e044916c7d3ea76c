/* Which flow a packet belongs to, and when the ports of one are used again; see stream_native.c.
 *
 * A SYN of another connection is remembered, and believed only when somebody speaks behind its answer; so are the
 * numbers of the connection whose place one took.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/stream_native.h"
#include "home_networks.h"

#define LATE_START_BYTES_MAX 4096     /* a greeting, EHLO and their replies, captured behind what followed them */
#define AFTER_END_BYTES_MAX (1 << 20) /* bytes behind a FIN are its sender's when they are as near as this */
#define SYN_DATA_BYTES_MAX 1460       /* in a SYN: one segment (RFC 7413) */
#define VICTIMS_MAX 2                 /* for one new flow: a share that has too much shrinks */

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

/* False when nobody may make room for one of this source. */
static bool make_room(struct stream_engine *e, uint64_t source) {
    struct flow *victim;
    for (unsigned i = 0; i < VICTIMS_MAX && (victim = flow_table_victim(e->table, source)) != NULL; i++) {
        e->ran_short = true;
        if (!victim->closed) e->counters->flow_evicted++;
        stream_forget_flow(e, victim, stream_why_over(victim, STREAM_EVICTED), victim->last);
    }
    if (flow_table_share_is_at_least(e->table, source)) e->ran_short = true;
    if (!flow_table_is_full(e->table)) return true;
    e->ran_short = true;
    return false;
}

/* A connection is its customer's, who is mostly the client; what comes in is the customer's whose server it comes to.
 */
static uint64_t source_of(const struct stream_engine *e, const struct endpoint *client, const struct endpoint *server) {
    const struct stream_settings *s = &e->settings;
    const struct ip_address *home = NULL;
    if (home_networks_contain(s->home_networks, s->home_network_count, &server->ip)) home = &server->ip;
    if (home_networks_contain(s->home_networks, s->home_network_count, &client->ip)) home = &client->ip;
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
    bool both = stream_is_mail_port(e, packet->to.port) && stream_is_mail_port(e, packet->from.port);
    return both ? !begins_like_reply(packet->payload) : stream_is_mail_port(e, packet->to.port);
}

static struct flow *make_flow(struct stream_engine *e, const struct packet *packet, enum stream_side *side) {
    bool syn = (packet->flags & TCP_SYN) != 0;
    if ((packet->flags & TCP_RST) != 0 || (syn && (packet->flags & TCP_FIN) != 0)) return NULL;
    if (!syn && packet->payload_length == 0) return NULL;
    bool from_client = syn ? (packet->flags & TCP_ACK) == 0 : comes_from_client(e, packet);
    uint16_t server_port = from_client ? packet->to.port : packet->from.port;
    /* On other ports nDPI must hear a flow from its first byte: no pick-up in the middle. */
    if (!stream_is_mail_port(e, server_port) && !(e->settings.any_port && syn)) return NULL;
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
    stream_forget_flow(e, flow, stream_why_over(flow, STREAM_REPLACED), flow->last);
    flow = make_flow(e, packet, side);
    if (flow == NULL) return NULL;
    if (other) begin_as_known(flow, &old, *side, packet);
    if (!flow->midstream) remember_older(flow, &old);
    return flow;
}

/* The flow that the packet belongs to, of which `flow` has its ends.  NULL: none, and nothing of it is believed. */
struct flow *stream_flow_of(struct stream_engine *e, struct flow *flow, const struct packet *packet,
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
