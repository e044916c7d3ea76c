/* mailspan watch: interfaces, through the whole path, to standard output and to Redis, until it is told to stop.
 *
 * One event loop (libevent): the capture rings, Redis, a clock, signals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "commands/commands.h"
#include "knowledge.h"
#include "pipeline.h"
#include "publish/publish.h"
#include "text_file.h"

#define REDIS_DRAIN_MS 1500 /* a stop takes at most two seconds in all */
#define RING_DRAIN_MS 300
#define FRAMES_PER_TURN 4096         /* then the others of the loop have their turn */
#define TICK_DELAY_NS (2 * NS_PER_S) /* packets still in the ring are older than the clock says */

enum format { FORMAT_REPORT, FORMAT_JSONL };

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
    struct wording wording;
    enum format format;
    bool all_records; /* dialogues and messages too, not only events */
    struct pipeline *pipeline;
    struct jsonl *jsonl;
    struct report *report;
    struct event_base *base;
    struct redis_publisher *redis;
    struct watched watched[CONFIG_INTERFACES_MAX];
    unsigned watched_count;
    struct event *tick, *interrupt, *terminate;
    bool failed;
    struct timespec started;
};

static void say(const char *text) {
    fprintf(stderr, "mailspan: %s\n", text);
}

static void say_redis(void *context, const char *text) {
    (void)context;
    say(text);
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
        "vanishes ends the program.\n\n"
        "Exit codes: 0 ended by a signal; 1 something failed (an interface could not be opened, or vanished; events\n"
        "that did not reach Redis); 2 wrong usage.\n");
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
    w->format = isatty(STDOUT_FILENO) ? FORMAT_REPORT : FORMAT_JSONL;
    if (options->format != NULL) {
        w->format = strcmp(options->format, "report") == 0 ? FORMAT_REPORT : FORMAT_JSONL;
        if (w->format == FORMAT_JSONL && strcmp(options->format, "jsonl") != 0) {
            fprintf(stderr, "mailspan: --format '%s'; expected report or jsonl\n", options->format);
            return EXIT_USAGE;
        }
    }
    config_default(&w->config);
    if (!config_load(&w->config, options->config, &problem)) {
        problem_print(&problem);
        return EXIT_FAILED;
    }
    if (count > CONFIG_INTERFACES_MAX) {
        fprintf(stderr, "mailspan: %u interfaces; expected at most %d\n", count, CONFIG_INTERFACES_MAX);
        return EXIT_USAGE;
    }
    if (w->config.home_network_count == 0) { /* a decision must be about the provider's own customers */
        fprintf(stderr,
                "%s: no home_networks; expected your customers' prefixes, such as home_networks: "
                "[192.0.2.0/24, '2001:db8::/32']\n",
                options->config);
        return EXIT_FAILED;
    }
    if (count > 0) w->config.interface_count = count;
    for (unsigned i = 0; i < count; i++)
        snprintf(w->config.interfaces[i], sizeof w->config.interfaces[i], "%s", names[i]);
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
    pipeline_frame(w->pipeline, frame->link_type, frame->captured, frame->wire_length, frame->time);
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct watched *watched = context;
    struct watch *w = watched->watch;
    char error[CAPTURE_ERROR_BYTES];
    (void)fd;
    (void)what;
    if (capture_live_read(watched->live, FRAMES_PER_TURN, on_frame, w, error) >= 0) return;
    say(error);
    w->failed = true;
    event_base_loopbreak(w->base);
}

static void count_drops(struct watch *w) {
    uint64_t drops = 0;
    for (unsigned i = 0; i < w->watched_count; i++) drops += capture_live_drops(w->watched[i].live);
    pipeline_counters(w->pipeline)->kernel_drops = drops;
}

/* A mirror that brings nothing looks like customers who send nothing: people are told which it is. */
static void tell_link(struct watched *watched) {
    const char *name = capture_live_name(watched->live);
    enum capture_link link = capture_live_link(watched->live);
    if (link == watched->link) return;
    watched->link = link;
    switch (link) {
        case CAPTURE_LINK_UP:
            fprintf(stderr, "mailspan: interface %s is up again\n", name);
            break;
        case CAPTURE_LINK_DOWN:
            fprintf(stderr, "mailspan: interface %s is down, nothing is seen; `ip link set %s up` brings it up\n", name,
                    name);
            break;
        case CAPTURE_LINK_NO_CARRIER:
            fprintf(stderr,
                    "mailspan: interface %s has no carrier, nothing is seen; look at the cable and the mirror "
                    "port\n",
                    name);
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
    fflush(stdout);
}

static void on_signal(evutil_socket_t signal, short what, void *context) {
    struct watch *w = context;
    (void)signal;
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
    struct output output;
    wording_init(&w->wording, &w->config, w->knowledge.rules, w->knowledge.bounces);
    if (w->format == FORMAT_JSONL) {
        w->jsonl = jsonl_new(stdout, &w->wording);
        if (w->jsonl == NULL) return false;
        output = jsonl_output(w->jsonl);
    } else {
        w->report = report_new(stdout, &w->wording, report_wants_colour(stdout));
        if (w->report == NULL) return false;
        output = report_output(w->report);
    }
    if (!w->all_records) {
        output.dialogue = NULL;
        output.message = NULL;
    }
    pipeline_add_output(w->pipeline, output);
    return true;
}

static bool open_redis(struct watch *w) {
    struct problem problem;
    if (w->config.redis_url[0] == '\0') return true;
    struct redis_settings settings = {.wording = &w->wording,
                                      .counters = pipeline_counters(w->pipeline),
                                      .packet_time = pipeline_time(w->pipeline),
                                      .say = say_redis};
    w->redis = redis_publisher_new(w->base, &settings, &problem);
    if (w->redis == NULL) {
        say(problem.what);
        return false;
    }
    pipeline_add_output(w->pipeline, redis_publisher_output(w->redis));
    return true;
}

static bool open_events(struct watch *w) {
    struct timeval second = {1, 0};
    w->tick = event_new(w->base, -1, EV_PERSIST, on_tick, w);
    w->interrupt = evsignal_new(w->base, SIGINT, on_signal, w);
    w->terminate = evsignal_new(w->base, SIGTERM, on_signal, w);
    return w->tick != NULL && w->interrupt != NULL && w->terminate != NULL && event_add(w->tick, &second) == 0 &&
           event_add(w->interrupt, NULL) == 0 && event_add(w->terminate, NULL) == 0;
}

static bool open_all(struct watch *w) {
    clock_gettime(CLOCK_MONOTONIC, &w->started);
    w->base = event_base_new();
    w->pipeline = pipeline_new(&w->config, &w->knowledge);
    if (w->base == NULL || w->pipeline == NULL) {
        say("not enough memory for the tables; smaller limits: in the configuration need less");
        return false;
    }
    return open_outputs(w) && open_redis(w) && open_interfaces(w) && open_events(w);
}

static nstime run_time(const struct watch *w) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (nstime)(now.tv_sec - w->started.tv_sec) * NS_PER_S + now.tv_nsec - w->started.tv_nsec;
}

/* What the kernel still holds is read before the end; on a busy link that has no end of its own.  From here on no frame
 * is read: the loop still turns while Redis takes what waits, and nothing may follow the summary. */
static void read_last_frames(struct watch *w) {
    char error[CAPTURE_ERROR_BYTES];
    nstime deadline = run_time(w) + RING_DRAIN_MS * NS_PER_MS;
    event_del(w->tick);
    for (unsigned i = 0; i < w->watched_count; i++) {
        event_del(w->watched[i].event);
        while (capture_live_read(w->watched[i].live, FRAMES_PER_TURN, on_frame, w, error) > 0)
            if (run_time(w) > deadline) break;
    }
}

static void finish(struct watch *w) {
    read_last_frames(w);
    count_drops(w);
    pipeline_finish(w->pipeline);
    pipeline_tell_sources(w->pipeline);
    pipeline_tell_summary(w->pipeline, (double)run_time(w) / 1e9);
    if (w->redis != NULL && !redis_publisher_drain(w->redis, REDIS_DRAIN_MS)) {
        fprintf(stderr, "mailspan: %zu events did not reach Redis\n", redis_publisher_pending(w->redis));
        w->failed = true;
    }
    if (fflush(stdout) != 0) w->failed = true;
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
    free_event(w->interrupt);
    free_event(w->terminate);
    redis_publisher_free(w->redis);
    jsonl_free(w->jsonl);
    report_free(w->report);
    pipeline_free(w->pipeline);
    if (w->base != NULL) event_base_free(w->base);
    knowledge_free(&w->knowledge);
    config_free(&w->config);
}

static void run(struct watch *w) {
    if (!open_all(w)) {
        w->failed = true;
        return;
    }
    for (unsigned i = 0; i < w->watched_count; i++)
        fprintf(stderr, "mailspan: watching %s\n", capture_live_name(w->watched[i].live));
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
