/* Messages between a supervisor and its children; see control.h.
 *
 *   [ kind: one byte ][ bytes, 0 to CONTROL_BYTES_MAX ]   and SCM_RIGHTS, unix(7)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

bool control_open(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0;
}

static enum control_result of_errno(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS || errno == ETOOMANYREFS
               ? CONTROL_LATER
               : CONTROL_GONE;
}

/* CMSG_SPACE's alignment is its union's. */
union ancillary {
    struct cmsghdr header;
    char room[CMSG_SPACE(CONTROL_FDS_MAX * sizeof(int))];
};

static void attach(struct msghdr *packet, union ancillary *ancillary, const int *fds, unsigned count) {
    memset(ancillary, 0, sizeof *ancillary);
    packet->msg_control = ancillary->room;
    packet->msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(packet);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
}

enum control_result control_send(int fd, enum control_kind kind, struct span bytes, const int *fds, unsigned fd_count) {
    uint8_t first = (uint8_t)kind;
    union ancillary ancillary;
    struct iovec pieces[2] = {{&first, 1}, {(void *)bytes.data, bytes.len}};
    struct msghdr packet = {.msg_iov = pieces, .msg_iovlen = bytes.len == 0 ? 1 : 2};
    if (bytes.len > CONTROL_BYTES_MAX || fd_count > CONTROL_FDS_MAX) return CONTROL_INVALID;
    if (fds != NULL && fd_count > 0) attach(&packet, &ancillary, fds, fd_count);
    return sendmsg(fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ? CONTROL_DONE : of_errno();
}

/* All that came are taken, so that none stays open unseen. */
static void take_descriptors(struct msghdr *packet, struct control_message *message) {
    for (struct cmsghdr *header = CMSG_FIRSTHDR(packet); header != NULL; header = CMSG_NXTHDR(packet, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count && message->fd_count < CONTROL_FDS_MAX; i++)
            memcpy(&message->fds[message->fd_count++], CMSG_DATA(header) + i * sizeof(int), sizeof(int));
    }
}

static bool is_whole(const struct msghdr *packet, enum control_side side, uint8_t kind) {
    if ((packet->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return false;
    if (side == CONTROL_SUPERVISOR) return kind == CONTROL_ALIVE || kind == CONTROL_MESSAGE;
    return kind == CONTROL_STOP || kind == CONTROL_MESSAGE;
}

enum control_result control_receive(int fd, enum control_side side, struct control_message *message) {
    uint8_t kind = 0;
    union ancillary ancillary;
    struct iovec pieces[2] = {{&kind, 1}, {message->bytes, sizeof message->bytes}};
    struct msghdr packet = {.msg_iov = pieces, .msg_iovlen = 2};
    if (side == CONTROL_CHILD) { /* without room for them the kernel closes descriptors that were sent */
        packet.msg_control = ancillary.room;
        packet.msg_controllen = sizeof ancillary.room;
    }
    message->length = message->fd_count = 0;
    ssize_t got = recvmsg(fd, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) return of_errno();
    take_descriptors(&packet, message);
    if (got == 0 && message->fd_count == 0) return CONTROL_GONE;
    if (got > 0 && is_whole(&packet, side, kind)) {
        message->kind = (enum control_kind)kind;
        message->length = (size_t)got - 1;
        return CONTROL_DONE;
    }
    while (message->fd_count > 0) close(message->fds[--message->fd_count]);
    return CONTROL_INVALID;
}

enum control_result control_alive(int fd, uint64_t address_space_bytes) {
    struct span bytes = span_of((const uint8_t *)&address_space_bytes, sizeof address_space_bytes);
    return control_send(fd, CONTROL_ALIVE, bytes, NULL, 0);
}

uint64_t control_alive_bytes(const struct control_message *message) {
    uint64_t bytes = 0;
    if (message->kind == CONTROL_ALIVE && message->length == sizeof bytes) memcpy(&bytes, message->bytes, sizeof bytes);
    return bytes;
}

enum control_result control_send_stop(int fd, int64_t by_ms) {
    return control_send(fd, CONTROL_STOP, span_of((const uint8_t *)&by_ms, sizeof by_ms), NULL, 0);
}

int64_t control_stop_by_ms(const struct control_message *message) {
    int64_t by_ms = 0;
    if (message->kind == CONTROL_STOP && message->length == sizeof by_ms) memcpy(&by_ms, message->bytes, sizeof by_ms);
    return by_ms;
}
