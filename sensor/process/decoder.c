/* See decoder.h.  One event loop: the capture rings, the channel to the judge, the supervisor's words, a clock.  Nobody
 * is waited for: what the judge does not take is dropped, and counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/decoder.h"

#include <event2/event.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/outputs.h"
#include "handover.h"
#include "process/control.h"
#include "process/jail.h"
#include "process_figures.h"
#include "publish/sink.h"

#define FRAMES_PER_TURN 4096         /* then the others of the loop have their turn */
#define FRAMES_PER_LOOK 64           /* at the clock */
#define TURN_NS (250 * NS_PER_MS)    /* ... or so long: who tells nobody that he lives is killed */
#define TICK_DELAY_NS (2 * NS_PER_S) /* packets still in the ring are older than the clock says */
#define RING_TURN_MS 200             /* from the word to stop on: what came before it is in the ring, and readable */
#define RING_DRAIN_MS (400 * JAIL_SLOWER) /* ... the last of that is read */
#define END_MS (1000 * JAIL_SLOWER)       /* ... all is told, where the supervisor does not say by when */
#define LAST_MS (50 * JAIL_SLOWER)        /* before it will be killed: what is not told then never is */

_Static_assert(RING_TURN_MS > CAPTURE_BLOCK_MS, "the last block is readable");

struct decoder;

struct reading {
    struct decoder *decoder;
    struct capture_live *handle;
    struct event *event;
    bool failed; /* the last time */
};

struct decoder {
    const struct decoder_settings *settings;
    int control, statm;
    bool failed;
    int64_t told_to_stop; /* when, by the monotonic clock; 0: not yet */
    int64_t end_by;       /* ... and when it will be killed */
    struct event_base *base;
    struct reporter *reporter;
    struct handover_joiner *joiner;
    struct reading readings[CONFIG_INTERFACES_MAX];
    struct event *tick, *writable, *told;
};

static void tell_supervisor(struct decoder *d, enum decoder_says what, const char *text) {
    char message[1 + DECODER_WORDS_BYTES_MAX];
    int length = snprintf(message, sizeof message, "%c%s", (char)what, text);
    size_t bytes = length < (int)sizeof message ? (size_t)length : sizeof message - 1;
    (void)control_send(d->control, CONTROL_MESSAGE, span_of((const uint8_t *)message, bytes), NULL, 0);
}

static void on_refused(void *context, const char *text) {
    tell_supervisor(context, DECODER_SAYS, text);
}

/* --- frames --------------------------------------------------------------------------------------------------------
 */

static void on_frame(void *context, const struct frame_seen *frame) {
    struct decoder *d = context;
    decoding_frame(reporter_decoding(d->reporter), frame);
}

/* What waits for the judge is sent when it reads on. */
static void flush(struct decoder *d) {
    (void)reporter_turn(d->reporter);
    if (reporter_waits(d->reporter)) (void)event_add(d->writable, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    flush(context);
}

/* As many frames as there are, a turn's at most.  Returns how many, or capture_live_read's failure. */
static int read_turn(struct reading *reading, char error[CAPTURE_ERROR_BYTES]) {
    int64_t const end = sink_now() + TURN_NS;
    int frames = 0, count;
    do {
        count = capture_live_read(reading->handle, FRAMES_PER_LOOK, on_frame, reading->decoder, error);
        if (count < 0) return count;
        frames += count;
    } while (count == FRAMES_PER_LOOK && frames < FRAMES_PER_TURN && sink_now() < end);
    return frames;
}

/* Of an interface that is gone the supervisor hears from the kernel, and starts another decoder when it is back.  While
 * it goes, libpcap sees that before its socket does: what failed is tried once more. */
static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct reading *reading = context;
    struct decoder *d = reading->decoder;
    char error[CAPTURE_ERROR_BYTES];
    (void)fd, (void)what;
    int result = read_turn(reading, error);
    if (result < 0) (void)event_del(reading->event);
    reading->failed = result == CAPTURE_FAILED;
    flush(d);
}

static void try_again(struct reading *reading) {
    struct decoder *d = reading->decoder;
    char error[CAPTURE_ERROR_BYTES];
    if (!reading->failed) return;
    reading->failed = false;
    int result = read_turn(reading, error);
    if (result >= 0) (void)event_add(reading->event, NULL);
    if (result != CAPTURE_FAILED) return;
    tell_supervisor(d, DECODER_SAYS, error);
    d->failed = true; /* another decoder gets another handle */
    (void)event_base_loopbreak(d->base);
}

/* --- time --------------------------------------------------------------------------------------------------------- */

static void count_wrong_times(struct decoder *d) {
    struct counters *counters = reporter_frame_counters(d->reporter);
    counters->frame_time_wrong = 0;
    for (unsigned i = 0; i < d->settings->handle_count; i++)
        if (d->readings[i].handle != NULL) counters->frame_time_wrong += capture_live_time_wrong(d->readings[i].handle);
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct decoder *d = context;
    struct timespec now;
    (void)fd, (void)what;
    clock_gettime(CLOCK_REALTIME, &now);
    decoding_tick(reporter_decoding(d->reporter), (nstime)now.tv_sec * NS_PER_S + now.tv_nsec - TICK_DELAY_NS);
    for (unsigned i = 0; i < d->settings->handle_count; i++) try_again(&d->readings[i]);
    count_wrong_times(d);
    reporter_tell_figures(d->reporter);
    flush(d);
    (void)control_alive(d->control, process_address_space_bytes(d->statm));
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

/* Six eighths of the time are for telling what is open, one for counting what was not told, and the last for what the
 * judge is to know of it, and for the exit.  From now on a judge that does not keep up is waited for. */
static void begin_end(struct decoder *d, int64_t by_ms) {
    d->told_to_stop = sink_now();
    d->end_by = by_ms > 0 ? by_ms * NS_PER_MS : d->told_to_stop + END_MS * NS_PER_MS;
    int64_t eighth = (d->end_by - d->told_to_stop) / 8;
    reporter_end_by(d->reporter, d->told_to_stop + 6 * eighth, d->told_to_stop + 7 * eighth);
}

/* The kernel hands on a block of frames when it is full, or CAPTURE_BLOCK_MS after its first frame: so long the loop
 * goes on as before. */
static void begin_to_stop(struct decoder *d, int64_t by_ms) {
    struct timeval turn = {RING_TURN_MS / 1000, RING_TURN_MS % 1000 * 1000};
    if (d->told_to_stop != 0) return;
    begin_end(d, by_ms);
    if (event_base_loopexit(d->base, &turn) != 0) (void)event_base_loopbreak(d->base);
}

/* What the kernel still holds is read before the end; on a busy link that has no end of its own. */
static void read_last_frames(struct decoder *d, int64_t deadline) {
    char error[CAPTURE_ERROR_BYTES];
    for (unsigned i = 0; i < d->settings->handle_count; i++) {
        struct reading *reading = &d->readings[i];
        if (reading->handle == NULL) continue;
        while (read_turn(reading, error) > 0) {
            (void)reporter_turn(d->reporter);
            if (sink_now() > deadline) break;
        }
    }
}

/* The judge goes on until all decoders have ended, so it takes what there is. */
static bool tell_end(struct decoder *d, int64_t deadline) {
    struct pollfd state = {.fd = d->settings->channel, .events = POLLOUT};
    while (!reporter_end(d->reporter)) {
        int64_t left_ms = (deadline - sink_now()) / NS_PER_MS;
        if (left_ms <= 0) return false;
        (void)poll(&state, 1, (int)left_ms);
    }
    return true;
}

static int finish(struct decoder *d) {
    char text[CAPTURE_ERROR_BYTES / 4]; /* so much is passed on */
    if (d->told_to_stop == 0) begin_end(d, 0);
    read_last_frames(d, d->told_to_stop + RING_DRAIN_MS * NS_PER_MS);
    decoding_finish(reporter_decoding(d->reporter));
    count_wrong_times(d);
    if (!tell_end(d, d->end_by - LAST_MS * NS_PER_MS)) {
        tell_supervisor(d, DECODER_SAYS,
                        "the judge did not take the last of what was to be told; it counts it as lost");
        return EXIT_FAILED;
    }
    if (reporter_was_late(d->reporter, text, sizeof text)) {
        tell_supervisor(d, DECODER_SAYS, text);
        return EXIT_FAILED;
    }
    return d->failed ? EXIT_FAILED : EXIT_FINE;
}

/* --- the supervisor's words ----------------------------------------------------------------------------------------
 */

static void answer(struct decoder *d, enum decoder_says what, uint32_t number, const char *why) {
    uint8_t message[HANDOVER_ANSWER_BYTES];
    size_t bytes = handover_write_answer((uint8_t)what, number, why, message);
    (void)control_send(d->control, CONTROL_MESSAGE, span_of(message, bytes), NULL, 0);
}

/* Rules and configuration for messages that begin from now on. */
static void renew(struct decoder *d, uint32_t number, struct span blob) {
    struct problem problem = {.what = "not enough memory"};
    struct generation *next = handover_open(blob, reporter_config(d->reporter), &problem);
    if (next != NULL && reporter_renew(d->reporter, next)) {
        sodium_memzero(next->config.redis_url, sizeof next->config.redis_url);
        answer(d, DECODER_RENEWED, number, "");
        return;
    }
    generation_free(next);
    answer(d, DECODER_REFUSES, number, problem.what);
}

static void on_message(struct decoder *d, struct span bytes) {
    struct span piece, blob;
    if (bytes.len == 0 || bytes.data[0] != DECODER_HANDOVER || d->joiner == NULL) return;
    uint32_t number = handover_read_number(span_from(bytes, 1), &piece);
    switch (handover_join_piece(d->joiner, piece, &blob)) {
        case HANDOVER_MORE:
            break;
        case HANDOVER_WHOLE:
            renew(d, number, blob);
            handover_joiner_clear(d->joiner);
            break;
        case HANDOVER_BROKEN:
            answer(d, DECODER_REFUSES, number, "a piece was lost");
            break;
    }
}

static void on_told(evutil_socket_t fd, short what, void *context) {
    struct decoder *d = context;
    static struct control_message message;
    enum control_result result;
    (void)what;
    while ((result = control_receive(fd, CONTROL_CHILD, &message)) == CONTROL_DONE) {
        if (message.kind == CONTROL_MESSAGE) on_message(d, span_of(message.bytes, message.length));
        if (message.kind == CONTROL_STOP) begin_to_stop(d, control_stop_by_ms(&message));
    }
    if (result == CONTROL_GONE) (void)event_base_loopbreak(d->base);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static bool open_handles(struct decoder *d) {
    for (unsigned i = 0; i < d->settings->handle_count; i++) {
        struct reading *reading = &d->readings[i];
        *reading = (struct reading){.decoder = d, .handle = d->settings->handles[i]};
        if (reading->handle == NULL) continue;
        reading->event =
            event_new(d->base, capture_live_descriptor(reading->handle), EV_READ | EV_PERSIST, on_readable, reading);
        if (reading->event == NULL || event_add(reading->event, NULL) != 0) return false;
    }
    return true;
}

static bool open_all(struct decoder *d) {
    const struct decoder_settings *s = d->settings;
    struct timeval second = {1, 0};
    struct reporter_settings reporting = {.config = s->config,
                                          .knowledge = s->knowledge,
                                          .wording = s->wording,
                                          .fd = s->channel,
                                          .queue_bytes = LIMIT_VERDICT_QUEUE_BYTES,
                                          .patience = CHANNEL_NEVER_WAITS,
                                          .statm = d->statm,
                                          .incarnation = s->incarnation,
                                          .generation = s->generation};
    d->base = event_base_new();
    d->reporter = reporter_new(&reporting);
    d->joiner = handover_joiner_new();
    if (d->base == NULL || d->reporter == NULL || !open_handles(d)) return false;
    d->tick = event_new(d->base, -1, EV_PERSIST, on_tick, d);
    d->writable = event_new(d->base, s->channel, EV_WRITE, on_writable, d);
    d->told = event_new(d->base, d->control, EV_READ | EV_PERSIST, on_told, d);
    return d->tick != NULL && d->writable != NULL && d->told != NULL && event_add(d->tick, &second) == 0 &&
           event_add(d->told, NULL) == 0;
}

static void free_all(struct decoder *d) {
    struct event *events[] = {d->tick, d->writable, d->told};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i] != NULL) event_free(events[i]);
    for (unsigned i = 0; i < d->settings->handle_count; i++)
        if (d->readings[i].event != NULL) event_free(d->readings[i].event);
    handover_joiner_free(d->joiner);
    reporter_free(d->reporter);
    if (d->base != NULL) event_base_free(d->base);
}

int decoder_run(const struct decoder_settings *settings, int control) {
    struct decoder decoder = {.settings = settings, .control = control, .statm = process_figures_open()}, *d = &decoder;
    struct jail_settings jail = settings->jail;
    int code = EXIT_FAILED;
    if (open_all(d)) {
        uint64_t reserved = process_address_space_bytes(d->statm);
        if (reserved > 0) jail.address_space_bytes = reserved + LIMIT_PROCESS_GROWTH_BYTES;
        jail.say = on_refused;
        jail.context = d;
        (void)jail_or_exit(&jail, "decoder");
        (void)control_alive(control, process_address_space_bytes(d->statm));
        tell_supervisor(d, DECODER_READY, "");
        reporter_tell_figures(d->reporter); /* first of all: what the judge hears then is this one's */
        flush(d);
        (void)event_base_dispatch(d->base);
        code = finish(d);
    } else {
        tell_supervisor(d, DECODER_SAYS,
                        "not enough memory for a decoder's tables; smaller limits: in the configuration need less");
    }
    free_all(d);
    return code;
}
