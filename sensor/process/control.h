/* What a supervisor and one of its children say to each other over a socketpair: whole messages (SOCK_SEQPACKET), with
 * open descriptors from the supervisor to the child alone.
 *
 * A child may be hostile: its messages are bounded, and descriptors that it sends are refused by the kernel.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_CONTROL_H
#define MAILSPAN_PROCESS_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailspan/span.h"

#define CONTROL_BYTES_MAX 20480 /* of one message: a piece of a handover (handover.h), and what kind it is */
#define CONTROL_FDS_MAX 4       /* in one message: a Redis connection and its spare */

enum control_kind {
    CONTROL_ALIVE = 1, /* child: each second, with what it has of memory */
    CONTROL_STOP,      /* supervisor: end what is begun, then exit; control_send_stop says by when */
    CONTROL_MESSAGE,   /* either: what the program around has to say */
};

struct control_message {
    enum control_kind kind;
    size_t length;
    uint8_t bytes[CONTROL_BYTES_MAX];
    unsigned fd_count;
    int fds[CONTROL_FDS_MAX]; /* the receiver's from now on */
};

enum control_result {
    CONTROL_DONE,
    CONTROL_LATER,   /* nothing there, or no room */
    CONTROL_INVALID, /* a message that nobody of ours sends; it is gone */
    CONTROL_GONE,    /* the other side has ended */
};

enum control_side { CONTROL_CHILD, CONTROL_SUPERVISOR }; /* who receives */

/* The supervisor's end first.  Neither end ever waits. */
bool control_open(int ends[2]);
enum control_result control_send(int fd, enum control_kind kind, struct span bytes, const int *fds, unsigned fd_count);
enum control_result control_receive(int fd, enum control_side side, struct control_message *message);

/* Who has not ended by then, by the monotonic clock in ms, is killed. */
enum control_result control_send_stop(int fd, int64_t by_ms);
/* The same of a CONTROL_STOP; 0: it does not say. */
int64_t control_stop_by_ms(const struct control_message *message);

/* A child's address space, reserved or touched; 0: it does not know. */
enum control_result control_alive(int fd, uint64_t address_space_bytes);
/* The same of a CONTROL_ALIVE. */
uint64_t control_alive_bytes(const struct control_message *message);

#endif
