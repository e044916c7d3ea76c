/* mailspan watch: interfaces, through the whole path, to standard output and to Redis, until it is told to stop.
 *
 * Reads the command line and the configuration; sensor/process/watcher.c does the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/outputs.h"
#include "knowledge.h"
#include "process/watcher.h"
#include "text_file.h"

struct watch {
    struct config config;
    struct knowledge knowledge;
    struct compiled *compiled;
    enum format format;
    bool all_records; /* dialogues and messages too, not only events */
};

static void print_help(void) {
    printf(
        "Usage: mailspan watch --config FILE [OPTION]... [INTERFACE]...\n\n"
        "Reads interfaces (those of the configuration, or those named here), and publishes each decision on\n"
        "standard output and, when the configuration has redis: url, to Redis.  SIGTERM or SIGINT ends it; SIGHUP\n"
        "makes it read configuration and rules anew, and a file with a mistake changes nothing.\n\n"
        "  --config FILE             configuration (docs/configuration.md)\n"
        "  --format report|jsonl     events for people, or JSON lines for programs; unless told: report on a\n"
        "                            terminal, jsonl elsewhere\n"
        "  --all                     print dialogues and messages too\n"
        "  -h, --help                this text\n\n"
        "It works as several processes without rights, which are started again when they end (docs/processes.md).\n"
        "While an interface is down or gone this is said, and watching goes on when it is back.  A standard output\n"
        "that fails ends the sensor while there is no Redis.  A reader of standard output that does not keep up\n"
        "loses records, which are counted; the sensor does not wait for it.\n\n"
        "Exit codes: 0 ended by a signal; 1 something failed (an interface could not be opened; events that did not\n"
        "reach Redis or standard output); 2 wrong usage.\n");
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
    fprintf(stderr, "mailspan: watch needs --config FILE, such as /etc/mailspan/mailspan.yaml\n");
    return EXIT_USAGE;
}

/* What is compiled here is not compiled again when it is read anew. */
static bool load_knowledge(struct watch *w, struct problem *problem) {
    w->compiled = knowledge_compiled_new();
    *problem = (struct problem){.what = "not enough memory for the rules"};
    return w->compiled != NULL && knowledge_load_compiled(&w->config, w->compiled, &w->knowledge, problem);
}

static int apply_options(struct watch *w, const struct options *options, char **names, unsigned count) {
    struct problem problem;
    w->all_records = options->all;
    if (!format_choose(options->format, &w->format)) return EXIT_USAGE;
    config_default(&w->config);
    if (!config_load_apart(&w->config, options->config, &problem)) {
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
        fprintf(stderr, "%s: no interface; expected capture: {interfaces: [NAME]}, or a name on the command line\n",
                options->config);
        return EXIT_FAILED;
    }
    if (load_knowledge(w, &problem)) return -1; /* last: to compile takes a second */
    problem_print(&problem);
    return EXIT_FAILED;
}

/* The supervisor takes it when it runs.  Until then it waits, and does not end a sensor that is compiling its rules. */
static void hold_hangup_back(void) {
    sigset_t hangup;
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &hangup, NULL);
}

int command_watch(int argc, char **argv) {
    struct watch watch = {.all_records = false};
    struct options options = {0};
    hold_hangup_back();
    int code = read_options(argc, argv, &options);
    if (code < 0) code = apply_options(&watch, &options, argv + optind, (unsigned)(argc - optind));
    if (code < 0) {
        struct watcher_settings settings = {.config_path = options.config,
                                            .interfaces_named = optind < argc,
                                            .config = &watch.config,
                                            .knowledge = &watch.knowledge,
                                            .compiled = watch.compiled,
                                            .format = watch.format,
                                            .all_records = watch.all_records};
        struct watcher *watcher = watcher_new(&settings);
        code = watcher != NULL && watcher_run(watcher) ? EXIT_FINE : EXIT_FAILED;
        watcher_free(watcher);
    }
    knowledge_free(&watch.knowledge);
    compiled_free(watch.compiled);
    config_free(&watch.config);
    return code;
}
