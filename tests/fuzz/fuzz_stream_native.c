/* Fuzz target: two connections of made-up segments through the native engine.  Every payload byte is worked out from
 * its sequence number, so each byte that the listener gets can be held against its place in the stream.
 *
 * Input, five bytes a step: flags and who sends, distance from the side's next sequence number, length, distance of the
 * acknowledgement, and what befalls it (time, snap length, doubled, left out).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../unit/packets.h"
#include "mailspan/config.h"
#include "mailspan/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    bool open, ended[2], enough;
    bool begun[2];
    uint64_t length[2]; /* data and gaps */
    uint8_t at[2];      /* the next byte is the one of this sequence number, modulo 256 */
};

struct fuzzed {
    struct heard heard[1024];
    unsigned count, open;
    unsigned enough_at; /* the connection, by number, that the listener has enough of */
    uint64_t data_bytes, gap_bytes;
};

/* Its place, modulo 256, in clear: whatever the first byte of a stream is, the next ones follow it. */
static uint8_t byte_at(uint32_t sequence) {
    return (uint8_t)sequence;
}

static void *on_open(void *context, const struct stream_info *info) {
    struct fuzzed *f = context;
    (void)info;
    if (f->count == 1024 || f->count % 16 == 15) return NULL;
    f->open++;
    struct heard *h = &f->heard[f->count++];
    *h = (struct heard){.open = true};
    return h;
}

static enum stream_interest interest(struct fuzzed *f, struct heard *h) {
    h->enough = (unsigned)(h - f->heard) == f->enough_at;
    return h->enough ? STREAM_ENOUGH : STREAM_GO_ON;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct heard *h = handle;
    struct fuzzed *f = context;
    (void)now;
    assert(h->open && !h->ended[side] && !h->enough && bytes.len > 0);
    if (!h->begun[side]) h->at[side] = bytes.data[0];
    h->begun[side] = true;
    for (size_t i = 0; i < bytes.len; i++) assert(bytes.data[i] == h->at[side]++);
    assert(unread == STREAM_UNREAD_UNKNOWN || unread <= h->length[side_other(side)]);
    h->length[side] += bytes.len;
    f->data_bytes += bytes.len;
    return interest(context, h);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct heard *h = handle;
    struct fuzzed *f = context;
    (void)now;
    assert(h->open && !h->ended[side] && !h->enough && length > 0);
    h->at[side] = (uint8_t)(h->at[side] + length);
    h->length[side] += length;
    f->gap_bytes += length;
    return interest(context, h);
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct heard *h = handle;
    (void)context;
    (void)reason;
    (void)now;
    assert(h->open && !h->ended[side] && !h->enough);
    h->ended[side] = true;
    return STREAM_GO_ON;
}

static void on_close(void *context, void *handle, nstime now) {
    struct heard *h = handle;
    struct fuzzed *f = context;
    (void)now;
    assert(h->open && (h->enough || (h->ended[0] && h->ended[1])));
    h->open = false;
    f->open--;
}

static struct packet make(struct talk *t, const uint8_t *in) {
    static const uint8_t flags[8] = {TCP_ACK,           TCP_ACK,           TCP_ACK, TCP_FIN | TCP_ACK,
                                     TCP_RST | TCP_ACK, TCP_SYN | TCP_ACK, TCP_SYN, 0};
    static uint8_t payload[4080];
    enum stream_side const side = (in[0] & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
    unsigned const far = in[0] >> 5;
    size_t const len = (size_t)in[2] * ((in[0] & 2) != 0 ? 16 : 1);
    static const uint32_t scale[8] = {0, 0, 0, 1, 16, 256, 1u << 20, 1u << 24};
    uint32_t const sequence = t->next[side] + (uint32_t)(int32_t)(int8_t)in[1] * scale[far];
    uint32_t const ack = t->next[side_other(side)] + (uint32_t)(int32_t)(int8_t)in[3];
    uint8_t const flag = flags[in[0] >> 2 & 7];
    uint32_t const first = sequence + ((flag & TCP_SYN) != 0 ? 1 : 0);
    for (size_t i = 0; i < len; i++) payload[i] = byte_at(first + (uint32_t)i);
    if (far < 3) t->next[side] = sequence + (uint32_t)len + ((flag & (TCP_FIN | TCP_SYN)) != 0 ? 1 : 0);
    return talk_segment(t, side, sequence, ack, flag, span_of(payload, len));
}

static void step(struct stream_engine *engine, struct talk *t, const uint8_t *in) {
    struct packet p = make(t, in);
    unsigned const fate = in[4] & 7;
    if (fate == 1) p = talk_snapped(p, p.payload.len / 2);
    if (fate == 2) p = talk_snapped(p, 0);
    if (fate != 3) stream_native.packet(engine, &p);
    if (fate == 4) stream_native.packet(engine, &p);
    t->now += (nstime)(in[4] >> 4) * NS_PER_S;
    if (fate == 5) stream_native.expire(engine, t->now);
    if (in[4] == 0xff) stream_native.expire(engine, t->now += LIMIT_FLOW_IDLE_S * NS_PER_S);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t ports[8192];
    static struct fuzzed f;
    port_set(ports, 25);
    f = (struct fuzzed){.enough_at = size > 0 ? data[0] % 8 : 0};
    struct counters counters = {0};
    /* Half of the time the first connection is nobody's. */
    struct ip_prefix const home[] = {{talk_ip("192.0.2.2"), 128}, {talk_ip("2001:db8::25"), 128}};
    struct stream_settings const settings = {.flows_max = 2,
                                             .mail_ports = ports,
                                             .any_port = size % 2 == 0,
                                             .home_networks = home,
                                             .home_network_count = size % 4 < 2 ? 2 : 0};
    struct stream_listener const listener = {&f, on_open, on_data, on_gap, on_end, on_close, NULL};
    struct stream_engine *engine = stream_native.create(&settings, &listener, &counters);
    struct talk talks[3] = {talk_between("192.0.2.1", 40000, "198.51.100.25", 25),
                            talk_between("192.0.2.2", 40000, "198.51.100.25", 25),
                            talk_between("2001:db8::2", 40000, "2001:db8::25", 2525)};
    for (size_t i = 1; i + 5 <= size && i < 4000; i += 5) {
        unsigned const second = data[i + 4] >> 3 & 1;
        step(engine, &talks[i % 7 == 0 ? 2 : second], data + i);
    }
    nstime end = 0;
    for (int i = 0; i < 3; i++)
        if (talks[i].now > end) end = talks[i].now;
    stream_native.finish(engine, STREAM_EOF, end);
    assert(f.open == 0);
    assert(counters.stream_bytes == f.data_bytes && counters.gap_bytes == f.gap_bytes);
    assert(counters_account_for_all_bytes(&counters));
    stream_native.destroy(engine);
    for (int i = 0; i < 3; i++) talk_free(&talks[i]);
    return 0;
}
