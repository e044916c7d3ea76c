/* A frame's stamp comes from the capture, and a capture may lie: a wrong clock in a card, a file that was tampered
 * with. One stamp of the year 2033 must not end every connection and every block.
 *
 *             back        slack   now   leap
 *   ----------|-------------|------|------|--------------> stamp
 *    in doubt   taken as now   believed     in doubt
 *
 * A frame in doubt is held.  When the next ones agree with it (LIMIT_CLOCK_AGREE of them in a row, each at most
 * LIMIT_FLOW_IDLE_S behind the one before, and none of the old epoch between them) theirs is the new epoch, and they
 * are handed on as they are stamped: a capture that was silent for days loses nothing.  When the next one is of the old
 * epoch, they are handed on at the old epoch's time.  To go back more of them must agree, because it costs every
 * connection.  The system's clock, which ticks in a live run, is one more witness.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "packet_clock.h"

#include <stdlib.h>
#include <string.h>

#include "mailspan/limits.h"

struct held_frame {
    struct frame_seen frame; /* captured: in bytes */
    bool tick;               /* no frame, but the system's clock */
};

struct packet_clock {
    struct packet_clock_listener listener;
    struct counters *counters;
    nstime now;
    nstime told; /* when the listener last heard that time goes on */
    bool started;
    unsigned held_count;
    unsigned agree;    /* of the newest held, in a row */
    unsigned in_order; /* the same, however far apart */
    size_t held_bytes;
    struct held_frame held[LIMIT_CLOCK_HELD];
    uint8_t bytes[LIMIT_CLOCK_HELD_BYTES];
};

struct packet_clock *packet_clock_new(const struct packet_clock_listener *listener, struct counters *counters) {
    struct packet_clock *clock = calloc(1, sizeof *clock);
    if (clock == NULL) return NULL;
    clock->listener = *listener;
    clock->counters = counters;
    return clock;
}

void packet_clock_free(struct packet_clock *clock) {
    free(clock);
}

size_t packet_clock_memory_bytes(void) {
    return sizeof(struct packet_clock);
}

const nstime *packet_clock_now(const struct packet_clock *clock) {
    return &clock->now;
}

static bool is_near(const struct packet_clock *clock, nstime stamp) {
    nstime ahead = stamp - clock->now;
    return ahead >= -LIMIT_CLOCK_BACK_S * NS_PER_S && ahead <= LIMIT_CLOCK_LEAP_S * NS_PER_S;
}

/* Hands on a frame whose stamp is near, or is to be taken as now. */
static void hand_on(struct packet_clock *clock, const struct frame_seen *frame, bool tick) {
    if (frame->time > clock->now) clock->now = frame->time;
    if (clock->now - clock->told >= NS_PER_S) {
        clock->told = clock->now;
        clock->listener.advance(clock->listener.context, clock->now);
    }
    if (tick) return;
    if (frame->time >= clock->now - LIMIT_CLOCK_SLACK_S * NS_PER_S) {
        clock->listener.frame(clock->listener.context, frame);
        return;
    }
    struct frame_seen timed = *frame;
    timed.time = clock->now;
    clock->counters->clock_back++;
    clock->listener.frame(clock->listener.context, &timed);
}

/* Hands on what is held: each at its own time when that is believed, else at the old epoch's. */
static void release(struct packet_clock *clock, bool believed) {
    unsigned count = clock->held_count;
    clock->held_count = 0;
    clock->held_bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        struct held_frame *held = &clock->held[i];
        if (!believed || i + clock->agree < count) { /* of another opinion than those that agree */
            if (held->tick) continue;
            clock->counters->clock_doubted++;
            held->frame.time = clock->now;
        }
        hand_on(clock, &held->frame, held->tick);
    }
    clock->agree = 0;
    clock->in_order = 0;
}

/* Those that agree are right. */
static void start_epoch(struct packet_clock *clock) {
    nstime first = clock->held[clock->held_count - clock->agree].frame.time;
    clock->counters->clock_jumps++;
    if (first < clock->now) {
        clock->now = clock->told = first;
        clock->listener.went_back(clock->listener.context, first);
    }
    release(clock, true);
}

static bool hold(struct packet_clock *clock, const struct frame_seen *frame, bool tick) {
    size_t length = tick ? 0 : frame->captured.len;
    if (clock->held_count == LIMIT_CLOCK_HELD || length > sizeof clock->bytes - clock->held_bytes) return false;
    const struct held_frame *last = clock->held_count == 0 ? NULL : &clock->held[clock->held_count - 1];
    nstime step = last == NULL ? 0 : frame->time - last->frame.time;
    bool same_side = last != NULL && (last->frame.time > clock->now) == (frame->time > clock->now);
    bool in_order = same_side && step >= -LIMIT_CLOCK_SLACK_S * NS_PER_S;
    bool agrees = in_order && step <= LIMIT_FLOW_IDLE_S * NS_PER_S;
    struct held_frame *held = &clock->held[clock->held_count++];
    *held = (struct held_frame){.frame = *frame, .tick = tick};
    if (length > 0) memcpy(clock->bytes + clock->held_bytes, frame->captured.data, length);
    held->frame.captured = span_of(clock->bytes + clock->held_bytes, length);
    clock->held_bytes += length;
    clock->agree = agrees ? clock->agree + 1 : 1;
    clock->in_order = in_order ? clock->in_order + 1 : 1;
    return true;
}

static bool enough_agree(const struct packet_clock *clock, nstime stamp) {
    return clock->agree >= (stamp > clock->now ? LIMIT_CLOCK_AGREE : LIMIT_CLOCK_AGREE_BACK);
}

/* There is no room for another one.  Frames hours apart, each later than the one before, agree too. */
static void decide(struct packet_clock *clock) {
    if (clock->in_order == LIMIT_CLOCK_HELD) {
        clock->agree = clock->in_order;
        start_epoch(clock);
    } else {
        release(clock, false);
    }
}

/* What did not fit beside those that were held. */
static void take_doubtful(struct packet_clock *clock, const struct frame_seen *frame, bool tick) {
    struct frame_seen now = *frame;
    if (!is_near(clock, frame->time)) {
        if (hold(clock, frame, tick) || tick) return;
        clock->counters->clock_doubted++; /* nor does it fit alone */
        now.time = clock->now;
    }
    hand_on(clock, &now, tick);
}

static void take(struct packet_clock *clock, const struct frame_seen *frame, bool tick) {
    if (!clock->started) {
        clock->started = true;
        clock->now = clock->told = frame->time;
    }
    if (is_near(clock, frame->time)) {
        if (clock->held_count > 0) release(clock, false);
        hand_on(clock, frame, tick);
        return;
    }
    if (!hold(clock, frame, tick)) {
        decide(clock);
        take_doubtful(clock, frame, tick);
    } else if (enough_agree(clock, frame->time)) {
        start_epoch(clock);
    }
}

/* Time goes on as it should, and no second has passed since the listener heard so: nearly every frame. */
static bool goes_on(const struct packet_clock *clock, nstime stamp) {
    return clock->started && clock->held_count == 0 && stamp >= clock->now && stamp - clock->told < NS_PER_S;
}

void packet_clock_frame(struct packet_clock *clock, const struct frame_seen *frame) {
    if (goes_on(clock, frame->time)) {
        clock->now = frame->time;
        clock->listener.frame(clock->listener.context, frame);
        return;
    }
    if (frame->time >= 0) {
        take(clock, frame, false);
        return;
    }
    struct frame_seen timed = *frame; /* differences of two times must not overflow */
    timed.time = 0;
    take(clock, &timed, false);
}

/* A tick is a little behind the frames, and a step of the system's clock is the frames' to tell. */
void packet_clock_tick(struct packet_clock *clock, nstime now) {
    struct frame_seen tick = {.time = now < 0 ? 0 : now};
    if (clock->started && tick.time <= clock->now) {
        if (clock->held_count > 0 && is_near(clock, tick.time)) release(clock, false);
        return;
    }
    take(clock, &tick, true);
}

/* Few frames at the very end: when they are no older than what is known may be, nothing is lost by believing them. */
void packet_clock_finish(struct packet_clock *clock) {
    if (clock->held_count == 0) return;
    nstime ahead = clock->held[clock->held_count - 1].frame.time - clock->now;
    release(clock, ahead > 0 && ahead <= LIMIT_FLOW_IDLE_S * NS_PER_S);
}
