/* The system calls of a jailed process (libseccomp).  Two filters, of which the stricter answer counts:
 *
 *   known    calls that we have thought of pass; any other kills the process, and so does any of another architecture
 *            (x32, i386 on amd64)
 *   granted  calls that the role needs, with the arguments that it needs, pass; any other is answered EPERM
 *
 * So what a library tries and can do without fails as on a system without rights, and the proof can ask; what nothing
 * of ours ever does ends the process at once, which the supervisor tells as killed by SIGSYS, and the kernel's audit
 * log with the call's number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_JAIL_FILTER_H
#define MAILSPAN_PROCESS_JAIL_FILTER_H

#include "process/jail.h"

/* For good, in this process and what it would start.  False with error filled. */
bool jail_filter_load(const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]);

#endif
