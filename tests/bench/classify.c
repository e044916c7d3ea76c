/* What it costs to say what a refusal means: each line of a file is a reply, and all of them are classified by the
 * built-in rules in some rounds.
 *
 *   bench_classify [FILE]     without: the examples of rules/bounces.yaml
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

static bool add_lines(const char *path) {
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    for (ssize_t length; (length = getline(&line, &room, file)) >= 0;)
        add(span_trim(span_of((const uint8_t *)line, (size_t)length)));
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

/* Of some repetitions, per reply. */
static double cost_ns(const struct bounce_rules *rules, unsigned first, unsigned count) {
    double begin = now_ns();
    for (unsigned i = 0; i < REPEATS; i++)
        for (unsigned reply = first; reply < first + count; reply++)
            (void)bounce_classify(rules, &(struct bounce_case){.stage = STAGE_RCPT, .reply = &replies[reply]});
    return (now_ns() - begin) / REPEATS / count;
}

static double median_ns(const struct bounce_rules *rules, unsigned first, unsigned count) {
    double rounds[ROUNDS];
    for (unsigned i = 0; i < ROUNDS; i++) rounds[i] = cost_ns(rules, first, count);
    qsort(rounds, ROUNDS, sizeof rounds[0], compare);
    return rounds[ROUNDS / 2];
}

int main(int argc, char **argv) {
    struct problem problem;
    struct span file = embedded_find("rules/bounces.yaml")->text;
    struct bounce_rules *rules = bounce_rules_load("bounces.yaml", file, &problem);
    if (rules == NULL || argc > 2) return 2;
    if (argc == 1) add_examples(file);
    if (argc == 2 && !add_lines(argv[1])) return 1;
    if (reply_count == 0) return 1;
    double each = median_ns(rules, 0, reply_count), worst = 0;
    for (unsigned i = 0; i < reply_count; i++) {
        double one = median_ns(rules, i, 1);
        if (one > worst) worst = one;
    }
    (void)printf("{\"replies\":%u,\"ns_each\":%.0f,\"ns_slowest\":%.0f}\n", reply_count, each, worst);
    bounce_rules_free(rules);
    return 0;
}
