/* mailspan rules import: SpamAssassin's rule files become a rule file of ours.
 *
 *   mailspan rules import FILE.cf... [--output F] [--all] [--strict] [--json]
 *   mailspan rules compile ...      (rules_compile.c)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "commands/commands.h"
#include "commands/import_convert.h"
#include "commands/import_write.h"
#include "commands/rules_compile.h"
#include "knowledge.h"
#include "mailspan/embedded.h"
#include "mailspan/expression_try.h"
#include "mailspan/yaml_document.h"
#include "publish/json_text.h"
#include "text_file.h"

#define PROBLEM_LINE_BYTES 8192

struct request {
    const char *output; /* NULL: standard output */
    char *const *files;
    int file_count;
    bool all, strict, json;
};

struct importing {
    const struct request *request;
    struct import_set set;
    struct span *texts; /* of the files */
    struct yaml_document *built_in[2];
    bool unreadable; /* one of them was */
    bool any_read;
};

static void print_usage(FILE *file) {
    (void)fputs(
        "usage: mailspan rules import FILE... [--output FILE] [--all] [--strict] [--json]\n"
        "  FILE            rule files of SpamAssassin (.cf, .pre), in the order in which it reads them\n"
        "  --output FILE   write the rules there (without: on standard output)\n"
        "  --all           write sub-rules, too, that no rule with points asks for\n"
        "  --strict        write nothing when a line cannot be read\n"
        "  --json          say what became of each rule as lines of JSON, on standard error\n"
        "usage: mailspan rules compile --config FILE [--output FILE]\n"
        "  compiles all expressions of the rule files that the configuration names, for quick starts\n",
        file);
}

/* --- what the conversion asks ------------------------------------------------------------------------------------- */

static bool has_rule(const struct yaml_document *document, const char *name) {
    const struct yaml_node *list = document == NULL ? NULL : yaml_get(yaml_document_root(document), "rules");
    for (const struct yaml_node *rule = list == NULL ? NULL : list->first; rule != NULL; rule = rule->next) {
        const struct yaml_node *node = rule->kind == YAML_MAP ? yaml_get(rule, "name") : NULL;
        if (node != NULL && node->kind == YAML_SCALAR && strcmp(node->text, name) == 0) return true;
    }
    return false;
}

static bool is_taken(void *context, const char *name) {
    static const char *const words[] = {"and", "or", "not", "count"};
    const struct importing *importing = context;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], name) == 0) return true;
    return fact_from_name(name) >= 0 || has_rule(importing->built_in[0], name) ||
           has_rule(importing->built_in[1], name);
}

static bool is_sound(void *context, bool in_text, const char *match, char why[IMPORT_WHY_BYTES]) {
    struct problem problem;
    (void)context;
    if (expression_try(match, in_text, &problem)) return true;
    (void)snprintf(why, IMPORT_WHY_BYTES, "%.*s", IMPORT_WHY_BYTES - 1, problem.what);
    return false;
}

static void tell(void *context, const struct problem *problem) {
    const struct importing *importing = context;
    if (!importing->request->json) {
        problem_print(problem);
        return;
    }
    char bytes[PROBLEM_LINE_BYTES];
    struct json_text j = {.bytes = bytes, .capacity = sizeof bytes};
    json_start(&j);
    json_open(&j, NULL, '{');
    json_put_word(&j, "type", "problem");
    json_put_word(&j, "file", problem->file);
    json_put_unsigned(&j, "line", problem->line);
    json_put_unsigned(&j, "column", problem->column);
    json_put_word(&j, "what", problem->what);
    json_close(&j, '}');
    (void)fprintf(stderr, "%.*s\n", (int)j.length, j.bytes);
}

/* --- reading, converting, writing --------------------------------------------------------------------------------- */

static void load_built_in(struct importing *importing) {
    static const char *const names[] = {"rules/content.yaml", "rules/setup.yaml"};
    struct problem problem;
    for (size_t i = 0; i < 2; i++) {
        const struct embedded_file *file = embedded_find(names[i]);
        if (file != NULL) importing->built_in[i] = yaml_document_load(names[i], file->text, &problem);
    }
}

static void read_files(struct importing *importing) {
    for (int i = 0; i < importing->request->file_count; i++) {
        struct problem problem;
        const char *path = importing->request->files[i];
        if (text_file_read(path, &importing->texts[i], &problem)) {
            import_set_read(&importing->set, path, importing->texts[i]);
            importing->any_read = true;
            continue;
        }
        importing->unreadable = true;
        tell(importing, &problem);
    }
}

static bool write_out(const struct request *request, struct span text) {
    FILE *file = request->output == NULL ? stdout : fopen(request->output, "we");
    bool good = file != NULL && fwrite(text.data, 1, text.len, file) == text.len;
    if (file != NULL && file != stdout && fclose(file) != 0) good = false;
    if (!good && request->output != NULL)
        (void)fprintf(stderr, "mailspan rules: %s cannot be written: %s; expected a file that may be written\n",
                      request->output, strerror(errno));
    return good; /* main tells of standard output */
}

/* What the rule engine would refuse as a whole. */
static void warn_of_size(const struct importing *importing, size_t bytes) {
    unsigned written = import_written(&importing->set);
    if (importing->request->json) return;
    if (written > LIMIT_RULES)
        (void)fprintf(stderr, "mailspan rules: %u rules, and a rule set holds %d at most; import fewer files\n",
                      written, LIMIT_RULES);
    if (bytes > LIMIT_YAML_BYTES)
        (void)fprintf(stderr, "mailspan rules: %zu bytes, and a rule file may have %u; import fewer files\n", bytes,
                      LIMIT_YAML_BYTES);
}

static int import(struct importing *importing) {
    struct import_text out = {.bytes = NULL};
    struct import_options const options = {
        .keep_all = importing->request->all, .context = importing, .is_taken = is_taken, .is_sound = is_sound};
    importing->set.tell = tell;
    importing->set.context = importing;
    load_built_in(importing);
    read_files(importing);
    import_convert(&importing->set, &options);
    bool const bad = importing->unreadable || importing->set.problems > 0;
    bool good = !importing->set.failed;
    if (good && importing->any_read && !(bad && importing->request->strict)) {
        import_write(&importing->set, &out);
        good = !out.failed && write_out(importing->request, import_text_span(&out));
    }
    if (importing->set.failed || out.failed) (void)fputs("mailspan rules: not enough memory\n", stderr);
    import_report(&importing->set, importing->request->json, stderr);
    warn_of_size(importing, out.length);
    import_text_free(&out);
    return good && !bad ? EXIT_FINE : EXIT_FAILED;
}

/* What would be lost by writing the output. */
static const char *input_that_is_output(const struct request *request) {
    struct stat output, input;
    if (request->output == NULL || stat(request->output, &output) != 0) return NULL;
    for (int i = 0; i < request->file_count; i++)
        if (stat(request->files[i], &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
            return request->files[i];
    return NULL;
}

static int run(const struct request *request) {
    const char *lost = input_that_is_output(request);
    if (lost != NULL) {
        (void)fprintf(stderr, "mailspan rules: --output '%s' is %s, which is read; expected another file\n",
                      request->output, lost);
        return EXIT_USAGE;
    }
    struct importing importing = {.request = request};
    importing.texts = calloc((size_t)request->file_count + 1, sizeof *importing.texts);
    int code = EXIT_FAILED;
    if (importing.texts != NULL && import_set_init(&importing.set))
        code = import(&importing);
    else
        (void)fputs("mailspan rules: not enough memory\n", stderr);
    for (int i = 0; importing.texts != NULL && i < request->file_count; i++)
        free((void *)(uintptr_t)importing.texts[i].data);
    free(importing.texts);
    import_set_free(&importing.set);
    for (size_t i = 0; i < 2; i++)
        if (importing.built_in[i] != NULL) yaml_document_free(importing.built_in[i]);
    return code;
}

/* --- the command line --------------------------------------------------------------------------------------------- */

enum { READ = -1 };

static int read_options(int argc, char **argv, struct request *request) {
    static const struct option known[] = {{"output", required_argument, NULL, 'o'}, {"all", no_argument, NULL, 'a'},
                                          {"strict", no_argument, NULL, 's'},       {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0}};
    optind = 0; /* glibc: start over, whoever scanned arguments before */
    for (int letter; (letter = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
        if (letter == 'o' && request->output != NULL) {
            (void)fprintf(stderr, "mailspan rules: --output '%s' and '%s'; expected it once\n", request->output,
                          optarg);
            return EXIT_USAGE;
        }
        if (letter == 'o') {
            request->output = optarg;
        } else if (letter == 'a') {
            request->all = true;
        } else if (letter == 's') {
            request->strict = true;
        } else if (letter == 'j') {
            request->json = true;
        } else {
            print_usage(letter == 'h' ? stdout : stderr);
            return letter == 'h' ? EXIT_FINE : EXIT_USAGE;
        }
    }
    request->files = argv + optind;
    request->file_count = argc - optind;
    return READ;
}

int command_rules(int argc, char **argv) {
    struct request request = {.output = NULL};
    if (argc > 1 && strcmp(argv[1], "compile") == 0) return rules_compile(argc - 1, argv + 1);
    int code = read_options(argc, argv, &request);
    if (code != READ) return code;
    if (request.file_count < 1 || strcmp(request.files[0], "import") != 0) {
        (void)fprintf(stderr, "mailspan rules: %s%s%s; expected import or compile\n",
                      request.file_count < 1 ? "nothing to do" : "no subcommand '",
                      request.file_count < 1 ? "" : request.files[0], request.file_count < 1 ? "" : "'");
        print_usage(stderr);
        return EXIT_USAGE;
    }
    request.files++;
    request.file_count--;
    if (request.file_count > 0) return run(&request);
    (void)fputs("mailspan rules import: no file; expected rule files of SpamAssassin\n", stderr);
    print_usage(stderr);
    return EXIT_USAGE;
}
