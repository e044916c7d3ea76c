/* texts: fingerprints of texts, for tests/fingerprint/separation.
 *
 *     texts body|subject < TEXTS      texts that each end with a NUL; a line of hexadecimal for each
 *     texts time < TEXT               nanoseconds a byte, the best of a thousand times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mailspan/fingerprint.h"
#include "mailspan/limits.h"

static uint64_t body(struct span text) {
    struct fingerprint fingerprint = {0};
    fingerprint_push(&fingerprint, text);
    fingerprint_break(&fingerprint);
    return fingerprint_of(&fingerprint);
}

static int64_t now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * INT64_C(1000000000) + at.tv_nsec;
}

static int tell_time(void) {
    static uint8_t text[LIMIT_FINGERPRINT_BYTES];
    size_t const len = fread(text, 1, sizeof text, stdin);
    int64_t best = INT64_MAX;
    volatile uint64_t sum = 0;
    for (unsigned i = 0; i < 1000; i++) {
        int64_t const begin = now();
        sum = sum + body(span_of(text, len));
        int64_t const took = now() - begin;
        if (took < best) best = took;
    }
    printf("%zu bytes, %.2f ns a byte\n", len, (double)best / (double)(len == 0 ? 1 : len));
    return 0;
}

int main(int argc, char **argv) {
    char *text = NULL;
    size_t room = 0;
    if (argc != 2) return 2;
    if (strcmp(argv[1], "time") == 0) return tell_time();
    bool const is_subject = strcmp(argv[1], "subject") == 0;
    for (ssize_t len; (len = getdelim(&text, &room, '\0', stdin)) > 0;) {
        struct span const bytes = span_of(text, (size_t)len - 1);
        printf("%016" PRIx64 "\n", is_subject ? fingerprint_subject(bytes) : body(bytes));
    }
    free(text);
    return 0;
}
