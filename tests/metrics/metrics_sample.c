/* Serves metrics of a sensor that never was, for tests/metrics/check_metrics: metrics_sample TARGET [--jail]
 *
 * Each figure has a value of its own, by which the test knows it again.  --jail: once it listens and serves, it may
 * open nothing any more, neither files nor sockets, as in the judge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "console/metrics.h"
#include "process_figures.h"

static uint64_t figure; /* the last one given out */

static void fill(void *at, size_t bytes) {
    for (size_t i = 0; i < bytes / sizeof figure; i++) {
        figure++;
        memcpy((uint8_t *)at + i * sizeof figure, &figure, sizeof figure);
    }
}

/* 3, 5 and 2 frames below 64 ns, 128 ns and 1.05 ms, and one of 10 s. */
static void fill_times(struct stage_times *times) {
    struct stage_histogram *frame = &times->stages[TIMED_FRAME];
    for (unsigned i = 0; i < 3; i++) stage_histogram_add(frame, 50);
    for (unsigned i = 0; i < 5; i++) stage_histogram_add(frame, 100);
    for (unsigned i = 0; i < 2; i++) stage_histogram_add(frame, 1000000);
    stage_histogram_add(frame, UINT64_C(10000000000));
}

static void fill_decoder(struct decoder_figures *decoder, unsigned number) {
    fill(&decoder->counters, sizeof decoder->counters);
    decoder->process = (struct process_figures){1000 + number, 1500000000};
    decoder->newest_packet = 1700000000 * NS_PER_S + 250000000 + 500000000 * number;
    decoder->flows_open = 40 + number;
    decoder->flows_max = 65536;
    decoder->pool_used_bytes = 2048;
    decoder->pool_bytes = 4096;
    decoder->verdicts_sent = 50 + number;
    decoder->queue_bytes = 70 + number;
    decoder->queue_max_bytes = 212992;
    if (number == 0) fill_times(&decoder->times);
}

static void fill_snapshot(struct metrics_snapshot *snapshot) {
    struct decoder_figures decoder = {.flows_open = 0};
    snapshot->started = 1699999999 * NS_PER_S + 500000000;
    snapshot->decoder_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        fill_decoder(&decoder, i);
        metrics_hear_decoder(snapshot, i, 1, &decoder, 1700000001 * NS_PER_S);
        memset(&decoder, 0, sizeof decoder);
        snapshot->supervisor.decoders[i] =
            (struct child_figures){.up = i == 0, .restarts = 80 + i, .kernel_drops = 97 + i};
        snapshot->supervisor.interfaces[i] = (struct interface_figures){10 + i, 20 + i, 30 + i, 35 + i};
    }
    fill(snapshot->judge.messages, sizeof snapshot->judge.messages);
    fill(snapshot->judge.decisions, sizeof snapshot->judge.decisions);
    fill(snapshot->judge.health, sizeof snapshot->judge.health);
    snapshot->judge.sources = 90;
    snapshot->judge.sources_max = 91;
    snapshot->judge.redis = (struct redis_figures){true, true, 92, 93, 94, 1250000000};
    snapshot->judge.process = (struct process_figures){.resident_bytes = 95};
    snapshot->supervisor.judge = (struct child_figures){.up = true, .restarts = 96};
    snapshot->supervisor.links[1] = INTERFACE_NO_CARRIER;
    snapshot->supervisor.memory_unreadable = 98;
    snapshot->supervisor.control_invalid = 99;
}

static int statm;

/* The supervisor's memory is this process's own, so that the test sees whether it grows. */
static const struct metrics_snapshot *on_snapshot(void *context) {
    struct metrics_snapshot *snapshot = context;
    process_figures_read(statm, &snapshot->supervisor.process);
    return snapshot;
}

#ifdef __SANITIZE_ADDRESS__
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* The first lines: what the server needs, and the figures.  Then what memory and signals need. */
static void lock_in(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(__NR_accept4),
        ALLOW(__NR_epoll_ctl),
        ALLOW(__NR_epoll_pwait),
        ALLOW(__NR_readv),
        ALLOW(__NR_writev),
        ALLOW(__NR_ioctl),
        ALLOW(__NR_shutdown),
        ALLOW(__NR_close),
        ALLOW(__NR_pread64),
        ALLOW(__NR_getrusage),
#ifdef __NR_epoll_wait
        ALLOW(__NR_epoll_wait),
#endif
        ALLOW(__NR_clock_gettime),
        ALLOW(__NR_write),
        ALLOW(__NR_brk),
        ALLOW(__NR_mmap),
        ALLOW(__NR_munmap),
        ALLOW(__NR_mremap),
        ALLOW(__NR_madvise),
        ALLOW(__NR_mprotect),
        ALLOW(__NR_futex),
        ALLOW(__NR_rt_sigreturn),
        ALLOW(__NR_exit_group),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        abort();
}

int main(int argc, char **argv) {
    static struct metrics_snapshot snapshot;
    struct metrics_target target;
    struct problem problem;
    struct config config;
    config_default(&config);
    snapshot.config = &config;
    if (argc < 2 || !metrics_target_parse(argv[1], &target, &problem)) return 2;
    memcpy(config.sensor_id, "edge-1", 7);
    if (!config_add_interface(&config, "span0", &problem) || !config_add_interface(&config, "a\"b\\c", &problem))
        return 2;
    fill_snapshot(&snapshot);
    statm = process_figures_open();
    signal(SIGPIPE, SIG_IGN);
    int listener = metrics_listen(&target, &problem);
    if (listener < 0) {
        fprintf(stderr, "%s\n", problem.what);
        return 1;
    }
    struct event_base *base = event_base_new();
    struct metrics_source source = {.context = &snapshot, .snapshot = on_snapshot};
    struct metrics_server *server = base == NULL ? NULL : metrics_serve(base, listener, &source);
    if (server == NULL) return 1;
    puts(IS_SANITIZED ? "ready sanitized" : "ready");
    fflush(stdout);
    lock_in();
    event_base_dispatch(base);
    return 0;
}
