/* The stream engine behind which libnids 1.26 reassembles: IPv4 only, fed by hand with the innermost IP datagram.
 *
 * libnids has one set of static variables, so there is one engine in a process at a time: a second `create` answers
 * NULL until the first one is destroyed.
 *
 * It is kept out of what it cannot bear.  Each segment is copied into one scratch datagram with a plain IPv4 header
 * (no options, no fragment, true length) and without URG, so libnids never reads past the bytes it is given, never
 * takes an urgent byte out of the stream, and never sees a fragment, a source in 0/8 (its scan detector's hash has
 * a negative remainder there), or a packet of a connection that it does not know.  The scan detector is off, checksums
 * are not looked at (offload), its warnings come to a hook of ours instead of syslog.
 *
 * Every libnids stream has a flow of ours from its SYN on, out of a pool that is as large as libnids' own.  Two lists,
 * oldest use first, hold them:
 *
 *   opening      a SYN was seen; forgotten after LIMIT_FLOW_HALF_OPEN_S, and first when room is needed
 *   established  libnids announced it; ended after LIMIT_FLOW_IDLE_S without a segment
 *
 * so libnids' table never fills: by itself it would evict the oldest created stream for a bare SYN, and keep idle ones
 * for ever.
 *
 * Holes: libnids waits for ever for bytes that the mirror lost, and throws a queue of over 64 KiB away without telling
 * a listener.  What came after a hole is remembered here as a few ranges; when the peer has acknowledged past the hole
 * and LIMIT_HOLE_GRACE_SEGMENTS more segments came, or the connection ends, the listener gets a gap, libnids'
 * count is moved to the last byte of the hole, and a segment of that one byte makes it deliver what it has queued.
 *
 * Differences by design from the native engine:
 *   - IPv6, and connections without SYN, SYN/ACK and the client's acknowledgement in that order (mid-stream, one-sided,
 *     a banner captured before the handshake's last segment), are not followed: counted as engine_refused;
 *   - data in a SYN (TCP Fast Open) is not delivered: it becomes a gap;
 *   - segments captured after their acknowledgement are discarded by libnids: they become a gap when later ones pass;
 *   - a segment outside the receiver's window, an RST outside it, and one with an old timestamp are ignored by libnids,
 *     uncounted; so are retransmitted bytes, equal or different (duplicate_bytes and overlap_conflict stay 0).  So
 *     counters_account_for_all_bytes (counters.h) does not hold here;
 *   - where a waiting segment and the one that fills the hole before it differ, the latter counts;
 *   - what a side sends behind its FIN is delivered, as long as it is in the window;
 *   - an RST inside the window, and a SYN with another number, end a connection at once, forged or not;
 *   - after a queue of over 64 KiB was thrown away, all of it is part of the gap;
 *   - END(FIN) of both sides comes when both are done, not each at its own FIN;
 *   - bytes that acknowledge the peer's may come before these, where the mirror swapped them;
 *   - libnids allocates while it runs (its buffers), and ends the process when there is no memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <nids.h>
#include <pcap/pcap.h>
#include <stdlib.h>

#include "mailspan/config.h"
#include "mailspan/limits.h"
#include "mailspan/stream.h"

enum {
    IPV4_HEADER_BYTES = 20,
    TCP_HEADER_BYTES = 20,
    DATAGRAM_BYTES_MAX = 65535,
    RANGES_MAX = 8, /* pieces remembered behind a hole; a segment for which there is no room may end up in the gap */
};

struct range {
    uint32_t start, end; /* sequence numbers, end excluded */
};

/* What one side sent, as far as libnids does not say it. */
struct direction {
    uint32_t highest; /* the end of all that was seen */
    uint32_t fin;     /* the sequence number of its FIN */
    bool fin_seen;
    bool filler; /* the next byte that libnids delivers stands for the end of a hole */
    uint8_t range_count;
    uint8_t passes;                  /* segments since the peer acknowledged past the first hole */
    struct range ranges[RANGES_MAX]; /* seen behind the first hole, in order, apart from each other */
};

enum flow_state { FLOW_OPENING, FLOW_ESTABLISHED };

struct nids_flow {
    struct nids_flow *older, *newer; /* of its list; `older` links the free ones */
    struct tcp_stream *stream;
    void *handle;
    nstime start, last;
    enum flow_state state;
    bool opened;                    /* the listener was asked; handle is its answer */
    bool ignored;                   /* the listener has enough, or did not want it */
    struct direction directions[2]; /* by enum stream_side */
};

struct flow_list {
    struct nids_flow *oldest, *newest;
};

struct stream_engine {
    const struct stream_settings *settings;
    const struct stream_listener *listener;
    struct counters *counters;
    pcap_t *pcap;
    struct nids_flow *pool;
    struct nids_flow *free;
    struct flow_list lists[2]; /* by enum flow_state */
    struct nids_flow *current; /* the flow of the segment that libnids is being fed */
    nstime now;
    bool queue_thrown_away;    /* of the current flow, by the segment that libnids was just fed */
    struct pcap_pkthdr header; /* libnids keeps a pointer to it */
    uint8_t datagram[DATAGRAM_BYTES_MAX];
};

static struct stream_engine *the_engine; /* libnids hands its callbacks no context */

/* --- sequence numbers ---------------------------------------------------------------------------------------- */

static bool seq_after(uint32_t a, uint32_t b) {
    return (int32_t)(a - b) > 0;
}

/* libnids calls a half stream by its receiver: what the client sent is in `server`. */
static struct half_stream *half_received(struct tcp_stream *stream, enum stream_side sender) {
    return sender == SIDE_CLIENT ? &stream->server : &stream->client;
}

static uint32_t expected_sequence(struct tcp_stream *stream, enum stream_side sender) {
    const struct half_stream *received = half_received(stream, sender);
    const struct half_stream *sent = half_received(stream, side_other(sender));
    return sent->first_data_seq + (uint32_t)received->count + (uint32_t)received->urg_count;
}

/* --- ranges seen behind a hole ------------------------------------------------------------------------------- */

static void ranges_trim(struct direction *d, uint32_t expected) {
    unsigned gone = 0;
    while (gone < d->range_count && !seq_after(d->ranges[gone].end, expected)) gone++;
    if (gone == 0) return;
    d->range_count = (uint8_t)(d->range_count - gone);
    d->passes = 0;
    memmove(d->ranges, d->ranges + gone, d->range_count * sizeof d->ranges[0]);
}

static void ranges_add(struct direction *d, uint32_t start, uint32_t end) {
    unsigned at = 0;
    while (at < d->range_count && seq_after(start, d->ranges[at].end)) at++;
    unsigned behind = at; /* the first range that the new one does not touch */
    while (behind < d->range_count && !seq_after(d->ranges[behind].start, end)) behind++;
    if (behind == at) {
        if (d->range_count == RANGES_MAX) return;
        memmove(d->ranges + at + 1, d->ranges + at, (d->range_count - at) * sizeof d->ranges[0]);
        d->ranges[at] = (struct range){start, end};
        d->range_count++;
        return;
    }
    if (seq_after(d->ranges[at].start, start)) d->ranges[at].start = start;
    if (seq_after(end, d->ranges[behind - 1].end)) d->ranges[behind - 1].end = end;
    d->ranges[at].end = d->ranges[behind - 1].end;
    memmove(d->ranges + at + 1, d->ranges + behind, (d->range_count - behind) * sizeof d->ranges[0]);
    d->range_count = (uint8_t)(d->range_count - (behind - at - 1));
}

/* --- flows --------------------------------------------------------------------------------------------------- */

static void list_append(struct flow_list *list, struct nids_flow *flow) {
    flow->newer = NULL;
    flow->older = list->newest;
    if (list->newest != NULL) list->newest->newer = flow;
    if (list->oldest == NULL) list->oldest = flow;
    list->newest = flow;
}

static void list_remove(struct flow_list *list, struct nids_flow *flow) {
    if (flow->older != NULL) flow->older->newer = flow->newer;
    if (flow->newer != NULL) flow->newer->older = flow->older;
    if (list->oldest == flow) list->oldest = flow->newer;
    if (list->newest == flow) list->newest = flow->older;
}

static void flow_touch(struct stream_engine *engine, struct nids_flow *flow, nstime now) {
    flow->last = now;
    list_remove(&engine->lists[flow->state], flow);
    list_append(&engine->lists[flow->state], flow);
}

/* Gives the flow back; its libnids stream is gone, or about to be. */
static void flow_release(struct stream_engine *engine, struct nids_flow *flow) {
    list_remove(&engine->lists[flow->state], flow);
    if (engine->current == flow) engine->current = NULL;
    *flow = (struct nids_flow){.older = engine->free};
    engine->free = flow;
}

static struct ip_address ip_from_nids(u_int address) {
    struct ip_address ip = {{[10] = 0xff, [11] = 0xff}};
    memcpy(ip.bytes + 12, &address, 4);
    return ip;
}

/* --- telling the listener ------------------------------------------------------------------------------------ */

/* False when the listener wants nothing of this connection. */
static bool flow_wanted(struct stream_engine *engine, struct nids_flow *flow) {
    if (!flow->opened) {
        const struct tuple4 *addr = &flow->stream->addr;
        struct stream_info const info = {.client = {ip_from_nids(addr->saddr), addr->source},
                                         .server = {ip_from_nids(addr->daddr), addr->dest},
                                         .start = flow->start};
        flow->opened = true;
        flow->handle = engine->listener->open(engine->listener->context, &info);
        flow->ignored = flow->handle == NULL;
    }
    return !flow->ignored;
}

static void tell_data(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side, struct span bytes) {
    if (bytes.len == 0 || !flow_wanted(engine, flow)) return;
    engine->counters->stream_bytes += bytes.len;
    const struct stream_listener *listener = engine->listener;
    enum stream_interest const interest =
        listener->data(listener->context, flow->handle, side, bytes, STREAM_UNREAD_UNKNOWN, engine->now);
    if (interest == STREAM_ENOUGH) flow->ignored = true;
}

static void tell_gap(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side, uint32_t length) {
    if (length == 0 || !flow_wanted(engine, flow)) return;
    engine->counters->gaps++;
    engine->counters->gap_bytes += length;
    const struct stream_listener *listener = engine->listener;
    enum stream_interest const interest = listener->gap(listener->context, flow->handle, side, length, engine->now);
    if (interest == STREAM_ENOUGH) flow->ignored = true;
}

static void tell_end(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side,
                     enum stream_end reason) {
    if (flow->ignored || flow->handle == NULL) return;
    const struct stream_listener *listener = engine->listener;
    if (listener->end(listener->context, flow->handle, side, reason, engine->now) == STREAM_ENOUGH)
        flow->ignored = true;
}

/* What of a side was seen, or acknowledged by its peer, and cannot be delivered any more. */
static uint32_t undelivered_bytes(struct nids_flow *flow, enum stream_side side) {
    const struct direction *d = &flow->directions[side];
    uint32_t const expected = expected_sequence(flow->stream, side);
    uint32_t end = d->highest;
    uint32_t const acknowledged = half_received(flow->stream, side)->ack_seq;
    if (d->fin_seen) {
        end = d->fin;
    } else if (seq_after(acknowledged, end + 1)) { /* one more may be a FIN that was not captured */
        end = acknowledged;
    }
    return seq_after(end, expected) && end - expected <= LIMIT_GAP_BYTES_MAX ? end - expected : 0;
}

/* A FIN up to which all was delivered is a FIN, whatever made us close. */
static enum stream_end end_of(struct nids_flow *flow, enum stream_side side, enum stream_end reason) {
    if (reason == STREAM_RST) return reason;
    return flow->directions[side].fin_seen ? STREAM_FIN : reason;
}

/* Ends both sides and closes.  The caller sees to the libnids stream and the flow. */
static void tell_closed(struct stream_engine *engine, struct nids_flow *flow, enum stream_end reason) {
    if (flow->state == FLOW_ESTABLISHED) {
        for (int side = SIDE_CLIENT; side <= SIDE_SERVER && !flow->ignored; side++)
            tell_gap(engine, flow, (enum stream_side)side, undelivered_bytes(flow, (enum stream_side)side));
        /* Only now, because a gap may be what opens the connection. */
        for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
            tell_end(engine, flow, (enum stream_side)side, end_of(flow, (enum stream_side)side, reason));
    }
    if (flow->handle != NULL) engine->listener->close(engine->listener->context, flow->handle, engine->now);
}

/* --- feeding libnids ----------------------------------------------------------------------------------------- */

/* The scratch, at the time of the last segment that came: a newer time might make libnids end streams in between. */
static void feed(struct stream_engine *engine, size_t total) {
    engine->datagram[0] = 0x45;
    engine->datagram[2] = (uint8_t)(total >> 8);
    engine->datagram[3] = (uint8_t)total;
    engine->datagram[8] = 64;
    engine->datagram[9] = IPPROTO_TCP;
    engine->header.caplen = engine->header.len = (bpf_u_int32)total;
    nids_pcap_handler(NULL, &engine->header, engine->datagram);
}

static void feed_segment(struct stream_engine *engine, const struct packet *packet, size_t total) {
    engine->header.ts.tv_sec = (time_t)(packet->time / NS_PER_S);
    engine->header.ts.tv_usec = (suseconds_t)(packet->time % NS_PER_S / NS_PER_US);
    feed(engine, total);
}

/* Copies the segment behind a plain IPv4 header.  0: it is none that libnids may see. */
static size_t copy_segment(struct stream_engine *engine, const struct packet *packet) {
    struct span const datagram = packet->datagram;
    if (!ip_is_v4(&packet->from.ip) || !ip_is_v4(&packet->to.ip)) return 0;
    if (datagram.len < IPV4_HEADER_BYTES || datagram.data[0] >> 4 != 4) return 0;
    if ((datagram.data[6] & 0x3f) != 0 || datagram.data[7] != 0) return 0; /* a fragment */
    if (datagram.data[12] == 0 || datagram.data[16] == 0) return 0;        /* 0.0.0.0/8 */
    struct span const tcp = span_from(datagram, (size_t)(datagram.data[0] & 15) * 4);
    if (tcp.len < TCP_HEADER_BYTES) return 0;
    size_t const header_bytes = (size_t)(tcp.data[12] >> 4) * 4;
    if (header_bytes < TCP_HEADER_BYTES || header_bytes + packet->payload.len > tcp.len) return 0;
    size_t const total = IPV4_HEADER_BYTES + header_bytes + packet->payload.len;
    if (total > DATAGRAM_BYTES_MAX) return 0;
    memset(engine->datagram, 0, 12);
    memcpy(engine->datagram + 12, datagram.data + 12, 8);
    memcpy(engine->datagram + IPV4_HEADER_BYTES, tcp.data, header_bytes + packet->payload.len);
    engine->datagram[IPV4_HEADER_BYTES + 13] = (uint8_t)(tcp.data[13] & ~TCP_URG);
    return total;
}

static void put_be16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* One byte where libnids waits: it delivers that byte and what it has queued behind it.  No ACK flag, so that the
 * segment changes nothing else; the receiver's window and acknowledgement are set aside, because they are past it. */
static void feed_filler(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side) {
    struct tcp_stream *stream = flow->stream;
    struct half_stream *received = half_received(stream, side);
    uint32_t const expected = expected_sequence(stream, side);
    bool const from_client = side == SIDE_CLIENT;
    uint8_t *tcp = engine->datagram + IPV4_HEADER_BYTES;
    memset(engine->datagram, 0, IPV4_HEADER_BYTES + TCP_HEADER_BYTES + 1);
    memcpy(engine->datagram + 12, from_client ? &stream->addr.saddr : &stream->addr.daddr, 4);
    memcpy(engine->datagram + 16, from_client ? &stream->addr.daddr : &stream->addr.saddr, 4);
    put_be16(tcp, from_client ? stream->addr.source : stream->addr.dest);
    put_be16(tcp + 2, from_client ? stream->addr.dest : stream->addr.source);
    put_be16(tcp + 4, (uint16_t)(expected >> 16));
    put_be16(tcp + 6, (uint16_t)expected);
    tcp[12] = 5 << 4;
    put_be16(tcp + 14, half_received(stream, side_other(side))->window);
    u_int const acknowledged = received->ack_seq;
    u_short const window = received->window;
    received->ack_seq = expected;
    received->window = UINT16_MAX;
    flow->directions[side].filler = true;
    feed(engine, IPV4_HEADER_BYTES + TCP_HEADER_BYTES + 1);
    flow->directions[side].filler = false;
    received->ack_seq = acknowledged;
    received->window = window;
}

/* Makes libnids wait for another byte.  All that it delivers is taken at once, so its buffer is empty now: offset
 * equals count. */
static void nids_advance(struct nids_flow *flow, enum stream_side side, uint32_t sequence) {
    struct half_stream *received = half_received(flow->stream, side);
    received->count = (int)((uint32_t)received->count + (sequence - expected_sequence(flow->stream, side)));
    received->offset = received->count;
}

/* Makes the bytes up to `end` a gap and goes on behind them. */
static void skip_hole(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side, uint32_t end,
                      bool queued_behind) {
    uint32_t const length = end - expected_sequence(flow->stream, side);
    tell_gap(engine, flow, side, length);
    if (queued_behind) {
        nids_advance(flow, side, end - 1);
        feed_filler(engine, flow, side);
    }
    if (seq_after(end, expected_sequence(flow->stream, side))) nids_advance(flow, side, end);
    ranges_trim(&flow->directions[side], expected_sequence(flow->stream, side));
}

/* Goes on behind every hole of the side that the peer has acknowledged, or (all) behind any that was passed. */
static void skip_holes(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side, bool all) {
    struct direction *d = &flow->directions[side];
    ranges_trim(d, expected_sequence(flow->stream, side));
    while (d->range_count > 0 && !flow->ignored) {
        uint32_t const expected = expected_sequence(flow->stream, side);
        if (!all && !seq_after(half_received(flow->stream, side)->ack_seq, expected)) return;
        if (seq_after(d->ranges[0].start, expected)) {
            skip_hole(engine, flow, side, d->ranges[0].start, true);
        } else { /* libnids was given this and does not have it: an old timestamp, a queue thrown away */
            skip_hole(engine, flow, side, d->ranges[0].end, false);
        }
    }
}

/* --- libnids' callbacks -------------------------------------------------------------------------------------- */

static void on_data(struct stream_engine *engine, struct nids_flow *flow) {
    struct tcp_stream *stream = flow->stream;
    enum stream_side const side = stream->client.count_new > 0 ? SIDE_SERVER : SIDE_CLIENT;
    struct half_stream *received = half_received(stream, side);
    struct direction *d = &flow->directions[side];
    if (received->count_new <= 0) return;
    struct span bytes = span_of(received->data + (received->count - received->offset - received->count_new),
                                (size_t)received->count_new);
    if (d->filler) {
        d->filler = false;
        bytes = span_from(bytes, 1);
    }
    tell_data(engine, flow, side, bytes);
    if (flow->ignored) stream->client.collect = stream->server.collect = 0;
}

static void on_stream(struct tcp_stream *stream, void **unused) {
    (void)unused;
    struct stream_engine *engine = the_engine;
    struct nids_flow *flow = stream->user;
    if (engine == NULL || flow == NULL) return;
    switch (stream->nids_state) {
        case NIDS_JUST_EST:
            stream->client.collect++;
            stream->server.collect++;
            stream->client.collect_urg++; /* never used (URG is cleared); keeps our listener when data is not wanted */
            engine->counters->flows++;
            list_remove(&engine->lists[FLOW_OPENING], flow);
            flow->state = FLOW_ESTABLISHED;
            list_append(&engine->lists[FLOW_ESTABLISHED], flow);
            flow->directions[SIDE_CLIENT].highest = stream->client.first_data_seq;
            flow->directions[SIDE_SERVER].highest = stream->server.first_data_seq;
            return;
        case NIDS_DATA:
            on_data(engine, flow);
            return;
        case NIDS_CLOSE:
        case NIDS_TIMED_OUT: /* ten seconds after both FINs, with a hole: the table itself never fills */
            tell_closed(engine, flow, STREAM_FIN);
            break;
        case NIDS_RESET:
            tell_closed(engine, flow, STREAM_RST);
            break;
        default: /* NIDS_EXITING: destroyed without finish */
            break;
    }
    stream->user = NULL;
    flow_release(engine, flow);
}

/* libnids' warnings.  The only one that says something new is that a queue was thrown away. */
static void on_warning(int type, int warning, struct ip *ip, void *data) {
    (void)ip;
    (void)data;
    if (the_engine != NULL && type == NIDS_WARN_TCP && warning == NIDS_WARN_TCP_BIGQUEUE)
        the_engine->queue_thrown_away = true;
}

/* --- one segment --------------------------------------------------------------------------------------------- */

static u_int nids_address(const struct ip_address *ip) {
    u_int address;
    memcpy(&address, ip->bytes + 12, sizeof address);
    return address;
}

static struct nids_flow *find_flow(const struct endpoint *client, const struct endpoint *server) {
    struct tuple4 tuple = {.source = client->port,
                           .dest = server->port,
                           .saddr = nids_address(&client->ip),
                           .daddr = nids_address(&server->ip)};
    struct tcp_stream *stream = nids_find_tcp_stream(&tuple);
    return stream == NULL ? NULL : stream->user;
}

/* Ends a flow that libnids still has. */
static void flow_end(struct stream_engine *engine, struct nids_flow *flow, enum stream_end reason) {
    for (int side = SIDE_CLIENT; side <= SIDE_SERVER && flow->state == FLOW_ESTABLISHED; side++)
        skip_holes(engine, flow, (enum stream_side)side, true);
    tell_closed(engine, flow, reason);
    nids_free_tcp_stream(flow->stream);
    flow_release(engine, flow);
}

static void take_syn(struct stream_engine *engine, const struct packet *packet, size_t total) {
    struct nids_flow *flow = find_flow(&packet->from, &packet->to);
    if (flow != NULL) {
        if (flow->stream->client.first_data_seq == packet->sequence + 1) return; /* sent again */
        engine->counters->flow_evicted++;
        flow_end(engine, flow, STREAM_REPLACED);
        (void)copy_segment(engine, packet); /* filling holes used the scratch */
    }
    if (engine->free == NULL) {
        struct flow_list const *list = &engine->lists[FLOW_OPENING];
        flow = list->oldest != NULL ? list->oldest : engine->lists[FLOW_ESTABLISHED].oldest;
        engine->counters->flow_evicted++;
        flow_end(engine, flow, STREAM_EVICTED);
        (void)copy_segment(engine, packet);
    }
    feed_segment(engine, packet, total);
    struct tuple4 tuple = {.source = packet->from.port,
                           .dest = packet->to.port,
                           .saddr = nids_address(&packet->from.ip),
                           .daddr = nids_address(&packet->to.ip)};
    struct tcp_stream *stream = nids_find_tcp_stream(&tuple);
    if (stream == NULL || stream->user != NULL) return;
    flow = engine->free;
    engine->free = flow->older;
    *flow = (struct nids_flow){.stream = stream, .start = packet->time, .last = packet->time, .state = FLOW_OPENING};
    list_append(&engine->lists[FLOW_OPENING], flow);
    stream->user = flow;
}

/* Whether the segment is inside the receiver's window as libnids sees it: a forged one must make no gap. */
static bool in_window(struct nids_flow *flow, enum stream_side side, const struct packet *packet) {
    const struct half_stream *received = half_received(flow->stream, side);
    if (packet->payload_length == 0 && packet->sequence == received->ack_seq) return true;
    uint32_t const window_end = received->ack_seq + (uint32_t)received->window * received->wscale;
    return seq_after(window_end, packet->sequence) &&
           !seq_after(received->ack_seq, packet->sequence + packet->payload_length);
}

/* Remembers what the segment showed. */
static void remember(struct nids_flow *flow, enum stream_side side, const struct packet *packet) {
    struct direction *d = &flow->directions[side];
    uint32_t const expected = expected_sequence(flow->stream, side);
    ranges_trim(d, expected);
    uint32_t const end = packet->sequence + packet->payload_length;
    if (seq_after(end, d->highest)) d->highest = end;
    if ((packet->flags & TCP_FIN) != 0 && !d->fin_seen) {
        d->fin_seen = true;
        d->fin = end;
    }
    uint32_t const captured_end = packet->sequence + (uint32_t)packet->payload.len;
    if (seq_after(packet->sequence, expected) && packet->payload.len > 0) ranges_add(d, packet->sequence, captured_end);
}

/* Both sides' FINs were acknowledged, yet libnids did not close: it waits for a hole. */
static bool is_over(struct nids_flow *flow) {
    for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        const struct direction *d = &flow->directions[side];
        uint32_t const acknowledged = half_received(flow->stream, (enum stream_side)side)->ack_seq;
        if (!d->fin_seen || !seq_after(acknowledged, d->fin)) return false;
    }
    return true;
}

static void look_for_holes(struct stream_engine *engine, struct nids_flow *flow, enum stream_side sender) {
    if (engine->queue_thrown_away) {
        struct direction *d = &flow->directions[sender];
        d->range_count = 0;
        if (seq_after(d->highest, expected_sequence(flow->stream, sender)))
            skip_hole(engine, flow, sender, d->highest, false);
    }
    for (int s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
        enum stream_side const side = (enum stream_side)s;
        struct direction *d = &flow->directions[side];
        ranges_trim(d, expected_sequence(flow->stream, side));
        if (d->range_count == 0) continue;
        uint32_t const acknowledged = half_received(flow->stream, side)->ack_seq;
        if (!seq_after(acknowledged, expected_sequence(flow->stream, side))) continue;
        if (++d->passes <= LIMIT_HOLE_GRACE_SEGMENTS) continue;
        d->passes = 0;
        skip_holes(engine, flow, side, false);
    }
}

static void take_segment(struct stream_engine *engine, struct nids_flow *flow, enum stream_side side,
                         const struct packet *packet, size_t total) {
    flow_touch(engine, flow, packet->time);
    bool const established = flow->state == FLOW_ESTABLISHED;
    if (established && !flow->ignored && in_window(flow, side, packet)) {
        if ((packet->flags & TCP_RST) == 0) {
            remember(flow, side, packet);
        } else { /* libnids drops its queues with the stream */
            skip_holes(engine, flow, side_other(side), true);
            skip_holes(engine, flow, side, true);
            (void)copy_segment(engine, packet);
        }
    }
    engine->current = flow;
    engine->queue_thrown_away = false;
    feed_segment(engine, packet, total);
    if (engine->current == NULL) return; /* closed */
    engine->current = NULL;
    if (!established) { /* libnids frees such a stream without a word */
        if (find_flow(&packet->from, &packet->to) != flow && find_flow(&packet->to, &packet->from) != flow) {
            flow_release(engine, flow);
            return;
        }
        if (flow->state == FLOW_ESTABLISHED) remember(flow, side, packet);
        return;
    }
    if (flow->ignored) return;
    look_for_holes(engine, flow, side);
    if (!flow->ignored && is_over(flow)) flow_end(engine, flow, STREAM_FIN);
}

static bool ports_wanted(const struct stream_settings *settings, const struct packet *packet) {
    if (settings->any_port || port_is_set(settings->mail_ports, packet->to.port)) return true;
    bool const opens = (packet->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    return !opens && port_is_set(settings->mail_ports, packet->from.port);
}

static void libnids_packet(struct stream_engine *engine, const struct packet *packet) {
    if (!ports_wanted(engine->settings, packet)) return;
    engine->counters->mail_segments++;
    engine->counters->payload_bytes += packet->payload.len;
    if (packet->payload_length > 0 && (packet->flags & TCP_URG) != 0) engine->counters->urgent_segments++;
    engine->now = packet->time;
    size_t const total = copy_segment(engine, packet);
    if (total == 0) {
        engine->counters->engine_refused++;
        return;
    }
    if ((packet->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN) {
        take_syn(engine, packet, total);
        return;
    }
    enum stream_side side = SIDE_CLIENT;
    struct nids_flow *flow = find_flow(&packet->from, &packet->to);
    if (flow == NULL) {
        side = SIDE_SERVER;
        flow = find_flow(&packet->to, &packet->from);
    }
    if (flow != NULL) {
        take_segment(engine, flow, side, packet, total);
    } else if (packet->payload_length > 0) {
        engine->counters->engine_refused++;
    }
}

/* --- the engine ---------------------------------------------------------------------------------------------- */

static void expire_list(struct stream_engine *engine, enum flow_state state, nstime now, nstime idle_max,
                        uint64_t *counter) {
    struct nids_flow *flow;
    while ((flow = engine->lists[state].oldest) != NULL && now - flow->last > idle_max) {
        (*counter)++;
        flow_end(engine, flow, STREAM_TIMEOUT);
    }
}

static void libnids_expire(struct stream_engine *engine, nstime now) {
    uint64_t unanswered = 0; /* a SYN without an answer carried nothing that could be lost */
    engine->now = now;
    expire_list(engine, FLOW_OPENING, now, LIMIT_FLOW_HALF_OPEN_S * NS_PER_S, &unanswered);
    expire_list(engine, FLOW_ESTABLISHED, now, LIMIT_FLOW_IDLE_S * NS_PER_S, &engine->counters->flow_idle);
}

static void libnids_finish(struct stream_engine *engine, enum stream_end why, nstime now) {
    engine->now = now;
    struct nids_flow *flow;
    for (int state = FLOW_OPENING; state <= FLOW_ESTABLISHED; state++)
        while ((flow = engine->lists[state].oldest) != NULL) flow_end(engine, flow, why);
}

/* libnids keeps three quarters of the number it is given. */
static size_t nids_table_size(size_t flows) {
    return flows + flows / 3 + 2;
}

static void libnids_destroy(struct stream_engine *engine) {
    if (engine == NULL) return;
    the_engine = NULL;                      /* its goodbyes are for nobody */
    nids_unregister_tcp((void *)on_stream); /* nids_exit would leak this node */
    nids_exit();
    nids_params.pcap_desc = NULL;
    pcap_close(engine->pcap);
    free(engine->pool);
    free(engine);
}

static bool nids_start(struct stream_engine *engine) {
    static struct nids_chksum_ctl no_checksums = {.action = NIDS_DONT_CHKSUM}; /* 0.0.0.0/0 */
    nids_params.n_tcp_streams = (int)nids_table_size(engine->settings->flows_max);
    nids_params.n_hosts = 1; /* no fragment ever comes */
    nids_params.scan_num_hosts = 0;
    nids_params.tcp_workarounds = 1;
    nids_params.tcp_flow_timeout = 0; /* would free a stream without telling */
    nids_params.multiproc = 0;
    nids_params.pcap_filter = NULL;
    nids_params.syslog = on_warning;
    nids_params.pcap_desc = engine->pcap;
    if (nids_init() == 0) return false;
    nids_register_chksum_ctl(&no_checksums, 1);
    nids_register_tcp((void *)on_stream);
    return true;
}

static struct stream_engine *libnids_create(const struct stream_settings *settings,
                                            const struct stream_listener *listener, struct counters *counters) {
    if (the_engine != NULL || settings->flows_max == 0 || settings->flows_max > LIMIT_FLOWS_MAX) return NULL;
    struct stream_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) return NULL;
    engine->settings = settings;
    engine->listener = listener;
    engine->counters = counters;
    engine->pool = calloc(settings->flows_max, sizeof *engine->pool);
    engine->pcap = pcap_open_dead(DLT_RAW, DATAGRAM_BYTES_MAX);
    if (engine->pool == NULL || engine->pcap == NULL || !nids_start(engine)) {
        if (engine->pcap != NULL) pcap_close(engine->pcap);
        free(engine->pool);
        free(engine);
        return NULL;
    }
    for (size_t i = settings->flows_max; i > 0; i--) {
        engine->pool[i - 1].older = engine->free;
        engine->free = &engine->pool[i - 1];
    }
    the_engine = engine;
    return engine;
}

/* Ports are looked up in the settings themselves; it knows no networks. */
static void libnids_renew(struct stream_engine *engine, const struct stream_settings *settings) {
    engine->settings = settings;
}

/* What is reserved at start.  libnids' buffers come on top: 4 KiB for a side that has spoken, and at most 64 KiB and
 * one segment for one that waits for a hole. */
static size_t libnids_memory_bytes(const struct stream_engine *engine) {
    size_t const flows = engine->settings->flows_max;
    return sizeof *engine + flows * (sizeof(struct nids_flow) + sizeof(struct tcp_stream)) +
           nids_table_size(flows) * sizeof(struct tcp_stream *);
}

static size_t count_flows(const struct stream_engine *engine, bool untold_alone) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof engine->lists / sizeof engine->lists[0]; i++)
        for (const struct nids_flow *flow = engine->lists[i].oldest; flow != NULL; flow = flow->newer)
            if (!untold_alone || flow->handle != NULL) count++;
    return count;
}

static size_t libnids_flows_open(const struct stream_engine *engine) {
    return count_flows(engine, false);
}

static size_t libnids_flows_untold(const struct stream_engine *engine) {
    return count_flows(engine, true);
}

const struct stream_engine_kind stream_libnids = {.name = "libnids",
                                                  .create = libnids_create,
                                                  .packet = libnids_packet,
                                                  .renew = libnids_renew,
                                                  .expire = libnids_expire,
                                                  .finish = libnids_finish,
                                                  .destroy = libnids_destroy,
                                                  .memory_bytes = libnids_memory_bytes,
                                                  .flows_open = libnids_flows_open,
                                                  .flows_untold = libnids_flows_untold};
