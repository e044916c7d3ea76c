/* A child's first steps, and the supervisor's hold on it; see supervisor_child.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/supervisor_child.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/outputs.h"
#include "process/jail.h"
#include "process/rights.h"

#if JAIL_SANITIZED
#include <sanitizer/lsan_interface.h>
#endif

#define EXIT_UNBEGUN 1
#define EXIT_LEAK 23 /* LeakSanitizer's own */

/* A terminal's ^C, and a service manager's SIGTERM to all, reach the children too: these end by the supervisor's word,
 * in their order.  Handlers of the supervisor's would act on what the two share, so none is left. */
static void reset_signals(const sigset_t *mask) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (int signal = 1; signal < SIGRTMAX; signal++) {
        struct sigaction now;
        if (sigaction(signal, NULL, &now) != 0 || now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) continue;
        if (JAIL_SANITIZED && (signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE)) continue; /* its reports */
        now.sa_handler = SIG_DFL;
        now.sa_flags = 0;
        sigaction(signal, &now, NULL);
    }
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) signal(ignored[i], SIG_IGN);
    sigprocmask(SIG_SETMASK, mask, NULL);
}

/* NULL, or why it cannot begin. */
static const char *close_descriptors(const struct child_spec *spec, int control) {
    int kept[SUPERVISOR_KEPT_MAX + 1];
    unsigned count = spec->keep == NULL ? 0 : spec->keep(spec->context, kept);
    if (count > SUPERVISOR_KEPT_MAX) return "it would have more descriptors than a process may keep";
    kept[count++] = control;
    return jail_close_others(kept, count) ? NULL : "the descriptors that it is not to have could not be closed";
}

_Noreturn static void give_up(const struct child_spec *spec, const char *why) {
    char text[160];
    snprintf(text, sizeof text, "%s does not begin: %s", spec->name, why);
    say_without_waiting(text);
    _exit(EXIT_UNBEGUN);
}

/* Nothing that the parent registered to be done at its exit is done at a child's. */
_Noreturn static void leave(int code) {
    fflush(stdout);
    fflush(stderr);
#if JAIL_SANITIZED
    if (__lsan_do_recoverable_leak_check() != 0) code = EXIT_LEAK;
#endif
    _exit(code);
}

_Noreturn static void run_child(const struct child_spec *spec, int control, pid_t parent, const sigset_t *mask) {
    char name[16];
    snprintf(name, sizeof name, "ms-%s", spec->name);
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    reset_signals(mask);
    if (!rights_end_with(parent)) give_up(spec, "its supervisor has ended");
    const char *why = close_descriptors(spec, control);
    if (why != NULL) give_up(spec, why);
    leave(spec->run(spec->context, control));
}

static pid_t fork_with(const struct child_spec *spec, const int ends[2], const sigset_t *mask) {
    sigset_t all, before;
    pid_t parent = getpid();
    fflush(NULL); /* else both would write what waits */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before); /* no handler of the supervisor's runs in the child */
    pid_t pid = fork();
    if (pid == 0) run_child(spec, ends[1], parent, mask);
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return pid;
}

bool child_process_start(struct child_process *process, const struct child_spec *spec, const sigset_t *mask) {
    int ends[2];
    *process = CHILD_PROCESS_NONE;
    if (!control_open(ends)) return false;
    pid_t pid = fork_with(spec, ends, mask);
    int ended = pid < 0 ? -1 : pidfd_open(pid, 0);
    int error = errno;
    close(ends[1]);
    if (ended >= 0) {
        *process = (struct child_process){pid, ended, ends[0]};
        return true;
    }
    close(ends[0]);
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    errno = error;
    return false;
}

void child_process_kill(const struct child_process *process) {
    if (process->pid > 0) pidfd_send_signal(process->ended, SIGKILL, NULL, 0);
}

int child_process_reap(struct child_process *process) {
    int status = 0;
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) continue;
    close(process->ended);
    close(process->control);
    *process = CHILD_PROCESS_NONE;
    return status;
}
