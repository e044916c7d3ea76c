/* Charsets of mail to UTF-8, in chunks.
 *
 * Three ways: UTF-8 is checked by hand (RFC 3629); charsets of one byte a character go through a table of 128 that is
 * filled from iconv once; the others go through iconv descriptors that are opened once.  The descriptors are shared, so
 * nothing is left in them between two calls: an unfinished character waits in the stream, and charsets with shift
 * states are fed in whole lines (they all return to ASCII at a line's end).
 *
 * Names as in the WHATWG Encoding Standard where it differs from the registry: what says ISO-8859-1 is windows-1252,
 * and GB2312 is GB18030, because that is what mail programs do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum charset_kind {
    KIND_UTF8,
    KIND_GUESS, /* UTF-8 where it is, else windows-1252 */
    KIND_TABLE, /* one byte a character, ASCII below 128 */
    KIND_MULTI, /* several bytes, ASCII where a character is one byte below 128 */
    KIND_WIDE,  /* not a superset of ASCII */
    KIND_LINES, /* with shift states */
    KIND_BOM,   /* UTF-16 by its byte order mark */
};

struct charset {
    const char *aliases; /* small letters and digits only, each between blanks */
    const char *iconv_name;
    enum charset_kind kind;
    iconv_t descriptor;
    uint16_t high[128];
};

static const struct charset known_charsets[] = {
    {.aliases = " utf8 unicode11utf8 ", .kind = KIND_UTF8},
    {.aliases = " usascii ascii 7bit 8bit unknown8bit xunknown unknown binary default none ansix341968 ",
     .kind = KIND_GUESS},
    {.aliases = " windows1252 iso88591 cp1252 latin1 l1 iso885911987 xcp1252 88591 ibm819 cp819 ",
     .iconv_name = "CP1252",
     .kind = KIND_TABLE},
    {.aliases = " iso88592 latin2 l2 ", .iconv_name = "ISO-8859-2", .kind = KIND_TABLE},
    {.aliases = " iso88593 latin3 ", .iconv_name = "ISO-8859-3", .kind = KIND_TABLE},
    {.aliases = " iso88594 latin4 ", .iconv_name = "ISO-8859-4", .kind = KIND_TABLE},
    {.aliases = " iso88595 cyrillic ", .iconv_name = "ISO-8859-5", .kind = KIND_TABLE},
    {.aliases = " iso88596 arabic iso88596i ", .iconv_name = "ISO-8859-6", .kind = KIND_TABLE},
    {.aliases = " iso88597 greek ", .iconv_name = "ISO-8859-7", .kind = KIND_TABLE},
    {.aliases = " iso88598 iso88598i iso88598e hebrew visual logical ", .iconv_name = "ISO-8859-8", .kind = KIND_TABLE},
    {.aliases = " windows1254 iso88599 cp1254 latin5 ", .iconv_name = "CP1254", .kind = KIND_TABLE},
    {.aliases = " iso885910 latin6 ", .iconv_name = "ISO-8859-10", .kind = KIND_TABLE},
    {.aliases = " tis620 iso885911 windows874 cp874 ", .iconv_name = "CP874", .kind = KIND_TABLE},
    {.aliases = " iso885913 latin7 ", .iconv_name = "ISO-8859-13", .kind = KIND_TABLE},
    {.aliases = " iso885914 latin8 ", .iconv_name = "ISO-8859-14", .kind = KIND_TABLE},
    {.aliases = " iso885915 latin9 latin0 l9 ", .iconv_name = "ISO-8859-15", .kind = KIND_TABLE},
    {.aliases = " iso885916 latin10 ", .iconv_name = "ISO-8859-16", .kind = KIND_TABLE},
    {.aliases = " windows1250 cp1250 xcp1250 ", .iconv_name = "CP1250", .kind = KIND_TABLE},
    {.aliases = " windows1251 cp1251 xcp1251 ", .iconv_name = "CP1251", .kind = KIND_TABLE},
    {.aliases = " windows1253 cp1253 ", .iconv_name = "CP1253", .kind = KIND_TABLE},
    {.aliases = " windows1255 cp1255 ", .iconv_name = "CP1255", .kind = KIND_TABLE},
    {.aliases = " windows1256 cp1256 ", .iconv_name = "CP1256", .kind = KIND_TABLE},
    {.aliases = " windows1257 cp1257 ", .iconv_name = "CP1257", .kind = KIND_TABLE},
    {.aliases = " windows1258 cp1258 ", .iconv_name = "CP1258", .kind = KIND_TABLE},
    {.aliases = " koi8r koi8 koi ", .iconv_name = "KOI8-R", .kind = KIND_TABLE},
    {.aliases = " koi8u koi8ru ", .iconv_name = "KOI8-U", .kind = KIND_TABLE},
    {.aliases = " ibm437 cp437 dos437 ", .iconv_name = "IBM437", .kind = KIND_TABLE},
    {.aliases = " ibm850 cp850 dos850 ", .iconv_name = "IBM850", .kind = KIND_TABLE},
    {.aliases = " ibm852 cp852 dos852 ", .iconv_name = "IBM852", .kind = KIND_TABLE},
    {.aliases = " ibm866 cp866 866 dos866 ", .iconv_name = "IBM866", .kind = KIND_TABLE},
    {.aliases = " macintosh macroman xmacroman mac ", .iconv_name = "MACINTOSH", .kind = KIND_TABLE},
    {.aliases = " viscii viscii111 ", .iconv_name = "VISCII", .kind = KIND_TABLE},
    {.aliases = " gb18030 gb2312 gbk xgbk cp936 ms936 windows936 euccn gb231280 chinese csgb2312 ",
     .iconv_name = "GB18030",
     .kind = KIND_MULTI},
    {.aliases = " big5 big5hkscs cnbig5 xxbig5 csbig5 cp950 ", .iconv_name = "BIG5-HKSCS", .kind = KIND_MULTI},
    {.aliases = " euctw xeuctw ", .iconv_name = "EUC-TW", .kind = KIND_MULTI},
    {.aliases = " shiftjis sjis xsjis windows31j cp932 ms932 csshiftjis mskanji ",
     .iconv_name = "CP932",
     .kind = KIND_MULTI},
    {.aliases = " eucjp xeucjp xeuc cseucpkdfmtjapanese ", .iconv_name = "EUC-JP-MS", .kind = KIND_MULTI},
    {.aliases = " euckr ksc56011987 ksc5601 uhc cp949 windows949 korean cseuckr ",
     .iconv_name = "UHC",
     .kind = KIND_MULTI},
    {.aliases = " johab ", .iconv_name = "JOHAB", .kind = KIND_MULTI},
    {.aliases = " iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 csiso2022jp cp50220 cp50221 ",
     .iconv_name = "ISO-2022-JP-3",
     .kind = KIND_LINES},
    {.aliases = " iso2022kr csiso2022kr ", .iconv_name = "ISO-2022-KR", .kind = KIND_LINES},
    {.aliases = " iso2022cn iso2022cnext ", .iconv_name = "ISO-2022-CN-EXT", .kind = KIND_LINES},
    {.aliases = " utf7 unicode11utf7 ", .iconv_name = "UTF-7", .kind = KIND_LINES},
    {.aliases = " utf16le ", .iconv_name = "UTF-16LE", .kind = KIND_WIDE},
    {.aliases = " utf16be ", .iconv_name = "UTF-16BE", .kind = KIND_WIDE},
    {.aliases = " utf16 unicode ucs2 iso10646ucs2 ", .kind = KIND_BOM},
    {.aliases = " utf32le ucs4le ", .iconv_name = "UTF-32LE", .kind = KIND_WIDE},
    {.aliases = " utf32 utf32be ucs4 ", .iconv_name = "UTF-32BE", .kind = KIND_WIDE},
};

#define CHARSET_COUNT (sizeof known_charsets / sizeof known_charsets[0])
#define WINDOWS_1252 2 /* its row */
#define REPLACEMENT 0xFFFD

struct charset_table {
    struct charset charsets[CHARSET_COUNT];
    struct mail_scratch scratch;
};

#define NO_DESCRIPTOR ((iconv_t)-1)

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* The characters of the upper half, by asking iconv for each. */
static bool fill_high(struct charset *charset) {
    iconv_t descriptor = iconv_open("UTF-16LE", charset->iconv_name);
    if (descriptor == NO_DESCRIPTOR) return false;
    for (unsigned i = 0; i < 128; i++) {
        char in = (char)(i + 128), *from = &in;
        uint8_t unit[8];
        char *to = (char *)unit;
        size_t in_left = 1, out_left = sizeof unit;
        iconv(descriptor, NULL, NULL, NULL, NULL);
        bool fine = iconv(descriptor, &from, &in_left, &to, &out_left) != (size_t)-1;
        /* TCVN and windows-1258 hold letters back, for a combining mark that may follow. */
        iconv(descriptor, NULL, NULL, &to, &out_left);
        fine = fine && out_left == sizeof unit - 2;
        unsigned const c = fine ? (unsigned)unit[0] | (unsigned)unit[1] << 8 : REPLACEMENT;
        charset->high[i] = (uint16_t)c;
    }
    iconv_close(descriptor);
    return true;
}

static void charset_open(struct charset *charset) {
    charset->descriptor = NO_DESCRIPTOR;
    if (charset->kind == KIND_TABLE) {
        /* A C library without its charset files still knows Latin-1. */
        if (!fill_high(charset))
            for (unsigned i = 0; i < 128; i++) charset->high[i] = (uint16_t)(i + 128);
    } else if (charset->iconv_name != NULL) {
        charset->descriptor = iconv_open("UTF-8", charset->iconv_name);
    }
}

struct charset_table *charset_table_new(void) {
    struct charset_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    memcpy(table->charsets, known_charsets, sizeof known_charsets);
    for (size_t i = 0; i < CHARSET_COUNT; i++) charset_open(&table->charsets[i]);
    return table;
}

void charset_table_free(struct charset_table *table) {
    if (table == NULL) return;
    for (size_t i = 0; i < CHARSET_COUNT; i++)
        if (table->charsets[i].descriptor != NO_DESCRIPTOR) iconv_close(table->charsets[i].descriptor);
    free(table);
}

struct mail_scratch *charset_scratch(struct charset_table *table) {
    return &table->scratch;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* " iso88591 " for "ISO_8859-1": programs do not agree about the marks between. */
static size_t squeeze_name(struct span name, char out[34]) {
    size_t len = 0;
    out[len++] = ' ';
    for (size_t i = 0; i < name.len && len < 32; i++)
        if (ascii_is_alpha(name.data[i]) || ascii_is_digit(name.data[i])) out[len++] = (char)ascii_lower(name.data[i]);
    out[len++] = ' ';
    out[len] = '\0';
    return len;
}

static bool charset_usable(const struct charset *charset) {
    return charset->iconv_name == NULL || charset->kind == KIND_TABLE || charset->descriptor != NO_DESCRIPTOR;
}

const struct charset *charset_find(const struct charset_table *table, struct span name) {
    char squeezed[34];
    if (squeeze_name(name, squeezed) <= 2) return NULL;
    for (size_t i = 0; i < CHARSET_COUNT; i++) {
        const struct charset *charset = &table->charsets[i];
        if (strstr(charset->aliases, squeezed) != NULL) return charset_usable(charset) ? charset : NULL;
    }
    return NULL;
}

bool charset_by_lines(const struct charset *charset) {
    return charset != NULL && charset->kind == KIND_LINES;
}

bool charset_is_wide(const struct charset *charset) {
    return charset != NULL && (charset->kind == KIND_WIDE || charset->kind == KIND_BOM);
}

/* --- UTF-8 -------------------------------------------------------------------------------------------------------- */

size_t ascii_run(struct span s) {
    size_t i = 0;
#ifdef __SSE2__
    for (; s.len - i >= 4 * sizeof(__m128i); i += 4 * sizeof(__m128i)) {
        const __m128i *blocks = (const __m128i *)(const void *)(s.data + i);
        __m128i bytes = _mm_or_si128(_mm_or_si128(_mm_loadu_si128(blocks), _mm_loadu_si128(blocks + 1)),
                                     _mm_or_si128(_mm_loadu_si128(blocks + 2), _mm_loadu_si128(blocks + 3)));
        if (_mm_movemask_epi8(bytes) != 0) break;
    }
    for (; i + 16 <= s.len; i += 16) {
        unsigned high = (unsigned)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(s.data + i)));
        if (high != 0) return i + (unsigned)__builtin_ctz(high);
    }
#endif
    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.data + i, 8);
        if ((word & UINT64_C(0x8080808080808080)) != 0) break;
    }
    while (i < s.len && s.data[i] < 0x80) i++;
    return i;
}

static size_t put_char(uint8_t *out, uint16_t c) {
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    out[0] = (uint8_t)(0xE0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c & 0x3F));
    return 3;
}

/* The length of the character that s begins with; 0 when it is not complete; minus the bytes to replace when it is
 * none (RFC 3629 4: overlong forms, surrogates and what lies beyond U+10FFFF are none). */
static int utf8_measure(struct span s) {
    if (s.len == 0) return 0;
    uint8_t lead = s.data[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return -1;
    int len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (int i = 1; i < len; i++) {
        if ((size_t)i >= s.len) return 0;
        if (s.data[i] < low || s.data[i] > high) return -i;
        low = 0x80;
        high = 0xBF;
    }
    return len;
}

struct span utf8_head(struct span s, size_t len) {
    if (s.len <= len) return s;
    while (len > 0 && (s.data[len] & 0xC0) == 0x80) len--;
    return span_head(s, len);
}

bool utf8_valid(struct span s) {
    while (s.len > 0) {
        size_t run = ascii_run(s);
        int len = run > 0 ? (int)run : utf8_measure(s);
        if (len <= 0) return false;
        s = span_from(s, (size_t)len);
    }
    return true;
}

static size_t convert_table(const struct charset *charset, struct span in, uint8_t *out) {
    size_t out_len = 0;
    while (in.len > 0) {
        size_t run = ascii_run(in);
        memcpy(out + out_len, in.data, run);
        out_len += run;
        in = span_from(in, run);
        while (in.len > 0 && in.data[0] >= 0x80) {
            out_len += put_char(out + out_len, charset->high[in.data[0] & 0x7F]);
            in = span_from(in, 1);
        }
    }
    return out_len;
}

/* One conversion of UTF-8, or of what may be UTF-8. */
struct utf8_pass {
    struct span in;
    uint8_t *out;
    size_t out_len;
    bool guess; /* stop where it is none */
    bool end;   /* nothing follows in */
    bool stopped;
};

/* One character of s, or what stands for bytes that are none.  Returns bytes taken, 0 when more must come. */
static size_t take_utf8(struct utf8_pass *pass, struct span s, bool end) {
    int len = utf8_measure(s);
    if (len > 0) {
        memcpy(pass->out + pass->out_len, s.data, (size_t)len);
        pass->out_len += (size_t)len;
        return (size_t)len;
    }
    if (len == 0 && !end) return 0;
    pass->stopped = pass->guess;
    if (pass->stopped) return 0;
    pass->out_len += put_char(pass->out + pass->out_len, REPLACEMENT);
    return len == 0 ? s.len : (size_t)-len;
}

/* Works off what waits, with bytes of in as long as they are needed. */
static void settle_carry(struct utf8_pass *pass, struct charset_stream *stream) {
    while (stream->carry_len > 0) {
        struct span carry = span_of(stream->carry, stream->carry_len);
        size_t taken = take_utf8(pass, carry, pass->end && pass->in.len == 0);
        if (taken > 0) {
            stream->carry_len = (uint8_t)(stream->carry_len - taken);
            memmove(stream->carry, stream->carry + taken, stream->carry_len);
        } else {
            if (pass->stopped || pass->in.len == 0) return;
            stream->carry[stream->carry_len++] = pass->in.data[0];
            pass->in = span_from(pass->in, 1);
        }
    }
}

static void pass_utf8(struct utf8_pass *pass, struct charset_stream *stream) {
    settle_carry(pass, stream);
    while (pass->in.len > 0 && !pass->stopped) {
        size_t run = ascii_run(pass->in);
        memcpy(pass->out + pass->out_len, pass->in.data, run);
        pass->out_len += run;
        pass->in = span_from(pass->in, run);
        while (pass->in.len > 0 && pass->in.data[0] >= 0x80) {
            size_t taken = take_utf8(pass, pass->in, false);
            if (taken == 0 && pass->stopped) return;
            if (taken == 0) {
                memcpy(stream->carry, pass->in.data, pass->in.len); /* at most three bytes */
                stream->carry_len = (uint8_t)pass->in.len;
                pass->in = SPAN_EMPTY;
                return;
            }
            pass->in = span_from(pass->in, taken);
        }
    }
}

/* What is not UTF-8 from one place on is windows-1252 from there to its end. */
static size_t convert_utf8(const struct charset_table *table, struct charset_stream *stream, struct span in, bool end,
                           uint8_t *out) {
    bool guess = stream->charset == NULL || stream->charset->kind == KIND_GUESS;
    struct utf8_pass pass = {.in = in, .out = out, .guess = guess, .end = end};
    pass_utf8(&pass, stream);
    if (!pass.stopped) return pass.out_len;
    stream->charset = &table->charsets[WINDOWS_1252];
    struct span carry = span_of(stream->carry, stream->carry_len);
    stream->carry_len = 0;
    pass.out_len += convert_table(stream->charset, carry, out + pass.out_len);
    return pass.out_len + convert_table(stream->charset, pass.in, out + pass.out_len);
}

/* --- the others --------------------------------------------------------------------------------------------------- */

static size_t convert_iconv(struct charset_stream *stream, struct span in, uint8_t *out) {
    char joined[CHARSET_IN_BYTES + sizeof stream->carry];
    memcpy(joined, stream->carry, stream->carry_len);
    if (in.len > 0) memcpy(joined + stream->carry_len, in.data, in.len);
    char *from = joined, *to = (char *)out;
    size_t in_left = stream->carry_len + in.len, out_left = CHARSET_OUT_BYTES(in.len);
    stream->carry_len = 0;
    iconv_t descriptor = stream->charset->descriptor;
    iconv(descriptor, NULL, NULL, NULL, NULL);
    while (in_left > 0 && iconv(descriptor, &from, &in_left, &to, &out_left) == (size_t)-1) {
        if (errno == EINVAL && in_left <= sizeof stream->carry) {
            memcpy(stream->carry, from, in_left);
            stream->carry_len = (uint8_t)in_left;
            break;
        }
        if (out_left < 3 || errno == E2BIG) break;
        size_t put = put_char((uint8_t *)to, REPLACEMENT);
        to += put;
        out_left -= put;
        from++;
        in_left--;
    }
    if (out_left > 0) iconv(descriptor, NULL, NULL, &to, &out_left);
    return (size_t)(to - (char *)out);
}

/* UTF-16 without a mark is taken as little-endian: it comes from Windows. */
static bool choose_byte_order(const struct charset_table *table, struct charset_stream *stream, struct span *in) {
    while (stream->carry_len < 2 && in->len > 0) {
        stream->carry[stream->carry_len++] = in->data[0];
        *in = span_from(*in, 1);
    }
    if (stream->carry_len < 2) return false;
    unsigned mark = (unsigned)stream->carry[0] << 8 | stream->carry[1];
    if (mark == 0xFEFF || mark == 0xFFFE) stream->carry_len = 0;
    stream->charset = charset_find(table, mark == 0xFEFF ? SPAN_LITERAL("utf16be") : SPAN_LITERAL("utf16le"));
    return true;
}

size_t charset_convert(const struct charset_table *table, struct charset_stream *stream, struct span in, uint8_t *out) {
    in = span_head(in, CHARSET_IN_BYTES);
    if (stream->charset != NULL && stream->charset->kind == KIND_BOM && !choose_byte_order(table, stream, &in))
        return 0;
    if (stream->charset == NULL) return convert_utf8(table, stream, in, false, out);
    switch (stream->charset->kind) {
        case KIND_UTF8:
        case KIND_GUESS:
        case KIND_BOM:
            return convert_utf8(table, stream, in, false, out);
        case KIND_TABLE:
            return convert_table(stream->charset, in, out);
        case KIND_MULTI:
            if (stream->carry_len == 0 && ascii_run(in) == in.len) {
                if (in.len > 0) memcpy(out, in.data, in.len);
                return in.len;
            }
            return convert_iconv(stream, in, out);
        case KIND_WIDE:
        case KIND_LINES:
            return convert_iconv(stream, in, out);
    }
    return 0;
}

size_t charset_end(const struct charset_table *table, struct charset_stream *stream, uint8_t *out) {
    if (stream->carry_len == 0) return 0;
    if (stream->charset == NULL || stream->charset->kind == KIND_GUESS || stream->charset->kind == KIND_UTF8)
        return convert_utf8(table, stream, SPAN_EMPTY, true, out);
    stream->carry_len = 0;
    return put_char(out, REPLACEMENT);
}
