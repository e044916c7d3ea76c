/* How the outputs word things: times, addresses, mailboxes and subjects as far as privacy lets them be seen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_WORDING_H
#define MAILSPAN_PUBLISH_WORDING_H

#include "mailspan/event.h"
#include "mailspan/utf8.h"

#define TIME_TEXT_BYTES 28   /* "2026-01-02T03:04:05.123456Z" and its NUL */
#define PREFIX_TEXT_BYTES 50 /* an address, "/128" and its NUL */
#define EVENT_ID_BYTES 256

/* RFC 3339 in UTC with microseconds.  Returns text. */
const char *time_to_text(nstime time, char text[TIME_TEXT_BYTES]);

/* "192.0.2.1/32", "2001:db8::/64"; bits count from the start of the 128, so an IPv4 /32 is 128.  Returns text. */
const char *prefix_to_text(const struct ip_address *ip, uint8_t bits, char text[PREFIX_TEXT_BYTES]);

/* "5.1.1", or NULL when the reply has none. */
const char *enhanced_to_text(const struct enhanced_code *code, char text[24]);

/* Controls, and the format characters that hide text or turn it round (Unicode's Cc and the dangerous of Cf): no output
 * writes one as it is. */
bool hides_text(uint32_t code_point);

/* Where the functions below put what they make; a result lives as long as its buffer, or as its argument. */
struct word_buffer {
    uint8_t bytes[1280]; /* LIMIT_REPLY_TEXT_BYTES of nothing but the shortest mailboxes, hashed */
    size_t length;
};

/* "alice@example.com": as it is, "a***@example.com", or "1b0d4f8a22c39e57@example.com". */
struct span word_mailbox(const struct wording *wording, struct span mailbox, struct word_buffer *buffer);
/* A reply's text, with every mailbox in it worded as above.  cut: more may have stood behind it; then a last word that
 * may be the beginning of a mailbox is left out, unless everything is shown. */
struct span word_reply_text(const struct wording *wording, struct span text, bool cut, struct word_buffer *buffer);
/* The same of a reply, and of the text that a verdict keeps of one; both know their limits. */
struct span word_reply(const struct wording *wording, const struct smtp_reply *reply, struct word_buffer *buffer);
struct span word_evidence_text(const struct wording *wording, const struct verdict *verdict,
                               struct word_buffer *buffer);
/* "Your invoice": as it is, "Y*** i***", or "1b0d4f8a22c39e57". */
struct span word_subject(const struct wording *wording, struct span subject, struct word_buffer *buffer);

/* The bounce class of a verdict, and its name; NULL when nothing was refused. */
const struct bounce_class *bounce_class_of(const struct wording *wording, const struct verdict *verdict);
const char *word_bounce_class(const struct wording *wording, const struct verdict *verdict);
/* The blocklist that a refusal of this class names, in its text as it was worded; empty: none. */
struct span word_blocklist(const struct wording *wording, const struct bounce_class *class_, struct span worded);
/* "dialogue", or the mail that came in later: "bounce", "complaint". */
const char *word_told_by(const struct verdict *verdict);
/* The rule of this index; NULL when the rule set has none such. */
const struct rule *word_rule(const struct wording *wording, unsigned index);

/* The same decision has the same id in every run: sensor, source, number and time make it.  Returns text. */
const char *event_id(const struct wording *wording, const struct decision *decision, char text[EVENT_ID_BYTES]);
/* Of what happened to the sensor, no two have the same.  Returns text. */
const char *health_id(const struct wording *wording, const struct health_record *record, char text[EVENT_ID_BYTES]);

#endif
