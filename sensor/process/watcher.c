/* See watcher.h.  One event loop: the children, the kernel's words on links, a connection to Redis in the making, a
 * clock, signals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/watcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/stop.h"
#include "console/metrics.h"
#include "process/jail.h"
#include "process/judge.h"
#include "process/notify.h"
#include "process/rights.h"
#include "process/watcher_state.h"
#include "process_figures.h"
#include "publish/publish.h"

#define STOP_MS (1800 * JAIL_SLOWER) /* from a signal on, the processes have so long to end in their order */
#define END_MS (1950 * JAIL_SLOWER)  /* ... and the program ends, wherever it is */

nstime watcher_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (nstime)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* --- the loop ------------------------------------------------------------------------------------------------------
 */

void watcher_stop(struct watcher *w) {
    if (w->stopping) return;
    w->stopping = true;
    watcher_stop_reading(w);
    watcher_owe_frames(w);
    if (w->ready && !w->figures.judge.up) {
        w->failed = true;
        say_without_waiting("the judge does not run: what was not told yet is lost");
    }
    watcher_note_quietly(w, HEALTH_STOPPING, "sensor", "the sensor ends, and what it has seen is told");
    (void)notify_state(NOTIFY_STOPPING, "ending: what was seen is told");
    supervisor_stop(w->supervisor, STOP_MS);
}

void watcher_ready(struct watcher *w) {
    char names[CONFIG_INTERFACES_MAX * 18] = "";
    for (unsigned i = 0; i < w->mirror_count; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                       capture_group_name(w->mirrors[i].group));
    }
    watcher_note(w, HEALTH_STARTED, "sensor", "watching %s", names);
    (void)notify_state(NOTIFY_READY, names);
    watcher_reload_owed(w);
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct watcher *w = context;
    (void)fd, (void)what;
    watcher_look_at_links(w); /* an interface that could not be opened again is tried again */
    watcher_look_at_losses(w);
    watcher_tell_passed_over(w);
    watcher_tell_figures(w);
}

static void on_link_changed(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what;
    watcher_look_at_links(context);
}

static void on_alive(evutil_socket_t fd, short what, void *context) {
    (void)fd, (void)what, (void)context;
    (void)notify_alive();
}

static void on_ended(void *context, const struct supervised_news *news) {
    watcher_child_ended(context, news);
}

static void on_message(void *context, unsigned child, struct span bytes) {
    watcher_child_says(context, child, bytes);
}

static void on_asked_to_stop(void *context) {
    watcher_stop(context);
}

static void on_stopped(void *context) {
    struct watcher *w = context;
    (void)event_base_loopbreak(w->base);
}

static void on_reload(void *context) {
    watcher_reload(context);
}

static void on_redis(void *context, int fd, const char *why) {
    struct watcher *w = context;
    (void)watcher_tell_judge(w, JUDGE_REDIS, why, fd >= 0 || why == NULL ? 0 : strlen(why), fd);
    if (fd >= 0) close(fd);
}

/* --- what is opened -------------------------------------------------------------------------------------------------
 */

static bool open_interfaces(struct watcher *w) {
    const struct config *config = w->settings.config;
    char error[CAPTURE_ERROR_BYTES];
    for (; w->mirror_count < config->interface_count; w->mirror_count++) {
        struct mirror *mirror = &w->mirrors[w->mirror_count];
        mirror->group = capture_group_open(config->interfaces[w->mirror_count], config, error);
        if (mirror->group == NULL) {
            say(error);
            return false;
        }
        if (capture_group_notice(mirror->group)[0] != '\0') say(capture_group_notice(mirror->group));
        mirror->link = CAPTURE_LINK_UP;
        w->queue_count = capture_group_queues(mirror->group);
    }
    w->links = link_watch_open(error);
    if (w->links == NULL) say(error);
    return w->links != NULL;
}

static bool open_metrics(struct watcher *w) {
    struct problem problem;
    w->metrics = -1;
    if (w->settings.config->metrics_listen[0] == '\0') return true;
    if (metrics_target_parse(w->settings.config->metrics_listen, &w->metrics_target, &problem))
        w->metrics = metrics_listen(&w->metrics_target, &problem);
    if (w->metrics < 0) say(problem.what);
    return w->metrics >= 0;
}

static bool open_redis(struct watcher *w) {
    struct redis_target target;
    struct problem problem;
    if (w->settings.config->redis_url[0] == '\0') return true;
    if (!redis_target_parse(w->settings.config->redis_url, &target, &problem)) return false;
    redis_target_forget(&target); /* the judge alone says who it is */
    w->redis = redis_connector_new(
        w->base, &(struct redis_connector_settings){.target = &target, .done = on_redis, .context = w});
    return w->redis != NULL;
}

static bool open_events(struct watcher *w) {
    static const struct timeval second = {1, 0};
    nstime interval = notify_alive_interval();
    struct timeval alive = {interval / NS_PER_S, interval % NS_PER_S / NS_PER_US};
    w->tick = event_new(w->base, -1, EV_PERSIST, on_tick, w);
    w->link_changed = event_new(w->base, link_watch_descriptor(w->links), EV_READ | EV_PERSIST, on_link_changed, w);
    w->alive = event_new(w->base, -1, EV_PERSIST, on_alive, w);
    if (w->tick == NULL || w->link_changed == NULL || w->alive == NULL) return false;
    if (interval > 0 && event_add(w->alive, &alive) != 0) return false;
    return event_add(w->tick, &second) == 0 && event_add(w->link_changed, NULL) == 0;
}

static bool open_supervisor(struct watcher *w) {
    struct supervisor_listener listener = {.context = w,
                                           .ended = on_ended,
                                           .message = on_message,
                                           .reload = on_reload,
                                           .asked_to_stop = on_asked_to_stop,
                                           .stopped = on_stopped};
    int stop = stop_signals_open(END_MS);
    if (stop < 0) return false;
    struct supervisor_settings settings = {.refused_code = JAIL_EXIT_REFUSED, .stop_descriptor = stop};
    w->supervisor = supervisor_new(w->base, &settings, &listener);
    return w->supervisor != NULL;
}

static bool drop_rights(const struct watcher *w) {
    char error[RIGHTS_ERROR_BYTES];
    uid_t uid;
    gid_t gid;
    /* A decoder that is started again needs new handles of the same kind. */
    enum rights_kept kept =
        w->settings.config->timestamps == TIMESTAMP_HOST ? RIGHTS_CAPTURE : RIGHTS_CAPTURE_BY_ADAPTER;
    if (rights_choose_user(w->settings.config->user, &uid, &gid, error) && rights_give_up(uid, gid, kept, error))
        return true;
    say(error);
    return false;
}

/* Who started the sensor could read them; who it has become may not, and then SIGHUP would change nothing. */
static void say_what_cannot_be_reread(const struct watcher *w) {
    const struct config *config = w->settings.config;
    const char *const paths[] = {w->settings.config_path, config->content_rules, config->setup_rules,
                                 config->imported_rules,  config->content_words, config->bounce_rules,
                                 config->bounce_words,    config->policy_rules};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char text[CONFIG_PATH_BYTES + 256];
        if (paths[i][0] == '\0' || access(paths[i], R_OK) == 0) continue;
        (void)snprintf(
            text, sizeof text,
            "%s: user %u, which the sensor is from here on, cannot read it (%s): SIGHUP will be refused until "
            "its group may (chgrp, chmod 0640)",
            paths[i], (unsigned)getuid(), strerror(errno));
        say(text);
    }
}

static bool open_all(struct watcher *w) {
    w->started = watcher_clock();
    w->statm = process_figures_open();
    w->base = event_base_new();
    wording_init(&w->wording, w->settings.config, w->settings.knowledge->rules, w->settings.knowledge->bounces);
    w->judge_memory = judge_memory_new();
    if (w->base == NULL || w->judge_memory == NULL || !open_interfaces(w) || !open_metrics(w) || !drop_rights(w))
        return false;
    say_what_cannot_be_reread(w);
    if (open_redis(w) && open_events(w) && watcher_reload_open(w) && open_supervisor(w) && watcher_add_children(w))
        return true;
    say("the system gives no memory or descriptors for the processes; are there too many open files?");
    return false;
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

struct watcher *watcher_new(const struct watcher_settings *settings) {
    struct watcher *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->settings = *settings;
    w->judge = w->metrics = w->statm = -1;
    if (open_all(w)) return w;
    watcher_free(w);
    return NULL;
}

bool watcher_run(struct watcher *w) {
    supervisor_start(w->supervisor);
    (void)event_base_dispatch(w->base);
    return !w->failed;
}

static void free_event(struct event *event) {
    if (event != NULL) event_free(event);
}

void watcher_free(struct watcher *w) {
    if (w == NULL) return;
    if (w->supervisor != NULL) supervisor_free(w->supervisor);
    for (unsigned i = 0; i < w->mirror_count; i++) capture_group_close(w->mirrors[i].group);
    for (unsigned i = 0; i < w->queue_count; i++)
        for (unsigned end = 0; end < 2; end++)
            if (w->queues[i].ends[end] > 0) close(w->queues[i].ends[end]);
    watcher_reload_close(w);
    free_event(w->tick);
    free_event(w->link_changed);
    free_event(w->alive);
    if (w->links != NULL) link_watch_close(w->links);
    if (w->redis != NULL) redis_connector_free(w->redis);
    /* A look-up that was broken off is freed in two turns: its answer, and what was waiting for that. */
    for (unsigned turn = 0; w->base != NULL && turn < 2; turn++) (void)event_base_loop(w->base, EVLOOP_NONBLOCK);
    if (w->base != NULL) event_base_free(w->base);
    metrics_listen_close(&w->metrics_target, w->metrics);
    judge_memory_free(w->judge_memory);
    stop_signals_close(); /* last: all of this has to end in time */
    free(w);
}
