/* frame: frames of every link type and nesting put together by hand, each also cut at every length, with the last byte
 * before an unreadable page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "frame_made.h"
#include "mailspan/defragment.h"
#include "mailspan/limits.h"

/* --- links ------------------------------------------------------------------------------------------------------- */

static void links(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "0800" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "86dd" V6_EHLO);
    holds_v4(ETHERNET, MACS "8100 0064 0800" V4_EHLO, 0);
    holds_v4(ETHERNET, MACS "88a8 0064 8100 00c8 0800" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "9100 0064 8100 00c8 86dd" V6_EHLO);
    holds_v4(ETHERNET, MACS "9200 0064 9100 00c8 8100 0001 0800" V4_EHLO, 0);            /* three */
    holds_v4(ETHERNET, MACS "8100 e000 0800" V4_EHLO, 0);                                /* a priority, and no number */
    holds_v4(ETHERNET, MACS "88a8 0064 88e7 00001234" MACS "8100 0001 0800" V4_EHLO, 0); /* provider backbone */
    holds_v4(ETHERNET, MACS "8926 80010002 8100 0064 0800" V4_EHLO, 0);                  /* VN-Tag */
    holds_v6(ETHERNET, MACS "893f e000 0001 0000 86dd" V6_EHLO);                         /* 802.1BR */
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

/* 802.3: a length, and SNAP (RFC 1042).  34 hex: 52 bytes, of which 8 are LLC's and SNAP's and 44 the datagram. */
static void behind_llc(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "0034 aaaa03000000 0800" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "8100 0064 0048 aaaa03000000 86dd" V6_EHLO);
    struct made m = make(MACS "0034 aaaa03000000 0800" V4_EHLO "00000000");
    struct seen s = see(ETHERNET, &m, m.len, m.len);
    is_v4(&s);
    guard_free(&s.guarded);
    ends_as(ETHERNET, MACS "0034 aaaa0300000c 010b" V4_EHLO, FRAME_OTHER);          /* Cisco's, spanning tree */
    ends_as(ETHERNET, MACS "0027 424203 0000000000 0000000000000000", FRAME_OTHER); /* a length that is not there */
    ends_as(ETHERNET, MACS "0003 fefe03", FRAME_OTHER);
    ends_as(ETHERNET, MACS "0007 aaaa0300000008", FRAME_OTHER);
    ends_as(ETHERNET, MACS "000a aaaa03000000 0001 0000", FRAME_OTHER);
    ends_as(ETHERNET, MACS "0033 aaaa03000000 0800" V4_EHLO, FRAME_MALFORMED); /* shorter than what is in it */
    ends_as(SLL, "0000 0001 0006 020000000001 0000 0004 424203000000 0000", FRAME_OTHER);
    ends_as(SLL, "0000 0001 0006 020000000001 0000 0001 e0e003ffff00 0000", FRAME_OTHER);
}

static void no_tcp(void **state) {
    (void)state;
    static const char *const frames[] = {
        MACS "0806 0001 0800 06 04 0001",                                          /* ARP */
        MACS "0027 424203",                                                        /* a length: spanning tree */
        MACS "0800 45 00 001c 0001 0000 40 11 0000" V4_FROM_TO "0035003500080000", /* UDP */
        MACS "0800 45 00 0018 0001 0000 40 33 0000" V4_FROM_TO "06040000",         /* IPsec AH in IPv4 */
        MACS "86dd 60000000 0008 87 40" V6_FROM_TO "3b00010000000000",             /* mobility, RFC 6275 6.1 */
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

/* All six in the order of RFC 8200 4.1, with a destination header before and behind: 8 x 5 + 12 bytes, and 24. */
static void a_long_chain(void **state) {
    (void)state;
    holds_v6(IPV6, "60000000 004c 00 40" V6_FROM_TO
                   "3c00010400000000"
                   "2b00010400000000"
                   "2c00000000000000"
                   "3300000000000007"
                   "3c010000 00000001 00000002"
                   "0600010400000000" TCP EHLO);
}

/* Lengths that no packet of Ethernet has: BIG TCP's, with a jumbo payload option (RFC 2675) or with nothing. */
static void longer_than_64k(void **state) {
    (void)state;
    static const char *const frames[] = {
        MACS "86dd 60000000 0000 00 40" V6_FROM_TO "0600c2040001155c" TCP EHLO,
        MACS "86dd 60000000 0000 06 40" V6_FROM_TO TCP EHLO,
        MACS "0800 45 00 0000 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,
    };
    static const size_t headers[] = {14 + 40 + 8 + 20, 14 + 40 + 20, 14 + 20 + 20};
    for (unsigned i = 0; i < 3; i++) {
        struct made m = make(frames[i]);
        struct seen s = see(ETHERNET, &m, m.len, headers[i] + 71000);
        assert_int_equal(s.result, FRAME_TCP);
        assert_int_equal(s.packet.payload_length, 71000);
        assert_int_equal(s.packet.payload.len, 4);
        assert_int_equal(s.counters.segment_snapped, 1);
        guard_free(&s.guarded);
    }
}

static void ip_in_ip(void **state) {
    (void)state;
    holds_v4(IPV4, "45 00 0040 0001 4000 40 04 0000 0a000001 0a000002" V4_EHLO, 0);
    holds_v6(IPV4, "45 00 0054 0001 4000 40 29 0000 0a000001 0a000002" V6_EHLO);
    holds_v4(IPV6, "60000000 002c 04 40" V6_FROM_TO V4_EHLO, 0);
    holds_v6(IPV6, "60000000 0040 29 40 20010db8000000000000000000000003 20010db8000000000000000000000004" V6_EHLO);
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

/* --- fragments put together: tests of the table itself are in test_defragment.c ------------------------------------
 */

#define TCP_FIRST_16 "9c40 0019 000003e9 00001389 50 18 ffff "
#define TCP_REST_EHLO "0000 0000" EHLO
#define V4_FIRST "45 00 0024 0001 2000 40 06 0000" V4_FROM_TO TCP_FIRST_16
#define V4_LAST "45 00 001c 0001 0002 40 06 0000" V4_FROM_TO TCP_REST_EHLO
#define V6_FIRST "60000000 0018 2c 40" V6_FROM_TO "06000001 00000007" TCP_FIRST_16
#define V6_LAST "60000000 0010 2c 40" V6_FROM_TO "06000010 00000007" TCP_REST_EHLO
#define VXLAN(total, length) \
    MACS "0800 45 00" total "0001 4000 40 11 0000 0a000001 0a000002 c000 12b5" length "0000 08000000 00000100" MACS

static struct counters fragment_counters;

static void fragments_begin(void) {
    static const uint8_t hash_key[16] = {9};
    fragment_counters = (struct counters){0};
    made_fragments = defragment_in(calloc(1, defragment_memory_bytes()), hash_key, &fragment_counters);
}

static void fragments_end(void) {
    free(made_fragments);
    made_fragments = NULL;
}

/* The last of these frames completes the datagram; cut anywhere it does not, and is of no harm. */
static void together(int link, const char *const *hex, size_t count, void (*is)(const struct seen *)) {
    struct made last = make(hex[count - 1]);
    for (size_t len = 0; len <= last.len; len++) {
        fragments_begin();
        for (size_t i = 0; i + 1 < count; i++) {
            struct made m = make(hex[i]);
            struct seen s = see(link, &m, m.len, m.len);
            assert_int_equal(s.result, FRAME_FRAGMENT);
            assert_true(s.counters.fragments >= 1);
            assert_int_equal(counted(&s), 1);
            guard_free(&s.guarded);
        }
        struct seen s = see(link, &last, len, last.len);
        if (len == last.len) {
            is(&s);
            assert_int_equal(s.packet.datagram.len, ip_is_v4(&s.packet.from.ip) ? 44 : 64);
            assert_true(s.counters.fragments >= 1 && s.counters.fragments_snapped == 0);
        } else {
            assert_true(s.result == FRAME_MALFORMED || s.result == FRAME_FRAGMENT);
            assert_int_equal(s.counters.fragments_snapped, s.result == FRAME_FRAGMENT);
        }
        assert_int_equal(counted(&s), 1);
        guard_free(&s.guarded);
        fragments_end();
    }
}

static void fragments_put_together(void **state) {
    (void)state;
    static const char *const v4[] = {V4_FIRST, V4_LAST};
    static const char *const v4_reversed[] = {V4_LAST, V4_FIRST};
    static const char *const v6[] = {V6_FIRST, V6_LAST};
    static const char *const v6_reversed[] = {V6_LAST, V6_FIRST};
    static const char *const tags[] = {MACS "8100 0064 0800" V4_FIRST, MACS "8100 00c8 0800" V4_LAST};
    together(RAW, v4, 2, is_v4);
    together(RAW, v4_reversed, 2, is_v4);
    together(RAW, v6, 2, is_v6);
    together(RAW, v6_reversed, 2, is_v6);
    together(ETHERNET, tags, 2, is_v4);
}

static void fragments_in_tunnels(void **state) {
    (void)state;
    static const char *const inner[] = {VXLAN("004e", "003a") "0800" V4_LAST, VXLAN("0056", "0042") "0800" V4_FIRST};
    together(ETHERNET, inner, 2, is_v4);
    /* IP in IP, of which the outer datagram is cut: its first 16 bytes, and 28 more */
    static const char *const outer[] = {
        "45 00 0024 0005 2000 40 04 0000 0a000001 0a000002 45 00 002c 0001 4000 40 06 0000 c0000201",
        "45 00 0030 0005 0002 40 04 0000 0a000001 0a000002 c6336419" TCP EHLO,
    };
    together(RAW, outer, 2, is_v4);
    /* a fragment (V4_LAST) in fragments */
    static const char *const both[] = {
        V4_FIRST,
        "45 00 0024 0005 2000 40 04 0000 0a000001 0a000002 45 00 001c 0001 0002 40 06 0000 c0000201",
        "45 00 0020 0005 0002 40 04 0000 0a000001 0a000002 c6336419" TCP_REST_EHLO,
    };
    together(RAW, both, 3, is_v4);
}

static void fragments_of_no_use(void **state) {
    (void)state;
    fragments_begin();
    struct made m = make("45 00 0027 0001 2000 40 06 0000" V4_FROM_TO TCP_FIRST_16 "000000"); /* 19 bytes, and more */
    struct seen s = see(RAW, &m, m.len, m.len);
    assert_int_equal(s.result, FRAME_MALFORMED);
    assert_int_equal(s.counters.frame_malformed, 1);
    assert_int_equal(s.counters.fragments, 0); /* a frame is counted once */
    guard_free(&s.guarded);
    m = make(V4_FIRST);
    s = see(RAW, &m, m.len, m.len);
    guard_free(&s.guarded);
    m = make("45 00 001c 0001 0001 40 06 0000" V4_FROM_TO TCP_REST_EHLO); /* overlaps, and ends before the first does */
    s = see(RAW, &m, m.len, m.len);
    assert_int_equal(s.result, FRAME_FRAGMENT);
    assert_int_equal(fragment_counters.fragments_overlap, 1);
    guard_free(&s.guarded);
    fragments_end();
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
    assert_int_equal(counted(&s), 1);
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
        assert_int_equal(counted(&s), 1);
        guard_free(&s.guarded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links),
        cmocka_unit_test(a_link_that_is_not_known),
        cmocka_unit_test(behind_llc),
        cmocka_unit_test(no_tcp),
        cmocka_unit_test(options_and_extensions),
        cmocka_unit_test(a_long_chain),
        cmocka_unit_test(longer_than_64k),
        cmocka_unit_test(ip_in_ip),
        cmocka_unit_test(fragments),
        cmocka_unit_test(fragments_put_together),
        cmocka_unit_test(fragments_in_tunnels),
        cmocka_unit_test(fragments_of_no_use),
        cmocka_unit_test(padding_is_no_payload),
        cmocka_unit_test(length_zero),
        cmocka_unit_test(snapped),
        cmocka_unit_test(malformed),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(too_many_extension_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
