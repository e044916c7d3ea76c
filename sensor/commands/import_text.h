/* import_text: text that grows, and strings that are kept until the end of an import.
 *
 * Memory that there is not is remembered (`failed`), so that one question at the end is enough.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_IMPORT_TEXT_H
#define MAILSPAN_IMPORT_TEXT_H

#include "mailspan/span.h"

struct import_text {
    char *bytes; /* with a NUL behind them; NULL when nothing was added */
    size_t length, room;
    bool failed;
};

void import_text_add(struct import_text *text, struct span bytes);
void import_text_string(struct import_text *text, const char *string);
void import_text_byte(struct import_text *text, uint8_t byte);
void import_text_print(struct import_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct span import_text_span(const struct import_text *text);
void import_text_clear(struct import_text *text); /* keeps the memory */
void import_text_free(struct import_text *text);

struct import_kept;

struct import_strings {
    struct import_kept *last;
    bool failed;
};

/* A copy with a NUL behind it; "" when there is no memory. */
const char *import_keep(struct import_strings *strings, struct span bytes);
void import_strings_free(struct import_strings *strings);

#endif
