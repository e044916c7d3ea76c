/* Which bytes of a message's text are read: its head, the beginnings of later parts, and slices.  Private to decoders/.
 *
 * The text of a part is a row of stretches, each of so many bytes as they were sent, so that nothing depends on cuts:
 *
 *   head ... head, end, gap, slice, end, gap, slice, end ...
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEXT_SAMPLE_H
#define MAILSPAN_TEXT_SAMPLE_H

#include "mailspan/span.h"

/* Where text may be cut. */
enum text_cut {
    TEXT_CUT_WORDS, /* at white space */
    TEXT_CUT_LINES,
    TEXT_CUT_TAGS,     /* before "<" or behind ">" */
    TEXT_CUT_ANYWHERE, /* its bytes are no ASCII: nothing is looked for */
};

enum text_stretch {
    TEXT_NONE,      /* before the part's first byte */
    TEXT_HEAD,      /* what the message says first */
    TEXT_BEGINNING, /* of a part behind the head */
    TEXT_SLICE,
    TEXT_END, /* the rest of the word or tag in which one of these ends */
    TEXT_GAP, /* not read */
    TEXT_REST /* ... and nothing behind it */
};

/* What is set aside for what. */
enum text_purse { PURSE_HEAD, PURSE_BEGINNINGS, PURSE_SLICES, TEXT_PURSES };

struct text_sample {
    uint64_t seed;
    uint32_t unit;                /* a 64th of what may be read */
    uint32_t left;                /* bytes of text that may still be read, in all */
    uint32_t purses[TEXT_PURSES]; /* ... of these */
    uint32_t free_left;           /* ... of what nobody reads: comments, styles and scripts of HTML */
    uint8_t slices;               /* begun, those at a part's beginning among them */
    bool cut;                     /* something was not read */
    /* Of the part at hand. */
    bool html, alone;
    uint8_t markup, matched, last; /* where in HTML what was paid for ends */
    uint8_t cut_at;                /* enum text_cut */
    uint8_t stretch;               /* enum text_stretch */
    uint8_t purse;                 /* that pays */
    bool at_edge;                  /* where a word or tag begins or ends is looked for */
    bool over;                     /* in TEXT_END: it was found */
    uint16_t edge_left;            /* bytes in which it is looked for */
    uint32_t stretch_left;         /* bytes as sent */
    uint64_t behind;               /* bytes as sent behind the part's first stretches that were read */
};

/* bytes: of text that may be read of a message. */
void text_sample_begin(struct text_sample *sample, uint32_t bytes);
/* Where slices lie shall depend on this, too: a header of the message. */
void text_sample_stir(struct text_sample *sample, struct span bytes);
/* A part begins; alone: there can be no other. */
void text_sample_part(struct text_sample *sample, bool html, bool alone, enum text_cut cut_at);
/* The stretch is over: the next one begins. */
void text_sample_next(struct text_sample *sample);

static inline bool text_sample_reads(const struct text_sample *sample) {
    return sample->stretch >= TEXT_HEAD && sample->stretch <= TEXT_END;
}

/* What of the stretch's bytes, decoded, is text: not what stands before the first word, or behind the last one. */
struct span text_sample_edge(struct text_sample *sample, struct span bytes);
/* So many bytes of the text, which is UTF-8, may be handed on; they are paid for, but for comments and the like, which
 * would else hide the text behind them. */
size_t text_sample_pay(struct text_sample *sample, struct span text);

#endif
