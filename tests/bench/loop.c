/* The floor: what it costs to have libpcap hand over every frame of a file, and to do nothing with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

struct totals {
    uint64_t packets;
    uint64_t bytes;
};

static void count(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    struct totals *totals = (struct totals *)(void *)user;
    (void)bytes;
    totals->packets++;
    totals->bytes += header->caplen;
}

int main(int argc, char **argv) {
    char reason[PCAP_ERRBUF_SIZE];
    struct totals totals = {0, 0};
    if (argc != 2) {
        fprintf(stderr, "usage: bench_loop FILE\n");
        return 2;
    }
    pcap_t *capture = pcap_open_offline(argv[1], reason);
    if (capture == NULL) {
        fprintf(stderr, "bench_loop: %s\n", reason);
        return 1;
    }
    int result;
    while ((result = pcap_dispatch(capture, -1, count, (u_char *)&totals)) > 0) {
    }
    if (result < 0) {
        fprintf(stderr, "bench_loop: %s\n", pcap_geterr(capture));
        return 1;
    }
    pcap_close(capture);
    printf("{\"packets\":%llu,\"bytes\":%llu}\n", (unsigned long long)totals.packets, (unsigned long long)totals.bytes);
    return 0;
}
