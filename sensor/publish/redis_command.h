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

/* Where such a call (FCALL, the function, how many keys, the keys) has its event's id; behind it is the place for the
 * id of the one before. */
unsigned redis_command_id_argument(const struct span *arguments, unsigned count);

void redis_command_publish(struct redis_command *command, const struct wording *wording,
                           const struct decision *decision);
void redis_command_health(struct redis_command *command, const struct wording *wording,
                          const struct health_record *record);

struct heartbeat {
    const struct counters *counters;
    size_t pending;
    nstime now;         /* by the system's clock */
    nstime packet_time; /* 0: no packet yet */
};
void redis_command_heartbeat(struct redis_command *command, const struct config *config,
                             const struct heartbeat *heartbeat);

#endif
