/* knowledge: all that the sensor knows from rule files, loaded together or not at all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailspan/embedded.h"
#include "text_file.h"

enum rule_file { FILE_CONTENT, FILE_SETUP, FILE_BOUNCES, FILE_POLICY, RULE_FILES };

struct rule_text {
    char name[sizeof((struct problem *)NULL)->file]; /* as problems show it */
    struct span text;
    bool owned; /* read from a file: ours to free */
};

static bool read_rule_text(const char *path, const char *built_in, struct rule_text *out, struct problem *problem) {
    if (path[0] != '\0') {
        (void)snprintf(out->name, sizeof out->name, "%s", path);
        out->owned = text_file_read(path, &out->text, problem);
        return out->owned;
    }
    (void)snprintf(out->name, sizeof out->name, "built-in %s", built_in);
    const struct embedded_file *file = embedded_find(built_in);
    if (file != NULL) {
        out->text = file->text;
        return true;
    }
    *problem = (struct problem){.line = 0};
    (void)snprintf(problem->file, sizeof problem->file, "built-in %s", built_in);
    (void)snprintf(problem->what, sizeof problem->what,
                   "is not in this build; expected a whole build, or a path in the configuration");
    return false;
}

static bool read_rule_texts(const struct config *config, struct rule_text texts[RULE_FILES], struct problem *problem) {
    const char *const paths[RULE_FILES] = {config->content_rules, config->setup_rules, config->bounce_rules,
                                           config->policy_rules};
    static const char *const built_in[RULE_FILES] = {"rules/content.yaml", "rules/setup.yaml", "rules/bounces.yaml",
                                                     "rules/policy.yaml"};
    static const char *const options[RULE_FILES] = {"rules.content", "rules.setup", "rules.bounces", "rules.policy"};
    for (size_t i = 0; i < RULE_FILES; i++) {
        if (read_rule_text(paths[i], built_in[i], &texts[i], problem)) continue;
        size_t used = strlen(problem->what);
        if (paths[i][0] != '\0' && config->file[0] != '\0')
            (void)snprintf(problem->what + used, sizeof problem->what - used, " (%s of %s names it)", options[i],
                           config->file);
        return false;
    }
    return true;
}

static bool load_texts(const struct rule_text texts[RULE_FILES], struct knowledge *knowledge, struct problem *problem) {
    struct rules_source sources[] = {
        {RULE_CONTENT, texts[FILE_CONTENT].name, texts[FILE_CONTENT].text},
        {RULE_SETUP, texts[FILE_SETUP].name, texts[FILE_SETUP].text},
    };
    knowledge->rules = ruleset_load(sources, sizeof sources / sizeof sources[0], problem);
    if (knowledge->rules == NULL) return false;
    knowledge->bounces = bounce_rules_load(texts[FILE_BOUNCES].name, texts[FILE_BOUNCES].text, problem);
    if (knowledge->bounces == NULL) return false;
    knowledge->policies = policies_load(texts[FILE_POLICY].name, texts[FILE_POLICY].text, problem);
    return knowledge->policies != NULL;
}

bool knowledge_load(const struct config *config, struct knowledge *knowledge, struct problem *problem) {
    struct rule_text texts[RULE_FILES] = {{.owned = false}};
    struct knowledge next = {NULL, NULL, NULL};
    bool fine = read_rule_texts(config, texts, problem) && load_texts(texts, &next, problem);
    for (size_t i = 0; i < RULE_FILES; i++)
        if (texts[i].owned) free((void *)(uintptr_t)texts[i].text.data);
    if (fine)
        *knowledge = next;
    else
        knowledge_free(&next);
    return fine;
}

void knowledge_free(struct knowledge *knowledge) {
    if (knowledge->rules != NULL) ruleset_free(knowledge->rules);
    if (knowledge->bounces != NULL) bounce_rules_free(knowledge->bounces);
    if (knowledge->policies != NULL) policies_free(knowledge->policies);
    *knowledge = (struct knowledge){NULL, NULL, NULL};
}
