/* See preparer.h.  What is prepared lies in memory that both processes share, and no other child has:
 *
 *   struct sheet    blob for the judge    blob for decoders
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/preparer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailspan/limits.h"
#include "process/jail.h"
#include "process/rights.h"
#include "text_file.h"

struct sheet {
    bool fine;
    char why[PREPARED_WHY_BYTES];
    char waiting[PREPARED_WAITING_BYTES];
    size_t judge_bytes, decoders_bytes;
    uint8_t blobs[2 * (size_t)LIMIT_HANDOVER_BYTES];
};

struct preparer {
    struct preparer_settings settings;
    struct sheet *sheet;
    pid_t process;
    int ended_fd;
    struct event *ended, *late;
};

/* --- the process ----------------------------------------------------------------------------------------------------
 */

/* What the file says that a sensor which runs can take at its next start only. */
static void find_waiting(const struct preparer_settings *s, const struct config_source *source, struct sheet *sheet) {
    struct config file;
    struct problem problem;
    config_default(&file);
    if (!config_parse(&file, source->name, source->folder, source->text, &problem)) return;
    if (s->interfaces_named) {
        file.interface_count = s->running->interface_count;
        memcpy(file.interfaces, s->running->interfaces, sizeof file.interfaces);
    }
    (void)config_changes(s->running, &file, false, sheet->waiting, sizeof sheet->waiting);
    config_free(&file);
}

static size_t put(struct sheet *sheet, size_t at, const struct handover *handover) {
    struct span blob;
    if (!handover_pack(handover, &blob)) return 0;
    size_t bytes = blob.len;
    memcpy(sheet->blobs + at, blob.data, bytes);
    handover_blob_free(blob);
    return bytes;
}

static void put_all(struct sheet *sheet, struct handover *handover) {
    sheet->judge_bytes = put(sheet, 0, handover);
    sheet->fine = sheet->judge_bytes > 0;
    if (sheet->fine && handover_hide_password(&handover->config)) {
        sheet->decoders_bytes = put(sheet, sheet->judge_bytes, handover);
        sheet->fine = sheet->decoders_bytes > 0;
    }
    if (!sheet->fine) (void)snprintf(sheet->why, sizeof sheet->why, "not enough memory");
}

static void prepare(const struct preparer_settings *s, struct sheet *sheet) {
    struct handover handover;
    struct problem problem;
    struct generation *next = handover_read(s->path, s->number, s->running, s->compiled, &handover, &problem);
    if (next == NULL) {
        problem_text(&problem, sheet->why, sizeof sheet->why);
        return;
    }
    if (next->config.home_network_count == 0) {
        (void)snprintf(sheet->why, sizeof sheet->why, "%s: no home_networks; expected your customers' prefixes",
                       s->path);
        return;
    }
    find_waiting(s, &handover.config, sheet);
    put_all(sheet, &handover);
}

/* A signal that a terminal, or a service manager, sends to all is the supervisor's to obey: this one ends by it. */
_Noreturn static void live(const struct preparer_settings *settings, struct sheet *sheet, pid_t parent) {
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    (void)prctl(PR_SET_NAME, "ms-rules", 0, 0, 0);
    if (!rights_end_with(parent) || !jail_close_others(NULL, 0)) _exit(EXIT_FAILURE);
    prepare(settings, sheet);
    _exit(EXIT_SUCCESS);
}

/* --- its parent -----------------------------------------------------------------------------------------------------
 */

static struct span copy_of(const uint8_t *bytes, size_t length) {
    uint8_t *copy = length == 0 ? NULL : malloc(length);
    if (copy == NULL) return SPAN_EMPTY;
    memcpy(copy, bytes, length);
    return span_of(copy, length);
}

static void take(const struct sheet *sheet, struct prepared *prepared) {
    prepared->fine = sheet->fine;
    memcpy(prepared->why, sheet->why, sizeof prepared->why);
    memcpy(prepared->waiting, sheet->waiting, sizeof prepared->waiting);
    if (!sheet->fine) return;
    prepared->for_judge = copy_of(sheet->blobs, sheet->judge_bytes);
    prepared->for_decoders = copy_of(sheet->blobs + sheet->judge_bytes, sheet->decoders_bytes);
    if (prepared->for_judge.len == sheet->judge_bytes && prepared->for_decoders.len == sheet->decoders_bytes) return;
    handover_blob_free(prepared->for_judge);
    handover_blob_free(prepared->for_decoders);
    *prepared = (struct prepared){.fine = false, .why = "not enough memory"};
}

static int end_process(struct preparer *p, bool kill_it) {
    int status = -1;
    if (p->process <= 0) return status;
    if (kill_it) (void)kill(p->process, SIGKILL);
    while (waitpid(p->process, &status, 0) < 0 && errno == EINTR) continue;
    p->process = 0;
    return status;
}

static void on_ended(evutil_socket_t fd, short what, void *context) {
    struct preparer *p = context;
    struct prepared prepared = {.fine = false};
    (void)fd, (void)what;
    (void)event_del(p->late);
    int status = end_process(p, false);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
        take(p->sheet, &prepared);
    else if (WIFSIGNALED(status))
        (void)snprintf(prepared.why, sizeof prepared.why, "the process that read it was killed by signal %d (%s)",
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        (void)snprintf(prepared.why, sizeof prepared.why, "the process that was to read it did not come to its end");
    p->settings.done(p->settings.context, &prepared);
}

static void on_late(evutil_socket_t fd, short what, void *context) {
    struct preparer *p = context;
    struct prepared prepared = {.why = "to read it, and to compile its expressions, took too long"};
    (void)fd, (void)what;
    (void)event_del(p->ended);
    (void)end_process(p, true);
    p->settings.done(p->settings.context, &prepared);
}

static bool listen_for_end(struct preparer *p, struct event_base *base) {
    int64_t ms = p->settings.within_ms > 0 ? p->settings.within_ms : PREPARER_WITHIN_MS;
    struct timeval within = {ms / 1000, ms % 1000 * 1000};
    p->ended_fd = pidfd_open(p->process, 0);
    if (p->ended_fd < 0) return false;
    p->ended = event_new(base, p->ended_fd, EV_READ, on_ended, p);
    p->late = event_new(base, -1, 0, on_late, p);
    return p->ended != NULL && p->late != NULL && event_add(p->ended, NULL) == 0 && event_add(p->late, &within) == 0;
}

struct preparer *preparer_start(struct event_base *base, const struct preparer_settings *settings) {
    struct preparer *p = calloc(1, sizeof *p);
    pid_t parent = getpid();
    if (p == NULL) return NULL;
    p->settings = *settings;
    p->ended_fd = -1;
    p->sheet = mmap(NULL, sizeof *p->sheet, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p->sheet == MAP_FAILED) p->sheet = NULL;
    fflush(NULL); /* else both would write what waits */
    if (p->sheet != NULL) p->process = fork();
    if (p->sheet != NULL && p->process == 0) live(settings, p->sheet, parent);
    if (p->process > 0 && madvise(p->sheet, sizeof *p->sheet, MADV_DONTFORK) == 0 && listen_for_end(p, base)) return p;
    preparer_free(p);
    return NULL;
}

void preparer_free(struct preparer *p) {
    if (p == NULL) return;
    (void)end_process(p, true);
    if (p->ended != NULL) event_free(p->ended);
    if (p->late != NULL) event_free(p->late);
    if (p->ended_fd >= 0) close(p->ended_fd);
    if (p->sheet != NULL) (void)munmap(p->sheet, sizeof *p->sheet);
    free(p);
}
