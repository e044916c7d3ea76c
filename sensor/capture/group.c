/* The queues of one interface: packet sockets among which the kernel parts the frames by connection (packet(7),
 * PACKET_FANOUT).
 *
 * The kernel keeps the members of a group in an array, and a frame goes to the place that its hash, scaled to the
 * number of members, names.  The hash is the same for both directions of a connection, and on all interfaces.  So a
 * queue's number must be its place.  Whoever joins gets the last place, and when one leaves, the last takes its place;
 * a queue is renewed by a new handle that joins just before the old one leaves.  (In the moment between, some
 * microseconds, there is one member more, and frames go to wrong places.)
 *
 * When an interface goes down the kernel empties the array, and fills it in the order in which the sockets were made
 * when it is up again.  After a renewal that is another order, so the queues must be opened anew then.
 *
 * PACKET_FANOUT_FLAG_DEFRAG: without, the fragments of a datagram go where their addresses alone say, to another queue
 * than their connection, and whoever cuts his segments into fragments is not seen.  It does not do so for IPv6, nor
 * inside of tunnels.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/live.h"

#define FANOUT_TYPE ((uint32_t)(PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG) << 16)
#define FANOUT_NEW_NUMBER ((uint32_t)PACKET_FANOUT_FLAG_UNIQUEID << 16)
#define FANOUT_NUMBER_MASK 0xffffu
#define NO_NUMBER (-1)

struct queue {
    struct capture_live *live; /* or NULL, and then */
    int place; /* a duplicate of the closed handle's socket, which keeps the place in the array; or -1 */
    struct loss_counts before; /* of the handles before this one */
    uint64_t owed;             /* frames of this one that are to be read before the end; 0: it has not come */
};

struct capture_group {
    const struct config *config;
    char name[sizeof((struct config *)NULL)->interfaces[0]];
    char notice[2 * CAPTURE_ERROR_BYTES];
    int number;                /* the group's, which the kernel gave; NO_NUMBER: nobody has joined */
    int interface;             /* its number */
    int control;               /* a socket for questions about interfaces, also while there is no handle */
    bool child;                /* another process than that which opened it, and which alone may ask what was lost */
    bool renewed;              /* the sockets were made in another order than that of the queues */
    bool stale;                /* that order was lost, or the interface was */
    struct loss_counts totals; /* as they were last told; of the interface: since the group was opened */
    uint64_t received;         /* the interface's own count then */
    unsigned queue_count;
    struct queue queues[CONFIG_QUEUES_MAX];
};

/* --- places ------------------------------------------------------------------------------------------------------- */

static bool join(struct capture_group *group, const struct capture_live *live) {
    uint32_t wanted = FANOUT_TYPE;
    uint32_t given = 0;
    socklen_t size = sizeof given;
    int fd = live_socket(live);
    if (group->queue_count == 1) return true;
    wanted |= group->number == NO_NUMBER ? FANOUT_NEW_NUMBER : (uint32_t)group->number;
    if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &wanted, sizeof wanted) != 0 ||
        getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &given, &size) != 0)
        return false;
    group->number = (int)(given & FANOUT_NUMBER_MASK);
    return true;
}

static void leave(struct queue *queue) {
    if (queue->place >= 0) (void)close(queue->place);
    queue->place = -1;
}

/* What came to the place while nobody could read it is lost. */
static void count_unread(struct queue *queue) {
    struct tpacket_stats_v3 unread = {.tp_packets = 0};
    socklen_t size = sizeof unread;
    if (queue->place < 0) return;
    (void)getsockopt(queue->place, SOL_PACKET, PACKET_STATISTICS, &unread, &size);
    queue->before.taken += unread.tp_packets;
    queue->before.unread += unread.tp_packets;
}

static struct loss_counts sum(const struct loss_counts *before, struct capture_live *live) {
    struct live_totals now = {.taken = 0};
    if (live != NULL) now = live_totals(live);
    return (struct loss_counts){.taken = before->taken + now.taken,
                                .kernel_drops = before->kernel_drops + now.kernel_drops,
                                .unread = before->unread,
                                .interface_drops = before->interface_drops + now.interface_drops};
}

/* The interface's own count of frames; one that was made anew begins at 0. */
static void add_received(struct capture_group *group) {
    char path[128];
    uint64_t received = 0;
    snprintf(path, sizeof path, "/sys/class/net/%.15s/statistics/rx_packets", group->name);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    if (fscanf(file, "%" SCNu64, &received) == 1) {
        group->totals.interface_frames += received >= group->received ? received - group->received : received;
        group->received = received;
    }
    (void)fclose(file);
}

/* Closes the handle.  Its ring goes with it, which takes a while; its place can be kept, and then be given up at once.
 */
static void let_go(struct queue *queue, bool keep_place) {
    if (queue->live == NULL) return;
    queue->before = sum(&queue->before, queue->live);
    if (keep_place) queue->place = fcntl(live_socket(queue->live), F_DUPFD_CLOEXEC, 0);
    capture_live_close(queue->live);
    queue->live = NULL;
}

/* A new handle in the queue's place, still deaf. */
static bool take_place(struct capture_group *group, struct queue *queue, char error[CAPTURE_ERROR_BYTES]) {
    struct capture_live *live = live_prepare(group->name, group->config, error);
    if (live == NULL) return false;
    count_unread(queue);
    if (join(group, live)) {
        leave(queue); /* nothing may come between */
        queue->live = live;
        return true;
    }
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: its frames cannot be parted among %u queues: %s", group->name,
             group->queue_count, strerror(errno));
    capture_live_close(live);
    return false;
}

/* --- the group ---------------------------------------------------------------------------------------------------- */

static bool parts_udp_tunnels(const struct capture_group *group) {
    return group->queue_count > 1 && group->config->tunnel_source_count > 0;
}

static void note_what_differs(struct capture_group *group, const struct capture_live *live) {
    const char *handle = live_notice(live);
    const char *tunnels = !parts_udp_tunnels(group) ? ""
                                                    : "the two directions of what VXLAN or GENEVE carries may come "
                                                      "to different queues; `queues: 1` keeps them together";
    snprintf(group->notice, sizeof group->notice, "%s%s%s", handle, handle[0] != '\0' && tunnels[0] != '\0' ? "; " : "",
             tunnels);
}

static bool prepare_all(struct capture_group *group, char error[CAPTURE_ERROR_BYTES]) {
    group->number = NO_NUMBER;
    group->renewed = group->stale = false;
    for (unsigned i = 0; i < group->queue_count; i++)
        if (!take_place(group, &group->queues[i], error)) return false;
    return true;
}

/* Only when all have their places, so that each connection has the queue that it will keep. */
static bool begin_all(struct capture_group *group, char error[CAPTURE_ERROR_BYTES]) {
    for (unsigned i = 0; i < group->queue_count; i++)
        if (!live_begin(group->queues[i].live, group->config, error)) return false;
    group->interface = live_interface(group->queues[0].live);
    note_what_differs(group, group->queues[0].live);
    return true;
}

static void close_all(struct capture_group *group) {
    for (unsigned i = 0; i < group->queue_count; i++) {
        let_go(&group->queues[i], false);
        leave(&group->queues[i]);
    }
}

struct capture_group *capture_group_open(const char *interface, const struct config *config,
                                         char error[CAPTURE_ERROR_BYTES]) {
    struct capture_group *group = calloc(1, sizeof *group);
    if (group == NULL) {
        snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: not enough memory", interface);
        return NULL;
    }
    group->config = config;
    snprintf(group->name, sizeof group->name, "%s", interface);
    group->queue_count = config->capture_queues;
    for (unsigned i = 0; i < group->queue_count; i++) group->queues[i].place = -1;
    group->control = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (group->control < 0) {
        snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s", interface, strerror(errno));
    } else if (prepare_all(group, error) && begin_all(group, error)) {
        add_received(group); /* from here on */
        group->totals.interface_frames = 0;
        return group;
    }
    capture_group_close(group);
    return NULL;
}

void capture_group_close(struct capture_group *group) {
    if (group == NULL) return;
    if (group->child) capture_group_keep(group, CAPTURE_NO_QUEUE);
    close_all(group);
    if (group->control >= 0) (void)close(group->control);
    free(group);
}

void capture_group_configure(struct capture_group *group, const struct config *config) {
    group->config = config;
    for (unsigned i = 0; i < group->queue_count; i++) {
        if (group->queues[i].live == NULL) continue;
        live_refilter(group->queues[i].live, config);
        note_what_differs(group, group->queues[i].live);
    }
}

unsigned capture_group_queues(const struct capture_group *group) {
    return group->queue_count;
}

const char *capture_group_name(const struct capture_group *group) {
    return group->name;
}

struct capture_live *capture_group_handle(const struct capture_group *group, unsigned queue) {
    return group->queues[queue].live;
}

bool capture_group_lacks(const struct capture_group *group, unsigned queue) {
    return group->queues[queue].live == NULL && group->queues[queue].place >= 0;
}

const char *capture_group_notice(const struct capture_group *group) {
    return group->notice;
}

/* What is closed here stays open in the supervisor, and so keeps its place. */
void capture_group_keep(struct capture_group *group, unsigned queue) {
    for (unsigned i = 0; i < group->queue_count; i++) {
        if (i == queue) continue;
        capture_live_close(group->queues[i].live);
        group->queues[i].live = NULL;
        leave(&group->queues[i]);
    }
    if (group->control >= 0) (void)close(group->control);
    group->control = -1;
    group->child = true;
}

/* What is still in the ring of a process that died is lost with it, with what came since. */
static void count_left_in_ring(struct queue *queue) {
    if (queue->live == NULL) return;
    struct live_totals totals = live_totals(queue->live);
    uint64_t through = totals.read + totals.kernel_drops;
    if (totals.taken > through) queue->before.unread += totals.taken - through;
}

void capture_group_end(struct capture_group *group) {
    for (unsigned i = 0; i < group->queue_count; i++) {
        struct queue *queue = &group->queues[i];
        if (queue->live == NULL) continue;
        struct live_totals totals = live_totals(queue->live);
        queue->owed = totals.taken - totals.kernel_drops;
    }
}

uint64_t capture_group_give_up(struct capture_group *group, unsigned number) {
    struct queue *queue = &group->queues[number];
    uint64_t unread = 0;
    if (queue->live != NULL && queue->owed > 0) {
        struct live_totals totals = live_totals(queue->live);
        if (queue->owed > totals.read) unread = queue->owed - totals.read;
    }
    queue->owed = 0;
    queue->before.unread += unread;
    return unread;
}

/* The old handle's ring is given back first: what remains of it, its place, can be left in a moment. */
bool capture_group_renew(struct capture_group *group, unsigned queue, char error[CAPTURE_ERROR_BYTES]) {
    struct queue *renewed = &group->queues[queue];
    count_left_in_ring(renewed);
    let_go(renewed, true);
    if (renewed->place < 0 && group->queue_count > 1)
        group->stale = true; /* too many open files: the last queue has its place now */
    if (!take_place(group, renewed, error)) return false;
    group->renewed = group->queue_count > 1;
    if (!live_begin(renewed->live, group->config, error)) {
        let_go(renewed, true);
        return false;
    }
    note_what_differs(group, renewed->live);
    return true;
}

/* The decoders from before read their handles until they end.  These are deaf from the moment on in which the new ones
 * can hear: no frame is told twice. */
bool capture_group_reopen(struct capture_group *group, char error[CAPTURE_ERROR_BYTES]) {
    int before[CONFIG_QUEUES_MAX];
    for (unsigned i = 0; i < group->queue_count; i++) {
        const struct capture_live *live = group->queues[i].live;
        before[i] = live == NULL ? -1 : fcntl(live_socket(live), F_DUPFD_CLOEXEC, 0);
    }
    close_all(group);
    bool prepared = prepare_all(group, error);
    for (unsigned i = 0; i < group->queue_count; i++) {
        if (before[i] < 0) continue;
        (void)live_deafen(before[i]);
        (void)close(before[i]);
    }
    if (prepared && begin_all(group, error)) return true;
    close_all(group);
    return false;
}

/* --- what was lost ------------------------------------------------------------------------------------------------ */

struct loss_counts capture_group_queue_totals(struct capture_group *group, unsigned queue) {
    struct loss_counts totals = sum(&group->queues[queue].before, group->queues[queue].live);
    totals.interface_drops = 0;
    return totals;
}

/* What the interface itself lost each of its handles tells, from when it was opened: the one that knows of most counts.
 */
struct loss_counts capture_group_totals(struct capture_group *group) {
    struct loss_counts *totals = &group->totals;
    totals->taken = totals->kernel_drops = totals->unread = 0;
    for (unsigned i = 0; i < group->queue_count; i++) {
        struct loss_counts one = sum(&group->queues[i].before, group->queues[i].live);
        totals->taken += one.taken;
        totals->kernel_drops += one.kernel_drops;
        totals->unread += one.unread;
        if (one.interface_drops > totals->interface_drops) totals->interface_drops = one.interface_drops;
    }
    add_received(group);
    return *totals;
}

/* --- the interface ------------------------------------------------------------------------------------------------ */

void capture_group_note(struct capture_group *group, const struct link_change *change) {
    bool mine = change->interface == group->interface || change->interface == 0;
    if (mine && (change->deleted || (change->down && group->renewed))) group->stale = true;
}

static bool has_handles(const struct capture_group *group) {
    for (unsigned i = 0; i < group->queue_count; i++)
        if (group->queues[i].live != NULL || group->queues[i].place >= 0) return true;
    return false;
}

enum capture_link capture_group_link(const struct capture_group *group) {
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%.15s", group->name);
    if (ioctl(group->control, SIOCGIFINDEX, &request) != 0) return CAPTURE_LINK_GONE;
    bool another = request.ifr_ifindex != group->interface;
    if (ioctl(group->control, SIOCGIFFLAGS, &request) != 0) return CAPTURE_LINK_GONE;
    if ((request.ifr_flags & IFF_UP) == 0) return CAPTURE_LINK_DOWN;
    if (another || group->stale || !has_handles(group)) return CAPTURE_LINK_STALE;
    return (request.ifr_flags & IFF_RUNNING) == 0 ? CAPTURE_LINK_NO_CARRIER : CAPTURE_LINK_UP;
}
