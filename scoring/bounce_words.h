/* bounce_words: which class the words of a refusal speak for, by a table of weights (rules/bounce_words.yaml).
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_BOUNCE_WORDS_H
#define SCORING_BOUNCE_WORDS_H

#include "mailspan/problem.h"
#include "reply_words.h"

struct bounce_words;

/* The number of a class with that name, or -1. */
typedef int class_number(const void *context, const char *name);

/* strict: a class that there is not is a mistake; else what it would be is none.  NULL with *problem filled. */
struct bounce_words *bounce_words_load(const char *name, struct span text, class_number *number, const void *context,
                                       bool strict, struct problem *problem);
void bounce_words_free(struct bounce_words *words); /* NULL is fine */

/* The class that the traits speak for most, or -1 when for none enough. */
int bounce_words_class(const struct bounce_words *words, const struct reply_traits *traits);
/* The class of the rules that they speak for most after the one that they speak for, and by how much less; -1: there is
 * no other, or not even this one in the table. */
int bounce_words_next(const struct bounce_words *words, const struct reply_traits *traits, unsigned class_,
                      double *behind);

/* A trait that spoke for a class, and how much. */
struct word_reason {
    unsigned trait; /* of the traits */
    double weight;
    unsigned line; /* of the file */
};
/* The strongest first; returns how many there are, at most max. */
unsigned bounce_words_reasons(const struct bounce_words *words, const struct reply_traits *traits, unsigned class_,
                              struct word_reason *reasons, unsigned max);

const char *bounce_words_name(const struct bounce_words *words); /* of the file */

#endif
