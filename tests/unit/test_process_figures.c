/* A process's own memory and time, against what it did, and against another page of /proc.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "process_figures.h"

#define MIB (UINT64_C(1) << 20)

static void memory_that_is_touched_is_told(void **state) {
    (void)state;
    int statm = process_figures_open();
    struct process_figures before, after;
    assert_true(statm >= 0);
    process_figures_read(statm, &before);
    assert_true(before.resident_bytes > 0);
    void *memory = mmap(NULL, 64 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    assert_true(memory != MAP_FAILED);
    memset(memory, 1, 64 * MIB);
    process_figures_read(statm, &after);
    assert_true(after.resident_bytes >= before.resident_bytes + 60 * MIB); /* the kernel counts in batches */
    assert_true(after.resident_bytes <= before.resident_bytes + 80 * MIB);
    munmap(memory, 64 * MIB);
    close(statm);
}

static void time_that_is_used_is_told(void **state) {
    (void)state;
    struct process_figures figures = {.cpu_ns = 0};
    for (unsigned turns = 0; figures.cpu_ns < 20 * UINT64_C(1000000); turns++) process_figures_read(-1, &figures);
    uint64_t before = figures.cpu_ns;
    process_figures_read(-1, &figures);
    assert_true(figures.cpu_ns >= before);
}

static void without_proc_no_memory_is_told(void **state) {
    (void)state;
    struct process_figures figures;
    process_figures_read(-1, &figures);
    assert_int_equal(figures.resident_bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_is_touched_is_told),
        cmocka_unit_test(time_that_is_used_is_told),
        cmocka_unit_test(without_proc_no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
