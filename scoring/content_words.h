/* content_words: which words speak for spam and which against it, and how much (rules/content_words.yaml).
 *
 * A linear classifier whose sum is a fact, words_of_spam: rules say what of it is worth points.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_CONTENT_WORDS_H
#define SCORING_CONTENT_WORDS_H

#include "mailspan/arena.h"
#include "mailspan/problem.h"
#include "mailspan/rules.h"
#include "text_words.h"

struct content_words;

/* name stands in problems, and what is loaded keeps no byte of text.  NULL with *problem filled. */
struct content_words *content_words_load(const char *name, struct span text, struct problem *problem);
void content_words_free(struct content_words *words);
size_t content_words_memory_bytes(const struct content_words *words);

/* The words of one message.  Zeroed memory is the state before the first. */
struct said_words {
    struct text_words seen, hidden; /* hidden: what nobody sees */
    uint64_t *said; /* a bit for each listed word, from 1; in the message's arena; NULL: there was no memory */
    int32_t sum;    /* in hundredths, without where it begins: so the order of words does not matter */
    bool begun;
    bool unseen; /* what comes is hidden.  Its words speak for spam, but not against it: they would be put there for
                    that */
};

/* Any cut; subject and text are ended each by said_words_end.  False once, when there is no memory for what is said. */
bool said_words_push(struct said_words *said, const struct content_words *words, struct arena *arena, struct span text);
void said_words_end(struct said_words *said, const struct content_words *words);
/* 0 when nothing was read. */
double said_words_sum(const struct said_words *said, const struct content_words *words);

/* Those with the largest weights, the largest first; returns how many, of at most room. */
unsigned said_words_strongest(const struct said_words *said, const struct content_words *words,
                              struct said_word *strongest, unsigned room);

#endif
