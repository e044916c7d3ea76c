/* Whether two texts say the same, by the words of their beginnings.
 *
 * A set is a bit for each hash of a word of four letters or more; the first WORD_SET_WORDS are enough to tell two
 * versions of one text from two texts.  How much of the smaller set is in the larger one counts, because plain text is
 * often a shorter version; of that is taken what chance would find, which grows with the larger set.
 *
 * Letters are those of ASCII and all bytes beyond it, but for the characters that begin with C2 and E2, which are
 * punctuation and blanks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "word_sets.h"

#define LETTERS_MIN 4
#define WORDS_MIN 12 /* fewer say nothing */

static void set_word(struct word_set *set, uint64_t hash) {
    unsigned const bit = (unsigned)(hash >> 32) % WORD_SET_BITS;
    set->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    set->words++;
}

void word_set_part(struct word_set *set) {
    if (word_bytes_are(&set->word, LETTERS_MIN) && !set->no_word && set->words < WORD_SET_WORDS)
        set_word(set, word_bytes_hash(&set->word));
    word_bytes_end(&set->word);
    set->no_word = false;
}

static bool marks_token(uint8_t c) {
    return ascii_is_digit(c) || c == ':' || c == '/' || c == '@' || c == '_' || c == '=';
}

static void add_byte(struct word_set *set, uint8_t c) {
    if (set->skip && (c & 0xc0) == 0x80) return;
    set->skip = c == 0xc2 || c == 0xe2;
    bool const letter = ascii_is_alpha(c) || (c >= 0x80 && !set->skip);
    if (letter) {
        word_bytes_add(&set->word, ascii_lower(c));
    } else if (marks_token(c)) {
        set->no_word = true; /* of a token, an address, a link: up to the next blank */
    } else if (c <= ' ' || set->skip || !set->no_word) {
        word_set_part(set);
    }
}

/* Words of plain letters with a blank or the end of a line behind each, where text begins with them; returns these. */
static size_t add_plain_words(struct word_set *set, struct span text) {
    size_t taken = 0;
    if (word_bytes_any(&set->word) || set->no_word || set->skip) return 0;
    while (set->words < WORD_SET_WORDS) {
        struct span const here = span_from(text, taken);
        struct letter_run const run = letter_run_of(here);
        if (run.len == 0 || here.data[run.len] > ' ') break;
        if (run.len >= LETTERS_MIN) set_word(set, run.hash);
        taken += run.len + 1;
    }
    return taken;
}

/* The letters of a word that may go on elsewhere. */
static size_t add_letters(struct word_set *set, struct span text) {
    return set->no_word || set->skip ? 0 : word_bytes_letters(&set->word, text);
}

void word_set_add(struct word_set *set, struct span text) {
    text = span_head(text, (size_t)(WORD_SET_TEXT_BYTES - set->text_bytes));
    set->text_bytes = (uint16_t)(set->text_bytes + text.len);
    while (text.len > 0 && set->words < WORD_SET_WORDS) {
        size_t taken = add_plain_words(set, text);
        if (taken == 0) taken = add_letters(set, text);
        if (taken == 0) {
            add_byte(set, text.data[0]);
            taken = 1;
        }
        text = span_from(text, taken);
    }
}

static unsigned count_bits(uint64_t bits) {
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1) count++;
    return count;
}

unsigned word_sets_difference(const struct word_sets *sets) {
    unsigned plain = 0, html = 0, both = 0;
    if (sets->plain.words < WORDS_MIN || sets->html.words < WORDS_MIN) return 0;
    for (size_t i = 0; i < WORD_SET_BITS / 64; i++) {
        plain += count_bits(sets->plain.bits[i]);
        html += count_bits(sets->html.bits[i]);
        both += count_bits(sets->plain.bits[i] & sets->html.bits[i]);
    }
    unsigned const fewer = plain < html ? plain : html, more = plain < html ? html : plain;
    unsigned const chance = fewer * more / WORD_SET_BITS;
    if (both <= chance) return 100;
    return 100 - 100 * (both - chance) / (fewer - chance);
}
