/* The parts of the SMTP decoder, for each other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_SMTP_INTERNAL_H
#define MAILSPAN_SMTP_INTERNAL_H

#include "mailspan/dialogue.h"

/* --- lines (smtp_line.c) -------------------------------------------------------------------------------------------
 */

/* The beginning of a line that is not complete yet. */
struct line_buffer {
    uint8_t *bytes; /* LIMIT_SMTP_LINE_BYTES and the CR, or NULL while nothing had to wait */
    size_t len;
    bool cut;     /* the line is longer than that */
    bool hushed;  /* the rest of the line is not kept: it may be a secret */
    bool ends_cr; /* the last byte of it was CR, kept or not */
};

struct smtp_line {
    struct span text; /* without its end; at most LIMIT_SMTP_LINE_BYTES */
    bool cut;
    bool bare_newline; /* ended in LF alone */
    bool empty;        /* nothing stood in it: text may be empty because it was hushed */
    bool buffered;     /* text lies in the buffer */
};

/* Takes the next complete line off *input; false when the input ends before the line does (what there was of it waits
 * in the buffer, which takes its memory from the arena when it first needs any).  text lives until the next call. */
bool smtp_line_take(struct line_buffer *buffer, struct arena *arena, struct span *input, struct smtp_line *line);
void smtp_line_forget(struct line_buffer *buffer);
/* Of the line that waits, only the first bytes stay, and nothing more of it is kept; the memory is cleared. */
void smtp_line_hush(struct line_buffer *buffer, size_t kept);
/* Clears the memory; a line that lies there is gone. */
void smtp_line_wipe(struct line_buffer *buffer);
bool smtp_line_is_open(const struct line_buffer *buffer);
/* What waits, as a line whose end did not come. */
struct smtp_line smtp_line_end(struct line_buffer *buffer);

/* --- commands (smtp_verb.c) ----------------------------------------------------------------------------------------
 */

enum smtp_verb {
    VERB_UNKNOWN,
    VERB_HELO,
    VERB_EHLO,
    VERB_LHLO,
    VERB_MAIL,
    VERB_RCPT,
    VERB_DATA,
    VERB_BDAT,
    VERB_RSET,
    VERB_QUIT,
    VERB_AUTH,
    VERB_STARTTLS,
    VERB_NOOP,
    VERB_VRFY,
    VERB_EXPN,
    VERB_HELP,
    VERB_ETRN,
    VERB_TURN,
    VERB_XCLIENT,
    VERB_XFORWARD,
    /* Not words: */
    VERB_BODY_END, /* the final dot, which has a reply of its own */
    VERB_HOLE,     /* an unknown number of commands was lost here */
    VERB_KINDS,
};

static inline bool smtp_is_hello(enum smtp_verb verb) {
    return verb == VERB_HELO || verb == VERB_EHLO || verb == VERB_LHLO;
}

struct smtp_command {
    enum smtp_verb verb;
    struct span argument; /* behind the verb, trimmed */
    bool cut;             /* the line was longer */
};

struct smtp_command smtp_command_parse(struct span line);

enum verb_guess { VERB_GUESS_NO, VERB_GUESS_MAYBE, VERB_GUESS_YES };
/* Whether a line that begins so has a known verb. */
enum verb_guess smtp_verb_guess(struct span start);
/* Whether a line that begins so (its end included) can only be a command, and no line of a text: "MAIL FROM:", but
 * not "Mail "; "QUIT" and its CR, but not "Quit ". */
enum verb_guess smtp_certain_guess(struct span start);
#define VERB_GUESS_BYTES 10 /* after so many bytes the answer is yes or no */
/* The same of a whole line, without its end. */
bool smtp_is_certain(struct span line);

/* The mailbox of MAIL FROM:<...> or RCPT TO:<...> (RFC 5321 4.1.2), without brackets; parameters are left out. */
struct span smtp_path(struct span argument);
/* The number of SIZE= behind the path of a MAIL (RFC 1870); 0: there is none, or it does not fit. */
uint32_t smtp_size(struct span argument);

/* BDAT size [LAST] (RFC 3030). */
struct smtp_chunk {
    uint64_t size;
    bool last;
    bool odd; /* servers differ in the size that they read: it has a sign, or more than 32 bits */
};

/* False when it is not well-formed. */
bool smtp_bdat(struct span argument, struct smtp_chunk *chunk);

/* --- commands that wait for a reply (smtp_queue.c) ------------------------------------------------------------------
 */

#define POSITION_UNKNOWN UINT64_MAX

struct waiting {
    struct recipient *recipient; /* of a RCPT; only while its message is in flight */
    uint32_t ordinal;            /* of its message; 0: of none (smtp_pairing.c) */
    uint32_t end;                /* in the client's stream, behind the command; these two wrap */
    uint32_t read;               /* of the server's stream: what the client had read */
    enum smtp_verb verb;
    bool last; /* BDAT ... LAST */
    bool read_known;
};

#define WAITING_PER_BLOCK 8 /* few wait at once; see struct dialogue */

struct waiting_block {
    struct waiting_block *next;
    struct waiting rows[WAITING_PER_BLOCK];
};

struct command_queue {
    struct waiting_block *first, *last, *spare;
    uint16_t first_used, last_used; /* rows taken off the first block, rows filled in the last */
    uint32_t count;
    uint16_t of_verb[VERB_KINDS];
};

/* False when the limit is reached or memory is out. */
bool command_queue_push(struct command_queue *queue, struct arena *arena, struct waiting row);
struct waiting *command_queue_first(struct command_queue *queue); /* NULL when empty */
struct waiting *command_queue_last(struct command_queue *queue);
void command_queue_pop(struct command_queue *queue);
/* Takes off the one behind the first; there are two at least. */
void command_queue_pop_second(struct command_queue *queue);
/* The last one becomes a hole: what comes behind it is not kept. */
void command_queue_spoil_last(struct command_queue *queue);
/* How many commands of this kind wait. */
uint32_t command_queue_count(const struct command_queue *queue, enum smtp_verb verb);
static inline bool command_queue_holds(const struct command_queue *queue, enum smtp_verb verb) {
    return command_queue_count(queue, verb) > 0;
}
/* The rows, oldest first; no more steps than there are rows. */
struct command_cursor {
    struct waiting_block *block;
    unsigned row;
};
struct command_cursor command_queue_walk(const struct command_queue *queue);
struct waiting *command_queue_next(struct command_cursor *cursor);

/* --- replies (smtp_reply.c) ----------------------------------------------------------------------------------------
 */

/* A reply as its lines come in. */
struct reply_buffer {
    struct smtp_reply reply; /* text points into bytes */
    bool open;               /* a line with a hyphen came, the last one did not */
    uint8_t bytes[LIMIT_REPLY_TEXT_BYTES];
};

enum reply_line { REPLY_NOT_ONE, REPLY_MORE, REPLY_COMPLETE };

/* Takes in one line, of which the end may have been cut off; *text is what stands behind its code.  When it is
 * complete, buffer->reply holds until the next line.  lenient: the blank behind the code may be missing. */
enum reply_line smtp_reply_line(struct reply_buffer *buffer, struct span line, bool cut, bool lenient,
                                struct span *text);
void smtp_reply_forget(struct reply_buffer *buffer);
/* Clears its text: servers quote what they do not understand, and that may be a secret. */
void smtp_reply_wipe(struct reply_buffer *buffer);

/* --- the content (smtp_body.c) -------------------------------------------------------------------------------------
 */

enum body_state {
    BODY_LINE_START, /* behind CRLF */
    BODY_DOT,
    BODY_DOT_CR,
    BODY_TEXT,
    BODY_CR,
    BODY_LF, /* behind a bare LF: where lenient receivers see a line begin */
};

struct body_reader {
    enum body_state state;
    uint64_t bytes; /* as sent so far, the final dot line left out */
    bool bare_newlines;
    uint8_t before[2]; /* the last two bytes; where the body begins, 0 and LF */
    uint32_t odd_ends; /* ends of data for a receiver that takes bare newlines, such as LF . LF */
};

#define BODY_READER_START ((struct body_reader){.state = BODY_LINE_START, .before = {0, '\n'}})

/* Takes content off *input up to the final dot line (RFC 5321 4.5.2), but not past an odd end.  *content: the next
 * bytes with dot-stuffing undone, perhaps none.  True when the final dot has come; *input then begins behind it. */
bool smtp_body_take(struct body_reader *reader, struct span *input, struct span *content);
/* Takes text off it that is ordinary: no dot to undo, no end of any kind.  Returns the rest, in which such may follow.
 */
struct span smtp_body_skim(struct body_reader *reader, struct span input);
/* Bytes are missing: where a line begins is not known any more. */
void smtp_body_gap(struct body_reader *reader, uint64_t length);

#endif
