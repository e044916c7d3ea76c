/* One process of a supervisor: its start, what it holds, its end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_SUPERVISOR_CHILD_H
#define MAILSPAN_PROCESS_SUPERVISOR_CHILD_H

#include <signal.h>
#include <sys/types.h>

#include "process/supervisor.h"

struct child_process {
    pid_t pid;   /* 0: none */
    int ended;   /* a pidfd: readable when it has ended */
    int control; /* our end */
};

#define CHILD_PROCESS_NONE ((struct child_process){0, -1, -1})

/* A fork that runs the child's function with the signal mask given.  False with errno set. */
bool child_process_start(struct child_process *process, const struct child_spec *spec, const sigset_t *mask);
/* Waits for its end (at once, when ended is readable), and frees all.  Returns waitpid's status. */
int child_process_reap(struct child_process *process);
void child_process_kill(const struct child_process *process);

#endif
