/* The walls of the jail, in their order; see jail.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/jail.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/jail_filter.h"
#include "process/jail_parts.h"
#include "process/rights.h"

#define DESCRIPTORS_SEARCHED_MAX 65536 /* where an open directory is looked for */

static bool failed(char error[JAIL_TEXT_BYTES], const char *what) {
    snprintf(error, JAIL_TEXT_BYTES, "%s: %s", what, strerror(errno));
    return false;
}

/* --- descriptors ---------------------------------------------------------------------------------------------------
 */

static int in_order(const void *a, const void *b) {
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static bool close_between(int first, int last) {
    return first > last || close_range((unsigned)first, (unsigned)last, 0) == 0;
}

bool jail_close_others(const int *kept, unsigned count) {
    int sorted[count + 1];
    if (count > 0) memcpy(sorted, kept, count * sizeof *kept);
    sorted[count] = INT_MAX;
    qsort(sorted, count, sizeof *sorted, in_order);
    int next = STDERR_FILENO + 1;
    for (unsigned i = 0; i <= count; i++) {
        if (sorted[i] < next) continue;
        if (!close_between(next, sorted[i] - 1)) return false;
        next = sorted[i] == INT_MAX ? INT_MAX : sorted[i] + 1;
    }
    /* Else whatever is opened next would be taken for standard output. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) return false;
    return true;
}

static bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

/* An open directory would be a way round an empty root. */
static bool check_descriptors(char error[JAIL_TEXT_BYTES]) {
    struct rlimit limit = {0};
    struct stat about;
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 0; fd < DESCRIPTORS_SEARCHED_MAX && (rlim_t)fd < limit.rlim_cur; fd++) {
        if (fstat(fd, &about) != 0 || !S_ISDIR(about.st_mode)) continue;
        snprintf(error, JAIL_TEXT_BYTES, "descriptor %d is a directory", fd);
        return false;
    }
    return true;
}

/* --- an empty root, an empty network -------------------------------------------------------------------------------
 */

/* An empty directory that is in no other: removed at once, it has no name and takes no entry. */
static int open_nowhere(void) {
    static const char *const places[] = {"/run", "/tmp", "/var/tmp", "/dev/shm"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/mailspan-XXXXXX", places[i]);
        if (mkdtemp(path) == NULL) continue;
        int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (rmdir(path) == 0 && fd >= 0) return fd;
        if (fd >= 0) close(fd);
    }
    return -1;
}

/* Without the capability for it, in a user namespace of its own, where it has all of them until they are dropped: they
 * concern nothing outside.  What the system does not allow is left out; the filter forbids it all the same. */
static int build_root(void) {
    int walls = 0, nowhere = open_nowhere();
    bool may = capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_CHROOT) == 1;
    if (may || unshare(CLONE_NEWUSER) == 0) {
        if (unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0) walls |= JAIL_EMPTY_NETWORK;
        if (nowhere >= 0 && fchdir(nowhere) == 0 && chroot(".") == 0) walls |= JAIL_EMPTY_ROOT;
    }
    if (nowhere >= 0) close(nowhere);
    return walls;
}

/* --- limits --------------------------------------------------------------------------------------------------------
 */

static bool limit(int resource, rlim_t most) {
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)resource, &now) != 0) return false;
    if (now.rlim_max < most) most = now.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &(struct rlimit){most, most}) == 0;
}

/* The kernel gives the lowest free number, and none from the limit on: the limit that leaves so many of them free.
 * Descriptors beyond it stay open. */
static rlim_t descriptor_limit(unsigned free_wanted) {
    int fd = 0;
    for (unsigned left = free_wanted; left > 0 || is_open(fd); fd++)
        if (!is_open(fd)) left--;
    return (rlim_t)fd;
}

static bool build_limits(const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]) {
    if (!limit(RLIMIT_CORE, 0)) return failed(error, "could not forbid core dumps");
    if (JAIL_SANITIZED) return true;
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit fails then, and kills nobody */
    if (settings->role != JAIL_JUDGE && !limit(RLIMIT_FSIZE, 0)) return failed(error, "could not limit files");
    if (!limit(RLIMIT_NPROC, 0)) return failed(error, "could not limit processes");
    if (settings->address_space_bytes > 0 && !limit(RLIMIT_AS, settings->address_space_bytes))
        return failed(error, "could not limit memory");
    if (!limit(RLIMIT_NOFILE, descriptor_limit(settings->new_descriptors)))
        return failed(error, "could not limit descriptors");
    return true;
}

/* --- Landlock ------------------------------------------------------------------------------------------------------
 * landlock(7).  A set of rules that handles everything and allows nothing.  The header of Debian 12 knows the first
 * versions alone, so what is asked for is written down here.
 */

struct landlock_asked {
    uint64_t files, network, scopes;
};

#define LANDLOCK_SYSTEM_CALL_CREATE 444
#define LANDLOCK_SYSTEM_CALL_RESTRICT 446
#define LANDLOCK_VERSION 1U

static struct landlock_asked landlock_all(long version) {
    static const unsigned file_rights[] = {0, 13, 14, 15, 15, 16}; /* how many there are in each version */
    size_t known = sizeof file_rights / sizeof file_rights[0];
    size_t row = (size_t)version < known ? (size_t)version : known - 1;
    return (struct landlock_asked){.files = (UINT64_C(1) << file_rights[row]) - 1,
                                   .network = version >= 4 ? 3 : 0, /* bind, connect */
                                   .scopes = version >= 6 ? 3 : 0}; /* abstract sockets, signals */
}

static size_t landlock_size(long version) {
    return version >= 6 ? sizeof(struct landlock_asked) : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static int build_landlock(void) {
    long version = syscall(LANDLOCK_SYSTEM_CALL_CREATE, NULL, 0, LANDLOCK_VERSION);
    if (version < 1) return 0;
    struct landlock_asked asked = landlock_all(version);
    int rules = (int)syscall(LANDLOCK_SYSTEM_CALL_CREATE, &asked, landlock_size(version), 0);
    if (rules < 0) return 0;
    long result = syscall(LANDLOCK_SYSTEM_CALL_RESTRICT, rules, 0);
    close(rules);
    return result == 0 ? JAIL_LANDLOCK : 0;
}

/* --- all of it -----------------------------------------------------------------------------------------------------
 */

int jail_build(const struct jail_settings *settings, unsigned parts, char error[JAIL_TEXT_BYTES]) {
    int walls = 0;
    if (settings->send_count > JAIL_SENDS_MAX) {
        snprintf(error, JAIL_TEXT_BYTES, "%u descriptors to send to, at most %d", settings->send_count, JAIL_SENDS_MAX);
        return -1;
    }
    if (!check_descriptors(error)) return -1;
    if (JAIL_SANITIZED)
        fprintf(stderr,
                "mailspan: built with a sanitizer: the jail lets this process read files, fork and be traced\n");
    else if ((parts & JAIL_PART_ROOT) != 0)
        walls |= build_root();
    if ((parts & JAIL_PART_RIGHTS) != 0 && !rights_give_up(settings->uid, settings->gid, RIGHTS_NONE, error)) return -1;
    if ((parts & JAIL_PART_PARENT) != 0 && settings->parent != 0 && !rights_end_with(settings->parent)) {
        snprintf(error, JAIL_TEXT_BYTES, "the process that started this one has ended");
        return -1;
    }
    if ((parts & JAIL_PART_LANDLOCK) != 0 && !JAIL_SANITIZED)
        walls |= build_landlock(); /* before the limits: a descriptor */
    if ((parts & JAIL_PART_LIMITS) != 0 && !build_limits(settings, error)) return -1;
    if ((parts & JAIL_PART_FILTER) != 0 && !jail_filter_load(settings, error)) return -1;
    return walls;
}

int jail_enter(const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]) {
    return jail_build(settings, JAIL_PARTS_ALL, error);
}

static void say_refusal(const struct jail_settings *settings, const char *process, const char *what, const char *why) {
    char text[JAIL_TEXT_BYTES + 256];
    snprintf(text, sizeof text, "the %s %s: %s; see docs/processes.md, \"When a process refuses\"", process, what, why);
    if (settings->say != NULL) {
        settings->say(settings->context, text);
        return;
    }
    fprintf(stderr, "mailspan: %s\n", text);
    fflush(stderr);
}

int jail_or_exit(const struct jail_settings *settings, const char *process) {
    char text[JAIL_TEXT_BYTES];
    int walls = jail_enter(settings, text);
    if (walls >= 0 && jail_prove(settings, text)) return walls;
    say_refusal(
        settings, process,
        walls < 0 ? "could not give up its rights, so it does not run" : "does not run, because its jail has a hole",
        text);
    _exit(JAIL_EXIT_REFUSED);
}
