/* Frames made by hand for tests, and what frame_decode says of them, whole and cut at every length, with the last byte
 * before an unreadable page.  Include it after <cmocka.h>.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_FRAME_MADE_H
#define MAILSPAN_TEST_FRAME_MADE_H

#include "guard.h"
#include "mailspan/address.h"

enum {
    NULL_LINK = 0,
    ETHERNET = 1,
    RAW = 12,
    RAW_OPENBSD = 14,
    RAW_FILE = 101,
    LOOP = 108,
    SLL = 113,
    IPV4 = 228,
    IPV6 = 229,
    SLL2 = 276,
};

/* --- a frame is made from hex, blanks ignored -------------------------------------------------------------------- */

#define MACS "020000000001 020000000002 "
#define V4_FROM_TO "c0000201 c6336419" /* 192.0.2.1 to 198.51.100.25 */
#define V6_FROM_TO "20010db8000000000000000000000001 20010db8000000000000000000000002"
#define TCP_PORTS "9c40 0019 "                             /* 40000 to 25 */
#define TCP_REST "000003e9 00001389 50 18 ffff 0000 0000 " /* 1001, 5001, 20 bytes, PSH and ACK */
#define TCP TCP_PORTS TCP_REST
#define EHLO "45484c4f"
/* 20 + 20 + 4 bytes */
#define V4 "45 00 002c 0001 4000 40 06 0000 " V4_FROM_TO
#define V4_EHLO V4 TCP EHLO
#define V6_EHLO "60000000 0018 06 40" V6_FROM_TO TCP EHLO

struct made {
    uint8_t bytes[4096];
    size_t len;
};

static inline void add(struct made *m, const char *hex) {
    unsigned nibbles = 0;
    unsigned value = 0;
    for (; *hex != '\0'; hex++) {
        if (*hex == ' ') continue;
        unsigned digit = (unsigned)(*hex <= '9' ? *hex - '0' : *hex - 'a' + 10);
        value = value << 4 | digit;
        if (++nibbles % 2 == 0) m->bytes[m->len++] = (uint8_t)value;
    }
    assert_int_equal(nibbles % 2, 0);
}

static inline struct made make(const char *hex) {
    struct made m = {.len = 0};
    add(&m, hex);
    return m;
}

struct seen {
    enum frame_result result;
    struct packet packet;
    struct counters counters;
    struct guarded guarded;
};

/* A test that wants fragments put together sets it. */
static struct defragment *made_fragments;
static bool made_verified;
/* Whose tunnels are opened: unless told, everybody's. */
static struct ip_prefix made_tunnel_sources[2];
static unsigned made_tunnel_source_count = 1;

/* The first `captured` bytes of the frame. */
static inline struct seen see(int link, const struct made *m, size_t captured, size_t wire) {
    struct seen s = {.guarded = guard_copy(span_of(m->bytes, captured))};
    struct frame_decoder const decoder = {.fragments = made_fragments,
                                          .counters = &s.counters,
                                          .verify_checksums = made_verified,
                                          .tunnel_sources = made_tunnel_sources,
                                          .tunnel_source_count = made_tunnel_source_count};
    s.result = frame_decode(&decoder, link, s.guarded.bytes, (uint32_t)wire, 77, &s.packet);
    return s;
}

static inline void inside(const struct seen *s, struct span part) {
    if (part.len == 0) return;
    assert_true(part.data >= s->guarded.bytes.data);
    assert_true(part.data + part.len <= s->guarded.bytes.data + s->guarded.bytes.len);
}

/* How often the frame was counted: once, as what it turned out to be. */
static inline uint64_t counted(const struct seen *s) {
    const struct counters *c = &s->counters;
    return (s->result == FRAME_FRAGMENT) + c->tcp_segments + c->frame_other + c->frame_malformed + c->frame_too_deep +
           c->frame_unknown + c->checksum_ip + c->checksum_tcp + c->tunnel_untrusted;
}

/* Every prefix: malformed while a header is missing, then a segment whose payload grows to its whole length. */
static inline void cut_everywhere(int link, const struct made *m, size_t headers, size_t options) {
    for (size_t len = 0; len <= m->len; len++) {
        struct seen s = see(link, m, len, m->len);
        assert_int_equal(counted(&s), 1);
        if (len < headers) {
            assert_int_equal(s.result, FRAME_MALFORMED);
            assert_int_equal(s.counters.frame_malformed, 1);
        } else {
            size_t payload = len > headers + options ? len - headers - options : 0;
            assert_int_equal(s.result, FRAME_TCP);
            assert_int_equal(s.packet.payload_length, 4);
            assert_int_equal(s.packet.payload.len, payload < 4 ? payload : 4);
            assert_int_equal(s.counters.segment_snapped, payload < 4);
        }
        inside(&s, s.packet.payload);
        inside(&s, s.packet.datagram);
        guard_free(&s.guarded);
    }
}

static inline void is_ehlo(const struct seen *s) {
    assert_int_equal(s->result, FRAME_TCP);
    assert_int_equal(s->counters.tcp_segments, 1);
    assert_int_equal(counted(s), 1);
    assert_int_equal(s->packet.time, 77);
    assert_int_equal(s->packet.from.port, 40000);
    assert_int_equal(s->packet.to.port, 25);
    assert_int_equal(s->packet.sequence, 1001);
    assert_int_equal(s->packet.acknowledgement, 5001);
    assert_int_equal(s->packet.flags, TCP_PSH | TCP_ACK);
    assert_int_equal(s->packet.payload_length, 4);
    assert_int_equal(s->packet.payload.len, 4);
    assert_memory_equal(s->packet.payload.data, "EHLO", 4);
}

static inline void is_v4(const struct seen *s) {
    is_ehlo(s);
    assert_true(ip_is_v4(&s->packet.from.ip) && ip_is_v4(&s->packet.to.ip));
    assert_memory_equal(s->packet.from.ip.bytes + 12, "\xc0\x00\x02\x01", 4);
    assert_memory_equal(s->packet.to.ip.bytes + 12, "\xc6\x33\x64\x19", 4);
    assert_int_equal(s->packet.datagram.data[0] >> 4, 4);
}

static inline void is_v6(const struct seen *s) {
    is_ehlo(s);
    assert_memory_equal(s->packet.from.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
    assert_memory_equal(s->packet.to.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
    assert_int_equal(s->packet.datagram.data[0] >> 4, 6);
}

static inline void holds_v4(int link, const char *hex, size_t options) {
    struct made m = make(hex);
    struct seen s = see(link, &m, m.len, m.len);
    is_v4(&s);
    inside(&s, s.packet.datagram);
    guard_free(&s.guarded);
    cut_everywhere(link, &m, m.len - 4 - options, options);
}

static inline void holds_v6(int link, const char *hex) {
    struct made m = make(hex);
    struct seen s = see(link, &m, m.len, m.len);
    is_v6(&s);
    guard_free(&s.guarded);
    cut_everywhere(link, &m, m.len - 4, 0);
}

static inline struct counters ends_as(int link, const char *hex, enum frame_result result) {
    struct made m = make(hex);
    struct counters all;
    for (size_t len = 0; len <= m.len; len++) { /* no prefix reads too far, or is counted twice */
        struct seen s = see(link, &m, len, m.len);
        assert_int_equal(counted(&s), 1);
        if (len == m.len) {
            assert_int_equal(s.result, result);
            all = s.counters;
        }
        guard_free(&s.guarded);
    }
    return all;
}

#endif
