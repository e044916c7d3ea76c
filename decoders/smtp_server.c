/* What the server says: the greeting, replies to commands, and what nobody asked for.
 *
 * The server decides where content begins and ends: a 354 that answers no command that was seen begins a body, and a
 * 2yz in the middle of one ends it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

#define ODD_LINES_MAX 3 /* of a server that never said anything that makes sense */

/* --- the greeting and the extensions -------------------------------------------------------------------------------
 */

/* An attempt that failed before it could name a message. */
static void add_refused_session(struct dialogue *d, nstime start, const struct smtp_reply *reply) {
    struct message *message = pairing_begin(d, start);
    if (message == NULL) return;
    message->stage = STAGE_GREETING;
    message->reply = pairing_keep(d, message, reply);
    message->client_done = true;
}

static void on_greeting(struct dialogue *d, const struct smtp_reply *reply) {
    d->facts.greeting = *reply;
    d->facts.greeting.text = arena_copy(d->arena, reply->text);
    if (reply_is_refusal(reply)) add_refused_session(d, d->facts.start, reply);
}

static void on_hello_reply(struct dialogue *d, const struct smtp_reply *reply) {
    struct refused_hello *refused = &d->server.refused_hello;
    refused->reply = (struct smtp_reply){.code = 0};
    if (!reply_is_refusal(reply)) client_hello_taken(d);
    if (d->hello.taken) return;
    if (refused->text == NULL) refused->text = arena_alloc(d->arena, LIMIT_REPLY_TEXT_BYTES);
    refused->reply = *reply;
    refused->reply.text = refused->text == NULL ? SPAN_EMPTY : span_of(refused->text, reply->text.len);
    if (refused->reply.text.len > 0) memcpy(refused->text, reply->text.data, reply->text.len);
    refused->time = d->now;
    refused->gaps = d->facts.gaps;
}

void server_settle_hello(struct dialogue *d, bool client_is_over) {
    const struct refused_hello *refused = &d->server.refused_hello;
    if (!client_is_over && refused->reply.code != 421) return; /* 421: the server closes (RFC 5321 3.8) */
    if (refused->reply.code == 0 || d->facts.messages > 0 || d->facts.gaps > refused->gaps) return;
    if (d->facts.tls != TLS_NONE) return; /* what was said in there is not known */
    add_refused_session(d, refused->time, &refused->reply);
}

/* The extensions of an EHLO reply (RFC 5321 4.1.1.1), a line at a time. */
static void on_extension(struct dialogue *d, struct span text) {
    struct span word = span_head(text, span_find(text, ' '));
    if (span_equal_nocase(word, SPAN_LITERAL("PIPELINING"))) d->facts.pipelining = true;
    if (span_equal_nocase(word, SPAN_LITERAL("CHUNKING"))) d->facts.chunking = true;
    if (span_equal_nocase(word, SPAN_LITERAL("STARTTLS"))) d->facts.starttls_offered = true;
}

/* --- replies to commands -------------------------------------------------------------------------------------------
 */

/* A body that was sent blindly, and that the server took for commands: its lines have replies that nobody counted. */
static void body_was_no_body(struct dialogue *d, struct message *message) {
    if (message != NULL) message->body_started = false;
    pairing_forget_all(d);
    if (content_is_body(d)) content_finish_body(d, false);
    hole_begin(d);
}

/* Commands that were sent behind DATA, and that the server takes for content. */
static void commands_were_body(struct dialogue *d, struct message *message) {
    pairing_forget_all(d);
    smtp_line_forget(&d->client_line);
    if (d->current == NULL && message != NULL) {
        message->client_done = false;
        d->current = message;
    }
    d->pace.eager = true;
    content_begin_body(d);
}

static void on_data_reply(struct dialogue *d, struct message *message, const struct smtp_reply *reply) {
    bool go_ahead = reply_is_intermediate(reply);
    if (go_ahead && message == NULL && d->current == NULL) d->hole.mail_lost = true; /* there must have been one */
    const struct waiting *next = command_queue_first(&d->queue);
    bool body_came = next == NULL ? d->mode == CLIENT_BODY : next->verb == VERB_BODY_END;
    if (next == NULL && d->mode == CLIENT_PROBE && d->probe.otherwise == CLIENT_BODY) {
        if (d->probe.len > 0) { /* the client did not wait */
            d->probe.decided = true;
            if (!go_ahead) d->probe.otherwise = CLIENT_COMMANDS;
        } else if (go_ahead) {
            content_begin_body(d);
        } else {
            d->mode = CLIENT_COMMANDS;
        }
    } else if (body_came && !go_ahead) {
        body_was_no_body(d, message);
    } else if (!body_came && go_ahead) {
        commands_were_body(d, message);
    }
}

/* A server that refuses a chunk should read it all the same (RFC 3030 2); one that knows no BDAT will not. */
static void on_chunk_refused(struct dialogue *d, const struct smtp_reply *reply) {
    bool probing = d->mode == CLIENT_PROBE && d->probe.otherwise == CLIENT_CHUNK;
    bool knows_no_chunks = reply->code == 500 || reply->code == 502 || (d->hello.taken && !d->facts.chunking);
    if (d->mode != CLIENT_CHUNK && !probing) return;
    if (d->chunk.begun) {
        if (knows_no_chunks) content_lose_chunk(d);
    } else if (d->queue.count > 0) {
        return;
    } else if (knows_no_chunks && probing && d->probe.len > 0) {
        d->probe.otherwise = CLIENT_COMMANDS;
        d->probe.decided = true;
    } else if (knows_no_chunks) {
        d->mode = CLIENT_COMMANDS;
    } else if (!probing) {
        content_probe(d, CLIENT_CHUNK);
    }
}

static void count_auth(struct dialogue *d, const struct smtp_reply *reply) {
    if (reply_is_positive(reply)) return;
    d->facts.auth_refused++;
}

static void on_auth_reply(struct dialogue *d, const struct smtp_reply *reply) {
    if (d->mode == CLIENT_SECRET) d->mode = CLIENT_COMMANDS;
    if (!reply_is_positive(reply)) d->secrets.refused = d->secrets.waiting;
    d->secrets.waiting = 0;
    count_auth(d, reply);
}

/* What the client says next is secret, if it has not said it yet. */
static void on_challenge(struct dialogue *d) {
    bool nothing_is_lost = d->facts.gaps == 0 && !d->unanswered && !d->overrun;
    if (nothing_is_lost && d->queue.count > 1 && d->secrets.waiting == 0) {
        /* Whatever it said behind AUTH is the answer (RFC 4954 4). */
        pairing_forget_second(d);
    } else if (d->secrets.waiting > 0) {
        d->secrets.waiting--;
    } else if (d->mode == CLIENT_COMMANDS) {
        d->mode = CLIENT_SECRET;
    }
}

/* The first chunk that is refused decides, else the last one.  A 503 may only say that one before it was refused. */
static void keep_chunk_answer(struct dialogue *d, const struct waiting *row, const struct smtp_reply *reply) {
    struct message *message = pairing_message_of(d, row);
    bool decides = row->last || !reply_is_positive(reply);
    if (message == NULL || message->final_reply.code != 0 || !decides) return;
    bool one_may_be_lost = message->chunk_unanswered || message->body_size_lost;
    if (reply->code != 503 || !one_may_be_lost) message->final_reply = pairing_keep_final(d, message, reply);
}

static void on_bdat_reply(struct dialogue *d, const struct waiting *row, const struct smtp_reply *reply) {
    keep_chunk_answer(d, row, reply);
    if (!reply_is_positive(reply)) on_chunk_refused(d, reply);
}

/* True when more replies to this command will come (LMTP: one for each accepted recipient). */
static bool on_lmtp_final(struct dialogue *d, const struct waiting *row, const struct smtp_reply *reply) {
    struct message *message = pairing_message_of(d, row);
    if (!d->lmtp || message == NULL || !(row->verb == VERB_BODY_END || (row->verb == VERB_BDAT && row->last)))
        return false;
    bool was_last = message_add_final(message, reply);
    if (message->finals_lost) d->replies_lost = true; /* how many will come is not known */
    message_note_end(message, d->now);
    return !was_last;
}

static void keep_answer(struct dialogue *d, const struct waiting *row, const struct smtp_reply *reply) {
    struct message *message = pairing_message_of(d, row);
    if (message == NULL) return;
    message_note_end(message, d->now);
    if (row->verb == VERB_MAIL) message->mail_reply = pairing_keep(d, message, reply);
    if (row->verb == VERB_RCPT && row->recipient != NULL) row->recipient->reply = pairing_keep(d, message, reply);
    if (row->verb == VERB_RCPT && row->recipient == NULL) message_note_unlisted(message, reply);
    if (row->verb == VERB_DATA) message->data_reply = pairing_keep(d, message, reply);
    if (row->verb == VERB_BODY_END && !d->lmtp) message->final_reply = pairing_keep_final(d, message, reply);
}

/* A transaction that was to be reset goes on when that was refused, unless the client has begun another. */
static void on_reset_reply(struct dialogue *d, struct message *message, const struct smtp_reply *reply) {
    if (message == NULL || !reply_is_refusal(reply) || d->current != NULL || message != d->newest) return;
    message->client_done = false;
    d->current = message;
}

/* A recipient of no message has an answer that only one of a message has: the server took something for MAIL that is
 * none to us. */
static void on_rcpt_of_none(struct dialogue *d, const struct smtp_reply *reply) {
    if (reply->code == 503 || reply->code == 421 || d->current != NULL || d->hole.nobodys) return;
    if (!reply_is_intermediate(reply)) (void)pairing_begin_headless(d);
}

/* The first command of the queue has its reply. */
static void answer(struct dialogue *d, const struct smtp_reply *reply) {
    struct waiting row = *command_queue_first(&d->queue);
    struct message *message = pairing_message_of(d, &row);
    if (row.verb == VERB_AUTH && reply_is_intermediate(reply)) {
        on_challenge(d);
        return;
    }
    if (on_lmtp_final(d, &row, reply)) return;
    keep_answer(d, &row, reply);
    pairing_forget_first(d, false);
    switch (row.verb) {
        case VERB_HELO:
        case VERB_EHLO:
        case VERB_LHLO:
            on_hello_reply(d, reply);
            on_reset_reply(d, message, reply);
            break;
        case VERB_RSET:
            on_reset_reply(d, message, reply);
            break;
        case VERB_RCPT:
            if (row.ordinal == 0) on_rcpt_of_none(d, reply);
            break;
        case VERB_MAIL:
            pairing_on_mail_reply(d, message, reply);
            break;
        case VERB_DATA:
            on_data_reply(d, message, reply);
            break;
        case VERB_BDAT:
            on_bdat_reply(d, &row, reply);
            break;
        case VERB_STARTTLS:
            if (reply->code != 220) {
                d->facts.starttls_refused = true;
                break;
            }
            pairing_close(d);
            pairing_forget_all(d);
            dialogue_enter_tls(d, TLS_STARTTLS);
            d->tls_doubt = TLS_GRANTED;
            break;
        case VERB_AUTH:
            on_auth_reply(d, reply);
            break;
        default:
            break;
    }
}

/* --- replies that no command is known for --------------------------------------------------------------------------
 */

/* A 354 whose DATA was not seen.  few_replies: no more came since the hole than a transaction can have that goes on. */
static void on_unknown_go_ahead(struct dialogue *d, bool few_replies) {
    if (!d->sides[SIDE_CLIENT].seen) { /* one-sided: the next reply is all that will be seen of the message */
        struct message *message = pairing_begin_headless(d);
        if (message == NULL) return;
        message->data_reply.code = 354;
        message->body_size_lost = true;
        pairing_await(d, message, (struct waiting){.verb = VERB_BODY_END});
        if (d->sides[SIDE_CLIENT].gapped) pairing_hole(d); /* more may be in what was lost */
        pairing_close(d);
        return;
    }
    if (content_is_body(d)) { /* the end of the last body was not seen, nor what came behind it */
        if (d->current != NULL && d->current->final_reply.code == 0) message_doubt(d->current);
        content_finish_body(d, false);
    } else if (d->current != NULL && !d->hole.is_short && !few_replies) {
        pairing_close(d); /* the hole may have held another MAIL: it goes to no message */
        d->hole.nobodys = true;
    }
    smtp_line_forget(&d->client_line);
    d->hole.mail_lost = true;
    d->body.reader = (struct body_reader){.state = BODY_TEXT};
    content_begin_body(d);
    if (d->current == NULL) return;
    d->current->gapped = true;
    d->current->body_size_lost = true;
}

/* LMTP: others will come, when nobody knows to how many recipients. */
static void keep_early_final(struct dialogue *d, struct message *message, const struct smtp_reply *reply) {
    if (message == NULL || message->final_reply.code != 0) return;
    if (d->lmtp) {
        (void)message_add_final(message, reply);
        message->finals_lost = true;
    } else {
        message->final_reply = pairing_keep_final(d, message, reply);
    }
}

/* A final reply while the body still comes, as far as we see. */
static void on_early_final(struct dialogue *d, const struct smtp_reply *reply) {
    struct message *message = d->current;
    bool gapped = message == NULL || message->gapped;
    bool at_line_end = d->body.reader.state == BODY_LINE_START || d->body.reader.state == BODY_LF;
    bool odd_end = smuggled_is_open(d);
    keep_early_final(d, message, reply);
    if (gapped) { /* the final dot was in the gap, and perhaps more */
        content_finish_body(d, false);
        d->hole.mail_lost = true;
        hole_begin(d);
    } else if (reply_is_positive(reply)) { /* the server saw an end that is none by RFC 5321, such as LF . LF */
        if (odd_end) message->body_bytes = d->smuggled->body_left;
        content_finish_body(d, true);
        pairing_emit(d, (struct smtp_item){.type = SMTP_BODY_END, .message = message});
        if (odd_end) {
            smuggled_replay(d, false);
        } else if (!at_line_end) {
            hole_begin(d);
        }
    } else {
        message->refused_early = true;
        if (at_line_end) content_probe(d, CLIENT_BODY); /* it may send the rest, or give it up */
    }
}

/* Nobody asked: a receiver that refuses while the body still comes, or one that says good-bye (421). */
static void on_unasked(struct dialogue *d, const struct smtp_reply *reply) {
    struct message *message = d->current;
    if (reply->code == 354 && (d->facts.gaps > 0 || d->midstream || !d->sides[SIDE_CLIENT].seen)) {
        on_unknown_go_ahead(d, true);
    } else if (content_is_body(d) && !reply_is_intermediate(reply)) {
        on_early_final(d, reply);
    } else if (d->mode == CLIENT_CHUNK && reply->code != 421) { /* to the server these are commands */
        content_lose_chunk(d);
    } else if (message != NULL && reply->code == 421) {
        message->final_reply = pairing_keep_final(d, message, reply);
    } else if (d->sides[SIDE_CLIENT].seen) {
        d->counters->replies_unmatched++;
        if (!reply_is_intermediate(reply)) pairing_doubt(d); /* one of those before it was to something else */
    }
}

void server_answer_late(struct dialogue *d, const struct smtp_reply *reply) {
    struct waiting row = *command_queue_first(&d->queue);
    if (row.verb == VERB_BDAT) keep_chunk_answer(d, &row, reply);
    keep_answer(d, &row, reply);
    pairing_forget_first(d, false);
    if (row.verb == VERB_MAIL) pairing_on_mail_reply(d, pairing_message_of(d, &row), reply);
    if (smtp_is_hello(row.verb)) on_hello_reply(d, reply);
    if (row.verb == VERB_AUTH) count_auth(d, reply);
    if (row.verb == VERB_STARTTLS && !reply_is_positive(reply)) d->facts.starttls_refused = true;
}

/* While the pairing is lost only a reply that can mean one thing finds its command. */
static bool find_command(struct dialogue *d, uint16_t code) {
    const struct waiting *first = command_queue_first(&d->queue);
    if (d->pace.eager) return false;
    switch (code) {
        case 354:
            return pairing_find(d, VERB_DATA);
        case 221:
            return pairing_find(d, VERB_QUIT);
        case 220:
            return pairing_find(d, VERB_STARTTLS);
        case 235:
        case 334:
        case 535:
            return pairing_find(d, VERB_AUTH);
        case 421:
            return false; /* comes at any time */
        default:
            break;
    }
    if (d->queue.count > 1 || first->verb == VERB_HOLE) return false;
    if (!held_fits(first, code, dialogue_position(d, SIDE_SERVER), d->read[SIDE_SERVER])) return false;
    d->replies_lost = false; /* it is the only command without a reply */
    return true;
}

static void on_reply_after_loss(struct dialogue *d, const struct smtp_reply *reply) {
    bool data_is_lost = command_queue_last(&d->queue)->verb == VERB_HOLE;
    if (find_command(d, reply->code)) {
        answer(d, reply);
    } else if (reply->code == 354 && data_is_lost) {
        bool few_replies = held_is_few(d);
        if (d->hole.is_short) held_settle(d, d->queue.count - 1); /* nothing but DATA is in it */
        pairing_forget_all(d);
        on_unknown_go_ahead(d, few_replies);
    } else if (d->queue.count == 1 && command_queue_holds(&d->queue, VERB_HOLE) && content_is_body(d)) {
        on_early_final(d, reply);
    } else {
        held_add(d, reply);
    }
}

/* No command of the kind is answered so: one before it had no reply, or one that was not asked for came, and every
 * reply since went to the command before or behind its own. */
static void on_slip(struct dialogue *d, const struct smtp_reply *reply) {
    d->counters->replies_slipped++;
    pairing_doubt(d);
    d->pace.eager = false; /* what seemed to come before its reply had come behind it */
    d->replies_lost = true;
    on_reply_after_loss(d, reply);
}

/* Where the beginning of the server's stream was not seen, the first reply may be one to a command. */
static bool is_greeting(const struct dialogue *d, const struct smtp_reply *reply) {
    if (d->server.greeted) return false;
    if (!d->unanswered) return true;
    if (reply->code == 220) return !command_queue_holds(&d->queue, VERB_STARTTLS);
    return !d->midstream && !d->sides[SIDE_CLIENT].spoke && reply_is_refusal(reply);
}

static void on_reply(struct dialogue *d, const struct smtp_reply *reply) {
    bool first = is_greeting(d, reply);
    d->hole.holds_data = false;
    if (!first && !d->server.greeted && d->queue.count > 0) d->replies_lost = true; /* the greeting was, and more */
    d->server.greeted = true;
    if (first) {
        on_greeting(d, reply);
    } else if (d->queue.count == 0) {
        on_unasked(d, reply);
    } else if (pairing_is_lost(d)) {
        on_reply_after_loss(d, reply);
    } else if (!held_can_answer(command_queue_first(&d->queue)->verb, reply->code)) {
        on_slip(d, reply);
    } else {
        answer(d, reply);
    }
    uint64_t heard = d->read[SIDE_SERVER];
    if (d->hole.end != 0 && heard != POSITION_UNKNOWN && heard >= d->hole.end)
        d->hole.heard = dialogue_position(d, SIDE_SERVER);
}

/* --- the server's side ---------------------------------------------------------------------------------------------
 */

/* Secrets that nobody asked for, because AUTH was refused, are commands to the server. */
static bool refuses_a_secret(struct dialogue *d, const struct smtp_reply *reply) {
    if (d->secrets.refused == 0) return false;
    bool refuses = reply_is_permanent(reply) || (reply_is_transient(reply) && reply->code != 421);
    d->secrets.refused = refuses ? d->secrets.refused - 1 : 0;
    return refuses;
}

static void on_whole_reply(struct dialogue *d) {
    const struct smtp_reply *reply = &d->server.reply.reply;
    d->server.odd_reply = false;
    if (!refuses_a_secret(d, reply)) {
        if (smuggled_is_answered(d, reply->code)) {
            smuggled_replay(d, true); /* and then server_resume */
            return;
        }
        on_reply(d, reply);
    }
    smtp_reply_wipe(&d->server.reply);
}

void server_resume(struct dialogue *d) {
    on_reply(d, &d->server.reply.reply);
    smtp_reply_wipe(&d->server.reply);
}

static void on_line(struct dialogue *d, const struct smtp_line *line) {
    struct span text;
    bool is_first = !d->server.greeted && !d->unanswered; /* "220mx": what else could it be? */
    enum reply_line what = smtp_reply_line(&d->server.reply, line->text, line->cut, is_first, &text);
    bool fragment = d->server.skip;
    d->server.skip = false;
    if (what == REPLY_NOT_ONE) {
        if (fragment) return;
        d->counters->replies_malformed++;
        d->server.odd_reply = d->queue.count > 0;
        if (!d->sides[SIDE_SERVER].made_sense &&
            (++d->sides[SIDE_SERVER].odd_lines >= ODD_LINES_MAX || line->cut || d->client_is_odd))
            d->not_smtp = true;
        return;
    }
    d->sides[SIDE_SERVER].made_sense = true;
    const struct waiting *first = command_queue_first(&d->queue);
    if (first != NULL && first->verb == VERB_EHLO && d->server.greeted) on_extension(d, text);
    if (what == REPLY_COMPLETE) on_whole_reply(d);
}

#define CODE_BYTES 3u

/* Of the line that waits so much is there that its code is known. */
static bool code_is_there(const struct dialogue *d, bool certain) {
    const struct line_buffer *line = &d->server.line;
    if (d->mode == CLIENT_TLS || d->server.skip || line->len < (certain ? CODE_BYTES : CODE_BYTES + 1)) return false;
    for (size_t i = 0; i < CODE_BYTES; i++)
        if (!ascii_is_digit(line->bytes[i])) return false;
    return line->len == CODE_BYTES || line->bytes[CODE_BYTES] == ' ' || line->bytes[CODE_BYTES] == '-';
}

/* Takes the unfinished line for a whole one. */
static void end_line(struct dialogue *d, bool certain) {
    if (!code_is_there(d, certain)) return;
    struct smtp_line line = smtp_line_end(&d->server.line);
    if (!certain) line.cut = true;
    on_line(d, &line);
}

/* Takes the lines of a reply that came for all of it. */
static void end_reply(struct dialogue *d) {
    d->server.reply.open = false;
    d->server.reply.reply.cut = true;
    on_whole_reply(d);
}

void server_end(struct dialogue *d, bool certain) {
    end_line(d, certain);
    /* More lines were to come.  "550-" refuses whatever they say; "250-" may have become anything. */
    if (d->server.reply.open && d->mode != CLIENT_TLS && !reply_is_positive(&d->server.reply.reply)) end_reply(d);
}

void server_break_off(struct dialogue *d, bool lines_too) {
    bool line_open = smtp_line_is_open(&d->server.line);
    end_line(d, false);
    if (line_open && !smtp_line_is_open(&d->server.line)) d->server.skip = true; /* its rest may come yet */
    if (lines_too && d->server.reply.open) end_reply(d);
}

static bool is_tls(struct dialogue *d) {
    uint8_t byte = dialogue_input(d)->data[0];
    if (d->tls_doubt == TLS_GRANTED) { /* and it may go on in the clear */
        d->tls_doubt = TLS_CERTAIN;
        if (ascii_is_digit(byte)) {
            d->facts.tls_elsewhere = true;
            dialogue_leave_tls(d);
        }
    }
    if (d->mode != CLIENT_TLS && !smtp_line_is_open(&d->server.line) && dialogue_begins_tls(d, SIDE_SERVER, byte))
        dialogue_enter_tls(d, d->sides[SIDE_CLIENT].spoke || d->sides[SIDE_SERVER].spoke || d->midstream
                                  ? TLS_STARTTLS
                                  : TLS_IMPLICIT);
    return d->mode == CLIENT_TLS;
}

bool server_step(struct dialogue *d, struct smtp_item *item) {
    struct smtp_line line;
    if (dialogue_takes_guess_back(d)) return false;
    struct span *input = dialogue_input(d);
    bool tls = is_tls(d);
    d->heard = d->now;
    d->pace.went_on = false;
    d->sides[SIDE_SERVER].spoke = true;
    d->sides[SIDE_SERVER].seen = true;
    if (d->server.gap_open) {
        d->server.gap_open = false;
        pairing_lose_replies(d);
    }
    if (tls) {
        *item = (struct smtp_item){.type = SMTP_TLS, .side = SIDE_SERVER, .bytes = *input};
        *input = SPAN_EMPTY;
    } else if (smtp_line_take(&d->server.line, d->arena, input, &line)) {
        if (line.cut) d->counters->line_cut++;
        on_line(d, &line);
    }
    return tls;
}

void server_gap(struct dialogue *d) {
    d->sides[SIDE_SERVER].spoke = true;
    d->sides[SIDE_SERVER].gapped = true;
    d->tls_doubt = TLS_CERTAIN;
    if (d->mode == CLIENT_TLS) return;
    smtp_line_forget(&d->server.line);
    smtp_reply_forget(&d->server.reply);
    smuggled_server_gap(d);
    d->server.skip = true;
    d->server.gap_open = true;
    d->server.gap_end = d->pushed[SIDE_SERVER];
    held_gap(d);
    if (d->secrets.refused > 0) pairing_hole(d); /* how many of the replies to them are lost is not known */
    d->secrets.refused = 0;
    bool body_answered = content_is_body(d) && d->queue.count == 0;
    if (body_answered && d->current != NULL)
        message_doubt(d->current); /* nothing should have been said: an early end, or more than one message */
    pairing_lose_replies(d);
    if (body_answered) content_note_answered(d);
    d->server.greeted = true;
}
