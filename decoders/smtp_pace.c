/* The client's pace: what it tells about replies that a client goes on, or waits.
 *
 * It has had every reply when it says what follows a command that ends a group (RFC 2920 3.1); where its
 * acknowledgements are known, when it says anything after it has read something new, unless it has been seen to go on
 * before it had all replies; and where they are not, when it says the next command and waits for each reply.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

void pace_note_read(struct dialogue *d) {
    uint64_t read = d->read[SIDE_CLIENT];
    if (read == POSITION_UNKNOWN) {
        d->pace.fresh = false;
    } else if (read > d->pace.read_most) {
        d->pace.fresh = true;
        d->pace.read_most = read;
    }
}

/* Behind a hole: lost commands may have come after what is new, with this one in the same group, unless the client has
 * read a reply that was sent after they had arrived. */
static bool take_fresh(struct dialogue *d) {
    bool fresh = d->pace.fresh;
    if (d->hole.end != 0 && (d->hole.heard == 0 || d->read[SIDE_CLIENT] < d->hole.heard)) fresh = false;
    d->pace.fresh = false;
    d->hole.end = 0;
    d->hole.heard = 0;
    return fresh;
}

/* Nothing may be sent behind these before their reply (RFC 2920 3.1, 4954 4, 3207 4). */
static bool ends_a_group(enum smtp_verb verb) {
    switch (verb) {
        case VERB_HELO:
        case VERB_EHLO:
        case VERB_LHLO:
        case VERB_DATA:
        case VERB_VRFY:
        case VERB_EXPN:
        case VERB_TURN:
        case VERB_QUIT:
        case VERB_NOOP:
        case VERB_AUTH:
        case VERB_STARTTLS:
            return true;
        default:
            return false;
    }
}

static bool needs_no_wait(enum smtp_verb last, enum smtp_verb verb) {
    return (last == VERB_MAIL || last == VERB_RCPT) && (verb == VERB_RCPT || verb == VERB_DATA);
}

/* Whether every command so far has been answered: the client would not go on otherwise. */
static bool has_waited(const struct dialogue *d, bool fresh) {
    bool known = d->read[SIDE_CLIENT] != POSITION_UNKNOWN;
    if (d->pace.eager || (known && !fresh)) return false;
    if (ends_a_group(d->pace.last_verb)) return true;
    return known ? !d->pace.impatient : d->pace.waits && !d->pace.pipelined;
}

/* Commands wait for replies: what does it tell that it goes on? */
static void note_pace(struct dialogue *d, bool fresh) {
    bool may_be_answered = d->unanswered && !d->server.greeted; /* before what was captured of the server */
    if (may_be_answered) return;
    d->pace.pipelined = true;
    if (fresh) d->pace.impatient = true;
    if (ends_a_group(d->pace.last_verb)) d->pace.eager = true;
}

void pace_note_command(struct dialogue *d, enum smtp_verb verb) {
    bool fresh = take_fresh(d);
    uint64_t read = d->read[SIDE_CLIENT];
    if (d->server.gap_open && read != POSITION_UNKNOWN && read >= d->server.gap_end) {
        d->server.gap_open = false; /* the client has read it: no reply to this command is in it */
        pairing_lose_replies(d);
    }
    if (pairing_is_lost(d)) {
        if (has_waited(d, fresh)) {
            held_settle(d, d->queue.count);
            d->replies_lost = false;
        }
    } else if (d->queue.count > 0) {
        note_pace(d, fresh);
    } else {
        d->replies_lost = false;
        held_forget(d);
        if (needs_no_wait(d->pace.last_verb, verb)) d->pace.waits = true;
    }
    d->pace.last_verb = verb;
}

/* A client must not say anything behind these before it has their reply (RFC 5321 4.3.1, 3207 4). */
static bool must_wait_behind(enum smtp_verb verb) {
    return smtp_is_hello(verb) || verb == VERB_STARTTLS;
}

/* It has lost its patience, or does not mind.  Clients that never wait do not let so much time pass. */
void pace_note_patience(struct dialogue *d) {
    bool went_on = d->pace.went_on;
    d->pace.went_on = false;
    bool gave_up = went_on && (!d->server.greeted || must_wait_behind(d->pace.last_verb));
    if (gave_up || !d->server.greeted) server_break_off(d, gave_up); /* a greeting may have no end, and nobody minds */
    if (d->queue.count > 0 && (gave_up || d->server.odd_reply)) pairing_lose_replies(d);
    if (gave_up) { /* it has not waited, and what it gave up may come yet */
        d->pace.last_verb = VERB_HOLE;
        d->pace.impatient = true;
        d->pace.waits = false;
    }
    d->server.odd_reply = false;
}
