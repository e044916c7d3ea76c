/* The content between DATA's 354 and the final dot: finds the dot, undoes dot-stuffing (RFC 5321 4.5.2).
 *
 * A machine of six states that holds nothing but its state: a dot at the start of a line, and the CR behind it, are
 * held back in the state until the next byte says what they are.
 *
 *   LINE_START --'.'--> DOT --CR--> DOT_CR --LF--> the end
 *
 * RFC 5321 2.3.8 knows no newline but CR LF.  Receivers that take a bare LF or CR for one see the data end at a dot
 * between such, and read what follows as commands (SMTP smuggling).  So each dot alone between two newlines of any kind
 * is an "odd end" (all are, but the end itself), and the reader stops behind it for the caller to look.
 *
 * Most of all text has CR and LF only together and no dot at a line's start.  Such is passed over 16 bytes at a time,
 * without a look at its lines; what is left is read line by line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp_internal.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

/* A line's LF is looked for so far at once, and what has none is taken as a piece of it: behind each of the odd ends of
 * a long line the search begins anew. */
#define PIECE_BYTES 256

static const struct span held_carriage_return = {(const uint8_t *)"\r", 1};

static bool is_newline(uint8_t c) {
    return c == '\r' || c == '\n';
}

static void remember(struct body_reader *reader, struct span taken) {
    if (taken.len == 0) return;
    reader->before[0] = taken.len > 1 ? taken.data[taken.len - 2] : reader->before[1];
    reader->before[1] = taken.data[taken.len - 1];
}

/* Behind what was taken: the length up to the odd end of which a part lies there; 0 when there is none. */
static size_t odd_end_begun(const struct body_reader *reader, struct span text) {
    const uint8_t *before = reader->before;
    if (text.len > 0 && is_newline(before[0]) && before[1] == '.' && is_newline(text.data[0])) return 1;
    if (text.len > 1 && is_newline(before[1]) && text.data[0] == '.' && is_newline(text.data[1])) return 2;
    return 0;
}

/* Looks at a line, or a piece of one: its LF, if it has one, is its last byte.  Returns the length up to an odd end in
 * it, else 0. */
static size_t look_at_line(struct body_reader *reader, struct span line) {
    size_t at = odd_end_begun(reader, line);
    if (at > 0) return at;
    for (at = span_find(line, '\r'); at + 1 < line.len; at += 1 + span_find(span_from(line, at + 1), '\r')) {
        if (line.data[at + 1] == '\n') return 0;
        reader->bare_newlines = true;
        if (at + 2 < line.len && line.data[at + 1] == '.' && is_newline(line.data[at + 2])) return at + 3;
    }
    return 0;
}

/* The state behind a piece of a line that has no LF. */
static enum body_state state_behind(struct span piece) {
    return piece.data[piece.len - 1] == '\r' ? BODY_CR : BODY_TEXT;
}

/* A line's first byte behind a CR: was that half of a CR LF? */
static struct span leave_carriage_return(struct body_reader *reader, struct span rest) {
    if (rest.data[0] != '\n') {
        reader->bare_newlines = true;
        reader->state = BODY_TEXT;
        return rest;
    }
    reader->state = BODY_LINE_START;
    remember(reader, span_head(rest, 1));
    return span_from(rest, 1);
}

/* How many bytes from the start are ordinary: each CR has its LF, each LF its CR, and no dot follows one.  Never more
 * than that, and less where it is not worth the while. */
#ifdef __SSE2__
#define WIDTH_BYTES sizeof(__m128i)
#define STRIDE_BYTES (4 * WIDTH_BYTES)
#define AHEAD_BYTES 1024 /* asked for: the bytes of a capture come from memory, and in order */

/* The bytes at `at` that are not ordinary are 0xff; each is looked at together with the one before it. */
static __m128i odd_bytes(const uint8_t *at) {
    __m128i const lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), dot = _mm_set1_epi8('.');
    __m128i here = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(at - 1));
    __m128i lone = _mm_xor_si128(_mm_cmpeq_epi8(here, lf), _mm_cmpeq_epi8(before, cr));
    return _mm_or_si128(lone, _mm_and_si128(_mm_cmpeq_epi8(here, dot), _mm_cmpeq_epi8(before, lf)));
}

static bool stride_is_ordinary(const uint8_t *at) {
    __builtin_prefetch(at + AHEAD_BYTES);
    __m128i odd = _mm_or_si128(_mm_or_si128(odd_bytes(at), odd_bytes(at + WIDTH_BYTES)),
                               _mm_or_si128(odd_bytes(at + 2 * WIDTH_BYTES), odd_bytes(at + 3 * WIDTH_BYTES)));
    return _mm_movemask_epi8(odd) == 0;
}

static size_t pass_strides(struct span text, size_t at) {
    while (text.len - at >= STRIDE_BYTES && stride_is_ordinary(text.data + at)) at += STRIDE_BYTES;
    return at;
}

/* The same with registers of twice the width, where the processor has them. */
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i odd_bytes_avx2(const uint8_t *at) {
    __m256i const lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r'), dot = _mm256_set1_epi8('.');
    __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(at - 1));
    __m256i lone = _mm256_xor_si256(_mm256_cmpeq_epi8(here, lf), _mm256_cmpeq_epi8(before, cr));
    return _mm256_or_si256(lone, _mm256_and_si256(_mm256_cmpeq_epi8(here, dot), _mm256_cmpeq_epi8(before, lf)));
}

AVX2 static size_t pass_strides_avx2(struct span text, size_t at) {
    for (; text.len - at >= STRIDE_BYTES; at += STRIDE_BYTES) {
        const uint8_t *bytes = text.data + at;
        __builtin_prefetch(bytes + AHEAD_BYTES);
        __m256i odd = _mm256_or_si256(odd_bytes_avx2(bytes), odd_bytes_avx2(bytes + STRIDE_BYTES / 2));
        if (!_mm256_testz_si256(odd, odd)) break;
    }
    return at;
}

static size_t ordinary_run(struct span text) {
    if (text.len <= WIDTH_BYTES || is_newline(text.data[0])) return 0;
    size_t at = __builtin_cpu_supports("avx2") ? pass_strides_avx2(text, 1) : pass_strides(text, 1);
    while (at < text.len) {
        if (text.len - at < WIDTH_BYTES) at = text.len - WIDTH_BYTES; /* some bytes twice, and all of them */
        unsigned odd = (unsigned)_mm_movemask_epi8(odd_bytes(text.data + at));
        if (odd != 0) {
            at += (unsigned)__builtin_ctz(odd);
            break;
        }
        at += WIDTH_BYTES;
    }
    return text.data[at - 1] == '\r' ? at - 1 : at;
}
#else
static size_t ordinary_run(struct span text) {
    (void)text;
    return 0;
}
#endif

/* Passes over ordinary text.  At a line's start, or in it, only: elsewhere the bytes before count. */
static struct span pass_ordinary(struct body_reader *reader, struct span rest) {
    if (reader->state != BODY_LINE_START && reader->state != BODY_TEXT) return rest;
    if (odd_end_begun(reader, rest) > 0) return rest;
    struct span run = span_head(rest, ordinary_run(rest));
    if (run.len == 0) return rest;
    reader->state = run.data[run.len - 1] == '\n' ? BODY_LINE_START : BODY_TEXT;
    remember(reader, run);
    return span_from(rest, run.len);
}

/* Text up to the dot of a line that begins with one, to an odd end, or to the end of the input. */
static struct span take_text(struct body_reader *reader, struct span *input) {
    struct span rest = pass_ordinary(reader, *input);
    while (rest.len > 0 && !(reader->state == BODY_LINE_START && rest.data[0] == '.')) {
        if (reader->state == BODY_CR && odd_end_begun(reader, rest) == 0) {
            rest = leave_carriage_return(reader, rest);
            continue;
        }
        struct span line = span_head(rest, PIECE_BYTES);
        size_t newline = span_find(line, '\n');
        bool whole = newline < line.len;
        line = span_head(line, newline + whole);
        size_t odd_end = look_at_line(reader, line);
        if (odd_end > 0) {
            line = span_head(line, odd_end);
            reader->odd_ends++;
            reader->bare_newlines = true;
            whole = line.data[odd_end - 1] == '\n';
        }
        rest = span_from(rest, line.len);
        if (!whole) {
            reader->state = state_behind(line);
        } else {
            bool crlf = (line.len > 1 ? line.data[line.len - 2] : reader->before[1]) == '\r';
            if (!crlf) reader->bare_newlines = true;
            reader->state = crlf ? BODY_LINE_START : BODY_LF;
        }
        remember(reader, line);
        if (odd_end > 0) break;
    }
    struct span text = span_head(*input, input->len - rest.len);
    *input = rest;
    reader->bytes += text.len;
    return text;
}

/* "." at the start of a line, and no end: the dot was stuffing. */
static void leave_dot(struct body_reader *reader) {
    reader->state = BODY_TEXT;
    reader->bytes += 1;
    reader->before[0] = '\n';
    reader->before[1] = '.';
}

struct span smtp_body_skim(struct body_reader *reader, struct span input) {
    struct span rest = pass_ordinary(reader, input);
    reader->bytes += input.len - rest.len;
    return rest;
}

bool smtp_body_take(struct body_reader *reader, struct span *input, struct span *content) {
    *content = SPAN_EMPTY;
    while (input->len > 0 && content->len == 0) {
        uint8_t c = input->data[0];
        if (reader->state == BODY_LINE_START && c == '.') {
            reader->state = BODY_DOT;
            *input = span_from(*input, 1);
        } else if (reader->state == BODY_DOT && c == '\r') {
            reader->state = BODY_DOT_CR;
            *input = span_from(*input, 1);
        } else if (reader->state == BODY_DOT_CR && c == '\n') {
            reader->state = BODY_LINE_START;
            *input = span_from(*input, 1);
            return true;
        } else if (reader->state == BODY_DOT_CR) { /* "." CR and something else: CRLF . CR is an odd end, too */
            leave_dot(reader);
            reader->state = BODY_CR;
            reader->bytes += 1;
            reader->before[0] = '.';
            reader->before[1] = '\r';
            reader->odd_ends++;
            *content = held_carriage_return;
        } else {
            if (reader->state == BODY_DOT) leave_dot(reader);
            *content = take_text(reader, input);
        }
    }
    return false;
}

void smtp_body_gap(struct body_reader *reader, uint64_t length) {
    if (reader->state == BODY_DOT || reader->state == BODY_DOT_CR)
        reader->bytes += reader->state == BODY_DOT ? 1 : 2; /* held back until now */
    reader->state = BODY_TEXT;
    reader->bytes += length;
    reader->before[0] = reader->before[1] = 0;
}
