/* One SMTP connection, as the caller sees it: what is pushed goes to the client's or the server's side, and what they
 * make of it is handed on, an item at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "smtp_state.h"

#define PORT_LMTP 24          /* "any private mail system"; RFC 2033 5 keeps it off 25 */
#define TLS_RECORD_FIRST 0x14 /* RFC 8446 5.1: the types of records */
#define TLS_HANDSHAKE 0x16    /* the first byte of any TLS connection */
#define TLS_RECORD_LAST 0x17

void dialogue_enter_tls(struct dialogue *d, enum tls_mode mode) {
    d->facts.tls = mode;
    d->mode = CLIENT_TLS;
    smtp_line_hush(&d->client_line, 0);
    smtp_line_forget(&d->client_line);
    smtp_line_forget(&d->server.line);
}

void dialogue_leave_tls(struct dialogue *d) {
    d->facts.tls = TLS_NONE;
    d->mode = CLIENT_COMMANDS;
}

/* STARTTLS was asked for, and refused, or its answer is not known. */
static bool asked_for_tls(const struct dialogue *d) {
    return d->facts.starttls_refused || command_queue_holds(&d->queue, VERB_STARTTLS);
}

static bool early_is_replaying(const struct dialogue *d) {
    return d->early != NULL && d->early->replaying;
}

bool dialogue_begins_tls(const struct dialogue *d, enum stream_side side, uint8_t byte) {
    bool nothing_was_said = !d->sides[SIDE_CLIENT].spoke && !d->sides[SIDE_SERVER].spoke;
    if (d->midstream && nothing_was_said) return byte >= TLS_RECORD_FIRST && byte <= TLS_RECORD_LAST;
    if (byte != TLS_HANDSHAKE || early_is_replaying(d)) return false;
    if (nothing_was_said) return true;
    /* STARTTLS, or its reply, was not seen: it comes before any mail, else somebody wants to hide his. */
    if (d->facts.messages > 0) return false;
    if (d->facts.gaps > 0 || d->midstream) return true;
    if (side == SIDE_CLIENT) return !d->sides[SIDE_SERVER].seen;
    return !d->sides[SIDE_CLIENT].seen || asked_for_tls(d); /* a server that answers in TLS has taken it for granted */
}

/* --- what is read next ---------------------------------------------------------------------------------------------
 */

static struct input *top_input(struct input_stack *stack) {
    return &stack->inputs[stack->count - 1];
}

static void begin_push(struct dialogue *d, enum stream_side side, struct span bytes, nstime now) {
    d->input.inputs[0] = (struct input){bytes, side, INPUT_PUSHED};
    d->input.count = 1;
    if (d->now < now) d->now = now; /* a late frame is handed on before younger ones that came earlier */
    d->facts.end = d->now;
}

struct span *dialogue_input(struct dialogue *d) {
    return &top_input(&d->input)->bytes;
}

void dialogue_read_first(struct dialogue *d, struct span bytes, enum input_origin origin) {
    assert(d->input.count < INPUTS_MAX);
    d->input.inputs[d->input.count++] = (struct input){bytes, SIDE_CLIENT, origin};
}

uint64_t dialogue_position(const struct dialogue *d, enum stream_side side) {
    uint64_t position = d->pushed[side];
    for (unsigned i = 0; i < d->input.count; i++)
        if (d->input.inputs[i].side == side) position -= d->input.inputs[i].bytes.len;
    return position;
}

/* --- TLS that was guessed ------------------------------------------------------------------------------------------
 */

void dialogue_guess_tls(struct dialogue *d, enum tls_mode mode) {
    dialogue_enter_tls(d, mode);
    if (d->implicit_port) return;
    if (d->early == NULL) d->early = arena_alloc(d->arena, sizeof *d->early);
    if (d->early == NULL) return;
    d->early->len = d->early->line_bytes = 0;
    d->early->lost = 0;
    d->tls_doubt = TLS_GUESSED;
}

void dialogue_note_guessed(struct dialogue *d, struct span bytes, uint64_t length) {
    struct early_talk *early = d->early;
    if (d->tls_doubt != TLS_GUESSED) return;
    early->lost += length;
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (early->lost > 0 || early->len == sizeof early->bytes) {
            early->lost += bytes.len - i;
            return;
        }
        if (c != '\n' && early->line_bytes > LIMIT_SMTP_LINE_BYTES) continue; /* nor would it be kept of a line */
        early->bytes[early->len++] = c;
        early->line_bytes = c == '\n' ? 0 : early->line_bytes + 1;
    }
}

bool dialogue_takes_guess_back(struct dialogue *d) {
    if (d->tls_doubt != TLS_GUESSED) return false;
    d->tls_doubt = TLS_CERTAIN;
    if (!ascii_is_digit(dialogue_input(d)->data[0])) return false;
    dialogue_leave_tls(d);
    d->heard = d->now;
    d->early->replaying = true;
    dialogue_read_first(d, span_of(d->early->bytes, d->early->len), INPUT_EARLY);
    return true;
}

static void early_replayed(struct dialogue *d) {
    d->early->replaying = false;
    memset(d->early->bytes, 0, d->early->len); /* a password may have stood in it */
    if (d->early->lost > 0) client_gap(d, d->early->lost);
}

/* --- the interface -------------------------------------------------------------------------------------------------
 */

struct dialogue *dialogue_new(struct arena *arena, const struct stream_info *info, bool implicit_tls,
                              struct dialogue_counters *counters) {
    struct dialogue *d = arena_alloc(arena, sizeof *d);
    if (d == NULL) {
        counters->dialogue_memory++;
        return NULL;
    }
    d->arena = arena;
    d->counters = counters;
    begin_push(d, SIDE_CLIENT, SPAN_EMPTY, info->start);
    d->midstream = info->midstream;
    d->unanswered = info->midstream || info->unanswered;
    d->hole.mail_lost = info->midstream;
    d->implicit_port = implicit_tls;
    d->lmtp = info->server.port == PORT_LMTP;
    if (info->midstream) hole_begin(d);
    d->now = info->start;
    d->heard = info->start;
    d->facts.start = info->start;
    d->facts.end = info->start;
    if (implicit_tls && info->midstream) /* the handshake is gone, but nothing else is spoken there */
        dialogue_enter_tls(d, TLS_IMPLICIT);
    return d;
}

struct message *dialogue_take_message(struct dialogue *d) {
    struct message *message = d->oldest;
    if (message != NULL) d->oldest = message->next;
    return message;
}

void dialogue_free(struct dialogue *d) {
    struct message *message;
    while ((message = dialogue_take_message(d)) != NULL) message_free(message);
}

bool dialogue_is_mail(const struct dialogue *d) {
    return d->sides[SIDE_CLIENT].made_sense || d->sides[SIDE_SERVER].made_sense || d->facts.tls != TLS_NONE;
}

bool dialogue_is_certain(const struct dialogue *d) {
    return d->client_is_smtp || (d->facts.tls == TLS_STARTTLS && d->tls_doubt != TLS_GUESSED);
}

bool dialogue_is_open(const struct dialogue *d) {
    bool patient = d->pushed[SIDE_CLIENT] + d->pushed[SIDE_SERVER] <= LIMIT_UNANSWERED_BYTES;
    if (d->facts.tls == TLS_IMPLICIT && d->tls_doubt != TLS_GUESSED) return false;
    return d->sides[SIDE_SERVER].made_sense || (d->sides[SIDE_SERVER].odd_lines == 0 && patient);
}

static void note_pushed(struct dialogue *d, enum stream_side side, size_t length, uint32_t unread) {
    uint64_t other = d->pushed[side_other(side)];
    d->pushed[side] += length;
    d->read[side] = unread == STREAM_UNREAD_UNKNOWN || unread > other ? POSITION_UNKNOWN : other - unread;
    if (side == SIDE_CLIENT) pace_note_read(d);
}

void smtp_push(struct dialogue *d, enum stream_side side, struct span bytes, uint32_t unread, nstime now) {
    begin_push(d, side, bytes, now);
    note_pushed(d, side, bytes.len, unread);
}

size_t smtp_skim(struct dialogue *d, struct span bytes, uint32_t unread, nstime now) {
    if (!content_can_skim(d)) return 0;
    size_t skimmed = content_skim(d, bytes);
    if (skimmed == 0) return 0;
    begin_push(d, SIDE_CLIENT, SPAN_EMPTY, now);
    note_pushed(d, SIDE_CLIENT, skimmed, unread);
    client_note_spoke(d);
    d->pace.fresh = false;
    return skimmed;
}

void smtp_gap(struct dialogue *d, enum stream_side side, uint64_t length) {
    begin_push(d, side, SPAN_EMPTY, d->now); /* it was given up later than what comes behind it was said */
    d->pushed[side] += length;
    d->facts.gaps++;
    d->facts.gap_bytes += length;
    if (d->implicit_port && !d->sides[SIDE_CLIENT].spoke && !d->sides[SIDE_SERVER].spoke)
        dialogue_enter_tls(d, TLS_IMPLICIT);
    if (side == SIDE_CLIENT) {
        client_gap(d, length);
    } else {
        server_gap(d);
    }
}

/* The sensor let go of a connection that was not over, as far as it knows. */
static bool may_go_on(enum stream_end reason) {
    return reason == STREAM_REPLACED || reason == STREAM_EVICTED || reason == STREAM_CLOCK;
}

void smtp_end(struct dialogue *d, enum stream_side side, enum stream_end reason, nstime now) {
    begin_push(d, side, SPAN_EMPTY, now);
    if (reason == STREAM_FIN && side == SIDE_CLIENT && !d->sides[SIDE_CLIENT].gapped) d->sides[SIDE_CLIENT].seen = true;
    if (reason == STREAM_FIN && side == SIDE_SERVER && !d->sides[SIDE_SERVER].gapped) d->sides[SIDE_SERVER].seen = true;
    if (side == SIDE_SERVER) server_end(d, reason == STREAM_FIN);
    if (!d->stream_ended || reason != STREAM_FIN) d->stream_end = reason;
    if (may_go_on(reason)) d->cut_short = !d->facts.quit;
    d->stream_ended = true;
}

/* No command comes any more; until then a client that was refused with EHLO may say HELO. */
static bool client_is_over(const struct dialogue *d) {
    return d->facts.quit || (d->stream_ended && d->stream_end != STREAM_EOF && !may_go_on(d->stream_end));
}

void smtp_finish(struct dialogue *d, nstime now) {
    bool seen_to_the_end = d->stream_ended && (d->stream_end == STREAM_FIN || d->stream_end == STREAM_RST);
    d->now = now;
    smuggled_forget(d); /* nothing is read again any more */
    server_end(d, false);
    server_settle_hello(d, client_is_over(d));
    content_settle(d, seen_to_the_end);
    pairing_finish(d, seen_to_the_end);
}

/* All of it was read: what lay below goes on. */
static void end_input(struct dialogue *d) {
    enum input_origin origin = d->input.inputs[--d->input.count].origin;
    if (origin == INPUT_SMUGGLED) smuggled_replayed(d);
    if (origin == INPUT_EARLY) early_replayed(d);
}

/* Takes in some of what was pushed; false when there is no more. */
static bool step(struct dialogue *d, struct smtp_item *item, bool *made_item) {
    const struct input *input = top_input(&d->input);
    bool chunk_ends = input->side == SIDE_CLIENT && d->mode == CLIENT_CHUNK && d->chunk.left == 0;
    if (input->bytes.len == 0 && !chunk_ends) {
        if (input->origin == INPUT_PUSHED) return false;
        end_input(d);
        return true;
    }
    *made_item = input->side == SIDE_CLIENT ? client_step(d, item) : server_step(d, item);
    return true;
}

static void take_pending(struct dialogue *d, struct smtp_item *item) {
    *item = d->pending[0];
    d->pending[0] = d->pending[1];
    d->pending_count--;
}

bool smtp_next(struct dialogue *d, struct smtp_item *item) {
    bool made_item = false;
    do {
        if (made_item && d->pending_count == 0) return true; /* nothing goes before it */
        if (made_item) pairing_emit(d, *item);
        made_item = false;
        if (d->pending_count > 0) {
            take_pending(d, item);
            return true;
        }
        if (pairing_has_ended(d) && pairing_take_ended(d, item)) return true;
        if (d->not_smtp) {
            d->not_smtp = false;
            begin_push(d, SIDE_CLIENT, SPAN_EMPTY, d->now);
            *item = (struct smtp_item){.type = SMTP_NOT_SMTP};
            return true;
        }
    } while (step(d, item, &made_item));
    return false;
}

void smtp_foresee(const struct dialogue *d) {
    if (d->current == NULL) return;
    __builtin_prefetch(d->current, 1);
    __builtin_prefetch(&d->current->user, 1);
}

const struct dialogue_facts *dialogue_facts(const struct dialogue *dialogue) {
    struct dialogue *d = (struct dialogue *)(uintptr_t)dialogue;
    if (d->facts.tls != TLS_NONE) {
        d->facts.visibility = VISIBILITY_ENCRYPTED;
    } else if (!d->sides[SIDE_SERVER].seen) {
        d->facts.visibility = VISIBILITY_CLIENT_ONLY;
    } else if (!d->sides[SIDE_CLIENT].seen && d->facts.greeting.code < 400) {
        d->facts.visibility = VISIBILITY_SERVER_ONLY;
    } else if (d->facts.gaps > 0 || d->unanswered || d->overrun || d->cut_short) {
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
        case STREAM_FIN:
            return DIALOGUE_FIN;
        case STREAM_RST:
            return DIALOGUE_RST;
        case STREAM_TIMEOUT:
            return DIALOGUE_TIMEOUT;
        case STREAM_REPLACED:
            return DIALOGUE_REPLACED;
        case STREAM_EVICTED:
            return DIALOGUE_EVICTED;
        case STREAM_CLOCK:
            return DIALOGUE_CLOCK;
        case STREAM_EOF:
            break;
    }
    return DIALOGUE_EOF;
}

const char *dialogue_end_name(enum dialogue_end end) {
    static const char *const names[] = {"quit", "fin", "rst", "timeout", "replaced", "evicted", "clock", "eof"};
    return names[end];
}
