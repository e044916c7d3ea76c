/* Helpers for the tests of rule sets: a set of every kind of rule, a message's search, and text in cuts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_RULE_SCAN_BENCH_H
#define MAILSPAN_TEST_RULE_SCAN_BENCH_H

#include "guard.h"
#include "mailspan/rules.h"
#include "rule_text.h"

#define RULE(name, target, expression) \
    "  - name: " name "\n    look_at: " target "\n    match: '" expression "'\n    points: 1\n    description: d\n"
#define FACT_RULE(name, condition) \
    "  - name: " name "\n    when: \"" condition "\"\n    points: 1\n    description: d\n"

static const char *const every_kind_of_rule = "rules:\n" RULE("PHRASE", "body", "(?i)next of kin")
    RULE("END", "body", "the end$") RULE("PARAGRAPH", "body", "^Dear") RULE("ACCENT", "body", "(?i)\xc3\xa9t\xc3\xa9")
        RULE("REPEAT", "body", "said (\\w{4,}) \\1\\b") RULE("FROM", "header From", "(?i)^bank(?!.*@bank)")
            RULE("MAILER", "header X-Mailer", "^Mass") RULE("SUBJECT", "subject", "(?i)free")
                RULE("ADDRESS", "uri", "^https?://\\d+\\.\\d+\\.\\d+\\.\\d+/")
                    FACT_RULE("MANY", "urls >= 3 and not tls") FACT_RULE("FEW", "urls < 2.5") FACT_RULE("SOME", "urls");

struct fixture {
    struct ruleset *rules;
    struct counters counters;
    struct arena arena;
    struct rule_scan *scan;
};

/* In place, because the scan points to the arena. */
static inline void begin_with(struct fixture *f, const char *text, size_t arena_bytes) {
    *f = (struct fixture){0};
    struct problem problem;
    struct rules_source source = {RULE_SETUP, "test.yaml", span_from_string(text)};
    f->rules = ruleset_load(&source, 1, &problem);
    if (f->rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    arena_init(&f->arena, test_pool(), arena_bytes);
    f->scan = rule_scan_begin(f->rules, &f->arena, &f->counters);
}

static inline void again(struct fixture *f) {
    rule_scan_end(f->scan);
    arena_reset(&f->arena);
    f->scan = rule_scan_begin(f->rules, &f->arena, &f->counters);
    assert_non_null(f->scan);
}

static inline void finish(struct fixture *f) {
    rule_scan_end(f->scan);
    arena_reset(&f->arena);
    ruleset_free(f->rules);
}

static inline bool fired_in(const struct ruleset *rules, const struct rule_scan *scan, const char *name) {
    for (unsigned i = 0; i < ruleset_count(rules); i++)
        if (strcmp(ruleset_rule(rules, i)->name, name) == 0) return rule_scan_fired(scan, i);
    fail_msg("no rule %s", name);
    return false;
}

static inline bool fired(const struct fixture *f, const char *name) {
    return fired_in(f->rules, f->scan, name);
}

/* A header of the message, as it is and not encoded. */
static inline void scan_header(struct rule_scan *scan, const char *name, struct span value) {
    struct mail_item const item = {.type = MAIL_HEADER, .name = span_from_string(name), .raw = value, .value = value};
    rule_scan_header(scan, &item);
}

/* The text as one part, in cuts, and the facts behind it. */
static inline void scan_text(struct fixture *f, bool html, const char *text, size_t step, uint32_t seed) {
    struct span left = span_from_string(text);
    while (left.len > 0) {
        struct span piece = span_head(left, test_cut(step, &seed));
        left = span_from(left, piece.len);
        struct guarded copy = guard_copy(piece);
        rule_scan_text(f->scan, 1, html, copy.bytes);
        guard_free(&copy);
    }
    struct facts facts = {{0}};
    rule_scan_facts(f->scan, &facts);
}

static inline void assert_text(bool html, const char *text, const char *name, bool expected) {
    static size_t const steps[] = {SIZE_MAX, 1, 3, 0, 0, 0};
    struct fixture f;
    begin_with(&f, every_kind_of_rule, LIMIT_MESSAGE_ARENA_BYTES);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        scan_text(&f, html, text, steps[i], (uint32_t)i);
        if (fired(&f, name) != expected) fail_msg("%s: %s, cut %zu", name, text, steps[i]);
        again(&f);
    }
    finish(&f);
}

#endif
