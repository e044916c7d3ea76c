/* Appending text to a bounded buffer; what does not fit is our own mistake and stops the program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GEN_TEXT_H
#define GEN_TEXT_H

#include "gen_random.h"

#include <stddef.h>
#include <stdint.h>

struct text {
    char *start;
    char *at;
    char *end;
};

/* A word with the space behind it, padded so that it can be copied as a whole. */
struct word {
    char text[15];
    uint8_t length; /* without the space */
};

enum { WORD_COUNT = 256, WORDS_SLACK_BYTES = 32 };

extern struct word words[WORD_COUNT];

void words_load(void);

struct text text_over(char *buffer, size_t bytes_max);
size_t text_length(const struct text *t);
size_t text_room(const struct text *t);
void text_bytes(struct text *t, const char *bytes, size_t length);
void text_string(struct text *t, const char *string);
void text_number(struct text *t, uint64_t number);
void text_hex(struct text *t, uint64_t number, unsigned digits);
void text_word(struct text *t, uint64_t pick);
void text_base64_letters(struct text *t, struct random *r, size_t letters);

/* Writes words as English prose has them until at least bytes_min bytes stand there and returns the end; needs
 * WORDS_SLACK_BYTES beyond them. */
char *words_write(struct random *r, char *out, size_t bytes_min);

/* 3 bytes to 4 letters; with padding at the end. Returns the letters written. */
size_t base64_encode(const uint8_t *bytes, size_t length, char *out);

#endif
