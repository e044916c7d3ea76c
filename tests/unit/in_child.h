/* Runs a function in a process of its own, as one of the users that a program may be started as.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TESTS_IN_CHILD_H
#define MAILSPAN_TESTS_IN_CHILD_H

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define CHILD_UNPREPARED 99 /* the user could not be become */

enum started_as { AS_ROOT, AS_CAPTURE_USER, AS_USER };

/* A user with CAP_NET_RAW alone, as from a file's capabilities or systemd's ambient ones; or without any. */
static inline bool become_started(enum started_as who) {
    if (who == AS_ROOT || geteuid() != 0) return who == AS_USER || geteuid() == 0;
    capng_clear(CAPNG_SELECT_BOTH);
    if (who == AS_CAPTURE_USER) capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
    return capng_change_id(NOBODY, NOBODY, CAPNG_DROP_SUPP_GRP) == 0;
}

/* waitpid's status of a process that ran the function and exited with what it returned. */
static inline int status_of(enum started_as who, int (*function)(void *), void *context) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) _exit(become_started(who) ? function(context) : CHILD_UNPREPARED);
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

/* Its exit code, or 256 and the signal. */
static inline int result_of(enum started_as who, int (*function)(void *), void *context) {
    int status = status_of(who, function, context);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

#endif
