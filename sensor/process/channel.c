/* See channel.h.  A datagram:
 *
 *   BATCH  uint32 kind    { uint32 length, bytes }*
 *   FIRST  uint32 kind    uint32 length of the whole record    bytes
 *   REST   uint32 kind    bytes
 *
 * in the machine's own byte order: both ends are the same program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/channel.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "mailspan/clock.h"
#include "publish/sink.h"

#define DATAGRAM_BYTES (64u << 10) /* the kernel's default buffer holds three */
#define BATCHES_MIN 4
#define WAIT_NEVER INT64_MIN
#define WAIT_EVER INT64_MAX
#define DATAGRAMS_A_CALL \
    (4 + CHANNEL_RECORD_BYTES_MAX / DATAGRAM_BYTES) /* the largest record's, and some left by another */

enum datagram_kind { DATAGRAM_BATCH = 0x6d730001, DATAGRAM_FIRST, DATAGRAM_REST };

struct batch {
    uint32_t length;
    uint8_t bytes[DATAGRAM_BYTES];
};

struct channel_writer {
    int fd;
    int error;
    int64_t wait_until; /* by the monotonic clock */
    unsigned count;     /* of batches */
    unsigned first;     /* the one that is sent next */
    unsigned filled;    /* from there on; the last of them may take more when `open` */
    bool open;          /* the last one is a BATCH with room */
    struct batch *batches;
};

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct channel_writer *channel_writer_new(int fd, size_t bytes, enum channel_patience patience) {
    struct channel_writer *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->fd = fd;
    w->wait_until = patience == CHANNEL_WAITS ? WAIT_EVER : WAIT_NEVER;
    /* The largest record must fit whatever waits before it, or it would wait for ever. */
    w->count = BATCHES_MIN + (unsigned)((bytes + CHANNEL_RECORD_BYTES_MAX) / DATAGRAM_BYTES);
    w->batches = calloc(w->count, sizeof *w->batches);
    if (w->batches != NULL) return w;
    free(w);
    return NULL;
}

void channel_writer_free(struct channel_writer *w) {
    if (w == NULL) return;
    free(w->batches);
    free(w);
}

static struct batch *last_batch(struct channel_writer *w) {
    return &w->batches[(w->first + w->filled - 1) % w->count];
}

static struct batch *add_batch(struct channel_writer *w, enum datagram_kind kind) {
    uint32_t word = kind;
    w->filled++;
    struct batch *batch = last_batch(w);
    memcpy(batch->bytes, &word, sizeof word);
    batch->length = sizeof word;
    w->open = kind == DATAGRAM_BATCH;
    return batch;
}

static void put(struct batch *batch, const void *bytes, size_t length) {
    memcpy(batch->bytes + batch->length, bytes, length);
    batch->length += (uint32_t)length;
}

/* Sends one batch; false when the socket takes none now, or never will. */
static bool send_first(struct channel_writer *w) {
    const struct batch *batch = &w->batches[w->first];
    ssize_t sent;
    do sent = send(w->fd, batch->bytes, batch->length, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS && errno != ENOMEM) w->error = errno;
        return false;
    }
    w->first = (w->first + 1) % w->count;
    w->filled--;
    if (w->filled == 0) w->open = false;
    return true;
}

/* Until the socket takes something, or its reader is gone.  False when the time to wait is up. */
static bool wait_for_reader(struct channel_writer *w) {
    struct pollfd state = {.fd = w->fd, .events = POLLOUT};
    int timeout_ms = -1;
    if (w->wait_until == WAIT_NEVER) return false;
    if (w->wait_until != WAIT_EVER) {
        int64_t left_ns = w->wait_until - sink_now();
        if (left_ns <= 0) return false;
        timeout_ms = left_ns / NS_PER_MS < INT_MAX ? (int)(left_ns / NS_PER_MS) + 1 : INT_MAX;
    }
    if (poll(&state, 1, timeout_ms) < 0 && errno != EINTR) w->error = errno;
    return w->error == 0;
}

bool channel_flush(struct channel_writer *w) {
    while (w->error == 0 && w->filled > 0)
        if (!send_first(w) && (w->error != 0 || !wait_for_reader(w))) return false;
    return w->filled == 0;
}

/* So many batches are free, or become free. */
static bool make_room(struct channel_writer *w, unsigned batches) {
    while (w->count - w->filled < batches) {
        if (send_first(w)) continue;
        if (w->error != 0 || !wait_for_reader(w)) return false;
    }
    return true;
}

void channel_wait_until(struct channel_writer *w, int64_t monotonic_ns) {
    w->wait_until = monotonic_ns;
}

static size_t length_of(const struct span *parts, unsigned count) {
    size_t length = 0;
    for (unsigned i = 0; i < count; i++) length += parts[i].len;
    return length;
}

/* A record that is larger than a datagram. */
static void put_large(struct channel_writer *w, const struct span *parts, unsigned count, uint32_t length) {
    struct batch *batch = add_batch(w, DATAGRAM_FIRST);
    put(batch, &length, sizeof length);
    for (unsigned i = 0; i < count; i++) {
        struct span left = parts[i];
        while (left.len > 0) {
            if (batch->length == DATAGRAM_BYTES) batch = add_batch(w, DATAGRAM_REST);
            struct span piece = span_head(left, DATAGRAM_BYTES - batch->length);
            put(batch, piece.data, piece.len);
            left = span_from(left, piece.len);
        }
    }
}

bool channel_write(struct channel_writer *w, const struct span *parts, unsigned count) {
    size_t length = length_of(parts, count);
    uint32_t word = (uint32_t)length;
    if (length > CHANNEL_RECORD_BYTES_MAX || w->error != 0) return false;
    size_t const head = 2 * sizeof word;
    if (length > DATAGRAM_BYTES - head) {
        if (!make_room(w, 2 + word / (DATAGRAM_BYTES - (unsigned)head))) return false;
        put_large(w, parts, count, word);
        return true;
    }
    if (!w->open || DATAGRAM_BYTES - last_batch(w)->length < sizeof word + length) {
        if (!make_room(w, 1)) return false;
        (void)add_batch(w, DATAGRAM_BATCH);
    }
    struct batch *batch = last_batch(w);
    put(batch, &word, sizeof word);
    for (unsigned i = 0; i < count; i++)
        if (parts[i].len > 0) put(batch, parts[i].data, parts[i].len);
    return true;
}

int channel_writer_error(const struct channel_writer *w) {
    return w->error;
}

size_t channel_waiting_bytes(const struct channel_writer *w) {
    size_t bytes = 0;
    for (unsigned i = 0; i < w->filled; i++) bytes += w->batches[(w->first + i) % w->count].length;
    return bytes;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

struct channel_reader {
    int fd;
    struct span batch;     /* what is left of the datagram */
    uint32_t large_length; /* of a record in pieces; 0: there is none */
    uint32_t large_read;
    uint8_t datagram[DATAGRAM_BYTES + 1];
    uint8_t large[CHANNEL_RECORD_BYTES_MAX];
};

struct channel_reader *channel_reader_new(int fd) {
    struct channel_reader *r = calloc(1, sizeof *r);
    if (r != NULL) r->fd = fd;
    return r;
}

void channel_reader_free(struct channel_reader *r) {
    free(r);
}

static bool take_word(struct span *bytes, uint32_t *word) {
    if (bytes->len < sizeof *word) return false;
    memcpy(word, bytes->data, sizeof *word);
    *bytes = span_from(*bytes, sizeof *word);
    return true;
}

/* A piece of a large record.  What comes without a beginning was begun by somebody else: it is skipped. */
static enum channel_result take_piece(struct channel_reader *r, struct span piece, struct span *record) {
    if (r->large_length == 0) return CHANNEL_NOTHING;
    if (piece.len > r->large_length - r->large_read) return CHANNEL_BROKEN;
    if (piece.len > 0) memcpy(r->large + r->large_read, piece.data, piece.len);
    r->large_read += (uint32_t)piece.len;
    if (r->large_read < r->large_length) return CHANNEL_NOTHING;
    *record = span_of(r->large, r->large_length);
    r->large_length = r->large_read = 0;
    return CHANNEL_RECORD;
}

/* CHANNEL_NOTHING: the datagram holds, or completed, no record. */
static enum channel_result take_datagram(struct channel_reader *r, struct span bytes, struct span *record) {
    uint32_t kind, length;
    if (!take_word(&bytes, &kind)) return CHANNEL_BROKEN;
    switch (kind) {
        case DATAGRAM_BATCH:
            r->large_length = 0;
            r->batch = bytes;
            return CHANNEL_NOTHING;
        case DATAGRAM_FIRST:
            if (!take_word(&bytes, &length) || length == 0 || length > sizeof r->large) return CHANNEL_BROKEN;
            r->large_length = length;
            r->large_read = 0;
            return take_piece(r, bytes, record);
        case DATAGRAM_REST:
            return take_piece(r, bytes, record);
        default:
            return CHANNEL_BROKEN;
    }
}

/* What may be left of a record that is none is not looked at. */
static enum channel_result broken(struct channel_reader *r) {
    r->batch = SPAN_EMPTY;
    r->large_length = r->large_read = 0;
    return CHANNEL_BROKEN;
}

static enum channel_result next_of_batch(struct channel_reader *r, struct span *record) {
    uint32_t length;
    if (!take_word(&r->batch, &length) || length > r->batch.len) return broken(r);
    *record = span_head(r->batch, length);
    r->batch = span_from(r->batch, length);
    return CHANNEL_RECORD;
}

/* A writer that sends what never becomes a record keeps its reader from nothing else: who asked gets an answer. */
enum channel_result channel_read(struct channel_reader *r, struct span *record) {
    for (unsigned count = 0; count < DATAGRAMS_A_CALL; count++) {
        if (r->batch.len > 0) return next_of_batch(r, record);
        ssize_t length;
        do length = recv(r->fd, r->datagram, sizeof r->datagram, MSG_DONTWAIT);
        while (length < 0 && errno == EINTR);
        if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return CHANNEL_NOTHING;
        if (length <= 0) return CHANNEL_OVER;
        if ((size_t)length > DATAGRAM_BYTES) return broken(r);
        enum channel_result result = take_datagram(r, span_of(r->datagram, (size_t)length), record);
        if (result == CHANNEL_BROKEN) return broken(r);
        if (result == CHANNEL_RECORD) return result;
    }
    return r->batch.len > 0 ? next_of_batch(r, record) : CHANNEL_NOTHING;
}
