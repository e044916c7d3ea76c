/* Recorded captures through libpcap, several merged by the time of their frames.
 *
 * Each capture's next frame is read ahead (libpcap keeps it until the capture is read again); the earliest goes first,
 * and among equals the capture that was named first.
 *
 * Frames of an ordinary pcap file come through mapped.c, which copies nothing; libpcap has opened the file, and reads
 * it on from the first record that is not as it should be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/capture.h"
#include "capture/mapped.h"
#include "mailspan/packet.h"

struct capture_file {
    const char *name;
    pcap_t *pcap;
    struct mapped mapped;
    struct frame_seen ahead;
    bool over;
    bool stale; /* what was read ahead has been handed out */
};

struct capture_files {
    struct capture_file *files;
    unsigned count;
    void (*complain)(const char *text);
};

static void complain(struct capture_files *files, const char *name, const char *what, const char *advice) {
    char text[1024];
    snprintf(text, sizeof text, "%s: %s%s", strcmp(name, "-") == 0 ? "standard input" : name, what, advice);
    files->complain(text);
}

/* False when the frame's time is out of range: it has no place among the others. */
static bool take_frame(struct capture_file *file, const struct pcap_pkthdr *header, const u_char *bytes) {
    file->ahead.wire_length = header->len;
    file->ahead.captured = span_of(bytes, header->caplen);
    file->ahead.stays = false;
    /* tv_usec holds nanoseconds: the capture was opened so. */
    return capture_time(header->ts.tv_sec, header->ts.tv_usec, &file->ahead.time);
}

/* True when a frame was read ahead.  When not, libpcap goes on; frames that stay are still there. */
static bool read_mapped(struct capture_file *file) {
    if (mapped_next(&file->mapped, &file->ahead)) return true;
    (void)fseeko(pcap_file(file->pcap), (off_t)file->mapped.at, SEEK_SET);
    file->mapped.in_use = false;
    return false;
}

static void read_ahead(struct capture_files *files, struct capture_file *file, struct counters *counters) {
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int result;
    file->stale = false;
    if (file->mapped.in_use && read_mapped(file)) return;
    while ((result = pcap_next_ex(file->pcap, &header, &bytes)) == 1) {
        if (take_frame(file, header, bytes)) return;
        counters->frame_time_wrong++;
    }
    file->over = true; /* PCAP_ERROR_BREAK is the end of a whole capture */
    if (result == PCAP_ERROR_BREAK) return;
    counters->capture_cut++;
    complain(files, file->name, pcap_geterr(file->pcap), "; everything before this was read");
}

/* NULL when it cannot be opened, which was said. */
static FILE *open_stream(struct capture_files *files, const char *name) {
    struct stat status;
    if (strcmp(name, "-") == 0) return stdin;
    FILE *stream = fopen(name, "rb");
    if (stream == NULL) {
        char what[256];
        snprintf(what, sizeof what, "cannot open it: %s", strerror(errno));
        complain(files, name, what, "; expected a file that this user may read");
    } else if (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode)) {
        complain(files, name, "is a directory", "; name the capture files in it");
        fclose(stream);
        return NULL;
    }
    return stream;
}

/* Looks at the first byte, which no capture has in common with what is told apart here; more could not be given back to
 * a pipe.  Returns false when it was said why this is no capture. */
static bool begins_well(struct capture_files *files, const char *name, FILE *stream) {
    int first = getc(stream);
    switch (first) {
        case EOF:
            if (ferror(stream) != 0)
                complain(files, name, strerror(errno), "; expected a pcap or pcapng capture");
            else
                complain(files, name, "is empty", "; expected a pcap or pcapng capture");
            return false;
        case 0x1f:
            complain(files, name, "is compressed with gzip", "; unpack it: zcat FILE | mailspan replay -");
            return false;
        case 0xfd:
            complain(files, name, "is compressed with xz", "; unpack it: xzcat FILE | mailspan replay -");
            return false;
        default:
            return ungetc(first, stream) == first;
    }
}

/* libpcap's messages, with what to do. */
static bool open_one(struct capture_files *files, struct capture_file *file, const char *name) {
    char error[PCAP_ERRBUF_SIZE] = "";
    file->name = name;
    file->over = true;
    FILE *stream = open_stream(files, name);
    if (stream == NULL) return false;
    if (begins_well(files, name, stream)) {
        file->pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error);
        if (file->pcap == NULL) complain(files, name, error, "; expected a pcap or pcapng capture");
    }
    if (file->pcap == NULL) {
        if (stream != stdin) fclose(stream);
        return false;
    }
    if (!frame_link_known(pcap_datalink(file->pcap))) {
        char what[256];
        int link = pcap_datalink(file->pcap);
        const char *link_name = pcap_datalink_val_to_name(link);
        snprintf(what, sizeof what, "link type %d (%s) is not decoded", link,
                 link_name == NULL ? "unknown" : link_name);
        complain(files, name, what, "; expected Ethernet, Linux cooked, raw IP or loopback");
        pcap_close(file->pcap);
        file->pcap = NULL;
        return false;
    }
    file->ahead.link_type = pcap_datalink(file->pcap);
    (void)mapped_begin(&file->mapped, stream, (uint32_t)pcap_snapshot(file->pcap));
    file->over = false;
    file->stale = true;
    return true;
}

struct capture_files *capture_files_open(char *const *names, unsigned count, void (*complain_to)(const char *text),
                                         unsigned *failed) {
    struct capture_files *files = calloc(1, sizeof *files);
    struct capture_file *array = calloc(count == 0 ? 1 : count, sizeof *array);
    *failed = 0;
    if (files == NULL || array == NULL) {
        free(files);
        free(array);
        return NULL;
    }
    files->files = array;
    files->complain = complain_to;
    files->count = count;
    for (unsigned i = 0; i < count; i++)
        if (!open_one(files, &array[i], names[i])) ++*failed;
    return files;
}

void capture_files_complain_to(struct capture_files *files, void (*complain_to)(const char *text)) {
    files->complain = complain_to;
}

/* Of a single capture nothing need be read ahead. */
static bool next_of_one(struct capture_files *files, struct frame_seen *frame, struct counters *counters) {
    struct capture_file *file = &files->files[0];
    frame->link_type = file->ahead.link_type;
    if (file->mapped.in_use && mapped_next(&file->mapped, frame)) return true;
    if (!file->over) read_ahead(files, file, counters);
    *frame = file->ahead;
    return !file->over;
}

bool capture_files_next(struct capture_files *files, struct frame_seen *frame, struct counters *counters) {
    struct capture_file *earliest = NULL;
    if (files->count == 1) return next_of_one(files, frame, counters);
    for (unsigned i = 0; i < files->count; i++) {
        struct capture_file *file = &files->files[i];
        if (!file->over && file->stale) read_ahead(files, file, counters);
        if (file->over || (earliest != NULL && file->ahead.time >= earliest->ahead.time)) continue;
        earliest = file;
    }
    if (earliest == NULL) return false;
    earliest->stale = true;
    *frame = earliest->ahead;
    return true;
}

void capture_files_close(struct capture_files *files) {
    if (files == NULL) return;
    for (unsigned i = 0; i < files->count; i++) {
        mapped_end(&files->files[i].mapped);
        if (files->files[i].pcap != NULL) pcap_close(files->files[i].pcap);
    }
    free(files->files);
    free(files);
}
