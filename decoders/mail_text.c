/* Header text: unfolding (RFC 5322 2.2.3) and encoded words (RFC 2047).
 *
 * Blanks between two encoded words are no text (RFC 2047 6.2), and words beside each other in one charset are converted
 * together: many programs cut a character of several bytes between two words, against section 5.  Tolerated too: words
 * over 75 bytes, words inside other text or quotes, blanks within Q words, base64 without padding.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail_text.h"

#include "mime_transfer.h"

struct span mail_text_unfold(struct span value, uint8_t *out) {
    value = span_trim(value);
    if (span_find(value, '\n') == value.len) return value;
    size_t len = 0;
    while (value.len > 0) {
        size_t line = span_find(value, '\n');
        size_t keep = line < value.len && line > 0 && value.data[line - 1] == '\r' ? line - 1 : line;
        memcpy(out + len, value.data, keep);
        len += keep;
        value = span_from(value, line + 1);
    }
    return span_of(out, len);
}

struct span mail_text_join_lines(struct span value, size_t max, uint8_t *out) {
    size_t len = 0;
    value = span_trim(value);
    while (value.len > 0 && max > 0) {
        size_t const line = span_find(value, '\n');
        size_t keep = line < value.len && line > 0 && value.data[line - 1] == '\r' ? line - 1 : line;
        if (keep > max) keep = max;
        memcpy(out + len, value.data, keep);
        len += keep;
        max -= keep;
        value = span_from(value, line + 1);
        size_t blanks = 0;
        while (blanks < value.len && blanks < max && ascii_is_blank(value.data[blanks])) blanks++;
        if (blanks > 0) out[len++] = ' ';
        max -= blanks;
        value = span_from(value, blanks);
    }
    return span_trim(span_of(out, len));
}

/* =?charset*language?encoding?text?= */
struct encoded_word {
    struct span charset;
    struct span text;
    bool base64;
    size_t len; /* of all of it */
};

struct word_decoder {
    struct charset_table *table;
    struct counters *counters;
    struct span charset; /* of the words whose bytes wait in scratch.word */
    size_t bytes_len;
    size_t out_len;                      /* in scratch.value; it has room for all that a header can become */
    const struct charset *plain_charset; /* of what is outside words */
    bool after_word;
    bool no_more_words; /* what is left has no "?=" */
};

/* s begins with "=?". */
static bool word_parse(struct word_decoder *decoder, struct span s, struct encoded_word *word) {
    if (decoder->no_more_words) return false;
    struct span rest = span_from(s, 2);
    size_t charset_len = span_find(span_head(rest, 64), '?');
    word->charset = span_head(rest, charset_len);
    if (span_find(word->charset, ' ') != word->charset.len) return false;
    word->charset = span_head(word->charset, span_find(word->charset, '*'));
    rest = span_from(rest, charset_len + 1);
    if (rest.len < 2 || rest.data[1] != '?') return false;
    uint8_t encoding = ascii_lower(rest.data[0]);
    if (encoding != 'b' && encoding != 'q') return false;
    word->base64 = encoding == 'b';
    rest = span_from(rest, 2);
    const uint8_t *end = rest.len == 0 ? NULL : memmem(rest.data, rest.len, "?=", 2);
    if (end == NULL) {
        decoder->no_more_words = true;
        return false;
    }
    word->text = span_of(rest.data, (size_t)(end - rest.data));
    word->len = (size_t)(end + 2 - s.data);
    return true;
}

static size_t decode_q(struct span text, uint8_t *out) {
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '=' && i + 2 < text.len && hex_digit(text.data[i + 1]) >= 0 && hex_digit(text.data[i + 2]) >= 0) {
            out[len++] = (uint8_t)(hex_digit(text.data[i + 1]) << 4 | hex_digit(text.data[i + 2]));
            i += 2;
        } else {
            out[len++] = c == '_' ? ' ' : c;
        }
    }
    return len;
}

/* Controls that a word hides could not stand in a header, and have no business in a log or a verdict. */
static void blank_controls(uint8_t *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' && text[i] != '\t') text[i] = ' ';
}

static void words_flush(struct word_decoder *decoder) {
    if (decoder->bytes_len == 0) return;
    struct mail_scratch *scratch = charset_scratch(decoder->table);
    struct charset_stream stream = {.charset = charset_find(decoder->table, decoder->charset)};
    if (stream.charset == NULL) decoder->counters->charset_unknown++;
    uint8_t *out = scratch->value + decoder->out_len;
    if (sizeof scratch->value - decoder->out_len < CHARSET_OUT_BYTES(decoder->bytes_len)) return;
    size_t len = charset_convert(decoder->table, &stream, span_of(scratch->word, decoder->bytes_len), out);
    len += charset_end(decoder->table, &stream, out + len);
    blank_controls(out, len);
    decoder->out_len += len;
    decoder->bytes_len = 0;
}

static void word_add(struct word_decoder *decoder, const struct encoded_word *word) {
    if (!span_equal_nocase(decoder->charset, word->charset)) words_flush(decoder);
    decoder->charset = word->charset;
    uint8_t *bytes = charset_scratch(decoder->table)->word + decoder->bytes_len;
    if (word->base64) {
        struct transfer_state state = {.encoding = TRANSFER_BASE64};
        struct span text = word->text;
        decoder->bytes_len += transfer_decode(&state, &text, bytes, text.len);
    } else {
        decoder->bytes_len += decode_q(word->text, bytes);
    }
}

static void plain_add(struct word_decoder *decoder, struct span text) {
    words_flush(decoder);
    struct charset_stream stream = {.charset = decoder->plain_charset};
    struct mail_scratch *scratch = charset_scratch(decoder->table);
    if (sizeof scratch->value - decoder->out_len < CHARSET_OUT_BYTES(text.len)) return;
    uint8_t *out = scratch->value;
    decoder->out_len += charset_convert(decoder->table, &stream, text, out + decoder->out_len);
    decoder->out_len += charset_end(decoder->table, &stream, out + decoder->out_len);
}

/* Where the next "=?" is, or s.len. */
static size_t find_word(struct span s) {
    for (size_t at = span_find(s, '='); at + 1 < s.len; at += 1 + span_find(span_from(s, at + 1), '='))
        if (s.data[at + 1] == '?') return at;
    return s.len;
}

/* Whether it is ASCII and has no word, at a glance: false may be wrong. */
static bool is_plain(struct span s) {
#ifdef __SSE2__
    const size_t width = sizeof(__m128i);
    if (s.len < width) return false;
    __m128i odd = _mm_setzero_si128();
    for (size_t at = 0; at < s.len; at += width) {
        if (s.len - at < width) at = s.len - width; /* some bytes twice, and all of them */
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s.data + at));
        odd = _mm_or_si128(odd, _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('='))));
    }
    return _mm_movemask_epi8(odd) == 0; /* beyond ASCII the highest bit is set */
#else
    (void)s;
    return false;
#endif
}

struct span mail_text_decode(struct charset_table *table, struct span raw, struct counters *counters) {
    raw = span_head(raw, LIMIT_HEADER_VALUE_BYTES);
    if (is_plain(raw) || (ascii_run(raw) == raw.len && find_word(raw) == raw.len)) return raw;
    struct word_decoder decoder = {.table = table, .counters = counters};
    if (!utf8_valid(raw)) decoder.plain_charset = charset_find(table, SPAN_LITERAL("windows-1252"));
    struct span plain = raw; /* text not yet taken, with what was searched in vain at its head */
    size_t searched = 0;
    while (searched < plain.len) {
        struct encoded_word word = {.len = 0};
        size_t at = searched + find_word(span_from(plain, searched));
        if (at < plain.len && !word_parse(&decoder, span_from(plain, at), &word)) {
            searched = at + 2;
            continue;
        }
        struct span before = span_head(plain, at);
        if (!(decoder.after_word && at < plain.len && span_trim(before).len == 0)) plain_add(&decoder, before);
        if (at == plain.len) {
            plain = SPAN_EMPTY;
            break;
        }
        word_add(&decoder, &word);
        decoder.after_word = true;
        plain = span_from(plain, at + word.len);
        searched = 0;
    }
    if (plain.len > 0) plain_add(&decoder, plain);
    words_flush(&decoder);
    struct span value = span_of(charset_scratch(table)->value, decoder.out_len);
    if (value.len > LIMIT_HEADER_VALUE_BYTES) counters->header_cut++;
    return span_trim(utf8_head(value, LIMIT_HEADER_VALUE_BYTES));
}
