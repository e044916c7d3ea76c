/* See text_sample.h.
 *
 * How long a text is nobody knows before its end, so the distances between slices grow with what lies behind: each is
 * about half of it, and so their number grows as the logarithm of the length.  A slice takes an eighth of what is left
 * for slices, and so there is something left for later ones.  Where in the distance it begins hangs on a number made of
 * the message's headers: the same message gives the same slices, and who does not write all of its headers does not
 * know where they lie.
 *
 *   3/4  the head: nearly all mail is shorter, and is read whole
 *   1/8  beginnings of parts that begin behind the head, a half of it for HTML alone: filler in front hides none
 *   1/8  slices, a half of it for HTML, too, where there are other parts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_sample.h"

#include <endian.h>

#include "charset.h"
#include "mailspan/span_search.h"

#define UNITS 64
#define EDGE_BYTES 256     /* in which a word, or a tag, should begin or end */
#define CHARACTER_REST 3   /* bytes that go on a character of UTF-8 */
#define GAP_MAX (1u << 30) /* more is no mail */
#define HEAD_STEPS 4       /* text is at most so many times as long as what was sent */
#define SLICE_SHARE 8      /* of what is left for slices */
#define OTHERS_SHARE 4     /* of what is left for beginnings, of parts that are no HTML */

/* Where in HTML the text at hand is: behind "<" and what may begin a comment, or inside of one or the like. */
enum markup { MARKUP_TEXT, MARKUP_TAG, MARKUP_COMMENT, MARKUP_RAW };

_Static_assert(LIMIT_TEXT_SLICES <= UINT8_MAX, "slices are counted in a byte");

void text_sample_begin(struct text_sample *sample, uint32_t bytes) {
    *sample = (struct text_sample){
        .free_left = bytes * LIMIT_TEXT_FREE_TIMES, .left = bytes, .unit = bytes < UNITS ? 1 : bytes / UNITS};
    sample->purses[PURSE_BEGINNINGS] = sample->purses[PURSE_SLICES] = bytes / 8;
    sample->purses[PURSE_HEAD] = bytes - 2 * (bytes / 8);
}

/* --- where slices lie --------------------------------------------------------------------------------------------- */

/* After splitmix64 (S. Vigna, public domain): every bit of what goes in moves every bit that comes out. */
static uint64_t mixed(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint64_t word_at(struct span bytes, size_t at) {
    uint64_t word = 0;
    struct span const few = span_head(span_from(bytes, at), sizeof word);
    if (few.len > 0) memcpy(&word, few.data, few.len);
    return le64toh(word);
}

/* Servers' names and times stand in front, numbers of messages in the middle, times and signatures at the end. */
void text_sample_stir(struct text_sample *sample, struct span bytes) {
    uint64_t const begin = word_at(bytes, 0), middle = word_at(bytes, bytes.len / 2);
    uint64_t const end = word_at(bytes, bytes.len < 8 ? 0 : bytes.len - 8);
    sample->seed = mixed(sample->seed + begin + bytes.len) ^ (middle + mixed(end));
}

/* Less than max. */
static uint32_t any_below(struct text_sample *sample, uint32_t max) {
    sample->seed += UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)((mixed(sample->seed) >> 32) * max >> 32);
}

/* --- stretches ---------------------------------------------------------------------------------------------------- */

static void stretch(struct text_sample *sample, enum text_stretch kind, uint32_t bytes) {
    sample->stretch = (uint8_t)kind;
    sample->stretch_left = bytes > 0 ? bytes : 1;
    sample->over = false;
    sample->at_edge = kind == TEXT_END || (kind == TEXT_SLICE && sample->cut_at != TEXT_CUT_ANYWHERE);
    sample->edge_left = (uint16_t)(bytes / 2 < EDGE_BYTES ? bytes / 2 : EDGE_BYTES);
    if (kind >= TEXT_SLICE) sample->behind += sample->stretch_left;
}

static void stretch_gap(struct text_sample *sample) {
    uint64_t const half = sample->unit + sample->behind / 2;
    uint32_t const distance = half < GAP_MAX ? (uint32_t)half : GAP_MAX;
    sample->markup = MARKUP_TEXT; /* nobody knows what is open behind it */
    sample->matched = 0;
    stretch(sample, TEXT_GAP, distance / 2 + any_below(sample, distance));
}

/* What is read is over. */
static void stretch_end(struct text_sample *sample) {
    if (sample->cut_at == TEXT_CUT_ANYWHERE)
        stretch_gap(sample);
    else
        stretch(sample, TEXT_END, sample->unit / 2 < EDGE_BYTES ? sample->unit / 2 : EDGE_BYTES);
}

/* What a part may take of what is left in a purse that is an eighth of all. */
static uint32_t left_in(const struct text_sample *sample, enum text_purse purse) {
    uint32_t const kept = sample->html || sample->alone ? 0 : sample->unit * (UNITS / 16);
    return sample->purses[purse] > kept ? sample->purses[purse] - kept : 0;
}

static void stretch_read(struct text_sample *sample, enum text_stretch kind, enum text_purse purse, uint32_t bytes) {
    sample->purse = (uint8_t)purse;
    if (kind != TEXT_HEAD) sample->slices++;
    stretch(sample, kind, bytes);
}

static void stretch_beginning(struct text_sample *sample) {
    uint32_t const left = left_in(sample, PURSE_BEGINNINGS);
    uint32_t const share = sample->html ? left - left / 4 : left / OTHERS_SHARE;
    if (share < sample->unit / 4 || share == 0 || sample->slices == LIMIT_TEXT_SLICES)
        stretch_gap(sample);
    else
        stretch_read(sample, TEXT_BEGINNING, PURSE_BEGINNINGS, share);
}

static void stretch_slice(struct text_sample *sample) {
    uint32_t const left = left_in(sample, PURSE_SLICES);
    uint32_t share = left / SLICE_SHARE;
    if (share > 2 * sample->unit) share = 2 * sample->unit;
    if (share < sample->unit / 2) share = sample->unit / 2;
    if (share > left || left == 0 || sample->slices == LIMIT_TEXT_SLICES)
        stretch(sample, TEXT_REST, UINT32_MAX);
    else
        stretch_read(sample, TEXT_SLICE, PURSE_SLICES, share);
}

/* In steps that cannot bring more text than is left, as long as it is worth it. */
static bool stretch_head(struct text_sample *sample) {
    uint32_t *purse = &sample->purses[PURSE_HEAD];
    if (*purse >= sample->unit && *purse > 0) {
        stretch_read(sample, TEXT_HEAD, PURSE_HEAD, *purse / HEAD_STEPS);
        return true;
    }
    sample->purses[PURSE_SLICES] += *purse;
    *purse = 0;
    return false;
}

void text_sample_part(struct text_sample *sample, bool html, bool alone, enum text_cut cut_at) {
    sample->html = html;
    sample->alone = alone;
    sample->cut_at = (uint8_t)cut_at;
    sample->stretch = TEXT_NONE;
    sample->stretch_left = 0;
    sample->at_edge = sample->over = false;
    sample->behind = 0;
    sample->markup = MARKUP_TEXT;
    if (!alone) return;
    sample->purses[PURSE_SLICES] += sample->purses[PURSE_BEGINNINGS];
    sample->purses[PURSE_BEGINNINGS] = 0;
}

void text_sample_next(struct text_sample *sample) {
    switch ((enum text_stretch)sample->stretch) {
        case TEXT_NONE:
            if (!stretch_head(sample)) stretch_beginning(sample);
            break;
        case TEXT_HEAD:
            if (!stretch_head(sample)) stretch_end(sample);
            break;
        case TEXT_BEGINNING:
        case TEXT_SLICE:
            if (sample->at_edge) /* no word has begun */
                stretch_gap(sample);
            else
                stretch_end(sample);
            break;
        case TEXT_END:
            stretch_gap(sample);
            break;
        case TEXT_GAP:
            stretch_slice(sample);
            break;
        case TEXT_REST:
            stretch(sample, TEXT_REST, UINT32_MAX);
            break;
    }
}

/* --- edges -------------------------------------------------------------------------------------------------------- */

static bool may_cut(const struct text_sample *sample, uint8_t c) {
    switch ((enum text_cut)sample->cut_at) {
        case TEXT_CUT_WORDS:
            return ascii_is_space(c);
        case TEXT_CUT_LINES:
            return c == '\n';
        case TEXT_CUT_TAGS:
            return c == '<' || c == '>';
        case TEXT_CUT_ANYWHERE:
            break;
    }
    return true;
}

/* Passes over the rest of a word; where none ends for long, over no more than the rest of a character. */
static struct span from_edge(struct text_sample *sample, struct span bytes) {
    size_t at = 0;
    for (; at < bytes.len; at++) {
        uint8_t const c = bytes.data[at];
        bool const enough = sample->edge_left <= CHARACTER_REST && (c & 0xC0) != 0x80;
        if (enough || sample->edge_left == 0 || may_cut(sample, c)) {
            sample->at_edge = false;
            break;
        }
        sample->edge_left--;
    }
    if (at < bytes.len && sample->edge_left > CHARACTER_REST && bytes.data[at] != '<') at++;
    return span_from(bytes, at);
}

static struct span to_edge(struct text_sample *sample, struct span bytes) {
    size_t at = 0;
    if (sample->over) return SPAN_EMPTY;
    while (at < bytes.len && !may_cut(sample, bytes.data[at])) at++;
    if (at == bytes.len) return bytes;
    sample->over = true;
    return span_head(bytes, bytes.data[at] == '<' ? at : at + 1);
}

struct span text_sample_edge(struct text_sample *sample, struct span bytes) {
    if (!sample->at_edge) return bytes;
    return sample->stretch == TEXT_END ? to_edge(sample, bytes) : from_edge(sample, bytes);
}

/* --- what nobody reads -------------------------------------------------------------------------------------------- */

static bool ends_name(uint8_t c) {
    return ascii_is_space(c) || c == '/' || c == '>';
}

/* Behind "<" and so many bytes more: whether what nobody reads begins.  A comment's own dashes may end it, as in <!-->
 * and <!---> (HTML 5, 13.2.5.43). */
static void begin_markup(struct text_sample *sample, uint8_t c) {
    static const struct {
        uint8_t text[7];
        uint8_t len;
    } words[] = {
        {"!--", 3}, {"style", 5}, {"script", 6}}; /* their second letters tell them apart, and so does each behind */
    uint8_t const small = ascii_lower(c);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        bool const same = sample->matched == 0 || words[i].text[sample->matched - 1] == sample->last;
        if (!same) continue;
        if (sample->matched == words[i].len && ends_name(c)) {
            sample->markup = MARKUP_RAW;
            sample->matched = 0;
            return;
        }
        if (sample->matched == words[i].len || words[i].text[sample->matched] != small) continue;
        sample->last = small;
        sample->matched++;
        if (i > 0 || sample->matched < words[i].len) return;
        sample->markup = MARKUP_COMMENT;
        sample->matched = 2;
        return;
    }
    sample->markup = c == '<' ? MARKUP_TAG : MARKUP_TEXT;
    sample->matched = 0;
}

/* Passes over what is inside; "-->" ends a comment, "</" the others.  Returns the bytes. */
static size_t pass_inside(struct text_sample *sample, struct span text) {
    bool const comment = sample->markup == MARKUP_COMMENT;
    size_t at = 0;
    while (at < text.len && sample->markup != MARKUP_TEXT) {
        if (sample->matched == 0) at += span_find(span_from(text, at), comment ? '-' : '<');
        if (at >= text.len) return text.len;
        uint8_t const c = text.data[at++];
        bool const ends = comment ? sample->matched == 2 && c == '>' : sample->matched > 0 && c == '/';
        if (c != (comment ? '-' : '<'))
            sample->matched = 0;
        else if (sample->matched < 2)
            sample->matched++;
        if (ends) sample->markup = MARKUP_TEXT;
    }
    return at;
}

/* Whether it may go on with "<" to what nobody reads, or be another "<"; mostly not. */
static bool may_begin_markup(uint8_t c) {
    return c == '!' || (c | 0x20) == 's' || c == '<';
}

/* How many bytes of it nobody reads. */
static size_t free_bytes(struct text_sample *sample, struct span text) {
    size_t bytes = 0;
    while (text.len > 0) {
        size_t len = 1;
        if (sample->markup >= MARKUP_COMMENT) {
            len = pass_inside(sample, text);
            bytes += len;
        } else if (sample->markup != MARKUP_TEXT) {
            begin_markup(sample, text.data[0]);
        } else {
            len = span_find(text, '<') + 1;
            if (len > text.len) return bytes;
            if (len < text.len && !may_begin_markup(text.data[len])) {
                text = span_from(text, len + 1);
                continue;
            }
            sample->markup = MARKUP_TAG;
            sample->matched = 0;
        }
        text = span_from(text, len);
    }
    return bytes;
}

size_t text_sample_pay(struct text_sample *sample, struct span text) {
    uint32_t *purse = &sample->purses[sample->purse];
    size_t free = sample->html && sample->free_left > 0 ? free_bytes(sample, text) : 0;
    if (free > sample->free_left) free = sample->free_left;
    sample->free_left -= (uint32_t)free;
    size_t const price = text.len - free;
    bool const fits = price <= sample->left;
    size_t const len = fits ? text.len : utf8_head(text, sample->left).len;
    sample->left = fits ? sample->left - (uint32_t)price : 0;
    *purse = price < *purse ? *purse - (uint32_t)price : 0;
    return len;
}
