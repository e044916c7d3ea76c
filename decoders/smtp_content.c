/* What the client says that is no command: a body behind DATA (RFC 5321 3.3), a chunk behind BDAT (RFC 3030).
 *
 * Behind DATA comes a body or, where DATA was refused, a command: the reply tells or, where it was not seen, the first
 * bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

/* --- bodies ------------------------------------------------------------------------------------------------------
 */

void content_probe(struct dialogue *d, enum client_mode otherwise) {
    d->mode = CLIENT_PROBE;
    d->probe.otherwise = otherwise;
    d->probe.decided = false;
    d->probe.len = 0;
}

static void begin_body(struct dialogue *d) {
    d->mode = CLIENT_BODY;
    d->body.gapped = false;
    d->body.answered = false;
    smuggled_forget(d); /* what was kept of another body is no part of this */
    hole_begin_headless(d);
    if (d->current != NULL) d->current->body_started = true;
}

void content_begin_body(struct dialogue *d) {
    pace_note_command(d, VERB_BODY_END);
    begin_body(d);
}

bool content_is_body(const struct dialogue *d) {
    return d->mode == CLIENT_BODY || (d->mode == CLIENT_PROBE && d->probe.otherwise == CLIENT_BODY);
}

void content_finish_body(struct dialogue *d, bool complete) {
    struct message *message = d->current;
    d->mode = CLIENT_COMMANDS;
    d->hole.nobodys = false;
    if (message == NULL) return;
    message->body_complete = complete;
    if (!complete && d->body.gapped) message->body_size_lost = true;
    message->bare_newlines = d->body.reader.bare_newlines;
    pairing_close(d);
}

static void count_body(struct dialogue *d) {
    if (d->current != NULL) d->current->body_bytes = d->body.reader.bytes;
}

/* The final dot has a reply of its own, unless that came before. */
static void await_final(struct dialogue *d, struct message *message) {
    if (message != NULL && message->refused_early) return;
    pairing_await(d, message, (struct waiting){.verb = VERB_BODY_END});
}

static bool body_step(struct dialogue *d, struct smtp_item *item) {
    struct span content;
    struct message *message = d->current;
    struct span *input = dialogue_input(d);
    struct span before = *input;
    uint32_t odd_ends = d->body.reader.odd_ends;
    d->pace.fresh = false;
    bool complete = smtp_body_take(&d->body.reader, input, &content);
    count_body(d);
    if (smuggled_is_open(d) || odd_ends != d->body.reader.odd_ends)
        smuggled_note(d, span_head(before, before.len - input->len), odd_ends != d->body.reader.odd_ends);
    if (complete) {
        bool hole = smuggled_body_ended(d);
        await_final(d, message);
        if (hole) pairing_hole(d);
        content_finish_body(d, true);
        *item = (struct smtp_item){.type = SMTP_BODY_END, .message = message};
        return message != NULL;
    }
    *item = (struct smtp_item){.type = SMTP_BODY, .message = message, .bytes = content};
    return message != NULL && content.len > 0;
}

size_t content_skim(struct dialogue *d, struct span bytes) {
    struct span rest = smtp_body_skim(&d->body.reader, bytes);
    count_body(d);
    return bytes.len - rest.len;
}

/* --- chunks ------------------------------------------------------------------------------------------------------
 */

void content_begin_chunk(struct dialogue *d, const struct smtp_chunk *chunk) {
    d->mode = CLIENT_CHUNK;
    d->chunk = (struct chunk_progress){.left = chunk->size, .last = chunk->last};
    if (chunk->odd) content_probe(d, CLIENT_CHUNK);
}

/* All bytes of the chunk have come, or are known to be lost. */
static bool finish_chunk(struct dialogue *d, struct smtp_item *item) {
    struct message *message = d->current;
    d->mode = CLIENT_COMMANDS;
    if (d->chunk.last) d->hole.nobodys = false;
    if (!d->chunk.last || message == NULL) return false;
    message->body_complete = true;
    pairing_close(d);
    *item = (struct smtp_item){.type = SMTP_BODY_END, .message = message};
    return true;
}

static bool chunk_step(struct dialogue *d, struct smtp_item *item) {
    if (d->chunk.left == 0) return finish_chunk(d, item);
    struct span *input = dialogue_input(d);
    struct span content = span_head(*input, d->chunk.left > SIZE_MAX ? SIZE_MAX : (size_t)d->chunk.left);
    *input = span_from(*input, content.len);
    d->chunk.left -= content.len;
    d->chunk.begun = true;
    d->pace.fresh = false;
    if (d->current == NULL) return false;
    d->current->body_bytes += content.len;
    *item = (struct smtp_item){.type = SMTP_BODY, .message = d->current, .bytes = content};
    return true;
}

/* --- what comes is content, or a command -------------------------------------------------------------------------
 */

/* The bytes that were looked at are taken in again, now that it is known what they are. */
static void probe_is(struct dialogue *d, enum client_mode mode) {
    bool in_body = d->current != NULL && d->current->body_started && !d->current->chunked;
    bool has_waited = d->read[SIDE_CLIENT] == POSITION_UNKNOWN || d->pace.fresh;
    bool in_content = mode == CLIENT_BODY && !has_waited && command_queue_holds(&d->queue, VERB_HOLE);
    d->mode = mode;
    if (in_content && d->current != NULL) message_doubt(d->current); /* DATA, and all before it, may be a body's text */
    if (mode == CLIENT_BODY && !in_body) content_begin_body(d);
    if (mode == CLIENT_COMMANDS && in_body) content_finish_body(d, false); /* the client gave it up */
    dialogue_read_first(d, span_of(d->probe.bytes, d->probe.len), INPUT_PROBED);
    d->probe.len = 0;
}

static void probe_step(struct dialogue *d) {
    struct span *input = dialogue_input(d);
    enum verb_guess guess = VERB_GUESS_MAYBE;
    while (input->len > 0 && !d->probe.decided && guess == VERB_GUESS_MAYBE) {
        d->probe.bytes[d->probe.len++] = input->data[0];
        *input = span_from(*input, 1);
        guess = smtp_certain_guess(span_of(d->probe.bytes, d->probe.len));
    }
    if (d->probe.decided || guess == VERB_GUESS_NO) {
        probe_is(d, d->probe.otherwise);
    } else if (guess == VERB_GUESS_YES) {
        probe_is(d, CLIENT_COMMANDS);
    }
}

/* --- all of them ---------------------------------------------------------------------------------------------------
 */

bool content_is_due(const struct dialogue *d) {
    return d->mode == CLIENT_PROBE || d->mode == CLIENT_BODY || d->mode == CLIENT_CHUNK;
}

bool content_step(struct dialogue *d, struct smtp_item *item) {
    if (d->mode == CLIENT_BODY) return body_step(d, item);
    if (d->mode == CLIENT_CHUNK) return chunk_step(d, item);
    probe_step(d);
    return false;
}

/* --- losses ------------------------------------------------------------------------------------------------------
 */

static void tell_gap(struct dialogue *d, uint64_t length) {
    if (d->current == NULL) return;
    d->current->gapped = true;
    pairing_emit(d, (struct smtp_item){.type = SMTP_BODY_GAP, .message = d->current, .length = length});
}

void content_settle(struct dialogue *d, bool seen_to_the_end) {
    if (d->current != NULL && d->current->body_started && !seen_to_the_end) d->current->body_size_lost = true;
    if (!content_is_body(d) || d->current == NULL) return;
    if (d->mode == CLIENT_PROBE && d->probe.decided) d->current->body_bytes += d->probe.len;
    if (d->body.gapped) d->current->body_size_lost = true;
}

/* The server is not in the chunk that the client seems to be in: what came of it may have been commands. */
void content_lose_chunk(struct dialogue *d) {
    if (d->current != NULL) {
        message_doubt(d->current);
        d->current->unpaired = true;
        d->current->body_size_lost = true;
    }
    pairing_close(d);
    d->hole.mail_lost = true;
    hole_begin(d);
}

/* Both its end and what was answered to that are lost: what comes is the next command, or anything. */
static void lose_body(struct dialogue *d) {
    content_finish_body(d, false);
    d->hole.mail_lost = true;
    hole_begin(d);
}

static void chunk_gap(struct dialogue *d, uint64_t length) {
    uint64_t content = length < d->chunk.left ? length : d->chunk.left;
    struct smtp_item item;
    d->mode = CLIENT_CHUNK;
    d->chunk.left -= content;
    d->chunk.begun = true;
    if (d->current != NULL) d->current->body_bytes += content;
    if (content > 0) tell_gap(d, content);
    if (content == length) return;
    if (finish_chunk(d, &item)) pairing_emit(d, item);
    hole_in_commands(d, length - content, true);
}

static void body_gap(struct dialogue *d, uint64_t length) {
    if (d->mode == CLIENT_PROBE) { /* the few bytes that were looked at are lost with the others */
        length += d->probe.len;
        d->pace.last_verb = VERB_BODY_END; /* whether the client had waited for the reply to DATA is not seen */
        if (d->current == NULL || !d->current->body_started) begin_body(d);
        pairing_hole(d);
        if (d->current != NULL) message_doubt(d->current); /* perhaps DATA was refused, and another message came */
        content_probe(d, CLIENT_BODY);
    }
    bool replies_too = d->server.gap_open || pairing_is_lost(d);
    if (replies_too && d->current != NULL) message_doubt(d->current); /* it may be two bodies */
    smtp_body_gap(&d->body.reader, length);
    count_body(d);
    tell_gap(d, length);
    d->body.gapped = true;
    if (d->body.answered) lose_body(d);
}

void content_note_answered(struct dialogue *d) {
    d->body.answered = true;
    if (d->body.gapped) lose_body(d);
}

void content_gap(struct dialogue *d, uint64_t length) {
    if (content_is_body(d)) {
        body_gap(d, length);
    } else {
        chunk_gap(d, length);
    }
}
