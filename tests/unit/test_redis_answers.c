/* A Redis server that answers what nobody asked, too much, or without an end: the connection is given up and made anew,
 * and the event arrives.  The server is this test, at the other end of a pair of sockets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "publish/redis_answers.h"
#include "publish_samples.h"

static struct config config;
static struct wording wording;
static struct counters counters;
static struct event_base *base;
static struct redis_publisher *publisher;
static int server = -1;
static unsigned asked;
static char said[8192];

static void on_say(void *context, const char *text) {
    (void)context;
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, "%s\n", text);
}

static bool on_ask(void *context) {
    (void)context;
    asked++;
    return true;
}

static int begin(void **state) {
    (void)state;
    struct problem problem;
    const struct redis_settings settings = {
        .wording = &wording, .counters = &counters, .say = on_say, .ask_for_connection = on_ask};
    signal(SIGPIPE, SIG_IGN);
    sample_config(&config);
    strcpy(config.redis_url, "redis://192.0.2.1");
    wording_init(&wording, &config, NULL, NULL);
    counters = (struct counters){.packets = 0};
    said[0] = '\0';
    asked = 0;
    base = event_base_new();
    publisher = redis_publisher_new(base, &settings, &problem);
    if (publisher == NULL) return 1;
    struct output output = redis_publisher_output(publisher);
    struct decision decision = sample_decision(DECISION_BLOCK);
    output.event(output.context, &decision);
    return 0;
}

static int end(void **state) {
    (void)state;
    redis_publisher_free(publisher);
    event_base_free(base);
    if (server >= 0) close(server);
    server = -1;
    return 0;
}

/* The next connection, and what is sent on it read away. */
static void take_connection(void) {
    unsigned before = asked;
    int ends[2];
    while (asked == before && before < 8) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    if (server >= 0) close(server);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    server = ends[0];
    redis_publisher_connected(publisher, ends[1]);
}

static void turn(void) {
    char bytes[4096];
    for (unsigned i = 0; i < 3; i++) {
        redis_publisher_turn(publisher);
        while (recv(server, bytes, sizeof bytes, 0) > 0) {
        }
    }
}

static void say(const char *text) {
    turn();
    assert_int_equal(send(server, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    turn();
}

static bool is_given_up(void) {
    char byte;
    return recv(server, &byte, 1, 0) == 0;
}

/* FUNCTION LOAD, then the event. */
static void arrives_next_time(void) {
    take_connection();
    say("+OK\r\n");
    assert_int_equal(redis_publisher_pending(publisher), 1);
    say(":1\r\n");
    assert_int_equal(redis_publisher_pending(publisher), 0);
    assert_int_equal(counters.events_dropped, 0);
}

static void is_refused(const char *text) {
    say(text);
    assert_true(is_given_up());
    assert_non_null(strstr(said, "an answer that was not asked for"));
}

/* After the greeting, FUNCTION LOAD and one event are answered, what is said next is not asked for. */
static void is_not_asked_for(const char *text) {
    take_connection();
    say("+OK\r\n");
    say(":1\r\n");
    assert_int_equal(redis_publisher_pending(publisher), 0);
    is_refused(text);
    assert_int_equal(counters.events_dropped, 0);
}

static void status_unasked(void **state) {
    (void)state;
    is_not_asked_for("+OK\r\n");
}

static void integer_unasked(void **state) {
    (void)state;
    is_not_asked_for(":1\r\n");
}

static void string_unasked(void **state) {
    (void)state;
    is_not_asked_for("$2\r\nab\r\n");
}

static void nil_unasked(void **state) {
    (void)state;
    is_not_asked_for("$-1\r\n");
}

static void array_unasked(void **state) {
    (void)state;
    is_not_asked_for("*1\r\n+message\r\n");
}

/* Together with the answer that was asked for. */
static void twice(void **state) {
    (void)state;
    take_connection();
    say("+OK\r\n");
    is_refused(":1\r\n:1\r\n");
    assert_int_equal(redis_publisher_pending(publisher), 0);
}

/* What it has to say for itself is said on. */
static void error_unasked(void **state) {
    (void)state;
    take_connection();
    say("+OK\r\n");
    say(":1\r\n");
    say("-ERR max number of clients reached\r\n");
    assert_true(is_given_up());
    assert_non_null(strstr(said, "ERR max number of clients reached"));
}

static void array_asked(void **state) {
    (void)state;
    take_connection();
    say("+OK\r\n");
    is_refused("*2147483647\r\n");
    arrives_next_time();
}

static void array_in_array(void **state) {
    (void)state;
    take_connection();
    is_refused("*1\r\n*1\r\n*1\r\n");
    arrives_next_time();
}

/* Neither a line nor a string of an announced length is kept for ever. */
static void without_end(const char *start) {
    static char piece[1024];
    unsigned bytes = 0;
    memset(piece, 'a', sizeof piece - 1);
    take_connection();
    say(start);
    while (!is_given_up()) {
        assert_true(bytes < REDIS_ANSWER_BYTES_MAX + 32768); /* hiredis reads 16 KiB at once */
        ssize_t sent = send(server, piece, sizeof piece - 1, MSG_NOSIGNAL);
        if (sent > 0) bytes += (unsigned)sent;
        turn();
    }
    assert_true(bytes > REDIS_ANSWER_BYTES_MAX - sizeof piece);
    assert_non_null(strstr(said, "an answer of more than 65536 bytes"));
    arrives_next_time();
}

static void line_without_end(void **state) {
    (void)state;
    without_end("+");
}

static void string_without_end(void **state) {
    (void)state;
    without_end("$536870912\r\n");
}

#define UNIT_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        UNIT_TEST(status_unasked),   UNIT_TEST(integer_unasked),    UNIT_TEST(string_unasked),
        UNIT_TEST(nil_unasked),      UNIT_TEST(array_unasked),      UNIT_TEST(twice),
        UNIT_TEST(error_unasked),    UNIT_TEST(array_asked),        UNIT_TEST(array_in_array),
        UNIT_TEST(line_without_end), UNIT_TEST(string_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
