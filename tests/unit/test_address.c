/* Addresses and prefixes as text and back; the expectations are written out by hand (RFC 4291, RFC 5952).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "guard.h"
#include "mailspan/address.h"

static bool read_address(const char *text, struct ip_address *ip) {
    struct guarded copy = guard_copy(span_from_string(text));
    bool fine = ip_from_text(copy.bytes, ip);
    guard_free(&copy);
    return fine;
}

static bool read_prefix(const char *text, struct ip_prefix *prefix) {
    struct guarded copy = guard_copy(span_from_string(text));
    bool fine = ip_prefix_from_text(copy.bytes, prefix);
    guard_free(&copy);
    return fine;
}

static void addresses_read_and_shown(void **state) {
    (void)state;
    static const struct {
        const char *text, *shown;
        uint8_t bytes[16];
        bool v4;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, true},
        {"0.0.0.0", "0.0.0.0", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}, true},
        {"::ffff:192.0.2.1", "192.0.2.1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, true},
        {"::", "::", {0}, false},
        {"::1", "::1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, false},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1}, false},
        {"2001:db8:0:1:1:1:1:1",
         "2001:db8:0:1:1:1:1:1",
         {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1},
         false},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_address ip;
        char text[IP_TEXT_BYTES];
        assert_true(read_address(cases[i].text, &ip));
        assert_memory_equal(ip.bytes, cases[i].bytes, 16);
        assert_string_equal(ip_to_text(&ip, text), cases[i].shown);
        assert_ptr_equal(ip_to_text(&ip, text), text);
        assert_int_equal(ip_is_v4(&ip), cases[i].v4);
    }
}

static void every_octet_in_every_place(void **state) {
    (void)state;
    char text[IP_TEXT_BYTES], expected[IP_TEXT_BYTES];
    for (unsigned octet = 0; octet < 256; octet++) {
        struct ip_address ip = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}};
        for (unsigned place = 0; place < 4; place++) {
            uint8_t octets[4] = {9, 10, 99, 100};
            octets[place] = (uint8_t)octet;
            memcpy(ip.bytes + 12, octets, 4);
            (void)snprintf(expected, sizeof expected, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
            assert_string_equal(ip_to_text(&ip, text), expected);
        }
    }
}

static void ipv6_shown(void **state) {
    (void)state;
    static const char *const texts[] = {
        "1::2:0:0:3:4",    /* the first of two runs as long as each other */
        "1:0:0:2::3",      /* the longer one */
        "::1:0:0:2:3",     /* at the start */
        "1:2:3:4:5:6::",   /* at the end */
        "0:1:2:3:4:5:6:7", /* a single zero is none */
        "1:2:3:4:5:6:7:0", /* nor at the end */
        "0:1:0:1:0:1:0:1",
        "f:ff:fff:ffff:10:100:1000:1",
        "::192.0.2.1", /* IPv4-compatible (RFC 4291 2.5.5.1) */
        "::0.1.0.0",
        "::ffff:0:c000:201", /* not mapped, and no longer than its groups */
        "::fffe:c000:201",
        "::1:c000:201",
        "::2",
        "64:ff9b::c000:201",
        "fe80::",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct ip_address ip;
        char text[IP_TEXT_BYTES];
        assert_true(read_address(texts[i], &ip));
        assert_string_equal(ip_to_text(&ip, text), texts[i]);
    }
}

static void what_is_no_address(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "1",
                                        "10.1",
                                        "256.0.0.1",
                                        "192.0.2.01",
                                        "192.0.2.1 ",
                                        " 192.0.2.1",
                                        "192.0.2.1/32",
                                        "1.2.3.4.5",
                                        "::1%lo",
                                        ":::",
                                        "2001:db8",
                                        "[::1]",
                                        "g::1",
                                        "1:2:3:4:5:6:7:8:9",
                                        "0x7f.0.0.1",
                                        "localhost",
                                        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555",
                                        "00000000000000000000000000000000000000000000000000000000000000000001"};
    struct ip_address before = {{1, 2, 3}}, ip = before;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (read_address(texts[i], &ip)) fail_msg("accepted '%s'", texts[i]);
        assert_true(ip_equal(&ip, &before)); /* nothing is half written */
    }
    assert_false(ip_from_text(SPAN_LITERAL("192.0.2.1\0"), &ip));
    assert_false(ip_from_text(SPAN_EMPTY, &ip));
}

static void prefixes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int bits; /* -1: refused */
    } cases[] = {
        {"192.0.2.0/24", 120},
        {"192.0.2.1", 128},
        {"192.0.2.1/32", 128},
        {"0.0.0.0/0", 96},
        {"128.0.0.0/1", 97},
        {"10.0.0.0/8", 104},
        {"192.0.2.128/25", 121},
        {"::/0", 0},
        {"2001:db8::/32", 32},
        {"2001:db8::1/128", 128},
        {"2001:db8::1", 128},
        {"2001:db8:8000::/33", 33},
        {"::ffff:192.0.2.0/120", 120},
        {"192.0.2.1/24", -1},
        {"192.0.2.0/33", -1},
        {"192.0.2.0/", -1},
        {"192.0.2.0/-1", -1},
        {"192.0.2.0/024", -1},
        {"192.0.2.0/24 ", -1},
        {"192.0.2.0/2a", -1},
        {"192.0.2.0/24/24", -1},
        {"192.0.2.128/24", -1},
        {"2001:db8::/129", -1},
        {"2001:db8::1/64", -1},
        {"2001:db8::/28", -1},
        {"2001:db8::/31", 31},
        {"/24", -1},
        {"", -1},
        {"192.0.2.0/99999999999", -1},
        {"1.0.0.0/0", -1},
        {"192.0.2.0/255.255.255.0", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_prefix prefix = {.bits = 77};
        bool fine = read_prefix(cases[i].text, &prefix);
        if (fine != (cases[i].bits >= 0)) fail_msg("'%s' is %s", cases[i].text, fine ? "accepted" : "refused");
        assert_int_equal(prefix.bits, fine ? cases[i].bits : 77);
    }
}

static void containment(void **state) {
    (void)state;
    static const struct {
        const char *prefix, *ip;
        bool inside;
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.8/30", "192.0.2.11", true},
        {"192.0.2.8/30", "192.0.2.12", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "192.0.2.1", true},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_prefix prefix;
        struct ip_address ip;
        assert_true(read_prefix(cases[i].prefix, &prefix));
        assert_true(read_address(cases[i].ip, &ip));
        if (ip_prefix_contains(&prefix, &ip) != cases[i].inside) fail_msg("%s in %s", cases[i].ip, cases[i].prefix);
    }
}

static void masks(void **state) {
    (void)state;
    static const struct {
        const char *ip;
        uint8_t bits;
        const char *masked;
    } cases[] = {
        {"2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::"},
        {"2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6"},
        {"2001:db8:1:2:3:4:5:6", 0, "::"},
        {"2001:db8:1:2:3:4:5:ffff", 121, "2001:db8:1:2:3:4:5:ff80"},
        {"2001:db8:ffff::", 33, "2001:db8:8000::"},
        {"192.0.2.255", 120, "192.0.2.0"},
        {"192.0.2.255", 128, "192.0.2.255"},
        {"255.255.255.255", 97, "128.0.0.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_address ip, masked;
        char text[IP_TEXT_BYTES];
        assert_true(read_address(cases[i].ip, &ip));
        masked = ip_mask(&ip, cases[i].bits);
        assert_string_equal(ip_to_text(&masked, text), cases[i].masked);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_read_and_shown),
        cmocka_unit_test(every_octet_in_every_place),
        cmocka_unit_test(ipv6_shown),
        cmocka_unit_test(what_is_no_address),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(containment),
        cmocka_unit_test(masks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
