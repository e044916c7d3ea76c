/* See content_words.h.
 *
 *   begin: NUMBER                           where the sum begins
 *   words:
 *     - {say: "click here", speaks: 0.45}   a word, or two beside each other, and how much it speaks for spam
 *
 * A message is looked at as far as LIMIT_WORDS_BYTES.  One place of one table (open addressing) says of a word all that
 * is asked while a message is read: each look farther away costs as much as the rest of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_words.h"

#include <math.h>
#include <stdlib.h>

#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"

#define TABLE_BITS 15   /* four times LIMIT_CONTENT_WORDS: each may be a pair, whose first word has a place, too */
#define WEIGHT_MAX 2000 /* hundredths */

_Static_assert(LIMIT_CONTENT_WORDS * 4 <= 1 << TABLE_BITS, "half of the table is free");
_Static_assert(WEIGHT_MAX <= INT16_MAX && LIMIT_CONTENT_WORDS <= 0x7fff, "a place holds them");

struct listed_word {
    const char *word;
    int16_t weight; /* hundredths */
};

/* Of a word that is listed, or that begins a pair which is.  32 bits of its hash, beside those that lead to the place:
 * of thousands of words none is taken for another one but by somebody who searches for it. */
struct table_place {
    uint32_t tag;     /* 0: free */
    uint16_t at : 15; /* in words, from 1; 0: it is not listed itself */
    bool begins : 1;
    int16_t weight;
};

struct content_words {
    struct yaml_document *document; /* holds the words */
    struct listed_word words[LIMIT_CONTENT_WORDS];
    unsigned count;
    int16_t begin;
    unsigned bits; /* of the hash that lead into the table: what fits, so that it stays near the processor */
    struct table_place table[1 << TABLE_BITS];
};

static uint32_t tag_of(uint64_t hash) {
    return (uint32_t)hash | 1;
}

/* One jump, which the processor guesses: places are seldom another's.  Two would ask whether the word is listed. */
static bool is_others(uint32_t found, uint32_t tag) {
    return (uint64_t)found * (found ^ tag) != 0;
}

/* Where it is, or the free place where it would be. */
static const struct table_place *place_of(const struct content_words *words, uint64_t hash) {
    uint32_t const tag = tag_of(hash);
    size_t place = (size_t)(hash >> (64 - words->bits));
    while (is_others(words->table[place].tag, tag)) place = (place + 1) & (((size_t)1 << words->bits) - 1);
    return &words->table[place];
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

static struct table_place *place_for(struct content_words *words, uint64_t hash) {
    struct table_place *place = &words->table[place_of(words, hash) - words->table];
    place->tag = tag_of(hash);
    return place;
}

static void add(struct content_words *words, struct listed_word word) {
    struct span const text = span_from_string(word.word);
    size_t const blank = span_find(text, ' ');
    words->words[words->count++] = word;
    struct table_place *place = place_for(words, text_words_hash(text));
    place->at = words->count & 0x7fff;
    place->weight = word.weight;
    if (blank < text.len) place_for(words, text_words_hash(span_head(text, blank)))->begins = true;
}

static bool read_weight(const struct content_words *words, const struct yaml_node *node, int16_t *weight,
                        struct problem *problem) {
    double value;
    if (!yaml_number(words->document, node, -WEIGHT_MAX / 100.0, WEIGHT_MAX / 100.0, &value, problem)) return false;
    *weight = (int16_t)lround(value * 100);
    return true;
}

static bool read_word(struct content_words *words, const struct yaml_node *node, struct problem *problem) {
    static const char *const keys[] = {"say", "speaks", NULL};
    struct listed_word word = {.weight = 0};
    if (node->kind != YAML_MAP)
        return yaml_problem(words->document, node, false, problem, "expected {say: WORD, speaks: NUMBER}");
    if (!yaml_known_keys(words->document, node, keys, problem)) return false;
    const struct yaml_node *say = yaml_get(node, "say"), *speaks = yaml_get(node, "speaks");
    if (say == NULL || speaks == NULL)
        return yaml_problem(words->document, node, false, problem, "expected 'say' and 'speaks', both of them");
    if (!yaml_string(words->document, say, &word.word, problem)) return false;
    uint64_t const hash = text_words_hash(span_from_string(word.word));
    if (hash == 0)
        return yaml_problem(words->document, say, false, problem,
                            "expected a word of 2 to 24 bytes, or two with a blank between them");
    if (place_of(words, hash)->at != 0)
        return yaml_problem(words->document, say, false, problem, "'%s' stands here twice; expected it once",
                            word.word);
    if (!read_weight(words, speaks, &word.weight, problem)) return false;
    add(words, word);
    return true;
}

static bool read_all(struct content_words *words, struct problem *problem) {
    static const char *const keys[] = {"begin", "words", NULL};
    const struct yaml_node *root = yaml_document_root(words->document);
    if (root->kind != YAML_MAP) return yaml_problem(words->document, root, false, problem, "expected 'words:'");
    if (!yaml_known_keys(words->document, root, keys, problem)) return false;
    const struct yaml_node *begin = yaml_get(root, "begin"), *list = yaml_get(root, "words");
    if (begin != NULL && !read_weight(words, begin, &words->begin, problem)) return false;
    if (list == NULL || list->kind != YAML_LIST)
        return yaml_problem(words->document, list == NULL ? root : list, false, problem,
                            "no words; expected 'words:', with [] behind it for none");
    if (list->count > LIMIT_CONTENT_WORDS)
        return yaml_problem(words->document, list, false, problem, "expected at most %d words", LIMIT_CONTENT_WORDS);
    for (words->bits = 4; (size_t)1 << words->bits < 4 * (size_t)list->count;) words->bits++;
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next)
        if (!read_word(words, node, problem)) return false;
    return true;
}

struct content_words *content_words_load(const char *name, struct span text, struct problem *problem) {
    struct content_words *words = calloc(1, sizeof *words);
    *problem = (struct problem){.what = "not enough memory for the words"};
    if (words == NULL) return NULL;
    words->document = yaml_document_load(name, text, problem);
    if (words->document != NULL && read_all(words, problem)) return words;
    content_words_free(words);
    return NULL;
}

void content_words_free(struct content_words *words) {
    if (words == NULL) return;
    if (words->document != NULL) yaml_document_free(words->document);
    free(words);
}

size_t content_words_memory_bytes(const struct content_words *words) {
    return words == NULL ? 0 : sizeof *words;
}

/* --- a message ---------------------------------------------------------------------------------------------------- */

struct hearing {
    struct said_words *said;
    const struct content_words *words;
};

/* Half of all words are listed, and no processor guesses which: so there is no asking.  What is not listed is said at
 * place 0, and weighs nothing. */
static bool on_word(void *context, uint64_t hash) {
    const struct hearing *hearing = context;
    const struct table_place *place = place_of(hearing->words, hash);
    uint64_t *bits = &hearing->said->said[place->at / 64];
    unsigned const shift = place->at % 64;
    int32_t const is_new = (int32_t)(~*bits >> shift & 1);
    *bits |= UINT64_C(1) << shift;
    hearing->said->sum += place->weight * is_new;
    return place->begins;
}

static bool on_hidden_word(void *context, uint64_t hash) {
    const struct hearing *hearing = context;
    const struct table_place *place = place_of(hearing->words, hash);
    return place->weight < 0 ? place->begins : on_word(context, hash);
}

/* False when there is no memory for what is said. */
static bool begin(struct said_words *said, const struct content_words *words, struct arena *arena) {
    if (said->begun) return said->said != NULL;
    said->begun = true;
    said->said = arena_alloc(arena, (words->count / 64 + 1) * sizeof *said->said);
    text_words_begin(&said->seen, LIMIT_WORDS_BYTES);
    text_words_begin(&said->hidden, LIMIT_WORDS_BYTES);
    return said->said != NULL;
}

bool said_words_push(struct said_words *said, const struct content_words *words, struct arena *arena,
                     struct span text) {
    struct hearing hearing = {said, words};
    bool const begun = said->begun;
    if (!begin(said, words, arena)) return begun;
    if (said->unseen)
        text_words_push(&said->hidden, text, on_hidden_word, &hearing);
    else
        text_words_push(&said->seen, text, on_word, &hearing);
    return true;
}

void said_words_end(struct said_words *said, const struct content_words *words) {
    struct hearing hearing = {said, words};
    if (said->said == NULL) return;
    text_words_end(&said->seen, on_word, &hearing);
    text_words_end(&said->hidden, on_hidden_word, &hearing);
}

double said_words_sum(const struct said_words *said, const struct content_words *words) {
    return said->begun && words != NULL ? (words->begin + said->sum) / 100.0 : 0;
}

/* Puts a word in its place among the strongest; of equal ones the first in the file comes first. */
static unsigned rank_word(const struct listed_word *word, struct said_word *strongest, unsigned room, unsigned count) {
    double const weight = word->weight / 100.0;
    if (count == room && (room == 0 || strongest[room - 1].weight >= weight)) return count;
    unsigned rank = count < room ? count++ : room - 1;
    for (; rank > 0 && strongest[rank - 1].weight < weight; rank--) strongest[rank] = strongest[rank - 1];
    strongest[rank] = (struct said_word){word->word, weight};
    return count;
}

/* What is said at place 0 is listed nowhere (on_word). */
unsigned said_words_strongest(const struct said_words *said, const struct content_words *words,
                              struct said_word *strongest, unsigned room) {
    unsigned count = 0;
    if (said->said == NULL) return 0;
    for (unsigned at = 0; at <= words->count; at += 64)
        for (uint64_t left = said->said[at / 64] & (at == 0 ? ~UINT64_C(1) : ~UINT64_C(0)); left != 0;
             left &= left - 1) {
            const struct listed_word *word = &words->words[at + (unsigned)__builtin_ctzll(left) - 1];
            if (word->weight > 0) count = rank_word(word, strongest, room, count);
        }
    return count;
}
