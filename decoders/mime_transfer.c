/* Content-Transfer-Encoding (RFC 2045 6) undone in any cut.
 *
 * Base64: bytes outside the alphabet are passed over (6.8), padding ends a group but not the text, and what is missing
 * at the end is not missed.  Quoted-printable: "=" at a line's end, with blanks that transport added or without, is a
 * soft break; other blanks at a line's end are deleted (6.7, rule 3), the last TRANSFER_BLANKS of them; small hex
 * digits are taken; an escape that is none stands for itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime_transfer.h"

#define NO_DIGIT 0xFF

/* ASCII to the base64 alphabet's number. */
/* clang-format off */
static const uint8_t base64_digit[256] = {
#define X 0xFF
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  62, X,  X,  X,  63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X,  X,  X,  X,  X,  X,
    X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X,  X,  X,  X,  X,
    X,  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
#undef X
};
/* clang-format on */

enum transfer_encoding transfer_encoding_of(struct span name) {
    if (span_equal_nocase(name, SPAN_LITERAL("base64"))) return TRANSFER_BASE64;
    if (span_equal_nocase(name, SPAN_LITERAL("quoted-printable"))) return TRANSFER_QUOTED_PRINTABLE;
    return TRANSFER_IDENTITY;
}

/* --- base64 ------------------------------------------------------------------------------------------------------- */

/* Whole groups of four digits, as long as there is nothing else. */
static size_t decode_groups(struct span *in, uint8_t *out, size_t max) {
    const uint8_t *s = in->data;
    size_t left = in->len, len = 0;
    while (left >= 4 && max - len >= 3) {
        uint32_t a = base64_digit[s[0]], b = base64_digit[s[1]], c = base64_digit[s[2]], d = base64_digit[s[3]];
        if (((a | b | c | d) & 0x80) != 0) break;
        uint32_t group = a << 18 | b << 12 | c << 6 | d;
        out[len] = (uint8_t)(group >> 16);
        out[len + 1] = (uint8_t)(group >> 8);
        out[len + 2] = (uint8_t)group;
        len += 3;
        s += 4;
        left -= 4;
    }
    *in = span_of(s, left);
    return len;
}

static size_t decode_base64(struct transfer_state *state, struct span *in, uint8_t *out, size_t max) {
    size_t len = 0;
    while (in->len > 0 && len < max) {
        if (state->bit_count == 0) {
            len += decode_groups(in, out + len, max - len);
            if (in->len == 0 || len == max) break;
        }
        uint8_t c = in->data[0], digit = base64_digit[c];
        *in = span_from(*in, 1);
        if (c == '=') {
            state->bit_count = 0;
            state->bits = 0;
        } else if (digit != NO_DIGIT) {
            state->bits = (state->bits << 6 | digit) & 0xFFF;
            state->bit_count = (uint8_t)(state->bit_count + 6);
            if (state->bit_count >= 8) {
                state->bit_count = (uint8_t)(state->bit_count - 8);
                out[len++] = (uint8_t)(state->bits >> state->bit_count);
            }
        }
    }
    return len;
}

/* Digits of the group that is not complete. */
static unsigned open_digits(const struct transfer_state *state) {
    return state->bit_count == 0 ? 0 : 4 - state->bit_count / 2u;
}

#ifdef __SSE2__
static __m128i in_range(__m128i bytes, char first, char last) {
    __m128i const from = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char)(last - first))), from);
}

/* Digits in blocks of 16 bytes, up to one with padding, or until less than a block is left. */
static size_t count_blocks(struct span *in) {
    __m128i sum = _mm_setzero_si128();
    size_t at = 0;
    for (; in->len - at >= sizeof(__m128i); at += sizeof(__m128i)) {
        __m128i const bytes = _mm_loadu_si128((const __m128i *)(const void *)(in->data + at));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('='))) != 0) break;
        __m128i digits = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
        digits = _mm_or_si128(digits, in_range(bytes, '/', '9'));
        digits = _mm_or_si128(digits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')));
        sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_and_si128(digits, _mm_set1_epi8(1)), _mm_setzero_si128()));
    }
    *in = span_from(*in, at);
    return (size_t)_mm_cvtsi128_si64(sum) + (size_t)_mm_cvtsi128_si64(_mm_srli_si128(sum, 8));
}
#else
static size_t count_blocks(struct span *in) {
    (void)in;
    return 0;
}
#endif

/* Bytes that so many digits from a group's beginning on make. */
static size_t bytes_of_digits(size_t digits) {
    return digits / 4 * 3 + (digits % 4 > 0 ? digits % 4 - 1 : 0);
}

static size_t pass_base64(struct transfer_state *state, struct span in) {
    size_t len = 0, digits = open_digits(state);
    size_t const before = bytes_of_digits(digits);
    while (in.len > 0) {
        digits += count_blocks(&in);
        for (size_t i = 0; i < 16 && in.len > 0; i++) {
            uint8_t const c = in.data[0];
            in = span_from(in, 1);
            digits += base64_digit[c] != NO_DIGIT;
            if (c != '=') continue;
            len += bytes_of_digits(digits);
            digits = 0;
        }
    }
    len += bytes_of_digits(digits) - before;
    state->bit_count = (uint8_t)(digits % 4 == 0 ? 0 : 8 - 2 * (digits % 4));
    state->bits = 0;
    return len;
}

/* --- quoted-printable --------------------------------------------------------------------------------------------- */

/* The escape is none after all. */
static size_t give_up_escape(struct transfer_state *state, uint8_t *out) {
    size_t len = state->escape_len;
    memcpy(out, state->escape, len);
    memset(out + len, ' ', state->blanks);
    len += state->blanks;
    state->escape_len = 0;
    state->blanks = 0;
    return len;
}

/* One byte after "=".  True when the byte was taken as part of the escape. */
static bool escape_byte(struct transfer_state *state, uint8_t c, uint8_t *out, size_t *len) {
    bool at_digits = state->blanks == 0 && state->escape[state->escape_len - 1] != '\r';
    if (at_digits && hex_digit(c) >= 0) {
        if (state->escape_len == 1) {
            state->escape[state->escape_len++] = c;
        } else {
            out[(*len)++] = (uint8_t)(hex_digit(state->escape[1]) << 4 | hex_digit(c));
            state->escape_len = 0;
        }
        return true;
    }
    bool digit_seen = state->escape_len == 2 && state->escape[1] != '\r';
    if (!digit_seen && c == '\n') {
        state->escape_len = 0;
        state->blanks = 0;
        return true;
    }
    if (state->escape_len == 1 && c == '\r') {
        state->escape[state->escape_len++] = c;
        return true;
    }
    if (state->escape_len == 1 && ascii_is_blank(c) && state->blanks < TRANSFER_BLANKS) {
        state->blanks++;
        return true;
    }
    *len += give_up_escape(state, out + *len);
    return false;
}

/* Blanks that did not end a line, and the return behind them. */
static size_t give_held(struct transfer_state *state, uint8_t *out) {
    size_t len = 0;
    for (; len < state->held; len++) out[len] = (state->held_tabs >> len & 1) != 0 ? '\t' : ' ';
    if (state->held_return) out[len++] = '\r';
    state->held = 0;
    state->held_return = false;
    state->held_tabs = 0;
    return len;
}

static void hold(struct transfer_state *state, uint8_t blank) {
    state->held_tabs |= (uint64_t)(blank == '\t') << state->held;
    state->held++;
}

/* One byte behind blanks that are held.  True when it is held as well. */
static bool held_byte(struct transfer_state *state, uint8_t c, uint8_t *out, size_t *len) {
    if (!state->held_return && ascii_is_blank(c)) {
        if (state->held == TRANSFER_BLANKS) {
            out[(*len)++] = (state->held_tabs & 1) != 0 ? '\t' : ' ';
            state->held_tabs >>= 1;
            state->held--;
        }
        hold(state, c);
        return true;
    }
    if (!state->held_return && c == '\r') {
        state->held_return = true;
        return true;
    }
    if (c == '\n') {
        state->held = 0;
        state->held_tabs = 0;
    }
    *len += give_held(state, out + *len);
    return false;
}

/* Where the blanks before text[end] begin, or the last TRANSFER_BLANKS of them. */
static size_t blanks_begin(struct span text, size_t end) {
    size_t begin = end;
    while (begin > 0 && end - begin < TRANSFER_BLANKS && ascii_is_blank(text.data[begin - 1])) begin--;
    return begin;
}

static size_t copy(uint8_t *out, struct span text, size_t begin, size_t end) {
    if (end > begin) memcpy(out, text.data + begin, end - begin);
    return end - begin;
}

/* Text without an escape, in front of which nothing is held: without the blanks that end its lines.  Those that end
 * what is here are held, unless an escape follows. */
static size_t copy_lines(struct transfer_state *state, struct span text, bool escape_follows, uint8_t *out) {
    size_t len = 0, begin = 0;
    for (size_t line = span_find(text, '\n'); line < text.len; line += 1 + span_find(span_from(text, line + 1), '\n')) {
        size_t const end = line > 0 && text.data[line - 1] == '\r' ? line - 1 : line;
        size_t const blanks = blanks_begin(text, end);
        if (blanks == end) continue;
        len += copy(out + len, text, begin, blanks);
        begin = end;
    }
    size_t const end = text.len > 0 && text.data[text.len - 1] == '\r' ? text.len - 1 : text.len;
    size_t const blanks = blanks_begin(text, end);
    if (blanks == end || escape_follows) return len + copy(out + len, text, begin, text.len);
    for (size_t i = blanks; i < end; i++) hold(state, text.data[i]);
    state->held_return = end < text.len;
    return len + copy(out + len, text, begin, blanks);
}

static size_t decode_quoted_printable(struct transfer_state *state, struct span *in, uint8_t *out, size_t max) {
    size_t len = 0;
    while (in->len > 0 && max - len > TRANSFER_END_BYTES) {
        if (state->escape_len > 0) {
            if (escape_byte(state, in->data[0], out, &len)) *in = span_from(*in, 1);
            continue;
        }
        if (state->held > 0) {
            if (held_byte(state, in->data[0], out, &len)) *in = span_from(*in, 1);
            continue;
        }
        struct span run = span_head(*in, max - len - TRANSFER_END_BYTES);
        size_t const room = run.len;
        run.len = span_find(run, '=');
        len += copy_lines(state, run, run.len < room, out + len);
        *in = span_from(*in, run.len);
        if (in->len > 0 && in->data[0] == '=' && state->held == 0 && max - len > TRANSFER_END_BYTES) {
            state->escape[0] = '=';
            state->escape_len = 1;
            *in = span_from(*in, 1);
        }
    }
    return len;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

size_t transfer_decode(struct transfer_state *state, struct span *in, uint8_t *out, size_t max) {
    if (state->encoding == TRANSFER_BASE64) return decode_base64(state, in, out, max);
    if (state->encoding == TRANSFER_QUOTED_PRINTABLE) return decode_quoted_printable(state, in, out, max);
    struct span part = span_head(*in, max);
    if (part.len > 0) memcpy(out, part.data, part.len);
    *in = span_from(*in, part.len);
    return part.len;
}

/* The last two bytes say whether an escape goes on behind them. */
static size_t pass_quoted_printable(struct transfer_state *state, struct span in) {
    uint8_t len = state->blanks > 0 ? 0 : state->escape_len;
    for (size_t at = in.len < 2 ? 0 : in.len - 2; at < in.len; at++) {
        uint8_t const c = in.data[at];
        if (in.len >= 2 && at == in.len - 2) len = 0;
        len = c == '=' ? 1 : len == 1 && (c == '\r' || hex_digit(c) >= 0) ? 2 : 0;
        if (len > 0) state->escape[len - 1] = c;
    }
    state->escape_len = len;
    state->blanks = 0;
    return in.len;
}

size_t transfer_pass(struct transfer_state *state, struct span in) {
    if (state->encoding == TRANSFER_BASE64) return pass_base64(state, in);
    return state->encoding == TRANSFER_QUOTED_PRINTABLE ? pass_quoted_printable(state, in) : in.len;
}

void transfer_break(struct transfer_state *state) {
    state->escape_len = 0;
    state->blanks = 0;
    state->held = 0;
    state->held_return = false;
    state->held_tabs = 0;
}

size_t transfer_end(struct transfer_state *state, uint8_t *out) {
    bool const soft_break = state->escape_len == 1 || (state->escape_len == 2 && state->escape[1] == '\r');
    if (state->encoding != TRANSFER_QUOTED_PRINTABLE || soft_break) return 0;
    if (state->escape_len > 0) return give_up_escape(state, out);
    return state->held_return ? give_held(state, out) : 0;
}
