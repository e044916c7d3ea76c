/* See mapped.h.
 *
 *   0             24            at                                         size
 *   | file header | record, record, record ...                              |
 *         | the one before | window ...    |    pages that are there, asked for at once
 *
 * A page of a mapping that the file does not reach any more is a SIGBUS.  So the file's size is asked for with each
 * window, and the window's pages are fetched by madvise, which fails where a touch would kill; what is left is a file
 * that is cut within the milliseconds in which a window or two are read.
 *
 * The format is draft-ietf-opsawg-pcap's: 16 bytes of seconds, fraction, captured length, length, and the frame.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mapped.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define WINDOW_BYTES (2u << 20) /* what is read of it, half or more, nearly fits a processor's second cache */
#define FRAME_BYTES_MAX 262144  /* libpcap's own limit for the link types that are decoded */
#define GRAIN_BYTES (1u << 20)  /* windows begin at multiples */
#define PAGE_BYTES 65536u       /* any multiple of the machine's will do */
#define RECORD_BYTES 16u
/* Of a frame that stays: so many fit a window that all in the one before have gone when it is left. */
#define STAYING_BYTES_MAX ((WINDOW_BYTES - GRAIN_BYTES) / (CAPTURE_FRAMES_STAY + 1) - RECORD_BYTES)

enum { MAGIC_MICROSECONDS = 0xa1b2c3d4, MAGIC_NANOSECONDS = 0xa1b23c4d };

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t reserved[2];
    uint32_t snap_length;
    uint32_t link_type;
};

struct record_header {
    int32_t seconds; /* signed, as libpcap reads them */
    int32_t fraction;
    uint32_t captured;
    uint32_t length;
};

_Static_assert(sizeof(struct record_header) == RECORD_BYTES, "as it is in the file");

bool mapped_begin(struct mapped *mapped, FILE *stream, uint32_t frame_bytes_max) {
    struct file_header header;
    struct stat status;
    *mapped = (struct mapped){.descriptor = fileno(stream), .frame_bytes_max = frame_bytes_max};
    off_t at = ftello(stream);
    if (at < (off_t)sizeof header || fstat(mapped->descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    if (pread(mapped->descriptor, &header, sizeof header, at - (off_t)sizeof header) != (ssize_t)sizeof header)
        return false;
    bool known = header.magic == MAGIC_MICROSECONDS || header.magic == MAGIC_NANOSECONDS;
    if (!known || header.major != 2 || header.minor != 4) return false;
    if (mapped->frame_bytes_max > FRAME_BYTES_MAX) mapped->frame_bytes_max = FRAME_BYTES_MAX;
    mapped->nanoseconds = header.magic == MAGIC_NANOSECONDS;
    mapped->at = (uint64_t)at;
    mapped->in_use = true;
    return true;
}

static void unmap(struct mapped_window *window) {
    if (window->bytes != NULL) munmap(window->bytes, window->length);
    *window = (struct mapped_window){.bytes = NULL};
}

/* A window that begins at mapped->at or a little before it.  Private and writable: who is handed a frame may scribble
 * on it, as on libpcap's buffer. */
static bool map(struct mapped *mapped) {
    struct stat status;
    if (mapped->before.bytes != NULL && mapped->frames <= CAPTURE_FRAMES_STAY) return false; /* the file grows */
    if (fstat(mapped->descriptor, &status) != 0 || status.st_size < 0) return false;
    uint64_t size = (uint64_t)status.st_size;
    uint64_t start = mapped->at - mapped->at % GRAIN_BYTES;
    if (start >= size) return false;
    size_t length = size - start < WINDOW_BYTES ? (size_t)(size - start) : WINDOW_BYTES;
    void *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, mapped->descriptor, (off_t)start);
    if (bytes == MAP_FAILED) return false;
    unmap(&mapped->before);
    mapped->before = mapped->window;
    mapped->window = (struct mapped_window){bytes, start, length};
    mapped->frames = 0;
    size_t read = (size_t)(mapped->at - start) / PAGE_BYTES * PAGE_BYTES; /* of an earlier window */
    return madvise((char *)bytes + read, length - read, MADV_POPULATE_READ) == 0;
}

/* The file's bytes from mapped->at on that lie in the window. */
static struct span rest_of_window(const struct mapped *mapped) {
    uint64_t offset = mapped->at - mapped->window.start;
    if (mapped->window.bytes == NULL || offset > mapped->window.length) return SPAN_EMPTY;
    return span_of(mapped->window.bytes + offset, mapped->window.length - (size_t)offset);
}

/* False when the record is not whole in the window; *bad when no window will make it so, or its time is out of range.
 */
static inline bool take(struct mapped *mapped, struct frame_seen *frame, bool *bad) {
    struct record_header header;
    struct span rest = rest_of_window(mapped);
    if (rest.len < sizeof header) return false;
    memcpy(&header, rest.data, sizeof header);
    int64_t fraction_ns = mapped->nanoseconds ? header.fraction : (int64_t)header.fraction * 1000;
    *bad = header.captured > mapped->frame_bytes_max || !capture_time(header.seconds, fraction_ns, &frame->time);
    if (*bad || rest.len - sizeof header < header.captured) return false;
    frame->wire_length = header.length;
    frame->captured = span_of(rest.data + sizeof header, header.captured);
    frame->stays = header.captured <= STAYING_BYTES_MAX;
    mapped->frames += frame->stays ? 1 : CAPTURE_FRAMES_STAY;        /* none is kept beside one that does not */
    __builtin_prefetch(frame->captured.data + header.captured + 64); /* the next header comes from memory, not cache */
    __builtin_prefetch(frame->captured.data + header.captured);
    mapped->at += sizeof header + header.captured;
    return true;
}

bool mapped_next(struct mapped *mapped, struct frame_seen *frame) {
    bool bad = false;
    if (take(mapped, frame, &bad)) return true;
    return !bad && map(mapped) && take(mapped, frame, &bad);
}

void mapped_end(struct mapped *mapped) {
    unmap(&mapped->window);
    unmap(&mapped->before);
    mapped->in_use = false;
}
