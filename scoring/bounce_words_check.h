/* bounce_words_check: mistakes in a table of words that would do nothing but disappoint.
 *
 * Private to scoring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCORING_BOUNCE_WORDS_CHECK_H
#define SCORING_BOUNCE_WORDS_CHECK_H

#include "bounce_words.h"

/* Each word can stand in a reply, and each class of the rules that words speak for has a beginning; else false with
 * *problem filled. What has another form than a table's is left to bounce_words_load(). */
bool bounce_words_sound(const char *name, struct span text, class_number *number, const void *context,
                        struct problem *problem);
/* Of bounce_rules_strangers(). */
unsigned bounce_words_strangers(struct span text, class_number *number, const void *context, char *names, size_t room);

#endif
