/* What the headers of a part say about its content (RFC 2045, 2046, 2183).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_fields.h"

#include "mime_header.h"

static struct span keep_lower(char *room, size_t room_bytes, struct span s) {
    s = span_head(s, room_bytes);
    for (size_t i = 0; i < s.len; i++) room[i] = (char)ascii_lower(s.data[i]);
    return span_of(room, s.len);
}

void mime_fields_begin(struct mime_fields *fields, uint8_t depth, bool message) {
    uint8_t *filename = fields->filename;
    memset(fields, 0, sizeof *fields);
    fields->filename = filename;
    fields->info.depth = depth;
    fields->structure = message ? MIME_MESSAGE : MIME_LEAF;
    fields->info.kind = message ? PART_MESSAGE : PART_PLAIN;
    fields->info.type = message ? SPAN_LITERAL("message/rfc822") : SPAN_LITERAL("text/plain");
    fields->info.encoding = SPAN_LITERAL("7bit");
}

/* Without quotes a charset or boundary ends at a blank; a file name does not. */
static struct span first_word(struct span s) {
    size_t len = 0;
    while (len < s.len && !ascii_is_space(s.data[len])) len++;
    return span_head(s, len);
}

static void note_filename(struct mime_fields *fields, struct arena *arena, struct span name,
                          struct counters *counters) {
    if (fields->filename == NULL) fields->filename = arena_alloc(arena, FILENAME_BYTES);
    if (fields->filename == NULL) {
        counters->message_memory++;
        return;
    }
    name = utf8_head(name, FILENAME_BYTES);
    if (name.len > 0) memcpy(fields->filename, name.data, name.len);
    fields->info.filename = span_of(fields->filename, name.len);
}

static bool is_message(struct span type) {
    return span_equal_nocase(type, SPAN_LITERAL("message/rfc822")) ||
           span_equal_nocase(type, SPAN_LITERAL("message/global")) ||
           span_equal_nocase(type, SPAN_LITERAL("message/news"));
}

static void note_multipart(struct mime_fields *fields, struct charset_table *table, struct arena *arena,
                           struct span value, struct counters *counters) {
    struct span boundary;
    if (!mime_parameter(table, value, SPAN_LITERAL("boundary"), counters, &boundary)) return;
    boundary = span_head(boundary, LIMIT_MIME_BOUNDARY_BYTES + 1); /* one more shows that it is longer */
    while (boundary.len > 0 && ascii_is_space(boundary.data[boundary.len - 1])) boundary.len--;
    if (boundary.len == 0) return;
    fields->info.kind = PART_OTHER;
    bool digest = span_equal(fields->info.type, SPAN_LITERAL("multipart/digest"));
    fields->boundary = mime_boundary_new(arena, boundary, digest);
    if (fields->boundary != NULL)
        fields->structure = MIME_MULTIPART;
    else
        counters->message_memory++;
}

static void note_type(struct mime_fields *fields, struct charset_table *table, struct arena *arena, struct span value,
                      struct counters *counters) {
    struct span parameter, type = mime_field_head(value);
    fields->type_seen = true;
    fields->structure = MIME_LEAF;
    fields->info.type = SPAN_LITERAL("text/plain");
    fields->info.kind = mime_kind(type);
    if (span_find(type, '/') < type.len) fields->info.type = keep_lower(fields->type, sizeof fields->type, type);
    if (span_starts_with(fields->info.type, SPAN_LITERAL("multipart/"))) {
        /* Without a boundary there are no parts, and what is inside is shown as text. */
        fields->info.kind = PART_PLAIN;
        note_multipart(fields, table, arena, value, counters);
        return;
    }
    if (is_message(type)) fields->structure = MIME_MESSAGE;
    if (mime_parameter(table, value, SPAN_LITERAL("charset"), counters, &parameter))
        fields->info.charset = keep_lower(fields->charset, sizeof fields->charset, first_word(span_trim(parameter)));
    if (fields->info.filename.len == 0 && mime_parameter(table, value, SPAN_LITERAL("name"), counters, &parameter))
        note_filename(fields, arena, parameter, counters);
}

static void note_disposition(struct mime_fields *fields, struct charset_table *table, struct arena *arena,
                             struct span value, struct counters *counters) {
    struct span parameter;
    fields->disposition_seen = true;
    fields->info.attachment = span_equal_nocase(mime_field_head(value), SPAN_LITERAL("attachment"));
    if (mime_parameter(table, value, SPAN_LITERAL("filename"), counters, &parameter) && parameter.len > 0)
        note_filename(fields, arena, parameter, counters);
}

void mime_fields_note(struct mime_fields *fields, struct charset_table *table, struct arena *arena, struct span name,
                      struct span value, struct counters *counters) {
    if (!span_starts_with_nocase(name, SPAN_LITERAL("Content-"))) return;
    name = span_from(name, 8);
    if (!fields->type_seen && span_equal_nocase(name, SPAN_LITERAL("Type"))) {
        note_type(fields, table, arena, value, counters);
    } else if (!fields->encoding_seen && span_equal_nocase(name, SPAN_LITERAL("Transfer-Encoding"))) {
        fields->encoding_seen = true;
        fields->info.encoding = keep_lower(fields->encoding, sizeof fields->encoding, mime_field_head(value));
    } else if (!fields->disposition_seen && span_equal_nocase(name, SPAN_LITERAL("Disposition"))) {
        note_disposition(fields, table, arena, value, counters);
    } else if (span_equal_nocase(name, SPAN_LITERAL("ID"))) {
        fields->info.content_id = true;
    }
}

void mime_fields_end(struct mime_fields *fields) {
    if (fields->gapped && !fields->type_seen) {
        /* It may be an image as well as text. */
        fields->structure = MIME_LEAF;
        fields->info.kind = PART_OTHER;
    }
    bool encoded = transfer_encoding_of(fields->info.encoding) != TRANSFER_IDENTITY;
    if (fields->structure == MIME_MESSAGE && encoded) fields->structure = MIME_LEAF;
}
