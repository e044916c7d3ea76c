/* The processes that the supervisor starts: a decoder for each capture queue, and the judge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands/commands.h"
#include "process/decoder.h"
#include "process/judge.h"
#include "process/watcher_state.h"
#include "publish/sink.h"
#include "publish/text_table.h"

#define ORDER_DECODERS 0 /* told to stop first: the judge takes what they tell last */
#define ORDER_JUDGE 1
#define NEW_DESCRIPTORS 66 /* that come to the judge when it runs: metrics' connections, and two to Redis */

/* What a terminal says is nobody's but the supervisor's, and what is printed the judge's.  Standard error is often the
 * same file (a journal, 2>&1), so a decoder, which could write an event there, has none: what it has to say it tells
 * the supervisor.  (A sanitizer's report goes nowhere else.)  Behind the closing of what was the supervisor's: no
 * number that is given here is one of those. */
static bool leave_standard(int last) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool left = nothing >= 0;
    for (int fd = STDIN_FILENO; left && fd <= last; fd++) left = dup2(nothing, fd) == fd;
    if (nothing > STDERR_FILENO) close(nothing);
    return left;
}

/* --- decoders ------------------------------------------------------------------------------------------------------
 */

/* A ring's reader has his place in his own memory: another one needs another ring.  Of an interface that is gone there
 * are none: they are opened as a whole when it is back. */
static bool prepare_decoder(void *context, bool again) {
    struct queue *queue = context;
    struct watcher *w = queue->watcher;
    char error[CAPTURE_ERROR_BYTES];
    queue->incarnation++;
    for (unsigned i = 0; again && i < w->mirror_count; i++) {
        struct capture_group *group = w->mirrors[i].group;
        if ((queue->fresh & 1U << i) != 0) continue;
        if (capture_group_handle(group, queue->number) == NULL && !capture_group_lacks(group, queue->number)) continue;
        if (!capture_group_renew(group, queue->number, error)) say_without_waiting(error);
    }
    queue->fresh = 0;
    return true;
}

static unsigned keep_decoder(void *context, int fds[SUPERVISOR_KEPT_MAX]) {
    const struct queue *queue = context;
    const struct watcher *w = queue->watcher;
    unsigned count = 0;
    fds[count++] = queue->ends[0];
    for (unsigned i = 0; i < w->mirror_count; i++) {
        const struct capture_live *handle = capture_group_handle(w->mirrors[i].group, queue->number);
        if (handle != NULL) fds[count++] = capture_live_descriptor(handle);
    }
    return count;
}

/* The one place where it is (config_apart.c); while rules are handed over, also in what is handed over, and in the
 * configuration that is next. */
static void forget_secrets(struct watcher *w) {
    struct renewal *r = &w->renewal;
    struct config *next = r->next == NULL ? w->settings.config : &r->next->config;
    sodium_memzero(w->settings.config->redis_url, sizeof w->settings.config->redis_url);
    sodium_memzero(next->redis_url, sizeof next->redis_url);
    handover_blob_free(r->for_judge);
    r->for_judge = SPAN_EMPTY;
    sodium_memzero(&r->judge, sizeof r->judge);
}

static int run_decoder(void *context, int control) {
    struct queue *queue = context;
    struct watcher *w = queue->watcher;
    bool lines = w->settings.all_records && w->settings.format == FORMAT_JSONL;
    struct decoder_settings settings = {.config = w->settings.config,
                                        .knowledge = w->settings.knowledge,
                                        .wording = lines ? &w->wording : NULL,
                                        .handle_count = w->mirror_count,
                                        .channel = queue->ends[0],
                                        .incarnation = queue->incarnation,
                                        .generation = w->generation,
                                        .jail = {.role = JAIL_DECODER,
                                                 .uid = getuid(),
                                                 .gid = getgid(),
                                                 .parent = getppid(),
                                                 .send_count = 2 + JAIL_SANITIZED,
                                                 .sends = {queue->ends[0], control, STDERR_FILENO}}};
    for (unsigned i = 0; i < w->mirror_count; i++) {
        capture_group_keep(w->mirrors[i].group, queue->number);
        settings.handles[i] = capture_group_handle(w->mirrors[i].group, queue->number);
    }
    if (!leave_standard(JAIL_SANITIZED ? STDOUT_FILENO : STDERR_FILENO)) return EXIT_FAILED;
    judge_memory_free(w->judge_memory);
    /* Who reads strangers' bytes is not to know a password. */
    forget_secrets(w);
    return decoder_run(&settings, control);
}

void watcher_renew_decoder(struct watcher *w, unsigned queue, unsigned mirror) {
    w->queues[queue].fresh |= 1U << mirror;
    w->mirrors[mirror].awaited |= UINT64_C(1) << queue;
    supervisor_renew(w->supervisor, (unsigned)w->queues[queue].child);
}

/* --- the judge -----------------------------------------------------------------------------------------------------
 */

_Static_assert(CONFIG_QUEUES_MAX <= FIGURES_DECODERS_MAX, "each queue has a decoder");
_Static_assert(CONFIG_QUEUES_MAX + 1 <= SUPERVISOR_CHILDREN_MAX, "decoders, judge");
_Static_assert(FIGURES_DECODERS_MAX + 1 <= SUPERVISOR_KEPT_MAX, "channels, metrics");
_Static_assert(CONFIG_INTERFACES_MAX + 1 <= SUPERVISOR_KEPT_MAX, "of a decoder: handles, its channel");

static unsigned keep_judge(void *context, int fds[SUPERVISOR_KEPT_MAX]) {
    const struct watcher *w = context;
    unsigned count = 0;
    for (unsigned i = 0; i < w->queue_count; i++) fds[count++] = w->queues[i].ends[1];
    if (w->metrics >= 0) fds[count++] = w->metrics;
    return count;
}

static int run_judge(void *context, int control) {
    struct watcher *w = context;
    int channels[FIGURES_DECODERS_MAX];
    for (unsigned i = 0; i < w->mirror_count; i++) capture_group_keep(w->mirrors[i].group, CAPTURE_NO_QUEUE);
    if (!leave_standard(STDIN_FILENO)) return EXIT_FAILED;
    for (unsigned i = 0; i < w->queue_count; i++) channels[i] = w->queues[i].ends[1];
    struct judge_settings settings = {.config = w->settings.config,
                                      .knowledge = w->settings.knowledge,
                                      .earlier_config = w->earlier_config,
                                      .earlier_knowledge = w->earlier_knowledge,
                                      .earlier_generation = w->earlier_generation,
                                      .wording = &w->wording,
                                      .format = w->settings.format,
                                      .all_records = w->settings.all_records,
                                      .decoder_count = w->queue_count,
                                      .channels = channels,
                                      .metrics = w->metrics,
                                      .generation = w->generation,
                                      .memory = w->judge_memory,
                                      .started = w->started,
                                      .jail = {.role = JAIL_JUDGE,
                                               .uid = getuid(),
                                               .gid = getgid(),
                                               .parent = getppid(),
                                               .new_descriptors = NEW_DESCRIPTORS}};
    return judge_run(&settings, control);
}

bool watcher_tell_judge(struct watcher *w, uint8_t kind, const void *body, size_t bytes, int fd) {
    uint8_t message[CONTROL_BYTES_MAX];
    if (bytes > sizeof message - 1) return false;
    message[0] = kind;
    if (bytes > 0) memcpy(message + 1, body, bytes);
    return supervisor_send(w->supervisor, (unsigned)w->judge, span_of(message, bytes + 1), &fd, fd >= 0) ==
           CONTROL_DONE;
}

/* --- what they say, and how they end ---------------------------------------------------------------------------------
 */

static void look_whether_ready(struct watcher *w) {
    bool ready = w->judge_ready;
    for (unsigned i = 0; i < w->queue_count; i++) ready = ready && w->queues[i].ready;
    if (!ready || w->ready) return;
    w->ready = true;
    watcher_ready(w);
}

/* It is in its jail, and works. */
static void note_ready(struct watcher *w, const char *name, struct child_figures *figures, bool *mourned,
                       const char *what_was_lost) {
    figures->up = true;
    if (*mourned)
        watcher_note_process(w, HEALTH_PROCESS_BACK, name, figures->restarts, -1, "%s works again%s", name,
                             what_was_lost);
    *mourned = false;
    look_whether_ready(w);
}

static void note_decoder_ready(struct watcher *w, struct queue *queue) {
    char text[96] = "";
    struct loss_counts now = watcher_queue_losses(w, queue->number), *before = &queue->lost_before;
    uint64_t lost = now.kernel_drops - before->kernel_drops + now.unread - before->unread;
    if (lost > 0) (void)snprintf(text, sizeof text, "; %" PRIu64 " frames that came for it meanwhile are lost", lost);
    queue->ready = true;
    note_ready(w, queue->name, &w->figures.decoders[queue->number], &queue->mourned, text);
    watcher_decoder_reads(w, queue);
}

static void judge_says(struct watcher *w, struct span bytes) {
    char why[4 * HANDOVER_ANSWER_BYTES];
    struct span words;
    uint32_t number = handover_read_number(span_from(bytes, 1), &words);
    switch ((enum judge_says)bytes.data[0]) {
        case JUDGE_READY:
            w->judge_ready = true;
            note_ready(w, "judge", &w->figures.judge, &w->judge_mourned, "");
            break;
        case JUDGE_ASKS_REDIS:
            if (w->redis != NULL) (void)redis_connector_begin(w->redis);
            break;
        case JUDGE_RENEWED:
            watcher_renewed(w, (unsigned)w->judge, number);
            break;
        case JUDGE_REFUSES:
            watcher_not_renewed(w, (unsigned)w->judge, number, text_escape(why, sizeof why, words, sizeof why));
            break;
        case JUDGE_UNHEARD:
            w->failed = true;
            watcher_stop(w);
            break;
    }
}

/* It may be somebody else by now, so nothing of it is believed, or obeyed by a terminal, and it cannot fill a disk. */
static void pass_on(const struct queue *queue, struct span words) {
    char text[2 * DECODER_WORDS_BYTES_MAX + 32],
        safe[2 * DECODER_WORDS_BYTES_MAX]; /* one line of say_without_waiting */
    (void)snprintf(text, sizeof text, "%s: %s", queue->name, text_escape(safe, sizeof safe, words, sizeof safe));
    say_without_waiting(text);
}

static void tell_passed_over(struct queue *queue) {
    char text[128];
    uint64_t lines, bytes;
    if (!word_limit_over(&queue->words, sink_now() / NS_PER_MS, &lines, &bytes)) return;
    (void)snprintf(text, sizeof text, "%s said too much: %" PRIu64 " more lines (%" PRIu64 " bytes) were passed over",
                   queue->name, lines, bytes);
    say_without_waiting(text);
}

void watcher_tell_passed_over(struct watcher *w) {
    for (unsigned i = 0; i < w->queue_count; i++) tell_passed_over(&w->queues[i]);
}

static void decoder_says(struct watcher *w, struct queue *queue, struct span bytes) {
    char why[CAPTURE_ERROR_BYTES];
    struct span words = span_head(span_from(bytes, 1), DECODER_WORDS_BYTES_MAX), reason;
    uint32_t number = handover_read_number(span_from(bytes, 1), &reason);
    switch ((enum decoder_says)bytes.data[0]) {
        case DECODER_READY:
            note_decoder_ready(w, queue);
            break;
        case DECODER_RENEWED:
            watcher_renewed(w, (unsigned)queue->child, number);
            break;
        case DECODER_REFUSES:
            reason = span_head(reason, sizeof why / 4);
            watcher_not_renewed(w, (unsigned)queue->child, number, text_escape(why, sizeof why, reason, sizeof why));
            break;
        case DECODER_SAYS:
            tell_passed_over(queue);
            if (word_limit_takes(&queue->words, words.len, sink_now() / NS_PER_MS)) pass_on(queue, words);
            break;
    }
}

void watcher_child_says(struct watcher *w, unsigned child, struct span bytes) {
    if (bytes.len == 0) return;
    if ((int)child == w->judge) judge_says(w, bytes);
    for (unsigned i = 0; i < w->queue_count; i++)
        if (w->queues[i].child == (int)child) decoder_says(w, &w->queues[i], bytes);
}

static struct child_figures *figures_of(struct watcher *w, unsigned child) {
    if ((int)child == w->judge) return &w->figures.judge;
    for (unsigned i = 0; i < w->queue_count; i++)
        if (w->queues[i].child == (int)child) return &w->figures.decoders[i];
    return NULL;
}

static void mourn(struct watcher *w, unsigned child) {
    if ((int)child == w->judge) w->judge_mourned = true;
    for (unsigned i = 0; i < w->queue_count; i++) {
        struct queue *queue = &w->queues[i];
        if (queue->child != (int)child || queue->mourned) continue;
        queue->mourned = true;
        queue->lost_before = watcher_queue_losses(w, i);
    }
}

/* Of the sensor's end: as it should be, or with something lost, which the process has said. */
static bool ended_by_word(const struct supervised_news *news) {
    return news->told && news->end == SUPERVISED_EXITED && news->code <= 1;
}

/* A process that could not be started had nothing that could be lost. */
static const char *what_it_costs(const struct watcher *w, const struct supervised_news *news) {
    if (news->end == SUPERVISED_UNSTARTED) return "and what it is for is not done until then";
    return (int)news->child == w->judge ? "with empty samples" : "its open dialogues are lost";
}

static void note_death(struct watcher *w, const struct supervised_news *news) {
    char how[160];
    int64_t next_try_s = news->next_try_ms < 0 ? -1 : (news->next_try_ms + 999) / 1000;
    supervised_end_text(news, how, sizeof how);
    mourn(w, news->child);
    if (w->stopping)
        watcher_note_process(w, HEALTH_PROCESS_DIED, news->name, news->restarts, -1, "%s: %s", news->name, how);
    else if (next_try_s < 0)
        watcher_note_process(w, HEALTH_PROCESS_DIED, news->name, news->restarts, -1,
                             "%s: %s; it is not started again, and the sensor ends", news->name, how);
    else
        watcher_note_process(w, HEALTH_PROCESS_DIED, news->name, news->restarts, next_try_s,
                             "%s: %s; it starts again in %lld s, %s", news->name, how, (long long)next_try_s,
                             what_it_costs(w, news));
}

void watcher_child_ended(struct watcher *w, const struct supervised_news *news) {
    struct child_figures *figures = figures_of(w, news->child);
    if (figures != NULL) {
        figures->up = false;
        figures->restarts = news->restarts + 1; /* what it will be when it runs again */
    }
    watcher_begins_anew(w, news->child);
    bool by_word = ended_by_word(news);
    if (w->stopping && (!by_word || news->code != 0)) w->failed = true;
    if (!by_word) note_death(w, news);
    if (w->stopping) watcher_tell_last_losses(w, news->child);
    if (w->stopping || news->next_try_ms >= 0) return;
    w->failed = true;
    watcher_stop(w);
}

/* --- adding them ----------------------------------------------------------------------------------------------------
 */

/* Less than its own limit on address space, where malloc fails: a process that comes so near is ended before. */
#define GROWTH_BYTES (LIMIT_PROCESS_GROWTH_BYTES / 8 * 7)

static bool add_decoder(struct watcher *w, unsigned number) {
    struct queue *queue = &w->queues[number];
    *queue = (struct queue){.watcher = w, .number = number, .child = -1, .ends = {-1, -1}};
    (void)snprintf(queue->name, sizeof queue->name, "decoder %u", number);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, queue->ends) != 0) return false;
    struct child_spec spec = {.name = queue->name,
                              .run = run_decoder,
                              .context = queue,
                              .prepare = prepare_decoder,
                              .keep = keep_decoder,
                              .order = ORDER_DECODERS,
                              .growth_bytes = GROWTH_BYTES};
    queue->child = supervisor_add(w->supervisor, &spec);
    return queue->child >= 0;
}

/* The judge is started first: it listens when the first decoder speaks. */
bool watcher_add_children(struct watcher *w) {
    struct child_spec judge = {.name = "judge",
                               .run = run_judge,
                               .context = w,
                               .keep = keep_judge,
                               .order = ORDER_JUDGE,
                               .growth_bytes = GROWTH_BYTES};
    w->judge = supervisor_add(w->supervisor, &judge);
    for (unsigned i = 0; w->judge >= 0 && i < w->queue_count; i++)
        if (!add_decoder(w, i)) return false;
    return w->judge >= 0;
}
