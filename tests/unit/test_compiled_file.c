/* Compiled expressions in a file: what was written is read, by nobody who must not believe it; and no byte of it can
 * change unnoticed.
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

#include "compiled_file.h"
#include "handover.h"
#include "knowledge.h"
#include "mailspan/limits.h"

static char folder[] = "/tmp/mailspan-compiled-XXXXXX";
static char path[64], config_path[64], rules_path[64];

static void write_bytes(const char *name, const void *bytes, size_t size) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(name, 0644), 0);
}

static size_t read_bytes(uint8_t *bytes, size_t size) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t const got = fread(bytes, 1, size, file);
    assert_int_equal(fclose(file), 0);
    return got;
}

static void add(struct compiled *compiled, uint8_t key, const char *prefiltered, const char *bytes) {
    struct compiled_database database = {.prefiltered = span_from_string(prefiltered),
                                         .bytes = span_from_string(bytes)};
    database.key[0] = key;
    assert_true(compiled_add(compiled, &database));
}

static void write_two(void) {
    struct problem problem;
    struct compiled *compiled = compiled_new();
    add(compiled, 1, "p", "first");
    add(compiled, 2, "", "second one");
    if (!compiled_file_write(path, compiled, &problem)) fail_msg("%s: %s", problem.file, problem.what);
    compiled_free(compiled);
}

static enum compiled_file read_into(struct compiled *compiled, struct problem *problem) {
    *problem = (struct problem){.line = 0};
    return compiled_file_read(path, compiled, problem);
}

static enum compiled_file try_to_read(const char *said) {
    struct problem problem;
    struct compiled *compiled = compiled_new();
    enum compiled_file const result = read_into(compiled, &problem);
    if (result != COMPILED_FILE_READ && strstr(problem.what, said) == NULL)
        fail_msg("'%s', expected '%s'", problem.what, said);
    if (result == COMPILED_FILE_REFUSED) assert_int_equal(compiled_count(compiled), 0);
    compiled_free(compiled);
    return result;
}

static void what_was_written_is_read(void **state) {
    (void)state;
    struct problem problem;
    struct stat status;
    write_two();
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    struct compiled *compiled = compiled_new();
    add(compiled, 2, "", "second one"); /* it is there already, as when it is read a second time */
    assert_int_equal(read_into(compiled, &problem), COMPILED_FILE_READ);
    assert_int_equal(compiled_count(compiled), 2);
    assert_int_equal(compiled_offered(compiled), 2);
    const struct compiled_database *first = compiled_at(compiled, 1);
    assert_int_equal(first->key[0], 1);
    assert_true(span_equal(first->prefiltered, SPAN_LITERAL("p")));
    assert_true(span_equal(first->bytes, SPAN_LITERAL("first")));
    compiled_drop_unused(compiled); /* nobody asked for the first one */
    assert_int_equal(compiled_count(compiled), 1);
    compiled_free(compiled);
}

static void what_others_may_write_is_refused(void **state) {
    (void)state;
    static const mode_t bad[] = {0664, 0646, 0666, 0622, 0777};
    static const mode_t good[] = {0644, 0600, 0444, 0755};
    write_two();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(chmod(path, bad[i]), 0);
        assert_int_equal(try_to_read("others may have written it"), COMPILED_FILE_REFUSED);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(chmod(path, good[i]), 0);
        assert_int_equal(try_to_read(""), COMPILED_FILE_READ);
    }
    if (geteuid() != 0) return; /* only root can give it away */
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(chown(path, 1, (gid_t)-1), 0);
    assert_int_equal(try_to_read("user 1, mode 644"), COMPILED_FILE_REFUSED);
    assert_int_equal(seteuid(1), 0);
    assert_int_equal(try_to_read(""), COMPILED_FILE_READ); /* his own */
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(chown(path, 0, (gid_t)-1), 0);
    assert_int_equal(seteuid(1), 0);
    assert_int_equal(try_to_read(""), COMPILED_FILE_READ); /* root's */
    assert_int_equal(seteuid(0), 0);
}

static void what_is_no_file_is_told(void **state) {
    (void)state;
    (void)unlink(path);
    assert_int_equal(try_to_read("cannot open it: No such file"), COMPILED_FILE_USELESS);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(try_to_read("is no regular file"), COMPILED_FILE_REFUSED);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0644), 0);
    assert_int_equal(try_to_read("is no regular file"), COMPILED_FILE_REFUSED);
    assert_int_equal(unlink(path), 0);
    write_bytes(path, "", 0);
    assert_int_equal(try_to_read("too short"), COMPILED_FILE_USELESS);
    assert_int_equal(truncate(path, (off_t)LIMIT_HANDOVER_BYTES + 1), 0);
    assert_int_equal(try_to_read("too long"), COMPILED_FILE_USELESS);
}

/* Cut anywhere, each byte changed, and bytes behind its end. */
static void damage_is_noticed(void **state) {
    (void)state;
    uint8_t bytes[512];
    write_two();
    size_t const size = read_bytes(bytes, sizeof bytes);
    assert_int_equal(size, 32 + 8 + 2 * (32 + 8) + strlen("pfirstsecond one"));
    for (size_t len = 0; len < size; len++) {
        write_bytes(path, bytes, len);
        assert_int_equal(try_to_read(len < 40 ? "too short" : "damaged"), COMPILED_FILE_USELESS);
    }
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x10;
        write_bytes(path, bytes, size);
        assert_int_equal(try_to_read("damaged"), COMPILED_FILE_USELESS);
        bytes[at] ^= 0x10;
    }
    write_bytes(path, bytes, size + 1);
    assert_int_equal(try_to_read("damaged"), COMPILED_FILE_USELESS);
    write_bytes(path, bytes, size);
    assert_int_equal(try_to_read(""), COMPILED_FILE_READ);
}

static void what_cannot_be_written_leaves_nothing(void **state) {
    (void)state;
    struct problem problem;
    struct compiled *compiled = compiled_new();
    char missing[128];
    (void)snprintf(missing, sizeof missing, "%s/no/such", folder);
    assert_false(compiled_file_write(missing, compiled, &problem));
    assert_non_null(strstr(problem.what, "cannot write it: No such file"));
    (void)unlink(path);
    assert_int_equal(mkdir(path, 0755), 0); /* rename cannot replace it */
    assert_false(compiled_file_write(path, compiled, &problem));
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0); /* empty: nothing was left beside it */
    assert_int_equal(mkdir(folder, 0700), 0);
    compiled_free(compiled);
}

static void write_rules(const char *expression) {
    char text[512];
    (void)snprintf(text, sizeof text,
                   "rules:\n  - {name: __A, look_at: header X-A, match: '%s', points: 0}\n"
                   "  - {name: __B, look_at: header X-B, match: 'two', points: 0}\n",
                   expression);
    write_bytes(rules_path, text, strlen(text));
}

static void load(const struct config *config, struct compiled *compiled) {
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    if (!knowledge_load_compiled(config, compiled, &knowledge, &problem))
        fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
    knowledge_free(&knowledge);
}

/* As `rules compile` does it.  Then nothing is compiled, until an expression changes: then that one alone. */
static void rules_are_loaded_by_it(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    (void)unlink(path);
    write_bytes(config_path, "rules: {imported: r.yaml, compiled: c}\n", 39);
    write_rules("one");
    config_default(&config);
    if (!config_load(&config, config_path, &problem)) fail_msg("%s", problem.what);
    assert_string_equal(config.compiled_rules, path);
    struct compiled *compiled = knowledge_compiled_new(), *again = knowledge_compiled_new(),
                    *changed = knowledge_compiled_new();
    load(&config, compiled); /* there is no file: all is compiled */
    unsigned const all = compiled_count(compiled);
    assert_int_equal(all, 2); /* X-A and X-B; the build has compiled the rest */
    assert_int_equal(compiled_offered(compiled), 0);
    assert_true(compiled_file_write(path, compiled, &problem));
    load(&config, again);
    assert_int_equal(compiled_count(again), all);
    assert_int_equal(compiled_offered(again), all);
    write_rules("other");
    load(&config, changed);
    assert_int_equal(compiled_count(changed), all);
    assert_int_equal(compiled_offered(changed), all - 1);
    assert_int_equal(chmod(path, 0666), 0);
    struct knowledge none = {NULL, NULL, NULL};
    assert_false(knowledge_load_compiled(&config, changed, &none, &problem));
    assert_string_equal(problem.file, path);
    compiled_free(compiled);
    compiled_free(again);
    compiled_free(changed);
    config_free(&config);
}

/* A sensor that reads its configuration again, twice, and a process of it that may compile nothing. */
static void a_reload_takes_it_too(void **state) {
    (void)state;
    struct config running;
    struct problem problem;
    struct handover handover;
    struct span blob;
    struct compiled *compiled = knowledge_compiled_new();
    write_bytes(config_path, "rules: {imported: r.yaml, compiled: c}\n", 39);
    write_rules("one");
    config_default(&running);
    assert_true(config_load(&running, config_path, &problem));
    (void)unlink(path);
    load(&running, compiled);
    unsigned const all = compiled_count(compiled);
    assert_true(compiled_file_write(path, compiled, &problem));
    compiled_free(compiled);
    compiled = knowledge_compiled_new();
    for (unsigned round = 0; round < 2; round++) {
        struct generation *read = handover_read(config_path, round, &running, compiled, &handover, &problem);
        if (read == NULL) fail_msg("%s: %s", problem.file, problem.what);
        assert_int_equal(compiled_count(compiled), all);
        assert_int_equal(compiled_offered(compiled), all);
        assert_true(handover_pack(&handover, &blob));
        struct generation *opened = handover_open(blob, &running, &problem);
        if (opened == NULL) fail_msg("%s: %s", problem.file, problem.what);
        generation_free(opened);
        generation_free(read);
        handover_read_free(&handover);
        handover_blob_free(blob);
    }
    assert_int_equal(chmod(path, 0622), 0);
    assert_null(handover_read(config_path, 3, &running, compiled, &handover, &problem));
    assert_non_null(strstr(problem.what, "others may have written it"));
    compiled_free(compiled);
    config_free(&running);
}

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL || chmod(folder, 0755) != 0) return -1;
    (void)snprintf(path, sizeof path, "%s/c", folder);
    (void)snprintf(config_path, sizeof config_path, "%s/m.yaml", folder);
    (void)snprintf(rules_path, sizeof rules_path, "%s/r.yaml", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    (void)unlink(path);
    (void)unlink(config_path);
    (void)unlink(rules_path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(what_others_may_write_is_refused),
        cmocka_unit_test(what_is_no_file_is_told),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(what_cannot_be_written_leaves_nothing),
        cmocka_unit_test(rules_are_loaded_by_it),
        cmocka_unit_test(a_reload_takes_it_too),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
