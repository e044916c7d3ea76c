/* What a service manager would be told: each message as it comes out of the socket that NOTIFY_SOCKET names.  What is
 * expected is the text of sd_notify(3).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "process/notify.h"

struct manager {
    int fd;
    char folder[32];
    struct sockaddr_un address;
    char heard[1024];
};

static int open_manager(void **state) {
    static struct manager manager;
    manager = (struct manager){.folder = "/tmp/test_notify.XXXXXX", .address = {.sun_family = AF_UNIX}};
    assert_non_null(mkdtemp(manager.folder));
    snprintf(manager.address.sun_path, sizeof manager.address.sun_path, "%s/socket", manager.folder);
    manager.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(manager.fd >= 0);
    assert_int_equal(bind(manager.fd, (struct sockaddr *)&manager.address, sizeof manager.address), 0);
    setenv("NOTIFY_SOCKET", manager.address.sun_path, 1);
    *state = &manager;
    return 0;
}

static int close_manager(void **state) {
    struct manager *manager = *state;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    close(manager->fd);
    unlink(manager->address.sun_path);
    return rmdir(manager->folder);
}

/* The next datagram; "" where none came. */
static const char *heard(struct manager *manager) {
    ssize_t length = recv(manager->fd, manager->heard, sizeof manager->heard - 1, 0);
    manager->heard[length < 0 ? 0 : length] = '\0';
    return manager->heard;
}

static long long monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void a_life(void **state) {
    struct manager *manager = *state;
    assert_true(notify_state(NOTIFY_READY, "watching span0, span1"));
    assert_string_equal(heard(manager), "READY=1\nSTATUS=watching span0, span1");
    assert_true(notify_alive());
    assert_string_equal(heard(manager), "WATCHDOG=1");
    assert_true(notify_state(NOTIFY_READY, NULL));
    assert_string_equal(heard(manager), "READY=1");
    assert_true(notify_state(NOTIFY_STOPPING, NULL));
    assert_string_equal(heard(manager), "STOPPING=1");
    assert_string_equal(heard(manager), ""); /* one message for each call, and no more */
}

static void a_reload_says_when_it_began(void **state) {
    struct manager *manager = *state;
    long long before = monotonic_us(), said = 0;
    int end = 0;
    assert_true(notify_state(NOTIFY_RELOADING, "reading the configuration"));
    long long after = monotonic_us();
    assert_int_equal(
        sscanf(heard(manager), "RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=reading the configuration%n", &said, &end), 1);
    assert_int_equal(end, strlen(manager->heard));
    assert_true(before <= said && said <= after);
}

/* A status with text of others in it (a path, an error) assigns nothing. */
static void a_status_is_one_line(void **state) {
    struct manager *manager = *state;
    assert_true(notify_state(NOTIFY_READY, "a\nMAINPID=1\r\tb\x7f"));
    assert_string_equal(heard(manager), "READY=1\nSTATUS=a MAINPID=1  b ");
    assert_true(notify_state(NOTIFY_READY, "grüße")); /* bytes above 127 are text */
    assert_string_equal(heard(manager), "READY=1\nSTATUS=grüße");
}

static void a_long_status_is_cut(void **state) {
    struct manager *manager = *state;
    char status[5000];
    memset(status, 's', sizeof status - 1);
    status[sizeof status - 1] = '\0';
    assert_true(notify_state(NOTIFY_STOPPING, status));
    assert_int_equal(strspn(heard(manager) + strlen("STOPPING=1\nSTATUS="), "s"), 255);
    assert_int_equal(strlen(manager->heard), strlen("STOPPING=1\nSTATUS=") + 255);
}

static void nobody_listens(void **state) {
    struct manager *manager = *state;
    unsetenv("NOTIFY_SOCKET");
    assert_true(notify_state(NOTIFY_READY, NULL));
    assert_true(notify_alive());
    assert_string_equal(heard(manager), "");
    char elsewhere[64];
    snprintf(elsewhere, sizeof elsewhere, "%s/none", manager->folder);
    setenv("NOTIFY_SOCKET", elsewhere, 1);
    assert_false(notify_state(NOTIFY_READY, NULL));
}

static void half_of_what_the_manager_waits(void **state) {
    (void)state;
    char self[16], other[16];
    snprintf(self, sizeof self, "%d", (int)getpid());
    snprintf(other, sizeof other, "%d", (int)getppid());
    assert_int_equal(notify_alive_interval(), 0);
    setenv("WATCHDOG_USEC", "30000000", 1); /* 30 s, as systemd says it */
    assert_int_equal(notify_alive_interval(), 15 * NS_PER_S);
    setenv("WATCHDOG_PID", self, 1);
    assert_int_equal(notify_alive_interval(), 15 * NS_PER_S);
    setenv("WATCHDOG_PID", other, 1); /* meant for the process that started this one */
    assert_int_equal(notify_alive_interval(), 0);
    unsetenv("WATCHDOG_PID");
    static const char *const wrong[] = {"", "0", "soon", "-1", "18446744073709551615", "9223372036854775807"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        setenv("WATCHDOG_USEC", wrong[i], 1);
        assert_int_equal(notify_alive_interval(), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_life, open_manager, close_manager),
        cmocka_unit_test_setup_teardown(a_reload_says_when_it_began, open_manager, close_manager),
        cmocka_unit_test_setup_teardown(a_status_is_one_line, open_manager, close_manager),
        cmocka_unit_test_setup_teardown(a_long_status_is_cut, open_manager, close_manager),
        cmocka_unit_test_setup_teardown(nobody_listens, open_manager, close_manager),
        cmocka_unit_test_setup_teardown(half_of_what_the_manager_waits, open_manager, close_manager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
