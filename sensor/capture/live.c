/* One handle on an interface through libpcap, with the kernel's memory-mapped ring (TPACKET_V3, which libpcap takes as
 * long as immediate mode is not asked for).
 *
 * A packet socket begins to take frames when it is bound, before anybody can say which.  So it is bound to an EtherType
 * that nobody uses, made deaf, and bound to all of them then: its ring is still empty when the last of it is set up,
 * its place among the queues of the interface included.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "capture/filter.h"
#include "mailspan/packet.h"

#define ETHERTYPE_OF_NOBODY 0x88b5 /* IEEE 802, for experiments on one's own link */

struct capture_live {
    pcap_t *pcap;
    char name[sizeof((struct config *)NULL)->interfaces[0]];
    char notice[CAPTURE_ERROR_BYTES];
    int interface;
    int link_type;
    bool nanoseconds;
    struct total {
        uint64_t all;
        uint32_t last; /* libpcap's counter, which wraps */
    } taken, kernel_drops, interface_drops;
    uint64_t time_wrong; /* frames left out */
    uint64_t read;       /* by this process */
    uint64_t *read_told; /* the same, for the process that opened the handle: in memory that a fork shares */
    void (*frame)(void *context, const struct frame_seen *frame);
    void *context;
};

static bool refuse(const struct capture_live *live, char error[CAPTURE_ERROR_BYTES], const char *what,
                   const char *detail) {
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s%s%s", live->name, what, detail[0] == '\0' ? "" : ": ",
             detail);
    return false;
}

/* libpcap has a text for each result, and often the same once more, or a better one, as its last error. */
static bool refuse_activation(const struct capture_live *live, const struct config *config,
                              char error[CAPTURE_ERROR_BYTES], int result) {
    const char *what = pcap_statustostr(result);
    const char *detail = pcap_geterr(live->pcap);
    bool more = detail[0] != '\0' && strcmp(detail, what) != 0;
    char advice[CONFIG_TEXT_BYTES] = "";
    if (result == PCAP_ERROR_PERM_DENIED && config->timestamps != TIMESTAMP_HOST)
        snprintf(advice, sizeof advice, "; an adapter's time stamps take root, or CAP_NET_RAW and CAP_NET_ADMIN");
    else if (result == PCAP_ERROR_PERM_DENIED)
        snprintf(advice, sizeof advice, "; run as root or with CAP_NET_RAW");
    else if (result == PCAP_ERROR_IFACE_NOT_UP)
        snprintf(advice, sizeof advice, "; `ip link set %s up` brings it up", live->name);
    else if (result == PCAP_ERROR_NO_SUCH_DEVICE)
        snprintf(advice, sizeof advice, "; `ip link` lists the interfaces that there are");
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s%s%s%s", live->name, what, more ? ": " : "",
             more ? detail : "", advice);
    return false;
}

/* --- setting up --------------------------------------------------------------------------------------------------- */

/* An interface with nothing to choose from has the host's time, and lists nothing. */
static bool choose_timestamps(struct capture_live *live, enum timestamp_source source,
                              char error[CAPTURE_ERROR_BYTES]) {
    static const int types[] = {[TIMESTAMP_HOST] = PCAP_TSTAMP_HOST,
                                [TIMESTAMP_ADAPTER] = PCAP_TSTAMP_ADAPTER,
                                [TIMESTAMP_ADAPTER_UNSYNCED] = PCAP_TSTAMP_ADAPTER_UNSYNCED};
    if (source == TIMESTAMP_HOST) return true; /* libpcap's own default */
    int *offered = NULL;
    int count = pcap_list_tstamp_types(live->pcap, &offered);
    char names[CONFIG_TEXT_BYTES] = "host";
    size_t len = strlen(names);
    bool found = false;
    for (int i = 0; i < count; i++) {
        found |= offered[i] == types[source];
        const char *name = pcap_tstamp_type_val_to_name(offered[i]);
        if (offered[i] == PCAP_TSTAMP_HOST || name == NULL || len >= sizeof names) continue;
        len += (size_t)snprintf(names + len, sizeof names - len, ", %s", name);
    }
    if (count > 0) pcap_free_tstamp_types(offered);
    if (found && pcap_set_tstamp_type(live->pcap, types[source]) == 0) return true;
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: no time stamps of the kind %s; it has: %s", live->name,
             pcap_tstamp_type_val_to_name(types[source]), names);
    return false;
}

static bool activate(struct capture_live *live, const struct config *config, char error[CAPTURE_ERROR_BYTES]) {
    if (!choose_timestamps(live, config->timestamps, error)) return false;
    pcap_set_snaplen(live->pcap, (int)config->snap_length);
    pcap_set_promisc(live->pcap, config->promiscuous);
    pcap_set_timeout(live->pcap, CAPTURE_BLOCK_MS);
    pcap_set_buffer_size(live->pcap, (int)config->capture_buffer_mib << 20);
    pcap_set_tstamp_precision(live->pcap, PCAP_TSTAMP_PRECISION_NANO); /* microseconds where the device has no better */
    pcap_set_protocol_linux(live->pcap, ETHERTYPE_OF_NOBODY);
    int result = pcap_activate(live->pcap);
    if (result < 0) return refuse_activation(live, config, error, result);
    live->link_type = pcap_datalink(live->pcap);
    live->nanoseconds = pcap_get_tstamp_precision(live->pcap) == PCAP_TSTAMP_PRECISION_NANO;
    return true;
}

/* A ring of the second version costs ten times as much a packet; libpcap takes it where the kernel has no better, and
 * says nothing. */
static bool is_third_version(const struct capture_live *live, char error[CAPTURE_ERROR_BYTES]) {
    int version = -1;
    socklen_t size = sizeof version;
    if (getsockopt(live_socket(live), SOL_PACKET, PACKET_VERSION, &version, &size) == 0 && version == TPACKET_V3)
        return true;
    return refuse(live, error, "the kernel has no TPACKET_V3 ring; Linux 3.2 and later have", "");
}

static bool link_is_known(const struct capture_live *live, char error[CAPTURE_ERROR_BYTES]) {
    char what[64];
    if (frame_link_known(live->link_type)) return true;
    snprintf(what, sizeof what, "link type %d is not decoded", live->link_type);
    return refuse(live, error, what, "");
}

bool live_deafen(int socket) {
    struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
    struct sock_fprog program = {.len = 1, .filter = nothing};
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static bool bind_deaf(struct capture_live *live, char error[CAPTURE_ERROR_BYTES]) {
    struct sockaddr_ll place = {.sll_family = AF_PACKET};
    socklen_t size = sizeof place;
    int fd = live_socket(live);
    if (getsockname(fd, (struct sockaddr *)&place, &size) == 0 && live_deafen(fd)) {
        live->interface = place.sll_ifindex;
        place = (struct sockaddr_ll){
            .sll_family = AF_PACKET, .sll_ifindex = live->interface, .sll_protocol = htons(ETH_P_ALL)};
        if (bind(fd, (struct sockaddr *)&place, sizeof place) == 0) return true;
    }
    return refuse(live, error, "cannot be listened to", strerror(errno));
}

static bool set_up(struct capture_live *live, const struct config *config, char error[CAPTURE_ERROR_BYTES]) {
    char pcap_error[PCAP_ERRBUF_SIZE] = "";
    live->pcap = pcap_create(live->name, pcap_error);
    if (live->pcap == NULL) return refuse(live, error, pcap_error, "");
    if (!activate(live, config, error) || !is_third_version(live, error) || !link_is_known(live, error)) return false;
    if (pcap_setnonblock(live->pcap, 1, pcap_error) != 0) return refuse(live, error, pcap_error, "");
    return bind_deaf(live, error);
}

struct capture_live *live_prepare(const char *interface, const struct config *config, char error[CAPTURE_ERROR_BYTES]) {
    struct capture_live *live = calloc(1, sizeof *live);
    uint64_t *told =
        live == NULL ? MAP_FAILED : mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED) {
        snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: not enough memory", interface);
        free(live);
        return NULL;
    }
    live->read_told = told;
    snprintf(live->name, sizeof live->name, "%s", interface);
    if (set_up(live, config, error)) return live;
    capture_live_close(live);
    return NULL;
}

/* --- the filter --------------------------------------------------------------------------------------------------- */

/* The kernel's filter alone, changed between two frames.  pcap_setfilter throws away the frames that wait, filters by
 * itself what the kernel does not take, and says so on standard error; and it filters the first block that comes by
 * itself, too, however late that is, when there may be another filter. */
static bool kernel_takes(const struct capture_live *live, const struct bpf_program *program) {
    struct sock_fprog given = {.len = (unsigned short)program->bf_len,
                               .filter = (struct sock_filter *)(void *)program->bf_insns};
    return program->bf_len <= CAPTURE_FILTER_INSTRUCTIONS_MAX &&
           setsockopt(live_socket(live), SOL_SOCKET, SO_ATTACH_FILTER, &given, sizeof given) == 0;
}

/* Compiled as for a file.  For a live handle libpcap makes of `vlan` a program that looks for the tag which the kernel
 * took off, too, and is three times as long; without, such a frame is one of a tag less, and passes as that. */
static bool compile(const struct capture_live *live, const struct config *config, const char *text,
                    struct bpf_program *program) {
    pcap_t *compiler = pcap_open_dead(live->link_type, (int)config->snap_length);
    if (compiler == NULL) return false;
    bool compiled = pcap_compile(compiler, program, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
    pcap_close(compiler);
    return compiled;
}

/* NULL, or why there is no filter. */
static const char *set_filter(struct capture_live *live, const struct config *config) {
    const char *why;
    char *text = capture_filter_text(config, live->link_type, &why);
    struct bpf_program program;
    if (text == NULL) return why;
    bool compiled = compile(live, config, text, &program);
    free(text);
    if (!compiled) return "libpcap does not take it";
    bool taken = kernel_takes(live, &program);
    pcap_freecode(&program);
    return taken ? NULL : "it would be too long for the kernel";
}

/* Filters, or takes every frame and says why. */
static bool filter(struct capture_live *live, const struct config *config) {
    live->notice[0] = '\0';
    const char *why = set_filter(live, config);
    if (why == NULL) return true;
    if (config->capture_filter && !config->any_port)
        snprintf(live->notice, sizeof live->notice, "interface %s: every frame is taken, without a filter: %.200s",
                 live->name, why);
    int ignored = 0;
    return setsockopt(live_socket(live), SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof ignored) == 0 ||
           errno == ENOENT;
}

void live_refilter(struct capture_live *live, const struct config *config) {
    (void)filter(live, config);
}

bool live_begin(struct capture_live *live, const struct config *config, char error[CAPTURE_ERROR_BYTES]) {
    return filter(live, config) || refuse(live, error, "cannot be listened to", strerror(errno));
}

/* --- one handle --------------------------------------------------------------------------------------------------- */

void capture_live_close(struct capture_live *live) {
    if (live == NULL) return;
    if (live->pcap != NULL) pcap_close(live->pcap);
    (void)munmap(live->read_told, sizeof *live->read_told);
    free(live);
}

int live_socket(const struct capture_live *live) {
    return pcap_fileno(live->pcap);
}

int live_interface(const struct capture_live *live) {
    return live->interface;
}

const char *live_notice(const struct capture_live *live) {
    return live->notice;
}

int capture_live_descriptor(const struct capture_live *live) {
    return pcap_get_selectable_fd(live->pcap);
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    struct capture_live *live = (struct capture_live *)(void *)user;
    __atomic_store_n(live->read_told, ++live->read, __ATOMIC_RELAXED); /* before this one can bring anybody down */
    nstime fraction = live->nanoseconds ? header->ts.tv_usec : header->ts.tv_usec * NS_PER_US;
    struct frame_seen frame = {
        .link_type = live->link_type, .wire_length = header->len, .captured = span_of(bytes, header->caplen)};
    if (capture_time(header->ts.tv_sec, fraction, &frame.time))
        live->frame(live->context, &frame);
    else
        live->time_wrong++;
}

/* The kernel takes the interface's number from the sockets of one that is gone. */
static bool is_gone(const struct capture_live *live) {
    struct sockaddr_ll place = {.sll_ifindex = 0};
    socklen_t size = sizeof place;
    return getsockname(live_socket(live), (struct sockaddr *)&place, &size) == 0 &&
           place.sll_ifindex != live->interface;
}

int capture_live_read(struct capture_live *live, unsigned frames_max,
                      void (*frame)(void *context, const struct frame_seen *frame), void *context,
                      char error[CAPTURE_ERROR_BYTES]) {
    live->frame = frame;
    live->context = context;
    int count = pcap_dispatch(live->pcap, (int)frames_max, on_frame, (u_char *)live);
    if (count >= 0) return count;
    refuse(live, error, pcap_geterr(live->pcap), "");
    return is_gone(live) ? CAPTURE_GONE : CAPTURE_FAILED;
}

static uint64_t add(struct total *total, uint32_t counter) {
    total->all += (uint32_t)(counter - total->last);
    total->last = counter;
    return total->all;
}

struct live_totals live_totals(struct capture_live *live) {
    struct pcap_stat stats = {
        .ps_recv = live->taken.last, .ps_drop = live->kernel_drops.last, .ps_ifdrop = live->interface_drops.last};
    (void)pcap_stats(live->pcap, &stats); /* of an interface that is gone: as it was */
    return (struct live_totals){.taken = add(&live->taken, stats.ps_recv),
                                .kernel_drops = add(&live->kernel_drops, stats.ps_drop),
                                .interface_drops = add(&live->interface_drops, stats.ps_ifdrop),
                                .read = __atomic_load_n(live->read_told, __ATOMIC_RELAXED)};
}

uint64_t capture_live_time_wrong(const struct capture_live *live) {
    return live->time_wrong;
}
