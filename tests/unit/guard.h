/* guard: a copy of some bytes that ends at an unreadable page, so that reading one byte too far ends the test.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_TEST_GUARD_H
#define MAILSPAN_TEST_GUARD_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mailspan/span.h"

struct guarded {
    struct span bytes; /* the copy; readable, and writable through memory */
    uint8_t *memory;
    size_t mapped;
};

static inline struct guarded guard_copy(struct span bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t readable = (bytes.len + page) / page * page;
    uint8_t *memory = mmap(NULL, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + readable, page, PROT_NONE) != 0) abort();
    uint8_t *start = memory + readable - bytes.len;
    if (bytes.len > 0) memcpy(start, bytes.data, bytes.len);
    return (struct guarded){span_of(start, bytes.len), memory, readable + page};
}

static inline void guard_free(struct guarded *guarded) {
    munmap(guarded->memory, guarded->mapped);
    *guarded = (struct guarded){{NULL, 0}, NULL, 0};
}

#endif
