/* rules_compile: the second word of `mailspan rules compile`.  Returns the exit code.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_RULES_COMPILE_H
#define MAILSPAN_RULES_COMPILE_H

int rules_compile(int argc, char **argv);

#endif
