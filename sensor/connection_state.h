/* What a connection remembers, for the files that it is made of:
 *
 *   connection.c           the listener, and a connection's memory
 *   connection_proxy.c     what is said to proxies in front of the mail
 *   connection_kind.c      whether it is mail, or what else
 *   connection_dialogue.c  its dialogue, read and told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_CONNECTION_STATE_H
#define MAILSPAN_CONNECTION_STATE_H

#include "connection.h"
#include "held_talk.h"

enum connection_stage {
    BEGINNING,     /* nothing was said yet; or nothing behind a proxy's answer */
    HEADER,        /* a PROXY header, as it seems */
    BEHIND_HEADER, /* ... is whole; whom it was for is not known yet */
    ASKING,        /* a proxy is asked to connect, as it seems */
    DETECTING,     /* nDPI is asked whether it is mail */
    SPEAKING,      /* the SMTP decoder has it */
    NAMING,        /* the SMTP decoder has had enough of it; nDPI may yet have a name for it */
    OTHER,         /* it is no mail, and was counted as something else */
    OVER,          /* it was told, or has no memory any more */
};

/* An end that came before there was a dialogue to hear it. */
struct early_end {
    bool came;
    enum stream_end reason;
    nstime time;
};

/* What every packet touches comes first: two lines of the cache; its dialogue lies behind it (see struct dialogue). */
struct connection {
    struct share_member member; /* first: what memory_share.c knows of it */
    struct connection_shared *shared;
    struct dialogue *dialogue; /* from SPEAKING on */
    struct detection *opening; /* while SPEAKING, and not certain; NULL: not kept */
    enum connection_stage stage;
    uint16_t port; /* of the server, or what the last proxy was asked for */
    bool client_spoke, tls_is_mail;
    struct arena arena; /* holds the connection, its dialogue, and the first bytes of TLS */
    struct stream_info info;
    struct approach *approach;         /* connection_proxy.c; NULL: never needed */
    struct proxied *proxied, *nearest; /* the first and the last proxy on its way; NULL: none */
    unsigned proxied_count;
    const char *asked_name;      /* what a request to a proxy is called that was said to a mail server; else NULL */
    struct detection *detection; /* while DETECTING; NULL: it had to make room */
    struct dialogue_counters counters;
    struct early_end early_end[2];
    uint8_t *hello[2]; /* by enum stream_side */
    uint16_t hello_bytes[2];
};

static inline bool connection_on_mail_port(const struct connection *c) {
    return port_is_set(c->shared->config->mail_ports, c->port);
}

/* --- connection_proxy.c --------------------------------------------------------------------------------------------
 */

/* Something is said. */
enum stream_interest connection_hear(struct connection *c, const struct piece *piece);
/* No more will be: what is held back goes where it belongs. */
void connection_stop_asking(struct connection *c);

/* --- connection_kind.c ---------------------------------------------------------------------------------------------
 */

/* What is said from now on is nothing for a proxy: DETECTING, or SPEAKING. */
void connection_enter_kind(struct connection *c);
/* While DETECTING.  True when the piece is still to be taken by the dialogue, which has heard what came before. */
bool connection_detect(struct connection *c, const struct piece *piece, enum stream_interest *interest);
/* It is something else: counted, once, by its name (NULL: none is known), and not listened to any more. */
enum stream_interest connection_let_go(struct connection *c, const char *name);
void connection_end_detections(struct connection *c);
/* Keeps a piece of the opening; false when not all of it was. */
bool connection_record(struct connection *c, const struct piece *piece);
/* Behind each piece of the dialogue: its opening is kept no longer than it has to be. */
enum stream_interest connection_look_at_opening(struct connection *c, bool kept);
/* Some bytes of TLS have come: its ClientHello may have said whose it is. */
enum stream_interest connection_judge_tls(struct connection *c);
/* The decoder says that this is no SMTP. */
enum stream_interest connection_no_smtp(struct connection *c);
/* Nothing more will come, or nothing more is kept: what does not look like mail so far is none. */
void connection_settle(struct connection *c);

/* --- connection_dialogue.c -----------------------------------------------------------------------------------------
 */

/* False when there is no memory for one, which it has counted. */
bool connection_start_dialogue(struct connection *c);
/* Takes off the piece what the dialogue need only pass over; true when that is all of it. */
bool connection_skim(struct connection *c, struct piece *piece);
/* The dialogue hears what was said, and nothing of it is kept. */
enum stream_interest connection_read(struct connection *c, const struct piece *piece);
/* The same, and its opening is kept and looked at.  Begins the dialogue if need be. */
enum stream_interest connection_speak(struct connection *c, const struct piece *piece);
enum stream_interest connection_hear_end(struct connection *c, enum stream_side side, const struct early_end *end);
/* Ends the dialogue, and tells it if it was mail: messages in flight are told as far as they were seen. */
void connection_finish_dialogue(struct connection *c, nstime now);

#endif
