/* The kernel's messages about interfaces (rtnetlink(7), group RTMGRP_LINK): each change in its order, so that an
 * interface which was down for a moment, between two questions, is known to have been.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/capture.h"

#define MESSAGES_BYTES 32768 /* the kernel's largest; a smaller room would cut them */

struct link_watch {
    int fd;
    size_t left; /* bytes of messages not yet looked at, from at on */
    const struct nlmsghdr *at;
    _Alignas(struct nlmsghdr) uint8_t messages[MESSAGES_BYTES];
};

struct link_watch *link_watch_open(char error[CAPTURE_ERROR_BYTES]) {
    struct link_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        snprintf(error, CAPTURE_ERROR_BYTES, "not enough memory");
        return NULL;
    }
    struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (watch->fd >= 0 && bind(watch->fd, (struct sockaddr *)&group, sizeof group) == 0) return watch;
    snprintf(error, CAPTURE_ERROR_BYTES, "the kernel does not tell of changes of interfaces: %s", strerror(errno));
    link_watch_close(watch);
    return NULL;
}

void link_watch_close(struct link_watch *watch) {
    if (watch == NULL) return;
    if (watch->fd >= 0) (void)close(watch->fd);
    free(watch);
}

int link_watch_descriptor(const struct link_watch *watch) {
    return watch->fd;
}

static bool read_message(const struct nlmsghdr *message, struct link_change *change) {
    bool deleted = message->nlmsg_type == RTM_DELLINK;
    if (!deleted && message->nlmsg_type != RTM_NEWLINK) return false;
    if (message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg))) return false;
    const struct ifinfomsg *link = NLMSG_DATA(message);
    if (link->ifi_family != AF_UNSPEC) return false; /* a bridge's, of its port */
    *change = (struct link_change){
        .interface = link->ifi_index, .down = deleted || (link->ifi_flags & IFF_UP) == 0, .deleted = deleted};
    return true;
}

/* Other processes may send to a netlink socket: only the kernel has the number 0. */
static ssize_t receive(struct link_watch *watch) {
    struct sockaddr_nl from = {.nl_family = AF_NETLINK};
    socklen_t size = sizeof from;
    ssize_t len;
    do {
        len = recvfrom(watch->fd, watch->messages, sizeof watch->messages, 0, (struct sockaddr *)&from, &size);
    } while (len < 0 && errno == EINTR);
    return len > 0 && from.nl_pid != 0 ? 0 : len;
}

bool link_watch_next(struct link_watch *watch, struct link_change *change) {
    for (;;) {
        while (NLMSG_OK(watch->at, watch->left)) {
            const struct nlmsghdr *message = watch->at;
            watch->at = NLMSG_NEXT(watch->at, watch->left);
            if (read_message(message, change)) return true;
        }
        ssize_t len = receive(watch);
        watch->left = len > 0 ? (size_t)len : 0;
        watch->at = (const struct nlmsghdr *)(const void *)watch->messages;
        if (len < 0 && errno == ENOBUFS) {
            *change = (struct link_change){.interface = 0, .down = true};
            return true;
        }
        if (len < 0) return false;
    }
}
