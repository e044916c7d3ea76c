/* What mail_dump.c and gmime_dump.c have in common: how messages come in, and how text is summed up.
 *
 * On standard input comes each message behind a line "LENGTH NAME".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_DUMP_COMMON_H
#define MAILSPAN_TEST_DUMP_COMMON_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FNV_START UINT64_C(0xcbf29ce484222325) /* FNV-1a, 64 bits */

struct message {
    char name[4096];
    size_t len;
    uint8_t bytes[16 << 20];
};

static inline bool message_read(struct message *message) {
    char line[4200];
    if (fgets(line, sizeof line, stdin) == NULL) return false;
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "%zu %4095[^\n]", &message->len, message->name) != 2) return false;
    if (message->len > sizeof message->bytes) return false;
    return fread(message->bytes, 1, message->len, stdin) == message->len;
}

static inline uint64_t fnv1a(uint64_t hash, const void *bytes, size_t len) {
    const uint8_t *s = bytes;
    for (size_t i = 0; i < len; i++) hash = (hash ^ s[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Of a text without its carriage returns: all of it, and what of it is ASCII, which is left alike whatever one makes of
 * bytes that are wrong in their charset. */
struct text_sum {
    uint64_t hash, bytes, ascii_hash, ascii_bytes;
};

static inline void text_sum_begin(struct text_sum *sum) {
    *sum = (struct text_sum){FNV_START, 0, FNV_START, 0};
}

static inline void text_sum_add(struct text_sum *sum, const void *text, size_t len) {
    const uint8_t *s = text;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\r') continue;
        sum->hash = fnv1a(sum->hash, s + i, 1);
        sum->bytes++;
        if (s[i] >= 0x80) continue;
        sum->ascii_hash = fnv1a(sum->ascii_hash, s + i, 1);
        sum->ascii_bytes++;
    }
}

static inline void text_sum_print(const struct text_sum *sum, FILE *out) {
    fprintf(out, "T %" PRIu64 " %016" PRIx64 "\n", sum->bytes, sum->hash);
    fprintf(out, "S %" PRIu64 " %016" PRIx64 "\n", sum->ascii_bytes, sum->ascii_hash);
}

static inline void print_byte(FILE *out, uint8_t byte) {
    fputc(byte < ' ' ? ' ' : byte, out);
}

#endif
