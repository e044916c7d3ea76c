/* rules/bounce_words.yaml: how much each word of a refusal, or pair of words, speaks for a class.
 *
 *   enough: 0.1                   what the class that most speaks for must have at least
 *   said: 0.25                    and what its words alone, without codes, must have of that
 *   begin: {mailbox_full: -1.2}   what each class has before the first word; one that is not here is never meant
 *   words: [ {say: "mailbox full", speaks: {mailbox_full: 0.81}}, {code: "552 rcpt", speaks: {...}} ]
 *
 * A sum of weights (a linear classifier), fitted by tests/bounces/learn.  The document is not kept: it has some ten
 * times the bytes of the table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bounce_words.h"

#include <math.h>
#include <stdlib.h>

#include "mailspan/yaml_document.h"

#define SCALE 1000                      /* weights are whole thousandths, so that no sum depends on its order */
#define WEIGHT_MAX 30.0                 /* of one: a sum of all that one reply can have fits in 32 bits with room */
#define SUMS (2 * LIMIT_BOUNCE_CLASSES) /* those of the rules, and others that the table alone knows */
#define NEVER (-1000000000)             /* a class that begin does not name */

struct weight {
    uint8_t class_;
    int16_t value;
};

/* Most words speak for one or two classes; those of many, as "not" and "the", have a row with a number for each class.
 * Either is added up without a loop that ends at a place which the processor cannot guess. */
#define FEW 4
#define ROW_CLASSES 8 /* in a row, a multiple: the processor adds so many at once */

struct entry { /* of 32 bytes, aligned: none is in two lines of the cache */
    uint64_t hash;
    uint32_t line;
    uint32_t row;           /* and 1; 0: it has none */
    struct weight few[FEW]; /* else; those of value 0 say nothing */
};

struct slot {
    uint32_t tag;   /* of the hash */
    uint32_t entry; /* and 1; 0: free */
};

_Static_assert(SUMS % ROW_CLASSES == 0, "no row is longer than it has room");
_Static_assert(sizeof(struct entry) == 32, "an alignment");

struct bounce_words {
    char name[sizeof(((struct problem *)NULL)->file)];
    struct entry *entries;
    unsigned entry_count;
    int16_t *rows; /* of row_length each; while it is loaded, of SUMS */
    unsigned row_count;
    unsigned row_length;
    struct slot *slots; /* a power of two, at least twice the entries */
    uint32_t mask;
    int32_t enough, said;
    unsigned classes; /* one more than the largest number of one */
    int32_t begin[SUMS];
};

struct loading {
    struct bounce_words *words;
    const struct yaml_document *document;
    class_number *number;
    const void *context;
    bool strict;
    struct problem *problem;
    const char *others[LIMIT_BOUNCE_CLASSES]; /* classes that the rules have not */
    unsigned other_count;
};

static bool complain(const struct loading *loading, const struct yaml_node *node, bool at_key, const char *what) {
    return yaml_problem(loading->document, node, at_key, loading->problem, "%s", what);
}

/* --- looking up --------------------------------------------------------------------------------------------------- */

static uint32_t tag_of(uint64_t hash) {
    return (uint32_t)(hash >> 32);
}

/* The slot of a hash, or the free one where it would be. */
static struct slot *slot_of(const struct bounce_words *words, uint64_t hash) {
    uint32_t at = (uint32_t)hash & words->mask;
    for (;; at = (at + 1) & words->mask) {
        struct slot *slot = &words->slots[at];
        if (slot->entry == 0) return slot;
        if (slot->tag == tag_of(hash) && words->entries[slot->entry - 1].hash == hash) return slot;
    }
}

/* Each entry that the traits have, once however often they have it, and whether a word is in it; returns how many. */
static unsigned find_entries(const struct bounce_words *words, const struct reply_traits *traits,
                             const struct entry *found[REPLY_TRAITS_MAX], bool says[REPLY_TRAITS_MAX]) {
    uint64_t seen[8] = {0}; /* a bit for each entry's number modulo 512: mostly there is none to compare with */
    unsigned count = 0;
    for (unsigned i = 0; i < traits->count; i++) {
        const struct slot *slot = slot_of(words, traits->traits[i].hash);
        if (slot->entry == 0) continue;
        const struct entry *entry = &words->entries[slot->entry - 1];
        uint64_t const bit = UINT64_C(1) << (slot->entry & 63);
        uint64_t *bits = &seen[slot->entry >> 6 & 7];
        bool again = false;
        for (unsigned k = 0; (*bits & bit) != 0 && k < count && !again; k++) again = found[k] == entry;
        if (again) continue;
        *bits |= bit;
        says[count] = traits->traits[i].says;
        found[count++] = entry;
    }
    return count;
}

static int16_t weight_for(const struct bounce_words *words, const struct entry *entry, unsigned class_) {
    if (entry->row > 0) return words->rows[(size_t)(entry->row - 1) * words->row_length + class_];
    for (unsigned k = 0; k < FEW; k++)
        if (entry->few[k].class_ == class_ && entry->few[k].value != 0) return entry->few[k].value;
    return 0;
}

static void add_row(int32_t *restrict sums, const int16_t *restrict row, size_t length) {
    for (size_t i = 0; i < length; i += ROW_CLASSES, sums += ROW_CLASSES, row += ROW_CLASSES)
        for (size_t k = 0; k < ROW_CLASSES; k++) sums[k] += row[k];
}

static void add_up(const struct bounce_words *words, const struct entry *const found[], unsigned count,
                   int32_t sums[SUMS]) {
    size_t const length = words->row_length;
    memcpy(sums, words->begin, length * sizeof sums[0]);
    for (unsigned i = 0; i < count; i++) {
        const struct entry *entry = found[i];
        if (entry->row > 0)
            add_row(sums, words->rows + (entry->row - 1) * length, length);
        else
            for (unsigned k = 0; k < FEW; k++) sums[entry->few[k].class_] += entry->few[k].value;
    }
}

/* Codes lie: they add to what the words say, and where no word speaks for a class they are judged elsewhere. */
int bounce_words_class(const struct bounce_words *words, const struct reply_traits *traits) {
    const struct entry *found[REPLY_TRAITS_MAX];
    bool says[REPLY_TRAITS_MAX];
    int32_t sums[SUMS], said = 0;
    unsigned const count = find_entries(words, traits, found, says);
    if (words->classes == 0) return -1;
    add_up(words, found, count, sums);
    unsigned best = 0;
    for (unsigned i = 1; i < words->classes; i++)
        if (sums[i] > sums[best]) best = i;
    if (best >= LIMIT_BOUNCE_CLASSES || sums[best] < words->enough) return -1;
    int32_t const enough = words->said > 0 ? words->said : 1;
    for (unsigned i = 0; i < count && said < enough; i++) {
        int16_t const weight = says[i] ? weight_for(words, found[i], best) : 0;
        if (weight > 0) said += weight;
    }
    return said >= enough ? (int)best : -1;
}

int bounce_words_next(const struct bounce_words *words, const struct reply_traits *traits, unsigned class_,
                      double *behind) {
    const struct entry *found[REPLY_TRAITS_MAX];
    bool says[REPLY_TRAITS_MAX];
    int32_t sums[SUMS];
    int next = -1;
    if (class_ >= words->classes) return -1;
    add_up(words, found, find_entries(words, traits, found, says), sums);
    for (unsigned i = 0; i < words->classes && i < LIMIT_BOUNCE_CLASSES; i++)
        if (i != class_ && words->begin[i] != NEVER && (next < 0 || sums[i] > sums[next])) next = (int)i;
    if (next >= 0) *behind = (double)(sums[class_] - sums[next]) / SCALE;
    return next;
}

static bool is_told(const struct word_reason *reasons, unsigned count, unsigned line) {
    while (count > 0 && reasons[count - 1].line != line) count--;
    return count > 0;
}

unsigned bounce_words_reasons(const struct bounce_words *words, const struct reply_traits *traits, unsigned class_,
                              struct word_reason *reasons, unsigned max) {
    unsigned count = 0;
    if (class_ >= words->classes) return 0;
    for (unsigned i = 0; i < traits->count; i++) {
        const struct slot *slot = slot_of(words, traits->traits[i].hash);
        const struct entry *entry = slot->entry == 0 ? NULL : &words->entries[slot->entry - 1];
        int16_t const weight = entry == NULL ? 0 : weight_for(words, entry, class_);
        if (weight <= 0 || is_told(reasons, count, entry->line)) continue;
        struct word_reason const reason = {i, (double)weight / SCALE, entry->line};
        unsigned at = count < max ? count++ : max;
        for (; at > 0 && reasons[at - 1].weight < reason.weight; at--)
            if (at < max) reasons[at] = reasons[at - 1];
        if (at < max) reasons[at] = reason;
    }
    return count;
}

const char *bounce_words_name(const struct bounce_words *words) {
    return words->name;
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

static bool read_weight(struct loading *loading, const struct yaml_node *node, int16_t *value) {
    double number;
    if (!yaml_number(loading->document, node, -WEIGHT_MAX, WEIGHT_MAX, &number, loading->problem)) return false;
    *value = (int16_t)lround(number * SCALE);
    return true;
}

/* -1: there is no such class, and that is a mistake.  Else one that the rules have not gets a number of its own, so
 * that what it would be is not taken for the next best. */
static int read_class_number(struct loading *loading, const struct yaml_node *node) {
    int const number = loading->number(loading->context, node->key);
    if (number >= 0 && number < LIMIT_BOUNCE_CLASSES) return number;
    for (unsigned i = 0; i < loading->other_count; i++)
        if (strcmp(loading->others[i], node->key) == 0) return LIMIT_BOUNCE_CLASSES + (int)i;
    if (loading->strict || loading->other_count == LIMIT_BOUNCE_CLASSES) {
        (void)complain(loading, node, true, "there is no class of this name; expected one of the bounce rules");
        return -1;
    }
    loading->others[loading->other_count++] = node->key;
    return LIMIT_BOUNCE_CLASSES + (int)loading->other_count - 1;
}

static bool read_begin(struct loading *loading, const struct yaml_node *map) {
    if (map == NULL) return true;
    if (map->kind != YAML_MAP) return complain(loading, map, false, "expected classes, each with a number");
    for (const struct yaml_node *node = map->first; node != NULL; node = node->next) {
        int16_t value;
        int const number = read_class_number(loading, node);
        if (number < 0 || !read_weight(loading, node, &value)) return false;
        loading->words->begin[number] = value;
        if ((unsigned)number >= loading->words->classes) loading->words->classes = (unsigned)number + 1;
    }
    return true;
}

static bool read_speaks(struct loading *loading, const struct yaml_node *map, struct entry *entry) {
    struct bounce_words *words = loading->words;
    unsigned count = 0;
    if (map->kind != YAML_MAP) return complain(loading, map, false, "expected classes, each with a weight");
    if (map->first == NULL) return complain(loading, map, false, "it speaks for no class; expected at least one");
    if (map->count > FEW) entry->row = ++words->row_count;
    for (const struct yaml_node *node = map->first; node != NULL; node = node->next) {
        int16_t value;
        int const number = read_class_number(loading, node);
        if (number < 0 || !read_weight(loading, node, &value)) return false;
        if ((unsigned)number >= words->classes) words->classes = (unsigned)number + 1;
        if (entry->row > 0)
            words->rows[(size_t)(entry->row - 1) * SUMS + (unsigned)number] = value;
        else
            entry->few[count++] = (struct weight){(uint8_t)number, value};
    }
    return true;
}

static bool read_word(struct loading *loading, const struct yaml_node *map) {
    static const char *const keys[] = {"say", "code", "speaks", NULL};
    struct bounce_words *words = loading->words;
    if (map->kind != YAML_MAP) return complain(loading, map, false, "expected a word: say or code, and speaks");
    if (!yaml_known_keys(loading->document, map, keys, loading->problem)) return false;
    const struct yaml_node *say = yaml_get(map, "say"), *code = yaml_get(map, "code"),
                           *speaks = yaml_get(map, "speaks");
    if ((say == NULL) == (code == NULL) || speaks == NULL)
        return complain(loading, map, false, "expected either say or code, and speaks");
    const char *text;
    struct entry *entry = &words->entries[words->entry_count];
    *entry = (struct entry){.line = map->line};
    if (!yaml_string(loading->document, say != NULL ? say : code, &text, loading->problem)) return false;
    if (!trait_hash(span_from_string(text), code != NULL, &entry->hash))
        return complain(loading, say != NULL ? say : code, false,
                        code != NULL ? "expected a code: 550, 5yz, rcpt, 550 rcpt, 5yz rcpt, 5.1.1 or x.1.1"
                                     : "expected one word, two with one blank between, or five letters and a *");
    struct slot *slot = slot_of(words, entry->hash);
    if (slot->entry != 0)
        return complain(loading, say != NULL ? say : code, false, "stands above already; expected another");
    if (!read_speaks(loading, speaks, entry)) return false;
    *slot = (struct slot){tag_of(entry->hash), ++words->entry_count};
    return true;
}

/* As much as the list can need. */
static bool make_room(struct loading *loading, const struct yaml_node *list) {
    struct bounce_words *words = loading->words;
    size_t rows = 0, slots = 16;
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        const struct yaml_node *speaks = node->kind == YAML_MAP ? yaml_get(node, "speaks") : NULL;
        rows += speaks != NULL && speaks->count > FEW;
    }
    while (slots < 2 * (size_t)list->count) slots *= 2;
    size_t const entry_bytes = ((size_t)list->count + 1) * sizeof *words->entries;
    words->entries = aligned_alloc(sizeof *words->entries, entry_bytes);
    words->rows = calloc(rows + 1, SUMS * sizeof *words->rows);
    words->slots = calloc(slots, sizeof *words->slots);
    words->mask = (uint32_t)(slots - 1);
    return words->entries != NULL && words->rows != NULL && words->slots != NULL;
}

/* To as many classes as there are; each row moves to a place that is free by then. */
static void shorten_rows(struct bounce_words *words) {
    words->row_length = (words->classes + ROW_CLASSES - 1) / ROW_CLASSES * ROW_CLASSES;
    for (size_t row = 0; row < words->row_count; row++)
        memmove(words->rows + row * words->row_length, words->rows + row * SUMS,
                words->row_length * sizeof *words->rows);
    int16_t *shorter = realloc(words->rows, ((size_t)words->row_count * words->row_length + 1) * sizeof *words->rows);
    if (shorter != NULL) words->rows = shorter;
}

static bool read_file(struct loading *loading) {
    static const char *const keys[] = {"enough", "said", "begin", "words", NULL};
    const struct yaml_node *root = yaml_document_root(loading->document);
    if (root->kind != YAML_MAP) return complain(loading, root, false, "expected 'words:'");
    if (!yaml_known_keys(loading->document, root, keys, loading->problem)) return false;
    const struct yaml_node *enough = yaml_get(root, "enough"), *list = yaml_get(root, "words");
    const struct yaml_node *said = yaml_get(root, "said");
    int16_t least = 0, least_said = 0;
    if (enough != NULL && !read_weight(loading, enough, &least)) return false;
    if (said != NULL && !read_weight(loading, said, &least_said)) return false;
    loading->words->enough = least;
    loading->words->said = least_said;
    for (unsigned i = 0; i < SUMS; i++) loading->words->begin[i] = NEVER;
    if (!read_begin(loading, yaml_get(root, "begin"))) return false;
    if (list == NULL || list->kind != YAML_LIST) return complain(loading, root, false, "expected 'words:', a list");
    if (!make_room(loading, list)) return false;
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next)
        if (!read_word(loading, node)) return false;
    shorten_rows(loading->words);
    return true;
}

struct bounce_words *bounce_words_load(const char *name, struct span text, class_number *number, const void *context,
                                       bool strict, struct problem *problem) {
    *problem = (struct problem){.what = "not enough memory for the words of bounces"};
    struct bounce_words *words = calloc(1, sizeof *words);
    struct yaml_document *document = words == NULL ? NULL : yaml_document_load(name, text, problem);
    struct loading loading = {.words = words,
                              .document = document,
                              .number = number,
                              .context = context,
                              .strict = strict,
                              .problem = problem};
    if (document != NULL) *problem = (struct problem){.what = "not enough memory for the words of bounces"};
    if (document != NULL && read_file(&loading)) {
        size_t const length = strnlen(name, sizeof words->name - 1);
        memcpy(words->name, name, length);
        yaml_document_free(document);
        return words;
    }
    if (document != NULL) yaml_document_free(document);
    bounce_words_free(words);
    return NULL;
}

void bounce_words_free(struct bounce_words *words) {
    if (words == NULL) return;
    free(words->entries);
    free(words->rows);
    free(words->slots);
    free(words);
}
