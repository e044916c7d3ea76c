/* SIGINT and SIGTERM; see stop.h.  A signal handler can reach nothing but what is static.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "commands/commands.h"

static int ends[2] = {-1, -1}; /* a pipe: of a signal's handler to the loop */
static timer_t timer;
static struct itimerspec deadline;
static volatile sig_atomic_t begun;

/* Of the functions below signal-safety(7) lists all. */

void stop_deadline_begin(void) {
    if (begun) return;
    begun = 1;
    timer_settime(timer, 0, &deadline, NULL);
}

static void on_signal(int signal) {
    int error = errno;
    (void)signal;
    stop_deadline_begin();
    if (write(ends[1], "", 1) < 0) errno = 0; /* full: the loop has been told */
    errno = error;
}

static void on_deadline(int signal) {
    static const char text[] = "mailspan: did not end in time; what was waiting to be written is lost\n";
    struct pollfd state = {.fd = STDERR_FILENO, .events = POLLOUT};
    (void)signal;
    if (poll(&state, 1, 0) == 1 && write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(EXIT_FAILED);
    _exit(EXIT_FAILED);
}

int stop_signals_open(int deadline_ms) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, late = {.sa_handler = on_deadline};
    deadline.it_value = (struct timespec){deadline_ms / 1000, deadline_ms % 1000 * 1000000L};
    begun = 0;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || sigaction(SIGALRM, &late, NULL) != 0 ||
        sigaction(SIGINT, &stop, NULL) != 0 || sigaction(SIGTERM, &stop, NULL) != 0)
        return -1;
    return ends[0];
}

void stop_signals_close(void) {
    if (ends[0] < 0) return;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &ignore, NULL); /* it is ending */
    sigaction(SIGTERM, &ignore, NULL);
    timer_delete(timer);
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}
