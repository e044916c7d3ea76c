/* stream_native: what the listener hears, worked out by hand from the segments sent.  The randomised part makes a
 * conversation, spoils its segments, and holds what was heard against the original.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/config.h"
#include "mailspan/limits.h"
#include "packets.h"

/* --- a listener that writes down what it hears: "open c:text s:text c~gap c!FIN s!FIN close;" -------------------- */

struct notes {
    char text[65536];
    size_t len;
    unsigned handles;      /* opened and not closed */
    bool unwanted;         /* open answers NULL */
    unsigned enough_after; /* the n-th data or gap is answered ENOUGH; 0: never */
    unsigned heard;
    enum stream_side last_side;
    bool last_data;
    struct stream_info info;
};

static void note(struct notes *n, const char *text) {
    size_t const len = strlen(text);
    assert_true(n->len + len < sizeof n->text);
    memcpy(n->text + n->len, text, len + 1);
    n->len += len;
}

static void *on_open(void *context, const struct stream_info *info) {
    struct notes *n = context;
    n->info = *info;
    n->last_data = false;
    if (n->unwanted) {
        note(n, "no;");
        return NULL;
    }
    n->handles++;
    note(n, "open");
    return n;
}

static enum stream_interest answer(struct notes *n) {
    return ++n->heard == n->enough_after ? STREAM_ENOUGH : STREAM_GO_ON;
}

static enum stream_interest on_bytes(void *context, void *handle, enum stream_side side, struct span bytes,
                                     uint32_t unread, nstime now) {
    (void)unread;
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(bytes.len > 0 && now > 0);
    char text[8192];
    assert_true(bytes.len < sizeof text - 8);
    bool const goes_on = n->last_data && n->last_side == side; /* cuts do not matter */
    const char *mark = side == SIDE_CLIENT ? " c:" : " s:";
    snprintf(text, sizeof text, "%s%.*s", goes_on ? "" : mark, (int)bytes.len, (const char *)bytes.data);
    note(n, text);
    n->last_data = true;
    n->last_side = side;
    return answer(n);
}

static enum stream_interest on_gap(void *context, void *handle, enum stream_side side, uint64_t length, nstime now) {
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(length > 0 && now > 0);
    char text[64];
    snprintf(text, sizeof text, " %c~%llu", side == SIDE_CLIENT ? 'c' : 's', (unsigned long long)length);
    note(n, text);
    n->last_data = false;
    return answer(n);
}

static enum stream_interest on_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                   nstime now) {
    struct notes *n = context;
    static const char *const names[] = {"FIN", "RST", "TIMEOUT", "EVICTED", "EOF"};
    assert_ptr_equal(handle, n);
    assert_true(now > 0);
    note(n, side == SIDE_CLIENT ? " c!" : " s!");
    note(n, names[reason]);
    n->last_data = false;
    return STREAM_GO_ON;
}

static void on_close(void *context, void *handle, nstime now) {
    struct notes *n = context;
    assert_ptr_equal(handle, n);
    assert_true(now > 0 && n->handles > 0);
    n->handles--;
    note(n, " close;");
    n->last_data = false;
}

struct bench {
    struct notes notes;
    struct counters counters;
    uint8_t ports[8192];
    struct stream_settings settings;
    struct stream_listener listener;
    struct stream_engine *engine;
    struct talk talk;
};

static void bench_start(struct bench *b, size_t flows) {
    b->settings = (struct stream_settings){.flows_max = flows, .mail_ports = b->ports};
    b->listener = (struct stream_listener){
        .context = &b->notes, .open = on_open, .data = on_bytes, .gap = on_gap, .end = on_end, .close = on_close};
    port_set(b->ports, 25);
    b->engine = stream_native.create(&b->settings, &b->listener, &b->counters);
    assert_non_null(b->engine);
    b->talk = talk_between("192.0.2.1", 40000, "198.51.100.25", 25);
}

static int setup(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    bench_start(b, 64);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    struct bench *b = *state;
    stream_native.finish(b->engine, b->talk.now);
    assert_int_equal(b->notes.handles, 0);
    assert_true(counters_account_for_all_bytes(&b->counters));
    stream_native.destroy(b->engine);
    talk_free(&b->talk);
    free(b);
    return 0;
}

static void hear(struct bench *b, struct packet packet) {
    stream_native.packet(b->engine, &packet);
}

static void handshake(struct bench *b, struct talk *t) {
    hear(b, talk_syn(t));
    hear(b, talk_syn_ack(t));
    hear(b, talk_ack(t, SIDE_CLIENT));
}

static void goodbye(struct bench *b, struct talk *t) {
    hear(b, talk_fin(t, SIDE_CLIENT));
    hear(b, talk_fin(t, SIDE_SERVER));
    hear(b, talk_ack(t, SIDE_CLIENT));
}

static void pass_time(struct bench *b, struct talk *t, int64_t seconds) {
    for (int64_t i = 0; i < seconds; i++) {
        t->now += NS_PER_S;
        stream_native.expire(b->engine, t->now);
    }
}

static void acks(struct bench *b, struct talk *t, enum stream_side side, unsigned count) {
    for (unsigned i = 0; i < count; i++) hear(b, talk_ack(t, side));
}

static void finish(struct bench *b) {
    stream_native.finish(b->engine, b->talk.now);
    assert_int_equal(b->notes.handles, 0);
}

#define HEARD(b, expected) assert_string_equal((b)->notes.text, expected)

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
    finish(b);
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

static void sequence_numbers_wrap(void **state) {
    struct bench *b = *state;
    b->talk.next[SIDE_CLIENT] = UINT32_MAX - 3;
    b->talk.next[SIDE_SERVER] = UINT32_MAX;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    struct packet const first = talk_say(&b->talk, SIDE_CLIENT, "EHLO");
    struct packet const second = talk_say(&b->talk, SIDE_CLIENT, "MAIL");
    hear(b, second);
    hear(b, first);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "RCPT"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 c:EHLOMAILRCPT c!FIN s!FIN close;");
    assert_int_equal(b->counters.gaps, 0);
}

static void every_packet_twice(void **state) {
    struct bench *b = *state;
    struct packet all[8];
    size_t n = 0;
    all[n++] = talk_syn(&b->talk);
    all[n++] = talk_syn_ack(&b->talk);
    all[n++] = talk_ack(&b->talk, SIDE_CLIENT);
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "220");
    all[n++] = talk_say(&b->talk, SIDE_CLIENT, "EHLO");
    all[n++] = talk_fin(&b->talk, SIDE_CLIENT);
    all[n++] = talk_fin(&b->talk, SIDE_SERVER);
    all[n++] = talk_ack(&b->talk, SIDE_CLIENT);
    for (size_t i = 0; i < n; i++) {
        hear(b, all[i]);
        hear(b, all[i]);
    }
    HEARD(b, "open s:220 c:EHLO c!FIN s!FIN close;");
    assert_int_equal(b->counters.duplicate_bytes, 7);
    assert_int_equal(b->counters.flows, 1);
    assert_int_equal(b->counters.segment_outside, 0);
}

static void keep_alives_and_empty_segments(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_SERVER, 0, "220"));
    b->talk.next[SIDE_SERVER] += 3;
    hear(b, at(b, SIDE_SERVER, 2, ""));
    hear(b, at(b, SIDE_SERVER, 2, "x")); /* a keep-alive with a byte of rubbish */
    hear(b, at(b, SIDE_SERVER, 3, ""));
    hear(b, at(b, SIDE_SERVER, 3, "\n"));
    b->talk.next[SIDE_SERVER] += 1;
    goodbye(b, &b->talk);
    HEARD(b, "open s:220\n c!FIN s!FIN close;");
}

/* --- out of order ------------------------------------------------------------------------------------------------ */

static void late_segments_are_waited_for(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_CLIENT, 6, "ef"));
    hear(b, at(b, SIDE_CLIENT, 4, "cd"));
    HEARD(b, "");
    hear(b, at(b, SIDE_CLIENT, 0, "wxab"));
    HEARD(b, "open c:wxabcdef");
    assert_int_equal(b->counters.gaps, 0);
}

/* The server's acknowledgements come before the segment, 20 packets before. */
static void a_segment_20_places_late(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    struct packet const late = talk_say(&b->talk, SIDE_CLIENT, "a");
    for (unsigned i = 0; i < 20; i++)
        hear(b, i % 2 == 0 ? talk_say(&b->talk, SIDE_CLIENT, "b") : talk_ack(&b->talk, SIDE_SERVER));
    HEARD(b, "");
    hear(b, late);
    HEARD(b, "open c:abbbbbbbbbb");
    assert_int_equal(b->counters.gaps, 0);
}

static void neighbours_swapped_everywhere(void **state) {
    struct bench *b = *state;
    struct packet all[12];
    size_t n = 0;
    all[n++] = talk_syn(&b->talk);
    all[n++] = talk_syn_ack(&b->talk);
    all[n++] = talk_ack(&b->talk, SIDE_CLIENT);
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "220");
    all[n++] = talk_say(&b->talk, SIDE_CLIENT, "EHLO");
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "250");
    all[n++] = talk_say(&b->talk, SIDE_CLIENT, "QUIT");
    all[n++] = talk_say(&b->talk, SIDE_SERVER, "221");
    all[n++] = talk_fin(&b->talk, SIDE_SERVER);
    all[n++] = talk_fin(&b->talk, SIDE_CLIENT);
    for (size_t swap = 0; swap + 1 < n; swap++) {
        b->notes.len = 0;
        b->notes.text[0] = '\0';
        for (size_t i = 0; i < n; i++) hear(b, all[i == swap ? i + 1 : i == swap + 1 ? i - 1 : i]);
        bool const fins = swap + 2 == n;
        HEARD(b, fins ? "open s:220 c:EHLO s:250 c:QUIT s:221 c!FIN s!FIN close;"
                      : "open s:220 c:EHLO s:250 c:QUIT s:221 s!FIN c!FIN close;");
        finish(b);
        assert_int_equal(b->counters.gaps, 0);
    }
}

/* --- retransmissions and overlaps -------------------------------------------------------------------------------- */

static void retransmitted(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_CLIENT, 0, "abcd"));
    hear(b, at(b, SIDE_CLIENT, 0, "abcd"));
    hear(b, at(b, SIDE_CLIENT, 2, "cdef"));
    HEARD(b, "open c:abcdef");
    assert_int_equal(b->counters.duplicate_bytes, 6);
    assert_int_equal(b->counters.overlap_conflict, 0);
}

static void overlaps_in_the_queue(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, at(b, SIDE_CLIENT, 4, "ef"));       /* ....ef      */
    hear(b, at(b, SIDE_CLIENT, 8, "ij"));       /* ....ef..ij  */
    hear(b, at(b, SIDE_CLIENT, 3, "defghijk")); /* over both, equal: ...defghijk */
    assert_int_equal(b->counters.overlap_conflict, 0);
    hear(b, at(b, SIDE_CLIENT, 9, "JKL"));             /* j and k differ: the first copies stay; l is new */
    assert_int_equal(b->counters.overlap_conflict, 2); /* in two pieces */
    hear(b, at(b, SIDE_CLIENT, 0, "abcDE"));
    HEARD(b, "open c:abcdefghijkL");
    assert_int_equal(b->counters.overlap_conflict, 4); /* D, E */
}

/* --- holes ------------------------------------------------------------------------------------------------------- */

static void a_hole_is_declared_after_its_grace(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "ab"));
    talk_lose(&b->talk, SIDE_CLIENT, 123);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "yz"));
    acks(b, &b->talk, SIDE_SERVER, LIMIT_HOLE_GRACE_SEGMENTS - 1);
    HEARD(b, "open c:ab");
    acks(b, &b->talk, SIDE_SERVER, 1);
    HEARD(b, "open c:ab c~123 c:yz");
    assert_int_equal(b->counters.gaps, 1);
    assert_int_equal(b->counters.gap_bytes, 123);
    finish(b);
    HEARD(b, "open c:ab c~123 c:yz c!EOF s!EOF close;");
}

static void a_hole_that_is_not_acknowledged_waits(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, at(b, SIDE_CLIENT, 4, "efgh"));
    struct packet const ack = talk_segment(&b->talk, SIDE_SERVER, 5004, 1001, TCP_ACK, SPAN_EMPTY);
    for (unsigned i = 0; i < 100; i++) hear(b, ack);
    pass_time(b, &b->talk, 20);
    HEARD(b, "open s:220");
    hear(b, at(b, SIDE_CLIENT, 0, "abcd")); /* the sender's timer has doubled a few times */
    HEARD(b, "open s:220 c:abcdefgh");
}

static void a_hole_ends_by_time(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    talk_lose(&b->talk, SIDE_CLIENT, 6);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250")); /* answers what was lost */
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S - 1);
    HEARD(b, "open s:220");
    pass_time(b, &b->talk, 5);
    HEARD(b, "open s:220 c~6 s:250");
}

/* One segment in four is lost: the second hole does not begin to wait when the first is given up. */
static void holes_age_side_by_side(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    for (unsigned i = 0; i < 2000; i++) {
        if (i % 4 == 0)
            talk_lose(&b->talk, SIDE_CLIENT, 10);
        else
            hear(b, talk_say(&b->talk, SIDE_CLIENT, "x"));
        if (i % 2 == 0) hear(b, talk_ack(&b->talk, SIDE_SERVER));
    }
    finish(b);
    assert_int_equal(b->counters.segment_pool_full, 0);
    assert_int_equal(b->counters.gaps, 500);
    assert_int_equal(b->counters.gap_bytes, 5000);
    assert_int_equal(b->counters.stream_bytes, 1500);
}

static void a_snapped_payload_is_a_gap(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_SERVER, "220 mx.example"), 3));
    HEARD(b, "open s:220 s~11");
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_CLIENT, "EHLO"), 0));
    HEARD(b, "open s:220 s~11 c~4");
    struct packet const first = talk_snapped(talk_say(&b->talk, SIDE_SERVER, "250 one"), 0);
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_SERVER, "250 two"), 3));
    hear(b, first);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "!"));
    HEARD(b, "open s:220 s~11 c~4 s~7 s:250 s~4 s:!");
    assert_int_equal(b->counters.gap_bytes, 11 + 4 + 7 + 4);
}

/* What one capture cut off another copy may bring, in part. */
static void a_snapped_segment_and_a_whole_copy(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_snapped(at(b, SIDE_CLIENT, 4, "efghijkl"), 2));
    hear(b, at(b, SIDE_CLIENT, 8, "ij"));
    hear(b, at(b, SIDE_CLIENT, 12, "mn"));
    hear(b, at(b, SIDE_CLIENT, 0, "abcd"));
    b->talk.next[SIDE_CLIENT] = 1001 + 14;
    finish(b);
    HEARD(b, "open c:abcdef c~2 c:ij c~2 c:mn c!EOF s!EOF close;");
}

/* --- cause before effect ----------------------------------------------------------------------------------------- */

static void a_reply_waits_for_its_command(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    struct packet const command = talk_say(&b->talk, SIDE_CLIENT, "EHLO");
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    HEARD(b, "open s:220");
    hear(b, command);
    HEARD(b, "open s:220 c:EHLO s:250");
}

/* DATA is lost.  The reply 354 comes behind the gap that stands for it, although the client acknowledges the reply. */
static void a_reply_waits_for_the_gap_of_its_command(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    talk_lose(&b->talk, SIDE_CLIENT, 6);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "354"));
    for (unsigned i = 0; i < 40; i++) hear(b, talk_say(&b->talk, SIDE_CLIENT, "x"));
    HEARD(b, "open s:220 c~6 s:354 c:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

/* Commands and replies by turns are captured with all of one side first. */
static void one_direction_comes_first(void **state) {
    struct bench *b = *state;
    struct packet client[8];
    struct packet server[8];
    handshake(b, &b->talk);
    for (unsigned i = 0; i < 8; i++) {
        char text[2] = {(char)('0' + i), '\0'};
        server[i] = talk_say(&b->talk, SIDE_SERVER, text);
        client[i] = talk_say(&b->talk, SIDE_CLIENT, text);
    }
    for (unsigned i = 0; i < 8; i++) hear(b, client[i]);
    for (unsigned i = 0; i < 8; i++) hear(b, server[i]);
    HEARD(b, "open s:0 c:0 s:1 c:1 s:2 c:2 s:3 c:3 s:4 c:4 s:5 c:5 s:6 c:6 s:7 c:7");
}

/* The command's first copy was not captured; its retransmission acknowledges the reply to it. */
static void a_knot_is_untied_in_the_right_order(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    talk_lose(&b->talk, SIDE_CLIENT, 4);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    hear(b, at(b, SIDE_CLIENT, 0, "EHLO"));
    HEARD(b, "open s:220 c:EHLO s:250");
}

static void an_acknowledgement_beyond_reason_is_not_believed(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1001, 5004 + (1u << 30) + 1, TCP_ACK, SPAN_LITERAL("EHLO")));
    HEARD(b, "open s:220 c:EHLO");
    assert_int_equal(b->counters.gaps, 0);
}

/* --- ends -------------------------------------------------------------------------------------------------------- */

static void fin_with_data_out_of_order(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    struct packet const data = talk_say(&b->talk, SIDE_CLIENT, "QU");
    struct packet const fin = talk_send(&b->talk, SIDE_CLIENT, TCP_FIN | TCP_ACK, SPAN_LITERAL("IT"));
    hear(b, fin);
    HEARD(b, "");
    hear(b, data);
    HEARD(b, "open c:QUIT c!FIN");
    hear(b, talk_send(&b->talk, SIDE_SERVER, TCP_FIN | TCP_ACK, SPAN_LITERAL("221")));
    HEARD(b, "open c:QUIT c!FIN s:221 s!FIN close;");
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    hear(b, fin);
    hear(b, data);
    finish(b);
    HEARD(b, "open c:QUIT c!FIN s:221 s!FIN close;");
}

/* A side may be done before the other has said its first word. */
static void a_fin_before_the_first_byte(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_fin(&b->talk, SIDE_CLIENT));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_fin(&b->talk, SIDE_SERVER));
    HEARD(b, "open c!FIN s:220 s!FIN close;");
}

static void a_lost_fin_is_known_by_its_acknowledgement(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "QUIT"));
    talk_lose(&b->talk, SIDE_CLIENT, 1); /* its FIN */
    hear(b, talk_ack(&b->talk, SIDE_SERVER));
    hear(b, talk_fin(&b->talk, SIDE_SERVER));
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    HEARD(b, "open c:QUIT s!FIN");
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 1);
    HEARD(b, "open c:QUIT s!FIN c!FIN close;");
    assert_int_equal(b->counters.gaps, 0);
}

static void data_lost_before_a_fin(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "QUIT"));
    talk_lose(&b->talk, SIDE_CLIENT, 10);
    hear(b, talk_fin(&b->talk, SIDE_CLIENT));
    hear(b, talk_ack(&b->talk, SIDE_SERVER));
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 1);
    HEARD(b, "open c:QUIT c~10 c!FIN");
}

static void a_reset_counts_when_silence_follows(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "QUIT"));
    hear(b, talk_rst(&b->talk, SIDE_SERVER));
    HEARD(b, "open c:QUIT");
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 1);
    HEARD(b, "open c:QUIT c!RST s!RST close;");
    assert_int_equal(b->counters.flow_idle, 0);
}

static void a_reset_at_the_end_of_the_capture(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "QUIT"));
    hear(b, talk_rst(&b->talk, SIDE_SERVER));
    finish(b);
    HEARD(b, "open c:QUIT c!RST s!RST close;");
}

/* What was under way from the other side when the reset was sent does not undo it. */
static void data_of_the_other_side_does_not_undo_a_reset(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_rst(&b->talk, SIDE_CLIENT));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 1);
    HEARD(b, "open s:220250 c!RST s!RST close;");
}

/* Forged, or with too short a life to reach the server, exact or not: the dialogue goes on. */
static void a_reset_that_its_sender_ignores_is_none(void **state) {
    for (uint32_t off = 0; off <= 7; off += 7) {
        struct bench *b = *state;
        b->notes.len = 0;
        b->talk.peer[SIDE_CLIENT].port++;
        b->talk.next[SIDE_CLIENT] = 1000;
        b->talk.next[SIDE_SERVER] = 5000;
        handshake(b, &b->talk);
        hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
        hear(b, talk_segment(&b->talk, SIDE_CLIENT, b->talk.next[SIDE_CLIENT] + off, 0, TCP_RST, SPAN_EMPTY));
        pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S - 1);
        hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
        pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 5);
        hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
        goodbye(b, &b->talk);
        HEARD(b, "open c:EHLOMAIL s:250 c!FIN s!FIN close;");
    }
}

/* Late data of the reset's sender, sent before the reset, does not undo it either. */
static void late_data_does_not_undo_a_reset(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    struct packet const late = talk_say(&b->talk, SIDE_CLIENT, "QUIT");
    struct packet const reset = talk_rst(&b->talk, SIDE_CLIENT);
    hear(b, talk_ack(&b->talk, SIDE_SERVER));
    hear(b, reset);
    hear(b, late);
    finish(b);
    HEARD(b, "open c:QUIT c!RST s!RST close;");
}

static void bytes_behind_a_fin_are_a_flow_of_their_own(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1005, 5001, TCP_FIN | TCP_ACK, SPAN_EMPTY)); /* never arrives */
    HEARD(b, "open c:EHLO c!FIN");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    HEARD(b, "open c:EHLO c!FIN s!EVICTED close;open c:MAIL s:250");
    assert_true(b->notes.info.midstream);
}

static void a_fin_in_old_bytes_is_none(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1001, 5001, TCP_FIN | TCP_ACK, SPAN_LITERAL("EH")));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1099, 5001, TCP_FIN | TCP_ACK, SPAN_EMPTY)); /* far ahead */
    for (unsigned i = 0; i < 50; i++) hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    goodbye(b, &b->talk);
    assert_int_equal(b->counters.stream_bytes, 204);
    assert_int_equal(b->counters.gaps, 0);
    assert_non_null(strstr(b->notes.text, "MAILMAIL c!FIN s!FIN close;"));
}

/* --- beginnings -------------------------------------------------------------------------------------------------- */

static void a_syn_is_retransmitted(void **state) {
    struct bench *b = *state;
    struct packet const syn = talk_syn(&b->talk);
    hear(b, syn);
    hear(b, syn);
    struct packet const syn_ack = talk_syn_ack(&b->talk);
    hear(b, syn_ack);
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    hear(b, syn_ack);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, syn_ack);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_int_equal(b->counters.flows, 1);
}

static void handshake_segments_are_lost(void **state) {
    for (unsigned lost = 1; lost < 8; lost++) { /* one bit a segment */
        struct bench *b = *state;
        struct talk t = talk_between("192.0.2.7", (uint16_t)(1000 + lost), "198.51.100.25", 25);
        b->notes.len = 0;
        struct packet const opening[3] = {talk_syn(&t), talk_syn_ack(&t), talk_ack(&t, SIDE_CLIENT)};
        for (unsigned i = 0; i < 3; i++)
            if ((lost >> i & 1) == 0) hear(b, opening[i]);
        hear(b, talk_say(&t, SIDE_SERVER, "220"));
        hear(b, talk_say(&t, SIDE_CLIENT, "EHLO"));
        goodbye(b, &t);
        HEARD(b, "open s:220 c:EHLO c!FIN s!FIN close;");
        assert_int_equal(b->notes.info.client.port, 1000 + lost);
        assert_int_equal(b->notes.info.midstream, (lost & 3) == 3);
        assert_int_equal(b->counters.gaps, 0);
        talk_free(&t);
    }
}

static void picked_up_in_the_middle(void **state) {
    struct bench *b = *state;
    talk_lose(&b->talk, SIDE_CLIENT, 5000);
    talk_lose(&b->talk, SIDE_SERVER, 700);
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    HEARD(b, "");
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL"));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    HEARD(b, "open c:MAIL s:250");
    assert_true(b->notes.info.midstream);
    assert_int_equal(b->notes.info.server.port, 25);
    assert_int_equal(b->counters.gaps, 0);
}

static void simultaneous_open(void **state) {
    struct bench *b = *state;
    hear(b, talk_syn(&b->talk));
    hear(b, talk_segment(&b->talk, SIDE_SERVER, 5000, 0, TCP_SYN, SPAN_EMPTY));
    b->talk.next[SIDE_SERVER] = 5001;
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1000, 5001, TCP_SYN | TCP_ACK, SPAN_EMPTY));
    hear(b, talk_segment(&b->talk, SIDE_SERVER, 5000, 1001, TCP_SYN | TCP_ACK, SPAN_EMPTY));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 c:EHLO c!FIN s!FIN close;");
}

/* RFC 7413: data in the SYN; a server that does not take it gets it again. */
static void data_in_the_syn(void **state) {
    struct bench *b = *state;
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 1000, 0, TCP_SYN, SPAN_LITERAL("EHLO")));
    b->talk.next[SIDE_CLIENT] = 1001;
    hear(b, talk_syn_ack(&b->talk));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open c:EHLO s:220");
}

static void only_the_client_is_seen(void **state) {
    struct bench *b = *state;
    hear(b, talk_syn(&b->talk));
    talk_lose(&b->talk, SIDE_SERVER, 1);
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    talk_lose(&b->talk, SIDE_SERVER, 20);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    pass_time(b, &b->talk, 30); /* nothing was opened yet: the flow is weak */
    talk_lose(&b->talk, SIDE_SERVER, 40);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "MAIL")); /* the mirror is one-sided: nothing more is waited for */
    HEARD(b, "open s~20 c:EHLO s~40 c:MAIL");
    talk_lose(&b->talk, SIDE_CLIENT, 4);
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "DATA"));
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 2); /* no server says whether the lost bytes arrived */
    HEARD(b, "open s~20 c:EHLO s~40 c:MAIL c~4 c:DATA");
}

static void only_the_server_is_seen(void **state) {
    struct bench *b = *state;
    talk_lose(&b->talk, SIDE_CLIENT, 1);
    hear(b, talk_syn_ack(&b->talk));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    talk_lose(&b->talk, SIDE_CLIENT, 4);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "250"));
    pass_time(b, &b->talk, LIMIT_HOLE_GRACE_S + 1);
    talk_lose(&b->talk, SIDE_CLIENT, 5);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "354"));
    HEARD(b, "open s:220 c~4 s:250 c~5 s:354");
    assert_int_equal(b->notes.info.client.port, 40000);
    /* the same ports again */
    hear(b, talk_segment(&b->talk, SIDE_SERVER, 900000, 70001, TCP_SYN | TCP_ACK, SPAN_EMPTY));
    hear(b, talk_segment(&b->talk, SIDE_SERVER, 900001, 70001, TCP_ACK, SPAN_LITERAL("220")));
    HEARD(b, "open s:220 c~4 s:250 c~5 s:354 c!EVICTED s!EVICTED close;open s:220");
}

/* --- ports used again -------------------------------------------------------------------------------------------- */

static void start_again(struct bench *b, uint32_t client, uint32_t server) {
    b->talk.next[SIDE_CLIENT] = client;
    b->talk.next[SIDE_SERVER] = server;
}

static void ports_are_used_again(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    goodbye(b, &b->talk);
    start_again(b, 7770000, 8880000);
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open s:220 c!FIN s!FIN close;open s:220");
    start_again(b, 99770000, 98880000); /* while it is open */
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    HEARD(b, "open s:220 c!FIN s!FIN close;open s:220 c!EVICTED s!EVICTED close;open s:220");
    assert_int_equal(b->counters.flows, 3);
}

static void ports_are_used_again_and_the_answer_is_lost(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    start_again(b, 99770000, 98880000);
    hear(b, talk_syn(&b->talk));
    talk_lose(&b->talk, SIDE_SERVER, 1);
    hear(b, talk_ack(&b->talk, SIDE_CLIENT));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c!EVICTED s!EVICTED close;open c:EHLO");
    assert_false(b->notes.info.midstream);
}

static void a_forged_syn_ends_nothing(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 123456, 0, TCP_SYN, SPAN_EMPTY)); /* before the first byte */
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 654321, 0, TCP_SYN, SPAN_EMPTY));
    hear(b, talk_segment(&b->talk, SIDE_SERVER, 5004, 1001, TCP_ACK, SPAN_EMPTY)); /* RFC 5961's challenge */
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    goodbye(b, &b->talk);
    HEARD(b, "open s:220 c:EHLO c!FIN s!FIN close;");
}

static void the_answer_tells_which_syn_counts(void **state) {
    struct bench *b = *state;
    hear(b, talk_syn(&b->talk));
    hear(b, talk_segment(&b->talk, SIDE_CLIENT, 123456, 0, TCP_SYN, SPAN_EMPTY)); /* forged */
    hear(b, talk_syn_ack(&b->talk));
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    HEARD(b, "open s:220 c:EHLO");
    assert_int_equal(b->counters.gaps, 0);
}

/* --- limits ------------------------------------------------------------------------------------------------------ */

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

static void the_oldest_live_flow_makes_room(void **state) {
    struct bench *b = *state;
    struct talk talks[65];
    for (unsigned i = 0; i < 65; i++) {
        talks[i] = talk_between("192.0.2.1", (uint16_t)(100 + i), "198.51.100.25", 25);
        talks[i].now += i * NS_PER_S;
        hear(b, talk_say(&talks[i], SIDE_CLIENT, i == 0 ? "first" : "x"));
        if (i == 0) hear(b, talk_segment(&talks[0], SIDE_CLIENT, 1010, 5000, TCP_ACK, SPAN_LITERAL("waits")));
    }
    assert_int_equal(b->counters.flow_evicted, 1);
    assert_non_null(strstr(b->notes.text, " c~5 c:waits c!EVICTED s!EVICTED close;")); /* nothing is lost silently */
    for (unsigned i = 0; i < 65; i++) talk_free(&talks[i]);
    finish(b);
}

static void idle_flows_end(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, at(b, SIDE_CLIENT, 3, "LO")); /* what waits is told at the end */
    pass_time(b, &b->talk, LIMIT_HOLE_UNCERTAIN_S - 1);
    HEARD(b, "open s:220");
    pass_time(b, &b->talk, 6);
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, LIMIT_FLOW_IDLE_S - LIMIT_HOLE_UNCERTAIN_S - 6);
    HEARD(b, "open s:220 c~3 c:LO");
    pass_time(b, &b->talk, 3);
    HEARD(b, "open s:220 c~3 c:LO c!TIMEOUT s!TIMEOUT close;");
    assert_int_equal(b->counters.flow_idle, 1);
}

/* The peer never acknowledges what is missing, and both go on talking. */
static void a_hole_that_nobody_fills(void **state) {
    struct bench *b = *state;
    handshake(b, &b->talk);
    hear(b, talk_say(&b->talk, SIDE_SERVER, "220"));
    hear(b, at(b, SIDE_CLIENT, 3, "LO"));
    uint32_t const acknowledged = b->talk.next[SIDE_CLIENT];
    for (unsigned i = 0; i < LIMIT_HOLE_UNCERTAIN_S - 1; i++) {
        pass_time(b, &b->talk, 1);
        hear(b, talk_segment(&b->talk, SIDE_SERVER, b->talk.next[SIDE_SERVER], acknowledged, TCP_ACK, SPAN_EMPTY));
    }
    HEARD(b, "open s:220");
    for (unsigned i = 0; i < 3; i++) {
        pass_time(b, &b->talk, 1);
        hear(b, talk_segment(&b->talk, SIDE_SERVER, b->talk.next[SIDE_SERVER], acknowledged, TCP_ACK, SPAN_EMPTY));
    }
    HEARD(b, "open s:220 c~3 c:LO");
}

/* An enemy's crumbs want twice the pool: his oldest queues are given up, and a swapped pair elsewhere is whole. */
static void crumbs_do_not_fill_the_pool(void **state) {
    static struct bench wide;
    (void)state;
    bench_start(&wide, LIMIT_FLOWS_DEFAULT);
    for (unsigned i = 0; i < 16000; i++) {
        struct talk crumbs = talk_between("192.0.2.1", (uint16_t)(i + 1), "198.51.100.25", 25);
        crumbs.now = wide.talk.now += NS_PER_MS;
        crumbs.step = 0;
        hear(&wide, talk_syn(&crumbs));
        for (uint32_t k = 1; k <= 4; k++)
            hear(&wide, talk_segment(&crumbs, SIDE_CLIENT, 1001 + 3 * k, 5001, TCP_ACK, SPAN_LITERAL("x")));
        talk_free(&crumbs);
        wide.notes.len = 0; /* the text would be long */
    }
    assert_true(wide.counters.queues_given_up > 5000 && wide.counters.queues_given_up < 10000);
    assert_int_equal(wide.counters.segment_pool_full, 0);
    assert_int_equal(wide.counters.flow_evicted, 0);
    struct talk victim = talk_between("192.0.2.2", 7, "198.51.100.25", 25);
    victim.now = wide.talk.now;
    handshake(&wide, &victim);
    wide.notes.len = 0;
    struct packet const late = talk_say(&victim, SIDE_CLIENT, "EH");
    hear(&wide, talk_say(&victim, SIDE_CLIENT, "LO"));
    hear(&wide, late);
    assert_non_null(strstr(wide.notes.text, "open c:EHLO"));
    stream_native.destroy(wide.engine);
    talk_free(&victim);
    talk_free(&wide.talk);
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
    finish(b);
    HEARD(b, "open s:220 c:EH close;");
}

static void enough_of_a_gap(void **state) {
    struct bench *b = *state;
    b->notes.enough_after = 1;
    handshake(b, &b->talk);
    hear(b, talk_snapped(talk_say(&b->talk, SIDE_SERVER, "220"), 0));
    hear(b, talk_say(&b->talk, SIDE_CLIENT, "EHLO"));
    finish(b);
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
    finish(b);
    HEARD(b, "no;");
}

/* More flows with a hole than the pool can hold: all get something, what did not fit is counted and becomes gaps. */
static void the_pool_is_shared(void **state) {
    struct bench *b = *state;
    static struct bench wide;
    (void)b;
    bench_start(&wide, LIMIT_FLOWS_DEFAULT);
    struct talk *talks = calloc(200, sizeof *talks);
    char chunk[1001];
    memset(chunk, 'x', 1000);
    chunk[1000] = '\0';
    for (unsigned i = 0; i < 200; i++) {
        talks[i] = talk_between("192.0.2.1", (uint16_t)(i + 1), "198.51.100.25", 25);
        hear(&wide, talk_say(&talks[i], SIDE_CLIENT, "begin"));
        talk_lose(&talks[i], SIDE_CLIENT, 10);
        for (unsigned k = 0; k < LIMIT_SEGMENTS_PER_FLOW - LIMIT_HOLE_GRACE_SEGMENTS - 1; k++)
            hear(&wide, talk_say(&talks[i], SIDE_CLIENT, chunk));
    }
    assert_true(wide.counters.segment_pool_full > 0);
    struct talk victim = talk_between("192.0.2.2", 7, "198.51.100.25", 25);
    handshake(&wide, &victim);
    wide.notes.len = 0;
    struct packet const late = talk_say(&victim, SIDE_CLIENT, "EH");
    hear(&wide, talk_say(&victim, SIDE_CLIENT, "LO"));
    hear(&wide, late);
    HEARD(&wide, "open c:EHLO");
    wide.notes.unwanted = true; /* the text would be long */
    stream_native.destroy(wide.engine);
    talk_free(&victim);
    talk_free(&wide.talk);
    for (unsigned i = 0; i < 200; i++) talk_free(&talks[i]);
    free(talks);
}

/* --- any conversation, spoilt in any way ------------------------------------------------------------------------- */

#define SPOILT_BYTES 60000
#define SPOILT_PACKETS 4096

static uint32_t random_state;

static uint32_t any(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(random_state >> 4) * below >> 28);
}

struct spoilt {
    uint8_t bytes[2][SPOILT_BYTES];
    uint32_t sent[2];
    uint32_t heard[2]; /* data and gaps */
    uint32_t lost[2];  /* gaps */
    bool ended[2], open, closed, cause_broken;
    struct packet packets[SPOILT_PACKETS];
    uint32_t needs[2][SPOILT_BYTES]; /* how much of the peer's had been sent when this byte was first sent */
    size_t count;
    struct talk talk;
};

static void *spoilt_open(void *context, const struct stream_info *info) {
    struct spoilt *s = context;
    (void)info;
    assert_false(s->open || s->closed);
    s->open = true;
    return s;
}

static enum stream_interest spoilt_data(void *context, void *handle, enum stream_side side, struct span bytes,
                                        uint32_t unread, nstime now) {
    struct spoilt *s = context;
    (void)unread;
    (void)handle;
    (void)now;
    assert_true(s->open && !s->closed && !s->ended[side]);
    assert_true(s->heard[side] + bytes.len <= s->sent[side]);
    assert_memory_equal(s->bytes[side] + s->heard[side], bytes.data, bytes.len);
    if (s->needs[side][s->heard[side]] > s->heard[side_other(side)]) s->cause_broken = true;
    s->heard[side] += (uint32_t)bytes.len;
    return STREAM_GO_ON;
}

static enum stream_interest spoilt_gap(void *context, void *handle, enum stream_side side, uint64_t length,
                                       nstime now) {
    struct spoilt *s = context;
    (void)handle;
    (void)now;
    assert_true(s->open && !s->closed && !s->ended[side]);
    s->heard[side] += (uint32_t)length;
    s->lost[side] += (uint32_t)length;
    assert_true(s->heard[side] <= s->sent[side] + 1); /* a FIN may count */
    return STREAM_GO_ON;
}

static enum stream_interest spoilt_end(void *context, void *handle, enum stream_side side, enum stream_end reason,
                                       nstime now) {
    struct spoilt *s = context;
    (void)handle;
    (void)reason;
    (void)now;
    assert_true(s->open && !s->closed && !s->ended[side]);
    s->ended[side] = true;
    return STREAM_GO_ON;
}

static void spoilt_close(void *context, void *handle, nstime now) {
    struct spoilt *s = context;
    (void)handle;
    (void)now;
    assert_true(s->open && !s->closed && s->ended[0] && s->ended[1]);
    s->closed = true;
}

/* Turns of random length; the acknowledgement of each segment is of all that its sender has got. */
static void make_conversation(struct spoilt *s) {
    s->talk = talk_between("192.0.2.1", 40000, "198.51.100.25", 25);
    uint32_t const start[2] = {any(1u << 28) << 4, UINT32_MAX - any(SPOILT_BYTES)};
    s->talk.next[0] = start[0];
    s->talk.next[1] = start[1];
    s->packets[s->count++] = talk_syn(&s->talk);
    s->packets[s->count++] = talk_syn_ack(&s->talk);
    s->packets[s->count++] = talk_ack(&s->talk, SIDE_CLIENT);
    enum stream_side side = SIDE_SERVER;
    while (s->count < SPOILT_PACKETS / 8 && s->sent[0] < SPOILT_BYTES / 2 && s->sent[1] < SPOILT_BYTES / 2) {
        for (uint32_t burst = 1 + any(any(4) == 0 ? 30 : 3); burst > 0; burst--) {
            uint8_t chunk[3000];
            uint32_t len = 1 + any(any(8) == 0 ? 3000 : 200);
            if (s->sent[side] + len > SPOILT_BYTES) break;
            for (uint32_t i = 0; i < len; i++) {
                chunk[i] = s->bytes[side][s->sent[side] + i] = (uint8_t)any(256);
                s->needs[side][s->sent[side] + i] = s->sent[side_other(side)];
            }
            s->packets[s->count++] = talk_say_span(&s->talk, side, span_of(chunk, len));
            s->sent[side] += len;
            if (any(3) == 0) s->packets[s->count++] = talk_ack(&s->talk, side_other(side));
        }
        side = side_other(side);
    }
    s->packets[s->count++] = talk_fin(&s->talk, SIDE_CLIENT);
    s->packets[s->count++] = talk_fin(&s->talk, SIDE_SERVER);
    s->packets[s->count++] = talk_ack(&s->talk, SIDE_CLIENT);
}

struct spoiling {
    unsigned drop, swap, late, twice, again, snap; /* one in so many; 0: never */
};

static bool one_in(unsigned n) {
    return n != 0 && any(n) == 0;
}

/* A retransmission cut differently: begins inside an old segment, ends inside it or before. */
static struct packet sent_again(struct spoilt *s, size_t i) {
    struct packet p = s->packets[i];
    if (p.payload.len < 2) return p;
    size_t skip = any((uint32_t)p.payload.len);
    p.payload = span_slice(p.payload, skip, 1 + any((uint32_t)(p.payload.len - skip)));
    p.payload_length = (uint32_t)p.payload.len;
    p.sequence += (uint32_t)skip;
    p.flags &= (uint8_t)~TCP_FIN;
    return p;
}

/* Writes what the mirror shows into out; returns how many. */
static size_t spoil(struct spoilt *s, const struct spoiling *how, struct packet *out) {
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i >= 3 && one_in(how->drop)) continue; /* without a SYN nobody knows where the stream begins */
        out[n++] = s->packets[i];
        if (one_in(how->snap)) {
            struct packet *p = &out[n - 1];
            p->payload = span_head(p->payload, any((uint32_t)p->payload.len + 1));
        }
        if (one_in(how->twice)) out[n] = out[n - 1], n++;
        if (one_in(how->again) && i > 3) out[n++] = sent_again(s, i - any((uint32_t)(i < 10 ? i : 10)));
    }
    for (size_t i = 0; i < n; i++) { /* a late one comes behind who has its new place */
        size_t far = one_in(how->late) ? 1 + any(20) : one_in(how->swap);
        out[i].time = (nstime)(2 * (i + far) + (far > 0));
    }
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && out[k - 1].time > out[k].time; k--) {
            struct packet moved = out[k];
            out[k] = out[k - 1];
            out[k - 1] = moved;
        }
    for (size_t i = 0; i < n; i++) out[i].time = INT64_C(1700000000) * NS_PER_S + (nstime)i * NS_PER_MS;
    return n;
}

static void run_spoilt(uint32_t seed, const struct spoiling *how, bool nothing_is_lost) {
    static uint8_t ports[8192];
    static struct packet shown[SPOILT_PACKETS * 3];
    struct spoilt *s = calloc(1, sizeof *s);
    assert_non_null(s);
    struct counters counters = {0};
    struct stream_settings const settings = {.flows_max = 16, .mail_ports = ports};
    struct stream_listener const listener = {s, spoilt_open, spoilt_data, spoilt_gap, spoilt_end, spoilt_close};
    port_set(ports, 25);
    random_state = seed;
    make_conversation(s);
    size_t n = spoil(s, how, shown);
    struct stream_engine *engine = stream_native.create(&settings, &listener, &counters);
    assert_non_null(engine);
    for (size_t i = 0; i < n; i++) stream_native.packet(engine, &shown[i]);
    nstime end = INT64_C(1700000100) * NS_PER_S;
    stream_native.expire(engine, end);
    stream_native.finish(engine, end);
    if (s->open) assert_true(s->closed);
    assert_int_equal(counters.gap_bytes, s->lost[0] + s->lost[1]);
    assert_int_equal(counters.stream_bytes, s->heard[0] + s->heard[1] - s->lost[0] - s->lost[1]);
    assert_int_equal(counters.overlap_conflict, 0);
    assert_true(counters_account_for_all_bytes(&counters));
    if (nothing_is_lost) {
        assert_int_equal(counters.gaps, 0);
        assert_false(s->cause_broken);
        for (unsigned side = 0; side < 2; side++) assert_int_equal(s->heard[side], s->sent[side]);
    }
    stream_native.destroy(engine);
    talk_free(&s->talk);
    free(s);
}

static void spoilt_without_loss(void **state) {
    (void)state;
    static const struct spoiling ways[] = {
        {0}, {.swap = 5}, {.late = 30}, {.twice = 1}, {.again = 3}, {.swap = 10, .late = 60, .twice = 10, .again = 8},
    };
    for (uint32_t seed = 1; seed <= 100; seed++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) run_spoilt(seed, &ways[i], true);
}

static void spoilt_with_loss(void **state) {
    (void)state;
    static const struct spoiling ways[] = {
        {.drop = 100}, {.drop = 10},
        {.drop = 2},   {.drop = 20, .swap = 10, .late = 20, .twice = 5, .again = 5},
        {.snap = 4},   {.snap = 4, .drop = 20, .late = 20, .again = 5},
    };
    for (uint32_t seed = 1; seed <= 100; seed++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) run_spoilt(seed, &ways[i], false);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(in_order),
        T(ipv6),
        T(other_ports_are_left_alone),
        T(any_port_needs_the_beginning),
        T(sequence_numbers_wrap),
        T(every_packet_twice),
        T(keep_alives_and_empty_segments),
        T(late_segments_are_waited_for),
        T(a_segment_20_places_late),
        T(neighbours_swapped_everywhere),
        T(retransmitted),
        T(overlaps_in_the_queue),
        T(a_hole_is_declared_after_its_grace),
        T(a_hole_that_is_not_acknowledged_waits),
        T(a_hole_ends_by_time),
        T(holes_age_side_by_side),
        T(a_snapped_payload_is_a_gap),
        T(a_snapped_segment_and_a_whole_copy),
        T(a_reply_waits_for_its_command),
        T(a_reply_waits_for_the_gap_of_its_command),
        T(one_direction_comes_first),
        T(a_knot_is_untied_in_the_right_order),
        T(an_acknowledgement_beyond_reason_is_not_believed),
        T(fin_with_data_out_of_order),
        T(a_fin_before_the_first_byte),
        T(a_lost_fin_is_known_by_its_acknowledgement),
        T(data_lost_before_a_fin),
        T(a_reset_counts_when_silence_follows),
        T(a_reset_at_the_end_of_the_capture),
        T(data_of_the_other_side_does_not_undo_a_reset),
        T(a_reset_that_its_sender_ignores_is_none),
        T(late_data_does_not_undo_a_reset),
        T(bytes_behind_a_fin_are_a_flow_of_their_own),
        T(a_fin_in_old_bytes_is_none),
        T(a_syn_is_retransmitted),
        T(handshake_segments_are_lost),
        T(picked_up_in_the_middle),
        T(simultaneous_open),
        T(data_in_the_syn),
        T(only_the_client_is_seen),
        T(only_the_server_is_seen),
        T(ports_are_used_again),
        T(ports_are_used_again_and_the_answer_is_lost),
        T(a_forged_syn_ends_nothing),
        T(the_answer_tells_which_syn_counts),
        T(a_hole_that_nobody_fills),
        T(crumbs_do_not_fill_the_pool),
        T(a_flood_evicts_no_live_flow),
        T(the_oldest_live_flow_makes_room),
        T(idle_flows_end),
        T(a_greeting_may_be_slow),
        T(enough_is_enough),
        T(enough_of_a_gap),
        T(unwanted),
        T(the_pool_is_shared),
        cmocka_unit_test(spoilt_without_loss),
        cmocka_unit_test(spoilt_with_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
