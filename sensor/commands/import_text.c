/* See import_text.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/import_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BYTES 64

struct import_kept {
    struct import_kept *before;
    char bytes[];
};

static bool make_room(struct import_text *text, size_t more) {
    if (text->failed) return false;
    if (more < text->room - text->length) return true;
    size_t room = text->room == 0 ? FIRST_BYTES : text->room;
    while (room - text->length <= more) room *= 2;
    char *bytes = realloc(text->bytes, room);
    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->room = room;
    return true;
}

void import_text_add(struct import_text *text, struct span bytes) {
    if (!make_room(text, bytes.len)) return;
    if (bytes.len > 0) memcpy(text->bytes + text->length, bytes.data, bytes.len);
    text->length += bytes.len;
    text->bytes[text->length] = '\0';
}

void import_text_string(struct import_text *text, const char *string) {
    import_text_add(text, span_from_string(string));
}

void import_text_byte(struct import_text *text, uint8_t byte) {
    import_text_add(text, span_of(&byte, 1));
}

void import_text_print(struct import_text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && make_room(text, (size_t)length)) {
        (void)vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

struct span import_text_span(const struct import_text *text) {
    return span_of(text->bytes, text->length);
}

void import_text_clear(struct import_text *text) {
    text->length = 0;
    if (text->bytes != NULL) text->bytes[0] = '\0';
}

void import_text_free(struct import_text *text) {
    free(text->bytes);
    *text = (struct import_text){.bytes = NULL};
}

const char *import_keep(struct import_strings *strings, struct span bytes) {
    struct import_kept *kept = malloc(sizeof *kept + bytes.len + 1);
    if (kept == NULL) {
        strings->failed = true;
        return "";
    }
    kept->before = strings->last;
    strings->last = kept;
    if (bytes.len > 0) memcpy(kept->bytes, bytes.data, bytes.len);
    kept->bytes[bytes.len] = '\0';
    return kept->bytes;
}

void import_strings_free(struct import_strings *strings) {
    while (strings->last != NULL) {
        struct import_kept *kept = strings->last;
        strings->last = kept->before;
        free(kept);
    }
}
