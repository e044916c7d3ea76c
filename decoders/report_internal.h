/* Between the files that read reports.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_REPORT_INTERNAL_H
#define MAILSPAN_REPORT_INTERNAL_H

#include "mailspan/html_text.h"
#include "mailspan/mail_report.h"

struct report_list {
    struct report_recipient *at[LIMIT_REPORT_RECIPIENTS];
    unsigned count;
    uint32_t dropped;
};

/* Where what is kept goes. */
struct report_store {
    struct arena *arena;
    struct counters *counters;
};

/* What stands in a block of fields (RFC 3464 2.3); the first of a name counts. */
struct dsn_block {
    struct span original, final, action, remote;
    struct report_recipient told; /* reply, status, in_reply */
    bool action_seen, will_retry;
    bool lost; /* bytes of it are missing */
    bool any;  /* it has a field that belongs to a recipient */
};

struct dsn_report {
    struct report_store store;
    struct report_list list;
    struct dsn_block block;
    struct span envelope_id, message_id, sender;
    unsigned blocks;
};

struct arf_report {
    struct report_store store;
    struct report_list list;
    struct span feedback_type, envelope_id, sender;
    bool is_xarf;    /* the fields are X-ARF's */
    bool names_junk; /* the returned message has the header that Microsoft adds to what a user calls junk */
};

/* What the words of a line mean (notice_words.c). */
enum notice_mark {
    NOTICE_PROGRAM = 1 << 0, /* a mail server's program names itself */
    NOTICE_FAILS = 1 << 1,
    NOTICE_DELAYS = 1 << 2,
    NOTICE_SUCCEEDS = 1 << 3,
    NOTICE_ANNOUNCES = 1 << 4, /* addresses follow that this is said of */
    NOTICE_COPY_FOLLOWS = 1 << 5,
    NOTICE_TRANSCRIPT = 1 << 6, /* what was said between the servers follows */
    NOTICE_YOURS = 1 << 7,      /* of a message that the reader sent */
    NOTICE_SUPPOSES =
        1 << 8, /* "If messages cannot be delivered, ...": what follows in the sentence has not happened */
    NOTICE_SUPPOSES_FIRST = 1 << 9, /* ... where the sentence begins with it */
    NOTICE_GIVES_UP = 1 << 10,      /* nothing more is tried */
    NOTICE_ARRIVES = 1 << 11,       /* the message came, if otherwise than it was sent */
    NOTICE_ACKNOWLEDGES = 1 << 12,  /* a desk answers, or somebody sends on: others' words follow */
    NOTICE_NAMES_TITLE = 1 << 13,   /* the message's title follows: its sender's words */
    NOTICE_OF_MAIL = 1 << 14,       /* ... where the sentence names a message before */
    NOTICE_SOLVED = 1 << 15,        /* what failed came in the end, whomever the notice lists */
    NOTICE_FORM = 1 << 16,          /* a web server's form brings somebody's words */
};

struct notice_sentence {
    const char *words; /* in lower case, as far as they are ASCII; two bytes at least */
    uint8_t len;
    uint32_t marks; /* enum notice_mark */
};

#define NOTICE_BUCKETS 128
#define NOTICE_SENTENCES_MAX 890 /* what an arena block takes */
#define NOTICE_ROW_BITS 10

/* The sentences by their last two bytes, with a tag for the one before.  Each byte of a text costs a walk over the
 * sentences of its bucket, seven of them or so, and hardly more than a look at the tag of each. */
struct notice_index {
    uint16_t first[NOTICE_BUCKETS]; /* tags above NOTICE_ROW_BITS, below them the rows from 1 on; 0: none */
    uint16_t next[NOTICE_SENTENCES_MAX + 1];
};

_Static_assert(NOTICE_SENTENCES_MAX < 1 << NOTICE_ROW_BITS, "a row has its bits");

/* Of the sentence that a text ends in, for what follows. */
struct notice_sense {
    bool supposed : 1;          /* nothing has happened */
    bool begun : 1;             /* it has words already */
    bool yours : 1, failed : 1; /* it speaks of the reader's message, and that one failed */
    bool titled : 1;            /* it may be the message's title: only what says that one failed counts */
};

/* Words that an address follows. */
struct notice_opening {
    const char *words;
    uint8_t len;
    unsigned flags; /* enum notice_opening_flag */
};

enum notice_opening_flag {
    NOTICE_AT_START = 1 << 0,     /* only where a line begins with them */
    NOTICE_SURE = 1 << 1,         /* they say that a message did not come to the address */
    NOTICE_IS_REASON = 1 << 2,    /* ... and why */
    NOTICE_BEHIND_BLANK = 1 << 3, /* why stands in the next paragraph (dma) */
    NOTICE_LISTED = 1 << 4,       /* only behind words that announce addresses */
    NOTICE_PAIRED = 1 << 5,       /* ... or where a message failed, and "Reason:" follows */
    NOTICE_THEN_FAILED = 1 << 6,  /* only before an address with "failed" behind it */
};

enum notice_phase { NOTICE_TEXT, NOTICE_COPY_AHEAD, NOTICE_COPY, NOTICE_OVER };

#define NOTICE_TAIL_BYTES 64                           /* the longest sentence that is looked for */
#define NOTICE_READS_MAX (2 * LIMIT_REPORT_RECIPIENTS) /* each takes memory, and the same address may come for ever */
#define NOTICE_NAME_BYTES 64                           /* of a person, before the address */
#define NOTICE_NO_REASON ((size_t)-1)                  /* none of the words that a reason follows */

enum notice_flag {
    /* of the text */
    NOTICE_FLAT = 1 << 0,          /* indentation means nothing: it was HTML */
    NOTICE_BESIDE_FIELDS = 1 << 1, /* it is in a multipart/report, whose fields say of whom it speaks */
    NOTICE_LOST = 1 << 2,          /* bytes of it are missing */
    NOTICE_TELLS = 1 << 3,         /* a sentence says of an address that it could not be reached */
    NOTICE_DOUBTED = 1 << 4,       /* no mail server signs it: others' words may stand in it */
    NOTICE_UNASKED = 1 << 5, /* ... and it answers no message (RFC 3834 5): one sentence amid others says nothing */
    NOTICE_IN_FORM = 1 << 6, /* ... but it stands not amid others, it is a label before the address */
    /* of what is being read: an entry (open), a reason that stands apart, or what the servers said */
    NOTICE_IN_REASON = 1 << 7,
    NOTICE_IN_TRANSCRIPT = 1 << 8, /* Sendmail's, MDaemon's */
    NOTICE_IN_SENTENCE = 1 << 9,   /* the entry began in a sentence */
    NOTICE_LABELLED = 1 << 10,     /* it began with "Recipient:", of a message that failed */
    NOTICE_LABELLED_WHY = 1 << 11, /* ... and "Reason:" followed */
    NOTICE_COLON = 1 << 12,        /* a colon was behind the entry's address */
    NOTICE_WAITS = 1 << 13,        /* its text, or the reason, may stand in the next paragraph */
    NOTICE_SAID_CUT = 1 << 14,
    NOTICE_QUOTES = 1 << 15, /* a reply's code was in it: the words behind are the other server's */
    NOTICE_BARE = 1 << 16,   /* that a message failed is all that was said of it; why may be the next paragraph */
    NOTICE_RULED = 1 << 17,  /* a line before may be the title of the message's copy */
    /* of the line */
    NOTICE_FRESH = 1 << 18,     /* it begins a paragraph, or is the first behind words that announce addresses */
    NOTICE_ANNOUNCED = 1 << 19, /* the line before has such words */
    NOTICE_ID_AHEAD = 1 << 20,  /* the copy's Message-ID may stand on the next line */
};

#define NOTICE_TITLE_LINES 4 /* that a title in quotes may go over */

/* The title of the message that a notice speaks of. */
struct notice_title {
    uint16_t indent; /* of the line with its label */
    uint8_t closing; /* the quote that ends it, from 1 on; 0: it is in none */
    uint8_t lines;   /* that it goes over in quotes */
    bool labelled;   /* it may go on, indented deeper */
    bool awaited;    /* nothing of it has come */
};

enum notice_copy { NOTICE_NO_COPY, NOTICE_COPY_MAY_FOLLOW, NOTICE_COPY_IS_SURE };

/* What a text for people says. */
struct notice {
    struct report_store store;
    const struct notice_index *index;
    struct report_list list;
    struct report_recipient *open; /* its text is still being read */
    uint8_t *said;                 /* of it, or of a reason, LIMIT_REPORT_LINE_BYTES */
    uint16_t said_len;
    uint16_t indent;   /* of the line that the open one began with */
    uint16_t column;   /* of the line that what is being said began with */
    uint32_t flags;    /* enum notice_flag */
    uint16_t marks;    /* enum notice_mark, of all its lines */
    uint8_t phase;     /* enum notice_phase */
    uint8_t reads;     /* of what is said, NOTICE_READS_MAX at most */
    uint32_t in_words; /* a bit for each recipient: what is said of him is a sentence's end, and a reason goes before */
    uint8_t unfailed;  /* recipients that came before anything was said to fail */
    uint8_t calls;     /* RCPT commands in the transcript: 0, 1, or 2 for more */
    uint8_t tail_len;
    uint8_t tail[NOTICE_TAIL_BYTES];   /* the end of what stands before in the paragraph */
    struct notice_sense before, sense; /* of the sentence at hand, before the line and behind it */
    struct notice_title title;
    struct report_recipient reason; /* reply, in_reply, stage: of all that have none of their own */
    struct span transcript;         /* the first refusal in it */
    struct span called;             /* the first RCPT's mailbox in it */
    struct span message_id, sender; /* of the copy behind the text */
};

static inline bool notice_has(const struct notice *notice, unsigned flag) {
    return (notice->flags & flag) != 0;
}

static inline void notice_set(struct notice *notice, unsigned flags, bool on) {
    notice->flags = on ? notice->flags | flags : notice->flags & ~flags;
}

_Static_assert(LIMIT_REPORT_RECIPIENTS <= 32, "a bit for each");

/* Zeroed memory is the state before the first byte. */
struct notice_html {
    struct html_text text;
    uint8_t matched; /* bytes of "<pre" seen, without the slash */
    bool closing, in_pre;
    bool blank; /* behind white space */
};

/* A copy of at most so many bytes; what there is no memory for is counted. */
struct span report_keep(const struct report_store *store, struct span s, size_t bytes_max);
/* NULL: it is not kept, and counted. */
struct report_recipient *report_add(const struct report_store *store, struct report_list *list, struct span mailbox);
/* The same, with a copy of the mailbox. */
struct report_recipient *report_add_kept(const struct report_store *store, struct report_list *list,
                                         struct span mailbox);
/* A mailbox as reports write it, without brackets and comments; empty when it is none. */
struct span report_mailbox(struct span s);
/* The length of a quoted string at the start (RFC 5322 3.2.4), with its quotes; 0: there is none, or it does not end.
 */
size_t report_quoted(struct span s);
/* "rfc822; value" without what is before the semicolon. */
struct span report_typed(struct span value, struct span *type);
/* Whether it stands in the text, in any case of letters; where (text.len: nowhere). */
size_t report_find(struct span text, struct span words);
static inline bool report_has(struct span text, struct span words) {
    return report_find(text, words) < text.len;
}
/* The reply in a diagnostic or in a sentence about one: code, enhanced code, text (kept). */
void report_read_reply(const struct report_store *store, struct span text, bool cut, struct report_recipient *told);
enum report_subject { SUBJECT_OTHER, SUBJECT_UNDELIVERED, SUBJECT_AWAY, SUBJECT_ANSWERS };
/* What a subject says of its mail. */
enum report_subject report_subject(struct span subject);
/* Whether it is another mail's: who sends on, or answers, has put a word or a number before it. */
bool report_subject_of_another(struct span subject);
/* Where a refusal's code begins that somebody is said to have replied; text.len: nowhere. */
size_t report_refusal_start(struct span text);
/* Whether a mail server signs with it (From). */
bool report_from_server(struct span value);
/* What a text says was refused. */
enum stage report_stage(struct span text);
/* A header of the returned message. */
void report_returned_header(const struct report_store *store, struct span name, struct span value,
                            struct span *message_id, struct span *sender);

void dsn_report_field(struct dsn_report *dsn, struct span name, struct span value, bool cut);
/* Behind a line of blanks alone: this field can only be of the next block. */
bool dsn_report_begins_block(const struct dsn_report *dsn, struct span name);
void dsn_report_block_end(struct dsn_report *dsn, enum report_kind kind);
void arf_report_field(struct arf_report *arf, struct span name, struct span value);
/* A header of the returned message. */
void arf_returned_header(struct arf_report *arf, struct span name, struct span value);
bool arf_report_complains(const struct arf_report *arf, bool message_came_back);

void notice_index_make(struct notice_index *index);
/* NULL behind the last. */
const struct notice_sentence *notice_sentence(unsigned i);
/* Of what ends behind the text's first `old` bytes; what is known already need not be found again. sense: in the
 * beginning of what is before these bytes' end, then of the text's. */
unsigned notice_marks(const struct notice_index *index, struct span text, size_t old, unsigned known,
                      struct notice_sense *sense);
/* Where the first words end that say that a message failed, and where they begin; 0: there are none. */
size_t notice_failure(const struct notice_index *index, struct span text, size_t *begin);
/* The text as far as its first sentence goes. */
struct span notice_sentence_head(struct span text);
/* The next of the openings in the text, from row *after on, where it stands and what is behind it; NULL: none is left.
 */
const struct notice_opening *notice_opening(struct span text, unsigned *after, size_t *at, size_t *behind);
/* Where the reason begins in a line that announces one; else NOTICE_NO_REASON.  behind_address: the line is of none,
 * and stands behind some. */
size_t notice_reason(struct span text, bool behind_address);
/* HTML source; the sink gets lines. */
void notice_html_push(struct notice_html *html, struct span source, const struct html_sink *sink);

/* Whether the line is a title with its label, or goes on with one. */
bool notice_title_line(struct notice_title *title, struct span text, size_t indent);
void notice_title_blank(struct notice_title *title);
/* Whether a title in quotes begins in the line, not behind another server's reply, or goes on. */
bool notice_quotes_title(const struct notice_title *title, struct span text);
/* The line without it; room: LIMIT_REPORT_LINE_BYTES. */
struct span notice_without_title(struct notice_title *title, struct span text, uint8_t *room);
/* "--- words ---" */
bool notice_is_rule(struct span text);
/* Whether a copy of the message follows; NOTICE_COPY_MAY_FOLLOW: if its headers do. */
enum notice_copy notice_copy_title(struct span text);
bool notice_is_copied_header(struct span text);

/* One line, without its end. */
void notice_line(struct notice *notice, struct span line, bool cut);
void notice_end(struct notice *notice);
/* Recipients that the header names and the text does not: "a, b". */
void notice_add_failed(struct notice *notice, struct span mailboxes);
/* What became of the mail, by the text alone. */
bool notice_delays(const struct notice *notice);
enum report_kind notice_kind(const struct notice *notice);
/* What it says of a recipient; NULL: nothing. */
const struct report_recipient *notice_of(const struct notice *notice, const struct report_recipient *recipient);

#endif
