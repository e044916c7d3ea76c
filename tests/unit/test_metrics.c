/* The metrics' server in this process: when it answers with what, and that it leaves nothing behind.  Hostile clients
 * are in tests/metrics/check_metrics.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "console/metrics.h"

static char folder[] = "/tmp/test_metrics.XXXXXX";
static struct metrics_target target = {.unix_socket = true};
static struct config config;
static struct metrics_snapshot snapshot;
static unsigned asked;
static struct event_base *base;
static struct metrics_server *server;
static int listener;
static char answer[1 << 17];

static const struct metrics_snapshot *on_snapshot(void *context) {
    assert_ptr_equal(context, &snapshot);
    asked++;
    return &snapshot;
}

static int begin(void **state) {
    (void)state;
    struct problem problem;
    struct metrics_source source = {.context = &snapshot, .snapshot = on_snapshot};
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.config = &config;
    asked = 0;
    base = event_base_new();
    listener = metrics_listen(&target, &problem);
    server = metrics_serve(base, listener, &source);
    return server == NULL || listener < 0;
}

static int end(void **state) {
    (void)state;
    metrics_server_free(server);
    metrics_listen_close(&target, listener);
    event_base_free(base);
    return 0;
}

static int say(const char *request) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, target.path, sizeof address.sun_path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(client, request, strlen(request), 0), (ssize_t)strlen(request));
    return client;
}

/* Until the server closes; the loop turns meanwhile. */
static void hear(int client) {
    size_t length = 0;
    ssize_t got = -1;
    while (got != 0) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        got = recv(client, answer + length, sizeof answer - 1 - length, MSG_DONTWAIT);
        if (got > 0) length += (size_t)got;
    }
    answer[length] = '\0';
    close(client);
}

static void expect(const char *what) {
    if (strstr(answer, what) == NULL) fail_msg("no %s in %.200s", what, answer);
}

static void metrics_are_told(void **state) {
    (void)state;
    snapshot.judge.sources = 41;
    hear(say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect("HTTP/1.1 200 OK\r\n");
    expect("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    expect("\nmailspan_sources 41\n");
    assert_int_equal(asked, 1);
}

/* It says that it has no more to say, and reads on (`nc -N`). */
static void half_closed(void **state) {
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        int client = say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_int_equal(shutdown(client, SHUT_WR), 0);
        hear(client);
        expect("HTTP/1.1 200 OK\r\n");
        const char *length = strstr(answer, "\r\nContent-Length: "), *body = strstr(answer, "\r\n\r\n");
        assert_true(length != NULL && body != NULL);
        assert_int_equal(strlen(body + 4), atol(length + 18));
        assert_true(strlen(answer) > 16384); /* more than libevent writes at a time */
    }
}

static void other_paths_ask_nobody(void **state) {
    (void)state;
    hear(say("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect("metrics for Prometheus are at /metrics\n");
    hear(say("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect("HTTP/1.1 404 Not Found\r\n");
    assert_int_equal(asked, 0);
}

/* Sums that miss a decoder would seem to leap when it is heard. */
static void no_sums_before_all_are_heard(void **state) {
    (void)state;
    struct decoder_figures figures = {.counters.packets = 5};
    snapshot.decoder_count = 1;
    hear(say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect("HTTP/1.1 503 Service Unavailable\r\n");
    metrics_hear_decoder(&snapshot, 0, 1, &figures, 1);
    hear(say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect("\nmailspan_packets_total 5\n");
}

/* Clients in every state are open when the server is freed; LeakSanitizer sees whether anything stays. */
static void it_can_be_freed_at_any_time(void **state) {
    (void)state;
    int clients[] = {say(""), say("GET /met"), say("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"), say("\r\n\r\n\r\n")};
    for (unsigned turn = 0; turn < 5; turn++) event_base_loop(base, EVLOOP_NONBLOCK);
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) close(clients[i]);
}

static void nothing_was_served_when_it_is_freed(void **state) {
    (void)state;
    int client = say("GET /metrics HTTP/1.1\r\n\r\n");
    close(client);
}

static int make_folder(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    config_default(&config);
    if (mkdtemp(folder) == NULL) return 1;
    (void)snprintf(target.path, sizeof target.path, "%s/metrics.sock", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    config_free(&config);
    return rmdir(folder);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(metrics_are_told),
        TEST(half_closed),
        TEST(other_paths_ask_nobody),
        TEST(no_sums_before_all_are_heard),
        TEST(it_can_be_freed_at_any_time),
        TEST(nothing_was_served_when_it_is_freed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
