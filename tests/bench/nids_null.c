/* What libnids costs when nobody uses what it delivers: it is fed by hand with each frame, as a program with a capture
 * loop of its own does it, and reassembles both directions of every IPv4 connection into a callback that only counts.
 *
 * The settings are the ones to use it with: no port scan detection (its table can be made to crash by one address), no
 * checksums, tcp_workarounds (or connections with holes are never freed), and a log hook that keeps it from syslog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <nids.h>
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAMS_DEFAULT = 131072 };

struct totals {
    uint64_t packets;
    uint64_t streams;
    uint64_t bytes; /* reassembled */
    uint64_t complaints;
};

static struct totals totals;

static void count_stream(struct tcp_stream *stream, void **unused) {
    (void)unused;
    if (stream->nids_state == NIDS_JUST_EST) {
        stream->client.collect++;
        stream->server.collect++;
        totals.streams++;
    } else if (stream->nids_state == NIDS_DATA) {
        totals.bytes += (uint64_t)(stream->client.count_new + stream->server.count_new);
    }
}

static void count_complaint(int type, int number, void *ip_header, void *data) {
    (void)type;
    (void)number;
    (void)ip_header;
    (void)data;
    totals.complaints++;
}

static void hand_over(u_char *unused, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)unused;
    totals.packets++;
    nids_pcap_handler(NULL, (struct pcap_pkthdr *)(uintptr_t)header, (u_char *)(uintptr_t)bytes);
}

static void library_prepare(int link_type, int streams) {
    static struct nids_chksum_ctl all_addresses; /* netaddr 0 / mask 0 */
    nids_params.pcap_desc = pcap_open_dead(link_type, 262144);
    nids_params.scan_num_hosts = 0;
    nids_params.tcp_workarounds = 1;
    nids_params.n_tcp_streams = streams;
    nids_params.syslog = count_complaint;
    nids_params.device = NULL;
    if (!nids_init()) {
        fprintf(stderr, "bench_nids: %s\n", nids_errbuf);
        exit(1);
    }
    all_addresses.action = NIDS_DONT_CHKSUM;
    nids_register_chksum_ctl(&all_addresses, 1);
    nids_register_tcp(count_stream);
}

int main(int argc, char **argv) {
    char reason[PCAP_ERRBUF_SIZE];
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: bench_nids FILE [STREAMS]\n");
        return 2;
    }
    pcap_t *capture = pcap_open_offline(argv[1], reason);
    if (capture == NULL) {
        fprintf(stderr, "bench_nids: %s\n", reason);
        return 1;
    }
    library_prepare(pcap_datalink(capture), argc == 3 ? atoi(argv[2]) : STREAMS_DEFAULT);
    int result;
    while ((result = pcap_dispatch(capture, -1, hand_over, NULL)) > 0) {
    }
    if (result < 0) {
        fprintf(stderr, "bench_nids: %s\n", pcap_geterr(capture));
        return 1;
    }
    pcap_close(capture);
    printf("{\"packets\":%llu,\"streams\":%llu,\"bytes\":%llu,\"complaints\":%llu}\n",
           (unsigned long long)totals.packets, (unsigned long long)totals.streams, (unsigned long long)totals.bytes,
           (unsigned long long)totals.complaints);
    return 0;
}
