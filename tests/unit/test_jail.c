/* The jail: what a process can still do inside, what it cannot, and that the proof finds a wall that is missing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "in_child.h"
#include "process/control.h"
#include "process/jail.h"
#include "process/jail_parts.h"

#define EXIT_NOT_BUILT 90

static struct jail_settings settings_of(enum jail_role role) {
    return (struct jail_settings){
        .role = role, .uid = NOBODY, .gid = NOBODY, .parent = getppid(), .send_count = 1, .sends = {STDERR_FILENO}};
}

static bool enter(const struct jail_settings *settings) {
    char error[JAIL_TEXT_BYTES];
    if (jail_enter(settings, error) >= 0) return true;
    fprintf(stderr, "%s\n", error);
    return false;
}

/* --- the walls -----------------------------------------------------------------------------------------------------
 */

static int enter_and_prove(void *context) {
    char hole[JAIL_TEXT_BYTES];
    struct jail_settings settings = settings_of(*(enum jail_role *)context);
    settings.address_space_bytes = UINT64_C(1) << 30;
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    if (jail_prove(&settings, hole)) return 0;
    fprintf(stderr, "%s\n", hole);
    return 1;
}

static void each_role_proves_its_jail(void **state) {
    (void)state;
    enum started_as last = geteuid() == 0 ? AS_ROOT : AS_USER, who = AS_USER;
    for (;;) {
        for (enum jail_role role = JAIL_DECODER; role <= JAIL_JUDGE; role++)
            assert_int_equal(result_of(who, enter_and_prove, &role), 0);
        if (who == last) break;
        who = who == AS_USER ? AS_CAPTURE_USER : AS_ROOT;
    }
}

static int build_without(void *context) {
    char error[JAIL_TEXT_BYTES], hole[JAIL_TEXT_BYTES] = "";
    struct jail_settings settings = settings_of(JAIL_DECODER);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* as after exec; becoming a user has taken it away */
    if (jail_build(&settings, JAIL_PARTS_ALL & ~*(unsigned *)context, error) < 0) return EXIT_NOT_BUILT;
    return !jail_prove(&settings, hole) && strncmp(hole, "could ", 6) == 0 ? 0 : 1;
}

static void a_missing_part_is_found(void **state) {
    (void)state;
    unsigned parts[] = {JAIL_PART_RIGHTS, JAIL_PART_PARENT, JAIL_PART_FILTER, JAIL_PART_LIMITS};
    unsigned count = JAIL_SANITIZED ? 3 : 4; /* a sanitizer's build has no limits */
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(result_of(AS_USER, build_without, &parts[i]), 0);
        if (geteuid() == 0) assert_int_equal(result_of(AS_ROOT, build_without, &parts[i]), 0);
    }
}

/* --- a filter with one hole ----------------------------------------------------------------------------------------
 */

struct hole {
    int call;
    const char *text; /* what the proof must say */
    bool not_sanitized;
};

static const struct hole holes[] = {
    {SCMP_SYS(openat), "could ", false},
    {SCMP_SYS(openat2), "could open a file by openat2", false},
    {SCMP_SYS(mkdirat), "could make a directory", false},
    {SCMP_SYS(memfd_create), "could make a file in memory", false},
    {SCMP_SYS(socket), "could make a TCP socket", false},
    {SCMP_SYS(connect), "could connect", false},
    {SCMP_SYS(accept4), "could accept", false},
    {SCMP_SYS(write), "could write where", false},
    {SCMP_SYS(sendto), "could send to an address", false},
    {SCMP_SYS(getsockopt), "could reset a capture handle's losses", false},
    {SCMP_SYS(setsockopt), "could change a capture handle", false},
    {SCMP_SYS(clone), "could start a process", true},
    {SCMP_SYS(execve), "could run a program", false},
    {SCMP_SYS(ptrace), "could trace", true},
    {SCMP_SYS(process_vm_writev), "could write another's memory", false},
    {SCMP_SYS(kill), "could signal others", false},
    {SCMP_SYS(tgkill), "could signal a thread", false},
    {SCMP_SYS(dup), "could copy a descriptor", false},
    {SCMP_SYS(setuid), "could ", false},
    {SCMP_SYS(capset), "could change its capabilities", false},
    {SCMP_SYS(unshare), "could make a namespace", false},
    {SCMP_SYS(setrlimit), "could raise its limits", false},
    {SCMP_SYS(setresgid), "could ", false},
    {SCMP_SYS(setns), "could enter a namespace", false},
    {SCMP_SYS(keyctl), "could use the kernel's keys", false},
    {SCMP_SYS(mmap), "could get memory that runs", false},
    {SCMP_SYS(mprotect), "could make memory run", false},
};

static int grant(scmp_filter_ctx filter, int call) {
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
}

/* As strict as ours for all that the proof tries, but for one call. */
static bool load_filter_with(const struct hole *hole) {
    static const int needed[] = {SCMP_SYS(getresuid),  SCMP_SYS(getresgid), SCMP_SYS(capget),
                                 SCMP_SYS(prlimit64),  SCMP_SYS(fcntl),     SCMP_SYS(munmap),
                                 SCMP_SYS(exit_group), SCMP_SYS(brk),       SCMP_SYS(sigaltstack)};
    static const int gets[] = {PR_GET_NO_NEW_PRIVS, PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_GET_PDEATHSIG, PR_CAP_AMBIENT};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int result = grant(filter, hole->call);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) result |= grant(filter, needed[i]);
    for (size_t i = 0; i < sizeof gets / sizeof gets[0]; i++)
        result |=
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, (unsigned)gets[i], 0));
    struct scmp_arg_cmp runs_not = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    if (hole->call != SCMP_SYS(mmap)) result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, runs_not);
    if (hole->call != SCMP_SYS(mprotect))
        result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, runs_not);
    return result == 0 && seccomp_load(filter) == 0; /* the filter's memory goes with the process */
}

static int prove_with_hole(void *context) {
    const struct hole *hole = context;
    char text[JAIL_TEXT_BYTES] = "";
    struct jail_settings settings = settings_of(JAIL_DECODER);
    if (jail_build(&settings, JAIL_PARTS_ALL & ~(unsigned)JAIL_PART_FILTER, text) < 0) return EXIT_NOT_BUILT;
    if (!load_filter_with(hole)) return 2;
    return !jail_prove(&settings, text) && strncmp(text, hole->text, strlen(hole->text)) == 0 ? 0 : 1;
}

static void each_hole_is_found(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof holes / sizeof holes[0]; i++) {
        struct hole hole = holes[i];
        if (hole.not_sanitized && JAIL_SANITIZED) continue;
        int result = result_of(AS_USER, prove_with_hole, &hole);
        if (result != 0) print_message("%s: %d\n", hole.text, result);
        assert_int_equal(result, 0);
    }
}

/* --- what kills ----------------------------------------------------------------------------------------------------
 */

static int make_call(void *context) {
    struct jail_settings settings = settings_of(JAIL_DECODER);
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    syscall(*(long *)context, 0, 0, 0);
    return 1;
}

static void unforeseen_calls_kill(void **state) {
    (void)state;
    long calls[] = {SYS_sync, SYS_mlockall, 100000};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        assert_int_equal(result_of(AS_USER, make_call, &calls[i]), 256 + SIGSYS);
#ifdef __x86_64__
    long x32_getpid = 0x40000000L + SYS_getpid; /* the same call of another architecture */
    assert_int_equal(result_of(AS_USER, make_call, &x32_getpid), 256 + SIGSYS);
#endif
}

static int abort_inside(void *context) {
    struct jail_settings settings = settings_of(JAIL_DECODER);
    (void)context;
    signal(SIGABRT, SIG_DFL);
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    abort();
}

static void an_assertion_still_aborts(void **state) {
    (void)state;
    assert_int_equal(result_of(AS_USER, abort_inside, NULL), 256 + SIGABRT);
}

/* --- what goes on --------------------------------------------------------------------------------------------------
 */

static int work_inside(void *context) {
    const int *ends = context; /* of two pipes */
    struct jail_settings settings = settings_of(JAIL_DECODER);
    settings.sends[0] = ends[1];
    char bytes[16];
    struct timespec now;
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    for (size_t size = 16; size < 64U << 20; size *= 2) { /* the heap, and mappings */
        char *memory = malloc(size);
        if (memory == NULL) return 1;
        memory[size - 1] = 'x';
        char *larger = realloc(memory, size * 3);
        if (larger == NULL || larger[size - 1] != 'x') return 2;
        free(larger);
    }
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return 3;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0) return 4;
    if (read(ends[0], bytes, 1) != 1 || write(ends[1], bytes, 1) != 1) return 5;
    if (write(ends[3], "x", 1) != -1 || errno != EPERM) return 6; /* open, but not to be written to */
    if (send(ends[3], "x", 1, 0) != -1 || errno != EPERM) return 7;
    return 0;
}

static void a_decoder_writes_where_it_should(void **state) {
    (void)state;
    int ends[4];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(ends + 2), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(result_of(AS_USER, work_inside, ends), 0);
    for (int i = 0; i < 4; i++) close(ends[i]);
}

static int take_memory(void *context) {
    struct jail_settings settings = settings_of(JAIL_DECODER);
    settings.address_space_bytes = UINT64_C(256) << 20;
    (void)context;
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    void *volatile taken = malloc(64U << 20);
    if (taken == NULL) return 1;
    taken = malloc(512U << 20);
    return taken == NULL ? 0 : 2;
}

static void memory_is_limited(void **state) {
    (void)state;
    if (JAIL_SANITIZED) return; /* its shadow memory is 20 TB of addresses */
    assert_int_equal(result_of(AS_USER, take_memory, NULL), 0);
}

/* A judge is handed connections, as many as it may have, and talks on them. */
static int receive_inside(void *context) {
    static struct control_message message;
    int control = *(int *)context;
    char byte;
    struct jail_settings settings = settings_of(JAIL_JUDGE);
    settings.new_descriptors = 1;
    if (!enter(&settings)) return EXIT_NOT_BUILT;
    if (control_receive(control, CONTROL_CHILD, &message) != CONTROL_DONE || message.fd_count != 1) return 1;
    int redis = message.fds[0];
    if (send(redis, "?", 1, 0) != 1 || read(redis, &byte, 1) != 1 || byte != '!') return 2;
    if (JAIL_SANITIZED) return 0;                                                       /* has no limits */
    if (control_receive(control, CONTROL_CHILD, &message) != CONTROL_INVALID) return 3; /* no room for a second */
    close(redis);
    return control_receive(control, CONTROL_CHILD, &message) == CONTROL_DONE && message.fd_count == 1 ? 0 : 4;
}

static void a_judge_takes_what_it_is_handed(void **state) {
    (void)state;
    int ends[2], pair[2];
    assert_true(control_open(ends));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(control_send(ends[0], CONTROL_MESSAGE, SPAN_EMPTY, &pair[1], 1), CONTROL_DONE);
    assert_int_equal(write(pair[0], "!", 1), 1);
    assert_int_equal(result_of(AS_USER, receive_inside, &ends[1]), 0);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(pair[i]);
    }
}

/* --- descriptors ---------------------------------------------------------------------------------------------------
 */

static int close_all_but(void *context) {
    int first = open("/dev/null", O_RDONLY), second = dup(first), third = dup(first);
    int kept[] = {third, first};
    (void)context;
    close(STDIN_FILENO);
    if (!jail_close_others(kept, 2)) return 1;
    if (fcntl(first, F_GETFD) < 0 || fcntl(third, F_GETFD) < 0) return 2;
    if (fcntl(second, F_GETFD) >= 0) return 3;
    if (fcntl(STDIN_FILENO, F_GETFD) < 0 || fcntl(STDERR_FILENO, F_GETFD) < 0) return 4;
    char byte;
    if (read(STDIN_FILENO, &byte, 1) != 0) return 5; /* /dev/null */
    return jail_close_others(NULL, 0) && fcntl(third, F_GETFD) < 0 && fcntl(first, F_GETFD) < 0 ? 0 : 6;
}

static void others_are_closed(void **state) {
    (void)state;
    assert_int_equal(result_of(AS_USER, close_all_but, NULL), 0);
}

static int enter_with_directory(void *context) {
    struct jail_settings settings = settings_of(JAIL_READER);
    if (open("/", O_RDONLY | O_DIRECTORY) < 0) return 1;
    dup2(*(int *)context, STDERR_FILENO);
    jail_or_exit(&settings, "decoder");
    return 2;
}

static void a_refusal_is_said(void **state) {
    (void)state;
    int ends[2];
    char text[1024];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(result_of(AS_USER, enter_with_directory, &ends[1]), JAIL_EXIT_REFUSED);
    close(ends[1]);
    ssize_t length = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(length > 0);
    text[length] = '\0';
    assert_non_null(
        strstr(text, "mailspan: the decoder could not give up its rights, so it does not run: descriptor "));
    assert_non_null(strstr(text, "is a directory; see docs/processes.md"));
}

static int stay_root(void *context) {
    char error[JAIL_TEXT_BYTES];
    struct jail_settings settings = settings_of(JAIL_READER);
    (void)context;
    settings.uid = settings.gid = 0;
    return jail_enter(&settings, error) < 0 && strstr(error, "without a user to become") != NULL ? 0 : 1;
}

static void root_must_become_somebody(void **state) {
    (void)state;
    if (geteuid() != 0) skip();
    assert_int_equal(result_of(AS_ROOT, stay_root, NULL), 0);
}

/* The parent's death is the child's, also behind all the changes of user that make the kernel forget it. */
static int leave_an_orphan(void *context) {
    const int *ends = context;
    fflush(NULL);
    if (fork() == 0) {
        struct jail_settings settings = settings_of(JAIL_JUDGE);
        if (!enter(&settings) || write(ends[1], "r", 1) != 1) _exit(1);
        for (;;) poll(NULL, 0, -1);
    }
    char ready;
    return read(ends[0], &ready, 1) == 1 ? 0 : 1;
}

static void nobody_is_left_behind(void **state) {
    (void)state;
    for (enum started_as who = geteuid() == 0 ? AS_ROOT : AS_USER; who <= AS_USER; who++) {
        int ends[2];
        char byte;
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(result_of(who, leave_an_orphan, ends), 0);
        close(ends[1]);
        assert_int_equal(read(ends[0], &byte, 1), 0);
        close(ends[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_proves_its_jail), cmocka_unit_test(a_missing_part_is_found),
        cmocka_unit_test(each_hole_is_found),        cmocka_unit_test(unforeseen_calls_kill),
        cmocka_unit_test(an_assertion_still_aborts), cmocka_unit_test(a_decoder_writes_where_it_should),
        cmocka_unit_test(memory_is_limited),         cmocka_unit_test(a_judge_takes_what_it_is_handed),
        cmocka_unit_test(others_are_closed),         cmocka_unit_test(a_refusal_is_said),
        cmocka_unit_test(root_must_become_somebody), cmocka_unit_test(nobody_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
