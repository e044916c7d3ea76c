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

static uint32_t mix(uint32_t hash, uint8_t c) {
    return (hash ^ c) * 16777619u;
}

void word_set_part(struct word_set *set) {
    if (set->letters >= LETTERS_MIN && !set->no_word && set->words < WORD_SET_WORDS) {
        uint32_t const bit = (set->hash * 2654435761u) >> 21;
        set->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
        set->words++;
    }
    set->hash = 0;
    set->letters = 0;
    set->no_word = false;
}

static void add_byte(struct word_set *set, uint8_t c) {
    if (set->skip && (c & 0xc0) == 0x80) return;
    set->skip = c == 0xc2 || c == 0xe2;
    bool const letter = ascii_is_alpha(c) || (c >= 0x80 && !set->skip);
    if (letter) {
        set->hash = mix(set->hash, ascii_lower(c));
        if (set->letters < LETTERS_MIN) set->letters++;
    } else if (ascii_is_digit(c) || c == ':' || c == '/' || c == '@' || c == '_' || c == '=') {
        set->no_word = true; /* of a token, an address, a link: up to the next blank */
    } else if (c <= ' ' || set->skip || !set->no_word) {
        word_set_part(set);
    }
}

void word_set_add(struct word_set *set, struct span text) {
    text = span_head(text, (size_t)(WORD_SET_TEXT_BYTES - set->text_bytes));
    if (set->words >= WORD_SET_WORDS) return;
    for (size_t i = 0; i < text.len; i++) add_byte(set, text.data[i]);
    set->text_bytes = (uint16_t)(set->text_bytes + text.len);
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
