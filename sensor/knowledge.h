/* knowledge: all that the sensor knows from rule files, loaded together or not at all.
 *
 * Reading files and loading what was read are two steps, so that a process that can open no file can take the second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAILSPAN_KNOWLEDGE_H
#define MAILSPAN_KNOWLEDGE_H

#include "mailspan/bounce.h"
#include "mailspan/compiled.h"
#include "mailspan/config.h"
#include "mailspan/decision.h"
#include "mailspan/rules.h"

struct knowledge {
    struct ruleset *rules;
    struct bounce_rules *bounces;
    struct policies *policies;
};

enum knowledge_file {
    KNOWLEDGE_CONTENT,
    KNOWLEDGE_SETUP,
    KNOWLEDGE_IMPORTED, /* beside them; there is none unless the configuration names one */
    KNOWLEDGE_CONTENT_WORDS,
    KNOWLEDGE_BOUNCES,
    KNOWLEDGE_WORDS,
    KNOWLEDGE_POLICY,
    KNOWLEDGE_FILES
};

#define KNOWLEDGE_NAME_BYTES sizeof(((struct problem *)NULL)->file)

/* What stands in the rule files. */
struct knowledge_texts {
    struct knowledge_text {
        char name[KNOWLEDGE_NAME_BYTES]; /* as problems show it */
        struct span text;
        bool owned; /* was read from a file: freed with the rest */
    } files[KNOWLEDGE_FILES];
};

/* Reads the files that the configuration names, and the built-in ones for the rest.  False with *problem filled; there
 * is nothing to free then. */
bool knowledge_texts_read(const struct config *config, struct knowledge_texts *texts, struct problem *problem);
void knowledge_texts_free(struct knowledge_texts *texts);

/* Loads what was read; opens no file.  Expressions that compiled has are not compiled again, the others are added to
 * it; it may be NULL.  False with *problem filled on the first mistake; *knowledge is then as it was. */
bool knowledge_load_texts(const struct knowledge_texts *texts, struct compiled *compiled, struct knowledge *knowledge,
                          struct problem *problem);

/* Offers what the configuration's rules.compiled has, and says on standard error where that is nothing.  False with
 * *problem filled when the file must not be believed. */
bool knowledge_offer_compiled(const struct config *config, struct compiled *compiled, struct problem *problem);
/* Behind the loading: says on standard error where the file had less than was needed, and drops what nobody needs. */
void knowledge_tell_compiled(const struct config *config, struct compiled *compiled);

/* With what came with the program.  NULL: not enough memory. */
struct compiled *knowledge_compiled_new(void);

/* Both steps. */
bool knowledge_load_compiled(const struct config *config, struct compiled *compiled, struct knowledge *knowledge,
                             struct problem *problem);
/* The same, with what came with the program, for who loads once. */
bool knowledge_load(const struct config *config, struct knowledge *knowledge, struct problem *problem);

/* Sets all to NULL, so it can be called again. */
void knowledge_free(struct knowledge *knowledge);

#endif
