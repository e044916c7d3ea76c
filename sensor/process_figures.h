/* What a process has of memory and processor time, told by itself from inside its jail.
 *
 * /proc/self/statm is opened while the process still may open files; reading it again needs pread alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_FIGURES_H
#define MAILSPAN_PROCESS_FIGURES_H

#include "mailspan/figures.h"

/* After the fork (the file is that of who opens it), before the jail.  -1: there is no /proc; then no memory is told.
 */
int process_figures_open(void);
/* What it has reserved, touched or not; 0: not known. */
uint64_t process_address_space_bytes(int statm);
/* Calls pread and getrusage, nothing else. */
void process_figures_read(int statm, struct process_figures *figures);

#endif
