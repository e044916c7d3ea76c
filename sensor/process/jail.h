/* The jail: where hostile bytes are parsed, nothing can be harmed.
 *
 * A process opens what it needs, enters, and proves that it is inside; from then on it reads, computes and writes, and
 * that is all.  docs/processes.md says which wall is for what.  In the order in which they are put up:
 *
 *   nobody's directory is the root: nothing to open, nothing to create (as root, or in a user namespace of its own)
 *   an empty network namespace                                          (likewise)
 *   user and groups become the configured ones, capabilities go         (rights.h)
 *   limits: no core, no process, no file that grows, no further descriptor, so much memory
 *   Landlock: nothing to open, no signal to others                      (where the kernel has it)
 *   two system call filters                                             (jail_filter.h)
 *
 * The ones in brackets may be missing where the kernel or the service manager do not grant them; what they forbid is
 * forbidden by the filters as well.  The filters, the limits and the rights are never missing: jail_enter fails
 * instead.
 *
 * Builds with AddressSanitizer keep rights and most of the filters, but may read files, fork and be traced, and have no
 * limits, because their leak check at exit needs it.  They say so on standard error.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_JAIL_H
#define MAILSPAN_PROCESS_JAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define JAIL_TEXT_BYTES 512
#define JAIL_SENDS_MAX 8
#define JAIL_EXIT_REFUSED 77 /* the process found itself outside: starting it again changes nothing */

#if defined(__SANITIZE_ADDRESS__)
#define JAIL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(leak_sanitizer)
#define JAIL_SANITIZED 1
#endif
#endif
#ifndef JAIL_SANITIZED
#define JAIL_SANITIZED 0
#endif
#define JAIL_SLOWER (JAIL_SANITIZED ? 10 : 1) /* at a process's end the search for leaks takes a second */

enum jail_role {
    JAIL_DECODER, /* reads capture handles; sends to the descriptors named, to nothing else */
    JAIL_READER,  /* a replay's decoder: reads files that are open; sends likewise */
    JAIL_JUDGE,   /* sends and receives on whatever is open or is handed to it; writes files that are open */
};

struct jail_settings {
    enum jail_role role;
    uid_t uid; /* whom root becomes; of no concern to others */
    gid_t gid;
    pid_t parent;                 /* the process ends with it; 0: with nobody */
    uint64_t address_space_bytes; /* 0: not limited */
    unsigned new_descriptors;     /* how many may still come: accepted, or handed over by the supervisor */
    unsigned send_count;          /* of a decoder or reader */
    int sends[JAIL_SENDS_MAX]; /* all it may write to: a packet socket, written to, would send on the mirror's port */
    /* To whom jail_or_exit says why it refuses: behind the walls a decoder cannot write on standard error, which may be
     * the same file as standard output, where events stand.  NULL: standard error. */
    void (*say)(void *context, const char *text);
    void *context;
};

/* The walls that need not be there. */
enum jail_wall { JAIL_EMPTY_ROOT = 1 << 0, JAIL_EMPTY_NETWORK = 1 << 1, JAIL_LANDLOCK = 1 << 2 };

/* Closes every descriptor but those named, and standard input, output and error; what of these three is not open is
 * /dev/null afterwards.  First thing after a fork (the supervisor does it for its children). */
bool jail_close_others(const int *kept, unsigned count);

/* Once, by a process with one thread, when all is open that it needs: an event base, signals, conversions, a time zone.
 * Returns the walls that stand, or -1 with error filled; then the process must end. */
int jail_enter(const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]);

/* Tries what must be impossible.  False with hole filled: the first that was possible. */
bool jail_prove(const struct jail_settings *settings, char hole[JAIL_TEXT_BYTES]);

/* Both.  A process that is not inside says why, and what to do, and ends with JAIL_EXIT_REFUSED. */
int jail_or_exit(const struct jail_settings *settings, const char *process);

#endif
