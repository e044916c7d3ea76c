/* message: one mail transaction (RFC 5321 3.3), from MAIL to its end, with one outcome for each recipient.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MESSAGE_H
#define MAILSPAN_MESSAGE_H

#include "mailspan/arena.h"
#include "mailspan/clock.h"
#include "mailspan/reply.h"

enum visibility {
    VISIBILITY_CLEAR,
    VISIBILITY_GAPPED, /* bytes between its first command and its last reply are missing */
    VISIBILITY_CLIENT_ONLY,
    VISIBILITY_SERVER_ONLY,
    VISIBILITY_ENCRYPTED,
};

enum outcome {
    OUTCOME_UNKNOWN,   /* the capture did not show it */
    OUTCOME_DELIVERED, /* 2yz */
    OUTCOME_DEFERRED,  /* 4yz */
    OUTCOME_BOUNCED,   /* 5yz */
    OUTCOME_ABORTED,   /* the client gave up, or the connection ended, before an answer that decides */
};

/* Where a message that was not delivered failed. */
enum stage { STAGE_NONE, STAGE_GREETING, STAGE_MAIL, STAGE_RCPT, STAGE_DATA, STAGE_BODY };

struct recipient {
    struct span mailbox;     /* as in RCPT TO:<...>, without the brackets; empty: there was no memory for it */
    struct smtp_reply reply; /* to its RCPT */
    enum outcome outcome;    /* what became of it in the end */
};

#define RECIPIENTS_PER_BLOCK 2 /* an ordinary message and its content lie in one block of the arena */

struct recipient_block {
    struct recipient_block *next;
    struct recipient recipients[RECIPIENTS_PER_BLOCK];
};

struct message {
    struct arena arena;   /* holds all that the message points to, and the message itself */
    struct message *next; /* of the same dialogue, younger */
    uint32_t ordinal;     /* from 1 in its dialogue */
    bool client_done;     /* the client has said all of it */
    bool content_done;    /* the pipeline's: nobody wants more of its content */
    nstime start;         /* its MAIL; for a refused greeting, the connection's first byte */
    nstime end;           /* the reply or command that ended it */
    void *user;           /* the pipeline's: what it found in the content; lives in the arena */
    uint64_t body_bytes;  /* as sent: dot-stuffed, without the final dot line; BDAT: the chunks */
    enum visibility visibility;
    enum outcome outcome;
    enum stage stage;
    struct span sender;     /* MAIL FROM:<...>, without the brackets; empty for a null sender */
    bool sender_seen;       /* false when the MAIL was lost */
    uint32_t declared_size; /* SIZE= of the MAIL (RFC 1870); 0: none, or over 4 GiB */
    struct smtp_reply mail_reply;
    struct smtp_reply data_reply;  /* to DATA */
    struct smtp_reply final_reply; /* to the body, or to the last BDAT */
    struct smtp_reply reply;       /* the one that decided */
    struct recipient_block *recipients_first;
    struct recipient_block *recipients_last;
    struct recipient_block *finals_block; /* where recipient `finals` lies; NULL: not looked for yet */
    uint32_t recipient_count;             /* kept in the blocks */
    uint32_t recipients_dropped;
    uint32_t dropped_accepted, dropped_permanent, dropped_transient; /* ... and what was answered to their RCPT */
    struct smtp_reply dropped_refusal; /* ... the first one for good, else the first one for now; without its text */
    bool body_size_lost;               /* where it began or ended, or a chunk of it, is among what is missing */
    bool body_started;
    bool body_complete;    /* the final dot, or the LAST chunk, was seen */
    bool bare_newlines;    /* a line of the body ended in LF alone, or CR stood alone (RFC 5321 2.3.8) */
    bool chunked;          /* came by BDAT (RFC 3030) */
    bool chunk_unanswered; /* what a chunk of it was answered is lost */
    bool refused_early;    /* a final reply came before the body was complete */
    bool cut_off;          /* the capture stopped showing it: what is not known stays unknown */
    bool gapped;           /* bytes of the client's are missing in it */
    bool commands_lost;    /* commands among them: there may be recipients that were not seen */
    bool doubtful;         /* what was seen may be of two messages: nobody can say what became of it */
    bool doubted_by_hole;  /* ... and only because of the commands that were lost last: what comes next may settle it */
    bool unpaired;         /* after a loss nobody knows which replies were to its commands */
    bool nested;           /* its MAIL came inside another transaction */
    bool final_for_each;   /* LMTP: each accepted recipient has a final reply of its own */
    bool finals_lost;      /* ... but whose those are that were seen is not known, from the next one on */
    uint32_t finals;       /* ... and of the first so many recipients it is known */
    uint32_t replies;      /* kept since they were last forgotten */
    uint32_t waiting;      /* commands of it without a reply yet */
    uint64_t gaps_before;  /* of the dialogue, when it began */

    /* SMTP smuggling (decoders/smtp_smuggled.c). */
    bool smuggling;         /* a dot alone between newlines that are not all CR LF: the end for some receivers */
    bool smuggled_commands; /* ... and a command stands behind it */
    bool smuggled;          /* it was said in the body of another one, and the receiver took it for commands */
};

/* A message in an arena of its own out of the pool, on the account of its dialogue (or NULL); NULL when there is no
 * memory. */
struct message *message_new(struct block_pool *pool, struct block_account *account, uint32_t ordinal, nstime start);
static inline void message_doubt(struct message *message) {
    message->doubtful = true;
    message->doubted_by_hole = false;
}
/* Something was said of it then; its end never moves back. */
static inline void message_note_end(struct message *message, nstime now) {
    if (message->end < now) message->end = now;
}
/* Gives all its memory back. */
void message_free(struct message *message);
/* Room for one more recipient; NULL when there is none.  Its mailbox stays empty when memory is short: what became of
 * it counts for more. */
struct recipient *message_add_recipient(struct message *message, struct span mailbox);
/* LMTP (RFC 2033 4.2): each accepted recipient has a final reply of its own, and this is the next one.  True when it
 * was the last; where recipients, or replies to them, are lost nobody can say. */
bool message_add_final(struct message *message, const struct smtp_reply *reply);
/* What was answered to the RCPT of a recipient that is not kept. */
void message_note_unlisted(struct message *message, const struct smtp_reply *reply);
/* A copy that lives as long as the message; without its text when the envelope has used up its memory, and when memory
 * is tight and the reply is no refusal. */
struct smtp_reply message_keep_reply(struct message *message, const struct smtp_reply *reply);
/* The same of what is to be its final reply, which says most: with its text whatever recipients and content took, once
 * for each kind (2yz, 4yz, 5yz). */
struct smtp_reply message_keep_final(struct message *message, const struct smtp_reply *reply);
/* What was answered to its commands is not known any more. */
void message_forget_replies(struct message *message);
/* Sets the outcome of the message and of each recipient, the stage, and the reply that decided, from the replies. */
void message_decide(struct message *message);

/* Of a message whose MAIL is lost: it never had any, since every RCPT was refused as out of order (503). */
bool message_never_began(const struct message *message);

/* Recipient i (from 0), or NULL. */
struct recipient *message_recipient(const struct message *message, uint32_t i);

/* The words of the output contract. */
const char *visibility_name(enum visibility visibility);
const char *outcome_name(enum outcome outcome);
const char *stage_name(enum stage stage); /* NULL for STAGE_NONE */
bool stage_read(struct span name, enum stage *stage); /* false, and STAGE_NONE: there is none of that name */

#endif
