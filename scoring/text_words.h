/* text_words: the words of folded text, in any cut, and each pair of neighbours.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_TEXT_WORDS_H
#define SCORING_TEXT_WORDS_H

#include "mailspan/word_hash.h"

#define TEXT_WORD_BYTES 24    /* longer words are none that anybody lists */
#define TEXT_WORD_BYTES_MIN 2 /* shorter ones say nothing */

/* Zeroed memory is the state before the first byte. */
struct text_words {
    struct word_bytes word;
    uint64_t previous; /* hash of the word before it; 0: there is none beside it */
    uint32_t left;     /* bytes that are still looked at */
    uint8_t len;       /* of the word at hand */
    bool in_number;
};

/* hash: of a word, or of two beside each other.  Of a word: whether it and its next neighbour are wanted. */
typedef bool text_word_found(void *context, uint64_t hash);

/* Words are runs of ASCII letters, taken small, and of bytes beyond ASCII; a run of digits counts as one 0; the signs
 * $, %, ' and - belong to them. */
void text_words_begin(struct text_words *words, uint32_t bytes_max);
void text_words_push(struct text_words *words, struct span text, text_word_found *found, void *context);
/* What follows is no neighbour of what came. */
void text_words_end(struct text_words *words, text_word_found *found, void *context);

/* What is found for a word, or two with a blank between them; 0: text is no such thing. */
uint64_t text_words_hash(struct span text);

#endif
