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
    if (list != FLOW_LIST_WEAK) flow_table_move(table, flow, list, now);
    return flow;
}

static void lists_are_in_order_of_age(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    struct flow *a = add(table, 1, FLOW_LIST_WEAK, 0);
    struct flow *b = add(table, 2, FLOW_LIST_WEAK, 1);
    struct flow *c = add(table, 3, FLOW_LIST_WEAK, 2);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_WEAK), a);
    assert_ptr_equal(flow_table_newer(table, a), b);
    assert_null(flow_table_newer(table, c));
    flow_table_touch(table, a, NS_PER_S - 1); /* within a second: no list is touched */
    assert_int_equal(a->last, NS_PER_S - 1);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_WEAK), a);
    flow_table_touch(table, a, NS_PER_S);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_WEAK), b);
    assert_ptr_equal(flow_table_newer(table, c), a);
    flow_table_move(table, c, FLOW_LIST_LIVE, NS_PER_S);
    assert_ptr_equal(flow_table_newer(table, b), a);
    assert_ptr_equal(flow_table_oldest(table, FLOW_LIST_LIVE), c);
    assert_null(flow_table_oldest(table, FLOW_LIST_WATCHED));
    flow_table_remove(table, a);
    assert_null(flow_table_newer(table, b));
    flow_table_free(table);
}

static void who_makes_room(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *live = add(table, 1, FLOW_LIST_LIVE, 0);
    for (unsigned i = 0; i < 4; i++) add(table, 10 + i, FLOW_LIST_WEAK, i + 1);
    assert_null(flow_table_victim(table)); /* half of the table is weak, not more */
    struct flow *first_weak = flow_table_oldest(table, FLOW_LIST_WEAK);
    add(table, 20, FLOW_LIST_WEAK, 9);
    assert_ptr_equal(flow_table_victim(table), first_weak);
    flow_table_remove(table, first_weak);
    assert_null(flow_table_victim(table));
    for (struct flow *f; (f = flow_table_oldest(table, FLOW_LIST_WEAK)) != NULL;) flow_table_remove(table, f);
    struct flow *watched = add(table, 30, FLOW_LIST_WATCHED, 10);
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
    struct flow *weak = add(table, 1, FLOW_LIST_WEAK, 0);
    add(table, 2, FLOW_LIST_LIVE, 1);
    add(table, 3, FLOW_LIST_QUEUED, 1);
    for (unsigned i = 0; i < 5; i++) add(table, 10 + i, FLOW_LIST_CLOSED, 2 + i);
    for (unsigned i = 0; i < 5; i++) { /* many closed ones are no flood */
        struct flow *victim = flow_table_victim(table);
        assert_int_equal(victim->client.port, 10 + i);
        flow_table_remove(table, victim);
        assert_null(flow_table_victim(table));
        add(table, 20 + i, FLOW_LIST_LIVE, 10 + i);
    }
    assert_ptr_equal(flow_table_victim(table), weak);
    flow_table_free(table);
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
    for (struct flow *f = flow_table_oldest(table, FLOW_LIST_WEAK); f != NULL; f = flow_table_newer(table, f)) listed++;
    assert_int_equal(listed, used);
    assert_true(flow_table_memory_bytes(table) >= CAPACITY * sizeof(struct flow));
    flow_table_free(table);
    flow_table_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_find_it),      cmocka_unit_test(the_same_port_on_both_sides),
        cmocka_unit_test(lists_are_in_order_of_age),    cmocka_unit_test(who_makes_room),
        cmocka_unit_test(closed_flows_make_room_first), cmocka_unit_test(used_up_and_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
