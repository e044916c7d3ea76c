/* What a dialogue remembers, for the files that it is made of:
 *
 *   smtp_dialogue.c  the interface: what is pushed goes to one of the next two
 *   smtp_client.c    what the client says: lines, commands
 *   smtp_content.c   ... bodies, chunks
 *   smtp_smuggled.c  ... commands that stand in a body
 *   smtp_hole.c      ... when something of it was lost
 *   smtp_pace.c      what it tells about replies that the client goes on
 *   smtp_server.c    what the server answers
 *   smtp_pairing.c   which answer belongs to what, and when a message has ended
 *   smtp_held.c      answers after a loss, until it is known to what they belong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SMTP_STATE_H
#define MAILSPAN_SMTP_STATE_H

#include "smtp_internal.h"

enum client_mode {
    CLIENT_COMMANDS,
    CLIENT_PROBE,  /* a command, or what `otherwise` says: the first bytes will tell */
    CLIENT_BODY,   /* after DATA */
    CLIENT_CHUNK,  /* after BDAT */
    CLIENT_LOST,   /* commands or content, nobody knows: up to a line that can only be a command */
    CLIENT_SECRET, /* a line of an AUTH exchange */
    CLIENT_TLS,
};

#define HELD_PER_BLOCK 7
#define HELD_MAX (9 * HELD_PER_BLOCK) /* the last ones of a group of 60 recipients can still be told apart */

struct held_block;

/* A ring. */
struct held_replies {
    struct held_block *blocks[HELD_MAX / HELD_PER_BLOCK]; /* each from the arena, when it is first needed */
    unsigned first, count;
    bool gap; /* replies were lost behind the last one */
};

/* Bytes that are being taken in.  Some are read twice, because what they are is known only when more has come: these go
 * on top, and what lies below waits. */
enum input_origin {
    INPUT_PUSHED,   /* by the caller */
    INPUT_PROBED,   /* looked at already (struct probe) */
    INPUT_SMUGGLED, /* kept behind an odd end of a body (struct smuggled) */
    INPUT_EARLY,    /* what seemed to begin TLS (struct early_talk) */
};

struct input {
    struct span bytes; /* not consumed yet */
    enum stream_side side;
    enum input_origin origin;
};

#define INPUTS_MAX 3 /* what was probed on top of what is read again on top of what was pushed */

struct input_stack {
    struct input inputs[INPUTS_MAX];
    unsigned count; /* never 0 */
};

/* What stands behind an odd end in a body: content, or commands if the server takes them for such (smtp_smuggled.c). */
struct smuggled {
    uint32_t len;
    uint64_t lost;      /* bytes behind these */
    uint64_t body_left; /* bytes of the body up to the odd end */
    bool open;          /* an odd end was seen: what comes is kept */
    bool skip_newline;  /* the odd end was half of a CR LF */
    bool commands;      /* it begins like one */
    bool uncertain;     /* replies were lost meanwhile */
    bool ended;         /* the body is over: more replies than commands make commands of it */
    /* While they are read as commands. */
    bool replaying, reply_waits, quit_waits;
    struct line_buffer line; /* the client's, meanwhile */
    bool line_kept;
    uint8_t bytes[LIMIT_SMUGGLED_BYTES];
};

/* What a client said in TLS that nobody asked for, as its first byte has it.  Servers that hear no TLS there take lines
 * for commands: when this one speaks in the clear they are read again. */
struct early_talk {
    size_t len;
    uint64_t lost;     /* bytes behind these */
    size_t line_bytes; /* kept of the last line */
    bool replaying;
    uint8_t bytes[LIMIT_EARLY_BYTES];
};

/* What the mirror has shown of one side. */
struct side_view {
    bool spoke;         /* something came from it, or was lost of it */
    bool seen;          /* a byte of it was, or its FIN without any gap before: the mirror shows this side */
    bool gapped;        /* something of it was lost */
    bool made_sense;    /* it has said something that is SMTP */
    unsigned odd_lines; /* before anything made sense */
};

struct hello_name {
    uint8_t *bytes; /* NULL: none yet */
    uint16_t room;
};

/* The last HELO, EHLO or LHLO.  It becomes the dialogue's when it is taken, or when none was taken before. */
struct hello {
    struct span name;           /* lies in names[at] */
    struct hello_name names[2]; /* facts.helo lies in the other one, or in the same */
    unsigned at;
    enum smtp_verb verb;
    bool taken; /* one was, this one or one before */
};

/* What is not certain about dialogue_facts.tls. */
enum tls_doubt {
    TLS_CERTAIN,
    TLS_GUESSED, /* by the client's first byte, and the server has said nothing yet */
    TLS_GRANTED, /* STARTTLS was, and neither side has said anything since */
};

/* The body by DATA that the client is saying. */
struct body_progress {
    struct body_reader reader;
    bool gapped;   /* bytes of it were lost */
    bool answered; /* something was said to it, and lost */
};

/* The chunk by BDAT that the client is saying. */
struct chunk_progress {
    uint64_t left;
    bool last, begun;
};

/* CLIENT_PROBE: the first bytes of what may be a command, or what `otherwise` says. */
struct probe {
    enum client_mode otherwise;
    bool decided; /* in favour of `otherwise` */
    uint8_t len;
    uint8_t bytes[VERB_GUESS_BYTES];
};

/* What was lost of the client's commands, last (smtp_hole.c). */
struct client_hole {
    uint64_t end;         /* behind the last byte of it; 0: none, or a command has come since */
    uint64_t heard;       /* in the server's stream: behind a reply that was sent after it had arrived; 0: none */
    uint64_t read_before; /* what the client had read before it, or POSITION_UNKNOWN */
    bool is_short;        /* too short for a MAIL or RCPT */
    bool mail_lost;       /* something was, since the last MAIL: what comes may be of a message whose MAIL is lost */
    bool nobodys;         /* the transaction that goes on may be another than the one that was open before */
    bool holds_data;      /* what comes is content: no line of it is a command before the server has said something */
    bool content_skipped; /* since then something came that was no certain command: perhaps content */
    bool bare_newline;    /* the last line behind it ended in a bare LF */
    bool smuggling;       /* an odd end was among these lines: what looks like a command may stand in a body */
};

/* How the client goes about replies: see pace_note_command. */
struct client_pace {
    enum smtp_verb last_verb; /* VERB_HOLE after a gap */
    uint64_t read_most;       /* by it, of the server's stream */
    bool fresh;               /* what it says now comes after something that it has newly read */
    bool went_on;             /* ... after a silence of LIMIT_REPLY_PATIENCE_S */
    bool pipelined;           /* it has sent a command before the reply to the last one */
    bool waits;               /* it has waited for a reply where it need not have */
    bool eager;               /* it has sent something before a reply that it had to wait for */
    bool impatient;           /* it has gone on when it had read some replies, but not all */
};

/* Lines of AUTH exchanges that came before they were asked for. */
struct early_secrets {
    uint32_t waiting;
    uint32_t refused; /* AUTH was: they are commands then, and each has a reply that refuses it */
};

/* The last answer to EHLO, HELO or LHLO that refused it, while none was taken. */
struct refused_hello {
    struct smtp_reply reply; /* code 0: none; its text lies below */
    nstime time;
    uint64_t gaps; /* of the dialogue, then */
    uint8_t *text; /* LIMIT_REPLY_TEXT_BYTES, or NULL */
};

struct server_state {
    bool greeted;
    struct refused_hello refused_hello;
    bool skip;        /* a gap was here: what comes may be the end of a line */
    bool gap_open;    /* ... and no byte since: it may hold replies to commands that are still to come */
    uint64_t gap_end; /* where the last one ended */
    bool odd_reply;   /* the last thing it said while a command waited is no reply */
    struct line_buffer line;
    struct reply_buffer reply;
};

/* What a segment of a body touches comes first: five lines of the cache.  With its connection, a hello and a block of
 * waiting commands a dialogue fits a block of the arena; where it does not, each connection takes two. */
struct dialogue {
    struct arena *arena;
    struct dialogue_counters *counters;
    nstime now;
    nstime heard; /* when somebody last said something */
    enum client_mode mode;
    enum tls_doubt tls_doubt;
    unsigned pending_count;
    bool midstream, implicit_port;
    bool unanswered; /* the server may have said something before what was seen */
    bool overrun;    /* commands did not fit the queue */
    bool not_smtp;
    bool stream_ended;
    bool cut_short;      /* it may have gone on unseen */
    bool client_is_smtp; /* it has said a command that no other protocol has */
    bool client_is_odd;  /* it has said so much else that it is SMTP only if the server says so */
    bool lmtp;           /* its LHLO was taken, or it is on LMTP's port and no hello was */
    bool replies_lost;   /* to the first commands that wait, nobody knows to how many */
    struct input_stack input;
    uint64_t pushed[2];        /* by enum stream_side: bytes and gaps so far */
    uint64_t read[2];          /* what the sender of the last bytes had read of the other side's, or POSITION_UNKNOWN */
    struct side_view sides[2]; /* by enum stream_side */
    struct smuggled *smuggled; /* NULL: never needed */
    struct message *current;   /* the client is still saying it */
    struct message *oldest, *newest; /* in flight: nearly always one, LIMIT_MESSAGES_IN_FLIGHT at most */
    struct client_pace pace;
    struct body_progress body;

    struct dialogue_facts facts;
    struct chunk_progress chunk;
    struct line_buffer client_line;
    struct probe probe;
    struct client_hole hole;
    struct early_secrets secrets;
    struct command_queue queue;
    struct server_state server;

    struct hello hello;
    struct smtp_item pending[2]; /* to be handed on before anything else */
    enum stream_end stream_end;
    unsigned in_flight;
    uint32_t ordinal_last;
    struct message *suspended; /* a MAIL came inside it, and has no reply yet */
    struct message *suspender; /* this MAIL's */
    struct early_talk *early;  /* NULL: never needed */
    uint8_t *spare_line;       /* a line's memory, between two smuggled messages */
    struct held_replies held;
};

/* --- smtp_pairing.c ------------------------------------------------------------------------------------------------
 */

/* NULL when there is no memory. */
struct message *pairing_begin(struct dialogue *d, nstime start);
/* A current message whose MAIL was lost; also puts its SMTP_MESSAGE_BEGIN among the pending items. */
struct message *pairing_begin_headless(struct dialogue *d);
/* The client has said all of the current message. */
void pairing_close(struct dialogue *d);
/* A MAIL comes.  One that comes inside another transaction either ends that or is refused (503) and changes nothing:
 * the message that is open waits for the reply.  NULL when there is no memory. */
struct message *pairing_nest(struct dialogue *d);
void pairing_on_mail_reply(struct dialogue *d, const struct message *message, const struct smtp_reply *reply);
/* The message that waits so is over. */
void pairing_resume(struct dialogue *d, bool doubtful);
bool pairing_take_ended(struct dialogue *d, struct smtp_item *item);
/* Whether that may find one. */
static inline bool pairing_has_ended(const struct dialogue *d) {
    return d->oldest != NULL && d->oldest->client_done;
}
/* The copy of a reply that a message keeps; of the one that ends it. */
struct smtp_reply pairing_keep(struct dialogue *d, struct message *message, const struct smtp_reply *reply);
struct smtp_reply pairing_keep_final(struct dialogue *d, struct message *message, const struct smtp_reply *reply);
/* All that can still be told of the messages in flight is what is known now. */
void pairing_finish(struct dialogue *d, bool seen_to_the_end);

/* The client has said a command of this message, or (NULL) of none. */
void pairing_await(struct dialogue *d, struct message *message, struct waiting row);
/* The message that a command is of; NULL: of none, or of one that did not wait for its reply. */
struct message *pairing_message_of(struct dialogue *d, const struct waiting *row);
/* An unknown number of commands was lost here. */
void pairing_hole(struct dialogue *d);
/* Replies were lost. */
void pairing_lose_replies(struct dialogue *d);
/* More replies came than commands that wait: after a loss, the last ones may have gone to the wrong commands. */
void pairing_doubt(struct dialogue *d);
/* Nobody knows which command the next reply belongs to. */
bool pairing_is_lost(struct dialogue *d);
void pairing_forget_first(struct dialogue *d, bool lost);
void pairing_forget_all(struct dialogue *d);
/* The command behind the first one was none. */
void pairing_forget_second(struct dialogue *d);
/* Forgets what waits before the first command of this kind, whose reply has come.  False when none waits, or when it is
 * DATA and the go-ahead may be to another one. */
bool pairing_find(struct dialogue *d, enum smtp_verb verb);

void pairing_emit(struct dialogue *d, struct smtp_item item);

/* --- smtp_held.c --------------------------------------------------------------------------------------------------
 */

/* Keeps a reply whose command is not known yet. */
void held_add(struct dialogue *d, const struct smtp_reply *reply);
/* One reply has come since the hole, as far as can be seen, and it is not one of those that a MAIL would get. */
bool held_is_one(const struct dialogue *d);
/* The same, or none. */
bool held_is_few(const struct dialogue *d);
/* Replies were lost behind those that are held. */
void held_gap(struct dialogue *d);
/* The first `rows` commands have all been answered, the last of them by the last reply that is held: gives them their
 * replies as far as that is certain, and takes them off the queue. */
void held_settle(struct dialogue *d, uint32_t rows);
void held_forget(struct dialogue *d);
/* Whether a command of this kind is ever answered so. */
bool held_can_answer(enum smtp_verb verb, uint16_t code);
/* Whether a reply with this code, that ends there, and whose sender had heard so much, can be the command's. */
bool held_fits(const struct waiting *row, uint16_t code, uint64_t end, uint64_t heard);

/* --- smtp_client.c -------------------------------------------------------------------------------------------------
 */

/* Takes in some of the input; true when that made an item. */
bool client_step(struct dialogue *d, struct smtp_item *item);
/* Bytes of it have come. */
void client_note_spoke(struct dialogue *d);
void client_gap(struct dialogue *d, uint64_t length);
/* It has said this, or the beginning of it: may it be something else than SMTP? */
void client_note_sense(struct dialogue *d, enum smtp_verb verb);
/* The server has taken its last hello, as far as can be known. */
void client_hello_taken(struct dialogue *d);

/* --- smtp_content.c ------------------------------------------------------------------------------------------------
 */

/* Whether content comes next, or what may be content. */
bool content_is_due(const struct dialogue *d);
/* Whether it is that of a DATA. */
bool content_is_body(const struct dialogue *d);
bool content_step(struct dialogue *d, struct smtp_item *item);
/* Whether the client is saying a body of which nobody wants to hear more, and whether nothing else is to be told. */
static inline bool content_can_skim(const struct dialogue *d) {
    return d->mode == CLIENT_BODY && d->current != NULL && d->current->content_done && d->pending_count == 0 &&
           d->smuggled == NULL && d->tls_doubt != TLS_GRANTED && !pairing_has_ended(d);
}
/* Passes over what is ordinary text of it: returns how much. */
size_t content_skim(struct dialogue *d, struct span bytes);
void content_gap(struct dialogue *d, uint64_t length);
/* A command comes next or, if it does not look so, what `otherwise` says. */
void content_probe(struct dialogue *d, enum client_mode otherwise);
void content_begin_body(struct dialogue *d);
void content_begin_chunk(struct dialogue *d, const struct smtp_chunk *chunk);
/* The body is over: by its final dot, or, when that was lost or is of another kind, by what followed. */
void content_finish_body(struct dialogue *d, bool complete);
/* Nothing more will come. */
void content_settle(struct dialogue *d, bool seen_to_the_end);
void content_lose_chunk(struct dialogue *d);
/* A reply was lost while a body came: an early end, or its end is among what is lost. */
void content_note_answered(struct dialogue *d);

/* --- smtp_hole.c ---------------------------------------------------------------------------------------------------
 */

/* What the client says next is anything. */
void hole_begin(struct dialogue *d);
/* Bytes among commands are lost; between_lines: where a line began. */
void hole_in_commands(struct dialogue *d, uint64_t length, bool between_lines);
/* The line that has begun is cut by a gap. */
void hole_cuts_line(struct dialogue *d);
/* Whether the line, behind a hole, is skipped: it may be content. */
bool hole_takes_line(struct dialogue *d, const struct smtp_line *line, enum smtp_verb verb);
/* What comes now is of a message whose MAIL may be among what was lost. */
void hole_begin_headless(struct dialogue *d);

/* --- smtp_pace.c ---------------------------------------------------------------------------------------------------
 */

/* The client's bytes come: what had it read when it sent them? */
void pace_note_read(struct dialogue *d);
/* It says a command; or (VERB_BODY_END) begins a body. */
void pace_note_command(struct dialogue *d, enum smtp_verb verb);
/* It goes on, perhaps although the reply that it waits for has not come, or not to its end: a reply that it gave up may
 * come later, or never. */
void pace_note_patience(struct dialogue *d);

/* --- smtp_server.c -------------------------------------------------------------------------------------------------
 */

/* Takes in some of the input; true when that made an item. */
bool server_step(struct dialogue *d, struct smtp_item *item);
void server_gap(struct dialogue *d);
/* The first command's reply, when the client has gone on since. */
void server_answer_late(struct dialogue *d, const struct smtp_reply *reply);
/* The server says no more.  certain: it closed its side, nothing is missing. */
void server_end(struct dialogue *d, bool certain);
/* The client goes on: what the server has said of a line, or even of the lines of a reply, is all that will come of it.
 */
void server_break_off(struct dialogue *d, bool lines_too);
/* Nothing more will come: a client whose EHLO or HELO was refused, and who never said MAIL, made an attempt that
 * failed. client_is_over: it can say no more; else it may, and nobody sees it. */
void server_settle_hello(struct dialogue *d, bool client_is_over);
/* A reply that waited until smuggled commands were read. */
void server_resume(struct dialogue *d);

/* --- smtp_smuggled.c -----------------------------------------------------------------------------------------------
 */

/* Whether what stands behind an odd end of this body is being kept. */
bool smuggled_is_open(const struct dialogue *d);
/* Whether what was kept is being read as commands. */
bool smuggled_is_replaying(const struct dialogue *d);
/* Bytes of a body were taken; an odd end is the last of them, or not. */
void smuggled_note(struct dialogue *d, struct span taken, bool odd_end);
/* The body is over.  True when an unknown number of commands may have stood in it. */
bool smuggled_body_ended(struct dialogue *d);
/* Something the server said was lost: nobody can count replies any more. */
void smuggled_server_gap(struct dialogue *d);
/* What was kept is read again no more, unless it is being read: the client goes on, or something of its was lost. */
void smuggled_forget(struct dialogue *d);
/* Whether the reply that is there can only answer a smuggled command. */
bool smuggled_is_answered(struct dialogue *d, uint16_t code);
/* What was kept becomes the input, as commands of the client. */
void smuggled_replay(struct dialogue *d, bool reply_waits);
/* All of it was read. */
void smuggled_replayed(struct dialogue *d);

/* --- smtp_dialogue.c -----------------------------------------------------------------------------------------------
 */

/* What is to be consumed next. */
struct span *dialogue_input(struct dialogue *d);
/* These bytes of the client's are read before what else is there. */
void dialogue_read_first(struct dialogue *d, struct span bytes, enum input_origin origin);
/* How much of a side's stream was taken in. */
uint64_t dialogue_position(const struct dialogue *d, enum stream_side side);
/* TLS comes next, on both sides. */
void dialogue_enter_tls(struct dialogue *d, enum tls_mode mode);
/* What seemed to come in TLS comes in the clear. */
void dialogue_leave_tls(struct dialogue *d);
/* TLS comes next, for all that the client's first byte says. */
void dialogue_guess_tls(struct dialogue *d, enum tls_mode mode);
/* While that is a guess: what the client says, or (length) what is lost of that. */
void dialogue_note_guessed(struct dialogue *d, struct span bytes, uint64_t length);
/* The server speaks: true when it was no TLS, and what the client said is the input now. */
bool dialogue_takes_guess_back(struct dialogue *d);
/* Whether the byte, said by this side, can only be TLS: no command, reply or line of text begins so. */
bool dialogue_begins_tls(const struct dialogue *d, enum stream_side side, uint8_t byte);

#endif
