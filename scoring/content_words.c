/* See content_words.h.
 *
 *   begin: NUMBER                           where the sum begins
 *   words:
 *     - {say: "click here", speaks: 0.45}   a word, or two beside each other, and how much it speaks for spam
 *
 * A message is looked at as far as LIMIT_WORDS_BYTES.  Most of its words are not listed: so a bit of the hash is asked
 * first, in a map that stays in the processor's nearest cache, and only then the table (open addressing).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_words.h"

#include <math.h>
#include <stdlib.h>

#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"

#define TABLE_BITS 14 /* twice LIMIT_CONTENT_WORDS */
#define MAP_BITS 16
#define WEIGHT_MAX 20.0

_Static_assert(LIMIT_CONTENT_WORDS * 2 <= 1 << TABLE_BITS, "half of the table is free");

struct listed_word {
    uint64_t hash;
    const char *word;
    int32_t weight; /* hundredths */
};

struct content_words {
    struct yaml_document *document; /* holds the words */
    struct listed_word words[LIMIT_CONTENT_WORDS];
    unsigned count;
    int32_t begin;
    uint16_t table[1 << TABLE_BITS]; /* places in words, from 1; 0: free */
    uint64_t map[(1 << MAP_BITS) / 64];
    uint64_t begins[(1 << MAP_BITS) / 64]; /* the same, of the first words of pairs */
};

static size_t table_place(uint64_t hash) {
    return (size_t)(hash >> (64 - TABLE_BITS));
}

static size_t map_bit(uint64_t hash) {
    return (size_t)(hash >> 20 & ((1 << MAP_BITS) - 1));
}

static bool map_has(const uint64_t *map, uint64_t hash) {
    size_t const bit = map_bit(hash);
    return (map[bit / 64] >> (bit % 64) & 1) != 0;
}

static void map_add(uint64_t *map, uint64_t hash) {
    size_t const bit = map_bit(hash);
    map[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* Its place from 1 on, or 0. */
static unsigned find(const struct content_words *words, uint64_t hash) {
    if (!map_has(words->map, hash)) return 0;
    for (size_t place = table_place(hash);; place = (place + 1) & ((1 << TABLE_BITS) - 1)) {
        unsigned const at = words->table[place];
        if (at == 0 || words->words[at - 1].hash == hash) return at;
    }
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

static void add(struct content_words *words, struct listed_word word) {
    struct span const text = span_from_string(word.word);
    size_t const blank = span_find(text, ' ');
    size_t place = table_place(word.hash);
    words->words[words->count++] = word;
    map_add(words->map, word.hash);
    if (blank < text.len) map_add(words->begins, text_words_hash(span_head(text, blank)));
    while (words->table[place] != 0) place = (place + 1) & ((1 << TABLE_BITS) - 1);
    words->table[place] = (uint16_t)words->count;
}

static bool read_weight(const struct content_words *words, const struct yaml_node *node, int32_t *weight,
                        struct problem *problem) {
    double value;
    if (!yaml_number(words->document, node, -WEIGHT_MAX, WEIGHT_MAX, &value, problem)) return false;
    *weight = (int32_t)lround(value * 100);
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
    word.hash = text_words_hash(span_from_string(word.word));
    if (word.hash == 0)
        return yaml_problem(words->document, say, false, problem,
                            "expected a word of 2 to 24 bytes, or two with a blank between them");
    if (find(words, word.hash) != 0)
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
    struct arena *arena;
};

static void say(const struct hearing *hearing, unsigned at) {
    struct said_words *said = hearing->said;
    if (said->said == NULL && !said->lost) {
        said->said = arena_alloc(hearing->arena, (hearing->words->count + 63) / 64 * sizeof *said->said);
        said->lost = said->said == NULL;
    }
    if (said->lost || (said->said[at / 64] >> (at % 64) & 1) != 0) return;
    said->said[at / 64] |= UINT64_C(1) << (at % 64);
    said->sum += hearing->words->words[at].weight;
}

static bool on_word(void *context, uint64_t hash) {
    const struct hearing *hearing = context;
    unsigned const found = find(hearing->words, hash);
    if (found != 0) say(hearing, found - 1);
    return map_has(hearing->words->begins, hash);
}

static void begin(struct said_words *said) {
    if (said->begun) return;
    said->begun = true;
    text_words_begin(&said->reader, LIMIT_WORDS_BYTES);
}

bool said_words_push(struct said_words *said, const struct content_words *words, struct arena *arena,
                     struct span text) {
    struct hearing hearing = {said, words, arena};
    bool const lost = said->lost;
    begin(said);
    text_words_push(&said->reader, text, on_word, &hearing);
    return said->lost == lost;
}

bool said_words_end(struct said_words *said, const struct content_words *words, struct arena *arena) {
    struct hearing hearing = {said, words, arena};
    bool const lost = said->lost;
    begin(said);
    text_words_end(&said->reader, on_word, &hearing);
    return said->lost == lost;
}

double said_words_sum(const struct said_words *said, const struct content_words *words) {
    return said->begun && words != NULL ? (words->begin + said->sum) / 100.0 : 0;
}

unsigned said_words_strongest(const struct said_words *said, const struct content_words *words,
                              struct said_word *strongest, unsigned room) {
    unsigned count = 0;
    for (unsigned i = 0; said->said != NULL && i < words->count; i++) {
        const struct listed_word *word = &words->words[i];
        if ((said->said[i / 64] >> (i % 64) & 1) == 0 || word->weight <= 0) continue;
        double const weight = word->weight / 100.0;
        if (count == room && (room == 0 || strongest[room - 1].weight >= weight)) continue;
        unsigned at = count < room ? count++ : room - 1;
        for (; at > 0 && strongest[at - 1].weight < weight; at--) strongest[at] = strongest[at - 1];
        strongest[at] = (struct said_word){word->word, weight};
    }
    return count;
}
