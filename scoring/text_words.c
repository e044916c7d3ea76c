/* See text_words.h.
 *
 * Most words are plain letters, and are taken where they stand (word_hash.h); the others byte by byte.  What is looked
 * for are some thousand words, and who finds one by a collision of 64 bits has earned it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_words.h"

#define PAIR_FACTOR UINT64_C(0x9e3779b97f4a7c15)

/* What a byte is in a word: the byte that counts for it, or 0 for one that ends it. */
static const uint8_t letters[256] = {
    ['0' ... '9'] = '0', ['$'] = '$',
    ['%'] = '%',         ['\''] = '\'',
    ['-'] = '-',         ['a'] = 'a',
    ['b'] = 'b',         ['c'] = 'c',
    ['d'] = 'd',         ['e'] = 'e',
    ['f'] = 'f',         ['g'] = 'g',
    ['h'] = 'h',         ['i'] = 'i',
    ['j'] = 'j',         ['k'] = 'k',
    ['l'] = 'l',         ['m'] = 'm',
    ['n'] = 'n',         ['o'] = 'o',
    ['p'] = 'p',         ['q'] = 'q',
    ['r'] = 'r',         ['s'] = 's',
    ['t'] = 't',         ['u'] = 'u',
    ['v'] = 'v',         ['w'] = 'w',
    ['x'] = 'x',         ['y'] = 'y',
    ['z'] = 'z',         ['A'] = 'a',
    ['B'] = 'b',         ['C'] = 'c',
    ['D'] = 'd',         ['E'] = 'e',
    ['F'] = 'f',         ['G'] = 'g',
    ['H'] = 'h',         ['I'] = 'i',
    ['J'] = 'j',         ['K'] = 'k',
    ['L'] = 'l',         ['M'] = 'm',
    ['N'] = 'n',         ['O'] = 'o',
    ['P'] = 'p',         ['Q'] = 'q',
    ['R'] = 'r',         ['S'] = 's',
    ['T'] = 't',         ['U'] = 'u',
    ['V'] = 'v',         ['W'] = 'w',
    ['X'] = 'x',         ['Y'] = 'y',
    ['Z'] = 'z',         [0x80 ... 0xff] = 0x80, /* stands for itself */
};

static uint64_t hash_of_pair(uint64_t first, uint64_t second) {
    return (first ^ (second >> 7)) * PAIR_FACTOR + second;
}

/* len: of the word, at most TEXT_WORD_BYTES + 1. */
static void word_found(struct text_words *words, uint64_t hash, size_t len, text_word_found *found, void *context) {
    bool const whole = len >= TEXT_WORD_BYTES_MIN && len <= TEXT_WORD_BYTES;
    bool const begins = whole && found(context, hash);
    if (whole && words->previous != 0) (void)found(context, hash_of_pair(words->previous, hash));
    words->previous = begins ? hash : 0;
}

static void word_end(struct text_words *words, text_word_found *found, void *context) {
    words->in_number = false;
    if (words->len == 0) return;
    word_found(words, word_bytes_hash(&words->word), words->len, found, context);
    word_bytes_end(&words->word);
    words->len = 0;
}

static void word_add(struct text_words *words, uint8_t letter, uint8_t byte) {
    if (letter == '0' && words->in_number) return;
    words->in_number = letter == '0';
    if (words->len > TEXT_WORD_BYTES) return;
    word_bytes_add(&words->word, letter == 0x80 ? byte : letter);
    words->len++;
}

static void take_byte(struct text_words *words, uint8_t byte, text_word_found *found, void *context) {
    uint8_t const letter = letters[byte];
    if (letter != 0) {
        word_add(words, letter, byte);
        return;
    }
    word_end(words, found, context);
    if (byte != ' ') words->previous = 0; /* a sentence ends, or a paragraph */
}

/* Words of plain letters, with what ends each, where text begins with them: most of all bytes.  Returns these. */
static size_t take_plain_words(struct text_words *words, struct span text, text_word_found *found, void *context) {
    size_t taken = 0;
    if (words->len > 0) return 0;
    for (;;) {
        struct span const here = span_from(text, taken);
        struct letter_run const run = letter_run_of(here);
        if (run.len == 0 || letters[here.data[run.len]] != 0) return taken;
        word_found(words, run.hash, run.len, found, context);
        if (here.data[run.len] != ' ') words->previous = 0;
        taken += run.len + 1;
    }
}

void text_words_begin(struct text_words *words, uint32_t bytes_max) {
    *words = (struct text_words){.left = bytes_max};
}

void text_words_push(struct text_words *words, struct span text, text_word_found *found, void *context) {
    text = span_head(text, words->left);
    words->left -= (uint32_t)text.len;
    while (text.len > 0) {
        size_t taken = take_plain_words(words, text, found, context);
        if (taken == 0) {
            take_byte(words, text.data[0], found, context);
            taken = 1;
        }
        text = span_from(text, taken);
    }
}

void text_words_end(struct text_words *words, text_word_found *found, void *context) {
    word_end(words, found, context);
    words->previous = 0;
}

struct hashes {
    uint64_t last;
    unsigned count;
};

static bool keep_last(void *context, uint64_t hash) {
    struct hashes *hashes = context;
    hashes->last = hash;
    hashes->count++;
    return true;
}

uint64_t text_words_hash(struct span text) {
    struct text_words words;
    struct hashes hashes = {0, 0};
    size_t const blank = span_find(text, ' ');
    text_words_begin(&words, UINT32_MAX);
    text_words_push(&words, text, keep_last, &hashes);
    text_words_end(&words, keep_last, &hashes);
    /* One word is found once; two are found, and they together. */
    return hashes.count == (blank < text.len ? 3u : 1u) ? hashes.last : 0;
}
