/* See parts.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/parts.h"

#include <errno.h>
#include <fcntl.h>
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
#include "publish/text_table.h"

#define QUEUE_BYTES (256u << 10) /* it waits for its reader: more would only take memory */
#define FRAMES_PER_TURN 4096
#define CHANNEL_FD 3 /* behind the standard ones; a part has nothing else open of its parent's but */
#define WORDS_FD 4   /* ... where it says what is for people: its standard error, written to, may be the output */
#define WORDS_BYTES_MAX 1024
#define WORDS_PER_TURN 64 /* what a part that was taken over says has an end */

struct parts {
    void (*complain)(const char *text);
    int words[2]; /* one for all parts: here, theirs */
    unsigned count;
    pid_t processes[MERGE_PARTS_MAX];
    int channels[MERGE_PARTS_MAX];
};

static void say_nothing(const char *text) {
    (void)text;
}

/* --- in a part -----------------------------------------------------------------------------------------------------
 */

static void say_to_parent(const char *text) {
    size_t length = strnlen(text, WORDS_BYTES_MAX);
    while (send(WORDS_FD, text, length, 0) < 0 && errno == EINTR) continue;
}

static void say_why_refused(void *context, const char *text) {
    (void)context;
    say_to_parent(text);
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
    struct jail_settings jail = {.role = JAIL_READER,
                                 .parent = getppid(),
                                 .send_count = 2 + JAIL_SANITIZED, /* a sanitizer's report goes nowhere else */
                                 .sends = {CHANNEL_FD, WORDS_FD, STDERR_FILENO},
                                 .say = say_why_refused};
    if (!rights_choose_user(settings->config->user, &jail.uid, &jail.gid, error)) {
        say_to_parent(error);
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
    if (reporting->part == 0) capture_files_complain_to(files, say_to_parent);
    enter_jail(settings);
    bool ended = read_all(reporter, files) && reporter_end(reporter);
#ifdef __SANITIZE_ADDRESS__ /* what leaks here is to be found here */
    capture_files_close(files);
    reporter_free(reporter);
    if (ended) exit(EXIT_SUCCESS);
#endif
    _exit(ended ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* The numbers that a part knows, whatever they were before. */
static bool keep_descriptors(int channel, int words) {
    int nothing = open("/dev/null", O_RDWR);
    int above[] = {fcntl(nothing, F_DUPFD, WORDS_FD + 1), fcntl(channel, F_DUPFD, WORDS_FD + 1),
                   fcntl(words, F_DUPFD, WORDS_FD + 1)};
    if (above[0] < 0 || above[1] < 0 || above[2] < 0) return false;
    for (int fd = STDIN_FILENO; fd <= (JAIL_SANITIZED ? STDOUT_FILENO : STDERR_FILENO); fd++)
        if (dup2(above[0], fd) != fd) return false;
    return dup2(above[1], CHANNEL_FD) == CHANNEL_FD && dup2(above[2], WORDS_FD) == WORDS_FD &&
           close_range(WORDS_FD + 1, UINT_MAX, 0) == 0;
}

/* --- their parent --------------------------------------------------------------------------------------------------
 */

/* False when the system gives no more. */
static bool start_one(struct parts *parts, const struct parts_settings *settings, struct reporter_settings *reporting) {
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    pid_t process = fork();
    if (process == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(EXIT_FAILURE);
        if (!keep_descriptors(ends[1], parts->words[1])) _exit(EXIT_FAILURE);
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
    if (parts == NULL || count > MERGE_PARTS_MAX ||
        socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, parts->words) != 0) {
        free(parts);
        return NULL;
    }
    parts->complain = settings->complain;
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

/* It may be somebody else by now, so no terminal obeys it, and it is one line. */
void parts_hear(const struct parts *parts) {
    uint8_t words[WORDS_BYTES_MAX];
    char safe[WORDS_BYTES_MAX + 1];
    ssize_t length;
    for (unsigned i = 0; i < WORDS_PER_TURN; i++) {
        length = recv(parts->words[0], words, sizeof words, MSG_DONTWAIT);
        if (length < 0) return;
        parts->complain(text_escape(safe, sizeof safe, span_of(words, (size_t)length), sizeof safe));
    }
}

static void parts_free(struct parts *parts) {
    parts_hear(parts);
    for (unsigned end = 0; end < 2; end++) close(parts->words[end]);
    free(parts);
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
    parts_free(parts);
    return fine;
}

void parts_kill(struct parts *parts, unsigned part, int *status) {
    for (unsigned i = 0; i < parts->count; i++) {
        close(parts->channels[i]);
        (void)kill(parts->processes[i], SIGKILL); /* one that is on its way out, or over, ended as it began to */
        int how = wait_for(parts->processes[i]);
        if (i == part && status != NULL) *status = how;
    }
    parts_free(parts);
}
