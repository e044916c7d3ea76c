/* mailspan check: is this configuration sound, and every rule file that it names?
 *
 *   mailspan check [--config F]     0 and a summary on standard output; or 1 and "file:line:column: what; expected ..."
 *   mailspan check --options        the table of options
 *   mailspan check --filter         the filter of a live capture on Ethernet, as tcpdump reads it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/filter.h"
#include "commands/commands.h"
#include "knowledge.h"
#include "mailspan/embedded.h"
#include "process/rights.h"
#include "text_file.h"

enum { CHECK_FINE = 0, CHECK_FAILED = 1, CHECK_USAGE = 2 };

static void print_usage(FILE *file) {
    (void)fputs(
        "usage: mailspan check [--config FILE] [--options | --filter]\n"
        "  --config FILE   check this configuration and the rule files that it names\n"
        "                  (without: the built-in defaults and rules)\n"
        "  --options       print every option with its default and what it may be\n"
        "  --filter        print what a live capture on Ethernet lets through, as an expression that tcpdump reads\n",
        file);
}

/* Output that cannot be written is a failure: a full disk must not look like a sound configuration. */
static int flushed(int code) {
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return code;
    (void)fputs("standard output cannot be written\n", stderr);
    return CHECK_FAILED;
}

static int print_options(void) {
    struct option_help help;
    for (unsigned i = 0; config_help(i, &help); i++)
        (void)printf("%-20s %s\n%20s default %s; %s%s\n", help.path, help.help, "", help.preset, help.expected,
                     help.live ? "" : "; taken at the next start");
    return flushed(CHECK_FINE);
}

static void print_ports(const struct config *config) {
    unsigned shown = 0;
    for (unsigned port = 1; port <= UINT16_MAX; port++) {
        if (!port_is_set(config->mail_ports, (uint16_t)port)) continue;
        if (shown == 8) {
            (void)printf(" ...");
            break;
        }
        (void)printf("%s%u", shown++ == 0 ? "" : " ", port);
    }
    (void)printf("%s\n", !config->any_port ? "" : shown > 0 ? ", and what nDPI finds on others" : "what nDPI finds");
}

static void print_tunnels(const struct config *config) {
    unsigned count = config->tunnel_source_count;
    (void)printf("tunnels        ");
    if (count == 0)
        (void)printf("none is opened");
    else if (count == 1 && config->tunnel_sources[0].bits == 0)
        (void)printf("any is opened");
    else
        (void)printf("opened from %u %s", count, count == 1 ? "prefix" : "prefixes");
    (void)printf("%s\n", !config->tunnels_auto ? "" : count == 0 ? ": home_networks are set" : ": no home_networks");
}

/* What is compiled at each start costs that start its time. */
static void print_compiled(const struct config *config, const struct compiled *compiled) {
    unsigned const offered = compiled_offered(compiled), now = compiled_count(compiled) - offered;
    unsigned const brought = compiled_brought(compiled) + offered;
    if (now == 0 && offered == 0)
        (void)printf("expressions    compiled by the build\n");
    else if (now == 0)
        (void)printf("expressions    compiled by the build, and %u sets in %s\n", offered, config->compiled_rules);
    else
        (void)printf("expressions    %u of %u sets compiled at each start\n", now, now + brought);
}

/* Classes of one's own have other names than those that the built-in words speak for: that is no mistake, and easily
 * forgotten. */
static void print_words(const struct config *config, const struct knowledge *knowledge) {
    char names[1024];
    const struct embedded_file *words = embedded_find("rules/bounce_words.yaml");
    if (config->bounce_rules[0] == '\0' || config->bounce_words[0] != '\0' || words == NULL) return;
    if (bounce_rules_strangers(knowledge->bounces, words->text, names, sizeof names) > 0)
        (void)printf("words          built in; those for %s say nothing: %s has no such class\n", names,
                     config->bounce_rules);
}

static void print_summary(const struct config *config, const struct knowledge *knowledge,
                          const struct compiled *compiled) {
    unsigned content = 0, count = ruleset_count(knowledge->rules);
    for (unsigned i = 0; i < count; i++) content += ruleset_rule(knowledge->rules, i)->group == RULE_CONTENT;
    (void)printf("configuration  %s\n", config->file[0] == '\0' ? "built-in defaults" : config->file);
    (void)printf("sensor         %s\n", config->sensor_id);
    if (config->home_network_count == 0)
        (void)printf("home networks  none: replay takes every SMTP client for a source; watch wants your prefixes\n");
    else
        (void)printf("home networks  %u\n", config->home_network_count);
    (void)printf("ports          ");
    print_ports(config);
    print_tunnels(config);
    (void)printf("rules          %u on content, %u on set-up, %u bounce classes\n", content, count - content,
                 bounce_class_count(knowledge->bounces));
    print_words(config, knowledge);
    print_compiled(config, compiled);
    const struct policy *policy = policies_active(knowledge->policies);
    (void)printf("policy         %s (%s)\n", policy->name, policy->hash);
    (void)printf("Redis          %s\n", config->redis_url[0] == '\0' ? "not used" : "configured");
    (void)printf("all is sound\n");
}

/* A sensor that root starts becomes him. */
static bool user_is_there(const struct config *config, struct problem *problem) {
    char why[RIGHTS_ERROR_BYTES];
    uid_t uid;
    gid_t gid;
    if (config->user[0] == '\0' || rights_find_user(config->user, &uid, &gid, why)) return true;
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, "%s", config->file);
    (void)snprintf(problem->what, sizeof problem->what, "user: %s", why);
    return false;
}

static int check(const char *path) {
    struct config config;
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct problem problem = {.what = "not enough memory for the rules"};
    struct compiled *compiled = knowledge_compiled_new();
    config_default(&config);
    bool fine = compiled != NULL && (path == NULL || config_load(&config, path, &problem)) &&
                user_is_there(&config, &problem) && knowledge_load_compiled(&config, compiled, &knowledge, &problem);
    if (fine)
        print_summary(&config, &knowledge, compiled);
    else
        problem_print(&problem);
    knowledge_free(&knowledge);
    compiled_free(compiled);
    config_free(&config);
    return fine ? flushed(CHECK_FINE) : CHECK_FAILED;
}

static int print_filter(const char *path) {
    struct config config;
    struct problem problem;
    const char *why;
    config_default(&config);
    bool fine = path == NULL || config_load(&config, path, &problem);
    if (fine) {
        char *text = capture_filter_text(&config, DLT_EN10MB, &why);
        if (text != NULL)
            (void)printf("%s\n", text);
        else
            (void)fprintf(stderr, "no filter, every frame is taken: %s\n", why);
        free(text);
    } else {
        problem_print(&problem);
    }
    config_free(&config);
    return fine ? flushed(CHECK_FINE) : CHECK_FAILED;
}

int command_check(int argc, char **argv) {
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"options", no_argument, NULL, 'o'},
                                          {"filter", no_argument, NULL, 'f'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const char *path = NULL;
    bool options_wanted = false, filter_wanted = false;
    optind = 0; /* glibc: start over, whoever scanned arguments before */
    for (int letter; (letter = getopt_long(argc, argv, "c:h", known, NULL)) != -1;) {
        if (letter == 'c') {
            path = optarg;
        } else if (letter == 'o') {
            options_wanted = true;
        } else if (letter == 'f') {
            filter_wanted = true;
        } else {
            print_usage(letter == 'h' ? stdout : stderr);
            return letter == 'h' ? flushed(CHECK_FINE) : CHECK_USAGE;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "mailspan check: unexpected argument '%s'; expected --config FILE\n", argv[optind]);
        print_usage(stderr);
        return CHECK_USAGE;
    }
    if (options_wanted && filter_wanted) {
        (void)fputs("mailspan check: --options and --filter; expected one of them\n", stderr);
        return CHECK_USAGE;
    }
    if (filter_wanted) return print_filter(path);
    return options_wanted ? print_options() : check(path);
}
