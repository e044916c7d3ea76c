/* Fuzz target: two connections of made-up segments through stream_libnids.  Every payload byte is worked out from its
 * sequence number, so each byte that the listener gets can be checked against its place in the stream.
 *
 * Input, four bytes a step: what to send, the distance from the side's next sequence number, a length, the time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../unit/packets.h"
#include "mailspan/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    bool used, open, ended[2], enough;
    uint32_t at[2]; /* sequence number of the next byte */
};

struct fuzzed {
    struct heard heard[64];
    unsigned count;
    unsigned enough_at; /* the connection, by number, that the listener has enough of */
};

static uint8_t byte_at(uint32_t sequence, enum stream_side side) {
    return (uint8_t)(sequence * 7 + (side == SIDE_CLIENT ? 1 : 2));
}

static void *on_open(void *context, const struct stream_info *info) {
    struct fuzzed *f = context;
    (void)info;
    if (f->count == 64) return NULL;
    struct heard *h = &f->heard[f->count++];
    *h = (struct heard){.used = true, .open = true, .at = {1001, 5001}};
    return h;
}

static enum stream_interest interest(struct fuzzed *f, struct heard *h) {
    h->enough = (unsigned)(h - f->heard) == f->enough_at;
    return h->enough ? STREAM_ENOUGH : STREAM_GO_ON;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct heard *h = handle;
    (void)unread;
    (void)now;
    assert(h->open && !h->ended[side] && !h->enough && bytes.len > 0);
    for (size_t i = 0; i < bytes.len; i++) assert(bytes.data[i] == byte_at(h->at[side]++, side));
    return interest(context, h);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct heard *h = handle;
    (void)now;
    assert(h->open && !h->ended[side] && !h->enough && length > 0);
    h->at[side] += (uint32_t)length;
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
    (void)context;
    (void)now;
    assert(h->open && (h->enough || (h->ended[0] && h->ended[1])));
    h->open = false;
}

static struct packet segment(struct talk *t, enum stream_side side, uint8_t flags, uint32_t distance, size_t len) {
    static uint8_t payload[4096];
    uint32_t const sequence = t->next[side] + distance;
    if (len > sizeof payload) len = sizeof payload;
    for (size_t i = 0; i < len; i++) payload[i] = byte_at(sequence + (uint32_t)i, side);
    return talk_segment(t, side, sequence, t->next[side_other(side)], flags, span_of(payload, len));
}

static void step(struct stream_engine *engine, struct talk *t, const uint8_t *in) {
    enum stream_side const side = (in[0] & 1) != 0 ? SIDE_SERVER : SIDE_CLIENT;
    unsigned const kind = in[0] >> 2 & 7;
    size_t const len = (size_t)in[2] * (kind == 7 ? 16 : 1);
    int32_t const distance = kind < 3 ? 0 : (int32_t)(int8_t)in[1] * (kind == 6 ? 16 : 1);
    static const uint8_t flags[8] = {TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_FIN | TCP_ACK, TCP_ACK, TCP_ACK};
    uint8_t const flag = in[0] == 0xff ? TCP_RST | TCP_ACK : in[0] == 0xfe ? TCP_SYN : flags[kind];
    t->now += (nstime)(in[3] >> 4) * NS_PER_S;
    struct packet p = segment(t, side, flag, (uint32_t)distance, len);
    if ((in[3] & 7) == 1) p = talk_snapped(p, p.payload.len / 2);
    if ((in[3] & 7) != 2) stream_libnids.packet(engine, &p);
    if ((in[3] & 7) == 3) stream_libnids.packet(engine, &p);
    if ((in[3] & 15) == 4) stream_libnids.expire(engine, t->now);
    if (kind < 3) t->next[side] += (uint32_t)len;
    if (flag == (TCP_FIN | TCP_ACK)) t->next[side] += (uint32_t)distance + (uint32_t)len + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t ports[8192];
    port_set(ports, 25);
    struct fuzzed f = {.enough_at = size > 0 ? data[0] % 8 : 0};
    struct counters counters = {0};
    struct stream_settings const settings = {.flows_max = 2, .mail_ports = ports};
    struct stream_listener const listener = {&f, on_open, on_data, on_gap, on_end, on_close, NULL};
    struct stream_engine *engine = stream_libnids.create(&settings, &listener, &counters);
    struct talk talks[2] = {talk_between("192.0.2.1", 40000, "198.51.100.25", 25),
                            talk_between("192.0.2.2", 40000, "198.51.100.25", 25)};
    for (int i = 0; i < 2; i++) {
        struct packet const opening[3] = {talk_syn(&talks[i]), talk_syn_ack(&talks[i]),
                                          talk_ack(&talks[i], SIDE_CLIENT)};
        for (int k = 0; k < 3; k++) stream_libnids.packet(engine, &opening[k]);
    }
    for (size_t i = 1; i + 4 <= size && i < 4000; i += 4) step(engine, &talks[data[i] >> 1 & 1], data + i);
    stream_libnids.finish(engine, STREAM_EOF, talks[0].now > talks[1].now ? talks[0].now : talks[1].now);
    for (unsigned i = 0; i < f.count; i++) assert(!f.heard[i].open);
    stream_libnids.destroy(engine);
    talk_free(&talks[0]);
    talk_free(&talks[1]);
    return 0;
}
