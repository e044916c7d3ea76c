/* See compiled_file.h.  A file, numbers in network order:
 *
 *   checksum of the rest (BLAKE2b, 32 bytes)    magic    number of databases
 *   of each: key (32 bytes), length and bytes of which are prefiltered, length and bytes of the database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "compiled_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailspan/limits.h"

#define MAGIC 0x4d734301u
#define CHECKSUM_BYTES 32
#define HEAD_BYTES (CHECKSUM_BYTES + 8)
#define MODE 0644

static void say(struct problem *problem, const char *path, const char *what) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, "%s", path);
    (void)snprintf(problem->what, sizeof problem->what, "%s", what);
}

static void say_error(struct problem *problem, const char *path, const char *doing, int error) {
    char what[sizeof problem->what];
    (void)snprintf(what, sizeof what, "cannot %s: %s", doing, strerror(error));
    say(problem, path, what);
}

static void checksum_of(struct span bytes, uint8_t checksum[CHECKSUM_BYTES]) {
    (void)crypto_generichash(checksum, CHECKSUM_BYTES, bytes.data, bytes.len, NULL, 0);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Of the open file, so that nobody can put another one in its place in between. */
static bool may_be_believed(const struct stat *status, const char *path, struct problem *problem) {
    char what[sizeof problem->what];
    if (!S_ISREG(status->st_mode)) {
        say(problem, path, "is no regular file; expected one that `mailspan rules compile` has written");
        return false;
    }
    bool const strange = status->st_uid != 0 && status->st_uid != geteuid();
    if (!strange && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0) return true;
    (void)snprintf(what, sizeof what,
                   "others may have written it (user %u, mode %03o), and so could make this program do anything; "
                   "expected a file that root, or who runs this, owns and alone may write: remove it, and write it "
                   "anew with `mailspan rules compile`",
                   (unsigned)status->st_uid, (unsigned)status->st_mode & 0777u);
    say(problem, path, what);
    return false;
}

/* False with errno when less is there. */
static bool read_all(int fd, uint8_t *memory, size_t size) {
    for (size_t used = 0; used < size;) {
        ssize_t const got = read(fd, memory + used, size - used);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) errno = EIO;
        if (got <= 0) return false;
        used += (size_t)got;
    }
    return true;
}

/* Copied, because a file that is mapped could change when it was looked at. */
static enum compiled_file read_open(int fd, const char *path, struct span *bytes, struct problem *problem) {
    struct stat status;
    if (fstat(fd, &status) != 0) {
        say_error(problem, path, "look at it", errno);
        return COMPILED_FILE_REFUSED;
    }
    if (!may_be_believed(&status, path, problem)) return COMPILED_FILE_REFUSED;
    if (status.st_size < HEAD_BYTES || status.st_size > (off_t)LIMIT_HANDOVER_BYTES) {
        say(problem, path, "is too short or too long for compiled expressions");
        return COMPILED_FILE_USELESS;
    }
    size_t const size = (size_t)status.st_size;
    uint8_t *memory = malloc(size);
    if (memory != NULL && read_all(fd, memory, size)) {
        *bytes = span_of(memory, size);
        return COMPILED_FILE_READ;
    }
    say_error(problem, path, "read it", memory == NULL ? ENOMEM : errno);
    free(memory);
    return COMPILED_FILE_REFUSED;
}

static bool is_whole(struct span bytes) {
    uint8_t checksum[CHECKSUM_BYTES];
    checksum_of(span_from(bytes, CHECKSUM_BYTES), checksum);
    return span_equal(span_head(bytes, CHECKSUM_BYTES), span_of(checksum, sizeof checksum));
}

/* False when it does not add up. */
static bool offer_all(struct span bytes, struct compiled *compiled, bool *memory) {
    struct reader r = reader_of(span_from(bytes, CHECKSUM_BYTES));
    bool const known = reader_be32(&r) == MAGIC;
    uint32_t const count = reader_be32(&r);
    if (!known || count > LIMIT_COMPILED) return false;
    for (uint32_t i = 0; i < count; i++) {
        struct compiled_database database;
        struct span const key = reader_bytes(&r, sizeof database.key);
        database.prefiltered = reader_bytes(&r, reader_be32(&r));
        database.bytes = reader_bytes(&r, reader_be32(&r));
        if (r.failed) return false;
        memcpy(database.key, key.data, sizeof database.key);
        *memory = *memory && compiled_offer(compiled, &database);
    }
    return reader_left(&r) == 0;
}

enum compiled_file compiled_file_read(const char *path, struct compiled *compiled, struct problem *problem) {
    struct span bytes = SPAN_EMPTY;
    int const fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        int const error = errno;
        say_error(problem, path, "open it", error);
        return error == ENOENT ? COMPILED_FILE_USELESS : COMPILED_FILE_REFUSED;
    }
    enum compiled_file result = read_open(fd, path, &bytes, problem);
    (void)close(fd);
    if (result != COMPILED_FILE_READ) return result;
    bool memory = true;
    if (!is_whole(bytes) || !offer_all(bytes, compiled, &memory)) {
        say(problem, path, "is damaged, or was not written by `mailspan rules compile`");
        result = COMPILED_FILE_USELESS;
    } else if (!memory) {
        say(problem, path, "there is not enough memory for it");
        result = COMPILED_FILE_USELESS;
    }
    free((void *)(uintptr_t)bytes.data);
    return result;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static uint8_t *put_number(uint8_t *at, size_t number) {
    for (unsigned i = 0; i < 4; i++) at[i] = (uint8_t)(number >> (24 - 8 * i));
    return at + 4;
}

static uint8_t *put(uint8_t *at, struct span bytes) {
    if (bytes.len > 0) memcpy(at, bytes.data, bytes.len);
    return at + bytes.len;
}

/* NULL: not enough memory. */
static uint8_t *make_bytes(const struct compiled *compiled, size_t *size) {
    unsigned const count = compiled_count(compiled);
    *size = HEAD_BYTES;
    for (unsigned i = 0; i < count; i++) {
        const struct compiled_database *database = compiled_at(compiled, i);
        *size += sizeof database->key + 8 + database->prefiltered.len + database->bytes.len;
    }
    uint8_t *bytes = malloc(*size);
    if (bytes == NULL) return NULL;
    uint8_t *at = put_number(put_number(bytes + CHECKSUM_BYTES, MAGIC), count);
    for (unsigned i = 0; i < count; i++) {
        const struct compiled_database *database = compiled_at(compiled, i);
        at = put(at, span_of(database->key, sizeof database->key));
        at = put(put_number(at, database->prefiltered.len), database->prefiltered);
        at = put(put_number(at, database->bytes.len), database->bytes);
    }
    checksum_of(span_of(bytes + CHECKSUM_BYTES, *size - CHECKSUM_BYTES), bytes);
    return bytes;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size) {
    for (size_t used = 0; used < size;) {
        ssize_t const wrote = write(fd, bytes + used, size - used);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        used += (size_t)wrote;
    }
    return fchmod(fd, MODE) == 0 && fsync(fd) == 0;
}

/* Beside it, and then in its place: who reads meanwhile has the old one or the new one. */
static bool replace(const char *path, const uint8_t *bytes, size_t size) {
    char beside[sizeof(struct problem)];
    int const length = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof beside) {
        errno = ENAMETOOLONG;
        return false;
    }
    int const fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) return false;
    bool good = write_all(fd, bytes, size);
    int error = errno;
    if (close(fd) != 0 && good) {
        good = false;
        error = errno;
    }
    if (good && rename(beside, path) == 0) return true;
    if (good) error = errno;
    (void)unlink(beside);
    errno = error;
    return false;
}

bool compiled_file_write(const char *path, const struct compiled *compiled, struct problem *problem) {
    size_t size = 0;
    uint8_t *bytes = make_bytes(compiled, &size);
    bool const fits = size <= LIMIT_HANDOVER_BYTES;
    bool const good = bytes != NULL && fits && replace(path, bytes, size);
    if (!fits)
        say(problem, path, "the compiled expressions are too large for one file; expected fewer rules");
    else if (!good)
        say_error(problem, path, "write it", bytes == NULL ? ENOMEM : errno);
    free(bytes);
    return good;
}
