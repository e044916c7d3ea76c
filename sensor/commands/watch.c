/* mailspan watch: interfaces, through the whole path, to standard output and to Redis, until it is told to stop.
 *
 * One event loop (libevent): the capture rings, Redis, standard output, a clock, signals.  Nobody that the sensor talks
 * to may stop it: a reader that stands still costs its records, and a signal ends the sensor in END_MS at most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "commands/commands.h"
#include "commands/outputs.h"
#include "commands/stop.h"
#include "knowledge.h"
#include "pipeline.h"
#include "publish/sink.h"
#include "text_file.h"

/* From a signal on, each at the latest: */
#define RING_DRAIN_MS 300            /* the last frame is read */
#define TOLD_MS 900                  /* sources and summary are told, as far as standard output's reader takes them */
#define DRAIN_MS 1600                /* Redis and standard output have taken what waits */
#define END_MS 1900                  /* the program ends, wherever it is */
#define FRAMES_PER_TURN 4096         /* then the others of the loop have their turn */
#define TICK_DELAY_NS (2 * NS_PER_S) /* packets still in the ring are older than the clock says */

struct watch;

struct watched {
    struct watch *watch;
    struct capture_live *live;
    struct event *event;
    enum capture_link link; /* as it was last said */
};

struct watch {
    struct config config;
    struct knowledge knowledge;
    enum format format;
    bool all_records; /* dialogues and messages too, not only events */
    struct pipeline *pipeline;
    struct event_base *base;
    struct outputs *outputs;
    struct watched watched[CONFIG_INTERFACES_MAX];
    unsigned watched_count;
    struct event *tick, *stop;
    bool failed;
    int64_t started; /* by the monotonic clock */
};

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...) {
    char text[CAPTURE_ERROR_BYTES + CONFIG_TEXT_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    say_without_waiting(text);
}

static void print_help(void) {
    printf(
        "Usage: mailspan watch --config FILE [OPTION]... [INTERFACE]...\n\n"
        "Reads interfaces (those of the configuration, or those named here), and publishes each decision on\n"
        "standard output and, when the configuration has redis: url, to Redis.  SIGTERM or SIGINT ends it.\n\n"
        "  --config FILE             configuration (docs/configuration.md)\n"
        "  --format report|jsonl     events for people, or JSON lines for programs; unless told: report on a\n"
        "                            terminal, jsonl elsewhere\n"
        "  --all                     print dialogues and messages too\n"
        "  -h, --help                this text\n\n"
        "While an interface is down this is said, and watching goes on when it is up again.  An interface that\n"
        "vanishes ends the program, and so does a standard output that fails while there is no Redis.  A reader of\n"
        "standard output that does not keep up loses records, which are counted; the sensor does not wait for it.\n\n"
        "Exit codes: 0 ended by a signal; 1 something failed (an interface could not be opened, or vanished; events\n"
        "that did not reach Redis or standard output); 2 wrong usage.\n");
}

struct options {
    const char *config, *format;
    bool all;
};

static int read_options(int argc, char **argv, struct options *options) {
    static const struct option table[] = {
        {"config", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'f'},
        {"all", no_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "c:f:ah", table, NULL)) != -1) {
        switch (option) {
            case 'c':
                options->config = optarg;
                break;
            case 'f':
                options->format = optarg;
                break;
            case 'a':
                options->all = true;
                break;
            case 'h':
                print_help();
                return EXIT_FINE;
            default:
                fprintf(stderr, "`mailspan watch --help` lists the options\n");
                return EXIT_USAGE;
        }
    }
    if (options->config != NULL) return -1;
    fprintf(stderr, "mailspan: watch needs --config FILE; docs/mailspan.yaml is one to start from\n");
    return EXIT_USAGE;
}

static int apply_options(struct watch *w, const struct options *options, char **names, unsigned count) {
    struct problem problem;
    w->all_records = options->all;
    if (!format_choose(options->format, &w->format)) return EXIT_USAGE;
    config_default(&w->config);
    if (!config_load(&w->config, options->config, &problem)) {
        problem_print(&problem);
        return EXIT_FAILED;
    }
    if (count > 0) w->config.interface_count = 0; /* those of the command line, in place of the file's */
    for (unsigned i = 0; i < count; i++) {
        if (config_add_interface(&w->config, names[i], &problem)) continue;
        fprintf(stderr, "mailspan: watch: %s\n", problem.what);
        return EXIT_USAGE;
    }
    if (w->config.home_network_count == 0) { /* a decision must be about the provider's own customers */
        fprintf(stderr,
                "%s: no home_networks; expected your customers' prefixes, such as home_networks: "
                "[192.0.2.0/24, '2001:db8::/32']\n",
                options->config);
        return EXIT_FAILED;
    }
    if (w->config.interface_count == 0) {
        fprintf(stderr, "%s: no interface; expected capture: interfaces: [NAME], or a name on the command line\n",
                options->config);
        return EXIT_FAILED;
    }
    if (knowledge_load(&w->config, &w->knowledge, &problem)) return -1; /* last: it takes a second */
    problem_print(&problem);
    return EXIT_FAILED;
}

/* --- the loop ------------------------------------------------------------------------------------------------------
 */

static void on_frame(void *context, const struct frame_seen *frame) {
    struct watch *w = context;
    pipeline_frame(w->pipeline, frame);
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct watched *watched = context;
    struct watch *w = watched->watch;
    char error[CAPTURE_ERROR_BYTES];
    (void)fd;
    (void)what;
    if (capture_live_read(watched->live, FRAMES_PER_TURN, on_frame, w, error) >= 0) return;
    say_without_waiting(error);
    w->failed = true;
    event_base_loopbreak(w->base);
}

static void count_drops(struct watch *w) {
    struct counters *counters = pipeline_counters(w->pipeline);
    counters->kernel_drops = counters->interface_drops = counters->frame_time_wrong = 0;
    for (unsigned i = 0; i < w->watched_count; i++) capture_live_add_losses(w->watched[i].live, counters);
}

/* A mirror that brings nothing looks like customers who send nothing: people are told which it is. */
static void tell_link(struct watched *watched) {
    const char *name = capture_live_name(watched->live);
    enum capture_link link = capture_live_link(watched->live);
    if (link == watched->link) return;
    watched->link = link;
    switch (link) {
        case CAPTURE_LINK_UP:
            tell("interface %s is up again", name);
            break;
        case CAPTURE_LINK_DOWN:
            tell("interface %s is down, nothing is seen; `ip link set %s up` brings it up", name, name);
            break;
        case CAPTURE_LINK_GONE: /* of groups of queues */
        case CAPTURE_LINK_STALE:
            break;
        case CAPTURE_LINK_NO_CARRIER:
            tell("interface %s has no carrier, nothing is seen; look at the cable and the mirror port", name);
            break;
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct watch *w = context;
    struct timespec now;
    (void)fd;
    (void)what;
    clock_gettime(CLOCK_REALTIME, &now);
    pipeline_tick(w->pipeline, (nstime)now.tv_sec * NS_PER_S + now.tv_nsec - TICK_DELAY_NS);
    count_drops(w);
    for (unsigned i = 0; i < w->watched_count; i++) tell_link(&w->watched[i]);
    if (outputs_turn(w->outputs)) return;
    w->failed = true; /* a sensor that nobody hears: whoever runs it should know */
    event_base_loopbreak(w->base);
}

static void on_signal(evutil_socket_t fd, short what, void *context) {
    struct watch *w = context;
    (void)fd;
    (void)what;
    event_base_loopbreak(w->base);
}

static bool open_interfaces(struct watch *w) {
    char error[CAPTURE_ERROR_BYTES];
    for (unsigned i = 0; i < w->config.interface_count; i++) {
        struct watched *watched = &w->watched[i];
        watched->watch = w;
        watched->live = capture_live_open(w->config.interfaces[i], &w->config, error);
        if (watched->live == NULL) {
            say(error);
            return false;
        }
        w->watched_count++;
        watched->event =
            event_new(w->base, capture_live_descriptor(watched->live), EV_READ | EV_PERSIST, on_readable, watched);
        if (watched->event == NULL || event_add(watched->event, NULL) != 0) return false;
    }
    return true;
}

static bool open_outputs(struct watch *w) {
    struct output list[OUTPUTS_MAX];
    struct outputs_settings settings = {.config = &w->config,
                                        .knowledge = &w->knowledge,
                                        .counters = pipeline_counters(w->pipeline),
                                        .packet_time = pipeline_time(w->pipeline),
                                        .format = w->format,
                                        .fd = STDOUT_FILENO,
                                        .all_records = w->all_records,
                                        .live = true,
                                        .base = w->base,
                                        .say = say_without_waiting};
    w->outputs = outputs_open(&settings);
    unsigned count = w->outputs == NULL ? 0 : outputs_list(w->outputs, list);
    for (unsigned i = 0; i < count; i++) pipeline_add_output(w->pipeline, list[i]);
    return w->outputs != NULL;
}

static bool open_events(struct watch *w) {
    struct timeval second = {1, 0};
    w->tick = event_new(w->base, -1, EV_PERSIST, on_tick, w);
    int stop = stop_signals_open(END_MS);
    if (stop >= 0) w->stop = event_new(w->base, stop, EV_READ, on_signal, w);
    if (w->tick != NULL && w->stop != NULL && event_add(w->tick, &second) == 0 && event_add(w->stop, NULL) == 0)
        return true;
    say("the system gives no pipe or timer for signals; are there too many open files?");
    return false;
}

static bool open_all(struct watch *w) {
    w->started = sink_now();
    w->base = event_base_new();
    w->pipeline = pipeline_new(&w->config, &w->knowledge);
    if (w->base == NULL || w->pipeline == NULL) {
        say("not enough memory for the tables; smaller limits: in the configuration need less");
        return false;
    }
    return open_outputs(w) && open_interfaces(w) && open_events(w);
}

/* What the kernel still holds is read before the end; on a busy link that has no end of its own.  From here on no frame
 * is read: the loop still turns while Redis takes what waits, and nothing may follow the summary. */
static void read_last_frames(struct watch *w, int64_t deadline) {
    char error[CAPTURE_ERROR_BYTES];
    event_del(w->tick);
    for (unsigned i = 0; i < w->watched_count; i++) {
        event_del(w->watched[i].event);
        while (capture_live_read(w->watched[i].live, FRAMES_PER_TURN, on_frame, w, error) > 0)
            if (sink_now() > deadline) break;
    }
}

static void finish(struct watch *w) {
    int64_t now = sink_now();
    stop_deadline_begin();
    event_del(w->stop);
    read_last_frames(w, now + RING_DRAIN_MS * NS_PER_MS);
    count_drops(w);
    pipeline_finish(w->pipeline);
    outputs_wait(w->outputs, now + TOLD_MS * NS_PER_MS);
    pipeline_tell_sources(w->pipeline);
    pipeline_tell_summary(w->pipeline, (double)(sink_now() - w->started) / 1e9);
    if (!outputs_finish(w->outputs, now + DRAIN_MS * NS_PER_MS)) w->failed = true;
}

static void free_event(struct event *event) {
    if (event != NULL) event_free(event);
}

static void free_all(struct watch *w) {
    for (unsigned i = 0; i < w->watched_count; i++) {
        free_event(w->watched[i].event);
        capture_live_close(w->watched[i].live);
    }
    free_event(w->tick);
    free_event(w->stop);
    outputs_close(w->outputs);
    pipeline_free(w->pipeline);
    if (w->base != NULL) event_base_free(w->base);
    knowledge_free(&w->knowledge);
    config_free(&w->config);
    stop_signals_close(); /* last: all of this has to end in time */
}

static void run(struct watch *w) {
    if (!open_all(w)) {
        w->failed = true;
        return;
    }
    for (unsigned i = 0; i < w->watched_count; i++) tell("watching %s", capture_live_name(w->watched[i].live));
    event_base_dispatch(w->base);
    finish(w);
}

int command_watch(int argc, char **argv) {
    struct watch *watch = calloc(1, sizeof *watch);
    struct options options = {0};
    if (watch == NULL) {
        say("not enough memory");
        return EXIT_FAILED;
    }
    int code = read_options(argc, argv, &options);
    if (code < 0) code = apply_options(watch, &options, argv + optind, (unsigned)(argc - optind));
    if (code < 0) {
        run(watch);
        code = watch->failed ? EXIT_FAILED : EXIT_FINE;
    }
    free_all(watch);
    free(watch);
    return code;
}
