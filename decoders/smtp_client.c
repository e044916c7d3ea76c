/* What the client says: commands, bodies, chunks (RFC 5321 3.3, 3030), and where it finds its feet after a gap.
 *
 * Behind DATA comes a body or, where DATA was refused, a command: the reply tells or, where it was not seen, the first
 * bytes.  After a gap among commands nobody knows whether commands or content come: lines are skipped up to one that
 * can only be a command.
 *
 * Secrets: nothing is kept of a line that is no command.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

#define ODD_LINES_MAX 8 /* of a client that never said anything that makes sense */

/* --- bodies --------------------------------------------------------------------------------------------------------
 */

void client_probe(struct dialogue *d, enum client_mode otherwise) {
    d->mode = CLIENT_PROBE;
    d->probe.otherwise = otherwise;
    d->probe.decided = false;
    d->probe.len = 0;
}

/* The MAIL may be among what was lost. */
static void begin_headless(struct dialogue *d) {
    if (d->current == NULL && d->hole.mail_lost && !d->hole.nobodys) (void)pairing_begin_headless(d);
}

static void begin_body(struct dialogue *d) {
    d->mode = CLIENT_BODY;
    d->body.gapped = false;
    d->body.answered = false;
    smuggled_note_command(d, VERB_HOLE); /* what was kept of another body is no part of this */
    begin_headless(d);
    if (d->current != NULL) d->current->body_started = true;
}

void client_start_body(struct dialogue *d) {
    pairing_note_command(d, VERB_BODY_END);
    begin_body(d);
}

bool client_in_body(const struct dialogue *d) {
    return d->mode == CLIENT_BODY || (d->mode == CLIENT_PROBE && d->probe.otherwise == CLIENT_BODY);
}

void client_lose(struct dialogue *d) {
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

void client_finish_body(struct dialogue *d, bool complete) {
    struct message *message = d->current;
    d->mode = CLIENT_COMMANDS;
    d->hole.nobodys = false;
    if (message == NULL) return;
    message->body_complete = complete;
    message->bare_newlines = d->body.reader.bare_newlines;
    pairing_close(d, false);
}

static void count_body(struct dialogue *d) {
    if (d->current != NULL) d->current->body_bytes = d->body.reader.bytes;
}

/* The final dot has a reply of its own, unless that came before. */
static void await_final(struct dialogue *d, struct message *message) {
    if (message != NULL && message->refused_early) return;
    pairing_await(d, (struct waiting){.message = message, .verb = VERB_BODY_END});
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
        client_finish_body(d, true);
        *item = (struct smtp_item){.type = SMTP_BODY_END, .message = message};
        return message != NULL;
    }
    *item = (struct smtp_item){.type = SMTP_BODY, .message = message, .bytes = content};
    return message != NULL && content.len > 0;
}

/* --- chunks --------------------------------------------------------------------------------------------------------
 */

static bool on_bdat(struct dialogue *d, const struct smtp_command *command) {
    uint64_t size;
    bool last;
    if (!smtp_bdat(command->argument, &size, &last)) {
        pairing_await(d, (struct waiting){.verb = VERB_UNKNOWN});
        return false;
    }
    /* Behind skipped content it may be the next chunk of that, or of a message of its own. */
    if (!d->hole.content_skipped) begin_headless(d);
    if (d->current != NULL) {
        d->current->chunked = true;
        d->current->body_started = true;
    }
    pairing_await(d, (struct waiting){.message = d->current, .verb = VERB_BDAT, .last = last});
    d->mode = CLIENT_CHUNK;
    d->chunk.left = size;
    d->chunk.last = last;
    d->chunk.begun = false;
    return false;
}

/* All bytes of the chunk have come, or are known to be lost. */
static bool finish_chunk(struct dialogue *d, struct smtp_item *item) {
    struct message *message = d->current;
    d->mode = CLIENT_COMMANDS;
    if (d->chunk.last) d->hole.nobodys = false;
    if (!d->chunk.last || message == NULL) return false;
    message->body_complete = true;
    pairing_close(d, false);
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

/* --- what it had read ----------------------------------------------------------------------------------------------
 */

void client_note_read(struct dialogue *d) {
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
bool client_take_fresh(struct dialogue *d) {
    bool fresh = d->pace.fresh;
    if (d->hole.end != 0 && (d->hole.heard == 0 || d->read[SIDE_CLIENT] < d->hole.heard)) fresh = false;
    d->pace.fresh = false;
    d->hole.end = 0;
    d->hole.heard = 0;
    return fresh;
}

/* --- commands ------------------------------------------------------------------------------------------------------
 */

static void on_hello(struct dialogue *d, const struct smtp_command *command) {
    pairing_close(d, true);
    struct span name = span_head(command->argument, LIMIT_HELO_BYTES);
    if (d->helo == NULL)
        d->helo = arena_alloc(d->arena, LIMIT_HELO_BYTES); /* said a thousand times, it takes no more */
    if (d->helo == NULL) name = SPAN_EMPTY;
    if (name.len > 0) memcpy(d->helo, name.data, name.len);
    d->facts.helo = span_of(d->helo, name.len);
    d->facts.ehlo = command->verb == VERB_EHLO;
    d->lmtp = command->verb == VERB_LHLO;
    pairing_await(d, (struct waiting){.verb = command->verb});
}

static bool on_mail(struct dialogue *d, const struct smtp_command *command, struct smtp_item *item) {
    struct message *message = pairing_nest(d);
    d->hole.mail_lost = false;
    if (message != NULL) {
        struct span path = smtp_path(command->argument);
        message->sender = arena_copy(&message->arena, path);
        message->sender_seen = message->sender.len == path.len;
        message->smuggled = smuggled_is_replaying(d);
    }
    pairing_await(d, (struct waiting){.message = message, .verb = VERB_MAIL});
    *item = (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message};
    return message != NULL;
}

static void on_rcpt(struct dialogue *d, const struct smtp_command *command) {
    begin_headless(d);
    struct message *message = d->current;
    struct recipient *recipient = NULL;
    if (message != NULL) {
        struct span mailbox = smtp_path(command->argument);
        recipient = message_add_recipient(message, mailbox);
        if (recipient == NULL) {
            message->recipients_dropped++;
            d->counters->recipients_dropped++;
        } else if (recipient->mailbox.len < mailbox.len) {
            d->counters->message_memory++;
        }
    }
    pairing_await(d, (struct waiting){.message = message, .recipient = recipient, .verb = VERB_RCPT});
}

static void on_data(struct dialogue *d) {
    pairing_await(d, (struct waiting){.message = d->current, .verb = VERB_DATA});
    d->body.reader = BODY_READER_START;
    client_probe(d, CLIENT_BODY);
}

static void on_auth(struct dialogue *d) {
    d->facts.auth_tries++;
    d->secrets.waiting = 0;
    if (d->facts.tls == TLS_NONE && !d->facts.tls_elsewhere) d->facts.auth_in_clear = true;
    pairing_await(d, (struct waiting){.verb = VERB_AUTH});
}

/* A client must not say anything behind these before it has their reply (RFC 5321 4.3.1, 3207 4). */
static bool must_wait_behind(enum smtp_verb verb) {
    return verb == VERB_HELO || verb == VERB_EHLO || verb == VERB_LHLO || verb == VERB_STARTTLS;
}

/* The client goes on although the reply that it waits for has not come, or not to its end: it has lost its patience, or
 * does not mind.  Clients that never wait do not let so much time pass. */
static void note_impatience(struct dialogue *d) {
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

/* FTP, POP3 and NNTP have some of the words as well. */
static bool is_only_smtp(enum smtp_verb verb) {
    return verb != VERB_UNKNOWN && verb != VERB_QUIT && verb != VERB_AUTH && verb != VERB_NOOP && verb != VERB_RSET &&
           verb != VERB_HELP;
}

static bool on_command(struct dialogue *d, struct smtp_command command, struct smtp_item *item) {
    note_impatience(d);
    smuggled_note_command(d, command.verb);
    pairing_note_command(d, command.verb);
    if (command.verb != VERB_UNKNOWN) d->sides[SIDE_CLIENT].made_sense = true;
    if (is_only_smtp(command.verb)) d->client_is_smtp = true;
    switch (command.verb) {
        case VERB_HELO:
        case VERB_EHLO:
        case VERB_LHLO:
            on_hello(d, &command);
            return false;
        case VERB_MAIL:
            return on_mail(d, &command, item);
        case VERB_RCPT:
            on_rcpt(d, &command);
            return false;
        case VERB_DATA:
            on_data(d);
            return false;
        case VERB_BDAT:
            return on_bdat(d, &command);
        case VERB_AUTH:
            on_auth(d);
            return false;
        case VERB_RSET:
            pairing_close(d, true);
            break;
        case VERB_QUIT:
            d->facts.quit = true;
            pairing_close(d, false);
            break;
        default:
            break;
    }
    pairing_await(d, (struct waiting){.verb = command.verb});
    return false;
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

/* Whether what comes behind the hole belongs to the transaction that was open before it: the client has read nothing
 * since, so it is one group (where there are no chunks, which need no waiting); or it has read one reply, and a MAIL in
 * a transaction would be a 503. */
static bool hole_is_within_transaction(const struct dialogue *d) {
    uint64_t read = d->read[SIDE_CLIENT];
    if (read == POSITION_UNKNOWN || d->hole.content_skipped || d->current->body_started || d->suspended != NULL)
        return false;
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
        pairing_close(d, false);
        d->hole.nobodys = true;
    }
}

/* --- lines ---------------------------------------------------------------------------------------------------------
 */

/* Of a line whose end has not come: only what can still be a command is kept, and of AUTH only the verb. */
static void keep_no_secret(struct line_buffer *buffer) {
    if (buffer->hushed || buffer->len == 0) return;
    struct span start = span_of(buffer->bytes, buffer->len);
    size_t blanks = 0;
    while (blanks < start.len && ascii_is_blank(start.data[blanks])) blanks++;
    start = span_from(start, blanks);
    if (span_equal(start, SPAN_LITERAL(".")) || span_equal(start, SPAN_LITERAL(".\r"))) return; /* see finds_its_feet */
    enum verb_guess guess = smtp_verb_guess(start);
    if (guess == VERB_GUESS_NO && start.len > 0) smtp_line_hush(buffer, 0);
    if (guess == VERB_GUESS_YES && smtp_command_parse(start).verb == VERB_AUTH)
        smtp_line_hush(buffer, blanks + strlen("AUTH"));
}

/* Whether a line behind a gap tells where the client is.  Behind an odd end only the true one does. */
static bool finds_its_feet(struct dialogue *d, const struct smtp_line *line) {
    bool dot = span_equal(line->text, SPAN_LITERAL("."));
    if (dot) d->hole.smuggling = line->bare_newline || d->hole.bare_newline;
    d->hole.bare_newline = line->bare_newline && !line->empty; /* the CR of an empty one may be in the gap */
    return !d->hole.smuggling && !d->hole.holds_data && smtp_is_certain(line->text);
}

/* A line that is no command.  Early talkers say such lines to servers that do not mind: that the client makes no sense
 * counts only if the server does not make any, or says nothing for long.  True when it is no SMTP. */
static bool is_odd(struct dialogue *d, const struct smtp_line *line) {
    if (d->sides[SIDE_CLIENT].made_sense || d->sides[SIDE_SERVER].made_sense) return false;
    if (++d->sides[SIDE_CLIENT].odd_lines >= ODD_LINES_MAX || line->cut) d->client_is_odd = true;
    d->not_smtp = d->client_is_odd && !dialogue_is_open(d);
    return d->not_smtp;
}

static bool on_line(struct dialogue *d, const struct smtp_line *line, struct smtp_item *item) {
    struct smtp_command command = smtp_command_parse(line->text);
    if (d->mode == CLIENT_LOST) {
        if (!finds_its_feet(d, line)) {
            d->pace.fresh = false;
            d->hole.content_skipped = true;
            if (d->hole.is_short && d->current != NULL && d->current->recipient_count > 0)
                d->hole.holds_data = true; /* six bytes between a recipient and this: DATA */
            if (d->hole.is_short) doubt_open_messages(d);
            d->hole.is_short = false;
            return false;
        }
        settle_hole(d, command.verb);
        if (command.verb != VERB_BDAT) d->hole.content_skipped = false;
        d->mode = CLIENT_COMMANDS;
    }
    if (line->cut) d->counters->line_cut++;
    if (command.verb == VERB_UNKNOWN) {
        if (command_queue_holds(&d->queue, VERB_AUTH)) { /* a secret, said before it was asked for */
            d->secrets.waiting++;
            d->pace.fresh = false;
            return false;
        }
        if (is_odd(d, line)) return false;
    }
    return on_command(d, command, item);
}

static bool line_step(struct dialogue *d, struct smtp_item *item) {
    struct smtp_line line;
    if (d->mode == CLIENT_SECRET) smtp_line_hush(&d->client_line, 0);
    if (!smtp_line_take(&d->client_line, d->arena, dialogue_input(d), &line)) {
        keep_no_secret(&d->client_line);
        return false;
    }
    if (d->mode == CLIENT_SECRET) {
        d->mode = CLIENT_COMMANDS;
        d->pace.fresh = false;
        return false;
    }
    bool item_made = on_line(d, &line, item);
    if (line.buffered) smtp_line_wipe(&d->client_line);
    return item_made;
}

/* --- what comes is content, or a command ---------------------------------------------------------------------------
 */

/* The bytes that were looked at are taken in again, now that it is known what they are. */
static void probe_is(struct dialogue *d, enum client_mode mode) {
    bool in_body = d->current != NULL && d->current->body_started && !d->current->chunked;
    d->mode = mode;
    if (mode == CLIENT_BODY && !in_body) client_start_body(d);
    if (mode == CLIENT_COMMANDS && in_body) client_finish_body(d, false); /* the client gave it up */
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

/* --- the client's side ---------------------------------------------------------------------------------------------
 */

static bool tls_step(struct dialogue *d, struct smtp_item *item) {
    struct span *input = dialogue_input(d);
    dialogue_note_guessed(d, *input, 0);
    *item = (struct smtp_item){.type = SMTP_TLS, .side = SIDE_CLIENT, .bytes = *input};
    *input = SPAN_EMPTY;
    return true;
}

/* True when what comes is TLS. */
static bool is_tls(struct dialogue *d) {
    uint8_t byte = dialogue_input(d)->data[0];
    if (d->tls_doubt == TLS_GRANTED) { /* but is it what the client does? */
        d->tls_doubt = TLS_CERTAIN;
        if (ascii_is_alpha(byte)) {
            d->facts.tls_elsewhere = true;
            dialogue_leave_tls(d);
        }
    }
    bool at_start = (d->mode == CLIENT_COMMANDS || d->mode == CLIENT_LOST) && !smtp_line_is_open(&d->client_line);
    if (at_start && dialogue_begins_tls(d, SIDE_CLIENT, byte)) {
        if (d->sides[SIDE_CLIENT].spoke || d->sides[SIDE_SERVER].spoke || d->midstream) {
            dialogue_enter_tls(d, TLS_STARTTLS);
        } else {
            dialogue_guess_tls(d);
        }
    }
    return d->mode == CLIENT_TLS;
}

bool client_step(struct dialogue *d, struct smtp_item *item) {
    bool tls = dialogue_input(d)->len > 0 && is_tls(d);
    if (d->now - d->heard >= LIMIT_REPLY_PATIENCE_S * NS_PER_S) d->pace.went_on = true;
    d->heard = d->now;
    d->sides[SIDE_CLIENT].spoke = true;
    d->sides[SIDE_CLIENT].seen = true;
    if (tls) return tls_step(d, item);
    switch (d->mode) {
        case CLIENT_PROBE:
            probe_step(d);
            return false;
        case CLIENT_BODY:
            return body_step(d, item);
        case CLIENT_CHUNK:
            return chunk_step(d, item);
        case CLIENT_COMMANDS:
        case CLIENT_LOST:
        case CLIENT_SECRET:
        case CLIENT_TLS:
            break;
    }
    return line_step(d, item);
}

/* --- gaps ----------------------------------------------------------------------------------------------------------
 */

static void content_gap(struct dialogue *d, uint64_t length) {
    if (d->current == NULL) return;
    d->current->gapped = true;
    pairing_emit(d, (struct smtp_item){.type = SMTP_BODY_GAP, .message = d->current, .length = length});
}

/* Between lines, a few bytes hold neither a MAIL nor a RCPT: if a command follows at once, no message or recipient is
 * missing. */
static void commands_gap(struct dialogue *d, uint64_t length, bool between_lines) {
    bool refused = d->current != NULL && reply_is_refusal(&d->current->mail_reply) && d->suspended == NULL;
    bool is_short = between_lines && length < strlen("RCPT TO:<>\r\n");
    if (!is_short) doubt_open_messages(d);
    if (refused || d->hole.content_skipped) pairing_close(d, false); /* what comes is none of it, or may be none */
    client_lose(d);
    d->hole.is_short = is_short;
}

/* Both its end and what was answered to that are lost: what comes is the next command, or anything. */
static void lose_body(struct dialogue *d) {
    client_finish_body(d, false);
    d->hole.mail_lost = true;
    client_lose(d);
}

static void chunk_gap(struct dialogue *d, uint64_t length) {
    uint64_t content = length < d->chunk.left ? length : d->chunk.left;
    struct smtp_item item;
    d->chunk.left -= content;
    d->chunk.begun = true;
    if (d->current != NULL) d->current->body_bytes += content;
    if (content > 0) content_gap(d, content);
    if (content == length) return;
    if (finish_chunk(d, &item)) pairing_emit(d, item);
    commands_gap(d, length - content, true);
}

static void body_gap(struct dialogue *d, uint64_t length) {
    if (d->mode == CLIENT_PROBE) { /* the few bytes that were looked at are lost with the others */
        length += d->probe.len;
        d->pace.last_verb = VERB_BODY_END; /* whether the client had waited for the reply to DATA is not seen */
        if (d->current == NULL || !d->current->body_started) begin_body(d);
        if (d->current != NULL) message_doubt(d->current); /* perhaps DATA was refused, and another message came */
        client_probe(d, CLIENT_BODY);
    }
    smtp_body_gap(&d->body.reader, length);
    count_body(d);
    content_gap(d, length);
    d->body.gapped = true;
    if (d->body.answered) lose_body(d);
}

void client_body_answered(struct dialogue *d) {
    d->body.answered = true;
    if (d->body.gapped) lose_body(d);
}

/* The end of the line is lost, but a MAIL it is: no other command begins so. */
static bool begins_mail(const struct line_buffer *line) {
    struct span verb = SPAN_LITERAL("MAIL");
    return line->len > 0 && span_starts_with_nocase(verb, span_head(span_of(line->bytes, line->len), verb.len));
}

/* A gap cuts the line that has begun. */
static void end_cut_line(struct dialogue *d) {
    const struct line_buffer *line = &d->client_line;
    if (!smtp_line_is_open(line) || (d->mode != CLIENT_COMMANDS && d->mode != CLIENT_LOST)) return;
    struct span start = span_of(line->bytes, line->len);
    bool command = line->len > 0 && smtp_certain_guess(start) != VERB_GUESS_NO;
    if (line->len > 0 && smtp_certain_guess(start) == VERB_GUESS_YES) { /* with a short snap length no line is whole */
        d->sides[SIDE_CLIENT].made_sense = true;
        if (is_only_smtp(smtp_command_parse(start).verb)) d->client_is_smtp = true;
    }
    if (d->mode == CLIENT_LOST && !command) {
        d->hole.content_skipped = true;
    } else if (begins_mail(line)) {
        pairing_close(d, true);
    }
}

void client_gap(struct dialogue *d, uint64_t length) {
    d->sides[SIDE_CLIENT].spoke = true;
    d->sides[SIDE_CLIENT].gapped = true;
    if (d->tls_doubt == TLS_GRANTED) d->tls_doubt = TLS_CERTAIN;
    dialogue_note_guessed(d, SPAN_EMPTY, length);
    if (d->mode == CLIENT_TLS) return;
    bool between_lines = d->mode == CLIENT_COMMANDS && !smtp_line_is_open(&d->client_line);
    end_cut_line(d);
    smtp_line_forget(&d->client_line);
    smuggled_note_command(d, VERB_HOLE);
    if (d->mode == CLIENT_CHUNK || (d->mode == CLIENT_PROBE && d->probe.otherwise == CLIENT_CHUNK)) {
        d->mode = CLIENT_CHUNK;
        chunk_gap(d, length);
    } else if (client_in_body(d)) {
        body_gap(d, length);
    } else {
        commands_gap(d, length, between_lines);
    }
}
