/* A test that hangs says where: linked into every unit test.  After a time that no test needs, each process of it that
 * can still be asked prints its stack, and the first one ends with SIGABRT.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_S 780 /* the longest take a minute, four on busy cores; CTest gives up at 900 s */
#define FRAMES_MAX 64

/* Only a sanitizer's runtime has it: with names and lines, where the other has addresses. */
extern void __sanitizer_print_stack_trace(void) __attribute__((weak));

static volatile sig_atomic_t first_process;

static void say_where(void) {
    static const char words[] = "a test hangs; a process of it is here:\n";
    void *frames[FRAMES_MAX];
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0) return;
    if (__sanitizer_print_stack_trace != NULL)
        __sanitizer_print_stack_trace();
    else
        backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX), STDERR_FILENO);
}

/* Handlers outlive fork, alarms do not: children are asked by their parent. */
static void ask_children(void) {
    char text[1024] = "", *at = text;
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0) return;
    for (long child; (child = strtol(at, &at, 10)) > 0;) (void)kill((pid_t)child, SIGALRM);
    (void)close(fd);
}

static void on_deadline(int signal_number) {
    (void)signal_number;
    say_where();
    ask_children();
    if (getpid() != first_process) return;
    (void)sleep(5); /* until the others have said theirs */
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

__attribute__((constructor)) static void begin(void) {
    struct sigaction action = {.sa_handler = on_deadline, .sa_flags = SA_RESTART};
    void *frame;
    (void)backtrace(&frame, 1); /* loads what it needs while there is no hurry */
    first_process = getpid();
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(DEADLINE_S);
}
