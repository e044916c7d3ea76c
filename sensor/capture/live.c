/* An interface through libpcap, which uses the kernel's memory-mapped ring (TPACKET_V3) as long as immediate mode is
 * not asked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "capture/capture.h"
#include "mailspan/packet.h"

#define READ_TIMEOUT_MS 100 /* how long the kernel may gather frames before it wakes the reader */

struct capture_live {
    pcap_t *pcap;
    char name[sizeof((struct config *)NULL)->interfaces[0]];
    int link_type;
    bool nanoseconds;
    struct drops {
        uint64_t all;
        uint32_t last; /* libpcap's counter, which wraps */
    } kernel, interface;
    uint64_t time_wrong; /* frames left out */
    void (*frame)(void *context, const struct frame_seen *frame);
    void *context;
};

/* libpcap has a text for each result, and often the same once more, or a better one, as its last error. */
static void word_refusal(char error[CAPTURE_ERROR_BYTES], const char *interface, int result, const char *detail) {
    const char *what = pcap_statustostr(result);
    bool more = detail[0] != '\0' && strcmp(detail, what) != 0;
    char advice[CONFIG_TEXT_BYTES] = "";
    if (result == PCAP_ERROR_PERM_DENIED)
        snprintf(advice, sizeof advice, "; run as root or with CAP_NET_RAW");
    else if (result == PCAP_ERROR_IFACE_NOT_UP)
        snprintf(advice, sizeof advice, "; `ip link set %s up` brings it up", interface);
    else if (result == PCAP_ERROR_NO_SUCH_DEVICE)
        snprintf(advice, sizeof advice, "; `ip link` lists the interfaces that there are");
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s%s%s%s", interface, what, more ? ": " : "",
             more ? detail : "", advice);
}

static bool activate(pcap_t *pcap, const char *interface, const struct config *config,
                     char error[CAPTURE_ERROR_BYTES]) {
    pcap_set_snaplen(pcap, (int)config->snap_length);
    pcap_set_promisc(pcap, config->promiscuous);
    pcap_set_timeout(pcap, READ_TIMEOUT_MS);
    pcap_set_buffer_size(pcap, (int)config->capture_buffer_mib << 20);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO); /* microseconds where the device has no better */
    int result = pcap_activate(pcap);
    if (result < 0) word_refusal(error, interface, result, pcap_geterr(pcap));
    return result >= 0;
}

struct capture_live *capture_live_open(const char *interface, const struct config *config,
                                       char error[CAPTURE_ERROR_BYTES]) {
    char pcap_error[PCAP_ERRBUF_SIZE] = "";
    struct capture_live *live = calloc(1, sizeof *live);
    pcap_t *pcap = live == NULL ? NULL : pcap_create(interface, pcap_error);
    if (pcap == NULL) {
        snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s", interface,
                 live == NULL ? "not enough memory" : pcap_error);
    } else if (activate(pcap, interface, config, error)) {
        live->pcap = pcap;
        live->link_type = pcap_datalink(pcap);
        live->nanoseconds = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
        snprintf(live->name, sizeof live->name, "%s", interface);
        if (!frame_link_known(live->link_type)) {
            snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: link type %d is not decoded", interface,
                     live->link_type);
        } else if (pcap_setnonblock(pcap, 1, pcap_error) == 0) {
            return live;
        } else {
            snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s", interface, pcap_error);
        }
    }
    if (pcap != NULL) pcap_close(pcap);
    free(live);
    return NULL;
}

void capture_live_close(struct capture_live *live) {
    if (live == NULL) return;
    pcap_close(live->pcap);
    free(live);
}

int capture_live_descriptor(const struct capture_live *live) {
    return pcap_get_selectable_fd(live->pcap);
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    struct capture_live *live = (struct capture_live *)(void *)user;
    nstime fraction = live->nanoseconds ? header->ts.tv_usec : header->ts.tv_usec * NS_PER_US;
    struct frame_seen frame = {
        .link_type = live->link_type, .wire_length = header->len, .captured = span_of(bytes, header->caplen)};
    if (capture_time(header->ts.tv_sec, fraction, &frame.time))
        live->frame(live->context, &frame);
    else
        live->time_wrong++;
}

int capture_live_read(struct capture_live *live, unsigned frames_max,
                      void (*frame)(void *context, const struct frame_seen *frame), void *context,
                      char error[CAPTURE_ERROR_BYTES]) {
    live->frame = frame;
    live->context = context;
    int count = pcap_dispatch(live->pcap, (int)frames_max, on_frame, (u_char *)live);
    if (count >= 0) return count;
    snprintf(error, CAPTURE_ERROR_BYTES, "interface %s: %s", live->name, pcap_geterr(live->pcap));
    return -1;
}

static uint64_t add_drops(struct drops *drops, uint32_t counter) {
    drops->all += (uint32_t)(counter - drops->last);
    drops->last = counter;
    return drops->all;
}

void capture_live_add_losses(struct capture_live *live, struct counters *counters) {
    struct pcap_stat stats = {.ps_drop = live->kernel.last, .ps_ifdrop = live->interface.last};
    (void)pcap_stats(live->pcap, &stats); /* of an interface that is gone: as it was */
    counters->kernel_drops += add_drops(&live->kernel, stats.ps_drop);
    counters->interface_drops += add_drops(&live->interface, stats.ps_ifdrop);
    counters->frame_time_wrong += live->time_wrong;
}

/* A packet socket answers this of any interface of its namespace.  One that is gone is told by capture_live_read. */
enum capture_link capture_live_link(const struct capture_live *live) {
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%.15s", live->name);
    if (ioctl(pcap_fileno(live->pcap), SIOCGIFFLAGS, &request) != 0) return CAPTURE_LINK_UP;
    if ((request.ifr_flags & IFF_UP) == 0) return CAPTURE_LINK_DOWN;
    return (request.ifr_flags & IFF_RUNNING) == 0 ? CAPTURE_LINK_NO_CARRIER : CAPTURE_LINK_UP;
}

const char *capture_live_name(const struct capture_live *live) {
    return live->name;
}
