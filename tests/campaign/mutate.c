/* mutate: writes a capture as a worse mirror, a broken disk, or somebody with bad intentions would have left it.
 *
 *     mutate make KIND SEED IN OUT    draws a plan, prints it, and writes the mutant
 *     mutate apply PLAN IN OUT        the mutant of a plan (which may have been made smaller by hand or by run)
 *
 * A plan has a line for each thing that is done, frames numbered from 1 as they stand in IN:
 *
 *     drop FRAME                      it was not captured
 *     late FRAME BY                   it comes BY frames later, at the time of its place (1: neighbours swapped)
 *     double FRAME BY                 it comes again, BY frames later
 *     snap FRAME BYTES                only its first BYTES were captured
 *     byte FRAME OFFSET VALUE         a byte of it is another one
 *     truncate BYTES                  the file ends so early
 *
 * KIND says which of them: drop, late (swaps too), double, snap, payload and header (bytes of the TCP payload, or
 * before it), truncate; order (late and double), loss (order, drop, snap and truncate), all. How many, and whether they
 * hit single frames, rows of them, or all that one side of a connection sent, is drawn too. The same arguments make
 * the same mutant to the byte. Reads what libpcap reads; the output is a pcap with microseconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mutant.h"

enum { SNAP_BYTES = 262144 };

static bool is_later(struct timeval a, struct timeval b) {
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_usec > b.tv_usec;
}

static void write_capture(const struct capture *c, const char *path) {
    pcap_t *shape = pcap_open_dead(c->link_type, SNAP_BYTES);
    pcap_dumper_t *out = pcap_dump_open(shape, path);
    struct placed *placed = calloc(place_room(c), sizeof *placed);
    if (out == NULL || placed == NULL) {
        fprintf(stderr, "mutate: %s: %s\n", path, pcap_geterr(shape));
        exit(1);
    }
    size_t count = place_all(c, placed);
    struct timeval clock = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct frame *f = placed[i].frame;
        if (is_later(f->time, clock)) clock = f->time;
        struct pcap_pkthdr header = {.ts = clock, .caplen = f->captured, .len = f->wire};
        pcap_dump((uint8_t *)out, &header, f->bytes);
    }
    pcap_dump_close(out);
    pcap_close(shape);
    free(placed);
    if (c->truncate_bytes > 0 && truncate(path, (off_t)c->truncate_bytes) != 0) {
        perror("mutate: truncate");
        exit(1);
    }
}

static void usage(void) {
    fprintf(stderr, "usage: mutate make KIND SEED IN OUT\n       mutate apply PLAN IN OUT\nKIND:");
    for (const struct mutant_kind *kind = mutant_kinds; kind->name != NULL; kind++) fprintf(stderr, " %s", kind->name);
    fprintf(stderr, "\n");
    exit(2);
}

int main(int argc, char **argv) {
    struct capture capture = {.told = stdout};
    const struct mutant_kind *kind = mutant_kinds;
    if (argc == 6 && strcmp(argv[1], "make") == 0) {
        while (kind->name != NULL && strcmp(kind->name, argv[2]) != 0) kind++;
        if (kind->name == NULL) usage();
        capture_read(&capture, argv[4]);
        plan_draw(&capture, kind->operations, strtoull(argv[3], NULL, 10));
        write_capture(&capture, argv[5]);
    } else if (argc == 5 && strcmp(argv[1], "apply") == 0) {
        capture_read(&capture, argv[3]);
        plan_read(&capture, argv[2]);
        write_capture(&capture, argv[4]);
    } else {
        usage();
    }
    capture_free(&capture);
    return 0;
}
