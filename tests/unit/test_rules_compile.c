/* The command: wrong usage, a configuration without a place for the file, and the file itself.  What is done with it
 * later is in test_compiled_file.c and tests/import/check_import.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "commands/commands.h"
#include "commands/rules_compile.h"
#include "compiled_file.h"

static char folder[] = "/tmp/mailspan-rules-compile-XXXXXX";

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define RUN(...)                                                                      \
    rules_compile((int)(sizeof((char *[]){"compile", __VA_ARGS__}) / sizeof(char *)), \
                  (char *[]){"compile", __VA_ARGS__, NULL})

static void wrong_usage_does_nothing(void **state) {
    (void)state;
    char *alone[] = {"compile", NULL};
    assert_int_equal(rules_compile(1, alone), EXIT_USAGE);
    assert_int_equal(RUN("--output", "c"), EXIT_USAGE);
    assert_int_equal(RUN("--config", "m.yaml", "more"), EXIT_USAGE);
    assert_int_equal(RUN("--nonsense"), EXIT_USAGE);
    assert_int_equal(RUN("--help"), EXIT_FINE);
    assert_int_not_equal(access("c", F_OK), 0);
}

static unsigned databases_in(const char *name) {
    struct problem problem;
    struct compiled *compiled = compiled_new();
    assert_int_equal(compiled_file_read(name, compiled, &problem), COMPILED_FILE_READ);
    unsigned const count = compiled_count(compiled);
    compiled_free(compiled);
    return count;
}

static void writes_where_it_is_told(void **state) {
    (void)state;
    write_text("r.yaml", "rules:\n  - {name: __A, look_at: header X-A, match: 'one', points: 0}\n");
    write_text("m.yaml", "rules: {imported: r.yaml}\n");
    assert_int_equal(RUN("--config", "m.yaml"), EXIT_FAILED); /* nothing says where */
    assert_int_equal(RUN("--config", "m.yaml", "--output", "c"), EXIT_FINE);
    assert_int_equal(databases_in("c"), 1); /* the build has compiled those of the built-in rules */
    write_text("c", "what is there already is not read, whoever wrote it");
    write_text("m.yaml", "rules: {imported: r.yaml, compiled: c}\n");
    assert_int_equal(RUN("--config", "m.yaml"), EXIT_FINE);
    assert_int_equal(databases_in("c"), 1);
}

static void a_mistake_leaves_the_file(void **state) {
    (void)state;
    write_text("c", "as it was");
    write_text("m.yaml", "rules: {imported: r.yaml, compiled: c}\n");
    write_text("r.yaml", "rules:\n  - {name: __A, look_at: header X-A, match: '(', points: 0}\n");
    assert_int_equal(RUN("--config", "m.yaml"), EXIT_FAILED);
    assert_int_equal(RUN("--config", "absent.yaml"), EXIT_FAILED);
    char text[32] = "";
    FILE *file = fopen("c", "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "as it was");
}

static int enter_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int remove_folder(void **state) {
    (void)state;
    (void)unlink("c");
    (void)unlink("m.yaml");
    (void)unlink("r.yaml");
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_does_nothing),
        cmocka_unit_test(writes_where_it_is_told),
        cmocka_unit_test(a_mistake_leaves_the_file),
    };
    return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
