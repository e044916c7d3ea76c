/* Points, names, what is needed, and which rules a program's functions become.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_run.h"

static void gives_points(void **state) {
    (void)state;
    import_becomes("body A /x/", "A", "    look_at: [subject, body]\n    match: 'x'\n    points: 1\n");
    import_becomes("body T_A /x/", "T_A", "    look_at: [subject, body]\n    match: 'x'\n    points: 0.01\n");
    import_becomes("body A /x/\ntflags A nice", "A", "    look_at: [subject, body]\n    match: 'x'\n    points: -1\n");
    import_becomes("body A /x/\nscore A -2.5 1 1 1", "A",
                   "    look_at: [subject, body]\n    match: 'x'\n    points: -2.5\n");
    import_becomes("body __A /x/\nscore __A 3\nmeta B __A", "__A",
                   "    look_at: [subject, body]\n    match: 'x'\n    points: 0\n");
}

static void chooses_names(void **state) {
    (void)state;
    import_becomes("body OURS /x/\nmeta B OURS", "SA_OURS", "    look_at: [subject, body]\n");
    import_becomes("body OURS /x/\nmeta B OURS", "B", "    when: \"SA_OURS\"\n");
    import_becomes("uri AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /x/", /* 48, which is one too long: 40 stay */
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "    look_at: uri\n");
    import_becomes(
        "uri AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /x/\n"
        "uri AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB /y/\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_2", "    look_at: uri\n    match: 'y'\n");
    import_becomes("header A Cc !~ /x/\nbody A_FOUND /y/", "A_FOUND_2", "    look_at: header Cc\n");
    import_becomes("body __THERE_IS_X_Y /y/\nheader A X-Y !~ /^x/ [if-unset: x]", "__THERE_IS_X_Y_2",
                   "    look_at: header X-Y\n    points: 0\n");
    import_becomes("uri AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /x/",
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "    look_at: uri\n");
}

static void leaves_out_what_nobody_asks_for(void **state) {
    struct import_run run;
    (void)state;
    import_run(
        &run,
        "body __A /a/\nbody __B /b/\nbody __C /c/\nmeta __D __C\nmeta E __B && __OFF\nbody OFF /x/\nscore OFF 0\n"
        "meta __OFF OFF\nmeta F __B\n");
    assert_false(import_run_rule(&run, "__A")->needed);
    assert_true(import_run_rule(&run, "__B")->needed);
    assert_false(import_run_rule(&run, "__D")->needed);
    assert_int_equal(import_run_rule(&run, "OFF")->state, IMPORT_OFF);
    assert_int_equal(import_run_rule(&run, "E")->state, IMPORT_REFUSED);
    assert_int_equal(import_written(&run.set), 2);
    import_run_end(&run);
}

static void knows_functions(void **state) {
    (void)state;
    import_refuses("body A eval:html_range('x')", "is a function of SpamAssassin (eval:html_range)");
    import_refuses("header A eval:check_rbl('x')\ntflags A net", "asks the network (eval:check_rbl)");
    import_becomes("header A eval:check_for_missing_to_header()", "__THERE_IS_TO_AT_ALL",
                   "    look_at: [header To, header Apparently-To]\n    points: 0\n"
                   "  - name: A\n    when: \"not __THERE_IS_TO_AT_ALL\"\n    points: 1\n");
}

static void goes_in_no_circle(void **state) {
    (void)state;
    import_refuses("meta A B\nmeta B A", "asks for itself through others");
    import_refuses("meta A A", "asks for itself through others");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_points),
        cmocka_unit_test(chooses_names),
        cmocka_unit_test(leaves_out_what_nobody_asks_for),
        cmocka_unit_test(knows_functions),
        cmocka_unit_test(goes_in_no_circle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
