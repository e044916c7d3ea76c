/* mapped: the frames of a file that lies mapped are those that libpcap reads; where it stops, libpcap goes on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "capture/mapped.h"

#define SNAP_LENGTH 65535
#define LARGE_FRAMES 300 /* of some 60 KB: several windows */

struct head {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t zone, digits, snap, link;
};

static FILE *make_file(uint32_t magic, uint16_t minor) {
    struct head head = {magic, 2, minor, 0, 0, SNAP_LENGTH, 1};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(&head, sizeof head, 1, file), 1);
    return file;
}

static void put(FILE *file, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t length) {
    uint32_t record[4] = {seconds, fraction, captured, length};
    assert_int_equal(fwrite(record, sizeof record, 1, file), 1);
    for (uint32_t i = 0; i < captured; i++) assert_true(fputc((int)((seconds + i) & 0xff), file) != EOF);
}

static bool begin(struct mapped *mapped, FILE *file) {
    fflush(file);
    assert_int_equal(fseek(file, sizeof(struct head), SEEK_SET), 0);
    return mapped_begin(mapped, file, SNAP_LENGTH);
}

/* All frames of the file, against libpcap's; both end at the same place. */
static unsigned same_as_libpcap(FILE *file) {
    struct mapped mapped;
    struct frame_seen frame;
    struct pcap_pkthdr *header;
    const u_char *bytes;
    char error[PCAP_ERRBUF_SIZE];
    unsigned count = 0;
    assert_true(begin(&mapped, file));
    FILE *again = fdopen(dup(fileno(file)), "rb");
    assert_non_null(again);
    rewind(again);
    pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(again, PCAP_TSTAMP_PRECISION_NANO, error);
    assert_non_null(pcap);
    while (mapped_next(&mapped, &frame)) {
        assert_int_equal(pcap_next_ex(pcap, &header, &bytes), 1);
        assert_int_equal(frame.time, header->ts.tv_sec * NS_PER_S + header->ts.tv_usec);
        assert_int_equal(frame.wire_length, header->len);
        assert_int_equal(frame.captured.len, header->caplen);
        assert_memory_equal(frame.captured.data, bytes, header->caplen);
        count++;
    }
    assert_int_equal(mapped.at, (uint64_t)ftello(pcap_file(pcap)));
    mapped_end(&mapped);
    pcap_close(pcap);
    return count;
}

static void frames_of_each_kind(void **state) {
    (void)state;
    static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d};
    for (unsigned i = 0; i < 2; i++) {
        FILE *file = make_file(magics[i], 4);
        put(file, 1700000000, 999999, 60, 60);
        put(file, 0, 0, 0, 0);
        put(file, 2147483647, 0, 1, 1500);
        put(file, 1700000001, 5, SNAP_LENGTH, 70000);
        assert_int_equal(same_as_libpcap(file), 4);
        fclose(file);
    }
}

static void many_windows(void **state) {
    (void)state;
    FILE *file = make_file(0xa1b2c3d4, 4);
    for (uint32_t i = 0; i < LARGE_FRAMES; i++) put(file, 1700000000 + i, i, 60000 + i * 7 % 5000, 65535);
    assert_int_equal(same_as_libpcap(file), LARGE_FRAMES);
    fclose(file);
}

/* What is left to libpcap: another byte order, another version, another format, no file. */
static void other_files(void **state) {
    (void)state;
    struct mapped mapped;
    static const struct {
        uint32_t magic;
        uint16_t minor;
    } heads[] = {{0xd4c3b2a1, 4}, {0xa1b2c3d4, 3}, {0x0a0d0d0a, 4}, {0xa1b2cd34, 4}};
    for (unsigned i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        FILE *file = make_file(heads[i].magic, heads[i].minor);
        put(file, 1, 1, 4, 4);
        assert_false(begin(&mapped, file));
        assert_false(mapped.in_use);
        fclose(file);
    }
    FILE *pipe_end = popen("cat /dev/null", "r");
    assert_non_null(pipe_end);
    assert_false(mapped_begin(&mapped, pipe_end, SNAP_LENGTH));
    pclose(pipe_end);
}

/* At each of these the file goes on where the last whole frame ended. */
static void stops_at(FILE *file, uint64_t place, unsigned whole) {
    struct mapped mapped;
    struct frame_seen frame;
    assert_true(begin(&mapped, file));
    for (unsigned i = 0; i < whole; i++) assert_true(mapped_next(&mapped, &frame));
    assert_false(mapped_next(&mapped, &frame));
    assert_int_equal(mapped.at, place);
    assert_false(mapped_next(&mapped, &frame));
    mapped_end(&mapped);
    fclose(file);
}

static void records_that_are_not_whole(void **state) {
    (void)state;
    FILE *empty = make_file(0xa1b2c3d4, 4);
    stops_at(empty, 24, 0);
    for (unsigned cut = 1; cut < 26; cut++) {
        FILE *file = make_file(0xa1b2c3d4, 4);
        put(file, 1, 1, 10, 10);
        put(file, 2, 2, 10, 10);
        fflush(file);
        assert_int_equal(ftruncate(fileno(file), 24 + 26 + (off_t)cut), 0);
        stops_at(file, 24 + 26, 1);
    }
    FILE *file = make_file(0xa1b2c3d4, 4);
    put(file, 1, 1, 10, 10);
    put(file, 2, 2, SNAP_LENGTH + 1, SNAP_LENGTH + 1); /* libpcap would cut it */
    stops_at(file, 24 + 26, 1);
    FILE *early = make_file(0xa1b2c3d4, 4);
    put(early, 1, 1, 10, 10);
    put(early, 4294967295u, 1, 10, 10); /* negative, as libpcap reads it */
    stops_at(early, 24 + 26, 1);
}

/* Cut while it is read, beyond the window at hand: no signal, and what is gone is not handed on. */
static void cut_meanwhile(void **state) {
    (void)state;
    struct mapped mapped;
    struct frame_seen frame;
    FILE *file = make_file(0xa1b2c3d4, 4);
    for (uint32_t i = 0; i < LARGE_FRAMES; i++) put(file, i, i, 60000, 60000);
    assert_true(begin(&mapped, file));
    assert_true(mapped_next(&mapped, &frame));
    assert_int_equal(ftruncate(fileno(file), 8 << 20), 0);
    unsigned count = 1;
    while (mapped_next(&mapped, &frame)) count++;
    assert_int_equal(count, ((8u << 20) - 24) / 60016);
    assert_int_equal(mapped.at, 24 + (uint64_t)count * 60016);
    mapped_end(&mapped);
    fclose(file);
}

/* And one that grows, as that of a capture that goes on. */
static void grown_meanwhile(void **state) {
    (void)state;
    struct mapped mapped;
    struct frame_seen frame;
    FILE *file = make_file(0xa1b2c3d4, 4);
    put(file, 1, 1, 10, 10);
    assert_true(begin(&mapped, file));
    assert_true(mapped_next(&mapped, &frame));
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    put(file, 2, 2, 20, 20);
    fflush(file);
    assert_true(mapped_next(&mapped, &frame));
    assert_int_equal(frame.captured.len, 20);
    assert_false(mapped_next(&mapped, &frame));
    put(file, 3, 3, 30, 30); /* the first frame may still be needed, and lies in the window before this one */
    fflush(file);
    assert_false(mapped_next(&mapped, &frame));
    assert_int_equal(mapped.at, 24 + 26 + 36);
    mapped_end(&mapped);
    fclose(file);
}

/* Each stays until as many more were asked for, over all windows. */
static void frames_stay(void **state) {
    (void)state;
    struct mapped mapped;
    struct frame_seen frames[CAPTURE_FRAMES_STAY + 1];
    FILE *file = make_file(0xa1b2c3d4, 4);
    for (uint32_t i = 0; i < LARGE_FRAMES; i++) put(file, i, i, 60000 + i, 60000 + i);
    assert_true(begin(&mapped, file));
    for (uint32_t i = 0; i < LARGE_FRAMES; i++) {
        struct frame_seen *frame = &frames[i % (CAPTURE_FRAMES_STAY + 1)];
        assert_true(mapped_next(&mapped, frame));
        assert_true(frame->stays);
        if (i < CAPTURE_FRAMES_STAY) continue;
        const struct frame_seen *oldest = &frames[(i + 1) % (CAPTURE_FRAMES_STAY + 1)];
        uint32_t number = i - CAPTURE_FRAMES_STAY;
        assert_int_equal(oldest->captured.len, 60000 + number);
        for (uint32_t at = 0; at < 60000 + number; at += 997)
            assert_int_equal(oldest->captured.data[at], (number + at) & 0xff);
    }
    mapped_end(&mapped);
    fclose(file);
}

/* Of which no window holds enough. */
static void huge_frames_do_not_stay(void **state) {
    (void)state;
    struct mapped mapped;
    struct frame_seen frame;
    FILE *file = make_file(0xa1b2c3d4, 4);
    for (uint32_t i = 0; i < 100; i++) put(file, i, i, i % 10 == 9 ? 250000 : 10, 250000);
    fflush(file);
    assert_int_equal(fseek(file, sizeof(struct head), SEEK_SET), 0);
    assert_true(mapped_begin(&mapped, file, 262144));
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(mapped_next(&mapped, &frame));
        assert_int_equal(frame.stays, i % 10 != 9);
    }
    mapped_end(&mapped);
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_each_kind), cmocka_unit_test(many_windows),
        cmocka_unit_test(other_files),         cmocka_unit_test(records_that_are_not_whole),
        cmocka_unit_test(cut_meanwhile),       cmocka_unit_test(grown_meanwhile),
        cmocka_unit_test(frames_stay),         cmocka_unit_test(huge_frames_do_not_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
