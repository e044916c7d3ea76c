/* stream_libnids: what the listener hears, worked out by hand from the segments sent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream_script.h"

static int setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    bench_start(b, &stream_libnids, 64);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    struct bench *b = *state;
    bench_end(b);
    free(b);
    return 0;
}

/* --- tests --------------------------------------------------------------------------------------------------- */

static void test_dialogue(void **state) {
    struct bench *b = *state;
    nstime const start = b->talk.now;
    handshake(b, &b->talk);
    HEARD(b, ""); /* open waits for the first byte */
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220 mx\r\n"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO c\r\n"));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250 mx\r\n"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 mx\r\n c:EHLO c\r\n s:250 mx\r\n c!FIN s!FIN close;");
    assert_int_equal(b->notes.info.client.port, 40000);
    assert_int_equal(b->notes.info.server.port, 25);
    assert_true(ip_equal(&b->notes.info.client.ip, &b->talk.peer[SIDE_CLIENT].ip));
    assert_true(ip_equal(&b->notes.info.server.ip, &b->talk.peer[SIDE_SERVER].ip));
    assert_true(b->notes.info.start == start);
    assert_false(b->notes.info.midstream);
    assert_int_equal(b->counters.stream_bytes, 24);
    assert_int_equal(b->counters.flows, 1);
    assert_int_equal(b->counters.mail_segments, 9);
    assert_int_equal(b->counters.engine_refused, 0);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "late")); /* of a connection that is over */
    assert_int_equal(b->counters.engine_refused, 1);
    stream_libnids.finish(b->engine, STREAM_EOF, b->talk.now);
    assert_int_equal(b->notes.len, strlen(b->notes.text));
    assert_int_equal(b->notes.handles, 0);
}

static void test_good_checksums_too(void **state) {
    struct bench *b = *state;
    b->talk.checksums = true;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220\r\n"));
    HEARD(b, "open s:220\r\n");
}

static void test_refused_connection_leaves_nothing(void **state) {
    struct bench *b = *state;
    for (uint16_t i = 0; i < 500; i++) { /* far more than the pool has */
        b->talk.peer[SIDE_CLIENT].port = (uint16_t)(30000 + i);
        b->talk.next[0] = 1000;
        b->talk.next[1] = 0;
        hear(b, talk_syn(&b->talk));
        hear(b, talk_rst(&b->talk, SIDE_SERVER));
    }
    assert_int_equal(b->counters.flow_evicted, 0);
    HEARD(b, "");
}

static void test_idle(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    assert_int_equal(stream_libnids.flows_untold(b->engine), 0);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220\r\n"));
    assert_int_equal(stream_libnids.flows_untold(b->engine), 1);
    nstime const last = b->talk.now - b->talk.step;
    stream_libnids.expire(b->engine, last + LIMIT_FLOW_IDLE_S * NS_PER_S);
    HEARD(b, "open s:220\r\n");
    assert_int_equal(stream_libnids.flows_open(b->engine), 1);
    stream_libnids.expire(b->engine, last + LIMIT_FLOW_IDLE_S * NS_PER_S + 1);
    assert_int_equal(stream_libnids.flows_open(b->engine), 0);
    assert_int_equal(stream_libnids.flows_untold(b->engine), 0);
    HEARD(b, "open s:220\r\n c!TIMEOUT s!TIMEOUT close;");
    assert_int_equal(b->counters.flow_idle, 1);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "421\r\n"));
    assert_int_equal(b->counters.engine_refused, 1);
    assert_int_equal(b->notes.handles, 0);
}

/* Over 64 KiB behind a hole libnids throws its queue away; what comes later is delivered again. */
static void test_queue_thrown_away(void **state) {
    struct bench *b = *state;
    static uint8_t block[1400];
    memset(block, 'x', sizeof block);
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "start"));
    talk_lose(&b->talk, SIDE_CLIENT, 1);
    uint64_t sent = 1;
    while (b->counters.gaps == 0 && sent < 100000) {
        hear(b, talk_say_span(&b->talk, SIDE_CLIENT, span_of(block, sizeof block)));
        sent += sizeof block;
    }
    assert_int_equal(b->counters.gaps, 1);
    assert_int_equal(b->counters.gap_bytes, sent);
    (void)talk_ack(&b->talk, SIDE_SERVER);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "end"));
    char expected[64];
    snprintf(expected, sizeof expected, "open c:start c~%llu c:end", (unsigned long long)sent);
    HEARD(b, expected);
}

static void test_enough(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 1;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "HTTP"));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "more"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "other"));
    talk_lose(&b->talk, SIDE_CLIENT, 9);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "behind"));
    HEARD(b, "open s:HTTP");
    hear(b, talk_rst(&b->talk, SIDE_CLIENT));
    HEARD(b, "open s:HTTP close;");
}

static void test_unwanted(void **state) {
    struct bench *b = *state;
    b->notes.unwanted = true;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220\r\n"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO\r\n"));
    goodbye(b, &b->talk);
    stream_libnids.finish(b->engine, STREAM_EOF, b->talk.now);
    HEARD(b, "no;");
}

static void test_same_ports_again(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "one"));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1000, 0, TCP_SYN, SPAN_EMPTY)); /* the first SYN once more */
    HEARD(b, "open s:one");
    b->talk.next[SIDE_CLIENT] = 777000;
    b->talk.next[SIDE_SERVER] = 888000;
    handshake(b, &b->talk);
    HEARD(b, "open s:one c!REPLACED s!REPLACED close;");
    hear(b, talk_say(&b->talk, SIDE_SERVER, "two"));
    HEARD(b, "open s:one c!REPLACED s!REPLACED close;open s:two");
    assert_int_equal(b->counters.flow_evicted, 1);
}

/* libnids alone evicts the oldest created stream for a bare SYN. */
static void test_syn_flood(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220 "));
    struct talk flood = talk_between("203.0.113.9", 1, "198.51.100.25", 25);
    for (uint16_t i = 1; i < 3000; i++) {
        flood.peer[SIDE_CLIENT].port = i;
        hear(b, talk_syn(&flood));
    }
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220  c:EHLO");
    assert_int_equal(b->counters.flow_evicted, 2999 - 63);
    stream_libnids.expire(b->engine, flood.now + (LIMIT_FLOW_HALF_OPEN_S + 1) * NS_PER_S);
    struct talk next = talk_between("203.0.113.9", 5000, "198.51.100.25", 25);
    hear(b, talk_syn(&next));
    assert_int_equal(b->counters.flow_evicted, 2999 - 63); /* there is room again */
    talk_free(&flood);
    talk_free(&next);
}

static void test_live_ones_only_evict_the_idlest(void **state) {
    struct bench *b = *state;
    struct talk other = talk_between("203.0.113.9", 1, "198.51.100.25", 25);
    handshake(b, &b->talk);
    for (uint16_t i = 0; i < 64; i++) {
        other.peer[SIDE_CLIENT].port = (uint16_t)(1000 + i);
        other.next[0] = 1;
        other.next[1] = 1;
        handshake(b, &other);
        hear(b, talk_ack(&b->talk, SIDE_CLIENT)); /* the first one stays in use */
    }
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open s:220");
    assert_int_equal(b->counters.flow_evicted, 1);
    talk_free(&other);
}

static void test_refused(void **state) {
    struct bench *b = *state;
    struct talk six = talk_between("2001:db8::1", 40000, "2001:db8::25", 25);
    handshake(b, &six);
    assert_int_equal(b->counters.engine_refused, 3);
    struct talk zero = talk_between("0.0.255.128", 40000, "198.51.100.25", 25);
    hear(b, talk_syn(&zero)); /* would kill a process that runs libnids' scan detector */
    assert_int_equal(b->counters.engine_refused, 4);
    struct packet fragment = talk_syn(&b->talk);
    b->talk.datagrams[b->talk.count - 1][6] = 0x20;
    hear(b, fragment);
    assert_int_equal(b->counters.engine_refused, 5);
    struct packet cut = talk_syn(&b->talk);
    for (size_t len = 0; len < 40; len++) {
        cut.datagram.len = len;
        hear(b, cut);
    }
    assert_int_equal(b->counters.engine_refused, 45);
    struct packet offset = talk_syn(&b->talk);
    b->talk.datagrams[b->talk.count - 1][20 + 12] = 0xf0; /* a TCP header of 60 bytes, of which 20 are there */
    hear(b, offset);
    b->talk.datagrams[b->talk.count - 1][20 + 12] = 0x40;
    hear(b, offset);
    assert_int_equal(b->counters.engine_refused, 47);
    talk_free(&six);
    talk_free(&zero);
    HEARD(b, "");
}

static void test_ports(void **state) {
    struct bench *b = *state;
    struct talk web = talk_between("192.0.2.1", 40000, "198.51.100.25", 80);
    handshake(b, &web);
    hear(b, talk_say(&web, SIDE_CLIENT, "GET"));
    struct talk from_mail_port = talk_between("192.0.2.1", 25, "198.51.100.25", 80);
    handshake(b, &from_mail_port);
    hear(b, talk_say(&from_mail_port, SIDE_CLIENT, "GET"));
    HEARD(b, "");
    b->settings.any_port = true;
    web.next[0] = 99;
    handshake(b, &web);
    hear(b, talk_say(&web, SIDE_CLIENT, "GET"));
    HEARD(b, "open c:GET");
    talk_free(&web);
    talk_free(&from_mail_port);
}

static void test_one_at_a_time(void **state) {
    struct bench *b = *state;
    assert_null(stream_libnids.create(&b->settings, &b->listener, &b->counters));
    assert_true(stream_libnids.memory_bytes(b->engine) > 64 * 256);
    assert_true(stream_libnids.memory_bytes(b->engine) < 1024 * 1024);
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "x"));
    stream_libnids.destroy(b->engine); /* without finish: nobody hears of it */
    HEARD(b, "open c:x");
    memset(&b->notes, 0, sizeof b->notes);
    b->engine = stream_libnids.create(&b->settings, &b->listener, &b->counters);
    assert_non_null(b->engine);
    b->talk.next[0] = 50;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "again"));
    HEARD(b, "open c:again");
}

/* A long stream with pieces lost, late and repeated by a fixed rule: data and gaps add up to what was sent. */
static void test_sums(void **state) {
    struct bench *b = *state;
    static uint8_t block[500];
    memset(block, 'y', sizeof block);
    b->notes.len = 0;
    handshake(b, &b->talk);
    struct packet held = {0};
    uint64_t sent = 0;
    for (unsigned i = 0; i < 3000; i++) {
        size_t const len = 1 + i * 7 % sizeof block;
        struct packet p = talk_say_span(&b->talk, SIDE_CLIENT, span_of(block, len));
        sent += len;
        if (i % 97 == 13) {
            held = p; /* late by three */
        } else if (i % 53 != 7) {
            hear(b, p);
        }
        if (i % 97 == 16) hear(b, held);
        if (i % 3 == 0) hear(b, talk_ack(&b->talk, SIDE_SERVER));
        b->notes.len = 0;
    }
    goodbye(b, &b->talk);
    assert_int_equal(b->counters.stream_bytes + b->counters.gap_bytes, sent);
    assert_true(b->counters.gaps > 40 && b->counters.gaps < 100);
    assert_int_equal(b->notes.handles, 0);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    static const struct CMUnitTest tests[] = {
        CASE(test_dialogue),
        CASE(test_good_checksums_too),
        CASE(test_refused_connection_leaves_nothing),
        CASE(test_idle),
        CASE(test_queue_thrown_away),
        CASE(test_enough),
        CASE(test_unwanted),
        CASE(test_same_ports_again),
        CASE(test_syn_flood),
        CASE(test_live_ones_only_evict_the_idlest),
        CASE(test_refused),
        CASE(test_ports),
        CASE(test_one_at_a_time),
        CASE(test_sums),
    };
    return scripts_run_with(&stream_libnids, tests, sizeof tests / sizeof *tests);
}
