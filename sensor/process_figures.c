/* See process_figures.h; proc(5) has the format of statm: pages of the program, and how many are resident.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process_figures.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* glibc's sysconf may ask the kernel, or read files, for other names; the page's size is in the process already. */
static uint64_t page_bytes(void) {
    return (uint64_t)sysconf(_SC_PAGESIZE);
}

int process_figures_open(void) {
    return open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
}

struct memory {
    uint64_t whole_bytes, resident_bytes; /* 0: not known */
};

static struct memory read_memory(int statm) {
    char text[128], *end;
    ssize_t length = statm < 0 ? -1 : pread(statm, text, sizeof text - 1, 0);
    if (length <= 0) return (struct memory){0, 0};
    text[length] = '\0';
    uint64_t whole = strtoull(text, &end, 10) * page_bytes();
    return (struct memory){whole, strtoull(end, NULL, 10) * page_bytes()};
}

uint64_t process_address_space_bytes(int statm) {
    return read_memory(statm).whole_bytes;
}

static uint64_t nanoseconds(const struct timeval *time) {
    return (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_usec * 1000;
}

void process_figures_read(int statm, struct process_figures *figures) {
    struct rusage usage;
    *figures = (struct process_figures){.resident_bytes = read_memory(statm).resident_bytes};
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        figures->cpu_ns = nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime);
}
