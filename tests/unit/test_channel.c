/* Records come out of a channel as they went in: whole, in order, none half; or not at all, and that is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailspan/clock.h"
#include "process/channel.h"
#include "publish/sink.h"

#define DATAGRAM_BYTES 65536 /* channel.c's; what these tests say of hostile datagrams rests on it */
#define BATCH 0x6d730001u
#define FIRST 0x6d730002u
#define REST 0x6d730003u

static int ends[2]; /* reader, writer */
static struct channel_writer *writer;
static struct channel_reader *reader;
static uint8_t big[CHANNEL_RECORD_BYTES_MAX + 1];

static int begin(void **state) {
    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return 1;
    writer = channel_writer_new(ends[1], 1 << 20, CHANNEL_NEVER_WAITS);
    reader = channel_reader_new(ends[0]);
    for (size_t i = 0; i < sizeof big; i++) big[i] = (uint8_t)(i * 2654435761u >> 24);
    return writer == NULL || reader == NULL;
}

static int end(void **state) {
    (void)state;
    channel_writer_free(writer);
    channel_reader_free(reader);
    if (ends[0] >= 0) close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
    return 0;
}

static bool write_one(struct channel_writer *w, struct span record) {
    return channel_write(w, &record, 1);
}

static void expect_record(struct channel_reader *r, struct span expected) {
    struct span record;
    assert_int_equal(channel_read(r, &record), CHANNEL_RECORD);
    assert_int_equal(record.len, expected.len);
    if (expected.len > 0) assert_memory_equal(record.data, expected.data, expected.len);
}

static void expect_only(struct channel_reader *r, enum channel_result expected) {
    struct span record;
    assert_int_equal(channel_read(r, &record), expected);
}

/* Of every size around those at which something changes, in one part and in several. */
static void sizes(void **state) {
    (void)state;
    static const size_t of[] = {0,
                                1,
                                3,
                                4,
                                5,
                                1000,
                                DATAGRAM_BYTES / 2,
                                DATAGRAM_BYTES - 13,
                                DATAGRAM_BYTES - 12,
                                DATAGRAM_BYTES - 11,
                                DATAGRAM_BYTES - 9,
                                DATAGRAM_BYTES - 8,
                                DATAGRAM_BYTES - 7,
                                DATAGRAM_BYTES - 4,
                                DATAGRAM_BYTES,
                                DATAGRAM_BYTES + 1,
                                2 * DATAGRAM_BYTES - 12,
                                2 * DATAGRAM_BYTES - 11,
                                200000,
                                CHANNEL_RECORD_BYTES_MAX - 1,
                                CHANNEL_RECORD_BYTES_MAX};
    for (unsigned i = 0; i < sizeof of / sizeof *of; i++) {
        size_t third = of[i] / 3;
        struct span parts[4] = {span_of(big, third), SPAN_EMPTY, span_of(big + third, third),
                                span_of(big + 2 * third, of[i] - 2 * third)};
        assert_true(channel_write(writer, parts, 4));
        assert_true(channel_waiting_bytes(writer) >= of[i]);
        struct span record;
        enum channel_result result;
        bool flushed; /* the socket holds less than the largest record */
        do {
            flushed = channel_flush(writer);
            result = channel_read(reader, &record);
        } while (result == CHANNEL_NOTHING && !flushed);
        assert_int_equal(result, CHANNEL_RECORD);
        assert_int_equal(record.len, of[i]);
        if (of[i] > 0) assert_memory_equal(record.data, big, of[i]);
        assert_true(channel_flush(writer));
        assert_int_equal(channel_waiting_bytes(writer), 0);
        expect_only(reader, CHANNEL_NOTHING);
    }
    assert_false(write_one(writer, span_of(big, CHANNEL_RECORD_BYTES_MAX + 1)));
    assert_int_equal(channel_writer_error(writer), 0);
    assert_true(write_one(writer, SPAN_LITERAL("as before")));
    assert_true(channel_flush(writer));
    expect_record(reader, SPAN_LITERAL("as before"));
}

/* Small records go together: a hundred of them in one datagram. */
static void batches(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 100; i++) assert_true(write_one(writer, span_of((uint8_t *)&i, sizeof i)));
    assert_int_equal(channel_waiting_bytes(writer), 4 + 100 * (4 + 4));
    expect_only(reader, CHANNEL_NOTHING);
    assert_true(channel_flush(writer));
    for (uint32_t i = 0; i < 100; i++) expect_record(reader, span_of((uint8_t *)&i, sizeof i));
    expect_only(reader, CHANNEL_NOTHING);
}

static size_t size_of(uint32_t n) {
    uint32_t mixed = n * 2654435761u >> 8;
    return n % 40 == 39 ? 70000 + mixed % 200000 : sizeof n + mixed % (n % 7 == 0 ? 30000 : 500);
}

/* A record that says its number. */
static struct span numbered(uint32_t n) {
    static uint8_t bytes[300000];
    memset(bytes, (int)(n & 0xff), sizeof bytes);
    memcpy(bytes, &n, sizeof n);
    return span_of(bytes, size_of(n));
}

/* What was taken comes, in order, and nothing else; what was not was refused when it was written. */
static void full(void **state) {
    (void)state;
    static uint32_t taken[40000];
    unsigned count = 0, refused = 0, read = 0;
    struct span record;
    for (uint32_t n = 0; n < 4000; n++) {
        size_t before = channel_waiting_bytes(writer);
        if (write_one(writer, numbered(n))) {
            taken[count++] = n;
        } else {
            refused++;
            assert_true(channel_waiting_bytes(writer) <= before); /* nothing half; some may have been sent */
        }
        if (n % 1000 == 999) { /* the reader wakes up, and reads a little */
            for (unsigned i = 0; i < 20 && channel_read(reader, &record) == CHANNEL_RECORD; i++) {
                struct span expected = numbered(taken[read++]);
                assert_int_equal(record.len, expected.len);
                assert_memory_equal(record.data, expected.data, expected.len);
            }
        }
    }
    assert_true(refused > 1000 && count > 100);
    assert_int_equal(refused + count, 4000);
    assert_int_equal(channel_writer_error(writer), 0);
    while (read < count) {
        (void)channel_flush(writer);
        expect_record(reader, numbered(taken[read++]));
    }
    assert_true(channel_flush(writer));
    expect_only(reader, CHANNEL_NOTHING);
}

/* Another process that reads so many numbered records slowly, and ends with 0 when that is all of them. */
static pid_t read_slowly(uint32_t count) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct pollfd readable = {.fd = ends[0], .events = POLLIN};
        struct span record;
        close(ends[1]);
        for (uint32_t n = 0; n < count; n++) {
            enum channel_result result;
            if (n % 100 == 0) usleep(2000);
            while ((result = channel_read(reader, &record)) == CHANNEL_NOTHING) (void)poll(&readable, 1, -1);
            struct span expected = numbered(n);
            if (result != CHANNEL_RECORD || !span_equal(record, expected)) _exit(2);
        }
        _exit(channel_read(reader, &record) == CHANNEL_RECORD ? 3 : 0);
    }
    close(ends[0]);
    ends[0] = -1;
    return child;
}

static void expect_all_read(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* One that waits: another process reads slowly, and all of it comes. */
static void waits(void **state) {
    (void)state;
    enum { COUNT = 1500 };
    pid_t child = read_slowly(COUNT);
    struct channel_writer *patient = channel_writer_new(ends[1], 1000, CHANNEL_WAITS);
    for (uint32_t n = 0; n < COUNT; n++) assert_true(write_one(patient, numbered(n)));
    assert_true(channel_flush(patient));
    channel_writer_free(patient);
    expect_all_read(child);
}

/* The same of one that did not wait, and then does until some time. */
static void waits_until(void **state) {
    (void)state;
    enum { COUNT = 1500 };
    pid_t child = read_slowly(COUNT);
    struct channel_writer *late = channel_writer_new(ends[1], 1000, CHANNEL_NEVER_WAITS);
    channel_wait_until(late, sink_now() + 600 * NS_PER_S);
    for (uint32_t n = 0; n < COUNT; n++) assert_true(write_one(late, numbered(n)));
    assert_true(channel_flush(late));
    channel_writer_free(late);
    expect_all_read(child);
}

/* Nobody reads, and time is up: what finds no room is not taken, and nothing is broken. */
static void waits_no_longer(void **state) {
    (void)state;
    bool taken = true;
    channel_wait_until(writer, sink_now() + 20 * NS_PER_MS);
    for (unsigned i = 0; i < 100 && taken; i++) taken = write_one(writer, span_of(big, 100000));
    assert_false(taken);
    assert_false(channel_flush(writer));
    assert_int_equal(channel_writer_error(writer), 0);
    expect_record(reader, span_of(big, 100000));
}

/* A reader that is gone ends the waiting, without a signal. */
static void reader_gone(void **state) {
    (void)state;
    struct channel_writer *patient = channel_writer_new(ends[1], 1000, CHANNEL_WAITS);
    close(ends[0]);
    ends[0] = -1;
    bool taken = true;
    for (unsigned i = 0; i < 100 && taken; i++) taken = write_one(patient, span_of(big, 100000));
    assert_false(taken);
    assert_false(channel_flush(patient));
    assert_true(channel_writer_error(patient) == EPIPE || channel_writer_error(patient) == ECONNRESET);
    assert_false(write_one(patient, SPAN_LITERAL("x")));
    channel_writer_free(patient);
}

static void writer_gone(void **state) {
    (void)state;
    assert_true(write_one(writer, SPAN_LITERAL("last words")));
    assert_true(channel_flush(writer));
    close(ends[1]);
    ends[1] = -1;
    expect_record(reader, SPAN_LITERAL("last words"));
    expect_only(reader, CHANNEL_OVER);
    expect_only(reader, CHANNEL_OVER);
}

/* Some pieces of a large record were read by one that has died: the next one begins with the next record. */
static void another_reader(void **state) {
    (void)state;
    assert_true(write_one(writer, span_of(big, 500000)));
    assert_true(write_one(writer, SPAN_LITERAL("next")));
    (void)channel_flush(writer);
    for (unsigned i = 0; i < 2; i++) assert_int_equal(recv(ends[0], big, DATAGRAM_BYTES, MSG_DONTWAIT), DATAGRAM_BYTES);
    struct channel_reader *second = channel_reader_new(ends[0]);
    struct span record;
    enum channel_result result;
    do {
        (void)channel_flush(writer);
        result = channel_read(second, &record);
    } while (result == CHANNEL_NOTHING);
    assert_int_equal(result, CHANNEL_RECORD);
    assert_true(span_equal(record, SPAN_LITERAL("next")));
    channel_reader_free(second);
}

/* A writer died in the middle of a large record: the next one's first record is whole, small or large. */
static void another_writer(void **state) {
    (void)state;
    static const size_t of[] = {10, 100000};
    for (unsigned i = 0; i < 2; i++) {
        uint32_t head[] = {FIRST, 300000};
        assert_int_equal(send(ends[1], head, sizeof head, 0), sizeof head);
        uint32_t piece[] = {REST, 1, 2, 3};
        assert_int_equal(send(ends[1], piece, sizeof piece, 0), sizeof piece);
        struct channel_writer *second = channel_writer_new(ends[1], 1000, CHANNEL_NEVER_WAITS);
        assert_true(write_one(second, span_of(big, of[i])));
        assert_true(channel_flush(second));
        expect_record(reader, span_of(big, of[i]));
        expect_only(reader, CHANNEL_NOTHING);
        channel_writer_free(second);
    }
}

static void send_words(const uint32_t *words, size_t bytes) {
    assert_int_equal(send(ends[1], words, bytes, 0), bytes);
}

/* What no writer sends is no record; what comes behind it is read as it is. */
static void hostile(void **state) {
    (void)state;
    static const struct {
        uint32_t words[4];
        size_t bytes;
    } wrong[] = {
        {{BATCH}, 1},                                   /* no kind */
        {{BATCH}, 3},                                   /* no kind */
        {{0}, 4},                                       /* another kind */
        {{REST + 1, 4, 0}, 12},                         /* another kind */
        {{BATCH, 5, 0}, 12},                            /* longer than it is */
        {{BATCH, UINT32_MAX, 0}, 12},                   /* ... by far */
        {{BATCH, 0x00010000}, 6},                       /* half a length */
        {{FIRST}, 4},                                   /* no length */
        {{FIRST, 0}, 8},                                /* of nothing */
        {{FIRST, CHANNEL_RECORD_BYTES_MAX + 1, 0}, 12}, /* too long */
        {{FIRST, UINT32_MAX, 0}, 12},                   /* ... by far */
        {{FIRST, 3, 0}, 12},                            /* more than it says */
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        send_words(wrong[i].words, wrong[i].bytes);
        assert_true(write_one(writer, SPAN_LITERAL("after")));
        assert_true(channel_flush(writer));
        expect_only(reader, CHANNEL_BROKEN);
        expect_record(reader, SPAN_LITERAL("after"));
    }
    /* A piece more than the record has. */
    send_words((uint32_t[]){FIRST, 10, 1}, 12);
    send_words((uint32_t[]){REST, 1, 2}, 12);
    expect_only(reader, CHANNEL_BROKEN);
    send_words((uint32_t[]){REST, 1, 2}, 12); /* of nothing now */
    expect_only(reader, CHANNEL_NOTHING);
    /* Longer than a datagram may be. */
    memcpy(big, &(uint32_t){BATCH}, 4);
    assert_int_equal(send(ends[1], big, DATAGRAM_BYTES + 1, 0), DATAGRAM_BYTES + 1);
    expect_only(reader, CHANNEL_BROKEN);
    /* The good records before a bad one of a batch are read. */
    send_words((uint32_t[]){BATCH, 0, 9}, 12);
    expect_record(reader, SPAN_EMPTY);
    expect_only(reader, CHANNEL_BROKEN);
    expect_only(reader, CHANNEL_NOTHING);
}

/* Datagrams without end that make no record: the reader says so and does not stay with them. */
static void endless(void **state) {
    (void)state;
    static const uint32_t nothing[][2] = {{BATCH}, {REST}, {FIRST, 100}};
    for (unsigned kind = 0; kind < 3; kind++) {
        unsigned sent = 0;
        while (send(ends[1], nothing[kind], kind == 2 ? 8 : 4, MSG_DONTWAIT) > 0) sent++;
        assert_true(sent > 50);
        expect_only(reader, CHANNEL_NOTHING);
        assert_true(recv(ends[0], big, 100, MSG_DONTWAIT) > 0); /* some are left */
        while (recv(ends[0], big, 100, MSG_DONTWAIT) > 0) continue;
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(sizes),          TEST(batches),         TEST(full),        TEST(waits),
        TEST(waits_until),    TEST(waits_no_longer), TEST(reader_gone), TEST(writer_gone),
        TEST(another_reader), TEST(another_writer),  TEST(hostile),     TEST(endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
