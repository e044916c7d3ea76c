/* Replies (RFC 5321 4.2) of one line or many, and enhanced status codes (RFC 2034, 3463).
 *
 * The code of the last line counts: RFC 5321 4.2.1 wants all of them alike, not everybody does. So does the first
 * enhanced code that belongs to it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

static size_t number_parse(struct span text, unsigned digits_max, uint16_t *number) {
    size_t used = 0;
    unsigned value = 0;
    while (used < text.len && used < digits_max && ascii_is_digit(text.data[used]))
        value = value * 10 + (unsigned)(text.data[used++] - '0');
    *number = (uint16_t)value;
    return used;
}

size_t enhanced_code_parse(struct span text, struct enhanced_code *code) {
    struct enhanced_code found = {0, 0, 0};
    if (text.len < 5 || (text.data[0] != '2' && text.data[0] != '4' && text.data[0] != '5') || text.data[1] != '.')
        return 0;
    found.class_ = (uint8_t)(text.data[0] - '0');
    size_t at = 2;
    size_t used = number_parse(span_from(text, at), 3, &found.subject);
    at += used;
    if (used == 0 || at >= text.len || text.data[at] != '.') return 0;
    at++;
    used = number_parse(span_from(text, at), 3, &found.detail);
    at += used;
    if (used == 0) return 0;
    if (at < text.len) { /* "5.1.1000" or "5.7.1x" is no code */
        if (!ascii_is_blank(text.data[at])) return 0;
        at++;
    }
    *code = found;
    return at;
}

/* Behind a cut nothing is taken any more: who reads the text must know that its last word may be half of one. */
static void append_text(struct reply_buffer *buffer, struct span text) {
    size_t used = buffer->reply.text.len;
    if (text.len == 0 || buffer->reply.cut) return;
    if (used > 0 && used < sizeof buffer->bytes) buffer->bytes[used++] = ' ';
    if (text.len > sizeof buffer->bytes - used) buffer->reply.cut = true;
    text = span_head(text, sizeof buffer->bytes - used);
    if (text.len > 0) memcpy(buffer->bytes + used, text.data, text.len);
    buffer->reply.text = span_of(buffer->bytes, used + text.len);
}

void smtp_reply_forget(struct reply_buffer *buffer) {
    buffer->open = false;
}

void smtp_reply_wipe(struct reply_buffer *buffer) {
    memset(buffer->bytes, 0, buffer->reply.text.len);
    buffer->reply.text = SPAN_EMPTY;
}

enum reply_line smtp_reply_line(struct reply_buffer *buffer, struct span line, bool cut, bool lenient,
                                struct span *text) {
    uint16_t code = 0;
    *text = SPAN_EMPTY;
    /* RFC 5321 4.2 has no second digit above 5, servers have (472 ...), and clients go by the first one. */
    if (number_parse(line, 3, &code) != 3 || code < 200 || code > 599) return REPLY_NOT_ONE;
    bool more = line.len > 3 && line.data[3] == '-';
    bool blank = line.len <= 3 || more || ascii_is_blank(line.data[3]);
    if (!blank && (!lenient || ascii_is_digit(line.data[3]))) return REPLY_NOT_ONE;
    *text = span_trim(span_from(line, blank ? 4 : 3));
    if (!buffer->open) {
        buffer->reply = (struct smtp_reply){.code = code};
        buffer->open = true;
    }
    struct enhanced_code enhanced;
    size_t used = enhanced_code_parse(*text, &enhanced);
    if (buffer->reply.enhanced.class_ != code / 100)
        buffer->reply.enhanced.class_ = 0; /* of a line with another code */
    if (used > 0 && enhanced.class_ == code / 100) {
        if (buffer->reply.enhanced.class_ == 0) buffer->reply.enhanced = enhanced;
        append_text(buffer, span_trim(span_from(*text, used)));
    } else {
        append_text(buffer, *text);
    }
    buffer->reply.code = code;
    buffer->reply.cut |= cut;
    if (more) return REPLY_MORE;
    buffer->open = false;
    return REPLY_COMPLETE;
}

static struct span next_line(struct span *text) {
    size_t end = span_find(*text, '\n');
    struct span line = span_head(*text, end);
    *text = span_from(*text, end < text->len ? end + 1 : end);
    if (line.len > 0 && line.data[line.len - 1] == '\r') line.len--;
    return line;
}

/* "4.7.0 Try again" */
static bool has_enhanced_code_alone(struct span text, struct reply_buffer *buffer) {
    struct enhanced_code enhanced;
    size_t used = enhanced_code_parse(text, &enhanced);
    if (used == 0 || enhanced.class_ < 4) return false;
    buffer->reply = (struct smtp_reply){.code = (uint16_t)(enhanced.class_ * 100), .enhanced = enhanced};
    append_text(buffer, span_trim(span_from(text, used)));
    return true;
}

bool smtp_reply_read(struct span text, uint8_t *room, struct smtp_reply *reply) {
    struct reply_buffer buffer = {.open = false};
    struct span words;
    enum reply_line what = REPLY_MORE;
    if (has_enhanced_code_alone(text, &buffer)) what = REPLY_COMPLETE;
    while (what == REPLY_MORE && text.len > 0) {
        struct span line = next_line(&text);
        what = smtp_reply_line(&buffer, line, false, false, &words);
        if (what == REPLY_COMPLETE && text.len > 0) return false;
    }
    if (what == REPLY_NOT_ONE || buffer.reply.code == 0) return false;
    *reply = buffer.reply;
    if (reply->text.len > 0) memcpy(room, reply->text.data, reply->text.len);
    reply->text = span_of(room, reply->text.len);
    return true;
}
