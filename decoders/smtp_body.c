/* The content between DATA's 354 and the final dot: finds the dot, undoes dot-stuffing (RFC 5321 4.5.2).
 *
 * A machine of six states that holds nothing but its state: a dot at the start of a line, and the CR behind it, are
 * held back in the state until the next byte says what they are.
 *
 *   LINE_START --'.'--> DOT --CR--> DOT_CR --LF--> the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

static const struct span held_carriage_return = {(const uint8_t *)"\r", 1};

/* Of a line, or of its beginning: whether a CR stands anywhere but at its end. */
static bool has_bare_cr(const struct body_reader *reader, struct span line) {
    if (reader->bare_newlines || line.len == 0) return false; /* once is enough */
    return span_find(span_head(line, line.len - 1), '\r') < line.len - 1;
}

/* Text up to the dot of a line that begins with one, or to the end of the input. */
static struct span take_text(struct body_reader *reader, struct span *input) {
    struct span rest = *input;
    if (rest.len > 0 && reader->state == BODY_CR) {
        if (rest.data[0] != '\n') {
            reader->bare_newlines = true;
            reader->state = BODY_TEXT;
        } else {
            reader->state = BODY_LINE_START;
            rest = span_from(rest, 1);
        }
    }
    while (rest.len > 0 && !(reader->state == BODY_LINE_START && rest.data[0] == '.')) {
        size_t newline = span_find(rest, '\n');
        if (has_bare_cr(reader, span_head(rest, newline))) reader->bare_newlines = true;
        if (newline == rest.len) {
            reader->state = rest.data[rest.len - 1] == '\r' ? BODY_CR : BODY_TEXT;
            rest = span_from(rest, rest.len);
            break;
        }
        bool crlf = newline > 0 && rest.data[newline - 1] == '\r';
        if (!crlf) reader->bare_newlines = true;
        reader->state = crlf ? BODY_LINE_START : BODY_LF;
        rest = span_from(rest, newline + 1);
    }
    struct span text = span_head(*input, input->len - rest.len);
    *input = rest;
    reader->bytes += text.len;
    return text;
}

bool smtp_body_take(struct body_reader *reader, struct span *input, struct span *content) {
    *content = SPAN_EMPTY;
    while (input->len > 0 && content->len == 0) {
        uint8_t c = input->data[0];
        if (reader->state == BODY_LINE_START && c == '.') {
            reader->state = BODY_DOT;
            *input = span_from(*input, 1);
        } else if (reader->state == BODY_DOT && c == '\r') {
            reader->state = BODY_DOT_CR;
            *input = span_from(*input, 1);
        } else if (reader->state == BODY_DOT_CR && c == '\n') {
            reader->state = BODY_LINE_START;
            *input = span_from(*input, 1);
            return true;
        } else if (reader->state == BODY_DOT_CR) { /* "." CR and something else: the dot was stuffing */
            reader->state = BODY_CR;
            reader->bytes += 2;
            *content = held_carriage_return;
        } else {
            if (reader->state == BODY_DOT) {
                reader->state = BODY_TEXT;
                reader->bytes += 1;
            }
            *content = take_text(reader, input);
        }
    }
    return false;
}

void smtp_body_gap(struct body_reader *reader, uint64_t length) {
    reader->state = BODY_TEXT;
    reader->bytes += length;
}
