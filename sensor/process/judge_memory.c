/* See judge_memory.h.  Two places, written in turn: the one that was whole last stays whole while the other is written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/judge_memory.h"

#include <stdatomic.h>
#include <sys/mman.h>

struct judge_memory {
    _Atomic uint64_t kept; /* how often: the last is in kept % 2; 0: never */
    struct metrics_snapshot places[2];
};

struct judge_memory *judge_memory_new(void) {
    void *memory = mmap(NULL, sizeof(struct judge_memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void judge_memory_free(struct judge_memory *memory) {
    if (memory != NULL) (void)munmap(memory, sizeof *memory);
}

void judge_memory_keep(struct judge_memory *memory, const struct metrics_snapshot *snapshot) {
    uint64_t next = atomic_load(&memory->kept) + 1;
    memory->places[next % 2] = *snapshot;
    atomic_store(&memory->kept, next);
}

bool judge_memory_last(const struct judge_memory *memory, struct metrics_snapshot *snapshot) {
    uint64_t kept = atomic_load(&memory->kept);
    if (kept == 0) return false;
    const struct config *config = snapshot->config;
    nstime started = snapshot->started;
    *snapshot = memory->places[kept % 2];
    snapshot->config = config;
    snapshot->started = started;
    return true;
}
