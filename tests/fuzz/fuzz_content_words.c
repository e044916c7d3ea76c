/* Fuzz: any bytes as a table of words that speak for spam, and a message whose words are looked up in it, or in the
 * built-in one.
 *
 * Input: the file, up to the first NUL or to the end, then the subject, up to the next line end, and the text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../scoring/content_words.h"

#include "mailspan/embedded.h"
#include "mailspan/limits.h"
#include "rule_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define WEIGHT_MOST 20.0

static struct content_words *built_in;

static void require(bool condition) {
    if (!condition) abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    struct problem problem;
    (void)argc, (void)argv;
    built_in = content_words_load("content_words.yaml", embedded_find("rules/content_words.yaml")->text, &problem);
    require(built_in != NULL);
    return 0;
}

static void push(struct said_words *said, const struct content_words *words, struct arena *arena, struct span text,
                 size_t piece) {
    for (; text.len > 0; text = span_from(text, piece < text.len ? piece : text.len))
        require(said_words_push(said, words, arena, span_head(text, piece < text.len ? piece : text.len)));
    said_words_end(said, words);
}

/* The strongest first, each once; all that speak for spam are at least the sum, and none speaks more than a file may
 * say. */
static void check_strongest(const struct said_words *said, const struct content_words *words, double sum) {
    static struct said_word all[LIMIT_CONTENT_WORDS];
    struct said_word few[4];
    double speaks = 0;
    unsigned const count = said_words_strongest(said, words, all, LIMIT_CONTENT_WORDS);
    for (unsigned i = 0; i < count; i++) {
        require(all[i].weight > 0 && all[i].weight <= WEIGHT_MOST && all[i].word[0] != '\0');
        require(i == 0 || (all[i - 1].weight >= all[i].weight && all[i - 1].word != all[i].word));
        speaks += all[i].weight;
    }
    require(sum <= speaks + WEIGHT_MOST + 0.001); /* where a sum begins is a weight, too */
    unsigned const some = said_words_strongest(said, words, few, 4);
    require(some == (count < 4 ? count : 4));
    for (unsigned i = 0; i < some; i++) require(few[i].weight == all[i].weight && few[i].word == all[i].word);
}

static double sum_of(const struct content_words *words, struct span subject, struct span text, size_t piece) {
    struct arena arena;
    struct said_words said;
    memset(&said, 0, sizeof said);
    arena_init(&arena, test_pool(), LIMIT_MESSAGE_ARENA_BYTES);
    push(&said, words, &arena, subject, piece);
    push(&said, words, &arena, text, piece);
    double const sum = said_words_sum(&said, words);
    require(isfinite(sum));
    check_strongest(&said, words, sum);
    arena_reset(&arena);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct problem problem = {.line = 0};
    struct span const all = span_of(data, size), file = span_head(all, span_find(all, '\0'));
    struct span const message = span_from(all, file.len < all.len ? file.len + 1 : all.len);
    struct span const subject = span_head(message, span_find(message, '\n'));
    struct span const text = span_from(message, subject.len < message.len ? subject.len + 1 : message.len);
    struct content_words *own = file.len > 0 ? content_words_load("fuzz.yaml", file, &problem) : NULL;
    if (own == NULL) require(file.len == 0 || problem.what[0] != '\0');
    const struct content_words *words = own != NULL ? own : built_in;
    double const whole = sum_of(words, subject, text, SIZE_MAX);
    require(sum_of(words, subject, text, 1) == whole && sum_of(words, subject, text, 7) == whole);
    content_words_free(own);
    return 0;
}
