/* What servers and clients of several kinds say. All of it is data: a new kind is a new row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_REPLIES_H
#define GEN_REPLIES_H

#include "gen_mail.h"

#include <stdbool.h>
#include <stdint.h>

/* A negative answer; the text holds all its lines. */
struct refusal {
    uint16_t code;
    const char *enhanced; /* NULL: none */
    const char *text;
};

/* Texts are templates: %h the server's name, %c the client's name, %s the sender, %r the recipient, %q a queue id. */
struct server_kind {
    const char *name;
    bool pipelining;
    bool chunking;
    bool timestamps;
    bool replies_apart; /* a segment for each reply, also to pipelined commands */
    const char *greeting;
    const char *ehlo; /* NULL: only HELO is understood */
    const char *helo;
    const char *mail_ok;
    const char *rcpt_ok;
    const char *rcpt_enhanced; /* NULL: none */
    const char *data_go;
    const char *final_ok;
    const char *chunk_ok;
    const char *reset_ok;
    const char *bye;
    struct refusal no_mail;       /* RCPT after a refused MAIL */
    struct refusal no_recipients; /* DATA after only refused RCPTs */
};

struct client_kind {
    const char *name;
    bool pipelining;    /* MAIL, RCPTs and DATA in one segment where the server allows it */
    bool quit_with_dot; /* QUIT rides on the final dot */
    bool blind_data;    /* sends DATA although every RCPT was refused */
    bool announces_size;
    bool says_helo;
    bool chunking;        /* BDAT where the server allows it */
    uint32_t chunk_bytes; /* 0: the whole message in one chunk */
};

/* Where a message can be refused, and with which class of code. */
enum refusal_kind {
    GREETING_BOUNCE,
    GREETING_DEFER,
    MAIL_BOUNCE,
    MAIL_DEFER,
    RCPT_BOUNCE,
    RCPT_DEFER,
    DATA_BOUNCE,
    DATA_DEFER,
    BODY_BOUNCE,
    BODY_DEFER,
    REFUSAL_KINDS
};

const struct server_kind *server_kind_of(uint32_t server);
const struct client_kind *client_kind_of(uint32_t source);
const struct refusal *refusal_pick(enum refusal_kind kind, struct random *r);

/* Fills a template; recipient is an index into the plan's recipients. */
void reply_expand(struct text *t, const char *template, const struct mail_plan *plan, unsigned recipient);

#endif
