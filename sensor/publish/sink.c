/* Records on their way to a descriptor; see sink.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define GATHERED_BYTES (32u << 10) /* written together: a write for each record would cost more than the record */

struct sink {
    int fd;
    int own_fd; /* opened by us; -1: none */
    bool is_socket;
    bool may_block; /* writes are kept small, and only when the kernel has room */
    FILE *file;
    uint8_t *ring;
    size_t capacity;
    size_t head;    /* of the oldest byte that waits */
    size_t waiting; /* bytes of whole records */
    size_t record;  /* bytes of the record being written, behind these */
    bool overflow;  /* this record did not fit */
    int64_t wait_until;
    bool waits_for_room;
    int no_room; /* errno */
    int error;
};

int64_t sink_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static ssize_t write_some(const struct sink *sink, const uint8_t *bytes, size_t length) {
    if (sink->is_socket) return send(sink->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sink->may_block) {
        struct pollfd state = {.fd = sink->fd, .events = POLLOUT};
        if (poll(&state, 1, 0) == 0) {
            errno = EAGAIN;
            return -1;
        }
        if (length > PIPE_BUF) length = PIPE_BUF; /* so much a pipe that is writable takes at once */
    }
    return write(sink->fd, bytes, length);
}

/* False when the time to wait is up. */
static bool wait_for_reader(const struct sink *sink) {
    struct pollfd state = {.fd = sink->fd, .events = POLLOUT};
    int timeout_ms = -1;
    if (sink->wait_until != SINK_WAIT_EVER) {
        int64_t left_ns = sink->wait_until == SINK_WAIT_NEVER ? 0 : sink->wait_until - sink_now();
        if (left_ns <= 0) return false;
        timeout_ms = left_ns / 1000000 < 60000 ? (int)(left_ns / 1000000) + 1 : 60000;
    }
    (void)poll(&state, 1, timeout_ms); /* ready, interrupted, or late: whoever asks tries again */
    return true;
}

/* The disk is full, or the file as long as it may be. */
static bool is_no_room(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

bool sink_flush(struct sink *sink) {
    while (sink->waiting > 0 && sink->error == 0) {
        size_t to_end = sink->capacity - sink->head;
        ssize_t written = write_some(sink, sink->ring + sink->head, sink->waiting < to_end ? sink->waiting : to_end);
        if (written >= 0) {
            sink->head = (sink->head + (size_t)written) % sink->capacity;
            sink->waiting -= (size_t)written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_for_reader(sink)) return false;
        } else if (sink->waits_for_room && is_no_room(errno)) {
            sink->no_room = errno; /* whoever makes room does not tell */
            return false;
        } else if (errno != EINTR) {
            sink->error = errno;
        }
    }
    if (sink->waiting == 0) sink->no_room = 0;
    return sink->waiting == 0;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static void copy_in(struct sink *sink, const char *bytes, size_t length) {
    size_t at = (sink->head + sink->waiting + sink->record) % sink->capacity;
    size_t first = length < sink->capacity - at ? length : sink->capacity - at;
    memcpy(sink->ring + at, bytes, first);
    memcpy(sink->ring, bytes + first, length - first);
    sink->record += length;
}

/* The cookie's write function: always takes everything, so that the stream stays usable. */
static ssize_t take(void *cookie, const char *bytes, size_t length) {
    struct sink *sink = cookie;
    if (sink->overflow || sink->error != 0) {
        sink->overflow = true;
        return (ssize_t)length;
    }
    if (sink->capacity - sink->waiting - sink->record < length) (void)sink_flush(sink);
    if (sink->capacity - sink->waiting - sink->record < length)
        sink->overflow = true;
    else
        copy_in(sink, bytes, length);
    return (ssize_t)length;
}

size_t sink_record_bytes(const struct sink *sink) {
    return sink->record + sink->overflow;
}

bool sink_record_end(struct sink *sink) {
    bool taken = !sink->overflow && sink->error == 0;
    if (taken) sink->waiting += sink->record;
    sink->record = 0;
    sink->overflow = false;
    if (sink->waiting >= GATHERED_BYTES) (void)sink_flush(sink);
    return taken;
}

size_t sink_waiting_bytes(const struct sink *sink) {
    return sink->waiting;
}

int sink_error(const struct sink *sink) {
    return sink->error;
}

int sink_no_room(const struct sink *sink) {
    return sink->no_room;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

/* A description of our own, or -1.  A plain file keeps its description: it has the place to write at.  What was opened
 * for reading alone is not ours to write to. */
static int open_anew(int fd, const struct stat *status) {
    char path[64];
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return -1;
    if (!S_ISFIFO(status->st_mode) && !S_ISCHR(status->st_mode)) return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct sink *sink_new(int fd, size_t capacity) {
    struct sink *sink = calloc(1, sizeof *sink);
    struct stat status = {.st_mode = S_IFREG};
    if (sink == NULL) return NULL;
    (void)fstat(fd, &status);
    sink->own_fd = open_anew(fd, &status);
    sink->fd = sink->own_fd >= 0 ? sink->own_fd : fd;
    sink->is_socket = S_ISSOCK(status.st_mode);
    sink->may_block = sink->own_fd < 0 && !S_ISREG(status.st_mode);
    sink->capacity = capacity;
    sink->ring = malloc(capacity);
    sink->file = fopencookie(sink, "w", (cookie_io_functions_t){.write = take});
    if (sink->ring == NULL || sink->file == NULL || setvbuf(sink->file, NULL, _IONBF, 0) != 0) {
        sink_free(sink);
        return NULL;
    }
    return sink;
}

void sink_free(struct sink *sink) {
    if (sink == NULL) return;
    if (sink->file != NULL) fclose(sink->file);
    if (sink->own_fd >= 0) close(sink->own_fd);
    free(sink->ring);
    free(sink);
}

FILE *sink_file(struct sink *sink) {
    return sink->file;
}

int sink_descriptor(const struct sink *sink) {
    return sink->fd;
}

void sink_wait_for_room(struct sink *sink) {
    sink->waits_for_room = true;
}

void sink_wait_until(struct sink *sink, int64_t monotonic_ns) {
    sink->wait_until = monotonic_ns;
}
