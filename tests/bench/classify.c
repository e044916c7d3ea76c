/* What it costs to say what a refusal means: all replies are classified by the built-in rules in some rounds, as if
 * each were said for the first time, and as said again.
 *
 *   bench_classify [FILE]     a reply a line, or a corpus of tests/bounces; without: the examples of rules/bounces.yaml
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mailspan/bounce.h"
#include "mailspan/embedded.h"
#include "mailspan/reply.h"
#include "mailspan/yaml_document.h"

enum { ROUNDS = 31, REPEATS = 20, REPLIES_MAX = 20000 };

static struct smtp_reply replies[REPLIES_MAX];
static unsigned reply_count;

static void add(struct span text) {
    uint8_t *room = malloc(LIMIT_REPLY_TEXT_BYTES);
    if (room == NULL) abort();
    if (reply_count < REPLIES_MAX && smtp_reply_read(text, room, &replies[reply_count]))
        reply_count++;
    else
        free(room);
}

static void add_examples(struct span file) {
    struct problem problem;
    struct yaml_document *document = yaml_document_load("bounces.yaml", file, &problem);
    if (document == NULL) abort();
    const struct yaml_node *sections = yaml_get(yaml_document_root(document), "texts");
    for (const struct yaml_node *section = sections->first; section != NULL; section = section->next)
        for (const struct yaml_node *text = yaml_get(section, "texts")->first; text != NULL; text = text->next)
            add(span_from_string(yaml_get(text, "example")->text));
    yaml_document_free(document);
}

/* Of a corpus: class, stage, reply, ... between tabs. */
static struct span reply_in(struct span line) {
    size_t class_ = span_find(line, '\t');
    if (class_ == line.len) return line;
    struct span behind = span_from(line, class_ + 1);
    behind = span_from(behind, span_find(behind, '\t') + 1);
    return span_head(behind, span_find(behind, '\t'));
}

static bool add_lines(const char *path) {
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    for (ssize_t length; (length = getline(&line, &room, file)) >= 0;)
        add(reply_in(span_trim(span_of((const uint8_t *)line, (size_t)length))));
    free(line);
    return fclose(file) == 0;
}

static double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

typedef void ask_function(const struct bounce_rules *rules, const struct bounce_case *what);

static void ask_first(const struct bounce_rules *rules, const struct bounce_case *what) {
    (void)bounce_explain(rules, what); /* remembers nothing */
}

static void ask_again(const struct bounce_rules *rules, const struct bounce_case *what) {
    (void)bounce_classify(rules, what);
}

/* Each some times, one after the other, so that the second time it is known. */
static double cost_ns(const struct bounce_rules *rules, ask_function *ask, unsigned first, unsigned count) {
    double sum = 0;
    for (unsigned reply = first; reply < first + count; reply++) {
        struct bounce_case const what = {.stage = STAGE_RCPT, .reply = &replies[reply]};
        ask(rules, &what);
        double begin = now_ns();
        for (unsigned i = 0; i < REPEATS; i++) ask(rules, &what);
        sum += now_ns() - begin;
    }
    return sum / REPEATS / count;
}

/* The same, in turns over all replies: the processor's caches and its guesses are those of other replies. */
static double cost_in_turn_ns(const struct bounce_rules *rules) {
    double begin = now_ns();
    for (unsigned i = 0; i < REPEATS; i++)
        for (unsigned reply = 0; reply < reply_count; reply++)
            ask_first(rules, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &replies[reply]});
    return (now_ns() - begin) / REPEATS / reply_count;
}

static double median(double rounds[ROUNDS]) {
    qsort(rounds, ROUNDS, sizeof rounds[0], compare);
    return rounds[ROUNDS / 2];
}

static double slowest_ns(const struct bounce_rules *rules) {
    double rounds[ROUNDS], worst = 0;
    for (unsigned reply = 0; reply < reply_count; reply++) {
        for (unsigned i = 0; i < ROUNDS; i++) rounds[i] = cost_ns(rules, ask_first, reply, 1);
        double one = median(rounds);
        if (one > worst) worst = one;
    }
    return worst;
}

int main(int argc, char **argv) {
    struct problem problem;
    struct span file = embedded_find("rules/bounces.yaml")->text;
    struct bounce_rules *rules = bounce_rules_load("bounces.yaml", file, &problem);
    if (rules == NULL || argc > 2) return 2;
    struct span words = embedded_find("rules/bounce_words.yaml")->text;
    if (!bounce_rules_add_words(rules, "bounce_words.yaml", words, true, &problem)) return 2;
    if (argc == 1) add_examples(file);
    if (argc == 2 && !add_lines(argv[1])) return 1;
    if (reply_count == 0) return 1;
    double first[ROUNDS], again[ROUNDS];
    for (unsigned i = 0; i < ROUNDS; i++) {
        first[i] = cost_in_turn_ns(rules);
        again[i] = cost_ns(rules, ask_again, 0, reply_count);
    }
    (void)printf("{\"replies\":%u,\"ns_first\":%.0f,\"ns_again\":%.0f,\"ns_slowest\":%.0f}\n", reply_count,
                 median(first), median(again), slowest_ns(rules));
    bounce_rules_free(rules);
    return 0;
}
