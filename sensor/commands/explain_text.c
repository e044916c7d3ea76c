/* A mail for people; see explain_told.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "commands/explain_class.h"
#include "commands/explain_told.h"

#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"

bool told_is_spam_like(const struct told_mail *told) {
    double const enough = policies_sample(told->knowledge->policies)->content_spam_points;
    return told->verdict.content_known && (double)told->verdict.content_points >= enough - 0.005;
}

bool told_is_badly_set_up(const struct told_mail *told) {
    double const enough = policies_sample(told->knowledge->policies)->setup_bad_points;
    return (double)told->verdict.setup_points >= enough - 0.005;
}

#define NUMBER_BYTES 32

/* With two decimals, as the sample has points, but no zeros at its end. */
static const char *number_text(double number, char text[NUMBER_BYTES]) {
    struct json_text j = {.bytes = text, .capacity = NUMBER_BYTES - 1};
    json_add_decimal(&j, number, 2);
    text[j.length] = '\0';
    return text;
}

static void print_points(const char *label, float points, bool enough, const char *what, double limit) {
    char text[NUMBER_BYTES], least[NUMBER_BYTES];
    const char *number = number_text((double)points, text);
    (void)printf("%s%s point%s", label, number, strcmp(number, "1") == 0 ? "" : "s");
    if (enough) (void)printf(", %s (%s and more)", what, number_text(limit, least));
    (void)putchar('\n');
}

/* What is told of a rule, as it grows. */
struct found_line {
    char *text; /* TOLD_FOUND_BYTES */
    size_t length;
};

static void add_text(struct found_line *line, const char *text) {
    struct span const added = span_head(span_from_string(text), TOLD_FOUND_BYTES - 1 - line->length);
    if (added.len > 0) memcpy(line->text + line->length, added.data, added.len);
    line->length += added.len;
    line->text[line->length] = '\0';
}

static void add_words(const struct told_mail *told, struct found_line *line) {
    char value[NUMBER_BYTES];
    for (unsigned i = 0; i < told->word_count; i++) {
        add_text(line, i == 0 ? " (" : ", ");
        add_text(line, told->words[i].word);
        add_text(line, " ");
        add_text(line, number_text(told->words[i].weight, value));
    }
    if (told->word_count > 0) add_text(line, ")");
}

static void add_asked(const struct told_mail *told, const struct rule_asked *asked, struct found_line *line) {
    char value[NUMBER_BYTES];
    if (line->length > 0) add_text(line, ", ");
    add_text(line, asked->name);
    if (asked->rule != NULL && asked->rule->points == 0 && asked->rule->look_count > 0 && asked->value != 0) {
        struct rule_finding inner;
        rules_found_look(told->found, asked->index, &told->facts, &told->hits, &inner);
        add_text(line, " (");
        add_text(line, inner.where);
        if (inner.found[0] != '\0') add_text(line, ": ");
        add_text(line, inner.found);
        add_text(line, ")");
    }
    add_text(line, " ");
    add_text(line, number_text(asked->value, value));
    if (asked->name == fact_name(FACT_words_of_spam)) add_words(told, line);
}

void told_find(const struct told_mail *told, const struct told_rule *fired, struct rule_finding *finding,
               char found[TOLD_FOUND_BYTES]) {
    rules_found_look(told->found, fired->index, &told->facts, &told->hits, finding);
    struct found_line line = {.text = found};
    add_text(&line, finding->found);
    for (unsigned i = 0; i < finding->asked_count; i++) add_asked(told, &finding->asked[i], &line);
}

static void print_rule(const struct told_mail *told, const struct told_rule *fired, bool colour) {
    const struct rule *rule = fired->rule;
    struct rule_finding finding;
    char found[TOLD_FOUND_BYTES];
    told_find(told, fired, &finding, found);
    char points[NUMBER_BYTES + 1] = "+";
    (void)number_text(rule->points, points + (rule->points >= 0));
    (void)printf("%6s  %s%s%s\n", points, colour ? BOLD : "", rule->name, colour ? PLAIN : "");
    if (rule->description[0] != '\0') (void)printf("        %s\n", rule->description);
    (void)printf("        found   %s", finding.where);
    explain_print_plain(found[0] == '\0' ? "" : ": ", span_from_string(found));
    if (rule->advice != NULL) (void)printf("        advice  %s\n", rule->advice);
    (void)printf("        rule    %s:%u\n", rule->file, rule->line);
}

static void print_cut(const char *name, uint64_t count, const char *help) {
    if (count > 0) (void)printf("cut        %s %llu: %s\n", name, (unsigned long long)count, help);
}

static void print_text_read(const struct told_mail *told) {
    const struct counters *counters = told->counters;
    if (counters->text_unread_bytes == 0) return;
    (void)printf("text       not read whole: %u bytes of it were, the head and %llu slices; %llu bytes were not\n",
                 told->text_bytes, (unsigned long long)counters->text_slices,
                 (unsigned long long)counters->text_unread_bytes);
}

static void print_facts(const struct facts *facts) {
    char value[NUMBER_BYTES];
    for (unsigned i = 0; i < FACT_COUNT; i++)
        if (facts->value[i] != 0)
            (void)printf("fact       %s %s: %s\n", fact_name((enum fact)i), number_text(facts->value[i], value),
                         fact_help((enum fact)i));
}

void explain_print_mail(const struct told_mail *told, bool with_facts, bool colour) {
    const struct sample_thresholds *limits = policies_sample(told->knowledge->policies);
    const struct counters *counters = told->counters;
    explain_print_plain("file       ", span_from_string(told->file));
    if (told->number > 1) (void)printf("mail       %u\n", told->number);
    print_points("content    ", told->verdict.content_points, told_is_spam_like(told), "spam-like",
                 limits->content_spam_points);
    print_points("set-up     ", told->verdict.setup_points, told_is_badly_set_up(told), "badly set up",
                 limits->setup_bad_points);
    for (unsigned i = 0; i < told->rule_count; i++) print_rule(told, &told->rules[i], colour);
    print_text_read(told);
#define X(name, help) print_cut(#name, counters->name, help);
    MAILSPAN_LOSSES(X)
#undef X
    if (with_facts) print_facts(&told->facts);
    explain_print_report(told);
}
