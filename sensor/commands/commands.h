/* The subcommands, one file each.  Each is given its own name as argv[0], and returns the exit code.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_COMMANDS_H
#define MAILSPAN_COMMANDS_H

enum exit_code {
    EXIT_FINE = 0,
    EXIT_FAILED = 1, /* something could not be read, opened or written; what could be done was done */
    EXIT_USAGE = 2,  /* the command line makes no sense; nothing was done */
};

int command_replay(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_check(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_rules(int argc, char **argv);

#endif
