/* What a style says of how text looks, as far as it can hide it.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_STYLE_H
#define MAILSPAN_HTML_STYLE_H

#include "mailspan/span.h"

#define HTML_STYLE_VALUE_BYTES 96 /* looked at of one value */
#define HTML_STYLE_NAME_BYTES 18  /* "background-color", a blank, and what makes it another name */

/* Bits of html_look.says, four for each thing that can be said: the first one tells that it is said. */
enum {
    LOOK_INK = 1 << 0, /* the ink is said, and known unless LOOK_INK_STRANGE */
    LOOK_INK_STRANGE = 1 << 1,
    LOOK_CLEAR_INK = 1 << 2,
    LOOK_INK_AROUND = 1 << 3, /* as what is around */
    LOOK_PAPER = 1 << 4,      /* so is what is behind the text */
    LOOK_PAPER_STRANGE = 1 << 5,
    LOOK_PAPER_AROUND = 1 << 6, /* one sees through to what was there before */
    LOOK_SIZE = 1 << 8,         /* the size of letters */
    LOOK_SIZE_SHARE = 1 << 9,   /* ... as a share of what is around */
    LOOK_TINY = 1 << 10,        /* ... is none, whatever is around */
    LOOK_VISIBILITY = 1 << 12,
    LOOK_UNSEEN = 1 << 13, /* letters leave their room empty */
    LOOK_GONE = 1 << 15,   /* with all that is inside: what comes of those below (html_look_end) */
    LOOK_DISPLAY = 1 << 16,
    LOOK_NO_DISPLAY = 1 << 17,
    LOOK_OPACITY = 1 << 20,
    LOOK_TRANSPARENT = 1 << 21,
    LOOK_OVERFLOW = 1 << 24,
    LOOK_CLIPS = 1 << 25,
    LOOK_NO_ROOM = 1 << 28, /* these two stay, whatever is said later */
    LOOK_OUTSIDE = 1 << 29,
};

#define LOOK_SIZE_PX 16      /* units of html_look.size in a pixel */
#define LOOK_SIZE_TINY 64    /* ... of letters that nobody can read: below this */
#define LOOK_SIZE_MEDIUM 256 /* ... of which nobody says a size */
#define LOOK_SIZE_WHOLE 1024 /* ... in a share of 1 */

struct html_look {
    uint32_t ink, paper; /* 0xRRGGBB */
    uint32_t says;
    uint32_t fixed; /* first bits of what is !important */
    uint32_t size;
};

/* What is said later: in place of what was said before, unless that is important and this is not. */
void html_look_over(struct html_look *look, const struct html_look *over);
/* All was said: works out LOOK_GONE. */
void html_look_end(struct html_look *look);

/* What CSS is written with, a byte at a time: comments vanish, escapes are undone.  Zeroed memory: its beginning. */
enum css_kind { CSS_NOTHING, CSS_PLAIN, CSS_LITERAL /* in quotes or escaped: parts nothing */ };

struct css_lex {
    uint8_t state;
    uint8_t quote; /* inside of it; 0: of none */
    uint8_t digits;
    uint32_t escape;
    uint32_t last; /* letters, small */
};

struct css_step {
    uint8_t c, kind; /* what came of it */
    bool again;      /* the byte is not consumed */
};

struct css_step css_next(struct css_lex *lex, uint8_t c);
/* How many bytes in front are letters, digits and such, which stand for themselves alone; they are passed over. */
size_t css_run(struct css_lex *lex, struct span bytes);

/* Declarations in any cut and of any length.  Zeroed memory: before the first. */
struct html_style_reader {
    struct html_look look;
    struct css_lex lex;
    bool in_value;
    uint8_t brackets, name_len, value_len;
    uint8_t name[HTML_STYLE_NAME_BYTES];
    uint8_t value[HTML_STYLE_VALUE_BYTES];
};

/* Returns how many bytes it took: in a sheet it stops behind the "}" that ends the declarations. */
size_t html_style_push(struct html_style_reader *reader, struct span bytes, bool in_sheet, bool *over);
/* No declaration follows: reader->look is what they say. */
void html_style_end(struct html_style_reader *reader);

/* All of a style attribute at once, character references undone. */
void html_style_read(struct html_look *look, struct span style);

/* The value of bgcolor or of <font color>: also without "#", and with the names of colours; of <font size>. */
void html_paper_read(struct html_look *look, struct span value);
void html_ink_read(struct html_look *look, struct span value);
void html_size_read(struct html_look *look, struct span value);

#endif
