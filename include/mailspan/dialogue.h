/* dialogue: one SMTP connection, commands paired with replies (RFC 5321, 2920, 3030, 3207, 4954).
 *
 * A pull parser.  The caller pushes what the stream says (bytes of one side in any cut, a gap, an end) and then asks
 * for the next item until there is none; only then may it push again.  Spans in an item live until the next call.
 *
 *   smtp_push(d, side, bytes, unread, now);  while (smtp_next(d, &item)) ...
 *
 * Secrets: what follows AUTH is neither kept nor handed on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_DIALOGUE_H
#define MAILSPAN_DIALOGUE_H

#include "mailspan/message.h"
#include "mailspan/stream.h"

/* As enum stream_end has them, but that the client's QUIT comes before all. */
enum dialogue_end {
    DIALOGUE_QUIT,
    DIALOGUE_FIN,
    DIALOGUE_RST,
    DIALOGUE_TIMEOUT,
    DIALOGUE_REPLACED,
    DIALOGUE_EVICTED,
    DIALOGUE_CLOCK,
    DIALOGUE_EOF,
};

enum tls_mode { TLS_NONE, TLS_STARTTLS, TLS_IMPLICIT };

enum smtp_item_type {
    SMTP_MESSAGE_BEGIN, /* message: a MAIL was seen */
    SMTP_BODY,          /* message, bytes: content with dot-stuffing undone, in any cut */
    SMTP_BODY_GAP,      /* message, length: content bytes that were lost */
    SMTP_BODY_END,      /* message: the content is complete */
    SMTP_MESSAGE_END,   /* message: its outcome is set; the caller owns it now, and gives it back by message_free */
    SMTP_MESSAGE_NONE,  /* message: it was none after all; the caller owns it now, as behind its end */
    SMTP_TLS,           /* side, bytes: what is said inside TLS, from its first byte on */
    SMTP_NOT_SMTP,      /* this is no mail: the caller should let the connection go */
};

struct smtp_item {
    enum smtp_item_type type;
    struct message *message;
    enum stream_side side;
    struct span bytes;
    uint64_t length;
};

struct dialogue; /* opaque: decoders/smtp_dialogue.c */

/* What is known of a dialogue so far. */
struct dialogue_facts {
    nstime start;
    nstime end;
    enum visibility visibility;
    struct smtp_reply greeting;                  /* code 0: none was seen */
    struct span helo;                            /* the argument of the last HELO, EHLO or LHLO */
    bool ehlo;                                   /* it was EHLO */
    bool pipelining, chunking, starttls_offered; /* from the EHLO reply */
    bool starttls_refused;                       /* the client asked for it in vain */
    enum tls_mode tls;
    bool tls_elsewhere; /* STARTTLS was granted, and what follows is clear: the mirror sits behind the end of TLS */
    uint32_t messages;
    uint32_t auth_tries, auth_refused;
    bool auth_in_clear; /* AUTH outside TLS */
    uint64_t gaps, gap_bytes;
    bool quit;
};

/* Lives in the arena, which must outlive it, and takes its messages' memory from the arena's pool; NULL when there is
 * no room.  implicit_tls: the port is one where TLS is spoken from the first byte (465). */
struct dialogue *dialogue_new(struct arena *arena, const struct stream_info *info, bool implicit_tls,
                              struct dialogue_counters *counters);
/* The oldest message that is in flight, of a dialogue that is given up; NULL: there is none.  The caller owns it. */
struct message *dialogue_take_message(struct dialogue *dialogue);
/* Gives back the messages that are still in flight; the arena is the caller's. */
void dialogue_free(struct dialogue *dialogue);
/* Whether any line of it was SMTP, or TLS where mail is spoken. */
bool dialogue_is_mail(const struct dialogue *dialogue);
/* Whether there is no doubt: the client has said a command that only SMTP has (EHLO, MAIL ..., not QUIT or AUTH, which
 * FTP and POP3 have too), or has gone on in TLS behind words in clear. */
bool dialogue_is_certain(const struct dialogue *dialogue);
/* Whether it may yet turn out to be mail, whatever the client has said: the server has not said anything, or nothing
 * but SMTP, and has not been silent for too long.  TLS that nobody asked for is a guess for as long. */
bool dialogue_is_open(const struct dialogue *dialogue);
#define DIALOGUE_ARENA_BYTES \
    (128u << 10) /* what a dialogue may need: LIMIT_PIPELINE_COMMANDS rows, held replies, lines */

/* unread: as the stream says it (stream.h); it helps to find the command that a reply answers after a loss. */
void smtp_push(struct dialogue *dialogue, enum stream_side side, struct span bytes, uint32_t unread, nstime now);
/* The same of the client's bytes, where these go on with the content of a message of which nobody wants to hear more
 * (message.content_done): returns how many from the first on were ordinary text, which is taken in now, and makes no
 * item.  The rest is to be pushed. */
size_t smtp_skim(struct dialogue *dialogue, struct span bytes, uint32_t unread, nstime now);
void smtp_gap(struct dialogue *dialogue, enum stream_side side, uint64_t length);
void smtp_end(struct dialogue *dialogue, enum stream_side side, enum stream_end reason, nstime now);
/* Nothing more will come: ends every message that is open. */
void smtp_finish(struct dialogue *dialogue, nstime now);
bool smtp_next(struct dialogue *dialogue, struct smtp_item *item);
/* Something may be pushed very soon: the memory that it will need is asked for. */
void smtp_foresee(const struct dialogue *dialogue);

const struct dialogue_facts *dialogue_facts(const struct dialogue *dialogue);
enum dialogue_end dialogue_end(const struct dialogue *dialogue);

const char *dialogue_end_name(enum dialogue_end end);

#endif
