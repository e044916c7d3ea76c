/* Aligned columns for people; see text_table.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_table.h"

#include "wording.h"

size_t text_width(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++) width += ((uint8_t)*text & 0xc0) != 0x80;
    return width;
}

const char *text_escape(char *to, size_t capacity, struct span text, size_t characters_max) {
    size_t at = 0, characters = 0;
    static const char ellipsis[] = "\xe2\x80\xa6";
    while (text.len > 0) {
        uint32_t c;
        char piece[16];
        size_t length = utf8_next(text, &c), piece_length;
        if (c == UTF8_REPLACEMENT && length == 1)
            piece_length = (size_t)snprintf(piece, sizeof piece, "\\x%02x", text.data[0]);
        else if (hides_text(c))
            piece_length = (size_t)snprintf(piece, sizeof piece, c < 0x80 ? "\\x%02x" : "\\u{%04x}", c);
        else
            memcpy(piece, text.data, piece_length = length);
        size_t shown = piece_length == length ? 1 : piece_length;
        if (characters + shown > characters_max || at + piece_length + sizeof ellipsis > capacity) {
            memcpy(to + at, ellipsis, sizeof ellipsis);
            return to;
        }
        memcpy(to + at, piece, piece_length);
        at += piece_length;
        characters += shown;
        text = span_from(text, length);
    }
    to[at] = '\0';
    return to;
}

static void print_cell(FILE *file, const char *cell, size_t width, bool right, bool last) {
    size_t blanks = width - text_width(cell);
    int before = right ? (int)blanks : 0, after = right || last ? 0 : (int)blanks;
    fprintf(file, "%*s%s%*s%s", before, "", cell, after, "", last ? "" : "  ");
}

void text_table_print(FILE *file, const struct text_table *table, const struct text_row *rows, size_t count) {
    size_t widths[TEXT_TABLE_COLUMNS];
    for (unsigned c = 0; c < table->columns; c++) {
        widths[c] = text_width(table->titles[c]);
        for (size_t r = 0; r < count; r++) {
            size_t width = text_width(rows[r].cells[c]);
            if (width > widths[c]) widths[c] = width;
        }
    }
    fputs(table->indent, file);
    if (table->coloured) fputs("\033[1m", file);
    for (unsigned c = 0; c < table->columns; c++)
        print_cell(file, table->titles[c], widths[c], table->right[c], c + 1 == table->columns);
    fputs(table->coloured ? "\033[0m\n" : "\n", file);
    for (size_t r = 0; r < count; r++) {
        bool coloured = table->coloured && rows[r].colour != NULL;
        fputs(table->indent, file);
        if (coloured) fprintf(file, "\033[%sm", rows[r].colour);
        for (unsigned c = 0; c < table->columns; c++)
            print_cell(file, rows[r].cells[c], widths[c], table->right[c], c + 1 == table->columns);
        fputs(coloured ? "\033[0m\n" : "\n", file);
        if (rows[r].note[0] != '\0') fprintf(file, "%s    %s\n", table->indent, rows[r].note);
    }
}
