/* The capture of the sensor by itself, for tests/live/check_capture: opens interfaces, and does what it is told on
 * standard input, one command a line.  Each answer ends with a line "ok" or "failed: WHY".
 *
 *   capture_probe CONFIG INTERFACE...
 *
 *   read             what has come: "frame INTERFACE QUEUE FROM-IP FROM-PORT TO-IP TO-PORT BYTES TIME", TIME in
 *                    nanoseconds; "other INTERFACE QUEUE" of a frame without TCP; "gone INTERFACE QUEUE"
 *   count SECONDS    the same for so long; "frames INTERFACE QUEUE COUNT"
 *   renew QUEUE      on every interface
 *   port NUMBER      mail comes on this port, too
 *   reopen           every interface
 *   fork QUEUE       a process reads this queue from now on
 *   kill             that process, with SIGKILL
 *   end              that process, which first says "frames INTERFACE QUEUE COUNT" of all that it has read
 *   other            a process that reads nothing closes all, and ends
 *   links            all changes are noted; "link INTERFACE STATE"
 *   totals           "totals INTERFACE TAKEN KERNEL-DROPS INTERFACE-FRAMES INTERFACE-DROPS", and
 *                    "queue INTERFACE QUEUE TAKEN KERNEL-DROPS"
 *   notices          "notice INTERFACE TEXT"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "mailspan/packet.h"

#define FRAMES_PER_TURN 4096

struct probe {
    struct config config;
    struct capture_group *groups[CONFIG_INTERFACES_MAX];
    unsigned group_count;
    struct link_watch *links;
    pid_t child;
    /* while a queue is read */
    const char *interface;
    unsigned queue;
};

static void print_frame(void *context, const struct frame_seen *seen) {
    const struct probe *p = context;
    struct counters counters = {.packets = 0};
    struct frame_decoder decoder = {.counters = &counters,
                                    .tunnel_sources = p->config.tunnel_sources,
                                    .tunnel_source_count = p->config.tunnel_source_count};
    struct packet packet;
    char from[IP_TEXT_BYTES], to[IP_TEXT_BYTES];
    enum frame_result result =
        frame_decode(&decoder, seen->link_type, seen->captured, seen->wire_length, seen->time, &packet);
    if (result != FRAME_TCP) {
        printf("other %s %u\n", p->interface, p->queue);
        return;
    }
    printf("frame %s %u %s %u %s %u %" PRIu32 " %" PRId64 "\n", p->interface, p->queue,
           ip_to_text(&packet.from.ip, from), packet.from.port, ip_to_text(&packet.to.ip, to), packet.to.port,
           packet.payload_length, seen->time);
}

static void count_frame(void *context, const struct frame_seen *seen) {
    (void)context;
    (void)seen;
}

/* Everything that is there; how many. */
static uint64_t read_queue(struct probe *p, struct capture_group *group, unsigned queue,
                           void (*frame)(void *, const struct frame_seen *)) {
    char error[CAPTURE_ERROR_BYTES];
    struct capture_live *live = capture_group_handle(group, queue);
    uint64_t frames = 0;
    p->interface = capture_group_name(group);
    p->queue = queue;
    for (int count = 1; live != NULL && count > 0;) {
        count = capture_live_read(live, FRAMES_PER_TURN, frame, p, error);
        if (count > 0) frames += (unsigned)count;
        if (count == CAPTURE_GONE) printf("gone %s %u\n", p->interface, queue);
        if (count == CAPTURE_FAILED) printf("failed %s %u %s\n", p->interface, queue, error);
    }
    return frames;
}

static void read_all(struct probe *p) {
    for (unsigned i = 0; i < p->group_count; i++)
        for (unsigned q = 0; q < p->config.capture_queues; q++) (void)read_queue(p, p->groups[i], q, print_frame);
}

static void count_all(struct probe *p, time_t seconds) {
    static uint64_t counts[CONFIG_INTERFACES_MAX][CONFIG_QUEUES_MAX];
    memset(counts, 0, sizeof counts);
    for (time_t end = time(NULL) + seconds; time(NULL) <= end; usleep(1000))
        for (unsigned i = 0; i < p->group_count; i++)
            for (unsigned q = 0; q < p->config.capture_queues; q++)
                counts[i][q] += read_queue(p, p->groups[i], q, count_frame);
    for (unsigned i = 0; i < p->group_count; i++)
        for (unsigned q = 0; q < p->config.capture_queues; q++)
            printf("frames %s %u %" PRIu64 "\n", capture_group_name(p->groups[i]), q, counts[i][q]);
}

static volatile sig_atomic_t to_end;

static void on_end(int number) {
    to_end = number;
}

static void fork_reader(struct probe *p, unsigned queue) {
    uint64_t counts[CONFIG_INTERFACES_MAX] = {0};
    (void)signal(SIGTERM, on_end);
    p->child = fork();
    if (p->child != 0) return;
    for (unsigned i = 0; i < p->group_count; i++) capture_group_keep(p->groups[i], queue);
    for (bool last = false; !last; usleep(1000)) {
        last = to_end != 0;
        if (last) usleep(2 * CAPTURE_BLOCK_MS * 1000);
        for (unsigned i = 0; i < p->group_count; i++) counts[i] += read_queue(p, p->groups[i], queue, count_frame);
    }
    for (unsigned i = 0; i < p->group_count; i++)
        printf("frames %s %u %" PRIu64 "\n", capture_group_name(p->groups[i]), queue, counts[i]);
    (void)fflush(stdout);
    _exit(0);
}

static void fork_other(struct probe *p) {
    pid_t child = fork();
    if (child == 0) {
        for (unsigned i = 0; i < p->group_count; i++) {
            capture_group_keep(p->groups[i], CAPTURE_NO_QUEUE);
            capture_group_close(p->groups[i]);
        }
        _exit(0);
    }
    (void)waitpid(child, NULL, 0);
}

static void end_reader(struct probe *p, int how) {
    (void)kill(p->child, how);
    (void)waitpid(p->child, NULL, 0);
}

static void print_links(struct probe *p) {
    static const char *const names[] = {[CAPTURE_LINK_UP] = "up",
                                        [CAPTURE_LINK_DOWN] = "down",
                                        [CAPTURE_LINK_NO_CARRIER] = "no-carrier",
                                        [CAPTURE_LINK_GONE] = "gone",
                                        [CAPTURE_LINK_STALE] = "stale"};
    for (struct link_change change; link_watch_next(p->links, &change);)
        for (unsigned i = 0; i < p->group_count; i++) capture_group_note(p->groups[i], &change);
    for (unsigned i = 0; i < p->group_count; i++)
        printf("link %s %s\n", capture_group_name(p->groups[i]), names[capture_group_link(p->groups[i])]);
}

static void print_totals(struct probe *p) {
    for (unsigned i = 0; i < p->group_count; i++) {
        const char *name = capture_group_name(p->groups[i]);
        struct loss_counts all = capture_group_totals(p->groups[i]);
        printf("totals %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", name, all.taken, all.kernel_drops,
               all.interface_frames, all.interface_drops);
        for (unsigned q = 0; q < p->config.capture_queues; q++) {
            struct loss_counts one = capture_group_queue_totals(p->groups[i], q);
            printf("queue %s %u %" PRIu64 " %" PRIu64 "\n", name, q, one.taken, one.kernel_drops);
        }
    }
}

static void obey(struct probe *p, const char *command, unsigned number, char error[CAPTURE_ERROR_BYTES]) {
    error[0] = '\0';
    if (strcmp(command, "read") == 0) read_all(p);
    if (strcmp(command, "count") == 0) count_all(p, number);
    if (strcmp(command, "fork") == 0) fork_reader(p, number);
    if (strcmp(command, "kill") == 0) end_reader(p, SIGKILL);
    if (strcmp(command, "end") == 0) end_reader(p, SIGTERM);
    if (strcmp(command, "other") == 0) fork_other(p);
    if (strcmp(command, "links") == 0) print_links(p);
    if (strcmp(command, "totals") == 0) print_totals(p);
    if (strcmp(command, "port") == 0) port_set(p->config.mail_ports, (uint16_t)number);
    for (unsigned i = 0; i < p->group_count; i++) {
        if (strcmp(command, "renew") == 0 && !capture_group_renew(p->groups[i], number, error)) return;
        if (strcmp(command, "reopen") == 0 && !capture_group_reopen(p->groups[i], error)) return;
        if (strcmp(command, "port") == 0) capture_group_configure(p->groups[i], &p->config);
        if (strcmp(command, "notices") == 0)
            printf("notice %s %s\n", capture_group_name(p->groups[i]), capture_group_notice(p->groups[i]));
    }
}

int main(int argc, char **argv) {
    static struct probe probe;
    struct problem problem;
    char error[CAPTURE_ERROR_BYTES] = "", line[256], command[16];
    unsigned number = 0;
    config_default(&probe.config);
    if (argc < 3 || !config_load(&probe.config, argv[1], &problem)) {
        fprintf(stderr, "%s\n", argc < 3 ? "usage: capture_probe CONFIG INTERFACE..." : problem.what);
        return 2;
    }
    probe.links = link_watch_open(error);
    for (int i = 2; i < argc && error[0] == '\0'; i++) {
        struct capture_group *group = capture_group_open(argv[i], &probe.config, error);
        if (group != NULL) probe.groups[probe.group_count++] = group;
    }
    do {
        printf("%s%s\n", error[0] == '\0' ? "ok" : "failed: ", error);
        (void)fflush(stdout);
        if (fgets(line, sizeof line, stdin) == NULL || sscanf(line, "%15s %u", command, &number) < 1) break;
        obey(&probe, command, number, error);
    } while (true);
    for (unsigned i = 0; i < probe.group_count; i++) capture_group_close(probe.groups[i]);
    link_watch_close(probe.links);
    config_free(&probe.config);
    return 0;
}
