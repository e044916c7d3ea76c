/* mail_report: what a mail that comes in says of one that was sent: DSNs (RFC 3464) and what servers send in their
 * place, complaints (RFC 5965), receipts (RFC 8098), and the answers of people who are away.
 *
 *   mail.h's items  ->  report_reader_take ... report_reader_end  ->  mail_report, its recipients
 *
 * All of it is the word of whoever wrote the mail: who believes it looks whether he sent such a message at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAIL_REPORT_H
#define MAILSPAN_MAIL_REPORT_H

#include "mailspan/mail.h"
#include "mailspan/message.h"

enum report_kind {
    REPORT_NONE,
    REPORT_BOUNCE,
    REPORT_DELAY,
    REPORT_SUCCESS,
    REPORT_COMPLAINT,
    REPORT_VACATION,
    REPORT_MDN
};

struct report_recipient {
    struct span mailbox;         /* as the sender wrote it: Original-Recipient, else Final-Recipient, else the text's */
    struct span final;           /* Final-Recipient when it is another one (he forwards); else empty */
    enum report_kind kind;       /* what became of it: one report may tell of failures and of successes */
    struct smtp_reply reply;     /* code of the diagnostic, 0: none; enhanced: Status, else the diagnostic's;
                                    text of the diagnostic, else of the notice */
    struct enhanced_code status; /* the Status field alone; class_ 0: there is none */
    struct enhanced_code in_reply; /* the enhanced code in the diagnostic alone; class_ 0: there is none */
    enum stage stage;              /* what was refused, where the report says so; else STAGE_NONE */
    bool expired;                  /* the report says that it was given up, in place of why */
    struct span remote_mta;        /* who refused; may be empty */
};

struct mail_report {
    enum report_kind kind;       /* of the whole: the worst of its recipients' (bounce over delay over success) */
    unsigned recipient_count;    /* kept, at most LIMIT_REPORT_RECIPIENTS */
    uint32_t recipients_dropped; /* beyond these */
    struct span message_id;      /* of the message that it speaks of, brackets included; empty */
    struct span envelope_id;     /* Original-Envelope-Id (RFC 3464 2.2.1); empty */
    struct span original_sender; /* of the message that it speaks of; empty */
    struct span feedback_type;   /* of RFC 5965 or X-ARF, lower case; empty */
    struct report_recipient *const *recipients; /* ask report_recipient() */
};

struct report_reader; /* opaque: decoders/report_reader.c; lives in the arena */

/* NULL when the arena is full. */
struct report_reader *report_reader_new(struct arena *arena, struct counters *counters);
/* The SMTP sender that the mail came with; empty: null.  Where it is known it is to be said before the headers end,
 * because most mails are ruled out by it. */
void report_reader_came_from(struct report_reader *reader, struct span sender);
/* Every item of the mail parser, in order. */
void report_reader_take(struct report_reader *reader, const struct mail_item *item);
/* Bytes of the mail are missing here (mail_gap): what they may have cut in two is given up. */
void report_reader_gap(struct report_reader *reader);
/* Whether what follows can matter: most mails are ruled out by their headers. */
bool report_reader_wants_more(const struct report_reader *reader);
/* Of what was seen so far; never NULL.  Spans and recipients live in the arena. */
const struct mail_report *report_reader_end(struct report_reader *reader);

const struct report_recipient *report_recipient(const struct mail_report *report,
                                                unsigned i); /* NULL behind the last */
/* What a bounce class is found by: where no code is told, 499 or 599, which say no more than for now and for good; the
 * diagnostic's enhanced code goes before a Status of x.0.0, which says nothing.  code 0: nothing was refused. */
struct smtp_reply report_refusal(const struct report_recipient *recipient);
/* What is told beside the code: the enhanced code that the quoted reply has, else the Status. */
static inline struct enhanced_code report_enhanced(const struct report_recipient *recipient) {
    return recipient->in_reply.class_ != 0 ? recipient->in_reply : recipient->reply.enhanced;
}
const char *report_kind_name(enum report_kind kind);

#endif
