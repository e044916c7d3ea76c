/* Where the client finds its feet when something of its was lost.
 *
 * After a loss among commands nobody knows whether commands or content come: lines are skipped up to one that can only
 * be a command.  What comes then may belong to another message than the one that was open before, whose MAIL is lost;
 * unless it is certain that it does not, it goes to none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

void hole_begin(struct dialogue *d) {
    d->mode = CLIENT_LOST;
    d->hole.is_short = false;
    d->hole.read_before = d->read[SIDE_CLIENT];
    d->hole.bare_newline = d->hole.smuggling = d->hole.holds_data = false;
    d->hole.end = dialogue_position(d, SIDE_CLIENT);
    d->hole.heard = 0;
    d->pace.fresh = false;
    d->pace.last_verb = VERB_HOLE;
    d->secrets.waiting = 0;
    pairing_hole(d);
}

void hole_begin_headless(struct dialogue *d) {
    if (d->current == NULL && d->hole.mail_lost && !d->hole.nobodys) (void)pairing_begin_headless(d);
}

/* The end of one message and the beginning of another may have been lost. */
static void doubt_open_messages(struct dialogue *d) {
    struct message *open[] = {d->current, d->suspended};
    for (unsigned i = 0; i < 2; i++) {
        if (open[i] == NULL) continue;
        open[i]->gapped = true;
        open[i]->commands_lost = true;
        if (open[i]->doubtful) continue;
        open[i]->doubtful = true;
        open[i]->doubted_by_hole = true;
    }
    d->hole.mail_lost = true;
}

/* Between lines, a few bytes hold neither a MAIL nor a RCPT: if a command follows at once, no message or recipient is
 * missing. */
void hole_in_commands(struct dialogue *d, uint64_t length, bool between_lines) {
    bool refused = d->current != NULL && reply_is_refusal(&d->current->mail_reply) && d->suspended == NULL;
    bool is_short = between_lines && length < strlen("RCPT TO:<>\r\n");
    if (!is_short) doubt_open_messages(d);
    if (d->current != NULL) d->current->body_size_lost = true; /* a chunk, or DATA and more, may be in it */
    if (refused || d->hole.content_skipped) pairing_close(d);  /* what comes is none of it, or may be none */
    hole_begin(d);
    d->hole.is_short = is_short;
}

/* The end of the line is lost, but a MAIL it is: no other command begins so. */
static bool begins_mail(const struct line_buffer *line) {
    struct span verb = SPAN_LITERAL("MAIL");
    return line->len > 0 && span_starts_with_nocase(verb, span_head(span_of(line->bytes, line->len), verb.len));
}

void hole_cuts_line(struct dialogue *d) {
    const struct line_buffer *line = &d->client_line;
    if (!smtp_line_is_open(line) || (d->mode != CLIENT_COMMANDS && d->mode != CLIENT_LOST)) return;
    struct span start = span_of(line->bytes, line->len);
    bool command = line->len > 0 && smtp_certain_guess(start) != VERB_GUESS_NO;
    if (line->len > 0 && smtp_certain_guess(start) == VERB_GUESS_YES) /* with a short snap length no line is whole */
        client_note_sense(d, smtp_command_parse(start).verb);
    if (d->mode == CLIENT_LOST && !command) {
        d->hole.content_skipped = true;
    } else if (begins_mail(line)) {
        pairing_close(d);
    }
}

/* Whether a line behind a gap tells where the client is.  Behind an odd end only the true one does. */
static bool finds_its_feet(struct dialogue *d, const struct smtp_line *line) {
    bool dot = span_equal(line->text, SPAN_LITERAL("."));
    if (dot) d->hole.smuggling = line->bare_newline || d->hole.bare_newline;
    d->hole.bare_newline = line->bare_newline && !line->empty; /* the CR of an empty one may be in the gap */
    if (d->hole.smuggling || d->hole.holds_data) return false;
    bool nothing_is_lost =
        d->facts.gaps == 0 && !d->midstream; /* the server takes for commands what we took for content */
    return smtp_is_certain(line->text) || (nothing_is_lost && smtp_command_parse(line->text).verb != VERB_UNKNOWN);
}

/* Whether what comes behind the hole belongs to the transaction that was open before it: the client has read nothing
 * since, so it is one group (where there are no chunks, which need no waiting); or it has read one reply, and a MAIL in
 * a transaction would be a 503. */
static bool hole_is_within_transaction(const struct dialogue *d) {
    uint64_t read = d->read[SIDE_CLIENT];
    if (read == POSITION_UNKNOWN || d->hole.content_skipped || d->suspended != NULL) return false;
    if (d->current->body_started || d->current->smuggled) return false;
    if (read == d->hole.read_before && d->facts.pipelining && !d->facts.chunking) return true;
    return d->pace.fresh && d->hole.heard != 0 && read >= d->hole.heard && held_is_one(d);
}

/* A recipient or content comes behind a hole that may have held a MAIL: it goes to no message rather than to one that
 * is not its own. */
static void settle_hole(struct dialogue *d, enum smtp_verb verb) {
    bool of_transaction = verb == VERB_RCPT || verb == VERB_DATA || verb == VERB_BDAT;
    if (!of_transaction || d->current == NULL || d->hole.is_short) return;
    if (hole_is_within_transaction(d)) {
        if (d->current->doubted_by_hole) d->current->doubtful = d->current->doubted_by_hole = false;
    } else {
        pairing_close(d);
        d->hole.nobodys = true;
    }
}

bool hole_takes_line(struct dialogue *d, const struct smtp_line *line, enum smtp_verb verb) {
    if (finds_its_feet(d, line)) {
        settle_hole(d, verb);
        if (verb != VERB_BDAT) d->hole.content_skipped = false;
        d->mode = CLIENT_COMMANDS;
        return false;
    }
    d->pace.fresh = false;
    d->hole.content_skipped = true;
    if (d->hole.is_short && d->current != NULL && d->current->recipient_count > 0)
        d->hole.holds_data = true; /* six bytes between a recipient and this: DATA */
    if (d->hole.is_short) doubt_open_messages(d);
    d->hole.is_short = false;
    return true;
}
