/* URLs counted in text that comes in any cut: http://, https://, and www. at the beginning of a word.
 *
 * The text is searched for ":" and "." behind the letters that they may follow, and looked back from there (over the
 * cut, in `before`); then the host is read byte by byte:  SEEK -> "http:" SLASH -> "/" SLASHES -> "/" HOST -> end of
 * the authority (RFC 3986 3.2).  A host is what stands behind the last "@" and before a port.  It is an address when
 * its last label is a number in any form that browsers take (WHATWG URL: 192.0.2.1, 3221225985, 0xc0000201), or when it
 * is in square brackets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "url_scan.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum url_state { URL_SEEK, URL_SLASH, URL_SLASHES, URL_HOST };

#define LOOK_BACK sizeof(((struct url_scan *)0)->before)

/* The byte that stands back bytes before text[at]; 0 before the beginning. */
static uint8_t look_back(const struct url_scan *scan, struct span text, size_t at, size_t back) {
    if (back <= at) return ascii_lower(text.data[at - back]);
    return ascii_lower(scan->before[LOOK_BACK - (back - at)]);
}

static bool preceded_by(const struct url_scan *scan, struct span text, size_t at, const char *word, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (look_back(scan, text, at, len - i) != (uint8_t)word[i]) return false;
    return true;
}

static void host_begin(struct url_scan *scan) {
    scan->state = URL_HOST;
    scan->named = scan->settled = scan->numeric = scan->punycode = scan->literal = false;
    scan->label_digits = scan->label_hex = false;
    scan->label_len = 0;
}

/* "www." begins a URL where a word begins. */
static bool begins_www(const struct url_scan *scan, struct span text, size_t at) {
    if (!preceded_by(scan, text, at, "www", 3)) return false;
    uint8_t before = look_back(scan, text, at, 4);
    return !ascii_is_alpha(before) && !ascii_is_digit(before) && before < 0x80 &&
           (before == 0 || strchr("./@-_:%", before) == NULL);
}

static bool begins_scheme(const struct url_scan *scan, struct span text, size_t at) {
    return preceded_by(scan, text, at, "http", 4) || preceded_by(scan, text, at, "https", 5);
}

static bool is_hex(uint8_t c) {
    c = ascii_lower(c);
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static void label_byte(struct url_scan *scan, uint8_t c) {
    c = ascii_lower(c);
    unsigned const at = scan->label_len;
    if (at > 3 && !scan->label_digits && !scan->label_hex) return; /* nothing about this label can change any more */
    if (at == 0) scan->label_digits = scan->label_hex = scan->label_xn = true;
    scan->label_digits = scan->label_digits && ascii_is_digit(c);
    scan->label_hex = scan->label_hex && (at < 2 ? c == (uint8_t) "0x"[at] : is_hex(c));
    scan->label_xn = scan->label_xn && (at > 3 || c == (uint8_t) "xn--"[at]);
    if (at == 3 && scan->label_xn) scan->punycode = true;
    if (at < UINT8_MAX) scan->label_len++;
    scan->numeric = scan->label_digits || (scan->label_hex && at > 1);
    scan->named = true;
}

static void count(uint16_t *counter) {
    if (*counter < UINT16_MAX) (*counter)++;
}

static void host_end(struct mail_summary *summary, struct counters *counters) {
    struct url_scan *scan = &summary->url_scan;
    bool const found = scan->state == URL_HOST && (scan->named || scan->literal);
    scan->state = URL_SEEK;
    if (!found) return;
    if (summary->urls == LIMIT_URLS) {
        counters->urls_dropped++;
        return;
    }
    count(&summary->urls);
    if (scan->numeric || scan->literal) count(&summary->urls_bare_ip);
    if (scan->punycode) count(&summary->urls_punycode);
}

/* What a byte is in an authority; those not named here end it. */
enum byte_class { BYTE_END, BYTE_LABEL, BYTE_DOT, BYTE_AT, BYTE_SETTLES, BYTE_OPEN, BYTE_CLOSE };

static const uint8_t byte_classes[256] = {
    ['a' ... 'z'] = BYTE_LABEL, ['A' ... 'Z'] = BYTE_LABEL, ['0' ... '9'] = BYTE_LABEL, [0x80 ... 0xFF] = BYTE_LABEL,
    ['-'] = BYTE_LABEL,         ['_'] = BYTE_LABEL,         ['.'] = BYTE_DOT,           ['@'] = BYTE_AT,
    [':'] = BYTE_SETTLES,       ['%'] = BYTE_SETTLES,       ['&'] = BYTE_SETTLES,       ['='] = BYTE_SETTLES,
    ['+'] = BYTE_SETTLES,       ['!'] = BYTE_SETTLES,       ['$'] = BYTE_SETTLES,       ['~'] = BYTE_SETTLES,
    ['['] = BYTE_OPEN,          [']'] = BYTE_CLOSE,
};

/* A byte of the authority.  False when it ends it. */
static bool authority_byte(struct url_scan *scan, uint8_t c) {
    switch ((enum byte_class)byte_classes[c]) {
        case BYTE_LABEL:
            if (!scan->settled && !scan->literal) label_byte(scan, c);
            return true;
        case BYTE_DOT:
            if (!scan->settled) scan->label_len = 0;
            return true;
        case BYTE_AT:
            host_begin(scan);
            return true;
        case BYTE_SETTLES:
            scan->settled = scan->settled || !scan->literal;
            return true;
        case BYTE_OPEN:
            if (scan->named || scan->settled) return false;
            scan->literal = true;
            return true;
        case BYTE_CLOSE:
            return scan->literal;
        case BYTE_END:
            break;
    }
    return false;
}

/* Reads on in an authority; returns where it ends, or text.len. */
static size_t authority(struct url_scan *scan, struct span text, size_t at) {
    while (at < text.len && authority_byte(scan, text.data[at])) at++;
    return at;
}

/* Whether c, at a place of the text, may stand behind "http", "https" or "www". */
static bool is_mark(const struct url_scan *scan, struct span text, size_t at) {
    uint8_t c = text.data[at];
    if (c != ':' && c != '.') return false;
    uint8_t before = look_back(scan, text, at, 1);
    return c == ':' ? before == 'p' || before == 's' : before == 'w';
}

#ifdef __SSE2__
/* A bit for each of 16 bytes that is a mark; one byte is before them.  Setting 0x20 makes letters small, and makes no
 * other byte one of these letters but their capitals. */
static unsigned marks_of_16(const uint8_t *at) {
    __m128i here = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i before = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(at - 1)), _mm_set1_epi8(0x20));
    __m128i scheme =
        _mm_or_si128(_mm_cmpeq_epi8(before, _mm_set1_epi8('p')), _mm_cmpeq_epi8(before, _mm_set1_epi8('s')));
    __m128i colons = _mm_and_si128(_mm_cmpeq_epi8(here, _mm_set1_epi8(':')), scheme);
    __m128i dots = _mm_and_si128(_mm_cmpeq_epi8(here, _mm_set1_epi8('.')), _mm_cmpeq_epi8(before, _mm_set1_epi8('w')));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(colons, dots));
}

/* Passes over blocks without a mark; at is not 0.  Returns where the first one with a mark begins, or less than one is
 * left. */
static size_t pass_blocks(struct span text, size_t at) {
    while (text.len - at >= sizeof(__m128i) && marks_of_16(text.data + at) == 0) at += sizeof(__m128i);
    return at;
}

#define AVX2 __attribute__((target("avx2")))

/* The same with registers of twice the width, where the processor has them: bytes that are marks are 0xff. */
AVX2 static inline __m256i marks_avx2(const uint8_t *at) {
    __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i before =
        _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)(at - 1)), _mm256_set1_epi8(0x20));
    __m256i scheme = _mm256_or_si256(_mm256_cmpeq_epi8(before, _mm256_set1_epi8('p')),
                                     _mm256_cmpeq_epi8(before, _mm256_set1_epi8('s')));
    __m256i colons = _mm256_and_si256(_mm256_cmpeq_epi8(here, _mm256_set1_epi8(':')), scheme);
    __m256i dots = _mm256_and_si256(_mm256_cmpeq_epi8(here, _mm256_set1_epi8('.')),
                                    _mm256_cmpeq_epi8(before, _mm256_set1_epi8('w')));
    return _mm256_or_si256(colons, dots);
}

AVX2 static size_t pass_blocks_avx2(struct span text, size_t at) {
    for (; text.len - at >= 2 * sizeof(__m256i); at += 2 * sizeof(__m256i)) {
        __m256i marks = _mm256_or_si256(marks_avx2(text.data + at), marks_avx2(text.data + at + sizeof(__m256i)));
        if (!_mm256_testz_si256(marks, marks)) break;
    }
    return at;
}
#endif

/* Where the next mark is, from at on, which is in the text; text.len when there is none. */
static size_t next_mark(const struct url_scan *scan, struct span text, size_t at) {
    if (is_mark(scan, text, at)) return at;
#ifdef __SSE2__
    at++;
    if (__builtin_cpu_supports("avx2")) at = pass_blocks_avx2(text, at);
    at = pass_blocks(text, at);
    if (text.len - at >= sizeof(__m128i)) return at + (unsigned)__builtin_ctz(marks_of_16(text.data + at));
#endif
    while (at < text.len && !is_mark(scan, text, at)) at++;
    return at;
}

/* text[at] is a mark: does a URL begin here? */
static void try_mark(struct url_scan *scan, struct span text, size_t at) {
    if (text.data[at] == ':') {
        if (begins_scheme(scan, text, at)) scan->state = URL_SLASH;
    } else if (begins_www(scan, text, at)) {
        host_begin(scan);
    }
}

static void remember_end(struct url_scan *scan, struct span text) {
    if (text.len >= LOOK_BACK) {
        memcpy(scan->before, text.data + text.len - LOOK_BACK, LOOK_BACK);
        return;
    }
    memmove(scan->before, scan->before + text.len, LOOK_BACK - text.len);
    if (text.len > 0) memcpy(scan->before + LOOK_BACK - text.len, text.data, text.len);
}

void url_scan_text(struct mail_summary *summary, struct span text, struct counters *counters) {
    struct url_scan *scan = &summary->url_scan;
    size_t at = 0;
    while (at < text.len) {
        uint8_t c = text.data[at];
        if (scan->state == URL_SEEK) {
            at = next_mark(scan, text, at);
            if (at < text.len) try_mark(scan, text, at++);
        } else if (scan->state == URL_HOST) {
            at = authority(scan, text, at);
            if (at < text.len) host_end(summary, counters);
        } else if (c == '/') {
            at++;
            if (scan->state == URL_SLASHES)
                host_begin(scan);
            else
                scan->state = URL_SLASHES;
        } else {
            scan->state = URL_SEEK;
        }
    }
    remember_end(scan, text);
}

void url_scan_end(struct mail_summary *summary, struct counters *counters) {
    host_end(summary, counters);
    memset(&summary->url_scan, 0, sizeof summary->url_scan);
}
