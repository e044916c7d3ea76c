/* frame_plain: what the short way makes of a frame is what the loop over the layers makes of it.
 *
 * The loop is reached with the same bytes behind another link's header: Linux cooked v1 has 14 bytes before its
 * EtherType where Ethernet has 12.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../decoders/frame_layers.h"
#include "frame_made.h"

#define COOKED_BYTES 2 /* more than Ethernet has before the EtherType */
#define FRAMES 60000

static bool same_place(struct span a, struct span a_frame, struct span b, struct span b_frame) {
    if (a.len != b.len) return false;
    return a.len == 0 || (a.data - a_frame.data) + COOKED_BYTES == b.data - b_frame.data;
}

/* Returns whether the short way took the frame. */
static bool both_ways(const struct made *m, size_t captured, size_t wire) {
    struct made cooked = {.len = m->len + COOKED_BYTES};
    memcpy(cooked.bytes + COOKED_BYTES, m->bytes, m->len);
    struct seen ethernet = see(ETHERNET, m, captured, wire);
    struct seen loop = see(SLL, &cooked, captured + COOKED_BYTES, wire + COOKED_BYTES);
    const struct packet *a = &ethernet.packet, *b = &loop.packet;
    assert_int_equal(ethernet.result, loop.result);
    assert_memory_equal(&ethernet.counters, &loop.counters, sizeof ethernet.counters);
    if (ethernet.result == FRAME_TCP) {
        assert_int_equal(a->time, b->time);
        assert_memory_equal(a->from.ip.bytes, b->from.ip.bytes, 16);
        assert_memory_equal(a->to.ip.bytes, b->to.ip.bytes, 16);
        assert_int_equal(a->from.port, b->from.port);
        assert_int_equal(a->to.port, b->to.port);
        assert_int_equal(a->sequence, b->sequence);
        assert_int_equal(a->acknowledgement, b->acknowledgement);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->payload_length, b->payload_length);
        assert_true(same_place(a->payload, ethernet.guarded.bytes, b->payload, loop.guarded.bytes));
        assert_true(same_place(a->datagram, ethernet.guarded.bytes, b->datagram, loop.guarded.bytes));
    }
    struct packet packet;
    bool taken = frame_plain(ethernet.guarded.bytes, (uint32_t)(wire < captured ? captured : wire), &packet);
    assert_true(!taken || ethernet.result == FRAME_TCP);
    guard_free(&ethernet.guarded);
    guard_free(&loop.guarded);
    return taken;
}

#define V4_OPTIONS "46 00 0030 0001 4000 40 06 0000 " V4_FROM_TO "01010100" TCP EHLO
#define TCP_OPTIONS TCP_PORTS "000003e9 00001389 60 18 ffff 0000 0000 01010100"

static const char *const plain[] = {
    MACS "0800" V4_EHLO,
    MACS "0800" V4_EHLO "000000000000", /* padding */
    MACS "86dd" V6_EHLO,
    MACS "8100 0064 0800" V4_EHLO,
    MACS "88a8 0064 8100 00c8 86dd" V6_EHLO,
    MACS "0800 45 00 0030 0001 4000 40 06 0000 " V4_FROM_TO TCP_OPTIONS EHLO,
};

static const char *const others[] = {
    MACS "0800" V4_OPTIONS,
    MACS "0800 45 00 002c 0001 2000 40 06 0000 " V4_FROM_TO TCP EHLO,       /* a fragment */
    MACS "0800 45 00 002c 0001 4000 40 11 0000 " V4_FROM_TO TCP EHLO,       /* UDP */
    MACS "0800 45 00 0000 0001 4000 40 06 0000 " V4_FROM_TO TCP EHLO,       /* segmentation offload */
    MACS "0800 45 00 0040 0001 4000 40 06 0000 " V4_FROM_TO TCP EHLO,       /* longer than the frame */
    MACS "0800 45 00 0027 0001 4000 40 06 0000 " V4_FROM_TO TCP EHLO,       /* shorter than its headers */
    MACS "0800" V4 TCP_PORTS "000003e9 00001389 f0 18 ffff 0000 0000" EHLO, /* options beyond the segment */
    MACS "0800" V4 TCP_PORTS "000003e9 00001389 40 18 ffff 0000 0000" EHLO, /* a header of 16 bytes */
    MACS "86dd 60000000 0020 00 40" V6_FROM_TO "0600010400000000" TCP EHLO, /* hop by hop */
    MACS "86dd 60000000 0000 06 40" V6_FROM_TO TCP EHLO,
    MACS "88a8 0064 8100 00c8 8100 0001 0800" V4_EHLO, /* three tags */
    MACS "0034 aaaa03000000 0800" V4_EHLO,             /* SNAP */
    MACS "8847 00001140" V4_EHLO,
};

static void takes_what_it_should(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        struct made m = make(plain[i]);
        assert_true(both_ways(&m, m.len, m.len));
        for (size_t len = 0; len < m.len; len++) both_ways(&m, len, m.len);
        for (size_t len = 0; len < m.len; len++) both_ways(&m, len, len);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct made m = make(others[i]);
        assert_false(both_ways(&m, m.len, m.len));
        for (size_t len = 0; len < m.len; len++) both_ways(&m, len, m.len);
    }
}

/* A generator of its own, so that the frames are the same on every machine. */
static uint32_t next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void bytes_changed_at_random(void **state) {
    (void)state;
    uint32_t random = 1;
    unsigned taken = 0;
    size_t const count = sizeof plain / sizeof plain[0], all = count + sizeof others / sizeof others[0];
    for (unsigned i = 0; i < FRAMES; i++) {
        size_t which = next(&random) % all;
        struct made m = make(which < count ? plain[which] : others[which - count]);
        for (unsigned changes = next(&random) % 4; changes > 0; changes--)
            m.bytes[12 + next(&random) % (m.len - 12)] = (uint8_t)next(&random);
        size_t captured = next(&random) % 4 == 0 ? next(&random) % (m.len + 1) : m.len;
        taken += both_ways(&m, captured, m.len + next(&random) % 3);
    }
    assert_in_range(taken, FRAMES / 20, FRAMES - FRAMES / 20);
}

static void checksums_are_the_loops(void **state) {
    (void)state;
    struct made m = make(plain[0]); /* its checksum is wrong */
    made_verified = true;
    struct seen s = see(ETHERNET, &m, m.len, m.len);
    made_verified = false;
    assert_int_equal(s.result, FRAME_MALFORMED);
    assert_int_equal(s.counters.checksum_ip, 1);
    guard_free(&s.guarded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_it_should),
        cmocka_unit_test(bytes_changed_at_random),
        cmocka_unit_test(checksums_are_the_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
