/* The words of a message's plain text and of its HTML, to be compared.  Private to decoders/.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_WORD_SETS_H
#define MAILSPAN_WORD_SETS_H

#include "mailspan/word_hash.h"

#define WORD_SET_BITS 1024
#define WORD_SET_WORDS 200       /* taken of one side */
#define WORD_SET_TEXT_BYTES 4096 /* looked at of one side: links and tokens are no words */

/* Zeroed memory is the state before the first byte. */
struct word_set {
    uint64_t bits[WORD_SET_BITS / 64];
    struct word_bytes word; /* the word at hand, of letters */
    uint16_t words, text_bytes;
    bool no_word; /* it has a digit, or stands in a link */
    bool skip;    /* inside of a character that parts words */
};

struct word_sets {
    struct word_set plain, html;
};

void word_set_add(struct word_set *set, struct span text);
/* What follows is another word. */
void word_set_part(struct word_set *set);

/* How many of a hundred words of the shorter one are not in the other; 0 when either has too few to tell. */
unsigned word_sets_difference(const struct word_sets *sets);

#endif
