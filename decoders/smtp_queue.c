/* First in, first out: replies come in the order of their commands (RFC 2920 3.1).
 *
 * A list of blocks out of the dialogue's arena; a block that is used up is kept and used again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

bool command_queue_push(struct command_queue *queue, struct arena *arena, struct waiting row) {
    if (queue->count >= LIMIT_PIPELINE_COMMANDS) return false;
    if (queue->last == NULL || queue->last_used == WAITING_PER_BLOCK) {
        struct waiting_block *block = queue->spare;
        if (block != NULL) {
            queue->spare = block->next;
            block->next = NULL;
        } else {
            block = arena_alloc(arena, sizeof *block);
        }
        if (block == NULL) return false;
        if (queue->last == NULL) {
            queue->first = block;
        } else {
            queue->last->next = block;
        }
        queue->last = block;
        queue->last_used = 0;
    }
    queue->last->rows[queue->last_used++] = row;
    queue->count++;
    queue->of_verb[row.verb]++;
    return true;
}

struct waiting *command_queue_first(struct command_queue *queue) {
    return queue->count == 0 ? NULL : &queue->first->rows[queue->first_used];
}

struct waiting *command_queue_last(struct command_queue *queue) {
    return queue->count == 0 ? NULL : &queue->last->rows[queue->last_used - 1];
}

void command_queue_spoil_last(struct command_queue *queue) {
    struct waiting *last = command_queue_last(queue);
    if (last == NULL) return;
    queue->of_verb[last->verb]--;
    *last = (struct waiting){.verb = VERB_HOLE};
    queue->of_verb[VERB_HOLE]++;
}

void command_queue_pop(struct command_queue *queue) {
    if (queue->count == 0) return;
    queue->of_verb[queue->first->rows[queue->first_used].verb]--;
    queue->count--;
    queue->first_used++;
    if (queue->count == 0) { /* the one block that is left starts over */
        queue->first_used = 0;
        queue->last_used = 0;
    } else if (queue->first_used == WAITING_PER_BLOCK) {
        struct waiting_block *used = queue->first;
        queue->first = used->next;
        queue->first_used = 0;
        used->next = queue->spare;
        queue->spare = used;
    }
}

void command_queue_pop_second(struct command_queue *queue) {
    struct command_cursor cursor = command_queue_walk(queue);
    struct waiting *first = command_queue_next(&cursor);
    struct waiting *second = command_queue_next(&cursor);
    enum smtp_verb kept = first->verb;
    first->verb = second->verb; /* the one that is counted off */
    *second = (struct waiting){first->recipient, first->ordinal,   first->end, first->read, kept,
                               first->last,      first->read_known};
    command_queue_pop(queue);
}

struct command_cursor command_queue_walk(const struct command_queue *queue) {
    return (struct command_cursor){queue->first, queue->first_used};
}

struct waiting *command_queue_next(struct command_cursor *cursor) {
    if (cursor->row == WAITING_PER_BLOCK) {
        cursor->block = cursor->block->next;
        cursor->row = 0;
    }
    return &cursor->block->rows[cursor->row++];
}

uint32_t command_queue_count(const struct command_queue *queue, enum smtp_verb verb) {
    return queue->of_verb[verb];
}
