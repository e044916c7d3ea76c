/* Mails in files: each is told the same however few bytes a read brings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mail_file.h"

#define BYTES_MAX 400000
#define MAILS_MAX 4

struct mails {
    unsigned count;
    int error;
    char sender[MAILS_MAX][64]; /* "none": it is not said */
    char *text[MAILS_MAX];
};

/* Reads what the descriptor gives; where a read is a packet, so short as the packets are. */
static void read_mails(int descriptor, struct mails *mails) {
    static struct mail_file file;
    *mails = (struct mails){.count = 0};
    mail_file_begin(&file, descriptor);
    while (mail_file_next(&file)) {
        unsigned const at = mails->count++;
        assert_true(at < MAILS_MAX);
        assert_int_equal(file.number, at + 1);
        (void)snprintf(mails->sender[at], sizeof mails->sender[at], "%s", file.sender == NULL ? "none" : file.sender);
        mails->text[at] = calloc(1, BYTES_MAX);
        assert_non_null(mails->text[at]);
        size_t length = 0;
        for (struct span piece; (piece = mail_file_piece(&file)).len > 0; length += piece.len) {
            assert_true(length + piece.len < BYTES_MAX);
            memcpy(mails->text[at] + length, piece.data, piece.len);
        }
        assert_int_equal(mail_file_piece(&file).len, 0);
    }
    mails->error = file.error;
}

static void mails_free(struct mails *mails) {
    for (unsigned i = 0; i < mails->count; i++) free(mails->text[i]);
}

/* given, in reads of so many bytes each; 0: a file. */
static void read_given(struct span given, size_t cut, struct mails *mails) {
    if (cut == 0) {
        FILE *file = tmpfile();
        assert_non_null(file);
        assert_int_equal(fwrite(given.data, 1, given.len, file), given.len);
        assert_int_equal(fflush(file), 0);
        assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
        read_mails(fileno(file), mails);
        (void)fclose(file);
        return;
    }
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    pid_t const child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (size_t at = 0; at < given.len; at += cut) {
            struct span const piece = span_slice(given, at, cut);
            if (send(ends[1], piece.data, piece.len, 0) != (ssize_t)piece.len) _exit(1);
        }
        _exit(0);
    }
    (void)close(ends[1]);
    read_mails(ends[0], mails);
    (void)close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* expected: sender and text of each. */
static void expect(struct span given, const char *const expected[][2], unsigned count) {
    static const size_t cuts[] = {0, 1, 2, 3, 7, 511, 512, 513, 4096};
    for (unsigned c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        if (cuts[c] > 0 && cuts[c] < 7 && given.len > 5000) continue; /* long, and nothing at each byte */
        struct mails mails;
        read_given(given, cuts[c], &mails);
        assert_int_equal(mails.error, 0);
        assert_int_equal(mails.count, count);
        for (unsigned i = 0; i < count; i++) {
            assert_string_equal(mails.sender[i], expected[i][0]);
            assert_string_equal(mails.text[i], expected[i][1]);
        }
        mails_free(&mails);
    }
}

static void expect_one(struct span given, const char *sender, const char *text) {
    const char *const expected[][2] = {{sender, text}};
    expect(given, expected, 1);
}

static void test_one_mail_with_each_end_of_line(void **state) {
    (void)state;
    expect_one(SPAN_LITERAL(""), "none", "");
    expect_one(SPAN_LITERAL("A: b\n\nc"), "none", "A: b\n\nc");
    expect_one(SPAN_LITERAL("A: b\r\n\r\nc\r\n"), "none", "A: b\r\n\r\nc\r\n");
    expect_one(SPAN_LITERAL("A: b\r\rc\r"), "none", "A: b\n\nc\n");
    expect_one(SPAN_LITERAL("A: b\r"), "none", "A: b\n");
    expect_one(SPAN_LITERAL("A: b\n\nc\rd\r"), "none", "A: b\n\nc\rd\r");
}

static void test_what_stands_before_the_mail(void **state) {
    (void)state;
    expect_one(SPAN_LITERAL("\xef\xbb\xbf\r\n\n\rA: b\n"), "none", "A: b\n");
    expect_one(SPAN_LITERAL("\xef\xbb"), "none", "\xef\xbb");
    expect_one(SPAN_LITERAL("\n\r\n"), "none", "");
    expect_one(SPAN_LITERAL("\n\nFrom a@b.example Thu Aug 22 12:46:39 2002\nA: b\n"), "a@b.example", "A: b\n");
}

static void test_an_mbox(void **state) {
    (void)state;
    static const char *const both[][2] = {{"a@b.example", "A: b\n\nFrom now on\n\n>From Mon\n\n"}, {"none", "C: d\n"}};
    expect(SPAN_LITERAL("From a@b.example  Thu Aug 22 12:46:39 2002\nA: b\n\nFrom now on\n\n>From Mon\n\n"
                        "From - Fri Jan  3 09:00:00 +0100 2003\nC: d\n"),
           both, 2);
    static const char *const crlf[][2] = {{"", "A: b\r\n\r\n"}, {"x", "\r\n"}, {"y", ""}};
    expect(SPAN_LITERAL("From MAILER-DAEMON Thu Aug 22 12:46:39 2002\r\nA: b\r\n\r\n"
                        "From x Sun Dec 31 2:00 1995\r\n\r\nFrom y Sun Dec 31 2:00 1995\r\n"),
           crlf, 3);
    static const char *const old[][2] = {{"a@b.example", "A: b\n\n"}, {"c", "D: e\n"}};
    expect(SPAN_LITERAL("From a@b.example Thu Aug 22 12:46:39 2002\rA: b\r\rFrom c Thu Aug 22 12:46:39 2002\rD: e\r"),
           old, 2);
}

/* Without an empty line before it, in a file that is no mbox, without its date, or without its end it is text. */
static void test_lines_that_only_look_like_it(void **state) {
    (void)state;
    expect_one(SPAN_LITERAL("From a@b.example Thu Aug 22 12:46:39 2002\nA: b\nFrom c Thu Aug 22 12:46:39 2002\n"),
               "a@b.example", "A: b\nFrom c Thu Aug 22 12:46:39 2002\n");
    expect_one(SPAN_LITERAL("A: b\n\nFrom c Thu Aug 22 12:46:39 2002\n"), "none",
               "A: b\n\nFrom c Thu Aug 22 12:46:39 2002\n");
    expect_one(SPAN_LITERAL("From here to Thu Aug\n\nFrom c Thu Aug 22 12:46:39 2002\n"), "none",
               "From here to Thu Aug\n\nFrom c Thu Aug 22 12:46:39 2002\n");
    expect_one(SPAN_LITERAL("From  \nA: b\n"), "none", "From  \nA: b\n");
    expect_one(SPAN_LITERAL("From a Thu Aug 22 12:46:39 2002\n\nFrom c Thu Aug 22 12:46:39 2002"), "a",
               "\nFrom c Thu Aug 22 12:46:39 2002");
}

/* Around the size of the room: a line's end, an mbox line and the beginning of a mail on both sides of it. */
static void test_long_files(void **state) {
    (void)state;
    static char given[3 * MAIL_FILE_BYTES], first[3 * MAIL_FILE_BYTES];
    for (size_t length = MAIL_FILE_BYTES - 30; length < MAIL_FILE_BYTES + 30; length++) {
        memset(given, 'x', length);
        memset(first, 'x', length);
        (void)snprintf(given + length, 100, "\r\nA: b\r\n");
        expect_one(span_from_string(given), "none", given);
        (void)snprintf(given + length, 100, "\rA: b\r");
        (void)snprintf(first + length, 100, "\nA: b\n");
        expect_one(span_from_string(given), "none", first);
        (void)snprintf(given, sizeof given, "From a Thu Aug 22 12:46:39 2002\n");
        memset(given + strlen(given), 'x', length);
        (void)snprintf(given + length, 100, "\r\n\r\nFrom b Thu Aug 22 12:46:39 2002\nA: b\n");
        (void)snprintf(first, sizeof first, "%.*s\r\n\r\n", (int)(length - strlen("From a Thu Aug 22 12:46:39 2002\n")),
                       given + strlen("From a Thu Aug 22 12:46:39 2002\n"));
        const char *const both[][2] = {{"a", first}, {"b", "A: b\n"}};
        expect(span_from_string(given), both, 2);
    }
}

/* What is held back of an mbox begins at each byte of an mbox line. */
static void test_an_mbox_line_on_both_sides_of_what_is_held_back(void **state) {
    (void)state;
    static const char line[] = "From a Thu Aug 22 12:46:39 2002\n";
    static char given[2 * MAIL_FILE_BYTES], first[2 * MAIL_FILE_BYTES];
    size_t const cut = MAIL_FILE_BYTES - MAIL_FILE_LINE_BYTES;
    for (size_t length = cut - 40; length < cut + 10; length++) {
        memset(given, 'x', sizeof given - 1);
        memcpy(given, line, strlen(line));
        (void)snprintf(given + length, sizeof given - length, "\n\nFrom b Thu Aug 22 12:46:39 2002\nA: b\n\n");
        given[strlen(given)] = 'x'; /* on with what was there */
        given[length + 4000] = '\0';
        size_t const first_length = length + 2 - strlen(line);
        memcpy(first, given + strlen(line), first_length);
        first[first_length] = '\0';
        const char *const both[][2] = {{"a", first}, {"b", strstr(given, "A: b")}};
        expect(span_from_string(given), both, 2);
    }
}

static void test_what_cannot_be_read(void **state) {
    (void)state;
    struct mails mails;
    read_mails(-1, &mails);
    assert_int_equal(mails.count, 0);
    assert_int_not_equal(mails.error, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_mail_with_each_end_of_line),
        cmocka_unit_test(test_what_stands_before_the_mail),
        cmocka_unit_test(test_an_mbox),
        cmocka_unit_test(test_lines_that_only_look_like_it),
        cmocka_unit_test(test_long_files),
        cmocka_unit_test(test_an_mbox_line_on_both_sides_of_what_is_held_back),
        cmocka_unit_test(test_what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
