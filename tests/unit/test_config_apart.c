/* A configuration that another process reads: the same values, the same complaints, and nothing else of the file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailspan/config.h"

static char path[] = "/tmp/mailspan-config-XXXXXX";

static void write_file(const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int begin(void **state) {
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int end(void **state) {
    (void)state;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return unlink(path);
}

static void values_come_over(void **state) {
    (void)state;
    struct config config, directly;
    struct problem problem;
    config_default(&config);
    config_default(&directly);
    write_file(
        "sensor_id: filed\n"
        "home_networks: [192.0.2.0/24, 198.51.100.0/24]\n"
        "rules: {policy: p.yaml}\n"
        "redis: {url: 'redis://:word@127.0.0.1'}\n");
    assert_true(config_load_apart(&config, path, &problem));
    assert_true(config_load(&directly, path, &problem));
    assert_string_equal(config.sensor_id, "filed");
    assert_string_equal(config.file, path);
    assert_string_equal(config.policy_rules, "/tmp/p.yaml");
    assert_string_equal(config.redis_url, "redis://:word@127.0.0.1");
    char differ[64];
    assert_false(config_changes(&config, &directly, false, differ, sizeof differ)); /* in no option, of either kind */
    assert_false(config_changes(&config, &directly, true, differ, sizeof differ));
    write_file("sensor_id: again\n"); /* what it held is freed */
    assert_true(config_load_apart(&config, path, &problem));
    assert_int_equal(config.home_network_count, 0);
    config_free(&config);
    config_free(&directly);
}

/* ... and change nothing. */
static void complaints_come_over(void **state) {
    (void)state;
    struct config config;
    struct problem problem;
    config_default(&config);
    write_file("sensor_id: filed\nprots: [25]\n");
    assert_false(config_load_apart(&config, path, &problem));
    assert_string_equal(problem.file, path);
    assert_int_equal(problem.line, 2);
    assert_non_null(strstr(problem.what, "unknown key 'prots'"));
    assert_false(config_load_apart(&config, "/tmp", &problem));
    assert_string_equal(problem.what, "is a directory; expected a file");
    assert_string_equal(config.sensor_id, "mailspan");
    config_free(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_over),
        cmocka_unit_test(complaints_come_over),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
