/* Where the metrics listen: what is there already is replaced when nobody serves it, and else left alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "console/metrics.h"

static char folder[] = "/tmp/test_metrics_listen.XXXXXX";

static struct metrics_target socket_target(void) {
    struct metrics_target target = {.unix_socket = true};
    (void)snprintf(target.path, sizeof target.path, "%s/metrics.sock", folder);
    return target;
}

static int listens(const struct metrics_target *target) {
    struct problem problem = {.line = 0};
    int listener = metrics_listen(target, &problem);
    if (listener < 0) fail_msg("%s", problem.what);
    assert_int_equal(fcntl(listener, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    assert_int_equal(fcntl(listener, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    return listener;
}

static void refuses(const struct metrics_target *target, const char *what) {
    struct problem problem = {.line = 0};
    assert_int_equal(metrics_listen(target, &problem), -1);
    if (strstr(problem.what, what) == NULL) fail_msg("%s", problem.what);
}

static void an_address(void **state) {
    (void)state;
    struct metrics_target target = {.port = 0}; /* 0: any port; the configuration does not allow it */
    struct sockaddr_in bound;
    socklen_t length = sizeof bound;
    assert_true(ip_from_text(span_from_string("127.0.0.1"), &target.ip));
    int listener = listens(&target);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&bound, &length), 0);
    assert_int_equal(bound.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    target.port = ntohs(bound.sin_port);
    char expected[80];
    (void)snprintf(expected, sizeof expected, "metrics.listen: cannot listen on 127.0.0.1:%u: Address already in use",
                   target.port);
    refuses(&target, expected);
    metrics_listen_close(&target, listener);
    metrics_listen_close(&target, listens(&target));
    metrics_listen_close(&target, -1);
}

static void a_socket(void **state) {
    (void)state;
    struct metrics_target target = socket_target();
    struct stat status;
    mode_t before = umask(0077);
    int listener = listens(&target);
    assert_int_equal(umask(before), 0077); /* as it was found */
    assert_int_equal(stat(target.path, &status), 0);
    assert_true(S_ISSOCK(status.st_mode));
    assert_int_equal(status.st_mode & 0777, 0660);
    refuses(&target, "; does another sensor run?");
    close(listener); /* a sensor that dies leaves it behind */
    assert_int_equal(stat(target.path, &status), 0);
    metrics_listen_close(&target, listens(&target));
    assert_int_equal(stat(target.path, &status), -1);
}

static void what_is_no_socket_stays(void **state) {
    (void)state;
    struct metrics_target target = socket_target();
    int file = open(target.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
    refuses(&target, "cannot listen on");
    assert_int_equal(access(target.path, F_OK), 0);
    unlink(target.path);
    assert_int_equal(symlink("/dev/null", target.path), 0);
    refuses(&target, "cannot listen on");
    unlink(target.path);
    (void)snprintf(target.path, sizeof target.path, "%s/none/metrics.sock", folder);
    refuses(&target, "No such file or directory");
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address),
        cmocka_unit_test(a_socket),
        cmocka_unit_test(what_is_no_socket_stays),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
