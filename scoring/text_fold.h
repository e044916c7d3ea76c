/* text_fold: text in any cut, with its white space folded and what nobody sees left out.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_TEXT_FOLD_H
#define SCORING_TEXT_FOLD_H

#include "mailspan/span.h"

#define TEXT_FOLD_ROOM_BYTES 4 /* what one byte of text can become: held bytes, itself, and the space before them */

/* Zeroed memory is the state before the first byte. */
struct text_fold {
    uint8_t space;    /* not 0: white space waits for the next character */
    uint8_t newlines; /* in it, up to 2 */
    uint8_t held_len;
    uint8_t held[2]; /* of a character that may be one of those left out */
    bool begun;      /* white space before the first character is left out */
};

/* Folds as much of *text as fits out, and moves *text on.  Returns the bytes written.  room must be at least
 * TEXT_FOLD_ROOM_BYTES. */
size_t text_fold(struct text_fold *fold, struct span *text, uint8_t *out, size_t room);
/* The text is over: the bytes of a character that was cut, at most 3. */
size_t text_fold_end(struct text_fold *fold, uint8_t out[TEXT_FOLD_ROOM_BYTES]);

#endif
