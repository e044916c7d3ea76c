/* JSON written straight into one reused buffer; see json_text.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_text.h"

#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "wording.h"

static void put(struct json_text *j, const void *bytes, size_t length) {
    if (j->capacity - j->length < length) {
        j->full = true;
        return;
    }
    memcpy(j->bytes + j->length, bytes, length);
    j->length += length;
}

static void put_byte(struct json_text *j, char c) {
    if (j->length == j->capacity)
        j->full = true;
    else
        j->bytes[j->length++] = c;
}

static void put_digits(struct json_text *j, uint64_t value, unsigned width) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (size_t written = sizeof digits - at; written < width; written++) digits[--at] = '0';
    put(j, digits + at, sizeof digits - at);
}

void json_add_unsigned(struct json_text *j, uint64_t value) {
    if (value < 10) /* as most are */
        put_byte(j, (char)('0' + value));
    else
        put_digits(j, value, 1);
}

void json_add_signed(struct json_text *j, int64_t value) {
    if (value < 0) put_byte(j, '-');
    put_digits(j, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

void json_add_decimal(struct json_text *j, double value, unsigned decimals) {
    if (value >= 0 && value < 1e9 && (double)(uint32_t)value == value) { /* whole, as most are */
        json_add_unsigned(j, (uint32_t)value);
        return;
    }
    uint64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++) scale *= 10;
    double scaled = fabs(value) * (double)scale;
    if (!(scaled < 1e18)) { /* not a number, or none that anything here measures */
        put(j, "null", 4);
        return;
    }
    uint64_t rounded = (uint64_t)llround(scaled);
    if (value < 0 && rounded != 0) put_byte(j, '-');
    put_digits(j, rounded / scale, 1);
    uint64_t fraction = rounded % scale;
    if (fraction == 0) return;
    while (fraction % 10 == 0) {
        fraction /= 10;
        decimals--;
    }
    put_byte(j, '.');
    put_digits(j, fraction, decimals);
}

static void put_unit(struct json_text *j, uint32_t unit) {
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    put(j, escape, sizeof escape);
}

static void put_escape(struct json_text *j, uint32_t c) {
    static const char with_letters[] = "\"\"\\\\\nn\rr\tt"; /* a character, and what stands for it */
    for (size_t i = 0; i + 1 < sizeof with_letters; i += 2) {
        if (c != (uint8_t)with_letters[i]) continue;
        put_byte(j, '\\');
        put_byte(j, with_letters[i + 1]);
        return;
    }
    if (c < 0x10000) {
        put_unit(j, c);
        return;
    }
    put_unit(j, 0xd800 + ((c - 0x10000) >> 10)); /* RFC 8259 7: a pair of surrogates */
    put_unit(j, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

static bool is_plain(uint8_t c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#ifdef __SSE2__

/* Which of 16 bytes are not plain, a bit for each. */
static unsigned odd_bytes(const uint8_t *at) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i odd = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)); /* signed: from 0x80 on they are less, too */
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return (unsigned)_mm_movemask_epi8(odd);
}

#endif

/* How many bytes at the start of a text are plain. */
static size_t plain_run(struct span text) {
    size_t at = 0;
#ifdef __SSE2__
    for (; text.len - at >= sizeof(__m128i); at += sizeof(__m128i)) {
        unsigned odd = odd_bytes(text.data + at);
        if (odd != 0) return at + (unsigned)__builtin_ctz(odd);
    }
    if (at == text.len) return at;
    uint8_t rest[sizeof(__m128i)]; /* nothing may be read behind a span, so its end gets a block of its own */
    memset(rest, '"', sizeof rest);
    memcpy(rest, text.data + at, text.len - at);
    return at + (unsigned)__builtin_ctz(odd_bytes(rest));
#else
    while (at < text.len && is_plain(text.data[at])) at++;
    return at;
#endif
}

static void put_plain_string(struct json_text *j, struct span text) {
    if (j->capacity - j->length < text.len + 2) {
        j->full = true;
        return;
    }
    char *at = j->bytes + j->length;
    j->length += text.len + 2;
    *at++ = '"';
    if (text.len > 0) memcpy(at, text.data, text.len);
    at[text.len] = '"';
}

static void put_odd_string(struct json_text *j, struct span text) {
    put_byte(j, '"');
    while (text.len > 0) {
        size_t plain = is_plain(text.data[0]) ? plain_run(text) : 0;
        if (plain > 0) put(j, text.data, plain);
        text = span_from(text, plain);
        if (text.len == 0) break;
        uint32_t code_point;
        size_t length = utf8_next(text, &code_point);
        if (code_point == 0 || code_point == UTF8_REPLACEMENT)
            put(j, "\xef\xbf\xbd", 3);
        else if (code_point < 0x80 || hides_text(code_point))
            put_escape(j, code_point);
        else
            put(j, text.data, length);
        text = span_from(text, length);
    }
    put_byte(j, '"');
}

void json_add_text(struct json_text *j, struct span value) {
    if (plain_run(value) == value.len)
        put_plain_string(j, value);
    else
        put_odd_string(j, value);
}

void json_add_time(struct json_text *j, nstime time) {
    char text[TIME_TEXT_BYTES];
    if (time == 0)
        put(j, "null", 4);
    else
        put_plain_string(j, span_of(time_to_text(time, text), TIME_TEXT_BYTES - 1));
}
