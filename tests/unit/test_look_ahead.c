/* look_ahead: what an engine is told of frames before their turn, and what is known of them in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "look_ahead.h"
#include "packets.h"

#define FRAMES 100
#define FRAME_BYTES 256
#define PORT_OF_OTHERS 40003 /* the flow of this client is followed elsewhere */
#define ODD_FRAME 7          /* one of these is no TCP */

/* What was told of each client's port, as bits. */
static unsigned told[UINT16_MAX + 1];

static void tell(const struct packet *packet, unsigned look) {
    if (packet == NULL) return;
    assert_true(told[packet->from.port] < 1U << look); /* in order, each once */
    told[packet->from.port] |= 1U << look;
}

static void on_foresee(const struct stream_engine *engine, const struct stream_foresight *foresight) {
    assert_null(engine);
    tell(foresight->place, 0);
    tell(foresight->flow, 1);
    tell(foresight->connection, 2);
    tell(foresight->message, 3);
    if (foresight->place == NULL) return;
    foresight->place->flow_hash = foresight->place->from.port;
    foresight->place->hashed = true;
}

static bool is_wanted(const void *context, const struct packet *packet) {
    assert_null(context);
    return packet->from.port != PORT_OF_OTHERS;
}

static struct frame_seen make_frame(uint8_t bytes[FRAME_BYTES], unsigned number) {
    struct talk talk = talk_between("192.0.2.1", (uint16_t)(40000 + number), "198.51.100.25", 25);
    struct packet const packet = talk_say(&talk, SIDE_CLIENT, "EHLO x\r\n");
    memset(bytes, 0, FRAME_BYTES);
    bytes[12] = 8; /* IPv4 */
    memcpy(bytes + 14, packet.datagram.data, packet.datagram.len);
    if (number == ODD_FRAME) bytes[14 + 9] = 1; /* ICMP */
    size_t const length = 14 + packet.datagram.len;
    talk_free(&talk);
    return (struct frame_seen){1, (uint32_t)length, number, span_of(bytes, length), true};
}

static struct counters counters;
static struct frame_decoder const decoder = {.counters = &counters};
static struct stream_engine_kind const kind = {.foresee = on_foresee};

static struct look_ahead make_look_ahead(void) {
    memset(told, 0, sizeof told);
    return (struct look_ahead){.frames = &decoder, .kind = &kind, .wanted = is_wanted};
}

/* Each comes out as it came in, in order; all but the last few were told of four times before their turn. */
static void frames_are_known_in_their_turn(void **state) {
    (void)state;
    static uint8_t bytes[FRAMES][FRAME_BYTES];
    struct frame_seen frames[FRAMES];
    struct look_ahead ahead = make_look_ahead();
    unsigned next = 0;
    for (unsigned i = 0; i < FRAMES; i++) frames[i] = make_frame(bytes[i], i);
    for (unsigned i = 0; i < FRAMES; i++) {
        while (next < FRAMES && !look_ahead_is_full(&ahead)) look_ahead_add(&ahead, &frames[next++]);
        assert_int_equal(next, i + LOOK_AHEAD_FRAMES < FRAMES ? i + LOOK_AHEAD_FRAMES : FRAMES);
        assert_false(look_ahead_is_empty(&ahead));
        const struct foreseen_frame *frame = look_ahead_take(&ahead);
        uint16_t const port = (uint16_t)(40000 + i);
        assert_ptr_equal(frame->frame.captured.data, bytes[i]);
        assert_int_equal(frame->frame.wire_length, frames[i].wire_length);
        assert_int_equal(frame->frame.time, i);
        if (i == ODD_FRAME) {
            assert_int_equal(frame->kind, FORESEEN_ODD);
            continue;
        }
        assert_int_equal(frame->kind, port == PORT_OF_OTHERS ? FORESEEN_OTHERS : FORESEEN_WANTED);
        assert_int_equal(frame->packet.from.port, port);
        assert_int_equal(frame->packet.payload.len, 8);
        assert_int_equal(frame->packet.hashed, port != PORT_OF_OTHERS);
        if (i + LOOK_AHEAD_FRAMES <= FRAMES && port != PORT_OF_OTHERS) assert_int_equal(told[port], 15);
        assert_int_equal(told[PORT_OF_OTHERS], 0);
    }
    assert_true(look_ahead_is_empty(&ahead));
    assert_int_equal(counters.tcp_segments, 0); /* nothing is counted before its turn */
}

/* An engine that has no use for it: frames are peeled all the same. */
static void an_engine_without_foresight(void **state) {
    (void)state;
    static uint8_t bytes[FRAME_BYTES];
    static struct stream_engine_kind const blind = {.name = "blind"};
    struct frame_seen const frame = make_frame(bytes, 0);
    struct look_ahead ahead = make_look_ahead();
    ahead.kind = &blind;
    ahead.wanted = NULL;
    look_ahead_add(&ahead, &frame);
    const struct foreseen_frame *foreseen = look_ahead_take(&ahead);
    assert_int_equal(foreseen->kind, FORESEEN_WANTED);
    assert_false(foreseen->packet.hashed);
    frame_count_peeked(&decoder, &foreseen->packet);
    assert_int_equal(counters.tcp_segments, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_known_in_their_turn),
        cmocka_unit_test(an_engine_without_foresight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
