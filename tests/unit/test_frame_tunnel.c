/* frame_tunnel: each wrapping put together by hand from its RFC, alone and stacked, whole and cut at every length.
 *
 * An inner IPv4 datagram has 44 bytes, an IPv6 one 64, an Ethernet frame 14 more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "frame_made.h"
#include "mailspan/defragment.h"
#include "mailspan/limits.h"

#define FRAME_V4 MACS "0800" V4_EHLO
#define FRAME_V6 MACS "86dd" V6_EHLO
#define IP(total, protocol) "45 00" total "0001 4000 40" protocol "0000 0a000001 0a000002 "
#define GRE(total) IP(total, "2f")
#define UDP(total, port, length) IP(total, "11") "c000" port length "0000 "
#define VNI_256 "08000000 00010000 "

static void mpls(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "8847 00064140" V4_EHLO, 0); /* label 100, the last, 64 hops */
    holds_v6(ETHERNET, MACS "8848 00064140" V6_EHLO);
    holds_v6(ETHERNET, MACS "8847 00064040 000c8040 0012c140" V6_EHLO);
    holds_v4(ETHERNET, MACS "88a8 0064 8100 00c8 8847 00064040 00000140" V4_EHLO, 0); /* QinQ; explicit null */
    holds_v4(ETHERNET, MACS "8847 00064140 00000001" FRAME_V4, 0);                    /* a pseudowire */
    holds_v6(ETHERNET, MACS "8847 00064040 000c8140 00000000" MACS "8100 0064 86dd" V6_EHLO);
    holds_v4(RAW, IP("0044", "89") "00064140" V4_EHLO, 0); /* in IP, RFC 4023 */
    holds_v4(SLL2, "8847 0000 00000002 0001 00 06 0200000000010000 00064140" V4_EHLO, 0);
    ends_as(ETHERNET, MACS "8847 00064140 10000021" V4_EHLO, FRAME_OTHER);  /* an associated channel, RFC 4385 5 */
    ends_as(ETHERNET, MACS "8847 00064140 00800001" FRAME_V4, FRAME_OTHER); /* a piece of a frame */
    ends_as(ETHERNET, MACS "8847 00064140 50000000", FRAME_OTHER);          /* nothing that is known */
    ends_as(ETHERNET, MACS "8847 00064040 000c8040", FRAME_MALFORMED);      /* no last label */
    ends_as(ETHERNET, MACS "8847 00064140", FRAME_MALFORMED);               /* nothing behind it */
}

static void pppoe(void **state) {
    (void)state;
    holds_v4(ETHERNET, MACS "8864 11 00 0001 002e 0021" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "8864 11 00 0001 0042 0057" V6_EHLO);
    holds_v4(ETHERNET, MACS "8864 11 00 0001 002d 21" V4_EHLO, 0); /* a protocol in one byte */
    holds_v6(ETHERNET, MACS "8100 0064 8864 11 00 0001 0041 57" V6_EHLO);
    holds_v4(ETHERNET, MACS "8864 11 00 0001 0032 0281 00064140" V4_EHLO, 0);
    ends_as(ETHERNET, MACS "8864 11 00 0001 000a c021 0901000800000000", FRAME_OTHER); /* LCP, an echo */
    ends_as(ETHERNET, MACS "8863 11 09 0000 0004 01010000", FRAME_OTHER);              /* discovery */
    ends_as(ETHERNET, MACS "8864 11 a7 0001 002e 0021" V4_EHLO, FRAME_OTHER);
    ends_as(ETHERNET, MACS "8864 21 00 0001 002e 0021" V4_EHLO, FRAME_OTHER);
    ends_as(ETHERNET, MACS "8864 11 00 0001 002f 0021" V4_EHLO, FRAME_MALFORMED); /* longer than the frame */
    ends_as(ETHERNET, MACS "8864 11 00 0001 002d 0021" V4_EHLO, FRAME_MALFORMED); /* shorter than what is in it */
    ends_as(ETHERNET, MACS "8864 11 00 0001 0001 0021" V4_EHLO, FRAME_MALFORMED);
}

static void gre(void **state) {
    (void)state;
    holds_v4(RAW, GRE("0044") "0000 0800" V4_EHLO, 0);
    holds_v6(RAW, GRE("0058") "0000 86dd" V6_EHLO);
    holds_v4(RAW, GRE("0048") "8000 0800 abcd0000" V4_EHLO, 0); /* checksum */
    holds_v4(RAW, GRE("0048") "2000 0800 00000001" V4_EHLO, 0); /* key */
    holds_v4(RAW, GRE("0048") "1000 0800 00000001" V4_EHLO, 0); /* sequence number */
    holds_v4(RAW, GRE("0050") "b000 0800 abcd0000 00000001 00000002" V4_EHLO, 0);
    holds_v4(RAW, "60000000 0030 2f 40" V6_FROM_TO "0000 0800" V4_EHLO, 0);
    holds_v4(RAW, GRE("0048") "0000 8847 00064140" V4_EHLO, 0);
    holds_v4(RAW, GRE("0052") "0000 6558" FRAME_V4, 0); /* bridging */
    holds_v6(RAW, GRE("006a") "2000 6558 00000001" FRAME_V6);
    ends_as(RAW, GRE("0024") "3001 880b 00040001 00000000 ff03c021", FRAME_OTHER); /* PPTP */
    ends_as(RAW, GRE("0044") "4000 0800" V4_EHLO, FRAME_OTHER);                    /* source routing */
    ends_as(RAW, GRE("0044") "0800 0800" V4_EHLO, FRAME_OTHER);
    ends_as(RAW, GRE("0018") "0000 0000", FRAME_OTHER); /* a keep-alive */
    ends_as(RAW, GRE("001a") "2000 0800 0000", FRAME_MALFORMED);
    ends_as(RAW, GRE("0043") "0000 0800" V4_EHLO, FRAME_MALFORMED); /* the inner datagram is the longer */
}

static void erspan(void **state) {
    (void)state;
    holds_v4(RAW, GRE("0052") "0000 88be" FRAME_V4, 0);                             /* I */
    holds_v4(RAW, GRE("005e") "1000 88be 00000001 1064 0001 00000002" FRAME_V4, 0); /* II */
    holds_v6(RAW, GRE("0072") "1000 88be 00000001 1064 0001 00000002" FRAME_V6);
    holds_v4(RAW, GRE("0062") "1000 88be 00000001 1064 1801 00000002" MACS "8100 0064 0800" V4_EHLO, 0);
    holds_v4(RAW, GRE("0062") "1000 22eb 00000001 2064 0001 00000000 0000 0000" FRAME_V4, 0); /* III */
    holds_v4(RAW, GRE("006a") "1000 22eb 00000001 2064 0001 00000000 0000 0001 0800000000000000" FRAME_V4, 0);
    holds_v4(RAW, GRE("0054") "1000 22eb 00000001 2064 0001 00000000 0000 0800" V4_EHLO, 0); /* IP alone */
    ends_as(RAW, GRE("005e") "1000 88be 00000001 2064 0001 00000002" FRAME_V4, FRAME_OTHER);
    ends_as(RAW, GRE("0062") "1000 22eb 00000001 1064 0001 00000000 0000 0000" FRAME_V4, FRAME_OTHER);
    ends_as(RAW, GRE("0062") "1000 22eb 00000001 2064 0001 00000000 0000 0400" FRAME_V4, FRAME_OTHER);
}

/* The switch cut the frame, and says so: like a snap length. */
static void erspan_truncated(void **state) {
    (void)state;
#define LONGER MACS "0800 45 00 05dc 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO
    static const char *const frames[] = {
        GRE("005e") "1000 88be 00000001 1064 0401 00000002" LONGER,
        GRE("0062") "1000 22eb 00000001 2064 0401 00000000 0000 0000" LONGER,
    };
    for (unsigned i = 0; i < 2; i++) {
        struct made m = make(frames[i]);
        struct seen s = see(RAW, &m, m.len, m.len);
        assert_int_equal(s.result, FRAME_TCP);
        assert_int_equal(s.packet.payload_length, 1460);
        assert_int_equal(s.packet.payload.len, 4);
        assert_int_equal(s.counters.segment_snapped, 1);
        guard_free(&s.guarded);
    }
    ends_as(RAW, GRE("005e") "1000 88be 00000001 1064 0001 00000002" LONGER, FRAME_MALFORMED);
    /* whose length is not known either */
    ends_as(RAW,
            GRE("005e") "1000 88be 00000001 1064 0401 00000002" MACS
                        "0800 45 00 0000 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO,
            FRAME_MALFORMED);
}

static void vxlan(void **state) {
    (void)state;
    holds_v4(RAW, UDP("005e", "12b5", "004a") VNI_256 FRAME_V4, 0);
    holds_v4(RAW, UDP("005e", "2118", "004a") VNI_256 FRAME_V4, 0); /* Linux' old port */
    holds_v6(RAW, UDP("0072", "12b5", "005e") VNI_256 FRAME_V6);
    holds_v4(RAW, UDP("005e", "12b5", "0000") VNI_256 FRAME_V4, 0); /* segmentation offload */
    holds_v4(RAW, "60000000 004a 11 40" V6_FROM_TO "c000 12b5 004a 0000" VNI_256 FRAME_V4, 0);
    holds_v4(ETHERNET, MACS "8100 0064 0800" UDP("0062", "12b5", "004e") VNI_256 MACS "8100 0001 0800" V4_EHLO, 0);
    ends_as(RAW, UDP("005e", "12b5", "004a") "00000000 00010000" FRAME_V4, FRAME_OTHER); /* no number */
    ends_as(RAW, UDP("005e", "0035", "004a") VNI_256 FRAME_V4, FRAME_OTHER);             /* DNS' port */
    ends_as(RAW, UDP("005e", "12b5", "004b") VNI_256 FRAME_V4, FRAME_MALFORMED);         /* longer than IP's */
    ends_as(RAW, UDP("005e", "12b5", "0049") VNI_256 FRAME_V4, FRAME_MALFORMED); /* shorter than what is in it */
    ends_as(RAW, UDP("005e", "12b5", "0007") VNI_256 FRAME_V4, FRAME_MALFORMED);
}

/* Behind the port number of a tunnel stands something else, such as a resolver's answer to a client's port. */
static void other_udp(void **state) {
    (void)state;
    static const char *const ports[] = {"12b5", "2118", "12b6", "17c1", "9090"};
    static const char *const payloads[] = {
        "", "08", "08000000", "0c000001 00010000 0200", "01000001 05ff", "3f006558 00010000", "01000001 0000000000"};
    for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++) {
        for (unsigned k = 0; k < sizeof payloads / sizeof *payloads; k++) {
            struct made m = make(payloads[k]);
            size_t const len = m.len;
            char head[200];
            snprintf(head, sizeof head, IP("%04zx", "11") "0035 %s %04zx 0000", 28 + len, ports[i], 8 + len);
            m = make(head);
            add(&m, payloads[k]);
            struct seen s = see(RAW, &m, m.len, m.len);
            assert_int_equal(s.result, FRAME_OTHER);
            assert_int_equal(counted(&s), 1);
            guard_free(&s.guarded);
            s = see(RAW, &m, m.len - (len > 0), m.len); /* what was cut off cannot be known */
            assert_int_equal(counted(&s), 1);
            guard_free(&s.guarded);
        }
    }
    /* the port is the sender's: an answer of a tunnel's end to anywhere is no tunnel */
    ends_as(RAW, IP("005e", "11") "12b5 0035 004a 0000" VNI_256 FRAME_V4, FRAME_OTHER);
}

static void vxlan_gpe(void **state) {
    (void)state;
    holds_v4(RAW, UDP("0050", "12b6", "003c") "0c000001 00010000" V4_EHLO, 0);
    holds_v6(RAW, UDP("0064", "12b6", "0050") "0c000002 00010000" V6_EHLO);
    holds_v4(RAW, UDP("005e", "12b6", "004a") "0c000003 00010000" FRAME_V4, 0);
    holds_v4(RAW, UDP("0054", "12b6", "0040") "0c000007 00010000 00064140" V4_EHLO, 0);
    holds_v4(RAW, UDP("005e", "12b6", "004a") VNI_256 FRAME_V4, 0);                     /* no protocol: as in VXLAN */
    ends_as(RAW, UDP("0050", "12b6", "003c") "0c000004 00010000" V4_EHLO, FRAME_OTHER); /* NSH */
    ends_as(RAW, UDP("0050", "12b6", "003c") "0c0000ff 00010000" V4_EHLO, FRAME_OTHER);
    ends_as(RAW, UDP("0050", "12b6", "003c") "0d000001 00010000" V4_EHLO, FRAME_OTHER); /* control */
    ends_as(RAW, UDP("0050", "12b6", "003c") "1c000001 00010000" V4_EHLO, FRAME_OTHER); /* another version */
}

static void tzsp(void **state) {
    (void)state;
    holds_v4(RAW, UDP("005b", "9090", "0047") "01 00 0001 01" FRAME_V4, 0); /* a router's sniffer */
    holds_v6(RAW, UDP("006f", "9090", "005b") "01 01 0001 01" FRAME_V6);
    /* padding twice, a field of two bytes, and the end */
    holds_v4(RAW, UDP("0061", "9090", "004d") "01 00 0001 0000 0a020102 01" FRAME_V4, 0);
    ends_as(RAW, UDP("005b", "9090", "0047") "01 04 0001 01" FRAME_V4, FRAME_OTHER); /* a keep-alive */
    ends_as(RAW, UDP("005b", "9090", "0047") "01 00 0012 01" FRAME_V4, FRAME_OTHER); /* 802.11 */
    ends_as(RAW, UDP("005b", "9090", "0047") "02 00 0001 01" FRAME_V4, FRAME_OTHER);
}

static void etherip(void **state) {
    (void)state;
    holds_v4(RAW, IP("0050", "61") "3000" FRAME_V4, 0);
    holds_v6(RAW, "60000000 0050 61 40" V6_FROM_TO "3000" FRAME_V6);
    ends_as(RAW, IP("0050", "61") "2000" FRAME_V4, FRAME_OTHER);
}

/* Ethernet without a control word begins with any nibble; these addresses have 0, 4, 6 and a. */
static void bare_pseudowire(void **state) {
    (void)state;
    static const char *const macs[] = {"001b21000001", "4c5e0c000001", "6805ca000001", "acde48000001"};
    for (unsigned i = 0; i < 4; i++) {
        struct made m = make(MACS "8847 00064140");
        add(&m, macs[i]);
        add(&m, "020000000002 8100 0064 0800" V4_EHLO);
        struct seen s = see(ETHERNET, &m, m.len, m.len);
        is_v4(&s);
        guard_free(&s.guarded);
        for (size_t len = 0; len < m.len; len++) {
            s = see(ETHERNET, &m, len, m.len);
            assert_int_equal(counted(&s), 1);
            guard_free(&s.guarded);
        }
    }
    holds_v4(ETHERNET, MACS "8847 00064140" FRAME_V4, 0);
    holds_v6(ETHERNET, MACS "8847 00064140" FRAME_V6);
    holds_v4(ETHERNET, MACS "8847 00064140" MACS "8864 11 00 0001 002e 0021" V4_EHLO, 0);
    /* behind a control word that is the start of an address too */
    holds_v4(ETHERNET, MACS "8847 00064140 00000000 020000000001 020008004500 0800" V4_EHLO, 0);
    ends_as(ETHERNET, MACS "8847 00064140" MACS "0806 0001 0800 06 04 0001", FRAME_OTHER); /* ARP */
}

static void geneve(void **state) {
    (void)state;
    holds_v4(RAW, UDP("005e", "17c1", "004a") "00 00 6558 00010000" FRAME_V4, 0);
    holds_v4(RAW, UDP("0066", "17c1", "0052") "02 40 6558 00010000 0102800101020304" FRAME_V4, 0); /* an option */
    holds_v4(RAW, UDP("0050", "17c1", "003c") "00 00 0800 00010000" V4_EHLO, 0);
    holds_v6(RAW, UDP("0064", "17c1", "0050") "00 00 86dd 00010000" V6_EHLO);
    ends_as(RAW, UDP("005e", "17c1", "004a") "40 00 6558 00010000" FRAME_V4, FRAME_OTHER); /* another version */
    ends_as(RAW, UDP("005e", "17c1", "004a") "00 80 6558 00010000" FRAME_V4, FRAME_OTHER); /* control */
    ends_as(RAW, UDP("005e", "17c1", "004a") "3f 00 6558 00010000" FRAME_V4, FRAME_OTHER); /* options beyond its end */
}

/* --- capture.tunnels
 * -------------------------------------------------------------------------------------------------- */

/* Opened are the tunnels of these two sources; NULL: of one less. */
static void trust(const char *first, const char *second) {
    const char *const texts[] = {first, second};
    made_tunnel_source_count = 0;
    for (unsigned i = 0; i < 2 && texts[i] != NULL; i++) {
        struct ip_prefix *prefix = &made_tunnel_sources[made_tunnel_source_count++];
        assert_true(ip_prefix_from_text(span_from_string(texts[i]), prefix));
    }
}

static void trust_everybody(void) {
    made_tunnel_sources[0] = (struct ip_prefix){.bits = 0};
    made_tunnel_source_count = 1;
}

/* The whole frame is in a tunnel that is not opened, and counted so once. */
static void stays_shut(int link, const char *hex) {
    struct counters const c = ends_as(link, hex, FRAME_OTHER);
    assert_int_equal(c.tunnel_untrusted, 1);
    assert_int_equal(c.frame_other, 0);
}

#define V6_OUTER(payload, protocol) "60000000" payload protocol "40" V6_FROM_TO

static const char *const over_ipv4[] = {
    IP("0040", "04") V4_EHLO,
    IP("0044", "89") "00064140" V4_EHLO,
    IP("0050", "61") "3000" FRAME_V4,
    GRE("0044") "0000 0800" V4_EHLO,
    GRE("0052") "0000 6558" FRAME_V4,
    GRE("0052") "0000 88be" FRAME_V4,
    GRE("005e") "1000 88be 00000001 1064 0001 00000002" FRAME_V4,
    GRE("0062") "1000 22eb 00000001 2064 0001 00000000 0000 0000" FRAME_V4,
    UDP("005e", "12b5", "004a") VNI_256 FRAME_V4,
    UDP("005e", "2118", "004a") VNI_256 FRAME_V4,
    UDP("0050", "12b6", "003c") "0c000001 00010000" V4_EHLO,
    UDP("005e", "17c1", "004a") "00 00 6558 00010000" FRAME_V4,
    UDP("005b", "9090", "0047") "01 00 0001 01" FRAME_V4,
};

static const char *const over_ipv6[] = {
    V6_OUTER("002c", "04") V4_EHLO,
    V6_OUTER("0034", "3c") "0400010400000000" V4_EHLO, /* behind destination options */
    V6_OUTER("0030", "89") "00064140" V4_EHLO,
    V6_OUTER("003c", "61") "3000" FRAME_V4,
    V6_OUTER("0030", "2f") "0000 0800" V4_EHLO,
    V6_OUTER("004a", "11") "c000 12b5 004a 0000" VNI_256 FRAME_V4,
};

static void nobodys_tunnels(void **state) {
    (void)state;
    trust(NULL, NULL);
    for (size_t i = 0; i < sizeof over_ipv4 / sizeof *over_ipv4; i++) stays_shut(RAW, over_ipv4[i]);
    for (size_t i = 0; i < sizeof over_ipv6 / sizeof *over_ipv6; i++) stays_shut(RAW, over_ipv6[i]);
    stays_shut(RAW, IP("0054", "29") V6_EHLO); /* 6in4 */
    stays_shut(ETHERNET, MACS "88a8 0064 8100 00c8 0800" UDP("005e", "12b5", "004a") VNI_256 FRAME_V4);
    stays_shut(ETHERNET, MACS "8847 00064140 00000001" MACS "0800" GRE("0044") "0000 0800" V4_EHLO);
    /* what has no IP around it */
    holds_v4(ETHERNET, MACS "8100 0064 0800" V4_EHLO, 0);
    holds_v4(ETHERNET, MACS "8847 00064140" V4_EHLO, 0);
    holds_v4(ETHERNET, MACS "8847 00064140 00000001" FRAME_V4, 0);
    holds_v4(ETHERNET, MACS "8864 11 00 0001 002e 0021" V4_EHLO, 0);
    holds_v6(ETHERNET, MACS "86dd" V6_EHLO);
    /* what is no tunnel, or none that could be opened, is not called one */
    static const char *const others[] = {
        UDP("005e", "0035", "004a") VNI_256 FRAME_V4, UDP("005e", "12b5", "004a") "00000000 00010000" FRAME_V4,
        UDP("005b", "9090", "0047") "02 00 0001 01" FRAME_V4, GRE("0024") "3001 880b 00040001 00000000 ff03c021",
        IP("0018", "01") "00000000"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct counters const c = ends_as(RAW, others[i], FRAME_OTHER);
        assert_true(c.tunnel_untrusted == 0 && c.frame_other == 1);
    }
    ends_as(RAW, GRE("001a") "2000 0800 0000", FRAME_MALFORMED);
    trust_everybody();
}

/* IP() is from 10.0.0.1 to 10.0.0.2, V6_FROM_TO from 2001:db8::1 to 2001:db8::2. */
static void listed_tunnels(void **state) {
    (void)state;
    static const char *const v4_lists[][2] = {{"10.0.0.1", NULL}, {"192.0.2.0/24", "10.0.0.0/30"}, {"0.0.0.0/0", NULL}};
    static const char *const v6_lists[][2] = {{"2001:db8::1", NULL}, {"10.0.0.0/8", "2001:db8::/64"}, {"::/0", NULL}};
    /* the destination, the inner source, the other kind of IP */
    static const char *const wrong[][2] = {
        {"10.0.0.2", "10.0.0.4/30"}, {"192.0.2.1", NULL}, {"2001:db8::2", "2001:db8:0:1::/64"}};
    for (size_t list = 0; list < 3; list++) {
        trust(v4_lists[list][0], v4_lists[list][1]);
        for (size_t i = 0; i < sizeof over_ipv4 / sizeof *over_ipv4; i++) holds_v4(RAW, over_ipv4[i], 0);
        trust(v6_lists[list][0], v6_lists[list][1]);
        for (size_t i = 0; i < sizeof over_ipv6 / sizeof *over_ipv6; i++) holds_v4(RAW, over_ipv6[i], 0);
        trust(wrong[list][0], wrong[list][1]);
        for (size_t i = 0; i < sizeof over_ipv4 / sizeof *over_ipv4; i++) stays_shut(RAW, over_ipv4[i]);
        for (size_t i = 0; i < sizeof over_ipv6 / sizeof *over_ipv6; i++) stays_shut(RAW, over_ipv6[i]);
    }
    trust_everybody();
}

/* A mirror that comes in GENEVE from 10.0.0.1 shows VXLAN that somebody at 203.0.113.9 sends. */
static void listed_outside_only(void **state) {
    (void)state;
#define MIRRORED                \
    UDP("0090", "17c1", "007c") \
    "00 00 6558 00010000" MACS  \
    "0800 45 00 005e 0001 4000 40 11 0000 cb007109 c6336419 c000 12b5 004a 0000" VNI_256 FRAME_V4
    trust("10.0.0.1", NULL);
    stays_shut(RAW, MIRRORED);
    trust("203.0.113.9", NULL);
    stays_shut(RAW, MIRRORED);
    trust("203.0.113.9", "10.0.0.1");
    holds_v4(RAW, MIRRORED, 0);
    trust("10.0.0.1", NULL); /* the same mirror of what is in no tunnel */
    holds_v4(RAW, UDP("005e", "17c1", "004a") "00 00 6558 00010000" FRAME_V4, 0);
    /* IP in IP in IP, with the middle one's source not listed */
    stays_shut(RAW, IP("0054", "04") "45 00 0040 0001 4000 40 04 0000 cb007109 c6336419" V4_EHLO);
    trust_everybody();
}

/* VXLAN in two fragments, of 48 and 26 bytes: the source is that of the datagram. */
static void tunnel_in_fragments(void **state) {
    (void)state;
    static const uint8_t hash_key[16] = {9};
    static const char *const sources[] = {"10.0.0.2", "10.0.0.1"};
    struct made const whole = make(UDP("005e", "12b5", "004a") VNI_256 FRAME_V4);
    struct made first = make("45 00 0044 0007 2000 40 11 0000 0a000001 0a000002");
    struct made last = make("45 00 002e 0007 0006 40 11 0000 0a000001 0a000002");
    memcpy(first.bytes + 20, whole.bytes + 20, 48);
    memcpy(last.bytes + 20, whole.bytes + 68, 26);
    first.len = 68;
    last.len = 46;
    for (unsigned trusted = 0; trusted < 2; trusted++) {
        struct counters fragment_counters = {0};
        made_fragments = defragment_in(calloc(1, defragment_memory_bytes()), hash_key, &fragment_counters);
        trust(sources[trusted], NULL);
        struct seen s = see(RAW, &first, first.len, first.len);
        assert_int_equal(s.result, FRAME_FRAGMENT);
        guard_free(&s.guarded);
        s = see(RAW, &last, last.len, last.len);
        assert_int_equal(counted(&s), 1);
        assert_int_equal(s.counters.tunnel_untrusted, !trusted);
        assert_int_equal(s.result, trusted ? FRAME_TCP : FRAME_OTHER);
        if (trusted) is_v4(&s);
        guard_free(&s.guarded);
        free(made_fragments);
        made_fragments = NULL;
    }
    trust_everybody();
}

static void stacked(void **state) {
    (void)state;
    /* ERSPAN II of a frame with PPPoE, in GRE over IPv6 behind QinQ and two labels */
    holds_v4(ETHERNET,
             MACS
             "88a8 0064 8100 00c8 8847 00064040 000c8140"
             "60000000 0052 2f 40" V6_FROM_TO "1000 88be 00000001 1064 0001 00000002" MACS
             "8864 11 00 0001 002e 0021" V4_EHLO,
             0);
    /* VXLAN in GENEVE: 14 + 20 + 8 + 8 + 58 bytes inside */
    holds_v4(RAW,
             UDP("0090", "17c1", "007c") "00 00 6558 00010000" MACS "0800" UDP("005e", "12b5", "004a") VNI_256 FRAME_V4,
             0);
}

/* What stands behind the outermost datagram, or behind an inner one, is no payload. */
static void padding(void **state) {
    (void)state;
    static const char *const frames[] = {
        MACS "8864 11 00 0001 002e 0021" V4_EHLO "000000",
        MACS "0800" UDP("005e", "12b5", "004a") VNI_256 FRAME_V4 "000000",
        MACS "0800" UDP("0061", "12b5", "004a") VNI_256 FRAME_V4 "000000", /* behind UDP's */
        MACS "0800" UDP("0061", "12b5", "004d") VNI_256 FRAME_V4 "000000", /* in the inner frame */
        MACS "8847 00064140" V4_EHLO "000000",
        MACS "0800" V4_EHLO "1a2b3c4d",                                /* the frame's check sequence */
        MACS "0800" V4_EHLO "1a2b3c4d 000000000102 00010203 1a2b3c4d", /* and a switch's time stamp */
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct made m = make(frames[i]);
        struct seen s = see(ETHERNET, &m, m.len, m.len);
        is_v4(&s);
        assert_int_equal(s.packet.datagram.len, 44);
        guard_free(&s.guarded);
    }
    /* an inner length of 0 is what the layers around it leave */
    struct made m = make(UDP("005e", "12b5", "004a") VNI_256 MACS
                         "0800 45 00 0000 0001 4000 40 06 0000" V4_FROM_TO TCP EHLO "0000");
    struct seen s = see(RAW, &m, m.len, m.len);
    is_v4(&s);
    guard_free(&s.guarded);
}

/* An ICMP error quotes the datagram it complains about: that is no segment. */
static void a_quoted_datagram(void **state) {
    (void)state;
    ends_as(RAW, IP("0048", "01") "0301 0000 00000000" V4_EHLO, FRAME_OTHER);
    ends_as(RAW, "60000000 0048 3a 40" V6_FROM_TO "0104 0000 00000000" V6_EHLO, FRAME_OTHER);
    ends_as(RAW, UDP("007a", "12b5", "0066") VNI_256 MACS "0800" IP("0048", "01") "0301 0000 00000000" V4_EHLO,
            FRAME_OTHER);
}

static void too_deep(void **state) {
    (void)state;
    struct made m = make(MACS "8847");
    for (unsigned i = 0; i < LIMIT_FRAME_LAYERS; i++) add(&m, "00064040");
    add(&m, "00064140" V4_EHLO);
    struct seen s = see(ETHERNET, &m, m.len, m.len);
    assert_int_equal(s.result, FRAME_MALFORMED);
    assert_int_equal(s.counters.frame_too_deep, 1);
    assert_int_equal(counted(&s), 1);
    guard_free(&s.guarded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mpls),
        cmocka_unit_test(pppoe),
        cmocka_unit_test(gre),
        cmocka_unit_test(erspan),
        cmocka_unit_test(erspan_truncated),
        cmocka_unit_test(bare_pseudowire),
        cmocka_unit_test(vxlan),
        cmocka_unit_test(other_udp),
        cmocka_unit_test(vxlan_gpe),
        cmocka_unit_test(tzsp),
        cmocka_unit_test(etherip),
        cmocka_unit_test(geneve),
        cmocka_unit_test(nobodys_tunnels),
        cmocka_unit_test(listed_tunnels),
        cmocka_unit_test(listed_outside_only),
        cmocka_unit_test(tunnel_in_fragments),
        cmocka_unit_test(stacked),
        cmocka_unit_test(padding),
        cmocka_unit_test(a_quoted_datagram),
        cmocka_unit_test(too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
