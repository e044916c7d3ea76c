/* text_signs: what the characters of a short text (a subject, a name) do besides being read: hide, mix scripts, dress
 * up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEXT_SIGNS_H
#define MAILSPAN_TEXT_SIGNS_H

#include "mailspan/span.h"

struct text_signs {
    unsigned invisible;   /* characters without a width: zero-width, soft hyphens, of direction, tags */
    unsigned mixed_words; /* words with letters of scripts that look alike, or with plain and dressed ones */
    unsigned styled;      /* letters and digits that are dressed as symbols: bold, full-width, in circles */
    unsigned emoji;
};

/* Text in UTF-8; what is none is passed over. */
void text_signs_read(struct text_signs *signs, struct span text);

/* How the text looks, in small ASCII letters: dressed, accented and look-alike ones (Cyrillic, Greek) become the letter
 * that they look like, characters without a width and emoji go, white space is one blank; what else there is stays.
 * Returns how many bytes of room it took; what has no room is left out. */
size_t text_skeleton(struct span text, uint8_t *room, size_t room_bytes);

#endif
