/* Texts of one size, as smtpgen's mails say them, for tests/bench/messages: prose, or the HTML of a commercial mail.
 *
 *   texts prose|html BYTES COUNT      COUNT texts of BYTES bytes each, one behind the other, lines that end in CR LF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_html.h"
#include "gen_random.h"
#include "gen_text.h"

enum { LINE_BYTES_MAX = 1024, BYTES_MAX = 1 << 26, PARAGRAPH_LINES = 7 };

struct maker {
    struct random random;
    struct random words;
    unsigned line;
};

static size_t prose_line(struct maker *m, char *out) {
    char *end = out;
    if (++m->line % PARAGRAPH_LINES != 0) {
        end = words_write(&m->words, out, 56 + random_below(&m->random, 12));
    }
    memcpy(end, "\r\n", 2);
    return (size_t)(end + 2 - out);
}

static size_t markup_line(struct maker *m, char *out) {
    struct text t = text_over(out, LINE_BYTES_MAX);
    html_style(&t, m->line++);
    if (text_length(&t) == 0) {
        html_line(&t, &m->random, &m->words, "letters.example");
    }
    return text_length(&t);
}

/* The last line is cut, or what ends the document takes its place. */
static void write_text(struct maker *m, size_t (*line)(struct maker *m, char *out), const char *end, char *out,
                       size_t bytes) {
    size_t at = 0;
    while (at < bytes) {
        at += line(m, out + at);
    }
    memcpy(out + bytes - strlen(end), end, strlen(end));
    if (fwrite(out, 1, bytes, stdout) != bytes) {
        perror("texts");
        exit(1);
    }
}

static size_t number_of(const char *text, unsigned long highest) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*end != '\0' || number == 0 || number > highest) {
        fprintf(stderr, "texts: '%s' is not a number from 1 to %lu\n", text, highest);
        exit(2);
    }
    return number;
}

int main(int argc, char **argv) {
    if (argc != 4 || (strcmp(argv[1], "prose") != 0 && strcmp(argv[1], "html") != 0)) {
        fprintf(stderr, "usage: texts prose|html BYTES COUNT\n");
        return 2;
    }
    bool html = strcmp(argv[1], "html") == 0;
    size_t bytes = number_of(argv[2], BYTES_MAX), count = number_of(argv[3], 1000000);
    char *out = malloc(bytes + LINE_BYTES_MAX);
    if (out == NULL || bytes < 128) {
        fprintf(stderr, "texts: no memory, or fewer than 128 bytes\n");
        return 1;
    }
    words_load();
    for (size_t i = 0; i < count; i++) {
        struct maker m = {.random = {random_mix(i)}, .words = {random_mix(i + 1000000007ULL)}};
        write_text(&m, html ? markup_line : prose_line, html ? HTML_END : "\r\n", out, bytes);
    }
    free(out);
    return fflush(stdout) == 0 ? 0 : 1;
}
