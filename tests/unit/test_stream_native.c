/* stream_native: what the listener hears, worked out by hand from the segments sent.  Most connections are scripts:
 * tests/unit/streams/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream_script.h"

/* Bytes of a side at an offset from its first byte (sequence numbers begin at 1001 and 5001). */
static struct packet at(struct bench *b, enum stream_side side, uint32_t offset, const char *text) {
    uint32_t const first = side == SIDE_CLIENT ? 1001 : 5001;
    return talk_segment(&b->talk, side, first + offset, b->talk.next[side_other(side)], TCP_ACK | TCP_PSH,
                        span_from_string(text));
}

/* --- whole ------------------------------------------------------------------------------------------------------- */

static void in_order(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    HEARD(b, "");
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 c:EHLOMAIL c!FIN s!FIN close;");
    assert_false(b->notes.info.midstream);
    assert_int_equal(b->notes.info.client.port, 40000);
    assert_int_equal(b->counters.stream_bytes, 11);
    assert_int_equal(b->counters.flows, 1);
    assert_int_equal(b->counters.mail_segments, 9);
    bench_finish(b);
    HEARD(b, "open s:220 c:EHLOMAIL c!FIN s!FIN close;");
}

static void ipv6(void **state) {
    struct bench *b = *state;
    struct talk six = talk_between("2001:db8::1", 40000, "2001:db8::2", 25);
    handshake(b, &six);
    hear(b, talk_say(&six, SIDE_SERVER, "220"));
    goodbye(b, &six);
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    talk_free(&six);
}

/* --- limits ------------------------------------------------------------------------------------------------------ */

static void idle_flows_end(void **state) {
    struct bench *b = *state;
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    handshake(b, &b->talk);
    assert_int_equal(stream_native.flows_open(b->engine), 1);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, at(b, SIDE_CLIENT, 3, "LO")); /* what waits is told at the end */
    pass_time(b, &b->talk, LIMIT_HOLE_UNCERTAIN_S - 1);
    HEARD(b, "open s:220");
    pass_time(b, &b->talk, 6);
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, LIMIT_FLOW_IDLE_S - 6); /* since the hole was given up */
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, 6);
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    HEARD(b, "open s:220 c~3 c:LO c!TIMEOUT s!TIMEOUT close;");
    assert_int_equal(b->counters.flow_idle, 1);
}

static void a_greeting_may_be_slow(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    pass_time(b, &b->talk, 120);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open s:220");
    assert_false(b->notes.info.midstream);
    struct talk silent = talk_between("192.0.2.9", 9, "198.51.100.25", 25); /* a SYN without an answer is forgotten */
    hear(b, talk_syn(&silent));
    pass_time(b, &silent, LIMIT_FLOW_HALF_OPEN_S + 2);
    talk_lose(&silent, SIDE_SERVER, 1);
    hear(b, talk_say(&silent, SIDE_CLIENT, "EHLO"));
    assert_true(b->notes.info.midstream);
    talk_free(&silent);
}

static void enough_is_enough(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 2;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    struct packet const first = talk_say(&b->talk, SIDE_CLIENT, "EH");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "LO"));
    hear(b, first);
    HEARD(b, "open s:220 c:EH close;");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    goodbye(b, &b->talk);
    bench_finish(b);
    HEARD(b, "open s:220 c:EH close;");
}

static void enough_of_a_gap(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 1;
    handshake(b, &b->talk);
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_SERVER, "220"), 0));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    bench_finish(b);
    HEARD(b, "open s~3 close;");
}

static void unwanted(void **state) {
    struct bench *b = *state;
    b->notes.unwanted = true;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_CLIENT, 4, "LO"));
    hear(b, at(b, SIDE_CLIENT, 0, "EHLO"));
    hear(b, at(b, SIDE_CLIENT, 9, "LO"));
    b->talk.next[SIDE_CLIENT] += 11;
    goodbye(b, &b->talk);
    bench_finish(b);
    HEARD(b, "no;");
}

#define T(f) cmocka_unit_test_setup_teardown(f, native_setup, native_teardown)

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(in_order),        T(ipv6),     T(idle_flows_end), T(a_greeting_may_be_slow), T(enough_is_enough),
        T(enough_of_a_gap), T(unwanted),
    };
    return scripts_run_with(&stream_native, tests, sizeof tests / sizeof *tests);
}
