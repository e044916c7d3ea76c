/* What a process may do in the system, given up: user, groups, capabilities, new privileges.
 *
 * Works from root, from an ordinary user with some capabilities (a file's, or systemd's ambient ones), and from an
 * ordinary user without any; what is not there needs not be given up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_PROCESS_RIGHTS_H
#define MAILSPAN_PROCESS_RIGHTS_H

#include <stdbool.h>
#include <sys/types.h>

#define RIGHTS_ERROR_BYTES 256

/* The user to become, by name.  False with error filled when there is none, or when it is root. */
bool rights_find_user(const char *name, uid_t *uid, gid_t *gid, char error[RIGHTS_ERROR_BYTES]);

/* Whom this process is to become: the user of the configuration, else (empty) mailspan where there is one, else nobody;
 * who is not root stays who he is.  False with error filled. */
bool rights_choose_user(const char *configured, uid_t *uid, gid_t *gid, char error[RIGHTS_ERROR_BYTES]);

enum rights_kept {
    RIGHTS_NONE,
    RIGHTS_CAPTURE,            /* CAP_NET_RAW, as far as it is there: opens capture handles */
    RIGHTS_CAPTURE_BY_ADAPTER, /* ... and CAP_NET_ADMIN: libpcap sets an adapter's clock anew with each handle */
};

/* Root becomes the user, without further groups; anybody else stays who he is.  All capabilities are given up but what
 * is kept, for good: bounding set (where that is allowed), ambient and inheritable sets, and by no_new_privs. */
bool rights_give_up(uid_t uid, gid_t gid, enum rights_kept kept, char error[RIGHTS_ERROR_BYTES]);

/* From here on the process is killed when the thread of its parent that started it ends.  False: it has ended already.
 * The kernel forgets this at every change of user or capabilities, so it comes last; and it sends the signal with the
 * parent's rights, so parent and child must be one user (or the parent root). */
bool rights_end_with(pid_t parent);

#endif
