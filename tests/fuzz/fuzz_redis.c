/* Fuzz target: a publisher between its events and a Redis server that answers anything.
 *
 * Input: one byte for what is to be said in the greeting, then steps: a byte that says what happens (the lower three
 * bits) and how much of it, and its bytes.  The server's end is a socket of a pair: hiredis reads it as any other.
 *
 * What the publisher sends must be whole commands, as hiredis' own reader sees them.  Every event that was handed in is
 * published, dropped or waiting, and what is dropped is counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/publish_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 200
#define FLOOD_BYTES 8
#define EVENTS_MAX 200 /* more than the publisher has in flight at once */

enum what { SAYS, SAYS_MORE, GRANTS, EVENTS, HEALTH, CLOSES, REFUSES_CONNECTION, FLOODS };

struct run {
    struct event_base *base;
    struct redis_publisher *publisher;
    struct output output;
    struct counters counters;
    redisReader *commands; /* what comes from the publisher */
    int server;            /* -1: no connection */
    bool asked, refuses;
    uint64_t handed_in;
    unsigned unanswered; /* commands */
    unsigned floods;
};

static void on_say(void *context, const char *text) {
    (void)context;
    for (; *text != '\0'; text++) assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

static bool on_ask(void *context) {
    struct run *run = context;
    run->asked = true;
    return !run->refuses;
}

static void hang_up(struct run *run) {
    if (run->server >= 0) (void)close(run->server);
    if (run->commands != NULL) redisReaderFree(run->commands);
    run->server = -1;
    run->commands = NULL;
    run->unanswered = 0;
}

static void connect_it(struct run *run) {
    int ends[2];
    hang_up(run);
    run->asked = false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) abort();
    run->server = ends[0];
    run->commands = redisReaderCreate();
    if (run->commands == NULL) abort();
    redis_publisher_connected(run->publisher, ends[1]);
}

static void read_commands(struct run *run) {
    static char bytes[65536];
    ssize_t length;
    void *command;
    while (run->server >= 0 && (length = recv(run->server, bytes, sizeof bytes, 0)) > 0) {
        assert(redisReaderFeed(run->commands, bytes, (size_t)length) == REDIS_OK);
        while (assert(redisReaderGetReply(run->commands, &command) == REDIS_OK), command != NULL) {
            const redisReply *reply = command;
            assert(reply->type == REDIS_REPLY_ARRAY && reply->elements > 0);
            for (size_t i = 0; i < reply->elements; i++) assert(reply->element[i]->type == REDIS_REPLY_STRING);
            freeReplyObject(command);
            run->unanswered++;
        }
    }
}

/* Whether the publisher has hung up, or never had a connection. */
static bool is_alone(const struct run *run) {
    char byte;
    return run->server < 0 || recv(run->server, &byte, 1, MSG_PEEK) == 0;
}

/* Until nothing more happens of its own accord; a connection that is given up is tried again without a wait. */
static void turn(struct run *run) {
    for (unsigned i = 0; i < 2; i++) {
        redis_publisher_turn(run->publisher);
        read_commands(run);
    }
    if (!run->asked && is_alone(run)) (void)redis_publisher_drain(run->publisher, 0);
    if (!run->asked || run->refuses) return;
    connect_it(run);
    redis_publisher_turn(run->publisher);
    read_commands(run);
}

static void say(struct run *run, struct span bytes) {
    if (run->server >= 0 && bytes.len > 0) (void)send(run->server, bytes.data, bytes.len, MSG_NOSIGNAL);
}

/* The same bytes again and again: more than anybody would write down.  Twice in an input; it takes long. */
static void flood(struct run *run, struct span bytes, unsigned pages) {
    static uint8_t page[4096];
    if (bytes.len == 0 || run->floods++ >= 2) return;
    for (size_t i = 0; i + bytes.len <= sizeof page; i += bytes.len) memcpy(page + i, bytes.data, bytes.len);
    for (; pages > 0; pages--) {
        say(run, span_of(page, sizeof page - sizeof page % bytes.len));
        redis_publisher_turn(run->publisher);
    }
}

static void grant(struct run *run, unsigned count) {
    for (; count > 0 && run->unanswered > 0; count--, run->unanswered--) say(run, SPAN_LITERAL("+OK\r\n"));
}

static void hand_in(struct run *run, unsigned count) {
    struct decision decision = sample_decision(DECISION_BLOCK);
    for (unsigned i = 0; i < count && run->handed_in < EVENTS_MAX; i++, run->handed_in++) {
        decision.sequence = run->handed_in + 1;
        decision.time += NS_PER_MS;
        decision.ip.bytes[15] = (uint8_t)run->handed_in;
        run->output.event(run->output.context, &decision);
    }
}

/* Cheaper to make than events: enough of them fill the window. */
static void hand_in_health(struct run *run, unsigned count) {
    struct health_record record = {.time = SAMPLE_TIME, .next_try_s = -1};
    strcpy(record.subject, "decoder 0");
    strcpy(record.reason, "it was killed by signal 11");
    for (unsigned i = 0; i < count && run->handed_in < EVENTS_MAX; i++) {
        record.sequence = ++run->handed_in;
        run->output.health(run->output.context, &record);
    }
}

static void step(struct run *run, struct reader *r) {
    uint8_t const head = reader_u8(r);
    size_t const left = reader_left(r), much = head >> 3;
    switch ((enum what)(head & 7)) {
        case SAYS:
            say(run, reader_bytes(r, much < left ? much : left));
            break;
        case SAYS_MORE:
            say(run, reader_bytes(r, much * 16 < left ? much * 16 : left));
            break;
        case GRANTS:
            grant(run, (unsigned)much * 8 + 1);
            break;
        case EVENTS:
            hand_in(run, 1);
            break;
        case HEALTH:
            hand_in_health(run, (unsigned)much + 1);
            break;
        case CLOSES:
            if (run->server >= 0) (void)shutdown(run->server, much % 2 == 0 ? SHUT_RDWR : SHUT_WR);
            break;
        case REFUSES_CONNECTION:
            run->refuses = much % 2 != 0;
            if (run->asked) redis_publisher_not_connected(run->publisher, "Connection refused");
            run->asked = false;
            break;
        case FLOODS:
            flood(run, reader_bytes(r, left < FLOOD_BYTES ? left : FLOOD_BYTES), (unsigned)much);
            break;
    }
}

static void check(const struct run *run) {
    struct redis_figures figures;
    redis_publisher_figures(run->publisher, &figures);
    assert(figures.published + run->counters.events_dropped + redis_publisher_pending(run->publisher) ==
           run->handed_in);
    assert(redis_publisher_lost(run->publisher) == (run->counters.events_dropped > 0));
    assert(redis_publisher_trouble(run->publisher)[0] != '\0');
}

static struct wording *prepare(uint8_t first) {
    static const char *const urls[4] = {"redis://192.0.2.1", "redis://user:secret@192.0.2.1:6379/3",
                                        "redis://:secret@192.0.2.1", "unix:///run/redis.sock"};
    static struct config config;
    static struct wording wording;
    sample_config(&config);
    strcpy(config.redis_url, urls[first & 3]);
    config.heartbeat_s = (first & 4) != 0 ? 10 : 0;
    wording_init(&wording, &config, NULL, NULL);
    return &wording;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct reader r = reader_of(span_of(data, size));
    struct run run = {.server = -1};
    struct problem problem;
    signal(SIGPIPE, SIG_IGN);
    run.base = event_base_new();
    struct redis_settings const settings = {.wording = prepare(reader_u8(&r)),
                                            .counters = &run.counters,
                                            .say = on_say,
                                            .ask_for_connection = on_ask,
                                            .ask_context = &run};
    run.publisher = run.base == NULL ? NULL : redis_publisher_new(run.base, &settings, &problem);
    if (run.publisher == NULL) abort();
    run.output = redis_publisher_output(run.publisher);
    hand_in(&run, 1);
    turn(&run);
    for (unsigned i = 0; i < STEPS_MAX && reader_left(&r) > 0; i++) {
        step(&run, &r);
        turn(&run);
        check(&run);
    }
    redis_publisher_free(run.publisher);
    hang_up(&run);
    event_base_free(run.base);
    return 0;
}
