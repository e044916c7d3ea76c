/* See mailspan/fingerprint.h.  Words wait until the run of bytes without a blank that they stand in is over: what
 * stands there later says whether it is an address, a number or a URL.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailspan/fingerprint.h"

#include "mailspan/limits.h"

#define BIN_BITS 4
#define SUBJECT_BINS 8
#define IS_THERE (1u << 15) /* so that no hash in a bin is 0 */

enum run_kind {
    RUN_WORDS,
    RUN_OTHERS, /* an address or a number is in it: nothing of it counts */
    RUN_HOST,   /* of a URL */
    RUN_PATH,   /* what is behind that */
};

enum byte_class { SIGN, LETTER, HIGH, DIGIT, SPACE };

/* What words are made of, in ASCII; with the bit between capital and small ones set it is small. */
static bool is_letter(uint8_t c) {
    return (unsigned)((c | 0x20) - 'a') <= 'z' - 'a' || c == '\'';
}

static enum byte_class class_of(uint8_t c) {
    if (is_letter(c)) return LETTER;
    if (c >= 0x80) return HIGH;
    if (ascii_is_digit(c)) return DIGIT;
    return ascii_is_space(c) ? SPACE : SIGN;
}

/* Of a word: its bits are stirred already. */
static uint32_t word_hash_upper(uint64_t hash) {
    return (uint32_t)(hash >> 32);
}

static uint32_t mixed(uint64_t hash) {
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(hash >> 32);
}

static void bin_take(uint16_t *greatest, unsigned bits, uint32_t hash) {
    uint16_t *bin = &greatest[hash >> (32 - bits)];
    uint16_t const value = (uint16_t)((hash & (IS_THERE - 1)) | IS_THERE);
    if (value > *bin) *bin = value;
}

/* Four bits of each bin.  A short text leaves bins empty: these say what the next full one says, stirred by how far off
 * that is (Shrivastava and Li, ICML 2014). */
static uint64_t bins_read(const uint16_t *greatest, unsigned count) {
    uint64_t read = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned away = 0;
        while (away < count && greatest[(i + away) % count] == 0) away++;
        if (away == count) return 0;
        uint32_t const value = (greatest[(i + away) % count] + away * 0x7f4a7c15u) * 0x9e3779b1u;
        read |= (uint64_t)(value >> 28) << (BIN_BITS * i);
    }
    return read == 0 ? 1 : read;
}

/* --- words ------------------------------------------------------------------------------------------------------ */

static void take_pending(struct fingerprint *f) {
    for (unsigned i = 0; i < f->pending_count; i++) bin_take(f->greatest, BIN_BITS, f->pending[i]);
    f->words += f->pending_count;
    f->pending_count = 0;
}

static void add_word(struct fingerprint *f, uint32_t hash) {
    if (f->pending_count == FINGERPRINT_PENDING) take_pending(f);
    f->pending[f->pending_count++] = hash;
}

static void end_word(struct fingerprint *f) {
    if (word_bytes_any(&f->word) && (f->run == RUN_WORDS || f->run == RUN_HOST))
        add_word(f, word_hash_upper(word_bytes_hash(&f->word)));
    word_bytes_end(&f->word);
}

static void end_run(struct fingerprint *f) {
    end_word(f);
    if (f->run == RUN_OTHERS) f->pending_count = 0;
    take_pending(f);
    f->run = RUN_WORDS;
    f->url_mark = 0;
}

static void begin_host(struct fingerprint *f) {
    word_bytes_end(&f->word);
    f->pending_count = 0; /* the scheme, and what stands before it */
    f->run = RUN_HOST;
}

/* Signs, and digits, in a run of words. */
static void end_with(struct fingerprint *f, uint8_t c) {
    static const uint8_t mark[] = {':', '/', '/'};
    end_word(f);
    if (c == '@' || ascii_is_digit(c)) f->run = RUN_OTHERS;
    f->url_mark = c == mark[f->url_mark] ? (uint8_t)(f->url_mark + 1) : c == ':';
    if (f->url_mark < sizeof mark) return;
    f->url_mark = 0;
    begin_host(f);
}

static void host_byte(struct fingerprint *f, uint8_t c) {
    if (class_of(c) != SIGN || c == '.' || c == '-') {
        word_bytes_add(&f->word, ascii_lower(c));
    } else if (c == '@') { /* what was taken for the host is somebody's name */
        word_bytes_end(&f->word);
    } else {
        end_word(f);
        f->run = RUN_PATH;
    }
}

/* --- characters that are words ----------------------------------------------------------------------------------- */

/* UTF-8's first byte of U+3000 to U+DFFF: Japanese, Chinese, Korean. */
static bool begins_character(uint8_t c) {
    return c >= 0xe3 && c <= 0xed;
}

/* ... of U+0080 to U+00BF, and of U+2000 to U+2FFF: spaces, quotes, dashes, symbols. */
static unsigned sign_bytes(uint8_t c) {
    return c == 0xc2 ? 2 : c == 0xe2 ? 3 : 0;
}

/* Characters end, or begin, a run as a blank does: what stands beside them is no part of it. */
static void leave_characters(struct fingerprint *f) {
    if (f->character_left > 0) word_bytes_end(&f->word); /* one that was cut */
    if (f->character != 0) end_run(f);
    f->character = 0;
    f->character_left = 0;
}

static void character_byte(struct fingerprint *f, uint8_t c) {
    word_bytes_add(&f->word, c);
    if (--f->character_left > 0) return;
    uint32_t const hash = word_hash_upper(word_bytes_hash(&f->word)) | 1;
    word_bytes_end(&f->word);
    if (f->character != 0) add_word(f, mixed(((uint64_t)f->character << 32) | hash));
    f->character = hash;
}

static void high_byte(struct fingerprint *f, uint8_t c) {
    bool const goes_on = (c & 0xc0) == 0x80;
    if (goes_on && f->sign_left > 0) {
        f->sign_left--;
    } else if (goes_on && f->character_left > 0) {
        character_byte(f, c);
    } else if (begins_character(c)) {
        if (f->character == 0) end_run(f);
        word_bytes_end(&f->word);
        f->character_left = 3;
        character_byte(f, c);
    } else {
        leave_characters(f);
        f->url_mark = 0;
        f->sign_left = (uint8_t)sign_bytes(c);
        if (f->sign_left > 0) {
            end_word(f);
            f->sign_left--;
        } else {
            word_bytes_add(&f->word, c);
        }
    }
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static void plain_byte(struct fingerprint *f, uint8_t c, enum byte_class class_) {
    f->sign_left = 0;
    leave_characters(f);
    if (class_ == LETTER) {
        f->url_mark = 0;
        word_bytes_add(&f->word, ascii_lower(c));
    } else {
        end_with(f, c);
    }
}

static void take_byte(struct fingerprint *f, uint8_t c) {
    enum byte_class const class_ = class_of(c);
    if (class_ == SPACE)
        fingerprint_break(f);
    else if (f->run == RUN_HOST)
        host_byte(f, c);
    else if (f->run == RUN_WORDS || f->run == RUN_OTHERS) {
        if (class_ == HIGH)
            high_byte(f, c);
        else
            plain_byte(f, c, class_);
    }
}

/* How many bytes end a word, and its run with it: a space, or one sign and a space; 0: other bytes stand there. */
static size_t run_end(struct span text, size_t at) {
    enum byte_class const class_ = class_of(text.data[at]);
    if (class_ == SPACE) return 1;
    if (class_ != SIGN || text.data[at] == '@' || at + 1 == text.len) return 0;
    return class_of(text.data[at + 1]) == SPACE ? 2 : 0;
}

/* Words of plain letters that are runs of their own, where text begins with them and a run does: most of all bytes.
 * Returns these, or 0. */
static size_t take_plain_words(struct fingerprint *f, struct span text) {
    bool const begins = f->run == RUN_WORDS && f->pending_count == 0 && !word_bytes_any(&f->word);
    size_t taken = 0;
    if (!begins || f->character != 0 || f->character_left > 0 || f->sign_left > 0) return 0;
    for (;;) {
        struct span const here = span_from(text, taken);
        struct letter_run const run = letter_run_of(here);
        if (run.len == 0) break;
        size_t const end = here.data[run.len] == ' ' ? 1 : run_end(here, run.len); /* mostly a blank */
        if (end == 0) break;
        bin_take(f->greatest, BIN_BITS, word_hash_upper(run.hash));
        f->words++;
        taken += run.len + end;
    }
    if (taken > 0) f->url_mark = 0;
    return taken;
}

void fingerprint_push(struct fingerprint *f, struct span text) {
    text = span_head(text, LIMIT_FINGERPRINT_BYTES - f->bytes);
    f->bytes += (uint32_t)text.len;
    while (text.len > 0) {
        size_t taken = take_plain_words(f, text);
        if (taken == 0) {
            take_byte(f, text.data[0]);
            taken = 1;
        }
        text = span_from(text, taken);
    }
}

void fingerprint_break(struct fingerprint *f) {
    leave_characters(f);
    f->sign_left = 0;
    end_run(f);
}

uint64_t fingerprint_of(const struct fingerprint *f) {
    return f->words < FINGERPRINT_WORDS_MIN ? 0 : bins_read(f->greatest, FINGERPRINT_BINS);
}

/* --- subjects ---------------------------------------------------------------------------------------------------- */

static bool counts_in_subject(struct span run) {
    for (size_t i = 0; i < run.len; i++)
        if (run.data[i] == '@' || ascii_is_digit(run.data[i])) return false;
    return true;
}

/* Adds the letters of a run, and one blank in place of whatever is between them. */
static size_t add_letters(uint8_t *plain, size_t len, struct span run) {
    for (size_t i = 0; i < run.len; i++) {
        enum byte_class const class_ = class_of(run.data[i]);
        if (class_ == LETTER || class_ == HIGH)
            plain[len++] = ascii_lower(run.data[i]);
        else if (plain[len - 1] != ' ')
            plain[len++] = ' ';
    }
    if (plain[len - 1] != ' ') plain[len++] = ' ';
    return len;
}

uint32_t fingerprint_subject(struct span subject) {
    uint8_t plain[LIMIT_SUBJECT_BYTES + 2] = {' '};
    uint16_t greatest[SUBJECT_BINS] = {0};
    size_t len = 1;
    subject = span_head(subject, LIMIT_SUBJECT_BYTES);
    while (subject.len > 0) {
        size_t end = 0;
        while (end < subject.len && !ascii_is_space(subject.data[end])) end++;
        if (counts_in_subject(span_head(subject, end))) len = add_letters(plain, len, span_head(subject, end));
        subject = span_from(subject, end + 1);
    }
    for (size_t i = 0; i + 3 <= len; i++)
        bin_take(greatest, 3, mixed(((uint64_t)plain[i] << 16) | ((uint64_t)plain[i + 1] << 8) | plain[i + 2]));
    return (uint32_t)bins_read(greatest, SUBJECT_BINS);
}
