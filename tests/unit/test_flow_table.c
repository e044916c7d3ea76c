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
        struct flow *flow = flow_table_add(table, &client, &server, flow_table_source(table, &client.ip), 7);
        assert_ptr_equal(find(table, &client, &server, &side), flow);
        assert_int_equal(side, SIDE_CLIENT);
        assert_ptr_equal(find(table, &server, &client, &side), flow);
        assert_int_equal(side, SIDE_SERVER);
        struct packet foreseen = {.from = server, .to = client};
        assert_null(flow_table_guess(table, &foreseen)); /* not hashed yet */
        flow_table_foresee_bucket(table, &foreseen);
        flow_table_foresee_flow(table, &foreseen);
        assert_ptr_equal(flow_table_guess(table, &foreseen), flow);
        assert_ptr_equal(flow_table_find(table, &foreseen, &side), flow);
        struct endpoint const other = end_of(ips[i][0], 40001);
        assert_null(find(table, &other, &server, &side));
        assert_null(find(table, &other, &client, &side));
        flow_table_remove(table, flow);
        assert_null(find(table, &client, &server, &side));
        flow_table_free(table);
    }
}

/* Python 3.11's hash() of the same bytes (its siphash13), with the key that PYTHONHASHSEED=7 makes. */
static void the_hash_is_siphash13(void **state) {
    (void)state;
    static const uint8_t key_of_7[16] = {0x3d, 0x0e, 0x6f, 0x80, 0xa1, 0x74, 0xc8, 0x12,
                                         0x4f, 0x78, 0xd2, 0xf9, 0xd2, 0x89, 0x0a, 0x47};
    struct endpoint const client4 = end_of("192.0.2.1", 40000), server4 = end_of("198.51.100.25", 25);
    struct endpoint const client6 = end_of("2001:db8::1", 40000), server6 = end_of("2001:db8::2", 25);
    assert_int_equal(flow_hash(key_of_7, &client4, &server4), flow_hash(key_of_7, &server4, &client4));
    assert_int_equal(flow_hash(key_of_7, &client6, &server6), flow_hash(key_of_7, &server6, &client6));
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) return; /* another hash there, as siphash13.h says */
    /* The lower end first: address and port; of IPv6 both addresses, then both ports. */
    assert_int_equal(flow_hash(key_of_7, &client4, &server4), 0xa4e47bd6dcf8550f);
    assert_int_equal(flow_hash(key_of_7, &client6, &server6), 0xbc4bbe585c22120b);
}

static void the_same_port_on_both_sides(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    struct endpoint const a = end_of("192.0.2.1", 25);
    struct endpoint const b = end_of("192.0.2.2", 25);
    struct flow *flow = flow_table_add(table, &a, &b, 0, 0);
    enum stream_side side;
    assert_ptr_equal(find(table, &b, &a, &side), flow);
    assert_int_equal(side, SIDE_SERVER);
    flow_table_free(table);
}

static const char *numbered(char text[IP_TEXT_BYTES], unsigned number) {
    (void)snprintf(text, IP_TEXT_BYTES, "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255, number & 255);
    return text;
}

/* Of a source: FOREIGN is none at home. */
static struct flow *add_of(struct flow_table *table, const char *source, unsigned number, enum flow_list list,
                           nstime now) {
    struct endpoint const client = end_of(source, (uint16_t)number);
    struct endpoint const server = end_of("192.0.2.2", 25);
    bool foreign = list >= FLOW_LIST_FOREIGN && list <= FLOW_LIST_FOREIGN_QUEUED;
    uint64_t owner = flow_table_source(table, foreign ? NULL : &client.ip);
    struct flow *flow = flow_table_add(table, &client, &server, owner, now);
    if (list != flow->list) flow_table_move(table, flow, list, now);
    return flow;
}

static struct flow *add(struct flow_table *table, unsigned number, enum flow_list list, nstime now) {
    return add_of(table, "192.0.2.1", number, list, now);
}

/* Who makes room for a flow of the source; NULL: of none at home. */
static struct flow *victim_for(struct flow_table *table, const char *source) {
    if (source == NULL) return flow_table_victim(table, FLOW_SOURCE_FOREIGN);
    struct ip_address const ip = talk_ip(source);
    return flow_table_victim(table, flow_table_source(table, &ip));
}

static struct flow *victim(struct flow_table *table) {
    return victim_for(table, "192.0.2.1");
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
    assert_int_equal(flow_table_count(table), 3);
    flow_table_remove(table, a);
    assert_int_equal(flow_table_count(table), 2);
    assert_null(flow_table_newer(table, b));
    flow_table_free(table);
}

static void who_makes_room(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *live = add(table, 1, FLOW_LIST_LIVE, 0);
    for (unsigned i = 0; i < 4; i++) add(table, 10 + i, FLOW_LIST_SILENT, i + 1);
    assert_null(victim(table)); /* half of the table is silent, not more */
    struct flow *first_silent = flow_table_oldest(table, FLOW_LIST_SILENT);
    add(table, 20, FLOW_LIST_SILENT, 9);
    assert_ptr_equal(victim(table), first_silent);
    flow_table_remove(table, first_silent);
    assert_null(victim(table));
    for (struct flow *f; (f = flow_table_oldest(table, FLOW_LIST_SILENT)) != NULL;) flow_table_remove(table, f);
    struct flow *watched = add(table, 30, FLOW_LIST_LIVE_WATCHED, 10);
    for (unsigned i = 0; i < 6; i++) add(table, 40 + i, FLOW_LIST_LIVE, 11 + i);
    assert_ptr_equal(victim(table), live);
    flow_table_remove(table, live);
    assert_null(victim(table));
    add(table, 50, FLOW_LIST_LIVE, 20);
    assert_ptr_equal(victim(table), watched);
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
        struct flow *first = victim(table);
        assert_int_equal(first->client.port, 10 + i);
        flow_table_remove(table, first);
        assert_null(victim(table));
        add(table, 20 + i, FLOW_LIST_LIVE, 10 + i);
    }
    assert_ptr_equal(victim(table), silent);
    flow_table_free(table);
}

/* Behind closed ones, and before all who begin. */
static void reset_flows_make_room(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *silent = add(table, 1, FLOW_LIST_SILENT, 0);
    struct flow *reset = add(table, 2, FLOW_LIST_LIVE_RESET, 9);
    struct flow *closed = add(table, 3, FLOW_LIST_CLOSED, 10);
    for (unsigned i = 0; i < 5; i++) add(table, 10 + i, FLOW_LIST_LIVE, 1 + i);
    assert_ptr_equal(victim(table), closed);
    flow_table_remove(table, closed);
    assert_null(victim(table));
    add(table, 20, FLOW_LIST_LIVE, 11);
    assert_ptr_equal(victim(table), reset);
    flow_table_remove(table, reset);
    add(table, 21, FLOW_LIST_LIVE, 12);
    assert_ptr_equal(victim(table), silent);
    flow_table_free(table);
}

/* Silent ones that nobody answered go before those with a whole handshake, which nevertheless are of one kind. */
static void whole_handshakes_stay_longer(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(8, key);
    struct flow *whole = add(table, 1, FLOW_LIST_SILENT_WHOLE, 0);
    for (unsigned i = 0; i < 3; i++) add(table, 10 + i, FLOW_LIST_SILENT_WHOLE, 20 + i);
    assert_null(victim(table)); /* half of the table */
    struct flow *silent = add(table, 2, FLOW_LIST_SILENT, 30);
    assert_ptr_equal(victim_for(table, "10.1.0.0"), silent);
    flow_table_remove(table, silent);
    add(table, 14, FLOW_LIST_SILENT_WHOLE, 31);
    assert_ptr_equal(victim_for(table, "10.1.0.0"), whole);
    for (unsigned i = 0; i < 2; i++) add(table, 20 + i, FLOW_LIST_LIVE, 32);
    silent = add(table, 3, FLOW_LIST_SILENT, 33);
    assert_true(flow_table_is_full(table));
    flow_table_move(table, flow_table_oldest(table, FLOW_LIST_SILENT_WHOLE), FLOW_LIST_LIVE, 34);
    flow_table_move(table, flow_table_oldest(table, FLOW_LIST_SILENT_WHOLE), FLOW_LIST_LIVE, 34);
    assert_ptr_equal(victim_for(table, "10.1.0.0"), silent);
    flow_table_free(table);
}

/* Each of a source of its own. */
static struct flow *add_other(struct flow_table *table, unsigned number, enum flow_list list, nstime now) {
    char text[IP_TEXT_BYTES];
    return add_of(table, numbered(text, number), number, list, now);
}

static void weak_flows_make_room_for_themselves(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    add_other(table, 1, FLOW_LIST_LIVE, 0);
    add_other(table, 2, FLOW_LIST_SILENT, 1);
    struct flow *first = add_other(table, 10, FLOW_LIST_WEAK_QUEUED, 2);
    struct flow *second = add_other(table, 11, FLOW_LIST_WEAK, 3);
    struct flow *third = add_other(table, 12, FLOW_LIST_WEAK_WATCHED, 4);
    add_other(table, 13, FLOW_LIST_WEAK, 5);
    assert_null(victim(table)); /* a quarter of the table is weak, not more */
    add_other(table, 14, FLOW_LIST_WEAK, 6);
    assert_ptr_equal(victim(table), first); /* although there is a silent one, and room */
    flow_table_remove(table, first);
    assert_null(victim(table));
    for (unsigned i = 0; i < 10; i++) add_other(table, 30 + i, FLOW_LIST_LIVE, 7);
    assert_int_equal(victim(table)->client.port, 2); /* full: the silent one */
    flow_table_remove(table, victim(table));
    add_other(table, 50, FLOW_LIST_LIVE, 9);
    assert_ptr_equal(victim(table), second);
    flow_table_remove(table, second);
    add_other(table, 51, FLOW_LIST_LIVE, 10);
    assert_ptr_equal(victim(table), third);
    flow_table_free(table);
}

/* --- shares ------------------------------------------------------------------------------------------------------ */

static void who_shares_a_share(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(16, key);
    struct ip_address const a = talk_ip("192.0.2.1"), b = talk_ip("192.0.2.2");
    struct ip_address const six = talk_ip("2001:db8:0:1::1"), same = talk_ip("2001:db8:0:1:ffff::");
    struct ip_address const other = talk_ip("2001:db8:0:2::1");
    assert_int_equal(flow_table_source(table, &a), flow_table_source(table, &a));
    assert_int_not_equal(flow_table_source(table, &a), flow_table_source(table, &b));
    assert_int_equal(flow_table_source(table, &six), flow_table_source(table, &same));
    assert_int_not_equal(flow_table_source(table, &six), flow_table_source(table, &other));
    assert_true(flow_table_source(table, NULL) == FLOW_SOURCE_FOREIGN);
    flow_table_free(table);
}

/* One source alone has two thirds of the table: 171 of 256 are twice the 85 that are free.  Then its own longest idle
 * flow makes room; others have what is left. */
static void a_source_makes_room_for_itself(void **state) {
    (void)state;
    enum { CAPACITY = 256 };
    char text[IP_TEXT_BYTES];
    struct flow_table *table = flow_table_new(CAPACITY, key);
    unsigned number = 0;
    for (; victim(table) == NULL; number++) (void)add(table, number + 1, FLOW_LIST_LIVE, (nstime)number * NS_PER_S);
    assert_int_equal(number, 171);
    assert_int_equal(victim(table)->client.port, 1);
    flow_table_touch(table, victim(table), 1000 * NS_PER_S); /* a sign of life: the next one */
    assert_int_equal(victim(table)->client.port, 2);
    for (unsigned i = 0; i < 85; i++) {
        assert_null(victim_for(table, numbered(text, i)));
        (void)add_of(table, text, 1, FLOW_LIST_LIVE, 300 * NS_PER_S);
    }
    assert_true(flow_table_is_full(table)); /* whoever comes: the one who has most gives way */
    assert_int_equal(victim_for(table, "10.1.0.0")->client.port, 2);
    flow_table_free(table);
}

/* A customer with 40 conversations, half of them younger than the flood of another.  For whomever room is made then, it
 * is the other's that go, of which there are 144: twice the 72 that are free. */
static void a_neighbour_is_unharmed(void **state) {
    (void)state;
    enum { CAPACITY = 256, OWN = 40, HIS = 144 };
    static const char *const other = "10.0.0.1";
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < OWN / 2; i++) (void)add(table, 1 + i, FLOW_LIST_LIVE, 0);
    unsigned number = 1000;
    for (; number < 1060; number++) (void)add_of(table, other, number, FLOW_LIST_LIVE, NS_PER_S);
    for (unsigned i = OWN / 2; i < OWN; i++) {
        assert_null(victim(table));
        (void)add(table, 1 + i, FLOW_LIST_LIVE, 2 * NS_PER_S);
    }
    for (; victim_for(table, other) == NULL; number++) (void)add_of(table, other, number, FLOW_LIST_LIVE, 3 * NS_PER_S);
    assert_int_equal(number - 1000, HIS);
    for (unsigned i = 0; i < 1000; i++) {
        struct flow *gone = victim_for(table, other);
        assert_in_range(gone->client.port, 1000, 65535);
        flow_table_remove(table, gone);
        assert_null(victim(table));
        (void)add_of(table, other, number++, FLOW_LIST_LIVE, 4 * NS_PER_S);
    }
    flow_table_free(table);
}

/* 4,000 sources with a flow each come and go in a table of 256: what a source had is forgotten with its last flow, and
 * its place taken by another. */
static void sources_come_and_go(void **state) {
    (void)state;
    enum { CAPACITY = 256 };
    char text[IP_TEXT_BYTES];
    struct flow *flows[CAPACITY] = {NULL};
    struct flow_table *table = flow_table_new(CAPACITY, key);
    size_t const memory = flow_table_memory_bytes(table);
    for (unsigned i = 0; i < 4000; i++) {
        struct flow **place = &flows[i * 7 % CAPACITY];
        if (*place != NULL) flow_table_remove(table, *place);
        *place = add_of(table, numbered(text, i), 1, i % 3 == 0 ? FLOW_LIST_CLOSED : FLOW_LIST_LIVE, 0);
    }
    for (unsigned i = 0; i < CAPACITY; i++) flow_table_remove(table, flows[i]);
    assert_int_equal(flow_table_memory_bytes(table), memory);
    for (unsigned i = 1; i <= 171; i++) { /* as in a new one */
        assert_null(victim(table));
        (void)add(table, i, FLOW_LIST_LIVE, (nstime)i * NS_PER_S);
    }
    assert_int_equal(victim(table)->client.port, 1);
    flow_table_free(table);
}

/* Where nobody has much, the longest idle one of all gives way: here 256 / 64 is less than 16. */
static void many_sources_are_no_one_source(void **state) {
    (void)state;
    enum { CAPACITY = 256, SOURCES = 16 };
    char text[IP_TEXT_BYTES];
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < CAPACITY; i++) {
        struct flow *made = victim_for(table, numbered(text, i % SOURCES));
        assert_null(made);
        (void)add_of(table, text, 100 + i, FLOW_LIST_LIVE, (nstime)(i + 1) * NS_PER_S);
    }
    assert_int_equal(victim_for(table, "10.1.0.0")->client.port, 100);
    flow_table_free(table);
}

/* A source's handshakes that nobody answers take nothing from its conversations, nor from others' handshakes. */
static void young_flows_make_room_for_young_ones(void **state) {
    (void)state;
    enum { CAPACITY = 256 };
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < 20; i++) (void)add(table, 1 + i, FLOW_LIST_LIVE, 0);
    (void)add_of(table, "192.0.2.9", 1, FLOW_LIST_SILENT, 0);
    unsigned number = 1000;
    for (; victim(table) == NULL; number++) (void)add(table, number, FLOW_LIST_SILENT, (nstime)number);
    assert_int_equal(number - 1000, 128); /* with the other's more than half of the table */
    assert_int_equal(victim(table)->client.port, 1000);
    assert_int_equal(victim_for(table, "192.0.2.9")->client.port, 1); /* for another's the oldest of all */
    flow_table_free(table);
}

/* Of 64 places 16 are for weak flows.  A source that has more than half of these makes room among its own, however old
 * others' are. */
static void weak_flows_of_one_source(void **state) {
    (void)state;
    struct flow_table *table = flow_table_new(64, key);
    for (unsigned i = 0; i < 8; i++) (void)add_other(table, 100 + i, FLOW_LIST_WEAK, i);
    for (unsigned i = 0; i < 9; i++) (void)add(table, 1 + i, FLOW_LIST_WEAK, 50 + i);
    assert_int_equal(victim(table)->client.port, 1);
    assert_int_equal(victim_for(table, "10.1.0.0")->client.port, 100); /* for another's the oldest of all */
    flow_table_remove(table, victim(table));
    (void)add_other(table, 108, FLOW_LIST_WEAK, 60);
    assert_int_equal(victim(table)->client.port, 100); /* it has no more than half of them now */
    flow_table_free(table);
}

/* A full table: who has more than his due gives way, though others are idle for longer.  64 of all shares are looked at
 * in one go. */
static void the_heaviest_share_gives_way(void **state) {
    (void)state;
    enum { CAPACITY = 256, HEAVY = 100 };
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < CAPACITY - HEAVY; i++) (void)add_other(table, 1000 + i, FLOW_LIST_LIVE, i);
    for (unsigned i = 0; i < HEAVY; i++) (void)add(table, 1 + i, FLOW_LIST_LIVE, 500 + i);
    for (unsigned i = 0; i < CAPACITY / 64; i++) assert_non_null(victim_for(table, "10.1.0.0"));
    assert_int_equal(victim_for(table, "10.1.0.0")->client.port, 1);
    flow_table_free(table);
}

/* Foreign flows have a quarter of the table as long as there is room, and nothing but that. */
static void foreign_flows_take_nothing(void **state) {
    (void)state;
    enum { CAPACITY = 64 };
    char text[IP_TEXT_BYTES];
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < CAPACITY / 4; i++) {
        assert_null(victim_for(table, NULL));
        (void)add_of(table, "203.0.113.1", 1 + i, i % 2 == 0 ? FLOW_LIST_FOREIGN : FLOW_LIST_FOREIGN_QUEUED, i);
    }
    assert_int_equal(victim_for(table, NULL)->client.port, 1);
    for (unsigned i = 0; i < CAPACITY - CAPACITY / 4; i++) {
        assert_null(victim_for(table, numbered(text, i)));
        (void)add_of(table, text, 100, i % 2 == 0 ? FLOW_LIST_LIVE : FLOW_LIST_WEAK, i);
        if (i % 2 == 1) flow_table_move(table, flow_table_oldest(table, FLOW_LIST_WEAK), FLOW_LIST_LIVE, i);
    }
    for (unsigned i = 0; i < CAPACITY / 4; i++) { /* full: they go first, whoever comes */
        struct flow *first = victim_for(table, numbered(text, 100 + i));
        assert_int_equal(first->client.port, 1 + i);
        assert_ptr_equal(victim_for(table, NULL), first);
        flow_table_remove(table, first);
        (void)add_of(table, text, 100, FLOW_LIST_LIVE, 100);
    }
    assert_true(flow_table_is_full(table));
    assert_null(victim_for(table, NULL)); /* there is no place for one */
    flow_table_free(table);
}

/* A full table keeps one in 32 of each kind that is not proven yet. */
static void who_begins_is_kept(void **state) {
    (void)state;
    enum { CAPACITY = 64 };
    char text[IP_TEXT_BYTES];
    struct flow_table *table = flow_table_new(CAPACITY, key);
    for (unsigned i = 0; i < 2; i++) (void)add_of(table, numbered(text, i), 1 + i, FLOW_LIST_SILENT, 0);
    for (unsigned i = 2; i < 4; i++) (void)add_of(table, numbered(text, i), 1 + i, FLOW_LIST_WEAK, 0);
    for (unsigned i = 4; i < CAPACITY; i++) (void)add_of(table, numbered(text, i), 1 + i, FLOW_LIST_LIVE, i);
    assert_int_equal(victim_for(table, "10.1.0.0")->client.port, 5);
    flow_table_remove(table, victim_for(table, "10.1.0.0"));
    (void)add_of(table, "10.1.0.0", 99, FLOW_LIST_SILENT, 100);
    assert_int_equal(victim_for(table, "10.1.0.1")->client.port, 1);
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
    flow.share = FLOW_NONE; /* whatever is said there */
    assert_false(flow_is_proven(&flow));
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
            (void)flow_table_add(table, &client, &server, 0, 0);
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
        (void)flow_table_add(known, &client, &server, 0, 0);
        (void)flow_table_add(other, &client, &server, 0, 0);
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
            known[port] = flow_table_add(table, &client, &server, (uint16_t)(port % 3), (nstime)step);
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
        cmocka_unit_test(the_hash_is_siphash13),
        cmocka_unit_test(the_same_port_on_both_sides),
        cmocka_unit_test(lists_are_in_order_of_age),
        cmocka_unit_test(who_makes_room),
        cmocka_unit_test(closed_flows_make_room_first),
        cmocka_unit_test(reset_flows_make_room),
        cmocka_unit_test(whole_handshakes_stay_longer),
        cmocka_unit_test(used_up_and_used_again),
        cmocka_unit_test(who_shares_a_share),
        cmocka_unit_test(a_source_makes_room_for_itself),
        cmocka_unit_test(a_neighbour_is_unharmed),
        cmocka_unit_test(sources_come_and_go),
        cmocka_unit_test(many_sources_are_no_one_source),
        cmocka_unit_test(young_flows_make_room_for_young_ones),
        cmocka_unit_test(foreign_flows_take_nothing),
        cmocka_unit_test(who_begins_is_kept),
        cmocka_unit_test(weak_flows_make_room_for_themselves),
        cmocka_unit_test(weak_flows_of_one_source),
        cmocka_unit_test(the_heaviest_share_gives_way),
        cmocka_unit_test(both_sides_make_a_conversation),
        cmocka_unit_test(chains_stay_short),
        cmocka_unit_test(collisions_are_of_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
