/* What the build compiled of the built-in rules: this program is linked with it, as mailspan is.  It is all that the
 * rules need, it is what compiling gives, and it is found by rules that say the same, whatever file they stand in.
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

#include "handover.h"
#include "knowledge.h"
#include "mailspan/embedded.h"
#include "text_file.h"

static void load(const struct config *config, struct compiled *compiled) {
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem;
    if (!knowledge_load_compiled(config, compiled, &knowledge, &problem))
        fail_msg("%s:%u:%u: %s", problem.file, problem.line, problem.column, problem.what);
    knowledge_free(&knowledge);
}

/* One set for each header that rules look at, one of URLs, one of text, one of replies: all of them came. */
static void the_built_in_rules_are_not_compiled(void **state) {
    (void)state;
    struct config config;
    unsigned count;
    config_default(&config);
    (void)embedded_databases(&count);
    assert_true(count > 3);
    struct compiled *compiled = knowledge_compiled_new();
    load(&config, compiled);
    assert_int_equal(compiled_count(compiled), 0);
    assert_true(compiled_brought(compiled) >= count); /* headers that the same rules look at share one */
    assert_true(compiled_is_sound(compiled));
    compiled_free(compiled);
    config_free(&config);
}

/* To the byte. */
static void they_are_what_compiling_gives(void **state) {
    (void)state;
    struct config config;
    unsigned count;
    config_default(&config);
    const struct compiled_database *brought = embedded_databases(&count);
    struct compiled *compiled = compiled_new();
    load(&config, compiled);
    assert_int_equal(compiled_count(compiled), count);
    for (unsigned i = 0; i < count; i++) {
        const struct compiled_database *database = compiled_at(compiled, i);
        assert_memory_equal(brought[i].key, database->key, sizeof database->key);
        assert_true(span_equal(brought[i].prefiltered, database->prefiltered));
        assert_true(span_equal(brought[i].bytes, database->bytes));
    }
    compiled_free(compiled);
    config_free(&config);
}

/* Writes rules/bounces.yaml anew, with one expression more when there is one. */
static void write_bounces(const char *path, const char *more) {
    struct span text;
    struct problem problem;
    assert_true(text_file_read("rules/bounces.yaml", &text, &problem));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("# A site's own copy.\n", file) >= 0);
    assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
    assert_true(fputs(more, file) >= 0);
    assert_int_equal(fclose(file), 0);
    free((void *)(uintptr_t)text.data);
}

static void a_file_that_says_the_same_finds_them(void **state) {
    (void)state;
    struct config config;
    unsigned count;
    char path[] = "/tmp/mailspan-precompile-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    (void)embedded_databases(&count);
    config_default(&config);
    (void)snprintf(config.bounce_rules, sizeof config.bounce_rules, "%s", path);
    struct compiled *same = knowledge_compiled_new(), *changed = knowledge_compiled_new();
    write_bounces(path, "");
    load(&config, same);
    assert_int_equal(compiled_count(same), 0);
    unsigned const all = compiled_brought(same);
    assert_true(all >= count);
    write_bounces(path, "  - {class: unclassified, match: 'one text more', example: 550 one text more}\n");
    load(&config, changed);
    assert_in_range(compiled_count(changed), 1, 2); /* of replies; rules on content are as they were */
    assert_int_equal(compiled_brought(changed), all - compiled_count(changed));
    compiled_free(same);
    compiled_free(changed);
    config_free(&config);
    assert_int_equal(unlink(path), 0);
}

/* All processes have them, so they are not handed over, and found on the other side, where nothing may be compiled. */
static void they_are_not_handed_over(void **state) {
    (void)state;
    char path[] = "/tmp/mailspan-precompile-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "sensor_id: x\n", 13), 13);
    (void)close(fd);
    struct config running;
    struct handover handover;
    struct problem problem;
    struct span blob;
    config_default(&running);
    struct compiled *compiled = knowledge_compiled_new();
    for (unsigned round = 0; round < 2; round++) { /* they are there for a second reload as well */
        struct generation *read = handover_read(path, round, &running, compiled, &handover, &problem);
        assert_non_null(read);
        assert_int_equal(compiled_count(compiled), 0);
        assert_true(handover_pack(&handover, &blob));
        struct generation *opened = handover_open(blob, &running, &problem);
        if (opened == NULL) fail_msg("%s:%u: %s", problem.file, problem.line, problem.what);
        assert_int_equal(ruleset_count(opened->knowledge.rules), ruleset_count(read->knowledge.rules));
        generation_free(opened);
        generation_free(read);
        handover_read_free(&handover);
        handover_blob_free(blob);
    }
    compiled_free(compiled);
    config_free(&running);
    assert_int_equal(unlink(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_rules_are_not_compiled),
        cmocka_unit_test(they_are_what_compiling_gives),
        cmocka_unit_test(a_file_that_says_the_same_finds_them),
        cmocka_unit_test(they_are_not_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
