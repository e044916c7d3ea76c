/* stream_begin: which packets make a flow, and who makes room for it.  Connections that begin in odd ways, are forged,
 * or use ports again are scripts (tests/unit/streams/), which test_stream_native runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream_notes.h"

#define T(f) cmocka_unit_test_setup_teardown(f, native_setup, native_teardown)

static void other_ports_are_left_alone(void **state) {
    struct bench *b = *state;
    struct talk web = talk_between("192.0.2.1", 40000, "198.51.100.25", 80);
    handshake(b, &web);
    hear(b, talk_say(&web, SIDE_SERVER, "220"));
    goodbye(b, &web);
    HEARD(b, "");
    assert_int_equal(b->counters.flows, 0);
    assert_int_equal(b->counters.mail_segments, 0);
    talk_free(&web);
}

static void any_port_needs_the_beginning(void **state) {
    struct bench *b = *state;
    stream_native.destroy(b->engine);
    b->settings.any_port = true;
    b->engine = stream_native.create(&b->settings, &b->listener, &b->counters);
    struct talk odd = talk_between("192.0.2.1", 40000, "198.51.100.25", 2526);
    handshake(b, &odd);
    hear(b, talk_say(&odd, SIDE_SERVER, "220"));
    goodbye(b, &odd);
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    struct talk middle = talk_between("192.0.2.1", 40001, "198.51.100.25", 2526);
    hear(b, talk_say(&middle, SIDE_SERVER, "220"));
    HEARD(b, "open s:220 c!FIN s!FIN close;");
    talk_free(&odd);
    talk_free(&middle);
}

static void a_flood_evicts_no_live_flow(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    for (unsigned i = 0; i < 5000; i++) {
        struct talk flood = talk_between("203.0.113.9", (uint16_t)(i + 1), "198.51.100.25", 25);
        flood.now = b->talk.now;
        hear(b, talk_syn(&flood));
        talk_free(&flood);
    }
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_int_equal(b->counters.flow_evicted, 5000 - 32 - 1); /* half of 64 are for the weak, and one on the way */
}

/* Nobody has spoken yet; but the client has acknowledged the server's SYN, which nobody can who does not see it. */
static void a_flood_evicts_no_whole_handshake(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    for (unsigned i = 0; i < 5000; i++) {
        char client[IP_TEXT_BYTES];
        (void)snprintf(client, sizeof client, "10.0.%u.%u", i >> 8, i & 255);
        struct talk flood = talk_between(client, (uint16_t)(i + 1), "198.51.100.25", 25);
        flood.now = b->talk.now;
        hear(b, talk_syn(&flood));
        if (i % 3 > 0) hear(b, talk_syn_ack(&flood));
        if (i % 3 > 1) hear(b, talk_segment(&flood, SIDE_CLIENT, 1001, 77, TCP_ACK, SPAN_EMPTY)); /* guessed */
        talk_free(&flood);
    }
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_false(b->notes.info.midstream);
}

static void the_oldest_live_flow_makes_room(void **state) {
    struct bench *b = *state;
    struct talk talks[65];
    for (unsigned i = 0; i < 65; i++) {
        char client[16];
        snprintf(client, sizeof client, "192.0.2.%u", 1 + i);
        talks[i] = talk_between(client, (uint16_t)(100 + i), "198.51.100.25", 25);
        talks[i].now += i * NS_PER_S;
        hear(b, talk_say(&talks[i], SIDE_SERVER, "220"));
        hear(b, talk_say(&talks[i], SIDE_CLIENT, i == 0 ? "first" : "x"));
        if (i == 0) hear(b, talk_segment(&talks[0], SIDE_CLIENT, 1010, 5000, TCP_ACK, SPAN_LITERAL("waits")));
    }
    assert_int_equal(b->counters.flow_evicted, 1);
    assert_non_null(strstr(b->notes.text, " c~5 c:waits c!EVICTED s!EVICTED close;")); /* nothing is lost silently */
    for (unsigned i = 0; i < 65; i++) talk_free(&talks[i]);
    bench_finish(b);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(other_ports_are_left_alone),        T(any_port_needs_the_beginning),    T(a_flood_evicts_no_live_flow),
        T(a_flood_evicts_no_whole_handshake), T(the_oldest_live_flow_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
