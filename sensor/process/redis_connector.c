/* See redis_connector.h.
 *
 *   RESTING --begin--> BEGUN --> NAMING --addresses--> CONNECTING --the first that answers--> done(fd)
 *                        |                       |  the next address when one refuses, or has had its share of the time
 *                        +----- no address, -----+--> done(-1, why)
 *                               no time
 *
 * evdns holds on to what was asked until it has said so in a callback, even of what was cancelled; so a look-up is an
 * object of its own, which outlives its attempt, and frees itself a turn of the loop after its callback.  Living no
 * longer than an attempt it also never comes to probe a name server that was silent, and sees each change of /etc.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/redis_connector.h"

#include <errno.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ADDRESSES_MAX 16 /* of one name */

/* A connection on which nothing is said is found dead after 30 s. */
#define ALIVE_AFTER_S 15
#define ALIVE_EACH_S 5
#define ALIVE_TIMES 3

enum phase { RESTING, BEGUN, NAMING, CONNECTING };

struct look_up {
    struct redis_connector *connector; /* NULL: nobody waits for it any more */
    struct evdns_base *dns;
    struct evdns_getaddrinfo_request *request; /* NULL: answered */
    struct event *over;
};

struct address {
    socklen_t length;
    struct sockaddr_storage name;
};

struct redis_connector {
    struct event_base *base;
    struct redis_connector_settings settings;
    struct redis_target target;
    enum phase phase;
    int64_t until_ms;
    struct event *turn;     /* what comes next, from the loop */
    struct event *deadline; /* of the attempt */
    struct look_up *look_up;
    struct address addresses[ADDRESSES_MAX];
    unsigned count, next;
    int fd;
    struct event *connected; /* fd is, or is not; NULL when there is none */
    char why[256];           /* the last address, or the name, failed */
};

static int64_t now_ms(void) {
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    return (int64_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
}

static struct timeval time_of_ms(int64_t ms) {
    return (struct timeval){(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
}

static bool arm(struct event *event, int64_t ms) {
    struct timeval tv = time_of_ms(ms);
    return event_add(event, &tv) == 0;
}

/* --- the end of an attempt ---------------------------------------------------------------------------------------- */

static void drop_socket(struct redis_connector *connector) {
    if (connector->connected != NULL) event_free(connector->connected);
    if (connector->fd >= 0) (void)close(connector->fd);
    connector->connected = NULL;
    connector->fd = -1;
}

static void drop_look_up(struct redis_connector *connector) {
    struct look_up *look_up = connector->look_up;
    connector->look_up = NULL;
    if (look_up == NULL) return;
    look_up->connector = NULL;
    if (look_up->request != NULL) evdns_getaddrinfo_cancel(look_up->request); /* on_names comes later */
}

void redis_connector_cancel(struct redis_connector *connector) {
    drop_socket(connector);
    drop_look_up(connector);
    (void)event_del(connector->turn);
    (void)event_del(connector->deadline);
    connector->phase = RESTING;
}

/* The last thing that is done with the connector: the listener may have freed it. */
static void fail(struct redis_connector *connector, const char *why) {
    char text[sizeof connector->why];
    snprintf(text, sizeof text, "%s", why);
    redis_connector_cancel(connector);
    connector->settings.done(connector->settings.context, -1, text);
}

static void succeed(struct redis_connector *connector) {
    int fd = connector->fd;
    connector->fd = -1;
    redis_connector_cancel(connector);
    connector->settings.done(connector->settings.context, fd, NULL);
}

static void on_deadline(evutil_socket_t fd, short what, void *argument) {
    struct redis_connector *connector = argument;
    (void)fd, (void)what;
    fail(connector, connector->phase == NAMING ? "no name server answers in time" : "no answer in time");
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

static void note_failure(struct redis_connector *connector, const char *why) {
    char host[80]; /* an IPv6 address with its interface */
    const struct address *address = &connector->addresses[connector->next - 1];
    bool named = connector->count > 1 && getnameinfo((const struct sockaddr *)&address->name, address->length, host,
                                                     sizeof host, NULL, 0, NI_NUMERICHOST) == 0;
    snprintf(connector->why, sizeof connector->why, "%s%s%s", named ? host : "", named ? ": " : "", why);
}

static void set_options(int fd) {
    const int on = 1, after = ALIVE_AFTER_S, each = ALIVE_EACH_S, times = ALIVE_TIMES;
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &after, sizeof after);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &each, sizeof each);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
}

static void on_connected(evutil_socket_t fd, short what, void *argument);

/* 0, or errno: then the next address has its turn. */
static int try_address(struct redis_connector *connector, const struct address *address) {
    connector->fd = socket(address->name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connector->fd < 0) return errno;
    if (address->name.ss_family != AF_UNIX) set_options(connector->fd);
    if (connect(connector->fd, (const struct sockaddr *)&address->name, address->length) != 0 && errno != EINPROGRESS)
        return errno;
    connector->connected = event_new(connector->base, connector->fd, EV_WRITE, on_connected, connector);
    /* Those behind it must have their turn, too. */
    int64_t left_ms = connector->until_ms - now_ms(), share_ms = left_ms / (connector->count - connector->next + 1);
    return connector->connected != NULL && arm(connector->connected, share_ms > 1 ? share_ms : 1) ? 0 : ENOMEM;
}

static void try_next(struct redis_connector *connector) {
    connector->phase = CONNECTING;
    while (connector->next < connector->count) {
        int error = try_address(connector, &connector->addresses[connector->next++]);
        if (error == 0) return;
        note_failure(connector, strerror(error));
        drop_socket(connector);
    }
    fail(connector, connector->why);
}

/* Where nobody listens on a port that the system also gives to clients, one that tries for long enough is given this
 * very port, and reaches itself (RFC 9293 3.5: both ends open at once). */
static bool is_connected_to_itself(int fd) {
    struct sockaddr_storage own = {.ss_family = AF_UNSPEC}, other = {.ss_family = AF_UNSPEC};
    socklen_t own_length = sizeof own, other_length = sizeof other;
    return getsockname(fd, (struct sockaddr *)&own, &own_length) == 0 &&
           getpeername(fd, (struct sockaddr *)&other, &other_length) == 0 && own.ss_family != AF_UNIX &&
           own_length == other_length && memcmp(&own, &other, own_length) == 0;
}

static void on_connected(evutil_socket_t fd, short what, void *argument) {
    struct redis_connector *connector = argument;
    int error = 0;
    socklen_t length = sizeof error;
    if ((what & EV_WRITE) != 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
    if ((what & EV_WRITE) != 0 && error == 0 && is_connected_to_itself(fd)) error = ECONNREFUSED;
    if ((what & EV_WRITE) != 0 && error == 0) {
        succeed(connector);
        return;
    }
    note_failure(connector, error != 0 ? strerror(error) : "no answer in time");
    drop_socket(connector);
    try_next(connector);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static void take_addresses(struct redis_connector *connector, const struct evutil_addrinfo *list) {
    for (; list != NULL && connector->count < ADDRESSES_MAX; list = list->ai_next) {
        struct address *address = &connector->addresses[connector->count];
        if (list->ai_addrlen > sizeof address->name) continue;
        memcpy(&address->name, list->ai_addr, list->ai_addrlen);
        address->length = (socklen_t)list->ai_addrlen;
        connector->count++;
    }
}

static void take_unix_address(struct redis_connector *connector) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t length = strlen(connector->target.host);
    if (length >= sizeof name.sun_path) return;
    memcpy(name.sun_path, connector->target.host, length);
    memcpy(&connector->addresses[0].name, &name, sizeof name);
    connector->addresses[0].length = sizeof name;
    connector->count = 1;
}

static void free_look_up(struct look_up *look_up) {
    if (look_up->dns != NULL) evdns_base_free(look_up->dns, 0);
    if (look_up->over != NULL) event_free(look_up->over);
    free(look_up);
}

static void on_over(evutil_socket_t fd, short what, void *argument) {
    (void)fd, (void)what;
    free_look_up(argument);
}

/* Also from within evdns_getaddrinfo, when it need not ask. */
static void on_names(int result, struct evutil_addrinfo *list, void *argument) {
    struct look_up *look_up = argument;
    struct redis_connector *connector = look_up->connector;
    look_up->request = NULL;
    (void)arm(look_up->over, 0); /* behind what evdns still has to do */
    if (connector != NULL) {
        connector->look_up = NULL;
        if (result == 0) take_addresses(connector, list);
        snprintf(connector->why, sizeof connector->why, "no address of that name: %s", evutil_gai_strerror(result));
        (void)arm(connector->turn, 0);
    }
    if (list != NULL) evutil_freeaddrinfo(list);
}

/* What evdns says of each server that fails, at each attempt, would go to standard error.  Why there is no connection
 * is told by our own words. */
static void say_nothing(int is_warning, const char *text) {
    (void)is_warning, (void)text;
}

static bool set_up_look_up(struct look_up *look_up, const struct redis_connector *connector) {
    const struct redis_connector_settings *settings = &connector->settings;
    evdns_set_log_fn(say_nothing);
    look_up->over = evtimer_new(connector->base, on_over, look_up);
    look_up->dns = evdns_base_new(connector->base, 0);
    if (look_up->over == NULL || look_up->dns == NULL) return false;
    /* Where a file is missing evdns has its own idea: a name server on this host; localhost. */
    (void)evdns_base_resolv_conf_parse(look_up->dns, DNS_OPTIONS_ALL & ~DNS_OPTION_HOSTSFILE,
                                       settings->name_servers == NULL ? "/etc/resolv.conf" : settings->name_servers);
    (void)evdns_base_load_hosts(look_up->dns, settings->hosts == NULL ? "/etc/hosts" : settings->hosts);
    /* There is time for two dead servers, and then for one that never answers for one family of addresses. */
    return evdns_base_set_option(look_up->dns, "timeout", "1") == 0 &&
           evdns_base_set_option(look_up->dns, "getaddrinfo-allow-skew", "2.5") == 0;
}

static void ask_names(struct redis_connector *connector, const char *port) {
    const struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC,
                                          .ai_socktype = SOCK_STREAM,
                                          .ai_protocol = IPPROTO_TCP,
                                          .ai_flags = EVUTIL_AI_NUMERICSERV};
    struct look_up *look_up = calloc(1, sizeof *look_up);
    if (look_up == NULL || !set_up_look_up(look_up, connector)) {
        if (look_up != NULL) free_look_up(look_up);
        fail(connector, "the name cannot be looked up: out of memory");
        return;
    }
    connector->look_up = look_up;
    look_up->connector = connector;
    struct evdns_getaddrinfo_request *request =
        evdns_getaddrinfo(look_up->dns, connector->target.host, port, &hints, on_names, look_up);
    if (request != NULL) look_up->request = request;
}

static void find_addresses(struct redis_connector *connector) {
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}; /* asks nobody */
    struct addrinfo *list = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", connector->target.port);
    connector->phase = NAMING;
    if (connector->target.unix_socket) {
        snprintf(connector->why, sizeof connector->why, "the path of the socket is too long");
        take_unix_address(connector);
    } else if (getaddrinfo(connector->target.host, port, &hints, &list) == 0) {
        take_addresses(connector, list);
        freeaddrinfo(list);
    } else {
        ask_names(connector, port);
        return;
    }
    try_next(connector);
}

/* --- an attempt --------------------------------------------------------------------------------------------------- */

static void on_turn(evutil_socket_t fd, short what, void *argument) {
    struct redis_connector *connector = argument;
    (void)fd, (void)what;
    if (connector->phase == NAMING)
        try_next(connector);
    else
        find_addresses(connector);
}

bool redis_connector_begin(struct redis_connector *connector) {
    if (connector->phase != RESTING) return false;
    int within_ms = connector->settings.within_ms;
    connector->phase = BEGUN;
    connector->count = connector->next = 0;
    connector->until_ms = now_ms() + within_ms;
    (void)arm(connector->deadline, within_ms);
    (void)arm(connector->turn, 0);
    return true;
}

struct redis_connector *redis_connector_new(struct event_base *base, const struct redis_connector_settings *settings) {
    struct redis_connector *connector = calloc(1, sizeof *connector);
    if (connector == NULL) return NULL;
    connector->base = base;
    connector->settings = *settings;
    if (settings->within_ms <= 0) connector->settings.within_ms = REDIS_CONNECTOR_WITHIN_MS;
    connector->target = *settings->target;
    connector->fd = -1;
    connector->turn = evtimer_new(base, on_turn, connector);
    connector->deadline = evtimer_new(base, on_deadline, connector);
    if (connector->turn != NULL && connector->deadline != NULL) return connector;
    redis_connector_free(connector);
    return NULL;
}

void redis_connector_free(struct redis_connector *connector) {
    if (connector == NULL) return;
    if (connector->turn != NULL && connector->deadline != NULL) redis_connector_cancel(connector);
    if (connector->turn != NULL) event_free(connector->turn);
    if (connector->deadline != NULL) event_free(connector->deadline);
    free(connector);
}
