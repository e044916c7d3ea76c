/* Redis URLs: what they mean, and what is refused (RFC 3986; expectations by hand).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/config.h"

static void redis_targets(void **state) {
    (void)state;
    static const struct {
        const char *url, *host, *user, *password;
        unsigned port, database;
        bool unix_socket;
    } cases[] = {
        {"redis://localhost", "localhost", "", "", 6379, 0, false},
        {"redis://localhost/", "localhost", "", "", 6379, 0, false},
        {"REDIS://192.0.2.1:7000/15", "192.0.2.1", "", "", 7000, 15, false},
        {"redis://[2001:db8::1]", "2001:db8::1", "", "", 6379, 0, false},
        {"redis://[::1]:65535/9999", "::1", "", "", 65535, 9999, false},
        {"redis://:secret@h:1", "h", "", "secret", 1, 0, false},
        {"redis://ann:a%3ab%40%2F%25@my-host_1.example:1/2", "my-host_1.example", "ann", "a:b@/%", 1, 2, false},
        {"redis://ann:a:b@c@h", "h", "ann", "a:b@c", 6379, 0, false},
        {"unix:///run/redis/redis.sock", "/run/redis/redis.sock", "", "", 0, 0, true},
        {"unix:///run/a%20b", "/run/a b", "", "", 0, 0, true},
        {"unix://u:p@/run/s", "/run/s", "u", "p", 0, 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct redis_target target;
        struct problem problem;
        if (!redis_target_parse(cases[i].url, &target, &problem)) fail_msg("%s: %s", cases[i].url, problem.what);
        assert_string_equal(target.host, cases[i].host);
        assert_string_equal(target.user, cases[i].user);
        assert_string_equal(target.password, cases[i].password);
        assert_int_equal(target.port, cases[i].port);
        assert_int_equal(target.database, cases[i].database);
        assert_int_equal(target.unix_socket, cases[i].unix_socket);
    }
}

static void what_is_no_redis_target(void **state) {
    (void)state;
    static const struct {
        const char *url, *what;
    } cases[] = {
        {"", "unknown scheme, or none"},
        {"localhost:6379", "unknown scheme, or none"},
        {"http://h", "unknown scheme"},
        {"rediss://h", "stunnel"},
        {"redis://", "no host"},
        {"redis:///0", "no host"},
        {"redis://:6379", "no host"},
        {"redis://h:", "bad port"},
        {"redis://h:0", "bad port"},
        {"redis://h:65536", "bad port"},
        {"redis://h:99999999999", "bad port"},
        {"redis://h:6379x", "bad port"},
        {"redis://h:-1", "bad port"},
        {"redis://2001:db8::1", "two ':'"},
        {"redis://[2001:db8::1", "no IPv6 address in the brackets"},
        {"redis://[192.0.2.1]", "no IPv6 address in the brackets"},
        {"redis://[]", "no IPv6 address in the brackets"},
        {"redis://[", "no IPv6 address in the brackets"},
        {"redis://[::1]x", "text after ']'"},
        {"redis://h/x", "bad database"},
        {"redis://h/10000", "bad database"},
        {"redis://h/1/2", "bad database"},
        {"redis://h/0?x=1", "'?' or '#'"},
        {"redis://h#x", "'?' or '#'"},
        {"redis://u@h", "no password"},
        {"redis://u:@h", "no password"},
        {"redis://@h", "no password"},
        {"redis://u:%@h", "badly percent-encoded"},
        {"redis://u:%4@h", "badly percent-encoded"},
        {"redis://u:a%00b@h", "badly percent-encoded"},
        {"redis://%zz:a@h", "a user that is too long or badly"},
        {"redis://a b", "no host name"},
        {"redis://a%0ab", "no host name"},
        {"unix://", "socket path"},
        {"unix:///", "socket path"},
        {"unix://run/redis.sock", "three slashes"},
        {"unix:///run/%00", "socket path"},
    };
    struct redis_target before = {.host = "kept", .port = 7}, target = before;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem;
        if (redis_target_parse(cases[i].url, &target, &problem)) fail_msg("accepted: %s", cases[i].url);
        if (strstr(problem.what, cases[i].what) == NULL || strstr(problem.what, "expected") == NULL)
            fail_msg("%s gives: %s", cases[i].url, problem.what);
        assert_int_equal(problem.line, 0);
        assert_memory_equal(&target, &before, sizeof target);
    }
}

static void redis_lengths(void **state) {
    (void)state;
    struct redis_target target;
    struct problem problem;
    char url[512];
    (void)snprintf(url, sizeof url, "redis://%063d:%0127d@h", 1, 2);
    assert_true(redis_target_parse(url, &target, &problem));
    assert_int_equal(strlen(target.user), 63);
    assert_int_equal(strlen(target.password), 127);
    (void)snprintf(url, sizeof url, "redis://%064d:x@h", 1);
    assert_false(redis_target_parse(url, &target, &problem));
    (void)snprintf(url, sizeof url, "redis://u:%0128d@h", 1);
    assert_false(redis_target_parse(url, &target, &problem));
    (void)snprintf(url, sizeof url, "redis://%0254d", 1);
    assert_false(redis_target_parse(url, &target, &problem));
    (void)snprintf(url, sizeof url, "unix:///%0106d", 1);
    assert_true(redis_target_parse(url, &target, &problem));
    (void)snprintf(url, sizeof url, "unix:///%0107d", 1);
    assert_false(redis_target_parse(url, &target, &problem));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redis_targets),
        cmocka_unit_test(what_is_no_redis_target),
        cmocka_unit_test(redis_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
