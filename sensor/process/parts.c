/* See parts.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/parts.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/capture.h"
#include "commands/outputs.h"
#include "process/jail.h"
#include "process/reporter.h"
#include "process/rights.h"

#define QUEUE_BYTES (256u << 10) /* it waits for its reader: more would only take memory */
#define FRAMES_PER_TURN 4096
#define CHANNEL_FD 3 /* behind the standard ones; a part has nothing else open of its parent's */

struct parts {
    unsigned count;
    pid_t processes[MERGE_PARTS_MAX];
    int channels[MERGE_PARTS_MAX];
};

static void say_nothing(const char *text) {
    (void)text;
}

/* False when nobody wants to know the rest. */
static bool read_all(struct reporter *reporter, struct capture_files *files) {
    struct frame_seen frame;
    for (uint64_t count = 1; capture_files_next(files, &frame, reporter_frame_counters(reporter)); count++) {
        decoding_frame(reporter_decoding(reporter), &frame);
        if (!reporter_goes_on(reporter)) return false;
        if (count % FRAMES_PER_TURN == 0 && !reporter_turn(reporter)) return false;
    }
    decoding_finish(reporter_decoding(reporter));
    return reporter_goes_on(reporter);
}

/* Strangers' bytes are read behind walls, as a sensor's are. */
static void enter_jail(const struct parts_settings *settings) {
    char error[RIGHTS_ERROR_BYTES];
    struct jail_settings jail = {
        .role = JAIL_READER, .parent = getppid(), .send_count = 2, .sends = {CHANNEL_FD, STDERR_FILENO}};
    if (!rights_choose_user(settings->config->user, &jail.uid, &jail.gid, error)) {
        say(error);
        _exit(JAIL_EXIT_REFUSED);
    }
    (void)jail_or_exit(&jail, "decoder");
}

/* The life of a part: it never returns. */
_Noreturn static void run_part(const struct parts_settings *settings, const struct reporter_settings *reporting) {
    unsigned unread = 0;
    struct reporter *reporter = reporter_new(reporting);
    struct capture_files *files = capture_files_open(settings->names, settings->name_count, say_nothing, &unread);
    if (reporter == NULL || files == NULL || unread != settings->unread) _exit(EXIT_FAILURE);
    if (reporting->part == 0) capture_files_complain_to(files, settings->complain);
    enter_jail(settings);
    bool ended = read_all(reporter, files) && reporter_end(reporter);
#ifdef __SANITIZE_ADDRESS__ /* what leaks here is to be found here */
    capture_files_close(files);
    reporter_free(reporter);
    if (ended) exit(EXIT_SUCCESS);
#endif
    _exit(ended ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* False when the system gives no more. */
static bool start_one(struct parts *parts, const struct parts_settings *settings, struct reporter_settings *reporting) {
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    pid_t process = fork();
    if (process == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(EXIT_FAILURE);
        if (dup2(ends[1], CHANNEL_FD) < 0 || close_range(CHANNEL_FD + 1, UINT_MAX, 0) != 0) _exit(EXIT_FAILURE);
        reporting->fd = CHANNEL_FD;
        free(parts); /* the parent's */
        run_part(settings, reporting);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return false;
    }
    parts->processes[parts->count] = process;
    parts->channels[parts->count++] = ends[0];
    return true;
}

struct parts *parts_start(const struct parts_settings *settings, unsigned count) {
    struct parts *parts = calloc(1, sizeof *parts);
    if (parts == NULL || count > MERGE_PARTS_MAX) {
        free(parts);
        return NULL;
    }
    struct reporter_settings reporting = {.config = settings->config,
                                          .knowledge = settings->knowledge,
                                          .wording = settings->wording,
                                          .queue_bytes = QUEUE_BYTES,
                                          .patience = CHANNEL_WAITS,
                                          .statm = -1,
                                          .parts = count};
    randombytes_buf(reporting.part_key, sizeof reporting.part_key);
    (void)signal(SIGCHLD, SIG_DFL); /* where it was ignored nobody could say how a part ended */
    for (; reporting.part < count; reporting.part++) {
        if (start_one(parts, settings, &reporting)) continue;
        parts_kill(parts, PART_NONE, NULL);
        return NULL;
    }
    return parts;
}

const int *parts_channels(const struct parts *parts) {
    return parts->channels;
}

/* How it ended, as waitpid says it; -1: nobody knows. */
static int wait_for(pid_t process) {
    int status = 0;
    pid_t ended;
    do ended = waitpid(process, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended < 0 ? -1 : status;
}

bool parts_finish(struct parts *parts) {
    bool fine = true;
    for (unsigned i = 0; i < parts->count; i++) {
        close(parts->channels[i]);
        int status = wait_for(parts->processes[i]);
        fine = fine && status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
    }
    free(parts);
    return fine;
}

void parts_kill(struct parts *parts, unsigned part, int *status) {
    for (unsigned i = 0; i < parts->count; i++) {
        close(parts->channels[i]);
        (void)kill(parts->processes[i], SIGKILL); /* one that is on its way out, or over, ended as it began to */
        int how = wait_for(parts->processes[i]);
        if (i == part && status != NULL) *status = how;
    }
    free(parts);
}
