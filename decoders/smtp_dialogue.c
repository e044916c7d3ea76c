/* One SMTP connection, as the caller sees it: what is pushed goes to the client's or the server's side, and what they
 * make of it is handed on, an item at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_state.h"

#define TLS_RECORD_FIRST 0x14 /* RFC 8446 5.1: the types of records */
#define TLS_HANDSHAKE 0x16    /* the first byte of any TLS connection */
#define TLS_RECORD_LAST 0x17

void dialogue_enter_tls(struct dialogue *d, enum tls_mode mode) {
    d->facts.tls = mode;
    d->mode = CLIENT_TLS;
    d->server_tls = true;
    smtp_line_hush(&d->client_line, 0);
    smtp_line_forget(&d->client_line);
    smtp_line_forget(&d->server_line);
}

/* STARTTLS was asked for, and refused, or its answer is not known. */
static bool asked_for_tls(const struct dialogue *d) {
    return d->facts.starttls_refused || command_queue_holds(&d->queue, VERB_STARTTLS);
}

static bool early_is_replaying(const struct dialogue *d) {
    return d->early != NULL && d->early->replaying;
}

bool dialogue_begins_tls(const struct dialogue *d, enum stream_side side, uint8_t byte) {
    bool nothing_was_said = !d->client_spoke && !d->server_spoke;
    if (d->midstream && nothing_was_said) return byte >= TLS_RECORD_FIRST && byte <= TLS_RECORD_LAST;
    if (byte != TLS_HANDSHAKE || early_is_replaying(d)) return false;
    if (nothing_was_said) return true;
    /* STARTTLS, or its reply, was not seen: it comes before any mail, else somebody wants to hide his. */
    if (d->facts.messages > 0) return false;
    if (d->facts.gaps > 0 || d->midstream) return true;
    if (side == SIDE_CLIENT) return !d->server_seen;
    return !d->client_seen || asked_for_tls(d); /* a server that answers in TLS has taken it for granted */
}

/* --- TLS that was guessed ------------------------------------------------------------------------------------------
 */

void dialogue_guess_tls(struct dialogue *d) {
    dialogue_enter_tls(d, TLS_IMPLICIT);
    if (d->implicit_port) return;
    d->early = arena_alloc(d->arena, sizeof *d->early);
    d->tls_guessed = d->early != NULL;
}

void dialogue_note_guessed(struct dialogue *d, struct span bytes, uint64_t length) {
    struct early_talk *early = d->early;
    if (!d->tls_guessed) return;
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
    if (!d->tls_guessed) return false;
    d->tls_guessed = false;
    if (!ascii_is_digit(d->input.data[0])) return false;
    d->facts.tls = TLS_NONE;
    d->mode = CLIENT_COMMANDS;
    d->server_tls = false;
    d->heard = d->now;
    d->early->replaying = true;
    d->early->resume = d->input;
    d->input = span_of(d->early->bytes, d->early->len);
    d->input_side = SIDE_CLIENT;
    return true;
}

static void early_replayed(struct dialogue *d) {
    d->early->replaying = false;
    if (d->early->lost > 0) client_gap(d, d->early->lost);
    d->input = d->early->resume;
    d->input_side = SIDE_SERVER;
}

/* --- the interface -------------------------------------------------------------------------------------------------
 */

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
    d->unanswered = info->midstream || info->unanswered;
    d->client_lost = info->midstream;
    d->implicit_port = implicit_tls;
    if (info->midstream) client_lose(d);
    d->now = info->start;
    d->heard = info->start;
    d->facts.start = info->start;
    d->facts.end = info->start;
    if (implicit_tls && info->midstream) /* the handshake is gone, but nothing else is spoken there */
        dialogue_enter_tls(d, TLS_IMPLICIT);
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

bool dialogue_is_certain(const struct dialogue *d) {
    return d->client_is_smtp || d->facts.tls == TLS_STARTTLS;
}

bool dialogue_is_open(const struct dialogue *d) {
    bool patient = d->pushed[SIDE_CLIENT] + d->pushed[SIDE_SERVER] <= LIMIT_UNANSWERED_BYTES;
    if (d->facts.tls == TLS_IMPLICIT && !d->tls_guessed) return false;
    return d->server_made_sense || (d->odd_server_lines == 0 && patient);
}

uint64_t dialogue_position(const struct dialogue *d, enum stream_side side) {
    return d->pushed[side] - (d->input_side == side ? d->input.len + d->rest.len : 0);
}

static void begin_push(struct dialogue *d, enum stream_side side, nstime now) {
    d->input = SPAN_EMPTY;
    d->rest = SPAN_EMPTY;
    d->input_side = side;
    if (d->now < now) d->now = now; /* a late frame is handed on before younger ones that came earlier */
    d->facts.end = d->now;
}

void smtp_push(struct dialogue *d, enum stream_side side, struct span bytes, uint32_t unread, nstime now) {
    uint64_t other = d->pushed[side_other(side)];
    begin_push(d, side, now);
    d->input = bytes;
    d->pushed[side] += bytes.len;
    d->read[side] = unread == STREAM_UNREAD_UNKNOWN || unread > other ? POSITION_UNKNOWN : other - unread;
    if (side == SIDE_CLIENT) client_note_read(d);
}

void smtp_gap(struct dialogue *d, enum stream_side side, uint64_t length) {
    begin_push(d, side, d->now); /* it was given up later than what comes behind it was said */
    d->pushed[side] += length;
    d->facts.gaps++;
    d->facts.gap_bytes += length;
    if (d->implicit_port && !d->client_spoke && !d->server_spoke) dialogue_enter_tls(d, TLS_IMPLICIT);
    if (side == SIDE_CLIENT) {
        client_gap(d, length);
    } else {
        server_gap(d);
    }
}

void smtp_end(struct dialogue *d, enum stream_side side, enum stream_end reason, nstime now) {
    begin_push(d, side, now);
    if (reason == STREAM_FIN && side == SIDE_CLIENT && !d->client_gapped) d->client_seen = true;
    if (reason == STREAM_FIN && side == SIDE_SERVER && !d->server_gapped) d->server_seen = true;
    if (side == SIDE_SERVER) server_end(d, reason == STREAM_FIN);
    if (!d->stream_ended || reason != STREAM_FIN) d->stream_end = reason;
    d->stream_ended = true;
}

void smtp_finish(struct dialogue *d, nstime now) {
    bool seen_to_the_end = d->stream_ended && (d->stream_end == STREAM_FIN || d->stream_end == STREAM_RST);
    d->now = now;
    if (d->mode == CLIENT_PROBE && d->probe_decided && client_in_body(d) && d->current != NULL)
        d->current->body_bytes += d->probe_len;
    smuggled_note_command(d, VERB_HOLE); /* nothing is read again any more */
    server_end(d, false);
    pairing_finish(d, seen_to_the_end);
}

/* Takes in some of what was pushed; false when there is no more. */
static bool step(struct dialogue *d, struct smtp_item *item, bool *made_item) {
    if (d->input.len == 0) {
        d->input = d->rest;
        d->rest = SPAN_EMPTY;
    }
    bool chunk_ends = d->input_side == SIDE_CLIENT && d->mode == CLIENT_CHUNK && d->chunk_left == 0;
    if (d->input.len == 0 && !chunk_ends) {
        bool early = early_is_replaying(d);
        if (!early && !smuggled_is_replaying(d)) return false;
        if (early) early_replayed(d);
        if (!early) smuggled_replayed(d);
        return true;
    }
    *made_item = d->input_side == SIDE_CLIENT ? client_step(d, item) : server_step(d, item);
    return true;
}

static void take_pending(struct dialogue *d, struct smtp_item *item) {
    *item = d->pending[0];
    d->pending[0] = d->pending[1];
    d->pending_count--;
}

bool smtp_next(struct dialogue *d, struct smtp_item *item) {
    struct smtp_item made = {.message = NULL};
    bool made_item = false;
    do {
        if (made_item) pairing_emit(d, made);
        made_item = false;
        if (d->pending_count > 0) {
            take_pending(d, item);
            return true;
        }
        if (pairing_take_ended(d, item)) return true;
        if (d->not_smtp) {
            d->not_smtp = false;
            d->input = SPAN_EMPTY;
            d->rest = SPAN_EMPTY;
            *item = (struct smtp_item){.type = SMTP_NOT_SMTP};
            return true;
        }
    } while (step(d, &made, &made_item));
    return false;
}

const struct dialogue_facts *dialogue_facts(const struct dialogue *dialogue) {
    struct dialogue *d = (struct dialogue *)(uintptr_t)dialogue;
    if (d->facts.tls != TLS_NONE) {
        d->facts.visibility = VISIBILITY_ENCRYPTED;
    } else if (!d->server_seen) {
        d->facts.visibility = VISIBILITY_CLIENT_ONLY;
    } else if (!d->client_seen && d->facts.greeting.code < 400) {
        d->facts.visibility = VISIBILITY_SERVER_ONLY;
    } else if (d->facts.gaps > 0 || d->unanswered) {
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
        case STREAM_EVICTED:
        case STREAM_EOF:
            break;
    }
    return DIALOGUE_EOF;
}

const char *dialogue_end_name(enum dialogue_end end) {
    static const char *const names[] = {"quit", "fin", "rst", "timeout", "eof"};
    return names[end];
}
