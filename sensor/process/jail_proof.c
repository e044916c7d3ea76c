/* The proof that the jail holds: what must be impossible is tried, and what must be given up is looked for.
 *
 * The filter answers EPERM to every call tried here.  Any other answer, a failure too, says that the call came through
 * to the kernel, and is a hole.  The arguments are such that a call that comes through does no harm, and, where that
 * can be had, is not answered EPERM by the kernel itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/jail.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NO_DESCRIPTOR 1000000 /* nothing is open there */
#define NOWHERE AT_FDCWD
#define TEXT(text) ((uintptr_t)(text))

enum tried_by { EVERYBODY, WITHOUT_SANITIZER, NOT_JUDGE };

struct attempt {
    const char *what; /* "could ..." */
    enum tried_by by;
    long call;
    uintptr_t arguments[6];
};

static const struct attempt files[] = {
    {"read /etc/passwd", WITHOUT_SANITIZER, SYS_openat, {(uintptr_t)NOWHERE, TEXT("/etc/passwd"), O_RDONLY}},
    {"read its own directory", WITHOUT_SANITIZER, SYS_openat, {(uintptr_t)NOWHERE, TEXT("."), O_RDONLY | O_DIRECTORY}},
    {"read its own memory map", WITHOUT_SANITIZER, SYS_openat, {(uintptr_t)NOWHERE, TEXT("/proc/self/maps"), O_RDONLY}},
    {"write its own memory as a file", EVERYBODY, SYS_openat, {(uintptr_t)NOWHERE, TEXT("/proc/self/mem"), O_RDWR}},
    {"write a device", EVERYBODY, SYS_openat, {(uintptr_t)NOWHERE, TEXT("/dev/null"), O_WRONLY}},
    {"create a file without a name",
     EVERYBODY,
     SYS_openat,
     {(uintptr_t)NOWHERE, TEXT("/tmp"), O_TMPFILE | O_RDWR, 0600}},
    {"open a file by openat2", EVERYBODY, SYS_openat2, {(uintptr_t)NOWHERE, TEXT("/"), 0, 0}},
    {"look whether a file is there", EVERYBODY, SYS_faccessat, {(uintptr_t)NOWHERE, TEXT("/etc/passwd"), 0}},
    {"make a directory", EVERYBODY, SYS_mkdirat, {(uintptr_t)NOWHERE, TEXT("/"), 0700}},
    {"remove a file", EVERYBODY, SYS_unlinkat, {(uintptr_t)NOWHERE, TEXT(""), 0}},
    {"rename a file", EVERYBODY, SYS_renameat2, {(uintptr_t)NOWHERE, TEXT(""), (uintptr_t)NOWHERE, TEXT(""), 0}},
    {"make a file in memory", EVERYBODY, SYS_memfd_create, {TEXT("proof"), 0}},
#ifdef SYS_open
    {"read /etc/passwd by open", WITHOUT_SANITIZER, SYS_open, {TEXT("/etc/passwd"), O_RDONLY}},
#endif
};

static const struct attempt network[] = {
    {"make a TCP socket", EVERYBODY, SYS_socket, {AF_INET, SOCK_STREAM, 0}},
    {"make a UDP socket", EVERYBODY, SYS_socket, {AF_INET, SOCK_DGRAM, 0}},
    {"make an IPv6 socket", EVERYBODY, SYS_socket, {AF_INET6, SOCK_STREAM, 0}},
    {"make a local socket", EVERYBODY, SYS_socket, {AF_UNIX, SOCK_STREAM, 0}},
    {"make a packet socket", EVERYBODY, SYS_socket, {AF_PACKET, SOCK_RAW, 0}},
    {"make a netlink socket", EVERYBODY, SYS_socket, {AF_NETLINK, SOCK_RAW, 0}},
    {"make a socket to the virtual machine's host", EVERYBODY, SYS_socket, {AF_VSOCK, SOCK_STREAM, 0}},
    {"make a socket of the kernel's cryptography", EVERYBODY, SYS_socket, {AF_ALG, SOCK_SEQPACKET, 0}},
    {"make a pair of sockets", EVERYBODY, SYS_socketpair, {AF_UNIX, SOCK_STREAM, 0, 0}},
    {"connect", EVERYBODY, SYS_connect, {NO_DESCRIPTOR, 0, 0}},
    {"bind", EVERYBODY, SYS_bind, {NO_DESCRIPTOR, 0, 0}},
    {"listen", EVERYBODY, SYS_listen, {NO_DESCRIPTOR, 1}},
    {"accept a connection", NOT_JUDGE, SYS_accept4, {NO_DESCRIPTOR, 0, 0, 0}},
    {"send to an address", EVERYBODY, SYS_sendto, {NO_DESCRIPTOR, 0, 0, 0, 1, 16}},
    {"write where it has nothing to write", NOT_JUDGE, SYS_write, {NO_DESCRIPTOR, 0, 0}},
    {"send where it has nothing to send", NOT_JUDGE, SYS_sendmsg, {NO_DESCRIPTOR, 0, 0}},
    {"reset a capture handle's losses",
     EVERYBODY,
     SYS_getsockopt,
     {NO_DESCRIPTOR, SOL_PACKET, PACKET_STATISTICS, 0, 0}},
    {"change a capture handle", EVERYBODY, SYS_setsockopt, {NO_DESCRIPTOR, SOL_PACKET, 0, 0, 0}},
};

static const struct attempt processes[] = {
    {"start a process", WITHOUT_SANITIZER, SYS_clone, {SIGCHLD}},
    {"start a process by clone3", EVERYBODY, SYS_clone3, {0, 0}},
    {"run a program", EVERYBODY, SYS_execve, {TEXT("/"), 0, 0}},
    {"run a program by its descriptor", EVERYBODY, SYS_execveat, {NO_DESCRIPTOR, TEXT(""), 0, 0, AT_EMPTY_PATH}},
    {"trace a process", WITHOUT_SANITIZER, SYS_ptrace, {PTRACE_ATTACH, 0, 0, 0}},
    {"read another's memory", EVERYBODY, SYS_process_vm_readv, {0, 0, 0, 0, 0, 0}},
    {"write another's memory", EVERYBODY, SYS_process_vm_writev, {0, 0, 0, 0, 0, 0}},
    {"take another's descriptor", EVERYBODY, SYS_pidfd_getfd, {NO_DESCRIPTOR, 0, 0}},
    {"signal others", EVERYBODY, SYS_kill, {0, 0}},
    {"signal a thread of others", EVERYBODY, SYS_tgkill, {0, 0, 0}},
    {"copy a descriptor", EVERYBODY, SYS_dup, {NO_DESCRIPTOR}},
    {"make a pipe", EVERYBODY, SYS_pipe2, {0, 0}},
    {"make an event loop", EVERYBODY, SYS_epoll_create1, {0}},
};

static const struct attempt rights[] = {
    {"become root", EVERYBODY, SYS_setuid, {0}},
    {"change its user", EVERYBODY, SYS_setuid, {(uintptr_t)-1}},
    {"become root for files", EVERYBODY, SYS_setfsuid, {0}},
    {"take root's group", EVERYBODY, SYS_setresgid, {0, 0, 0}},
    {"change its group", EVERYBODY, SYS_setresgid, {(uintptr_t)-1, (uintptr_t)-1, (uintptr_t)-1}},
    {"change its groups", EVERYBODY, SYS_setgroups, {0, 0}},
    {"change its capabilities", EVERYBODY, SYS_capset, {0, 0}},
    {"enter a namespace", EVERYBODY, SYS_setns, {NO_DESCRIPTOR, 0}},
    {"make a namespace", EVERYBODY, SYS_unshare, {0}},
    {"change its root", EVERYBODY, SYS_chroot, {TEXT("")}},
    {"mount", EVERYBODY, SYS_mount, {TEXT(""), TEXT(""), 0, 0, 0}},
    {"become traceable", WITHOUT_SANITIZER, SYS_prctl, {PR_SET_DUMPABLE, 0}},
    {"raise its limits", EVERYBODY, SYS_setrlimit, {RLIMIT_CORE, 0}},
    {"change its system call filter", EVERYBODY, SYS_seccomp, {0x7fffffff, 0, 0}},
    {"change how it runs programs", EVERYBODY, SYS_personality, {0xffffffff}},
    {"use the kernel's keys", EVERYBODY, SYS_keyctl, {0x7fffffff, 0}},
    {"load a program into the kernel", EVERYBODY, SYS_bpf, {0x7fffffff, 0, 0}},
    {"load a module", EVERYBODY, SYS_finit_module, {NO_DESCRIPTOR, 0, 0}},
    {"use io_uring", EVERYBODY, SYS_io_uring_setup, {0, 0}},
    {"measure the kernel", EVERYBODY, SYS_perf_event_open, {0, 0, 0, 0, 0}},
    {"handle page faults", EVERYBODY, SYS_userfaultfd, {0x7fffffff}},
    {"read the kernel's log", EVERYBODY, SYS_syslog, {0x7fffffff, 0, 0}},
};

static bool hole_is(char hole[JAIL_TEXT_BYTES], const char *what, const char *more) {
    snprintf(hole, JAIL_TEXT_BYTES, "could %s%s%s%s", what, more == NULL ? "" : " (", more == NULL ? "" : more,
             more == NULL ? "" : ")");
    return false;
}

static bool is_tried(const struct attempt *attempt, const struct jail_settings *settings) {
    switch (attempt->by) {
        case WITHOUT_SANITIZER:
            return !JAIL_SANITIZED;
        case NOT_JUDGE:
            return settings->role != JAIL_JUDGE;
        case EVERYBODY:
            break;
    }
    return true;
}

static bool try_all(const struct attempt *attempts, size_t count, const struct jail_settings *settings,
                    char hole[JAIL_TEXT_BYTES]) {
    char answer[96];
    for (const struct attempt *one = attempts; one < attempts + count; one++) {
        if (!is_tried(one, settings)) continue;
        const uintptr_t *with = one->arguments;
        errno = 0;
        long result = syscall(one->call, with[0], with[1], with[2], with[3], with[4], with[5]);
        if (result == 0 && one->call == SYS_clone) _exit(0); /* the process that must not be */
        if (result == -1 && errno == EPERM) continue;
        snprintf(answer, sizeof answer, "the kernel answered %ld, %s", result, strerrorname_np(errno));
        return hole_is(hole, one->what, answer);
    }
    return true;
}

/* Memory that was written must never run. */
static bool try_memory(char hole[JAIL_TEXT_BYTES]) {
    size_t page = 4096;
    void *made = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made != MAP_FAILED) {
        munmap(made, page);
        return hole_is(hole, "get memory that runs", NULL);
    }
    made = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) return true; /* none left: that is no hole */
    bool runs = mprotect(made, page, PROT_READ | PROT_EXEC) == 0;
    munmap(made, page);
    return runs ? hole_is(hole, "make memory run that it had written", NULL) : true;
}

static bool look_at_identity(char hole[JAIL_TEXT_BYTES]) {
    uid_t users[3] = {0};
    gid_t groups[3] = {0};
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (getresuid(&users[0], &users[1], &users[2]) != 0 || getresgid(&groups[0], &groups[1], &groups[2]) != 0)
        return hole_is(hole, "not say who it is", NULL);
    for (int i = 0; i < 3; i++)
        if (users[i] == 0 || groups[i] == 0) return hole_is(hole, "stay root, or in root's group", NULL);
    if (syscall(SYS_capget, &header, sets) != 0) return hole_is(hole, "not say which capabilities it has", NULL);
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        if ((sets[i].effective | sets[i].permitted | sets[i].inheritable) != 0)
            return hole_is(hole, "keep capabilities", NULL);
    for (int i = 0; i <= CAP_LAST_CAP; i++)
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) > 0)
            return hole_is(hole, "keep ambient capabilities", NULL);
    return true;
}

static bool look_at_flags(const struct jail_settings *settings, char hole[JAIL_TEXT_BYTES]) {
    int signal = 0;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return hole_is(hole, "gain privileges by running a program", NULL);
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return hole_is(hole, "be traced, and dump core", NULL);
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) return hole_is(hole, "make system calls without a filter", NULL);
    if (settings->parent != 0 && (prctl(PR_GET_PDEATHSIG, &signal, 0, 0, 0) != 0 || signal != SIGKILL))
        return hole_is(hole, "outlive the process that started it", NULL);
    return true;
}

static bool is_limited(int resource, uint64_t most) {
    struct rlimit limit = {0};
    return syscall(SYS_prlimit64, 0, resource, NULL, &limit) == 0 && limit.rlim_cur <= most && limit.rlim_max <= most;
}

/* How many more can be opened is asked of the numbers that are free. */
static bool descriptors_are_limited(const struct jail_settings *settings) {
    struct rlimit limit = {0};
    unsigned unused = 0;
    if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0 || limit.rlim_max != limit.rlim_cur) return false;
    for (rlim_t fd = 0; fd < limit.rlim_cur && unused <= settings->new_descriptors; fd++)
        if (fcntl((int)fd, F_GETFD) < 0) unused++;
    return unused <= settings->new_descriptors;
}

static bool look_at_limits(const struct jail_settings *settings, char hole[JAIL_TEXT_BYTES]) {
    if (!is_limited(RLIMIT_CORE, 0)) return hole_is(hole, "dump core", NULL);
    if (JAIL_SANITIZED) return true;
    if (!is_limited(RLIMIT_NPROC, 0)) return hole_is(hole, "have processes", NULL);
    if (settings->role != JAIL_JUDGE && !is_limited(RLIMIT_FSIZE, 0)) return hole_is(hole, "make files grow", NULL);
    if (settings->address_space_bytes != 0 && !is_limited(RLIMIT_AS, settings->address_space_bytes))
        return hole_is(hole, "take more memory than it was given", NULL);
    if (!descriptors_are_limited(settings)) return hole_is(hole, "have more descriptors than it needs", NULL);
    return true;
}

bool jail_prove(const struct jail_settings *settings, char hole[JAIL_TEXT_BYTES]) {
    return look_at_flags(settings, hole) && look_at_identity(hole) && look_at_limits(settings, hole) &&
           try_all(files, COUNT(files), settings, hole) && try_all(network, COUNT(network), settings, hole) &&
           try_all(processes, COUNT(processes), settings, hole) && try_all(rights, COUNT(rights), settings, hole) &&
           try_memory(hole);
}
