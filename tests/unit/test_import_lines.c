/* Lines of SpamAssassin's rule files: which count, and what is wrong with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "commands/import_lines.h"

/* "LINE:COLUMN KEY=VALUE;" of each line that counts, and "LINE:COLUMN! WHAT;" of what is wrong. */
static void gives(const char *text, const char *expected) {
    char out[2048] = "";
    size_t used = 0;
    struct import_plugins plugins = {.names = {.bytes = NULL}};
    struct import_lines lines = {.file = "t.cf", .text = span_from_string(text), .plugins = &plugins};
    struct import_line line;
    struct problem problem;
    for (enum import_got got; (got = import_lines_next(&lines, &line, &problem)) != IMPORT_END;) {
        if (got == IMPORT_LINE)
            used += (size_t)snprintf(out + used, sizeof out - used, "%u:%u %.*s=%.*s;", line.line, line.value_column,
                                     (int)line.key.len, (const char *)line.key.data, (int)line.value.len,
                                     (const char *)line.value.data);
        else
            used += (size_t)snprintf(out + used, sizeof out - used, "%u:%u! %s;", problem.line, problem.column,
                                     problem.what);
    }
    assert_string_equal(out, expected);
    import_text_free(&lines.current);
    import_text_free(&plugins.names);
}

static void takes_lines_apart(void **state) {
    (void)state;
    gives("body A /x/\n\n  Score  A\t1 \n", "1:6 body=A /x/;3:10 score=A\t1;");
    gives("add-header all X", "1:12 add_header=all X;");
    gives("body A /x/ # why\n# nothing\n   #\n", "1:6 body=A /x/;");
    gives("body A /a\\#b/ \\# c # d", "1:6 body=A /a#b/ # c;");
    gives("clear_headers\r\n", "1:1 clear_headers=;");
    gives("", "");
    gives("body A /x/\\\nscore A 1\n", "1:6 body=A /x/\\;2:7 score=A 1;"); /* SpamAssassin continues no line */
}

static void takes_english(void **state) {
    (void)state;
    gives("lang de describe A x\nlang en describe A y\nlang EN_us describe A z\nlang",
          "2:18 describe=A y;3:21 describe=A z;");
}

static void knows_conditions(void **state) {
    (void)state;
    gives("if (version >= 3.004000)\na 1\nelse\nb 1\nendif\nc 1", "2:3 a=1;6:3 c=1;");
    gives("if (version < 4.000000)\na 1\nelse\nb 1\nendif", "4:3 b=1;");
    gives("ifplugin Mail::SpamAssassin::Plugin::DKIM\na 1\nendif", "2:3 a=1;");
    gives("ifplugin Mail::SpamAssassin::Plugin::TextCat\na 1\nendif", "");
    gives("if !plugin(Mail::SpamAssassin::Plugin::DKIM)\na 1\nendif", "");
    gives(
        "loadplugin Mail::SpamAssassin::Plugin::TextCat x.pm\nifplugin Mail::SpamAssassin::Plugin::TextCat\na 1\nendif",
        "3:3 a=1;");
    gives("if can(Mail::SpamAssassin::Conf::feature_bug6558_free)\na 1\nendif", "2:3 a=1;");
    gives("if can(Mail::SpamAssassin::Conf::no_such)\na 1\nendif", "");
    gives("if has(Mail::SpamAssassin::Plugin::ASN::check)\na 1\nendif", "");
    gives("if (perl_version >= 5.018000) && local_tests_only\na 1\nendif", "2:3 a=1;");
    gives("ifplugin Mail::SpamAssassin::Plugin::Dmarc\na 1\nendif", "2:3 a=1;");
}

static void nests_conditions(void **state) {
    (void)state;
    gives("if (version < 1)\nif (version > 1)\na 1\nelse\nb 1\nendif\nc 1\nelse\nd 1\nendif\ne 1", "9:3 d=1;11:3 e=1;");
    gives("if (version > 1)\nif (version < 1)\na 1\nendif\nb 1\nendif", "5:3 b=1;");
}

static void says_what_is_wrong(void **state) {
    (void)state;
    gives("endif", "1:1! nothing is open here; expected an 'if' before it;");
    gives("  else", "1:3! nothing is open here; expected an 'if' before it;");
    gives("if\na 1", "1:1! no condition; expected one;2:3 a=1;");
    gives("if (version >\na 1\nendif\nb 1",
          "1:14! this condition cannot be read, and is taken for false; expected a rule or a number;4:3 b=1;");
    gives("if (colour > 1)\na 1\nendif",
          "1:5! this condition cannot be read, and is taken for false; expected version, perl_version, "
          "local_tests_only, plugin(), can() or has();");
    gives("a 1\nif (version > 1)\nb 1",
          "1:3 a=1;3:3 b=1;2:1! this 'if' is still open at the end of the file; expected 'endif';");
    gives("if (version > 1)\nendif x\nendif", "2:1! words behind it; expected nothing;");
    gives("require_version 3.004000\na 1", "1:17! the rest is for another version of SpamAssassin; expected 4.000001;");
    gives("require_version @@VERSION@@\na 1", "2:3 a=1;");
}

static void ends_where_conditions_nest_too_deep(void **state) {
    char text[2048] = "";
    (void)state;
    for (unsigned i = 0; i < IMPORT_IF_DEPTH_MAX + 1; i++) strcat(text, "if (version > 1)\n");
    for (unsigned i = 0; i < IMPORT_IF_DEPTH_MAX; i++) strcat(text, "endif\n");
    gives(text, "65:1! too many conditions; expected at most 64 open;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_lines_apart),  cmocka_unit_test(takes_english),
        cmocka_unit_test(knows_conditions),   cmocka_unit_test(nests_conditions),
        cmocka_unit_test(says_what_is_wrong), cmocka_unit_test(ends_where_conditions_nest_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
