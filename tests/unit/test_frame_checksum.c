/* frame_checksum: frames whose checksums scapy worked out, with each of their bits turned, and what cannot be verified.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "frame_made.h"
#include "mailspan/defragment.h"

#define SUMMED_V4 "45 00 002c 0001 4000 40 06 4e7d" V4_FROM_TO
#define SUMMED_TCP_V4 TCP_PORTS "000003e9 00001389 50 18 ffff 7e17 0000"
#define SUMMED_TCP_V6 TCP_PORTS "000003e9 00001389 50 18 ffff 0ef1 0000"
#define SUMMED_V6 "60000000 0018 06 40" V6_FROM_TO SUMMED_TCP_V6 EHLO

static void verified(int link, const char *hex, enum frame_result result, uint64_t wrong_ip, uint64_t wrong_tcp) {
    struct made m = make(hex);
    made_verified = true;
    struct seen s = see(link, &m, m.len, m.len);
    made_verified = false;
    assert_int_equal(s.result, result);
    assert_int_equal(s.counters.checksum_ip, wrong_ip);
    assert_int_equal(s.counters.checksum_tcp, wrong_tcp);
    assert_int_equal(counted(&s), 1);
    guard_free(&s.guarded);
}

static void right_ones(void **state) {
    (void)state;
    verified(RAW, SUMMED_V4 SUMMED_TCP_V4 EHLO, FRAME_TCP, 0, 0);
    verified(RAW, SUMMED_V6, FRAME_TCP, 0, 0);
    verified(ETHERNET, MACS "0800" SUMMED_V4 SUMMED_TCP_V4 EHLO "0000", FRAME_TCP, 0, 0); /* padding is not summed */
    /* an odd length */
    verified(RAW,
             "45 00 002b 0001 4000 40 06 4e7e" V4_FROM_TO TCP_PORTS "000003e9 00001389 50 18 ffff 7e67 0000 45484c",
             FRAME_TCP, 0, 0);
    verified(RAW, "45 00 0044 0001 4000 40 2f 2688 0a000001 0a000002 0000 0800" SUMMED_V4 SUMMED_TCP_V4 EHLO, FRAME_TCP,
             0, 0);
}

/* One's complement sums see every single bit. */
static void every_bit(void **state) {
    (void)state;
    struct made m = make(SUMMED_V4 SUMMED_TCP_V4 EHLO);
    made_verified = true;
    for (size_t bit = 0; bit < m.len * 8; bit++) {
        m.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct seen s = see(RAW, &m, m.len, m.len);
        assert_int_not_equal(s.result, FRAME_TCP);
        assert_int_equal(counted(&s), 1);
        if (bit >= 160 + 104) assert_int_equal(s.counters.checksum_tcp, 1); /* behind TCP's header length */
        m.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        guard_free(&s.guarded);
    }
    made_verified = false;
}

static void wrong_ones(void **state) {
    (void)state;
    verified(RAW, "45 00 002c 0001 4000 40 06 4e7e" V4_FROM_TO SUMMED_TCP_V4 EHLO, FRAME_MALFORMED, 1, 0);
    verified(RAW, "45 00 002c 0001 4000 40 06 0000" V4_FROM_TO SUMMED_TCP_V4 EHLO, FRAME_MALFORMED, 1, 0);
    verified(RAW, SUMMED_V4 TCP EHLO, FRAME_MALFORMED, 0, 1);
    verified(RAW, SUMMED_V4 SUMMED_TCP_V4 "45484c50", FRAME_MALFORMED, 0, 1);
    verified(RAW, "60000000 0018 06 40" V6_FROM_TO TCP EHLO, FRAME_MALFORMED, 0, 1);
    verified(RAW, "45 00 0044 0001 4000 40 2f 2689 0a000001 0a000002 0000 0800" SUMMED_V4 SUMMED_TCP_V4 EHLO,
             FRAME_MALFORMED, 1, 0);
    /* unless told, nobody looks */
    struct made m = make(V4_EHLO);
    struct seen s = see(RAW, &m, m.len, m.len);
    is_v4(&s);
    guard_free(&s.guarded);
}

/* What the capture cut off was in the sum. */
static void cut(void **state) {
    (void)state;
    struct made m = make(SUMMED_V4 SUMMED_TCP_V4 EHLO);
    made_verified = true;
    for (size_t len = 40; len < m.len; len++) {
        struct seen s = see(RAW, &m, len, m.len);
        assert_int_equal(s.result, FRAME_TCP);
        assert_int_equal(s.counters.segment_snapped, 1);
        guard_free(&s.guarded);
    }
    made_verified = false;
}

/* RFC 8200 8.1: the last address of a routing header is summed, not the one in the header. */
static void a_route(void **state) {
    (void)state;
#define ROUTE(left) "60000000 0030 2b 40" V6_FROM_TO "060202" left "00000000 20010db8000000000000000000000099"
    verified(RAW, ROUTE("01") TCP_PORTS "000003e9 00001389 50 18 ffff 0e5a 0000" EHLO, FRAME_TCP, 0, 0);
    verified(RAW, ROUTE("00") SUMMED_TCP_V6 EHLO, FRAME_TCP, 0, 0);
    verified(RAW, ROUTE("00") TCP EHLO, FRAME_MALFORMED, 0, 1);
}

static void fragments(void **state) {
    (void)state;
    static const uint8_t hash_key[16] = {9};
    static struct counters counters;
    made_fragments = defragment_in(calloc(1, defragment_memory_bytes()), hash_key, &counters);
    verified(RAW, "45 00 0024 0001 2000 40 06 6e85" V4_FROM_TO "9c40 0019 000003e9 00001389 50 18 ffff", FRAME_FRAGMENT,
             0, 0);
    verified(RAW, "45 00 001c 0001 0002 40 06 8e8c" V4_FROM_TO "7e17 0000" EHLO, FRAME_MALFORMED, 1, 0);
    verified(RAW, "45 00 001c 0001 0002 40 06 8e8b" V4_FROM_TO "7e17 0000" EHLO, FRAME_TCP, 0, 0);
    free(made_fragments);
    made_fragments = NULL;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_ones), cmocka_unit_test(every_bit), cmocka_unit_test(wrong_ones),
        cmocka_unit_test(cut),        cmocka_unit_test(a_route),   cmocka_unit_test(fragments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
