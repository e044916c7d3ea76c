/* mailspan replay: recorded captures, through the whole path, to standard output (and to Redis when asked).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "commands/commands.h"
#include "commands/outputs.h"
#include "knowledge.h"
#include "pipeline.h"
#include "publish/sink.h"
#include "text_file.h"

#define REDIS_DRAIN_MS 10000 /* how long the end of a replay waits for Redis */
#define FRAMES_PER_TURN 4096 /* between looks at Redis and at the clock */
#define PROGRESS_INTERVAL_S 0.2

struct replay {
    struct config config;
    struct knowledge knowledge;
    enum format format;
    struct pipeline *pipeline;
    struct capture_files *files;
    struct outputs *outputs;
    struct event_base *base; /* NULL: there is no Redis */
    bool failed;
    double started, progress_at;
    bool progress; /* on a terminal */
};

static void print_help(void) {
    printf(
        "Usage: mailspan replay [OPTION]... FILE...\n\n"
        "Reads captures (pcap or pcapng; a FIFO; - for standard input), several in order of time, and prints what\n"
        "was in them: block events, and at the end each source with its scores.\n\n"
        "  --format report|jsonl     for people, or JSON lines for programs (docs/output.md);\n"
        "                            unless told: report on a terminal, jsonl elsewhere\n"
        "  --config FILE             configuration; without one every SMTP client counts as a source, and the\n"
        "                            built-in rules apply\n"
        "  --engine native|libnids   who reassembles TCP, unless the configuration says\n"
        "  --redis URL               publish events as well: redis://[user:password@]host[:port][/db] or\n"
        "                            unix:///path\n"
        "  -h, --help                this text\n\n"
        "Exit codes: 0 fine; 1 something could not be read, parsed or published (the rest is still reported);\n"
        "2 wrong usage.\n");
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct options {
    const char *config, *engine, *redis, *format;
};

/* getopt_long's complaints in our words: one line.  An unknown long option leaves optopt 0, one that was given a value
 * it does not take leaves its letter there. */
static int wrong_option(int option, char **argv) {
    char letter[] = {'-', (char)optopt, '\0'};
    const char *name = optopt == 0 || strchr("cerfh", optopt) != NULL ? argv[optind - 1] : letter;
    if (option == ':')
        fprintf(stderr, "mailspan: replay: %s needs a value; `mailspan replay --help` lists the options\n", name);
    else
        fprintf(stderr, "mailspan: replay has no option %s; `mailspan replay --help` lists the options\n", name);
    return EXIT_USAGE;
}

/* Returns -1 to go on, or the exit code. */
static int read_options(int argc, char **argv, struct options *options) {
    static const struct option table[] = {
        {"config", required_argument, NULL, 'c'}, {"engine", required_argument, NULL, 'e'},
        {"redis", required_argument, NULL, 'r'},  {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, ":c:e:r:f:h", table, NULL)) != -1) {
        switch (option) {
            case 'c':
                options->config = optarg;
                break;
            case 'e':
                options->engine = optarg;
                break;
            case 'r':
                options->redis = optarg;
                break;
            case 'f':
                options->format = optarg;
                break;
            case 'h':
                print_help();
                return EXIT_FINE;
            default:
                return wrong_option(option, argv);
        }
    }
    if (optind == argc) {
        fprintf(stderr, "mailspan: replay needs a capture file, or - for standard input\n");
        return EXIT_USAGE;
    }
    unsigned from_standard_input = 0;
    for (int i = optind; i < argc; i++) from_standard_input += strcmp(argv[i], "-") == 0;
    if (from_standard_input > 1) {
        fprintf(stderr, "mailspan: standard input (-) can be read once only\n");
        return EXIT_USAGE;
    }
    return -1;
}

static int wrong_value(const char *option, const char *value, const char *expected) {
    fprintf(stderr, "mailspan: --%s '%s'; expected %s\n", option, value, expected);
    return EXIT_USAGE;
}

/* Returns -1 to go on, or the exit code. */
static int apply_options(struct replay *r, const struct options *options) {
    struct problem problem;
    struct redis_target target;
    if (!format_choose(options->format, &r->format)) return EXIT_USAGE;
    if (options->redis != NULL && !redis_target_parse(options->redis, &target, &problem)) {
        fprintf(stderr, "mailspan: --redis: %s\n", problem.what);
        return EXIT_USAGE;
    }
    config_default(&r->config);
    if (options->config != NULL && !config_load(&r->config, options->config, &problem)) {
        problem_print(&problem);
        return EXIT_FAILED;
    }
    if (options->engine != NULL) {
        r->config.libnids = strcmp(options->engine, "libnids") == 0;
        if (!r->config.libnids && strcmp(options->engine, "native") != 0)
            return wrong_value("engine", options->engine, "native or libnids");
    }
    /* A replay is not the sensor: only the command line makes it publish, and it has no heartbeat. */
    r->config.heartbeat_s = 0;
    snprintf(r->config.redis_url, sizeof r->config.redis_url, "%s", options->redis == NULL ? "" : options->redis);
    if (!knowledge_load(&r->config, &r->knowledge, &problem)) {
        problem_print(&problem);
        return EXIT_FAILED;
    }
    return -1;
}

static bool open_outputs(struct replay *r) {
    struct output list[OUTPUTS_MAX];
    if (r->config.redis_url[0] != '\0') {
        r->base = event_base_new();
        if (r->base == NULL) {
            say("no event loop for Redis: not enough memory");
            return false;
        }
    }
    struct outputs_settings settings = {.config = &r->config,
                                        .knowledge = &r->knowledge,
                                        .counters = pipeline_counters(r->pipeline),
                                        .packet_time = pipeline_time(r->pipeline),
                                        .format = r->format,
                                        .fd = STDOUT_FILENO,
                                        .all_records = true,
                                        .base = r->base,
                                        .say = say};
    r->outputs = outputs_open(&settings);
    unsigned count = r->outputs == NULL ? 0 : outputs_list(r->outputs, list);
    for (unsigned i = 0; i < count; i++) pipeline_add_output(r->pipeline, list[i]);
    return r->outputs != NULL;
}

static void show_progress(struct replay *r) {
    double now = seconds_now();
    if (!r->progress || now < r->progress_at) return;
    const struct counters *counters = pipeline_counters(r->pipeline);
    r->progress_at = now + PROGRESS_INTERVAL_S;
    fprintf(stderr, "\r\033[K%llu packets, %llu messages, %llu events, %.1f s", (unsigned long long)counters->packets,
            (unsigned long long)counters->messages, (unsigned long long)counters->events, now - r->started);
}

static void clear_progress(const struct replay *r) {
    if (r->progress) fprintf(stderr, "\r\033[K");
}

static void read_frames(struct replay *r) {
    struct frame_seen frame;
    struct counters *counters = pipeline_counters(r->pipeline);
    for (uint64_t count = 1; capture_files_next(r->files, &frame, counters); count++) {
        pipeline_frame(r->pipeline, frame.link_type, frame.captured, frame.wire_length, frame.time);
        if (count % FRAMES_PER_TURN != 0) continue;
        show_progress(r);
        if (!outputs_turn(r->outputs)) break; /* nobody reads on */
    }
    if (counters->capture_cut > 0) r->failed = true;
}

static void finish(struct replay *r) {
    pipeline_finish(r->pipeline);
    clear_progress(r);
    pipeline_tell_sources(r->pipeline);
    pipeline_tell_summary(r->pipeline, seconds_now() - r->started);
    if (!outputs_finish(r->outputs, sink_now() + REDIS_DRAIN_MS * NS_PER_MS)) r->failed = true;
}

static void free_all(struct replay *r) {
    outputs_close(r->outputs);
    pipeline_free(r->pipeline);
    capture_files_close(r->files);
    if (r->base != NULL) event_base_free(r->base);
    knowledge_free(&r->knowledge);
    config_free(&r->config);
}

static void run(struct replay *r, char **names, unsigned count) {
    unsigned unread = 0;
    r->started = seconds_now();
    const char *terminal = getenv("TERM");
    r->progress = isatty(STDERR_FILENO) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
    r->pipeline = pipeline_new(&r->config, &r->knowledge);
    if (r->pipeline == NULL) {
        say("not enough memory for the tables; smaller limits: in the configuration need less");
        r->failed = true;
        return;
    }
    r->files = capture_files_open(names, count, say, &unread);
    if (unread > 0 || r->files == NULL) r->failed = true;
    if (r->files == NULL || unread == count || !open_outputs(r)) {
        r->failed = true;
        return;
    }
    read_frames(r);
    finish(r);
}

int command_replay(int argc, char **argv) {
    struct replay replay = {0};
    struct options options = {0};
    int code = read_options(argc, argv, &options);
    if (code < 0) code = apply_options(&replay, &options);
    if (code < 0) {
        run(&replay, argv + optind, (unsigned)(argc - optind));
        code = replay.failed ? EXIT_FAILED : EXIT_FINE;
    }
    free_all(&replay);
    return code;
}
