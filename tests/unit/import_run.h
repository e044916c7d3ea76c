/* Rule files of SpamAssassin out of strings, for the tests of the import.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_RUN_H
#define IMPORT_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_convert.h"
#include "commands/import_write.h"
#include "mailspan/expression_try.h"

#define IMPORT_TOLD_BYTES 2048

struct import_run {
    struct import_set set;
    char told[IMPORT_TOLD_BYTES]; /* what was wrong: "LINE:COLUMN: what\n" each */
    struct import_text out;
};

static inline void import_run_tell(void *context, const struct problem *problem) {
    struct import_run *run = context;
    size_t used = strlen(run->told);
    assert_string_equal(problem->file, "t.cf");
    (void)snprintf(run->told + used, sizeof run->told - used, "%u:%u: %s\n", problem->line, problem->column,
                   problem->what);
}

/* OURS is a rule of ours, in these tests. */
static inline bool import_run_is_taken(void *context, const char *name) {
    (void)context;
    return strcmp(name, "OURS") == 0;
}

static inline bool import_run_is_sound(void *context, bool in_text, const char *match, char why[IMPORT_WHY_BYTES]) {
    struct problem problem;
    (void)context;
    if (expression_try(match, in_text, &problem)) return true;
    (void)snprintf(why, IMPORT_WHY_BYTES, "%.*s", IMPORT_WHY_BYTES - 1, problem.what);
    return false;
}

static inline void import_run_read(struct import_run *run, const char *text) {
    memset(run, 0, sizeof *run);
    assert_true(import_set_init(&run->set));
    run->set.tell = import_run_tell;
    run->set.context = run;
    import_set_read(&run->set, "t.cf", span_from_string(text));
    assert_false(run->set.failed);
}

static inline void import_run(struct import_run *run, const char *text) {
    struct import_options const options = {.is_taken = import_run_is_taken, .is_sound = import_run_is_sound};
    import_run_read(run, text);
    import_convert(&run->set, &options);
    import_write(&run->set, &run->out);
    assert_false(run->set.failed || run->out.failed);
}

static inline void import_run_end(struct import_run *run) {
    import_text_free(&run->out);
    import_set_free(&run->set);
}

static inline const struct import_rule *import_run_rule(const struct import_run *run, const char *name) {
    const struct import_rule *rule = import_set_find(&run->set, span_from_string(name));
    assert_non_null(rule);
    return rule;
}

/* text becomes this rule of ours: the lines behind its name. */
static inline void import_becomes(const char *text, const char *name, const char *expected) {
    struct import_run run;
    char head[64];
    import_run(&run, text);
    assert_string_equal(run.told, "");
    (void)snprintf(head, sizeof head, "  - name: %s\n", name);
    const char *found = strstr(run.out.bytes, head);
    if (found == NULL) fail_msg("no rule %s in\n%s", name, run.out.bytes);
    found += strlen(head);
    if (strncmp(found, expected, strlen(expected)) != 0) fail_msg("expected\n%s, found\n%s", expected, found);
    import_run_end(&run);
}

/* The rule A of the text is not converted, for this reason. */
static inline void import_refuses(const char *text, const char *why) {
    struct import_run run;
    import_run(&run, text);
    const struct import_rule *rule = import_run_rule(&run, "A");
    assert_int_equal(rule->state, IMPORT_REFUSED);
    assert_string_equal(rule->why, why);
    assert_false(rule->needed);
    import_run_end(&run);
}

#endif
