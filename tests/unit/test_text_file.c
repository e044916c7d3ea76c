/* Small files: read whole, or refused with a reason, and never waited for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mailspan/limits.h"
#include "text_file.h"

static char folder[] = "/tmp/mailspan-text-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) return -1;
    (void)snprintf(path, sizeof path, "%s/f", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_file(const char *bytes, size_t len) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void expect_refusal(const char *name, const char *what) {
    struct span text = SPAN_EMPTY;
    struct problem problem;
    assert_false(text_file_read(name, &text, &problem));
    assert_null(text.data);
    assert_string_equal(problem.file, name);
    assert_int_equal(problem.line, 0);
    if (strstr(problem.what, what) == NULL) fail_msg("%s: %s", name, problem.what);
}

static void reads_whole_files(void **state) {
    (void)state;
    struct span text;
    struct problem problem;
    write_file("a\0b\n", 4);
    assert_true(text_file_read(path, &text, &problem));
    assert_int_equal(text.len, 4);
    assert_memory_equal(text.data, "a\0b\n", 4);
    free((void *)(uintptr_t)text.data);
    write_file("", 0);
    assert_true(text_file_read(path, &text, &problem));
    assert_int_equal(text.len, 0);
    free((void *)(uintptr_t)text.data);
    assert_int_equal(truncate(path, LIMIT_YAML_BYTES), 0);
    assert_true(text_file_read(path, &text, &problem));
    assert_int_equal(text.len, LIMIT_YAML_BYTES);
    free((void *)(uintptr_t)text.data);
}

static void refuses_the_rest(void **state) {
    (void)state;
    assert_int_equal(truncate(path, LIMIT_YAML_BYTES + 1), 0);
    expect_refusal(path, "is too large; expected at most 4194304 bytes");
    expect_refusal(folder, "is a directory; expected a file");
    expect_refusal("/dev/zero", "is no regular file");
    expect_refusal("/nowhere/at/all", "cannot open it: No such file or directory");
    expect_refusal("", "cannot open it: its name is empty; expected the path of a file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refusal(path, "is no regular file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(path, path), 0);
    expect_refusal(path, "symbolic links");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_whole_files),
        cmocka_unit_test(refuses_the_rest),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
