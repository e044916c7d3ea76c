/* What is said on one connection, apart from how TCP carries it.
 *
 * The carrier (smtpgen.c) asks for the next turn, waits its delay, has its bytes written straight into the frame, and
 * asks again. Two scripts exist: mail, and traffic that is not mail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_SCRIPT_H
#define GEN_SCRIPT_H

#include "gen_mail.h"
#include "gen_replies.h"
#include "gen_wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct settings {
    uint64_t seed;
    uint32_t messages;
    uint32_t open;
    uint32_t bytes_min;
    uint32_t bytes_max;
    uint32_t sources;
    double ipv6_share;
    double reuse_share;
    double bounce_share;
    uint64_t file_bytes; /* 0: no limit */
    bool not_mail;
    bool loss_note;
    const char *out;
    const char *truth;
};

enum { SERVERS = 5000 };

enum turn_kind {
    TURN_LINES,  /* fits one segment */
    TURN_STREAM, /* as many segments as it takes */
    TURN_FIN,
    TURN_RESET,
};

struct turn {
    enum turn_kind kind;
    enum side side;
    uint32_t delay_us; /* of the speaker; the way to and from the server is added by the carrier */
};

/* Counters and files that all connections share. */
struct run {
    struct settings settings;
    FILE *truth;
    uint32_t messages_left;  /* not promised to a connection yet */
    uint32_t messages_begun; /* also the next message's number */
    uint64_t dialogues;
};

/* An outgoing mail connection; see gen_dialogue.c. */
struct dialogue {
    struct mail mail;
    const struct client_kind *client;
    const struct server_kind *server;
    uint8_t phase;
    uint8_t fate;
    uint8_t next_command; /* 0 MAIL, 1..n RCPT, n + 1 DATA */
    uint8_t batch_end;
    uint8_t accepted; /* recipients */
    bool pipelining;
    bool chunking;
    bool quit_sent;
    bool mail_refused;
    bool more_replies; /* the batch of commands is not answered to its end */
    bool falls_back;   /* to HELO, after EHLO was not understood */
    uint16_t promised; /* messages */
    uint16_t begun;
    uint32_t chunk_left;
    uint32_t body_total; /* known beforehand only with BDAT */
    uint32_t body_sent;
    const char *mail_class;                            /* of a refused MAIL */
    const char *ending;                                /* what is left to write behind the body */
    const char *end;                                   /* how the dialogue ended */
    const struct refusal *answer[MAIL_RECIPIENTS_MAX]; /* NULL: accepted */
    uint64_t dialogue_first;
    uint64_t message_first;
    uint64_t message_last; /* frame of the last reply that concerns it */
};

/* A connection that carries no mail; see gen_other.c. */
struct exchange {
    uint8_t phase;
    bool encrypted;
    uint16_t requests_left;
    uint32_t body_left;
    uint32_t body_bytes;
};

struct script {
    struct random random;
    struct flow *flow;
    uint32_t source;
    uint32_t server;
    uint64_t now_us;
    uint64_t frame; /* number of the frame that is being written */
    union {
        struct dialogue mail;
        struct exchange other;
    };
};

uint32_t script_size_pick(struct random *r, const struct settings *s);

void dialogue_start(struct script *s, struct run *run);
struct turn dialogue_next(struct script *s, struct run *run);
/* Writes at most bytes_max; a stream that writes fewer, or is told so by dialogue_more, has ended. */
size_t dialogue_write(struct script *s, struct run *run, char *out, size_t bytes_max);
bool dialogue_more(const struct script *s);
void dialogue_finish(struct script *s, struct run *run);

void exchange_start(struct script *s, struct run *run);
struct turn exchange_next(struct script *s, struct run *run);
size_t exchange_write(struct script *s, struct run *run, char *out, size_t bytes_max);
bool exchange_more(const struct script *s);

/* The truth file; see gen_truth.c. */
void truth_message(const struct script *s, struct run *run, const char *outcome, const char *stage);
void truth_greeting(const struct script *s, struct run *run, const struct refusal *answer);
void truth_dialogue(const struct script *s, struct run *run, uint64_t frame_last);
void truth_capture(struct run *run, const struct wire *w);

#endif
