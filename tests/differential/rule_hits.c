/* Which rules of a file fire for which mails: rule_hits RULES.yaml < names of mails, one a line.
 *
 * Prints the name, a tab, and the names of the rules that fired, those of 0 points included.  What was cut is counted
 * on standard error.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "mailspan/rules.h"
#include "text_file.h"

#define POOL_BLOCKS 512
#define PIECE_BYTES 4096

static struct arena_block memory[POOL_BLOCKS];

struct looking {
    struct ruleset *rules;
    struct charset_table *charsets;
    struct counters counters;
};

static void take_items(struct mail_parser *parser, struct rule_scan *scan) {
    struct mail_item item;
    while (mail_next(parser, &item)) {
        if (item.type == MAIL_HEADER) rule_scan_header(scan, &item);
        if (item.type == MAIL_TEXT && item.info->kind != PART_REPORT)
            rule_scan_text(scan, item.part, item.info->kind == PART_HTML, item.text);
    }
}

static void look_at(struct looking *l, const char *name, struct span mail) {
    struct block_pool pool;
    struct arena arena;
    struct facts facts = {{0}};
    block_pool_init(&pool, memory, sizeof memory);
    arena_init(&arena, &pool, sizeof memory);
    struct mail_parser *parser = mail_parser_new(&arena, l->charsets, &l->counters);
    struct rule_scan *scan = rule_scan_begin(l->rules, &arena, &l->counters);
    if (parser == NULL || scan == NULL) exit(1);
    for (; mail.len > 0; mail = span_from(mail, PIECE_BYTES)) {
        mail_push(parser, span_head(mail, PIECE_BYTES));
        take_items(parser, scan);
    }
    mail_finish(parser);
    take_items(parser, scan);
    rule_scan_facts(scan, &facts);
    printf("%s\t", name);
    for (unsigned i = 0; i < ruleset_count(l->rules); i++)
        if (rule_scan_fired(scan, i)) printf(" %s", ruleset_rule(l->rules, i)->name);
    printf("\n");
    rule_scan_end(scan);
    arena_reset(&arena);
}

static bool read_or_say(const char *name, struct span *text) {
    struct problem problem;
    if (text_file_read(name, text, &problem)) return true;
    problem_print(&problem);
    return false;
}

int main(int argc, char **argv) {
    struct looking l = {.charsets = charset_table_new()};
    struct span text;
    struct problem problem;
    char name[4096];
    if (argc != 2 || !read_or_say(argv[1], &text)) return 2;
    struct rules_source source = {RULE_CONTENT, argv[1], text};
    l.rules = ruleset_load(&source, 1, &problem);
    if (l.rules == NULL) {
        problem_print(&problem);
        return 1;
    }
    while (fgets(name, sizeof name, stdin) != NULL) {
        struct span mail;
        name[strcspn(name, "\n")] = '\0';
        if (!read_or_say(name, &mail)) continue;
        look_at(&l, name, mail);
        free((void *)(uintptr_t)mail.data);
    }
    fprintf(stderr, "text_cut %llu confirm_cut %llu\n", (unsigned long long)l.counters.text_cut,
            (unsigned long long)l.counters.confirm_cut);
    ruleset_free(l.rules);
    charset_table_free(l.charsets);
    free((void *)(uintptr_t)text.data);
    return 0;
}
