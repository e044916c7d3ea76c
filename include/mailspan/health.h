/* health: what happens to the sensor itself, told to whoever relies on it (docs/events.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HEALTH_H
#define MAILSPAN_HEALTH_H

#include "mailspan/clock.h"

/* Words of the output contract. */
#define MAILSPAN_HEALTH_KINDS(X)                                                                     \
    X(HEALTH_STARTED, "started", "the sensor began to watch")                                        \
    X(HEALTH_STOPPING, "stopping", "it was told to end")                                             \
    X(HEALTH_PROCESS_DIED, "process_died", "a process of it ended, hung or grew: it starts anew")    \
    X(HEALTH_PROCESS_BACK, "process_back", "... has been started again")                             \
    X(HEALTH_INTERFACE_DOWN, "interface_down", "an interface is down, has no carrier, or is gone")   \
    X(HEALTH_INTERFACE_UP, "interface_up", "... is there again")                                     \
    X(HEALTH_FRAMES_LOST, "frames_lost", "more of the mirror's frames were lost than policy allows") \
    X(HEALTH_FRAMES_KEPT, "frames_kept", "... not any more")                                         \
    X(HEALTH_RELOADED, "reloaded", "configuration and rules were read anew")                         \
    X(HEALTH_RELOAD_REFUSED, "reload_refused", "... and something is wrong: all stays as it was")

enum health_kind {
#define X(kind, name, help) kind,
    MAILSPAN_HEALTH_KINDS(X)
#undef X
        HEALTH_KINDS
};

/* Borrows nothing: can be sent over a socket as it is. */
struct health_record {
    enum health_kind kind;
    uint32_t restarts;  /* of the process; 0: of something else */
    nstime time;        /* by the system's clock */
    uint64_t sequence;  /* from 1, since the sensor's start */
    int64_t next_try_s; /* until the process is started again; -1: of something else */
    char subject[48];   /* "decoder 0", "judge", an interface, "configuration", "sensor" */
    char reason[640];   /* one sentence for people */
};

const char *health_kind_name(enum health_kind kind);

#endif
