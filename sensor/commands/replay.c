/* mailspan replay: recorded captures, through the whole path, to standard output (and to Redis when asked).
 *
 * Alone it is one pipeline.  With --jobs decoders in processes of their own (sensor/process/parts.c) read the captures,
 * each its part of the flows, and what they tell is merged and judged here: the output is the same to the byte.  Where
 * a part runs short of room its answers would depend on how many there are; then one decoder starts from the beginning,
 * and what it tells counts from the place on where the parts stopped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/event.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "commands/commands.h"
#include "commands/outputs.h"
#include "knowledge.h"
#include "pipeline.h"
#include "process/parts.h"
#include "publish/sink.h"
#include "text_file.h"

#define REDIS_DRAIN_MS 10000 /* how long the end of a replay waits for Redis */
#define FRAMES_PER_TURN 4096 /* between looks at Redis and at the clock */
#define PROGRESS_INTERVAL_S 0.2

/* Fewer connections in a part, and its budget is so small that sharing it makes no sense. */
#define FLOWS_OF_PART_MIN 4096
#define PARTS_POLL_MS 100

struct replay {
    struct config config;
    struct knowledge knowledge;
    enum format format;
    bool figures;   /* say what it took */
    unsigned parts; /* decoders; 0: one, in this process */
    char *const *names;
    unsigned name_count;
    struct pipeline *pipeline; /* alone */
    struct capture_files *files;
    struct judging *judging;  /* of parts */
    struct counters counters; /* without what the parts count, until they have ended */
    uint64_t messages_judged; /* of parts */
    struct decoding_figures decoded;
    nstime packet_time;
    unsigned unread;      /* captures that cannot be read */
    uint64_t turned_step; /* of parts: the outputs had a turn there */
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
        "  --jobs N                  decode in N processes (1 to 64); the output is the same\n"
        "  --redis URL               publish events as well: redis://[user:password@]host[:port][/db] or\n"
        "                            unix:///path\n"
        "  --figures                 say on standard error how long it took, and what memory was reserved\n"
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
    const char *config, *engine, *redis, *format, *jobs;
    bool figures;
};

/* getopt_long's complaints in our words: one line.  An unknown long option leaves optopt 0, one that was given a value
 * it does not take leaves its letter there. */
static int wrong_option(int option, char **argv) {
    char letter[] = {'-', (char)optopt, '\0'};
    const char *name = optopt == 0 || strchr("cerfjsh", optopt) != NULL ? argv[optind - 1] : letter;
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
        {"jobs", required_argument, NULL, 'j'},   {"figures", no_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, ":c:e:r:f:j:sh", table, NULL)) != -1) {
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
            case 'j':
                options->jobs = optarg;
                break;
            case 's':
                options->figures = true;
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

static bool read_jobs(const char *text, unsigned *jobs) {
    char *end = NULL;
    unsigned long value = text[0] >= '1' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (value == 0 || value > MERGE_PARTS_MAX || *end != '\0') return false;
    *jobs = (unsigned)value;
    return true;
}

/* Returns -1 to go on, or the exit code. */
static int apply_options(struct replay *r, const struct options *options) {
    struct problem problem;
    struct redis_target target;
    if (!format_choose(options->format, &r->format)) return EXIT_USAGE;
    if (options->jobs != NULL && !read_jobs(options->jobs, &r->parts))
        return wrong_value("jobs", options->jobs, "a number of processes from 1 to 64");
    r->figures = options->figures;
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

static struct counters *counters_of(struct replay *r) {
    return r->pipeline != NULL ? pipeline_counters(r->pipeline) : &r->counters;
}

static void add_output(struct replay *r, struct output output) {
    if (r->pipeline != NULL) pipeline_add_output(r->pipeline, output);
    if (r->judging != NULL) judging_add_output(r->judging, output);
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
    struct outputs_settings settings = {
        .config = &r->config,
        .knowledge = &r->knowledge,
        .counters = counters_of(r),
        .packet_time = r->pipeline != NULL ? pipeline_time(r->pipeline) : &r->packet_time,
        .format = r->format,
        .fd = STDOUT_FILENO,
        .all_records = true,
        .base = r->base,
        .say = say};
    r->outputs = outputs_open(&settings);
    unsigned count = r->outputs == NULL ? 0 : outputs_list(r->outputs, list);
    for (unsigned i = 0; i < count; i++) add_output(r, list[i]);
    return r->outputs != NULL;
}

static void show_progress(struct replay *r, uint64_t packets) {
    double now = seconds_now();
    if (!r->progress || now < r->progress_at) return;
    const struct counters *counters = counters_of(r);
    uint64_t messages = r->pipeline != NULL ? counters->messages : r->messages_judged;
    r->progress_at = now + PROGRESS_INTERVAL_S;
    fprintf(stderr, "\r\033[K%llu packets, %llu messages, %llu events, %.1f s", (unsigned long long)packets,
            (unsigned long long)messages, (unsigned long long)counters->events, now - r->started);
}

static void clear_progress(const struct replay *r) {
    if (r->progress) fprintf(stderr, "\r\033[K");
}

static void say_figures(const struct replay *r, uint64_t packets, size_t memory_bytes) {
    char text[200];
    double seconds = seconds_now() - r->started;
    if (!r->figures && !r->progress) return;
    (void)snprintf(text, sizeof text, "%llu packets in %.2f s, %.0f a second; %zu bytes of memory reserved",
                   (unsigned long long)packets, seconds, seconds > 0 ? (double)packets / seconds : 0, memory_bytes);
    say(text);
}

static bool fail(struct replay *r, const char *text) {
    if (text != NULL) say(text);
    r->failed = true;
    return false;
}

/* Opens them, and says what cannot be read. */
static bool open_files(struct replay *r) {
    r->files = capture_files_open(r->names, r->name_count, say, &r->unread);
    if (r->unread > 0 || r->files == NULL) r->failed = true;
    return r->files != NULL && r->unread < r->name_count;
}

static void finish_outputs(struct replay *r) {
    if (!outputs_finish(r->outputs, sink_now() + REDIS_DRAIN_MS * NS_PER_MS)) r->failed = true;
}

/* --- alone ---------------------------------------------------------------------------------------------------------
 */

static void read_frames(struct replay *r) {
    struct frame_seen frame;
    struct counters *counters = pipeline_counters(r->pipeline);
    for (uint64_t count = 1; capture_files_next(r->files, &frame, counters); count++) {
        pipeline_frame(r->pipeline, &frame);
        if (count % FRAMES_PER_TURN != 0) continue;
        show_progress(r, counters->packets);
        if (!outputs_turn(r->outputs)) break; /* nobody reads on */
    }
    if (counters->capture_cut > 0) r->failed = true;
}

static bool run_alone(struct replay *r) {
    r->pipeline = pipeline_new(&r->config, &r->knowledge);
    if (r->pipeline == NULL)
        return fail(r, "not enough memory for the tables; smaller limits: in the configuration need less");
    if (!open_files(r) || !open_outputs(r)) return fail(r, NULL);
    read_frames(r);
    pipeline_finish(r->pipeline);
    clear_progress(r);
    pipeline_tell_sources(r->pipeline);
    pipeline_tell_summary(r->pipeline, SECONDS_NOT_TOLD);
    finish_outputs(r);
    say_figures(r, pipeline_counters(r->pipeline)->packets, pipeline_memory_bytes(r->pipeline));
    return true;
}

/* --- in parts ------------------------------------------------------------------------------------------------------
 */

/* What only one decoder can read as it is meant: what is no plain file can be read once; libnids has a table of its own
 * kind, whose order is not known; and a small table is soon full. */
static unsigned possible_parts(const struct replay *r) {
    unsigned parts = r->parts;
    struct stat status;
    for (unsigned i = 0; i < r->name_count; i++)
        if (strcmp(r->names[i], "-") == 0 || stat(r->names[i], &status) != 0 || !S_ISREG(status.st_mode)) parts = 1;
    if (r->config.libnids) parts = 1;
    if (r->config.flows_max / FLOWS_OF_PART_MIN < parts) parts = (unsigned)(r->config.flows_max / FLOWS_OF_PART_MIN);
    return parts == 0 ? 1 : parts;
}

static void judge(struct replay *r, const struct wire_record *record) {
    switch (record->kind) {
        case WIRE_MESSAGE:
            r->messages_judged++;
            outputs_line(r->outputs, record->line);
            judging_verdict(r->judging, &record->message.verdict, &record->message.sent);
            break;
        case WIRE_NOTICE:
            judging_notice(r->judging, &record->notice);
            break;
        case WIRE_DIALOGUE:
            outputs_line(r->outputs, record->line);
            judging_auth(r->judging, &record->dialogue.client, &record->dialogue.auth);
            break;
        case WIRE_ADVANCE:
            r->packet_time = record->now;
            judging_advance(r->judging, record->now);
            break;
        default:
            break;
    }
}

/* Looks after the outputs as often as one who is alone does.  False when nobody reads on. */
static bool turn_of_parts(struct replay *r, const struct merge *merge) {
    if (merge_step(merge) - r->turned_step < FRAMES_PER_TURN) return true;
    r->turned_step = merge_step(merge);
    show_progress(r, merge_step(merge));
    return outputs_turn(r->outputs);
}

/* Waits for one part's next words, and looks after the outputs meanwhile.  False when nobody reads on. */
static bool wait_for_part(struct replay *r, const struct parts *parts, const struct merge *merge) {
    struct pollfd state = {.fd = parts_channels(parts)[merge_waits_for(merge)], .events = POLLIN};
    show_progress(r, merge_step(merge));
    parts_hear(parts);
    return poll(&state, 1, PARTS_POLL_MS) != 0 || outputs_turn(r->outputs);
}

enum run_result { RUN_OVER, RUN_SHORT, RUN_LOST, RUN_UNHEARD };

/* Judges what the parts tell, but for the first `*judged` records, which were judged already. */
static enum run_result judge_all(struct replay *r, const struct parts *parts, struct merge *merge, uint64_t *judged) {
    const struct wire_record *record;
    uint64_t count = 0;
    for (;;) {
        switch (merge_next(merge, &record)) {
            case MERGE_RECORD:
                if (record->kind == WIRE_SHORT) return RUN_SHORT;
                if (++count <= *judged) break;
                *judged = count;
                judge(r, record);
                if (!turn_of_parts(r, merge)) return RUN_UNHEARD;
                break;
            case MERGE_NOTHING:
                if (!wait_for_part(r, parts, merge)) return RUN_UNHEARD;
                break;
            case MERGE_LOST:
                return RUN_LOST;
            case MERGE_OVER:
                return RUN_OVER;
        }
    }
}

static void say_lost(struct replay *r, unsigned part, int status) {
    char text[200], how[80];
    if (status == -1)
        snprintf(how, sizeof how, "ended, nobody knows how");
    else if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(how, sizeof how, "ended with %d", WEXITSTATUS(status));
    snprintf(text, sizeof text, "decoder %u %s; what it had read is lost, and this replay is not whole", part, how);
    (void)fail(r, text);
}

/* One run over the captures with so many decoders. */
static enum run_result run_decoders(struct replay *r, unsigned count, uint64_t *judged) {
    int status = 0;
    r->turned_step = 0;
    struct parts_settings settings = {.config = &r->config,
                                      .knowledge = &r->knowledge,
                                      .wording = outputs_wording(r->outputs),
                                      .names = r->names,
                                      .name_count = r->name_count,
                                      .unread = r->unread,
                                      .complain = say};
    struct parts *parts = parts_start(&settings, count);
    struct merge *merge = parts == NULL ? NULL
                                        : merge_new(parts_channels(parts), count, ruleset_count(r->knowledge.rules),
                                                    bounce_class_count(r->knowledge.bounces));
    if (merge == NULL) {
        if (parts != NULL) parts_kill(parts, 0, NULL);
        (void)fail(r, "the system gives no memory or process for the decoders; fewer --jobs need less");
        return RUN_UNHEARD;
    }
    enum run_result result = judge_all(r, parts, merge, judged);
    unsigned last = merge_waits_for(merge);
    struct counters counters;
    merge_figures(merge, &counters, &r->decoded);
    if (result != RUN_SHORT) counters_add(&r->counters, &counters);
    if (result == RUN_OVER) {
        if (!parts_finish(parts)) r->failed = true;
    } else {
        parts_kill(parts, last, &status);
    }
    if (result == RUN_LOST) say_lost(r, last, status);
    merge_free(merge);
    return result;
}

static bool run_parts(struct replay *r) {
    uint64_t judged = 0;
    unsigned parts = possible_parts(r);
    r->judging = judging_new(&r->config, &r->knowledge, &r->counters);
    if (r->judging == NULL)
        return fail(r, "not enough memory for the tables; smaller limits: in the configuration need less");
    if (!open_files(r) || !open_outputs(r)) return fail(r, NULL);
    capture_files_close(r->files);
    r->files = NULL;
    if (run_decoders(r, parts, &judged) == RUN_SHORT) (void)run_decoders(r, 1, &judged);
    if (r->counters.capture_cut > 0) r->failed = true;
    clear_progress(r);
    judging_tell_sources(r->judging);
    judging_tell_summary(r->judging, &r->counters, &r->decoded, SECONDS_NOT_TOLD);
    finish_outputs(r);
    say_figures(r, r->counters.packets, r->decoded.memory_bytes + judging_memory_bytes(r->judging));
    return true;
}

/* --- life ----------------------------------------------------------------------------------------------------------
 */

static void free_all(struct replay *r) {
    outputs_close(r->outputs);
    pipeline_free(r->pipeline);
    judging_free(r->judging);
    capture_files_close(r->files);
    if (r->base != NULL) event_base_free(r->base);
    knowledge_free(&r->knowledge);
    config_free(&r->config);
}

static void run(struct replay *r) {
    const char *terminal = getenv("TERM");
    r->started = seconds_now();
    r->progress = isatty(STDERR_FILENO) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
    /* A capture that cannot be read twice needs no other process to be read in. */
    bool alone = r->parts <= 1 || possible_parts(r) == 1;
    (void)(alone ? run_alone(r) : run_parts(r));
}

int command_replay(int argc, char **argv) {
    struct replay replay = {0};
    struct options options = {0};
    int code = read_options(argc, argv, &options);
    if (code < 0) code = apply_options(&replay, &options);
    if (code < 0) {
        replay.names = argv + optind;
        replay.name_count = (unsigned)(argc - optind);
        run(&replay);
        code = replay.failed ? EXIT_FAILED : EXIT_FINE;
    }
    free_all(&replay);
    return code;
}
