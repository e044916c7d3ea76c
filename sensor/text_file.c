/* text_file: a small file that a person wrote, read whole.
 *
 * Opened without blocking, so that a FIFO by mistake is named and not waited for; only a regular file is read, and
 * never more than the limit, whatever its size is said to be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailspan/limits.h"

static bool file_problem(const char *path, struct problem *problem, const char *what) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, "%s", path);
    (void)snprintf(problem->what, sizeof problem->what, "%s", what);
    return false;
}

static bool error_problem(const char *path, struct problem *problem, const char *doing, int error) {
    char what[sizeof problem->what];
    (void)snprintf(what, sizeof what, "cannot %s: %s; expected a file that this user may read", doing, strerror(error));
    return file_problem(path, problem, what);
}

/* Fills at most size bytes; the number read, or -1 with errno. */
static ssize_t read_fully(int fd, uint8_t *memory, size_t size) {
    size_t used = 0;
    while (used < size) {
        ssize_t got = read(fd, memory + used, size - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        used += (size_t)got;
    }
    return (ssize_t)used;
}

static bool read_open_file(int fd, const char *path, struct span *text, struct problem *problem) {
    struct stat status;
    if (fstat(fd, &status) != 0) return error_problem(path, problem, "look at it", errno);
    if (S_ISDIR(status.st_mode)) return file_problem(path, problem, "is a directory; expected a file");
    if (!S_ISREG(status.st_mode)) return file_problem(path, problem, "is no regular file; expected one");
    char too_large[sizeof problem->what];
    (void)snprintf(too_large, sizeof too_large, "is too large; expected at most %u bytes", LIMIT_YAML_BYTES);
    if (status.st_size > (off_t)LIMIT_YAML_BYTES) return file_problem(path, problem, too_large);
    size_t room = LIMIT_YAML_BYTES + 1; /* not the size as told: the file may be growing, or in /proc */
    uint8_t *memory = malloc(room);
    if (memory == NULL) return file_problem(path, problem, "cannot be read: out of memory");
    ssize_t got = read_fully(fd, memory, room);
    if (got >= 0 && (size_t)got < room) {
        *text = span_of(memory, (size_t)got);
        return true;
    }
    int error = errno;
    free(memory);
    return got < 0 ? error_problem(path, problem, "read it", error) : file_problem(path, problem, too_large);
}

bool text_file_read(const char *path, struct span *text, struct problem *problem) {
    if (path[0] == '\0')
        return file_problem("", problem, "cannot open it: its name is empty; expected the path of a file");
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return error_problem(path, problem, "open it", errno);
    bool fine = read_open_file(fd, path, text, problem);
    (void)close(fd);
    return fine;
}

void problem_text(const struct problem *problem, char *text, size_t size) {
    if (problem->file[0] == '\0')
        (void)snprintf(text, size, "%s", problem->what);
    else if (problem->line == 0)
        (void)snprintf(text, size, "%s: %s", problem->file, problem->what);
    else
        (void)snprintf(text, size, "%s:%u:%u: %s", problem->file, problem->line, problem->column, problem->what);
}

void problem_print(const struct problem *problem) {
    char text[sizeof *problem + 32];
    problem_text(problem, text, sizeof text);
    (void)fprintf(stderr, "%s\n", text);
}
