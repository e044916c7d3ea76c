/* The sink: what a reader gets is whole records in their order; one that stands still or is gone stops nobody.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "publish/sink.h"

static bool put(struct sink *sink, const char *text) {
    fputs(text, sink_file(sink));
    return sink_record_end(sink);
}

static void read_all(int fd, char *text, size_t capacity) {
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, capacity - 1 - length)) > 0) length += (size_t)got;
    text[length] = '\0';
}

static void records_in_order(void **state) {
    (void)state;
    int ends[2];
    char text[64];
    assert_int_equal(pipe(ends), 0);
    struct sink *sink = sink_new(ends[1], 16);
    for (unsigned i = 0; i < 5; i++) { /* round the ring more than once */
        fprintf(sink_file(sink), "%u", i);
        assert_int_equal(sink_record_bytes(sink), 1);
        fputs(" line\n", sink_file(sink));
        assert_true(sink_record_end(sink));
        assert_int_equal(sink_waiting_bytes(sink), 7);
        assert_true(sink_flush(sink));
    }
    assert_int_equal(sink_record_bytes(sink), 0);
    sink_free(sink);
    close(ends[1]);
    read_all(ends[0], text, sizeof text);
    assert_string_equal(text, "0 line\n1 line\n2 line\n3 line\n4 line\n");
    close(ends[0]);
}

/* A device that was opened for reading is no output, though this user may write to it. */
static void read_only(void **state) {
    (void)state;
    int fd = open("/dev/null", O_RDONLY);
    struct sink *sink = sink_new(fd, 16);
    assert_true(put(sink, "line\n"));
    assert_false(sink_flush(sink));
    assert_int_equal(sink_error(sink), EBADF);
    sink_free(sink);
    close(fd);
}

/* Fills the descriptor, then the ring: records are dropped whole, and what the reader gets later is whole. */
static void stands_still(int writer, int reader) {
    static char text[4 << 20];
    char line[101];
    struct sink *sink = sink_new(writer, 100000);
    unsigned taken = 0, dropped = 0;
    int64_t start = sink_now();
    while (dropped < 100) {
        snprintf(line, sizeof line, "%099u\n", taken);
        if (put(sink, line))
            taken++;
        else
            dropped++;
    }
    assert_true(sink_now() - start < 2000000000);
    assert_false(sink_flush(sink));
    assert_int_equal(sink_error(sink), 0);
    assert_in_range(sink_waiting_bytes(sink), 99900, 100000);
    assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
    size_t length = 0;
    for (bool done = false; !done;) {
        done = sink_flush(sink);
        ssize_t got;
        while ((got = read(reader, text + length, sizeof text - length)) > 0) length += (size_t)got;
    }
    assert_true(put(sink, "and on it goes\n"));
    assert_true(sink_flush(sink));
    assert_int_equal(length, taken * 100);
    for (unsigned i = 0; i < taken; i++) {
        snprintf(line, sizeof line, "%099u\n", i);
        assert_memory_equal(text + i * 100, line, 100);
    }
    sink_free(sink);
    close(writer);
    close(reader);
}

static void reader_stands_still(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    stands_still(ends[1], ends[0]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    stands_still(ends[1], ends[0]);
}

/* The descriptor that we were given stays as it was: others have it too. */
static void others_are_not_disturbed(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct sink *sink = sink_new(ends[1], 1000);
    assert_true(put(sink, "x\n"));
    assert_true(sink_flush(sink));
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(fcntl(sink_descriptor(sink), F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    sink_free(sink);
    close(ends[0]);
    close(ends[1]);
}

static void longer_than_the_ring(void **state) {
    (void)state;
    char text[64];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct sink *sink = sink_new(ends[1], 10);
    sink_wait_until(sink, SINK_WAIT_EVER);
    assert_true(put(sink, "short\n"));
    assert_false(put(sink, "too long for it\n"));
    assert_true(put(sink, "ten bytes\n"));
    assert_true(sink_flush(sink));
    sink_free(sink);
    close(ends[1]);
    read_all(ends[0], text, sizeof text);
    assert_string_equal(text, "short\nten bytes\n");
    close(ends[0]);
}

static void no_reader_and_no_space(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    struct sink *sink = sink_new(ends[1], 1000);
    assert_true(put(sink, "nobody\n"));
    assert_false(sink_flush(sink));
    assert_int_equal(sink_error(sink), EPIPE);
    assert_false(put(sink, "nobody\n"));
    sink_free(sink);
    close(ends[1]);

    int full = open("/dev/full", O_WRONLY);
    sink = sink_new(full, 1000);
    assert_true(put(sink, "no space\n"));
    assert_false(sink_flush(sink));
    assert_int_equal(sink_error(sink), ENOSPC);
    sink_free(sink);
    close(full);

    sink = sink_new(full, 1000); /* closed */
    assert_true(put(sink, "nowhere\n"));
    assert_false(sink_flush(sink));
    assert_int_equal(sink_error(sink), EBADF);
    sink_free(sink);
}

static void read_file(const char *path, char *text, size_t capacity) {
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    read_all(fd, text, capacity);
    close(fd);
}

/* A file of at most 25 bytes: its third record is cut for as long as there is no room, and whole behind it. */
static void room_comes_back(void **state) {
    (void)state;
    char path[] = "/tmp/mailspan-sink-XXXXXX", text[128];
    int fd = mkstemp(path);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 25;
    struct sink *sink = sink_new(fd, 30);
    sink_wait_for_room(sink);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_true(put(sink, "first line\n"));
    assert_true(sink_flush(sink));
    assert_true(put(sink, "second line\n"));
    assert_true(put(sink, "third\n"));
    assert_false(sink_flush(sink)); /* it returns: there is nobody to wait for */
    assert_int_equal(sink_error(sink), 0);
    assert_int_equal(sink_no_room(sink), EFBIG);
    assert_int_equal(sink_waiting_bytes(sink), 4);
    read_file(path, text, sizeof text);
    assert_string_equal(text, "first line\nsecond line\nth");
    assert_false(put(sink, "this one is longer than the ring is\n"));
    assert_true(put(sink, "fourth\n"));
    sink_wait_until(sink, sink_now() + INT64_C(3600000000000));
    assert_false(sink_flush(sink)); /* nor for as long as a reader */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(sink_flush(sink));
    assert_int_equal(sink_no_room(sink), 0);
    read_file(path, text, sizeof text);
    assert_string_equal(text, "first line\nsecond line\nthird\nfourth\n");
    sink_free(sink);
    close(fd);
    unlink(path);
}

static void *slow_reader(void *argument) {
    static char bytes[8192];
    size_t length = 0;
    ssize_t got;
    while ((got = read(*(int *)argument, bytes, sizeof bytes)) > 0) {
        length += (size_t)got;
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    return (void *)(uintptr_t)length;
}

/* As a replay does: the reader sets the pace, and gets everything. */
static void waits_for_a_slow_reader(void **state) {
    (void)state;
    int ends[2];
    pthread_t thread;
    void *length;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pthread_create(&thread, NULL, slow_reader, &ends[0]), 0);
    struct sink *sink = sink_new(ends[1], 50000);
    sink_wait_until(sink, SINK_WAIT_EVER);
    for (unsigned i = 0; i < 20000; i++) assert_true(put(sink, "twenty bytes a line\n"));
    assert_true(sink_flush(sink));
    sink_free(sink);
    close(ends[1]);
    assert_int_equal(pthread_join(thread, &length), 0);
    assert_int_equal((uintptr_t)length, 400000);
    close(ends[0]);
}

static void waits_no_longer_than_told(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct sink *sink = sink_new(ends[1], 1000);
    int64_t start = sink_now();
    sink_wait_until(sink, start + 200 * INT64_C(1000000));
    while (put(sink, "twenty bytes a line\n")) continue;
    assert_in_range(sink_now() - start, 200000000, 2000000000);
    sink_free(sink);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_in_order),        cmocka_unit_test(read_only),
        cmocka_unit_test(reader_stands_still),     cmocka_unit_test(others_are_not_disturbed),
        cmocka_unit_test(longer_than_the_ring),    cmocka_unit_test(no_reader_and_no_space),
        cmocka_unit_test(waits_for_a_slow_reader), cmocka_unit_test(waits_no_longer_than_told),
        cmocka_unit_test(room_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
