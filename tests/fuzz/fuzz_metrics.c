/* Fuzz target: what anybody may say to the metrics' HTTP server, in any cut, and whether it hangs up first.
 *
 * Input: requests in pieces: a byte that says how many of the following bytes are sent at once (0: the client ends what
 * it says), and the bytes.
 *
 * Whatever is said, there is one answer or none, of a kind that a client of HTTP understands, and the server lets go.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "console/metrics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct event_base *base;
    int client;
    size_t heard;
    char start[16];
};

static const struct metrics_snapshot *on_snapshot(void *context) {
    return context;
}

/* A listener without a place in the file system. */
static int listen_somewhere(struct sockaddr_un *address, socklen_t *length) {
    int const listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    *length = sizeof *address;
    if (listener < 0 || bind(listener, (struct sockaddr *)address, sizeof(sa_family_t)) != 0 ||
        listen(listener, 16) != 0 || getsockname(listener, (struct sockaddr *)address, length) != 0)
        abort();
    return listener;
}

static void hear(struct run *run) {
    static char bytes[65536];
    ssize_t length;
    (void)event_base_loop(run->base, EVLOOP_NONBLOCK);
    while ((length = recv(run->client, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        size_t const room =
            sizeof run->start - 1 - (run->heard < sizeof run->start ? run->heard : sizeof run->start - 1);
        memcpy(run->start + (sizeof run->start - 1 - room), bytes, (size_t)length < room ? (size_t)length : room);
        run->heard += (size_t)length;
    }
}

static void talk(struct run *run, struct reader r) {
    while (reader_left(&r) > 0) {
        size_t const wanted = reader_u8(&r);
        struct span const bytes = reader_bytes(&r, wanted < reader_left(&r) ? wanted : reader_left(&r));
        if (wanted == 0) (void)shutdown(run->client, SHUT_WR);
        if (bytes.len > 0) (void)send(run->client, bytes.data, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        hear(run);
    }
    for (unsigned i = 0; i < 8; i++) hear(run);
}

static void check_answer(const struct run *run) {
    if (run->heard == 0) return;
    unsigned code = 0;
    assert(run->heard >= 12 && sscanf(run->start, "HTTP/%*u.%*u %3u", &code) == 1);
    assert(code == 200 || code == 404 || (code >= 400 && code < 600));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct metrics_snapshot snapshot;
    static struct config config;
    static struct sockaddr_un address;
    static socklen_t length;
    static int listener = -1;
    if (listener < 0) {
        signal(SIGPIPE, SIG_IGN);
        config_default(&config);
        snapshot.config = &config;
        listener = listen_somewhere(&address, &length);
    }
    struct run run = {.base = event_base_new(), .client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct metrics_source const source = {.context = &snapshot, .snapshot = on_snapshot};
    struct metrics_server *server = run.base == NULL ? NULL : metrics_serve(run.base, listener, &source);
    if (server == NULL || connect(run.client, (struct sockaddr *)&address, length) != 0) abort();
    hear(&run);
    talk(&run, reader_of(span_of(data, size)));
    check_answer(&run);
    close(run.client);
    (void)event_base_loop(run.base, EVLOOP_NONBLOCK);
    metrics_server_free(server);
    event_base_free(run.base);
    return 0;
}
