/* Handmade TCP segments for tests: a conversation that keeps count of its own sequence numbers.
 *
 *   struct talk t = talk_between("192.0.2.1", 40000, "198.51.100.25", 25);
 *   feed(talk_syn(&t)); feed(talk_syn_ack(&t)); feed(talk_ack(&t, SIDE_CLIENT));
 *   feed(talk_say(&t, SIDE_SERVER, "220 mx\r\n"));
 *   feed(talk_fin(&t, SIDE_CLIENT));
 *   talk_free(&t);
 *
 * Each packet's datagram (IPv4, or IPv6 when the addresses are) is an allocation of its exact size, so that a checker
 * sees every read past its end; all of them live until talk_free, so that a test may keep, reorder and repeat them.
 * `from`, `to`, `sequence` and so on of struct packet are filled from the same numbers.  Checksums are left zero unless
 * t.checksums is set: with offload a sensor sees wrong ones anyway.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_PACKETS_H
#define MAILSPAN_TEST_PACKETS_H

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mailspan/packet.h"
#include "mailspan/stream.h"

#define TALK_PACKETS_MAX 8192

struct talk {
    struct endpoint peer[2]; /* by enum stream_side */
    uint32_t next[2];        /* the sequence number of each side's next byte */
    nstime now;              /* of the next packet */
    nstime step;             /* added after each */
    bool checksums;
    size_t count;
    uint8_t **datagrams;
};

static inline struct ip_address talk_ip(const char *text) {
    struct ip_address ip = {{[10] = 0xff, [11] = 0xff}};
    if (inet_pton(AF_INET, text, ip.bytes + 12) != 1) {
        int const known = inet_pton(AF_INET6, text, ip.bytes);
        assert(known == 1);
        (void)known;
    }
    return ip;
}

/* Sequence numbers start at 1000 (client) and 5000 (server), time at 1 700 000 000 s, a millisecond a packet. */
static inline struct talk talk_between(const char *client, uint16_t client_port, const char *server,
                                       uint16_t server_port) {
    struct talk t = {.peer = {{talk_ip(client), client_port}, {talk_ip(server), server_port}},
                     .next = {1000, 5000},
                     .now = INT64_C(1700000000) * NS_PER_S,
                     .step = NS_PER_MS};
    t.datagrams = calloc(TALK_PACKETS_MAX, sizeof *t.datagrams);
    assert(t.datagrams != NULL);
    return t;
}

static inline void talk_free(struct talk *t) {
    for (size_t i = 0; i < t->count; i++) free(t->datagrams[i]);
    free(t->datagrams);
    t->datagrams = NULL;
    t->count = 0;
}

static inline void talk_put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void talk_put32(uint8_t *at, uint32_t value) {
    talk_put16(at, value >> 16);
    talk_put16(at + 2, value);
}

/* RFC 1071, over bytes that are added to a sum so far. */
static inline uint32_t talk_sum(uint32_t sum, const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++) sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    return sum;
}

static inline uint16_t talk_fold(uint32_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static inline void talk_fill_checksums(uint8_t *ip, size_t ip_bytes, size_t total) {
    uint32_t pseudo = 6 + (uint32_t)(total - ip_bytes);
    if (ip_bytes == 20) {
        talk_put16(ip + 10, talk_fold(talk_sum(0, ip, 20)));
        pseudo = talk_sum(pseudo, ip + 12, 8);
    } else {
        pseudo = talk_sum(pseudo, ip + 8, 32);
    }
    talk_put16(ip + ip_bytes + 16, talk_fold(talk_sum(pseudo, ip + ip_bytes, total - ip_bytes)));
}

static inline size_t talk_ip_header(const struct talk *t, enum stream_side side, size_t tcp_bytes, uint8_t *ip) {
    const struct ip_address *from = &t->peer[side].ip;
    const struct ip_address *to = &t->peer[side_other(side)].ip;
    if (ip_is_v4(from)) {
        ip[0] = 0x45;
        talk_put16(ip + 2, (uint32_t)(20 + tcp_bytes));
        talk_put16(ip + 4, (uint32_t)t->count + 1);
        ip[6] = 0x40; /* do not fragment */
        ip[8] = 64;
        ip[9] = 6;
        memcpy(ip + 12, from->bytes + 12, 4);
        memcpy(ip + 16, to->bytes + 12, 4);
        return 20;
    }
    ip[0] = 0x60;
    talk_put16(ip + 4, (uint32_t)tcp_bytes);
    ip[6] = 6;
    ip[7] = 64;
    memcpy(ip + 8, from->bytes, 16);
    memcpy(ip + 24, to->bytes, 16);
    return 40;
}

/* Any segment at all; leaves the talk's own count alone, but for time. */
static inline struct packet talk_segment(struct talk *t, enum stream_side side, uint32_t sequence,
                                         uint32_t acknowledgement, uint8_t flags, struct span payload) {
    size_t const ip_bytes = ip_is_v4(&t->peer[side].ip) ? 20 : 40;
    size_t const total = ip_bytes + 20 + payload.len;
    assert(total <= 65535 && t->count < TALK_PACKETS_MAX);
    uint8_t *datagram = calloc(1, total);
    assert(datagram != NULL);
    (void)talk_ip_header(t, side, 20 + payload.len, datagram);
    uint8_t *tcp = datagram + ip_bytes;
    talk_put16(tcp, t->peer[side].port);
    talk_put16(tcp + 2, t->peer[side_other(side)].port);
    talk_put32(tcp + 4, sequence);
    talk_put32(tcp + 8, acknowledgement);
    tcp[12] = 5 << 4;
    tcp[13] = flags;
    talk_put16(tcp + 14, 65535);
    if (payload.len > 0) memcpy(tcp + 20, payload.data, payload.len);
    if (t->checksums) talk_fill_checksums(datagram, ip_bytes, total);
    t->datagrams[t->count++] = datagram;
    struct packet p = {.time = t->now,
                       .from = t->peer[side],
                       .to = t->peer[side_other(side)],
                       .sequence = sequence,
                       .acknowledgement = (flags & TCP_ACK) != 0 ? acknowledgement : 0,
                       .flags = flags,
                       .payload_length = (uint32_t)payload.len,
                       .payload = span_of(tcp + 20, payload.len),
                       .datagram = span_of(datagram, total)};
    t->now += t->step;
    return p;
}

/* The side's next segment; SYN and FIN count one, and the acknowledgement is of all that the other side has sent. */
static inline struct packet talk_send(struct talk *t, enum stream_side side, uint8_t flags, struct span payload) {
    struct packet const p = talk_segment(t, side, t->next[side], t->next[side_other(side)], flags, payload);
    t->next[side] += (uint32_t)payload.len + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
    return p;
}

static inline struct packet talk_syn(struct talk *t) {
    return talk_send(t, SIDE_CLIENT, TCP_SYN, SPAN_EMPTY);
}

static inline struct packet talk_syn_ack(struct talk *t) {
    return talk_send(t, SIDE_SERVER, TCP_SYN | TCP_ACK, SPAN_EMPTY);
}

static inline struct packet talk_ack(struct talk *t, enum stream_side side) {
    return talk_send(t, side, TCP_ACK, SPAN_EMPTY);
}

static inline struct packet talk_say_span(struct talk *t, enum stream_side side, struct span payload) {
    return talk_send(t, side, TCP_ACK | TCP_PSH, payload);
}

static inline struct packet talk_say(struct talk *t, enum stream_side side, const char *text) {
    return talk_say_span(t, side, span_from_string(text));
}

static inline struct packet talk_fin(struct talk *t, enum stream_side side) {
    return talk_send(t, side, TCP_FIN | TCP_ACK, SPAN_EMPTY);
}

static inline struct packet talk_rst(struct talk *t, enum stream_side side) {
    return talk_send(t, side, TCP_RST | TCP_ACK, SPAN_EMPTY);
}

/* Bytes that the side sent and the mirror did not show. */
static inline void talk_lose(struct talk *t, enum stream_side side, uint32_t bytes) {
    t->next[side] += bytes;
}

/* The same segment cut short by a capture's snap length: the payload keeps its first `kept` bytes. */
static inline struct packet talk_snapped(struct packet p, size_t kept) {
    assert(kept <= p.payload.len);
    p.datagram.len -= p.payload.len - kept;
    p.payload.len = kept;
    return p;
}

#endif
