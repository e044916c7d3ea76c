/* frame: frames of every link type and nesting put together by hand, each also cut at every length, with the last byte
 * before an unreadable page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/limits.h"
#include "mailspan/packet.h"

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

static void add(struct made *m, const char *hex) {
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

static struct made make(const char *hex) {
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

/* The first `captured` bytes of the frame. */
static struct seen see(int link, const struct made *m, size_t captured, size_t wire) {
    struct seen s = {.guarded = guard_copy(span_of(m->bytes, captured))};
    s.result = frame_decode(link, s.guarded.bytes, (uint32_t)wire, 77, &s.packet, &s.counters);
    return s;
}

static void inside(const struct seen *s, struct span part) {
    if (part.len == 0) return;
    assert_true(part.data >= s->guarded.bytes.data);
    assert_true(part.data + part.len <= s->guarded.bytes.data + s->guarded.bytes.len);
}

static uint64_t counted(const struct counters *c) {
    return c->tcp_segments + c->frame_other + c->fragments + c->frame_malformed + c->frame_too_deep + c->frame_unknown;
}

/* Every prefix: malformed while a header is missing, then a segment whose payload grows to its whole length. */
static void cut_everywhere(int link, const struct made *m, size_t headers, size_t options) {
    for (size_t len = 0; len <= m->len; len++) {
        struct seen s = see(link, m, len, m->len);
        assert_int_equal(counted(&s.counters), 1);
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

static void is_ehlo(const struct seen *s) {
    assert_int_equal(s->result, FRAME_TCP);
    assert_int_equal(s->counters.tcp_segments, 1);
    assert_int_equal(counted(&s->counters), 1);
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

static void is_v4(const struct seen *s) {
    is_ehlo(s);
    assert_true(ip_is_v4(&s->packet.from.ip) && ip_is_v4(&s->packet.to.ip));
    assert_memory_equal(s->packet.from.ip.bytes + 12, "\xc0\x00\x02\x01", 4);
    assert_memory_equal(s->packet.to.ip.bytes + 12, "\xc6\x33\x64\x19", 4);
    assert_int_equal(s->packet.datagram.data[0] >> 4, 4);
}

static void is_v6(const struct seen *s) {
    is_ehlo(s);
    assert_memory_equal(s->packet.from.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
    assert_memory_equal(s->packet.to.ip.bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
    assert_int_equal(s->packet.datagram.data[0] >> 4, 6);
}

static void holds_v4(int link, const char *hex, size_t options) {
    struct made m = make(hex);
    struct seen s = see(link, &m, m.len, m.len);
    is_v4(&s);
    inside(&s, s.packet.datagram);
    guard_free(&s.guarded);
    cut_everywhere(link, &m, m.len - 4 - options, options);
}

static void holds_v6(int link, const char *hex) {
    struct made m = make(hex);
    struct seen s = see(link, &m, m.len, m.len);
    is_v6(&s);
    guard_free(&s.guarded);
    cut_everywhere(link, &m, m.len - 4, 0);
}

static struct counters ends_as(int link, const char *hex, enum frame_result result) {
    struct made m = make(hex);
    struct counters all;
    for (size_t len = 0; len <= m.len; len++) { /* no prefix reads too far, or is counted twice */
        struct seen s = see(link, &m, len, m.len);
        assert_int_equal(counted(&s.counters), 1);
        if (len == m.len) {
            assert_int_equal(s.result, result);
            all = s.counters;
        }
        guard_free(&s.guarded);
    }
    return all;
}

/* --- links ------------------------------------------------------------------------------------------------------- */

static void links(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "0800" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "86dd" V6_EHLO);
    holds_v4(ETHERNET, MACS "8100 0064 0800" V4_EHLO, 0);
    holds_v4(ETHERNET, MACS "88a8 0064 8100 00c8 0800" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "9100 0064 8100 00c8 86dd" V6_EHLO);
    holds_v4(SLL, "0000 0001 0006 020000000001 0000 0800" V4_EHLO, 0);
    holds_v6(SLL, "0000 0001 0006 020000000001 0000 86dd" V6_EHLO);
    holds_v4(SLL2, "0800 0000 00000002 0001 00 06 0200000000010000" V4_EHLO, 0);
    holds_v6(SLL2, "86dd 0000 00000002 0001 00 06 0200000000010000" V6_EHLO);
    holds_v4(SLL2, "8100 0000 00000002 0001 00 06 0200000000010000 0064 0800" V4_EHLO, 0);
    holds_v4(NULL_LINK, "02000000" V4_EHLO, 0);
    holds_v6(NULL_LINK, "1c000000" V6_EHLO);
    holds_v6(LOOP, "0000001e" V6_EHLO);
    static const int raw[] = {RAW, RAW_OPENBSD, RAW_FILE};
    for (unsigned i = 0; i < 3; i++) {
        holds_v4(raw[i], V4_EHLO, 0);
        holds_v6(raw[i], V6_EHLO);
    }
    holds_v4(IPV4, V4_EHLO, 0);
    holds_v6(IPV6, V6_EHLO);
}

static void a_link_that_is_not_known(void **state) {
    (void)state;
    struct counters c = ends_as(105, MACS "0800" V4_EHLO, FRAME_OTHER); /* 802.11 */
    assert_int_equal(c.frame_unknown, 1);
    assert_false(frame_link_known(105));
    assert_true(frame_link_known(ETHERNET) && frame_link_known(SLL2));
}

static void no_tcp(void **state) {
    (void)state;
    static const char *const frames[] = {
        MACS "0806 0001 0800 06 04 0001",                                          /* ARP */
        MACS "0027 424203",                                                        /* a length: spanning tree */
        MACS "0800 45 00 001c 0001 0000 40 11 0000" V4_FROM_TO "0035003500080000", /* UDP */
        MACS "0800 45 00 0018 0001 0000 40 33 0000" V4_FROM_TO "06040000",         /* IPsec AH in IPv4 */
        MACS "86dd 60000000 0000 3b 40" V6_FROM_TO,                                /* no next header */
        MACS "86dd 60000000 0008 3a 40" V6_FROM_TO "8000000000000000",             /* ICMPv6 */
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        assert_int_equal(ends_as(ETHERNET, frames[i], FRAME_OTHER).frame_other, 1);
}

/* --- IP ---------------------------------------------------------------------------------------------------------- */

static void options_and_extensions(void **state) {
    (void)state;
    holds_v4(IPV4, "46 00 0030 0001 4000 40 06 0000" V4_FROM_TO "01010100" TCP EHLO, 0);
    holds_v4(IPV4,
             "45 00 0038 0001 4000 40 06 0000" V4_FROM_TO TCP_PORTS
             "000003e9 00001389 80 18 ffff 0000 0000 0101080a0000000100000002" EHLO,
             12);
    holds_v6(IPV6, "60000000 0020 00 40" V6_FROM_TO "0600050200000100" TCP EHLO); /* hop by hop */
    holds_v6(IPV6, "60000000 0038 00 40" V6_FROM_TO
                   "2b00010400000000 3c00000000000000 0601000000000000"
                   "0000000000000000" TCP EHLO);                                            /* routing, destination */
    holds_v6(IPV6, "60000000 0024 33 40" V6_FROM_TO "06010000 00000001 00000002" TCP EHLO); /* authentication */
    holds_v6(IPV6, "60000000 0020 2c 40" V6_FROM_TO "0600000000000007" TCP EHLO); /* atomic fragment, RFC 6946 */
}

static void ip_in_ip(void **state) {
    (void)state;
    holds_v4(IPV4, "45 00 0040 0001 4000 40 04 0000 0a000001 0a000002" V4_EHLO, 0);
    holds_v6(IPV4, "45 00 0054 0001 4000 40 29 0000 0a000001 0a000002" V6_EHLO);
    holds_v4(IPV6, "60000000 002c 04 40" V6_FROM_TO V4_EHLO, 0);
}

static void fragments(void **state) {
    (void)state;
    static const char *const frames[] = {
        "45 00 002c 0001 2000 40 06 0000" V4_FROM_TO TCP EHLO, /* more come */
        "45 00 002c 0001 0003 40 06 0000" V4_FROM_TO TCP EHLO, /* the last */
        "60000000 0020 2c 40" V6_FROM_TO "0600000100000007" TCP EHLO,
        "60000000 0020 2c 40" V6_FROM_TO "0600001000000007" TCP EHLO,
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        assert_int_equal(ends_as(RAW, frames[i], FRAME_FRAGMENT).fragments, 1);
}

static void padding_is_no_payload(void **state) {
    (void)state;
    struct made m = make(MACS "0800" V4_EHLO "000000000000");
    struct seen s = see(ETHERNET, &m, m.len, m.len);
    is_v4(&s);
    assert_int_equal(s.packet.datagram.len, 44);
    guard_free(&s.guarded);
    m = make(MACS "0800 45 00 0028 0001 4000 40 06 0000" V4_FROM_TO TCP "000000000000"); /* an ACK, 60 bytes */
    s = see(ETHERNET, &m, m.len, m.len);
    assert_int_equal(s.result, FRAME_TCP);
    assert_int_equal(s.packet.payload_length, 0);
    assert_int_equal(s.packet.payload.len, 0);
    guard_free(&s.guarded);
}

/* With segmentation offload the length may be 0: then it is the frame's. */
static void length_zero(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "0800 45 00 0000 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO, 0);
    holds_v6(ETHERNET, MACS "86dd 60000000 0000 06 40" V6_FROM_TO TCP EHLO);
    /* inside a tunnel: what the outer header says, without the padding */
    struct made m = make(
        "45 00 0040 0001 4000 40 04 0000 0a000001 0a000002"
        "45 00 0000 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO "0000");
    struct seen s = see(RAW, &m, m.len, m.len);
    is_v4(&s);
    guard_free(&s.guarded);
}

/* The wire's length counts, not the capture's. */
static void snapped(void **state) {
    (void)state;
    struct made m = make(MACS "0800 45 00 05dc 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO);
    struct seen s = see(ETHERNET, &m, m.len, 1514);
    assert_int_equal(s.result, FRAME_TCP);
    assert_int_equal(s.packet.payload_length, 1460);
    assert_int_equal(s.packet.payload.len, 4);
    assert_int_equal(s.counters.segment_snapped, 1);
    guard_free(&s.guarded);
    s = see(ETHERNET, &m, m.len, m.len); /* the header promises more than the wire had */
    assert_int_equal(s.result, FRAME_MALFORMED);
    guard_free(&s.guarded);
    s = see(ETHERNET, &m, m.len, 0); /* a capture that says nothing of the wire */
    assert_int_equal(s.result, FRAME_MALFORMED);
    guard_free(&s.guarded);
}

static void malformed(void **state) {
    (void)state;
    static const char *const frames[] = {
        "",
        "00",
        "55 00 002c 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* version 5 */
        "44 00 002c 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* a header of 16 bytes */
        "4f 00 002c 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* a header of 60, in 44 */
        "45 00 0013 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* shorter than its header */
        "45 00 0027 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* shorter than TCP's */
        "45 00 002d 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,        /* longer than the frame */
        "60000000 0019 06 40" V6_FROM_TO TCP EHLO,                    /* longer than the frame */
        "60000000 0020 00 40" V6_FROM_TO "06ff050200000100" TCP EHLO, /* an extension header of 2,048 bytes */
        "60000000 0004 2c 40" V6_FROM_TO "0600000000000007" TCP EHLO, /* longer than the payload */
        "45 00 002c 0001 4000 40 06 0000" V4_FROM_TO TCP_PORTS "000003e9 00001389 40 18 ffff 0000 0000" EHLO,
        "45 00 002c 0001 4000 40 06 0000" V4_FROM_TO TCP_PORTS "000003e9 00001389 f0 18 ffff 0000 0000" EHLO,
        "45 00 0030 0001 4000 40 04 0000 0a000001 0a000002" V4_EHLO, /* the inner one is longer than the outer */
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        assert_int_equal(ends_as(RAW, frames[i], FRAME_MALFORMED).frame_malformed, 1);
    assert_int_equal(ends_as(IPV4, V6_EHLO, FRAME_TCP).tcp_segments, 1); /* the version says it, not the link */
}

static void too_deep(void **state) {
    (void)state;
    struct made m = make(MACS);
    for (unsigned i = 0; i < LIMIT_FRAME_LAYERS; i++) add(&m, "8100 0001");
    add(&m, "0800" V4_EHLO);
    struct seen s = see(ETHERNET, &m, m.len, m.len);
    assert_int_equal(s.result, FRAME_MALFORMED);
    assert_int_equal(s.counters.frame_too_deep, 1);
    assert_int_equal(counted(&s.counters), 1);
    guard_free(&s.guarded);
}

static void too_many_extension_headers(void **state) {
    (void)state;
    for (unsigned count = LIMIT_IPV6_EXTENSION_HEADERS; count <= LIMIT_IPV6_EXTENSION_HEADERS + 1; count++) {
        char length[8];
        struct made m = make("60000000");
        snprintf(length, sizeof length, "%04x", 24 + 8 * count);
        add(&m, length);
        add(&m, "3c 40" V6_FROM_TO);
        for (unsigned i = 1; i <= count; i++) add(&m, i == count ? "0600010400000000" : "3c00010400000000");
        add(&m, TCP EHLO);
        struct seen s = see(RAW, &m, m.len, m.len);
        assert_int_equal(s.result, count > LIMIT_IPV6_EXTENSION_HEADERS ? FRAME_MALFORMED : FRAME_TCP);
        assert_int_equal(s.counters.frame_too_deep, count > LIMIT_IPV6_EXTENSION_HEADERS);
        assert_int_equal(counted(&s.counters), 1);
        guard_free(&s.guarded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links),
        cmocka_unit_test(a_link_that_is_not_known),
        cmocka_unit_test(no_tcp),
        cmocka_unit_test(options_and_extensions),
        cmocka_unit_test(ip_in_ip),
        cmocka_unit_test(fragments),
        cmocka_unit_test(padding_is_no_payload),
        cmocka_unit_test(length_zero),
        cmocka_unit_test(snapped),
        cmocka_unit_test(malformed),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(too_many_extension_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
