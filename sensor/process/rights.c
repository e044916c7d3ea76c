/* User, groups and capabilities; see rights.h.  capabilities(7) has the rules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/rights.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SECUREBITS                                                                                   \
    (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED | \
     SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* What getpwnam(3) may leave in errno when all was read and the name was not among it. */
static bool means_absent(int error) {
    return error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
}

bool rights_find_user(const char *name, uid_t *uid, gid_t *gid, char error[RIGHTS_ERROR_BYTES]) {
    errno = 0;
    const struct passwd *user = getpwnam(name); /* at start, by one thread */
    if (user == NULL) {
        if (means_absent(errno))
            snprintf(error, RIGHTS_ERROR_BYTES, "there is no user '%.64s'; `adduser --system --group %.64s` makes it",
                     name, name);
        else
            snprintf(error, RIGHTS_ERROR_BYTES, "the user '%.64s' could not be looked up: %s", name, strerror(errno));
        return false;
    }
    if (user->pw_uid == 0 || user->pw_gid == 0) {
        snprintf(error, RIGHTS_ERROR_BYTES, "the user '%.64s' is root, or in its group; expected one without rights",
                 name);
        return false;
    }
    *uid = user->pw_uid;
    *gid = user->pw_gid;
    return true;
}

bool rights_choose_user(const char *configured, uid_t *uid, gid_t *gid, char error[RIGHTS_ERROR_BYTES]) {
    if (getuid() != 0) {
        *uid = getuid();
        *gid = getgid();
        return true;
    }
    if (configured[0] != '\0') return rights_find_user(configured, uid, gid, error);
    return rights_find_user("mailspan", uid, gid, error) || rights_find_user("nobody", uid, gid, error);
}

static bool failed(char error[RIGHTS_ERROR_BYTES], const char *what) {
    snprintf(error, RIGHTS_ERROR_BYTES, "%s: %s", what, strerror(errno));
    return false;
}

/* What libcap-ng shall leave, of what is there. */
static void choose_capabilities(enum rights_kept kept) {
    bool raw = kept != RIGHTS_NONE && capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW) == 1;
    bool admin = kept == RIGHTS_CAPTURE_BY_ADAPTER && capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN) == 1;
    capng_clear(CAPNG_SELECT_ALL);
    if (raw) capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
    if (admin) capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
}

/* Looked at here: in the namespace that a child of the sensor makes for itself every number is that of nobody. */
static bool has_become(uid_t uid, gid_t gid, char error[RIGHTS_ERROR_BYTES]) {
    uid_t users[3] = {0};
    gid_t groups[3] = {0};
    bool is = getresuid(&users[0], &users[1], &users[2]) == 0 && getresgid(&groups[0], &groups[1], &groups[2]) == 0 &&
              getgroups(0, NULL) == 0;
    for (int i = 0; i < 3; i++) is = is && users[i] == uid && groups[i] == gid;
    if (is) return true;
    snprintf(
        error, RIGHTS_ERROR_BYTES,
        "the system says that this process became user %u, group %u, and it still is user %u, group %u, or in other "
        "groups",
        (unsigned)uid, (unsigned)gid, (unsigned)users[1], (unsigned)groups[1]);
    return false;
}

static bool become(uid_t uid, gid_t gid, enum rights_kept kept, char error[RIGHTS_ERROR_BYTES]) {
    if (uid == 0 || gid == 0) {
        snprintf(error, RIGHTS_ERROR_BYTES, "started as root without a user to become");
        return false;
    }
    bool user = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) == 1;
    bool group = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID) == 1;
    if (!user || !group) {
        snprintf(error, RIGHTS_ERROR_BYTES,
                 "started as root without %s%s%s, so it cannot become user %u, group %u; start it as that user, with "
                 "CAP_NET_RAW as an ambient capability",
                 user ? "" : "CAP_SETUID", user || group ? "" : " and ", group ? "" : "CAP_SETGID", (unsigned)uid,
                 (unsigned)gid);
        return false;
    }
    choose_capabilities(kept);
    int result = capng_change_id((int)uid, (int)gid, CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
    if (result == 0) return has_become(uid, gid, error);
    snprintf(error, RIGHTS_ERROR_BYTES, "could not become user %u, group %u (step %d): %s", (unsigned)uid,
             (unsigned)gid, -result, strerror(errno));
    return false;
}

static bool drop_capabilities(enum rights_kept kept, bool may_bound, char error[RIGHTS_ERROR_BYTES]) {
    choose_capabilities(kept);
    if (may_bound && capng_apply(CAPNG_SELECT_BOUNDS) != 0)
        return failed(error, "could not drop the bounding set of capabilities");
    if (capng_apply(CAPNG_SELECT_CAPS) != 0) return failed(error, "could not drop capabilities");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) /* EINVAL: before Linux 4.3 */
        return failed(error, "could not drop ambient capabilities");
    return true;
}

bool rights_give_up(uid_t uid, gid_t gid, enum rights_kept kept, char error[RIGHTS_ERROR_BYTES]) {
    bool is_root = geteuid() == 0 || getuid() == 0;
    if (capng_get_caps_process() != 0) return failed(error, "could not read the capabilities");
    bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) == 1;
    /* Root's number alone gives nothing then.  A fence behind no_new_privs, so one that cannot be had is no failure. */
    if (may_bound) (void)prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0);
    if (is_root ? !become(uid, gid, kept, error) : !drop_capabilities(kept, may_bound, error)) return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed(error, "could not set no_new_privs");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed(error, "could not forbid core dumps and tracing");
    return true;
}

bool rights_end_with(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
    return getppid() == parent; /* it may have ended just before */
}
