/* Commands that wait until Redis has acknowledged them: a bounded queue, in order.
 *
 *   head -> [ in flight ][ waiting ] <- tail      the connection counts how many are in flight
 *
 * In memory; a journal on disk can take its place behind the same functions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_OUTBOX_H
#define MAILSPAN_PUBLISH_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "mailspan/limits.h"
#include "mailspan/span.h"

#define COMMAND_ARGUMENTS_MAX 48

struct outbox_command {
    size_t bytes;     /* of this allocation */
    int64_t since_ns; /* when it came, by the caller's clock */
    unsigned count;
    struct span arguments[COMMAND_ARGUMENTS_MAX]; /* point behind this struct */
};

struct outbox {
    struct outbox_command **ring; /* LIMIT_OUTBOX_EVENTS */
    size_t head, count;
    size_t bytes;
};

bool outbox_init(struct outbox *outbox); /* false: not enough memory */
void outbox_clear(struct outbox *outbox);
bool outbox_is_full(const struct outbox *outbox);
/* Copies the command.  False when there is no room for it. */
bool outbox_push(struct outbox *outbox, const struct span *arguments, unsigned count, int64_t now_ns);
/* The command at this place, 0 for the oldest; NULL beyond the newest. */
const struct outbox_command *outbox_at(const struct outbox *outbox, size_t place);
void outbox_pop(struct outbox *outbox);

#endif
