/* SIGINT and SIGTERM for a command with a loop: a descriptor tells the loop, and a timer sees to it that the program
 * ends in any case, also when the loop stands still (a resolver that does not answer, a terminal that was stopped).
 *
 * The timer starts in the signal handler itself and counts real time; when it is up the program ends with EXIT_FAILED,
 * wherever it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_STOP_H
#define MAILSPAN_COMMANDS_STOP_H

#include <stdbool.h>

/* From here on the signals no longer end the program by themselves.  A descriptor that becomes readable at the first of
 * them; -1 when it cannot be had. */
int stop_signals_open(int deadline_ms);
/* The program ends in that time from now on, as after a signal. */
void stop_deadline_begin(void);
void stop_signals_close(void);

#endif
