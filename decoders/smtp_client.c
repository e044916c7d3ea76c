/* What the client says: lines, and the commands that they are (RFC 5321 4.1).
 *
 * Secrets: nothing is kept of a line that is no command.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

#define HELLO_SHORT_BYTES 48
#define ODD_LINES_MAX 8 /* of a client that never said anything that makes sense */

/* --- commands ------------------------------------------------------------------------------------------------------
 */

static void use_hello(struct dialogue *d) {
    d->facts.helo = d->hello.name;
    d->facts.ehlo = d->hello.verb == VERB_EHLO;
}

void client_hello_taken(struct dialogue *d) {
    d->hello.taken = true;
    d->lmtp = d->hello.verb == VERB_LHLO;
    use_hello(d);
}

/* Said a thousand times, a name takes no more than twice: as much as most are long, then as much as any. */
static uint8_t *hello_memory(struct dialogue *d, size_t bytes) {
    struct hello_name *name = &d->hello.names[d->hello.at];
    if (name->bytes != NULL && bytes <= name->room) return name->bytes;
    uint16_t room = bytes <= HELLO_SHORT_BYTES ? HELLO_SHORT_BYTES : LIMIT_HELO_BYTES;
    uint8_t *memory = arena_alloc(d->arena, room);
    if (memory != NULL) *name = (struct hello_name){memory, room};
    return memory;
}

static void on_hello(struct dialogue *d, const struct smtp_command *command) {
    struct message *message = d->current;
    pairing_close(d);
    if (d->hello.taken && d->facts.helo.data == d->hello.name.data) d->hello.at = 1 - d->hello.at;
    struct span name = span_head(command->argument, LIMIT_HELO_BYTES);
    uint8_t *memory = hello_memory(d, name.len);
    if (memory == NULL) name = SPAN_EMPTY;
    if (name.len > 0) memcpy(memory, name.data, name.len);
    d->hello.name = span_of(memory, name.len);
    d->hello.verb = command->verb;
    if (!d->hello.taken) use_hello(d);
    pairing_await(d, message, (struct waiting){.verb = command->verb});
}

/* The message waits for the answer: a reset may be refused. */
static void on_reset(struct dialogue *d) {
    struct message *message = d->current;
    pairing_close(d);
    pairing_await(d, message, (struct waiting){.verb = VERB_RSET});
}

static bool on_mail(struct dialogue *d, const struct smtp_command *command, struct smtp_item *item) {
    struct message *message = pairing_nest(d);
    d->hole.mail_lost = false;
    if (message != NULL) {
        struct span path = smtp_path(command->argument);
        message->sender = arena_copy(&message->arena, path);
        bool ends = !command->cut || span_find(command->argument, '>') < command->argument.len;
        message->sender_seen = message->sender.len == path.len && ends;
        message->declared_size = smtp_size(command->argument);
        message->smuggled = smuggled_is_replaying(d);
    }
    pairing_await(d, message, (struct waiting){.verb = VERB_MAIL});
    *item = (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message};
    return message != NULL;
}

static void on_rcpt(struct dialogue *d, const struct smtp_command *command) {
    hole_begin_headless(d);
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
    pairing_await(d, message, (struct waiting){.recipient = recipient, .verb = VERB_RCPT});
}

static void on_data(struct dialogue *d) {
    pairing_await(d, d->current, (struct waiting){.verb = VERB_DATA});
    d->body.reader = BODY_READER_START;
    if (d->current != NULL && !d->current->chunked) d->current->body_size_lost = false;
    content_probe(d, CLIENT_BODY);
}

static void on_bdat(struct dialogue *d, const struct smtp_command *command) {
    struct smtp_chunk chunk;
    if (!smtp_bdat(command->argument, &chunk)) {
        pairing_await(d, NULL, (struct waiting){.verb = VERB_UNKNOWN});
        return;
    }
    /* Behind skipped content it may be the next chunk of that, or of a message of its own. */
    if (!d->hole.content_skipped) hole_begin_headless(d);
    if (d->current != NULL) {
        d->current->chunked = true;
        d->current->body_started = true;
    }
    pairing_await(d, d->current, (struct waiting){.verb = VERB_BDAT, .last = chunk.last});
    content_begin_chunk(d, &chunk);
}

static void on_auth(struct dialogue *d) {
    d->facts.auth_tries++;
    d->secrets.waiting = 0;
    if (d->facts.tls == TLS_NONE && !d->facts.tls_elsewhere) d->facts.auth_in_clear = true;
    pairing_await(d, NULL, (struct waiting){.verb = VERB_AUTH});
}

/* FTP, POP3 and NNTP have some of the words as well. */
static bool is_only_smtp(enum smtp_verb verb) {
    return verb != VERB_UNKNOWN && verb != VERB_QUIT && verb != VERB_AUTH && verb != VERB_NOOP && verb != VERB_RSET &&
           verb != VERB_HELP;
}

void client_note_sense(struct dialogue *d, enum smtp_verb verb) {
    if (verb != VERB_UNKNOWN) d->sides[SIDE_CLIENT].made_sense = true;
    if (is_only_smtp(verb)) d->client_is_smtp = true;
}

static bool on_command(struct dialogue *d, struct smtp_command command, struct smtp_item *item) {
    pace_note_patience(d);
    if (command.verb != VERB_QUIT) smuggled_forget(d); /* QUIT may ride on the final dot */
    pace_note_command(d, command.verb);
    client_note_sense(d, command.verb);
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
            on_bdat(d, &command);
            return false;
        case VERB_AUTH:
            on_auth(d);
            return false;
        case VERB_RSET:
            on_reset(d);
            return false;
        case VERB_QUIT:
            d->facts.quit = true;
            pairing_close(d);
            break;
        default:
            break;
    }
    pairing_await(d, NULL, (struct waiting){.verb = command.verb});
    return false;
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
    if (span_equal(start, SPAN_LITERAL(".")) || span_equal(start, SPAN_LITERAL(".\r"))) return; /* smtp_hole.c */
    enum verb_guess guess = smtp_verb_guess(start);
    if (guess == VERB_GUESS_NO && start.len > 0) smtp_line_hush(buffer, 0);
    if (guess == VERB_GUESS_YES && smtp_command_parse(start).verb == VERB_AUTH)
        smtp_line_hush(buffer, blanks + strlen("AUTH"));
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
    command.cut = line->cut;
    if (d->mode == CLIENT_LOST && hole_takes_line(d, line, command.verb)) return false;
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
    if (at_start && dialogue_begins_tls(d, SIDE_CLIENT, byte))
        dialogue_guess_tls(d, d->sides[SIDE_SERVER].spoke || d->midstream ? TLS_STARTTLS : TLS_IMPLICIT);
    return d->mode == CLIENT_TLS;
}

void client_note_spoke(struct dialogue *d) {
    if (d->now - d->heard >= LIMIT_REPLY_PATIENCE_S * NS_PER_S) d->pace.went_on = true;
    d->heard = d->now;
    d->sides[SIDE_CLIENT].spoke = true;
    d->sides[SIDE_CLIENT].seen = true;
}

bool client_step(struct dialogue *d, struct smtp_item *item) {
    bool tls = dialogue_input(d)->len > 0 && is_tls(d);
    client_note_spoke(d);
    if (tls) return tls_step(d, item);
    return content_is_due(d) ? content_step(d, item) : line_step(d, item);
}

void client_gap(struct dialogue *d, uint64_t length) {
    d->sides[SIDE_CLIENT].spoke = true;
    d->sides[SIDE_CLIENT].gapped = true;
    if (d->tls_doubt == TLS_GRANTED) d->tls_doubt = TLS_CERTAIN;
    dialogue_note_guessed(d, SPAN_EMPTY, length);
    if (d->mode == CLIENT_TLS) return;
    bool between_lines = d->mode == CLIENT_COMMANDS && !smtp_line_is_open(&d->client_line);
    hole_cuts_line(d);
    smtp_line_forget(&d->client_line);
    smuggled_forget(d);
    if (content_is_due(d)) {
        content_gap(d, length);
    } else {
        hole_in_commands(d, length, between_lines);
    }
}
