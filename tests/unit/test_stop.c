/* Ending by a signal: the loop is told, and a program that stands still ends all the same, in time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/stop.h"
#include "publish/sink.h"

#define CHILD_GIVES_UP_S 60 /* what has not ended by then is told by its alarm */

/* Runs body in a process of its own, with a signal when it says that it is ready; its exit code, and how long it took
 * from the signal on. */
static int run(void (*body)(int ready), int signal, double *seconds) {
    int ready[2], status;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        alarm(CHILD_GIVES_UP_S);
        body(ready[1]);
        _exit(99);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    int64_t start = sink_now();
    assert_int_equal(kill(child, signal), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    *seconds = (double)(sink_now() - start) / 1e9;
    close(ready[0]);
    close(ready[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void told_by_the_descriptor(int ready) {
    struct pollfd state = {.fd = stop_signals_open(5000), .events = POLLIN};
    if (state.fd < 0 || poll(&state, 1, 0) != 0 || write(ready, "", 1) != 1) _exit(98);
    while (poll(&state, 1, 10000) < 0) continue;
    stop_signals_close();
    _exit((state.revents & POLLIN) != 0 ? 7 : 97);
}

static void stands_still(int ready) {
    if (stop_signals_open(300) < 0 || write(ready, "", 1) != 1) _exit(98);
    for (;;) pause();
}

static void ends_by_itself_too_late(int ready) {
    if (stop_signals_open(300) < 0 || write(ready, "", 1) != 1) _exit(98);
    stop_deadline_begin();
    for (;;) pause();
}

static void the_loop_is_told(void **state) {
    (void)state;
    double seconds;
    assert_int_equal(run(told_by_the_descriptor, SIGTERM, &seconds), 7);
    assert_int_equal(run(told_by_the_descriptor, SIGINT, &seconds), 7);
    assert_true(seconds < CHILD_GIVES_UP_S - 1);
}

static void ends_in_any_case(void **state) {
    (void)state;
    double seconds;
    assert_int_equal(run(stands_still, SIGTERM, &seconds), EXIT_FAILED);
    assert_true(seconds > 0.25 && seconds < CHILD_GIVES_UP_S - 1);
    assert_int_equal(run(ends_by_itself_too_late, SIGWINCH, &seconds), EXIT_FAILED);
    assert_true(seconds < CHILD_GIVES_UP_S - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_loop_is_told), cmocka_unit_test(ends_in_any_case)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
