/* notice: what a mail that came in to a source tells of one message and one recipient (mail_report.h): a late bounce, a
 * complaint.
 *
 * It borrows nothing: it can be written to a socket as it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_NOTICE_H
#define MAILSPAN_NOTICE_H

#include "mailspan/mail_report.h"
#include "mailspan/verdict.h"

struct notice {
    nstime time;                /* the end of the mail */
    struct endpoint source;     /* the server that it came in to */
    struct endpoint brought_by; /* the client */
    uint8_t kind;               /* enum report_kind; of what became of the recipient */
    bool reply_cut;             /* more may have stood behind reply_text */
    uint16_t bounce_class;      /* as in a verdict, and the next three */
    uint16_t code;
    struct enhanced_code enhanced;
    float weight, passed_on_weight;
    uint64_t message_id;     /* hashes (sent.h): of the message that it speaks of; 0: it does not say */
    uint64_t mailbox, final; /* ... its recipient, and the one that he became; 0: the same */
    uint64_t sender;         /* ... whom the mail came to: the sender of that message */
    char message_id_text[VERDICT_MESSAGE_ID_BYTES]; /* NUL-terminated, cut when longer, as the next two */
    char reply_text[VERDICT_TEXT_BYTES];
    char recipient[VERDICT_TEXT_BYTES];
};

/* Whether a report speaks of messages sent; NULL: there is none. */
bool notice_is_due(const struct mail_report *report);
/* Of one recipient, or of NULL where the report names none.  context as for verdict_make, of the mail that came in. */
void notice_make(struct notice *notice, const struct verdict_context *context, const struct message *message,
                 const struct mail_report *report, const struct report_recipient *recipient);

/* What was found. */
enum notice_finding {
    NOTICE_BACKSCATTER, /* the source was not seen to send such a message, or too long ago */
    NOTICE_GONE,        /* it was, but the message is in its sample no more */
    NOTICE_DOUBTED, /* who brought it is not the server that took the message, and does not name it, or spoke too often
                     */
    NOTICE_NOTHING, /* it is there, and this changes nothing */
    NOTICE_COUNTED, /* its entry in the sample was changed */
};

const char *notice_finding_name(enum notice_finding finding);

#endif
