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

static void on_foresee(const struct stream_engine *engine, struct packet *packet, enum stream_foresight how) {
    assert_null(engine);
    assert_true(told[packet->from.port] < 1U << how); /* in order, each once */
    told[packet->from.port] |= 1U << how;
    packet->flow_hash = packet->from.port;
    packet->hashed = true;
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
    return (struct frame_seen){1, (uint32_t)length, number, span_of(bytes, length)};
}

static struct counters counters;
static struct frame_decoder const decoder = {.counters = &counters};
static struct stream_engine_kind const kind = {.foresee = on_foresee};

static struct look_ahead make_look_ahead(void) {
    memset(told, 0, sizeof told);
    return (struct look_ahead){.frames = &decoder, .kind = &kind, .wanted = is_wanted};
}

/* Told as far ahead as there is room: all but the first few are known in their turn, and were told of four times. */
static void frames_are_known_in_their_turn(void **state) {
    (void)state;
    static uint8_t bytes[FRAMES][FRAME_BYTES];
    struct frame_seen frames[FRAMES];
    struct look_ahead ahead = make_look_ahead();
    unsigned next = 0;
    for (unsigned i = 0; i < FRAMES; i++) frames[i] = make_frame(bytes[i], i);
    for (unsigned i = 0; i < FRAMES; i++) {
        while (next < FRAMES && look_ahead_has_room(&ahead)) look_ahead_foresee(&ahead, &frames[next++]);
        assert_int_equal(next, i + LOOK_AHEAD_FRAMES < FRAMES ? i + LOOK_AHEAD_FRAMES : FRAMES);
        const struct foreseen_frame *frame = look_ahead_take(&ahead, &frames[i]);
        if (i == ODD_FRAME) {
            assert_null(frame);
            continue;
        }
        uint16_t const port = (uint16_t)(40000 + i);
        assert_non_null(frame);
        assert_int_equal(frame->kind, port == PORT_OF_OTHERS ? FORESEEN_OTHERS : FORESEEN_WANTED);
        assert_int_equal(frame->packet.from.port, port);
        assert_int_equal(frame->packet.payload.len, 8);
        assert_int_equal(frame->packet.hashed, port != PORT_OF_OTHERS);
        if (i >= LOOK_AHEAD_FRAMES) assert_int_equal(told[port], 15);
        assert_int_equal(told[PORT_OF_OTHERS], 0);
    }
    assert_null(look_ahead_take(&ahead, &frames[0]));
    assert_int_equal(counters.tcp_segments, 0); /* nothing is counted before its turn */
}

static void what_was_not_told_ends_it(void **state) {
    (void)state;
    static uint8_t bytes[4][FRAME_BYTES];
    struct frame_seen frames[4];
    struct look_ahead ahead = make_look_ahead();
    for (unsigned i = 0; i < 4; i++) frames[i] = make_frame(bytes[i], i);
    look_ahead_foresee(&ahead, &frames[0]);
    look_ahead_foresee(&ahead, &frames[1]);
    assert_null(look_ahead_take(&ahead, &frames[2]));
    assert_null(look_ahead_take(&ahead, &frames[0])); /* all are forgotten */
    struct frame_seen longer = frames[3];
    look_ahead_foresee(&ahead, &frames[3]);
    longer.wire_length++;
    assert_null(look_ahead_take(&ahead, &longer));
    frame_count_peeked(&decoder, &ahead.ring[0].packet);
    assert_int_equal(counters.tcp_segments, 1);
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
    look_ahead_foresee(&ahead, &frame);
    const struct foreseen_frame *foreseen = look_ahead_take(&ahead, &frame);
    assert_non_null(foreseen);
    assert_int_equal(foreseen->kind, FORESEEN_WANTED);
    assert_false(foreseen->packet.hashed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_known_in_their_turn),
        cmocka_unit_test(what_was_not_told_ends_it),
        cmocka_unit_test(an_engine_without_foresight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
