/* mail: what is inside a message (RFC 5322, 2045-2047, 2231), taken from bytes in any cut, never kept whole.
 *
 * A pull parser, as dialogue.h: push bytes (dot-stuffing undone), then ask for items until there is none.
 *
 *   header*  headers_end  { header*  part_begin  text*  part_end }*
 *
 * Parts are numbered in the order of their headers, multiparts and nested messages included; the message is part 0, and
 * when it is no multipart its content is part 0 too.  Only leaves have a begin and an end; a multipart has just
 * headers. Where bytes of the message's own headers are missing there is no headers_end.
 *
 * Headers come unfolded (RFC 5322 2.2.3), with RFC 2047 words decoded to UTF-8; text comes with its transfer encoding
 * undone and in UTF-8; what cannot be UTF-8 becomes U+FFFD.  Spans in an item live until the next call of any parser of
 * the same charset table, because that is where the room to work in is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_MAIL_H
#define MAILSPAN_MAIL_H

#include "mailspan/arena.h"
#include "mailspan/attachment.h"
#include "mailspan/clock.h"
#include "mailspan/counters.h"
#include "mailspan/html_facts.h"
#include "mailspan/sent.h"
#include "mailspan/url_figures.h"

enum mail_item_type {
    MAIL_HEADER,      /* part, info (what is known of it so far), name, raw, value */
    MAIL_HEADERS_END, /* the message's own headers are complete */
    MAIL_PART_BEGIN,  /* part; info: a leaf part's headers are read, its content follows */
    MAIL_TEXT,        /* part, info, text: of a leaf that is PART_PLAIN, PART_HTML (as HTML source) or PART_REPORT */
    MAIL_PART_END,    /* part, info */
};

enum part_kind {
    PART_PLAIN, /* text/plain, and what has no type that can be read */
    PART_HTML,
    PART_REPORT,  /* message/delivery-status, message/feedback-report and such, text/rfc822-headers */
    PART_MESSAGE, /* a message that is not looked into */
    PART_IMAGE,
    PART_OTHER,
};

struct part_info {
    enum part_kind kind;
    uint8_t depth;
    bool attachment;      /* Content-Disposition */
    bool content_id;      /* there is a Content-ID: HTML may show it where it stands */
    struct span type;     /* "text/plain", lower case */
    struct span charset;  /* lower case, empty when none is given */
    struct span encoding; /* "7bit", "base64" ..., lower case */
    struct span filename; /* decoded, empty when none */
    /* What it is by its bytes; at MAIL_PART_END, of a part that is attached (attachment.h). */
    struct part_content content;
};

struct mail_item {
    enum mail_item_type type;
    unsigned part;     /* number of the part in order of its begin, from 0 (the message itself) */
    struct span name;  /* as written */
    struct span raw;   /* unfolded, not decoded, trimmed */
    struct span value; /* unfolded, decoded to UTF-8, trimmed */
    const struct part_info *info;
    struct span text;
    bool cut;  /* MAIL_PART_END: some text of the message so far was not read */
    bool jump; /* MAIL_TEXT: between it and the part's text before it is some that was not read */
};

/* Open iconv descriptors for the charsets of mail, made once before any rights are given up (iconv loads files), and
 * the room that headers and text are decoded in.  One for each thread. */
struct charset_table;
struct charset_table *charset_table_new(void); /* NULL: not enough memory */
void charset_table_free(struct charset_table *table);

struct mail_parser; /* opaque: decoders/mime_part.c; lives in the arena */

/* NULL when the arena is full. */
struct mail_parser *mail_parser_new(struct arena *arena, struct charset_table *charsets, struct counters *counters);
/* How much text is read, decoded, in place of LIMIT_TEXT_BYTES_DEFAULT; called before the first push.  What is longer
 * is read at its head, at the beginnings of its parts, and in slices (decoders/text_sample.h).  What a report says to
 * programs (PART_REPORT) is not counted in. */
void mail_limit_text(struct mail_parser *parser, uint32_t bytes);
void mail_push(struct mail_parser *parser, struct span bytes);
/* Bytes are missing here.  The header or line that it fell into is given up; decoding goes on at the next certain line.
 */
void mail_gap(struct mail_parser *parser, uint64_t length);
/* Nothing follows: flushes what waits.  Then items are to be asked for once more. */
void mail_finish(struct mail_parser *parser);
bool mail_next(struct mail_parser *parser, struct mail_item *item);

/* --- header values (decoders/mail_header.c) ----------------------------------------------------------------------- */

struct mail_address {
    struct span display; /* display name without quotes, empty when none */
    struct span local;   /* left of the @ */
    struct span domain;  /* right of it */
};

/* The first address of a From, To, Cc, Sender or Reply-To value (RFC 5322 3.4, obsolete forms and groups included), and
 * how many there are.  The spans point into value.  0 when there is none. */
unsigned mail_addresses(struct span value, struct mail_address *first);

/* The display name of that first address, decoded (RFC 2047): raw and decoded are the value before and after. */
struct span mail_display_name(struct span raw, struct span decoded, const struct mail_address *address);

/* "<id@host>" of a Message-ID or In-Reply-To value, brackets included; empty when there is no well-formed one. */
struct span mail_message_id(struct span value);

/* RFC 5322 3.3 with its obsolete zones and two-digit years.  False when it is no date. */
bool mail_date(struct span value, nstime *time);

/* The value of a tag in a tag list such as DKIM-Signature's (RFC 6376 3.2), trimmed; empty when absent. */
struct span mail_tag(struct span value, struct span tag);

/* --- what is kept of a message (decoders/mail_summary.c) ---------------------------------------------------------- */

struct word_sets; /* decoders/word_sets.h */

/* Of decoded text. */
struct text_shape {
    uint32_t bytes, ink, beyond; /* all; without white space; not of ASCII */
    uint32_t line, line_max;     /* bytes of the line at hand, of the longest one */
};

struct mail_summary {
    struct span from;         /* decoded value */
    struct span from_domain;  /* lower case */
    struct span from_display; /* decoded display name; those of further From headers behind it, each in a line */
    struct span reply_to_domain;
    struct span sender_domain; /* of the Sender header (RFC 5322 3.6.2) */
    struct span to;
    struct span subject;     /* decoded */
    struct span message_id;  /* brackets included */
    struct span dkim_domain; /* d= of the first DKIM-Signature, lower case */
    struct span list_unsubscribe;
    struct span content_type;
    nstime date;      /* 0: none, or not readable */
    uint16_t headers; /* how many in all, of the message itself */
    uint16_t from_headers, date_headers, message_id_headers, subject_headers, to_headers;
    uint16_t from_addresses;
    uint16_t received_headers, dkim_signatures;
    uint16_t parts;                   /* leaves */
    uint16_t html_parts, plain_parts; /* of them, when they are no attachments */
    uint16_t attachments;
    uint16_t attached[ATTACHED_COUNT]; /* what they are (attachment.h) */
    uint32_t text_bytes;               /* decoded plain text and HTML seen */
    bool date_bad, message_id_bad, from_bad;
    bool one_click; /* List-Unsubscribe-Post (RFC 8058) */
    bool headers_complete;
    bool text_cut; /* the text was not read whole */
    bool mime_version;
    uint8_t passes_on;               /* PASSES_... of its headers (sent.h) */
    struct text_shape plain, base64; /* of the first plain text, and of the part at hand when it is in base64 */
    uint16_t base64_needless;        /* parts of text in base64 that need none */
    uint8_t text_difference;         /* of 100 words, how many are in plain text or HTML alone */
    struct word_sets *word_sets;     /* NULL: no plain text inside a multipart, or no memory */
    struct url_figures url_figures;  /* of the URLs that a scan finds */
    struct html_figures html;        /* of HTML that is no attachment */
    struct html_facts *html_facts;   /* counts them, for who reads the HTML; NULL: there is none, or no memory */
};

/* Takes in one item; copies what it keeps into the arena. */
void mail_summarize(struct mail_summary *summary, const struct mail_item *item, struct arena *arena,
                    struct counters *counters);

#endif
