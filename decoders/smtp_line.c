/* Lines of commands and replies, out of bytes in any cut.
 *
 * A line that lies whole in the input is handed on where it lies; of one that does not, the beginning waits in the
 * buffer.  Lines end in CRLF; a bare LF ends one too, as every server in use takes it, and is reported.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

#define ROOM_BYTES (LIMIT_SMTP_LINE_BYTES + 1) /* and the CR */

void smtp_line_forget(struct line_buffer *buffer) {
    buffer->len = 0;
    buffer->cut = false;
    buffer->hushed = false;
    buffer->ends_cr = false;
}

void smtp_line_hush(struct line_buffer *buffer, size_t kept) {
    if (buffer->len > kept) {
        memset(buffer->bytes + kept, 0, buffer->len - kept);
        buffer->len = kept;
    }
    buffer->hushed = true;
}

void smtp_line_wipe(struct line_buffer *buffer) {
    if (buffer->bytes != NULL) memset(buffer->bytes, 0, ROOM_BYTES);
}

struct smtp_line smtp_line_end(struct line_buffer *buffer) {
    struct smtp_line line = {.text = span_of(buffer->bytes, buffer->len), .cut = buffer->cut, .buffered = true};
    smtp_line_forget(buffer);
    if (line.text.len > 0 && line.text.data[line.text.len - 1] == '\r') line.text.len--;
    if (line.text.len > LIMIT_SMTP_LINE_BYTES) line.cut = true;
    line.text = span_head(line.text, LIMIT_SMTP_LINE_BYTES);
    return line;
}

static void keep(struct line_buffer *buffer, struct arena *arena, struct span part) {
    if (part.len == 0) return;
    buffer->ends_cr = part.data[part.len - 1] == '\r';
    if (buffer->hushed) return;
    if (buffer->bytes == NULL) buffer->bytes = arena_alloc(arena, ROOM_BYTES);
    size_t room = buffer->bytes == NULL ? 0 : ROOM_BYTES - buffer->len;
    if (part.len > room) buffer->cut = true;
    part = span_head(part, room);
    if (part.len > 0) memcpy(buffer->bytes + buffer->len, part.data, part.len);
    buffer->len += part.len;
}

bool smtp_line_is_open(const struct line_buffer *buffer) {
    return buffer->len > 0 || buffer->cut || buffer->hushed;
}

bool smtp_line_take(struct line_buffer *buffer, struct arena *arena, struct span *input, struct smtp_line *line) {
    size_t length = span_find(*input, '\n');
    struct span part = span_head(*input, length);
    if (length == input->len) {
        keep(buffer, arena, part);
        *input = SPAN_EMPTY;
        return false;
    }
    *input = span_from(*input, length + 1);
    bool hushed = buffer->hushed;
    bool waited = smtp_line_is_open(buffer);
    bool ends_cr = part.len > 0 && part.data[part.len - 1] == '\r';
    if (waited) {
        keep(buffer, arena, part);
        part = buffer->bytes == NULL ? SPAN_EMPTY : span_of(buffer->bytes, buffer->len); /* none: no memory, and cut */
        ends_cr = buffer->ends_cr;
    }
    bool cut = buffer->cut;
    smtp_line_forget(buffer);
    if (!cut && part.len > 0 && part.data[part.len - 1] == '\r') part.len--;
    if (part.len > LIMIT_SMTP_LINE_BYTES) cut = true;
    *line = (struct smtp_line){.text = span_head(part, LIMIT_SMTP_LINE_BYTES),
                               .cut = cut,
                               .bare_newline = !ends_cr,
                               .empty = part.len == 0 && !cut && !hushed,
                               .buffered = waited};
    return true;
}
