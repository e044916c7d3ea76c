/* Floods at the native engine: a million packets from made-up sources around a hundred live dialogues, which must be
 * heard to the byte and to the moment as without the flood, in the memory that docs/architecture.md states.
 *
 *   syn        a SYN each
 *   half open  SYN and SYN/ACK
 *   one byte   SYN, SYN/ACK, and an ACK with one byte
 *   far ahead  a SYN and two segments far ahead of its place, which wait for what comes before them
 *   hoarders   a thousand sources that go on sending segments far ahead
 *
 * and with conversations that are never closed, in which both sides have said something,
 *
 *   outside    between made-up addresses, with home networks, none of them theirs
 *   one source, fifty sources   of the provider's own
 *   everybody  each of an own address: nobody can tell these from customers, so what is idle for long gives way to them
 *
 * A dialogue has a turn every 20 ms, and all kinds of trouble of its own: one in four is idle for most of the time, one
 * has segments that are sent again, in one the mirror loses some.  Half of them begin in the middle of the flood.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/config.h"
#include "mailspan/limits.h"
#include "packets.h"

#define DIALOGUES 100
#define TICKS 100000
#define TICK_NS (200 * NS_PER_US) /* a dialogue's turn every DIALOGUES ticks */
#define FLOOD_PER_TICK 10
#define BODY_BYTES 1000
#define BODY_BEGINS 10 /* turns */
#define BODY_ENDS 600
#define LATE_BEGIN 300
#define LOSS_EVERY 50
#define LOSS_AT 20
#define SENT_AGAIN_AFTER 9

enum flood {
    FLOOD_NONE,
    FLOOD_SYN,
    FLOOD_HALF_OPEN,
    FLOOD_ONE_BYTE,
    FLOOD_FAR_AHEAD,
    FLOOD_HOARDERS,
    FLOOD_OUTSIDE,
    FLOOD_ONE_SOURCE,
    FLOOD_FIFTY_SOURCES,
    FLOOD_EVERYBODY,
};
enum trouble { TROUBLE_NONE, TROUBLE_IDLE, TROUBLE_NETWORK, TROUBLE_MIRROR };

/* What was heard of a dialogue. */
struct heard {
    uint64_t hash; /* of each call with all that it said */
    uint64_t bytes[2], lost[2];
    unsigned opened, fins;
    bool closed;
};

struct live {
    unsigned number;
    struct endpoint end[2];
    uint32_t next[2];  /* by enum stream_side */
    uint32_t missing;  /* sequence number of the segment that the network lost; 0: none */
    uint32_t captured; /* bytes of the client's in frames that the mirror showed */
};

struct flood_run {
    struct stream_engine *engine;
    struct counters counters;
    uint8_t ports[8192];
    struct live live[DIALOGUES];
    struct heard heard[DIALOGUES];
    struct heard others;
    nstime now;
    uint32_t random;
};

static const nstime beginning = INT64_C(1700000000) * NS_PER_S;
static uint8_t payload[BODY_BYTES];

/* --- who hears ---------------------------------------------------------------------------------------------------- */

static void add_to_hash(struct heard *h, const void *bytes, size_t len) {
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++) h->hash = (h->hash ^ at[i]) * UINT64_C(1099511628211); /* FNV-1a */
}

static void add_call(struct heard *h, unsigned call, unsigned what, uint64_t number, nstime now) {
    uint64_t const facts[4] = {call, what, number, (uint64_t)now};
    add_to_hash(h, facts, sizeof facts);
}

/* Live clients are 192.0.2.1 with ports from 20000 on. */
static void *on_open(void *context, const struct stream_info *info) {
    struct flood_run *run = context;
    struct heard *h = &run->others;
    if (info->client.ip.bytes[12] == 192) h = &run->heard[info->client.port - 20000];
    h->opened++;
    add_call(h, 1, info->midstream, info->server.port, info->start);
    return h;
}

static enum stream_interest on_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                    uint32_t unread, nstime now) {
    struct heard *h = handle;
    (void)context;
    h->bytes[side] += bytes.len;
    add_call(h, 2, side, unread, now);
    add_to_hash(h, bytes.data, bytes.len);
    return STREAM_GO_ON;
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct heard *h = handle;
    (void)context;
    h->lost[side] += length;
    add_call(h, 3, side, length, now);
    return STREAM_GO_ON;
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct heard *h = handle;
    (void)context;
    h->fins += reason == STREAM_FIN;
    add_call(h, 4, side, reason, now);
    return STREAM_GO_ON;
}

static void on_close(void *context, void *handle, nstime now) {
    struct heard *h = handle;
    (void)context;
    h->closed = true;
    add_call(h, 5, 0, 0, now);
}

/* --- live dialogues ----------------------------------------------------------------------------------------------- */

static enum trouble trouble_of(const struct live *live) {
    return (enum trouble)(live->number % 4);
}

static void show(struct flood_run *run, const struct endpoint *from, const struct endpoint *to, uint32_t sequence,
                 uint32_t acknowledgement, uint8_t flags, size_t len) {
    struct packet const p = {.time = run->now,
                             .from = *from,
                             .to = *to,
                             .sequence = sequence,
                             .acknowledgement = acknowledgement,
                             .flags = flags,
                             .payload_length = (uint32_t)len,
                             .payload = span_of(payload, len)};
    stream_native.packet(run->engine, &p);
}

static void live_send(struct flood_run *run, struct live *live, enum stream_side side, uint8_t flags, size_t len) {
    enum stream_side const other = side_other(side);
    /* A server does not acknowledge what is behind a segment that the network lost. */
    uint32_t const acknowledged = side == SIDE_SERVER && live->missing != 0 ? live->missing : live->next[other];
    show(run, &live->end[side], &live->end[other], live->next[side], acknowledged, flags, len);
    live->next[side] += (uint32_t)len + ((flags & (TCP_SYN | TCP_FIN)) != 0);
}

/* Two body segments, then an acknowledgement. */
static void live_body(struct flood_run *run, struct live *live, unsigned turn) {
    enum trouble const trouble = trouble_of(live);
    if (trouble == TROUBLE_IDLE) return;
    if (turn % LOSS_EVERY == LOSS_AT + SENT_AGAIN_AFTER && live->missing != 0) {
        show(run, &live->end[SIDE_CLIENT], &live->end[SIDE_SERVER], live->missing, live->next[SIDE_SERVER],
             TCP_ACK | TCP_PSH, BODY_BYTES);
        live->missing = 0;
    } else if (turn % 3 == 0) {
        live_send(run, live, SIDE_SERVER, TCP_ACK, 0);
    } else if (turn % LOSS_EVERY == LOSS_AT && trouble >= TROUBLE_NETWORK) {
        if (trouble == TROUBLE_NETWORK) live->missing = live->next[SIDE_CLIENT];
        live->next[SIDE_CLIENT] += BODY_BYTES;
    } else {
        live_send(run, live, SIDE_CLIENT, TCP_ACK | TCP_PSH, BODY_BYTES);
    }
}

static void live_turn(struct flood_run *run, struct live *live, unsigned turn) {
    static const struct {
        enum stream_side side;
        uint8_t flags;
        size_t len;
    } before[BODY_BEGINS] = {{SIDE_CLIENT, TCP_SYN, 0},  {SIDE_SERVER, TCP_SYN | TCP_ACK, 0},
                             {SIDE_CLIENT, TCP_ACK, 0},  {SIDE_SERVER, TCP_ACK, 40},
                             {SIDE_CLIENT, TCP_ACK, 20}, {SIDE_SERVER, TCP_ACK, 90},
                             {SIDE_CLIENT, TCP_ACK, 60}, {SIDE_SERVER, TCP_ACK, 30},
                             {SIDE_CLIENT, TCP_ACK, 6},  {SIDE_SERVER, TCP_ACK, 20}},
      after[] = {{SIDE_SERVER, TCP_ACK, 0},           {SIDE_CLIENT, TCP_ACK, 5},  {SIDE_SERVER, TCP_ACK, 30},
                 {SIDE_CLIENT, TCP_ACK, 6},           {SIDE_SERVER, TCP_ACK, 15}, {SIDE_CLIENT, TCP_FIN | TCP_ACK, 0},
                 {SIDE_SERVER, TCP_FIN | TCP_ACK, 0}, {SIDE_CLIENT, TCP_ACK, 0}};
    if (turn < BODY_BEGINS) {
        live_send(run, live, before[turn].side, before[turn].flags, before[turn].len);
    } else if (turn < BODY_ENDS) {
        live_body(run, live, turn);
    } else if (turn - BODY_ENDS < sizeof after / sizeof *after) {
        unsigned const i = turn - BODY_ENDS;
        live_send(run, live, after[i].side, after[i].flags, after[i].len);
    }
}

static void check_heard(const struct flood_run *run) {
    for (unsigned i = 0; i < DIALOGUES; i++) {
        const struct heard *h = &run->heard[i];
        const struct live *live = &run->live[i];
        assert_int_equal(h->opened, 1);
        assert_int_equal(h->fins, 2);
        assert_true(h->closed);
        assert_int_equal(h->bytes[SIDE_SERVER], 40 + 90 + 30 + 20 + 30 + 15);
        assert_int_equal(h->lost[SIDE_SERVER], 0);
        /* SYN and FIN count one each. */
        assert_int_equal(h->bytes[SIDE_CLIENT] + h->lost[SIDE_CLIENT], live->next[SIDE_CLIENT] - 1000 * i - 2);
        if (trouble_of(live) == TROUBLE_IDLE) assert_int_equal(h->bytes[SIDE_CLIENT], 20 + 60 + 6 + 5 + 6);
        /* Turns 20, 70, 120 ... 570 are 12; of these 120, 270, 420 and 570 are acknowledgements. */
        assert_int_equal(h->lost[SIDE_CLIENT], trouble_of(live) == TROUBLE_MIRROR ? 8 * BODY_BYTES : 0);
    }
}

/* --- floods ------------------------------------------------------------------------------------------------------- */

static uint32_t any(struct flood_run *run) {
    run->random = run->random * 1664525u + 1013904223u;
    return run->random ^ run->random >> 16;
}

#define CONVERSATION 4 /* packets */

/* The n-th packet of a flood of conversations. */
static void conversation_packet(struct flood_run *run, enum flood flood, uint32_t n) {
    uint32_t const number = n / CONVERSATION;
    uint32_t address = number;
    if (flood == FLOOD_ONE_SOURCE) address = 1;
    if (flood == FLOOD_FIFTY_SOURCES) address = number % 50;
    /* 10.0.0.0/8 is at home, 9.0.0.0/8 is not. */
    struct endpoint const client = {{{[10] = 0xff,
                                      0xff,
                                      flood == FLOOD_OUTSIDE ? 9 : 10,
                                      (uint8_t)(address >> 16),
                                      (uint8_t)(address >> 8),
                                      (uint8_t)address}},
                                    (uint16_t)(1024 + number % 60000)};
    struct endpoint const server = {{{[10] = 0xff, 0xff, 198, 51, 100, (uint8_t)(number / 60000)}}, 25};
    switch (n % CONVERSATION) {
        case 0:
            show(run, &client, &server, 0, 0, TCP_SYN, 0);
            break;
        case 1:
            show(run, &server, &client, 0, 1, TCP_SYN | TCP_ACK, 0);
            break;
        case 2:
            show(run, &server, &client, 1, 1, TCP_ACK, 1);
            break;
        case 3:
            show(run, &client, &server, 1, 2, TCP_ACK, 1);
            break;
    }
}

/* The n-th packet of a flood; `packets` of them make a connection. */
static void flood_packet(struct flood_run *run, enum flood flood, uint32_t n) {
    static struct endpoint source;
    static struct endpoint const server = {{{[10] = 0xff, 0xff, 198, 51, 100, 25}}, 25};
    unsigned const packets = flood == FLOOD_SYN ? 1 : flood == FLOOD_HALF_OPEN ? 2 : 3;
    unsigned const step = n % packets;
    if (flood >= FLOOD_OUTSIDE) {
        conversation_packet(run, flood, n);
        return;
    }
    if (flood == FLOOD_HOARDERS) { /* each in turn a segment, farther ahead every time */
        source = (struct endpoint){{{[10] = 0xff, 0xff, 203, 0, 113, 9}}, (uint16_t)(1000 + n % 1000)};
        if (n < 1000) show(run, &source, &server, 0, 0, TCP_SYN, 0);
        show(run, &source, &server, 5000 + n / 1000 * 2000, 1, TCP_ACK, BODY_BYTES);
        return;
    }
    if (step == 0) {
        uint32_t const address = any(run) | 1;
        source = (struct endpoint){{{[10] = 0xff, 0xff}}, (uint16_t)(1 + any(run) % 65000)};
        source.ip.bytes[12] = (uint8_t)(1 + (address >> 24) % 180); /* not 192 */
        source.ip.bytes[13] = (uint8_t)(address >> 16);
        source.ip.bytes[14] = (uint8_t)(address >> 8);
        source.ip.bytes[15] = (uint8_t)address;
        show(run, &source, &server, 0, 0, TCP_SYN, 0);
    } else if (flood == FLOOD_FAR_AHEAD) {
        show(run, &source, &server, 5000 * step, 1, TCP_ACK, step == 1 ? BODY_BYTES : 1);
    } else if (step == 1) {
        show(run, &server, &source, 0, 1, TCP_SYN | TCP_ACK, 0);
    } else {
        show(run, &source, &server, 1, 1, TCP_ACK, 1);
    }
}

/* The process's peak since the last call of forget_peak, or what it has now. */
static size_t resident_bytes(const char *name) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    size_t kib = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL && kib == 0)
        if (strncmp(line, name, strlen(name)) == 0) (void)sscanf(line + strlen(name), ": %zu kB", &kib);
    fclose(file);
    assert_true(kib > 0);
    return kib * 1024;
}

static void forget_peak(void) {
    FILE *file = fopen("/proc/self/clear_refs", "w");
    assert_non_null(file);
    fputs("5", file);
    assert_int_equal(fclose(file), 0);
}

static void run_flood(struct flood_run *run, enum flood flood) {
    memset(run, 0, sizeof *run);
    port_set(run->ports, 25);
    struct ip_prefix const home[] = {{{{[10] = 0xff, 0xff, 10}}, 96 + 8}, {{{[10] = 0xff, 0xff, 192, 0, 2}}, 96 + 24}};
    struct stream_settings const settings = {.flows_max = LIMIT_FLOWS_DEFAULT,
                                             .mail_ports = run->ports,
                                             .home_networks = home,
                                             .home_network_count = flood >= FLOOD_OUTSIDE ? 2 : 0};
    struct stream_listener const listener = {run, on_open, on_data, on_gap, on_end, on_close, NULL};
    forget_peak();
    size_t const before = resident_bytes("VmRSS");
    run->random = 1;
    run->engine = stream_native.create(&settings, &listener, &run->counters);
    assert_non_null(run->engine);
    for (unsigned i = 0; i < DIALOGUES; i++)
        run->live[i] = (struct live){.number = i,
                                     .end = {{{{[10] = 0xff, 0xff, 192, 0, 2, 1}}, (uint16_t)(20000 + i)},
                                             {{{[10] = 0xff, 0xff, 198, 51, 100, 25}}, 25}},
                                     .next = {1000 * i, 7000 * i}};
    for (unsigned tick = 0; tick < TICKS; tick++) {
        run->now = beginning + tick * TICK_NS;
        if (tick % (NS_PER_S / TICK_NS) == 0) stream_native.expire(run->engine, run->now);
        for (unsigned k = 0; k < FLOOD_PER_TICK && flood != FLOOD_NONE; k++)
            flood_packet(run, flood, tick * FLOOD_PER_TICK + k);
        struct live *live = &run->live[tick % DIALOGUES];
        unsigned const turn = tick / DIALOGUES;
        unsigned const first = live->number / 4 % 2 * LATE_BEGIN;
        if (turn >= first) live_turn(run, live, turn - first);
    }
    stream_native.finish(run->engine, STREAM_EOF, run->now);
    size_t const budget = stream_native.memory_bytes(run->engine);
    size_t const peak = resident_bytes("VmHWM");
    stream_native.destroy(run->engine);
    print_message(
        "           budget %zu bytes, resident %zu more than before; %llu flows, %llu evicted, %llu queues given up\n",
        budget, peak - before, (unsigned long long)run->counters.flows, (unsigned long long)run->counters.flow_evicted,
        (unsigned long long)run->counters.queues_given_up);
    /* docs/architecture.md: 256 bytes and a bucket for each flow, 512 for what waits, 24 for its turn when time ends
     * it, 44 for its source's share, and next to nothing. */
    assert_true(budget <= LIMIT_FLOWS_DEFAULT * (256 + 4 + 24 + 44 + LIMIT_SEGMENT_BYTES_PER_FLOW) + 4096);
    assert_true(peak - before <= budget + (1 << 20));
    assert_true(counters_account_for_all_bytes(&run->counters));
}

static struct flood_run quiet, flooded;

static void check_flood(enum flood flood) {
    run_flood(&flooded, flood);
    check_heard(&flooded);
    for (unsigned i = 0; i < DIALOGUES; i++) assert_int_equal(flooded.heard[i].hash, quiet.heard[i].hash);
}

static void without_a_flood(void **state) {
    (void)state;
    run_flood(&quiet, FLOOD_NONE);
    check_heard(&quiet);
    assert_int_equal(quiet.counters.flow_evicted, 0);
}

static void syn(void **state) {
    (void)state;
    check_flood(FLOOD_SYN);
    assert_true(flooded.counters.flows > 999000);
}

static void half_open(void **state) {
    (void)state;
    check_flood(FLOOD_HALF_OPEN);
    assert_true(flooded.counters.flows > 499000);
}

static void one_byte(void **state) {
    (void)state;
    check_flood(FLOOD_ONE_BYTE);
    assert_true(flooded.others.opened > 332000);
}

static void far_ahead(void **state) {
    (void)state;
    check_flood(FLOOD_FAR_AHEAD);
    assert_true(flooded.counters.queues_given_up > 0);
}

static void hoarders(void **state) {
    (void)state;
    check_flood(FLOOD_HOARDERS);
    assert_true(flooded.counters.unkept_bytes > 0);
}

static void outside(void **state) {
    (void)state;
    check_flood(FLOOD_OUTSIDE);
    assert_true(flooded.others.opened > 249000);
    assert_true(flooded.counters.flow_evicted > 249000 - LIMIT_FLOWS_DEFAULT / 4);
}

/* Two thirds of the table are his, what is left is for others. */
static void one_source(void **state) {
    (void)state;
    check_flood(FLOOD_ONE_SOURCE);
    assert_true(flooded.others.opened > 249000);
    assert_in_range(flooded.counters.flow_evicted, 250000 - LIMIT_FLOWS_DEFAULT * 2 / 3 - 100,
                    250000 - LIMIT_FLOWS_DEFAULT * 2 / 3 + 100);
}

static void fifty_sources(void **state) {
    (void)state;
    check_flood(FLOOD_FIFTY_SOURCES);
    assert_true(flooded.others.opened > 249000);
}

static void everybody(void **state) {
    (void)state;
    run_flood(&flooded, FLOOD_EVERYBODY);
    assert_true(flooded.others.opened > 249000);
    for (unsigned i = 0; i < DIALOGUES; i++)
        if (trouble_of(&flooded.live[i]) != TROUBLE_IDLE) assert_int_equal(flooded.heard[i].hash, quiet.heard[i].hash);
}

int main(void) {
    memset(payload, 'x', sizeof payload);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_flood), cmocka_unit_test(syn),        cmocka_unit_test(half_open),
        cmocka_unit_test(one_byte),        cmocka_unit_test(far_ahead),  cmocka_unit_test(hoarders),
        cmocka_unit_test(outside),         cmocka_unit_test(one_source), cmocka_unit_test(fifty_sources),
        cmocka_unit_test(everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
