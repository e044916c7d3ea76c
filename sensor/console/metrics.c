/* Metrics over HTTP; see metrics.h for what hostile clients can and cannot do.
 *
 * evhttp (libevent 2.1) has no bound on connections, reads on while it writes, and its time-outs begin anew with each
 * byte.  So each connection's stream is made here (on_accepted), with a mark at which it is read no further, and a
 * second reference to it is kept in a slot: by that the connection is ended when its time is over, or when another
 * needs the slot.  evhttp has let go of a stream that has no callbacks any more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "metrics_text.h"

#define CONNECTIONS_MAX 16
#define ACCEPTS_MAX 64 /* a second: Prometheus needs one in 15 */
#define CONNECTION_S 5 /* of any connection; a scrape takes a few ms */
#define REQUEST_BYTES_MAX 4096
#define INPUT_BYTES_MAX 16384 /* more than a request, or evhttp would wait for ever to see that it is too long */
#define TEXT_AGE_MS 500
#define INCOMPLETE_S 15 /* so long decoders may take to be heard for the first time */

struct slot {
    struct bufferevent *stream; /* closes its descriptor when both evhttp and we have let go of it; NULL: free */
    int64_t since_ms;
};

struct metrics_server {
    struct metrics_source source;
    struct event_base *base;
    struct evhttp *http;
    struct evconnlistener *listener; /* of http */
    struct event *second;
    struct evbuffer *text; /* as it was last made */
    int64_t started_ms, text_ms;
    unsigned accepts; /* in this second */
    struct slot slots[CONNECTIONS_MAX];
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- connections -------------------------------------------------------------------------------------------------- */

static bool is_over(const struct slot *slot) {
    bufferevent_event_cb on_event = NULL;
    bufferevent_getcb(slot->stream, NULL, NULL, &on_event, NULL);
    return on_event == NULL;
}

/* evhttp sees its connection's end, when it still has it, in the loop's next turn. */
static void end(struct slot *slot) {
    if (!is_over(slot)) (void)shutdown(bufferevent_getfd(slot->stream), SHUT_RDWR);
    (void)bufferevent_decref(slot->stream);
    slot->stream = NULL;
}

static void end_all(struct metrics_server *server, int64_t before_ms) {
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct slot *slot = &server->slots[i];
        if (slot->stream != NULL && (slot->since_ms <= before_ms || is_over(slot))) end(slot);
    }
}

/* A free slot, or that of the oldest connection, which is ended. */
static struct slot *make_room(struct metrics_server *server) {
    struct slot *oldest = &server->slots[0];
    end_all(server, INT64_MIN); /* those that are over */
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct slot *slot = &server->slots[i];
        if (slot->stream == NULL) return slot;
        if (slot->since_ms < oldest->since_ms) oldest = slot;
    }
    end(oldest);
    return oldest;
}

static void on_second(evutil_socket_t fd, short what, void *context) {
    struct metrics_server *server = context;
    (void)fd, (void)what;
    end_all(server, now_ms() - CONNECTION_S * 1000);
    evconnlistener_enable(server->listener);
    server->accepts = 0;
}

/* As when there are no descriptors left: the listener stays readable, and the loop must not turn for nothing. */
static void on_accept_failed(struct evconnlistener *listener, void *context) {
    (void)context;
    evconnlistener_disable(listener);
}

/* Makes the stream of an accepted connection.  NULL: evhttp tries to make one itself, and out of memory it refuses the
 * connection. */
static struct bufferevent *on_accepted(struct event_base *base, void *context) {
    struct metrics_server *server = context;
    if (++server->accepts >= ACCEPTS_MAX) evconnlistener_disable(server->listener);
    struct bufferevent *stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (stream == NULL) return NULL;
    bufferevent_setwatermark(stream, EV_READ, 0, INPUT_BYTES_MAX);
    bufferevent_incref(stream);
    *make_room(server) = (struct slot){.stream = stream, .since_ms = now_ms()};
    return stream;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* body is left as it is; of a HEAD only its length is told.  A client that says no more may still want to hear: evhttp
 * would take the end of what it says for its own, so that is read no more. */
static void answer(struct evhttp_request *request, int code, const char *reason, const char *type,
                   struct evbuffer *body) {
    char length[24];
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct bufferevent *stream = evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
    bool head = evhttp_request_get_command(request) == EVHTTP_REQ_HEAD;
    struct evbuffer *copy = evbuffer_new();
    (void)snprintf(length, sizeof length, "%zu", evbuffer_get_length(body));
    evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "Content-Length", length);
    evhttp_add_header(headers, "Connection", "close");
    if (copy != NULL && !head) (void)evbuffer_add_buffer_reference(copy, body); /* shared, not copied */
    evhttp_send_reply(request, code, reason, copy);
    (void)bufferevent_disable(stream, EV_READ);
    if (copy != NULL) evbuffer_free(copy);
}

static void answer_words(struct evhttp_request *request, int code, const char *reason, const char *words) {
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
        return;
    }
    evbuffer_add_printf(body, "%s\n", words);
    answer(request, code, reason, "text/plain; charset=utf-8", body);
    evbuffer_free(body);
}

/* A new buffer each time: connections that still read the old one keep it. */
static bool make_text(struct metrics_server *server, const struct metrics_snapshot *snapshot) {
    struct evbuffer *text = evbuffer_new();
    if (text == NULL || !metrics_text(text, snapshot)) {
        if (text != NULL) evbuffer_free(text);
        return false;
    }
    if (server->text != NULL) evbuffer_free(server->text);
    server->text = text;
    server->text_ms = now_ms();
    return true;
}

static void answer_metrics(struct metrics_server *server, struct evhttp_request *request) {
    if (server->text == NULL || now_ms() - server->text_ms >= TEXT_AGE_MS) {
        const struct metrics_snapshot *snapshot = server->source.snapshot(server->source.context);
        if (!metrics_complete(snapshot) && now_ms() - server->started_ms < INCOMPLETE_S * 1000) {
            answer_words(request, HTTP_SERVUNAVAIL, "Service Unavailable",
                         "not all decoders have told their figures yet; try again in a second");
            return;
        }
        if (!make_text(server, snapshot)) {
            answer_words(request, HTTP_INTERNAL, "Internal Server Error", "not enough memory for the metrics");
            return;
        }
    }
    answer(request, HTTP_OK, "OK", METRICS_CONTENT_TYPE, server->text);
}

static void on_request(struct evhttp_request *request, void *context) {
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    if (path != NULL && strcmp(path, "/metrics") == 0)
        answer_metrics(context, request);
    else if (path == NULL || strcmp(path, "/") == 0 || path[0] == '\0')
        answer_words(request, HTTP_OK, "OK", "mailspan " MAILSPAN_VERSION ": metrics for Prometheus are at /metrics");
    else
        answer_words(request, HTTP_NOTFOUND, "Not Found", "nothing is here; metrics are at /metrics");
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static bool open_http(struct metrics_server *server, int listener) {
    server->http = evhttp_new(server->base);
    if (server->http == NULL) return false;
    evhttp_set_allowed_methods(server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(server->http, REQUEST_BYTES_MAX);
    evhttp_set_max_body_size(server->http, 0);
    evhttp_set_timeout(server->http, CONNECTION_S);
    evhttp_set_bevcb(server->http, on_accepted, server);
    evhttp_set_gencb(server->http, on_request, server);
    /* It listens already: 0.  The descriptor is the caller's. */
    server->listener = evconnlistener_new(server->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, listener);
    if (server->listener == NULL) return false;
    evconnlistener_set_error_cb(server->listener, on_accept_failed);
    if (evhttp_bind_listener(server->http, server->listener) != NULL) return true;
    evconnlistener_free(server->listener);
    server->listener = NULL;
    return false;
}

struct metrics_server *metrics_serve(struct event_base *base, int listener, const struct metrics_source *source) {
    struct timeval second = {1, 0};
    struct metrics_server *server = calloc(1, sizeof *server);
    if (server == NULL) return NULL;
    server->source = *source;
    server->base = base;
    server->started_ms = now_ms();
    server->second = event_new(base, -1, EV_PERSIST, on_second, server);
    if (server->second != NULL && event_add(server->second, &second) == 0 && open_http(server, listener)) return server;
    metrics_server_free(server);
    return NULL;
}

void metrics_server_free(struct metrics_server *server) {
    if (server == NULL) return;
    if (server->http != NULL) evhttp_free(server->http); /* with its listener and connections */
    end_all(server, INT64_MAX);
    if (server->second != NULL) event_free(server->second);
    if (server->text != NULL) evbuffer_free(server->text);
    free(server);
}
