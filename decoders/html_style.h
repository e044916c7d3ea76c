/* What a style says of how text looks, as far as it can hide it.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_HTML_STYLE_H
#define MAILSPAN_HTML_STYLE_H

#include "mailspan/span.h"

#define HTML_STYLE_BYTES 512 /* read of one style: what says more than that is read so far */

/* Bits of html_look.says. */
enum {
    LOOK_INK = 1 << 0, /* the ink is said, and known unless LOOK_INK_STRANGE */
    LOOK_INK_STRANGE = 1 << 1,
    LOOK_PAPER = 1 << 2, /* so is what is behind the text */
    LOOK_PAPER_STRANGE = 1 << 3,
    LOOK_SIZE = 1 << 4, /* the size of letters, and LOOK_TINY: they have none */
    LOOK_TINY = 1 << 5,
    LOOK_VISIBILITY = 1 << 6, /* ... and LOOK_UNSEEN: they leave their room empty */
    LOOK_UNSEEN = 1 << 7,
    LOOK_GONE = 1 << 8, /* with all that is inside: not displayed, transparent, without room, far outside */
    LOOK_CLEAR_INK = 1 << 9,
};

struct html_look {
    uint32_t ink, paper; /* 0xRRGGBB */
    uint16_t says;
};

/* The declarations of a style attribute, as it stands in the source (character references and all). */
void html_style_read(struct html_look *look, struct span style);

/* The value of bgcolor or of <font color>: also without "#", and with the names of colours. */
void html_paper_read(struct html_look *look, struct span value);
void html_ink_read(struct html_look *look, struct span value);

#endif
