/* mailspan: finds the subcommand and runs it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "commands/commands.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct command commands[] = {
    {"replay", command_replay, "read recorded captures and say what was in them"},
    {"watch", command_watch, "read an interface and publish decisions"},
    {"check", command_check, "read the configuration and the rules, and say what is wrong with them"},
    {"explain", command_explain, "say why a mail has its points, or what a refusal means, and what to do"},
    {"rules", command_rules, "turn rule files of SpamAssassin into one of ours"},
};

static void print_help(FILE *file) {
    fprintf(file,
            "Usage: mailspan COMMAND [OPTION]... [ARGUMENT]...\n\n"
            "A passive sensor for outgoing mail.\n\nCommands:\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(file, "  %-8s %s\n", commands[i].name, commands[i].help);
    fprintf(file,
            "\n`mailspan COMMAND --help` says more of each.  `mailspan --version` says which this is.\n"
            "Exit codes: 0 fine, 1 failed, 2 wrong usage.\n");
}

/* What was printed for people must have arrived, or it is a failure.  (Records have outputs of their own.) */
static int flushed(int code) {
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || code != EXIT_FINE) return code;
    fprintf(stderr, "mailspan: standard output cannot be written\n");
    return EXIT_FAILED;
}

/* Whoever left one of them closed would have what is printed go into the file or socket that is opened next.  Nothing
 * can be written to what stands in for standard output: that is told as before. */
static bool hold_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv) {
    if (!hold_standard_descriptors()) return EXIT_FAILED; /* nobody is there to be told why */
    if (sodium_init() < 0) {
        fprintf(stderr, "mailspan: libsodium finds no source of random numbers\n");
        return EXIT_FAILED;
    }
    prctl(PR_SET_DUMPABLE, 0); /* a core dump would hold other people's mail, and perhaps a password */
    signal(SIGPIPE, SIG_IGN);  /* a reader that goes away is an error of write(), not our end */
    signal(SIGXFSZ, SIG_IGN);  /* nor is a file that may grow no longer */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return flushed(EXIT_FINE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("mailspan %s\n", MAILSPAN_VERSION);
        return flushed(EXIT_FINE);
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return flushed(commands[i].run(argc - 1, argv + 1));
    fprintf(stderr, "mailspan: no command '%s'; `mailspan --help` lists them\n", argv[1]);
    return EXIT_USAGE;
}
