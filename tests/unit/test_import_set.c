/* What the lines of SpamAssassin's rule files say of rules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_run.h"

static void says(const char *text, const char *told) {
    struct import_run run;
    import_run_read(&run, text);
    assert_string_equal(run.told, told);
    import_run_end(&run);
}

static void gathers_by_name(void **state) {
    struct import_run run;
    (void)state;
    import_run_read(&run,
                    "score A 2.5 0 -1 3\nbody A /x/\ndescribe A  Two  words\ntflags A multiple nice net\nbody B /y/\n"
                    "replace_rules A B\n");
    const struct import_rule *a = import_run_rule(&run, "A"), *b = import_run_rule(&run, "B");
    assert_int_equal(a->kind, IMPORT_BODY);
    assert_true(span_equal(a->value, SPAN_LITERAL("/x/")));
    assert_int_equal(a->line, 2);
    assert_int_equal(a->column, 8);
    assert_true(a->scored && a->score == 2.5);
    assert_string_equal(a->description, "Two  words");
    assert_true(a->multiple && a->nice && a->net && !a->nosubject);
    assert_true(a->replaces && b->replaces && !b->scored);
    assert_null(import_set_find(&run.set, SPAN_LITERAL("a")));
    import_run_end(&run);
}

static void knows_kinds(void **state) {
    struct import_run run;
    (void)state;
    import_run_read(&run,
                    "header A X =~ /x/\nrawbody B /x/\nuri C /x/\nfull D /x/\nmimeheader E X =~ /x/\nmeta F A\n"
                    "body G eval:f()\nheader H rbleval:f()\nmeta I eval:f\n");
    static const enum import_kind kinds[] = {IMPORT_HEADER, IMPORT_RAWBODY, IMPORT_URI,  IMPORT_FULL, IMPORT_MIMEHEADER,
                                             IMPORT_META,   IMPORT_EVAL,    IMPORT_EVAL, IMPORT_META};
    for (unsigned i = 0; i < 9; i++)
        assert_int_equal(import_run_rule(&run, (char[]){(char)('A' + i), '\0'})->kind, kinds[i]);
    import_run_end(&run);
}

static void takes_the_last_word(void **state) {
    struct import_run run;
    (void)state;
    import_run_read(&run, "body A /x/\nbody B /y/\nuri A /z/\nscore A 1\nscore A 2\nscore A (0.5)\nscore A (-3)\n");
    assert_int_equal(run.set.count, 2);
    assert_string_equal(run.set.rules[0]->name, "B");
    assert_string_equal(run.set.rules[1]->name, "A");
    assert_int_equal(run.set.rules[1]->kind, IMPORT_URI);
    assert_true(run.set.rules[1]->score == -0.5);
    import_run_end(&run);
}

static void counts_what_it_passes_over(void **state) {
    struct import_run run;
    (void)state;
    import_run_read(&run, "report_safe 1\nadd_header all X\nreport_safe 0\nbody A /x/\n");
    assert_int_equal(run.set.setting_count, 2);
    assert_string_equal(run.set.settings[0].key, "report_safe");
    assert_int_equal(run.set.settings[0].count, 2);
    assert_string_equal(run.told, "");
    import_run_end(&run);
}

static void says_what_is_wrong(void **state) {
    (void)state;
    says("body 1A /x/", "1:6: no name of a rule; expected up to 100 letters, digits and '_', the first no digit\n");
    says("body", "1:1: no name of a rule; expected up to 100 letters, digits and '_', the first no digit\n");
    says("body A", "1:6: nothing stands behind the name; expected what it says of the rule\n");
    says("score A 1 2", "1:1: a score of the wrong number of numbers; expected one or four\n");
    says("score A x", "1:9: no score; expected a number, such as 1.5 or -0.1\n");
    says("score A 1.", "1:9: no score; expected a number, such as 1.5 or -0.1\n");
    says("score A (1)", "1:1: a score in parentheses is added to one before it; expected one before it\n");
    says("replace_tag A", "1:13: half of it is missing; expected a tag and what it stands for\n");
    says("replace_rules", "1:1: no rule; expected names of rules\n");
    says("replace_rules A.B", "1:15: no name of a rule; expected letters, digits and '_'\n");
    says("replace_start [", "1:15: tags in other brackets cannot be read; expected < and >\n");
    says("include x.cf", "1:9: this file is not read; expected its name on the command line\n");
    says("b*dy A /x/", "1:1: this is no setting; expected header, body, rawbody, uri, meta, score, describe, ...\n");
    says("endif\nbody",
         "1:1: nothing is open here; expected an 'if' before it\n2:1: no name of a rule; expected up to "
         "100 letters, digits and '_', the first no digit\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gathers_by_name),     cmocka_unit_test(knows_kinds),
        cmocka_unit_test(takes_the_last_word), cmocka_unit_test(counts_what_it_passes_over),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
