/* Fuzz: any bytes as a rule file of SpamAssassin.  What an import makes of it must be a rule file that can be read,
 * with as many rules as it says, each name once; and a second import of the same must say the same.
 *
 * The rule engine looks at the expressions only as the import itself has it look at them: compiling them is
 * fuzz_rules'.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "commands/import_convert.h"
#include "commands/import_write.h"
#include "mailspan/expression_try.h"
#include "mailspan/limits.h"
#include "mailspan/yaml_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) abort();
}

static bool is_taken(void *context, const char *name) {
    (void)context;
    return strlen(name) % 5 == 4;
}

static bool is_sound(void *context, bool in_text, const char *match, char why[IMPORT_WHY_BYTES]) {
    struct problem problem;
    (void)context;
    if (expression_try(match, in_text, &problem)) return true;
    (void)snprintf(why, IMPORT_WHY_BYTES, "%.*s", IMPORT_WHY_BYTES - 1, problem.what);
    return false;
}

static void tell(void *context, const struct problem *problem) {
    unsigned *told = context;
    ++*told;
    require(problem->what[0] != '\0' && problem->line > 0 && problem->column > 0);
}

static void check_rule(const struct yaml_node *rule) {
    const struct yaml_node *name = yaml_get(rule, "name");
    require(rule->kind == YAML_MAP && name != NULL && name->text[0] != '\0');
    require(strlen(name->text) < LIMIT_RULE_NAME_BYTES);
    require(yaml_get(rule, "points") != NULL);
    require((yaml_get(rule, "when") != NULL) != (yaml_get(rule, "look_at") != NULL));
}

static void check_file(struct span text, unsigned written) {
    struct problem problem;
    struct yaml_document *document = yaml_document_load("imported", text, &problem);
    if (document == NULL) require(text.len > LIMIT_YAML_BYTES);
    if (document == NULL) return;
    const struct yaml_node *list = yaml_get(yaml_document_root(document), "rules");
    require(list != NULL && list->kind == YAML_LIST && list->count == written);
    for (const struct yaml_node *rule = list->first; rule != NULL; rule = rule->next) {
        check_rule(rule);
        for (const struct yaml_node *other = list->first; other != rule; other = other->next)
            require(strcmp(yaml_get(rule, "name")->text, yaml_get(other, "name")->text) != 0);
    }
    yaml_document_free(document);
}

static void import(struct span text, struct import_text *out) {
    struct import_set set = {.count = 0};
    unsigned told = 0;
    char *report = NULL;
    size_t report_bytes;
    struct import_options const options = {.keep_all = true, .is_taken = is_taken, .is_sound = is_sound};
    require(import_set_init(&set));
    set.tell = tell;
    set.context = &told;
    import_set_read(&set, "fuzz.cf", text);
    import_convert(&set, &options);
    import_write(&set, out);
    require(!set.failed && !out->failed && told == set.problems);
    check_file(import_text_span(out), import_written(&set));
    FILE *file = open_memstream(&report, &report_bytes);
    require(file != NULL);
    import_report(&set, text.len % 2 == 0, file);
    (void)fclose(file);
    free(report);
    import_set_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct import_text first = {.bytes = NULL}, second = {.bytes = NULL};
    if (size > 4096) return 0;
    import(span_of(data, size), &first);
    import(span_of(data, size), &second);
    require(span_equal(import_text_span(&first), import_text_span(&second)));
    import_text_free(&first);
    import_text_free(&second);
    return 0;
}
