/* Rule files: the built-in ones, a site's own, and that a mistake in one leaves all as they were.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "knowledge.h"
#include "mailspan/limits.h"
#include "text_file.h"

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void the_built_in_rules_are_sound(void **state) {
    (void)state;
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    config_default(&config);
    if (!knowledge_load(&config, &knowledge, &problem))
        fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    assert_true(bounce_class_count(knowledge.bounces) > 1);
    assert_non_null(policies_active(knowledge.policies));
    if (ruleset_count(knowledge.rules) > 0)
        assert_string_equal(ruleset_rule(knowledge.rules, 0)->file, "built-in rules/content.yaml");
    knowledge_free(&knowledge);
    assert_null(knowledge.rules);
    knowledge_free(&knowledge);
    config_free(&config);
}

static const char own_rules[] =
    "rules:\n"
    "  - name: OWN\n"
    "    look_at: subject\n"
    "    match: 'free money'\n"
    "    points: 2.5\n"
    "    description: promises money\n";

static void own_files_and_mistakes_in_them(void **state) {
    (void)state;
    char folder[] = "/tmp/mailspan-knowledge-XXXXXX", path[128];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/own.yaml", folder);
    write_file(path, own_rules);
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    config_default(&config);
    (void)snprintf(config.content_rules, sizeof config.content_rules, "%s", path);
    if (!knowledge_load(&config, &knowledge, &problem))
        fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    const struct rule *rule = ruleset_rule(knowledge.rules, 0);
    assert_string_equal(rule->name, "OWN");
    assert_string_equal(rule->file, path);
    assert_int_equal(rule->line, 2);
    struct knowledge before = knowledge;
    write_file(path, "rules:\n  - name: OWN\n    point: 1\n");
    assert_false(knowledge_load(&config, &knowledge, &problem));
    assert_string_equal(problem.file, path);
    assert_int_equal(problem.line, 3);
    assert_int_equal(problem.column, 5);
    assert_memory_equal(&knowledge, &before, sizeof knowledge);
    assert_int_equal(unlink(path), 0);
    assert_false(knowledge_load(&config, &knowledge, &problem));
    assert_non_null(strstr(problem.what, "No such file"));
    config.content_rules[0] = '\0';
    (void)snprintf(config.policy_rules, sizeof config.policy_rules, "%s", folder); /* the last of the four */
    assert_false(knowledge_load(&config, &knowledge, &problem));
    assert_string_equal(problem.what, "is a directory; expected a file");
    assert_string_equal(rule->name, "OWN");
    assert_int_equal(rmdir(folder), 0);
    knowledge_free(&knowledge);
    config_free(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_rules_are_sound),
        cmocka_unit_test(own_files_and_mistakes_in_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
