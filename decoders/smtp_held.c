/* Replies whose command nobody knows yet, because something was lost before them.
 *
 * Commands and replies come in the same order, so where the last of the one is known to belong to the last of the
 * other, those before them belong together too, backwards up to the loss:
 *
 *   commands   hole     MAIL     RCPT     RCPT     DATA
 *   replies         ?   250 <--- 250 <--- 550 <--- 354     only DATA is told to go ahead
 *
 * What ties the ends together is such a reply, or a client that has gone on as it does only when it has read every
 * reply (pace_note_command).  Nothing is tied when the two rows do not fit each other: a reply to RCPT is no 221, no
 * reply is sent before its command was received, and no command is answered before it was sent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

struct held_reply {
    struct smtp_reply reply; /* its text lies below */
    nstime time;
    uint64_t end;   /* in the server's stream, behind it */
    uint64_t heard; /* of the client's stream: what the server had received, or POSITION_UNKNOWN */
    bool behind_gap;
    uint8_t text[LIMIT_REPLY_TEXT_BYTES];
};

_Static_assert(sizeof(struct held_reply) * HELD_PER_BLOCK <= LIMIT_ARENA_BLOCK_BYTES - 64, "they fit an arena block");

struct held_block {
    struct held_reply replies[HELD_PER_BLOCK];
};

static struct held_reply *held_at(const struct held_replies *held, unsigned i) {
    unsigned slot = (held->first + i) % HELD_MAX;
    return &held->blocks[slot / HELD_PER_BLOCK]->replies[slot % HELD_PER_BLOCK];
}

void held_gap(struct dialogue *d) {
    d->held.gap = true;
}

static bool code_fits(enum smtp_verb verb, uint16_t code) {
    bool positive = code >= 200 && code < 300;
    switch (verb) {
        case VERB_DATA:
            return !positive; /* and 354 is never held */
        case VERB_QUIT:
            return true;
        case VERB_AUTH:
            return !positive || code == 235;
        case VERB_STARTTLS:
            return !positive || code == 220;
        default:
            return code != 220 && code != 221 && code != 235;
    }
}

bool held_can_answer(enum smtp_verb verb, uint16_t code) {
    if (code == 421 || verb == VERB_HOLE || verb == VERB_UNKNOWN || verb == VERB_XCLIENT) return true;
    if (code >= 300 && code < 400) return code == 354 ? verb == VERB_DATA : verb == VERB_AUTH;
    return code_fits(verb, code);
}

bool held_is_few(const struct dialogue *d) {
    return !d->held.gap && !d->server.gap_open && (d->held.count == 0 || held_is_one(d));
}

bool held_is_one(const struct dialogue *d) {
    if (d->held.count != 1 || d->held.gap || d->server.gap_open) return false;
    const struct held_reply *reply = held_at(&d->held, 0);
    return !reply->behind_gap && code_fits(VERB_RCPT, reply->reply.code) && reply->reply.code != 503;
}

void held_forget(struct dialogue *d) {
    d->counters->replies_unmatched += d->held.count;
    d->held.count = 0;
    d->held.gap = d->server.gap_open; /* what that holds may yet be to what comes */
}

/* The memory for one more; the oldest makes room.  False when there is none. */
static bool make_room(struct dialogue *d) {
    struct held_replies *held = &d->held;
    if (held->count == HELD_MAX) {
        held->first = (held->first + 1) % HELD_MAX;
        held->count--;
        d->counters->replies_unmatched++;
        held_at(held, 0)->behind_gap = true;
    }
    unsigned block = (held->first + held->count) % HELD_MAX / HELD_PER_BLOCK;
    if (held->blocks[block] == NULL) held->blocks[block] = arena_alloc(d->arena, sizeof *held->blocks[block]);
    return held->blocks[block] != NULL;
}

void held_add(struct dialogue *d, const struct smtp_reply *reply) {
    struct held_replies *held = &d->held;
    if (reply_is_intermediate(reply) || reply->code == 421 || !make_room(d)) {
        /* One of several to a command (AUTH), one that nobody asked for, or nowhere to put it. */
        d->counters->replies_unmatched++;
        if (reply->code != 334) held->gap = true;
        return;
    }
    struct held_reply *kept = held_at(held, held->count++);
    kept->reply = *reply;
    memcpy(kept->text, reply->text.data == NULL ? (const uint8_t *)"" : reply->text.data, reply->text.len);
    kept->reply.text = span_of(kept->text, reply->text.len);
    kept->time = d->now;
    kept->end = dialogue_position(d, SIDE_SERVER);
    kept->heard = d->read[SIDE_SERVER];
    kept->behind_gap = held->gap;
    held->gap = false;
}

/* --- whether they fit ----------------------------------------------------------------------------------------------
 */

bool held_fits(const struct waiting *row, uint16_t code, uint64_t end, uint64_t heard) {
    if (!code_fits(row->verb, code)) return false;
    if (heard != POSITION_UNKNOWN && (int32_t)((uint32_t)heard - row->end) < 0) return false;
    return !row->read_known || (int32_t)((uint32_t)end - row->read) > 0;
}

/* More than one reply belongs to it, or none is known. */
static bool ends_the_row(const struct dialogue *d, const struct waiting *row) {
    return row->verb == VERB_HOLE || (d->lmtp && (row->verb == VERB_BODY_END || row->verb == VERB_BDAT));
}

/* How many of the first commands there are behind the last one whose replies cannot be counted. */
static uint32_t countable_rows(struct dialogue *d, uint32_t rows, bool *all) {
    struct command_cursor cursor = command_queue_walk(&d->queue);
    uint32_t countable = 0;
    *all = true;
    for (uint32_t i = 0; i < rows; i++) {
        bool ends = ends_the_row(d, command_queue_next(&cursor));
        if (ends) *all = false;
        countable = ends ? 0 : countable + 1;
    }
    return countable;
}

/* How many of the last replies follow each other without a loss. */
static uint32_t countable_replies(const struct held_replies *held, bool *all) {
    uint32_t count = 0;
    *all = true;
    if (held->gap) { /* the last ones were lost */
        *all = false;
        return 0;
    }
    while (count < held->count) {
        count++;
        if (!held_at(held, held->count - count)->behind_gap) continue;
        *all = false;
        break;
    }
    return count;
}

/* How many of the first `rows` commands, counted from the last of them, have their reply among those that are held. */
static uint32_t count_pairs(struct dialogue *d, uint32_t rows) {
    bool all_rows, all_replies;
    uint32_t commands = countable_rows(d, rows, &all_rows);
    uint32_t replies = countable_replies(&d->held, &all_replies);
    if (all_rows && replies > commands) return 0; /* somebody said too much: nothing is certain */
    if (all_replies && !d->replies_lost && commands > replies && all_rows) return 0;
    uint32_t pairs = commands < replies ? commands : replies;
    struct command_cursor cursor = command_queue_walk(&d->queue);
    for (uint32_t i = 0; i < rows; i++) {
        const struct waiting *row = command_queue_next(&cursor);
        if (i < rows - pairs) continue;
        const struct held_reply *reply = held_at(&d->held, d->held.count - (rows - i));
        if (!held_fits(row, reply->reply.code, reply->end, reply->heard)) return 0;
    }
    return pairs;
}

void held_settle(struct dialogue *d, uint32_t rows) {
    nstime now = d->now;
    uint32_t pairs = d->held.count == 0 ? 0 : count_pairs(d, rows);
    for (uint32_t i = 0; i < rows - pairs; i++) pairing_forget_first(d, true);
    for (uint32_t i = 0; i < pairs; i++) {
        const struct held_reply *held = held_at(&d->held, d->held.count - (pairs - i));
        d->now = held->time;
        server_answer_late(d, &held->reply);
    }
    d->now = now;
    d->held.count -= pairs;
    held_forget(d);
}
