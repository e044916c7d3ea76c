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
    assert_int_equal(stream_native.flows_untold(b->engine), 0); /* nobody has said anything */
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    assert_int_equal(stream_native.flows_untold(b->engine), 1);
    hear(b, at(b, SIDE_CLIENT, 3, "LO")); /* what waits is told at the end */
    pass_time(b, &b->talk, LIMIT_HOLE_UNCERTAIN_S - 1);
    HEARD(b, "open s:220");
    pass_time(b, &b->talk, 6);
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, LIMIT_FLOW_IDLE_S - 6); /* since the hole was given up */
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, 6);
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    assert_int_equal(stream_native.flows_untold(b->engine), 0);
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

/* --- an end without time -------------------------------------------------------------------------------------------
 */

struct patience {
    unsigned looks, until; /* the look at which time is up */
};

static bool on_look(void *context) {
    struct patience *patience = context;
    return ++patience->looks >= patience->until;
}

/* So many connections with a greeting, and a byte that waits behind a hole of one. */
static void open_many(struct bench *b, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        struct talk one = talk_between("192.0.2.1", (uint16_t)(30000 + i), "198.51.100.25", 25);
        handshake(b, &one);
        hear(b, talk_say(&one, SIDE_SERVER, "220"));
        talk_lose(&one, SIDE_SERVER, 1);
        hear(b, talk_say(&one, SIDE_SERVER, "x"));
        talk_free(&one);
    }
}

/* A bench whose engine is told at this look that time is up. */
static void hurry(struct bench *b, struct patience *patience) {
    stream_native.destroy(b->engine);
    b->settings.flows_max = 1024;
    b->settings.time_is_up = on_look;
    b->settings.time_context = patience;
    b->engine = stream_native.create(&b->settings, &b->listener, &b->counters);
    assert_non_null(b->engine);
}

/* What is left when time is up is counted, and no byte of it without a name; what was over has been told. */
static void an_end_without_time(void **state) {
    struct bench *b = *state;
    static struct patience patience = {.until = 1}; /* its engine's end comes behind the test's */
    hurry(b, &patience);
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    goodbye(b, &b->talk);
    open_many(b, 10);
    b->kind->finish(b->engine, STREAM_EOF, b->talk.now);
    assert_int_equal(b->notes.handles, 10); /* of these nothing is told any more */
    b->notes.handles = 0;
    assert_int_equal(b->counters.flows_lost, 10);
    assert_int_equal(b->counters.stream_bytes, 33);
    assert_int_equal(b->counters.unkept_bytes, 10);
    assert_int_equal(b->counters.gaps, 0);
    assert_true(counters_account_for_all_bytes(&b->counters));
}

/* It is asked now and then, and what was closed until then is told. */
static void an_end_with_a_little_time(void **state) {
    struct bench *b = *state;
    static struct patience patience = {.until = 3};
    hurry(b, &patience);
    open_many(b, 500);
    b->kind->finish(b->engine, STREAM_EOF, b->talk.now);
    assert_int_equal(patience.looks, 3);
    assert_true(b->counters.flows_lost > 0 && b->counters.flows_lost < 500);
    assert_int_equal(b->notes.handles, b->counters.flows_lost);
    b->notes.handles = 0;
    assert_int_equal(b->counters.gaps, 500 - b->counters.flows_lost);
    assert_true(counters_account_for_all_bytes(&b->counters));
}

/* A clock that was set back is no end: all is told, however long that takes. */
static void a_clock_set_back_has_time(void **state) {
    struct bench *b = *state;
    static struct patience patience = {.until = 1}; /* its engine's end comes behind the test's */
    hurry(b, &patience);
    open_many(b, 10);
    b->kind->finish(b->engine, STREAM_CLOCK, b->talk.now);
    assert_int_equal(patience.looks, 0);
    assert_int_equal(b->notes.handles, 0);
    assert_int_equal(b->counters.flows_lost, 0);
}

/* --- who shares the table is nobody's time ------------------------------------------------------------------------ */

#define SECONDS(n) (INT64_C(1700000000) * NS_PER_S + (n)*NS_PER_S)

/* Whose server resets it at that time, behind a greeting that was answered. */
static void reset_at(struct bench *b, struct talk *t, nstime time) {
    handshake(b, t);
    hear(b, talk_say(t, SIDE_SERVER, "220"));
    hear(b, talk_say(t, SIDE_CLIENT, "EHLO"));
    t->now = time;
    hear(b, talk_rst(t, SIDE_SERVER));
}

/* One whose packets are stamped a second back stands behind the other in the list, and is due before it. */
static void stamped_back(void **state) {
    struct bench *b = *state;
    struct talk back = talk_between("192.0.2.2", 40000, "198.51.100.25", 25);
    reset_at(b, &b->talk, SECONDS(5));
    reset_at(b, &back, SECONDS(4));
    HEARD(b, "open s:220 c:EHLOopen s:220 c:EHLO");
    b->kind->expire(b->engine, SECONDS(6));
    HEARD(b, "open s:220 c:EHLOopen s:220 c:EHLO");
    b->kind->expire(b->engine, SECONDS(7));
    HEARD(b, "open s:220 c:EHLOopen s:220 c:EHLO c!RST s!RST close;");
    b->kind->expire(b->engine, SECONDS(8));
    HEARD(b, "open s:220 c:EHLOopen s:220 c:EHLO c!RST s!RST close; c!RST s!RST close;");
    talk_free(&back);
}

/* One that a reset has closed is known for a minute from then on, whoever was closed before. */
static void reset_and_known(void **state) {
    struct bench *b = *state;
    struct talk other = talk_between("192.0.2.2", 40000, "198.51.100.25", 25);
    reset_at(b, &b->talk, SECONDS(5));
    handshake(b, &other);
    other.now = SECONDS(7);
    other.step = 0;
    goodbye(b, &other);
    b->kind->expire(b->engine, SECONDS(8));
    HEARD(b, "open s:220 c:EHLO c!RST s!RST close;");
    b->kind->expire(b->engine, SECONDS(66));
    assert_int_equal(stream_native.flows_open(b->engine), 2);
    assert_int_equal(stream_native.flows_untold(b->engine), 0);
    b->kind->expire(b->engine, SECONDS(67));
    assert_int_equal(stream_native.flows_open(b->engine), 1);
    b->kind->expire(b->engine, SECONDS(68));
    assert_int_equal(stream_native.flows_open(b->engine), 0);
    talk_free(&other);
}

#define T(f) cmocka_unit_test_setup_teardown(f, native_setup, native_teardown)

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(in_order),
        T(ipv6),
        T(idle_flows_end),
        T(a_greeting_may_be_slow),
        T(enough_is_enough),
        T(enough_of_a_gap),
        T(unwanted),
        T(an_end_without_time),
        T(an_end_with_a_little_time),
        T(a_clock_set_back_has_time),
        T(stamped_back),
        T(reset_and_known),
    };
    return scripts_run_with(&stream_native, tests, sizeof tests / sizeof *tests);
}
