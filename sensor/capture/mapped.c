/* See mapped.h.
 *
 *   0             24            at                                         size
 *   | file header | record, record, record ...                              |
 *                          | window_start ... window_bytes |    pages that are there, asked for at once
 *
 * A page of a mapping that the file does not reach any more is a SIGBUS.  So the file's size is asked for with each
 * window, and the window's pages are fetched by madvise, which fails where a touch would kill; what is left is a file
 * that is cut within the millisecond in which one window is read.
 *
 * The format is draft-ietf-opsawg-pcap's: 16 bytes of seconds, fraction, captured length, length, and the frame.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mapped.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define WINDOW_BYTES (4u << 20) /* what the second level of a processor's caches nearly holds */
#define FRAME_BYTES_MAX 262144  /* libpcap's own limit for the link types that are decoded */
#define PAGE_BYTES 4096u        /* any multiple of the machine's will do, and offsets are rounded to GRAIN_BYTES */
#define GRAIN_BYTES (16u * PAGE_BYTES)

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

static void unmap(struct mapped *mapped) {
    if (mapped->window != NULL) munmap(mapped->window, mapped->window_bytes);
    mapped->window = NULL;
    mapped->window_bytes = 0;
}

/* A window that begins at mapped->at or a little before it.  Private and writable: who is handed a frame may scribble
 * on it, as on libpcap's buffer. */
static bool map(struct mapped *mapped) {
    struct stat status;
    unmap(mapped);
    if (fstat(mapped->descriptor, &status) != 0 || status.st_size < 0) return false;
    mapped->size = (uint64_t)status.st_size;
    uint64_t start = mapped->at - mapped->at % GRAIN_BYTES;
    if (start >= mapped->size) return false;
    uint64_t left = mapped->size - start;
    size_t bytes = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;
    void *window = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, mapped->descriptor, (off_t)start);
    if (window == MAP_FAILED) return false;
    mapped->window = window;
    mapped->window_start = start;
    mapped->window_bytes = bytes;
    return madvise(window, bytes, MADV_POPULATE_READ) == 0;
}

/* The file's bytes from a place on that lie in the window. */
static struct span rest_of_window(const struct mapped *mapped, uint64_t at) {
    uint64_t offset = at - mapped->window_start;
    if (mapped->window == NULL || offset > mapped->window_bytes) return SPAN_EMPTY;
    return span_of(mapped->window + offset, mapped->window_bytes - (size_t)offset);
}

/* The record at *at, behind which *at is moved.  False when it is not whole in the window; *bad when no window will
 * make it so. */
static inline bool take(const struct mapped *mapped, uint64_t *at, struct mapped_frame *frame, bool *bad) {
    struct record_header header;
    struct span rest = rest_of_window(mapped, *at);
    if (rest.len < sizeof header) return false;
    memcpy(&header, rest.data, sizeof header);
    *bad = header.captured > mapped->frame_bytes_max;
    if (*bad || rest.len - sizeof header < header.captured) return false;
    frame->seconds = header.seconds;
    frame->fraction_ns = mapped->nanoseconds ? header.fraction : (int64_t)header.fraction * 1000;
    frame->wire_length = header.length;
    frame->captured = span_of(rest.data + sizeof header, header.captured);
    __builtin_prefetch(frame->captured.data + header.captured + 64); /* the next header comes from memory, not cache */
    __builtin_prefetch(frame->captured.data + header.captured);
    *at += sizeof header + header.captured;
    return true;
}

bool mapped_next(struct mapped *mapped, struct mapped_frame *frame) {
    bool bad = false;
    if (take(mapped, &mapped->at, frame, &bad)) return true;
    return !bad && map(mapped) && take(mapped, &mapped->at, frame, &bad);
}

bool mapped_peek(struct mapped *mapped, struct mapped_frame *frame) {
    bool bad = false;
    if (mapped->peeked < mapped->at) mapped->peeked = mapped->at;
    return take(mapped, &mapped->peeked, frame, &bad);
}

void mapped_end(struct mapped *mapped) {
    unmap(mapped);
    mapped->in_use = false;
}
