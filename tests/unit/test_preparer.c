/* Configuration and rules read by a process of its own: what it hands on, what it finds wrong, and how it may end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/preparer.h"

static const char config_text[] =
    "sensor_id: other\n"
    "home_networks: [192.0.2.0/24]\n"
    "redis: {url: 'redis://user:secret-word@127.0.0.1'}\n"
    "rules: {content: content.yaml, setup: setup.yaml}\n";

static const char content_text[] =
    "rules:\n"
    "  - {name: KIN, look_at: body, match: 'next of kin', points: 1, description: d}\n";

static const char setup_text[] = "rules:\n  - {name: MANY, when: 'recipients > 9', points: 1, description: d}\n";

static char folder[64], path[128];
static struct config running;
static struct compiled *compiled;
static struct event_base *base;
static struct preparer *preparer;
static struct prepared got;
static unsigned told;

static void write_file(const char *name, const char *text) {
    char file_path[128];
    (void)snprintf(file_path, sizeof file_path, "%s/%s", folder, name);
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int bench_open(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/mailspan-preparer-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/mailspan.yaml", folder);
    write_file("mailspan.yaml", config_text);
    write_file("content.yaml", content_text);
    write_file("setup.yaml", setup_text);
    config_default(&running);
    compiled = knowledge_compiled_new();
    base = event_base_new();
    told = 0;
    got = (struct prepared){.fine = false};
    return compiled == NULL || base == NULL;
}

static int bench_close(void **state) {
    (void)state;
    preparer_free(preparer);
    preparer = NULL;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
    assert_int_equal(errno, ECHILD);
    handover_blob_free(got.for_judge);
    handover_blob_free(got.for_decoders);
    static const char *const names[] = {"mailspan.yaml", "content.yaml", "setup.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char file_path[128];
        (void)snprintf(file_path, sizeof file_path, "%s/%s", folder, names[i]);
        (void)unlink(file_path);
    }
    event_base_free(base);
    compiled_free(compiled);
    config_free(&running);
    return rmdir(folder);
}

static void on_done(void *context, const struct prepared *prepared) {
    assert_ptr_equal(context, &told);
    told++;
    got = *prepared;
}

static void start(bool interfaces_named, int64_t within_ms) {
    struct preparer_settings settings = {.path = path,
                                         .number = 7,
                                         .running = &running,
                                         .interfaces_named = interfaces_named,
                                         .compiled = compiled,
                                         .within_ms = within_ms,
                                         .done = on_done,
                                         .context = &told};
    preparer = preparer_start(base, &settings);
    assert_non_null(preparer);
}

static void wait_for_it(void) {
    while (told == 0) assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_int_equal(event_base_loop(base, EVLOOP_NONBLOCK), 1); /* it waits for nothing more */
    assert_int_equal(told, 1);
}

/* The newest child of this process. */
static pid_t the_process(void) {
    char children[64];
    int pid = -1;
    (void)snprintf(children, sizeof children, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(children, "r");
    assert_non_null(file);
    while (fscanf(file, "%d", &pid) == 1) continue;
    (void)fclose(file);
    assert_true(pid > 0);
    return pid;
}

static bool has(struct span blob, const char *text) {
    return memmem(blob.data, blob.len, text, strlen(text)) != NULL;
}

static void read_and_handed_on(void **state) {
    (void)state;
    struct problem problem;
    start(false, 0);
    wait_for_it();
    assert_true(got.fine);
    assert_true(has(got.for_judge, "user:secret-word@"));
    assert_true(got.for_decoders.len > 0 && !has(got.for_decoders, "secret-word"));
    assert_string_equal(got.waiting, "sensor_id, redis.url");
    unsigned before = compiled_count(compiled);
    struct generation *next = handover_take(got.for_decoders, &running, compiled, &problem);
    if (next == NULL) fail_msg("%s: %s", problem.file, problem.what);
    assert_int_equal(next->number, 7);
    assert_int_equal(ruleset_count(next->knowledge.rules), 2);
    assert_string_equal(next->config.redis_url, ""); /* as it is running */
    assert_int_equal(before, 0);
    assert_int_equal(compiled_count(compiled), 1); /* of texts: the next one need not; those of replies the build has */
    generation_free(next);
}

static void interfaces_of_the_command_line(void **state) {
    (void)state;
    struct problem problem;
    write_file("mailspan.yaml", "home_networks: [192.0.2.0/24]\ncapture: {interfaces: [eth7]}\n");
    assert_true(config_add_interface(&running, "eth0", &problem));
    start(true, 0);
    wait_for_it();
    assert_true(got.fine);
    assert_string_equal(got.waiting, "");
    assert_int_equal(got.for_decoders.len, got.for_judge.len);
}

static void mistakes_are_told(void **state) {
    (void)state;
    char expected[160];
    write_file("content.yaml", "rules:\n  - {name: KIN, look_at: body, match: '(', points: 1, description: d}\n");
    (void)snprintf(expected, sizeof expected, "%s/content.yaml:2:", folder);
    start(false, 0);
    wait_for_it();
    assert_false(got.fine);
    assert_non_null(strstr(got.why, expected));
    assert_int_equal(got.for_judge.len + got.for_decoders.len, 0);
}

static void nobody_is_at_home(void **state) {
    (void)state;
    write_file("mailspan.yaml", "sensor_id: a\n");
    start(false, 0);
    wait_for_it();
    assert_false(got.fine);
    assert_non_null(strstr(got.why, "no home_networks; expected your customers' prefixes"));
}

static void one_that_dies(void **state) {
    (void)state;
    start(false, 0);
    assert_int_equal(kill(the_process(), SIGKILL), 0);
    wait_for_it();
    assert_false(got.fine);
    assert_string_equal(got.why, "the process that read it was killed by signal 9 (Killed)");
}

static void one_that_takes_too_long(void **state) {
    (void)state;
    start(false, 1);
    (void)kill(the_process(), SIGSTOP);
    wait_for_it();
    assert_false(got.fine);
    assert_string_equal(got.why, "to read it, and to compile its expressions, took too long");
}

/* Whoever started it ends. */
static void one_that_is_not_wanted_any_more(void **state) {
    (void)state;
    start(false, 0);
    (void)kill(the_process(), SIGSTOP);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(read_and_handed_on, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(interfaces_of_the_command_line, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(mistakes_are_told, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(nobody_is_at_home, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(one_that_dies, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(one_that_takes_too_long, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(one_that_is_not_wanted_any_more, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
