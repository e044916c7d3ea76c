/* Rights that are given up: nothing is left of them, and nothing brings them back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "in_child.h"
#include "process/rights.h"

static bool has_any_capability(capng_select_t sets) {
    return capng_get_caps_process() != 0 || capng_have_capabilities(sets) != CAPNG_NONE;
}

static int give_up_all(void *context) {
    char error[RIGHTS_ERROR_BYTES];
    bool was_root = geteuid() == 0;
    (void)context;
    if (!rights_give_up(NOBODY, NOBODY, RIGHTS_NONE, error)) return 1;
    if (getuid() == 0 || geteuid() == 0 || getgid() == 0 || getegid() == 0) return 2;
    if (was_root && getgroups(0, NULL) != 0) return 3;
    if (has_any_capability(CAPNG_SELECT_CAPS)) return 4;
    if (was_root && has_any_capability(CAPNG_SELECT_BOUNDS)) return 5;
    if (setuid(0) == 0 || seteuid(0) == 0 || setgroups(0, NULL) == 0) return 6;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return 7;
    return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? 0 : 8;
}

static int keep_capture(void *context) {
    char error[RIGHTS_ERROR_BYTES];
    (void)context;
    if (!rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE, error)) return 1;
    if (getuid() == 0 || setuid(0) == 0) return 2;
    if (capng_get_caps_process() != 0 || capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW) != 1) return 3;
    capng_update(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
    if (capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) return 4;
    return socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? 0 : 5; /* again and again */
}

/* May set up an adapter's clock, too: refused to who has not the right (EPERM), else there is no such interface. */
static int keep_capture_by_adapter(void *context) {
    char error[RIGHTS_ERROR_BYTES];
    const bool *has_admin = context;
    struct ifreq request = {.ifr_name = "none-of-these"};
    if (!rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE_BY_ADAPTER, error)) return 1;
    if (capng_get_caps_process() != 0 || capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW) != 1) return 2;
    if (capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN) != *has_admin) return 3;
    if (ioctl(socket(AF_PACKET, SOCK_RAW, 0), SIOCSHWTSTAMP, &request) == 0) return 4;
    if (errno != (*has_admin ? ENODEV : EPERM)) return 5;
    capng_updatev(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW, CAP_NET_ADMIN, -1);
    return capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE ? 0 : 6;
}

static int keep_capture_without_it(void *context) {
    char error[RIGHTS_ERROR_BYTES];
    (void)context;
    return rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE, error) && !has_any_capability(CAPNG_SELECT_CAPS) ? 0 : 1;
}

static int stay_root(void *context) {
    char error[RIGHTS_ERROR_BYTES] = "";
    (void)context;
    return !rights_give_up(0, 0, RIGHTS_NONE, error) && strstr(error, "user to become") != NULL ? 0 : 1;
}

/* As in a container that takes them away: what is missing is named, and what to do. */
static int become_without_the_right(void *context) {
    const capng_act_t *also = context; /* CAPNG_ADD: root may choose its group */
    char error[RIGHTS_ERROR_BYTES] = "";
    capng_clear(CAPNG_SELECT_CAPS);
    capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
    if (*also == CAPNG_ADD) capng_update(*also, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_SETGID);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0) return 1;
    if (rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE, error)) return 2;
    const char *expected = *also == CAPNG_ADD ? "without CAP_SETUID, so" : "without CAP_SETUID and CAP_SETGID, so";
    if (strstr(error, expected) == NULL || strstr(error, "ambient") == NULL) return 3;
    return strstr(error, "become user 65534, group 65534;") != NULL ? 0 : 4;
}

/* As in a sandbox that answers system calls itself, and says of each that it was done. */
static int become_where_nothing_is_done(void *context) {
    const int *call = context;
    char error[RIGHTS_ERROR_BYTES] = "";
    gid_t other = 1;
    if (setgroups(1, &other) != 0) return 1;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL || seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), *call, 0) != 0 || seccomp_load(filter) != 0)
        return 1;
    seccomp_release(filter);
    if (rights_give_up(NOBODY, NOBODY, RIGHTS_CAPTURE, error)) return 2;
    return strstr(error, "still") != NULL ? 0 : 3;
}

static int look_up_without_descriptors(void *context) {
    char error[RIGHTS_ERROR_BYTES] = "";
    uid_t uid;
    gid_t gid;
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    (void)context;
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) return 1;
    if (rights_find_user("nobody", &uid, &gid, error)) return 2;
    return strcmp(error, "the user 'nobody' could not be looked up: Too many open files") == 0 ? 0 : 3;
}

static void ordinary_users_lose_all(void **state) {
    (void)state;
    assert_int_equal(result_of(AS_USER, give_up_all, NULL), 0);
    assert_int_equal(result_of(AS_USER, keep_capture_without_it, NULL), 0);
}

static void root_becomes_the_user(void **state) {
    (void)state;
    if (geteuid() != 0) skip();
    assert_int_equal(result_of(AS_ROOT, give_up_all, NULL), 0);
    assert_int_equal(result_of(AS_ROOT, keep_capture, NULL), 0);
    assert_int_equal(result_of(AS_ROOT, keep_capture_by_adapter, &(bool){true}), 0);
    assert_int_equal(result_of(AS_ROOT, stay_root, NULL), 0);
    capng_act_t also[] = {CAPNG_DROP, CAPNG_ADD};
    for (unsigned i = 0; i < 2; i++) assert_int_equal(result_of(AS_ROOT, become_without_the_right, &also[i]), 0);
}

static void root_looks_whom_it_became(void **state) {
    (void)state;
    int calls[] = {SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups)};
    if (geteuid() != 0) skip();
    for (unsigned i = 0; i < 3; i++) assert_int_equal(result_of(AS_ROOT, become_where_nothing_is_done, &calls[i]), 0);
}

static void capture_user_keeps_or_loses_it(void **state) {
    (void)state;
    if (geteuid() != 0) skip();
    assert_int_equal(result_of(AS_CAPTURE_USER, give_up_all, NULL), 0);
    assert_int_equal(result_of(AS_CAPTURE_USER, keep_capture, NULL), 0);
    assert_int_equal(result_of(AS_CAPTURE_USER, keep_capture_by_adapter, &(bool){false}), 0);
}

static void users_by_name(void **state) {
    (void)state;
    char error[RIGHTS_ERROR_BYTES] = "";
    uid_t uid = 0;
    gid_t gid = 0;
    assert_int_equal(result_of(AS_USER, look_up_without_descriptors, NULL), 0); /* first: nss-systemd needs no file */
    assert_true(rights_find_user("nobody", &uid, &gid, error));                 /* base-passwd: 65534 in every Debian */
    assert_int_equal(uid, NOBODY);
    assert_int_equal(gid, NOBODY);
    assert_false(rights_find_user("root", &uid, &gid, error));
    assert_non_null(strstr(error, "is root"));
    assert_false(rights_find_user("no-such-user", &uid, &gid, error));
    assert_non_null(strstr(error, "no user 'no-such-user'"));
}

/* A parent that dies before its child has said what shall happen then, and after. */
static int outlived(void *context) {
    const int *pipe_ends = context;
    pid_t parent = getpid();
    if (fork() == 0) {
        if (!rights_end_with(parent)) _exit(1);
        if (write(pipe_ends[1], "r", 1) != 1) _exit(1);
        for (;;) pause();
    }
    char ready;
    return read(pipe_ends[0], &ready, 1) == 1 ? 0 : 1;
}

static int has_no_such_parent(void *context) {
    (void)context;
    return rights_end_with(getppid() + 1) ? 1 : 0;
}

static void ends_with_its_parent(void **state) {
    (void)state;
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(result_of(AS_USER, outlived, ends), 0);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* the last writer, the child, has ended */
    close(ends[0]);
    assert_int_equal(result_of(AS_USER, has_no_such_parent, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_users_lose_all),
        cmocka_unit_test(root_becomes_the_user),
        cmocka_unit_test(root_looks_whom_it_became),
        cmocka_unit_test(capture_user_keeps_or_loses_it),
        cmocka_unit_test(users_by_name),
        cmocka_unit_test(ends_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
