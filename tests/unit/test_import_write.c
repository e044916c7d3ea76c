/* The rule file that an import writes, and what it tells.  The rule engine must load what was written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>

#include "import_run.h"
#include "mailspan/rules.h"

#define RULES                                                                          \
    "body __A /it's \"x\"/\ndescribe __A sub\nheader B Subject !~ /y/\nscore B 1.25\n" \
    "describe B Say \"no\" \\ \xe9\x1b to it\nmeta C __A && D\nfull D /x/\nmeta E __A || D\nbody F /f/\nscore F 0\n"

static void writes_a_file(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run, RULES);
    const char *rules = strstr(run.out.bytes, "rules:\n");
    assert_non_null(rules);
    assert_string_equal(rules,
                        "rules:\n"
                        "\n  # t.cf:1\n  - name: __A\n    look_at: [subject, body]\n    match: 'it''s \"x\"'\n"
                        "    points: 0\n    description: \"sub\"\n"
                        "\n  # t.cf:3\n  - name: B_FOUND\n    look_at: header Subject\n    match: 'y'\n    points: 0\n"
                        "  - name: B\n    when: \"not B_FOUND\"\n    points: 1.25\n"
                        "    description: \"Say \\\"no\\\" \\\\ ?? to it\"\n"
                        "\n  # t.cf:8; worth 0 here: D\n  - name: E\n    when: \"__A\"\n    points: 1\n"
                        "    description: \"SpamAssassin's rule E\"\n");
    import_run_end(&run);
}

static void loads(void **state) {
    struct import_run run;
    struct problem problem;
    (void)state;
    import_run(&run, RULES);
    struct rules_source source = {RULE_CONTENT, "imported", import_text_span(&run.out)};
    struct ruleset *rules = ruleset_load(&source, 1, &problem);
    if (rules == NULL) fail_msg("%u:%u: %s", problem.line, problem.column, problem.what);
    assert_int_equal(ruleset_count(rules), import_written(&run.set));
    ruleset_free(rules);
    import_run_end(&run);
    import_run(&run, "# nothing\n");
    source.text = import_text_span(&run.out);
    rules = ruleset_load(&source, 1, &problem);
    assert_non_null(rules);
    assert_int_equal(ruleset_count(rules), 0);
    ruleset_free(rules);
    import_run_end(&run);
}

/* U+FFFE and U+FFFF, which no YAML file may hold, and U+FFFD, which one may. */
static void writes_no_character_that_yaml_refuses(void **state) {
    struct import_run run;
    (void)state;
    import_run(&run,
               "body A /x/\ndescribe A a\xef\xbf\xbe"
               "b\xef\xbf\xbf"
               "c\xef\xbf\xbd\n");
    assert_non_null(strstr(run.out.bytes, "description: \"a?b?c\xef\xbf\xbd\"\n"));
    import_run_end(&run);
}

static char *report(bool json) {
    struct import_run run;
    char *text = NULL;
    size_t size;
    import_run(&run, RULES);
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    import_report(&run.set, json, file);
    (void)fclose(file);
    import_run_end(&run);
    return text;
}

static void tells_people(void **state) {
    char *text = report(false);
    (void)state;
    assert_non_null(strstr(text, "t.cf:6: C (meta) never fires without what was not converted: D\n"));
    assert_non_null(strstr(text, "t.cf:7: D (full) looks at the message as it came (full)\n"));
    assert_non_null(strstr(text, "\nbody            2         1        1       0             0    1\n"));
    assert_non_null(strstr(text, "\nmeta            2         1        1       1             1    0\n"));
    free(text);
}

static void tells_programs(void **state) {
    char *text = report(true), *line = text;
    unsigned lines = 0;
    (void)state;
    for (char *next; (next = strchr(line, '\n')) != NULL; line = next + 1, lines++) {
        *next = '\0';
        json_t *value = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(value);
        const char *type = json_string_value(json_object_get(value, "type"));
        assert_string_equal(type, next[1] == '\0' ? "import" : "rule");
        if (lines == 2) {
            assert_string_equal(json_string_value(json_object_get(value, "name")), "C");
            assert_string_equal(json_string_value(json_object_get(value, "state")), "not_converted");
        }
        if (next[1] == '\0') assert_int_equal(json_integer_value(json_object_get(value, "rules_written")), 4);
        json_decref(value);
    }
    assert_int_equal(lines, 7);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_file),
        cmocka_unit_test(loads),
        cmocka_unit_test(writes_no_character_that_yaml_refuses),
        cmocka_unit_test(tells_people),
        cmocka_unit_test(tells_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
