/* What is said on standard error meanwhile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_CAUGHT_WORDS_H
#define MAILSPAN_TEST_CAUGHT_WORDS_H

#include <fcntl.h>
#include <unistd.h>

struct caught_words {
    int before, ends[2];
};

static inline void catch_words(struct caught_words *caught) {
    caught->before = dup(STDERR_FILENO);
    assert_int_equal(pipe2(caught->ends, O_NONBLOCK), 0);
    assert_int_equal(dup2(caught->ends[1], STDERR_FILENO), STDERR_FILENO);
}

/* All of it, and nothing else, was this. */
static inline void caught_were(struct caught_words *caught, const char *words) {
    char said[512] = "";
    assert_int_equal(dup2(caught->before, STDERR_FILENO), STDERR_FILENO);
    (void)!read(caught->ends[0], said, sizeof said - 1);
    assert_string_equal(said, words);
    close(caught->before);
    close(caught->ends[0]);
    close(caught->ends[1]);
}

#endif
