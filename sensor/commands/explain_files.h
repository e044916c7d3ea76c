/* Which files `mailspan explain MAIL...` reads: those that are named, and those in folders that are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_EXPLAIN_FILES_H
#define MAILSPAN_COMMANDS_EXPLAIN_FILES_H

#include <stdbool.h>

/* False: it could not be read, which was said. */
typedef bool explain_file(void *context, const char *name, int descriptor);

/* Hands each file on in its turn ("-": standard input); those of a folder to any depth, in the order of their names'
 * bytes.  In folders, hidden files and folders are left out, symbolic links are not followed, and what is no file is
 * not opened.  What cannot be read is said on standard error, and the others go on, as long as standard output takes
 * what is said.  Returns the exit code. */
int explain_each_file(char *const *names, int count, explain_file *explain, void *context);

#endif
