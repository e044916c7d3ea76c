/* The mail script. A message's fate is drawn when it begins; the replies then follow from it. Each phase is a row: who
 * speaks, how, after what pause, and the function that writes it and names the next phase.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen_script.h"

#include <math.h>
#include <string.h>

enum phase {
    PHASE_GREETING,
    PHASE_HELLO,
    PHASE_HELLO_REPLY,
    PHASE_COMMANDS,
    PHASE_REPLIES,
    PHASE_BODY,
    PHASE_FINAL,
    PHASE_RESET,
    PHASE_RESET_REPLY,
    PHASE_QUIT,
    PHASE_QUIT_REPLY,
    PHASE_CLIENT_CLOSES,
    PHASE_SERVER_CLOSES,
    PHASE_CUT,
    PHASE_COUNT
};

enum fate {
    FATE_DELIVERED,
    FATE_MAIL_BOUNCED,
    FATE_MAIL_DEFERRED,
    FATE_RCPT_BOUNCED,
    FATE_RCPT_DEFERRED,
    FATE_DATA_BOUNCED,
    FATE_DATA_DEFERRED,
    FATE_BODY_BOUNCED,
    FATE_BODY_DEFERRED,
    FATE_CUT,           /* reset in mid-body */
    FATE_CLIENT_CLOSES, /* FIN in mid-body */
    FATE_SERVER_CLOSES, /* FIN in place of the final reply */
    FATE_COUNT
};

/* Shares of the fates, in multiples of --bounce-share; what remains is delivered. */
static const double fate_shares[FATE_COUNT] = {
    [FATE_MAIL_BOUNCED] = 0.10, [FATE_MAIL_DEFERRED] = 0.10, [FATE_RCPT_BOUNCED] = 0.60,  [FATE_RCPT_DEFERRED] = 0.35,
    [FATE_DATA_BOUNCED] = 0.05, [FATE_DATA_DEFERRED] = 0.05, [FATE_BODY_BOUNCED] = 0.25,  [FATE_BODY_DEFERRED] = 0.10,
    [FATE_CUT] = 0.02,          [FATE_CLIENT_CLOSES] = 0.02, [FATE_SERVER_CLOSES] = 0.02,
};

enum {
    REPLY_BYTES_MAX = 512,           /* room for the longest reply */
    MORE_REPLIES_US_MAX = 4000,      /* between the replies to one batch */
    GREETING_REFUSED_TIMES_100 = 10, /* of the bounce share, once for 5yz and once for 4yz */
};

uint32_t script_size_pick(struct random *r, const struct settings *s) {
    double ratio = (double)s->bytes_max / (double)s->bytes_min;
    return (uint32_t)(s->bytes_min * pow(ratio, random_unit(r)));
}

static uint8_t fate_pick(struct random *r, double bounce_share) {
    double drawn = random_unit(r);
    for (uint8_t fate = FATE_DELIVERED + 1; fate < FATE_COUNT; fate++) {
        drawn -= fate_shares[fate] * bounce_share;
        if (drawn < 0) {
            return fate;
        }
    }
    return FATE_DELIVERED;
}

static uint8_t recipients_pick(struct random *r) {
    static const uint8_t shares[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                       1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 5, 8, 10};
    return shares[random_below(r, 32)];
}

void dialogue_start(struct script *s, struct run *run) {
    struct dialogue *d = &s->mail;
    uint32_t wanted = random_chance(&s->random, run->settings.reuse_share) ? random_between(&s->random, 2, 6) : 1;
    *d = (struct dialogue){.phase = PHASE_GREETING, .end = "quit"};
    d->client = client_kind_of(s->source);
    d->server = server_kind_of(s->server);
    d->pipelining = d->client->pipelining && d->server->pipelining;
    d->chunking = d->client->chunking && d->server->chunking;
    d->promised = (uint16_t)(wanted < run->messages_left ? wanted : run->messages_left);
    d->mail.plan = (struct mail_plan){.seed = random_next(&s->random), .source = s->source, .server = s->server};
    run->messages_left -= d->promised;
    run->dialogues++;
}

/* Which RCPT commands will be refused, and how. */
static void answers_draw(struct script *s, struct dialogue *d) {
    bool all = d->fate == FATE_RCPT_BOUNCED || d->fate == FATE_RCPT_DEFERRED;
    for (unsigned i = 0; i < d->mail.plan.recipients; i++) {
        enum refusal_kind kind = random_chance(&s->random, 0.5) ? RCPT_BOUNCE : RCPT_DEFER;
        bool refused = all || (i > 0 && random_chance(&s->random, 0.05));
        if (all && (i == 0 || d->fate == FATE_RCPT_DEFERRED)) {
            kind = d->fate == FATE_RCPT_BOUNCED ? RCPT_BOUNCE : RCPT_DEFER;
        }
        d->answer[i] = refused ? refusal_pick(kind, &s->random) : NULL;
    }
}

static void message_begin(struct script *s, struct run *run) {
    struct dialogue *d = &s->mail;
    struct mail_plan plan = {
        .seed = random_next(&s->random),
        .time_us = s->now_us,
        .number = ++run->messages_begun,
        .source = s->source,
        .server = s->server,
        .bytes = script_size_pick(&s->random, &run->settings),
        .recipients = recipients_pick(&s->random),
        .null_sender = random_chance(&s->random, 0.01),
        .dot_stuffed = !d->chunking,
    };
    mail_start(&d->mail, &plan);
    d->fate = fate_pick(&s->random, run->settings.bounce_share);
    if (d->chunking && (d->fate == FATE_DATA_BOUNCED || d->fate == FATE_DATA_DEFERRED)) {
        d->fate = d->fate == FATE_DATA_BOUNCED ? FATE_BODY_BOUNCED : FATE_BODY_DEFERRED; /* BDAT has no such place */
    }
    answers_draw(s, d);
    d->begun++;
    d->next_command = 0;
    d->accepted = 0;
    d->mail_refused = false;
    d->body_total = d->chunking ? mail_measure(&plan) : 0;
    d->body_sent = d->chunk_left = 0;
    d->ending = NULL;
    d->phase = PHASE_COMMANDS;
}

/* The message is over: what follows it. */
static void message_end(struct script *s, struct run *run, bool transaction_open) {
    struct dialogue *d = &s->mail;
    if (d->begun >= d->promised) {
        d->phase = PHASE_QUIT;
    } else if (transaction_open) {
        d->phase = PHASE_RESET;
    } else {
        message_begin(s, run);
    }
}

static const char *class_of(unsigned code) {
    return code >= 500 ? "bounced" : "deferred";
}

/* No recipient was accepted: one 5yz makes the message bounced. */
static const char *class_of_answers(const struct dialogue *d) {
    for (unsigned i = 0; i < d->mail.plan.recipients; i++) {
        if (d->answer[i]->code >= 500) {
            return "bounced";
        }
    }
    return "deferred";
}

static void write_greeting(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    double refused_share = run->settings.bounce_share * GREETING_REFUSED_TIMES_100 / 100;
    double drawn = random_unit(&s->random);
    if (drawn >= 2 * refused_share) {
        reply_expand(t, d->server->greeting, &d->mail.plan, 0);
        d->phase = PHASE_HELLO;
        return;
    }
    const struct refusal *answer = refusal_pick(drawn < refused_share ? GREETING_BOUNCE : GREETING_DEFER, &s->random);
    reply_expand(t, answer->text, &d->mail.plan, 0);
    d->begun = 1;
    run->messages_begun++;
    truth_greeting(s, run, answer);
    d->phase = answer->code == 421 ? PHASE_SERVER_CLOSES : PHASE_QUIT;
    if (answer->code == 421) {
        d->end = "fin";
    }
}

static void write_hello(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    (void)run;
    text_string(t, d->client->says_helo || d->falls_back ? "HELO " : "EHLO ");
    reply_expand(t, "%c\r\n", &d->mail.plan, 0);
    d->phase = PHASE_HELLO_REPLY;
}

static void write_hello_reply(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    bool said_helo = d->client->says_helo || d->falls_back;
    if (!said_helo && d->server->ehlo == NULL) {
        text_string(t, "502 Command not implemented\r\n");
        d->falls_back = true;
        d->phase = PHASE_HELLO;
        return;
    }
    reply_expand(t, said_helo ? d->server->helo : d->server->ehlo, &d->mail.plan, 0);
    message_begin(s, run);
}

static void write_command(struct dialogue *d, struct text *t, unsigned command) {
    const struct mail_plan *plan = &d->mail.plan;
    if (command == 0) {
        text_string(t, "MAIL FROM:<");
        reply_expand(t, plan->null_sender ? "" : "%s", plan, 0);
        text_string(t, ">");
        if (d->client->announces_size && d->server->ehlo != NULL) {
            text_string(t, " SIZE=");
            text_number(t, plan->bytes);
        }
        text_string(t, "\r\n");
    } else if (command <= plan->recipients) {
        text_string(t, "RCPT TO:<");
        mail_recipient(t, plan, command - 1);
        text_string(t, ">\r\n");
    } else {
        text_string(t, "DATA\r\n");
    }
}

static unsigned commands_of(const struct dialogue *d) {
    return 1U + d->mail.plan.recipients + (d->chunking ? 0U : 1U);
}

static void write_commands(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    (void)run;
    d->batch_end = (uint8_t)(d->pipelining ? commands_of(d) : d->next_command + 1U);
    if (d->next_command == 0) {
        d->message_first = s->frame;
    }
    for (unsigned command = d->next_command; command < d->batch_end; command++) {
        write_command(d, t, command);
    }
    d->phase = PHASE_REPLIES;
}

/* MAIL's answer; a refused MAIL decides over the message. */
static void answer_mail(struct script *s, struct text *t) {
    struct dialogue *d = &s->mail;
    d->mail_refused = d->fate == FATE_MAIL_BOUNCED || d->fate == FATE_MAIL_DEFERRED;
    if (!d->mail_refused) {
        reply_expand(t, d->server->mail_ok, &d->mail.plan, 0);
        return;
    }
    const struct refusal *answer = refusal_pick(d->fate == FATE_MAIL_BOUNCED ? MAIL_BOUNCE : MAIL_DEFER, &s->random);
    reply_expand(t, answer->text, &d->mail.plan, 0);
    if (!d->pipelining) {
        d->mail.plan.recipients = 0; /* none was named */
    }
    for (unsigned i = 0; i < d->mail.plan.recipients; i++) {
        d->answer[i] = &d->server->no_mail;
    }
    d->mail_class = class_of(answer->code);
}

static void answer_rcpt(struct dialogue *d, struct text *t, unsigned recipient) {
    const struct refusal *answer = d->answer[recipient];
    reply_expand(t, answer != NULL ? answer->text : d->server->rcpt_ok, &d->mail.plan, recipient);
    d->accepted = (uint8_t)(d->accepted + (answer == NULL));
}

static void answer_data(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    if (d->accepted == 0) {
        reply_expand(t, d->server->no_recipients.text, &d->mail.plan, 0);
        return;
    }
    if (d->fate != FATE_DATA_BOUNCED && d->fate != FATE_DATA_DEFERRED) {
        reply_expand(t, d->server->data_go, &d->mail.plan, 0);
        d->phase = PHASE_BODY;
        return;
    }
    const struct refusal *answer = refusal_pick(d->fate == FATE_DATA_BOUNCED ? DATA_BOUNCE : DATA_DEFER, &s->random);
    reply_expand(t, answer->text, &d->mail.plan, 0);
    truth_message(s, run, class_of(answer->code), "data");
    message_end(s, run, true);
}

/* After a batch of replies none of which opened the body. */
static void after_replies(struct script *s, struct run *run) {
    struct dialogue *d = &s->mail;
    unsigned recipients = d->mail.plan.recipients;
    bool all_answered = d->next_command > recipients;
    if (d->mail_refused) {
        truth_message(s, run, d->mail_class, "mail");
        message_end(s, run, false);
    } else if (!all_answered || (d->accepted > 0 && !d->chunking)) {
        d->phase = PHASE_COMMANDS;
    } else if (d->accepted > 0) {
        d->phase = PHASE_BODY;
    } else if (d->next_command == recipients + 1 && !d->chunking && d->client->blind_data) {
        d->phase = PHASE_COMMANDS;
    } else {
        truth_message(s, run, class_of_answers(d), "rcpt");
        message_end(s, run, true);
    }
}

static void answer_command(struct script *s, struct run *run, struct text *t, unsigned command) {
    struct dialogue *d = &s->mail;
    if (command == 0) {
        answer_mail(s, t);
    } else if (command <= d->mail.plan.recipients) {
        answer_rcpt(d, t, command - 1);
    } else {
        answer_data(s, run, t);
    }
}

/* The replies to a batch come in one segment, or in one each, or in as many as they need. */
static void write_replies(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    unsigned end = d->batch_end;
    bool apart = d->server->replies_apart;
    d->message_last = s->frame;
    d->more_replies = false;
    for (bool first = true; d->next_command < end && !d->more_replies; first = false) {
        d->more_replies = !first && (apart || text_room(t) < REPLY_BYTES_MAX);
        if (!d->more_replies) answer_command(s, run, t, d->next_command++);
    }
    if (!d->more_replies && d->phase == PHASE_REPLIES) {
        after_replies(s, run);
    }
}

/* A body that will not be finished stops half-way. */
static bool cut_short(struct dialogue *d) {
    if ((d->fate != FATE_CUT && d->fate != FATE_CLIENT_CLOSES) || d->body_sent < d->mail.plan.bytes / 2) {
        return false;
    }
    d->phase = d->fate == FATE_CUT ? PHASE_CUT : PHASE_CLIENT_CLOSES;
    d->end = d->fate == FATE_CUT ? "rst" : "fin";
    return true;
}

static size_t write_chunk(struct dialogue *d, char *out, size_t bytes_max) {
    struct text t = text_over(out, bytes_max);
    if (d->chunk_left == 0) {
        uint32_t rest = d->body_total - d->body_sent;
        uint32_t bytes = d->client->chunk_bytes;
        d->chunk_left = bytes == 0 || bytes > rest ? rest : bytes;
        text_string(&t, "BDAT ");
        text_number(&t, d->chunk_left);
        text_string(&t, d->chunk_left == rest ? " LAST\r\n" : "\r\n");
    }
    size_t room = bytes_max - text_length(&t);
    size_t written = mail_write(&d->mail, t.at, room < d->chunk_left ? room : d->chunk_left);
    d->chunk_left -= (uint32_t)written;
    d->body_sent += (uint32_t)written;
    if (!cut_short(d) && d->chunk_left == 0) {
        d->phase = PHASE_FINAL;
    }
    return text_length(&t) + written;
}

static size_t write_data(struct dialogue *d, char *out, size_t bytes_max) {
    size_t written = 0;
    if (d->ending == NULL) {
        written = mail_write(&d->mail, out, bytes_max);
        d->body_sent += (uint32_t)written;
        if (cut_short(d) || written == bytes_max) {
            return written;
        }
        d->quit_sent = d->client->quit_with_dot && d->pipelining && d->begun == d->promised;
        d->ending = d->quit_sent ? ".\r\nQUIT\r\n" : ".\r\n";
    }
    size_t rest = strlen(d->ending);
    size_t part = rest < bytes_max - written ? rest : bytes_max - written;
    memcpy(out + written, d->ending, part);
    d->ending += part;
    if (part == rest) {
        d->phase = PHASE_FINAL;
    }
    return written + part;
}

static void write_final(struct script *s, struct run *run, struct text *t) {
    struct dialogue *d = &s->mail;
    d->message_last = s->frame;
    if (d->chunking && d->body_sent < d->body_total) {
        reply_expand(t, d->server->chunk_ok, &d->mail.plan, 0);
        d->phase = PHASE_BODY;
        return;
    }
    if (d->fate == FATE_BODY_BOUNCED || d->fate == FATE_BODY_DEFERRED) {
        const struct refusal *answer =
            refusal_pick(d->fate == FATE_BODY_BOUNCED ? BODY_BOUNCE : BODY_DEFER, &s->random);
        reply_expand(t, answer->text, &d->mail.plan, 0);
        truth_message(s, run, class_of(answer->code), "body");
    } else {
        reply_expand(t, d->server->final_ok, &d->mail.plan, 0);
        truth_message(s, run, "delivered", "body");
    }
    if (d->quit_sent) {
        reply_expand(t, d->server->bye, &d->mail.plan, 0);
        d->phase = PHASE_SERVER_CLOSES;
    } else {
        message_end(s, run, false);
    }
}

static void write_reset(struct script *s, struct run *run, struct text *t) {
    (void)run;
    text_string(t, "RSET\r\n");
    s->mail.phase = PHASE_RESET_REPLY;
}

static void write_reset_reply(struct script *s, struct run *run, struct text *t) {
    reply_expand(t, s->mail.server->reset_ok, &s->mail.mail.plan, 0);
    message_begin(s, run);
}

static void write_quit(struct script *s, struct run *run, struct text *t) {
    (void)run;
    text_string(t, "QUIT\r\n");
    s->mail.phase = PHASE_QUIT_REPLY;
}

static void write_quit_reply(struct script *s, struct run *run, struct text *t) {
    (void)run;
    reply_expand(t, s->mail.server->bye, &s->mail.mail.plan, 0);
    s->mail.phase = random_chance(&s->random, 0.5) ? PHASE_SERVER_CLOSES : PHASE_CLIENT_CLOSES;
}

static const struct {
    uint8_t side, kind;
    uint32_t pause_min_us, pause_max_us;
    void (*write)(struct script *s, struct run *run, struct text *t);
} phases[PHASE_COUNT] = {
    [PHASE_GREETING] = {SERVER, TURN_LINES, 500, 90000, write_greeting},
    [PHASE_HELLO] = {CLIENT, TURN_LINES, 80, 2000, write_hello},
    [PHASE_HELLO_REPLY] = {SERVER, TURN_LINES, 100, 3000, write_hello_reply},
    [PHASE_COMMANDS] = {CLIENT, TURN_LINES, 80, 3000, write_commands},
    [PHASE_REPLIES] = {SERVER, TURN_LINES, 200, 60000, write_replies},
    [PHASE_BODY] = {CLIENT, TURN_STREAM, 80, 4000, NULL},
    [PHASE_FINAL] = {SERVER, TURN_LINES, 5000, 400000, write_final},
    [PHASE_RESET] = {CLIENT, TURN_LINES, 80, 2000, write_reset},
    [PHASE_RESET_REPLY] = {SERVER, TURN_LINES, 100, 2000, write_reset_reply},
    [PHASE_QUIT] = {CLIENT, TURN_LINES, 80, 2000, write_quit},
    [PHASE_QUIT_REPLY] = {SERVER, TURN_LINES, 100, 2000, write_quit_reply},
    [PHASE_CLIENT_CLOSES] = {CLIENT, TURN_FIN, 50, 1000, NULL},
    [PHASE_SERVER_CLOSES] = {SERVER, TURN_FIN, 50, 1000, NULL},
    [PHASE_CUT] = {CLIENT, TURN_RESET, 1000, 50000, NULL},
};

struct turn dialogue_next(struct script *s, struct run *run) {
    struct dialogue *d = &s->mail;
    (void)run;
    if (d->phase == PHASE_FINAL && d->fate == FATE_SERVER_CLOSES && d->body_sent >= d->body_total) {
        d->phase = PHASE_SERVER_CLOSES;
        d->end = "fin";
    }
    uint32_t pause_max_us = d->more_replies ? MORE_REPLIES_US_MAX : phases[d->phase].pause_max_us;
    return (struct turn){
        .kind = phases[d->phase].kind,
        .side = phases[d->phase].side,
        .delay_us = random_between(&s->random, phases[d->phase].pause_min_us, pause_max_us),
    };
}

size_t dialogue_write(struct script *s, struct run *run, char *out, size_t bytes_max) {
    struct dialogue *d = &s->mail;
    if (d->phase == PHASE_BODY) {
        return d->chunking ? write_chunk(d, out, bytes_max) : write_data(d, out, bytes_max);
    }
    struct text t = text_over(out, bytes_max);
    phases[d->phase].write(s, run, &t);
    return text_length(&t);
}

bool dialogue_more(const struct script *s) {
    return s->mail.phase == PHASE_BODY;
}

/* Called with the number of the last frame; gives back what was promised and not sent. */
void dialogue_finish(struct script *s, struct run *run) {
    struct dialogue *d = &s->mail;
    if (d->fate >= FATE_CUT && d->begun > 0 && d->mail.plan.recipients > 0 && d->accepted > 0) {
        d->message_last = s->frame;
        truth_message(s, run, "aborted", "body");
    }
    run->messages_left += (uint32_t)(d->promised - d->begun);
    truth_dialogue(s, run, s->frame);
}
