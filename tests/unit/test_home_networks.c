/* home_networks: by hand, and against a walk through all prefixes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "home_networks.h"

static struct ip_prefix prefix(const char *text) {
    struct ip_prefix made;
    assert_true(ip_prefix_from_text(span_from_string(text), &made));
    return made;
}

static bool contains(const struct ip_prefix *prefixes, unsigned count, const char *text) {
    struct ip_address ip;
    assert_true(ip_from_text(span_from_string(text), &ip));
    return home_networks_contain(prefixes, count, &ip);
}

static void none_means_all(void **state) {
    (void)state;
    assert_int_equal(home_networks_arrange(NULL, 0), 0);
    assert_true(contains(NULL, 0, "192.0.2.1"));
    assert_true(contains(NULL, 0, "2001:db8::1"));
}

/* One lies in another, one is a single address, and two stand side by side. */
static void by_hand(void **state) {
    (void)state;
    struct ip_prefix prefixes[] = {prefix("2001:db8:1::/48"), prefix("10.1.2.0/24"),  prefix("10.0.0.0/8"),
                                   prefix("198.51.100.7"),    prefix("192.0.2.0/25"), prefix("192.0.2.128/25"),
                                   prefix("10.0.0.0/8")};
    unsigned count = home_networks_arrange(prefixes, sizeof prefixes / sizeof *prefixes);
    assert_int_equal(count, 5);
    static const char *const inside[] = {"10.0.0.0",       "10.1.2.3",     "10.1.3.0",
                                         "10.255.255.255", "192.0.2.0",    "192.0.2.255",
                                         "198.51.100.7",   "2001:db8:1::", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"};
    static const char *const outside[] = {
        "0.0.0.0",      "9.255.255.255", "11.0.0.0",   "192.0.1.255", "192.0.3.0",      "198.51.100.6",
        "198.51.100.8", "2001:db8:2::",  "2001:db8::", "::",          "255.255.255.255"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) assert_true(contains(prefixes, count, inside[i]));
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) assert_false(contains(prefixes, count, outside[i]));
}

static void everything(void **state) {
    (void)state;
    struct ip_prefix all = prefix("::/0");
    assert_int_equal(home_networks_arrange(&all, 1), 1);
    assert_true(contains(&all, 1, "192.0.2.1"));
    assert_true(contains(&all, 1, "::"));
}

/* Few address bits, so that prefixes lie in each other and addresses at their borders. */
static void as_a_walk_says(void **state) {
    (void)state;
    enum { PREFIXES = 60 };
    uint32_t random = 1;
    for (unsigned round = 0; round < 100; round++) {
        struct ip_prefix prefixes[PREFIXES];
        for (unsigned i = 0; i < PREFIXES; i++) {
            random = random * 1664525u + 1013904223u;
            struct ip_address ip = {{[10] = 0xff, 0xff, 10, 0}};
            ip.bytes[14] = (uint8_t)(random >> 24);
            ip.bytes[15] = (uint8_t)(random >> 16);
            uint8_t bits = (uint8_t)(116 + (random >> 8) % 13);
            prefixes[i] = (struct ip_prefix){ip_mask(&ip, bits), bits};
        }
        unsigned count = 1 + round % PREFIXES;
        struct ip_prefix home[PREFIXES];
        memcpy(home, prefixes, sizeof home);
        unsigned arranged = home_networks_arrange(home, count);
        for (unsigned low = 0; low < 65536; low += 7) {
            struct ip_address ip = {{[10] = 0xff, 0xff, 10, 0, (uint8_t)(low >> 8), (uint8_t)low}};
            bool found = false;
            for (unsigned i = 0; i < count && !found; i++) found = ip_prefix_contains(&prefixes[i], &ip);
            assert_int_equal(home_networks_contain(home, arranged, &ip), found);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(none_means_all), cmocka_unit_test(by_hand),
                                       cmocka_unit_test(everything), cmocka_unit_test(as_a_walk_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
