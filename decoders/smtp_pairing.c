/* Which answer belongs to what, and when a message has ended.
 *
 * Commands wait in a queue; a reply belongs to the first of them.  The stream hands on causes before effects, so what
 * a reply answers has always been pushed before it, or declared lost.
 *
 * After a loss pairing must not guess.  Lost commands leave a HOLE in the queue, lost replies a flag at its front;
 * while either is in front, only replies that can have one meaning are paired (354 is DATA's, 221 is QUIT's ...), the
 * others are held (smtp_held.c).  Certainty comes back with such a reply, or when the client says something that it
 * says only after it has had every reply (smtp_pace.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

void pairing_emit(struct dialogue *d, struct smtp_item item) {
    if (d->pending_count < sizeof d->pending / sizeof d->pending[0]) d->pending[d->pending_count++] = item;
}

/* --- messages ------------------------------------------------------------------------------------------------------
 */

/* One that is not in flight any more may have left commands behind. */
struct message *pairing_message_of(struct dialogue *d, const struct waiting *row) {
    if (row->ordinal == 0) return NULL;
    struct message *message = d->oldest;
    while (message != NULL && message->ordinal != row->ordinal) message = message->next;
    return message;
}

struct message *pairing_begin(struct dialogue *d, nstime start) {
    uint32_t ordinal = ++d->ordinal_last; /* a message that is not kept leaves a gap in the numbers */
    d->facts.messages++;
    struct message *message = message_new(d->arena->pool, d->arena->account, ordinal, start);
    if (message == NULL) {
        d->counters->message_memory++;
        return NULL;
    }
    message->gaps_before = d->facts.gaps - d->server.gap_open;
    if (d->oldest == NULL) {
        d->oldest = message;
    } else {
        d->newest->next = message;
    }
    d->newest = message;
    d->in_flight++;
    d->counters->messages++;
    return message;
}

struct message *pairing_begin_headless(struct dialogue *d) {
    struct message *message = pairing_begin(d, d->now);
    d->current = message;
    d->hole.mail_lost = false;
    if (message == NULL) return NULL;
    message->cut_off = true;
    message->commands_lost = true;
    pairing_emit(d, (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message});
    return message;
}

static void close_message(struct dialogue *d, struct message *message) {
    message->client_done = true;
    message_note_end(message, d->now);
}

void pairing_close(struct dialogue *d) {
    if (d->suspended != NULL) /* which of the two the body or the recipients went to is not known */
        pairing_resume(d, d->current == NULL || d->current->body_started || d->current->recipient_count > 0);
    if (d->current != NULL) close_message(d, d->current);
    d->current = NULL;
    d->hole.nobodys = false;
}

struct message *pairing_nest(struct dialogue *d) {
    if (d->suspended != NULL || d->current == NULL || d->current->body_started) pairing_close(d);
    d->suspended = d->current;
    d->current = pairing_begin(d, d->now);
    d->suspender = d->current;
    if (d->suspended == NULL) return d->current;
    if (d->current == NULL) {
        pairing_resume(d, true);
    } else {
        d->current->nested = true;
    }
    return d->current;
}

void pairing_resume(struct dialogue *d, bool doubtful) {
    struct message *message = d->suspended;
    if (message == NULL) return;
    d->suspended = NULL;
    if (doubtful) message_doubt(message);
    close_message(d, message);
}

void pairing_on_mail_reply(struct dialogue *d, const struct message *message, const struct smtp_reply *reply) {
    if (d->suspended == NULL || message != d->suspender) return;
    if (reply->code != 503) {
        pairing_resume(d, false);
    } else if (d->current != d->suspender || message->recipient_count > 0) {
        pairing_resume(d, true);
    } else {
        close_message(d, d->current);
        d->current = d->suspended;
        d->suspended = NULL;
    }
}

static struct smtp_reply count_kept(struct dialogue *d, struct message *message, const struct smtp_reply *reply,
                                    struct smtp_reply kept) {
    if (kept.text.len < reply->text.len) d->counters->message_memory++;
    message_note_end(message, d->now);
    return kept;
}

struct smtp_reply pairing_keep(struct dialogue *d, struct message *message, const struct smtp_reply *reply) {
    return count_kept(d, message, reply, message_keep_reply(message, reply));
}

struct smtp_reply pairing_keep_final(struct dialogue *d, struct message *message, const struct smtp_reply *reply) {
    return count_kept(d, message, reply, message_keep_final(message, reply));
}

static enum visibility message_visibility(const struct dialogue *d, const struct message *message) {
    if (message->stage == STAGE_GREETING) return VISIBILITY_CLEAR;
    if (!d->sides[SIDE_SERVER].seen) return VISIBILITY_CLIENT_ONLY;
    if (!d->sides[SIDE_CLIENT].seen) return VISIBILITY_SERVER_ONLY;
    if (d->facts.gaps > message->gaps_before || !message->sender_seen || message->unpaired || d->cut_short)
        return VISIBILITY_GAPPED;
    return VISIBILITY_CLEAR;
}

/* A client can leave any number of messages without a reply; the oldest do not wait for ever. */
static void force(struct dialogue *d, struct message *message) {
    message->waiting = 0;
    message->cut_off = true;
    message->unpaired = true;
    d->counters->messages_forced++;
}

/* NULL when the oldest one is not over. */
static struct message *take_oldest(struct dialogue *d) {
    struct message *message = d->oldest;
    if (message == NULL || !message->client_done) return NULL;
    if (d->in_flight > LIMIT_MESSAGES_IN_FLIGHT && message->waiting > 0) force(d, message);
    if (message->waiting > 0) return NULL;
    d->oldest = message->next;
    if (d->oldest == NULL) d->newest = NULL;
    message->next = NULL;
    d->in_flight--;
    if (d->facts.gaps > message->gaps_before) message->cut_off = true;
    if (message->doubtful && message->gapped) message->body_size_lost = true; /* what was seen may be of two */
    message->visibility = message_visibility(d, message);
    message_decide(message);
    return message;
}

bool pairing_take_ended(struct dialogue *d, struct smtp_item *item) {
    struct message *message = take_oldest(d);
    if (message == NULL) return false;
    *item = (struct smtp_item){.type = SMTP_MESSAGE_END, .message = message};
    if (!message_never_began(message)) return true;
    item->type = SMTP_MESSAGE_NONE;
    d->facts.messages--; /* its number stays unused */
    d->counters->messages--;
    return true;
}

void pairing_finish(struct dialogue *d, bool seen_to_the_end) {
    bool lost = pairing_is_lost(d) || (d->unanswered && d->facts.gaps == 0);
    if (!seen_to_the_end && d->current != NULL && d->current->data_reply.code == 0 && !d->current->body_started)
        d->current->commands_lost = true; /* another recipient may still have come */
    pairing_close(d);
    for (struct message *message = d->oldest; message != NULL; message = message->next) {
        if (lost && message->waiting > 0) message->unpaired = true;
        if (!seen_to_the_end || !d->sides[SIDE_SERVER].seen || message->unpaired) message->cut_off = true;
        message->waiting = 0;
    }
    d->queue = (struct command_queue){.count = 0};
}

/* --- the queue -----------------------------------------------------------------------------------------------------
 */

/* The queue is full: its last row becomes a hole, which stands for what did not fit too. */
static void drop_command(struct dialogue *d, struct message *message) {
    const struct waiting *last = command_queue_last(&d->queue);
    d->counters->commands_dropped++;
    d->overrun = true;
    if (message != NULL) message->cut_off = message->unpaired = true;
    if (last == NULL) { /* not even memory for one row */
        d->replies_lost = true;
        return;
    }
    struct message *spoilt = pairing_message_of(d, last);
    if (spoilt != NULL) {
        spoilt->waiting--;
        spoilt->cut_off = spoilt->unpaired = true;
    }
    command_queue_spoil_last(&d->queue);
}

void pairing_await(struct dialogue *d, struct message *message, struct waiting row) {
    row.ordinal = message == NULL ? 0 : message->ordinal;
    row.end = (uint32_t)dialogue_position(d, SIDE_CLIENT);
    row.read = (uint32_t)d->read[SIDE_CLIENT];
    row.read_known = d->read[SIDE_CLIENT] != POSITION_UNKNOWN;
    if (!command_queue_push(&d->queue, d->arena, row)) {
        drop_command(d, message);
    } else if (message != NULL) {
        message->waiting++;
    }
}

void pairing_hole(struct dialogue *d) {
    const struct waiting *last = command_queue_last(&d->queue);
    if (last == NULL || last->verb != VERB_HOLE) pairing_await(d, NULL, (struct waiting){.verb = VERB_HOLE});
}

void pairing_lose_replies(struct dialogue *d) {
    for (struct message *message = d->oldest; message != NULL; message = message->next) {
        if (message->gapped) message_doubt(message); /* they may have been another message's: its commands are lost */
        if (d->lmtp && message->body_started) message->finals_lost = true;
    }
    if (d->queue.count == 0) return;
    d->replies_lost = true;
    if (!d->server.greeted) pairing_hole(d); /* perhaps one too many is still to come */
}

void pairing_forget_first(struct dialogue *d, bool lost) {
    const struct waiting *first = command_queue_first(&d->queue);
    struct message *message = pairing_message_of(d, first);
    if (message != NULL) {
        bool only_resets = first->verb == VERB_RSET || smtp_is_hello(first->verb);
        message->waiting--;
        if (lost && !only_resets) message->cut_off = true;
        if (lost && !only_resets && (d->facts.gaps > 0 || d->unanswered || d->overrun)) message->unpaired = true;
        if (lost && first->verb == VERB_BDAT) message->chunk_unanswered = true;
        if (lost && first->verb == VERB_MAIL && message == d->suspender) pairing_resume(d, true);
    }
    if (lost && smtp_is_hello(first->verb)) client_hello_taken(d); /* it may have been */
    command_queue_pop(&d->queue);
}

void pairing_forget_second(struct dialogue *d) {
    struct command_cursor cursor = command_queue_walk(&d->queue);
    (void)command_queue_next(&cursor);
    struct message *message = pairing_message_of(d, command_queue_next(&cursor));
    if (message != NULL) {
        message->waiting--;
        message->unpaired = true;
        message_doubt(message);
    }
    command_queue_pop_second(&d->queue);
}

void pairing_forget_all(struct dialogue *d) {
    while (d->queue.count > 0) pairing_forget_first(d, true);
    d->replies_lost = false;
    held_forget(d);
}

void pairing_doubt(struct dialogue *d) {
    d->pace.impatient = true; /* it was thought to have read all replies when it had not */
    for (struct message *message = d->oldest; message != NULL; message = message->next) {
        if (message->unpaired && message->doubtful && message->replies == 0) continue; /* forgotten already */
        message_forget_replies(message);
        message->unpaired = true;
    }
}

bool pairing_is_lost(struct dialogue *d) {
    const struct waiting *first = command_queue_first(&d->queue);
    return first != NULL && (first->verb == VERB_HOLE || d->replies_lost || d->server.gap_open);
}

/* Whether the server had heard nothing behind this command when it said what it says now. */
static bool is_last_heard(const struct dialogue *d, const struct waiting *row) {
    uint64_t heard = d->read[SIDE_SERVER];
    return heard != POSITION_UNKNOWN && (int32_t)((uint32_t)heard - row->end) <= 0;
}

bool pairing_find(struct dialogue *d, enum smtp_verb verb) {
    if (!command_queue_holds(&d->queue, verb)) return false;
    struct command_cursor cursor = command_queue_walk(&d->queue);
    uint32_t rows = 0, holes_before = 0;
    const struct waiting *found;
    while ((found = command_queue_next(&cursor))->verb != verb) {
        holes_before += found->verb == VERB_HOLE;
        rows++;
    }
    bool one_may_be_lost = command_queue_count(&d->queue, VERB_HOLE) > holes_before && !is_last_heard(d, found);
    bool is_one_of_many = command_queue_count(&d->queue, VERB_DATA) > 1 && !is_last_heard(d, found);
    if (verb == VERB_DATA && (one_may_be_lost || is_one_of_many)) {
        if (rows > 0) held_forget(d);
        while (rows-- > 0) pairing_forget_first(d, true); /* they were answered, whichever DATA is meant */
        return false;
    }
    const struct message *message = pairing_message_of(d, found);
    if (one_may_be_lost || (message != NULL && message->doubtful)) held_forget(d);
    held_settle(d, rows);
    d->replies_lost = false;
    return true;
}

/* --- the client's pace ---------------------------------------------------------------------------------------------
 */
