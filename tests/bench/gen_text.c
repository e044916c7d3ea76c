#include "gen_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word words[WORD_COUNT];

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Two letters for each value of 12 bits, so that 3 bytes take two look-ups.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
static char base64_pairs[4096][2];

static const char word_list[] =
    "about above account across action address after again against agenda agree almost along already also always among "
    "amount animal annual answer apple april area around arrive article autumn available balance basket because become "
    "before begin behind believe below better between bicycle board book border bottle branch bread bridge bright "
    "bring "
    "broad brother budget build business butter cabin calendar camera candle carry castle change chapter check cheese "
    "children choose circle city clean clear close cloud coffee cold colour common company complete contact copper "
    "corner "
    "cotton country course cover create crossing customer daily dance daughter decide delivery detail dinner direct "
    "doctor "
    "document double draft dream driver early earth east easy edition effort either email engine enough entry evening "
    "every example expect family farmer fast father field figure final finger finish first flower follow forest "
    "forward "
    "fresh friday friend front fruit future garden gentle giant given glass golden grand green ground group guest "
    "guide "
    "half harbour harvest heavy height hello helmet hill history holiday honest house hundred idea image include "
    "indoor "
    "inside invoice island item january journey june keep kettle kitchen label ladder lake large later learn leave "
    "letter "
    "level library light linen list little local long lower lunch machine manner march market master matter meadow "
    "meeting "
    "member method middle minute mirror modern monday money month morning mother mountain music name narrow nature "
    "near "
    "never next night north notebook notice number october offer office often open orange order other outside paper "
    "park "
    "part people picture place plan plate point poster price print project quarter question quick quiet rain reader "
    "ready "
    "reason report river road room round sample school season second short silver simple";

/* The commonest words of English prose, each with its share of PROSE_SLOTS: four words in ten together. */
static const struct {
    const char *text;
    unsigned slots;
} common_words[] = {{"the", 36}, {"of", 18},    {"and", 16}, {"to", 15}, {"a", 13},   {"in", 12},  {"is", 8},
                    {"you", 8},  {"that", 7},   {"it", 7},   {"for", 6}, {"on", 5},   {"we", 5},   {"with", 5},
                    {"your", 5}, {"this", 4},   {"be", 4},   {"are", 4}, {"as", 4},   {"have", 4}, {"or", 3},
                    {"our", 3},  {"at", 3},     {"not", 3},  {"by", 3},  {"from", 3}, {"will", 3}, {"if", 2},
                    {"can", 2},  {"please", 2}, {"an", 2},   {"all", 2}};

enum { PROSE_SLOTS = 512 };

static struct word prose[PROSE_SLOTS];

static struct word word_of(const char *text, size_t length) {
    struct word word = {.length = (uint8_t)length};
    memset(word.text, ' ', sizeof(word.text));
    memcpy(word.text, text, length);
    return word;
}

static void prose_load(void) {
    size_t slot = 0;
    for (size_t i = 0; i < sizeof(common_words) / sizeof(common_words[0]); i++) {
        for (unsigned n = 0; n < common_words[i].slots; n++) {
            prose[slot++] = word_of(common_words[i].text, strlen(common_words[i].text));
        }
    }
    for (size_t i = 0; slot < PROSE_SLOTS; i++) {
        prose[slot++] = words[i % WORD_COUNT];
    }
}

void words_load(void) {
    const char *from = word_list;
    for (size_t i = 0; i < WORD_COUNT; i++) {
        size_t length = strcspn(from, " ");
        if (length == 0 || length + 1 > sizeof(words[i].text)) {
            fprintf(stderr, "smtpgen: word %zu of the list is missing or too long\n", i);
            exit(1);
        }
        words[i] = word_of(from, length);
        from += length + (from[length] == ' ');
    }
    prose_load();
    for (size_t value = 0; value < 4096; value++) {
        base64_pairs[value][0] = base64_alphabet[value >> 6];
        base64_pairs[value][1] = base64_alphabet[value & 63];
    }
}

struct text text_over(char *buffer, size_t bytes_max) {
    return (struct text){.start = buffer, .at = buffer, .end = buffer + bytes_max};
}

size_t text_length(const struct text *t) {
    return (size_t)(t->at - t->start);
}

size_t text_room(const struct text *t) {
    return (size_t)(t->end - t->at);
}

void text_bytes(struct text *t, const char *bytes, size_t length) {
    if (length > (size_t)(t->end - t->at)) {
        fprintf(stderr, "smtpgen: a text of %zu bytes does not fit its buffer\n", text_length(t) + length);
        abort();
    }
    memcpy(t->at, bytes, length);
    t->at += length;
}

void text_string(struct text *t, const char *string) {
    text_bytes(t, string, strlen(string));
}

void text_number(struct text *t, uint64_t number) {
    char digits[20];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_bytes(t, digits + first, sizeof(digits) - first);
}

void text_hex(struct text *t, uint64_t number, unsigned digits) {
    for (unsigned shift = digits * 4; shift > 0; shift -= 4) {
        text_bytes(t, &"0123456789ABCDEF"[(number >> (shift - 4)) & 15], 1);
    }
}

void text_word(struct text *t, uint64_t pick) {
    const struct word *word = &words[pick % WORD_COUNT];
    text_bytes(t, word->text, word->length);
}

void text_base64_letters(struct text *t, struct random *r, size_t letters) {
    for (size_t i = 0; i < letters; i++) {
        text_bytes(t, &base64_alphabet[random_next(r) >> 58], 1);
    }
}

char *words_write(struct random *r, char *out, size_t bytes_min) {
    char *end = out + bytes_min;
    while (out < end) {
        uint64_t picks = random_next(r);
        for (unsigned i = 0; i < 7 && out < end; i++, picks >>= 9) {
            const struct word *word = &prose[picks % PROSE_SLOTS];
            memcpy(out, word->text, sizeof(word->text));
            out += word->length + 1;
        }
    }
    return out - 1; /* without the last space */
}

size_t base64_encode(const uint8_t *bytes, size_t length, char *out) {
    char *at = out;
    size_t i = 0;
    for (; i + 3 <= length; i += 3, at += 4) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        memcpy(at, base64_pairs[three >> 12], 2);
        memcpy(at + 2, base64_pairs[three & 4095], 2);
    }
    if (i < length) {
        uint32_t rest = (uint32_t)bytes[i] << 16 | (i + 1 < length ? (uint32_t)bytes[i + 1] << 8 : 0);
        memcpy(at, base64_pairs[rest >> 12], 2);
        at[2] = i + 1 < length ? base64_pairs[rest & 4095][0] : '=';
        at[3] = '=';
        at += 4;
    }
    return (size_t)(at - out);
}
