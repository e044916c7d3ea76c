/* The descriptor that metrics are served at; see metrics.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "metrics.h"

#define BACKLOG 16

struct address {
    struct sockaddr_storage bytes;
    socklen_t length;
    char text[IP_TEXT_BYTES + 10];
};

static struct address address_of(const struct metrics_target *target) {
    struct address address = {.length = 0};
    char ip[IP_TEXT_BYTES];
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(target->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(target->port)};
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    if (target->unix_socket) {
        memcpy(path.sun_path, target->path, sizeof path.sun_path);
        memcpy(&address.bytes, &path, address.length = sizeof path);
        return address;
    }
    bool is_v4 = inet_pton(AF_INET, ip_to_text(&target->ip, ip), &v4.sin_addr) == 1;
    if (is_v4)
        memcpy(&address.bytes, &v4, address.length = sizeof v4);
    else if (inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1)
        memcpy(&address.bytes, &v6, address.length = sizeof v6);
    (void)snprintf(address.text, sizeof address.text, is_v4 ? "%s:%u" : "[%s]:%u", ip, target->port);
    return address;
}

static int wrong(struct problem *problem, const struct metrics_target *target, const char *doing, const char *hint) {
    struct address address = address_of(target);
    int error = errno;
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->what, sizeof problem->what, "metrics.listen: %s %s: %s%s", doing,
                   target->unix_socket ? target->path : address.text, strerror(error), hint);
    return -1;
}

/* Nobody serves a socket that refuses a connection: its sensor is dead. */
static bool is_left_over(const struct address *address, const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    bool refused =
        connect(probe, (const struct sockaddr *)&address->bytes, address->length) != 0 && errno == ECONNREFUSED;
    close(probe);
    return refused;
}

/* Owner and group may connect, whatever the umask says. */
static bool bind_path(int listener, const struct address *address, const char *path) {
    if (is_left_over(address, path)) (void)unlink(path);
    mode_t before = umask(0117);
    bool bound = bind(listener, (const struct sockaddr *)&address->bytes, address->length) == 0;
    int error = errno;
    umask(before);
    errno = error;
    return bound;
}

static bool bind_port(int listener, const struct address *address) {
    int on = 1;
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(listener, (const struct sockaddr *)&address->bytes, address->length) == 0;
}

int metrics_listen(const struct metrics_target *target, struct problem *problem) {
    struct address address = address_of(target);
    int listener = socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return wrong(problem, target, "cannot open a socket for", "");
    bool bound = target->unix_socket ? bind_path(listener, &address, target->path) : bind_port(listener, &address);
    if (!bound || listen(listener, BACKLOG) != 0) {
        wrong(problem, target, "cannot listen on", errno == EADDRINUSE ? "; does another sensor run?" : "");
        close(listener);
        return -1;
    }
    tzset();
    return listener;
}

void metrics_listen_close(const struct metrics_target *target, int listener) {
    if (listener < 0) return;
    close(listener);
    if (target->unix_socket) (void)unlink(target->path);
}
