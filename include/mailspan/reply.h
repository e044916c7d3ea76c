/* An SMTP reply (RFC 5321 4.2) and its enhanced status code (RFC 3463).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_REPLY_H
#define MAILSPAN_REPLY_H

#include "mailspan/span.h"

struct enhanced_code {
    uint8_t class_; /* 2, 4 or 5; 0 when the reply has none */
    uint16_t subject;
    uint16_t detail;
};

struct smtp_reply {
    uint16_t code; /* 0: no reply was seen */
    struct enhanced_code enhanced;
    struct span text; /* all lines joined by a space, without code and enhanced code, at most LIMIT_REPLY_TEXT_BYTES */
    bool cut;         /* there was more of it: its last word may be half a mailbox */
};

/* "5.1.1 rest" gives 5.1.1 and how many bytes it took, the blank behind it included; 0 when there is none. */
size_t enhanced_code_parse(struct span text, struct enhanced_code *code);

/* A reply that somebody wrote down: one line, or more ended by LF or CR LF.  Its text is copied to room, which has
 * LIMIT_REPLY_TEXT_BYTES.  Where there is an enhanced code only, as with some servers, the code is 400 or 500.  False:
 * it is no reply, or not one alone.  The last line may be missing. */
bool smtp_reply_read(struct span text, uint8_t *room, struct smtp_reply *reply);

static inline bool reply_is_positive(const struct smtp_reply *reply) {
    return reply->code >= 200 && reply->code < 300;
}
static inline bool reply_is_intermediate(const struct smtp_reply *reply) {
    return reply->code >= 300 && reply->code < 400;
}
static inline bool reply_is_transient(const struct smtp_reply *reply) {
    return reply->code >= 400 && reply->code < 500;
}
static inline bool reply_is_permanent(const struct smtp_reply *reply) {
    return reply->code >= 500 && reply->code < 600;
}
static inline bool reply_is_refusal(const struct smtp_reply *reply) {
    return reply_is_transient(reply) || reply_is_permanent(reply);
}

/* The same was said. */
static inline bool reply_equal(const struct smtp_reply *a, const struct smtp_reply *b) {
    return a->code == b->code && span_equal(a->text, b->text) && a->enhanced.class_ == b->enhanced.class_ &&
           a->enhanced.subject == b->enhanced.subject && a->enhanced.detail == b->enhanced.detail;
}

#endif
