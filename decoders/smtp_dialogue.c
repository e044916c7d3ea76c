/* One SMTP connection: what the client says, what the server answers, which answer belongs to what.
 *
 * Commands wait in a queue; a reply belongs to the first of them.  The stream hands on causes before effects, so what
 * a reply answers has always been pushed before it, or declared lost.
 *
 * After a loss pairing must not guess.  A gap leaves a HOLE in the queue: while it is at the front, only replies that
 * can have one meaning are paired (354 is DATA's, 221 is QUIT's ...), the others are counted and dropped.  The HOLE
 * goes at the next certain point: a body begins (every earlier reply has come by then), a MAIL after an answered
 * message, or the next command of a client that waits for each reply.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

enum client_mode {
    CLIENT_COMMANDS,
    CLIENT_PROBE,  /* a command, or what `otherwise` says: the first bytes will tell */
    CLIENT_BODY,   /* after DATA */
    CLIENT_CHUNK,  /* after BDAT */
    CLIENT_SKIP,   /* to the end of a line whose beginning was lost */
    CLIENT_SECRET, /* a line of an AUTH exchange */
    CLIENT_TLS,
};

struct dialogue {
    struct arena *arena;
    struct counters *counters;
    struct dialogue_facts facts;
    bool midstream;
    bool not_smtp;
    enum stream_end stream_end;
    bool stream_ended;

    struct span input; /* what was pushed and is not consumed yet */
    struct span rest;  /* what comes behind the input: the input is then the probe */
    enum stream_side input_side;
    nstime now;

    enum client_mode mode;
    enum client_mode otherwise; /* of CLIENT_PROBE */
    bool probe_decided;         /* in favour of `otherwise` */
    bool client_spoke;
    bool client_lost; /* a client gap since the last MAIL: the next RCPT or body may be of a message whose MAIL is lost */
    bool pipelined;   /* the client has sent a command before the reply to the last one */
    uint8_t probe_len;
    uint8_t probe[VERB_GUESS_BYTES];
    struct line_buffer client_line;
    struct body_reader body;
    uint64_t chunk_left;
    bool chunk_last;
    unsigned odd_client_lines, odd_server_lines; /* before anything made sense */

    bool server_spoke, server_tls, server_skip, server_made_sense, client_made_sense;
    bool greeted;
    struct line_buffer server_line;
    struct reply_buffer reply;

    struct command_queue queue;
    struct message *oldest, *newest; /* in flight */
    struct message *current;         /* the client is still saying it */
    unsigned in_flight;
    bool has_pending;
    struct smtp_item pending;
};

/* --- messages ------------------------------------------------------------------------------------------------------ */

static struct message *begin_message(struct dialogue *d, nstime start) {
    struct message *message = message_new(d->arena->pool, ++d->facts.messages, start);
    if (message == NULL) {
        d->facts.messages--;
        d->counters->message_memory++;
        return NULL;
    }
    message->gaps_before = d->facts.gaps;
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

/* The client has said all of the current message. */
static void close_current(struct dialogue *d, bool reset) {
    struct message *message = d->current;
    if (message == NULL) return;
    message->client_done = true;
    message->reset = reset;
    message->end = d->now;
    d->current = NULL;
}

/* A message whose MAIL was lost, or for which there is no memory (then NULL). */
static struct message *begin_headless(struct dialogue *d) {
    struct message *message = begin_message(d, d->now);
    d->current = message;
    d->client_lost = false;
    if (message != NULL) {
        message->cut_off = true;
        message->visibility = VISIBILITY_GAPPED;
    }
    return message;
}

static enum visibility message_visibility(const struct dialogue *d, const struct message *message) {
    if (!d->server_spoke) return VISIBILITY_CLIENT_ONLY;
    if (!d->client_spoke) return VISIBILITY_SERVER_ONLY;
    if (d->facts.gaps > message->gaps_before || !message->sender_seen) return VISIBILITY_GAPPED;
    return VISIBILITY_CLEAR;
}

static bool take_ended(struct dialogue *d, struct smtp_item *item) {
    struct message *message = d->oldest;
    if (message == NULL) return false;
    if (d->in_flight > LIMIT_MESSAGES_IN_FLIGHT && message->client_done && message->waiting > 0) {
        command_queue_detach(&d->queue, message);
        message->waiting = 0;
        message->cut_off = true;
        d->counters->messages_forced++;
    }
    if (!message->client_done || message->waiting > 0) return false;
    d->oldest = message->next;
    if (d->oldest == NULL) d->newest = NULL;
    d->in_flight--;
    if (d->facts.gaps > message->gaps_before) message->cut_off = true;
    message->visibility =
        message->stage == STAGE_GREETING ? VISIBILITY_CLEAR : message_visibility(d, message);
    message_decide(message);
    *item = (struct smtp_item){.type = SMTP_MESSAGE_END, .message = message};
    return true;
}

/* --- the queue ----------------------------------------------------------------------------------------------------- */

static void await(struct dialogue *d, enum smtp_verb verb, struct message *message, struct recipient *recipient) {
    if (!command_queue_push(&d->queue, d->arena, (struct waiting){message, recipient, verb, false})) {
        d->counters->commands_dropped++;
        if (message != NULL) message->cut_off = true;
        return;
    }
    if (message != NULL) message->waiting++;
}

static void forget_first(struct dialogue *d, bool lost) {
    struct waiting *first = command_queue_first(&d->queue);
    if (first->message != NULL) {
        first->message->waiting--;
        if (lost) first->message->cut_off = true;
    }
    command_queue_pop(&d->queue);
}

static void forget_all(struct dialogue *d) {
    while (d->queue.count > 0) forget_first(d, true);
}

static bool pairing_is_lost(struct dialogue *d) {
    const struct waiting *first = command_queue_first(&d->queue);
    return first != NULL && first->verb == VERB_HOLE;
}

/* Forgets what waits before the first command of this kind; the kind's own row is then the first. */
static bool find_waiting(struct dialogue *d, enum smtp_verb verb) {
    if (!command_queue_holds(&d->queue, verb)) return false;
    while (command_queue_first(&d->queue)->verb != verb) forget_first(d, true);
    return true;
}

/* --- commands ------------------------------------------------------------------------------------------------------ */

static void probe(struct dialogue *d, enum client_mode otherwise) {
    d->mode = CLIENT_PROBE;
    d->otherwise = otherwise;
    d->probe_decided = false;
    d->probe_len = 0;
}

static void on_hello(struct dialogue *d, const struct smtp_command *command) {
    close_current(d, true);
    struct span name = span_head(command->argument, LIMIT_HELO_BYTES);
    /* A client that says hello a thousand times gets no more memory than one name. */
    if (d->facts.helo.len == 0 || !span_equal(name, d->facts.helo)) {
        struct span copy = d->facts.helo.len >= name.len && name.len > 0
                               ? span_of(memcpy((uint8_t *)(uintptr_t)d->facts.helo.data, name.data, name.len), name.len)
                               : arena_copy(d->arena, name);
        d->facts.helo = copy;
    }
    d->facts.ehlo = command->verb == VERB_EHLO;
    await(d, command->verb, NULL, NULL);
}

static bool on_mail(struct dialogue *d, const struct smtp_command *command, struct smtp_item *item) {
    close_current(d, true);
    if (pairing_is_lost(d) && !(d->newest != NULL && d->newest->chunked)) forget_all(d);
    struct message *message = begin_message(d, d->now);
    d->current = message;
    d->client_lost = false;
    if (message != NULL) {
        message->sender = arena_copy(&message->arena, smtp_path(command->argument));
        message->sender_seen = true;
    }
    await(d, VERB_MAIL, message, NULL);
    if (message == NULL) return false;
    *item = (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message};
    return true;
}

static bool on_rcpt(struct dialogue *d, const struct smtp_command *command, struct smtp_item *item) {
    bool headless = d->current == NULL && d->client_lost;
    struct message *message = headless ? begin_headless(d) : d->current;
    struct recipient *recipient = NULL;
    if (message != NULL) {
        recipient = message_add_recipient(message, smtp_path(command->argument));
        if (recipient == NULL) {
            message->recipients_dropped++;
            d->counters->recipients_dropped++;
        }
    }
    await(d, VERB_RCPT, message, recipient);
    if (!headless || message == NULL) return false;
    *item = (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message};
    return true;
}

static bool on_bdat(struct dialogue *d, const struct smtp_command *command) {
    uint64_t size;
    bool last;
    if (!smtp_bdat(command->argument, &size, &last)) {
        await(d, VERB_UNKNOWN, NULL, NULL);
        return false;
    }
    if (d->current != NULL) {
        d->current->chunked = true;
        d->current->body_started = true;
    }
    struct waiting row = {d->current, NULL, VERB_BDAT, last};
    if (command_queue_push(&d->queue, d->arena, row)) {
        if (d->current != NULL) d->current->waiting++;
    } else {
        d->counters->commands_dropped++;
    }
    d->mode = CLIENT_CHUNK;
    d->chunk_left = size;
    d->chunk_last = last;
    return false;
}

/* A client that waits for each reply has had all of them when it says the next command. */
static void note_pace(struct dialogue *d) {
    if (d->queue.count == 0) return;
    if (pairing_is_lost(d)) {
        if (d->queue.count == 1 && !d->pipelined) forget_all(d);
        return;
    }
    d->pipelined = true;
}

static bool on_command(struct dialogue *d, struct smtp_command command, struct smtp_item *item) {
    note_pace(d);
    if (command.verb != VERB_UNKNOWN) d->client_made_sense = true;
    switch (command.verb) {
        case VERB_HELO:
        case VERB_EHLO:
        case VERB_LHLO: on_hello(d, &command); return false;
        case VERB_MAIL: return on_mail(d, &command, item);
        case VERB_RCPT: return on_rcpt(d, &command, item);
        case VERB_DATA:
            await(d, VERB_DATA, d->current, NULL);
            probe(d, CLIENT_BODY);
            return false;
        case VERB_BDAT: return on_bdat(d, &command);
        case VERB_RSET: close_current(d, true); break;
        case VERB_QUIT:
            d->facts.quit = true;
            close_current(d, false);
            break;
        case VERB_AUTH:
            d->facts.auth_tries++;
            d->counters->auth_tries++;
            if (d->facts.tls == TLS_NONE) d->facts.auth_in_clear = true;
            break;
        default: break;
    }
    await(d, command.verb, NULL, NULL);
    return false;
}

static bool on_client_line(struct dialogue *d, const struct smtp_line *line, struct smtp_item *item) {
    if (line->cut) d->counters->line_cut++;
    struct smtp_command command = smtp_command_parse(line->text);
    if (command.verb == VERB_UNKNOWN) {
        if (command_queue_holds(&d->queue, VERB_AUTH)) return false; /* a secret, said before it was asked for */
        if (!d->client_made_sense && !d->server_made_sense && (++d->odd_client_lines >= 8 || line->cut)) {
            d->not_smtp = true;
            return false;
        }
    }
    return on_command(d, command, item);
}

/* --- what the client says ------------------------------------------------------------------------------------------ */

static void start_body(struct dialogue *d) {
    d->mode = CLIENT_BODY;
    d->body = (struct body_reader){.state = BODY_LINE_START};
    if (d->current != NULL) d->current->body_started = true;
}

/* The body is over: by its final dot, or, when that was lost, by what followed. */
static void finish_body(struct dialogue *d, bool complete) {
    struct message *message = d->current;
    d->mode = CLIENT_COMMANDS;
    if (message == NULL) {
        if (complete) await(d, VERB_BODY_END, NULL, NULL);
        return;
    }
    message->body_complete = complete;
    message->bare_newlines = d->body.bare_newlines;
    if (complete && !message->refused_early) await(d, VERB_BODY_END, message, NULL);
    close_current(d, false);
}

static void count_body(struct dialogue *d) {
    if (d->current != NULL) d->current->body_bytes = d->body.bytes;
}

static bool body_step(struct dialogue *d, struct smtp_item *item) {
    struct span content;
    struct message *message = d->current;
    if (pairing_is_lost(d)) forget_all(d); /* the client has had every reply before it began the body */
    bool complete = smtp_body_take(&d->body, &d->input, &content);
    count_body(d);
    if (complete) {
        finish_body(d, true);
        if (message == NULL) return false;
        *item = (struct smtp_item){.type = SMTP_BODY_END, .message = message};
        return true;
    }
    if (content.len == 0 || message == NULL) return false;
    *item = (struct smtp_item){.type = SMTP_BODY, .message = message, .bytes = content};
    return true;
}

static bool chunk_step(struct dialogue *d, struct smtp_item *item) {
    struct message *message = d->current;
    if (d->chunk_left > 0) {
        struct span content = span_head(d->input, d->chunk_left > SIZE_MAX ? SIZE_MAX : (size_t)d->chunk_left);
        d->input = span_from(d->input, content.len);
        d->chunk_left -= content.len;
        if (message == NULL) return false;
        message->body_bytes += content.len;
        *item = (struct smtp_item){.type = SMTP_BODY, .message = message, .bytes = content};
        return true;
    }
    d->mode = CLIENT_COMMANDS;
    if (!d->chunk_last || message == NULL) return false;
    message->body_complete = true;
    close_current(d, false);
    *item = (struct smtp_item){.type = SMTP_BODY_END, .message = message};
    return true;
}

/* The bytes that were looked at are taken in again, now that it is known what they are. */
static void probe_is(struct dialogue *d, enum client_mode mode) {
    if (mode == CLIENT_BODY) {
        if (d->current == NULL && d->client_lost) {
            struct message *message = begin_headless(d);
            if (message != NULL) {
                d->pending = (struct smtp_item){.type = SMTP_MESSAGE_BEGIN, .message = message};
                d->has_pending = true;
            }
        }
        if (d->current == NULL || !d->current->body_started) start_body(d);
    } else if (d->current != NULL && d->current->body_started && !d->current->chunked) {
        finish_body(d, false); /* commands again: the final dot was in a gap */
    }
    d->mode = mode;
    d->rest = d->input;
    d->input = span_of(d->probe, d->probe_len);
    d->probe_len = 0;
}

static bool probe_step(struct dialogue *d) {
    while (d->input.len > 0 && !d->probe_decided) {
        d->probe[d->probe_len++] = d->input.data[0];
        d->input = span_from(d->input, 1);
        enum verb_guess guess = smtp_verb_guess(span_of(d->probe, d->probe_len));
        if (guess == VERB_GUESS_MAYBE) continue;
        probe_is(d, guess == VERB_GUESS_YES ? CLIENT_COMMANDS : d->otherwise);
        return false;
    }
    if (d->probe_decided) probe_is(d, d->otherwise);
    return false;
}

static bool line_step(struct dialogue *d, struct smtp_item *item) {
    struct smtp_line line;
    if (!smtp_line_take(&d->client_line, d->arena, &d->input, &line)) return false;
    if (d->mode == CLIENT_SKIP || d->mode == CLIENT_SECRET) {
        d->mode = CLIENT_COMMANDS;
        return false;
    }
    return on_client_line(d, &line, item);
}

static bool tls_step(struct dialogue *d, struct smtp_item *item) {
    *item = (struct smtp_item){.type = SMTP_TLS, .side = d->input_side, .bytes = d->input};
    d->input = SPAN_EMPTY;
    return true;
}

#define TLS_HANDSHAKE 0x16 /* RFC 8446 5.1: the first byte of any TLS connection; no command or reply begins so */

static bool is_implicit_tls(struct dialogue *d) {
    if (d->client_spoke || d->server_spoke || d->input.data[0] != TLS_HANDSHAKE) return false;
    d->facts.tls = TLS_IMPLICIT;
    d->mode = CLIENT_TLS;
    d->server_tls = true;
    return true;
}

static bool client_step(struct dialogue *d, struct smtp_item *item) {
    if (!d->client_spoke && d->input.len > 0) {
        (void)is_implicit_tls(d);
        d->client_spoke = true;
    }
    switch (d->mode) {
        case CLIENT_TLS: return tls_step(d, item);
        case CLIENT_PROBE: return probe_step(d);
        case CLIENT_BODY: return body_step(d, item);
        case CLIENT_CHUNK: return chunk_step(d, item);
        case CLIENT_COMMANDS:
        case CLIENT_SKIP:
        case CLIENT_SECRET: break;
    }
    return line_step(d, item);
}

/* --- replies ------------------------------------------------------------------------------------------------------- */

static struct smtp_reply keep_reply(struct message *message, const struct smtp_reply *reply) {
    struct smtp_reply kept = *reply;
    kept.text = arena_copy(&message->arena, reply->text);
    return kept;
}

static void on_greeting(struct dialogue *d, const struct smtp_reply *reply) {
    d->greeted = true;
    d->facts.greeting = *reply;
    d->facts.greeting.text = arena_copy(d->arena, reply->text);
    if (reply->code < 400) return;
    struct message *message = begin_message(d, d->facts.start);
    if (message == NULL) return;
    message->stage = STAGE_GREETING;
    message->reply = keep_reply(message, reply);
    message->client_done = true;
    message->end = d->now;
}

/* The extensions of an EHLO reply (RFC 5321 4.1.1.1), a line at a time. */
static void on_extension(struct dialogue *d, struct span text) {
    struct span word = span_head(text, span_find(text, ' '));
    if (span_equal_nocase(word, SPAN_LITERAL("PIPELINING"))) d->facts.pipelining = true;
    if (span_equal_nocase(word, SPAN_LITERAL("CHUNKING"))) d->facts.chunking = true;
    if (span_equal_nocase(word, SPAN_LITERAL("STARTTLS"))) d->facts.starttls_offered = true;
}

/* DATA's answer: 354, or a refusal. */
static void on_data_reply(struct dialogue *d, const struct smtp_reply *reply) {
    bool go_ahead = reply_is_intermediate(reply);
    if (d->mode == CLIENT_PROBE && d->otherwise == CLIENT_BODY) {
        if (d->probe_len > 0) { /* the client did not wait */
            d->probe_decided = true;
            if (!go_ahead) d->otherwise = CLIENT_COMMANDS;
        } else if (go_ahead) {
            start_body(d);
        } else {
            d->mode = CLIENT_COMMANDS;
        }
    } else if (d->mode == CLIENT_BODY && !go_ahead) { /* what looked like a body was taken for commands */
        if (d->current != NULL) d->current->body_started = false;
        d->mode = CLIENT_COMMANDS;
    }
}

static void on_tls_granted(struct dialogue *d) {
    close_current(d, true);
    d->facts.tls = TLS_STARTTLS;
    d->mode = CLIENT_TLS;
    d->server_tls = true;
    smtp_line_forget(&d->client_line);
}

static void on_auth_reply(struct dialogue *d, const struct smtp_reply *reply) {
    if (reply_is_positive(reply)) return;
    d->facts.auth_refused++;
    d->counters->auth_refused++;
}

/* The first command of the queue has its reply. */
static void answer(struct dialogue *d, const struct smtp_reply *reply) {
    struct waiting row = *command_queue_first(&d->queue);
    struct message *message = row.message;
    if (row.verb == VERB_AUTH && reply_is_intermediate(reply)) { /* a challenge: the answer to it is secret */
        if (d->mode == CLIENT_COMMANDS) d->mode = CLIENT_SECRET;
        return;
    }
    forget_first(d, false);
    if (message != NULL) message->end = d->now;
    switch (row.verb) {
        case VERB_MAIL:
            if (message != NULL) message->mail_reply = keep_reply(message, reply);
            break;
        case VERB_RCPT:
            if (row.recipient != NULL) row.recipient->reply = keep_reply(message, reply);
            break;
        case VERB_DATA:
            if (message != NULL) message->data_reply = keep_reply(message, reply);
            on_data_reply(d, reply);
            break;
        case VERB_BDAT: /* the first chunk that is refused decides, else the last one */
            if (message != NULL && message->final_reply.code == 0 && (row.last || !reply_is_positive(reply)))
                message->final_reply = keep_reply(message, reply);
            break;
        case VERB_BODY_END:
            if (message != NULL) message->final_reply = keep_reply(message, reply);
            break;
        case VERB_STARTTLS:
            if (reply->code == 220) on_tls_granted(d);
            break;
        case VERB_AUTH: on_auth_reply(d, reply); break;
        default: break;
    }
}

/* A reply while the pairing is lost: only one that can mean one thing finds its command. */
static void on_reply_after_loss(struct dialogue *d, const struct smtp_reply *reply) {
    bool found = false;
    switch (reply->code) {
        case 354:
            found = find_waiting(d, VERB_DATA);
            if (!found && d->mode == CLIENT_COMMANDS) { /* the DATA itself was lost */
                forget_all(d);
                probe(d, CLIENT_BODY);
                return;
            }
            break;
        case 221: found = find_waiting(d, VERB_QUIT); break;
        case 220: found = find_waiting(d, VERB_STARTTLS); break;
        case 235:
        case 334:
        case 535: found = find_waiting(d, VERB_AUTH); break;
        default: break;
    }
    if (found) {
        answer(d, reply);
    } else {
        d->counters->replies_unmatched++;
    }
}

/* Nobody asked: a receiver that refuses while the body still comes, or one that says good-bye (421). */
static void on_unasked(struct dialogue *d, const struct smtp_reply *reply) {
    struct message *message = d->current;
    if (!d->client_spoke && reply->code == 354) { /* one-sided: its reply is all that will be seen of a message */
        message = begin_headless(d);
        if (message == NULL) return;
        await(d, VERB_BODY_END, message, NULL);
        close_current(d, false);
        return;
    }
    bool in_body = message != NULL && message->body_started && d->mode == CLIENT_BODY;
    if (message != NULL && (in_body || reply->code == 421)) {
        message->final_reply = keep_reply(message, reply);
        message->end = d->now;
        if (!in_body) return;
        message->refused_early = true;
        if (d->facts.gaps > message->gaps_before) probe(d, CLIENT_BODY); /* or the final dot was in the gap */
        return;
    }
    if (d->client_spoke) d->counters->replies_unmatched++;
}

static void on_reply(struct dialogue *d, const struct smtp_reply *reply) {
    bool first = !d->greeted && (!d->midstream || (reply->code == 220 && d->queue.count == 0));
    d->greeted = true;
    if (first) {
        on_greeting(d, reply);
    } else if (d->queue.count == 0) {
        on_unasked(d, reply);
    } else if (pairing_is_lost(d)) {
        on_reply_after_loss(d, reply);
    } else {
        answer(d, reply);
    }
}

static void on_server_line(struct dialogue *d, const struct smtp_line *line) {
    struct span text;
    enum reply_line what = smtp_reply_line(&d->reply, line->text, &text);
    if (line->cut) d->counters->line_cut++;
    bool fragment = d->server_skip; /* behind a gap: perhaps only the end of a line */
    d->server_skip = false;
    if (what == REPLY_NOT_ONE) {
        if (fragment) return;
        d->counters->replies_malformed++;
        if (!d->server_made_sense && (++d->odd_server_lines >= 3 || line->cut)) d->not_smtp = true;
        return;
    }
    d->server_made_sense = true;
    const struct waiting *first = command_queue_first(&d->queue);
    if (first != NULL && first->verb == VERB_EHLO && d->greeted) on_extension(d, text);
    if (what == REPLY_COMPLETE) on_reply(d, &d->reply.reply);
}

static bool server_step(struct dialogue *d, struct smtp_item *item) {
    struct smtp_line line;
    if (!d->server_spoke) {
        (void)is_implicit_tls(d);
        d->server_spoke = true;
    }
    if (d->server_tls) return tls_step(d, item);
    if (smtp_line_take(&d->server_line, d->arena, &d->input, &line)) on_server_line(d, &line);
    return false;
}

/* --- the interface ------------------------------------------------------------------------------------------------- */

struct dialogue *dialogue_new(struct arena *arena, const struct stream_info *info, bool implicit_tls,
                              struct counters *counters) {
    struct dialogue *d = arena_alloc(arena, sizeof *d);
    if (d == NULL) {
        counters->dialogue_memory++;
        return NULL;
    }
    d->arena = arena;
    d->counters = counters;
    d->midstream = info->midstream;
    d->client_lost = info->midstream;
    d->facts.start = info->start;
    d->facts.end = info->start;
    if (implicit_tls && info->midstream) { /* the handshake is gone, but nothing else is spoken there */
        d->facts.tls = TLS_IMPLICIT;
        d->mode = CLIENT_TLS;
        d->server_tls = true;
    }
    return d;
}

void dialogue_free(struct dialogue *d) {
    while (d->oldest != NULL) {
        struct message *message = d->oldest;
        d->oldest = message->next;
        message_free(message);
    }
}

bool dialogue_is_mail(const struct dialogue *d) {
    return d->client_made_sense || d->server_made_sense || d->facts.tls != TLS_NONE;
}

void smtp_push(struct dialogue *d, enum stream_side side, struct span bytes, nstime now) {
    d->input = bytes;
    d->rest = SPAN_EMPTY;
    d->input_side = side;
    d->now = now;
    d->facts.end = now;
}

static void client_gap(struct dialogue *d, uint64_t length) {
    d->client_spoke = true;
    smtp_line_forget(&d->client_line);
    if (d->mode == CLIENT_CHUNK && length <= d->chunk_left) {
        d->chunk_left -= length;
        if (d->current != NULL) d->current->body_bytes += length;
    } else if (d->mode == CLIENT_BODY || (d->mode == CLIENT_PROBE && d->otherwise == CLIENT_BODY)) {
        if (d->mode == CLIENT_PROBE) start_body(d);
        smtp_body_gap(&d->body, length);
        count_body(d);
    } else if (d->mode != CLIENT_TLS) {
        if (d->mode == CLIENT_CHUNK) close_current(d, false);
        d->client_lost = true;
        await(d, VERB_HOLE, NULL, NULL);
        probe(d, CLIENT_SKIP);
        return;
    }
    if (d->current == NULL || d->mode == CLIENT_TLS) return;
    d->pending = (struct smtp_item){.type = SMTP_BODY_GAP, .message = d->current, .length = length};
    d->has_pending = true;
}

static void server_gap(struct dialogue *d) {
    d->server_spoke = true;
    d->greeted = true;
    if (d->server_tls) return;
    smtp_line_forget(&d->server_line);
    smtp_reply_forget(&d->reply);
    d->server_skip = true;
    if (d->queue.count == 0) return;
    forget_all(d);
    await(d, VERB_HOLE, NULL, NULL);
}

void smtp_gap(struct dialogue *d, enum stream_side side, uint64_t length, nstime now) {
    smtp_push(d, side, SPAN_EMPTY, now);
    d->facts.gaps++;
    d->facts.gap_bytes += length;
    if (side == SIDE_CLIENT) {
        client_gap(d, length);
    } else {
        server_gap(d);
    }
}

void smtp_end(struct dialogue *d, enum stream_side side, enum stream_end reason, nstime now) {
    (void)side;
    smtp_push(d, side, SPAN_EMPTY, now);
    if (!d->stream_ended || reason != STREAM_FIN) d->stream_end = reason;
    d->stream_ended = true;
}

void smtp_finish(struct dialogue *d, nstime now) {
    bool seen_to_the_end = d->stream_ended && (d->stream_end == STREAM_FIN || d->stream_end == STREAM_RST);
    d->now = now;
    close_current(d, false);
    for (struct message *message = d->oldest; message != NULL; message = message->next) {
        if (!seen_to_the_end || !d->server_spoke) message->cut_off = true;
        message->waiting = 0;
    }
    d->queue = (struct command_queue){0};
}

bool smtp_next(struct dialogue *d, struct smtp_item *item) {
    for (;;) {
        if (d->has_pending) {
            *item = d->pending;
            d->has_pending = false;
            return true;
        }
        if (take_ended(d, item)) return true;
        if (d->not_smtp) {
            d->not_smtp = false;
            d->input = SPAN_EMPTY;
            *item = (struct smtp_item){.type = SMTP_NOT_SMTP};
            return true;
        }
        if (d->input.len == 0 && d->rest.len > 0) {
            d->input = d->rest;
            d->rest = SPAN_EMPTY;
        }
        bool empty_chunk = d->input_side == SIDE_CLIENT && d->mode == CLIENT_CHUNK && d->chunk_left == 0;
        if (d->input.len == 0 && !empty_chunk) return false;
        if (d->input_side == SIDE_CLIENT ? client_step(d, item) : server_step(d, item)) return true;
    }
}

const struct dialogue_facts *dialogue_facts(const struct dialogue *dialogue) {
    struct dialogue *d = (struct dialogue *)(uintptr_t)dialogue;
    if (d->facts.tls != TLS_NONE) {
        d->facts.visibility = VISIBILITY_ENCRYPTED;
    } else if (!d->server_spoke) {
        d->facts.visibility = VISIBILITY_CLIENT_ONLY;
    } else if (!d->client_spoke && d->facts.greeting.code < 400) {
        d->facts.visibility = VISIBILITY_SERVER_ONLY;
    } else if (d->facts.gaps > 0 || d->midstream) {
        d->facts.visibility = VISIBILITY_GAPPED;
    } else {
        d->facts.visibility = VISIBILITY_CLEAR;
    }
    return &d->facts;
}

enum dialogue_end dialogue_end(const struct dialogue *d) {
    if (d->facts.quit) return DIALOGUE_QUIT;
    if (!d->stream_ended) return DIALOGUE_EOF;
    switch (d->stream_end) {
        case STREAM_FIN: return DIALOGUE_FIN;
        case STREAM_RST: return DIALOGUE_RST;
        case STREAM_TIMEOUT: return DIALOGUE_TIMEOUT;
        case STREAM_EVICTED:
        case STREAM_EOF: break;
    }
    return DIALOGUE_EOF;
}

const char *dialogue_end_name(enum dialogue_end end) {
    static const char *const names[] = {"quit", "fin", "rst", "timeout", "eof"};
    return names[end];
}
