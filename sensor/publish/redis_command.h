/* The commands that a sensor gives to Redis: calls of the functions in mailspan.lua.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_REDIS_COMMAND_H
#define MAILSPAN_PUBLISH_REDIS_COMMAND_H

#include "outbox.h"
#include "publish.h"
#include "wording.h"

/* Arguments under construction; their texts are copied into bytes. */
struct redis_command {
    unsigned count;
    bool full; /* something did not fit */
    struct span arguments[COMMAND_ARGUMENTS_MAX];
    size_t used;
    char bytes[EVENT_JSON_BYTES + 8192];
};

/* Where a call of mailspan_publish has its event's id, and the place for the id before it. */
#define PUBLISH_ID_ARGUMENT 7
#define PUBLISH_PREVIOUS_ARGUMENT 8

void redis_command_publish(struct redis_command *command, const struct wording *wording,
                           const struct decision *decision);

struct heartbeat {
    const struct counters *counters;
    size_t pending;
    nstime now;         /* by the system's clock */
    nstime packet_time; /* 0: no packet yet */
};
void redis_command_heartbeat(struct redis_command *command, const struct config *config,
                             const struct heartbeat *heartbeat);

#endif
