/* What is said to proxies in front of the mail, taken off: what follows is a connection of its own.
 *
 *   a PROXY header   (proxy_header.h) is the client's first words, to a server that waits for it, and has no answer
 *   a request        (proxy.h) is the client's first words, too; what follows the answer goes through a tunnel
 *
 * In a tunnel, and behind a header, the same may come again, up to LIMIT_PROXY_DEPTH.  Nothing here calls itself for
 * that: what is to be heard next lies on a pile.
 *
 * Anybody can say such words to a server that knows nothing of them and takes them for commands: then the replies to
 * these must not be given to others.  So what is said is held back until the server has shown how it takes it:
 *
 *   a request   to a mail port: its first word is no digit if it is a proxy
 *   a header    its greeting has a second reply behind it, which refuses (5yz) and cannot answer anything else, when it
 *               has taken the header for commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "connection_state.h"
#include "mailspan/proxy_header.h"
#include "protocol_table.h"

#define PILE_MAX (HELD_TALK_PIECES + 4) /* what was held, or said too early in a tunnel, and what is behind it */
#define HEADER_HELD_BYTES 700           /* of headers, while it is not known whom they are for */

/* The server's first replies, as far as they tell one from the next. */
struct reply_watch {
    unsigned replies, column;
    bool goes_on; /* the line is not its reply's last */
};

struct approach {
    struct proxy_header header;
    struct proxied *headers, *last_header; /* whole, and not known to be taken */
    unsigned header_count;
    unsigned header_turns; /* so many turns of what is held are theirs */
    uint64_t behind;       /* what the client has said behind them, lost bytes counted */
    bool early;            /* some of it before the server had said a word */
    struct reply_watch watch;
    struct proxy *request;
    bool proxy_answers;     /* the server has begun to answer that */
    bool given_up;          /* what comes behind the headers is no request, nor another one */
    struct held_talk *held; /* NULL: nothing */
};

/* What is still to be heard, the next one on top; and whose memory it lies in, which may hold passwords. */
struct pile {
    unsigned count;
    unsigned request_count;
    struct held_talk *released;
    struct proxy *requests[LIMIT_PROXY_DEPTH];
    struct piece pieces[PILE_MAX];
};

static void pile_begin(struct pile *pile) {
    pile->count = pile->request_count = 0;
    pile->released = NULL;
}

/* All of it was heard, or nobody wants it. */
static void pile_end(struct pile *pile) {
    if (pile->released != NULL) held_talk_wipe(pile->released);
    for (unsigned i = 0; i < pile->request_count; i++) memset(pile->requests[i], 0, sizeof *pile->requests[i]);
}

static void put_on(struct pile *pile, const struct piece *piece) {
    if (piece->bytes.len == 0 && piece->gap_length == 0) return;
    assert(pile->count < PILE_MAX); /* what is released was heard before, and is on the pile no more */
    pile->pieces[pile->count++] = *piece;
}

static void *take_memory(struct connection *c, size_t size) {
    void *memory = arena_alloc(&c->arena, size);
    if (memory == NULL) c->shared->counters->dialogue_memory++;
    return memory;
}

/* --- what is held back ---------------------------------------------------------------------------------------------
 */

/* False when not all of it was kept. */
static bool hold(struct connection *c, const struct piece *piece) {
    struct approach *a = c->approach;
    if (a->held == NULL) a->held = take_memory(c, sizeof *a->held);
    return a->held != NULL && held_talk_add(a->held, piece);
}

/* Of a header no more than its part: there must be room for the greeting. */
static void hold_header(struct connection *c, struct piece piece) {
    struct held_talk *held = c->approach->held;
    size_t used = held == NULL ? 0 : held->used;
    struct piece rest = piece;
    piece.bytes = span_head(piece.bytes, used < HEADER_HELD_BYTES ? HEADER_HELD_BYTES - used : 0);
    rest.gap_length = rest.bytes.len - piece.bytes.len;
    rest.bytes = SPAN_EMPTY;
    (void)hold(c, &piece);
    if (rest.gap_length > 0) (void)hold(c, &rest);
}

/* What was held is heard next, from this turn on. */
static void release(struct connection *c, unsigned first, struct pile *pile) {
    struct held_talk *held = c->approach->held;
    struct piece piece;
    unsigned count = first;
    pile->released = held;
    while (held != NULL && held_talk_piece(held, count, &piece)) count++;
    for (unsigned i = count; i > first; i--)
        if (held_talk_piece(held, i - 1, &piece)) put_on(pile, &piece);
}

/* --- proxies on its way --------------------------------------------------------------------------------------------
 */

static void add_proxied(struct connection *c, struct proxied *proxied) {
    *(c->nearest == NULL ? &c->proxied : &c->nearest->next) = proxied;
    c->nearest = proxied;
    c->proxied_count++;
}

/* Whoever answers has taken the headers for such. */
static void take_headers(struct connection *c) {
    struct approach *a = c->approach;
    for (struct proxied *header = a->headers, *next; header != NULL; header = next) {
        next = header->next;
        header->next = NULL;
        add_proxied(c, header);
    }
    a->headers = a->last_header = NULL;
    a->header_count = 0;
}

static bool has_too_many(const struct connection *c) {
    return c->proxied_count + c->approach->header_count >= LIMIT_PROXY_DEPTH;
}

/* --- a header ------------------------------------------------------------------------------------------------------
 */

/* It is none, or no request, or it is not known what: an ordinary client's words. */
static void give_up(struct connection *c, struct pile *pile) {
    struct approach *a = c->approach;
    struct piece piece;
    if (a->request != NULL) memset(a->request, 0, sizeof *a->request); /* what was said to nobody may be a password */
    if (a->headers == NULL) {
        connection_enter_kind(c);
        release(c, 0, pile);
        return;
    }
    c->stage = BEHIND_HEADER;
    a->given_up = true;
    for (unsigned i = a->header_turns; a->held != NULL && held_talk_piece(a->held, i, &piece); i++)
        if (piece.side == SIDE_CLIENT) a->behind += piece.bytes.len + piece.gap_length;
    a->early = a->behind > 0; /* nobody else has spoken */
}

/* It is known whether the server has taken the headers: what was held goes on, with them or without. */
static void settle_headers(struct connection *c, bool taken, struct pile *pile) {
    if (taken) take_headers(c);
    connection_enter_kind(c);
    release(c, taken ? c->approach->header_turns : 0, pile);
}

static void header_is_whole(struct connection *c) {
    struct approach *a = c->approach;
    struct proxied *proxied = take_memory(c, sizeof *proxied);
    if (proxied == NULL) return;
    proxied->protocol = a->header.version == 1 ? PROXY_HEADER_V1 : PROXY_HEADER_V2;
    proxied->addressed = a->header.addressed;
    proxied->client = a->header.client;
    proxied->server = a->header.server;
    *(a->last_header == NULL ? &a->headers : &a->last_header->next) = proxied;
    a->last_header = proxied;
    a->header_count++;
}

static void read_header(struct connection *c, const struct piece *piece, struct pile *pile) {
    struct approach *a = c->approach;
    struct piece taken = *piece, rest = *piece;
    enum proxy_header_answer answer = PROXY_HEADER_NO; /* who waits for it says nothing */
    if (piece->side == SIDE_CLIENT)
        answer = piece->gap_length > 0 ? proxy_header_gap(&a->header, &rest.gap_length)
                                       : proxy_header_push(&a->header, &rest.bytes);
    if (answer == PROXY_HEADER_NO) {
        put_on(pile, piece);
        give_up(c, pile);
        return;
    }
    taken.bytes = span_head(piece->bytes, piece->bytes.len - rest.bytes.len);
    taken.gap_length -= rest.gap_length;
    hold_header(c, taken);
    if (answer == PROXY_HEADER_MORE) return;
    put_on(pile, &rest);
    header_is_whole(c);
    if (a->held != NULL) held_talk_seal(a->held);
    a->header_turns = a->held == NULL ? 0 : a->held->count;
    c->stage = BEHIND_HEADER;
}

/* --- behind a header -----------------------------------------------------------------------------------------------
 */

/* Up to the second reply: true when it begins, or when these are no replies; *first is the byte that shows it. */
static bool watch_replies(struct reply_watch *watch, struct span bytes, uint8_t *first) {
    for (size_t i = 0; i < bytes.len; i++) {
        *first = bytes.data[i];
        if (watch->column == 0 && (watch->replies > 0 || !ascii_is_digit(*first))) return true;
        if (*first == '\n') {
            watch->replies += !watch->goes_on;
            watch->column = 0;
            watch->goes_on = false;
        } else {
            if (watch->column == 3) watch->goes_on = *first == '-';
            watch->column++;
        }
    }
    return false;
}

/* The server's second reply comes, and refuses something.  What the client has said behind the header cannot be what is
 * refused when the server has not read it yet; and is hardly, when it was said at once: who does so says a header for
 * show. */
static bool refuses_header(const struct approach *a, const struct piece *piece) {
    bool unread = piece->unread != STREAM_UNREAD_UNKNOWN && piece->unread >= a->behind;
    return a->behind == 0 || a->early || unread;
}

static void wait_for_replies(struct connection *c, const struct piece *piece, struct pile *pile) {
    struct approach *a = c->approach;
    bool known = false, taken = true;
    uint8_t first = 0;
    if (piece->side == SIDE_CLIENT) {
        if (a->watch.column == 0 && a->watch.replies == 0) a->early = true;
        a->behind += piece->bytes.len + piece->gap_length;
    } else {
        known = piece->gap_length > 0 || watch_replies(&a->watch, piece->bytes, &first);
        if (known && a->watch.replies > 0 && first == '5') taken = !refuses_header(a, piece);
    }
    const struct held_talk *held = a->held;
    bool fits =
        held != NULL && held->count < LIMIT_HELD_TURNS && piece->bytes.len <= sizeof held->bytes - (size_t)held->used;
    if (!known && fits) {
        (void)hold(c, piece);
        return;
    }
    put_on(pile, piece);
    settle_headers(c, taken, pile);
}

/* --- a request -----------------------------------------------------------------------------------------------------
 */

static const char *name_of_request(const struct proxy *request) {
    if (request->answer == PROXY_MAYBE) return NULL;
    return request->protocol == PROXY_HTTP_CONNECT ? "HTTP_Connect" : "SOCKS"; /* as nDPI calls them */
}

/* The tunnel is there, and `rest` is the first that comes through it, or comes next. */
static enum stream_interest enter_tunnel(struct connection *c, const struct piece *rest, struct pile *pile) {
    struct approach *a = c->approach;
    const struct proxy *request = a->request;
    struct piece early = {.side = SIDE_CLIENT, .unread = STREAM_UNREAD_UNKNOWN, .time = rest->time};
    if (has_too_many(c)) return connection_let_go(c, PROTOCOL_NESTED_PROXY);
    struct proxied *proxied = take_memory(c, sizeof *proxied);
    if (proxied == NULL) return connection_let_go(c, name_of_request(request));
    proxied->protocol = request->protocol;
    memcpy(proxied->target, request->target, sizeof proxied->target);
    take_headers(c);
    add_proxied(c, proxied);
    put_on(pile, rest);
    early.gap_length = request->early_lost;
    put_on(pile, &early);
    early.gap_length = 0;
    early.bytes = span_of(request->early, request->early_bytes);
    put_on(pile, &early);
    pile->requests[pile->request_count++] = a->request;
    c->port = request->target_port;
    c->stage = BEGINNING;
    struct held_talk *held = a->held;
    *a = (struct approach){.held = held};
    if (held != NULL) held_talk_wipe(held);
    return STREAM_GO_ON;
}

/* The server's first word to a request.  Of a mail server it is a digit: the client is an early talker. */
static bool is_mail_servers(const struct connection *c, const struct piece *piece) {
    return connection_on_mail_port(c) && ascii_is_digit(piece->bytes.data[0]);
}

static enum stream_interest read_request(struct connection *c, const struct piece *piece, struct pile *pile) {
    struct approach *a = c->approach;
    enum proxy_answer before = a->request->answer, answer;
    struct piece rest = *piece;
    if (before == PROXY_ASKED && piece->side == SIDE_SERVER && piece->gap_length == 0 && !a->proxy_answers) {
        a->proxy_answers = !is_mail_servers(c, piece);
        if (!a->proxy_answers) {
            c->asked_name = name_of_request(a->request);
            put_on(pile, piece);
            give_up(c, pile);
            return STREAM_GO_ON;
        }
    }
    if (piece->gap_length > 0) {
        answer = proxy_gap(a->request, piece->side);
    } else {
        answer = proxy_push(a->request, piece->side, &rest.bytes);
        rest.unread = STREAM_UNREAD_UNKNOWN;
    }
    if (answer == PROXY_NO && before == PROXY_MAYBE) {
        put_on(pile, piece);
        give_up(c, pile);
        return STREAM_GO_ON;
    }
    if (answer == PROXY_NO) return connection_let_go(c, name_of_request(a->request));
    if (answer == PROXY_OPEN) return enter_tunnel(c, &rest, pile);
    if (answer == PROXY_REFUSED && before != PROXY_REFUSED) c->shared->counters->proxy_refused++;
    if (answer != PROXY_REFUSED && !a->proxy_answers) (void)hold(c, piece);
    return STREAM_GO_ON;
}

/* --- all of it -----------------------------------------------------------------------------------------------------
 */

/* Whether these are the first words to a proxy.  Only a client that speaks first has one to speak to, and no SMTP
 * client begins so. */
static bool begin(struct connection *c, const struct piece *piece) {
    uint8_t first = piece->bytes.len > 0 ? piece->bytes.data[0] : 0;
    bool header = proxy_header_may_begin(first);
    if (piece->side != SIDE_CLIENT || !(header || proxy_may_begin(first))) return false;
    if (c->approach == NULL) c->approach = take_memory(c, sizeof *c->approach);
    struct approach *a = c->approach;
    if (a == NULL || (header && has_too_many(c))) return false;
    if (header) {
        a->header = (struct proxy_header){.version = 0};
    } else {
        a->request = take_memory(c, sizeof *a->request);
        if (a->request == NULL) return false;
        proxy_begin(a->request);
    }
    c->stage = header ? HEADER : ASKING;
    return true;
}

static bool begin_again(struct connection *c, const struct piece *piece) {
    const struct approach *a = c->approach;
    bool nothing_was_said = a->behind == 0 && a->watch.column == 0 && a->watch.replies == 0;
    return nothing_was_said && !a->given_up && begin(c, piece);
}

static enum stream_interest hear_one(struct connection *c, const struct piece *piece, struct pile *pile) {
    enum stream_interest interest;
    switch (c->stage) {
        case BEGINNING:
            if (c->info.midstream || !begin(c, piece)) connection_enter_kind(c);
            put_on(pile, piece);
            return STREAM_GO_ON;
        case HEADER:
            read_header(c, piece, pile);
            return STREAM_GO_ON;
        case BEHIND_HEADER:
            if (begin_again(c, piece))
                put_on(pile, piece);
            else
                wait_for_replies(c, piece, pile);
            return STREAM_GO_ON;
        case ASKING:
            return read_request(c, piece, pile);
        case DETECTING:
            if (!connection_detect(c, piece, &interest)) return interest;
            return connection_speak(c, piece);
        case SPEAKING:
        case NAMING:
            return connection_speak(c, piece);
        case OTHER:
        case OVER:
            break;
    }
    return STREAM_ENOUGH;
}

static enum stream_interest hear_all(struct connection *c, struct pile *pile) {
    enum stream_interest interest = STREAM_GO_ON;
    while (interest == STREAM_GO_ON && pile->count > 0) {
        struct piece piece = pile->pieces[--pile->count];
        interest = hear_one(c, &piece, pile);
    }
    /* Behind its end a side says nothing, and the dialogue may not have been there when it ended. */
    for (unsigned side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct early_end *end = &c->early_end[side];
        if (interest != STREAM_GO_ON || !end->came || c->dialogue == NULL) continue;
        end->came = false;
        interest = connection_hear_end(c, side, end);
    }
    pile_end(pile);
    return interest;
}

enum stream_interest connection_hear(struct connection *c, const struct piece *piece) {
    struct pile pile;
    if (c->dialogue != NULL) return connection_speak(c, piece); /* most of what is ever heard */
    pile_begin(&pile);
    put_on(&pile, piece);
    return hear_all(c, &pile);
}

void connection_stop_asking(struct connection *c) {
    struct approach *a = c->approach;
    struct pile pile;
    pile_begin(&pile);
    if (c->stage == HEADER) give_up(c, &pile);
    if (c->stage == BEHIND_HEADER) {
        bool nothing_else = a->behind == 0 && a->watch.column == 0 && a->watch.replies == 0;
        if (nothing_else)
            connection_let_go(c, PROTOCOL_PROXY_HEADER);
        else
            settle_headers(c, true, &pile);
    } else if (c->stage == ASKING) {
        connection_let_go(c, name_of_request(a->request));
    }
    (void)hear_all(c, &pile);
}
