/* flow_table: finding, ages, making room; and a table that is used up and used again at random.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "flow/flow_table.h"
#include "packets.h"

static const uint8_t key[16] = {1, 2, 3};

static struct endpoint end_of(const char *ip, uint16_t port) {
    return (struct endpoint){talk_ip(ip), port};
}

static struct flow *find(struct flow_table *table, const struct endpoint *from, const struct endpoint *to,
                         enum stream_side *side) {
    struct packet const p = {.from = *from, .to = *to};
    return flow_table_find(table, &p, side);
}

static void both_directions_find_it(void **state) {
    (void)state;
    static const char *const ips[][2] = {
        {"192.0.2.1", "198.51.100.25"}, {"198.51.100.25", "192.0.2.1"}, {"2001:db8::1", "2001:db8::2"},
        {"2001:db8::2", "2001:db8::1"}, {"192.0.2.1", "2001:db8::1"},   {"192.0.2.1", "192.0.2.1"},
    };
    for (size_t i = 0; i < sizeof ips / sizeof *ips; i++) {
        struct flow_table *table = flow_table_new(16, key);
        struct endpoint const client = end_of(ips[i][0], 40000);
        struct endpoint const server = end_of(ips[i][1], 25);
        enum stream_side side;
        assert_null(find(table, &client, &server, &side));
        struct flow *flow = flow_table_add(table, &client, &server, 7);
        assert_ptr_equal(find(table, &client, &server, &side), flow);
        assert_int_equal(side, SIDE_CLIENT);
        assert_ptr_equal(find(table, &server, &client, &side), flow);
        assert_int_equal(side, SIDE_SERVER);
        struct endpoint const other = end_of(ips[i][0], 40001);
        assert_null(find(table, &other, &server, &side));
        assert_null(find(table, &other, &client, &side));
        flow_table_remove(table, flow);
        assert_null(find(table, &client, &server, &side));
        flow_table_free(table);
    }
}

static void the_same_port_on_both_sides(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    struct endpoint const a = end_of("192.0.2.1", 25);
    struct endpoint const b = end_of("192.0.2.2", 25);
    struct flow *flow = flow_table_add(table, &a, &b, 0);
    enum stream_side side;
    assert_ptr_equal(find(table, &b, &a, &side), flow);
    assert_int_equal(side, SIDE_SERVER);
    flow_table_free(table);
}

static struct flow *add(struct flow_table *table, unsigned number, enum flow_list list, nstime now) {
    struct endpoint const client = end_of("192.0.2.1", (uint16_t)number);
    struct endpoint const server = end_of("192.0.2.2", 25);
    struct flow *flow = flow_table_add(table, &client, &server, now);
    if (list != FLOW_LIST_SILENT) flow_table_move(table, flow, list, now);
    return flow;
}

static void lists_are_in_order_of_age(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    struct flow *a = add(table, 1, FLOW_LIST_SILENT, 0);
    struct flow *b = add(table, 2, FLOW_LIST_SILENT, 1);
    struct flow *c = add(table, 3, FLOW_LIST_SILENT, 2);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_SILENT), a);
    assert_ptr_equal(flow_table_newer(table, a), b);
    assert_null(flow_table_newer(table, c));
    flow_table_touch(table, a, NS_PER_S - 1); /* within a second: no list is touched */
    assert_int_equal(a->last, NS_PER_S - 1);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_SILENT), a);
    flow_table_touch(table, a, NS_PER_S);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_SILENT), b);
    assert_ptr_equal(flow_table_newer(table, c), a);
    flow_table_move(table, c, FLOW_LIST_LIVE, NS_PER_S);
    assert_ptr_equal(flow_table_newer(table, b), a);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_LIVE), c);
    assert_null(flow_table_oldest(table, FLOW_LIST_LIVE_WATCHED));
    flow_table_remove(table, a);
    assert_null(flow_table_newer(table, b));
    flow_table_free(table);
}

static void who_makes_room(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *live = add(table, 1, FLOW_LIST_LIVE, 0);
    for (unsigned i = 0; i < 4; i++) add(table, 10 + i, FLOW_LIST_SILENT, i + 1);
    assert_null(flow_table_victim(table)); /* half of the table is silent, not more */
    struct flow *first_silent = flow_table_oldest(table, FLOW_LIST_SILENT);
    add(table, 20, FLOW_LIST_SILENT, 9);
    assert_ptr_equal(flow_table_victim(table), first_silent);
    flow_table_remove(table, first_silent);
    assert_null(flow_table_victim(table));
    for (struct flow *f; (f = flow_table_oldest(table, FLOW_LIST_SILENT)) != NULL;) flow_table_remove(table, f);
    struct flow *watched = add(table, 30, FLOW_LIST_LIVE_WATCHED, 10);
    for (unsigned i = 0; i < 6; i++) add(table, 40 + i, FLOW_LIST_LIVE, 11 + i);
    assert_ptr_equal(flow_table_victim(table), live);
    flow_table_remove(table, live);
    assert_null(flow_table_victim(table));
    add(table, 50, FLOW_LIST_LIVE, 20);
    assert_ptr_equal(flow_table_victim(table), watched);
    flow_table_free(table);
}

static void closed_flows_make_room_first(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *silent = add(table, 1, FLOW_LIST_SILENT, 0);
    add(table, 2, FLOW_LIST_LIVE, 1);
    add(table, 3, FLOW_LIST_LIVE_QUEUED, 1);
    for (unsigned i = 0; i < 5; i++) add(table, 10 + i, FLOW_LIST_CLOSED, 2 + i);
    for (unsigned i = 0; i < 5; i++) { /* many closed ones are no flood */
        struct flow *victim = flow_table_victim(table);
        assert_int_equal(victim->client.port, 10 + i);
        flow_table_remove(table, victim);
        assert_null(flow_table_victim(table));
        add(table, 20 + i, FLOW_LIST_LIVE, 10 + i);
    }
    assert_ptr_equal(flow_table_victim(table), silent);
    flow_table_free(table);
}

static void weak_flows_make_room_for_themselves(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    add(table, 1, FLOW_LIST_LIVE, 0);
    add(table, 2, FLOW_LIST_SILENT, 1);
    struct flow *first = add(table, 10, FLOW_LIST_WEAK_QUEUED, 2);
    struct flow *second = add(table, 11, FLOW_LIST_WEAK, 3);
    struct flow *third = add(table, 12, FLOW_LIST_WEAK_WATCHED, 4);
    add(table, 13, FLOW_LIST_WEAK, 5);
    assert_null(flow_table_victim(table)); /* a quarter of the table is weak, not more */
    add(table, 14, FLOW_LIST_WEAK, 6);
    assert_ptr_equal(flow_table_victim(table), first); /* although there is a silent one, and room */
    flow_table_remove(table, first);
    assert_null(flow_table_victim(table));
    for (unsigned i = 0; i < 10; i++) add(table, 30 + i, FLOW_LIST_LIVE, 7);
    assert_int_equal(flow_table_victim(table)->client.port, 2); /* full: the silent one */
    flow_table_remove(table, flow_table_victim(table));
    add(table, 50, FLOW_LIST_LIVE, 9);
    assert_ptr_equal(flow_table_victim(table), second);
    flow_table_remove(table, second);
    add(table, 51, FLOW_LIST_LIVE, 10);
    assert_ptr_equal(flow_table_victim(table), third);
    flow_table_free(table);
}

static void both_sides_make_a_conversation(void **state) {
    (void)state;
    struct flow flow = {.segments = 300};
    assert_false(flow_is_proven(&flow));
    flow.half[SIDE_CLIENT].spoke = true;
    assert_false(flow_is_proven(&flow));
    flow.half[SIDE_SERVER].spoke = true;
    assert_true(flow_is_proven(&flow));
}

/* 65,536 flows in as many buckets.  Were they thrown at random, some bucket would have 16 of them with a probability of
 * at most 65536 / 16!, 3 in 10^9. */
static void chains_stay_short(void **state) {
    (void)state;
    enum { FLOWS = 65536, CHAIN_MAX = 16 };
    for (unsigned way = 0; way < 4; way++) {
        struct flow_table *table = flow_table_new(FLOWS, key);
        struct endpoint client = end_of("10.0.0.0", 40000);
        struct endpoint server = end_of("198.51.100.25", 25);
        for (unsigned i = 0; i < FLOWS; i++) {
            uint8_t const high = (uint8_t)(i >> 8), low = (uint8_t)i;
            if (way == 0) client.port = (uint16_t)i;                             /* one source, all ports */
            if (way == 1) client.ip.bytes[14] = high, client.ip.bytes[15] = low; /* addresses in a row */
            if (way == 2) client.ip.bytes[12] = high, server.ip.bytes[15] = low; /* both ends */
            if (way == 3) client.ip = talk_ip("2001:db8::"), client.ip.bytes[8] = high, client.ip.bytes[9] = low;
            (void)flow_table_add(table, &client, &server, 0);
        }
        assert_in_range(flow_table_longest_chain(table), 2, CHAIN_MAX);
        flow_table_free(table);
    }
}

/* Who knew a key could fill one bucket.  Under another key the same flows lie apart: that of 64 in 1,024 buckets 8 come
 * together has a probability of at most 1024 * C(64, 8) / 1024^8, once in 10^11 times. */
static void collisions_are_of_one_key(void **state) {
    (void)state;
    static const uint8_t other_key[16] = {3, 2, 1};
    enum { FLOWS = 64 };
    struct flow_table *known = flow_table_new(1024, key);
    struct flow_table *other = flow_table_new(1024, other_key);
    struct endpoint client = end_of("10.0.0.0", 40000);
    struct endpoint const server = end_of("198.51.100.25", 25);
    unsigned found = 0;
    for (unsigned i = 0; found < FLOWS; i++) {
        client.ip.bytes[13] = (uint8_t)(i >> 16);
        client.ip.bytes[14] = (uint8_t)(i >> 8);
        client.ip.bytes[15] = (uint8_t)i;
        if (flow_table_bucket(known, &client, &server) != 7) continue;
        (void)flow_table_add(known, &client, &server, 0);
        (void)flow_table_add(other, &client, &server, 0);
        found++;
    }
    assert_int_equal(flow_table_longest_chain(known), FLOWS);
    assert_in_range(flow_table_longest_chain(other), 1, 7);
    flow_table_free(known);
    flow_table_free(other);
}

static void used_up_and_used_again(void **state) {
    (void)state;
    enum { CAPACITY = 300, PORTS = 1000 };
    struct flow_table *table = flow_table_new(CAPACITY, key);
    static struct flow *known[PORTS];
    unsigned used = 0;
    uint32_t random = 5;
    struct endpoint const server = end_of("192.0.2.2", 25);
    for (unsigned step = 0; step < 20000; step++) {
        random = random * 1664525u + 1013904223u;
        unsigned port = (random >> 8) % PORTS;
        struct endpoint const client = end_of("192.0.2.1", (uint16_t)port);
        enum stream_side side;
        assert_ptr_equal(find(table, &server, &client, &side), known[port]);
        if (known[port] != NULL) {
            assert_int_equal(known[port]->client.port, port);
            flow_table_remove(table, known[port]);
            known[port] = NULL;
            used--;
        } else if (used < CAPACITY) {
            known[port] = flow_table_add(table, &client, &server, (nstime)step);
            assert_int_equal((uintptr_t)known[port] % 64, 0);
            assert_null(known[port]->handle);
            used++;
        }
    }
    unsigned listed = 0;
    for (struct flow *f = flow_table_oldest(table, FLOW_LIST_SILENT); f != NULL; f = flow_table_newer(table, f))
        listed++;
    assert_int_equal(listed, used);
    assert_true(flow_table_memory_bytes(table) >= CAPACITY * sizeof(struct flow));
    flow_table_free(table);
    flow_table_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_find_it),
        cmocka_unit_test(the_same_port_on_both_sides),
        cmocka_unit_test(lists_are_in_order_of_age),
        cmocka_unit_test(who_makes_room),
        cmocka_unit_test(closed_flows_make_room_first),
        cmocka_unit_test(used_up_and_used_again),
        cmocka_unit_test(weak_flows_make_room_for_themselves),
        cmocka_unit_test(both_sides_make_a_conversation),
        cmocka_unit_test(chains_stay_short),
        cmocka_unit_test(collisions_are_of_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
