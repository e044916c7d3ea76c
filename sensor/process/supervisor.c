/* Starts children, watches them, starts them again, and ends them in their order; see supervisor.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mailspan/limits.h"
#include "process/supervisor_child.h"

#define MESSAGES_PER_TURN 64 /* of one child, then the others of the loop have their turn */
#define NEVER (-1)

enum child_state { CHILD_WAITING, CHILD_RUNNING, CHILD_OVER };

/* Why a child that runs is to end. */
enum child_sentence { CHILD_GOES_ON, CHILD_TOLD_TO_STOP, CHILD_TOLD_TO_RENEW, CHILD_SHOT };

struct child {
    struct supervisor *supervisor;
    struct child_spec spec;
    enum child_state state;
    enum child_sentence sentence;
    enum supervised_end shot_for;
    struct child_process process;
    struct event *ended, *readable, *writable;
    unsigned number, failures; /* failures: in a row */
    uint64_t starts, restarts;
    bool spoken;                                             /* it has said that it is alive */
    uint64_t memory_begun, memory_bytes;                     /* what it had then, and has; 0: it does not know */
    bool owed;                                               /* it is to be told to end, and its socket was full */
    int64_t delay_ms, due_ms, started_ms, heard_ms, last_ms; /* last: when one that was told to end is shot */
};

struct supervisor {
    struct event_base *base;
    struct supervisor_settings settings;
    struct supervisor_listener listener;
    struct supervisor_counters counters;
    struct child children[SUPERVISOR_CHILDREN_MAX];
    unsigned count;
    struct event *tick, *signals, *stop;
    int signal_descriptor;
    sigset_t mask_before;
    int64_t ticked_ms;
    enum { SUPERVISOR_READY, SUPERVISOR_RUNNING, SUPERVISOR_STOPPING, SUPERVISOR_STOPPED } state;
    int64_t stopping_order; /* whose turn it is; NEVER: nobody's yet */
    int64_t stop_by_ms;
};

static int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t supervisor_delay_ms(const struct supervisor_settings *settings, unsigned failures) {
    int64_t delay = settings->first_delay_ms;
    while (failures-- > 1 && delay < settings->last_delay_ms) delay *= 2;
    return delay < settings->last_delay_ms ? delay : settings->last_delay_ms;
}

/* --- start and end of a child --------------------------------------------------------------------------------------
 */

static void tell_ended(struct child *child, enum supervised_end end, int code, int64_t ran_ms) {
    struct supervisor *s = child->supervisor;
    s->counters.ends[end]++;
    struct supervised_news news = {
        .child = child->number,
        .name = child->spec.name,
        .end = end,
        .code = code,
        .told = child->sentence == CHILD_TOLD_TO_STOP || child->sentence == CHILD_TOLD_TO_RENEW,
        .ran_ms = ran_ms,
        .restarts = child->restarts,
        .next_try_ms = child->state == CHILD_WAITING ? child->delay_ms : NEVER};
    if (s->listener.ended != NULL) s->listener.ended(s->listener.context, &news);
}

/* Whether it is started again, and when. */
static void decide_next(struct child *child, enum supervised_end end, int64_t ran_ms) {
    struct supervisor *s = child->supervisor;
    child->state = CHILD_OVER;
    if (s->state != SUPERVISOR_RUNNING || child->spec.once || end == SUPERVISED_REFUSED) return;
    child->state = CHILD_WAITING;
    if (child->sentence == CHILD_TOLD_TO_RENEW) {
        child->delay_ms = 0;
    } else {
        child->failures = ran_ms >= s->settings.quiet_ms ? 1 : child->failures + 1;
        child->delay_ms = supervisor_delay_ms(&s->settings, child->failures);
    }
    child->due_ms = s->settings.now_ms() + child->delay_ms;
}

static enum supervised_end read_status(const struct child *child, int status, int *code) {
    if (child->sentence == CHILD_SHOT && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        *code = SIGKILL;
        return child->shot_for;
    }
    *code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return SUPERVISED_KILLED;
    int refused = child->supervisor->settings.refused_code;
    /* Who has spoken was behind its walls then: what it says now may be somebody else's word, and ends no sensor. */
    return refused != 0 && *code == refused && !child->spoken ? SUPERVISED_REFUSED : SUPERVISED_EXITED;
}

static void stop_on(struct supervisor *s);
static void read_control(struct child *child);

static void forget_events(struct child *child) {
    if (child->ended != NULL) event_free(child->ended);
    if (child->readable != NULL) event_free(child->readable);
    if (child->writable != NULL) event_free(child->writable);
    child->ended = child->readable = child->writable = NULL;
}

static void on_ended(evutil_socket_t fd, short what, void *context) {
    struct child *child = context;
    int code;
    (void)fd;
    (void)what;
    read_control(child); /* its last words */
    forget_events(child);
    int status = child_process_reap(&child->process);
    int64_t ran_ms = child->supervisor->settings.now_ms() - child->started_ms;
    enum supervised_end end = read_status(child, status, &code);
    decide_next(child, end, ran_ms);
    tell_ended(child, end, code, ran_ms);
    stop_on(child->supervisor);
}

static void on_control(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    read_control(context);
}

/* What it has not read yet may fill its socket: then the word is owed, and told as soon as there is room. */
static void send_stop(struct child *child) {
    child->owed = control_send_stop(child->process.control, child->last_ms) == CONTROL_LATER;
    if (child->owed && child->writable != NULL) event_add(child->writable, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *context) {
    struct child *child = context;
    (void)fd;
    (void)what;
    if (child->owed) send_stop(child);
}

static void not_started(struct child *child, int error) {
    decide_next(child, SUPERVISED_UNSTARTED, 0);
    tell_ended(child, SUPERVISED_UNSTARTED, error, 0);
}

static void start(struct child *child) {
    struct supervisor *s = child->supervisor;
    bool again = child->starts > 0;
    errno = 0;
    child->sentence = CHILD_GOES_ON;
    if ((child->spec.prepare != NULL && !child->spec.prepare(child->spec.context, again)) ||
        !child_process_start(&child->process, &child->spec, &s->mask_before)) {
        not_started(child, errno);
        return;
    }
    child->state = CHILD_RUNNING;
    child->starts++;
    s->counters.starts++;
    child->restarts += again;
    s->counters.restarts += again;
    child->spoken = child->owed = false;
    child->memory_begun = child->memory_bytes = 0;
    child->started_ms = child->heard_ms = s->settings.now_ms();
    child->ended = event_new(s->base, child->process.ended, EV_READ, on_ended, child);
    child->readable = event_new(s->base, child->process.control, EV_READ | EV_PERSIST, on_control, child);
    child->writable = event_new(s->base, child->process.control, EV_WRITE, on_writable, child);
    /* Without the events the tick finds what has happened. */
    if (child->ended != NULL) event_add(child->ended, NULL);
    if (child->readable != NULL) event_add(child->readable, NULL);
    if (s->listener.started != NULL) s->listener.started(s->listener.context, child->number);
}

static void shoot(struct child *child, enum supervised_end reason) {
    if (child->sentence == CHILD_SHOT) return;
    child->sentence = CHILD_SHOT;
    child->shot_for = reason;
    child_process_kill(&child->process);
}

/* --- what children say ---------------------------------------------------------------------------------------------
 */

static void hear(struct child *child, const struct control_message *message) {
    struct supervisor *s = child->supervisor;
    if (message->kind == CONTROL_ALIVE) { /* who refuses to run says why instead */
        child->memory_bytes = control_alive_bytes(message);
        if (!child->spoken) child->memory_begun = child->memory_bytes;
        child->spoken = true;
    }
    child->heard_ms = s->settings.now_ms();
    if (message->kind == CONTROL_MESSAGE && s->listener.message != NULL)
        s->listener.message(s->listener.context, child->number, span_of(message->bytes, message->length));
}

static void read_control(struct child *child) {
    struct control_message message;
    for (unsigned i = 0; i < MESSAGES_PER_TURN && child->process.pid != 0; i++) {
        switch (control_receive(child->process.control, CONTROL_SUPERVISOR, &message)) {
            case CONTROL_DONE:
                hear(child, &message);
                break;
            case CONTROL_INVALID:
                child->supervisor->counters.control_invalid++;
                break;
            case CONTROL_GONE: /* it ends, or is deaf: then it will be found hung */
                if (child->readable != NULL) event_del(child->readable);
                return;
            case CONTROL_LATER:
                return;
        }
    }
}

enum control_result supervisor_send(struct supervisor *s, unsigned number, struct span bytes, const int *fds,
                                    unsigned fd_count) {
    if (number >= s->count || s->children[number].process.pid == 0) return CONTROL_GONE;
    return control_send(s->children[number].process.control, CONTROL_MESSAGE, bytes, fds, fd_count);
}

/* --- the tick ------------------------------------------------------------------------------------------------------
 */

static void look_at_silence(struct child *child, int64_t now) {
    const struct supervisor_settings *settings = &child->supervisor->settings;
    int64_t most = settings->silent_ms;
    if (!child->spoken && settings->start_ms > most) most = settings->start_ms;
    if (now - child->heard_ms > most) shoot(child, SUPERVISED_HUNG);
}

/* Its tables are there when it first speaks.  What comes on top it has allocated since, or leaked.  It says so itself:
 * to others /proc may not show a process that cannot be traced, and one that lies has its hard limit all the same. */
static void look_at_memory(struct child *child) {
    if (child->spec.growth_bytes == 0 || !child->spoken) return;
    if (child->memory_bytes == 0 || child->memory_begun == 0) {
        child->supervisor->counters.memory_unreadable++;
        return;
    }
    if (child->memory_bytes > child->memory_begun + child->spec.growth_bytes) shoot(child, SUPERVISED_OVERGROWN);
}

static void tell_to_end(struct child *child, enum child_sentence sentence, int64_t last_ms) {
    if (child->sentence == CHILD_SHOT) return;
    child->sentence = sentence;
    child->last_ms = last_ms;
    send_stop(child);
}

static void look_at(struct child *child, int64_t now) {
    siginfo_t ended = {0};
    switch (child->state) {
        case CHILD_WAITING:
            if (child->supervisor->state == SUPERVISOR_RUNNING && now >= child->due_ms) start(child);
            break;
        case CHILD_RUNNING:
            if (waitid(P_PIDFD, (id_t)child->process.ended, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                ended.si_pid != 0) {
                on_ended(-1, 0, child);
                break;
            }
            read_control(child);
            if (child->process.pid == 0) break;
            if (child->owed) send_stop(child);
            look_at_memory(child);
            if (child->sentence == CHILD_GOES_ON)
                look_at_silence(child, now);
            else if (child->sentence != CHILD_SHOT && now >= child->last_ms)
                shoot(child, SUPERVISED_LATE);
            break;
        case CHILD_OVER:
            break;
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct supervisor *s = context;
    int64_t now = s->settings.now_ms(), late = now - s->ticked_ms - s->settings.tick_ms;
    (void)fd;
    (void)what;
    s->ticked_ms = now;
    for (unsigned i = 0; i < s->count; i++) {
        struct child *child = &s->children[i];
        /* Who was held up himself (a reload, a stopped machine) cannot say that the others were silent. */
        if (late > s->settings.tick_ms) child->heard_ms = child->heard_ms + late < now ? child->heard_ms + late : now;
        look_at(child, now);
    }
    stop_on(s);
}

/* --- stopping ------------------------------------------------------------------------------------------------------
 */

static bool is_left(const struct supervisor *s, int64_t order) {
    for (unsigned i = 0; i < s->count; i++)
        if (s->children[i].state == CHILD_RUNNING && s->children[i].spec.order == order) return true;
    return false;
}

/* The lowest order of those that run, and how many orders there are; 0: nobody runs. */
static unsigned count_orders(const struct supervisor *s, unsigned *lowest) {
    unsigned orders = 0;
    for (unsigned i = 0; i < s->count; i++) {
        const struct child *child = &s->children[i];
        if (child->state != CHILD_RUNNING) continue;
        bool counted = false;
        for (unsigned j = 0; j < i && !counted; j++)
            counted = s->children[j].state == CHILD_RUNNING && s->children[j].spec.order == child->spec.order;
        if (orders == 0 || child->spec.order < *lowest) *lowest = child->spec.order;
        orders += !counted;
    }
    return orders;
}

/* The next order's turn, when the one before has ended.  It has two thirds of the time that is left, the last order all
 * of it: what the first have to tell, the others take while they tell it. */
static void stop_on(struct supervisor *s) {
    if (s->state != SUPERVISOR_STOPPING || is_left(s, s->stopping_order)) return;
    unsigned lowest = 0, orders = count_orders(s, &lowest);
    if (orders == 0) {
        s->state = SUPERVISOR_STOPPED;
        event_del(s->tick);
        if (s->listener.stopped != NULL) s->listener.stopped(s->listener.context);
        return;
    }
    s->stopping_order = lowest;
    int64_t now = s->settings.now_ms(), left = s->stop_by_ms > now ? s->stop_by_ms - now : 0;
    for (unsigned i = 0; i < s->count; i++)
        if (s->children[i].state == CHILD_RUNNING && s->children[i].spec.order == lowest)
            tell_to_end(&s->children[i], CHILD_TOLD_TO_STOP, now + (orders > 1 ? left * 2 / 3 : left));
}

void supervisor_stop(struct supervisor *s, int64_t within_ms) {
    if (s->state >= SUPERVISOR_STOPPING) return;
    s->state = SUPERVISOR_STOPPING;
    s->stop_by_ms = s->settings.now_ms() + within_ms;
    s->stopping_order = NEVER;
    for (unsigned i = 0; i < s->count; i++)
        if (s->children[i].state == CHILD_WAITING) s->children[i].state = CHILD_OVER;
    event_active(s->tick, EV_TIMEOUT, 1); /* the loop begins it, so that no listener is called from here */
}

void supervisor_renew(struct supervisor *s, unsigned number) {
    struct child *child = number < s->count ? &s->children[number] : NULL;
    if (child == NULL || s->state != SUPERVISOR_RUNNING) return;
    if (child->state == CHILD_RUNNING && child->sentence == CHILD_GOES_ON)
        tell_to_end(child, CHILD_TOLD_TO_RENEW, s->settings.now_ms() + s->settings.silent_ms);
    else if (child->state == CHILD_WAITING)
        child->due_ms = s->settings.now_ms();
}

/* --- signals -------------------------------------------------------------------------------------------------------
 */

static void on_stop(evutil_socket_t fd, short what, void *context) {
    struct supervisor *s = context;
    (void)fd;
    (void)what;
    if (s->listener.asked_to_stop != NULL) s->listener.asked_to_stop(s->listener.context);
}

static void on_signals(evutil_socket_t fd, short what, void *context) {
    struct supervisor *s = context;
    struct signalfd_siginfo signal;
    (void)what;
    while (read(fd, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo != SIGHUP)
            on_stop(fd, 0, s);
        else if (s->state == SUPERVISOR_RUNNING && s->listener.reload != NULL)
            s->listener.reload(s->listener.context);
    }
}

static bool open_signals(struct supervisor *s) {
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGHUP);
    if (s->settings.stop_descriptor <= 0) {
        sigaddset(&taken, SIGTERM);
        sigaddset(&taken, SIGINT);
    }
    if (sigprocmask(SIG_BLOCK, &taken, &s->mask_before) != 0) return false;
    s->signal_descriptor = signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
    if (s->signal_descriptor < 0) return false;
    s->signals = event_new(s->base, s->signal_descriptor, EV_READ | EV_PERSIST, on_signals, s);
    if (s->settings.stop_descriptor > 0) s->stop = event_new(s->base, s->settings.stop_descriptor, EV_READ, on_stop, s);
    return s->signals != NULL && event_add(s->signals, NULL) == 0 &&
           (s->settings.stop_descriptor <= 0 || (s->stop != NULL && event_add(s->stop, NULL) == 0));
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

static int64_t or_default(int64_t value, int64_t otherwise) {
    return value > 0 ? value : otherwise;
}

static void set_defaults(struct supervisor_settings *settings) {
    settings->first_delay_ms = or_default(settings->first_delay_ms, LIMIT_RESTART_DELAY_S * 1000);
    settings->last_delay_ms = or_default(settings->last_delay_ms, LIMIT_RESTART_DELAY_MAX_S * 1000);
    settings->quiet_ms = or_default(settings->quiet_ms, LIMIT_RESTART_QUIET_S * 1000);
    settings->start_ms = or_default(settings->start_ms, LIMIT_CHILD_START_S * 1000);
    settings->silent_ms = or_default(settings->silent_ms, LIMIT_CHILD_SILENT_S * 1000);
    settings->tick_ms = or_default(settings->tick_ms, 250);
    if (settings->now_ms == NULL) settings->now_ms = monotonic_ms;
}

struct supervisor *supervisor_new(struct event_base *base, const struct supervisor_settings *settings,
                                  const struct supervisor_listener *listener) {
    struct supervisor *s = calloc(1, sizeof *s);
    if (s == NULL) return NULL;
    s->base = base;
    s->settings = *settings;
    set_defaults(&s->settings);
    s->listener = *listener;
    s->signal_descriptor = -1;
    sigprocmask(SIG_BLOCK, NULL, &s->mask_before);
    s->tick = event_new(base, -1, EV_PERSIST, on_tick, s);
    if (s->tick != NULL && open_signals(s)) return s;
    supervisor_free(s);
    return NULL;
}

void supervisor_free(struct supervisor *s) {
    if (s == NULL) return;
    for (unsigned i = 0; i < s->count; i++) {
        struct child *child = &s->children[i];
        forget_events(child);
        if (child->process.pid == 0) continue;
        child_process_kill(&child->process);
        child_process_reap(&child->process);
    }
    if (s->tick != NULL) event_free(s->tick);
    if (s->signals != NULL) event_free(s->signals);
    if (s->stop != NULL) event_free(s->stop);
    if (s->signal_descriptor >= 0) close(s->signal_descriptor);
    sigprocmask(SIG_SETMASK, &s->mask_before, NULL);
    free(s);
}

int supervisor_add(struct supervisor *s, const struct child_spec *spec) {
    if (s->count == SUPERVISOR_CHILDREN_MAX) return -1;
    struct child *child = &s->children[s->count];
    *child = (struct child){.supervisor = s, .spec = *spec, .process = CHILD_PROCESS_NONE, .number = s->count};
    return (int)s->count++;
}

void supervisor_start(struct supervisor *s) {
    struct timeval interval = {s->settings.tick_ms / 1000, (suseconds_t)(s->settings.tick_ms % 1000 * 1000)};
    s->state = SUPERVISOR_RUNNING;
    s->ticked_ms = s->settings.now_ms();
    event_add(s->tick, &interval);
    for (unsigned i = 0; i < s->count; i++) start(&s->children[i]);
}

pid_t supervisor_pid(const struct supervisor *s, unsigned child) {
    return child < s->count ? s->children[child].process.pid : 0;
}

const struct supervisor_counters *supervisor_counters(const struct supervisor *s) {
    return &s->counters;
}

void supervised_end_text(const struct supervised_news *news, char *text, size_t capacity) {
    switch (news->end) {
        case SUPERVISED_EXITED:
            snprintf(text, capacity, "ended by itself, exit code %d", news->code);
            break;
        case SUPERVISED_KILLED:
            snprintf(text, capacity, "killed by signal %d (%s)%s", news->code, strsignal(news->code),
                     news->code == SIGSYS ? ": it made a system call that its jail forbids" : "");
            break;
        case SUPERVISED_HUNG:
            snprintf(text, capacity, "gave no sign of life, and was killed");
            break;
        case SUPERVISED_OVERGROWN:
            snprintf(text, capacity, "took more memory than it may, and was killed");
            break;
        case SUPERVISED_REFUSED:
            snprintf(text, capacity, "refused to run");
            break;
        case SUPERVISED_LATE:
            snprintf(text, capacity, "did not end in time, and was killed");
            break;
        case SUPERVISED_UNSTARTED:
            snprintf(text, capacity, "could not be started: %s", strerror(news->code));
            break;
    }
}
