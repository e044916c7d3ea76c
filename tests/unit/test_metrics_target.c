/* Where metrics may be served, and what is refused (expectations by hand).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mailspan/config.h"

static void addresses(void **state) {
    (void)state;
    static const struct {
        const char *text, *ip;
        unsigned port;
    } cases[] = {
        {"127.0.0.1:9125", "127.0.0.1", 9125},
        {"127.255.255.254:1", "127.255.255.254", 1},
        {"[::1]:65535", "::1", 65535},
        {"[0:0:0:0:0:0:0:1]:80", "::1", 80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct metrics_target target;
        struct problem problem;
        struct ip_address expected;
        if (!metrics_target_parse(cases[i].text, &target, &problem)) fail_msg("%s: %s", cases[i].text, problem.what);
        assert_true(ip_from_text(span_from_string(cases[i].ip), &expected));
        assert_true(ip_equal(&target.ip, &expected));
        assert_int_equal(target.port, cases[i].port);
        assert_false(target.unix_socket);
    }
}

static void sockets(void **state) {
    (void)state;
    struct metrics_target target;
    struct problem problem;
    char text[200];
    assert_true(metrics_target_parse("unix:///run/mailspan/metrics.sock", &target, &problem));
    assert_true(target.unix_socket);
    assert_string_equal(target.path, "/run/mailspan/metrics.sock");
    (void)snprintf(text, sizeof text, "unix:///%0106d", 1);
    assert_true(metrics_target_parse(text, &target, &problem));
    assert_int_equal(strlen(target.path), 107);
    (void)snprintf(text, sizeof text, "unix:///%0107d", 1);
    assert_false(metrics_target_parse(text, &target, &problem));
}

static void what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *what;
    } cases[] = {
        {"0.0.0.0:9125", "others can reach"},
        {"[::]:9125", "others can reach"},
        {"192.0.2.1:9125", "others can reach"},
        {"128.0.0.1:9125", "others can reach"},
        {"126.255.255.255:9125", "others can reach"},
        {"[2001:db8::1]:9125", "others can reach"},
        {"[::2]:9125", "others can reach"},
        {"9125", "no port"},
        {":9125", "no IP address"},
        {"localhost:9125", "no IP address"},
        {"::1:9125", "no IP address"},
        {"[::1:9125", "no IP address"},
        {"[]:9125", "no IP address"},
        {"[127.0.0.1]:9125", "no IP address"},
        {"::1", "no IP address"},
        {"[::1]", "no IP address"},
        {"127.0.0.1", "no port"},
        {"127.0.0.1:", "bad port"},
        {"127.0.0.1:0", "bad port"},
        {"127.0.0.1:65536", "bad port"},
        {"127.0.0.1:999999999999", "bad port"},
        {"127.0.0.1:91x", "bad port"},
        {"127.0.0.1:-1", "bad port"},
        {"127.0.0.1:9125/metrics", "bad port"},
        {"http://127.0.0.1:9125", "no IP address"},
        {"unix://", "no absolute path"},
        {"unix:///", "no absolute path"},
        {"unix://run/metrics.sock", "three slashes"},
    };
    struct metrics_target before = {.port = 7}, target = before;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problem problem;
        if (metrics_target_parse(cases[i].text, &target, &problem)) fail_msg("accepted: %s", cases[i].text);
        if (strstr(problem.what, cases[i].what) == NULL || strstr(problem.what, "expected") == NULL)
            fail_msg("%s gives: %s", cases[i].text, problem.what);
        assert_int_equal(problem.line, 0);
        assert_memory_equal(&target, &before, sizeof target);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(sockets),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
