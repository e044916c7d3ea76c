/* Reads a configuration in a process of its own, which hands on the values and ends.
 *
 * A file may hold a password, and who reads it leaves copies in freed memory that nobody overwrites: of the file, of
 * libyaml's buffers, tokens and events.  A process that is forked later has all of that.  What is handed on is in one
 * place, which can be overwritten.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailspan/config.h"

/* Shared with the process that reads. */
struct reading {
    bool fine;
    struct problem problem;
    struct config config; /* its home_networks are those below */
    struct ip_prefix home_networks[CONFIG_PREFIXES_MAX];
};

static bool refuse(struct problem *problem, const char *path, const char *what) {
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, "%s", path);
    (void)snprintf(problem->what, sizeof problem->what, "%s", what);
    return false;
}

_Noreturn static void read_there(struct reading *reading, struct config *config, const char *path) {
    reading->fine = config_load(config, path, &reading->problem);
    if (reading->fine && config->home_network_count > 0)
        memcpy(reading->home_networks, config->home_networks, config->home_network_count * sizeof(struct ip_prefix));
    if (reading->fine) reading->config = *config;
    _exit(EXIT_SUCCESS);
}

static bool take(const struct reading *reading, struct config *config) {
    unsigned count = reading->config.home_network_count;
    struct ip_prefix *networks = count == 0 ? NULL : calloc(count, sizeof *networks);
    if (count > 0 && networks == NULL) return false;
    if (count > 0) memcpy(networks, reading->home_networks, count * sizeof *networks);
    config_free(config);
    *config = reading->config;
    config->home_networks = networks;
    return true;
}

static bool read_apart(struct reading *reading, struct config *config, const char *path, struct problem *problem) {
    int status = -1;
    fflush(NULL); /* else both would write what waits */
    pid_t process = fork();
    if (process == 0) read_there(reading, config, path);
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    if (process < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS)
        return refuse(problem, path, "the process that was to read it did not come to its end");
    if (!reading->fine) {
        *problem = reading->problem;
        return false;
    }
    return take(reading, config) || refuse(problem, path, "cannot be read: out of memory");
}

bool config_load_apart(struct config *config, const char *path, struct problem *problem) {
    struct reading *reading = mmap(NULL, sizeof *reading, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (reading == MAP_FAILED) return refuse(problem, path, "cannot be read: out of memory");
    bool fine = read_apart(reading, config, path, problem);
    sodium_memzero(reading, sizeof *reading);
    (void)munmap(reading, sizeof *reading);
    return fine;
}
