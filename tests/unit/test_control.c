/* Messages between a supervisor and its children: whole, with descriptors one way, and nothing that a hostile child
 * sends gets further.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/control.h"

static struct control_message got; /* 16 KiB */
static int ends[2];                /* the supervisor's, the child's */

static int open_ends(void **state) {
    (void)state;
    return control_open(ends) ? 0 : -1;
}

static int close_ends(void **state) {
    (void)state;
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static void whole_messages_in_order(void **state) {
    (void)state;
    static uint8_t largest[CONTROL_BYTES_MAX];
    memset(largest, 'x', sizeof largest);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_LATER);
    assert_int_equal(control_alive(ends[1], 5000000000), CONTROL_DONE);
    assert_int_equal(control_send(ends[1], CONTROL_MESSAGE, SPAN_LITERAL("counters"), NULL, 0), CONTROL_DONE);
    assert_int_equal(control_send(ends[1], CONTROL_MESSAGE, span_of(largest, sizeof largest), NULL, 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_DONE);
    assert_int_equal(got.kind, CONTROL_ALIVE);
    assert_int_equal(control_alive_bytes(&got), 5000000000);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_DONE);
    assert_int_equal(got.kind, CONTROL_MESSAGE);
    assert_int_equal(got.length, 8);
    assert_memory_equal(got.bytes, "counters", 8);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_DONE);
    assert_int_equal(got.length, CONTROL_BYTES_MAX);
    assert_memory_equal(got.bytes, largest, sizeof largest);
    assert_int_equal(control_send(ends[1], CONTROL_MESSAGE, span_of(largest, CONTROL_BYTES_MAX + 1), NULL, 0),
                     CONTROL_INVALID);
}

static void descriptors_go_to_the_child(void **state) {
    (void)state;
    int pair[2];
    char byte;
    assert_int_equal(pipe(pair), 0);
    assert_int_equal(control_send(ends[0], CONTROL_MESSAGE, SPAN_LITERAL("redis"), pair, 2), CONTROL_DONE);
    close(pair[0]);
    close(pair[1]);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_DONE);
    assert_int_equal(got.fd_count, 2);
    assert_int_equal(write(got.fds[1], "y", 1), 1);
    assert_int_equal(read(got.fds[0], &byte, 1), 1);
    close(got.fds[1]);
    assert_int_equal(read(got.fds[0], &byte, 1), 0); /* the only one that was left */
    close(got.fds[0]);
    int many[CONTROL_FDS_MAX + 1] = {0};
    assert_int_equal(control_send(ends[0], CONTROL_MESSAGE, SPAN_EMPTY, many, CONTROL_FDS_MAX + 1), CONTROL_INVALID);
}

static void descriptors_of_a_child_are_refused(void **state) {
    (void)state;
    int pair[2];
    char byte;
    assert_int_equal(pipe(pair), 0);
    assert_int_equal(control_send(ends[1], CONTROL_MESSAGE, SPAN_LITERAL("take"), &pair[1], 1), CONTROL_DONE);
    close(pair[1]);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_INVALID);
    assert_int_equal(got.fd_count, 0);
    assert_int_equal(read(pair[0], &byte, 1), 0); /* nobody has it any more */
    close(pair[0]);
}

static void foreign_messages_are_refused(void **state) {
    (void)state;
    static uint8_t larger[CONTROL_BYTES_MAX + 2] = {CONTROL_MESSAGE};
    static const uint8_t unknown[] = {0, 4, 255};
    for (size_t i = 0; i < sizeof unknown; i++) {
        assert_int_equal(send(ends[1], &unknown[i], 1, 0), 1);
        assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_INVALID);
    }
    assert_int_equal(send(ends[1], larger, sizeof larger, 0), (int)sizeof larger);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_INVALID);
    /* Nobody tells the supervisor to stop, and nobody but it is alive to a child. */
    assert_int_equal(control_send(ends[1], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[0], CONTROL_SUPERVISOR, &got), CONTROL_INVALID);
    assert_int_equal(control_send(ends[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_DONE);
    assert_int_equal(got.kind, CONTROL_STOP);
    assert_int_equal(control_alive(ends[0], 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_INVALID);
}

/* A child that is told to stop knows by when. */
static void a_stop_says_by_when(void **state) {
    (void)state;
    assert_int_equal(control_send_stop(ends[0], INT64_C(1234567890123)), CONTROL_DONE);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_DONE);
    assert_int_equal(got.kind, CONTROL_STOP);
    assert_int_equal(control_stop_by_ms(&got), INT64_C(1234567890123));
    assert_int_equal(control_send(ends[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_DONE);
    assert_int_equal(control_stop_by_ms(&got), 0);
    assert_int_equal(control_send(ends[0], CONTROL_MESSAGE, SPAN_LITERAL("8 bytes."), NULL, 0), CONTROL_DONE);
    assert_int_equal(control_receive(ends[1], CONTROL_CHILD, &got), CONTROL_DONE);
    assert_int_equal(control_stop_by_ms(&got), 0);
}

static void a_full_socket_stops_nobody(void **state) {
    (void)state;
    enum control_result result = CONTROL_DONE;
    for (unsigned i = 0; i < 1000000 && result == CONTROL_DONE; i++) result = control_alive(ends[1], 5000000000);
    assert_int_equal(result, CONTROL_LATER);
}

static void an_end_is_seen(void **state) {
    (void)state;
    int own[2];
    assert_true(control_open(own));
    assert_int_equal(control_alive(own[1], 0), CONTROL_DONE);
    close(own[1]);
    assert_int_equal(control_receive(own[0], CONTROL_SUPERVISOR, &got), CONTROL_DONE); /* what it had said */
    assert_int_equal(control_receive(own[0], CONTROL_SUPERVISOR, &got), CONTROL_GONE);
    assert_int_equal(control_send(own[0], CONTROL_STOP, SPAN_EMPTY, NULL, 0), CONTROL_GONE); /* and no SIGPIPE */
    close(own[0]);
}

#define WITH_ENDS(test) cmocka_unit_test_setup_teardown(test, open_ends, close_ends)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ENDS(whole_messages_in_order),
        WITH_ENDS(descriptors_go_to_the_child),
        WITH_ENDS(descriptors_of_a_child_are_refused),
        WITH_ENDS(foreign_messages_are_refused),
        WITH_ENDS(a_stop_says_by_when),
        WITH_ENDS(a_full_socket_stops_nobody),
        cmocka_unit_test(an_end_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
