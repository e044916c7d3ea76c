/* knowledge: all that the sensor knows from rule files, loaded together or not at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "compiled_file.h"
#include "mailspan/clock.h"
#include "mailspan/embedded.h"
#include "text_file.h"

#define BUILT_IN "built-in "

static const char *const built_in_files[KNOWLEDGE_FILES] = {[KNOWLEDGE_CONTENT] = "rules/content.yaml",
                                                            [KNOWLEDGE_SETUP] = "rules/setup.yaml",
                                                            [KNOWLEDGE_IMPORTED] = NULL,
                                                            [KNOWLEDGE_CONTENT_WORDS] = "rules/content_words.yaml",
                                                            [KNOWLEDGE_BOUNCES] = "rules/bounces.yaml",
                                                            [KNOWLEDGE_WORDS] = "rules/bounce_words.yaml",
                                                            [KNOWLEDGE_POLICY] = "rules/policy.yaml"};

/* By its name, which all processes have. */
static bool is_built_in(const struct knowledge_text *text) {
    return strncmp(text->name, BUILT_IN, strlen(BUILT_IN)) == 0;
}

static bool read_rule_text(const char *path, const char *built_in, struct knowledge_text *out,
                           struct problem *problem) {
    if (path[0] != '\0') {
        (void)snprintf(out->name, sizeof out->name, "%s", path);
        out->owned = text_file_read(path, &out->text, problem);
        return out->owned;
    }
    if (built_in == NULL) return true;
    (void)snprintf(out->name, sizeof out->name, BUILT_IN "%s", built_in);
    const struct embedded_file *file = embedded_find(built_in);
    if (file != NULL) {
        out->text = file->text;
        return true;
    }
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, BUILT_IN "%s", built_in);
    (void)snprintf(problem->what, sizeof problem->what,
                   "is not in this build; expected a whole build, or a path in the configuration");
    return false;
}

bool knowledge_texts_read(const struct config *config, struct knowledge_texts *texts, struct problem *problem) {
    const char *const paths[KNOWLEDGE_FILES] = {config->content_rules, config->setup_rules,  config->imported_rules,
                                                config->content_words, config->bounce_rules, config->bounce_words,
                                                config->policy_rules};
    static const char *const options[KNOWLEDGE_FILES] = {"rules.content",       "rules.setup",   "rules.imported",
                                                         "rules.content_words", "rules.bounces", "rules.bounce_words",
                                                         "rules.policy"};
    *texts = (struct knowledge_texts){{{.owned = false}}};
    for (size_t i = 0; i < KNOWLEDGE_FILES; i++) {
        if (read_rule_text(paths[i], built_in_files[i], &texts->files[i], problem)) continue;
        size_t used = strlen(problem->what);
        if (paths[i][0] != '\0' && config->file[0] != '\0')
            (void)snprintf(problem->what + used, sizeof problem->what - used, " (%s of %s names it)", options[i],
                           config->file);
        knowledge_texts_free(texts);
        return false;
    }
    return true;
}

void knowledge_texts_free(struct knowledge_texts *texts) {
    for (size_t i = 0; i < KNOWLEDGE_FILES; i++)
        if (texts->files[i].owned) free((void *)(uintptr_t)texts->files[i].text.data);
    *texts = (struct knowledge_texts){{{.owned = false}}};
}

static bool load_texts(const struct knowledge_text texts[KNOWLEDGE_FILES], struct compiled *compiled,
                       struct knowledge *knowledge, struct problem *problem) {
    const struct knowledge_text *bounces = &texts[KNOWLEDGE_BOUNCES], *policy = &texts[KNOWLEDGE_POLICY];
    struct rules_source sources[] = {
        {RULE_CONTENT, texts[KNOWLEDGE_CONTENT].name, texts[KNOWLEDGE_CONTENT].text},
        {RULE_SETUP, texts[KNOWLEDGE_SETUP].name, texts[KNOWLEDGE_SETUP].text},
        {RULE_CONTENT, texts[KNOWLEDGE_IMPORTED].name, texts[KNOWLEDGE_IMPORTED].text},
    };
    bool const imported = texts[KNOWLEDGE_IMPORTED].name[0] != '\0';
    knowledge->rules = ruleset_load_compiled(sources, imported ? 3 : 2, compiled, problem);
    const struct knowledge_text *said = &texts[KNOWLEDGE_CONTENT_WORDS];
    if (knowledge->rules == NULL || !ruleset_add_words(knowledge->rules, said->name, said->text, problem)) return false;
    knowledge->bounces = bounce_rules_load_compiled(bounces->name, bounces->text, compiled, problem);
    if (knowledge->bounces == NULL) return false;
    const struct knowledge_text *words = &texts[KNOWLEDGE_WORDS];
    if (!bounce_rules_add_words(knowledge->bounces, words->name, words->text, !is_built_in(words), problem))
        return false;
    knowledge->policies = policies_load(policy->name, policy->text, problem);
    return knowledge->policies != NULL;
}

/* What is in the program itself is read when rules are loaded and not again: its pages, which are the file's, need not
 * stay with the process. */
static void give_back(struct span bytes) {
    uintptr_t const page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)bytes.data;
    uintptr_t const begin = (at + page - 1) / page * page, end = (at + bytes.len) / page * page;
    if (begin < end) (void)madvise((void *)begin, end - begin, MADV_DONTNEED);
}

static void give_back_built_in(void) {
    unsigned count;
    const struct compiled_database *databases = embedded_databases(&count);
    for (unsigned i = 0; i < count; i++) give_back(databases[i].bytes);
    for (unsigned i = 0; i < KNOWLEDGE_FILES; i++) {
        const struct embedded_file *file = built_in_files[i] == NULL ? NULL : embedded_find(built_in_files[i]);
        if (file != NULL) give_back(file->text);
    }
}

/* Of the processor, so that a busy machine refuses nothing. */
static int64_t processor_time(void) {
    struct timespec now;
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0 ? 0 : now.tv_sec * NS_PER_S + now.tv_nsec;
}

bool knowledge_load_texts(const struct knowledge_texts *texts, struct compiled *compiled, struct knowledge *knowledge,
                          struct problem *problem) {
    struct knowledge next = {NULL, NULL, NULL};
    if (compiled != NULL) compiled_watch_time(compiled, processor_time);
    bool fine = load_texts(texts->files, compiled, &next, problem);
    if (fine)
        *knowledge = next;
    else
        knowledge_free(&next);
    give_back_built_in();
    return fine;
}

struct compiled *knowledge_compiled_new(void) {
    struct compiled *compiled = compiled_new();
    unsigned count;
    const struct compiled_database *databases = embedded_databases(&count);
    if (compiled != NULL) compiled_bring(compiled, databases, count);
    return compiled;
}

bool knowledge_offer_compiled(const struct config *config, struct compiled *compiled, struct problem *problem) {
    if (config->compiled_rules[0] == '\0') return true;
    enum compiled_file const read = compiled_file_read(config->compiled_rules, compiled, problem);
    if (read == COMPILED_FILE_USELESS)
        (void)fprintf(stderr, "%s: %s; the expressions are compiled now, which may take a minute\n", problem->file,
                      problem->what);
    return read != COMPILED_FILE_REFUSED;
}

void knowledge_tell_compiled(const struct config *config, struct compiled *compiled) {
    compiled_drop_unused(compiled);
    unsigned const count = compiled_count(compiled), missing = count - compiled_offered(compiled);
    if (config->compiled_rules[0] == '\0' || missing == 0) return;
    (void)fprintf(stderr,
                  "%s: %u of %u sets of expressions are not in it; they were compiled, and "
                  "`mailspan rules compile --config %s` writes all of them\n",
                  config->compiled_rules, missing, count, config->file);
}

bool knowledge_load_compiled(const struct config *config, struct compiled *compiled, struct knowledge *knowledge,
                             struct problem *problem) {
    struct knowledge_texts texts;
    if (!knowledge_offer_compiled(config, compiled, problem)) return false;
    if (!knowledge_texts_read(config, &texts, problem)) return false;
    bool fine = knowledge_load_texts(&texts, compiled, knowledge, problem);
    knowledge_texts_free(&texts);
    if (fine) knowledge_tell_compiled(config, compiled);
    return fine;
}

bool knowledge_load(const struct config *config, struct knowledge *knowledge, struct problem *problem) {
    struct compiled *compiled = knowledge_compiled_new();
    *problem = (struct problem){.what = "not enough memory for the rules"};
    bool fine = compiled != NULL && knowledge_load_compiled(config, compiled, knowledge, problem);
    compiled_free(compiled);
    return fine;
}

void knowledge_free(struct knowledge *knowledge) {
    if (knowledge->rules != NULL) ruleset_free(knowledge->rules);
    if (knowledge->bounces != NULL) bounce_rules_free(knowledge->bounces);
    if (knowledge->policies != NULL) policies_free(knowledge->policies);
    *knowledge = (struct knowledge){NULL, NULL, NULL};
}
