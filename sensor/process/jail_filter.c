/* System call filters; see jail_filter.h.  docs/processes.md says why each call is granted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/jail_filter.h"

#include <asm/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EACH (1U << JAIL_DECODER | 1U << JAIL_READER | 1U << JAIL_JUDGE)
#define DECODER (1U << JAIL_DECODER)
#define JUDGE (1U << JAIL_JUDGE)

struct grant {
    int call;
    unsigned roles;
};

/* Whatever their arguments are. */
static const struct grant granted[] = {
    /* memory, time, randomness, the end */
    {SCMP_SYS(brk), EACH},
    {SCMP_SYS(munmap), EACH},
    {SCMP_SYS(mremap), EACH},
    {SCMP_SYS(madvise), EACH},
    {SCMP_SYS(futex), EACH},
    {SCMP_SYS(clock_gettime), EACH},
    {SCMP_SYS(clock_getres), EACH},
    {SCMP_SYS(clock_nanosleep), EACH},
    {SCMP_SYS(nanosleep), EACH},
    {SCMP_SYS(restart_syscall), EACH},
    {SCMP_SYS(gettimeofday), EACH},
    {SCMP_SYS(time), EACH},
    {SCMP_SYS(getrandom), EACH},
    {SCMP_SYS(sysinfo), EACH}, /* qsort asks how much memory there is */
    {SCMP_SYS(getrusage), EACH},
    {SCMP_SYS(sched_yield), EACH},
    {SCMP_SYS(sched_getaffinity), EACH}, /* capture.queues: auto, when a configuration is read anew */
    {SCMP_SYS(exit), EACH},
    {SCMP_SYS(exit_group), EACH},
    /* signals of its own: abort() */
    {SCMP_SYS(rt_sigaction), EACH},
    {SCMP_SYS(rt_sigprocmask), EACH},
    {SCMP_SYS(rt_sigreturn), EACH},
    {SCMP_SYS(sigaltstack), EACH},
    /* who it is: the proof asks */
    {SCMP_SYS(getpid), EACH},
    {SCMP_SYS(getppid), EACH},
    {SCMP_SYS(gettid), EACH},
    {SCMP_SYS(getuid), EACH},
    {SCMP_SYS(geteuid), EACH},
    {SCMP_SYS(getgid), EACH},
    {SCMP_SYS(getegid), EACH},
    {SCMP_SYS(getresuid), EACH},
    {SCMP_SYS(getresgid), EACH},
    {SCMP_SYS(capget), EACH},
    /* descriptors that are open */
    {SCMP_SYS(read), EACH},
    {SCMP_SYS(readv), EACH},
    {SCMP_SYS(pread64), EACH}, /* how large it is itself: process_figures.h */
    {SCMP_SYS(lseek), EACH},
    {SCMP_SYS(close), EACH},
    {SCMP_SYS(fstat), EACH},
    {SCMP_SYS(recvfrom), EACH},
    {SCMP_SYS(recvmsg), EACH},
    {SCMP_SYS(recvmmsg), EACH},
    {SCMP_SYS(poll), EACH},
    {SCMP_SYS(ppoll), EACH},
    {SCMP_SYS(epoll_ctl), EACH},
    {SCMP_SYS(epoll_wait), EACH},
    {SCMP_SYS(epoll_pwait), EACH},
    {SCMP_SYS(epoll_pwait2), EACH},
    {SCMP_SYS(timerfd_settime), EACH},
    {SCMP_SYS(getsockname), EACH}, /* libpcap asks so whether its interface is still there */
    /* a judge writes to Redis, standard output, the journal, and to who asks for metrics */
    {SCMP_SYS(write), JUDGE},
    {SCMP_SYS(writev), JUDGE},
    {SCMP_SYS(pwrite64), JUDGE},
    {SCMP_SYS(sendmsg), JUDGE},
    {SCMP_SYS(sendmmsg), JUDGE},
    {SCMP_SYS(shutdown), JUDGE},
    {SCMP_SYS(accept), JUDGE},
    {SCMP_SYS(accept4), JUDGE},
    {SCMP_SYS(getpeername), JUDGE},
    {SCMP_SYS(fsync), JUDGE},
    {SCMP_SYS(fdatasync), JUDGE},
    {SCMP_SYS(ftruncate), JUDGE},
};

struct condition {
    int call;
    unsigned roles, count;
    struct scmp_arg_cmp arguments[2];
};

#define IS(argument, value) \
    { argument, SCMP_CMP_EQ, value, 0 }
#define WITHOUT(argument, bits) \
    { argument, SCMP_CMP_MASKED_EQ, bits, 0 }

/* With these arguments alone. */
static const struct condition conditions[] = {
    {SCMP_SYS(mmap), EACH, 1, {WITHOUT(2, PROT_EXEC)}},
    {SCMP_SYS(mprotect), EACH, 1, {WITHOUT(2, PROT_EXEC)}},
    {SCMP_SYS(prlimit64), EACH, 2, {IS(0, 0), IS(2, 0)}}, /* reads a limit of its own */
    {SCMP_SYS(fcntl), EACH, 1, {IS(1, F_GETFD)}},
    {SCMP_SYS(fcntl), EACH, 1, {IS(1, F_SETFD)}},
    {SCMP_SYS(fcntl), EACH, 1, {IS(1, F_GETFL)}},
    {SCMP_SYS(fcntl), EACH, 1, {IS(1, F_SETFL)}},
    {SCMP_SYS(prctl), EACH, 1, {IS(0, PR_GET_DUMPABLE)}},
    {SCMP_SYS(prctl), EACH, 1, {IS(0, PR_GET_NO_NEW_PRIVS)}},
    {SCMP_SYS(prctl), EACH, 1, {IS(0, PR_GET_PDEATHSIG)}},
    {SCMP_SYS(prctl), EACH, 1, {IS(0, PR_GET_SECCOMP)}},
    {SCMP_SYS(prctl), EACH, 1, {IS(0, PR_CAPBSET_READ)}},
    {SCMP_SYS(prctl), EACH, 2, {IS(0, PR_CAP_AMBIENT), IS(1, PR_CAP_AMBIENT_IS_SET)}},
    {SCMP_SYS(getsockopt), EACH, 2, {IS(1, SOL_SOCKET), IS(2, SO_ERROR)}},
    {SCMP_SYS(ioctl), DECODER, 1, {IS(1, SIOCGIFFLAGS)}}, /* libpcap, of an interface that was down: whether it is up */
    {SCMP_SYS(ioctl), JUDGE, 1, {IS(1, FIONREAD)}},       /* libevent's buffers */
    {SCMP_SYS(ioctl), JUDGE, 1, {IS(1, FIONBIO)}},
    {SCMP_SYS(sendto), JUDGE, 1, {IS(4, 0)}}, /* to whom the socket is connected */
    {SCMP_SYS(setsockopt), JUDGE, 2, {IS(1, IPPROTO_TCP), IS(2, TCP_NODELAY)}},
    {SCMP_SYS(setsockopt), JUDGE, 2, {IS(1, SOL_SOCKET), IS(2, SO_KEEPALIVE)}},
};

/* What a decoder or reader may do with the descriptors that it sends to. */
static const int sending[] = {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg)};

/* Answered EPERM: what libraries try and can do without, and what the curious try. */
static const int refused[] = {
    /* files */
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat), SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(chdir), SCMP_SYS(fchdir), SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(mknod),
    SCMP_SYS(mknodat), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(fchownat), SCMP_SYS(truncate), SCMP_SYS(memfd_create), SCMP_SYS(inotify_init1), SCMP_SYS(fanotify_init),
    SCMP_SYS(umask),
    /* more descriptors */
    SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
    SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1), SCMP_SYS(timerfd_create), SCMP_SYS(signalfd4),
    /* network */
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
    /* processes */
    SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(execveat),
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(tgkill),
    SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(setpgid),
    SCMP_SYS(setsid), SCMP_SYS(setpriority), SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(rseq), SCMP_SYS(set_robust_list), SCMP_SYS(uname),
    /* rights */
    SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid),
    SCMP_SYS(setresgid), SCMP_SYS(setfsuid), SCMP_SYS(setfsgid), SCMP_SYS(setgroups), SCMP_SYS(capset),
    SCMP_SYS(setrlimit), SCMP_SYS(getrlimit), SCMP_SYS(seccomp), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(chroot),
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(personality), SCMP_SYS(keyctl),
    SCMP_SYS(add_key), SCMP_SYS(request_key),
    /* the kernel's wide surfaces */
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load), SCMP_SYS(syslog), SCMP_SYS(reboot), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(msgget), SCMP_SYS(semget), SCMP_SYS(mq_open),
    /* granted to some, or with some arguments: the rest is answered, not killed */
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(sendto), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(getpeername), SCMP_SYS(shutdown), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate), SCMP_SYS(pwrite64), SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(prlimit64), SCMP_SYS(fcntl),
    SCMP_SYS(prctl), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(ioctl)};

#if JAIL_SANITIZED
/* What the leak check at exit does: it stops the process from outside, and reads where its memory is. */
static const int sanitizer[] = {SCMP_SYS(clone),     SCMP_SYS(ptrace),     SCMP_SYS(wait4),
                                SCMP_SYS(prctl),     SCMP_SYS(readlink),   SCMP_SYS(getdents64),
                                SCMP_SYS(getdents),  SCMP_SYS(newfstatat), SCMP_SYS(sched_getaffinity),
                                SCMP_SYS(getrlimit), SCMP_SYS(prlimit64),  SCMP_SYS(uname),
                                SCMP_SYS(getcwd)};

static int grant_sanitizer(scmp_filter_ctx filter) {
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT, O_RDONLY));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                                  SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT, O_RDONLY));
    for (size_t i = 0; i < COUNT(sanitizer) && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, sanitizer[i], 0);
    return result;
}
#else
static int grant_sanitizer(scmp_filter_ctx filter) {
    (void)filter;
    return 0;
}
#endif

static int grant_sending(scmp_filter_ctx filter, const struct jail_settings *settings) {
    int result = 0;
    for (unsigned fd = 0; fd < settings->send_count; fd++) {
        struct scmp_arg_cmp here = SCMP_A0(SCMP_CMP_EQ, (unsigned)settings->sends[fd], 0);
        struct scmp_arg_cmp to_nobody_else = SCMP_A4(SCMP_CMP_EQ, 0, 0);
        for (size_t i = 0; i < COUNT(sending) && result == 0; i++)
            result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, sending[i], 1, here);
        if (result == 0) result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 2, here, to_nobody_else);
    }
    return result;
}

static int grant_all(scmp_filter_ctx filter, const struct jail_settings *settings) {
    unsigned role = 1U << settings->role;
    int result = 0;
    for (size_t i = 0; i < COUNT(granted) && result == 0; i++)
        if ((granted[i].roles & role) != 0) result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, granted[i].call, 0);
    for (size_t i = 0; i < COUNT(conditions) && result == 0; i++)
        if ((conditions[i].roles & role) != 0)
            result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, conditions[i].call, conditions[i].count,
                                            conditions[i].arguments);
    /* abort() signals itself */
    if (result == 0)
        result =
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (unsigned)getpid(), 0));
    if (result == 0 && settings->role != JAIL_JUDGE) result = grant_sending(filter, settings);
    return result == 0 ? grant_sanitizer(filter) : result;
}

static int let_known_pass(scmp_filter_ctx filter, const struct jail_settings *settings) {
    (void)settings;
    int result = 0;
    for (size_t i = 0; i < COUNT(granted) && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, granted[i].call, 0);
    for (size_t i = 0; i < COUNT(refused) && result == 0; i++) {
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, refused[i], 0);
        if (result == -EEXIST) result = 0; /* in both lists */
    }
    return result;
}

static bool load(uint32_t otherwise, int (*fill)(scmp_filter_ctx, const struct jail_settings *),
                 const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]) {
    scmp_filter_ctx filter = seccomp_init(otherwise);
    int result = filter == NULL ? -ENOMEM : 0;
    if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, not a list */
    if (result == 0) result = fill(filter, settings);
    if (result == 0) result = seccomp_load(filter);
    if (filter != NULL) seccomp_release(filter);
    if (result == 0) return true;
    snprintf(error, JAIL_TEXT_BYTES,
             "the kernel takes no system call filter (%s); it needs Linux 4.14 with CONFIG_SECCOMP_FILTER",
             strerror(-result));
    return false;
}

bool jail_filter_load(const struct jail_settings *settings, char error[JAIL_TEXT_BYTES]) {
    return load(SCMP_ACT_KILL_PROCESS, let_known_pass, settings, error) &&
           load(SCMP_ACT_ERRNO(EPERM), grant_all, settings, error);
}
