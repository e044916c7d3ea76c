/* mailspan rules compile: compiles the expressions of a configuration's rules into a file, for all later starts.
 *
 *   mailspan rules compile --config FILE [--output F]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/rules_compile.h"
#include "compiled_file.h"
#include "knowledge.h"
#include "text_file.h"

struct request {
    const char *config, *output;
};

static void print_usage(FILE *file) {
    (void)fputs(
        "usage: mailspan rules compile --config FILE [--output FILE]\n"
        "  --config FILE   the configuration whose rule files are compiled\n"
        "  --output FILE   write it there (without: where rules.compiled of the configuration says)\n",
        file);
}

static bool write_file(const struct config *config, const char *path, const struct compiled *compiled,
                       struct problem *problem) {
    size_t bytes = 0;
    unsigned const count = compiled_count(compiled);
    for (unsigned i = 0; i < count; i++) bytes += compiled_at(compiled, i)->bytes.len;
    if (!compiled_file_write(path, compiled, problem)) return false;
    (void)printf("%u sets of expressions, %zu KiB, in %s\n", count, bytes / 1024, path);
    if (count == 0) (void)printf("the build has compiled them all: there is nothing to gain by this file\n");
    if (config->compiled_rules[0] == '\0')
        (void)printf("it is used when the configuration names it: rules: {compiled: %s}\n", path);
    return true;
}

/* All of it anew, whatever an older file has. */
static bool compile(const struct request *request, struct config *config, struct compiled *compiled,
                    struct problem *problem) {
    struct knowledge knowledge = {NULL, NULL, NULL};
    struct config source;
    if (!config_load(config, request->config, problem)) return false;
    const char *output = request->output != NULL ? request->output : config->compiled_rules;
    if (output[0] == '\0') {
        *problem = (struct problem){.line = 0};
        (void)snprintf(problem->file, sizeof problem->file, "%s", request->config);
        (void)snprintf(problem->what, sizeof problem->what,
                       "no rules.compiled; expected rules: {compiled: FILE}, or --output FILE");
        return false;
    }
    source = *config;
    source.compiled_rules[0] = '\0';
    if (!knowledge_load_compiled(&source, compiled, &knowledge, problem)) return false;
    knowledge_free(&knowledge);
    return write_file(config, output, compiled, problem);
}

static int run(const struct request *request) {
    struct config config;
    struct problem problem = {.what = "not enough memory for the rules"};
    struct compiled *compiled = knowledge_compiled_new();
    config_default(&config);
    bool const fine = compiled != NULL && compile(request, &config, compiled, &problem);
    if (!fine) problem_print(&problem);
    compiled_free(compiled);
    config_free(&config);
    return fine ? EXIT_FINE : EXIT_FAILED;
}

int rules_compile(int argc, char **argv) {
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct request request = {NULL, NULL};
    optind = 0; /* glibc: start over, whoever scanned arguments before */
    for (int letter; (letter = getopt_long(argc, argv, "c:h", known, NULL)) != -1;) {
        if (letter == 'c') {
            request.config = optarg;
        } else if (letter == 'o') {
            request.output = optarg;
        } else {
            print_usage(letter == 'h' ? stdout : stderr);
            return letter == 'h' ? EXIT_FINE : EXIT_USAGE;
        }
    }
    if (optind == argc && request.config != NULL) return run(&request);
    if (optind < argc)
        (void)fprintf(stderr, "mailspan rules compile: unexpected argument '%s'; expected --config FILE\n",
                      argv[optind]);
    else
        (void)fputs("mailspan rules compile: no configuration; expected --config FILE\n", stderr);
    print_usage(stderr);
    return EXIT_USAGE;
}
