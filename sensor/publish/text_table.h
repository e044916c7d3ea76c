/* Aligned columns for people.
 *
 * What comes from the wire goes through text_escape first: no control or escape byte reaches a terminal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PUBLISH_TEXT_TABLE_H
#define MAILSPAN_PUBLISH_TEXT_TABLE_H

#include <stdio.h>

#include "mailspan/span.h"

#define TEXT_TABLE_COLUMNS 13
#define TEXT_CELL_BYTES 160

struct text_row {
    char cells[TEXT_TABLE_COLUMNS][TEXT_CELL_BYTES];
    char note[2 * TEXT_CELL_BYTES]; /* on a line of its own under the row; empty: none */
    const char *colour;             /* of the row, an SGR parameter such as "31"; NULL: none */
};

struct text_table {
    unsigned columns;
    const char *titles[TEXT_TABLE_COLUMNS];
    bool right[TEXT_TABLE_COLUMNS]; /* numbers */
    const char *indent;
    bool coloured;
};

/* As wide as each column's widest cell. */
void text_table_print(FILE *file, const struct text_table *table, const struct text_row *rows, size_t count);

/* Copies text with every character that a terminal might obey, or that hides or turns round others, as \xNN or
 * \u{NNNN}; cut with an ellipsis after so many characters, or where capacity ends.  Returns to. */
const char *text_escape(char *to, size_t capacity, struct span text, size_t characters_max);

/* Characters of a UTF-8 text; wide ones count as one. */
size_t text_width(const char *text);

#endif
