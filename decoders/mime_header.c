/* Content-Type, Content-Transfer-Encoding and Content-Disposition (RFC 2045, 2183, 2231).
 *
 * The field is read as mail programs write it, not only as they should: parameters without quotes around blanks, stray
 * semicolons, encoded words inside quotes (common in file names), continuations in any order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_header.h"

#include "mail_text.h"
#include "mime_transfer.h"

#define CONTINUATIONS 32 /* of one parameter: 32 lines of 60 bytes fill a value */

struct parameter {
    struct span name;  /* as written, without its asterisks */
    struct span value; /* without its quotes, with its backslashes */
    int section;       /* name*2: 2; -1 when it has none */
    bool encoded;      /* name*, name*2* */
    bool quoted;
};

/* The end of a quoted string that begins at s; s.len when it has none. */
static size_t quoted_end(struct span s) {
    for (size_t i = 1; i < s.len; i++) {
        if (s.data[i] == '\\')
            i++;
        else if (s.data[i] == '"')
            return i;
    }
    return s.len;
}

/* name*2* */
static void parameter_name(struct parameter *parameter, struct span name) {
    name = span_trim(name);
    size_t star = span_find(name, '*');
    parameter->name = span_head(name, star);
    parameter->section = -1;
    struct span rest = span_from(name, star + 1);
    parameter->encoded = star < name.len && (rest.len == 0 || rest.data[rest.len - 1] == '*');
    int section = -1;
    for (size_t i = 0; i < rest.len && i < 3 && ascii_is_digit(rest.data[i]); i++)
        section = (section < 0 ? 0 : section * 10) + (rest.data[i] - '0');
    parameter->section = section;
}

/* Takes the next parameter off *rest. */
static bool parameter_next(struct span *rest, struct parameter *parameter) {
    while (rest->len > 0 && (rest->data[0] == ';' || ascii_is_space(rest->data[0]))) *rest = span_from(*rest, 1);
    if (rest->len == 0) return false;
    size_t name_len = 0;
    while (name_len < rest->len && rest->data[name_len] != '=' && rest->data[name_len] != ';') name_len++;
    parameter_name(parameter, span_head(*rest, name_len));
    parameter->value = SPAN_EMPTY;
    parameter->quoted = false;
    if (name_len == rest->len || rest->data[name_len] == ';') {
        *rest = span_from(*rest, name_len);
        return true;
    }
    *rest = span_from(*rest, name_len + 1);
    while (rest->len > 0 && ascii_is_space(rest->data[0])) *rest = span_from(*rest, 1);
    if (rest->len > 0 && rest->data[0] == '"') {
        size_t end = quoted_end(*rest);
        parameter->quoted = true;
        parameter->value = span_slice(*rest, 1, end - 1);
        *rest = span_from(*rest, end + 1);
    } else {
        size_t end = span_find(*rest, ';');
        parameter->value = span_trim(span_head(*rest, end));
        *rest = span_from(*rest, end);
    }
    return true;
}

/* The field without its head: from its first semicolon on, or from the blank that stands for one. */
static struct span field_parameters(struct span field) {
    struct span head = mime_field_head(field);
    size_t after = head.len == 0 ? 0 : (size_t)(head.data - field.data) + head.len;
    return span_from(field, after);
}

struct span mime_field_head(struct span field) {
    field = span_trim(field);
    while (field.len > 0 && field.data[0] == '(') field = span_trim(span_from(field, span_find(field, ')') + 1));
    size_t len = 0;
    while (len < field.len && field.data[len] != ';' && field.data[len] != '(' && !ascii_is_space(field.data[len]))
        len++;
    return span_head(field, len);
}

static bool parameter_find(struct span field, struct span name, int section, struct parameter *found) {
    struct span rest = field_parameters(field);
    while (parameter_next(&rest, found))
        if (found->section == section && span_equal_nocase(found->name, name)) return true;
    return false;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static size_t unpercent(struct span s, uint8_t *out) {
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool escape =
            s.data[i] == '%' && i + 2 < s.len && hex_digit(s.data[i + 1]) >= 0 && hex_digit(s.data[i + 2]) >= 0;
        if (escape) {
            out[len++] = (uint8_t)(hex_digit(s.data[i + 1]) << 4 | hex_digit(s.data[i + 2]));
            i += 2;
        } else {
            out[len++] = s.data[i];
        }
    }
    return len;
}

static size_t unquote(struct span s, uint8_t *out) {
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\\' && i + 1 < s.len) i++;
        out[len++] = s.data[i];
    }
    return len;
}

/* charset'language'text: takes the first two off, and says the charset. */
static struct span take_charset(struct span *value) {
    size_t first = span_find(*value, '\'');
    struct span rest = span_from(*value, first + 1);
    size_t second = span_find(rest, '\'');
    if (first == value->len || second == rest.len) return SPAN_EMPTY;
    struct span charset = span_head(*value, first);
    *value = span_from(rest, second + 1);
    return charset;
}

static size_t value_bytes(const struct parameter *parameter, struct span value, uint8_t *out) {
    if (parameter->encoded) return unpercent(value, out);
    if (parameter->quoted) return unquote(value, out);
    if (value.len > 0) memcpy(out, value.data, value.len);
    return value.len;
}

/* scratch.word holds len bytes in this charset; the result is in scratch.parameter. */
static struct span to_utf8(struct charset_table *table, struct span charset, size_t len, struct counters *counters) {
    struct mail_scratch *scratch = charset_scratch(table);
    struct charset_stream stream = {.charset = charset_find(table, charset)};
    if (stream.charset == NULL && charset.len > 0) counters->charset_unknown++;
    size_t out_len = charset_convert(table, &stream, span_of(scratch->word, len), scratch->value);
    out_len += charset_end(table, &stream, scratch->value + out_len);
    struct span value = utf8_head(span_of(scratch->value, out_len), sizeof scratch->parameter);
    if (value.len > 0) memcpy(scratch->parameter, value.data, value.len);
    return span_of(scratch->parameter, value.len);
}

/* name*0*=utf-8'en'a; name*1=b; ... */
static struct span join_sections(struct charset_table *table, struct span field, struct parameter *parameter,
                                 struct counters *counters) {
    struct span charset = SPAN_EMPTY, name = parameter->name, value = parameter->value;
    uint8_t *bytes = charset_scratch(table)->word;
    if (parameter->encoded) charset = take_charset(&value);
    size_t len = value_bytes(parameter, value, bytes);
    for (int i = 1; i < CONTINUATIONS && parameter_find(field, name, i, parameter); i++)
        len += value_bytes(parameter, parameter->value, bytes + len);
    return to_utf8(table, charset, len, counters);
}

bool mime_parameter(struct charset_table *table, struct span field, struct span name, struct counters *counters,
                    struct span *value) {
    struct mail_scratch *scratch = charset_scratch(table);
    struct parameter parameter;
    field = span_head(field, sizeof scratch->word);
    if (parameter_find(field, name, 0, &parameter)) {
        *value = join_sections(table, field, &parameter, counters);
        return true;
    }
    if (!parameter_find(field, name, -1, &parameter)) return false;
    struct span charset = parameter.encoded ? take_charset(&parameter.value) : SPAN_EMPTY;
    size_t len = value_bytes(&parameter, parameter.value, scratch->word);
    if (parameter.encoded) {
        *value = to_utf8(table, charset, len, counters);
        return true;
    }
    memcpy(scratch->parameter, scratch->word, len);
    struct span plain = mail_text_decode(table, span_of(scratch->parameter, len), counters);
    if (plain.len > 0) memmove(scratch->parameter, plain.data, plain.len);
    *value = span_of(scratch->parameter, plain.len);
    return true;
}

struct span mime_parameter_word(struct span field, struct span name) {
    struct parameter parameter;
    return parameter_find(field, name, -1, &parameter) ? parameter.value : SPAN_EMPTY;
}

/* --- kinds -------------------------------------------------------------------------------------------------------- */

static const struct {
    struct span type;
    enum part_kind kind;
} kinds[] = {
    {SPAN_LITERAL("text/plain"), PART_PLAIN},
    {SPAN_LITERAL("text/html"), PART_HTML},
    {SPAN_LITERAL("text"), PART_PLAIN},
    {SPAN_LITERAL("application/xhtml+xml"), PART_HTML},
    {SPAN_LITERAL("message/delivery-status"), PART_REPORT},
    {SPAN_LITERAL("message/global-delivery-status"), PART_REPORT},
    {SPAN_LITERAL("message/feedback-report"), PART_REPORT},
    {SPAN_LITERAL("message/disposition-notification"), PART_REPORT},
    {SPAN_LITERAL("message/global-disposition-notification"), PART_REPORT},
    {SPAN_LITERAL("text/rfc822-headers"), PART_REPORT},
    {SPAN_LITERAL("message/global-headers"), PART_REPORT},
};

enum part_kind mime_kind(struct span type) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (span_equal_nocase(type, kinds[i].type)) return kinds[i].kind;
    size_t slash = span_find(type, '/');
    if (slash == 0 || slash + 1 >= type.len) return PART_PLAIN;
    if (span_starts_with_nocase(type, SPAN_LITERAL("image/"))) return PART_IMAGE;
    if (span_starts_with_nocase(type, SPAN_LITERAL("message/"))) return PART_MESSAGE;
    return PART_OTHER;
}
