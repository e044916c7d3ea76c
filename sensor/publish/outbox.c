/* Commands that wait until Redis has acknowledged them; see outbox.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox.h"

#include <stdlib.h>

bool outbox_init(struct outbox *outbox) {
    *outbox = (struct outbox){.ring = calloc(LIMIT_OUTBOX_EVENTS, sizeof(struct outbox_command *))};
    return outbox->ring != NULL;
}

void outbox_clear(struct outbox *outbox) {
    while (outbox->count > 0) outbox_pop(outbox);
    free(outbox->ring);
    outbox->ring = NULL;
}

bool outbox_is_full(const struct outbox *outbox) {
    return outbox->count == LIMIT_OUTBOX_EVENTS || outbox->bytes >= LIMIT_OUTBOX_BYTES;
}

bool outbox_push(struct outbox *outbox, const struct span *arguments, unsigned count, int64_t now_ns) {
    size_t bytes = sizeof(struct outbox_command);
    if (count > COMMAND_ARGUMENTS_MAX || outbox_is_full(outbox)) return false;
    for (unsigned i = 0; i < count; i++) bytes += arguments[i].len;
    struct outbox_command *command = malloc(bytes);
    if (command == NULL) return false;
    command->bytes = bytes;
    command->count = count;
    command->since_ns = now_ns;
    uint8_t *at = (uint8_t *)(command + 1);
    for (unsigned i = 0; i < count; i++) {
        if (arguments[i].len > 0) memcpy(at, arguments[i].data, arguments[i].len);
        command->arguments[i] = span_of(at, arguments[i].len);
        at += arguments[i].len;
    }
    outbox->ring[(outbox->head + outbox->count) % LIMIT_OUTBOX_EVENTS] = command;
    outbox->count++;
    outbox->bytes += bytes;
    return true;
}

const struct outbox_command *outbox_at(const struct outbox *outbox, size_t place) {
    return place < outbox->count ? outbox->ring[(outbox->head + place) % LIMIT_OUTBOX_EVENTS] : NULL;
}

void outbox_pop(struct outbox *outbox) {
    struct outbox_command *command = outbox->ring[outbox->head];
    outbox->ring[outbox->head] = NULL;
    outbox->head = (outbox->head + 1) % LIMIT_OUTBOX_EVENTS;
    outbox->count--;
    outbox->bytes -= command->bytes;
    free(command);
}
