/* See plain_text.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain_text.h"

#include <string.h>

#include "mailspan/utf8.h"

static bool is_control(struct span character) {
    uint8_t c = character.data[0];
    return c < 0x20 || c == 0x7f || (character.len == 2 && c == 0xc2 && character.data[1] < 0xa0);
}

/* Whether all eight bytes lie from ' ' to '~'. */
static bool are_printable(uint64_t bytes) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highest = ones << 7;
    uint64_t low = (bytes | highest) - ones * ' ';             /* the highest bit stays where a byte's other seven do */
    uint64_t high = (bytes & ~highest) + ones * (0x80 - 0x7f); /* ... and is set by 0x7f */
    return ((~low | high | bytes) & highest) == 0;
}

/* How many bytes from the start are printable ASCII: most of any text. */
static size_t printable_run(struct span text) {
    size_t at = 0;
    uint64_t bytes;
    for (; at + sizeof bytes <= text.len; at += sizeof bytes) {
        memcpy(&bytes, text.data + at, sizeof bytes);
        if (!are_printable(bytes)) break;
    }
    while (at < text.len && text.data[at] >= ' ' && text.data[at] < 0x7f) at++;
    return at;
}

void plain_text_copy(char *out, size_t size, struct span text) {
    size_t used = printable_run(span_head(text, size - 1));
    if (used > 0) memcpy(out, text.data, used);
    text = span_from(text, used);
    while (text.len > 0) {
        size_t len = utf8_length(text);
        struct span character = span_head(text, len);
        text = span_from(text, len == 0 ? 1 : len);
        if (len == 0)
            character = SPAN_LITERAL("\xef\xbf\xbd");
        else if (is_control(character))
            character = SPAN_LITERAL(" ");
        if (used + character.len >= size) break;
        memcpy(out + used, character.data, character.len);
        used += character.len;
    }
}
